/**
 * The clock: NOW() and its kin are one instant for the whole statement, SYSDATE() is the moment of the call, and the UNIX_TIMESTAMP
 * pair goes between instants and the session's zone.
 */
import { SqlError } from '../../base/error.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import {
  BIGINT,
  decimalType,
  isInteger,
  isReal,
  isString,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import { fromEpoch, fromEpochSeconds, toEpochSeconds, type Zone } from '../../base/value/time-zone.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from './context.ts';
import { literalFsp } from './date-arithmetic.ts';
import { formatDate } from './date-format.ts';
import {
  alias,
  connectionCollation,
  convertArgument,
  define,
  textArgument,
  type FunctionDefinition,
} from './definition.ts';
import { call, datetimeType, DATE, textType, timeType } from './types.ts';

/** The digits asked for, a constant from 0 to 6. */
function fspOf(arg: Expression | undefined, name: string): number {
  if (arg === undefined) return 0;
  const value = arg.kind === 'constant' ? arg.value : undefined;
  if (typeof value !== 'number' || value < 0) throw new SqlError(1064, '42000', `Incorrect precision for ${name}`);
  if (value > 6) throw new SqlError(1426, '42000', `Too-big precision ${value} specified for '${name}'. Maximum is 6.`);
  return value;
}

function clock(
  name: string,
  zoneOf: (context: EvalContext) => Zone,
  type: (fsp: number) => FieldType,
  pick: (now: DateTime) => DateTime | Duration,
  more: Partial<FunctionDefinition> = {},
  clockOf: (context: EvalContext) => number = (context) => context.statementTimeMs,
): void {
  define({
    name,
    argsMin: 0,
    argsMax: name === 'curdate' || name === 'utc_date' ? 0 : 1,
    contextual: true,
    infer: (args) => call(name, args, { ...type(fspOf(args[0], name)), notNull: true }),
    compile: (expression) => {
      const fsp = expression.type.decimals;
      return (_row, context) => {
        const now = fromEpoch(clockOf(context), zoneOf(context)).roundTo(fsp, true)!;
        return pick(now);
      };
    },
    ...more,
  });
}

const session = (context: EvalContext): Zone => context.timeZone;
const utc = (): Zone => 0;

clock('now', session, datetimeType, (now) => now);
clock('utc_timestamp', utc, datetimeType, (now) => now);
clock('curdate', session, () => DATE, (now) => now.dateOnly()); // prettier-ignore
clock('utc_date', utc, () => DATE, (now) => now.dateOnly()); // prettier-ignore
clock('curtime', session, timeType, (now) => new Duration(now.timeMicros));
clock('utc_time', utc, timeType, (now) => new Duration(now.timeMicros));
// The only one that reads the clock at each call; SET timestamp does not move it.
clock(
  'sysdate',
  session,
  datetimeType,
  (now) => now,
  { volatile: true },
  (context) => context.nowMs(),
);
for (const name of ['current_timestamp', 'localtime', 'localtimestamp']) alias(name, 'now');
alias('current_date', 'curdate');
alias('current_time', 'curtime');

/** Seconds since the epoch; with a fraction when the argument has one. */
define({
  name: 'unix_timestamp',
  argsMin: 0,
  argsMax: 1,
  contextual: true,
  infer: (args) => {
    const [given] = args;
    if (given === undefined) return call('unix_timestamp', [], { ...BIGINT, length: 11, notNull: true });
    const fsp = isString(given.type)
      ? literalFsp(given)
      : given.type.code === TypeCode.DATETIME || given.type.code === TypeCode.TIMESTAMP
        ? given.type.decimals
        : 0;
    return call(
      'unix_timestamp',
      [convertArgument(given, 'datetime', '')],
      fsp > 0 ? decimalType(12 + fsp, fsp) : { ...BIGINT, length: 11 },
    );
  },
  compile: (expression, [arg]) => {
    if (arg === undefined) return (_row, context) => Math.floor(context.statementTimeMs / 1000);
    const scale = expression.type.code === TypeCode.DECIMAL ? expression.type.decimals : -1;
    return (row, context) => {
      const date = arg(row, context) as DateTime | null;
      if (date === null) return null;
      const instant = date.hasZeroPart() ? undefined : toEpochSeconds(date, context.timeZone);
      const valid = instant !== undefined && instant.seconds > 0 && instant.seconds <= 32536771199;
      const seconds = valid ? instant.seconds : 0;
      if (scale < 0) return seconds;
      return new Decimal(seconds, 0)
        .add(new Decimal(valid ? instant.micros : 0, 6))
        .truncate(scale)
        .rescale(scale);
    };
  },
});

/** FROM_UNIXTIME(seconds[, format]) */
define({
  name: 'from_unixtime',
  argsMin: 1,
  argsMax: 2,
  contextual: true,
  infer: (args, options) => {
    const seconds = convertArgument(args[0]!, 'number', '');
    if (args.length === 2) {
      const format = textArgument(args[1]!, connectionCollation(options));
      return call('from_unixtime', [seconds, format], textType(128, connectionCollation(options)));
    }
    const fsp = isInteger(seconds.type) ? 0 : isReal(seconds.type) ? 6 : Math.min(seconds.type.decimals, 6);
    return call('from_unixtime', [seconds], datetimeType(fsp));
  },
  compile: (expression, [seconds, format]) => {
    const fsp = expression.type.code === TypeCode.DATETIME ? expression.type.decimals : 6;
    return (row, context) => {
      const given = seconds!(row, context);
      if (given === null) return null;
      const exact =
        given instanceof Decimal
          ? given
          : typeof given === 'number'
            ? (Decimal.fromNumber(given) ?? Decimal.ZERO)
            : Decimal.fromInteger(given as bigint);
      const rounded = exact.rescale(6).round(fsp).rescale(6);
      const whole = Number(rounded.truncate(0).digits);
      if (rounded.isNegative() || whole > 32536771199) return null;
      const micros = Number(rounded.subtract(Decimal.fromInteger(whole)).rescale(6).digits);
      const date = fromEpochSeconds(whole, micros, context.timeZone);
      if (date === undefined) return null;
      if (format === undefined) return date;
      const pattern = format(row, context) as string | null;
      return pattern === null ? null : formatDate(date, pattern);
    };
  },
});

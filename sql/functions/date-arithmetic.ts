/**
 * Arithmetic on dates and times: DATE_ADD and DATE_SUB with intervals, differences, ADDTIME, and changes of zone.
 *
 * DATE_ADD's type follows its operand: a DATE stays a DATE under days and longer, becomes a DATETIME under hours and shorter; a
 * text stays a text (its value is read as a date each time). What leaves the calendar is NULL and warning 1441.
 */
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import {
  BIGINT,
  decimalType,
  isDecimal,
  isNumeric,
  isString,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import {
  addInterval,
  compositeInterval,
  intervalFsp,
  isCompositeUnit,
  isDateUnit,
  monthsBetween,
  simpleInterval,
  type Interval,
  type IntervalUnit,
} from '../../base/value/interval.ts';
import { convertZone, parseZone, type Zone } from '../../base/value/time-zone.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from './context.ts';
import { readDateTime } from './convert.ts';
import {
  connectionCollation,
  convertArgument,
  define,
  defineSimple,
  textArgument,
  type Evaluator,
  type InferOptions,
} from './definition.ts';
import { readTemporal, unitOf } from './date-parts.ts';
import { call, datetimeType, hasDate, isJson, isNullType, textLength, textType, timeType } from './types.ts';
import { castTo } from './cast-to.ts';
import { warnIncorrect, warnTruncated } from './warn.ts';

type Integer = number | bigint;

function overflow(context: EvalContext): null {
  context.warn('Warning', 1441, 'Datetime function: datetime field overflow');
  return null;
}

// ---- DATE_ADD, DATE_SUB ----

/** The amount, converted so that its reader is simple: text for composite units, a decimal of seconds, integers for the rest. */
function amountOf(given: Expression, unit: IntervalUnit): Expression {
  if (isNullType(given.type)) return given;
  if (isCompositeUnit(unit))
    return isString(given.type) ? given : castTo(given, textType(textLength(given.type), 'utf8mb4_0900_ai_ci'));
  if (unit === 'second')
    return convertArgument(
      isDecimal(given.type)
        ? given
        : isString(given.type) || given.type.code === TypeCode.DOUBLE
          ? castTo(given, decimalType(65, 30))
          : given,
      'number',
      '',
    );
  return convertArgument(given, 'integer', '');
}

function resultType(operand: FieldType, amount: FieldType, unit: IntervalUnit, options: InferOptions): FieldType {
  const unitFsp = unit === 'second' && isDecimal(amount) ? Math.min(amount.decimals, 6) : intervalFsp(unit);
  if (operand.code === TypeCode.DATE) return isDateUnit(unit) ? { ...operand, notNull: false } : datetimeType(unitFsp);
  if (hasDate(operand)) return datetimeType(Math.max(operand.decimals, unitFsp));
  if (operand.code === TypeCode.TIME)
    return isDateUnit(unit) ? datetimeType(operand.decimals) : timeType(Math.max(operand.decimals, unitFsp));
  return textType(29, connectionCollation(options));
}

for (const name of ['date_add', 'date_sub'] as const) {
  const sign = name === 'date_add' ? 1 : -1;
  define({
    name,
    argsMin: 3,
    argsMax: 3,
    infer: ([operand, given, unitName], options) => {
      const unit = unitOf(unitName!);
      const amount = amountOf(given!, unit);
      const type = resultType(operand!.type, amount.type, unit, options);
      let date = operand!;
      if (type.code === TypeCode.DATETIME && date.type.code === TypeCode.TIME) date = castTo(date, datetimeType(6));
      else if (isNumeric(date.type)) date = castTo(date, datetimeType(6));
      else if (isJson(date.type)) date = convertArgument(date, 'string', connectionCollation(options));
      return call(name, [date, amount, unitName!], type);
    },
    compile: (expression, [operand, amount]) => compileAddition(expression, operand!, amount!, sign),
  });
}

function compileAddition(expression: CallExpression, operand: Evaluator, amount: Evaluator, sign: number): Evaluator {
  const unit = unitOf(expression.args[2]!);
  const readAmount = intervalReader(unit);
  const { type } = expression;
  const operandType = expression.args[0]!.type;
  return (row, context) => {
    const base = operand(row, context);
    if (base === null) return null;
    const given = amount(row, context);
    if (given === null) return null;
    const interval = readAmount(given, sign);
    if (interval === undefined) return null;
    if (base instanceof Duration) {
      const moved = new Duration(base.micros + interval.micros);
      return moved.inRange() ? moved : overflow(context);
    }
    if (base instanceof DateTime) {
      const moved = addTo(base, interval, context);
      return moved === null || !isString(type)
        ? moved
        : describe(moved, operandType.code === TypeCode.DATE && isDateUnit(unit), operandType.decimals);
    }
    const text = typeof base === 'string' ? base : Buffer.from(base as Uint8Array).toString('utf8');
    return addToText(text, interval, unit, context);
  };
}

function addTo(date: DateTime, interval: Interval, context: EvalContext): DateTime | null {
  if (date.hasZeroPart() && (interval.micros !== 0 || date.month === 0)) return overflow(context);
  return addInterval(date, interval) ?? overflow(context);
}

/** A text that was a date stays one while whole days are added. */
function addToText(text: string, interval: Interval, unit: IntervalUnit, context: EvalContext): Datum {
  const read = readDateTime(text, context);
  if (read.value === undefined) {
    warnIncorrect(context, 'datetime', text);
    return null;
  }
  if (!read.exact) warnTruncated(context, 'datetime', text);
  const moved = addTo(read.value, interval, context);
  if (moved === null) return null;
  return describe(moved, !read.hasTime && isDateUnit(unit), 0);
}

function describe(date: DateTime, dateOnly: boolean, fsp: number): string {
  if (dateOnly) return date.dateString();
  return date.toString(date.microsecond === 0 ? fsp : 6);
}

function intervalReader(unit: IntervalUnit): (value: NonNullable<Datum>, sign: number) => Interval | undefined {
  if (isCompositeUnit(unit)) {
    return (value, sign) => {
      const text = typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('utf8');
      const interval = compositeInterval(unit, text);
      if (interval === undefined) return undefined;
      return sign > 0 ? interval : { months: 0 - interval.months, micros: 0 - interval.micros };
    };
  }
  return (value, sign) => {
    if (value instanceof Decimal) {
      const micros = Number(value.rescale(6).digits);
      return { months: 0, micros: sign * micros + 0 };
    }
    return simpleInterval(unit, sign * Number(value as Integer) + 0);
  };
}

/** Days, or an interval that the binder has turned into DATE_ADD already. */
defineSimple({
  name: 'adddate',
  args: ['datetime', 'count'],
  returns: (args) =>
    args[0]!.type.code === TypeCode.DATE ? { ...args[0]!.type, notNull: false } : datetimeType(args[0]!.type.decimals),
  evaluate: (context, date: DateTime, days: number) => addTo(date, simpleInterval('day', days), context),
});
defineSimple({
  name: 'subdate',
  args: ['datetime', 'count'],
  returns: (args) =>
    args[0]!.type.code === TypeCode.DATE ? { ...args[0]!.type, notNull: false } : datetimeType(args[0]!.type.decimals),
  evaluate: (context, date: DateTime, days: number) => addTo(date, simpleInterval('day', 0 - days), context),
});

/** TIMESTAMPADD(unit, n, date): the unit first, like the function. */
define({
  name: 'timestampadd',
  argsMin: 3,
  argsMax: 3,
  infer: ([unitName, amount, operand], options) => {
    const unit = unitOf(unitName!);
    const converted = amountOf(amount!, unit);
    const date = isString(operand!.type) ? operand! : convertArgument(operand!, 'datetime', '');
    return call('date_add', [date, converted, unitName!], resultType(date.type, converted.type, unit, options));
  },
  compile: (expression, [operand, amount]) => compileAddition(expression, operand!, amount!, 1),
});

// ---- differences ----

defineSimple({
  name: 'datediff',
  args: ['datetime', 'datetime'],
  returns: { ...BIGINT, length: 7 },
  columnar: 'number',
  evaluate: (_context, a: DateTime, b: DateTime) =>
    a.hasZeroPart() || b.hasZeroPart() ? null : a.dayNumber() - b.dayNumber(),
});

const MICROS_OF_UNIT: Partial<Record<IntervalUnit, number>> = {
  microsecond: 1,
  second: 1e6,
  minute: 6e7,
  hour: 3.6e9,
  day: 8.64e10,
  week: 6.048e11,
};
const MONTHS_OF_UNIT: Partial<Record<IntervalUnit, number>> = { month: 1, quarter: 3, year: 12 };

define({
  name: 'timestampdiff',
  argsMin: 3,
  argsMax: 3,
  infer: ([unit, from, to]) => {
    unitOf(unit!);
    return call(
      'timestampdiff',
      [unit!, convertArgument(from!, 'datetime', ''), convertArgument(to!, 'datetime', '')],
      BIGINT,
    );
  },
  compile: (expression, [, from, to]) => {
    const unit = unitOf(expression.args[0]!);
    const months = MONTHS_OF_UNIT[unit];
    const micros = MICROS_OF_UNIT[unit] ?? 1;
    return (row, context) => {
      const start = from!(row, context) as DateTime | null;
      const end = to!(row, context) as DateTime | null;
      if (start === null || end === null || start.hasZeroPart() || end.hasZeroPart()) return null;
      if (months !== undefined) return Math.trunc(monthsBetween(start, end) / months) + 0;
      const days = end.dayNumber() - start.dayNumber();
      const time = end.timeMicros - start.timeMicros;
      // Up to 3.2e17 microseconds: beyond what a double counts, so they are counted in a bigint.
      if (micros === 1) {
        const total = BigInt(days) * 86_400_000_000n + BigInt(time);
        return total >= -9007199254740991n && total <= 9007199254740991n ? Number(total) : total;
      }
      const seconds = days * 86400 + time / 1e6;
      return Math.trunc(seconds / (micros / 1e6)) + 0;
    };
  },
});

defineSimple({
  name: 'timediff',
  args: ['any', 'any'],
  returns: (args) =>
    timeType(Math.max(...args.map((arg) => (isString(arg.type) ? literalFsp(arg) : Math.min(arg.type.decimals, 6))))),
  evaluate: (context, left: Datum, right: Datum) => {
    const a = asTemporal(left, context);
    const b = asTemporal(right, context);
    if (a === null || b === null) return null;
    if (a instanceof DateTime !== b instanceof DateTime) return null;
    const micros =
      a instanceof DateTime && b instanceof DateTime
        ? (a.dayNumber() - b.dayNumber()) * 86_400_000_000 + (a.timeMicros - b.timeMicros)
        : (a as Duration).micros - (b as Duration).micros;
    const duration = new Duration(micros);
    if (!duration.inRange()) warnTruncated(context, 'time', duration.toString());
    return duration.clamp();
  },
});

function asTemporal(value: Datum, context: EvalContext): DateTime | Duration | null {
  if (value instanceof DateTime || value instanceof Duration) return value;
  return readTemporal(value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value), context);
}

// ---- ADDTIME, SUBTIME, TIMESTAMP ----

for (const name of ['addtime', 'subtime'] as const) {
  const sign = name === 'addtime' ? 1 : -1;
  define({
    name,
    argsMin: 2,
    argsMax: 2,
    infer: ([operand, amount], options) => {
      const type = operand!.type;
      const time = convertArgument(amount!, 'time', '');
      const fsp = Math.max(
        Math.min(type.decimals, 6),
        time.type.decimals === 6 && isString(amount!.type) ? 0 : time.type.decimals,
      );
      const result = hasDate(type)
        ? datetimeType(fsp)
        : type.code === TypeCode.TIME
          ? timeType(fsp)
          : textType(26, connectionCollation(options));
      const base =
        isString(type) || hasDate(type) || type.code === TypeCode.TIME || isNullType(type)
          ? operand!
          : castTo(operand!, timeType(6));
      return call(name, [base, time], result);
    },
    compile: (expression, [operand, amount]) => {
      const asText = isString(expression.type);
      return (row, context) => {
        const given = operand!(row, context);
        const time = amount!(row, context) as Duration | null;
        if (given === null || time === null) return null;
        const base = asTemporal(given, context);
        if (base === null) return null;
        if (base instanceof DateTime) {
          const moved = addTo(base, { months: 0, micros: sign * time.micros + 0 }, context);
          return moved === null || !asText ? moved : moved.toString(moved.microsecond === 0 ? 0 : 6);
        }
        const moved = new Duration(base.micros + sign * time.micros);
        if (!moved.inRange()) warnTruncated(context, 'time', moved.toString());
        const kept = moved.clamp();
        return asText ? kept.toString(kept.microseconds === 0 ? 0 : 6) : kept;
      };
    },
  });
}

define({
  name: 'timestamp',
  argsMin: 1,
  argsMax: 2,
  infer: ([date, time]) => {
    const first = convertArgument(date!, 'datetime', '');
    const fsp = Math.max(
      isString(date!.type) ? literalFsp(date!) : Math.min(date!.type.decimals, 6),
      time === undefined ? 0 : isString(time.type) ? literalFsp(time) : Math.min(time.type.decimals, 6),
    );
    return call(
      'timestamp',
      time === undefined ? [first] : [first, convertArgument(time, 'time', '')],
      datetimeType(fsp),
    );
  },
  compile:
    (_expression, [date, time]) =>
    (row, context) => {
      const base = date!(row, context) as DateTime | null;
      if (base === null || time === undefined) return base;
      const amount = time(row, context) as Duration | null;
      return amount === null ? null : addTo(base, { months: 0, micros: amount.micros }, context);
    },
});

define({
  name: 'time',
  argsMin: 1,
  argsMax: 1,
  infer: ([given]) => {
    const fsp = isString(given!.type) ? literalFsp(given!) : Math.min(given!.type.decimals, 6);
    return call('time', [convertArgument(given!, 'time', '')], timeType(fsp));
  },
  compile: (_expression, [time]) => time!,
});

/** Fractional digits of a text: those written when it is known, else all six. */
export function literalFsp(expression: Expression): number {
  if (expression.kind !== 'constant' || typeof expression.value !== 'string') return 6;
  const point = expression.value.lastIndexOf('.');
  return point < 0 ? 0 : Math.min(6, expression.value.length - point - 1);
}

// ---- zones ----

function zoneOf(name: string, context: EvalContext): Zone | undefined {
  if (name.toUpperCase() !== 'SYSTEM') return parseZone(name);
  const system = context.session.systemVariable('system_time_zone', 'global');
  return typeof system === 'string' ? (parseZone(system) ?? 0) : 0;
}

define({
  name: 'convert_tz',
  argsMin: 3,
  argsMax: 3,
  contextual: true,
  infer: ([given, from, to], options) => {
    const fsp = isString(given!.type) ? literalFsp(given!) : Math.min(given!.type.decimals, 6);
    const zones = [from!, to!].map((zone) => textArgument(zone, connectionCollation(options)));
    return call('convert_tz', [convertArgument(given!, 'datetime', ''), ...zones], datetimeType(fsp));
  },
  compile:
    (_expression, [given, from, to]) =>
    (row, context) => {
      const date = given!(row, context) as DateTime | null;
      const source = from!(row, context) as string | null;
      const target = to!(row, context) as string | null;
      if (date === null || source === null || target === null || date.hasZeroPart()) return null;
      const sourceZone = zoneOf(source, context);
      const targetZone = zoneOf(target, context);
      if (sourceZone === undefined || targetZone === undefined) return null;
      // What TIMESTAMP cannot hold is handed back as it came.
      if (date.year < 1970 || date.year > 3001) return date;
      return convertZone(date, sourceZone, targetZone) ?? null;
    },
});

/**
 * Parts of dates and times (YEAR, WEEK, DAYNAME, EXTRACT, LAST_DAY …) and their making from parts (MAKEDATE, FROM_DAYS …). Dates
 * with zero parts give their zeros where a part is asked for, and NULL where the calendar is needed.
 */
import { dayNumber, dayOfYear, daysInMonth, weekday, weekOf } from '../../base/value/calendar.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { expandYear } from '../../base/value/date-time-parse.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration, DURATION_MICROS_MAX } from '../../base/value/duration.ts';
import { BIGINT, isNumeric, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import { isIntervalUnit, type IntervalUnit } from '../../base/value/interval.ts';
import { SqlError } from '../../base/error.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from './context.ts';
import { readDateTime, textToTime } from './convert.ts';
import { alias, convertArgument, define, defineSimple } from './definition.ts';
import { call, DATE, hasDate, integerType, textType, timeType } from './types.ts';
import { warnTruncated } from './warn.ts';

function small(length: number): FieldType {
  return integerType(length);
}

// ---- one part of a date ----

const DATE_PARTS: Readonly<Record<string, readonly [length: number, part: (date: DateTime) => number | null]>> = {
  year: [4, (date) => date.year],
  month: [2, (date) => date.month],
  dayofmonth: [2, (date) => date.day],
  quarter: [1, (date) => Math.ceil(date.month / 3)],
  dayofweek: [1, (date) => (date.hasZeroPart() ? null : ((weekday(date.dayNumber()) + 1) % 7) + 1)],
  weekday: [1, (date) => (date.hasZeroPart() ? null : weekday(date.dayNumber()))],
  dayofyear: [3, (date) => (date.hasZeroPart() ? null : dayOfYear(date.year, date.month, date.day))],
  weekofyear: [2, (date) => (date.hasZeroPart() ? null : weekOf(date.year, date.month, date.day, 3).week)],
  to_days: [7, (date) => (date.month === 0 && date.day === 0 && date.year === 0 ? null : date.dayNumber())],
};

for (const [name, [length, part]] of Object.entries(DATE_PARTS)) {
  defineSimple({
    name,
    args: ['datetime'],
    returns: small(length),
    columnar: 'number',
    evaluate: (_context, date: DateTime) => part(date),
  });
}
alias('day', 'dayofmonth');

defineSimple({
  name: 'to_seconds',
  args: ['datetime'],
  returns: small(12),
  evaluate: (_context, date: DateTime) =>
    date.hasZeroPart() ? null : date.dayNumber() * 86400 + Math.floor(date.timeMicros / 1e6),
});

const TIME_PARTS: Readonly<Record<string, readonly [length: number, part: (time: Duration) => number]>> = {
  hour: [3, (time) => time.hours],
  minute: [2, (time) => time.minutes],
  second: [2, (time) => time.seconds],
  microsecond: [6, (time) => time.microseconds],
};

/** Of a DATETIME the time of day, of text whichever of the two it is. */
for (const [name, [length, part]] of Object.entries(TIME_PARTS)) {
  defineSimple({ name, args: ['time'], returns: small(length), evaluate: (_context, time: Duration) => part(time) });
}

/** A mode that is NULL is mode 0. */
defineSimple({
  name: 'week',
  args: ['datetime', 'count'],
  argsMin: 1,
  returns: small(2),
  seesNull: true,
  evaluate: (context, date: DateTime | null, mode?: number | null) => {
    if (date === null || date.hasZeroPart()) return null;
    return weekOf(date.year, date.month, date.day, mode === undefined ? defaultWeekMode(context) : (mode ?? 0)).week;
  },
  contextual: true,
});

function defaultWeekMode(context: EvalContext): number {
  const mode = context.session.systemVariable('default_week_format', undefined);
  return typeof mode === 'number' ? mode : 0;
}

defineSimple({
  name: 'yearweek',
  args: ['datetime', 'count'],
  argsMin: 1,
  returns: small(6),
  seesNull: true,
  evaluate: (_context, date: DateTime | null, mode?: number | null) => {
    if (date === null || date.hasZeroPart()) return null;
    const { year, week } = weekOf(date.year, date.month, date.day, (mode ?? 0) | 2);
    return year * 100 + week;
  },
});

export const MONTH_NAMES = ['', 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']; // prettier-ignore
export const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

defineSimple({
  name: 'monthname',
  args: ['datetime'],
  returns: (_args, collation) => textType(9, collation),
  evaluate: (_context, date: DateTime) => (date.month === 0 ? null : MONTH_NAMES[date.month]!),
});
defineSimple({
  name: 'dayname',
  args: ['datetime'],
  returns: (_args, collation) => textType(9, collation),
  evaluate: (_context, date: DateTime) => (date.hasZeroPart() ? null : DAY_NAMES[weekday(date.dayNumber())]!),
});

defineSimple({
  name: 'last_day',
  args: ['datetime'],
  returns: DATE,
  evaluate: (_context, date: DateTime) =>
    date.month === 0 ? null : DateTime.of(date.year, date.month, daysInMonth(date.year, date.month)),
});

// ---- EXTRACT ----

/** The parts that a unit puts together, in decimal places: `hour_minute` of 10:20 is 1020. */
export function extractUnit(
  unit: IntervalUnit,
  date: DateTime | undefined,
  time: { hours: number; minutes: number; seconds: number; microseconds: number },
): number {
  const day = date?.day ?? 0;
  const { hours, minutes, seconds, microseconds } = time;
  const clock = (hours * 100 + minutes) * 100 + seconds;
  switch (unit) {
    case 'microsecond':
      return microseconds;
    case 'second':
      return seconds;
    case 'minute':
      return minutes;
    case 'hour':
      return hours;
    case 'day':
      return day;
    case 'week':
      return date === undefined || date.hasZeroPart() ? 0 : weekOf(date.year, date.month, date.day, 0).week;
    case 'month':
      return date?.month ?? 0;
    case 'quarter':
      return Math.ceil((date?.month ?? 0) / 3);
    case 'year':
      return date?.year ?? 0;
    case 'second_microsecond':
      return seconds * 1e6 + microseconds;
    case 'minute_microsecond':
      return (minutes * 100 + seconds) * 1e6 + microseconds;
    case 'minute_second':
      return minutes * 100 + seconds;
    case 'hour_microsecond':
      return clock * 1e6 + microseconds;
    case 'hour_second':
      return clock;
    case 'hour_minute':
      return hours * 100 + minutes;
    case 'day_microsecond':
      return (day * 1e6 + clock) * 1e6 + microseconds;
    case 'day_second':
      return day * 1e6 + clock;
    case 'day_minute':
      return day * 1e4 + hours * 100 + minutes;
    case 'day_hour':
      return day * 100 + hours;
    case 'year_month':
      return (date?.year ?? 0) * 100 + (date?.month ?? 0);
  }
}

export function unitOf(expression: Expression): IntervalUnit {
  const name =
    expression.kind === 'constant' && typeof expression.value === 'string' ? expression.value.toLowerCase() : '';
  if (!isIntervalUnit(name)) throw new SqlError(1210, 'HY000', `Incorrect arguments to INTERVAL unit '${name}'`);
  return name;
}

const CALENDAR_UNITS = new Set<IntervalUnit>([
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'year_month',
  'day_microsecond',
  'day_second',
  'day_minute',
  'day_hour',
]);

define({
  name: 'extract',
  argsMin: 2,
  argsMax: 2,
  columnar: 'number',
  infer: ([unit, given]) => {
    const name = unitOf(unit!);
    const type = given!.type;
    const asTime =
      type.code === TypeCode.TIME ||
      (!CALENDAR_UNITS.has(name) &&
        type.code !== TypeCode.DATE &&
        type.code !== TypeCode.DATETIME &&
        type.code !== TypeCode.TIMESTAMP);
    // DAY_… of what is no date yet: a date's day, or a time with its days.
    if (!asTime && name.startsWith('day_') && !hasDate(type))
      return call('extract', [unit!, convertArgument(given!, 'string', 'utf8mb4_bin')], BIGINT);
    return call('extract', [unit!, convertArgument(given!, asTime ? 'time' : 'datetime', '')], BIGINT);
  },
  compile: (expression, [, value]) => {
    const unit = unitOf(expression.args[0]!);
    const ofTime = (time: Duration): number => {
      const days = unit.startsWith('day') ? Math.floor(time.hours / 24) : 0;
      const parts = {
        hours: time.hours - days * 24,
        minutes: time.minutes,
        seconds: time.seconds,
        microseconds: time.microseconds,
      };
      const found = extractUnit(unit, days === 0 ? undefined : DateTime.of(0, 0, days), parts);
      return time.negative ? 0 - found : found;
    };
    const ofDate = (date: DateTime): number =>
      extractUnit(unit, date, {
        hours: date.hour,
        minutes: date.minute,
        seconds: date.second,
        microseconds: date.microsecond,
      });
    return (row, context) => {
      let given = value!(row, context);
      if (given instanceof Uint8Array) given = Buffer.from(given).toString('utf8');
      if (typeof given === 'string') given = readTemporal(given, context);
      if (given === null) return null;
      return given instanceof DateTime ? ofDate(given) : ofTime(given as Duration);
    };
  },
});

// ---- from parts ----

defineSimple({
  name: 'from_days',
  args: ['count'],
  returns: DATE,
  evaluate: (_context, days: number) => (days < 366 ? DateTime.ZERO : (DateTime.fromDayNumber(days) ?? DateTime.ZERO)),
});

defineSimple({
  name: 'makedate',
  args: ['count', 'count'],
  returns: DATE,
  evaluate: (_context, year: number, day: number) => {
    if (day <= 0 || year < 0 || year > 9999) return null;
    const full = year < 100 ? expandYear(year) : year;
    return DateTime.fromDayNumber(dayNumber(full, 1, 1) + day - 1) ?? null;
  },
});

defineSimple({
  name: 'maketime',
  args: ['count', 'count', 'decimal'],
  returns: (args) => timeType(Math.min(args[2]!.type.code === TypeCode.DECIMAL ? args[2]!.type.decimals : 0, 6)),
  evaluate: (context, hours: number, minutes: number, seconds: Decimal) => {
    if (minutes < 0 || minutes > 59 || seconds.isNegative() || seconds.compare(Decimal.fromInteger(60)) >= 0)
      return null;
    const micros = Number(seconds.rescale(6).digits);
    const duration = new Duration((hours < 0 ? -1 : 1) * ((Math.abs(hours) * 3600 + minutes * 60) * 1e6 + micros));
    if (!duration.inRange()) {
      warnTruncated(context, 'time', `${hours}:${String(minutes).padStart(2, '0')}:${seconds.toString()}`);
      return duration.clamp();
    }
    return duration;
  },
});

defineSimple({
  name: 'sec_to_time',
  args: ['number'],
  returns: (args) =>
    timeType(
      args[0]!.type.code === TypeCode.DECIMAL
        ? Math.min(args[0]!.type.decimals, 6)
        : isNumeric(args[0]!.type) && args[0]!.type.code !== TypeCode.DOUBLE
          ? 0
          : 6,
    ),
  evaluate: (context, seconds: number | bigint | Decimal) => {
    const micros = seconds instanceof Decimal ? Number(seconds.rescale(6).digits) : Math.round(Number(seconds) * 1e6);
    const duration = new Duration(micros + 0);
    if (duration.inRange()) return duration;
    warnTruncated(context, 'time', String(seconds));
    return new Duration(micros < 0 ? -DURATION_MICROS_MAX : DURATION_MICROS_MAX);
  },
});

defineSimple({
  name: 'time_to_sec',
  args: ['time'],
  returns: small(10),
  evaluate: (_context, time: Duration) => Math.trunc(time.micros / 1e6) + 0,
});

function periodMonths(period: number): number {
  const year = Math.floor(period / 100);
  return expandYear(year) * 12 + (period % 100) - 1;
}

function checkPeriod(period: number, name: string): void {
  const month = period % 100;
  if (period <= 0 || month < 1 || month > 12) throw new SqlError(1210, 'HY000', `Incorrect arguments to ${name}`);
}

defineSimple({
  name: 'period_add',
  args: ['count', 'count'],
  returns: small(6),
  evaluate: (_context, period: number, months: number) => {
    checkPeriod(period, 'period_add');
    const total = periodMonths(period) + months;
    return Math.floor(total / 12) * 100 + (total % 12) + 1;
  },
});

defineSimple({
  name: 'period_diff',
  args: ['count', 'count'],
  returns: small(6),
  evaluate: (_context, a: number, b: number) => {
    checkPeriod(a, 'period_diff');
    checkPeriod(b, 'period_diff');
    return periodMonths(a) - periodMonths(b);
  },
});

/** A text that may be a time or a date and time: which of the two decides the type of ADDTIME and its kin. */
export function readTemporal(text: string, context: EvalContext): DateTime | Duration | null {
  if (/^\s*\d+[-/.]\d+[-/.]\d+/.test(text) || /^\s*\d{14}/.test(text)) {
    const read = readDateTime(text, context);
    if (read.value !== undefined) return read.value;
  }
  return textToTime(text, 6, context);
}

/**
 * `INTERVAL n UNIT`: what may be added to a date or time. Months and microseconds stay apart because a month has no fixed
 * length: months are added on the calendar (31 January + 1 month is the last of February), the rest on the line of time.
 *
 * Composite units (`DAY_SECOND`) read their numbers from text in which anything but digits separates; when numbers are
 * missing, those given are the right-most ones, as in MySQL.
 */
import { daysInMonth } from './calendar.ts';
import {
  DateTime,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  packDate,
} from './date-time.ts';

export const INTERVAL_UNITS = [
  'microsecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'second_microsecond',
  'minute_microsecond', 'minute_second', 'hour_microsecond', 'hour_second', 'hour_minute', 'day_microsecond',
  'day_second', 'day_minute', 'day_hour', 'year_month',
] as const; // prettier-ignore
export type IntervalUnit = (typeof INTERVAL_UNITS)[number];

export interface Interval {
  readonly months: number;
  readonly micros: number;
}

/** Microseconds of one unit; months for the calendar units. */
const MICROS_OF: Partial<Record<IntervalUnit, number>> = {
  microsecond: 1,
  second: MICROS_PER_SECOND,
  minute: MICROS_PER_MINUTE,
  hour: MICROS_PER_HOUR,
  day: MICROS_PER_DAY,
  week: 7 * MICROS_PER_DAY,
};
const MONTHS_OF: Partial<Record<IntervalUnit, number>> = { month: 1, quarter: 3, year: 12 };

/** The factors of a composite unit's numbers, left to right, in microseconds (in months for year_month). */
const COMPOSITE: Partial<Record<IntervalUnit, readonly number[]>> = {
  second_microsecond: [MICROS_PER_SECOND, 1],
  minute_microsecond: [MICROS_PER_MINUTE, MICROS_PER_SECOND, 1],
  minute_second: [MICROS_PER_MINUTE, MICROS_PER_SECOND],
  hour_microsecond: [MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, 1],
  hour_second: [MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND],
  hour_minute: [MICROS_PER_HOUR, MICROS_PER_MINUTE],
  day_microsecond: [MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, 1],
  day_second: [MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND],
  day_minute: [MICROS_PER_DAY, MICROS_PER_HOUR, MICROS_PER_MINUTE],
  day_hour: [MICROS_PER_DAY, MICROS_PER_HOUR],
  year_month: [12, 1],
};

export function isIntervalUnit(name: string): name is IntervalUnit {
  return (INTERVAL_UNITS as readonly string[]).includes(name);
}

export function isCompositeUnit(unit: IntervalUnit): boolean {
  return COMPOSITE[unit] !== undefined;
}

/** Whether the unit leaves the time of day alone. */
export function isDateUnit(unit: IntervalUnit): boolean {
  return (
    unit === 'day' ||
    unit === 'week' ||
    unit === 'month' ||
    unit === 'quarter' ||
    unit === 'year' ||
    unit === 'year_month'
  );
}

/** Fractional digits that the unit may bring into a result. */
export function intervalFsp(unit: IntervalUnit): number {
  return unit === 'microsecond' || unit.endsWith('_microsecond') ? 6 : 0;
}

/** `count` simple units; `micros` is the fraction of a second that only SECOND may have. */
export function simpleInterval(unit: IntervalUnit, count: number, fractionMicros = 0): Interval {
  const months = MONTHS_OF[unit];
  if (months !== undefined) return { months: count * months, micros: 0 };
  return { months: 0, micros: count * MICROS_OF[unit]! + fractionMicros };
}

/** `'1 10:20:30'` and its like; `undefined` when there are more numbers than the unit has places. */
export function compositeInterval(unit: IntervalUnit, text: string): Interval | undefined {
  const factors = COMPOSITE[unit]!;
  const negative = /^\s*-/.test(text);
  const numbers = text.match(/[0-9]+/g) ?? [];
  if (numbers.length > factors.length) return undefined;
  let total = 0;
  const missing = factors.length - numbers.length;
  for (let index = 0; index < numbers.length; index++) {
    const factor = factors[missing + index]!;
    let digits = numbers[index]!;
    // `1.5 seconds` in a unit that ends in microseconds: the last number is a fraction.
    if (factor === 1 && unit !== 'year_month') digits = digits.slice(0, 6).padEnd(6, '0');
    total += Number(digits) * factor;
  }
  if (negative) total = 0 - total;
  return unit === 'year_month' ? { months: total, micros: 0 } : { months: 0, micros: total };
}

/** `undefined` outside the years 0..9999 (MySQL: NULL and warning 1441). */
export function addInterval(value: DateTime, interval: Interval): DateTime | undefined {
  let result = value;
  if (interval.months !== 0) {
    const shifted = addMonths(result, interval.months);
    if (shifted === undefined) return undefined;
    result = shifted;
  }
  return interval.micros === 0 ? result : addMicros(result, interval.micros);
}

export function addMonths(value: DateTime, months: number): DateTime | undefined {
  const total = value.year * 12 + (value.month === 0 ? 0 : value.month - 1) + months;
  if (!(total >= 0) || total >= 120000) return undefined;
  const year = Math.floor(total / 12);
  const month = (total % 12) + 1;
  const day = Math.min(value.day, daysInMonth(year, month));
  return new DateTime(packDate(year, month, day), value.timeMicros);
}

/** Dates lie within 3.2e17 microseconds, more than a double counts exactly, so days and the time of day move apart. */
export function addMicros(value: DateTime, micros: number): DateTime | undefined {
  if (!Number.isFinite(micros)) return undefined;
  let days = Math.floor(micros / MICROS_PER_DAY);
  let time = value.timeMicros + (micros - days * MICROS_PER_DAY);
  if (time >= MICROS_PER_DAY) {
    time -= MICROS_PER_DAY;
    days++;
  }
  if (days === 0 && !value.hasZeroPart()) return new DateTime(value.datePart, time);
  return DateTime.fromDayNumber(value.dayNumber() + days, time);
}

/** Whole months from `from` to `to`, as TIMESTAMPDIFF counts them (towards zero). */
export function monthsBetween(from: DateTime, to: DateTime): number {
  if (to.compare(from) < 0) return 0 - monthsBetween(to, from);
  let months = (to.year - from.year) * 12 + (to.month - from.month);
  if (to.day < from.day || (to.day === from.day && to.timeMicros < from.timeMicros)) months--;
  return months;
}

/** `to - from` in whole days and the microseconds left, `micros` with the sign of the difference of times of day. */
export function difference(from: DateTime, to: DateTime): { readonly days: number; readonly micros: number } {
  return { days: to.dayNumber() - from.dayNumber(), micros: to.timeMicros - from.timeMicros };
}

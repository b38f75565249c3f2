/**
 * `DateTime`: a DATE, DATETIME or TIMESTAMP value. Not an instant: a calendar reading without a zone, in which MySQL also
 * allows zero parts (`0000-00-00`, `2024-00-00`). Two numbers keep it comparable without a bigint.
 *
 * This file owns the value, its parts, its text and its order. Neighbours: `calendar.ts` (days and weeks),
 * `date-time-parse.ts` (literals), `interval.ts` (arithmetic), `time-zone.ts` (instants).
 */
import { dayNumber, dayNumberToDate } from './calendar.ts';

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;

export class DateTime {
  /** (year * 13 + month) << 5 | day: grows with the date, holds zero parts. */
  readonly datePart: number;
  /** Microseconds since midnight, 0..86,399,999,999. 0 for a DATE. */
  readonly timeMicros: number;

  constructor(datePart: number, timeMicros: number) {
    this.datePart = datePart;
    this.timeMicros = timeMicros;
  }

  static readonly ZERO = new DateTime(0, 0);

  /** Parts are trusted: months 0..12, days 0..31, a time below 24 hours. */
  static of(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, micros = 0): DateTime {
    return new DateTime(packDate(year, month, day), ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND + micros);
  }

  /** `days` as TO_DAYS counts them; `undefined` outside 0000-01-01 .. 9999-12-31. */
  static fromDayNumber(days: number, timeMicros = 0): DateTime | undefined {
    const date = dayNumberToDate(days);
    return date === undefined ? undefined : new DateTime(packDate(date.year, date.month, date.day), timeMicros);
  }

  get year(): number {
    return Math.floor((this.datePart >> 5) / 13);
  }

  get month(): number {
    return (this.datePart >> 5) % 13;
  }

  get day(): number {
    return this.datePart & 31;
  }

  get hour(): number {
    return Math.floor(this.timeMicros / MICROS_PER_HOUR);
  }

  get minute(): number {
    return Math.floor(this.timeMicros / MICROS_PER_MINUTE) % 60;
  }

  get second(): number {
    return Math.floor(this.timeMicros / MICROS_PER_SECOND) % 60;
  }

  get microsecond(): number {
    return this.timeMicros % MICROS_PER_SECOND;
  }

  isZero(): boolean {
    return this.datePart === 0 && this.timeMicros === 0;
  }

  /** A month or day of zero: comparable and printable, but without a place on the calendar. */
  hasZeroPart(): boolean {
    return this.month === 0 || this.day === 0;
  }

  // hot
  compare(other: DateTime): number {
    const date = this.datePart - other.datePart;
    if (date !== 0) return date < 0 ? -1 : 1;
    const time = this.timeMicros - other.timeMicros;
    return time < 0 ? -1 : time > 0 ? 1 : 0;
  }

  equals(other: DateTime): boolean {
    return this.datePart === other.datePart && this.timeMicros === other.timeMicros;
  }

  /** Only dates without zero parts have one that means something; zero parts count as the day before, as in MySQL. */
  dayNumber(): number {
    return dayNumber(this.year, this.month, this.day);
  }

  dateOnly(): DateTime {
    return this.timeMicros === 0 ? this : new DateTime(this.datePart, 0);
  }

  /** To `fsp` fractional digits, half up (or cut); `undefined` when that leaves year 9999. */
  roundTo(fsp: number, truncate = false): DateTime | undefined {
    if (fsp >= 6) return this;
    const rounded = roundMicros(this.timeMicros, fsp, truncate);
    if (rounded === this.timeMicros) return this;
    if (rounded < MICROS_PER_DAY) return new DateTime(this.datePart, rounded);
    if (this.hasZeroPart()) return undefined;
    return DateTime.fromDayNumber(this.dayNumber() + 1, rounded - MICROS_PER_DAY);
  }

  /** `YYYY-MM-DD`. */
  dateString(): string {
    const packed = this.datePart;
    const yearMonth = packed >> 5;
    const year = Math.floor(yearMonth / 13);
    return pad4(year) + '-' + pad2(yearMonth - year * 13) + '-' + pad2(packed & 31);
  }

  /** `YYYY-MM-DD hh:mm:ss[.ffffff]` with `fsp` digits, the rest cut. */
  toString(fsp = 0): string {
    return this.dateString() + ' ' + timeString(this.timeMicros, fsp);
  }

  /** YYYYMMDD. */
  dateNumber(): number {
    return (this.year * 100 + this.month) * 100 + this.day;
  }

  /** YYYYMMDDhhmmss, without the fraction. */
  toInteger(): number {
    return this.dateNumber() * 1000000 + timeNumber(this.timeMicros);
  }
}

export function packDate(year: number, month: number, day: number): number {
  return ((year * 13 + month) << 5) | day;
}

/** hhmmss of microseconds since midnight (or of any non-negative duration). */
export function timeNumber(micros: number): number {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return (hours * 100 + (minutes - hours * 60)) * 100 + (seconds - minutes * 60);
}

/** `hh:mm:ss[.ffffff]` of a non-negative count of microseconds; hours may have three digits. */
export function timeString(micros: number, fsp: number): string {
  const seconds = Math.floor(micros / MICROS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const text =
    (hours < 100 ? pad2(hours) : String(hours)) + ':' + pad2(minutes - hours * 60) + ':' + pad2(seconds - minutes * 60);
  if (fsp === 0) return text;
  return (
    text +
    '.' +
    String(micros - seconds * MICROS_PER_SECOND)
      .padStart(6, '0')
      .slice(0, fsp)
  );
}

const MICROS_OF_DIGIT = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/** Rounds half up (or cuts) a non-negative count of microseconds to `fsp` fractional digits. */
export function roundMicros(micros: number, fsp: number, truncate = false): number {
  const unit = MICROS_OF_DIGIT[fsp]!;
  const remainder = micros % unit;
  if (remainder === 0) return micros;
  return truncate || 2 * remainder < unit ? micros - remainder : micros - remainder + unit;
}

const PAIRS: readonly string[] = Array.from({ length: 100 }, (_, value) => (value < 10 ? '0' + value : String(value)));

export function pad2(value: number): string {
  return PAIRS[value]!;
}

function pad4(value: number): string {
  return value >= 1000 ? String(value) : String(value).padStart(4, '0');
}

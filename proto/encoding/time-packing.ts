/**
 * Temporal values as integers.
 *
 *     DATE, DATETIME, TIMESTAMP   ((year*13+month)<<5 | day) << 41 | hour << 36 | minute << 30 | second << 24 | micros
 *     TIME                        signed nanoseconds
 *
 * The first grows with the reading of the calendar, zero parts included. A TIMESTAMP is packed as its UTC reading; the
 * shift between the session's zone and UTC comes in as a `ZoneShift`, since time zones are no business of this floor.
 */
import { DateTime } from '../../base/value/date-time.ts';
import type { Duration } from '../../base/value/duration.ts';

const MICROS_PER_SECOND = 1_000_000;

/** Calendar readings of one zone to UTC's and back. Zero dates pass through unchanged. */
export interface ZoneShift {
  toUtc(local: DateTime): DateTime;
  fromUtc(utc: DateTime): DateTime;
}

export const UTC: ZoneShift = { toUtc: (value) => value, fromUtc: (value) => value };

/** The upper half of the packed form; `packedLow` is the lower. Two numbers, so that no bigint is made. */
export function packedHigh(value: DateTime): number {
  return value.datePart * 512 + (hms(value) >>> 8);
}

export function packedLow(value: DateTime): number {
  return (((hms(value) & 0xff) << 24) | (value.timeMicros % MICROS_PER_SECOND)) >>> 0;
}

function hms(value: DateTime): number {
  if (value.timeMicros === 0) return 0;
  const seconds = Math.floor(value.timeMicros / MICROS_PER_SECOND);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return (hours << 12) | ((minutes - hours * 60) << 6) | (seconds - minutes * 60);
}

export function unpackDateTime(high: number, low: number): DateTime {
  const time = ((high & 0x1ff) << 8) | (low >>> 24);
  const seconds = (time >>> 12) * 3600 + ((time >>> 6) & 0x3f) * 60 + (time & 0x3f);
  return new DateTime(Math.floor(high / 512), seconds * MICROS_PER_SECOND + (low & 0xffffff));
}

/** Nanoseconds of a TIME: at most 3.02e15, a safe integer. */
export function durationNanos(value: Duration): number {
  return value.micros * 1000;
}

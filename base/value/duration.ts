/**
 * `Duration`: a TIME value, -838:59:59.999999 to 838:59:59.999999.
 *
 * Reading keeps MySQL's three shapes: `[D ]hh:mm:ss.f`, `hh:mm`, and digits counted from the right (`11112` is 00:11:12).
 * What goes beyond the range is clipped to the last whole second and reported, never wrapped.
 */
import {
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  roundMicros,
  timeNumber,
  timeString,
} from './date-time.ts';

/** 838:59:59 in microseconds. */
export const DURATION_MICROS_MAX = (838 * 3600 + 59 * 60 + 59) * MICROS_PER_SECOND;

export class Duration {
  /** Signed microseconds. */
  readonly micros: number;

  constructor(micros: number) {
    this.micros = micros;
  }

  static readonly ZERO = new Duration(0);

  static of(negative: boolean, hours: number, minutes: number, seconds: number, micros = 0): Duration {
    const total = hours * MICROS_PER_HOUR + minutes * MICROS_PER_MINUTE + seconds * MICROS_PER_SECOND + micros;
    return new Duration(negative ? 0 - total : total);
  }

  get negative(): boolean {
    return this.micros < 0;
  }

  /** Parts of the absolute value; hours may be up to 838. */
  get hours(): number {
    return Math.floor(Math.abs(this.micros) / MICROS_PER_HOUR);
  }

  get minutes(): number {
    return Math.floor(Math.abs(this.micros) / MICROS_PER_MINUTE) % 60;
  }

  get seconds(): number {
    return Math.floor(Math.abs(this.micros) / MICROS_PER_SECOND) % 60;
  }

  get microseconds(): number {
    return Math.abs(this.micros) % MICROS_PER_SECOND;
  }

  compare(other: Duration): number {
    return this.micros < other.micros ? -1 : this.micros > other.micros ? 1 : 0;
  }

  equals(other: Duration): boolean {
    return this.micros === other.micros;
  }

  /** Within the range of TIME; out of it, the limit. */
  clamp(): Duration {
    if (this.micros > DURATION_MICROS_MAX) return new Duration(DURATION_MICROS_MAX);
    if (this.micros < -DURATION_MICROS_MAX) return new Duration(-DURATION_MICROS_MAX);
    return this;
  }

  inRange(): boolean {
    return this.micros <= DURATION_MICROS_MAX && this.micros >= -DURATION_MICROS_MAX;
  }

  roundTo(fsp: number, truncate = false): Duration {
    if (fsp >= 6) return this;
    const rounded = roundMicros(Math.abs(this.micros), fsp, truncate);
    return new Duration(this.micros < 0 ? 0 - rounded : rounded);
  }

  /** `[-]hh:mm:ss[.ffffff]` with `fsp` digits, the rest cut. */
  toString(fsp = 0): string {
    const micros = this.micros;
    return micros < 0 ? '-' + timeString(-micros, fsp) : timeString(micros, fsp);
  }

  /** [-]hhmmss without the fraction. */
  toInteger(): number {
    return this.micros < 0 ? 0 - timeNumber(-this.micros) : timeNumber(this.micros);
  }
}

export interface ParsedDuration {
  readonly value: Duration;
  /** `overflow`: clipped to ±838:59:59; `truncated`: something followed; `invalid`: not a time. */
  readonly kind: 'exact' | 'truncated' | 'overflow' | 'invalid';
}

const INVALID: ParsedDuration = { value: Duration.ZERO, kind: 'invalid' };
const WITH_COLON = /^\s*([+-]?)(?:(\d+)\s+)?(\d+):(\d+)(?::(\d+))?(?:\.(\d*))?/;
const DAYS_HOURS = /^\s*([+-]?)(\d+)\s+(\d+)(?:\.(\d*))?/;
const DIGITS_ONLY = /^\s*([+-]?)(\d+)(?:\.(\d*))?/;

/** A time literal; text with a date in it is the caller's business (it reads it as a DATETIME first). */
export function parseDuration(text: string, fsp = 6, truncate = false): ParsedDuration {
  let match = WITH_COLON.exec(text);
  if (match !== null) {
    const hours = Number(match[3]) + (match[2] === undefined ? 0 : Number(match[2]) * 24);
    return assemble(
      match[1] === '-',
      hours,
      Number(match[4]),
      Number(match[5] ?? 0),
      match[6],
      text.slice(match[0].length),
      fsp,
      truncate,
    );
  }
  match = DAYS_HOURS.exec(text);
  if (match !== null) {
    const hours = Number(match[2]) * 24 + Number(match[3]);
    return assemble(match[1] === '-', hours, 0, 0, match[4], text.slice(match[0].length), fsp, truncate);
  }
  match = DIGITS_ONLY.exec(text);
  if (match === null) return INVALID;
  const digits = match[2]!;
  const hours = digits.length > 4 ? Number(digits.slice(0, -4)) : 0;
  const minutes = digits.length > 2 ? Number(digits.slice(-4, -2)) : 0;
  return assemble(
    match[1] === '-',
    hours,
    minutes,
    Number(digits.slice(-2)),
    match[3],
    text.slice(match[0].length),
    fsp,
    truncate,
  );
}

/** hhmmss as a number, its fraction in microseconds. */
export function durationFromNumber(value: number, fractionMicros = 0): ParsedDuration {
  const magnitude = Math.abs(value);
  const hours = Math.floor(magnitude / 10000);
  const minutes = Math.floor(magnitude / 100) % 100;
  const seconds = magnitude % 100;
  if (hours > 838) {
    return { value: new Duration(value < 0 ? -DURATION_MICROS_MAX : DURATION_MICROS_MAX), kind: 'overflow' };
  }
  if (minutes > 59 || seconds > 59) return INVALID;
  const duration = Duration.of(value < 0, hours, minutes, seconds, fractionMicros);
  return { value: duration.clamp(), kind: duration.inRange() ? 'exact' : 'overflow' };
}

function assemble(
  negative: boolean,
  hours: number,
  minutes: number,
  seconds: number,
  fraction: string | undefined,
  rest: string,
  fsp: number,
  truncate: boolean,
): ParsedDuration {
  if (minutes > 59 || seconds > 59) return INVALID;
  if (hours > 838)
    return { value: new Duration(negative ? -DURATION_MICROS_MAX : DURATION_MICROS_MAX), kind: 'overflow' };
  const exact = Duration.of(negative, hours, minutes, seconds, fractionMicros(fraction ?? ''));
  const rounded = exact.roundTo(fsp, truncate);
  if (!rounded.inRange()) return { value: rounded.clamp(), kind: 'overflow' };
  return { value: rounded, kind: rest.trim() === '' ? 'exact' : 'truncated' };
}

/** Digits after the point as microseconds; the seventh digit rounds. */
export function fractionMicros(digits: string): number {
  if (digits === '') return 0;
  const micros = Number(digits.slice(0, 6).padEnd(6, '0'));
  return digits.length > 6 && digits.charCodeAt(6) >= 53 ? micros + 1 : micros;
}

/**
 * Date literals as MySQL reads them: `2024-01-31 10:11:12.5`, any punctuation as delimiter, `T` or spaces between date and
 * time, two-digit years (70..99 are 1970..1999), digits without delimiters counted from the left (`240131`, `20240131101112`),
 * numbers, and an offset at the end (`+02:00`, since 8.0.19). Zero parts pass or fail by the `DateRules` of the session's
 * sql_mode.
 *
 * The result says how good the reading was, since the caller alone knows whether that is a note, a warning or an error.
 */
import { daysInMonth } from './calendar.ts';
import { DateTime, MICROS_PER_SECOND, packDate } from './date-time.ts';
import { fractionMicros } from './duration.ts';

export interface DateRules {
  /** `0000-00-00` is refused. */
  readonly noZeroDate: boolean;
  /** `2024-00-10` and `2024-01-00` are refused. */
  readonly noZeroInDate: boolean;
  /** 31 February is accepted. */
  readonly allowInvalidDates: boolean;
}

export const DATE_RULES_LAX: DateRules = { noZeroDate: false, noZeroInDate: false, allowInvalidDates: false };

export interface ParsedDateTime {
  /** `undefined` when nothing could be read: the value is NULL then. */
  readonly value: DateTime | undefined;
  /** `truncated`: text followed the date. */
  readonly kind: 'exact' | 'truncated' | 'invalid';
  /** The literal had a time part. */
  readonly hasTime: boolean;
  /** Fractional digits written, 0..6. */
  readonly fsp: number;
  /** Minutes east of UTC when the literal named an offset. */
  readonly offsetMinutes: number | undefined;
}

const INVALID: ParsedDateTime = { value: undefined, kind: 'invalid', hasTime: false, fsp: 0, offsetMinutes: undefined };

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** ASCII punctuation, any of which may stand between the parts. */
function isDelimiter(code: number): boolean {
  return (
    (code >= 33 && code <= 47) ||
    (code >= 58 && code <= 64) ||
    (code >= 91 && code <= 96) ||
    (code >= 123 && code <= 126)
  );
}

/** Reads a date or date and time; the fraction is kept to microseconds (round with `DateTime.roundTo`). */
export function parseDateTime(text: string, rules: DateRules): ParsedDateTime {
  // hot: the one shape that nearly all literals have.
  if (text.length === 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) {
    const year = fourDigits(text, 0);
    const month = twoDigits(text, 5);
    const day = twoDigits(text, 8);
    if (year >= 0 && month >= 0 && day >= 0) {
      if (!validDate(year, month, day, rules)) return INVALID;
      return {
        value: new DateTime(packDate(year, month, day), 0),
        kind: 'exact',
        hasTime: false,
        fsp: 0,
        offsetMinutes: undefined,
      };
    }
  }
  return parseGeneral(text, rules);
}

function twoDigits(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : -1;
}

function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high >= 0 && low >= 0 ? high * 100 + low : -1;
}

function parseGeneral(text: string, rules: DateRules): ParsedDateTime {
  let at = 0;
  let end = text.length;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
  if (at === end || !isDigit(text.charCodeAt(at))) return INVALID;
  let digitsEnd = at;
  while (digitsEnd < end && isDigit(text.charCodeAt(digitsEnd))) digitsEnd++;
  const digitCount = digitsEnd - at;
  const next = digitsEnd < end ? text.charCodeAt(digitsEnd) : 0;
  // Digits alone, perhaps with a fraction: the compact form. `2024-…` and `24:…` are the delimited one.
  const compact =
    digitsEnd === end || (next === 46 && digitCount >= 12) || ((next === 84 || next === 116) && digitCount >= 6);
  return compact ? parseCompact(text, at, digitsEnd, end, rules) : parseDelimited(text, at, end, rules);
}

function parseCompact(text: string, at: number, digitsEnd: number, end: number, rules: DateRules): ParsedDateTime {
  let digits = text.slice(at, digitsEnd);
  let rest = text.slice(digitsEnd, end);
  const yearDigits = digits.length === 4 || digits.length === 8 || digits.length >= 14 ? 4 : 2;
  if (rest.length > 1 && /^[tT][0-9]/.test(rest)) {
    const time = /^[tT]([0-9]+)/.exec(rest)![1]!;
    if (digits.length > 8) return INVALID;
    digits += time;
    rest = rest.slice(time.length + 1);
  }
  const year = Number(digits.slice(0, yearDigits));
  const part = (index: number): number => {
    const start = yearDigits + index * 2;
    return start < digits.length ? Number(digits.slice(start, start + 2)) : 0;
  };
  if (digits.length < yearDigits + 3) return INVALID;
  const timeGiven = digits.length > yearDigits + 4;
  const whole = yearDigits + 10;
  let kind: 'exact' | 'truncated' = digits.length > whole ? 'truncated' : 'exact';
  let micros = 0;
  let fsp = 0;
  const fraction = digits.length >= whole ? /^\.([0-9]*)/.exec(rest) : null;
  if (fraction !== null) {
    micros = fractionMicros(fraction[1]!);
    fsp = Math.min(fraction[1]!.length, 6);
    rest = rest.slice(fraction[0].length);
  }
  if (rest !== '') kind = 'truncated';
  const fullYear = yearDigits === 2 ? expandYear(year) : year;
  return finish(
    fullYear,
    part(0),
    part(1),
    part(2),
    part(3),
    part(4),
    micros,
    { kind, hasTime: timeGiven, fsp, offsetMinutes: undefined },
    rules,
  );
}

/** 70..99 are 1970..1999, 00..69 are 2000..2069. */
export function expandYear(year: number): number {
  return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
}

const OFFSET = /^([+-])([0-9]{2}):([0-9]{2})$/;

function parseDelimited(text: string, start: number, end: number, rules: DateRules): ParsedDateTime {
  const parts = [0, 0, 0, 0, 0, 0];
  let at = start;
  let count = 0;
  let yearDigits = 0;
  let micros = 0;
  let fsp = 0;
  let offsetMinutes: number | undefined;
  let kind: 'exact' | 'truncated' = 'exact';
  while (at < end && count < 6) {
    const numberStart = at;
    const digitsMax = count === 0 ? 4 : 2;
    let value = 0;
    while (at < end && isDigit(text.charCodeAt(at)) && at - numberStart < digitsMax) {
      value = value * 10 + (text.charCodeAt(at) - 48);
      at++;
    }
    if (at === numberStart) break;
    if (count === 0) yearDigits = at - numberStart;
    parts[count++] = value;
    if (at >= end) break;
    const code = text.charCodeAt(at);
    if (count === 6) break;
    // `2024-01-31+02:00` has no time to have an offset: falls under "text follows".
    if (count === 3) {
      if (code === 84 || code === 116) at++;
      else if (isBlank(code)) while (at < end && isBlank(text.charCodeAt(at))) at++;
      else if (isDelimiter(code)) while (at < end && isDelimiter(text.charCodeAt(at))) at++;
      else break;
      if (at < end && !isDigit(text.charCodeAt(at))) break;
    } else if (isDelimiter(code)) {
      if (count > 3 && OFFSET.test(text.slice(at, end))) break;
      while (at < end && isDelimiter(text.charCodeAt(at))) at++;
    } else break;
  }
  if (count < 3) return INVALID;
  if (count === 6 && at < end && text.charCodeAt(at) === 46) {
    const fractionStart = at + 1;
    at = fractionStart;
    while (at < end && isDigit(text.charCodeAt(at))) at++;
    micros = fractionMicros(text.slice(fractionStart, at));
    fsp = Math.min(at - fractionStart, 6);
  }
  if (at < end) {
    const offset = OFFSET.exec(text.slice(at, end));
    if (offset !== null && count > 3) {
      const minutes = Number(offset[2]) * 60 + Number(offset[3]);
      if (Number(offset[3]) > 59 || minutes > 14 * 60 || (offset[1] === '-' && minutes === 0)) return INVALID;
      offsetMinutes = offset[1] === '-' ? -minutes : minutes;
    } else kind = 'truncated';
  }
  const year = yearDigits <= 2 ? expandZeroAware(parts) : parts[0]!;
  return finish(
    year,
    parts[1]!,
    parts[2]!,
    parts[3]!,
    parts[4]!,
    parts[5]!,
    micros,
    { kind, hasTime: count > 3, fsp, offsetMinutes },
    rules,
  );
}

/** `00-00-00` stays the zero date. */
function expandZeroAware(parts: readonly number[]): number {
  return parts[0] === 0 && parts[1] === 0 && parts[2] === 0 ? 0 : expandYear(parts[0]!);
}

function finish(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  micros: number,
  about: Omit<ParsedDateTime, 'value'>,
  rules: DateRules,
): ParsedDateTime {
  if (hour > 23 || minute > 59 || second > 59 || !validDate(year, month, day, rules)) return INVALID;
  // A fraction of .9999995 has been rounded to a whole second: carry it.
  const time = ((hour * 60 + minute) * 60 + second) * MICROS_PER_SECOND;
  const exact = new DateTime(packDate(year, month, day), time);
  if (micros < MICROS_PER_SECOND) return { value: new DateTime(exact.datePart, time + micros), ...about };
  const carried = new DateTime(exact.datePart, time + MICROS_PER_SECOND - 1).roundTo(0);
  return carried === undefined ? INVALID : { value: carried, ...about };
}

export function validDate(year: number, month: number, day: number, rules: DateRules): boolean {
  if (year > 9999 || month > 12 || day > 31) return false;
  if (month === 0 || day === 0) {
    if (year === 0 && month === 0 && day === 0) return !rules.noZeroDate;
    return !rules.noZeroInDate;
  }
  return rules.allowInvalidDates || day <= daysInMonth(year, month);
}

/** YYMMDD, YYYYMMDD, YYMMDDhhmmss and YYYYMMDDhhmmss as numbers; the fraction in microseconds comes apart. */
export function dateTimeFromNumber(value: number, micros: number, rules: DateRules): ParsedDateTime {
  if (!Number.isSafeInteger(value) || value < 0 || value > 99991231235959) return INVALID;
  let date: number;
  let time = 0;
  let hasTime = false;
  if (value === 0) {
    if (rules.noZeroDate) return INVALID;
    return {
      value: micros === 0 ? DateTime.ZERO : new DateTime(0, micros),
      kind: 'exact',
      hasTime: false,
      fsp: 0,
      offsetMinutes: undefined,
    };
  }
  if (value < 101) return INVALID;
  if (value <= 691231) date = value + 20000000;
  else if (value < 700101) return INVALID;
  else if (value <= 991231) date = value + 19000000;
  else if (value < 10000101) {
    if (value > 9991231) return INVALID;
    date = value;
  } else if (value <= 99991231) date = value;
  else if (value < 101000000) return INVALID;
  else {
    hasTime = true;
    date = Math.floor(value / 1000000);
    time = value % 1000000;
    if (value <= 691231235959) date += 20000000;
    else if (value < 700101000000) return INVALID;
    else if (value <= 991231235959) date += 19000000;
  }
  return finish(
    Math.floor(date / 10000),
    Math.floor(date / 100) % 100,
    date % 100,
    Math.floor(time / 10000),
    Math.floor(time / 100) % 100,
    time % 100,
    micros,
    { kind: 'exact', hasTime, fsp: 0, offsetMinutes: undefined },
    rules,
  );
}

/**
 * DATE_FORMAT, TIME_FORMAT, STR_TO_DATE, GET_FORMAT: the `%` language. A format is read each time; it is short, and compiling it
 * would not pay before hundreds of rows.
 */
import { dayNumber, dayOfYear, weekday, weekOf } from '../../base/value/calendar.ts';
import { DateTime, MICROS_PER_HOUR, MICROS_PER_MINUTE, MICROS_PER_SECOND, pad2 } from '../../base/value/date-time.ts';
import { expandYear, validDate } from '../../base/value/date-time-parse.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Duration } from '../../base/value/duration.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { SqlError } from '../../base/error.ts';
import type { EvalContext } from './context.ts';
import { dateRules } from './convert.ts';
import { DAY_NAMES, MONTH_NAMES } from './date-parts.ts';
import { connectionCollation, define, defineSimple, textArgument } from './definition.ts';
import { call, DATE, datetimeType, textType, timeType } from './types.ts';
import { shorten } from './warn.ts';

function ordinal(day: number): string {
  const tens = day % 100;
  if (tens >= 11 && tens <= 13) return day + 'th';
  return day + (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
}

/** NULL where a name is asked for that a zero part does not have. */
export function formatDate(date: DateTime, format: string): string | null {
  let result = '';
  for (let at = 0; at < format.length; at++) {
    const character = format[at]!;
    if (character !== '%' || at + 1 >= format.length) {
      result += character;
      continue;
    }
    const piece = datePiece(date, format[++at]!);
    if (piece === null) return null;
    result += piece;
  }
  return result;
}

function datePiece(date: DateTime, letter: string): string | null {
  const hour12 = ((date.hour + 11) % 12) + 1;
  switch (letter) {
    case 'Y':
      return String(date.year).padStart(4, '0');
    case 'y':
      return pad2(date.year % 100);
    case 'm':
      return pad2(date.month);
    case 'c':
      return String(date.month);
    case 'd':
      return pad2(date.day);
    case 'e':
      return String(date.day);
    case 'D':
      return ordinal(date.day);
    case 'M':
      return date.month === 0 ? null : MONTH_NAMES[date.month]!;
    case 'b':
      return date.month === 0 ? null : MONTH_NAMES[date.month]!.slice(0, 3);
    case 'W':
    case 'a': {
      if (date.hasZeroPart()) return null;
      const name = DAY_NAMES[weekday(date.dayNumber())]!;
      return letter === 'W' ? name : name.slice(0, 3);
    }
    case 'w':
      return date.hasZeroPart() ? null : String((weekday(date.dayNumber()) + 1) % 7);
    case 'j':
      return date.hasZeroPart() ? null : String(dayOfYear(date.year, date.month, date.day)).padStart(3, '0');
    case 'H':
      return pad2(date.hour);
    case 'k':
      return String(date.hour);
    case 'h':
    case 'I':
      return pad2(hour12);
    case 'l':
      return String(hour12);
    case 'i':
      return pad2(date.minute);
    case 's':
    case 'S':
      return pad2(date.second);
    case 'f':
      return String(date.microsecond).padStart(6, '0');
    case 'p':
      return date.hour < 12 ? 'AM' : 'PM';
    case 'r':
      return `${pad2(hour12)}:${pad2(date.minute)}:${pad2(date.second)} ${date.hour < 12 ? 'AM' : 'PM'}`;
    case 'T':
      return `${pad2(date.hour)}:${pad2(date.minute)}:${pad2(date.second)}`;
    case 'U':
    case 'u':
    case 'V':
    case 'v':
    case 'X':
    case 'x':
      return weekPiece(date, letter);
    default:
      return letter;
  }
}

function weekPiece(date: DateTime, letter: string): string | null {
  if (date.hasZeroPart()) return null;
  const mode = { U: 0, u: 1, V: 2, v: 3, X: 2, x: 3 }[letter]!;
  const { year, week } = weekOf(date.year, date.month, date.day, mode);
  return letter === 'X' || letter === 'x' ? String(year).padStart(4, '0') : pad2(week);
}

defineSimple({
  name: 'date_format',
  args: ['datetime', 'string'],
  returns: (args, collation) => textType(formatLength(args[1]!), collation),
  evaluate: (_context, date: DateTime, format: string) => formatDate(date, format),
});

function formatLength(format: Expression): number {
  return format.kind === 'constant' && typeof format.value === 'string' ? format.value.length * 10 : 1024;
}

defineSimple({
  name: 'time_format',
  args: ['time', 'string'],
  returns: (args, collation) => textType(formatLength(args[1]!), collation),
  evaluate: (_context, time: Duration, format: string) => {
    // Hours may pass 23 in %H and %k; every part of a date is zero.
    const hours = time.hours;
    const ofDay = new DateTime(0, Math.abs(time.micros) - Math.floor(hours / 24) * 24 * MICROS_PER_HOUR);
    let result = '';
    for (let at = 0; at < format.length; at++) {
      const character = format[at]!;
      if (character !== '%' || at + 1 >= format.length) {
        result += character;
        continue;
      }
      const letter = format[++at]!;
      if (letter === 'H') result += (time.negative ? '-' : '') + String(hours).padStart(2, '0');
      else if (letter === 'k') result += (time.negative ? '-' : '') + hours;
      else if ('hIlisSfprT'.includes(letter)) result += letter === 'T' ? time.toString() : datePiece(ofDay, letter)!;
      else if ('YyMmbcdeDWawjUuVvXx'.includes(letter)) {
        const zero = { Y: '0000', y: '00', m: '00', c: '0', d: '00', e: '0' }[letter];
        if (zero === undefined) return null;
        result += zero;
      } else result += letter;
    }
    return result;
  },
});

// ---- STR_TO_DATE ----

interface Reading {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  isPm: boolean | undefined;
  twelve: boolean;
  yearDay: number;
  weekday: number;
  week: number;
  weekMode: number;
  weekYear: number;
}

/** Longest first, so that `December` is not read as `Dec`. */
function readName(
  text: string,
  at: number,
  names: readonly string[],
  length?: number,
): { readonly index: number; readonly end: number } | undefined {
  const rest = text.slice(at).toLowerCase();
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!.slice(0, length).toLowerCase();
    if (name !== '' && rest.startsWith(name)) return { index, end: at + name.length };
  }
  return undefined;
}

const DIGITS_OF: Readonly<Record<string, number>> = {
  Y: 4, y: 2, m: 2, c: 2, d: 2, e: 2, H: 2, k: 2, h: 2, I: 2, l: 2, i: 2, s: 2, S: 2, j: 3, f: 6, w: 1, U: 2, u: 2, V: 2, v: 2, X: 4, x: 4,
}; // prettier-ignore

/** `undefined`: the text does not follow the format. */
function readByFormat(text: string, format: string): { readonly reading: Reading; readonly end: number } | undefined {
  const reading: Reading = {
    year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, micros: 0, isPm: undefined, twelve: false, yearDay: 0, weekday: -1, week: -1, weekMode: 0, weekYear: -1,
  }; // prettier-ignore
  let at = 0;
  for (let index = 0; index < format.length; index++) {
    const character = format[index]!;
    if (/\s/.test(character)) {
      while (at < text.length && /\s/.test(text[at]!)) at++;
      continue;
    }
    if (at >= text.length)
      return format.slice(index).trim() === '' || character === '%' ? { reading, end: at } : undefined;
    if (character !== '%' || index + 1 >= format.length) {
      while (at < text.length && /\s/.test(text[at]!)) at++;
      if (text[at] !== character) return undefined;
      at++;
      continue;
    }
    const letter = format[++index]!;
    while (at < text.length && /\s/.test(text[at]!)) at++;
    const next = readPiece(text, at, letter, reading);
    if (next === undefined) return undefined;
    at = next;
  }
  return { reading, end: at };
}

function readPiece(text: string, at: number, letter: string, reading: Reading): number | undefined {
  switch (letter) {
    case 'M':
    case 'b': {
      const found = readName(text, at, MONTH_NAMES, letter === 'b' ? 3 : undefined);
      if (found === undefined) return undefined;
      reading.month = found.index;
      return found.end;
    }
    case 'W':
    case 'a': {
      const found = readName(text, at, DAY_NAMES, letter === 'a' ? 3 : undefined);
      if (found === undefined) return undefined;
      reading.weekday = found.index;
      return found.end;
    }
    case 'p': {
      const half = text.slice(at, at + 2).toUpperCase();
      if (half !== 'AM' && half !== 'PM') return undefined;
      reading.isPm = half === 'PM';
      return at + 2;
    }
    case 'T':
    case 'r': {
      const nested = readByFormat(text.slice(at), letter === 'T' ? '%H:%i:%S' : '%I:%i:%S %p');
      if (nested === undefined) return undefined;
      const { hour, minute, second, isPm, twelve } = nested.reading;
      Object.assign(reading, { hour, minute, second, isPm, twelve });
      return at + nested.end;
    }
    case 'D': {
      const match = /^(\d{1,2})(st|nd|rd|th)/i.exec(text.slice(at));
      if (match === null) return undefined;
      reading.day = Number(match[1]);
      return at + match[0].length;
    }
    case '%':
      return text[at] === '%' ? at + 1 : undefined;
    case '@': {
      const match = /^[A-Za-z]+/.exec(text.slice(at));
      return at + (match?.[0].length ?? 0);
    }
    case '#': {
      const match = /^[0-9]+/.exec(text.slice(at));
      return at + (match?.[0].length ?? 0);
    }
    case '.': {
      const match = /^[!-/:-@[-`{-~]+/.exec(text.slice(at));
      return at + (match?.[0].length ?? 0);
    }
    default: {
      const digits = DIGITS_OF[letter];
      if (digits === undefined) return text[at] === letter ? at + 1 : undefined;
      const match = new RegExp(`^\\d{1,${digits}}`).exec(text.slice(at));
      if (match === null) return undefined;
      putNumber(reading, letter, match[0]);
      return at + match[0].length;
    }
  }
}

function putNumber(reading: Reading, letter: string, digits: string): void {
  const value = Number(digits);
  switch (letter) {
    case 'Y':
      reading.year = digits.length <= 2 ? expandYear(value) : value;
      return;
    case 'y':
      reading.year = expandYear(value);
      return;
    case 'm':
    case 'c':
      reading.month = value;
      return;
    case 'd':
    case 'e':
      reading.day = value;
      return;
    case 'h':
    case 'I':
    case 'l':
      reading.hour = value;
      reading.twelve = true;
      return;
    case 'H':
    case 'k':
      reading.hour = value;
      return;
    case 'i':
      reading.minute = value;
      return;
    case 's':
    case 'S':
      reading.second = value;
      return;
    case 'f':
      reading.micros = Number(digits.padEnd(6, '0'));
      return;
    case 'j':
      reading.yearDay = value;
      return;
    case 'w':
      reading.weekday = (value + 6) % 7;
      return;
    case 'X':
    case 'x':
      reading.weekYear = value;
      return;
    default:
      reading.week = value;
      reading.weekMode = { U: 0, u: 1, V: 2, v: 3 }[letter] ?? 0;
  }
}

/** Half days, days of the year and days of a week, put into the plain parts. */
function settle(reading: Reading): boolean {
  if (reading.twelve || reading.isPm !== undefined) {
    if (reading.hour > 12 || reading.hour < 1) return false;
    reading.hour = (reading.hour % 12) + (reading.isPm === true ? 12 : 0);
  }
  if (reading.yearDay > 0) {
    const date = DateTime.fromDayNumber(dayNumber(reading.year, 1, 1) + reading.yearDay - 1);
    if (date === undefined) return false;
    [reading.year, reading.month, reading.day] = [date.year, date.month, date.day];
  }
  if (reading.week >= 0 && reading.weekday >= 0) {
    const year = reading.weekYear >= 0 ? reading.weekYear : reading.year;
    // Walk the year: the first day that carries this week number and this weekday.
    const first = dayNumber(year, 1, 1);
    for (let days = first - 7; days < first + 373; days++) {
      const date = DateTime.fromDayNumber(days);
      if (date === undefined || weekday(days) !== reading.weekday) continue;
      const found = weekOf(date.year, date.month, date.day, reading.weekMode);
      if (found.week === reading.week && found.year === year) {
        [reading.year, reading.month, reading.day] = [date.year, date.month, date.day];
        return true;
      }
    }
    return false;
  }
  return true;
}

const DATE_LETTERS = /%[YymcdeDMbWawjUuVvXx]/;
const TIME_LETTERS = /%[HkhIlisSfprT]/;

define({
  name: 'str_to_date',
  argsMin: 2,
  argsMax: 2,
  infer: ([text, format], options) => {
    const collation = connectionCollation(options);
    const pattern = format!.kind === 'constant' && typeof format!.value === 'string' ? format!.value : undefined;
    const fsp = pattern === undefined || pattern.includes('%f') ? 6 : 0;
    const hasDatePart = pattern === undefined || DATE_LETTERS.test(pattern);
    const hasTimePart = pattern === undefined || TIME_LETTERS.test(pattern);
    const type = hasTimePart ? (hasDatePart ? datetimeType(fsp) : timeType(fsp)) : DATE;
    return call('str_to_date', [textArgument(text!, collation), textArgument(format!, collation)], type);
  },
  compile: (expression, [text, format]) => {
    const isTime = expression.type.code === timeType(0).code;
    return (row, context) => {
      const given = text!(row, context) as string | null;
      const pattern = format!(row, context) as string | null;
      return given === null || pattern === null ? null : strToDate(given, pattern, isTime, context);
    };
  },
});

function strToDate(text: string, format: string, isTime: boolean, context: EvalContext): Datum {
  const wrong = (): null => {
    context.warn(
      'Warning',
      1411,
      `Incorrect ${isTime ? 'time' : 'datetime'} value: '${shorten(text)}' for function str_to_date`,
    );
    return null;
  };
  const found = readByFormat(text, format);
  if (found === undefined || !settle(found.reading)) return wrong();
  const { year, month, day, hour, minute, second, micros } = found.reading;
  if (minute > 59 || second > 59 || hour > 23) return wrong();
  const time = hour * MICROS_PER_HOUR + minute * MICROS_PER_MINUTE + second * MICROS_PER_SECOND + micros;
  if (text.slice(found.end).trim() !== '') {
    context.warn(
      'Warning',
      1292,
      `Truncated incorrect ${isTime ? 'time' : DATE_LETTERS.test(format) && TIME_LETTERS.test(format) ? 'datetime' : 'date'} value: '${shorten(text)}'`,
    );
  }
  if (isTime) return new Duration(time);
  // Any day up to 31 goes, as MySQL documents: '04/31/2004' is a date here.
  if (!validDate(year, month, day, { ...dateRules(context), allowInvalidDates: true })) return wrong();
  return DateTime.of(year, month, day, 0, 0, 0, time);
}

// ---- GET_FORMAT ----

const FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DATE: { USA: '%m.%d.%Y', JIS: '%Y-%m-%d', ISO: '%Y-%m-%d', EUR: '%d.%m.%Y', INTERNAL: '%Y%m%d' },
  TIME: { USA: '%h:%i:%s %p', JIS: '%H:%i:%s', ISO: '%H:%i:%s', EUR: '%H.%i.%s', INTERNAL: '%H%i%s' },
  DATETIME: {
    USA: '%Y-%m-%d %H.%i.%s',
    JIS: '%Y-%m-%d %H:%i:%s',
    ISO: '%Y-%m-%d %H:%i:%s',
    EUR: '%Y-%m-%d %H.%i.%s',
    INTERNAL: '%Y%m%d%H%i%s',
  },
};

defineSimple({
  name: 'get_format',
  args: ['string', 'string'],
  returns: (_args, collation) => textType(17, collation),
  evaluate: (_context, kind: string, place: string) => {
    const formats = FORMATS[kind.toUpperCase() === 'TIMESTAMP' ? 'DATETIME' : kind.toUpperCase()];
    if (formats === undefined) throw new SqlError(1210, 'HY000', 'Incorrect arguments to get_format');
    return formats[place.toUpperCase()] ?? null;
  },
});

defineSimple({
  name: 'date',
  args: ['datetime'],
  returns: DATE,
  evaluate: (_context, date: DateTime) => date.dateOnly(),
});

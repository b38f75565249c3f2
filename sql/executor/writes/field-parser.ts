/**
 * Fields of a text file straight to datums. For each column a parser that reads the usual spelling from the bytes (digits, digits with a point,
 * `2024-01-31`, text that fits) and answers `undefined` for anything else: the caller then takes the long way through text and
 * the rules of INSERT, which also makes the warnings.
 */
import { DateTime, packDate } from '../../../base/value/date-time.ts';
import { daysInMonth } from '../../../base/value/calendar.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import { decodeUtf8 } from '../../../proto/encoding/utf8.ts';

export type ParseField = (bytes: Uint8Array, start: number, end: number) => Datum | undefined;

/** Of types whose fields always go the long way. */
const parseNothing: ParseField = () => undefined;

/** False: `fieldParser` of this type answers nothing but `undefined`. */
export function hasFieldParser(type: FieldType): boolean {
  return fieldParser(type) !== parseNothing;
}

/** Digits that surely fit a safe integer. */
const DIGITS_MAX = 15;
const POWERS = Array.from({ length: DIGITS_MAX + 1 }, (_, i) => 10 ** i);

export function fieldParser(type: FieldType): ParseField {
  switch (type.code) {
    case TypeCode.TINY:
      return integerParser(type.unsigned ? 0 : -128, type.unsigned ? 255 : 127);
    case TypeCode.SHORT:
      return integerParser(type.unsigned ? 0 : -32768, type.unsigned ? 65535 : 32767);
    case TypeCode.INT24:
      return integerParser(type.unsigned ? 0 : -8388608, type.unsigned ? 16777215 : 8388607);
    case TypeCode.LONG:
      return integerParser(type.unsigned ? 0 : -2147483648, type.unsigned ? 4294967295 : 2147483647);
    case TypeCode.LONGLONG:
      return integerParser(type.unsigned ? 0 : -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case TypeCode.DECIMAL:
      return decimalParser(type);
    case TypeCode.DATE:
      return (bytes, start, end) => (end - start === 10 ? date(bytes, start, 0) : undefined);
    case TypeCode.DATETIME:
      return dateTime;
    case TypeCode.VARCHAR:
    case TypeCode.CHAR:
      return type.charset === 'utf8mb4' ? textParser(type) : parseNothing;
    default:
      return parseNothing;
  }
}

// hot: bench/micro/executor.ts
function integerParser(lowest: number, highest: number): ParseField {
  return (bytes, start, end) => {
    let at = start;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    const digits = end - at;
    if (digits < 1 || digits > DIGITS_MAX) return undefined;
    let value = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    if (negative && value !== 0) value = -value;
    return value >= lowest && value <= highest ? value : undefined;
  };
}

function decimalParser(type: FieldType): ParseField {
  const digitsOf = decimalDigits(type);
  const scale = type.decimals;
  return (bytes, start, end) => {
    const digits = digitsOf(bytes, start, end);
    return digits === digits ? new Decimal(digits, scale) : undefined;
  };
}

/** The digits of a decimal with as many behind the point as the type has; NaN when the spelling is unusual. */
export function decimalDigits(type: FieldType): (bytes: Uint8Array, start: number, end: number) => number {
  const scale = type.decimals;
  const wholeMax = (type.length < 0 ? 10 : type.length) - scale;
  return (bytes, start, end) => {
    let at = start;
    const negative = bytes[at] === 0x2d;
    if (negative) {
      if (type.unsigned) return NaN;
      at++;
    }
    let digits = 0;
    let whole = 0;
    let fraction = -1;
    const first = at;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === 0x2e) {
        if (fraction >= 0) return NaN;
        fraction = 0;
        continue;
      }
      const digit = byte - 0x30;
      if (digit < 0 || digit > 9) return NaN;
      digits = digits * 10 + digit;
      if (fraction >= 0) fraction++;
      else whole++;
    }
    if (fraction < 0) fraction = 0;
    if (at === first || whole === 0 || whole > wholeMax || fraction > scale || whole + scale > DIGITS_MAX) return NaN;
    const value = digits * POWERS[scale - fraction]!;
    return negative && value !== 0 ? -value : value;
  };
}

function pair(bytes: Uint8Array, at: number): number {
  const high = bytes[at]! - 0x30;
  const low = bytes[at + 1]! - 0x30;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : -1;
}

/** `YYYY-MM-DD` with every part there, packed; -1 for anything else, zero dates too, which go the long way. */
export function packedDate(bytes: Uint8Array, at: number): number {
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d) return -1;
  const century = pair(bytes, at);
  const year = pair(bytes, at + 2);
  const month = pair(bytes, at + 5);
  const day = pair(bytes, at + 8);
  if (century < 0 || year < 0 || month < 1 || month > 12 || day < 1) return -1;
  const whole = century * 100 + year;
  if (whole === 0 || (day > 28 && day > daysInMonth(whole, month))) return -1;
  return packDate(whole, month, day);
}

function date(bytes: Uint8Array, at: number, timeMicros: number): DateTime | undefined {
  const packed = packedDate(bytes, at);
  return packed < 0 ? undefined : new DateTime(packed, timeMicros);
}

function dateTime(bytes: Uint8Array, start: number, end: number): DateTime | undefined {
  const size = end - start;
  if (size === 10) return date(bytes, start, 0);
  if (size !== 19 || bytes[start + 10] !== 0x20 || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a)
    return undefined;
  const hour = pair(bytes, start + 11);
  const minute = pair(bytes, start + 14);
  const second = pair(bytes, start + 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return date(bytes, start, (hour * 3600 + minute * 60 + second) * 1_000_000);
}

function textParser(type: FieldType): ParseField {
  const end = textEnd(type);
  return (bytes, start, fieldEnd) => {
    const stop = end(bytes, start, fieldEnd);
    return stop < 0 ? undefined : decodeUtf8(bytes, start, stop);
  };
}

/** Where the text that is kept ends; -1: it may be too long. */
export function textEnd(type: FieldType): (bytes: Uint8Array, start: number, end: number) => number {
  const isChar = type.code === TypeCode.CHAR;
  const { length } = type;
  return (bytes, start, end) => {
    let stop = end;
    // CHAR does not keep trailing spaces.
    if (isChar) while (stop > start && bytes[stop - 1] === 0x20) stop--;
    // Bytes are never fewer than characters.
    return stop - start <= length ? stop : -1;
  };
}

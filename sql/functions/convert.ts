/**
 * Conversions between types: what CAST does, and what every implicit conversion does. `converter(from, to)` chooses the
 * kernel once; the kernel sees values that are not NULL. Readings that fail give MySQL's substitute (0, NULL, the nearest
 * limit) and complain through `warn.ts`.
 *
 * Storing into a column has sharper rules and other messages: storage.ts.
 */
import { SqlError } from '../../base/error.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { dateTimeFromNumber, parseDateTime, type DateRules } from '../../base/value/date-time-parse.ts';
import { encodeText, findCharset, fitCharset, type Charset } from '../../base/value/charset.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { Decimal, DECIMAL_DIGITS_MAX, DECIMAL_SCALE_MAX, parseDecimal } from '../../base/value/decimal.ts';
import { Duration, durationFromNumber, parseDuration } from '../../base/value/duration.ts';
import {
  isBinaryString,
  isDecimal,
  isInteger,
  isReal,
  isString,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import { Json, JsonDouble, JsonOpaque, type JsonNode } from '../../base/value/json.ts';
import { parseJson } from '../../base/value/json-parse.ts';
import { unquoteJson } from '../../base/value/json-print.ts';
import { formatDouble, parseDouble, parseInteger } from '../../base/value/number-text.ts';
import { convertZone, fromEpoch } from '../../base/value/time-zone.ts';
import type { EvalContext } from './context.ts';
import { textOf } from './format-text.ts';
import { hasDate, isEnumOrSet, isJson, textLength } from './types.ts';
import { complain, warnIncorrect, warnTruncated } from './warn.ts';

type NonNull = NonNullable<Datum>;
export type Converter = (value: NonNull, context: EvalContext) => Datum;

export const INT64_MAX = 9223372036854775807n;
export const INT64_MIN = -9223372036854775808n;
export const UINT64_MAX = 18446744073709551615n;

const identity: Converter = (value) => value;

export function converter(from: FieldType, to: FieldType): Converter {
  if (from.code === TypeCode.NULL) return identity;
  if (isInteger(to))
    return to.code === TypeCode.YEAR && from.code !== TypeCode.YEAR ? toYear(from) : toInteger(from, to.unsigned);
  if (isReal(to)) return to.code === TypeCode.FLOAT ? thenFround(toDouble(from)) : toDouble(from);
  if (isDecimal(to)) return toDecimal(from, to);
  if (isString(to)) return isBinaryString(to) ? toBytes(from, to) : toText(from, to);
  switch (to.code) {
    case TypeCode.DATE:
      return toDate(from);
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return toDateTime(from, to.decimals);
    case TypeCode.TIME:
      return toTime(from, to.decimals);
    case TypeCode.JSON:
      return toJson(from);
    default:
      return identity;
  }
}

// ---- numbers ----

/** Position of an ENUM member (0: none), bits of a SET. */
export function memberNumber(type: FieldType, value: string): number | bigint {
  const elements = type.elements ?? [];
  if (type.code === TypeCode.ENUM) return elements.indexOf(value) + 1;
  if (value === '') return 0;
  let bits = 0n;
  for (const member of value.split(',')) {
    const index = elements.indexOf(member);
    if (index >= 0) bits |= 1n << BigInt(index);
  }
  return normalizeInteger(bits);
}

/** Into 64 bits as CAST does: the bit pattern stays, the reading changes. */
export function wrapInteger(value: number | bigint, unsigned: boolean): number | bigint {
  if (typeof value === 'number' && (!unsigned || value >= 0)) return value;
  return normalizeInteger(unsigned ? BigInt.asUintN(64, BigInt(value)) : BigInt.asIntN(64, BigInt(value)));
}

/** The nearest integer of the type; `clipped` when it was not in range. */
export function clampInteger(value: bigint, unsigned: boolean): bigint {
  const low = unsigned ? 0n : INT64_MIN;
  const high = unsigned ? UINT64_MAX : INT64_MAX;
  return value < low ? low : value > high ? high : value;
}

/** Half to even, as the C library rounds. */
export function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const part = value - floor;
  if (part < 0.5) return floor + 0;
  if (part > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor + 0 : floor + 1;
}

export function doubleToInteger(value: number, unsigned: boolean, context: EvalContext): number | bigint {
  const rounded = roundToEven(value);
  if (Number.isSafeInteger(rounded) && (!unsigned || rounded >= 0)) return rounded + 0;
  if (Number.isNaN(rounded)) return 0;
  const big = Number.isFinite(rounded) ? BigInt(rounded) : rounded > 0 ? UINT64_MAX + 1n : INT64_MIN - 1n;
  if (unsigned && big < 0n && big >= INT64_MIN) return normalizeInteger(BigInt.asUintN(64, big));
  const clamped = clampInteger(big, unsigned);
  if (clamped !== big) warnTruncated(context, 'INTEGER', formatDouble(value));
  return normalizeInteger(clamped);
}

function decimalToInteger(value: Decimal, unsigned: boolean, context: EvalContext): number | bigint {
  const rounded = value.toInteger();
  if (typeof rounded === 'number' && (!unsigned || rounded >= 0)) return rounded;
  const big = BigInt(rounded);
  const clamped = clampInteger(big, unsigned);
  if (clamped !== big) warnTruncated(context, 'DECIMAL', value.toString());
  return normalizeInteger(clamped);
}

function textToInteger(text: string, unsigned: boolean, context: EvalContext): number | bigint {
  const parsed = parseInteger(text);
  if (parsed.kind !== 'exact') warnTruncated(context, 'INTEGER', text);
  const value = parsed.value;
  if (typeof value === 'number' && (!unsigned || value >= 0)) return value;
  const big = BigInt(value);
  if (big > UINT64_MAX) {
    warnTruncated(context, 'INTEGER', text);
    return normalizeInteger(unsigned ? UINT64_MAX : -1n);
  }
  if (big < INT64_MIN) {
    warnTruncated(context, 'INTEGER', text);
    return normalizeInteger(unsigned ? BigInt.asUintN(64, INT64_MIN) : INT64_MIN);
  }
  if (!unsigned && big > INT64_MAX) {
    context.warn('Warning', 1105, "Cast to signed converted positive out-of-range integer to it's negative complement");
  } else if (unsigned && big < 0n) {
    context.warn('Warning', 1105, "Cast to unsigned converted negative integer to it's positive complement");
  }
  return wrapInteger(value, unsigned);
}

function toInteger(from: FieldType, unsigned: boolean): Converter {
  if (isInteger(from)) {
    if (from.unsigned === unsigned) return identity;
    return (value) => wrapInteger(value as number | bigint, unsigned);
  }
  if (isReal(from)) return (value, context) => doubleToInteger(value as number, unsigned, context);
  if (isDecimal(from)) return (value, context) => decimalToInteger(value as Decimal, unsigned, context);
  if (isEnumOrSet(from)) return (value) => memberNumber(from, value as string);
  if (isBinaryString(from)) return (value, context) => textToInteger(bytesText(value), unsigned, context);
  if (isString(from)) return (value, context) => textToInteger(value as string, unsigned, context);
  if (isJson(from)) return (value, context) => jsonToNumber((value as Json).node, 'INTEGER', unsigned, context);
  if (from.code === TypeCode.DATE) return (value) => (value as DateTime).dateNumber();
  if (from.code === TypeCode.TIME) return (value) => (value as Duration).roundTo(0).toInteger();
  return (value) => ((value as DateTime).roundTo(0) ?? (value as DateTime)).toInteger();
}

/** MySQL reads a document as a number through its scalar; objects and arrays are 0 with a warning. */
function jsonToNumber(node: JsonNode, what: string, unsigned: boolean, context: EvalContext): number | bigint {
  if (typeof node === 'number' || typeof node === 'bigint') return wrapInteger(node, unsigned);
  if (typeof node === 'boolean') return node ? 1 : 0;
  if (typeof node === 'string') return textToInteger(node, unsigned, context);
  if (node instanceof JsonDouble) return doubleToInteger(node.value, unsigned, context);
  if (node instanceof JsonOpaque && node.value instanceof Decimal)
    return decimalToInteger(node.value, unsigned, context);
  complain(context, 3156, '22018', `Invalid JSON value for CAST to ${what} from column`);
  return 0;
}

function bytesText(value: NonNull): string {
  return typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('latin1');
}

export function textToDouble(text: string, context: EvalContext): number {
  const parsed = parseDouble(text);
  if (parsed.kind !== 'exact') warnTruncated(context, 'DOUBLE', text);
  return parsed.value;
}

function toDouble(from: FieldType): Converter {
  if (isReal(from)) return identity;
  if (isInteger(from)) return (value) => (typeof value === 'number' ? value : Number(value));
  if (isDecimal(from)) return (value) => (value as Decimal).toNumber();
  if (isEnumOrSet(from)) return (value) => Number(memberNumber(from, value as string));
  if (isBinaryString(from)) return (value, context) => textToDouble(bytesText(value), context);
  if (isString(from)) return (value, context) => textToDouble(value as string, context);
  if (isJson(from)) {
    return (value, context) => {
      const { node } = value as Json;
      if (typeof node === 'string') return textToDouble(node, context);
      if (node instanceof JsonDouble) return node.value;
      if (node instanceof JsonOpaque && node.value instanceof Decimal) return node.value.toNumber();
      return Number(jsonToNumber(node, 'DOUBLE', false, context));
    };
  }
  if (from.code === TypeCode.DATE) return (value) => (value as DateTime).dateNumber();
  return (value) => temporalDecimal(value).toNumber();
}

function thenFround(convert: Converter): Converter {
  return (value, context) => Math.fround(convert(value, context) as number);
}

/** YYYYMMDDhhmmss.ffffff, hhmmss.ffffff. */
function temporalDecimal(value: NonNull): Decimal {
  if (value instanceof Duration) {
    const magnitude = Decimal.fromInteger(Math.abs(value.toInteger())).add(new Decimal(value.microseconds, 6));
    return value.negative ? magnitude.negate() : magnitude;
  }
  const dateTime = value as DateTime;
  return Decimal.fromInteger(dateTime.toInteger()).add(new Decimal(dateTime.microsecond, 6));
}

function toDecimal(from: FieldType, to: FieldType): Converter {
  const read = readDecimal(from);
  const precision = to.length < 0 ? 10 : to.length;
  const scale = to.decimals;
  // The widest type is asked for where any number will do: keep its digits as they are.
  if (precision === DECIMAL_DIGITS_MAX && scale === DECIMAL_SCALE_MAX) return read;
  return (value, context) => {
    const decimal = read(value, context).rescale(scale);
    if (decimal.fits(precision, scale)) return decimal;
    complain(context, 1264, '22003', "Out of range value for column 'cast' at row 1");
    return Decimal.limit(precision, scale, decimal.isNegative());
  };
}

function readDecimal(from: FieldType): (value: NonNull, context: EvalContext) => Decimal {
  if (isDecimal(from)) return (value) => value as Decimal;
  if (isInteger(from)) return (value) => Decimal.fromInteger(value as number | bigint);
  if (isReal(from)) return (value, context) => doubleToDecimal(value as number, context);
  if (isEnumOrSet(from)) return (value) => Decimal.fromInteger(memberNumber(from, value as string));
  if (isBinaryString(from)) return (value, context) => textToDecimal(bytesText(value), context);
  if (isString(from)) return (value, context) => textToDecimal(value as string, context);
  if (isJson(from)) {
    return (value, context) => {
      const { node } = value as Json;
      if (typeof node === 'string') return textToDecimal(node, context);
      if (node instanceof JsonDouble) return doubleToDecimal(node.value, context);
      if (node instanceof JsonOpaque && node.value instanceof Decimal) return node.value;
      return Decimal.fromInteger(jsonToNumber(node, 'DECIMAL', false, context));
    };
  }
  if (from.code === TypeCode.DATE) return (value) => Decimal.fromInteger((value as DateTime).dateNumber());
  return temporalDecimal;
}

export function doubleToDecimal(value: number, context: EvalContext): Decimal {
  const parsed = parseDecimal(String(value));
  if (parsed.kind === 'overflow' || parsed.kind === 'invalid') warnTruncated(context, 'DECIMAL', formatDouble(value));
  return parsed.value;
}

export function textToDecimal(text: string, context: EvalContext): Decimal {
  const parsed = parseDecimal(text);
  if (parsed.kind !== 'exact') warnTruncated(context, 'DECIMAL', text);
  return parsed.value;
}

function toYear(from: FieldType): Converter {
  if (hasDate(from)) return (value) => (value as DateTime).year;
  const number = toInteger(from, false);
  return (value, context) => {
    const year = Number(number(value, context));
    const text = isString(from) ? String(value) : '';
    if (year === 0) return text.trim().length > 0 && text.trim().length < 4 ? 2000 : 0;
    if (year > 0 && year < 70) return year + 2000;
    if (year >= 70 && year < 100) return year + 1900;
    if (year >= 1901 && year <= 2155) return year;
    warnTruncated(context, 'YEAR', String(year));
    return null;
  };
}

// ---- text and bytes ----

/** Characters, not UTF-16 units. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdbff) count--;
  }
  return count;
}

/** The first `count` characters. */
export function takeCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) {
    const code = text.charCodeAt(end);
    end += code >= 0xd800 && code <= 0xdbff ? 2 : 1;
  }
  return text.slice(0, end);
}

function toText(from: FieldType, to: FieldType): Converter {
  const read = readText(from, findCharset(to.charset)!);
  if (to.length < 0 || (textLength(from) <= to.length && !isBinaryString(from))) return read;
  const limit = to.length;
  return (value, context) => {
    const text = read(value, context);
    if (text === null || text.length <= limit || characterCount(text) <= limit) return text;
    warnTruncated(context, `CHAR(${limit})`, text);
    return takeCharacters(text, limit);
  };
}

function readText(from: FieldType, charset: Charset): (value: NonNull, context: EvalContext) => string | null {
  if (isBinaryString(from) || from.code === TypeCode.BIT) {
    return (given, context) => {
      if (typeof given === 'string') return given;
      const value = from.code === TypeCode.BIT ? bitBytes(given as number | bigint, from.length) : given;
      const text = charset.decode(value as Uint8Array);
      if (text !== undefined) return text;
      complain(
        context,
        1300,
        'HY000',
        `Invalid ${charset.name} character string: '${Buffer.from(value as Uint8Array)
          .toString('hex')
          .toUpperCase()
          .slice(0, 12)}'`,
      );
      return null;
    };
  }
  const text = textOf(from);
  if (charset.name === 'utf8mb4' || from.charset === charset.name || from.charset === 'ascii') return text;
  return (value) => fitCharset(text(value), charset);
}

function toBytes(from: FieldType, to: FieldType): Converter {
  const text = textOf(from);
  const read: (value: NonNull) => Uint8Array =
    from.code === TypeCode.BIT
      ? (value) => bitBytes(value as number | bigint, from.length)
      : isBinaryString(from)
        ? (value) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : (value as Uint8Array))
        : (value) => encodeText(text(value), from.charset);
  if (to.length < 0) return read;
  const limit = to.length;
  const pads = to.code === TypeCode.CHAR;
  return (value, context) => {
    const bytes = read(value);
    if (bytes.length > limit) {
      warnTruncated(context, `BINARY(${limit})`, Buffer.from(bytes).toString('utf8'));
      return bytes.subarray(0, limit);
    }
    if (!pads || bytes.length === limit) return bytes;
    const padded = new Uint8Array(limit);
    padded.set(bytes);
    return padded;
  };
}

// ---- dates and times ----

/** What the session accepts as a date. */
export function dateRules(context: EvalContext): DateRules {
  const mode = context.sqlMode;
  return { noZeroDate: mode.noZeroDate, noZeroInDate: mode.noZeroInDate, allowInvalidDates: mode.allowInvalidDates };
}

/** A text as a date and time in the session's zone; complaints are the caller's. */
export function readDateTime(
  text: string,
  context: EvalContext,
): { readonly value: DateTime | undefined; readonly exact: boolean; readonly fsp: number; readonly hasTime: boolean } {
  const parsed = parseDateTime(text, dateRules(context));
  let value = parsed.value;
  if (value !== undefined && parsed.offsetMinutes !== undefined) {
    value = value.hasZeroPart() ? undefined : convertZone(value, parsed.offsetMinutes, context.timeZone);
  }
  return { value, exact: parsed.kind === 'exact', fsp: parsed.fsp, hasTime: parsed.hasTime };
}

export function textToDateTime(text: string, fsp: number, context: EvalContext): DateTime | null {
  const read = readDateTime(text, context);
  if (read.value === undefined) {
    warnIncorrect(context, 'datetime', text);
    return null;
  }
  if (!read.exact) warnTruncated(context, 'datetime', text);
  return read.value.roundTo(fsp, context.sqlMode.timeTruncateFractional) ?? null;
}

function numberToDateTime(value: number, micros: number, fsp: number, context: EvalContext): DateTime | null {
  const parsed = dateTimeFromNumber(value, micros, dateRules(context));
  if (parsed.value === undefined) {
    warnIncorrect(context, 'datetime', String(value));
    return null;
  }
  return parsed.value.roundTo(fsp, context.sqlMode.timeTruncateFractional) ?? null;
}

/** Whole part and microseconds of a number that stands for a date or time. */
export function splitNumber(value: NonNull): { readonly whole: number; readonly micros: number } {
  if (value instanceof Decimal) {
    const whole = Number(value.truncate(0).digits);
    const micros = Math.abs(Number(value.subtract(Decimal.fromInteger(whole)).rescale(6).digits));
    return { whole, micros };
  }
  if (typeof value === 'bigint') return { whole: Number(value), micros: 0 };
  const number = value as number;
  const whole = Math.trunc(number);
  return { whole, micros: Math.round(Math.abs(number - whole) * 1e6) };
}

function jsonText(value: NonNull): string {
  return unquoteJson((value as Json).node);
}

function toDateTime(from: FieldType, fsp: number): Converter {
  if (hasDate(from)) {
    if (from.decimals <= fsp) return identity;
    return (value, context) => (value as DateTime).roundTo(fsp, context.sqlMode.timeTruncateFractional) ?? null;
  }
  if (from.code === TypeCode.TIME) {
    return (value, context) => {
      const today = fromEpoch(context.statementTimeMs, context.timeZone);
      return (
        addDuration(today.dateOnly(), value as Duration)?.roundTo(fsp, context.sqlMode.timeTruncateFractional) ?? null
      );
    };
  }
  if (from.code === TypeCode.YEAR) return (value) => DateTime.of(value as number, 0, 0);
  if (isInteger(from) || isReal(from) || isDecimal(from)) {
    return (value, context) => {
      const { whole, micros } = splitNumber(value);
      return numberToDateTime(whole, micros, fsp, context);
    };
  }
  if (isJson(from)) {
    return (value, context) => {
      const { node } = value as Json;
      if (node instanceof JsonOpaque && node.value instanceof DateTime) return node.value;
      return textToDateTime(jsonText(value), fsp, context);
    };
  }
  if (isBinaryString(from)) return (value, context) => textToDateTime(bytesText(value), fsp, context);
  return (value, context) => textToDateTime(value as string, fsp, context);
}

function addDuration(date: DateTime, duration: Duration): DateTime | undefined {
  const days = Math.floor(duration.micros / 86_400_000_000);
  return DateTime.fromDayNumber(date.dayNumber() + days, duration.micros - days * 86_400_000_000);
}

function toDate(from: FieldType): Converter {
  if (from.code === TypeCode.DATE) return identity;
  const convert = toDateTime(from, 6);
  return (value, context) => {
    const dateTime = convert(value, context) as DateTime | null;
    return dateTime === null ? null : dateTime.dateOnly();
  };
}

export function textToTime(text: string, fsp: number, context: EvalContext): Duration | null {
  const truncate = context.sqlMode.timeTruncateFractional;
  // A date in front makes it a DATETIME, of which the time remains.
  if (
    /^\s*\d+[-/.]\d+[-/.]\d+/.test(text) ||
    /^\s*\d{12,14}(\.\d*)?\s*$/.test(text) ||
    /^\s*\d{8}[T ]\d{6}/.test(text)
  ) {
    const read = readDateTime(text, context);
    if (read.value !== undefined) return new Duration(read.value.timeMicros).roundTo(fsp, truncate);
  }
  const parsed = parseDuration(text, fsp, truncate);
  if (parsed.kind === 'exact') return parsed.value;
  warnTruncated(context, 'time', text);
  return parsed.kind === 'invalid' ? null : parsed.value;
}

function toTime(from: FieldType, fsp: number): Converter {
  if (from.code === TypeCode.TIME) {
    if (from.decimals <= fsp) return identity;
    return (value, context) => (value as Duration).roundTo(fsp, context.sqlMode.timeTruncateFractional).clamp();
  }
  if (hasDate(from)) {
    return (value, context) =>
      new Duration((value as DateTime).timeMicros).roundTo(fsp, context.sqlMode.timeTruncateFractional);
  }
  if (isInteger(from) || isReal(from) || isDecimal(from)) {
    return (value, context) => {
      const { whole, micros } = splitNumber(value);
      if (whole >= 10000000000) {
        const dateTime = numberToDateTime(whole, micros, fsp, context);
        return dateTime === null ? null : new Duration(dateTime.timeMicros);
      }
      const parsed = durationFromNumber(whole, micros);
      if (parsed.kind !== 'exact') warnTruncated(context, 'time', String(value));
      return parsed.kind === 'invalid' ? null : parsed.value.roundTo(fsp, context.sqlMode.timeTruncateFractional);
    };
  }
  if (isJson(from)) {
    return (value, context) => {
      const { node } = value as Json;
      if (node instanceof JsonOpaque && node.value instanceof Duration) return node.value;
      return textToTime(jsonText(value), fsp, context);
    };
  }
  if (isBinaryString(from)) return (value, context) => textToTime(bytesText(value), fsp, context);
  return (value, context) => textToTime(value as string, fsp, context);
}

// ---- documents ----

/** Text as a document; error 3141 names the function. */
export function parseJsonArgument(text: string, position: number, name: string): Json {
  const parsed = parseJson(text);
  if (parsed.kind === 'ok') return new Json(parsed.node);
  if (parsed.kind === 'too-deep') throw new SqlError(3157, '22032', 'The JSON document exceeds the maximum depth.');
  throw new SqlError(
    3141,
    '22032',
    `Invalid JSON text in argument ${position} to function ${name}: "${parsed.reason}" at position ${parsed.position}.`,
  );
}

/** A SQL value as a JSON scalar: text becomes a string, it is not parsed. */
export function toJsonNode(type: FieldType): (value: NonNull) => JsonNode {
  if (isJson(type)) return (value) => (value as Json).node;
  if (isInteger(type)) {
    if (type.truthValue === true) return (value) => value !== 0;
    return type.code === TypeCode.BIT
      ? (value) => new JsonOpaque(TypeCode.BIT, bitBytes(value as number | bigint, type.length))
      : (value) => value as number | bigint;
  }
  if (isReal(type)) return (value) => new JsonDouble(value as number);
  if (isDecimal(type)) return (value) => new JsonOpaque(TypeCode.DECIMAL, (value as Decimal).rescale(type.decimals));
  if (isBinaryString(type))
    return (value) =>
      typeof value === 'string' ? value : new JsonOpaque(type.code === TypeCode.VARCHAR ? 15 : type.code, value);
  if (isString(type)) return (value) => value as string;
  if (type.code === TypeCode.TIME) return (value) => new JsonOpaque(TypeCode.TIME, value);
  return (value) => new JsonOpaque(type.code === TypeCode.DATE ? TypeCode.DATE : TypeCode.DATETIME, value);
}

/** As many bytes as the width needs, the highest first. */
function bitBytes(value: number | bigint, width: number): Uint8Array {
  const bytes = new Uint8Array((Math.max(width, 1) + 7) >> 3);
  let rest = BigInt(value);
  for (let at = bytes.length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}

function toJson(from: FieldType): Converter {
  if (isJson(from)) return identity;
  if (isString(from) && !isEnumOrSet(from)) {
    return isBinaryString(from)
      ? () => {
          throw new SqlError(3144, '22032', "Cannot create a JSON value from a string with CHARACTER SET 'binary'.");
        }
      : (value) => parseJsonArgument(value as string, 1, 'cast_as_json');
  }
  const node = toJsonNode(from);
  return (value) => new Json(node(value));
}

/**
 * `castForStorage`: INSERT's and UPDATE's conversion of a value to a column. Strict mode refuses what does not fit, by number and
 * text as MySQL does (1264 out of range, 1265 truncated, 1292 incorrect date, 1366 incorrect number or bytes, 1406 too long, 1048
 * NULL); without it the nearest value is stored with a warning. IGNORE is a context that is not strict.
 *
 * Names and row numbers come in `where`; the value comes back in the column's own representation, at its own scale.
 */
import { SqlError } from '../../base/error.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { dateTimeFromNumber, parseDateTime, validDate } from '../../base/value/date-time-parse.ts';
import { encodeText, findCharset, fitCharset, isUtf8Charset, type Charset } from '../../base/value/charset.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { Decimal, parseDecimal } from '../../base/value/decimal.ts';
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
import { Json } from '../../base/value/json.ts';
import { parseJson } from '../../base/value/json-parse.ts';
import { parseDouble } from '../../base/value/number-text.ts';
import { convertZone, toEpochSeconds } from '../../base/value/time-zone.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import type { EvalContext } from './context.ts';
import {
  characterCount,
  converter,
  dateRules,
  memberNumber,
  roundToEven,
  splitNumber,
  takeCharacters,
  toJsonNode,
} from './convert.ts';
import { textOf } from './format-text.ts';
import { hasDate, isEnumOrSet, isJson } from './types.ts';
import { shorten } from './warn.ts';

export interface StoragePlace {
  readonly column: string;
  /** From 1, as messages count rows of the statement. */
  readonly row: number;
}

type NonNull = NonNullable<Datum>;
/** Converts values of one static type for one column. */
export type StorageConverter = (value: Datum, context: EvalContext, place: StoragePlace) => Datum;

const INTEGER_LIMITS: Partial<Record<number, readonly [bigint, bigint, bigint]>> = {
  [TypeCode.TINY]: [-128n, 127n, 255n],
  [TypeCode.SHORT]: [-32768n, 32767n, 65535n],
  [TypeCode.INT24]: [-8388608n, 8388607n, 16777215n],
  [TypeCode.LONG]: [-2147483648n, 2147483647n, 4294967295n],
  [TypeCode.LONGLONG]: [-9223372036854775808n, 9223372036854775807n, 18446744073709551615n],
};

/** The inclusive range of an integer column. */
export function integerLimits(type: FieldType): readonly [bigint, bigint] {
  if (type.code === TypeCode.BIT) return [0n, (1n << BigInt(type.length > 0 ? type.length : 1)) - 1n];
  const [low, high, unsignedHigh] = INTEGER_LIMITS[type.code] ?? INTEGER_LIMITS[TypeCode.LONGLONG]!;
  return type.unsigned ? [0n, unsignedHigh] : [low, high];
}

function fail(context: EvalContext, errno: number, state: string, message: string): void {
  if (context.strictWrite) throw new SqlError(errno, state, message);
  context.warn('Warning', errno, message);
}

function outOfRange(context: EvalContext, place: StoragePlace): void {
  fail(context, 1264, '22003', `Out of range value for column '${place.column}' at row ${place.row}`);
}

function truncated(context: EvalContext, place: StoragePlace): void {
  fail(context, 1265, '01000', `Data truncated for column '${place.column}' at row ${place.row}`);
}

function incorrect(context: EvalContext, what: string, text: string, place: StoragePlace, errno = 1366): void {
  const state = errno === 1292 ? '22007' : 'HY000';
  fail(
    context,
    errno,
    state,
    `Incorrect ${what} value: '${shorten(text)}' for column '${place.column}' at row ${place.row}`,
  );
}

const converters = new WeakMap<FieldType, WeakMap<FieldType, StorageConverter>>();

export function castForStorage(
  value: Datum,
  from: FieldType,
  column: FieldType,
  context: EvalContext,
  place: StoragePlace,
): Datum {
  let byColumn = converters.get(from);
  if (byColumn === undefined) {
    byColumn = new WeakMap();
    converters.set(from, byColumn);
  }
  let convert = byColumn.get(column);
  if (convert === undefined) {
    convert = storageConverter(from, column);
    byColumn.set(column, convert);
  }
  return convert(value, context, place);
}

/** NULL into NOT NULL is refused here (1048) unless the statement is lenient: then it becomes the type's zero. */
export function storageConverter(from: FieldType, column: FieldType): StorageConverter {
  const convert = converterFor(from, column);
  const zero = implicitDefault(column);
  return (value, context, place) => {
    if (value !== null) return convert(value, context, place);
    if (!column.notNull) return null;
    if (context.strictWrite) throw new SqlError(1048, '23000', `Column '${place.column}' cannot be null`);
    context.warn('Warning', 1048, `Column '${place.column}' cannot be null`);
    return zero;
  };
}

/** What a NOT NULL column without a default holds when nothing is given and the mode lets it pass. */
export function implicitDefault(type: FieldType): Datum {
  if (isInteger(type) || isReal(type)) return 0;
  if (isDecimal(type)) return new Decimal(0, type.decimals);
  if (type.code === TypeCode.ENUM) return type.elements?.[0] ?? '';
  if (isBinaryString(type))
    return type.code === TypeCode.CHAR ? new Uint8Array(Math.max(type.length, 0)) : new Uint8Array(0);
  if (isString(type)) return '';
  if (hasDate(type)) return DateTime.ZERO;
  if (type.code === TypeCode.TIME) return Duration.ZERO;
  return new Json(null);
}

type Convert = (value: NonNull, context: EvalContext, place: StoragePlace) => Datum;

function converterFor(from: FieldType, column: FieldType): Convert {
  if (column.code === TypeCode.YEAR) return storeYear(from);
  if (column.code === TypeCode.BIT && isString(from)) return storeBit(from, column);
  if (isInteger(column)) return storeInteger(from, column);
  if (isReal(column)) return storeReal(from, column);
  if (isDecimal(column)) return storeDecimal(from, column);
  if (column.code === TypeCode.ENUM) return storeEnum(from, column);
  if (column.code === TypeCode.SET) return storeSet(from, column);
  if (isBinaryString(column)) return storeBytes(from, column);
  if (isString(column)) return storeText(from, column);
  if (hasDate(column)) return storeDate(from, column);
  if (column.code === TypeCode.TIME) return storeTime(from, column);
  return storeJson(from);
}

function asText(from: FieldType): (value: NonNull) => string {
  if (isBinaryString(from))
    return (value) => (typeof value === 'string' ? value : Buffer.from(value as Uint8Array).toString('latin1'));
  return textOf(from);
}

// ---- numbers ----

function storeInteger(from: FieldType, column: FieldType): Convert {
  const [low, high] = integerLimits(column);
  const safeLow = low > -9007199254740991n ? Number(low) : -9007199254740991;
  const safeHigh = high < 9007199254740991n ? Number(high) : 9007199254740991;
  const limit = (value: number | bigint, context: EvalContext, place: StoragePlace): Datum => {
    if (typeof value === 'number' && value >= safeLow && value <= safeHigh) return value;
    const big = BigInt(value);
    if (big >= low && big <= high) return value;
    outOfRange(context, place);
    return normalizeInteger(big < low ? low : high);
  };
  // hot: integers into integer columns.
  if (isInteger(from)) return (value, context, place) => limit(value as number | bigint, context, place);
  if (isReal(from)) return (value, context, place) => limit(integerOfDouble(value as number), context, place);
  if (isDecimal(from)) return (value, context, place) => limit((value as Decimal).toInteger(), context, place);
  if (isEnumOrSet(from)) return (value, context, place) => limit(memberNumber(from, value as string), context, place);
  if (isString(from)) {
    const text = asText(from);
    return (value, context, place) => {
      const written = text(value);
      const parsed = parseDecimal(written);
      if (parsed.kind === 'invalid') {
        incorrect(context, 'integer', written, place);
        return 0;
      }
      if (parsed.kind === 'truncated' && !/^\s*[-+.\deE]*\s*$/.test(written)) truncated(context, place);
      return limit(parsed.value.toInteger(), context, place);
    };
  }
  const convert = converter(from, column);
  return (value, context, place) => limit(convert(value, context) as number | bigint, context, place);
}

function integerOfDouble(value: number): number | bigint {
  const rounded = roundToEven(value);
  if (Number.isSafeInteger(rounded)) return rounded + 0;
  if (!Number.isFinite(rounded)) return rounded > 0 ? 1n << 70n : -(1n << 70n);
  return BigInt(rounded);
}

function storeBit(from: FieldType, column: FieldType): Convert {
  const [, high] = integerLimits(column);
  return (value, context, place) => {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : (value as Uint8Array);
    let bits = 0n;
    for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
    if (bits <= high) return normalizeInteger(bits);
    fail(context, 1406, '22001', `Data too long for column '${place.column}' at row ${place.row}`);
    return normalizeInteger(high);
  };
}

function storeYear(from: FieldType): Convert {
  const convert = converter(from, { ...from, code: TypeCode.LONGLONG, unsigned: false });
  return (value, context, place) => {
    if (hasDate(from)) return (value as DateTime).year;
    const text = isString(from) ? asText(from)(value).trim() : '';
    if (isString(from) && !/^[0-9]+$/.test(text)) {
      incorrect(context, 'integer', text, place);
      return 0;
    }
    const year = isString(from) ? Number(text) : Number(convert(value, context));
    if (year === 0) return text.length > 0 && text.length < 4 ? 2000 : 0;
    if (year > 0 && year < 70) return year + 2000;
    if (year >= 70 && year < 100) return year + 1900;
    if (year >= 1901 && year <= 2155) return year;
    outOfRange(context, place);
    return 0;
  };
}

function storeReal(from: FieldType, column: FieldType): Convert {
  const read = readDouble(from);
  const digits = column.decimals;
  const isFloat = column.code === TypeCode.FLOAT;
  const largest = isFloat ? 3.4028234663852886e38 : Number.MAX_VALUE;
  return (value, context, place) => {
    let number = read(value, context, place);
    if (digits <= 30 && column.length > 0) {
      number = Number(number.toFixed(Math.min(digits, 30)));
      const bound = 10 ** (column.length - digits) - 10 ** -digits;
      if (Math.abs(number) > bound) {
        outOfRange(context, place);
        number = number < 0 ? -bound : bound;
      }
    }
    if (Math.abs(number) > largest) {
      outOfRange(context, place);
      number = number < 0 ? -largest : largest;
    }
    if (column.unsigned && number < 0) {
      outOfRange(context, place);
      return 0;
    }
    return isFloat ? Math.fround(number) : number + 0;
  };
}

function readDouble(from: FieldType): (value: NonNull, context: EvalContext, place: StoragePlace) => number {
  if (isString(from) && !isEnumOrSet(from)) {
    const text = asText(from);
    return (value, context, place) => {
      const written = text(value);
      const parsed = parseDouble(written);
      if (parsed.kind === 'invalid') incorrect(context, 'double', written, place);
      else if (parsed.kind === 'truncated') truncated(context, place);
      return parsed.value;
    };
  }
  const convert = converter(from, { ...from, code: TypeCode.DOUBLE });
  return (value, context) => convert(value, context) as number;
}

function storeDecimal(from: FieldType, column: FieldType): Convert {
  const precision = column.length < 0 ? 10 : column.length;
  const scale = column.decimals;
  const limit = (exact: Decimal, context: EvalContext, place: StoragePlace): Datum => {
    const value = exact.rescale(scale);
    if (!value.fits(precision, scale)) {
      outOfRange(context, place);
      return Decimal.limit(precision, scale, value.isNegative());
    }
    // What rounds to zero is still below it.
    if (column.unsigned && exact.isNegative()) {
      outOfRange(context, place);
      return new Decimal(0, scale);
    }
    if (scale < exact.scale && !value.equals(exact)) {
      context.warn('Note', 1265, `Data truncated for column '${place.column}' at row ${place.row}`);
    }
    return value;
  };
  if (isString(from) && !isEnumOrSet(from)) {
    const text = asText(from);
    return (value, context, place) => {
      const written = text(value);
      const parsed = parseDecimal(written);
      if (parsed.kind === 'invalid') incorrect(context, 'decimal', written, place);
      else if (parsed.kind === 'overflow') {
        outOfRange(context, place);
        return Decimal.limit(precision, scale, parsed.value.isNegative());
      } else if (parsed.kind === 'truncated') truncated(context, place);
      return limit(parsed.value, context, place);
    };
  }
  const convert = converter(from, { ...from, code: TypeCode.DECIMAL, length: 65, decimals: 30 });
  return (value, context, place) => limit(convert(value, context) as Decimal, context, place);
}

// ---- text ----

function storeText(from: FieldType, column: FieldType): Convert {
  const limit = column.length < 0 ? Infinity : column.length;
  // TEXT types are limited in bytes, CHAR and VARCHAR in characters.
  const isLarge = column.code >= TypeCode.TINY_BLOB && column.code <= TypeCode.BLOB;
  const charset = isLarge ? findCharset(column.charset) : undefined;
  const isChar = column.code === TypeCode.CHAR;
  const read = readText(from, column);
  return (value, context, place) => {
    let text = read(value, context, place);
    if (isChar && text.length > limit) text = text.replace(/ +$/, '');
    if (text.length > limit || (charset !== undefined && text.length * charset.bytesMax > limit))
      text = cut(text, limit, charset, context, place);
    // CHAR drops its trailing spaces, it gives them back to nobody.
    return isChar && text.endsWith(' ') ? text.replace(/ +$/, '') : text;
  };
}

function readText(
  from: FieldType,
  column: FieldType,
): (value: NonNull, context: EvalContext, place: StoragePlace) => string {
  const charset = findCharset(column.charset)!;
  if (!isBinaryString(from)) {
    const text = textOf(from);
    if (column.charset === 'utf8mb4' || column.charset === 'utf16' || column.charset === 'utf32') return text;
    return (value, context, place) => {
      const written = text(value);
      const at = charset.misfit(written);
      if (at < 0) return written;
      incorrect(context, 'string', escapeBytes(encodeText(written.slice(at), from.charset)), place);
      return fitCharset(written, charset);
    };
  }
  return (value, context, place) => {
    if (typeof value === 'string') return value;
    const bytes = value as Uint8Array;
    const text = charset.decode(bytes);
    if (text !== undefined) return text;
    if (!isUtf8Charset(charset.name)) {
      incorrect(context, 'string', escapeBytes(bytes), place);
      return '';
    }
    const loose = Buffer.from(bytes).toString('utf8');
    const wrongAt = Buffer.byteLength(loose.slice(0, loose.indexOf('\ufffd')));
    incorrect(context, 'string', escapeBytes(bytes.subarray(wrongAt)), place);
    return loose.slice(0, loose.indexOf('\ufffd'));
  };
}

/** Six bytes at the most, as `\xE9abc`. */
function escapeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 6))
    text +=
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '\\x' + byte.toString(16).toUpperCase().padStart(2, '0');
  return bytes.length > 6 ? text + '...' : text;
}

/** `charset`: of a TEXT column, whose limit counts bytes. */
function cut(
  text: string,
  limit: number,
  charset: Charset | undefined,
  context: EvalContext,
  place: StoragePlace,
): string {
  let kept: string;
  if (charset !== undefined && !isUtf8Charset(charset.name)) {
    kept = takeBytes(text, limit, charset);
    if (kept === text) return text;
  } else if (charset !== undefined) {
    if (Buffer.byteLength(text) <= limit) return text;
    kept = Buffer.from(text)
      .subarray(0, limit)
      .toString('utf8')
      .replace(/\ufffd$/, '');
  } else {
    if (characterCount(text) <= limit) return text;
    kept = takeCharacters(text, limit);
  }
  // Nothing but spaces is lost quietly.
  if (/^ *$/.test(text.slice(kept.length))) {
    context.warn('Note', 1265, `Data truncated for column '${place.column}' at row ${place.row}`);
    return kept;
  }
  if (context.strictWrite)
    throw new SqlError(1406, '22001', `Data too long for column '${place.column}' at row ${place.row}`);
  context.warn('Warning', 1265, `Data truncated for column '${place.column}' at row ${place.row}`);
  return kept;
}

/** As many whole characters as fit. */
function takeBytes(text: string, limit: number, charset: Charset): string {
  if (text.length * charset.bytesMax <= limit || charset.encode(text).length <= limit) return text;
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += charset.encode(character).length;
    if (size > limit) break;
    kept += character;
  }
  return kept;
}

function storeBytes(from: FieldType, column: FieldType): Convert {
  const limit = column.length < 0 ? Infinity : column.length;
  const pads = column.code === TypeCode.CHAR && column.length > 0;
  const text = textOf(from);
  return (value, context, place) => {
    let bytes = value instanceof Uint8Array ? value : encodeText(text(value), from.charset);
    if (bytes.length > limit) {
      if (context.strictWrite)
        throw new SqlError(1406, '22001', `Data too long for column '${place.column}' at row ${place.row}`);
      context.warn('Warning', 1265, `Data truncated for column '${place.column}' at row ${place.row}`);
      bytes = bytes.subarray(0, limit);
    }
    if (!pads || bytes.length === column.length) return bytes;
    const padded = new Uint8Array(column.length);
    padded.set(bytes);
    return padded;
  };
}

/** By name under the column's collation, by number, or by number written as text. */
function storeEnum(from: FieldType, column: FieldType): Convert {
  const elements = column.elements ?? [];
  const matchers = elements.map((element) => elementMatcher(element, column));
  const text = asText(from);
  const isNumber = isInteger(from) || isReal(from) || isDecimal(from);
  return (value, context, place) => {
    const written = text(value);
    if (!isNumber) {
      const trimmed = written.replace(/ +$/, '');
      const found = matchers.findIndex((matches) => matches(trimmed));
      if (found >= 0) return elements[found]!;
    }
    const index = /^[0-9]+$/.test(written) ? Number(written) : 0;
    if (index >= 1 && index <= elements.length) return elements[index - 1]!;
    truncated(context, place);
    return '';
  };
}

function elementMatcher(element: string, column: FieldType): (text: string) => boolean {
  const collation = collationNamed(column.collation) ?? collationNamed('utf8mb4_bin')!;
  return (text) => collation.equals(text, element);
}

function storeSet(from: FieldType, column: FieldType): Convert {
  const elements = column.elements ?? [];
  const matchers = elements.map((element) => elementMatcher(element, column));
  const text = asText(from);
  const isNumber = isInteger(from) || isReal(from) || isDecimal(from);
  return (value, context, place) => {
    const written = text(value);
    let bits = 0n;
    if (isNumber || (/^[0-9]+$/.test(written) && !elements.includes(written))) {
      bits = BigInt(written.split('.')[0]!);
      const all = (1n << BigInt(elements.length)) - 1n;
      if (bits > all) {
        truncated(context, place);
        bits &= all;
      }
    } else if (written !== '') {
      for (const part of written.split(',')) {
        const found = matchers.findIndex((matches) => matches(part.replace(/ +$/, '')));
        if (found >= 0) bits |= 1n << BigInt(found);
        else truncated(context, place);
      }
    }
    return elements.filter((_, at) => (bits >> BigInt(at)) & 1n).join(',');
  };
}

// ---- dates and times ----

const TIMESTAMP_SECONDS_MAX = 2147483647;

function storeDate(from: FieldType, column: FieldType): Convert {
  const what = column.code === TypeCode.DATE ? 'date' : 'datetime';
  const text = asText(from);
  const fsp = column.decimals;
  const read = readDate(from);
  return (value, context, place) => {
    const found = read(value, context);
    const wrong = (): Datum => {
      incorrect(context, what, text(value), place, 1292);
      return DateTime.ZERO;
    };
    if (found.value === undefined) return wrong();
    if (!found.exact) {
      if (found.inexactNote)
        context.warn('Note', 1265, `Data truncated for column '${place.column}' at row ${place.row}`);
      else truncated(context, place);
    }
    const given = found.value;
    if (!validDate(given.year, given.month, given.day, dateRules(context))) return wrong();
    if (column.code === TypeCode.DATE) {
      if (given.timeMicros !== 0)
        context.warn(
          'Note',
          1292,
          `Incorrect date value: '${text(value)}' for column '${place.column}' at row ${place.row}`,
        );
      return given.dateOnly();
    }
    const rounded = given.roundTo(fsp, context.sqlMode.timeTruncateFractional);
    if (rounded === undefined) return wrong();
    if (column.code !== TypeCode.TIMESTAMP || rounded.isZero()) return rounded;
    if (rounded.hasZeroPart()) return wrong();
    const instant = toEpochSeconds(rounded, context.timeZone);
    if (instant.seconds <= 0 || instant.seconds > TIMESTAMP_SECONDS_MAX || instant.gap) return wrong();
    return rounded;
  };
}

interface FoundDate {
  readonly value: DateTime | undefined;
  readonly exact: boolean;
  readonly inexactNote: boolean;
}

function readDate(from: FieldType): (value: NonNull, context: EvalContext) => FoundDate {
  if (hasDate(from)) return (value) => ({ value: value as DateTime, exact: true, inexactNote: false });
  if (isString(from) || isJson(from)) {
    const text = isJson(from) ? (value: NonNull) => String((value as Json).node) : asText(from);
    return (value, context) => {
      // Zero parts are judged by the caller, with the column's message.
      const parsed = parseDateTime(text(value), {
        noZeroDate: false,
        noZeroInDate: false,
        allowInvalidDates: context.sqlMode.allowInvalidDates,
      });
      let found = parsed.value;
      if (found !== undefined && parsed.offsetMinutes !== undefined)
        found = found.hasZeroPart() ? undefined : convertZone(found, parsed.offsetMinutes, context.timeZone);
      return { value: found, exact: parsed.kind === 'exact', inexactNote: false };
    };
  }
  if (from.code === TypeCode.TIME) {
    const convert = converter(from, { ...from, code: TypeCode.DATETIME, decimals: 6 });
    return (value, context) => ({
      value: (convert(value, context) as DateTime | null) ?? undefined,
      exact: true,
      inexactNote: false,
    });
  }
  return (value) => {
    const { whole, micros } = splitNumber(value);
    const parsed = dateTimeFromNumber(whole, micros, {
      noZeroDate: false,
      noZeroInDate: false,
      allowInvalidDates: false,
    });
    return { value: parsed.value, exact: true, inexactNote: false };
  };
}

function storeTime(from: FieldType, column: FieldType): Convert {
  const fsp = column.decimals;
  if (from.code === TypeCode.TIME)
    return (value, context) => (value as Duration).roundTo(fsp, context.sqlMode.timeTruncateFractional).clamp();
  if (hasDate(from))
    return (value, context) =>
      new Duration((value as DateTime).timeMicros).roundTo(fsp, context.sqlMode.timeTruncateFractional);
  const text = asText(from);
  const isNumber = isInteger(from) || isReal(from) || isDecimal(from);
  return (value, context, place) => {
    const written = text(value);
    const truncate = context.sqlMode.timeTruncateFractional;
    if (!isNumber && /^\s*\d+[-/.]\d+[-/.]\d+/.test(written)) {
      const parsed = parseDateTime(written, dateRules(context));
      if (parsed.value !== undefined) return new Duration(parsed.value.timeMicros).roundTo(fsp, truncate);
    }
    const number = isNumber ? splitNumber(value) : undefined;
    const parsed =
      number === undefined ? parseDuration(written, fsp, truncate) : durationFromNumber(number.whole, number.micros);
    switch (parsed.kind) {
      case 'exact':
        return parsed.value.roundTo(fsp, truncate);
      case 'truncated':
        truncated(context, place);
        return parsed.value;
      case 'overflow':
        outOfRange(context, place);
        return parsed.value;
      case 'invalid':
        incorrect(context, 'time', written, place, 1292);
        return Duration.ZERO;
    }
  };
}

// ---- documents ----

function storeJson(from: FieldType): Convert {
  if (isJson(from)) return (value) => value;
  if (isString(from) && !isEnumOrSet(from)) {
    const text = asText(from);
    return (value, _context, place) => {
      if (value instanceof Uint8Array && isBinaryString(from)) {
        throw new SqlError(3144, '22032', "Cannot create a JSON value from a string with CHARACTER SET 'binary'.");
      }
      const parsed = parseJson(text(value));
      if (parsed.kind === 'ok') return new Json(parsed.node);
      if (parsed.kind === 'too-deep') throw new SqlError(3157, '22032', 'The JSON document exceeds the maximum depth.');
      throw new SqlError(
        3140,
        '22032',
        `Invalid JSON text: "${parsed.reason}" at position ${parsed.position} in value for column '${place.column}'.`,
      );
    };
  }
  const node = toJsonNode(from);
  return (value) => new Json(node(value));
}

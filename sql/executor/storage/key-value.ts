/**
 * Values on their way into a key: a bound or look-up value of whatever type the statement had becomes a datum of the
 * column's type. Where the column cannot hold the value (1.5 for an integer, 300 for a TINYINT UNSIGNED), the nearest one it can
 * hold comes back with `exact` false: a range then reads from there and the filter above decides, a look-up finds nothing.
 */
import { Buffer } from 'node:buffer';
import { DATE_RULES_LAX, dateTimeFromNumber, parseDateTime } from '../../../base/value/date-time-parse.ts';
import { DateTime } from '../../../base/value/date-time.ts';
import { normalizeInteger, type Datum } from '../../../base/value/datum.ts';
import { Decimal, parseDecimal } from '../../../base/value/decimal.ts';
import { Duration, parseDuration } from '../../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../../base/value/field-type.ts';
import { parseDouble } from '../../../base/value/number-text.ts';
import { ValueKind, valueKind } from '../../../proto/encoding/value-kind.ts';

export interface KeyValue {
  readonly value: Datum;
  readonly exact: boolean;
}

const exactly = (value: Datum): KeyValue => ({ value, exact: true });

/** `value` is not NULL. */
export function toKeyValue(value: NonNullable<Datum>, type: FieldType): KeyValue {
  switch (valueKind(type)) {
    case ValueKind.INT:
    case ValueKind.UINT:
      return toInteger(value, type);
    case ValueKind.FLOAT:
      return toFloat(value, type);
    case ValueKind.DECIMAL:
      return toDecimal(value, type);
    case ValueKind.TEXT:
      return exactly(typeof value === 'string' ? value : toText(value));
    case ValueKind.BYTES:
      return exactly(value instanceof Uint8Array ? value : Buffer.from(toText(value), 'utf8'));
    case ValueKind.DATETIME:
    case ValueKind.TIMESTAMP:
      return toDateTime(value, type);
    case ValueKind.DURATION:
      if (value instanceof Duration) {
        const rounded = value.roundTo(type.decimals);
        return { value: rounded, exact: rounded.micros === value.micros };
      }
      return duration(toText(value), type);
    default:
      return exactly(value);
  }
}

function toText(value: NonNullable<Datum>): string {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8');
  if (value instanceof DateTime) return value.toString(value.timeMicros % 1_000_000 === 0 ? 0 : 6);
  return String(value);
}

const INTEGER_LIMITS: Partial<Record<TypeCode, readonly [bigint, bigint, bigint]>> = {
  [TypeCode.TINY]: [-128n, 127n, 255n],
  [TypeCode.SHORT]: [-32768n, 32767n, 65535n],
  [TypeCode.INT24]: [-8388608n, 8388607n, 16777215n],
  [TypeCode.LONG]: [-2147483648n, 2147483647n, 4294967295n],
  [TypeCode.LONGLONG]: [-9223372036854775808n, 9223372036854775807n, 18446744073709551615n],
  [TypeCode.YEAR]: [0n, 2155n, 2155n],
  [TypeCode.BIT]: [0n, 18446744073709551615n, 18446744073709551615n],
};

function toInteger(value: NonNullable<Datum>, type: FieldType): KeyValue {
  if (typeof value === 'number' && Number.isInteger(value)) {
    // The usual case: a small whole number in a signed column of four or eight bytes.
    if ((type.code === TypeCode.LONGLONG || type.code === TypeCode.LONG) && value >= 0 && value <= 2147483647)
      return exactly(value);
    return clampInteger(BigInt(value), type, true);
  }
  if (typeof value === 'bigint') return clampInteger(value, type, true);
  if (typeof value === 'number') return fromDouble(value, type);
  if (value instanceof Decimal) {
    const rounded = value.round(0);
    return clampInteger(BigInt(rounded.toInteger()), type, rounded.compare(value) === 0);
  }
  if (value instanceof DateTime)
    return clampInteger(BigInt(value.toInteger()), type, value.timeMicros % 1_000_000 === 0);
  if (value instanceof Duration) return clampInteger(BigInt(value.toInteger()), type, value.micros % 1_000_000 === 0);
  const parsed = parseDecimal(toText(value));
  if (parsed.kind === 'overflow') return fromDouble(parseDouble(toText(value)).value, type);
  return toInteger(parsed.value, type);
}

function fromDouble(value: number, type: FieldType): KeyValue {
  if (Number.isNaN(value)) return { value: 0, exact: false };
  const whole = Math.round(Math.max(-1e20, Math.min(1e20, value)));
  return clampInteger(BigInt(whole), type, whole === value);
}

function clampInteger(value: bigint, type: FieldType, exact: boolean): KeyValue {
  const limits = INTEGER_LIMITS[type.code];
  if (limits === undefined) return { value: normalizeInteger(value), exact };
  const lowest = type.unsigned ? 0n : limits[0];
  const highest = type.unsigned ? limits[2] : limits[1];
  if (value < lowest) return { value: normalizeInteger(lowest), exact: false };
  if (value > highest) return { value: normalizeInteger(highest), exact: false };
  return { value: normalizeInteger(value), exact };
}

function toFloat(value: NonNullable<Datum>, type: FieldType): KeyValue {
  let number: number;
  if (typeof value === 'number') number = value;
  else if (typeof value === 'bigint') number = Number(value);
  else if (value instanceof Decimal) number = value.toNumber();
  else if (value instanceof DateTime || value instanceof Duration) number = value.toInteger();
  else number = parseDouble(toText(value)).value;
  if (type.code !== TypeCode.FLOAT) return exactly(number);
  const single = Math.fround(number);
  return { value: single, exact: single === number };
}

function toDecimal(value: NonNullable<Datum>, type: FieldType): KeyValue {
  let decimal: Decimal;
  if (value instanceof Decimal) decimal = value;
  else if (typeof value === 'bigint') decimal = Decimal.fromInteger(value);
  else if (typeof value === 'number') {
    decimal = Number.isSafeInteger(value)
      ? Decimal.fromInteger(value)
      : (Decimal.fromNumber(value) ?? Decimal.limit(65, 0, value < 0));
  } else if (value instanceof DateTime || value instanceof Duration) decimal = Decimal.fromInteger(value.toInteger());
  else decimal = parseDecimal(toText(value)).value;
  const precision = type.length < 0 ? 10 : type.length;
  let rounded = decimal.round(type.decimals);
  if (!rounded.fits(precision, type.decimals)) rounded = Decimal.limit(precision, type.decimals, decimal.isNegative());
  return { value: rounded, exact: rounded.compare(decimal) === 0 };
}

function toDateTime(value: NonNullable<Datum>, type: FieldType): KeyValue {
  let reading: DateTime | undefined;
  if (value instanceof DateTime) reading = value;
  else if (typeof value === 'number') reading = dateTimeFromNumber(value, 0, DATE_RULES_LAX).value;
  else if (typeof value === 'bigint') reading = dateTimeFromNumber(Number(value), 0, DATE_RULES_LAX).value;
  else if (value instanceof Decimal)
    reading = dateTimeFromNumber(Math.trunc(value.toNumber()), 0, DATE_RULES_LAX).value;
  else reading = parseDateTime(toText(value), DATE_RULES_LAX).value;
  if (reading === undefined) return { value: DateTime.ZERO, exact: false };
  const fitted = type.code === TypeCode.DATE ? reading.dateOnly() : (reading.roundTo(type.decimals) ?? reading);
  return { value: fitted, exact: fitted.datePart === reading.datePart && fitted.timeMicros === reading.timeMicros };
}

function duration(text: string, type: FieldType): KeyValue {
  const parsed = parseDuration(text);
  const rounded = parsed.value.roundTo(type.decimals);
  return { value: rounded, exact: parsed.kind === 'exact' && rounded.micros === parsed.value.micros };
}

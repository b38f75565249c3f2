/**
 * Values inside a row: the shortest form, without flags, since the row's header says where each ends.
 *
 *     integers            1, 2, 4 or 8 bytes little-endian, the fewest that hold the value
 *     float, double       8 bytes, memcomparable
 *     decimal             precision, scale, packed
 *     text, bytes         as they are
 *     temporal, enum, set as the integer that stands for them
 */
import type { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import type { Json } from '../../base/value/json.ts';
import type { ByteWriter } from './byte-writer.ts';
import { joinSigned, joinUnsigned, putComparableFloat, readComparableFloat } from './comparable.ts';
import { putDecimal, readDecimal } from './decimal-binary.ts';
import { putJson, readJson } from './json-binary.ts';
import { decimalPrecision } from './key-datum.ts';
import { durationNanos, packedHigh, packedLow, unpackDateTime, type ZoneShift } from './time-packing.ts';
import { decodeUtf8 } from './utf8.ts';
import { enumIndex, enumMember, setBits, setMembers, ValueKind } from './value-kind.ts';

const TWO_32 = 4294967296;

export function putShortInt(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    if (value >= -128 && value <= 127) out.u8(value);
    else if (value >= -32768 && value <= 32767) out.u16le(value);
    else if (value >= -2147483648 && value <= 2147483647) out.u32le(value);
    else {
      out.u32le(value);
      out.u32le(Math.floor(value / TWO_32));
    }
  } else {
    out.u32le(Number(BigInt.asUintN(32, value)));
    out.u32le(Number(BigInt.asUintN(32, value >> 32n)));
  }
}

export function putShortUint(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    if (value <= 255) out.u8(value);
    else if (value <= 65535) out.u16le(value);
    else if (value <= 4294967295) out.u32le(value);
    else {
      out.u32le(value);
      out.u32le(Math.floor(value / TWO_32));
    }
  } else {
    out.u32le(Number(BigInt.asUintN(32, value)));
    out.u32le(Number(BigInt.asUintN(32, value >> 32n)));
  }
}

function putPacked(out: ByteWriter, value: DateTime): void {
  const high = packedHigh(value);
  const low = packedLow(value);
  if (high === 0) {
    putShortUint(out, low);
  } else {
    out.u32le(low);
    out.u32le(high);
  }
}

export function readU32le(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function readShortInt(bytes: Uint8Array, start: number, end: number): number | bigint {
  switch (end - start) {
    case 1:
      return (bytes[start]! << 24) >> 24;
    case 2:
      return ((bytes[start]! | (bytes[start + 1]! << 8)) << 16) >> 16;
    case 4:
      return bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24);
    default:
      return joinSigned(readU32le(bytes, start + 4) | 0, readU32le(bytes, start));
  }
}

export function readShortUint(bytes: Uint8Array, start: number, end: number): number | bigint {
  switch (end - start) {
    case 1:
      return bytes[start]!;
    case 2:
      return bytes[start]! | (bytes[start + 1]! << 8);
    case 4:
      return readU32le(bytes, start);
    default:
      return joinUnsigned(readU32le(bytes, start + 4), readU32le(bytes, start));
  }
}

export function readPackedDateTime(bytes: Uint8Array, start: number, end: number): DateTime {
  if (end - start === 8) return unpackDateTime(readU32le(bytes, start + 4), readU32le(bytes, start));
  return unpackDateTime(0, Number(readShortUint(bytes, start, end)));
}

/** Not for NULL. */
export function putRowValue(out: ByteWriter, value: Datum, kind: ValueKind, type: FieldType, zone: ZoneShift): void {
  switch (kind) {
    case ValueKind.INT:
      return putShortInt(out, value as number | bigint);
    case ValueKind.UINT:
      return putShortUint(out, value as number | bigint);
    case ValueKind.FLOAT:
      return putComparableFloat(out, value as number);
    case ValueKind.DECIMAL:
      return putDecimal(out, value as Decimal, decimalPrecision(type), type.decimals);
    case ValueKind.TEXT:
      return out.utf8(value as string);
    case ValueKind.BYTES:
      return out.raw(value as Uint8Array);
    case ValueKind.DATETIME:
      return putPacked(out, value as DateTime);
    case ValueKind.TIMESTAMP:
      return putPacked(out, zone.toUtc(value as DateTime));
    case ValueKind.DURATION:
      return putShortInt(out, durationNanos(value as Duration));
    case ValueKind.ENUM:
      return putShortUint(out, enumIndex(type, value as string));
    case ValueKind.SET:
      return putShortUint(out, setBits(type, value as string));
    case ValueKind.JSON:
      return putJson(out, value as Json);
  }
}

// hot: bench/micro/encoding.ts
export function readRowValue(
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: ValueKind,
  type: FieldType,
  zone: ZoneShift,
): Datum {
  switch (kind) {
    case ValueKind.INT:
      return readShortInt(bytes, start, end);
    case ValueKind.UINT:
      return readShortUint(bytes, start, end);
    case ValueKind.FLOAT: {
      const value = readComparableFloat(bytes, start);
      return type.code === TypeCode.FLOAT ? Math.fround(value) : value;
    }
    case ValueKind.DECIMAL:
      return readDecimal(bytes, start);
    case ValueKind.TEXT:
      return decodeUtf8(bytes, start, end);
    case ValueKind.BYTES:
      return bytes.slice(start, end);
    case ValueKind.DATETIME:
      return readPackedDateTime(bytes, start, end);
    case ValueKind.TIMESTAMP:
      return zone.fromUtc(readPackedDateTime(bytes, start, end));
    case ValueKind.DURATION:
      return new Duration(Math.round(Number(readShortInt(bytes, start, end)) / 1000));
    case ValueKind.ENUM:
      return enumMember(type, Number(readShortUint(bytes, start, end)));
    case ValueKind.SET:
      return setMembers(type, readShortUint(bytes, start, end));
    case ValueKind.JSON:
      return readJson(bytes, start, end);
  }
}

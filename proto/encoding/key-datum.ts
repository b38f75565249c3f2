/**
 * Datums in keys: a flag, then the memcomparable form. Text goes in as the collation's sort key, so that equal text has
 * equal bytes and keys sort as ORDER BY does; what cannot be had back from that is kept beside the key (see index-codec.ts).
 *
 * A `DESC` column has every byte of that complemented, flag included: no form is the beginning of another, so the order turns round, NULL goes last, and
 * the first bit of the flag says which of the two a reader has before it.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import type { IndexColumn } from '../schema/table-info.ts';
import { ByteWriter } from './byte-writer.ts';
import {
  putComparableBytes, putComparableFloat, putComparableInt, putComparableUint, readComparableBytes, readComparableFloat, readComparableInt,
  readComparableUint, readU32be, skipComparableBytes,
} from './comparable.ts'; // prettier-ignore
import { decimalBinarySize, putDecimal, readDecimal } from './decimal-binary.ts';
import { KeyFlag } from './keys.ts';
import { putSortKey } from './sort-key.ts';
import { durationNanos, packedHigh, packedLow, unpackDateTime, type ZoneShift } from './time-packing.ts';
import { decodeUtf8 } from './utf8.ts';
import { enumIndex, enumMember, setBits, setMembers, ValueKind, valueKind } from './value-kind.ts';

const text = new ByteWriter(256);
const turned = new ByteWriter(256);
/** Set in the flag of a complemented value: flags themselves are small. */
const TURNED = 0x80;

/** What a codec needs to know of one column in a key. */
export interface KeyColumn {
  readonly type: FieldType;
  readonly kind: ValueKind;
  /** Characters or bytes kept; -1: all. */
  readonly prefixLength: number;
  readonly descending: boolean;
}

/** A whole value, ascending. */
export function keyColumnOf(type: FieldType): KeyColumn {
  return { type, kind: valueKind(type), prefixLength: -1, descending: false };
}

/** As an index says that it keeps the column. */
export function keyColumnOfPart(type: FieldType, part: IndexColumn): KeyColumn {
  return { type, kind: valueKind(type), prefixLength: part.prefixLength, descending: part.descending === true };
}

// hot: bench/micro/encoding.ts
export function putKeyDatum(out: ByteWriter, value: Datum, column: KeyColumn, zone: ZoneShift): void {
  const start = out.length;
  putAscending(out, value, column, zone);
  if (column.descending) complement(out, start);
}

function complement(out: ByteWriter, start: number): void {
  const { bytes, length } = out;
  for (let i = start; i < length; i++) bytes[i] = ~bytes[i]!;
}

function putAscending(out: ByteWriter, value: Datum, column: KeyColumn, zone: ZoneShift): void {
  if (value === null || value === undefined) {
    out.u8(KeyFlag.NIL);
    return;
  }
  switch (column.kind) {
    case ValueKind.INT:
      out.u8(KeyFlag.INT);
      putComparableInt(out, value as number | bigint);
      return;
    case ValueKind.UINT:
      out.u8(KeyFlag.UINT);
      putComparableUint(out, value as number | bigint);
      return;
    case ValueKind.FLOAT:
      out.u8(KeyFlag.FLOAT);
      putComparableFloat(out, value as number);
      return;
    case ValueKind.DECIMAL:
      out.u8(KeyFlag.DECIMAL);
      putDecimal(out, value as Decimal, decimalPrecision(column.type), column.type.decimals);
      return;
    case ValueKind.TEXT:
      out.u8(KeyFlag.BYTES);
      text.reset();
      putSortKey(text, truncateText(value as string, column.prefixLength), column.type.collation);
      putComparableBytes(out, text.bytes, 0, text.length);
      return;
    case ValueKind.BYTES: {
      const bytes = value as Uint8Array;
      out.u8(KeyFlag.BYTES);
      putComparableBytes(
        out,
        bytes,
        0,
        column.prefixLength >= 0 ? Math.min(column.prefixLength, bytes.length) : bytes.length,
      );
      return;
    }
    case ValueKind.DATETIME:
      putPacked(out, value as DateTime);
      return;
    case ValueKind.TIMESTAMP:
      putPacked(out, zone.toUtc(value as DateTime));
      return;
    case ValueKind.DURATION:
      out.u8(KeyFlag.DURATION);
      putComparableInt(out, durationNanos(value as Duration));
      return;
    case ValueKind.ENUM:
      out.u8(KeyFlag.UINT);
      putComparableUint(out, enumIndex(column.type, value as string));
      return;
    case ValueKind.SET:
      out.u8(KeyFlag.UINT);
      putComparableUint(out, setBits(column.type, value as string));
      return;
    default:
      throw new RutileError('encoding.key', 'A JSON value cannot stand in a key');
  }
}

function putPacked(out: ByteWriter, value: DateTime): void {
  out.u8(KeyFlag.UINT);
  out.u32be(packedHigh(value));
  out.u32be(packedLow(value));
}

export function decimalPrecision(type: FieldType): number {
  return type.length < 0 ? 10 : type.length;
}

/** The first `count` characters, not code units. */
export function truncateText(value: string, count: number): string {
  if (count < 0 || value.length <= count) return value;
  let at = 0;
  for (let i = 0; i < count && at < value.length; i++) at += value.codePointAt(at)! > 0xffff ? 2 : 1;
  return value.slice(0, at);
}

/** Where the value that begins at `at` ends, whichever way it is stored. */
export function skipKeyDatum(bytes: Uint8Array, at: number, end: number): number {
  const mask = bytes[at]! >= TURNED ? 0xff : 0;
  switch (bytes[at]! ^ mask) {
    case KeyFlag.NIL:
      return at + 1;
    case KeyFlag.INT:
    case KeyFlag.UINT:
    case KeyFlag.FLOAT:
    case KeyFlag.DURATION:
      return at + 9;
    case KeyFlag.BYTES:
      return skipComparableBytes(bytes, at + 1, end, mask);
    case KeyFlag.DECIMAL:
      return at + 3 + decimalBinarySize(bytes[at + 1]! ^ mask, bytes[at + 2]! ^ mask);
    default:
      throw new RutileError('encoding.key', `A key holds a value with the unknown flag ${bytes[at]}`);
  }
}

/** Reads a value whose column keeps it whole in the key. Text must be of a kind whose sort key is the text. */
export function readKeyDatum(bytes: Uint8Array, at: number, end: number, column: KeyColumn, zone: ZoneShift): Datum {
  const stop = skipKeyDatum(bytes, at, end);
  assert(stop <= end, 'a value in a key is cut off');
  assert(bytes[at]! >= TURNED === column.descending, 'a value in a key is stored the other way round');
  if (!column.descending) return readAscending(bytes, at, end, column, zone);
  turned.reset();
  turned.raw(bytes, at, stop);
  complement(turned, 0);
  return readAscending(turned.bytes, 0, turned.length, column, zone);
}

function readAscending(bytes: Uint8Array, at: number, end: number, column: KeyColumn, zone: ZoneShift): Datum {
  if (bytes[at] === KeyFlag.NIL) return null;
  switch (column.kind) {
    case ValueKind.INT:
      return readComparableInt(bytes, at + 1);
    case ValueKind.UINT:
      return readComparableUint(bytes, at + 1);
    case ValueKind.FLOAT:
      return column.type.code === TypeCode.FLOAT
        ? Math.fround(readComparableFloat(bytes, at + 1))
        : readComparableFloat(bytes, at + 1);
    case ValueKind.DECIMAL:
      return readDecimal(bytes, at + 1);
    case ValueKind.TEXT:
      text.reset();
      readComparableBytes(bytes, at + 1, end, text);
      return decodeUtf8(text.bytes, 0, text.length);
    case ValueKind.BYTES:
      text.reset();
      readComparableBytes(bytes, at + 1, end, text);
      return text.finish();
    case ValueKind.DATETIME:
      return unpackDateTime(readU32be(bytes, at + 1), readU32be(bytes, at + 5));
    case ValueKind.TIMESTAMP:
      return zone.fromUtc(unpackDateTime(readU32be(bytes, at + 1), readU32be(bytes, at + 5)));
    case ValueKind.DURATION:
      return new Duration(Math.round(Number(readComparableInt(bytes, at + 1)) / 1000));
    case ValueKind.ENUM:
      return enumMember(column.type, Number(readComparableUint(bytes, at + 1)));
    case ValueKind.SET:
      return setMembers(column.type, readComparableUint(bytes, at + 1));
    default:
      throw new RutileError('encoding.key', 'A JSON value cannot stand in a key');
  }
}

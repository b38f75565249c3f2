/**
 * How KEY and LINEAR spread rows. Integers and dates are hashed as MySQL does it, so they lie in the partitions that they have there: by their
 * stored bytes, and those of an integer are taken for text of latin1_swedish_ci (97 goes where 65 goes). Other values are hashed by
 * their key, which is equal for equal values whatever the collation.
 */
import { DateTime } from '../../../base/value/date-time.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import { type KeyColumn, putKeyDatum } from '../../../proto/encoding/key-datum.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';

/** Bytes of a stored value. */
const STORED_SIZES: Partial<Record<TypeCode, number>> = {
  [TypeCode.TINY]: 1,
  [TypeCode.SHORT]: 2,
  [TypeCode.INT24]: 3,
  [TypeCode.LONG]: 4,
  [TypeCode.LONGLONG]: 8,
  [TypeCode.YEAR]: 1,
  [TypeCode.DATE]: 3,
};

const SPACE = 0x20;
/** What latin1_swedish_ci sorts letters as: their capitals without accents, but for Å, Ä, Æ, Ö and Ü. */
const WEIGHTS = new Uint8Array(256).map((_, byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
[
  0x41, 0x41, 0x41, 0x41, 0x5c, 0x5b, 0x5c, 0x43, 0x45, 0x45, 0x45, 0x45, 0x49, 0x49, 0x49, 0x49, 0x44, 0x4e, 0x4f, 0x4f, 0x4f, 0x4f, 0x5d, 0xd7,
  0xd8, 0x55, 0x55, 0x55, 0x59, 0x59, 0xde, 0xdf,
].forEach((weight, i) => {
  WEIGHTS[0xc0 + i] = weight;
  // The times and the division sign, and ß and ÿ, are no pairs of capital and small.
  WEIGHTS[0xe0 + i] = i === 0x17 || i === 0x1f ? 0xe0 + i : weight;
}); // prettier-ignore

const bytes = new ByteWriter(256);
const stored = new DataView(new ArrayBuffer(8));

/** 32 bits, unsigned. */
export function hashKeyColumns(
  columns: readonly (KeyColumn & { readonly offset: number })[],
  row: readonly (Datum | undefined)[],
  zone: ZoneShift,
): number {
  // Both run over all columns. Only the low half of MySQL's 64 bits counts in the end, and nothing moves down into it.
  let hash = 1;
  let step = 4;
  for (const column of columns) {
    const value = row[column.offset] ?? null;
    if (value === null) {
      hash ^= (hash << 1) | 1;
      continue;
    }
    const size = STORED_SIZES[column.type.code];
    if (size === undefined) {
      bytes.reset();
      putKeyDatum(bytes, value, column, zone);
      for (let i = 0; i < bytes.length; i++) {
        hash ^= Math.imul((hash & 63) + step, bytes.bytes[i]!) + (hash << 8);
        step += 3;
      }
      continue;
    }
    stored.setBigInt64(0, BigInt.asIntN(64, storedNumber(value, column.type.code)), true);
    const isDate = column.type.code === TypeCode.DATE;
    let end = size;
    // Blanks at the end of a text mean nothing.
    while (!isDate && end > 0 && stored.getUint8(end - 1) === SPACE) end--;
    for (let i = 0; i < end; i++) {
      const byte = stored.getUint8(i);
      hash ^= Math.imul((hash & 63) + step, isDate ? byte : WEIGHTS[byte]!) + (hash << 8);
      step += 3;
    }
  }
  return hash >>> 0;
}

function storedNumber(value: NonNullable<Datum>, code: TypeCode): bigint {
  if (value instanceof DateTime) return BigInt(value.year * 512 + value.month * 32 + value.day);
  const number = BigInt(value as number | bigint);
  return code === TypeCode.YEAR && number !== 0n ? number - 1900n : number;
}

/** LINEAR: as many low bits as partitions need; one less where that names none. */
export function linearPosition(value: number | bigint, count: number): number {
  let mask = 1;
  while (mask < count) mask *= 2;
  mask -= 1;
  const bits = Number(BigInt.asUintN(32, BigInt(value)));
  const position = (bits & mask) >>> 0;
  return position < count ? position : (bits & (((mask + 1) >>> 1) - 1)) >>> 0;
}

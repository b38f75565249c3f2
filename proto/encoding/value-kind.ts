/**
 * `ValueKind`: how a column's datum is laid out in rows and keys. Several SQL types share a layout; codecs switch over this
 * small number, found once per column, instead of looking at the `FieldType` for every value.
 */
import { RutileError } from '../../base/error.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';

export const ValueKind = {
  INT: 0, UINT: 1, FLOAT: 2, DECIMAL: 3, TEXT: 4, BYTES: 5, DATETIME: 6, TIMESTAMP: 7, DURATION: 8, ENUM: 9, SET: 10, JSON: 11,
} as const; // prettier-ignore
export type ValueKind = (typeof ValueKind)[keyof typeof ValueKind];

export function valueKind(type: FieldType): ValueKind {
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
      return type.unsigned ? ValueKind.UINT : ValueKind.INT;
    case TypeCode.YEAR:
      return ValueKind.INT;
    case TypeCode.BIT:
      return ValueKind.UINT;
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE:
      return ValueKind.FLOAT;
    case TypeCode.DECIMAL:
    case TypeCode.DECIMAL_OLD:
      return ValueKind.DECIMAL;
    case TypeCode.DATE:
    case TypeCode.DATETIME:
      return ValueKind.DATETIME;
    case TypeCode.TIMESTAMP:
      return ValueKind.TIMESTAMP;
    case TypeCode.TIME:
      return ValueKind.DURATION;
    case TypeCode.ENUM:
      return ValueKind.ENUM;
    case TypeCode.SET:
      return ValueKind.SET;
    case TypeCode.JSON:
      return ValueKind.JSON;
    case TypeCode.CHAR:
    case TypeCode.VARCHAR:
    case TypeCode.TINY_BLOB:
    case TypeCode.BLOB:
    case TypeCode.MEDIUM_BLOB:
    case TypeCode.LONG_BLOB:
      return type.charset === 'binary' ? ValueKind.BYTES : ValueKind.TEXT;
    default:
      throw new RutileError('encoding.type', `Values of type ${type.code} have no stored form`);
  }
}

/**
 * A key holds the collation's sort key, from which the text cannot be had back: entries then carry the text beside it.
 * CHAR under a `_bin` collation has no trailing spaces to lose; `utf8mb4_0900_bin` and `binary` keep every byte.
 */
export function needsRestoredData(type: FieldType): boolean {
  if (valueKind(type) !== ValueKind.TEXT || type.collation === 'utf8mb4_0900_bin') return false;
  return !isBinCollation(type.collation) || type.code === TypeCode.VARCHAR;
}

/** The sort key is the text itself without trailing spaces. `latin1_bin` and `gbk_bin` sort by bytes that are not those of UTF-8. */
export function isBinCollation(collation: string): boolean {
  return collation.endsWith('_bin') && !OTHER_BIN_COLLATIONS.has(collation);
}

const OTHER_BIN_COLLATIONS: ReadonlySet<string> = new Set(['utf8mb4_0900_bin', 'latin1_bin', 'gbk_bin']);

/** Position of an ENUM member from 1; 0 is the empty value of an invalid entry. */
export function enumIndex(type: FieldType, member: string): number {
  return member === '' && !type.elements?.includes('') ? 0 : (type.elements?.indexOf(member) ?? -1) + 1;
}

export function enumMember(type: FieldType, index: number): string {
  return index === 0 ? '' : (type.elements?.[index - 1] ?? '');
}

/** Bit i stands for member i. Up to 64 members, hence the bigint beyond 2^53. */
export function setBits(type: FieldType, value: string): number | bigint {
  if (value === '') return 0;
  const elements = type.elements ?? [];
  let bits = 0;
  let large = 0n;
  for (const member of value.split(',')) {
    const index = elements.indexOf(member);
    if (index < 0) continue;
    if (index < 31) bits |= 1 << index;
    else large |= 1n << BigInt(index);
  }
  if (large === 0n) return bits;
  const all = large | BigInt(bits);
  return all <= 9007199254740991n ? Number(all) : all;
}

export function setMembers(type: FieldType, bits: number | bigint): string {
  if (bits === 0) return '';
  const all = BigInt(bits);
  return (type.elements ?? []).filter((_, i) => (all >> BigInt(i)) & 1n).join(',');
}

/**
 * `FieldType`: the static type of a column or an expression. Codes are MySQL's own (the byte that column definitions
 * carry on the wire), so that nothing has to be mapped at the edge.
 */
import { charsetNameOf, type CharsetName } from './charset.ts';

export const TypeCode = {
  DECIMAL_OLD: 0, TINY: 1, SHORT: 2, LONG: 3, FLOAT: 4, DOUBLE: 5, NULL: 6, TIMESTAMP: 7, LONGLONG: 8, INT24: 9,
  DATE: 10, TIME: 11, DATETIME: 12, YEAR: 13, BIT: 16, JSON: 245, DECIMAL: 246, ENUM: 247, SET: 248,
  TINY_BLOB: 249, MEDIUM_BLOB: 250, LONG_BLOB: 251, BLOB: 252, VARCHAR: 253, CHAR: 254, GEOMETRY: 255,
} as const; // prettier-ignore
export type TypeCode = (typeof TypeCode)[keyof typeof TypeCode];

export const FieldFlag = {
  NOT_NULL: 1, PRIMARY_KEY: 2, UNIQUE_KEY: 4, MULTIPLE_KEY: 8, BLOB: 16, UNSIGNED: 32, ZEROFILL: 64, BINARY: 128,
  ENUM: 256, AUTO_INCREMENT: 512, TIMESTAMP: 1024, SET: 2048, NO_DEFAULT_VALUE: 4096, ON_UPDATE_NOW: 8192, NUM: 32768,
} as const; // prettier-ignore

/** Names of the collations that the core knows; `binary` for byte strings and everything that is not text. */
export type CollationName = string;

export interface FieldType {
  readonly code: TypeCode;
  readonly unsigned: boolean;
  readonly notNull: boolean;
  /**
   * Text and bytes: characters (bytes for binary). DECIMAL: precision. Integers: display width. -1: the type's default.
   */
  readonly length: number;
  /** DECIMAL: scale. Temporal types: fractional digits (fsp, 0..6). FLOAT/DOUBLE: 31 means not fixed. Else 0. */
  readonly decimals: number;
  readonly charset: CharsetName;
  readonly collation: CollationName;
  /** ENUM and SET members, in order. */
  readonly elements?: readonly string[];
  readonly zerofill?: boolean;
  /** Comparisons, logic, TRUE and FALSE: a BIGINT that JSON functions take as true or false. */
  readonly truthValue?: boolean;
  /** X'…' and B'…': bytes that are a number where one is wanted. */
  readonly numberLiteral?: boolean;
}

export const COLLATION_DEFAULT = 'utf8mb4_0900_ai_ci';

/** A numeric or temporal type: charset and collation are binary. */
export function fieldType(code: TypeCode, more: Partial<FieldType> = {}): FieldType {
  return {
    code,
    unsigned: false,
    notNull: false,
    length: -1,
    decimals: 0,
    charset: 'binary',
    collation: 'binary',
    ...more,
  };
}

export const BIGINT: FieldType = fieldType(TypeCode.LONGLONG, { length: 20 });
export const BIGINT_UNSIGNED: FieldType = fieldType(TypeCode.LONGLONG, { length: 20, unsigned: true });
export const DOUBLE: FieldType = fieldType(TypeCode.DOUBLE, { length: 22, decimals: 31 });
export const NULL_TYPE: FieldType = fieldType(TypeCode.NULL, { length: 0 });
export const JSON_TYPE: FieldType = fieldType(TypeCode.JSON, {
  length: 4294967295,
  charset: 'utf8mb4',
  collation: 'utf8mb4_bin',
});

export function decimalType(precision: number, scale: number): FieldType {
  return fieldType(TypeCode.DECIMAL, { length: precision, decimals: scale });
}

export function varcharType(length: number, collation: CollationName = COLLATION_DEFAULT): FieldType {
  return fieldType(TypeCode.VARCHAR, { length, charset: charsetNameOf(collation), collation });
}

export function isInteger(type: FieldType): boolean {
  const c = type.code;
  return (
    c === TypeCode.LONGLONG ||
    c === TypeCode.LONG ||
    c === TypeCode.TINY ||
    c === TypeCode.SHORT ||
    c === TypeCode.INT24 ||
    c === TypeCode.YEAR ||
    c === TypeCode.BIT
  );
}

export function isReal(type: FieldType): boolean {
  return type.code === TypeCode.DOUBLE || type.code === TypeCode.FLOAT;
}

export function isDecimal(type: FieldType): boolean {
  return type.code === TypeCode.DECIMAL;
}

export function isNumeric(type: FieldType): boolean {
  return isInteger(type) || isReal(type) || isDecimal(type);
}

export function isTemporal(type: FieldType): boolean {
  const c = type.code;
  return c === TypeCode.DATE || c === TypeCode.DATETIME || c === TypeCode.TIMESTAMP || c === TypeCode.TIME;
}

/** Text or bytes; not JSON. */
export function isString(type: FieldType): boolean {
  const c = type.code;
  return c === TypeCode.VARCHAR || c === TypeCode.CHAR || (c >= TypeCode.ENUM && c <= TypeCode.BLOB);
}

/** Byte strings: BINARY, VARBINARY, BLOB. Their datum is a `Uint8Array`. */
export function isBinaryString(type: FieldType): boolean {
  return isString(type) && type.charset === 'binary' && type.code !== TypeCode.ENUM && type.code !== TypeCode.SET;
}

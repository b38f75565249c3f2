/**
 * Static types as functions see them: how wide a number prints, which decimal an operand is, what CASE makes of its branches,
 * and the small constructors every other file builds expressions with.
 */
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { DECIMAL_DIGITS_MAX, DECIMAL_SCALE_MAX } from '../../base/value/decimal.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  decimalType,
  DOUBLE,
  fieldType,
  isBinaryString,
  isDecimal,
  isInteger,
  isReal,
  isString,
  isTemporal,
  JSON_TYPE,
  NULL_TYPE,
  TypeCode,
  varcharType,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { CallExpression, ConstantExpression, Expression } from '../../proto/plan/expression.ts';

/** 0, 1 or NULL. */
export const BOOLEAN: FieldType = fieldType(TypeCode.LONGLONG, { length: 1, truthValue: true });
export const BOOLEAN_NOT_NULL: FieldType = { ...BOOLEAN, notNull: true };
export const DATE: FieldType = fieldType(TypeCode.DATE, { length: 10 });

export function datetimeType(fsp: number): FieldType {
  return fieldType(TypeCode.DATETIME, { length: fsp > 0 ? 20 + fsp : 19, decimals: fsp });
}

export function timeType(fsp: number): FieldType {
  return fieldType(TypeCode.TIME, { length: fsp > 0 ? 11 + fsp : 10, decimals: fsp });
}

export function integerType(length: number, unsigned = false): FieldType {
  return fieldType(TypeCode.LONGLONG, { length, unsigned });
}

export function binaryType(length: number): FieldType {
  return varcharType(length, 'binary');
}

export function constant(value: Datum, type: FieldType): ConstantExpression {
  return { kind: 'constant', value, type };
}

export function call(name: string, args: readonly Expression[], type: FieldType, collation?: string): CallExpression {
  return collation === undefined ? { kind: 'call', name, args, type } : { kind: 'call', name, args, type, collation };
}

/** Constants and parameters: known before the first row. */
export function isValue(expression: Expression): boolean {
  return expression.kind === 'constant' || expression.kind === 'parameter';
}

export function isNullType(type: FieldType): boolean {
  return type.code === TypeCode.NULL;
}

export function isJson(type: FieldType): boolean {
  return type.code === TypeCode.JSON;
}

/** DATE, DATETIME, TIMESTAMP. */
export function hasDate(type: FieldType): boolean {
  return type.code === TypeCode.DATE || type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP;
}

export function isEnumOrSet(type: FieldType): boolean {
  return type.code === TypeCode.ENUM || type.code === TypeCode.SET;
}

/** Text whose datum is a string compared under a collation. */
export function isText(type: FieldType): boolean {
  return isString(type) && !isBinaryString(type);
}

/** A hexadecimal or bit literal in a numeric place is a number: its bytes from the left. */
export function numericLiteral(expression: Expression): Expression {
  if (expression.kind !== 'constant' || expression.type.numberLiteral !== true) return expression;
  if (!(expression.value instanceof Uint8Array)) return expression;
  let value = 0n;
  for (const byte of expression.value.slice(-8)) value = (value << 8n) | BigInt(byte);
  return constant(normalizeInteger(value), { ...BIGINT_UNSIGNED, length: String(value).length, notNull: true });
}

/** Decimal digits that an integer of the type may have. */
export function integerDigits(type: FieldType): number {
  switch (type.code) {
    case TypeCode.TINY:
      return 3;
    case TypeCode.SHORT:
      return 5;
    case TypeCode.INT24:
      return type.unsigned ? 8 : 7;
    case TypeCode.LONG:
      return 10;
    case TypeCode.YEAR:
      return 4;
    case TypeCode.BIT:
      return 20;
    default: {
      const most = type.unsigned ? 20 : 19;
      // Constants carry their own length, so that 2 * price is not 21 digits wide.
      return type.length > 0 && type.length < most ? type.length : most;
    }
  }
}

/** What number arithmetic takes an operand as. */
export type NumberKind = 'integer' | 'decimal' | 'double';

export function numberKind(type: FieldType): NumberKind {
  if (isInteger(type)) return 'integer';
  if (isDecimal(type)) return 'decimal';
  if (isTemporal(type)) return type.decimals > 0 ? 'decimal' : 'integer';
  if (isNullType(type)) return 'integer';
  // Hexadecimal and bit literals are byte strings; arithmetic on columns of bytes is floating, too.
  return 'double';
}

/** Precision and scale of an operand taken as a decimal. */
export function decimalShape(type: FieldType): { readonly precision: number; readonly scale: number } {
  if (isDecimal(type)) return { precision: type.length < 0 ? 10 : type.length, scale: type.decimals };
  if (isInteger(type)) return { precision: integerDigits(type), scale: 0 };
  if (type.code === TypeCode.DATE) return { precision: 8, scale: 0 };
  if (type.code === TypeCode.TIME) return { precision: 7 + type.decimals, scale: type.decimals };
  if (isTemporal(type)) return { precision: 14 + type.decimals, scale: type.decimals };
  if (isNullType(type)) return { precision: 1, scale: 0 };
  return { precision: DECIMAL_DIGITS_MAX, scale: DECIMAL_SCALE_MAX };
}

/** A decimal type within the limits; digits before the point go first when both cannot stay. */
export function boundedDecimal(precision: number, scale: number): FieldType {
  const boundedScale = Math.min(scale, DECIMAL_SCALE_MAX);
  return decimalType(Math.max(Math.min(precision, DECIMAL_DIGITS_MAX), boundedScale, 1), boundedScale);
}

/** The decimal that holds every value of the type. */
export function decimalTypeOf(type: FieldType): FieldType {
  const { precision, scale } = decimalShape(type);
  return boundedDecimal(precision, scale);
}

/** Characters that the text of a value may have. */
export function textLength(type: FieldType): number {
  if (isString(type)) return type.length < 0 ? longest(type) : type.length;
  if (isInteger(type)) return integerDigits(type) + (type.unsigned ? 0 : 1);
  if (isDecimal(type)) return (type.length < 0 ? 10 : type.length) + (type.decimals > 0 ? 2 : 1);
  if (type.code === TypeCode.FLOAT) return 12;
  if (isReal(type)) return 23;
  if (type.code === TypeCode.DATE) return 10;
  if (type.code === TypeCode.TIME) return type.decimals > 0 ? 11 + type.decimals : 10;
  if (isTemporal(type)) return type.decimals > 0 ? 20 + type.decimals : 19;
  if (isJson(type)) return 4294967295;
  return 0;
}

function longest(type: FieldType): number {
  switch (type.code) {
    case TypeCode.TINY_BLOB:
      return 255;
    case TypeCode.BLOB:
      return 65535;
    case TypeCode.MEDIUM_BLOB:
      return 16777215;
    case TypeCode.LONG_BLOB:
      return 4294967295;
    default:
      return 65535;
  }
}

/** Text of that length: VARCHAR up to 65535 bytes, else a LONGTEXT-like type, as result metadata tell clients. */
export function textType(length: number, collation: string): FieldType {
  const bounded = Math.min(Math.max(length, 0), 4294967295);
  if (bounded <= 16383 || (collation === 'binary' && bounded <= 65535)) return varcharType(bounded, collation);
  return { ...varcharType(bounded, collation), code: bounded <= 16777215 ? TypeCode.MEDIUM_BLOB : TypeCode.LONG_BLOB };
}

/** Numeric types of CASE, COALESCE, GREATEST, UNION: the smallest type that holds both. */
export function mergeNumeric(a: FieldType, b: FieldType): FieldType {
  if (isReal(a) || isReal(b)) {
    return a.code === TypeCode.FLOAT && b.code === TypeCode.FLOAT ? a : DOUBLE;
  }
  if (isDecimal(a) || isDecimal(b)) return mergeDecimal(a, b);
  if (a.unsigned === b.unsigned) {
    const length = Math.max(integerDigits(a), integerDigits(b));
    return a.code === b.code ? { ...a, length: Math.max(a.length, b.length) } : integerType(length, a.unsigned);
  }
  const unsigned = a.unsigned ? a : b;
  // An unsigned type below 64 bits fits a signed BIGINT; BIGINT UNSIGNED and a signed one need a decimal.
  if (integerDigits(unsigned) < 19) return BIGINT;
  return mergeDecimal(a, b);
}

export function mergeDecimal(a: FieldType, b: FieldType): FieldType {
  const x = decimalShape(a);
  const y = decimalShape(b);
  const scale = Math.max(x.scale, y.scale);
  return boundedDecimal(Math.max(x.precision - x.scale, y.precision - y.scale) + scale, scale);
}

/** The type of a literal value made by Rutile itself. */
export function typeOfValue(value: Datum): FieldType {
  if (value === null) return NULL_TYPE;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BIGINT : DOUBLE;
  if (typeof value === 'bigint') return value > 9223372036854775807n ? BIGINT_UNSIGNED : BIGINT;
  if (typeof value === 'string') return varcharType(value.length);
  if (value instanceof Uint8Array) return binaryType(value.length);
  if ('digits' in value) return decimalType(value.precision(), value.scale);
  if ('datePart' in value) return datetimeType(value.timeMicros % 1000000 === 0 ? 0 : 6);
  if ('micros' in value) return timeType(value.micros % 1000000 === 0 ? 0 : 6);
  return JSON_TYPE;
}

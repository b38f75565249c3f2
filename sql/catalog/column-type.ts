/**
 * Types as written to `FieldType`, with MySQL's limits and errors, and back to the text that MySQL 8.0 prints: integers
 * without display width (but tinyint(1) and ZEROFILL), `decimal(10,0)`, `text` of the size that was asked for.
 */
import { DECIMAL_DIGITS_MAX, DECIMAL_SCALE_MAX } from '../../base/value/decimal.ts';
import { type FieldType, fieldType, TypeCode } from '../../base/value/field-type.ts';
import type { DataType } from '../parser/ast.ts';
import { bytesMaxOf } from '../../base/value/charset.ts';
import { resolveText, type TextShape } from './charsets.ts';
import {
  columnTooLong,
  duplicatedElement,
  scaleAbovePrecision,
  tooBigPrecision,
  tooBigScale,
  tooBigWidth,
  unsupported,
} from './errors.ts';

const INTEGERS: Readonly<Record<string, TypeCode>> = {
  tinyint: TypeCode.TINY, smallint: TypeCode.SHORT, mediumint: TypeCode.INT24, int: TypeCode.LONG, bigint: TypeCode.LONGLONG,
}; // prettier-ignore
/** The longest printed form, which MySQL reports as the width. */
const WIDTHS: Readonly<Record<number, readonly [signed: number, unsigned: number]>> = {
  [TypeCode.TINY]: [4, 3], [TypeCode.SHORT]: [6, 5], [TypeCode.INT24]: [9, 8], [TypeCode.LONG]: [11, 10], [TypeCode.LONGLONG]: [20, 20],
}; // prettier-ignore
const TEXTS: Readonly<Record<string, readonly [code: TypeCode, sizeBytesMax: number]>> = {
  tinytext: [TypeCode.TINY_BLOB, 255], text: [TypeCode.BLOB, 65535], mediumtext: [TypeCode.MEDIUM_BLOB, 16777215], longtext: [TypeCode.LONG_BLOB, 4294967295],
  tinyblob: [TypeCode.TINY_BLOB, 255], blob: [TypeCode.BLOB, 65535], mediumblob: [TypeCode.MEDIUM_BLOB, 16777215], longblob: [TypeCode.LONG_BLOB, 4294967295],
}; // prettier-ignore
const CHAR_LENGTH_MAX = 255;
const WIDTH_MAX = 255;
const FSP_MAX = 6;
const BIT_WIDTH_MAX = 64;
export const ROW_SIZE_MAX = 65535;
const SET_MEMBERS_MAX = 64;
/** FLOAT and DOUBLE without (M,D). */
export const DECIMALS_NOT_FIXED = 31;

/** `around`: the table's character set and collation. */
export function typeOf(
  name: string,
  type: DataType,
  collation: string | undefined,
  notNull: boolean,
  around: TextShape,
): FieldType {
  const integer = INTEGERS[type.name];
  if (integer !== undefined) {
    if ((type.length ?? 0) > WIDTH_MAX) throw tooBigWidth(name, WIDTH_MAX);
    const unsigned = type.unsigned || type.zerofill;
    const width = type.zerofill
      ? (type.length ?? WIDTHS[integer]![1])
      : type.name === 'tinyint' && type.length === 1 && !unsigned
        ? 1
        : -1;
    return fieldType(integer, { unsigned, notNull, length: width, ...(type.zerofill ? { zerofill: true } : {}) });
  }
  switch (type.name) {
    case 'decimal': {
      const precision = type.length === undefined || type.length === 0 ? 10 : type.length;
      const scale = type.decimals ?? 0;
      if (precision > DECIMAL_DIGITS_MAX) throw tooBigPrecision(precision, name, DECIMAL_DIGITS_MAX);
      if (scale > DECIMAL_SCALE_MAX) throw tooBigScale(scale, name, DECIMAL_SCALE_MAX);
      if (scale > precision) throw scaleAbovePrecision(name);
      return fieldType(TypeCode.DECIMAL, { ...numeric(type, notNull), length: precision, decimals: scale });
    }
    case 'float':
    case 'double': {
      if (type.decimals !== undefined) {
        if (type.decimals > DECIMAL_SCALE_MAX) throw tooBigScale(type.decimals, name, DECIMAL_SCALE_MAX);
        if (type.decimals > type.length!) throw scaleAbovePrecision(name);
        if (type.length! > WIDTH_MAX) throw tooBigWidth(name, WIDTH_MAX);
        return fieldType(type.name === 'float' ? TypeCode.FLOAT : TypeCode.DOUBLE, {
          ...numeric(type, notNull),
          length: type.length!,
          decimals: type.decimals,
        });
      }
      if ((type.length ?? 0) > 53) throw wrongFloat(name);
      const double = type.name === 'double' || (type.length ?? 0) > 24;
      return fieldType(double ? TypeCode.DOUBLE : TypeCode.FLOAT, {
        ...numeric(type, notNull),
        length: double ? 22 : 12,
        decimals: DECIMALS_NOT_FIXED,
      });
    }
    case 'bit': {
      const width = type.length === undefined || type.length === 0 ? 1 : type.length;
      if (width > BIT_WIDTH_MAX) throw tooBigWidth(name, BIT_WIDTH_MAX);
      return fieldType(TypeCode.BIT, { length: width, unsigned: true, notNull });
    }
    case 'char':
    case 'varchar':
      return characters(name, type, collation, notNull, around);
    case 'binary':
    case 'varbinary': {
      const length = type.length ?? 1;
      if (type.name === 'binary' && length > CHAR_LENGTH_MAX) throw columnTooLong(name, CHAR_LENGTH_MAX);
      if (length > ROW_SIZE_MAX) throw columnTooLong(name, ROW_SIZE_MAX);
      return fieldType(type.name === 'binary' ? TypeCode.CHAR : TypeCode.VARCHAR, { length, notNull });
    }
    case 'enum':
    case 'set': {
      const elements = (type.elements ?? []).map((element) => element.replace(/ +$/, ''));
      const text = textShape(type, collation, around);
      const seen = new Set<string>();
      for (const element of elements) {
        const folded = text.collation.endsWith('_bin') ? element : element.toLowerCase();
        if (seen.has(folded)) throw duplicatedElement(name, element, type.name.toUpperCase());
        seen.add(folded);
      }
      if (type.name === 'set' && elements.length > SET_MEMBERS_MAX) throw tooBigWidth(name, SET_MEMBERS_MAX);
      const length =
        type.name === 'enum' ? Math.max(0, ...elements.map((one) => one.length)) : elements.join(',').length;
      return fieldType(type.name === 'enum' ? TypeCode.ENUM : TypeCode.SET, { length, notNull, elements, ...text });
    }
    case 'date':
      return fieldType(TypeCode.DATE, { length: 10, notNull });
    case 'time':
    case 'datetime':
    case 'timestamp': {
      const fsp = type.length ?? 0;
      if (fsp > FSP_MAX) throw tooBigPrecision(fsp, name, FSP_MAX);
      const code =
        type.name === 'time' ? TypeCode.TIME : type.name === 'datetime' ? TypeCode.DATETIME : TypeCode.TIMESTAMP;
      return fieldType(code, {
        length: (type.name === 'time' ? 10 : 19) + (fsp > 0 ? fsp + 1 : 0),
        decimals: fsp,
        notNull,
      });
    }
    case 'year':
      return fieldType(TypeCode.YEAR, { length: 4, notNull });
    case 'json':
      return fieldType(TypeCode.JSON, { length: 4294967295, charset: 'utf8mb4', collation: 'utf8mb4_bin', notNull });
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext': {
      const text = textShape(type, collation, around);
      const [code, length] = textSize(type, bytesMaxOf(text.charset));
      return fieldType(code, { length, notNull, ...text });
    } // prettier-ignore
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob': {
      const [code, length] = textSize(type, 1);
      return fieldType(code, { length, notNull });
    } // prettier-ignore
    default:
      throw unsupported(`the type ${type.name.toUpperCase()}`);
  }
}

function wrongFloat(name: string): Error {
  return tooBigPrecision(54, name, 53);
}

function numeric(type: DataType, notNull: boolean): Partial<FieldType> {
  return { unsigned: type.unsigned || type.zerofill, notNull, ...(type.zerofill ? { zerofill: true } : {}) };
}

function textShape(type: DataType, collation: string | undefined, around: TextShape): TextShape {
  const shape = resolveText(type.charset, collation ?? type.collation, around);
  return type.binary ? { charset: shape.charset, collation: `${shape.charset}_bin` } : shape;
}

function characters(
  name: string,
  type: DataType,
  collation: string | undefined,
  notNull: boolean,
  around: TextShape,
): FieldType {
  const text = textShape(type, collation, around);
  const length = type.length ?? 1;
  if (type.name === 'char' && length > CHAR_LENGTH_MAX) throw columnTooLong(name, CHAR_LENGTH_MAX);
  const max = Math.floor(ROW_SIZE_MAX / bytesMaxOf(text.charset));
  if (length > max) throw columnTooLong(name, max);
  return fieldType(type.name === 'char' ? TypeCode.CHAR : TypeCode.VARCHAR, { length, notNull, ...text });
}

/** TEXT(n) and BLOB(n) mean the smallest kind that holds n characters. */
function textSize(type: DataType, bytesEach: number): readonly [TypeCode, number] {
  const own = TEXTS[type.name]!;
  if (type.length === undefined || (type.name !== 'text' && type.name !== 'blob')) return own;
  const wanted = type.length * bytesEach;
  return Object.values(TEXTS).find(([, max]) => wanted <= max) ?? own;
}

/** BLOB and TEXT of any size: not in a row's 65,535 bytes, no default, no whole-value key. */
export function isLarge(type: FieldType): boolean {
  return type.code >= TypeCode.TINY_BLOB && type.code <= TypeCode.BLOB;
}

const NAMES: Readonly<Record<number, string>> = {
  [TypeCode.TINY]: 'tinyint', [TypeCode.SHORT]: 'smallint', [TypeCode.INT24]: 'mediumint', [TypeCode.LONG]: 'int', [TypeCode.LONGLONG]: 'bigint',
  [TypeCode.FLOAT]: 'float', [TypeCode.DOUBLE]: 'double', [TypeCode.DECIMAL]: 'decimal', [TypeCode.BIT]: 'bit', [TypeCode.YEAR]: 'year',
  [TypeCode.DATE]: 'date', [TypeCode.TIME]: 'time', [TypeCode.DATETIME]: 'datetime', [TypeCode.TIMESTAMP]: 'timestamp', [TypeCode.JSON]: 'json',
  [TypeCode.ENUM]: 'enum', [TypeCode.SET]: 'set',
}; // prettier-ignore

/** INFORMATION_SCHEMA.COLUMNS.DATA_TYPE. */
export function typeName(type: FieldType): string {
  const binary = type.charset === 'binary';
  switch (type.code) {
    case TypeCode.CHAR:
      return binary ? 'binary' : 'char';
    case TypeCode.VARCHAR:
      return binary ? 'varbinary' : 'varchar';
    case TypeCode.TINY_BLOB:
      return binary ? 'tinyblob' : 'tinytext';
    case TypeCode.BLOB:
      return binary ? 'blob' : 'text';
    case TypeCode.MEDIUM_BLOB:
      return binary ? 'mediumblob' : 'mediumtext';
    case TypeCode.LONG_BLOB:
      return binary ? 'longblob' : 'longtext';
    default:
      return NAMES[type.code] ?? 'unknown';
  }
}

/** COLUMN_TYPE: with length, members, sign. */
export function typeText(type: FieldType): string {
  const name = typeName(type);
  const sign = `${type.unsigned && type.code !== TypeCode.BIT ? ' unsigned' : ''}${type.zerofill ? ' zerofill' : ''}`;
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
      return `${name}${type.zerofill || (type.code === TypeCode.TINY && type.length === 1) ? `(${type.length})` : ''}${sign}`;
    case TypeCode.DECIMAL:
      return `${name}(${type.length},${type.decimals})${sign}`;
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE:
      return `${name}${type.decimals !== DECIMALS_NOT_FIXED ? `(${type.length},${type.decimals})` : ''}${sign}`;
    case TypeCode.BIT:
    case TypeCode.CHAR:
    case TypeCode.VARCHAR:
      return `${name}(${type.length})`;
    case TypeCode.TIME:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return type.decimals > 0 ? `${name}(${type.decimals})` : name;
    case TypeCode.ENUM:
    case TypeCode.SET:
      return `${name}(${(type.elements ?? []).map(quoteText).join(',')})`;
    default:
      return name;
  }
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Text and not bytes: has a character set of its own. */
export function hasCharset(type: FieldType): boolean {
  return type.charset !== 'binary' && type.code !== TypeCode.JSON;
}

const NUMBER_KEY_SIZES: Readonly<Record<number, number>> = {
  [TypeCode.TINY]: 1, [TypeCode.SHORT]: 2, [TypeCode.INT24]: 3, [TypeCode.LONG]: 4, [TypeCode.LONGLONG]: 8, [TypeCode.FLOAT]: 4, [TypeCode.DOUBLE]: 8,
  [TypeCode.YEAR]: 1, [TypeCode.DATE]: 3, [TypeCode.TIME]: 6, [TypeCode.DATETIME]: 8, [TypeCode.TIMESTAMP]: 7, [TypeCode.ENUM]: 2, [TypeCode.SET]: 8, [TypeCode.BIT]: 8,
}; // prettier-ignore

/** Bytes a value takes by MySQL's count, for its limits on rows and keys. */
export function sizeBytesMax(type: FieldType): number {
  if (type.code === TypeCode.DECIMAL) return Math.ceil(type.length / 9) * 4 + 1;
  if (type.code === TypeCode.CHAR || type.code === TypeCode.VARCHAR) {
    const bytes = type.length * bytesMaxOf(type.charset);
    return bytes + (type.code === TypeCode.VARCHAR ? (bytes > 255 ? 2 : 1) : 0);
  }
  if (isLarge(type) || type.code === TypeCode.JSON) return 12;
  return NUMBER_KEY_SIZES[type.code] ?? 8;
}

export function keySizeBytes(type: FieldType, prefixLength: number): number {
  if (type.code === TypeCode.CHAR || type.code === TypeCode.VARCHAR || isLarge(type)) {
    return (prefixLength < 0 ? type.length : prefixLength) * bytesMaxOf(type.charset);
  }
  return sizeBytesMax(type);
}

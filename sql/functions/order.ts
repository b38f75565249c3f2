/**
 * Order and identity of datums by static type: `compareFor` for sorting, merging and MIN/MAX, `hashKeyFor` for hash tables,
 * `sortKeyFor` for text that is compared many times. NULL is the caller's business in `compareFor`; in keys it is a value of
 * its own.
 */
import type { DateTime } from '../../base/value/date-time.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import type { Duration } from '../../base/value/duration.ts';
import { BINARY_COLLATION, collationNamed, type Collation } from '../../base/value/collation/index.ts';
import {
  isBinaryString,
  isDecimal,
  isInteger,
  isReal,
  isString,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { Json } from '../../base/value/json.ts';
import { compareJson, jsonHashKey } from '../../base/value/json-compare.ts';
import { memberNumber } from './convert.ts';
import { hasDate, isEnumOrSet, isJson } from './types.ts';

type NonNull = NonNullable<Datum>;
export type Compare = (a: NonNull, b: NonNull) => number;

export function compareNumbers(a: NonNull, b: NonNull): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function compareDecimals(a: NonNull, b: NonNull): number {
  return (a as Decimal).compare(b as Decimal);
}

export function compareDates(a: NonNull, b: NonNull): number {
  return (a as DateTime).compare(b as DateTime);
}

export function compareTimes(a: NonNull, b: NonNull): number {
  return (a as Duration).compare(b as Duration);
}

export function compareDocuments(a: NonNull, b: NonNull): number {
  return compareJson((a as Json).node, (b as Json).node);
}

export function compareByteStrings(a: NonNull, b: NonNull): number {
  const x = a as Uint8Array;
  const y = b as Uint8Array;
  if (x.length > 24 && y.length > 24) return Buffer.compare(x, y);
  const length = x.length < y.length ? x.length : y.length;
  for (let at = 0; at < length; at++) if (x[at] !== y[at]) return x[at]! < y[at]! ? -1 : 1;
  return x.length < y.length ? -1 : x.length > y.length ? 1 : 0;
}

export function collationOf(type: FieldType): Collation {
  return collationNamed(type.collation) ?? BINARY_COLLATION;
}

/** How values of the type are ordered. ENUM and SET go by position, as ORDER BY does. */
export function compareFor(type: FieldType): Compare {
  if (isInteger(type) || isReal(type)) return compareNumbers;
  if (isDecimal(type)) return compareDecimals;
  if (isEnumOrSet(type))
    return (a, b) => compareNumbers(memberNumber(type, a as string), memberNumber(type, b as string));
  if (isBinaryString(type)) return compareByteStrings;
  if (isString(type)) {
    const collation = collationOf(type);
    return (a, b) => collation.compare(a as string, b as string);
  }
  if (hasDate(type)) return compareDates;
  if (type.code === TypeCode.TIME) return compareTimes;
  if (isJson(type)) return compareDocuments;
  return () => 0;
}

export type HashKey = number | string;
export type KeyOf = (value: NonNull) => HashKey;

function integerKey(value: NonNull): HashKey {
  return typeof value === 'number' ? value : String(value);
}

function dateKey(value: NonNull): HashKey {
  const { datePart, timeMicros } = value as DateTime;
  return timeMicros === 0 ? datePart : `${datePart}.${timeMicros}`;
}

/** Keys of one type: equal values (under the collation, whatever the scale) have equal keys, others do not. */
export function keyOfType(type: FieldType, collation: Collation = collationOf(type)): KeyOf {
  if (isInteger(type)) return integerKey;
  if (isReal(type)) return (value) => (value as number) + 0;
  if (isDecimal(type)) return (value) => (value as Decimal).hashKey();
  // By its text: what it is compared with may be a text, or a member of another list.
  if (isEnumOrSet(type)) return (value) => collation.hashKey(value as string);
  if (isBinaryString(type)) return (value) => Buffer.from(value as Uint8Array).toString('latin1');
  if (isString(type)) return (value) => collation.hashKey(value as string);
  if (hasDate(type)) return dateKey;
  if (type.code === TypeCode.TIME) return (value) => (value as Duration).micros;
  if (isJson(type)) return (value) => jsonHashKey((value as Json).node);
  return () => 0;
}

/** The key of several values. One number or text is its own key; several are spelled so that no two lists meet. */
export function hashKeyFor(types: readonly FieldType[]): (values: Row) => HashKey {
  const keys = types.map((type) => keyOfType(type));
  const [only] = keys;
  if (types.length === 1) {
    // Keys of text are strings and never a number; keys of numbers are never this word.
    const nullKey: HashKey = isString(types[0]!) || isJson(types[0]!) ? 0 : 'NULL';
    return (values) => (values[0] === null ? nullKey : only!(values[0]!));
  }
  return (values) => {
    let text = '';
    for (let at = 0; at < keys.length; at++) {
      const value = values[at] as Datum;
      if (value === null) text += '~';
      else {
        const key = keys[at]!(value);
        // Numbers end at the semicolon; strings say their length.
        text += typeof key === 'number' ? key + ';' : '"' + key.length + ':' + key;
      }
    }
    return text;
  };
}

/** Text to a string whose code units are in the order of the collation. */
export function sortKeyFor(type: FieldType): (value: string) => string {
  const collation = collationOf(type);
  return (value) => {
    const bytes = collation.sortKey(value);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  };
}

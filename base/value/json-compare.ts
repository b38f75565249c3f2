/**
 * The order of JSON values: first by kind (BLOB > BIT > OPAQUE > DATETIME > TIME > DATE > BOOLEAN > ARRAY > OBJECT > STRING >
 * number > NULL), then within it. Numbers of all kinds compare by value; arrays element by element, then by length; objects
 * equal or ordered by size, keys, values (MySQL calls that order unspecified but stable).
 */
import { Decimal } from './decimal.ts';
import type { DateTime } from './date-time.ts';
import type { Duration } from './duration.ts';
import { TypeCode } from './field-type.ts';
import { compareUtf8, isJsonArray, isJsonObject, JsonDouble, JsonOpaque, type JsonNode } from './json.ts';
import { printJson } from './json-print.ts';

function precedence(node: JsonNode): number {
  if (node === null) return 0;
  if (typeof node === 'number' || typeof node === 'bigint') return 1;
  if (typeof node === 'string') return 2;
  if (typeof node === 'boolean') return 5;
  if (node instanceof JsonDouble) return 1;
  if (node instanceof JsonOpaque) {
    switch (node.typeCode) {
      case TypeCode.DECIMAL:
        return 1;
      case TypeCode.DATE:
        return 6;
      case TypeCode.TIME:
        return 7;
      case TypeCode.DATETIME:
      case TypeCode.TIMESTAMP:
        return 8;
      case TypeCode.BIT:
        return 10;
      case TypeCode.TINY_BLOB:
      case TypeCode.MEDIUM_BLOB:
      case TypeCode.LONG_BLOB:
      case TypeCode.BLOB:
        return 11;
      default:
        return 9;
    }
  }
  return isJsonArray(node) ? 4 : 3;
}

export function compareJson(a: JsonNode, b: JsonNode): number {
  const x = precedence(a);
  const y = precedence(b);
  if (x !== y) return x < y ? -1 : 1;
  switch (x) {
    case 0:
      return 0;
    case 1:
      return compareNumbers(a, b);
    case 2:
      return compareUtf8(a as string, b as string);
    case 3:
      return compareObjects(a as ReadonlyMap<string, JsonNode>, b as ReadonlyMap<string, JsonNode>);
    case 4:
      return compareArrays(a as readonly JsonNode[], b as readonly JsonNode[]);
    case 5:
      return Number(a) - Number(b);
    case 6:
    case 8:
      return ((a as JsonOpaque).value as DateTime).compare((b as JsonOpaque).value as DateTime);
    case 7:
      return ((a as JsonOpaque).value as Duration).compare((b as JsonOpaque).value as Duration);
    default:
      return Buffer.compare((a as JsonOpaque).value as Uint8Array, (b as JsonOpaque).value as Uint8Array);
  }
}

function compareNumbers(a: JsonNode, b: JsonNode): number {
  const x = plainNumber(a);
  const y = plainNumber(b);
  if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : 0;
  return toDecimal(a).compare(toDecimal(b));
}

function plainNumber(node: JsonNode): number | bigint | undefined {
  if (typeof node === 'number' || typeof node === 'bigint') return node;
  return node instanceof JsonDouble ? node.value : undefined;
}

function toDecimal(node: JsonNode): Decimal {
  if (typeof node === 'number' || typeof node === 'bigint') return Decimal.fromInteger(node);
  if (node instanceof JsonDouble) return Decimal.fromNumber(node.value) ?? Decimal.ZERO;
  return (node as JsonOpaque).value as Decimal;
}

function compareArrays(a: readonly JsonNode[], b: readonly JsonNode[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = compareJson(a[index]!, b[index]!);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}

function compareObjects(a: ReadonlyMap<string, JsonNode>, b: ReadonlyMap<string, JsonNode>): number {
  if (a.size !== b.size) return a.size < b.size ? -1 : 1;
  const others = b.entries();
  for (const [key, value] of a) {
    const other = others.next().value!;
    const keys = compareUtf8(key, other[0]);
    if (keys !== 0) return keys;
    const values = compareJson(value, other[1]);
    if (values !== 0) return values;
  }
  return 0;
}

/** Equal documents give equal text: numbers are put in one form first. */
export function jsonHashKey(node: JsonNode): string {
  return printJson(canonical(node));
}

function canonical(node: JsonNode): JsonNode {
  if (node instanceof JsonDouble) return Number.isSafeInteger(node.value) ? node.value + 0 : node;
  if (node instanceof JsonOpaque && node.typeCode === TypeCode.DECIMAL) {
    const decimal = node.value as Decimal;
    const key = decimal.hashKey();
    return typeof key === 'number' ? key : new JsonDouble(decimal.toNumber());
  }
  if (isJsonArray(node)) return node.map(canonical);
  if (isJsonObject(node)) {
    const members = new Map<string, JsonNode>();
    for (const [key, value] of node) members.set(key, canonical(value));
    return members;
  }
  return node;
}

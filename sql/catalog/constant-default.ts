/**
 * `DEFAULT` clauses to `StoredDefault`: literals are converted to the column's type here and now, so that a wrong one is
 * refused when it is written (1067), and every later reader finds the text of a valid value. NOW() and `(expr)` stay expressions.
 */
import { DATE_RULES_LAX, parseDateTime } from '../../base/value/date-time-parse.ts';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal, parseDecimal } from '../../base/value/decimal.ts';
import { parseDuration } from '../../base/value/duration.ts';
import { type FieldType, isInteger, TypeCode } from '../../base/value/field-type.ts';
import { parseDouble, parseInteger } from '../../base/value/number-text.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import { zoneShift } from '../../proto/encoding/index.ts';
import { textOfDatum } from '../../proto/schema/stored-default.ts';
import type { StoredDefault } from '../../proto/schema/table-info.ts';
import type { ExpressionNode, LiteralNode } from '../parser/ast.ts';
import { isLarge } from './column-type.ts';
import type { DdlContext } from './ddl-context.ts';
import { blobDefault, invalidDefault } from './errors.ts';

const INTEGER_RANGES: Readonly<Record<number, number>> = {
  [TypeCode.TINY]: 8,
  [TypeCode.SHORT]: 16,
  [TypeCode.INT24]: 24,
  [TypeCode.LONG]: 32,
  [TypeCode.LONGLONG]: 64,
};

export function storedDefault(
  name: string,
  node: ExpressionNode,
  isExpression: boolean,
  type: FieldType,
  context: DdlContext,
): StoredDefault {
  if (isExpression) return { kind: 'expression', sql: context.restoreExpression(node) };
  if (node.kind === 'call' && isNow(node)) {
    if (type.code !== TypeCode.TIMESTAMP && type.code !== TypeCode.DATETIME) throw invalidDefault(name);
    if (fspOf(node) !== type.decimals) throw invalidDefault(name);
    return { kind: 'expression', sql: type.decimals > 0 ? `CURRENT_TIMESTAMP(${type.decimals})` : 'CURRENT_TIMESTAMP' };
  }
  const { literal, negative } = literalOf(node) ?? {};
  if (literal === undefined) throw invalidDefault(name);
  if (literal.literal === 'null') {
    if (type.notNull) throw invalidDefault(name);
    return { kind: 'null' };
  }
  if (isLarge(type) || type.code === TypeCode.JSON) throw blobDefault(name);
  const value = constantDatum(literal, negative ?? false, type, context);
  if (value === undefined || value === null) throw invalidDefault(name);
  return { kind: 'value', text: textOfDatum(storedForm(value, type, context), type) };
}

/** TIMESTAMP text is UTC. */
export function storedForm(
  value: Exclude<Datum, null>,
  type: FieldType,
  context: Pick<DdlContext, 'timeZone'>,
): Exclude<Datum, null> {
  return type.code === TypeCode.TIMESTAMP ? zoneShift(context.timeZone ?? 0).toUtc(value as DateTime) : value;
}

interface NowCall {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly ExpressionNode[];
}

/** `CURRENT_TIMESTAMP`, `NOW()`, `LOCALTIME`, `LOCALTIMESTAMP`: the parser calls them all `now`. */
export function isNow(node: ExpressionNode): node is ExpressionNode & NowCall {
  return (
    node.kind === 'call' &&
    ['now', 'current_timestamp', 'localtime', 'localtimestamp'].includes((node as NowCall).name.toLowerCase())
  );
}

export function fspOf(node: NowCall): number {
  const argument = node.args[0];
  return argument?.kind === 'literal' && argument.literal === 'integer' ? Number(argument.value) : 0;
}

function literalOf(node: ExpressionNode): { literal: LiteralNode; negative: boolean } | undefined {
  if (node.kind === 'literal') return { literal: node, negative: false };
  if (node.kind === 'unary' && (node.operator === '-' || node.operator === '+') && node.operand.kind === 'literal') {
    return { literal: node.operand, negative: node.operator === '-' };
  }
  return undefined;
}

/** The literal as a value of the type; `undefined` when it is none. */
export function constantDatum(
  literal: LiteralNode,
  negative: boolean,
  type: FieldType,
  context: Pick<DdlContext, 'noZeroDate' | 'strict'>,
): Datum | undefined {
  const raw = literal.literal === 'boolean' ? Number(literal.value) : literal.value;
  if (raw === null) return null;
  if (raw instanceof Uint8Array) return bytesDatum(raw, type);
  const text = (negative ? '-' : '') + String(raw).trim();
  if (isInteger(type)) return integerDatum(text, type);
  switch (type.code) {
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE: {
      const parsed = parseDouble(text);
      if (parsed.kind !== 'exact' || (type.unsigned && parsed.value < 0)) return undefined;
      return type.code === TypeCode.FLOAT ? Math.fround(parsed.value) : parsed.value;
    }
    case TypeCode.DECIMAL: {
      const parsed = parseDecimal(text);
      if (parsed.kind !== 'exact') return undefined;
      const value = parsed.value.round(type.decimals).rescale(type.decimals);
      return value.fits(type.length, type.decimals) && !(type.unsigned && value.isNegative()) ? value : undefined;
    }
    case TypeCode.DATE:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return dateDatum(text, type, context);
    case TypeCode.TIME: {
      const parsed = parseDuration(text, type.decimals);
      return parsed.kind === 'exact' ? parsed.value : undefined;
    }
    case TypeCode.ENUM:
      return member(type, text);
    case TypeCode.SET: {
      if (text === '') return '';
      const members = text.split(',').map((one) => member(type, one));
      if (members.includes(undefined)) return undefined;
      return (type.elements ?? []).filter((element) => members.includes(element)).join(',');
    }
    default: {
      const value = literal.literal === 'string' ? literal.value : text;
      if (type.charset === 'binary') return bytesDatum(new TextEncoder().encode(value), type);
      const kept = type.code === TypeCode.CHAR ? value.replace(/ +$/, '') : value;
      return [...kept].length <= type.length ? kept : undefined;
    }
  }
}

function bytesDatum(bytes: Uint8Array, type: FieldType): Datum | undefined {
  if (isInteger(type)) {
    let value = 0n;
    for (const byte of bytes) value = value * 256n + BigInt(byte);
    return integerDatum(String(value), type);
  }
  if (type.charset !== 'binary') {
    const text = new TextDecoder().decode(bytes);
    return [...text].length <= type.length ? text : undefined;
  }
  if (bytes.length > type.length) return undefined;
  if (type.code !== TypeCode.CHAR) return bytes;
  const padded = new Uint8Array(type.length);
  padded.set(bytes);
  return padded;
}

function integerDatum(text: string, type: FieldType): Datum | undefined {
  let value: bigint;
  const parsed = parseInteger(text);
  if (parsed.kind === 'exact') {
    value = BigInt(parsed.value);
  } else {
    const decimal = parseDecimal(text);
    if (decimal.kind !== 'exact') return undefined;
    value = BigInt(decimal.value.round(0).toInteger());
  }
  if (type.code === TypeCode.YEAR)
    return value === 0n || (value >= 1901n && value <= 2155n) ? Number(value) : undefined;
  const bits = BigInt(type.code === TypeCode.BIT ? type.length : INTEGER_RANGES[type.code]!);
  const unsigned = type.unsigned;
  const lower = unsigned ? 0n : -(1n << (bits - 1n));
  const upper = unsigned ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
  if (value < lower || value > upper) return undefined;
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

function dateDatum(
  text: string,
  type: FieldType,
  context: Pick<DdlContext, 'noZeroDate' | 'strict'>,
): Datum | undefined {
  const parsed = parseDateTime(text, { ...DATE_RULES_LAX, noZeroDate: context.noZeroDate && context.strict });
  if (parsed.kind !== 'exact' || parsed.value === undefined) return undefined;
  if (type.code === TypeCode.DATE) return new DateTime(parsed.value.datePart, 0);
  return parsed.value.roundTo(type.decimals);
}

function member(type: FieldType, text: string): string | undefined {
  const collation = collationNamed(type.collation);
  return (type.elements ?? []).find((element) => (collation ? collation.equals(element, text) : element === text));
}

/** What a NOT NULL column without a default shows for rows that were there before it. */
export function implicitDefault(type: FieldType): StoredDefault {
  if (type.code === TypeCode.DECIMAL)
    return { kind: 'value', text: textOfDatum(new Decimal(0, 0).rescale(type.decimals), type) };
  if (type.code === TypeCode.DATE || type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP) {
    return { kind: 'value', text: textOfDatum(new DateTime(0, 0), type) };
  }
  if (type.code === TypeCode.TIME)
    return { kind: 'value', text: `00:00:00${type.decimals > 0 ? `.${'0'.repeat(type.decimals)}` : ''}` };
  if (type.code === TypeCode.ENUM) return { kind: 'value', text: type.elements?.[0] ?? '' };
  if (isInteger(type) || type.code === TypeCode.FLOAT || type.code === TypeCode.DOUBLE)
    return { kind: 'value', text: '0' };
  if (type.charset === 'binary')
    return { kind: 'value', text: textOfDatum(new Uint8Array(type.code === TypeCode.CHAR ? type.length : 0), type) };
  return { kind: 'value', text: '' };
}

/**
 * Expressions, ranges and values as EXPLAIN writes them: calls in prefix form (`gt(t.a, 5)`), parameters as `?n` with their value when
 * it is known, ranges as `[1,5)`.
 */
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { isInteger, isReal, TypeCode } from '../../base/value/field-type.ts';
import type { AggregateCall, Expression, SortKey, WindowFrame } from '../../proto/plan/expression.ts';
import type { KeyRange } from '../../proto/plan/physical.ts';

/** Long lists are cut; a reader wants the shape. */
const ITEMS_MAX = 20;

export function valueText(value: Datum, type: FieldType): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Decimal) return value.toString();
  if (value instanceof DateTime)
    return type.code === TypeCode.DATE ? value.dateString() : value.toString(type.decimals);
  if (value instanceof Duration) return value.toString(type.decimals);
  return typeof value === 'object' ? 'json' : String(value);
}

function typeText(type: FieldType): string {
  if (isInteger(type)) return type.unsigned ? 'unsigned' : 'signed';
  if (isReal(type)) return 'double';
  switch (type.code) {
    case TypeCode.DECIMAL: return `decimal(${type.length},${type.decimals})`; // prettier-ignore
    case TypeCode.DATE: return 'date'; // prettier-ignore
    case TypeCode.TIME: return 'time'; // prettier-ignore
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP: return 'datetime'; // prettier-ignore
    case TypeCode.JSON: return 'json'; // prettier-ignore
    default: return type.charset === 'binary' ? 'binary' : 'char'; // prettier-ignore
  }
}

export type Lifted = ReadonlyMap<number, Expression>;

export function expressionText(e: Expression, lifted: Lifted): string {
  switch (e.kind) {
    case 'column':
      return e.name;
    case 'constant':
      return valueText(e.value, e.type);
    case 'parameter': {
      const inner = lifted.get(e.index);
      return inner === undefined ? `?${e.index}` : expressionText(inner, lifted);
    }
    case 'call': {
      if (e.name === 'and' || e.name === 'or') {
        const parts = flat(e.name, e).map((x) => expressionText(x, lifted));
        return `${e.name}(${cut(parts)})`;
      }
      const args = e.args.map((a) => expressionText(a, lifted));
      if (e.name === 'cast') return `cast(${args[0]}, ${typeText(e.type)})`;
      return `${e.name}(${cut(args)})`;
    }
  }
}

function flat(name: string, e: Expression): Expression[] {
  return e.kind === 'call' && e.name === name ? e.args.flatMap((a) => flat(name, a)) : [e];
}

function cut(parts: readonly string[]): string {
  return parts.length <= ITEMS_MAX
    ? parts.join(', ')
    : `${parts.slice(0, ITEMS_MAX).join(', ')}, …${parts.length - ITEMS_MAX} more`;
}

/** A conjunction, one text a term. */
export function conditionText(e: Expression | undefined, lifted: Lifted): string {
  return e === undefined ? '' : cut(flat('and', e).map((x) => expressionText(x, lifted)));
}

export function rangesText(ranges: readonly KeyRange[], lifted: Lifted): string {
  if (ranges.length === 0) return 'range:empty';
  const bound = (values: readonly Expression[], open: string): string =>
    values.length === 0
      ? open
      : values
          .map((v) =>
            v.kind === 'constant' && typeof v.value === 'string'
              ? `"${v.value.replaceAll('\u{10FFFF}', '￿').replace(/￿+$/, '…')}"`
              : expressionText(v, lifted),
          )
          .join(' ');
  const texts = ranges.map(
    (r) =>
      `${r.lowerInclusive ? '[' : '('}${bound(r.lower, '-inf')},${bound(r.upper, '+inf')}${r.upperInclusive ? ']' : ')'}`,
  );
  return `range:${cut(texts)}`;
}

export function sortKeysText(keys: readonly SortKey[], lifted: Lifted): string {
  return keys.map((k) => expressionText(k.expression, lifted) + (k.descending ? ':desc' : '')).join(', ');
}

export function aggregateText(a: AggregateCall, output: string, lifted: Lifted): string {
  const args = a.args.length === 0 ? '1' : a.args.map((e) => expressionText(e, lifted)).join(', ');
  return `funcs:${a.name}(${a.distinct ? 'distinct ' : ''}${args})->${output}`;
}

export function frameText(frame: WindowFrame | undefined, lifted: Lifted): string {
  if (frame === undefined) return '';
  const side = (b: WindowFrame['start']): string =>
    b.kind === 'preceding' || b.kind === 'following'
      ? `${expressionText(b.offset, lifted)}${b.unit === undefined ? '' : ` ${b.unit}`} ${b.kind}`
      : b.kind.replace('-', ' ');
  return ` ${frame.unit} between ${side(frame.start)} and ${side(frame.end)}`;
}

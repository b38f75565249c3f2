/**
 * `Value`: what the compiler knows of an expression while it prints code: the text that computes it, the text that says
 * whether it is NULL, and bounds. Bounds are what makes plain float64 arithmetic exact: an addition or multiplication is printed only when
 * its result cannot leave 53 bits, whatever the rows; otherwise the query is `Unsupported` here and runs in the row engine.
 */
import { SAFE, type Column, type ColumnKind } from '../vector/column.ts';
import type { DictionaryView } from '../vector/strings.ts';
import type { Emitter } from './emitter.ts';

/** The column engine cannot run this plan, or not on these data; `message` says why, and EXPLAIN shows it. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

export interface Value {
  readonly kind: ColumnKind;
  readonly scale: number;
  readonly code: string;
  /** A JavaScript condition; `undefined` when never NULL. */
  readonly isNull: string | undefined;
  readonly min: number;
  readonly max: number;
  /** Strings: `code` is a code of this dictionary. */
  readonly view: DictionaryView | undefined;
}

export function orNull(...parts: (string | undefined)[]): string | undefined {
  const given = [...new Set(parts.filter((part) => part !== undefined))];
  return given.length === 0 ? undefined : given.length === 1 ? given[0] : `(${given.join(' || ')})`;
}

/** The same value in 10^-scale units. */
export function rescale(emitter: Emitter, value: Value, scale: number): Value {
  if (value.scale === scale) return { ...value, kind: value.kind === 'int' && scale > 0 ? 'decimal' : value.kind };
  if (value.scale > scale) throw new Unsupported('a decimal would have to be rounded');
  const factor = 10 ** (scale - value.scale);
  return checked({
    ...value,
    kind: 'decimal',
    scale,
    code: `(${value.code} * ${emitter.number(factor)})`,
    min: value.min * factor,
    max: value.max * factor,
  });
}

/** As a float64 number: digits divided once, which is the nearest double of the exact value. */
export function toDouble(emitter: Emitter, value: Value): Value {
  if (value.kind === 'double') return value;
  if (value.kind !== 'int' && value.kind !== 'decimal') throw new Unsupported(`a ${value.kind} as a number`);
  const code = value.scale === 0 ? value.code : `(${value.code} / ${emitter.number(10 ** value.scale)})`;
  return { ...value, kind: 'double', scale: 0, code, min: -Infinity, max: Infinity };
}

export function checked(value: Value): Value {
  if (value.kind === 'double') return value;
  if (!(value.min >= -SAFE && value.max <= SAFE)) throw new Unsupported('a result could need more than 53 bits');
  return value;
}

/** The value of `column` at the row that `index` (code) says. */
export function columnValue(emitter: Emitter, column: Column, index: string, view: DictionaryView | undefined): Value {
  const values = emitter.constant(column.values);
  const isNull = column.nulls ? `${emitter.constant(column.nulls)}[${index}] === 1` : undefined;
  return {
    kind: column.kind,
    scale: column.scale,
    code: `${values}[${index}]`,
    isNull,
    min: column.min,
    max: column.max,
    view,
  };
}

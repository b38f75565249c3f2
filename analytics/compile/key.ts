/**
 * Composite keys as one number. Each part is shifted to [0, range) by its bounds and the parts are written as digits of a mixed-radix number. As
 * long as the product of the ranges stays below 2^53 the number is exact, and hashing, comparing and addressing need nothing more.
 */
import { SAFE } from '../vector/column.ts';
import type { DictionaryView } from '../vector/strings.ts';
import type { Emitter } from './emitter.ts';
import { Unsupported, type Value } from './value.ts';

export interface KeyPart {
  /** Subtracted from a value; for strings a table from code to class. */
  readonly min: number;
  readonly range: number;
  readonly scale: number;
  readonly view: DictionaryView | undefined;
  /** NULL is a key of its own (GROUP BY, <=>): digit 0, values follow. */
  readonly nullDigit: boolean;
}

export interface KeyLayout {
  readonly parts: readonly KeyPart[];
  readonly range: number;
}

export function keyLayout(values: readonly Value[], nullIsKey: (position: number) => boolean): KeyLayout {
  let range = 1;
  const parts = values.map((value, position): KeyPart => {
    if (value.kind === 'double') throw new Unsupported('a floating-point key');
    const nullDigit = nullIsKey(position) && value.isNull !== undefined;
    const width = value.view ? value.view.classes().count : Math.max(value.max - value.min + 1, 0);
    const part: KeyPart = {
      min: value.view ? 0 : value.min,
      range: Math.max(width, 1) + (nullDigit ? 1 : 0),
      scale: value.scale,
      view: value.view,
      nullDigit,
    };
    range *= part.range;
    if (range > SAFE) throw new Unsupported('a key that needs more than 53 bits');
    return part;
  });
  return { parts, range };
}

/** At most this many groups; a product of two such numbers is still exact. */
export const GROUPS_MAX = 2 ** 26;

/**
 * Group keys too wide for one number are taken in links: the number of the group so far and the next link's key make the next number. A link
 * whose own range is wide is first numbered densely by a table of its own.
 */
export function keyLinks(values: readonly Value[]): readonly (readonly Value[])[] {
  const links: Value[][] = [];
  let range = Infinity;
  for (const value of values) {
    const width = keyLayout([value], () => true).range;
    const limit = links.length === 1 ? SAFE : SAFE / GROUPS_MAX;
    if (range * width <= limit) {
      links.at(-1)!.push(value);
      range *= width;
    } else {
      links.push([value]);
      range = width;
    }
  }
  return links;
}

/** The combined key of `values`, which are the very values the layout was made of. */
export function keyCode(emitter: Emitter, layout: KeyLayout, values: readonly Value[]): string {
  const digits = layout.parts.map((part, i) => digit(emitter, part, values[i]!));
  return combine(emitter, layout, digits);
}

export function digit(emitter: Emitter, part: KeyPart, value: Value): string {
  const base = part.view
    ? `${emitter.constant(part.view.classes().ids)}[${value.code}]`
    : part.min === 0
      ? value.code
      : `(${value.code} - ${emitter.number(part.min)})`;
  return part.nullDigit ? `(${value.isNull} ? 0 : ${base} + 1)` : base;
}

export function combine(emitter: Emitter, layout: KeyLayout, digits: readonly string[]): string {
  let code = digits[0] ?? '0';
  for (let i = 1; i < digits.length; i++)
    code = `(${code} * ${emitter.number(layout.parts[i]!.range)} + ${digits[i]!})`;
  return code;
}

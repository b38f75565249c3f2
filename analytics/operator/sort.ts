/** Sorting by index: keys become number arrays (text by rank), NULL sorts first, ties keep the input's order. */
import type { DictionaryCache } from '../vector/strings.ts';
import type { WorkColumn } from './table.ts';

export interface SortColumn {
  readonly column: WorkColumn;
  readonly descending: boolean;
}

type Compare = (left: number, right: number) => number;

export function sortedOrder(count: number, keys: readonly SortColumn[], dictionaries: DictionaryCache): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  const compares = keys.map((key) => compareOf(key, count, dictionaries));
  const [first, second] = compares;
  if (!first) return order;
  if (!second) return order.sort((a, b) => first(a, b) || a - b);
  return order.sort((a, b) => {
    for (const compare of compares) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return a - b;
  });
}

function compareOf(key: SortColumn, count: number, dictionaries: DictionaryCache): Compare {
  const { column, descending } = key;
  if (column.exact) {
    const { exact } = column;
    return (a, b) => directed(compareExact(exact[a]!, exact[b]!), descending);
  }
  const numbers = new Float64Array(count);
  const ranks = column.dictionary ? (column.view ?? dictionaries.view(column.dictionary)).ranks() : undefined;
  for (let i = 0; i < count; i++) {
    const value = column.values[i]!;
    numbers[i] = column.nulls?.[i] === 1 ? -Infinity : ranks ? ranks[value]! : value;
  }
  return descending
    ? (a, b) => (numbers[a]! < numbers[b]! ? 1 : numbers[a]! > numbers[b]! ? -1 : 0)
    : (a, b) => (numbers[a]! < numbers[b]! ? -1 : numbers[a]! > numbers[b]! ? 1 : 0);
}

function compareExact(left: number | bigint | null, right: number | bigint | null): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function directed(result: number, descending: boolean): number {
  return descending ? -result : result;
}

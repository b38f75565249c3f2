/**
 * `Table`: rows in column order inside a worker: a table's columns as loaded, or an intermediate result. `Sink` is how generated
 * loops make one: plain growing arrays, which the loop re-reads after it asked for room.
 */
import { Unsupported } from '../compile/value.ts';
import type { Column, ColumnKind, Values } from '../vector/column.ts';
import type { DictionaryView } from '../vector/strings.ts';

export interface WorkColumn extends Column {
  /** Values that no float64 holds (a sum beyond 53 bits); then `values` means nothing and the column can only be shown. */
  readonly exact?: readonly (number | bigint | null)[] | undefined;
  readonly view?: DictionaryView | undefined;
}

export interface Table {
  readonly count: number;
  readonly columns: readonly WorkColumn[];
}

export interface ColumnShape {
  readonly kind: ColumnKind;
  readonly scale: number;
  readonly nullable: boolean;
  readonly min: number;
  readonly max: number;
  readonly view: DictionaryView | undefined;
}

/** Rows that may be kept at once, by bytes; over it the query fails with the quota's error. */
export interface MemoryBudget {
  take(bytes: number): void;
}

export class Sink {
  readonly shapes: readonly ColumnShape[];
  readonly arrays: Values[];
  readonly nulls: (Uint8Array | undefined)[];
  capacity = 1024;
  /** Set by the loop when it ends. */
  count = 0;
  private readonly memory: MemoryBudget;

  constructor(shapes: readonly ColumnShape[], memory: MemoryBudget) {
    this.shapes = shapes;
    this.memory = memory;
    this.arrays = shapes.map((shape) =>
      fitsInt32(shape) ? new Int32Array(this.capacity) : new Float64Array(this.capacity),
    );
    this.nulls = shapes.map((shape) => (shape.nullable ? new Uint8Array(this.capacity) : undefined));
  }

  /** Doubles the room; returns the new capacity. The arrays are others afterwards. */
  grow(): number {
    const capacity = this.capacity * 2;
    for (let i = 0; i < this.arrays.length; i++) {
      const before = this.arrays[i]!;
      const after = before instanceof Int32Array ? new Int32Array(capacity) : new Float64Array(capacity);
      this.memory.take(after.byteLength);
      after.set(before);
      this.arrays[i] = after;
      const nullsBefore = this.nulls[i];
      if (nullsBefore) {
        const nullsAfter = new Uint8Array(capacity);
        nullsAfter.set(nullsBefore);
        this.nulls[i] = nullsAfter;
      }
    }
    return (this.capacity = capacity);
  }

  /** Real bounds are taken here: the next pipeline's keys are as narrow as the data, not as the types. */
  table(): Table {
    const { count } = this;
    const columns = this.shapes.map((shape, i): WorkColumn => {
      const values = this.arrays[i]!.subarray(0, count) as Values;
      const nulls = this.nulls[i]?.subarray(0, count);
      const [min, max] = shape.kind === 'double' ? [-Infinity, Infinity] : bounds(values, nulls);
      return {
        kind: shape.kind,
        scale: shape.scale,
        values,
        nulls,
        min,
        max,
        dictionary: shape.view?.dictionary,
        view: shape.view,
      };
    });
    return { count, columns };
  }
}

export function fitsInt32(shape: { kind: ColumnKind; min: number; max: number }): boolean {
  return shape.kind !== 'double' && shape.min >= -0x80000000 && shape.max <= 0x7fffffff;
}

export function bounds(values: Values, nulls: Uint8Array | undefined): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (nulls !== undefined && nulls[i] === 1) continue;
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? [0, -1] : [min, max];
}

/** The rows at `order`, in that order. */
export function gather(table: Table, order: Uint32Array): Table {
  const columns = table.columns.map((column): WorkColumn => {
    if (column.exact) return { ...column, exact: Array.from(order, (row) => column.exact![row]!) };
    const values = column.values instanceof Int32Array ? new Int32Array(order.length) : new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) values[i] = column.values[order[i]!]!;
    let nulls: Uint8Array | undefined;
    if (column.nulls) {
      nulls = new Uint8Array(order.length);
      for (let i = 0; i < order.length; i++) nulls[i] = column.nulls[order[i]!]!;
    }
    return { ...column, values, nulls };
  });
  return { count: order.length, columns };
}

export function usable(column: WorkColumn): WorkColumn {
  if (column.exact) throw new Unsupported('a sum beyond 53 bits used in a further expression');
  return column;
}

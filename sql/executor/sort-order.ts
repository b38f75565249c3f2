/**
 * `SortOrder`: compiled ORDER BY. Each row gets a `SortEntry` with its key values computed once; entries are then compared without
 * touching expressions again. ASCII text is compared by its collation as it is: making 100,000 sort keys and sorting by them took 285 ms, comparing
 * directly 200 ms. Other text needs a walk over weight tables per comparison, so a long sort that holds some turns every
 * value into its sort key first.
 *
 * NULL comes first ascending and last descending, as in MySQL. Sorting is stable.
 *
 * `sortEntries` sorts in runs of a few thousand and merges them pairwise, and gives others a turn in between: a million rows
 * take about a second, and the server answers meanwhile.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import { isBinaryString, isInteger, isReal, isString, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { SortKey } from '../../proto/plan/expression.ts';
import type { EvalContext } from '../functions/context.ts';
import { compareFor, sortKeyFor } from '../functions/index.ts';
import { evaluator, type Evaluate } from './compiled.ts';
import type { Run } from './run.ts';

/** About 5 ms of native sorting. */
const RUN_ROWS = 8192;
const MERGE_STEPS = 4096;
// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\x00-\x7f]/;

export class SortEntry {
  row: Row;
  /** The first key, apart from the rest since most comparisons end there. */
  first: Datum;
  rest: readonly Datum[];

  constructor(row: Row, first: Datum, rest: readonly Datum[]) {
    this.row = row;
    this.first = first;
    this.rest = rest;
  }
}

type Compare = (a: Datum, b: Datum) => number;

const NO_REST: readonly Datum[] = [];

export class SortOrder {
  private readonly evaluators: readonly Evaluate[];
  private comparers: readonly Compare[];
  private readonly keys: readonly SortKey[];
  private readonly transforms: readonly (((value: Datum) => Datum) | undefined)[];
  private readonly context: EvalContext;
  /** Extra bytes of an entry over its row. */
  readonly entryBytes: number;

  constructor(keys: readonly SortKey[], context: EvalContext) {
    this.evaluators = keys.map((key) => evaluator(key.expression));
    this.transforms = keys.map((key) => transformFor(key.expression.type));
    this.keys = keys;
    this.comparers = keys.map((key) => comparerFor(key.expression.type, key.descending, false));
    this.context = context;
    this.entryBytes = 48 + (keys.length > 1 ? 16 + 8 * keys.length : 0) + 48 * this.transforms.filter(Boolean).length;
  }

  entry(row: Row): SortEntry {
    const { evaluators } = this;
    if (evaluators.length === 0) return new SortEntry(row, null, NO_REST);
    const first = this.key(0, row);
    if (evaluators.length === 1) return new SortEntry(row, first, NO_REST);
    const rest: Datum[] = [];
    for (let i = 1; i < evaluators.length; i++) rest.push(this.key(i, row));
    return new SortEntry(row, first, rest);
  }

  readonly compare = (a: SortEntry, b: SortEntry): number => {
    const { comparers } = this;
    if (comparers.length === 0) return 0;
    let order = comparers[0]!(a.first, b.first);
    for (let i = 1; order === 0 && i < comparers.length; i++) order = comparers[i]!(a.rest[i - 1]!, b.rest[i - 1]!);
    return order;
  };

  private key(i: number, row: Row): Datum {
    return this.evaluators[i]!(row, this.context);
  }

  /** Whether text beyond ASCII is among the first rows. */
  wantsSortKeys(entries: readonly SortEntry[]): boolean {
    const count = Math.min(entries.length, RUN_ROWS);
    return this.transforms.some((transform, k) => {
      if (transform === undefined) return false;
      for (let i = 0; i < count; i++) {
        const value = k === 0 ? entries[i]!.first : entries[i]!.rest[k - 1];
        if (typeof value === 'string' && BEYOND_ASCII.test(value)) return true;
      }
      return false;
    });
  }

  /** From now on entries hold sort keys, and are compared by them. */
  useSortKeys(): void {
    this.comparers = this.keys.map((key, i) =>
      comparerFor(key.expression.type, key.descending, this.transforms[i] !== undefined),
    );
  }

  /** The entry with sort keys in the place of its text. */
  toSortKeys(entry: SortEntry): void {
    const { transforms } = this;
    if (transforms[0] !== undefined && entry.first !== null) entry.first = transforms[0](entry.first);
    if (transforms.length > 1) {
      entry.rest = entry.rest.map((value, i) => {
        const transform = transforms[i + 1];
        return transform === undefined || value === null ? value : transform(value);
      });
    }
  }
}

/** Text becomes its sort key, a string whose code units compare as the collation does; other types stay. */
function transformFor(type: FieldType): ((value: Datum) => Datum) | undefined {
  if (!isString(type) || isBinaryString(type)) return undefined;
  if (type.code === TypeCode.ENUM || type.code === TypeCode.SET) return undefined;
  const keyOf = sortKeyFor(type);
  return (value) => keyOf(value as string);
}

function comparerFor(type: FieldType, descending: boolean, transformed: boolean): Compare {
  const ascending: Compare =
    transformed || isInteger(type) || isReal(type) ? compareNatural : withNulls(compareFor(type));
  return descending ? (a, b) => ascending(b, a) : ascending;
}

function compareNatural(a: Datum, b: Datum): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function withNulls(compare: (a: NonNullable<Datum>, b: NonNullable<Datum>) => number): Compare {
  return (a, b) => {
    if (a === null) return b === null ? 0 : -1;
    return b === null ? 1 : compare(a, b);
  };
}

/** Sorted, stable. In this turn when it is short, else over several. `order` belongs to this sort from now on. */
export function sortEntries(entries: SortEntry[], order: SortOrder, run: Run): MaybePromise<SortEntry[]> {
  if (entries.length <= RUN_ROWS) return entries.sort(order.compare);
  return sortInRuns(entries, order, run);
}

async function sortInRuns(entries: SortEntry[], order: SortOrder, run: Run): Promise<SortEntry[]> {
  let runs: SortEntry[][] = [];
  const keyed = order.wantsSortKeys(entries);
  if (keyed) order.useSortKeys();
  for (let start = 0; start < entries.length; start += RUN_ROWS) {
    const part = entries.slice(start, start + RUN_ROWS);
    if (keyed) for (let i = 0; i < part.length; i++) order.toSortKeys(part[i]!);
    runs.push(part.sort(order.compare));
    run.checkpoint();
    if (run.due()) await run.pause();
  }
  while (runs.length > 1) {
    const merged: SortEntry[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      const b = runs[i + 1];
      merged.push(b === undefined ? runs[i]! : await mergeRuns(runs[i]!, b, order, run));
    }
    runs = merged;
  }
  return runs[0]!;
}

async function mergeRuns(a: SortEntry[], b: SortEntry[], order: SortOrder, run: Run): Promise<SortEntry[]> {
  // Runs of data that came nearly sorted only need to be put one behind the other.
  if (order.compare(a[a.length - 1]!, b[0]!) <= 0) return a.concat(b);
  const out: SortEntry[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const stop = out.length + MERGE_STEPS;
    while (out.length < stop && i < a.length && j < b.length)
      out.push(order.compare(a[i]!, b[j]!) <= 0 ? a[i++]! : b[j++]!);
    run.checkpoint();
    if (run.due()) await run.pause();
  }
  for (; i < a.length; i++) out.push(a[i]!);
  for (; j < b.length; j++) out.push(b[j]!);
  return out;
}

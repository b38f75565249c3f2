/**
 * Copying a table into a new shape, and looking at all of its rows: in batches, each batch a transaction of its own, so neither memory nor lock
 * time grows with the table. Both go through physical tables; a copy says for each row where it goes. Filling indexes is index-fill.ts.
 */
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Duration } from '../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import type { KvClient, Transaction } from '../../kv/client/client.ts';
import {
  decodeRowHandle, type Handle, RowDecoder, rowInterval, TableEncoder, UTC,
  type ZoneShift,
} from '../../proto/encoding/index.ts'; // prettier-ignore
import type { ColumnInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { hasHiddenHandle, publicColumns } from '../../proto/schema/table-shape.ts';
import { duplicateEntry, invalidNull } from './errors.ts';

/** Optimistic copies need no locks and few commits. */
const ROWS_PER_COPY = 1000;
const RETRIES_MAX = 100;

export interface SourceRow {
  readonly key: Uint8Array;
  readonly handle: Handle;
  /** By column offset; `undefined` where not asked for. */
  readonly row: (Datum | undefined)[];
}

/** Up to `count` rows of the range, with the given columns. */
export async function readRows(
  reader: Transaction,
  table: TableInfo,
  columns: readonly ColumnInfo[],
  range: { readonly lower: Uint8Array; readonly upper: Uint8Array },
  count: number,
  zone: ZoneShift = UTC,
): Promise<SourceRow[]> {
  const decoder = new RowDecoder(table, columns, zone);
  const scanner = reader.scan(range, { limit: count, long: true });
  const rows: SourceRow[] = [];
  const datums: Datum[] = [];
  try {
    while (rows.length < count) {
      const batch = await scanner.next(Math.min(count - rows.length, ROWS_PER_COPY));
      if (batch === undefined) break;
      for (let i = 0; i < batch.count; i++) {
        const keyBytes = batch.keyBytes[i]!;
        decoder.decodeAt(batch, i, datums);
        const row: (Datum | undefined)[] = new Array(table.columns.length).fill(undefined);
        columns.forEach((column, at) => (row[column.offset] = datums[at]));
        rows.push({
          key: keyBytes.slice(batch.keyStart[i], batch.keyEnd[i]),
          handle: decodeRowHandle(keyBytes, batch.keyStart[i]!, batch.keyEnd[i]!),
          row,
        });
      }
    }
  } finally {
    scanner.close();
  }
  return rows;
}

/** The smallest key above `key`. */
export function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

interface BatchOutcome {
  /** Where the next batch begins; `undefined`: that was the last. */
  readonly next: Uint8Array | undefined;
  /** Runs when the batch is committed: what it counted holds then. */
  readonly committed: () => void;
}

const LAST: BatchOutcome = { next: undefined, committed: () => undefined };
type BatchWork = (transaction: Transaction, lower: Uint8Array) => Promise<BatchOutcome>;

/** Lost races, and stores that do not answer at the moment. */
export function isTriedAgain(error: unknown): boolean {
  return (
    error instanceof RutileError &&
    !error.code.startsWith('mysql.') &&
    (error.retry !== 'no' || error.code === 'kv.key-exists')
  );
}

/** Runs batch after batch; conflicts are tried again. */
async function inBatches(kv: KvClient, table: TableInfo, batch: BatchWork): Promise<void> {
  let lower: Uint8Array | undefined = rowInterval(table.id).lower;
  let attempts = 0;
  while (lower !== undefined) {
    const transaction = await kv.begin({ pessimistic: false });
    try {
      const outcome: BatchOutcome = await batch(transaction, lower);
      await transaction.commit();
      outcome.committed();
      lower = outcome.next;
      attempts = 0;
    } catch (error) {
      await transaction.rollback().catch(() => undefined);
      if (!isTriedAgain(error) || ++attempts > RETRIES_MAX) throw error;
    }
  }
}

export interface BackfillProgress {
  /** Between batches; throws to stop. */
  check(): void;
  /** While its job is paused: resolves when it goes on, rejects when it is to stop. */
  rest?(): Promise<void> | undefined;
  rows: number;
}

export function duplicateIn(table: TableInfo, index: IndexInfo, row: readonly (Datum | undefined)[]): Error {
  const values = index.columns.map((part) => printed(row[part.offset] ?? null, table.columns[part.offset]!.type));
  return duplicateEntry(values.join('-'), `${table.name}.${index.name}`);
}

function printed(value: Datum, type: FieldType): string {
  if (value === null) return 'NULL';
  if (value instanceof DateTime)
    return type.code === TypeCode.DATE ? value.dateString() : value.toString(type.decimals);
  if (value instanceof Duration) return value.toString(type.decimals);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return String(value);
}

export interface ColumnMapping {
  readonly target: ColumnInfo;
  /** Where the value comes from; `undefined`: `value` for every row, or the next AUTO_INCREMENT value. */
  readonly source: ColumnInfo | undefined;
  readonly value: Datum;
}

export interface CopyPlan {
  /** Physical tables that are read. */
  readonly sources: readonly TableInfo[];
  /** Columns of the sources' rows that are wanted: the public ones. */
  readonly source: TableInfo;
  readonly target: TableInfo;
  /** The physical table that a row of the target belongs to; throws when there is none. */
  place(row: readonly (Datum | undefined)[]): TableInfo;
  readonly mappings: readonly ColumnMapping[];
  /** `row`: its number in the copy. */
  convert(value: Datum, from: FieldType, to: ColumnInfo, row: number): Datum;
  readonly zone: ZoneShift;
  /** Computes generated columns; throws for a row that must not be in the target. `rowNumber`: its number in the copy. */
  readonly rules: ((row: (Datum | undefined)[], rowNumber: number) => void) | undefined;
  /** Hidden handles for so many rows, the first of them. */
  hiddenHandles(count: number): MaybePromise<number>;
}

/**
 * Copies all rows of the sources into the target, under table ids that nobody uses yet; answers how many. The caller keeps writers
 * out of the sources. NULL in a column that is NOT NULL now is error 1138, a duplicate 1062.
 */
export async function copyTable(kv: KvClient, plan: CopyPlan, progress: BackfillProgress): Promise<number> {
  const { source, sources, target, zone } = plan;
  const columns = publicColumns(source);
  const encoders = new Map<number, TableEncoder>();
  const encoderOf = (physical: TableInfo): TableEncoder => {
    let encoder = encoders.get(physical.id);
    if (encoder === undefined) encoders.set(physical.id, (encoder = new TableEncoder(physical, zone)));
    return encoder;
  };
  const hasHidden = hasHiddenHandle(target);
  const primary = target.indexes.find((index) => index.primary);
  let nextAutomatic = target.autoIncrementStart ?? 1;
  for (const physical of sources)
    await inBatches(kv, physical, async (transaction, lower) => {
      progress.check();
      const rows = await readRows(transaction, physical, columns, { lower, upper: rowInterval(physical.id).upper }, ROWS_PER_COPY, zone);
      if (rows.length === 0) return LAST;
      const puts: { key: Uint8Array; value: Uint8Array; index: IndexInfo | undefined; row: (Datum | undefined)[] }[] = [];
      let automatic = nextAutomatic;
      let hidden = hasHidden ? await plan.hiddenHandles(rows.length) : 0;
      for (const [at, { row }] of rows.entries()) {
        const made: (Datum | undefined)[] = new Array(target.columns.length).fill(undefined);
        for (const { target: column, source: from, value } of plan.mappings) {
          let datum: Datum = from === undefined ? value : (row[from.offset] ?? null);
          if (from === undefined && column.autoIncrement) datum = automatic++;
          else if (from !== undefined && datum !== null) datum = plan.convert(datum, from.type, column, progress.rows + at + 1);
          if (datum === null && column.type.notNull && column.generated === undefined) throw invalidNull();
          made[column.offset] = datum;
        }
        plan.rules?.(made, progress.rows + at + 1);
        const encoder = encoderOf(plan.place(made));
        const newHandle = encoder.handleOf(made) ?? hidden++;
        puts.push({ key: encoder.rowKey(newHandle), value: encoder.rowValue(made), index: undefined, row: made });
        for (const entry of encoder.indexInserts(made, newHandle)) {
          if (entry.kind !== 'delete') puts.push({ key: entry.key, value: entry.value, index: entry.index, row: made });
        }
      }
      const present = await transaction.getMany(puts.map((put) => put.key));
      const own = new Set<string>();
      puts.forEach((put, i) => {
        const name = Buffer.from(put.key).toString('latin1');
        if (present[i] !== undefined || own.has(name)) throw duplicateIn(target, put.index ?? primary!, put.row);
        own.add(name);
        transaction.insert(put.key, put.value);
      });
      return {
        next: successor(rows.at(-1)!.key),
        committed: () => {
          progress.rows += rows.length;
          nextAutomatic = automatic;
        },
      };
    }); // prettier-ignore
  return progress.rows;
}

/** Goes over the public columns of all rows of a physical table, as they are at one moment. */
export async function visitRows(
  kv: KvClient,
  table: TableInfo,
  zone: ZoneShift,
  visit: (row: readonly (Datum | undefined)[]) => void,
  check: () => void,
): Promise<void> {
  await inBatches(kv, table, async (transaction, lower) => {
    check();
    const rows = await readRows(transaction, table, publicColumns(table), { lower, upper: rowInterval(table.id).upper }, ROWS_PER_COPY, zone);
    if (rows.length === 0) return LAST;
    for (const { row } of rows) visit(row);
    return { next: successor(rows.at(-1)!.key), committed: () => undefined };
  }); // prettier-ignore
}

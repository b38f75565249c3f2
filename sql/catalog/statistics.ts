/**
 * Statistics of tables: what ANALYZE found, and how the row count has moved since. `StatisticsStore` keeps one JSON row per table under
 * `m` (hash RutileStatistics) and all of them in memory; planners read synchronously.
 *
 * ANALYZE reads a table once, in handle order, and keeps a reservoir sample of bounded size; counts of rows and NULLs are exact, distinct values are exact
 * while the sample is the table and estimated above (Haas and Stokes' Duj1, as in PostgreSQL). Top values are those that stand out of the sample; the rest makes
 * an equi-depth histogram.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { Random } from '../../base/world.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import {
  ByteWriter,
  compareBytes,
  type KeyColumn,
  putKeyDatum,
  RowDecoder,
  rowInterval,
  UTC,
  valueKind,
} from '../../proto/encoding/index.ts';
import { defaultDatum, textOfDatum } from '../../proto/schema/stored-default.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns, publicIndexes } from '../../proto/schema/table-shape.ts';
import type { ColumnStatistics, HistogramBucket, TableStatistics } from '../planner/environment.ts';
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';

/** Ten thousand rows estimate a selectivity of 1 % to within a tenth of it. */
export const SAMPLE_ROWS_MAX = 10_000;
const TOP_N_MAX = 20;
const BUCKETS_MAX = 100;
const ROWS_PER_STEP = 1000;
/** Rows a table is thought to have before anybody counted: TiDB's guess. */
const ROWS_GUESSED = 10_000;
const TEXT_BYTES_MAX = 128;

interface Stored {
  readonly rowCount: number;
  readonly version: number;
  readonly columns: readonly { readonly id: number; readonly data: StoredColumn }[];
  readonly indexDistinct: readonly (readonly [id: number, count: number])[];
}

interface StoredColumn {
  readonly distinctCount: number;
  readonly nullCount: number;
  readonly topN: readonly { readonly value: string | null; readonly count: number }[];
  readonly histogram: readonly {
    readonly lower: string;
    readonly upper: string;
    readonly cumulativeCount: number;
    readonly upperRepeat: number;
  }[];
  readonly averageSizeBytes: number;
}

/** Rows since the last ANALYZE, and whether they were counted at all. */
interface Moved {
  rows: number;
  changes: number;
}

export interface AnalyzeOptions {
  readonly random: Random;
  readonly checkKilled: () => void;
}

export class StatisticsStore {
  private readonly kv: KvClient;
  private readonly analysed = new Map<number, { readonly base: TableStatistics; readonly stored: Stored }>();
  private readonly moved = new Map<number, Moved>();
  private readonly shown = new Map<number, TableStatistics>();

  constructor(kv: KvClient) {
    this.kv = kv;
  }

  async load(tableById: (id: number) => TableInfo | undefined): Promise<void> {
    const fields = await new MetaReader(this.kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.STATISTICS);
    for (const { field, value } of fields) {
      const table = tableById(Number(field));
      if (table === undefined) continue;
      const stored = JSON.parse(value) as Stored;
      this.analysed.set(table.id, { base: revive(table, stored), stored });
    }
  }

  /** ANALYZE's picture with the row count moved on; `undefined` when the table was never analysed. */
  statistics(tableId: number): TableStatistics | undefined {
    const analysed = this.analysed.get(tableId);
    if (analysed === undefined) return undefined;
    const moved = this.moved.get(tableId);
    if (moved === undefined || moved.rows === 0) return analysed.base;
    let shown = this.shown.get(tableId);
    if (shown === undefined) {
      shown = { ...analysed.base, rowCount: Math.max(0, analysed.base.rowCount + moved.rows) };
      this.shown.set(tableId, shown);
    }
    return shown;
  }

  approximateRows(tableId: number): number {
    const known = this.statistics(tableId)?.rowCount;
    if (known !== undefined) return known;
    return Math.max(this.moved.get(tableId)?.rows ?? 0, ROWS_GUESSED);
  }

  /** A statement committed: so many rows more (or less), so many touched. */
  noteChanges(tableId: number, rows: number, changes: number): void {
    let moved = this.moved.get(tableId);
    if (moved === undefined) {
      moved = { rows: 0, changes: 0 };
      this.moved.set(tableId, moved);
    }
    moved.rows += rows;
    moved.changes += changes;
    if (rows !== 0) this.shown.delete(tableId);
  }

  /** Half of the rows changed since ANALYZE, or it never ran and there are rows to look at. */
  isStale(tableId: number): boolean {
    const moved = this.moved.get(tableId);
    if (moved === undefined) return false;
    const base = this.analysed.get(tableId)?.base.rowCount ?? 0;
    return moved.changes > 1000 && moved.changes > base / 2;
  }

  forget(tableId: number): void {
    this.analysed.delete(tableId);
    this.moved.delete(tableId);
    this.shown.delete(tableId);
  }

  async drop(tableId: number): Promise<void> {
    this.forget(tableId);
    await inTransaction(this.kv, async (meta) => meta.deleteField(MetaHash.STATISTICS, String(tableId)));
  }

  async analyze(table: TableInfo, options: AnalyzeOptions): Promise<TableStatistics> {
    const ts = await this.kv.timestamp();
    const sample = await sampleTable(this.kv, table, ts, options);
    const columns = publicColumns(table);
    const stored: Stored = {
      rowCount: sample.rowCount,
      version: Number(ts >> 18n),
      columns: columns.map((column, i) => ({ id: column.id, data: describeColumn(column, i, sample) })),
      indexDistinct: publicIndexes(table).map(
        (index) => [index.id, indexDistinct(table, index, columns, sample)] as const,
      ),
    };
    await inTransaction(this.kv, async (meta) =>
      meta.putField(MetaHash.STATISTICS, String(table.id), JSON.stringify(stored)),
    );
    const base = revive(table, stored);
    this.analysed.set(table.id, { base, stored });
    this.moved.delete(table.id);
    this.shown.delete(table.id);
    return base;
  }
}

interface Sample {
  readonly rowCount: number;
  readonly nullCounts: readonly number[];
  readonly sizes: readonly number[];
  readonly rows: readonly Datum[][];
}

async function sampleTable(kv: KvClient, table: TableInfo, ts: bigint, options: AnalyzeOptions): Promise<Sample> {
  const columns = publicColumns(table);
  const decoder = new RowDecoder(table, columns);
  const nullCounts = columns.map(() => 0);
  const sizes = columns.map(() => 0);
  const rows: Datum[][] = [];
  let rowCount = 0;
  const hold = kv.holdSafePoint(ts);
  const scanner = kv.snapshot(ts).scan(rowInterval(table.id), { long: true });
  const datums: Datum[] = [];
  try {
    for (;;) {
      options.checkKilled();
      const batch = await scanner.next(ROWS_PER_STEP);
      if (batch === undefined) break;
      for (let i = 0; i < batch.count; i++) {
        decoder.decodeEntry(
          batch.keyBytes[i]!,
          batch.keyStart[i]!,
          batch.keyEnd[i]!,
          batch.valueBytes[i]!,
          batch.valueStart[i]!,
          batch.valueEnd[i]!,
          datums,
        );
        for (let c = 0; c < columns.length; c++) {
          const value = datums[c]!;
          if (value === null) nullCounts[c]!++;
          else sizes[c]! += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
        }
        rowCount++;
        if (rows.length < SAMPLE_ROWS_MAX) rows.push(datums.slice());
        else {
          const at = options.random.below(rowCount);
          if (at < SAMPLE_ROWS_MAX) rows[at] = datums.slice();
        }
      }
    }
  } finally {
    scanner.close();
    hold.release();
  }
  return { rowCount, nullCounts, sizes, rows };
}

/** Sortable form of a value: equal under the collation exactly when the bytes are. JSON has none. */
function comparable(
  values: readonly Datum[],
  column: ColumnInfo,
): { readonly value: Datum; readonly key: Uint8Array }[] {
  const out = new ByteWriter(64);
  const shape: KeyColumn = {
    type: column.type,
    kind: valueKind(column.type),
    prefixLength: column.type.code >= TypeCode.TINY_BLOB ? TEXT_BYTES_MAX : -1,
  };
  return values.map((value) => {
    out.reset();
    putKeyDatum(out, value, shape, UTC);
    return { value, key: out.finish() };
  });
}

function describeColumn(column: ColumnInfo, position: number, sample: Sample): StoredColumn {
  const nullCount = sample.nullCounts[position]!;
  const present = sample.rowCount - nullCount;
  const averageSizeBytes = present === 0 ? 0 : sample.sizes[position]! / present;
  if (column.type.code === TypeCode.JSON)
    return { distinctCount: present, nullCount, topN: [], histogram: [], averageSizeBytes };
  const values = comparable(
    sample.rows.map((row) => row[position]!).filter((value) => value !== null),
    column,
  );
  values.sort((a, b) => compareBytes(a.key, b.key));
  const groups: { value: Datum; count: number }[] = [];
  values.forEach((one, i) => {
    if (i > 0 && compareBytes(one.key, values[i - 1]!.key) === 0) groups.at(-1)!.count++;
    else groups.push({ value: one.value, count: 1 });
  });
  const scale = values.length === 0 ? 1 : present / values.length;
  const distinctCount = estimateDistinct(groups, values.length, present);
  // A value stands out when it is more frequent than the average by half, or when all fit anyway.
  const average = values.length / Math.max(1, groups.length);
  const few = groups.length <= TOP_N_MAX;
  const top = [...groups]
    .sort((a, b) => b.count - a.count)
    .slice(0, TOP_N_MAX)
    .filter((group) => few || (group.count > 1 && group.count > average * 1.5));
  const isTop = new Set(top);
  const text = (value: Datum): string => textOfDatum(value as Exclude<Datum, null>, column.type);
  return {
    distinctCount,
    nullCount,
    topN: top.map(({ value, count }) => ({ value: text(value), count: Math.round(count * scale) })),
    histogram: buckets(groups.filter((group) => !isTop.has(group)), scale, text),
    averageSizeBytes,
  }; // prettier-ignore
}

function buckets(
  groups: readonly { value: Datum; count: number }[],
  scale: number,
  text: (value: Datum) => string,
): StoredColumn['histogram'] {
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const depth = Math.max(1, total / BUCKETS_MAX);
  const result: { lower: string; upper: string; cumulativeCount: number; upperRepeat: number }[] = [];
  let lower: Datum = null;
  let inBucket = 0;
  let cumulative = 0;
  groups.forEach((group, i) => {
    if (inBucket === 0) lower = group.value;
    inBucket += group.count;
    cumulative += group.count;
    if (inBucket >= depth || i === groups.length - 1) {
      result.push({
        lower: text(lower),
        upper: text(group.value),
        cumulativeCount: Math.round(cumulative * scale),
        upperRepeat: Math.round(group.count * scale),
      });
      inBucket = 0;
    }
  });
  return result;
}

/** Duj1: n·d / (n − f1 + f1·n/N), where f1 values were seen once in n of N rows. */
function estimateDistinct(groups: readonly { readonly count: number }[], sampled: number, present: number): number {
  if (sampled >= present) return groups.length;
  const once = groups.filter((group) => group.count === 1).length;
  const estimate = (sampled * groups.length) / (sampled - once + (once * sampled) / present);
  return Math.round(Math.min(present, Math.max(groups.length, estimate)));
}

function indexDistinct(table: TableInfo, index: IndexInfo, columns: readonly ColumnInfo[], sample: Sample): number {
  if (index.unique && index.columns.every((part) => table.columns[part.offset]!.type.notNull)) return sample.rowCount;
  const parts = index.columns.map((part) => columns.findIndex((column) => column.offset === part.offset));
  const out = new ByteWriter(64);
  const counts = new Map<string, number>();
  for (const row of sample.rows) {
    out.reset();
    index.columns.forEach((part, i) => {
      const { type } = table.columns[part.offset]!;
      putKeyDatum(out, row[parts[i]!]!, { type, kind: valueKind(type), prefixLength: part.prefixLength }, UTC);
    });
    const key = out.bytes.latin1Slice(0, out.length);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return estimateDistinct(
    [...counts.values()].map((count) => ({ count })),
    sample.rows.length,
    sample.rowCount,
  );
}

function revive(table: TableInfo, stored: Stored): TableStatistics {
  const columns = new Map<number, ColumnStatistics>();
  for (const { id, data } of stored.columns) {
    const column = table.columns.find((one) => one.id === id);
    if (column === undefined) continue;
    const datum = (text: string | null): Datum =>
      text === null ? null : defaultDatum({ kind: 'value', text }, column.type);
    try {
      columns.set(id, {
        distinctCount: data.distinctCount,
        nullCount: data.nullCount,
        topN: data.topN.map(({ value, count }) => ({ value: datum(value), count })),
        histogram: data.histogram.map((bucket): HistogramBucket => ({
          ...bucket,
          lower: datum(bucket.lower),
          upper: datum(bucket.upper),
        })),
        averageSizeBytes: data.averageSizeBytes,
      });
    } catch {
      // The column changed its type after ANALYZE: its values no longer read. The planner guesses until the next one.
    }
  }
  return { rowCount: stored.rowCount, version: stored.version, columns, indexDistinct: new Map(stored.indexDistinct) };
}

/**
 * Statistics of tables: what ANALYZE found (sample.ts, describe-sample.ts), and how the row count has moved since. `StatisticsStore` keeps one JSON row
 * per table under `m` (hash RutileStatistics) and all of them in memory; planners read synchronously.
 *
 * Every ANALYZE counts one number up and notes it for its table, in the transaction that stores what it found. Another server looks at that number
 * (`refresh`), and when it moved, at the notes; it reads only tables whose note is news.
 */
import type { Datum } from '../../base/value/datum.ts';
import { type KvClient, type Snapshot, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { rowInterval } from '../../proto/encoding/index.ts';
import { defaultDatum } from '../../proto/schema/stored-default.ts';
import { physicalIds } from '../../proto/schema/partitions.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { ColumnStatistics, HistogramBucket, TableStatistics } from '../planner/environment.ts';
import { describeSample } from './describe-sample.ts';
import { hashKey, inTransaction, MetaHash, MetaReader, STATISTICS_VERSION_KEY } from './meta-store.ts';
import { type AnalyzeOptions, sampleTable } from './sample.ts';

/** Rows a table is thought to have before anybody counted: TiDB's guess. */
const ROWS_GUESSED = 10_000;
/** Changes below which statistics are good enough, whatever the size of the table. */
const CHANGES_MIN = 200;
/** Rows from which a table without statistics gets some. */
const ROWS_WORTH_KNOWING = 1000;
const COUNT_STEP = 1024;

interface Stored {
  readonly rowCount: number;
  readonly version: number;
  readonly columns: readonly { readonly id: number; readonly data: StoredColumn }[];
  readonly indexDistinct: readonly (readonly [id: number, count: number])[];
  /** Of a partitioned table: by partition id. */
  readonly partitionRows?: readonly (readonly [id: number, rows: number])[];
}

export interface StoredColumn {
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

export class StatisticsStore {
  private readonly kv: KvClient;
  private readonly analysed = new Map<number, { readonly base: TableStatistics; readonly stored: Stored }>();
  private readonly moved = new Map<number, Moved>();
  private readonly shown = new Map<number, TableStatistics>();
  /** Which ANALYZE of a table is in memory. */
  private readonly versions = new Map<number, number>();
  private seenVersion = 0;

  constructor(kv: KvClient) {
    this.kv = kv;
  }

  async load(tableById: (id: number) => TableInfo | undefined): Promise<void> {
    const meta = new MetaReader(this.kv.snapshot(TIMESTAMP_MAX));
    // Before what they stand for: what is stored meanwhile is news to the first refresh.
    this.seenVersion = await meta.number(STATISTICS_VERSION_KEY);
    const versions = await meta.fields(MetaHash.STATISTICS_VERSIONS);
    for (const { field, value } of versions) this.versions.set(Number(field), Number(value));
    for (const { field, value } of await meta.fields(MetaHash.STATISTICS)) {
      const table = tableById(Number(field));
      if (table !== undefined) this.adopt(table, JSON.parse(value) as Stored);
    }
  }

  /** Takes over what other servers stored since the last look; tells how many tables that were. */
  async refresh(tableById: (id: number) => TableInfo | undefined): Promise<number> {
    const meta = new MetaReader(this.kv.snapshot(TIMESTAMP_MAX));
    const version = await meta.number(STATISTICS_VERSION_KEY);
    if (version === this.seenVersion) return 0;
    let count = 0;
    for (const { field, value } of await meta.fields(MetaHash.STATISTICS_VERSIONS)) {
      const table = tableById(Number(field));
      if (table === undefined || this.versions.get(table.id) === Number(value)) continue;
      const stored = await meta.json<Stored>(hashKey(MetaHash.STATISTICS, field));
      if (stored === undefined) continue;
      this.versions.set(table.id, Number(value));
      this.adopt(table, stored);
      // It has seen what was committed here too.
      this.moved.delete(table.id);
      this.shown.delete(table.id);
      count++;
    }
    this.seenVersion = version;
    for (const id of this.analysed.keys()) if (tableById(id) === undefined) this.forget(id);
    return count;
  }

  private adopt(table: TableInfo, stored: Stored): void {
    this.analysed.set(table.id, { base: revive(table, stored), stored });
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
    const base = this.analysed.get(tableId)?.base.rowCount;
    if (base === undefined) return moved.changes > ROWS_WORTH_KNOWING;
    return moved.changes > CHANGES_MIN && moved.changes > base / 2;
  }

  forget(tableId: number): void {
    this.analysed.delete(tableId);
    this.moved.delete(tableId);
    this.shown.delete(tableId);
    this.versions.delete(tableId);
  }

  async drop(tableId: number): Promise<void> {
    this.forget(tableId);
    await inTransaction(this.kv, async (meta) => {
      for (const hash of [MetaHash.STATISTICS, MetaHash.STATISTICS_VERSIONS]) meta.deleteField(hash, String(tableId));
      for (const { field } of await meta.fields(MetaHash.HISTOGRAMS, `${tableId}:`))
        meta.deleteField(MetaHash.HISTOGRAMS, field);
    });
  }

  async analyze(table: TableInfo, options: AnalyzeOptions): Promise<TableStatistics> {
    const movedBefore = { ...(this.moved.get(table.id) ?? { rows: 0, changes: 0 }) };
    const ts = await this.kv.timestamp();
    const sample = await sampleTable(this.kv, table, ts, options);
    const { columns, distinct } = await describeSample(table, sample, options);
    const stored: Stored = {
      rowCount: sample.rowCount,
      version: Number(ts >> 18n),
      columns,
      indexDistinct: distinct,
      ...(table.partitioning === undefined
        ? {}
        : { partitionRows: physicalIds(table).map((id, i) => [id, sample.rowCounts[i]!] as const) }),
    };
    const version = await inTransaction(this.kv, async (meta) => {
      const next = (await meta.number(STATISTICS_VERSION_KEY)) + 1;
      meta.put(STATISTICS_VERSION_KEY, String(next));
      meta.putField(MetaHash.STATISTICS_VERSIONS, String(table.id), String(next));
      meta.putField(MetaHash.STATISTICS, String(table.id), JSON.stringify(stored));
      return next;
    });
    this.versions.set(table.id, version);
    const base = revive(table, stored);
    this.analysed.set(table.id, { base, stored });
    // What changed while the table was read still counts.
    const moved = this.moved.get(table.id);
    if (moved !== undefined) {
      moved.rows -= movedBefore.rows;
      moved.changes -= movedBefore.changes;
    }
    this.shown.delete(table.id);
    return base;
  }

  isAnalysed(tableId: number): boolean {
    return this.analysed.has(tableId);
  }

  /** Rows of each partition: counted up to `max` and within the budget, then as the last ANALYZE found them. */
  async partitionRows(table: TableInfo, max: number, budget: { rows: number }): Promise<readonly number[]> {
    const stored = this.analysed.get(table.id)?.stored;
    const known = new Map(stored?.partitionRows ?? []);
    let left = stored !== undefined && stored.rowCount > max ? 0 : Math.min(max, budget.rows);
    const snapshot = this.kv.snapshot(await this.kv.timestamp());
    const counts: number[] = [];
    for (const id of physicalIds(table)) {
      const counted = left > 0 ? await countRows(snapshot, id, left) : 0;
      counts.push(counted < left ? counted : Math.max(counted, known.get(id) ?? 0));
      left -= counted;
      budget.rows -= counted;
    }
    return counts;
  }

  /** Looks whether a table that nobody analysed has rows worth knowing, as it may have had before this server began to count. */
  async probe(table: TableInfo): Promise<void> {
    const snapshot = this.kv.snapshot(await this.kv.timestamp());
    let rows = 0;
    for (const id of physicalIds(table)) {
      if (rows > ROWS_WORTH_KNOWING) break;
      rows += await countRows(snapshot, id, ROWS_WORTH_KNOWING + 1);
    }
    if (rows > ROWS_WORTH_KNOWING) this.noteChanges(table.id, 0, rows);
  }
}

/** Up to `max`. */
async function countRows(snapshot: Snapshot, tableId: number, max: number): Promise<number> {
  const scanner = snapshot.scan(rowInterval(tableId), { limit: max });
  let rows = 0;
  try {
    for (;;) {
      const batch = await scanner.next(COUNT_STEP);
      if (batch === undefined) return rows;
      rows += batch.count;
    }
  } finally {
    scanner.close();
  }
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

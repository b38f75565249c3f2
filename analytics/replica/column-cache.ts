/**
 * `ColumnCache`: the columns that queries read, kept with the version of the data they show.
 *
 * Loading reads the table once at the query's timestamp and keeps all columns asked for. They stay good for a later query when nothing
 * was written to the table since (`dataVersion` is the same) and its timestamp is not older than the load. A query that looks further
 * back loads for itself and keeps nothing. Bounded by bytes: the columns longest unused go first, and a table that cannot fit at all is
 * refused before memory is gone.
 */
import type { Row } from '../../base/value/datum.ts';
import type { KvClient, Timestamp } from '../../kv/client/client.ts';
import { RowDecoder, rowInterval } from '../../proto/encoding/index.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { Unsupported } from '../compile/value.ts';
import type { Column } from '../vector/column.ts';
import { ColumnBuilder } from '../vector/builder.ts';

export interface LoadedTable {
  readonly count: number;
  readonly columns: readonly Column[];
}

interface CachedTable {
  /** Schema version of the table's columns. */
  readonly updateVersion: number;
  readonly dataVersion: number;
  readonly loadedAt: Timestamp;
  readonly count: number;
  readonly columns: Map<number, { readonly column: Column; readonly sizeBytes: number; usedAt: number }>;
}

/** Columns that could not be loaded, and the state of the table that this was found in: nobody reads it all again to learn the same. */
interface Refusal {
  readonly updateVersion: number;
  readonly dataVersion: number;
  readonly columns: readonly number[];
  readonly reason: string;
}

export interface LoadOptions {
  readonly ts: Timestamp;
  readonly signal: AbortSignal;
}

export interface ColumnCacheOptions {
  readonly kv: KvClient;
  readonly cacheBytesMax: number;
  /** Lets other work run between two chunks of a load. */
  readonly yieldTurn: () => Promise<void>;
}

const CHUNK_ROWS = 2048;
const REFUSALS_MAX = 1000;
/** Bytes are summed up this often while loading. */
const CHECK_EVERY_CHUNKS = 16;

export class ColumnCache {
  private readonly options: ColumnCacheOptions;
  private readonly tables = new Map<number, CachedTable>();
  /** By table; the newest one. */
  private readonly refusals = new Map<number, Refusal>();
  /** One load of a table at a time: a second query waits and then finds what it needs. */
  private readonly loading = new Map<number, Promise<void>>();
  private sizeBytes = 0;
  private clock = 0;

  constructor(options: ColumnCacheOptions) {
    this.options = options;
  }

  get usedBytes(): number {
    return this.sizeBytes;
  }

  /**
   * Whether a read of these columns now would find them in memory. `stale`: the table was written to since; a column that was never
   * asked for is `absent` beside others that are current.
   */
  residency(
    table: TableInfo,
    columns: readonly ColumnInfo[] = table.columns,
    ts?: Timestamp,
  ): 'current' | 'stale' | 'absent' {
    const cached = this.tables.get(table.id);
    if (!cached) return 'absent';
    if (ts !== undefined && ts < cached.loadedAt) return 'stale';
    if (cached.updateVersion !== table.updateVersion || cached.dataVersion !== this.dataVersion(table)) return 'stale';
    return columns.every((column) => cached.columns.has(column.id)) ? 'current' : 'absent';
  }

  async load(table: TableInfo, columns: readonly ColumnInfo[], options: LoadOptions): Promise<LoadedTable> {
    for (;;) {
      const known = this.find(table, columns, options.ts);
      if (known) return known;
      const other = this.loading.get(table.id);
      if (!other) break;
      await other;
    }
    const work = this.read(table, columns, options);
    // Whoever waits for this load only wants to know that it ended; its failure belongs to the query that began it.
    this.loading.set(table.id, work.then(ignore, ignore));
    try {
      return await work;
    } finally {
      this.loading.delete(table.id);
    }
  }

  private find(table: TableInfo, columns: readonly ColumnInfo[], ts: Timestamp): LoadedTable | undefined {
    const cached = this.tables.get(table.id);
    if (!cached || this.residency(table, columns, ts) !== 'current') return undefined;
    return {
      count: cached.count,
      columns: columns.map((column) => {
        const entry = cached.columns.get(column.id)!;
        entry.usedAt = ++this.clock;
        return entry.column;
      }),
    };
  }

  private async read(table: TableInfo, columns: readonly ColumnInfo[], options: LoadOptions): Promise<LoadedTable> {
    const cached = this.tables.get(table.id);
    const before = this.dataVersion(table);
    // Columns that are good already are read again only when the rows may have changed or the timestamp is older than they are.
    const keep =
      cached &&
      cached.updateVersion === table.updateVersion &&
      cached.dataVersion === before &&
      options.ts >= cached.loadedAt
        ? cached
        : undefined;
    const missing = keep ? columns.filter((column) => !keep.columns.has(column.id)) : columns;
    this.refuse(table, missing, before);
    const { count, builders } = await this.scan(table, missing, options).catch((error: unknown) => {
      if (error instanceof Unsupported) this.noteRefusal(table, missing, before, error.message);
      throw error;
    });
    const built = builders.map((builder, i) => {
      if (!builder.inexact) return builder.finish();
      const reason = `column ${missing[i]!.name} holds numbers beyond 53 bits`;
      this.noteRefusal(table, [missing[i]!], before, reason);
      throw new Unsupported(reason);
    });
    // A read that looks further back than the last change shows another state than the version stands for.
    const lastChange = this.options.kv.lastChange?.(rowInterval(table.id));
    const unchanged =
      before !== undefined &&
      lastChange !== undefined &&
      options.ts >= lastChange &&
      this.dataVersion(table) === before &&
      (!cached || keep !== undefined || options.ts >= cached.loadedAt);
    if (!unchanged || (keep && keep.count !== count)) {
      if (missing.length < columns.length) return this.read(table, columns, options);
      return { count, columns: built };
    }
    if (!keep) this.drop(table.id);
    const target: CachedTable = keep ?? {
      updateVersion: table.updateVersion,
      dataVersion: before,
      loadedAt: options.ts,
      count,
      columns: new Map(),
    };
    this.tables.set(table.id, target);
    missing.forEach((column, i) => {
      const sizeBytes = sizeOf(built[i]!);
      target.columns.set(column.id, { column: built[i]!, sizeBytes, usedAt: ++this.clock });
      this.sizeBytes += sizeBytes;
    });
    const result = columns.map((column) => target.columns.get(column.id)!.column);
    this.evict();
    return { count, columns: result };
  }

  private refuse(table: TableInfo, columns: readonly ColumnInfo[], dataVersion: number | undefined): void {
    const known = this.refusals.get(table.id);
    if (known === undefined) return;
    if (known.updateVersion !== table.updateVersion || known.dataVersion !== dataVersion)
      this.refusals.delete(table.id);
    else if (known.columns.every((id) => columns.some((column) => column.id === id)))
      throw new Unsupported(known.reason);
  }

  private noteRefusal(
    { id, updateVersion }: TableInfo,
    columns: readonly ColumnInfo[],
    dataVersion: number | undefined,
    reason: string,
  ): void {
    if (dataVersion === undefined) return;
    if (this.refusals.size >= REFUSALS_MAX) this.refusals.clear();
    this.refusals.set(id, { updateVersion, dataVersion, columns: columns.map((column) => column.id), reason });
  }

  private async scan(
    table: TableInfo,
    columns: readonly ColumnInfo[],
    options: LoadOptions,
  ): Promise<{ count: number; builders: ColumnBuilder[] }> {
    const { kv, cacheBytesMax, yieldTurn } = this.options;
    const decoder = new RowDecoder(table, columns);
    const builders = columns.map((column) => new ColumnBuilder(column.type));
    const hold = kv.holdSafePoint(options.ts);
    const scanner = kv.snapshot(options.ts).scan(rowInterval(table.id), { long: true });
    const row: Row = new Array(columns.length).fill(null);
    let count = 0;
    let chunks = 0;
    try {
      for (;;) {
        const step = scanner.next(CHUNK_ROWS);
        const batch = step instanceof Promise ? await step : step;
        if (!batch) break;
        for (let i = 0; i < batch.count; i++) {
          decoder.decodeAt(batch, i, row);
          for (let c = 0; c < builders.length; c++) builders[c]!.append(row[c]!);
        }
        count += batch.count;
        if (++chunks % CHECK_EVERY_CHUNKS === 0) {
          const size = builders.reduce((total, builder) => total + builder.sizeBytes, 0);
          if (size > cacheBytesMax)
            throw new Unsupported(
              `table ${table.name} needs more than the ${Math.round(cacheBytesMax / 1048576)} MiB of column memory`,
            );
        }
        options.signal.throwIfAborted();
        await yieldTurn();
      }
    } finally {
      scanner.close();
      hold.release();
    }
    return { count, builders };
  }

  private dataVersion(table: TableInfo): number | undefined {
    return this.options.kv.dataVersion(rowInterval(table.id));
  }

  private evict(): void {
    while (this.sizeBytes > this.options.cacheBytesMax) {
      let oldest: { tableId: number; columnId: number; usedAt: number } | undefined;
      for (const [tableId, cached] of this.tables) {
        for (const [columnId, entry] of cached.columns)
          if (!oldest || entry.usedAt < oldest.usedAt) oldest = { tableId, columnId, usedAt: entry.usedAt };
      }
      if (!oldest) return;
      const cached = this.tables.get(oldest.tableId)!;
      this.sizeBytes -= cached.columns.get(oldest.columnId)!.sizeBytes;
      cached.columns.delete(oldest.columnId);
      if (cached.columns.size === 0) this.tables.delete(oldest.tableId);
    }
  }

  private drop(tableId: number): void {
    for (const entry of this.tables.get(tableId)?.columns.values() ?? []) this.sizeBytes -= entry.sizeBytes;
    this.tables.delete(tableId);
  }
}

function ignore(): void {}

function sizeOf(column: Column): number {
  const { dictionary } = column;
  return (
    column.values.byteLength +
    (column.nulls?.byteLength ?? 0) +
    (dictionary ? dictionary.bytes.byteLength + dictionary.offsets.byteLength : 0)
  );
}

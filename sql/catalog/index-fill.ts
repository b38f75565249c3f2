/**
 * Filling indexes whose entries new writes already keep (write-reorganization), batch after batch in the order of the rows, some batches on their way at
 * once, each a transaction of its own:
 *
 *     read rows at its start timestamp ─ put their entries ─ commit; a conflict: read the same rows again
 *
 * No row is locked. Every writer knows the index, so whoever changes a row after it was read here, in a way that concerns the index, also takes the old
 * entry away, and with that writes the very key that the batch writes: one of the two meets the other's lock or a newer version. The batch then
 * reads again; the writer waits and takes away what the batch has put. An entry is therefore never older than its row. A unique index has one hole:
 * while rows are still missing, one of them can give up a value that another has taken; alter-executor.ts closes it with a second pass.
 *
 * `mark`: all rows below it have their entries. Whoever kept one goes on from there (index-jobs.ts). A pass over rows that have their entries is harmless.
 */
import { Buffer } from 'node:buffer';
import { RutileError } from '../../base/error.ts';
import type { KvClient, Transaction } from '../../kv/client/client.ts';
import { compareBytes, IndexEncoder, rowInterval } from '../../proto/encoding/index.ts';
import { physicalTables } from '../../proto/schema/partitions.ts';
import type { IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { handleColumns } from '../../proto/schema/table-shape.ts';
import { type BackfillProgress, duplicateIn, isTriedAgain, readRows, type SourceRow, successor } from './backfill.ts';

const ROWS_PER_BATCH = 512;
/** Batches on their way; beside statements fewer and smaller ones, so that these wait for little. */
const BATCHES_AT_ONCE = 4;
const ROWS_PER_BATCH_BESIDE = 128;
const BATCHES_AT_ONCE_BESIDE = 2;
const RETRIES_MAX = 100;
/** How many rows one step of a scan brings. */
const ROWS_ALL = Number.MAX_SAFE_INTEGER;

export interface FillMark {
  /** Partitions before this one are done. */
  readonly physicalId: number;
  /** Hex of the key that comes next. */
  readonly key: string;
}

export interface FillOptions {
  readonly progress: BackfillProgress;
  readonly from?: FillMark | undefined;
  /** After each batch whose predecessors are all done. */
  noted?(mark: FillMark): Promise<void> | undefined;
  /** Entries are expected to be there: they are looked at before they are written. */
  readonly isSecondPass?: boolean;
  /** Statements run beside it. */
  isBusy?(): boolean;
}

export async function fillIndexes(
  kv: KvClient,
  table: TableInfo,
  indexes: readonly IndexInfo[],
  options: FillOptions,
): Promise<void> {
  const tables = physicalTables(table);
  const { from } = options;
  const first = tables.findIndex(({ id }) => id === from?.physicalId);
  for (const physical of tables.slice(Math.max(0, first))) {
    const lower = physical.id === from?.physicalId ? new Uint8Array(Buffer.from(from.key, 'hex')) : undefined;
    await new PhysicalFill(kv, physical, indexes, options).run(lower ?? rowInterval(physical.id).lower);
  }
}

interface Batch {
  readonly done: Promise<void>;
  readonly rows: number;
  readonly upper: Uint8Array;
}

class PhysicalFill {
  private readonly kv: KvClient;
  private readonly table: TableInfo;
  private readonly encoders: readonly IndexEncoder[];
  private readonly columns: TableInfo['columns'];
  private readonly options: FillOptions;

  constructor(kv: KvClient, table: TableInfo, indexes: readonly IndexInfo[], options: FillOptions) {
    const wanted = new Set(indexes.flatMap((index) => index.columns.map((part) => part.offset)));
    for (const column of handleColumns(table)) wanted.add(column.offset);
    this.kv = kv;
    this.table = table;
    this.encoders = indexes.map((index) => new IndexEncoder(table, index));
    this.columns = table.columns.filter((column) => wanted.has(column.offset));
    this.options = options;
  }

  async run(from: Uint8Array): Promise<void> {
    const { progress } = this.options;
    const upper = rowInterval(this.table.id).upper;
    const under: Batch[] = [];
    try {
      for (let lower = from; ;) {
        const paused = progress.rest?.();
        if (paused !== undefined) {
          while (under.length > 0) await this.finish(under);
          await paused;
        }
        progress.check();
        const busy = this.options.isBusy?.() === true;
        const transaction = await this.kv.begin({ pessimistic: false });
        const count = busy ? ROWS_PER_BATCH_BESIDE : ROWS_PER_BATCH;
        const rows = await readRows(transaction, this.table, this.columns, { lower, upper }, count);
        if (rows.length === 0) {
          await transaction.rollback();
          break;
        }
        const end = successor(rows.at(-1)!.key);
        const done = this.fill(transaction, rows, lower, end);
        // It is waited for in its turn.
        done.catch(() => undefined);
        under.push({ done, rows: rows.length, upper: end });
        lower = end;
        while (under.length >= (busy ? BATCHES_AT_ONCE_BESIDE : BATCHES_AT_ONCE)) await this.finish(under);
      }
      while (under.length > 0) await this.finish(under);
    } finally {
      // After a failure nothing of it is on its way any more.
      await Promise.allSettled(under.map(({ done }) => done));
    }
  }

  private async finish(under: Batch[]): Promise<void> {
    const { done, rows, upper } = under[0]!;
    await done;
    under.shift();
    this.options.progress.rows += rows;
    const key = Buffer.from(upper).toString('hex');
    await this.options.noted?.({ physicalId: this.table.id, key });
  }

  private async fill(
    first: Transaction,
    firstRows: readonly SourceRow[],
    lower: Uint8Array,
    upper: Uint8Array,
  ): Promise<void> {
    for (let attempt = 1, transaction = first, rows = firstRows; ; attempt++) {
      try {
        for (const encoder of this.encoders) await this.putEntries(transaction, encoder, rows);
        await transaction.commit();
        return;
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        if (!isTriedAgain(error) || attempt >= RETRIES_MAX) throw error;
      }
      this.options.progress.check();
      ({ transaction, rows } = await this.readAgain(lower, upper));
    }
  }

  /** All rows between: those that came meanwhile have their entries, and do no harm. */
  private async readAgain(
    lower: Uint8Array,
    upper: Uint8Array,
  ): Promise<{ transaction: Transaction; rows: SourceRow[] }> {
    for (let attempt = 1; ; attempt++) {
      const transaction = await this.kv.begin({ pessimistic: false });
      try {
        return { transaction, rows: await readRows(transaction, this.table, this.columns, { lower, upper }, ROWS_ALL) };
      } catch (error) {
        await transaction.rollback().catch(() => undefined);
        if (!(error instanceof RutileError) || !isTriedAgain(error) || attempt >= RETRIES_MAX) throw error;
      }
    }
  }

  private async putEntries(transaction: Transaction, encoder: IndexEncoder, rows: readonly SourceRow[]): Promise<void> {
    const entries = rows.map(({ row, handle }) => encoder.entry(row, handle));
    const looksFirst = encoder.index.unique || this.options.isSecondPass === true;
    const present = looksFirst ? await transaction.getMany(entries.map((entry) => entry.key)) : [];
    const own = new Set<string>();
    for (const [i, entry] of entries.entries()) {
      const found = present[i];
      if (entry.distinct) {
        const name = Buffer.from(entry.key).toString('latin1');
        if ((found !== undefined && compareBytes(found, entry.value) !== 0) || own.has(name))
          throw duplicateIn(this.table, encoder.index, rows[i]!.row);
        own.add(name);
      }
      if (found !== undefined) continue;
      if (entry.distinct) transaction.insert(entry.key, entry.value);
      else transaction.put(entry.key, entry.value);
    }
  }
}

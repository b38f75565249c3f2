/**
 * `AutoIds`: AUTO_INCREMENT values and hidden row ids, handed out from memory at the speed of an addition and dense all the same.
 *
 *     kv          IID:table = upper end of what was reserved        IIDClean:table = next value, after a clean close
 *     memory      next ─────────────── rangeEnd
 *
 * The reservation is durable before any value of it is given out, so no other server gives the same. A clean close gives the rest
 * back, so that nothing is skipped. After a crash the counter continues above the reservation: what was given out and deleted again
 * must never be given out a second time, and only the reservation knows how far that went. At most `STEP_MAX` values are skipped then.
 *
 * Single flight: callers that arrive while a reservation runs wait for it. Half-way through a range the next is reserved ahead.
 */
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import { normalizeInteger } from '../../base/value/datum.ts';
import type { KvClient } from '../../kv/client/client.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { indexInterval, IndexDecoder, RowDecoder, rowInterval } from '../../proto/encoding/index.ts';
import type { Datum } from '../../base/value/datum.ts';
import { physicalTables } from '../../proto/schema/partitions.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { isClusteredIndex } from '../../proto/schema/table-shape.ts';
import { autoIncrementExhausted } from './errors.ts';
import { hashKey, inTransaction } from './meta-store.ts';

const STEP_FIRST = 1000;
const STEP_MAX = 10_000;

interface Counter {
  next: bigint;
  /** Exclusive: values below it may be given out. */
  rangeEnd: bigint;
  step: number;
  readonly stepMax: number;
  reserving: Promise<void> | undefined;
}

export type AutoIdKind = 'auto-increment' | 'row-id';

const FIELDS = { 'auto-increment': 'IID', 'row-id': 'TID' } as const;

export interface AutoIdOptions {
  readonly kv: KvClient;
  readonly exclusive: boolean;
  /** Database id of a table, for the place of its counters. */
  readonly databaseIdOf: (tableId: number) => number | undefined;
}

export class AutoIds {
  private readonly counters = new Map<string, Counter>();
  private readonly opening = new Map<string, Promise<Counter>>();
  private readonly options: AutoIdOptions;

  constructor(options: AutoIdOptions) {
    this.options = options;
  }

  /** The first of `count` consecutive values. */
  // hot: once per inserted statement
  allocate(kind: AutoIdKind, table: TableInfo, count: number): MaybePromise<number | bigint> {
    const key = `${kind}:${table.id}`;
    const counter = this.counters.get(key);
    if (counter === undefined) return this.open(kind, table, key).then(() => this.allocate(kind, table, count));
    const first = counter.next;
    const after = first + BigInt(count);
    if (after > counter.rangeEnd) {
      return this.reserve(kind, table, counter, after).then(() => this.allocate(kind, table, count));
    }
    if (kind === 'auto-increment' && after - 1n > columnMax(table)) throw autoIncrementExhausted();
    counter.next = after;
    if (counter.reserving === undefined && (counter.rangeEnd - after) * 2n < BigInt(counter.step)) {
      // Ahead of need; a failure shows when somebody needs it.
      this.reserve(kind, table, counter, counter.rangeEnd).catch(() => undefined);
    }
    return normalizeInteger(first);
  }

  /** An explicit value was stored: what is given out later lies above it. */
  observe(table: TableInfo, value: number | bigint): MaybePromise<void> {
    const key = `auto-increment:${table.id}`;
    const counter = this.counters.get(key);
    if (counter === undefined) return this.open('auto-increment', table, key).then(() => this.observe(table, value));
    if (value < counter.next) return;
    const after = BigInt(value) + 1n;
    counter.next = after;
    if (after <= counter.rangeEnd) return;
    // The value itself is stored, so an exclusive server finds it again; others must learn of it before it is acknowledged.
    const reserved = this.reserve('auto-increment', table, counter, after);
    if (!this.options.exclusive) return reserved;
    reserved.catch(() => undefined);
  }

  /** The next AUTO_INCREMENT value, for SHOW TABLE STATUS and SHOW CREATE TABLE. */
  peek(table: TableInfo): MaybePromise<number | bigint> {
    const key = `auto-increment:${table.id}`;
    const counter = this.counters.get(key);
    if (counter !== undefined) return normalizeInteger(counter.next);
    return this.open('auto-increment', table, key).then((opened) => normalizeInteger(opened.next));
  }

  /** ALTER TABLE … AUTO_INCREMENT = n: MySQL never goes below what is stored. */
  async restart(table: TableInfo, value: number): Promise<void> {
    const key = `auto-increment:${table.id}`;
    await this.peek(table);
    const counter = this.counters.get(key)!;
    const stored = (await this.highestStored(table)) ?? 0n;
    counter.next = BigInt(value) > stored ? BigInt(value) : stored + 1n;
    await this.reserve('auto-increment', table, counter, counter.next);
  }

  /** The table is gone, or empty again. */
  forget(tableId: number): void {
    for (const kind of ['auto-increment', 'row-id'] as const) {
      this.counters.delete(`${kind}:${tableId}`);
      this.opening.delete(`${kind}:${tableId}`);
    }
  }

  /** Gives back what was reserved and not used. */
  async close(): Promise<void> {
    await Promise.all([...this.counters.values()].map((counter) => counter.reserving?.catch(() => undefined)));
    const open = [...this.counters.entries()];
    this.counters.clear();
    if (open.length === 0) return;
    await inTransaction(this.options.kv, async (meta) => {
      for (const [key, counter] of open) {
        const [kind, id] = key.split(':') as [AutoIdKind, string];
        const databaseId = this.options.databaseIdOf(Number(id));
        if (databaseId !== undefined)
          meta.putField(`DB:${databaseId}`, `${FIELDS[kind]}Clean:${id}`, String(counter.next));
      }
    });
  }

  private open(kind: AutoIdKind, table: TableInfo, key: string): Promise<Counter> {
    let opening = this.opening.get(key);
    if (opening === undefined) {
      opening = this.load(kind, table).then((counter) => {
        this.opening.delete(key);
        this.counters.set(key, counter);
        return counter;
      });
      opening.catch(() => this.opening.delete(key));
      this.opening.set(key, opening);
    }
    return opening;
  }

  private async load(kind: AutoIdKind, table: TableInfo): Promise<Counter> {
    const field = FIELDS[kind];
    const database = `DB:${this.databaseId(table)}`;
    const { reserved, clean } = await inTransaction(this.options.kv, async (meta) => {
      const found = await meta.text(hashKey(database, `${field}Clean:${table.id}`));
      // From here on the counter moves in memory: the exact value is not to be trusted after a crash.
      if (found !== undefined) meta.deleteField(database, `${field}Clean:${table.id}`);
      return {
        reserved: BigInt((await meta.text(hashKey(database, `${field}:${table.id}`))) ?? 0),
        clean: found === undefined ? undefined : BigInt(found),
      };
    });
    let next: bigint;
    if (!this.options.exclusive) next = reserved + 1n;
    else if (clean !== undefined) next = clean;
    else {
      // An explicit value may lie above the reservation.
      const stored = kind === 'row-id' ? undefined : await this.highestStored(table);
      next = (stored !== undefined && stored > reserved ? stored : reserved) + 1n;
    }
    if (kind === 'auto-increment') {
      const start = BigInt(table.autoIncrementStart ?? 1);
      if (next < start) next = start;
      // Rows may be older than the counter: a table that took another shape keeps its rows.
      if (reserved === 0n && clean === undefined) {
        const stored = await this.highestStored(table);
        if (stored !== undefined && stored >= next) next = stored + 1n;
      }
    }
    // What a crash may skip must not be a share that matters of what the column can hold.
    const share = kind === 'row-id' ? STEP_MAX : Number(columnMax(table) / 1000n);
    const stepMax = Math.max(1, Math.min(STEP_MAX, share));
    return { next, rangeEnd: next, step: Math.min(STEP_FIRST, stepMax), stepMax, reserving: undefined };
  }

  private reserve(kind: AutoIdKind, table: TableInfo, counter: Counter, atLeast: bigint): Promise<void> {
    if (counter.reserving !== undefined) return counter.reserving;
    const run = async (): Promise<void> => {
      const key = hashKey(`DB:${this.databaseId(table)}`, `${FIELDS[kind]}:${table.id}`);
      const step = BigInt(counter.step);
      const { free, end } = await inTransaction(this.options.kv, async (meta) => {
        const durable = this.options.exclusive ? counter.rangeEnd - 1n : BigInt((await meta.text(key)) ?? 0);
        const free = durable + 1n;
        const end = (free > atLeast ? free : atLeast) + step;
        meta.put(key, String(end - 1n));
        return { free, end };
      });
      // Another server reserved in between: the rest of our range is given up, the new one begins behind its.
      if (!this.options.exclusive && free !== counter.rangeEnd && counter.next < free) counter.next = free;
      counter.rangeEnd = end;
      counter.step = Math.min(counter.step * 2, counter.stepMax);
    };
    counter.reserving = run().finally(() => {
      counter.reserving = undefined;
    });
    return counter.reserving;
  }

  private databaseId(table: TableInfo): number {
    const id = this.options.databaseIdOf(table.id);
    if (id === undefined)
      throw new RutileError('catalog.table-gone', `Table ${table.name} is not in the schema any more`, {
        retry: 'refresh',
      });
    return id;
  }

  /** The highest stored value of the AUTO_INCREMENT column; `undefined` when no key begins with it, or nothing is stored. */
  async highestStored(table: TableInfo): Promise<bigint | undefined> {
    const column = table.columns.find((one) => one.autoIncrement);
    if (column === undefined) return undefined;
    const index = table.indexes.find((one) => one.state === 'public' && one.columns[0]!.offset === column.offset);
    if (index === undefined) return undefined;
    let highest: bigint | undefined;
    for (const one of physicalTables(table)) {
      const found = await this.highestIn(one, column, index);
      if (found !== undefined && (highest === undefined || found > highest)) highest = found;
    }
    return highest;
  }

  private async highestIn(table: TableInfo, column: ColumnInfo, index: IndexInfo): Promise<bigint | undefined> {
    const clustered = isClusteredIndex(table, index);
    const interval = clustered ? rowInterval(table.id) : indexInterval(table.id, index.id);
    const scanner = this.options.kv.snapshot(TIMESTAMP_MAX).scan(interval, { reverse: true, limit: 1 });
    try {
      const batch = await scanner.next(1);
      if (batch === undefined || batch.count === 0) return undefined;
      const decoder = clustered ? new RowDecoder(table, [column]) : new IndexDecoder(table, index, [column]);
      const row: Datum[] = [];
      decoder.decodeAt(batch, 0, row);
      const value = row[0] as number | bigint | null;
      return value === null || value < 0 ? undefined : BigInt(value);
    } finally {
      scanner.close();
    }
  }
}

const BITS: Readonly<Record<number, bigint>> = {
  [TypeCode.TINY]: 8n,
  [TypeCode.SHORT]: 16n,
  [TypeCode.INT24]: 24n,
  [TypeCode.LONG]: 32n,
  [TypeCode.LONGLONG]: 64n,
};

function columnMax(table: TableInfo): bigint {
  const type = table.columns.find((column) => column.autoIncrement)?.type;
  if (type === undefined) return (1n << 63n) - 1n;
  const bits = BITS[type.code] ?? 64n;
  return (1n << (type.unsigned ? bits : bits - 1n)) - 1n;
}

/**
 * The engine on RocksDB: the only file that imports the native binding (`rocksdb`, the maintained fork of that name).
 *
 * Calls are synchronous and few: `getMany` is one native call however many keys, a scan step one, a write one per operation
 * plus one. Iterators and batches are taken off the package's own list of resources as soon as they are made: a
 * batch that is dropped unwritten must not stay reachable, and the native side closes open iterators by itself.
 *
 * What the binding lacks, and what stands in for it:
 * - No snapshots. A `View` pins two native iterators (one a direction) for each family, all in the turn in which it is made,
 *   and answers everything by seeking them; see `rocksdb-view.ts`.
 * - No range deletion in a batch. A batch that holds one records what follows it and expands it when it is
 *   written: keys up to `LIMITS.deleteRangeKeysInBatchMax` are deleted one by one inside the batch. A larger range is
 *   removed by a native range tombstone right before the batch, in the same turn: no reader sees a state between the two,
 *   a crash may; the log's replay runs the batch again then.
 */
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, NativeBatch, NativeIterator, RocksLevel } from 'rocksdb';
import { assert } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { failpoint } from '../../base/failpoint.ts';
import { LIMITS } from '../../base/limits.ts';
import {
  COLUMN_FAMILIES,
  type ColumnFamily,
  type Engine,
  type EngineIterator,
  type IteratorOptions,
  type Pairs,
  type View,
  type WriteBatch,
} from './engine.ts';
import { databaseOptions, NATIVE_NAMES } from './rocksdb-options.ts';
import { PinnedView } from './rocksdb-view.ts';

const beforeWrite = failpoint('engine::write');

const FORMAT_VERSION = 1;
const FORMAT_FILE = 'RUTILE-FORMAT';

export interface RocksEngineOptions {
  readonly path: string;
  /** All block caches together. */
  readonly cacheBytes?: number;
  /** Threads for flushes and compactions, shared by all families. */
  readonly backgroundThreads?: number;
}

const POOLED_BATCHES_MAX = 8;
const POOLED_BATCH_BYTES_MAX = 1024 * 1024;
const CACHE_BYTES_DEFAULT = 128 * 1024 * 1024;

/** Fails with `engine.locked`, `engine.newer-format`, `engine.corrupt`, `engine.no-binary`, `disk.full`, `engine.io`. */
export async function openRocksEngine(options: RocksEngineOptions): Promise<Engine> {
  const Level = await loadBinding();
  checkFormat(options.path);
  const level = new Level(options.path, { keyEncoding: 'buffer', valueEncoding: 'buffer' });
  try {
    await level.open(databaseOptions(options.cacheBytes ?? CACHE_BYTES_DEFAULT, options.backgroundThreads ?? 2));
  } catch (error) {
    throw translate(error, options.path);
  }
  return new RocksEngine(level, options.path);
}

async function loadBinding(): Promise<typeof RocksLevel> {
  try {
    return (await import('rocksdb')).default.RocksLevel;
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    throw new RutileError(
      'engine.no-binary',
      `The storage engine has no prebuilt binary for ${platform} (there are some for linux-x64 and darwin-arm64): ${(cause as Error).message}`,
      { cause, fields: { platform } },
    );
  }
}

/** The format file is written before the first table, so a folder with tables and without it is not ours. */
function checkFormat(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    const names = readdirSync(path);
    if (!names.includes(FORMAT_FILE)) {
      if (names.includes('CURRENT')) {
        throw new RutileError('engine.foreign', `${path} holds a RocksDB database that Rutile did not make`, {
          fields: { path },
        });
      }
      writeFileSync(join(path, FORMAT_FILE), `rutile-engine ${FORMAT_VERSION}\n`, { flush: true });
      return;
    }
    const text = readFileSync(join(path, FORMAT_FILE), 'utf8');
    const version = Number(/^rutile-engine (\d+)\n$/.exec(text)?.[1]);
    if (!Number.isInteger(version)) {
      throw new RutileError('engine.corrupt', `${join(path, FORMAT_FILE)} is damaged`, { fields: { path } });
    }
    if (version > FORMAT_VERSION) {
      throw new RutileError(
        'engine.newer-format',
        `${path} was written by a newer Rutile: its format is ${version}, this version reads up to ${FORMAT_VERSION}`,
        { fields: { path, version } },
      );
    }
  } catch (error) {
    throw error instanceof RutileError ? error : translate(error, path);
  }
}

export class RocksEngine implements Engine {
  private readonly level: RocksLevel;
  private readonly path: string;
  private readonly readOptions = new Map<ColumnFamily, { readonly column: Column }>();
  /**
   * Written batches, empty, to be filled again. A native batch keeps its buffer until the garbage collector finds it, which sees
   * nothing of its size: without reuse a load of 1 GB grows the process by 200 MB.
   */
  private readonly batches: NativeBatch[] = [];
  private failure: RutileError | undefined;
  private closed = false;

  constructor(level: RocksLevel, path: string) {
    this.level = level;
    this.path = path;
    for (const family of COLUMN_FAMILIES) {
      const column = level.columns[NATIVE_NAMES[family]];
      assert(column, 'the database opened without one of its families');
      this.readOptions.set(family, { column });
    }
  }

  // hot: bench/micro/engine.ts
  get(family: ColumnFamily, key: Uint8Array): Uint8Array | undefined {
    return this.getMany(family, [key])[0];
  }

  // hot: bench/micro/engine.ts
  getMany(family: ColumnFamily, keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    this.requireOpen();
    try {
      return this.level._getManySync(keys, this.column(family)) as (Uint8Array | undefined)[];
    } catch (error) {
      throw translate(error, this.path);
    }
  }

  async getManyAsync(family: ColumnFamily, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    this.requireOpen();
    try {
      return (await this.level._getManyAsync(keys, this.column(family))) as (Uint8Array | undefined)[];
    } catch (error) {
      throw translate(error, this.path);
    }
  }

  iterator(family: ColumnFamily, options: IteratorOptions): EngineIterator {
    this.requireOpen();
    if (options.lower && options.upper && compareBytes(options.lower, options.upper) >= 0) return new EmptyIterator();
    return new RocksIterator(this.nativeIterator(family, options, true), this.path);
  }

  view(families: readonly ColumnFamily[] = COLUMN_FAMILIES): View {
    this.requireOpen();
    const unbounded = { lower: undefined, upper: undefined };
    const pins = new Map(
      families.map((family) => [
        family,
        {
          forward: this.nativeIterator(family, unbounded, true),
          backward: this.nativeIterator(family, { ...unbounded, reverse: true }, true),
        },
      ]),
    );
    return new PinnedView(pins, (error) => translate(error, this.path));
  }

  batch(): WriteBatch {
    this.requireOpen();
    return new RocksBatch(this.batches.pop() ?? this.nativeBatch(), (family) => this.column(family));
  }

  write(batch: WriteBatch, options?: { readonly synced?: boolean }): void {
    this.requireOpen();
    assert(batch instanceof RocksBatch, 'a batch belongs to the engine that made it');
    const injected = beforeWrite.armed ? beforeWrite.hit() : undefined;
    if (injected !== undefined) throw new RutileError('engine.io', `failpoint ${beforeWrite.name}: ${injected}`);
    try {
      const native = batch.take();
      for (const operation of batch.deferred) {
        if (operation.kind === 'put') native._put(operation.key, operation.value, this.column(operation.family));
        else if (operation.kind === 'delete') native._del(operation.key, this.column(operation.family));
        else this.expandDeleteRange(native, operation);
      }
      native._writeSync({ sync: options?.synced ?? false });
      native._clear();
      if (batch.sizeBytes <= POOLED_BATCH_BYTES_MAX && this.batches.length < POOLED_BATCHES_MAX)
        this.batches.push(native);
    } catch (error) {
      throw error instanceof RutileError ? error : translate(error, this.path);
    }
  }

  /**
   * The binding can only sync while it writes, on this thread. But a write has handed its bytes to the operating system when it
   * returns, so syncing the write-ahead log's files from outside is as good; what is no longer in them was synced by a flush.
   */
  async sync(): Promise<void> {
    this.requireOpen();
    try {
      for (const name of await readdir(this.path)) {
        if (!/^\d+\.log$/.test(name)) continue;
        let file: FileHandle;
        try {
          file = await open(join(this.path, name), 'r');
        } catch (error) {
          // Flushed and removed since it was listed.
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
          throw error;
        }
        try {
          await file.datasync();
        } finally {
          await file.close();
        }
      }
    } catch (error) {
      throw error instanceof RutileError ? error : translate(error, this.path);
    }
  }

  property(name: string, family?: ColumnFamily): number | undefined {
    this.requireOpen();
    if (name === 'size-bytes') return family === undefined ? folderSize(this.path) : undefined;
    const native = PROPERTIES[name];
    // The binding answers for the `default` column only, which is `latest`; database-wide properties do not care.
    if (native === undefined || (family !== undefined && family !== 'latest')) return undefined;
    const text = this.level.getProperty(native);
    return text === '' ? undefined : Number(text);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      await this.level.close();
    } catch (error) {
      throw translate(error, this.path);
    }
  }

  /** Deletes inside `native` what the range holds now, and what this batch itself has put there. */
  private expandDeleteRange(native: NativeBatch, range: DeferredRange): void {
    const column = this.column(range.family);
    const own = native.toArray({
      ...column,
      keys: true,
      values: false,
      data: false,
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
    });
    for (let i = 0; i < own.length; i += 4) {
      const key = own[i + 1] as Uint8Array;
      if (own[i] === 'put' && compareBytes(key, range.lower) >= 0 && compareBytes(key, range.upper) < 0)
        native._del(key, column);
    }
    const iterator = this.nativeIterator(range.family, range, false);
    try {
      const { rows, finished } = iterator._nextvSync(LIMITS.deleteRangeKeysInBatchMax);
      if (finished) {
        for (let i = 0; i < rows.length; i += 2) native._del(rows[i]!, column);
        return;
      }
    } finally {
      iterator._closeSync();
    }
    // The binding deletes in this turn, but reports a failure in the next one: nothing may be written after that.
    this.level._clear({ ...column, gte: range.lower, lt: range.upper }, (error) => {
      if (error) this.failure = translate(error, this.path);
    });
  }

  private nativeBatch(): NativeBatch {
    const native = this.level._chainedBatch();
    this.level.detachResource(native);
    return native;
  }

  private nativeIterator(family: ColumnFamily, options: IteratorOptions, values: boolean): NativeIterator {
    const native = this.level._iterator({
      column: this.column(family).column,
      gte: options.lower,
      lt: options.upper,
      reverse: options.reverse ?? false,
      values,
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      fillCache: !(options.bypassCache ?? false),
      highWaterMarkBytes: LIMITS.scanStepSizeBytesMax,
    });
    this.level.detachResource(native as object);
    return native;
  }

  private column(family: ColumnFamily): { readonly column: Column } {
    const options = this.readOptions.get(family);
    assert(options, 'an unknown column family');
    return options;
  }

  private requireOpen(): void {
    if (this.closed) throw new RutileError('engine.closed', 'The engine is closed');
    if (this.failure) throw this.failure;
  }
}

const PROPERTIES: Readonly<Record<string, string>> = {
  'key-count-estimate': 'rocksdb.estimate-num-keys',
  'cache-bytes': 'rocksdb.block-cache-usage',
  'memtable-bytes': 'rocksdb.cur-size-all-mem-tables',
  'pending-compaction-bytes': 'rocksdb.estimate-pending-compaction-bytes',
  'write-stalled': 'rocksdb.is-write-stopped',
  'delayed-write-rate': 'rocksdb.actual-delayed-write-rate',
  'running-compactions': 'rocksdb.num-running-compactions',
  'running-flushes': 'rocksdb.num-running-flushes',
  'background-errors': 'rocksdb.background-errors',
};

type DeferredRange = {
  readonly kind: 'delete-range';
  readonly family: ColumnFamily;
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
};
type Deferred =
  | { readonly kind: 'put'; readonly family: ColumnFamily; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly family: ColumnFamily; readonly key: Uint8Array }
  | DeferredRange;

class RocksBatch implements WriteBatch {
  count = 0;
  sizeBytes = 0;
  /** From the first range deletion on, in order. */
  readonly deferred: Deferred[] = [];
  private native: NativeBatch | undefined;
  private readonly column: (family: ColumnFamily) => { readonly column: Column };

  constructor(native: NativeBatch, column: (family: ColumnFamily) => { readonly column: Column }) {
    this.native = native;
    this.column = column;
  }

  put(family: ColumnFamily, key: Uint8Array, value: Uint8Array): void {
    assert(this.native, 'a written batch was changed');
    assert(key.length > 0, 'an empty key');
    this.count++;
    this.sizeBytes += key.length + value.length;
    if (this.deferred.length === 0) this.native._put(key, value, this.column(family));
    else this.deferred.push({ kind: 'put', family, key: new Uint8Array(key), value: new Uint8Array(value) });
  }

  delete(family: ColumnFamily, key: Uint8Array): void {
    assert(this.native, 'a written batch was changed');
    this.count++;
    this.sizeBytes += key.length;
    if (this.deferred.length === 0) this.native._del(key, this.column(family));
    else this.deferred.push({ kind: 'delete', family, key: new Uint8Array(key) });
  }

  deleteRange(family: ColumnFamily, range: { lower: Uint8Array; upper: Uint8Array }): void {
    assert(this.native, 'a written batch was changed');
    if (compareBytes(range.lower, range.upper) >= 0) return;
    this.count++;
    this.sizeBytes += range.lower.length + range.upper.length;
    this.deferred.push({
      kind: 'delete-range',
      family,
      lower: new Uint8Array(range.lower),
      upper: new Uint8Array(range.upper),
    });
  }

  take(): NativeBatch {
    const native = this.native;
    assert(native, 'a batch was written twice');
    this.native = undefined;
    return native;
  }
}

class RocksIterator implements EngineIterator {
  private native: NativeIterator | undefined;
  private readonly path: string;
  private busy = false;
  private closing = false;

  constructor(native: NativeIterator, path: string) {
    this.native = native;
    this.path = path;
  }

  next(countMax: number): Pairs {
    assert(this.native && !this.closing, 'a closed iterator was read');
    assert(!this.busy, 'an iterator was read while a step was under way');
    assert(countMax > 0, 'a step reads at least one pair');
    try {
      const { rows, finished } = this.native._nextvSync(countMax);
      return split(rows, finished);
    } catch (error) {
      throw translate(error, this.path);
    }
  }

  async nextAsync(countMax: number): Promise<Pairs> {
    const native = this.native;
    assert(native && !this.closing, 'a closed iterator was read');
    assert(!this.busy, 'an iterator was read while a step was under way');
    assert(countMax > 0, 'a step reads at least one pair');
    this.busy = true;
    return new Promise((resolve, reject) => {
      native._nextvAsync(countMax, {}, (error, result) => {
        this.busy = false;
        if (this.closing) this.close();
        if (error) reject(translate(error, this.path));
        else resolve(split(result.rows, result.finished));
      });
    });
  }

  close(): void {
    this.closing = true;
    // A step in another thread still uses it: the end of that step closes it.
    if (this.busy) return;
    this.native?._closeSync();
    this.native = undefined;
  }
}

class EmptyIterator implements EngineIterator {
  next(): Pairs {
    return { keys: [], values: [], finished: true };
  }

  async nextAsync(): Promise<Pairs> {
    return this.next();
  }

  close(): void {}
}

function split(rows: readonly Uint8Array[], finished: boolean): Pairs {
  const count = rows.length >> 1;
  const keys = new Array<Uint8Array>(count);
  const values = new Array<Uint8Array>(count);
  for (let i = 0; i < count; i++) {
    keys[i] = rows[2 * i]!;
    values[i] = rows[2 * i + 1]!;
  }
  return { keys, values, finished };
}

function folderSize(path: string): number {
  let size = 0;
  for (const name of readdirSync(path)) size += statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0;
  return size;
}

/** The binding's failures in our words. Opening wraps the one that matters in another. */
function translate(thrown: unknown, path: string): RutileError {
  const outer = thrown as Error & { code?: string };
  const error = (outer.cause instanceof Error ? outer.cause : outer) as Error & { code?: string };
  const options = { cause: error, fields: { path } };
  const text = error.message;
  if (error.code === 'ENOSPC' || text.includes('No space left')) {
    return new RutileError('disk.full', `No space left on the disk of ${path}`, options);
  }
  if (error.code === 'LEVEL_LOCKED')
    return new RutileError('engine.locked', `Another process holds ${path}: ${text}`, options);
  if (error.code === 'LEVEL_CORRUPTION')
    return new RutileError('engine.corrupt', `${path} is damaged: ${text}`, options);
  if (text.includes('Column families not opened') || text.includes('Column family not found')) {
    return new RutileError(
      'engine.newer-format',
      `${path} has column families that this version does not know: ${text}`,
      options,
    );
  }
  return new RutileError('engine.io', `The storage engine failed in ${path}: ${text}`, options);
}

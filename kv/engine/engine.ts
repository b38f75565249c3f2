/**
 * The engine port: ordered bytes on disk, in column families, changed by atomic batches.
 *
 * One writer (apply) and many readers share one thread, so a read in the same turn as another sees the same state. What
 * must stay still over several turns is read through a `View` or an iterator. Calls are synchronous because they mostly hit
 * memory (4 to 13 µs, no hop); the asynchronous twins exist for cold data and long scans, where a miss would block the loop.
 *
 * Durability: a batch written without `synced` survives a crash of the process (the operating system has it) but not of
 * the machine. `writeBatch(batch, { synced: true })` makes it, and every earlier batch, durable. The log in front of the
 * engine replays what a crash takes.
 *
 * Keys are not empty and at most `LIMITS.keySizeBytesMax` long. A batch copies what it is given, so callers reuse buffers.
 */

export type ColumnFamily = 'latest' | 'history' | 'lock' | 'raw' | 'meta';
export const COLUMN_FAMILIES: readonly ColumnFamily[] = ['latest', 'history', 'lock', 'raw', 'meta'];

/** `lower` inclusive, `upper` exclusive; `undefined` means no bound. */
export interface Range {
  readonly lower: Uint8Array | undefined;
  readonly upper: Uint8Array | undefined;
}

export interface WriteBatch {
  put(family: ColumnFamily, key: Uint8Array, value: Uint8Array): void;
  delete(family: ColumnFamily, key: Uint8Array): void;
  /**
   * Also removes what this batch put there before. Readers see it together with the rest of the batch, always. After a
   * crash too, as long as it removes at most `LIMITS.deleteRangeKeysInBatchMax` keys; a larger range may be found gone without the
   * rest of its batch, which the replay of the log then repeats.
   */
  deleteRange(family: ColumnFamily, range: { lower: Uint8Array; upper: Uint8Array }): void;
  /** Operations so far. */
  readonly count: number;
  /** Bytes of keys and values so far. */
  readonly sizeBytes: number;
}

export interface IteratorOptions extends Range {
  readonly reverse?: boolean;
  /** Leave the block cache alone: for scans that read much once. */
  readonly bypassCache?: boolean;
}

/** Pairs of a scan step. `keys[i]` and `values[i]` belong together; the arrays are the caller's to keep. */
export interface Pairs {
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
  /** Nothing follows. A step may return fewer pairs than asked (a bound in bytes) without being finished. */
  readonly finished: boolean;
}

/** A cursor that shows the state of the moment it was made, whatever is written later. */
export interface EngineIterator {
  next(countMax: number): Pairs;
  nextAsync(countMax: number): Promise<Pairs>;
  close(): void;
}

export interface Readable {
  get(family: ColumnFamily, key: Uint8Array): Uint8Array | undefined;
  /** Same order as `keys`; `undefined` where a key is missing. One native call. */
  getMany(family: ColumnFamily, keys: readonly Uint8Array[]): (Uint8Array | undefined)[];
  getManyAsync(family: ColumnFamily, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  iterator(family: ColumnFamily, options: IteratorOptions): EngineIterator;
}

/** A still picture of all families, taken in one turn. Close it: it holds files and memory. */
export interface View extends Readable {
  close(): void;
}

export interface Engine extends Readable {
  batch(): WriteBatch;
  /** Atomic over all families. Visible to reads when it returns. */
  write(batch: WriteBatch, options?: { readonly synced?: boolean }): void;
  /**
   * Makes every batch written before the call durable, off this thread. An engine without it is asked with an empty synced batch, which
   * stops the loop while the disk works.
   */
  sync?(): Promise<void>;
  /** Of all families, or of those named (cheaper: the native engine pins two iterators a family); others cannot be read then. */
  view(families?: readonly ColumnFamily[]): View;
  /** `size-bytes`, `key-count-estimate`, `cache-bytes`, `memtable-bytes`, `pending-compaction-bytes`, `write-stalled`, ... */
  property(name: string, family?: ColumnFamily): number | undefined;
  close(): Promise<void>;
}

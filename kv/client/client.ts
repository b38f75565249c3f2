/**
 * The one door to the key-value floor. SQL and analytics see these interfaces and nothing below them; in the one-process form they are
 * plain calls into the store beside us, in a cluster the same calls go through region cache and gRPC.
 *
 * Times: a snapshot at `ts` shows every transaction with commitTs <= ts and nothing else. `Timestamp` is 64 bits as PD hands
 * them out: physical ms << 18 | counter, a bigint at this border. `TIMESTAMP_MAX` reads the newest committed version of each key without asking
 * the oracle: right for a single-key autocommit read.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { RowChange } from './feed/region-feed.ts';
import type { ReadMark } from './read-set.ts';

export type Timestamp = bigint & { readonly brand?: 'Timestamp' };
export const TIMESTAMP_MAX: Timestamp = 0xffffffffffffffffn;

export interface KeyRange {
  readonly lower: Uint8Array;
  /** Exclusive; empty means to the end of the key space. */
  readonly upper: Uint8Array;
}

/**
 * A step of a scan: entry i has its key in keyBytes[i] from keyStart[i] to keyEnd[i], its value likewise. Many entries may
 * share one buffer (a hot page): do not keep a buffer, do not write to it, decode from it in the same turn.
 */
export class KvBatch {
  count = 0;
  readonly keyBytes: Uint8Array[] = [];
  readonly keyStart: number[] = [];
  readonly keyEnd: number[] = [];
  readonly valueBytes: Uint8Array[] = [];
  readonly valueStart: number[] = [];
  readonly valueEnd: number[] = [];

  push(key: Uint8Array, value: Uint8Array): void {
    this.pushSlice(key, 0, key.length, value, 0, value.length);
  }

  pushSlice(
    keyBytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const i = this.count++;
    this.keyBytes[i] = keyBytes;
    this.keyStart[i] = keyStart;
    this.keyEnd[i] = keyEnd;
    this.valueBytes[i] = valueBytes;
    this.valueStart[i] = valueStart;
    this.valueEnd[i] = valueEnd;
  }
}

export interface ScanOptions {
  readonly reverse?: boolean;
  /** Stop after this many pairs; a hint for sizing steps, and a bound. */
  readonly limit?: number;
  /** Leave caches alone: long scans that read much once. They are read asynchronously, in chunks. */
  readonly long?: boolean;
}

export interface Scanner {
  /** Up to `countMax` pairs in key order; `undefined` when nothing is left. */
  next(countMax: number): MaybePromise<KvBatch | undefined>;
  close(): void;
}

/** Reads at one timestamp. Locks of others that matter are resolved inside, with bounded retry. */
export interface Snapshot {
  readonly ts: Timestamp;
  get(key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  /** Same order as `keys`. */
  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]>;
  scan(range: KeyRange, options?: ScanOptions): Scanner;
}

export interface TransactionOptions {
  /** Pessimistic: `lockKeys` takes locks as statements run; else conflicts show at commit. */
  readonly pessimistic: boolean;
  /** Commits only if all that it has read still holds at its commit timestamp, else `kv.not-serializable` (read-set.ts). */
  readonly serializable?: boolean;
  /** Bytes of keys and values the write buffer may hold; over it `kv.txn-too-large`. */
  readonly sizeBytesMax?: number;
  /** How long commit waits for locks of others before it throws `kv.locked`; the client's own patience when not said. */
  readonly commitWaitMs?: number;
}

export interface LockOptions {
  /** How long to wait for another's lock: milliseconds, or not at all, or leave such keys out. */
  readonly waitMs: number | 'nowait' | 'skip-locked';
  /** The statement's read timestamp: a newer committed version of a key is a conflict (`write-conflict`). */
  readonly forUpdateTs: Timestamp;
  /** Answer with the newest committed values of the keys, so the statement need not read them again. */
  readonly returnValues?: boolean;
  /** Aborts a wait (KILL, timeout). A function is asked only when there is a wait: a signal costs microseconds to make. */
  readonly signal?: AbortSignal | (() => AbortSignal);
}

export type LockOutcome =
  | {
      readonly kind: 'locked';
      readonly values: (Uint8Array | undefined)[] | undefined;
      readonly skipped: readonly boolean[] | undefined;
    }
  /** Someone committed after `forUpdateTs`: take a newer timestamp and run the statement again. */
  | { readonly kind: 'write-conflict'; readonly key: Uint8Array; readonly conflictTs: Timestamp }
  | { readonly kind: 'wait-timeout'; readonly key: Uint8Array }
  | { readonly kind: 'nowait'; readonly key: Uint8Array }
  | {
      readonly kind: 'deadlock';
      readonly key: Uint8Array;
      readonly chain: readonly { readonly waiter: Timestamp; readonly holder: Timestamp; readonly key: Uint8Array }[];
    };

export interface LockedKeys {
  readonly size: number;
  get(key: Uint8Array): boolean | undefined;
  forEach(visit: (value: boolean, key: Uint8Array) => void): void;
}

/**
 * A transaction: reads its snapshot with its own writes laid over, keeps writes in memory until commit. Failures of commit
 * are thrown: `kv.write-conflict` (retry: refresh), `kv.key-exists` (fields.key, fields.value: what was to be written), `kv.txn-too-large`, `kv.undetermined`,
 * and of a serializable one `kv.not-serializable` (retry: refresh; a read may throw it as well) and `kv.too-many-reads`.
 */
export interface Transaction extends Snapshot {
  readonly startTs: Timestamp;
  readonly pessimistic: boolean;
  /** Timestamp that reads of the current statement use; `startTs` unless moved (READ COMMITTED, locking reads). */
  setReadTs(ts: Timestamp): void;
  put(key: Uint8Array, value: Uint8Array): void;
  /** A put whose key must not exist: checked at prewrite (or already by a lock). Violations throw `kv.key-exists` at commit. */
  insert(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /** The value in the write buffer: bytes, `null` for a delete, `undefined` when this transaction did not write the key. */
  buffered(key: Uint8Array): Uint8Array | null | undefined;
  lockKeys(keys: readonly Uint8Array[], options: LockOptions): MaybePromise<LockOutcome>;
  /** Keys that it has locked, for those who look on; `undefined`: none. */
  readonly locked: LockedKeys | undefined;
  /** A mark in the write buffer; `rollbackTo` drops what was written after it. Locks stay. */
  savepoint(): number;
  rollbackTo(savepoint: number): void;
  /** A mark in what was read; `forgetReads` drops what was read after it, which nobody must have seen: the statement runs again. */
  readMark(): ReadMark | undefined;
  forgetReads(mark: ReadMark | undefined): void;
  /** Bytes in the write buffer. */
  readonly sizeBytes: number;
  /** Keys written. */
  readonly count: number;
  /**
   * Resolves to the commit timestamp; to `startTs` when nothing was written. `statement` is looked at while a large transaction is
   * committed: killed, it ends with `kv.interrupted`, and nothing of it is there. With `notAfter`, a commit whose timestamp would be above it ends with
   * `kv.commit-too-late`, however long anything stood still on the way, and nothing of it is there either. `later` is asked before that: the caller's
   * limit may have moved on meanwhile.
   */
  commit(
    statement?: { readonly killed: boolean },
    notAfter?: Timestamp,
    later?: () => MaybePromise<Timestamp>,
  ): Promise<Timestamp>;
  rollback(): Promise<void>;
}

export interface RawClient {
  get(key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]>;
  put(key: Uint8Array, value: Uint8Array): Promise<void>;
  putMany(pairs: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): Promise<void>;
  delete(key: Uint8Array): Promise<void>;
  deleteMany(keys: readonly Uint8Array[]): Promise<void>;
  deleteRange(range: KeyRange): Promise<void>;
  scan(range: KeyRange, options?: ScanOptions): Scanner;
}

export interface ChangeFeedOptions {
  /** Commits above it are told: the past ones from history, the others as they come. */
  readonly fromTs: Timestamp;
  /** Tell also what a key held before. */
  readonly oldValues?: boolean;
}

export type ChangeFeedItem = RowChange | { readonly kind: 'resolved'; readonly ts: Timestamp };

/** All commits to a range of rows; see feed/change-feed.ts for what it promises. */
export interface ChangeFeed {
  /** Everything at or below was told. */
  readonly resolvedTs: Timestamp;
  readonly isOver: boolean;
  /**
   * Waits for the next items. Throws when the feed ended: `kv.feed-behind` when it was not read fast enough, `kv.region-unavailable` when nobody serves a
   * part of the range; `fields.resumeTs` is where the next feed goes on without a gap. One call at a time.
   */
  next(): Promise<readonly ChangeFeedItem[]>;
  close(): void;
}

export interface KvClient {
  readonly raw: RawClient;
  /** From the oracle; grows strictly. */
  timestamp(): MaybePromise<Timestamp>;
  snapshot(ts: Timestamp): Snapshot;
  begin(options: TransactionOptions): MaybePromise<Transaction>;
  /**
   * Changes whenever a key in the range may have changed since: equal answers mean an equal state. For caches of the column
   * engine. `undefined` when the store cannot tell.
   */
  dataVersion(range: KeyRange): number | undefined;
  /**
   * The largest commit timestamp in the range that this process has seen: a read from there on shows the present state. A cache may keep what was
   * read at `ts` under the present `dataVersion` only when `ts` is not below it. `undefined` when the store cannot tell.
   */
  lastChange?(range: KeyRange): Timestamp | undefined;
  /** Rows only: raw pairs have no history. Throws `kv.snapshot-too-old` when `fromTs` lies below the safe point. */
  feed?(range: KeyRange, options: ChangeFeedOptions): ChangeFeed;
  /** Versions below it may be gone. */
  safePoint(): Timestamp;
  /** Keeps the safe point below `ts` until released: long reads register here. */
  holdSafePoint(ts: Timestamp): { release(): void };
  close(): Promise<void>;
}

/**
 * What the local client needs from a store: the port that kv/store implements in the same process (in a cluster, the region
 * router will). Reads answer in the same turn when nothing stands in their way; writes answer through a callback, so that a
 * transaction costs one promise at its rim and none inside.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { LargeCommit, LockInfo, RawWrite, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { ChangeFeed, ChangeFeedOptions, KeyRange, KvBatch, ScanOptions, Timestamp } from './client.ts';

/** A timestamp ready for hot loops: the 64 bits, and their halves. */
export class ReadAt {
  readonly value: bigint;
  readonly high: number;
  readonly low: number;
  constructor(value: bigint) {
    this.value = value;
    this.high = Number(value >> 32n);
    this.low = Number(value & 0xffffffffn);
  }
}

/** A read met another transaction's lock: find out what becomes of it, then read again. */
export class LockedKey {
  readonly lock: LockInfo;
  constructor(lock: LockInfo) {
    this.lock = lock;
  }
}

export interface StoreReadContext {
  /** Transactions whose locks this reader may pass: rolled back, or committing above its timestamp. */
  readonly resolved: ReadonlySet<bigint> | undefined;
  /** Transactions known to be committed at or below the reader's timestamp. */
  readonly committed: ReadonlySet<bigint> | undefined;
}

export interface StoreScanner {
  /** Pushes up to `countMax` rows; after a `LockedKey` the rows below it were pushed and the next step goes on behind them. */
  step(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey>;
  /** Asks for the first pairs before they are wanted; a failure shows at `step`. Where it is missing nothing would be won. */
  ahead?(context: StoreReadContext | undefined): void;
  close(): void;
}

/** What to do about a lock that is in the way and whose owner is late. */
export type SettleLock = (lock: LockInfo) => Promise<void>;

export interface StorePort {
  get(
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey>;
  getMany(
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey>;
  scan(range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner;
  /** `done` is called exactly once, in this turn or later. */
  execute(command: TxnCommand, done: (outcome: TxnOutcome) => void): void;
  /** A transaction too large for one entry, in one call. Without it the client prewrites and commits in steps. */
  commitLarge?(command: LargeCommit, done: (outcome: TxnOutcome) => void): void;
  /** `done` is called when the lock of `startTs` on `key` is gone, or after `timeoutMs`. */
  whenUnlocked(key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void;
  rawGet(key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  rawGetMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]>;
  rawScan(range: KeyRange, options: ScanOptions | undefined): StoreScanner;
  rawWrite(writes: readonly RawWrite[], done: (error: Error | undefined) => void): void;
  dataVersion(range: KeyRange): number | undefined;
  lastChange?(range: KeyRange): Timestamp | undefined;
  /** See `KvClient.feed`. */
  feed?(range: KeyRange, options: ChangeFeedOptions, settle: SettleLock): ChangeFeed;
  /** A pessimistic lock command may fail with some of its keys locked: whoever sent it gives those back. */
  readonly locksInParts?: boolean;
  safePoint(): Timestamp;
  holdSafePoint(ts: Timestamp): { release(): void };
}

/** The oracle. Grows strictly over the whole cluster. */
export interface TimestampPort {
  next(): MaybePromise<Timestamp>;
}

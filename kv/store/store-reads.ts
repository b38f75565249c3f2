/**
 * Reading from a store: what the memory-resident state answers at once, and the waiting where it may not.
 *
 * A reader that meets a commit on its way waits here, in the same process, for a fraction of a millisecond. A reader that meets
 * a lock is told which (`LockedKey`): to find out what became of its transaction is the client's business.
 */
import { compareBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Timer, World } from '../../base/world.ts';
import type { LockInfo } from '../../proto/kv/command.ts';
import type { KeyRange, KvBatch, ScanOptions } from '../client/client.ts';
import { LockedKey, type ReadAt, type StoreReadContext, type StoreScanner } from '../client/store-port.ts';
import { Blocked, FIND_ABSENT, FIND_COLD, type HotPages, type KeyState, lockInfo, type Reader } from '../mvcc/index.ts';

export interface StoreReadsOptions {
  readonly reader: Reader;
  readonly rawPages: HotPages | undefined;
  readonly world: World;
  readonly inFlightWaitMs: number;
  readonly safePoint: () => bigint;
  /** Why the store is read-only, if it is. */
  readonly failure: () => RutileError | undefined;
  readonly onInFlightWait: () => void;
}

export class StoreReads {
  private readonly options: StoreReadsOptions;
  private readonly reader: Reader;

  constructor(options: StoreReadsOptions) {
    this.options = options;
    this.reader = options.reader;
  }

  // hot: bench/micro/txn.ts
  get(
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey> {
    this.checkReadable(at);
    const found = this.reader.get(key, at, context);
    if (found instanceof Blocked) return this.blockedRead(found.state, () => this.get(key, at, context));
    return found;
  }

  getMany(
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    this.checkReadable(at);
    const found = this.reader.getMany(keys, at, context);
    if (found instanceof Blocked) return this.blockedRead(found.state, () => this.getMany(keys, at, context));
    return found;
  }

  scan(range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    this.checkReadable(at);
    return new StoreScan(this, this.reader, range, at, options);
  }

  rawGet(key: Uint8Array): Uint8Array | undefined {
    if (key.length === 0) return undefined;
    const pages = this.options.rawPages;
    if (pages !== undefined) {
      let found = pages.find(key);
      if (found === FIND_COLD && pages.warm(key)) found = pages.find(key);
      if (found === FIND_ABSENT) return undefined;
      if (found > FIND_ABSENT) return pages.bytes.subarray(pages.start, pages.end);
    }
    return this.reader.versions.engine.get('raw', key);
  }

  rawGetMany(keys: readonly Uint8Array[]): (Uint8Array | undefined)[] {
    return keys.map((key) => this.rawGet(key));
  }

  whenUnlocked(key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    const state = this.reader.locks.state(key);
    if (state === undefined || (state.lock?.startTs !== startTs && state.pessimistic?.startTs !== startTs)) done();
    else this.waitForState(state, timeoutMs, done);
  }

  /** Locks at or below `maxTs` in a range, for tools and the collectors of other clients. */
  scanLocks(range: KeyRange, maxTs: bigint, limit: number): LockInfo[] {
    const found: LockInfo[] = [];
    for (
      const cursor = this.reader.locks.states.seek(range.lower);
      cursor.valid && found.length < limit;
      cursor.next()
    ) {
      const { key, lock } = cursor.value;
      if (range.upper.length > 0 && compareBytes(key, range.upper) >= 0) break;
      if (lock !== undefined && lock.startTs <= maxTs) found.push(lockInfo(key, lock));
    }
    return found;
  }

  /** Waits for a commit on its way, or names the lock. */
  whenPassable(state: KeyState): MaybePromise<LockedKey | undefined> {
    return this.blockedRead<undefined>(state, () => undefined);
  }

  private blockedRead<T>(state: KeyState, again: () => MaybePromise<T>): MaybePromise<T | LockedKey> {
    if (state.commitTsInFlight === 0n) return new LockedKey(lockInfo(state.key, state.lock!));
    this.options.onInFlightWait();
    return new Promise<T>((resolve, reject) => {
      const cause = this.options.failure();
      if (cause !== undefined) {
        reject(
          new RutileError(
            'kv.undetermined',
            'a commit on its way to this key was cut off; only a restart can tell its end',
            { cause },
          ),
        );
        return;
      }
      this.waitForState(state, this.options.inFlightWaitMs, () => {
        try {
          resolve(again());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  private waitForState(state: KeyState, timeoutMs: number, done: () => void): void {
    let over = false;
    let timer: Timer | undefined;
    const finish = () => {
      if (over) return;
      over = true;
      timer?.cancel();
      done();
    };
    (state.waiters ??= []).push(finish);
    timer = this.options.world.timers.after(timeoutMs, finish);
  }

  checkReadable(at: ReadAt): void {
    const safePoint = this.options.safePoint();
    if (at.value < safePoint) throw tooOld(at.value, safePoint);
  }
}

/** A scan that waits for commits on their way and hands locks to its client. */
class StoreScan implements StoreScanner {
  private readonly reads: StoreReads;
  private readonly at: ReadAt;
  private readonly scan: ReturnType<Reader['scan']>;

  constructor(reads: StoreReads, reader: Reader, range: KeyRange, at: ReadAt, options: ScanOptions | undefined) {
    this.reads = reads;
    this.at = at;
    this.scan = reader.scan({ lower: range.lower, upper: range.upper.length === 0 ? undefined : range.upper }, at, {
      reverse: options?.reverse === true,
      long: options?.long === true,
      limit: options?.limit ?? 64,
    });
  }

  step(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    // The safe point may have passed a scan that nobody held it for: an error then, not rows that miss what was collected.
    this.reads.checkReadable(this.at);
    const stepped = this.scan.step(batch, countMax, context);
    if (stepped instanceof Promise) return stepped.then((result) => this.settle(result, batch, countMax, context));
    return this.settle(stepped, batch, countMax, context);
  }

  close(): void {
    this.scan.close();
  }

  private settle(
    result: 'more' | 'end' | Blocked,
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    if (!(result instanceof Blocked)) return result;
    // What was found below the blocking key goes out first; the next step will meet it again, or no longer.
    if (batch.count > 0) return 'more';
    const passable = this.reads.whenPassable(result.state);
    if (isPromise(passable)) return passable.then((locked) => locked ?? this.step(batch, countMax, context));
    return passable ?? this.step(batch, countMax, context);
  }
}

export function tooOld(ts: bigint, safePoint: bigint): RutileError {
  return new RutileError(
    'kv.snapshot-too-old',
    `timestamp ${ts} lies below the safe point ${safePoint}: versions it needs may be gone`,
    {
      fields: { ts, safePoint },
    },
  );
}

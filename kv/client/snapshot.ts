/**
 * Reads at one timestamp. What lies in memory is answered in the same turn, as a value; a promise means that a lock, a commit on
 * its way or a long scan had to be waited for.
 */
import { assert } from '../../base/assert.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import { type KeyRange, KvBatch, type Scanner, type ScanOptions, type Snapshot, type Timestamp } from './client.ts';
import type { LockResolver } from './lock-resolver.ts';
import { LockedKey, ReadAt, type StorePort, type StoreReadContext, type StoreScanner } from './store-port.ts';

export class LocalSnapshot implements Snapshot {
  readonly store: StorePort;
  readonly resolver: LockResolver;
  at: ReadAt;
  /** Locks this reader has learned to pass. */
  private passed: Set<bigint> | undefined = undefined;
  private context: StoreReadContext | undefined = undefined;

  /** `own`: the start timestamp of a transaction that looks past its own locks. */
  constructor(store: StorePort, resolver: LockResolver, ts: Timestamp, own?: Timestamp) {
    this.store = store;
    this.resolver = resolver;
    this.at = new ReadAt(ts);
    if (own === undefined) return;
    this.passed = new Set([own]);
    this.context = { resolved: this.passed, committed: undefined };
  }

  get ts(): Timestamp {
    return this.at.value;
  }

  /** What was learned holds for the old timestamp only. */
  moveTo(ts: Timestamp): void {
    if (this.at.value === ts) return;
    this.at = new ReadAt(ts);
    this.passed = undefined;
    this.context = undefined;
  }

  // hot: bench/micro/txn.ts
  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    const found = this.store.get(key, this.at, this.context);
    if (found === undefined || found instanceof Uint8Array) return found;
    return this.getSlowly(key, found);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    const found = this.store.getMany(keys, this.at, this.context);
    if (Array.isArray(found)) return found;
    return this.getManySlowly(keys, found);
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    return new LocalScanner(this, this.store.scan(range, this.at, options), options?.limit ?? Infinity);
  }

  /** A scan met a lock: returns when it may go on, with what it may pass. */
  async pass(locked: LockedKey, patience: ReturnType<LockResolver['patience']>): Promise<StoreReadContext | undefined> {
    this.passed ??= new Set();
    await this.resolver.resolve(locked.lock, this.at.value, this.passed, patience);
    if (this.passed.size > 0) this.context = { resolved: this.passed, committed: undefined };
    return this.context;
  }

  get readContext(): StoreReadContext | undefined {
    return this.context;
  }

  private async getSlowly(
    key: Uint8Array,
    first: LockedKey | Promise<Uint8Array | undefined | LockedKey>,
  ): Promise<Uint8Array | undefined> {
    const patience = this.resolver.patience();
    for (let found = await first; ; found = await this.store.get(key, this.at, this.context)) {
      if (!(found instanceof LockedKey)) return found;
      await this.pass(found, patience);
    }
  }

  private async getManySlowly(
    keys: readonly Uint8Array[],
    first: LockedKey | Promise<(Uint8Array | undefined)[] | LockedKey>,
  ): Promise<(Uint8Array | undefined)[]> {
    const patience = this.resolver.patience();
    for (let found = await first; ; found = await this.store.getMany(keys, this.at, this.context)) {
      if (!(found instanceof LockedKey)) return found;
      await this.pass(found, patience);
    }
  }
}

class LocalScanner implements Scanner {
  private readonly snapshot: LocalSnapshot;
  private readonly scanner: StoreScanner;
  private left: number;
  private finished = false;

  constructor(snapshot: LocalSnapshot, scanner: StoreScanner, limit: number) {
    this.snapshot = snapshot;
    this.scanner = scanner;
    this.left = limit;
  }

  // hot: bench/micro/txn.ts
  next(countMax: number): MaybePromise<KvBatch | undefined> {
    assert(countMax > 0, 'a scan step asks for something');
    if (this.finished || this.left <= 0) {
      this.close();
      return undefined;
    }
    const batch = new KvBatch();
    const wanted = countMax < this.left ? countMax : this.left;
    for (;;) {
      const stepped = this.scanner.step(batch, wanted, this.snapshot.readContext);
      if (stepped === 'end' || stepped === 'more') {
        if (stepped === 'end') this.finished = true;
        else if (batch.count === 0) continue;
        return this.take(batch);
      }
      return this.nextSlowly(batch, wanted, stepped);
    }
  }

  close(): void {
    this.finished = true;
    this.scanner.close();
  }

  private take(batch: KvBatch): KvBatch | undefined {
    this.left -= batch.count;
    return batch.count === 0 ? undefined : batch;
  }

  private async nextSlowly(
    batch: KvBatch,
    wanted: number,
    first: LockedKey | Promise<'more' | 'end' | LockedKey>,
  ): Promise<KvBatch | undefined> {
    const patience = this.snapshot.resolver.patience();
    for (let stepped = await first; ; stepped = await this.scanner.step(batch, wanted, this.snapshot.readContext)) {
      if (stepped instanceof LockedKey) {
        await this.snapshot.pass(stepped, patience);
        // What lay before the lock is given out: with it the next step would bring more than were asked for.
        if (batch.count > 0) return this.take(batch);
      } else if (stepped === 'end') {
        this.finished = true;
        return this.take(batch);
      } else if (batch.count > 0) return this.take(batch);
    }
  }
}

/** Raw scans know no locks. */
export class PlainScanner implements Scanner {
  private readonly scanner: StoreScanner;
  private left: number;

  constructor(scanner: StoreScanner, limit: number) {
    this.scanner = scanner;
    this.left = limit;
  }

  next(countMax: number): MaybePromise<KvBatch | undefined> {
    assert(countMax > 0, 'a scan step asks for something');
    if (this.left <= 0) {
      this.close();
      return undefined;
    }
    const batch = new KvBatch();
    const wanted = Math.min(countMax, this.left);
    for (;;) {
      const stepped = this.scanner.step(batch, wanted, undefined);
      if (stepped instanceof Promise) return this.nextSlowly(batch, wanted, stepped);
      if (stepped === 'end' || batch.count > 0) return this.take(batch);
    }
  }

  close(): void {
    this.left = 0;
    this.scanner.close();
  }

  private async nextSlowly(batch: KvBatch, wanted: number, first: Promise<unknown>): Promise<KvBatch | undefined> {
    for (let stepped = await first; ; stepped = await this.scanner.step(batch, wanted, undefined)) {
      if (stepped === 'end' || batch.count > 0) return this.take(batch);
    }
  }

  private take(batch: KvBatch): KvBatch | undefined {
    this.left -= batch.count;
    return batch.count === 0 ? undefined : batch;
  }
}

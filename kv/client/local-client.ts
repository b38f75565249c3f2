/**
 * `LocalKvClient`: the key-value door of a process that holds the store itself. Plain calls, no wire.
 *
 * It owns what transactions share: the resolver of foreign locks, the timer that keeps locks of open transactions alive, and the
 * safe point, which open transactions and long reads hold back.
 */
import { RutileError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Timer, World } from '../../base/world.ts';
import type { RawWrite } from '../../proto/kv/command.ts';
import { notOffered } from './feed/change-feed.ts';
import type {
  ChangeFeed,
  ChangeFeedOptions,
  KeyRange,
  KvClient,
  RawClient,
  Scanner,
  ScanOptions,
  Snapshot,
  Timestamp,
  Transaction,
  TransactionOptions,
} from './client.ts';
import { LockResolver } from './lock-resolver.ts';
import { LocalSnapshot, PlainScanner } from './snapshot.ts';
import type { StorePort, TimestampPort } from './store-port.ts';
import { type ClientLimits, LocalTransaction, type TransactionHome } from './transaction.ts';

const MIB = 1024 * 1024;

export const CLIENT_LIMITS: ClientLimits = {
  txnSizeBytesMax: 100 * MIB,
  onePhaseSizeBytesMax: 4 * MIB,
  onePhaseKeysMax: 2048,
  keysPerCommandMax: 8192,
  lockTtlMs: 20_000,
  lockWaitMsMax: 20_000,
};

export interface LocalKvClientOptions {
  readonly store: StorePort;
  readonly timestamps: TimestampPort;
  readonly world: World;
  readonly limits?: Partial<ClientLimits>;
}

export class LocalKvClient implements KvClient, TransactionHome {
  readonly raw: RawClient;
  readonly store: StorePort;
  readonly timestamps: TimestampPort;
  readonly resolver: LockResolver;
  readonly limits: ClientLimits;
  readonly world: World;
  /** Open transactions; their oldest start holds the safe point. */
  private readonly open = new Set<LocalTransaction>();
  private readonly work = new Set<Promise<void>>();
  private readonly feeds = new Set<ChangeFeed>();
  private readonly heartbeats: Timer;
  private hold: { release(): void } | undefined = undefined;
  private isClosed = false;

  constructor(options: LocalKvClientOptions) {
    this.store = options.store;
    this.timestamps = options.timestamps;
    this.world = options.world;
    this.limits = { ...CLIENT_LIMITS, ...options.limits };
    this.resolver = new LockResolver({
      store: this.store,
      timestamps: this.timestamps,
      clock: this.world.clock,
      waitMsMax: this.limits.lockWaitMsMax,
    });
    this.raw = new LocalRawClient(this.store);
    this.heartbeats = this.world.timers.every(this.limits.lockTtlMs / 4, () => this.tick());
  }

  timestamp(): MaybePromise<Timestamp> {
    return this.timestamps.next();
  }

  snapshot(ts: Timestamp): Snapshot {
    return new LocalSnapshot(this.store, this.resolver, ts);
  }

  // hot
  begin(options: TransactionOptions): MaybePromise<Transaction> {
    if (this.isClosed) throw new RutileError('kv.closed', 'the key-value client is closed');
    const startTs = this.timestamps.next();
    const sizeBytesMax = options.sizeBytesMax ?? this.limits.txnSizeBytesMax;
    if (isPromise(startTs)) return startTs.then((ts) => new LocalTransaction(this, ts, sizeBytesMax, options));
    return new LocalTransaction(this, startTs, sizeBytesMax, options);
  }

  dataVersion(range: KeyRange): number | undefined {
    return this.store.dataVersion(range);
  }

  lastChange(range: KeyRange): Timestamp | undefined {
    return this.store.lastChange?.(range);
  }

  feed(range: KeyRange, options: ChangeFeedOptions): ChangeFeed {
    if (this.isClosed) throw new RutileError('kv.closed', 'the key-value client is closed');
    if (this.store.feed === undefined) throw notOffered();
    const { resolver } = this;
    const feed = this.store.feed(range, options, (lock) => resolver.resolve(lock, 0n, undefined, resolver.patience()));
    for (const one of this.feeds) if (one.isOver) this.feeds.delete(one);
    this.feeds.add(feed);
    return feed;
  }

  safePoint(): Timestamp {
    return this.store.safePoint();
  }

  holdSafePoint(ts: Timestamp): { release(): void } {
    return this.store.holdSafePoint(ts);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.heartbeats.cancel();
    this.hold?.release();
    for (const feed of this.feeds) feed.close();
    for (const transaction of this.open) await transaction.rollback();
    while (this.work.size > 0) await Promise.all(this.work);
  }

  // ---- what transactions call

  wallMs(): number {
    return this.world.clock.wallMs();
  }

  opened(transaction: LocalTransaction): void {
    this.open.add(transaction);
  }

  closed(transaction: LocalTransaction): void {
    this.open.delete(transaction);
  }

  background(work: Promise<void>): void {
    this.work.add(work);
    const done = () => void this.work.delete(work);
    // A failure here leaves locks that whoever finds them resolves; the commit itself was acknowledged.
    work.then(done, done);
  }

  /** Keeps locks alive, and the safe point below the oldest open transaction. */
  private tick(): void {
    let oldest: bigint | undefined;
    for (const transaction of this.open) {
      transaction.heartbeat();
      if (oldest === undefined || transaction.startTs < oldest) oldest = transaction.startTs;
    }
    const before = this.hold;
    // Too old to be held: its reads say so themselves.
    this.hold = oldest === undefined || oldest < this.store.safePoint() ? undefined : this.store.holdSafePoint(oldest);
    before?.release();
  }
}

class LocalRawClient implements RawClient {
  private readonly store: StorePort;

  constructor(store: StorePort) {
    this.store = store;
  }

  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    return this.store.rawGet(key);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    return this.store.rawGetMany(keys);
  }

  put(key: Uint8Array, value: Uint8Array): Promise<void> {
    return this.write([{ kind: 'put', key, value }]);
  }

  putMany(pairs: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): Promise<void> {
    return this.write(pairs.map(({ key, value }) => ({ kind: 'put', key, value })));
  }

  delete(key: Uint8Array): Promise<void> {
    return this.write([{ kind: 'delete', key }]);
  }

  deleteMany(keys: readonly Uint8Array[]): Promise<void> {
    return this.write(keys.map((key) => ({ kind: 'delete', key })));
  }

  deleteRange(range: KeyRange): Promise<void> {
    return this.write([{ kind: 'delete-range', lower: range.lower, upper: range.upper }]);
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    return new PlainScanner(this.store.rawScan(range, options), options?.limit ?? Infinity);
  }

  private write(writes: readonly RawWrite[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.store.rawWrite(writes, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }
}

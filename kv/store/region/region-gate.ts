/**
 * `RegionGate`: the store as the router addresses it. Every call names a region and the epoch it was routed by; the gate lets it
 * through only when that is how things are, here and now, and checks again whatever was answered later than asked, since the
 * region may have changed hands in between. An answer that fails the second check is thrown away: the caller asks whoever is
 * right.
 */
import { RutileError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { LargeCommit, RawWrite, TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';
import { RAW_SPACE, ROW_SPACE, type Space } from '../../../proto/kv/region.ts';
import type { KeyRange, KvBatch, ScanOptions, Timestamp } from '../../client/client.ts';
import type { RegionFeed, RegionFeedRequest } from '../../client/feed/region-feed.ts';
import type { RegionRef, RegionStorePort } from '../../client/region-store.ts';
import type { LockedKey, ReadAt, StorePort, StoreReadContext, StoreScanner } from '../../client/store-port.ts';
import { keysOf } from '../command-keys.ts';
import type { Peer, RegionPeers } from './peer.ts';
import type { Regions } from './regions.ts';

/** Who tells of a region's changes: feed/feeds.ts. */
export interface FeedSource<G> {
  open(peer: Peer<G>, request: RegionFeedRequest): RegionFeed;
}

export class RegionGate<G> implements RegionStorePort {
  private readonly store: StorePort;
  private readonly regions: Regions<G>;
  private readonly feeds: FeedSource<G>;
  private readonly peers: RegionPeers<G>;

  constructor(store: StorePort, regions: Regions<G>, feeds: FeedSource<G>) {
    this.store = store;
    this.regions = regions;
    this.feeds = feeds;
    this.peers = regions.peers;
  }

  // ---- reads

  // hot
  get(
    region: RegionRef,
    key: Uint8Array,
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<Uint8Array | undefined | LockedKey> {
    // As `read` does it, but without a function for what nearly always answers at once.
    const { consensus, calls } = this.check(region);
    if (calls.isDue()) calls.keep(ROW_SPACE, key, undefined);
    if (!consensus.canRead) return this.readLater(region, () => this.store.get(key, at, context));
    const { term } = consensus;
    const found = this.store.get(key, at, context);
    if (!isPromise(found)) return found;
    return this.whenHeld(region, term, found, () => this.store.get(key, at, context));
  }

  getMany(
    region: RegionRef,
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    return this.read(region, () => this.store.getMany(keys, at, context), ROW_SPACE, keys[0]);
  }

  scan(region: RegionRef, range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    const { calls } = this.check(region);
    if (calls.isDue()) calls.keep(ROW_SPACE, range.lower, range.upper);
    return new GatedScanner(this, region, this.store.scan(range, at, options));
  }

  rawGet(region: RegionRef, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    return this.read(region, () => this.store.rawGet(key), RAW_SPACE, key);
  }

  rawGetMany(region: RegionRef, keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    return this.read(region, () => this.store.rawGetMany(keys), RAW_SPACE, keys[0]);
  }

  rawScan(region: RegionRef, range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    const { calls } = this.check(region);
    if (calls.isDue()) calls.keep(RAW_SPACE, range.lower, range.upper);
    return new GatedScanner(this, region, this.store.rawScan(range, options));
  }

  whenUnlocked(region: RegionRef, key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    this.check(region);
    this.store.whenUnlocked(key, startTs, timeoutMs, done);
  }

  dataVersion(region: RegionRef, range: KeyRange): number | undefined {
    return this.check(region).consensus.canRead ? this.store.dataVersion(range) : undefined;
  }

  lastChange(region: RegionRef, range: KeyRange): Timestamp | undefined {
    return this.check(region).consensus.canRead ? this.store.lastChange?.(range) : undefined;
  }

  feed(region: RegionRef, request: RegionFeedRequest): RegionFeed {
    return this.feeds.open(this.check(region), request);
  }

  // ---- commands: the store looks at the bounds again when their turn comes

  // hot
  execute(region: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) return done({ kind: 'failed', error: refused });
    const { calls } = this.peers.get(region.id)!;
    if (calls.isDue()) {
      const first = keysOf(command)[0];
      if (first !== undefined) calls.keep(ROW_SPACE, first instanceof Uint8Array ? first : first.key, undefined);
    }
    this.store.execute(command, done);
  }

  commitLarge(region: RegionRef, command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) done({ kind: 'failed', error: refused });
    else this.store.commitLarge!(command, done);
  }

  rawWrite(region: RegionRef, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) return done(refused);
    const { calls } = this.peers.get(region.id)!;
    const first = writes[0];
    if (first !== undefined && calls.isDue())
      calls.keep(RAW_SPACE, first.kind === 'delete-range' ? first.lower : first.key, undefined);
    this.store.rawWrite(writes, done);
  }

  // ---- checking

  /** Throws what `refuse` says. */
  // hot
  check(region: RegionRef): Peer<G> {
    const peer = this.peers.sole ?? this.peers.get(region.id);
    if (peer === undefined || peer.region.id !== region.id) throw this.regions.missing(region.id);
    const { epoch } = peer.region;
    if (epoch.version !== region.version) throw this.regions.changed(peer);
    if (!peer.serves) throw this.regions.notServing(peer);
    return peer;
  }

  private refuse(region: RegionRef): Error | undefined {
    try {
      this.check(region);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** Under the lease at once; else after a round that confirms leadership. */
  // hot
  read<T>(region: RegionRef, run: () => MaybePromise<T>, space?: Space, key?: Uint8Array): MaybePromise<T> {
    const { consensus, calls } = this.check(region);
    if (key !== undefined && calls.isDue()) calls.keep(space!, key, undefined);
    if (!consensus.canRead) return this.readLater(region, run);
    const { term } = consensus;
    const found = run();
    if (!isPromise(found)) return found;
    return this.whenHeld(region, term, found, run);
  }

  /** What came later counts when this store led all the while; else it is done once more. */
  async whenHeld<T>(region: RegionRef, term: number, found: Promise<T>, run: () => MaybePromise<T>): Promise<T> {
    const value = await found;
    return (await this.holds(region, term)) ? value : this.readLater(region, run);
  }

  async readLater<T>(region: RegionRef, run: () => MaybePromise<T>): Promise<T> {
    for (;;) {
      const { consensus } = this.check(region);
      const { term } = consensus;
      await consensus.whenReadable();
      this.check(region);
      const found = run();
      if (!isPromise(found)) return found;
      const value = await found;
      if (await this.holds(region, term)) return value;
    }
  }

  /**
   * What was answered later than asked waited for something, and had another led meanwhile, that may have ended here otherwise than it
   * did there.
   */
  private async holds(region: RegionRef, term: number): Promise<boolean> {
    const peer = this.check(region);
    return (await peer.stillLeads(term)) && this.check(region) === peer;
  }
}

function moved(): RutileError {
  return new RutileError('kv.not-leader', 'leadership changed during a scan', {
    retry: 'refresh',
    fields: { leaderStoreId: 0 },
  });
}

class GatedScanner<G> implements StoreScanner {
  private readonly gate: RegionGate<G>;
  private readonly region: RegionRef;
  private readonly scanner: StoreScanner;

  constructor(gate: RegionGate<G>, region: RegionRef, scanner: StoreScanner) {
    this.gate = gate;
    this.region = region;
    this.scanner = scanner;
  }

  // hot
  step(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    const before = batch.count;
    const { consensus } = this.gate.check(this.region);
    const stepped = consensus.canRead
      ? this.stepNow(batch, countMax, context, consensus.term)
      : this.gate.readLater(this.region, () => this.stepOnce(batch, countMax, context));
    if (!isPromise(stepped)) {
      this.stepped = false;
      return stepped;
    }
    return stepped.then(
      (result) => {
        this.stepped = false;
        return result;
      },
      (error: unknown) => {
        batch.count = before;
        throw error;
      },
    );
  }

  /** Done once more: what the first time brought is not to be trusted, and the scan stands behind it. */
  private stepped = false;

  private stepOnce(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    if (this.stepped) throw moved();
    this.stepped = true;
    return this.scanner.step(batch, countMax, context);
  }

  private stepNow(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
    term: number,
  ): MaybePromise<'more' | 'end' | LockedKey> {
    const stepped = this.stepOnce(batch, countMax, context);
    if (!isPromise(stepped)) return stepped;
    return this.gate.whenHeld(this.region, term, stepped, () => this.stepOnce(batch, countMax, context));
  }

  close(): void {
    this.scanner.close();
  }
}

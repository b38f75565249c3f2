/**
 * `RegionGate`: the store as the router addresses it. Every call names a region and the epoch it was routed by; the gate lets it
 * through only when that is how things are, here and now, and checks again whatever was answered later than asked, since the
 * region may have changed hands in between. An answer that fails the second check is thrown away: the caller asks whoever is
 * right.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { LargeCommit, RawWrite, TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';
import type { KeyRange, KvBatch, ScanOptions, Timestamp } from '../../client/client.ts';
import type { RegionRef, RegionStorePort } from '../../client/region-store.ts';
import type { LockedKey, ReadAt, StorePort, StoreReadContext, StoreScanner } from '../../client/store-port.ts';
import type { RegionPeers } from './peer.ts';
import { noRegion, type Regions } from './regions.ts';

export class RegionGate<G> implements RegionStorePort {
  private readonly store: StorePort;
  private readonly regions: Regions<G>;
  private readonly peers: RegionPeers<G>;

  constructor(store: StorePort, regions: Regions<G>) {
    this.store = store;
    this.regions = regions;
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
    this.check(region);
    const found = this.store.get(key, at, context);
    return isPromise(found) ? this.later(region, found) : found;
  }

  getMany(
    region: RegionRef,
    keys: readonly Uint8Array[],
    at: ReadAt,
    context: StoreReadContext | undefined,
  ): MaybePromise<(Uint8Array | undefined)[] | LockedKey> {
    this.check(region);
    const found = this.store.getMany(keys, at, context);
    return isPromise(found) ? this.later(region, found) : found;
  }

  scan(region: RegionRef, range: KeyRange, at: ReadAt, options: ScanOptions | undefined): StoreScanner {
    this.check(region);
    return new GatedScanner(this, region, this.store.scan(range, at, options));
  }

  rawGet(region: RegionRef, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    this.check(region);
    const found = this.store.rawGet(key);
    return isPromise(found) ? this.later(region, found) : found;
  }

  rawGetMany(region: RegionRef, keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    this.check(region);
    const found = this.store.rawGetMany(keys);
    return isPromise(found) ? this.later(region, found) : found;
  }

  rawScan(region: RegionRef, range: KeyRange, options: ScanOptions | undefined): StoreScanner {
    this.check(region);
    return new GatedScanner(this, region, this.store.rawScan(range, options));
  }

  whenUnlocked(region: RegionRef, key: Uint8Array, startTs: bigint, timeoutMs: number, done: () => void): void {
    this.check(region);
    this.store.whenUnlocked(key, startTs, timeoutMs, done);
  }

  dataVersion(region: RegionRef, range: KeyRange): number | undefined {
    this.check(region);
    return this.store.dataVersion(range);
  }

  lastChange(region: RegionRef, range: KeyRange): Timestamp | undefined {
    this.check(region);
    return this.store.lastChange?.(range);
  }

  // ---- commands: the store looks at the bounds again when their turn comes

  // hot
  execute(region: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) done({ kind: 'failed', error: refused });
    else this.store.execute(command, done);
  }

  commitLarge(region: RegionRef, command: LargeCommit, done: (outcome: TxnOutcome) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) done({ kind: 'failed', error: refused });
    else this.store.commitLarge!(command, done);
  }

  rawWrite(region: RegionRef, writes: readonly RawWrite[], done: (error: Error | undefined) => void): void {
    const refused = this.refuse(region);
    if (refused !== undefined) done(refused);
    else this.store.rawWrite(writes, done);
  }

  // ---- checking

  /** Throws what `refuse` says. */
  // hot
  check(region: RegionRef): void {
    const peer = this.peers.sole ?? this.peers.get(region.id);
    if (peer === undefined || peer.region.id !== region.id) throw noRegion();
    const { epoch } = peer.region;
    if (epoch.version !== region.version || epoch.confVersion !== region.confVersion) throw this.regions.changed(peer);
  }

  private refuse(region: RegionRef): Error | undefined {
    try {
      this.check(region);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  private async later<T>(region: RegionRef, answer: Promise<T>): Promise<T> {
    const found = await answer;
    this.check(region);
    return found;
  }
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
    this.gate.check(this.region);
    const before = batch.count;
    const stepped = this.scanner.step(batch, countMax, context);
    if (!isPromise(stepped)) return stepped;
    return stepped.then((result) => {
      try {
        this.gate.check(this.region);
      } catch (error) {
        batch.count = before;
        throw error;
      }
      return result;
    });
  }

  close(): void {
    this.scanner.close();
  }
}

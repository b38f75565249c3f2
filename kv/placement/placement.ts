/**
 * Placement in this process: the thin shell around the core. Changes go one after another: applied to the state and saved
 * whole; whoever asked is answered when the save is durable. Several changes that wait share the next save. What the core is
 * asked meanwhile (regions, stores) may run ahead of the disk; timestamps and ids never do: they are handed out below bounds
 * that are durable.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { World } from '../../base/world.ts';
import { type Command, PlacementCore, type ServiceHold, type StoreRecord } from './core.ts';
import { TimestampOracle, type Timestamps, toTimestamp, WINDOW_MS } from './oracle.ts';
import type { RegionInfo, ReportOutcome } from './region-map.ts';
import { PlacementStorage } from './storage.ts';

export interface Placement {
  readonly clusterId: number;
  /** Grows strictly. A promise only when the durable window has run out: the first one after a pause. */
  timestamp(): MaybePromise<bigint>;
  /** `count` timestamps of one millisecond; `logical` is the largest. */
  timestamps(count: number): MaybePromise<Timestamps>;
  /** The first of `count` ids that nobody else gets. */
  allocateIds(count: number): MaybePromise<number>;
  regionByKey(key: Uint8Array): RegionInfo | undefined;
  regionById(id: number): RegionInfo | undefined;
  /** The neighbour below the region that holds `key`. */
  previousRegion(key: Uint8Array): RegionInfo | undefined;
  /** Regions that overlap [lower, upper) in key order; empty `upper` is the end, `limit` 0 means all. */
  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): readonly RegionInfo[];
  reportRegion(region: RegionInfo): Promise<ReportOutcome>;
  stores(): readonly StoreRecord[];
  putStore(store: StoreRecord): Promise<void>;
  safePoint(): bigint;
  /** Moves the safe point towards `ts`, as far as holds allow; resolves to where it is then. */
  advanceSafePoint(ts: bigint): Promise<bigint>;
  /** Keeps the safe point at or below `ts` while this process reads there. Throws `placement.safe-point-passed`. */
  holdSafePoint(ts: bigint): { release(): void };
  /** The same for a service elsewhere, until a date, over restarts. A time to live of 0 ends it. */
  holdForService(service: string, ts: bigint, ttlMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface PlacementOptions {
  readonly folder: string;
  /** What a new cluster looks like: its first store (whose id and region's id placement draws) and where it listens. */
  readonly firstStore: { readonly address: string; readonly version: string };
}

const IDS_AT_ONCE = 1000;
/** Changes that may wait for a save. */
const WAITING_MAX = 10_000;
const NO_KEY = new Uint8Array(0);

export class LocalPlacement implements Placement {
  private readonly world: World;
  private readonly storage: PlacementStorage;
  private readonly core: PlacementCore;
  private readonly oracle: TimestampOracle;
  private idNext: number;
  /** Ids below it are durable ours. */
  private idBound: number;
  private waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  private saving: Promise<void> | undefined;
  private extending: Promise<void> | undefined;
  private reserving: Promise<void> | undefined;
  private failure: RutileError | undefined;
  private closed = false;

  static async open(world: World, options: PlacementOptions): Promise<LocalPlacement> {
    const { storage, core } = await PlacementStorage.open(world, options.folder);
    const placement = new LocalPlacement(world, storage, core);
    try {
      await placement.start(options);
      return placement;
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  private constructor(world: World, storage: PlacementStorage, core: PlacementCore) {
    this.world = world;
    this.storage = storage;
    this.core = core;
    this.oracle = new TimestampOracle(core.windowBoundMs);
    // What an earlier life had reserved and not used is skipped.
    this.idNext = core.idBound;
    this.idBound = core.idBound;
  }

  get clusterId(): number {
    return this.core.clusterId;
  }

  // hot: bench/micro/oracle.ts
  timestamp(): MaybePromise<bigint> {
    const found = this.timestamps(1);
    return found instanceof Promise
      ? found.then(({ physical, logical }) => toTimestamp(physical, logical))
      : toTimestamp(found.physical, found.logical);
  }

  timestamps(count: number): MaybePromise<Timestamps> {
    const nowMs = this.world.clock.wallMs();
    const found = this.oracle.next(count, nowMs);
    const wanted = this.oracle.wanted(nowMs);
    if (found) {
      // Ahead of need: a failure is met by whoever runs out of window.
      if (wanted !== undefined && !this.extending && !this.failure) this.extend(wanted).catch(() => undefined);
      return found;
    }
    return this.timestampsLater(count);
  }

  allocateIds(count: number): MaybePromise<number> {
    assert(Number.isSafeInteger(count) && count > 0, 'at least one id');
    if (this.idNext + count > this.idBound) return this.allocateLater(count);
    const first = this.idNext;
    this.idNext += count;
    return first;
  }

  regionByKey(key: Uint8Array): RegionInfo | undefined {
    return this.core.regions.byKey(key);
  }

  regionById(id: number): RegionInfo | undefined {
    return this.core.regions.get(id);
  }

  previousRegion(key: Uint8Array): RegionInfo | undefined {
    return this.core.regions.previous(key);
  }

  scanRegions(lower: Uint8Array, upper: Uint8Array, limit: number): readonly RegionInfo[] {
    return this.core.regions.scan(lower, upper, limit);
  }

  async reportRegion(region: RegionInfo): Promise<ReportOutcome> {
    const outcome = this.core.apply({ kind: 'report-region', region })!;
    if (outcome.kind === 'accepted') await this.saved();
    return outcome;
  }

  stores(): readonly StoreRecord[] {
    return [...this.core.stores.values()].sort((left, right) => left.id - right.id);
  }

  putStore(store: StoreRecord): Promise<void> {
    return this.change({ kind: 'put-store', store });
  }

  safePoint(): bigint {
    return this.core.safePoint;
  }

  async advanceSafePoint(ts: bigint): Promise<bigint> {
    const allowed = this.core.safePointTowards(ts, this.world.clock.wallMs());
    if (allowed > this.core.safePoint) await this.change({ kind: 'advance-safe-point', ts: allowed });
    return this.core.safePoint;
  }

  holdSafePoint(ts: bigint): { release(): void } {
    return this.core.holdLocally(ts);
  }

  async holdForService(service: string, ts: bigint, ttlMs: number): Promise<void> {
    if (ttlMs <= 0) {
      await this.change({ kind: 'release-hold', service });
      return;
    }
    this.core.checkHold(ts);
    const hold: ServiceHold = { service, ts, expiresAtMs: this.world.clock.wallMs() + ttlMs };
    await this.change({ kind: 'hold', hold });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.saving;
    await this.storage.close();
  }

  private async start(options: PlacementOptions): Promise<void> {
    const nowMs = this.world.clock.wallMs();
    if (this.core.clusterId === 0) {
      // Clients keep it as a 64-bit number and some as a float: below 2^53, and not near enough to zero to meet another's.
      this.core.apply({ kind: 'bootstrap', clusterId: 2 ** 40 + this.world.random.below(2 ** 52 - 2 ** 40) });
      const [storeId, regionId, peerId] = [1, 2, 3];
      this.core.apply({ kind: 'reserve-ids', bound: peerId + 1 });
      this.core.apply({ kind: 'put-store', store: { id: storeId, state: 'up', ...options.firstStore } });
      const peer = { id: peerId, storeId, role: 'voter' as const };
      const epoch = { confVersion: 1, version: 1 };
      this.core.apply({
        kind: 'report-region',
        region: { id: regionId, lower: NO_KEY, upper: NO_KEY, epoch, peers: [peer], leader: peer },
      });
    }
    this.idNext = this.core.idBound;
    const boundMs = Math.max(nowMs, this.core.windowBoundMs) + WINDOW_MS;
    this.core.apply({ kind: 'extend-window', boundMs });
    this.core.apply({ kind: 'reserve-ids', bound: this.idNext + IDS_AT_ONCE });
    await this.saved();
    this.oracle.extended(boundMs);
    this.idBound = this.core.idBound;
  }

  private async timestampsLater(count: number): Promise<Timestamps> {
    for (;;) {
      const nowMs = this.world.clock.wallMs();
      const found = this.oracle.next(count, nowMs);
      if (found) return found;
      await (this.extending ?? this.extend(this.oracle.wanted(nowMs) ?? nowMs + WINDOW_MS));
    }
  }

  private extend(boundMs: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        await this.change({ kind: 'extend-window', boundMs });
        this.oracle.extended(boundMs);
      } finally {
        this.extending = undefined;
      }
    };
    return (this.extending = work());
  }

  private async allocateLater(count: number): Promise<number> {
    while (this.idNext + count > this.idBound) await (this.reserving ?? this.reserve(count));
    const first = this.idNext;
    this.idNext += count;
    return first;
  }

  private reserve(count: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        const bound = this.core.idBound + Math.max(IDS_AT_ONCE, count);
        await this.change({ kind: 'reserve-ids', bound });
        this.idBound = bound;
      } finally {
        this.reserving = undefined;
      }
    };
    return (this.reserving = work());
  }

  private async change(command: Command): Promise<void> {
    this.requireOpen();
    this.core.apply(command);
    await this.saved();
  }

  /** Resolves when the state as it is now is durable. */
  private saved(): Promise<void> {
    this.requireOpen();
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.saving ??= this.save();
    });
  }

  private async save(): Promise<void> {
    while (this.waiting.length > 0) {
      const served = this.waiting.splice(0);
      try {
        if (this.failure) throw this.failure;
        await this.storage.save(this.core);
        for (const one of served) one.resolve();
      } catch (error) {
        this.failure = error as RutileError;
        for (const one of served) one.reject(this.failure);
      }
    }
    this.saving = undefined;
  }

  private requireOpen(): void {
    if (this.closed) throw new RutileError('placement.closed', 'Placement is closed');
    if (this.failure) throw this.failure;
    if (this.waiting.length >= WAITING_MAX)
      throw new RutileError('placement.overloaded', 'Too much waits for placement', { retry: 'same' });
  }
}

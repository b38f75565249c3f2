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
import type { Command, CommandResult, PlacementCore, ServiceHold, StoreRecord } from './core.ts';
import { ForwardClock } from './forward-clock.ts';
import { PlacementLeader } from './leader.ts';
import { type Timestamps, toTimestamp, WINDOW_MS } from './oracle.ts';
import type { RegionInfo, ReportOutcome } from './region-map.ts';
import type { PlacementMemberInfo } from './port.ts';
import type { Carrier } from './steward.ts';
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
  /** The store holds data already: then there is a state, or it was lost, and `open` fails with `placement.missing`. */
  readonly mustExist?: boolean;
  /** What a new cluster looks like: its first store (whose id and region's id placement draws) and where it listens. */
  readonly firstStore: { readonly address: string; readonly version: string };
}

/** Changes that may wait for a save. */
const WAITING_MAX = 10_000;
const NO_KEY = new Uint8Array(0);

export class LocalPlacement implements Placement, Carrier {
  /** Files of the state that `open` found damaged, and wrote anew from the other one: worth a warning. */
  readonly damagedCopies: readonly string[];
  private readonly world: World;
  private readonly storage: PlacementStorage;
  readonly core: PlacementCore;
  /** Alone, it leads for ever: the carrier of a steward (steward.ts). */
  readonly leads = true;
  readonly leaderId = 1;
  private readonly leader: PlacementLeader;
  private readonly clock: ForwardClock;
  private waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  private saving: Promise<void> | undefined;
  private extending: Promise<void> | undefined;
  private reserving: Promise<void> | undefined;
  private failure: RutileError | undefined;
  private closed = false;
  /** Where clients reach it; the wiring knows when its door is open. */
  clientUrl = '';

  static async open(world: World, options: PlacementOptions): Promise<LocalPlacement> {
    await world.disk.makeFolder(options.folder);
    if ((await world.disk.list(options.folder)).includes('image')) {
      throw new RutileError('placement.is-group', `${options.folder} belongs to a member of a placement group: start it with \`rutile placement\``, { fields: { folder: options.folder } }); // prettier-ignore
    }
    const { storage, core, damaged } = await PlacementStorage.open(world, options.folder, options.mustExist);
    const placement = new LocalPlacement(world, storage, core, damaged);
    try {
      await placement.start(options);
      return placement;
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  private constructor(world: World, storage: PlacementStorage, core: PlacementCore, damagedCopies: readonly string[]) {
    this.damagedCopies = damagedCopies;
    this.world = world;
    this.storage = storage;
    this.core = core;
    this.leader = new PlacementLeader(core, Infinity);
    this.clock = new ForwardClock(world.clock, core.windowBoundMs);
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
    const nowMs = this.clock.nowMs();
    const found = this.leader.timestamps(count, nowMs, 0);
    const wanted = this.leader.windowWanted(nowMs);
    if (found) {
      // Ahead of need: a failure is met by whoever runs out of window.
      if (wanted !== undefined && !this.extending && !this.failure) this.extend(wanted).catch(() => undefined);
      return found;
    }
    return this.timestampsLater(count);
  }

  allocateIds(count: number): MaybePromise<number> {
    return this.leader.ids(count) ?? this.allocateLater(count);
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
    const result = this.core.apply({ kind: 'report-region', region });
    assert(result.kind === 'region', 'a report has an outcome');
    const { outcome } = result;
    if (outcome.kind === 'accepted') await this.saved();
    return outcome;
  }

  stores(): readonly StoreRecord[] {
    return [...this.core.stores.values()].sort((left, right) => left.id - right.id);
  }

  async putStore(store: StoreRecord): Promise<void> {
    const result = await this.change({ kind: 'put-store', store });
    if (result.kind === 'refused') {
      throw new RutileError('placement.tombstone', `Store ${store.id} is a tombstone and stays one`, {
        fields: { id: store.id },
      });
    }
  }

  safePoint(): bigint {
    return this.core.safePoint;
  }

  async advanceSafePoint(ts: bigint): Promise<bigint> {
    const nowMs = this.world.clock.wallMs();
    const allowed = this.leader.safePointTowards(ts, nowMs);
    if (allowed > this.core.safePoint) await this.change({ kind: 'advance-safe-point', ts: allowed, nowMs });
    return this.core.safePoint;
  }

  holdSafePoint(ts: bigint): { release(): void } {
    return this.leader.hold(ts);
  }

  async holdForService(service: string, ts: bigint, ttlMs: number): Promise<void> {
    if (ttlMs <= 0) {
      await this.change({ kind: 'release-hold', service });
      return;
    }
    this.leader.checkHold(ts);
    const hold: ServiceHold = { service, ts, expiresAtMs: this.world.clock.wallMs() + ttlMs };
    const result = await this.change({ kind: 'hold', hold });
    if (result.kind !== 'refused') return;
    throw new RutileError('placement.overloaded', 'Too many services hold the safe point', { retry: 'same' });
  }

  // ---- the carrier of a steward

  requireLead(): void {
    this.requireOpen();
  }

  onLead(listener: (leads: boolean) => void): void {
    listener(true);
  }

  memberInfos(): readonly PlacementMemberInfo[] {
    return [{ id: this.leaderId, name: 'rutile', clientUrl: this.clientUrl, healthy: true }];
  }

  /** Ids at once, or `undefined` while more are reserved. */
  idsNow(count: number): number | undefined {
    const first = this.leader.ids(count);
    if (first === undefined && !this.reserving && !this.failure) this.reserve(count).catch(() => undefined);
    return first;
  }

  transferLeader(to: number): boolean {
    return to === this.leaderId;
  }

  addMember(): Promise<void> {
    return Promise.reject(new RutileError('placement.alone', 'this placement is of one process: nobody can join it'));
  }

  removeMember(): Promise<void> {
    return Promise.reject(new RutileError('placement.invalid', 'the only member stays'));
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
      // The first ids: the store's, the region's and its peer's.
      this.core.apply({ kind: 'reserve-ids', count: peerId });
      this.core.apply({ kind: 'put-store', store: { id: storeId, state: 'up', ...options.firstStore } });
      const peer = { id: peerId, storeId, role: 'voter' as const };
      const epoch = { confVersion: 1, version: 1 };
      this.core.apply({
        kind: 'report-region',
        region: { id: regionId, lower: NO_KEY, upper: NO_KEY, epoch, peers: [peer], leader: peer },
      });
    }
    // Above all that an earlier life may have used; what it had reserved and did not use is skipped.
    const boundMs = Math.max(nowMs, this.core.windowBoundMs) + WINDOW_MS;
    const results = [this.core.apply({ kind: 'extend-window', boundMs }), this.core.apply(this.leader.idsWanted(1))];
    await this.saved();
    for (const result of results) this.leader.applied(result);
  }

  private async timestampsLater(count: number): Promise<Timestamps> {
    for (;;) {
      const nowMs = this.clock.nowMs();
      const found = this.leader.timestamps(count, nowMs, 0);
      if (found) return found;
      await (this.extending ?? this.extend(this.leader.windowWanted(nowMs) ?? nowMs + WINDOW_MS));
    }
  }

  private extend(boundMs: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        this.leader.applied(await this.change({ kind: 'extend-window', boundMs }));
      } finally {
        this.extending = undefined;
      }
    };
    return (this.extending = work());
  }

  private async allocateLater(count: number): Promise<number> {
    for (;;) {
      const first = this.leader.ids(count);
      if (first !== undefined) return first;
      await (this.reserving ?? this.reserve(count));
    }
  }

  private reserve(count: number): Promise<void> {
    const work = async (): Promise<void> => {
      try {
        this.leader.applied(await this.change(this.leader.idsWanted(count)));
      } finally {
        this.reserving = undefined;
      }
    };
    return (this.reserving = work());
  }

  /** Durable when it resolves. */
  async change(command: Command): Promise<CommandResult> {
    this.requireOpen();
    const result = this.core.apply(command);
    if (result.kind !== 'refused') await this.saved();
    return result;
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

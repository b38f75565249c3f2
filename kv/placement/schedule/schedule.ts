/**
 * The schedule: heartbeats and ticks go in, instructions for regions' leaders come out. Pure and deterministic: same inputs, same seed, same
 * operators. It lives in the leader of placement and holds nothing durable: what it was told by people (stores, rules, settings,
 * schedulers) comes from the core by the `put` methods, the rest is heard again in a minute.
 *
 *     region heartbeat ─▶ region table ─▶ running operator: next step ─▶ drain()
 *     store heartbeat  ─▶ store table
 *     tick (1 s)       ─▶ time-outs, token buckets ─▶ checkers over a slice of the regions, schedulers ─▶ new operators ─▶ drain()
 *
 * Checkers walk all regions in turn, `patrolRegions` a tick, and those of stores that are down or leaving before all others, so that lost
 * replicas do not wait for the walk. Until most regions have been heard of nothing is scheduled: a new leader would take silence for loss.
 */
import type { Random } from '../../../base/world.ts';
import { type RegionHeartbeat, RegionTable, STALE } from '../regions/region-table.ts';
import { balanceLeaders, balanceRegions } from './balance.ts';
import { checkReplicas } from './check-replicas.ts';
import { checkMerge, checkSplit, hasPlainShape, isMergeable } from './check-shape.ts';
import { Cluster } from './cluster.ts';
import { DEFAULT_CONFIG, type ScheduleConfig } from './config.ts';
import { evictLeaders, SlowStoreWatch } from './evict.ts';
import { balanceHotRegions, HotRegions } from './hot.ts';
import { LOW } from './operator.ts';
import { type Instruction, Operators } from './operators.ts';
import { RuleSet } from './rules.ts';
import { Scatter } from './scatter.ts';
import { type StoreHeartbeat, type StoreMeta, StoreTable } from './store-table.ts';

export const SCHEDULERS = [
  'balance-leader-scheduler',
  'balance-region-scheduler',
  'balance-hot-region-scheduler',
  'evict-slow-store-scheduler',
  'evict-leader-scheduler',
] as const;
export type SchedulerName = (typeof SCHEDULERS)[number];
export type CheckerName = 'replica' | 'split' | 'merge';

export interface ScheduleOptions {
  readonly random: Random;
  /** A peer id from a reserved range; undefined while a new range is fetched. */
  nextPeerId(): number | undefined;
  readonly config?: ScheduleConfig;
  /** No region reaches over this key: merges stop there. */
  isBorder?(key: Uint8Array): boolean;
  /** Regions this many are known to exist (from an earlier life); the schedule waits for most of them. */
  readonly regionsExpected?: number;
}

export type RegionHeartbeatOutcome = 'accepted' | 'stale' | 'malformed';
/** `buried`: the store is a tombstone or unknown and must stop. */
export type StoreHeartbeatOutcome = 'accepted' | 'buried';

/** Seconds of the schedule. */
export interface Pause {
  readonly fromS: number;
  readonly untilS: number;
}

/** Seconds a fresh leader waits at most for regions it expects. */
const PREPARE_SECONDS = 300;
const PREPARED_SHARE = 0.8;

export class Schedule {
  readonly table = new RegionTable();
  readonly stores = new StoreTable();
  readonly operators = new Operators(this.table, this.stores);
  readonly hot = new HotRegions(this.table);
  readonly scatter = new Scatter();
  readonly rules: RuleSet;
  readonly cluster: Cluster;
  private readonly slowStores = new SlowStoreWatch();
  private readonly options: ScheduleOptions;
  private readonly disabled = new Set<SchedulerName>();
  private readonly pauses = new Map<string, Pause>();
  private patrolAt = 0;
  private startedAtS: number | undefined;

  constructor(options: ScheduleOptions) {
    this.options = options;
    const config = options.config ?? DEFAULT_CONFIG;
    this.rules = new RuleSet(config);
    this.cluster = new Cluster(
      {
        table: this.table,
        stores: this.stores,
        rules: this.rules,
        operators: this.operators,
        random: options.random,
        nextPeerId: () => options.nextPeerId(),
      },
      config,
    );
    this.table.onRemove = (slot) => this.hot.forget(slot);
  }

  get config(): ScheduleConfig {
    return this.cluster.config;
  }

  get nowS(): number {
    return this.stores.nowS;
  }

  configure(config: ScheduleConfig): void {
    this.cluster.config = config;
    this.rules.configure(config);
  }

  putStore(meta: StoreMeta): void {
    this.stores.put(meta, this.table.bagsOf(meta.id));
  }

  /** A tombstone is forgotten. */
  removeStore(id: number): void {
    this.stores.remove(id);
  }

  // hot: bench/micro/placement.ts
  regionHeartbeat(heartbeat: RegionHeartbeat): RegionHeartbeatOutcome {
    const slot = this.table.put(heartbeat, this.stores.nowS);
    if (slot < 0) return slot === STALE ? 'stale' : 'malformed';
    this.hot.heard(slot, heartbeat, this.stores.nowS, this.cluster.config);
    this.operators.heard(slot);
    return 'accepted';
  }

  storeHeartbeat(heartbeat: StoreHeartbeat): StoreHeartbeatOutcome {
    return this.stores.heartbeat(heartbeat) ? 'accepted' : 'buried';
  }

  tick(nowS: number): void {
    this.startedAtS ??= nowS;
    this.stores.tick(nowS, this.config);
    this.operators.tick();
    this.hot.tick(nowS);
    this.cluster.tick();
    if (!this.isPrepared()) return;
    if (this.isOn('evict-slow-store-scheduler')) this.slowStores.tick(this.cluster);
    else this.slowStores.release(this.cluster);
    if (this.isOn('evict-leader-scheduler') || this.isOn('evict-slow-store-scheduler')) evictLeaders(this.cluster);
    this.checkTroubled();
    this.patrol();
    if (this.isOn('balance-hot-region-scheduler')) balanceHotRegions(this.cluster, this.hot);
    if (this.isOn('balance-leader-scheduler')) balanceLeaders(this.cluster);
    if (this.isOn('balance-region-scheduler')) balanceRegions(this.cluster);
  }

  drain(): readonly Instruction[] {
    return this.operators.drain();
  }

  /** Offline stores that hold nothing any more: ready to be buried. */
  drained(): readonly number[] {
    return this.stores
      .all()
      .filter((entry) => entry.meta.state === 'offline' && entry.bags.regionCount === 0 && entry.influence.regions <= 0)
      .map((entry) => entry.id);
  }

  isPrepared(): boolean {
    const expected = this.options.regionsExpected ?? 0;
    if (this.table.count >= expected * PREPARED_SHARE) return true;
    return this.nowS - (this.startedAtS ?? this.nowS) >= PREPARE_SECONDS;
  }

  setScheduler(name: SchedulerName, enabled: boolean): void {
    if (enabled) this.disabled.delete(name);
    else this.disabled.add(name);
  }

  isEnabled(name: SchedulerName): boolean {
    return !this.disabled.has(name);
  }

  /** Of a scheduler or checker; 0 seconds resume it. */
  pause(name: string, seconds: number): void {
    if (seconds > 0) this.pauses.set(name, { fromS: this.nowS, untilS: this.nowS + seconds });
    else this.pauses.delete(name);
  }

  isPaused(name: string): boolean {
    return (this.pauses.get(name)?.untilS ?? 0) > this.nowS;
  }

  pauseOf(name: string): Pause | undefined {
    return this.isPaused(name) ? this.pauses.get(name) : undefined;
  }

  private isOn(name: SchedulerName): boolean {
    return this.isEnabled(name) && !this.isPaused(name);
  }

  /** Regions with a replica on a store that is down or leaving. */
  private checkTroubled(): void {
    if (this.isPaused('replica')) return;
    for (const entry of this.stores.all()) {
      if (entry.meta.state === 'tombstone' || this.cluster.stays(entry.id)) continue;
      let looks = this.config.patrolRegions / 4;
      for (const bag of entry.bags.bags) {
        for (let i = bag.count - 1; i >= 0 && looks > 0; i--, looks--) {
          // A token spent everywhere: no look can lead to anything in this turn.
          if (!this.operators.hasRoom('replica', this.config) || !this.cluster.mayAdd()) return;
          const slot = bag.slots[(i + this.patrolAt) % bag.count]!;
          // What runs there may never end: its next step could be with the store that is gone.
          const running = this.operators.of(this.table.ids[slot]!);
          if (running && (running.priority > LOW || running.createdAtS > entry.heardAtS)) continue;
          if (running) this.operators.cancel(running.regionId);
          checkReplicas(this.cluster, this.table.view(slot));
        }
      }
    }
  }

  private patrol(): void {
    const { table, cluster, hot } = this;
    const looks = Math.min(this.config.patrolRegions, table.slotEnd);
    const [replicas, splits, merges] = [!this.isPaused('replica'), !this.isPaused('split'), !this.isPaused('merge')];
    const context = { hot, isBorder: (key: Uint8Array) => this.options.isBorder?.(key) ?? false };
    for (let i = 0; i < looks; i++) {
      if (this.patrolAt >= table.slotEnd) this.patrolAt = 0;
      const slot = this.patrolAt++;
      const id = table.ids[slot]!;
      if (id === 0) continue;
      const plain = cluster.isPlain(slot);
      if (plain && hasPlainShape(cluster, slot, hot)) continue;
      // Half-way a change looks like a fault.
      if (this.operators.of(id)) continue;
      const region = table.view(slot);
      if (replicas && !plain && this.operators.hasRoom('replica', this.config) && checkReplicas(cluster, region))
        continue;
      if (splits && checkSplit(cluster, region, slot, hot)) continue;
      if (merges && isMergeable(cluster, slot)) checkMerge(cluster, region, slot, context);
    }
  }
}

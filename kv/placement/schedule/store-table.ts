/**
 * Stores as the schedule sees them: what is registered (address, labels, state), what they last said of themselves, and how far they may be
 * trusted now. Two things are kept apart: the *state* is an order of people and durable (up, offline: drain it, tombstone: gone for good),
 * the *health* follows from heartbeats and time and is not:
 *
 *     heard of lately ── up | silent for 20 s ── disconnected: gets nothing new | silent for 30 min ── down: its peers are replaced
 *
 * An offline store whose last peer has left becomes a tombstone; the schedule only proposes that, the core's command decides.
 */
import type { StoreBags } from '../regions/store-bags.ts';
import type { ScheduleConfig } from './config.ts';

export type StoreState = 'up' | 'offline' | 'tombstone';
export type StoreHealth = 'up' | 'disconnected' | 'down';

export interface StoreMeta {
  readonly id: number;
  readonly address: string;
  readonly version: string;
  readonly state: StoreState;
  readonly labels: Readonly<Record<string, string>>;
}

export interface StoreHeartbeat {
  readonly storeId: number;
  readonly capacityBytes: number;
  readonly availableBytes: number;
  readonly usedBytes: number;
  readonly sendingSnapshots: number;
  readonly receivingSnapshots: number;
  readonly applyingSnapshots: number;
  readonly busy: boolean;
  /** 1 is well, 100 is as slow as a store can be without being dead. */
  readonly slowScore: number;
  /** Seconds since 1970. */
  readonly startTimeS: number;
  readonly intervalSeconds: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
  readonly keysWritten: number;
  readonly keysRead: number;
}

const UNHEARD: StoreHeartbeat = {
  storeId: 0,
  capacityBytes: 0,
  availableBytes: 0,
  usedBytes: 0,
  sendingSnapshots: 0,
  receivingSnapshots: 0,
  applyingSnapshots: 0,
  busy: false,
  slowScore: 1,
  startTimeS: 0,
  intervalSeconds: 10,
  bytesWritten: 0,
  bytesRead: 0,
  keysWritten: 0,
  keysRead: 0,
};

/** What running operators will have added to a store when they are done. */
export interface Influence {
  leaders: number;
  regions: number;
  regionKib: number;
}

export class StoreEntry {
  meta: StoreMeta;
  stats: StoreHeartbeat = UNHEARD;
  heardAtS: number;
  readonly bags: StoreBags;
  readonly influence: Influence = { leaders: 0, regions: 0, regionKib: 0 };
  /** Its leaders are moved away, and none come: by order of people, or since it is slow. */
  evictedByOrder = false;
  evictedAsSlow = false;
  leaderWeight = 1;
  regionWeight = 1;
  /** Undefined: the cluster's limit. */
  limitAddPerMinute: number | undefined;
  limitRemovePerMinute: number | undefined;
  addTokens = 1;
  removeTokens = 1;

  constructor(meta: StoreMeta, bags: StoreBags, nowS: number) {
    this.meta = meta;
    this.bags = bags;
    // A store that was registered is given the time to speak.
    this.heardAtS = nowS;
  }

  get id(): number {
    return this.meta.id;
  }

  get evictLeaders(): boolean {
    return this.evictedByOrder || this.evictedAsSlow;
  }
}

export class StoreTable {
  private readonly byId = new Map<number, StoreEntry>();
  private sorted: StoreEntry[] = [];
  nowS = 0;

  get(id: number): StoreEntry | undefined {
    return this.byId.get(id);
  }

  /** By id, tombstones too. */
  all(): readonly StoreEntry[] {
    return this.sorted;
  }

  put(meta: StoreMeta, bags: StoreBags): StoreEntry {
    const before = this.byId.get(meta.id);
    if (before) {
      before.meta = meta;
      return before;
    }
    const entry = new StoreEntry(meta, bags, this.nowS);
    this.byId.set(meta.id, entry);
    this.sorted = [...this.byId.values()].sort((left, right) => left.id - right.id);
    return entry;
  }

  remove(id: number): void {
    this.byId.delete(id);
    this.sorted = this.sorted.filter((entry) => entry.id !== id);
  }

  /** False for a store that is not registered or is a tombstone: it must not serve. */
  heartbeat(stats: StoreHeartbeat): boolean {
    const entry = this.byId.get(stats.storeId);
    if (!entry || entry.meta.state === 'tombstone') return false;
    entry.stats = stats;
    entry.heardAtS = this.nowS;
    return true;
  }

  /** Refills the token buckets: a bucket holds what a minute gives, and at least one. */
  tick(nowS: number, config: ScheduleConfig): void {
    const seconds = nowS - this.nowS;
    this.nowS = nowS;
    for (const entry of this.sorted) {
      const add = entry.limitAddPerMinute ?? config.storeLimitAddPerMinute;
      const remove = entry.limitRemovePerMinute ?? config.storeLimitRemovePerMinute;
      entry.addTokens = Math.min(Math.max(1, add), entry.addTokens + (add * seconds) / 60);
      entry.removeTokens = Math.min(Math.max(1, remove), entry.removeTokens + (remove * seconds) / 60);
    }
  }

  health(entry: StoreEntry, config: ScheduleConfig): StoreHealth {
    const silent = this.nowS - entry.heardAtS;
    if (silent > config.maxStoreDownSeconds) return 'down';
    return silent > config.disconnectedSeconds ? 'disconnected' : 'up';
  }

  /** It serves what it has. */
  serves(entry: StoreEntry, config: ScheduleConfig): boolean {
    return entry.meta.state !== 'tombstone' && this.health(entry, config) === 'up';
  }

  mayLead(entry: StoreEntry, config: ScheduleConfig): boolean {
    return entry.meta.state === 'up' && !entry.evictLeaders && !entry.stats.busy && this.health(entry, config) === 'up';
  }

  /** May be given a peer, when it has a token left. */
  mayReceive(entry: StoreEntry, config: ScheduleConfig): boolean {
    const { stats } = entry;
    return (
      entry.meta.state === 'up' &&
      !stats.busy &&
      stats.sendingSnapshots <= config.maxSnapshotCount &&
      stats.receivingSnapshots + stats.applyingSnapshots <= config.maxSnapshotCount &&
      entry.bags.pendingCount <= config.maxPendingPeerCount &&
      this.health(entry, config) === 'up' &&
      !this.isLowSpace(entry, config)
    );
  }

  isLowSpace(entry: StoreEntry, config: ScheduleConfig): boolean {
    return usedRatio(entry) > config.lowSpaceRatio;
  }
}

export function usedRatio({ stats }: StoreEntry): number {
  return stats.capacityBytes > 0 ? 1 - stats.availableBytes / stats.capacityBytes : 0;
}

export function leaderScore(entry: StoreEntry): number {
  return (entry.bags.leaderCount + entry.influence.leaders) / entry.leaderWeight;
}

/**
 * What region balance makes equal: KiB of regions, with running operators counted as done. Between the two space ratios the
 * score grows up to threefold, so that a store that fills up gives away before it is full.
 */
export function regionScore(entry: StoreEntry, config: ScheduleConfig): number {
  const size = (entry.bags.regionKib + entry.influence.regionKib) / entry.regionWeight;
  const over = (usedRatio(entry) - config.highSpaceRatio) / (config.lowSpaceRatio - config.highSpaceRatio);
  return size * (1 + 2 * Math.min(1, Math.max(0, over)));
}

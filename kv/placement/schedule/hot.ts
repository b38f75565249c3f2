/**
 * Hot regions: which are read and written most, and keeping them apart. A region's rates decay with a half-life of a minute, so one busy
 * interval does not make it hot and one quiet interval does not make it cold; its *degree* counts heartbeats in a row that were
 * hot. The table is bounded: when it is full, the colder half goes and what may enter must be hotter than what was thrown out.
 *
 * Reads are served by leaders: a hot read region gets its leader moved. Writes happen at every replica: a replica is moved. Both only when the
 * store that takes it stands clearly below what the other had: the larger of the two loads falls with every move, so load is never carried to and fro. A region that was moved
 * counts as new.
 */
import type { RegionHeartbeat, RegionTable, RegionView } from '../regions/region-table.ts';
import { mayLeadByRules, movePeer, moveTo } from './balance.ts';
import type { Cluster } from './cluster.ts';
import type { ScheduleConfig } from './config.ts';
import { isJoint, MEDIUM } from './operator.ts';
import type { StoreEntry } from './store-table.ts';

export type HotKind = 'write' | 'read';

export interface HotRegion {
  readonly slot: number;
  readonly regionId: number;
  /** Bytes, keys and queries a second. */
  bytes: number;
  keys: number;
  queries: number;
  degree: number;
  heardAtS: number;
}

const HALF_LIFE_SECONDS = 60;
const HOT_REGIONS_MAX = 10_000;
const REGULAR_SECONDS = 10;
const DEGREE_MAX = 24;
/** A leader that says nothing for so long has left with its load. */
const FORGET_SECONDS = 180;
/** Differences below this share are noise. */
const TOLERANCE = 0.05;
const TRIED_REGIONS = 20;

export class HotRegions {
  private readonly kinds: Record<HotKind, Map<number, HotRegion>> = { write: new Map(), read: new Map() };
  private readonly floors: Record<HotKind, number> = { write: 0, read: 0 };
  private readonly table: RegionTable;

  constructor(table: RegionTable) {
    this.table = table;
  }

  of(kind: HotKind, slot: number): HotRegion | undefined {
    return this.kinds[kind].get(slot);
  }

  /** The hottest first. */
  all(kind: HotKind, degreeMin = 0): readonly HotRegion[] {
    const found = [...this.kinds[kind].values()].filter((one) => one.degree >= degreeMin);
    return found.sort((left, right) => right.bytes - left.bytes || left.regionId - right.regionId);
  }

  // hot: bench/micro/placement.ts
  heard(slot: number, heartbeat: RegionHeartbeat, nowS: number, config: ScheduleConfig): void {
    const seconds = Math.max(1, heartbeat.intervalSeconds);
    const { bytesWritten, bytesRead, keysWritten, keysRead, queries } = heartbeat;
    if (bytesWritten > 0 || keysWritten > 0 || this.kinds.write.size > 0) {
      const hot = { bytes: config.hotWriteBytesPerSecond, keys: config.hotWriteKeysPerSecond };
      this.note(
        'write',
        slot,
        { bytes: bytesWritten / seconds, keys: keysWritten / seconds, queries: queries / seconds, seconds },
        hot,
        nowS,
      );
    }
    if (bytesRead > 0 || keysRead > 0 || this.kinds.read.size > 0) {
      const hot = { bytes: config.hotReadBytesPerSecond, keys: config.hotReadKeysPerSecond };
      this.note(
        'read',
        slot,
        { bytes: bytesRead / seconds, keys: keysRead / seconds, queries: queries / seconds, seconds },
        hot,
        nowS,
      );
    }
  }

  forget(slot: number): void {
    this.kinds.write.delete(slot);
    this.kinds.read.delete(slot);
  }

  tick(nowS: number): void {
    for (const kind of ['write', 'read'] as const) {
      for (const one of this.kinds[kind].values()) {
        if (nowS - one.heardAtS > FORGET_SECONDS) this.kinds[kind].delete(one.slot);
      }
      if (this.kinds[kind].size < HOT_REGIONS_MAX / 4) this.floors[kind] = 0;
    }
  }

  /** Bytes a second at each store: writes at every replica, reads at leaders. */
  loads(kind: HotKind): Map<number, number> {
    const loads = new Map<number, number>();
    const add = (index: number, bytes: number): void => {
      if (index < 0) return;
      const { storeId } = this.table.storeBags[index]!;
      loads.set(storeId, (loads.get(storeId) ?? 0) + bytes);
    };
    for (const one of this.kinds[kind].values()) {
      if (kind === 'read') add(this.table.leaderStoreIndex(one.slot), one.bytes);
      else {
        const at = this.table.peerAt[one.slot]!;
        for (let i = at; i < at + this.table.peerCounts[one.slot]!; i++) add(this.table.peers.stores[i]!, one.bytes);
      }
    }
    return loads;
  }

  private note(
    kind: HotKind,
    slot: number,
    now: { readonly bytes: number; readonly keys: number; readonly queries: number; readonly seconds: number },
    hot: { readonly bytes: number; readonly keys: number },
    nowS: number,
  ): void {
    const map = this.kinds[kind];
    let one = map.get(slot);
    const isHot = now.bytes >= hot.bytes || now.keys >= hot.keys;
    if (!one) {
      if (!isHot || now.bytes < this.floors[kind]) return;
      one = { slot, regionId: this.table.ids[slot]!, bytes: 0, keys: 0, queries: 0, degree: 0, heardAtS: nowS };
      map.set(slot, one);
      if (map.size > HOT_REGIONS_MAX) this.makeRoom(kind);
    }
    const keep = 0.5 ** (now.seconds / HALF_LIFE_SECONDS);
    one.bytes = one.bytes * keep + now.bytes * (1 - keep);
    one.keys = one.keys * keep + now.keys * (1 - keep);
    one.queries = one.queries * keep + now.queries * (1 - keep);
    one.heardAtS = nowS;
    // A heartbeat out of turn (a change of members) says little about load.
    if (now.seconds >= REGULAR_SECONDS) one.degree = isHot ? Math.min(DEGREE_MAX, one.degree + 1) : one.degree - 1;
    if (one.degree < 0 || (one.degree === 0 && !isHot && now.seconds >= REGULAR_SECONDS)) map.delete(slot);
  }

  private makeRoom(kind: HotKind): void {
    const sorted = this.all(kind);
    for (const one of sorted.slice(HOT_REGIONS_MAX / 2)) this.kinds[kind].delete(one.slot);
    this.floors[kind] = sorted[HOT_REGIONS_MAX / 2]!.bytes;
  }
}

export function balanceHotRegions(cluster: Cluster, hot: HotRegions): void {
  for (const kind of ['read', 'write'] as const) {
    if (!cluster.operators.hasRoom('hot', cluster.config)) return;
    const loads = hot.loads(kind);
    const entries = cluster.stores.all().filter((entry) => cluster.stores.serves(entry, cluster.config));
    if (entries.length < 2) return;
    const load = (entry: StoreEntry): number => loads.get(entry.id) ?? 0;
    const busiest = entries.reduce((left, right) => (load(right) > load(left) ? right : left));
    const mean = entries.reduce((sum, entry) => sum + load(entry), 0) / entries.length;
    if (load(busiest) <= mean * (1 + TOLERANCE)) continue;
    for (const one of hotOn(cluster, hot, kind, busiest)) {
      if (cluster.operators.of(one.regionId)) continue;
      const region = cluster.table.view(one.slot);
      if (isJoint(region) || !cluster.isWell(region)) continue;
      // Afterwards the taker must stand clearly below what the giver had: the larger of the two falls with every move.
      const takes = (entry: StoreEntry): boolean => load(entry) + one.bytes <= load(busiest) * (1 - TOLERANCE);
      if (kind === 'read' ? coolReads(cluster, region, takes, load) : coolWrites(cluster, region, busiest, takes)) {
        one.degree = 0;
        break;
      }
    }
  }
}

function coolReads(
  cluster: Cluster,
  region: RegionView,
  takes: (entry: StoreEntry) => boolean,
  load: (entry: StoreEntry) => number,
): boolean {
  const what = { description: 'transfer-hot-read-leader', kind: 'hot', priority: MEDIUM } as const;
  const heirs = region.peers
    .filter((peer) => peer.role === 'voter' && peer.id !== region.leader!.id && cluster.mayLead(peer.storeId))
    .map((peer) => cluster.store(peer.storeId)!)
    .filter((entry) => takes(entry) && mayLeadByRules(cluster, region, entry.id))
    .sort((left, right) => load(left) - load(right) || left.id - right.id);
  if (heirs[0]) return cluster.transferLeader(region, heirs[0].id, what);
  const found = moveTo(
    cluster,
    region,
    region.leader!.storeId,
    Infinity,
    (entry) => takes(entry) && cluster.mayLead(entry.id),
  );
  if (!found) return false;
  return movePeer(
    cluster,
    region,
    found.peer,
    found.entry,
    { ...what, description: 'move-hot-read-leader' },
    found.entry.id,
  );
}

function coolWrites(
  cluster: Cluster,
  region: RegionView,
  from: StoreEntry,
  takes: (entry: StoreEntry) => boolean,
): boolean {
  const found = moveTo(cluster, region, from.id, Infinity, takes);
  if (!found) return false;
  return movePeer(cluster, region, found.peer, found.entry, {
    description: 'move-hot-write-peer',
    kind: 'hot',
    priority: MEDIUM,
  });
}

function hotOn(cluster: Cluster, hot: HotRegions, kind: HotKind, entry: StoreEntry): readonly HotRegion[] {
  const index = cluster.table.storeIndex(entry.id);
  const { table } = cluster;
  const here = hot.all(kind, cluster.config.hotDegreeMin).filter((one) => {
    if (kind === 'read') return table.leaderStoreIndex(one.slot) === index;
    const at = table.peerAt[one.slot]!;
    for (let i = at; i < at + table.peerCounts[one.slot]!; i++) if (table.peers.stores[i] === index) return true;
    return false;
  });
  return here.slice(0, TRIED_REGIONS);
}

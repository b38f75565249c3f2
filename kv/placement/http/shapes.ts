/**
 * Regions, stores, operators and hot regions as the JSON of PD's HTTP API, whose field names tools rely on: keys in upper-case hexadecimal, sizes of
 * regions in MiB, sizes of stores as text with a unit.
 */
import { toHex } from '../../../base/bytes.ts';
import type { RegionPeer, RegionView } from '../regions/index.ts';
import {
  describe,
  type Operator,
  leaderScore,
  regionScore,
  type Schedule,
  type StoreEntry,
} from '../schedule/index.ts';
import type { HotKind } from '../schedule/hot.ts';
import { duration } from './settings.ts';

const ROLES = {
  voter: [0, 'Voter'],
  learner: [1, 'Learner'],
  incoming: [2, 'IncomingVoter'],
  demoting: [3, 'DemotingVoter'],
} as const;
const STATES = { up: [0, 'Up'], offline: [1, 'Offline'], tombstone: [2, 'Tombstone'] } as const;

export function regionJson(schedule: Schedule, view: RegionView): Record<string, unknown> {
  const { table } = schedule;
  const slot = table.slotOf(view.id);
  return {
    id: view.id,
    start_key: toHex(view.lower).toUpperCase(),
    end_key: toHex(view.upper).toUpperCase(),
    epoch: { conf_ver: view.confVersion, version: view.version },
    peers: view.peers.map(peerJson),
    leader: view.leader ? peerJson(view.leader) : { role_name: 'Voter' },
    ...(view.down.length > 0
      ? { down_peers: view.down.map((one) => ({ down_seconds: one.downSeconds, peer: peerJson(one.peer) })) }
      : {}),
    ...(view.pending.length > 0 ? { pending_peers: view.pending.map(peerJson) } : {}),
    cpu_usage: 0,
    written_bytes: table.writtenKib[slot]! * 1024,
    read_bytes: table.readKib[slot]! * 1024,
    written_keys: table.writtenKeys[slot]!,
    read_keys: table.readKeys[slot]!,
    approximate_size: Math.round(view.sizeKib / 1024),
    approximate_keys: view.keys,
  };
}

function peerJson(peer: RegionPeer): Record<string, unknown> {
  const [role, name] = ROLES[peer.role];
  return {
    id: peer.id,
    store_id: peer.storeId,
    ...(role ? { role } : {}),
    role_name: name,
    ...(peer.role === 'learner' ? { is_learner: true } : {}),
  };
}

/** `epochMs` is the time of the schedule's second 0. */
export function storeJson(schedule: Schedule, entry: StoreEntry, epochMs: number): Record<string, unknown> {
  const { meta, stats, bags } = entry;
  const [state, name] = STATES[meta.state];
  const health = meta.state === 'up' ? schedule.stores.health(entry, schedule.config) : 'up';
  const labels = Object.entries(meta.labels).map(([key, value]) => ({ key, value }));
  const uptime = stats.startTimeS > 0 ? Math.max(0, Math.round(epochMs / 1000 + entry.heardAtS - stats.startTimeS)) : 0;
  return {
    store: {
      id: meta.id,
      address: meta.address,
      ...(labels.length > 0 ? { labels } : {}),
      version: meta.version,
      ...(state ? { state } : {}),
      state_name: health === 'down' ? 'Down' : health === 'disconnected' ? 'Disconnected' : name,
    },
    status: {
      capacity: bytes(stats.capacityBytes),
      available: bytes(stats.availableBytes),
      used_size: bytes(stats.usedBytes),
      leader_count: bags.leaderCount,
      leader_weight: entry.leaderWeight,
      leader_score: leaderScore(entry),
      leader_size: Math.round(bags.leaderKib / 1024),
      region_count: bags.regionCount,
      region_weight: entry.regionWeight,
      region_score: regionScore(entry, schedule.config) / 1024,
      region_size: Math.round(bags.regionKib / 1024),
      ...(bags.learnerCount > 0 ? { learner_count: bags.learnerCount } : {}),
      ...(bags.pendingCount > 0 ? { pending_peer_count: bags.pendingCount } : {}),
      slow_score: Math.round(stats.slowScore),
      ...(stats.sendingSnapshots ? { sending_snap_count: stats.sendingSnapshots } : {}),
      ...(stats.receivingSnapshots ? { receiving_snap_count: stats.receivingSnapshots } : {}),
      ...(stats.busy ? { is_busy: true } : {}),
      ...(stats.startTimeS
        ? { start_ts: new Date(stats.startTimeS * 1000).toISOString(), uptime: duration(uptime) }
        : {}),
      ...(stats.storeId ? { last_heartbeat_ts: new Date(epochMs + entry.heardAtS * 1000).toISOString() } : {}),
      ...(entry.evictLeaders ? { pause_leader_transfer_in: true } : {}),
    },
  };
}

/** One line an operator. */
export function operatorText(operator: Operator): string {
  const steps = operator.steps.map((step, i) => `${i < operator.at ? 'done: ' : ''}${describe(step)}`).join(', ');
  return `${operator.description} {${steps}} (kind:${operator.kind}, region:${operator.regionId}(${operator.version}, ${operator.confVersion}), createAt:${operator.createdAtS}s, currentStep:${operator.at}, status:${operator.status})`;
}

/** `storeIds` empty: of all. */
export function hotJson(schedule: Schedule, kind: HotKind, storeIds: readonly number[] = []): Record<string, unknown> {
  const asPeer: Record<string, HotStore> = {};
  const asLeader: Record<string, HotStore> = {};
  for (const one of schedule.hot.all(kind, schedule.config.hotDegreeMin)) {
    const view = schedule.table.view(one.slot);
    for (const peer of view.peers) {
      if (storeIds.length > 0 && !storeIds.includes(peer.storeId)) continue;
      const leads = peer.id === view.leader?.id;
      if (kind === 'write') add(asPeer, peer, leads, one);
      if (leads) add(asLeader, peer, true, one);
    }
  }
  return { as_peer: kind === 'write' ? asPeer : {}, as_leader: asLeader };
}

interface HotStore {
  total_flow_bytes: number;
  total_flow_keys: number;
  total_flow_query: number;
  regions_count: number;
  readonly statistics: Record<string, unknown>[];
}

function add(
  stores: Record<string, HotStore>,
  peer: RegionPeer,
  leads: boolean,
  hot: {
    readonly regionId: number;
    readonly bytes: number;
    readonly keys: number;
    readonly queries: number;
    readonly degree: number;
  },
): void {
  const store = (stores[peer.storeId] ??= {
    total_flow_bytes: 0,
    total_flow_keys: 0,
    total_flow_query: 0,
    regions_count: 0,
    statistics: [],
  });
  store.total_flow_bytes += hot.bytes;
  store.total_flow_keys += hot.keys;
  store.total_flow_query += hot.queries;
  store.regions_count++;
  store.statistics.push({
    store_id: peer.storeId,
    is_leader: leads,
    is_learner: peer.role === 'learner',
    region_id: hot.regionId,
    hot_degree: hot.degree,
    flow_bytes: hot.bytes,
    flow_keys: hot.keys,
    flow_query: hot.queries,
  });
}

function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}

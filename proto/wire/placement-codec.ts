/**
 * What stores and placement say to each other (proto/kv/placement.ts) as PD's messages, both ways. Bounds are places of the region space. What
 * PD's messages have no field for travels in fields of Rutile's own, above 10000.
 */
import { copyBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { Instruction, InstructionStep, RegionReport, StoreRecord, StoreReport } from '../kv/placement.ts';
import type { RegionDescriptor } from '../kv/region.ts';
import {
  type Member,
  pd,
  type Peer,
  type Region,
  type RegionEpoch,
  type ResponseHeader,
  type StoreMessage,
} from './messages.ts';
import { regionFromWire, regionToWire } from './region-errors.ts';

interface WithHeader {
  header?: { cluster_id: number } | null;
}
interface Answer {
  header: ResponseHeader;
}
interface TimeInterval {
  start_timestamp: number;
  end_timestamp: number;
}
export type BootstrapRequest = WithHeader & { store?: StoreMessage; region?: Region; more_regions: Region[] };
export type AllocIdRequest = WithHeader & { count: number };
export type AllocIdResponse = Answer & { id: number; count: number };
export type PutStoreRequest = WithHeader & { store?: StoreMessage };
export interface StoreStats {
  store_id: number;
  capacity: number;
  available: number;
  region_count: number;
  sending_snap_count: number;
  receiving_snap_count: number;
  start_time: number;
  applying_snap_count: number;
  is_busy: boolean;
  used_size: number;
  bytes_written: number;
  keys_written: number;
  bytes_read: number;
  keys_read: number;
  interval?: TimeInterval;
  slow_score: number;
}
export type StoreHeartbeatRequest = WithHeader & { stats?: StoreStats };
export type RegionHeartbeatRequest = WithHeader & {
  region?: Region | null;
  leader?: Peer | null;
  down_peers?: { peer: Peer; down_seconds: number }[];
  pending_peers?: Peer[];
  bytes_written?: number;
  bytes_read?: number;
  keys_written?: number;
  keys_read?: number;
  approximate_size?: number;
  interval?: TimeInterval | null;
  approximate_keys?: number;
  term?: number;
  queries?: number;
  store_id?: number;
};
export interface ChangePeer {
  peer: Peer;
  change_type: number;
}
export interface RegionHeartbeatResponse {
  header: ResponseHeader;
  change_peer?: ChangePeer | null;
  transfer_leader?: { peer: Peer } | null;
  region_id: number;
  region_epoch?: RegionEpoch | null;
  target_peer?: Peer | null;
  merge?: { target: Region; source_id: number } | null;
  split_region?: { policy: number; keys: Uint8Array[]; by_load: boolean } | null;
  change_peer_v2?: { changes: ChangePeer[] } | null;
}
export type AskBatchSplitRequest = WithHeader & { region?: Region; split_count: number };
export type AskBatchSplitResponse = Answer & { ids: { new_region_id: number; new_peer_ids: number[] }[] };
export type ReportBatchSplitRequest = WithHeader & { regions: Region[] };
export type AddMemberRequest = WithHeader & { member?: Member; joins: boolean };
export type ServiceSafePointRequest = WithHeader & { service_id: Uint8Array; TTL: number; safe_point: bigint };

/** Request and answer of each unary method that stores call. */
export const STORE_METHODS = {
  Bootstrap: [pd<BootstrapRequest>('BootstrapRequest'), pd<Answer>('BootstrapResponse')],
  IsBootstrapped: [
    pd<WithHeader>('IsBootstrappedRequest'),
    pd<Answer & { bootstrapped: boolean }>('IsBootstrappedResponse'),
  ],
  AllocID: [pd<AllocIdRequest>('AllocIDRequest'), pd<AllocIdResponse>('AllocIDResponse')],
  PutStore: [pd<PutStoreRequest>('PutStoreRequest'), pd<Answer>('PutStoreResponse')],
  StoreHeartbeat: [pd<StoreHeartbeatRequest>('StoreHeartbeatRequest'), pd<Answer>('StoreHeartbeatResponse')],
  AskBatchSplit: [pd<AskBatchSplitRequest>('AskBatchSplitRequest'), pd<AskBatchSplitResponse>('AskBatchSplitResponse')],
  ReportBatchSplit: [pd<ReportBatchSplitRequest>('ReportBatchSplitRequest'), pd<Answer>('ReportBatchSplitResponse')],
  AddMember: [pd<AddMemberRequest>('AddMemberRequest'), pd<Answer>('AddMemberResponse')],
  UpdateServiceGCSafePoint: [
    pd<ServiceSafePointRequest>('UpdateServiceGCSafePointRequest'),
    pd<Answer & { service_id: Uint8Array; TTL: number; min_safe_point: bigint }>('UpdateServiceGCSafePointResponse'),
  ],
} as const;
export const regionHeartbeatRequest = pd<RegionHeartbeatRequest>('RegionHeartbeatRequest');
export const regionHeartbeatResponse = pd<RegionHeartbeatResponse>('RegionHeartbeatResponse');

/** `ErrorType` of a header. */
export const PD_ERROR = { unknown: 1, tombstone: 3, alreadyBootstrapped: 4 } as const;

const STATES: readonly StoreRecord['state'][] = ['up', 'offline', 'tombstone'];
const ADD_VOTER = 0;
const REMOVE = 1;
const ADD_LEARNER = 2;
const ROLE_LEARNER = 1;
const SCAN = 0;
const APPROXIMATE = 1;
const USE_KEYS = 2;

export function storeToWire(store: StoreRecord): StoreMessage {
  const labels = Object.entries(store.labels ?? {}).map(([key, value]) => ({ key, value }));
  return { id: store.id, address: store.address, state: STATES.indexOf(store.state), version: store.version, labels };
}

export function storeFromWire(store: StoreMessage): StoreRecord {
  const { id, address, version } = store;
  const labels = Object.fromEntries((store.labels ?? []).map(({ key, value }) => [key, value]));
  return {
    id, address, version, state: STATES[store.state] ?? 'up',
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
  }; // prettier-ignore
}

export function wireRegion(region: RegionDescriptor): Region {
  return regionToWire(region, 'space')!;
}

export function statsToWire(report: StoreReport): StoreStats {
  return {
    store_id: report.storeId,
    capacity: report.capacityBytes,
    available: report.availableBytes,
    region_count: report.regionCount,
    sending_snap_count: report.sendingSnapshots,
    receiving_snap_count: report.receivingSnapshots,
    start_time: report.startTimeS,
    applying_snap_count: report.applyingSnapshots,
    is_busy: report.busy,
    used_size: report.usedBytes,
    bytes_written: report.bytesWritten,
    keys_written: report.keysWritten,
    bytes_read: report.bytesRead,
    keys_read: report.keysRead,
    interval: { start_timestamp: 0, end_timestamp: report.intervalSeconds },
    slow_score: report.slowScore,
  };
}

export function statsFromWire(stats: StoreStats): StoreReport {
  return {
    storeId: stats.store_id,
    capacityBytes: stats.capacity,
    availableBytes: stats.available,
    usedBytes: stats.used_size,
    regionCount: stats.region_count,
    sendingSnapshots: stats.sending_snap_count,
    receivingSnapshots: stats.receiving_snap_count,
    applyingSnapshots: stats.applying_snap_count,
    busy: stats.is_busy,
    slowScore: stats.slow_score || 1,
    startTimeS: stats.start_time,
    intervalSeconds: seconds(stats.interval),
    bytesWritten: stats.bytes_written,
    bytesRead: stats.bytes_read,
    keysWritten: stats.keys_written,
    keysRead: stats.keys_read,
  };
}

// hot: once for each report
export function reportToWire(report: RegionReport): RegionHeartbeatRequest {
  const region = wireRegion(report.region);
  const peer = (id: number): Peer => region.peers.find((one) => one.id === id) ?? { id, store_id: 0 };
  return {
    region,
    leader: peer(report.leaderPeerId),
    down_peers: report.downPeers.map(({ peerId, downSeconds }) => ({ peer: peer(peerId), down_seconds: downSeconds })),
    pending_peers: report.pendingPeerIds.map(peer),
    bytes_written: report.bytesWritten,
    bytes_read: report.bytesRead,
    keys_written: report.keysWritten,
    keys_read: report.keysRead,
    approximate_size: report.sizeBytes,
    interval: { start_timestamp: 0, end_timestamp: report.intervalSeconds },
    approximate_keys: report.keys,
    term: report.term,
    queries: report.queries,
  };
}

/** Undefined when it says nothing about a region. */
// hot: once for each report
export function reportFromWire(request: RegionHeartbeatRequest): RegionReport | undefined {
  if (!request.region?.region_epoch) return undefined;
  return {
    region: regionFromWire(request.region),
    term: request.term ?? 0,
    leaderPeerId: request.leader?.id ?? 0,
    pendingPeerIds: (request.pending_peers ?? []).map(({ id }) => id),
    downPeers: (request.down_peers ?? []).map(({ peer, down_seconds }) => ({ peerId: peer.id, downSeconds: down_seconds })), // prettier-ignore
    sizeBytes: request.approximate_size ?? 0,
    keys: request.approximate_keys ?? 0,
    intervalSeconds: seconds(request.interval ?? undefined),
    bytesWritten: request.bytes_written ?? 0,
    bytesRead: request.bytes_read ?? 0,
    keysWritten: request.keys_written ?? 0,
    keysRead: request.keys_read ?? 0,
    queries: request.queries ?? 0,
  };
}

export function instructionToWire(instruction: Instruction, clusterId: number): RegionHeartbeatResponse {
  const { regionId, version, confVersion, leaderPeerId, leaderStoreId, step } = instruction;
  return {
    header: { cluster_id: clusterId },
    region_id: regionId,
    region_epoch: { version, conf_ver: confVersion },
    target_peer: { id: leaderPeerId, store_id: leaderStoreId },
    ...stepToWire(step),
  };
}

function stepToWire(step: InstructionStep): Partial<RegionHeartbeatResponse> {
  const voter = (place: { storeId: number; peerId: number }): Peer => ({ id: place.peerId, store_id: place.storeId });
  const learner = (place: { storeId: number; peerId: number }): Peer => ({ ...voter(place), role: ROLE_LEARNER });
  switch (step.kind) {
    case 'add-learner':
      return { change_peer: { peer: learner(step), change_type: ADD_LEARNER } };
    case 'promote':
      return { change_peer: { peer: voter(step), change_type: ADD_VOTER } };
    case 'remove-peer':
      return { change_peer: { peer: voter(step), change_type: REMOVE } };
    case 'enter-joint': {
      const promote = step.promote.map((place) => ({ peer: voter(place), change_type: ADD_VOTER }));
      const demote = step.demote.map((place) => ({ peer: learner(place), change_type: ADD_LEARNER }));
      return { change_peer_v2: { changes: [...promote, ...demote] } };
    }
    case 'leave-joint':
      return { change_peer_v2: { changes: [] } };
    case 'transfer-leader':
      return { transfer_leader: { peer: { id: step.toPeerId, store_id: step.toStoreId } } };
    case 'split': {
      const policy = step.policy === 'keys' ? USE_KEYS : step.policy === 'scan' ? SCAN : APPROXIMATE;
      return { split_region: { policy, keys: [...step.keys], by_load: step.policy === 'load' } };
    }
    case 'merge': {
      const target: Region = { id: step.targetId, start_key: EMPTY_BYTES, end_key: EMPTY_BYTES, region_epoch: { version: 0, conf_ver: 0 }, peers: [] }; // prettier-ignore
      return { merge: { target, source_id: step.sourceId } };
    }
  }
}

/** Undefined: an answer without anything to do. Throws `placement.malformed`. */
export function instructionFromWire(response: RegionHeartbeatResponse): Instruction | undefined {
  const { region_id: regionId, region_epoch: epoch, target_peer: leader } = response;
  const step = stepFromWire(response);
  if (step === undefined) return undefined;
  if (!epoch || !leader) throw malformed();
  return {
    regionId,
    version: epoch.version,
    confVersion: epoch.conf_ver,
    leaderPeerId: leader.id,
    leaderStoreId: leader.store_id,
    step,
  };
}

function stepFromWire(response: RegionHeartbeatResponse): InstructionStep | undefined {
  const {
    change_peer: change,
    change_peer_v2: joint,
    transfer_leader: transfer,
    split_region: split,
    merge,
  } = response;
  const place = (peer: Peer) => ({ storeId: peer.store_id, peerId: peer.id });
  if (change) {
    const at = place(change.peer);
    if (change.change_type === ADD_LEARNER) return { kind: 'add-learner', ...at };
    if (change.change_type === ADD_VOTER) return { kind: 'promote', ...at };
    if (change.change_type === REMOVE) return { kind: 'remove-peer', ...at };
    throw malformed();
  }
  if (joint) {
    if (joint.changes.length === 0) return { kind: 'leave-joint' };
    const of = (type: number) => joint.changes.filter((one) => one.change_type === type).map(({ peer }) => place(peer));
    return { kind: 'enter-joint', promote: of(ADD_VOTER), demote: of(ADD_LEARNER) };
  }
  if (transfer) {
    const fromStoreId = response.target_peer?.store_id ?? 0;
    return { kind: 'transfer-leader', fromStoreId, toStoreId: transfer.peer.store_id, toPeerId: transfer.peer.id };
  }
  if (split) {
    const policy = split.by_load ? 'load' : split.policy === USE_KEYS ? 'keys' : split.policy === SCAN ? 'scan' : 'approximate'; // prettier-ignore
    return { kind: 'split', policy, keys: split.keys.map((key) => copyBytes(key)) };
  }
  if (merge) return { kind: 'merge', sourceId: merge.source_id, targetId: merge.target.id };
  return undefined;
}

function seconds(interval: TimeInterval | undefined): number {
  return Math.max(1, (interval?.end_timestamp ?? 0) - (interval?.start_timestamp ?? 0));
}

function malformed(): RutileError {
  return new RutileError('placement.malformed', 'an instruction of placement cannot be read');
}

/**
 * The messages of the wire, typed: shapes by hand (only the fields Rutile reads or writes), codecs from `proto/gen`.
 *
 * 64-bit numbers are plain numbers: ids stay below 2^53. Timestamps are bigints (`wide-numbers.js` names the fields), except where PD
 * writes their halves apart. The transactional messages: `txn-messages.ts`.
 * Decoding unknown fields skips them, as protobuf promises; malformed bytes throw, and the server answers INTERNAL for that call.
 */
import './plain-numbers.ts';
import * as generated from '../gen/messages.ts';

export interface Codec<T> {
  /** `len`: bytes of what `finish` makes. */
  encode(message: T): { readonly len: number; finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface RegionEpoch {
  conf_ver: number;
  version: number;
}
export interface Peer {
  id: number;
  store_id: number;
  role?: number;
}
export interface Region {
  id: number;
  start_key: Uint8Array;
  end_key: Uint8Array;
  region_epoch: RegionEpoch;
  peers: Peer[];
}
export interface StoreMessage {
  id: number;
  address: string;
  state: number;
  version: string;
  labels?: { key: string; value: string }[];
  status_address?: string;
  peer_address?: string;
  start_timestamp?: number;
  last_heartbeat?: number;
  node_state?: number;
}

export interface RegionError {
  message: string;
  not_leader?: { region_id: number; leader?: Peer };
  region_not_found?: { region_id: number };
  key_not_in_region?: { key: Uint8Array; region_id: number; start_key: Uint8Array; end_key: Uint8Array };
  epoch_not_match?: { current_regions: Region[] };
  server_is_busy?: { reason: string; backoff_ms: number };
  store_not_match?: { request_store_id: number; actual_store_id: number };
  raft_entry_too_large?: { region_id: number; entry_size: number };
  disk_full?: { store_id: number[]; reason: string };
  stale_command?: Record<string, never>;
  mismatch_peer_id?: { request_peer_id: number; store_peer_id: number };
  undetermined_result?: { message: string };
  /** Rutile's own name of the failure. */
  code?: string;
}

export interface Context {
  region_id: number;
  region_epoch?: RegionEpoch | null;
  peer?: Peer | null;
  api_version: number;
  isolation_level?: number;
  replica_read?: boolean;
  stale_read?: boolean;
  resolved_locks?: bigint[];
  committed_locks?: bigint[];
  region_space?: boolean;
  cluster_id: number;
}
interface WithContext {
  context?: Context | null;
}
export interface KvPair {
  key: Uint8Array;
  value: Uint8Array;
}
export type RawGetRequest = WithContext & { key: Uint8Array; cf: string };
export type RawBatchGetRequest = WithContext & { keys: Uint8Array[]; cf: string };
export type RawPutRequest = WithContext & {
  key: Uint8Array;
  value: Uint8Array;
  cf: string;
  ttl: number;
  for_cas: boolean;
};
export type RawBatchPutRequest = WithContext & {
  pairs: KvPair[];
  cf: string;
  ttl: number;
  ttls: number[];
  for_cas: boolean;
};
export type RawDeleteRequest = WithContext & { key: Uint8Array; cf: string };
export type RawBatchDeleteRequest = WithContext & { keys: Uint8Array[]; cf: string };
export type RawDeleteRangeRequest = WithContext & { start_key: Uint8Array; end_key: Uint8Array; cf: string };
export type RawScanRequest = WithContext & {
  start_key: Uint8Array;
  end_key: Uint8Array;
  limit: number;
  key_only: boolean;
  reverse: boolean;
  cf: string;
};
interface MayFail {
  region_error?: RegionError;
}
export type RawGetResponse = MayFail & { error?: string; value?: Uint8Array; not_found?: boolean };
export type RawWriteResponse = MayFail & { error?: string };
export type RawBatchGetResponse = MayFail & { pairs?: KvPair[] };
export type RawScanResponse = MayFail & { kvs?: KvPair[] };

/** Names of the batchable commands, as the `cmd` oneof has them. */
export const RAW_COMMANDS = [
  'RawGet',
  'RawBatchGet',
  'RawPut',
  'RawBatchPut',
  'RawDelete',
  'RawBatchDelete',
  'RawScan',
  'RawDeleteRange',
] as const;
export type RawCommand = (typeof RAW_COMMANDS)[number];

export interface BatchCommandsRequest {
  /** `cmd`: the field that is set, one of the oneof's names. */
  requests: ({ cmd?: string } & Record<string, unknown>)[];
  request_ids: number[];
}
export interface BatchCommandsResponse {
  responses: ({ cmd?: string } & Record<string, unknown>)[];
  request_ids: number[];
}

export interface ResponseHeader {
  cluster_id: number;
  error?: { type: number; message: string };
}
interface WithRequestHeader {
  header?: { cluster_id: number } | null;
}
export interface Member {
  name: string;
  member_id: number;
  peer_urls: string[];
  client_urls: string[];
}
export type GetMembersRequest = WithRequestHeader;
export interface GetMembersResponse {
  header: ResponseHeader;
  members: Member[];
  leader?: Member;
  etcd_leader?: Member;
}
export type TsoRequest = WithRequestHeader & { count: number };
export interface TsoResponse {
  header: ResponseHeader;
  count: number;
  timestamp: { physical: number; logical: number };
}
export type GetRegionRequest = WithRequestHeader & { region_key: Uint8Array; region_space?: boolean };
export type GetRegionByIdRequest = WithRequestHeader & { region_id: number };
export interface GetRegionResponse {
  header: ResponseHeader;
  region?: Region;
  leader?: Peer;
}
export type ScanRegionsRequest = WithRequestHeader & { start_key: Uint8Array; end_key: Uint8Array; limit: number };
export interface ScanRegionsResponse {
  header: ResponseHeader;
  region_metas: Region[];
  leaders: Peer[];
  regions: { region: Region; leader: Peer }[];
}
export type GetStoreRequest = WithRequestHeader & { store_id: number };
export interface GetStoreResponse {
  header: ResponseHeader;
  store?: StoreMessage;
}
export type GetAllStoresRequest = WithRequestHeader & { exclude_tombstone_stores: boolean };
export interface GetAllStoresResponse {
  header: ResponseHeader;
  stores: StoreMessage[];
}

export interface SafePointRequest {
  header?: { cluster_id: number } | null;
  safe_point?: bigint;
}

type Messages = Record<string, Record<string, Codec<never>>>;
const packages = generated as unknown as Messages;

function codec<T>(packageName: string, message: string): Codec<T> {
  return packages[packageName]![message] as unknown as Codec<T>;
}

/** The codec of a message of `kvrpcpb`, `pdpb`, `tikvpb` or `raft_serverpb` by its published name. */
export const kvrpc = <T>(name: string): Codec<T> => codec<T>('kvrpcpb', name);
export const pd = <T>(name: string): Codec<T> => codec<T>('pdpb', name);
export const tikv = <T>(name: string): Codec<T> => codec<T>('tikvpb', name);
export const raftServer = <T>(name: string): Codec<T> => codec<T>('raft_serverpb', name);

export const etcd = <T>(name: string): Codec<T> => codec<T>('etcdserverpb', name);

const health = (generated as unknown as { grpc: { health: { v1: Record<string, Codec<never>> } } }).grpc.health.v1;
export const healthCheckRequest = health['HealthCheckRequest'] as unknown as Codec<{ service: string }>;
export const healthCheckResponse = health['HealthCheckResponse'] as unknown as Codec<{ status: number }>;

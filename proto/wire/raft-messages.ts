/**
 * The messages between stores, typed: shapes by hand, codecs from `proto/gen`. Of kvproto and raft-rs the fields that Rutile writes or
 * reads; ids, terms and indexes are plain numbers below 2^53.
 *
 * Decoded bytes are views of the message they came in: who keeps them for long copies them.
 */
import { raftServer, tikv, type Codec, type Peer, type RegionEpoch } from './messages.ts';

export const ENTRY_TYPES = ['normal', 'conf-change', 'conf-change-v2'] as const;

export interface WireEntry {
  entry_type?: number;
  term: number;
  index: number;
  data?: Uint8Array;
  context?: Uint8Array;
}
export interface WireConfState {
  voters: number[];
  learners: number[];
  voters_outgoing: number[];
  learners_next: number[];
  auto_leave?: boolean;
}
export interface WireSnapshot {
  data?: Uint8Array;
  metadata?: { conf_state?: WireConfState | null; index: number; term: number } | null;
}
/** `eraftpb.Message`. An absent number is 0. */
export interface WireRaft {
  msg_type: number;
  to?: number;
  from?: number;
  term?: number;
  log_term?: number;
  index?: number;
  entries?: WireEntry[];
  commit?: number;
  snapshot?: WireSnapshot | null;
  reject?: boolean;
  reject_hint?: number;
  context?: Uint8Array;
  request_snapshot?: number;
  commit_term?: number;
  priority?: number;
}
export interface RaftMessage {
  region_id: number;
  from_peer?: Peer | null;
  to_peer?: Peer | null;
  message?: WireRaft | null;
  region_epoch?: RegionEpoch | null;
  is_tombstone?: boolean;
  start_key?: Uint8Array;
  end_key?: Uint8Array;
  region?: Uint8Array;
}
export interface BatchRaftMessage {
  msgs: RaftMessage[];
}
export interface SnapshotChunk {
  message?: RaftMessage | null;
  data?: Uint8Array;
}

export const batchRaftMessage: Codec<BatchRaftMessage> = tikv('BatchRaftMessage');
export const raftMessage: Codec<RaftMessage> = raftServer('RaftMessage');
export const snapshotChunk: Codec<SnapshotChunk> = raftServer('SnapshotChunk');
export const done: Codec<Record<string, never>> = raftServer('Done');

/** The messages of the change feed (`cdcpb`), typed, and what becomes of a feed's items in them. */
import { EMPTY_BYTES } from '../../base/bytes.ts';
import * as generated from '../gen/messages.ts';
import './plain-numbers.ts';
import type { Codec, Region, RegionEpoch, RegionError } from './messages.ts';
import type { WireLock } from './txn-messages.ts';

export const ROW_TYPE = { prewrite: 1, commit: 2, rollback: 3, committed: 4, initialized: 5 } as const;
export const ROW_OP = { put: 1, delete: 2 } as const;
export const EXTRA_OLD_VALUES = 1;
export const KV_API_RAW = 1;

export interface ChangeDataRequest {
  header?: { cluster_id: number; ticdc_version: string } | null;
  region_id: number;
  region_epoch?: RegionEpoch | null;
  checkpoint_ts: bigint;
  start_key: Uint8Array;
  end_key: Uint8Array;
  request_id: number;
  extra_op: number;
  /** The field of the oneof that is set; none counts as `register`. */
  request?: 'register' | 'notify_txn_status' | 'deregister';
  register?: Record<string, never>;
  deregister?: Record<string, never>;
  kv_api?: number;
  filter_loop?: boolean;
  whole_rows: boolean;
}

export interface WireRow {
  type: number;
  start_ts?: bigint;
  commit_ts?: bigint;
  op_type?: number;
  key?: Uint8Array;
  value?: Uint8Array;
  old_value?: Uint8Array;
  has_old_value?: boolean;
}

export interface ChangeError {
  not_leader?: RegionError['not_leader'] | null;
  region_not_found?: RegionError['region_not_found'] | null;
  epoch_not_match?: { current_regions: Region[] } | null;
  duplicate_request?: { region_id: number } | null;
  cluster_id_mismatch?: { current: number; request: number } | null;
  server_is_busy?: RegionError['server_is_busy'] | null;
  congested?: { region_id: number } | null;
  region_error?: RegionError | null;
}

export interface ChangeEvent {
  region_id: number;
  request_id: number;
  entries?: { entries: WireRow[] } | null;
  error?: ChangeError | null;
}

export interface ChangeDataEvent {
  events?: ChangeEvent[];
  resolved_ts?: { regions: number[]; ts: bigint; request_id: number } | null;
  held?: WireLock[];
}

const cdc = (generated as unknown as { cdcpb: Record<string, Codec<never>> }).cdcpb;
export const changeDataRequest = cdc['ChangeDataRequest'] as unknown as Codec<ChangeDataRequest>;
export const changeDataEvent = cdc['ChangeDataEvent'] as unknown as Codec<ChangeDataEvent>;

/** What the kv port says of a failure, as the feed's readers look for it. */
export function changeErrorOf(error: RegionError, regionId: number): ChangeError {
  const { not_leader, region_not_found, epoch_not_match, server_is_busy } = error;
  const isBehind = error.code === 'kv.feed-behind';
  return {
    ...(not_leader && { not_leader }),
    ...(region_not_found && { region_not_found }),
    ...(epoch_not_match && { epoch_not_match }),
    ...(server_is_busy && { server_is_busy }),
    ...(isBehind && { congested: { region_id: regionId } }),
    region_error: error,
  };
}

/** A put of no bytes is a put: what a row is says its operation, not its value. */
export function rowValue(row: WireRow): Uint8Array | undefined {
  return row.op_type === ROW_OP.delete ? undefined : (row.value ?? EMPTY_BYTES);
}

/**
 * The transactional messages of the kv port, typed: shapes by hand (what Rutile writes or reads), codecs from `proto/gen`. All
 * timestamps are bigints. What an encoder leaves out is absent from what is written and has its default in what was read.
 */
import type { Context, RegionError } from './messages.ts';

export const OP = {
  put: 0,
  delete: 1,
  lock: 2,
  rollback: 3,
  insert: 4,
  pessimisticLock: 5,
  checkNotExists: 6,
} as const;
/** `RawMutation.kind`. */
export const RAW_WRITE = { put: 0, delete: 1, 'delete-range': 2 } as const;
export const PESSIMISTIC_ACTION = { skip: 0, check: 1, constraint: 2 } as const;
export const CONFLICT_REASON = { optimistic: 1, pessimistic: 2, 'self-rolled-back': 3 } as const;

export interface WireLock {
  primary_lock: Uint8Array;
  lock_version: bigint;
  key: Uint8Array;
  lock_ttl: number;
  txn_size: number;
  lock_type: number;
  lock_for_update_ts: bigint;
  use_async_commit?: boolean;
  min_commit_ts: bigint;
  secondaries?: Uint8Array[];
}
export interface KeyError {
  locked?: WireLock | null;
  retryable?: string;
  abort?: string;
  conflict?: {
    start_ts: bigint;
    conflict_ts: bigint;
    key: Uint8Array;
    primary?: Uint8Array;
    conflict_commit_ts: bigint;
    reason: number;
  } | null;
  already_exist?: { key: Uint8Array } | null;
  deadlock?: {
    lock_ts: bigint;
    lock_key: Uint8Array;
    deadlock_key_hash?: bigint;
    deadlock_key: Uint8Array;
    wait_chain: { txn: bigint; wait_for_txn: bigint; key_hash?: bigint; key: Uint8Array }[];
  } | null;
  commit_ts_expired?: { start_ts: bigint; attempted_commit_ts: bigint; key: Uint8Array; min_commit_ts: bigint } | null;
  txn_not_found?: { start_ts: bigint; primary_key: Uint8Array } | null;
  primary_mismatch?: { lock_info: WireLock } | null;
  txn_lock_not_found?: { key: Uint8Array } | null;
  code?: string;
  commit_ts?: bigint;
}

interface Asked {
  context?: Context | null;
}
export type GetRequest = Asked & { key: Uint8Array; version: bigint; need_commit_ts: boolean };
export type BatchGetRequest = Asked & { keys: Uint8Array[]; version: bigint; need_commit_ts: boolean };
export type ScanRequest = Asked & {
  start_key: Uint8Array;
  end_key: Uint8Array;
  limit: number;
  version: bigint;
  key_only: boolean;
  reverse: boolean;
  sample_step: number;
};
export interface WireMutation {
  op: number;
  key: Uint8Array;
  value?: Uint8Array;
  assertion?: number;
}
export type PrewriteRequest = Asked & {
  mutations: WireMutation[];
  primary_lock: Uint8Array;
  start_version: bigint;
  lock_ttl: number;
  skip_constraint_check: boolean;
  pessimistic_actions: number[];
  txn_size: number;
  for_update_ts: bigint;
  min_commit_ts: bigint;
  use_async_commit: boolean;
  try_one_pc: boolean;
  max_commit_ts: bigint;
  assertion_level: number;
  release_keys: Uint8Array[];
};
export type PessimisticLockRequest = Asked & {
  mutations: WireMutation[];
  primary_lock: Uint8Array;
  start_version: bigint;
  lock_ttl: number;
  for_update_ts: bigint;
  wait_timeout: number;
  return_values: boolean;
  min_commit_ts: bigint;
  check_existence: boolean;
  lock_only_if_exists: boolean;
  wake_up_mode: number;
  lock_on_conflict: boolean;
  skip_locked: boolean;
};
export type PessimisticRollbackRequest = Asked & { start_version: bigint; for_update_ts: bigint; keys: Uint8Array[] };
export type TxnHeartBeatRequest = Asked & { primary_lock: Uint8Array; start_version: bigint; advise_lock_ttl: number };
export type CheckTxnStatusRequest = Asked & {
  primary_key: Uint8Array;
  lock_ts: bigint;
  caller_start_ts: bigint;
  current_ts: bigint;
  rollback_if_not_exist: boolean;
  resolving_pessimistic_lock: boolean;
  verify_is_primary: boolean;
};
export type CommitRequest = Asked & { start_version: bigint; commit_version: bigint; keys: Uint8Array[] };
export type CleanupRequest = Asked & { key: Uint8Array; start_version: bigint; current_ts: bigint };
export type BatchRollbackRequest = Asked & { start_version: bigint; keys: Uint8Array[] };
export type ScanLockRequest = Asked & {
  max_version: bigint;
  start_key: Uint8Array;
  end_key: Uint8Array;
  limit: number;
};
export type ResolveLockRequest = Asked & {
  start_version: bigint;
  commit_version: bigint;
  txn_infos: { txn: bigint; status: bigint }[];
  keys: Uint8Array[];
};
export type CheckSecondaryLocksRequest = Asked & { keys: Uint8Array[]; start_version: bigint };
export type WhenUnlockedRequest = Asked & { key: Uint8Array; start_version: bigint; timeout_ms: number };
export type RawWriteRequest = Asked & { writes: { kind: number; key: Uint8Array; value: Uint8Array }[]; cf: string };

/** Any answer: the fields that its command has. Absent ones are defaults. */
export interface TxnAnswer {
  region_error?: RegionError | null;
  error?: KeyError | null;
  errors?: KeyError[];
  value?: Uint8Array;
  not_found?: boolean;
  pairs?: { key?: Uint8Array; value?: Uint8Array; error?: KeyError | null }[];
  more?: boolean;
  min_commit_ts?: bigint;
  one_pc_commit_ts?: bigint;
  values?: Uint8Array[];
  not_founds?: boolean[];
  skipped?: boolean[];
  lock_ttl?: number;
  commit_version?: bigint;
  commit_ts?: bigint;
  action?: number;
  lock_info?: WireLock | null;
  locks?: WireLock[];
  count?: number;
}

/** The transactional commands, as the `cmd` oneof has them; each has a unary twin under the name beside it. */
export const TXN_COMMANDS = {
  Get: 'KvGet',
  Scan: 'KvScan',
  Prewrite: 'KvPrewrite',
  Commit: 'KvCommit',
  Cleanup: 'KvCleanup',
  BatchGet: 'KvBatchGet',
  BatchRollback: 'KvBatchRollback',
  ScanLock: 'KvScanLock',
  ResolveLock: 'KvResolveLock',
  PessimisticLock: 'KvPessimisticLock',
  PessimisticRollback: 'KVPessimisticRollback',
  CheckTxnStatus: 'KvCheckTxnStatus',
  TxnHeartBeat: 'KvTxnHeartBeat',
  CheckSecondaryLocks: 'KvCheckSecondaryLocks',
} as const;
export type TxnCommandName = keyof typeof TXN_COMMANDS;

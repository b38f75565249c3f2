/**
 * Transaction commands and their outcomes, as data: what a client asks of a store and what it is told. In one process they are
 * passed as they are; between processes kv/server translates them to and from kvproto's messages, field by field.
 *
 * A transaction is named by its start timestamp. Its first key is the primary: the state of the primary's lock is the state of
 * the whole transaction, so that whoever finds another lock of it can ask there what became of it.
 *
 *     start ── reads at startTs ── prewrite (a lock on each key, value inside) ── commit primary at commitTs ── commit the others
 *
 * The one-phase shortcut prewrites and commits in one step when all keys fit one log entry.
 */
import { RutileError } from '../../base/error.ts';

export type MutationKind = 'put' | 'insert' | 'delete' | 'lock' | 'check-not-exists';

export interface Mutation {
  readonly kind: MutationKind;
  readonly key: Uint8Array;
  /** For `put` and `insert`. */
  readonly value: Uint8Array | undefined;
  /**
   * `conflict`: a version newer than the transaction's view refuses it. `locked`: this transaction should hold a pessimistic
   * lock, which is as good. `none`: another key's lock protects this one.
   */
  readonly check: 'conflict' | 'locked' | 'none';
}

export type LockKind = 'put' | 'delete' | 'lock' | 'pessimistic';

/** What others are told about a lock they ran into. */
export interface LockInfo {
  readonly key: Uint8Array;
  readonly primary: Uint8Array;
  readonly kind: LockKind;
  readonly startTs: bigint;
  /** Milliseconds of life from the physical part of `startTs`. */
  readonly ttlMs: number;
  /** 0n for an optimistic transaction. */
  readonly forUpdateTs: bigint;
  /** The transaction will not commit below it. */
  readonly minCommitTs: bigint;
  /** How many keys the transaction locks, as it said. */
  readonly txnSize: number;
}

export interface PrewriteCommand {
  readonly kind: 'prewrite';
  readonly startTs: bigint;
  readonly primary: Uint8Array;
  readonly mutations: readonly Mutation[];
  readonly ttlMs: number;
  /** 0n: optimistic. Else no version above it may exist under a key that carries no pessimistic lock. */
  readonly forUpdateTs: bigint;
  readonly minCommitTs: bigint;
  readonly txnSize: number;
  /** Commit in the same step when possible; the answer is `committed` then. */
  readonly onePhase: boolean;
  /** Pessimistic locks of keys that were not written, given back when a one-phase commit is applied. */
  readonly releaseKeys: readonly Uint8Array[] | undefined;
  /** Of a one-phase commit: above it, `kv.commit-too-late`. */
  readonly maxCommitTs?: bigint | undefined;
}

export function commitTooLate(commitTs: bigint, maxCommitTs: bigint): RutileError {
  return new RutileError(
    'kv.commit-too-late',
    `the commit would be at ${commitTs}, and may be at ${maxCommitTs} at the latest`,
  );
}

/**
 * A whole transaction too large for one log entry, for a store that holds all of its keys. All or nothing, whatever happens in between. The
 * answers are those of a one-phase prewrite; after `locked` nothing is held.
 */
export interface LargeCommit {
  readonly startTs: bigint;
  /** 0n: optimistic; see `PrewriteCommand`. */
  readonly forUpdateTs: bigint;
  readonly ttlMs: number;
  readonly primary: Uint8Array;
  /** Keys ascend within a chunk and over all of them; a chunk fits a log entry. Kinds: put, insert, delete, check-not-exists. */
  readonly chunks: LargeChunks;
  /** Looked at between chunks: killed, the commit ends with `kv.interrupted` and takes back what it wrote. */
  readonly statement?: { readonly killed: boolean } | undefined;
  /** See `PrewriteCommand`. */
  readonly maxCommitTs?: bigint | undefined;
}

/** An array of chunks, or what makes each when it is asked for. */
export interface LargeChunks {
  readonly length: number;
  at(number: number): readonly Mutation[] | undefined;
}

export interface CommitCommand {
  readonly kind: 'commit';
  readonly startTs: bigint;
  readonly commitTs: bigint;
  readonly keys: readonly Uint8Array[];
}

export interface RollbackCommand {
  readonly kind: 'rollback';
  readonly startTs: bigint;
  readonly keys: readonly Uint8Array[];
}

/** Rolls one key's transaction back when its lock has outlived its time (`currentTs` 0n: at once). */
export interface CleanupCommand {
  readonly kind: 'cleanup';
  readonly key: Uint8Array;
  readonly startTs: bigint;
  readonly currentTs: bigint;
}

export interface CheckTxnStatusCommand {
  readonly kind: 'check-txn-status';
  readonly primary: Uint8Array;
  readonly startTs: bigint;
  /** Reader that is in the way: the lock's `minCommitTs` is pushed above it so that it may pass; 0n: do not push. */
  readonly callerStartTs: bigint;
  readonly currentTs: bigint;
  /** Without a lock or record: roll back (true) or answer `txn-not-found`. */
  readonly rollbackIfNotExist: boolean;
  /** The lock that led here is pessimistic: an expired pessimistic primary is then only unlocked, not rolled back for good. */
  readonly resolvingPessimisticLock: boolean;
  readonly verifyIsPrimary: boolean;
}

/** Finishes what a dead client left: commits (`commitTs` > 0n) or rolls back the locks of one transaction. */
export interface ResolveLockCommand {
  readonly kind: 'resolve-lock';
  readonly startTs: bigint;
  readonly commitTs: bigint;
  /** `undefined`: all of its locks in this store. */
  readonly keys: readonly Uint8Array[] | undefined;
}

export interface HeartbeatCommand {
  readonly kind: 'heartbeat';
  readonly primary: Uint8Array;
  readonly startTs: bigint;
  readonly ttlMs: number;
}

export interface PessimisticLockCommand {
  readonly kind: 'pessimistic-lock';
  readonly startTs: bigint;
  readonly primary: Uint8Array;
  readonly keys: readonly Uint8Array[];
  readonly forUpdateTs: bigint;
  readonly ttlMs: number;
  readonly minCommitTs: bigint;
  /** Milliseconds (0: as long as it takes), or not at all, or leave locked keys out. */
  readonly waitMs: number | 'nowait' | 'skip-locked';
  readonly returnValues: boolean;
  /**
   * Take the lock of a key although a newer version refuses the command: the statement that runs again with a newer timestamp
   * then finds the key already its own, and those in line behind it do not wake in vain.
   */
  readonly lockOnConflict: boolean;
}

export interface PessimisticRollbackCommand {
  readonly kind: 'pessimistic-rollback';
  readonly startTs: bigint;
  readonly forUpdateTs: bigint;
  readonly keys: readonly Uint8Array[];
}

export type TxnCommand =
  | PrewriteCommand
  | CommitCommand
  | RollbackCommand
  | CleanupCommand
  | CheckTxnStatusCommand
  | ResolveLockCommand
  | HeartbeatCommand
  | PessimisticLockCommand
  | PessimisticRollbackCommand;

export type TxnStatusAction =
  | 'none'
  | 'ttl-expire-rollback'
  | 'lock-not-exist-rollback'
  | 'min-commit-ts-pushed'
  | 'ttl-expire-pessimistic-rollback'
  | 'lock-not-exist-do-nothing';

export interface WaitForEdge {
  readonly waiter: bigint;
  readonly holder: bigint;
  readonly key: Uint8Array;
}

export type TxnOutcome =
  /** `minCommitTs` 0n: an ordinary commit follows. */
  | { readonly kind: 'prewritten'; readonly minCommitTs: bigint }
  | { readonly kind: 'committed'; readonly commitTs: bigint }
  | { readonly kind: 'rolled-back' }
  /** `unsure`: an earlier try of the command may have acted, or may act yet. */
  | { readonly kind: 'locked'; readonly locks: readonly LockInfo[]; readonly unsure?: true }
  | {
      readonly kind: 'write-conflict';
      readonly key: Uint8Array;
      readonly startTs: bigint;
      /** The version in the way; both 0n when the transaction itself was rolled back by somebody (`reason`). */
      readonly conflictStartTs: bigint;
      readonly conflictCommitTs: bigint;
      readonly reason: 'optimistic' | 'pessimistic' | 'self-rolled-back';
    }
  | { readonly kind: 'key-exists'; readonly key: Uint8Array }
  | { readonly kind: 'pessimistic-lock-not-found'; readonly key: Uint8Array }
  | { readonly kind: 'txn-not-found'; readonly startTs: bigint; readonly key: Uint8Array }
  | {
      readonly kind: 'commit-ts-expired';
      readonly key: Uint8Array;
      readonly startTs: bigint;
      readonly commitTs: bigint;
      readonly minCommitTs: bigint;
    }
  | { readonly kind: 'primary-mismatch'; readonly lock: LockInfo }
  | {
      readonly kind: 'status';
      readonly ttlMs: number;
      readonly commitTs: bigint;
      readonly action: TxnStatusAction;
      readonly lock: LockInfo | undefined;
    }
  | { readonly kind: 'resolved'; readonly count: number }
  | { readonly kind: 'alive'; readonly ttlMs: number }
  | {
      readonly kind: 'pessimistic-locked';
      readonly values: readonly (Uint8Array | undefined)[] | undefined;
      /** Per key, for `skip-locked`. */
      readonly skipped: readonly boolean[] | undefined;
    }
  | { readonly kind: 'wait-timeout'; readonly key: Uint8Array; readonly lock: LockInfo }
  | { readonly kind: 'deadlock'; readonly key: Uint8Array; readonly chain: readonly WaitForEdge[] }
  /** The store could not take or finish it: `kv.busy`, `kv.read-only`, `kv.undetermined`, `kv.entry-too-large`, … */
  | { readonly kind: 'failed'; readonly error: Error };

/** A raw write, applied in the order given. */
export type RawWrite =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly key: Uint8Array }
  /** `upper` empty: to the end of the key space. */
  | { readonly kind: 'delete-range'; readonly lower: Uint8Array; readonly upper: Uint8Array };

/**
 * Why a transactional command did not do what it was asked: outcomes of proto/kv/command.ts to `kvrpcpb.KeyError` and back.
 *
 * What the public message has a variant for is said with it. The rest is `retryable` (the transaction may run again) or `abort`, with
 * Rutile's own word in `code`, so that its own client gets back exactly what the store said.
 */
import { RutileError } from '../../base/error.ts';
import type { LockInfo, LockKind, TxnOutcome } from '../kv/command.ts';
import { CONFLICT_REASON, type KeyError, OP, type WireLock } from './txn-messages.ts';

const LOCK_OP: Readonly<Record<LockKind, number>> = {
  put: OP.put,
  delete: OP.delete,
  lock: OP.lock,
  pessimistic: OP.pessimisticLock,
};
const LOCK_KIND = new Map(Object.entries(LOCK_OP).map(([kind, op]) => [op, kind as LockKind]));
const REASON = new Map(
  Object.entries(CONFLICT_REASON).map(([reason, code]) => [code as number, reason as keyof typeof CONFLICT_REASON]),
);

export function lockToWire(lock: LockInfo): WireLock {
  return {
    primary_lock: lock.primary,
    lock_version: lock.startTs,
    key: lock.key,
    lock_ttl: lock.ttlMs,
    txn_size: lock.txnSize,
    lock_type: LOCK_OP[lock.kind],
    lock_for_update_ts: lock.forUpdateTs,
    min_commit_ts: lock.minCommitTs,
  };
}

export function lockFromWire(lock: WireLock): LockInfo {
  return {
    key: lock.key,
    primary: lock.primary_lock,
    kind: LOCK_KIND.get(lock.lock_type) ?? 'put',
    startTs: lock.lock_version,
    ttlMs: lock.lock_ttl,
    forUpdateTs: lock.lock_for_update_ts,
    minCommitTs: lock.min_commit_ts,
    txnSize: lock.txn_size,
  };
}

/** Errors that say why; empty when the outcome is a success of its command. `isCommit`: a missing lock has a word of its own there. */
export function keyErrorsOf(outcome: TxnOutcome, isCommit: boolean): KeyError[] {
  switch (outcome.kind) {
    case 'locked':
      return outcome.locks.map((lock) => ({ locked: lockToWire(lock) }));
    case 'wait-timeout':
      return [{ locked: lockToWire(outcome.lock), code: 'wait-timeout' }];
    case 'write-conflict':
      return [
        {
          conflict: {
            start_ts: outcome.startTs,
            conflict_ts: outcome.conflictStartTs,
            conflict_commit_ts: outcome.conflictCommitTs,
            key: outcome.key,
            reason: CONFLICT_REASON[outcome.reason],
          },
        },
      ];
    case 'key-exists':
      return [{ already_exist: { key: outcome.key } }];
    case 'pessimistic-lock-not-found':
      return [
        {
          retryable: 'the pessimistic lock is gone and a newer version is there',
          txn_lock_not_found: { key: outcome.key },
          code: outcome.kind,
        },
      ];
    case 'txn-not-found':
      if (!isCommit) return [{ txn_not_found: { start_ts: outcome.startTs, primary_key: outcome.key } }];
      return [
        {
          retryable: 'the lock of the transaction is not found',
          txn_lock_not_found: { key: outcome.key },
          txn_not_found: { start_ts: outcome.startTs, primary_key: outcome.key },
          code: outcome.kind,
        },
      ];
    case 'commit-ts-expired':
      return [
        {
          commit_ts_expired: {
            start_ts: outcome.startTs,
            attempted_commit_ts: outcome.commitTs,
            key: outcome.key,
            min_commit_ts: outcome.minCommitTs,
          },
        },
      ];
    case 'primary-mismatch':
      return [{ primary_mismatch: { lock_info: lockToWire(outcome.lock) } }];
    case 'deadlock': {
      const { key, chain } = outcome;
      return [
        {
          deadlock: {
            lock_ts: chain[0]?.holder ?? 0n,
            lock_key: key,
            deadlock_key: key,
            wait_chain: chain.map((edge) => ({ txn: edge.waiter, wait_for_txn: edge.holder, key: edge.key })),
          },
        },
      ];
    }
    case 'failed': {
      const code = outcome.error instanceof RutileError ? outcome.error.code : 'kv.unexpected';
      return [{ abort: outcome.error.message, code }];
    }
    default:
      return [];
  }
}

export function committedError(commitTs: bigint): KeyError {
  return { abort: 'the transaction is committed', code: 'committed', commit_ts: commitTs };
}

export function rolledBackError(key: Uint8Array): KeyError {
  return { retryable: 'the transaction was rolled back', txn_lock_not_found: { key }, code: 'rolled-back' };
}

/** What the errors of an answer (at least one) say of a command of the transaction `startTs`. */
export function outcomeOfErrors(errors: readonly KeyError[]): TxnOutcome {
  const error = errors[0]!;
  const lockGone = error.txn_lock_not_found?.key;
  if (error.code === 'wait-timeout' && error.locked)
    return { kind: 'wait-timeout', key: error.locked.key, lock: lockFromWire(error.locked) };
  if (error.code === 'committed') return { kind: 'committed', commitTs: error.commit_ts ?? 0n };
  if (error.code === 'rolled-back') return { kind: 'rolled-back' };
  if (error.code === 'pessimistic-lock-not-found' && lockGone)
    return { kind: 'pessimistic-lock-not-found', key: lockGone };
  if (error.locked) {
    const locks = errors.flatMap(({ locked }) => (locked ? [lockFromWire(locked)] : []));
    return { kind: 'locked', locks };
  }
  if (error.conflict) {
    const { conflict } = error;
    return {
      kind: 'write-conflict',
      key: conflict.key,
      startTs: conflict.start_ts,
      conflictStartTs: conflict.conflict_ts,
      conflictCommitTs: conflict.conflict_commit_ts,
      reason: REASON.get(conflict.reason) ?? 'optimistic',
    };
  }
  if (error.already_exist) return { kind: 'key-exists', key: error.already_exist.key };
  if (error.txn_not_found) {
    const { start_ts: startTs, primary_key: key } = error.txn_not_found;
    return { kind: 'txn-not-found', startTs, key };
  }
  if (error.commit_ts_expired) {
    const expired = error.commit_ts_expired;
    return {
      kind: 'commit-ts-expired',
      key: expired.key,
      startTs: expired.start_ts,
      commitTs: expired.attempted_commit_ts,
      minCommitTs: expired.min_commit_ts,
    };
  }
  if (error.primary_mismatch) return { kind: 'primary-mismatch', lock: lockFromWire(error.primary_mismatch.lock_info) };
  if (error.deadlock) {
    const { deadlock_key: key, wait_chain: chain } = error.deadlock;
    return {
      kind: 'deadlock',
      key,
      chain: chain.map((edge) => ({ waiter: edge.txn, holder: edge.wait_for_txn, key: edge.key })),
    };
  }
  return { kind: 'failed', error: failureOf(error) };
}

export function failureOf(error: KeyError): RutileError {
  const message = error.abort || error.retryable || 'the store refused without a reason';
  return new RutileError(error.code || 'kv.unexpected', message);
}

export function failureToKeyError(error: unknown): KeyError {
  return {
    abort: error instanceof Error ? error.message : String(error),
    code: error instanceof RutileError ? error.code : 'kv.unexpected',
  };
}

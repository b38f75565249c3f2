/**
 * Pessimistic locks: taken while a statement runs, so that conflicts wait instead of failing at commit. They live in memory
 * only: a crash loses them, and the prewrite that misses its lock looks for a newer version instead.
 *
 * All keys or none. A key that another transaction holds makes the command wait for that holder (with nothing taken meanwhile),
 * or answers at once, or is left out, as the command says. A version newer than the statement's `forUpdateTs` is a conflict:
 * the statement has to run again with a newer timestamp; the key it stumbled over may stay locked for it (`lockOnConflict`).
 */
import type { PessimisticLockCommand } from '../../proto/kv/command.ts';
import {
  KIND_PUT,
  type Lock,
  lockInfo,
  RECORD_HEADER_SIZE,
  recordCommitTs,
  recordKind,
  recordStartTs,
} from '../mvcc/index.ts';
import { answer, type Decision, type MemoryChange, newestLockCommit, traceOf, type TxnView } from './decide.ts';

// hot
export function decidePessimisticLock(view: TxnView, command: PessimisticLockCommand): Decision {
  const { startTs, forUpdateTs, keys } = command;
  const { versions } = view;
  const memory: MemoryChange[] = [];
  const skips = command.waitMs === 'skip-locked';
  const values: (Uint8Array | undefined)[] | undefined = command.returnValues ? [] : undefined;
  const skipped: boolean[] | undefined = skips ? [] : undefined;
  const mayBeRolledBack = view.traces.mayBeRolledBack(startTs);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const state = view.locks.state(key);
    const holder = state === undefined ? undefined : (state.lock ?? state.pessimistic);
    if (holder !== undefined && holder.startTs !== startTs) {
      if (skips) {
        skipped!.push(true);
        values?.push(undefined);
        continue;
      }
      const info = lockInfo(key, holder);
      const outcome = { kind: 'locked', locks: [info] } as const;
      if (command.waitMs === 'nowait') return answer(outcome);
      return { ...answer(outcome), wait: info };
    }
    skipped?.push(false);
    const found = versions.find(key);
    const commitTs = found ? recordCommitTs(versions.bytes, versions.start) : 0n;
    const lockCommitTs = newestLockCommit(view, key, forUpdateTs);
    const newest = commitTs > lockCommitTs ? commitTs : lockCommitTs;
    if (newest > forUpdateTs) {
      const conflictStartTs = newest === commitTs ? recordStartTs(versions.bytes, versions.start) : 0n;
      const conflict = answer({
        kind: 'write-conflict',
        key,
        startTs,
        conflictStartTs,
        conflictCommitTs: newest,
        reason: 'pessimistic',
      });
      if (!command.lockOnConflict || state?.lock !== undefined || mayBeRolledBack) return conflict;
      return { ...conflict, memory: [{ key, lock: newLock(command, state?.pessimistic, newest), startTs }] };
    }
    values?.push(
      found && recordKind(versions.bytes, versions.start) === KIND_PUT
        ? versions.bytes.subarray(versions.start + RECORD_HEADER_SIZE, versions.end)
        : undefined,
    );
    if (mayBeRolledBack) {
      const trace = traceOf(view, key, startTs);
      if (trace !== undefined) {
        return answer({
          kind: 'write-conflict',
          key,
          startTs,
          conflictStartTs: 0n,
          conflictCommitTs: trace.commitTs,
          reason: 'self-rolled-back',
        });
      }
    }
    // A prewrite lock of this transaction is stronger and stays; a pessimistic one moves up to the newer statement.
    if (state?.lock !== undefined) continue;
    const held = state?.pessimistic;
    if (held !== undefined && held.forUpdateTs >= forUpdateTs) continue;
    memory.push({ key, lock: newLock(command, held, forUpdateTs), startTs });
  }
  return { ...answer({ kind: 'pessimistic-locked', values, skipped }), memory };
}

function newLock(command: PessimisticLockCommand, held: Lock | undefined, forUpdateTs: bigint): Lock {
  return {
    kind: 'pessimistic',
    startTs: command.startTs,
    ttlMs: held === undefined ? command.ttlMs : Math.max(held.ttlMs, command.ttlMs),
    forUpdateTs,
    minCommitTs: command.minCommitTs,
    txnSize: 1,
    primary: command.primary,
    value: undefined,
  };
}

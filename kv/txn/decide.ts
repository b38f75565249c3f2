/**
 * What a store answers to a transaction command, and what it writes: pure functions of the state (versions, locks, recent
 * traces) and the command. The caller holds the latches of every key the command names, so nothing under them changes until
 * the writes are applied.
 *
 *     decide(view, command) → outcome        what the client will be told once the writes are durable and applied
 *                             writes         for the log; none: answer at once
 *                             memory         pessimistic locks taken or given back, which no log sees
 *                             onePhase       the caller assigns commitTs, patches outcome and writes
 *                             wait           a pessimistic lock has to wait for this holder
 *
 * Every command may arrive twice (a lost answer, a retry) and is answered alike the second time; a prewrite that arrives after
 * its transaction was rolled back finds the trace and is refused.
 */
import { unreachable } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type {
  CheckTxnStatusCommand,
  CleanupCommand,
  CommitCommand,
  HeartbeatCommand,
  LockInfo,
  PessimisticRollbackCommand,
  ResolveLockCommand,
  RollbackCommand,
  TxnCommand,
  TxnOutcome,
  TxnStatusAction,
} from '../../proto/kv/command.ts';
import { equalBytes } from '../../base/bytes.ts';
import {
  encodeLock,
  KIND_DELETE,
  KIND_LOCK,
  KIND_PUT,
  KIND_ROLLBACK,
  type Lock,
  lockInfo,
  type LockTable,
  type TxnTrace,
  type Versions,
} from '../mvcc/index.ts';
import { decidePessimisticLock } from './pessimistic-lock.ts';
import { decidePrewrite } from './prewrite.ts';
import type { RecentTraces } from './traces.ts';
import { OLD_UNKNOWN, OP_COMMIT, OP_LOCK, OP_TRACE, OP_UNLOCK, Write, WriteSet } from './write-set.ts';

export interface TxnView {
  readonly versions: Versions;
  readonly locks: LockTable;
  readonly traces: RecentTraces;
}

export interface MemoryChange {
  readonly key: Uint8Array;
  /** Set it, or (undefined) give back that of `startTs`. */
  readonly lock: Lock | undefined;
  readonly startTs: bigint;
}

export interface Decision {
  readonly outcome: TxnOutcome;
  readonly writes: WriteSet | undefined;
  readonly memory: readonly MemoryChange[] | undefined;
  readonly onePhase: boolean;
  readonly wait: LockInfo | undefined;
}

export function decide(view: TxnView, command: TxnCommand): Decision {
  const block = view.locks.blockOf(command.startTs);
  if (block !== undefined) {
    const decided = decideUnderWay(command, block.lock);
    if (decided !== undefined) return decided;
  }
  switch (command.kind) {
    case 'prewrite':
      return decidePrewrite(view, command);
    case 'commit':
      return decideCommit(view, command);
    case 'rollback':
      return decideRollback(view, command);
    case 'cleanup':
      return decideCleanup(view, command);
    case 'check-txn-status':
      return decideStatus(view, command);
    case 'resolve-lock':
      return decideResolve(view, command);
    case 'heartbeat':
      return decideHeartbeat(view, command);
    case 'pessimistic-lock':
      return decidePessimisticLock(view, command);
    case 'pessimistic-rollback':
      return decidePessimisticRollback(view, command);
    default:
      return unreachable(command);
  }
}

/** Nobody but the store itself ends a large commit: it lives as long as its process does. */
function decideUnderWay(command: TxnCommand, lock: Lock): Decision | undefined {
  switch (command.kind) {
    case 'check-txn-status':
      return answer(status(lock.ttlMs, 0n, 'none', lockInfo(command.primary, lock)));
    case 'heartbeat':
      return answer({ kind: 'alive', ttlMs: Math.max(lock.ttlMs, command.ttlMs) });
    case 'commit':
    case 'rollback':
    case 'cleanup':
    case 'resolve-lock':
      return answer({
        kind: 'failed',
        error: new RutileError('kv.busy', 'the transaction is being committed', { retry: 'same' }),
      });
    default:
      return undefined;
  }
}

export function answer(outcome: TxnOutcome): Decision {
  return { outcome, writes: undefined, memory: undefined, onePhase: false, wait: undefined };
}

export function write(outcome: TxnOutcome, writes: WriteSet, memory?: readonly MemoryChange[]): Decision {
  return { outcome, writes: writes.writes.length === 0 ? undefined : writes, memory, onePhase: false, wait: undefined };
}

/** A lock outlives its owner's last word by its time to live, counted from the physical half of its start. */
export function isExpired(lock: { readonly startTs: bigint; readonly ttlMs: number }, currentTs: bigint): boolean {
  return (lock.startTs >> 18n) + BigInt(lock.ttlMs) < currentTs >> 18n;
}

/** How `startTs` ended at `key`; looks into history only when it may have left something. */
export function traceOf(view: TxnView, key: Uint8Array, startTs: bigint): TxnTrace | undefined {
  return view.versions.trace(key, startTs);
}

/** Commit timestamp of the newest lock-only commit under `key`, as far as one who started at `startTs` must know. */
export function newestLockCommit(view: TxnView, key: Uint8Array, startTs: bigint): bigint {
  const remembered = view.traces.lockCommit(key, startTs);
  if (remembered !== 0n || !view.traces.mustSearchLockCommits(startTs)) return remembered;
  return view.versions.newestLockCommit(key);
}

function oldRecord(view: TxnView, key: Uint8Array): Uint8Array | null {
  return view.versions.find(key) ? view.versions.record() : null;
}

function addCommit(view: TxnView, set: WriteSet, key: Uint8Array, lock: Lock): void {
  const kind = lock.kind === 'put' ? KIND_PUT : lock.kind === 'delete' ? KIND_DELETE : KIND_LOCK;
  set.writes.push(
    new Write(OP_COMMIT, kind, key, undefined, lock, kind === KIND_LOCK ? OLD_UNKNOWN : oldRecord(view, key)),
  );
}

function addRollback(set: WriteSet, key: Uint8Array, locked: boolean): void {
  if (locked) set.writes.push(new Write(OP_UNLOCK, 0, key, undefined, undefined, OLD_UNKNOWN));
  set.writes.push(new Write(OP_TRACE, KIND_ROLLBACK, key, undefined, undefined, OLD_UNKNOWN));
}

/** All keys or none: a key that cannot be committed refuses the command. */
function decideCommit(view: TxnView, command: CommitCommand): Decision {
  const { startTs, commitTs } = command;
  const set = new WriteSet(startTs, commitTs);
  for (const key of command.keys) {
    const lock = view.locks.state(key)?.lock;
    if (lock !== undefined && lock.startTs === startTs) {
      if (commitTs < lock.minCommitTs)
        return answer({ kind: 'commit-ts-expired', key, startTs, commitTs, minCommitTs: lock.minCommitTs });
      addCommit(view, set, key, lock);
      continue;
    }
    const trace = traceOf(view, key, startTs);
    if (trace === undefined) return answer({ kind: 'txn-not-found', startTs, key });
    if (trace.kind === 'rolled-back') return answer({ kind: 'rolled-back' });
    // Committed before: by an earlier try, or by a reader that resolved the lock.
  }
  return write({ kind: 'committed', commitTs }, set);
}

function decideRollback(view: TxnView, command: RollbackCommand): Decision {
  const set = new WriteSet(command.startTs, 0n);
  const memory: MemoryChange[] = [];
  for (const key of command.keys) {
    const committed = rollBackKey(view, set, memory, key, command.startTs);
    if (committed !== undefined) return answer({ kind: 'committed', commitTs: committed });
  }
  return write({ kind: 'rolled-back' }, set, memory);
}

/** Returns the commit timestamp when it is too late. */
function rollBackKey(
  view: TxnView,
  set: WriteSet,
  memory: MemoryChange[],
  key: Uint8Array,
  startTs: bigint,
): bigint | undefined {
  const state = view.locks.state(key);
  if (state?.lock?.startTs === startTs) {
    addRollback(set, key, true);
    return undefined;
  }
  if (state?.pessimistic?.startTs === startTs) memory.push({ key, lock: undefined, startTs });
  const trace = traceOf(view, key, startTs);
  if (trace?.kind === 'committed') return trace.commitTs;
  // Nothing here yet: the trace refuses a prewrite that is still on its way.
  if (trace === undefined) addRollback(set, key, false);
  return undefined;
}

function decideCleanup(view: TxnView, command: CleanupCommand): Decision {
  const { key, startTs, currentTs } = command;
  const state = view.locks.state(key);
  const lock =
    state?.lock?.startTs === startTs
      ? state.lock
      : state?.pessimistic?.startTs === startTs
        ? state.pessimistic
        : undefined;
  if (lock !== undefined && currentTs !== 0n && !isExpired(lock, currentTs))
    return answer({ kind: 'locked', locks: [lockInfo(key, lock)] });
  return decideRollback(view, { kind: 'rollback', startTs, keys: [key] });
}

function decideStatus(view: TxnView, command: CheckTxnStatusCommand): Decision {
  const { primary, startTs, currentTs, callerStartTs } = command;
  const state = view.locks.state(primary);
  const lock = state?.lock;
  if (lock !== undefined && lock.startTs === startTs) {
    if (command.verifyIsPrimary && !equalBytes(lock.primary, primary))
      return answer({ kind: 'primary-mismatch', lock: lockInfo(primary, lock) });
    if (isExpired(lock, currentTs)) {
      const set = new WriteSet(startTs, 0n);
      addRollback(set, primary, true);
      return write(status(0, 0n, 'ttl-expire-rollback', undefined), set);
    }
    return pushMinCommitTs(lock, primary, callerStartTs, currentTs);
  }
  const pessimistic = state?.pessimistic;
  if (pessimistic !== undefined && pessimistic.startTs === startTs) {
    if (!isExpired(pessimistic, currentTs))
      return answer(status(pessimistic.ttlMs, 0n, 'none', lockInfo(primary, pessimistic)));
    const memory = [{ key: primary, lock: undefined, startTs }];
    const set = new WriteSet(startTs, 0n);
    if (command.resolvingPessimisticLock)
      return write(status(0, 0n, 'ttl-expire-pessimistic-rollback', undefined), set, memory);
    addRollback(set, primary, false);
    return write(status(0, 0n, 'ttl-expire-rollback', undefined), set, memory);
  }
  const trace = traceOf(view, primary, startTs);
  if (trace !== undefined) return answer(status(0, trace.commitTs, 'none', undefined));
  if (!command.rollbackIfNotExist) return answer({ kind: 'txn-not-found', startTs, key: primary });
  if (command.resolvingPessimisticLock) return answer(status(0, 0n, 'lock-not-exist-do-nothing', undefined));
  const set = new WriteSet(startTs, 0n);
  addRollback(set, primary, false);
  return write(status(0, 0n, 'lock-not-exist-rollback', undefined), set);
}

/**
 * A reader in the way of a living transaction asks that it commit above the reader's timestamp. That promise has to survive a
 * crash, so it goes through the log like the lock itself. A reader of the newest state asks for nothing: it may pass anyway.
 */
function pushMinCommitTs(lock: Lock, primary: Uint8Array, callerStartTs: bigint, currentTs: bigint): Decision {
  if (callerStartTs === 0xffffffffffffffffn)
    return answer(status(lock.ttlMs, 0n, 'min-commit-ts-pushed', lockInfo(primary, lock)));
  if (callerStartTs === 0n) return answer(status(lock.ttlMs, 0n, 'none', lockInfo(primary, lock)));
  if (lock.minCommitTs > callerStartTs)
    return answer(status(lock.ttlMs, 0n, 'min-commit-ts-pushed', lockInfo(primary, lock)));
  const minCommitTs = callerStartTs + 1n > currentTs ? callerStartTs + 1n : currentTs;
  const pushed: Lock = { ...lock, minCommitTs };
  const set = new WriteSet(lock.startTs, 0n);
  set.writes.push(new Write(OP_LOCK, 0, primary, encodeLock(pushed), pushed, OLD_UNKNOWN));
  return write(status(lock.ttlMs, 0n, 'min-commit-ts-pushed', lockInfo(primary, pushed)), set);
}

function status(ttlMs: number, commitTs: bigint, action: TxnStatusAction, lock: LockInfo | undefined): TxnOutcome {
  return { kind: 'status', ttlMs, commitTs, action, lock };
}

function decideResolve(view: TxnView, command: ResolveLockCommand): Decision {
  const { startTs, commitTs } = command;
  const set = new WriteSet(startTs, commitTs);
  const memory: MemoryChange[] = [];
  let count = 0;
  for (const key of command.keys ?? []) {
    const state = view.locks.state(key);
    if (state === undefined) continue;
    if (state.pessimistic?.startTs === startTs) {
      memory.push({ key, lock: undefined, startTs });
      count++;
    }
    const lock = state.lock;
    if (lock === undefined || lock.startTs !== startTs) continue;
    count++;
    if (commitTs === 0n) addRollback(set, key, true);
    else if (commitTs < lock.minCommitTs)
      return answer({ kind: 'commit-ts-expired', key, startTs, commitTs, minCommitTs: lock.minCommitTs });
    else addCommit(view, set, key, lock);
  }
  return write({ kind: 'resolved', count }, set, memory);
}

function decideHeartbeat(view: TxnView, command: HeartbeatCommand): Decision {
  const { primary, startTs, ttlMs } = command;
  const state = view.locks.state(primary);
  const lock = state?.lock;
  if (lock !== undefined && lock.startTs === startTs) {
    if (lock.ttlMs >= ttlMs) return answer({ kind: 'alive', ttlMs: lock.ttlMs });
    const longer: Lock = { ...lock, ttlMs };
    const set = new WriteSet(startTs, 0n);
    set.writes.push(new Write(OP_LOCK, 0, primary, encodeLock(longer), longer, OLD_UNKNOWN));
    return write({ kind: 'alive', ttlMs }, set);
  }
  const pessimistic = state?.pessimistic;
  if (pessimistic !== undefined && pessimistic.startTs === startTs) {
    if (pessimistic.ttlMs >= ttlMs) return answer({ kind: 'alive', ttlMs: pessimistic.ttlMs });
    return {
      ...answer({ kind: 'alive', ttlMs }),
      memory: [{ key: primary, lock: { ...pessimistic, ttlMs }, startTs }],
    };
  }
  return answer({ kind: 'txn-not-found', startTs, key: primary });
}

function decidePessimisticRollback(view: TxnView, command: PessimisticRollbackCommand): Decision {
  const memory: MemoryChange[] = [];
  for (const key of command.keys) {
    const lock = view.locks.state(key)?.pessimistic;
    // A lock renewed by a later statement stays: this is the answer to an earlier one.
    if (lock === undefined || lock.startTs !== command.startTs || lock.forUpdateTs > command.forUpdateTs) continue;
    memory.push({ key, lock: undefined, startTs: command.startTs });
  }
  return { ...answer({ kind: 'rolled-back' }), memory };
}

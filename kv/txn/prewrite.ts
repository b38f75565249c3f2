/**
 * Prewrite: checks every key and locks it, value inside; or, in one phase, checks every key and commits it. All keys or none.
 *
 * A key is refused for one of these reasons, in this order: another transaction's lock; a version newer than this transaction
 * may overlook; this transaction was rolled back; the key exists and must not. A newer version that is this transaction's own
 * means that an earlier try went through, which is the answer then.
 */
import type { LockInfo, Mutation, PrewriteCommand } from '../../proto/kv/command.ts';
import {
  encodeLock,
  FIND_ABSENT,
  FIND_COLD,
  KIND_DELETE,
  KIND_LOCK,
  KIND_PUT,
  type Lock,
  lockInfo,
  recordCommitTs,
  recordKind,
  recordStartTs,
} from '../mvcc/index.ts';
import { answer, type Decision, type MemoryChange, newestLockCommit, traceOf, type TxnView, write } from './decide.ts';
import { OLD_UNKNOWN, OP_LOCK, OP_TRACE, OP_VERSION, Write, WriteSet } from './write-set.ts';

// hot: bench/micro/txn.ts
export function decidePrewrite(view: TxnView, command: PrewriteCommand): Decision {
  const { startTs, mutations } = command;
  const set = new WriteSet(startTs, 0n);
  let blockers: LockInfo[] | undefined;
  const mayBeRolledBack = view.traces.mayBeRolledBack(startTs);
  let cold: (Uint8Array | null | undefined)[] | undefined;
  for (let i = 0; i < mutations.length; i++) {
    const mutation = mutations[i]!;
    const key = mutation.key;
    const state = view.locks.state(key);
    let holdsPessimistic = false;
    if (state !== undefined) {
      const { lock, pessimistic } = state;
      if (lock !== undefined) {
        // Prewritten by an earlier try: it stands as it is.
        if (lock.startTs === startTs) continue;
        (blockers ??= []).push(lockInfo(key, lock));
        continue;
      }
      if (pessimistic !== undefined) {
        if (pessimistic.startTs !== startTs) {
          (blockers ??= []).push(lockInfo(key, pessimistic));
          continue;
        }
        holdsPessimistic = true;
      }
    }
    let exists: boolean;
    const hot = cold === undefined ? view.versions.findHot(key) : FIND_COLD;
    if (hot !== FIND_COLD) exists = hot !== FIND_ABSENT;
    else if (cold === undefined && i === mutations.length - 1) exists = view.versions.findInEngine(key);
    else {
      cold ??= readCold(view, mutations, i);
      const record = cold[i];
      exists = record === OLD_UNKNOWN ? view.versions.find(key) : view.versions.take(record);
    }
    const refused = checkVersions(view, command, mutation, holdsPessimistic, mayBeRolledBack, exists);
    if (refused !== undefined) return refused;
    // `checkVersions` leaves the newest record in `view.versions` when there is one.
    if (command.onePhase) addVersion(view, set, mutation);
    else if (mutation.kind !== 'check-not-exists') addLock(set, command, mutation);
  }
  if (blockers !== undefined) return answer({ kind: 'locked', locks: blockers });
  if (!command.onePhase) return write({ kind: 'prewritten', minCommitTs: 0n }, set);
  const memory: MemoryChange[] | undefined = command.releaseKeys?.map((key) => ({ key, lock: undefined, startTs }));
  // The caller puts in the commit timestamp when it closes the entry.
  set.maxCommitTs = command.maxCommitTs;
  return { outcome: { kind: 'committed', commitTs: 0n }, writes: set, memory, onePhase: true, wait: undefined };
}

/**
 * The newest records, from mutation `from` on, of the keys that hot pages do not know, with one call of the engine, whose way there and
 * back costs as much as a look-up. `OLD_UNKNOWN` for a key that pages know; that of `from` is known to be none.
 */
// hot
function readCold(view: TxnView, mutations: readonly Mutation[], from: number): (Uint8Array | null | undefined)[] {
  const { versions } = view;
  const places = [from];
  for (let i = from + 1; i < mutations.length; i++)
    if (versions.findHot(mutations[i]!.key) === FIND_COLD) places.push(i);
  const records = versions.engine.getMany(
    'latest',
    places.map((i) => mutations[i]!.key),
  );
  const cold = new Array<Uint8Array | null | undefined>(mutations.length).fill(OLD_UNKNOWN);
  places.forEach((place, n) => (cold[place] = records[n] ?? null));
  return cold;
}

/** Left by the last call of `checkVersions`: whether the key has a record at all. */
let found = false;

/** `exists`: whether the key has a newest record, which the caller has left in `view.versions`. */
// hot
export function checkVersions(
  view: TxnView,
  command: { readonly startTs: bigint; readonly forUpdateTs: bigint },
  mutation: Mutation,
  holdsPessimistic: boolean,
  mayBeRolledBack: boolean,
  exists: boolean,
): Decision | undefined {
  const { startTs, forUpdateTs } = command;
  const { key } = mutation;
  const versions = view.versions;
  found = exists;
  const commitTs = found ? recordCommitTs(versions.bytes, versions.start) : 0n;
  // A lock kept after a conflict (see pessimistic-lock.ts) does not say that the statement has seen the newest version.
  if (mutation.check === 'conflict' || (mutation.check === 'locked' && !holdsPessimistic)) {
    // A lock that was lost (with its leader, or to its age) was taken by some statement, nobody knows which: a later one's timestamp
    // says nothing about what was written to the key in between.
    const limit = forUpdateTs === 0n || mutation.check === 'locked' ? startTs : forUpdateTs;
    const lockCommitTs = newestLockCommit(view, key, limit);
    const newest = commitTs > lockCommitTs ? commitTs : lockCommitTs;
    if (newest > limit) {
      const conflictStartTs = newest === commitTs ? recordStartTs(versions.bytes, versions.start) : 0n;
      const trace = traceOf(view, key, startTs);
      if (trace?.kind === 'committed') return answer({ kind: 'committed', commitTs: trace.commitTs });
      if (mutation.check === 'locked') return answer({ kind: 'pessimistic-lock-not-found', key });
      const reason = trace === undefined ? (forUpdateTs === 0n ? 'optimistic' : 'pessimistic') : 'self-rolled-back';
      return answer({ kind: 'write-conflict', key, startTs, conflictStartTs, conflictCommitTs: newest, reason });
    }
  } else if (commitTs > startTs && recordStartTs(versions.bytes, versions.start) === startTs) {
    return answer({ kind: 'committed', commitTs });
  }
  if (mayBeRolledBack) {
    const trace = traceOf(view, key, startTs);
    if (trace?.kind === 'committed') return answer({ kind: 'committed', commitTs: trace.commitTs });
    if (trace !== undefined)
      return answer({
        kind: 'write-conflict',
        key,
        startTs,
        conflictStartTs: 0n,
        conflictCommitTs: 0n,
        reason: 'self-rolled-back',
      });
    found = versions.find(key);
  }
  if (mutation.kind === 'insert' || mutation.kind === 'check-not-exists') {
    if (found && recordKind(versions.bytes, versions.start) === KIND_PUT) return answer({ kind: 'key-exists', key });
  }
  return undefined;
}

// hot
function addVersion(view: TxnView, set: WriteSet, mutation: Mutation): void {
  const { key, value } = mutation;
  switch (mutation.kind) {
    case 'put':
    case 'insert':
      set.writes.push(new Write(OP_VERSION, KIND_PUT, key, value, undefined, found ? view.versions.record() : null));
      return;
    case 'delete':
      set.writes.push(
        new Write(OP_VERSION, KIND_DELETE, key, undefined, undefined, found ? view.versions.record() : null),
      );
      return;
    case 'lock':
      set.writes.push(new Write(OP_TRACE, KIND_LOCK, key, undefined, undefined, OLD_UNKNOWN));
      return;
    case 'check-not-exists':
      return;
  }
}

function addLock(set: WriteSet, command: PrewriteCommand, mutation: Mutation): void {
  const lock: Lock = {
    kind: mutation.kind === 'delete' ? 'delete' : mutation.kind === 'lock' ? 'lock' : 'put',
    startTs: command.startTs,
    ttlMs: command.ttlMs,
    forUpdateTs: command.forUpdateTs,
    minCommitTs: command.minCommitTs,
    txnSize: command.txnSize,
    primary: command.primary,
    value: mutation.kind === 'put' || mutation.kind === 'insert' ? mutation.value : undefined,
  };
  set.writes.push(new Write(OP_LOCK, 0, mutation.key, encodeLock(lock), lock, OLD_UNKNOWN));
}

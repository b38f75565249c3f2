/**
 * Apply: makes a committed write set true. Two halves, since many sets share one engine batch:
 *
 *     fillBatch(set)     computes the records and puts them in the batch; reads the state before the batch
 *     afterWrite(set)    once the batch is written: hot pages, lock table, traces; returns whom to wake
 *
 * Between the halves nothing else may happen to the keys of the set; latches see to that on a leader, and a replay applies one
 * entry at a time. The result depends on nothing but the state and the set, so every replica computes the same.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { keyAfter } from '../../base/bytes.ts';
import type { WriteBatch } from '../engine/engine.ts';
import {
  CLASS_LOCK,
  CLASS_RECORD,
  CLASS_ROLLBACK,
  decodeLock,
  encodeRecord,
  encodeTrace,
  historyKey,
  type HotPages,
  KIND_DELETE,
  KIND_LOCK,
  KIND_PUT,
  KIND_ROLLBACK,
  recordCommitTs,
} from '../mvcc/index.ts';
import type { TxnView } from './decide.ts';
import { CHUNK_FRESH, decodeChunkRange, fillLargeChunk, fillLargeDone, fillLargeUndo } from './large-commit.ts';
import {
  OP_COMMIT,
  OP_LARGE_CHUNK,
  OP_LARGE_DONE,
  OP_LARGE_UNDO,
  OP_LOCK,
  OP_RAW_DELETE,
  OP_RAW_DELETE_RANGE,
  OP_RAW_PUT,
  OP_TENTATIVE,
  OP_TRACE,
  OP_UNLOCK,
  OP_VERSION,
  type Write,
  type WriteSet,
} from './write-set.ts';

export interface ApplyTarget extends TxnView {
  readonly rawPages: HotPages | undefined;
  /** The durable floors of `RecentTraces` changed: put them in the batch before it is written. */
  floorsChanged: boolean;
}

/** Above every key the engine takes; stands for "no upper bound" in a delete-range. */
export const KEY_END = new Uint8Array(9216).fill(0xff);

// hot: bench/micro/txn.ts
export function fillBatch(target: ApplyTarget, set: WriteSet, batch: WriteBatch): void {
  const writes = set.writes;
  for (let i = 0; i < writes.length; i++) {
    const write = writes[i]!;
    switch (write.op) {
      case OP_VERSION:
      case OP_TENTATIVE:
        fillVersion(target, set, write, write.kind, write.value, batch);
        break;
      case OP_COMMIT: {
        const lock = write.lock ?? target.locks.state(write.key)?.lock;
        assert(lock !== undefined && lock.startTs === set.startTs, 'a commit without its lock');
        fillVersion(target, set, write, write.kind, lock.value, batch);
        batch.delete('lock', write.key);
        break;
      }
      case OP_LOCK:
        batch.put('lock', write.key, write.value!);
        break;
      case OP_UNLOCK:
        batch.delete('lock', write.key);
        break;
      case OP_TRACE:
        fillTrace(target, set, write.key, write.kind, batch);
        break;
      case OP_RAW_PUT:
        batch.put('raw', write.key, write.value!);
        break;
      case OP_RAW_DELETE:
        batch.delete('raw', write.key);
        break;
      case OP_RAW_DELETE_RANGE:
        batch.deleteRange('raw', { lower: write.key, upper: write.value!.length === 0 ? KEY_END : write.value! });
        break;
      case OP_LARGE_CHUNK:
        fillLargeChunk(set, write, batch);
        break;
      case OP_LARGE_DONE:
        fillLargeDone(set, write, batch);
        break;
      case OP_LARGE_UNDO:
        fillLargeUndo(target.versions.engine, set, write, batch);
        break;
      default:
        unreachable(write.op as never);
    }
  }
}

function fillVersion(
  target: ApplyTarget,
  set: WriteSet,
  write: Write,
  kind: number,
  value: Uint8Array | undefined,
  batch: WriteBatch,
): void {
  const { key } = write;
  assert(set.commitTs > set.startTs, 'a version is committed after its transaction began');
  if (kind === KIND_LOCK) {
    fillTrace(target, set, key, KIND_LOCK, batch);
    return;
  }
  const old = write.old !== undefined ? write.old : target.versions.find(key) ? target.versions.record() : null;
  // A tombstone over nothing would never be collected: collection walks `history`. The trace says that we were here.
  if (kind === KIND_DELETE && old === null) {
    fillTrace(target, set, key, KIND_LOCK, batch);
    return;
  }
  if (old !== null) {
    const oldTs = recordCommitTs(old, 0);
    assert(oldTs < set.commitTs, 'versions of a key are committed in ascending order');
    batch.put('history', historyKey(key, oldTs, CLASS_RECORD), old);
  }
  const record = encodeRecord(kind, set.commitTs, set.startTs, kind === KIND_PUT ? value : undefined);
  write.record = record;
  batch.put('latest', key, record);
}

function fillTrace(target: ApplyTarget, set: WriteSet, key: Uint8Array, kind: number, batch: WriteBatch): void {
  if (kind === KIND_ROLLBACK) {
    batch.put('history', historyKey(key, set.startTs, CLASS_ROLLBACK), encodeTrace(KIND_ROLLBACK, set.startTs));
    if (target.traces.noteRollback(set.startTs)) target.floorsChanged = true;
    return;
  }
  batch.put('history', historyKey(key, set.commitTs, CLASS_LOCK), encodeTrace(KIND_LOCK, set.startTs));
  if (target.traces.noteLockCommit(key, set.commitTs)) target.floorsChanged = true;
}

/** Calls `wake` for each waiter of a key that became free. */
// hot
export function afterWrite(
  target: ApplyTarget,
  set: WriteSet,
  wake: (key: Uint8Array, waiters: (() => void)[] | undefined) => void,
): void {
  const { locks, versions } = target;
  const pages = versions.pages;
  const writes = set.writes;
  let fresh = false;
  for (let i = 0; i < writes.length; i++) {
    const write = writes[i]!;
    const { key } = write;
    switch (write.op) {
      case OP_VERSION:
      case OP_COMMIT: {
        if (pages !== undefined && write.record !== undefined) pages.put(key, write.record);
        if (locks.size > 0) wake(key, locks.settle(key, set.startTs));
        break;
      }
      case OP_LARGE_CHUNK: {
        fresh = write.kind === CHUNK_FRESH;
        const range = decodeChunkRange(write.value!);
        // Rows of a load are not hot: a page of their range would only have to be filled and cut again and again.
        if (fresh) pages?.dropRange(range.lower, keyAfter(range.upper));
        break;
      }
      case OP_TENTATIVE:
        if (pages !== undefined && !fresh && write.record !== undefined) pages.put(key, write.record);
        if (locks.pessimisticCount > 0) locks.clearPessimistic(key, set.startTs);
        break;
      case OP_LARGE_UNDO:
        pages?.clear();
        break;
      case OP_LOCK:
        locks.setLock(key, write.lock ?? decodeLock(write.value!));
        break;
      case OP_UNLOCK:
        wake(key, locks.clear(key, set.startTs));
        break;
      case OP_TRACE:
        // A key that a one-phase commit only locked: its pessimistic lock goes with it.
        if (locks.size > 0 && write.kind === KIND_LOCK) wake(key, locks.clear(key, set.startTs));
        break;
      case OP_RAW_PUT:
        target.rawPages?.put(key, write.value!);
        break;
      case OP_RAW_DELETE:
        target.rawPages?.remove(key);
        break;
      case OP_RAW_DELETE_RANGE:
        target.rawPages?.dropRange(key, write.value!.length === 0 ? undefined : write.value!);
        break;
    }
  }
}

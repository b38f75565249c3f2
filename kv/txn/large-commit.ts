/**
 * Large commits: a transaction of one store that does not fit a log entry. Percolator's way would write each value twice (a lock with the
 * value, then the version) and each key three times. Here every key is checked and held in memory first (kv/mvcc/lock-block.ts), then the
 * versions go through the log once, in chunks, and one small entry at the end makes them true:
 *
 *     check and hold every key ─ draw commitTs ─ chunk 0 ─ chunk 1 ─ … ─ done
 *                  no log at all                 tentative versions     all of them count from here on
 *
 * Nobody sees a tentative version: readers at or above `commitTs` wait for the block of held keys, those below look past it as past any
 * later version. Each chunk notes its range in the family `meta` in the batch that writes its versions; the last entry removes the notes. A
 * store that opens with notes left undoes those chunks before it serves anybody, so a crash leaves all or nothing.
 *
 *     meta  'l' startTs(8) number(4) → lowerSize(2) lower upper     upper is inclusive
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, copyBytes, keyAfter } from '../../base/bytes.ts';
import type { LargeCommit, LockInfo, Mutation, TxnOutcome } from '../../proto/kv/command.ts';
import type { EngineIterator, Pairs, Readable, WriteBatch } from '../engine/engine.ts';
import {
  CLASS_RECORD,
  FIND_COLD,
  FIND_FOUND,
  historySeekKey,
  historyUpper,
  KIND_DELETE,
  KIND_PUT,
  lockInfo,
  readTs,
  recordCommitTs,
  recordStartTs,
  TS_MAX,
  writeTs,
} from '../mvcc/index.ts';
import type { TxnView } from './decide.ts';
import { checkVersions } from './prewrite.ts';
import {
  OLD_UNKNOWN,
  OP_LARGE_CHUNK,
  OP_LARGE_DONE,
  OP_LARGE_UNDO,
  OP_TENTATIVE,
  Write,
  WriteSet,
} from './write-set.ts';

const META_LARGE = 0x6c;
const MARKER_SIZE = 13;
/** Chunks whose keys were all new: hot pages have nothing to keep of their range. */
export const CHUNK_FRESH = 1;
const CHUNK_MIXED = 0;
/** Records asked for in one call. */
const READ_STEP = 1024;

/** The newest records of a chunk's keys, in order; `undefined`: none of them has one. */
export type OldRecords = readonly (Uint8Array | null)[] | undefined;

/** Checks a chunk whose latches are held. Its keys come in ascending order. */
export function checkLargeChunk(
  view: TxnView,
  command: LargeCommit,
  mutations: readonly Mutation[],
): { readonly refused: TxnOutcome } | { readonly refused: undefined; readonly olds: OldRecords } {
  const { startTs, forUpdateTs } = command;
  const first = mutations[0]!.key;
  const upper = keyAfter(mutations[mutations.length - 1]!.key);
  const olds = newestRecords(view, mutations, first, upper);
  const mayBeRolledBack = view.traces.mayBeRolledBack(startTs);
  const limit = forUpdateTs === 0n ? startTs : forUpdateTs;
  // The usual load: nothing was ever here and nobody else is.
  if (olds === undefined && !mayBeRolledBack && view.traces.noLockCommits(limit) && !view.locks.anyIn(first, upper))
    return { refused: undefined, olds };
  let blockers: LockInfo[] | undefined;
  for (let i = 0; i < mutations.length; i++) {
    const mutation = mutations[i]!;
    const state = view.locks.state(mutation.key);
    const holder = state?.lock ?? state?.pessimistic;
    if (holder !== undefined && holder.startTs !== startTs) {
      (blockers ??= []).push(lockInfo(mutation.key, holder));
      continue;
    }
    const record = olds === undefined ? null : olds[i]!;
    const exists = view.versions.take(record);
    const refused = checkVersions(view, command, mutation, holder?.kind === 'pessimistic', mayBeRolledBack, exists);
    if (refused !== undefined) return { refused: refused.outcome };
  }
  if (blockers !== undefined) return { refused: { kind: 'locked', locks: blockers } };
  return { refused: undefined, olds };
}

/** The entry of a chunk; `undefined` when it only checked keys. */
export function largeChunk(
  startTs: bigint,
  commitTs: bigint,
  number: number,
  mutations: readonly Mutation[],
  olds: OldRecords,
): WriteSet | undefined {
  const set = new WriteSet(startTs, commitTs);
  const { writes } = set;
  const lower = mutations[0]!.key;
  const upper = mutations[mutations.length - 1]!.key;
  const range = new Uint8Array(2 + lower.length + upper.length);
  range[0] = lower.length >> 8;
  range[1] = lower.length;
  range.set(lower, 2);
  range.set(upper, 2 + lower.length);
  const kind = olds === undefined ? CHUNK_FRESH : CHUNK_MIXED;
  writes.push(new Write(OP_LARGE_CHUNK, kind, numberKey(number), range, undefined, OLD_UNKNOWN));
  for (let i = 0; i < mutations.length; i++) {
    const { kind: what, key, value } = mutations[i]!;
    if (what === 'check-not-exists') continue;
    assert(what !== 'lock', 'a large commit writes or checks');
    const old = olds === undefined ? null : olds[i]!;
    writes.push(new Write(OP_TENTATIVE, what === 'delete' ? KIND_DELETE : KIND_PUT, key, value, undefined, old));
  }
  return writes.length === 1 ? undefined : set;
}

export function largeDone(startTs: bigint, commitTs: bigint, count: number): WriteSet {
  const set = new WriteSet(startTs, commitTs);
  set.writes.push(new Write(OP_LARGE_DONE, 0, numberKey(count), undefined, undefined, OLD_UNKNOWN));
  return set;
}

/** Takes one chunk back, if it is there. */
export function largeUndo(startTs: bigint, number: number): WriteSet {
  return undoOf(startTs, numberKey(number));
}

function undoOf(startTs: bigint, number: Uint8Array): WriteSet {
  const set = new WriteSet(startTs, 0n);
  set.writes.push(new Write(OP_LARGE_UNDO, 0, number, undefined, undefined, OLD_UNKNOWN));
  return set;
}

/** Where the notes of chunks under way lie in `meta`; the value of each is what `decodeChunkRange` reads. */
export function largeNoteRange(): { readonly lower: Uint8Array; readonly upper: Uint8Array } {
  return { lower: new Uint8Array([META_LARGE]), upper: new Uint8Array([META_LARGE + 1]) };
}

export interface UnfinishedChunk {
  /** One of its keys. */
  readonly key: Uint8Array;
  /** Takes it back. */
  readonly set: WriteSet;
  /** `upper` is inclusive. */
  readonly range: { readonly lower: Uint8Array; readonly upper: Uint8Array };
}

/** What is unfinished, or was left so by a crash: then its sets are applied before anything else. */
export function unfinishedLargeCommits(engine: Readable): UnfinishedChunk[] {
  const sets: UnfinishedChunk[] = [];
  const iterator = engine.iterator('meta', largeNoteRange());
  for (;;) {
    const pairs = iterator.next(READ_STEP);
    for (let i = 0; i < pairs.keys.length; i++) {
      const note = pairs.keys[i]!;
      assert(note.length === MARKER_SIZE, 'the note of a large commit has a size of its own');
      const range = decodeChunkRange(pairs.values[i]!);
      sets.push({ key: range.lower, set: undoOf(readTs(note, 1), copyBytes(note, 9)), range });
    }
    if (pairs.finished) break;
  }
  iterator.close();
  return sets;
}

// ---- apply

export function fillLargeChunk(set: WriteSet, write: Write, batch: WriteBatch): void {
  batch.put('meta', marker(set.startTs, write.key), write.value!);
}

export function fillLargeDone(set: WriteSet, write: Write, batch: WriteBatch): void {
  const count = readNumber(write.key);
  for (let number = 0; number < count; number++) batch.delete('meta', marker(set.startTs, numberKey(number)));
}

/** The versions of `startTs` in the chunk's range go; what they replaced comes back from `history`. */
export function fillLargeUndo(engine: Readable, set: WriteSet, write: Write, batch: WriteBatch): void {
  const note = marker(set.startTs, write.key);
  const range = engine.get('meta', note);
  if (range === undefined) return;
  const { lower, upper } = decodeChunkRange(range);
  const iterator = engine.iterator('latest', { lower, upper: keyAfter(upper) });
  const history = new HistoryWalk(engine, lower, upper);
  for (;;) {
    const pairs = iterator.next(READ_STEP);
    for (let i = 0; i < pairs.keys.length; i++) {
      const record = pairs.values[i]!;
      if (recordStartTs(record, 0) !== set.startTs) continue;
      const key = pairs.keys[i]!;
      if (history.find(key, recordCommitTs(record, 0))) {
        batch.put('latest', key, history.value);
        batch.delete('history', history.key);
      } else batch.delete('latest', key);
    }
    if (pairs.finished) break;
  }
  iterator.close();
  history.close();
  batch.delete('meta', note);
}

/** The newest older version of one key after another, in key order, with one walk over `history`. */
class HistoryWalk {
  key!: Uint8Array;
  value!: Uint8Array;
  private readonly iterator: EngineIterator;
  private pairs: Pairs = { keys: [], values: [], finished: false };
  private at = 0;

  constructor(engine: Readable, lower: Uint8Array, upper: Uint8Array) {
    this.iterator = engine.iterator('history', { lower: historySeekKey(lower, TS_MAX), upper: historyUpper(upper) });
  }

  /** False: `key` had no version before `commitTs`. */
  find(key: Uint8Array, commitTs: bigint): boolean {
    if (!this.fetch()) return false;
    const first = historySeekKey(key, commitTs - 1n);
    const end = historyUpper(key);
    for (; this.fetch(); this.at++) {
      const stored = this.pairs.keys[this.at]!;
      if (compareBytes(stored, end) >= 0) return false;
      if (compareBytes(stored, first) < 0 || stored[stored.length - 1] !== CLASS_RECORD) continue;
      this.key = stored;
      this.value = this.pairs.values[this.at]!;
      return true;
    }
    return false;
  }

  close(): void {
    this.iterator.close();
  }

  /** False: nothing is left. */
  private fetch(): boolean {
    while (this.at >= this.pairs.keys.length) {
      if (this.pairs.finished) return false;
      this.pairs = this.iterator.next(READ_STEP);
      this.at = 0;
    }
    return true;
  }
}

export function decodeChunkRange(bytes: Uint8Array): { readonly lower: Uint8Array; readonly upper: Uint8Array } {
  const size = (bytes[0]! << 8) | bytes[1]!;
  return { lower: bytes.slice(2, 2 + size), upper: bytes.slice(2 + size) };
}

// ---- small parts

function newestRecords(
  view: TxnView,
  mutations: readonly Mutation[],
  lower: Uint8Array,
  upper: Uint8Array,
): OldRecords {
  const { engine, pages } = view.versions;
  const iterator = engine.iterator('latest', { lower, upper });
  const probe = iterator.next(1);
  iterator.close();
  if (probe.keys.length === 0) return undefined;
  const records: (Uint8Array | null)[] = [];
  const cold: number[] = [];
  for (let i = 0; i < mutations.length; i++) {
    const found = pages === undefined ? FIND_COLD : pages.find(mutations[i]!.key);
    if (found === FIND_COLD) cold.push(i);
    records.push(found === FIND_FOUND ? pages!.bytes.subarray(pages!.start, pages!.end) : null);
  }
  for (let from = 0; from < cold.length; from += READ_STEP) {
    const step = cold.slice(from, from + READ_STEP);
    const read = engine.getMany(
      'latest',
      step.map((i) => mutations[i]!.key),
    );
    for (let n = 0; n < step.length; n++) records[step[n]!] = read[n] ?? null;
  }
  return records;
}

function marker(startTs: bigint, number: Uint8Array): Uint8Array {
  const key = new Uint8Array(MARKER_SIZE);
  key[0] = META_LARGE;
  writeTs(key, 1, startTs);
  key.set(number, 9);
  return key;
}

function numberKey(number: number): Uint8Array {
  return new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);
}

function readNumber(key: Uint8Array): number {
  return ((key[0]! << 24) | (key[1]! << 16) | (key[2]! << 8) | key[3]!) >>> 0;
}

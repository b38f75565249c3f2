/**
 * Garbage collection by safe point: forgets versions that no reader at or above the safe point can see.
 *
 * Of the versions of a key at or below the safe point only the newest can still be seen, and not even that one when it is a
 * tombstone. It is enough to walk `history`: whatever can be forgotten there lies there, and a tombstone in `latest` always has
 * the version it deleted behind it (a delete of a missing key leaves a trace instead of a tombstone).
 *
 *     latest      10:put            history of the key   8:put 5:put 3:delete
 *     safe point  9 → keeps 8, forgets 5 and 3;   10 or more → forgets all three
 *
 * One step looks at a bounded number of entries and fills a batch; the caller writes it in the same turn and comes back with
 * the cursor. Deletions are local to a store: they change no answer, so they need no log.
 */
import { compareBytes, equalBytes, keyAfter } from '../../base/bytes.ts';
import type { Readable, WriteBatch } from '../engine/engine.ts';
import type { LockTable } from './lock-table.ts';
import { CLASS_RECORD, decodeHistoryKey, KIND_DELETE, recordCommitTs, recordKind } from './record.ts';

export interface GcCursor {
  /** Next history key to look at; `undefined`: from the start. */
  readonly at: Uint8Array | undefined;
  /** The key the last step ended in, and whether its newest version at or below the safe point was already met. */
  readonly key: Uint8Array | undefined;
  readonly keptOne: boolean;
}

export const GC_START: GcCursor = { at: undefined, key: undefined, keptOne: false };

export interface GcStep {
  /** `undefined`: the walk is complete. */
  readonly next: GcCursor | undefined;
  /** Keys that left `latest`. */
  readonly removed: readonly Uint8Array[];
  /** Entries deleted in this step, of both families. */
  readonly deletedCount: number;
}

export interface GcInput {
  readonly engine: Readable;
  readonly locks: LockTable;
  readonly safePoint: bigint;
  readonly cursor: GcCursor;
  readonly countMax: number;
  readonly batch: WriteBatch;
}

export function collectGarbage(input: GcInput): GcStep {
  const { engine, locks, safePoint, cursor, batch } = input;
  const iterator = engine.iterator('history', { lower: cursor.at, upper: undefined, bypassCache: true });
  const pairs = iterator.next(input.countMax);
  iterator.close();

  const entries = pairs.keys.map((key) => decodeHistoryKey(key));
  const keys: Uint8Array[] = [];
  for (const entry of entries)
    if (keys.length === 0 || !equalBytes(keys[keys.length - 1]!, entry.key)) keys.push(entry.key);
  const latest = keys.length === 0 ? [] : engine.getMany('latest', keys);

  const removed: Uint8Array[] = [];
  let deletedCount = 0;
  let keyIndex = -1;
  let key = cursor.key;
  let keptOne = cursor.keptOne;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (keyIndex < 0 || !equalBytes(keys[keyIndex]!, entry.key)) {
      keyIndex++;
      const record = latest[keyIndex];
      const latestIsOld = record !== undefined && recordCommitTs(record, 0) <= safePoint;
      const continues = key !== undefined && compareBytes(key, entry.key) === 0;
      key = entry.key;
      // What lies under a version that everybody sees is seen by nobody.
      if (!continues) keptOne = record === undefined || latestIsOld;
      if (latestIsOld && recordKind(record, 0) === KIND_DELETE && locks.state(entry.key) === undefined) {
        batch.delete('latest', entry.key);
        removed.push(entry.key);
        deletedCount++;
      }
    }
    if (entry.ts > safePoint) continue;
    let forget = true;
    if (entry.recordClass === CLASS_RECORD && !keptOne) {
      keptOne = true;
      forget = recordKind(pairs.values[i]!, 0) === KIND_DELETE;
    }
    if (!forget) continue;
    batch.delete('history', pairs.keys[i]!);
    deletedCount++;
  }
  const next =
    pairs.finished || entries.length === 0
      ? undefined
      : { at: keyAfter(pairs.keys[pairs.keys.length - 1]!), key, keptOne };
  return { next, removed, deletedCount };
}

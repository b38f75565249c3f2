/**
 * `RecentTraces`: spares decisions a look into `history` for something that is nearly never there: that their transaction was
 * rolled back by somebody else, or that somebody committed a bare lock on their key.
 *
 * It remembers, in memory and in bounded number, the rollbacks and lock-only commits of late. Whatever it had to forget, or
 * happened before the process started, lies at or below a *floor*; a transaction that started below a floor has to look in the
 * engine. The floors are durable (family `meta`), written in the batch of the trace that raises them.
 */
import { assert } from '../../base/assert.ts';
import { readTs, writeTs } from '../mvcc/index.ts';

export class RecentTraces {
  private readonly countMax: number;
  private readonly rollbacks = new Set<bigint>();
  private readonly lockCommits = new Map<string, bigint>();
  private rollbackFloor = 0n;
  private lockFloor = 0n;
  /** Highest ever seen: what the floors will be after a restart. */
  private rollbackMax = 0n;
  private lockMax = 0n;

  constructor(countMax: number) {
    assert(countMax > 0, 'some traces must be remembered');
    this.countMax = countMax;
  }

  /** May the transaction have been rolled back at some key? `false` is certain. */
  // hot
  mayBeRolledBack(startTs: bigint): boolean {
    if (startTs <= this.rollbackFloor) return true;
    return this.rollbacks.size > 0 && this.rollbacks.has(startTs);
  }

  /** Must a transaction that started at `startTs` look in `history` for lock-only commits? */
  // hot
  mustSearchLockCommits(startTs: bigint): boolean {
    return startTs < this.lockFloor;
  }

  /** The newest remembered lock-only commit of `key`; 0n: none above `startTs`. */
  // hot
  lockCommit(key: Uint8Array, startTs: bigint): bigint {
    return this.lockMax <= startTs ? 0n : (this.lockCommits.get(keyText(key)) ?? 0n);
  }

  /** No key can have a lock-only commit that a transaction of `startTs` must know of. */
  noLockCommits(startTs: bigint): boolean {
    return this.lockCommits.size === 0 && !this.mustSearchLockCommits(startTs);
  }

  /** Both return true when the durable floors have to be written. */
  noteRollback(startTs: bigint): boolean {
    this.rollbacks.add(startTs);
    if (this.rollbacks.size > this.countMax) {
      const oldest = this.rollbacks.values().next().value!;
      this.rollbacks.delete(oldest);
      if (oldest > this.rollbackFloor) this.rollbackFloor = oldest;
    }
    if (startTs <= this.rollbackMax) return false;
    this.rollbackMax = startTs;
    return true;
  }

  noteLockCommit(key: Uint8Array, commitTs: bigint): boolean {
    const text = keyText(key);
    this.lockCommits.delete(text);
    this.lockCommits.set(text, commitTs);
    if (this.lockCommits.size > this.countMax) {
      const [oldest, ts] = this.lockCommits.entries().next().value!;
      this.lockCommits.delete(oldest);
      if (ts > this.lockFloor) this.lockFloor = ts;
    }
    if (commitTs <= this.lockMax) return false;
    this.lockMax = commitTs;
    return true;
  }

  /**
   * Everything up to now has to be looked up in the engine, also what this store never saw: rows came from another one. True: the durable
   * floors have to be written.
   */
  forgetAll(upTo: bigint): boolean {
    this.rollbacks.clear();
    this.lockCommits.clear();
    this.rollbackFloor = this.rollbackMax = upTo;
    this.lockFloor = this.lockMax = upTo;
    return true;
  }

  encodeFloors(): Uint8Array {
    const bytes = new Uint8Array(16);
    writeTs(bytes, 0, this.rollbackMax);
    writeTs(bytes, 8, this.lockMax);
    return bytes;
  }

  loadFloors(bytes: Uint8Array): void {
    this.rollbackFloor = this.rollbackMax = readTs(bytes, 0);
    this.lockFloor = this.lockMax = readTs(bytes, 8);
  }
}

function keyText(key: Uint8Array): string {
  let text = '';
  for (let i = 0; i < key.length; i++) text += String.fromCharCode(key[i]!);
  return text;
}

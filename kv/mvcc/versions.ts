/**
 * `Versions`: finds versions, wherever they are: hot pages first when there are any, then the engine. The one place that reads
 * the families `latest` and `history`, for readers and for the decisions of kv/txn alike. A found record is left in the fields
 * `bytes`, `start`, `end` (valid until the next call), so that a hit allocates nothing.
 */
import type { Readable } from '../engine/engine.ts';
import { FIND_ABSENT, FIND_COLD, type HotPages } from './hot-pages.ts';
import {
  CLASS_LOCK,
  CLASS_RECORD,
  CLASS_ROLLBACK,
  decodeHistoryKey,
  historySeekKey,
  historyUpper,
  isTsAfter,
  KIND_PUT,
  type ReadTs,
  RECORD_HEADER_SIZE,
  recordCommitTs,
  recordKind,
  recordStartTs,
} from './record.ts';

/** Small steps: most keys have few versions, and the one sought is among the newest. */
const HISTORY_STEP = 4;

/** What became of a transaction at one key. */
export interface TxnTrace {
  readonly kind: 'committed' | 'rolled-back';
  /** 0n for a rollback. */
  readonly commitTs: bigint;
}

export class Versions {
  readonly engine: Readable;
  readonly pages: HotPages | undefined;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;

  constructor(engine: Readable, pages: HotPages | undefined) {
    this.engine = engine;
    this.pages = pages;
  }

  /** The newest version, tombstones included. */
  // hot
  find(key: Uint8Array): boolean {
    const found = this.findHot(key);
    if (found === FIND_COLD) return this.found(this.engine.get('latest', key));
    return found !== FIND_ABSENT;
  }

  /** The same from hot pages alone: FIND_COLD when only the engine knows. */
  // hot
  findHot(key: Uint8Array): number {
    const pages = this.pages;
    if (pages === undefined) return FIND_COLD;
    let found = pages.find(key);
    if (found === FIND_COLD) {
      if (!pages.warm(key)) return FIND_COLD;
      found = pages.find(key);
    }
    if (found > FIND_ABSENT) {
      this.bytes = pages.bytes;
      this.start = pages.start;
      this.end = pages.end;
    }
    return found;
  }

  /** Reads the record of a row whose page does not hold it. */
  findInEngine(key: Uint8Array): boolean {
    return this.found(this.engine.get('latest', key));
  }

  /** The newest version at or below `ts` that is older than the one in `latest`. */
  findOlder(key: Uint8Array, ts: bigint): boolean {
    const iterator = this.engine.iterator('history', { lower: historySeekKey(key, ts), upper: historyUpper(key) });
    try {
      for (;;) {
        const pairs = iterator.next(HISTORY_STEP);
        for (let i = 0; i < pairs.keys.length; i++) {
          const stored = pairs.keys[i]!;
          if (stored[stored.length - 1] === CLASS_RECORD) return this.found(pairs.values[i]);
        }
        if (pairs.finished) return false;
      }
    } finally {
      iterator.close();
    }
  }

  /** The value visible at `ts`; `undefined` when there is none. The view is stable: pages never overwrite bytes they have shown. */
  // hot
  valueAt(key: Uint8Array, ts: ReadTs): Uint8Array | undefined {
    return this.find(key) ? this.visible(key, ts) : undefined;
  }

  /** The same for a newest record that was read already. */
  valueIn(record: Uint8Array | undefined, key: Uint8Array, ts: ReadTs): Uint8Array | undefined {
    return this.found(record) ? this.visible(key, ts) : undefined;
  }

  /** The value visible at `ts` of a key whose newest record `find` left here. */
  // hot
  visible(key: Uint8Array, ts: ReadTs): Uint8Array | undefined {
    if (isTsAfter(this.bytes, this.start + 1, ts.high, ts.low)) {
      const { pages } = this;
      const previous =
        pages !== undefined && this.bytes === pages.bytes && this.start === pages.start ? pages.previousStart : -1;
      if (previous >= 0 && !isTsAfter(this.bytes, previous + 1, ts.high, ts.low)) {
        this.start = previous;
        this.end = pages!.previousEnd;
      } else if (!this.findOlder(key, ts.value)) return undefined;
    }
    if (recordKind(this.bytes, this.start) !== KIND_PUT) return undefined;
    return this.bytes.subarray(this.start + RECORD_HEADER_SIZE, this.end);
  }

  /** Takes a newest record that was read already for what `find` would have found. */
  take(record: Uint8Array | null): boolean {
    return this.found(record ?? undefined);
  }

  /** A copy-free view of the whole record that `find` left. */
  record(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  /** How the transaction `startTs` ended at `key`, if it left a trace. */
  trace(key: Uint8Array, startTs: bigint): TxnTrace | undefined {
    if (this.find(key)) {
      if (recordStartTs(this.bytes, this.start) === startTs) {
        return { kind: 'committed', commitTs: recordCommitTs(this.bytes, this.start) };
      }
    }
    // Newest first; nothing of this transaction lies below its own start.
    const iterator = this.engine.iterator('history', {
      lower: historySeekKey(key, 0xffffffffffffffffn),
      upper: historyUpper(key),
    });
    try {
      for (;;) {
        const pairs = iterator.next(HISTORY_STEP * 4);
        for (let i = 0; i < pairs.keys.length; i++) {
          const stored = decodeHistoryKey(pairs.keys[i]!);
          if (stored.ts < startTs) return undefined;
          const value = pairs.values[i]!;
          if (stored.recordClass === CLASS_ROLLBACK && stored.ts === startTs)
            return { kind: 'rolled-back', commitTs: 0n };
          if (stored.recordClass === CLASS_RECORD && recordStartTs(value, 0) === startTs)
            return { kind: 'committed', commitTs: stored.ts };
          // A trace holds its startTs where a record holds its commitTs.
          if (stored.recordClass === CLASS_LOCK && recordCommitTs(value, 0) === startTs)
            return { kind: 'committed', commitTs: stored.ts };
        }
        if (pairs.finished) return undefined;
      }
    } finally {
      iterator.close();
    }
  }

  /** Commit timestamp of the newest transaction that only locked `key`; 0n: none. */
  newestLockCommit(key: Uint8Array): bigint {
    const iterator = this.engine.iterator('history', {
      lower: historySeekKey(key, 0xffffffffffffffffn),
      upper: historyUpper(key),
    });
    try {
      for (;;) {
        const pairs = iterator.next(HISTORY_STEP * 4);
        for (const bytes of pairs.keys) {
          const stored = decodeHistoryKey(bytes);
          if (stored.recordClass === CLASS_LOCK) return stored.ts;
        }
        if (pairs.finished) return 0n;
      }
    } finally {
      iterator.close();
    }
  }

  private found(record: Uint8Array | undefined): boolean {
    if (record === undefined) return false;
    this.bytes = record;
    this.start = 0;
    this.end = record.length;
    return true;
  }
}

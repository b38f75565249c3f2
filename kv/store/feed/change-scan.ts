/**
 * `ChangeScan`: commits of the past, from a still picture of `latest` and `history`. Either all above a timestamp in a range (a feed that begins: more
 * than one scan when keys that it has not reached change, past-scan.ts), or all of one large commit in the ranges of its chunks (which becomes true in a single entry, too late to tell each row then).
 *
 *     latest   k → 9        history  k: 7 4 2        from 3  →  k@4 (was 2)  k@7 (was 4)  k@9 (was 7)
 *
 * One walk over `latest` finds the keys, a cursor on `history` follows it: both are in key order. Keys whose newest version is not above the
 * timestamp cost their place in the walk and nothing more. Versions of large commits that are not true yet are passed over.
 */
import { compareBytes, copyBytes, keyAfter } from '../../../base/bytes.ts';
import type { RegionFeedItem, RowChange } from '../../client/feed/region-feed.ts';
import type { EngineIterator, Pairs, Readable } from '../../engine/engine.ts';
import {
  CLASS_RECORD,
  historySeekKey,
  historyUpper,
  KIND_PUT,
  RECORD_HEADER_SIZE,
  recordCommitTs,
  recordKind,
  recordStartTs,
} from '../../mvcc/index.ts';

export interface ScanRange {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array | undefined;
}

export interface ChangeScanOptions {
  readonly view: Readable & { close(): void };
  readonly ranges: readonly ScanRange[];
  readonly wanted:
    | { readonly kind: 'after'; readonly ts: bigint; /** Starts of large commits that are not true yet. */ readonly tentative: ReadonlySet<bigint> }
    | { readonly kind: 'of'; readonly startTs: bigint };
  readonly oldValues: boolean;
} // prettier-ignore

const WALK_STEP = 512;
const HISTORY_STEP = 64;
/** History entries passed over before the cursor is set anew. */
const SKIP_MAX = 256;
const EVERYTHING: ScanRange = { lower: new Uint8Array(0), upper: undefined };

export class ChangeScan {
  finished = false;
  /** Of the range that it walks, every key below has been looked at; `undefined` before the first. */
  reached: Uint8Array | undefined = undefined;
  private readonly options: ChangeScanOptions;
  private readonly history: HistoryCursor;
  private range = 0;
  private walk: EngineIterator | undefined = undefined;
  private pairs: Pairs | undefined = undefined;
  private at = 0;

  constructor(options: ChangeScanOptions) {
    this.options = options;
    this.history = new HistoryCursor(options.view);
  }

  /** Looks at up to some hundred keys, and adds what they show. */
  step(items: RegionFeedItem[], sizeBytesMax: number): void {
    const { view, ranges } = this.options;
    let sizeBytes = 0;
    if (this.pairs === undefined || this.at >= this.pairs.keys.length) {
      if (this.pairs?.finished === true) this.nextRange();
      if (this.range >= ranges.length) return this.close();
      const { lower, upper } = ranges[this.range]!;
      this.walk ??= view.iterator('latest', {
        lower: lower.length === 0 ? undefined : lower,
        upper,
        bypassCache: true,
      });
      this.pairs = this.walk.next(WALK_STEP);
      this.at = 0;
    }
    const { keys, values } = this.pairs;
    for (; this.at < keys.length && sizeBytes < sizeBytesMax; this.at++)
      sizeBytes += this.addVersions(keys[this.at]!, values[this.at]!, items);
    if (this.at > 0) this.reached = keyAfter(keys[this.at - 1]!);
  }

  close(): void {
    if (this.finished) return;
    this.finished = true;
    this.walk?.close();
    this.history.close();
    this.options.view.close();
  }

  private nextRange(): void {
    this.walk?.close();
    this.walk = undefined;
    this.pairs = undefined;
    this.range++;
  }

  /** Oldest first. Returns their bytes. */
  private addVersions(key: Uint8Array, newest: Uint8Array, items: RegionFeedItem[]): number {
    const { wanted, oldValues } = this.options;
    if (wanted.kind === 'of') {
      if (recordStartTs(newest, 0) !== wanted.startTs) return 0;
      const old = oldValues && this.history.seek(key, recordCommitTs(newest, 0) - 1n) ? this.history.value : undefined;
      const row = rowOf(key, newest, old);
      items.push(row);
      return sizeOf(row);
    }
    if (recordCommitTs(newest, 0) <= wanted.ts) return 0;
    const versions = wanted.tentative.has(recordStartTs(newest, 0)) ? [] : [newest];
    let before: Uint8Array | undefined;
    let older = this.history.seek(key, recordCommitTs(newest, 0) - 1n);
    for (; older && recordCommitTs(this.history.value, 0) > wanted.ts; older = this.history.next())
      versions.push(this.history.value);
    if (older) before = this.history.value;
    let sizeBytes = 0;
    for (let i = versions.length - 1; i >= 0; i--) {
      const row = rowOf(key, versions[i]!, oldValues ? before : undefined);
      before = versions[i]!;
      items.push(row);
      sizeBytes += sizeOf(row);
    }
    return sizeBytes;
  }
}

/** A version and the one before it as what a reader is told. Bytes are copied: they outlive the buffers they come from. */
export function rowOf(key: Uint8Array, record: Uint8Array, before: Uint8Array | null | undefined): RowChange {
  return {
    kind: 'row',
    key: copyBytes(key),
    value: valueOf(record),
    oldValue: before === undefined || before === null ? undefined : valueOf(before),
    startTs: recordStartTs(record, 0),
    commitTs: recordCommitTs(record, 0),
  };
}

export function valueOf(record: Uint8Array): Uint8Array | undefined {
  return recordKind(record, 0) === KIND_PUT ? copyBytes(record, RECORD_HEADER_SIZE) : undefined;
}

function sizeOf(row: RowChange): number {
  return row.key.length + (row.value?.length ?? 0) + (row.oldValue?.length ?? 0) + 64;
}

/** Older versions, key by key in ascending order, newest first within a key. */
class HistoryCursor {
  value: Uint8Array = EVERYTHING.lower;
  private readonly view: Readable;
  private iterator: EngineIterator | undefined = undefined;
  private pairs: Pairs = { keys: [], values: [], finished: true };
  private at = 0;
  /** Above every entry of the key that was asked for. */
  private end: Uint8Array = EVERYTHING.lower;

  constructor(view: Readable) {
    this.view = view;
  }

  /** The newest version of `key` at or below `ts`. */
  seek(key: Uint8Array, ts: bigint): boolean {
    const first = historySeekKey(key, ts);
    this.end = historyUpper(key);
    for (let skipped = 0; ; skipped++, this.at++) {
      const stored = this.iterator === undefined || skipped > SKIP_MAX ? this.open(first) : this.fetch();
      if (stored === undefined) return false;
      if (compareBytes(stored, first) >= 0) return this.settle();
    }
  }

  /** The version before. */
  next(): boolean {
    this.at++;
    return this.settle();
  }

  close(): void {
    this.iterator?.close();
    this.iterator = undefined;
  }

  /** Goes on to a version of the key, past the traces of transactions. */
  private settle(): boolean {
    for (; ; this.at++) {
      const stored = this.fetch();
      if (stored === undefined || compareBytes(stored, this.end) >= 0) return false;
      if (stored[stored.length - 1] !== CLASS_RECORD) continue;
      this.value = this.pairs.values[this.at]!;
      return true;
    }
  }

  private open(lower: Uint8Array): Uint8Array | undefined {
    this.iterator?.close();
    this.iterator = this.view.iterator('history', { lower, upper: undefined, bypassCache: true });
    this.pairs = { keys: [], values: [], finished: false };
    this.at = 0;
    return this.fetch();
  }

  private fetch(): Uint8Array | undefined {
    while (this.at >= this.pairs.keys.length) {
      if (this.pairs.finished || this.iterator === undefined) return undefined;
      this.pairs = this.iterator.next(HISTORY_STEP);
      this.at = 0;
    }
    return this.pairs.keys[this.at];
  }
}

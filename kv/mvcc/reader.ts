/**
 * Reads at a timestamp: what was committed at or before it, and nothing else. Point reads answer with the value, `undefined` or
 * a `Blocked`: the lock (or the commit on its way) that must go away first. Scans push slices of the buffers they found rows
 * in, so a row costs no allocation.
 *
 * Why no view of the engine is kept over turns: rows carry their commit timestamp, and versions a reader needs stay in
 * `history` until garbage collection, which is kept below every reader. The one rule is that locks are checked in the same
 * turn in which the rows are read: a transaction that commits in between would otherwise be missed.
 */
import { compareBytes, keyAfter } from '../../base/bytes.ts';
import type { EngineIterator, Pairs } from '../engine/engine.ts';
import { FIND_ABSENT, FIND_COLD } from './hot-pages.ts';
import type { Page } from './page.ts';
import { blocks, type KeyState, type LockTable, type ReadContext } from './lock-table.ts';
import { isTsAfter, KIND_PUT, type ReadTs, RECORD_HEADER_SIZE, recordKind } from './record.ts';
import type { Versions } from './versions.ts';

/** Where scans put their rows; kv/client's KvBatch is one. */
export interface RowSink {
  count: number;
  pushSlice(
    keyBytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueBytes: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void;
}

/** A key that this reader may not pass yet. */
export class Blocked {
  readonly state: KeyState;
  constructor(state: KeyState) {
    this.state = state;
  }
}

export class Reader {
  readonly versions: Versions;
  readonly locks: LockTable;

  constructor(versions: Versions, locks: LockTable) {
    this.versions = versions;
    this.locks = locks;
  }

  // hot
  get(key: Uint8Array, ts: ReadTs, context: ReadContext | undefined): Uint8Array | undefined | Blocked {
    if (this.locks.size > 0) {
      const state = this.locks.state(key);
      if (state !== undefined && blocks(state, ts.value, context)) {
        const lock = state.lock;
        if (lock === undefined || context?.committed?.has(lock.startTs) !== true) return new Blocked(state);
        return lock.kind === 'put' ? lock.value : undefined;
      }
    }
    return this.versions.valueAt(key, ts);
  }

  /** Same order as `keys`. Keys that no page knows are read from the engine in one call. */
  getMany(
    keys: readonly Uint8Array[],
    ts: ReadTs,
    context: ReadContext | undefined,
  ): (Uint8Array | undefined)[] | Blocked {
    const { versions, locks } = this;
    const values: (Uint8Array | undefined)[] = [];
    let cold: number[] | undefined;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      let value: Uint8Array | undefined;
      if (locks.size > 0 && locks.state(key) !== undefined) {
        const found = this.get(key, ts, context);
        if (found instanceof Blocked) return found;
        value = found;
      } else {
        const found = versions.findHot(key);
        if (found > FIND_ABSENT) value = versions.visible(key, ts);
        else if (found === FIND_COLD) (cold ??= []).push(i);
      }
      values.push(value);
    }
    if (cold === undefined) return values;
    const records = versions.engine.getMany(
      'latest',
      cold.map((i) => keys[i]!),
    );
    for (let n = 0; n < cold.length; n++) values[cold[n]!] = versions.valueIn(records[n], keys[cold[n]!]!, ts);
    return values;
  }

  scan(range: { lower: Uint8Array; upper: Uint8Array | undefined }, ts: ReadTs, options: ScanSettings): Scan {
    return new Scan(this, range.lower, range.upper, ts, options);
  }
}

export interface ScanSettings {
  readonly reverse: boolean;
  /** Fills pages only where there is room, and reads the rest from the engine asynchronously. */
  readonly long: boolean;
  /** Rows wanted in all, a hint for the size of loads. */
  readonly limit: number;
}

const LOAD_MIN = 64;
const LOAD_MAX = 512;
const ENGINE_STEP = 1024;

/** One scan; `step` until it says `end`. */
export class Scan {
  private readonly reader: Reader;
  private readonly versions: Versions;
  private readonly ts: ReadTs;
  private readonly settings: ScanSettings;
  /** What is left is [lower, upper). */
  private lower: Uint8Array;
  private upper: Uint8Array | undefined;
  private finished = false;
  private loadRows: number;
  private iterator: EngineIterator | undefined = undefined;
  /** A long scan's next step, read in another thread while this one is decoded. */
  private ahead: Promise<Pairs> | undefined = undefined;
  private pending: Pairs | undefined = undefined;
  private pendingAt = 0;
  private context: ReadContext | undefined = undefined;

  constructor(reader: Reader, lower: Uint8Array, upper: Uint8Array | undefined, ts: ReadTs, settings: ScanSettings) {
    this.reader = reader;
    this.versions = reader.versions;
    this.ts = ts;
    this.settings = settings;
    this.lower = lower;
    this.upper = upper;
    this.loadRows = Math.max(LOAD_MIN, Math.min(LOAD_MAX, settings.limit));
  }

  /**
   * Pushes up to `countMax` rows. `more`: call again; `end`: nothing is left; `Blocked`: rows before the blocking key were
   * pushed, call again when it is gone. A promise only for long scans.
   */
  step(
    sink: RowSink,
    countMax: number,
    context: ReadContext | undefined,
  ): 'more' | 'end' | Blocked | Promise<'more' | 'end' | Blocked> {
    this.context = context;
    if (this.finished || (this.upper !== undefined && compareBytes(this.lower, this.upper) >= 0)) {
      this.close();
      return 'end';
    }
    const pages = this.versions.pages;
    if (pages === undefined || this.iterator !== undefined) return this.stepEngine(sink, countMax);
    if (this.settings.long) {
      if (this.settings.reverse) return this.stepEngine(sink, countMax);
      const stepped = this.stepUp(sink, countMax);
      // Where the pages end, the engine goes on to the end of the range.
      return stepped !== undefined ? stepped : sink.count > 0 ? 'more' : this.stepEngine(sink, countMax);
    }
    return this.settings.reverse ? this.stepDown(sink, countMax) : this.stepUp(sink, countMax)!;
  }

  close(): void {
    this.finished = true;
    this.iterator?.close();
    this.iterator = undefined;
    this.pending = undefined;
  }

  /** `undefined`: a long scan has come to where no page is and none may be made. */
  private stepUp(sink: RowSink, countMax: number): 'more' | 'end' | Blocked | undefined {
    const pages = this.versions.pages!;
    const blocked = this.reader.locks.firstBlocking(this.lower, this.upper, this.ts.value, this.context);
    const bound = blocked === undefined ? this.upper : blocked.key;
    while (sink.count < countMax) {
      if (bound !== undefined && compareBytes(this.lower, bound) >= 0)
        return blocked === undefined ? this.end() : new Blocked(blocked);
      const page = this.settings.long
        ? (pages.peekAt(this.lower) ?? pages.loadForScan(this.lower, LOAD_MAX))
        : (pages.pageAt(this.lower) ?? this.loadUp(this.lower));
      if (page === undefined) return undefined;
      const from = page.search(this.lower) >> 1;
      const inside = bound !== undefined && (page.upper === undefined || compareBytes(bound, page.upper) < 0);
      const to = inside ? page.search(bound) >> 1 : page.count;
      let row = from;
      for (; row < to && sink.count < countMax; row++) this.pushRow(sink, page, row);
      if (row < to) this.lower = page.key(row);
      else if (inside) this.lower = bound;
      else if (page.upper === undefined) return this.end();
      else this.lower = page.upper;
    }
    return 'more';
  }

  private stepDown(sink: RowSink, countMax: number): 'more' | 'end' | Blocked {
    const pages = this.versions.pages!;
    const blocked = this.reader.locks.lastBlocking(this.lower, this.upper, this.ts.value, this.context);
    const bound = blocked === undefined ? this.lower : keyAfter(blocked.key);
    while (sink.count < countMax) {
      if (this.upper !== undefined && compareBytes(bound, this.upper) >= 0)
        return blocked === undefined ? this.end() : new Blocked(blocked);
      const page = pages.pageBelow(this.upper) ?? this.loadDown(this.upper);
      const to =
        this.upper !== undefined && (page.upper === undefined || compareBytes(this.upper, page.upper) < 0)
          ? page.search(this.upper) >> 1
          : page.count;
      const inside = compareBytes(bound, page.lower) > 0;
      const from = inside ? page.search(bound) >> 1 : 0;
      let row = to - 1;
      for (; row >= from && sink.count < countMax; row--) this.pushRow(sink, page, row);
      if (row >= from) this.upper = keyAfter(page.key(row));
      else if (inside) this.upper = bound;
      else if (page.lower.length === 0) return blocked === undefined ? this.end() : new Blocked(blocked);
      else this.upper = page.lower;
    }
    return 'more';
  }

  // hot
  private pushRow(sink: RowSink, page: Page, row: number): void {
    const bytes = page.buffer;
    let start = page.recordStart(row);
    let end = page.recordEnd(row);
    const { high, low } = this.ts;
    if (start < 0 || isTsAfter(bytes, start + 1, high, low)) {
      const previous = start < 0 ? -1 : page.previousStart(row);
      if (previous >= 0 && !isTsAfter(bytes, previous + 1, high, low)) {
        start = previous;
        end = page.previousEnd(row);
      } else {
        this.pushOlder(sink, page, row);
        return;
      }
    }
    if (recordKind(bytes, start) !== KIND_PUT) return;
    sink.pushSlice(bytes, page.keyStart(row), page.keyEnd(row), bytes, start + RECORD_HEADER_SIZE, end);
  }

  private pushOlder(sink: RowSink, page: Page, row: number): void {
    const key = page.key(row);
    const versions = this.versions;
    if (page.recordStart(row) < 0) {
      if (!versions.findInEngine(key)) return;
      if (
        isTsAfter(versions.bytes, versions.start + 1, this.ts.high, this.ts.low) &&
        !versions.findOlder(key, this.ts.value)
      )
        return;
    } else if (!versions.findOlder(key, this.ts.value)) return;
    if (recordKind(versions.bytes, versions.start) !== KIND_PUT) return;
    sink.pushSlice(key, 0, key.length, versions.bytes, versions.start + RECORD_HEADER_SIZE, versions.end);
  }

  private loadUp(lower: Uint8Array): Page {
    const page = this.versions.pages!.load(lower, this.loadRows);
    this.loadRows = Math.min(LOAD_MAX, this.loadRows * 2);
    return page;
  }

  private loadDown(upper: Uint8Array | undefined): Page {
    const page = this.versions.pages!.loadBelow(upper, this.loadRows);
    this.loadRows = Math.min(LOAD_MAX, this.loadRows * 2);
    return page;
  }

  /**
   * Straight from the engine. One iterator serves the whole scan and shows the state of its first turn, so all locks of the range
   * are checked in that turn.
   */
  private stepEngine(sink: RowSink, countMax: number): 'more' | 'end' | Blocked | Promise<'more' | 'end' | Blocked> {
    if (this.iterator === undefined) {
      const { locks } = this.reader;
      const blocked = locks.firstBlocking(this.lower, this.upper, this.ts.value, this.context);
      if (blocked !== undefined) return new Blocked(blocked);
      this.iterator = this.versions.engine.iterator('latest', {
        lower: this.lower,
        upper: this.upper,
        reverse: this.settings.reverse,
        bypassCache: this.settings.long,
      });
    }
    while (sink.count < countMax) {
      if (this.pending !== undefined && this.pendingAt >= this.pending.keys.length) {
        if (this.pending.finished) return this.end();
        this.pending = undefined;
      }
      if (this.pending === undefined) {
        if (this.settings.long) {
          const arriving = this.ahead ?? this.iterator.nextAsync(ENGINE_STEP);
          this.ahead = undefined;
          return arriving.then((pairs) => {
            if (this.finished) return 'end';
            this.take(pairs);
            if (!pairs.finished) {
              this.ahead = this.iterator!.nextAsync(ENGINE_STEP);
              // Whoever takes it sees the failure; when the scan is closed before, nobody has to.
              this.ahead.catch(() => undefined);
            }
            return this.drain(sink, countMax);
          });
        }
        this.take(this.iterator.next(Math.min(ENGINE_STEP, Math.max(1, countMax))));
      }
      if (this.drain(sink, countMax) === 'end') return 'end';
    }
    return 'more';
  }

  private take(pairs: Pairs): void {
    this.pending = pairs;
    this.pendingAt = 0;
  }

  private drain(sink: RowSink, countMax: number): 'more' | 'end' {
    const pending = this.pending!;
    const versions = this.versions;
    const { high, low, value: ts } = this.ts;
    for (; this.pendingAt < pending.keys.length && sink.count < countMax; this.pendingAt++) {
      const key = pending.keys[this.pendingAt]!;
      let bytes = pending.values[this.pendingAt]!;
      let start = 0;
      let end = bytes.length;
      if (isTsAfter(bytes, 1, high, low)) {
        if (!versions.findOlder(key, ts)) continue;
        bytes = versions.bytes;
        start = versions.start;
        end = versions.end;
      }
      if (recordKind(bytes, start) !== KIND_PUT) continue;
      sink.pushSlice(key, 0, key.length, bytes, start + RECORD_HEADER_SIZE, end);
    }
    return pending.finished && this.pendingAt >= pending.keys.length ? this.end() : 'more';
  }

  private end(): 'end' {
    this.close();
    return 'end';
  }
}

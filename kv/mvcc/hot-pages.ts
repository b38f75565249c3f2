/**
 * Hot pages: the part of one column family that is read often, kept on this side of the native call (8 µs a get, 1.2 µs a row of
 * a scan). A page owns a contiguous interval of keys and knows it *fully*: every row in it and, just as useful, that there is
 * no other. Pages do not overlap; what no page covers is cold.
 *
 *     directory   [aa..af) [af..ba)        [ca..cx) …         sorted by lower bound, found by binary search
 *     page        buffer  key|record|key|record|…|new record  one buffer, append-only (page.ts)
 *                 offsets six numbers a row: key, record, previous record (start and end each)
 *
 * Who changes it: `put` and `remove`, called by apply in the turn that writes the engine, and loading, which reads the engine
 * in the same turn. So pages and engine always agree, and no view has to be kept.
 *
 * Bytes that were shown are never overwritten. A new version of a row is appended and the old one remembered as its previous
 * version, which answers readers a little older than the last write without a trip to `history`; when a buffer is full its
 * live rows move to a new one. Slices handed out stay what they were.
 *
 * Memory is bounded: over `sizeBytesMax` a clock hand drops pages that were not touched since it last came by. Point reads of
 * cold keys do not load a page at once (it costs ten times the read): a small table of counters remembers the neighbourhood, and
 * the third miss near one place loads it (the thirteenth when memory is full and another page has to go).
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, copyBytes, EMPTY_BYTES, keyAfter, startsWith } from '../../base/bytes.ts';
import type { ColumnFamily, Readable } from '../engine/engine.ts';
import {
  buildPages,
  commonPrefix,
  copyRows,
  covers,
  EXTERNAL_SIZE_MIN,
  insertRow,
  LOAD_ROWS,
  makeRoom,
  Page,
  PAGE_SIZE_MAX,
  rowBytes,
  STRIDE,
} from './page.ts';

export const FIND_COLD = -1;
export const FIND_ABSENT = 0;
export const FIND_FOUND = 1;

const SPLIT_ROWS = 128;
/** A lower bound's bytes behind the shared prefix, as numbers of six bytes: enough for table, index and one integer column. */
const HINT_SIZE = 6;
const HINT_COUNT = 5;
/** Misses near one place before a point read loads its page: while there is room, and when another page has to go for it. */
const WARM_AFTER = 2;
const WARM_AFTER_FULL = 12;
const GHOST_COUNT = 1 << 16;

export interface HotPagesOptions {
  readonly family: ColumnFamily;
  readonly sizeBytesMax: number;
}

export class HotPages {
  /** Where `find` left the record. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** The version before it, when the page remembers one; -1 else. */
  previousStart = -1;
  previousEnd = -1;
  sizeBytes = 0;
  /** Of these, in pages that only long scans have looked at. */
  idleBytes = 0;
  hits = 0;
  misses = 0;
  loads = 0;
  private readonly engine: Readable;
  private readonly family: ColumnFamily;
  private readonly sizeBytesMax: number;
  private pages: Page[] = [];
  private last: Page | undefined = undefined;
  private hand = 0;
  /** What all lower bounds begin with. */
  private prefix: Uint8Array = EMPTY_BYTES;
  /** HINT_COUNT numbers a page: the bytes of its lower bound behind `prefix`. A search stays in one array of them. */
  private hints = new Float64Array(64 * HINT_COUNT);
  /** The same numbers of the key that is sought. */
  private readonly sought = new Float64Array(HINT_COUNT);
  private readonly ghosts = new Uint8Array(GHOST_COUNT);
  private ghostWrites = 0;

  constructor(engine: Readable, options: HotPagesOptions) {
    assert(options.sizeBytesMax >= 0, 'a page cache needs a size');
    this.engine = engine;
    this.family = options.family;
    this.sizeBytesMax = options.sizeBytesMax;
  }

  get pageCount(): number {
    return this.pages.length;
  }

  // hot
  find(key: Uint8Array): number {
    const page = this.pageAt(key);
    if (page === undefined) {
      this.misses++;
      return FIND_COLD;
    }
    this.hits++;
    const at = page.search(key);
    if ((at & 1) === 0) return FIND_ABSENT;
    const row = at >> 1;
    const start = page.recordStart(row);
    if (start < 0) {
      const record = this.engine.get(this.family, key);
      assert(record !== undefined, 'a page knows a row that the engine does not');
      this.bytes = record;
      this.start = 0;
      this.end = record.length;
      this.previousStart = -1;
      return FIND_FOUND;
    }
    this.bytes = page.buffer;
    this.start = start;
    this.end = page.recordEnd(row);
    this.previousStart = page.previousStart(row);
    this.previousEnd = page.previousEnd(row);
    return FIND_FOUND;
  }

  /** The page whose interval holds `key`. */
  // hot
  pageAt(key: Uint8Array): Page | undefined {
    const last = this.last;
    if (last !== undefined && covers(last, key)) return last;
    const at = this.floor(key);
    if (at < 0) return undefined;
    const page = this.pages[at]!;
    if (page.upper !== undefined && compareBytes(key, page.upper) >= 0) return undefined;
    this.touch(page);
    this.last = page;
    return page;
  }

  /** The same for a long scan, which does not count as interest in the page. */
  peekAt(key: Uint8Array): Page | undefined {
    const page = this.pages[this.floor(key)];
    return page === undefined || (page.upper !== undefined && compareBytes(key, page.upper) >= 0) ? undefined : page;
  }

  /** Pages for a long scan, as long as there is room that nobody else needs; the first to go when somebody does. */
  loadForScan(begin: Uint8Array, rows: number): Page | undefined {
    if (this.sizeBytes > this.sizeBytesMax - (this.sizeBytesMax >> 3)) return undefined;
    return this.load(begin, rows, true);
  }

  /** The page that holds the keys right below `key` (`undefined`: the end of the family). */
  pageBelow(key: Uint8Array | undefined): Page | undefined {
    const at = key === undefined ? this.pages.length - 1 : this.below(key);
    if (at < 0) return undefined;
    const page = this.pages[at]!;
    if (page.upper !== undefined && (key === undefined || compareBytes(page.upper, key) < 0)) return undefined;
    this.touch(page);
    return page;
  }

  /** Counts a point miss; loads the neighbourhood when it is asked for again and again. True: `find` will know now. */
  warm(key: Uint8Array): boolean {
    if (this.sizeBytesMax === 0) return false;
    // 64 neighbours share a counter: the last byte without its six low bits, and all before it.
    const last = key.length - 1;
    const slot = ghostSlot(key, last < 0 ? 0 : key[last]! & 0xc0);
    const count = this.ghosts[slot]!;
    // Reads spread evenly over far more than fits never reach the second number before the counters fade; a crowd does.
    const full = this.sizeBytes - this.idleBytes > this.sizeBytesMax - (this.sizeBytesMax >> 4);
    if (count < (full ? WARM_AFTER_FULL : WARM_AFTER)) {
      this.ghosts[slot] = count + 1;
      // Counters fade, so that what was asked for long ago does not count as a crowd today.
      if (++this.ghostWrites >= GHOST_COUNT) {
        this.ghostWrites = 0;
        this.ghosts.fill(0);
      }
      return false;
    }
    this.ghosts[slot] = 0;
    let from = key;
    if (last >= 0) {
      from = copyBytes(key);
      from[last] = key[last]! & 0xc0;
      const at = this.floor(key);
      const upper = at < 0 ? undefined : this.pages[at]!.upper;
      if (upper !== undefined && compareBytes(upper, from) > 0) from = upper;
    }
    this.load(from, LOAD_ROWS);
    if (this.pageAt(key) === undefined) this.load(key, LOAD_ROWS);
    return true;
  }

  /** Reads up to `rows` rows from `begin` on, which no page may cover, and makes pages of them. Returns the first page. */
  load(begin: Uint8Array, rows: number, idle = false): Page {
    // A bound of a page lives long: it must not be a view of a caller's message.
    const lower = copyBytes(begin);
    const at = this.floor(lower) + 1;
    const next = this.pages[at];
    const upper = next?.lower;
    this.loads++;
    const iterator = this.engine.iterator(this.family, { lower, upper });
    const pairs = iterator.next(rows);
    iterator.close();
    const count = pairs.keys.length;
    // Without a row behind the last one read, all up to the bound is known to be empty.
    const end = pairs.finished || count === 0 ? upper : keyAfter(pairs.keys[count - 1]!);
    const pages = buildPages(pairs.keys, pairs.values, 0, count, lower, end, idle);
    this.install(at, pages);
    return pages[0]!;
  }

  /** The same downwards from `end` (exclusive; `undefined`: the end). Returns the highest page. */
  loadBelow(end: Uint8Array | undefined, rows: number): Page {
    const upper = end === undefined ? undefined : copyBytes(end);
    const at = upper === undefined ? this.pages.length - 1 : this.below(upper);
    const lower = at < 0 ? new Uint8Array(0) : this.pages[at]!.upper!;
    this.loads++;
    const iterator = this.engine.iterator(this.family, { lower, upper, reverse: true });
    const pairs = iterator.next(rows);
    iterator.close();
    const count = pairs.keys.length;
    const keys = pairs.keys.reverse();
    const values = pairs.values.reverse();
    const begin = pairs.finished || count === 0 ? lower : keys[0]!;
    const pages = buildPages(keys, values, 0, count, begin, upper, false);
    this.install(at + 1, pages);
    return pages[pages.length - 1]!;
  }

  /** Apply: the newest version of `key` is `record` now. Keys that no page covers stay cold. */
  // hot
  put(key: Uint8Array, record: Uint8Array): void {
    const page = this.pageAt(key);
    if (page === undefined) return;
    const before = page.sizeBytes;
    const at = page.search(key);
    const row = at >> 1;
    const external = record.length >= EXTERNAL_SIZE_MIN;
    if ((at & 1) === 1) {
      const slot = row * STRIDE;
      const oldStart = page.offsets[slot + 2]!;
      const oldEnd = page.offsets[slot + 3]!;
      if (page.offsets[slot + 4]! >= 0) page.garbage += page.offsets[slot + 5]! - page.offsets[slot + 4]!;
      page.offsets[slot + 4] = oldStart;
      page.offsets[slot + 5] = oldEnd;
      if (external) {
        page.offsets[slot + 2] = -1;
        page.offsets[slot + 3] = -1;
      } else {
        makeRoom(page, record.length);
        page.buffer.set(record, page.used);
        page.offsets[slot + 2] = page.used;
        page.used += record.length;
        page.offsets[slot + 3] = page.used;
      }
    } else {
      insertRow(page, row, key, record, external);
    }
    this.sizeBytes += page.sizeBytes - before;
    if (page.count >= SPLIT_ROWS || page.used - page.garbage > PAGE_SIZE_MAX) this.split(page);
    if (this.sizeBytes > this.sizeBytesMax) this.evict();
  }

  /** Apply or garbage collection: `key` has no version any more. */
  remove(key: Uint8Array): void {
    const page = this.pageAt(key);
    if (page === undefined) return;
    const at = page.search(key);
    if ((at & 1) === 0) return;
    const slot = (at >> 1) * STRIDE;
    page.garbage += rowBytes(page, at >> 1);
    page.offsets.copyWithin(slot, slot + STRIDE, page.count * STRIDE);
    page.count--;
  }

  /** Forgets every page that touches [lower, upper). */
  dropRange(lower: Uint8Array, upper: Uint8Array | undefined): void {
    this.pages = this.pages.filter((page) => {
      const apart =
        (upper !== undefined && compareBytes(page.lower, upper) >= 0) ||
        (page.upper !== undefined && compareBytes(page.upper, lower) <= 0);
      if (!apart) this.forget(page);
      return apart;
    });
    this.reindex(0, -1, 0);
    this.last = undefined;
    this.hand = 0;
  }

  clear(): void {
    this.pages = [];
    this.reindex(0, -1, 0);
    this.last = undefined;
    this.sizeBytes = 0;
    this.idleBytes = 0;
    this.hand = 0;
  }

  /** For tests: intervals in order, rows sorted, bytes accounted for. */
  check(): void {
    let bytes = 0;
    let idle = 0;
    for (let i = 0; i < this.pages.length; i++) {
      const page = this.pages[i]!;
      bytes += page.sizeBytes;
      if (page.idle) idle += page.sizeBytes;
      const next = this.pages[i + 1];
      assert(this.floor(page.lower) === i, 'a page is not found by its lower bound');
      assert(page.upper !== undefined || next === undefined, 'only the last page is open');
      assert(next === undefined || compareBytes(page.upper!, next.lower) <= 0, 'pages overlap');
      for (let row = 0; row < page.count; row++) {
        assert(compareBytes(page.key(row), page.lower) >= 0, 'a row lies below its page');
        assert(page.upper === undefined || compareBytes(page.key(row), page.upper) < 0, 'a row lies above its page');
        assert(row === 0 || compareBytes(page.key(row - 1), page.key(row)) < 0, 'rows are out of order');
      }
    }
    assert(bytes === this.sizeBytes, 'the bytes of the pages do not add up');
    assert(idle === this.idleBytes, 'the bytes of idle pages do not add up');
  }

  private touch(page: Page): void {
    page.touched = true;
    if (!page.idle) return;
    page.idle = false;
    this.idleBytes -= page.sizeBytes;
  }

  private forget(page: Page): void {
    this.sizeBytes -= page.sizeBytes;
    if (page.idle) this.idleBytes -= page.sizeBytes;
  }

  /** Index of the last page whose lower bound is <= key; -1: none. */
  // hot
  private floor(key: Uint8Array): number {
    const { pages, prefix } = this;
    const length = key.length;
    // All lower bounds share `prefix`: it is compared once, not in each step.
    const skipped = prefix.length;
    const common = length < skipped ? length : skipped;
    for (let i = 0; i < common; i++) {
      const difference = key[i]! - prefix[i]!;
      if (difference !== 0) return difference < 0 ? -1 : pages.length - 1;
    }
    if (length < skipped) return -1;
    const { hints, sought } = this;
    for (let i = 0; i < HINT_COUNT; i++) sought[i] = hintAt(key, skipped + i * HINT_SIZE);
    let low = 0;
    let high = pages.length;
    // Numbers that the key shares with the page below `low` and with the one at `high`: all between share the fewer of them.
    let sharedLow = 0;
    let sharedHigh = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      const base = middle * HINT_COUNT;
      let at = sharedLow < sharedHigh ? sharedLow : sharedHigh;
      while (at < HINT_COUNT && hints[base + at] === sought[at]) at++;
      const order = at < HINT_COUNT ? hints[base + at]! - sought[at]! : compareBytes(pages[middle]!.lower, key);
      if (order <= 0) {
        low = middle + 1;
        sharedLow = at;
      } else {
        high = middle;
        sharedHigh = at;
      }
    }
    return low - 1;
  }

  /**
   * After any change of the directory: `hints` follows it. When the ends share less or more than before, all hints are made anew;
   * else only those of the pages put in `at`.
   */
  private reindex(at: number, removed: number, added: number): void {
    const { pages } = this;
    const first = pages[0]?.lower ?? EMPTY_BYTES;
    const last = pages[pages.length - 1]?.lower ?? EMPTY_BYTES;
    const shared = commonPrefix(first, last);
    let from = at;
    let to = at + added;
    if (pages.length * HINT_COUNT > this.hints.length) {
      const larger = new Float64Array(pages.length * 2 * HINT_COUNT);
      larger.set(this.hints);
      this.hints = larger;
    }
    const { hints } = this;
    if (shared !== this.prefix.length || removed < 0 || !startsWith(first, this.prefix)) {
      this.prefix = copyBytes(first, 0, shared);
      from = 0;
      to = pages.length;
    } else if (removed !== added) {
      const before = pages.length - added + removed;
      hints.copyWithin(to * HINT_COUNT, (at + removed) * HINT_COUNT, before * HINT_COUNT);
    }
    for (let i = from; i < to; i++) {
      const { lower } = pages[i]!;
      for (let n = 0; n < HINT_COUNT; n++) hints[i * HINT_COUNT + n] = hintAt(lower, shared + n * HINT_SIZE);
    }
  }

  /** Index of the last page whose lower bound is < key. */
  private below(key: Uint8Array): number {
    const at = this.floor(key);
    return at >= 0 && compareBytes(this.pages[at]!.lower, key) === 0 ? at - 1 : at;
  }

  private install(at: number, pages: readonly Page[]): void {
    this.pages.splice(at, 0, ...pages);
    this.reindex(at, 0, pages.length);
    for (const page of pages) {
      this.sizeBytes += page.sizeBytes;
      if (page.idle) this.idleBytes += page.sizeBytes;
    }
    if (this.sizeBytes > this.sizeBytesMax) this.evict();
  }

  private split(page: Page): void {
    const at = this.pages.indexOf(page, Math.max(0, this.floor(page.lower)));
    // Rows that arrive in order leave a full page behind them.
    const appended = page.used > 0 && page.keyStart(page.count - 1) === Math.max(...lastKeyStarts(page));
    const cut = appended && page.upper === undefined ? page.count - 1 : page.count >> 1;
    if (cut <= 0) return;
    const middle = page.key(cut);
    const left = copyRows(page, 0, cut, page.lower, middle);
    const right = copyRows(page, cut, page.count, middle, page.upper);
    this.sizeBytes += left.sizeBytes + right.sizeBytes - page.sizeBytes;
    this.pages.splice(at, 1, left, right);
    this.reindex(at, 1, 2);
    this.last = undefined;
  }

  /** Second chance: a page touched since the hand last passed is spared once. At most two rounds. */
  private evict(): void {
    let steps = this.pages.length * 2;
    const target = this.sizeBytesMax - (this.sizeBytesMax >> 6);
    const dropped = new Set<Page>();
    let at = this.hand;
    let freed = 0;
    while (this.sizeBytes - freed > target && steps-- > 0 && dropped.size < this.pages.length) {
      if (at >= this.pages.length) at = 0;
      const page = this.pages[at++]!;
      if (dropped.has(page)) continue;
      if (page.touched && page !== this.last) page.touched = false;
      else {
        dropped.add(page);
        freed += page.sizeBytes;
        if (page.idle) this.idleBytes -= page.sizeBytes;
      }
    }
    this.hand = at;
    if (dropped.size === 0) return;
    this.hand -= dropped.size;
    if (this.hand < 0) this.hand = 0;
    this.pages = this.pages.filter((page) => !dropped.has(page));
    this.reindex(0, -1, 0);
    this.sizeBytes -= freed;
    this.last = undefined;
  }
}

function lastKeyStarts(page: Page): number[] {
  const starts: number[] = [];
  for (let row = Math.max(0, page.count - 4); row < page.count; row++) starts.push(page.keyStart(row));
  return starts;
}

/** Six bytes as a number; a key that ends early counts as zeros, and the tie is broken by the keys themselves. */
// hot
function hintAt(key: Uint8Array, offset: number): number {
  const left = key.length - offset;
  if (left >= HINT_SIZE) {
    const high = (key[offset]! << 16) | (key[offset + 1]! << 8) | key[offset + 2]!;
    const low = (key[offset + 3]! << 16) | (key[offset + 4]! << 8) | key[offset + 5]!;
    return high * 0x1000000 + low;
  }
  let hint = 0;
  for (let i = 0; i < HINT_SIZE; i++) hint = hint * 256 + (i < left ? key[offset + i]! : 0);
  return hint;
}

function ghostSlot(key: Uint8Array, lastByte: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length - 1; i++) hash = Math.imul(hash ^ key[i]!, 0x01000193);
  hash = Math.imul(hash ^ lastByte, 0x01000193);
  return (hash ^ (hash >>> 16)) & (GHOST_COUNT - 1);
}

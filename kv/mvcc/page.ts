/**
 * `Page`: all rows of one interval of keys, in one buffer that only grows at its end, with six numbers a row: where its key, its record and its
 * previous record begin and end. Bytes that were shown are never overwritten: what no longer fits moves to a new buffer, and slices
 * handed out stay what they were. Which pages there are, and when one goes, is the directory's business (hot-pages.ts).
 */
import { compareBytes } from '../../base/bytes.ts';

/** Rows at least this large stay in the engine; the page only knows that they exist. */
export const EXTERNAL_SIZE_MIN = 8 * 1024;
/** A page is cut when its rows exceed this, so that one page never holds megabytes. */
export const PAGE_SIZE_MAX = 128 * 1024;
export const LOAD_ROWS = 64;
export const STRIDE = 6;
/** Objects and arrays around a page's bytes, roughly. */
const PAGE_OVERHEAD = 400;

export class Page {
  readonly lower: Uint8Array;
  /** Exclusive; `undefined`: to the end of the family. */
  upper: Uint8Array | undefined;
  count = 0;
  buffer: Uint8Array;
  used = 0;
  garbage = 0;
  offsets: Int32Array;
  /** Bytes that every key inside shares with both bounds: comparisons start behind them. */
  prefix = 0;
  touched = true;
  /** Made by a long scan, and nobody else has asked for it yet. */
  idle = false;

  constructor(lower: Uint8Array, upper: Uint8Array | undefined, capacity: number, rows: number) {
    this.lower = lower;
    this.upper = upper;
    this.buffer = new Uint8Array(capacity);
    this.offsets = new Int32Array(rows * STRIDE);
    this.setPrefix();
  }

  setPrefix(): void {
    this.prefix = this.upper === undefined ? 0 : commonPrefix(this.lower, this.upper);
  }

  get sizeBytes(): number {
    return this.buffer.length + this.offsets.length * 4 + PAGE_OVERHEAD + this.lower.length;
  }

  keyStart(row: number): number {
    return this.offsets[row * STRIDE]!;
  }
  keyEnd(row: number): number {
    return this.offsets[row * STRIDE + 1]!;
  }
  /** -1: the record is in the engine only. */
  recordStart(row: number): number {
    return this.offsets[row * STRIDE + 2]!;
  }
  recordEnd(row: number): number {
    return this.offsets[row * STRIDE + 3]!;
  }
  /** -1: not remembered. */
  previousStart(row: number): number {
    return this.offsets[row * STRIDE + 4]!;
  }
  previousEnd(row: number): number {
    return this.offsets[row * STRIDE + 5]!;
  }

  key(row: number): Uint8Array {
    return this.buffer.slice(this.keyStart(row), this.keyEnd(row));
  }

  /** First row whose key is >= `key`, which must lie in the page's interval. Bit 0 of the answer: equal. */
  // hot
  search(key: Uint8Array): number {
    const { buffer, offsets, prefix } = this;
    const length = key.length;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * STRIDE;
      const start = offsets[at]!;
      const size = offsets[at + 1]! - start;
      const shared = size < length ? size : length;
      let order = 0;
      for (let i = prefix; i < shared; i++) {
        order = buffer[start + i]! - key[i]!;
        if (order !== 0) break;
      }
      if (order === 0) order = size - length;
      if (order < 0) low = middle + 1;
      else if (order > 0) high = middle;
      else return (middle << 1) | 1;
    }
    return low << 1;
  }
}

// hot
export function covers(page: Page, key: Uint8Array): boolean {
  return compareBytes(page.lower, key) <= 0 && (page.upper === undefined || compareBytes(key, page.upper) < 0);
}

export function commonPrefix(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  let i = 0;
  while (i < length && left[i] === right[i]) i++;
  return i;
}

export function rowBytes(page: Page, row: number): number {
  let bytes = page.keyEnd(row) - page.keyStart(row);
  if (page.recordStart(row) >= 0) bytes += page.recordEnd(row) - page.recordStart(row);
  if (page.previousStart(row) >= 0) bytes += page.previousEnd(row) - page.previousStart(row);
  return bytes;
}

/** Pages for rows [from, to), cut by count and size, that together cover [lower, upper). */
export function buildPages(
  keys: readonly Uint8Array[],
  records: readonly Uint8Array[],
  from: number,
  to: number,
  lower: Uint8Array,
  upper: Uint8Array | undefined,
  idle: boolean,
): Page[] {
  const pages: Page[] = [];
  let start = from;
  let begin = lower;
  do {
    let bytes = 0;
    let stop = start;
    while (stop < to && stop - start < LOAD_ROWS && (bytes < PAGE_SIZE_MAX / 2 || stop === start)) {
      const size = records[stop]!.length;
      bytes += keys[stop]!.length + (size >= EXTERNAL_SIZE_MIN ? 0 : size);
      stop++;
    }
    const end = stop < to ? keys[stop]! : upper;
    // A quarter of headroom for new versions, so that the first update does not copy the page; none where a scan only passes.
    const page = idle
      ? new Page(begin, end, bytes, stop - start)
      : new Page(begin, end, bytes + (bytes >> 2) + 64, Math.max(16, stop - start + 8));
    if (idle) {
      page.idle = true;
      page.touched = false;
    }
    for (let i = start; i < stop; i++)
      insertRow(page, page.count, keys[i]!, records[i]!, records[i]!.length >= EXTERNAL_SIZE_MIN);
    pages.push(page);
    begin = end!;
    start = stop;
  } while (start < to);
  return pages;
}

export function insertRow(page: Page, row: number, key: Uint8Array, record: Uint8Array, external: boolean): void {
  makeRoom(page, key.length + (external ? 0 : record.length));
  const needed = (page.count + 1) * STRIDE;
  if (needed > page.offsets.length) {
    const offsets = new Int32Array(Math.max(needed, page.offsets.length * 2));
    offsets.set(page.offsets);
    page.offsets = offsets;
  }
  const slot = row * STRIDE;
  if (row < page.count) page.offsets.copyWithin(slot + STRIDE, slot, page.count * STRIDE);
  page.buffer.set(key, page.used);
  page.offsets[slot] = page.used;
  page.used += key.length;
  page.offsets[slot + 1] = page.used;
  if (external) {
    page.offsets[slot + 2] = -1;
    page.offsets[slot + 3] = -1;
  } else {
    page.buffer.set(record, page.used);
    page.offsets[slot + 2] = page.used;
    page.used += record.length;
    page.offsets[slot + 3] = page.used;
  }
  page.offsets[slot + 4] = -1;
  page.offsets[slot + 5] = -1;
  page.count++;
}

/** Moves the live rows to a new buffer when `size` more bytes do not fit. Previous versions stay behind. */
export function makeRoom(page: Page, size: number): void {
  if (page.used + size <= page.buffer.length) return;
  let live = 0;
  for (let row = 0; row < page.count; row++) {
    live += page.keyEnd(row) - page.keyStart(row);
    if (page.recordStart(row) >= 0) live += page.recordEnd(row) - page.recordStart(row);
  }
  const buffer = new Uint8Array(live + size + Math.max(live >> 2, 256));
  let used = 0;
  for (let row = 0; row < page.count; row++) {
    const slot = row * STRIDE;
    used = move(page, buffer, slot, used);
    if (page.offsets[slot + 2]! >= 0) used = move(page, buffer, slot + 2, used);
    page.offsets[slot + 4] = -1;
    page.offsets[slot + 5] = -1;
  }
  page.buffer = buffer;
  page.used = used;
  page.garbage = 0;
}

function move(page: Page, target: Uint8Array, slot: number, used: number): number {
  const start = page.offsets[slot]!;
  const end = page.offsets[slot + 1]!;
  const source = page.buffer;
  let at = used;
  for (let i = start; i < end; i++) target[at++] = source[i]!;
  page.offsets[slot] = used;
  page.offsets[slot + 1] = at;
  return at;
}

export function copyRows(page: Page, from: number, to: number, lower: Uint8Array, upper: Uint8Array | undefined): Page {
  let bytes = 0;
  for (let row = from; row < to; row++) bytes += rowBytes(page, row);
  const copy = new Page(lower, upper, bytes + (bytes >> 2) + 64, Math.max(16, to - from + 8));
  for (let row = from; row < to; row++) {
    const external = page.recordStart(row) < 0;
    const record = external
      ? page.buffer.subarray(0, 0)
      : page.buffer.subarray(page.recordStart(row), page.recordEnd(row));
    insertRow(copy, copy.count, page.buffer.subarray(page.keyStart(row), page.keyEnd(row)), record, external);
  }
  return copy;
}

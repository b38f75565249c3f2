/**
 * `PackedWrites`: the entries of a large write buffer, in order of their keys, as bytes in pieces of a megabyte. An entry as an object with two
 * arrays of its own costs about 350 bytes beside its data and is moved and marked by every garbage collection while the
 * transaction grows; here it costs 16 bytes and a number.
 *
 *     entry  flags(1) keySize(3) valueSize(4) key value          from a multiple of 8 bytes on; its position counts these
 *
 * An entry never changes once it is written: one that is overwritten stays where it is, for the undo log, and a new one takes its place in
 * the order. So bytes handed out (they are views) stay what they are. Without an undo log what was overwritten is only waste, and the
 * pieces are packed anew when half of them is.
 */
import { Buffer } from 'node:buffer';

const PIECE_BITS = 20;
const PIECE_BYTES = 1 << PIECE_BITS;
const UNIT_BITS = 3;
const UNITS_BITS = PIECE_BITS - UNIT_BITS;
const HEADER_SIZE = 8;
/** Positions of one run; see `SortedMap`, whose two levels these are. */
const RUN_COUNT_MAX = 256;
const LOOP_BYTES_MAX = 40;

const DELETED = 1;
const MUST_NOT_EXIST = 2;

/** No entry. */
export const NOWHERE = -1;

export class PackedWrites {
  size = 0;
  private pieces: Uint8Array[] = [];
  private used = PIECE_BYTES;
  private runs: number[][] = [];
  private runAt = 0;
  private indexAt = 0;
  private wasteBytes = 0;
  private packedBytes = 0;

  /** Of all pieces, used or not. */
  get memoryBytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }

  /** The position of the key's entry, or NOWHERE. */
  // hot
  find(key: Uint8Array): number {
    return this.locate(key) ? this.runs[this.runAt]![this.indexAt]! : NOWHERE;
  }

  /** Writes an entry and gives its position; `before` is what `find` just answered for the key. */
  // hot
  set(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean, before: number): number {
    const made = this.append(key, value, mustNotExist);
    if (before !== NOWHERE) this.runs[this.runAt]![this.indexAt] = made;
    else this.insert(made);
    return made;
  }

  /** Puts the entry at `position` in the place of that of the same key. */
  restore(position: number): void {
    if (this.locate(this.key(position))) this.runs[this.runAt]![this.indexAt] = position;
  }

  remove(key: Uint8Array): void {
    if (!this.locate(key)) return;
    const run = this.runs[this.runAt]!;
    if (this.indexAt === run.length - 1) run.pop();
    else run.splice(this.indexAt, 1);
    if (run.length === 0) this.runs.splice(this.runAt, 1);
    this.size--;
  }

  key(position: number): Uint8Array {
    const piece = this.pieces[position >>> UNITS_BITS]!;
    const at = startOf(position);
    return piece.subarray(at + HEADER_SIZE, at + HEADER_SIZE + keySizeAt(piece, at));
  }

  /** `null`: deleted. */
  value(position: number): Uint8Array | null {
    const piece = this.pieces[position >>> UNITS_BITS]!;
    const at = startOf(position);
    if ((piece[at]! & DELETED) !== 0) return null;
    const start = at + HEADER_SIZE + keySizeAt(piece, at);
    return piece.subarray(start, start + valueSizeAt(piece, at));
  }

  keySize(position: number): number {
    return keySizeAt(this.pieces[position >>> UNITS_BITS]!, startOf(position));
  }

  valueSize(position: number): number {
    return valueSizeAt(this.pieces[position >>> UNITS_BITS]!, startOf(position));
  }

  isDeleted(position: number): boolean {
    return (this.pieces[position >>> UNITS_BITS]![startOf(position)]! & DELETED) !== 0;
  }

  mustNotExist(position: number): boolean {
    return (this.pieces[position >>> UNITS_BITS]![startOf(position)]! & MUST_NOT_EXIST) !== 0;
  }

  /** Nobody will ask for the entry at `position` again. */
  waste(position: number): void {
    this.wasteBytes += entryBytes(this.keySize(position), this.valueSize(position));
    if (this.wasteBytes > PIECE_BYTES && this.wasteBytes * 2 > this.packedBytes) this.pack();
  }

  /** A cursor on the first key >= `key` (on the first of all without one). Any change makes it invalid. */
  seek(key: Uint8Array | undefined): PackedCursor {
    if (key === undefined) return new PackedCursor(this.runs, 0, 0);
    this.locate(key);
    return new PackedCursor(this.runs, this.runAt, this.indexAt);
  }

  /** A cursor on the last key < `key` (on the last of all without one). */
  seekBefore(key: Uint8Array | undefined): PackedCursor {
    if (key === undefined) {
      const run = this.runs.length - 1;
      return new PackedCursor(this.runs, run, run < 0 ? -1 : this.runs[run]!.length - 1);
    }
    const cursor = this.seek(key);
    cursor.previous();
    return cursor;
  }

  /** Positions in order of their keys. */
  forEach(visit: (position: number) => void): void {
    for (const run of this.runs) for (let i = 0; i < run.length; i++) visit(run[i]!);
  }

  /** An entry outside of the order: for `restore`. */
  // hot
  append(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): number {
    const keySize = key.length;
    const valueSize = value === null ? 0 : value.length;
    const size = entryBytes(keySize, valueSize);
    if (this.used + size > PIECE_BYTES || this.used >= PIECE_BYTES) {
      this.pieces.push(new Uint8Array(Math.max(PIECE_BYTES, size)));
      this.used = 0;
    }
    const number = this.pieces.length - 1;
    const piece = this.pieces[number]!;
    const at = this.used;
    piece[at] = (value === null ? DELETED : 0) | (mustNotExist ? MUST_NOT_EXIST : 0);
    piece[at + 1] = keySize >>> 16;
    piece[at + 2] = keySize >>> 8;
    piece[at + 3] = keySize;
    piece[at + 4] = valueSize >>> 24;
    piece[at + 5] = valueSize >>> 16;
    piece[at + 6] = valueSize >>> 8;
    piece[at + 7] = valueSize;
    piece.set(key, at + HEADER_SIZE);
    if (value !== null) piece.set(value, at + HEADER_SIZE + keySize);
    this.used += size;
    this.packedBytes += size;
    return (number << UNITS_BITS) + (at >> UNIT_BITS);
  }

  private insert(position: number): void {
    this.size++;
    if (this.runs.length === 0) {
      this.runs.push([position]);
      return;
    }
    let run = this.runs[this.runAt]!;
    if (run.length >= RUN_COUNT_MAX) {
      // Keys that arrive in order fill runs to the brim; others split in the middle.
      const atEnd = this.indexAt === run.length && this.runAt === this.runs.length - 1;
      const cut = atEnd ? run.length : run.length >> 1;
      const right = run.splice(cut);
      this.runs.splice(this.runAt + 1, 0, right);
      if (this.indexAt > cut || atEnd) {
        this.indexAt -= cut;
        run = right;
      }
    }
    if (this.indexAt === run.length) run.push(position);
    else run.splice(this.indexAt, 0, position);
  }

  /** Places `runAt`/`indexAt` on the first key >= `key`, or where it would be inserted; true when it is there. */
  // hot
  private locate(key: Uint8Array): boolean {
    const { runs } = this;
    const final = runs.length - 1;
    if (final < 0) {
      this.runAt = 0;
      this.indexAt = 0;
      return false;
    }
    const last = runs[final]!;
    // Keys mostly arrive in order: one comparison finds the end.
    if (this.compare(last[last.length - 1]!, key) < 0) {
      this.runAt = final;
      this.indexAt = last.length;
      return false;
    }
    let low = 0;
    let high = final;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.compare(runs[middle]![0]!, key) <= 0) low = middle;
      else high = middle - 1;
    }
    const run = runs[low]!;
    this.runAt = low;
    let from = 0;
    let to = run.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = this.compare(run[middle]!, key);
      if (order === 0) {
        this.indexAt = middle;
        return true;
      }
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    this.indexAt = from;
    return false;
  }

  /** Negative: the entry's key comes before `key`. */
  // hot
  private compare(position: number, key: Uint8Array): number {
    const piece = this.pieces[position >>> UNITS_BITS]!;
    const at = startOf(position);
    const size = keySizeAt(piece, at);
    const start = at + HEADER_SIZE;
    const shared = size < key.length ? size : key.length;
    const looped = shared < LOOP_BYTES_MAX ? shared : LOOP_BYTES_MAX;
    for (let i = 0; i < looped; i++) {
      const difference = piece[start + i]! - key[i]!;
      if (difference !== 0) return difference;
    }
    if (looped < shared) return Buffer.compare(piece.subarray(start, start + size), key);
    return size - key.length;
  }

  private pack(): void {
    const { pieces, runs } = this;
    this.pieces = [];
    this.used = PIECE_BYTES;
    this.packedBytes = 0;
    this.wasteBytes = 0;
    const old = new PackedWrites();
    old.pieces = pieces;
    for (const run of runs) {
      for (let i = 0; i < run.length; i++)
        run[i] = this.append(old.key(run[i]!), old.value(run[i]!), old.mustNotExist(run[i]!));
    }
  }
}

export class PackedCursor {
  private readonly runs: readonly number[][];
  private runAt: number;
  private indexAt: number;

  constructor(runs: readonly number[][], runAt: number, indexAt: number) {
    this.runs = runs;
    this.runAt = runAt;
    this.indexAt = indexAt;
    const run = runs[runAt];
    if (run !== undefined && indexAt >= run.length) {
      this.runAt++;
      this.indexAt = 0;
    }
  }

  get valid(): boolean {
    return this.runAt >= 0 && this.runAt < this.runs.length;
  }

  get position(): number {
    return this.runs[this.runAt]![this.indexAt]!;
  }

  next(): void {
    if (++this.indexAt >= this.runs[this.runAt]!.length) {
      this.runAt++;
      this.indexAt = 0;
    }
  }

  previous(): void {
    if (--this.indexAt >= 0) return;
    this.runAt--;
    this.indexAt = this.runAt >= 0 ? this.runs[this.runAt]!.length - 1 : -1;
  }
}

function startOf(position: number): number {
  return (position & ((1 << UNITS_BITS) - 1)) << UNIT_BITS;
}

function keySizeAt(piece: Uint8Array, at: number): number {
  return (piece[at + 1]! << 16) | (piece[at + 2]! << 8) | piece[at + 3]!;
}

function valueSizeAt(piece: Uint8Array, at: number): number {
  return ((piece[at + 4]! << 24) | (piece[at + 5]! << 16) | (piece[at + 6]! << 8) | piece[at + 7]!) >>> 0;
}

function entryBytes(keySize: number, valueSize: number): number {
  const size = HEADER_SIZE + keySize + valueSize;
  return (size + (1 << UNIT_BITS) - 1) & -(1 << UNIT_BITS);
}

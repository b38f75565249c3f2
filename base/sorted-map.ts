/**
 * `SortedMap`: an ordered map from byte keys to values, for what is small but must be walked in key order: the lock table of
 * a store, the write buffer of a transaction.
 *
 * Two levels: a directory of chunks, each at most `CHUNK_COUNT_MAX` keys in one array. A look-up is two binary searches, an
 * insertion moves at most one chunk's worth of pointers, so a million keys stay cheap without a tree's allocations. Keys are
 * kept by reference: the caller must not write to them afterwards.
 */

import { compareBytes } from './bytes.ts';

const CHUNK_COUNT_MAX = 128;

interface Chunk<V> {
  keys: Uint8Array[];
  values: V[];
}

export class SortedMap<V> {
  size = 0;
  private chunks: Chunk<V>[] = [];
  /** Where the last search ended: valid right after `locate`. */
  private chunkAt = 0;
  private indexAt = 0;

  get(key: Uint8Array): V | undefined {
    return this.locate(key) ? this.chunks[this.chunkAt]!.values[this.indexAt] : undefined;
  }

  set(key: Uint8Array, value: V): void {
    if (this.locate(key)) this.chunks[this.chunkAt]!.values[this.indexAt] = value;
    else this.insert(key, value);
  }

  /** The value of `key`, which is made when there is none. */
  ensure(key: Uint8Array, make: (key: Uint8Array) => V): V {
    if (this.locate(key)) return this.chunks[this.chunkAt]!.values[this.indexAt]!;
    const value = make(key);
    this.insert(key, value);
    return value;
  }

  /** Puts the pair where the last search ended. */
  private insert(key: Uint8Array, value: V): void {
    this.size++;
    if (this.chunks.length === 0) {
      this.chunks.push({ keys: [key], values: [value] });
      return;
    }
    let chunk = this.chunks[this.chunkAt]!;
    if (chunk.keys.length >= CHUNK_COUNT_MAX) {
      // Keys that arrive in order fill chunks to the brim; others split in the middle.
      const atEnd = this.indexAt === chunk.keys.length && this.chunkAt === this.chunks.length - 1;
      const cut = atEnd ? chunk.keys.length : chunk.keys.length >> 1;
      const right: Chunk<V> = { keys: chunk.keys.splice(cut), values: chunk.values.splice(cut) };
      this.chunks.splice(this.chunkAt + 1, 0, right);
      if (this.indexAt > cut || atEnd) {
        this.indexAt -= cut;
        chunk = right;
      }
    }
    if (this.indexAt === chunk.keys.length) {
      chunk.keys.push(key);
      chunk.values.push(value);
    } else {
      chunk.keys.splice(this.indexAt, 0, key);
      chunk.values.splice(this.indexAt, 0, value);
    }
  }

  delete(key: Uint8Array): boolean {
    if (!this.locate(key)) return false;
    this.deleteFound();
    return true;
  }

  /** Deletes the pair that the last `get`, with no call since, has found. */
  deleteFound(): void {
    const chunk = this.chunks[this.chunkAt]!;
    if (this.indexAt === chunk.keys.length - 1) {
      chunk.keys.pop();
      chunk.values.pop();
    } else {
      chunk.keys.splice(this.indexAt, 1);
      chunk.values.splice(this.indexAt, 1);
    }
    if (chunk.keys.length === 0) this.chunks.splice(this.chunkAt, 1);
    this.size--;
  }

  clear(): void {
    this.chunks = [];
    this.size = 0;
  }

  /** A cursor on the first key >= `key` (on the first of all without one). Any change of the map makes it invalid. */
  seek(key: Uint8Array | undefined): SortedMapCursor<V> {
    if (key === undefined) return new SortedMapCursor(this.chunks, 0, 0);
    this.locate(key);
    return new SortedMapCursor(this.chunks, this.chunkAt, this.indexAt);
  }

  /** A cursor on the last key < `key` (on the last of all without one). */
  seekBefore(key: Uint8Array | undefined): SortedMapCursor<V> {
    if (key === undefined) {
      const chunk = this.chunks.length - 1;
      return new SortedMapCursor(this.chunks, chunk, chunk < 0 ? -1 : this.chunks[chunk]!.keys.length - 1);
    }
    const cursor = this.seek(key);
    cursor.previous();
    return cursor;
  }

  /** The value of the first key in [lower, upper), if any; no bound where `undefined`. Allocates nothing. */
  firstIn(lower: Uint8Array | undefined, upper: Uint8Array | undefined): V | undefined {
    if (this.size === 0) return undefined;
    if (lower === undefined) {
      this.chunkAt = 0;
      this.indexAt = 0;
    } else this.locate(lower);
    let chunk = this.chunks[this.chunkAt];
    if (chunk !== undefined && this.indexAt >= chunk.keys.length) {
      chunk = this.chunks[this.chunkAt + 1];
      this.indexAt = 0;
    }
    if (chunk === undefined) return undefined;
    if (upper !== undefined && compareBytes(chunk.keys[this.indexAt]!, upper) >= 0) return undefined;
    return chunk.values[this.indexAt];
  }

  /** In key order. `visit` must not change the map. */
  forEach(visit: (value: V, key: Uint8Array) => void): void {
    for (const chunk of this.chunks)
      for (let i = 0; i < chunk.keys.length; i++) visit(chunk.values[i]!, chunk.keys[i]!);
  }

  /** Places `chunkAt`/`indexAt` on the first key >= `key`, or where it would be inserted; true when it is there. */
  private locate(key: Uint8Array): boolean {
    const chunks = this.chunks;
    // Keys mostly arrive in order: one comparison finds the end.
    const final = chunks.length - 1;
    if (final > 0) {
      const keys = chunks[final]!.keys;
      if (compareBytes(keys[keys.length - 1]!, key) < 0) {
        this.chunkAt = final;
        this.indexAt = keys.length;
        return false;
      }
    }
    // The last chunk whose first key is <= key.
    let low = 0;
    let high = final;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compareBytes(chunks[middle]!.keys[0]!, key) <= 0) low = middle;
      else high = middle - 1;
    }
    this.chunkAt = low;
    this.indexAt = 0;
    if (chunks.length === 0) return false;
    const keys = chunks[low]!.keys;
    let from = 0;
    let to = keys.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const order = compareBytes(keys[middle]!, key);
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
}

export class SortedMapCursor<V> {
  private readonly chunks: readonly Chunk<V>[];
  private chunkAt: number;
  private indexAt: number;

  constructor(chunks: readonly Chunk<V>[], chunkAt: number, indexAt: number) {
    this.chunks = chunks;
    this.chunkAt = chunkAt;
    this.indexAt = indexAt;
    // An insertion point behind the last key of a chunk is the first key of the next one.
    const chunk = chunks[chunkAt];
    if (chunk !== undefined && indexAt >= chunk.keys.length) {
      this.chunkAt++;
      this.indexAt = 0;
    }
  }

  get valid(): boolean {
    return this.chunkAt >= 0 && this.chunkAt < this.chunks.length;
  }

  get key(): Uint8Array {
    return this.chunks[this.chunkAt]!.keys[this.indexAt]!;
  }

  get value(): V {
    return this.chunks[this.chunkAt]!.values[this.indexAt]!;
  }

  next(): void {
    if (++this.indexAt >= this.chunks[this.chunkAt]!.keys.length) {
      this.chunkAt++;
      this.indexAt = 0;
    }
  }

  previous(): void {
    if (--this.indexAt >= 0) return;
    this.chunkAt--;
    this.indexAt = this.chunkAt >= 0 ? this.chunks[this.chunkAt]!.keys.length - 1 : -1;
  }
}

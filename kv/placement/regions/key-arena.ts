/**
 * The bounds of all regions, packed: each region's lower and upper key lie behind one another in chunks of 1 MiB, named by one
 * 32-bit offset. Two small Uint8Arrays a region would cost some 250 bytes of heap and the collector's time; here a region of 30-byte
 * keys costs 60 bytes and 8 of index. Bounds never change in place: new ones are appended, old ones become dead bytes, and when half
 * of all is dead the living are copied together. Called by the region table only.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes } from '../../../base/bytes.ts';

const CHUNK_BITS = 20;
const CHUNK_SIZE = 2 ** CHUNK_BITS;
/** Offsets are 32 bits: 4 GiB of keys, some 50 million regions. */
const CHUNKS_MAX = 2 ** (32 - CHUNK_BITS);
/** A key longer than this cannot be a region's bound. */
export const BOUND_SIZE_MAX = 0xffff;

export class KeyArena {
  private chunks: Uint8Array[] = [new Uint8Array(CHUNK_SIZE)];
  private end = 0;
  private liveBytes = 0;
  private deadBytes = 0;
  private offsets = new Uint32Array(1024);
  private lowerSizes = new Uint16Array(1024);
  private upperSizes = new Uint16Array(1024);

  /** What the arena holds on to, in bytes. */
  get sizeBytes(): number {
    return this.chunks.length * CHUNK_SIZE + this.offsets.length * 8;
  }

  reserve(slots: number): void {
    if (slots <= this.offsets.length) return;
    this.offsets = grown(this.offsets, new Uint32Array(slots));
    this.lowerSizes = grown(this.lowerSizes, new Uint16Array(slots));
    this.upperSizes = grown(this.upperSizes, new Uint16Array(slots));
  }

  set(slot: number, lower: Uint8Array, upper: Uint8Array): void {
    const size = lower.length + upper.length;
    this.offsets[slot] = this.append(size);
    this.lowerSizes[slot] = lower.length;
    this.upperSizes[slot] = upper.length;
    const chunk = this.chunks[this.offsets[slot]! >>> CHUNK_BITS]!;
    const at = this.offsets[slot]! & (CHUNK_SIZE - 1);
    chunk.set(lower, at);
    chunk.set(upper, at + lower.length);
    this.liveBytes += size;
  }

  clear(slot: number): void {
    const size = this.lowerSizes[slot]! + this.upperSizes[slot]!;
    this.liveBytes -= size;
    this.deadBytes += size;
    this.lowerSizes[slot] = 0;
    this.upperSizes[slot] = 0;
  }

  /** Copies the living together when more is dead than alive. `slots` are all that live. */
  compact(slots: Iterable<number>): boolean {
    if (this.deadBytes < CHUNK_SIZE || this.deadBytes < this.liveBytes) return false;
    const before = this.chunks;
    this.chunks = [new Uint8Array(CHUNK_SIZE)];
    this.end = 0;
    this.deadBytes = 0;
    for (const slot of slots) {
      const offset = this.offsets[slot]!;
      const size = this.lowerSizes[slot]! + this.upperSizes[slot]!;
      const from = offset & (CHUNK_SIZE - 1);
      const bytes = before[offset >>> CHUNK_BITS]!.subarray(from, from + size);
      const to = (this.offsets[slot] = this.append(size));
      this.chunks[to >>> CHUNK_BITS]!.set(bytes, to & (CHUNK_SIZE - 1));
    }
    return true;
  }

  lower(slot: number): Uint8Array {
    const at = this.offsets[slot]! & (CHUNK_SIZE - 1);
    return copyBytes(this.chunks[this.offsets[slot]! >>> CHUNK_BITS]!, at, at + this.lowerSizes[slot]!);
  }

  upper(slot: number): Uint8Array {
    const at = (this.offsets[slot]! & (CHUNK_SIZE - 1)) + this.lowerSizes[slot]!;
    return copyBytes(this.chunks[this.offsets[slot]! >>> CHUNK_BITS]!, at, at + this.upperSizes[slot]!);
  }

  /** No upper bound: the end of the key space. */
  isLast(slot: number): boolean {
    return this.upperSizes[slot] === 0;
  }

  isFirst(slot: number): boolean {
    return this.lowerSizes[slot] === 0;
  }

  // hot: bench/micro/placement.ts
  /** The region's lower bound against `key`: below 0, 0 or above 0. */
  compareLower(slot: number, key: Uint8Array): number {
    return this.compare(this.offsets[slot]!, this.lowerSizes[slot]!, key);
  }

  /** The region's upper bound against `key`; the end of the key space is above every key. */
  compareUpper(slot: number, key: Uint8Array): number {
    const size = this.upperSizes[slot]!;
    return size === 0 ? 1 : this.compare(this.offsets[slot]! + this.lowerSizes[slot]!, size, key);
  }

  hasBounds(slot: number, lower: Uint8Array, upper: Uint8Array): boolean {
    const offset = this.offsets[slot]!;
    const [lowerSize, upperSize] = [this.lowerSizes[slot]!, this.upperSizes[slot]!];
    if (lowerSize !== lower.length || upperSize !== upper.length) return false;
    const chunk = this.chunks[offset >>> CHUNK_BITS]!;
    let at = offset & (CHUNK_SIZE - 1);
    for (let i = 0; i < lowerSize; i++) if (chunk[at++] !== lower[i]) return false;
    for (let i = 0; i < upperSize; i++) if (chunk[at++] !== upper[i]) return false;
    return true;
  }

  /** The regions touch: where `below` ends `above` begins. */
  meet(below: number, above: number): boolean {
    const size = this.upperSizes[below]!;
    if (size === 0 || size !== this.lowerSizes[above]) return false;
    const left = this.chunks[this.offsets[below]! >>> CHUNK_BITS]!;
    const right = this.chunks[this.offsets[above]! >>> CHUNK_BITS]!;
    const leftAt = (this.offsets[below]! & (CHUNK_SIZE - 1)) + this.lowerSizes[below]!;
    const rightAt = this.offsets[above]! & (CHUNK_SIZE - 1);
    for (let i = 0; i < size; i++) if (left[leftAt + i] !== right[rightAt + i]) return false;
    return true;
  }

  private compare(offset: number, size: number, key: Uint8Array): number {
    const chunk = this.chunks[offset >>> CHUNK_BITS]!;
    const at = offset & (CHUNK_SIZE - 1);
    const common = Math.min(size, key.length);
    for (let i = 0; i < common; i++) {
      const difference = chunk[at + i]! - key[i]!;
      if (difference !== 0) return difference;
    }
    return size - key.length;
  }

  /** The place of `size` bytes that lie in one chunk. */
  private append(size: number): number {
    // An empty piece (the one region of a new cluster) needs an offset that lies in the chunk, too.
    if (this.end + Math.max(1, size) > CHUNK_SIZE) {
      assert(this.chunks.length < CHUNKS_MAX, 'the bounds of regions pass 4 GiB');
      this.deadBytes += CHUNK_SIZE - this.end;
      this.chunks.push(new Uint8Array(CHUNK_SIZE));
      this.end = 0;
    }
    const at = (this.chunks.length - 1) * CHUNK_SIZE + this.end;
    this.end += size;
    return at;
  }
}

export function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

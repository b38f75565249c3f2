/**
 * The tail: the newest bytes of the log in memory, exactly as they lie in the segments. Records are encoded straight into
 * these slabs, groups are written to disk from them, and recent entries are read back out of them; so a byte is copied once
 * on its way to the disk, and nothing is kept twice. Slabs are used again in a ring: memory is bounded, and the garbage
 * collector sees nothing of it. A slab whose groups are not durable yet is never used again, however many that makes; the
 * log bounds them by refusing appends.
 */
import { assert } from '../../base/assert.ts';
import { viewOf } from './format.ts';
import type { Segment } from './segment.ts';

export class Slab {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  segment: Segment | undefined = undefined;
  /** Offset in the segment of the slab's first byte. */
  base = 0;
  used = 0;
  /** Groups here that are not durable. */
  pending = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = viewOf(this.bytes);
  }
}

export class Tail {
  private readonly slabSizeBytes: number;
  private readonly slabsMax: number;
  /** Oldest first. */
  private readonly slabs: Slab[] = [];

  constructor(sizeBytesMax: number, slabSizeBytes: number) {
    this.slabSizeBytes = slabSizeBytes;
    this.slabsMax = Math.max(2, Math.ceil(sizeBytesMax / slabSizeBytes));
  }

  /** An empty slab for `segment` from `base` on, with room for at least `size` bytes. */
  begin(segment: Segment, base: number, size: number): Slab {
    let slab: Slab | undefined;
    while (this.slabs.length >= this.slabsMax && this.slabs[0]!.pending === 0) {
      const oldest = this.slabs.shift()!;
      if (oldest.bytes.length === this.slabSizeBytes) slab = oldest;
    }
    if (!slab || slab.bytes.length < size) slab = new Slab(Math.max(size, this.slabSizeBytes));
    slab.segment = segment;
    slab.base = base;
    slab.used = 0;
    this.slabs.push(slab);
    return slab;
  }

  /** A copy of [offset, offset + size) of the segment, `undefined` when it is not here (any more). */
  read(segment: Segment, offset: number, size: number): Uint8Array | undefined {
    for (let i = this.slabs.length - 1; i >= 0; i--) {
      const slab = this.slabs[i]!;
      if (slab.segment !== segment || offset < slab.base || offset + size > slab.base + slab.used) continue;
      const at = offset - slab.base;
      return slab.bytes.slice(at, at + size);
    }
    return undefined;
  }

  /** The segment is no more. */
  forget(segment: Segment): void {
    for (const slab of this.slabs) {
      if (slab.segment !== segment) continue;
      assert(slab.pending === 0, 'a segment went away before its bytes were durable');
      slab.segment = undefined;
    }
  }

  get sizeBytes(): number {
    return this.slabs.reduce((sum, slab) => sum + slab.bytes.length, 0);
  }
}

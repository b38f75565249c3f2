/**
 * `Group`: appends that are written together, and who waits for them. Its place in segment and slab is known when it is made; the rest is
 * `SegmentLog`'s to fill in.
 */
import type { RutileError } from '../../base/error.ts';
import { GROUP_HEADER_SIZE } from './format.ts';
import type { Segment } from './segment.ts';
import type { Slab } from './tail.ts';

/** Told when the append is durable, or why it never will be. */
export type Done = (error: Error | undefined) => void;

export class Group {
  readonly sequence: number;
  readonly segment: Segment;
  readonly slab: Slab;
  /** In the slab: of the write (which takes the opening along when the group is a segment's first), and of the group. */
  readonly writeStart: number;
  readonly start: number;
  end: number;
  recordCount = 0;
  flags = 0;
  /** In the slab: of a second copy of the header, 0 for none. */
  copyAt = 0;
  readonly waiters: Done[] = [];
  written = false;
  failure: RutileError | undefined = undefined;

  constructor(sequence: number, segment: Segment, slab: Slab, writeStart: number, start: number) {
    this.sequence = sequence;
    this.segment = segment;
    this.slab = slab;
    this.writeStart = writeStart;
    this.start = start;
    this.end = start + GROUP_HEADER_SIZE;
  }
}

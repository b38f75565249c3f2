/**
 * Where a region's entries lie: one ring of numbers a region, 24 bytes an entry, no object per entry. Indexes are dense, so
 * an entry is found by subtraction. The data itself is in the tail buffer or on disk.
 *
 * Entries are added in log order and dropped from either end: from the front by purges, from the back when a new leader writes over them.
 * Each change tells the segments how many live entries they hold, which is what decides when a segment may go.
 */
import { assert } from '../../base/assert.ts';
import type { LogState } from './raft-log.ts';
import type { Segment } from './segment.ts';

const CAPACITY_MIN = 16;

export class RegionIndex {
  readonly regionId: number;
  state: LogState | undefined = undefined;
  /** Segments that hold the newest state and the newest purge point; `undefined` while there is none. */
  stateSegment: Segment | undefined = undefined;
  purgeSegment: Segment | undefined = undefined;
  /** The index that the first entry has or will have; not binding until `started`. */
  first: number;
  /** An entry or a purge has said where the region's log begins. */
  started = false;
  /** Grows when entries are dropped from the back: a reader that waited sees that what it read is history. */
  truncations = 0;
  count = 0;
  private start = 0;
  private capacity = CAPACITY_MIN;
  private segments: (Segment | undefined)[] = new Array<Segment | undefined>(CAPACITY_MIN);
  private terms = new Float64Array(CAPACITY_MIN);
  private records = new Uint32Array(CAPACITY_MIN);
  private offsets = new Uint32Array(CAPACITY_MIN);
  private sizes = new Uint32Array(CAPACITY_MIN);

  constructor(regionId: number, first: number) {
    this.regionId = regionId;
    this.first = first;
  }

  get last(): number {
    return this.first + this.count - 1;
  }

  has(index: number): boolean {
    return index >= this.first && index <= this.last;
  }

  add(segment: Segment, term: number, record: number, offset: number, size: number): void {
    if (this.count === this.capacity) this.resize(this.capacity * 2);
    const slot = (this.start + this.count) & (this.capacity - 1);
    this.segments[slot] = segment;
    this.terms[slot] = term;
    this.records[slot] = record;
    this.offsets[slot] = offset;
    this.sizes[slot] = size;
    this.count++;
    this.started = true;
    segment.liveEntries++;
  }

  /** Drops entries from `index` on. */
  truncate(index: number): void {
    if (this.count > 0 && this.last >= index) this.truncations++;
    while (this.count > 0 && this.last >= index) {
      const slot = this.slot(this.last);
      this.segments[slot]!.liveEntries--;
      this.segments[slot] = undefined;
      this.count--;
    }
  }

  /** Drops entries below `index`; above the last one it leaves the region empty, to go on at `index`. */
  purge(index: number): void {
    while (this.count > 0 && this.first < index) {
      const slot = this.start;
      this.segments[slot]!.liveEntries--;
      this.segments[slot] = undefined;
      this.start = (this.start + 1) & (this.capacity - 1);
      this.first++;
      this.count--;
    }
    if (this.first < index) this.first = index;
    this.started = true;
    if (this.capacity > 1024 && this.count < this.capacity >> 3) this.resize(this.capacity >> 1);
  }

  term(index: number): number {
    return this.terms[this.slot(index)]!;
  }

  segment(index: number): Segment {
    return this.segments[this.slot(index)]!;
  }

  /** Offset in the segment of the record that holds the entry. */
  record(index: number): number {
    return this.records[this.slot(index)]!;
  }

  /** Offset in the segment of the entry's data. */
  offset(index: number): number {
    return this.offsets[this.slot(index)]!;
  }

  size(index: number): number {
    return this.sizes[this.slot(index)]!;
  }

  private slot(index: number): number {
    assert(this.has(index), 'an entry that the log does not hold');
    return (this.start + index - this.first) & (this.capacity - 1);
  }

  private resize(capacity: number): void {
    const order = Array.from({ length: this.count }, (_, i) => (this.start + i) & (this.capacity - 1));
    const move = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      order.forEach((slot, i) => (to[i] = from[slot]!));
      return to;
    };
    const segments = new Array<Segment | undefined>(capacity);
    order.forEach((slot, i) => (segments[i] = this.segments[slot]));
    this.segments = segments;
    this.terms = move(this.terms, new Float64Array(capacity));
    this.records = move(this.records, new Uint32Array(capacity));
    this.offsets = move(this.offsets, new Uint32Array(capacity));
    this.sizes = move(this.sizes, new Uint32Array(capacity));
    this.start = 0;
    this.capacity = capacity;
  }
}

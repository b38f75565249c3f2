/**
 * `DiskWindow`: a piece of a segment on its way through `SegmentLog.read`. Entries that lie together are read together, and a record's
 * checksum is compared once for all of its entries. While it holds a segment, the segment is not reclaimed: who made it releases it.
 */
import { assert } from '../../base/assert.ts';
import { decodeRecord, viewOf } from './format.ts';
import { corrupt } from './recovery.ts';
import type { Segment } from './segment.ts';

const WINDOW_SIZE = 256 * 1024;

export class DiskWindow {
  private segment: Segment | undefined = undefined;
  private bytes: Uint8Array = new Uint8Array(0);
  private start = 0;
  /** Offset in the segment of the record whose checksum was compared last. */
  private verified = -1;

  /** The entry's data when its record lies in the window. */
  slice(segment: Segment, record: number, offset: number, size: number): Uint8Array | undefined {
    const at = record - this.start;
    if (segment !== this.segment || at < 0 || at + 8 > this.bytes.length) return undefined;
    const view = viewOf(this.bytes);
    const recordEnd = at + view.getUint32(at + 4, true);
    if (recordEnd > this.bytes.length || offset - this.start + size > recordEnd) return undefined;
    if (this.verified !== record && !decodeRecord(this.bytes, view, at, recordEnd, segment.salt)) {
      throw corrupt(segment.path, record, 'a record that was whole before');
    }
    this.verified = record;
    return this.bytes.slice(offset - this.start, offset - this.start + size);
  }

  async load(segment: Segment, record: number, offset: number, size: number): Promise<Uint8Array> {
    this.release();
    assert(segment.file, 'an entry that is not durable left the tail');
    this.segment = segment;
    segment.readers++;
    this.start = record;
    this.verified = -1;
    // The entry ends its record or others of the same record follow: a second read at most.
    let length = Math.max(WINDOW_SIZE, offset + size - record);
    for (;;) {
      const bytes = new Uint8Array(Math.min(length, segment.sizeBytes - record));
      this.bytes = bytes.subarray(0, await segment.file!.read(bytes, record));
      const found = this.slice(segment, record, offset, size);
      if (found) return found;
      const whole = this.bytes.length >= 8 ? viewOf(this.bytes).getUint32(4, true) : 0;
      if (whole <= length || record + whole > segment.sizeBytes)
        throw corrupt(segment.path, record, 'a record that was whole before');
      length = whole;
    }
  }

  /** True when a segment was held. */
  release(): boolean {
    if (!this.segment) return false;
    this.segment.readers--;
    this.segment = undefined;
    return true;
  }
}

/**
 * A scan of a transaction: its own writes laid over the snapshot. Where both have a key, the buffer wins; a buffered delete
 * hides the row. While the buffer holds nothing in the range that is left, steps of the snapshot pass through untouched.
 *
 * The buffer is looked up anew in each step, so writes made during a scan may or may not be seen by it, and never break it.
 */
import { copyBytes, keyAfter } from '../../base/bytes.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { type KeyRange, KvBatch, type Scanner } from './client.ts';
import type { BufferEntry, WriteBuffer } from './write-buffer.ts';

export class MergedScanner implements Scanner {
  private readonly buffer: WriteBuffer;
  private readonly below: Scanner;
  private readonly reverse: boolean;
  private left: number;
  /** Keys still to come lie in [lower, upper). */
  private lower: Uint8Array;
  private upper: Uint8Array | undefined;
  private rows: KvBatch | undefined = undefined;
  private rowAt = 0;
  private belowFinished = false;

  constructor(
    buffer: WriteBuffer,
    below: Scanner,
    range: KeyRange,
    options: { readonly reverse: boolean; readonly limit: number },
  ) {
    this.buffer = buffer;
    this.below = below;
    this.reverse = options.reverse;
    this.left = options.limit;
    this.lower = range.lower;
    this.upper = range.upper.length === 0 ? undefined : range.upper;
  }

  next(countMax: number): MaybePromise<KvBatch | undefined> {
    if (this.left <= 0) {
      this.close();
      return undefined;
    }
    const wanted = Math.min(countMax, this.left);
    if (this.rows === undefined && !this.belowFinished && !this.buffer.anyIn(this.lower, this.upper)) {
      const passed = this.below.next(wanted);
      return isPromise(passed) ? passed.then((batch) => this.pass(batch)) : this.pass(passed);
    }
    return this.merge(new KvBatch(), wanted);
  }

  close(): void {
    this.left = 0;
    this.below.close();
  }

  private pass(batch: KvBatch | undefined): KvBatch | undefined {
    if (batch === undefined) {
      this.belowFinished = true;
      return undefined;
    }
    this.left -= batch.count;
    const last = batch.count - 1;
    this.moveBehind(copyBytes(batch.keyBytes[last]!, batch.keyStart[last], batch.keyEnd[last]));
    return batch;
  }

  private merge(out: KvBatch, wanted: number): MaybePromise<KvBatch | undefined> {
    const { buffer, reverse } = this;
    const cursor = reverse ? buffer.seekBefore(this.upper) : buffer.seek(this.lower);
    while (out.count < wanted) {
      if (this.rows === undefined && !this.belowFinished) {
        const fetched = this.below.next(wanted);
        if (isPromise(fetched)) {
          return fetched.then((batch) => {
            this.take(batch);
            return this.merge(out, wanted);
          });
        }
        this.take(fetched);
        continue;
      }
      const entry = cursor.valid && this.inRange(cursor.key) ? cursor.value : undefined;
      const rows = this.rows;
      if (entry === undefined && rows === undefined) break;
      const order = entry === undefined ? 1 : rows === undefined ? -1 : this.compareRow(entry, rows);
      if (order > 0) {
        const i = this.rowAt;
        out.pushSlice(
          rows!.keyBytes[i]!,
          rows!.keyStart[i]!,
          rows!.keyEnd[i]!,
          rows!.valueBytes[i]!,
          rows!.valueStart[i]!,
          rows!.valueEnd[i]!,
        );
        this.advanceRow();
        continue;
      }
      if (order === 0) this.advanceRow();
      if (entry!.value !== null) out.push(entry!.key, entry!.value);
      // Also behind a delete, or a long run of them would be walked again.
      this.moveBehind(entry!.key);
      if (reverse) cursor.previous();
      else cursor.next();
    }
    if (out.count === 0) return undefined;
    this.left -= out.count;
    const last = out.count - 1;
    this.moveBehind(copyBytes(out.keyBytes[last]!, out.keyStart[last], out.keyEnd[last]));
    return out;
  }

  private take(batch: KvBatch | undefined): void {
    if (batch === undefined) this.belowFinished = true;
    else {
      this.rows = batch;
      this.rowAt = 0;
    }
  }

  private advanceRow(): void {
    if (++this.rowAt >= this.rows!.count) this.rows = undefined;
  }

  private inRange(key: Uint8Array): boolean {
    if (this.reverse) return compareSlice(key, this.lower, 0, this.lower.length) >= 0;
    return this.upper === undefined || compareSlice(key, this.upper, 0, this.upper.length) < 0;
  }

  /** Negative: the buffer's key comes first in the direction of the scan. */
  private compareRow(entry: BufferEntry, rows: KvBatch): number {
    const order = compareSlice(
      entry.key,
      rows.keyBytes[this.rowAt]!,
      rows.keyStart[this.rowAt]!,
      rows.keyEnd[this.rowAt]!,
    );
    return this.reverse ? -order : order;
  }

  private moveBehind(key: Uint8Array): void {
    if (this.reverse) this.upper = key;
    else this.lower = keyAfter(key);
  }
}

function compareSlice(key: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  const size = end - start;
  const length = key.length < size ? key.length : size;
  for (let i = 0; i < length; i++) {
    const difference = key[i]! - bytes[start + i]!;
    if (difference !== 0) return difference;
  }
  return key.length - size;
}

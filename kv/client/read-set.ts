/**
 * `ReadSet`: what a SERIALIZABLE transaction has read, so that its commit can prove that all of it still holds.
 *
 *     reads at startTs (and, where it locks, later) ── prewrite ── commitTs from the oracle ── read all of it again at commitTs ─┬─ same: commit
 *                                                                                                                              └─ changed: kv.not-serializable
 *
 * Then transactions that wrote are serial in the order of their commit timestamps: each has seen what was there at its own. Whoever
 * writes something read here and commits below `commitTs` got that timestamp before us, so its lock was there before we looked again,
 * and is met: it has committed (changed), or is asked to commit above `commitTs`, and then asks the oracle and looks again itself. (The
 * idea is that of validation in optimistic concurrency control, Kung and Robinson 1981, on Percolator's locks.) A transaction that
 * only read, at one moment, is serial at that moment and need not look again.
 *
 * A key and its value are kept as a hash of 64 bits, a scan as one hash of all that it gave out and where it ended: a scan that is read to
 * its limit says nothing about what lies behind. Own writes are no part of it, since they lie above the snapshot.
 */
import { copyBytes, keyAfter } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import type { KeyRange, KvBatch, Scanner, Snapshot, Timestamp } from './client.ts';

/** Keys and scans of one transaction; above it `kv.too-many-reads`. A key costs about 150 bytes here. */
export const READ_SET_ENTRIES_MAX = 200_000;
/** Keys looked at again in one step, and rows of a scan. */
const STEP = 256;

/** Two lanes of 32 bits: what was changed by chance is missed once in 2^53 times. */
class Hash {
  low = 0x9e3779b9 | 0;
  high = 0x85ebca6b | 0;

  add(bytes: Uint8Array, start: number, end: number): void {
    let { low, high } = this;
    for (let at = start; at < end; at++) {
      low = Math.imul(low ^ bytes[at]!, 0x01000193);
      high = Math.imul(high + bytes[at]! + 1, 0x5bd1e995);
      high ^= high >>> 15;
    }
    // A length between values, so that (ab, c) is not (a, bc).
    low = Math.imul(low ^ (end - start), 0x01000193);
    this.low = low ^ (high >>> 13);
    this.high = Math.imul(high ^ (low >>> 11), 0x27d4eb2f);
  }

  /** An exact number of 53 bits. */
  get value(): number {
    return (this.high >>> 11) * 0x1_0000_0000 + (this.low >>> 0);
  }
}

const ABSENT = -1;

function hashOf(value: Uint8Array | undefined): number {
  if (value === undefined) return ABSENT;
  const hash = new Hash();
  hash.add(value, 0, value.length);
  return hash.value;
}

interface PointRead {
  readonly hash: number;
  /** Read while a lock of ours was on it. */
  locked: boolean;
}

/** What a scan has given out so far: the sum of its rows' hashes, which is the same in both directions. */
class RangeRead {
  readonly range: KeyRange;
  readonly reverse: boolean;
  /** The scan came to the end of its range; else it was looked at up to `last`. */
  complete = false;
  last: Uint8Array | undefined = undefined;
  low = 0;
  high = 0;

  constructor(range: KeyRange, reverse: boolean) {
    this.range = { lower: copyBytes(range.lower), upper: copyBytes(range.upper) };
    this.reverse = reverse;
  }

  add(batch: KvBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const hash = new Hash();
      hash.add(batch.keyBytes[i]!, batch.keyStart[i]!, batch.keyEnd[i]!);
      hash.add(batch.valueBytes[i]!, batch.valueStart[i]!, batch.valueEnd[i]!);
      this.low = (this.low + hash.low) | 0;
      this.high = (this.high + hash.high) | 0;
    }
    if (batch.count === 0) return;
    const i = batch.count - 1;
    this.last = copyBytes(batch.keyBytes[i]!.subarray(batch.keyStart[i]!, batch.keyEnd[i]!));
  }

  /** What was looked at; nothing when the scan was left before its first row. */
  get seen(): KeyRange | undefined {
    const { range, last } = this;
    if (this.complete) return range;
    if (last === undefined) return undefined;
    return this.reverse ? { lower: last, upper: range.upper } : { lower: range.lower, upper: keyAfter(last) };
  }
}

/** What to go back to when a statement runs again. */
export interface ReadMark {
  readonly ranges: number;
  readonly points: number;
}

export class ReadSet {
  private readonly points = new SortedMap<PointRead>();
  /** Keys in the order in which they were first read. */
  private readonly order: Uint8Array[] = [];
  private readonly ranges: RangeRead[] = [];
  private readTs: Timestamp | undefined = undefined;
  private severalTimes = false;

  get isEmpty(): boolean {
    return this.order.length === 0 && this.ranges.length === 0;
  }

  /** Not all of it was read at one moment, so not even a transaction that only reads is serial by itself. */
  get spansTimes(): boolean {
    return this.severalTimes;
  }

  mark(): ReadMark {
    return { ranges: this.ranges.length, points: this.order.length };
  }

  /** The statement runs again at a newer timestamp, and nobody has seen what it read. */
  forget(mark: ReadMark): void {
    while (this.order.length > mark.points) this.points.delete(this.order.pop()!);
    this.ranges.length = mark.ranges;
  }

  /** Throws `kv.not-serializable` when an earlier read of the key gave something else. */
  noteKey(key: Uint8Array, value: Uint8Array | undefined, ts: Timestamp): void {
    this.noteTime(ts);
    this.note(key, value, false);
  }

  /** What a lock answered: the newest version, whatever the time. */
  noteLocked(key: Uint8Array, value: Uint8Array | undefined): void {
    this.severalTimes = true;
    this.note(key, value, true);
  }

  /** The scan, noting what it gives out. */
  noting(scanner: Scanner, range: KeyRange, options: { reverse: boolean; limit: number; ts: Timestamp }): Scanner {
    this.makeRoom();
    this.noteTime(options.ts);
    const read = new RangeRead(range, options.reverse);
    this.ranges.push(read);
    return new NotingScanner(scanner, read, options.limit);
  }

  /** Whether the prewrite sees by itself that nothing has changed: only keys were read, and `written` has each of them. */
  isCoveredBy(written: (key: Uint8Array) => boolean, pessimistic: boolean): boolean {
    if (this.ranges.length > 0) return false;
    return this.order.every((key) => written(key) && (!pessimistic || this.points.get(key)!.locked));
  }

  /** Reads all of it again; throws `kv.not-serializable` where something is not what it was. */
  async validate(snapshot: Snapshot): Promise<void> {
    for (let from = 0; from < this.order.length; from += STEP) {
      const keys = this.order.slice(from, from + STEP);
      const found = snapshot.getMany(keys);
      const values = isPromise(found) ? await found : found;
      for (let i = 0; i < keys.length; i++)
        if (hashOf(values[i]) !== this.points.get(keys[i]!)!.hash) throw notSerializable(keys[i]!);
    }
    for (const read of this.ranges) {
      const { seen } = read;
      if (seen === undefined) continue;
      const again = new RangeRead(seen, false);
      const scanner = snapshot.scan(seen);
      for (;;) {
        const step = scanner.next(STEP);
        const batch = isPromise(step) ? await step : step;
        if (batch === undefined) break;
        again.add(batch);
      }
      scanner.close();
      if (again.low !== read.low || again.high !== read.high) throw notSerializable(seen.lower);
    }
  }

  private note(key: Uint8Array, value: Uint8Array | undefined, locked: boolean): void {
    const hash = hashOf(value);
    const known = this.points.get(key);
    if (known !== undefined) {
      if (known.hash !== hash) throw notSerializable(key);
      if (locked) known.locked = true;
      return;
    }
    this.makeRoom();
    const own = copyBytes(key);
    this.points.set(own, { hash, locked });
    this.order.push(own);
  }

  private noteTime(ts: Timestamp): void {
    if (this.readTs === undefined) this.readTs = ts;
    else if (this.readTs !== ts) this.severalTimes = true;
  }

  private makeRoom(): void {
    if (this.order.length + this.ranges.length < READ_SET_ENTRIES_MAX) return;
    throw new RutileError(
      'kv.too-many-reads',
      'a serializable transaction has read more keys than it can look at again',
      {
        fields: { entries: READ_SET_ENTRIES_MAX },
      },
    );
  }
}

class NotingScanner implements Scanner {
  private readonly below: Scanner;
  private readonly read: RangeRead;
  private left: number;

  constructor(below: Scanner, read: RangeRead, limit: number) {
    this.below = below;
    this.read = read;
    this.left = limit;
  }

  next(countMax: number): MaybePromise<KvBatch | undefined> {
    const batch = this.below.next(countMax);
    return isPromise(batch) ? batch.then((got) => this.note(got)) : this.note(batch);
  }

  close(): void {
    this.below.close();
  }

  private note(batch: KvBatch | undefined): KvBatch | undefined {
    if (batch === undefined) {
      // A scan that ends at its limit says nothing about what lies behind.
      if (this.left > 0) this.read.complete = true;
      return undefined;
    }
    this.read.add(batch);
    this.left -= batch.count;
    return batch;
  }
}

export function notSerializable(key: Uint8Array): RutileError {
  return new RutileError('kv.not-serializable', 'what the transaction has read was changed before it could commit', {
    retry: 'refresh',
    fields: { key },
  });
}

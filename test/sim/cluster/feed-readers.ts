/**
 * Readers of the simulated cluster's changes, each of another range. They replay what they are told and hold it to what a feed promises:
 *
 *     each commit once, those of a key in order         nothing at or below a resolved timestamp comes behind it
 *     the value before is the value that was told before           at resolved timestamps the replay is what a snapshot there reads
 *
 * A feed that ends is opened again at the timestamp that it names. When all is mended, every reader is to be resolved up to a timestamp of then.
 */
import assert from 'node:assert/strict';
import { EMPTY_BYTES, fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { Random } from '../../../base/world.ts';
import type { ChangeFeed, ChangeFeedItem, KeyRange, RowChange, Timestamp } from '../../../kv/client/index.ts';
import type { ClientSeat } from './workloads.ts';

const RANGES: readonly (readonly [string, string])[] = [['', ''], ['list', 'node3']]; // prettier-ignore
/** A feed may end with these; whoever reads on begins anew. */
const ENDINGS = new Set(['kv.feed-behind', 'kv.region-unavailable', 'kv.busy', 'kv.closed', 'placement.unavailable']);
/** Snapshots under faults may fail; what was to be compared is then compared later. */
const READ_FAILURES = new Set([
  'kv.region-unavailable',
  'kv.locked',
  'kv.busy',
  'kv.undetermined',
  'kv.read-only',
  'disk.full',
  'placement.unavailable',
]);

export class FeedReaders {
  readonly counters = new Map<string, number>();
  private readonly readers: readonly Reader[];
  private running: Promise<unknown> | undefined = undefined;

  constructor(seats: readonly ClientSeat[], random: Random, note: (fact: string) => void) {
    this.readers = RANGES.map(
      ([lower, upper], i) =>
        new Reader(seats[i % seats.length]!, random.fork(`reader ${i}`), {
          range: { lower: lower === '' ? EMPTY_BYTES : utf8(lower), upper: upper === '' ? EMPTY_BYTES : utf8(upper) },
          note: (fact) => note(`reader ${i} ${fact}`),
          count: (what) => void this.counters.set(what, (this.counters.get(what) ?? 0) + 1),
        }),
    );
  }

  start(fail: (error: unknown) => void): void {
    this.running = Promise.all(this.readers.map((reader) => reader.run()));
    this.running.catch(fail);
  }

  /** No more faults: each reader sees everything that was committed until now, and ends. */
  async finish(): Promise<void> {
    for (const reader of this.readers) await reader.finish();
    await this.running;
  }
}

interface ReaderOptions {
  readonly range: KeyRange;
  readonly note: (fact: string) => void;
  readonly count: (what: string) => void;
}

class Reader {
  private readonly seat: ClientSeat;
  private readonly random: Random;
  private readonly options: ReaderOptions;
  /** What a snapshot at `resolvedTs` reads. */
  private readonly state = new Map<string, string>();
  private resolvedTs: Timestamp = 0n;
  /** Told, and not resolved. */
  private ahead: RowChange[] = [];
  private readonly newest = new Map<string, RowChange>();
  /** Until then it reads. */
  private endTs: Timestamp | undefined = undefined;

  constructor(seat: ClientSeat, random: Random, options: ReaderOptions) {
    this.seat = seat;
    this.random = random;
    this.options = options;
  }

  async finish(): Promise<void> {
    this.endTs = await this.seat.client.timestamp();
  }

  async run(): Promise<void> {
    while (!this.isDone) await this.read();
    await this.compare(true);
  }

  private get isDone(): boolean {
    return this.endTs !== undefined && this.resolvedTs >= this.endTs;
  }

  /** One feed, until it ends or is given up. */
  private async read(): Promise<void> {
    const { random, options, seat } = this;
    // What was not resolved is told again.
    this.ahead = [];
    this.newest.clear();
    const feed = seat.client.feed!(options.range, { fromTs: this.resolvedTs, oldValues: true });
    try {
      while (!this.isDone) {
        if (this.endTs === undefined && random.below(4) === 0) await pause(seat, random.below(600));
        for (const item of await feed.next()) this.take(item);
        if (random.below(30) === 0) await this.compare(false);
        if (this.endTs === undefined && random.below(200) === 0) break;
      }
    } catch (error) {
      if (!(error instanceof RutileError) || !ENDINGS.has(error.code)) throw error;
      options.note(`ends: ${error.code}`);
      options.count(`feed ${error.code}`);
      assert.equal(error.fields['resumeTs'], this.resolvedTs, 'a feed goes on from what it had resolved');
      await pause(seat, 1 + random.below(50));
    } finally {
      this.close(feed);
    }
  }

  private close(feed: ChangeFeed): void {
    feed.close();
    this.options.count('feeds');
  }

  private take(item: ChangeFeedItem): void {
    if (item.kind === 'resolved') return this.resolve(item.ts);
    const key = fromUtf8(item.key);
    const { commitTs } = item;
    this.options.count('changes');
    assert(
      commitTs > this.resolvedTs,
      `a commit of ${key} at ${commitTs} comes behind ${this.resolvedTs}, which was resolved`,
    );
    const before = this.newest.get(key);
    assert(before === undefined || before.commitTs < commitTs, `commits of ${key} come in another order, or twice`);
    const was = before === undefined ? this.state.get(key) : textOf(before.value);
    assert.equal(textOf(item.oldValue), was, `${key} at ${commitTs} held something else before`);
    this.newest.set(key, item);
    this.ahead.push(item);
  }

  private resolve(ts: Timestamp): void {
    assert(ts > this.resolvedTs, 'a resolved timestamp grows');
    this.options.count('resolved');
    this.resolvedTs = ts;
    const rest: RowChange[] = [];
    for (const row of this.ahead) {
      const key = fromUtf8(row.key);
      if (row.commitTs > ts) rest.push(row);
      else if (row.value === undefined) this.state.delete(key);
      else this.state.set(key, fromUtf8(row.value));
      if (row.commitTs <= ts && this.newest.get(key) === row) this.newest.delete(key);
    }
    this.ahead = rest;
  }

  /** With a snapshot at what is resolved. */
  private async compare(must: boolean): Promise<void> {
    const { seat, options, resolvedTs } = this;
    if (resolvedTs === 0n) return;
    const mine = new Map(this.state);
    const theirs = new Map<string, string>();
    for (;;) {
      try {
        const scanner = seat.client.snapshot(resolvedTs).scan(options.range);
        theirs.clear();
        for (let batch = await scanner.next(7); batch !== undefined; batch = await scanner.next(7))
          for (let i = 0; i < batch.count; i++)
            theirs.set(
              fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i])),
              fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])),
            );
        break;
      } catch (error) {
        if (!(error instanceof RutileError) || !READ_FAILURES.has(error.code)) throw error;
        if (!must) return;
        await pause(seat, 20);
      }
    }
    options.count('feeds compared');
    assert.deepEqual([...mine].sort(), [...theirs].sort(), `the replay at ${resolvedTs} is not what a snapshot reads`);
  }
}

function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : fromUtf8(value);
}

function pause(seat: ClientSeat, ms: number): Promise<void> {
  return new Promise((resolve) => void seat.world.timers.after(ms, resolve));
}

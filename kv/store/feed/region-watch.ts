/**
 * `RegionWatch`: one reader of a region's changes, and what waits for it, in the order in which it is told: items that apply put here, and scans that
 * are made while they are read. The scan of the past goes on between them (past-scan.ts); nothing is resolved before its end.
 *
 *     past  row  past … initialized  row row …  [scan of a large commit]  row …  resolved
 *
 * A reader of steps is told each of them, also those of keys that a scan has not reached: the past waits in the queue, in one picture.
 *
 * What waits is bounded (`FeedBudget`): apply never waits for a reader, so one whose queue is full is told `kv.feed-behind`, and begins again from
 * what was resolved for it. The same for one that leaves what waits for it alone for too long, since a scan holds a picture of the engine.
 */
import { assert } from '../../../base/assert.ts';
import { RutileError } from '../../../base/error.ts';
import type { World } from '../../../base/world.ts';
import {
  itemSizeBytes,
  type RegionFeed,
  type RegionFeedItem,
  type RegionFeedRequest,
} from '../../client/feed/region-feed.ts';
import type { StoreLimits } from '../limits.ts';
import type { ChangeScan, ScanRange } from './change-scan.ts';
import type { PastScan } from './past-scan.ts';

/** Bytes of one answer. */
const ANSWER_BYTES = 256 * 1024;

/** What waits for all readers of a store. */
export interface FeedBudget {
  readonly limits: Pick<StoreLimits, 'feedSizeBytesMax' | 'feedsSizeBytesMax' | 'feedIdleMs'>;
  usedSizeBytes: number;
}

interface Waiting {
  readonly items: RegionFeedItem[];
  sizeBytes: number;
}

export interface RegionWatchOptions {
  readonly world: Pick<World, 'clock' | 'timers'>;
  readonly budget: FeedBudget;
  readonly request: RegionFeedRequest;
  /** The reader's share of the region. */
  readonly share: ScanRange;
  readonly left: (watch: RegionWatch) => void;
}

export class RegionWatch implements RegionFeed {
  readonly request: RegionFeedRequest;
  readonly share: ScanRange;
  private readonly options: RegionWatchOptions;
  private past: PastScan | undefined = undefined;
  private pastIsNext = false;
  private queue: (ChangeScan | Waiting)[] = [];
  private sizeBytes = 0;
  private resolvedTs: bigint;
  private failure: RutileError | undefined = undefined;
  private wake: (() => void) | undefined = undefined;
  private reading = false;
  private readMs: number;

  constructor(options: RegionWatchOptions) {
    this.options = options;
    this.request = options.request;
    this.share = options.share;
    this.resolvedTs = options.request.fromTs;
    this.readMs = options.world.clock.monotonicMs();
  }

  async next(): Promise<readonly RegionFeedItem[]> {
    assert(!this.reading, 'a feed has one reader');
    this.reading = true;
    try {
      for (;;) {
        if (this.failure !== undefined) throw this.failure;
        const head = this.queue[0];
        // One and the other in turn: what waits may never end.
        this.pastIsNext = !this.pastIsNext;
        if (this.past !== undefined && (head === undefined || this.pastIsNext)) {
          // Others first: a scan is long, and nobody waits for its end.
          await new Promise<void>((resolve) => this.options.world.timers.soon(resolve));
          const items = this.stepPast();
          if (items.length > 0) return items;
        } else if (head === undefined) await new Promise<void>((resolve) => (this.wake = resolve));
        else if ('items' in head) return this.shift(head);
        else {
          await new Promise<void>((resolve) => this.options.world.timers.soon(resolve));
          if (head.finished) continue;
          const items: RegionFeedItem[] = [];
          head.step(items, ANSWER_BYTES);
          if (head.finished) this.queue.shift();
          if (items.length > 0) return items;
        }
      }
    } finally {
      this.reading = false;
      this.readMs = this.options.world.clock.monotonicMs();
    }
  }

  close(): void {
    this.end(new RutileError('kv.closed', 'the feed was closed'));
  }

  // ---- what the region puts in

  /** Comes first of all. */
  begin(past: PastScan): void {
    this.past = past;
    this.tell();
  }

  /** Keys of the share whose changes are to be put in; the others are left to the scan of the past. */
  get reached(): ScanRange {
    return this.past === undefined ? this.share : { lower: this.share.lower, upper: this.past.reached };
  }

  /** A key of the share has changed: is it to be put in? */
  wants(key: Uint8Array): boolean {
    return this.past?.willTell(key) !== true;
  }

  /** More changes at a time than are named one by one. */
  muchChanged(): void {
    this.past?.forgetPicture();
  }

  addScan(scan: ChangeScan): void {
    if (this.failure !== undefined) return scan.close();
    this.queue.push(scan);
    this.tell();
  }

  add(item: RegionFeedItem): void {
    if (this.failure !== undefined) return;
    const { budget } = this.options;
    const { feedSizeBytesMax, feedsSizeBytesMax } = budget.limits;
    const size = itemSizeBytes(item);
    // A single row may be larger than what may wait.
    if (
      this.sizeBytes > 0 &&
      (this.sizeBytes + size > feedSizeBytesMax || budget.usedSizeBytes + size > feedsSizeBytesMax)
    )
      return this.end(behind('changes come faster than they are read'));
    const last = this.queue.at(-1);
    if (last !== undefined && 'items' in last && last.sizeBytes < ANSWER_BYTES) {
      last.items.push(item);
      last.sizeBytes += size;
    } else this.queue.push({ items: [item], sizeBytes: size });
    this.sizeBytes += size;
    budget.usedSizeBytes += size;
    this.tell();
  }

  resolved(ts: bigint): void {
    if (ts <= this.resolvedTs || this.failure !== undefined) return;
    this.resolvedTs = ts;
    if (this.past === undefined) this.addResolved(ts);
  }

  private addResolved(ts: bigint): void {
    const last = this.queue.at(-1);
    const item = { kind: 'resolved', ts } as const;
    // The one that nobody has read yet is out of date.
    if (last !== undefined && 'items' in last && last.items.at(-1)?.kind === 'resolved')
      last.items[last.items.length - 1] = item;
    else this.add(item);
  }

  checkIdle(): void {
    const { world, budget } = this.options;
    if ((this.queue.length === 0 && this.past?.holdsPicture !== true) || this.reading) return;
    if (world.clock.monotonicMs() - this.readMs > budget.limits.feedIdleMs) this.end(behind('nobody reads what waits'));
  }

  end(failure: RutileError): void {
    if (this.failure !== undefined) return;
    this.failure = failure;
    this.past?.forgetPicture();
    for (const one of this.queue) if (!('items' in one)) one.close();
    this.queue = [];
    this.options.budget.usedSizeBytes -= this.sizeBytes;
    this.sizeBytes = 0;
    this.options.left(this);
    this.tell();
  }

  private stepPast(): readonly RegionFeedItem[] {
    const items: RegionFeedItem[] = [];
    // It was ended, or found its end.
    if (this.failure !== undefined || this.past === undefined) return items;
    try {
      if (!this.past.step(items, ANSWER_BYTES)) return items;
    } catch (error) {
      if (!(error instanceof RutileError)) throw error;
      this.end(error);
      return [];
    }
    this.past = undefined;
    // Behind the changes of what it had passed.
    this.add({ kind: 'initialized' });
    if (this.resolvedTs > this.request.fromTs) this.addResolved(this.resolvedTs);
    return items;
  }

  private shift(head: Waiting): readonly RegionFeedItem[] {
    this.queue.shift();
    this.sizeBytes -= head.sizeBytes;
    this.options.budget.usedSizeBytes -= head.sizeBytes;
    return head.items;
  }

  private tell(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}

function behind(why: string): RutileError {
  return new RutileError('kv.feed-behind', `the change feed was ended: ${why}`, { retry: 'same' });
}

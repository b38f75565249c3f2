/**
 * `ChangeFeed`: all commits to a range of rows, over however many regions it takes, from a timestamp on and for as long as somebody asks.
 *
 *     range ─ spans, one a region ─ a region feed each, of whoever leads ─ one queue ─ next()
 *                  └─ resolved = the least over all spans
 *
 * When a region changes hands or is cut, its span begins again at what was resolved of it, with whoever serves it then: cut in two if need
 * be. What comes a second time by that is left out here, by the last timestamp that each key showed since.
 *
 * Promises: commits of one key come in order, each once; no commit at or below a `resolved` comes behind it; nothing else is promised
 * of the order between keys. Together: whoever applies rows up to a resolved timestamp has what a snapshot there reads.
 *
 * Bounded: `queueSizeBytesMax` wait for the reader; then stores are asked no more, their queues fill, and the feed ends with `kv.feed-behind`. Whatever
 * ends a feed names in `fields.resumeTs` the timestamp from which the next one goes on without a gap. Until then the feed holds
 * the safe point there.
 */
import { compareBytes, EMPTY_BYTES } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { boundsIn, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { LockInfo } from '../../../proto/kv/command.ts';
import type { ChangeFeed, ChangeFeedItem, ChangeFeedOptions, KeyRange, Timestamp } from '../client.ts';
import type { SettleLock } from '../store-port.ts';
import type { Route } from '../routing/region-cache.ts';
import { isRegionError, type RegionFinder } from '../routing/region-finder.ts';
import { itemSizeBytes, type RegionFeed, type RegionFeedItem, type RowChange } from './region-feed.ts';

export interface FeedLimits {
  /** Bytes that wait for the reader before stores are asked no more. */
  readonly queueSizeBytesMax: number;
  /** Keys of a region that changed since it was resolved last, remembered so that nothing comes twice; over it the feed ends. */
  readonly unresolvedKeysMax: number;
}

export const FEED_LIMITS: FeedLimits = {
  queueSizeBytesMax: 8 * 1024 * 1024,
  unresolvedKeysMax: 1_000_000,
};

export interface RoutedFeedOptions extends ChangeFeedOptions {
  readonly finder: RegionFinder;
  readonly range: KeyRange;
  readonly holdSafePoint: (ts: Timestamp) => { release(): void };
  /** Finds out what became of a transaction whose owner is late, and ends what it left. */
  readonly settle: SettleLock;
  readonly limits?: Partial<FeedLimits> | undefined;
}

/** A piece of the range that lies in one region, as far as was known when it began. */
interface Span {
  readonly lower: Uint8Array;
  /** Empty: to the end. */
  upper: Uint8Array;
  resolvedTs: Timestamp;
  /** The newest commit of each key that was given out and is not resolved. */
  readonly shown: Map<string, Timestamp>;
  feed: RegionFeed | undefined;
}

export class RoutedFeed implements ChangeFeed {
  /** As far as the reader has been told. */
  resolvedTs: Timestamp;
  /** As far as the queue goes. */
  private queuedTs: Timestamp;
  private readonly options: RoutedFeedOptions;
  private readonly limits: FeedLimits;
  private readonly spans = new Set<Span>();
  private queue: ChangeFeedItem[] = [];
  private queueSizeBytes = 0;
  private hold: { release(): void } | undefined;
  private failure: Error | undefined = undefined;
  /** The reader waits. */
  private wake: (() => void) | undefined = undefined;
  private settling = false;
  /** Spans that wait for room. */
  private roomWaiters: (() => void)[] = [];

  /** Throws `kv.snapshot-too-old` when versions above `fromTs` may be gone. */
  constructor(options: RoutedFeedOptions) {
    this.options = options;
    this.limits = { ...FEED_LIMITS, ...options.limits };
    this.resolvedTs = this.queuedTs = options.fromTs;
    this.hold = options.holdSafePoint(options.fromTs);
    const { lower, upper } = options.range;
    this.begin({ lower, upper, resolvedTs: options.fromTs, shown: new Map(), feed: undefined });
  }

  async next(): Promise<readonly ChangeFeedItem[]> {
    while (this.queue.length === 0) {
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const items = this.queue;
    this.queue = [];
    this.queueSizeBytes = 0;
    this.told();
    for (const go of this.roomWaiters.splice(0)) go();
    return items;
  }

  close(): void {
    // What nobody has read is not told.
    this.queue = [];
    this.queuedTs = this.resolvedTs;
    this.end(new RutileError('kv.closed', 'the change feed was closed'));
  }

  // ---- spans

  private begin(span: Span): void {
    this.spans.add(span);
    this.follow(span).catch((error: unknown) => this.end(error));
  }

  /** One region after another that serves the span. */
  private async follow(span: Span): Promise<void> {
    const { finder } = this.options;
    let tries = finder.tries();
    while (this.failure === undefined) {
      let route: Route | undefined;
      try {
        route = await finder.find(ROW_SPACE, span.lower);
        this.cut(span, route);
        const feed = this.open(span, route);
        span.feed = feed;
        for (;;) {
          const items = await feed.next();
          if (this.isOver) return;
          tries = finder.tries();
          route.failures = 0;
          this.take(span, items);
          while (this.queueSizeBytes >= this.limits.queueSizeBytesMax && !this.isOver)
            await new Promise<void>((resolve) => this.roomWaiters.push(resolve));
        }
      } catch (error) {
        span.feed?.close();
        span.feed = undefined;
        if (this.isOver) return;
        if (!isRegionError(error)) throw error;
        await finder.learn(route, error, tries);
      }
    }
  }

  get isOver(): boolean {
    return this.failure !== undefined;
  }

  private open(span: Span, route: Route): RegionFeed {
    const store = this.options.finder.storeOf(route);
    if (store.feed === undefined) throw notOffered();
    const { oldValues } = this.options;
    const { lower, upper, resolvedTs } = span;
    return store.feed(route.ref, {
      range: { lower, upper },
      fromTs: resolvedTs,
      oldValues: oldValues === true,
      steps: false,
    });
  }

  /** What lies behind the region becomes a span of its own. */
  private cut(span: Span, route: Route): void {
    const end = boundsIn(ROW_SPACE, route.region)?.upper;
    if (end === undefined || (span.upper.length > 0 && compareBytes(span.upper, end) <= 0)) return;
    const rest: Span = { ...span, lower: end, shown: new Map(), feed: undefined };
    span.upper = end;
    for (const [name, ts] of span.shown) {
      if (compareBytes(keyOf(name), end) < 0) continue;
      rest.shown.set(name, ts);
      span.shown.delete(name);
    }
    this.begin(rest);
  }

  // ---- items

  private take(span: Span, items: readonly RegionFeedItem[]): void {
    for (const item of items) {
      if (item.kind === 'row') this.takeRow(span, item);
      else if (item.kind === 'resolved') this.takeResolved(span, item.ts);
      else if (item.kind === 'held') this.settleLocks(item.locks);
    }
    if (this.queue.length > 0) this.tell();
  }

  private takeRow(span: Span, row: RowChange): void {
    // Asked for from here on, so it was not: whoever sends it counts otherwise than we do.
    if (row.commitTs <= span.resolvedTs) return;
    const name = nameOf(row.key);
    const shown = span.shown.get(name);
    if (shown !== undefined && shown >= row.commitTs) return;
    if (shown === undefined && span.shown.size >= this.limits.unresolvedKeysMax)
      throw new RutileError('kv.feed-behind', 'more keys of a region have changed than the feed remembers, and a lock keeps them from being resolved', { retry: 'same' }); // prettier-ignore
    span.shown.set(name, row.commitTs);
    this.queue.push(row);
    this.queueSizeBytes += itemSizeBytes(row);
  }

  private takeResolved(span: Span, ts: Timestamp): void {
    if (ts <= span.resolvedTs) return;
    span.resolvedTs = ts;
    for (const [name, shown] of span.shown) if (shown <= ts) span.shown.delete(name);
    let least = ts;
    for (const one of this.spans) if (one.resolvedTs < least) least = one.resolvedTs;
    if (least <= this.queuedTs) return;
    this.queuedTs = least;
    const last = this.queue.at(-1);
    if (last?.kind === 'resolved') this.queue.pop();
    this.queue.push({ kind: 'resolved', ts: least });
  }

  /** One lot at a time; what fails or is left is named again. */
  private settleLocks(locks: readonly LockInfo[]): void {
    if (this.settling) return;
    this.settling = true;
    const { settle } = this.options;
    const settleAll = async (): Promise<void> => {
      for (const lock of locks) if (!this.isOver) await settle(lock);
    };
    settleAll()
      .catch((error: unknown) => {
        if (!(error instanceof RutileError)) this.end(error);
      })
      .finally(() => (this.settling = false));
  }

  /** The reader has everything that was queued; the safe point may follow. */
  private told(): void {
    if (this.resolvedTs === this.queuedTs) return;
    this.resolvedTs = this.queuedTs;
    if (this.failure !== undefined) return;
    const before = this.hold;
    this.hold = this.options.holdSafePoint(this.resolvedTs);
    before?.release();
  }

  private tell(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  private end(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = withResume(error, this.queuedTs);
    for (const span of this.spans) span.feed?.close();
    this.spans.clear();
    this.hold?.release();
    this.hold = undefined;
    for (const go of this.roomWaiters.splice(0)) go();
    this.tell();
  }
}

export function notOffered(): RutileError {
  return new RutileError('kv.not-offered', 'the store behind this client has no change feed');
}

function withResume(error: unknown, resumeTs: Timestamp): Error {
  if (!(error instanceof RutileError)) return error instanceof Error ? error : new Error(String(error));
  const { code, message, retry, fields } = error;
  return new RutileError(code, message, { retry, fields: { ...fields, resumeTs }, cause: error.cause });
}

/** A key as a key of a map: a character a byte. */
function nameOf(key: Uint8Array): string {
  let name = '';
  for (let i = 0; i < key.length; i++) name += String.fromCharCode(key[i]!);
  return name;
}

function keyOf(name: string): Uint8Array {
  return name.length === 0 ? EMPTY_BYTES : Uint8Array.from(name, (character) => character.charCodeAt(0));
}

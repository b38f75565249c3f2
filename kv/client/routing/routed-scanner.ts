/**
 * A scan over as many regions as it takes: one store scanner after another, each over the share of the range that its region
 * holds. When a region moves or splits in the middle, the scan goes on behind the last row it gave out.
 *
 * A scan that has gone from one region to the next asks stores elsewhere for the beginnings of those behind, twice as many each time: the way
 * there and back takes longer than a small region's rows. What comes of a region that has changed meanwhile is thrown away.
 */
import { compareBytes, copyBytes, EMPTY_BYTES, keyAfter } from '../../../base/bytes.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import { boundsIn, type Space } from '../../../proto/kv/region.ts';
import type { KeyRange, KvBatch } from '../client.ts';
import type { LockedKey, StoreReadContext, StoreScanner } from '../store-port.ts';
import type { Route } from './region-cache.ts';
import { isRegionError, type RegionFinder, type Tries } from './region-finder.ts';

/** Regions whose beginnings are asked for before they are wanted, at most. */
const COMING_MAX = 16;

/** The share of a region that a scan will come to. */
interface Share {
  readonly route: Route;
  readonly lower: Uint8Array;
  /** `undefined`: the end of the space. */
  readonly upper: Uint8Array | undefined;
  /** The region reaches the end of the range. */
  readonly isLast: boolean;
  readonly scanner: StoreScanner;
}

type Stepped = 'more' | 'end' | LockedKey;

export class RoutedScanner implements StoreScanner {
  private readonly finder: RegionFinder;
  private readonly space: Space;
  private readonly reverse: boolean;
  private readonly open: (route: Route, range: KeyRange) => StoreScanner;
  private lower: Uint8Array;
  private upper: Uint8Array | undefined;
  private current: Share | undefined = undefined;
  /** What was asked last, whether or not it could be opened. */
  private route: Route | undefined = undefined;
  private finished = false;
  private tries: Tries | undefined = undefined;
  /** Behind the current one, in order, side by side. */
  private readonly coming: Share[] = [];
  private comingMax = 0;

  constructor(
    finder: RegionFinder,
    space: Space,
    range: KeyRange,
    reverse: boolean,
    open: (route: Route, range: KeyRange) => StoreScanner,
  ) {
    this.finder = finder;
    this.space = space;
    this.reverse = reverse;
    this.open = open;
    this.lower = range.lower;
    this.upper = range.upper.length === 0 ? undefined : range.upper;
  }

  // hot: once for each step of a scan
  step(batch: KvBatch, countMax: number, context: StoreReadContext | undefined): MaybePromise<Stepped> {
    const before = batch.count;
    try {
      if (this.current === undefined) {
        if (this.finished) return 'end';
        const route = this.locate();
        if (isPromise(route)) return this.stepSlowly(batch, countMax, context, before, route);
        this.enter(route, context);
      }
      const stepped = this.current!.scanner.step(batch, countMax, context);
      if (isPromise(stepped)) return this.stepSlowly(batch, countMax, context, before, stepped);
      return this.note(batch, before, stepped);
    } catch (error) {
      if (!isRegionError(error)) throw error;
      return this.stepSlowly(batch, countMax, context, before, Promise.reject(error));
    }
  }

  close(): void {
    this.finished = true;
    this.leave();
    this.forget();
  }

  private async stepSlowly(
    batch: KvBatch,
    countMax: number,
    context: StoreReadContext | undefined,
    before: number,
    first: Promise<Route | Stepped>,
  ): Promise<Stepped> {
    let pending: Promise<Route | Stepped> | undefined = first;
    for (;;) {
      try {
        const found: Route | Stepped = await (pending ?? this.locate());
        pending = undefined;
        if (typeof found === 'string' || !('region' in found)) return this.note(batch, before, found);
        this.enter(found, context);
        return this.note(batch, before, await this.current!.scanner.step(batch, countMax, context));
      } catch (error) {
        this.remember(batch, before);
        this.leave();
        await this.finder.learn(this.route, error, (this.tries ??= this.finder.tries()));
        pending = undefined;
        if (batch.count > before) return 'more';
      }
    }
  }

  private locate(): MaybePromise<Route> {
    const { finder, space, lower, upper } = this;
    return this.reverse ? finder.findBelow(space, upper) : finder.findAhead(space, lower, upper);
  }

  /** Opens the region's share of what is left. */
  private enter(route: Route, context: StoreReadContext | undefined): void {
    // First of all: a failure to open concerns it.
    this.route = route;
    this.current = this.takeComing(route) ?? this.share(route);
    if (!this.reverse && this.current.scanner.ahead !== undefined) this.lookAhead(this.current, context);
  }

  /** What was asked for ahead, if it still is what is wanted; else all of it is given up. */
  private takeComing(route: Route): Share | undefined {
    const first = this.coming[0];
    if (first?.route === route && compareBytes(first.lower, this.lower) === 0) return this.coming.shift();
    this.forget();
    return undefined;
  }

  private share(route: Route): Share {
    const bounds = boundsIn(this.space, route.region) ?? { lower: EMPTY_BYTES, upper: undefined };
    const lower = compareBytes(bounds.lower, this.lower) > 0 ? bounds.lower : this.lower;
    const cut = bounds.upper !== undefined && (this.upper === undefined || compareBytes(bounds.upper, this.upper) < 0);
    const upper = cut ? bounds.upper : this.upper;
    const isLast = this.reverse ? compareBytes(bounds.lower, this.lower) <= 0 : !cut;
    const scanner = this.open(route, { lower, upper: upper ?? EMPTY_BYTES });
    return { route, lower, upper, isLast, scanner };
  }

  private lookAhead(current: Share, context: StoreReadContext | undefined): void {
    let last = this.coming.at(-1) ?? current;
    while (this.coming.length < this.comingMax && !last.isLast) {
      const route = this.finder.cache.find(this.space, last.upper!);
      if (route === undefined) break;
      try {
        last = this.share(route);
      } catch (error) {
        // Its turn will come.
        if (!isRegionError(error)) throw error;
        break;
      }
      last.scanner.ahead?.(context);
      this.coming.push(last);
    }
    this.comingMax = Math.min(COMING_MAX, Math.max(1, this.comingMax * 2));
  }

  private forget(): void {
    for (const { scanner } of this.coming) scanner.close();
    this.coming.length = 0;
  }

  private note(batch: KvBatch, before: number, stepped: Stepped): Stepped {
    if (this.route !== undefined) this.route.failures = 0;
    this.tries = undefined;
    if (stepped !== 'end') {
      this.remember(batch, before);
      return stepped;
    }
    const { current } = this;
    this.leave();
    // It was closed meanwhile, or there is nothing behind.
    if (current === undefined || current.isLast) {
      this.finished = true;
      return 'end';
    }
    if (this.reverse) this.upper = current.lower;
    else this.lower = current.upper!;
    return 'more';
  }

  /** A scan that has to be opened anew goes on behind the last row given out. */
  private remember(batch: KvBatch, before: number): void {
    if (batch.count === before) return;
    const i = batch.count - 1;
    const key = copyBytes(batch.keyBytes[i]!, batch.keyStart[i], batch.keyEnd[i]);
    if (this.reverse) this.upper = key;
    else this.lower = keyAfter(key);
  }

  private leave(): void {
    this.current?.scanner.close();
    this.current = undefined;
  }
}

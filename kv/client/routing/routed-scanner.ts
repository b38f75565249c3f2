/**
 * A scan over as many regions as it takes: one store scanner after another, each over the share of the range that its region
 * holds. When a region moves or splits in the middle, the scan goes on behind the last row it gave out.
 */
import { compareBytes, copyBytes, EMPTY_BYTES, keyAfter } from '../../../base/bytes.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import { boundsIn, type Space } from '../../../proto/kv/region.ts';
import type { KeyRange, KvBatch } from '../client.ts';
import type { LockedKey, StoreReadContext, StoreScanner } from '../store-port.ts';
import type { Route } from './region-cache.ts';
import { isRegionError, type RegionFinder, type Tries } from './region-finder.ts';

type Stepped = 'more' | 'end' | LockedKey;

export class RoutedScanner implements StoreScanner {
  private readonly finder: RegionFinder;
  private readonly space: Space;
  private readonly reverse: boolean;
  private readonly open: (route: Route, range: KeyRange) => StoreScanner;
  private lower: Uint8Array;
  private upper: Uint8Array | undefined;
  private current: StoreScanner | undefined = undefined;
  private route: Route | undefined = undefined;
  /** The current region reaches the end of the range. */
  private isLast = false;
  private finished = false;
  private tries: Tries | undefined = undefined;

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
        this.enter(route);
      }
      const stepped = this.current!.step(batch, countMax, context);
      if (isPromise(stepped)) return this.stepSlowly(batch, countMax, context, before, stepped);
      return this.note(batch, before, stepped);
    } catch (error) {
      if (!isRegionError(error)) throw error;
      return this.stepSlowly(batch, countMax, context, before, Promise.reject(error));
    }
  }

  close(): void {
    this.finished = true;
    this.current?.close();
    this.current = undefined;
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
        this.enter(found);
        return this.note(batch, before, await this.current!.step(batch, countMax, context));
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
    return this.reverse ? this.finder.findBelow(this.space, this.upper) : this.finder.find(this.space, this.lower);
  }

  /** Opens the region's share of what is left. */
  private enter(route: Route): void {
    this.route = route;
    const bounds = boundsIn(this.space, route.region) ?? { lower: EMPTY_BYTES, upper: undefined };
    const lower = compareBytes(bounds.lower, this.lower) > 0 ? bounds.lower : this.lower;
    const cut = bounds.upper !== undefined && (this.upper === undefined || compareBytes(bounds.upper, this.upper) < 0);
    const upper = cut ? bounds.upper : this.upper;
    this.isLast = this.reverse ? compareBytes(bounds.lower, this.lower) <= 0 : !cut;
    this.current = this.open(route, { lower, upper: upper ?? EMPTY_BYTES });
    this.next = this.reverse ? lower : upper;
  }

  /** Where the next region begins (forward) or ends (reverse). */
  private next: Uint8Array | undefined = undefined;

  private note(batch: KvBatch, before: number, stepped: Stepped): Stepped {
    if (this.route !== undefined) this.route.failures = 0;
    this.tries = undefined;
    if (stepped !== 'end') {
      this.remember(batch, before);
      return stepped;
    }
    this.leave();
    if (this.isLast) {
      this.finished = true;
      return 'end';
    }
    if (this.reverse) this.upper = this.next;
    else this.lower = this.next!;
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
    this.current?.close();
    this.current = undefined;
  }
}

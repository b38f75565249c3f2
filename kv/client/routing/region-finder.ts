/**
 * Finds the region of a key, and learns from stores that were asked in vain. Callers loop: find a route, try, and on failure
 * `learn`, which returns when it makes sense to try again, or throws: an error that is not about regions as it is, and
 * `kv.region-unavailable` when the patience of the call is over.
 */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { World } from '../../../base/world.ts';
import { holdsKey, isOlderEpoch, type RegionDescriptor, regionKey, type Space } from '../../../proto/kv/region.ts';
import type { RegionStorePort } from '../region-store.ts';
import { RegionCache, type Route } from './region-cache.ts';

/** Where regions are looked up: placement. */
export interface RegionSource {
  regionByKey(key: Uint8Array): MaybePromise<FoundRegion | undefined>;
  /** The region that holds the keys right below `key`; an empty key is the end of the region space. */
  regionBelow(key: Uint8Array): MaybePromise<FoundRegion | undefined>;
  /** Those that hold the keys from `lower` to `upper` (empty: the end), in order, `limit` at most. Where it is missing, a scan asks for one after the other. */
  regionsIn?(lower: Uint8Array, upper: Uint8Array, limit: number): MaybePromise<readonly FoundRegion[]>;
}

export interface FoundRegion {
  readonly region: RegionDescriptor;
  readonly leaderStoreId: number | undefined;
}

export interface FinderOptions {
  readonly source: RegionSource;
  /** The store of that id, here or elsewhere; `undefined`: nobody knows it. Made once for each route. */
  readonly storeOf: (storeId: number) => RegionStorePort | undefined;
  readonly world: Pick<World, 'clock' | 'timers'>;
  /** How long a call looks for somebody who serves it. */
  readonly patienceMs: number;
  readonly regionsMax: number;
}

/** Regions that a scan asks placement for at once. */
const REGIONS_AHEAD = 64;
const WAIT_MS_MIN = 2;
const WAIT_MS_MAX = 200;

const REGION_ERRORS = new Set(['kv.not-leader', 'kv.epoch', 'kv.no-region', 'kv.unreachable', 'kv.proposal-lost']);

export function isRegionError(error: unknown): error is RutileError {
  return error instanceof RutileError && REGION_ERRORS.has(error.code);
}

/** One call's tries. */
export class Tries {
  count = 0;
  /** One of them may have acted although nobody said so: the next answer alone does not tell. */
  sent = false;
  readonly deadlineMs: number;
  constructor(deadlineMs: number) {
    this.deadlineMs = deadlineMs;
  }
}

export class RegionFinder {
  readonly cache: RegionCache;
  private readonly options: FinderOptions;

  constructor(options: FinderOptions) {
    this.options = options;
    this.cache = new RegionCache(options.regionsMax);
  }

  tries(): Tries {
    return new Tries(this.options.world.clock.monotonicMs() + this.options.patienceMs);
  }

  /** Throws `kv.unreachable` when nobody knows the store that should lead. */
  // hot
  storeOf(route: Route): RegionStorePort {
    const store = (route.store ??= this.options.storeOf(route.storeId));
    if (store === undefined)
      throw new RutileError('kv.unreachable', `store ${route.storeId} is not known`, { fields: { sent: false } });
    return store;
  }

  // hot
  find(space: Space, key: Uint8Array): MaybePromise<Route> {
    return this.cache.find(space, key) ?? this.look(space, key);
  }

  /** The region of `lower`, for one who will go on to `upper` (`undefined`: the end of the space): what lies between is found along with it. */
  // hot
  findAhead(space: Space, lower: Uint8Array, upper: Uint8Array | undefined): MaybePromise<Route> {
    return this.cache.find(space, lower) ?? this.lookAhead(space, lower, upper);
  }

  /** Only what is known without waiting; what is not is looked for all the same, for the next who asks. */
  findNow(space: Space, key: Uint8Array): Route | undefined {
    const known = this.cache.find(space, key);
    if (known !== undefined) return known;
    try {
      const found = this.options.source.regionByKey(regionKey(space, key));
      const isIt = ({ region }: Route): boolean => holdsKey(region, space, key);
      if (!isPromise(found)) return this.keep(found, isIt);
      found.then((one) => this.keep(one, isIt)).catch(() => undefined);
    } catch (error) {
      if (!isRegionError(error)) throw error;
    }
    return undefined;
  }

  /** The region that holds the keys right below `key` (`undefined`: the end of the space). */
  findBelow(space: Space, key: Uint8Array | undefined): MaybePromise<Route> {
    const place = key === undefined ? new Uint8Array([space + 1]) : regionKey(space, key);
    const found = this.options.source.regionBelow(place);
    const isBelow = ({ region: { lower, upper } }: Route): boolean =>
      compareBytes(lower, place) < 0 && (upper.length === 0 || compareBytes(place, upper) <= 0);
    return isPromise(found) ? found.then((one) => this.keep(one, isBelow)) : this.keep(found, isBelow);
  }

  /** After a failure that concerns `route` (`undefined`: none was found). */
  async learn(route: Route | undefined, error: unknown, tries: Tries): Promise<void> {
    if (!isRegionError(error)) throw error;
    const { clock } = this.options.world;
    const leftMs = tries.deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) {
      throw new RutileError(
        'kv.region-unavailable',
        `nobody serves the region within ${this.options.patienceMs} ms; the last answer: ${error.message}`,
        { retry: 'same', cause: error },
      );
    }
    tries.count++;
    const knowsBetter = route === undefined ? false : this.correct(route, error);
    // A hint is tried at once, but not for ever: two stores may each name the other.
    if (knowsBetter && tries.count % 4 !== 0) return;
    await this.wait(Math.min(leftMs, WAIT_MS_MAX, WAIT_MS_MIN * 2 ** Math.min(10, tries.count)));
  }

  /** What a failure tells of its region. True when it said where to go. */
  correct(route: Route, error: RutileError): boolean {
    switch (error.code) {
      case 'kv.not-leader': {
        const leader = error.fields['leaderStoreId'];
        if (typeof leader === 'number' && leader !== 0 && leader !== route.storeId) {
          route.lead(leader);
          return true;
        }
        this.ask(route);
        return false;
      }
      case 'kv.epoch': {
        const regions = error.fields['regions'] as readonly RegionDescriptor[] | undefined;
        const newer = regions?.filter((region) => {
          const known = this.cache.byId(region.id);
          return known === undefined || isOlderEpoch(known.region.epoch, region.epoch);
        });
        if (newer === undefined || newer.length === 0) {
          this.cache.drop(route);
          return false;
        }
        // What was split off is most likely led where its origin is.
        for (const region of newer) this.cache.put(region, route.storeId);
        return true;
      }
      case 'kv.no-region':
        this.cache.drop(route);
        return false;
      case 'kv.unreachable':
        this.ask(route);
        return false;
      default:
        return false;
    }
  }

  /** Goes round the peers; after all of them, placement may know better. */
  private ask(route: Route): void {
    if (++route.failures >= route.region.peers.length) this.cache.drop(route);
    else route.tryNext();
  }

  private async look(space: Space, key: Uint8Array): Promise<Route> {
    const found = await this.options.source.regionByKey(regionKey(space, key));
    return this.keep(found, ({ region }) => holdsKey(region, space, key));
  }

  private async lookAhead(space: Space, lower: Uint8Array, upper: Uint8Array | undefined): Promise<Route> {
    const { source } = this.options;
    if (source.regionsIn === undefined) return this.look(space, lower);
    const end = upper === undefined ? Uint8Array.of(space + 1) : regionKey(space, upper);
    const [first, ...others] = await source.regionsIn(regionKey(space, lower), end, REGIONS_AHEAD);
    for (const { region, leaderStoreId } of others) this.cache.put(region, leaderStoreId);
    return this.keep(first, ({ region }) => holdsKey(region, space, lower));
  }

  /** `fits`: placement may be late, and what is known better of its region may not reach to the key. */
  private keep(found: FoundRegion | undefined, fits: (route: Route) => boolean): Route {
    const route = found && this.cache.put(found.region, found.leaderStoreId);
    if (route === undefined || !fits(route))
      throw new RutileError('kv.no-region', 'placement knows no region for the key', { retry: 'same' });
    return route;
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.options.world.timers.after(ms, resolve));
  }
}

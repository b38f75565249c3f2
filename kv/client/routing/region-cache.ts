/**
 * What the router believes about regions: intervals in order, each with its epoch and the store that led it last. A belief may
 * be wrong; a store that is asked in vain says so, and the router puts the newer description in or drops the entry.
 *
 * Bounded: over `countMax` regions the cache starts anew, since reading 100,000 of them back costs less than keeping more.
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes } from '../../../base/bytes.ts';
import { compareInSpace, holdsKey, isOlderEpoch, type RegionDescriptor, type Space } from '../../../proto/kv/region.ts';
import type { RegionRef, RegionStorePort } from '../region-store.ts';

export class Route {
  readonly region: RegionDescriptor;
  readonly ref: RegionRef;
  /** Who leads; the first peer's store until anybody said. */
  storeId: number;
  /** Peers asked in vain since the last answer. */
  failures = 0;
  /** Filled by the router, so that the hot path looks nothing up. */
  store: RegionStorePort | undefined = undefined;

  constructor(region: RegionDescriptor, storeId: number) {
    this.region = region;
    this.storeId = storeId;
    this.ref = { id: region.id, version: region.epoch.version, confVersion: region.epoch.confVersion };
  }

  lead(storeId: number): void {
    if (storeId === this.storeId) return;
    this.storeId = storeId;
    this.store = undefined;
  }

  /** The next voter, in turn: for when nobody knows who leads. */
  tryNext(): void {
    const voters = this.region.peers.filter((peer) => peer.role !== 'learner');
    if (voters.length === 0) return;
    const at = voters.findIndex((peer) => peer.storeId === this.storeId);
    this.lead(voters[(at + 1) % voters.length]!.storeId);
  }
}

export class RegionCache {
  /** In key order; no two share keys. */
  private routes: Route[] = [];
  private readonly ids = new Map<number, Route>();
  private readonly countMax: number;
  /** Statements come in runs over one region. */
  private last: Route | undefined = undefined;
  /** The only region, when it covers everything. */
  whole: Route | undefined = undefined;

  constructor(countMax: number) {
    this.countMax = countMax;
  }

  get count(): number {
    return this.routes.length;
  }

  // hot: once for each key or command
  find(space: Space, key: Uint8Array): Route | undefined {
    if (this.whole !== undefined) return this.whole;
    const last = this.last;
    if (last !== undefined && holdsKey(last.region, space, key)) return last;
    const route = this.routes[this.floor(space, key)];
    if (route === undefined || !holdsKey(route.region, space, key)) return undefined;
    this.last = route;
    return route;
  }

  byId(id: number): Route | undefined {
    return this.ids.get(id);
  }

  /** Takes the place of what it overlaps, unless the region is known newer. Returns what is believed of the region now. */
  put(region: RegionDescriptor, leaderStoreId: number | undefined): Route {
    if (this.routes.length >= this.countMax) this.clear();
    const known = this.ids.get(region.id);
    if (known !== undefined) {
      if (isOlderEpoch(region.epoch, known.region.epoch)) return known;
      // Merged downwards or cut, it may lie beside what it was.
      this.remove(known);
    }
    const { peers } = region;
    const believed = leaderStoreId ?? known?.storeId;
    const storeId = peers.some((peer) => peer.storeId === believed)
      ? believed!
      : (peers.find((peer) => peer.role !== 'learner') ?? peers[0])!.storeId;
    const added = new Route(region, storeId);
    // Routes share no keys: those in the way lie side by side.
    const from = this.place((route) => endsBelow(route.region, region.lower));
    let to = from;
    while (to < this.routes.length && beginsBelow(this.routes[to]!.region, region.upper)) {
      this.ids.delete(this.routes[to]!.region.id);
      to++;
    }
    this.routes.splice(from, to - from, added);
    this.ids.set(region.id, added);
    this.last = undefined;
    this.whole = region.lower.length === 0 && region.upper.length === 0 ? added : undefined;
    return added;
  }

  drop(route: Route): void {
    if (this.ids.get(route.region.id) === route) this.remove(route);
  }

  clear(): void {
    this.routes = [];
    this.ids.clear();
    this.last = undefined;
    this.whole = undefined;
  }

  private remove(route: Route): void {
    const { lower } = route.region;
    const at = this.place((other) => compareBytes(other.region.lower, lower) < 0);
    assert(this.routes[at] === route, 'a route lies where its lower bound says');
    this.routes.splice(at, 1);
    this.ids.delete(route.region.id);
    this.last = undefined;
    this.whole = undefined;
  }

  /** Index of the first route that is not `before`. */
  private place(before: (route: Route) => boolean): number {
    let low = 0;
    let high = this.routes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(this.routes[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the last route whose lower bound is at or below the key; -1: none. */
  private floor(space: Space, key: Uint8Array): number {
    let low = 0;
    let high = this.routes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareInSpace(space, key, this.routes[middle]!.region.lower) >= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function endsBelow({ upper }: RegionDescriptor, key: Uint8Array): boolean {
  return upper.length > 0 && compareBytes(upper, key) <= 0;
}

/** `key` empty: the end of everything. */
function beginsBelow({ lower }: RegionDescriptor, key: Uint8Array): boolean {
  return key.length === 0 || compareBytes(lower, key) < 0;
}

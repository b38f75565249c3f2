/**
 * What the router believes about regions: intervals in order, each with its epoch and the store that led it last. A belief may
 * be wrong; a store that is asked in vain says so, and the router puts the newer description in or drops the entry.
 *
 * Bounded: over `countMax` regions the cache starts anew, since reading 100,000 of them back costs less than keeping more.
 */
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
  private routes: Route[] = [];
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
    return this.routes.find((route) => route.region.id === id);
  }

  /** Takes the place of what it overlaps, unless that is newer. Returns what is believed of the region now. */
  put(region: RegionDescriptor, leaderStoreId: number | undefined): Route {
    if (this.routes.length >= this.countMax) this.clear();
    const kept: Route[] = [];
    let known: Route | undefined;
    for (const route of this.routes) {
      if (route.region.id === region.id) {
        if (isOlderEpoch(region.epoch, route.region.epoch)) return route;
        known = route;
      } else if (!overlap(route.region, region)) kept.push(route);
    }
    const peers = region.peers;
    const believed = leaderStoreId ?? known?.storeId;
    const storeId = peers.some((peer) => peer.storeId === believed)
      ? believed!
      : (peers.find((peer) => peer.role !== 'learner') ?? peers[0])!.storeId;
    const added = new Route(region, storeId);
    let at = 0;
    while (at < kept.length && compareBytes(kept[at]!.region.lower, region.lower) < 0) at++;
    kept.splice(at, 0, added);
    this.routes = kept;
    this.last = undefined;
    this.whole = region.lower.length === 0 && region.upper.length === 0 ? added : undefined;
    return added;
  }

  drop(route: Route): void {
    const at = this.routes.indexOf(route);
    if (at >= 0) this.routes.splice(at, 1);
    this.last = undefined;
    this.whole = undefined;
  }

  clear(): void {
    this.routes = [];
    this.last = undefined;
    this.whole = undefined;
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

function overlap(left: RegionDescriptor, right: RegionDescriptor): boolean {
  return (
    (right.upper.length === 0 || compareBytes(left.lower, right.upper) < 0) &&
    (left.upper.length === 0 || compareBytes(right.lower, left.upper) < 0)
  );
}

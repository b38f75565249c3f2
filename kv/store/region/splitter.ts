/**
 * `Splitter`: regions that grew, or get more calls than one store should answer, are cut in two or more. Apply keeps a running count of what a
 * region gained; when that says the region may be over its bound, a walk over it in small steps, off the loop where the engine
 * can, finds its true size and the places (split-places.ts). One walk at a time. Ids come from placement, which is told what became
 * of the region. Only the leader's store cuts.
 *
 * The walk counts the newest versions and raw pairs; older versions go by themselves. What was measured lies in `meta`, so that a restart does
 * not measure everything anew; a store that crashed counts a little less than there is until the next walk.
 */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Timer, World } from '../../../base/world.ts';
import { boundsIn, RAW_SPACE, type RegionDescriptor, ROW_SPACE, type Space } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import { ShareOfTime } from '../share-of-time.ts';
import type { Peer } from './peer.ts';
import type { Regions } from './regions.ts';
import { dropRegionSizes, readRegionSizes, writeRegionSizes } from './region-sizes.ts';
import { placeByLoad, type SplitBounds, SplitWalk, type WalkResult } from './split-places.ts';

/** Placement, as far as a store that cuts its regions needs it. */
export interface SplitPlacement {
  /** The first of `count` ids that nobody else gets. */
  newIds(count: number): MaybePromise<number>;
  /** What became of a region: its parts. */
  changed(regions: readonly RegionDescriptor[]): void;
}

export interface SplitterOptions<G> {
  readonly engine: Engine;
  readonly world: World;
  readonly regions: Regions<G>;
  readonly placement: SplitPlacement;
  readonly bounds: SplitBounds;
  readonly checkEveryMs: number;
  /** Calls a second above which a region is cut by load; 0: never (a store alone would gain nothing). */
  readonly callsPerSecondMax: number;
  readonly healthy: () => boolean;
}

const STEP = 512;
/**
 * Between two steps: a walk takes about a tenth of the thread, so that 256 MiB of rows take some half a minute. A region of twice its bound
 * is walked without rests: whoever fills it that fast has one tenant.
 */
const REST_MS = 10;
const HURRY_SHARE = 2;
/** A walk is worth its cost when at least this share of the bound was written since the last. */
const GROWTH_SHARE = 1 / 4;
/** Something else changes the region: tried again this often before it waits for the next check. */
const ATTEMPTS = 50;
const ATTEMPT_MS = 20;

export class Splitter<G> {
  splitCount = 0;
  walkCount = 0;
  private readonly options: SplitterOptions<G>;
  private timer: Timer | undefined = undefined;
  private working: Promise<void> | undefined = undefined;
  /** Ends waits for new ids: they last as long as placement is away. */
  private readonly waiting = new Set<() => void>();
  private closed = false;
  private checkedMs: number;
  private readonly looks = new ShareOfTime();

  constructor(options: SplitterOptions<G>) {
    this.options = options;
    this.checkedMs = options.world.clock.monotonicMs();
  }

  start(): void {
    const { engine, regions, world, checkEveryMs } = this.options;
    const gone: number[] = [];
    for (const [id, { sizeBytes, keys }] of readRegionSizes(engine)) {
      const peer = regions.peers.get(id);
      if (peer === undefined) {
        gone.push(id);
        continue;
      }
      peer.sizeBytes = sizeBytes;
      peer.keys = keys;
    }
    if (gone.length > 0) dropRegionSizes(engine, gone);
    this.timer = world.timers.every(checkEveryMs, () => {
      if (this.looks.isDue(world.clock.monotonicMs())) void this.check();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    for (const giveUp of this.waiting) giveUp();
    await this.working;
  }

  /** Looks at all regions; resolves when those that had to be are cut. */
  check(): Promise<void> {
    this.working ??= this.run().finally(() => (this.working = undefined));
    return this.working;
  }

  /** Cuts at each of these places of the region space that is no border yet, whatever the sizes: for a new table, or a person. */
  async splitAt(places: readonly Uint8Array[]): Promise<void> {
    for (const place of places) {
      const peer = this.options.regions.peers.find(place[0] as Space, place.subarray(1));
      if (peer === undefined) throw new RutileError('kv.no-region', 'no region here holds the place');
      if (compareBytes(peer.region.lower, place) !== 0) await this.cut(peer, place, true);
    }
  }

  /** The same inside one region; what lies between its old bounds then, in order. */
  async splitRegion(region: RegionDescriptor, places: readonly Uint8Array[]): Promise<readonly RegionDescriptor[]> {
    await this.splitAt(places);
    const isInside = ({ lower }: RegionDescriptor): boolean =>
      compareBytes(lower, region.lower) >= 0 && (region.upper.length === 0 || compareBytes(lower, region.upper) < 0);
    const parts = this.options.regions.peers.all().map((peer) => peer.region);
    return parts.filter(isInside).sort((left, right) => compareBytes(left.lower, right.lower));
  }

  /** Cuts one region in the middle of what it holds. False: there is too little to cut. */
  async splitInMiddle(regionId: number): Promise<boolean> {
    const peer = this.options.regions.peers.get(regionId);
    if (peer === undefined) throw new RutileError('kv.no-region', `region ${regionId} is not here`);
    const whole = await this.walk(peer, NO_BOUNDS, true);
    // Two thirds of three quarters are a half.
    const half = { sizeBytesMax: Math.max(1, (whole.sizeBytes * 3) / 4), keysMax: Infinity };
    const { places } = await this.walk(peer, half, true);
    if (places.length === 0) return false;
    await this.cut(peer, places[Math.floor((places.length - 1) / 2)]!, true);
    return true;
  }

  private get stopped(): boolean {
    return this.closed || !this.options.healthy();
  }

  private async run(): Promise<void> {
    const { regions, bounds, callsPerSecondMax, world, engine } = this.options;
    const nowMs = world.clock.monotonicMs();
    const seconds = Math.max(0.001, (nowMs - this.checkedMs) / 1000);
    this.checkedMs = nowMs;
    const due: Peer<G>[] = [];
    const byLoad: [Peer<G>, Uint8Array][] = [];
    for (const peer of regions.peers.all()) {
      if (peer.consensus.isLeader) {
        const size = peer.sizeBytes + peer.growthBytes;
        const keys = peer.keys + peer.growthKeys;
        const isOver = size > bounds.sizeBytesMax || keys > bounds.keysMax;
        const isWorth =
          peer.growthBytes >= bounds.sizeBytesMax * GROWTH_SHARE || peer.growthKeys >= bounds.keysMax * GROWTH_SHARE;
        if (isOver && (isWorth || peer.sizeBytes > bounds.sizeBytesMax)) due.push(peer);
        else if (callsPerSecondMax > 0 && peer.calls.count / seconds > callsPerSecondMax) {
          const place = placeByLoad(peer.calls.samples, peer.region);
          if (place !== undefined) byLoad.push([peer, place]);
        }
      }
      if (peer.calls.count > 0) peer.calls.reset();
    }
    this.looks.took(nowMs, world.clock.monotonicMs());
    try {
      for (const peer of due) if (!this.stopped) await this.splitBySize(peer);
      for (const [peer, place] of byLoad) if (!this.stopped) await this.cut(peer, place, false);
    } catch (error) {
      // Leadership moved, the store is busy or closing: what is still due is found by the next check.
      if (!(error instanceof RutileError)) throw error;
    }
    if (due.length > 0 && !this.stopped) writeRegionSizes(engine, due);
  }

  private async splitBySize(peer: Peer<G>): Promise<void> {
    const { growthBytes, growthKeys } = peer;
    const { sizeBytes, keys, places } = await this.walk(peer, this.options.bounds, false);
    if (this.stopped) return;
    peer.sizeBytes = sizeBytes;
    peer.keys = keys;
    // What came during the walk may be counted twice.
    peer.growthBytes -= growthBytes;
    peer.growthKeys -= growthKeys;
    // The left part keeps the id, so the last cut comes first: each takes as much as is left for each.
    for (let parts = places.length + 1; parts > 1; parts--) {
      if (this.stopped) return;
      const made = await this.cut(peer, places[parts - 2]!, false, 1 / parts);
      if (made === undefined) return;
      writeRegionSizes(this.options.engine, [made]);
    }
  }

  private async walk(peer: Peer<G>, bounds: SplitBounds, asked: boolean): Promise<WalkResult> {
    this.walkCount++;
    const { engine, world } = this.options;
    const walk = new SplitWalk(bounds);
    const size = peer.sizeBytes + peer.growthBytes;
    const hurry = asked || size > this.options.bounds.sizeBytesMax * HURRY_SHARE;
    for (const space of [RAW_SPACE, ROW_SPACE] as const) {
      const range = boundsIn(space, peer.region);
      if (range === undefined) continue;
      const lower = range.lower.length === 0 ? undefined : range.lower;
      const family = space === RAW_SPACE ? 'raw' : 'latest';
      const iterator = engine.iterator(family, { lower, upper: range.upper, bypassCache: true });
      try {
        for (;;) {
          const { keys, values, finished } = await iterator.nextAsync(STEP);
          if (this.stopped) return { sizeBytes: 0, keys: 0, places: [] };
          for (let i = 0; i < keys.length; i++) walk.add(space, keys[i]!, keys[i]!.length + values[i]!.length);
          if (finished) break;
          // Whoever waits comes first.
          await new Promise<void>((resolve) => {
            if (hurry) world.timers.soon(resolve);
            else void world.timers.after(REST_MS, resolve);
          });
        }
      } finally {
        iterator.close();
      }
    }
    return walk.finish();
  }

  /** `undefined`: the region changed in between. */
  private async cut(peer: Peer<G>, place: Uint8Array, mustDo: boolean, share = 0.5): Promise<Peer<G> | undefined> {
    const { regions, placement, world } = this.options;
    const { peers } = peer.region;
    const first = await this.newIds(1 + peers.length);
    const newPeerIds = peers.map((_, i) => first + 1 + i);
    for (let attempt = 1; ; attempt++) {
      try {
        await regions.split(peer.id, { at: place, newRegionId: first, newPeerIds, share });
        this.splitCount++;
        const made = regions.peers.get(first);
        if (made !== undefined) placement.changed([peer.region, made.region]);
        return made;
      } catch (error) {
        if (!(error instanceof RutileError)) throw error;
        // The only member of a region that was just made leads it in a moment.
        const passes = error.code === 'kv.busy' || (error.code === 'kv.not-leader' && peer.consensus.isAlone);
        if (!passes || attempt === ATTEMPTS || this.stopped) {
          if (mustDo) throw error;
          return undefined;
        }
        await new Promise<void>((resolve) => void world.timers.after(ATTEMPT_MS, resolve));
      }
    }
  }

  private newIds(count: number): MaybePromise<number> {
    const asked = this.options.placement.newIds(count);
    if (!isPromise(asked)) return asked;
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new RutileError('kv.closed', 'the store is closing'));
      this.waiting.add(giveUp);
      if (this.closed) giveUp();
      asked.then(resolve, reject).finally(() => this.waiting.delete(giveUp));
    });
  }
}

const NO_BOUNDS: SplitBounds = { sizeBytesMax: Infinity, keysMax: Infinity };

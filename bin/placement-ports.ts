/**
 * Placement, somewhere in the cluster, as the floors above want it: an oracle, the map of regions, the safe point, addresses of stores.
 *
 * Timestamps: who asks while a request is under way waits for the next, which asks for all of them at once; so a busy server has one
 * request in flight and many callers on each. All of it goes on by itself through changes of placement's leader: a request that
 * failed because nobody led is made again until the caller's patience is over.
 */
import { compareBytes } from '../base/bytes.ts';
import { RutileError } from '../base/error.ts';
import { isPromise } from '../base/outcome.ts';
import type { Timer, World } from '../base/world.ts';
import type { FoundRegion, RegionSource } from '../kv/client/index.ts';
import type { TimestampPort } from '../kv/client/store-port.ts';
import type { KnownRegion, PlacementPort } from '../kv/placement/port.ts';
import { COUNTER_BITS } from '../kv/placement/index.ts';

const PATIENCE_MS = 20_000;
const RETRY_MS = 50;
/** A request's timestamps lie within one millisecond: more than the counter holds cannot be asked for. */
const AT_ONCE_MAX = 10_000;
const WAITING_MAX = 100_000;

export function isPassing(error: unknown): boolean {
  return (
    error instanceof RutileError && (error.code === 'placement.not-leader' || error.code === 'placement.unavailable')
  );
}

/** Asks again while nobody leads. */
export async function patiently<T>(world: World, ask: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadlineMs = world.clock.monotonicMs() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || world.clock.monotonicMs() > deadlineMs) throw error;
    }
    await new Promise<void>((resolve) => void world.timers.after(RETRY_MS, resolve));
  }
}

interface Waiting {
  readonly resolve: (ts: bigint) => void;
  readonly reject: (error: Error) => void;
}

export class ClusterOracle implements TimestampPort {
  private readonly world: World;
  private readonly placement: PlacementPort;
  private waiting: Waiting[] = [];
  private asking = false;

  constructor(world: World, placement: PlacementPort) {
    this.world = world;
    this.placement = placement;
  }

  // hot
  next(): Promise<bigint> {
    if (this.waiting.length >= WAITING_MAX)
      return Promise.reject(
        new RutileError('placement.overloaded', 'too much waits for timestamps', { retry: 'same' }),
      );
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (this.asking) return;
      this.asking = true;
      // Whoever asks in this turn goes along.
      this.world.timers.soon(() => void this.ask());
    });
  }

  private async ask(): Promise<void> {
    while (this.waiting.length > 0) {
      const served = this.waiting.splice(0, AT_ONCE_MAX);
      try {
        const { physical, logical } = await patiently(this.world, () => this.placement.timestamps(served.length));
        const last = (BigInt(physical) << BigInt(COUNTER_BITS)) + BigInt(logical);
        let ts = last - BigInt(served.length - 1);
        for (const one of served) one.resolve(ts++);
      } catch (error) {
        for (const one of served) one.reject(error as Error);
      }
    }
    this.asking = false;
  }
}

/** The map of regions. Whoever asks is patient itself: what passes is told as a region nobody knows now. */
export function clusterRegions(placement: PlacementPort): RegionSource {
  const passing = async <T>(ask: () => T | Promise<T>, nothing: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (isPassing(error)) return nothing;
      throw error;
    }
  };
  const found = ({ region, leaderPeerId }: KnownRegion): FoundRegion => ({
    region,
    leaderStoreId: region.peers.find(({ id }) => id === leaderPeerId)?.storeId,
  });
  const located = async (ask: () => KnownRegion | undefined | Promise<KnownRegion | undefined>) => {
    const known = await passing(ask, undefined);
    return known && found(known);
  };
  return {
    regionsIn: async (lower, upper, limit) =>
      (await passing(() => placement.scanRegions(lower, upper, limit), [])).map(found),
    regionByKey: (key) => located(() => placement.regionByKey(key)),
    regionBelow: (key) =>
      located(async () => {
        // No place begins with this byte: the last region holds it.
        const at = await placement.regionByKey(key.length === 0 ? Uint8Array.of(0xff) : key);
        const isAbove = at !== undefined && key.length > 0 && compareBytes(at.region.lower, key) >= 0;
        return isAbove ? placement.previousRegion(key) : at;
      }),
  };
}

const HOLD_MS = 60_000;

/** What this process reads below is kept by placement for a minute at a time, under a name of its own. */
export class ClusterSafePoint {
  private readonly world: World;
  private readonly placement: PlacementPort;
  private readonly service: string;
  private readonly holds = new Set<{ readonly ts: bigint }>();
  private readonly timer: Timer;
  private held = false;
  private known = 0n;

  constructor(world: World, placement: PlacementPort, name: string) {
    this.world = world;
    this.placement = placement;
    this.service = name;
    this.timer = world.timers.every(HOLD_MS / 6, () => void this.tell());
  }

  safePoint(): bigint {
    return this.known;
  }

  holdSafePoint(ts: bigint): { release(): void } {
    const hold = { ts };
    this.holds.add(hold);
    if (!this.held) void this.tell();
    return { release: () => void this.holds.delete(hold) };
  }

  close(): void {
    this.timer.cancel();
    this.holds.clear();
    if (this.held) void this.tell();
  }

  private async tell(): Promise<void> {
    let oldest: bigint | undefined;
    for (const { ts } of this.holds) if (oldest === undefined || ts < oldest) oldest = ts;
    try {
      if (oldest !== undefined) {
        this.held = true;
        await this.placement.holdForService(this.service, oldest, HOLD_MS);
      } else if (this.held) {
        this.held = false;
        await this.placement.holdForService(this.service, 0n, 0);
      }
      this.known = await this.placement.safePoint();
    } catch {
      // The next round tells again; a hold lasts for several.
    }
  }
}

/** Where stores listen, asked of placement at most every `ADDRESSES_MS` and again when one is not known. */
const ADDRESSES_MS = 1000;

export class StoreAddresses {
  private readonly world: World;
  private readonly placement: PlacementPort;
  private known = new Map<number, string>();
  private askedMs = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(world: World, placement: PlacementPort) {
    this.world = world;
    this.placement = placement;
  }

  /** As last heard. */
  now(storeId: number): string | undefined {
    if (this.world.clock.monotonicMs() - this.askedMs > ADDRESSES_MS) void this.ask();
    return this.known.get(storeId);
  }

  async of(storeId: number): Promise<string | undefined> {
    if (!this.known.has(storeId) || this.world.clock.monotonicMs() - this.askedMs > ADDRESSES_MS) await this.ask();
    return this.known.get(storeId);
  }

  ask(): Promise<void> {
    this.asking ??= this.look().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async look(): Promise<void> {
    try {
      const found = this.placement.stores();
      const stores = isPromise(found) ? await found : found;
      this.known = new Map(
        stores
          .filter(({ state, address }) => state !== 'tombstone' && address !== '')
          .map(({ id, address }) => [id, address]),
      );
    } catch {
      // What was known stays.
    }
    this.askedMs = this.world.clock.monotonicMs();
  }
}

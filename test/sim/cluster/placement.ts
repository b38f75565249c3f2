/**
 * The placement of the simulated cluster, as simple as can be: an oracle and a source of ids that survive everything, and a map of
 * regions that knows what leaders last told it, which may be old. It is never down; the way to it takes time. In some runs its timestamps come from
 * the product's own members instead, which may be down (members.ts).
 */
import { compareBytes } from '../../../base/bytes.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import { compareBounds } from './bounds.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { RegionSource } from '../../../kv/client/index.ts';
import type { TimestampPort } from '../../../kv/client/store-port.ts';
import { answerCalls } from './calls.ts';
import type { MemberGroup } from './members.ts';

export const PLACEMENT = 'placement';

/** What a leader says of its region every now and then. */
export interface Heartbeat {
  readonly region: RegionDescriptor;
  readonly storeId: number;
  readonly term: number;
}

export class Placement {
  readonly world: SimWorld;
  /** By region id. */
  readonly regions = new Map<number, Heartbeat>();
  private readonly members: MemberGroup | undefined;
  private lastTs = 1n << 40n;
  private lastId = 100;

  constructor(world: SimWorld, bug: (error: unknown) => void, members: MemberGroup | undefined) {
    this.world = world;
    this.members = members;
    const answer = (asked: unknown) => (Array.isArray(asked) ? this.tell(asked) : this.hear(asked as Heartbeat));
    answerCalls(world, PLACEMENT, answer, bug);
  }

  nextId(): number {
    return ++this.lastId;
  }

  /** Follows time, so that locks grow old. */
  private nextTs(): bigint {
    const now = BigInt(Math.floor(this.world.clock.wallMs())) << 18n;
    this.lastTs = now > this.lastTs ? now : this.lastTs + 1n;
    return this.lastTs;
  }

  /** As a node gets them: after a while, drawn somewhere in between. */
  timestampsFor(world: SimWorld, slow: boolean): TimestampPort {
    if (this.members !== undefined) return this.members.timestampsFor(world);
    const pause = (run: () => void): void =>
      void world.timers.after(
        slow && world.random.below(8) === 0 ? world.random.below(400) : world.random.unit() * 2,
        run,
      );
    return {
      next: () =>
        new Promise((resolve) =>
          pause(() => {
            const ts = this.nextTs();
            pause(() => resolve(ts));
          }),
        ),
    };
  }

  sourceFor(world: SimWorld): RegionSource {
    const find = (key: Uint8Array, below: boolean) =>
      new Promise<{ region: RegionDescriptor; leaderStoreId: number } | undefined>((resolve) => {
        world.timers.after(world.random.unit() * 2, () => {
          for (const { region, storeId } of this.regions.values())
            if (contains(region, key, below)) return resolve({ region, leaderStoreId: storeId });
          resolve(undefined);
        });
      });
    const findAll = (lower: Uint8Array, upper: Uint8Array, limit: number) =>
      new Promise<{ region: RegionDescriptor; leaderStoreId: number }[]>((resolve) => {
        world.timers.after(world.random.unit() * 2, () => {
          const found = [...this.regions.values()].filter(
            ({ region }) => region.upper.length === 0 || compareBytes(lower, region.upper) < 0,
          );
          found.sort((left, right) => compareBytes(left.region.lower, right.region.lower));
          const inside = found.filter(({ region }) => upper.length === 0 || compareBytes(region.lower, upper) < 0);
          resolve(inside.slice(0, limit).map(({ region, storeId }) => ({ region, leaderStoreId: storeId })));
        });
      });
    return { regionByKey: (key) => find(key, false), regionBelow: (key) => find(key, true), regionsIn: findAll };
  }

  private tell(regionIds: readonly number[]): RegionDescriptor[] {
    return regionIds.flatMap((id) => this.regions.get(id)?.region ?? []);
  }

  /** The newest word counts; regions that it overlaps are older, or it is. */
  private hear(heartbeat: Heartbeat): void {
    const { region, term } = heartbeat;
    const known = this.regions.get(region.id);
    if (known !== undefined) {
      const { epoch } = known.region;
      if (region.epoch.version < epoch.version || region.epoch.confVersion < epoch.confVersion || term < known.term)
        return;
    }
    const rivals = [...this.regions.values()].filter(
      (other) => other.region.id !== region.id && compareBounds(other.region, region) === 0,
    );
    if (rivals.some((other) => other.region.epoch.version > region.epoch.version)) return;
    for (const rival of rivals) this.regions.delete(rival.region.id);
    this.regions.set(region.id, heartbeat);
  }
}

function contains({ lower, upper }: RegionDescriptor, key: Uint8Array, below: boolean): boolean {
  if (!below) return compareBytes(lower, key) <= 0 && (upper.length === 0 || compareBytes(key, upper) < 0);
  return (
    (key.length === 0 || compareBytes(lower, key) < 0) &&
    (upper.length === 0 || (key.length > 0 && compareBytes(key, upper) <= 0))
  );
}

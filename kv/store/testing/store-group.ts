/**
 * Several stores in one process for tests: memory engines, memory logs, and between them wires that hand messages on in later turns.
 * A region moves, splits and changes leaders here as it does between machines.
 */
import { type SimWorld, Simulation } from '../../../base/sim/index.ts';
import { SeededRandom } from '../../../base/random.ts';
import type { Random } from '../../../base/world.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { LocalKvClient, type RegionSource, RegionRouter } from '../../client/index.ts';
import type { TimestampPort } from '../../client/store-port.ts';
import { MemoryLog } from '../../client/testing.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { Store } from '../index.ts';
import type { RegionMessage, StoreTransport } from '../region/regions.ts';

interface Member {
  readonly id: number;
  readonly world: SimWorld;
  readonly engine: MemoryEngine;
  readonly log: MemoryLog;
  store: Store;
  isUp: boolean;
}

export class StoreGroup {
  readonly simulation: Simulation;
  readonly members = new Map<number, Member>();
  /** A pair of stores between which nothing passes, as `from>to`. */
  readonly cut = new Set<string>();
  /** Messages handed to the wires, by `region kind`. */
  readonly sent = new Map<string, number>();
  private lastTs = 1n << 40n;
  readonly timestamps: TimestampPort = { next: () => (this.lastTs += 1n) };

  private readonly random: Random;

  constructor(seed: number) {
    this.simulation = new Simulation({ seed });
    this.random = new SeededRandom(seed);
  }

  /** The first store begins the cluster with one region; the others join. */
  async open(count: number): Promise<void> {
    for (let id = 1; id <= count; id++) await this.start(id);
  }

  async start(id: number): Promise<void> {
    const before = this.members.get(id);
    const world = before?.world ?? this.simulation.node(`store ${id}`);
    const engine = before?.engine ?? new MemoryEngine();
    const log = before?.log ?? new MemoryLog(world);
    const store = await this.settle(
      Store.open({
        engine, log, world, timestamps: this.timestamps, storeId: id, transport: this.transport(id), firstRegion: id === 1 ? undefined : 'none',
      }), // prettier-ignore
    );
    this.members.set(id, { id, world, engine, log, store, isUp: true });
  }

  /** The machine loses its memory and what its engine had not synced; `start` brings it back. */
  crash(id: number): void {
    const before = this.members.get(id)!;
    const world = before.world.crash();
    const engine = before.engine.crash(this.random);
    this.members.set(id, { ...before, world, engine, log: new MemoryLog(world, before.log), isUp: false });
  }

  store(id: number): Store {
    return this.members.get(id)!.store;
  }

  /** Simulated time passes until it settles. */
  settle<T>(work: Promise<T>): Promise<T> {
    return this.simulation.time.runFor(work, 200_000);
  }

  pass(ms: number): Promise<void> {
    const { time } = this.simulation;
    return time.runUntil(time.nowMs + ms);
  }

  leaderOf(regionId: number): number | undefined {
    return this.leaders(regionId).at(-1);
  }

  /** Who believes to lead, by term. */
  leaders(regionId: number): number[] {
    const found = [...this.members.values()].flatMap(({ id, store, isUp }) => {
      const peer = isUp ? store.regionsHere.peers.get(regionId) : undefined;
      return peer?.serves === true ? [{ id, term: peer.consensus.term }] : [];
    });
    return found.sort((left, right) => left.term - right.term).map(({ id }) => id);
  }

  async untilLed(regionId: number): Promise<number> {
    for (let turn = 0; turn < 2000; turn++) {
      const leader = this.leaderOf(regionId);
      if (leader !== undefined) return leader;
      await this.pass(10);
    }
    throw new Error(`nobody leads region ${regionId}`);
  }

  client(): LocalKvClient {
    const world = this.simulation.node('client');
    const newest = (): RegionDescriptor[] => {
      const found = new Map<number, RegionDescriptor>();
      for (const { store, isUp } of this.members.values())
        for (const region of isUp ? store.regions() : []) {
          const known = found.get(region.id);
          if (known === undefined || known.epoch.version < region.epoch.version || known.epoch.confVersion < region.epoch.confVersion) found.set(region.id, region); // prettier-ignore
        }
      return [...found.values()];
    };
    const source: RegionSource = {
      regionByKey: (key) => this.found(newest().find((one) => contains(one, key, false))),
      regionBelow: (key) => this.found(newest().find((one) => contains(one, key, true))),
    };
    const router = new RegionRouter({
      source, world, patienceMs: 20_000, regionsMax: 1000,
      storeOf: (id) => (this.members.get(id)?.isUp === true ? this.store(id).gate : undefined),
      safePoints: { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) },
    }); // prettier-ignore
    return new LocalKvClient({ store: router, timestamps: this.timestamps, world });
  }

  private found(region: RegionDescriptor | undefined) {
    return region && { region, leaderStoreId: this.leaderOf(region.id) };
  }

  /** A store that is down says nothing either. */
  private isCut(from: number, to: number): boolean {
    return this.cut.has(`${from}>${to}`) || this.members.get(from)?.isUp === false;
  }

  private transport(from: number): StoreTransport {
    const deliver = (to: number, run: (store: Store) => void): boolean => {
      const member = this.members.get(to);
      if (member === undefined || !member.isUp || this.isCut(from, to)) return false;
      member.world.timers.after(1, () => {
        if (member.isUp) run(member.store);
      });
      return true;
    };
    return {
      send: (to, message) => {
        const what = `${message.regionId} ${message.message.kind}`;
        this.sent.set(what, (this.sent.get(what) ?? 0) + 1);
        deliver(to, (store) => store.regionsHere.receive(message));
      },
      sendSnapshot: async (to, message: RegionMessage, data) => {
        const member = this.members.get(to);
        if (member === undefined || !member.isUp || this.isCut(from, to)) return false;
        const staging = await member.store.regionsHere.stage(message);
        if (staging === undefined) return false;
        for (let chunk = await data.next(); chunk !== undefined; chunk = await data.next()) await staging.write(chunk);
        await staging.finish();
        return deliver(to, (store) => store.regionsHere.staged(message, true));
      },
    };
  }
}

function contains({ lower, upper }: RegionDescriptor, key: Uint8Array, below: boolean): boolean {
  const compare = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right);
  if (!below) return compare(lower, key) <= 0 && (upper.length === 0 || compare(key, upper) < 0);
  return (key.length === 0 || compare(lower, key) < 0) && (upper.length === 0 || (key.length > 0 && compare(key, upper) <= 0)); // prettier-ignore
}

/**
 * A whole key-value floor in memory, for tests of the floors above: a real store and client over the memory engine, a log that
 * is durable at once, and an oracle that counts. Its periodic timers never keep a process alive.
 */
import { SeededRandom } from '../../base/random.ts';
import type { World } from '../../base/world.ts';
import { MemoryEngine } from '../engine/memory.ts';
import type { Engine } from '../engine/engine.ts';
import type { LogAppend, LogEntry, LogState, RaftLog } from '../log/raft-log.ts';
import { type StoreLimits, Store } from '../store/index.ts';
import { LocalKvClient } from './local-client.ts';
import { localRegionSource } from './routing/local-source.ts';
import { RegionRouter, ROUTER_LIMITS } from './routing/router.ts';
import type { StorePort, TimestampPort } from './store-port.ts';
import type { ClientLimits } from './transaction.ts';

export interface MemoryKv extends LocalKvClient {
  readonly store: Store;
}

export interface MemoryKvOptions {
  readonly world?: World;
  readonly engine?: Engine;
  readonly log?: RaftLog;
  readonly timestamps?: TimestampPort;
  readonly limits?: Partial<StoreLimits>;
  readonly clientLimits?: Partial<ClientLimits>;
  /** Regions that split at so many bytes, reached by the router; `RUTILE_TEST_REGION_BYTES` says it for all that do not. */
  readonly regionBytes?: number;
}

export async function createMemoryKv(options: MemoryKvOptions = {}): Promise<MemoryKv> {
  const world = options.world ?? createTestWorld();
  const timestamps = options.timestamps ?? new CountingOracle(world);
  const regionBytes = options.regionBytes ?? Number(process.env['RUTILE_TEST_REGION_BYTES'] ?? 0);
  let nextId = 1000;
  const store = await Store.open({
    engine: options.engine ?? new MemoryEngine(),
    log: options.log ?? new MemoryLog(world),
    timestamps,
    world,
    limits: regionBytes > 0 ? { regionSizeBytesMax: regionBytes, splitCheckEveryMs: 2, ...options.limits } : options.limits,
    splitting: regionBytes > 0 ? { newIds: (count) => (nextId += count) - count, changed: () => undefined } : undefined,
  }); // prettier-ignore
  const port: StorePort = regionBytes > 0 ? routed(store, world) : store;
  return new LocalKvClient({ store: port, timestamps, world, limits: options.clientLimits }) as LocalKvClient as MemoryKv;
} // prettier-ignore

/** The router, and behind it what tests ask of the store itself. */
function routed(store: Store, world: World): StorePort {
  const router = new RegionRouter({
    ...ROUTER_LIMITS, world, source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, safePoints: store,
  }); // prettier-ignore
  return new Proxy<StorePort>(router, {
    get: (target, name) => {
      const owner: object = name in target ? target : store;
      const value: unknown = Reflect.get(owner, name, owner);
      return typeof value === 'function' ? value.bind(owner) : value;
    },
  });
}

/** The real clock and timers, whose periodic ones let the process end; no disk and no network. */
export function createTestWorld(): World {
  const refuse = (): never => {
    throw new Error('a memory world has neither disk nor network');
  };
  const unref = (timer: { unref(): unknown }) => void timer.unref();
  return {
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after(delayMs, run) {
        // Somebody waits for this one: without it a test that only waits would end before its answer.
        const timer = setTimeout(run, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
      every(periodMs, run) {
        const timer = setInterval(run, periodMs);
        unref(timer);
        return { cancel: () => clearInterval(timer) };
      },
      soon: (run) => void setImmediate(run),
    },
    random: new SeededRandom(1),
    disk: new Proxy({} as World['disk'], { get: refuse }),
    network: new Proxy({} as World['network'], { get: refuse }),
    chance: () => false,
  };
}

/** Follows the clock, never repeats. */
export class CountingOracle implements TimestampPort {
  private readonly world: World;
  private last = 0n;

  constructor(world: World) {
    this.world = world;
  }

  next(): bigint {
    const now = BigInt(Math.floor(this.world.clock.wallMs())) << 18n;
    this.last = now > this.last ? now : this.last + 1n;
    return this.last;
  }
}

/** A log in an array; an append is durable at the end of the turn. */
export class MemoryLog implements RaftLog {
  sizeBytes = 0;
  readonly appendSizeBytesMax = Infinity;
  /** Set it and every later append fails with it, as after a failed write. */
  failure: Error | undefined = undefined;
  private readonly world: World;
  private readonly logs: Map<number, { first: number; entries: LogEntry[]; state: LogState | undefined }>;

  /** `before`: the log of an earlier life of the machine. */
  constructor(world: World, before?: MemoryLog) {
    this.world = world;
    this.logs = before?.logs ?? new Map();
  }

  append(append: LogAppend): Promise<void> {
    return new Promise((resolve, reject) =>
      this.appendThen(append, (error) => (error === undefined ? resolve() : reject(error))),
    );
  }

  appendThen(append: LogAppend, done: (error: Error | undefined) => void): undefined {
    if (this.failure === undefined) {
      const log = this.log(append.regionId);
      for (const entry of append.entries) {
        if (log.entries.length === 0 && entry.index > log.first) log.first = entry.index;
        log.entries.length = Math.max(0, entry.index - log.first);
        log.entries.push({ ...entry, data: entry.data.slice() });
        this.sizeBytes += entry.data.length;
      }
      if (append.state !== undefined) log.state = append.state;
    }
    const failure = this.failure;
    this.world.timers.soon(() => done(failure));
    return undefined;
  }

  read(regionId: number, lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[]> {
    const log = this.log(regionId);
    const found: LogEntry[] = [];
    let size = 0;
    for (let index = lower; index < upper && (size < sizeBytesMax || found.length === 0); index++) {
      const entry = log.entries[index - log.first];
      if (entry === undefined) break;
      found.push(entry);
      size += entry.data.length;
    }
    return Promise.resolve(found);
  }

  firstIndex(regionId: number): number {
    return this.log(regionId).first;
  }

  lastIndex(regionId: number): number {
    const log = this.log(regionId);
    return log.first + log.entries.length - 1;
  }

  term(regionId: number, index: number): number | undefined {
    const log = this.log(regionId);
    return log.entries[index - log.first]?.term;
  }

  state(regionId: number): LogState | undefined {
    return this.log(regionId).state;
  }

  regions(): readonly number[] {
    return [...this.logs.keys()].sort((left, right) => left - right);
  }

  purge(regionId: number, index: number): void {
    const log = this.log(regionId);
    const count = Math.min(log.entries.length, Math.max(0, index - log.first));
    for (const entry of log.entries.splice(0, count)) this.sizeBytes -= entry.data.length;
    log.first += count;
  }

  removeRegion(regionId: number): Promise<void> {
    this.logs.delete(regionId);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private log(regionId: number): { first: number; entries: LogEntry[]; state: LogState | undefined } {
    let log = this.logs.get(regionId);
    if (log === undefined) this.logs.set(regionId, (log = { first: 1, entries: [], state: undefined }));
    return log;
  }
}

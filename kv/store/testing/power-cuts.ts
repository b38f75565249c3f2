/**
 * The whole local floor under the simulator: concurrent transactions of every kind over the memory engine and the real log on a
 * simulated disk, power cuts in between. Held to: money is neither made nor lost, in any snapshot; list-append histories are
 * snapshot isolated; what was acknowledged is there after every crash; raw registers hold the last acknowledged value or a
 * later unanswered one. Tests of the store and `npm run sim` share it.
 */
import assert from 'node:assert/strict';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type SimWorld, type Trace } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import {
  LocalKvClient,
  localRegionSource,
  RegionRouter,
  type KvClient,
  type Snapshot,
  type StorePort,
  type Transaction,
} from '../../client/index.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { SegmentLog } from '../../log/index.ts';
import { checkLists } from '../../../test/check/list-append.ts';
import { Store } from '../index.ts';

const ACCOUNTS = ['acc0', 'acc1', 'acc2', 'acc3', 'acc4'];
const LISTS = ['list0', 'list1', 'list2', 'list3'];
const START_BALANCE = 100;

/** Outlives crashes, as placement's durable window does. */
class Oracle {
  last = 1n << 40n;
  next(): bigint {
    this.last += 1n;
    return this.last;
  }
  /** Follows virtual time, so that locks grow old. */
  follow(world: SimWorld): void {
    const now = BigInt(Math.floor(world.clock.wallMs())) << 18n;
    if (now > this.last) this.last = now;
  }
}

interface Life {
  readonly world: SimWorld;
  readonly engine: MemoryEngine;
  readonly log: SegmentLog;
  readonly store: Store;
  readonly clients: readonly KvClient[];
}

function withoutLargeCommits(store: StorePort): StorePort {
  return new Proxy<StorePort>(store, {
    get: (target, name) => {
      if (name === 'commitLarge') return undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

class Run {
  readonly simulation: Simulation;
  readonly random: Random;
  readonly oracle = new Oracle();
  readonly history: {
    id: number;
    status: 'committed' | 'failed' | 'unknown';
    reads: Map<string, readonly number[]>;
    appends: Map<string, number>;
  }[] = [];
  readonly raw = new Map<string, { acknowledged: string | undefined; maybe: string[] }>();
  element = 0;
  sums = 0;
  life!: Life;
  alive = 0;

  private readonly trace: Trace | undefined;
  /** Regions of some hundred bytes, reached by the router, that split all the time; or one that holds everything. */
  private readonly smallRegions: boolean;
  private nextId = 100;

  constructor(seed: number, trace: Trace | undefined) {
    this.trace = trace;
    this.simulation = new Simulation({ seed, disk: { writeDelayMs: [0.1, 3] } });
    this.random = new SeededRandom(seed).fork('workload');
    this.smallRegions = seed % 2 === 0;
  }

  async open(world: SimWorld, engine: MemoryEngine): Promise<void> {
    const log = await SegmentLog.open(world, { folder: 'log', segmentSizeBytes: 64 * 1024, groupSizeBytesMax: 8192 });
    const store = await Store.open({
      engine,
      log,
      timestamps: {
        next: () => {
          this.oracle.follow(world);
          return this.oracle.next();
        },
      },
      world,
      limits: {
        // Hostile settings: pages that hardly hold anything, marks all the time, little memory for traces.
        hotPagesSizeBytesMax: this.random.below(2) === 0 ? 4096 : 1 << 20,
        durableEveryMs: 5 + this.random.below(200),
        tracesMax: 4,
        gcLifeMs: 200,
        gcEveryMs: 50,
        gcStepCount: 5,
        entrySizeBytesMax: 16 * 1024,
        ...(this.smallRegions
          ? { regionSizeBytesMax: 100 + this.random.below(900), regionKeysMax: 4, splitCheckEveryMs: 5 }
          : {}),
      },
      splitting: this.smallRegions
        ? { newIds: (count) => (this.nextId += count) - count, changed: () => undefined }
        : undefined,
    });
    const port: StorePort = this.smallRegions
      ? new RegionRouter({
          source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, world, patienceMs: 5000, regionsMax: 100, safePoints: store,
        }) // prettier-ignore
      : store;
    const clientOptions = { store: port, timestamps: { next: () => this.oracle.next() }, world };
    const clients = [
      new LocalKvClient({ ...clientOptions, limits: { lockTtlMs: 300, lockWaitMsMax: 2000 } }),
      // Everything as a large commit, two keys at a time.
      new LocalKvClient({
        ...clientOptions,
        limits: { onePhaseSizeBytesMax: 1, keysPerCommandMax: 2, lockTtlMs: 300, lockWaitMsMax: 2000 },
      }),
      // The same in two phases, as over a store that has no large commits.
      new LocalKvClient({
        ...clientOptions,
        store: withoutLargeCommits(port),
        limits: { onePhaseSizeBytesMax: 1, keysPerCommandMax: 2, lockTtlMs: 300, lockWaitMsMax: 2000 },
      }),
    ];
    this.life = { world, engine, log, store, clients };
  }

  /** One client's life: random work until the node dies under it or the time is over. */
  async work(worker: number, untilMs: number): Promise<void> {
    const { life } = this;
    const random = this.random.fork(`worker ${worker} ${this.alive}`);
    const client = life.clients[random.below(life.clients.length)]!;
    while (this.life === life && life.world.clock.monotonicMs() < untilMs) {
      try {
        switch (random.below(6)) {
          case 0:
          case 1:
            await this.transfer(client, random);
            break;
          case 2:
            await this.audit(client, random);
            break;
          case 3:
          case 4:
            await this.append(client, random);
            break;
          case 5:
            await this.writeRaw(client, random);
            break;
        }
      } catch (error) {
        if (!(error instanceof RutileError) || !EXPECTED.has(error.code)) throw error;
        this.note(`worker ${worker} ${error.code}`);
      }
      await new Promise<void>((resolve) => void life.world.timers.after(random.below(8), resolve));
    }
  }

  async transfer(client: KvClient, random: Random): Promise<void> {
    const pessimistic = random.below(2) === 0;
    const txn = await client.begin({ pessimistic });
    const from = random.below(ACCOUNTS.length);
    const to = (from + 1 + random.below(ACCOUNTS.length - 1)) % ACCOUNTS.length;
    const keys = [utf8(ACCOUNTS[from]!), utf8(ACCOUNTS[to]!)];
    let values: (Uint8Array | undefined)[];
    try {
      values = pessimistic ? await this.lock(client, txn, keys) : await txn.getMany(keys);
      if (random.below(4) === 0) await this.pause(random.below(20));
      const amount = random.below(10);
      txn.put(keys[0]!, utf8(String(Number(fromUtf8(values[0]!)) - amount)));
      txn.put(keys[1]!, utf8(String(Number(fromUtf8(values[1]!)) + amount)));
      if (random.below(10) === 0) {
        await txn.rollback();
        return;
      }
      this.note(`transfer of ${amount} at ${await txn.commit()}`);
    } catch (error) {
      await txn.rollback();
      throw error;
    }
  }

  /** As a pessimistic statement does: lock, on conflict again with a newer timestamp. */
  async lock(client: KvClient, txn: Transaction, keys: Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    for (;;) {
      const forUpdateTs = await client.timestamp();
      const outcome = await txn.lockKeys(keys, { waitMs: 500, forUpdateTs, returnValues: true });
      if (outcome.kind === 'locked') return outcome.values!;
      if (outcome.kind !== 'write-conflict') throw new RutileError(`test.${outcome.kind}`, 'given up');
    }
  }

  async audit(client: KvClient, random: Random): Promise<void> {
    const reader: Snapshot = client.snapshot(await client.timestamp());
    for (let round = 0; round < 2; round++) {
      let sum = 0;
      if (random.below(2) === 0) {
        for (const value of await reader.getMany(ACCOUNTS.map(utf8))) sum += Number(fromUtf8(value!));
      } else {
        const scanner = reader.scan(
          { lower: utf8('acc'), upper: utf8('acd') },
          { reverse: random.below(2) === 0, long: random.below(3) === 0 },
        );
        for (let batch = await scanner.next(2); batch !== undefined; batch = await scanner.next(2)) {
          for (let i = 0; i < batch.count; i++)
            sum += Number(fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])));
          if (random.below(4) === 0) await this.pause(random.below(10));
        }
      }
      assert.equal(sum, START_BALANCE * ACCOUNTS.length, 'money was made or lost');
      this.sums++;
      this.note('audit');
      await this.pause(random.below(30));
    }
  }

  async append(client: KvClient, random: Random): Promise<void> {
    const pessimistic = random.below(3) === 0;
    const txn = await client.begin({ pessimistic });
    const record = {
      id: this.history.length,
      status: 'unknown' as 'committed' | 'failed' | 'unknown',
      reads: new Map<string, readonly number[]>(),
      appends: new Map<string, number>(),
    };
    this.history.push(record);
    const lists = LISTS.filter(() => random.below(2) === 0);
    try {
      for (const name of lists) {
        const key = utf8(name);
        const value = pessimistic ? (await this.lock(client, txn, [key]))[0] : await txn.get(key);
        const list = value === undefined || value.length === 0 ? [] : fromUtf8(value).split(' ').map(Number);
        // Reads of a pessimistic transaction are of their statement's time, not of one snapshot: they say nothing about SI.
        if (!pessimistic) record.reads.set(name, list);
        if (random.below(3) > 0) {
          const element = ++this.element;
          record.appends.set(name, element);
          txn.put(key, utf8([...list, element].join(' ')));
        }
        if (random.below(5) === 0) await this.pause(random.below(10));
      }
      const commitTs = await txn.commit();
      record.status = 'committed';
      this.note(`append ${[...record.appends].join(' ')} at ${commitTs}`);
    } catch (error) {
      if (error instanceof RutileError && error.code !== 'kv.undetermined') record.status = 'failed';
      await txn.rollback();
      throw error;
    }
  }

  async writeRaw(client: KvClient, random: Random): Promise<void> {
    const name = `raw${random.below(5)}`;
    const value = String(++this.element);
    let register = this.raw.get(name);
    if (register === undefined) this.raw.set(name, (register = { acknowledged: undefined, maybe: [] }));
    register.maybe.push(value);
    await client.raw.put(utf8(name), utf8(value));
    // Writers of one register overlap: whatever was asked for before this answer may have come after it.
    const at = register.maybe.indexOf(value);
    if (at >= 0) {
      register.acknowledged = value;
      register.maybe = register.maybe.slice(at + 1);
      this.note(`raw ${name} ${value}`);
    }
  }

  /** One fact of this run: when it was, who says it, what it says. */
  note(fact: string): void {
    this.trace?.add(`${this.simulation.time.nowMs} life ${this.alive} ${fact}`);
  }

  async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => void this.life.world.timers.after(ms, resolve));
  }

  async check(): Promise<void> {
    const client = this.life.clients[0]!;
    const reader = client.snapshot(await client.timestamp());
    let sum = 0;
    for (const value of await reader.getMany(ACCOUNTS.map(utf8))) sum += Number(fromUtf8(value!));
    assert.equal(sum, START_BALANCE * ACCOUNTS.length, 'money was made or lost');
    const final = new Map<string, readonly number[]>();
    for (const name of LISTS) {
      const value = await reader.get(utf8(name));
      final.set(name, value === undefined ? [] : fromUtf8(value).split(' ').map(Number));
    }
    const transactions = this.history.map(({ id, status, reads, appends }) => ({
      id,
      status,
      steps: [
        ...[...reads].map(([key, list]) => ({ kind: 'read' as const, key, list })),
        ...[...appends].map(([key, element]) => ({ kind: 'append' as const, key, element })),
      ],
    }));
    assert.deepEqual(checkLists(transactions, { final }), []);
    for (const [name, register] of this.raw) {
      const value = await client.raw.get(utf8(name));
      const found = value === undefined ? undefined : fromUtf8(value);
      assert(
        found === register.acknowledged || register.maybe.includes(found!),
        `${name} holds ${found}, acknowledged was ${register.acknowledged}`,
      );
    }
  }
}

const EXPECTED = new Set([
  'kv.write-conflict',
  'kv.locked',
  'kv.snapshot-too-old',
  'test.deadlock',
  'test.wait-timeout',
  'kv.busy',
  'kv.closed',
]);

/** Three lives of one store, checked after each. Throws when a promise was broken; the trace tells what happened. */
export async function storePowerCuts(seed: number, trace?: Trace): Promise<void> {
  const run = new Run(seed, trace);
  const { time } = run.simulation;
  await time.runFor(run.open(run.simulation.node('store'), new MemoryEngine()));
  const first = await time.runFor(
    (async () => {
      const txn = await run.life.clients[0]!.begin({ pessimistic: false });
      for (const account of ACCOUNTS) txn.put(utf8(account), utf8(String(START_BALANCE)));
      return txn.commit();
    })(),
  );
  assert(first > 0n);
  const lives = 3;
  for (run.alive = 1; run.alive <= lives; run.alive++) {
    const { life } = run;
    const untilMs = life.world.clock.monotonicMs() + 400;
    const workers = Array.from({ length: 6 }, (_, i) => run.work(i, untilMs));
    if (run.alive === lives) {
      await time.runFor(Promise.all(workers));
      await time.runFor(run.check());
      for (const client of life.clients) await time.runFor(client.close());
      await time.runFor(life.store.close());
      await time.runFor(life.log.close());
      break;
    }
    for (const worker of workers) worker.catch((error: unknown) => (failure ??= error));
    let failure: unknown;
    await time.runUntil(time.nowMs + 50 + run.random.below(400));
    if (failure !== undefined) throw failure as Error;
    const world = life.world.crash();
    const engine = life.engine.crash(run.random);
    await time.runFor(run.open(world, engine));
    await time.runFor(run.check());
  }
  const committed = run.history.filter((txn) => txn.status === 'committed').length;
  assert(committed > 0 && run.sums > 0, 'the workload did nothing');
  run.note(
    `${run.history.length} ${committed} ${run.sums} ${run.oracle.last} ${run.life.store.counters.replayedEntries} ${run.life.store.appliedLogIndex}`,
  );
  trace?.ranFor(time.nowMs);
}

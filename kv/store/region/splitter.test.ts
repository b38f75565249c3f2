/** Regions that cut themselves: by size while clients write, by keys, by request and in the middle; what a restart knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { Simulation } from '../../../base/sim/index.ts';
import { RAW_SPACE, type RegionDescriptor, regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import { LocalKvClient, localRegionSource, RegionRouter } from '../../client/index.ts';
import { CountingOracle, MemoryLog } from '../../client/testing.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { Store, type StoreLimits } from '../index.ts';

const NOTHING = new Uint8Array(0);
const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(4, '0')}`);

interface Life {
  readonly simulation: Simulation;
  readonly engine: MemoryEngine;
  readonly log: MemoryLog;
}

async function open(limits: Partial<StoreLimits>, before?: Life) {
  const simulation: Simulation = before?.simulation ?? new Simulation({ seed: 1 });
  const world = simulation.node('store');
  const engine = before?.engine ?? new MemoryEngine();
  const log = before?.log ?? new MemoryLog(world);
  const timestamps = new CountingOracle(world);
  let nextId = 100;
  const told: RegionDescriptor[] = [];
  const settle = <T>(work: Promise<T>): Promise<T> => simulation.time.runFor(work, 600_000);
  const ids: { wait: Promise<void> | undefined; asked: number } = { wait: undefined, asked: 0 };
  const newIds = (count: number): number | Promise<number> => {
    ids.asked++;
    const first = (nextId += count) - count;
    return ids.wait === undefined ? first : ids.wait.then(() => first);
  };
  const splitting = { newIds, changed: (regions: readonly RegionDescriptor[]) => void told.push(...regions) };
  const store = await settle(Store.open({ engine, log, timestamps, world, limits, splitting }));
  const router = new RegionRouter({
    source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, world, patienceMs: 5000, regionsMax: 1000, safePoints: store,
  }); // prettier-ignore
  const client = new LocalKvClient({ store: router, timestamps, world });
  const pass = (ms: number): Promise<void> => simulation.time.runUntil(simulation.time.nowMs + ms);
  return { simulation, engine, log, store, client, settle, pass, told, ids };
}

test('a region of 1 KiB cuts itself while rows and raw pairs are written, and nothing is missed', async () => {
  const life = await open({
    regionSizeBytesMax: 1024,
    splitCheckEveryMs: 5,
  });
  const { store, client, settle, pass, told } = life;
  const work = async (): Promise<void> => {
    for (let n = 0; n < 200; n++) {
      const txn = await client.begin({ pessimistic: n % 2 === 0 });
      txn.put(name(n % 150), utf8(`value ${n}`));
      txn.put(name(400 - n), utf8(`value ${n}`));
      await txn.commit();
      await client.raw.put(name(n), name(n));
    }
  };
  await settle(work());
  await pass(100);
  assert(store.regions().length > 8, `${store.regions().length} regions`);
  assert(store.regions().some(({ lower }) => lower.length === 1 && lower[0] === ROW_SPACE), 'rows begin a region'); // prettier-ignore
  assert.equal(new Set(told.map((region) => region.id)).size, store.regions().length);
  const scanner = client.snapshot(await client.timestamp()).scan({ lower: NOTHING, upper: NOTHING });
  const found: string[] = [];
  const read = async (): Promise<void> => {
    for (let batch = await scanner.next(50); batch !== undefined; batch = await scanner.next(50))
      for (let i = 0; i < batch.count; i++)
        found.push(fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])));
  };
  await settle(read());
  assert.equal(found.length, 150 + 200);
  const walks = store.splitter!.walkCount;
  await pass(1000);
  assert.equal(store.splitter!.walkCount, walks, 'nothing is measured when nothing is written');
  const regions = store.regions();
  await settle(store.close());
  const again = await open({ regionSizeBytesMax: 1024, splitCheckEveryMs: 5 }, life);
  assert.deepEqual(again.store.regions(), regions);
  await again.pass(100);
  assert.deepEqual(again.store.regions(), regions);
  await again.settle(again.store.close());
});

test('overwriting the same rows makes no region larger', async () => {
  const { store, client, settle, pass } = await open({ regionSizeBytesMax: 4096, splitCheckEveryMs: 5 });
  const work = async (): Promise<void> => {
    for (let n = 0; n < 500; n++) {
      const txn = await client.begin({ pessimistic: false });
      txn.put(name(n % 10), utf8('x'.repeat(50)));
      await txn.commit();
    }
  };
  await settle(work());
  await pass(100);
  assert.equal(store.regions().length, 1);
  assert(store.splitter!.walkCount < 3, `${store.splitter!.walkCount} walks`);
});

test('keys are a bound of their own; a request cuts anywhere, once; the middle is the middle', async () => {
  const { store, client, settle, pass } = await open({ regionKeysMax: 100, splitCheckEveryMs: 1000 });
  const fill = async (from: number, to: number): Promise<void> => {
    const txn = await client.begin({ pessimistic: false });
    for (let n = from; n < to; n++) txn.put(name(n), name(n));
    await txn.commit();
  };
  await settle(fill(0, 80));
  const splitter = store.splitter!;
  assert.equal(await settle(splitter.splitInMiddle(1)), true);
  assert.equal(store.regions().length, 2);
  const middle = Number(fromUtf8(store.regions()[1]!.lower).slice(2));
  assert(middle >= 36 && middle <= 44, `the middle of 80 is about 40, not ${middle}`);
  await settle(splitter.splitAt([regionKey(RAW_SPACE, name(1)), regionKey(ROW_SPACE, name(7))]));
  await settle(splitter.splitAt([regionKey(ROW_SPACE, name(7))]));
  assert.equal(store.regions().length, 4);
  await settle(fill(80, 200));
  await pass(2500);
  assert.equal(store.regions().length, 6);
  const empty = await open({});
  assert.equal(await empty.settle(empty.store.splitter!.splitInMiddle(1)), false);
  await assert.rejects(empty.settle(empty.store.splitter!.splitInMiddle(9)), { code: 'kv.no-region' });
});

test('a store that waits for new ids closes all the same, and cuts nothing when they come', async () => {
  const life = await open({ regionSizeBytesMax: 1024, splitCheckEveryMs: 5 });
  const { store, client, settle, pass, ids } = life;
  let give = (): void => assert.fail('nobody asked');
  ids.wait = new Promise((resolve) => (give = resolve));
  const work = async (): Promise<void> => {
    for (let n = 0; n < 200; n++) await client.raw.put(name(n), name(n));
  };
  await settle(work());
  await pass(100);
  const regions = store.regions();
  assert(ids.asked > 0);
  await settle(store.close());
  give();
  await pass(100);
  assert.deepEqual(store.regions(), regions);
});

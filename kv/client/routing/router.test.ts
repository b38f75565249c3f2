/**
 * The router over a store that is cut into regions for it: one real store in memory keeps all data, and a fake cluster in front of it
 * holds every call to the region, the epoch and the leader it names. Regions split and leaders move all the time, so whatever
 * comes through and answers as the bare store would has found its way.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { SeededRandom } from '../../../base/random.ts';
import type { TxnCommand } from '../../../proto/kv/command.ts';
import type { KvClient } from '../client.ts';
import { LocalKvClient } from '../local-client.ts';
import { CountingOracle, createMemoryKv, createTestWorld } from '../testing.ts';
import { RegionRouter } from './router.ts';
import { keysOfCommand } from './split-command.ts';
import { compareWork, FakeCluster, transferMoney } from './testing.ts';

async function createRouted(
  seed: number,
): Promise<{ cluster: FakeCluster; routed: KvClient; plain: KvClient; router: RegionRouter }> {
  const plain = await createMemoryKv();
  const real = createTestWorld();
  // The router's pauses take no time: what matters is that it asks again.
  const after = (_: number, run: () => void) => {
    setImmediate(run);
    return { cancel: () => undefined };
  };
  const world = { ...real, timers: { ...real.timers, after } };
  const cluster = new FakeCluster(plain.store, new SeededRandom(seed));
  const stores = [1, 2, 3].map((id) => cluster.store(id));
  const router = new RegionRouter({
    source: {
      regionByKey: (key) => cluster.found(cluster.byKey(key)),
      regionBelow: (key) => cluster.found(cluster.below(key)),
      // Half of the runs ask one by one.
      ...(seed % 2 === 0 && {
        regionsIn: (lower: Uint8Array, upper: Uint8Array, limit: number) => cluster.in(lower, upper, limit),
      }),
    },
    storeOf: (id) => stores[id - 1],
    world,
    patienceMs: 20_000,
    regionsMax: 1000,
    safePoints: plain.store,
  });
  const routed = new LocalKvClient({ store: router, timestamps: plain.timestamps, world });
  return { cluster, routed, plain, router };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`reads, scans and commits over moving regions equal those of the bare store, seed ${seed}`, async () => {
    const sides = await createRouted(seed);
    sides.cluster.refusals = seed % 3 === 0 ? 0 : 10;
    await compareWork(sides, seed, 60);
    assert(sides.cluster.regions.length > 3 && sides.cluster.calls > 500);
    await sides.routed.close();
    await sides.plain.close();
  });
}

test('concurrent transfers over moving regions keep the total', async () => {
  const sides = await createRouted(77);
  const done = await transferMoney(sides, 25);
  assert(done > 20, `${done} transfers`);
  await sides.routed.close();
  await sides.plain.close();
});

test('nobody serves a region: the call ends with its name when patience is over', async () => {
  const plain = await createMemoryKv();
  const world = createTestWorld();
  const router = new RegionRouter({
    source: { regionByKey: () => undefined, regionBelow: () => undefined },
    storeOf: () => undefined, world, patienceMs: 30, regionsMax: 10, safePoints: plain.store,
  }); // prettier-ignore
  const routed = new LocalKvClient({ store: router, timestamps: new CountingOracle(world), world });
  await assert.rejects(Promise.resolve(routed.raw.get(utf8('k'))), { code: 'kv.region-unavailable' });
  await assert.rejects(routed.raw.put(utf8('k'), utf8('v')), { code: 'kv.region-unavailable' });
  const txn = await routed.begin({ pessimistic: false });
  txn.put(utf8('k'), utf8('v'));
  await assert.rejects(txn.commit(), { code: 'kv.region-unavailable' });
  await routed.close();
  await plain.close();
});

test('a command that is cut keeps its keys apart', () => {
  const command: TxnCommand = { kind: 'rollback', startTs: 1n, keys: [utf8('a'), utf8('b')] };
  assert.deepEqual(keysOfCommand(command), command.keys);
});

test('the data version of a table in many regions is known beside splits, and changes with its writes only', async () => {
  const kv = await createMemoryKv({ regionBytes: 256 });
  const key = (table: number, rest: string) => new Uint8Array([0x74, 0x80, 0, 0, 0, 0, 0, 0, table, ...utf8(rest)]);
  const range = (table: number) => ({ lower: key(table, ''), upper: key(table + 1, '') });
  const write = async (table: number, from: number): Promise<void> => {
    const txn = await kv.begin({ pessimistic: false });
    for (let i = from; i < from + 20; i++) txn.put(key(table, `_r${String(i).padStart(4, '0')}`), utf8('x'.repeat(40)));
    await txn.commit();
  };
  // A region that was just cut off is led by nobody for a moment.
  const known = async (table: number): Promise<number> => {
    for (;;) {
      const version = kv.dataVersion(range(table));
      if (version !== undefined) return version;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  for (const table of [1, 2]) await write(table, 0);
  const other = await known(2);
  for (let from = 20; from < 400; from += 20) {
    const before = await known(1);
    await write(1, from);
    await kv.store.splitter!.check();
    // The router knows nothing of the cuts yet.
    assert((await known(1)) > before);
    assert.equal(await known(2), other);
    assert(kv.lastChange!(range(1))! > kv.lastChange!(range(2))!);
  }
  assert(kv.store.regions().length > 50, `${kv.store.regions().length} regions`);
  assert.equal(await known(2), other);
  await kv.close();
});

/** Several regions in one store, reached by the router: splits beside transactions, and after a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes, fromUtf8, utf8 } from '../../../base/bytes.ts';
import { SeededRandom } from '../../../base/random.ts';
import { RAW_SPACE, regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import { LocalKvClient, localRegionSource, RegionRouter } from '../../client/index.ts';
import { CountingOracle, createTestWorld, MemoryLog } from '../../client/testing.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { Store } from '../index.ts';
import { FIRST_TERM } from './admin-entry.ts';
import { Peer, RegionPeers } from './peer.ts';

const NOTHING = new Uint8Array(0);
const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(3, '0')}`);

async function open(engine = new MemoryEngine(), log?: MemoryLog) {
  const world = createTestWorld();
  log ??= new MemoryLog(world);
  const timestamps = new CountingOracle(world);
  const store = await Store.open({ engine, log, timestamps, world });
  const router = new RegionRouter({
    source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, world, patienceMs: 5000, regionsMax: 1000, safePoints: store,
  }); // prettier-ignore
  return { engine, log, store, client: new LocalKvClient({ store: router, timestamps, world }), timestamps };
}

test('regions split under transactions, raw writes and scans; a restart finds all of them', async () => {
  const { engine, log, store, client } = await open();
  const random = new SeededRandom(3);
  let nextId = 100;
  const split = async (): Promise<void> => {
    const place = regionKey(random.below(3) === 0 ? RAW_SPACE : ROW_SPACE, name(random.below(100)));
    const region = store.regions().find(({ lower, upper }) => compareBytes(lower, place) < 0 && (upper.length === 0 || compareBytes(place, upper) < 0)); // prettier-ignore
    if (region !== undefined) await store.split(region.id, place, nextId++, [nextId++]).catch((error: { code: string }) => assert(['kv.busy', 'kv.not-leader'].includes(error.code), error.code)); // prettier-ignore
  };
  const setup = await client.begin({ pessimistic: false });
  for (let n = 0; n < 100; n++) setup.put(name(n), utf8('100'));
  await setup.commit();
  const worker = async (pessimistic: boolean): Promise<void> => {
    for (let round = 0; round < 60; round++) {
      if (round % 6 === 0) void split();
      const [from, to] = [name(random.below(100)), name(random.below(100))];
      if (compareBytes(from, to) === 0) continue;
      const txn = await client.begin({ pessimistic });
      try {
        if (pessimistic) {
          const ts = await client.timestamp();
          const locked = await txn.lockKeys([from, to], { waitMs: 2000, forUpdateTs: ts });
          if (locked.kind !== 'locked') {
            await txn.rollback();
            continue;
          }
          txn.setReadTs(ts);
        }
        txn.put(from, utf8(String(Number(fromUtf8((await txn.get(from))!)) - 1)));
        txn.put(to, utf8(String(Number(fromUtf8((await txn.get(to))!)) + 1)));
        await txn.commit();
        await client.raw.put(from, to);
      } catch (error) {
        assert(['kv.write-conflict', 'kv.locked'].includes((error as { code: string }).code), String(error));
        await txn.rollback();
      }
    }
  };
  await Promise.all([worker(false), worker(true), worker(false)]);
  assert(store.regions().length > 10, `${store.regions().length} regions`);
  const read = async (from: LocalKvClient): Promise<string[]> => {
    const found: string[] = [];
    const scanner = from.snapshot(await from.timestamp()).scan({ lower: NOTHING, upper: NOTHING });
    for (let batch = await scanner.next(50); batch !== undefined; batch = await scanner.next(50))
      for (let i = 0; i < batch.count; i++)
        found.push(fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])));
    return found;
  };
  const before = await read(client);
  assert.equal(before.length, 100);
  assert.equal(before.reduce((sum, value) => sum + Number(value), 0), 10_000); // prettier-ignore
  const regions = store.regions();
  // As after a kill: nothing is closed.
  const again = await open(engine, log);
  assert.deepEqual(again.store.regions(), regions);
  assert.deepEqual(await read(again.client), before);
  await again.client.close();
  await again.store.close();
});

test('a split outside the region, of no region, or beside another change is refused', async () => {
  const { store, client } = await open();
  await assert.rejects(store.split(1, NOTHING, 7, [8]), { code: 'kv.epoch' });
  await assert.rejects(store.split(9, regionKey(ROW_SPACE, name(1)), 7, [8]), { code: 'kv.no-region' });
  const first = store.split(1, regionKey(ROW_SPACE, name(1)), 7, [8]);
  await assert.rejects(store.split(1, regionKey(ROW_SPACE, name(2)), 9, [10]), { code: 'kv.busy' });
  await first;
  await assert.rejects(store.split(1, regionKey(ROW_SPACE, name(2)), 9, [10]), { code: 'kv.epoch' });
  await store.split(7, regionKey(ROW_SPACE, name(2)), 9, [10]);
  assert.deepEqual(store.regions().map((region) => region.id), [1, 7, 9]); // prettier-ignore
  await client.close();
  await store.close();
});

test('who has led a part of a region without a break since it led the whole, and who leads it again', () => {
  const peers = new RegionPeers<unknown>();
  const peer = (id: number, lower: string, term: number, heritage?: Peer<unknown>['heritage']): Peer<unknown> => {
    const made = new Peer<unknown>({ id, lower: utf8(lower), upper: NOTHING, epoch: { version: 1, confVersion: 1 }, peers: [] }); // prettier-ignore
    made.consensus = { term } as Peer<unknown>['consensus'];
    made.heritage = heritage;
    peers.add(made);
    return made;
  };
  const first = FIRST_TERM + 1;
  const whole = peer(1, 'a', 9);
  const part = peer(2, 'b', first, { regionId: 1, term: 9 });
  const partOfPart = peer(3, 'c', first, { regionId: 2, term: first });
  for (const one of [whole, part, partOfPart]) assert.ok(peers.ledSince(one, whole, 9));
  assert.ok(!peers.ledSince(part, whole, 8), 'the whole was led in another term');
  part.consensus = { term: first + 2 } as Peer<unknown>['consensus'];
  assert.ok(!peers.ledSince(part, whole, 9), 'another led the part in between');
  assert.ok(peers.ledSince(partOfPart, whole, 9), 'its own part was split off before');
  partOfPart.heritage = { regionId: 2, term: first + 2 };
  assert.ok(!peers.ledSince(partOfPart, whole, 9), 'it was split off afterwards');
  assert.ok(!peers.ledSince(peer(4, 'd', first), whole, 9), 'it was split off by another leader');
});

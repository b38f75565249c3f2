/**
 * The router over a store that is cut into regions for it: one real store in memory keeps all data, and a fake cluster in front of it
 * holds every call to the region, the epoch and the leader it names. Regions split and leaders move all the time, so whatever
 * comes through and answers as the bare store would has found its way.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import type { Random } from '../../../base/world.ts';
import type { RawWrite, TxnCommand } from '../../../proto/kv/command.ts';
import { checkBounds, holdsKey, RAW_SPACE, type RegionDescriptor, regionKey, ROW_SPACE, type Space } from '../../../proto/kv/region.ts'; // prettier-ignore
import { compareBytes } from '../../../base/bytes.ts';
import type { KeyRange, KvClient, Scanner } from '../client.ts';
import { LocalKvClient } from '../local-client.ts';
import type { RegionRef, RegionStorePort } from '../region-store.ts';
import type { StorePort, StoreScanner } from '../store-port.ts';
import { CountingOracle, createMemoryKv, createTestWorld } from '../testing.ts';
import { RegionRouter } from './router.ts';
import { keysOfCommand } from './split-command.ts';

const NOTHING = new Uint8Array(0);
const PEERS = [1, 2, 3].map((storeId) => ({ id: storeId * 10, storeId, role: 'voter' as const }));

class FakeCluster {
  regions: RegionDescriptor[] = [
    { id: 1, lower: NOTHING, upper: NOTHING, epoch: { confVersion: 1, version: 1 }, peers: PEERS },
  ];
  readonly leaders = new Map<number, number>([[1, 1]]);
  /** Chance of one call to be refused for nothing, in percent. */
  refusals = 0;
  nextId = 2;
  calls = 0;
  readonly random: Random;
  readonly data: StorePort;

  constructor(data: StorePort, random: Random) {
    this.data = data;
    this.random = random;
  }

  split(place: Uint8Array): void {
    const at = this.regions.findIndex(
      (region) => compareBytes(region.lower, place) < 0 && (region.upper.length === 0 || compareBytes(place, region.upper) < 0),
    ); // prettier-ignore
    if (at < 0) return;
    const old = this.regions[at]!;
    const epoch = { confVersion: old.epoch.confVersion, version: old.epoch.version + 1 };
    const id = this.nextId++;
    this.regions.splice(at, 1, { ...old, upper: place, epoch }, { ...old, id, lower: place, epoch });
    this.leaders.set(id, this.leaders.get(old.id)!);
    assert(this.regions.every(checkBounds));
  }

  moveLeader(): void {
    const region = this.regions[this.random.below(this.regions.length)]!;
    this.leaders.set(region.id, 1 + this.random.below(3));
  }

  found(region: RegionDescriptor | undefined) {
    return region === undefined ? undefined : { region, leaderStoreId: this.random.below(2) === 0 ? undefined : this.leaders.get(region.id) }; // prettier-ignore
  }

  check(storeId: number, ref: RegionRef, space: Space, keys: readonly Uint8Array[], upper?: Uint8Array): void {
    this.calls++;
    if (this.random.below(100) < this.refusals) {
      const code = ['kv.not-leader', 'kv.no-region', 'kv.unreachable', 'kv.epoch'][this.random.below(4)]!;
      throw new RutileError(code, 'for nothing', {
        fields: { sent: false, leaderStoreId: this.random.below(4), regions: [] },
      });
    }
    const region = this.regions.find((one) => one.id === ref.id);
    if (region === undefined) throw new RutileError('kv.no-region', 'no such region');
    if (this.leaders.get(ref.id) !== storeId)
      throw new RutileError('kv.not-leader', 'not here', { fields: { leaderStoreId: this.random.below(2) === 0 ? 0 : this.leaders.get(ref.id) } }); // prettier-ignore
    if (region.epoch.version !== ref.version)
      throw new RutileError('kv.epoch', 'split meanwhile', {
        fields: { regions: this.regions.filter((one) => one.id >= ref.id) },
      });
    for (const key of keys) assert(holdsKey(region, space, key), 'a key of another region');
    if (upper !== undefined && (region.upper.length > 0 || upper.length > 0))
      assert(upper.length > 0 || region.upper[0]! > space, 'a range beyond the region');
  }

  store(storeId: number): RegionStorePort {
    const { data } = this;
    const guarded = (inner: StoreScanner, ref: RegionRef, space: Space): StoreScanner => ({
      step: (batch, countMax, context) => {
        this.check(storeId, ref, space, []);
        return inner.step(batch, countMax, context);
      },
      close: () => inner.close(),
    });
    return {
      get: (ref, key, at, context) => (this.check(storeId, ref, ROW_SPACE, [key]), data.get(key, at, context)),
      getMany: (ref, keys, at, context) => (this.check(storeId, ref, ROW_SPACE, keys), data.getMany(keys, at, context)),
      scan: (ref, range, at, options) => {
        this.check(storeId, ref, ROW_SPACE, [range.lower], range.upper);
        return guarded(data.scan(range, at, options), ref, ROW_SPACE);
      },
      execute: (ref, command, done) => {
        try {
          this.check(storeId, ref, ROW_SPACE, keysOfCommand(command)!);
        } catch (error) {
          return done({ kind: 'failed', error: error as Error });
        }
        data.execute(command, (outcome) => {
          // Done, but nobody hears of it: the router has to ask again.
          if (this.random.below(200) < this.refusals)
            done({ kind: 'failed', error: new RutileError('kv.proposal-lost', 'lost') });
          else done(outcome);
        });
      },
      whenUnlocked: (_, key, startTs, timeoutMs, done) => data.whenUnlocked(key, startTs, timeoutMs, done),
      rawGet: (ref, key) => (this.check(storeId, ref, RAW_SPACE, [key]), data.rawGet(key)),
      rawGetMany: (ref, keys) => (this.check(storeId, ref, RAW_SPACE, keys), data.rawGetMany(keys)),
      rawScan: (ref, range, options) => {
        this.check(storeId, ref, RAW_SPACE, [range.lower], range.upper);
        return guarded(data.rawScan(range, options), ref, RAW_SPACE);
      },
      rawWrite: (ref, writes, done) => {
        try {
          this.check(storeId, ref, RAW_SPACE, writes.map((write) => (write.kind === 'delete-range' ? write.lower : write.key))); // prettier-ignore
        } catch (error) {
          return done(error as Error);
        }
        data.rawWrite(writes, done);
      },
      dataVersion: (_, range) => data.dataVersion(range),
      lastChange: (_, range) => data.lastChange?.(range),
    };
  }
}

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
      regionByKey: (key) => cluster.found(cluster.regions.find((region) => compareBytes(region.lower, key) <= 0 && (region.upper.length === 0 || compareBytes(key, region.upper) < 0))), // prettier-ignore
      regionBelow: (key) => cluster.found(cluster.regions.find((region) => (key.length === 0 || compareBytes(region.lower, key) < 0) && (region.upper.length === 0 || (key.length > 0 && compareBytes(key, region.upper) <= 0)))), // prettier-ignore
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

async function all(scanner: Scanner): Promise<string[]> {
  const found: string[] = [];
  for (let batch = await scanner.next(7); batch !== undefined; batch = await scanner.next(7))
    for (let i = 0; i < batch.count; i++)
      found.push(`${fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i]))}=${fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i]))}`); // prettier-ignore
  return found;
}

const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(3, '0')}`);

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`reads, scans and commits over moving regions equal those of the bare store, seed ${seed}`, async () => {
    const { cluster, routed, plain } = await createRouted(seed);
    const random = new SeededRandom(seed).fork('work');
    cluster.refusals = seed % 3 === 0 ? 0 : 10;
    for (let round = 0; round < 60; round++) {
      if (random.below(4) === 0)
        cluster.split(regionKey(random.below(3) === 0 ? RAW_SPACE : ROW_SPACE, name(random.below(100))));
      if (random.below(3) === 0) cluster.moveLeader();
      const txn = await routed.begin({ pessimistic: random.below(2) === 0 });
      const keys = Array.from({ length: 1 + random.below(8) }, () => name(random.below(100)));
      if (txn.pessimistic) {
        const outcome = await txn.lockKeys(keys, {
          waitMs: 1000,
          forUpdateTs: await routed.timestamp(),
          returnValues: true,
        });
        assert.equal(outcome.kind, 'locked');
      }
      for (const key of keys)
        if (random.below(4) === 0) txn.delete(key);
        else txn.put(key, utf8(`v${round}`));
      await txn.commit();
      const writes: RawWrite[] = keys.map((key) => ({ kind: 'put', key, value: utf8(`r${round}`) }));
      await routed.raw.putMany(writes as never);
      if (random.below(5) === 0)
        await routed.raw.deleteRange({ lower: name(random.below(50)), upper: name(50 + random.below(50)) });

      const ts = await routed.timestamp();
      const low = random.below(100);
      const range: KeyRange = {
        lower: name(low),
        upper: random.below(2) === 0 ? NOTHING : name(low + 1 + random.below(60)),
      };
      const options = { reverse: random.below(2) === 0, limit: 1 + random.below(40), long: random.below(2) === 0 };
      assert.deepEqual(
        await all(routed.snapshot(ts).scan(range, options)),
        await all(plain.snapshot(ts).scan(range, options)),
      );
      assert.deepEqual(await all(routed.raw.scan(range, options)), await all(plain.raw.scan(range, options)));
      assert.deepEqual(await routed.snapshot(ts).getMany(keys), await plain.snapshot(ts).getMany(keys));
      assert.deepEqual(await routed.raw.getMany(keys), await plain.raw.getMany(keys));
      assert.deepEqual(await routed.snapshot(ts).get(keys[0]!), await plain.snapshot(ts).get(keys[0]!));
    }
    assert(cluster.regions.length > 3 && cluster.calls > 500);
    await routed.close();
    await plain.close();
  });
}

test('concurrent transfers over moving regions keep the total', async () => {
  const { cluster, routed, plain } = await createRouted(77);
  const random = new SeededRandom(7);
  const setup = await routed.begin({ pessimistic: false });
  for (let n = 0; n < 20; n++) setup.put(name(n), utf8('100'));
  await setup.commit();
  for (let n = 3; n < 20; n += 3) cluster.split(regionKey(ROW_SPACE, name(n)));
  cluster.refusals = 15;
  let done = 0;
  const client = async (pessimistic: boolean): Promise<void> => {
    for (let round = 0; round < 25; round++) {
      if (random.below(4) === 0) cluster.moveLeader();
      const [from, to] = [name(random.below(20)), name(random.below(20))];
      if (compareBytes(from, to) === 0) continue;
      const txn = await routed.begin({ pessimistic });
      try {
        if (pessimistic) {
          const ts = await routed.timestamp();
          const locked = await txn.lockKeys([from, to], { waitMs: 2000, forUpdateTs: ts, returnValues: false });
          if (locked.kind !== 'locked') {
            await txn.rollback();
            continue;
          }
          txn.setReadTs(ts);
        }
        const amount = 1 + random.below(10);
        txn.put(from, utf8(String(Number(fromUtf8((await txn.get(from))!)) - amount)));
        txn.put(to, utf8(String(Number(fromUtf8((await txn.get(to))!)) + amount)));
        await txn.commit();
        done++;
      } catch (error) {
        assert(error instanceof RutileError, String(error));
        assert(['kv.write-conflict', 'kv.locked', 'kv.undetermined'].includes(error.code), error.message);
        await txn.rollback();
      }
    }
  };
  await Promise.all([client(true), client(false), client(true), client(false)]);
  const rows = await all(plain.snapshot(await plain.timestamp()).scan({ lower: NOTHING, upper: NOTHING }));
  assert.equal(rows.reduce((sum, row) => sum + Number(row.split('=')[1]), 0), 2000); // prettier-ignore
  assert(done > 20, `${done} transfers`);
  await routed.close();
  await plain.close();
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

/**
 * For tests of the router and of what it speaks to: a cluster made of one real store, and two ways to work on it.
 *
 * `FakeCluster` holds every call to the region, the epoch and the leader it names; regions split and leaders move all the time. `compareWork`
 * does the same through the router and on the bare store and wants the same answers; `transferMoney` has clients move amounts between rows
 * and wants the sum to stay.
 */
import assert from 'node:assert/strict';
import { compareBytes, fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import type { Random } from '../../../base/world.ts';
import type { RawWrite } from '../../../proto/kv/command.ts';
import { checkBounds, holdsKey, RAW_SPACE, type RegionDescriptor, regionKey, ROW_SPACE, type Space } from '../../../proto/kv/region.ts'; // prettier-ignore
import type { KeyRange, KvClient, Scanner } from '../client.ts';
import type { RegionRef, RegionStorePort } from '../region-store.ts';
import type { StorePort, StoreScanner } from '../store-port.ts';
import { keysOfCommand } from './split-command.ts';

const NOTHING = new Uint8Array(0);
const PEERS = [1, 2, 3].map((storeId) => ({ id: storeId * 10, storeId, role: 'voter' as const }));

export class FakeCluster {
  regions: RegionDescriptor[] = [
    { id: 1, lower: NOTHING, upper: NOTHING, epoch: { confVersion: 1, version: 1 }, peers: PEERS },
  ];
  readonly leaders = new Map<number, number>([[1, 1]]);
  /** Chance of one call to be refused for nothing, in percent. */
  refusals = 0;
  refusalCodes: readonly string[] = ['kv.not-leader', 'kv.no-region', 'kv.unreachable', 'kv.epoch'];
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

  byKey(key: Uint8Array): RegionDescriptor | undefined {
    return this.regions.find(({ lower, upper }) => compareBytes(lower, key) <= 0 && (upper.length === 0 || compareBytes(key, upper) < 0)); // prettier-ignore
  }

  below(key: Uint8Array): RegionDescriptor | undefined {
    return this.regions.find(({ lower, upper }) => (key.length === 0 || compareBytes(lower, key) < 0) && (upper.length === 0 || (key.length > 0 && compareBytes(key, upper) <= 0))); // prettier-ignore
  }

  in(lower: Uint8Array, upper: Uint8Array, limit: number) {
    const inside = this.regions.filter((one) => (one.upper.length === 0 || compareBytes(lower, one.upper) < 0) && (upper.length === 0 || compareBytes(one.lower, upper) < 0)); // prettier-ignore
    return inside.slice(0, limit).map((one) => this.found(one)!);
  }

  check(storeId: number, ref: RegionRef, space: Space, keys: readonly Uint8Array[], upper?: Uint8Array): void {
    this.calls++;
    if (this.random.below(100) < this.refusals) {
      const code = this.refusalCodes[this.random.below(this.refusalCodes.length)]!;
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

export async function allRows(scanner: Scanner): Promise<string[]> {
  const found: string[] = [];
  for (let batch = await scanner.next(7); batch !== undefined; batch = await scanner.next(7))
    for (let i = 0; i < batch.count; i++)
      found.push(`${fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i]))}=${fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i]))}`); // prettier-ignore
  return found;
}

export const rowName = (n: number): Uint8Array => utf8(`k${String(n).padStart(3, '0')}`);

interface Sides {
  readonly cluster: FakeCluster;
  readonly routed: KvClient;
  readonly plain: KvClient;
}

export async function compareWork({ cluster, routed, plain }: Sides, seed: number, rounds: number): Promise<void> {
  const random = new SeededRandom(seed).fork('work');
  for (let round = 0; round < rounds; round++) {
    if (random.below(4) === 0)
      cluster.split(regionKey(random.below(3) === 0 ? RAW_SPACE : ROW_SPACE, rowName(random.below(100))));
    if (random.below(3) === 0) cluster.moveLeader();
    const txn = await routed.begin({ pessimistic: random.below(2) === 0 });
    const keys = Array.from({ length: 1 + random.below(8) }, () => rowName(random.below(100)));
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
      await routed.raw.deleteRange({ lower: rowName(random.below(50)), upper: rowName(50 + random.below(50)) });

    const ts = await routed.timestamp();
    const low = random.below(100);
    const range: KeyRange = {
      lower: rowName(low),
      upper: random.below(2) === 0 ? NOTHING : rowName(low + 1 + random.below(60)),
    };
    const options = { reverse: random.below(2) === 0, limit: 1 + random.below(40), long: random.below(2) === 0 };
    assert.deepEqual(
      await allRows(routed.snapshot(ts).scan(range, options)),
      await allRows(plain.snapshot(ts).scan(range, options)),
    );
    assert.deepEqual(await allRows(routed.raw.scan(range, options)), await allRows(plain.raw.scan(range, options)));
    assert.deepEqual(await routed.snapshot(ts).getMany(keys), await plain.snapshot(ts).getMany(keys));
    assert.deepEqual(await routed.raw.getMany(keys), await plain.raw.getMany(keys));
    assert.deepEqual(await routed.snapshot(ts).get(keys[0]!), await plain.snapshot(ts).get(keys[0]!));
  }
}

/** Resolves to how many transfers went through. */
export async function transferMoney({ cluster, routed, plain }: Sides, rounds: number): Promise<number> {
  const random = new SeededRandom(7);
  const setup = await routed.begin({ pessimistic: false });
  for (let n = 0; n < 20; n++) setup.put(rowName(n), utf8('100'));
  await setup.commit();
  for (let n = 3; n < 20; n += 3) cluster.split(regionKey(ROW_SPACE, rowName(n)));
  cluster.refusals = 15;
  let done = 0;
  const client = async (pessimistic: boolean): Promise<void> => {
    for (let round = 0; round < rounds; round++) {
      if (random.below(4) === 0) cluster.moveLeader();
      const [from, to] = [rowName(random.below(20)), rowName(random.below(20))];
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
  const rows = await allRows(plain.snapshot(await plain.timestamp()).scan({ lower: NOTHING, upper: NOTHING }));
  assert.equal(rows.reduce((sum, row) => sum + Number(row.split('=')[1]), 0), 2000); // prettier-ignore
  return done;
}

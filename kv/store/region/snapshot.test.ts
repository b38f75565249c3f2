/** A region's state through chunks into another engine: the same pairs, and nothing of its neighbours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, toHex, utf8 } from '../../../base/bytes.ts';
import { holdsKey, RAW_SPACE, type RegionDescriptor, regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ColumnFamily } from '../../engine/engine.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { decodeHistoryKey, encodeLock, historyKey, type Lock } from '../../mvcc/index.ts';
import { Simulation } from '../../../base/sim/index.ts';
import { CountingOracle } from '../../client/testing.ts';
import { SegmentLog } from '../../log/index.ts';
import { Store } from '../store.ts';
import { readRegionApplied, readRegionStates } from './region-states.ts';
import { beginFilling, clearRegion, endFilling, fill, removeRegion, SnapshotMaker } from './snapshot.ts';
import { StagingWriter } from './staging.ts';

const FAMILIES: readonly ColumnFamily[] = ['latest', 'history', 'lock', 'raw'];

function pairsOf(engine: MemoryEngine, region: RegionDescriptor, inside: boolean): string[] {
  const found: string[] = [];
  for (const family of FAMILIES) {
    const pairs = engine.iterator(family, { lower: undefined, upper: undefined }).next(1_000_000);
    pairs.keys.forEach((key, i) => {
      const plain = family === 'history' ? decodeHistoryKey(key).key : key;
      if (holdsKey(region, family === 'raw' ? RAW_SPACE : ROW_SPACE, plain) === inside)
        found.push(`${family} ${toHex(key)} ${toHex(pairs.values[i]!)}`);
    });
  }
  return found;
}

const name = fc.uint8Array({ minLength: 1, maxLength: 10 });
const place = fc.oneof(
  fc.constant(new Uint8Array(0)),
  fc.tuple(fc.constantFrom(RAW_SPACE, ROW_SPACE), name).map(([space, key]) => regionKey(space, key)),
);

test('what a snapshot carries is the region, whole, and nothing else; filling leaves the neighbours alone', async () => {
  const pair = fc.tuple(fc.constantFrom(...FAMILIES), name, fc.uint8Array({ maxLength: 20 }), fc.bigInt(1n, 1n << 60n));
  const world = fc.array(pair, { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(world, world, place, place, async (here, there, lower, upper) => {
      fc.pre(upper.length === 0 || compareBytes(lower, upper) < 0);
      const region: RegionDescriptor = { id: 5, lower, upper, epoch: { confVersion: 1, version: 1 }, peers: [] };
      const load = (pairs: typeof here): MemoryEngine => {
        const engine = new MemoryEngine();
        const batch = engine.batch();
        for (const [family, key, value, ts] of pairs) batch.put(family, family === 'history' ? historyKey(key, ts, 0) : key, value); // prettier-ignore
        engine.write(batch);
        return engine;
      };
      const [source, target] = [load(here), load(there)];
      const neighbours = pairsOf(target, region, false);
      const maker = new SnapshotMaker(source, region, 1000);
      // Written after the picture was taken: not in it.
      const late = source.batch();
      late.put('latest', utf8('zz'), utf8('late'));
      const expected = pairsOf(source, region, true);
      source.write(late);
      beginFilling(target, region);
      assert.equal(readRegionStates(target)[0]!.state, 'filling');
      for (let chunk = await maker.next(); chunk !== undefined; chunk = await maker.next()) fill(target, region, chunk);
      maker.close();
      endFilling(target, region, 9, 3);
      assert.deepEqual(pairsOf(target, region, true), expected);
      assert.deepEqual(pairsOf(target, region, false), neighbours);
      assert.equal(readRegionStates(target)[0]!.state, 'normal');
      assert.deepEqual(readRegionApplied(target, 5), { index: 9, term: 3 });
      removeRegion(target, region);
      assert.deepEqual(pairsOf(target, region, true), []);
      assert.deepEqual(pairsOf(target, region, false), neighbours);
      assert.equal(readRegionStates(target)[0]!.state, 'gone');
    }),
    { seed: 4, numRuns: 150 },
  );
});

test('a chunk that is cut or no chunk at all is refused, and nothing of it is written', () => {
  const engine = new MemoryEngine();
  const region: RegionDescriptor = { id: 5, lower: utf8('x'), upper: new Uint8Array(0), epoch: { confVersion: 1, version: 1 }, peers: [] }; // prettier-ignore
  const good = new Uint8Array([0, 0, 0, 0, 1, 65, 0, 0, 0, 1, 66]);
  for (const bad of [
    good.slice(0, 10),
    good.slice(0, 3),
    new Uint8Array([9, ...good.slice(1)]),
    new Uint8Array([3, ...good.slice(1)]),
    new Uint8Array([0, 0, 0, 0, 0]),
  ])
    // prettier-ignore
    assert.throws(() => fill(engine, region, bad), { code: 'kv.corrupt' });
  assert.equal(engine.get('latest', utf8('A')), undefined);
  fill(engine, region, good);
  assert.deepEqual(engine.get('latest', utf8('A')), utf8('B'));
  clearRegion(engine, region);
  assert.equal(engine.get('latest', utf8('A')), undefined);
});

test('a region that a crash left half filled is whole when the store opens, with its locks', async () => {
  const region: RegionDescriptor = { id: 5, lower: new Uint8Array(0), upper: new Uint8Array(0), epoch: { confVersion: 1, version: 1 }, peers: [{ id: 6, storeId: 1, role: 'voter' }] }; // prettier-ignore
  const lock: Lock = { kind: 'put', startTs: 7n, ttlMs: 1000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, primary: utf8('k'), value: utf8('v') }; // prettier-ignore
  const source = new MemoryEngine();
  const batch = source.batch();
  batch.put('lock', utf8('k'), encodeLock(lock));
  source.write(batch);
  const simulation = new Simulation({ seed: 1 });
  const world = simulation.node('store');
  const engine = new MemoryEngine();
  const opened = (async () => {
    const writer = await StagingWriter.create(world.disk, 'snapshots', { index: 9, term: 6, region });
    const maker = new SnapshotMaker(source, region, 1000);
    for (let chunk = await maker.next(); chunk !== undefined; chunk = await maker.next()) await writer.write(chunk);
    maker.close();
    await writer.finish();
    beginFilling(engine, region);
    const log = await SegmentLog.open(world, { folder: 'log', segmentSizeBytes: 65_536, groupSizeBytesMax: 8192 });
    const entries = Array.from({ length: 8 }, (_, i) => ({ index: i + 1, term: 6, data: new Uint8Array(0) }));
    await log.append({ regionId: 5, entries, state: { term: 6, vote: 0, commit: 8 } });
    return Store.open({ engine, log, timestamps: new CountingOracle(world), world, firstRegion: 'none' }); // prettier-ignore
  })();
  const store = await simulation.time.runFor(opened, 60_000);
  assert.equal(store.locks.state(utf8('k'))?.lock?.startTs, 7n);
});

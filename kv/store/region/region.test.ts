/** Region states on disk, admin entries in the log: round trips and refusals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { MemoryEngine } from '../../engine/memory.ts';
import { decodeAdminEntry, encodeAdminEntry, isAdminEntry, type SplitEntry, splitRegion } from './admin-entry.ts';
import { createMemoryKv, createTestWorld, MemoryLog } from '../../client/testing.ts';
import {
  appliedKey,
  dropRegionState,
  putApplied,
  putRegionState,
  readRegionApplied,
  readRegionStates,
} from './region-states.ts';

const REGION: RegionDescriptor = {
  id: 7,
  lower: utf8('xa'),
  upper: new Uint8Array(0),
  epoch: { confVersion: 3, version: 5 },
  peers: [
    { id: 8, storeId: 1, role: 'voter' },
    { id: 9, storeId: 2, role: 'learner' },
  ],
};
const SPLIT: SplitEntry = { kind: 'split', at: utf8('xm'), newRegionId: 20, newPeerIds: [21, 22], share: 1 };

test('states and applied indexes of regions come back after a restart', () => {
  const engine = new MemoryEngine();
  const batch = engine.batch();
  putRegionState(batch, { state: 'normal', region: REGION });
  putRegionState(batch, { state: 'filling', region: { ...REGION, id: 3 } });
  putApplied(batch, 7, 2 ** 40, 12);
  engine.write(batch);
  assert.deepEqual(readRegionStates(engine), [
    { state: 'filling', region: { ...REGION, id: 3 } },
    { state: 'normal', region: REGION },
  ]);
  assert.deepEqual(readRegionApplied(engine, 7), { index: 2 ** 40, term: 12 });
  assert.equal(readRegionApplied(engine, 3), undefined);
  const drop = engine.batch();
  dropRegionState(drop, 7);
  engine.write(drop);
  assert.equal(readRegionStates(engine).length, 1);
  assert.equal(readRegionApplied(engine, 7), undefined);
});

test('a damaged or newer state is an error that says so', () => {
  const engine = new MemoryEngine();
  const batch = engine.batch();
  putRegionState(batch, { state: 'normal', region: REGION });
  engine.write(batch);
  const key = new Uint8Array([0x72, 0, 0, 0, 0, 0, 0, 0, 7]);
  const whole = engine.get('meta', key)!;
  const put = (value: Uint8Array): void => {
    const change = engine.batch();
    change.put('meta', key, value);
    engine.write(change);
  };
  put(whole.slice(0, 12));
  assert.throws(() => readRegionStates(engine), { code: 'kv.corrupt' });
  put(new Uint8Array([9, ...whole.slice(1)]));
  assert.throws(() => readRegionStates(engine), { code: 'kv.newer-format' });
});

test('a split comes back from the log and makes two regions that meet', () => {
  const bytes = encodeAdminEntry(SPLIT);
  assert(isAdminEntry(bytes));
  assert.deepEqual(decodeAdminEntry(bytes), SPLIT);
  const check = 2 ** 47 + 5;
  for (const entry of [
    { kind: 'hash', check },
    { kind: 'verify', check, crc: 0xfedcba98, pairs: 7, sizeBytes: 2 ** 40 },
  ] as const)
    assert.deepEqual(decodeAdminEntry(encodeAdminEntry(entry)), entry);
  assert.throws(() => decodeAdminEntry(encodeAdminEntry({ kind: 'hash', check }).slice(0, 9)), { code: 'kv.corrupt' });
  assert.deepEqual(
    decodeAdminEntry(bytes.slice(0, -2)),
    { ...SPLIT, share: 0.5 },
    'as it was before there was a share',
  );
  for (let size = 0; size < bytes.length; size++)
    if (size !== bytes.length - 2) assert.throws(() => decodeAdminEntry(bytes.slice(0, size)), { code: 'kv.corrupt' });
  const [left, right] = splitRegion(REGION, SPLIT);
  assert.deepEqual(left.upper, right.lower);
  assert.deepEqual([left.epoch, right.epoch], [{ confVersion: 3, version: 6 }, { confVersion: 3, version: 6 }]); // prettier-ignore
  assert.deepEqual(right.peers, [{ id: 21, storeId: 1, role: 'voter' }, { id: 22, storeId: 2, role: 'learner' }]); // prettier-ignore
});

test('a folder of the format with one region keeps its data and what it had applied', async () => {
  const world = createTestWorld();
  const [engine, log] = [new MemoryEngine(), new MemoryLog(world)];
  const before = await createMemoryKv({ world, engine, log });
  await before.raw.put(utf8('k'), utf8('v'));
  await before.store.close();
  // As the earlier format had it: no description, one applied index.
  const batch = engine.batch();
  const { region } = readRegionStates(engine)[0]!;
  const applied = engine.get('meta', appliedKey(region.id))!;
  dropRegionState(batch, region.id);
  batch.put('meta', new Uint8Array([0x61]), applied);
  batch.put('meta', new Uint8Array([0x66]), new Uint8Array([1]));
  engine.write(batch);
  const after = await createMemoryKv({ world, engine, log });
  assert.equal(after.store.counters.replayedEntries, 0);
  assert.deepEqual(await after.raw.get(utf8('k')), utf8('v'));
  assert.deepEqual(engine.get('meta', new Uint8Array([0x66])), new Uint8Array([2]));
  assert.equal(engine.get('meta', new Uint8Array([0x61])), undefined);
  await after.store.close();
});

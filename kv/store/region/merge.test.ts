/** Two regions become one: data, locks and clients go along, a crash at any moment leaves one region or two, and nothing that was acknowledged is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { KvClient } from '../../client/index.ts';
import { StoreGroup } from '../testing/store-group.ts';
import { type AdminEntry, decodeAdminEntry, encodeAdminEntry } from './admin-entry.ts';
import { readRegionState } from './region-states.ts';

const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(3, '0')}`);
const place = (n: number): Uint8Array => regionKey(ROW_SPACE, name(n));

async function put(client: KvClient, from: number, to: number, value: string): Promise<void> {
  const txn = await client.begin({ pessimistic: false });
  for (let n = from; n < to; n++) txn.put(name(n), utf8(value));
  await txn.commit();
}

async function values(client: KvClient): Promise<string> {
  let found = '';
  const scanner = client.snapshot(await client.timestamp()).scan({ lower: new Uint8Array(0), upper: new Uint8Array(0) }); // prettier-ignore
  for (let batch = await scanner.next(50); batch !== undefined; batch = await scanner.next(50))
    for (let i = 0; i < batch.count; i++)
      found += fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i]));
  return found;
}

/** Three stores; region 1 below k030, region 7 from there on, 60 keys. */
async function twoRegions(seed: number): Promise<{ group: StoreGroup; client: KvClient }> {
  const group = new StoreGroup(seed);
  await group.open(3);
  const client = group.client();
  for (const storeId of [2, 3]) {
    const leader = await group.untilLed(1);
    await group.settle(group.store(leader).addPeer(1, { id: 1000 + storeId, storeId, role: 'voter' }));
  }
  await group.settle(group.store(await group.untilLed(1)).split(1, place(30), 7, [71, 72, 73]));
  await group.untilLed(7);
  await group.settle(put(client, 0, 60, 'a'));
  await group.pass(1000);
  return { group, client };
}

/** Asks whoever leads until it is done or `done` says so. */
async function merge(group: StoreGroup, sourceId: number, targetId: number): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    const leader = await group.untilLed(sourceId);
    const outcome = await group.settle(
      group
        .store(leader)
        .regionsHere.merger.merge(sourceId, targetId)
        .then(
          () => 'merged',
          (error: { code: string }) => error.code,
        ),
    );
    if (outcome === 'merged') return;
    assert(['kv.busy', 'kv.not-leader'].includes(outcome), outcome);
    await group.pass(300);
  }
  throw new Error('the regions were not merged');
}

function ids(group: StoreGroup, storeId: number): number[] {
  return group.store(storeId).regions().map(({ id }) => id); // prettier-ignore
}

test('entries of a merge come back as they went', () => {
  const source: RegionDescriptor = { id: 9, lower: utf8('a'), upper: utf8('b'), epoch: { confVersion: 3, version: 8 }, peers: [{ id: 4, storeId: 2, role: 'learner' }] }; // prettier-ignore
  const entries: AdminEntry[] = [
    { kind: 'prepare-merge', targetId: 4, version: 5, confVersion: 6 },
    { kind: 'rollback-merge', index: 70 },
    { kind: 'commit-merge', givesUp: false, version: 5, confVersion: 6, index: 70, term: 2, source },
    { kind: 'commit-merge', givesUp: true, version: 5, confVersion: 6, index: 70, term: 2, source },
  ];
  for (const entry of entries) assert.deepEqual(decodeAdminEntry(encodeAdminEntry(entry)), entry);
});

for (const [sourceId, targetId] of [
  [7, 1],
  [1, 7],
] as const)
  // prettier-ignore
  test(`region ${sourceId} becomes part of ${targetId} on every store, and clients go on`, async () => {
    const { group, client } = await twoRegions(10 + sourceId);
    await group.settle(merge(group, sourceId, targetId));
    await group.pass(1500);
    for (const id of [1, 2, 3]) {
      assert.deepEqual(ids(group, id), [targetId], `store ${id}`);
      const region = group.store(id).regions()[0]!;
      assert.deepEqual([region.lower.length, region.upper.length], [0, 0]);
      assert.equal(readRegionState(group.members.get(id)!.engine, sourceId)!.state, 'merged');
    }
    assert.equal(await group.settle(values(client)), 'a'.repeat(60));
    await group.settle(put(client, 20, 40, 'b'));
    assert.equal(await group.settle(values(client)), 'a'.repeat(20) + 'b'.repeat(20) + 'a'.repeat(20));
    // It splits again, also where it was joined, and merges again.
    await group.settle(group.store(await group.untilLed(targetId)).split(targetId, place(30), 8, [81, 82, 83]));
    await group.untilLed(8);
    await group.settle(merge(group, targetId, 8));
    await group.pass(1000);
    for (const id of [1, 2, 3]) assert.deepEqual(ids(group, id), [8]);
    assert.equal(await group.settle(values(client)), 'a'.repeat(20) + 'b'.repeat(20) + 'a'.repeat(20));
    for (const id of [1, 2, 3]) {
      group.crash(id);
      await group.start(id);
    }
    assert.equal(await group.settle(values(client)), 'a'.repeat(20) + 'b'.repeat(20) + 'a'.repeat(20));
  });

test('whoever comes with the region that is gone is told where its keys are', async () => {
  const { group } = await twoRegions(4);
  const old = group.store(1).regions().find(({ id }) => id === 7)!; // prettier-ignore
  await group.settle(merge(group, 7, 1));
  await group.pass(500);
  const leader = await group.untilLed(1);
  const ref = { id: 7, version: old.epoch.version, confVersion: old.epoch.confVersion };
  await assert.rejects(async () => group.store(leader).gate.get(ref, name(40), { ts: 1n << 50n } as never, undefined), (error: { code: string; fields: { regions: RegionDescriptor[] } }) => error.code === 'kv.epoch' && error.fields.regions[0]!.id === 1); // prettier-ignore
});

test('what does not fit together is refused', async () => {
  const { group } = await twoRegions(5);
  const leader = await group.untilLed(7);
  const { merger } = group.store(leader).regionsHere;
  await assert.rejects(group.settle(merger.merge(99, 1)), { code: 'kv.no-region' });
  await assert.rejects(group.settle(merger.merge(7, 99)), { code: 'kv.epoch' });
  await assert.rejects(group.settle(merger.merge(7, 7)), { code: 'kv.epoch' });
  const follower = [1, 2, 3].find((id) => id !== leader)!;
  await assert.rejects(group.settle(group.store(follower).regionsHere.merger.merge(7, 1)), { code: 'kv.not-leader' });
  // Members on other stores.
  const leader1 = await group.untilLed(1);
  const gone = [1, 2, 3].find((id) => id !== leader1 && id !== leader)!;
  const { peers } = group.store(leader1).regions().find(({ id }) => id === 1)!; // prettier-ignore
  await group.settle(group.store(leader1).removePeer(1, peers.find(({ storeId }) => storeId === gone)!.id));
  await assert.rejects(group.settle(merger.merge(7, 1)), { code: 'kv.epoch' });
});

test('with a member that cannot be reached a merge is taken back, and both serve', async () => {
  const { group, client } = await twoRegions(6);
  const leader = await group.untilLed(7);
  for (let turn = 0; turn < 20 && group.leaderOf(1) !== group.leaderOf(7); turn++) {
    const { peers } = group.store(1).regions().find(({ id }) => id === 7)!; // prettier-ignore
    const to = peers.find(({ storeId }) => storeId === group.leaderOf(1));
    if (to !== undefined) group.store(await group.untilLed(7)).regionsHere.transferLeader(7, to.id);
    await group.pass(300);
  }
  const both = await group.untilLed(7);
  assert.equal(both, group.leaderOf(1), `was ${leader}`);
  group.crash(both === 3 ? 2 : 3);
  const { time } = group.simulation;
  const beganMs = time.nowMs;
  const outcome = group.store(both).regionsHere.merger.merge(7, 1).then(() => 'merged', (error: { code: string }) => error.code); // prettier-ignore
  assert.equal(await group.settle(outcome), 'kv.busy');
  assert(time.nowMs - beganMs < 1500, `region 7 served nobody for ${time.nowMs - beganMs} ms`);
  await group.settle(put(client, 0, 60, 'c'));
  // One that is known to be away is not even begun.
  await group.pass(1000);
  await group.settle(assert.rejects(group.store(both).regionsHere.merger.merge(7, 1), { code: 'kv.busy' }));
  assert.equal(group.store(both).regionsHere.peers.get(7)?.merging, undefined);
  await group.start(both === 3 ? 2 : 3);
  await group.pass(1000);
  await group.settle(merge(group, 7, 1));
  await group.pass(2000);
  for (const id of [1, 2, 3]) assert.deepEqual(ids(group, id), [1]);
  assert.equal(await group.settle(values(client)), 'c'.repeat(60));
});

test('a store that slept through the merge, and what came after it, gets the whole by snapshot', async () => {
  const { group, client } = await twoRegions(7);
  const both = await group.untilLed(1);
  const late = both === 3 ? 2 : 3;
  // It has the prepare, and nothing that comes after: the target's commit does not reach it.
  const { merger } = group.store(await group.untilLed(7)).regionsHere;
  void merger.merge(7, 1).catch(() => undefined);
  for (let turn = 0; turn < 3000 && group.store(late).regions().length === 2 && group.leaderOf(7) !== undefined; turn++) await group.pass(1); // prettier-ignore
  group.crash(late);
  await group.pass(4000);
  const leader = await group.untilLed(1);
  if (group.store(leader).regions().length === 2) await group.settle(merge(group, 7, 1).catch(() => undefined));
  for (let round = 0; round < 5; round++) await group.settle(put(client, 0, 60, String(round)));
  if (group.store(leader).regions().length === 1) await group.settle(group.store(await group.untilLed(1)).split(1, place(30), 9, [91, 92, 93])); // prettier-ignore
  await group.start(late);
  await group.pass(8000);
  const expected = ids(group, await group.untilLed(1));
  assert.deepEqual(ids(group, late), expected);
  assert.equal(await group.settle(values(client)), '4'.repeat(60));
});

test('a crash of any store at any step leaves one region or two, whole', async () => {
  const steps = Array.from({ length: 24 }, (_, i) => i);
  for (const step of steps) {
    const { group, client } = await twoRegions(100 + step);
    const leader = await group.untilLed(7);
    const victim = [leader, await group.untilLed(1), (leader % 3) + 1][step % 3]!;
    void group
      .store(leader)
      .regionsHere.merger.merge(7, 1)
      .catch(() => undefined);
    await group.pass(300 + step * 2);
    void group
      .store(group.leaderOf(7) ?? leader)
      .regionsHere.merger.merge(7, 1)
      .catch(() => undefined);
    await group.pass(step);
    group.crash(victim);
    await group.pass(step % 2 === 0 ? 10 : 6000);
    await group.start(victim);
    await group.pass(8000);
    assert.equal(await group.settle(values(client)), 'a'.repeat(60), `step ${step}`);
    if (ids(group, await group.untilLed(1)).length === 2) await group.settle(merge(group, 7, 1));
    await group.pass(1500);
    for (const id of [1, 2, 3]) assert.deepEqual(ids(group, id), [1], `step ${step}, store ${id}`);
    await group.settle(put(client, 0, 60, 'b'));
    assert.equal(await group.settle(values(client)), 'b'.repeat(60), `step ${step}`);
  }
});

/** Regions over several stores: members come and go, leaders change, splits and snapshots, and nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { KvClient } from '../../client/index.ts';
import { RAFT_TIMING } from '../raft-consensus.ts';
import { StoreGroup } from '../testing/store-group.ts';

const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(3, '0')}`);

async function put(client: KvClient, from: number, to: number, value: string): Promise<void> {
  const txn = await client.begin({ pessimistic: false });
  for (let n = from; n < to; n++) txn.put(name(n), utf8(value));
  await txn.commit();
}

async function values(client: KvClient): Promise<string[]> {
  const found: string[] = [];
  const scanner = client
    .snapshot(await client.timestamp())
    .scan({ lower: new Uint8Array(0), upper: new Uint8Array(0) });
  for (let batch = await scanner.next(50); batch !== undefined; batch = await scanner.next(50))
    for (let i = 0; i < batch.count; i++)
      found.push(fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])));
  return found;
}

async function grow(group: StoreGroup, regionId: number, stores: readonly number[]): Promise<void> {
  for (const storeId of stores) {
    const leader = await group.untilLed(regionId);
    await group.settle(
      group.store(leader).addPeer(regionId, { id: 1000 * regionId + storeId, storeId, role: 'voter' }),
    );
  }
}

test('a region grows from one store to three by snapshots, splits, and outlives its leader', async () => {
  const group = new StoreGroup(1);
  await group.open(3);
  const client = group.client();
  await group.settle(put(client, 0, 50, 'a'));
  await grow(group, 1, [2, 3]);
  await group.pass(2000);
  for (const id of [1, 2, 3]) assert.equal(group.store(id).regions()[0]!.peers.length, 3, `store ${id}`);
  await group.settle(put(client, 20, 70, 'b'));
  await group.settle(group.store(await group.untilLed(1)).split(1, regionKey(ROW_SPACE, name(30)), 7, [71, 72, 73]));
  await group.untilLed(7);
  await group.settle(put(client, 25, 35, 'c'));
  await group.pass(500);
  for (const id of [2, 3]) assert.equal(group.store(id).regions().length, 2, `store ${id}`);
  const before = await group.settle(values(client));
  assert.equal(before.join(''), 'a'.repeat(20) + 'b'.repeat(5) + 'c'.repeat(10) + 'b'.repeat(35));

  const dead = await group.untilLed(1);
  group.members.get(dead)!.isUp = false;
  await group.pass(5000);
  assert.notEqual(await group.untilLed(1), dead);
  await group.untilLed(7);
  assert.deepEqual(await group.settle(values(client)), before);
  await group.settle(put(client, 0, 70, 'd'));
  assert.equal((await group.settle(values(client))).join(''), 'd'.repeat(70));
  await group.settle(client.raw.put(utf8('r'), utf8('1')));
  assert.equal(fromUtf8((await group.settle(Promise.resolve(client.raw.get(utf8('r')))))!), '1');
});

test('a region that a split made is led at once: votes asked for before a follower has applied the split wait there', async () => {
  const group = new StoreGroup(4);
  await group.open(3);
  await group.settle(put(group.client(), 0, 50, 'a'));
  await grow(group, 1, [2, 3]);
  await group.pass(2000);
  // One after the other, so that some of the requests come before what they follow from.
  for (let i = 0; i < 8; i++) {
    const leader = group.store(await group.untilLed(1));
    const id = 100 + 10 * i;
    await group.settle(leader.split(1, regionKey(ROW_SPACE, name(45 - 5 * i)), id, [id + 1, id + 2, id + 3]));
    await group.pass(RAFT_TIMING.tickMs * 3);
    const isLed = [1, 2, 3].some((one) => group.store(one).regionsHere.peers.get(id)?.serves === true);
    assert(isLed, `region ${id}, three ticks after the split`);
  }
});

test('a split takes no lock from anybody; a new leader knows none', async () => {
  const group = new StoreGroup(5);
  await group.open(3);
  const client = group.client();
  await group.settle(put(client, 0, 50, 'a'));
  await grow(group, 1, [2, 3]);
  await group.pass(2000);
  const lock = async (n: number) => {
    const txn = await client.begin({ pessimistic: true });
    const outcome = await txn.lockKeys([name(n)], { forUpdateTs: txn.startTs, waitMs: 0 });
    return { txn, kind: outcome.kind };
  };
  const held = [];
  for (const n of [5, 20, 40]) held.push(await group.settle(lock(n)));
  for (const [i, at] of [30, 10].entries()) {
    const leader = group.store(await group.untilLed(1));
    const id = 100 + 10 * i;
    await group.settle(leader.split(1, regionKey(ROW_SPACE, name(at)), id, [id + 1, id + 2, id + 3]));
    await group.untilLed(id);
  }
  for (const n of [5, 20, 40]) {
    const { txn, kind } = await group.settle(lock(n));
    assert.equal(kind, 'nowait', name(n).toString());
    await group.settle(txn.rollback());
  }
  // What was locked is given back through the new regions.
  await group.settle(held[1]!.txn.rollback());
  const again = await group.settle(lock(20));
  assert.equal(again.kind, 'locked');
  await group.settle(again.txn.rollback());
  // Region 100 has the key 40; another store takes it over.
  const old = await group.untilLed(100);
  const { consensus } = group.store(old).regionsHere.peers.get(100)!;
  group.store(old).regionsHere.transferLeader(100, consensus.progress().find(({ id }) => id !== consensus.core.id)!.id);
  await group.pass(2000);
  assert.notEqual(await group.untilLed(100), old);
  assert.equal(group.store(old).locks.anyPessimistic(name(30), undefined), false);
  await group.settle(held[0]!.txn.rollback());
});

test('a leader that is cut off serves neither reads nor writes once others may lead', async () => {
  const group = new StoreGroup(2);
  await group.open(3);
  const client = group.client();
  await group.settle(put(client, 0, 5, 'a'));
  await grow(group, 1, [2, 3]);
  const old = await group.untilLed(1);
  for (const other of [1, 2, 3].filter((id) => id !== old))
    for (const pair of [`${old}>${other}`, `${other}>${old}`]) group.cut.add(pair);
  await group.pass(6000);
  const region = group.store(old).regions()[0]!;
  const ref = { id: 1, version: region.epoch.version, confVersion: region.epoch.confVersion };
  await assert.rejects(group.settle((async () => group.store(old).gate.rawGet(ref, utf8('k')))()), {
    code: 'kv.not-leader',
  });
  await group.settle(put(client, 0, 5, 'b'));
  group.cut.clear();
  await group.pass(3000);
  assert.equal((await group.settle(values(client))).join(''), 'bbbbb');
});

test('a peer that is removed leaves nothing behind, and comes back under another name', async () => {
  const group = new StoreGroup(3);
  await group.open(3);
  const client = group.client();
  await group.settle(put(client, 0, 20, 'a'));
  await grow(group, 1, [2, 3]);
  await group.pass(1000);
  const leader = await group.untilLed(1);
  const victim = leader === 3 ? 2 : 3;
  await group.settle(group.store(leader).removePeer(1, 1000 + victim));
  await group.pass(3000);
  assert.equal(group.store(victim).regions().length, 0);
  assert.equal(group.members.get(victim)!.engine.iterator('latest', { lower: undefined, upper: undefined }).next(5).keys.length, 0); // prettier-ignore
  await group.settle(put(client, 0, 20, 'b'));
  await group.settle(group.store(leader).addPeer(1, { id: 5000, storeId: victim, role: 'voter' }));
  await group.pass(3000);
  assert.equal(group.store(victim).regions()[0]?.peers.length, 3);
  assert.equal((await group.settle(values(client))).join(''), 'b'.repeat(20));
});

/** Regions that sleep: nothing is sent for them, whatever comes wakes them, and a leader that dies in its sleep is found out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { KvClient } from '../../client/index.ts';
import { StoreGroup } from '../testing/store-group.ts';

const name = (n: number): Uint8Array => utf8(`k${n}`);

async function put(client: KvClient, key: string, value: string): Promise<void> {
  const txn = await client.begin({ pessimistic: false });
  txn.put(utf8(key), utf8(value));
  await txn.commit();
}

async function get(client: KvClient, key: string): Promise<string | undefined> {
  const found = await client.snapshot(await client.timestamp()).get(utf8(key));
  return found && fromUtf8(found);
}

/** Two regions on three stores, all asleep. */
async function sleeping(seed: number) {
  const group = new StoreGroup(seed);
  await group.open(3);
  const client = group.client();
  await group.settle(put(client, 'k1', 'a'));
  for (const storeId of [2, 3])
    await group.settle(group.store(await group.untilLed(1)).addPeer(1, { id: 10 + storeId, storeId, role: 'voter' }));
  await group.settle(group.store(await group.untilLed(1)).split(1, regionKey(ROW_SPACE, name(5)), 7, [71, 72, 73]));
  await group.untilLed(7);
  await group.settle(put(client, 'k7', 'b'));
  await group.pass(8000);
  assert.deepEqual(awake(group), [0, 0, 0]);
  // Entries of a region that nobody writes would keep whole segments of the log.
  for (const { log } of group.members.values())
    for (const region of [1, 7])
      assert.equal(log.lastIndex(region) - log.firstIndex(region) + 1, 0, `region ${region}`);
  return { group, client };
}

function awake(group: StoreGroup): number[] {
  return [1, 2, 3].map((id) => group.store(id).regionsHere.rest.awakeCount);
}

test('quiet regions sleep on all stores, with beats between stores and nothing else; reads and writes wake one', async () => {
  const { group, client } = await sleeping(1);
  const before = group.sent.size;
  await group.pass(10_000);
  const kinds = new Set([...group.sent.keys()].map((key) => key.split(' ')[0]));
  assert(kinds.has('0') && before > 0);
  const count = (region: string): number => [...group.sent].filter(([key]) => key.startsWith(`${region} `)).reduce((sum, [, n]) => sum + n, 0); // prettier-ignore
  const [ones, sevens] = [count('1'), count('7')];
  await group.pass(10_000);
  assert.deepEqual([count('1'), count('7')], [ones, sevens]);
  assert.deepEqual(awake(group), [0, 0, 0]);

  await group.settle(put(client, 'k7', 'c'));
  assert(awake(group).some((n) => n === 1) && awake(group).every((n) => n <= 1), String(awake(group)));
  assert.equal(await group.settle(get(client, 'k1')), 'a');
  assert.equal(await group.settle(get(client, 'k7')), 'c');
  await group.pass(8000);
  assert.deepEqual(awake(group), [0, 0, 0]);
});

test('a leader that dies in its sleep is noticed, and sleepers elect another', async () => {
  const { group, client } = await sleeping(2);
  const leader = await group.untilLed(7);
  group.members.get(leader)!.isUp = false;
  await group.pass(7000);
  assert.notEqual(await group.untilLed(7), leader);
  assert.equal(await group.settle(get(client, 'k7')), 'b');
  await group.settle(put(client, 'k7', 'd'));
  // Two of three: nobody sleeps while one is behind.
  await group.pass(10_000);
  assert(awake(group).some((n) => n > 0));
  assert.equal(await group.settle(get(client, 'k7')), 'd');
});

test('a member that missed the word asks for votes and is told again', async () => {
  const { group, client } = await sleeping(3);
  const leader = await group.untilLed(1);
  await group.settle(put(client, 'k1', 'x'));
  await group.pass(1000);
  const deaf = leader === 3 ? 2 : 3;
  const { term } = group.store(leader).regionsHere.peers.get(1)!.consensus;
  // Deaf for less than an election time, at the moment of the word.
  const consensus = group.store(leader).regionsHere.peers.get(1)!.consensus;
  while (consensus.quietTicks < 17) await group.pass(20);
  group.cut.add(`${leader}>${deaf}`);
  while (!consensus.asleep) await group.pass(20);
  await group.pass(50);
  group.cut.clear();
  await group.pass(12_000);
  assert.deepEqual(awake(group), [0, 0, 0]);
  assert.equal(await group.untilLed(1), leader);
  assert.equal(group.store(leader).regionsHere.peers.get(1)!.consensus.term, term, 'nobody was elected meanwhile');
  assert.equal(await group.settle(get(client, 'k1')), 'x');
});

test('a store that was started anew wakes the regions that it led', async () => {
  const { group } = await sleeping(4);
  const leader = await group.untilLed(7);
  await group.settle(group.store(leader).close());
  await group.start(leader);
  await group.pass(4000);
  await group.untilLed(7);
  assert.equal(await group.settle(get(group.client(), 'k7')), 'b');
  await group.pass(12_000);
  assert.deepEqual(awake(group), [0, 0, 0]);
});

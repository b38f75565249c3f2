/** Replicas that hold the same are left alone; one that does not is counted, whoever it is, and nothing else happens to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { StoreGroup } from '../testing/store-group.ts';

async function three(seed: number) {
  const group = new StoreGroup(seed);
  await group.open(3);
  const client = group.client();
  const fill = async (): Promise<void> => {
    const txn = await client.begin({ pessimistic: false });
    for (let n = 0; n < 600; n++) txn.put(utf8(`k${n}`), utf8(`value ${n}`));
    await txn.commit();
    const erase = await client.begin({ pessimistic: false });
    for (let n = 0; n < 50; n++) erase.delete(utf8(`k${n}`));
    await erase.commit();
    await client.raw.put(utf8('raw'), utf8('1'));
  };
  await group.settle(fill());
  for (const storeId of [2, 3])
    await group.settle(group.store(await group.untilLed(1)).addPeer(1, { id: 10 + storeId, storeId, role: 'voter' }));
  await group.pass(1000);
  const checks = [1, 2, 3].map((id) => group.store(id).regionsHere.checks);
  return { group, client, checks, leader: await group.untilLed(1) };
}

test('equal replicas are found equal, also while others write', async () => {
  const { group, client, checks, leader } = await three(1);
  for (let round = 0; round < 5; round++) {
    group.store(leader).regionsHere.checks.check(1);
    await group.settle(client.raw.put(utf8(`r${round}`), utf8('x')));
    await group.pass(500);
  }
  assert.deepEqual(checks.map(({ comparedCount }) => comparedCount), [5, 5, 5]); // prettier-ignore
  assert.deepEqual(checks.map(({ differenceCount }) => differenceCount), [0, 0, 0]); // prettier-ignore
  // What stores forget at their own time is no difference.
  group.store(leader).collectGarbage((await client.timestamp()) + 1n);
  await group.pass(500);
  group.store(leader).regionsHere.checks.check(1);
  await group.pass(500);
  assert.deepEqual(checks.map(({ differenceCount }) => differenceCount), [0, 0, 0]); // prettier-ignore
});

test('a pair that one replica lost, changed or has alone is noticed there; a schedule finds it, too', async () => {
  for (const [family, key, value] of [['raw', 'raw', 'other'], ['raw', 'mine', 'x'], ['latest', 'k100', undefined]] as const) {
    const { group, checks, leader } = await three(2);
    const victim = leader === 3 ? 2 : 3;
    const { engine } = group.members.get(victim)!;
    const batch = engine.batch();
    if (value === undefined) batch.delete(family, utf8(key));
    else batch.put(family, utf8(key), utf8(value));
    engine.write(batch);
    for (const one of checks) one.start(2000);
    await group.pass(3000);
    assert.deepEqual(
      checks.map(({ differenceCount }) => differenceCount),
      [1, 2, 3].map((id) => Number(id === victim)),
      `${family} ${key}`,
    );
    for (const one of checks) one.close();
  }
}); // prettier-ignore

test('a check is refused where the region is not led, or not there', async () => {
  const { group, leader } = await three(3);
  const other = leader === 3 ? 2 : 3;
  assert.throws(() => group.store(other).regionsHere.checks.check(1), { code: 'kv.not-leader' });
  assert.throws(() => group.store(leader).regionsHere.checks.check(9), { code: 'kv.no-region' });
});

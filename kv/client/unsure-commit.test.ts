/** A commit whose first answer was lost, and a lock that somebody else took meanwhile: it waits for the lock and finds out, instead of giving up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import type { TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { Transaction } from './client.ts';
import { LocalKvClient } from './local-client.ts';
import type { RegionRef, RegionStorePort } from './region-store.ts';
import { localRegionSource } from './routing/local-source.ts';
import { RegionRouter, ROUTER_LIMITS } from './routing/router.ts';
import { createMemoryKv, createTestWorld } from './testing.ts';

const KEY = utf8('k');

/** A client that loses the first answer to a commit. `acts`: the store got the command. `meanwhile`: right after that. */
async function losingClient(acts: boolean, meanwhile: (locker: Transaction) => Promise<void>, lockWaitMsMax = 20_000) {
  const kv = await createMemoryKv();
  const locker = await kv.begin({ pessimistic: true });
  let tries = 0;
  const execute = (ref: RegionRef, command: TxnCommand, done: (outcome: TxnOutcome) => void): void => {
    if (command.kind !== 'prewrite' || tries++ > 0) return kv.store.gate.execute(ref, command, done);
    const lost = (): void =>
      void meanwhile(locker).then(() =>
        done({ kind: 'failed', error: new RutileError('kv.unreachable', 'gone', { fields: { sent: true } }) }),
      );
    if (acts) kv.store.gate.execute(ref, command, lost);
    else lost();
  };
  const world = createTestWorld();
  const gate: RegionStorePort = new Proxy(kv.store.gate, {
    get: (target, name): unknown => {
      if (name === 'execute') return execute;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const store = new RegionRouter({
    ...ROUTER_LIMITS, world, source: localRegionSource(() => kv.store.regions(), 1), storeOf: () => gate, safePoints: kv.store,
  }); // prettier-ignore
  const timestamps = { next: () => kv.timestamp() };
  const client = new LocalKvClient({ store, timestamps, world, limits: { lockWaitMsMax } });
  return { kv, client, tries: () => tries };
}

async function lock(locker: Transaction, forUpdateTs: bigint): Promise<void> {
  const outcome = await locker.lockKeys([KEY], { waitMs: 'nowait', forUpdateTs });
  assert.equal(outcome.kind, 'locked');
}

for (const acts of [true, false])
  test(`the first try ${acts ? 'acted' : 'did not act'}: the commit is told once the lock is gone, and is there once`, async () => {
    const { kv, client, tries } = await losingClient(acts, async (locker) => {
      await lock(locker, await kv.timestamp());
      setTimeout(() => void locker.rollback(), 30);
    });
    // Optimistic commits wait this long for others; one that may have acted waits on.
    const txn = await client.begin({ pessimistic: false, commitWaitMs: 1 });
    txn.put(KEY, utf8('v'));
    const commitTs = await txn.commit();
    assert.equal(fromUtf8((await kv.snapshot(commitTs).get(KEY))!), 'v');
    assert.equal(await kv.snapshot(commitTs - 1n).get(KEY), undefined, 'committed when it says');
    assert(tries() > 1);
    await client.close();
    await kv.close();
  });

test('a lock that stays for longer than anybody waits leaves it open', async () => {
  const { kv, client } = await losingClient(true, async (locker) => lock(locker, await kv.timestamp()), 50);
  const txn = await client.begin({ pessimistic: false });
  txn.put(KEY, utf8('v'));
  await assert.rejects(txn.commit(), (error) => error instanceof RutileError && error.code === 'kv.undetermined');
  await client.close();
  await kv.close();
});

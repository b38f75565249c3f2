/** The client's end of the wire over real sockets: the router over stores and placement elsewhere, and what becomes of calls when a store goes. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import type { RutileError } from '../../base/error.ts';
import type { TxnOutcome } from '../../proto/kv/command.ts';
import { compareWork, transferMoney } from '../client/routing/testing.ts';
import { KvBatch } from '../client/client.ts';
import { LockedKey, ReadAt, type StoreReadContext } from '../client/store-port.ts';
import { createMemoryKv, createTestWorld } from '../client/testing.ts';
import { FakeCluster } from '../client/routing/testing.ts';
import { SeededRandom } from '../../base/random.ts';
import { RemotePlacement, RemoteStore, StoreConnection } from './index.ts';
import { CLUSTER_ID, createWired, openStoreServer } from './testing.ts';

const REF = { id: 1, version: 1, confVersion: 1 };
const key = utf8('k');
const NOTHING = new Uint8Array(0);

for (const seed of [1, 2, 3]) {
  test(`over the wire as on the bare store, while regions split and leaders move, seed ${seed}`, async () => {
    const sides = await createWired(seed);
    sides.cluster.refusals = seed === 3 ? 0 : 10;
    await compareWork(sides, seed, 25);
    assert(sides.cluster.regions.length > 2 && sides.cluster.calls > 200);
    await sides.close();
  });
}

test('transfers over the wire keep the total', async () => {
  const sides = await createWired(77);
  assert((await transferMoney(sides, 12)) > 10);
  await sides.close();
});

test('all calls of one turn leave in one message', async () => {
  const { stores, close } = await createWired(1, 1);
  const store = stores.get(1);
  await store.rawGet(REF, key);
  const before = store.connection.messageCount;
  await Promise.all(Array.from({ length: 100 }, () => store.rawGet(REF, key)));
  assert.equal(store.connection.messageCount - before, 1);
  await close();
});

test('values of one turn that together exceed what a message may hold, and one that is as large as a write may be', async () => {
  const { routed, close } = await createWired(1, 1);
  const names = Array.from({ length: 30 }, (_, n) => utf8(`large${n}`));
  const value = new Uint8Array(3 << 20).fill(7);
  await Promise.all(names.map((name) => routed.raw.put(name, value)));
  const found = await Promise.all(names.map((name) => routed.raw.get(name)));
  assert(found.every((one) => one?.length === value.length && one.at(-1) === 7));
  const whole = new Uint8Array(47 << 20).fill(9);
  await routed.raw.put(key, whole);
  assert(Buffer.from(whole.buffer).equals((await routed.raw.get(key))!));
  await close();
});

test('a reader is told of a lock, and of its end; a commit and a conflict come back as they are', async () => {
  const { stores, plain, placement, close } = await createWired(1, 1);
  const store = stores.get(1);
  const startTs = await placement.next();
  const execute = (command: Parameters<RemoteStore['execute']>[1]) => new Promise<TxnOutcome>((resolve) => store.execute(REF, command, resolve)); // prettier-ignore
  const prewrite = {
    kind: 'prewrite', startTs, primary: key, ttlMs: 5000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, onePhase: false, releaseKeys: undefined,
    mutations: [{ kind: 'put', key, value: utf8('v'), check: 'conflict' }],
  } as const; // prettier-ignore
  assert.deepEqual(await execute(prewrite), { kind: 'prewritten', minCommitTs: 0n });
  const at = new ReadAt(await placement.next());
  const found = await store.get(REF, key, at, undefined);
  assert(found instanceof LockedKey && found.lock.startTs === startTs);
  assert.equal(await store.get(REF, key, at, { resolved: new Set([startTs]), committed: undefined }), undefined);
  assert.equal(String(Buffer.from((await store.get(REF, key, at, { resolved: undefined, committed: new Set([startTs]) })) as Uint8Array)), 'v'); // prettier-ignore
  const unlocked = new Promise<void>((resolve) => store.whenUnlocked(REF, key, startTs, 10_000, resolve));
  const commitTs = await placement.next();
  assert.deepEqual(await execute({ kind: 'commit', startTs, commitTs, keys: [key] }), { kind: 'committed', commitTs });
  await unlocked;
  const late = await execute({ ...prewrite, startTs: startTs - 1n });
  assert(late.kind === 'write-conflict' && late.conflictCommitTs === commitTs, late.kind);
  assert.equal(String(Buffer.from((await plain.snapshot(commitTs).get(key))!)), 'v');
  await close();
});

test('a scan comes in pages, stops at a lock, and goes on behind what it gave out', async () => {
  const { stores, plain, placement, close } = await createWired(1, 1);
  const store = stores.get(1);
  const name = (n: number): string => `k${String(n).padStart(4, '0')}`;
  const txn = await plain.begin({ pessimistic: false });
  for (let n = 0; n < 1000; n++) txn.put(utf8(name(n)), utf8(String(n)));
  await txn.commit();
  const startTs = await placement.next();
  const mutations = [{ kind: 'put', key: utf8(name(500)), value: key, check: 'conflict' }] as const;
  const locked = { kind: 'prewrite', startTs, primary: utf8(name(500)), mutations, ttlMs: 5000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, onePhase: false, releaseKeys: undefined } as const; // prettier-ignore
  await new Promise((resolve) => store.execute(REF, locked, resolve));
  const at = new ReadAt(await placement.next());
  for (const reverse of [false, true])
    for (const limit of [undefined, 700]) {
      const scanner = store.scan(REF, { lower: NOTHING, upper: NOTHING }, at, { reverse, ...(limit && { limit }) });
      let context: StoreReadContext | undefined;
      const found: string[] = [];
      for (;;) {
        const batch = new KvBatch();
        const stepped = await scanner.step(batch, 77, context);
        for (let i = 0; i < batch.count; i++) found.push(String(Buffer.from(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i])))); // prettier-ignore
        if (stepped === 'end') break;
        if (!(stepped instanceof LockedKey)) continue;
        assert.equal(found.length, reverse ? 499 : 500, 'what lies before the lock was given out');
        context = { resolved: new Set([stepped.lock.startTs]), committed: undefined };
      }
      const all = Array.from({ length: 1000 }, (_, n) => name(reverse ? 999 - n : n));
      assert.deepEqual(found, all.slice(0, limit));
      scanner.close();
    }
  await close();
});

test('timestamps of one turn are one request, in order, and go on when the stream breaks', async () => {
  const { placement, close } = await createWired(1, 1);
  let last = 0n;
  for (let round = 0; round < 5; round++) {
    const group = await Promise.all(Array.from({ length: 500 }, () => placement.next()));
    for (const ts of group) {
      assert(ts > last);
      last = ts;
    }
  }
  const held = placement.next();
  (placement as unknown as { streamBroke(reason: string): void }).streamBroke('cut by the test');
  assert((await held) > last);
  await close();
  await assert.rejects(placement.next(), { code: 'kv.unreachable' });
});

test('where nobody listens, a call fails at once and was not sent; members of placement are tried in turn', async () => {
  const world = createTestWorld();
  const nobody = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
  const store = new RemoteStore({ storeId: 1, clusterId: CLUSTER_ID, world, address: () => `127.0.0.1:${nobody}` });
  const gone = (error: RutileError) => error.code === 'kv.unreachable' && error.fields['sent'] === false;
  await assert.rejects(store.rawGet(REF, key), gone);
  await assert.rejects(store.rawGet(REF, key), gone);
  store.close();
  await assert.rejects(store.rawGet(REF, key), gone);
  const unknown = new RemoteStore({ storeId: 9, clusterId: CLUSTER_ID, world, address: () => undefined });
  await assert.rejects(unknown.rawGet(REF, key), gone);
  unknown.close();

  const { placement, close } = await createWired(1, 1);
  const good = (placement as unknown as { options: { addresses: string[] } }).options.addresses[0]!;
  const both = new RemotePlacement({ addresses: [`127.0.0.1:${nobody}`, good], clusterId: CLUSTER_ID, world });
  assert((await both.next()) > 0n);
  both.close();
  await close();
});

test('a store that falls silent or goes away: sent calls say so, and it is found again when it is back', async () => {
  const plain = await createMemoryKv();
  const real = createTestWorld();
  const cluster = new FakeCluster(plain.store, new SeededRandom(1));
  const describe = (id: number) => cluster.regions.find((region) => region.id === id);
  let silent = true;
  const port = cluster.store(1);
  const deaf = {
    ...port,
    execute: (...args: Parameters<typeof port.execute>) => void (silent || port.execute(...args)),
  };
  let server = await openStoreServer(real, 1, deaf, plain, describe);
  // Time is the test's: the dead-line comes when it says so.
  let nowMs = 0;
  const sweeps: (() => void)[] = [];
  const world = {
    clock: { wallMs: () => Date.now(), monotonicMs: () => nowMs },
    timers: {
      ...real.timers,
      every: (_: number, run: () => void) => (sweeps.push(run), { cancel: () => undefined }),
    },
  };
  const connection = new StoreConnection({ storeId: 1, world, address: () => `127.0.0.1:${server.port}` });
  const context = { region_id: 1, region_epoch: { conf_ver: 1, version: 1 }, region_space: true };
  const ask = (name: string, more: object = {}) =>
    new Promise<RutileError | object>((resolve) =>
      connection.call(name, { context, ...more }, 1000, (error, answer) => resolve(error ?? answer!)),
    );
  await ask('RawGet', { key });
  const commit = ask('Commit', { start_version: 1n, commit_version: 2n, keys: [key] });
  await ask('RawGet', { key });
  nowMs = 2000;
  for (const sweep of [...sweeps]) sweep();
  const late = (await commit) as RutileError;
  assert.deepEqual([late.code, late.fields['sent']], ['kv.unreachable', true]);

  const cut = ask('Commit', { start_version: 1n, commit_version: 2n, keys: [key] });
  await ask('RawGet', { key });
  const { port: same } = server;
  await server.close(0);
  const lost = (await cut) as RutileError;
  assert.deepEqual([lost.code, lost.fields['sent']], ['kv.unreachable', true]);
  silent = false;
  server = await openStoreServer(real, 1, deaf, plain, describe, same);
  nowMs += 5000;
  const answer = (await ask('Commit', { start_version: 1n, commit_version: 2n, keys: [key] })) as { error?: object };
  assert(answer.error, 'the transaction is not there, and the store says so');
  connection.close();
  await server.close(0);
  await plain.close();
});

test('more calls than allowed are refused, not queued', async () => {
  const world = createTestWorld();
  const connection = new StoreConnection({ storeId: 1, world, address: () => new Promise(() => undefined), limits: { inFlightMax: 2 } }); // prettier-ignore
  const codes: string[] = [];
  for (let i = 0; i < 3; i++) connection.call('RawGet', {}, 1000, (error) => codes.push(error!.code));
  assert.deepEqual(codes, ['kv.busy']);
  connection.close();
  assert.deepEqual(codes, ['kv.busy', 'kv.unreachable', 'kv.unreachable']);
});

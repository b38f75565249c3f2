/** Change feeds over real stores: what is told, in which order, up to where it is resolved, and how a feed ends or goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_BYTES, fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { RutileError } from '../../../base/error.ts';
import type { TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';
import { regionKey, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ChangeFeed, ChangeFeedItem, KvClient } from '../../client/index.ts';
import { LocalKvClient, localRegionSource, RegionRouter } from '../../client/index.ts';
import type { RegionFeed, RegionFeedItem } from '../../client/feed/region-feed.ts';
import { RegionGate } from '../region/region-gate.ts';
import type { Store } from '../store.ts';
import { StoreGroup } from '../testing/store-group.ts';

const EVERYTHING = { lower: EMPTY_BYTES, upper: EMPTY_BYTES };

function show(item: ChangeFeedItem | RegionFeedItem): string {
  const text = (value: Uint8Array | undefined): string => (value === undefined ? '-' : fromUtf8(value));
  switch (item.kind) {
    case 'row':
      return `${fromUtf8(item.key)} ${text(item.oldValue)}>${text(item.value)}`;
    case 'prewrite':
      return `prewrite ${fromUtf8(item.key)} ${text(item.oldValue)}>${text(item.value)}`;
    case 'commit':
      return `commit ${fromUtf8(item.key)}${item.isDelete ? ' delete' : ''}`;
    case 'rollback':
      return `rollback ${fromUtf8(item.key)}`;
    case 'initialized':
    case 'held':
      return item.kind;
    case 'resolved':
      return 'resolved';
  }
}

async function write(group: StoreGroup, client: KvClient, pairs: Record<string, string | null>): Promise<bigint> {
  return group.settle(
    (async () => {
      const txn = await client.begin({ pessimistic: false });
      for (const [key, value] of Object.entries(pairs))
        if (value === null) txn.delete(utf8(key));
        else txn.put(utf8(key), utf8(value));
      return txn.commit();
    })(),
  );
}

/** Everything up to a resolved timestamp at or above `ts`; a feed that says nothing is out of time. */
async function until(group: StoreGroup, feed: ChangeFeed, ts: bigint): Promise<string[]> {
  const rows: string[] = [];
  let resolved = 0n;
  const newest = new Map<string, bigint>();
  while (feed.resolvedTs < ts) {
    for (const item of await group.settle(feed.next())) {
      if (item.kind === 'resolved') {
        assert(item.ts > resolved, 'a resolved timestamp grows');
        resolved = item.ts;
        continue;
      }
      assert(item.commitTs > resolved, 'nothing comes behind what is resolved');
      const key = fromUtf8(item.key);
      assert(item.commitTs > (newest.get(key) ?? 0n), 'commits of a key come in order');
      newest.set(key, item.commitTs);
      rows.push(show(item));
    }
  }
  return rows;
}

function execute(group: StoreGroup, store: Store, command: TxnCommand): Promise<TxnOutcome> {
  return group.settle(new Promise((resolve) => store.execute(command, resolve)));
}

const prewriteOf = (startTs: bigint, key: string, value: string): TxnCommand => ({
  kind: 'prewrite', startTs, primary: utf8(key), ttlMs: 60_000, forUpdateTs: 0n, minCommitTs: 0n, txnSize: 1, onePhase: false, releaseKeys: undefined,
  mutations: [{ kind: 'put', key: utf8(key), value: utf8(value), check: 'conflict' }],
}); // prettier-ignore

test('past and present of a range, with what was there before', async () => {
  const group = new StoreGroup(1);
  await group.open(1);
  const client = group.client();
  await write(group, client, { a: '1', z: '1' });
  const from = await write(group, client, { a: '2', b: '1' });
  await write(group, client, { a: '3' });
  await write(group, client, { a: null, c: '1' });
  const feed = client.feed({ lower: utf8('a'), upper: utf8('m') }, { fromTs: from, oldValues: true });
  const now = await client.timestamp();
  assert.deepEqual(await until(group, feed, now), ['a 2>3', 'a 3>-', 'c ->1']);
  await write(group, client, { a: '5', y: 'outside' });
  await write(group, client, { b: null, missing: null });
  assert.deepEqual(await until(group, feed, await client.timestamp()), ['a ->5', 'b 1>-']);
  feed.close();
  await assert.rejects(group.settle(feed.next()), (error: RutileError) => error.code === 'kv.closed' && typeof error.fields['resumeTs'] === 'bigint'); // prettier-ignore
  const again = client.feed(EVERYTHING, { fromTs: from });
  const rows = await until(group, again, await client.timestamp());
  assert.deepEqual(rows, ['a ->3', 'a ->-', 'a ->5', 'b ->-', 'c ->1', 'y ->outside']);
});

test('a lock holds back what is resolved; its commit is told first', async () => {
  const group = new StoreGroup(2);
  await group.open(1);
  const client = group.client();
  const store = group.store(1);
  const startTs = BigInt(await group.timestamps.next());
  await execute(group, store, prewriteOf(startTs, 'k', 'v'));
  const feed = client.feed(EVERYTHING, { fromTs: startTs - 1n });
  await write(group, client, { other: '1' });
  await group.pass(2000);
  assert.deepEqual((await group.settle(feed.next())).map(show), ['other ->1', 'resolved']);
  assert.equal(feed.resolvedTs, startTs);
  const commitTs = BigInt(await group.timestamps.next());
  await execute(group, store, { kind: 'commit', startTs, commitTs, keys: [utf8('k')] });
  assert.deepEqual(await until(group, feed, commitTs), ['k ->v']);
  feed.close();
});

test('steps: prewrites, commits and rollbacks by themselves', async () => {
  const group = new StoreGroup(3);
  await group.open(1);
  const store = group.store(1);
  const client = group.client();
  await write(group, client, { a: '0' });
  const startTs = BigInt(await group.timestamps.next());
  await execute(group, store, prewriteOf(startTs, 'a', '1'));
  const { region } = store.regionsHere.peers.all()[0]!;
  const ref = { id: region.id, version: region.epoch.version, confVersion: region.epoch.confVersion };
  const feed: RegionFeed = store.gate.feed!(ref, { range: EVERYTHING, fromTs: 0n, oldValues: true, steps: true });
  const told: string[] = [];
  const read = async (count: number): Promise<string[]> => {
    while (told.length < count) for (const item of await group.settle(feed.next())) if (item.kind !== 'resolved') told.push(show(item)); // prettier-ignore
    return told.splice(0);
  };
  assert.deepEqual(await read(3), ['prewrite a 0>1', 'a ->0', 'initialized']);
  const commitTs = BigInt(await group.timestamps.next());
  await execute(group, store, { kind: 'commit', startTs, commitTs, keys: [utf8('a')] });
  const second = BigInt(await group.timestamps.next());
  await execute(group, store, prewriteOf(second, 'a', '2'));
  await execute(group, store, { kind: 'rollback', startTs: second, keys: [utf8('a')] });
  assert.deepEqual(await read(3), ['commit a', 'prewrite a 1>2', 'rollback a']);
  feed.close();
  await assert.rejects(group.settle(feed.next()), { code: 'kv.closed' });
});

test('a large commit is told whole when it is true, also to who began in its middle', async () => {
  const group = new StoreGroup(4);
  await group.open(1);
  const world = group.simulation.node('loader');
  const store = group.store(1);
  const router = new RegionRouter({
    source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, world, patienceMs: 20_000, regionsMax: 100, safePoints: store,
  }); // prettier-ignore
  const limits = { onePhaseSizeBytesMax: 1, keysPerCommandMax: 2 };
  const client = new LocalKvClient({ store: router, timestamps: group.timestamps, world, limits });
  await write(group, group.client(), { k2: 'old' });
  const from = await client.timestamp();
  const early = client.feed(EVERYTHING, { fromTs: from, oldValues: true });
  const pairs = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, `v${i}`]));
  const before = store.counters.entries;
  const written = write(group, client, pairs);
  let late: ChangeFeed | undefined;
  for (let turn = 0; late === undefined && turn < 10_000; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (store.counters.entries > before + 1) late = client.feed(EVERYTHING, { fromTs: from, oldValues: true });
  }
  await written;
  assert(store.counters.entries > before + 3, 'the commit took several entries');
  await write(group, client, { k1: 'later' });
  const wanted = Object.keys(pairs).map((key) => (key === 'k2' ? 'k2 old>v2' : `${key} ->v${key.slice(1)}`));
  const now = await client.timestamp();
  for (const feed of [early, late!]) assert.deepEqual(await until(group, feed, now), [...wanted, 'k1 v1>later']);
});

test('splits and leaders that change: each commit once, in order, and no gap', async () => {
  const group = new StoreGroup(5);
  await group.open(3);
  const store = group.store(1);
  const regionId = store.regions()[0]!.id;
  await group.settle(store.addPeer(regionId, { id: 102, storeId: 2, role: 'voter' }));
  await group.settle(store.addPeer(regionId, { id: 103, storeId: 3, role: 'voter' }));
  await group.pass(2000);
  const client = group.client();
  const from = await write(group, client, { a0: '0' });
  const feed = client.feed(EVERYTHING, { fromTs: from });
  const wanted: string[] = [];
  const rows: string[] = [];
  for (let round = 0; round < 8; round++) {
    for (const name of ['a', 'm', 'z']) {
      await write(group, client, { [name]: String(round) });
      wanted.push(`${name} ->${round}`);
    }
    rows.push(...(round % 2 === 0 ? [] : await until(group, feed, await client.timestamp())));
    const leader = await group.untilLed(regionId);
    if (round === 2)
      await group.settle(group.store(leader).split(regionId, regionKey(ROW_SPACE, utf8('k')), 50, [501, 502, 503]));
    else if (round === 4) group.members.get(leader)!.isUp = false;
    else if (round === 6) for (const member of group.members.values()) member.isUp = true;
    else group.store(leader).regionsHere.transferLeader(regionId, leader === 2 ? 103 : 102);
  }
  rows.push(...(await until(group, feed, await client.timestamp())));
  assert.deepEqual(rows.sort(), wanted.sort());
  feed.close();
});

test('who does not know whether it still leads resolves nothing', async () => {
  const group = new StoreGroup(8);
  await group.open(3);
  const regionId = group.store(1).regions()[0]!.id;
  await group.settle(group.store(1).addPeer(regionId, { id: 102, storeId: 2, role: 'voter' }));
  await group.settle(group.store(1).addPeer(regionId, { id: 103, storeId: 3, role: 'voter' }));
  await group.pass(2000);
  const old = await group.untilLed(regionId);
  const { region } = group.store(old).regionsHere.peers.all()[0]!;
  const ref = { id: region.id, version: region.epoch.version, confVersion: region.epoch.confVersion };
  const fromTs = BigInt(await group.timestamps.next());
  const feed = group.store(old).gate.feed!(ref, { range: EVERYTHING, fromTs, oldValues: false, steps: false });
  const seen: RegionFeedItem[] = [];
  const reading = (async () => {
    for (;;) seen.push(...(await feed.next()));
  })().catch((error: RutileError) => error.code);
  // Others hear nothing of it any more; timestamps it still gets.
  for (const id of [1, 2, 3]) if (id !== old) group.cut.add(`${old}>${id}`).add(`${id}>${old}`);
  let last = fromTs;
  for (let turn = 0; turn < 1000 && group.leaders(regionId).every((id) => id === old); turn++) await group.pass(10);
  const elected = group.leaders(regionId).find((id) => id !== old)!;
  const commitTs = await write(group, group.client(), { k: 'of the new leader' });
  await group.pass(3000);
  for (const item of seen) if (item.kind === 'resolved') last = item.ts;
  assert(elected !== undefined && last > fromTs && last < commitTs, 'it resolved while it led, and no more');
  group.cut.clear();
  assert.equal(await group.settle(reading), 'kv.not-leader');
});

test('a reader that is too slow is told where to go on', async () => {
  const group = new StoreGroup(6);
  await group.open(1);
  const store = group.store(1);
  Object.assign(store.limits, { feedSizeBytesMax: 2000 });
  const world = group.simulation.node('client');
  const client = new LocalKvClient({
    store: new RegionRouter({
      source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, world, patienceMs: 20_000, regionsMax: 100, safePoints: store,
      feedLimits: { queueSizeBytesMax: 100 },
    }), // prettier-ignore
    timestamps: group.timestamps,
    world,
  });
  const from = await client.timestamp();
  const feed = client.feed(EVERYTHING, { fromTs: from });
  // What changes before its scan of the past is over would be left to the scan.
  await until(group, feed, from + 1n);
  for (let i = 0; i < 40; i++) await write(group, client, { [`k${i % 7}`]: String(i) });
  const state = new Map<string, string>();
  const drain = async (feed: ChangeFeed): Promise<bigint> => {
    try {
      for (;;) for (const item of await group.settle(feed.next())) if (item.kind === 'row') state.set(fromUtf8(item.key), fromUtf8(item.value!)); // prettier-ignore
    } catch (error) {
      const { code, fields } = error as RutileError;
      assert.equal(code, 'kv.feed-behind');
      return fields['resumeTs'] as bigint;
    }
  };
  const resume = await drain(feed);
  assert(resume >= from);
  Object.assign(store.limits, { feedSizeBytesMax: 1 << 20 });
  const again = client.feed(EVERYTHING, { fromTs: resume });
  const now = await client.timestamp();
  while (again.resolvedTs < now)
    for (const item of await group.settle(again.next()))
      if (item.kind === 'row') state.set(fromUtf8(item.key), fromUtf8(item.value!));
  assert.equal([...state].sort().join(' '), 'k0,35 k1,36 k2,37 k3,38 k4,39 k5,33 k6,34');
});

test('what changes ahead of the scan of the past is left to it, and takes no room', async () => {
  const group = new StoreGroup(8);
  await group.open(1);
  const store = group.store(1);
  const client = group.client();
  const name = (i: number): string => `k${String(i).padStart(4, '0')}`;
  const pairs = (from: number, value: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 2000 - from }, (_, i) => [name(from + i), value]));
  await write(group, client, pairs(0, '0'));
  // A fraction of what is written while the scan runs.
  Object.assign(store.limits, { feedSizeBytesMax: 2000 });
  const { region } = store.regionsHere.peers.all()[0]!;
  const ref = { id: region.id, version: region.epoch.version, confVersion: region.epoch.confVersion };
  const feed = store.gate.feed!(ref, { range: EVERYTHING, fromTs: 0n, oldValues: true, steps: false });
  const state = new Map<string, string | undefined>();
  let initialized = false;
  let rows = 0;
  const read = async (): Promise<void> => {
    for (const item of await group.settle(feed.next())) {
      if (item.kind === 'initialized') initialized = true;
      if (item.kind === 'resolved') assert(initialized, 'nothing is resolved before the past is over');
      if (item.kind !== 'row') continue;
      rows++;
      const key = fromUtf8(item.key);
      assert.equal(item.oldValue === undefined ? undefined : fromUtf8(item.oldValue), state.get(key), key);
      state.set(key, item.value === undefined ? undefined : fromUtf8(item.value));
    }
  };
  await read();
  assert(state.size > 100 && state.size < 1000, `${state.size} keys in one step`);
  await write(group, client, pairs(1000, '1'));
  await write(group, client, { [name(0)]: '2', [name(1999)]: null });
  for (let turn = 0; turn < 50 && !initialized; turn++) {
    await read();
    await write(group, client, { [name(3)]: `3.${turn}`, [name(1990 - turn)]: `3.${turn}` });
  }
  await read();
  const scanner = client.snapshot(await client.timestamp()).scan(EVERYTHING);
  const now: [string, string][] = [];
  for (;;) {
    const batch = await scanner.next(5000);
    if (batch === undefined) break;
    for (let i = 0; i < batch.count; i++)
      now.push([
        fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i])),
        fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i])),
      ]);
  }
  assert.deepEqual([...state].filter(([, value]) => value !== undefined).sort(), now);
  assert(initialized && rows > 2000);
  feed.close();
});

test('refused: below the safe point, too many readers, a store that is closed', async () => {
  const group = new StoreGroup(7);
  await group.open(1);
  const store = group.store(1);
  const { region } = store.regionsHere.peers.all()[0]!;
  const ref = { id: region.id, version: region.epoch.version, confVersion: region.epoch.confVersion };
  const request = { range: EVERYTHING, fromTs: 1n << 41n, oldValues: false, steps: false };
  const open = (fromTs = request.fromTs): RegionFeed => store.gate.feed!(ref, { ...request, fromTs });
  Object.assign(store.limits, { feedsMax: 1 });
  const feed = open();
  assert.throws(() => open(), { code: 'kv.busy' });
  feed.close();
  store.collectGarbage(1n << 40n);
  assert.throws(() => open(5n), { code: 'kv.snapshot-too-old' });
  const last = open();
  await group.settle(last.next());
  await group.settle(store.close());
  await assert.rejects(last.next(), { code: 'kv.unreachable' });
  assert.throws(() => open(), { code: 'kv.unreachable' });
  assert(store.gate instanceof RegionGate);
});

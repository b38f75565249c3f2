/** The store over the real engine, log and oracle: what survives a clean end, and what a process that just vanished leaves behind. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { createNodeWorld } from '../../base/node/index.ts';
import { LocalKvClient } from '../client/index.ts';
import { openRocksEngine } from '../engine/index.ts';
import { SegmentLog } from '../log/index.ts';
import { LocalPlacement } from '../placement/index.ts';
import { Store, type StoreLimits } from './index.ts';

async function open(folder: string, limits: Partial<StoreLimits> = {}) {
  const world = createNodeWorld();
  const placement = await LocalPlacement.open(world, {
    folder: join(folder, 'placement'),
    firstStore: { address: '127.0.0.1:0', version: '8.5.0' },
  });
  const engine = await openRocksEngine({ path: join(folder, 'engine') });
  const log = await SegmentLog.open(world, { folder: join(folder, 'log') });
  const timestamps = { next: () => placement.timestamp() };
  const store = await Store.open({
    engine,
    log,
    timestamps,
    world,
    limits,
    agreeSafePoint: (wanted) => placement.advanceSafePoint(wanted),
  });
  const client = new LocalKvClient({ store, timestamps, world });
  const close = async () => {
    for (const part of [client, store, log, engine, placement]) await part.close();
  };
  return { store, client, placement, close };
}

test('rows survive a clean end, and a folder copied from under a running process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-store-'));
  try {
    const first = await open(join(folder, 'a'));
    const begun = await first.client.begin({ pessimistic: false });
    for (let i = 0; i < 500; i++) begun.put(utf8(`row${i}`), utf8(`value ${i}`));
    const commitTs = await begun.commit();
    await first.client.raw.put(utf8('pair'), utf8('1'));
    // What another process would find if this one were killed now.
    cpSync(join(folder, 'a'), join(folder, 'b'), { recursive: true, filter: (path) => !/(^|[/.])lock$/i.test(path) });
    await first.close();
    for (const name of ['a', 'b']) {
      const again = await open(join(folder, name));
      const ts = await again.client.timestamp();
      assert(ts > commitTs, 'the oracle went back');
      assert.equal(fromUtf8((await again.client.snapshot(ts).get(utf8('row7')))!), 'value 7');
      assert.equal(fromUtf8((await again.client.raw.get(utf8('pair')))!), '1');
      assert.equal(await again.client.snapshot(commitTs - 1n).get(utf8('row7')), undefined);
      await again.client.raw.deleteRange({ lower: utf8(''), upper: utf8('') });
      assert.equal(await again.client.raw.get(utf8('pair')), undefined);
      await again.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('garbage collection walks the real engine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-store-'));
  try {
    const { store, client, close } = await open(folder);
    for (let round = 0; round < 3; round++) {
      const txn = await client.begin({ pessimistic: false });
      for (let i = 0; i < 700; i++) {
        if (round === 2 && i % 2 === 0) txn.delete(utf8(`row${i}`));
        else txn.put(utf8(`row${i}`), utf8(`round ${round}`));
      }
      await txn.commit();
    }
    const ts = await client.timestamp();
    store.collectGarbage(ts);
    while (store.collectingGarbage) await new Promise((resolve) => setTimeout(resolve, 1));
    const all = { lower: undefined, upper: undefined };
    assert.equal(store.engine.iterator('history', all).next(10).keys.length, 0);
    assert.equal(store.engine.iterator('latest', all).next(2000).keys.length, 350);
    assert.throws(() => client.snapshot(ts - 1n).get(utf8('row1')), { code: 'kv.snapshot-too-old' });
    assert.equal(fromUtf8((await client.snapshot(await client.timestamp()).get(utf8('row1')))!), 'round 2');
    assert.throws(() => client.holdSafePoint(ts - 1n), { code: 'kv.snapshot-too-old' });
    const hold = client.holdSafePoint(await client.timestamp());
    store.collectGarbage((await client.timestamp()) + 1000n);
    assert(client.safePoint() < (await client.timestamp()));
    hold.release();
    await close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('store and placement share one safe point; an open transaction, a long read and a service keep what they need', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rutile-store-'));
  const { store, client, placement, close } = await open(folder, { gcLifeMs: 20, gcEveryMs: 5 });
  const write = async (value: string) => {
    const txn = await client.begin({ pessimistic: false });
    for (let i = 0; i < 300; i++) txn.put(utf8(`row${i}`), utf8(value));
    return txn.commit();
  };
  const history = () => store.engine.iterator('history', { lower: undefined, upper: undefined }).next(1000).keys.length;
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  try {
    await write('old');
    // A client notes its open transactions every few seconds; a session holds its own at once, as here.
    const reading = await client.begin({ pessimistic: true });
    const session = client.holdSafePoint(reading.startTs);
    const ts = await client.timestamp();
    const hold = client.holdSafePoint(ts);
    await write('new');
    await placement.holdForService('backup', ts, 60_000);
    // Collection ran past the moment of the writes, were it not for these three.
    const passed = (await client.timestamp()) + (40n << 18n);
    while ((await client.timestamp()) < passed) await new Promise((resolve) => setTimeout(resolve, 5));
    assert(store.safePoint() <= reading.startTs);
    assert(placement.safePoint() <= ts);
    assert.equal(fromUtf8((await reading.get(utf8('row7')))!), 'old');
    assert.equal(fromUtf8((await client.snapshot(ts).get(utf8('row9')))!), 'old');
    // A scan nobody held the safe point for ends with an error, not without its rows.
    const abandoned = client.snapshot(ts).scan({ lower: utf8('row'), upper: utf8('rox') });
    assert((await abandoned.next(10))!.count > 0);
    await reading.rollback();
    session.release();
    hold.release();
    await until(() => store.safePoint() >= ts);
    assert.equal(fromUtf8((await client.snapshot(ts).get(utf8('row9')))!), 'old');
    assert(placement.safePoint() <= ts, 'the service still holds it');
    await placement.holdForService('backup', ts, 0);
    await until(() => store.safePoint() > ts && history() === 0);
    assert(placement.safePoint() >= store.safePoint());
    await assert.rejects(async () => await abandoned.next(10), { code: 'kv.snapshot-too-old' });
    assert.equal(fromUtf8((await client.snapshot(await client.timestamp()).get(utf8('row9')))!), 'new');
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});

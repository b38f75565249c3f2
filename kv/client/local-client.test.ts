import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { isPromise } from '../../base/outcome.ts';
import { RutileError } from '../../base/error.ts';
import type { KvClient, Scanner, Snapshot, Timestamp } from './client.ts';
import { TIMESTAMP_MAX } from './client.ts';
import { createMemoryKv, MemoryLog, createTestWorld } from './testing.ts';

const k = utf8;

async function put(kv: KvClient, pairs: Record<string, string | null>): Promise<Timestamp> {
  const txn = await kv.begin({ pessimistic: false });
  for (const [key, value] of Object.entries(pairs)) {
    if (value === null) txn.delete(k(key));
    else txn.put(k(key), k(value));
  }
  return txn.commit();
}

async function rows(scanner: Scanner, step = 3): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const batch = await scanner.next(step);
    if (batch === undefined) return found;
    assert(batch.count > 0 && batch.count <= step);
    for (let i = 0; i < batch.count; i++) {
      const key = batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i]);
      const value = batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i]);
      found.push(`${fromUtf8(key)}=${fromUtf8(value)}`);
    }
  }
}

function all(reader: Snapshot, options: { reverse?: boolean; limit?: number; long?: boolean } = {}): Promise<string[]> {
  return rows(reader.scan({ lower: k(''), upper: k('') }, options));
}

const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : fromUtf8(value));
const code = (expected: string) => (error: unknown) => error instanceof RutileError && error.code === expected;

test('a committed write is seen by later readers, in both directions, and not by earlier ones', async () => {
  const kv = await createMemoryKv();
  const before = await kv.timestamp();
  await put(kv, { a: '1', b: '2', c: '3' });
  const middle = await kv.timestamp();
  await put(kv, { b: '20', c: null, d: '4' });
  assert.deepEqual(await all(kv.snapshot(before)), []);
  assert.deepEqual(await all(kv.snapshot(middle)), ['a=1', 'b=2', 'c=3']);
  assert.deepEqual(await all(kv.snapshot(middle), { reverse: true }), ['c=3', 'b=2', 'a=1']);
  const after = kv.snapshot(await kv.timestamp());
  assert.deepEqual(await all(after), ['a=1', 'b=20', 'd=4']);
  assert.deepEqual(await all(after, { long: true }), ['a=1', 'b=20', 'd=4']);
  assert.deepEqual(await all(after, { reverse: true, long: true }), ['d=4', 'b=20', 'a=1']);
  assert.deepEqual(await all(after, { limit: 2 }), ['a=1', 'b=20']);
  assert.deepEqual((await after.getMany([k('d'), k('c'), k('a')])).map(text), ['4', undefined, '1']);
  assert.equal(text(await kv.snapshot(TIMESTAMP_MAX).get(k('b'))), '20');
  await kv.close();
});

test('reads of what lies in memory answer with values, not promises', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1' });
  const ts = kv.timestamp();
  assert(!isPromise(ts));
  const txn = kv.begin({ pessimistic: false });
  assert(!isPromise(txn));
  assert(!isPromise(txn.get(k('a'))));
  assert(!isPromise(txn.getMany([k('a')])));
  assert(!isPromise(txn.scan({ lower: k('a'), upper: k('b') }).next(10)));
  const locking = kv.begin({ pessimistic: true });
  assert(!isPromise(locking));
  assert(!isPromise(locking.lockKeys([k('a')], { waitMs: 'nowait', forUpdateTs: ts })));
  await kv.close();
});

test('a transaction reads its own writes, merged over its snapshot', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1', c: '3', e: '5' });
  const txn = await kv.begin({ pessimistic: false });
  txn.put(k('b'), k('2'));
  txn.delete(k('c'));
  txn.put(k('e'), k('50'));
  txn.put(k('f'), k('6'));
  assert.deepEqual(await all(txn), ['a=1', 'b=2', 'e=50', 'f=6']);
  assert.deepEqual(await all(txn, { reverse: true }), ['f=6', 'e=50', 'b=2', 'a=1']);
  assert.deepEqual(await all(txn, { limit: 3 }), ['a=1', 'b=2', 'e=50']);
  assert.equal(text(await txn.get(k('c'))), undefined);
  assert.equal(txn.buffered(k('c')), null);
  assert.equal(txn.buffered(k('a')), undefined);
  await txn.commit();
  assert.deepEqual(await all(kv.snapshot(await kv.timestamp())), ['a=1', 'b=2', 'e=50', 'f=6']);
  await kv.close();
});

test('a savepoint takes back what was written after it', async () => {
  const kv = await createMemoryKv();
  const txn = await kv.begin({ pessimistic: false });
  txn.put(k('a'), k('1'));
  const first = txn.savepoint();
  const size = txn.sizeBytes;
  txn.put(k('a'), k('22'));
  txn.insert(k('b'), k('2'));
  const second = txn.savepoint();
  txn.delete(k('a'));
  txn.rollbackTo(second);
  assert.deepEqual(await all(txn), ['a=22', 'b=2']);
  txn.rollbackTo(first);
  assert.deepEqual(await all(txn), ['a=1']);
  assert.equal(txn.sizeBytes, size);
  assert.equal(txn.count, 1);
  await kv.close();
});

test('the second of two optimistic writers of a key fails', async () => {
  const kv = await createMemoryKv();
  const first = await kv.begin({ pessimistic: false });
  const second = await kv.begin({ pessimistic: false });
  first.put(k('a'), k('1'));
  second.put(k('a'), k('2'));
  await first.commit();
  await assert.rejects(second.commit(), code('kv.write-conflict'));
  assert.equal(text(await kv.snapshot(TIMESTAMP_MAX).get(k('a'))), '1');
  await kv.close();
});

test('an insert of a key that exists fails with the key', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1', gone: 'x' });
  await put(kv, { gone: null });
  const txn = await kv.begin({ pessimistic: false });
  txn.insert(k('gone'), k('2'));
  txn.insert(k('a'), k('2'));
  await assert.rejects(
    txn.commit(),
    (error) => code('kv.key-exists')(error) && text((error as RutileError).fields['key'] as Uint8Array) === 'a',
  );
  const again = await kv.begin({ pessimistic: false });
  again.insert(k('gone'), k('2'));
  await again.commit();
  const twice = await kv.begin({ pessimistic: false });
  twice.delete(k('a'));
  twice.insert(k('a'), k('9'));
  await twice.commit();
  assert.deepEqual(await all(kv.snapshot(await kv.timestamp())), ['a=9', 'gone=2']);
  await kv.close();
});

test('a transaction that does not fit one entry commits in chunks', async () => {
  const kv = await createMemoryKv({ clientLimits: { onePhaseSizeBytesMax: 600, keysPerCommandMax: 3 } });
  await put(kv, { k5: 'old' });
  const txn = await kv.begin({ pessimistic: false });
  for (let i = 0; i < 20; i++) txn.put(k(`k${i}`), k('v'.repeat(40)));
  const ts = await txn.commit();
  assert.equal((await all(kv.snapshot(ts))).length, 20);
  assert.deepEqual(await all(kv.snapshot(ts - 1n)), ['k5=old']);
  await kv.close();
  assert.equal(kv.store.locks.size, 0);
});

test('many keys that would fit one entry go as a large commit, or in one phase where no store takes those', async () => {
  for (const takes of [true, false]) {
    const kv = await createMemoryKv({ clientLimits: { onePhaseKeysMax: 10 } });
    const { store } = kv;
    let large = 0;
    const commitLarge = store.commitLarge.bind(store);
    store.commitLarge = (command, done) => {
      large++;
      if (takes) commitLarge(command, done);
      else done({ kind: 'failed', error: new RutileError('kv.many-regions', 'not here') });
    };
    const entries = store.counters.entries;
    for (const count of [10, 11]) {
      const txn = await kv.begin({ pessimistic: false });
      for (let i = 0; i < count; i++) txn.put(k(`k${i}`), k(String(count)));
      await txn.commit();
      assert.equal(large, count > 10 ? 1 : 0);
    }
    // A chunk and the end of the commit, or one entry.
    assert.equal(store.counters.entries - entries, takes ? 3 : 2);
    assert.equal((await all(kv.snapshot(await kv.timestamp()))).filter((pair) => pair.endsWith('=11')).length, 11);
    assert.equal(store.locks.size, 0);
    await kv.close();
  }
});

test('a large transaction that fails at its last chunk leaves nothing', async () => {
  const kv = await createMemoryKv({ clientLimits: { onePhaseSizeBytesMax: 600, keysPerCommandMax: 3 } });
  const txn = await kv.begin({ pessimistic: false });
  for (let i = 0; i < 20; i++) txn.put(k(`k${i}`), k('v'.repeat(40)));
  await put(kv, { k9: 'other' });
  await assert.rejects(txn.commit(), code('kv.write-conflict'));
  assert.deepEqual(await all(kv.snapshot(await kv.timestamp())), ['k9=other']);
  assert.equal(kv.store.locks.size, 0);
  await kv.close();
});

test('over the size of its buffer a transaction is refused', async () => {
  const kv = await createMemoryKv();
  const txn = await kv.begin({ pessimistic: false, sizeBytesMax: 100 });
  assert.throws(() => txn.put(k('a'), new Uint8Array(200)), code('kv.txn-too-large'));
  await kv.close();
});

test('a pessimistic lock makes the next one wait, and conflicts show at the lock', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1' });
  const first = await kv.begin({ pessimistic: true });
  const second = await kv.begin({ pessimistic: true });
  const now = await kv.timestamp();
  assert.deepEqual(await first.lockKeys([k('a')], { waitMs: 'nowait', forUpdateTs: now, returnValues: true }), {
    kind: 'locked',
    values: [k('1')],
    skipped: undefined,
  });
  assert.equal((await second.lockKeys([k('a')], { waitMs: 'nowait', forUpdateTs: now })).kind, 'nowait');
  const skipped = await second.lockKeys([k('a'), k('b')], { waitMs: 'skip-locked', forUpdateTs: now });
  assert(skipped.kind === 'locked');
  assert.deepEqual(skipped.skipped, [true, false]);
  assert.equal((await second.lockKeys([k('a')], { waitMs: 20, forUpdateTs: now })).kind, 'wait-timeout');
  const waiting = second.lockKeys([k('a')], { waitMs: 5000, forUpdateTs: now });
  assert(isPromise(waiting));
  first.put(k('a'), k('2'));
  await first.commit();
  assert.equal((await waiting).kind, 'write-conflict');
  const newer = await kv.timestamp();
  const taken = await second.lockKeys([k('a')], { waitMs: 5000, forUpdateTs: newer, returnValues: true });
  assert(taken.kind === 'locked');
  assert.equal(text(taken.values![0]), '2');
  second.put(k('a'), k('3'));
  await second.commit();
  assert.equal(text(await kv.snapshot(TIMESTAMP_MAX).get(k('a'))), '3');
  assert.equal(kv.store.locks.size, 0);
  await kv.close();
});

test('a circle of waiting transactions is broken, with the chain', async () => {
  const kv = await createMemoryKv();
  const first = await kv.begin({ pessimistic: true });
  const second = await kv.begin({ pessimistic: true });
  const forUpdateTs = await kv.timestamp();
  await first.lockKeys([k('a')], { waitMs: 1000, forUpdateTs });
  await second.lockKeys([k('b')], { waitMs: 1000, forUpdateTs });
  const waiting = first.lockKeys([k('b')], { waitMs: 5000, forUpdateTs });
  const outcome = await second.lockKeys([k('a')], { waitMs: 5000, forUpdateTs });
  assert(outcome.kind === 'deadlock');
  assert.deepEqual(
    outcome.chain.map((edge) => [edge.waiter, edge.holder, fromUtf8(edge.key)]),
    [
      [second.startTs, first.startTs, 'a'],
      [first.startTs, second.startTs, 'b'],
    ],
  );
  await second.rollback();
  assert.equal((await waiting).kind, 'locked');
  await first.rollback();
  assert.equal(kv.store.locks.size, 0);
  await kv.close();
});

test('a wait is given up when its signal says so', async () => {
  const kv = await createMemoryKv();
  const first = await kv.begin({ pessimistic: true });
  const second = await kv.begin({ pessimistic: true });
  const forUpdateTs = await kv.timestamp();
  await first.lockKeys([k('a')], { waitMs: 1000, forUpdateTs });
  const controller = new AbortController();
  const waiting = second.lockKeys([k('a')], { waitMs: 5000, forUpdateTs, signal: controller.signal });
  controller.abort();
  await assert.rejects(Promise.resolve(waiting), code('kv.aborted'));
  await second.rollback();
  await first.rollback();
  const third = await kv.begin({ pessimistic: true });
  assert.equal((await third.lockKeys([k('a')], { waitMs: 1000, forUpdateTs })).kind, 'locked');
  await third.rollback();
  await kv.close();
});

test('readers pass or resolve the locks of a transaction that died after prewrite', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1' });
  const dead = await kv.timestamp();
  await new Promise<void>((resolve) => {
    kv.store.execute(
      {
        kind: 'prewrite',
        startTs: dead,
        primary: k('a'),
        mutations: [
          { kind: 'put', key: k('a'), value: k('2'), check: 'conflict' },
          { kind: 'put', key: k('b'), value: k('2'), check: 'conflict' },
        ],
        ttlMs: 60_000,
        forUpdateTs: 0n,
        minCommitTs: 0n,
        txnSize: 2,
        onePhase: false,
        releaseKeys: undefined,
      },
      (outcome) => {
        assert.equal(outcome.kind, 'prewritten');
        resolve();
      },
    );
  });
  assert.deepEqual(await all(kv.snapshot(await kv.timestamp())), ['a=1']);
  assert.equal(text(await kv.snapshot(await kv.timestamp()).get(k('a'))), '1');
  assert.equal(kv.dataVersion({ lower: k('a'), upper: k('c') }), undefined);
  await kv.close();
});

test('raw pairs live in a world of their own', async () => {
  const kv = await createMemoryKv();
  await kv.raw.putMany([
    { key: k('a'), value: k('1') },
    { key: k('b'), value: k('2') },
    { key: k('c'), value: k('') },
  ]);
  await put(kv, { a: 'row' });
  assert.deepEqual((await kv.raw.getMany([k('a'), k('c'), k('d')])).map(text), ['1', '', undefined]);
  assert.deepEqual(await rows(kv.raw.scan({ lower: k(''), upper: k('') })), ['a=1', 'b=2', 'c=']);
  assert.deepEqual(await rows(kv.raw.scan({ lower: k('b'), upper: k('') }, { reverse: true, limit: 1 })), ['c=']);
  await kv.raw.delete(k('b'));
  assert.deepEqual(await rows(kv.raw.scan({ lower: k(''), upper: k('') }, { long: true })), ['a=1', 'c=']);
  await kv.raw.deleteRange({ lower: k(''), upper: k('') });
  assert.deepEqual(await rows(kv.raw.scan({ lower: k(''), upper: k('') })), []);
  assert.equal(text(await kv.snapshot(TIMESTAMP_MAX).get(k('a'))), 'row');
  await assert.rejects(kv.raw.put(k(''), k('x')), code('kv.empty-key'));
  await assert.rejects(kv.raw.put(new Uint8Array(10_000), k('x')), code('kv.key-too-large'));
  await kv.close();
});

test('when the log fails the store is read-only, and says so', async () => {
  const world = createTestWorld();
  const log = new MemoryLog(world);
  const kv = await createMemoryKv({ world, log });
  await put(kv, { a: '1' });
  log.failure = new RutileError('disk.full', 'no space left');
  await assert.rejects(put(kv, { a: '2' }), code('kv.undetermined'));
  await assert.rejects(put(kv, { b: '2' }), code('kv.read-only'));
  await assert.rejects(kv.raw.put(k('r'), k('1')), code('kv.read-only'));
  assert.equal(text(await kv.snapshot(TIMESTAMP_MAX).get(k('a'))), '1');
  await assert.rejects(Promise.resolve(kv.snapshot(await kv.timestamp()).get(k('a'))), code('kv.undetermined'));
  await kv.close();
});

test('the data version of a table changes with its writes and no others', async () => {
  const kv = await createMemoryKv();
  const key = (table: number, rest: string) => new Uint8Array([0x74, 0x80, 0, 0, 0, 0, 0, 0, table, ...k(rest)]);
  const range = (table: number) => ({ lower: key(table, ''), upper: key(table + 1, '') });
  const before = kv.dataVersion(range(1));
  const other = kv.dataVersion(range(2));
  const txn = await kv.begin({ pessimistic: false });
  txn.put(key(1, '_r1'), k('x'));
  const committing = txn.commit();
  assert.equal(kv.dataVersion(range(1)), undefined);
  await committing;
  assert.notEqual(kv.dataVersion(range(1)), before);
  assert.equal(kv.dataVersion(range(2)), other);
  await kv.close();
});

test('a commit that comes too late is none, in one phase, whole and in chunks, and leaves nothing behind', async () => {
  const limits = [undefined, { onePhaseKeysMax: 2 }, { onePhaseSizeBytesMax: 600, keysPerCommandMax: 3 }];
  for (const [i, clientLimits] of limits.entries())
    for (const whole of [true, false]) {
      const kv = await createMemoryKv({ ...(clientLimits && { clientLimits }) });
      if (!whole) Object.assign(kv.store, { commitLarge: undefined });
      const txn = await kv.begin({ pessimistic: false });
      for (let n = 0; n < 20; n++) txn.put(k(`k${n}`), k('v'.repeat(100)));
      await assert.rejects(txn.commit(undefined, txn.startTs), { code: 'kv.commit-too-late' }, `${i}`);
      const next = await kv.begin({ pessimistic: false });
      assert.equal(await next.get(k('k0')), undefined);
      next.put(k('k0'), k('w'));
      assert.ok((await next.commit(undefined, TIMESTAMP_MAX)) > next.startTs);
      // The limit has moved on while the commit was on its way, or it has not.
      const long = await kv.begin({ pessimistic: false });
      for (let n = 0; n < 20; n++) long.put(k(`k${n}`), k('x'.repeat(100)));
      assert.ok((await long.commit(undefined, long.startTs, () => TIMESTAMP_MAX)) > long.startTs);
      const late = await kv.begin({ pessimistic: false });
      for (let n = 0; n < 20; n++) late.put(k(`k${n}`), k('y'.repeat(100)));
      const stays = late.commit(undefined, late.startTs, () => late.startTs);
      await assert.rejects(stays, { code: 'kv.commit-too-late' }, `${i}`);
      assert.equal(String(await kv.snapshot(await kv.timestamp()).get(k('k1'))), String(k('x'.repeat(100))));
    }
});

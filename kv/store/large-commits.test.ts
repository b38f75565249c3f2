/** Large commits: all or nothing over a crash, and what others see and may do while one is under way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Mutation, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import { TIMESTAMP_MAX } from '../client/client.ts';
import { CountingOracle, createMemoryKv, createTestWorld, MemoryLog } from '../client/testing.ts';
import type { KvClient, Snapshot } from '../client/index.ts';
import { MemoryEngine } from '../engine/memory.ts';
import { EntryWriter, largeChunk, largeDone, type WriteSet } from '../txn/index.ts';
import type { Store } from './index.ts';

const clientLimits = { onePhaseSizeBytesMax: 400, keysPerCommandMax: 4 };
const key = (n: number) => utf8(`row${String(n).padStart(4, '0')}`);
const everything = { lower: utf8(''), upper: utf8('') };

async function all(reader: Snapshot): Promise<string[]> {
  const found: string[] = [];
  const scanner = reader.scan(everything);
  for (;;) {
    const batch = await scanner.next(100);
    if (batch === undefined) return found;
    for (let i = 0; i < batch.count; i++) {
      const name = fromUtf8(batch.keyBytes[i]!.slice(batch.keyStart[i], batch.keyEnd[i]));
      found.push(`${name}=${fromUtf8(batch.valueBytes[i]!.slice(batch.valueStart[i], batch.valueEnd[i]))}`);
    }
  }
}

async function write(kv: KvClient, from: number, to: number, value: string): Promise<bigint> {
  const txn = await kv.begin({ pessimistic: false });
  for (let i = from; i < to; i++) txn.put(key(i), utf8(value));
  return txn.commit();
}

function count(store: Store, family: 'latest' | 'history' | 'lock' | 'meta', lower?: Uint8Array): number {
  return store.engine.iterator(family, { lower, upper: undefined }).next(1000).keys.length;
}

function put(n: number, value: string): Mutation {
  return { kind: 'put', key: key(n), value: utf8(value), check: 'conflict' };
}

test('a crash before the last entry leaves nothing, one after it leaves everything', async () => {
  for (const finished of [false, true]) {
    const world = createTestWorld();
    const engine = new MemoryEngine();
    const log = new MemoryLog(world);
    const timestamps = new CountingOracle(world);
    const options = { world, engine, log, timestamps };
    const first = await createMemoryKv(options);
    const oldTs = await write(first, 0, 6, 'old');
    const middleTs = await write(first, 2, 4, 'newer');
    const before = await all(first.snapshot(middleTs));
    await first.close();
    await first.store.close();

    // What a process that vanished in the middle of a large commit left in its log.
    const startTs = timestamps.next();
    const commitTs = timestamps.next();
    const gone: Mutation = { kind: 'delete', key: key(3), value: undefined, check: 'conflict' };
    const sets: (WriteSet | undefined)[] = [
      largeChunk(
        startTs,
        commitTs,
        0,
        [put(0, 'big'), put(2, 'big'), gone],
        [null, null, null].map(() => null),
      ),
      largeChunk(startTs, commitTs, 1, [put(10, 'big'), put(11, 'big')], undefined),
    ];
    if (finished) sets.push(largeDone(startTs, commitTs, 2));
    for (const set of sets) {
      const writer = new EntryWriter(64);
      writer.add(set!);
      const index = log.lastIndex(1) + 1;
      await log.append({ regionId: 1, entries: [{ index, term: 1, data: writer.finish() }] });
    }
    const again = await createMemoryKv(options);
    const now = await again.timestamp();
    assert.equal(again.store.counters.replayedEntries, sets.length);
    assert.deepEqual(await all(again.snapshot(middleTs)), before);
    assert.deepEqual(
      await all(again.snapshot(now)),
      finished
        ? ['row0000=big', 'row0001=old', 'row0002=big', 'row0004=old', 'row0005=old', 'row0010=big', 'row0011=big']
        : before,
    );
    assert.equal(count(again.store, 'meta', utf8('l')) - count(again.store, 'meta', utf8('m')), 0);
    assert.deepEqual(
      (await all(again.snapshot(oldTs))).map((row) => row.slice(-3)),
      Array.from({ length: 6 }, () => 'old'),
    );
    // The keys are free again, and a second start finds nothing to undo.
    await write(again, 0, 12, 'last');
    await again.close();
    await again.store.close();
    const last = await createMemoryKv(options);
    assert.equal((await all(last.snapshot(await last.timestamp()))).length, 12);
    await last.close();
  }
});

/** A floor whose next large commit stands still where it draws its timestamp. */
async function heldUp() {
  const world = createTestWorld();
  const oracle = new CountingOracle(world);
  let held: (() => void) | undefined;
  let hold = false;
  let reached: () => void = () => undefined;
  const timestamps = {
    next: (): MaybePromise<bigint> => {
      if (!hold) return oracle.next();
      hold = false;
      return new Promise((resolve) => {
        held = () => resolve(oracle.next());
        reached();
      });
    },
  };
  const kv = await createMemoryKv({ world, timestamps, clientLimits: { ...clientLimits, lockWaitMsMax: 2000 } });
  return {
    kv,
    /** Starts to commit and resolves when all keys are held. */
    async start(commit: () => Promise<bigint>): Promise<Promise<bigint>[]> {
      hold = true;
      const arrived = new Promise<void>((resolve) => (reached = resolve));
      const committing = commit();
      await arrived;
      return [committing];
    },
    goOn: () => held!(),
  };
}

test('while a large commit is under way, others read what was before it or wait, and write other keys', async () => {
  const { kv, start, goOn } = await heldUp();
  const oldTs = await write(kv, 0, 5, 'old');
  const before = await kv.timestamp();
  const large = await kv.begin({ pessimistic: false });
  for (let i = 3; i < 40; i++) large.put(key(i), utf8('big'));
  large.insert(key(50), utf8('big'));
  const [committing] = await start(() => large.commit());
  const now = await kv.timestamp();
  assert.equal(count(kv.store, 'lock'), 0);
  assert.equal(kv.dataVersion(everything), undefined);

  // Readers of before, and of other keys, pass.
  assert.equal((await all(kv.snapshot(before))).length, 5);
  assert.equal(fromUtf8((await kv.snapshot(now).get(key(2)))!), 'old');
  // Readers of now wait, in both directions and by key.
  const waiting: MaybePromise<unknown>[] = [
    kv.snapshot(now).get(key(30)),
    kv.snapshot(TIMESTAMP_MAX).get(key(3)),
    all(kv.snapshot(now)),
    kv.snapshot(now).scan(everything, { reverse: true, limit: 1 }).next(10),
    kv.snapshot(now).getMany([key(1), key(20)]),
  ];
  for (const one of waiting) assert(isPromise(one));

  // Another key is free; a key of the commit is not.
  const other = await kv.begin({ pessimistic: true });
  assert.equal((await other.lockKeys([key(41)], { waitMs: 'nowait', forUpdateTs: now })).kind, 'locked');
  assert.equal((await other.lockKeys([key(20)], { waitMs: 'nowait', forUpdateTs: now })).kind, 'nowait');
  const patient = other.lockKeys([key(21)], { waitMs: 1500, forUpdateTs: now });
  const optimistic = await kv.begin({ pessimistic: false });
  optimistic.put(key(22), utf8('other'));
  const refused = assert.rejects(optimistic.commit(), { code: 'kv.write-conflict' });

  // Nobody else can end it.
  const execute = (command: TxnCommand) => new Promise<TxnOutcome>((resolve) => kv.store.execute(command, resolve));
  const { startTs } = large;
  assert.equal((await execute({ kind: 'rollback', startTs, keys: [key(3)] })).kind, 'failed');
  assert.equal((await execute({ kind: 'resolve-lock', startTs, commitTs: 0n, keys: undefined })).kind, 'failed');
  assert.equal((await execute({ kind: 'heartbeat', primary: key(3), startTs, ttlMs: 1 })).kind, 'alive');
  const asked = await execute({
    kind: 'check-txn-status', primary: key(3), startTs, callerStartTs: now, currentTs: now + (1n << 60n),
    rollbackIfNotExist: true, resolvingPessimisticLock: false, verifyIsPrimary: false,
  }); // prettier-ignore
  assert(asked.kind === 'status' && asked.ttlMs > 0 && asked.action === 'none');

  goOn();
  const commitTs = await committing!;
  const [byKey, newest, scanned, last, many] = await Promise.all(waiting);
  // The timestamp was drawn after `now`: they see what was before it. A reader of the newest state sees the commit.
  assert.equal(byKey, undefined);
  assert.equal(fromUtf8(newest as Uint8Array), 'big');
  assert.equal((scanned as string[]).length, 5);
  assert.equal((last as { count: number }).count, 1);
  assert.equal((many as unknown[])[1], undefined);
  await refused;
  assert.equal((await patient).kind, 'write-conflict');
  await other.rollback();
  assert.equal((await all(kv.snapshot(commitTs))).length, 41);
  assert.equal((await all(kv.snapshot(oldTs))).length, 5);
  assert(kv.dataVersion(everything) !== undefined);
  await kv.close();
  assert.equal(kv.store.locks.size, 0);
});

test('a large commit is refused whole: a key that exists, a newer version, a lock that stays', async () => {
  const kv = await createMemoryKv({ clientLimits: { ...clientLimits, lockWaitMsMax: 50, lockTtlMs: 60_000 } });
  await write(kv, 30, 31, 'there');
  const fill = async (last: 'insert' | 'put', pessimistic = false) => {
    const txn = await kv.begin({ pessimistic });
    for (let i = 0; i < 30; i++) txn.insert(key(i), utf8('big'));
    if (last === 'insert') txn.insert(key(30), utf8('big'));
    else txn.put(key(30), utf8('big'));
    return txn;
  };
  const exists = await fill('insert');
  await assert.rejects(exists.commit(), (error: { code?: string; fields?: { value?: Uint8Array } }) => {
    return error.code === 'kv.key-exists' && fromUtf8(error.fields!.value!) === 'big';
  });
  const old = await fill('put');
  await write(kv, 30, 31, 'newer');
  await assert.rejects(old.commit(), { code: 'kv.write-conflict' });
  const holder = await kv.begin({ pessimistic: true });
  await holder.lockKeys([key(12)], { waitMs: 'nowait', forUpdateTs: await kv.timestamp() });
  await assert.rejects((await fill('put')).commit(), { code: 'kv.locked' });
  assert.deepEqual(await all(kv.snapshot(await kv.timestamp())), ['row0030=newer']);
  await holder.rollback();
  // Its own locks are no obstacle and go with the commit, written or not.
  const owner = await fill('put', true);
  await owner.lockKeys([key(5), key(30), key(77)], { waitMs: 'nowait', forUpdateTs: await kv.timestamp() });
  await owner.commit();
  assert.equal((await all(kv.snapshot(await kv.timestamp()))).length, 31);
  assert.equal(kv.store.locks.size, 0);
  assert.equal(kv.store.locks.pessimisticCount, 0);
  await kv.close();
});

test('when the log fails in the middle, nobody is told anything and readers of its keys are', async () => {
  const world = createTestWorld();
  const log = new MemoryLog(world);
  const kv = await createMemoryKv({ world, log, clientLimits });
  const txn = await kv.begin({ pessimistic: false });
  for (let i = 0; i < 40; i++) txn.put(key(i), utf8('big'));
  log.failure = new Error('the disk is gone');
  await assert.rejects(txn.commit(), { code: 'kv.undetermined' });
  await assert.rejects(Promise.resolve(kv.snapshot(await kv.timestamp()).get(key(7))), { code: 'kv.undetermined' });
});

test('a large commit whose statement is killed leaves nothing, whether its keys were being held or written', async () => {
  for (const stage of ['hold', 'write'] as const) {
    const { kv, start, goOn } = await heldUp();
    const before = await write(kv, 0, 5, 'old');
    const txn = await kv.begin({ pessimistic: false });
    for (let i = 0; i < 40; i++) txn.put(key(i), utf8('big'));
    const statement = { killed: stage === 'hold' };
    if (stage === 'hold') await assert.rejects(txn.commit(statement), { code: 'kv.interrupted' });
    else {
      const [committing] = await start(() => txn.commit(statement));
      statement.killed = true;
      goOn();
      await assert.rejects(committing!, { code: 'kv.interrupted' });
    }
    // Another may write its keys as soon as they are given back.
    await write(kv, 3, 4, 'newer');
    const rows = await all(kv.snapshot(await kv.timestamp()));
    assert.deepEqual(rows, ['row0000=old', 'row0001=old', 'row0002=old', 'row0003=newer', 'row0004=old']);
    assert.equal((await all(kv.snapshot(before))).length, 5);
    assert.equal(kv.store.locks.size, 0);
    await kv.close();
  }
});

test('large entries of one log group are applied in turns of their own', async () => {
  const kv = await createMemoryKv();
  let turn = 0;
  let counting = true;
  const count = (): void => {
    turn++;
    if (counting) setImmediate(count);
  };
  count();
  const value = new Uint8Array(3 * 1024 * 1024);
  const commits = Array.from({ length: 12 }, async (_, i) => {
    const txn = await kv.begin({ pessimistic: false });
    txn.put(key(i), value);
    await txn.commit();
    return turn;
  });
  const turns = await Promise.all(commits);
  counting = false;
  assert(
    turns.every((at, i) => i === 0 || at >= turns[i - 1]!),
    `answers keep their order: ${turns.join(' ')}`,
  );
  assert(turns[11]! - turns[0]! >= 4, `an entry holds two of them at most, and takes a turn: ${turns.join(' ')}`);
  await kv.close();
});

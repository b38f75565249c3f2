/**
 * SERIALIZABLE, at the door: the anomalies by name, and then the definition itself. Committed transactions are replayed one after the other in the
 * order of their commit timestamps over a plain map: each must read there what it read when they ran together.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 as k } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { SeededRandom } from '../../base/random.ts';
import type { Random } from '../../base/world.ts';
import type { KvClient, Scanner, Snapshot, Transaction } from './client.ts';
import { READ_SET_ENTRIES_MAX } from './read-set.ts';
import { createMemoryKv } from './testing.ts';

const refused = (error: unknown) => error instanceof RutileError && error.code === 'kv.not-serializable';
const optimistic = { pessimistic: false, serializable: true };

async function put(kv: KvClient, pairs: Record<string, string>): Promise<void> {
  const txn = await kv.begin({ pessimistic: false });
  for (const [key, value] of Object.entries(pairs)) txn.put(k(key), k(value));
  await txn.commit();
}

async function collect(scanner: Scanner, step = 2): Promise<string> {
  const found: string[] = [];
  for (let batch = await scanner.next(step); batch !== undefined; batch = await scanner.next(step))
    for (let i = 0; i < batch.count; i++) {
      const key = fromUtf8(batch.keyBytes[i]!.subarray(batch.keyStart[i], batch.keyEnd[i]));
      found.push(`${key}=${fromUtf8(batch.valueBytes[i]!.subarray(batch.valueStart[i], batch.valueEnd[i]))}`);
    }
  scanner.close();
  return found.join(' ');
}

const read = async (from: Snapshot, key: string): Promise<string | undefined> => {
  const value = await from.get(k(key));
  return value === undefined ? undefined : fromUtf8(value);
};

test('write skew: two doctors, each of whom sees the other on call', async () => {
  const kv = await createMemoryKv();
  for (const pessimistic of [false, true]) {
    await put(kv, { alice: 'on', bob: 'on' });
    const one = await kv.begin({ pessimistic, serializable: true });
    const two = await kv.begin({ pessimistic, serializable: true });
    for (const txn of [one, two]) assert.equal((await read(txn, 'alice'))! + (await read(txn, 'bob')), 'onon');
    one.put(k('alice'), k('off'));
    two.put(k('bob'), k('off'));
    await one.commit();
    await assert.rejects(two.commit(), refused);
    assert.equal(await read(kv.snapshot(await kv.timestamp()), 'bob'), 'on', 'nothing of it is there');
  }
  await kv.close();
});

test('write skew, both at once: not both of them', async () => {
  const kv = await createMemoryKv();
  await put(kv, { alice: 'on', bob: 'on' });
  const one = await kv.begin(optimistic);
  const two = await kv.begin(optimistic);
  for (const txn of [one, two]) assert.equal((await read(txn, 'alice'))! + (await read(txn, 'bob')), 'onon');
  one.put(k('alice'), k('off'));
  two.put(k('bob'), k('off'));
  const ends = await Promise.allSettled([one.commit(), two.commit()]);
  assert(ends.filter((end) => end.status === 'fulfilled').length <= 1);
  await kv.close();
});

test('a phantom: a row that comes into a range that was counted, or goes', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a1: 'x', a3: 'x' });
  for (const change of ['a2', 'a3', 'a5']) {
    const counting = await kv.begin(optimistic);
    await collect(counting.scan({ lower: k('a'), upper: k('b') }, { reverse: change === 'a3' }));
    counting.put(k('count'), k(change));
    const other = await kv.begin({ pessimistic: false });
    if (change === 'a3') other.delete(k(change));
    else other.put(k(change), k('y'));
    await other.commit();
    await assert.rejects(counting.commit(), refused);
  }
  await kv.close();
});

test('a scan with a limit, or left early, says nothing about what lies behind', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a1: 'x', a2: 'x', a5: 'x', a6: 'x' });
  const [limited, left, reversed, unread] = await Promise.all([1, 2, 3, 4].map(async () => kv.begin(optimistic)));
  const range = { lower: k('a'), upper: k('b') };
  assert.equal(await collect(limited!.scan(range, { limit: 2 })), 'a1=x a2=x');
  const scanner = left!.scan(range);
  await scanner.next(2);
  scanner.close();
  assert.equal(await collect(reversed!.scan(range, { limit: 1, reverse: true })), 'a6=x');
  unread!.scan(range).close();
  await put(kv, { a3: 'new' });
  for (const txn of [limited, left, reversed, unread]) {
    txn!.put(k('out'), k('1'));
    await txn!.commit().catch((error: unknown) => {
      // They all write the same key.
      assert(error instanceof RutileError && error.code === 'kv.write-conflict');
    });
  }
  const again = await kv.begin(optimistic);
  assert.equal(await collect(again.scan(range, { limit: 2 })), 'a1=x a2=x');
  await put(kv, { a15: 'new' });
  again.put(k('other'), k('1'));
  await assert.rejects(again.commit(), refused);
  await kv.close();
});

test('a transaction that only reads, at one moment, commits whatever was changed since', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1', b: '1' });
  const txn = await kv.begin(optimistic);
  await read(txn, 'a');
  await put(kv, { a: '2', b: '2' });
  assert.equal(await read(txn, 'b'), '1');
  assert.equal(await txn.commit(), txn.startTs);
  // A lock reads what is newest: that is another moment.
  const locking = await kv.begin({ pessimistic: true, serializable: true });
  await read(locking, 'a');
  await put(kv, { a: '3', b: '3' });
  const got = await locking.lockKeys([k('b')], {
    waitMs: 'nowait', forUpdateTs: await kv.timestamp(), returnValues: true,
  }); // prettier-ignore
  assert.equal(got.kind === 'locked' && fromUtf8(got.values![0]!), '3');
  await assert.rejects(locking.commit(), refused);
  // And a key that was read before is refused at once.
  const torn = await kv.begin({ pessimistic: true, serializable: true });
  await read(torn, 'a');
  await put(kv, { a: '4' });
  const ts = await kv.timestamp();
  assert.throws(() => void torn.lockKeys([k('a')], { waitMs: 'nowait', forUpdateTs: ts, returnValues: true }), refused);
  await torn.rollback();
  await kv.close();
});

test('what a statement read that runs again does not count', async () => {
  const kv = await createMemoryKv();
  await put(kv, { a: '1' });
  const txn = await kv.begin({ pessimistic: true, serializable: true });
  const mark = txn.readMark();
  await read(txn, 'a');
  await collect(txn.scan({ lower: k('a'), upper: k('b') }));
  await put(kv, { a: '2' });
  txn.forgetReads(mark);
  txn.setReadTs(await kv.timestamp());
  assert.equal(await read(txn, 'a'), '2');
  txn.put(k('b'), k('from 2'));
  await txn.commit();
  await kv.close();
});

test('reading more than can be looked at again is refused', async () => {
  const kv = await createMemoryKv();
  const txn = await kv.begin(optimistic);
  const keys = Array.from({ length: 1000 }, (_, i) => String(i));
  for (let round = 0; round < READ_SET_ENTRIES_MAX / 1000; round++)
    await txn.getMany(keys.map((key) => k(`${round} ${key}`)));
  await read(txn, '0 1');
  assert.throws(
    () => txn.get(k('one more')),
    (error) => error instanceof RutileError && error.code === 'kv.too-many-reads',
  );
  await txn.rollback();
  await kv.close();
});

/** Reads and writes of a transaction in their order; scans are of all keys. */
type Step =
  { readonly key: string; readonly value: string | undefined } | { readonly rows: string } | { readonly put: string };

interface Done {
  readonly id: number;
  readonly commitTs: bigint;
  readonly steps: readonly Step[];
  readonly wrote: boolean;
}

const KEYS = ['a', 'b', 'c', 'd'];

/** One of several that run at the same time: each await is a place where the others may go on. */
async function wander(kv: KvClient, id: number, random: Random, serializable: boolean): Promise<Done | undefined> {
  const pessimistic = random.below(2) === 0;
  const txn: Transaction = await kv.begin({ pessimistic, serializable });
  const steps: Step[] = [];
  try {
    for (let count = 2 + random.below(5); count > 0; count--) {
      for (let pause = random.below(6); pause > 0; pause--) await Promise.resolve();
      const key = KEYS[random.below(KEYS.length)]!;
      const kind = random.below(10);
      if (kind < 4) steps.push({ key, value: await read(txn, key) });
      else if (kind < 6) steps.push({ rows: await collect(txn.scan({ lower: k('a'), upper: k('z') })) });
      else {
        if (pessimistic) {
          const outcome = await txn.lockKeys([k(key)], {
            waitMs: 'nowait', forUpdateTs: await kv.timestamp(), returnValues: random.below(2) === 0,
          }); // prettier-ignore
          if (outcome.kind !== 'locked') throw new RutileError('kv.write-conflict', 'locked');
        }
        txn.put(k(key), k(String(id)));
        steps.push({ put: key });
      }
    }
    const wrote = txn.count > 0;
    return { id, commitTs: await txn.commit(), steps, wrote };
  } catch (error) {
    assert(error instanceof RutileError, String(error));
    await txn.rollback();
    return undefined;
  }
}

/** The first that did not read what a serial run would have given it. */
function firstMisread(done: readonly Done[], skipReaders: boolean): Done | undefined {
  const state = new Map<string, string>();
  // Who only reads has its snapshot's timestamp, which comes after all commits that it saw.
  const order = [...done].sort((a, b) =>
    a.commitTs < b.commitTs ? -1 : a.commitTs > b.commitTs ? 1 : a.wrote ? -1 : 1,
  );
  for (const one of order) {
    for (const step of one.steps) {
      if ('put' in step) state.set(step.put, String(one.id));
      else if (skipReaders && !one.wrote) continue;
      else if ('key' in step) {
        if (state.get(step.key) !== step.value) return one;
      } else if ([...state].sort().map((pair) => pair.join('=')).join(' ') !== step.rows) return one; // prettier-ignore
    }
  }
  return undefined;
}

async function runSeed(seed: number, serializable: boolean): Promise<readonly Done[]> {
  const kv = await createMemoryKv();
  const random = new SeededRandom(seed);
  const done: Done[] = [];
  let id = 0;
  const worker = async (own: Random): Promise<void> => {
    for (let i = 0; i < 12; i++) {
      const one = await wander(kv, ++id, own, serializable);
      if (one !== undefined) done.push(one);
    }
  };
  await Promise.all(['one', 'two', 'three'].map((name) => worker(random.fork(name))));
  await kv.close();
  return done;
}

test('committed transactions replayed one by one read the same; without `serializable` the replay finds those that do not', async () => {
  let committed = 0;
  let misread = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const done = await runSeed(seed, true);
    committed += done.length;
    const wrong = firstMisread(done, false);
    assert.equal(
      wrong,
      undefined,
      `seed ${seed}: ${JSON.stringify(wrong, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
    );
    if (firstMisread(await runSeed(seed, false), true) !== undefined) misread++;
  }
  assert(committed > 800, `${committed} committed`);
  assert(misread > 5, `${misread} seeds without serializability were seen to be so`);
});

/** Indexes that are being added when their server goes: the next one ends what it began, from where it had come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransactionOptions } from '../../kv/client/client.ts';
import type { MemoryKv } from '../../kv/client/testing.ts';
import { storedJobs } from './index-jobs.ts';
import { createTestCatalog, type TestCatalog } from './testing.ts';

const ROWS = 3000;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function tableOf(values: (i: number) => number): Promise<TestCatalog> {
  const world = await createTestCatalog();
  await world.run('create table t (id int primary key, a int)');
  await world.insert('t', ...numbers(ROWS).map((i) => [i, values(i)]));
  await world.catalog.close();
  return world;
}

/** A server that stands still for ever when it has begun so many transactions since its index is being filled. */
async function dyingServer(
  kv: MemoryKv,
  index: string,
  begins: number,
): Promise<{ died: Promise<void>; server: TestCatalog }> {
  let server: TestCatalog | undefined;
  let dies: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (dies = resolve));
  let count = 0;
  const begin = (options: TransactionOptions): unknown => {
    const isFilled = server?.table('t').indexes.some(({ name, state }) => name === index && state === 'write-reorganization'); // prettier-ignore
    if (!isFilled || ++count < begins) return kv.begin(options);
    dies();
    return new Promise(() => undefined);
  };
  server = await createTestCatalog({}, Object.create(kv, { begin: { value: begin } }) as MemoryKv);
  return { died, server };
}

/** Until no job is left. */
async function ended({ kv, catalog }: TestCatalog): Promise<void> {
  for (let i = 0; i < 10_000 && (catalog.ddlJobs.list().some((job) => !job.isOver) || (await storedJobs(kv)).length > 0); i++) await nextTurn(); // prettier-ignore
}

test('an index goes on after a crash, over rows that changed meanwhile, and definitions stand in line behind it', async () => {
  for (const begins of [1, 2, 5]) {
    const { kv } = await tableOf((i) => i % 7);
    const { died, server } = await dyingServer(kv, 'by_a', begins);
    void server.run('alter table t add index by_a (a)');
    await died;
    assert.equal((await storedJobs(kv)).length, 1);
    const next = await createTestCatalog({}, kv);
    assert.equal(next.table('t').indexes.find(({ name }) => name === 'by_a')!.state, 'write-reorganization');
    await next.insert('t', [ROWS, 3]);
    await next.run('alter table t add column b int');
    assert.deepEqual(next.table('t').indexes.map(({ name, state }) => `${name} ${state}`), ['PRIMARY public', 'by_a public']); // prettier-ignore
    assert.equal(await next.entryCount('t', 'by_a'), ROWS + 1, `${begins} transactions`);
    assert.deepEqual(await storedJobs(kv), []);
    const [altered, resumed] = next.catalog.ddlJobs.list();
    assert.deepEqual([altered!.type, resumed!.type, resumed!.state], ['alter table', 'add index', 'synced']);
    assert.equal(resumed!.query, 'alter table t add index by_a (a)');
  }
});

test('a unique index that goes on finds its duplicate, and is taken back', async () => {
  const { kv } = await tableOf((i) => (i === ROWS - 1 ? 5 : i));
  const { died, server } = await dyingServer(kv, 'u', 3);
  void server.run('alter table t add unique index u (a)');
  await died;
  const errors: unknown[] = [];
  const next = await createTestCatalog({ onBackgroundError: (error) => void errors.push(error) }, kv);
  await ended(next);
  assert.match(String(errors[0]), /Duplicate entry '5' for key 't.u'/);
  assert.deepEqual(next.table('t').indexes.map(({ name }) => name), ['PRIMARY']); // prettier-ignore
  assert.deepEqual(await storedJobs(kv), []);
  assert.equal(next.catalog.ddlJobs.list()[0]!.state, 'rollback done');
  assert.equal(await next.attempt('alter table t add index u (a)'), 'ok');
});

test('a unique index that goes on is whole; a server that closes leaves it to the next one', async () => {
  const { kv } = await tableOf((i) => ROWS - i);
  const { died, server } = await dyingServer(kv, 'u', 3);
  void server.run('create unique index u on t (a)');
  await died;
  const closing = await createTestCatalog({}, kv);
  await closing.catalog.close();
  const next = await createTestCatalog({}, kv);
  await ended(next);
  assert.equal(next.table('t').indexes[1]!.state, 'public');
  assert.equal(await next.entryCount('t', 'u'), ROWS);
});

/** Tables that one session, or one statement, has for itself: what others see of them, and what is left of them when it ends. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TIMESTAMP_MAX } from '../../../kv/client/client.ts';
import { MetaHash, MetaReader } from '../../catalog/meta-store.ts';
import { CatalogAdapter } from '../catalog-adapter.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from '../testing/memory-instance.ts';

let server: MemoryInstance;
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

const notes = async (hash: string): Promise<number> =>
  (await new MetaReader(server.kv.snapshot(TIMESTAMP_MAX)).fields(hash)).length;
const privateTables = (): Promise<number> => notes(MetaHash.PRIVATE_TABLES);
const toClear = (): Promise<number> => notes(MetaHash.DELETE_RANGES);

async function script(
  session: TestSession,
  steps: readonly (readonly [sql: string, expected: string | RegExp])[],
): Promise<void> {
  for (const [sql, expected] of steps) {
    const actual = await session.run(sql);
    if (typeof expected === 'string') assert.equal(actual, expected, sql);
    else assert.match(actual, expected, sql);
  }
}

test('a temporary table is seen by its session alone, and plans do not mistake it for another', async () => {
  const [one, other] = [server.session(), server.session()];
  await script(one, [
    ['CREATE TABLE shared (a INT PRIMARY KEY, b INT)', 'ok 0'],
    ['INSERT INTO shared VALUES (1, 10)', 'ok 1'],
    ['SELECT b FROM shared WHERE a = 1', '10'],
    ['CREATE TEMPORARY TABLE shared (a INT PRIMARY KEY, b VARCHAR(5))', 'ok 0'],
    ['SELECT b FROM shared WHERE a = 1', ''],
    ["INSERT INTO shared VALUES (1, 'own')", 'ok 1'],
    ['SELECT b FROM shared WHERE a = 1', 'own'],
    ['SHOW CREATE TABLE shared', /^shared CREATE TEMPORARY TABLE `shared` \(\n/],
  ]);
  await script(other, [
    ['SELECT b FROM shared WHERE a = 1', '10'],
    ['UPDATE shared SET b = 11', /^ok 1/],
  ]);
  assert.equal(await one.execute('SELECT b FROM shared WHERE a = ?', 1), 'own');
  await one.run('DROP TEMPORARY TABLE shared');
  assert.equal(await one.execute('SELECT b FROM shared WHERE a = ?', 1), '11');
});

test('temporary tables end with the session, and when the connection is reset; their keys are noted for clearing', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TEMPORARY TABLE mine (a INT)', 'ok 0'],
    ['INSERT INTO mine VALUES (1)', 'ok 1'],
  ]);
  assert.equal(await privateTables(), 1);
  await session.session.resetConnection();
  assert.equal(await session.run('SELECT * FROM mine'), "error 1146 Table 'test.mine' doesn't exist");
  assert.equal(await privateTables(), 0);
  await session.run('CREATE TEMPORARY TABLE mine (a INT)');
  const before = await toClear();
  session.session.disconnected();
  while ((await privateTables()) > 0) await new Promise((resolve) => void setImmediate(resolve));
  assert.equal(await toClear(), before + 1);
});

test('what a server left behind that died is found and cleared', async () => {
  const { catalog } = server.instance.catalog as CatalogAdapter;
  const { privateTables: tables } = catalog;
  const database = catalog.schema().database('test')!;
  const [template] = catalog.schema().tables('test');
  const lost = await tables.make(database.id, template!);
  await tables.sweep(undefined);
  assert.equal(await privateTables(), 1, 'somebody uses it');
  tables.forget(lost.id);
  await tables.sweep(undefined);
  assert.equal(await privateTables(), 0);
});

test('CREATE TABLE … SELECT leaves a whole table or none, however many commits filled it', async () => {
  const session = server.session();
  const rows = `WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 900)
    SELECT l.i * 1000 + k.i AS id, REPEAT('x', 1000) AS wide FROM r l JOIN r k ON k.i <= 30`;
  await session.run('SET cte_max_recursion_depth = 10000');
  assert.equal(
    await session.run(`CREATE TABLE large (PRIMARY KEY (id)) ${rows}`),
    'ok 27000 Records: 27000  Duplicates: 0  Warnings: 0',
  );
  assert.equal(
    await session.run('SELECT COUNT(*), COUNT(DISTINCT id), SUM(LENGTH(wide)) FROM large'),
    '27000 27000 27000000',
  );
  assert.equal(await privateTables(), 0);
  const before = await toClear();
  // The duplicate comes when most of the table is committed.
  assert.match(
    await session.run(`CREATE TABLE twice (PRIMARY KEY (id)) ${rows} UNION ALL SELECT 1001, 'again'`),
    /^error 1062 Duplicate entry '1001' for key 'twice.PRIMARY'/,
  );
  assert.match(await session.run('SELECT * FROM twice'), /^error 1146/);
  assert.equal(await privateTables(), 0);
  assert.equal(await toClear(), before + 1);
});

test('a prepared CREATE TABLE … SELECT takes values', async () => {
  const session = server.session();
  assert.match(await session.execute('CREATE TABLE valued SELECT id FROM large WHERE id < ?', 1003), /^ok 2/);
  assert.equal(await session.run('SELECT * FROM valued ORDER BY id'), '1001\n1002');
});

test('rights: CREATE TEMPORARY TABLES, and all of them on what one has made', async () => {
  const root = server.session();
  await script(root, [
    ['CREATE USER visitor', 'ok 0'],
    ['GRANT CREATE TEMPORARY TABLES ON test.* TO visitor', 'ok 0'],
  ]);
  const visitor = server.session('visitor');
  await script(visitor, [
    ['CREATE TABLE p (a INT)', /^error 1142/],
    ['CREATE TEMPORARY TABLE p (a INT)', 'ok 0'],
    ['INSERT INTO p VALUES (1)', 'ok 1'],
    ['UPDATE p SET a = 2', /^ok 1/],
    ['SELECT * FROM p', '2'],
    ['ALTER TABLE p ADD COLUMN b INT', /^ok 0/],
    ['CREATE TEMPORARY TABLE q SELECT * FROM shared', /^error 1142/],
    ['DROP TABLE p', 'ok 0'],
    ['DROP TABLE shared', /^error 1142/],
  ]);
});

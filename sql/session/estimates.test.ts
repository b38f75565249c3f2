/** What the planner expects of a condition, beside what is there: common values, and rows that came after the statistics. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

let server: MemoryInstance;
let session: TestSession;

before(async () => {
  server = await createMemoryInstance();
  session = server.session();
  await session.run('CREATE TABLE n (i INT PRIMARY KEY)');
  await session.run(
    'INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 999) SELECT i FROM c',
  );
  await session.run('CREATE TABLE t (id INT PRIMARY KEY, state INT, made INT, KEY (made))');
  await session.run('INSERT INTO t SELECT i, IF(i < 900, 1, i % 5), i * 10 FROM n');
  await session.run('ANALYZE TABLE t');
});

after(() => server.close());

/** Rows that the topmost line of the plan expects. */
async function expected(where: string): Promise<number> {
  const [first] = (await session.run(`EXPLAIN SELECT * FROM t WHERE ${where}`)).split('\n');
  return Number(/ (\d+\.\d\d) /.exec(first!)![1]);
}

async function actual(where: string): Promise<number> {
  return Number(await session.run(`SELECT COUNT(*) FROM t WHERE ${where}`));
}

for (const where of ['state > 1', 'state >= 3', 'state < 1', 'state <= 1', 'made > 5000', 'made BETWEEN 1000 AND 2000'])
  test(`${where}: within a tenth of the table`, async () => {
    const [guess, count] = [await expected(where), await actual(where)];
    assert(Math.abs(guess - count) <= 100, `expected ${guess}, there are ${count}`);
  });

test('beyond all that was seen lies a part of what came since', async () => {
  assert((await expected('made > 20000')) <= 1);
  await session.run('INSERT INTO t SELECT i + 1000, 1, 20000 + i FROM n WHERE i < 300');
  const guess = await expected('made >= 20000');
  assert(guess >= 50 && guess <= 300, `expected ${guess} of 300`);
});

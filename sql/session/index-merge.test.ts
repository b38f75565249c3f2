/**
 * Index merges beside a table that has the same rows and no index: whatever conditions the dice make, both give the same rows. Then the same in a
 * transaction with writes of its own, for statements that change and lock what they find, and with no memory for the keys.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { memorySpill } from '../executor/testing.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

const CONDITIONS = 250;
let server: MemoryInstance;
let session: TestSession;

before(async () => {
  server = await createMemoryInstance({ spillTo: memorySpillTo() });
  session = server.session();
  const columns = 'a INT, b INT NOT NULL, c VARCHAR(20), d DECIMAL(8,2), e INT';
  await session.run(
    `CREATE TABLE merged (id INT PRIMARY KEY, ${columns}, KEY ka (a), KEY kb (b, e), KEY kc (c(3)), UNIQUE KEY kd (d, id))`,
  );
  await session.run(`CREATE TABLE plain (id INT PRIMARY KEY, ${columns})`);
  const random = new SeededRandom(7);
  const rows: string[] = [];
  for (let id = 0; id < 2000; id++) {
    const a = random.below(12) === 0 ? 'NULL' : random.below(300);
    const c = random.below(9) === 0 ? 'NULL' : `'${'xyz'[random.below(3)]}${random.below(400)}ä'`;
    const d = random.below(9) === 0 ? 'NULL' : `${random.below(400)}.50`;
    rows.push(`(${id}, ${a}, ${random.below(200)}, ${c}, ${d}, ${random.below(5)})`);
  }
  for (const table of ['merged', 'plain']) await session.run(`INSERT INTO ${table} VALUES ${rows.join()}`);
  await session.run('ANALYZE TABLE merged');
});

after(() => server.close());

function memorySpillTo(): { readonly disk: never; readonly path: string } {
  return { disk: (memorySpill() as unknown as { disk: never }).disk, path: 'spill' };
}

function atom(random: SeededRandom): string {
  switch (random.below(10)) {
    case 0:
      return `a = ${random.below(300)}`;
    case 1:
      return `b = ${random.below(200)}`;
    case 2:
      return `c = '${'xyz'[random.below(3)]}${random.below(400)}ä'`;
    case 3:
      return `c LIKE '${'xyz'[random.below(3)]}${random.below(40)}%'`;
    case 4:
      return `d = ${random.below(400)}.5`;
    case 5:
      return `a BETWEEN ${random.below(300)} AND ${random.below(300)}`;
    case 6:
      return `id ${'<>'[random.below(2)]} ${random.below(2000)}`;
    case 7:
      return `b IN (${random.below(200)}, ${random.below(200)}, ${random.below(200)})`;
    case 8:
      return random.below(3) === 0 ? 'a IS NULL' : `d < ${random.below(6)}`;
    default:
      return `(b = ${random.below(200)} AND e < ${random.below(5)})`;
  }
}

function condition(random: SeededRandom): string {
  const parts = Array.from({ length: 2 + random.below(3) }, () =>
    random.below(4) === 0 ? `(${atom(random)} AND ${atom(random)})` : atom(random));
  const or = `(${parts.join(' OR ')})`;
  return random.below(3) === 0 ? `${or} AND ${atom(random)}` : random.below(6) === 0 ? `NOT ${or}` : or;
} // prettier-ignore

async function compare(where: string): Promise<boolean> {
  const got = await session.run(`SELECT * FROM merged WHERE ${where}`);
  const wanted = await session.run(`SELECT * FROM plain WHERE ${where}`);
  assert.deepEqual(got.split('\n').sort(), wanted.split('\n').sort(), where);
  return (await session.run(`EXPLAIN SELECT * FROM merged WHERE ${where}`)).includes('IndexMerge');
}

test(`${CONDITIONS} conditions find what a table without indexes finds`, async () => {
  const random = new SeededRandom(1);
  let merges = 0;
  for (let i = 0; i < CONDITIONS; i++) if (await compare(condition(random))) merges++;
  assert(merges > CONDITIONS / 10, `${merges} of them are merges`);
});

test('an intersection with a quota of its own has no room for keys, and reads one index', async () => {
  await session.run('CREATE TABLE many (id INT PRIMARY KEY, p INT, q INT, pad CHAR(200), KEY kp (p), KEY kq (q))');
  await session.run(
    `INSERT INTO many WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i, i % 3, i % 2, '' FROM n`,
  );
  for (const add of [1000, 2000, 4000])
    await session.run(`INSERT INTO many SELECT id + ${add}, p, q, pad FROM many WHERE id < ${add}`);
  const where = 'FROM many WHERE p = 1 AND q = 0';
  const shown = await session.run(`EXPLAIN SELECT COUNT(*) ${where}`);
  const free = await session.run(`SELECT COUNT(*), SUM(id), MAX(pad) ${where}`);
  await session.run('SET rutile_mem_quota_query = 131072');
  assert.equal(await session.run(`SELECT COUNT(*), SUM(id), MAX(pad) ${where}`), free, shown);
  await session.run('SET rutile_mem_quota_query = DEFAULT');
});

test('what a transaction has written itself is found, changed and locked', async () => {
  const where = 'a = 7 OR b = 11 OR id = 5';
  await session.run('BEGIN');
  for (const table of ['merged', 'plain']) {
    await session.run(`UPDATE ${table} SET a = 7 WHERE id IN (100, 101)`);
    await session.run(`DELETE FROM ${table} WHERE id = 5`);
    await session.run(`INSERT INTO ${table} VALUES (9000, 7, 11, NULL, NULL, NULL)`);
  }
  await compare(where);
  const locked = (await session.run(`SELECT id FROM merged WHERE ${where} FOR UPDATE`)).split('\n');
  assert.deepEqual(locked.sort(), (await session.run(`SELECT id FROM plain WHERE ${where}`)).split('\n').sort());
  const changed = await session.run(`UPDATE merged SET a = 7, b = 11, e = 77 WHERE ${where}`);
  assert.equal(await session.run(`UPDATE plain SET a = 7, b = 11, e = 77 WHERE ${where}`), changed);
  await compare(where);
  const gone = await session.run(`DELETE FROM merged WHERE ${where}`);
  assert.equal(await session.run(`DELETE FROM plain WHERE ${where}`), gone);
  await compare('id >= 0');
  await session.run('ROLLBACK');
  await compare(where);
});

test('a prepared statement merges anew for each of its values', async () => {
  await session.run("PREPARE s FROM 'SELECT id FROM merged WHERE a = ? OR b = ? ORDER BY id'");
  for (const [a, b] of [
    [1, 2],
    [5, 5],
    ['NULL', 9],
    [200, 'NULL'],
  ]) {
    // prettier-ignore
    await session.run(`SET @a = ${a}, @b = ${b}`);
    const wanted = await session.run(`SELECT id FROM plain WHERE a = ${a} OR b = ${b} ORDER BY id`);
    assert.equal(await session.run('EXECUTE s USING @a, @b'), wanted);
  }
});

/**
 * Queries with a quota far below what they need, on a real disk: each must answer as without a quota, tell in EXPLAIN ANALYZE that it went to
 * disk, and leave no file. Then what may go wrong: a full disk, no disk, a KILL, a transaction that fails half-way.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NodeDisk } from '../../base/node/disk.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

const path = mkdtempSync(join(tmpdir(), 'rutile-spill-'));
let server: MemoryInstance;
let session: TestSession;

before(async () => {
  server = await createMemoryInstance({ spillTo: { disk: new NodeDisk(), path } });
  session = server.session();
  await session.run('CREATE TABLE d (n INT PRIMARY KEY)');
  await session.run('INSERT INTO d VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)');
  await session.run(
    `CREATE TABLE big (id INT PRIMARY KEY, k INT, g INT, name VARCHAR(60) COLLATE utf8mb4_0900_ai_ci, price DECIMAL(12,2), at DATETIME(3), j JSON,
     raw VARBINARY(20), wait TIME, f DOUBLE)`,
  );
  await session.run(
    `INSERT INTO big SELECT x, IF(x % 13 = 0, NULL, x % 1700), x % 7, CONCAT(CHAR(97 + x % 26), 'ä', REPEAT(CHAR(110 + x % 9), x % 20)), x * 1.25,
       '2024-01-01' + INTERVAL x MINUTE, JSON_OBJECT('x', x), UNHEX(HEX(x)), SEC_TO_TIME(x), x / 3
     FROM (SELECT a.n + b.n * 10 + c.n * 100 + e.n * 1000 x FROM d a, d b, d c, d e WHERE e.n < 6) t`,
  );
  await session.run('CREATE TABLE by_g (id INT PRIMARY KEY, g INT, name VARCHAR(60), price DECIMAL(12,2), KEY (g))');
  await session.run('INSERT INTO by_g SELECT id, id % 60, name, price FROM big');
  await session.run('CREATE TABLE half AS_IS (id INT)'.replace('AS_IS ', ''));
  await session.run('INSERT INTO half SELECT id * 2 FROM big');
});

after(async () => {
  await server.close();
  rmSync(path, { recursive: true, force: true });
});

/** What it answers without a quota, and with 128 KiB; rows as lines. */
async function both(sql: string): Promise<readonly [readonly string[], readonly string[]]> {
  await session.run('SET rutile_mem_quota_query = DEFAULT');
  const free = await session.run(sql);
  await session.run('SET rutile_mem_quota_query = 131072');
  const bound = await session.run(sql);
  return [free.split('\n'), bound.split('\n')];
}

const ORDERED: readonly string[] = [
  'SELECT * FROM big ORDER BY name, id',
  'SELECT id, f, wait, raw, j FROM big ORDER BY at DESC',
  'SELECT id FROM big ORDER BY k, g DESC, name LIMIT 3000, 50',
  'SELECT id FROM big ORDER BY -id % 17, id LIMIT 5000',
  'SELECT id, name FROM big ORDER BY CONCAT(name, g), id DESC',
  'SELECT k, g, COUNT(*), SUM(price), MAX(name) FROM big GROUP BY k, g ORDER BY k, g',
  'SELECT k, COUNT(DISTINCT name), COUNT(DISTINCT price, g), SUM(DISTINCT g) FROM big GROUP BY k ORDER BY k',
  'SELECT k, g, COUNT(*), SUM(price), MIN(name), COUNT(DISTINCT g), GROUPING(k, g) FROM big GROUP BY k, g WITH ROLLUP',
  'SELECT name, k, AVG(f) FROM big WHERE id < 4000 GROUP BY name, k WITH ROLLUP',
  'SELECT COUNT(DISTINCT id), COUNT(DISTINCT name), SUM(DISTINCT price), AVG(DISTINCT k) FROM big',
  'SELECT /*+ INL_JOIN(b) */ COUNT(*), SUM(b.price), MAX(b.name) FROM big a JOIN by_g b ON b.g = a.g WHERE a.id < 400',
  "SELECT GROUP_CONCAT(name ORDER BY name DESC, id), GROUP_CONCAT(id ORDER BY -id SEPARATOR '; ') FROM big",
  'SELECT a.id, b.id FROM big a JOIN big b ON a.k = b.k AND b.id < 900 ORDER BY a.id, b.id LIMIT 2000',
  'WITH RECURSIVE c AS (SELECT 1 x UNION ALL SELECT x + 1 FROM c WHERE x < 900), w AS (SELECT id, name, price FROM big) SELECT COUNT(*), SUM(x) FROM c, d',
  'WITH w AS (SELECT id, name, price FROM big) SELECT COUNT(*), SUM(a.price), MAX(b.name) FROM w a JOIN w b ON a.id = b.id + 1',
  'SELECT id, ROW_NUMBER() OVER w, RANK() OVER w, CUME_DIST() OVER w, NTILE(7) OVER w, LAG(name, 2, name) OVER w FROM big WINDOW w AS (ORDER BY name, k) ORDER BY id',
  'SELECT id, SUM(price) OVER (PARTITION BY g ORDER BY id), COUNT(*) OVER (PARTITION BY g), LAST_VALUE(name) OVER (PARTITION BY g) FROM big ORDER BY id',
  'SELECT id, MAX(name) OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 3 FOLLOWING), SUM(k) OVER (ORDER BY id RANGE BETWEEN 40 PRECEDING AND 7 PRECEDING) FROM big ORDER BY id',
  'SELECT id, FIRST_VALUE(at) OVER (ORDER BY k DESC, id), NTH_VALUE(j, 9) OVER (ORDER BY k DESC, id) FROM big ORDER BY id',
];

const UNORDERED: readonly string[] = [
  'SELECT DISTINCT name, k FROM big',
  'SELECT k, g, MIN(j), MAX(at), AVG(f) FROM big GROUP BY k, g',
  'SELECT a.id, b.name FROM big a JOIN big b ON a.id = b.id',
  'SELECT a.id, b.id, b.name FROM big a LEFT JOIN big b ON a.id = b.k AND b.g > 3',
  'SELECT id FROM big WHERE id IN (SELECT k FROM big)',
  'SELECT id FROM big WHERE k NOT IN (SELECT id * 2 FROM big)',
  'SELECT id FROM big WHERE id NOT IN (SELECT k FROM big)',
  'SELECT id, k IN (SELECT h.id FROM half h) FROM big',
  'SELECT id FROM big a WHERE NOT EXISTS (SELECT 1 FROM half h WHERE h.id = a.id)',
  'SELECT a.id, b.id FROM half a JOIN half b ON a.id % 300 + 1 > b.id AND b.id < 5000 AND a.id > 9000',
  'SELECT k, name FROM big EXCEPT SELECT k, name FROM big WHERE g < 3',
  "SELECT name FROM big INTERSECT ALL SELECT CONCAT(name, '') FROM big WHERE g > 2",
  'SELECT name, g FROM big UNION SELECT name, k FROM big',
];

for (const sql of ORDERED)
  test(`without memory: ${sql}`, async () => {
    const [free, bound] = await both(sql);
    assert.deepEqual(bound, free);
    assert.equal(server.instance.spill!.usedBytes, 0);
  });

for (const sql of UNORDERED)
  test(`without memory: ${sql}`, async () => {
    const [free, bound] = await both(sql);
    assert.deepEqual([...bound].sort(), [...free].sort());
    assert.ok(free.length > 100 || sql.includes('NOT IN (SELECT k'), `${free.length} rows show something`);
  });

test('a sort of equal keys keeps their order, and one by RAND() draws once for each row', async () => {
  const [free, bound] = await both('SELECT id FROM big ORDER BY g');
  assert.deepEqual(bound, free);
  const drawn = await session.run('SELECT id FROM big ORDER BY RAND()');
  assert.equal(new Set(drawn.split('\n')).size, 6000);
});

test('EXPLAIN ANALYZE says who went to disk', async () => {
  await session.run('SET rutile_mem_quota_query = 131072');
  const shown = await session.run('EXPLAIN ANALYZE SELECT * FROM big ORDER BY name');
  assert.match(
    shown.split('\n').find((line) => line.includes('Sort'))!,
    / [0-9.]+ [KM]B$/,
  );
  assert.match(
    shown.split('\n').find((line) => line.includes('TableFullScan'))!,
    /N\/A$/,
  );
});

test('files have no names, and what a crash left is removed', async () => {
  assert.ok(server.instance.spill!.created > 0);
  assert.deepEqual(readdirSync(path), []);
  writeFileSync(join(path, '1-1.spill'), 'left behind');
  writeFileSync(join(path, 'mine.txt'), 'not ours');
  await server.instance.spill!.clear();
  assert.deepEqual(readdirSync(path), ['mine.txt']);
});

test('a full disk is error 1021 for the statement alone', async () => {
  await session.run('SET rutile_mem_quota_query = 131072');
  await session.run('SET GLOBAL rutile_spill_limit = 1048576');
  // Two megabytes of rows.
  const failed = await session.run(
    'SELECT * FROM big a, (SELECT 1 UNION SELECT 2 UNION SELECT 3) t ORDER BY name, price, j',
  );
  assert.match(failed, /^error disk.full/, 'which the protocol shows as 1021');
  assert.equal(server.instance.spill!.usedBytes, 0);
  await session.run('SET GLOBAL rutile_spill_limit = DEFAULT');
  assert.equal(await session.run('SELECT COUNT(*) FROM (SELECT * FROM big ORDER BY name LIMIT 5500) t'), '5500');
});

test('rutile_spill = OFF: the statement fails at its quota', async () => {
  await session.run('SET rutile_mem_quota_query = 131072, rutile_spill = OFF');
  assert.match(await session.run('SELECT * FROM big ORDER BY name'), /error 8175/);
  await session.run('SET rutile_spill = ON');
});

test('what writes and locks goes to disk, too', async () => {
  await session.run('CREATE TABLE sink (id INT PRIMARY KEY, name VARCHAR(60))');
  await session.run('SET rutile_mem_quota_query = 131072');
  assert.match(await session.run('INSERT INTO sink SELECT id, name FROM big ORDER BY name DESC, id'), /ok 6000/);
  await session.run('BEGIN');
  const locked = await session.run('SELECT name FROM big ORDER BY name FOR UPDATE');
  assert.equal(locked.split('\n').length, 6000);
  await session.run('ROLLBACK');
  await session.run('SET rutile_mem_quota_query = DEFAULT');
  assert.equal(await session.run('SELECT COUNT(*) FROM sink s JOIN big b USING (id, name)'), '6000');
  assert.equal(server.instance.spill!.usedBytes, 0);
});

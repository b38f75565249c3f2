/** LOAD DATA's expressions: SET, user variables in the list of fields, and defaults of what the file leaves out or breaks off before. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from '../testing/memory-instance.ts';

let server: MemoryInstance;
let session: TestSession;
before(async () => {
  server = await createMemoryInstance();
  session = server.session();
  await session.run('SET GLOBAL local_infile = 1');
  await session.run(
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), d DATE, w INT DEFAULT (id * 10), u INT, x INT DEFAULT (w + 1))',
  );
});
after(() => server.close());

const LINES = '1\tone\t2024-01-31\n2\ttwo\t31.12.2024\n3\n';

async function load(how: string, file = LINES): Promise<string> {
  session.file = file;
  await session.run('DELETE FROM t');
  const answer = await session.run(`LOAD DATA LOCAL INFILE 'f' INTO TABLE t ${how}`);
  return answer.startsWith('ok') ? session.run('SELECT * FROM t ORDER BY id') : answer;
}

test('SET computes columns from user variables that the file fills, and from other columns', async () => {
  await session.run('SET @v = 17');
  const date = "d = IF(@d LIKE '%.%', STR_TO_DATE(@d, '%d.%m.%Y'), @d)";
  assert.equal(
    await load(`(id, @v, @d) SET v = CONCAT(UPPER(@v), '!'), ${date}, u = id + LENGTH(@v)`),
    '1 ONE! 2024-01-31 10 4 11\n2 TWO! 2024-12-31 20 5 21\n3 NULL NULL 30 NULL 31',
  );
});

test('SET may change a column that the file gives, and say DEFAULT', async () => {
  assert.equal(
    await load('(id, v, @skip) SET v = UPPER(v), w = DEFAULT, u = DEFAULT'),
    '1 ONE NULL 10 NULL 11\n2 TWO NULL 20 NULL 21\n3 NULL NULL 30 NULL 31',
  );
});

test('a line that breaks off gets defaults, computed ones too', async () => {
  assert.equal(await load('(id, v, w)', '1\ta\t5\n2\tb\n'), '1 a NULL 5 NULL 6\n2 b NULL 20 NULL 21');
});

test('unknown columns and subqueries that read tables are refused', async () => {
  assert.match(await load('(id, v) SET nothing = 1'), /^error 1054 /);
  assert.match(await load('(id, v) SET u = nothing'), /^error 1054 /);
  assert.match(await load('(id, v) SET u = (SELECT MAX(id) FROM t)'), /^error 1235 /);
});

test('an index that is made while a file is loaded has the rows of the file', async () => {
  await session.run('CREATE TABLE grown (id INT PRIMARY KEY, v INT)');
  const other = server.session();
  session.file = Array.from({ length: 12_000 }, (_, i) => `${i}\t${i % 7}\n`).join('');
  const order: string[] = [];
  const note = (what: string) => (answer: string) => {
    assert.match(answer, /^ok/);
    order.push(what);
  };
  const loading = session.run("LOAD DATA LOCAL INFILE 'f' INTO TABLE grown").then(note('loaded'));
  await new Promise((resolve) => void setImmediate(resolve));
  const changing = other.run('ALTER TABLE grown ADD INDEX by_v (v)').then(note('changed'));
  await Promise.all([loading, changing]);
  assert.deepEqual(order, ['loaded', 'changed']);
  assert.equal(await session.run('SELECT COUNT(*) FROM grown USE INDEX (by_v) WHERE v >= 0'), '12000');
  assert.match(await session.run('ADMIN CHECK TABLE grown'), /^(ok|$)/);
});

test('generated columns are computed, and are in no list of fields', async () => {
  await session.run('CREATE TABLE made (a INT PRIMARY KEY, b INT, c INT AS (a + b) STORED, UNIQUE KEY (c))');
  session.file = '5\t6\n7\t8\n';
  const into = "LOAD DATA LOCAL INFILE 'f' INTO TABLE made";
  assert.match(await session.run(into), /^error 3105 /);
  assert.match(await session.run(`${into} (a, c)`), /^error 3105 /);
  assert.match(await session.run(`${into} (a, b) SET c = 5`), /^error 3105 /);
  assert.match(await session.run(`${into} (a, b) SET c = DEFAULT`), /^ok/);
  assert.equal(await session.run('SELECT * FROM made ORDER BY c'), '5 6 11\n7 8 15');
});

/** Which partitions a statement looks into, as EXPLAIN says it; and that a plan kept for other parameters looks into theirs. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

let server: MemoryInstance;
let session: TestSession;
before(async () => {
  server = await createMemoryInstance();
  session = server.session();
});
after(() => server.close());

/** Table definitions, and what conditions leave of them; `-`: nothing, `*`: everything. */
const CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a INT, b INT) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE)':
    {
      'a = 5': 'p0',
      'a IN (5, 25)': 'p0,p2',
      'a < 10': 'p0',
      'a <= 10': 'p0,p1',
      'a > 9 AND a < 20': 'p1',
      '9 < a AND 20 > a': 'p1',
      'a BETWEEN 10 AND 19': 'p1',
      'a >= 20': 'p2',
      'a IS NULL': 'p0',
      'a IS NOT NULL': '*',
      'a = 5 OR a = 15': 'p0,p1',
      'a = 5 OR a > 30': 'p0,p2',
      'a = 5 OR b = 1': '*',
      'a < 5 AND a > 15': '-',
      'a <> 5': '*',
      'a > 9.5 AND a < 19.5': 'p1',
      'b = 3': '*',
      'a + 1 = 6': '*',
      'a = 3 + 2': 'p0',
    },
  'd DATE, x INT) PARTITION BY RANGE (YEAR(d)) (PARTITION a VALUES LESS THAN (2000), PARTITION b VALUES LESS THAN (2010), PARTITION c VALUES LESS THAN (2020))':
    {
      "d = '2005-05-05'": 'b',
      "d < '2000-01-01'": 'a',
      "d <= '2000-01-01'": 'a,b',
      "d >= '2000-01-01' AND d < '2010-01-01'": 'b',
      "d > '2009-12-31'": 'c',
      "d > '2020-01-01'": '-',
      "d BETWEEN '1990-01-01' AND '2001-01-01'": 'a,b',
      'YEAR(d) = 2005': '*',
      'd IS NULL': 'a',
    },
  "d DATETIME, x INT) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION a VALUES LESS THAN (TO_DAYS('2000-01-01')), PARTITION b VALUES LESS THAN (TO_DAYS('2010-01-01')), PARTITION c VALUES LESS THAN MAXVALUE)":
    {
      "d = '2005-05-05 10:00:00'": 'b',
      // A moment that is no day counts as NULL, which lies in the first partition.
      "d >= '2000-01-01' AND d < '2010-01-01'": 'a,b',
      "d >= '2010-01-01'": 'a,c',
    },
  "t TIMESTAMP NOT NULL, x INT) PARTITION BY RANGE (UNIX_TIMESTAMP(t)) (PARTITION a VALUES LESS THAN (UNIX_TIMESTAMP('2000-01-01 00:00:00')), PARTITION b VALUES LESS THAN MAXVALUE)":
    { "t < '1999-12-31 23:59:59'": 'a', "t < '2000-01-01 00:00:00'": '*', "t >= '2000-01-01 00:00:00'": 'b' },
  "a INT, b VARCHAR(5), c INT) PARTITION BY RANGE COLUMNS (a, b) (PARTITION p0 VALUES LESS THAN (5, 'm'), PARTITION p1 VALUES LESS THAN (10, MAXVALUE), PARTITION p2 VALUES LESS THAN (MAXVALUE, MAXVALUE))":
    {
      'a < 5': 'p0',
      'a = 5': 'p0,p1',
      "a = 5 AND b = 'M'": 'p1',
      "a = 5 AND b < 'b'": 'p0',
      'a = 10': 'p1',
      'a > 10': 'p2',
      "b = 'm'": '*',
      "a IN (1, 11) AND b = 'x'": 'p0,p2',
    },
  'a INT, b INT) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 VALUES IN (3, 4), PARTITION n VALUES IN (NULL, 9))':
    {
      'a = 1': 'p0',
      'a = 7': '-',
      'a IN (2, 3)': 'p0,p1',
      'a > 2': 'p1,n',
      'a < 3': 'p0',
      'a IS NULL': 'n',
      'a IS NOT NULL': '*',
    },
  "b VARCHAR(9)) PARTITION BY LIST COLUMNS (b) (PARTITION p0 VALUES IN ('alpha', 'beta'), PARTITION p1 VALUES IN ('gamma'))":
    { "b = 'ALPHA'": 'p0', "b > 'c'": 'p1', "b LIKE 'g%'": 'p1', "b IN ('beta', 'delta')": 'p0' },
  'a INT, b INT) PARTITION BY HASH (a) PARTITIONS 4': {
    'a = 5': 'p1',
    'a = -5': 'p1',
    'a IN (1, 5, 6)': 'p1,p2',
    'a BETWEEN 6 AND 7': 'p2,p3',
    'a BETWEEN 6 AND 70': '*',
    'a > 5 AND a < 7': 'p2',
    'a IS NULL': 'p0',
  },
  'a INT, b INT) PARTITION BY HASH (a + b) PARTITIONS 4': { 'a = 5 AND b = 1': 'p2', 'a = 5': '*' },
  'a INT, b INT) PARTITION BY KEY (a, b) PARTITIONS 4': { 'a = 5': '*', 'a = 5 AND b < 3': '*' },
};

test('conditions leave the partitions that can have rows', async () => {
  const wrong: string[] = [];
  for (const [definition, conditions] of Object.entries(CASES)) {
    await session.run('DROP TABLE IF EXISTS t');
    assert.equal(await session.run(`CREATE TABLE t (${definition}`), 'ok 0', definition);
    const all = await partitions('SELECT * FROM t');
    for (const [condition, expected] of Object.entries(conditions)) {
      const found = await partitions(`SELECT * FROM t WHERE ${condition}`);
      const shown = found === all ? '*' : found === '' ? '-' : found;
      if (shown !== expected) wrong.push(`${definition}: ${condition} gives ${shown}, not ${expected}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** What EXPLAIN shows in its column of that name. */
async function partitions(sql: string): Promise<string> {
  const explained = await session.run(`EXPLAIN FORMAT='brief' ${sql}`);
  if (!explained.includes('partition:')) return /TableDual/.test(explained) ? '' : explained;
  const [, names] = /partition:([\w,]+?),? /.exec(explained)!;
  return names === 'none' ? '' : names!;
}

test('PARTITION (…) and conditions leave what both leave', async () => {
  await session.run('DROP TABLE IF EXISTS t');
  await session.run('CREATE TABLE t (a INT) PARTITION BY HASH (a) PARTITIONS 4');
  assert.equal(await partitions('SELECT * FROM t PARTITION (p1, p3) WHERE a IN (1, 2)'), 'p1');
  assert.equal(await partitions('SELECT * FROM t PARTITION (p3)'), 'p3');
  assert.equal(await partitions('DELETE FROM t PARTITION (p0) WHERE a = 1'), '');
});

test('a plan that is kept finds the partitions of its parameters', async () => {
  await session.run('DROP TABLE IF EXISTS t');
  await session.run('CREATE TABLE t (id INT, d DATE, PRIMARY KEY (id, d), KEY (d)) PARTITION BY RANGE (YEAR(d)) (PARTITION a VALUES LESS THAN (2000), PARTITION b VALUES LESS THAN (2010), PARTITION c VALUES LESS THAN MAXVALUE)'); // prettier-ignore
  await session.run("INSERT INTO t VALUES (1, '1999-01-01'), (2, '2005-01-01'), (3, '2015-01-01')");
  const query = 'SELECT id FROM t WHERE d >= ? AND d < ? ORDER BY id';
  assert.equal(await session.execute(query, '1990-01-01', '2000-01-01'), '1');
  assert.equal(await session.execute(query, '2000-01-01', '2020-01-01'), '2\n3');
  assert.equal(await session.execute(query, '1990-01-01', '2006-01-01'), '1\n2');
  assert.equal(await session.execute(query, null, '2006-01-01'), '');
  for (const [id, date] of [
    [1, '1999-01-01'],
    [2, '2005-01-01'],
    [3, '2015-01-01'],
  ] as const) {
    // prettier-ignore
    assert.equal(await session.execute('SELECT id FROM t WHERE id = ? AND d = ?', id, date), String(id));
    assert.equal(await session.run(`SELECT id FROM t WHERE id = ${id} AND d = '${date}'`), String(id));
  }
  assert.equal(await session.run('SELECT @@last_plan_from_cache'), '1');
});

test('the clause is printed as MySQL prints it, and read again', async () => {
  for (const clause of [
    "/*!50100 PARTITION BY RANGE (`a`)\n(PARTITION p0 VALUES LESS THAN (-1) COMMENT = 'it''s' ENGINE = InnoDB,\n PARTITION `p 1` VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */",
    "/*!50500 PARTITION BY RANGE  COLUMNS(b,c)\n(PARTITION p0 VALUES LESS THAN ('x','2020-01-01') ENGINE = InnoDB,\n PARTITION p1 VALUES LESS THAN (MAXVALUE,MAXVALUE) ENGINE = InnoDB) */",
    '/*!50100 PARTITION BY LIST (`a`)\n(PARTITION p0 VALUES IN (1,NULL,-3) ENGINE = InnoDB) */',
    "/*!50500 PARTITION BY LIST  COLUMNS(a,b)\n(PARTITION p0 VALUES IN ((1,'x'),(NULL,'y')) ENGINE = InnoDB) */",
    '/*!50100 PARTITION BY LINEAR HASH (year(`c`))\nPARTITIONS 3 */',
    '/*!50100 PARTITION BY HASH ((`a` + 1))\n(PARTITION x ENGINE = InnoDB) */',
    '/*!50100 PARTITION BY KEY (a,c)\nPARTITIONS 2 */',
    '/*!50100 PARTITION BY LINEAR KEY ()\nPARTITIONS 2 */',
  ]) {
    await session.run('DROP TABLE IF EXISTS t');
    const key = clause.includes('KEY ()') ? ', PRIMARY KEY (a)' : '';
    assert.equal(await session.run(`CREATE TABLE t (a INT, b VARCHAR(5), c DATE${key}) ${clause}`), 'ok 0', clause);
    const shown = await session.run('SHOW CREATE TABLE t');
    assert.equal(shown.slice(shown.indexOf('/*!')), clause);
  }
});

test('LOAD DATA puts lines where they belong', async () => {
  await session.run('DROP TABLE IF EXISTS t');
  await session.run('CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(5)) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))'); // prettier-ignore
  await session.run('SET GLOBAL local_infile = 1');
  session.file = '5\tx\n15\ty\n25\tz\n';
  assert.match(await session.run("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"), /^ok 2/);
  assert.equal(await session.run('SELECT * FROM t PARTITION (p1)'), '15 y');
  session.file = '6\tx\n16\ty\n';
  assert.match(await session.run("LOAD DATA LOCAL INFILE 'f' INTO TABLE t PARTITION (p0)"), /^ok 1/);
  assert.equal(await session.run('SELECT COUNT(*) FROM t'), '3');
  assert.match(await session.run("LOAD DATA LOCAL INFILE 'f' INTO TABLE t PARTITION (px)"), /^error 1735/);
});

test('CHECK TABLE finds a row that is where it does not belong', async () => {
  await session.run('DROP TABLE IF EXISTS t, x');
  await session.run("SET time_zone = '+05:00'");
  await session.run("CREATE TABLE t (t TIMESTAMP NOT NULL, KEY (t)) PARTITION BY RANGE (UNIX_TIMESTAMP(t)) (PARTITION p0 VALUES LESS THAN (UNIX_TIMESTAMP('2000-01-01 00:00:00')), PARTITION p1 VALUES LESS THAN MAXVALUE)"); // prettier-ignore
  await session.run("INSERT INTO t VALUES ('1999-12-31 23:59:59'), ('2000-01-01 00:00:00')");
  assert.equal(await session.run('CHECK TABLE t'), 'test.t check status OK');
  await session.run('CREATE TABLE x LIKE t');
  await session.run('ALTER TABLE x REMOVE PARTITIONING');
  await session.run("INSERT INTO x VALUES ('2000-01-01 00:00:01')");
  assert.match(await session.run('ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE x WITHOUT VALIDATION'), /^ok/);
  assert.match(await session.run('CHECK TABLE t'), /Found a row in wrong partition p0/);
  assert.match(await session.run('ALTER TABLE t CHECK PARTITION p0'), /Found a row in wrong partition p0/);
  assert.equal(await session.run('ALTER TABLE t CHECK PARTITION p1'), 'test.t check status OK');
  await session.run("SET time_zone = '+00:00'");
  assert.match(await session.run('ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE x WITHOUT VALIDATION'), /^ok/);
  assert.equal(await session.run('ADMIN CHECK TABLE t'), 'ok 0');
});

/** What hints warn of, in MySQL's numbers and words; which plans they lead to is in test/scripts/planner/hints.script. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

let server: MemoryInstance;
let session: TestSession;

before(async () => {
  server = await createMemoryInstance();
  session = server.session();
  await session.run('CREATE TABLE t (id INT PRIMARY KEY, a INT, KEY ka (a))');
  await session.run('CREATE TABLE u (id INT PRIMARY KEY, a INT)');
  await session.run('INSERT INTO t VALUES (1, 1), (2, 2)');
});

after(() => server.close());

const CASES: readonly (readonly [sql: string, warnings: string])[] = [
  ['SELECT /*+ NO_SUCH(t) */ id FROM t', "1064 Optimizer hint syntax error near 'NO_SUCH(t) */ id FROM t' at line 1"],
  ['SELECT /*+ INDEX(t ka) BKA */ id FROM t', "1064 Optimizer hint syntax error near 'BKA */ id FROM t' at line 1"],
  // What came before the error counts.
  ['SELECT /*+ NO_INDEX(t none) WRONG() HASH_JOIN(x) */ id FROM t', 'Unresolved name `t`@`select#1` `none` for NO_INDEX hint'],
  ['SELECT /*+ HASH_JOIN(x) */ t.id FROM t JOIN u USING (id)', '3128 Unresolved name `x`@`select#1` for HASH_JOIN hint'],
  ['SELECT /*+ INDEX(t none) */ id FROM t', '3128 Unresolved name `t`@`select#1` `none` for INDEX hint'],
  ['SELECT /*+ INDEX(@far t ka) */ id FROM t', '3127 Query block name `far` is not found for INDEX hint'],
  ['SELECT id FROM t WHERE id IN (SELECT /*+ NO_INDEX(x) */ id FROM u)', '3128 Unresolved name `x`@`select#2` for NO_INDEX hint'],
  ['SELECT /*+ MAX_EXECUTION_TIME(1000) MAX_EXECUTION_TIME(2000) */ id FROM t', '3126 Hint MAX_EXECUTION_TIME(2000) is ignored as conflicting/duplicated'],
  ['SELECT id FROM t WHERE id IN (SELECT /*+ MAX_EXECUTION_TIME(9) */ id FROM u)', '3125 MAX_EXECUTION_TIME hint is supported by top-level standalone SELECT statements only'],
  ['INSERT INTO u SELECT /*+ MAX_EXECUTION_TIME(9) */ id, a FROM t WHERE id = 7', '3125 MAX_EXECUTION_TIME hint is supported by top-level standalone SELECT statements only'],
  ['SELECT /*+ MRR(t) */ id FROM t', '1815 Optimizer hint MRR is inapplicable'],
  ['SELECT /*+ MERGE_JOIN(t) */ t.id FROM t JOIN u ON t.a > u.a', '1815 Optimizer hint MERGE_JOIN is inapplicable'],
  ['SELECT /*+ QB_NAME(a) */ id FROM t WHERE id IN (SELECT /*+ QB_NAME(a) */ id FROM u)', '3126 Hint QB_NAME(a) is ignored as conflicting/duplicated'],
  ['SELECT /*+ LEADING(t) LEADING(t) */ t.id FROM t JOIN u USING (id)', '3126 Hint LEADING(t) is ignored as conflicting/duplicated'],
  ['SELECT /*+ MEMORY_QUOTA(lots) */ id FROM t', "1064 Optimizer hint syntax error near 'MEMORY_QUOTA(lots) */ id FROM t' at line 1"],
  ['INSERT /*+ HASH_JOIN(x) */ INTO u SELECT 77, 1 FROM t WHERE id = 9', '3128 Unresolved name `x`@`select#1` for HASH_JOIN hint'],
  ['UPDATE /*+ NO_INDEX(x) */ t SET a = 1 WHERE id = 1', '3128 Unresolved name `x`@`select#1` for NO_INDEX hint'],
]; // prettier-ignore

for (const [sql, wanted] of CASES)
  test(sql, async () => {
    // Each run warns: such a plan is not kept.
    for (let run = 0; run < 2; run++) {
      const result = await session.run(sql);
      assert.doesNotMatch(result, /^error/);
      const warnings = await session.run('SHOW WARNINGS');
      assert(warnings.includes(wanted), `${warnings} has ${wanted}`);
    }
  });

test('hints that are right say nothing', async () => {
  for (const sql of [
    'SELECT /*+ INDEX(t ka) MAX_EXECUTION_TIME(5000) QB_NAME(q) */ id FROM t WHERE a = 1',
    'SELECT /*+ HASH_JOIN(t, u) JOIN_ORDER(u, t) */ t.id FROM t JOIN u USING (id)',
    'SELECT /*+ INL_JOIN(u) */ t.id FROM t JOIN u USING (id)',
    'SELECT /*+ STREAM_AGG() MEMORY_QUOTA(512 MB) */ a, COUNT(*) FROM t GROUP BY a',
    'SELECT /*+ READ_FROM_STORAGE(TIKV[t]) IGNORE_PLAN_CACHE() */ id FROM t',
    'DELETE /*+ NO_INDEX_MERGE(t) */ FROM t WHERE id = 9 OR a = 9',
  ]) {
    assert.doesNotMatch(await session.run(sql), /^error/);
    assert.equal(await session.run('SHOW WARNINGS'), '', sql);
  }
});

test('MEMORY_QUOTA is a quota for one statement', async () => {
  assert.equal(await session.run('SELECT /*+ MEMORY_QUOTA(2 MB) */ @@rutile_mem_quota_query'), '2097152');
  assert.equal(await session.run('SELECT @@rutile_mem_quota_query'), '1073741824');
  await session.run('CREATE TABLE wide (id INT PRIMARY KEY, pad CHAR(200))');
  await session.run(
    `INSERT INTO wide WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i, REPEAT('x', 200) FROM n`,
  );
  for (let id = 1000; id <= 8000; id *= 2) await session.run(`INSERT INTO wide SELECT id + ${id}, pad FROM wide`);
  const pairs = '* FROM wide ORDER BY pad, id DESC';
  assert.doesNotMatch(await session.run(`SELECT ${pairs}`), /^error/);
  assert.match(await session.run(`SELECT /*+ MEMORY_QUOTA(1 MB) */ ${pairs}`), /^error 8175/);
  assert.match(
    await session.run(`INSERT /*+ MEMORY_QUOTA(1 MB) */ INTO wide SELECT id + 100000, pad FROM wide ORDER BY pad`),
    /^error 8175/,
  );
  assert.match(
    await session.run(`UPDATE /*+ SET_VAR(rutile_mem_quota_query = 1048576) */ wide SET pad = 'y'`),
    /^error 8175/,
  );
  assert.equal(await session.run(`SELECT COUNT(*) FROM wide WHERE pad = 'y' OR id > 100000`), '0');
});

test('whatever hints ask for, the rows are the same', async () => {
  await session.run('CREATE TABLE a (id INT PRIMARY KEY, x INT, y INT, KEY (x), KEY (y))');
  await session.run('CREATE TABLE b (id INT PRIMARY KEY, x INT, y INT, KEY (x))');
  await session.run('CREATE TABLE c (id INT PRIMARY KEY, x INT)');
  for (let id = 0; id < 60; id++) {
    await session.run(`INSERT INTO a VALUES (${id}, ${id % 7 === 0 ? 'NULL' : id % 9}, ${id % 4})`);
    await session.run(`INSERT INTO b VALUES (${id}, ${id % 5 === 0 ? 'NULL' : id % 11}, ${id % 3})`);
    if (id < 20) await session.run(`INSERT INTO c VALUES (${id}, ${id % 6})`);
  }
  const queries = [
    'a.id, b.id, c.id FROM a JOIN b ON a.x = b.x JOIN c ON c.id = b.id WHERE a.y < 3',
    'a.id, b.id FROM a LEFT JOIN b ON a.x = b.x AND b.y = 1 WHERE a.y = 2 OR a.x = 3',
    'a.id FROM a WHERE a.x IN (SELECT b.x FROM b JOIN c ON c.x = b.y) AND a.y > 0',
    'a.x, COUNT(*), SUM(b.id) FROM a JOIN b ON b.id = a.id GROUP BY a.x',
    'a.id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.x = a.x)',
  ];
  const hints = [
    'HASH_JOIN(a, b, c)', 'MERGE_JOIN(a, b, c)', 'INL_JOIN(a)', 'INL_JOIN(b, c)', 'NO_HASH_JOIN(a, b)', 'NO_INDEX_JOIN()', 'JOIN_ORDER(c, b, a)',
    'JOIN_PREFIX(b)', 'JOIN_SUFFIX(a)', 'LEADING(c, a)', 'JOIN_FIXED_ORDER()', 'NO_INDEX(a) NO_INDEX(b)', 'INDEX(a y)', 'STREAM_AGG()', 'HASH_AGG()',
    'USE_INDEX_MERGE(a)', 'HASH_JOIN_BUILD(a)', 'HASH_JOIN_PROBE(a) MEMORY_QUOTA(1 MB)', 'HASH_JOIN(@sel_2 b) MERGE_JOIN(a)',
  ]; // prettier-ignore
  for (const query of queries) {
    const wanted = (await session.run(`SELECT ${query}`)).split('\n').sort();
    for (const hint of hints) {
      const got = (await session.run(`SELECT /*+ ${hint} */ ${query}`)).split('\n').sort();
      assert.deepEqual(got, wanted, `${hint}: ${query}`);
    }
  }
});

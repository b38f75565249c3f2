import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

let server: MemoryInstance;
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

/** Runs statements one after the other and compares what each answers. */
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

test('a text that differs in its literals finds the plan of the one before', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TABLE p (id INT PRIMARY KEY, v VARCHAR(10), n INT)', 'ok 0'],
    ["INSERT INTO p VALUES (1, 'a', 10), (2, 'b', 20)", /^ok 2/],
    ['SELECT v FROM p WHERE id = 1', 'a'],
    ['SELECT @@last_plan_from_cache', '0'],
    ['SELECT v FROM p WHERE id = 2', 'b'],
    ['SELECT @@last_plan_from_cache', '1'],
    ["SELECT v FROM p WHERE id = '2'", 'b'],
    ['SELECT @@last_plan_from_cache', '0'],
    ['SELECT n / 3, ROUND(n, 0) FROM p WHERE id = 1', '3.3333 10'],
    ['SELECT n / 4, ROUND(n, -1) FROM p WHERE id = 2', '5.0000 20'],
    ['SELECT id FROM p ORDER BY 1 LIMIT 1', '1'],
    ['SELECT id FROM p ORDER BY 1 LIMIT 2', '1\n2'],
    ['SELECT id, n FROM p ORDER BY 2 DESC LIMIT 1', '2 20'],
  ]);
});

test('a plan does not outlive its schema, its modes or its database', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TABLE q (id INT PRIMARY KEY)', 'ok 0'],
    ['INSERT INTO q VALUES (1)', 'ok 1'],
    ['SELECT * FROM q WHERE id = 1', '1'],
    ['ALTER TABLE q ADD COLUMN c INT DEFAULT 7', /^ok 0/],
    ['SELECT * FROM q WHERE id = 1', '1 7'],
    ['CREATE DATABASE other', 'ok 1'],
    ['CREATE TABLE other.q (id INT PRIMARY KEY, z INT)', 'ok 0'],
    ['INSERT INTO other.q VALUES (1, 99)', 'ok 1'],
    ['USE other', 'ok 0'],
    ['SELECT * FROM q WHERE id = 1', '1 99'],
    ['SELECT "a" FROM q', 'a'],
    ["SET sql_mode = 'ANSI_QUOTES'", 'ok 0'],
    ['SELECT "z" FROM q', '99'],
  ]);
});

test('prepared statements keep their plan and take values of other kinds', async () => {
  const session = server.session();
  await session.run('CREATE TABLE r (id INT PRIMARY KEY, s VARCHAR(10))');
  assert.equal(await session.execute('INSERT INTO r VALUES (?, ?)', 1, 'x'), 'ok 1');
  assert.equal(await session.execute('INSERT INTO r VALUES (?, ?)', 2, null), 'ok 1');
  assert.equal(await session.execute('SELECT s FROM r WHERE id = ?', 1), 'x');
  assert.equal(await session.execute('SELECT id FROM r WHERE s <=> ?', null), '2');
  assert.equal(await session.execute('SELECT id FROM r WHERE id = ?', '1'), '1');
  assert.equal(await session.execute('SELECT id FROM r ORDER BY id LIMIT ?', 1), '1');
  await script(session, [
    ["PREPARE s FROM 'SELECT s FROM r WHERE id = ?'", /^ok 0/],
    ['SET @i = 1', 'ok 0'],
    ['EXECUTE s USING @i', 'x'],
    ['EXECUTE s', /^error 1210/],
    ['DEALLOCATE PREPARE s', 'ok 0'],
    ['EXECUTE s USING @i', /^error 1243/],
  ]);
});

test('a prepared statement is read in the dialect of its session; parameters in another dialect are refused by name', async () => {
  const session = server.session();
  await session.run("SET sql_dialect = 'postgresql'");
  assert.equal(await session.execute("SELECT 'a' || 'b'"), 'ab');
  assert.match(await session.execute('SELECT $1', 1), /^error 1235 .*parameter/);
  assert.match(await session.execute("SET sql_dialect = 'mysql'"), /^ok 0/);
  assert.equal(await session.execute("SELECT 'a' || 'b'"), '0');
});

test('transactions: own writes, savepoints, implicit commit, read only', async () => {
  const a = server.session();
  const b = server.session();
  await a.run('CREATE TABLE t (id INT PRIMARY KEY, v INT)');
  await script(a, [
    ['BEGIN', 'ok 0'],
    ['INSERT INTO t VALUES (1, 1)', 'ok 1'],
    ['SELECT * FROM t', '1 1'],
  ]);
  assert.equal(await b.run('SELECT * FROM t'), '');
  await script(a, [
    ['SAVEPOINT one', 'ok 0'],
    ['UPDATE t SET v = 2', /^ok 1/],
    ['ROLLBACK TO one', 'ok 0'],
    ['SELECT v FROM t', '1'],
    ['ROLLBACK TO nowhere', /^error 1305/],
    ['COMMIT', 'ok 0'],
  ]);
  assert.equal(await b.run('SELECT * FROM t'), '1 1');
  await script(a, [
    ['BEGIN', 'ok 0'],
    ['INSERT INTO t VALUES (2, 2)', 'ok 1'],
    ['CREATE TABLE t2 (id INT)', 'ok 0'],
    ['ROLLBACK', 'ok 0'],
    ['SELECT COUNT(*) FROM t', '2'],
    ['START TRANSACTION READ ONLY', 'ok 0'],
    ['DELETE FROM t', /^error 1792/],
    ['COMMIT', 'ok 0'],
    ['SET autocommit = 0', 'ok 0'],
    ['DELETE FROM t WHERE id = 2', 'ok 1'],
    ['ROLLBACK', 'ok 0'],
    ['SELECT COUNT(*) FROM t', '2'],
    ['SET autocommit = 1', 'ok 0'],
  ]);
});

test('a failed statement leaves its transaction as it was', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TABLE u (id INT PRIMARY KEY)', 'ok 0'],
    ['BEGIN', 'ok 0'],
    ['INSERT INTO u VALUES (1)', 'ok 1'],
    ['INSERT INTO u VALUES (2), (1)', /^error 1062 Duplicate entry '1' for key 'u.PRIMARY'/],
    ['COMMIT', 'ok 0'],
    ['SELECT * FROM u', '1'],
  ]);
});

test('read committed sees what was committed before each statement', async () => {
  const a = server.session();
  const b = server.session();
  await a.run('CREATE TABLE rc (id INT PRIMARY KEY, v INT)');
  await a.run('INSERT INTO rc VALUES (1, 1)');
  await b.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await b.run('BEGIN');
  assert.equal(await b.run('SELECT v FROM rc'), '1');
  await a.run('UPDATE rc SET v = 2');
  assert.equal(await b.run('SELECT v FROM rc'), '2');
  await b.run('COMMIT');
});

test('racing autocommit updates lose nothing', async () => {
  const sessions = Array.from({ length: 8 }, () => server.session());
  await sessions[0]!.run('CREATE TABLE hot (id INT PRIMARY KEY, v INT)');
  await sessions[0]!.run('INSERT INTO hot VALUES (1, 0)');
  await Promise.all(
    sessions.map(async (session) => {
      for (let i = 0; i < 20; i++) assert.match(await session.run('UPDATE hot SET v = v + 1 WHERE id = 1'), /^ok 1/);
    }),
  );
  assert.equal(await sessions[0]!.run('SELECT v FROM hot'), '160');
});

test('an autocommit update waits for a lock that another holds, up to its limit', async () => {
  const a = server.session();
  const b = server.session();
  await a.run('CREATE TABLE held (id INT PRIMARY KEY, v INT)');
  await a.run('INSERT INTO held VALUES (1, 0)');
  await a.run('BEGIN');
  await a.run('UPDATE held SET v = 1 WHERE id = 1');
  await b.run('SET innodb_lock_wait_timeout = 1');
  assert.match(await b.run('UPDATE held SET v = 2 WHERE id = 1'), /^error 1205/);
  const waiting = b.run('UPDATE held SET v = v + 10 WHERE id = 1');
  await a.run('COMMIT');
  assert.match(await waiting, /^ok 1/);
  assert.equal(await a.run('SELECT v FROM held'), '11');
});

test('SET: forms, scopes, refusals', async () => {
  const session = server.session();
  await script(session, [
    ["SET @a = 1 + 1, @b = 'x'", 'ok 0'],
    ['SELECT @a, @b, @none', '2 x NULL'],
    ['SET NAMES latin1', 'ok 0'],
    ['SELECT @@character_set_client, @@collation_connection', 'latin1 latin1_swedish_ci'],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_bin', 'ok 0'],
    ['SELECT @@collation_connection', 'utf8mb4_bin'],
    ['SET NAMES martian', /^error 1115/],
    ['SET nothing_of_that_name = 1', /^error 1193/],
    ['SET version = 1', /^error 1238/],
    ['SET max_connections = 10', /^error 1229/],
    ['SET GLOBAL max_connections = 4000', 'ok 0'],
    ['SELECT @@max_connections, @@GLOBAL.max_connections', '4000 4000'],
    ["SET sql_mode = 'NO_SUCH_MODE'", /^error 1231/],
    ["SET time_zone = '+02:00'", 'ok 0'],
    ["SET time_zone = 'nowhere'", /^error 1298/],
    ['SET wait_timeout = 99999999999', 'ok 0'],
    ['SELECT @@wait_timeout', '31536000'],
    ["SET rutile_engines = 'row'", 'ok 0'],
    ["SET rutile_engines = 'both'", /^error 1231/],
    ['SET innodb_strict_mode = ON', 'ok 0'],
    ['SET autocommit = DEFAULT', 'ok 0'],
  ]);
});

test('warnings, counts and the information functions', async () => {
  const session = server.session();
  await script(session, [
    ['SELECT 1 / 0', 'NULL'],
    ['SELECT @@warning_count', '1'],
    ['SHOW WARNINGS', 'Warning 1365 Division by 0'],
    ['SHOW COUNT(*) WARNINGS', '1'],
    ['SELECT 1', '1'],
    ['SHOW WARNINGS', ''],
    ['SELECT * FROM missing', /^error 1146/],
    ['SHOW ERRORS', /^Error 1146/],
    ['CREATE TABLE w (id INT PRIMARY KEY AUTO_INCREMENT, v INT)', 'ok 0'],
    ['INSERT INTO w (v) VALUES (1), (2)', /^ok 2/],
    ['SELECT LAST_INSERT_ID(), ROW_COUNT()', '1 2'],
    ['SELECT DATABASE(), USER(), CURRENT_USER()', 'test root@localhost root@localhost'],
  ]);
});

test('what is known and not done is refused by name', async () => {
  const session = server.session();
  await script(session, [
    ["XA START 'a'", /^error 1235/],
    ['LOCK INSTANCE FOR BACKUP', /^error (1235|1064)/],
    ['CALL p()', /^error 1305/],
    ['SELECT 1; SELECT 2', /^error 1064/],
    ['', /^error 1065/],
    ['SELECT ?', /^error 1064/],
  ]);
});

test('KILL ends a sleeping statement and names a missing one', async () => {
  const a = server.session();
  const b = server.session();
  const sleeping = a.run('SELECT SLEEP(20)');
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(await b.run('SHOW PROCESSLIST'), /SELECT SLEEP\(20\)/);
  assert.equal(await b.run(`KILL QUERY ${a.session.id}`), 'ok 0');
  assert.match(await sleeping, /^(1|error 1317.*)$/);
  assert.match(await b.run('KILL 999999'), /^error 1094/);
});

test('hints: a limit of time and a variable for one statement', async () => {
  const session = server.session();
  assert.match(await session.run('SELECT /*+ MAX_EXECUTION_TIME(20) */ SLEEP(5)'), /^(1|error 3024.*)$/);
  await script(session, [
    ['SELECT /*+ SET_VAR(sql_select_limit = 1) */ @@sql_select_limit', '1'],
    ['SELECT @@sql_select_limit', '18446744073709551615'],
  ]);
});

test('memory over the quota ends the statement, not the server', async () => {
  const session = server.session();
  await session.run('SET rutile_mem_quota_query = 131072');
  assert.match(
    await session.run(
      'WITH RECURSIVE c AS (SELECT 1 n UNION ALL SELECT n + 1 FROM c WHERE n < 900) SELECT COUNT(*) FROM (SELECT a.n, b.n m FROM c a, c b ORDER BY 1, 2) x',
    ),
    /^(error 8175|810000)/,
  );
  assert.equal(server.instance.memory.usedBytes, 0);
});

test('tables are looked after', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TABLE look (id INT PRIMARY KEY, v INT, KEY (v))', 'ok 0'],
    ['INSERT INTO look VALUES (1, 2), (3, 4)', /^ok 2/],
    ['ADMIN CHECK TABLE look', 'ok 0'],
    [
      'CHECK TABLE look, gone',
      /^test.look check status OK\ntest.gone check Error .*\ntest.gone check status Operation failed$/,
    ],
    ['ANALYZE TABLE look', 'test.look analyze status OK'],
    ['CHECKSUM TABLE look', /^test.look \d+$/],
    ['LOCK TABLES look READ', 'ok 0'],
    ['SELECT COUNT(*) FROM look', '2'],
    ['UNLOCK TABLES', 'ok 0'],
    ['LOCK TABLES look WRITE', 'ok 0'],
    ['SHOW WARNINGS', /^Note 1235/],
    ['UNLOCK TABLES', 'ok 0'],
    ['EXPLAIN SELECT * FROM look WHERE id = 1', /Point_Get/],
    ['EXPLAIN ANALYZE SELECT * FROM look', /2/],
  ]);
});

test('a transaction holds off a change of its table until it ends', async () => {
  const a = server.session();
  const b = server.session();
  await a.run('CREATE TABLE busy (id INT PRIMARY KEY)');
  await a.run('INSERT INTO busy VALUES (1)');
  await a.run('BEGIN');
  assert.equal(await a.run('SELECT * FROM busy'), '1');
  const altered = b.run('ALTER TABLE busy ADD COLUMN v INT DEFAULT 5');
  assert.equal(await a.run('SELECT * FROM busy WHERE id = 1'), '1');
  await a.run('COMMIT');
  assert.match(await altered, /^ok 0/);
  assert.equal(await a.run('SELECT * FROM busy'), '1 5');
});

test('a view reads with the rights of its definer or of its invoker, as it was made', async () => {
  const root = server.session();
  await script(root, [
    ['CREATE DATABASE IF NOT EXISTS hidden', /^ok/],
    ['CREATE TABLE hidden.secret (id INT PRIMARY KEY)', 'ok 0'],
    ['INSERT INTO hidden.secret VALUES (7)', /^ok 1/],
    ['CREATE VIEW lent AS SELECT id FROM hidden.secret', 'ok 0'],
    ['CREATE SQL SECURITY INVOKER VIEW kept AS SELECT id FROM hidden.secret', 'ok 0'],
    ['CREATE VIEW lent_kept AS SELECT id FROM kept', 'ok 0'],
    ["CREATE USER 'guest'", 'ok 0'],
    ["GRANT SELECT, CREATE VIEW ON test.* TO 'guest'", 'ok 0'],
    ['SELECT id FROM kept', '7'],
  ]);
  await script(server.session('guest'), [
    ['SELECT id FROM lent', '7'],
    ['SELECT id FROM kept', /^error 1356/],
    ['SELECT id FROM lent_kept', '7'],
    ['SELECT id FROM hidden.secret', /^error 1142/],
    ['CREATE VIEW own AS SELECT id FROM hidden.secret', /^error 1142/],
    ['CREATE DEFINER = root@localhost VIEW own AS SELECT 1 AS one', /^error 1227/],
    ['CREATE VIEW own AS SELECT @a', /^error 1351/],
    ['CREATE VIEW own AS SELECT 1 AS one INTO @a', /^error 1350/],
    ['CREATE VIEW own AS SELECT 1 AS one', 'ok 0'],
  ]);
  await root.run('DROP DATABASE hidden');
});

test('a connection that is reset has no tables locked: UNLOCK TABLES then commits nothing', async () => {
  const session = server.session();
  await script(session, [
    ['CREATE TABLE unlocked (id INT PRIMARY KEY)', 'ok 0'],
    ['LOCK TABLES unlocked READ', 'ok 0'],
  ]);
  await session.session.resetConnection();
  await script(session, [
    ['SET autocommit = 0', 'ok 0'],
    ['INSERT INTO unlocked VALUES (1)', 'ok 1'],
    ['UNLOCK TABLES', 'ok 0'],
    ['ROLLBACK', 'ok 0'],
    ['SELECT COUNT(*) FROM unlocked', '0'],
  ]);
});

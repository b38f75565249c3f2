/**
 * Every kind of statement, run by somebody without rights and then with exactly those it needs. The table has an entry for each kind that the
 * parser makes, so that a kind without one is an error of the compiler. Where several rights are needed, each is left out once.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ShowTarget, Statement } from '../parser/ast.ts';
import { parseOne } from '../parser/index.ts';
import { createMemoryInstance, type MemoryInstance, type TestSession } from './testing/memory-instance.ts';

interface Entry {
  readonly sql: string;
  /** The refusal without rights; `anybody`: there is none. */
  readonly refusal: number | 'anybody';
  /** What GRANT has to give: `SELECT ON test.t`. */
  readonly needs?: readonly string[];
  /** Run by root first. */
  readonly setup?: readonly string[];
  /** Refused for another reason, with all rights: it is not there, or not done. */
  readonly then?: number;
}

const anybody = (sql: string, more: Partial<Entry> = {}): Entry => ({ sql, refusal: 'anybody', ...more });
const needs = (sql: string, refusal: number, rights: string | readonly string[], more: Partial<Entry> = {}): Entry => ({
  sql,
  refusal,
  needs: typeof rights === 'string' ? [rights] : rights,
  ...more,
});

const N = ['DROP TABLE IF EXISTS test.n', 'DROP VIEW IF EXISTS test.nv'];
const CREATE_USER = 'CREATE USER ON *.*';

const STATEMENTS: Readonly<Record<Statement['kind'], readonly Entry[]>> = {
  begin: [anybody('BEGIN')],
  commit: [anybody('COMMIT')],
  rollback: [anybody('ROLLBACK')],
  savepoint: [anybody('SAVEPOINT a')],
  'rollback-to-savepoint': [anybody('ROLLBACK TO SAVEPOINT a', { then: 1305 })],
  'release-savepoint': [anybody('RELEASE SAVEPOINT a', { then: 1305 })],
  'lock-tables': [needs('LOCK TABLES test.t READ', 1044, ['LOCK TABLES ON test.*', 'SELECT ON test.t'])],
  'unlock-tables': [anybody('UNLOCK TABLES')],
  set: [
    anybody('SET sql_mode = ANSI'),
    anybody('SET @a = 1'),
    needs('SET GLOBAL long_query_time = 1', 1227, 'SYSTEM_VARIABLES_ADMIN ON *.*'),
    needs('SET GLOBAL long_query_time = 1', 1227, 'SUPER ON *.*'),
    needs('SET SESSION bulk_insert_buffer_size = 8388608', 1227, 'SESSION_VARIABLES_ADMIN ON *.*'),
    needs('SET @a = (SELECT a FROM test.t LIMIT 1)', 1142, 'SELECT ON test.t'),
  ],
  'reset-persist': [needs('RESET PERSIST', 1227, 'SYSTEM_VARIABLES_ADMIN ON *.*')],
  'set-transaction': [
    anybody('SET SESSION TRANSACTION READ ONLY'),
    needs('SET GLOBAL TRANSACTION READ WRITE', 1227, 'SYSTEM_VARIABLES_ADMIN ON *.*'),
  ],
  'set-password': [
    anybody("SET PASSWORD = ''"),
    needs("SET PASSWORD FOR other = 'x'", 1044, CREATE_USER),
    needs("SET PASSWORD FOR other = 'x'", 1044, 'UPDATE ON mysql.*'),
    needs("SET PASSWORD = 'x' RETAIN CURRENT PASSWORD", 1227, 'APPLICATION_PASSWORD_ADMIN ON *.*', {
      then: 3878,
    }),
  ],
  'set-role': [anybody('SET ROLE NONE'), anybody('SET ROLE r', { then: 3530 })],
  'set-default-role': [
    anybody('SET DEFAULT ROLE NONE TO CURRENT_USER'),
    needs('SET DEFAULT ROLE NONE TO other', 1227, CREATE_USER),
  ],
  prepare: [anybody("PREPARE p FROM 'SELECT 1'")],
  execute: [anybody('EXECUTE nothing', { then: 1243 })],
  deallocate: [anybody('DEALLOCATE PREPARE nothing', { then: 1243 })],
  show: [anybody('SHOW WARNINGS')],
  describe: [needs('DESCRIBE test.t', 1142, 'INSERT (a) ON test.t')],
  explain: [
    anybody('EXPLAIN SELECT 1'),
    needs('EXPLAIN SELECT a FROM test.t', 1142, 'SELECT (a) ON test.t'),
    needs('EXPLAIN DELETE FROM test.t', 1142, 'DELETE ON test.t'),
    needs('EXPLAIN SELECT a FROM test.v', 1142, ['SELECT ON test.v', 'SHOW VIEW ON test.v']),
  ],
  use: [needs('USE test', 1044, 'SELECT (a) ON test.t'), anybody('USE information_schema')],
  help: [anybody("HELP 'select'")],
  'table-maintenance': [
    needs('ANALYZE TABLE test.t', 1142, ['SELECT ON test.t', 'INSERT ON test.t']),
    needs('OPTIMIZE TABLE test.t', 1142, ['SELECT ON test.t', 'INSERT ON test.t']),
    needs('CHECK TABLE test.t', 1142, 'SELECT ON test.t'),
    needs('CHECKSUM TABLE test.t', 1142, 'SELECT ON test.t'),
  ],
  admin: [
    needs('ADMIN CHECK TABLE test.t', 1142, 'SELECT ON test.t'),
    needs('ADMIN CHECK INDEX test.t nothing', 1142, 'SELECT ON test.t', { then: 1176 }),
    needs('ADMIN SHOW DDL JOBS', 1227, 'SUPER ON *.*'),
  ],
  flush: [
    needs('FLUSH PRIVILEGES', 1227, 'RELOAD ON *.*'),
    needs('FLUSH STATUS', 1227, 'FLUSH_STATUS ON *.*'),
    needs('FLUSH TABLES', 1227, 'FLUSH_TABLES ON *.*'),
    needs('FLUSH USER_RESOURCES', 1227, 'FLUSH_USER_RESOURCES ON *.*'),
  ],
  kill: [
    anybody('KILL 999999', { then: 1094 }),
    needs('KILL QUERY 1', 1095, ['CONNECTION_ADMIN ON *.*', 'SYSTEM_USER ON *.*']),
  ],
  do: [anybody('DO 1'), needs('DO (SELECT a FROM test.t LIMIT 1)', 1142, 'SELECT (a) ON test.t')],
  'call-procedure': [needs('CALL test.p()', 1370, 'EXECUTE ON test.*', { then: 1305 })],
  shutdown: [needs('SHUTDOWN', 1227, 'SHUTDOWN ON *.*', { then: 1235 })],
  restart: [needs('RESTART', 1227, 'SHUTDOWN ON *.*', { then: 3707 })],
  'reload-tls': [needs('ALTER INSTANCE RELOAD TLS', 1227, 'CONNECTION_ADMIN ON *.*', { then: 1235 })],
  unsupported: [anybody('HANDLER t OPEN', { then: 1235 })],

  'create-user': [needs('CREATE USER n', 1227, CREATE_USER, { setup: ['DROP USER IF EXISTS n'] })],
  'alter-user': [
    anybody("ALTER USER CURRENT_USER IDENTIFIED BY ''"),
    needs('ALTER USER CURRENT_USER ACCOUNT UNLOCK', 1227, CREATE_USER),
    needs("ALTER USER other IDENTIFIED BY 'x'", 1227, CREATE_USER),
  ],
  'drop-user': [needs('DROP USER n', 1227, CREATE_USER, { setup: ['CREATE USER IF NOT EXISTS n'] })],
  'rename-user': [
    needs('RENAME USER n TO n2', 1227, CREATE_USER, {
      setup: ['DROP USER IF EXISTS n2', 'CREATE USER IF NOT EXISTS n'],
    }),
  ],
  'create-role': [
    needs('CREATE ROLE n', 1227, 'CREATE ROLE ON *.*', { setup: ['DROP USER IF EXISTS n'] }),
    needs('CREATE ROLE n', 1227, CREATE_USER, { setup: ['DROP USER IF EXISTS n'] }),
  ],
  'drop-role': [needs('DROP ROLE n', 1227, 'DROP ROLE ON *.*', { setup: ['CREATE ROLE IF NOT EXISTS n'] })],
  grant: [
    needs('GRANT SELECT ON test.t TO other', 1142, ['SELECT ON test.t', 'GRANT OPTION ON test.t']),
    needs('GRANT SELECT ON test.* TO other', 1044, ['SELECT ON test.*', 'GRANT OPTION ON test.*']),
    needs('GRANT SELECT ON *.* TO other', 1045, ['SELECT ON *.*', 'GRANT OPTION ON *.*']),
    needs('GRANT SELECT (a) ON test.t TO other', 1142, ['SELECT (a) ON test.t', 'GRANT OPTION ON test.t']),
  ],
  revoke: [needs('REVOKE SELECT ON test.t FROM other', 1142, ['SELECT ON test.t', 'GRANT OPTION ON test.t'], { setup: ['GRANT SELECT ON test.t TO other'] })], // prettier-ignore
  'revoke-all': [needs('REVOKE ALL PRIVILEGES, GRANT OPTION FROM other', 1227, CREATE_USER)],
  'grant-role': [needs('GRANT r TO other', 1227, 'ROLE_ADMIN ON *.*')],
  'revoke-role': [needs('REVOKE r FROM other', 1227, 'ROLE_ADMIN ON *.*')],

  'create-database': [needs('CREATE DATABASE n', 1044, 'CREATE ON n.*', { setup: ['DROP DATABASE IF EXISTS n'] })],
  'alter-database': [needs('ALTER DATABASE test CHARACTER SET utf8mb4', 1044, 'ALTER ON test.*')],
  'drop-database': [needs('DROP DATABASE n', 1044, 'DROP ON n.*', { setup: ['CREATE DATABASE IF NOT EXISTS n'] })],
  'create-table': [
    needs('CREATE TABLE test.n (a INT)', 1142, 'CREATE ON test.n', { setup: N }),
    needs('CREATE TABLE test.n (a INT, FOREIGN KEY (a) REFERENCES test.t (a))', 1142, ['CREATE ON test.n', 'REFERENCES (a) ON test.t'], { setup: N }), // prettier-ignore
  ],
  'create-table-like': [
    needs('CREATE TABLE test.n LIKE test.t', 1142, ['CREATE ON test.n', 'SELECT ON test.t'], { setup: N }),
  ],
  'alter-table': [
    needs('ALTER TABLE test.t COMMENT = ""', 1142, 'ALTER ON test.t'),
    needs('ALTER TABLE test.q DROP PARTITION p0', 1142, ['ALTER ON test.q', 'DROP ON test.q'], { setup: ['DROP TABLE IF EXISTS test.q', 'CREATE TABLE test.q (a INT) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (0), PARTITION p1 VALUES IN (1))'] }), // prettier-ignore
    needs('ALTER TABLE test.o RENAME TO test.n', 1142, ['ALTER ON test.o', 'DROP ON test.o', 'CREATE ON test.n', 'INSERT ON test.n'], { setup: [...N, 'CREATE TABLE IF NOT EXISTS test.o (a INT)'] }), // prettier-ignore
  ],
  'drop-table': [
    needs('DROP TABLE test.o', 1142, 'DROP ON test.o', { setup: ['CREATE TABLE IF NOT EXISTS test.o (a INT)'] }),
  ],
  'truncate-table': [needs('TRUNCATE TABLE test.w', 1142, 'DROP ON test.w')],
  'flashback-table': [needs('FLASHBACK TABLE test.never', 1227, 'SUPER ON *.*', { then: 1105 })],
  'flashback-database': [needs('FLASHBACK DATABASE never', 1227, 'SUPER ON *.*', { then: 1105 })],
  'rename-table': [
    needs('RENAME TABLE test.o TO test.n', 1142, ['ALTER ON test.o', 'DROP ON test.o', 'CREATE ON test.n', 'INSERT ON test.n'], { setup: [...N, 'CREATE TABLE IF NOT EXISTS test.o (a INT)'] }), // prettier-ignore
  ],
  'create-index': [
    needs('CREATE INDEX i ON test.o (a)', 1142, 'INDEX ON test.o', { setup: ['DROP TABLE IF EXISTS test.o', 'CREATE TABLE test.o (a INT)'] }), // prettier-ignore
  ],
  'drop-index': [
    needs('DROP INDEX i ON test.o', 1142, 'INDEX ON test.o', { setup: ['DROP TABLE IF EXISTS test.o', 'CREATE TABLE test.o (a INT, KEY i (a))'] }), // prettier-ignore
  ],
  'create-view': [
    needs('CREATE VIEW test.nv AS SELECT a FROM test.t', 1142, ['CREATE VIEW ON test.nv', 'SELECT (a) ON test.t'], { setup: N }), // prettier-ignore
    needs('CREATE OR REPLACE VIEW test.nv AS SELECT 1', 1142, ['CREATE VIEW ON test.nv', 'DROP ON test.nv'], { setup: N }), // prettier-ignore
    needs("CREATE DEFINER = 'other' VIEW test.nv AS SELECT 1", 1227, ['CREATE VIEW ON test.nv', 'SET_USER_ID ON *.*'], { setup: N }), // prettier-ignore
  ],
  'drop-view': [
    needs('DROP VIEW test.nv', 1142, 'DROP ON test.nv', { setup: [...N, 'CREATE VIEW test.nv AS SELECT 1'] }),
  ],

  select: [
    anybody('SELECT 1'),
    needs('SELECT * FROM test.t', 1142, 'SELECT ON test.t'),
    needs('SELECT a FROM test.t', 1142, 'SELECT (a) ON test.t'),
    needs('SELECT b FROM test.t WHERE id = 1', 1142, ['SELECT (b) ON test.t', 'SELECT (id) ON test.t']),
    needs('SELECT a FROM test.t INTO @x', 1142, 'SELECT (a) ON test.t', { then: 1172 }),
    needs("SELECT a FROM test.t INTO OUTFILE '/x'", 1045, ['FILE ON *.*', 'SELECT (a) ON test.t'], { then: 1290 }),
    needs('SELECT a FROM test.t FOR UPDATE', 1142, ['SELECT ON test.t', 'DELETE ON test.t']),
    needs('SELECT EXISTS (SELECT * FROM test.t)', 1142, 'SELECT (b) ON test.t'),
    needs('SELECT trx_id FROM information_schema.INNODB_TRX', 1227, 'PROCESS ON *.*'),
    needs('SELECT User FROM mysql.user', 1142, 'SELECT ON mysql.*'),
    needs('SELECT User FROM mysql.user', 1142, 'SELECT (User) ON mysql.user'),
    anybody('SELECT VARIABLE_NAME FROM performance_schema.session_variables LIMIT 0'),
    needs('SELECT NAME FROM performance_schema.threads', 1142, 'SELECT ON performance_schema.*'),
    needs('SELECT a FROM test.v', 1142, 'SELECT ON test.v'),
  ],
  'set-operation': [needs('SELECT 1 UNION SELECT a FROM test.t', 1142, 'SELECT (a) ON test.t')],
  'parenthesized-query': [needs('(SELECT a FROM test.t LIMIT 2) LIMIT 1', 1142, 'SELECT (a) ON test.t')],
  values: [anybody('VALUES ROW(1)')],
  'table-query': [needs('TABLE test.t', 1142, 'SELECT ON test.t')],
  insert: [
    needs('INSERT INTO test.w VALUES (1)', 1142, 'INSERT ON test.w'),
    needs('INSERT INTO test.w (a) VALUES (1)', 1142, 'INSERT (a) ON test.w'),
    needs('INSERT INTO test.w SELECT a FROM test.t', 1142, ['INSERT ON test.w', 'SELECT (a) ON test.t']),
    needs('REPLACE INTO test.w VALUES (1)', 1142, ['INSERT ON test.w', 'DELETE ON test.w']),
    needs('INSERT INTO test.w VALUES (1) ON DUPLICATE KEY UPDATE a = 2', 1142, ['INSERT ON test.w', 'UPDATE ON test.w']), // prettier-ignore
  ],
  update: [
    needs('UPDATE test.w SET a = 3', 1142, 'UPDATE (a) ON test.w'),
    needs('UPDATE test.w SET a = a + 1', 1142, ['UPDATE (a) ON test.w', 'SELECT (a) ON test.w']),
    needs('UPDATE test.w JOIN test.t USING (a) SET w.a = 3', 1142, ['UPDATE (a) ON test.w', 'SELECT (a) ON test.w', 'SELECT (a) ON test.t']), // prettier-ignore
  ],
  delete: [
    needs('DELETE FROM test.w', 1142, 'DELETE ON test.w'),
    needs('DELETE FROM test.w WHERE a = 1', 1142, ['DELETE ON test.w', 'SELECT (a) ON test.w']),
    needs('DELETE w FROM test.w JOIN test.t USING (a)', 1142, ['DELETE ON test.w', 'SELECT ON test.w', 'SELECT (a) ON test.t']), // prettier-ignore
  ],
  'load-data': [
    needs("LOAD DATA INFILE '/f' INTO TABLE test.w", 1045, 'FILE ON *.*', { then: 1290 }),
    needs("LOAD DATA LOCAL INFILE 'f' INTO TABLE test.w", 1142, 'INSERT ON test.w'),
    needs("LOAD DATA LOCAL INFILE 'f' INTO TABLE test.w (a)", 1142, 'INSERT (a) ON test.w'),
    needs("LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE test.w", 1142, ['INSERT ON test.w', 'DELETE ON test.w']),
  ],
};

const SELF = anybody('SHOW GRANTS');

const SHOWS: Readonly<Record<ShowTarget['kind'], readonly Entry[]>> = {
  databases: [anybody('SHOW DATABASES')],
  tables: [needs('SHOW TABLES FROM test', 1044, 'SELECT (a) ON test.t')],
  'table-status': [needs('SHOW TABLE STATUS FROM test', 1044, 'SELECT (a) ON test.t')],
  'open-tables': [anybody('SHOW OPEN TABLES')],
  columns: [needs('SHOW COLUMNS FROM test.t', 1142, 'DELETE ON test.t')],
  indexes: [needs('SHOW INDEX FROM test.t', 1142, 'DELETE ON test.t')],
  'create-table': [needs('SHOW CREATE TABLE test.t', 1142, 'DELETE ON test.t')],
  'create-view': [needs('SHOW CREATE VIEW test.v', 1142, ['SELECT ON test.v', 'SHOW VIEW ON test.v'])],
  'create-database': [needs('SHOW CREATE DATABASE test', 1044, 'SELECT (a) ON test.t')],
  'create-user': [anybody('SHOW CREATE USER CURRENT_USER'), needs('SHOW CREATE USER other', 1044, 'SELECT ON mysql.*')],
  'create-routine': [anybody('SHOW CREATE PROCEDURE test.p', { then: 1305 })],
  'routine-code': [anybody('SHOW PROCEDURE CODE test.p', { then: 1305 })],
  'routine-status': [anybody('SHOW PROCEDURE STATUS')],
  triggers: [needs('SHOW TRIGGERS FROM test', 1044, 'SELECT (a) ON test.t')],
  events: [needs('SHOW EVENTS FROM test', 1044, 'EVENT ON test.*')],
  variables: [anybody('SHOW VARIABLES')],
  status: [anybody('SHOW STATUS')],
  engines: [anybody('SHOW ENGINES')],
  'character-set': [anybody('SHOW CHARACTER SET')],
  collation: [anybody('SHOW COLLATION')],
  plugins: [anybody('SHOW PLUGINS')],
  privileges: [anybody('SHOW PRIVILEGES')],
  processlist: [anybody('SHOW PROCESSLIST')],
  grants: [SELF, needs('SHOW GRANTS FOR other', 1044, 'SELECT ON mysql.*')],
  profiles: [anybody('SHOW PROFILES')],
  profile: [anybody('SHOW PROFILE')],
  warnings: [anybody('SHOW WARNINGS')],
  errors: [anybody('SHOW ERRORS')],
  'master-status': [needs('SHOW MASTER STATUS', 1227, 'REPLICATION CLIENT ON *.*')],
  'binary-log-status': [needs('SHOW BINARY LOG STATUS', 1227, 'REPLICATION CLIENT ON *.*')],
  'binary-logs': [needs('SHOW BINARY LOGS', 1227, 'REPLICATION CLIENT ON *.*', { then: 1381 })],
  'binlog-events': [needs('SHOW BINLOG EVENTS', 1227, 'REPLICATION SLAVE ON *.*', { then: 1381 })],
  replicas: [needs('SHOW REPLICAS', 1227, 'REPLICATION SLAVE ON *.*')],
  'replica-status': [needs('SHOW REPLICA STATUS', 1227, 'REPLICATION CLIENT ON *.*')],
  extension: [anybody('SHOW BINDINGS', { then: 1235 })],
  engine: [needs('SHOW ENGINE INNODB STATUS', 1227, 'PROCESS ON *.*')],
};

let server: MemoryInstance;
let root: TestSession;
let count = 0;

before(async () => {
  server = await createMemoryInstance();
  root = server.session();
  for (const sql of [
    'CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, KEY (a))', 'INSERT INTO t VALUES (1, 1, 1), (2, 2, 2)', 'CREATE TABLE w (a INT)',
    'CREATE VIEW v AS SELECT a FROM t', 'CREATE USER other', 'CREATE ROLE r',
  ])
    assert.doesNotMatch(await root.run(sql), /^error/, sql); // prettier-ignore
});
after(() => server.close());

/** The error of a statement run by a new account with these rights, 0 for none. */
async function attempt(entry: Entry, rights: readonly string[]): Promise<number> {
  const user = `walker${++count}`;
  await must(`CREATE USER ${user}`);
  for (const sql of entry.setup ?? []) await must(sql);
  for (const right of rights) {
    // GRANT looks at columns, and a table that is not there yet takes CREATE only.
    await grant(right, user);
  }
  const session = server.session(user, null);
  const answer = await session.run(entry.sql);
  session.session.disconnected();
  await must(`DROP USER ${user}`);
  const failed = /^error (\d+)/.exec(answer);
  return failed === null ? 0 : Number(failed[1]);
}

async function grant(right: string, user: string): Promise<void> {
  const answer = await root.run(`GRANT ${right} TO ${user}`);
  if (answer.startsWith('ok')) return;
  // For a table that is made later: as if it had been there.
  assert.match(answer, /^error 1146/, right);
  const [, table] = / ON (\S+)$/.exec(right)!;
  await must(`CREATE TABLE ${table} (a INT)`);
  await must(`GRANT ${right} TO ${user}`);
  await must(`DROP TABLE ${table}`);
}

async function must(sql: string): Promise<void> {
  assert.doesNotMatch(await root.run(sql), /^error/, sql);
}

async function walk(kind: string, entries: readonly Entry[], parsedAs: (sql: string) => string): Promise<void> {
  for (const entry of entries) {
    const { sql, refusal, needs: rights = [], then = 0 } = entry;
    assert.equal(parsedAs(sql), kind, `${sql} stands under another kind`);
    if (refusal === 'anybody') {
      assert.equal(await attempt(entry, []), then, `${sql}, by anybody`);
      continue;
    }
    assert.equal(await attempt(entry, []), refusal, `${sql}, without rights`);
    assert.equal(await attempt(entry, rights), then, `${sql}, with ${rights.join(' and ')}`);
    for (const left of rights.length > 1 ? rights : []) {
      const rest = rights.filter((one) => one !== left);
      const number = await attempt(entry, rest);
      assert([1044, 1045, 1095, 1142, 1143, 1227, 1345].includes(number), `${sql}, without ${left}: ${number}`);
    }
  }
}

for (const [kind, entries] of Object.entries(STATEMENTS))
  test(`${kind}: refused without its rights, done with them`, () =>
    walk(kind, entries, (sql) => parseOne(sql).statement.kind));

for (const [kind, entries] of Object.entries(SHOWS))
  test(`SHOW ${kind}: refused without its rights, done with them`, () =>
    walk(kind, entries, (sql) => {
      const { statement } = parseOne(sql);
      return statement.kind === 'show' ? statement.show.kind : statement.kind;
    }));

test('the list of fields shows the columns that one may use', async () => {
  await must('CREATE USER lister');
  await must('GRANT INSERT (a) ON test.w TO lister');
  await must('GRANT SELECT (b) ON test.t TO lister');
  const { session } = server.session('lister');
  assert.deepEqual(
    session.fieldList('t', '').map(({ column }) => column.name),
    ['b'],
  );
  assert.throws(() => session.fieldList('v', ''), { errno: 1142 });
  assert.throws(() => session.fieldList('nowhere', ''), { errno: 1142 });
});

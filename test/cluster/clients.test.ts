/**
 * The client matrix: what real drivers do at connect, with prepared statements, in transactions, with big results and errors. mysql2 always runs; the others
 * run where they are installed and say so where they are not.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createConnection, type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { startSqlServer, type SqlServer } from './sql-server.ts';

let server: SqlServer;
let connection: Connection;

before(async () => {
  server = await startSqlServer();
  connection = await createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'root',
    multipleStatements: true,
  });
  await connection.query('CREATE DATABASE matrix');
  await connection.query('USE matrix');
});
after(async () => {
  connection?.destroy();
  await server?.stop();
});

async function rows(sql: string, values?: readonly unknown[]): Promise<RowDataPacket[]> {
  const [found] = await (values
    ? connection.execute<RowDataPacket[]>(sql, values as never[])
    : connection.query<RowDataPacket[]>(sql));
  return found;
}

async function failure(work: Promise<unknown>): Promise<{ errno: number; sqlState: string; message: string }> {
  try {
    await work;
  } catch (error) {
    return error as { errno: number; sqlState: string; message: string };
  }
  return assert.fail('succeeded');
}

test('mysql2: types in text and binary form', async () => {
  await connection.query(`CREATE TABLE types (
    id INT PRIMARY KEY AUTO_INCREMENT, tiny TINYINT, flag TINYINT(1), small SMALLINT UNSIGNED, big BIGINT, ubig BIGINT UNSIGNED, price DECIMAL(12,2), f FLOAT, d DOUBLE,
    name VARCHAR(50), fixed CHAR(5), body TEXT, raw VARBINARY(10), day DATE, at DATETIME(3), stamp TIMESTAMP NULL, span TIME, y YEAR, doc JSON)`);
  const values = [
    -5,
    true,
    65535,
    '-9007199254740993',
    '18446744073709551615',
    '1234567890.12',
    1.5,
    2.25,
    'héllo',
    'ab',
    'text',
    Buffer.from([0, 255, 1]),
    '2024-02-29',
    '2024-02-29 12:34:56.789',
    '2024-01-01 00:00:00',
    '-12:34:56',
    2024,
    JSON.stringify({ a: [1, null] }),
  ];
  const columns = 'tiny, flag, small, big, ubig, price, f, d, name, fixed, body, raw, day, at, stamp, span, y, doc';
  await connection.execute(
    `INSERT INTO types (${columns}) VALUES (${values.map(() => '?').join(',')})`,
    values as never[],
  );
  const options = { supportBigNumbers: true, bigNumberStrings: true, dateStrings: true };
  for (const form of ['query', 'execute'] as const) {
    const asked = { sql: 'SELECT * FROM types', ...options };
    const [found] =
      form === 'query'
        ? await connection.query<RowDataPacket[]>(asked)
        : await connection.execute<RowDataPacket[]>(asked);
    const row = found[0]!;
    assert.equal(row['tiny'], -5, form);
    assert.equal(row['flag'], 1);
    assert.equal(row['small'], 65535);
    assert.equal(String(row['big']), '-9007199254740993');
    assert.equal(String(row['ubig']), '18446744073709551615');
    assert.equal(row['price'], '1234567890.12');
    assert.equal(row['f'], 1.5);
    assert.equal(row['d'], 2.25);
    assert.equal(row['name'], 'héllo');
    assert.equal(row['fixed'], 'ab');
    assert.deepEqual(row['raw'], Buffer.from([0, 255, 1]));
    assert.equal(row['day'], '2024-02-29');
    assert.equal(row['at'], '2024-02-29 12:34:56.789');
    assert.equal(row['span'], '-12:34:56');
    assert.equal(row['y'], 2024);
    assert.deepEqual(row['doc'], { a: [1, null] });
  }
  await connection.query('INSERT INTO types () VALUES ()');
  const empty = (await rows('SELECT * FROM types WHERE id = ?', [2]))[0]!;
  for (const [name, value] of Object.entries(empty)) if (name !== 'id') assert.equal(value, null, name);
});

test('mysql2: numbers as DOUBLE in LIMIT and keys', async () => {
  await connection.query('CREATE TABLE n (id INT PRIMARY KEY, v INT)');
  await connection.query('INSERT INTO n VALUES (1, 10), (2, 20), (3, 30)');
  assert.deepEqual(
    (await rows('SELECT v FROM n ORDER BY id LIMIT ?', [2])).map((row) => row['v']),
    [10, 20],
  );
  assert.deepEqual(
    (await rows('SELECT v FROM n WHERE id = ?', [3])).map((row) => row['v']),
    [30],
  );
  assert.deepEqual(await rows('SELECT v FROM n WHERE id = ?', [1.5]), []);
});

test('mysql2: found and changed rows, insert ids, info', async () => {
  await connection.query('CREATE TABLE c (id INT PRIMARY KEY AUTO_INCREMENT, v INT UNIQUE)');
  const [inserted] = await connection.query<ResultSetHeader>('INSERT INTO c (v) VALUES (1), (2)');
  assert.equal(inserted.affectedRows, 2);
  assert.equal(inserted.insertId, 1);
  const [updated] = await connection.query<ResultSetHeader>('UPDATE c SET v = 1 WHERE id = 1');
  assert.equal(updated.affectedRows, 1, 'mysql2 asks for found rows');
  assert.match(updated.info, /Rows matched: 1 {2}Changed: 0 {2}Warnings: 0/);
});

test("mysql2: errors carry number, state and MySQL's words", async () => {
  const duplicate = await failure(connection.query('INSERT INTO c (v) VALUES (2)'));
  assert.equal(duplicate.errno, 1062);
  assert.equal(duplicate.sqlState, '23000');
  assert.equal(duplicate.message, "Duplicate entry '2' for key 'c.v'");
  assert.equal((await failure(connection.query('SELEC 1'))).errno, 1064);
  assert.equal((await failure(connection.query('SELECT * FROM missing'))).errno, 1146);
  assert.equal((await failure(connection.query('SELECT missing FROM c'))).errno, 1054);
  assert.equal((await failure(connection.query('USE missing'))).errno, 1049);
  assert.equal((await failure(connection.execute('SELECT * FROM missing WHERE a = ?', [1]))).errno, 1146);
  assert.equal(
    (await failure(connection.query('CREATE TRIGGER t BEFORE INSERT ON c FOR EACH ROW SET @a = 1'))).errno,
    1235,
  );
});

test('mysql2: several statements in one text; an error ends them', async () => {
  const [results] = await connection.query('SELECT 1 AS a; SELECT 2 AS b; DO 1');
  assert.deepEqual(
    (results as RowDataPacket[][]).slice(0, 2).map((found) => ({ ...found[0]! })),
    [{ a: 1 }, { b: 2 }],
  );
  assert.equal(
    (await failure(connection.query('SELECT 1; SELECT * FROM missing; INSERT INTO n VALUES (99, 99)'))).errno,
    1146,
  );
  assert.deepEqual(await rows('SELECT * FROM n WHERE id = 99'), []);
});

test('mysql2: transactions, savepoints, isolation', async () => {
  const other = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root', database: 'matrix' });
  try {
    await connection.beginTransaction();
    await connection.query('INSERT INTO n VALUES (10, 1)');
    await connection.query('SAVEPOINT s');
    await connection.query('INSERT INTO n VALUES (11, 1)');
    await connection.query('ROLLBACK TO SAVEPOINT s');
    assert.deepEqual(await rows('SELECT id FROM n WHERE id > 9').then((found) => found.map((row) => row['id'])), [10]);
    const [seen] = await other.query<RowDataPacket[]>('SELECT id FROM n WHERE id > 9');
    assert.deepEqual(seen, []);
    await connection.commit();
    const [after] = await other.query<RowDataPacket[]>('SELECT id FROM n WHERE id > 9');
    assert.equal(after.length, 1);
    // A snapshot stays as it is while others commit.
    await other.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    await connection.query('UPDATE n SET v = 2 WHERE id = 10');
    const [old] = await other.query<RowDataPacket[]>('SELECT v FROM n WHERE id = 10');
    assert.equal(old[0]!['v'], 1);
    await other.query('COMMIT');
    // Locks: the second waits, and gives up in time.
    await connection.query('BEGIN');
    await connection.query('UPDATE n SET v = 3 WHERE id = 10');
    await other.query('SET innodb_lock_wait_timeout = 1');
    assert.equal((await failure(other.query('UPDATE n SET v = 4 WHERE id = 10'))).errno, 1205);
    assert.equal((await failure(other.query('SELECT * FROM n WHERE id = 10 FOR UPDATE NOWAIT'))).errno, 3572);
    await connection.query('ROLLBACK');
  } finally {
    other.destroy();
  }
});

test('mysql2: a deadlock ends one of two', async () => {
  const [a, b] = await Promise.all(
    [1, 2].map(() => createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root', database: 'matrix' })),
  );
  try {
    for (const one of [a!, b!]) await one.query('BEGIN');
    await a!.query('UPDATE n SET v = v + 1 WHERE id = 1');
    await b!.query('UPDATE n SET v = v + 1 WHERE id = 2');
    const outcomes = await Promise.allSettled([
      a!.query('UPDATE n SET v = v + 1 WHERE id = 2'),
      b!.query('UPDATE n SET v = v + 1 WHERE id = 1'),
    ]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(failed.length, 1);
    assert.equal((failed[0]!.reason as { errno: number }).errno, 1213);
  } finally {
    a!.destroy();
    b!.destroy();
  }
});

test('mysql2: a big result and a big value', async () => {
  await connection.query('CREATE TABLE big (id INT PRIMARY KEY, pad VARCHAR(200))');
  for (let from = 0; from < 100_000; from += 5000) {
    const values = Array.from({ length: 5000 }, (_, i) => `(${from + i}, '${'x'.repeat(100)}')`).join(',');
    await connection.query(`INSERT INTO big VALUES ${values}`);
  }
  assert.equal((await rows('SELECT * FROM big')).length, 100_000);
  assert.equal((await rows('SELECT * FROM big WHERE id >= ?', [0])).length, 100_000);
  const text = (await rows("SELECT REPEAT('é', 10000000) AS t"))[0]!['t'] as string;
  assert.equal(text.length, 10_000_000);
});

test('mysql2: changeUser, reset, ping, prepared statements end with close', async () => {
  await connection.ping();
  await connection.query("CREATE USER app@'%' IDENTIFIED BY 'secret'");
  await connection.query("GRANT ALL ON matrix.* TO app@'%'");
  const app = await createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'app',
    password: 'secret',
    database: 'matrix',
  });
  assert.equal(((await app.query<RowDataPacket[]>('SELECT CURRENT_USER() AS u'))[0][0] as { u: string }).u, 'app@%');
  assert.equal((await failure(app.query('CREATE DATABASE other'))).errno, 1044);
  // The second login takes the fast way.
  const again = await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'app', password: 'secret' });
  await connection.query("CREATE USER other@'%' IDENTIFIED WITH mysql_native_password BY 'also'");
  await connection.query("GRANT ALL ON *.* TO other@'%'");
  await again.changeUser({ user: 'other', password: 'also', database: 'matrix' });
  assert.equal(((await again.query<RowDataPacket[]>('SELECT DATABASE() AS d'))[0][0] as { d: string }).d, 'matrix');
  again.destroy();
  app.destroy();
  const wrong = await failure(
    createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'app', password: 'wrong' }),
  );
  assert.equal(wrong.errno, 1045);
  assert.equal(wrong.sqlState, '28000');
});

test('KILL ends a running statement within 100 ms', async () => {
  const victim = await createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'root',
    database: 'matrix',
  });
  const id = ((await victim.query<RowDataPacket[]>('SELECT CONNECTION_ID() AS id'))[0][0] as { id: number }).id;
  await victim.query("SET rutile_engines = 'row'");
  const running = failure(victim.query('SELECT COUNT(*) FROM big a, big b, big c WHERE a.id + b.id + c.id < 0'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  await connection.query(`KILL QUERY ${id}`);
  assert.equal((await running).errno, 1317);
  assert(performance.now() - began < 1000, `took ${performance.now() - began} ms`);
  assert.equal(
    (
      await failure(
        victim
          .query('SELECT /*+ MAX_EXECUTION_TIME(100) */ SLEEP(0)')
          .then(() => victim.query('SET max_execution_time = 100'))
          .then(() => victim.query('SELECT COUNT(*) FROM big a, big b, big c WHERE a.id + b.id + c.id < 0')),
      )
    ).errno,
    3024,
  );
  victim.destroy();
});

// ---- other clients ----

function find(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

test('the mariadb command line', { skip: find('mariadb') ? false : 'mariadb is not installed' }, () => {
  const run = (sql: string, ...more: string[]) =>
    execFileSync(
      'mariadb',
      ['-h', '127.0.0.1', '-P', String(server.mysqlPort), '-u', 'root', '--batch', ...more, '-e', sql],
      { encoding: 'utf8' },
    );
  assert.equal(run('SELECT 1 AS one'), 'one\n1\n');
  assert.match(run('USE matrix; SHOW TABLES'), /types/);
  assert.match(run('SHOW CREATE TABLE matrix.n'), /PRIMARY KEY/);
  const folder = mkdtempSync(join(tmpdir(), 'rutile-client-'));
  writeFileSync(join(folder, 'rows.tsv'), '100\t1\n101\t\\N\n102\tx\n');
  assert.match(
    run(
      `LOAD DATA LOCAL INFILE '${join(folder, 'rows.tsv')}' INTO TABLE matrix.n; SELECT COUNT(*) FROM matrix.n WHERE id >= 100`,
      '--local-infile=1',
    ),
    /3/,
  );
  rmSync(folder, { recursive: true });
});

const PYTHON = `
import datetime, decimal, pymysql, pymysql.cursors, sys
def connect(**more):
    return pymysql.connect(host='127.0.0.1', port=int(sys.argv[1]), user='app', password='secret', database='matrix', **more)
c = connect()
k = c.cursor()
k.execute('CREATE TABLE py (id INT PRIMARY KEY, v BLOB, t VARCHAR(20), p DECIMAL(12,2), d DATETIME(6), f DOUBLE, day DATE, span TIME, doc JSON)')
row = (1, bytes(range(256)), "it's \\ é", decimal.Decimal('1234567890.12'), datetime.datetime(2024, 2, 29, 12, 34, 56, 789000), 2.25, datetime.date(2024, 2, 29), datetime.timedelta(hours=-12, minutes=-34), '{"a": 1}')
assert k.execute('INSERT INTO py VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)', row[:7] + ('-12:34:00', row[8])) == 1
c.commit()
k.execute('SELECT * FROM py WHERE id = %s', (1,))
found = k.fetchone()
assert found == row, found
def refused(sql, number, kind):
    try:
        k.execute(sql)
    except kind as e:
        assert e.args[0] == number, e.args
    else:
        assert False, sql
refused('INSERT INTO py (id) VALUES (1)', 1062, pymysql.err.IntegrityError)
refused('SELEC 1', 1064, pymysql.err.ProgrammingError)
refused('SELECT * FROM missing', 1146, pymysql.err.ProgrammingError)
refused("INSERT INTO py (id, t) VALUES (2, REPEAT('x', 30))", 1406, pymysql.err.DataError)
c.rollback()
c.begin()
k.execute('UPDATE py SET f = 3 WHERE id = 1')
c.rollback()
k.execute('SELECT f FROM py')
assert k.fetchall() == ((2.25,),)
assert k.executemany('INSERT INTO py (id, t) VALUES (%s, %s)', [(i, 'many') for i in range(100, 1100)]) == 1000
c.commit()
k.execute("PREPARE p FROM 'SELECT id, p FROM py WHERE id = ? AND t = ?'")
k.execute('SET @id = %s, @t = %s', (1, row[2]))
k.execute('EXECUTE p USING @id, @t')
assert k.fetchall() == ((1, row[3]),)
k.execute('DEALLOCATE PREPARE p')
refused('EXECUTE p', 1243, pymysql.err.MySQLError)
big = connect(cursorclass=pymysql.cursors.SSCursor).cursor()
big.execute('SELECT id, pad FROM big')
assert sum(1 for _ in big) == 100000
print('fine')
`;

/** Drivers that are no part of the package (the one from MariaDB is LGPL). */
const CLIENTS = join(PACKAGE_ROOT, '.cache/clients');

function pythonWithDriver(): string | undefined {
  for (const python of ['python3', 'python']) {
    if (find(python) && spawnSync(python, ['-c', 'import pymysql']).status === 0) return python;
  }
  // A folder of its own, filled once where the registry can be reached.
  const folder = join(CLIENTS, 'python');
  const own = join(folder, 'bin/python');
  if (!existsSync(own)) spawnSync('python3', ['-m', 'venv', folder], { timeout: 60_000 });
  if (spawnSync(own, ['-c', 'import pymysql, cryptography']).status !== 0) {
    spawnSync(
      own,
      ['-m', 'pip', 'install', '--quiet', '--retries', '0', '--timeout', '10', 'PyMySQL', 'cryptography'],
      { timeout: 90_000 },
    );
  }
  return spawnSync(own, ['-c', 'import pymysql, cryptography']).status === 0 ? own : undefined;
}

const python = pythonWithDriver();
test('PyMySQL', { skip: python ? false : 'PyMySQL is not installed and cannot be' }, () => {
  assert.equal(execFileSync(python!, ['-', String(server.mysqlPort)], { encoding: 'utf8', input: PYTHON }), 'fine\n');
});

const GO_MODULE = join(
  process.env['GOPATH'] ?? join(process.env['HOME'] ?? '/', 'go'),
  'pkg/mod/github.com/go-sql-driver',
);
const goFound = (find('go') || existsSync('/usr/local/go/bin/go')) && existsSync(GO_MODULE);
test('go-sql-driver/mysql', { skip: goFound ? false : 'go with its mysql driver is not installed' }, () => {
  const go = find('go') ? 'go' : '/usr/local/go/bin/go';
  const folder = join(PACKAGE_ROOT, 'test/cluster/go-client');
  const out = execFileSync(go, ['run', '.', `app:secret@tcp(127.0.0.1:${server.mysqlPort})/matrix?parseTime=true`], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(out, 'fine\n');
});

const MARIADB = `
import assert from 'node:assert/strict';
import mariadb from 'mariadb';
const pool = mariadb.createPool({ host: '127.0.0.1', port: Number(process.argv[2]), user: 'app', password: 'secret', database: 'matrix', connectionLimit: 3, allowPublicKeyRetrieval: true });
const c = await pool.getConnection();
await c.query('CREATE TABLE mc (id BIGINT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(50), p DECIMAL(20,5), d DATETIME(3), b VARBINARY(20), doc JSON)');
const result = await c.execute('INSERT INTO mc (t, p, d, b, doc) VALUES (?, ?, ?, ?, ?)', ['é', '12345678901234.5', '2024-02-29 12:00:00.125', Buffer.from([0, 255]), '{"a":[1]}']);
assert.equal(result.affectedRows, 1);
assert.equal(result.insertId, 1n);
for (const form of ['query', 'execute']) {
  const [row] = await c[form]({ sql: 'SELECT * FROM mc WHERE id = ?', dateStrings: true }, [1]);
  assert.deepEqual({ ...row }, { id: 1n, t: 'é', p: '12345678901234.50000', d: '2024-02-29 12:00:00.125', b: Buffer.from([0, 255]), doc: { a: [1] } }, form);
}
const many = await c.batch('INSERT INTO mc (t) VALUES (?)', Array.from({ length: 500 }, (_, i) => ['n' + i]));
// One answer, or one a row: the connector sees by the server's name which it may ask for.
assert.equal([many].flat().reduce((sum, one) => sum + one.affectedRows, 0), 500);
await c.beginTransaction();
await c.query('DELETE FROM mc');
await c.rollback();
assert.equal((await c.query('SELECT COUNT(*) AS n FROM mc'))[0].n, 501n);
for (const [sql, errno, state] of [['SELEC', 1064, '42000'], ['SELECT * FROM missing', 1146, '42S02'], ['INSERT INTO mc (id) VALUES (1)', 1062, '23000']]) {
  await assert.rejects(c.query(sql), (error) => error.errno === errno && error.sqlState === state, sql);
}
let count = 0;
for await (const row of c.queryStream('SELECT id, pad FROM big')) count += row.pad.length === 100 ? 1 : 0;
assert.equal(count, 100000);
assert.equal((await c.execute('SELECT id, pad FROM big WHERE id >= ?', [0])).length, 100000);
await c.reset();
await c.ping();
c.release();
await pool.end();
console.log('fine');
`;

function nodeWithMariadb(): string | undefined {
  const folder = join(CLIENTS, 'node');
  const found = () => existsSync(join(folder, 'node_modules/mariadb/package.json'));
  if (!found()) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    spawnSync(
      'npm',
      ['install', '--silent', '--no-audit', '--no-fund', '--fetch-retries=0', '--fetch-timeout=10000', 'mariadb@3'],
      { cwd: folder, timeout: 90_000 },
    );
  }
  return found() ? folder : undefined;
}

const connector = nodeWithMariadb();
test(
  "MariaDB's connector for Node",
  { skip: connector ? false : 'the package mariadb is not installed and cannot be' },
  () => {
    const script = join(connector!, 'client.mjs');
    writeFileSync(script, MARIADB);
    assert.equal(execFileSync(process.execPath, [script, String(server.mysqlPort)], { encoding: 'utf8' }), 'fine\n');
  },
);

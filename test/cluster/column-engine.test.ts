/** The column engine through SQL on a real server: what it shows while rows change, and how it is stopped. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import mysql from 'mysql2/promise';
import { startSqlServer, type SqlServer } from './sql-server.ts';

const SUM = 'select count(*), sum(v), min(s), max(s) from d.t where v >= 0';
let server: SqlServer;
let reader: mysql.Connection;
let writer: mysql.Connection;

before(async () => {
  server = await startSqlServer();
  reader = await connect();
  writer = await connect();
  await writer.query('create database d');
  await writer.query('create table d.t (id int primary key, v int, s varchar(20))');
  const rows = Array.from({ length: 5000 }, (_, i) => `(${i}, ${i % 100}, 'text ${i % 7}')`);
  await writer.query(`insert into d.t values ${rows.join(', ')}`);
  await reader.query("set rutile_engines = 'column'");
});

after(async () => {
  await reader?.end();
  await writer?.end();
  await server?.stop();
});

function connect(): Promise<mysql.Connection> {
  return mysql.createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'root',
    rowsAsArray: true,
    supportBigNumbers: true,
  });
}

async function sum(connection: mysql.Connection = reader): Promise<unknown[]> {
  return ((await connection.query(SUM))[0] as unknown[][])[0]!;
}

test('EXPLAIN says that the column engine runs it, and why', async () => {
  const [rows] = await reader.query(`explain ${SUM}`);
  const text = (rows as unknown[][]).map((row) => row.join(' ')).join('\n');
  assert.match(text, /ColumnEngine.*forced by rutile_engines/);
  assert.match(text, /arrow/);
});

test('every query sees what was committed before it', async () => {
  assert.deepEqual(await sum(), [5000, '247500', 'text 0', 'text 6']);
  await writer.query("insert into d.t values (9000, 7, 'zebra')");
  assert.deepEqual(await sum(), [5001, '247507', 'text 0', 'zebra']);
  await writer.query('update d.t set v = v + 1 where id < 10');
  assert.deepEqual(await sum(), [5001, '247517', 'text 0', 'zebra']);
  await writer.query('delete from d.t where id = 9000');
  assert.deepEqual(await sum(), [5000, '247510', 'text 0', 'text 6']);
});

test('a transaction keeps its snapshot while others write and other queries load newer columns', async () => {
  const before = await sum();
  await reader.query('start transaction with consistent snapshot');
  await writer.query("insert into d.t values (9001, 1000, 'newer')");
  const fresh = await connect();
  await fresh.query("set rutile_engines = 'column'");
  assert.deepEqual(await sum(fresh), [5001, '248510', 'newer', 'text 6']);
  assert.deepEqual(await sum(), before);
  await reader.query('commit');
  assert.deepEqual(await sum(), await sum(fresh));
  await fresh.end();
  await writer.query('delete from d.t where id = 9001');
});

test('own uncommitted writes are seen', async () => {
  const [count] = await sum();
  await reader.query('begin');
  await reader.query("insert into d.t values (9002, 1, 'mine')");
  assert.equal((await sum())[0], Number(count) + 1);
  await reader.query('rollback');
  assert.equal((await sum())[0], count);
});

test('added columns, renamed tables and truncation are followed', async () => {
  await writer.query('alter table d.t add column w int not null default 3');
  assert.deepEqual(((await reader.query('select sum(w) from d.t'))[0] as unknown[][])[0], ['15000']);
  await writer.query('create table d.u (id int primary key, v int)');
  await writer.query('insert into d.u select id, v from d.t');
  assert.equal(((await reader.query('select count(*) from d.u where v >= 0'))[0] as unknown[][])[0]![0], 5000);
  await writer.query('truncate table d.u');
  assert.equal(((await reader.query('select count(*) from d.u where v >= 0'))[0] as unknown[][])[0]![0], 0);
});

test('numbers beyond 53 bits go to the row engine and come out exact', async () => {
  await writer.query('create table d.big (id int primary key, b bigint, m decimal(30,2))');
  await writer.query(
    "insert into d.big values (1, 9223372036854775807, '9999999999999999999999999999.99'), (2, -5, 0.01), (3, null, null)",
  );
  assert.deepEqual(((await reader.query('select sum(b), sum(m), max(b) from d.big'))[0] as unknown[][])[0], [
    '9223372036854775802',
    '10000000000000000000000000000.00',
    '9223372036854775807',
  ]);
});

test('KILL QUERY ends a join of everything with everything', async () => {
  const id = (reader as unknown as { threadId: number }).threadId;
  const running = reader.query('select count(*) from d.t a, d.t b, d.t c where a.v + b.v + c.v < 0').then(
    () => 'finished',
    (error: { errno: number }) => error.errno,
  );
  // Until it is seen to run.
  for (;;) {
    const [rows] = await writer.query(
      "select count(*) from information_schema.processlist where info like 'select count(*) from d.t a%'",
    );
    if (Number((rows as unknown[][])[0]![0]) > 0) break;
  }
  await writer.query(`kill query ${id}`);
  assert.equal(await running, 1317);
  assert.equal((await sum())[0], 5000);
});

test('auto: an analysed table goes to columns; own writes and an old snapshot are seen all the same', async () => {
  const [one, two] = [await connect(), await connect()];
  const query = async (connection: mysql.Connection, sql: string): Promise<string> =>
    ((await connection.query(sql))[0] as unknown[][]).map((row) => row.join(' ')).join('\n');
  const total = 'select count(*), sum(v) from d.ledger where v >= 0';
  await one.query('create table d.ledger (id int primary key, v int)');
  for (let from = 0; from < 30_000; from += 10_000) {
    const rows = Array.from({ length: 10_000 }, (_, i) => `(${from + i}, ${i % 10})`);
    await one.query(`insert into d.ledger values ${rows.join(', ')}`);
  }
  await one.query('analyze table d.ledger');
  assert.match(await query(one, `explain ${total}`), /ColumnEngine/);
  assert.equal(await query(one, total), '30000 135000');
  await two.query('begin');
  assert.equal(await query(two, total), '30000 135000');
  await one.query('update d.ledger set v = v + 1 where id = 1');
  await one.query('delete from d.ledger where id >= 29000');
  // Columns of a younger moment are loaded now; the transaction keeps seeing its own.
  assert.equal(await query(one, total), '29000 130501');
  assert.equal(await query(two, total), '30000 135000');
  await two.query('insert into d.ledger values (50000, 7)');
  assert.doesNotMatch(await query(two, `explain ${total}`), /ColumnEngine/);
  assert.equal(await query(two, total), '30001 135007');
  await two.query('rollback');
  assert.equal(await query(two, total), '29000 130501');
  await one.end();
  await two.end();
});

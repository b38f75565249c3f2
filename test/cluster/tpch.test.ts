/** TPC-H-derived queries over a real server: rows come in by LOAD DATA LOCAL INFILE, answers are the published ones, from each engine. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import mysql from 'mysql2/promise';
import { startSqlServer, type SqlServer } from './sql-server.ts';
import { TABLES, answer, difference, queries, schemaStatements, tableStream } from './tpch.ts';

let server: SqlServer;
let connection: mysql.Connection;

before(async () => {
  server = await startSqlServer();
  connection = await mysql.createConnection({
    host: '127.0.0.1',
    port: server.mysqlPort,
    user: 'root',
    dateStrings: true,
    rowsAsArray: true,
  });
  await connection.query('create database tpch');
  await connection.query('use tpch');
  for (const statement of schemaStatements()) await connection.query(statement);
});

after(async () => {
  await connection?.end();
  await server?.stop();
});

test('all eight tables load by LOAD DATA LOCAL INFILE', async () => {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const [result] = await connection.query({
      sql: `load data local infile '${table}.tbl' into table ${table} fields terminated by '|'`,
      infileStreamFactory: () => tableStream(table),
    } as mysql.QueryOptions);
    counts[table] = (result as mysql.ResultSetHeader).affectedRows;
  }
  assert.deepEqual(counts, {
    region: 5,
    nation: 25,
    part: 2000,
    supplier: 100,
    partsupp: 8000,
    customer: 1500,
    orders: 15000,
    lineitem: 60175,
  });
  await connection.query(`analyze table ${TABLES.join(', ')}`);
});

for (const engine of ['row', 'column', 'auto']) {
  test(`the 22 queries with engine ${engine}`, async (t) => {
    await connection.query(`set session rutile_engines = '${engine}'`);
    for (const { name, sql } of queries(0.01)) {
      await t.test(name, async () => {
        const [rows] = await connection.query(sql);
        assert.equal(difference(rows as unknown[][], answer(name)!), undefined);
      });
    }
  });
}

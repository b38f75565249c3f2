/**
 * The 22 TPC-H-derived queries: how fast rows load beside MariaDB, and each query's time in the row engine, the column engine, MariaDB and
 * DuckDB (one thread). Times are the best of three; the column engine's are with the columns loaded.
 *
 *     npm run bench -- tpch                              the small set of the repository (scale factor 0.01)
 *     npm run bench -- tpch --data DIR --scale 0.1       NAME.tbl files, as tpchgen-cli writes them
 *
 * DuckDB takes part when `@duckdb/node-api` is installed (`npm i --no-save @duckdb/node-api`).
 */
import { spawnSync } from 'node:child_process';
import type mysql from 'mysql2/promise';
import { connectAsRoot } from '../test/cluster/connect.ts';
import { RutileProcess } from '../test/cluster/rutile-process.ts';
import { TABLES, queries, schemaStatements, tableStream } from '../test/cluster/tpch.ts';
import { markdownTable, parseArguments } from './arguments.ts';
import { isInstalled, startMariaDb } from './peers.ts';

type Timings = Map<string, number>;

export async function main(argv: readonly string[]): Promise<void> {
  const { flags, words } = parseArguments(argv, { data: '', scale: '0.01', only: '', rounds: '3', limit: '60' });
  const scale = Number(flags['scale']);
  const wanted = queries(scale).filter((query) => words.length === 0 || words.includes(query.name));
  const rounds = Number(flags['rounds']);
  const columns: { name: string; times: Timings }[] = [];
  const loads: string[][] = [];

  if (!flags['only'] || flags['only'] === 'rutile') {
    const server = await RutileProcess.start();
    const connection = await connect(server.mysqlPort);
    loads.push(['Rutile', ...(await load(connection, flags['data']!))]);
    await connection.query(`analyze table ${TABLES.join(', ')}`);
    for (const engine of ['row', 'column', 'auto']) {
      await connection.query(`set session rutile_engines = '${engine}'`);
      columns.push({ name: engine, times: await timeAll(wanted, rounds, (sql) => connection.query(sql)) });
    }
    await connection.end();
    await server.stop();
  }
  if ((!flags['only'] || flags['only'] === 'mariadb') && isInstalled('mariadbd')) {
    const server = await startMariaDb();
    const connection = await connect(server.port);
    loads.push(['MariaDB', ...(await load(connection, flags['data']!))]);
    await connection.query(`analyze table ${TABLES.join(', ')}`);
    await connection.query(`set session max_statement_time = ${flags['limit']}`);
    columns.push({ name: 'MariaDB', times: await timeAll(wanted, rounds, (sql) => connection.query(sql)) });
    await connection.end();
    await server.stop();
  }
  const duck = !flags['only'] || flags['only'] === 'duckdb' ? await duckDb(flags['data']!) : undefined;
  if (duck) columns.push({ name: 'DuckDB', times: await timeAll(wanted, rounds, duck) });

  console.log(`\n${markdownTable(['server', 'rows', 'seconds', 'rows/s'], loads)}`);
  const rows = wanted.map(({ name }) => [name, ...columns.map((column) => format(column.times.get(name)))]);
  const sums = ['sum', ...columns.map((column) => format([...column.times.values()].reduce((a, b) => a + b, 0)))];
  console.log(
    `\nmilliseconds, best of ${rounds}, scale factor ${scale}\n${markdownTable(['query', ...columns.map((column) => column.name)], [...rows, sums])}`,
  );
}

async function connect(port: number): Promise<mysql.Connection> {
  const connection = await connectAsRoot(port, { dateStrings: true });
  await connection.query('create database tpch');
  await connection.query('use tpch');
  for (const statement of schemaStatements()) await connection.query(statement);
  return connection;
}

async function load(connection: mysql.Connection, data: string): Promise<string[]> {
  let rows = 0;
  const began = performance.now();
  for (const table of TABLES) {
    const [result] = await connection.query({
      sql: `load data local infile '${table}.tbl' into table ${table} fields terminated by '|'`,
      infileStreamFactory: () => tableStream(table, data || undefined),
    } as mysql.QueryOptions);
    rows += (result as mysql.ResultSetHeader).affectedRows;
  }
  const seconds = (performance.now() - began) / 1000;
  console.log(`loaded ${rows} rows in ${seconds.toFixed(1)} s`);
  return [String(rows), seconds.toFixed(1), (rows / seconds).toFixed(0)];
}

async function timeAll(
  wanted: readonly { name: string; sql: string }[],
  rounds: number,
  run: (sql: string) => Promise<unknown>,
): Promise<Timings> {
  const times: Timings = new Map();
  for (const { name, sql } of wanted) {
    let best = Infinity;
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      try {
        await run(sql);
      } catch (error) {
        console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        break;
      }
      best = Math.min(best, performance.now() - began);
      if (best > 20_000) break;
    }
    if (Number.isFinite(best)) times.set(name, best);
    console.log(`${name}: ${format(best)} ms`);
  }
  return times;
}

async function duckDb(data: string): Promise<((sql: string) => Promise<unknown>) | undefined> {
  const name = '@duckdb/node-api';
  const duck = (await import(name).catch(() => undefined)) as
    { DuckDBInstance: { create(path: string, options: object): Promise<DuckInstance> } } | undefined;
  if (!duck) {
    console.log('DuckDB is not installed: npm i --no-save @duckdb/node-api');
    return undefined;
  }
  const instance = await duck.DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const { mkdtempSync, createWriteStream } = await import('node:fs');
  const { pipeline } = await import('node:stream/promises');
  const folder = data || mkdtempSync('/tmp/rutile-tbl-');
  for (const statement of schemaStatements()) await connection.run(statement);
  for (const table of TABLES) {
    if (!data) await pipeline(tableStream(table), createWriteStream(`${folder}/${table}.tbl`));
    await connection.run(
      `insert into ${table} select * from read_csv('${folder}/${table}.tbl', delim='|', header=false, quote='', nullstr='', columns=${duckColumns(table)})`,
    );
  }
  if (!data) spawnSync('rm', ['-r', folder]);
  return (sql) => connection.runAndReadAll(sql);
}

interface DuckInstance {
  connect(): Promise<{ run(sql: string): Promise<unknown>; runAndReadAll(sql: string): Promise<unknown> }>;
}

function duckColumns(table: string): string {
  const statement = schemaStatements().find((one) => one.startsWith(`create table ${table} `))!;
  const body = statement
    .slice(statement.indexOf('(') + 1, statement.lastIndexOf(')'))
    .replace(/,?\s*primary key \(.*?\)/, '');
  const columns = body.split(/,\s*(?=[a-z]+_)/).map((column) => {
    const [, name, type] = /^(\w+) (\w+(?:\([\d,]+\))?)/.exec(column.trim())!;
    return `'${name}': '${type}'`;
  });
  return `{${columns.join(', ')}}`;
}

function format(ms: number | undefined): string {
  return ms === undefined || !Number.isFinite(ms) ? '' : ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}

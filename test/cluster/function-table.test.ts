/**
 * docs/functions.md is true: every function with every class of argument, asked of MariaDB and of Rutile. With `--rewrite` the page is
 * written instead. Runs where MariaDB is installed, and needs about a minute.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import mysql from 'mysql2/promise';
import { packagePath } from '../../base/node/package-root.ts';
import { functionNames } from '../../sql/functions/definition.ts';
import '../../sql/functions/index.ts';
import { AGGREGATE_NAMES } from '../../sql/functions/index.ts';
import { Answers } from '../functions/answers.ts';
import { FAMILIES, INTERNAL, SET_UP } from '../functions/calls.ts';
import { compareAll, renderTable, type Comparison } from '../functions/table.ts';
import { MariaDb, MARIADB_MISSING } from './mariadb.ts';
import { onThreeStores, startSqlServer, type SqlServer } from './sql-server.ts';

const PAGE = packagePath('docs', 'functions.md');
/** Nothing here depends on where the rows are. */
const skip = MARIADB_MISSING !== false ? MARIADB_MISSING : onThreeStores() ? 'one store is enough' : false;

let mariadb: MariaDb | undefined;
let rutile: SqlServer | undefined;
let comparison: Comparison | undefined;
const connections: mysql.Connection[] = [];

before(async () => {
  if (skip !== false) return;
  mariadb = await MariaDb.start();
  rutile = await startSqlServer();
  const port = rutile.mysqlPort;
  const open = (): Promise<mysql.Connection> =>
    mysql.createConnection({ host: '127.0.0.1', port, user: 'root', charset: 'utf8mb4', jsonStrings: true });
  const theirs = await prepared(await mariadb.connect(), true);
  const rows = await prepared(await open(), true);
  const columns = await prepared(await open(), false);
  await rows.query("set rutile_engines = 'row'");
  await columns.query("set rutile_engines = 'auto'");
  comparison = await compareAll({
    theirs: new Answers(theirs),
    rows: new Answers(rows),
    columns: new Answers(columns),
  });
});

after(async () => {
  for (const connection of connections) await connection.end();
  await rutile?.stop();
  await mariadb?.stop();
});

/** Both servers the same session: collation, zone, clock and mode. */
async function prepared(connection: mysql.Connection, isFirst: boolean): Promise<mysql.Connection> {
  connections.push(connection);
  if (isFirst)
    await connection.query('create database function_table character set utf8mb4 collate utf8mb4_general_ci');
  await connection.query('use function_table');
  await connection.query('set names utf8mb4 collate utf8mb4_general_ci');
  await connection.query("set time_zone = '+00:00', timestamp = 1709210096.789012");
  await connection.query(
    "set sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO'",
  );
  if (isFirst) for (const statement of SET_UP) await connection.query(statement);
  return connection;
}

test('every name has its calls', () => {
  const called = new Set(Object.values(FAMILIES).flatMap((family) => Object.keys(family)));
  const without = [...functionNames(), ...AGGREGATE_NAMES].filter((name) => !called.has(name) && !INTERNAL.has(name));
  assert.deepEqual(without, []);
});

test('Rutile agrees with itself: rows, columns and the binary protocol', { skip }, () => {
  assert.deepEqual(comparison!.inconsistent, []);
});

test('every reason for a difference is one', { skip }, () => {
  assert.deepEqual(comparison!.unused, []);
});

test('docs/functions.md is what a run says', { skip }, () => {
  const page = renderTable(comparison!);
  if (process.env['RUTILE_REWRITE'] === '1') writeFileSync(PAGE, page);
  assert.equal(page, readFileSync(PAGE, 'utf8'), `what is open:\n${comparison!.open.join('\n')}`);
});

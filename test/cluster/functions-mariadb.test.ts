/**
 * Another server's opinion: every expression of test/scripts/functions is asked of a MariaDB server, and the values must be the
 * same text. Where MySQL and MariaDB differ, MySQL is followed; each such expression is listed below with the reason, and the test
 * fails when a listed difference is gone, so the list stays true.
 *
 * Runs where `mariadbd` and `mariadb-install-db` are installed, on a data folder and socket of its own.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import mysql from 'mysql2/promise';
import { evaluateText, readScenes, scriptFiles, testContext, TEST_TIME_MS } from '../../sql/functions/testing.ts';
import { MariaDb, MARIADB_MISSING } from './mariadb.ts';

const skip = MARIADB_MISSING;

/** Reason → expressions. */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'MySQL rounds fractional seconds, MariaDB cuts them': [
    "cast('2024-02-29 10:11:12.987654' as datetime)",
    "cast('2024-02-29 10:11:12.987654' as datetime(3))",
    "cast('10:11:12.6' as time)",
    "cast('10:11:12.56' as time(1))",
  ],
  "MySQL reads X'…' as a number where one is wanted": ["x'0a' + 1"],
  'MySQL has a JSON type, and refuses wrong documents and paths': [
    `cast('{"b": 1, "a": [1, 2.0, "x"]}' as json)`,
    'cast(1 as json)',
    `cast('"x"' as json)`,
    `json_extract('{"a": 1}', 'a')`,
    `json_extract('{"a": }', '$.a')`,
    `json_set('{"a": 1}', '$.*', 2)`,
    "json_remove('[1]', '$')",
    `17 member of ('[23, "abc", 17, "ab", 10]')`,
  ],
  'MySQL orders keys by length, paths as given, and prints documents in its own way': [
    "json_extract('[10, 20, [30, 40]]', '$[1]', '$[0]')",
    `json_keys('{"bb": 1, "a": {"c": 30}}')`,
    `json_pretty('{"a": [1, {}], "b": []}')`,
    "json_array(1.5e0, date '2024-01-01', time '10:11:12')",
  ],
  'Functions of MySQL 8 that MariaDB 10.11 does not have, or with fewer arguments': [
    "is_uuid('6ccd780c-baba-1026-9564-5b8c656024db')",
    "is_uuid('6ccd780c')",
    "hex(uuid_to_bin('6ccd780c-baba-1026-9564-5b8c656024db'))",
    "hex(uuid_to_bin('6ccd780c-baba-1026-9564-5b8c656024db', 1))",
    "bin_to_uuid(uuid_to_bin('6ccd780c-baba-1026-9564-5b8c656024db'))",
    "bin_to_uuid(uuid_to_bin('6ccd780c-baba-1026-9564-5b8c656024db', 1), 1)",
    'any_value(3)',
    "regexp_like('abc', 'ABC', 'c')",
    "regexp_instr('dog cat dog', 'dog', 2)",
    "regexp_replace('abc def ghi', '[a-z]+', 'X', 1, 3)",
    "regexp_substr('abc def ghi', '[a-z]+', 1, 3)",
    'format_bytes(512)',
    'format_bytes(-1023.9)',
    'format_bytes(1024)',
    'format_bytes(18446644073709551615)',
    'format_bytes(1e30)',
    'format_bytes(null)',
    "format_bytes('2048')",
    'format_pico_time(3501)',
    'format_pico_time(188732396662000)',
    'format_pico_time(999)',
    'format_pico_time(864e16)',
    'format_pico_time(1e23)',
  ],
  'ICU writes groups $1 and has errors of its own, PCRE \\1': ["regexp_replace('abc', '(b)', '<$1>')"],
  'MySQL gives six digits where a fraction of a second was added to text': [
    "date_add('2024-01-01', interval 1.5 second)",
  ],
  'MySQL gives 0 for what is before the epoch': ["unix_timestamp('1969-01-01')"],
  'Names and weights of the collations differ': ["collation('a')", "hex(weight_string('a'))"],
  'Of the session, or of the moment': ['connection_id()', 'sysdate()'],
};

const listed = new Set(Object.values(DIFFERENCES).flat());
let server: MariaDb | undefined;
let connection: mysql.Connection | undefined;

before(async () => {
  if (skip !== false) return;
  server = await MariaDb.start();
  connection = await server.connect();
  await connection.query('create database if not exists test');
  await connection.query('use test');
  await connection.query('set names utf8mb4 collate utf8mb4_uca1400_nopad_ai_ci');
  await connection.query(`set time_zone = '+00:00', timestamp = ${TEST_TIME_MS / 1000}`);
  await connection.query(
    "set sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO'",
  );
});

after(async () => {
  await connection?.end();
  await server?.stop();
});

for (const file of scriptFiles()) {
  test(`${file} as MariaDB sees it`, { skip }, async () => {
    const surprises: string[] = [];
    for (const scene of readScenes(file)) {
      for (const expression of scene.expressions) {
        const ours = ourAnswer(expression);
        const theirs = await theirAnswer(expression, ours.startsWith('0x'));
        const same = ours === theirs || (ours.startsWith('error') && theirs.startsWith('error'));
        if (same === listed.has(expression)) surprises.push(`${expression}: ${ours} | ${theirs}`);
      }
    }
    assert.deepEqual(surprises, []);
  });
}

function ourAnswer(expression: string): string {
  try {
    return evaluateText(expression, testContext()).text ?? 'NULL';
  } catch (error) {
    const { errno } = error as { errno?: number };
    if (errno === undefined) throw error;
    return `error ${errno}`;
  }
}

async function theirAnswer(expression: string, asHex: boolean): Promise<string> {
  try {
    const [rows] = await connection!.query({
      sql: `select ${expression}`,
      rowsAsArray: true,
      typeCast: (field: { buffer(): Buffer | null }) => field.buffer(),
    } as mysql.QueryOptions);
    const value = (rows as (Buffer | null)[][])[0]![0]!;
    if (value === null) return 'NULL';
    return asHex ? '0x' + value.toString('hex').toUpperCase() : value.toString('utf8');
  } catch (error) {
    return `error ${(error as { errno?: number }).errno}`;
  }
}

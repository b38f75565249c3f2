/**
 * A query that writes out the expression of a generated column may read the column's index; what it finds is what the expression says. The same statements go
 * to a table with generated columns and indexes of every kind and to one that has only their sources, in modes in which values are cut and clamped.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { createMemoryInstance, type MemoryInstance } from './testing/memory-instance.ts';

let server: MemoryInstance;
before(async () => {
  server = await createMemoryInstance();
});
after(() => server.close());

const EXPRESSIONS: readonly (readonly [string, string, readonly string[]])[] = [
  ['a + 1', 'BIGINT', ['0', '1', '3', '2147483648', 'NULL']],
  ['a + 1', 'INT', ['0', '2147483647', '2147483648']],
  ['a * 2', 'TINYINT', ['2', '127', '4294967294']],
  ['coalesce(a, 0)', 'BIGINT NOT NULL', ['0', '1', '2']],
  ['lower(s)', 'VARCHAR(20)', ["'ab'", "'ABC'", "''"]],
  ['upper(s)', 'VARCHAR(2)', ["'AB'", "'ABC'"]],
  ['concat(s, a)', 'VARCHAR(60)', ["'ab1'", "'b2'"]],
  ["concat(s, 'x')", 'CHAR(30)', ["'abx'", "'ab x'"]],
  ['year(d)', 'INT', ['2001', '2002']],
  ['hour(at)', 'INT', ['0', '1', '23']],
  ['date(d)', 'DATE', ["'2001-01-01'", "'2002-12-31'"]],
  ['a / 3', 'DECIMAL(14,4)', ['0.3333', '1', '0.6667']],
  ['a / 3', 'DECIMAL(6,1)', ['0.3', '0.3333']],
  ['char_length(s)', 'INT', ['0', '2', '3']],
  ['a > 1', 'INT', ['0', '1']],
  ["json_unquote(json_extract(doc, '$.n'))", 'VARCHAR(10)', ["'one'", "'1'"]],
  ['cast(s as char(2))', 'VARCHAR(2)', ["'ab'", "'a'"]],
];

const ROUNDS = Number(process.env['RUTILE_ROUNDS'] ?? 250);

test('what is read from the column is what the expression says', async () => {
  const session = server.session();
  const random = new SeededRandom(Number(process.env['RUTILE_SEED'] ?? 1));
  const one = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  const ok = async (sql: string): Promise<void> => assert.match(await session.run(sql), /^ok/, sql);
  const columns = 'id INT PRIMARY KEY, a INT, s VARCHAR(20), d DATETIME, at TIMESTAMP NULL, doc JSON';
  const generated = EXPRESSIONS.map(
    ([expression, type], i) => `g${i} ${type.replace(' NOT NULL', '')} AS (${expression})${/NOT/.test(type) ? ' NOT NULL' : ''}, KEY k${i} (g${i})`,
  ); // prettier-ignore
  await ok(`CREATE TABLE bare (${columns})`);
  await ok(`CREATE TABLE rich (${columns}, ${generated.join(', ')})`);
  await ok("SET sql_mode = ''");
  for (let id = 0; id < 60; id++) {
    const row = [
      id, one(['NULL', '0', '1', '2', '2147483647', '-2147483648']), one(['NULL', "''", "'ab'", "'AB'", "'ABC'", "'b'", "'ab '"]),
      one(['NULL', "'2001-01-01 10:00:00'", "'2002-12-31'"]), one(['NULL', "'2001-01-01 00:30:00'", "'2001-01-01 23:00:00'"]),
      one(['NULL', `'{"n": "one"}'`, `'{"n": 1}'`, `'{"n": "longer than ten"}'`]),
    ].join(', '); // prettier-ignore
    for (const name of ['bare', 'rich']) await session.run(`INSERT IGNORE INTO ${name} (id, a, s, d, at, doc) VALUES (${row})`); // prettier-ignore
  }
  await ok("SET time_zone = '+03:00'");
  assert.equal(await session.run('SELECT COUNT(*) FROM rich'), '60');
  for (let round = 0; round < ROUNDS; round++) {
    const [e, , values] = one(EXPRESSIONS);
    const [f, , others] = one(EXPRESSIONS);
    const v = (): string => one(values);
    const condition = one([
      `${e} = ${v()}`, `${e} < ${v()}`, `${e} >= ${v()}`, `${e} IN (${v()}, ${v()})`, `${e} IS NULL`, `NOT (${e} <=> ${v()})`, `${e} BETWEEN ${v()} AND ${v()}`,
      `${e} = ${v()} AND ${f} = ${one(others)}`, `(${e} = ${v()} OR ${f} > ${one(others)})`,
    ]); // prettier-ignore
    const sql = one([
      `SELECT id FROM # WHERE ${condition} ORDER BY id`,
      `SELECT ${e}, id FROM # WHERE ${condition} ORDER BY ${e}, id`,
      `SELECT ${e} IS NULL, COUNT(*), SUM(id) FROM # GROUP BY ${e} IS NULL ORDER BY 1`,
      `SELECT COUNT(*), MIN(id) FROM # GROUP BY ${e} ORDER BY 1, 2`,
      `SELECT l.id, r.id FROM # l LEFT JOIN # r ON r.id = l.id + 30 WHERE ${condition.replaceAll(/\b(a|s|d|at|doc)\b(?!r\()/g, 'r.$1').replaceAll(/as char/g, 'as char')} ORDER BY 1, 2`,
      `SELECT id FROM # WHERE id IN (SELECT id FROM # WHERE ${condition}) ORDER BY id`,
    ]);
    const expected = await session.run(sql.replaceAll('#', 'bare'));
    assert.equal(await session.run(sql.replaceAll('#', 'rich')), expected, sql);
  }
});

test('a plan that took the column for its expression is not used for another literal', async () => {
  const session = server.session();
  await session.run('CREATE TABLE kept (id INT PRIMARY KEY, a INT, b BIGINT AS (a + 1), KEY (b))');
  await session.run('INSERT INTO kept (id, a) VALUES (1, 1), (2, 2), (3, 3)');
  for (let i = 0; i < 4; i++) {
    for (const [by, found] of [[1, '2'], [2, '1'], [1, '2'], [0, '3']] as const)
      assert.equal(await session.run(`SELECT id FROM kept WHERE a + ${by} = 3`), found);
  } // prettier-ignore
  assert.match(await session.run('EXPLAIN SELECT id FROM kept WHERE a + 1 = 3'), /index:b/);
  await session.run('ALTER TABLE kept ALTER INDEX b INVISIBLE');
  assert.doesNotMatch(await session.run('EXPLAIN SELECT id FROM kept WHERE a + 1 = 3'), /index:b/);
});

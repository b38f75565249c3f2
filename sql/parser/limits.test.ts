/** Deep and long input: an error or a tree, never a stack overflow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestText, parse, restore } from './index.ts';

const DEPTH = 10_000;

function nested(open: string, inner: string, close: string, depth: number = DEPTH): string {
  return `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
}

const DEEP: readonly string[] = [
  `select ${nested('(', '1', ')')}`,
  `select ${nested('(', '', '')}`,
  nested('(', 'select 1', ')'),
  `select ${nested('(select ', '1', ')')}`,
  `select * from ${nested('(', 't', ')')}`,
  `select * from ${nested('(select * from ', 't', ') a')}`,
  `select 1 where ${nested('not ', 'a', '')}`,
  `select ${nested('- ', '1', '')}`,
  `select ${nested('!', '1', '')}`,
  `select ${nested('f(', '1', ')')}`,
  `select ${nested('case when ', '1', ' then 1 end')}`,
  `select ${nested('1 between 0 and ', '1', '')}`,
  `select ${nested('a in (', '1', ')')}`,
  `select ${nested('exists (select ', '1', ')')}`,
  `select ${nested('cast(', '1', ' as char)')}`,
  `select ${nested('interval (', '1', ')')}`,
  `select ${nested('@a := ', '1', '')}`,
  `select sum(a) over ${nested('(partition by sum(a) over ', '()', ')')}`,
  nested('with x as (', 'select 1', ') select 1'),
  `select * from a ${'join b '.repeat(DEPTH)}`,
  `select * from json_table('', '' ${nested("columns (nested '' ", "columns (a int path '')", ')')}) t`,
  `insert into t values (${nested('(', '1', ')')})`,
  `create table t (a int default ${nested('(', '1', ')')})`,
];

test('10,000 levels of anything are refused', () => {
  for (const sql of DEEP) {
    assert.throws(() => parse(sql), (error: { errno?: number }) => error.errno === 1436 || error.errno === 1064, sql.slice(0, 60)); // prettier-ignore
  }
  assert.throws(() => parse(DEEP[0]!), { errno: 1436, sqlState: 'HY000', message: /too deeply nested/ });
});

test('10,000 operators in a row are refused, unless they are ANDs or ORs', () => {
  for (const operator of ['+', '=', 'xor', '|', '->']) {
    assert.throws(() => parse(`select ${Array(DEPTH).fill('a').join(` ${operator} `)}`), (error: { errno?: number }) => error.errno === 1436 || error.errno === 1064); // prettier-ignore
  }
  assert.throws(() => parse(Array(DEPTH).fill('select 1').join(' union ')), { errno: 1436 });
  for (const operator of ['and', 'or']) {
    const sql = `select 1 where ${Array.from({ length: DEPTH }, (_, i) => `a = ${i}`).join(` ${operator} `)}`;
    const [first] = parse(sql);
    assert.equal(parse(restore(first!.statement)).length, 1);
  }
});

test('what people write nests less: 60 levels and chains of 500 are read and restored', () => {
  const statements = [
    `select ${nested('(', '1', ')', 60)}`,
    `select ${nested('(select ', '1', ')', 60)}`,
    `select ${nested('concat(', '1', ')', 60)}`,
    `select ${Array(500).fill('a').join(' + ')}`,
    Array(500).fill('select 1').join(' union all '),
  ];
  for (const sql of statements) parse(restore(parse(sql)[0]!.statement));
});

test('a statement of 2 MB', () => {
  const sql = `insert into t values ${Array.from({ length: 100_000 }, (_, i) => `(${i}, 'row ${i}')`).join(',')}`;
  assert(sql.length > 2_000_000);
  const [first] = parse(sql);
  assert(first?.statement.kind === 'insert' && first.statement.source.kind === 'rows');
  assert.equal(first.statement.source.rows.length, 100_000);
  assert.equal(first.literalCount, 200_000);
  assert.equal(digestText(sql).cacheable, false);
  assert.equal(digestText(sql).normalized, 'insert into `t` values ( ... )');
});

/** Digests: their keys, their display form, and that parser and lexer count the same literals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyFast, digestText, parse } from './index.ts';
import { corpus, nodesOf, shapeOf, tpchQueries } from './testing/corpus.ts';

test('the literal nodes of a tree are the literals of the digest', () => {
  for (const sql of [...['query', 'write', 'session', 'client'].flatMap(corpus), ...tpchQueries()]) {
    const [first] = parse(sql);
    const digest = digestText(sql);
    assert(first !== undefined && digest.cacheable, sql);
    assert.equal(digest.literals.length, first.literalCount, sql);
    const seen = new Set<number>(first.pinnedLiterals);
    for (const node of nodesOf(first.statement)) {
      const index = node['parameterIndex'];
      if (node['kind'] !== 'literal' || typeof index !== 'number' || index < 0) continue;
      const token = digest.literals[index]!;
      assert.deepEqual(shapeOf(token.value), shapeOf(node['value']), sql);
      assert.equal(token.kind, node['literal'], sql);
      seen.add(index);
    }
    // Whatever is in no node shaped the tree.
    assert.equal(seen.size, digest.literals.length, sql);
  }
});

test('keys differ where a plan may differ', () => {
  const key = (sql: string) => digestText(sql).cacheKey;
  assert.equal(key('select a from t where b = 1'), key('select a from t where b = 25'));
  assert.equal(key("select a from t where b = 'x'"), key("select a from t where b = 'it''s'"));
  assert.equal(key('/* trace 17 */ select a -- x\n from t'), key('/* trace 18 */ select a -- y\n from t'));
  assert.equal(key('select 1;'), key('select 2 ; '));
  assert.notEqual(key('select a from t where b = 1'), key("select a from t where b = '1'"));
  assert.notEqual(key('select 1'), key('select 1.0'));
  assert.notEqual(key('select a in (1, 2)'), key('select a in (1, 2, 3)'));
  assert.notEqual(key('select /*+ A() */ 1'), key('select /*+ B() */ 1'));
  assert.notEqual(key('select a'), key('select `a`'));
  assert.equal(key('select /*!80000 1 + */ 2'), key('select /*!80000 5 + */ 6'));
});

test('what cannot be cached says so', () => {
  for (const sql of ['select 1; select 2', "select 'open", 'select /* open']) {
    const { cacheable, cacheKey, literals } = digestText(sql);
    assert.deepEqual({ cacheable, cacheKey, count: literals.length }, { cacheable: false, cacheKey: '', count: 0 });
  }
});

test('modes decide what a literal is', () => {
  assert.equal(digestText('select "a", \'b\'').literals.length, 2);
  assert.equal(digestText('select "a", \'b\'', { ansiQuotes: true }).literals.length, 1);
  assert.equal(digestText("select 'a\\'", { noBackslashEscapes: true }).literals[0]!.value, 'a\\');
});

const NORMALIZED: readonly (readonly [string, string])[] = [
  ['SELECT c FROM sbtest1 WHERE id=123', 'select `c` from `sbtest1` where `id` = ?'],
  [
    'select  a,b from  s.t where x in (1, 2,3) and y = -5',
    'select `a`, `b` from `s`.`t` where `x` in ( ... ) and `y` = ?',
  ],
  ['insert into t values (1,2),(3,4),(5,null)', 'insert into `t` values ( ... )'],
  ['insert into t values (1, now()), (2, 3)', 'insert into `t` values ( ?, now ( ) ), ( ?, ? )'],
  ['select a - 1, - 1, f(1, 2)', 'select `a` - ?, ?, `f` ( ?, ? )'],
  ["select `A b`, @x, @@sql_mode, 'x' /* c */;", 'select `A b`, @x, @@`sql_mode`, ?'],
  ['select ?', 'select ?'],
];

test('the display form', () => {
  for (const [sql, text] of NORMALIZED) assert.equal(digestText(sql).normalized, text);
  const { hash } = digestText('select 1');
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal(hash, digestText('SELECT   2').hash);
});

test('the first word', () => {
  assert.equal(classifyFast('  /* x */ ( select 1)'), 'SELECT');
  assert.equal(classifyFast('insert into t values (1)'), 'INSERT');
  assert.equal(classifyFast('foo'), '');
  assert.equal(classifyFast(''), '');
});

/** What is accepted, what is refused and where, and what the trees look like (shown by `restore`, which parenthesises every operation). */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SqlError } from '../../base/error.ts';
import type { ParseOptions } from './ast.ts';
import { NONRESERVED, parse, parseOne, RESERVED, restore } from './index.ts';
import { corpus, nodesOf, shapeOf, tpchQueries, tpchSchema } from './testing/corpus.ts';

const VALID = ['query', 'write', 'schema', 'session', 'client'].flatMap(corpus);

test('every statement of the corpus is read, and reads the same after restore', () => {
  for (const sql of [...VALID, ...tpchQueries()]) {
    const [first, ...more] = parse(sql);
    assert(first !== undefined && more.length === 0, sql);
    const restored = restore(first.statement);
    assert.deepEqual(shapeOf(parseOne(restored).statement), shapeOf(first.statement), `${sql}\n${restored}`);
  }
});

test('the schema of the TPC-H set is read', () => {
  assert.equal(parse(tpchSchema()).filter(({ statement }) => statement.kind === 'create-table').length, 8);
});

test('statements of MySQL that Rutile does not have are known by name', () => {
  for (const sql of corpus('unsupported')) assert.equal(parseOne(sql).statement.kind, 'unsupported', sql);
  const { statement } = parseOne('create definer = u@h trigger t before insert on x for each row begin select 1; end');
  assert.equal(statement.kind === 'unsupported' && statement.name, 'CREATE TRIGGER');
});

test('what is no MySQL is refused with the rest of the text', () => {
  for (const line of corpus('reject')) {
    const at = line.indexOf(' ==> ');
    assert.equal(nearOf(line.slice(0, at)), line.slice(at + 5), line);
  }
});

function errorOf(sql: string, options: ParseOptions = {}): SqlError {
  try {
    parse(sql, options);
  } catch (error) {
    assert(error instanceof SqlError, `${sql}: ${String(error)}`);
    return error;
  }
  throw new assert.AssertionError({ message: `accepted: ${sql}` });
}

function nearOf(sql: string): string | undefined {
  const error = errorOf(sql);
  assert.equal(error.errno, 1064, sql);
  return /near '([\s\S]*)' at line \d+$/.exec(error.message)?.[1];
}

test('an error names the line and shows 80 characters', () => {
  const error = errorOf(`select 1\nfrom t\nwhere where ${'x'.repeat(100)}`);
  assert.equal(error.sqlState, '42000');
  assert.equal(
    error.message,
    'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version ' +
      `for the right syntax to use near 'where ${'x'.repeat(74)}' at line 3`,
  );
  // Lines count from the statement that is wrong.
  assert.match(errorOf('select 1;\nselect 2;\nselect\nfrom').message, /near 'from' at line 2$/);
});

test('errors with a number of their own', () => {
  assert.equal(errorOf('select * from (select 1)').errno, 1248);
  assert.equal(errorOf("select * from json_table('[]', '$' columns (a int path '$'))").errno, 3667);
  assert.equal(errorOf('select now ()').errno === 1630 || errorOf('select count (a)').errno === 1630, true);
  assert.throws(() => parseOne(' -- nothing\n'), { errno: 1065 });
  assert.throws(() => parseOne('select 1; select 2'), { errno: 1064 });
});

/** SQL → what it means, fully parenthesised. */
const MEANINGS: readonly (readonly [string, string])[] = [
  ['a or b and c', '`a` or (`b` and `c`)'],
  ['a xor b or c and d', '(`a` xor `b`) or (`c` and `d`)'],
  ['a and b and c', '`a` and `b` and `c`'],
  ['(a and b) and c', '(`a` and `b`) and `c`'],
  ['not a = b', 'not (`a` = `b`)'],
  ['not a and b', '(not `a`) and `b`'],
  ['! a = b', '(not `a`) = `b`'],
  ['not a is null', 'not (`a` is null)'],
  ['a = b <= c', '`a` = `b` <= `c`'],
  ['a = (b = c)', '`a` = (`b` = `c`)'],
  ['a = b is null', '(`a` = `b`) is null'],
  ['a between b and c and d', '(`a` between `b` and `c`) and `d`'],
  ['a between 1 and b between 2 and 3', '`a` between 1 and (`b` between 2 and 3)'],
  ['a like b and c', '(`a` like `b`) and `c`'],
  ['a + b like c', '(`a` + `b`) like `c`'],
  ['a in (1) = b', '(`a` in (1)) = `b`'],
  ['a | b & c', '`a` | (`b` & `c`)'],
  ['a & b << c + d', '`a` & (`b` << (`c` + `d`))'],
  ['a + b * c', '`a` + (`b` * `c`)'],
  ['a - b - c', '`a` - `b` - `c`'],
  ['a - (b - c)', '`a` - (`b` - `c`)'],
  ['a * b ^ c', '`a` * (`b` ^ `c`)'],
  ['a div b mod c % d', '`a` div `b` % `c` % `d`'],
  ['- a ^ b', '(-`a`) ^ `b`'],
  ['- a * b', '(-`a`) * `b`'],
  ['~ a + b', '(~`a`) + `b`'],
  ['! a + b', '(not `a`) + `b`'],
  ['binary a = b', '(binary `a`) = `b`'],
  ['- a collate utf8mb4_bin', '-(`a` collate utf8mb4_bin)'],
  ['binary a collate utf8mb4_bin', 'binary (`a` collate utf8mb4_bin)'],
  ['a + interval 1 day + interval 2 hour', '(`a` + interval 1 day) + interval 2 hour'],
  ['a - interval b + 1 day', '`a` - interval (`b` + 1) day'],
  ['interval 1 day + a * 2', '(`a` * 2) + interval 1 day'],
  ['@a := b or c', '@a := (`b` or `c`)'],
  ['a || b', '`a` or `b`'],
  ['a && b || c', '(`a` and `b`) or `c`'],
  ['a <> b', '`a` <> `b`'],
  ['a regexp b + c', '`a` regexp (`b` + `c`)'],
  ['a sounds like b | c', '`a` sounds like (`b` | `c`)'],
  ["a ->> '$.x' = 1", "(`a` ->> '$.x') = 1"],
  ['a = any (select 1) + 1', ''],
  ['((select 1)) + 1', '(select 1) + 1'],
  ['(((select 1) union (select 2)) + 1, 2)', 'row((select 1 union select 2) + 1, 2)'],
  ['a in ((select 1) + 1)', '`a` in ((select 1) + 1)'],
  ['exists (select 1) and not exists ((select 2))', 'exists (select 1) and (not exists (select 2))'],
  ['adddate(a, 3)', '`a` + interval 3 day'],
  ['timestampadd(week, 2, a)', '`a` + interval 2 week'],
  ['current_timestamp', 'now()'],
  ['localtime(3)', 'now(3)'],
  ['position(a in b)', 'locate(`a`, `b`)'],
  ['mid(a from 1 for 2)', 'substring(`a`, 1, 2)'],
  ["trim('x' from a)", "trim(both 'x' from `a`)"],
  ['std(a)', 'stddev_pop(`a`)'],
  ['convert(a, unsigned)', 'cast(`a` as unsigned)'],
  ["'a' 'b'", "'ab'"],
  ['1.50', '1.50'],
  ['0x41', "x'41'"],
  ["b'101'", "x'05'"],
  ['count(*)', 'count(*)'],
  ["{fn concat('a')}", "concat('a')"],
];

test('precedence, associativity and synonyms', () => {
  for (const [sql, meaning] of MEANINGS) {
    if (meaning === '') {
      errorOf(`select ${sql}`);
      continue;
    }
    assert.equal(restore(parseOne(`select ${sql}`).statement), `select ${meaning}`, sql);
  }
});

/** Whole statements → canonical text. */
const STATEMENTS: readonly (readonly [string, string])[] = [
  ['select 1 union select 2 intersect select 3', 'select 1 union select 2 intersect select 3'],
  ['(select 1 union select 2) intersect select 3', '(select 1 union select 2) intersect select 3'],
  ['select 1 except (select 2 except select 3)', 'select 1 except (select 2 except select 3)'],
  ['(select 1) order by 1', 'select 1 order by 1'],
  ['((select 1 limit 1)) limit 2', '(select 1 limit 1) limit 2'],
  ['select * from a join b join c on x on y', 'select * from `a` join (`b` join `c` on `x`) on `y`'],
  ['select * from a join b join c on x', 'select * from `a` join `b` join `c` on `x`'],
  ['select * from a join b left join c on x join d', 'select * from `a` join `b` left join `c` on `x` join `d`'],
  ['select * from a left join b join c on x on y', 'select * from `a` left join (`b` join `c` on `x`) on `y`'],
  ['select * from a, b join c', 'select * from `a`, `b` join `c`'],
  ['select * from (a, b) left join c on x', 'select * from `a` cross join `b` left join `c` on `x`'],
  ['select a from t limit 5, 10', 'select `a` from `t` limit 10 offset 5'],
  ['select a from t lock in share mode', 'select `a` from `t` for share'],
  ['delete from a, b using a join b', 'delete `a`, `b` from `a` join `b`'],
  ['insert t value (1)', 'insert into `t` values (1)'],
  ['create table t (a integer, b numeric(5), c bool, d long varchar, e serial)', 'create table `t` (`a` int, `b` decimal(5), `c` tinyint(1), `d` mediumtext, `e` serial)'],
  ['set session x = on, @@global.y = default, @z := 1', "set @@session.`x` = 'on', @@global.`y` = default, @z = 1"],
  ['begin work', 'start transaction'],
  ['desc t a', "describe `t` 'a'"],
  ['drop prepare p', 'deallocate prepare `p`'],
  ['create schema d default charset = utf8', 'create database `d` character set utf8'],
]; // prettier-ignore

test('canonical statements', () => {
  for (const [sql, text] of STATEMENTS) assert.equal(restore(parseOne(sql).statement), text, sql);
});

test('modes change what is read', () => {
  const read = (sql: string, options: ParseOptions) => restore(parseOne(sql, options).statement);
  assert.equal(read('select "a" || b', { ansiQuotes: true, pipesAsConcat: true }), 'select `a` || `b`');
  assert.equal(read('select a ^ b || c', { pipesAsConcat: true }), 'select `a` ^ (`b` || `c`)');
  assert.equal(read("select 'a\\', 'b'", { noBackslashEscapes: true }), "select 'a\\\\', 'b'");
  assert.equal(read('select not a = b', { highNotPrecedence: true }), 'select (not `a`) = `b`');
  assert.equal(read('select count (*), now ()', { ignoreSpace: true }), 'select count(*), now()');
  assert.equal(read('create table t (a real)', { realAsFloat: true }), 'create table `t` (`a` float)');
  assert.match(errorOf("select 'a\\'b'", { noBackslashEscapes: true }).message, /near/);
});

test('parameters are counted, and only prepared statements have them', () => {
  const { statement, parameterCount } = parseOne('select ? from t where a = ? and b in (?, 1) limit ?', {
    prepared: true,
  });
  assert.equal(parameterCount, 4);
  const indexes = [...nodesOf(statement)].filter((node) => node['kind'] === 'parameter').map((node) => node['index']);
  assert.deepEqual(indexes, [0, 1, 2, 3]);
  const literals = [...nodesOf(statement)].filter((node) => node['kind'] === 'literal');
  assert.deepEqual(literals.map((node) => node['parameterIndex']), [-1]); // prettier-ignore
});

test('several statements, each with its place', () => {
  const sql = ' select 1 ; ;; insert into t values (2);\nselect a -- end';
  assert.deepEqual(
    parse(sql).map(({ start, end }) => sql.slice(start, end)),
    ['select 1', 'insert into t values (2)', 'select a'],
  );
  assert.deepEqual(parse(' ;; /* */ '), []);
});

test('nodes say where they stand; a column without alias is named by its text', () => {
  const sql = 'select  (a + 1) * 2, b from t';
  const { statement } = parseOne(sql);
  assert(statement.kind === 'select');
  assert.deepEqual(
    statement.items.map(({ start, end }) => sql.slice(start, end)),
    ['(a + 1) * 2', 'b'],
  );
  for (const text of VALID) {
    for (const node of nodesOf(parse(text)[0])) {
      if (typeof node['start'] !== 'number') continue;
      const { start, end } = node as { start: number; end: number };
      assert(
        start <= end && end <= text.length && start >= 0,
        `${text}: ${JSON.stringify(shapeOf(node))} ${start}..${end}`,
      );
    }
  }
});

test('words: reserved ones are no names, the others are', () => {
  assert.equal(RESERVED.length, new Set([...RESERVED, ...NONRESERVED]).size - NONRESERVED.length);
  for (const word of RESERVED) {
    assert.throws(() => parse(`create table ${word} (a int)`), { errno: 1064 }, word);
    parse(`create table \`${word}\` (a int)`);
    parse(`select x.${word} from x`);
  }
  for (const word of NONRESERVED) {
    parse(`create table ${word} (${word} int)`);
    parse(`select ${word}, ${word} + 1 as ${word} from ${word} where ${word} = 1 order by ${word}`);
  }
});

test('every word that the rules ask for is in the table', () => {
  const known = new Set([...RESERVED, ...NONRESERVED]);
  const folder = dirname(fileURLToPath(import.meta.url));
  const sources = readdirSync(folder).filter((file) => /^parser.*\.[jt]s$/.test(file) && !file.includes('.test.'));
  assert(sources.length > 10);
  for (const file of sources) {
    for (const [, word] of readFileSync(join(folder, file), 'utf8').matchAll(
      /(?:accept|accept2|expect|expectWords|at|acceptAny)\(((?:'[A-Z0-9_]+'(?:, )?)+)\)/g,
    )) {
      for (const [, one] of word!.matchAll(/'([A-Z0-9_]+)'/g)) assert(known.has(one!), `${one} of ${file}`);
    }
  }
});

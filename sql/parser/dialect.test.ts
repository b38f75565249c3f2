/** Other dialects: what they become, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalDialect, dialectNames, parse, translateDialect } from './index.ts';

const TRANSLATIONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  postgresql: [
    [`select "A b".c::int as "C", 'x' || b || 'y' from public.t as "A b"`, "select cast(`A b`.`c` as signed) as `C`, concat('x', `b`, 'y') from `t` as `A b`"],
    [`select a from t where a ilike 'B%' and b is not true`, "select `a` from `t` where (lower(`a`) like lower('B%')) and (`b` is not true)"],
    ['select a from t order by a desc nulls last, b limit 3 offset 2', 'select `a` from `t` order by `a` is null, `a` desc, `b` limit 3 offset 2'],
    ['select a from t offset 5', 'select `a` from `t` limit 18446744073709551615 offset 5'],
    ['select count(*) filter (where a > 1) as n from t', 'select count(case when `a` > 1 then 1 end) as `n` from `t`'],
    ["select string_agg(a, ', ' order by b) as x from t", "select group_concat(`a` order by `b` separator ', ') as `x` from `t`"],
    ["select now() - interval '2 hours' as x, d + interval '3' day as y", "select now() - interval 2 hour as `x`, `d` + interval '3' day as `y`"],
    ['with recursive x(n) as (select 1 union all select n+1 from x where n < 5) select * from x', 'with recursive `x` (`n`) as (select 1 union all select `n` + 1 from `x` where `n` < 5) select * from `x`'],
    ['select 1 union select 2 intersect select 3 order by 1', 'select 1 union select 2 intersect select 3 order by 1'],
    ['update t as x set a = 1 from u where u.a = x.a', 'update `t` as `x`, `u` set `x`.`a` = 1 where `u`.`a` = `x`.`a`'],
    ['insert into t (a) select 1 on conflict do nothing', 'insert into `t` (`a`) select 1 on duplicate key update `a` = `t`.`a`'],
    ["insert into t (a, b) values (1, default), (2, 'x')", "insert into `t` (`a`, `b`) values (1, default), (2, 'x')"],
    ['delete from t as x where x.a = 1', 'delete from `t` as `x` where `x`.`a` = 1'],
    ["select 'a\\n' as x", "select 'a\\\\n' as `x`"],
    ["select a ~ 'x' as y, extract(epoch from b) as z from t", "select regexp_like(`a`, 'x', 'c') as `y`, unix_timestamp(`b`) as `z` from `t`"],
    ['select sum(a) over (partition by b order by c rows between 1 preceding and current row) as s from t', 'select sum(`a`) over (partition by `b` order by `c` rows between 1 preceding and current row) as `s` from `t`'],
    ['select a::numeric as x, b::timestamp as y, c::boolean as z, d::text::int as w from t', 'select cast(`a` as decimal(65,30)) as `x`, cast(`b` as datetime(6)) as `y`, `c` <> 0 as `z`, cast(cast(`d` as char) as signed) as `w` from `t`'],
    ['(select 1 limit 1) union all (select 2 limit 1) limit 1', '(select 1 limit 1) union all (select 2 limit 1) limit 1'],
    ['select a from t where a = any(select 1) and not exists (select 2)', 'select `a` from `t` where (`a` = any (select 1)) and (not exists (select 2))'],
  ],
  sqlite: [
    ['select a || \'x\' as y, "b" from "t" where a == 1 and b is 3', "select concat(`a`, 'x') as `y`, `b` from `t` where (`a` = 1) and (`b` <=> 3)"],
    ['insert or replace into t values (1, 2)', 'replace into `t` values (1, 2)'],
    ['insert or ignore into t values (1, 2)', 'insert ignore into `t` values (1, 2)'],
    ['select 1 limit 5, 3', 'select 1 limit 3 offset 5'],
    ["select length(a), ifnull(b, 0) from t where c like 'a\\%'", "select char_length(`a`), ifnull(`b`, 0) from `t` where `c` like 'a\\\\%' escape ''"],
  ],
  transactsql: [
    ["select top 5 [a b], N'x' + c as [d] from dbo.t with (nolock) order by a", "select `a b`, concat('x', `c`) as `d` from `t` order by `a` limit 5"],
    ['select a from t order by a offset 5 rows fetch next 3 rows only', 'select `a` from `t` order by `a` limit 3 offset 5'],
    ['select isnull(a, 1), getdate(), len(b) from t', 'select ifnull(`a`, 1), now(), char_length(`b`) from `t`'],
    ['update t set a = 1 from t join u on t.a = u.a', 'update `t` join `u` on `t`.`a` = `u`.`a` set `t`.`a` = 1'],
    ['select a from t cross apply (select 1 b) x', 'select `a` from `t` cross join lateral (select 1 as `b`) as `x`'],
  ],
  mariadb: [
    ["insert into t (a) values ('it\\'s') on duplicate key update a = values(a)", "insert into `t` (`a`) values ('it''s') on duplicate key update `a` = values(`a`)"],
    ['select date_add(a, interval 1 day), `b c` from t limit 1', 'select `a` + interval 1 day, `b c` from `t` limit 1'],
  ],
  bigquery: [['select `a`, count(*) from t group by 1 limit 3', 'select `a`, count(*) from `t` group by 1 limit 3']],
  snowflake: [['select iff(a > 1, 2, 3)::varchar from t', 'select cast(if(`a` > 1, 2, 3) as char) from `t`']],
  db2: [['select a from t fetch first 3 rows only', 'select `a` from `t` limit 3']],
}; // prettier-ignore

test('statements of other dialects in MySQL words', async () => {
  for (const [dialect, list] of Object.entries(TRANSLATIONS)) {
    for (const [sql, expected] of list) {
      const text = await translateDialect(sql, dialect);
      assert.equal(text, expected, `${dialect}: ${sql}`);
      parse(text);
    }
  }
});

const REFUSALS: readonly (readonly [string, string, RegExp])[] = [
  ['postgresql', 'insert into t values (1) returning a', /RETURNING/],
  ['postgresql', 'insert into t (a) values (1) on conflict (a) do update set a = 2', /ON CONFLICT DO UPDATE/],
  ['postgresql', 'select * from t full join u using (a)', /FULL JOIN/],
  ['postgresql', 'select * from t natural join u', /NATURAL/],
  ['postgresql', 'select distinct on (a) a, b from t', /DISTINCT ON|syntax/],
  ['postgresql', 'select a is distinct from b as x', /IS DISTINCT/],
  ['postgresql', 'select * from generate_series(1, 10) g', /a function in FROM/],
  ['postgresql', 'select $1', /\$1 as a parameter/],
  ['postgresql', 'select array_agg(a)[1] from t', /array index/],
  ['postgresql', "select interval '1 day' as x", /INTERVAL by itself/],
  ['postgresql', "select d + interval '1 day 2 hours' as x", /INTERVAL of several units/],
  ['postgresql', 'create table t (a int)', /CREATE/],
  ['postgresql', 'select 1; select 2', /several statements/],
  ['sqlite', 'select a from t where b = ?', /parameter/],
  ['sqlite', 'update t set a = 1 returning *', /RETURNING/],
  ['transactsql', 'delete top (3) from t', /DELETE TOP/],
  ['transactsql', 'select convert(int, a) from t', /CONVERT/],
  ['snowflake', 'select a from t qualify row_number() over (order by a) = 1', /qualify/],
  ['bigquery', 'select * except (a) from t', /EXCEPT/],
  ['bigquery', 'select safe_cast(a as int64) from t', /SAFE_CAST/],
  ['mariadb', 'select a || b from t', /\|\|/],
  ['mariadb', 'select /*!50000 1 + */ 2', /version comments/],
];

test('what has no equal is refused by name', async () => {
  for (const [dialect, sql, reason] of REFUSALS) {
    await assert.rejects(async () => translateDialect(sql, dialect), (error: { errno?: number; message: string }) => {
      return (error.errno === 1235 || error.errno === 1064) && reason.test(error.message);
    }, `${dialect}: ${sql}`); // prettier-ignore
  }
});

test('what the dialect cannot read is a syntax error with a place', async () => {
  await assert.rejects(async () => translateDialect('select\nfrom where', 'postgresql'), {
    errno: 1064,
    message: /dialect postgresql near '.*' at line \d/s,
  });
  await assert.rejects(async () => translateDialect(`select ${'('.repeat(10_000)}1`, 'sqlite'), { errno: 1235 });
  await assert.rejects(async () => translateDialect(`select '${'x'.repeat(100_000)}'`, 'sqlite'), { errno: 1235 });
});

test('names of dialects', async () => {
  assert.equal(canonicalDialect('Postgres'), 'postgresql');
  assert.equal(canonicalDialect('mssql'), 'transactsql');
  assert.equal(canonicalDialect('cobol'), undefined);
  assert.equal(await translateDialect('select 1', 'mysql'), 'select 1');
  assert.throws(() => translateDialect('select 1', 'cobol'), { errno: 1231 });
  // Each can be loaded, and reads the simplest statement.
  for (const name of dialectNames())
    assert.match(String(await translateDialect('select a from t', name)), /^select `?a`? from `?t`?$/, name);
});

test('once loaded, a dialect answers at once', async () => {
  await translateDialect('select 1', 'sqlite');
  assert.equal(translateDialect('select 1', 'sqlite'), 'select 1');
});

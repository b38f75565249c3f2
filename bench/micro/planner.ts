/**
 * Planning time: point plans straight from the syntax tree, simple statements through the whole planner, TPC-H's queries. Budgets: 5 µs,
 * 100 µs, 10 ms. Parsing is not counted.
 *
 *     node bench/micro/planner.ts
 */
import { readFileSync, readdirSync } from 'node:fs';
import { packagePath } from '../../base/node/package-root.ts';
import { BIGINT } from '../../base/value/field-type.ts';
import { parse, type QueryNode, type Statement } from '../../sql/parser/index.ts';
import { FakeSchema, fakeEnvironment, type FakeCounts } from '../../sql/planner/fake-catalog.ts';
import { planQuery, planWrite, tryPointPlan } from '../../sql/planner/index.ts';

const folder = packagePath('test', 'scripts', 'planner');
const schema = new FakeSchema(
  readFileSync(`${folder}/schema.sql`, 'utf8'),
  JSON.parse(readFileSync(`${folder}/statistics.json`, 'utf8')) as FakeCounts,
);

function measure(name: string, budgetUs: number, run: () => unknown): void {
  for (let i = 0; i < 2000 && i < 2e6 / budgetUs; i++) run();
  const rounds = Math.max(5, Math.min(20000, Math.floor(3e5 / budgetUs)));
  const start = performance.now();
  for (let i = 0; i < rounds; i++) run();
  const us = ((performance.now() - start) * 1000) / rounds;
  console.log(
    `${name.padEnd(44)} ${us.toFixed(2).padStart(10)} µs   budget ${budgetUs} µs${us > budgetUs ? '   OVER' : ''}`,
  );
}

const at = (sql: string): Statement => parse(sql)[0]!.statement;

for (const sql of [
  'select c from sbtest1 where id = 10',
  'select * from t where id in (1, 2, 3)',
  'update sbtest1 set k = k + 1 where id = 5',
  'delete from sbtest1 where id = 5',
]) {
  const node = at(sql);
  const env = fakeEnvironment(schema, sql, { parameterTypes: [BIGINT, BIGINT, BIGINT], parameterValues: [1, 2, 3] });
  measure(`point: ${sql}`, 5, () => tryPointPlan(node, env));
}

for (const sql of [
  'select c from sbtest1 where id between 10 and 109',
  'select sum(k) from sbtest1 where id between 10 and 109',
  'select distinct c from sbtest1 where id between 10 and 109 order by c',
  'select a, b from t where a = 5 and b > 3 order by id limit 10',
  'select * from users join posts on posts.user_id = users.id where users.email = "x"',
]) {
  const node = at(sql) as QueryNode;
  const env = fakeEnvironment(schema, sql);
  measure(`plan: ${sql}`.slice(0, 44), 100, () => planQuery(node, env));
}

{
  const sql = "insert into sbtest1 (id, k, c, pad) values (1, 2, 'c', 'p')";
  const node = at(sql) as Parameters<typeof planWrite>[0];
  const env = fakeEnvironment(schema, sql);
  measure('plan: insert one row', 20, () => planWrite(node, env));
}

for (const file of readdirSync(packagePath('test', 'data', 'tpch', 'queries')).sort()) {
  const sql = readFileSync(packagePath('test', 'data', 'tpch', 'queries', file), 'utf8').replace('{FRACTION}', '0.01');
  const node = at(sql) as QueryNode;
  const env = fakeEnvironment(schema, sql);
  measure(`plan: TPC-H derived ${file.slice(0, 3)}`, 10000, () => planQuery(node, env));
}

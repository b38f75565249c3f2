/**
 * The cost of reading SQL: microseconds a statement to parse, to digest, and to find the digest in a map as the plan cache does.
 * Run: `node bench/micro/parser.ts`, from sources or from `dist`.
 */
import { performance } from 'node:perf_hooks';
import { digestText, parse } from '../../sql/parser/index.ts';

const STATEMENTS: Readonly<Record<string, string>> = {
  'point select': 'SELECT c FROM sbtest1 WHERE id=123',
  'range select': 'SELECT c FROM sbtest1 WHERE id BETWEEN 5000 AND 5099 ORDER BY c',
  update: 'UPDATE sbtest1 SET k=k+1 WHERE id=4711',
  insert: `INSERT INTO sbtest1 (id, k, c, pad) VALUES (0, 50123, '${'12345678901-'.repeat(10)}', '${'98765432109-'.repeat(5)}')`,
  'insert of 100 rows': `INSERT INTO t (a, b, c) VALUES ${Array.from({ length: 100 }, (_, i) => `(${i}, 'row ${i}', ${i}.5)`).join(',')}`,
  'tpc-h q3':
    'select l_orderkey, sum(l_extendedprice * (1 - l_discount)) as revenue, o_orderdate, o_shippriority from customer, orders, lineitem ' +
    "where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate < date '1995-03-15' " +
    "and l_shipdate > date '1995-03-15' group by l_orderkey, o_orderdate, o_shippriority order by revenue desc, o_orderdate limit 10",
};

const cache = new Map<string, number>();
let sink = 0;

/** The best of several rounds: what the code costs when nobody else has the processor. */
function measure(run: () => void): string {
  let best = Infinity;
  const count = 3_000;
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) run();
    best = Math.min(best, performance.now() - start);
  }
  return ((best * 1000) / count).toFixed(2).padStart(9);
}

console.log(`${'µs'.padEnd(22)}    parse   digest  digest and look up`);
for (const [name, sql] of Object.entries(STATEMENTS)) {
  cache.set(digestText(sql).cacheKey, 1);
  const parsing = measure(() => void (sink += parse(sql).length));
  const digesting = measure(() => void (sink += digestText(sql).literals.length));
  const finding = measure(() => void (sink += cache.get(digestText(sql).cacheKey) ?? 0));
  console.log(`${name.padEnd(20)}${parsing}${digesting}${finding}`);
}

const bulk = `insert into t values ${Array.from({ length: 430_000 }, (_, i) => `(${i}, 'row ${i}')`).join(',')}`;
const start = performance.now();
sink += parse(bulk).length;
console.log(`${(bulk.length / 1e6).toFixed(1)} MB insert: ${(performance.now() - start).toFixed(0)} ms`);
if (sink === -1) console.log(sink);

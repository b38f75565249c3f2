/**
 * Cost of statements inside the executor, over the memory store: what a point or range read adds to the store's own time, rows per second of
 * the heavy operators, rows per second of LOAD DATA. Run: `node bench/micro/executor.ts [name]`.
 */
import { performance } from 'node:perf_hooks';
import { Buffer } from 'node:buffer';
import { isPromise } from '../../base/outcome.ts';
import type { Row } from '../../base/value/datum.ts';
import { UTC } from '../../proto/encoding/time-packing.ts';
import { testTable } from '../../proto/encoding/testing.ts';
import { keySpace } from '../../sql/executor/storage/codecs.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import { preparePoint } from '../../sql/executor/encoded-rows.ts';
import { execute, loadData } from '../../sql/executor/index.ts';
import {
  aggregate,
  allRows,
  call,
  column,
  columns,
  constant,
  insertRows,
  INT,
  key,
  plan,
  tableScan,
  testDatabase,
  TEXT,
  values,
} from '../../sql/executor/testing.ts';
import { PacketWriter } from '../../sql/protocol/packet-writer.ts';

const only = process.argv[2];
const sysbench = testTable(
  'create table sbtest (id int primary key, k int, c char(120), pad char(60), key k_1(k)) collate utf8mb4_0900_ai_ci',
);
const db = await testDatabase([sysbench]);
const ROWS = 20_000;
for (let start = 0; start < ROWS; start += 1000) {
  const rows: Row[] = [];
  for (let i = start; i < start + 1000; i++)
    rows.push([
      i,
      (i * 7919) % ROWS,
      Array.from({ length: 10 }, (_, g) =>
        String((i * 7_368_787 + g * 1_299_709) % 100_000_000_000).padStart(11, '0'),
      ).join('-'),
      'abcdefghij-'.repeat(5),
    ]);
  await db.write(insertRows(sysbench, rows));
}
const reader = db.kv.snapshot(await db.kv.timestamp());
const out = new PacketWriter();

async function measure(name: string, count: number, unit: string, run: (i: number) => unknown): Promise<void> {
  if (only !== undefined && !name.includes(only)) return;
  for (let i = 0; i < Math.max(2, count / 10); i++) {
    const warm = run(i);
    if (isPromise(warm as Promise<unknown>)) await warm;
  }
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const done = run(i);
    if (isPromise(done as Promise<unknown>)) await done;
  }
  const each = ((performance.now() - start) * 1000) / count;
  console.log(`${name.padEnd(44)} ${each.toFixed(each < 100 ? 2 : 0).padStart(9)} µs ${unit}`);
}

const scan = tableScan(sysbench);
const id = { kind: 'parameter', index: 0, type: INT } as const;
const upper = { kind: 'parameter', index: 1, type: INT } as const;
const c = sysbench.columns[2]!;
const get = plan('point-get', {
  database: 'test',
  table: sysbench,
  alias: 't',
  index: undefined,
  columns: [c],
  filter: undefined,
  keys: [[id]],
  output: [scan.output[2]!],
});
const point = preparePoint(get)!;
const context = db.context({ reader });
const parameters = context.evaluation.parameters;
const between = [{ lower: [id], lowerInclusive: true, upper: [upper], upperInclusive: true }];
const ranged = (offsets: number[]): PhysicalPlan =>
  tableScan(sysbench, { columns: offsets.map((one) => sysbench.columns[one]!), ranges: between, estimatedRows: 100 });

function encoded(p: PhysicalPlan): unknown {
  const source = execute(p, context);
  out.length = 0;
  for (;;) {
    const more = source.encoded!.writeRows(out, 'text');
    if (isPromise(more)) return more.then(() => source.close());
    if (!more) break;
  }
  return source.close();
}

/** Statements of a turn's length now and then give way, so this may have to wait. */
function datums(p: PhysicalPlan): unknown {
  const source = execute(p, context);
  for (;;) {
    const batch = source.next();
    if (isPromise(batch)) return batch.then(() => source.close());
    if (batch === undefined) return undefined;
  }
}

const at = (i: number, width: number): void => {
  parameters[0] = (i * 7919) % (ROWS - 200);
  parameters[1] = (parameters[0] as number) + width - 1;
};

await measure('kv get alone', 200_000, 'a get', (i) => reader.get(new Uint8Array([1, 2, i & 255])));
await measure('point, prepared, to packet', 200_000, 'a statement', (i) => {
  at(i, 1);
  out.length = 0;
  return point.write(reader, context.evaluation, out, 'text');
});
await measure('point, execute + encoded', 200_000, 'a statement', (i) => (at(i, 1), encoded(get)));
await measure('point, execute + datums', 100_000, 'a statement', (i) => (at(i, 1), datums(get)));
const simple = ranged([2]);
const interval = keySpace(sysbench, undefined);
await measure('kv scan of 100 alone', 20_000, 'a scan', (i) => {
  at(i, 100);
  const [one] = interval.intervals(between, context.evaluation, UTC);
  const scanner = reader.scan(one!, {});
  let count = 0;
  for (;;) {
    const batch = scanner.next(1024);
    if (batch === undefined) break;
    count += (batch as { count: number }).count;
  }
  scanner.close();
  return count;
});
await measure('range of 100, encoded', 20_000, 'a statement', (i) => (at(i, 100), encoded(simple)));
await measure('range of 100, datums', 20_000, 'a statement', (i) => (at(i, 100), datums(simple)));
const sum = plan('hash-aggregate', {
  input: ranged([1]),
  groupBy: [],
  aggregates: [aggregate('sum', column(0))],
  rollup: false,
  output: columns(INT),
});
await measure('sum over a range of 100', 20_000, 'a statement', (i) => (at(i, 100), datums(sum)));
const textType = c.type;
const ordered = plan('sort', { input: simple, keys: [key(column(0, textType))] });
await measure('order by c over a range of 100', 10_000, 'a statement', (i) => (at(i, 100), datums(ordered)));
const distinct = plan('sort', {
  input: plan('hash-aggregate', { input: simple, groupBy: [column(0, textType)], aggregates: [], rollup: false, output: simple.output }), keys: [key(column(0, textType))],
}); // prettier-ignore
await measure('distinct, order by over a range of 100', 10_000, 'a statement', (i) => (at(i, 100), datums(distinct)));

const MANY = 100_000;
const many = values([INT, INT, TEXT], []);
const rows: Row[] = Array.from({ length: MANY }, (_, i) => [(i * 7919) % 10_007, i, `name ${(i * 31) % 5000}`]);
const memory = { ...db.context(), virtualRows: () => rows };
const source = plan('memory-scan', {
  database: 'test',
  tableName: 'many',
  columnOffsets: [0, 1, 2],
  filter: undefined,
  output: many.output,
});
const heavy = async (name: string, p: PhysicalPlan): Promise<void> =>
  measure(`${name}, 100,000 rows`, 5, 'a run', () => allRows(p, memory));
await heavy('scan of memory', source);
await heavy('filter', plan('filter', { input: source, condition: call('lt', column(0), constant(5000)) }));
await heavy('hash aggregate, 10,007 integer groups', plan('hash-aggregate', { input: source, groupBy: [column(0)], aggregates: [aggregate('count'), aggregate('sum', column(1))], rollup: false, output: columns(INT, INT, INT) })); // prettier-ignore
await heavy('hash aggregate, 5,000 text groups', plan('hash-aggregate', { input: source, groupBy: [column(2, TEXT)], aggregates: [aggregate('count')], rollup: false, output: columns(TEXT, INT) })); // prettier-ignore
await heavy('hash join, integer key, 10 matches a row', plan('hash-join', { joinType: 'inner', left: source, right: plan('limit', { input: source, offset: undefined, count: constant(10_007) }), build: 'right', leftKeys: [column(0)], rightKeys: [column(0)], nullSafe: [false], condition: undefined })); // prettier-ignore
await heavy('sort by integer', plan('sort', { input: source, keys: [key(column(0))] }));
await heavy('sort by text', plan('sort', { input: source, keys: [key(column(2, TEXT)), key(column(1))] }));
await heavy(
  'top 100 by integer',
  plan('top-n', { input: source, keys: [key(column(0))], offset: undefined, count: constant(100) }),
);

await measure('insert of one row, optimistic, with commit', 2000, 'a statement', (i) =>
  db.write(insertRows(sysbench, [[ROWS + i + 10_000_000, i, 'c', 'pad']])).catch(() => undefined),
);
const lineitem = testTable(
  'create table lineitem (l_orderkey int, l_partkey int, l_suppkey int, l_linenumber int, l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), l_returnflag char(1), l_linestatus char(1), l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct char(25), l_shipmode char(10), l_comment varchar(44), primary key (l_orderkey, l_linenumber) clustered)',
);
const LINES = 60_000;
const text = Buffer.from(
  Array.from(
    { length: LINES },
    (_, i) =>
      `${i >> 2}|${i % 2000}|${i % 100}|${i & 3}|17|21168.23|0.04|0.02|N|O|1996-03-13|1996-02-12|1996-03-22|DELIVER IN PERSON|TRUCK|egular courts above the|\n`,
  ).join(''),
);
async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < text.length; start += 65536) yield text.subarray(start, start + 65536);
}
if (only === undefined || 'load data'.includes(only)) {
  for (let round = 0; round < 3; round++) {
    const table = { ...lineitem, id: 500 + round };
    const transaction = await db.kv.begin({ pessimistic: false, sizeBytesMax: 2 ** 31 });
    const running = db.context({ reader: transaction, transaction });
    const start = performance.now();
    await loadData({
      kind: 'load', database: 'test', table, local: true, duplicates: 'error', charset: 'utf8mb4', ignoreLines: 0, assignments: [],
      format: { fieldsTerminatedBy: '|', enclosedBy: '', escapedBy: '\\', linesTerminatedBy: '|\n', linesStartingBy: '' }, fields: table.columns.map((one) => ({ kind: 'column', offset: one.offset })),
    }, chunks(), running); // prettier-ignore
    const buffered = performance.now();
    await transaction.commit();
    const done = performance.now();
    const rate = (ms: number): string => `${Math.round(LINES / ms)}k rows/s`;
    console.log(
      `load data of lineitem: ${rate(buffered - start)} into the buffer, ${rate(done - buffered)} commit, ${rate(done - start)} in all`,
    );
  }
}
await db.kv.close();

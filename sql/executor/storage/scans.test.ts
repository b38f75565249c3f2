import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { fieldType, TypeCode } from '../../../base/value/field-type.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import type { IndexScan, KeyRange, PhysicalPlan } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { call, column, constant, insertRows, plan, tableScan, testDatabase, type TestDatabase } from '../testing.ts';
import { toKeyValue } from './key-value.ts';

const range = (lower: Datum[], lowerInclusive: boolean, upper: Datum[], upperInclusive: boolean): KeyRange => ({
  lower: lower.map((value) => constant(value)), lowerInclusive, upper: upper.map((value) => constant(value)), upperInclusive,
}); // prettier-ignore

async function filled(table: TableInfo, rows: Row[]): Promise<TestDatabase> {
  const db = await testDatabase([table]);
  await db.write(insertRows(table, rows));
  return db;
}

function indexScan(table: TableInfo, name: string, more: Partial<IndexScan> = {}): IndexScan {
  const scan = tableScan(table);
  const index = table.indexes.find((one) => one.name === name)!;
  return {
    ...scan,
    kind: 'index-scan',
    index,
    covering: false,
    indexFilter: undefined,
    keepOrder: true,
    ...more,
  } as IndexScan;
}

test('table scans: ranges overlap, come in any order, open and closed, forwards and backwards', async () => {
  const table = testTable('create table t (id bigint primary key, v int)');
  const stored: Row[] = Array.from({ length: 50 }, (_, i) => [i - 10, i]);
  const db = await filled(table, stored);
  const bound = fc.integer({ min: -15, max: 45 });
  const ranges = fc.array(
    fc.record({
      low: fc.option(bound, { nil: undefined }),
      high: fc.option(bound, { nil: undefined }),
      a: fc.boolean(),
      b: fc.boolean(),
    }),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(ranges, fc.boolean(), async (wanted, reverse) => {
      const planned = wanted.map(({ low, high, a, b }) =>
        range(low === undefined ? [] : [low], a, high === undefined ? [] : [high], b),
      );
      const inside = (id: number): boolean =>
        wanted.some(
          ({ low, high, a, b }) =>
            (low === undefined || id > low || (a && id === low)) &&
            (high === undefined || id < high || (b && id === high)),
        );
      const expected = stored.filter((row) => inside(row[0] as number));
      assert.deepEqual(
        await db.query(tableScan(table, { ranges: planned, reverse })),
        reverse ? expected.reverse() : expected,
      );
    }),
    { numRuns: 80, seed: 1 },
  );
});

test('an unsigned handle is read in value order though large values are stored as negative ones', async () => {
  const table = testTable('create table t (id bigint unsigned primary key, v int)');
  const ids: (number | bigint)[] = [0, 5, 9223372036854775807n, 9223372036854775808n, 18446744073709551615n];
  const db = await testDatabase([table]);
  const { type } = table.columns[0]!;
  await db.write(
    insertRows(table, [], { rows: ids.map((id, i) => [{ kind: 'constant', value: id, type }, constant(i)]) }),
  );
  const read = async (lower: Datum[], upper: Datum[], inclusive: boolean, reverse = false): Promise<Datum[]> =>
    (await db.query(tableScan(table, { ranges: [{ ...range([], inclusive, [], inclusive), lower: lower.map((v) => ({ kind: 'constant', value: v, type })), upper: upper.map((v) => ({ kind: 'constant', value: v, type })) }], reverse }))).map((row) => row[0]!); // prettier-ignore
  assert.deepEqual(
    (await db.query(tableScan(table))).map((row) => row[0]),
    ids,
  );
  assert.deepEqual(
    (await db.query(tableScan(table, { reverse: true }))).map((row) => row[0]),
    [...ids].reverse(),
  );
  assert.deepEqual(await read([5], [], false), ids.slice(2));
  assert.deepEqual(await read([9223372036854775807n], [9223372036854775808n], true), ids.slice(2, 4));
  assert.deepEqual(await read([], [9223372036854775808n], false), ids.slice(0, 3));
  assert.deepEqual(await read([9223372036854775808n], [18446744073709551615n], true), ids.slice(3));
});

test('clustered keys of several columns: prefixes, open ends, and the key columns come from the key', async () => {
  const table = testTable('create table t (a bigint, b varchar(10), v int, primary key (a, b) clustered)');
  const rows: Row[] = [
    [1, 'a', 1],
    [1, 'b', 2],
    [2, 'a', 3],
    [2, 'c', 4],
    [3, 'a', 5],
  ];
  const db = await filled(table, rows);
  const read = (one: KeyRange): Promise<Row[]> => db.query(tableScan(table, { ranges: [one] }));
  assert.deepEqual(await read(range([2], true, [2], true)), rows.slice(2, 4));
  assert.deepEqual(await read(range([1], false, [], true)), rows.slice(2));
  assert.deepEqual(await read(range([1, 'a'], false, [1], true)), rows.slice(1, 2));
  assert.deepEqual(await read(range([], true, [2, 'a'], false)), rows.slice(0, 2));
});

test('index scans: covering and by look-up, in order, NULLs by their own key', async () => {
  const table = testTable(
    'create table t (id bigint primary key, a bigint, s varchar(20), key by_a (a, s), unique key by_s (s))',
  );
  const rows: Row[] = Array.from({ length: 30 }, (_, i) => [i, i % 4 === 0 ? null : i % 5, `s${(i * 7) % 30}`]);
  const db = await filled(table, rows);
  const key = (row: Row): [number, string] => [row[1] === null ? -1 : (row[1] as number), row[2] as string];
  const order = (x: Row, y: Row): number => key(x)[0] - key(y)[0] || (key(x)[1] < key(y)[1] ? -1 : 1);
  const byA = [...rows].sort(order);
  for (const covering of [true, false]) {
    assert.deepEqual(await db.query(indexScan(table, 'by_a', { covering })), byA);
    assert.deepEqual(await db.query(indexScan(table, 'by_a', { covering, reverse: true })), [...byA].reverse());
    const above = indexScan(table, 'by_a', { covering, ranges: [range([null], false, [3], false)] });
    assert.deepEqual(
      await db.query(above),
      byA.filter((row) => row[1] !== null && (row[1] as number) < 3),
    );
    const nulls = indexScan(table, 'by_a', { covering, ranges: [range([null], true, [null], true)] });
    assert.deepEqual(
      await db.query(nulls),
      byA.filter((row) => row[1] === null),
    );
    const filtered = indexScan(table, 'by_a', {
      covering,
      indexFilter: call('eq', column(1), constant(2)),
      filter: call('gt', column(0), constant(10)),
    });
    assert.deepEqual(
      await db.query(filtered),
      byA.filter((row) => row[1] === 2 && (row[0] as number) > 10),
    );
  }
});

test('point gets by handle and by unique key; NULL, unequal and repeated keys', async () => {
  const table = testTable('create table t (id bigint primary key, s varchar(20), unique key by_s (s))');
  const db = await filled(table, [
    [1, 'one'],
    [2, 'two'],
    [3, null],
  ]);
  const get = (keys: Datum[], index?: string): PhysicalPlan => {
    const found = table.indexes.find((one) => one.name === index);
    return plan('point-get', {
      database: 'test', table, alias: 't', index: found, columns: table.columns, filter: undefined, output: tableScan(table).output,
      keys: keys.map((value) => [constant(value, value instanceof Decimal ? fieldType(TypeCode.DECIMAL, { length: 5, decimals: 1 }) : undefined)]),
    }); // prettier-ignore
  };
  assert.deepEqual(await db.query(get([2])), [[2, 'two']]);
  assert.deepEqual(await db.query(get([9])), []);
  assert.deepEqual(await db.query(get([3, 1, 3, null])), [
    [3, null],
    [1, 'one'],
  ]);
  assert.deepEqual(await db.query(get([new Decimal(15, 1), new Decimal(20, 1)])), [[2, 'two']]);
  assert.deepEqual(await db.query(get(['one'], 'by_s')), [[1, 'one']]);
  assert.deepEqual(await db.query(get(['two', 'none', 'one'], 'by_s')), [
    [2, 'two'],
    [1, 'one'],
  ]);
});

test('what a column cannot hold becomes the nearest value it can, and says so', () => {
  const tiny = fieldType(TypeCode.TINY);
  assert.deepEqual(toKeyValue(5, tiny), { value: 5, exact: true });
  assert.deepEqual(toKeyValue(500, tiny), { value: 127, exact: false });
  assert.deepEqual(toKeyValue(-1, fieldType(TypeCode.LONGLONG, { unsigned: true })), { value: 0, exact: false });
  assert.deepEqual(toKeyValue(new Decimal(15, 1), tiny), { value: 2, exact: false });
  assert.deepEqual(toKeyValue('12', tiny), { value: 12, exact: true });
  assert.deepEqual(toKeyValue(1e30, fieldType(TypeCode.LONGLONG)), { value: 9223372036854775807n, exact: false });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime } from '../../base/value/date-time.ts';
import type { Row } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { encodeRow, encodeRowKey } from '../../proto/encoding/index.ts';
import { testTable } from '../../proto/encoding/testing.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import { PacketWriter } from '../protocol/packet-writer.ts';
import { RowEncoder } from '../protocol/rows.ts';
import type { ResultColumn } from '../session/result.ts';
import { preparePoint, shapeOf } from './encoded-rows.ts';
import { PacketRows } from './packet-rows.ts';
import { execute } from './index.ts';
import {
  allRows,
  call,
  column,
  constant,
  insertRows,
  plan,
  tableScan,
  testDatabase,
  type TestDatabase,
} from './testing.ts';

const table = testTable(
  'create table t (id bigint primary key, k int unsigned, small smallint, c char(120), b varbinary(300), price decimal(12,2), d date, at datetime(3), big bigint unsigned, unique key by_k (k))',
);

async function database(): Promise<{ db: TestDatabase; rows: Row[] }> {
  const db = await testDatabase([table]);
  const rows: Row[] = Array.from({ length: 200 }, (_, i) => [
    i * 3, i, i % 5 === 0 ? null : -i, i % 7 === 0 ? '' : 'ü'.repeat(i % 120), i % 11 === 0 ? null : new Uint8Array(i + 60).fill(i),
    new Decimal(i * 101 - 5000, 2), DateTime.of(1990 + (i % 40), 1 + (i % 12), 1 + (i % 28)),
    i % 3 === 0 ? DateTime.of(2024, 5, 6) : DateTime.of(2024, 5, 6, i % 24, i % 60, 7, (i % 2) * 123_000), i % 2 === 0 ? 18446744073709551615n : i * 5_000_000_000,
  ]); // prettier-ignore
  await db.write(
    insertRows(table, [], { rows: rows.map((row) => row.map((value, i) => constant(value, table.columns[i]!.type))) }),
  );
  return { db, rows };
}

/** Both ways of one plan, as bytes. */
async function bothWays(
  p: PhysicalPlan,
  db: TestDatabase,
  format: 'text' | 'binary',
): Promise<{ quick: Buffer; plain: Buffer; rows: number }> {
  const reader = db.kv.snapshot(await db.kv.timestamp());
  const out = new PacketWriter();
  out.sequence = 250;
  const source = execute(p, db.context({ reader }));
  assert(source.encoded !== undefined);
  while (await source.encoded.writeRows(out, format));
  await source.close();
  const columns = p.output.map((one): ResultColumn => ({
    name: one.name,
    originalName: one.name,
    table: 't',
    originalTable: 't',
    database: 'test',
    type: one.type,
    flags: 0,
  }));
  const encoder = new RowEncoder(columns, 'utf8mb4');
  const plain = new PacketWriter();
  plain.sequence = 250;
  const rows = await allRows(p, db.context({ reader }));
  for (const row of rows) {
    if (format === 'text') encoder.writeText(plain, row);
    else encoder.writeBinary(plain, row);
  }
  return {
    quick: Buffer.from(out.bytes.subarray(0, out.length)),
    plain: Buffer.from(plain.bytes.subarray(0, plain.length)),
    rows: rows.length,
  };
}

for (const format of ['text', 'binary'] as const) {
  test(`${format}: packets from stored bytes equal packets from datums`, async () => {
    const { db } = await database();
    const scan = tableScan(table);
    const between = tableScan(table, {
      ranges: [{ lower: [constant(30)], lowerInclusive: true, upper: [constant(90)], upperInclusive: true }],
    });
    const picked = plan('projection', {
      input: between,
      expressions: [column(3, table.columns[3]!.type), column(0)],
      output: [scan.output[3]!, scan.output[0]!],
    });
    const limited = plan('limit', { input: scan, offset: constant(5), count: constant(50) });
    const index = {
      ...scan,
      kind: 'index-scan',
      index: table.indexes[1]!,
      covering: false,
      indexFilter: undefined,
      keepOrder: true,
    } as const;
    const get = (keys: number[], by?: boolean): PhysicalPlan =>
      plan('point-get', { database: 'test', table, alias: 't', index: by ? table.indexes[1] : undefined, columns: table.columns, filter: undefined, keys: keys.map((one) => [constant(one)]), output: scan.output }); // prettier-ignore
    const plans: [PhysicalPlan, number][] = [
      [scan, 200], [{ ...scan, reverse: true }, 200], [between, 21], [picked, 21], [limited, 50], [index, 200], [{ ...index, limit: constant(3) }, 3],
      [get([33]), 1], [get([34]), 0], [get([3, 6, 3]), 2], [get([12], true), 1], [get([12, 14], true), 2], [plan('limit', { input: index, offset: constant(2), count: constant(4) }), 4],
    ]; // prettier-ignore
    for (const [p, count] of plans) {
      const { quick, plain, rows } = await bothWays(p, db, format);
      assert.equal(quick.equals(plain), true, p.kind);
      if (p.kind !== 'index-scan' || p.limit === undefined) assert.equal(rows, count);
    }
  });
}

test('a prepared look-up writes one row, or none', async () => {
  const { db } = await database();
  const scan = tableScan(table);
  const key = { kind: 'parameter', index: 0, type: table.columns[0]!.type } as const;
  const get = plan('point-get', {
    database: 'test',
    table,
    alias: 't',
    index: undefined,
    columns: [table.columns[3]!],
    filter: undefined,
    keys: [[key]],
    output: [scan.output[3]!],
  });
  const point = preparePoint(get)!;
  const reader = db.kv.snapshot(await db.kv.timestamp());
  const { evaluation } = db.context();
  const out = new PacketWriter();
  for (const [id, found] of [
    [3, 1],
    [4, 0],
    [6, 1],
  ] as const) {
    evaluation.parameters[0] = id;
    assert.equal(await point.write(reader, evaluation, out, 'text'), found);
  }
  assert.deepEqual([...out.bytes.subarray(0, 7)], [3, 0, 0, 0, 2, 0xc3, 0xbc]);
});

test('plans that need datums have no such source', () => {
  const scan = tableScan(table);
  assert.equal(shapeOf(tableScan(table, { filter: call('gt', column(0), constant(1)) })), undefined);
  assert.equal(
    shapeOf(plan('projection', { input: scan, expressions: [call('plus', column(0), constant(1))] })),
    undefined,
  );
  const stamped = testTable('create table s (id bigint primary key, ts timestamp)');
  assert.equal(shapeOf(tableScan(stamped)), undefined);
});

test('a row over 16 MB is cut into packets as the protocol wants', () => {
  const wide = testTable('create table w (id bigint primary key, b blob)');
  for (const size of [0xffffff - 6, 0xffffff - 7, 0xffffff + 1000, 2 * 0xffffff]) {
    const row: Row = [1, new Uint8Array(size).fill(7)];
    const quick = new PacketWriter();
    const key = encodeRowKey(wide.id, 1);
    const value = encodeRow(wide, row);
    PacketRows.compile(wide, wide.columns)!.writeText(quick, key, 0, value, 0, value.length);
    const columns = wide.columns.map((one): ResultColumn => ({
      name: one.name,
      originalName: '',
      table: '',
      originalTable: '',
      database: '',
      type: one.type,
      flags: 0,
    }));
    const plain = new PacketWriter();
    new RowEncoder(columns, 'utf8mb4').writeText(plain, row);
    assert.equal(quick.sequence, plain.sequence);
    assert.equal(
      Buffer.compare(quick.bytes.subarray(0, quick.length), plain.bytes.subarray(0, plain.length)),
      0,
      String(size),
    );
  }
});

/** Properties of the encodings: what is written is read, and bytes order like values; and the rules of writes, ranges and damage. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { normalizeInteger } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { Json, JsonDouble, type JsonNode, JsonOpaque } from '../../base/value/json.ts';
import type { TableInfo } from '../schema/table-info.ts';
import {
  ByteWriter, compareBytes, decodeRowHandle, decodeUtf8, encodeIndexKey, encodeRowKey, handleToUnsigned, HIDDEN_HANDLE_ID, IndexDecoder, IndexEncoder, indexIntervals,
  prefixEnd, putComparableBytes, putComparableFloat, putComparableInt, putComparableUint, putDecimal, putJson, RawColumns, readComparableBytes,
  readComparableFloat, readComparableInt, readComparableUint, readDecimal, readJson, RowDecoder, rowIntervals, TableEncoder, unsignedToHandle, zoneShift,
} from './index.ts'; // prettier-ignore
import { testTable } from './testing.ts';

const runs = { numRuns: 300, seed: 7 };
const bytesOf = (write: (out: ByteWriter) => void): Uint8Array => {
  const out = new ByteWriter(8);
  write(out);
  return out.finish();
};
const int64 = fc
  .oneof(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.maxSafeInteger().map(BigInt))
  .map(normalizeInteger);
const uint64 = fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.nat().map(BigInt)).map(normalizeInteger);
const less = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);

test('integers, floats and bytes: bytes order like values, and read back', () => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      const [x, y] = [a, b].map((value) => bytesOf((out) => putComparableInt(out, value)));
      assert.equal(compareBytes(x!, y!), less(a, b));
      assert.equal(readComparableInt(x!, 0), a);
    }),
    runs,
  );
  fc.assert(
    fc.property(uint64, uint64, (a, b) => {
      const [x, y] = [a, b].map((value) => bytesOf((out) => putComparableUint(out, value)));
      assert.equal(compareBytes(x!, y!), less(a, b));
      assert.equal(readComparableUint(x!, 0), a);
      assert.equal(handleToUnsigned(unsignedToHandle(a)), a);
    }),
    runs,
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
      const [x, y] = [a, b].map((value) => bytesOf((out) => putComparableFloat(out, value)));
      assert.equal(compareBytes(x!, y!), a < b ? -1 : a > b ? 1 : 0);
      assert.equal(readComparableFloat(x!, 0), a === 0 ? 0 : a);
    }),
    runs,
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ maxLength: 30 }), (a, b) => {
      const [x, y] = [a, b].map((value) => bytesOf((out) => putComparableBytes(out, value)));
      assert.equal(compareBytes(x!, y!), compareBytes(a, b));
      const back = new ByteWriter(4);
      assert.equal(readComparableBytes(x!, 0, x!.length + 1, back), x!.length);
      assert.deepEqual(back.finish(), new Uint8Array(a));
    }),
    runs,
  );
});

test('decimals: every precision and scale reads back, and orders like the numbers', () => {
  const shape = fc.integer({ min: 1, max: 65 }).chain((precision) =>
    fc.integer({ min: 0, max: Math.min(30, precision) }).chain((scale) => {
      const max = 10n ** BigInt(precision) - 1n;
      const digits = fc.bigInt({ min: -max, max });
      return fc.tuple(fc.constant(precision), fc.constant(scale), digits, digits);
    }),
  );
  fc.assert(
    fc.property(shape, ([precision, scale, a, b]) => {
      const [x, y] = [a, b].map((digits) =>
        bytesOf((out) => putDecimal(out, new Decimal(normalizeInteger(digits), scale), precision, scale)),
      );
      assert.equal(compareBytes(x!, y!), less(a, b));
      assert.deepEqual(readDecimal(x!, 0), new Decimal(normalizeInteger(a), scale));
    }),
    runs,
  );
  const short = bytesOf((out) => putDecimal(out, new Decimal(-15, 1), 10, 4));
  assert.deepEqual(readDecimal(short, 0), new Decimal(-15000, 4));
  assert.throws(() => bytesOf((out) => putDecimal(out, new Decimal(1000, 0), 5, 2)), /fit/);
});

test('JSON documents read back; damage is an error', () => {
  const leaf: fc.Arbitrary<JsonNode> = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    int64,
    fc.double({ noNaN: true }).map((value) => new JsonDouble(value)),
    fc.constant(new JsonOpaque(246, new Decimal(-12345, 2))),
    fc.constant(new JsonOpaque(12, new DateTime((2026 * 13 + 11) * 32 + 22, 12345678))),
    fc.constant(new JsonOpaque(11, new Duration(-5_000_001))),
  );
  const { node } = fc.letrec<{ node: JsonNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.string({ maxLength: 5 }), tie('node')), { maxLength: 4 }).map((members) => {
        const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
        const sorted = [...new Map(members)].sort(
          ([a], [b]) => bytes(a).length - bytes(b).length || Buffer.compare(bytes(a), bytes(b)),
        );
        return new Map(sorted);
      }),
    ),
  }));
  fc.assert(
    fc.property(node, fc.nat(), (document, at) => {
      const bytes = bytesOf((out) => putJson(out, new Json(document)));
      const back = readJson(bytes, 0, bytes.length);
      assert.deepEqual(back, new Json(document));
      if (document instanceof Map)
        assert.deepEqual([...(back.node as Map<string, JsonNode>).keys()], [...document.keys()]);
      const cut = at % bytes.length;
      try {
        readJson(bytes, 0, cut);
      } catch (error) {
        assert.match((error as Error).message, /JSON|damaged/);
      }
    }),
    runs,
  );
});

test('UTF-8: short and long text, ASCII and not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const bytes = bytesOf((out) => out.utf8(text));
      assert.equal(decodeUtf8(bytes, 0, bytes.length), Buffer.from(text, 'utf8').toString('utf8'));
    }),
    runs,
  );
});

const wide = testTable(
  'create table wide (id bigint unsigned primary key, a int, b varchar(20), c decimal(20,4), d datetime(6), e timestamp(3), f double, g varbinary(20), key kb(b,a), unique key ua(a), key kp(b(2)))',
);

function wideRow(id: number | bigint): Datum[] {
  const date = (2026 * 13 + 11) * 32 + 22;
  return [
    id,
    5,
    'héllo',
    new Decimal(123456, 4),
    new DateTime(date, 3_600_000_123),
    new DateTime(date, 1000),
    2.5,
    new Uint8Array([0, 255]),
  ];
}

test('rows: wanted columns only, NULLs, origin defaults, unsigned handles, zones', () => {
  const table: TableInfo = {
    ...wide,
    columns: [
      ...wide.columns.map((column) =>
        column.name === 'a' ? { ...column, default: { kind: 'value' as const, text: '1' } } : column,
      ),
      { ...wide.columns[1]!, id: 300, name: 'late', offset: 8, originDefault: { kind: 'value', text: '77' } },
    ],
  };
  const zone = zoneShift(120);
  const encoder = new TableEncoder(table, zone);
  const row = wideRow((1n << 63n) + 5n);
  row[1] = null;
  const value = encoder.rowValue(row);
  const handle = encoder.handleOf(row)!;
  assert.equal(handle, -(1n << 63n) + 5n);
  const wanted = [table.columns[8]!, table.columns[4]!, table.columns[1]!, table.columns[0]!, table.columns[5]!];
  const out: Datum[] = [];
  const key = encoder.rowKey(handle);
  assert.equal(decodeRowHandle(key, 0, key.length), handle);
  new RowDecoder(table, wanted, zone).decodeEntry(key, 0, key.length, value, 0, value.length, out);
  assert.deepEqual(out, [77, row[4], null, (1n << 63n) + 5n, row[5]]);
  const utc: Datum[] = [];
  new RowDecoder(table, [table.columns[5]!]).decodeEntry(key, 0, key.length, value, 0, value.length, utc);
  assert.deepEqual(utc[0], new DateTime((row[5] as DateTime).datePart - 1, 22 * 3_600_000_000 + 1000));
  // A column above id 255 makes the row large.
  const large = encoder.rowValue([...row, 12]);
  assert.equal(large[1], 1);
  new RowDecoder(table, wanted, zone).decodeEntry(key, 0, key.length, large, 0, large.length, out);
  assert.deepEqual(out, [12, row[4], null, (1n << 63n) + 5n, row[5]]);
});

test('a hidden handle is a column with id -1; damaged rows are errors', () => {
  const table = testTable('create table plain (a int, b varchar(9))');
  const encoder = new TableEncoder(table);
  assert.equal(encoder.handleOf([1, 'x']), undefined);
  const value = encoder.rowValue([1, 'x']);
  const hidden = { ...table.columns[0]!, id: HIDDEN_HANDLE_ID };
  const out: Datum[] = [];
  const decoder = new RowDecoder(table, [hidden, table.columns[1]!]);
  decoder.decode(value, 0, value.length, 42, out);
  assert.deepEqual(out, [42, 'x']);
  for (let size = 0; size < value.length; size++) {
    assert.throws(() => decoder.decode(value, 0, size, 42, out), { code: 'row.unreadable' });
  }
  const version1 = new Uint8Array([8, 2, 4]);
  assert.throws(() => decoder.decode(version1, 0, 3, 42, out), /format 8/);
});

test('mutations follow the states of an index', () => {
  const states = [
    'none',
    'delete-only',
    'write-only',
    'write-reorganization',
    'public',
    'delete-reorganization',
  ] as const;
  const seen = states.map((state) => {
    const table: TableInfo = {
      ...wide,
      indexes: wide.indexes.map((index) =>
        index.name === 'ua' ? { ...index, state } : { ...index, state: index.primary ? 'public' : 'none' },
      ),
    };
    const encoder = new TableEncoder(table);
    const before = wideRow(1);
    const after = wideRow(1);
    after[1] = 6;
    const kinds = (old: Datum[] | undefined, now: Datum[] | undefined): string =>
      encoder
        .indexMutations(old, now, 1)
        .map((one) => one.kind)
        .join('+');
    return `${state}: insert ${kinds(undefined, after)} | update ${kinds(before, after)} | same ${kinds(before, before)} | delete ${kinds(before, undefined)}`;
  });
  assert.deepEqual(seen, [
    'none: insert  | update  | same  | delete ',
    'delete-only: insert  | update delete | same delete | delete delete',
    'write-only: insert insert | update delete+insert | same  | delete delete',
    'write-reorganization: insert insert | update delete+insert | same  | delete delete',
    'public: insert insert | update delete+insert | same  | delete delete',
    'delete-reorganization: insert  | update  | same  | delete ',
  ]);
  const nullRow = wideRow(1);
  nullRow[1] = null;
  const unique = new TableEncoder(wide).indexInserts(nullRow, 1).find((one) => one.index.name === 'ua')!;
  assert.equal(unique.kind, 'put', 'NULL is never a duplicate');
});

test('an update that keeps key and value of an entry leaves it alone; a longer text behind a prefix does, too', () => {
  const encoder = new TableEncoder(wide);
  const before = wideRow(1);
  const after = wideRow(1);
  after[2] = 'hélium';
  assert.deepEqual(
    encoder.indexMutations(before, after, 1).map((one) => `${one.index.name} ${one.kind}`),
    ['kb delete', 'kb put'],
  );
});

test('ranges over rows: bounds, unsigned keys in two parts, nothing for NULL', () => {
  const contains = (table: TableInfo, range: Parameters<typeof rowIntervals>[1], handle: number | bigint): boolean => {
    const key = encodeRowKey(table.id, handle);
    return rowIntervals(table, range).some(
      (one) => compareBytes(one.lower, key) <= 0 && compareBytes(key, one.upper) < 0,
    );
  };
  const signed = testTable('create table s (id bigint primary key)');
  fc.assert(
    fc.property(
      int64,
      int64,
      int64,
      fc.boolean(),
      fc.boolean(),
      (lower, upper, value, lowerInclusive, upperInclusive) => {
        const inside =
          (lowerInclusive ? value >= lower : value > lower) && (upperInclusive ? value <= upper : value < upper);
        assert.equal(
          contains(signed, { lower: [lower], upper: [upper], lowerInclusive, upperInclusive }, value),
          inside,
        );
      },
    ),
    runs,
  );
  fc.assert(
    fc.property(uint64, uint64, uint64, (lower, upper, value) => {
      const range = { lower: [lower], upper: [upper], lowerInclusive: true, upperInclusive: false };
      assert.equal(contains(wide, range, unsignedToHandle(value)), value >= lower && value < upper);
    }),
    runs,
  );
  assert.deepEqual(rowIntervals(signed, { lower: [], upper: [null], lowerInclusive: true, upperInclusive: true }), []);
});

test('ranges over an index: NULL apart, prefixes keep what is longer', () => {
  const kb = wide.indexes.find((index) => index.name === 'kb')!;
  const kp = wide.indexes.find((index) => index.name === 'kp')!;
  const inside = (index: typeof kb, values: Datum[], range: Parameters<typeof rowIntervals>[1]): boolean => {
    const key = encodeIndexKey(wide, index, values, 9);
    return indexIntervals(wide, index, range).some(
      (one) => compareBytes(one.lower, key) <= 0 && compareBytes(key, one.upper) < 0,
    );
  };
  const notNull = { lower: [null], lowerInclusive: false, upper: [], upperInclusive: false };
  assert.equal(inside(kb, [null, 1], notNull), false);
  assert.equal(inside(kb, ['', 1], notNull), true);
  const behind = { lower: ['b', 3], lowerInclusive: false, upper: ['b'], upperInclusive: true };
  assert.deepEqual(
    [2, 3, 4].map((a) => inside(kb, ['b', a], behind)),
    [false, false, true],
  );
  const longer = { lower: ['abc'], lowerInclusive: false, upper: [], upperInclusive: false };
  assert.equal(inside(kp, ['abd', 1], longer), true);
  const shorter = { lower: [], lowerInclusive: false, upper: ['abz'], upperInclusive: false };
  assert.equal(inside(kp, ['abc', 1], shorter), true);
});

test('raw columns print what datums would', () => {
  const table = testTable(
    'create table raw (id int unsigned primary key, a int, b bigint, c varchar(9), d decimal(9,3), e datetime(3), f date, g bigint unsigned)',
  );
  const raw = RawColumns.compile(table, table.columns)!;
  const encoder = new TableEncoder(table);
  const out = new Uint8Array(200);
  const print = (row: Datum[]): string[] => {
    const key = encoder.rowKey(encoder.handleOf(row)!);
    const value = encoder.rowValue(row);
    raw.locate(key, 0, value, 0, value.length);
    return row.map((_, i) =>
      raw.starts[i] === -1 ? 'NULL' : Buffer.from(out.subarray(0, raw.writeText(i, out, 0))).toString(),
    );
  };
  const date = (2026 * 13 + 1) * 32 + 2;
  assert.deepEqual(
    print([
      7,
      -2147483648,
      -(1n << 63n),
      'äb',
      new Decimal(-5, 3),
      new DateTime(date, 3_661_002_000),
      new DateTime(date, 0),
      (1n << 64n) - 1n,
    ]),
    [
      '7',
      '-2147483648',
      '-9223372036854775808',
      'äb',
      '-0.005',
      '2026-01-02 01:01:01.002',
      '2026-01-02',
      '18446744073709551615',
    ],
  );
  assert.deepEqual(print([4294967295, 0, 1000000000, null, null, null, null, null]), [
    '4294967295',
    '0',
    '1000000000',
    ...Array<string>(5).fill('NULL'),
  ]);
  assert.equal(
    RawColumns.compile(testTable('create table f (a double)'), testTable('create table f (a double)').columns),
    undefined,
  );
  assert.deepEqual(prefixEnd(new Uint8Array([1, 255, 255])), new Uint8Array([2]));
});

test('descending columns: keys turn round, NULL goes last, and values read back', () => {
  const table = testTable(
    'create table down (id bigint primary key, a int, b varchar(9) collate utf8mb4_bin, c decimal(8,3), d double, key k (a desc, b, c desc, d desc))',
  );
  const index = table.indexes.find((one) => one.name === 'k')!;
  const up = { ...index, columns: index.columns.map(({ descending: _, ...part }) => part) };
  const encoder = new IndexEncoder(table, index);
  const decoder = new IndexDecoder(table, index, table.columns.slice(1));
  const number = fc.option(fc.integer({ min: -3, max: 3 }), { nil: null });
  const values = fc.tuple(
    number,
    fc.option(fc.constantFrom('', 'a', 'ab', 'abcdefgh', 'abcdefghi', 'b'), { nil: null }),
    fc.option(fc.constantFrom('-1.500', '0.000', '0.001', '99999.000'), { nil: null }),
    fc.option(fc.constantFrom(-1.5, 0, 1e300), { nil: null }),
  );
  const rowOf = ([a, b, c, d]: [number | null, string | null, string | null, number | null]): Datum[] => [
    1, a, b, c === null ? null : Decimal.parse(c), d,
  ]; // prettier-ignore
  fc.assert(
    fc.property(values, values, (one, other) => {
      const rows = [rowOf(one), rowOf(other)] as const;
      const keys = rows.map((row) => encoder.key(row, 1));
      // Column by column as the ascending keys are, turned round where it says so.
      let expected = 0;
      for (let i = 0; i < index.columns.length && expected === 0; i++) {
        const part = { ...up, columns: [up.columns[i]!] };
        const [left, right] = rows.map((row) => encodeIndexKey(table, part, [row[part.columns[0]!.offset]!]));
        expected = compareBytes(left!, right!) * (index.columns[i]!.descending ? -1 : 1);
      }
      assert.equal(compareBytes(keys[0]!, keys[1]!), expected);
      const read: Datum[] = [];
      const { key, value } = encoder.entry(rows[0], 1);
      decoder.decodeEntry(key, 0, key.length, value, 0, value.length, read);
      assert.deepEqual(read.map(String), rows[0].slice(1).map(String));
    }),
    runs,
  );
  const bytes = Buffer.from(encoder.key([1, 5, 'x', null, null], 1))
    .toString('hex')
    .slice(38);
  assert.equal(bytes, 'fc7ffffffffffffffa' + '017800000000000000f8' + 'ff' + 'ff' + '038000000000000001');
  const inside = (range: Parameters<typeof rowIntervals>[1]): (number | null)[] =>
    [null, -1, 0, 1, 2].filter((a) => {
      const key = encoder.key([1, a, 'x', null, null], 1);
      return indexIntervals(table, index, range).some(
        (one) => compareBytes(one.lower, key) <= 0 && compareBytes(key, one.upper) < 0,
      );
    });
  const range = (lower: Datum[], lowerInclusive: boolean, upper: Datum[], upperInclusive: boolean) => ({
    lower, lowerInclusive, upper, upperInclusive,
  }); // prettier-ignore
  assert.deepEqual(inside(range([0], true, [], true)), [0, 1, 2]);
  assert.deepEqual(inside(range([0], false, [2], false)), [1]);
  assert.deepEqual(inside(range([], true, [0], true)), [null, -1, 0]);
  assert.deepEqual(inside(range([null], false, [1], false)), [-1, 0]);
});

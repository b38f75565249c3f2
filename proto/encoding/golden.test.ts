/**
 * The golden vectors: raw rows and index entries that TiDB stored, read and written again, byte for byte. What `insert` says
 * is compared as text with what was read, so that a codec wrong in both directions is seen, too.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packagePath } from '../../base/node/package-root.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import { decodeTableKey, type Handle, IndexDecoder, IndexEncoder, RowDecoder, TableEncoder } from './index.ts';
import { testTable } from './testing.ts';

interface Vectors {
  readonly tables: readonly {
    readonly table: string;
    readonly ddl: string;
    readonly tableId: number;
    readonly indexIds: Readonly<Record<string, number>>;
    readonly rows: readonly {
      readonly insert: string;
      readonly handle: unknown;
      readonly key: string;
      readonly value?: string;
      readonly indexes: Readonly<
        Record<
          string,
          { readonly columns: Readonly<Record<string, string>>; readonly key: string; readonly value: string }
        >
      >;
      readonly valueHead?: string;
      readonly valueSizeBytes?: number;
    }[];
  }[];
}

const file = packagePath('test/data/encodings/tidb-row-and-index-vectors.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function textOf(value: Datum, type: FieldType): string {
  if (value instanceof DateTime)
    return type.code === TypeCode.DATE ? value.dateString() : value.toString(type.decimals);
  if (value instanceof Duration) return value.toString(type.decimals);
  if (value instanceof Decimal) return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return String(value);
}

/** The texts of some rows' values as the statements wrote them; the rest is seen through index entries. */
const EXPECTED: Readonly<Record<string, string>> = {
  'ints.0': '1|-128|255|-32768|-8388608|-2147483648|4294967295|-9223372036854775808|18446744073709551615',
  'ints.1': '-9223372036854775808|127|0|32767|8388607|2147483647|0|9223372036854775807|0',
  'ints.3': '9|null|null|null|null|null|null|null|null',
  'reals.1': '2|-0.01|-99999999999999999999999999999999999.999999999999999999999999999999|-1|-0.25|0',
  'times.0':
    '1|2026-11-22|838:59:59.000000|-00:00:01|2026-11-22 13:14:15.123456|1000-01-01 00:00:00|2026-11-22 13:14:15.500000|2026',
  's_bin.1': '2|Straße é|日本',
  's_bin.3': '4|a |',
  'common.0': 'key|-1|1.500|2026-01-02 03:04:05|7',
  'common.1': '|0|-1.500|2000-01-01 00:00:00|null',
  'common_ci.0': 'KeY|7',
};

for (const golden of vectors.tables) {
  const table = testTable(golden.ddl, { id: golden.tableId, indexIds: golden.indexIds });
  const known = table.columns.every((column) => collationNamed(column.type.collation) !== undefined);
  test(`golden ${golden.table}: rows`, () => {
    const decoder = new RowDecoder(table, table.columns);
    const encoder = new TableEncoder(table);
    golden.rows.forEach((row, i) => {
      const key = bytesOf(row.key);
      const value = row.value !== undefined ? bytesOf(row.value) : bigValue(row.valueHead!, row.valueSizeBytes!);
      const datums: Datum[] = [];
      decoder.decodeEntry(key, 0, key.length, value, 0, value.length, datums);
      const expected = EXPECTED[`${golden.table}.${i}`];
      if (expected !== undefined)
        assert.equal(datums.map((datum, at) => textOf(datum, table.columns[at]!.type)).join('|'), expected);
      const parts = decodeTableKey(key);
      assert(parts?.kind === 'row');
      assert.equal(parts.tableId, table.id);
      const again: Datum[] = [];
      decoder.decode(value, 0, value.length, parts.handle, again);
      assert.deepEqual(again, datums);
      assert.equal(hexOf(encoder.rowValue(datums)), hexOf(value));
      if (known) assert.equal(hexOf(encoder.rowKey(encoder.handleOf(datums) ?? (row.handle as number))), row.key);
    });
  });

  for (const index of table.indexes) {
    const entries = golden.rows.filter((row) => index.name in row.indexes);
    if (entries.length === 0) continue;
    test(`golden ${golden.table}: index ${index.name}`, () => {
      const rows = new RowDecoder(table, table.columns);
      const encoder = new IndexEncoder(table, index);
      const whole = index.columns.filter((part) => part.prefixLength < 0).map((part) => table.columns[part.offset]!);
      const decoder = new IndexDecoder(table, index, whole);
      for (const row of entries) {
        const entry = row.indexes[index.name]!;
        const rowKey = bytesOf(row.key);
        const rowValue = bytesOf(row.value!);
        const datums: Datum[] = [];
        rows.decodeEntry(rowKey, 0, rowKey.length, rowValue, 0, rowValue.length, datums);
        for (const [name, text] of Object.entries(entry.columns)) {
          const part = index.columns.find((one) => one.name === name)!;
          const type = table.columns[part.offset]!.type;
          if (part.prefixLength < 0 && type.decimals === 0 && type.code !== TypeCode.DOUBLE)
            assert.equal(textOf(datums[part.offset]!, type), text);
        }
        const parts = decodeTableKey(rowKey);
        assert(parts?.kind === 'row');
        const handle: Handle = parts.handle;
        if (known) {
          const made = encoder.entry(datums, handle);
          assert.equal(hexOf(made.key), entry.key);
          assert.equal(hexOf(made.value), entry.value);
        } else {
          // utf8mb4_unicode_ci (UCA 4.0) has no weights here: its tables are refused, its entries can still be read.
          assert.throws(() => encoder.entry(datums, handle), /collation/);
          assert.equal(hexOf(encoder.value(datums, handle, index.unique)), entry.value);
        }
        const key = bytesOf(entry.key);
        const value = bytesOf(entry.value);
        const covered: Datum[] = [];
        decoder.decodeEntry(key, 0, key.length, value, 0, value.length, covered);
        assert.deepEqual(
          covered,
          whole.map((column) => datums[column.offset]),
        );
        assert.deepEqual(decoder.handle(key, 0, key.length, value, 0, value.length), handle);
      }
    });
  }
}

/** `repeat('a', 70000)` is kept as its first bytes and its size. */
function bigValue(head: string, size: number): Uint8Array {
  const value = new Uint8Array(size).fill(0x61);
  value.set(bytesOf(head));
  return value;
}

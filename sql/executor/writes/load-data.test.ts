import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../../../base/error.ts';
import type { Row } from '../../../base/value/datum.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { checkTable } from '../check-table.ts';
import { loadData, type LoadPlan, type WriteResult } from '../index.ts';
import { call, column, constant, tableScan, testDatabase, type TestContext } from '../testing.ts';
import { DelimitedReader, FieldKind, type FileFormat } from './delimited-reader.ts';

const TABS: FileFormat = {
  fieldsTerminatedBy: '\t',
  enclosedBy: '',
  escapedBy: '\\',
  linesTerminatedBy: '\n',
  linesStartingBy: '',
};
const CSV: FileFormat = { ...TABS, fieldsTerminatedBy: ',', enclosedBy: '"' };

/** All rows of a text, fed in chunks of the given size. */
function read(text: string, format: FileFormat, ignoreLines = 0, size = text.length): (string | null)[][] {
  const reader = new DelimitedReader(format, ignoreLines);
  const bytes = Buffer.from(text);
  const rows: (string | null)[][] = [];
  const take = (): void => {
    while (reader.next()) {
      const row: (string | null)[] = [];
      for (let i = 0; i < reader.count; i++) {
        if (reader.kinds[i] === FieldKind.NULL) row.push(null);
        else if (reader.kinds[i] === FieldKind.ESCAPED) row.push(reader.unescape(i).toString());
        else row.push(reader.bytes.toString('utf8', reader.starts[i]!, reader.ends[i]!));
      }
      rows.push(row);
    }
  };
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) {
    reader.push(bytes.subarray(at, at + Math.max(1, size)));
    take();
  }
  reader.end();
  take();
  return rows;
}

test('fields and lines by the rules of LOAD DATA, however the chunks are cut', () => {
  const cases: [string, FileFormat, number, (string | null)[][]][] = [
    [
      '1\ta\n2\tb\n',
      TABS,
      0,
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
    ],
    [
      '1\t\\N\n2\t\\\\N\n3\ta\\tb\\\nc',
      TABS,
      0,
      [
        ['1', null],
        ['2', '\\N'],
        ['3', 'a\tb\nc'],
      ],
    ],
    [
      '"a,b","say ""hi""",3\n"x\ny",NULL,"NULL"\n',
      CSV,
      0,
      [
        ['a,b', 'say "hi"', '3'],
        ['x\ny', null, 'NULL'],
      ],
    ],
    ['head\n"1",2\n', CSV, 1, [['1', '2']]],
    [
      '1|2|\n3|4|\n',
      { ...TABS, fieldsTerminatedBy: '|', linesTerminatedBy: '|\n' },
      0,
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['1|2|\n', { ...TABS, fieldsTerminatedBy: '|' }, 0, [['1', '2', '']]],
    ['a\r\nb\r\n', { ...TABS, linesTerminatedBy: '\r\n' }, 0, [['a'], ['b']]],
    [
      'junk>>1\t2\n>>3\t4\nnothing\n',
      { ...TABS, linesStartingBy: '>>' },
      0,
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['"a" "b",c\n', CSV, 0, [['a" "b', 'c']]],
    ['\n\n', TABS, 0, [[''], ['']]],
    ['', TABS, 0, []],
  ];
  for (const [text, format, skip, expected] of cases) {
    for (const size of [1, 2, 3, 1000])
      assert.deepEqual(read(text, format, skip, size), expected, JSON.stringify([text, size]));
  }
  assert.throws(() => new DelimitedReader({ ...TABS, fieldsTerminatedBy: '' }, 0), SqlError);
});

async function load(
  table: TableInfo,
  text: string,
  more: Partial<LoadPlan> = {},
): Promise<{ result: WriteResult; rows: Row[]; context: TestContext }> {
  const db = await testDatabase([table]);
  const transaction = await db.kv.begin({ pessimistic: false });
  const context = db.context({ reader: transaction, transaction });
  const loadPlan: LoadPlan = {
    kind: 'load', database: 'test', table, local: true, duplicates: 'error', charset: 'utf8mb4', format: TABS, ignoreLines: 0,
    fields: table.columns.map((one) => ({ kind: 'column', offset: one.offset })), assignments: [], ...more,
  }; // prettier-ignore
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
  const result = await loadData(loadPlan, chunks(), context);
  await transaction.commit();
  const reader = db.kv.snapshot(await db.kv.timestamp());
  await checkTable(table, db.context({ reader }));
  return { result, rows: await db.query(tableScan(table)), context };
}

const items = testTable(
  'create table items (id bigint primary key, name varchar(10), price decimal(8,2), day date, key by_name (name))',
);
const text = (rows: Row[]): unknown[][] =>
  rows.map((row) => row.map((value) => (typeof value === 'object' && value !== null ? value.toString() : value)));

test('rows arrive, with entries, and the info line counts', async () => {
  const { result, rows } = await load(items, '1\tnut\t1.5\t2024-01-31\n2\tbölt\t-20\t2024-02-29\n3\t\\N\t\\N\t\\N\n');
  assert.equal(result.info, 'Records: 3  Deleted: 0  Skipped: 0  Warnings: 0');
  const stored = [
    [1, 'nut', '1.50', '2024-01-31 00:00:00'],
    [2, 'bölt', '-20.00', '2024-02-29 00:00:00'],
    [3, null, null, null],
  ];
  assert.deepEqual(text(rows), stored);
});

test('LOCAL adjusts and warns, leaves duplicates out; too few and too many fields are told', async () => {
  const { result, rows, context } = await load(
    items,
    '1\tfar too long a name\tx\t2024-01-31\n1\tagain\t1\t2024-01-01\n2\tshort\n3\tmore\t1\t2024-01-01\textra\n',
  );
  assert.equal(rows.length, 3);
  assert.match(result.info, /^Records: 4 {2}Deleted: 0 {2}Skipped: 1 {2}Warnings: \d+$/);
  const numbers = context.warnings.map((warning) => warning.errno);
  for (const errno of [1265, 1366, 1062, 1261, 1262]) assert(numbers.includes(errno), `${errno} in ${numbers}`);
});

test('without LOCAL a bad value ends the statement', async () => {
  await assert.rejects(
    load(items, 'x\ta\t1\t2024-01-01\n', { local: false }),
    (error: SqlError) => error.errno === 1366,
  );
  await assert.rejects(load(items, '1\ta\n', { local: false }), (error: SqlError) => error.errno === 1261);
  await assert.rejects(
    load(items, '1\ta\t1\t2024-01-01\n1\tb\t1\t2024-01-01\n', { local: false }),
    (error: SqlError) => error.errno === 1062,
  );
});

test('REPLACE, a column list, user variables and SET', async () => {
  const { result, rows } = await load(items, '1\ta\n2\tb\n1\tc\n', {
    duplicates: 'replace',
    fields: [{ kind: 'column', offset: 0 }, { kind: 'variable', name: 'n' }],
    assignments: [{ columnOffset: 1, value: constant('set') }, { columnOffset: 2, value: call('plus', column(0), constant(1)) }],
  }); // prettier-ignore
  assert.equal(result.info, 'Records: 3  Deleted: 1  Skipped: 0  Warnings: 0');
  assert.deepEqual(text(rows), [
    [1, 'set', '2.00', null],
    [2, 'set', '3.00', null],
  ]);
});

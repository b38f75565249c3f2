import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SqlError } from '../../../base/error.ts';
import type { Row } from '../../../base/value/datum.ts';
import { tableInterval } from '../../../proto/encoding/keys.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { checkTable } from '../check-table.ts';
import { loadData, type LoadPlan, type WriteResult } from '../index.ts';
import { call, column, constant, tableScan, testDatabase, type TestContext, type TestDatabase } from '../testing.ts';
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

function notNull(table: TableInfo, ...names: string[]): TableInfo {
  const columns = table.columns.map((one) =>
    names.includes(one.name) ? { ...one, type: { ...one.type, notNull: true } } : one,
  );
  return { ...table, columns };
}

const kinds = notNull(
  testTable(
    'create table kinds (a int, b bigint unsigned, c decimal(12,2), d decimal(20,4), e date, f datetime, g varchar(6), h char(5), i tinyint, j double, k varchar(40), primary key (b, g) clustered, unique key by_c (c), key by_e (e, h))',
  ),
  'b', 'd', 'g',
); // prettier-ignore
const plain = notNull(
  testTable(
    'create table plain (n int primary key, s varchar(12), p decimal(9,3) unsigned, w date, t char(3), u smallint unsigned)',
  ),
  'n', 's', 'w',
); // prettier-ignore

/** Bytes, warnings, answer or error of a load. */
async function outcome(table: TableInfo, fileText: Buffer, plan: Partial<LoadPlan>, copies: boolean): Promise<unknown> {
  const db = await testDatabase();
  const transaction = await db.kv.begin({ pessimistic: false });
  const context = db.context({ reader: transaction, transaction });
  const loadPlan: LoadPlan = {
    kind: 'load', database: 'test', table, local: true, duplicates: 'error', charset: 'utf8mb4', format: CSV,
    ignoreLines: 0, fields: table.columns.map((one) => ({ kind: 'column', offset: one.offset })), assignments: [], ...plan,
  }; // prettier-ignore
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < fileText.length; at += 97) yield fileText.subarray(at, at + 97);
  }
  let answer: unknown;
  try {
    answer = await loadData(loadPlan, chunks(), context, copies);
    await transaction.commit();
  } catch (error) {
    // Which of several bad rows is told depends on how many are stored together.
    assert(error instanceof SqlError, String(error));
    return { answer: 'refused', pairs: await storedPairs(db, table), warnings: [] };
  }
  const warnings = context.warnings.map(({ level, errno, message }) => `${level} ${errno} ${message}`).sort();
  return { answer, pairs: await storedPairs(db, table), warnings };
}

async function storedPairs(db: TestDatabase, table: TableInfo): Promise<string[]> {
  const pairs: string[] = [];
  const scanner = db.kv.snapshot(await db.kv.timestamp()).scan(tableInterval(table.id));
  for (;;) {
    const batch = await scanner.next(100);
    if (batch === undefined) break;
    for (let i = 0; i < batch.count; i++) {
      const key = Buffer.from(batch.keyBytes[i]!).toString('hex', batch.keyStart[i], batch.keyEnd[i]);
      pairs.push(`${key} ${Buffer.from(batch.valueBytes[i]!).toString('hex', batch.valueStart[i], batch.valueEnd[i])}`);
    }
  }
  return pairs;
}

test('rows that are copied are, byte for byte, what the long way writes', async () => {
  // Mostly usual values: one unusual field sends its whole row the long way.
  const mostly = (usual: fc.Arbitrary<string>, ...odd: string[]): fc.Arbitrary<string> =>
    fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(...odd) });
  const number = mostly(
    fc.oneof(fc.integer({ min: 0, max: 90 }).map(String), fc.constantFrom('127', '007', '12', '3')),
    '-1', '-128', '128', '255', '32768', '70000', '-40000', '4294967295', '9007199254740993', '+5', '', '1e3', '2.5', ' 4',
  ); // prettier-ignore
  const decimal = mostly(
    fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 99999 }), fc.integer({ min: 0, max: 99 })).map(([a, b]) => `${a}.${b}`),
      fc.constantFrom('0', '-0.00', '-7.5', '5.', '1.234'),
    ),
    '.5', '-0', '1.23456', '99999999999999.9', '1234567890123456.1234', '--1', '1.2.3', '',
  ); // prettier-ignore
  const day = mostly(
    fc.constantFrom('1996-03-13', '2024-02-29', '9999-12-31', '0001-01-01'),
    '2023-02-29', '0000-00-00', '0000-01-01', '1996-3-1', '2024-01-31 10:11:12', '19960313', 'x', '1996-04-31',
  ); // prettier-ignore
  const text = mostly(
    fc.oneof(fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'B', 'ß', ' ') }), fc.constantFrom('a  ', 'NULL', '漢😀')),
    '\\N', 'far too long for it', '\\t', '\u{feff}x', '"', ',',
  ); // prettier-ignore
  const quoted = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const rare = fc.oneof(
    { weight: 12, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(',9', '!') },
  );
  const kindsRow = fc.tuple(number, number, decimal, decimal, day, day, text, text, number, decimal, text, rare);
  const plainRow = fc.tuple(number, text, decimal, day, text, number, rare);
  const line = (fields: readonly string[]): string => {
    const end = fields.at(-1)!;
    const given = fields.slice(0, end === '!' ? -3 : -1).map(quoted);
    return given.join(',') + (end === '!' ? '' : end);
  };
  let copied = 0;
  const compare = async (table: TableInfo, lines: readonly string[], plan: Partial<LoadPlan>, spoiled: boolean): Promise<void> => {
    const file = Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), Buffer.from(spoiled ? '97,a\xff\xfe,1,2024-01-31,b,1\n' : '', 'latin1')]);
    const [short, long] = [await outcome(table, file, plan, true), await outcome(table, file, plan, false)];
    assert.deepEqual(short, long);
    copied += (short as { pairs: string[] }).pairs.length;
  }; // prettier-ignore
  const nulls = ['1,\\N,1,\\N,\\N,\\N', '2,a,\\N,2024-01-31,b,1', '\\N,b,1,2024-01-31,\\N,2', '4,\\N,1,2024-01-31,b,1'];
  await compare(plain, nulls, {}, true);
  await compare(plain, ['5,a\\tb,1,2024-01-31,b\\\\,1', '6,"a""b",1,2024-01-31,b,1'], {}, false);
  const byText = { fields: [1, 6, 3].map((offset) => ({ kind: 'column' as const, offset })) };
  await compare(kinds, ['5,"a""b",1', '6,\\t,1', '6,a,1', '6,\\a,1'], byText, false);
  const plan = fc.record({
    local: fc.boolean(),
    duplicates: fc.constantFrom('error' as const, 'replace' as const, 'ignore' as const),
  });
  // Without `j`: a file with a double is not copied, and there the two ways are one.
  const withoutDouble = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10].map((offset) => ({ kind: 'column' as const, offset }));
  await fc.assert(
    fc.asyncProperty(fc.array(kindsRow, { maxLength: 12 }), plan, fc.boolean(), async (rows, options, spoiled) => {
      const lines = rows.map((row) => line(row.filter((_, i) => i !== 9)));
      await compare(kinds, lines, { ...options, fields: withoutDouble }, spoiled);
    }),
    { seed: 7, numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(plainRow, { maxLength: 12 }), plan, fc.boolean(), async (rows, options, spoiled) => {
      await compare(plain, rows.map(line), options, spoiled);
    }),
    { seed: 8, numRuns: 60 },
  );
  assert.ok(copied > 600, `${copied} pairs`);
});

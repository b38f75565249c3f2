/** Results in the forms that people and programs read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import type { FieldPacket } from 'mysql2/promise';
import { printRows, resultSets, type Cell } from './print-rows.ts';

const column = (name: string, columnType: number, more: object = {}): FieldPacket =>
  ({ name, columnType, flags: 0, decimals: 0, ...more }) as unknown as FieldPacket;
const COLUMNS = [
  column('id', 3),
  column('big', 8, { flags: 32 }),
  column('price', 246, { decimals: 2 }),
  column('day', 10),
  column('note', 253),
  column('raw', 252),
];
const ROWS: Cell[][] = [
  [1, '18446744073709551615', '-12.30', '2024-02-29', 'a "b",\nc', Buffer.from([0, 255])],
  [null, null, null, null, null, null],
];

test('a table: numbers to the right, NULL, bytes as hex', async () => {
  assert.equal(
    await printRows('table', COLUMNS, ROWS),
    [
      '+------+----------------------+--------+------------+-----------+--------+',
      '| id   | big                  | price  | day        | note      | raw    |',
      '+------+----------------------+--------+------------+-----------+--------+',
      '|    1 | 18446744073709551615 | -12.30 | 2024-02-29 | a "b",\\nc | 0x00FF |',
      '| NULL |                 NULL |   NULL | NULL       | NULL      | NULL   |',
      '+------+----------------------+--------+------------+-----------+--------+',
      '',
    ].join('\n'),
  );
});

test('CSV quotes what it must; NULL is nothing, an empty text is quoted', async () => {
  assert.equal(
    await printRows(
      'csv',
      [column('a', 253), column('b', 253)],
      [
        ['x,"y"', null],
        ['', 'z'],
      ],
    ),
    'a,b\r\n"x,""y""",\r\n"",z\r\n',
  );
});

test('Arrow: exact integers and decimals, days, bytes, NULLs', async () => {
  const table = tableFromIPC((await printRows('arrow', COLUMNS, ROWS)) as Uint8Array);
  assert.deepEqual(
    table.schema.fields.map((field) => String(field.type)),
    ['Int32', 'Uint64', 'Decimal[38e+2]', 'Date32<DAY>', 'Utf8', 'Binary'],
  );
  const [first, second] = table.toArray().map((row) => row!.toArray() as unknown[]);
  assert.equal(first![1], 18446744073709551615n);
  assert.equal(
    BigInt.asIntN(64, BigInt((first![2] as Uint32Array)[0]!) | (BigInt((first![2] as Uint32Array)[1]!) << 32n)),
    -1230n,
  );
  assert.equal(new Date(Number(first![3])).toISOString().slice(0, 10), '2024-02-29');
  assert.deepEqual(second, [null, null, null, null, null, null]);
});

test('one statement, several statements, statements without rows', () => {
  const rows = [[1]];
  const fields = [column('a', 3)];
  assert.deepEqual(resultSets(rows, fields), [{ columns: fields, result: rows }]);
  assert.deepEqual(resultSets({ affectedRows: 1 }, undefined), [{ columns: undefined, result: { affectedRows: 1 } }]);
  assert.deepEqual(
    resultSets([{ affectedRows: 1 }, rows], [undefined, fields]).map((set) => set.columns),
    [undefined, fields],
  );
});

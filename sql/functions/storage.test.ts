/** What columns take: each conversion in strict and in lenient mode, with its number and text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import {
  BIGINT,
  decimalType,
  DOUBLE,
  fieldType,
  JSON_TYPE,
  TypeCode,
  varcharType,
  type FieldType,
} from '../../base/value/field-type.ts';
import { castForStorage, createEvalContext, formatText, SQL_MODE_DEFAULT, typeOfValue } from './index.ts';

const TINY = fieldType(TypeCode.TINY, { length: 4 });
const INT = fieldType(TypeCode.LONG, { length: 11 });
const UINT = fieldType(TypeCode.LONG, { length: 10, unsigned: true });
const DATE = fieldType(TypeCode.DATE, { length: 10 });
const DATETIME = fieldType(TypeCode.DATETIME, { length: 19 });
const TIMESTAMP = fieldType(TypeCode.TIMESTAMP, { length: 19 });
const TIME = fieldType(TypeCode.TIME, { length: 10 });
const YEAR = fieldType(TypeCode.YEAR, { length: 4, unsigned: true });
const CHAR3: FieldType = { ...varcharType(3), code: TypeCode.CHAR };
const BINARY3: FieldType = { ...varcharType(3, 'binary'), code: TypeCode.CHAR };
const TINYTEXT: FieldType = { ...varcharType(255), code: TypeCode.TINY_BLOB };
const ENUM: FieldType = { ...varcharType(5), code: TypeCode.ENUM, elements: ['red', 'green'] };
const SET: FieldType = { ...varcharType(9), code: TypeCode.SET, elements: ['x', 'y', 'z'] };
const BIT4 = fieldType(TypeCode.BIT, { length: 4, unsigned: true });
const FLOAT52 = fieldType(TypeCode.FLOAT, { length: 5, decimals: 2 });

/** Lenient result, and the strict one: text, or the error. */
const CASES: readonly (readonly [value: Datum, column: FieldType, lenient: string | null, strict: string | null])[] = [
  [5, TINY, '5', '5'],
  [200, TINY, '127', "1264 Out of range value for column 'c' at row 2"],
  [-1, UINT, '0', "1264 Out of range value for column 'c' at row 2"],
  ['12', INT, '12', '12'],
  ['12.5', INT, '13', '13'],
  ['1e2', INT, '100', '100'],
  ['12x', INT, '12', "1265 Data truncated for column 'c' at row 2"],
  ['x', INT, '0', "1366 Incorrect integer value: 'x' for column 'c' at row 2"],
  ['', INT, '0', "1366 Incorrect integer value: '' for column 'c' at row 2"],
  [2.5, INT, '2', '2'],
  [Decimal.parse('2.5'), INT, '3', '3'],
  [18446744073709551615n, BIGINT, '9223372036854775807', "1264 Out of range value for column 'c' at row 2"],
  ['1.239', decimalType(5, 2), '1.24', '1.24'],
  ['1234', decimalType(5, 2), '999.99', "1264 Out of range value for column 'c' at row 2"],
  ['1x', decimalType(5, 2), '1.00', "1265 Data truncated for column 'c' at row 2"],
  ['x', decimalType(5, 2), '0.00', "1366 Incorrect decimal value: 'x' for column 'c' at row 2"],
  ['1e3', DOUBLE, '1000', '1000'],
  ['1.5x', DOUBLE, '1.5', "1265 Data truncated for column 'c' at row 2"],
  ['12345', FLOAT52, '999.99', "1264 Out of range value for column 'c' at row 2"],
  ['abc', CHAR3, 'abc', 'abc'],
  ['abcd', CHAR3, 'abc', "1406 Data too long for column 'c' at row 2"],
  ['abc   ', CHAR3, 'abc', 'abc'],
  ['a  ', CHAR3, 'a', 'a'],
  ['日本語x', CHAR3, '日本語', "1406 Data too long for column 'c' at row 2"],
  ['é'.repeat(130), TINYTEXT, 'é'.repeat(127), "1406 Data too long for column 'c' at row 2"],
  [12, CHAR3, '12', '12'],
  ['ab', BINARY3, 'ab\u0000', 'ab\u0000'],
  [Buffer.from('ff', 'hex'), CHAR3, '', "1366 Incorrect string value: '\\xFF' for column 'c' at row 2"],
  ['RED', ENUM, 'red', 'red'],
  [2, ENUM, 'green', 'green'],
  ['blue', ENUM, '', "1265 Data truncated for column 'c' at row 2"],
  ['z,X', SET, 'x,z', 'x,z'],
  [5, SET, 'x,z', 'x,z'],
  ['q', SET, '', "1265 Data truncated for column 'c' at row 2"],
  [15, BIT4, '15', '15'],
  [16, BIT4, '15', "1264 Out of range value for column 'c' at row 2"],
  ['2024-02-29', DATE, '2024-02-29', '2024-02-29'],
  ['2024-02-30', DATE, '0000-00-00', "1292 Incorrect date value: '2024-02-30' for column 'c' at row 2"],
  ['0000-00-00', DATE, '0000-00-00', "1292 Incorrect date value: '0000-00-00' for column 'c' at row 2"],
  ['2024-00-10', DATE, '0000-00-00', "1292 Incorrect date value: '2024-00-10' for column 'c' at row 2"],
  ['2024-02-29 10:00:00.6', DATETIME, '2024-02-29 10:00:01', '2024-02-29 10:00:01'],
  ['2024-02-29 10:00:00+01:00', DATETIME, '2024-02-29 09:00:00', '2024-02-29 09:00:00'],
  [20240229101112, DATETIME, '2024-02-29 10:11:12', '2024-02-29 10:11:12'],
  [
    '1969-01-01',
    TIMESTAMP,
    '0000-00-00 00:00:00',
    "1292 Incorrect datetime value: '1969-01-01' for column 'c' at row 2",
  ],
  [
    '2038-01-19 03:14:08',
    TIMESTAMP,
    '0000-00-00 00:00:00',
    "1292 Incorrect datetime value: '2038-01-19 03:14:08' for column 'c' at row 2",
  ],
  [DateTime.of(2024, 1, 2, 3, 4, 5), TIME, '03:04:05', '03:04:05'],
  ['10:11', TIME, '10:11:00', '10:11:00'],
  ['x', TIME, '00:00:00', "1292 Incorrect time value: 'x' for column 'c' at row 2"],
  ['900:00:00', TIME, '838:59:59', "1264 Out of range value for column 'c' at row 2"],
  [99, YEAR, '1999', '1999'],
  ['0', YEAR, '2000', '2000'],
  [1800, YEAR, '0000', "1264 Out of range value for column 'c' at row 2"],
  ['[1,2]', JSON_TYPE, '[1, 2]', '[1, 2]'],
  [
    '[1',
    JSON_TYPE,
    'error',
    '3140 Invalid JSON text: "Missing a comma or ] after an array element." at position 2 in value for column \'c\'.',
  ],
  [null, INT, null, null],
  [null, { ...INT, notNull: true }, '0', "1048 Column 'c' cannot be null"],
];

test('values into columns, strict and lenient', () => {
  for (const [value, column, lenient, strict] of CASES) {
    const from = typeOfValue(value);
    for (const isStrict of [false, true]) {
      const mode = isStrict ? SQL_MODE_DEFAULT : { ...SQL_MODE_DEFAULT, strict: false };
      const context = createEvalContext({ strictWrite: isStrict, sqlMode: mode });
      let shown: string | null;
      try {
        const stored = castForStorage(value, from, column, context, { column: 'c', row: 2 });
        const text = formatText(stored, column);
        shown = text instanceof Uint8Array ? Buffer.from(text).toString('latin1') : text;
        if (!isStrict && strict !== lenient)
          assert(context.warnings.length > 0, `${String(value)} was changed in silence`);
      } catch (error) {
        const { errno, message } = error as { errno?: number; message: string };
        if (errno === undefined) throw error;
        shown = isStrict ? `${errno} ${message}` : 'error';
      }
      assert.deepEqual([value, isStrict, shown], [value, isStrict, isStrict ? strict : lenient]);
    }
  }
});

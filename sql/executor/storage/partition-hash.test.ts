import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldType, TypeCode } from '../../../base/value/field-type.ts';
import { keyColumnOf } from '../../../proto/encoding/key-datum.ts';
import { UTC } from '../../../proto/encoding/time-packing.ts';
import { hashKeyColumns, linearPosition } from './partition-hash.ts';

test('integers lie where a server of MySQL has them', () => {
  // PARTITION BY KEY (a) PARTITIONS 7, as such a server spread them.
  const there: Readonly<Record<number, readonly number[]>> = {
    0: [32, 8224],
    1: [0, 538976288],
    2: [-34, -2],
    3: [222, 254],
    4: [],
    5: [65, 66, 97, 98, 192, 224, 255],
    6: [90, 122, 223],
  };
  const column = { offset: 0, ...keyColumnOf(fieldType(TypeCode.LONG)) };
  for (const [position, values] of Object.entries(there))
    for (const value of values) assert.equal(hashKeyColumns([column], [value], UTC) % 7, Number(position), `${value}`);
});

test('equal texts are hashed alike', () => {
  const type = fieldType(TypeCode.VARCHAR, { length: 10, charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' });
  const column = { offset: 0, ...keyColumnOf(type) };
  const hash = (text: string): number => hashKeyColumns([column], [text], UTC);
  assert.equal(hash('Ärger'), hash('arger'));
  assert.notEqual(hash('a'), hash('b'));
});

test('LINEAR takes low bits, one less where they name no partition', () => {
  assert.deepEqual(
    [0, 5, 6, 7, 8, -1, 2n ** 40n + 3n].map((value) => linearPosition(value, 6)),
    [0, 5, 2, 3, 0, 3, 3],
  );
  assert.equal(linearPosition(77, 1), 0);
});

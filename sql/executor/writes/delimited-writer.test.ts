/** What the writer writes the reader reads back, whatever the separators; and a few lines as MySQL writes them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../base/random.ts';
import type { Datum } from '../../../base/value/datum.ts';
import { fieldType, TypeCode, varcharType } from '../../../base/value/field-type.ts';
import { DelimitedReader, FieldKind } from './delimited-reader.ts';
import { DelimitedWriter, type WrittenFormat } from './delimited-writer.ts';

const PLAIN: WrittenFormat = { fieldsTerminatedBy: '\t', enclosedBy: '', escapedBy: '\\', linesStartingBy: '', linesTerminatedBy: '\n', optionally: false }; // prettier-ignore
const TEXT = varcharType(100);
const NUMBER = fieldType(TypeCode.LONG);

function written(
  row: Datum[],
  format: Partial<WrittenFormat>,
  types = row.map((value) => (typeof value === 'number' ? NUMBER : TEXT)),
): string {
  // prettier-ignore
  const writer = new DelimitedWriter(types, { ...PLAIN, ...format }, undefined);
  writer.add(row);
  return Buffer.from(writer.take()).toString();
}

test('lines as MySQL writes them', () => {
  assert.equal(written([1, 'a\tb', null, 'c\\d\ne\0f'], {}), '1\ta\\\tb\t\\N\tc\\\\d\\\ne\\0f\n');
  const csv = { fieldsTerminatedBy: ',', enclosedBy: '"', linesTerminatedBy: '\r\n' };
  assert.equal(written([1, 'say "x", \r', null], csv), '"1","say \\"x\\", \\\r",\\N\r\n');
  assert.equal(written([1, 'a,b', null], { ...csv, optionally: true }), '1,"a,b",\\N\r\n');
  assert.equal(written([1, 'say "x"\\', null], { ...csv, escapedBy: '' }), '"1","say "x"\\",NULL\r\n');
  assert.equal(written(['a', 'b'], { linesStartingBy: '> ', fieldsTerminatedBy: ' | ' }), '> a | b\n');
  assert.equal(written(['nn', 'b'], { fieldsTerminatedBy: '', enclosedBy: 'n' }), 'nnnnnnnbn\n');
});

test('a separator that may be part of a field is warned of', () => {
  const ambiguous = (types: (typeof TEXT)[], format: Partial<WrittenFormat>): boolean =>
    new DelimitedWriter(types, { ...PLAIN, ...format }, undefined).isAmbiguous;
  assert.equal(ambiguous([TEXT], { fieldsTerminatedBy: 'n' }), true);
  assert.equal(ambiguous([TEXT], { fieldsTerminatedBy: 'n', enclosedBy: '"' }), false);
  assert.equal(ambiguous([NUMBER], { fieldsTerminatedBy: 'n' }), false);
  assert.equal(ambiguous([NUMBER], { fieldsTerminatedBy: '.', enclosedBy: '"', optionally: true }), true);
  assert.equal(ambiguous([NUMBER], { fieldsTerminatedBy: '.', enclosedBy: '"' }), false);
});

test('what is not one character, or has no end, is refused', () => {
  assert.throws(() => written(['a'], { enclosedBy: '""' }), { errno: 1083 });
  assert.throws(() => written(['a'], { escapedBy: '\\\\' }), { errno: 1083 });
  assert.throws(() => written(['a'], { fieldsTerminatedBy: '' }), { errno: 1235 });
});

test('random rows come back', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new SeededRandom(seed);
    const one = <T>(of: readonly T[]): T => of[random.below(of.length)]!;
    const format = {
      fieldsTerminatedBy: one(['\t', ',', '||', ';x']), enclosedBy: one(['', '"', "'"]), escapedBy: one(['\\', '^']), optionally: random.below(2) === 0,
      linesTerminatedBy: one(['\n', '\r\n', '|\n']), linesStartingBy: one(['', '> ']),
    }; // prettier-ignore
    const rows = Array.from({ length: 5 }, (): Datum[] => [
      random.below(1000),
      ...Array.from({ length: 2 }, () =>
        random.below(5) === 0 ? null : Array.from({ length: random.below(8) }, () => one([...'ab,;x|"\'\\^\t\n\r\0N é'])).join(''),
      ),
    ]); // prettier-ignore
    const writer = new DelimitedWriter([NUMBER, TEXT, TEXT], { ...PLAIN, ...format }, undefined);
    for (const row of rows) writer.add(row);
    const reader = new DelimitedReader(format, 0);
    const bytes = Buffer.from(writer.take());
    reader.push(bytes);
    reader.end();
    const read: Datum[][] = [];
    while (reader.next()) {
      read.push(
        Array.from({ length: reader.count }, (_, i) => {
          if (reader.kinds[i] === FieldKind.NULL) return null;
          const escaped = reader.kinds[i] === FieldKind.ESCAPED;
          const text = Buffer.from(escaped ? reader.unescape(i) : reader.bytes.subarray(reader.starts[i]!, reader.ends[i]!)).toString(); // prettier-ignore
          return i === 0 ? Number(text) : text;
        }),
      );
    }
    assert.deepEqual(read, rows, `seed ${seed}: ${JSON.stringify(format)} ${JSON.stringify(bytes.toString())}`);
  }
});

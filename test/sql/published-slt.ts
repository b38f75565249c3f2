/**
 * Files of sqllogictest as they are published (the corpus of SQLite), which differ from ours (`slt.ts`): a value a line or, of many, a hash of all; letters
 * that say how a value is printed (I whole, R three digits, T text); labels, under which all answers of a file are the same; `halt` under a condition.
 *
 * A file is read record by record, since some have a hundred thousand.
 */
import { createHash } from 'node:crypto';

export interface PublishedRecord {
  readonly kind: 'statement' | 'query';
  readonly sql: string;
  readonly line: number;
  /** Of a statement: it must fail. */
  readonly fails: boolean;
  /** Of a query: one letter a column. */
  readonly types: string;
  readonly sort: string;
  readonly label: string | undefined;
  /** Values, or the one line `N values hashing to H`. */
  readonly expected: readonly string[];
}

export function* publishedRecords(text: string, names: readonly string[]): Generator<PublishedRecord> {
  const lines = text.split(/\r?\n/);
  let skipped = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [word, first, second, third] = line.trim().split(/\s+/);
    switch (word) {
      case 'skipif':
        skipped ||= names.includes(first!);
        continue;
      case 'onlyif':
        skipped ||= !names.includes(first!);
        continue;
      case 'hash-threshold':
        // When answers are hashed is said by the answers themselves.
        continue;
      case 'halt':
        if (!skipped) return;
        skipped = false;
        continue;
      case 'statement':
      case 'query': {
        const start = i + 1;
        const sql: string[] = [];
        const expected: string[] = [];
        for (i++; i < lines.length && lines[i]!.trim() !== '' && lines[i] !== '----'; i++) sql.push(lines[i]!);
        if (lines[i] === '----') for (i++; i < lines.length && lines[i] !== ''; i++) expected.push(lines[i]!);
        if (!skipped) {
          const isQuery = word === 'query';
          yield {
            kind: word,
            sql: sql.join('\n'),
            line: start,
            fails: !isQuery && first === 'error',
            types: isQuery ? first! : '',
            sort: isQuery ? (second ?? 'nosort') : 'nosort',
            label: third,
            expected,
          };
        }
        skipped = false;
        continue;
      }
      default:
        throw new Error(`line ${i + 1}: ${line} is no record`);
    }
  }
}

/** What an answer looks like in a file: its values, sorted and printed. */
export function publishedValues(
  rows: readonly (readonly (string | null)[])[],
  types: string,
  sort: string,
): readonly string[] {
  const printed = rows.map((row) => row.map((value, i) => publishedValue(value, types[i] ?? 'T')));
  if (sort === 'valuesort') return printed.flat().sort(byBytes);
  if (sort === 'rowsort') printed.sort((a, b) => firstDifference(a, b));
  return printed.flat();
}

export function publishedHash(values: readonly string[]): string {
  const hash = createHash('md5');
  for (const value of values) hash.update(value).update('\n');
  return `${values.length} values hashing to ${hash.digest('hex')}`;
}

/** Whether values are what a file expects of them. */
export function isAsPublished(values: readonly string[], expected: readonly string[]): boolean {
  if (expected.length === 1 && / values hashing to [0-9a-f]{32}$/.test(expected[0]!))
    return publishedHash(values) === expected[0];
  return values.length === expected.length && values.every((value, i) => value === expected[i]);
}

function publishedValue(value: string | null, type: string): string {
  if (value === null) return 'NULL';
  switch (type) {
    case 'I': {
      const number = Number.parseFloat(value);
      // Whole numbers stay as they are, however large; others lose their fraction.
      if (/^-?\d+$/.test(value)) return value === '-0' ? '0' : value;
      return Number.isNaN(number) ? '0' : String(Math.trunc(number) + 0);
    }
    case 'R':
      return Number(value).toFixed(3);
    default:
      // eslint-disable-next-line no-control-regex
      return value === '' ? '(empty)' : value.replace(/[^\u0020-\u007e]/g, '@');
  }
}

function firstDifference(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = byBytes(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * SQL as test files, in the format of sqllogictest, with MySQL's error numbers:
 *
 *     statement ok                      must succeed
 *     statement ok 3                    … and change three rows
 *     statement error 1062              must fail with that number
 *     query IT rowsort                  one letter a column (any letter: I number, T text, R real), how rows are ordered before comparing
 *     SELECT …
 *     ----
 *     1  one                            values parted by two blanks or more, or one a line
 *
 * NULL prints as NULL, an empty text as (empty), bytes as 0x…. Sort modes: nosort (default), rowsort, valuesort. `skipif name` and
 * `onlyif name` in front of a record choose by the names of the run (`simulated`: time stands still while the server works); `connection b` runs the next record on a second session,
 * `connection b@mary` on a session of the account mary (`b@mary:secret` with her password); a login that is refused is the record's failure.
 */
import assert from 'node:assert/strict';

export type SltRecord =
  | {
      readonly kind: 'statement';
      readonly sql: string;
      readonly line: number;
      readonly connection: string;
      readonly error: number | undefined;
      readonly affected: number | undefined;
    }
  | {
      readonly kind: 'query';
      readonly sql: string;
      readonly line: number;
      readonly connection: string;
      readonly sort: string;
      readonly expected: readonly string[];
    };

/** One session of the server under test. */
export interface SltSession {
  /** Rows of values as text, or what was changed; a refusal fails with an object that has a positive `errno`. */
  run(sql: string): Promise<{
    readonly rows: readonly (readonly (string | Uint8Array | null)[])[] | undefined;
    readonly affectedRows: number;
  }>;
}

export function parseSlt(text: string, names: readonly string[] = ['rutile']): readonly SltRecord[] {
  const records: SltRecord[] = [];
  const lines = text.split('\n');
  let connection = 'a';
  let skipped = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const words = line.split(/\s+/);
    const start = i + 1;
    switch (words[0]) {
      case 'skipif':
        skipped ||= names.includes(words[1]!);
        continue;
      case 'onlyif':
        skipped ||= !names.includes(words[1]!);
        continue;
      case 'connection':
        connection = words[1]!;
        continue;
      case 'halt':
        return records;
      case 'statement':
      case 'query': {
        const sql: string[] = [];
        const expected: string[] = [];
        for (i++; i < lines.length && lines[i]!.trim() !== '' && lines[i] !== '----'; i++) sql.push(lines[i]!);
        if (lines[i] === '----')
          for (i++; i < lines.length && lines[i]!.trim() !== ''; i++) expected.push(lines[i]!.trimEnd());
        const common = { sql: sql.join('\n'), line: start, connection };
        if (!skipped) {
          if (words[0] === 'query') records.push({ kind: 'query', ...common, sort: words[2] ?? 'nosort', expected });
          else {
            const known = words[1] === 'ok' || words[1] === 'error';
            assert(known, `line ${start}: statement ok or statement error N`);
            const number = words[2] === undefined ? undefined : Number(words[2]);
            records.push({
              kind: 'statement',
              ...common,
              error: words[1] === 'error' ? (number ?? 0) : undefined,
              affected: words[1] === 'ok' ? number : undefined,
            });
          }
        }
        connection = 'a';
        skipped = false;
        continue;
      }
      default:
        throw new Error(`line ${start}: ${line} is no record`);
    }
  }
  return records;
}

/** Runs all records; throws at the first difference, naming file and line. `limit` sees to it that no answer is waited for for ever. */
export async function runSlt(
  name: string,
  records: readonly SltRecord[],
  session: (connection: string) => Promise<SltSession>,
  limit: <T>(answer: Promise<T>, place: string) => Promise<T> = within,
): Promise<void> {
  for (const record of records) {
    const place = `${name}:${record.line}\n${record.sql}`;
    let outcome: Awaited<ReturnType<SltSession['run']>> | undefined;
    let failure: { errno?: number; message?: string } | undefined;
    try {
      const on = await session(record.connection);
      outcome = await limit(on.run(record.sql), place);
    } catch (error) {
      failure = error as { errno?: number; message?: string };
      // A refusal has a number. Anything else (a lost connection, no answer) says that the server is in trouble, whatever was expected.
      if (typeof failure.errno !== 'number' || failure.errno <= 0)
        throw new Error(`${place}\n${failure.message}`, { cause: error });
    }
    if (record.kind === 'statement') {
      if (record.error === undefined) {
        assert.equal(failure, undefined, `${place}\nfailed: ${failure?.errno} ${failure?.message}`);
        if (record.affected !== undefined)
          assert.equal(outcome?.affectedRows, record.affected, `${place}\nchanged another number of rows`);
      } else {
        assert(failure !== undefined, `${place}\nsucceeded, error ${record.error} was expected`);
        if (record.error !== 0)
          assert.equal(failure.errno, record.error, `${place}\n${failure.errno} ${failure.message}`);
      }
      continue;
    }
    assert.equal(failure, undefined, `${place}\nfailed: ${failure?.errno} ${failure?.message}`);
    assert(outcome?.rows !== undefined, `${place}\ngave no rows`);
    const actual = printed(outcome.rows, record.sort);
    const expected = wanted(record.expected, outcome.rows[0]?.length ?? 1, record.sort);
    assert.deepEqual(actual, expected, place);
  }
}

/** No record needs longer on a busy machine; a server that hangs is named with the statement it hangs in. */
const ANSWER_MS_MAX = 60_000;

async function within<T>(answer: Promise<T>, place: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS_MAX / 1000} s\n${place}`)), ANSWER_MS_MAX);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function printed(rows: readonly (readonly (string | Uint8Array | null)[])[], sort: string): readonly string[] {
  const texts = rows.map((row) => row.map(printValue));
  if (sort === 'valuesort') return texts.flat().sort();
  const lines = texts.map((row) => row.join('  '));
  return sort === 'rowsort' ? lines.sort() : lines;
}

/** Expected lines hold a row each, or, when they do not have enough columns, a value each. */
function wanted(lines: readonly string[], columns: number, sort: string): readonly string[] {
  if (sort === 'valuesort') return lines.flatMap((line) => line.split(/ {2,}/)).sort();
  let rows: string[];
  if (columns > 1 && lines.length > 0 && !lines[0]!.includes('  ')) {
    rows = [];
    for (let i = 0; i < lines.length; i += columns) rows.push(lines.slice(i, i + columns).join('  '));
  } else rows = lines.map((line) => line.split(/ {2,}/).join('  '));
  return sort === 'rowsort' ? rows.sort() : rows;
}

function printValue(value: string | Uint8Array | null): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return `0x${Buffer.from(value).toString('hex')}`;
  return value === '' ? '(empty)' : value;
}

/**
 * When two answers are the same. Both were asked for the same rows by different ways; what may differ by right is let pass, and nothing else:
 *
 * - the order of rows, unless the query says it; the last digits of floating numbers;
 * - which of several texts that a collation holds for equal stands for all of them (so text is compared without case and accents);
 * - a refusal that depends on which rows are looked at, and in what order (a number out of range, a text that is no number), on one side only.
 *
 * An internal error is never right.
 */
import type { Answer } from './memory-server.ts';

/** Numbers of refusals that depend on the rows a plan looks at, or (1235) on the plan. */
const ROW_ERRORS = new Set([1235, 1242, 1264, 1292, 1365, 1366, 1411, 1441, 1525, 1690, 3140, 1406, 1048, 8175]);

type Row = readonly (string | null)[];

/** What is wrong; `undefined`: nothing, or nothing that could be told. */
export function difference(a: Answer, b: Answer, ordered = false): string | undefined {
  for (const answer of [a, b]) if (answer.internal || answer.errno === 1105) return `internal error: ${answer.message}`;
  if (a.errno !== undefined || b.errno !== undefined) {
    if (a.errno !== undefined && b.errno !== undefined) return undefined;
    if (ROW_ERRORS.has(a.errno ?? b.errno!)) return undefined;
    return `${outcome(a)} against ${outcome(b)}`;
  }
  if (a.rows === undefined || b.rows === undefined)
    return a.affected === b.affected ? undefined : `${a.affected} changed against ${b.affected}`;
  const approximate = (a.approximate ?? []).map((one, i) => one || b.approximate?.[i] === true);
  return rowDifference(a.rows, b.rows, approximate, ordered);
}

/** Of two different statements: one may be refused for what only it says. */
export function differenceOfRows(a: Answer, b: Answer, ordered = false): string | undefined {
  const refused = [a, b].find(({ errno, internal }) => errno !== undefined && errno !== 1105 && internal !== true);
  return refused === undefined ? difference(a, b, ordered) : undefined;
}

export function rowDifference(
  a: readonly Row[],
  b: readonly Row[],
  approximate: readonly boolean[],
  ordered: boolean,
): string | undefined {
  const [mine, other] = [arranged(a, approximate, ordered), arranged(b, approximate, ordered)];
  if (mine.length === other.length && mine.every((row, i) => sameRow(row, other[i]!, approximate))) return undefined;
  const [onlyA, onlyB] = [without(mine, other), without(other, mine)];
  if (onlyA.length + onlyB.length === 0) return `the same ${a.length} rows in another order`;
  return `${a.length} rows against ${b.length}; only in the first: ${shown(onlyA)}; only in the second: ${shown(onlyB)}`;
}

/** Rows of `a`, each once, without case. */
export function distinctRows(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row.map((value) => (value === null ? null : fold(value))), []);
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
} // prettier-ignore

export function hasRow(rows: readonly Row[], wanted: Row, approximate: readonly boolean[]): boolean {
  const folded = arranged([wanted], approximate, true)[0]!;
  return arranged(rows, approximate, true).some((row) => sameRow(row, folded, approximate));
}

function outcome(answer: Answer): string {
  if (answer.errno !== undefined) return `${answer.errno} ${answer.message}`;
  return answer.rows === undefined ? `${answer.affected} changed` : `${answer.rows.length} rows`;
}

function arranged(rows: readonly Row[], approximate: readonly boolean[], ordered: boolean): Row[] {
  const folded = rows.map((row) => row.map((value, i) => (value === null || approximate[i] ? value : fold(value))));
  if (ordered) return folded;
  const keyed = folded.map((row) => [keyOf(row, approximate), row] as const);
  return keyed.sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)).map(([, row]) => row);
}

function keyOf(row: Row, approximate: readonly boolean[]): string {
  return row.map((value, i) => value === null ? '\u0001' : approximate[i] ? (Number(value) + 0).toPrecision(9) : value).join('\u0000'); // prettier-ignore
}

function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row.join('\u0000'), (counts.get(row.join('\u0000')) ?? 0) + 1);
  return rows.filter((row) => {
    const key = row.join('\u0000');
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

function shown(rows: readonly Row[]): string {
  if (rows.length === 0) return 'nothing';
  const lines = rows.slice(0, 3).map((row) => `(${row.map((value) => value ?? 'NULL').join(', ')})`);
  return lines.join(' ') + (rows.length > 3 ? ` and ${rows.length - 3} more` : '');
}

function fold(value: string): string {
  // Numbers that are the same but for zeros at their end come from expressions of other types.
  if (/^-?\d+\.\d+$/.test(value)) return value.replace(/\.?0+$/, '').replace(/^-0$/, '0');
  if (/:\d\d\.\d+$/.test(value)) return value.replace(/\.?0+$/, '');
  return value.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toUpperCase(); // prettier-ignore
}

function sameRow(a: Row, b: Row, approximate: readonly boolean[]): boolean {
  return a.length === b.length && a.every((value, i) => sameValue(value, b[i]!, approximate[i] === true));
}

function sameValue(a: string | null, b: string | null, approximate: boolean): boolean {
  if (a === b) return true;
  if (a === null || b === null || !approximate) return false;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
}

/**
 * docs/functions.md, made from a run: every call of `calls.ts` asked of MariaDB and of Rutile, and what Rutile says of a column's value
 * through each of its own ways to compute it: rows, columns, and the binary protocol.
 */
import type { Answer, Answers } from './answers.ts';
import { allCalls, CLASSES, FAMILIES, type Call } from './calls.ts';
import { DIFFERENCES } from './differences.ts';

/** What is asked: MariaDB; Rutile's row engine; Rutile with the column engine where it can. */
export interface Askers {
  readonly theirs: Answers;
  readonly rows: Answers;
  readonly columns: Answers;
}

interface Tally {
  calls: number;
  same: number;
  readonly reasons: Map<string, number>;
}

export interface Comparison {
  readonly tallies: ReadonlyMap<string, Tally>;
  /** Calls on which Rutile does not agree with itself. */
  readonly inconsistent: readonly string[];
  readonly unused: readonly string[];
  readonly open: readonly string[];
}

export async function compareAll(askers: Askers): Promise<Comparison> {
  const tallies = new Map<string, Tally>();
  const inconsistent: string[] = [];
  const open: string[] = [];
  const used = new Set<string>();
  for (const call of allCalls()) {
    const from = call.form === 'column' ? ' from t' : ' from o';
    const [theirs, ours, byColumns] = await Promise.all([
      askers.theirs.ask(call.expression, from),
      askers.rows.ask(call.expression, from),
      call.form === 'column' ? askers.columns.ask(call.expression, from) : undefined,
    ]);
    const tally = tallies.get(call.name) ?? { calls: 0, same: 0, reasons: new Map<string, number>() };
    tallies.set(call.name, tally);
    tally.calls++;
    const key = differenceOf(call, theirs, ours);
    if (key === undefined) tally.same++;
    else {
      tally.reasons.set(key, (tally.reasons.get(key) ?? 0) + 1);
      used.add(key);
      if (key === 'open') open.push(`${call.expression} [${call.form}]: ${describe(ours)} | ${describe(theirs)}`);
    }
    if (call.form !== 'column' || byColumns === undefined || CHANGES.has(call.name)) continue;
    const binary = await askers.rows.ask(call.expression, from, 'binary');
    if (describe(byColumns) !== describe(ours))
      inconsistent.push(`${call.expression}: ${describe(ours)} by rows, ${describe(byColumns)} by columns`);
    if (!agrees(ours, binary))
      inconsistent.push(`${call.expression}: ${describe(ours)} as text, ${describe(binary)} in the binary protocol`);
  }
  return { tallies, inconsistent, open, unused: DIFFERENCES.map(({ key }) => key).filter((key) => !used.has(key)) };
}

/** The same value, read from its binary form: zeros of fractions and blanks of documents are the reader's. */
function agrees(text: Answer, binary: Answer): boolean {
  if (text.errno !== binary.errno || text.kind !== binary.kind) return false;
  if (String(text.warnings) !== String(binary.warnings)) return false;
  if (text.value === binary.value || text.value == null || binary.value == null) return text.value === binary.value;
  if (text.kind === 'integer' || text.kind === 'double') return Number(text.value) === Number(binary.value);
  const bare = (value: string): string =>
    value
      .replaceAll(/\s/g, '')
      .replace(/\.0*$/, '')
      .replace(/(\.\d*?)0+$/, '$1');
  return bare(text.value) === bare(binary.value);
}

/** Another answer each time. */
const CHANGES: ReadonlySet<string> = new Set(['rand', 'get_lock', 'is_used_lock', 'is_free_lock', 'release_lock']);
/** Answers of the moment or the machine. */
const FLEETING: ReadonlySet<string> = new Set(['rand', 'is_used_lock']);

function differenceOf(call: Call, theirs: Answer, ours: Answer): string | undefined {
  if (describe(theirs) === describe(ours)) return undefined;
  if (FLEETING.has(call.name) && (theirs.errno === undefined) === (ours.errno === undefined)) return undefined;
  return DIFFERENCES.find((one) => one.matches(call, theirs, ours))!.key;
}

function describe({ value, kind, errno, warnings }: Answer): string {
  if (errno !== undefined) return `error ${errno}`;
  return `${value ?? 'NULL'} ${kind}${warnings.length === 0 ? '' : ` (${warnings.join(', ')})`}`;
}

export function renderTable(comparison: Comparison): string {
  const names = Object.values(FAMILIES).reduce((sum, family) => sum + Object.keys(family).length, 0);
  const all = [...comparison.tallies.values()];
  const sum = (read: (tally: Tally) => number): number => all.reduce((total, tally) => total + read(tally), 0);
  const calls = sum((tally) => tally.calls);
  const same = sum((tally) => tally.same);
  const lines = [
    '# Functions beside MariaDB',
    '',
    `Every function and operator (${names} names) with every class of argument in each of its places, as a literal and from a column: ${number(calls)} calls, asked of MariaDB 10.11 and of Rutile. Compared are the value's bytes, the kind of its type, and the numbers of warnings and errors. ${number(same)} answers are the same, ${number(calls - same)} differ, each for one of the reasons below. Where MySQL 8.0 and MariaDB differ, Rutile follows MySQL.`,
    '',
    `Classes: ${CLASSES.map((one) => one.name).join(', ')}; and calls with too few and too many arguments. Values from columns are also computed by the column engine and sent in the binary protocol, and must be the same.`,
    '',
    'This page is written by `npm run rewrite -- test/cluster/function-table.test.ts` where MariaDB is installed; the same test fails when it is not true any more.',
    '',
    '## Why answers differ',
    '| reason | calls | what MySQL does |',
    '| --- | --- | --- |',
  ];
  for (const { key, reason } of DIFFERENCES) {
    const count = sum((tally) => tally.reasons.get(key) ?? 0);
    lines.push(`| ${key} | ${number(count)} | ${reason} |`);
  }
  for (const [family, members] of Object.entries(FAMILIES)) {
    lines.push('', `## ${family}`, '| name | calls | same | differ |', '| --- | --- | --- | --- |');
    for (const name of Object.keys(members)) {
      const tally = comparison.tallies.get(name)!;
      const reasons = DIFFERENCES.filter(({ key }) => tally.reasons.has(key)).map(
        ({ key }) => `${key} ${tally.reasons.get(key)}`,
      );
      lines.push(`| ${name} | ${tally.calls} | ${tally.same} | ${reasons.join(', ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

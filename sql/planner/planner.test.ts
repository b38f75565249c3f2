/**
 * Golden plans: each scene of test/scripts/planner is a statement (or several) and its EXPLAIN over a fixed schema with fixed statistics, or the
 * error it gives. Every rule's result is verified on the way. `RUTILE_REWRITE=1` writes the transcripts anew.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { enableVerify } from '../../base/assert.ts';
import { PACKAGE_ROOT } from '../../base/node/package-root.ts';
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import { parse, type ParsedStatement } from '../parser/index.ts';
import { literalConstant } from './bind/binder.ts';
import type { PlannerEnvironment } from './environment.ts';
import { FakeSchema, fakeEnvironment, type FakeCounts } from './fake-catalog.ts';
import { explain, planQuery, planWrite, RULE_NAMES, tryPointPlan } from './index.ts';

enableVerify();

const folder = `${PACKAGE_ROOT}/test/scripts/planner/`;
const counts = JSON.parse(readFileSync(`${folder}statistics.json`, 'utf8')) as FakeCounts;
const schema = new FakeSchema(readFileSync(`${folder}schema.sql`, 'utf8'), counts);
/** Tables of test/scripts/planner/schema.sql whose columns are not ready. */
const RESIDENCY: Readonly<Record<string, 'absent' | 'stale'>> = { cold: 'absent', archive: 'absent', busy: 'stale' };

interface Settings {
  engines: 'row' | 'column' | 'auto';
  format: string | undefined;
  disabled: string;
  /** Literals are lifted into parameters, as for the plan cache. */
  lift: boolean;
}

for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith('.script')) continue;
  const source = readFileSync(folder + file, 'utf8');
  const scenes = source.split(/\n(?=# )/);
  if (process.env.RUTILE_REWRITE === '1') {
    writeFileSync(
      folder + file,
      `${scenes.map((scene) => [...commandsOf(scene), '---', ...run(commandsOf(scene).slice(1))].join('\n').trimEnd()).join('\n\n')}\n`,
    );
    continue;
  }
  for (const scene of scenes) {
    const commands = commandsOf(scene);
    const lines = scene.trimEnd().split('\n');
    test(`${file}: ${commands[0]!.slice(2)}`, () =>
      assert.deepEqual(run(commands.slice(1)), lines.slice(lines.indexOf('---') + 1)));
  }
}

function commandsOf(scene: string): string[] {
  const lines = scene.trimEnd().split('\n');
  const rule = lines.indexOf('---');
  return (rule < 0 ? lines : lines.slice(0, rule)).filter((line) => line !== '');
}

function run(commands: readonly string[]): string[] {
  const settings: Settings = { engines: 'row', format: undefined, disabled: '', lift: false };
  const out: string[] = [];
  for (const sql of commands.join('\n').split(/;\s*(?:\n|$)/)) {
    if (sql.trim() === '') continue;
    const set = /^set (\w+) = (.*)$/.exec(sql.trim());
    if (set !== null) {
      Object.assign(settings, { [set[1]!]: set[2] === 'on' ? true : set[2] });
      continue;
    }
    try {
      out.push(...plan(sql.trim(), settings));
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      out.push(`ERROR ${error.errno} (${error.sqlState}): ${error.message}`);
    }
  }
  return out.map((line) => line.trimEnd());
}

function environment(sql: string, parsed: ParsedStatement, settings: Settings): PlannerEnvironment {
  const plain = fakeEnvironment(schema, sql, {
    engines: settings.engines,
    disabledRules: new Set(settings.disabled.split(',')),
    columnEngine: {
      unsupported: (p) => (p.kind === 'window' ? 'windows' : undefined),
      residency: (t) => RESIDENCY[t.name] ?? 'current',
    },
  });
  if (!settings.lift) return plain;
  const values: Datum[] = [];
  const types: FieldType[] = [];
  collect(parsed.statement, (literal) => {
    const constant = literalConstant(literal, plain);
    if (constant.kind === 'constant') values[literal.parameterIndex] = constant.value;
    types[literal.parameterIndex] = constant.type;
  });
  return { ...plain, parameterTypes: types, parameterValues: values };
}

function collect(node: unknown, see: (literal: Parameters<typeof literalConstant>[0]) => void): void {
  if (typeof node !== 'object' || node === null) return;
  const record = node as Record<string, unknown>;
  if (record.kind === 'literal' && (record.parameterIndex as number) >= 0) see(record as never);
  for (const key in record) collect(record[key], see);
}

function plan(sql: string, settings: Settings): string[] {
  const parsed = parse(sql)[0]!;
  const env = environment(sql, parsed, settings);
  const node = parsed.statement;
  const format = settings.format;
  const point = tryPointPlan(node, env);
  const lines: string[] = [];
  if (node.kind === 'insert' || node.kind === 'update' || node.kind === 'delete') {
    const made = planWrite(node, env);
    lines.push(...table(explain({ ...made, evaluation: env.evalContext }, { format }).rows));
    checkFormats({ ...made, evaluation: env.evalContext });
    if (settings.lift)
      lines.push(`pinned: ${made.pinned.join()}  derived: ${made.derived.length}  cacheable: ${made.cacheable}`);
    if (point !== undefined) lines.push('a point plan');
    return lines;
  }
  const made = planQuery(node as Parameters<typeof planQuery>[0], env);
  checkPositions(made.plan);
  checkFormats({ ...made, evaluation: env.evalContext });
  lines.push(...table(explain({ ...made, evaluation: env.evalContext }, { format }).rows));
  if (settings.lift)
    lines.push(`pinned: ${made.pinned.join()}  derived: ${made.derived.length}  cacheable: ${made.cacheable}`);
  if (point?.kind === 'query') {
    lines.push('a point plan');
    assert.deepEqual(point.columns, made.columns, 'both ways give the same result columns');
  }
  return lines;
}

function table(rows: readonly (readonly Datum[])[]): string[] {
  const widths: number[] = [];
  const cells = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell).trimEnd())));
  for (const row of cells) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return cells.flatMap((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  ').split('\n')); // prettier-ignore
}

/** Each form has a word for every plan. */
function checkFormats(planned: Parameters<typeof explain>[0]): void {
  for (const format of ['brief', 'verbose', 'tidb_json', 'traditional', 'tree', 'json']) {
    const { columns, rows } = explain(planned, { format });
    assert(rows.length > 0, format);
    for (const row of rows) assert.equal(row.length, columns.length, format);
    const text = rows.flat().join(' ');
    assert(!/undefined|NaN|\[object/.test(text), `${format}: ${text}`);
    if (format.endsWith('json')) JSON.parse(String(rows[0]![0]));
  }
}

/** Every column expression points at the column it means. */
function checkPositions(plan: PhysicalPlan): void {
  const seen = JSON.stringify(plan, (key, value) =>
    typeof value === 'bigint' ? String(value) : key === 'table' || value instanceof Map ? undefined : value,
  );
  assert(!seen.includes('"index":-1'), 'an unresolved column is left');
}

test('every rule can be switched off', () => {
  const sql = `select t.a, (select max(u.x) from u where u.tid = t.id) from t left join u on u.tid = t.id where u.x > 5 and t.a = 1 + 1 order by t.b limit 3`;
  const parsed = parse(sql)[0]!;
  for (const name of RULE_NAMES) {
    const env = { ...environment(sql, parsed, { engines: 'row', format: undefined, disabled: name, lift: false }) };
    checkPositions(planQuery(parsed.statement as Parameters<typeof planQuery>[0], env).plan);
  }
  const env = environment(sql, parsed, { engines: 'row', format: undefined, disabled: RULE_NAMES.join(), lift: false });
  checkPositions(planQuery(parsed.statement as Parameters<typeof planQuery>[0], env).plan);
});

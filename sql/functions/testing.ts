/**
 * For tests: an SQL expression as text, evaluated with the parser, the binder and the functions, and shown as a golden line
 * (`1 + 1 → 2 bigint`). Scripts in test/scripts/functions hold such lines; test/cluster/functions-mariadb.test.ts asks a MariaDB server
 * for the same values.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { packagePath } from '../../base/node/package-root.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { isBinaryString, TypeCode } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { parse } from '../parser/index.ts';
import type { PlannerEnvironment } from '../planner/environment.ts';
import { bindStandalone } from '../planner/index.ts';
import type { EvalContext } from './context.ts';
import { compile, createEvalContext, formatText, type Warning } from './index.ts';

/** 2024-02-29 12:34:56.789012 UTC: a leap day, and a fraction to see digits by. */
export const TEST_TIME_MS = Date.UTC(2024, 1, 29, 12, 34, 56) + 789.012;

export type TestContext = EvalContext & { readonly warnings: Warning[] };

export function testContext(): TestContext {
  return createEvalContext({ statementTimeMs: TEST_TIME_MS, session: { database: 'test', connectionId: 7 } });
}

export function bindText(text: string, context: EvalContext): Expression {
  const sql = `select ${text}`;
  const [parsed] = parse(sql);
  const statement = parsed!.statement as { kind: string; query?: { items?: readonly { expression: unknown }[] } };
  const items = findItems(statement);
  const environment = {
    schema: {
      version: 1,
      database: () => undefined,
      databases: () => [],
      table: () => undefined,
      tables: () => [],
      tableById: () => undefined,
      virtualTable: () => undefined,
    },
    currentDatabase: 'test',
    statistics: () => undefined,
    approximateRows: () => 0,
    engines: 'row',
    columnEngine: undefined,
    disabledRules: new Set(),
    evalContext: context,
    parameterTypes: [],
    parameterValues: undefined,
    sql,
    checkPrivilege: () => undefined,
    columnRights: () => 'all',
    checkColumn: () => undefined,
  } as unknown as PlannerEnvironment;
  return bindStandalone(items[0]!.expression as never, environment, undefined);
}

/** The select list, wherever the syntax tree keeps it. */
function findItems(node: unknown): readonly { readonly expression: unknown }[] {
  const seen = new Set<unknown>();
  const walk = (value: unknown): readonly { readonly expression: unknown }[] | undefined => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
    seen.add(value);
    const { items } = value as { items?: unknown };
    if (
      Array.isArray(items) &&
      items.length > 0 &&
      typeof items[0] === 'object' &&
      'expression' in (items[0] as object)
    ) {
      return items as { expression: unknown }[];
    }
    for (const child of Object.values(value)) {
      const found = walk(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = walk(node);
  if (found === undefined) throw new Error('no select list');
  return found;
}

export interface Evaluated {
  /** Bytes are shown as `0x…`. */
  readonly text: string | null;
  readonly type: FieldType;
}

export function evaluateText(text: string, context: EvalContext): Evaluated {
  const bound = bindText(text, context);
  const value = formatText(compile(bound)([], context), bound.type);
  const shown =
    value === null ? null : typeof value === 'string' ? value : '0x' + Buffer.from(value).toString('hex').toUpperCase();
  return { text: shown, type: bound.type };
}

/** The golden lines of one expression: value and type, then what it warned of. */
export function describeExpression(text: string): string[] {
  const context = testContext();
  try {
    const { text: value, type } = evaluateText(text, context);
    const lines = [`${text} → ${(value ?? 'NULL').replaceAll('\n', '\\n')} ${typeName(type)}`];
    for (const warning of context.warnings) lines.push(`  ${warning.level} ${warning.errno}: ${warning.message}`);
    return lines;
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string };
    if (errno === undefined) throw error;
    return [`${text} → ERROR ${errno}: ${message}`];
  }
}

function typeName(type: FieldType): string {
  const names: Readonly<Record<number, string>> = {
    [TypeCode.TINY]: 'tinyint', [TypeCode.SHORT]: 'smallint', [TypeCode.INT24]: 'mediumint', [TypeCode.LONG]: 'int', [TypeCode.LONGLONG]: 'bigint',
    [TypeCode.FLOAT]: 'float', [TypeCode.DOUBLE]: 'double', [TypeCode.NULL]: 'null', [TypeCode.DATE]: 'date', [TypeCode.DATETIME]: 'datetime',
    [TypeCode.TIMESTAMP]: 'timestamp', [TypeCode.TIME]: 'time', [TypeCode.YEAR]: 'year', [TypeCode.BIT]: 'bit', [TypeCode.JSON]: 'json',
  }; // prettier-ignore
  const unsigned = type.unsigned ? ' unsigned' : '';
  if (type.code === TypeCode.DECIMAL) return `decimal(${type.length},${type.decimals})`;
  if (type.code === TypeCode.DATETIME || type.code === TypeCode.TIME)
    return names[type.code] + (type.decimals > 0 ? `(${type.decimals})` : '');
  return (names[type.code] ?? (isBinaryString(type) ? 'bytes' : 'text')) + unsigned;
}

export interface Scene {
  readonly file: string;
  readonly title: string;
  readonly expressions: readonly string[];
  readonly expected: readonly string[];
}

export const SCRIPT_FOLDER: string = packagePath('test', 'scripts', 'functions');

export function readScenes(file: string): Scene[] {
  const scenes: Scene[] = [];
  for (const text of readFileSync(`${SCRIPT_FOLDER}/${file}`, 'utf8').split(/\n(?=# )/)) {
    const lines = text.trimEnd().split('\n');
    const rule = lines.indexOf('---');
    const commands = (rule < 0 ? lines.slice(1) : lines.slice(1, rule)).filter((line) => line !== '');
    scenes.push({
      file,
      title: lines[0]!.slice(2),
      expressions: commands,
      expected: rule < 0 ? [] : lines.slice(rule + 1),
    });
  }
  return scenes;
}

export function scriptFiles(): string[] {
  return readdirSync(SCRIPT_FOLDER).filter((file) => file.endsWith('.script')).sort(); // prettier-ignore
}

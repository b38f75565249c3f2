/**
 * CHECK constraints in the schema: their names, their text, and what happens to them when the table or its columns change. What they may say is
 * looked at by the planner (`DdlContext.checkExpressions`).
 *
 * A constraint without a name is called `<table>_chk_<n>`, and such a name follows the table when it is renamed.
 */
import type { CheckInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { CheckDefinition, ExpressionNode } from '../parser/ast.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';

const NAME_LENGTH_MAX = 64;

export interface CheckedDraft {
  readonly name: string;
  checks: CheckInfo[];
}

export function findCheck(draft: CheckedDraft, name: string): CheckInfo | undefined {
  const lower = name.toLowerCase();
  return draft.checks.find((check) => check.name.toLowerCase() === lower);
}

/** `column`: where it is written; it may name no other one. */
export function addCheck(
  draft: CheckedDraft,
  definition: CheckDefinition,
  context: Pick<DdlContext, 'restoreExpression'>,
  column?: string,
): CheckInfo {
  const name = definition.name ?? freeName(draft);
  if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
  if (findCheck(draft, name) !== undefined) throw errors.duplicateCheck(name);
  const sql = context.restoreExpression(bareNames(definition.expression, draft.name));
  if (column !== undefined && columnsOf(sql).some((one) => one !== column.toLowerCase()))
    throw errors.checkNamesOther(name);
  const check = { name, sql, enforced: definition.enforced };
  draft.checks.push(check);
  return check;
}

/** A column goes: a constraint of it alone goes with it. */
export function dropColumnChecks(draft: CheckedDraft, column: string): void {
  const lower = column.toLowerCase();
  draft.checks = draft.checks.filter((check) => {
    const names = columnsOf(check.sql);
    if (!names.includes(lower)) return true;
    if (names.every((name) => name === lower)) return false;
    throw errors.checkUses(check.name, column);
  });
}

export function refuseRename(draft: CheckedDraft, column: string): void {
  const check = draft.checks.find(({ sql }) => columnsOf(sql).includes(column.toLowerCase()));
  if (check !== undefined) throw errors.checkUses(check.name, column);
}

/** Under another table name. */
export function renamedChecks(table: TableInfo, to: string): readonly CheckInfo[] | undefined {
  const prefix = `${table.name}_chk_`;
  return table.checks?.map((check) =>
    check.name.startsWith(prefix) && /^[1-9]\d*$/.test(check.name.slice(prefix.length))
      ? { ...check, name: to + check.name.slice(table.name.length) }
      : check,
  );
}

/** For CREATE TABLE … LIKE: all names are given anew. */
export function copiedChecks(table: TableInfo, to: string): readonly CheckInfo[] | undefined {
  return table.checks?.map((check, i) => ({ ...check, name: `${to}_chk_${i + 1}` }));
}

/** A name is one of a kind among all tables of a database. */
export function refuseTakenNames(snapshot: CatalogSnapshot, database: string, table: TableInfo): void {
  if (table.checks === undefined) return;
  const names = new Set(table.checks.map((check) => check.name.toLowerCase()));
  for (const other of snapshot.tables(database)) {
    if (other.id === table.id) continue;
    const taken = other.checks?.find((check) => names.has(check.name.toLowerCase()));
    if (taken !== undefined) throw errors.duplicateCheck(taken.name);
  }
}

function freeName(draft: CheckedDraft): string {
  for (let n = 1; ; n++) if (findCheck(draft, `${draft.name}_chk_${n}`) === undefined) return `${draft.name}_chk_${n}`;
}

/** Names between backticks outside of strings, in lower case, each once: printed text quotes all of them. */
export function columnsOf(sql: string): readonly string[] {
  const names = new Set<string>();
  for (const [, name] of sql.matchAll(/'(?:[^'\\]|\\.|'')*'|`((?:[^`]|``)+)`/gs))
    if (name !== undefined) names.add(name.replaceAll('``', '`').toLowerCase());
  return [...names];
}

/** Columns without the name of the table, which may change. */
export function bareNames(node: ExpressionNode, table: string): ExpressionNode {
  const bare = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
    if (Array.isArray(value)) return value.map(bare);
    const { kind, table: named } = value as { readonly kind?: unknown; readonly table?: unknown };
    if (kind === 'column' && typeof named === 'string' && named.toLowerCase() === table.toLowerCase())
      return { ...value, table: undefined, schema: undefined };
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, bare(child)]));
  };
  return bare(node) as ExpressionNode;
}

/**
 * Constraints beyond one column. CHECK: what they may say, looked at when a table is made or changed, and the tests that rows must pass, bound for each plan that writes.
 *
 *     CONSTRAINT positive CHECK (`a` > 0)      stored as text      fails = NOT (`a` > 0), over the whole row: true for 0, NULL (and so passed) for NULL
 */
import { SqlError } from '../../../base/error.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { RowCheck } from '../../../proto/plan/physical.ts';
import { hasReferences, referrersOf } from '../../../proto/schema/references.ts';
import type { CheckInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { definitionOf, isAsynchronous } from '../../functions/index.ts';
import { parse } from '../../parser/index.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { addColumns, replaceIn } from '../expressions.ts';
import { Binder } from './binder.ts';
import { Scope, type ScopeTable } from './scope.ts';
import { bindStored, tableInstance } from './write.ts';

const QUERIES: ReadonlySet<unknown> = new Set(['subquery', 'exists', 'in-query', 'quantified']);
const VARIABLES: ReadonlySet<unknown> = new Set(['user-variable', 'system-variable', 'assignment']);

/** The tests of the constraints that are enforced; `undefined`: there are none. */
export function rowChecks(table: TableInfo, database: string, binder: Binder): readonly RowCheck[] | undefined {
  const enforced = table.checks?.filter((check) => check.enforced) ?? [];
  if (enforced.length === 0) return undefined;
  const row = tableInstance(table, database, binder);
  const { idByOffset } = row.base!;
  const place = (expression: Expression): Expression =>
    replaceIn(expression, (e) => (e.kind === 'column' ? { ...e, index: idByOffset.indexOf(e.id) } : undefined));
  return enforced.map(({ name, sql }) => ({
    name,
    fails: place(bindStored(`NOT (${sql})`, binder, new Scope([row], row.columns))),
  }));
}

/**
 * Tables that foreign keys may lead a statement to which writes this one: those it refers to, those that refer to it, and what an action there leads to.
 * They are kept as they are while it runs.
 */
export function useReferences(database: string, table: TableInfo, binder: Binder): void {
  // A table of the session's own may have the name of one of these, and is none of them.
  const schema = binder.env.schema.permanent ?? binder.env.schema;
  const seen = new Set<number>();
  const visit = (database: string, table: TableInfo): void => {
    if (seen.has(table.id)) return;
    seen.add(table.id);
    binder.use(database, table);
    for (const { references } of table.foreignKeys ?? []) {
      const parent = schema.table(references.database, references.table);
      if (parent !== undefined) binder.use(references.database, parent);
    }
    for (const referrer of referrersOf(schema, database, table.name)) visit(referrer.database, referrer.table);
  };
  if (hasReferences(schema, database, table)) visit(database, table);
}

/** For a table that is copied, and so checked, outside of any statement that writes. */
export function planRowChecks(table: TableInfo, env: PlannerEnvironment): readonly RowCheck[] {
  return rowChecks(table, env.currentDatabase ?? '', new Binder({ ...env, parameterValues: undefined })) ?? [];
}

/** Throws when a constraint of the table cannot be one. */
export function checkConstraints(table: TableInfo, database: string, env: PlannerEnvironment): void {
  if (table.checks === undefined) return;
  const binder = new Binder({ ...env, parameterValues: undefined });
  const row = tableInstance(table, database, binder);
  for (const check of table.checks) checkOne(check, table, row, binder);
}

function checkOne(check: CheckInfo, table: TableInfo, row: ScopeTable, binder: Binder): void {
  checkWords(check, parse(`SELECT ${check.sql}`));
  const bound = bind(check, row, binder);
  if (isAsynchronous(bound)) throw disallowed(check);
  if (bound.type.truthValue !== true && !isTruthLiteral(bound)) throw failure(3812, `An expression of non-boolean type specified to a check constraint '${check.name}'.`); // prettier-ignore
  const named = new Set<ColumnId>();
  addColumns(bound, named);
  for (const id of named)
    if (table.columns[row.base!.idByOffset.indexOf(id)]!.autoIncrement)
      throw failure(3818, `Check constraint '${check.name}' cannot refer to an auto-increment column.`);
}

function bind(check: CheckInfo, row: ScopeTable, binder: Binder): Expression {
  try {
    return bindStored(check.sql, binder, new Scope([row], row.columns));
  } catch (error) {
    const unknown = error instanceof SqlError && error.errno === 1054 ? /'(.*?)'/.exec(error.message)?.[1] : undefined;
    if (unknown === undefined) throw error;
    throw failure(3820, `Check constraint '${check.name}' refers to non-existing column '${unknown}'.`);
  }
}

/** TRUE, FALSE and what stands for them. */
function isTruthLiteral(bound: Expression): boolean {
  return bound.kind === 'constant' && (bound.value === 0 || bound.value === 1);
}

/** Words that no constraint may use, wherever they stand. */
function checkWords(check: CheckInfo, node: unknown): void {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
  if (Array.isArray(node)) {
    for (const child of node) checkWords(check, child);
    return;
  }
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (QUERIES.has(kind)) throw disallowed(check);
  if (VARIABLES.has(kind))
    throw failure(
      3816,
      `An expression of a check constraint '${check.name}' cannot refer to a user or system variable.`,
    );
  if (kind === 'call' && typeof name === 'string') {
    const definition = definitionOf(name.toLowerCase());
    if (definition?.volatile === true || definition?.contextual === true)
      throw failure(3814, `An expression of a check constraint '${check.name}' contains disallowed function: ${name.toLowerCase()}.`); // prettier-ignore
  }
  for (const child of Object.values(node)) checkWords(check, child);
}

function disallowed(check: CheckInfo): SqlError {
  return failure(3815, `An expression of a check constraint '${check.name}' contains disallowed function.`);
}

function failure(errno: number, message: string): SqlError {
  return new SqlError(errno, 'HY000', message);
}

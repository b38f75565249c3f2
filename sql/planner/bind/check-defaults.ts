/**
 * What a `DEFAULT (expr)` may say, looked at when a table is made or changed, so that no INSERT meets a default that cannot be computed. Defaults are
 * computed in the order of the columns, before AUTO_INCREMENT draws its value: so an expression may name columns that are given or constant, and computed
 * ones before it.
 */
import { SqlError } from '../../../base/error.ts';
import type { ColumnId } from '../../../proto/plan/expression.ts';
import { isNowDefault } from '../../../proto/schema/stored-default.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { parse } from '../../parser/index.ts';
import { isAsynchronous } from '../../functions/index.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { addColumns } from '../expressions.ts';
import { Binder } from './binder.ts';
import { Scope } from './scope.ts';
import { defaultOf, tableInstance } from './write.ts';

const QUERIES: ReadonlySet<unknown> = new Set(['subquery', 'exists', 'in-query', 'quantified']);
const VARIABLES: ReadonlySet<unknown> = new Set(['user-variable', 'system-variable', 'assignment']);

/** `before`: the table as it was, whose own defaults were right then. */
export function checkDefaultExpressions(
  table: TableInfo,
  before: TableInfo | undefined,
  database: string,
  env: PlannerEnvironment,
): void {
  const binder = new Binder({ ...env, parameterValues: undefined });
  const row = tableInstance(table, database, binder);
  const scope = new Scope([row], row.columns);
  for (const column of table.columns) {
    if (column.default.kind !== 'expression' || isNowDefault(column)) continue;
    checkWords(column, parse(`SELECT ${column.default.sql}`));
    const named = new Set<ColumnId>();
    try {
      const bound = defaultOf(column, binder, scope);
      if (isAsynchronous(bound)) throw disallowedFunction(column);
      addColumns(bound, named);
    } catch (error) {
      if (!(error instanceof SqlError) || error.errno !== 1054) throw error;
      throw before === undefined ? error : (goneColumn(column, table, before) ?? error);
    }
    for (const id of named) checkReference(column, table.columns[row.base!.idByOffset.indexOf(id)]!);
  }
}

/** Words that no default may use, wherever they stand. */
function checkWords(column: ColumnInfo, node: unknown): void {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
  if (Array.isArray(node)) {
    for (const child of node) checkWords(column, child);
    return;
  }
  const { kind } = node as { readonly kind?: unknown };
  if (QUERIES.has(kind)) throw disallowedFunction(column);
  if (VARIABLES.has(kind)) throw failure(3772, column, 'cannot refer user or system variables.');
  for (const child of Object.values(node)) checkWords(column, child);
}

function checkReference(column: ColumnInfo, other: ColumnInfo): void {
  if (other.autoIncrement) throw failure(3768, column, 'cannot refer to an auto-increment column.');
  const isComputed = other.generated !== undefined || (other.default.kind === 'expression' && !isNowDefault(other));
  if (!isComputed || other.offset < column.offset) return;
  throw failure(
    3767,
    column,
    'cannot refer to a column defined after it if that column is a generated column or has an expression as default value.',
  );
}

/** The column a default still names, when that is why the default cannot be read: it was dropped or renamed. */
function goneColumn(column: ColumnInfo, table: TableInfo, before: TableInfo): SqlError | undefined {
  const was = before.columns.find(({ id }) => id === column.id);
  if (was?.default.kind !== 'expression' || column.default.kind !== 'expression') return undefined;
  if (was.default.sql !== column.default.sql) return undefined;
  const names = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const { sql } = column.default;
  const gone = before.columns.find(({ name }) => !names.has(name.toLowerCase()) && sql.includes(`\`${name}\``));
  if (gone === undefined) return undefined;
  return new SqlError(
    3766,
    'HY000',
    `Column '${gone.name}' of table '${table.name}' has a default value expression dependency and cannot be dropped or renamed.`,
  );
}

function disallowedFunction(column: ColumnInfo): SqlError {
  return failure(3769, column, 'contains a disallowed function.');
}

function failure(errno: number, column: ColumnInfo, what: string): SqlError {
  return new SqlError(errno, 'HY000', `Default value expression of column '${column.name}' ${what}`);
}

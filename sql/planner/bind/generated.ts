/**
 * Generated columns: what their expressions may say, looked at when a table is made or changed, and the expressions bound for each plan that writes. A
 * VIRTUAL column is stored like a STORED one: what is asked of it, by rows, indexes and columns, then needs nothing to be known of it.
 *
 *     `b` INT GENERATED ALWAYS AS (`a` + 1)      computed when all other columns of a row have their values, in the order of the columns
 */
import { SqlError } from '../../../base/error.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { GeneratedValue } from '../../../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { isWritten } from '../../../proto/encoding/row-encoder.ts';
import { definitionOf, isAsynchronous } from '../../functions/index.ts';
import { parse } from '../../parser/index.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { addColumns, replaceIn } from '../expressions.ts';
import { Binder } from './binder.ts';
import { Scope } from './scope.ts';
import { bindStored, tableInstance } from './write.ts';

const QUERIES: ReadonlySet<unknown> = new Set(['subquery', 'exists', 'in-query', 'quantified']);
const VARIABLES: ReadonlySet<unknown> = new Set(['user-variable', 'system-variable', 'assignment']);

/** What is computed for each row that is written; `undefined`: nothing. */
export function generatedValues(
  table: TableInfo,
  database: string,
  binder: Binder,
): readonly GeneratedValue[] | undefined {
  const columns = table.columns.filter((column) => column.generated !== undefined && isWritten(column));
  if (columns.length === 0) return undefined;
  const row = tableInstance(table, database, binder);
  const { idByOffset } = row.base!;
  const place = (expression: Expression): Expression =>
    replaceIn(expression, (e) => (e.kind === 'column' ? { ...e, index: idByOffset.indexOf(e.id) } : undefined));
  const scope = new Scope([row], row.columns);
  return columns.map(({ offset, generated }) => ({ offset, value: place(bindStored(generated!.sql, binder, scope)) }));
}

/** For a table that is copied outside of any statement that writes. */
export function planGeneratedValues(table: TableInfo, env: PlannerEnvironment): readonly GeneratedValue[] {
  return generatedValues(table, env.currentDatabase ?? '', new Binder({ ...env, parameterValues: undefined })) ?? [];
}

/** Throws when a generated column cannot be computed. `before`: the table as it was, whose own columns were right then. */
export function checkGeneratedColumns(
  table: TableInfo,
  before: TableInfo | undefined,
  database: string,
  env: PlannerEnvironment,
): void {
  const binder = new Binder({ ...env, parameterValues: undefined });
  const row = tableInstance(table, database, binder);
  const scope = new Scope([row], row.columns);
  for (const column of table.columns) {
    if (column.generated === undefined) continue;
    checkWords(column, parse(`SELECT ${column.generated.sql}`));
    const named = new Set<ColumnId>();
    try {
      const bound = bindStored(column.generated.sql, binder, scope);
      if (isAsynchronous(bound)) throw disallowed(column);
      addColumns(bound, named);
    } catch (error) {
      const unknown =
        error instanceof SqlError && error.errno === 1054 ? /'(.*?)'/.exec(error.message)?.[1] : undefined;
      if (unknown === undefined) throw error;
      const gone = before?.columns.find(({ name }) => name.toLowerCase() === unknown.toLowerCase());
      throw gone === undefined
        ? new SqlError(1054, '42S22', `Unknown column '${unknown}' in 'generated column function'`)
        : new SqlError(3108, 'HY000', `Column '${gone.name}' has a generated column dependency.`);
    }
    for (const id of named) checkReference(column, table.columns[row.base!.idByOffset.indexOf(id)]!);
  }
}

function checkReference(column: ColumnInfo, other: ColumnInfo): void {
  if (other.autoIncrement)
    throw new SqlError(3109, 'HY000', `Generated column '${column.name}' cannot refer to auto-increment column.`);
  if (other.generated !== undefined && other.offset >= column.offset)
    throw new SqlError(3107, 'HY000', 'Generated column can refer only to generated columns defined prior to it.');
}

/** Words that no generated column may use, wherever they stand. */
function checkWords(column: ColumnInfo, node: unknown): void {
  if (node === null || typeof node !== 'object' || node instanceof Uint8Array) return;
  if (Array.isArray(node)) {
    for (const child of node) checkWords(column, child);
    return;
  }
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (QUERIES.has(kind)) throw disallowed(column);
  if (VARIABLES.has(kind))
    throw new SqlError(
      3765,
      'HY000',
      `Expression of generated column '${column.name}' cannot refer to user or system variables.`,
    );
  if (kind === 'call' && typeof name === 'string') {
    const definition = definitionOf(name.toLowerCase());
    if (definition?.volatile === true || definition?.contextual === true)
      throw new SqlError(
        3763,
        'HY000',
        `Expression of generated column '${column.name}' contains a disallowed function: ${name.toLowerCase()}.`,
      );
  }
  for (const child of Object.values(node)) checkWords(column, child);
}

function disallowed(column: ColumnInfo): SqlError {
  return new SqlError(3102, 'HY000', `Expression of generated column '${column.name}' contains a disallowed function.`);
}

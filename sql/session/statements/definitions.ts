/**
 * Statements that change what the catalog holds: databases, tables, indexes and views, accounts and privileges. The catalog does the work
 * (sql/catalog/ddl-executor.ts, privileges.ts); what is the session's here is the implicit commit before it.
 */
import type { Statement, TableName } from '../../parser/ast.ts';
import type { AccountStatement } from '../../catalog/index.ts';
import type { CatalogCaller } from '../catalog-port.ts';
import { readOnlyTransaction } from '../failures.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

export async function changeSchema(session: Session, statement: Statement, sql: string): Promise<StatementResult> {
  const { state } = session;
  session.instance.logins.update(session.account);
  const isPrivate = 'temporary' in statement && statement.temporary === true;
  if (!isPrivate) {
    refuseReadOnly(session, statement);
    await session.transaction.commit();
  }
  if (statement.kind === 'truncate-table' && forgetsStatements(session, statement.table)) return session.ok();
  const changed = await changeTables(session, statement, callerOf(session, sql));
  if (statement.kind === 'drop-database' && state.database?.toLowerCase() === statement.name.toLowerCase())
    state.useDatabase(undefined);
  return session.ok(changed.affectedRows, 0, changed.info);
}

/** In a session or transaction that is READ ONLY; its own temporary tables are not meant by that. */
function refuseReadOnly(session: Session, statement: Statement): void {
  if (!session.transaction.refusesWrites) return;
  if (
    'table' in statement &&
    typeof statement.table === 'object' &&
    session.temporaryTable(statement.table as TableName)
  )
    return;
  throw readOnlyTransaction();
}

/** DROP TABLE without TEMPORARY means whatever the names lead to. */
async function changeTables(
  session: Session,
  statement: Statement,
  caller: CatalogCaller,
): Promise<{ readonly affectedRows: number; readonly info: string }> {
  const { catalog } = session.instance;
  if (statement.kind !== 'drop-table' || statement.temporary) return catalog.changeSchema(statement, caller);
  const own = statement.tables.filter((table) => session.temporaryTable(table) !== undefined);
  if (own.length === 0) return catalog.changeSchema(statement, caller);
  const others = statement.tables.filter((table) => !own.includes(table));
  if (others.length > 0) await catalog.changeSchema({ ...statement, tables: others }, caller);
  return catalog.changeSchema({ ...statement, tables: own, temporary: true }, caller);
}

const SUMMARIES: ReadonlySet<string> = new Set([
  'events_statements_summary_by_digest',
  'events_statements_summary_global_by_event_name',
]);

/** TRUNCATE of the summaries of statements: they begin anew. */
function forgetsStatements(session: Session, table: TableName): boolean {
  const database = (table.schema ?? session.state.database ?? '').toLowerCase();
  if (database !== 'performance_schema' || !SUMMARIES.has(table.name.toLowerCase())) return false;
  session.instance.catalog.checkPrivilege(session.state, 'DROP', database, table.name);
  session.instance.summary.clear();
  return true;
}

export async function changeAccounts(
  session: Session,
  statement: AccountStatement,
  sql: string,
): Promise<StatementResult> {
  session.instance.logins.update(session.account);
  if (session.transaction.refusesWrites) throw readOnlyTransaction();
  await session.transaction.commit();
  const shown = await session.instance.catalog.changeAccounts(statement, callerOf(session, sql));
  return shown === undefined ? session.ok() : session.computed(shown.columns, shown.rows);
}

export function callerOf(session: Session, sql: string): CatalogCaller {
  return { session, state: session.state, statement: session.statement, sql };
}

/**
 * Statements that change what the catalog holds: databases, tables, indexes and views, accounts and privileges. The catalog does the work
 * (sql/catalog/ddl-executor.ts, privileges.ts); what is the session's here is the implicit commit before it.
 */
import type { Statement } from '../../parser/ast.ts';
import type { AccountStatement } from '../../catalog/index.ts';
import type { CatalogCaller } from '../catalog-port.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

export async function changeSchema(session: Session, statement: Statement, sql: string): Promise<StatementResult> {
  const { state } = session;
  session.instance.logins.update(session.account);
  await session.transaction.commit();
  const changed = await session.instance.catalog.changeSchema(statement, callerOf(session, sql));
  if (statement.kind === 'drop-database' && state.database?.toLowerCase() === statement.name.toLowerCase())
    state.useDatabase(undefined);
  return session.ok(changed.affectedRows, 0, changed.info);
}

export async function changeAccounts(
  session: Session,
  statement: AccountStatement,
  sql: string,
): Promise<StatementResult> {
  session.instance.logins.update(session.account);
  await session.transaction.commit();
  const shown = await session.instance.catalog.changeAccounts(statement, callerOf(session, sql));
  return shown === undefined ? session.ok() : session.computed(shown.columns, shown.rows);
}

export function callerOf(session: Session, sql: string): CatalogCaller {
  return { session, state: session.state, statement: session.statement, sql };
}

/** SHOW and DESCRIBE. What the catalog knows it computes (sql/catalog/show.ts); the diagnostics of the statement before are the session's own. */
import type { DescribeStatement, ShowStatement } from '../../parser/ast.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { callerOf } from './definitions.ts';
import { showWarnings } from './show-warnings.ts';

export async function show(
  session: Session,
  statement: ShowStatement | DescribeStatement,
  sql: string,
): Promise<StatementResult> {
  if (statement.kind === 'show' && (statement.show.kind === 'warnings' || statement.show.kind === 'errors'))
    return showWarnings(session, statement.show);
  const { columns, rows } = await session.instance.catalog.show(statement, callerOf(session, sql));
  return session.computed(columns, rows);
}

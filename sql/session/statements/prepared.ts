/** PREPARE, EXECUTE and DEALLOCATE: prepared statements as text, by name. What they are is prepared.ts of the folder above. */
import { SqlError } from '../../../base/error.ts';
import { NULL_TYPE } from '../../../base/value/field-type.ts';
import type { DeallocateStatement, ExecuteStatement, PrepareStatement } from '../../parser/ast.ts';
import { unknownPrepared } from '../prepared.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

export async function prepareNamed(session: Session, statement: PrepareStatement): Promise<StatementResult> {
  session.prepared.addNamed(statement.name, textOf(session, statement));
  session.tracker.noteState();
  // Looking for its columns has ended what was running.
  session.statement.running = true;
  return session.ok(0, 0, 'Statement prepared');
}

function textOf(session: Session, { source }: PrepareStatement): string {
  if (source.kind === 'text') return source.sql;
  const value = session.state.userVariables.get(source.variable.name.toLowerCase())?.value ?? null;
  if (typeof value === 'string') return value;
  throw new SqlError(
    1064,
    '42000',
    "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'NULL' at line 1",
  );
}

export async function executeNamed(session: Session, statement: ExecuteStatement): Promise<StatementResult> {
  const prepared = session.prepared.named(statement.name, 'EXECUTE');
  if (statement.using.length !== prepared.parameterCount)
    throw new SqlError(1210, 'HY000', 'Incorrect arguments to EXECUTE');
  const bound = statement.using.map((variable) => session.state.userVariables.get(variable.name.toLowerCase()));
  return session.executePrepared(prepared, bound.map((known) => known?.type ?? NULL_TYPE), bound.map((known) => known?.value ?? null)); // prettier-ignore
}

export async function deallocate(session: Session, statement: DeallocateStatement): Promise<StatementResult> {
  if (!session.prepared.closeNamed(statement.name)) throw unknownPrepared(statement.name, 'DEALLOCATE PREPARE');
  session.tracker.noteState();
  return session.ok();
}

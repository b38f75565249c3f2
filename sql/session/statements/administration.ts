/**
 * KILL and FLUSH. Nothing of this server waits for a flush: tables, privileges and logs are always current. So the harmless targets are done by
 * doing nothing; those that would promise something are refused.
 */
import { SqlError } from '../../../base/error.ts';
import type { FlushStatement, KillStatement } from '../../parser/ast.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';
import { evaluateOne } from './evaluate.ts';
import { lockForReading } from './transactions.ts';

const FLUSHED: ReadonlySet<string> = new Set(['PRIVILEGES', 'TABLES', 'TABLE', 'STATUS', 'HOSTS', 'LOGS', 'ERROR LOGS', 'GENERAL LOGS', 'SLOW LOGS', 'ENGINE LOGS', 'BINARY LOGS', 'USER_RESOURCES', 'OPTIMIZER_COSTS']); // prettier-ignore

export async function kill(session: Session, statement: KillStatement, sql: string): Promise<StatementResult> {
  const { value } = await evaluateOne(session, statement.id, sql);
  if (typeof value !== 'number') throw new SqlError(1094, 'HY000', `Unknown thread id: ${String(value)}`);
  session.kill(value, statement.target);
  return session.ok();
}

export async function flush(session: Session, statement: FlushStatement): Promise<StatementResult> {
  for (const target of statement.targets) if (!FLUSHED.has(target)) throw unsupported(`FLUSH ${target}`);
  if (statement.forExport) throw unsupported('FLUSH TABLES … FOR EXPORT');
  await session.transaction.commit();
  if (statement.targets.includes('USER_RESOURCES')) session.instance.logins.flushHours();
  if (statement.withReadLock) await lockForReading(session);
  return session.ok();
}

/** ALTER INSTANCE RELOAD TLS: certificates that cannot be read leave those that are in use. */
export async function reloadTls(session: Session): Promise<StatementResult> {
  const { reloadTls: reload } = session.instance;
  if (reload === undefined) throw unsupported('ALTER INSTANCE RELOAD TLS without TLS');
  try {
    await reload();
  } catch (error) {
    throw new SqlError(3888, 'HY000', `Failed to set up SSL because of the following error: ${error instanceof Error ? error.message : String(error)}.`); // prettier-ignore
  }
  return session.ok();
}

/** Begins it; running statements get their time. */
export function shutDown(session: Session): StatementResult {
  const { shutDown: begin } = session.instance;
  if (begin === undefined) throw unsupported('SHUTDOWN');
  begin();
  return session.ok();
}

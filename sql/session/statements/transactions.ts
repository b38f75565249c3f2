/**
 * What a client says about its transaction: BEGIN, COMMIT, ROLLBACK, savepoints, LOCK TABLES. The transaction itself is transaction.ts; SET TRANSACTION
 * is with the variables (set.ts).
 */
import { SqlError } from '../../../base/error.ts';
import { andThen, isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { BeginStatement, CommitStatement, LockTablesStatement, SavepointStatement } from '../../parser/ast.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';

export function begin(session: Session, statement: BeginStatement, sql: string): MaybePromise<StatementResult> {
  const { transaction } = session;
  if (statement.asOf !== undefined || session.past.next !== undefined) return beginInPast(session, statement, sql);
  const { readOnly, mode } = statement;
  const start = (): MaybePromise<StatementResult> => {
    transaction.tablesLocked = false;
    transaction.begin({
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(mode === undefined ? {} : { pessimistic: mode === 'pessimistic' }),
    });
    if (!statement.consistentSnapshot) return session.ok();
    return andThen(transaction.useSnapshot(), () => {
      transaction.isUsed = transaction.isConsistent = true;
      return session.ok();
    });
  };
  // BEGIN inside a transaction commits it.
  return transaction.open === undefined ? start() : transaction.commit().then(start);
}

/** A read-only transaction whose queries all see one moment of the past. */
async function beginInPast(session: Session, statement: BeginStatement, sql: string): Promise<StatementResult> {
  const { transaction, past } = session;
  await transaction.commit();
  const { asOf } = statement;
  const ts = asOf === undefined ? past.next! : await past.momentNamed(asOf, sql);
  past.next = undefined;
  transaction.tablesLocked = false;
  transaction.beginInPast(ts);
  try {
    past.check(ts);
  } catch (error) {
    await transaction.abandon();
    throw error;
  }
  return session.ok();
}

export function endTransaction(session: Session, statement: CommitStatement): MaybePromise<StatementResult> {
  const { transaction, instance } = session;
  const completion = session.state.value('completion_type');
  const chain = statement.chain ?? completion === 'CHAIN';
  const release = statement.release ?? completion === 'RELEASE';
  const { readOnly, readCommitted, serializable, pessimistic, active } = transaction;
  const finish = (): StatementResult => {
    if (chain && active) transaction.beginAs({ readOnly, readCommitted, serializable, pessimistic });
    if (release) instance.timers.soon(() => session.killed('connection'));
    return session.ok();
  };
  if (transaction.open === undefined) {
    // Nothing was begun in the store: leaving is immediate.
    const left = transaction.abandon();
    return isPromise(left) ? left.then(finish) : finish();
  }
  return (statement.kind === 'commit' ? transaction.commit() : transaction.rollback()).then(finish);
}

export async function savepoint(session: Session, statement: SavepointStatement): Promise<StatementResult> {
  const { transaction } = session;
  if (statement.kind === 'savepoint') {
    // Outside a transaction a savepoint would last no longer than its own statement.
    if (transaction.covers) transaction.savepoint(statement.name, (await transaction.useSnapshot()).savepoint());
  } else if (statement.kind === 'rollback-to-savepoint') transaction.rollbackTo(statement.name);
  else transaction.release(statement.name);
  return session.ok();
}

/**
 * What LOCK TABLES means here. READ: a read-only transaction with a snapshot of this moment, until UNLOCK TABLES, so what is read is consistent,
 * which is what dumps lock for; others may go on writing. WRITE: nobody is kept out; a note says so, since a dump that is being
 * loaded takes such locks around its inserts and needs none.
 */
export async function lockTables(session: Session, statement: LockTablesStatement): Promise<StatementResult> {
  const { transaction, state } = session;
  await transaction.commit();
  const schema = session.schema();
  for (const { table } of statement.tables) {
    const database = table.schema ?? state.database;
    if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    if (schema.table(database, table.name) === undefined && schema.virtualTable(database, table.name) === undefined)
      throw new SqlError(1146, '42S02', `Table '${database}.${table.name}' doesn't exist`);
  }
  if (statement.tables.every(({ mode }) => mode.startsWith('READ'))) await lockForReading(session);
  else {
    transaction.tablesLocked = true;
    state.warn('Note', 1235, 'LOCK TABLES … WRITE keeps no other session out in this version of Rutile');
  }
  return session.ok();
}

export async function unlockTables(session: Session): Promise<StatementResult> {
  const { transaction } = session;
  if (transaction.tablesLocked) {
    transaction.tablesLocked = false;
    await transaction.commit();
  }
  return session.ok();
}

/** A snapshot of this moment for this session, until UNLOCK TABLES; also FLUSH TABLES WITH READ LOCK. */
export async function lockForReading({ transaction }: Session): Promise<void> {
  transaction.tablesLocked = true;
  transaction.begin({ readOnly: true });
  await transaction.useSnapshot();
}

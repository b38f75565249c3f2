/**
 * Every statement that is not a query or DML: which of them end a transaction first, who runs them, what is refused. The switch
 * names each kind, so a statement the parser knows and nobody runs is an error of the compiler here, not a silent OK.
 *
 * MySQL commits implicitly before a statement that defines things; so does this, also when the statement then fails.
 */
import { unreachable } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Datum } from '../../base/value/datum.ts';
import { NULL_TYPE } from '../../base/value/field-type.ts';
import type { BeginStatement, CommitStatement, ExecuteStatement, FlushStatement, KillStatement, LockTablesStatement, ParsedStatement, PrepareStatement, SavepointStatement, SelectNode, Statement } from '../parser/ast.ts'; // prettier-ignore
import { checkTables, maintainTables } from './check-table.ts';
import { evaluate, evaluateOne, readPlanned } from './evaluate.ts';
import { explainStatement } from './explain-statement.ts';
import { loadData } from './load-data.ts';
import type { StatementResult } from './result.ts';
import type { Session } from './session.ts';
import { runSet, runSetTransaction } from './set-statement.ts';
import { showWarnings } from './show-warnings.ts';
import { unsupported } from './unsupported.ts';

export function dispatch(
  session: Session,
  statement: Statement,
  sql: string,
  parsed: ParsedStatement,
): MaybePromise<StatementResult> {
  session.setLabel(statement.kind);
  session.statement.start(session.instance.catalog.schema());
  switch (statement.kind) {
    case 'begin':
      return begin(session, statement);
    case 'commit':
    case 'rollback':
      return endTransaction(session, statement);
    case 'set':
      return runSet(session, statement, sql);
    case 'use':
      session.openDatabase(statement.schema);
      return session.ok();
    default:
      return dispatchSlow(session, statement, sql, parsed);
  }
}

type Fast = 'begin' | 'commit' | 'rollback' | 'set' | 'use';

async function dispatchSlow(
  session: Session,
  statement: Exclude<Statement, { kind: Fast }>,
  sql: string,
  parsed: ParsedStatement,
): Promise<StatementResult> {
  const caller = { session, state: session.state, statement: session.statement, sql };
  const { catalog } = session.instance;
  switch (statement.kind) {
    case 'savepoint':
    case 'rollback-to-savepoint':
    case 'release-savepoint':
      return savepoint(session, statement);
    case 'set-transaction':
      return runSetTransaction(session, statement);

    case 'create-database':
    case 'alter-database':
    case 'drop-database':
    case 'create-table':
    case 'create-table-like':
    case 'alter-table':
    case 'drop-table':
    case 'truncate-table':
    case 'rename-table':
    case 'create-index':
    case 'drop-index':
    case 'create-view':
    case 'drop-view': {
      await session.commitTransaction();
      const changed = await catalog.changeSchema(statement, caller);
      if (statement.kind === 'drop-database' && session.state.database?.toLowerCase() === statement.name.toLowerCase())
        session.state.useDatabase(undefined);
      return session.ok(changed.affectedRows, 0, changed.info);
    }

    case 'create-user':
    case 'alter-user':
    case 'drop-user':
    case 'rename-user':
    case 'grant':
    case 'revoke':
    case 'revoke-all':
    case 'set-password':
      await session.commitTransaction();
      await catalog.changeAccounts(statement, caller);
      return session.ok();
    case 'create-role':
    case 'drop-role':
    case 'grant-role':
    case 'revoke-role':
    case 'set-role':
    case 'set-default-role':
      throw unsupported('roles');

    case 'show':
      if (statement.show.kind === 'warnings' || statement.show.kind === 'errors')
        return showWarnings(session, statement.show);
      return shown(session, await catalog.show(statement, caller));
    case 'describe':
      return shown(session, await catalog.show(statement, caller));
    case 'explain':
      return explainStatement(session, statement, sql);

    case 'prepare':
      return prepare(session, statement);
    case 'execute':
      return executeNamed(session, statement);
    case 'deallocate':
      if (!session.forgetNamed(statement.name)) throw unknownPrepared(statement.name, 'DEALLOCATE PREPARE');
      return session.ok();

    case 'do':
      await evaluate(session, statement.expressions, sql);
      return session.ok();
    case 'kill':
      return kill(session, statement, sql);
    case 'select':
      return selectInto(session, statement, sql);
    case 'load-data':
      return loadData(session, statement, sql);

    case 'lock-tables':
      return lockTables(session, statement);
    case 'unlock-tables':
      if (session.tablesLocked) {
        session.tablesLocked = false;
        await session.commitTransaction();
      }
      return session.ok();
    case 'flush':
      return flush(session, statement);
    case 'table-maintenance':
      await session.commitTransaction();
      if (statement.action === 'ANALYZE' && (statement.histogram !== undefined || statement.partitions !== undefined))
        throw unsupported('ANALYZE TABLE of histograms or partitions by name');
      return maintainTables(session, statement, sql);
    case 'admin':
      if (statement.admin.kind === 'check-table') {
        await checkTables(session, statement.admin.tables);
        return session.ok();
      }
      throw unsupported(`ADMIN ${statement.admin.kind.replaceAll('-', ' ').toUpperCase()}`);

    case 'call-procedure':
      throw new SqlError(
        1305,
        '42000',
        `PROCEDURE ${statement.procedure.schema ?? session.state.database ?? ''}.${statement.procedure.name} does not exist`,
      );
    case 'help':
      throw unsupported('HELP');
    case 'shutdown':
    case 'restart':
      throw unsupported(statement.kind.toUpperCase());
    case 'unsupported':
      throw unsupported(statement.name);

    // These are planned; they come here only if something calls dispatch by mistake.
    case 'set-operation':
    case 'parenthesized-query':
    case 'values':
    case 'table-query':
    case 'insert':
    case 'update':
    case 'delete':
      throw unsupported(`INTO in this place (${sql.slice(parsed.start, parsed.start + 40)})`);
    default:
      return unreachable(statement);
  }
}

function shown(
  session: Session,
  computed: { readonly columns: Parameters<Session['computed']>[0]; readonly rows: Datum[][] },
): StatementResult {
  return session.computed(computed.columns, computed.rows);
}

// ---- transactions ----

function begin(session: Session, statement: BeginStatement): MaybePromise<StatementResult> {
  if (statement.asOf !== undefined) throw unsupported('AS OF TIMESTAMP');
  const start = (): MaybePromise<StatementResult> => {
    session.tablesLocked = false;
    session.beginTransaction({
      ...(statement.readOnly === undefined ? {} : { readOnly: statement.readOnly }), ...(statement.mode === undefined ? {} : { pessimistic: statement.mode === 'pessimistic' }),
    }); // prettier-ignore
    if (!statement.consistentSnapshot) return session.ok();
    const opened = session.openTransaction();
    return opened instanceof Promise ? opened.then(() => session.ok()) : session.ok();
  };
  // BEGIN inside a transaction commits it.
  return session.transaction.open === undefined ? start() : session.commitTransaction().then(start);
}

function endTransaction(session: Session, statement: CommitStatement): MaybePromise<StatementResult> {
  const completion = session.state.value('completion_type');
  const chain = statement.chain ?? completion === 'CHAIN';
  const release = statement.release ?? completion === 'RELEASE';
  const { readOnly, readCommitted, pessimistic, active } = session.transaction;
  const finish = (): StatementResult => {
    if (chain && active) session.transaction.begin({ readOnly, readCommitted, pessimistic });
    if (release) session.instance.timers.soon(() => session.killed('connection'));
    return session.ok();
  };
  if (session.transaction.open === undefined) {
    // Nothing was begun in the store: leaving is immediate.
    const left = session.transaction.rollback();
    return left instanceof Promise ? left.then(finish) : finish();
  }
  return (statement.kind === 'commit' ? session.commitTransaction() : session.rollbackTransaction()).then(finish);
}

async function savepoint(session: Session, statement: SavepointStatement): Promise<StatementResult> {
  if (statement.kind === 'savepoint') {
    // Outside a transaction a savepoint would last no longer than its own statement.
    if (session.inTransaction())
      session.transaction.savepoint(statement.name, (await session.openTransaction()).savepoint());
  } else if (statement.kind === 'rollback-to-savepoint') session.transaction.rollbackTo(statement.name);
  else session.transaction.release(statement.name);
  return session.ok();
}

/**
 * What LOCK TABLES means here. READ: a read-only transaction with a snapshot of this moment, until UNLOCK TABLES, so what is read is consistent,
 * which is what dumps lock for; others may go on writing. WRITE: nobody is kept out; a note says so, since a dump that is being
 * loaded takes such locks around its inserts and needs none.
 */
async function lockTables(session: Session, statement: LockTablesStatement): Promise<StatementResult> {
  await session.commitTransaction();
  const schema = session.instance.catalog.schema();
  for (const { table } of statement.tables) {
    const database = table.schema ?? session.state.database;
    if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
    if (schema.table(database, table.name) === undefined && schema.virtualTable(database, table.name) === undefined) {
      throw new SqlError(1146, '42S02', `Table '${database}.${table.name}' doesn't exist`);
    }
  }
  session.tablesLocked = true;
  if (statement.tables.every(({ mode }) => mode.startsWith('READ'))) {
    session.beginTransaction({ readOnly: true });
    await session.openTransaction();
  } else session.state.warn('Note', 1235, 'LOCK TABLES … WRITE keeps no other session out in this version of Rutile');
  return session.ok();
}

// ---- prepared statements as text ----

async function prepare(session: Session, statement: PrepareStatement): Promise<StatementResult> {
  const { source } = statement;
  let text: string;
  if (source.kind === 'text') text = source.sql;
  else {
    const value = session.state.userVariables.get(source.variable.name.toLowerCase())?.value ?? null;
    if (typeof value !== 'string')
      throw new SqlError(
        1064,
        '42000',
        "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'NULL' at line 1",
      );
    text = value;
  }
  session.forgetNamed(statement.name);
  session.named.set(statement.name.toLowerCase(), session.makePrepared(text));
  session.statement.running = true;
  return session.ok(0, 0, 'Statement prepared');
}

async function executeNamed(session: Session, statement: ExecuteStatement): Promise<StatementResult> {
  const prepared = session.named.get(statement.name.toLowerCase());
  if (prepared === undefined) throw unknownPrepared(statement.name, 'EXECUTE');
  if (statement.using.length !== prepared.parameterCount)
    throw new SqlError(1210, 'HY000', 'Incorrect arguments to EXECUTE');
  const bound = statement.using.map((variable) => session.state.userVariables.get(variable.name.toLowerCase()));
  return session.executePrepared(prepared, bound.map((known) => known?.type ?? NULL_TYPE), bound.map((known) => known?.value ?? null)); // prettier-ignore
}

function unknownPrepared(name: string, verb: string): SqlError {
  return new SqlError(1243, 'HY000', `Unknown prepared statement handler (${name}) given to ${verb}`);
}

// ---- the rest ----

async function kill(session: Session, statement: KillStatement, sql: string): Promise<StatementResult> {
  const { value } = await evaluateOne(session, statement.id, sql);
  if (typeof value !== 'number') throw new SqlError(1094, 'HY000', `Unknown thread id: ${String(value)}`);
  session.kill(value, statement.target);
  return session.ok();
}

/** SELECT … INTO @a, @b: exactly one row, or a warning for none and an error for more. */
async function selectInto(session: Session, statement: SelectNode, sql: string): Promise<StatementResult> {
  const { into, ...query } = statement;
  if (into?.kind !== 'variables') throw unsupported('SELECT … INTO OUTFILE and DUMPFILE');
  const { columns, rows } = await readPlanned(session, query, sql);
  if (columns.length !== into.variables.length)
    throw new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns');
  if (rows.length > 1) throw new SqlError(1172, '42000', 'Result consisted of more than one row');
  const row = rows[0];
  if (row === undefined) {
    session.state.warn('Warning', 1329, 'No data - zero rows fetched, selected, or processed');
    return session.ok();
  }
  into.variables.forEach((variable, i) =>
    session.state.userVariables.set(variable.name.toLowerCase(), { value: row[i]!, type: columns[i]!.type }),
  );
  return session.ok(1);
}

/**
 * Nothing of this server waits for a flush: tables, privileges and logs are always current. So the harmless targets are done by
 * doing nothing; those that would promise something are refused.
 */
const FLUSHED: ReadonlySet<string> = new Set(['PRIVILEGES', 'TABLES', 'TABLE', 'STATUS', 'HOSTS', 'LOGS', 'ERROR LOGS', 'GENERAL LOGS', 'SLOW LOGS', 'ENGINE LOGS', 'BINARY LOGS', 'USER_RESOURCES', 'OPTIMIZER_COSTS']); // prettier-ignore

async function flush(session: Session, statement: FlushStatement): Promise<StatementResult> {
  for (const target of statement.targets) if (!FLUSHED.has(target)) throw unsupported(`FLUSH ${target}`);
  if (statement.forExport) throw unsupported('FLUSH TABLES … FOR EXPORT');
  await session.commitTransaction();
  if (statement.withReadLock) {
    // As LOCK TABLES … READ: a snapshot of this moment for this session.
    session.tablesLocked = true;
    session.beginTransaction({ readOnly: true });
    await session.openTransaction();
  }
  return session.ok();
}

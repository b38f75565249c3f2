/**
 * Every statement that is not a query or DML: who runs it, or what is refused. The switch names each kind, so a statement the parser
 * knows and nobody runs is an error of the compiler here, not a silent OK.
 *
 * **A new kind of statement** gets its tree in sql/parser/ast, its grammar in the parser, a file here (or a function in the file of its family)
 * of the form `(session, statement, …) => StatementResult`, and its line below. It ends with `session.ok(…)` or `session.computed(columns,
 * rows)`. What defines things commits first (`session.transaction.commit()`), as in MySQL, also when it then fails. An expression in it is run by
 * evaluate.ts, a query by `readPlanned` there.
 *
 *     transactions.ts    BEGIN … ROLLBACK, savepoints, LOCK TABLES      definitions.ts     what the catalog changes
 *     set.ts             SET in all its forms                           show.ts            SHOW, DESCRIBE; show-warnings.ts
 *     prepared.ts        PREPARE, EXECUTE, DEALLOCATE                   explain.ts         EXPLAIN
 *     select-into.ts     SELECT … INTO                                  load-data.ts       LOAD DATA
 *     create-select.ts   CREATE TABLE … SELECT
 *     maintenance.ts     ANALYZE, CHECK, CHECKSUM … TABLE               administration.ts  KILL, FLUSH
 */
import { unreachable } from '../../../base/assert.ts';
import { SqlError } from '../../../base/error.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import type { ParsedStatement, Statement } from '../../parser/ast.ts';
import type { StatementResult } from '../result.ts';
import type { Session } from '../session.ts';
import { unsupported } from '../unsupported.ts';
import { flush, kill, reloadTls, shutDown } from './administration.ts';
import { changeAccounts, changeSchema } from './definitions.ts';
import { createTableSelect } from './create-select.ts';
import { evaluate } from './evaluate.ts';
import { explainStatement } from './explain.ts';
import { loadData } from './load-data.ts';
import { T } from '../../catalog/virtual/definition.ts';
import { column } from '../computed.ts';
import { adminCheck, maintainPartitions, maintainTables, maintenanceOf } from './maintenance.ts';
import { deallocate, executeNamed, prepareNamed } from './prepared.ts';
import { selectInto } from './select-into.ts';
import { checkStatement } from '../statement-rights.ts';
import { resetPersist, runSet, runSetTransaction } from './set.ts';
import { show } from './show.ts';
import { begin, endTransaction, lockTables, savepoint, unlockTables } from './transactions.ts';

export function dispatch(
  session: Session,
  statement: Statement,
  sql: string,
  parsed: ParsedStatement,
): MaybePromise<StatementResult> {
  session.setLabel(statement.kind);
  session.statement.start(session.schema());
  checkStatement(session, statement);
  // Those that drivers say around every other statement take no promise.
  switch (statement.kind) {
    case 'begin':
      return begin(session, statement, sql);
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
  switch (statement.kind) {
    case 'savepoint':
    case 'rollback-to-savepoint':
    case 'release-savepoint':
      return savepoint(session, statement);
    case 'set-transaction':
      return runSetTransaction(session, statement, sql);
    case 'lock-tables':
      return lockTables(session, statement);
    case 'unlock-tables':
      return unlockTables(session);

    case 'alter-table': {
      const action = maintenanceOf(statement);
      if (action !== undefined) return maintainPartitions(session, statement.table, action, sql);
      return changeSchema(session, statement, sql);
    }
    case 'create-table':
      if (statement.query !== undefined)
        return createTableSelect(session, { ...statement, query: statement.query }, sql);
      return changeSchema(session, statement, sql);
    case 'create-database':
    case 'alter-database':
    case 'drop-database':
    case 'create-table-like':
    case 'drop-table':
    case 'truncate-table':
    case 'rename-table':
    case 'flashback-table':
    case 'flashback-database':
    case 'create-index':
    case 'drop-index':
    case 'create-view':
    case 'drop-view':
      return changeSchema(session, statement, sql);

    case 'create-user':
    case 'alter-user':
    case 'drop-user':
    case 'rename-user':
    case 'grant':
    case 'revoke':
    case 'revoke-all':
    case 'set-password':
    case 'create-role':
    case 'drop-role':
    case 'grant-role':
    case 'revoke-role':
    case 'set-default-role':
      return changeAccounts(session, statement, sql);
    case 'set-role':
      session.state.setRoles(session.instance.catalog.chooseRoles(session.state, statement));
      return session.ok();

    case 'show':
    case 'describe':
      return show(session, statement, sql);
    case 'explain':
      return explainStatement(session, statement, sql);

    case 'prepare':
      return prepareNamed(session, statement);
    case 'execute':
      return executeNamed(session, statement);
    case 'deallocate':
      return deallocate(session, statement);

    case 'do':
      await evaluate(session, statement.expressions, sql);
      return session.ok();
    case 'select':
    case 'set-operation':
    case 'parenthesized-query':
    case 'values':
    case 'table-query':
      return selectInto(session, statement, sql);
    case 'load-data':
      return loadData(session, statement, sql);

    case 'table-maintenance':
      return maintainTables(session, statement, sql);
    case 'reset-persist':
      return resetPersist(session, statement);
    case 'admin':
      return adminCheck(session, statement);
    case 'kill':
      return kill(session, statement, sql);
    case 'flush':
      return flush(session, statement);

    case 'call-procedure':
      throw new SqlError(
        1305,
        '42000',
        `PROCEDURE ${statement.procedure.schema ?? session.state.database ?? ''}.${statement.procedure.name} does not exist`,
      );
    case 'help':
      // There are no help texts: what MySQL answers when it finds none.
      return session.computed([column('name', T.name), column('is_it_category', T.yes)], []);
    case 'reload-tls':
      return reloadTls(session);
    case 'shutdown':
      return shutDown(session);
    case 'restart':
      // As MySQL without a process that watches over it.
      throw new SqlError(3707, 'HY000', 'Restart server failed (mysqld is not managed by supervisor process).');
    case 'unsupported':
      throw unsupported(statement.name);

    // These are planned; they come here only if something calls dispatch by mistake.
    case 'insert':
    case 'update':
    case 'delete':
      throw unsupported(`INTO in this place (${sql.slice(parsed.start, parsed.start + 40)})`);
    default:
      return unreachable(statement);
  }
}

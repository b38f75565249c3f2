/**
 * Statements that change rows, whole or not at all: what a failed one wrote is undone by a savepoint of the transaction's write buffer,
 * and one that met newer data is run again (see writes/locks.ts).
 */
import { unreachable } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import type { Transaction } from '../../kv/client/client.ts';
import type { WritePlan } from '../../proto/plan/physical.ts';
import type { ExecutionContext } from './context.ts';
import { Run } from './run.ts';
import { type WriteContext, writeContext } from './writes/column-store.ts';
import { executeDelete } from './writes/delete.ts';
import { Inserter } from './writes/insert.ts';
import { runLocking } from './writes/locks.ts';
import { executeUpdate } from './writes/update.ts';

export interface WriteResult {
  readonly affectedRows: number;
  /** What CLIENT_FOUND_ROWS wants instead: rows that matched, changed or not. */
  readonly foundRows: number;
  readonly changedRows: number;
  /** For the OK packet. */
  readonly lastInsertId: number | bigint;
  /** What LAST_INSERT_ID() answers from now on; `undefined`: as before. */
  readonly generatedId: number | bigint | undefined;
  readonly info: string;
}

export function executeWrite(plan: WritePlan, context: ExecutionContext): Promise<WriteResult> {
  const transaction = writeTransaction(context);
  const write = writeContext(context.evaluation, plan.ignore);
  const run = new Run(context, write.evaluation);
  const idBefore = context.evaluation.session.lastInsertId;
  const done = runLocking(transaction, run, async () => {
    write.warnings.count = 0;
    const result = await once(plan, transaction, run, write);
    // LAST_INSERT_ID(expr) in an update: the client is told that value.
    const told = context.evaluation.session.lastInsertId;
    return told !== idBefore && result.generatedId === undefined ? { ...result, lastInsertId: told } : result;
  });
  return done.finally(() => run.close());
}

export function writeTransaction(context: ExecutionContext): Transaction {
  if (context.transaction === undefined)
    throw new SqlError(1792, '25006', 'Cannot execute statement in a READ ONLY transaction.');
  return context.transaction;
}

async function once(plan: WritePlan, transaction: Transaction, run: Run, write: WriteContext): Promise<WriteResult> {
  switch (plan.kind) {
    case 'insert': {
      const inserter = new Inserter(plan, transaction, run);
      await inserter.execute();
      const { affectedRows, unchangedRows, records, duplicates, generatedId, shownId } = inserter.outcome;
      const many = plan.source !== undefined || records > 1;
      return {
        affectedRows,
        foundRows: affectedRows + unchangedRows,
        changedRows: affectedRows,
        lastInsertId: affectedRows > 0 || unchangedRows > 0 ? (generatedId ?? shownId) : 0,
        generatedId: affectedRows > 0 ? generatedId : undefined,
        info: many ? `Records: ${records}  Duplicates: ${duplicates}  Warnings: ${write.warnings.count}` : '',
      };
    }
    case 'update': {
      const { matchedRows, changedRows } = await executeUpdate(plan, transaction, run);
      return {
        affectedRows: changedRows,
        foundRows: matchedRows,
        changedRows,
        lastInsertId: 0,
        generatedId: undefined,
        info: `Rows matched: ${matchedRows}  Changed: ${changedRows}  Warnings: ${write.warnings.count}`,
      };
    }
    case 'delete': {
      const affectedRows = await executeDelete(plan, transaction, run);
      return {
        affectedRows,
        foundRows: affectedRows,
        changedRows: affectedRows,
        lastInsertId: 0,
        generatedId: undefined,
        info: '',
      };
    }
    default:
      return unreachable(plan);
  }
}

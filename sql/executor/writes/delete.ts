/** DELETE, from one table or several: rows are read first, locked in chunks, and removed with their index entries. */
import type { Transaction } from '../../../kv/client/client.ts';
import type { Row } from '../../../base/value/datum.ts';
import type { DeletePlan } from '../../../proto/plan/physical.ts';
import type { Run } from '../run.ts';
import { ForeignKeys, isReferenceFailure } from './foreign-keys.ts';
import type { StoredRow } from './table-writer.ts';
import { TargetRows } from './targets.ts';
import { readAll } from './update.ts';

const CHUNK_ROWS = 1024;

export async function executeDelete(plan: DeletePlan, transaction: Transaction, run: Run): Promise<number> {
  const memory = run.reserve('delete');
  const rows = await readAll(plan.input, run, memory);
  try {
    return await remove(plan, rows, transaction, run);
  } finally {
    memory.release();
  }
}

async function remove(plan: DeletePlan, rows: readonly Row[], transaction: Transaction, run: Run): Promise<number> {
  let deleted = 0;
  for (const target of plan.targets) {
    const targetRows = new TargetRows(target, transaction, run);
    const references = ForeignKeys.of(target.database, target.table, transaction, run);
    let deletedHere = 0;
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      const end = Math.min(rows.length, start + CHUNK_ROWS);
      const chunk = [];
      for (let r = start; r < end; r++) {
        const stored = targetRows.take(rows[r]!);
        if (stored !== undefined) chunk.push(stored);
      }
      await targetRows.lock(chunk);
      if (references === undefined) {
        for (const stored of chunk) targetRows.writer.delete(stored);
        deletedHere += chunk.length;
      } else
        for (const stored of chunk)
          if (await removeReferenced(references, targetRows, stored, plan.ignore, run)) deletedHere++;
      run.checkpoint();
      if (run.due()) await run.pause();
    }
    run.context.noteChangedRows(target.table, -deletedHere, deletedHere);
    deleted += deletedHere;
  }
  return deleted;
}

/** False when somebody refers to the row and IGNORE leaves it there. */
async function removeReferenced(
  references: ForeignKeys,
  { writer }: TargetRows,
  stored: StoredRow,
  ignore: boolean,
  run: Run,
): Promise<boolean> {
  const mark = writer.transaction.savepoint();
  writer.delete(stored);
  try {
    await references.removed(stored.row);
    return true;
  } catch (error) {
    if (!ignore || !isReferenceFailure(error)) throw error;
    writer.transaction.rollbackTo(mark);
    run.evaluation.warn('Warning', error.errno, error.message);
    return false;
  }
}

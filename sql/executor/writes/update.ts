/**
 * UPDATE, of one table or several. The rows are read first, all of them, so that no change is met again by the scan that feeds it;
 * then each is locked, computed and written. A row that already has the new values counts as matched, not as changed.
 *
 * Assignments run from left to right, and a later one sees what an earlier one stored: `SET a = a + 1, b = a` gives b the new a.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise } from '../../../base/outcome.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import type { Assignment, UpdatePlan } from '../../../proto/plan/physical.ts';
import { buildOperator } from '../build.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { collect } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { columnStore, type StoreValue } from './column-store.ts';
import { ForeignKeys, isReferenceFailure } from './foreign-keys.ts';
import { GeneratedColumns } from './generated-columns.ts';
import { brokenCheck } from './row-checks.ts';
import { touchTimestamps } from './insert.ts';
import { sameDatum } from './same.ts';
import type { StoredRow } from './table-writer.ts';
import { TargetRows } from './targets.ts';

const CHUNK_ROWS = 1024;

export interface UpdateOutcome {
  matchedRows: number;
  changedRows: number;
}

interface CompiledAssignment {
  readonly assignment: Assignment;
  readonly evaluate: Evaluate;
  readonly store: StoreValue;
  /** Where the column is in the input row. */
  readonly position: number;
}

export async function executeUpdate(plan: UpdatePlan, transaction: Transaction, run: Run): Promise<UpdateOutcome> {
  const memory = run.reserve('update');
  const rows = await readAll(plan.input, run, memory);
  try {
    return await change(plan, rows, transaction, run);
  } finally {
    memory.release();
  }
}

async function change(
  plan: UpdatePlan,
  rows: readonly Row[],
  transaction: Transaction,
  run: Run,
): Promise<UpdateOutcome> {
  const outcome: UpdateOutcome = { matchedRows: 0, changedRows: 0 };
  const targets = plan.targets.map((target) => new TargetRows(target, transaction, run));
  const references = plan.targets.map((target) => ForeignKeys.of(target.database, target.table, transaction, run));
  const rules = { strict: run.evaluation.strictWrite, nullThrows: false };
  const assignments = plan.assignments.map((assignment): CompiledAssignment => {
    const target = plan.targets[assignment.target]!;
    const column = target.table.columns[assignment.columnOffset]!;
    return {
      assignment,
      evaluate: evaluator(assignment.value),
      store: columnStore({ ...column, autoIncrement: false }, assignment.value.type, rules, run.evaluation),
      position: target.columnPositions[assignment.columnOffset]!,
    };
  });
  const generated = plan.targets.map((target) =>
    GeneratedColumns.of(target.generated, target.table, rules, run.evaluation),
  );
  const assigned = plan.targets.map(
    (_, t) => new Set(plan.assignments.filter((one) => one.target === t).map((one) => one.columnOffset)),
  );
  const changedOf = plan.targets.map(() => 0);
  let rowNumber = 0;
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = rows.slice(start, start + CHUNK_ROWS);
    const taken: (StoredRow | undefined)[][] = [];
    for (let t = 0; t < targets.length; t++) {
      const found = chunk.map((row) => (assigned[t]!.size === 0 ? undefined : targets[t]!.take(row)));
      taken.push(found);
      await targets[t]!.lock(found.filter((row) => row !== undefined));
    }
    for (let r = 0; r < chunk.length; r++) {
      rowNumber++;
      const stored = taken.map((found) => found[r]);
      if (stored.every((row) => row === undefined)) continue;
      const input = chunk[r]!.slice();
      for (const { assignment, evaluate, store, position } of assignments) {
        if (stored[assignment.target] === undefined) continue;
        input[position] = store(evaluate(input, run.evaluation), rowNumber);
      }
      for (let t = 0; t < targets.length; t++) {
        const old = stored[t];
        if (old === undefined) continue;
        outcome.matchedRows++;
        const next = newRow(old.row, input, plan.targets[t]!.columnPositions);
        if (next === undefined) continue;
        const { table, checks } = plan.targets[t]!;
        // What a foreign key's action changes is nobody's update.
        if (run.cascade === undefined) touchTimestamps(table, next, assigned[t]!, run);
        generated[t]?.compute(next, rowNumber);
        const broken = checks === undefined ? undefined : brokenCheck(checks, next, run.evaluation);
        const keys = references[t];
        const updated =
          broken ??
          (keys === undefined
            ? targets[t]!.writer.update(old, next)
            : updateReferenced(keys, targets[t]!, old, next, plan.ignore));
        const failure = isPromise(updated) ? await updated : updated;
        if (failure !== undefined) {
          if (!plan.ignore) throw failure;
          run.evaluation.warn('Warning', failure instanceof SqlError ? failure.errno : 1062, failure.message);
          continue;
        }
        outcome.changedRows++;
        changedOf[t]!++;
        await observeMovedId(targets[t]!, next, assigned[t]!, run);
      }
    }
    run.checkpoint();
    if (run.due()) await run.pause();
  }
  plan.targets.forEach((target, t) => run.context.noteChangedRows(target.table, 0, changedOf[t]!));
  return outcome;
}

/** A row with foreign keys: answers what is wrong, as `TableWriter.update` does; nothing is written then. */
async function updateReferenced(
  keys: ForeignKeys,
  { writer }: TargetRows,
  old: StoredRow,
  next: Row,
  ignore: boolean,
): Promise<Error | undefined> {
  const mark = writer.transaction.savepoint();
  try {
    await keys.checkParents(next, old.row);
    const failure = await writer.update(old, next);
    if (failure === undefined) await keys.changed(old.row, next);
    return failure;
  } catch (error) {
    if (!ignore || !isReferenceFailure(error)) throw error;
    writer.transaction.rollbackTo(mark);
    return error;
  }
}

/** `undefined`: nothing differs. */
function newRow(old: Row, input: Row, positions: readonly number[]): Row | undefined {
  let changed = false;
  const next: Row = [];
  for (let offset = 0; offset < old.length; offset++) {
    const position = positions[offset] ?? -1;
    const value: Datum = position < 0 ? old[offset]! : input[position]!;
    if (!changed && !sameDatum(value, old[offset]!)) changed = true;
    next.push(value);
  }
  return changed ? next : undefined;
}

/** An AUTO_INCREMENT column that was set by hand: later values must lie above. */
async function observeMovedId(target: TargetRows, row: Row, assigned: ReadonlySet<number>, run: Run): Promise<void> {
  const { table } = target.target;
  for (const column of table.columns) {
    if (!column.autoIncrement || !assigned.has(column.offset)) continue;
    const id = row[column.offset];
    if ((typeof id === 'number' || typeof id === 'bigint') && id > 0) await run.context.observeAutoIncrement(table, id);
  }
}

/** Everything a plan gives, counted against the statement's memory. */
export async function readAll(plan: UpdatePlan['input'], run: Run, memory: Reservation): Promise<Row[]> {
  const operator = buildOperator(plan, run);
  operator.open();
  try {
    const rows = collect(operator, run, new RowSizer(plan.output.map((column) => column.type)), memory);
    return isPromise(rows) ? await rows : rows;
  } finally {
    operator.close();
  }
}

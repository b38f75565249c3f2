/**
 * INSERT, REPLACE, UPDATE, DELETE, once they are planned. In a transaction a write goes to its buffer. Outside of one the statement is a
 * transaction of its own, and is tried again here where that is no business of the client:
 *
 *     plan ─ lease on its tables ─ optimistic, OPTIMISTIC_ATTEMPTS times ─ with locks, up to LOCKING_ATTEMPTS_MAX ─► done
 *       ▲            └── they changed: planned again, up to SCHEMA_ATTEMPTS_MAX
 *       └────────────────┘
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { WritePlan } from '../../proto/plan/physical.ts';
import { hasReferences } from '../../proto/schema/references.ts';
import { computeDerived, executeWrite, translateCommitError, type WriteResult } from '../executor/index.ts';
import { parse } from '../parser/index.ts';
import type { SchemaLease } from '../catalog/index.ts';
import { isLocked, isRace, isSchemaChange, readOnlyTransaction } from './failures.ts';
import type { CachedPlan } from './plan-cache.ts';
import type { StatementResult } from './result.ts';
import type { Session } from './session.ts';
import { UNBOUND } from './statement-planner.ts';
import { touchTables } from './transaction.ts';

/** Optimistic attempts of an autocommit statement before it takes locks: a hot row is cheaper to wait for than to race for. */
const OPTIMISTIC_ATTEMPTS = 3;
const LOCKING_ATTEMPTS_MAX = 16;
/** Statements planned again after the schema changed under them. */
const SCHEMA_ATTEMPTS_MAX = 8;
/** How long an optimistic commit waits for a lock: most are gone within a commit's time. */
const OPTIMISTIC_WAIT_MS = 20;

export function runWrite(session: Session, plan: CachedPlan): MaybePromise<StatementResult> {
  if (session.transaction.refusesWrites && !writesTemporary(plan.write!)) throw readOnlyTransaction();
  session.statement.strictWrite = session.state.sqlMode.strict && !plan.write!.ignore;
  return session.transaction.covers ? writeInTransaction(session, plan) : writeAutocommit(session, plan);
}

/** A transaction that may only read may write what nobody else sees. */
function writesTemporary(plan: WritePlan): boolean {
  const targets = plan.kind === 'insert' ? [plan] : plan.targets;
  return targets.every(({ table }) => table.temporary);
}

/** Ends a statement that changed rows. */
export function writeDone(session: Session, result: WriteResult): StatementResult {
  const affectedRows = session.clientFoundRows ? result.foundRows : result.affectedRows;
  if (result.generatedId !== undefined) session.state.lastInsertId = result.generatedId;
  return session.ok(affectedRows, result.lastInsertId, result.info);
}

async function writeInTransaction(session: Session, plan: CachedPlan): Promise<StatementResult> {
  const { statement } = session;
  let transaction = await session.transaction.use();
  const touched = touchPlanned(session, plan);
  const current = isPromise(touched) ? await touched : touched;
  if (current !== plan) transaction = await session.transaction.use();
  statement.reader = transaction;
  statement.transaction = transaction;
  session.transaction.deeds.hasWritten = true;
  return writeDone(session, await executeWrite(current.write!, statement));
}

/**
 * In a transaction, before its tables are used: answers the plan to run, which is another one when they changed before the transaction had done
 * anything; it has begun anew then, as if BEGIN had come after the change.
 */
export function touchPlanned(session: Session, plan: CachedPlan): MaybePromise<CachedPlan> {
  const { transaction } = session;
  try {
    const touched = transaction.touch(plan.tableIds, plan.schemaVersion);
    if (isPromise(touched))
      return touched.then(
        () => {
          transaction.isUsed = true;
          return plan;
        },
        (error: unknown) => touchAnew(session, error),
      );
  } catch (error) {
    return touchAnew(session, error);
  }
  transaction.isUsed = true;
  return plan;
}

async function touchAnew(session: Session, error: unknown): Promise<CachedPlan> {
  const { transaction } = session;
  for (let attempt = 1, failure = error; ; attempt++) {
    if (!isSchemaChange(failure) || attempt >= SCHEMA_ATTEMPTS_MAX || !(await transaction.beginAnew())) throw failure;
    const plan = planAgain(session);
    try {
      await transaction.use();
      await transaction.touch(plan.tableIds, plan.schemaVersion);
      transaction.isUsed = true;
      return plan;
    } catch (again) {
      failure = again;
    }
  }
}

/**
 * A statement of its own: tried without locks first, since most meet nobody. Losing the race at commit runs it again on newer data; after a
 * few losses it takes locks and waits its turn.
 */
async function writeAutocommit(session: Session, plan: CachedPlan): Promise<StatementResult> {
  const { leases } = session.instance.catalog;
  for (let attempt = 1, current = plan; ; attempt++) {
    const lease = leases?.acquire(current.schemaVersion);
    try {
      if (lease !== undefined) {
        const touched = touchTables(lease, current.tableIds, session.state.lockWaitMs);
        if (isPromise(touched)) await touched;
      }
      return await writeUnderLease(session, current, lease);
    } catch (error) {
      if (!isSchemaChange(error) || attempt >= SCHEMA_ATTEMPTS_MAX) throw error;
      lease?.release();
      current = planAgain(session);
    } finally {
      lease?.release();
    }
  }
}

/**
 * The tables changed their shape between planning and running: the statement is planned again on the newest schema. Nothing
 * has been written yet, since leases come before the transaction.
 */
function planAgain(session: Session): CachedPlan {
  const { statement, running, planner, currentSql } = session;
  const schema = session.schema();
  statement.schema = schema;
  const tree = running?.prepared.parsed.statement ?? parse(currentSql, planner.parseOptions())[0]!.statement;
  const bound = running ?? UNBOUND;
  // A text is planned with its literals by value: this plan serves once.
  statement.parameters = [...(bound.values ?? [])];
  const { plan } = planner.plan(tree, currentSql, schema, bound, undefined);
  if (plan.derived.length > 0) computeDerived(plan.derived, statement);
  return plan;
}

/** Foreign keys need locks: what is referred to stays. */
function refers({ statement }: Session, plan: WritePlan): boolean {
  if (!statement.foreignKeyChecks) return false;
  const targets = plan.kind === 'insert' ? [plan] : plan.targets;
  return targets.some(({ database, table }) => hasReferences(statement.schema, database, table));
}

async function writeUnderLease(
  session: Session,
  plan: CachedPlan,
  lease: SchemaLease | undefined,
): Promise<StatementResult> {
  const { statement, instance, state } = session;
  for (let attempt = 0; ; attempt++) {
    const begun = instance.kv.begin({
      pessimistic: attempt >= OPTIMISTIC_ATTEMPTS || refers(session, plan.write!),
      serializable: session.transaction.notesReads,
      sizeBytesMax: state.transactionSizeMax,
      commitWaitMs: OPTIMISTIC_WAIT_MS,
    });
    const transaction = isPromise(begun) ? await begun : begun;
    statement.reader = transaction;
    statement.transaction = transaction;
    try {
      const written = executeWrite(plan.write!, statement);
      const result = isPromise(written) ? await written : written;
      const { board } = instance.catalog;
      if (board === undefined) await transaction.commit(statement);
      else {
        await board.confirm(lease);
        await transaction.commit(statement, board.commitDeadline, () => board.deadline(lease));
      }
      return writeDone(session, result);
    } catch (error) {
      await transaction.rollback().catch(() => undefined);
      // A lock that stays is somebody's open transaction: stand in line for it, with the statement's own limit.
      if (isLocked(error)) attempt = Math.max(attempt, OPTIMISTIC_ATTEMPTS - 1);
      else if (!isRace(error) || attempt >= LOCKING_ATTEMPTS_MAX)
        throw translateCommitError(error, statement.schema, transaction);
      instance.counters.optimisticRetries++;
      statement.checkKilled();
      state.clearWarnings();
    }
  }
}

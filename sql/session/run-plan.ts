/**
 * A plan and its values become a result. What a query reads from is decided here:
 *
 *     no stored table                        whatever is at hand
 *     inside a transaction                   the transaction, at its snapshot or (READ COMMITTED) at a new one
 *     takes locks, outside of one            a transaction that lives as long as the statement
 *     one key, outside of one                the newest version there is: no timestamp is asked for
 *     anything else                          a snapshot at a timestamp of its own
 *
 * Writes are in run-write.ts. Nothing here makes a promise where the storage answers at once.
 */
import { andThen, isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Datum } from '../../base/value/datum.ts';
import { TIMESTAMP_MAX, type Transaction } from '../../kv/client/client.ts';
import { computeDerived, execute } from '../executor/index.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import { readOnlyTransaction } from './failures.ts';
import type { CachedPlan } from './plan-cache.ts';
import type { StatementResult } from './result.ts';
import { runWrite, touchPlanned } from './run-write.ts';
import type { Session } from './session.ts';
import { StatementRows } from './statement-rows.ts';

// hot
export function runPlan(
  session: Session,
  plan: CachedPlan,
  values: Datum[],
  schema: SchemaSnapshot,
): MaybePromise<StatementResult> {
  const { statement } = session;
  session.setLabel(plan.label);
  session.usage = plan.usage;
  statement.start(schema);
  if (session.statistics !== undefined) statement.runtimeStatistics = session.statistics;
  statement.parameters = values;
  if (plan.derived.length > 0) computeDerived(plan.derived, statement);
  if (plan.kind !== 'write') return runQuery(session, plan);
  if (session.account.limits.updates > 0) session.instance.logins.update(session.account);
  return runWrite(session, plan);
}

/** A query that sees the past: rows as of `ts`, found by the schema of then. */
export function runPast(
  session: Session,
  plan: CachedPlan,
  values: Datum[],
  past: { readonly schema: SchemaSnapshot; readonly ts: bigint },
): StatementResult {
  const { statement, instance } = session;
  session.setLabel(plan.label);
  session.usage = plan.usage;
  statement.start(past.schema);
  if (session.statistics !== undefined) statement.runtimeStatistics = session.statistics;
  statement.parameters = values;
  if (plan.derived.length > 0) computeDerived(plan.derived, statement);
  statement.limitTime(plan.maxExecutionMs ?? session.state.maxExecutionMs);
  statement.transaction = undefined;
  statement.readAt(instance.kv, past.ts);
  return openRows(session, plan, undefined);
}

// hot
function runQuery(session: Session, plan: CachedPlan): MaybePromise<StatementResult> {
  const { statement, instance } = session;
  const limitMs = plan.maxExecutionMs ?? session.state.maxExecutionMs;
  if (limitMs > 0) statement.limitTime(limitMs);
  if (plan.isTableless) {
    statement.reader = instance.latest;
    statement.transaction = session.transaction.open;
    return openRows(session, plan, undefined);
  }
  if (session.transaction.covers) return readInTransaction(session, plan);
  if (plan.locks) return readWithLocks(session, plan);
  statement.transaction = undefined;
  if (plan.isPoint) {
    // A snapshot of its own: what a reader learns about locks holds for the moment it read in.
    statement.reader = instance.kv.snapshot(TIMESTAMP_MAX);
    return openRows(session, plan, undefined);
  }
  return andThen(instance.kv.timestamp(), (ts) => {
    statement.readAt(instance.kv, ts);
    return openRows(session, plan, undefined);
  });
}

function readInTransaction(session: Session, plan: CachedPlan): MaybePromise<StatementResult> {
  const opened = session.transaction.use();
  return isPromise(opened)
    ? opened.then((transaction) => readIn(session, transaction, plan))
    : readIn(session, opened, plan);
}

function readIn(session: Session, transaction: Transaction, plan: CachedPlan): MaybePromise<StatementResult> {
  const touched = touchPlanned(session, plan);
  return isPromise(touched)
    ? touched.then((current) => readCurrent(session, current))
    : readTouched(session, transaction, plan);
}

/** After waiting: the transaction may be another one, and the plan. */
function readCurrent(session: Session, plan: CachedPlan): MaybePromise<StatementResult> {
  return andThen(session.transaction.use(), (transaction) => readTouched(session, transaction, plan));
}

function readTouched(session: Session, transaction: Transaction, plan: CachedPlan): MaybePromise<StatementResult> {
  const { statement } = session;
  statement.reader = transaction;
  statement.transaction = transaction;
  session.transaction.deeds.hasRead = true;
  if (plan.locks && session.transaction.readOnly) throw readOnlyTransaction();
  if (plan.locks) return openRows(session, plan, undefined);
  if (!session.transaction.readCommitted) {
    session.transaction.refuseLaterTables(plan.tableIds);
    return openRows(session, plan, undefined);
  }
  return andThen(session.instance.kv.timestamp(), (ts) => {
    transaction.setReadTs(ts);
    return openRows(session, plan, undefined);
  });
}

/** SELECT … FOR UPDATE without a transaction: the locks live as long as the statement. */
async function readWithLocks(session: Session, plan: CachedPlan): Promise<StatementResult> {
  const transaction = await session.instance.kv.begin({
    pessimistic: true,
    sizeBytesMax: session.state.transactionSizeMax,
  });
  session.statement.reader = transaction;
  session.statement.transaction = transaction;
  return openRows(session, plan, transaction);
}

// hot
function openRows(session: Session, plan: CachedPlan, own: Transaction | undefined): StatementResult {
  const source = execute(plan.query!, session.statement);
  const rows = new StatementRows(session, source, own, plan.cut);
  return { kind: 'rows', columns: plan.columns, source: rows, encoded: rows.encoded };
}

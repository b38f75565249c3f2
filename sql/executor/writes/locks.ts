/**
 * Locks and restarts. In a pessimistic transaction a statement reads at a timestamp of its own (`forUpdateTs`) and locks what it
 * is about to change. When somebody committed a newer version of such a key, what the statement has read is stale:
 *
 *     forUpdateTs ── read row ─────────── lock row: "write conflict at T > forUpdateTs"
 *                                              └── undo this statement's writes, take a newer timestamp, run it again
 *
 * Locks taken by the failed attempt stay, so each attempt gets further than the last one. In an optimistic transaction nothing
 * is locked; conflicts show at commit.
 */
import { RutileError, SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { LockOptions, LockOutcome, Transaction } from '../../../kv/client/client.ts';
import type { Run } from '../run.ts';

/** Attempts of one statement. Each one follows a commit by someone else, so many in a row mean a very hot row. */
const ATTEMPTS_MAX = 256;

/** Thrown inside a statement that must run again at a newer timestamp; never leaves this module's callers. */
class Restart extends Error {
  override readonly name = 'Restart';
}

export type LockWait = 'wait' | 'nowait' | 'skip-locked';

/** Locks keys and answers their newest committed values; throws the statement's error, or asks for a restart. */
export function lockAndRead(
  transaction: Transaction,
  keys: readonly Uint8Array[],
  run: Run,
): MaybePromise<readonly (Uint8Array | undefined)[]> {
  if (keys.length === 0) return [];
  const outcome = transaction.lockKeys(keys, { ...lockOptions(transaction, 'wait', run), returnValues: true });
  const read = (got: LockOutcome): readonly (Uint8Array | undefined)[] => {
    if (got.kind !== 'locked') throw lockFailure(got, run);
    return got.values!;
  };
  return isPromise(outcome) ? whileWaiting(keys, run, outcome).then(read) : read(outcome);
}

/** Locks keys. Answers which of them were skipped (skip-locked only). */
export function lockKeys(
  transaction: Transaction,
  keys: readonly Uint8Array[],
  wait: LockWait,
  run: Run,
): MaybePromise<readonly boolean[] | undefined> {
  if (keys.length === 0) return undefined;
  const outcome = transaction.lockKeys(keys, lockOptions(transaction, wait, run));
  const check = (got: LockOutcome): readonly boolean[] | undefined => {
    if (got.kind !== 'locked') throw lockFailure(got, run);
    return got.skipped;
  };
  return isPromise(outcome) ? whileWaiting(keys, run, outcome).then(check) : check(outcome);
}

function lockOptions(transaction: Transaction, wait: LockWait, run: Run): LockOptions {
  return {
    waitMs: wait === 'wait' ? run.context.lockWaitMs : wait,
    forUpdateTs: transaction.ts,
    signal: () => run.context.abortSignal(),
  };
}

/** Others can see what this statement stands in line for. */
async function whileWaiting<T>(keys: readonly Uint8Array[], { context }: Run, outcome: Promise<T>): Promise<T> {
  context.lockWait = { keys, sinceMs: context.clock.wallMs() };
  try {
    return await outcome;
  } finally {
    context.lockWait = undefined;
  }
}

function lockFailure(outcome: Exclude<LockOutcome, { kind: 'locked' }>, { context }: Run): Error {
  switch (outcome.kind) {
    case 'write-conflict':
      return new Restart();
    case 'wait-timeout':
      return new SqlError(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction');
    case 'nowait':
      return new SqlError(
        3572,
        'HY000',
        'Statement aborted because lock(s) could not be acquired immediately and NOWAIT is set.',
      );
    case 'deadlock':
      context.noteDeadlock(outcome.chain);
      return new SqlError(1213, '40001', 'Deadlock found when trying to get lock; try restarting transaction');
  }
}

/**
 * Runs a statement that locks, whole or not at all: `attempt` is repeated after conflicts, and whatever it wrote is undone when it
 * fails. Reads inside see the newest committed state; the transaction's own read timestamp is put back at the end.
 */
export async function runLocking<T>(transaction: Transaction, run: Run, attempt: () => MaybePromise<T>): Promise<T> {
  const savepoint = transaction.savepoint();
  const readMark = transaction.readMark();
  const readTs = transaction.ts;
  try {
    for (let attempts = 1; ; attempts++) {
      run.checkpoint();
      if (transaction.pessimistic) {
        const ts = run.context.kv.timestamp();
        transaction.setReadTs(isPromise(ts) ? await ts : ts);
      }
      try {
        const done = attempt();
        return isPromise(done) ? await done : done;
      } catch (error) {
        transaction.rollbackTo(savepoint);
        if (!(error instanceof Restart))
          throw run.context.killed && isAborted(error) ? run.context.killedError() : error;
        transaction.forgetReads(readMark);
        if (attempts >= ATTEMPTS_MAX)
          throw new SqlError(1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction', {
            fields: { reason: 'the rows kept changing', attempts },
          });
      }
    }
  } finally {
    if (transaction.pessimistic) transaction.setReadTs(readTs);
  }
}

/** The wait for a lock was given up because the statement was killed. */
function isAborted(error: unknown): boolean {
  return error instanceof RutileError && error.code === 'kv.aborted';
}

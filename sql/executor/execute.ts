/**
 * Running a query: a plan becomes operators, and a `RowSource` that pulls them for whoever wants the rows. Its `next()` is where a statement
 * is stopped (KILL, time limit), and where a pipeline that answers in one turn after the other lets others run.
 *
 * A query that locks (FOR UPDATE) may have to start over when it meets newer data, so its rows are collected before the first is
 * shown.
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch } from '../../base/value/datum.ts';
import type { DerivedParameter, PhysicalPlan } from '../../proto/plan/physical.ts';
import type { EvalContext } from '../functions/context.ts';
import type { EncodedRowSource, RowSource } from '../session/result.ts';
import { buildOperator } from './build.ts';
import { evaluator } from './compiled.ts';
import type { ExecutionContext } from './context.ts';
import { encodedSource, shapeOf } from './encoded-rows.ts';
import { children } from './plan-tree.ts';
import type { Operator } from './operator.ts';
import { Run } from './run.ts';
import { RowStore, type StoreReader } from './spill/row-store.ts';
import { runLocking } from './writes/locks.ts';

/** Rows as datums, and, where the plan allows, as packets without datums: a reader uses one of the two, not both. */
export interface QuerySource extends RowSource {
  readonly encoded: EncodedRowSource | undefined;
}

// hot
export function execute(plan: PhysicalPlan, context: ExecutionContext): QuerySource {
  const run = new Run(context);
  if (context.transaction?.pessimistic === true && locks(plan)) return new LockingSource(plan, run);
  const shape = context.runtimeStatistics === undefined ? shapeOf(plan) : undefined;
  return new OperatorSource(plan, shape === undefined ? undefined : encodedSource(shape, run), run);
}

/** Works out values that are the same for all rows, in order, before the statement runs. */
export function computeDerived(derived: readonly DerivedParameter[], evaluation: EvalContext): void {
  for (const { index, expression } of derived) evaluation.parameters[index] = evaluator(expression)([], evaluation);
}

class OperatorSource implements QuerySource {
  readonly encoded: (EncodedRowSource & { close(): void }) | undefined;
  private readonly plan: PhysicalPlan;
  private readonly run: Run;
  /** Built when datums are asked for: a reader of packets never does. */
  private root: Operator | undefined;
  private closed = false;

  constructor(plan: PhysicalPlan, encoded: (EncodedRowSource & { close(): void }) | undefined, run: Run) {
    this.plan = plan;
    this.encoded = encoded;
    this.run = run;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.closed) return undefined;
    try {
      this.run.checkpoint();
      if (this.root === undefined) {
        this.root = buildOperator(this.plan, this.run);
        this.root.open();
      } else if (this.run.due()) return this.run.pause().then(() => this.next());
      const got = this.root.next();
      if (isPromise(got)) return got.then(this.take, this.fail);
      return this.take(got);
    } catch (error) {
      return this.fail(error);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.root?.close();
    this.encoded?.close();
    this.run.close();
  }

  private readonly take = (batch: Batch | undefined): Batch | undefined => {
    if (batch === undefined) this.close();
    return batch;
  };

  private readonly fail = (error: unknown): never => {
    this.close();
    throw error;
  };
}

class LockingSource implements QuerySource {
  readonly encoded = undefined;
  private readonly plan: PhysicalPlan;
  private readonly run: Run;
  private rows: RowStore | undefined;
  private reader: StoreReader | undefined;
  private closed = false;

  constructor(plan: PhysicalPlan, run: Run) {
    this.plan = plan;
    this.run = run;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.closed) return undefined;
    if (this.reader !== undefined) return this.reader.next();
    return this.read();
  }

  close(): void {
    this.closed = true;
    this.rows?.close();
    this.run.close();
  }

  private async read(): Promise<Batch | undefined> {
    const { plan, run } = this;
    const types = plan.output.map((column) => column.type);
    await runLocking(run.context.transaction!, run, async (): Promise<void> => {
      this.rows?.close();
      this.rows = new RowStore(run, plan.id, types);
      const operator = buildOperator(plan, run);
      operator.open();
      try {
        await this.rows.fill(operator);
      } finally {
        operator.close();
      }
    });
    this.reader = this.rows!.reader();
    return this.reader.next();
  }
}

/** Whether a plan locks rows anywhere. Kept per plan, since plans are run many times. */
function locks(plan: PhysicalPlan): boolean {
  let known = locking.get(plan);
  if (known === undefined) locking.set(plan, (known = hasLocks(plan)));
  return known;
}

const locking = new WeakMap<PhysicalPlan, boolean>();

function hasLocks(plan: PhysicalPlan): boolean {
  if (plan.kind === 'lock-rows') return true;
  for (const child of children(plan)) if (hasLocks(child)) return true;
  return false;
}

/**
 * The operators that keep nothing: values, filter, projection, limit, union-all. Each transforms the batch it pulled and hands it
 * on in the same turn when it came in the same turn. Expressions that may wait (SLEEP) take a slow, per-row path.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { Filter, Limit, Projection, UnionAll, Values } from '../../../proto/plan/physical.ts';
import {
  evaluateAlone,
  evaluator,
  mayWait,
  predicate,
  slowEvaluator,
  type Evaluate,
  type EvaluateSlowly,
  type Test,
} from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Run } from '../run.ts';

const NO_ROW: Row = [];

export class ValuesOperator implements Operator {
  private readonly node: Values;
  private readonly run: Run;
  private position = 0;

  constructor(node: Values, run: Run) {
    this.node = node;
    this.run = run;
  }

  open(): void {
    this.position = 0;
  }

  next(): MaybePromise<Batch | undefined> {
    const { rows } = this.node;
    if (this.position >= rows.length) return undefined;
    const start = this.position;
    const end = Math.min(rows.length, start + BATCH_ROWS);
    this.position = end;
    for (let i = start; i < end; i++) if (mayWait(rows[i]!)) return this.slow(start, end);
    const batch: Batch = [];
    for (let i = start; i < end; i++) {
      const row: Row = [];
      for (const expression of rows[i]!) row.push(evaluateAlone(expression, this.run.evaluation));
      batch.push(row);
    }
    return batch;
  }

  close(): void {
    this.position = this.node.rows.length;
  }

  private async slow(start: number, end: number): Promise<Batch> {
    const batch: Batch = [];
    for (let i = start; i < end; i++) {
      const row: Row = [];
      for (const expression of this.node.rows[i]!)
        row.push(await slowEvaluator(expression)(NO_ROW, this.run.evaluation));
      batch.push(row);
    }
    return batch;
  }
}

export class FilterOperator implements Operator {
  private readonly input: Operator;
  private readonly run: Run;
  private readonly condition: Expression;
  private readonly test: Test;
  private readonly slow: EvaluateSlowly | undefined;

  constructor(node: Filter, input: Operator, run: Run) {
    this.input = input;
    this.run = run;
    this.condition = node.condition;
    this.slow = mayWait([node.condition]) ? slowEvaluator(node.condition) : undefined;
    this.test = this.slow === undefined ? predicate(node.condition) : () => false;
  }

  open(): void {
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const got = this.input.next();
    return isPromise(got) ? got.then(this.keep) : this.keep(got);
  }

  close(): void {
    this.input.close();
  }

  private readonly keep = (batch: Batch | undefined): MaybePromise<Batch | undefined> => {
    if (batch === undefined) return undefined;
    if (this.slow !== undefined) return this.keepSlowly(batch, this.slow);
    return filterBatch(batch, this.test, this.run);
  };

  private async keepSlowly(batch: Batch, evaluate: EvaluateSlowly): Promise<Batch> {
    const kept: Batch = [];
    for (const row of batch) {
      this.run.checkpoint();
      if (isTrue(await evaluate(row, this.run.evaluation))) kept.push(row);
    }
    return kept;
  }
}

/** The rows that pass; the batch itself when all do. */
export function filterBatch(batch: Batch, test: Test, run: Run): Batch {
  const context = run.evaluation;
  const count = batch.length;
  let i = 0;
  while (i < count && test(batch[i]!, context)) i++;
  if (i === count) return batch;
  const kept = batch.slice(0, i);
  for (i++; i < count; i++) {
    const row = batch[i]!;
    if (test(row, context)) kept.push(row);
  }
  return kept;
}

/** Truth of the value of a condition that waited: those are SLEEP and GET_LOCK, or logic over them, so numbers. */
function isTrue(value: Datum): boolean {
  return value !== null && value !== 0 && value !== 0n;
}

export class ProjectionOperator implements Operator {
  private readonly input: Operator;
  private readonly run: Run;
  private readonly node: Projection;
  private readonly project: (batch: Batch) => MaybePromise<Batch>;

  constructor(node: Projection, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.project = mayWait(node.expressions) ? (batch) => this.projectSlowly(batch) : projector(node.expressions, run);
  }

  open(): void {
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const got = this.input.next();
    return isPromise(got) ? got.then(this.transform) : this.transform(got);
  }

  close(): void {
    this.input.close();
  }

  private readonly transform = (batch: Batch | undefined): MaybePromise<Batch | undefined> =>
    batch === undefined ? undefined : this.project(batch);

  private async projectSlowly(batch: Batch): Promise<Batch> {
    const evaluators = this.node.expressions.map(slowEvaluator);
    const rows: Batch = [];
    for (const row of batch) {
      this.run.checkpoint();
      const out: Row = [];
      for (const evaluate of evaluators) out.push(await evaluate(row, this.run.evaluation));
      rows.push(out);
    }
    return rows;
  }
}

/** Loops by width: short rows as array literals, which V8 makes in one allocation of the right size. */
function projector(expressions: readonly Expression[], run: Run): (batch: Batch) => Batch {
  const context = run.evaluation;
  const evaluators: Evaluate[] = expressions.map(evaluator);
  const [a, b, c, d] = evaluators;
  switch (evaluators.length) {
    case 1:
      return (batch) => mapRows(batch, (row) => [a!(row, context)]);
    case 2:
      return (batch) => mapRows(batch, (row) => [a!(row, context), b!(row, context)]);
    case 3:
      return (batch) => mapRows(batch, (row) => [a!(row, context), b!(row, context), c!(row, context)]);
    case 4:
      return (batch) =>
        mapRows(batch, (row) => [a!(row, context), b!(row, context), c!(row, context), d!(row, context)]);
    default:
      return (batch) =>
        mapRows(batch, (row) => {
          const out: Row = [];
          for (let i = 0; i < evaluators.length; i++) out.push(evaluators[i]!(row, context));
          return out;
        });
  }
}

function mapRows(batch: Batch, map: (row: Row) => Row): Batch {
  const out: Batch = [];
  for (let i = 0; i < batch.length; i++) out.push(map(batch[i]!));
  return out;
}

export class LimitOperator implements Operator {
  private readonly node: Limit;
  private readonly input: Operator;
  private readonly run: Run;
  private skip = 0;
  private left = 0;

  constructor(node: Limit, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
  }

  open(): void {
    this.skip = limitValue(this.node.offset, this.run);
    this.left = limitValue(this.node.count, this.run);
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.left <= 0) {
      this.input.close();
      return undefined;
    }
    const got = this.input.next();
    return isPromise(got) ? got.then(this.cut) : this.cut(got);
  }

  close(): void {
    this.left = 0;
    this.input.close();
  }

  private readonly cut = (batch: Batch | undefined): Batch | undefined => {
    if (batch === undefined) return undefined;
    let rows = batch;
    if (this.skip > 0) {
      const skipped = Math.min(this.skip, rows.length);
      this.skip -= skipped;
      rows = rows.slice(skipped);
    }
    if (rows.length > this.left) rows = rows.slice(0, this.left);
    this.left -= rows.length;
    return rows;
  };
}

/** LIMIT and OFFSET: a whole number that is not negative; MySQL's 18446744073709551615 means "all". */
export function limitValue(expression: Expression | undefined, run: Run): number {
  if (expression === undefined) return 0;
  const value = evaluateAlone(expression, run.evaluation);
  if (typeof value === 'number' && value >= 0 && Number.isInteger(value)) return value;
  if (typeof value === 'bigint' && value >= 0n) return Number.MAX_SAFE_INTEGER;
  throw new SqlError(1210, 'HY000', 'Incorrect arguments to LIMIT');
}

export class UnionAllOperator implements Operator {
  private readonly inputs: readonly Operator[];
  private current = 0;

  constructor(_node: UnionAll, inputs: readonly Operator[]) {
    this.inputs = inputs;
  }

  open(): void {
    this.current = 0;
    this.inputs[0]?.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const input = this.inputs[this.current];
    if (input === undefined) return undefined;
    const got = input.next();
    return isPromise(got) ? got.then(this.pass) : this.pass(got);
  }

  close(): void {
    this.inputs[this.current]?.close();
    this.current = this.inputs.length;
  }

  private readonly pass = (batch: Batch | undefined): Batch | undefined => {
    if (batch !== undefined) return batch;
    this.inputs[this.current]!.close();
    const following = this.inputs[++this.current];
    if (following === undefined) return undefined;
    following.open();
    return [];
  };
}

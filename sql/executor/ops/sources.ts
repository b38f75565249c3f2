/**
 * Sources that others compute: virtual tables, whose rows the catalog gives, and the column engine, which runs a whole
 * subtree in its workers and hands back batches.
 */
import { RutileError, SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { ColumnEngineRead, MemoryScan, PhysicalPlan } from '../../../proto/plan/physical.ts';
import { predicate, type Test } from '../compiled.ts';
import { type Operator, RowsReader } from '../operator.ts';
import { BATCH_ROWS, type Run } from '../run.ts';
import { inPieces, isInPieces } from './pieces.ts';
import { filterBatch } from './simple.ts';

/** Bytes the column engine may use; a statement's quota may be less. */
const COLUMN_ENGINE_BYTES_MAX = 1024 * 1024 * 1024;

export class MemoryScanOperator implements Operator {
  private readonly node: MemoryScan;
  private readonly run: Run;
  private readonly test: Test | undefined;
  private readonly reader = new RowsReader();
  private loaded = false;

  constructor(node: MemoryScan, run: Run) {
    this.node = node;
    this.run = run;
    this.test = node.filter === undefined ? undefined : predicate(node.filter);
  }

  open(): void {
    this.loaded = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.loaded) return this.step();
    const rows = this.run.context.virtualRows(this.node.database, this.node.tableName);
    return isPromise(rows) ? rows.then((got) => this.start(got)) : this.start(rows);
  }

  close(): void {
    this.loaded = true;
    this.reader.reset([]);
  }

  private start(rows: readonly Row[]): Batch | undefined {
    this.loaded = true;
    this.reader.reset(rows);
    return this.step();
  }

  private step(): Batch | undefined {
    const whole = this.reader.next(BATCH_ROWS);
    if (whole === undefined) return undefined;
    const { columnOffsets } = this.node;
    const batch = whole.map((row) => columnOffsets.map((offset) => row[offset] ?? null));
    return this.test === undefined ? batch : filterBatch(batch, this.test, this.run);
  }
}

export class ColumnEngineOperator implements Operator {
  private readonly node: ColumnEngineRead;
  private readonly run: Run;
  private readonly rowOperator: (plan: PhysicalPlan) => Operator;
  private source: { next(): MaybePromise<Batch | undefined>; close(): MaybePromise<void> } | undefined;
  private started = false;

  /** `rowOperator` makes the row engine's form of a plan, for data that turn out to be beyond the column engine. */
  constructor(node: ColumnEngineRead, run: Run, rowOperator: (plan: PhysicalPlan) => Operator) {
    this.node = node;
    this.run = run;
    this.rowOperator = rowOperator;
  }

  open(): void {
    this.close();
    const { context } = this.run;
    if (context.columnEngine === undefined)
      throw new SqlError(
        1235,
        '42000',
        "This version of Rutile doesn't yet support 'the column engine in this process'",
      );
    if (isInPieces(this.node.input)) {
      this.started = true;
      this.source = this.openRows(inPieces(this.node.input));
      return;
    }
    this.source = context.columnEngine.execute(this.node.input, {
      ts: context.reader.ts,
      parameters: context.evaluation.parameters,
      signal: context.abortSignal(),
      memoryBytesMax: Math.min(COLUMN_ENGINE_BYTES_MAX, context.memory.quotaBytes),
    });
  }

  next(): MaybePromise<Batch | undefined> {
    const step = this.source?.next();
    if (this.started || step === undefined || !isPromise(step)) return step;
    this.started = true;
    return step.catch((error: unknown) => this.fallBack(error));
  }

  private async fallBack(error: unknown): Promise<Batch | undefined> {
    if (!(error instanceof RutileError)) throw error;
    const { input } = this.node;
    switch (error.code) {
      case 'analytics.unsupported':
        return (this.source = this.openRows(inPieces(input))).next();
      case 'analytics.unloadable':
      case 'analytics.memory':
        return (this.source = this.openRows(input)).next();
      default:
        throw error;
    }
  }

  private openRows(plan: PhysicalPlan): Operator {
    const rows = this.rowOperator(plan);
    rows.open();
    return rows;
  }

  close(): void {
    const { source } = this;
    this.source = undefined;
    this.started = false;
    const closed = source?.close();
    // Closing only gives back workers' memory; a failure there must not replace the statement's own outcome.
    if (closed !== undefined && isPromise(closed)) closed.catch(() => undefined);
  }
}

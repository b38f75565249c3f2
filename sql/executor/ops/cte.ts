/**
 * Common table expressions. `with-cte` owns a buffer that the `cte-scan`s below its input read; the buffer is filled once, when the
 * first of them asks. A recursive one goes round by round:
 *
 *     seed rows → working → run the recursive part (its scans see `working`) → new rows → working → … until none are new
 *
 * With UNION rather than UNION ALL, rows seen before are dropped, which also ends cycles. `cte_max_recursion_depth` rounds at most.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { CteScan, WithCte } from '../../../proto/plan/physical.ts';
import type { HashKey, KeyReader } from '../keys.ts';
import { drain, type Operator, RowsReader } from '../operator.ts';
import { BATCH_ROWS, type CteBuffer, type Reservation, RowSizer, type Run } from '../run.ts';
import { wholeRowKey } from './sets.ts';

const RECURSION_DEPTH_DEFAULT = 1000;

export class WithCteOperator implements Operator {
  private readonly node: WithCte;
  private readonly seed: Operator;
  private readonly recursive: Operator | undefined;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly buffer: CteBuffer;
  private readonly key: KeyReader | undefined;

  constructor(node: WithCte, seed: Operator, recursive: Operator | undefined, input: Operator, run: Run) {
    this.node = node;
    this.seed = seed;
    this.recursive = recursive;
    this.input = input;
    this.run = run;
    this.sizer = new RowSizer(node.seed.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
    this.key = node.recursive !== undefined && node.distinct ? wholeRowKey(node.seed.output, run) : undefined;
    this.buffer = cteBuffer(node.cteId, run);
  }

  open(): void {
    this.memory.release();
    const { buffer } = this;
    buffer.rows = [];
    buffer.working = undefined;
    buffer.filling = undefined;
    buffer.fill = () => this.fill();
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    return this.input.next();
  }

  close(): void {
    this.input.close();
    this.seed.close();
    this.recursive?.close();
    this.buffer.rows = [];
    this.memory.release();
  }

  private fill(): MaybePromise<void> {
    const { buffer } = this;
    const seen = this.key === undefined ? undefined : new Set<HashKey>();
    const fresh: Row[] = [];
    this.seed.open();
    const done = drain(this.seed, this.run, (batch) => this.keep(batch, seen, fresh));
    const finish = (): MaybePromise<void> => {
      this.seed.close();
      for (const row of fresh) buffer.rows.push(row);
      if (this.recursive !== undefined) return this.rounds(this.recursive, fresh, seen);
    };
    return isPromise(done) ? done.then(finish) : finish();
  }

  private async rounds(recursive: Operator, seed: Row[], seen: Set<HashKey> | undefined): Promise<void> {
    const { buffer } = this;
    const depthMax = recursionDepthMax(this.run);
    let working = seed;
    for (let depth = 1; working.length > 0; depth++) {
      if (depth > depthMax)
        throw new SqlError(
          3636,
          'HY000',
          `Recursive query aborted after ${depthMax + 1} iterations. Try increasing @@cte_max_recursion_depth to a larger value.`,
        );
      const fresh: Row[] = [];
      buffer.working = working;
      recursive.open();
      const done = drain(recursive, this.run, (batch) => this.keep(batch, seen, fresh));
      if (isPromise(done)) await done;
      recursive.close();
      for (const row of fresh) buffer.rows.push(row);
      working = fresh;
      this.run.checkpoint();
      if (this.run.due()) await this.run.pause();
    }
    buffer.working = undefined;
  }

  private keep(batch: Batch, seen: Set<HashKey> | undefined, fresh: Row[]): void {
    let bytes = 0;
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      if (seen !== undefined) {
        const key = this.key!.read(row)!;
        if (seen.has(key)) continue;
        seen.add(key);
        bytes += 56;
      }
      fresh.push(row);
      bytes += this.sizer.sizeOf(row);
    }
    this.memory.grow(bytes);
  }
}

export class CteScanOperator implements Operator {
  private readonly buffer: CteBuffer;
  private readonly reader = new RowsReader();
  private started = false;

  constructor(node: CteScan, run: Run) {
    this.buffer = cteBuffer(node.cteId, run);
  }

  open(): void {
    this.started = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.started) return this.reader.next(BATCH_ROWS);
    const { buffer } = this;
    // Inside the recursive part: the rows of the last round.
    if (buffer.working !== undefined) return this.start(buffer.working);
    if (buffer.filling !== undefined) return buffer.filling.then(() => this.start(buffer.rows));
    const { fill } = buffer;
    if (fill !== undefined) {
      buffer.fill = undefined;
      const filled = fill();
      if (isPromise(filled)) {
        buffer.filling = filled;
        return filled.then(() => {
          buffer.filling = undefined;
          return this.start(buffer.rows);
        });
      }
    }
    return this.start(buffer.rows);
  }

  close(): void {
    this.started = true;
    this.reader.reset([]);
  }

  private start(rows: readonly Row[]): Batch | undefined {
    this.started = true;
    this.reader.reset(rows);
    return this.reader.next(BATCH_ROWS);
  }
}

function cteBuffer(cteId: number, run: Run): CteBuffer {
  const known = run.ctes.get(cteId);
  if (known !== undefined) return known;
  const made: CteBuffer = { rows: [], working: undefined, fill: undefined, filling: undefined };
  run.ctes.set(cteId, made);
  return made;
}

function recursionDepthMax(run: Run): number {
  const value = run.evaluation.session.systemVariable('cte_max_recursion_depth', 'session');
  return typeof value === 'number' ? value : RECURSION_DEPTH_DEFAULT;
}

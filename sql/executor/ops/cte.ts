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
import type { Batch } from '../../../base/value/datum.ts';
import type { CteScan, WithCte } from '../../../proto/plan/physical.ts';
import type { HashKey, KeyReader } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import type { CteBuffer, Reservation, Run } from '../run.ts';
import { pull, RowStore, type StoreReader } from '../spill/row-store.ts';
import { wholeRowKey } from './sets.ts';

const RECURSION_DEPTH_DEFAULT = 1000;

export class WithCteOperator implements Operator {
  private readonly node: WithCte;
  private readonly seed: Operator;
  private readonly recursive: Operator | undefined;
  private readonly input: Operator;
  private readonly run: Run;
  /** Of the rows that were seen; rows themselves are kept by their stores, on disk when memory does not suffice. */
  private readonly memory: Reservation;
  private readonly buffer: CteBuffer;
  private readonly key: KeyReader | undefined;

  constructor(node: WithCte, seed: Operator, recursive: Operator | undefined, input: Operator, run: Run) {
    this.node = node;
    this.seed = seed;
    this.recursive = recursive;
    this.input = input;
    this.run = run;
    this.memory = run.reserve(node.id);
    this.key = node.recursive !== undefined && node.distinct ? wholeRowKey(node.seed.output, run) : undefined;
    this.buffer = cteBuffer(node.cteId, run);
  }

  open(): void {
    this.memory.release();
    const { buffer } = this;
    buffer.rows?.close();
    buffer.rows = this.newStore();
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
    this.buffer.rows?.close();
    this.buffer.rows = undefined;
    this.buffer.working?.close();
    this.memory.release();
  }

  private newStore(): RowStore {
    const types = this.node.seed.output.map((column) => column.type);
    return new RowStore(this.run, this.node.id, types);
  }

  private fill(): MaybePromise<void> {
    const { buffer } = this;
    const rows = buffer.rows!;
    const { recursive } = this;
    if (recursive !== undefined) return this.rounds(recursive, rows);
    this.seed.open();
    const done = rows.fill(this.seed);
    return isPromise(done) ? done.then(() => this.seed.close()) : this.seed.close();
  }

  private async rounds(recursive: Operator, rows: RowStore): Promise<void> {
    const { buffer } = this;
    const seen = this.key === undefined ? undefined : new Set<HashKey>();
    const depthMax = recursionDepthMax(this.run);
    let working = await this.round(this.seed, seen, rows);
    for (let depth = 1; working.rowCount > 0; depth++) {
      if (depth > depthMax) {
        working.close();
        throw new SqlError(
          3636,
          'HY000',
          `Recursive query aborted after ${depthMax + 1} iterations. Try increasing @@cte_max_recursion_depth to a larger value.`,
        );
      }
      buffer.working = working;
      const fresh = await this.round(recursive, seen, rows);
      working.close();
      working = fresh;
      this.run.checkpoint();
      if (this.run.due()) await this.run.pause();
    }
    working.close();
    buffer.working = undefined;
  }

  /** The new rows of one round, which are kept among all rows, too. */
  private async round(input: Operator, seen: Set<HashKey> | undefined, rows: RowStore): Promise<RowStore> {
    const fresh = this.newStore();
    input.open();
    const done = drain(input, this.run, (batch) => fresh.add(seen === undefined ? batch : this.unseen(batch, seen)));
    if (isPromise(done)) await done;
    input.close();
    const reader = fresh.reader();
    for (let batch = await pull(reader); batch !== undefined; batch = await pull(reader)) {
      const added = rows.add(batch);
      if (isPromise(added)) await added;
    }
    return fresh;
  }

  private unseen(batch: Batch, seen: Set<HashKey>): Batch {
    const kept: Batch = [];
    for (const row of batch) {
      const key = this.key!.read(row)!;
      if (seen.has(key)) continue;
      seen.add(key);
      kept.push(row);
    }
    this.memory.grow(56 * kept.length);
    return kept;
  }
}

export class CteScanOperator implements Operator {
  private readonly buffer: CteBuffer;
  private reader: StoreReader | undefined;
  private started = false;

  constructor(node: CteScan, run: Run) {
    this.buffer = cteBuffer(node.cteId, run);
  }

  open(): void {
    this.started = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.started) return this.reader?.next();
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
    this.reader = undefined;
  }

  private start(rows: RowStore | undefined): MaybePromise<Batch | undefined> {
    this.started = true;
    this.reader = rows?.reader();
    return this.reader?.next();
  }
}

function cteBuffer(cteId: number, run: Run): CteBuffer {
  const known = run.ctes.get(cteId);
  if (known !== undefined) return known;
  const made: CteBuffer = { rows: undefined, working: undefined, fill: undefined, filling: undefined };
  run.ctes.set(cteId, made);
  return made;
}

function recursionDepthMax(run: Run): number {
  const value = run.evaluation.session.systemVariable('cte_max_recursion_depth', 'session');
  return typeof value === 'number' ? value : RECURSION_DEPTH_DEFAULT;
}

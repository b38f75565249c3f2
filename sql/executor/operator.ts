/**
 * Operators are pull machines over batches. The whole protocol:
 *
 *     open()                 before the first next(); again after the end for another run (Apply does)
 *     next()                 a batch, or undefined at the end; a promise only when something has to be waited for
 *     close()                gives back memory and scanners; may come at any time, more than once
 *
 * A batch may be empty: "ask again". That is how an operator keeps one `next()` short when little comes out of much
 * work, and why filter needs no loop. A batch belongs to whoever pulled it: the puller may keep its rows, but rows are never
 * changed in place once they have been handed on.
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch, Row } from '../../base/value/datum.ts';
import type { OperatorStatistics } from './context.ts';
import { type Reservation, type RowSizer, type Run } from './run.ts';

export interface Operator {
  open(): void;
  next(): MaybePromise<Batch | undefined>;
  close(): void;
}

/**
 * Feeds a whole input to `consume`, batch by batch: in this turn while batches are there and the turn is young, else
 * asynchronously. Returns a promise only in the second case.
 */
export function drain(input: Operator, run: Run, consume: (batch: Batch) => MaybePromise<void>): MaybePromise<void> {
  for (;;) {
    const got = input.next();
    if (isPromise(got)) return drainSlowly(input, run, consume, got);
    if (got === undefined) return;
    const consumed = consume(got);
    if (isPromise(consumed)) return consumed.then(() => drain(input, run, consume));
    run.checkpoint();
    if (run.due()) return run.pause().then(() => drain(input, run, consume));
  }
}

async function drainSlowly(
  input: Operator,
  run: Run,
  consume: (batch: Batch) => MaybePromise<void>,
  first: Promise<Batch | undefined>,
): Promise<void> {
  let batch = await first;
  while (batch !== undefined) {
    const consumed = consume(batch);
    if (isPromise(consumed)) await consumed;
    run.checkpoint();
    if (run.due()) await run.pause();
    const got = input.next();
    batch = isPromise(got) ? await got : got;
  }
}

/** Keeps all rows of an input, counted against the statement's memory. */
export function collect(input: Operator, run: Run, sizer: RowSizer, memory: Reservation): MaybePromise<Row[]> {
  const rows: Row[] = [];
  const done = drain(input, run, (batch) => {
    let bytes = 0;
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      bytes += sizer.sizeOf(row);
      rows.push(row);
    }
    memory.grow(bytes);
  });
  return isPromise(done) ? done.then(() => rows) : rows;
}

/** Hands out a finished array of rows in batches. */
export class RowsReader {
  private rows: readonly Row[] = [];
  private position = 0;

  reset(rows: readonly Row[]): void {
    this.rows = rows;
    this.position = 0;
  }

  next(countMax: number): Batch | undefined {
    const { rows, position } = this;
    if (position >= rows.length) return undefined;
    const end = Math.min(rows.length, position + countMax);
    this.position = end;
    return rows.slice(position, end);
  }
}

/** Counts rows, runs and time of one operator for EXPLAIN ANALYZE; exists only when someone asked. */
export class Measured implements Operator {
  private readonly inner: Operator;
  private readonly statistics: OperatorStatistics;
  private readonly run: Run;

  constructor(inner: Operator, statistics: OperatorStatistics, run: Run) {
    this.inner = inner;
    this.statistics = statistics;
    this.run = run;
  }

  open(): void {
    this.statistics.loops++;
    this.inner.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const startedAt = this.run.context.clock.monotonicMs();
    const got = this.inner.next();
    if (isPromise(got)) return got.then((batch) => this.count(batch, startedAt));
    return this.count(got, startedAt);
  }

  close(): void {
    this.inner.close();
  }

  private count(batch: Batch | undefined, startedAt: number): Batch | undefined {
    this.statistics.timeMs += this.run.context.clock.monotonicMs() - startedAt;
    if (batch !== undefined) {
      if (this.statistics.rows === 0 && batch.length > 0) this.statistics.firstMs = this.statistics.timeMs;
      this.statistics.rows += batch.length;
    }
    return batch;
  }
}

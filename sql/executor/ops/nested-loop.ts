/**
 * Nested loop join: any condition, or none. The right side is kept in memory; each left row meets all of it. The matcher counts
 * steps, so a join of a thousand rows with a million returns to its caller every few thousand comparisons.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { NestedLoopJoin } from '../../../proto/plan/physical.ts';
import { collect, type Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { Matcher } from './matcher.ts';

export class NestedLoopOperator implements Operator {
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly matcher: Matcher;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private rows: readonly Row[] | undefined;
  private batch: Batch = [];
  private position = 0;
  private ended = false;

  constructor(node: NestedLoopJoin, left: Operator, right: Operator, run: Run) {
    this.left = left;
    this.right = right;
    this.run = run;
    this.matcher = new Matcher(node.joinType, node.condition, node.right.output.length, run);
    this.sizer = new RowSizer(node.right.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    this.matcher.reset();
    this.rows = undefined;
    this.batch = [];
    this.position = 0;
    this.ended = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.rows !== undefined) return this.probe(this.rows);
    this.right.open();
    const rows = collect(this.right, this.run, this.sizer, this.memory);
    return isPromise(rows) ? rows.then((got) => this.start(got)) : this.start(rows);
  }

  close(): void {
    if (this.rows === undefined) this.right.close();
    else this.left.close();
    this.memory.release();
    this.rows = [];
    this.batch = [];
    this.ended = true;
  }

  private start(rows: readonly Row[]): MaybePromise<Batch | undefined> {
    this.right.close();
    this.rows = rows;
    this.left.open();
    return this.probe(rows);
  }

  private probe(rows: readonly Row[]): MaybePromise<Batch | undefined> {
    const out: Batch = [];
    this.matcher.refill();
    if (this.matcher.busy && !this.matcher.advance(out)) return out;
    for (;;) {
      while (this.position < this.batch.length) {
        this.matcher.start(this.batch[this.position++]!, rows);
        if (!this.matcher.advance(out)) return out;
      }
      if (this.ended) return out.length > 0 ? out : undefined;
      if (out.length > 0) return out;
      const got = this.left.next();
      if (isPromise(got)) return got.then((batch) => this.take(batch, rows));
      if (got === undefined) this.ended = true;
      else {
        this.batch = got;
        this.position = 0;
        if (got.length === 0) return got;
      }
    }
  }

  private take(got: Batch | undefined, rows: readonly Row[]): MaybePromise<Batch | undefined> {
    if (got === undefined) this.ended = true;
    else {
      this.batch = got;
      this.position = 0;
    }
    return this.probe(rows);
  }
}

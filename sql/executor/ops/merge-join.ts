/**
 * Merge join: both inputs come sorted ascending by the keys (NULLs first). For each left row the right side is moved on to
 * its key; the right rows with that key are kept as a group, since following left rows may have the same key.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { MergeJoin } from '../../../proto/plan/physical.ts';
import { compareFor } from '../../functions/index.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { Matcher } from './matcher.ts';

/** One input with a current row. */
class Side {
  readonly input: Operator;
  batch: Batch = [];
  position = 0;
  ended = false;

  constructor(input: Operator) {
    this.input = input;
  }

  open(): void {
    this.batch = [];
    this.position = 0;
    this.ended = false;
    this.input.open();
  }

  get empty(): boolean {
    return this.position >= this.batch.length;
  }

  get row(): Row {
    return this.batch[this.position]!;
  }

  /** Pulls one batch; after it the side may still be empty (an empty batch), or `ended`. */
  pull(): MaybePromise<void> {
    const got = this.input.next();
    return isPromise(got) ? got.then((batch) => this.take(batch)) : this.take(got);
  }

  private take(batch: Batch | undefined): void {
    if (batch === undefined) this.ended = true;
    else {
      this.batch = batch;
      this.position = 0;
    }
  }
}

export class MergeJoinOperator implements Operator {
  private readonly left: Side;
  private readonly right: Side;
  private readonly run: Run;
  private readonly leftKeys: readonly Evaluate[];
  private readonly rightKeys: readonly Evaluate[];
  private readonly comparers: readonly ((a: NonNullable<Datum>, b: NonNullable<Datum>) => number)[];
  private readonly matcher: Matcher;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private group: Row[] = [];
  private groupKey: Row | undefined;
  /** The right side has moved past the group, so the group is whole. */
  private groupWhole = false;
  private leftKey: Row | undefined;

  constructor(node: MergeJoin, left: Operator, right: Operator, run: Run) {
    this.left = new Side(left);
    this.right = new Side(right);
    this.run = run;
    this.leftKeys = node.leftKeys.map(evaluator);
    this.rightKeys = node.rightKeys.map(evaluator);
    this.comparers = node.leftKeys.map((key: Expression) => compareFor(key.type));
    this.matcher = new Matcher(node.joinType, node.condition, node.right.output.length, run);
    this.sizer = new RowSizer(node.right.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.left.open();
    this.right.open();
    this.matcher.reset();
    this.clearGroup(undefined);
    this.leftKey = undefined;
  }

  next(): MaybePromise<Batch | undefined> {
    this.matcher.refill();
    return this.advance([]);
  }

  close(): void {
    this.left.input.close();
    this.right.input.close();
    this.clearGroup(undefined);
  }

  private advance(out: Batch): MaybePromise<Batch | undefined> {
    if (this.matcher.busy && !this.matcher.advance(out)) return out;
    let pulls = 0;
    for (;;) {
      if (this.left.empty) {
        if (this.left.ended) return out.length > 0 ? out : undefined;
        if (out.length > 0 || pulls++ > 4) return out;
        const pulled = this.left.pull();
        if (isPromise(pulled)) return pulled.then(() => this.advance(out));
        continue;
      }
      const row = this.left.row;
      const key = (this.leftKey ??= this.leftKeys.map((evaluate) => evaluate(row, this.run.evaluation)));
      if (!key.includes(null)) {
        const ready = this.findGroup(key);
        if (ready === 'pull') {
          if (out.length > 0 || pulls++ > 4) return out;
          const pulled = this.right.pull();
          if (isPromise(pulled)) return pulled.then(() => this.advance(out));
          continue;
        }
        this.matcher.start(row, ready);
      } else this.matcher.start(row, undefined);
      this.left.position++;
      this.leftKey = undefined;
      if (!this.matcher.advance(out)) return out;
    }
  }

  /** The right rows equal to `key`, or `pull` when more of the right side is needed to know. */
  private findGroup(key: Row): readonly Row[] | undefined | 'pull' {
    if (this.groupKey !== undefined) {
      const order = this.compare(this.groupKey, key);
      if (order === 0 && this.groupWhole) return this.group;
      if (order > 0) return undefined;
      if (order < 0 && this.groupWhole) this.clearGroup(undefined);
    }
    const { right } = this;
    for (;;) {
      if (right.empty) {
        if (!right.ended) return 'pull';
        this.groupWhole = true;
        return this.groupKey !== undefined && this.compare(this.groupKey, key) === 0 ? this.group : undefined;
      }
      const row = right.row;
      const rightKey = this.rightKeys.map((evaluate) => evaluate(row, this.run.evaluation));
      if (rightKey.includes(null)) {
        right.position++;
        continue;
      }
      const order = this.compare(rightKey, key);
      if (order > 0) {
        this.groupWhole = true;
        return this.groupKey !== undefined && this.compare(this.groupKey, key) === 0 ? this.group : undefined;
      }
      right.position++;
      if (order < 0) continue;
      if (this.groupKey === undefined || this.compare(this.groupKey, key) !== 0) this.clearGroup(key);
      this.group.push(row);
      this.memory.grow(this.sizer.sizeOf(row));
    }
  }

  private clearGroup(key: Row | undefined): void {
    this.memory.release();
    this.group = [];
    this.groupKey = key;
    this.groupWhole = false;
  }

  private compare(a: Row, b: Row): number {
    for (let i = 0; i < this.comparers.length; i++) {
      const order = this.comparers[i]!(a[i]!, b[i]!);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/**
 * Nested loop join: any condition, or none. The right side is kept in memory; each left row meets all of it. The matcher counts
 * steps, so a join of a thousand rows with a million returns to its caller every few thousand comparisons.
 *
 * A right side that does not fit into memory is joined as a hash join whose rows all have one key: in chunks (dealt-join.ts). Only
 * three-valued conditions, which have to see all of it for each row, fail then.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { HashJoin, NestedLoopJoin } from '../../../proto/plan/physical.ts';
import { drain, type Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { DealtJoin } from '../spill/dealt-join.ts';
import { HashJoinOperator } from './hash-join.ts';
import { Matcher } from './matcher.ts';

/** The key of every row. */
const ONE_KEY = 0;

export class NestedLoopOperator implements Operator {
  private readonly node: NestedLoopJoin;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly matcher: Matcher;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private rows: Row[] | undefined;
  private gathered: Row[] = [];
  private dealt: DealtJoin | undefined;
  private batch: Batch = [];
  private position = 0;
  private ended = false;

  constructor(node: NestedLoopJoin, left: Operator, right: Operator, run: Run) {
    this.node = node;
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
    this.gathered = [];
    this.dealt?.close();
    this.dealt = undefined;
    this.batch = [];
    this.position = 0;
    this.ended = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.rows !== undefined) return this.dealt === undefined ? this.probe(this.rows) : this.dealt.next();
    this.right.open();
    const done = drain(this.right, this.run, (batch) => this.add(batch));
    return isPromise(done) ? done.then(() => this.start()) : this.start();
  }

  close(): void {
    if (this.rows === undefined) this.right.close();
    else this.left.close();
    this.memory.release();
    this.dealt?.close();
    this.dealt = undefined;
    this.gathered = [];
    this.rows = [];
    this.batch = [];
    this.position = 0;
    this.ended = true;
  }

  private add(batch: Batch): MaybePromise<void> {
    if (this.dealt !== undefined) return this.deal('right', batch);
    for (let i = 0; i < batch.length; i++) {
      const bytes = this.sizer.sizeOf(batch[i]!);
      if (!this.mayDeal()) this.memory.grow(bytes);
      else if (!this.memory.fits(bytes)) return this.startDealing(batch.slice(i));
      this.gathered.push(batch[i]!);
    }
  }

  private mayDeal(): boolean {
    const { joinType, condition } = this.node;
    return (joinType !== 'left-semi-mark' && joinType !== 'null-aware-anti') || condition === undefined;
  }

  private async startDealing(rest: Batch): Promise<void> {
    const node: HashJoin = {
      ...this.node, kind: 'hash-join', build: 'right', leftKeys: [], rightKeys: [], nullSafe: [],
    }; // prettier-ignore
    const round = { level: 0, tagged: false, bounded: false, facts: { hasRows: true, hasNull: false } };
    this.dealt = new DealtJoin(node, this.run, round, (part, left, right, next) =>
      new HashJoinOperator(part, left, right, this.run, next)); // prettier-ignore
    await this.deal('right', this.gathered);
    this.gathered = [];
    this.memory.release();
    await this.deal('right', rest);
  }

  private async deal(side: 'left' | 'right', rows: Batch): Promise<void> {
    for (const row of rows) {
      const full = side === 'left' ? this.dealt!.dealProbe(ONE_KEY, row) : this.dealt!.dealBuild(ONE_KEY, row);
      await full?.flush();
    }
  }

  private start(): MaybePromise<Batch | undefined> {
    this.right.close();
    if (this.rows !== undefined) return undefined;
    this.rows = this.gathered;
    this.left.open();
    const { dealt } = this;
    if (dealt === undefined) return this.probe(this.rows);
    const done = drain(this.left, this.run, (batch) => this.deal('left', batch));
    const parts = (): Promise<Batch | undefined> => {
      this.left.close();
      return dealt.next();
    };
    return isPromise(done) ? done.then(parts) : parts();
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

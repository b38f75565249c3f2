/**
 * `Matcher`: what every join does once it has a left row and the right rows that may match it. The joins differ in how they
 * find the candidates (hash table, sorted group, index read, everything); what becomes of them is the same and lives here.
 *
 * `candidates` are rows whose keys equal; `uncertain` are rows whose comparison with the left row's keys is NULL. Only the two
 * types that need three-valued logic (`left-semi-mark` is `x IN (…)` as a value, `null-aware-anti` is `x NOT IN (…)`) look at them:
 *
 *     IN = TRUE  when a candidate passes the condition
 *        = NULL  else, when a candidate's condition is NULL, or an uncertain row's condition is not FALSE
 *        = FALSE else
 */
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { JoinType } from '../../../proto/plan/physical.ts';
import { evaluator, predicate, type Evaluate, type Test } from '../compiled.ts';
import { BATCH_ROWS, STEPS_MAX, type Run } from '../run.ts';

const NO_ROWS: readonly Row[] = [];

export class Matcher {
  private readonly joinType: JoinType;
  private readonly test: Test | undefined;
  private readonly evaluate: Evaluate | undefined;
  private readonly nullRight: Row;
  private readonly run: Run;
  private left: Row = [];
  private candidates: readonly Row[] = NO_ROWS;
  private uncertain: readonly Row[] = NO_ROWS;
  private position = 0;
  private matched = false;
  private unknown = false;
  private done = true;
  private steps = 0;

  constructor(joinType: JoinType, condition: Expression | undefined, rightWidth: number, run: Run) {
    this.joinType = joinType;
    this.test = condition === undefined ? undefined : predicate(condition);
    const threeValued = joinType === 'left-semi-mark' || joinType === 'null-aware-anti';
    this.evaluate = condition === undefined || !threeValued ? undefined : evaluator(condition);
    this.nullRight = new Array<null>(rightWidth).fill(null);
    this.run = run;
  }

  /** Called by each `open()`: whoever wanted one row only left the others of its left row here. */
  reset(): void {
    this.candidates = NO_ROWS;
    this.uncertain = NO_ROWS;
    this.done = true;
  }

  /** Called at the start of each `next()`: how much work it may do. */
  refill(): void {
    this.steps = STEPS_MAX;
  }

  start(left: Row, candidates: readonly Row[] | undefined, uncertain: readonly Row[] = NO_ROWS): void {
    this.left = left;
    this.candidates = candidates ?? NO_ROWS;
    this.uncertain = uncertain;
    this.position = 0;
    this.matched = false;
    this.unknown = false;
    this.done = false;
  }

  /** Whether the current left row still has something to give. */
  get busy(): boolean {
    return !this.done;
  }

  /** Appends to `out` until the left row is finished (true), or `out` is full or the steps are spent (false). */
  advance(out: Batch): boolean {
    switch (this.joinType) {
      case 'inner':
      case 'left':
        return this.advanceAll(out);
      case 'semi':
      case 'anti':
        return this.advanceFirst(out);
      case 'left-semi-mark':
      case 'null-aware-anti':
        return this.advanceThreeValued(out);
    }
  }

  private advanceAll(out: Batch): boolean {
    const { left, candidates, test } = this;
    const count = candidates.length;
    const context = this.run.evaluation;
    let i = this.position;
    while (i < count) {
      if (out.length >= BATCH_ROWS || this.steps-- <= 0) {
        this.position = i;
        return false;
      }
      const joined = left.concat(candidates[i++]!);
      if (test !== undefined && !test(joined, context)) continue;
      this.matched = true;
      out.push(joined);
    }
    if (!this.matched && this.joinType === 'left') out.push(left.concat(this.nullRight));
    this.steps--;
    this.done = true;
    return true;
  }

  private advanceFirst(out: Batch): boolean {
    const { left, candidates, test } = this;
    if (test === undefined) this.matched = candidates.length > 0;
    else {
      const context = this.run.evaluation;
      while (this.position < candidates.length) {
        if (this.steps-- <= 0) return false;
        if (test(left.concat(candidates[this.position++]!), context)) {
          this.matched = true;
          break;
        }
      }
    }
    if (this.matched === (this.joinType === 'semi')) out.push(left);
    this.steps--;
    this.done = true;
    return true;
  }

  private advanceThreeValued(out: Batch): boolean {
    const { left, candidates, uncertain, test, evaluate } = this;
    if (test === undefined || evaluate === undefined) {
      this.matched = candidates.length > 0;
      this.unknown = uncertain.length > 0;
    } else {
      const context = this.run.evaluation;
      const total = candidates.length + uncertain.length;
      while (this.position < total && !this.matched) {
        if (this.steps-- <= 0) return false;
        const i = this.position++;
        if (i < candidates.length) {
          const joined = left.concat(candidates[i]!);
          if (test(joined, context)) this.matched = true;
          else if (evaluate(joined, context) === null) this.unknown = true;
        } else if (!this.unknown) {
          const joined = left.concat(uncertain[i - candidates.length]!);
          if (test(joined, context) || evaluate(joined, context) === null) this.unknown = true;
        } else break;
      }
    }
    if (this.joinType === 'null-aware-anti') {
      if (!this.matched && !this.unknown) out.push(left);
    } else out.push(left.concat([this.matched ? 1 : this.unknown ? null : 0]));
    this.steps--;
    this.done = true;
    return true;
  }
}

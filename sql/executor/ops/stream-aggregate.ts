/** Stream aggregation: the input comes grouped, so one group's states are enough, and a group is given out as soon as the next begins. */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { StreamAggregate } from '../../../proto/plan/physical.ts';
import { aggregation, type Aggregation, type MakeAggregation } from '../aggregation.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import type { Operator } from '../operator.ts';
import type { Run } from '../run.ts';

export class StreamAggregateOperator implements Operator {
  private readonly input: Operator;
  private readonly run: Run;
  private readonly key: KeyReader;
  private readonly groupBy: readonly Evaluate[];
  private readonly make: readonly MakeAggregation[];
  private currentKey: HashKey | undefined;
  private values: Row = [];
  private states: readonly Aggregation[] | undefined;
  private ended = false;

  constructor(node: StreamAggregate, input: Operator, run: Run) {
    this.input = input;
    this.run = run;
    this.key = groupKeyReader(node.groupBy, run.evaluation);
    this.groupBy = node.groupBy.map(evaluator);
    this.make = node.aggregates.map(aggregation);
  }

  open(): void {
    this.currentKey = undefined;
    this.states = undefined;
    this.ended = false;
    this.input.open();
    if (this.groupBy.length === 0) this.begin(0, []);
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.ended) return undefined;
    const got = this.input.next();
    return isPromise(got) ? got.then(this.add) : this.add(got);
  }

  close(): void {
    this.ended = true;
    this.input.close();
  }

  private readonly add = (batch: Batch | undefined): Batch | undefined => {
    if (batch === undefined) {
      this.ended = true;
      return this.states === undefined ? undefined : [this.finish(this.states)];
    }
    const out: Batch = [];
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.key.read(row)!;
      if (this.states === undefined || key !== this.currentKey) {
        if (this.states !== undefined) out.push(this.finish(this.states));
        this.begin(key, row);
      }
      const states = this.states!;
      for (let s = 0; s < states.length; s++) states[s]!.add(row, this.run.evaluation);
    }
    return out;
  };

  private begin(key: HashKey, row: Row): void {
    const context = this.run.evaluation;
    this.currentKey = key;
    this.values = this.groupBy.map((evaluate) => evaluate(row, context));
    this.states = this.make.map((make) => make());
  }

  private finish(states: readonly Aggregation[]): Row {
    const row = this.values.slice();
    for (let s = 0; s < states.length; s++) row.push(states[s]!.result(this.run.evaluation));
    return row;
  }
}

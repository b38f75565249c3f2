/**
 * Hash aggregation: a map from group key to the states of the aggregates. Rows of few groups come in runs more often than not, so the last
 * group is tried before the map. Groups come out in the order in which they were first met.
 *
 * WITH ROLLUP keeps a tree instead, one level per group column, since every row counts in each of its prefixes; the tree is printed
 * in order, each super-aggregate row behind its group, as MySQL does.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { HashAggregate } from '../../../proto/plan/physical.ts';
import { compareFor } from '../../functions/index.ts';
import { aggregation, type Aggregation, type MakeAggregation } from '../aggregation.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { drain, type Operator, RowsReader } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';

/** Map entry, group object and its arrays. */
const GROUP_BYTES = 160;
const STATE_BYTES = 64;

class Group {
  readonly values: Row;
  readonly states: readonly Aggregation[];

  constructor(values: Row, states: readonly Aggregation[]) {
    this.values = values;
    this.states = states;
  }
}

export class HashAggregateOperator implements Operator {
  private readonly node: HashAggregate;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly key: KeyReader;
  private readonly groupBy: readonly Evaluate[];
  private readonly make: readonly MakeAggregation[];
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly growing: boolean;
  private groups = new Map<HashKey, Group>();
  private iterator: Iterator<Group> | undefined;

  constructor(node: HashAggregate, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.key = groupKeyReader(node.groupBy, run.evaluation);
    this.groupBy = node.groupBy.map(evaluator);
    this.make = node.aggregates.map(aggregation);
    this.growing = node.aggregates.some(
      (call) => call.distinct || call.name === 'group_concat' || call.name.startsWith('json_'),
    );
    this.sizer = new RowSizer(node.groupBy.map((expression) => expression.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    this.groups = new Map();
    this.iterator = undefined;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.iterator !== undefined) return this.emit(this.iterator);
    const done = drain(this.input, this.run, (batch) => this.add(batch));
    return isPromise(done) ? done.then(() => this.start()) : this.start();
  }

  close(): void {
    this.input.close();
    this.groups = new Map();
    this.iterator = this.groups.values();
    this.memory.release();
  }

  // hot: bench/micro/executor.ts
  private add(batch: Batch): void {
    const { groups, key } = this;
    const context = this.run.evaluation;
    let lastKey: HashKey | undefined;
    let group: Group | undefined;
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      const at = key.read(row)!;
      if (at !== lastKey || group === undefined) {
        group = groups.get(at);
        if (group === undefined) {
          group = this.newGroup(row);
          groups.set(at, group);
        }
        lastKey = at;
      }
      const { states } = group;
      if (this.growing) this.addCounted(states, row);
      else for (let s = 0; s < states.length; s++) states[s]!.add(row, context);
    }
  }

  /** States that keep values (DISTINCT, GROUP_CONCAT): what each row adds is counted. */
  private addCounted(states: readonly Aggregation[], row: Row): void {
    for (let s = 0; s < states.length; s++) {
      const state = states[s]!;
      const before = state.memoryBytes;
      state.add(row, this.run.evaluation);
      this.memory.grow(state.memoryBytes - before);
    }
  }

  private newGroup(row: Row): Group {
    const context = this.run.evaluation;
    const values = this.groupBy.map((evaluate) => evaluate(row, context));
    const states = this.make.map((make) => make());
    this.memory.grow(GROUP_BYTES + STATE_BYTES * states.length + this.sizer.sizeOf(values));
    return new Group(values, states);
  }

  private start(): Batch | undefined {
    this.input.close();
    // An aggregate without GROUP BY has a row even over nothing.
    if (this.groupBy.length === 0 && this.groups.size === 0) this.groups.set(0, this.newGroup([]));
    this.iterator = this.groups.values();
    return this.emit(this.iterator);
  }

  private emit(iterator: Iterator<Group>): Batch | undefined {
    const batch: Batch = [];
    while (batch.length < BATCH_ROWS) {
      const next = iterator.next();
      if (next.done === true) break;
      const { values, states } = next.value;
      const row = values.slice();
      for (let s = 0; s < states.length; s++) row.push(states[s]!.result(this.run.evaluation));
      batch.push(row);
    }
    return batch.length > 0 ? batch : undefined;
  }
}

/** A group of the first `level` columns, with the groups that refine it. */
interface RollupNode {
  readonly value: Datum;
  readonly states: readonly Aggregation[];
  readonly children: Map<HashKey, RollupNode>;
}

export class RollupOperator implements Operator {
  private readonly node: HashAggregate;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly keys: readonly KeyReader[];
  private readonly groupBy: readonly Evaluate[];
  private readonly make: readonly MakeAggregation[];
  private readonly memory: Reservation;
  private readonly reader = new RowsReader();
  private done = false;

  constructor(node: HashAggregate, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.keys = node.groupBy.map((expression) => groupKeyReader([expression], run.evaluation));
    this.groupBy = node.groupBy.map(evaluator);
    this.make = node.aggregates.map(aggregation);
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    this.done = false;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.done) return this.reader.next(BATCH_ROWS);
    let root: RollupNode | undefined;
    const drained = drain(this.input, this.run, (batch) => {
      for (let i = 0; i < batch.length; i++) this.add((root ??= this.newNode(null)), batch[i]!);
    });
    return isPromise(drained) ? drained.then(() => this.start(root)) : this.start(root);
  }

  close(): void {
    this.input.close();
    this.reader.reset([]);
    this.memory.release();
    this.done = true;
  }

  private newNode(value: Datum): RollupNode {
    this.memory.grow(GROUP_BYTES + 64 + STATE_BYTES * this.make.length);
    return { value, states: this.make.map((make) => make()), children: new Map() };
  }

  private add(root: RollupNode, row: Row): void {
    let at = root;
    for (let s = 0; s < at.states.length; s++) at.states[s]!.add(row, this.run.evaluation);
    for (let level = 0; level < this.keys.length; level++) {
      const key = this.keys[level]!.read(row)!;
      let child = at.children.get(key);
      if (child === undefined) {
        child = this.newNode(this.groupBy[level]!(row, this.run.evaluation));
        at.children.set(key, child);
      }
      at = child;
      for (let s = 0; s < at.states.length; s++) at.states[s]!.add(row, this.run.evaluation);
    }
  }

  private start(root: RollupNode | undefined): Batch | undefined {
    this.input.close();
    this.done = true;
    const rows: Row[] = [];
    if (root !== undefined) this.print(root, 0, [], rows);
    this.reader.reset(rows);
    return this.reader.next(BATCH_ROWS);
  }

  private print(node: RollupNode, level: number, values: Row, rows: Row[]): void {
    const width = this.keys.length;
    if (level < width) {
      const compare = compareFor(this.node.groupBy[level]!.type);
      const children = [...node.children.values()].sort((a, b) =>
        a.value === null ? (b.value === null ? 0 : -1) : b.value === null ? 1 : compare(a.value, b.value),
      );
      for (const child of children) this.print(child, level + 1, [...values, child.value], rows);
    }
    const row = values.slice();
    while (row.length < width) row.push(null);
    for (const state of node.states) row.push(state.result(this.run.evaluation));
    for (let i = 0; i < width; i++) row.push(i < level ? 0 : 1);
    rows.push(row);
  }
}

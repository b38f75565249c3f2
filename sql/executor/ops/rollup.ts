/**
 * WITH ROLLUP: a tree of groups, one level per group column, since every row counts in each of its prefixes; the tree is printed
 * in order, each super-aggregate row behind its group, as MySQL does.
 *
 * When memory has no room for one more group, the tree stays as it is, and all further rows are sorted by the group columns, on disk if need
 * be. Printing then goes through both in step: a row of the sorter is added to the groups on the way to its own, whether these were
 * in the tree or begin with it, and a group is printed when both have moved on.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { HashAggregate } from '../../../proto/plan/physical.ts';
import { compareFor } from '../../functions/index.ts';
import { aggregation, type Aggregation, type MakeAggregation } from '../aggregation.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, type Run } from '../run.ts';
import { ExternalSorter } from '../spill/external-sort.ts';
import { pull } from '../spill/row-store.ts';

/** Node, map, map entry and states' array. */
const NODE_BYTES = 224;
const STATE_BYTES = 64;

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
  private readonly compares: readonly ((a: Datum, b: Datum) => number)[];
  private readonly make: readonly MakeAggregation[];
  private readonly memory: Reservation;
  private root: RollupNode | undefined;
  private sorter: ExternalSorter | undefined;
  private rows: Iterator<Row> | AsyncIterator<Row> | undefined;

  constructor(node: HashAggregate, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.keys = node.groupBy.map((expression) => groupKeyReader([expression], run.evaluation));
    this.groupBy = node.groupBy.map(evaluator);
    this.compares = node.groupBy.map((expression) => nullsFirst(compareFor(expression.type)));
    this.make = node.aggregates.map(aggregation);
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.forget();
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.rows !== undefined) return this.emit(this.rows, []);
    const drained = drain(this.input, this.run, (batch) => this.add(batch, 0));
    return isPromise(drained) ? drained.then(() => this.start()) : this.start();
  }

  close(): void {
    this.input.close();
    this.forget();
    this.rows = [][Symbol.iterator]();
  }

  private forget(): void {
    this.root = undefined;
    this.rows = undefined;
    this.sorter?.close();
    this.sorter = undefined;
    this.memory.release();
  }

  private newNode(value: Datum): RollupNode {
    return { value, states: this.make.map((make) => make()), children: new Map() };
  }

  private add(batch: Batch, from: number): MaybePromise<void> {
    if (this.sorter !== undefined) return this.sorter.add(batch);
    const nodeBytes = NODE_BYTES + STATE_BYTES * this.make.length;
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      if (this.root === undefined) {
        this.memory.keep(nodeBytes);
        this.root = this.newNode(null);
      }
      const missing = this.missing(this.root, row);
      if (missing > 0 && !this.memory.fits(missing * nodeBytes)) {
        this.sorter = this.newSorter();
        return this.sorter.add(batch.slice(i));
      }
      this.count(this.root, row);
    }
  }

  private newSorter(): ExternalSorter {
    const types = this.node.input.output.map((column) => column.type);
    const keys = this.node.groupBy.map((expression) => ({ expression, descending: false }));
    return new ExternalSorter(keys, types, this.run, this.node.id, this.run.reserve(this.node.id));
  }

  /** How many groups of the row are not there yet. */
  private missing(root: RollupNode, row: Row): number {
    let at = root;
    for (let level = 0; level < this.keys.length; level++) {
      const child = at.children.get(this.keys[level]!.read(row)!);
      if (child === undefined) return this.keys.length - level;
      at = child;
    }
    return 0;
  }

  private count(root: RollupNode, row: Row): void {
    let at = root;
    this.feed(at, row);
    for (let level = 0; level < this.keys.length; level++) {
      const key = this.keys[level]!.read(row)!;
      let child = at.children.get(key);
      if (child === undefined) {
        child = this.newNode(this.groupBy[level]!(row, this.run.evaluation));
        at.children.set(key, child);
      }
      at = child;
      this.feed(at, row);
    }
  }

  private feed({ states }: RollupNode, row: Row): void {
    for (let s = 0; s < states.length; s++) states[s]!.add(row, this.run.evaluation);
  }

  private start(): MaybePromise<Batch | undefined> {
    this.input.close();
    if (this.root === undefined) this.rows = [][Symbol.iterator]();
    else if (this.sorter === undefined) this.rows = this.print(this.root, 0, []);
    else this.rows = this.printSorted(this.root, 0, [], [this.root], new SortedRows(this.sorter));
    return this.emit(this.rows, []);
  }

  private emit(rows: Iterator<Row> | AsyncIterator<Row>, batch: Batch): MaybePromise<Batch | undefined> {
    while (batch.length < BATCH_ROWS) {
      const next = rows.next();
      if (isPromise(next)) return next.then((got) => this.taken(rows, batch, got));
      if (next.done === true) break;
      batch.push(next.value);
    }
    return batch.length > 0 ? batch : undefined;
  }

  private taken(
    rows: Iterator<Row> | AsyncIterator<Row>,
    batch: Batch,
    got: IteratorResult<Row>,
  ): MaybePromise<Batch | undefined> {
    if (got.done === true) return batch.length > 0 ? batch : undefined;
    batch.push(got.value);
    this.run.checkpoint();
    return this.emit(rows, batch);
  }

  private sorted(node: RollupNode, level: number): RollupNode[] {
    const compare = this.compares[level]!;
    return [...node.children.values()].sort((a, b) => compare(a.value, b.value));
  }

  private *print(node: RollupNode, level: number, values: Row): Generator<Row> {
    if (level < this.keys.length)
      for (const child of this.sorted(node, level)) yield* this.print(child, level + 1, [...values, child.value]);
    yield this.result(node, level, values);
  }

  /** `path`: the nodes from the root to this one. */
  private async *printSorted(
    node: RollupNode,
    level: number,
    values: Row,
    path: readonly RollupNode[],
    rest: SortedRows,
  ): AsyncGenerator<Row> {
    if (level < this.keys.length) {
      const children = this.sorted(node, level);
      for (let c = 0; ;) {
        const row = await rest.peek();
        const head = row !== undefined && this.isBelow(row, values) ? this.groupBy[level]!(row, this.run.evaluation) : undefined; // prettier-ignore
        const child = children[c];
        if (child === undefined && head === undefined) break;
        const order = child === undefined ? 1 : head === undefined ? -1 : this.compares[level]!(child.value, head);
        const chosen = order <= 0 ? child! : this.newNode(head!);
        if (order <= 0) c++;
        yield* this.printSorted(chosen, level + 1, [...values, chosen.value], [...path, chosen], rest);
      }
    } else {
      for (let row = await rest.peek(); row !== undefined && this.isBelow(row, values); row = await rest.peek()) {
        for (const one of path) this.feed(one, row);
        rest.skip();
      }
    }
    yield this.result(node, level, values);
  }

  private isBelow(row: Row, values: Row): boolean {
    return values.every((value, i) => this.compares[i]!(value, this.groupBy[i]!(row, this.run.evaluation)) === 0);
  }

  private result(node: RollupNode, level: number, values: Row): Row {
    const width = this.keys.length;
    const row = values.slice();
    while (row.length < width) row.push(null);
    for (const state of node.states) row.push(state.result(this.run.evaluation));
    for (let i = 0; i < width; i++) row.push(i < level ? 0 : 1);
    return row;
  }
}

/** The rows of a sorter, one at a time. */
class SortedRows {
  private readonly sorter: ExternalSorter;
  private batch: Batch = [];
  private position = 0;
  private phase: 'gathered' | 'sorted' | 'end' = 'gathered';

  constructor(sorter: ExternalSorter) {
    this.sorter = sorter;
  }

  async peek(): Promise<Row | undefined> {
    if (this.phase === 'gathered') {
      this.phase = 'sorted';
      const finished = this.sorter.finish();
      if (isPromise(finished)) await finished;
    }
    while (this.position >= this.batch.length && this.phase !== 'end') {
      const batch = await pull(this.sorter);
      if (batch === undefined) this.phase = 'end';
      else {
        this.batch = batch;
        this.position = 0;
      }
    }
    return this.batch[this.position];
  }

  skip(): void {
    this.position++;
  }
}

function nullsFirst(compare: (a: NonNullable<Datum>, b: NonNullable<Datum>) => number): (a: Datum, b: Datum) => number {
  return (a, b) => (a === null ? (b === null ? 0 : -1) : b === null ? 1 : compare(a, b));
}

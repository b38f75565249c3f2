/**
 * Hash aggregation: a map from group key to the states of the aggregates. Rows of few groups come in runs more often than not, so the last
 * group is tried before the map. Groups come out in the order in which they were first met.
 *
 * When memory does not suffice, the groups that are there go on, and rows of others are dealt out to files by their key, to be aggregated
 * file by file afterwards, the same way. No state is ever written; only what DISTINCT has met is (distinct-spill.ts).
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { HashAggregate } from '../../../proto/plan/physical.ts';
import { aggregation, type Aggregation, type MakeAggregation } from '../aggregation.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { DistinctSpill } from '../spill/distinct-spill.ts';
import { PartitionedSpool, type Spool } from '../spill/spool.ts';

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

/** Rows whose groups had no room, to be aggregated on their own. */
interface Part {
  readonly spool: Spool;
  readonly level: number;
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
  private readonly distinctMemory: Reservation;
  private readonly growing: boolean;
  private groups = new Map<HashKey, Group>();
  private iterator: Iterator<Group> | undefined;
  /** How often the rows of this round have been dealt out. */
  private level = 0;
  private parked: PartitionedSpool | undefined;
  private parts: Part[] = [];
  private distinct: DistinctSpill | undefined;
  private closed = false;

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
    this.distinctMemory = run.reserve(node.id);
  }

  open(): void {
    this.forget();
    this.level = 0;
    this.closed = false;
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
    this.forget();
    this.closed = true;
    this.iterator = this.groups.values();
  }

  private forget(): void {
    this.groups = new Map();
    this.memory.release();
    this.distinctMemory.release();
    this.parked?.drop();
    this.parked = undefined;
    for (const { spool } of this.parts) spool.drop();
    this.parts = [];
    this.distinct?.close();
    this.distinct = undefined;
  }

  // hot: bench/micro/executor.ts
  private add(batch: Batch, from = 0): MaybePromise<void> {
    const { groups, key } = this;
    const context = this.run.evaluation;
    let lastKey: HashKey | undefined;
    let group: Group | undefined;
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const at = key.read(row)!;
      if (at !== lastKey || group === undefined) {
        group = groups.get(at);
        if (group === undefined) {
          group = this.newGroup(row);
          if (group === undefined) {
            const full = this.park(at, row);
            if (full !== undefined) return full.flush().then(() => this.add(batch, i + 1));
            continue;
          }
          groups.set(at, group);
        }
        lastKey = at;
      }
      const { states } = group;
      if (this.growing) {
        if (!this.addCounted(states, row)) return this.flushDistinct().then(() => this.add(batch, i + 1));
      } else for (let s = 0; s < states.length; s++) states[s]!.add(row, context);
    }
  }

  /** States that keep values (DISTINCT, GROUP_CONCAT): what each row adds is counted. False: no room for more. */
  private addCounted(states: readonly Aggregation[], row: Row): boolean {
    let fits = true;
    for (let s = 0; s < states.length; s++) {
      const state = states[s]!;
      const before = state.memoryBytes;
      state.add(row, this.run.evaluation);
      const more = state.memoryBytes - before;
      if (state.distinct === undefined) this.memory.grow(more);
      else if (more > 0 && !this.distinctMemory.fits(more)) fits = false;
    }
    return fits;
  }

  private async flushDistinct(): Promise<void> {
    this.distinct ??= new DistinctSpill(this.node.aggregates, this.run, this.node.id);
    await this.distinct.flush([...this.groups.values()].map((group) => group.states));
    this.distinctMemory.release();
  }

  /** Undefined: no room. Once a row was put aside no group is made any more, since its other rows may be there. */
  private newGroup(row: Row): Group | undefined {
    if (this.parked !== undefined) return undefined;
    const context = this.run.evaluation;
    const values = this.groupBy.map((evaluate) => evaluate(row, context));
    const bytes = GROUP_BYTES + STATE_BYTES * this.make.length + this.sizer.sizeOf(values);
    if (!this.memory.fits(bytes)) {
      // One group at least, so that each round gets further.
      if (this.groups.size > 0) return undefined;
      this.memory.keep(bytes);
    }
    return new Group(
      values,
      this.make.map((make) => make()),
    );
  }

  private park(key: HashKey, row: Row): Spool | undefined {
    this.parked ??= new PartitionedSpool(this.run, this.node.id, this.node.input.output.length, this.level);
    return this.parked.add(key, row);
  }

  private start(): MaybePromise<Batch | undefined> {
    this.input.close();
    // An aggregate without GROUP BY has a row even over nothing.
    if (this.groupBy.length === 0 && this.groups.size === 0) this.groups.set(0, this.newGroup([])!);
    if (this.distinct === undefined) return this.hand();
    const groups = [...this.groups.values()];
    return this.distinct.settle(groups.map((group) => group.states)).then(() => this.hand());
  }

  private hand(): MaybePromise<Batch | undefined> {
    if (this.parked !== undefined) {
      for (const spool of this.parked.parts) if (spool.rowCount > 0) this.parts.push({ spool, level: this.level + 1 });
      this.parked = undefined;
    }
    this.iterator = this.groups.values();
    return this.emit(this.iterator);
  }

  private emit(iterator: Iterator<Group>): MaybePromise<Batch | undefined> {
    const batch: Batch = [];
    while (batch.length < BATCH_ROWS) {
      const next = iterator.next();
      if (next.done === true) break;
      const { values, states } = next.value;
      const row = values.slice();
      for (let s = 0; s < states.length; s++) row.push(states[s]!.result(this.run.evaluation));
      batch.push(row);
    }
    if (batch.length > 0) return batch;
    const part = this.parts.pop();
    return part === undefined ? undefined : this.aggregatePart(part);
  }

  private async aggregatePart({ spool, level }: Part): Promise<Batch | undefined> {
    this.groups = new Map();
    this.memory.release();
    this.distinctMemory.release();
    this.distinct = undefined;
    this.level = level;
    const reader = spool.reader(true);
    for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
      const added = this.add(batch);
      if (isPromise(added)) await added;
      this.run.checkpoint();
      if (this.run.due()) await this.run.pause();
      if (this.closed) return undefined;
    }
    spool.drop();
    return this.start();
  }
}

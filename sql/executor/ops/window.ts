/**
 * Window functions. The input comes sorted by partition, then order keys; one partition is kept at a time. Rows that compare equal on
 * the order keys are peers. For a partition everything is computed column by column (one call after the other), then its rows
 * are handed out with one more value per call.
 *
 * Frames are resolved per row to [start, end) positions in the partition (window-frame.ts). An aggregate whose frame only
 * grows at its end is fed row by row; with a frame that also moves at its start it is computed anew per row.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { WindowCall } from '../../../proto/plan/expression.ts';
import type { Window } from '../../../proto/plan/physical.ts';
import { aggregation, type Aggregation } from '../aggregation.ts';
import { evaluateAlone, evaluator, type Evaluate } from '../compiled.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { type Operator, RowsReader } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { FrameResolver, wholePartition } from './window-frame.ts';

const PAUSE_CHECK_ROWS = 256;

export class WindowOperator implements Operator {
  private readonly node: Window;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly partitionKey: KeyReader;
  private readonly peerKey: KeyReader;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly reader = new RowsReader();
  private batch: Batch = [];
  private position = 0;
  private partition: Row[] = [];
  private key: HashKey | undefined;
  private ended = false;

  constructor(node: Window, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.partitionKey = groupKeyReader(node.partitionBy, run.evaluation);
    this.peerKey = groupKeyReader(
      node.orderBy.map((key) => key.expression),
      run.evaluation,
    );
    this.sizer = new RowSizer(node.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    this.reader.reset([]);
    this.batch = [];
    this.position = 0;
    this.partition = [];
    this.key = undefined;
    this.ended = false;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    const ready = this.reader.next(BATCH_ROWS);
    if (ready !== undefined) return ready;
    this.memory.release();
    return this.gather();
  }

  close(): void {
    this.input.close();
    this.reader.reset([]);
    this.partition = [];
    this.batch = [];
    this.ended = true;
    this.memory.release();
  }

  /** Collects the rows of one partition, then computes. */
  private gather(): MaybePromise<Batch | undefined> {
    for (;;) {
      let bytes = 0;
      while (this.position < this.batch.length) {
        const row = this.batch[this.position]!;
        const key = this.node.partitionBy.length === 0 ? 0 : this.partitionKey.read(row)!;
        if (this.partition.length > 0 && key !== this.key) {
          this.memory.grow(bytes);
          return this.finish();
        }
        this.key = key;
        this.partition.push(row);
        bytes += 2 * this.sizer.sizeOf(row);
        this.position++;
      }
      this.memory.grow(bytes);
      if (this.ended) return this.partition.length > 0 ? this.finish() : undefined;
      this.run.checkpoint();
      if (this.run.due()) return this.run.pause().then(() => this.gather());
      const got = this.input.next();
      if (isPromise(got)) return got.then((batch) => (this.take(batch), this.gather()));
      this.take(got);
    }
  }

  private take(batch: Batch | undefined): void {
    this.position = 0;
    if (batch === undefined) {
      this.ended = true;
      this.batch = [];
    } else this.batch = batch;
  }

  private finish(): MaybePromise<Batch | undefined> {
    const rows = this.partition;
    this.partition = [];
    const computed = this.compute(rows);
    const hand = (out: Row[]): Batch | undefined => {
      this.reader.reset(out);
      return this.reader.next(BATCH_ROWS);
    };
    return isPromise(computed) ? computed.then(hand) : hand(computed);
  }

  private compute(rows: Row[]): MaybePromise<Row[]> {
    const partition = new Partition(rows, this.peerKey, this.node.orderBy.length > 0);
    const columns: Datum[][] = [];
    const step = (from: number): MaybePromise<Row[]> => {
      for (let i = from; i < this.node.calls.length; i++) {
        const column: Datum[] = [];
        const done = this.computeCall(this.node.calls[i]!, partition, column);
        columns.push(column);
        if (isPromise(done)) return done.then(() => step(i + 1));
        this.run.checkpoint();
        if (this.run.due()) return this.run.pause().then(() => step(i + 1));
      }
      return rows.map((row, r) => row.concat(columns.map((column) => column[r]!)));
    };
    return step(0);
  }

  private computeCall(call: WindowCall, partition: Partition, out: Datum[]): MaybePromise<void> {
    const { count } = partition;
    switch (call.name) {
      case 'row_number':
        for (let i = 0; i < count; i++) out.push(i + 1);
        return;
      case 'rank':
        for (let i = 0; i < count; i++) out.push(partition.peerStart(i) + 1);
        return;
      case 'dense_rank':
        for (let i = 0; i < count; i++) out.push(partition.peerGroup[i]! + 1);
        return;
      case 'percent_rank':
        for (let i = 0; i < count; i++) out.push(count === 1 ? 0 : partition.peerStart(i) / (count - 1));
        return;
      case 'cume_dist':
        for (let i = 0; i < count; i++) out.push(partition.peerEnd(i) / count);
        return;
      case 'ntile':
        return this.ntile(call, count, out);
      case 'lead':
      case 'lag':
        return this.shift(call, partition, out);
      case 'first_value':
      case 'last_value':
      case 'nth_value':
        return this.pick(call, partition, out);
      default:
        return this.aggregate(call, partition, out);
    }
  }

  private ntile(call: WindowCall, count: number, out: Datum[]): void {
    const buckets = evaluateAlone(call.args[0]!, this.run.evaluation);
    if (buckets === null) {
      for (let i = 0; i < count; i++) out.push(null);
      return;
    }
    const wanted = Number(buckets);
    if (!(wanted > 0)) throw new SqlError(1210, 'HY000', 'Incorrect arguments to ntile');
    const small = Math.floor(count / wanted);
    const larger = count % wanted;
    for (let i = 0; i < count; i++) {
      const inLarger = i < larger * (small + 1);
      out.push(
        inLarger ? Math.floor(i / (small + 1)) + 1 : larger + Math.floor((i - larger * (small + 1)) / small) + 1,
      );
    }
  }

  private shift(call: WindowCall, partition: Partition, out: Datum[]): void {
    const value = evaluator(call.args[0]!);
    const context = this.run.evaluation;
    const offset = call.args.length > 1 ? evaluateAlone(call.args[1]!, context) : 1;
    if (offset === null || Number(offset) < 0) throw new SqlError(1210, 'HY000', `Incorrect arguments to ${call.name}`);
    const fallback: Evaluate = call.args.length > 2 ? evaluator(call.args[2]!) : () => null;
    const step = call.name === 'lead' ? Number(offset) : -Number(offset);
    const { rows, count } = partition;
    for (let i = 0; i < count; i++) {
      const from = i + step;
      out.push(from >= 0 && from < count ? value(rows[from]!, context) : fallback(rows[i]!, context));
    }
  }

  private pick(call: WindowCall, partition: Partition, out: Datum[]): void {
    const value = evaluator(call.args[0]!);
    const context = this.run.evaluation;
    const frames = new FrameResolver(this.node, partition, this.run);
    let nth = 1;
    if (call.name === 'nth_value') {
      nth = Number(evaluateAlone(call.args[1]!, context) ?? 0);
      if (!(nth > 0)) throw new SqlError(1210, 'HY000', 'Incorrect arguments to nth_value');
    }
    for (let i = 0; i < partition.count; i++) {
      frames.resolve(i);
      const at = call.name === 'last_value' ? frames.end - 1 : frames.start + nth - 1;
      out.push(at >= frames.start && at < frames.end ? value(partition.rows[at]!, context) : null);
    }
  }

  private aggregate(call: WindowCall, partition: Partition, out: Datum[]): MaybePromise<void> {
    const make = aggregation({ name: call.name, args: call.args, distinct: call.distinct, type: call.type });
    if (wholePartition(this.node)) {
      const state = make();
      for (let i = 0; i < partition.count; i++) state.add(partition.rows[i]!, this.run.evaluation);
      const value = state.result(this.run.evaluation);
      for (let i = 0; i < partition.count; i++) out.push(value);
      return;
    }
    const frames = new FrameResolver(this.node, partition, this.run);
    return this.slide({ make, state: make(), fedFrom: 0, fedTo: 0, value: null, fresh: true }, frames, partition, out);
  }

  private slide(sliding: Sliding, frames: FrameResolver, partition: Partition, out: Datum[]): MaybePromise<void> {
    const { rows, count } = partition;
    let fed = 0;
    for (let i = out.length; i < count; i++) {
      frames.resolve(i);
      const { start } = frames;
      const end = Math.max(frames.end, start);
      if (start !== sliding.fedFrom || end < sliding.fedTo) {
        sliding.state = sliding.make();
        sliding.fedFrom = start;
        sliding.fedTo = start;
        sliding.fresh = true;
      }
      if (end > sliding.fedTo) sliding.fresh = true;
      for (let r = sliding.fedTo; r < end; r++) sliding.state.add(rows[r]!, this.run.evaluation);
      fed += end - sliding.fedTo;
      sliding.fedTo = end;
      if (sliding.fresh) sliding.value = sliding.state.result(this.run.evaluation);
      sliding.fresh = false;
      out.push(sliding.value);
      if (fed >= PAUSE_CHECK_ROWS) {
        fed = 0;
        this.run.checkpoint();
        if (this.run.due()) return this.run.pause().then(() => this.slide(sliding, frames, partition, out));
      }
    }
  }
}

/** An aggregate over a moving frame: what has been fed to the current state. */
interface Sliding {
  readonly make: ReturnType<typeof aggregation>;
  state: Aggregation;
  fedFrom: number;
  fedTo: number;
  value: Datum;
  fresh: boolean;
}

/** The rows of one partition, and which of them are peers. Without ORDER BY all are. */
export class Partition {
  readonly rows: readonly Row[];
  readonly count: number;
  /** Number of the peer group of each row, from 0. */
  readonly peerGroup: Int32Array;
  /** First position of each peer group, and at the end `count`. */
  private readonly starts: number[] = [];

  constructor(rows: readonly Row[], peerKey: KeyReader, ordered: boolean) {
    this.rows = rows;
    this.count = rows.length;
    this.peerGroup = new Int32Array(rows.length);
    let before: HashKey | undefined;
    for (let i = 0; i < rows.length; i++) {
      const key = ordered ? peerKey.read(rows[i]!)! : 0;
      if (i === 0 || key !== before) this.starts.push(i);
      before = key;
      this.peerGroup[i] = this.starts.length - 1;
    }
    this.starts.push(rows.length);
  }

  peerStart(i: number): number {
    return this.starts[this.peerGroup[i]!]!;
  }

  /** Exclusive. */
  peerEnd(i: number): number {
    return this.starts[this.peerGroup[i]! + 1]!;
  }
}

/**
 * Window functions. The input comes sorted by partition, then order keys; one partition is kept at a time. Rows that compare equal on
 * the order keys are peers. For a partition everything is computed column by column (one call after the other, window-values.ts), then
 * its rows are handed out with one more value per call.
 *
 * A partition that does not fit into memory lies on disk, and each column beside it; they are read side by side in the end.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { Window } from '../../../proto/plan/physical.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { type Operator, RowsReader } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { PageMissing } from '../spill/paged-rows.ts';
import { Spool, type SpoolReader } from '../spill/spool.ts';
import { Partition } from './window-partition.ts';
import { type ValueAt, windowValues } from './window-values.ts';

const PAUSE_CHECK_ROWS = 64;

export class WindowOperator implements Operator {
  private readonly node: Window;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly partitionKey: KeyReader;
  private readonly peerKey: KeyReader | undefined;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly reader = new RowsReader();
  private spooled: ColumnsReader | undefined;
  private batch: Batch = [];
  private position = 0;
  private partition: Partition | undefined;
  private key: HashKey | undefined;
  private ended = false;

  constructor(node: Window, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.partitionKey = groupKeyReader(node.partitionBy, run.evaluation);
    const order = node.orderBy.map((key) => key.expression);
    this.peerKey = order.length === 0 ? undefined : groupKeyReader(order, run.evaluation);
    this.sizer = new RowSizer(node.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.forget();
    this.ended = false;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.spooled !== undefined) return this.nextSpooled(this.spooled);
    const ready = this.reader.next(BATCH_ROWS);
    if (ready !== undefined) return ready;
    this.memory.release();
    return this.gather();
  }

  close(): void {
    this.input.close();
    this.forget();
    this.ended = true;
  }

  private forget(): void {
    this.reader.reset([]);
    this.spooled?.close();
    this.spooled = undefined;
    this.partition?.close();
    this.partition = undefined;
    this.batch = [];
    this.position = 0;
    this.key = undefined;
    this.memory.release();
  }

  /** Collects the rows of one partition, then computes. */
  private gather(): MaybePromise<Batch | undefined> {
    for (;;) {
      while (this.position < this.batch.length) {
        const row = this.batch[this.position]!;
        const key = this.node.partitionBy.length === 0 ? 0 : this.partitionKey.read(row)!;
        if (this.partition !== undefined && key !== this.key) return this.finish(this.partition);
        this.key = key;
        this.position++;
        this.partition ??= new Partition(this.run, this.node.id, this.peerKey, this.sizer, this.memory);
        const added = this.partition.add(row);
        if (isPromise(added)) return added.then(() => this.gather());
      }
      if (this.ended) return this.partition === undefined ? undefined : this.finish(this.partition);
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

  private finish(partition: Partition): MaybePromise<Batch | undefined> {
    partition.end();
    const rows = partition.inMemory;
    if (rows === undefined) return this.computeOnDisk(partition);
    this.partition = undefined;
    const computed = this.compute(rows, partition);
    const hand = (out: Row[]): Batch | undefined => {
      this.reader.reset(out);
      return this.reader.next(BATCH_ROWS);
    };
    return isPromise(computed) ? computed.then(hand) : hand(computed);
  }

  private compute(rows: readonly Row[], partition: Partition): MaybePromise<Row[]> {
    const columns: Datum[][] = [];
    const step = (from: number): MaybePromise<Row[]> => {
      for (let c = from; c < this.node.calls.length; c++) {
        const column: Datum[] = [];
        const done = this.fill(windowValues(this.node.calls[c]!, this.node, partition, this.run), partition, column);
        columns.push(column);
        if (isPromise(done)) return done.then(() => step(c + 1));
      }
      return rows.map((row, r) => row.concat(columns.map((column) => column[r]!)));
    };
    return step(0);
  }

  private fill(valueAt: ValueAt, partition: Partition, out: Datum[]): MaybePromise<void> {
    for (let i = out.length; i < partition.count; i++) {
      out.push(valueAt(i));
      if (i % PAUSE_CHECK_ROWS > 0) continue;
      this.run.checkpoint();
      if (this.run.due()) return this.run.pause().then(() => this.fill(valueAt, partition, out));
    }
  }

  private async computeOnDisk(partition: Partition): Promise<Batch | undefined> {
    const columns: Spool[] = [];
    this.spooled = new ColumnsReader(partition, columns);
    this.partition = undefined;
    for (const call of this.node.calls) {
      const valueAt = windowValues(call, this.node, partition, this.run);
      const column = new Spool(this.run, this.node.id, 1);
      columns.push(column);
      for (let i = 0; i < partition.count; i++) {
        if (column.add([await this.valueFromDisk(valueAt, i, partition)])) await column.flush();
        if (i % PAUSE_CHECK_ROWS > 0) continue;
        this.run.checkpoint();
        if (this.run.due()) await this.run.pause();
      }
    }
    return this.spooled === undefined ? undefined : this.nextSpooled(this.spooled);
  }

  private valueFromDisk(valueAt: ValueAt, i: number, partition: Partition): MaybePromise<Datum> {
    try {
      return valueAt(i);
    } catch (error) {
      if (!(error instanceof PageMissing)) throw error;
      return partition.load(error.page).then(() => this.valueFromDisk(valueAt, i, partition));
    }
  }

  private async nextSpooled(reader: ColumnsReader): Promise<Batch | undefined> {
    const batch = await reader.next();
    if (batch !== undefined) return batch;
    reader.close();
    this.spooled = undefined;
    return this.next();
  }
}

/** The rows of a partition and the columns that were computed for it, side by side. */
class ColumnsReader {
  private readonly partition: Partition;
  private readonly columns: readonly Spool[];
  private rows: SpoolReader | undefined;
  private values: { readonly reader: SpoolReader; batch: Batch; position: number }[] = [];

  constructor(partition: Partition, columns: readonly Spool[]) {
    this.partition = partition;
    this.columns = columns;
  }

  async next(): Promise<Batch | undefined> {
    if (this.rows === undefined) {
      this.rows = this.partition.onDisk.reader(true);
      this.values = this.columns.map((column) => ({ reader: column.reader(true), batch: [], position: 0 }));
    }
    const batch = await this.rows.next();
    if (batch === undefined) return undefined;
    for (const row of batch) {
      for (const column of this.values) {
        if (column.position === column.batch.length) {
          column.batch = (await column.reader.next()) ?? [];
          column.position = 0;
        }
        row.push(column.batch[column.position++]![0]!);
      }
    }
    return batch;
  }

  close(): void {
    this.partition.close();
    for (const column of this.columns) column.drop();
  }
}

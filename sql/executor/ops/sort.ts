/**
 * Sort and top-N. Sort keeps its whole input, on disk where memory does not suffice (external-sort.ts); top-N keeps the `offset + count`
 * best rows seen so far in a heap whose root is the worst of them, so that most rows are dropped after one comparison. A heap that
 * gets too large for memory becomes a sort of everything that may still be among the first.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch } from '../../../base/value/datum.ts';
import type { Sort, TopN } from '../../../proto/plan/physical.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { SortEntry, sortEntries, SortOrder } from '../sort-order.ts';
import { ExternalSorter } from '../spill/external-sort.ts';
import { limitValue } from './simple.ts';

/** Hands out the rows of sorted entries. */
class EntriesReader {
  private entries: readonly SortEntry[] = [];
  private position = 0;

  reset(entries: readonly SortEntry[], position: number): void {
    this.entries = entries;
    this.position = position;
  }

  next(): Batch | undefined {
    const { entries } = this;
    if (this.position >= entries.length) return undefined;
    const end = Math.min(entries.length, this.position + BATCH_ROWS);
    const batch: Batch = [];
    for (let i = this.position; i < end; i++) batch.push(entries[i]!.row);
    this.position = end;
    return batch;
  }
}

export class SortOperator implements Operator {
  private readonly node: Sort;
  private readonly input: Operator;
  private readonly run: Run;
  private readonly memory: Reservation;
  private sorter: ExternalSorter;
  private sorted = false;

  constructor(node: Sort, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.memory = run.reserve(node.id);
    this.sorter = this.newSorter();
  }

  open(): void {
    this.sorter.close();
    this.sorter = this.newSorter();
    this.sorted = false;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.sorted) return this.sorter.next();
    const done = drain(this.input, this.run, (batch) => this.sorter.add(batch));
    return isPromise(done) ? done.then(() => this.finish()) : this.finish();
  }

  close(): void {
    this.input.close();
    this.sorter.close();
    this.sorted = true;
  }

  private newSorter(): ExternalSorter {
    const types = this.node.input.output.map((column) => column.type);
    return new ExternalSorter(this.node.keys, types, this.run, this.node.id, this.memory);
  }

  private finish(): MaybePromise<Batch | undefined> {
    this.input.close();
    const done = this.sorter.finish();
    this.sorted = true;
    return isPromise(done) ? done.then(() => this.sorter.next()) : this.sorter.next();
  }
}

/** A sort entry that knows when it came, so that equal rows stay in order of arrival. */
class HeapEntry extends SortEntry {
  arrival = 0;
}

export class TopNOperator implements Operator {
  private readonly node: TopN;
  private readonly input: Operator;
  private readonly run: Run;
  private order: SortOrder;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly reader = new EntriesReader();
  /** Binary heap: every entry sorts before its parent; the root is the one to lose. */
  private heap: HeapEntry[] = [];
  private capacity = 0;
  private arrivals = 0;
  private done = false;
  /** Once the heap was too large for memory. */
  private sorter: ExternalSorter | undefined;
  private skips = 0;
  private wants = 0;

  constructor(node: TopN, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.order = new SortOrder(node.keys, run.evaluation);
    this.sizer = new RowSizer(node.input.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    this.sorter?.close();
    this.sorter = undefined;
    this.heap = [];
    this.arrivals = 0;
    if (this.done) this.order = new SortOrder(this.node.keys, this.run.evaluation);
    this.done = false;
    this.capacity = limitValue(this.node.offset, this.run) + limitValue(this.node.count, this.run);
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.done) return this.sorter === undefined ? this.reader.next() : this.nextSorted(this.sorter);
    if (this.capacity === 0 || limitValue(this.node.count, this.run) === 0) return this.start([]);
    const done = drain(this.input, this.run, (batch) => this.take(batch));
    return isPromise(done) ? done.then(() => this.sort()) : this.sort();
  }

  close(): void {
    this.input.close();
    this.reader.reset([], 0);
    this.sorter?.close();
    this.sorter = undefined;
    this.heap = [];
    this.memory.release();
    this.done = true;
  }

  private take(batch: Batch): MaybePromise<void> {
    if (this.sorter !== undefined) return this.sorter.add(batch);
    for (let i = 0; i < batch.length; i++) if (!this.offer(batch[i]!)) return this.overflow(batch.slice(i));
  }

  /** False: memory does not suffice for one more row. */
  private offer(row: Batch[number]): boolean {
    const { heap } = this;
    const made = this.order.entry(row);
    const full = heap.length >= this.capacity;
    // A later row that is equal to the worst one loses.
    if (full && this.order.compare(made, heap[0]!) >= 0) return true;
    const entry = new HeapEntry(made.row, made.first, made.rest);
    entry.arrival = this.arrivals++;
    const bytes = this.sizer.sizeOf(row) + this.order.entryBytes + 8;
    if (full) {
      this.memory.grow(bytes - this.sizer.sizeOf(heap[0]!.row) - this.order.entryBytes - 8);
      heap[0] = entry;
      this.sink(0);
    } else {
      if (!this.memory.fits(bytes)) return false;
      heap.push(entry);
      this.swim(heap.length - 1);
    }
    return true;
  }

  /** The heap is not full yet, so all rows until now may be among the first: they go on as a sort. */
  private overflow(rest: Batch): MaybePromise<void> {
    const rows = this.heap.sort((a, b) => a.arrival - b.arrival).map((entry) => entry.row);
    this.heap = [];
    this.memory.release();
    const types = this.node.input.output.map((column) => column.type);
    const sorter = new ExternalSorter(this.node.keys, types, this.run, this.node.id, this.memory);
    this.sorter = sorter;
    const added = sorter.add(rows);
    return isPromise(added) ? added.then(() => sorter.add(rest)) : sorter.add(rest);
  }

  private async nextSorted(sorter: ExternalSorter): Promise<Batch | undefined> {
    for (;;) {
      if (this.wants <= 0) return undefined;
      let batch = await sorter.next();
      if (batch === undefined) return undefined;
      const skipped = Math.min(this.skips, batch.length);
      this.skips -= skipped;
      batch = batch.slice(skipped, skipped + this.wants);
      this.wants -= batch.length;
      if (batch.length > 0) return batch;
      this.run.checkpoint();
    }
  }

  private worse(a: HeapEntry, b: HeapEntry): boolean {
    const order = this.order.compare(a, b);
    return order > 0 || (order === 0 && a.arrival > b.arrival);
  }

  private swim(start: number): void {
    const { heap } = this;
    const entry = heap[start]!;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.worse(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  private sink(start: number): void {
    const { heap } = this;
    const entry = heap[start]!;
    const count = heap.length;
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= count) break;
      if (child + 1 < count && this.worse(heap[child + 1]!, heap[child]!)) child++;
      if (!this.worse(heap[child]!, entry)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = entry;
  }

  private sort(): MaybePromise<Batch | undefined> {
    this.input.close();
    const { sorter } = this;
    if (sorter !== undefined) {
      this.done = true;
      this.skips = limitValue(this.node.offset, this.run);
      this.wants = limitValue(this.node.count, this.run);
      const finished = sorter.finish();
      return isPromise(finished) ? finished.then(() => this.nextSorted(sorter)) : this.nextSorted(sorter);
    }
    // Arrival order first, then the stable sort keeps it among equals.
    const entries = this.heap.sort((a, b) => a.arrival - b.arrival);
    this.heap = [];
    const sorted = sortEntries(entries, this.order, this.run);
    return isPromise(sorted) ? sorted.then((rows) => this.start(rows)) : this.start(sorted);
  }

  private start(entries: readonly SortEntry[]): Batch | undefined {
    this.done = true;
    this.reader.reset(entries, limitValue(this.node.offset, this.run));
    return this.reader.next();
  }
}

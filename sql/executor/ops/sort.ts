/**
 * Sort and top-N. Sort keeps its whole input; top-N keeps the `offset + count` best rows seen so far in a heap whose root is the
 * worst of them, so that most rows are dropped after one comparison.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch } from '../../../base/value/datum.ts';
import type { Sort, TopN } from '../../../proto/plan/physical.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { SortEntry, sortEntries, SortOrder } from '../sort-order.ts';
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
  private order: SortOrder;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly reader = new EntriesReader();
  private sorted = false;

  constructor(node: Sort, input: Operator, run: Run) {
    this.node = node;
    this.input = input;
    this.run = run;
    this.order = new SortOrder(node.keys, run.evaluation);
    this.sizer = new RowSizer(node.input.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.memory.release();
    // A long sort turns its order over to sort keys.
    if (this.sorted) this.order = new SortOrder(this.node.keys, this.run.evaluation);
    this.sorted = false;
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.sorted) return this.reader.next();
    const entries: SortEntry[] = [];
    const done = drain(this.input, this.run, (batch) => {
      let bytes = 0;
      for (let i = 0; i < batch.length; i++) {
        const row = batch[i]!;
        entries.push(this.order.entry(row));
        bytes += this.sizer.sizeOf(row) + this.order.entryBytes;
      }
      this.memory.grow(bytes);
    });
    return isPromise(done) ? done.then(() => this.sort(entries)) : this.sort(entries);
  }

  close(): void {
    this.input.close();
    this.reader.reset([], 0);
    this.memory.release();
    this.sorted = true;
  }

  private sort(entries: SortEntry[]): MaybePromise<Batch | undefined> {
    this.input.close();
    const sorted = sortEntries(entries, this.order, this.run);
    return isPromise(sorted) ? sorted.then((rows) => this.start(rows)) : this.start(sorted);
  }

  private start(entries: readonly SortEntry[]): Batch | undefined {
    this.sorted = true;
    this.reader.reset(entries, 0);
    return this.reader.next();
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
    this.heap = [];
    this.arrivals = 0;
    if (this.done) this.order = new SortOrder(this.node.keys, this.run.evaluation);
    this.done = false;
    this.capacity = limitValue(this.node.offset, this.run) + limitValue(this.node.count, this.run);
    this.input.open();
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.done) return this.reader.next();
    if (this.capacity === 0 || limitValue(this.node.count, this.run) === 0) return this.start([]);
    const done = drain(this.input, this.run, (batch) => {
      for (let i = 0; i < batch.length; i++) this.offer(batch[i]!);
    });
    return isPromise(done) ? done.then(() => this.sort()) : this.sort();
  }

  close(): void {
    this.input.close();
    this.reader.reset([], 0);
    this.heap = [];
    this.memory.release();
    this.done = true;
  }

  private offer(row: Batch[number]): void {
    const { heap } = this;
    const made = this.order.entry(row);
    const full = heap.length >= this.capacity;
    // A later row that is equal to the worst one loses.
    if (full && this.order.compare(made, heap[0]!) >= 0) return;
    const entry = new HeapEntry(made.row, made.first, made.rest);
    entry.arrival = this.arrivals++;
    const bytes = this.sizer.sizeOf(row) + this.order.entryBytes + 8;
    if (full) {
      this.memory.grow(bytes - this.sizer.sizeOf(heap[0]!.row) - this.order.entryBytes - 8);
      heap[0] = entry;
      this.sink(0);
    } else {
      this.memory.grow(bytes);
      heap.push(entry);
      this.swim(heap.length - 1);
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

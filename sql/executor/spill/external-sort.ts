/**
 * `ExternalSorter`: sorts what it is given, stably, in memory while that is allowed. When it is not, what is there is sorted and written as a
 * run, and so on; the runs are merged as rows are asked for, `FAN_IN` at a time:
 *
 *     rows → [entries] → sorted run 1 ┐
 *                        sorted run 2 ├─ merge ─→ rows
 *                        …            ┘
 *
 * Keys that are more than a column are computed once and travel with the row in a run: RAND() must not be drawn again.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { SortKey } from '../../../proto/plan/expression.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { type SortEntry, sortEntries, SortOrder } from '../sort-order.ts';
import { Spool, type SpoolReader } from './spool.ts';

/** Runs that are merged at a time; each has a block in memory. */
const FAN_IN = 16;

export class ExternalSorter {
  private readonly keys: readonly SortKey[];
  private readonly run: Run;
  private readonly node: string;
  private readonly memory: Reservation;
  private readonly sizer: RowSizer;
  private readonly width: number;
  private order: SortOrder;
  private entries: SortEntry[] = [];
  private runs: Spool[] = [];
  /** Since the first run: the keys as columns behind the row's own, where they are computed. */
  private appended: readonly Evaluate[] | undefined;
  private runKeys: readonly SortKey[];
  private position = 0;
  private merge: Merge | undefined;

  constructor(keys: readonly SortKey[], types: readonly FieldType[], run: Run, node: string, memory: Reservation) {
    this.keys = keys;
    this.run = run;
    this.node = node;
    this.memory = memory;
    this.sizer = new RowSizer(types);
    this.width = types.length;
    this.order = new SortOrder(keys, run.evaluation);
    this.runKeys = keys;
  }

  get spilled(): boolean {
    return this.runs.length > 0;
  }

  add(batch: Batch, from = 0): MaybePromise<void> {
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      if (!this.memory.fits(this.sizer.sizeOf(row) + this.order.entryBytes)) return this.addSlowly(batch, i);
      this.entries.push(this.entry(row));
    }
  }

  private async addSlowly(batch: Batch, from: number): Promise<void> {
    await this.spill();
    this.memory.keep(this.sizer.sizeOf(batch[from]!) + this.order.entryBytes);
    this.entries.push(this.entry(batch[from]!));
    return this.add(batch, from + 1);
  }

  private entry(row: Row): SortEntry {
    if (this.appended === undefined) return this.order.entry(row);
    return this.order.entry(row.concat(this.appended.map((evaluate) => evaluate(row, this.run.evaluation))));
  }

  /** All rows are there. */
  finish(): MaybePromise<void> {
    if (this.runs.length > 0) return this.startMerge();
    const sorted = sortEntries(this.entries, this.order, this.run);
    const start = (entries: SortEntry[]): void => {
      this.entries = entries;
      this.position = 0;
    };
    return isPromise(sorted) ? sorted.then(start) : start(sorted);
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.merge !== undefined) return this.nextMerged(this.merge);
    const { entries } = this;
    if (this.position >= entries.length) return undefined;
    const end = Math.min(entries.length, this.position + BATCH_ROWS);
    const batch: Batch = [];
    for (let i = this.position; i < end; i++) batch.push(entries[i]!.row);
    this.position = end;
    return batch;
  }

  close(): void {
    this.entries = [];
    for (const spool of this.runs) spool.drop();
    this.runs = [];
    this.merge?.close();
    this.merge = undefined;
    this.memory.release();
  }

  private async spill(): Promise<void> {
    if (this.runs.length === 0) this.appendKeys();
    if (this.entries.length === 0) return;
    const sorted = await sortEntries(this.entries, this.order, this.run);
    const spool = new Spool(this.run, this.node, this.width + (this.appended?.length ?? 0));
    this.runs.push(spool);
    for (let i = 0; i < sorted.length; i++) {
      if (!spool.add(sorted[i]!.row)) continue;
      await spool.flush();
      this.run.checkpoint();
    }
    await spool.flush();
    this.entries = [];
    this.memory.release();
    // A long sort turns its order over to sort keys; the next run begins anew.
    this.order = new SortOrder(this.runKeys, this.run.evaluation);
  }

  private appendKeys(): void {
    if (this.keys.every((key) => key.expression.kind === 'column')) return;
    for (const entry of this.entries)
      entry.row = this.keys.length === 0 ? entry.row : entry.row.concat([entry.first], entry.rest);
    this.runKeys = this.keys.map(({ expression, descending }, i) => ({
      expression: { kind: 'column', id: -1, index: this.width + i, type: expression.type, name: '' },
      descending,
    }));
    this.appended = this.keys.map((key) => evaluator(key.expression));
    // The entries' keys are those of their new columns already.
    this.order = new SortOrder(this.runKeys, this.run.evaluation);
  }

  private async startMerge(): Promise<void> {
    await this.spill();
    const order = new SortOrder(this.runKeys, this.run.evaluation);
    while (this.runs.length > FAN_IN) {
      const longer: Spool[] = [];
      for (let i = 0; i < this.runs.length; i += FAN_IN) {
        const merge = new Merge(this.runs.slice(i, i + FAN_IN), order);
        const spool = new Spool(this.run, this.node, this.width + (this.appended?.length ?? 0));
        for (let batch = await merge.next(); batch !== undefined; batch = await merge.next()) {
          await spool.addAll(batch);
          this.run.checkpoint();
          if (this.run.due()) await this.run.pause();
        }
        await spool.flush();
        merge.close();
        longer.push(spool);
      }
      this.runs = longer;
    }
    this.merge = new Merge(this.runs, order);
  }

  private async nextMerged(merge: Merge): Promise<Batch | undefined> {
    const batch = await merge.next();
    if (batch !== undefined && this.appended !== undefined) for (const row of batch) row.length = this.width;
    return batch;
  }
}

/** The next row of one run. */
interface Head {
  readonly reader: SpoolReader;
  /** Among equal rows that of the earlier run is first. */
  readonly rank: number;
  batch: Batch;
  position: number;
  entry: SortEntry;
}

class Merge {
  private readonly spools: readonly Spool[];
  private readonly order: SortOrder;
  /** A heap: no head comes before its parent. */
  private heap: Head[] | undefined;

  constructor(spools: readonly Spool[], order: SortOrder) {
    this.spools = spools;
    this.order = order;
  }

  async next(): Promise<Batch | undefined> {
    const heap = (this.heap ??= await this.begin());
    const out: Batch = [];
    while (heap.length > 0 && out.length < BATCH_ROWS) {
      const head = heap[0]!;
      out.push(head.entry.row);
      if (++head.position >= head.batch.length) {
        const batch = await head.reader.next();
        if (batch === undefined) {
          const last = heap.pop()!;
          if (heap.length === 0) break;
          if (last !== head) this.sink(heap, last);
          continue;
        }
        head.batch = batch;
        head.position = 0;
      }
      head.entry = this.order.entry(head.batch[head.position]!);
      this.sink(heap, head);
    }
    return out.length > 0 ? out : undefined;
  }

  close(): void {
    this.heap = [];
    for (const spool of this.spools) spool.drop();
  }

  private async begin(): Promise<Head[]> {
    const heads: Head[] = [];
    for (const [rank, spool] of this.spools.entries()) {
      const reader = spool.reader(true);
      const batch = await reader.next();
      if (batch !== undefined) heads.push({ reader, rank, batch, position: 0, entry: this.order.entry(batch[0]!) });
    }
    // A sorted array is a heap.
    return heads.sort((a, b) => this.compare(a, b));
  }

  private compare(a: Head, b: Head): number {
    return this.order.compare(a.entry, b.entry) || a.rank - b.rank;
  }

  /** Puts `head` at the root and lets it down to its place. */
  private sink(heap: Head[], head: Head): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.compare(heap[child + 1]!, heap[child]!) < 0) child++;
      if (this.compare(heap[child]!, head) >= 0) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = head;
  }
}

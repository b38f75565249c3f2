/**
 * EXCEPT and INTERSECT, with or without ALL, by counting: the right side becomes a map from row to how often it occurs. ALL
 * follows the bag rules: `m EXCEPT ALL n` leaves max(m - n, 0) copies, `m INTERSECT ALL n` leaves min(m, n). NULLs are equal here.
 *
 * When memory does not suffice, the keys that are there are decided as before, and rows of others are dealt out to files by their key and
 * decided file by file.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch } from '../../../base/value/datum.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { OutputColumn, SetOperation } from '../../../proto/plan/physical.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { PartitionedSpool, type Spool } from '../spill/spool.ts';

const ENTRY_BYTES = 56;

/** All columns of a row as one key. */
export function wholeRowKey(output: readonly OutputColumn[], run: Run): KeyReader {
  const columns = output.map((column, index): Expression => ({
    kind: 'column',
    id: column.id,
    index,
    type: column.type,
    name: column.name,
  }));
  return groupKeyReader(columns, run.evaluation);
}

/** Rows whose keys had no room, of both sides. */
interface Part {
  readonly left: Spool;
  readonly right: Spool;
  readonly level: number;
}

export class SetOperator implements Operator {
  private readonly node: SetOperation;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly key: KeyReader;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  /** How many copies of a row the right side (still) has. Without ALL, a row that was given counts as had, or as gone. */
  private counts = new Map<HashKey, number>();
  private level = 0;
  /** Once one key had no room none is let in: its other rows may be here. Keys and counts of the right side, rows of the left. */
  private parked: { readonly right: PartitionedSpool; readonly left: PartitionedSpool } | undefined;
  private parts: Part[] = [];
  private source: Pick<Operator, 'next'> | undefined;

  constructor(node: SetOperation, left: Operator, right: Operator, run: Run) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.run = run;
    this.key = wholeRowKey(node.output, run);
    this.sizer = new RowSizer(node.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
  }

  open(): void {
    this.forget();
    this.source = undefined;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.source === undefined) {
      this.right.open();
      const done = drain(this.right, this.run, (batch) => this.addRows(batch, 0));
      return isPromise(done) ? done.then(() => this.start()) : this.start();
    }
    const got = this.source.next();
    return isPromise(got) ? got.then(this.keep) : this.keep(got);
  }

  close(): void {
    if (this.source !== undefined) this.left.close();
    else this.right.close();
    this.forget();
    this.source = NOTHING;
  }

  private start(): MaybePromise<Batch | undefined> {
    this.right.close();
    if (this.source !== undefined) return undefined;
    this.source = this.left;
    this.left.open();
    return this.next();
  }

  private addRows(batch: Batch, from: number): MaybePromise<void> {
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const full = this.count(this.key.read(row)!, 1, this.sizer.sizeOf(row));
      if (full !== undefined) return full.flush().then(() => this.addRows(batch, i + 1));
    }
  }

  /** A part that has a full block now, if one has. */
  private count(key: HashKey, copies: number, bytes: number): Spool | undefined {
    const known = this.counts.get(key);
    if (known === undefined && !this.admits(ENTRY_BYTES + bytes)) return this.park().right.add(key, [key, copies]);
    this.counts.set(key, (known ?? 0) + copies);
    return undefined;
  }

  private admits(bytes: number): boolean {
    if (this.parked !== undefined) return false;
    if (this.memory.fits(bytes)) return true;
    if (this.counts.size > 0) return false;
    this.memory.keep(bytes);
    return true;
  }

  private park(): { readonly right: PartitionedSpool; readonly left: PartitionedSpool } {
    const { run, node, level } = this;
    return (this.parked ??= {
      right: new PartitionedSpool(run, node.id, 2, level),
      left: new PartitionedSpool(run, node.id, node.output.length, level),
    });
  }

  private readonly keep = (batch: Batch | undefined): MaybePromise<Batch | undefined> => {
    if (batch === undefined) return this.nextPart();
    return this.decide(batch, 0, []);
  };

  private decide(batch: Batch, from: number, kept: Batch): MaybePromise<Batch> {
    const intersect = this.node.operation === 'intersect';
    const { all } = this.node;
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.key.read(row)!;
      const known = this.counts.get(key);
      const remembers = !all && !intersect;
      if (known === undefined && (this.parked !== undefined || (remembers && !this.admits(ENTRY_BYTES)))) {
        const full = this.park().left.add(key, row);
        if (full !== undefined) return full.flush().then(() => this.decide(batch, i + 1, kept));
        continue;
      }
      const count = known ?? 0;
      if (count > 0 === intersect) kept.push(row);
      if (all || intersect) {
        if (count > 0) this.counts.set(key, all ? count - 1 : 0);
      } else if (count === 0) this.counts.set(key, 1);
    }
    return kept;
  }

  private nextPart(): MaybePromise<Batch | undefined> {
    if (this.parked !== undefined) {
      const { left, right } = this.parked;
      left.parts.forEach((spool, i) => {
        if (spool.rowCount > 0) this.parts.push({ left: spool, right: right.parts[i]!, level: this.level + 1 });
        else right.parts[i]!.drop();
      });
      this.parked = undefined;
    }
    const part = this.parts.pop();
    return part === undefined ? undefined : this.startPart(part);
  }

  private async startPart({ left, right, level }: Part): Promise<Batch | undefined> {
    this.counts = new Map();
    this.memory.release();
    this.level = level;
    const reader = right.reader(true);
    for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
      for (const [key, copies] of batch) {
        const bytes = typeof key === 'string' ? 2 * key.length : 8;
        await this.count(key as HashKey, copies as number, bytes)?.flush();
      }
      this.run.checkpoint();
      if (this.run.due()) await this.run.pause();
    }
    right.drop();
    this.source = left.reader(true);
    return this.next();
  }

  private forget(): void {
    this.counts = new Map();
    this.parked?.left.drop();
    this.parked?.right.drop();
    this.parked = undefined;
    for (const { left, right } of this.parts) {
      left.drop();
      right.drop();
    }
    this.parts = [];
    this.level = 0;
    this.memory.release();
  }
}

const NOTHING = { next: (): undefined => undefined };

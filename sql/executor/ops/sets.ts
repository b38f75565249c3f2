/**
 * EXCEPT and INTERSECT, with or without ALL, by counting: the right side becomes a map from row to how often it occurs. ALL
 * follows the bag rules: `m EXCEPT ALL n` leaves max(m - n, 0) copies, `m INTERSECT ALL n` leaves min(m, n). NULLs are equal here.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch } from '../../../base/value/datum.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type { OutputColumn, SetOperation } from '../../../proto/plan/physical.ts';
import { groupKeyReader, type HashKey, type KeyReader } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';

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

export class SetOperator implements Operator {
  private readonly node: SetOperation;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly key: KeyReader;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private counts = new Map<HashKey, number>();
  /** Without ALL: rows already given. */
  private seen = new Set<HashKey>();
  private built = false;

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
    this.built = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (!this.built) {
      this.right.open();
      const done = drain(this.right, this.run, (batch) => this.add(batch));
      return isPromise(done) ? done.then(() => this.start()) : this.start();
    }
    const got = this.left.next();
    return isPromise(got) ? got.then(this.keep) : this.keep(got);
  }

  close(): void {
    if (this.built) this.left.close();
    else this.right.close();
    this.forget();
  }

  private start(): MaybePromise<Batch | undefined> {
    this.right.close();
    this.built = true;
    this.left.open();
    return this.next();
  }

  private add(batch: Batch): void {
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.key.read(row)!;
      const count = this.counts.get(key);
      this.counts.set(key, (count ?? 0) + 1);
      if (count === undefined) this.memory.grow(ENTRY_BYTES + this.sizer.sizeOf(row));
    }
  }

  private readonly keep = (batch: Batch | undefined): Batch | undefined => {
    if (batch === undefined) return undefined;
    const intersect = this.node.operation === 'intersect';
    const kept: Batch = [];
    for (let i = 0; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.key.read(row)!;
      const count = this.counts.get(key) ?? 0;
      if (this.node.all) {
        if (count > 0) this.counts.set(key, count - 1);
        if (count > 0 === intersect) kept.push(row);
      } else if (count > 0 === intersect && !this.seen.has(key)) {
        this.seen.add(key);
        this.memory.grow(ENTRY_BYTES);
        kept.push(row);
      }
    }
    return kept;
  };

  private forget(): void {
    this.counts = new Map();
    this.seen = new Set();
    this.memory.release();
  }
}

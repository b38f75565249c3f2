/**
 * `RowStore`: rows that are kept to be read again, several times or much later: in memory while that is allowed, all of them in a file
 * afterwards. For common table expressions, locked results, and inputs that a join goes over again and again.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { Spool, type SpoolReader } from './spool.ts';

export class RowStore {
  private readonly run: Run;
  private readonly node: string;
  private readonly width: number;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private rows: Row[] = [];
  private spool: Spool | undefined;

  constructor(run: Run, node: string, types: readonly FieldType[]) {
    this.run = run;
    this.node = node;
    this.width = types.length;
    this.sizer = new RowSizer(types);
    this.memory = run.reserve(node);
  }

  get rowCount(): number {
    return this.spool?.rowCount ?? this.rows.length;
  }

  /** All rows, while they are in memory. */
  get inMemory(): readonly Row[] | undefined {
    return this.spool === undefined ? this.rows : undefined;
  }

  add(batch: Batch): MaybePromise<void> {
    if (this.spool !== undefined) return this.spool.addAll(batch);
    for (let i = 0; i < batch.length; i++) {
      if (!this.memory.fits(this.sizer.sizeOf(batch[i]!))) return this.moveOut(batch.slice(i));
      this.rows.push(batch[i]!);
    }
  }

  /** The rest of an input. */
  fill(input: Operator): MaybePromise<void> {
    return drain(input, this.run, (batch) => this.add(batch));
  }

  private async moveOut(rest: Batch): Promise<void> {
    const spool = new Spool(this.run, this.node, this.width);
    this.spool = spool;
    await spool.addAll(this.rows);
    this.rows = [];
    this.memory.release();
    await spool.addAll(rest);
  }

  reader(): StoreReader {
    return new StoreReader(this.rows, this.spool?.reader());
  }

  close(): void {
    this.rows = [];
    this.spool?.drop();
    this.spool = undefined;
    this.memory.release();
  }
}

export class StoreReader {
  private readonly rows: readonly Row[];
  private readonly spooled: SpoolReader | undefined;
  private position = 0;

  constructor(rows: readonly Row[], spooled: SpoolReader | undefined) {
    this.rows = rows;
    this.spooled = spooled;
  }

  next(countMax = BATCH_ROWS): MaybePromise<Batch | undefined> {
    if (this.spooled !== undefined) return this.spooled.next();
    if (this.position >= this.rows.length) return undefined;
    const end = Math.min(this.rows.length, this.position + countMax);
    const batch = this.rows.slice(this.position, end);
    this.position = end;
    return batch;
  }
}

/** Reads a batch of rows as if they came from an operator. */
export class RowsOperator implements Operator {
  private readonly rows: Batch;
  private given = true;

  constructor(rows: Batch) {
    this.rows = rows;
  }

  open(): void {
    this.given = false;
  }

  next(): Batch | undefined {
    if (this.given) return undefined;
    this.given = true;
    return this.rows.length > 0 ? this.rows : undefined;
  }

  close(): void {
    this.given = true;
  }
}

/** Waits only where there is something to wait for. */
export async function pull(input: Pick<Operator, 'next'>): Promise<Batch | undefined> {
  const got = input.next();
  return isPromise(got) ? await got : got;
}

/**
 * Apply: a correlated subquery. For each left row its correlated values are put where the inner plan reads them (parameters
 * from `correlatedBase` on), and the inner plan is run from its start. Results are kept by those values, least recently made
 * first out, within `CACHE_BYTES`, since correlated values repeat more often than not.
 */
import { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import { isString } from '../../../base/value/field-type.ts';
import type { Apply, JoinType } from '../../../proto/plan/physical.ts';
import { hashKeyFor } from '../../functions/index.ts';
import { evaluator, type Evaluate } from '../compiled.ts';
import type { HashKey } from '../keys.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { Matcher } from './matcher.ts';

const CACHE_BYTES = 8 * 1024 * 1024;

export class ApplyOperator implements Operator {
  private readonly node: Apply;
  private readonly left: Operator;
  private readonly inner: Operator;
  private readonly run: Run;
  private readonly correlated: readonly Evaluate[];
  private readonly hash: (values: Row) => number | string;
  private readonly matcher: Matcher | undefined;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly running: Reservation;
  /** More inner rows than this change nothing: one decides EXISTS, a second one is an error for a scalar. */
  private readonly rowsMax: number;
  private readonly cache = new Map<HashKey, { rows: readonly Row[]; bytes: number }>();
  private cacheBytes = 0;
  private batch: Batch = [];
  private position = 0;
  private ended = false;

  constructor(node: Apply, left: Operator, inner: Operator, run: Run) {
    this.node = node;
    this.left = left;
    this.inner = inner;
    this.run = run;
    this.correlated = node.correlated.map(evaluator);
    // Values that a collation holds for equal may still make different results (`bytes = outer.text`): they are kept apart.
    this.hash = hashKeyFor(
      node.correlated.map(({ type }) => (isString(type) ? { ...type, collation: 'binary' } : type)),
    );
    const { joinType, condition } = node;
    this.matcher =
      joinType === 'scalar' ? undefined : new Matcher(joinType as JoinType, condition, node.inner.output.length, run);
    this.rowsMax =
      joinType === 'scalar'
        ? 2
        : (joinType === 'semi' || joinType === 'anti') && condition === undefined
          ? 1
          : Infinity;
    this.sizer = new RowSizer(node.inner.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
    this.running = run.reserve(node.id);
  }

  open(): void {
    this.forget();
    this.matcher?.reset();
    this.ended = false;
    this.left.open();
  }

  next(): MaybePromise<Batch | undefined> {
    this.matcher?.refill();
    return this.advance([]);
  }

  close(): void {
    this.left.close();
    this.inner.close();
    this.forget();
    this.ended = true;
  }

  private advance(out: Batch): MaybePromise<Batch | undefined> {
    const { matcher } = this;
    if (matcher !== undefined && matcher.busy && !matcher.advance(out)) return out;
    for (;;) {
      while (this.position < this.batch.length) {
        // Each inner run may cost anything, so a batch ends when the turn does.
        if (out.length >= BATCH_ROWS || (out.length > 0 && this.run.due())) return out;
        if (this.run.due()) return this.run.pause().then(() => this.advance(out));
        const row = this.batch[this.position]!;
        const rows = this.innerRows(row);
        if (isPromise(rows)) return rows.then((got) => this.meet(row, got, out));
        this.position++;
        if (!this.emit(row, rows, out)) return out;
      }
      if (this.ended) return out.length > 0 ? out : undefined;
      if (out.length > 0) return out;
      const got = this.left.next();
      if (isPromise(got)) return got.then((batch) => this.take(batch, out));
      if (got === undefined) this.ended = true;
      else {
        this.batch = got;
        this.position = 0;
        if (got.length === 0) return got;
      }
    }
  }

  private meet(row: Row, rows: readonly Row[], out: Batch): MaybePromise<Batch | undefined> {
    this.position++;
    return this.emit(row, rows, out) ? this.advance(out) : out;
  }

  private take(got: Batch | undefined, out: Batch): MaybePromise<Batch | undefined> {
    if (got === undefined) this.ended = true;
    else {
      this.batch = got;
      this.position = 0;
    }
    return this.advance(out);
  }

  private emit(row: Row, rows: readonly Row[], out: Batch): boolean {
    const { matcher } = this;
    if (matcher === undefined) {
      if (rows.length > 1) throw new SqlError(1242, '21000', 'Subquery returns more than 1 row');
      out.push(row.concat([rows.length === 0 ? null : rows[0]![0]!]));
      return true;
    }
    matcher.start(row, rows);
    return matcher.advance(out);
  }

  /** Rows of a run are counted while they are used, whether the cache takes them or not. */
  private push(rows: Row[], batch: Batch): void {
    let bytes = 0;
    for (const row of batch) {
      rows.push(row);
      bytes += this.sizer.sizeOf(row);
    }
    this.running.grow(bytes);
  }

  private innerRows(row: Row): MaybePromise<readonly Row[]> {
    this.running.release();
    const { parameters } = this.run.evaluation;
    const values = this.correlated.map((evaluate) => evaluate(row, this.run.evaluation));
    const key = this.hash(values);
    const known = this.cache.get(key);
    if (known !== undefined) return known.rows;
    for (let i = 0; i < values.length; i++) parameters[this.node.correlatedBase + i] = values[i]!;
    this.inner.open();
    const rows: Row[] = [];
    const ran = this.runInner(rows);
    return isPromise(ran) ? ran.then(() => this.remember(key, rows)) : this.remember(key, rows);
  }

  private runInner(rows: Row[]): MaybePromise<void> {
    for (;;) {
      if (rows.length >= this.rowsMax) return;
      const got = this.inner.next();
      if (isPromise(got)) {
        return got.then((batch) => {
          if (batch === undefined) return undefined;
          this.push(rows, batch);
          return this.runInner(rows);
        });
      }
      if (got === undefined) return;
      this.push(rows, got);
      this.run.checkpoint();
      if (this.run.due()) return this.run.pause().then(() => this.runInner(rows));
    }
  }

  private remember(key: HashKey, rows: readonly Row[]): readonly Row[] {
    this.inner.close();
    let bytes = 128;
    for (const row of rows) bytes += this.sizer.sizeOf(row);
    if (bytes > CACHE_BYTES) return rows;
    for (const [oldest, entry] of this.cache) {
      if (this.cacheBytes + bytes <= CACHE_BYTES) break;
      this.cache.delete(oldest);
      this.cacheBytes -= entry.bytes;
      this.memory.shrink(entry.bytes);
    }
    this.memory.grow(bytes);
    this.cacheBytes += bytes;
    this.cache.set(key, { rows, bytes });
    return rows;
  }

  private forget(): void {
    this.cache.clear();
    this.cacheBytes = 0;
    this.memory.release();
    this.running.release();
    this.batch = [];
    this.position = 0;
  }
}

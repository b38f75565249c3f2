/**
 * `StatementRows`: rows on their way to the client. Pulling the last one does not end a statement, closing does: called by the protocol, once.
 *
 * Rows are counted for FOUND_ROWS(), also those that the executor writes into packets itself. With SQL_CALC_FOUND_ROWS the plan has no LIMIT:
 * all rows come by here, are counted, and those outside the LIMIT stay here.
 */
import { SqlError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch, Datum } from '../../base/value/datum.ts';
import type { Transaction } from '../../kv/client/client.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { ResultCut } from '../planner/index.ts';
import type { EncodedRowSource, RowSource } from './result.ts';
import type { Session } from './session.ts';

/** The rows of one statement; its `close` is the statement's end. */
export class StatementRows implements RowSource {
  /** Packets without datums; not where rows have to be cut. */
  readonly encoded: EncodedRowSource | undefined;
  private readonly session: Session;
  private readonly source: RowSource;
  private readonly own: Transaction | undefined;
  private readonly cuts: boolean;
  /** Places of the first row shown and of the first one after. */
  private readonly lower: number = 0;
  private readonly upper: number = Infinity;
  private rows = 0;
  private closed = false;

  constructor(
    session: Session,
    source: RowSource & { readonly encoded: EncodedRowSource | undefined },
    own: Transaction | undefined,
    cut: ResultCut | undefined,
  ) {
    this.session = session;
    this.source = source;
    this.own = own;
    this.cuts = cut !== undefined;
    this.encoded = cut === undefined ? source.encoded : undefined;
    if (cut !== undefined) {
      const { parameters } = session.statement;
      this.lower = cut.offset === undefined ? 0 : rowCount(cut.offset, parameters);
      this.upper = this.lower + rowCount(cut.count, parameters);
    }
  }

  next(): MaybePromise<Batch | undefined> {
    const batch = this.source.next();
    if (isPromise(batch)) return batch.then((known) => this.count(known));
    return this.count(batch);
  }

  close(): MaybePromise<void> {
    if (this.closed) return;
    this.closed = true;
    const closed = this.source.close();
    if (isPromise(closed)) return closed.then(() => this.finish());
    return this.finish();
  }

  private count(batch: Batch | undefined): Batch | undefined {
    if (batch === undefined) return undefined;
    const first = this.rows;
    this.rows += batch.length;
    if (!this.cuts || (first >= this.lower && this.rows <= this.upper)) return batch;
    return batch.slice(Math.max(0, this.lower - first), Math.max(0, this.upper - first));
  }

  private finish(): MaybePromise<void> {
    const { state } = this.session;
    state.foundRows = this.rows + (this.encoded?.rowsWritten ?? 0);
    state.rowCount = -1;
    if (this.own === undefined) {
      this.session.endStatement();
      return;
    }
    return this.own.rollback().then(() => this.session.endStatement());
  }
}

/** Rows that are all here, in one batch. */
export function computedSource(rows: Batch): RowSource & { readonly encoded: undefined } {
  let left: Batch | undefined = rows;
  return {
    next: () => {
      const batch = left;
      left = undefined;
      return batch;
    },
    close: () => undefined,
    encoded: undefined,
  };
}

function rowCount(expression: Expression, parameters: readonly Datum[]): number {
  const value = expression.kind === 'parameter' ? parameters[expression.index] : expression.kind === 'constant' ? expression.value : undefined; // prettier-ignore
  if (typeof value === 'number' && value >= 0 && Number.isInteger(value)) return value;
  if (typeof value === 'bigint' && value >= 0n) return Number.MAX_SAFE_INTEGER;
  throw new SqlError(1210, 'HY000', 'Incorrect arguments to LIMIT');
}

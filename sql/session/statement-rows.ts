/** `StatementRows`: rows on their way to the client. Pulling the last one does not end a statement, closing does: called by the protocol, once. */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Batch } from '../../base/value/datum.ts';
import type { Transaction } from '../../kv/client/client.ts';
import type { RowSource } from './result.ts';
import type { Session } from './session.ts';

/** The rows of one statement; its `close` is the statement's end. */
export class StatementRows implements RowSource {
  private readonly session: Session;
  private readonly source: RowSource;
  private readonly own: Transaction | undefined;
  private rows = 0;
  private closed = false;

  constructor(session: Session, source: RowSource, own: Transaction | undefined) {
    this.session = session;
    this.source = source;
    this.own = own;
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
    if (batch !== undefined) this.rows += batch.length;
    return batch;
  }

  private finish(): MaybePromise<void> {
    const { state } = this.session;
    state.foundRows = this.rows;
    state.rowCount = -1;
    if (this.own === undefined) {
      this.session.endStatement();
      return;
    }
    return this.own.rollback().then(() => this.session.endStatement());
  }
}

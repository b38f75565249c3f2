/**
 * The transaction of a session, between BEGIN and COMMIT.
 *
 *     none ── BEGIN, or autocommit = 0 and a statement that touches tables ──► asked ── first use ──► open ── COMMIT, ROLLBACK ──► none
 *
 * The store's transaction is begun by the first statement that needs it, as MySQL takes its snapshot at the first read
 * (WITH CONSISTENT SNAPSHOT begins at once). Reads of REPEATABLE READ use the start timestamp, those of READ COMMITTED a new one a
 * statement. Writing statements of a pessimistic transaction read and lock at a fresh timestamp ("current reads").
 */
import { SqlError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { SchemaLease } from '../catalog/index.ts';
import type { KvClient, Transaction } from '../../kv/client/client.ts';

export interface Savepoint {
  readonly name: string;
  readonly mark: number;
}

/** Of the transaction that runs, or else of the one that a write would begin. */
export function isReadOnly(session: {
  readonly transaction: SessionTransaction;
  readonly nextTransaction: { readonly readOnly?: boolean };
  readonly state: { readonly transactionReadOnly: boolean };
}): boolean {
  const { transaction, nextTransaction, state } = session;
  return transaction.active ? transaction.readOnly : (nextTransaction.readOnly ?? state.transactionReadOnly);
}

export class SessionTransaction {
  open: Transaction | undefined;
  /** BEGIN was said, or an implicit transaction is running. */
  active = false;
  readOnly = false;
  readCommitted = false;
  pessimistic = true;
  /** Held from the first statement to the end: changes of the tables it used wait for it. */
  lease: SchemaLease | undefined;
  private savepoints: Savepoint[] = [];
  private hold: { release(): void } | undefined;
  private readonly kv: KvClient;
  private readonly confirm: (lease: SchemaLease | undefined) => MaybePromise<void>;

  /** `confirm`: before a commit, whether the schema it was made under still holds; throws 8028. */
  constructor(kv: KvClient, confirm: (lease: SchemaLease | undefined) => MaybePromise<void>) {
    this.kv = kv;
    this.confirm = confirm;
  }

  begin(options: { readOnly: boolean; readCommitted: boolean; pessimistic: boolean }): void {
    this.active = true;
    this.readOnly = options.readOnly;
    this.readCommitted = options.readCommitted;
    this.pessimistic = options.pessimistic;
  }

  /** The store's transaction; begins it when this is the first use. */
  ensure(sizeBytesMax: number): MaybePromise<Transaction> {
    if (this.open !== undefined) return this.open;
    const begun = this.kv.begin({ pessimistic: this.pessimistic, sizeBytesMax });
    return isPromise(begun) ? begun.then((transaction) => this.adopt(transaction)) : this.adopt(begun);
  }

  private adopt(transaction: Transaction): Transaction {
    this.open = transaction;
    this.hold = this.kv.holdSafePoint(transaction.startTs);
    return transaction;
  }

  commit(): MaybePromise<void> {
    const transaction = this.take();
    const lease = this.takeLease();
    if (transaction === undefined) return lease?.release();
    const confirmed = this.confirm(lease);
    return (confirmed === undefined ? transaction.commit() : confirmThenCommit(confirmed, transaction))
      .then(() => undefined)
      .finally(() => lease?.release());
  }

  rollback(): MaybePromise<void> {
    const transaction = this.take();
    const lease = this.takeLease();
    if (transaction === undefined) return lease?.release();
    return transaction.rollback().finally(() => lease?.release());
  }

  /** The moment that reads see; `undefined` when that is each statement's own. */
  get snapshotTs(): bigint | undefined {
    return this.readCommitted ? undefined : this.open?.startTs;
  }

  get hasWrites(): boolean {
    return this.open !== undefined && this.open.count > 0;
  }

  private takeLease(): SchemaLease | undefined {
    const lease = this.lease;
    this.lease = undefined;
    return lease;
  }

  /** Whatever happens to it now, the session is out of it. */
  private take(): Transaction | undefined {
    const transaction = this.open;
    this.open = undefined;
    this.active = false;
    this.readOnly = false;
    this.savepoints = [];
    this.hold?.release();
    this.hold = undefined;
    return transaction;
  }

  savepoint(name: string, mark: number): void {
    this.savepoints = this.savepoints.filter((savepoint) => !sameName(savepoint.name, name));
    this.savepoints.push({ name, mark });
  }

  rollbackTo(name: string): void {
    const at = this.find(name);
    this.open?.rollbackTo(this.savepoints[at]!.mark);
    this.savepoints.length = at + 1;
  }

  release(name: string): void {
    this.savepoints.length = this.find(name);
  }

  private find(name: string): number {
    const at = this.savepoints.findIndex((savepoint) => sameName(savepoint.name, name));
    if (at < 0) throw new SqlError(1305, '42000', `SAVEPOINT ${name} does not exist`);
    return at;
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

async function confirmThenCommit(confirmed: MaybePromise<void>, transaction: Transaction): Promise<unknown> {
  try {
    await confirmed;
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
  return transaction.commit();
}

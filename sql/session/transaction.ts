/**
 * The transaction of a session, between BEGIN and COMMIT.
 *
 *     none ── BEGIN, or autocommit = 0 and a statement that touches tables ──► asked ── first use ──► open ── COMMIT, ROLLBACK ──► none
 *
 * The store's transaction is begun by the first statement that needs it, as MySQL takes its snapshot at the first read
 * (WITH CONSISTENT SNAPSHOT begins at once). Reads of REPEATABLE READ and SERIALIZABLE use the start timestamp, those of READ COMMITTED a new
 * one a statement; what a SERIALIZABLE one has read must still hold when it commits (kv/client/read-set.ts). Writing statements of a pessimistic transaction read and lock at a fresh timestamp ("current reads").
 *
 * Who says BEGIN, COMMIT, SAVEPOINT or LOCK TABLES comes by statements/transactions.ts; who reads or writes in a transaction, by `use` and `touch`.
 */
import { SqlError } from '../../base/error.ts';
import { andThen, type MaybePromise } from '../../base/outcome.ts';
import type { Transaction } from '../../kv/client/client.ts';
import type { SchemaLease } from '../catalog/index.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import { translateCommitError } from '../executor/index.ts';
import { beforeCommit, holdCommit } from './failpoints.ts';
import type { SqlInstance } from './instance.ts';
import type { SessionState } from './state.ts';
import type { RunningStatement } from './statement.ts';

export interface Savepoint {
  readonly name: string;
  readonly mark: number;
}

/** The session, as far as its transaction needs it. */
export interface TransactionHost {
  readonly instance: SqlInstance;
  readonly state: SessionState;
  readonly statement: RunningStatement;
  readonly past: { transaction: bigint | undefined };
}

export interface TransactionKind {
  readonly readOnly: boolean;
  readonly readCommitted: boolean;
  readonly serializable: boolean;
  readonly pessimistic: boolean;
}

export class SessionTransaction {
  open: Transaction | undefined;
  /** BEGIN was said, or an implicit transaction is running. */
  active = false;
  readOnly = false;
  readCommitted = false;
  serializable = false;
  pessimistic = true;
  /** What the next one is, until it begins: SET TRANSACTION without a scope. */
  next: { readonly isolation?: string; readonly readOnly?: boolean } = {};
  /** LOCK TABLES is in force: UNLOCK TABLES ends the transaction. */
  tablesLocked = false;
  /** Held from the first statement to the end: changes of the tables it used wait for it. */
  private lease: SchemaLease | undefined;
  /** The tables that there were when it began. */
  private schema: SchemaSnapshot | undefined;
  /** Somebody has seen its snapshot, or it has written: it cannot be begun anew. */
  isUsed = false;
  /** For clients that follow the session (session-tracker.ts): how it began, what it was told to be, and what it has done. */
  isImplicit = false;
  isConsistent = false;
  isolationSaid: string | undefined = undefined;
  accessSaid: boolean | undefined = undefined;
  deeds = { hasRead: false, hasWritten: false, hasSentRows: false };
  private savepoints: Savepoint[] = [];
  private hold: { release(): void } | undefined;
  private pastHold: { release(): void } | undefined;
  private readonly host: TransactionHost;

  constructor(host: TransactionHost) {
    this.host = host;
  }

  // ---- what it is

  /** Statements run in a transaction that outlives them. */
  // hot
  get covers(): boolean {
    return this.active || !this.host.state.autocommit;
  }

  /** READ ONLY: the transaction that runs, or else the one that a write would begin. */
  get refusesWrites(): boolean {
    return this.active ? this.readOnly : (this.next.readOnly ?? this.host.state.transactionReadOnly);
  }

  /** Of the transaction that is open; 0 outside of one. */
  get startTs(): bigint {
    return this.open?.startTs ?? 0n;
  }

  /** The moment that reads see; `undefined` when that is each statement's own. */
  get snapshotTs(): bigint | undefined {
    return this.readCommitted ? undefined : this.open?.startTs;
  }

  /** Reads have to hold until a commit: of the transaction that runs, or else of the one that a statement would be. */
  get notesReads(): boolean {
    if (this.active) return this.serializable && !this.readOnly;
    return (this.next.isolation ?? this.host.state.isolation) === 'SERIALIZABLE' && !this.refusesWrites;
  }

  get hasWrites(): boolean {
    return this.open !== undefined && this.open.count > 0;
  }

  // ---- beginning

  /** What is not said is as the session has it. */
  begin(options: { readonly readOnly?: boolean; readonly pessimistic?: boolean }): void {
    const { state } = this.host;
    const isolation = this.next.isolation ?? state.isolation;
    this.isolationSaid = this.next.isolation;
    this.accessSaid = options.readOnly ?? this.next.readOnly;
    this.beginAs({
      readOnly: options.readOnly ?? this.next.readOnly ?? state.transactionReadOnly,
      readCommitted: isolation === 'READ-COMMITTED' || isolation === 'READ-UNCOMMITTED',
      serializable: isolation === 'SERIALIZABLE',
      pessimistic: options.pessimistic ?? state.pessimistic,
    });
    this.next = {};
  }

  beginAs({ readOnly, readCommitted, serializable, pessimistic }: TransactionKind): void {
    this.active = true;
    this.isImplicit = this.isConsistent = false;
    this.deeds = { hasRead: false, hasWritten: false, hasSentRows: false };
    this.readOnly = readOnly;
    this.readCommitted = readCommitted;
    this.serializable = serializable;
    this.pessimistic = pessimistic;
  }

  /** Read-only, at a moment of the past, which stays readable until its end. */
  beginInPast(ts: bigint): void {
    this.begin({ readOnly: true });
    this.host.past.transaction = ts;
    this.pastHold = this.host.instance.kv.holdSafePoint(ts);
  }

  /** The store's transaction; begins what is not begun yet. */
  use(): MaybePromise<Transaction> {
    if (!this.active) this.beginImplicitly();
    if (this.open !== undefined) return this.open;
    const { instance, state } = this.host;
    const begun = instance.kv.begin({
      pessimistic: this.pessimistic,
      serializable: this.serializable && !this.readOnly,
      sizeBytesMax: state.transactionSizeMax,
    });
    return andThen(begun, (transaction) => this.adopt(transaction));
  }

  private beginImplicitly(): void {
    this.begin({});
    this.isImplicit = true;
  }

  /** Begun by a statement that names no table: its tables are those of now, like its rows. */
  useSnapshot(): MaybePromise<Transaction> {
    this.takePart(this.host.instance.catalog.schema().version);
    return this.use();
  }

  private adopt(transaction: Transaction): Transaction {
    this.open = transaction;
    this.hold = this.host.instance.kv.holdSafePoint(transaction.startTs);
    return transaction;
  }

  /**
   * A table changed its shape before the first statement could use it: nothing has been seen of the snapshot yet, so the next statement takes a new one.
   * False when it is too late for that.
   */
  beginAnew(): MaybePromise<boolean> {
    const { open, lease } = this;
    if (open === undefined || this.isUsed || this.savepoints.length > 0 || this.pastHold !== undefined) return false;
    this.open = this.lease = this.schema = undefined;
    this.hold?.release();
    this.hold = undefined;
    lease?.release();
    return open.rollback().then(() => true);
  }

  /** It uses these tables from now on: changes of them wait for its end. */
  touch(tableIds: readonly number[], schemaVersion: number): MaybePromise<void> {
    const { instance, state } = this.host;
    const { leases } = instance.catalog;
    if (leases === undefined || tableIds.length === 0) return;
    return touchTables(this.takePart(schemaVersion)!, tableIds, state.lockWaitMs);
  }

  private takePart(schemaVersion: number): SchemaLease | undefined {
    const { catalog } = this.host.instance;
    if (this.lease !== undefined) return this.lease;
    this.schema = catalog.schema();
    return (this.lease = catalog.leases?.acquire(schemaVersion));
  }

  /**
   * Before a read at the transaction's moment. A table that came or was rebuilt since has no rows then: the read ends with MySQL's 1412 rather than with
   * nothing found. READ COMMITTED reads at a moment of its own, and so do locks.
   */
  // hot
  refuseLaterTables(tableIds: readonly number[]): void {
    const { schema } = this;
    const now = this.host.instance.catalog.schema();
    if (schema === undefined || schema === now) return;
    for (const id of tableIds) {
      if (schema.tableById(id) === undefined && now.tableById(id) !== undefined)
        throw new SqlError(1412, 'HY000', 'Table definition has changed, please retry transaction');
    }
  }

  // ---- ending

  /** COMMIT, and what statements with an implicit commit do first. */
  async commit(): Promise<void> {
    const { instance, statement } = this.host;
    const { open } = this;
    if (open !== undefined && beforeCommit.armed) await holdCommit(instance, this);
    try {
      await this.confirmAndCommit();
      if (open !== undefined) instance.counters.commits++;
    } catch (error) {
      instance.counters.rollbacks++;
      throw open === undefined ? error : translateCommitError(error, statement.schema, open);
    }
  }

  async rollback(): Promise<void> {
    if (this.open !== undefined) this.host.instance.counters.rollbacks++;
    await this.abandon();
  }

  /** Rolls back without being asked to: the client is gone, or the failure was counted where it came from. */
  abandon(): MaybePromise<void> {
    const transaction = this.take();
    const lease = this.takeLease();
    if (transaction === undefined) return lease?.release();
    return transaction.rollback().finally(() => lease?.release());
  }

  private confirmAndCommit(): MaybePromise<void> {
    const transaction = this.take();
    const lease = this.takeLease();
    if (transaction === undefined) return lease?.release();
    // Does the schema that it was made under still hold? Throws 8028 if not.
    const { board } = this.host.instance.catalog;
    const confirmed = board?.confirm(lease);
    const commit = (): Promise<unknown> =>
      board === undefined
        ? transaction.commit()
        : transaction.commit(undefined, board.commitDeadline, () => board.deadline(lease));
    return (confirmed === undefined ? commit() : confirmThenCommit(confirmed, transaction, commit))
      .then(() => undefined)
      .finally(() => lease?.release());
  }

  private takeLease(): SchemaLease | undefined {
    const lease = this.lease;
    this.lease = undefined;
    this.schema = undefined;
    return lease;
  }

  /** Whatever happens to it now, the session is out of it. */
  private take(): Transaction | undefined {
    const transaction = this.open;
    this.open = undefined;
    this.isUsed = false;
    this.active = false;
    this.readOnly = false;
    this.host.past.transaction = undefined;
    this.pastHold?.release();
    this.pastHold = undefined;
    this.savepoints = [];
    this.hold?.release();
    this.hold = undefined;
    return transaction;
  }

  // ---- savepoints

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

/** Waits while one of them is being rebuilt; throws 8028 when it was, under the lease's version. */
export function touchTables(
  lease: SchemaLease,
  tableIds: readonly number[],
  waitMs: number,
  from = 0,
): MaybePromise<void> {
  for (let i = from; i < tableIds.length; i++) {
    const touched = lease.touch(tableIds[i]!, waitMs);
    if (touched !== undefined) return touched.then(() => touchTables(lease, tableIds, waitMs, i + 1));
  }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

async function confirmThenCommit(
  confirmed: MaybePromise<void>,
  transaction: Transaction,
  commit: () => Promise<unknown>,
): Promise<unknown> {
  try {
    await confirmed;
  } catch (error) {
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
  return commit();
}

/**
 * `FillingTransaction`: fills a table that nobody can find yet. It is a transaction to the executor, and commits what it holds whenever that has grown to a few
 * megabytes, going on in another. Whoever uses it must be able to throw away the table as a whole, since a savepoint only reaches back to the last commit.
 */
import { assert } from '../../base/assert.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type {
  KeyRange,
  LockedKeys,
  LockOptions,
  LockOutcome,
  ScanOptions,
  Scanner,
  Timestamp,
  Transaction,
} from '../../kv/client/client.ts';

/** What one commit carries: large enough to make its fixed cost small, small enough to hold. */
const COMMIT_SIZE_BYTES = 8 * 1024 * 1024;

export class FillingTransaction implements Transaction {
  readonly startTs: Timestamp;
  readonly pessimistic = false;
  private readonly begin: () => Promise<Transaction>;
  private readonly statement: { readonly killed: boolean };
  private current: Transaction;

  constructor(begin: () => Promise<Transaction>, first: Transaction, statement: { readonly killed: boolean }) {
    this.begin = begin;
    this.current = first;
    this.startTs = first.startTs;
    this.statement = statement;
  }

  /** Between two batches of rows. */
  batchStored(): MaybePromise<void> {
    if (this.current.sizeBytes >= COMMIT_SIZE_BYTES) return this.goOn();
  }

  private async goOn(): Promise<void> {
    await this.current.commit(this.statement);
    this.current = await this.begin();
  }

  get ts(): Timestamp {
    return this.current.ts;
  }

  get sizeBytes(): number {
    return this.current.sizeBytes;
  }

  get locked(): LockedKeys | undefined {
    return this.current.locked;
  }

  get count(): number {
    return this.current.count;
  }

  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    return this.current.get(key);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    return this.current.getMany(keys);
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    return this.current.scan(range, options);
  }

  setReadTs(ts: Timestamp): void {
    this.current.setReadTs(ts);
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.current.put(key, value);
  }

  insert(key: Uint8Array, value: Uint8Array): void {
    this.current.insert(key, value);
  }

  delete(key: Uint8Array): void {
    this.current.delete(key);
  }

  buffered(key: Uint8Array): Uint8Array | null | undefined {
    return this.current.buffered(key);
  }

  lockKeys(keys: readonly Uint8Array[], options: LockOptions): MaybePromise<LockOutcome> {
    return this.current.lockKeys(keys, options);
  }

  /** The statement's own, taken before its first row. */
  savepoint(): number {
    assert(this.current.count === 0, 'a table is filled by one statement');
    return 0;
  }

  /** What is committed already goes with the table. */
  rollbackTo(_savepoint: number): void {
    this.current.rollbackTo(0);
  }

  async commit(): Promise<Timestamp> {
    return this.current.commit(this.statement);
  }

  /** What fills a table reads nothing by it. */
  readMark(): undefined {
    return undefined;
  }

  forgetReads(): void {
    return;
  }

  rollback(): Promise<void> {
    return this.current.rollback();
  }
}

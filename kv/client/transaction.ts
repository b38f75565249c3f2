/**
 * A transaction of the local client. Writes gather in memory; commit hands them to the store, in one phase when they fit one
 * log entry. Else a store that can commits them whole (`commitLarge`); for others prewrite in chunks (primary first), commit of the primary,
 * and the rest in the background.
 *
 *     begin ─ reads and writes ─ commit ─┬─ fits:      prewrite with onePhase            one entry, one answer
 *                                        └─ too large: commitLarge, or prewrite × n ─ commit primary ─ answer ─ commit × n
 *
 * A pessimistic one locks keys as its statements run. Its first locked key is the primary; the client keeps its lock alive
 * while the transaction is open.
 */
import { assert } from '../../base/assert.ts';
import { copyBytes, equalBytes } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { type Failpoint, failpoint, type FailpointWorld } from '../../base/failpoint.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import {
  commitTooLate,
  type LargeChunks,
  type LargeCommit,
  type Mutation,
  type PrewriteCommand,
  type TxnOutcome,
} from '../../proto/kv/command.ts';
import type {
  KeyRange,
  LockedKeys,
  LockOptions,
  LockOutcome,
  Scanner,
  ScanOptions,
  Timestamp,
  Transaction,
  TransactionOptions,
} from './client.ts';
import { KeyLocks } from './key-locks.ts';
import { cutIntoChunks } from './large-chunks.ts';
import { MergedScanner } from './merged-scanner.ts';
import { execute, failureOf, keyExists } from './outcomes.ts';
import { notSerializable, type ReadMark, ReadSet } from './read-set.ts';
import { LocalSnapshot } from './snapshot.ts';
import type { LockResolver } from './lock-resolver.ts';
import type { StorePort, TimestampPort } from './store-port.ts';
import { undeterminedError } from './undetermined.ts';
import { WriteBuffer } from './write-buffer.ts';

/** Times that a serializable commit looks again because somebody who read its locks asked it to commit later. */
const VALIDATIONS_MAX = 8;

/** What a transaction needs from its client. */
export interface TransactionHome {
  readonly store: StorePort;
  readonly resolver: LockResolver;
  readonly timestamps: TimestampPort;
  readonly limits: ClientLimits;
  /** For what a failpoint needs. */
  readonly world: FailpointWorld;
  wallMs(): number;
  opened(transaction: LocalTransaction): void;
  closed(transaction: LocalTransaction): void;
  /** Work that goes on after the answer; `close` of the client waits for it. */
  background(work: Promise<void>): void;
}

export interface ClientLimits {
  /** Bytes of a transaction's write buffer unless its options say otherwise. */
  readonly txnSizeBytesMax: number;
  /** Up to this size a commit is one log entry; above it the transaction goes in chunks of this size. */
  readonly onePhaseSizeBytesMax: number;
  /** With as many keys a commit of that size goes as a large one all the same: it holds them at a fraction of the cost. */
  readonly onePhaseKeysMax: number;
  /** Keys of a commit or rollback in one command. */
  readonly keysPerCommandMax: number;
  /** A lock nobody keeps alive may be cleared after this time. */
  readonly lockTtlMs: number;
  /** How long a read or a commit waits for another's lock. */
  readonly lockWaitMsMax: number;
}

const beforePrewrite = failpoint('client::before-prewrite');
const beforeCommit = failpoint('client::before-commit');
const afterPrimary = failpoint('client::after-primary');

type State = 'open' | 'committing' | 'done';

export class LocalTransaction implements Transaction {
  readonly startTs: Timestamp;
  readonly pessimistic: boolean;
  readonly home: TransactionHome;
  private readonly snapshot: LocalSnapshot;
  private readonly buffer = new WriteBuffer();
  private readonly sizeBytesMax: number;
  private readonly commitWaitMs: number | undefined;
  private maxCommitTs: Timestamp | undefined = undefined;
  private laterCommitTs: (() => MaybePromise<Timestamp>) | undefined = undefined;
  private state: State = 'open';
  private readonly locks: KeyLocks;
  /** Of a serializable transaction. */
  private readonly reads: ReadSet | undefined;

  constructor(home: TransactionHome, startTs: Timestamp, sizeBytesMax: number, options: TransactionOptions) {
    this.home = home;
    this.startTs = startTs;
    this.pessimistic = options.pessimistic;
    this.sizeBytesMax = sizeBytesMax;
    this.commitWaitMs = options.commitWaitMs;
    this.reads = options.serializable === true ? new ReadSet() : undefined;
    this.snapshot = new LocalSnapshot(home.store, home.resolver, startTs);
    this.locks = new KeyLocks(home, startTs, () => this.ttlMs());
    home.opened(this);
  }

  get ts(): Timestamp {
    return this.snapshot.ts;
  }

  get sizeBytes(): number {
    return this.buffer.sizeBytes;
  }

  get count(): number {
    return this.buffer.count;
  }

  get locked(): LockedKeys | undefined {
    return this.locks.locked;
  }

  setReadTs(ts: Timestamp): void {
    this.snapshot.moveTo(ts);
  }

  // hot
  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    const entry = this.buffer.find(key);
    if (entry !== undefined) return entry.value ?? undefined;
    if (this.reads === undefined) return this.snapshot.get(key);
    const found = this.snapshot.get(key);
    return isPromise(found) ? found.then((value) => this.noteRead(key, value)) : this.noteRead(key, found);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    if (this.buffer.count === 0) return this.getCommitted(keys);
    const values: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(keys.length).fill(undefined);
    const missing: Uint8Array[] = [];
    const at: number[] = [];
    for (let i = 0; i < keys.length; i++) {
      const entry = this.buffer.find(keys[i]!);
      if (entry !== undefined) values[i] = entry.value ?? undefined;
      else {
        missing.push(keys[i]!);
        at.push(i);
      }
    }
    if (missing.length === 0) return values;
    const place = (found: (Uint8Array | undefined)[]) => {
      for (let n = 0; n < at.length; n++) values[at[n]!] = found[n];
      return values;
    };
    const found = this.getCommitted(missing);
    return isPromise(found) ? found.then(place) : place(found);
  }

  private getCommitted(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    const found = this.snapshot.getMany(keys);
    if (this.reads === undefined) return found;
    const note = (values: (Uint8Array | undefined)[]) => {
      for (let i = 0; i < keys.length; i++) this.noteRead(keys[i]!, values[i]);
      return values;
    };
    return isPromise(found) ? found.then(note) : note(found);
  }

  private noteRead(key: Uint8Array, value: Uint8Array | undefined): Uint8Array | undefined {
    this.reads!.noteKey(key, value, this.snapshot.ts);
    return value;
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    const reverse = options?.reverse === true;
    const limit = options?.limit ?? Infinity;
    // The limit belongs to the merged rows: the buffer may hide some below.
    const unlimited = limit !== Infinity && this.buffer.count > 0;
    const scanner = this.snapshot.scan(range, unlimited ? { ...options, limit: undefined } : options);
    const below =
      this.reads === undefined
        ? scanner
        : this.reads.noting(scanner, range, { reverse, limit: unlimited ? Infinity : limit, ts: this.snapshot.ts });
    return new MergedScanner(this.buffer, below, range, { reverse, limit });
  }

  buffered(key: Uint8Array): Uint8Array | null | undefined {
    return this.buffer.find(key)?.value;
  }

  // hot
  put(key: Uint8Array, value: Uint8Array): void {
    this.write(key, value, false);
  }

  insert(key: Uint8Array, value: Uint8Array): void {
    const entry = this.buffer.find(key);
    if (entry !== undefined && entry.value !== null) throw keyExists(key);
    this.write(key, value, true);
  }

  delete(key: Uint8Array): void {
    this.write(key, null, false);
  }

  savepoint(): number {
    return this.buffer.savepoint();
  }

  rollbackTo(savepoint: number): void {
    this.buffer.rollbackTo(savepoint);
  }

  readMark(): ReadMark | undefined {
    return this.reads?.mark();
  }

  forgetReads(mark: ReadMark | undefined): void {
    if (mark !== undefined) this.reads!.forget(mark);
  }

  lockKeys(keys: readonly Uint8Array[], options: LockOptions): MaybePromise<LockOutcome> {
    this.checkOpen();
    assert(this.pessimistic, 'only a pessimistic transaction locks keys');
    const outcome = this.locks.lock(keys, options);
    if (this.reads === undefined || options.returnValues !== true) return outcome;
    const note = (got: LockOutcome) => this.noteLockedReads(keys, got);
    return isPromise(outcome) ? outcome.then(note) : note(outcome);
  }

  /** What this transaction wrote before hides the newest version. */
  private noteLockedReads(keys: readonly Uint8Array[], outcome: LockOutcome): LockOutcome {
    if (outcome.kind !== 'locked') return outcome;
    for (let i = 0; i < keys.length; i++)
      if (outcome.skipped?.[i] !== true && this.buffer.find(keys[i]!) === undefined)
        this.reads!.noteLocked(keys[i]!, outcome.values![i]);
    return outcome;
  }

  commit(
    statement?: { readonly killed: boolean },
    notAfter?: Timestamp,
    later?: () => MaybePromise<Timestamp>,
  ): Promise<Timestamp> {
    this.checkOpen();
    this.maxCommitTs = notAfter;
    this.laterCommitTs = later;
    const { reads } = this;
    if (this.buffer.count === 0) {
      if (reads?.spansTimes === true) return this.commitReads(reads);
      this.end();
      return Promise.resolve(this.startTs);
    }
    if (this.buffer.sizeBytes > this.sizeBytesMax) {
      this.end();
      return Promise.reject(tooLarge(this.buffer.sizeBytes, this.sizeBytesMax));
    }
    this.state = 'committing';
    // One phase draws its timestamp in the store, where nobody could look at the reads again.
    if (reads?.isEmpty === false && !reads.isCoveredBy(this.willWrite, this.pessimistic))
      return this.commitInChunks(reads);
    const { onePhaseSizeBytesMax, onePhaseKeysMax } = this.home.limits;
    if (this.buffer.sizeBytes > onePhaseSizeBytesMax) return this.commitLarge(false, statement);
    if (this.buffer.count > onePhaseKeysMax) return this.commitLarge(true, statement);
    return new Promise((resolve, reject) => this.commitOnePhase(resolve, reject));
  }

  async rollback(): Promise<void> {
    if (this.state !== 'open') return;
    this.end();
  }

  /** The client's timer: keeps the primary's lock alive. */
  heartbeat(): void {
    const { primary } = this.locks;
    if (primary === undefined || this.state === 'done') return;
    this.home.store.execute(
      { kind: 'heartbeat', primary, startTs: this.startTs, ttlMs: this.ttlMs() },
      () => undefined,
    );
  }

  // ---- commit

  private readonly willWrite = (key: Uint8Array): boolean => {
    const entry = this.buffer.find(key);
    return entry !== undefined && (entry.value !== null || !entry.mustNotExist);
  };

  /** Nothing was written, but what was read is of several moments. */
  private async commitReads(reads: ReadSet): Promise<Timestamp> {
    this.state = 'committing';
    try {
      const ts = await this.home.timestamps.next();
      await reads.validate(new LocalSnapshot(this.home.store, this.home.resolver, ts, this.startTs));
      return ts;
    } finally {
      this.end();
    }
  }

  // hot: bench/micro/txn.ts
  private commitOnePhase(resolve: (ts: Timestamp) => void, reject: (error: Error) => void): void {
    const mutations: Mutation[] = [];
    this.buffer.forEach((entry) => {
      mutations.push(this.mutationOf(entry.key, entry.value, entry.mustNotExist));
    });
    const command: PrewriteCommand = this.prewrite(
      mutations,
      this.locks.primary ?? mutations[0]?.key ?? EMPTY,
      mutations.length,
      true,
      this.locks.unwritten(this.buffer),
    );
    this.home.store.execute(command, (outcome) => {
      if (outcome.kind === 'committed') {
        this.state = 'done';
        this.home.closed(this);
        resolve(outcome.commitTs);
      } else this.commitSlowly(command, outcome).then(resolve, reject);
    });
  }

  /** One phase, second try: another's lock was in the way, or the entry was too large after all. */
  private async commitSlowly(command: PrewriteCommand, first: TxnOutcome): Promise<Timestamp> {
    if (isFailure(first, 'kv.entry-too-large')) return this.commitLarge(false, undefined);
    if (isFailure(first, 'kv.many-regions')) return this.commitInChunks();
    try {
      const outcome = await this.untilPassable(command, first);
      // Nothing is there of what came too late.
      if (isFailure(outcome, 'kv.commit-too-late') && (await this.mayBeLater()))
        return await new Promise<Timestamp>((resolve, reject) => this.commitOnePhase(resolve, reject));
      // A region was cut while somebody's lock was in the way.
      if (isFailure(outcome, 'kv.many-regions')) return await this.commitInChunks();
      // A store that is asked for one phase, and sees that it would be too late, prewrites.
      if (outcome.kind === 'prewritten') return await this.commitInChunks();
      if (outcome.kind !== 'committed') throw failureOf(outcome);
      this.state = 'done';
      this.home.closed(this);
      return outcome.commitTs;
    } catch (error) {
      const named = this.withValue(error);
      this.end();
      throw named;
    }
  }

  /** The store commits it whole if it can, else in two phases, or in one if it fits. */
  private async commitLarge(
    fitsOnePhase: boolean,
    statement: { readonly killed: boolean } | undefined,
  ): Promise<Timestamp> {
    const { store, resolver } = this.home;
    const otherwise = (): Promise<Timestamp> =>
      fitsOnePhase ? new Promise((resolve, reject) => this.commitOnePhase(resolve, reject)) : this.commitInChunks();
    if (store.commitLarge === undefined) return otherwise();
    try {
      const chunks = this.chunks();
      const command: LargeCommit = {
        startTs: this.startTs,
        forUpdateTs: this.pessimistic ? this.locks.conflictTs : 0n,
        ttlMs: this.ttlMs(),
        primary: this.choosePrimary(chunks),
        chunks,
        statement,
        maxCommitTs: this.maxCommitTs,
      };
      const patience = resolver.patience(this.commitWaitMs);
      for (;;) {
        const outcome = await new Promise<TxnOutcome>((resolve) => store.commitLarge!(command, resolve));
        if (outcome.kind === 'committed') {
          this.locks.release(this.locks.unwritten(this.buffer));
          this.buffer.clear();
          this.state = 'done';
          this.home.closed(this);
          return outcome.commitTs;
        }
        if (isFailure(outcome, 'kv.many-regions')) return await otherwise();
        if (isFailure(outcome, 'kv.commit-too-late') && (await this.mayBeLater())) return await otherwise();
        if (outcome.kind !== 'locked') throw failureOf(outcome);
        await resolver.resolve(outcome.locks[0]!, 0n, undefined, patience);
      }
    } catch (error) {
      const named = this.withValue(error);
      this.end();
      throw named;
    }
  }

  /** The writes in key order, cut to what fits an entry. */
  private chunks(): LargeChunks {
    const { onePhaseSizeBytesMax: sizeBytesMax, keysPerCommandMax: keysMax } = this.home.limits;
    return cutIntoChunks(this.buffer, { sizeBytesMax, keysMax }, (entry) =>
      this.mutationOf(entry.key, entry.value, entry.mustNotExist),
    );
  }

  private async commitInChunks(reads?: ReadSet): Promise<Timestamp> {
    const { store, timestamps, resolver } = this.home;
    const chunks = this.chunks();
    const count = this.buffer.count;
    const primary = this.choosePrimary(chunks);
    this.locks.primary = primary;
    const attempted: Uint8Array[][] = [];
    try {
      for (let number = 0; number < chunks.length; number++) {
        const mutations = chunks.at(number)!;
        attempted.push(
          mutations.filter((mutation) => mutation.kind !== 'check-not-exists').map((mutation) => mutation.key),
        );
        const command = this.prewrite(mutations, primary, count, false, undefined);
        if (beforePrewrite.armed) refuseInjected(beforePrewrite, await beforePrewrite.reach(this.home.world));
        const outcome = await this.untilPassable(command, await execute(store, command));
        if (outcome.kind !== 'prewritten') throw failureOf(outcome);
      }
      if (beforeCommit.armed) refuseInjected(beforeCommit, await beforeCommit.reach(this.home.world));
      let commitTs = 0n;
      for (let attempt = 1; ; attempt++) {
        commitTs = await timestamps.next();
        if (reads !== undefined) {
          if (attempt > VALIDATIONS_MAX) throw notSerializable(primary);
          await reads.validate(new LocalSnapshot(store, resolver, commitTs, this.startTs));
        }
        while (this.maxCommitTs !== undefined && commitTs > this.maxCommitTs)
          if (!(await this.mayBeLater())) throw commitTooLate(commitTs, this.maxCommitTs);
        const outcome = await execute(store, { kind: 'commit', startTs: this.startTs, commitTs, keys: [primary] });
        if (outcome.kind === 'committed') break;
        if (outcome.kind !== 'commit-ts-expired') throw failureOf(outcome);
      }
      this.state = 'done';
      this.home.closed(this);
      this.home.background(this.finishRest(attempted, primary, commitTs));
      return commitTs;
    } catch (error) {
      // Whether an undetermined commit of the primary went through, only a restart can tell: leave the locks to whoever finds them.
      if (!(error instanceof RutileError && error.code === 'kv.undetermined')) {
        for (const keys of attempted) await execute(store, { kind: 'rollback', startTs: this.startTs, keys });
      }
      const named = this.withValue(error);
      this.end();
      throw named;
    }
  }

  /** The limit has moved on since it was last asked for. */
  private async mayBeLater(): Promise<boolean> {
    const before = this.maxCommitTs;
    if (before === undefined || this.laterCommitTs === undefined) return false;
    this.maxCommitTs = await this.laterCommitTs();
    return this.maxCommitTs > before;
  }

  /** A key that exists: with the value that was to be written, since the floors above can name an entry only from both. */
  private withValue(error: unknown): unknown {
    if (!(error instanceof RutileError) || error.code !== 'kv.key-exists') return error;
    const key = error.fields['key'] as Uint8Array;
    const value = this.buffer.find(key)?.value ?? undefined;
    return new RutileError(error.code, error.message, { fields: { ...error.fields, value }, cause: error });
  }

  /** The primary is committed, so the transaction is; a key that is not reached here is finished by whoever finds its lock. */
  private async finishRest(groups: readonly Uint8Array[][], primary: Uint8Array, commitTs: bigint): Promise<void> {
    if (afterPrimary.armed && (await afterPrimary.reach(this.home.world)) !== undefined) return;
    for (const group of groups) {
      const keys = group.filter((key) => !equalBytes(key, primary));
      if (keys.length > 0) await execute(this.home.store, { kind: 'commit', startTs: this.startTs, commitTs, keys });
    }
    this.locks.release(this.locks.unwritten(this.buffer));
  }

  /**
   * Repeats a prewrite until no lock is in its way any more, or patience ends. Once it may have acted unseen, it is repeated with all the patience there
   * is, since each try finds what an earlier one did; what is no answer to that then leaves the outcome open.
   */
  private async untilPassable(command: PrewriteCommand, first: TxnOutcome): Promise<TxnOutcome> {
    const { store, resolver } = this.home;
    let patience = resolver.patience(this.commitWaitMs);
    let unsure = false;
    let outcome = first;
    while (outcome.kind === 'locked') {
      if (outcome.unsure === true && !unsure) {
        unsure = true;
        patience = resolver.patience();
      }
      try {
        await resolver.resolve(outcome.locks[0]!, 0n, undefined, patience);
      } catch (error) {
        throw unsure ? undeterminedError(error as Error) : error;
      }
      outcome = await execute(store, command);
    }
    if (!unsure || outcome.kind !== 'failed' || isFailure(outcome, 'kv.undetermined')) return outcome;
    return { kind: 'failed', error: undeterminedError(outcome.error) };
  }

  private choosePrimary(chunks: LargeChunks): Uint8Array {
    // The lock that is kept alive already, when it is among the written keys; else the first that leaves a lock behind.
    const { primary } = this.locks;
    const kept = primary === undefined ? undefined : this.buffer.find(primary);
    if (kept !== undefined && (kept.value !== null || !kept.mustNotExist)) return primary!;
    for (let number = 0; number < chunks.length; number++)
      for (const mutation of chunks.at(number)!)
        if (mutation.kind !== 'check-not-exists') return copyBytes(mutation.key);
    throw new RutileError('kv.nothing-to-lock', 'a large transaction only checks keys');
  }

  private prewrite(
    mutations: readonly Mutation[],
    primary: Uint8Array,
    txnSize: number,
    onePhase: boolean,
    releaseKeys: readonly Uint8Array[] | undefined,
  ): PrewriteCommand {
    return {
      kind: 'prewrite',
      startTs: this.startTs,
      primary,
      mutations,
      ttlMs: onePhase ? this.home.limits.lockTtlMs : this.ttlMs(),
      forUpdateTs: this.pessimistic ? this.locks.conflictTs : 0n,
      minCommitTs: 0n,
      txnSize,
      onePhase,
      releaseKeys,
      maxCommitTs: onePhase ? this.maxCommitTs : undefined,
    };
  }

  private mutationOf(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): Mutation {
    const check = this.locks.holds(key) ? 'locked' : 'conflict';
    if (value !== null) return { kind: mustNotExist ? 'insert' : 'put', key, value, check };
    // Inserted and deleted again: nothing to write, but the claim that the key was free still has to hold.
    return mustNotExist
      ? { kind: 'check-not-exists', key, value: undefined, check }
      : { kind: 'delete', key, value: undefined, check };
  }

  /** Nothing will be committed any more: give the locks back. */
  private end(): void {
    this.state = 'done';
    this.buffer.clear();
    this.locks.release(this.locks.unwritten(this.buffer));
    this.locks.forget();
    this.home.closed(this);
  }

  // ---- small parts

  // hot
  private write(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): void {
    this.checkOpen();
    this.buffer.set(key, value, mustNotExist);
    if (this.buffer.sizeBytes > this.sizeBytesMax) throw tooLarge(this.buffer.sizeBytes, this.sizeBytesMax);
  }

  /** A lock's time counts from the start of its transaction. */
  private ttlMs(): number {
    const ageMs = this.home.wallMs() - Number(this.startTs >> 18n);
    return Math.min(0x7fffffff, Math.max(0, ageMs) + this.home.limits.lockTtlMs);
  }

  private checkOpen(): void {
    if (this.state !== 'open') throw new RutileError('kv.transaction-over', 'the transaction has ended');
  }
}

const EMPTY = new Uint8Array(0);

function refuseInjected(point: Failpoint, value: string | undefined): void {
  if (value !== undefined) throw new RutileError('kv.aborted', `failpoint ${point.name}: ${value}`, { retry: 'same' });
}

function isFailure(outcome: TxnOutcome, code: string): boolean {
  return outcome.kind === 'failed' && outcome.error instanceof RutileError && outcome.error.code === code;
}

function tooLarge(size: number, sizeMax: number): RutileError {
  return new RutileError('kv.txn-too-large', `the transaction holds ${size} bytes, more than ${sizeMax}`, {
    fields: { size, sizeMax },
  });
}

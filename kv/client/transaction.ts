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
  type TxnCommand,
  type TxnOutcome,
} from '../../proto/kv/command.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import type { KeyRange, LockOptions, LockOutcome, Scanner, ScanOptions, Timestamp, Transaction } from './client.ts';
import { cutIntoChunks } from './large-chunks.ts';
import { MergedScanner } from './merged-scanner.ts';
import { LocalSnapshot } from './snapshot.ts';
import type { LockResolver } from './lock-resolver.ts';
import type { StorePort, TimestampPort } from './store-port.ts';
import { undeterminedError } from './undetermined.ts';
import { WriteBuffer } from './write-buffer.ts';

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
  /** Keys with a pessimistic lock of ours; `false`: kept after a conflict, so what we know of the key may be old. */
  private locked: SortedMap<boolean> | undefined = undefined;
  /** Whose lock is kept alive. */
  primary: Uint8Array | undefined = undefined;
  private forUpdateTs = 0n;

  constructor(
    home: TransactionHome,
    startTs: Timestamp,
    pessimistic: boolean,
    sizeBytesMax: number,
    commitWaitMs: number | undefined,
  ) {
    this.home = home;
    this.startTs = startTs;
    this.pessimistic = pessimistic;
    this.sizeBytesMax = sizeBytesMax;
    this.commitWaitMs = commitWaitMs;
    this.snapshot = new LocalSnapshot(home.store, home.resolver, startTs);
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

  setReadTs(ts: Timestamp): void {
    this.snapshot.moveTo(ts);
  }

  // hot
  get(key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    const entry = this.buffer.find(key);
    if (entry !== undefined) return entry.value ?? undefined;
    return this.snapshot.get(key);
  }

  getMany(keys: readonly Uint8Array[]): MaybePromise<(Uint8Array | undefined)[]> {
    if (this.buffer.count === 0) return this.snapshot.getMany(keys);
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
    const found = this.snapshot.getMany(missing);
    return isPromise(found) ? found.then(place) : place(found);
  }

  scan(range: KeyRange, options?: ScanOptions): Scanner {
    // The limit belongs to the merged rows: the buffer may hide some below.
    const below = this.snapshot.scan(
      range,
      options?.limit === undefined || this.buffer.count === 0 ? options : { ...options, limit: undefined },
    );
    return new MergedScanner(this.buffer, below, range, {
      reverse: options?.reverse === true,
      limit: options?.limit ?? Infinity,
    });
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

  lockKeys(keys: readonly Uint8Array[], options: LockOptions): MaybePromise<LockOutcome> {
    this.checkOpen();
    assert(this.pessimistic, 'only a pessimistic transaction locks keys');
    if (keys.length === 0)
      return { kind: 'locked', values: options.returnValues === true ? [] : undefined, skipped: undefined };
    this.primary ??= keys[0]!;
    if (options.forUpdateTs > this.forUpdateTs) this.forUpdateTs = options.forUpdateTs;
    const waitMs = options.waitMs;
    const { signal } = options;
    if (typeof signal === 'object' && signal.aborted) return Promise.reject(aborted());
    let outcome: TxnOutcome | undefined;
    let arrived: ((outcome: TxnOutcome) => void) | undefined;
    const command: TxnCommand = {
      kind: 'pessimistic-lock',
      startTs: this.startTs,
      primary: this.primary,
      keys,
      forUpdateTs: options.forUpdateTs,
      ttlMs: this.ttlMs(),
      minCommitTs: 0n,
      // A wait of no time at all is no wait.
      waitMs: waitMs === 0 ? 'nowait' : waitMs,
      returnValues: options.returnValues === true,
      lockOnConflict: true,
    };
    this.home.store.execute(command, (answer) => {
      if (arrived !== undefined) arrived(answer);
      else outcome = answer;
    });
    if (outcome !== undefined && outcome.kind !== 'locked') return this.lockOutcome(keys, outcome);
    if (outcome !== undefined && typeof command.waitMs !== 'number') return this.lockOutcome(keys, outcome);
    return this.lockSlowly(
      command,
      outcome ?? new Promise<TxnOutcome>((resolve) => (arrived = resolve)),
      typeof signal === 'function' ? signal() : signal,
    );
  }

  commit(
    statement?: { readonly killed: boolean },
    notAfter?: Timestamp,
    later?: () => MaybePromise<Timestamp>,
  ): Promise<Timestamp> {
    this.checkOpen();
    this.maxCommitTs = notAfter;
    this.laterCommitTs = later;
    if (this.buffer.count === 0) {
      this.end();
      return Promise.resolve(this.startTs);
    }
    if (this.buffer.sizeBytes > this.sizeBytesMax) {
      this.end();
      return Promise.reject(tooLarge(this.buffer.sizeBytes, this.sizeBytesMax));
    }
    this.state = 'committing';
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
    if (this.primary === undefined || this.state === 'done') return;
    this.home.store.execute(
      { kind: 'heartbeat', primary: this.primary, startTs: this.startTs, ttlMs: this.ttlMs() },
      () => undefined,
    );
  }

  // ---- commit

  // hot: bench/micro/txn.ts
  private commitOnePhase(resolve: (ts: Timestamp) => void, reject: (error: Error) => void): void {
    const mutations: Mutation[] = [];
    this.buffer.forEach((entry) => {
      mutations.push(this.mutationOf(entry.key, entry.value, entry.mustNotExist));
    });
    const command: PrewriteCommand = this.prewrite(
      mutations,
      this.primary ?? mutations[0]?.key ?? EMPTY,
      mutations.length,
      true,
      this.unwrittenLocks(),
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
        forUpdateTs: this.pessimistic ? (this.forUpdateTs === 0n ? this.startTs : this.forUpdateTs) : 0n,
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
          this.releaseLocks(this.unwrittenLocks());
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

  private async commitInChunks(): Promise<Timestamp> {
    const { store, timestamps } = this.home;
    const chunks = this.chunks();
    const count = this.buffer.count;
    const primary = this.choosePrimary(chunks);
    this.primary = primary;
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
      for (;;) {
        commitTs = await timestamps.next();
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
    this.releaseLocks(this.unwrittenLocks());
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
    const kept = this.primary === undefined ? undefined : this.buffer.find(this.primary);
    if (kept !== undefined && (kept.value !== null || !kept.mustNotExist)) return this.primary!;
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
      forUpdateTs: this.pessimistic ? (this.forUpdateTs === 0n ? this.startTs : this.forUpdateTs) : 0n,
      minCommitTs: 0n,
      txnSize,
      onePhase,
      releaseKeys,
      maxCommitTs: onePhase ? this.maxCommitTs : undefined,
    };
  }

  private mutationOf(key: Uint8Array, value: Uint8Array | null, mustNotExist: boolean): Mutation {
    const check = this.locked !== undefined && this.locked.get(key) === true ? 'locked' : 'conflict';
    if (value !== null) return { kind: mustNotExist ? 'insert' : 'put', key, value, check };
    // Inserted and deleted again: nothing to write, but the claim that the key was free still has to hold.
    return mustNotExist
      ? { kind: 'check-not-exists', key, value: undefined, check }
      : { kind: 'delete', key, value: undefined, check };
  }

  // ---- locks

  private async lockSlowly(
    command: TxnCommand & { kind: 'pessimistic-lock' },
    first: MaybePromise<TxnOutcome>,
    signal: AbortSignal | undefined,
  ): Promise<LockOutcome> {
    const { store, resolver } = this.home;
    const waitMs = typeof command.waitMs === 'number' ? command.waitMs : Infinity;
    const patience = resolver.patience(waitMs === 0 ? Infinity : waitMs);
    let pending = first;
    for (;;) {
      const outcome = await this.orAborted(pending, signal, command.keys);
      if (outcome.kind !== 'locked' || typeof command.waitMs !== 'number')
        return this.lockOutcome(command.keys, outcome);
      const lock = outcome.locks[0]!;
      try {
        await this.orAborted(resolver.resolve(lock, 0n, undefined, patience), signal, undefined);
      } catch (error) {
        if (error instanceof RutileError && error.code === 'kv.locked') return { kind: 'wait-timeout', key: lock.key };
        throw error;
      }
      pending = execute(store, command);
    }
  }

  /** Lets go of a wait when the signal says so. A lock that is granted afterwards is given back at once. */
  private orAborted<T>(
    pending: MaybePromise<T>,
    signal: AbortSignal | undefined,
    keys: readonly Uint8Array[] | undefined,
  ): MaybePromise<T> {
    if (signal === undefined || !isPromise(pending)) return pending;
    return new Promise<T>((resolve, reject) => {
      const onAbort = () => {
        reject(aborted());
        if (keys === undefined) return;
        void pending.then(() => {
          const added = keys.filter((key) => this.locked?.get(key) === undefined);
          this.releaseLocks(added);
        });
      };
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      pending.then(
        (value) => {
          signal.removeEventListener('abort', onAbort);
          resolve(value);
        },
        (error: Error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      );
    });
  }

  private lockOutcome(keys: readonly Uint8Array[], outcome: TxnOutcome): LockOutcome {
    if (outcome.kind !== 'pessimistic-locked' && keys.length > 1 && this.home.store.locksInParts === true) {
      const refused = outcome.kind === 'write-conflict' ? outcome.key : undefined;
      this.releaseLocks(keys.filter((key) => key !== refused && this.locked?.get(key) === undefined));
    }
    switch (outcome.kind) {
      case 'pessimistic-locked':
        for (let i = 0; i < keys.length; i++) if (outcome.skipped?.[i] !== true) this.noteLocked(keys[i]!, true);
        return {
          kind: 'locked',
          values: outcome.values as (Uint8Array | undefined)[] | undefined,
          skipped: outcome.skipped,
        };
      case 'write-conflict':
        if (outcome.reason === 'self-rolled-back') throw failureOf(outcome);
        if (this.locked?.get(outcome.key) !== true) this.noteLocked(outcome.key, false);
        return { kind: 'write-conflict', key: outcome.key, conflictTs: outcome.conflictCommitTs };
      case 'wait-timeout':
        return { kind: 'wait-timeout', key: outcome.key };
      case 'locked':
        return { kind: 'nowait', key: outcome.locks[0]!.key };
      case 'deadlock':
        return { kind: 'deadlock', key: outcome.key, chain: outcome.chain };
      default:
        throw failureOf(outcome);
    }
  }

  private noteLocked(key: Uint8Array, current: boolean): void {
    this.locked ??= new SortedMap();
    this.locked.set(key, current);
  }

  /** Locked keys that no write will take along. */
  private unwrittenLocks(): readonly Uint8Array[] | undefined {
    if (this.locked === undefined) return undefined;
    const keys: Uint8Array[] = [];
    this.locked.forEach((_, key) => {
      const entry = this.buffer.find(key);
      if (entry === undefined || (entry.value === null && entry.mustNotExist)) keys.push(key);
    });
    return keys.length === 0 ? undefined : keys;
  }

  private releaseLocks(keys: readonly Uint8Array[] | undefined): void {
    if (keys === undefined || keys.length === 0) return;
    this.home.store.execute(
      { kind: 'pessimistic-rollback', startTs: this.startTs, forUpdateTs: 0xffffffffffffffffn, keys },
      () => undefined,
    );
  }

  /** Nothing will be committed any more: give the locks back. */
  private end(): void {
    this.state = 'done';
    this.buffer.clear();
    this.releaseLocks(this.unwrittenLocks());
    this.locked = undefined;
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

function execute(store: StorePort, command: TxnCommand): Promise<TxnOutcome> {
  return new Promise((resolve) => store.execute(command, resolve));
}

function keyExists(key: Uint8Array): RutileError {
  return new RutileError('kv.key-exists', 'the key exists already', { fields: { key } });
}

function tooLarge(size: number, sizeMax: number): RutileError {
  return new RutileError('kv.txn-too-large', `the transaction holds ${size} bytes, more than ${sizeMax}`, {
    fields: { size, sizeMax },
  });
}

function aborted(): RutileError {
  return new RutileError('kv.aborted', 'the wait for a lock was given up');
}

/** An outcome that ends the transaction, as the error its caller sees. */
function failureOf(outcome: TxnOutcome): Error {
  switch (outcome.kind) {
    case 'write-conflict':
      return new RutileError('kv.write-conflict', 'another transaction committed to a key of this one', {
        retry: 'refresh',
        fields: {
          key: outcome.key,
          startTs: outcome.startTs,
          conflictTs: outcome.conflictCommitTs,
          reason: outcome.reason,
        },
      });
    case 'pessimistic-lock-not-found':
      return new RutileError(
        'kv.write-conflict',
        'a lock of this transaction was lost, and another committed meanwhile',
        {
          retry: 'refresh',
          fields: { key: outcome.key },
        },
      );
    case 'key-exists':
      return keyExists(outcome.key);
    case 'failed':
      return outcome.error;
    case 'rolled-back':
    case 'txn-not-found':
      return new RutileError('kv.write-conflict', 'the transaction was rolled back by another', { retry: 'refresh' });
    default:
      return new RutileError('kv.unexpected', `the store answered ${outcome.kind}`);
  }
}

/**
 * `KeyLocks`: the locks that a pessimistic transaction takes as its statements run. The first key it locks is the primary, whose lock the
 * client keeps alive. Which keys are held decides how they are checked at prewrite; those that no write takes along are given back at
 * the end.
 */
import { RutileError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { SortedMap } from '../../base/sorted-map.ts';
import type { TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { LockOptions, LockOutcome, Timestamp } from './client.ts';
import type { LockResolver } from './lock-resolver.ts';
import { aborted, execute, failureOf } from './outcomes.ts';
import type { StorePort } from './store-port.ts';
import type { WriteBuffer } from './write-buffer.ts';

export class KeyLocks {
  /** Whose lock is kept alive. */
  primary: Uint8Array | undefined = undefined;
  /** `false`: kept after a conflict, so what we know of the key may be old. */
  locked: SortedMap<boolean> | undefined = undefined;
  private forUpdateTs = 0n;
  private readonly home: { readonly store: StorePort; readonly resolver: LockResolver };
  private readonly startTs: Timestamp;
  private readonly ttlMs: () => number;

  constructor(
    home: { readonly store: StorePort; readonly resolver: LockResolver },
    startTs: Timestamp,
    ttlMs: () => number,
  ) {
    this.home = home;
    this.startTs = startTs;
    this.ttlMs = ttlMs;
  }

  /** Versions after it are conflicts for keys that are not held. */
  get conflictTs(): bigint {
    return this.forUpdateTs === 0n ? this.startTs : this.forUpdateTs;
  }

  // hot
  holds(key: Uint8Array): boolean {
    return this.locked !== undefined && this.locked.get(key) === true;
  }

  lock(keys: readonly Uint8Array[], options: LockOptions): MaybePromise<LockOutcome> {
    if (keys.length === 0)
      return { kind: 'locked', values: options.returnValues === true ? [] : undefined, skipped: undefined };
    this.primary ??= keys[0]!;
    if (options.forUpdateTs > this.forUpdateTs) this.forUpdateTs = options.forUpdateTs;
    const waitMs = options.waitMs;
    const { signal } = options;
    if (typeof signal === 'object' && signal.aborted) return Promise.reject(aborted());
    let outcome: TxnOutcome | undefined;
    let arrived: ((outcome: TxnOutcome) => void) | undefined;
    const command: TxnCommand & { kind: 'pessimistic-lock' } = {
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
    if (outcome !== undefined && outcome.kind !== 'locked') return this.outcomeOf(keys, outcome);
    if (outcome !== undefined && typeof command.waitMs !== 'number') return this.outcomeOf(keys, outcome);
    return this.lockSlowly(
      command,
      outcome ?? new Promise<TxnOutcome>((resolve) => (arrived = resolve)),
      typeof signal === 'function' ? signal() : signal,
    );
  }

  /** Held keys that no write will take along. */
  unwritten(buffer: WriteBuffer): readonly Uint8Array[] | undefined {
    if (this.locked === undefined) return undefined;
    const keys: Uint8Array[] = [];
    this.locked.forEach((_, key) => {
      const entry = buffer.find(key);
      if (entry === undefined || (entry.value === null && entry.mustNotExist)) keys.push(key);
    });
    return keys.length === 0 ? undefined : keys;
  }

  release(keys: readonly Uint8Array[] | undefined): void {
    if (keys === undefined || keys.length === 0) return;
    this.home.store.execute(
      { kind: 'pessimistic-rollback', startTs: this.startTs, forUpdateTs: 0xffffffffffffffffn, keys },
      () => undefined,
    );
  }

  forget(): void {
    this.locked = undefined;
  }

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
      if (outcome.kind !== 'locked' || typeof command.waitMs !== 'number') return this.outcomeOf(command.keys, outcome);
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
          this.release(added);
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

  private outcomeOf(keys: readonly Uint8Array[], outcome: TxnOutcome): LockOutcome {
    if (outcome.kind !== 'pessimistic-locked' && keys.length > 1 && this.home.store.locksInParts === true) {
      const refused = outcome.kind === 'write-conflict' ? outcome.key : undefined;
      this.release(keys.filter((key) => key !== refused && this.locked?.get(key) === undefined));
    }
    switch (outcome.kind) {
      case 'pessimistic-locked':
        for (let i = 0; i < keys.length; i++) if (outcome.skipped?.[i] !== true) this.note(keys[i]!, true);
        return {
          kind: 'locked',
          values: outcome.values as (Uint8Array | undefined)[] | undefined,
          skipped: outcome.skipped,
        };
      case 'write-conflict':
        if (outcome.reason === 'self-rolled-back') throw failureOf(outcome);
        if (this.locked?.get(outcome.key) !== true) this.note(outcome.key, false);
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

  private note(key: Uint8Array, current: boolean): void {
    this.locked ??= new SortedMap();
    this.locked.set(key, current);
  }
}

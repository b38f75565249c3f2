/**
 * What to do about another transaction's lock: wait a moment, since most are gone in less than a millisecond; then ask at its
 * primary what became of the transaction, and finish what a dead one left behind.
 *
 *     primary committed       →  commit this key too
 *     rolled back, or expired →  roll this key back
 *     alive                   →  a reader asks it to commit above the reader's timestamp and passes; a writer waits
 *
 * Bounded: after `waitMsMax` the caller gets `kv.locked`.
 */
import { RutileError } from '../../base/error.ts';
import type { Clock } from '../../base/world.ts';
import type { LockInfo, TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { StorePort, TimestampPort } from './store-port.ts';

const FIRST_WAIT_MS = 5;
const WAIT_MS_MAX = 200;

/** State of one statement's waiting: how long already, how often. */
export class Patience {
  attempts = 0;
  readonly deadlineMs: number;
  constructor(deadlineMs: number) {
    this.deadlineMs = deadlineMs;
  }
}

export class LockResolver {
  private readonly store: StorePort;
  private readonly timestamps: TimestampPort;
  private readonly clock: Clock;
  private readonly waitMsMax: number;

  constructor(options: {
    readonly store: StorePort;
    readonly timestamps: TimestampPort;
    readonly clock: Clock;
    readonly waitMsMax: number;
  }) {
    this.store = options.store;
    this.timestamps = options.timestamps;
    this.clock = options.clock;
    this.waitMsMax = options.waitMsMax;
  }

  patience(waitMs = this.waitMsMax): Patience {
    return new Patience(this.clock.monotonicMs() + waitMs);
  }

  /** Resolves when it makes sense to try again. `readTs` 0n: the caller writes. `passed` collects locks that the reader may pass. */
  async resolve(lock: LockInfo, readTs: bigint, passed: Set<bigint> | undefined, patience: Patience): Promise<void> {
    if (patience.attempts++ === 0) {
      if (await this.wait(lock, Math.min(FIRST_WAIT_MS, this.leftMs(patience)))) return;
    }
    const leftMs = this.leftMs(patience);
    if (leftMs <= 0) {
      throw new RutileError('kv.locked', 'another transaction holds a lock for longer than this one waits', {
        retry: 'same',
        fields: { key: lock.key, holder: lock.startTs },
      });
    }
    const current = await this.timestamps.next();
    const expired = (lock.startTs >> 18n) + BigInt(lock.ttlMs) < current >> 18n;
    const status = await this.execute({
      kind: 'check-txn-status',
      primary: lock.primary,
      startTs: lock.startTs,
      callerStartTs: readTs,
      currentTs: current,
      // A primary that is not there yet may still be on its way; once the lock has expired, it must not come any more.
      rollbackIfNotExist: expired,
      resolvingPessimisticLock: lock.kind === 'pessimistic',
      verifyIsPrimary: false,
    });
    switch (status.kind) {
      case 'status':
        if (status.ttlMs > 0) {
          if (status.action === 'min-commit-ts-pushed' && readTs !== 0n && passed !== undefined) {
            passed.add(lock.startTs);
            return;
          }
          break;
        }
        if (lock.kind === 'pessimistic') {
          await this.execute({
            kind: 'pessimistic-rollback',
            startTs: lock.startTs,
            forUpdateTs: lock.forUpdateTs,
            keys: [lock.key],
          });
        } else
          await this.execute({
            kind: 'resolve-lock',
            startTs: lock.startTs,
            commitTs: status.commitTs,
            keys: [lock.key],
          });
        return;
      case 'failed':
        throw status.error;
      default:
        // `txn-not-found`: not expired, so wait for what is on its way.
        break;
    }
    await this.wait(lock, Math.min(WAIT_MS_MAX, leftMs, FIRST_WAIT_MS * 2 ** Math.min(10, patience.attempts)));
  }

  /** True when the lock went away in time. */
  private wait(lock: LockInfo, timeoutMs: number): Promise<boolean> {
    const startedMs = this.clock.monotonicMs();
    return new Promise((resolve) => {
      this.store.whenUnlocked(lock.key, lock.startTs, timeoutMs, () =>
        resolve(this.clock.monotonicMs() - startedMs < timeoutMs),
      );
    });
  }

  private execute(command: TxnCommand): Promise<TxnOutcome> {
    return new Promise((resolve) => this.store.execute(command, resolve));
  }

  private leftMs(patience: Patience): number {
    return patience.deadlineMs - this.clock.monotonicMs();
  }
}

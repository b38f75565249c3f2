/**
 * The room where pessimistic lock commands wait: kv/txn's queue and deadlock rule with time added. A command leaves when the key
 * is free (it is tried again), when its time is over (`wait-timeout`), when the holder's lock has outlived its time (`locked`:
 * the client finds out whether the holder is dead), or when waiting on would close a circle (`deadlock`).
 */
import { RutileError } from '../../base/error.ts';
import type { Timer, World } from '../../base/world.ts';
import type { LockInfo, PessimisticLockCommand, TxnOutcome } from '../../proto/kv/command.ts';
import { isExpired, LockWaiter, LockWaits } from '../txn/index.ts';

export interface LockRoomOptions {
  readonly world: World;
  readonly waitersMax: number;
  readonly execute: (command: PessimisticLockCommand, done: (outcome: TxnOutcome) => void) => void;
  readonly isHeldBy: (key: Uint8Array, startTs: bigint) => boolean;
  readonly currentTs: () => bigint;
}

type Done = (outcome: TxnOutcome) => void;

export class LockRoom {
  private readonly options: LockRoomOptions;
  private readonly waits: LockWaits;
  private readonly inside = new Set<() => void>();

  constructor(options: LockRoomOptions) {
    this.options = options;
    this.waits = new LockWaits(options.waitersMax);
  }

  get count(): number {
    return this.waits.count;
  }

  wait(command: PessimisticLockCommand, holder: LockInfo, done: Done): void {
    const { world } = this.options;
    const startedMs = world.clock.monotonicMs();
    // 0 means as long as it takes.
    const waitMs = typeof command.waitMs === 'number' && command.waitMs > 0 ? command.waitMs : Infinity;
    const { key } = holder;
    const now = this.options.currentTs();
    if (isExpired(holder, now)) return done({ kind: 'locked', locks: [holder] });
    const lifeMs = Number((holder.startTs >> 18n) + BigInt(holder.ttlMs) - (now >> 18n)) + 1;

    let timer: Timer | undefined;
    const leave = () => {
      timer?.cancel();
      this.inside.delete(closeRoom);
    };
    const waiter = new LockWaiter(command.startTs, key, holder.startTs, (reason, chain) => {
      leave();
      if (reason === 'deadlock') return done({ kind: 'deadlock', key, chain: chain! });
      const leftMs = waitMs === Infinity ? 0 : Math.max(1, waitMs - (world.clock.monotonicMs() - startedMs));
      this.options.execute({ ...command, waitMs: leftMs }, (outcome) => {
        done(outcome);
        // Whoever came first and did not take the key (its statement has to run again) must not keep the others waiting.
        if (!this.options.isHeldBy(key, command.startTs)) this.free(key);
      });
    });
    const closeRoom = () => {
      timer?.cancel();
      if (this.waits.leave(waiter))
        done({ kind: 'failed', error: new RutileError('kv.closed', 'the store is closed') });
    };
    const joined = this.waits.join(waiter);
    if (joined.kind === 'deadlock') return done({ kind: 'deadlock', key, chain: joined.chain });
    if (joined.kind === 'full')
      return done({
        kind: 'failed',
        error: new RutileError('kv.busy', 'too many transactions wait for locks', { retry: 'same' }),
      });
    this.inside.add(closeRoom);
    timer = world.timers.after(Math.min(waitMs, lifeMs), () => {
      if (!this.waits.leave(waiter)) return;
      leave();
      done(waitMs <= lifeMs ? { kind: 'wait-timeout', key, lock: holder } : { kind: 'locked', locks: [holder] });
    });
  }

  /** The key was given back. */
  free(key: Uint8Array): void {
    this.waits.takeFirst(key)?.wake('free', undefined);
  }

  /** The key has a new holder: the others wait for that one now, and one of them may close a circle by it. */
  taken(key: Uint8Array, holder: bigint): void {
    if (this.waits.count === 0) return;
    for (const { waiter, chain } of this.waits.moveTo(key, holder)) waiter.wake('deadlock', chain);
  }

  close(): void {
    for (const closeRoom of this.inside) closeRoom();
    this.inside.clear();
  }
}

/**
 * GET_LOCK and friends: named locks of sessions within one SQL server. A session may hold several and each more than once; they
 * outlive transactions and end with the session. Waiters are served in order. A wait that would close a circle ends
 * with error 3058, as in MySQL. Names are equal without regard to case and have at most 64 characters (3057).
 */
import { SqlError } from '../../base/error.ts';
import type { MaybePromise } from '../../base/outcome.ts';
import type { Timers } from '../../base/world.ts';

interface Waiter {
  readonly owner: number;
  readonly grant: () => void;
}

interface Lock {
  owner: number;
  count: number;
  readonly waiters: Waiter[];
}

const NAME_LENGTH_MAX = 64;

/** What the functions ask for, by a session; `signal` ends a wait. */
export interface UserLockCall {
  readonly action: 'get' | 'release' | 'is-free' | 'is-used' | 'release-all';
  readonly name: string;
  readonly timeoutMs: number;
  readonly owner: number;
  readonly signal: () => AbortSignal;
}

export class UserLocks {
  private readonly locks = new Map<string, Lock>();
  /** The name each waiting session waits for. */
  private readonly waitsFor = new Map<number, string>();
  private readonly timers: Pick<Timers, 'after'>;

  constructor(timers: Pick<Timers, 'after'>) {
    this.timers = timers;
  }

  answer({ action, name, timeoutMs, owner, signal }: UserLockCall): MaybePromise<number | null> {
    switch (action) {
      case 'get':
        return this.get(name, owner, timeoutMs, signal());
      case 'release':
        return this.release(name, owner);
      case 'release-all':
        return this.releaseAll(owner);
      case 'is-free':
        return this.holder(name) === null ? 1 : 0;
      case 'is-used':
        return this.holder(name);
    }
  }

  /** 1 when taken, 0 after the timeout or when interrupted. A negative timeout waits for ever. */
  get(name: string, owner: number, timeoutMs: number, signal: AbortSignal): number | Promise<number> {
    const key = this.keyOf(name);
    const lock = this.locks.get(key);
    if (!lock) {
      this.locks.set(key, { owner, count: 1, waiters: [] });
      return 1;
    }
    if (lock.owner === owner) {
      lock.count++;
      return 1;
    }
    if (timeoutMs === 0) return 0;
    if (this.wouldDeadlock(key, owner)) {
      throw new SqlError(
        3058,
        'HY000',
        'Deadlock found when trying to get user-level lock; try rolling back transaction/releasing locks and restarting lock acquisition.',
      );
    }
    return this.wait(lock, key, owner, timeoutMs, signal);
  }

  private wait(lock: Lock, key: string, owner: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    return new Promise((resolve) => {
      let timer: { cancel(): void } | undefined = undefined;
      const finish = (answer: number) => {
        timer?.cancel();
        signal.removeEventListener('abort', onAbort);
        this.waitsFor.delete(owner);
        const at = lock.waiters.indexOf(waiter);
        if (at >= 0) lock.waiters.splice(at, 1);
        resolve(answer);
      };
      const onAbort = () => finish(0);
      const waiter: Waiter = { owner, grant: () => finish(1) };
      lock.waiters.push(waiter);
      this.waitsFor.set(owner, key);
      signal.addEventListener('abort', onAbort);
      if (timeoutMs > 0) timer = this.timers.after(timeoutMs, () => finish(0));
    });
  }

  /** 1: released; 0: another's; `null`: nobody's. */
  release(name: string, owner: number): number | null {
    const key = this.keyOf(name);
    const lock = this.locks.get(key);
    if (!lock) return null;
    if (lock.owner !== owner) return 0;
    if (--lock.count === 0) this.handOn(key, lock);
    return 1;
  }

  releaseAll(owner: number): number {
    let released = 0;
    for (const [key, lock] of [...this.locks]) {
      if (lock.owner !== owner) continue;
      released += lock.count;
      this.handOn(key, lock);
    }
    return released;
  }

  /** Connection id of the holder; `null` when free. */
  holder(name: string): number | null {
    return this.locks.get(this.keyOf(name))?.owner ?? null;
  }

  private handOn(key: string, lock: Lock): void {
    const next = lock.waiters.shift();
    if (!next) {
      this.locks.delete(key);
      return;
    }
    lock.owner = next.owner;
    lock.count = 1;
    next.grant();
  }

  private wouldDeadlock(key: string, owner: number): boolean {
    let at: string | undefined = key;
    while (at !== undefined) {
      const holder: number | undefined = this.locks.get(at)?.owner;
      if (holder === owner) return true;
      at = holder === undefined ? undefined : this.waitsFor.get(holder);
    }
    return false;
  }

  private keyOf(name: string): string {
    if (name === '' || name.length > NAME_LENGTH_MAX)
      throw new SqlError(3057, '42000', `Incorrect user-level lock name '${name}'.`);
    return name.toLowerCase();
  }
}

/** Whom an applied turn wakes: noted while its effects take place, told when all of them have. */
import type { LockRoom } from './lock-room.ts';

export class Wakes {
  private readonly lockRoom: () => LockRoom;
  private waiters: (() => void)[] = [];
  private freed: Uint8Array[] = [];

  constructor(lockRoom: () => LockRoom) {
    this.lockRoom = lockRoom;
  }

  /** Somebody may go on now, and the key may be another's. */
  // hot
  note(key: Uint8Array, waiters: (() => void)[] | undefined): void {
    if (waiters !== undefined) this.waiters.push(...waiters);
    if (this.lockRoom().count > 0) this.freed.push(key);
  }

  noteAll(waiters: readonly (() => void)[]): void {
    this.waiters.push(...waiters);
  }

  // hot
  tell(): void {
    while (this.waiters.length > 0 || this.freed.length > 0) {
      const { waiters, freed } = this;
      this.waiters = [];
      this.freed = [];
      for (const key of freed) this.lockRoom().free(key);
      for (const run of waiters) run();
    }
  }
}

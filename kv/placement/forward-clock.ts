/**
 * The wall clock as the oracle wants it: never back, and never still for long. A clock that was put back by an hour would hold the physical
 * part of timestamps for that hour, and with it the ages of locks: what a client that died has left would stand in everybody's way for as
 * long. So while the clock is behind what was said before, time goes on at half the pace of the monotonic clock until the clock has
 * caught up.
 *
 *     wall     1000  2000 │ 500  1500  2500  3500
 *     says     1000  2000 │2000  2500  3000  3500        put back by 1500, caught up after 3000
 */
import type { World } from '../../base/world.ts';

export class ForwardClock {
  private readonly clock: World['clock'];
  private lastMs: number;
  /** On the monotonic clock: up to when the time that passed is in `lastMs`. Undefined while the wall clock leads. */
  private countedMs: number | undefined = undefined;

  /** `startMs`: what earlier lives may have said. */
  constructor(clock: World['clock'], startMs: number) {
    this.clock = clock;
    this.lastMs = startMs;
  }

  // hot: bench/micro/oracle.ts
  nowMs(): number {
    const wallMs = this.clock.wallMs();
    if (wallMs >= this.lastMs) {
      this.lastMs = wallMs;
      this.countedMs = undefined;
      return wallMs;
    }
    const monotonicMs = this.clock.monotonicMs();
    if (this.countedMs === undefined) this.countedMs = monotonicMs;
    const halves = Math.floor((monotonicMs - this.countedMs) / 2);
    this.countedMs += halves * 2;
    this.lastMs += halves;
    return this.lastMs;
  }
}

/**
 * The timestamp oracle, pure: 64-bit timestamps, physical milliseconds << 18 | counter, that never repeat and never go back,
 * over restarts and whatever the clock does.
 *
 * What makes that hold is the *window*: before a timestamp with physical part p is handed out, a bound above p is durable. A new
 * life begins at the durable bound, so it is above all that any earlier life may have said:
 *
 *     life 1   bound 5000 ── hands out 2000 .. 4999 ──╳ crash
 *     life 2                                           begins at 5000, whatever its clock shows
 *
 * Inside the window nothing is written and nobody waits. The caller is asked to extend it well before it ends (`wanted`); only
 * when the extension comes too late do callers wait. When the clock goes back, or more than 2^18 timestamps are asked in
 * one millisecond, the physical part runs on by itself; when the clock jumps ahead, so do the timestamps.
 */
import { assert } from '../../base/assert.ts';

export const COUNTER_BITS = 18;
export const COUNTER_MAX = 2 ** COUNTER_BITS;
/** How far ahead the bound is put: what a crash makes us skip, and how rarely the disk is asked. */
export const WINDOW_MS = 3000;

/** `count` timestamps: physical is common to all, `logical` is the largest counter, the smallest is `logical - count + 1`. */
export interface Timestamps {
  readonly physical: number;
  readonly logical: number;
}

export class TimestampOracle {
  /** Timestamps stay below this physical part. Durable. */
  private boundMs: number;
  private physical: number;
  /** Counters handed out in the current millisecond. */
  private used = 0;

  /** `boundMs` is the durable bound of earlier lives, 0 for the first one. */
  constructor(boundMs: number) {
    this.boundMs = boundMs;
    this.physical = boundMs;
  }

  // hot: bench/micro/oracle.ts
  /** `undefined` when the window has to be extended first. */
  next(count: number, nowMs: number): Timestamps | undefined {
    assert(count >= 1 && count <= COUNTER_MAX, 'a request for too many timestamps');
    let physical = this.physical;
    let used = this.used;
    if (nowMs > physical) {
      physical = nowMs;
      used = 0;
    }
    if (used + count > COUNTER_MAX) {
      physical++;
      used = 0;
    }
    if (physical >= this.boundMs) return undefined;
    this.physical = physical;
    this.used = used + count;
    return { physical, logical: used + count - 1 };
  }

  /** The bound that should be made durable now, `undefined` while more than half of the window is left. */
  wanted(nowMs: number): number | undefined {
    const at = Math.max(nowMs, this.physical);
    return this.boundMs - at > WINDOW_MS / 2 ? undefined : at + WINDOW_MS;
  }

  /** The bound is durable. */
  extended(boundMs: number): void {
    if (boundMs > this.boundMs) this.boundMs = boundMs;
  }
}

export function toTimestamp(physical: number, logical: number): bigint {
  return (BigInt(physical) << BigInt(COUNTER_BITS)) | BigInt(logical);
}

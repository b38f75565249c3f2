/**
 * What the leader of placement may do without asking anybody: hand out timestamps and ids below bounds that the core's commands have made durable, as
 * long as it is surely the only leader. Volatile: a new leader begins with a new one, made after it has applied an entry of its own term, so that
 * it knows the last bound that any leader before it can have served below.
 *
 *     leader 1   bound 5000 durable ── hands out 2000 .. 3100 ─┤ lease ends: silent
 *     leader 2                                                     elected, begins at 5000
 *
 * The bound alone keeps timestamps from repeating. The lease keeps them from going back: without it leader 1 could still hand out 3101
 * after leader 2 has handed out 5000. A lease is a date on the monotonic clock, renewed by the consensus below (nobody else is elected before it ends);
 * in one process it never ends. Deposed once is deposed for good.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { Command, CommandResult, PlacementCore } from './core.ts';
import { TimestampOracle, type Timestamps } from './oracle.ts';

export const IDS_AT_ONCE = 1000;

export class PlacementLeader {
  private readonly core: PlacementCore;
  private readonly oracle: TimestampOracle;
  private idNext = 0;
  private idBound = 0;
  private leaseUntilMs: number;
  private deposed = false;
  /** Timestamps that reads in this process still need, each as often as it is held. */
  private readonly holds = new Map<bigint, number>();

  /** `leaseUntilMs` on the monotonic clock; Infinity when there can be no other leader. */
  constructor(core: PlacementCore, leaseUntilMs: number) {
    this.core = core;
    this.oracle = new TimestampOracle(core.windowBoundMs);
    this.leaseUntilMs = leaseUntilMs;
  }

  renew(leaseUntilMs: number): void {
    if (leaseUntilMs > this.leaseUntilMs) this.leaseUntilMs = leaseUntilMs;
  }

  depose(): void {
    this.deposed = true;
  }

  leads(monotonicMs: number): boolean {
    return !this.deposed && monotonicMs < this.leaseUntilMs;
  }

  // hot: bench/micro/oracle.ts
  /** Undefined when the window has to be extended first, or the lease has ended: ask `leads`. */
  timestamps(count: number, nowMs: number, monotonicMs: number): Timestamps | undefined {
    return this.leads(monotonicMs) ? this.oracle.next(count, nowMs) : undefined;
  }

  /** The bound that `extend-window` should make durable now; undefined while enough is left. */
  windowWanted(nowMs: number): number | undefined {
    return this.oracle.wanted(nowMs);
  }

  /** The first of `count` ids; undefined when more must be reserved. */
  ids(count: number): number | undefined {
    assert(Number.isSafeInteger(count) && count > 0, 'at least one id');
    if (this.idNext + count > this.idBound) return undefined;
    const first = this.idNext;
    this.idNext += count;
    return first;
  }

  /** The command that makes `count` ids to be had, in bulk. */
  idsWanted(count: number): Command {
    return { kind: 'reserve-ids', count: Math.max(IDS_AT_ONCE, count) };
  }

  /** A command that this leader proposed is durable, and this is its answer. */
  applied(result: CommandResult): void {
    if (this.deposed) return;
    if (result.kind === 'window') this.oracle.extended(result.boundMs);
    else if (result.kind === 'ids') {
      // Ids are dense where reservations meet; what is left of one that does not is given up.
      if (result.from !== this.idBound) this.idNext = result.from;
      this.idBound = result.bound;
    }
  }

  /** How far the safe point may be proposed to go. */
  safePointTowards(ts: bigint, nowMs: number): bigint {
    let allowed = this.core.safePointTowards(ts, nowMs);
    for (const held of this.holds.keys()) if (held < allowed) allowed = held;
    return allowed > this.core.safePoint ? allowed : this.core.safePoint;
  }

  /** Refused with `placement.safe-point-passed` when what the caller wants to read may be gone. */
  checkHold(ts: bigint): void {
    const { safePoint } = this.core;
    if (ts >= safePoint) return;
    throw new RutileError('placement.safe-point-passed', `Timestamp ${ts} is below the safe point ${safePoint}`, {
      fields: { ts, safePoint },
    });
  }

  hold(ts: bigint): { release(): void } {
    this.checkHold(ts);
    this.holds.set(ts, (this.holds.get(ts) ?? 0) + 1);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        const left = this.holds.get(ts)! - 1;
        if (left === 0) this.holds.delete(ts);
        else this.holds.set(ts, left);
      },
    };
  }
}

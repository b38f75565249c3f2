/**
 * When tables are analysed without being asked, and how fast: `AnalyzePace` counts what else the server does.
 *
 *     rows are written        wait for six seconds without, at most five minutes
 *     statements run          wait for half a minute longer, then take a fiftieth of the thread in slices of 1 ms
 *     nobody is there         take a tenth of it in slices of 5 ms
 *
 * Rare statements (somebody types, or waits for one long query) count as nobody: such a query is who profits most from statistics, and soon.
 * Whoever takes a fiftieth of a busy thread costs more than that, since it also spoils caches, so it begins when the fresh rows' first rush is over.
 */
import type { Clock } from '../../base/world.ts';
import type { Pace } from './sample.ts';

/** Statements a second from which a server has something better to do. */
const BUSY_STATEMENTS = 50;
/** Over which they are counted while a table is analysed. */
const WINDOW_MS = 200;
const BESIDE_STATEMENTS: Pace = { turnMs: 1, rest: 49 };
const ALONE: Pace = { turnMs: 5, rest: 9 };
/** Periods without a write before stale statistics are collected anew; with statements; and with writes, after which they are in any case. */
const QUIET_PERIODS = 3;
const QUIET_PERIODS_BUSY = 18;
const WRITING_PERIODS_MAX = 150;

export class AnalyzePace {
  /** Of this server since it began: each statement counts itself, once or twice. */
  statements = 0;
  private readonly clock: Clock;
  private quietPeriods = 0;
  private waitedPeriods = 0;
  private periodAtMs: number;
  private periodStatements = 0;
  private windowAtMs: number;
  private windowStatements = 0;
  private busy = false;

  constructor(clock: Clock) {
    this.clock = clock;
    this.periodAtMs = clock.monotonicMs();
    this.windowAtMs = this.periodAtMs;
  }

  /** Rows were written. */
  noteWrite(): void {
    this.quietPeriods = 0;
  }

  /** Once a period: whether to look for stale statistics now. */
  isTime(): boolean {
    const nowMs = this.clock.monotonicMs();
    const busy = isBusy(this.statements - this.periodStatements, nowMs - this.periodAtMs);
    this.periodAtMs = nowMs;
    this.periodStatements = this.statements;
    this.busy = busy;
    this.quietPeriods++;
    this.waitedPeriods++;
    const quietEnough = this.quietPeriods >= (busy ? QUIET_PERIODS_BUSY : QUIET_PERIODS);
    if (!quietEnough && this.waitedPeriods < WRITING_PERIODS_MAX) return false;
    this.waitedPeriods = 0;
    return true;
  }

  readonly pace = (): Pace => (this.isBusy ? BESIDE_STATEMENTS : ALONE);

  /** Statements run, as counted over the last window. */
  get isBusy(): boolean {
    const nowMs = this.clock.monotonicMs();
    const passedMs = nowMs - this.windowAtMs;
    if (passedMs >= WINDOW_MS) {
      this.busy = isBusy(this.statements - this.windowStatements, passedMs);
      this.windowAtMs = nowMs;
      this.windowStatements = this.statements;
    }
    return this.busy;
  }
}

function isBusy(statements: number, passedMs: number): boolean {
  return statements * 1000 > BUSY_STATEMENTS * passedMs;
}

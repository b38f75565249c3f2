/**
 * Virtual time: a heap of events by time, then by order of birth. Nothing happens between events, and after each one all
 * promises that it settled run to their end before the next begins; so a seed fixes the history. Every node has its own
 * clock on top, which a test may move or let run fast or slow, and its own timers: those of a frozen node all fire late, at
 * the thaw, in their order.
 */
import { assert } from '../assert.ts';
import type { Clock, Timer, Timers } from '../world.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

export class SimTime {
  private readonly heap: Event[] = [];
  private order = 0;
  private now = 0;

  /** Milliseconds since the simulation began. */
  get nowMs(): number {
    return this.now;
  }

  schedule(atMs: number, run: () => void): Timer {
    const event: Event = { atMs: Math.max(atMs, this.now), order: this.order++, run };
    push(this.heap, event);
    return {
      cancel: () => {
        event.run = undefined;
      },
    };
  }

  /** Runs events up to and including `untilMs`; time stands there afterwards. */
  async runUntil(untilMs: number): Promise<void> {
    await settle();
    while (this.heap.length > 0 && this.heap[0]!.atMs <= untilMs) await this.step();
    this.now = Math.max(this.now, untilMs);
  }

  /** Runs until `promise` has settled. Fails when nothing is left that could settle it, or after `limitMs` of virtual time. */
  async runFor<T>(promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
    let settled = false;
    const watched = promise.finally(() => (settled = true));
    watched.catch(() => undefined);
    const end = this.now + limitMs;
    await settle();
    while (!settled) {
      assert(this.heap.length > 0, 'the simulation waits for something that no event will bring');
      assert(this.heap[0]!.atMs <= end, 'the simulation took longer than its limit');
      await this.step();
    }
    return watched;
  }

  private async step(): Promise<void> {
    const event = pop(this.heap)!;
    if (!event.run) return;
    this.now = event.atMs;
    event.run();
    await settle();
  }
}

/** One life of a node as far as time goes: its timers, gone with it when it crashes, late while it is frozen. */
export class SimTimers implements Timers {
  private readonly time: SimTime;
  private readonly clock: SimClock | undefined;
  private alive = true;
  private thawMs = 0;

  /** With a clock, delays are measured by it: a fast clock's timers fire early. */
  constructor(time: SimTime, clock?: SimClock) {
    this.time = time;
    this.clock = clock;
  }

  after(delayMs: number, run: () => void): Timer {
    let cancelled = false;
    const timer = this.time.schedule(this.time.nowMs + Math.max(0, delayMs) / (this.clock?.rate ?? 1), () => {
      this.run(() => {
        if (!cancelled) run();
      });
    });
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  /** Runs `work` as this node: now, at the thaw when it is frozen, never when it is gone. */
  run(work: () => void): void {
    if (!this.alive) return;
    if (this.time.nowMs < this.thawMs) this.time.schedule(this.thawMs, () => this.run(work));
    else work();
  }

  /** As a stopped process: nothing of the node runs for so long, while its peers and its clock go on. */
  freeze(forMs: number): void {
    this.thawMs = Math.max(this.thawMs, this.time.nowMs + forMs);
  }

  /** True time, not the node's own. */
  get nowMs(): number {
    return this.time.nowMs;
  }

  get isFrozen(): boolean {
    return this.time.nowMs < this.thawMs;
  }

  every(periodMs: number, run: () => void): Timer {
    assert(periodMs > 0, 'a period is positive');
    let cancelled = false;
    let timer: Timer;
    const arm = (): void => {
      timer = this.after(periodMs, () => {
        run();
        if (!cancelled) arm();
      });
    };
    arm();
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  kill(): void {
    this.alive = false;
  }
}

/** A node's clock: real time, off and fast or slow by what a test says. */
export class SimClock implements Clock {
  private readonly time: SimTime;
  private offsetMs: number;
  private currentRate = 1;
  /** True time and what this clock showed when its rate was last changed. */
  private sinceMs = 0;
  private shownMs = 0;

  constructor(time: SimTime, startMs: number) {
    this.time = time;
    this.offsetMs = startMs;
  }

  wallMs(): number {
    return Math.floor(this.monotonicMs() + this.offsetMs);
  }

  monotonicMs(): number {
    return this.currentRate === 1 && this.sinceMs === this.shownMs
      ? this.time.nowMs
      : this.shownMs + (this.time.nowMs - this.sinceMs) * this.currentRate;
  }

  /** Milliseconds that this clock shows for one true millisecond. */
  get rate(): number {
    return this.currentRate;
  }

  /** From now on the clock drifts; timers that are already set keep their moment. */
  drift(rate: number): void {
    assert(rate > 0, 'a clock that stands or goes back is no clock');
    this.shownMs = this.monotonicMs();
    this.sinceMs = this.time.nowMs;
    this.currentRate = rate;
  }

  /** The wall clock jumps, forward or back; the monotonic one does not. */
  jump(byMs: number): void {
    this.offsetMs += byMs;
  }
}

/**
 * All promise reactions that can run do so first: the queue of ticks goes on only when that of reactions is empty. That is a turn without the loop around it, which
 * costs a call of the operating system. Now and then it is a whole turn, so that signals and rejections that nobody handles are heard.
 */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    if (++turns % TURNS_PER_LOOP === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });
}

const TURNS_PER_LOOP = 100;
let turns = 0;

function before(left: Event, right: Event): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(event, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || !last) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return top;
}

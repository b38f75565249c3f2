/**
 * Virtual time: a heap of events by time, then by order of birth. Nothing happens between events, and after each one all
 * promises that it settled run to their end before the next begins; so a seed fixes the history. Every node has its own
 * clock on top, which a test may move.
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

/** Timers of one node: gone with it when it crashes. */
export class SimTimers implements Timers {
  private readonly time: SimTime;
  private alive = true;

  constructor(time: SimTime) {
    this.time = time;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.time.schedule(this.time.nowMs + Math.max(0, delayMs), () => {
      if (this.alive) run();
    });
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

/** A node's clock: real time, off by what a test says. */
export class SimClock implements Clock {
  private readonly time: SimTime;
  private offsetMs: number;

  constructor(time: SimTime, startMs: number) {
    this.time = time;
    this.offsetMs = startMs;
  }

  wallMs(): number {
    return Math.floor(this.time.nowMs + this.offsetMs);
  }

  monotonicMs(): number {
    return this.time.nowMs;
  }

  /** The wall clock jumps, forward or back; the monotonic one does not. */
  jump(byMs: number): void {
    this.offsetMs += byMs;
  }
}

/** All promise reactions that can run do so before a macrotask: one turn of the real loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

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

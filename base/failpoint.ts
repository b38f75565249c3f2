/**
 * Failpoints: named places where a test, or somebody who studies a running system, can make things go wrong.
 *
 *     const beforeApply = failpoint('store::before-apply');      once a module
 *     if (beforeApply.armed) beforeApply.hit(this.world);          at the place
 *     if (sync.armed) injected = await sync.reach(this.world);      where the place may wait
 *
 * A point is one object for the life of the process, and an unarmed one costs the load of a field (bench/micro/failpoint.ts). `hit` and
 * `reach` give the value of `return(value)`, and the place does with it what base/failpoint-catalog.ts promises.
 *
 * Chance comes from the world that reaches the point, as a stream of its own: in simulation a seed gives one history and the draws
 * of others are not moved. What a point does to the process (print, end it, stop its thread) comes from a `FailpointHost`, which `bin/`
 * gives; without one `panic` throws, which is what a test of one function wants.
 */
import { assert } from './assert.ts';
import { RutileError } from './error.ts';
import { FAILPOINT_CATALOG, type FailpointDefinition, type FailpointName } from './failpoint-catalog.ts';
import { parseFailpoints, parsePlan, printPlan, type FailpointTerm } from './failpoint-plan.ts';
import { SeededRandom } from './random.ts';
import type { Random, Timers } from './world.ts';

export type { FailpointName } from './failpoint-catalog.ts';

export interface FailpointHost {
  /** Ends the process as a crash does: no handler runs, nothing is flushed. Throws where there is no process to end. */
  panic(message: string): never;
  print(message: string): void;
  /** Holds up the whole thread. Does nothing in simulation, where no time passes within a turn. */
  block(ms: number): void;
}

/** What a place gives of its world. */
export interface FailpointWorld {
  readonly random: Random;
  readonly timers: Timers;
}

export class FailpointPanic extends Error {
  override readonly name = 'FailpointPanic';
}

const DETACHED: FailpointHost = {
  panic(message) {
    throw new FailpointPanic(message);
  },
  print: () => undefined,
  block: () => undefined,
};
/** For places that have no world at hand, in a process that gave none. */
const FALLBACK_SEED = 20_261_123;
let host: FailpointHost = DETACHED;

/** `undefined` gives back the one that throws. */
export function setFailpointHost(wanted: FailpointHost | undefined): void {
  host = wanted ?? DETACHED;
}

interface Chained {
  readonly term: FailpointTerm;
  countLeft: number;
}

export class Failpoint {
  /** Read at the place; changed only here. */
  armed = false;
  readonly name: string;
  readonly definition: FailpointDefinition;
  /** How often an armed point was reached since it was set. */
  hits = 0;
  private chain: Chained[] = [];
  private callback: (() => void) | undefined = undefined;
  private random: Random | undefined = undefined;
  private paused: (() => void)[] = [];

  constructor(name: string, definition: FailpointDefinition) {
    this.name = name;
    this.definition = definition;
  }

  /** Fails with `failpoint.unsupported` when the place cannot do what the plan says. Whoever is paused here goes on. */
  set(plan: readonly FailpointTerm[]): void {
    for (const { action } of plan) {
      if ((action.kind === 'pause' || action.kind === 'yield') && !this.definition.waits)
        throw this.unsupported(`${action.kind}: the place cannot wait`);
      if (action.kind === 'return' && this.definition.returns === undefined)
        throw this.unsupported('return: the place has no failure to give');
    }
    this.clear();
    this.chain = plan.map((term) => ({ term, countLeft: term.countMax }));
    this.armed = this.acts();
  }

  /** For tests: runs at every hit. What it throws, the place throws. */
  call(callback: () => void): void {
    this.clear();
    this.callback = callback;
    this.armed = true;
  }

  clear(): void {
    this.armed = false;
    this.chain = [];
    this.callback = undefined;
    this.random = undefined;
    this.hits = 0;
    for (const wake of this.paused.splice(0)) wake();
  }

  /** As it was set, not what is left of it. */
  get plan(): string {
    return this.callback !== undefined ? 'call' : printPlan(this.chain.map(({ term }) => term));
  }

  /** At a place that cannot wait. Gives the value of `return(value)`. */
  hit(world?: FailpointWorld): string | undefined {
    assert(!this.definition.waits, 'a failpoint that waits was hit without waiting');
    const action = this.draw(world);
    switch (action?.kind) {
      case 'return':
        return action.value;
      case 'sleep':
      case 'delay':
        host.block(action.ms);
        return undefined;
      case 'panic':
        return host.panic(this.describe(action.text));
      case 'print':
        host.print(this.describe(action.text));
        return undefined;
      default:
        return undefined;
    }
  }

  /** At a place that may wait. Gives the value of `return(value)`. */
  async reach(world: FailpointWorld): Promise<string | undefined> {
    assert(this.definition.waits, 'a failpoint that cannot wait was reached');
    const action = this.draw(world);
    switch (action?.kind) {
      case 'return':
        return action.value;
      case 'sleep':
        await new Promise<void>((resolve) => void world.timers.after(action.ms, resolve));
        return undefined;
      case 'delay':
        host.block(action.ms);
        return undefined;
      case 'yield':
        await new Promise<void>((resolve) => world.timers.soon(resolve));
        return undefined;
      case 'pause':
        await new Promise<void>((resolve) => this.paused.push(resolve));
        return undefined;
      case 'panic':
        return host.panic(this.describe(action.text));
      case 'print':
        host.print(this.describe(action.text));
        return undefined;
      default:
        return undefined;
    }
  }

  get pausedCount(): number {
    return this.paused.length;
  }

  private draw(world: FailpointWorld | undefined): FailpointTerm['action'] | undefined {
    this.hits++;
    if (this.callback !== undefined) {
      this.callback();
      return undefined;
    }
    for (const link of this.chain) {
      const { action, percent } = link.term;
      if (link.countLeft === 0) continue;
      if (percent < 100) {
        this.random ??= world?.random.fork(`failpoint ${this.name}`) ?? new SeededRandom(FALLBACK_SEED);
        if (this.random.unit() * 100 >= percent) continue;
      }
      link.countLeft--;
      if (link.countLeft === 0) this.armed = this.acts();
      return action;
    }
    return undefined;
  }

  /** Whether any hit to come can do anything: a spent point costs as little as one that was never set. */
  private acts(): boolean {
    for (const { term, countLeft } of this.chain) {
      if (countLeft === 0) continue;
      if (term.action.kind !== 'off') return true;
      if (countLeft === Infinity && term.percent === 100) return false;
    }
    return false;
  }

  private describe(text: string): string {
    return `failpoint ${this.name}${text === '' ? '' : `: ${text}`}`;
  }

  private unsupported(reason: string): RutileError {
    return new RutileError('failpoint.unsupported', `failpoint ${this.name} cannot ${reason}`, {
      fields: { name: this.name },
    });
  }
}

export interface FailpointState {
  readonly name: string;
  readonly plan: string;
  readonly hits: number;
  readonly paused: number;
  readonly at: string;
}

/** All points of the process. */
export class Failpoints {
  private readonly points = new Map<string, Failpoint>();

  constructor(catalog: Readonly<Record<string, FailpointDefinition>>) {
    for (const [name, definition] of Object.entries(catalog)) this.points.set(name, new Failpoint(name, definition));
  }

  /** Fails with `failpoint.unknown`. */
  point(name: string): Failpoint {
    const point = this.points.get(name);
    if (!point)
      throw new RutileError(
        'failpoint.unknown',
        `there is no failpoint ${name}; known are ${this.names().join(', ')}`,
        {
          fields: { name },
        },
      );
    return point;
  }

  /** `2*panic->off`. */
  set(name: string, plan: string): void {
    this.point(name).set(parsePlan(plan));
  }

  /** `name=plan;name=plan`: all of them or, when one is wrong, none. */
  setAll(text: string): void {
    const wanted = parseFailpoints(text);
    for (const [name] of wanted) this.point(name);
    try {
      for (const [name, plan] of wanted) this.point(name).set(plan);
    } catch (error) {
      for (const [name] of wanted) this.point(name).clear();
      throw error;
    }
  }

  clear(name: string): void {
    this.point(name).clear();
  }

  clearAll(): void {
    for (const point of this.points.values()) point.clear();
  }

  names(): readonly string[] {
    return [...this.points.keys()].sort();
  }

  list(): readonly FailpointState[] {
    return this.names().map((name) => {
      const { plan, hits, pausedCount, definition } = this.points.get(name)!;
      return { name, plan, hits, paused: pausedCount, at: definition.at };
    });
  }
}

export const FAILPOINTS = new Failpoints(FAILPOINT_CATALOG);

/** The point of a place: its name is checked by the compiler. */
export function failpoint(name: FailpointName): Failpoint {
  return FAILPOINTS.point(name);
}

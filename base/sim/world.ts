/**
 * The simulated world: one seed, one history. A `Simulation` owns virtual time, chance and the wires; each node has a
 * `SimWorld` with its own disk, clock and timers. `crash()` takes a node's power: its timers never fire again, its promises never
 * settle, its connections break, its disk keeps what was certain and some of the rest. It returns the next life of
 * the same node, on the same disk. `freeze()` stops it as SIGSTOP does.
 *
 * Two ways to be hostile on purpose: *sites* (`world.chance('log.slow-turn')` in the product) fire in some runs and never in
 * production; *knobs* give a setting its usual value in most runs and an extreme in the others.
 */
import { SeededRandom } from '../random.ts';
import type { Random, World } from '../world.ts';
import { SimDisk, type SimDiskOptions } from './disk.ts';
import { type SimNetworkOptions, SimWires } from './network.ts';
import { SimClock, SimTime, SimTimers } from './time.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly network?: SimNetworkOptions;
  readonly disk?: SimDiskOptions;
  /** What the clocks of nodes show at the beginning. */
  readonly startMs?: number;
  /** Probability with which a `chance` site fires in a run in which it is awake. */
  readonly buggify?: number;
  /** Sites that are awake in this run whatever the seed says. */
  readonly awake?: readonly string[];
}

export class Simulation {
  readonly time = new SimTime();
  readonly random: Random;
  readonly wires: SimWires;
  private readonly options: SimulationOptions;
  private readonly sites = new Map<string, boolean>();
  private readonly siteRandom: Random;
  private isCalm = false;
  private readonly knobs = new Map<string, unknown>();

  constructor(options: SimulationOptions) {
    this.options = options;
    this.random = new SeededRandom(options.seed);
    this.siteRandom = this.random.fork('sites');
    this.wires = new SimWires(this.time, this.random.fork('wires'), options.network);
  }

  node(name: string): SimWorld {
    const random = this.random.fork(`node ${name}`);
    const clock = new SimClock(this.time, this.options.startMs ?? Date.UTC(2024, 0, 1));
    const timers = new SimTimers(this.time, clock);
    // The disk's own delays outlive the node that ordered them.
    const disk = new SimDisk(new SimTimers(this.time), random.fork('disk'), this.options.disk);
    return new SimWorld(this, name, { clock, timers, random, disk, life: 1 });
  }

  /** No site fires any more: a liveness phase begins. */
  calm(): void {
    this.isCalm = true;
  }

  /** A site is awake in one run of four; then it fires with the probability of the run. */
  chance(site: string): boolean {
    const { buggify } = this.options;
    if (!buggify || this.isCalm) return false;
    let awake = this.sites.get(site);
    if (awake === undefined) {
      awake = this.siteRandom.fork(site).below(4) === 0 || (this.options.awake?.includes(site) ?? false);
      this.sites.set(site, awake);
    }
    return awake && this.siteRandom.unit() < buggify;
  }

  /** The value of a setting in this run: the usual one in two runs of three, else one of the hostile ones. */
  knob<T>(name: string, usual: T, hostile: readonly T[]): T {
    if (this.knobs.has(name)) return this.knobs.get(name) as T;
    const random = this.random.fork(`knob ${name}`);
    const value = hostile.length > 0 && random.below(3) === 0 ? hostile[random.below(hostile.length)]! : usual;
    this.knobs.set(name, value);
    return value;
  }

  /** What was drawn so far, for the report of a failing seed. */
  get drawn(): string {
    const awake = [...this.sites].filter(([, isAwake]) => isAwake).map(([site]) => site);
    const knobs = [...this.knobs].map(([name, value]) => `${name}=${String(value)}`);
    return `awake sites: ${awake.join(' ') || 'none'}; knobs: ${knobs.join(' ') || 'none'}`;
  }
}

interface Parts {
  readonly clock: SimClock;
  readonly timers: SimTimers;
  readonly random: Random;
  readonly disk: SimDisk;
  readonly life: number;
}

export class SimWorld implements World {
  readonly name: string;
  readonly clock: SimClock;
  readonly timers: SimTimers;
  readonly random: Random;
  readonly disk: SimDisk;
  readonly network: World['network'];
  private readonly simulation: Simulation;
  private readonly life: number;

  constructor(simulation: Simulation, name: string, parts: Parts) {
    this.simulation = simulation;
    this.name = name;
    this.clock = parts.clock;
    this.timers = parts.timers;
    this.random = parts.random;
    this.disk = parts.disk;
    this.life = parts.life;
    this.disk.attach(this.timers);
    this.network = simulation.wires.network(name, this.timers);
  }

  chance(site: string): boolean {
    return this.simulation.chance(site);
  }

  /** Nothing of the node runs for so long; then everything that was due does, late. */
  freeze(forMs: number): void {
    this.timers.freeze(forMs);
  }

  /** Ends this life of the node and returns the next one. */
  crash(): SimWorld {
    this.timers.kill();
    this.simulation.wires.crash(this.name);
    const disk = this.disk.crash();
    return new SimWorld(this.simulation, this.name, {
      clock: this.clock,
      timers: new SimTimers(this.simulation.time, this.clock),
      random: this.random.fork(`life ${this.life + 1}`),
      disk,
      life: this.life + 1,
    });
  }
}

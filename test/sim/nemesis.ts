/**
 * The adversary of a simulated cluster: at random moments it breaks something and, a while later, mends it. Which kinds of
 * fault a run meets is drawn per run, so that some runs are only partitions and some are everything at once; how many nodes
 * may be down together is the scenario's choice. `heal` ends all of it: the liveness phase begins there.
 */
import type { SimWires, SimWorld } from '../../base/sim/index.ts';
import type { Random } from '../../base/world.ts';

/** What the adversary may do to a cluster; the scenario knows its nodes. */
export interface Victims {
  /** Names of the nodes that run now, sorted. */
  running(): readonly string[];
  world(name: string): SimWorld;
  /** Takes the power; false when the scenario refuses. */
  crash(name: string): boolean;
  /** Starts all nodes that are down. */
  restart(name: string): void;
  down(): readonly string[];
  /** All of them, in whatever state. */
  everybody(): readonly string[];
}

export type FaultKind =
  | 'partition'
  | 'one-way'
  | 'isolate'
  | 'clog'
  | 'lossy'
  | 'freeze'
  | 'crash'
  | 'crash-all'
  | 'drift'
  | 'clock-step'
  | 'disk-stall'
  | 'disk-slow'
  | 'disk-full';

export const FAULT_KINDS: readonly FaultKind[] = [
  'partition', 'one-way', 'isolate', 'clog', 'lossy', 'freeze', 'crash', 'crash-all', 'drift', 'clock-step', 'disk-stall',
  'disk-slow', 'disk-full',
]; // prettier-ignore

export interface NemesisOptions {
  readonly kinds?: readonly FaultKind[] | undefined;
  /** Clocks run fast or slow by at most this share. */
  readonly driftMax: number;
  readonly freezeMsMax: number;
}

export class Nemesis {
  readonly kinds: readonly FaultKind[];
  private readonly wires: SimWires;
  private readonly victims: Victims;
  private readonly random: Random;
  private readonly options: NemesisOptions;
  private readonly note: (fact: string) => void;
  private readonly calm: SimWires['options'];
  private readonly drifting = new Set<string>();

  constructor(
    wires: SimWires,
    victims: Victims,
    random: Random,
    note: (fact: string) => void,
    options: NemesisOptions,
  ) {
    this.wires = wires;
    this.victims = victims;
    this.random = random;
    this.note = note;
    this.options = options;
    this.calm = wires.options;
    const allowed = options.kinds ?? FAULT_KINDS;
    const drawn = allowed.filter(() => random.below(2) === 0);
    this.kinds = drawn.length > 0 ? drawn : allowed;
  }

  /** One fault, or the end of one. Call it every now and then. */
  strike(): void {
    const { random } = this;
    const down = this.victims.down();
    if (down.length > 0 && random.below(2) === 0) {
      const name = down[random.below(down.length)]!;
      this.note(`restart ${name}`);
      this.victims.restart(name);
      return;
    }
    if (random.below(3) === 0) {
      this.note('the network heals');
      this.wires.heal();
      this.wires.options = this.calm;
      return;
    }
    this.inflict(this.kinds[random.below(this.kinds.length)]!);
  }

  private inflict(kind: FaultKind): void {
    const { random, wires, victims } = this;
    const running = victims.running();
    if (running.length === 0) return;
    const one = running[random.below(running.length)]!;
    const others = running.filter((name) => name !== one);
    const other = others.length > 0 ? others[random.below(others.length)]! : one;
    const world = victims.world(one);
    this.note(`${kind} ${one}`);
    switch (kind) {
      case 'partition': {
        const left = running.filter(() => random.below(2) === 0);
        return wires.partition(
          left,
          running.filter((name) => !left.includes(name)),
        );
      }
      case 'one-way':
        return wires.cut(one, other);
      case 'isolate':
        return wires.partition([one], others);
      case 'clog':
        return wires.clog(one, other, 100 + random.below(3000));
      case 'lossy':
        wires.options = {
          ...this.calm,
          drop: random.unit() * 0.3,
          duplicate: random.unit() * 0.3,
          reorder: random.unit() * 0.5,
          tail: random.unit() * 0.1,
          tailMs: [50, 2000],
        };
        return;
      case 'freeze':
        return world.freeze(random.below(this.options.freezeMsMax));
      case 'crash':
        victims.crash(one);
        return;
      case 'crash-all':
        for (const name of running) victims.crash(name);
        return;
      case 'drift':
        this.drifting.add(one);
        return world.clock.drift(1 + (random.unit() * 2 - 1) * this.options.driftMax);
      case 'clock-step':
        return world.clock.jump((random.unit() * 2 - 1) * 60_000);
      case 'disk-stall':
        return world.disk.stall(random.below(3000));
      case 'disk-slow':
        world.disk.platter.writeDelayMs = [1, 1 + random.below(200)];
        return;
      case 'disk-full':
        world.disk.platter.capacityBytes = world.disk.usedBytes + random.below(20_000);
        return;
    }
  }

  /** Everything is mended; nodes that are down start again. */
  heal(): void {
    this.note('all is mended');
    this.wires.heal();
    this.wires.options = this.calm;
    for (const name of this.victims.everybody()) {
      const world = this.victims.world(name);
      if (this.drifting.has(name)) world.clock.drift(1);
      world.disk.platter.writeDelayMs = [0.05, 1];
      world.disk.platter.capacityBytes = Infinity;
    }
    for (const name of this.victims.down()) this.victims.restart(name);
  }
}

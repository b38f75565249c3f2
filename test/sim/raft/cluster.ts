/**
 * A raft cluster in one thread: nodes that come, go, crash and start again, clients that never stop asking, an operator who
 * moves leaders and members about, an adversary who breaks everything, an observer who sees all of it.
 *
 *     safety     faults, restarts, membership changes, transfers: no promise may break, progress is not asked for
 *     liveness   all is mended: within a bound a write succeeds and every voter catches up
 *     verdict    what the clients saw is linearizable
 *
 * One seed gives one run. Nothing here knows about planted faults: `mutations.ts` hands in hosts that have one.
 */
import assert from 'node:assert/strict';
import { enableVerify } from '../../../base/assert.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type SimWorld, Trace } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import { type ConfigChangeStep, EMPTY, membersOf, type QuietCommit } from '../../../kv/raft/index.ts';
import { checkRegisters } from '../../check/register.ts';
import { Nemesis, type Victims } from '../nemesis.ts';
import { Clients } from './clients.ts';
import { type Knobs, RaftHost } from './host.ts';
import { Observer } from './observer.ts';
import type { Plant } from './plant.ts';

const SAFETY_MS = 20_000;
const LIVENESS_MS = 20_000;
/** By how much clocks run fast or slow; the leases reckon with it. */
const DRIFT_MAX = 0.05;
const MEMBERS_MAX = 5;
const CLIENTS = 6;
/** About a second. */
const SEARCH_STEPS_MAX = 300_000;

export interface RaftRunOptions {
  readonly plant?: Plant;
  readonly safetyMs?: number;
}

interface Slot {
  readonly name: string;
  readonly id: number;
  world: SimWorld;
  host: RaftHost | undefined;
  state: 'up' | 'starting' | 'down' | 'gone';
}

class RaftRun implements Victims {
  readonly simulation: Simulation;
  readonly observer: Observer;
  readonly clients: Clients;
  readonly nemesis: Nemesis;
  private readonly random: Random;
  private readonly trace: Trace;
  private readonly options: RaftRunOptions;
  private readonly knobs: Knobs;
  private readonly slots = new Map<number, Slot>();
  private readonly founders: readonly number[];
  private readonly membersOnce = new Set<number>();
  private nextId = 1;
  private failure: Error | undefined;

  constructor(seed: number, trace: Trace, options: RaftRunOptions) {
    this.trace = trace;
    this.options = options;
    this.simulation = new Simulation({
      seed,
      network: { delayMs: [0.2, 4], drop: 0, duplicate: 0, reorder: 0 },
      disk: { writeDelayMs: [0.05, 2] },
      buggify: options.plant?.crashSites === undefined ? 0.02 : 0.3,
      awake: options.plant?.crashSites ?? [],
    });
    this.random = new SeededRandom(seed).fork('run');
    const { plant } = options;
    this.knobs = { ...drawKnobs(this.simulation), ...plant?.knobs };
    this.observer = new Observer((fact) => this.note(fact));
    this.founders = Array.from({ length: this.simulation.knob('founders', 3, [1, 4, 5]) }, () => this.nextId++);
    this.clients = new Clients(this.simulation.node('clients'), this.random.fork('clients'), {
      addresses: () => this.running(),
      keys: this.knobs.keys,
      note: (fact) => this.note(fact),
    });
    this.nemesis = new Nemesis(this.simulation.wires, this, this.random.fork('nemesis'), (fact) => this.note(fact), {
      driftMax: plant?.driftMax ?? DRIFT_MAX,
      freezeMsMax: 4000,
      ...(plant?.faults === undefined ? {} : { kinds: plant.faults }),
    });
  }

  async run(): Promise<void> {
    const { time } = this.simulation;
    for (const id of this.founders) this.add(id, this.founders);
    const work = Array.from({ length: CLIENTS }, (_, i) => this.clients.work(i + 1, this.knobs.clientPauseMs));
    for (const worker of work) worker.catch((error: unknown) => this.fail(error));
    const safetyEndMs = this.options.safetyMs ?? SAFETY_MS;
    while (time.nowMs < safetyEndMs) {
      await this.pass(20 + this.random.below(400));
      if (time.nowMs < 600) continue;
      if (this.random.below(3) === 0) this.nemesis.strike();
      if (this.options.plant?.restless || this.random.below(3) === 0) this.operate();
    }
    await this.live();
    this.judge();
    this.trace.ranFor(time.nowMs);
  }

  // ---- the adversary's view ----

  running(): readonly string[] {
    return this.inState('up').map((slot) => slot.name);
  }

  down(): readonly string[] {
    return this.inState('down').map((slot) => slot.name);
  }

  everybody(): readonly string[] {
    return [...this.slots.values()].filter((slot) => slot.state !== 'gone').map((slot) => slot.name);
  }

  world(name: string): SimWorld {
    return this.named(name).world;
  }

  crash(name: string): boolean {
    const slot = this.named(name);
    if (slot.state !== 'up') return false;
    this.stop(slot);
    return true;
  }

  restart(name: string): void {
    this.start(this.named(name), []);
  }

  // ---- nodes ----

  private add(id: number, founders: readonly number[]): void {
    const name = `n${id}`;
    const slot: Slot = { name, id, world: this.simulation.node(name), host: undefined, state: 'down' };
    this.slots.set(id, slot);
    this.start(slot, founders);
  }

  private start(slot: Slot, _founders: readonly number[]): void {
    if (slot.state !== 'down') return;
    slot.state = 'starting';
    const { world } = slot;
    world.disk.platter.losesSynced = this.options.plant?.disksForget ?? false;
    const opening = RaftHost.open(world, {
      id: slot.id,
      founders: this.founders.includes(slot.id) ? this.founders : [],
      knobs: this.knobs,
      driftMax: DRIFT_MAX,
      observer: this.observer,
      onFailure: (error) => this.hostFailed(slot, world, error),
      onCrash: (site) => {
        if (slot.world !== world) return;
        this.note(`${slot.name} loses its power ${site}`);
        this.stop(slot);
        // Soon again, so that what it forgot still matters.
        this.later(this.random.below(300), () => this.start(slot, []));
      },
      plant: this.options.plant,
    });
    opening.then(
      (host) => {
        if (slot.world !== world || slot.state !== 'starting') return;
        slot.host = host;
        slot.state = 'up';
        this.note(`${slot.name} is up`);
      },
      (error: unknown) => this.hostFailed(slot, world, error),
    );
  }

  private stop(slot: Slot): void {
    slot.host = undefined;
    slot.world = slot.world.crash();
    slot.state = 'down';
  }

  /** A disk without room stops a node: it may start again later. Anything else is a finding. */
  private hostFailed(slot: Slot, world: SimWorld, error: unknown): void {
    if (slot.world !== world) return;
    if (error instanceof RutileError && (error.code === 'disk.full' || error.code === 'log.overloaded')) {
      this.note(`${slot.name} stops: ${error.code}`);
      this.stop(slot);
    } else this.fail(error);
  }

  private inState(state: Slot['state']): readonly Slot[] {
    return [...this.slots.values()].filter((slot) => slot.state === state);
  }

  private named(name: string): Slot {
    return [...this.slots.values()].find((slot) => slot.name === name)!;
  }

  // ---- the operator ----

  /** Asks the leader for a change of members or of leadership; it may refuse, or be a leader no more. */
  private operate(): void {
    const leader = this.leader();
    if (leader === undefined || leader.world.timers.isFrozen) return;
    const { random } = this;
    const { voters, learners } = leader.host!.members();
    this.bury(leader);
    const candidates = voters.filter((id) => id !== leader.id);
    const change = (...steps: readonly ConfigChangeStep[]): void => {
      this.note(`change ${JSON.stringify(steps)}`);
      const transition = random.below(3) === 0 ? 'implicit' : 'auto';
      leader.host!.changeMembers({ transition, steps, context: EMPTY });
    };
    const any = (ids: readonly number[]): number => ids[random.below(ids.length)]!;
    switch (this.options.plant?.restless ? [2, 2, 5, 5, 5][random.below(5)] : random.below(6)) {
      case 0:
      case 1:
        if (candidates.length > 0) leader.host!.transferTo(any(candidates));
        return;
      case 2:
        if (voters.length + learners.length < MEMBERS_MAX) {
          const id = this.nextId++;
          this.note(`n${id} is to join`);
          this.add(id, []);
          change({ kind: 'add-learner', id });
        }
        return;
      case 3:
        if (learners.length > 0) change({ kind: 'add-voter', id: any(learners) });
        return;
      case 4:
        if (voters.length > 3) change({ kind: 'remove', id: any(voters) });
        return;
      case 5:
        // One goes as another comes: two majorities for a while.
        if (learners.length > 1 && voters.length > 2 && random.below(2) === 0) {
          const [first, second] = learners as readonly [number, number];
          const gone = any(voters);
          change(
            { kind: 'add-voter', id: first },
            { kind: 'add-voter', id: second },
            { kind: 'remove', id: gone },
            { kind: 'remove', id: any(voters.filter((id) => id !== gone)) },
          );
        } else if (learners.length > 0 && voters.length > 1)
          change({ kind: 'add-voter', id: any(learners) }, { kind: 'remove', id: any(voters) });
        return;
    }
  }

  /** Takes away nodes that were members and are no more. */
  private bury(leader: Slot): void {
    const members = membersOf(leader.host!.members());
    if (leader.host!.appliedIndex < this.observer.committedIndex) return;
    for (const id of members) this.membersOnce.add(id);
    for (const slot of this.slots.values()) {
      if (
        slot.state === 'gone' ||
        !this.membersOnce.has(slot.id) ||
        slot.state === 'starting' ||
        members.includes(slot.id)
      )
        continue;
      if (this.random.below(4) > 0) continue;
      this.note(`${slot.name} is taken away`);
      if (slot.state === 'up') this.stop(slot);
      slot.state = 'gone';
    }
  }

  private leader(): Slot | undefined {
    return this.inState('up')
      .filter((slot) => slot.host!.isLeader)
      .sort((left, right) => right.host!.term - left.host!.term)[0];
  }

  // ---- phases ----

  private async live(): Promise<void> {
    const { time } = this.simulation;
    this.nemesis.heal();
    this.simulation.calm();
    const endMs = time.nowMs + LIVENESS_MS;
    let written = false;
    this.clients.succeed(9).then(
      () => (written = true),
      (error: unknown) => this.fail(error),
    );
    while (!written) {
      await this.pass(50);
      for (const name of this.down()) this.restart(name);
      assert(
        time.nowMs < endMs,
        `no write succeeded within ${LIVENESS_MS} ms after all was mended: ${this.describe()}`,
      );
    }
    this.clients.stop();
    for (;;) {
      await this.pass(50);
      for (const name of this.down()) this.restart(name);
      const leader = this.leader();
      const voters = leader?.host!.members().voters ?? [];
      const behind = voters.filter((id) => {
        const host = this.slots.get(id)?.host;
        return host === undefined || host.appliedIndex < this.observer.committedIndex;
      });
      if (leader !== undefined && behind.length === 0) break;
      assert(time.nowMs < endMs, `${behind.join(' ')} did not catch up within ${LIVENESS_MS} ms: ${this.describe()}`);
    }
  }

  private judge(): void {
    const verdict = checkRegisters(this.clients.history, SEARCH_STEPS_MAX);
    // Rare, with many writes of unknown fate at once: the other promises were held nevertheless.
    if (verdict.kind === 'undecided') this.note('the search for an order was given up');
    if (verdict.kind === 'violation') throw new Error(verdict.explanation);
    const { counters } = this.clients;
    this.note(`${JSON.stringify(counters)} ${JSON.stringify(this.observer.counters)} ${this.simulation.drawn}`);
  }

  private async pass(ms: number): Promise<void> {
    const { time } = this.simulation;
    await time.runUntil(time.nowMs + ms);
    // The first thing that went wrong: what follows may be its consequence.
    if (this.failure !== undefined) throw this.failure;
    if (this.observer.breach !== undefined) throw this.observer.breach;
  }

  private describe(): string {
    return [...this.slots.values()]
      .filter((slot) => slot.state !== 'gone')
      .map((slot) => `${slot.name} ${slot.state} ${slot.host?.describe() ?? ''}`)
      .join('; ');
  }

  private later(ms: number, run: () => void): void {
    this.simulation.time.schedule(this.simulation.time.nowMs + ms, run);
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  private note(fact: string): void {
    this.trace.add(`${this.simulation.time.nowMs.toFixed(3)} ${fact}`);
  }
}

function drawKnobs(simulation: Simulation): Knobs {
  return {
    entriesKept: simulation.knob('entries-kept', 100, [3, 3, 20]),
    segmentSizeBytes: simulation.knob('segment-size', 256 * 1024, [16 * 1024]),
    messageSizeBytesMax: simulation.knob('message-size', 64 * 1024, [1, 200]),
    messagesInFlightMax: simulation.knob('in-flight', 64, [1, 2]),
    uncommittedSizeBytesMax: simulation.knob('uncommitted-size', 1 << 20, [300]),
    tickMs: simulation.knob('tick', 50, [20, 150]),
    applyDelayMs: simulation.knob('apply-delay', 0, [30, 300]),
    lease: simulation.knob('lease', true, [false]),
    quietCommit: simulation.knob<QuietCommit>('quiet-commit', 'until-tick', ['never', 'always']),
    keys: simulation.knob('keys', 3, [1, 8]),
    clientPauseMs: simulation.knob('client-pause', 60, [10, 400]),
  };
}

/** Throws when a promise was broken. */
export async function raftRun(seed: number, trace = new Trace(), options: RaftRunOptions = {}): Promise<Clients> {
  enableVerify();
  const run = new RaftRun(seed, trace, options);
  await run.run();
  return run.clients;
}

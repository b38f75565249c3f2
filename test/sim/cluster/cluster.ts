/**
 * Whole stores in one thread: several machines with all their regions, clients behind routers (`ClusterWork`: of the key-value floor, or
 * SQL servers with theirs), an operator who splits and moves, an adversary who breaks everything.
 *
 *     safety     faults, crashes, splits, members that come and go: no promise may break, progress is not asked for
 *     liveness   all is mended: every client finishes one work of each kind, every replica catches up, within a bound
 *     verdict    the histories hold (the work's own checks), replicas of one index are equal (replicas.ts), nothing is left over
 *
 * One seed gives one run. Nothing here knows about planted faults: `mutations.ts` hands in what bends a store.
 */
import assert from 'node:assert/strict';
import { enableVerify } from '../../../base/assert.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type SimWorld, Trace } from '../../../base/sim/index.ts';
import type { Random } from '../../../base/world.ts';
import { LocalKvClient, type LocalKvClientOptions, RegionRouter } from '../../../kv/client/index.ts';
import { MemoryEngine } from '../../../kv/engine/memory.ts';
import { type FaultKind, Nemesis, type Victims } from '../nemesis.ts';
import { compareBounds } from './bounds.ts';
import { Caller } from './calls.ts';
import { KvWork } from './kv-work.ts';
import { addressOf, type Knobs, StoreNode } from './node.ts';
import { Operator } from './operator.ts';
import { Placement, PLACEMENT } from './placement.ts';
import type { Plant } from './plant.ts';
import { RemoteStore } from './remote-store.ts';
import { Replicas } from './replicas.ts';
import { MemberGroup } from './members.ts';
import type { ClusterWork, Ground, Machine } from './work.ts';

const SAFETY_MS = 15_000;
const LIVENESS_MS = 60_000;
/** By how much clocks run fast or slow; the leases reckon with it. */
const DRIFT_MAX = 0.05;
const PATIENCE_MS = 4000;
/** A node that has one of these problems stops; it may start again later. */
const PROBLEMS = new Set(['disk.full', 'log.overloaded']);

export interface ClusterRunOptions {
  readonly plant?: Plant | undefined;
  readonly safetyMs?: number;
  /** Who lives on the stores; by default clients of the key-value floor. */
  readonly work?: (ground: Ground) => ClusterWork;
  /** Instead of what the seed draws. */
  readonly knobs?: Partial<Knobs>;
  /** Of which the adversary draws; by default all. */
  readonly faults?: readonly FaultKind[] | undefined;
  readonly freezeMsMax?: number;
  /** How long a client tries to reach a region. */
  readonly patienceMs?: number;
}

interface Slot {
  readonly name: string;
  readonly id: number;
  world: SimWorld;
  engine: MemoryEngine;
  node: StoreNode | undefined;
  state: 'up' | 'starting' | 'down';
}

class ClusterRun implements Victims, Ground {
  readonly simulation: Simulation;
  private readonly work: ClusterWork;
  private readonly placement: Placement;
  private readonly members: MemberGroup | undefined;
  private readonly nemesis: Nemesis;
  private readonly operator: Operator;
  private readonly replicas = new Replicas();
  readonly random: Random;
  private readonly trace: Trace;
  private readonly options: ClusterRunOptions;
  readonly knobs: Knobs;
  private readonly slots: readonly Slot[];
  failure: Error | undefined;

  constructor(seed: number, trace: Trace, options: ClusterRunOptions) {
    this.trace = trace;
    this.options = options;
    const { plant } = options;
    this.simulation = new Simulation({
      seed,
      network: { delayMs: [0.2, 4], drop: 0, duplicate: 0, reorder: 0 },
      disk: { writeDelayMs: [0.05, 2] },
      buggify: 0.02,
    });
    this.random = new SeededRandom(seed).fork('cluster');
    // Planted faults are looked for without, unless they are about it.
    this.knobs = { ...drawKnobs(this.simulation), ...(plant && { merging: 0 }), ...options.knobs, ...plant?.knobs };
    const note = (fact: string): void => this.note(fact);
    const bug = (error: unknown): void => this.fail(error);
    const memberCount = plant === undefined ? this.simulation.knob('placement-members', 0, [3]) : 0;
    this.members = memberCount === 0 ? undefined : new MemberGroup(memberCount, this);
    this.placement = new Placement(this.simulation.node(PLACEMENT), bug, this.members);
    this.slots = Array.from({ length: this.knobs.storeCount }, (_, i) => ({
      name: addressOf(i + 1),
      id: i + 1,
      world: this.simulation.node(addressOf(i + 1)),
      engine: new MemoryEngine(),
      node: undefined,
      state: 'down',
    }));
    this.work = (options.work ?? ((ground: Ground) => new KvWork(ground)))(this);
    const { placement, knobs, work } = this;
    this.operator = new Operator({
      placement,
      knobs,
      keys: () => work.splitKeys,
      random: this.random.fork('operator'),
      note,
      bug,
    });
    this.nemesis = new Nemesis(this.simulation.wires, this, this.random.fork('nemesis'), note, {
      driftMax: plant?.driftMax ?? DRIFT_MAX,
      freezeMsMax: options.freezeMsMax ?? 4000,
      kinds: plant?.faults ?? options.faults,
    });
  }

  clientsOn(world: SimWorld): (limits: LocalKvClientOptions['limits']) => LocalKvClient {
    const { placement } = this;
    const caller = new Caller(world);
    const stores = new Map(
      this.slots.map(({ id, name }) => [id, new RemoteStore(caller, name, 1000 + 500 * (id % 3))]),
    );
    const router = new RegionRouter({
      source: placement.sourceFor(world),
      storeOf: (id) => stores.get(id),
      world,
      patienceMs: this.options.patienceMs ?? PATIENCE_MS,
      regionsMax: 1000,
      safePoints: { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) },
    });
    const timestamps = placement.timestampsFor(world, false);
    return (limits) => new LocalKvClient({ store: router, timestamps, world, limits: limits ?? {} });
  }

  async run(): Promise<void> {
    const { time } = this.simulation;
    this.members?.start();
    for (const slot of this.slots) this.start(slot);
    const prepared = this.work.prepare();
    await this.pass(500);
    await time.runFor(prepared);
    const safetyEndMs = time.nowMs + (this.options.safetyMs ?? SAFETY_MS);
    this.work.start();
    while (time.nowMs < safetyEndMs) {
      await this.pass(20 + this.random.below(300));
      this.compare();
      if (time.nowMs > 3000 && this.random.below(4) === 0) this.nemesis.strike();
      if (this.random.unit() < this.knobs.restlessness) this.operate();
    }
    await this.live();
    await this.until('the verdict', this.work.judge());
    const counters = JSON.stringify([...this.work.counters].sort());
    this.note(
      `${counters} ${this.replicas.comparedCount} compared, ${this.placement.regions.size} regions, ${this.operator.mergeCount} merges`,
    );
    this.note(this.simulation.drawn);
    this.trace.ranFor(time.nowMs);
  }

  // ---- the adversary's view

  running(): readonly string[] {
    return this.namesIn('up');
  }

  down(): readonly string[] {
    return this.namesIn('down');
  }

  everybody(): readonly string[] {
    return [...this.slots, ...this.machines].map(({ name }) => name);
  }

  world(name: string): SimWorld {
    return (this.machine(name) ?? this.named(name)).world;
  }

  crash(name: string): boolean {
    const machine = this.machine(name);
    if ((machine ?? this.named(name)).state !== 'up') return false;
    if (machine !== undefined) machine.crash();
    else this.stop(this.named(name));
    return true;
  }

  restart(name: string): void {
    const machine = this.machine(name);
    if (machine !== undefined) machine.start();
    else this.start(this.named(name));
  }

  private namesIn(state: Slot['state']): readonly string[] {
    return [...this.slots, ...this.machines].flatMap((one) => (one.state === state ? [one.name] : []));
  }

  private get machines(): readonly Machine[] {
    return [...this.work.machines, ...(this.members?.machines ?? [])];
  }

  private machine(name: string): Machine | undefined {
    return this.machines.find((one) => one.name === name);
  }

  // ---- nodes

  private start(slot: Slot): void {
    if (slot.state !== 'down') return;
    slot.state = 'starting';
    const { world, engine, id } = slot;
    const { placement, knobs } = this;
    const bug = (error: unknown): void => this.nodeFailed(slot, world, error);
    StoreNode.open(world, { id, engine, placement, knobs, bug, plant: this.options.plant }).then((node) => {
      if (slot.world !== world) return;
      slot.node = node;
      slot.state = 'up';
      this.note(`${slot.name} is up`);
    }, bug);
  }

  private stop(slot: Slot): void {
    slot.node = undefined;
    slot.engine = slot.engine.crash(this.random);
    slot.world = slot.world.crash();
    slot.state = 'down';
  }

  private nodeFailed(slot: Slot, world: SimWorld, error: unknown): void {
    if (slot.world !== world) return;
    const problem = problemOf(error);
    if (problem === undefined) return this.fail(error);
    this.note(`${slot.name} stops: ${problem}`);
    this.stop(slot);
  }

  private inState(state: Slot['state']): readonly Slot[] {
    return this.slots.filter((slot) => slot.state === state);
  }

  private named(name: string): Slot {
    return this.slots.find((slot) => slot.name === name)!;
  }

  private operate(): void {
    const sites = this.inState('up').filter((slot) => !slot.world.timers.isFrozen);
    const members = this.slots.map((slot) => slot.id);
    this.operator.operate(sites.map(({ id, node }) => ({ id, store: node!.store })), members); // prettier-ignore
  }

  // ---- phases

  private async live(): Promise<void> {
    const { time } = this.simulation;
    this.nemesis.heal();
    this.simulation.calm();
    for (const { what, run } of this.work.endings()) await this.until(what, run());
    const endMs = time.nowMs + LIVENESS_MS;
    for (;;) {
      const late = this.late();
      if (late === undefined) break;
      assert(time.nowMs < endMs, `${late} within ${LIVENESS_MS} ms after all was mended: ${this.describe()}`);
      await this.pass(100);
      this.compare();
      for (const name of this.down()) this.restart(name);
    }
    for (const { name, node, engine } of this.slots) {
      const wrong = this.replicas.check(name, node!.store, engine) ?? this.replicas.leftovers(node!.store, engine);
      if (wrong !== undefined) throw new Error(`${name}: ${wrong}`);
    }
  }

  /** What has not come to rest yet. */
  private late(): string | undefined {
    const starting = this.slots.find((slot) => slot.state !== 'up');
    if (starting !== undefined) return `${starting.name} did not start`;
    const regions = this.regions();
    for (let i = 0; i < regions.length; i++) {
      const { region, leader } = regions[i]!;
      const lower = i === 0 ? '' : Buffer.from(regions[i - 1]!.region.upper).toString('hex');
      if (Buffer.from(region.lower).toString('hex') !== lower) return `regions do not join at ${lower}`;
      for (const { storeId, id } of region.peers) {
        const replica = this.slots[storeId - 1]!.node!.store.regionsHere.peers.get(region.id);
        if (replica?.appliedIndex !== leader.appliedIndex || replica.region.epoch.confVersion !== region.epoch.confVersion)
          return `peer ${id} of region ${region.id} on store ${storeId} did not catch up (at ${replica?.appliedIndex} of ${leader.appliedIndex})`; // prettier-ignore
      }
    }
    if (regions.at(-1)?.region.upper.length !== 0) return 'the last region is not led';
    // What nobody counts as a member any more has left.
    for (const { name, node } of this.slots)
      for (const peer of node!.store.regionsHere.peers.all())
        if (
          !regions.some(
            ({ region }) => region.id === peer.id && region.peers.some((one) => addressOf(one.storeId) === name),
          )
        )
          return `${name} still has a peer of region ${peer.id}, which it should not`;
    return undefined;
  }

  /** Led regions by their place. */
  private regions() {
    const led = this.slots.flatMap(({ node }) =>
      node!.store.regionsHere.peers
        .all()
        .flatMap((peer) => (peer.serves ? [{ region: peer.region, leader: peer }] : [])),
    );
    return led.sort((left, right) => compareBounds(left.region, right.region));
  }

  private async until(what: string, work: Promise<unknown>): Promise<void> {
    const { time } = this.simulation;
    const endMs = time.nowMs + LIVENESS_MS;
    let done = false;
    work.then(
      () => (done = true),
      (error: unknown) => this.fail(error),
    );
    while (!done) {
      await this.pass(50);
      for (const name of this.down()) this.restart(name);
      assert(done || time.nowMs < endMs, `waited ${LIVENESS_MS} ms in vain for ${what}: ${this.describe()}`);
    }
  }

  private async pass(ms: number): Promise<void> {
    const { time } = this.simulation;
    await time.runUntil(time.nowMs + ms);
    for (const slot of this.inState('up')) {
      const { readOnly } = slot.node!.store;
      if (readOnly !== undefined) this.nodeFailed(slot, slot.world, readOnly);
    }
    // The first thing that went wrong: what follows may be its consequence.
    if (this.failure !== undefined) throw this.failure;
  }

  private compare(): void {
    for (const { name, node, engine } of this.inState('up')) {
      const wrong = this.replicas.check(name, node!.store, engine);
      if (wrong !== undefined) throw new Error(wrong);
    }
  }

  private describe(): string {
    return this.slots
      .map(({ name, state, node }) => {
        const peers = node?.store.regionsHere.peers.all().map((peer) => {
          const { core } = peer.consensus;
          return `\n    ${peer.id}: peer ${core.id} ${core.role} of term ${core.term}, applied ${peer.appliedIndex}, serves ${peer.serves}, changing ${peer.changing}, recovering ${peer.recovering}, ${JSON.stringify(peer.region.epoch)}, ${peer.region.peers.map((one) => `${one.id}@${one.storeId}${one.role}`).join(' ')}`;
        });
        return `\n  ${name} ${state} ${peers?.join('') ?? ''}`;
      })
      .join('');
  }

  fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  note(fact: string): void {
    this.trace.add(`${this.simulation.time.nowMs.toFixed(3)} ${fact}`);
  }
}

/** The reason, somewhere down the causes, why a node may stop. */
function problemOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof RutileError && PROBLEMS.has(at.code)) return at.code;
  return undefined;
}

function drawKnobs(simulation: Simulation): Knobs {
  return {
    storeCount: simulation.knob('stores', 4, [3, 5]),
    replicas: simulation.knob('replicas', 3, [1, 2, 4]),
    regionsMax: simulation.knob('regions', 6, [1, 20]),
    logKeptCount: simulation.knob('log-kept', 20, [1, 3]),
    logKeptCountMax: simulation.knob('log-kept-max', 60, [4, 1000]),
    tickMs: simulation.knob('tick', 50, [20, 100]),
    // An entry fits in a segment, as it does in a store.
    segmentSizeBytes: simulation.knob('segment-size', 256 * 1024, [64 * 1024]),
    entrySizeBytesMax: simulation.knob('entry-size', 32 * 1024, [16 * 1024]),
    hotPagesSizeBytesMax: simulation.knob('hot-pages', 1 << 20, [4096, 0]),
    tracesMax: simulation.knob('traces', 1000, [4]),
    durableEveryMs: simulation.knob('durable-every', 300, [5, 30]),
    regionKeysMax: simulation.knob('region-keys', 1000, [6, 30]),
    snapshotChunkBytes: simulation.knob('snapshot-chunk', 500, [1, 512 * 1024]),
    slowOracle: simulation.knob('slow-oracle', false, [true]),
    clientPauseMs: simulation.knob('client-pause', 60, [10, 300]),
    keysPerCommandMax: simulation.knob('keys-per-command', 2, [1]),
    lockTtlMs: simulation.knob('lock-ttl', 1000, [200, 5000]),
    feedSizeBytesMax: simulation.knob('feed-size', 64 * 1024, [300, 2000]),
    restlessness: simulation.knob('restlessness', 0.3, [0.05, 0.8]),
    merging: simulation.knob('merging', 0.25, [0, 0.7]),
  };
}

/** Throws when a promise was broken. */
export async function clusterRun(seed: number, trace = new Trace(), options: ClusterRunOptions = {}): Promise<void> {
  enableVerify();
  const run = new ClusterRun(seed, trace, options);
  // What a store throws in a microtask of its own comes up here, and belongs to the run.
  const fail = (error: unknown): void => run.fail(error);
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const others = events.map((event) => process.listeners(event as 'uncaughtException'));
  for (const event of events) process.removeAllListeners(event).on(event, fail);
  try {
    await run.run();
    // Rejections are reported after the turn that made them.
    await new Promise((resolve) => setImmediate(resolve));
    if (run.failure !== undefined) throw run.failure;
  } finally {
    events.forEach((event, i) => {
      process.removeAllListeners(event);
      for (const other of others[i]!) process.on(event, other);
    });
  }
}

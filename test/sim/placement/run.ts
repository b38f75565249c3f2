/**
 * Placement's group in one thread: three members (and sometimes a fourth that joins), clients that never stop asking for timestamps and ids, an
 * adversary who kills, freezes and parts members and makes their clocks jump.
 *
 *     safety     faults: of two answers the one that was asked for after the other had come is larger, no timestamp and no id twice
 *     liveness   all is mended: within two seconds a timestamp is had
 *
 * What members decide together (stores, settings, the safe point) is compared at the end: all members hold the same.
 */
import assert from 'node:assert/strict';
import { deserialize, serialize } from 'node:v8';
import { enableVerify } from '../../../base/assert.ts';
import { RutileError } from '../../../base/error.ts';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type SimWorld, Trace } from '../../../base/sim/index.ts';
import type { Connection, Random } from '../../../base/world.ts';
import { coreImage, type MemberAddress, PlacementMember, toTimestamp } from '../../../kv/placement/index.ts';
import { Nemesis, type Victims } from '../nemesis.ts';
import { memberAddress, MemberWires } from './member-wires.ts';

const SAFETY_MS = 20_000;
/** Within this a client has a timestamp after all was mended. */
const HEALED_MS = 2000;
const LIVENESS_MS = 20_000;
const CLIENTS = 5;
const DRIFT_MAX = 0.05;
const FOUNDERS = 3;

interface Slot {
  readonly address: MemberAddress;
  readonly founders: readonly MemberAddress[];
  world: SimWorld;
  member: PlacementMember | undefined;
  state: 'up' | 'starting' | 'down';
}

interface Answer {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly smallest: bigint;
  readonly largest: bigint;
}

interface Request {
  readonly id: number;
  readonly kind: 'timestamps' | 'ids' | 'store';
  readonly count: number;
}

type Reply =
  | { readonly id: number; readonly kind: 'stamps'; readonly physical: number; readonly logical: number }
  | { readonly id: number; readonly kind: 'ids'; readonly first: number }
  | { readonly id: number; readonly kind: 'done' }
  | { readonly id: number; readonly kind: 'refused'; readonly leader: string };

class PlacementRun implements Victims {
  private readonly simulation: Simulation;
  private readonly random: Random;
  private readonly trace: Trace;
  private readonly nemesis: Nemesis;
  private readonly slots = new Map<string, Slot>();
  private readonly answers: Answer[] = [];
  private readonly ids = new Set<number>();
  private readonly clientWorld: SimWorld;
  private readonly connections = new Map<string, Connection>();
  private readonly waiting = new Map<number, (reply: Reply | undefined) => void>();
  private readonly entriesPerImage: number;
  private requests = 0;
  /** By client: whom it takes for the leader. */
  private readonly believed = new Map<number, string>();
  private stopping = false;
  private failure: Error | undefined;

  constructor(seed: number, trace: Trace) {
    this.trace = trace;
    this.simulation = new Simulation({
      seed,
      network: { delayMs: [0.2, 4], drop: 0, duplicate: 0, reorder: 0 },
      disk: { writeDelayMs: [0.05, 2] },
      buggify: 0.02,
    });
    this.random = new SeededRandom(seed).fork('run');
    this.entriesPerImage = this.simulation.knob('entries-per-image', 200, [3, 20]);
    this.nemesis = new Nemesis(this.simulation.wires, this, this.random.fork('nemesis'), (fact) => this.note(fact), {
      driftMax: DRIFT_MAX,
      freezeMsMax: 4000,
    });
    this.clientWorld = this.simulation.node('clients');
  }

  async run(): Promise<void> {
    const { time } = this.simulation;
    const founders = Array.from({ length: FOUNDERS }, (_, i) => memberAddress(i + 1));
    for (const one of founders) this.add(one, founders);
    for (let i = 1; i <= CLIENTS; i++) this.work(i).catch((error: unknown) => this.fail(error));
    const joinsAtMs = this.random.below(3) === 0 ? 3000 + this.random.below(10_000) : Infinity;
    while (time.nowMs < SAFETY_MS) {
      await this.pass(20 + this.random.below(400));
      if (time.nowMs < 600) continue;
      if (this.random.below(3) === 0) this.nemesis.strike();
      this.operate(joinsAtMs);
    }
    await this.live();
    this.note(`${this.answers.length} answers, ${this.ids.size} ids, ${this.simulation.drawn}`);
    this.trace.ranFor(time.nowMs);
  }

  // ---- the adversary's view

  running(): readonly string[] {
    return this.inState('up');
  }

  down(): readonly string[] {
    return this.inState('down');
  }

  everybody(): readonly string[] {
    return [...this.slots.keys()];
  }

  world(name: string): SimWorld {
    return this.slots.get(name)!.world;
  }

  crash(name: string): boolean {
    const slot = this.slots.get(name)!;
    if (slot.state !== 'up') return false;
    slot.member = undefined;
    slot.world = slot.world.crash();
    slot.state = 'down';
    return true;
  }

  restart(name: string): void {
    this.start(this.slots.get(name)!);
  }

  // ---- members

  private add(one: MemberAddress, founders: readonly MemberAddress[]): void {
    const slot: Slot = { address: one, founders, world: this.simulation.node(one.name), member: undefined, state: 'down' }; // prettier-ignore
    this.slots.set(one.name, slot);
    this.start(slot);
  }

  private start(slot: Slot): void {
    if (slot.state !== 'down') return;
    slot.state = 'starting';
    const { world } = slot;
    const wires = new MemberWires(world, slot.address.name);
    const failed = (error: unknown): void => {
      if (slot.world !== world) return;
      if (!(error instanceof RutileError && error.code === 'disk.full')) return this.fail(error);
      this.note(`${slot.address.name} stops: ${error.code}`);
      slot.member = undefined;
      slot.world = world.crash();
      slot.state = 'down';
    };
    PlacementMember.open(world, {
      folder: 'placement',
      self: slot.address,
      founders: slot.founders,
      transport: wires,
      timing: { entriesPerImage: this.entriesPerImage },
      segmentSizeBytes: 64 * 1024,
      onFailure: failed,
    }).then((member) => {
      if (slot.world !== world) return;
      slot.member = member;
      slot.state = 'up';
      wires.attach(member);
      this.serve(slot, member);
      this.note(`${slot.address.name} is up`);
    }, failed);
  }

  private inState(state: Slot['state']): readonly string[] {
    return [...this.slots.values()].filter((slot) => slot.state === state).map((slot) => slot.address.name);
  }

  private leader(): Slot | undefined {
    return [...this.slots.values()]
      .filter((slot) => slot.state === 'up' && slot.member!.leads)
      .sort((left, right) => right.member!.raft.term - left.member!.raft.term)[0];
  }

  private serve(slot: Slot, member: PlacementMember): void {
    slot.world.network.listen(slot.address.name, (connection) =>
      connection.onMessage((bytes) => {
        const request = deserialize(bytes) as Request;
        const say = (reply: Reply): void => connection.send(serialize(reply));
        this.answer(member, request).then(say, (error: unknown) => {
          if (!(error instanceof RutileError)) return this.fail(error);
          say({ id: request.id, kind: 'refused', leader: String(error.fields['leader'] ?? '').replace('http://', '') });
        });
      }),
    );
  }

  private async answer(member: PlacementMember, { id, kind, count }: Request): Promise<Reply> {
    switch (kind) {
      case 'timestamps':
        return { id, kind: 'stamps', ...(await member.timestamps(count)) };
      case 'ids':
        return { id, kind: 'ids', first: await member.allocateIds(count) };
      case 'store':
        await member.change({
          kind: 'put-store',
          store: { id: 1 + (count % 7), address: `s:${id}`, state: 'up', version: '1' },
        });
        return { id, kind: 'done' };
    }
  }

  /** Moves leadership about, and lets a fourth member join. */
  private operate(joinsAtMs: number): void {
    const leader = this.leader();
    if (leader === undefined || leader.world.timers.isFrozen) return;
    const joiner = memberAddress(FOUNDERS + 1);
    if (this.simulation.time.nowMs > joinsAtMs) {
      if (!this.slots.has(joiner.name)) this.add(joiner, []);
      else if (this.random.below(8) === 0) {
        this.note('p4 is to join');
        leader.member!.addMember(joiner).then(
          () => this.note('p4 is a member'),
          (error: unknown) => (error instanceof RutileError ? undefined : this.fail(error)),
        );
      }
    }
    if (this.random.below(6) > 0) return;
    const to = 1 + this.random.below(FOUNDERS);
    this.note(`leadership to p${to}`);
    leader.member!.transferLeader(to);
  }

  // ---- clients

  private async work(process: number): Promise<void> {
    const random = this.random.fork(`client ${process}`);
    while (!this.stopping) {
      await this.pause(1 + random.below(60));
      const draw = random.below(10);
      // Some ask whomever: one that led before does not know yet that it leads no more.
      if (random.below(6) === 0) this.believed.set(process, this.anybody());
      await this.ask(process, draw < 7 ? 'timestamps' : draw < 9 ? 'ids' : 'store', 1 + random.below(draw === 0 ? 200_000 : draw < 7 ? 4 : 400), 150 + random.below(1200)); // prettier-ignore
    }
  }

  private async ask(process: number, kind: Request['kind'], count: number, patienceMs: number): Promise<boolean> {
    const { time } = this.simulation;
    const askedMs = time.nowMs;
    const target = this.believed.get(process) ?? 'p1';
    const reply = await this.exchange(target, { id: ++this.requests, kind, count }, patienceMs);
    switch (reply?.kind) {
      case 'stamps': {
        const largest = toTimestamp(reply.physical, reply.logical);
        const answer = { askedMs, answeredMs: time.nowMs, smallest: largest - BigInt(count - 1), largest };
        this.note(`${target}: ${count} timestamps up to ${largest}`);
        this.checkStamps(answer);
        return true;
      }
      case 'ids':
        for (let id = reply.first; id < reply.first + count; id++) {
          assert(!this.ids.has(id), `id ${id} was given twice`);
          this.ids.add(id);
        }
        this.note(`${target}: ${count} ids from ${reply.first}`);
        return true;
      case 'done':
        return true;
      default: {
        const named = reply?.kind === 'refused' && this.slots.has(reply.leader) ? reply.leader : this.anybody();
        // Silence is no reason to go away at once.
        if (reply !== undefined || this.random.below(2) === 0) this.believed.set(process, named);
        return false;
      }
    }
  }

  private anybody(): string {
    const names = [...this.slots.keys()];
    return names[this.random.below(names.length)]!;
  }

  private checkStamps(answer: Answer): void {
    for (const other of this.answers) {
      assert(
        answer.smallest > other.largest || answer.largest < other.smallest,
        `${answer.smallest}..${answer.largest} meets ${other.smallest}..${other.largest}`,
      );
      if (other.answeredMs < answer.askedMs)
        assert(other.largest < answer.smallest, `${answer.smallest} was given after ${other.largest}`);
    }
    this.answers.push(answer);
  }

  private async exchange(target: string, request: Request, patienceMs: number): Promise<Reply | undefined> {
    let connection = this.connections.get(target);
    if (connection === undefined) {
      try {
        connection = await this.clientWorld.network.connect(target);
      } catch {
        return undefined;
      }
      this.connections.set(target, connection);
      connection.onMessage((bytes) => {
        const reply = deserialize(bytes) as Reply;
        this.waiting.get(reply.id)?.(reply);
      });
      connection.onClose(() => this.connections.delete(target));
    }
    return new Promise((resolve) => {
      const end = (reply: Reply | undefined): void => {
        if (!this.waiting.delete(request.id)) return;
        timer.cancel();
        resolve(reply);
      };
      const timer = this.clientWorld.timers.after(patienceMs, () => end(undefined));
      this.waiting.set(request.id, end);
      connection.send(serialize(request));
    });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clientWorld.timers.after(ms, resolve));
  }

  // ---- phases

  private async live(): Promise<void> {
    const { time } = this.simulation;
    this.nemesis.heal();
    this.simulation.calm();
    // What froze thaws by itself, and whoever is down is started: from then on there is no excuse.
    for (;;) {
      for (const name of this.down()) this.restart(name);
      const slots = [...this.slots.values()];
      if (slots.every((slot) => slot.state === 'up' && !slot.world.timers.isFrozen)) break;
      await this.pass(20);
      assert(time.nowMs < SAFETY_MS + LIVENESS_MS, 'a member does not start again');
    }
    const healedMs = time.nowMs;
    let served = false;
    const succeed = async (): Promise<void> => {
      while (!(await this.ask(0, 'timestamps', 1, 100))) await this.pause(10);
      served = true;
    };
    succeed().catch((error: unknown) => this.fail(error));
    while (!served) {
      await this.pass(10);
      assert(time.nowMs < healedMs + HEALED_MS, `no timestamp within ${HEALED_MS} ms after all was mended`);
    }
    this.note(`a timestamp ${(time.nowMs - healedMs).toFixed(0)} ms after all was mended`);
    this.stopping = true;
    const endMs = time.nowMs + LIVENESS_MS;
    for (;;) {
      await this.pass(50);
      for (const name of this.down()) this.restart(name);
      const leader = this.leader()?.member;
      const voters = leader?.raft.configuration.voters ?? [];
      const members = voters.map((id) => this.slots.get(`p${id}`)!.member);
      const same = members.every((one) => one !== undefined && one.raft.log.applied === leader!.raft.log.applied && sameBytes(coreImage(one.core), coreImage(leader!.core))); // prettier-ignore
      if (leader !== undefined && same) return;
      assert(time.nowMs < endMs, 'members do not come to the same state');
    }
  }

  private async pass(ms: number): Promise<void> {
    const { time } = this.simulation;
    await time.runUntil(time.nowMs + ms);
    if (this.failure !== undefined) throw this.failure;
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  private note(fact: string): void {
    this.trace.add(`${this.simulation.time.nowMs.toFixed(3)} ${fact}`);
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** Throws when a promise was broken. */
export async function placementRun(seed: number, trace = new Trace()): Promise<void> {
  enableVerify();
  await new PlacementRun(seed, trace).run();
}

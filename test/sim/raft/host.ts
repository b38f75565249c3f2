/**
 * One simulated node: the consensus core between a disk, the wires, a state machine and clients, driven the way a store drives
 * it. Every turn drains the core: messages leave, entries go to the log, what is committed is applied in order.
 */
import { deserialize, serialize } from 'node:v8';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import type { Answer, Request } from './clients.ts';
import { FakeCore, type Entry, type Message, type Output } from './fake-core.ts';
import { NodeDisk, type StoredSnapshot } from './node-disk.ts';
import type { Observer } from './observer.ts';
import type { Plant } from './plant.ts';
import { encodeCommand, RegisterMachine } from './register-machine.ts';

export interface Knobs {
  readonly entriesKept: number;
  readonly segmentSizeBytes: number;
  readonly messageSizeBytesMax: number;
  readonly messagesInFlightMax: number;
  readonly uncommittedSizeBytesMax: number;
  readonly tickMs: number;
  readonly applyDelayMs: number;
  readonly clientPauseMs: number;
}

export interface HostOptions {
  readonly id: number;
  /** Who votes at the very beginning; nobody for a node that joins later. */
  readonly founders: readonly number[];
  readonly knobs: Knobs;
  readonly observer: Observer;
  readonly onFailure: (error: unknown) => void;
  /** The power goes at this very moment: nothing of the node runs afterwards. */
  readonly onCrash: (site: string) => void;
  readonly plant?: Plant | undefined;
}

interface Waiter {
  readonly request: number;
  readonly connection: Connection;
}

export class RaftHost {
  readonly id: number;
  protected readonly world: SimWorld;
  protected readonly options: HostOptions;
  protected readonly disk: NodeDisk;
  protected readonly core: FakeCore;
  protected readonly machine = new RegisterMachine();
  protected readonly plant: Plant | undefined;
  private readonly links = new Map<number, Connection | 'connecting'>();
  private readonly proposals = new Map<number, Waiter>();
  private readonly reads = new Map<number, Waiter & { readonly key: string }>();
  private readonly seen = new Set<number>();
  private ripe: { readonly token: number; readonly index: number }[] = [];
  private queue: Entry[] = [];
  private applying = false;
  private scheduled = false;
  private applied = 0;
  private snapshotting = false;
  private gone = false;

  static async open(world: SimWorld, options: HostOptions): Promise<RaftHost> {
    const disk = await NodeDisk.open(world, {
      segmentSizeBytes: options.knobs.segmentSizeBytes,
      first: { index: 0, term: 0, configuration: { voters: options.founders }, machine: new RegisterMachine().save() },
    });
    const entries = await disk.read(1, disk.lastIndex + 1, Infinity);
    return new RaftHost(world, options, disk, entries as Entry[]);
  }

  constructor(world: SimWorld, options: HostOptions, disk: NodeDisk, entries: readonly Entry[]) {
    this.world = world;
    this.options = options;
    this.disk = disk;
    this.plant = options.plant;
    this.id = options.id;
    this.machine.load(disk.snapshot.machine);
    this.applied = disk.snapshot.index;
    options.observer.started(this.id, disk.snapshot.index, entries, disk.state?.term ?? 0);
    this.core = new FakeCore({
      id: this.id,
      voters: [...(disk.snapshot.configuration as { voters: number[] }).voters],
      state: disk.state,
      entries,
      random: world.random.fork('core'),
      applied: this.applied,
    });
    world.network.listen(`n${this.id}:raft`, (connection) =>
      connection.onMessage((bytes) => this.guard(() => this.receive(deserialize(bytes) as Message))),
    );
    world.network.listen(`n${this.id}`, (connection) =>
      connection.onMessage((bytes) => this.guard(() => this.serve(connection, JSON.parse(fromUtf8(bytes)) as Request))),
    );
    world.timers.every(options.knobs.tickMs, () =>
      this.guard(() => {
        this.core.tick();
        this.schedule();
      }),
    );
    this.schedule();
  }

  get isLeader(): boolean {
    return this.core.role === 'leader';
  }

  get term(): number {
    return this.core.term;
  }

  get appliedIndex(): number {
    return this.applied;
  }

  members(): { readonly voters: readonly number[]; readonly learners: readonly number[]; readonly pending: boolean } {
    return { voters: this.core.voters, learners: [], pending: false };
  }

  transferTo(_id: number): void {}

  changeMembers(_change: { addLearners: number[]; promote: number[]; remove: number[] }): void {}

  describe(): string {
    return `${this.core.role} of term ${this.term}, commit ${this.core.commit}, applied ${this.applied}`;
  }

  // ---- the turn ----

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.world.timers.soon(() => {
      this.scheduled = false;
      this.guard(() => this.turn());
    });
  }

  private turn(): void {
    this.observe();
    for (let output = this.core.drain(); output !== undefined; output = this.core.drain()) {
      this.observe();
      this.handle(output);
    }
  }

  private handle(output: Output): void {
    const { observer } = this.options;
    for (const message of output.messages) this.send(message);
    const { entries, responses } = output;
    if (output.state !== undefined || entries.length > 0 || responses.length > 0) {
      if (entries.length > 0) observer.appended(this.id, entries, this.core.termAt(entries[0]!.index - 1));
      const done = (): void => {
        this.core.persisted(entries);
        this.release(responses);
        this.schedule();
      };
      const { plant } = this;
      const state = output.state && plant?.state ? plant.state(output.state, this.disk.state) : output.state;
      const kept = plant?.entries?.(entries, (index) => this.disk.term(index)) ?? entries;
      this.disk.append(kept, state, (error) =>
        this.guard(() => {
          if (error !== undefined) throw error;
          observer.durablyAppended(this.id, kept);
          if (output.state !== undefined) observer.durablyIn(this.id, output.state.term);
          if (!plant?.acknowledgesEarly) done();
        }),
      );
      if (entries.length > 0 && this.crashAt('before-sync')) return;
      if (plant?.acknowledgesEarly) this.world.timers.soon(() => this.guard(done));
      if (plant?.appliesUncommitted && this.isLeader) this.applyUncommitted(entries);
    }
    this.queue.push(...output.committed);
    this.ripe.push(...output.reads);
    this.applyNext();
    this.answerReads();
  }

  /** Places where losing power is most interesting; asleep in most runs. True when it went. */
  private crashAt(site: string): boolean {
    if (this.gone || !this.world.chance(`raft.${site}`)) return false;
    this.gone = true;
    this.options.onCrash(site);
    return true;
  }

  private release(messages: readonly Message[]): void {
    for (const message of messages) {
      const isVote = message.kind === 'voted' && message.granted;
      if (isVote) this.options.observer.voted(this.id, message.term, message.to);
      if (message.to === this.id) this.core.step(message);
      else this.send(message);
      if (isVote && this.crashAt('after-vote')) return;
    }
    this.schedule();
  }

  private observe(): void {
    const { core } = this;
    this.options.observer.stepped({
      name: `n${this.id}`,
      id: this.id,
      term: core.term,
      isLeader: core.role === 'leader',
      commit: core.commit,
      voterSets: [core.voters],
      termAt: (index) => core.termAt(index),
      snapshotIndex: this.disk.snapshot.index,
    });
  }

  // ---- applying ----

  private applyNext(): void {
    if (this.applying || this.queue.length === 0) return;
    this.applying = true;
    const run = (): void =>
      this.guard(() => {
        this.applying = false;
        for (const entry of this.queue.splice(0)) this.apply(entry);
        this.answerReads();
        this.applyNext();
      });
    const delayMs = this.options.knobs.applyDelayMs;
    if (delayMs === 0) run();
    else this.world.timers.after(this.world.random.unit() * delayMs, run);
  }

  private apply(entry: Entry): void {
    const { observer } = this.options;
    observer.applying(this.id, entry);
    this.applied = entry.index;
    const result = this.machine.apply(entry.data);
    observer.stateIs(this.id, entry.index, this.machine.digest);
    this.takeSnapshot();
    if (result === undefined) return;
    const waiter = this.proposals.get(result.id);
    if (waiter === undefined) return;
    this.proposals.delete(result.id);
    this.answer(waiter.connection, { id: waiter.request, kind: 'done', swapped: result.swapped });
  }

  /** Only a planted fault does so. */
  private applyUncommitted(entries: readonly Entry[]): void {
    this.queue = this.queue.filter((entry) => entry.index > this.applied);
    for (const entry of entries) if (entry.index === this.applied + 1) this.apply(entry);
  }

  private takeSnapshot(): void {
    const { knobs, observer, founders } = this.options;
    if (this.snapshotting || this.applied - this.disk.snapshot.index < knobs.entriesKept) return;
    this.snapshotting = true;
    const taken: StoredSnapshot = {
      index: this.applied,
      term: this.core.termAt(this.applied)!,
      configuration: { voters: this.core.voters },
      machine: this.machine.save(),
    };
    const snapshot = this.plant?.snapshot?.(taken, founders) ?? taken;
    this.disk.save(snapshot).then(
      () =>
        this.guard(() => {
          this.snapshotting = false;
          observer.durableSnapshot(this.id, snapshot.index);
          if (this.crashAt('before-purge')) return;
        }),
      (error: unknown) => this.options.onFailure(error),
    );
  }

  // ---- clients ----

  private serve(connection: Connection, request: Request): void {
    // The wires may bring a request twice; a stream would not.
    if (this.seen.has(request.id)) return;
    this.seen.add(request.id);
    if (request.kind === 'read' && this.plant?.reads === 'unchecked' && this.isLeader) {
      this.answer(connection, { id: request.id, kind: 'done', value: this.machine.read(request.key) });
    } else if (request.kind === 'propose') {
      if (this.core.propose(encodeCommand(request.command)) === undefined) this.refuse(connection, request);
      else this.proposals.set(request.command.id, { request: request.id, connection });
    } else if (this.core.read(request.id))
      this.reads.set(request.id, { request: request.id, connection, key: request.key });
    else this.refuse(connection, request);
    this.schedule();
  }

  private refuse(connection: Connection, request: Request): void {
    const leader = this.core.leader > 0 && this.core.leader !== this.id ? `n${this.core.leader}` : undefined;
    this.answer(connection, { id: request.id, kind: 'refused', leader });
  }

  private answerReads(): void {
    this.ripe = this.ripe.filter(({ token, index }) => {
      if (index > this.applied && this.plant?.reads !== 'unapplied') return true;
      const read = this.reads.get(token);
      this.reads.delete(token);
      if (read !== undefined)
        this.answer(read.connection, { id: read.request, kind: 'done', value: this.machine.read(read.key) });
      return false;
    });
  }

  private answer(connection: Connection, answer: Answer): void {
    connection.send(utf8(JSON.stringify(answer)));
  }

  // ---- peers ----

  private receive(message: Message): void {
    this.core.step(this.plant?.received?.(message, this.term) ?? message);
    this.schedule();
  }

  /** Over the connection to that peer; while there is none, messages are lost, as the protocol allows. */
  private send(message: Message): void {
    const link = this.links.get(message.to);
    if (link === 'connecting') return;
    if (link !== undefined) {
      link.send(serialize(message));
      return;
    }
    this.links.set(message.to, 'connecting');
    this.world.network.connect(`n${message.to}:raft`).then(
      (connection) => {
        this.links.set(message.to, connection);
        connection.onClose(() => this.links.delete(message.to));
        connection.send(serialize(message));
      },
      () => this.links.delete(message.to),
    );
  }

  /** Whatever goes wrong in this node's own turns ends it, or the run. */
  private guard(work: () => void): void {
    if (this.gone) return;
    try {
      work();
    } catch (error) {
      this.options.onFailure(error);
    }
  }
}

/**
 * One simulated node: the consensus core between a disk, the wires, a state machine and clients, driven the way a store drives
 * it. Every turn drains the core: messages leave, entries go to the log, what is committed is applied in order, reads are
 * answered when the state has come far enough. Each thing it does is shown to the observer first; a planted fault bends it at the
 * places that `plant.ts` names.
 */
import { deserialize, serialize } from 'node:v8';
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import type { SimWorld } from '../../../base/sim/index.ts';
import type { Connection } from '../../../base/world.ts';
import {
  type ConfigChange,
  type Configuration,
  configurationOf,
  decodeChange,
  type Entry,
  isChangeEntry,
  type LogWrite,
  type Message,
  type Output,
  type QuietCommit,
  Raft,
  type Snapshot,
} from '../../../kv/raft/index.ts';
import type { Answer, Request } from './clients.ts';
import { NodeDisk, type StoredSnapshot } from './node-disk.ts';
import type { Observer } from './observer.ts';
import type { Plant } from './plant.ts';
import { encodeCommand, RegisterMachine } from './register-machine.ts';

export interface Knobs {
  /** The log is cut when it is so much longer than the last snapshot. */
  readonly entriesKept: number;
  readonly segmentSizeBytes: number;
  readonly messageSizeBytesMax: number;
  readonly messagesInFlightMax: number;
  readonly uncommittedSizeBytesMax: number;
  readonly tickMs: number;
  readonly applyDelayMs: number;
  readonly clientPauseMs: number;
  readonly keys: number;
  readonly lease: boolean;
  readonly quietCommit: QuietCommit;
}

export interface HostOptions {
  readonly id: number;
  /** Who votes at the very beginning; nobody for a node that joins later. */
  readonly founders: readonly number[];
  readonly knobs: Knobs;
  /** What the leases reckon with. */
  readonly driftMax: number;
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

const ELECTION_TICKS = 10;
/** A snapshot is through the wires after so long. */
const SNAPSHOT_MS = 20;
/** Index and term of what founders agree to have. */
const FIRST = 1;

export class RaftHost {
  readonly id: number;
  private readonly world: SimWorld;
  private readonly options: HostOptions;
  private readonly disk: NodeDisk;
  private readonly core: Raft;
  private readonly plant: Plant | undefined;
  private readonly machine = new RegisterMachine();
  private readonly links = new Map<number, Connection | 'connecting'>();
  private readonly proposals = new Map<number, Waiter>();
  private readonly reads = new Map<number, Waiter & { readonly key: string }>();
  private readonly seen = new Set<number>();
  /** Confirmed reads that wait for the state. */
  private ripe: { readonly context: number; readonly index: number }[] = [];
  private queue: Entry[] = [];
  /** Writes behind one that brings a snapshot wait for it: they become durable in order. */
  private writes: LogWrite[] = [];
  private restoring = false;
  private configuration: Configuration;
  private applied: number;
  /** Of the last applied entry. */
  private appliedTerm: number;
  private applying = false;
  private scheduled = false;
  private snapshotting = false;
  private gone = false;

  static async open(world: SimWorld, options: HostOptions): Promise<RaftHost> {
    const disk = await NodeDisk.open(world, {
      segmentSizeBytes: options.knobs.segmentSizeBytes,
      // Founders begin behind a first entry that nobody has, so whoever joins later cannot replay the log from its beginning
      // without knowing who the founders were: it is given a snapshot.
      first: {
        index: options.founders.length > 0 ? FIRST : 0,
        term: options.founders.length > 0 ? FIRST : 0,
        configuration: configurationOf(options.founders),
        machine: new RegisterMachine().save(),
      },
    });
    return new RaftHost(world, options, disk, await disk.entries());
  }

  private constructor(world: SimWorld, options: HostOptions, disk: NodeDisk, entries: readonly Entry[]) {
    this.world = world;
    this.options = options;
    this.disk = disk;
    this.plant = options.plant;
    this.id = options.id;
    const { knobs, observer } = options;
    const { snapshot } = disk;
    this.machine.load(snapshot.machine);
    this.applied = snapshot.index;
    this.appliedTerm = snapshot.term;
    this.configuration = snapshot.configuration as Configuration;
    observer.started(this.id, snapshot.index, entries, disk.state?.term ?? snapshot.term);
    const lease = {
      durationMs: knobs.tickMs * ELECTION_TICKS,
      driftMax: options.driftMax,
      nowMs: world.clock.monotonicMs(),
    };
    const coreOptions = {
      id: this.id,
      storage: {
        firstIndex: () => disk.firstIndex,
        lastIndex: () => disk.lastIndex,
        term: (index: number) => disk.term(index),
      },
      random: world.random.fork('core'),
      configuration: this.configuration,
      state: disk.state ?? { term: snapshot.term, vote: 0, commit: snapshot.index },
      applied: this.applied,
      boundary: disk.boundary,
      electionTicks: ELECTION_TICKS,
      heartbeatTicks: 2,
      preVote: true,
      checkQuorum: true,
      messageSizeBytesMax: knobs.messageSizeBytesMax,
      messagesInFlightMax: knobs.messagesInFlightMax,
      uncommittedSizeBytesMax: knobs.uncommittedSizeBytesMax,
      quietCommit: knobs.quietCommit,
      ...(knobs.lease ? { lease } : {}),
    };
    const CoreClass = this.plant?.core ?? Raft;
    this.core = new CoreClass(this.plant?.options?.(coreOptions) ?? coreOptions);
    this.listen();
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

  /** As far as this node has applied. */
  members(): Configuration {
    return this.configuration;
  }

  transferTo(id: number): void {
    this.input(() => this.core.transferLeader(id));
  }

  changeMembers(change: ConfigChange): void {
    this.input(() => void this.core.proposeChange(change));
  }

  describe(): string {
    const { role, term, log } = this.core;
    return `${role} of term ${term}, commit ${log.committed} of ${log.last}, applied ${this.applied}, ${JSON.stringify(this.configuration)}`;
  }

  // ---- inputs ----

  private listen(): void {
    const { network, timers } = this.world;
    network.listen(`n${this.id}:raft`, (connection) =>
      connection.onMessage((bytes) => this.input(() => this.receive(deserialize(bytes) as Message))),
    );
    network.listen(`n${this.id}`, (connection) =>
      connection.onMessage((bytes) => this.input(() => this.serve(connection, JSON.parse(fromUtf8(bytes)) as Request))),
    );
    timers.every(this.options.knobs.tickMs, () => this.input(() => this.core.tick()));
  }

  private receive(message: Message): void {
    this.core.step(this.plant?.received?.(message, this.term) ?? message);
  }

  /** Something happens to the core; it is drained soon after, together with what else comes in this turn. */
  private input(work: () => void): void {
    this.guard(() => {
      this.core.advance(this.world.clock.monotonicMs());
      work();
      this.observe();
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.world.timers.soon(() => {
      this.scheduled = false;
      this.guard(() => this.turn());
    });
  }

  // ---- the turn ----

  private turn(): void {
    for (let output = this.core.drain(); output !== undefined && !this.gone; output = this.core.drain()) {
      this.observe();
      this.handle(output);
    }
  }

  private handle(output: Output): void {
    for (const message of output.messages) if (!this.dispatch(message)) return;
    if (output.write !== undefined && !this.write(output.write)) return;
    for (const { id, lower, upper, sizeBytesMax } of output.entryReads) {
      this.disk.read(lower, upper, sizeBytesMax).then(
        (entries) => this.input(() => this.core.entriesRead(id, entries)),
        (error: unknown) => this.options.onFailure(error),
      );
    }
    for (const { to, indexMin } of output.snapshotRequests) this.provideSnapshot(to, indexMin);
    this.queue.push(...output.committed);
    this.ripe.push(...output.reads);
    for (const context of output.readsFailed) this.failRead(context);
    this.applyNext();
    this.answerReads();
  }

  /** False when the power went. */
  private dispatch(message: Message): boolean {
    const { observer } = this.options;
    const grants = message.kind === 'vote-response' && !message.reject;
    if (grants) observer.voted(this.id, message.term, message.to);
    if (message.kind === 'vote') observer.voted(this.id, message.term, this.id);
    this.send(message);
    return !grants || !this.crashAt('after-vote');
  }

  private observe(): void {
    const { core } = this;
    const { log, configuration } = core;
    this.options.observer.stepped({
      name: `n${this.id}`,
      id: this.id,
      term: core.term,
      isLeader: core.role === 'leader',
      commit: log.committed,
      voterSets: [configuration.voters, configuration.outgoing],
      termAt: (index) => log.term(index),
      snapshotIndex: log.first - 1,
    });
  }

  // ---- the disk ----

  /** False when the power went. */
  private write(write: LogWrite): boolean {
    if (this.restoring) {
      this.writes.push(write);
      return true;
    }
    if (write.snapshot !== undefined) {
      this.restore(write, write.snapshot);
      return true;
    }
    return this.append(write);
  }

  private append(write: LogWrite): boolean {
    const { observer } = this.options;
    const { plant } = this;
    const { entries, token } = write;
    if (entries.length > 0) {
      observer.appended(this.id, entries, this.core.log.term(entries[0]!.index - 1));
      if (this.isLeader) observer.leaderAppended(this.id, this.term, entries);
    }
    const state = write.state && plant?.state ? plant.state(write.state, this.disk.state) : write.state;
    const kept = plant?.entries?.(entries, (index) => this.disk.term(index)) ?? entries;
    this.disk.append(kept, state, (error) => {
      if (error !== undefined) {
        this.guard(() => this.options.onFailure(error));
        return;
      }
      this.input(() => {
        observer.durablyAppended(this.id, kept);
        if (write.state !== undefined) observer.durablyIn(this.id, write.state.term);
        if (!plant?.acknowledgesEarly) this.core.persisted(token);
      });
    });
    if (entries.length > 0 && this.crashAt('before-sync')) return false;
    if (plant?.acknowledgesEarly) this.world.timers.soon(() => this.input(() => this.core.persisted(token)));
    if (plant?.appliesUncommitted && this.isLeader) this.applyUncommitted(entries);
    return true;
  }

  /** A snapshot takes the place of log and state: durable first, then loaded, then the rest of its write follows. */
  private restore(write: LogWrite, snapshot: Snapshot): void {
    const { observer } = this.options;
    this.restoring = true;
    const stored: StoredSnapshot = {
      index: snapshot.index,
      term: snapshot.term,
      configuration: snapshot.configuration,
      machine: fromUtf8(snapshot.data),
    };
    // The term first: a snapshot of a term that this node never heard of would be a riddle at the next start.
    const told = new Promise<void>((resolve, reject) =>
      this.disk.append([], write.state, (error) => (error === undefined ? resolve() : reject(error))),
    );
    const saved = told.then(() => this.disk.save(this.plant?.snapshot?.(stored, this.options.founders) ?? stored));
    saved.then(
      () =>
        this.guard(() => {
          if (this.crashAt('before-purge')) return;
          this.disk.makeRoom(stored);
          observer.durableSnapshot(this.id, snapshot.index);
          if (snapshot.index > this.applied) {
            this.machine.load(stored.machine);
            this.applied = snapshot.index;
            this.appliedTerm = snapshot.term;
            this.configuration = snapshot.configuration;
            observer.restored(this.id, snapshot.index, this.machine.digest);
          }
          this.queue = this.queue.filter((entry) => entry.index > this.applied);
          this.restoring = false;
          this.append({ ...write, snapshot: undefined });
          for (const waiting of this.writes.splice(0)) this.write(waiting);
        }),
      (error: unknown) => this.guard(() => this.options.onFailure(error)),
    );
  }

  private provideSnapshot(to: number, indexMin: number): void {
    // Making one takes a while; at times it is not to be had.
    this.world.timers.after(this.world.random.below(50), () =>
      this.input(() => {
        const fails = this.applied < indexMin || this.world.chance('raft.no-snapshot');
        this.core.snapshotReady(
          to,
          fails
            ? undefined
            : {
                index: this.applied,
                term: this.appliedTerm,
                configuration: this.plant?.snapshot
                  ? (this.plant.snapshot(this.pictured(), this.options.founders).configuration as Configuration)
                  : this.configuration,
                data: utf8(this.machine.save()),
              },
        );
      }),
    );
  }

  private pictured(): StoredSnapshot {
    return {
      index: this.applied,
      term: this.appliedTerm,
      configuration: this.configuration,
      machine: this.machine.save(),
    };
  }

  /** Keeps the log short: what a durable snapshot covers may go. */
  private cutLog(): void {
    const { knobs, observer, founders } = this.options;
    if (this.snapshotting || this.restoring || this.applied - this.disk.snapshot.index < knobs.entriesKept) return;
    this.snapshotting = true;
    const taken = this.pictured();
    const snapshot = this.plant?.snapshot?.(taken, founders) ?? taken;
    if (this.plant?.purgesEarly) this.disk.log.purge(1, taken.index + 1);
    this.disk.save(snapshot).then(
      () =>
        this.guard(() => {
          this.snapshotting = false;
          observer.durableSnapshot(this.id, snapshot.index);
          if (this.crashAt('before-purge')) return;
          // A few entries stay for followers that are nearly up to date.
          this.disk.compact(snapshot.index - (knobs.entriesKept >> 1));
          this.core.compacted(this.disk.boundary.index);
        }),
      (error: unknown) => this.guard(() => this.options.onFailure(error)),
    );
  }

  // ---- applying ----

  private applyNext(): void {
    if (this.applying || this.queue.length === 0) return;
    this.applying = true;
    const run = (): void =>
      this.input(() => {
        this.applying = false;
        for (const entry of this.queue.splice(0)) if (!this.apply(entry)) return;
        this.core.applied(this.applied);
        this.cutLog();
        this.answerReads();
        this.applyNext();
      });
    const delayMs = this.options.knobs.applyDelayMs;
    if (delayMs === 0) this.world.timers.soon(run);
    else this.world.timers.after(this.world.random.unit() * delayMs, run);
  }

  private apply(entry: Entry): boolean {
    const { observer } = this.options;
    // Only a planted fault can have applied it already.
    if (this.plant?.appliesUncommitted && entry.index <= this.applied) return true;
    observer.applying(this.id, entry);
    this.applied = entry.index;
    this.appliedTerm = entry.term;
    if (isChangeEntry(entry)) {
      const change = decodeChange(entry.data);
      for (const part of this.plant?.change?.(change) ?? [change]) this.configuration = this.core.applyChange(part);
      this.machine.note(entry.data);
      observer.stateIs(this.id, entry.index, this.machine.digest);
      return true;
    }
    const result = this.machine.apply(entry.data);
    observer.stateIs(this.id, entry.index, this.machine.digest);
    if (result === undefined) return true;
    const waiter = this.proposals.get(result.id);
    if (waiter !== undefined) {
      this.proposals.delete(result.id);
      this.answer(waiter.connection, { id: waiter.request, kind: 'done', swapped: result.swapped });
    }
    return !this.crashAt('after-apply');
  }

  /** Only a planted fault does so. */
  private applyUncommitted(entries: readonly Entry[]): void {
    for (const entry of entries) if (entry.index === this.applied + 1) this.apply(entry);
  }

  // ---- clients ----

  private serve(connection: Connection, request: Request): void {
    // The wires may bring a request twice; a stream would not.
    if (this.seen.has(request.id)) return;
    this.seen.add(request.id);
    const waiter = { request: request.id, connection };
    if (request.kind === 'propose') {
      const proposal = this.core.propose(encodeCommand(request.command));
      if (proposal.kind === 'proposed') this.proposals.set(request.command.id, waiter);
      else this.refuse(connection, request.id);
    } else if (this.plant?.reads === 'unchecked' && this.isLeader) {
      this.answer(connection, { id: request.id, kind: 'done', value: this.machine.read(request.key) });
    } else if (this.core.readIndex(request.id) === 'accepted')
      this.reads.set(request.id, { ...waiter, key: request.key });
    else this.refuse(connection, request.id);
  }

  private refuse(connection: Connection, request: number): void {
    const { leader } = this.core;
    this.answer(connection, {
      id: request,
      kind: 'refused',
      leader: leader > 0 && leader !== this.id ? `n${leader}` : undefined,
    });
  }

  private answerReads(): void {
    this.ripe = this.ripe.filter(({ context, index }) => {
      if (index > this.applied && this.plant?.reads !== 'unapplied') return true;
      const read = this.reads.get(context);
      this.reads.delete(context);
      if (read !== undefined)
        this.answer(read.connection, { id: read.request, kind: 'done', value: this.machine.read(read.key) });
      return false;
    });
  }

  private failRead(context: number): void {
    const read = this.reads.get(context);
    if (read === undefined) return;
    this.reads.delete(context);
    this.refuse(read.connection, read.request);
  }

  private answer(connection: Connection, answer: Answer): void {
    connection.send(utf8(JSON.stringify(answer)));
  }

  // ---- peers ----

  /** Over the connection to that peer; while there is none, messages are lost, as the protocol allows, and the core is told. */
  private send(message: Message): void {
    const { to } = message;
    const link = this.links.get(to);
    if (link === undefined) {
      this.links.set(to, 'connecting');
      this.world.network.connect(`n${to}:raft`).then(
        (connection) => {
          this.links.set(to, connection);
          connection.onClose(() => {
            this.links.delete(to);
            this.input(() => this.core.unreachable(to));
          });
          this.transmit(connection, message);
        },
        () => {
          this.links.delete(to);
          this.lost(message);
        },
      );
    } else if (link === 'connecting') this.world.timers.soon(() => this.lost(message));
    else this.transmit(link, message);
  }

  private transmit(link: Connection, message: Message): void {
    link.send(serialize(message));
    if (message.kind !== 'snapshot') return;
    // A stream would tell that it got through; here nobody knows, so the core hears that it was sent and asks again if need be.
    this.world.timers.after(SNAPSHOT_MS, () => this.input(() => this.core.snapshotSent(message.to, true)));
  }

  private lost(message: Message): void {
    this.input(() => {
      if (message.kind === 'snapshot') this.core.snapshotSent(message.to, false);
      else this.core.unreachable(message.to);
    });
  }

  // ---- the end ----

  /** Places where losing power is most interesting; asleep in most runs. True when it went. */
  private crashAt(site: string): boolean {
    if (this.gone || !this.world.chance(`raft.${site}`)) return false;
    this.gone = true;
    this.options.onCrash(site);
    return true;
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

/**
 * One region's Raft member between its log, its peers and the store that applies: the thin shell around kv/raft. It decides
 * nothing. Whatever happens to it enlists it with the drive; once a turn the drive drains all that were enlisted, so what many
 * regions want written in one turn is one synced write of the shared log.
 *
 *     propose ─▶ core ─▶ entries ─▶ log ─▶ durable ─▶ core ─▶ committed ─▶ sink (apply) ─▶ applied ─▶ core
 *                 ▲                                    │
 *               peers ◀──────────── messages ──────────┘
 *
 * A token waits under the index and term that its proposal was given. The entry that is committed there answers it: the same
 * term means it is the proposal, another that it never will be.
 */
import { RutileError } from '../../base/error.ts';
import type { World } from '../../base/world.ts';
import type { RaftLog } from '../log/raft-log.ts';
import {
  type ConfigChange,
  type Configuration,
  decodeChange,
  type Entry,
  isChangeEntry,
  message,
  type Message,
  type Output,
  type Progress,
  Raft,
  type Snapshot,
} from '../raft/index.ts';
import type { CommitSink, Consensus } from './consensus.ts';
import { GATHER_MS, isPlain, LateEntries } from './late-entries.ts';
import { LogWriter } from './log-writer.ts';
import type { RaftMember } from './raft-drive.ts';
import { FIRST_INDEX } from './region/admin-entry.ts';

/** What the member needs of the store it lives in. */
export interface RaftHost {
  readonly log: RaftLog;
  readonly world: World;
  readonly timing: RaftTiming;
  enlist(member: RaftMember): void;
  /** It ticks again, or sleeps (or is gone). */
  awake(member: Sleeper): void;
  resting(member: Sleeper): void;
  send(regionId: number, message: Message): void;
  /** A peer is behind the log: answer with `snapshotReady`. */
  makeSnapshot(regionId: number, to: number, indexMin: number): void;
  /** A snapshot was accepted: `restore` will follow. */
  willRestore(snapshot: Snapshot): void;
  /** The region becomes this snapshot; resolves when it is durable and applied. */
  restore(regionId: number, snapshot: Snapshot): Promise<void>;
}

export interface RaftTiming {
  readonly tickMs: number;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** No clock of a store runs faster or slower than true time by more than this share. */
  readonly clockDriftMax: number;
  /** Entries kept behind the applied one for peers that are a little late. */
  readonly logKeptCount: number;
  /** Entries kept for the slowest peer; one that is further behind gets a snapshot. */
  readonly logKeptCountMax: number;
  /** A proposal whose fate this member has not learnt by then is given up as `kv.proposal-lost`. */
  readonly proposalMs: number;
  /** Followers apply what came within such a time together. */
  readonly gatherMs: number;
  /** Of one chunk of a snapshot; a larger pair makes a larger chunk. */
  readonly snapshotChunkBytes: number;
}

export const RAFT_TIMING: RaftTiming = {
  tickMs: 100,
  electionTicks: 10,
  heartbeatTicks: 2,
  clockDriftMax: 0.05,
  logKeptCount: 256,
  logKeptCountMax: 20_000,
  proposalMs: 15_000,
  gatherMs: GATHER_MS,
  snapshotChunkBytes: 512 * 1024,
};

/** Times what is kept for one who is behind. */
const KEPT_FOR_SNAPSHOT = 16;

/** What decides who ticks sees. */
export interface Sleeper {
  readonly regionId: number;
  readonly asleep: boolean;
  /** Ticks for which a leader had nothing to do. */
  readonly quietTicks: number;
  readonly isAlone: boolean;
  readonly isLeader: boolean;
  tick(): void;
  /** Tells the others that it will be silent. */
  announceRest(): void;
  sleep(): void;
  rouse(): void;
  /** Of all members this one stands for election first when the group starts. */
  readonly isFirstChoice: boolean;
  campaign(): void;
}

interface Waiting<T> {
  readonly term: number;
  readonly token: T | undefined;
  readonly sinceMs: number;
}

interface WaitingRead {
  index: number;
  readonly resolve: () => void;
  readonly reject: (error: RutileError) => void;
}

export interface RaftConsensusOptions<T> {
  readonly host: RaftHost;
  readonly regionId: number;
  readonly peerId: number;
  readonly configuration: Configuration;
  readonly applied: { readonly index: number; readonly term: number };
  readonly sink: CommitSink<T>;
}

export class RaftConsensus<T> implements Consensus<T>, RaftMember, Sleeper {
  enlisted = false;
  readonly core: Raft;
  readonly regionId: number;
  /** Nobody ticks it until something happens to it: see region/rest.ts. */
  asleep = false;
  quietTicks = 0;
  /** Read or written through since the last tick. */
  private touched = false;
  /** What the engine holds durably, as the last `compact` said. */
  private durableIndex = 0;
  private readonly host: RaftHost;
  private readonly sink: CommitSink<T>;
  /** Proposals of this member that are not committed, by index. */
  private readonly waiting = new Map<number, Waiting<T>>();
  private readonly reads = new Map<number, WaitingRead>();
  private nextRead = 1;
  private appliedIndex: number;
  private appliedTerm: number;
  private readonly writer: LogWriter;
  private failure: Error | undefined = undefined;
  private stopped = false;
  /** Committed entries that wait until the one before them can be applied. */
  private held: Entry[] | undefined = undefined;
  private readyWaiters: (() => void)[] = [];
  private readonly late: LateEntries;

  constructor(options: RaftConsensusOptions<T>) {
    const { host, regionId, applied } = options;
    this.host = host;
    this.regionId = regionId;
    this.sink = options.sink;
    this.appliedIndex = applied.index;
    this.appliedTerm = applied.term;
    const { log, world, timing } = host;
    this.late = new LateEntries(world.timers, timing.gatherMs, (entry) => {
      if (!this.stopped) this.commit(entry);
    });
    this.writer = new LogWriter({
      regionId,
      log,
      timers: world.timers,
      restore: (snapshot) => this.restore(snapshot),
      persisted: (token) => {
        this.core.persisted(token);
        this.enlist();
      },
      failed: (error) => this.fail(error),
      isOver: () => this.stopped || this.failure !== undefined,
    });
    const first = log.firstIndex(regionId);
    const last = log.lastIndex(regionId);
    const isEmpty = last < first;
    // A region that a split made has data and no log; anything else applied what its log held.
    if (last < applied.index && !(isEmpty && applied.index === FIRST_INDEX)) {
      throw new RutileError(
        'kv.corrupt',
        `region ${regionId}: the engine holds entries up to ${applied.index}, the log ends at ${last}: segments of the log are missing, or engine and log are of different folders`,
        { fields: { applied: applied.index, last } },
      );
    }
    const boundary =
      isEmpty || applied.index < first ? applied : { index: first, term: log.term(regionId, first) ?? applied.term };
    const lastTerm = isEmpty ? boundary.term : (log.term(regionId, last) ?? boundary.term);
    const state = log.state(regionId) ?? { term: lastTerm, vote: 0, commit: applied.index };
    this.core = new Raft({
      id: options.peerId,
      storage: {
        firstIndex: () => log.firstIndex(regionId),
        lastIndex: () => log.lastIndex(regionId),
        term: (index) => log.term(regionId, index),
      },
      random: world.random.fork(`raft ${regionId} ${options.peerId}`),
      configuration: options.configuration,
      state: state.term === 0 ? undefined : state,
      applied: applied.index,
      boundary,
      electionTicks: timing.electionTicks,
      heartbeatTicks: timing.heartbeatTicks,
      quietCommit: 'until-tick',
      lease: {
        durationMs: timing.tickMs * timing.electionTicks,
        driftMax: timing.clockDriftMax,
        nowMs: world.clock.monotonicMs(),
        isNew: log.state(regionId) === undefined,
      },
    });
  }

  // ---- the port

  get inFlightCount(): number {
    return this.waiting.size;
  }

  get term(): number {
    return this.core.term;
  }

  get leaderId(): number {
    return this.core.leader;
  }

  get isLeader(): boolean {
    return this.core.role === 'leader' && !this.stopped;
  }

  /** One voter, this one: it needs neither ticks nor leases. */
  get isAlone(): boolean {
    const { voters, outgoing, learners } = this.core.configuration;
    return voters.length === 1 && outgoing.length === 0 && learners.length === 0 && voters[0] === this.core.id;
  }

  get isLearner(): boolean {
    return this.core.configuration.learners.includes(this.core.id);
  }

  // hot: once for each command
  get canPropose(): boolean {
    const { core } = this;
    return core.role === 'leader' && this.appliedTerm === core.term && core.transferee === 0 && !this.stopped;
  }

  // hot: once for each read
  get canRead(): boolean {
    const { core } = this;
    if (core.role !== 'leader' || this.appliedTerm !== core.term || this.stopped) return false;
    if (this.isAlone) return true;
    this.touched = true;
    core.advance(this.host.world.clock.monotonicMs());
    return core.holdsLease;
  }

  whenReadable(): Promise<void> {
    if (this.stopped || this.core.role !== 'leader') return Promise.reject(this.notLeader());
    return new Promise((resolve, reject) => {
      const context = this.nextRead++;
      this.reads.set(context, { index: -1, resolve, reject });
      this.input(() => {
        if (this.core.readIndex(context) === 'accepted') return;
        this.reads.delete(context);
        reject(this.notLeader());
      });
    });
  }

  /** False: refused, as whoever waits with the token is told. */
  // hot
  propose(data: Uint8Array, token: T | undefined): boolean {
    if (this.failure !== undefined) {
      this.sink.onFailed(this.failure, token === undefined ? [] : [token]);
      return false;
    }
    const { stalledBy } = this.writer;
    if (stalledBy !== undefined) {
      if (token !== undefined) this.sink.onRefused(stalledBy, token);
      return false;
    }
    // The member went in the turn in which this was decided.
    if (this.stopped) {
      if (token !== undefined) this.sink.onRefused(this.notLeader(), token);
      return false;
    }
    if (this.asleep) this.rouse();
    this.touched = true;
    this.core.advance(this.host.world.clock.monotonicMs());
    const proposal = this.core.propose(data);
    if (proposal.kind !== 'proposed') {
      const full = proposal.kind === 'refused' && proposal.reason === 'full';
      const error = full
        ? new RutileError('kv.busy', 'more bytes wait for the other members than may', { retry: 'same' })
        : this.notLeader();
      if (token !== undefined) this.sink.onRefused(error, token);
      return false;
    }
    const { index, term } = proposal;
    const former = this.waiting.get(index);
    if (former !== undefined) this.replaced(index, former);
    this.waiting.set(index, { term, token, sinceMs: this.core.nowMs });
    this.enlist();
    return true;
  }

  // hot
  applied(index: number, term: number): void {
    this.appliedIndex = index;
    this.appliedTerm = term;
    this.core.applied(index);
    if (this.reads.size > 0) this.answerReads();
    if (this.readyWaiters.length > 0 && this.canPropose) for (const go of this.readyWaiters.splice(0)) go();
    this.enlist();
  }

  compact(index: number): void {
    const { host, core, regionId } = this;
    const { logKeptCount, logKeptCountMax } = host.timing;
    let upTo = index;
    this.durableIndex = index;
    // While all sleep everybody has everything: what is kept for others would only pin segments.
    if (!this.isAlone && !(this.asleep && core.idle)) {
      upTo = index - logKeptCount;
      for (const peer of core.progress()) {
        upTo = Math.min(upTo, Math.max(peer.match, index - logKeptCountMax));
        // What follows a snapshot on its way is kept for longer, else the next would be due when this one arrives, and so for ever.
        const given = peer.state === 'snapshot' ? peer.snapshotIndex : peer.recentlyActive ? peer.next - 1 : 0;
        if (given > peer.match) upTo = Math.min(upTo, Math.max(given, index - logKeptCountMax * KEPT_FOR_SNAPSHOT));
      }
    }
    // A region that a split or a snapshot made may have no log yet: where it begins is for its first entry to say.
    if (upTo < host.log.firstIndex(regionId) || upTo > host.log.lastIndex(regionId)) return;
    core.compacted(upTo);
    host.log.purge(regionId, upTo + 1);
  }

  /** What was handed out last cannot be applied yet: nothing behind it is handed out until `resume`. */
  hold(): void {
    this.held ??= [];
  }

  resume(): void {
    const { held } = this;
    this.held = undefined;
    for (const entry of held ?? []) if (!this.stopped) this.commit(entry);
  }

  /** Of another region's log it is known that an entry of this one is committed, which is in our log. */
  learnCommitted(index: number, term: number): void {
    this.input(() => void this.core.learnCommitted(index, term));
  }

  // ---- membership and leadership

  /** False: it does not lead, or another change is under way. */
  change(change: ConfigChange): boolean {
    let proposed = false;
    this.input(() => {
      const proposal = this.core.proposeChange(change);
      proposed = proposal.kind === 'proposed';
    });
    return proposed;
  }

  transferLeader(to: number): boolean {
    let asked = false;
    this.input(() => (asked = this.core.transferLeader(to)));
    return asked;
  }

  campaign(): void {
    this.input(() => void this.core.campaign());
  }

  progress(): readonly Progress[] {
    return this.core.progress();
  }

  /** When it leads and has applied what earlier terms left; or when it failed. */
  whenReady(): Promise<void> {
    return this.canPropose ? Promise.resolve() : new Promise((resolve) => this.readyWaiters.push(resolve));
  }

  // ---- inputs

  step(message: Message): void {
    // The answer to the word that we sleep.
    if (this.asleep && message.kind === 'heartbeat-response') return;
    this.input(() => this.core.step(message));
    const { core } = this;
    if (message.kind !== 'heartbeat' || !message.force || core.leader !== message.from || this.stopped) return;
    if (core.role === 'follower' && core.idle && this.waiting.size === 0) {
      this.sleep();
      this.host.resting(this);
    }
  }

  get isFirstChoice(): boolean {
    const { id, configuration } = this.core;
    return configuration.voters[this.regionId % configuration.voters.length] === id;
  }

  sleep(): void {
    this.asleep = true;
    if (this.durableIndex > 0) this.compact(this.durableIndex);
  }

  announceRest(): void {
    const { core, host, regionId } = this;
    // A heartbeat of this tick would wake whoever just fell asleep.
    this.drain();
    for (const { id, match } of core.progress()) {
      if (id === core.id) continue;
      const word = message('heartbeat', core.id, id, core.term);
      word.commit = Math.min(core.log.committed, match);
      word.force = true;
      host.send(regionId, word);
    }
  }

  rouse(): void {
    if (!this.asleep || (this.isAlone && this.isLeader)) return;
    this.asleep = false;
    this.quietTicks = 0;
    this.core.advance(this.host.world.clock.monotonicMs());
    this.core.wake();
    this.host.awake(this);
  }

  tick(): void {
    // A group of one has nobody to wait for; until it leads it stands for election.
    if (this.isAlone && this.isLeader) return;
    this.input(() => this.core.tick());
    this.giveUpOld();
    const isQuiet = !this.touched && this.isLeader && this.waiting.size === 0 && this.reads.size === 0;
    this.quietTicks = isQuiet && this.core.idle ? this.quietTicks + 1 : 0;
    this.touched = false;
  }

  unreachable(peerId: number): void {
    this.input(() => this.core.unreachable(peerId));
  }

  snapshotReady(to: number, snapshot: Snapshot | undefined): void {
    this.input(() => this.core.snapshotReady(to, snapshot));
  }

  snapshotSent(to: number, done: boolean): void {
    this.input(() => this.core.snapshotSent(to, done));
  }

  /** The peer leaves this store: nothing of it runs any more. What it proposed may be committed without it. */
  stop(): void {
    this.stopped = true;
    this.host.resting(this);
    this.giveUp();
    this.failReads();
  }

  private input(work: () => void): void {
    if (this.stopped || this.failure !== undefined) return;
    if (this.asleep) this.rouse();
    this.core.advance(this.host.world.clock.monotonicMs());
    work();
    // One that was alone leads no more, or is alone no more.
    if (this.asleep) this.rouse();
    this.enlist();
  }

  // hot
  private enlist(): void {
    if (!this.enlisted) this.host.enlist(this);
  }

  // ---- outputs

  /** The drive's turn. */
  // hot
  drain(): void {
    for (let output = this.core.drain(); output !== undefined && !this.stopped; output = this.core.drain())
      this.handle(output);
  }

  // hot
  private handle(output: Output): void {
    const { host, regionId } = this;
    if (output.soft !== undefined) {
      this.late.flush();
      this.sink.onRole(output.soft.role === 'leader');
    }
    for (let i = 0; i < output.messages.length; i++) host.send(regionId, output.messages[i]!);
    if (output.write !== undefined) {
      if (output.write.snapshot !== undefined) {
        this.late.flush();
        host.willRestore(output.write.snapshot);
      }
      this.writer.write(output.write);
    }
    for (const { id, lower, upper, sizeBytesMax } of output.entryReads) this.read(id, lower, upper, sizeBytesMax);
    for (const { to, indexMin } of output.snapshotRequests) host.makeSnapshot(regionId, to, indexMin);
    for (let i = 0; i < output.committed.length && !this.stopped; i++) this.take(output.committed[i]!);
    for (const { context, index } of output.reads) {
      const read = this.reads.get(context);
      if (read !== undefined) read.index = index;
    }
    for (const context of output.readsFailed) {
      this.reads.get(context)?.reject(this.notLeader());
      this.reads.delete(context);
    }
    if (this.reads.size > 0) this.answerReads();
  }

  /** Becomes a snapshot: what its indexes held is not known here. */
  private async restore(snapshot: Snapshot): Promise<void> {
    await this.host.restore(this.regionId, snapshot);
    if (this.stopped) return;
    this.appliedIndex = snapshot.index;
    this.appliedTerm = snapshot.term;
    this.held = undefined;
    for (const [index, { token }] of this.waiting) {
      if (index > snapshot.index) continue;
      this.waiting.delete(index);
      if (token !== undefined) this.sink.onLost(lost(), token);
    }
  }

  private read(id: number, lower: number, upper: number, sizeBytesMax: number): void {
    const { log } = this.host;
    const give = (entries: readonly Entry[] | undefined): void => this.input(() => this.core.entriesRead(id, entries));
    if (lower < log.firstIndex(this.regionId)) {
      give(undefined);
      return;
    }
    log.read(this.regionId, lower, upper, sizeBytesMax).then(
      (entries) => give(entries.length > 0 && entries[0]!.index === lower ? entries : undefined),
      (error: unknown) => {
        // Purged while it was read; anything else is damage that nobody can lead past.
        if (lower < log.firstIndex(this.regionId)) give(undefined);
        else this.fail(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  // hot
  private take(entry: Entry): void {
    const plain = isPlain(entry);
    if (plain && !this.isLeader && !this.waiting.has(entry.index)) return this.late.add(entry);
    // What changes the region is to change it everywhere, soon.
    if (!plain) this.core.tellCommit();
    this.late.flush();
    this.commit(entry);
  }

  // hot
  private commit(entry: Entry): void {
    if (this.held !== undefined) {
      this.held.push(entry);
      return;
    }
    const { index, term, data } = entry;
    const waiting = this.waiting.get(index);
    let token: T | undefined;
    if (waiting !== undefined) {
      this.waiting.delete(index);
      if (waiting.term === term) token = waiting.token;
      else if (waiting.token !== undefined) this.sink.onRefused(this.notLeader(), waiting.token);
    }
    if (!isChangeEntry(entry)) {
      this.sink.onCommitted(index, term, data, token);
      return;
    }
    const change = decodeChange(data);
    const configuration = this.core.applyChange(change);
    this.rouse();
    this.sink.onMembers(index, term, configuration, change.context);
  }

  private answerReads(): void {
    for (const [context, read] of this.reads) {
      if (read.index < 0 || read.index > this.appliedIndex) continue;
      this.reads.delete(context);
      read.resolve();
    }
  }

  private failReads(): void {
    for (const read of this.reads.values()) read.reject(this.notLeader());
    this.reads.clear();
  }

  // ---- giving up

  private giveUpOld(): void {
    if (this.waiting.size === 0 || this.isLeader) return;
    const before = this.core.nowMs - this.host.timing.proposalMs;
    for (const [index, { token, sinceMs }] of this.waiting) {
      if (sinceMs > before) return;
      this.waiting.delete(index);
      if (token !== undefined) this.sink.onLost(lost(), token);
    }
  }

  /**
   * Who led, was led and leads again writes to an index where something of his former term still waits. Behind an entry of this term that is
   * committed it can never come true; before there is one, a member that has it may yet bring it back.
   */
  private replaced(index: number, { token }: Waiting<T>): void {
    this.waiting.delete(index);
    if (token === undefined) return;
    if (this.canPropose) this.sink.onRefused(this.notLeader(), token);
    else this.sink.onLost(lost(), token);
  }

  private giveUp(): void {
    for (const { token } of this.waiting.values()) if (token !== undefined) this.sink.onLost(lost(), token);
    this.waiting.clear();
  }

  private notLeader(): RutileError {
    return new RutileError('kv.not-leader', `region ${this.regionId} is not led here`, {
      retry: 'refresh',
      fields: { regionId: this.regionId, leaderPeerId: this.core.leader === this.core.id ? 0 : this.core.leader },
    });
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    const tokens = [...this.waiting.values()].flatMap(({ token }) => token ?? []);
    this.waiting.clear();
    this.failReads();
    this.sink.onFailed(error, tokens);
    for (const go of this.readyWaiters.splice(0)) go();
  }
}

export function lost(): RutileError {
  return new RutileError('kv.proposal-lost', 'leadership changed before the fate of the write was known');
}

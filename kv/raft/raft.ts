/**
 * One member of one group: its role, its term and its vote. Inputs change the state at once and wait for nothing; what they want done is
 * taken with `drain`. A leader's part is in `leader.ts`, the log in `log-view.ts`; here are terms, elections and what a follower does.
 *
 * Invariants: term and vote are durable before anybody can count on them (`Outbox.sendAfter`, `selfVoteToken`); committed entries
 * never change; one leader a term. `index.ts` tells the story of a vote, an entry, a read, a change and a snapshot.
 */
import { assert } from '../../base/assert.ts';
import { changed, checkConfiguration, decodeChange, encodeChange, isJoint, isMember, isVoter, membersOf } from './configuration.ts'; // prettier-ignore
import { Leader, type LeaderHost, type LeaderLimits } from './leader.ts';
import { LogView } from './log-view.ts';
import { Outbox } from './outbox.ts';
import type { Progress } from './progress.ts';
import { jointVote } from './quorum.ts';
import {
  CHANGE_ENTRY, type ConfigChange, type Configuration, EMPTY, type Entry, type EntryRead, type HardState, LEAVE_JOINT, message, type Message,
  type MessageKind, type Mutable, NO_ENTRIES, type Output, type Proposal, type ProposalRefusal, type RaftOptions, type RaftRandom,
  type ReadRequest, type Role, type Snapshot, type SnapshotRequest, type SoftState,
} from './types.ts'; // prettier-ignore

const DEFAULTS = {
  electionTicks: 10,
  heartbeatTicks: 2,
  preVote: true,
  checkQuorum: true,
  priority: 0,
  messageSizeBytesMax: 1 << 20,
  messagesInFlightMax: 256,
  inFlightSizeBytesMax: 16 << 20,
  uncommittedSizeBytesMax: 64 << 20,
  unappliedSizeBytesMax: 16 << 20,
  readsPendingMax: 65_536,
  forwardProposals: false,
  quietCommit: 'never',
} as const;

/** What a leader keeps in memory for its peers, beyond what must be there. */
const TAIL_SIZE_BYTES_MAX = 1 << 20;

export class Raft implements LeaderHost {
  readonly id: number;
  readonly log: LogView;
  term: number;
  vote: number;
  role: Role = 'follower';
  /** 0: unknown. */
  leader = 0;
  configuration: Configuration;
  nowMs: number;
  priority: number;
  private readonly options: RaftOptions & typeof DEFAULTS;
  private readonly limits: LeaderLimits;
  private readonly random: RaftRandom;
  private readonly outbox = new Outbox();
  private leadership: Leader | undefined = undefined;
  private readonly votes = new Map<number, boolean>();
  /** Our own vote counts when this write is durable; 0: it does. */
  private selfVoteToken = 0;
  private ticks = 0;
  private electionElapsed = 0;
  private electionTimeout = 0;
  /** Until then we have promised a leader not to help another one (lease). */
  private promisedUntilMs = -Infinity;
  private writtenTerm: number;
  private writtenVote: number;
  private writtenCommit: number;
  private writeForced = false;
  private softGiven: SoftState = { role: 'follower', leader: 0 };
  private readId = 0;
  private applyReadId = 0;
  private applyRead: readonly Entry[] = NO_ENTRIES;
  /** Handed out and not applied: the last index of each batch and its size. */
  private readonly applying: { readonly last: number; readonly size: number }[] = [];
  private unappliedSize = 0;

  constructor(options: RaftOptions) {
    assert(options.id > 0, 'a member needs an id');
    checkConfiguration(options.configuration);
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    this.options = { ...DEFAULTS, ...given } as RaftOptions & typeof DEFAULTS;
    const { lease, electionTicks, heartbeatTicks, checkQuorum } = this.options;
    assert(
      electionTicks > heartbeatTicks && heartbeatTicks > 0,
      'a leader must beat faster than followers lose patience',
    );
    assert(lease === undefined || checkQuorum, 'a lease needs members that refuse votes');
    const state = options.state ?? { term: 0, vote: 0, commit: 0 };
    this.id = options.id;
    this.random = options.random;
    this.configuration = options.configuration;
    this.priority = this.options.priority;
    this.term = this.writtenTerm = state.term;
    this.vote = this.writtenVote = state.vote;
    this.writtenCommit = state.commit;
    this.log = new LogView(options.storage, options.applied ?? 0, state.commit, options.boundary);
    assert(this.log.lastTerm <= this.term, 'the log has entries of a term that has not come');
    this.nowMs = lease?.nowMs ?? 0;
    // What was promised before a restart is forgotten, so it is promised anew.
    if (lease !== undefined && lease.isNew !== true && state.term > 0)
      this.promisedUntilMs = lease.nowMs + lease.durationMs;
    this.limits = {
      ...this.options,
      leaseMs: lease === undefined ? 0 : Math.floor((lease.durationMs * (1 - lease.driftMax)) / (1 + lease.driftMax)),
    };
    this.resetElection();
  }

  // ---- inputs ----

  /** The monotonic clock, for leases only; before each batch of inputs. */
  advance(nowMs: number): void {
    assert(nowMs >= this.nowMs, 'time went back');
    this.nowMs = nowMs;
  }

  tick(): void {
    this.ticks++;
    const { leadership } = this;
    if (leadership !== undefined) {
      // Whoever cannot write cannot lead: others can.
      if (!leadership.isAlone && this.diskStalls) this.becomeFollower(this.term, 0);
      else if (leadership.tick() === 'quorum-lost') this.becomeFollower(this.term, 0);
      return;
    }
    this.electionElapsed++;
    if (this.electionElapsed < this.electionTimeout || this.diskStalls) return;
    if (this.campaign()) this.electionElapsed = 0;
  }

  /** Stands for election. False: it leads already, does not vote, has a change to apply first, or has promised another its time. */
  campaign(): boolean {
    if (this.nowMs < this.promisedUntilMs && !this.decidesAlone) return false;
    return this.stand(this.options.preVote, false);
  }

  propose(data: Uint8Array): Proposal {
    const { leadership } = this;
    assert(data.length === 0 || data[0] !== CHANGE_ENTRY, 'a proposal looks like a membership change');
    if (leadership === undefined) return this.forward(data);
    if (leadership.transferee > 0) return refused('transferring');
    if (!leadership.admits(data.length)) return refused('full');
    const { index, term } = leadership.append(data);
    return { kind: 'proposed', index, term };
  }

  proposeChange(change: ConfigChange): Proposal {
    const { leadership, log } = this;
    if (leadership === undefined) return refused('not-leader');
    if (leadership.transferee > 0) return refused('transferring');
    if (leadership.changeIndex > log.applied) return refused('change-pending');
    if (typeof changed(this.configuration, change) === 'string') return refused('change-invalid');
    const data = encodeChange(change);
    if (!leadership.admits(data.length)) return refused('full');
    const { index, term } = leadership.append(data);
    leadership.changeIndex = index;
    return { kind: 'proposed', index, term };
  }

  /** Answered by a `ReadState` with the same context, by `readsFailed`, or (through a follower) perhaps never: ask again after a while. */
  readIndex(context: number): ReadRequest {
    if (this.leadership !== undefined) return this.leadership.read(this.id, context) ? 'accepted' : 'full';
    if (this.leader === 0) return 'no-leader';
    const request = this.message('read-index', this.leader);
    request.context = context;
    this.outbox.send(request);
    return 'accepted';
  }

  /** On a follower the wish goes to the leader. False: nobody to ask, or `to` cannot lead. */
  transferLeader(to: number): boolean {
    if (this.leadership !== undefined) return to === this.id || this.leadership.transfer(to);
    if (this.leader === 0) return false;
    const wish = this.message('transfer-leader', this.leader);
    wish.from = to;
    this.outbox.send(wish);
    return true;
  }

  /** The write `token` and all before it are durable. */
  persisted(token: number): void {
    this.log.persisted(token);
    this.outbox.persisted(token);
    if (this.selfVoteToken > 0 && this.selfVoteToken <= token) {
      this.selfVoteToken = 0;
      if (this.role === 'candidate') this.countVote(this.id, true);
    }
    this.leadership?.maybeCommit();
  }

  /** The state machine holds everything up to `index`. */
  applied(index: number): void {
    const { log } = this;
    log.appliedTo(index);
    let count = 0;
    while (count < this.applying.length && this.applying[count]!.last <= index)
      this.unappliedSize -= this.applying[count++]!.size;
    if (count > 0) this.applying.splice(0, count);
    const { leadership, configuration } = this;
    if (leadership !== undefined && configuration.autoLeave && log.applied >= leadership.changeIndex)
      leadership.changeIndex = leadership.append(encodeChange(LEAVE_JOINT)).index;
  }

  /** A membership change is being applied; the answer is to be kept with it. One that makes no sense (any more) changes nothing. */
  applyChange(change: ConfigChange): Configuration {
    const next = changed(this.configuration, change);
    if (typeof next === 'string') return this.configuration;
    this.reconfigure(next);
    return next;
  }

  applyChangeEntry(entry: Entry): Configuration {
    return this.applyChange(decodeChange(entry.data));
  }

  entriesRead(id: number, entries: readonly Entry[] | undefined): void {
    if (id !== this.applyReadId) {
      this.leadership?.onEntriesRead(id, entries);
      return;
    }
    this.applyReadId = 0;
    if (this.log.isRestoring) return;
    assert(entries !== undefined && entries.length > 0, 'committed entries were purged before they were applied');
    if (entries[0]!.index === this.log.given + 1) this.applyRead = entries;
  }

  snapshotReady(to: number, snapshot: Snapshot | undefined): void {
    this.leadership?.onSnapshotReady(to, snapshot);
  }

  /** The transport is through with it. `done` false: it was not delivered. */
  snapshotSent(to: number, done: boolean): void {
    this.leadership?.onSnapshotSent(to, done);
  }

  /** A message to that peer was lost for certain. */
  unreachable(peer: number): void {
    this.leadership?.onUnreachable(peer);
  }

  /** Followers should learn what is committed at once, whatever `quietCommit` says. */
  tellCommit(): void {
    if (this.leadership !== undefined) this.leadership.tellsCommit = true;
  }

  /** The log was purged up to `index`. */
  compacted(index: number): void {
    this.log.compacted(index);
  }

  /** Nothing is under way, and nobody would miss our ticks if all members slept. */
  get idle(): boolean {
    const { log } = this;
    if (log.applied < log.last || log.committed < log.last || log.writesPending > 0 || log.hasUnwritten) return false;
    if (this.leadership !== undefined) return this.leadership.isIdle;
    return this.role === 'follower' && this.leader > 0;
  }

  /** After a sleep: the time that passed was nobody's fault. */
  wake(): void {
    this.resetElection();
    this.leadership?.wake();
  }

  get holdsLease(): boolean {
    return this.leadership?.holdsLease ?? false;
  }

  /** Of the peers, while leader; for heartbeats to placement and for people. */
  progress(): readonly Progress[] {
    return this.leadership === undefined ? [] : [...this.leadership.progress.values()];
  }

  get transferee(): number {
    return this.leadership?.transferee ?? 0;
  }

  // ---- outputs ----

  /** What there is to do since the last call; undefined when there is nothing. */
  // hot: bench/micro/raft.ts
  drain(): Output | undefined {
    const { log, outbox } = this;
    this.leadership?.flush();
    const committed = this.takeCommitted();
    const isStateNew = this.term !== this.writtenTerm || this.vote !== this.writtenVote;
    const isWriting = log.hasUnwritten || isStateNew || this.writeForced;
    const soft = this.takeSoft();
    if (!isWriting && committed.length === 0 && soft === undefined && outbox.isEmpty) return undefined;
    const output: Output = {
      messages: outbox.takeMessages(),
      write: isWriting ? this.takeWrite(isStateNew) : undefined,
      committed,
      reads: outbox.takeReads(),
      readsFailed: outbox.takeReadsFailed(),
      entryReads: outbox.takeEntryReads(),
      snapshotRequests: outbox.takeSnapshotRequests(),
      soft,
    };
    log.trim(this.leadership === undefined ? Infinity : this.leadership.neededFrom, TAIL_SIZE_BYTES_MAX);
    return output;
  }

  private takeWrite(isStateNew: boolean): Output['write'] {
    const { log } = this;
    this.writeForced = false;
    const { token, entries, snapshot } = log.takeWrite(this.ticks);
    // Alone, everything durable is committed; the log need not be told.
    let state: HardState | undefined;
    if (isStateNew || snapshot !== undefined || (log.committed !== this.writtenCommit && !this.decidesAlone)) {
      state = { term: this.term, vote: this.vote, commit: log.committed };
      this.writtenTerm = this.term;
      this.writtenVote = this.vote;
      this.writtenCommit = log.committed;
    }
    return { token, entries, state, snapshot };
  }

  private takeCommitted(): readonly Entry[] {
    const { log, options } = this;
    const { ripe } = log;
    if (log.given >= ripe || log.isRestoring || this.unappliedSize >= options.unappliedSizeBytesMax) return NO_ENTRIES;
    const room = options.unappliedSizeBytesMax - this.unappliedSize;
    let entries: readonly Entry[];
    if (log.given + 1 >= log.tailFirst) {
      entries = log.slice(log.given + 1, ripe + 1, room);
    } else if (this.applyRead.length > 0) {
      entries = this.applyRead;
      this.applyRead = NO_ENTRIES;
      if (entries[0]!.index !== log.given + 1) return NO_ENTRIES;
    } else {
      if (this.applyReadId === 0)
        this.applyReadId = this.requestEntries(log.given + 1, Math.min(log.tailFirst, ripe + 1), room).id;
      return NO_ENTRIES;
    }
    const last = entries.at(-1)!.index;
    assert(last <= ripe, 'an entry would be applied that is not committed');
    let size = 0;
    for (let i = 0; i < entries.length; i++) size += entries[i]!.data.length;
    log.given = last;
    this.applying.push({ last, size });
    this.unappliedSize += size;
    return entries;
  }

  private takeSoft(): SoftState | undefined {
    if (this.softGiven.role === this.role && this.softGiven.leader === this.leader) return undefined;
    this.softGiven = { role: this.role, leader: this.leader };
    return this.softGiven;
  }

  // ---- what the leader's part needs ----

  message(kind: MessageKind, to: number): Mutable<Message> {
    return message(kind, this.id, to, this.term);
  }

  send(sent: Message): void {
    this.outbox.send(sent);
  }

  requestEntries(lower: number, upper: number, sizeBytesMax: number): EntryRead {
    const read = { id: ++this.readId, lower, upper, sizeBytesMax };
    this.outbox.requestEntries(read);
    return read;
  }

  requestSnapshot(request: SnapshotRequest): void {
    this.outbox.requestSnapshot(request);
  }

  answerRead(from: number, context: number, index: number): void {
    if (from === this.id) {
      this.outbox.read(context, index);
      return;
    }
    const answer = this.message('read-index-response', from);
    answer.context = context;
    answer.index = index;
    this.outbox.send(answer);
  }

  // ---- roles ----

  private get decidesAlone(): boolean {
    const { voters, outgoing } = this.configuration;
    return voters.length === 1 && voters[0] === this.id && outgoing.length === 0;
  }

  /** A write of ours has been under way for an election timeout. */
  private get diskStalls(): boolean {
    const since = this.log.oldestWriteTick;
    return since !== undefined && this.ticks - since >= this.options.electionTicks;
  }

  private resetElection(): void {
    this.electionElapsed = 0;
    this.electionTimeout = this.options.electionTicks + this.random.below(this.options.electionTicks);
  }

  private enter(role: Role, leader: number): void {
    const { leadership } = this;
    if (leadership !== undefined) {
      for (const { from, context } of leadership.endReads()) if (from === this.id) this.outbox.failRead(context);
      this.leadership = undefined;
    }
    this.role = role;
    this.leader = leader;
    this.votes.clear();
    this.selfVoteToken = 0;
    this.resetElection();
  }

  private becomeFollower(term: number, leader: number): void {
    assert(term >= this.term, 'the term went back');
    if (term > this.term) {
      this.term = term;
      this.vote = 0;
    }
    this.enter('follower', leader);
  }

  private stand(preVote: boolean, force: boolean): boolean {
    if (this.role === 'leader' || !isVoter(this.configuration, this.id)) return false;
    if (this.log.isRestoring || this.log.changeUnapplied) return false;
    if (preVote) {
      this.enter('pre-candidate', 0);
      this.askForVotes('pre-vote', this.term + 1, force);
      this.countVote(this.id, true);
    } else {
      this.term++;
      this.vote = this.id;
      this.enter('candidate', 0);
      this.selfVoteToken = this.log.tokenNext;
      this.askForVotes('vote', this.term, force);
    }
    return true;
  }

  private askForVotes(kind: 'vote' | 'pre-vote', term: number, force: boolean): void {
    for (const to of membersOf(this.configuration)) {
      if (to === this.id || !isVoter(this.configuration, to)) continue;
      const request = message(kind, this.id, to, term);
      request.index = this.log.last;
      request.logTerm = this.log.lastTerm;
      request.priority = this.priority;
      request.force = force;
      this.outbox.send(request);
    }
  }

  private countVote(from: number, granted: boolean): void {
    if (!this.votes.has(from)) this.votes.set(from, granted);
    const result = jointVote(this.configuration, (id) => this.votes.get(id));
    if (result === 'lost') this.becomeFollower(this.term, 0);
    else if (result === 'won' && this.role === 'pre-candidate') this.stand(false, false);
    else if (result === 'won') this.becomeLeader();
  }

  private becomeLeader(): void {
    assert(this.role === 'candidate' && this.vote === this.id, 'a leader without an election');
    this.enter('leader', this.id);
    this.leadership = new Leader(this, this.limits);
    this.leadership.append(EMPTY);
  }

  private reconfigure(next: Configuration): void {
    checkConfiguration(next);
    this.configuration = next;
    const { leadership } = this;
    if (leadership === undefined) {
      if (this.role !== 'follower' && !isVoter(next, this.id)) this.becomeFollower(this.term, 0);
      return;
    }
    leadership.reconfigured();
    if (isVoter(next, this.id)) return;
    // The others learn what is committed, and who goes on.
    leadership.flush();
    leadership.orderSuccessor();
    this.becomeFollower(this.term, 0);
  }

  private forward(data: Uint8Array): Proposal {
    if (!this.options.forwardProposals || this.leader === 0) return refused('not-leader');
    const carrier = this.message('propose', this.leader);
    carrier.entries = [{ index: 0, term: 0, data }];
    this.outbox.send(carrier);
    return { kind: 'forwarded' };
  }

  // ---- messages ----

  step(received: Message): void {
    if (received.to !== this.id) return;
    const { kind, term } = received;
    if (term > this.term) {
      const isVote = kind === 'vote' || kind === 'pre-vote';
      if (isVote && !received.force && this.isLoyal) return;
      const isPreVote = kind === 'pre-vote' || (kind === 'pre-vote-response' && !received.reject);
      if (!isPreVote) this.becomeFollower(term, isFromLeader(kind) ? received.from : 0);
    } else if (term < this.term && !isRequestOfFollower(kind)) {
      this.answerPast(received);
      return;
    }
    switch (kind) {
      case 'vote':
      case 'pre-vote':
        return this.onVote(received);
      case 'vote-response':
        if (this.role === 'candidate') this.onVoteResponse(received);
        return;
      case 'pre-vote-response':
        if (this.role === 'pre-candidate' && (received.reject || term === this.term + 1)) this.onVoteResponse(received);
        return;
      case 'append':
        this.follow(received.from);
        return this.onAppend(received);
      case 'heartbeat':
        this.follow(received.from);
        return this.onHeartbeat(received);
      case 'snapshot':
        this.follow(received.from);
        return this.onSnapshot(received);
      case 'append-response':
        return this.leadership?.onAppendResponse(received);
      case 'heartbeat-response':
        return this.leadership?.onHeartbeatResponse(received);
      case 'timeout-now':
        if (this.role !== 'leader') this.stand(false, true);
        return;
      case 'transfer-leader':
        this.leadership?.transfer(received.from);
        return;
      case 'read-index':
        this.leadership?.read(received.from, received.context);
        return;
      case 'read-index-response':
        this.outbox.read(received.context, received.index);
        return;
      case 'propose':
        for (const { data } of received.entries) this.propose(data);
        return;
    }
  }

  /** It hears from a leader and helps nobody against it. */
  private get isLoyal(): boolean {
    if (this.nowMs < this.promisedUntilMs) return true;
    if (!this.options.checkQuorum || this.leader === 0) return false;
    return this.role === 'leader' || this.electionElapsed < this.options.electionTicks;
  }

  /** From a term that is over. A leader or candidate of it learns so; anything else is only late. */
  private answerPast(received: Message): void {
    if (isFromLeader(received.kind)) {
      const answer = this.message('append-response', received.from);
      answer.reject = true;
      this.outbox.send(answer);
    } else if (received.kind === 'vote' || received.kind === 'pre-vote') {
      const answer = this.message(received.kind === 'vote' ? 'vote-response' : 'pre-vote-response', received.from);
      answer.reject = true;
      this.outbox.send(answer);
    } else if (received.kind === 'vote-response' || received.kind === 'pre-vote-response') this.learnCommit(received);
  }

  private onVote(request: Message): void {
    const { log } = this;
    const isPre = request.kind === 'pre-vote';
    const isFree =
      this.vote === request.from || (this.vote === 0 && this.leader === 0) || (isPre && request.term > this.term);
    const isNewer = request.logTerm > log.lastTerm || (request.logTerm === log.lastTerm && request.index > log.last);
    const isPreferred = isNewer || request.force || request.priority >= this.priority;
    const granted = isFree && isPreferred && log.isUpToDate(request.index, request.logTerm);
    const kind = isPre ? 'pre-vote-response' : 'vote-response';
    // A pre-vote is granted in the term that would be, and refused in the one that is.
    const answer = message(kind, this.id, request.from, granted ? request.term : this.term);
    if (!granted) {
      answer.reject = true;
      answer.commit = log.committed;
      answer.logTerm = log.term(log.committed) ?? 0;
      this.outbox.send(answer);
    } else if (isPre) {
      this.outbox.send(answer);
    } else {
      this.vote = request.from;
      this.electionElapsed = 0;
      this.sendDurably(answer);
    }
  }

  private onVoteResponse(response: Message): void {
    this.learnCommit(response);
    this.countVote(response.from, !response.reject);
  }

  /** An entry of our log is known to be committed, by somebody who knows without leading us. False: our log does not have it. */
  learnCommitted(index: number, term: number): boolean {
    const { log } = this;
    if (index <= log.committed) return true;
    if (log.isRestoring || !log.matches(index, term)) return false;
    log.commitTo(index);
    return true;
  }

  /**
   * Who refuses us may know more: what is committed there, and is in our log, is committed, in whatever term it was said. Without this a
   * voter that was committed out of the group could keep the last one left from finding that out.
   */
  private learnCommit({ reject, commit, logTerm }: Message): void {
    const { log } = this;
    if (reject && commit > log.committed && logTerm > 0 && log.matches(commit, logTerm)) log.commitTo(commit);
  }

  private follow(leader: number): void {
    assert(this.role !== 'leader', 'two leaders in one term');
    if (this.role !== 'follower' || this.leader !== leader) this.becomeFollower(this.term, leader);
    this.electionElapsed = 0;
    const { lease } = this.options;
    if (lease !== undefined) this.promisedUntilMs = this.nowMs + lease.durationMs;
  }

  private onAppend(append: Message): void {
    const { log } = this;
    const answer = this.message('append-response', append.from);
    if (append.index < log.committed) {
      answer.index = log.committed;
      this.sendDurably(answer);
    } else if (log.matches(append.index, append.logTerm)) {
      log.merge(append.entries);
      const last = append.index + append.entries.length;
      log.commitTo(Math.min(append.commit, last));
      answer.index = last;
      this.sendDurably(answer);
    } else {
      const hint = log.agreement(append.index, append.logTerm);
      answer.index = append.index;
      answer.reject = true;
      answer.rejectHint = hint.index;
      answer.logTerm = hint.term;
      this.outbox.send(answer);
    }
  }

  private onHeartbeat(beat: Message): void {
    this.log.commitTo(Math.min(beat.commit, this.log.last));
    const answer = this.message('heartbeat-response', beat.from);
    answer.context = beat.context;
    this.outbox.send(answer);
  }

  private onSnapshot(carrier: Message): void {
    const { log } = this;
    const { snapshot } = carrier;
    assert(snapshot !== undefined, 'a snapshot without a snapshot');
    const answer = this.message('append-response', carrier.from);
    if (snapshot.index > log.committed) {
      if (log.matches(snapshot.index, snapshot.term)) log.commitTo(snapshot.index);
      else if (isMember(snapshot.configuration, this.id)) this.restore(snapshot);
    }
    answer.index = log.committed;
    this.sendDurably(answer);
  }

  private restore(snapshot: Snapshot): void {
    this.log.restore(snapshot);
    this.applyRead = NO_ENTRIES;
    this.applyReadId = 0;
    this.applying.length = 0;
    this.unappliedSize = 0;
    this.reconfigure(snapshot.configuration);
  }

  /** It leaves when everything that was decided until now is durable. */
  private sendDurably(answer: Message): void {
    const { log } = this;
    if (log.hasUnwritten || this.term !== this.writtenTerm || this.vote !== this.writtenVote) {
      this.writeForced = true;
      this.outbox.sendAfter(log.tokenNext, answer);
    } else if (log.writesPending > 0) this.outbox.sendAfter(log.tokenNext - 1, answer);
    else this.outbox.send(answer);
  }

  /** In a joint time; for whoever shows or steers it. */
  get isJoint(): boolean {
    return isJoint(this.configuration);
  }
}

function refused(reason: ProposalRefusal): Proposal {
  return { kind: 'refused', reason };
}

function isFromLeader(kind: MessageKind): boolean {
  return kind === 'append' || kind === 'heartbeat' || kind === 'snapshot';
}

/** They ask whoever leads, in whatever term the asker believes to be. */
function isRequestOfFollower(kind: MessageKind): boolean {
  return kind === 'propose' || kind === 'read-index' || kind === 'transfer-leader';
}

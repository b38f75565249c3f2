/**
 * One leadership, from election to its end: what the peers hold, what is committed, which reads wait, who shall lead next. It is made when an
 * election is won and thrown away whole when the term ends, so nothing of it can leak into another.
 *
 * Nothing is sent while inputs are handled; `flush` runs once before the caller drains and sends each peer what it lacks. A turn with a
 * hundred proposals makes one append a peer, and the commit index travels with the entries that follow.
 */
import { assert } from '../../base/assert.ts';
import { isVoter, membersOf } from './configuration.ts';
import type { LogView } from './log-view.ts';
import { Progress } from './progress.ts';
import { jointValue, jointVote } from './quorum.ts';
import { ReadQueue, type WaitingRead } from './read-index.ts';
import type { Configuration, Entry, EntryRead, Message, MessageKind, Mutable, QuietCommit, Snapshot, SnapshotRequest } from './types.ts'; // prettier-ignore

export interface LeaderLimits {
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  readonly checkQuorum: boolean;
  /** How long a lease is worth after the round that won it was sent; 0 for none. */
  readonly leaseMs: number;
  readonly messageSizeBytesMax: number;
  readonly messagesInFlightMax: number;
  readonly inFlightSizeBytesMax: number;
  readonly uncommittedSizeBytesMax: number;
  readonly readsPendingMax: number;
  readonly quietCommit: QuietCommit;
}

/** What a leadership needs of the member it belongs to. */
export interface LeaderHost {
  readonly id: number;
  readonly term: number;
  readonly log: LogView;
  readonly configuration: Configuration;
  readonly nowMs: number;
  message(kind: MessageKind, to: number): Mutable<Message>;
  send(message: Message): void;
  requestEntries(lower: number, upper: number, sizeBytesMax: number): EntryRead;
  requestSnapshot(request: SnapshotRequest): void;
  answerRead(from: number, context: number, index: number): void;
}

interface Round {
  readonly round: number;
  readonly sentAtMs: number;
}

const ROUNDS_MAX = 64;

export class Leader {
  private readonly host: LeaderHost;
  private readonly limits: LeaderLimits;
  readonly progress = new Map<number, Progress>();
  private readonly reads: ReadQueue;
  /** Reads that came before anything of this term was committed: until then the commit index may be behind the truth. */
  private earlyReads: { readonly from: number; readonly context: number }[] = [];
  /** Of this term. */
  private readonly firstIndex: number;
  /** No other membership change is proposed before this one is applied. */
  changeIndex: number;
  private uncommittedSize = 0;
  private heartbeatElapsed = 0;
  private quorumElapsed = 0;
  transferee = 0;
  private transferElapsed = 0;
  /** Somebody may campaign at our order, past every promise made to us: no lease for the rest of the term. */
  private leaseBroken = false;
  /** The commit index is worth a message of its own now. */
  tellsCommit: boolean;
  /**
   * Each peer learns at once that everything up to here is committed, whatever `quietCommit` says: a membership change. Who does not know that
   * a joint time is over asks the old majority still, and could find it gone with the next machine that dies.
   */
  private toldIndex = 0;
  private readonly rounds: Round[] = [];
  private leaseFromMs = -Infinity;

  constructor(host: LeaderHost, limits: LeaderLimits) {
    this.host = host;
    this.limits = limits;
    this.reads = new ReadQueue(limits.readsPendingMax);
    this.tellsCommit = limits.quietCommit === 'never';
    // Changes that an earlier leader left in the log are not known one by one: wait for all of it.
    this.changeIndex = host.log.last;
    this.firstIndex = host.log.last + 1;
    for (const id of membersOf(host.configuration)) this.addPeer(id, this.firstIndex);
  }

  private addPeer(id: number, next: number): Progress | undefined {
    if (id === this.host.id) return undefined;
    const progress = new Progress(id, next);
    this.progress.set(id, progress);
    return progress;
  }

  get isAlone(): boolean {
    return this.progress.size === 0;
  }

  private readonly matchOf = (id: number): number =>
    id === this.host.id ? this.host.log.stable : (this.progress.get(id)?.match ?? 0);

  private readonly roundOf = (id: number): number =>
    id === this.host.id ? this.reads.round : (this.progress.get(id)?.round ?? 0);

  // ---- proposals and commit ----

  /** hot: bench/micro/raft.ts */
  admits(size: number): boolean {
    return (
      this.uncommittedSize === 0 || size === 0 || this.uncommittedSize + size <= this.limits.uncommittedSizeBytesMax
    );
  }

  append(data: Uint8Array): Entry {
    const { log } = this.host;
    const entry: Entry = { index: log.last + 1, term: this.host.term, data };
    log.append(entry);
    this.uncommittedSize += data.length;
    return entry;
  }

  /** Entries before this term's first are committed only together with it: an older one on a majority can still be replaced. */
  maybeCommit(): void {
    const { log } = this.host;
    const index = jointValue(this.host.configuration, this.matchOf);
    const before = log.committed;
    if (index <= before || index < this.firstIndex) return;
    assert(log.matches(index, this.host.term), 'an entry above the first of a term is of another');
    log.commitTo(index);
    this.toldIndex = Math.max(this.toldIndex, log.changeCommitted);
    this.uncommittedSize = Math.max(
      0,
      this.uncommittedSize - log.sizeOf(Math.max(before + 1, this.firstIndex), index + 1),
    );
    if (before < this.firstIndex && this.earlyReads.length > 0) {
      const reads = this.earlyReads;
      this.earlyReads = [];
      for (const { from, context } of reads) this.read(from, context);
    }
  }

  // ---- time ----

  /** Why the leadership ends, if it does. */
  tick(): 'quorum-lost' | undefined {
    const { limits } = this;
    if (limits.quietCommit === 'until-tick') this.tellsCommit = true;
    if (this.transferee > 0 && ++this.transferElapsed >= limits.electionTicks) this.transferee = 0;
    if (++this.quorumElapsed >= limits.electionTicks) {
      this.quorumElapsed = 0;
      if (limits.checkQuorum && !this.takeQuorumActive()) return 'quorum-lost';
    }
    if (++this.heartbeatElapsed >= limits.heartbeatTicks) this.heartbeat();
    return undefined;
  }

  private takeQuorumActive(): boolean {
    const { id } = this.host;
    const vote = jointVote(this.host.configuration, (peer) => peer === id || (this.progress.get(peer)?.recentlyActive ?? false)); // prettier-ignore
    for (const progress of this.progress.values()) progress.recentlyActive = false;
    return vote === 'won';
  }

  private heartbeat(): void {
    const { host, reads } = this;
    this.heartbeatElapsed = 0;
    reads.round++;
    if (this.limits.leaseMs > 0) {
      this.rounds.push({ round: reads.round, sentAtMs: host.nowMs });
      if (this.rounds.length > ROUNDS_MAX) this.rounds.shift();
    }
    for (const progress of this.progress.values()) {
      const beat = host.message('heartbeat', progress.id);
      beat.commit = Math.min(progress.match, host.log.committed);
      beat.context = reads.round;
      host.send(beat);
    }
  }

  wake(): void {
    this.quorumElapsed = 0;
    this.heartbeatElapsed = this.limits.heartbeatTicks;
    for (const progress of this.progress.values()) progress.recentlyActive = true;
  }

  /** Everybody has everything, and nothing waits. */
  get isIdle(): boolean {
    const { log } = this.host;
    if (this.transferee > 0 || this.reads.count > 0 || this.earlyReads.length > 0) return false;
    for (const { match, commitSent } of this.progress.values())
      if (match < log.last || commitSent < log.committed) return false;
    return true;
  }

  // ---- reads ----

  read(from: number, context: number): boolean {
    const { host, reads } = this;
    if (host.log.committed < this.firstIndex) {
      if (this.earlyReads.length >= this.limits.readsPendingMax) return false;
      this.earlyReads.push({ from, context });
    } else if (this.decidesAlone || this.holdsLease) {
      host.answerRead(from, context, host.log.committed);
    } else {
      if (reads.isFull) return false;
      reads.add(from, context, host.log.committed);
    }
    return true;
  }

  private get decidesAlone(): boolean {
    const { voters, outgoing } = this.host.configuration;
    return voters.length === 1 && voters[0] === this.host.id && outgoing.length === 0;
  }

  get holdsLease(): boolean {
    return this.limits.leaseMs > 0 && !this.leaseBroken && this.host.nowMs < this.leaseFromMs + this.limits.leaseMs;
  }

  private settleRounds(): void {
    const round = jointValue(this.host.configuration, this.roundOf);
    while (this.rounds.length > 0 && this.rounds[0]!.round <= round)
      this.leaseFromMs = Math.max(this.leaseFromMs, this.rounds.shift()!.sentAtMs);
    for (const { from, context, index } of this.reads.takeUpTo(round)) this.host.answerRead(from, context, index);
  }

  /** What nobody will answer when the leadership ends. */
  endReads(): readonly Pick<WaitingRead, 'from' | 'context'>[] {
    return [...this.earlyReads.splice(0), ...this.reads.clear()];
  }

  // ---- answers ----

  onAppendResponse(message: Message): void {
    const progress = this.progress.get(message.from);
    if (progress === undefined) return;
    progress.recentlyActive = true;
    const { log } = this.host;
    if (message.reject) {
      const hint = message.logTerm > 0 ? log.agreement(message.rejectHint, message.logTerm).index : message.rejectHint;
      if (!progress.refused(message.index, hint)) return;
      if (progress.state === 'replicate') progress.becomeProbe();
      return;
    }
    if (message.index > log.last) return;
    const news = progress.acknowledged(message.index);
    if (progress.state === 'replicate') progress.freeTo(message.index);
    else if (progress.state === 'probe' && (news || message.index === progress.match)) progress.becomeReplicate();
    else if (
      progress.state === 'snapshot' &&
      news &&
      progress.match + 1 >= log.first &&
      progress.match >= progress.snapshotIndex
    ) {
      progress.becomeProbe();
      progress.becomeReplicate();
    }
    if (news) this.maybeCommit();
    if (progress.id === this.transferee && progress.match === log.last) this.orderCampaign(progress.id);
  }

  onHeartbeatResponse(message: Message): void {
    const progress = this.progress.get(message.from);
    if (progress === undefined) return;
    progress.recentlyActive = true;
    const { limits } = this;
    if (progress.state === 'probe') progress.paused = false;
    else if (progress.state === 'replicate') {
      if (progress.isPaused(limits.messagesInFlightMax, limits.inFlightSizeBytesMax)) progress.freeFirst();
      // Something it was sent may be lost: what follows the last of it will be refused if so.
      if (progress.match < this.host.log.last && progress.next > this.host.log.last) this.sendEmpty(progress);
    }
    if (message.context > progress.round && message.context <= this.reads.round) {
      progress.round = message.context;
      this.settleRounds();
    }
  }

  onUnreachable(id: number): void {
    const progress = this.progress.get(id);
    if (progress?.state === 'replicate') progress.becomeProbe();
  }

  // ---- sending ----

  flush(): void {
    if (this.progress.size === 0) {
      if (this.reads.needsRound) this.heartbeat();
      return;
    }
    if (this.reads.needsRound || this.heartbeatElapsed >= this.limits.heartbeatTicks) this.heartbeat();
    for (const progress of this.progress.values()) this.sendTo(progress);
    if (this.limits.quietCommit !== 'never') this.tellsCommit = false;
  }

  private sendTo(progress: Progress): void {
    const { host, limits } = this;
    const { log } = host;
    while (!progress.isPaused(limits.messagesInFlightMax, limits.inFlightSizeBytesMax)) {
      if (progress.next > log.last) {
        const news = progress.commitSent < Math.min(log.committed, progress.next - 1);
        const worth = news && (this.tellsCommit || progress.commitSent < this.toldIndex);
        if (progress.state === 'replicate' ? worth : progress.match < log.last) this.sendEmpty(progress);
        return;
      }
      if (log.term(progress.next - 1) === undefined || progress.next < log.first) {
        this.beginSnapshot(progress);
        return;
      }
      if (progress.next < log.tailFirst) {
        if (progress.readId === 0)
          progress.readId = host.requestEntries(progress.next, log.tailFirst, limits.messageSizeBytesMax).id;
        return;
      }
      this.sendEntries(progress, log.slice(progress.next, log.last + 1, limits.messageSizeBytesMax));
    }
  }

  private sendEntries(progress: Progress, entries: readonly Entry[]): void {
    let size = 0;
    for (const entry of entries) size += entry.data.length;
    this.sendAppend(progress, entries);
    progress.sent(entries.at(-1)!.index, size);
  }

  private sendEmpty(progress: Progress): void {
    if (this.host.log.term(progress.next - 1) === undefined) {
      this.beginSnapshot(progress);
      return;
    }
    this.sendAppend(progress, []);
    if (progress.state === 'probe') progress.paused = true;
  }

  private sendAppend(progress: Progress, entries: readonly Entry[]): void {
    const { host } = this;
    const append = host.message('append', progress.id);
    append.index = progress.next - 1;
    append.logTerm = host.log.term(append.index)!;
    append.entries = entries;
    append.commit = host.log.committed;
    progress.commitSent = Math.max(progress.commitSent, Math.min(append.commit, append.index + entries.length));
    host.send(append);
  }

  private beginSnapshot(progress: Progress): void {
    // A peer that is away would hold a snapshot for nothing.
    if (!progress.recentlyActive) return;
    progress.becomeSnapshot();
    this.host.requestSnapshot({ to: progress.id, indexMin: this.host.log.applied });
  }

  onEntriesRead(id: number, entries: readonly Entry[] | undefined): void {
    for (const progress of this.progress.values()) {
      if (progress.readId !== id) continue;
      progress.readId = 0;
      if (entries === undefined) this.beginSnapshot(progress);
      else if (
        entries.length > 0 && entries[0]!.index === progress.next && this.host.log.term(progress.next - 1) !== undefined &&
        !progress.isPaused(this.limits.messagesInFlightMax, this.limits.inFlightSizeBytesMax)
      ) this.sendEntries(progress, entries); // prettier-ignore
      return;
    }
  }

  onSnapshotReady(to: number, snapshot: Snapshot | undefined): void {
    const progress = this.progress.get(to);
    if (progress?.state !== 'snapshot' || progress.snapshotIndex > 0) return;
    if (snapshot === undefined) {
      this.onSnapshotSent(to, false);
      return;
    }
    progress.snapshotIndex = snapshot.index;
    const carrier = this.host.message('snapshot', to);
    carrier.snapshot = snapshot;
    this.host.send(carrier);
  }

  /** Either way the next word is the peer's: its answer to the snapshot, or to a heartbeat. */
  onSnapshotSent(to: number, done: boolean): void {
    const progress = this.progress.get(to);
    if (progress?.state !== 'snapshot') return;
    if (!done) progress.snapshotIndex = 0;
    progress.becomeProbe();
    progress.paused = true;
  }

  // ---- members ----

  reconfigured(): void {
    const { host } = this;
    const members = membersOf(host.configuration);
    for (const id of this.progress.keys()) if (!members.includes(id)) this.progress.delete(id);
    for (const id of members) {
      if (this.progress.has(id)) continue;
      // It had no chance to be heard of yet.
      const progress = this.addPeer(id, host.log.last + 1);
      if (progress !== undefined) {
        progress.recentlyActive = true;
        progress.next = Math.max(1, host.log.last);
      }
    }
    if (this.transferee > 0 && !isVoter(host.configuration, this.transferee)) this.transferee = 0;
    this.maybeCommit();
    this.settleRounds();
  }

  // ---- transfer ----

  /** False: `to` cannot lead. */
  transfer(to: number): boolean {
    const progress = this.progress.get(to);
    if (progress === undefined || !isVoter(this.host.configuration, to)) return false;
    if (this.transferee === to) return true;
    this.transferee = to;
    this.transferElapsed = 0;
    if (progress.match === this.host.log.last) this.orderCampaign(to);
    else if (progress.state === 'probe') progress.paused = false;
    return true;
  }

  /** The voter that has most of the log campaigns at once: we are no member any more. */
  orderSuccessor(): void {
    let best: Progress | undefined;
    for (const progress of this.progress.values())
      if (isVoter(this.host.configuration, progress.id) && (best === undefined || progress.match > best.match))
        best = progress;
    if (best !== undefined) this.orderCampaign(best.id);
  }

  private orderCampaign(to: number): void {
    this.leaseBroken = true;
    this.host.send(this.host.message('timeout-now', to));
  }

  // ---- memory ----

  /** Below this no peer that is being fed needs an entry. */
  get neededFrom(): number {
    let from = this.host.log.last + 1;
    for (const { state, next, match } of this.progress.values())
      if (state !== 'snapshot') from = Math.min(from, state === 'probe' ? next : match + 1);
    return from;
  }
}

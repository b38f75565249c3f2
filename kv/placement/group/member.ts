/**
 * One member of placement's group: the core's commands travel as entries of a Raft log, so that every member comes to the same state, and one of
 * them leads. This is the shell around kv/raft; it decides nothing about stores and regions (steward.ts does, at the leader).
 *
 *     change(command) ─▶ entry ─▶ durable at a majority ─▶ core.apply, at every member ─▶ the answer, at the leader
 *     timestamps(n)   ─▶ below the durable window, while the lease holds: no message, no disk
 *
 * **A timestamp.** Elected, a leader first applies an entry of its own term: from then on it knows the last window that any leader before it
 * can have served below, and begins above it. While it holds the lease nobody else can have been elected. Without the lease (it
 * comes back with the next round of heartbeats) it first asks a majority whether it still leads, after the request came: whoever is elected
 * later begins above what it then hands out. So timestamps of calls that follow each other grow, whoever answered.
 *
 * **A death.** Followers lose patience after 0.5 to 1 s (`MEMBER_TIMING`), the next leader is there within two round trips and two synced
 * writes, and its first timestamps lie at most one window (3 s) ahead of the clock.
 */
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import type { Timer, World } from '../../../base/world.ts';
import { type ConfigChangeStep, type Configuration, EMPTY, type Entry, isChangeEntry, isMember, isVoter, type LogWrite, type Message, type Output, Raft, type Snapshot } from '../../raft/index.ts'; // prettier-ignore
import { type Command, type CommandResult, PlacementCore } from '../core.ts';
import { coreImage, restoreCore } from '../core-image.ts';
import { decodeCommand, encodeCommand } from './command-codec.ts';
import type { Image } from './image.ts';
import { Leadership } from './leadership.ts';
import { MemberDisk } from './member-disk.ts';
import { votersToBe } from './voters.ts';

export interface MemberTiming {
  readonly tickMs: number;
  readonly electionTicks: number;
  readonly heartbeatTicks: number;
  /** No clock of a member runs faster or slower than true time by more than this share. */
  readonly clockDriftMax: number;
  /** How long a change may wait for its majority. */
  readonly changeMs: number;
  /** An image is made after so many entries; as many are kept for members that are a little late. */
  readonly entriesPerImage: number;
}

export const MEMBER_TIMING: MemberTiming = {
  tickMs: 50,
  electionTicks: 10,
  heartbeatTicks: 2,
  clockDriftMax: 0.05,
  changeMs: 5000,
  entriesPerImage: 1000,
};

export interface MemberAddress {
  readonly id: number;
  readonly name: string;
  /** `http://host:port` where members and clients reach it. */
  readonly clientUrl: string;
  /** Where transactional clients of TiKV reach it, if it has a door for them. */
  readonly txnUrl?: string | undefined;
}

/** The way to the other members. Sending never waits. */
export interface MemberTransport {
  send(to: number, message: Message): void;
  /** A snapshot is small enough to be one message. Resolves to whether it was handed over. */
  sendSnapshot(to: number, message: Message): Promise<boolean>;
}

export interface MemberOptions {
  readonly folder: string;
  readonly self: MemberAddress;
  /** With `self` among them: they begin the group. Empty: `self` joins one, whose leader is told `addMember`. */
  readonly founders: readonly MemberAddress[];
  readonly transport: MemberTransport;
  readonly timing?: Partial<MemberTiming> | undefined;
  readonly segmentSizeBytes?: number | undefined;
  /** The disk failed: the member says nothing any more. */
  readonly onFailure?: (error: Error) => void;
}

/** Told whenever leadership begins (ready to serve) or ends. */
export type LeadListener = (leads: boolean) => void;

interface Waiting {
  readonly term: number;
  readonly sinceMs: number;
  readonly resolve: (result: CommandResult) => void;
  readonly reject: (error: RutileError) => void;
}

interface WaitingRead {
  readonly sinceMs: number;
  readonly resolve: () => void;
  readonly reject: (error: RutileError) => void;
}

/** Changes and confirmations that may wait at once. */
const WAITING_MAX = 10_000;
/** Who said nothing for so long is not well. Followers hear only their leader. */
const HEARD_MS = 3000;
const ROOM_RETRY_MS = 100;
const MEMBER_SETTING = 'member/';

export class PlacementMember {
  core = new PlacementCore();
  readonly self: MemberAddress;
  readonly raft: Raft;
  private readonly world: World;
  private readonly disk: MemberDisk;
  private readonly timing: MemberTiming;
  private readonly options: MemberOptions;
  private readonly ticker: Timer;
  private readonly changes = new Map<number, Waiting>();
  private readonly confirmations = new Map<number, WaitingRead>();
  private confirming: Promise<void> | undefined = undefined;
  private readonly listeners: LeadListener[] = [];
  private readonly heardAtMs = new Map<number, number>();
  private leadership: Leadership | undefined = undefined;
  private nextRead = 1;
  private appliedTerm: number;
  /** Writes behind one that brings a snapshot, or for which there is no room. */
  private held: LogWrite[] | undefined = undefined;
  private imaging = false;
  private scheduled = false;
  private stopped = false;
  private failure: RutileError | undefined = undefined;

  static async open(world: World, options: MemberOptions): Promise<PlacementMember> {
    const disk = await MemberDisk.open(world, {
      folder: options.folder,
      memberId: options.self.id,
      founders: options.founders.map(({ id }) => id),
      segmentSizeBytes: options.segmentSizeBytes,
    });
    return new PlacementMember(world, disk, options);
  }

  private constructor(world: World, disk: MemberDisk, options: MemberOptions) {
    this.world = world;
    this.disk = disk;
    this.options = options;
    this.self = options.self;
    this.timing = { ...MEMBER_TIMING, ...options.timing };
    const { image } = disk;
    restoreCore(this.core, utf8(image.core));
    this.appliedTerm = image.term;
    const { tickMs, electionTicks, heartbeatTicks, clockDriftMax } = this.timing;
    this.raft = new Raft({
      id: options.self.id,
      storage: {
        firstIndex: () => disk.firstIndex,
        lastIndex: () => disk.lastIndex,
        term: (index) => disk.term(index),
      },
      random: world.random.fork(`placement ${options.self.id}`),
      configuration: image.configuration,
      state: disk.state ?? (image.index > 0 ? { term: image.term, vote: 0, commit: image.index } : undefined),
      applied: image.index,
      boundary: disk.boundary,
      electionTicks,
      heartbeatTicks,
      lease: { durationMs: tickMs * electionTicks, driftMax: clockDriftMax, nowMs: world.clock.monotonicMs() },
    });
    this.ticker = world.timers.every(tickMs, () => this.tick());
    if (this.isAlone) this.input(() => void this.raft.campaign());
    else this.schedule();
  }

  // ---- who leads

  /** Ready to serve. Undefined leader id: 0. */
  get leads(): boolean {
    return this.leadership?.isReady ?? false;
  }

  get leaderId(): number {
    return this.raft.leader;
  }

  /** Leads and nobody else can, at this moment. */
  get holdsLease(): boolean {
    if (this.decidesAlone) return this.raft.role === 'leader';
    this.raft.advance(this.world.clock.monotonicMs());
    return this.raft.holdsLease;
  }

  onLead(listener: LeadListener): void {
    this.listeners.push(listener);
    if (this.leads) listener(true);
  }

  /** Of all members, as the group has written them down; founders until it has. */
  members(): readonly MemberAddress[] {
    const known = new Map(this.options.founders.map((one) => [one.id, one]));
    for (const [name, value] of this.core.settings) {
      if (!name.startsWith(MEMBER_SETTING)) continue;
      const address = JSON.parse(value) as MemberAddress;
      known.set(address.id, address);
    }
    const { configuration } = this.raft;
    return [...known.values()]
      .filter(({ id }) => isMember(configuration, id) || configuration.voters.length === 0)
      .sort((left, right) => left.id - right.id);
  }

  addressOf(id: number): MemberAddress | undefined {
    return this.members().find((one) => one.id === id) ?? this.options.founders.find((one) => one.id === id);
  }

  notLeader(): RutileError {
    if (this.failure !== undefined) return this.failure;
    const { leader } = this.raft;
    const address = leader === this.self.id ? undefined : this.addressOf(leader);
    return new RutileError('placement.not-leader', `not leader${address === undefined ? '' : `: ${address.name} at ${address.clientUrl} leads`}`, {
      retry: 'refresh',
      fields: { leader: address?.clientUrl ?? '', leaderId: address?.id ?? 0 },
    }); // prettier-ignore
  }

  memberInfos(): readonly (MemberAddress & { readonly healthy: boolean; readonly standsBy: boolean })[] {
    const sinceMs = this.world.clock.monotonicMs() - HEARD_MS;
    const isHealthy = (id: number): boolean => id === this.self.id || (this.heardAtMs.get(id) ?? -Infinity) > sinceMs;
    const { learners, outgoing } = this.raft.configuration;
    // Until a joint change is over, those who decided before it are still needed.
    const standsBy = (id: number): boolean => learners.includes(id) || (outgoing.length > 0 && !outgoing.includes(id));
    return this.members().map((one) => ({ ...one, healthy: isHealthy(one.id), standsBy: standsBy(one.id) }));
  }

  /** Throws `placement.not-leader` unless this member may answer from what it knows now. */
  requireLead(): void {
    if (!this.leads) throw this.notLeader();
  }

  // ---- what a leader serves

  // hot: bench/micro/oracle.ts
  timestamps(count: number): MaybePromise<{ readonly physical: number; readonly logical: number }> {
    const { leadership } = this;
    if (leadership === undefined || !leadership.isReady) return Promise.reject(this.notLeader());
    if (!this.holdsLease) return this.confirm().then(() => this.timestampsConfirmed(count));
    return leadership.timestamps(count);
  }

  allocateIds(count: number): MaybePromise<number> {
    return this.leadership?.isReady ? this.leadership.allocateIds(count) : Promise.reject(this.notLeader());
  }

  /** Ids at once, or `undefined` while more are reserved. */
  idsNow(count: number): number | undefined {
    return this.leadership?.idsNow(count);
  }

  async advanceSafePoint(ts: bigint): Promise<bigint> {
    this.requireLead();
    const nowMs = this.world.clock.wallMs();
    const allowed = this.leadership!.leader.safePointTowards(ts, nowMs);
    if (allowed > this.core.safePoint) await this.change({ kind: 'advance-safe-point', ts: allowed, nowMs });
    return this.core.safePoint;
  }

  async holdForService(service: string, ts: bigint, ttlMs: number): Promise<void> {
    this.requireLead();
    if (ttlMs <= 0) {
      await this.change({ kind: 'release-hold', service });
      return;
    }
    this.leadership!.leader.checkHold(ts);
    const hold = { service, ts, expiresAtMs: this.world.clock.wallMs() + ttlMs };
    const result = await this.change({ kind: 'hold', hold });
    if (result.kind !== 'refused') return;
    if (result.reason === 'safe-point-passed') this.leadership?.leader.checkHold(ts);
    throw new RutileError('placement.overloaded', 'Too many services hold the safe point', { retry: 'same' });
  }

  /** Applied at a majority's promise; the core's answer. Refused with `placement.not-leader`, `placement.unavailable`. */
  change(command: Command): Promise<CommandResult> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    if (this.changes.size >= WAITING_MAX) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.input(() => {
        const proposal = this.raft.propose(encodeCommand(command));
        if (proposal.kind === 'proposed') {
          const { index, term } = proposal;
          this.changes.set(index, { term, sinceMs: this.raft.nowMs, resolve, reject });
        } else reject(proposal.kind === 'refused' && proposal.reason === 'full' ? overloaded() : this.notLeader());
      }, reject);
    });
  }

  /** A majority says that this member leads, asked after the call. */
  confirm(): Promise<void> {
    if (this.holdsLease) return Promise.resolve();
    // Whoever comes in the same turn is answered by the same round.
    this.confirming ??= new Promise<void>((resolve, reject) => {
      this.world.timers.soon(() => {
        this.confirming = undefined;
        if (this.confirmations.size >= WAITING_MAX) return reject(overloaded());
        const context = this.nextRead++;
        this.input(() => {
          if (this.raft.role !== 'leader' || this.raft.readIndex(context) !== 'accepted')
            return reject(this.notLeader());
          this.confirmations.set(context, { sinceMs: this.raft.nowMs, resolve, reject });
        }, reject);
      });
    });
    return this.confirming;
  }

  /** False: not now. */
  transferLeader(to: number): boolean {
    let asked = false;
    this.input(() => (asked = this.raft.transferLeader(to)));
    return asked;
  }

  /** Its address first, so that everybody can speak to it; then it follows. Whether it votes is decided when it has caught up (voters.ts). */
  async addMember({ id, name, clientUrl, txnUrl }: MemberAddress, joins = true): Promise<void> {
    this.requireLead();
    const other = this.members().find((one) => one.id !== id && one.clientUrl === clientUrl);
    if (other !== undefined)
      throw new RutileError('placement.duplicate-address', `${other.name} of placement is at ${clientUrl} already; if its folder is lost, take it out first: rutile ctl remove-member ${other.name}`, { fields: { id: other.id } }); // prettier-ignore
    if (!joins && !isMember(this.raft.configuration, id))
      throw new RutileError('placement.no-member', `${name} is no member of placement any more`);
    // That it has a door for transactional clients it says when that is open.
    const place = { id, name, clientUrl, txnUrl: txnUrl ?? this.addressOf(id)?.txnUrl };
    const setting = { kind: 'put-setting', name: MEMBER_SETTING + id, value: JSON.stringify(place) } as const;
    if (this.core.settings.get(setting.name) !== setting.value) await this.change(setting);
    if (!isMember(this.raft.configuration, id)) await this.changeMembers([{ kind: 'add-learner', id }]);
  }

  async removeMember(id: number): Promise<void> {
    this.requireLead();
    if (isMember(this.raft.configuration, id)) await this.changeMembers([{ kind: 'remove', id }]);
    await this.change({ kind: 'put-setting', name: MEMBER_SETTING + id, value: undefined });
  }

  // ---- inputs

  receive(message: Message): void {
    this.heardAtMs.set(message.from, this.world.clock.monotonicMs());
    this.input(() => this.raft.step(message));
  }

  unreachable(memberId: number): void {
    this.input(() => this.raft.unreachable(memberId));
  }

  async close(): Promise<void> {
    if (this.stopped) return;
    const error = new RutileError('placement.closed', 'Placement is closed');
    this.failure ??= error;
    this.stopped = true;
    this.ticker.cancel();
    this.endLeadership();
    this.giveUp(error);
    await this.disk.close();
  }

  /** Whoever follows has no vote: nobody else can be elected. */
  private get decidesAlone(): boolean {
    const { voters, outgoing } = this.raft.configuration;
    return voters.length === 1 && outgoing.length === 0 && voters[0] === this.self.id;
  }

  private get isAlone(): boolean {
    return this.decidesAlone && this.raft.configuration.learners.length === 0;
  }

  private tick(): void {
    if (!(this.isAlone && this.raft.role === 'leader')) this.input(() => this.raft.tick());
    const before = this.world.clock.monotonicMs() - this.timing.changeMs;
    for (const [index, waiting] of this.changes) {
      if (waiting.sinceMs > before) break;
      this.changes.delete(index);
      waiting.reject(unavailable());
    }
    for (const [context, waiting] of this.confirmations) {
      if (waiting.sinceMs > before) break;
      this.confirmations.delete(context);
      waiting.reject(unavailable());
    }
    this.leadership?.tick();
    if (!this.leads || this.raft.configuration.learners.length === 0) return;
    const steps = votersToBe(this.raft.configuration, this.raft.progress(), this.raft.log.applied).map((id) => ({ kind: 'add-voter' as const, id })); // prettier-ignore
    // What comes of it is seen at the next tick, or it is proposed again.
    if (steps.length > 0) this.input(() => void this.raft.proposeChange({ transition: 'auto', steps, context: EMPTY }));
  }

  /** Something happens to the core of consensus; it is drained once in this turn. */
  private input(work: () => void, refused?: (error: RutileError) => void): void {
    if (this.stopped || this.failure !== undefined) {
      refused?.(this.failure ?? unavailable());
      return;
    }
    this.raft.advance(this.world.clock.monotonicMs());
    work();
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      for (let output = this.raft.drain(); output !== undefined && !this.stopped; output = this.raft.drain())
        this.handle(output);
    });
  }

  // ---- outputs

  private handle(output: Output): void {
    const { transport } = this.options;
    if (output.soft !== undefined && output.soft.role !== 'leader') this.endLeadership();
    for (const message of output.messages) {
      if (message.kind !== 'snapshot') transport.send(message.to, message);
      else {
        const sent = (done: boolean): void => this.input(() => this.raft.snapshotSent(message.to, done));
        transport.sendSnapshot(message.to, message).then(sent, () => sent(false));
      }
    }
    if (output.write !== undefined) this.write(output.write);
    for (const { id, lower, upper, sizeBytesMax } of output.entryReads) {
      this.disk.read(lower, upper, sizeBytesMax).then(
        (entries) => this.input(() => this.raft.entriesRead(id, entries)),
        (error: unknown) => this.fail(error),
      );
    }
    for (const entry of output.committed) this.commit(entry);
    for (const { to, indexMin } of output.snapshotRequests) this.provideSnapshot(to, indexMin);
    // What was committed before is applied: there is nothing to wait for.
    for (const { context } of output.reads) this.settleConfirmation(context, undefined);
    for (const context of output.readsFailed) this.settleConfirmation(context, this.notLeader());
    if (output.committed.length > 0) this.maybeImage();
  }

  private write(write: LogWrite): void {
    if (this.held !== undefined) this.held.push(write);
    else if (write.snapshot !== undefined) this.restore(write, write.snapshot);
    else this.append(write);
  }

  private append(write: LogWrite): void {
    const refusal = this.disk.append(write.entries, write.state, (error) => {
      if (error !== undefined) this.fail(error);
      else this.input(() => this.raft.persisted(write.token));
    });
    if (refusal === undefined) return;
    if (!hasNoRoom(refusal)) return this.fail(refusal);
    this.held = [];
    this.world.timers.after(ROOM_RETRY_MS, () => this.release(write));
  }

  /** Writes that waited go on, in order. */
  private release(first: LogWrite): void {
    if (this.stopped || this.failure !== undefined) return;
    const held = this.held ?? [];
    this.held = undefined;
    for (const one of [first, ...held]) this.write(one);
  }

  /** The term is durable before what was decided in it; then the image, then what comes behind it. */
  private restore(write: LogWrite, snapshot: Snapshot): void {
    this.held = [];
    const image: Image = {
      index: snapshot.index,
      term: snapshot.term,
      configuration: snapshot.configuration,
      received: true,
      memberId: this.self.id,
      core: fromUtf8(snapshot.data),
    };
    const told = new Promise<void>((resolve, reject) => {
      const refusal = this.disk.append([], write.state, (error) => (error === undefined ? resolve() : reject(error)));
      if (refusal !== undefined) reject(refusal);
    });
    told
      .then(() => this.disk.save(image))
      .then(
        () => {
          if (this.stopped) return;
          this.disk.makeRoom();
          this.core = new PlacementCore();
          restoreCore(this.core, snapshot.data);
          this.appliedTerm = snapshot.term;
          this.release({ token: write.token, entries: write.entries, state: write.state, snapshot: undefined });
        },
        (error: unknown) => {
          // What was done so far may be done again.
          if (hasNoRoom(error)) this.world.timers.after(ROOM_RETRY_MS, () => this.release(write));
          else this.fail(error);
        },
      );
  }

  private commit(entry: Entry): void {
    const { index, term, data } = entry;
    const waiting = this.changes.get(index);
    this.changes.delete(index);
    if (isChangeEntry(entry)) this.raft.applyChangeEntry(entry);
    let result: CommandResult | undefined;
    if (data.length > 0 && !isChangeEntry(entry)) {
      try {
        result = this.core.apply(decodeCommand(data));
      } catch (error) {
        this.fail(error);
        waiting?.reject(this.notLeader());
        return;
      }
    }
    this.appliedTerm = term;
    this.raft.applied(index);
    if (waiting !== undefined) {
      if (waiting.term === term && result !== undefined) waiting.resolve(result);
      else waiting.reject(this.notLeader());
    }
    if (this.raft.role === 'leader' && term === this.raft.term && this.leadership === undefined) this.beginLeadership();
    // No voter any more, and told so: this member falls silent by itself.
  }

  private settleConfirmation(context: number, error: RutileError | undefined): void {
    const waiting = this.confirmations.get(context);
    this.confirmations.delete(context);
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error);
  }

  private provideSnapshot(to: number, indexMin: number): void {
    const { raft, core, appliedTerm: term } = this;
    const index = raft.log.applied;
    const snapshot = index < indexMin ? undefined : { index, term, configuration: raft.configuration, data: coreImage(core) }; // prettier-ignore
    this.input(() => raft.snapshotReady(to, snapshot));
  }

  private maybeImage(): void {
    const { raft, core, disk, timing } = this;
    const index = raft.log.applied;
    if (this.imaging || this.held !== undefined || index - disk.image.index < timing.entriesPerImage) return;
    this.imaging = true;
    const image: Image = {
      index,
      term: this.appliedTerm,
      configuration: raft.configuration,
      received: false,
      memberId: this.self.id,
      core: fromUtf8(coreImage(core)),
    };
    disk.save(image).then(
      () => {
        this.imaging = false;
        if (this.stopped) return;
        const upTo = disk.compact(this.isAlone ? index : index - timing.entriesPerImage);
        this.input(() => raft.compacted(upTo));
      },
      // The log goes on without: it only grows, and the next one is tried later.
      (error: unknown) => {
        this.imaging = false;
        if (!hasNoRoom(error)) this.fail(error);
      },
    );
  }

  // ---- leadership

  /** An entry of this term is applied: nothing of earlier leaders is unknown any more. */
  private beginLeadership(): void {
    const leadership = new Leadership({
      core: this.core,
      world: this.world,
      change: (command) => this.change(command),
      isCurrent: () => this.leadership === leadership,
      confirmed: (work) => (this.holdsLease ? work() : this.confirm().then(work)),
      notLeader: () => this.notLeader(),
      addresses: this.options.founders.length === 0 ? [this.self] : this.members(),
      self: this.self,
      onReady: () => this.tell(true),
    });
    this.leadership = leadership;
    leadership.start();
  }

  private endLeadership(): void {
    const { leadership } = this;
    if (leadership === undefined) return;
    this.leadership = undefined;
    leadership.end();
    const error = this.notLeader();
    for (const waiting of this.changes.values()) waiting.reject(error);
    this.changes.clear();
    if (leadership.isReady) this.tell(false);
  }

  private tell(leads: boolean): void {
    for (const listener of this.listeners) listener(leads);
  }

  private timestampsConfirmed(count: number): MaybePromise<{ readonly physical: number; readonly logical: number }> {
    return this.leadership?.isReady ? this.leadership.timestamps(count) : Promise.reject(this.notLeader());
  }

  /** Proposes it and waits until it is applied and no joint time is left. */
  private async changeMembers(steps: readonly ConfigChangeStep[]): Promise<void> {
    const isDone = (configuration: Configuration): boolean =>
      configuration.outgoing.length === 0 &&
      steps.every(({ kind, id }) =>
        kind === 'remove' ? !isMember(configuration, id) : kind === 'add-voter' ? isVoter(configuration, id) : isMember(configuration, id),
      ); // prettier-ignore
    await this.until(() => {
      if (isDone(this.raft.configuration)) return true;
      this.input(() => void this.raft.proposeChange({ transition: 'auto', steps, context: EMPTY }));
      return false;
    });
  }

  private async until(condition: () => boolean): Promise<void> {
    const endMs = this.world.clock.monotonicMs() + this.timing.changeMs;
    while (!condition()) {
      this.requireLead();
      if (this.world.clock.monotonicMs() > endMs) throw unavailable();
      await new Promise<void>((resolve) => void this.world.timers.after(this.timing.tickMs, resolve));
    }
  }

  private giveUp(error: RutileError): void {
    for (const waiting of this.changes.values()) waiting.reject(error);
    for (const waiting of this.confirmations.values()) waiting.reject(error);
    this.changes.clear();
    this.confirmations.clear();
  }

  private fail(cause: unknown): void {
    if (this.failure !== undefined || this.stopped) return;
    const code = cause instanceof RutileError ? cause.code : 'placement.failed';
    const message = cause instanceof Error ? cause.message : String(cause);
    this.failure = new RutileError(code, `Placement's member ${this.self.name} stopped: ${message}`, { cause });
    this.endLeadership();
    this.giveUp(this.failure);
    this.options.onFailure?.(this.failure);
  }
}

function hasNoRoom(error: unknown): boolean {
  return error instanceof RutileError && (error.code === 'disk.full' || error.code === 'log.overloaded');
}

function unavailable(): RutileError {
  return new RutileError('placement.unavailable', 'no majority of placement answers', { retry: 'same' });
}

function overloaded(): RutileError {
  return new RutileError('placement.overloaded', 'Too much waits for placement', { retry: 'same' });
}

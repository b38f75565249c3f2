/**
 * `Regions`: which regions this store has, and how they come, change and are found. Each has a peer with a Raft member of its own;
 * what they commit goes to one apply loop, and what changes a region comes back here, in the order of its log.
 *
 *     open     folder → states → a peer each → what their logs hold above the applied index
 *     find     key of a command → peer, or the error that sends the caller elsewhere
 *     split    entry → two descriptions in the batch that applies it → two peers
 *     members  entry → the description with other peers; a peer that is no member any more leaves
 *     merge    entries of both regions → one of them (merger.ts)
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes, concatBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { RawWrite } from '../../../proto/kv/command.ts';
import { boundsIn, decodeRegion, encodeRegion, holdsKey, RAW_SPACE, type RegionDescriptor, type RegionPeer, ROW_SPACE } from '../../../proto/kv/region.ts'; // prettier-ignore
import type { RaftLog } from '../../log/raft-log.ts';
import type { Timer, World } from '../../../base/world.ts';
import { type ConfigChangeStep, type Configuration, type Message, type Snapshot } from '../../raft/index.ts'; // prettier-ignore
import type { CommitSink } from '../consensus.ts';
import { decodeAdminEntry, encodeAdminEntry, type SplitEntry, splitRegion } from './admin-entry.ts';
import { RAFT_TIMING, RaftConsensus, type RaftHost, type RaftTiming, type Sleeper } from '../raft-consensus.ts'; // prettier-ignore
import { RaftDrive, type RaftMember } from '../raft-drive.ts';
import { configurationOfRegion, membersContext, regionWithMembers } from './members.ts';
import { EarlyVotes } from './early-votes.ts';
import { fillAgain, fillRegion, type Ground } from './fill-region.ts';
import { LogRemovals } from './log-removals.ts';
import { noRegion, overlap, sign } from './ground.ts';
import { Peer, RegionPeers } from './peer.ts';
import type { RegionMessage, RegionsOptions } from './ports.ts';
import { prepareFolder } from './prepare-folder.ts';
import { decodeSwallowed, encodeSwallowed, putApplied, putRegionState, readRegionApplied, readRegionState, readRegionStates, readSwallowed, type RegionState } from './region-states.ts'; // prettier-ignore
import { removeRegion, SnapshotMaker } from './snapshot.ts';
import { writeSplit } from './write-split.ts';
import { HashChecks } from './hash-check.ts';
import { MERGED_AWAY, Merger } from './merger.ts';
import { BEAT_REGION, Rest } from './rest.ts';
import { StagingWriter } from './staging.ts';

export type { RegionMessage, RegionsOptions, StoreTransport } from './ports.ts';

/** Snapshots that this store makes at once; a peer beyond waits. */
const SNAPSHOTS_AT_ONCE = 4;
/** Regions whose logs are replayed at once when the store opens. */
const OPENED_AT_ONCE = 2000;
const STRANGERS_MAX = 100_000;
/** Election timeouts without a word after which a learner asks whether it still is one. */
const SILENT_TURNS = 5;
/** What a leader or a candidate says. */
const FIRST_WORDS: ReadonlySet<Message['kind']> = new Set(['append', 'heartbeat', 'snapshot', 'pre-vote', 'vote']);

export class Regions<G> implements RaftHost {
  readonly peers = new RegionPeers<G>();
  readonly log: RaftLog;
  readonly world: World;
  readonly timing: RaftTiming;
  private readonly options: RegionsOptions<G>;
  private readonly drive = new RaftDrive();
  /** Who ticks. */
  readonly rest: Rest<G>;
  /** Do all replicas hold the same? */
  readonly checks: HashChecks<G>;
  /** Makes one region of two. */
  readonly merger: Merger<G>;
  private ticker: Timer | undefined = undefined;
  private leaver: Timer | undefined = undefined;
  /** Peers that are no members any more and wait for somebody else who knows. */
  private readonly leaving = new Set<Peer<G>>();
  /** Who told a peer that it was removed. */
  private readonly told = new WeakMap<Peer<G>, Set<number>>();
  /** Stores of peers that a description does not name (yet, or any more), by peer id: learnt from their messages. */
  private readonly strangers = new Map<number, number>();
  /** Peers without data or bounds: a leader elsewhere has begun to talk to them, and its snapshot makes them whole. */
  private readonly embryos = new Map<number, Peer<G>>();
  /** What regions will be, and were, whose snapshots are being written: nobody else may begin on that ground. */
  private readonly filling = new Map<number, readonly RegionDescriptor[]>();
  private readonly earlyVotes = new EarlyVotes();
  private readonly logRemovals: LogRemovals;
  /** Snapshots of ours that a peer waits for, by peer id. */
  private readonly making = new Map<number, SnapshotMaker>();

  constructor(options: RegionsOptions<G>) {
    this.options = options;
    this.log = options.log;
    this.world = options.world;
    this.timing = { ...RAFT_TIMING, ...options.timing };
    const { transport, storeId, world } = options;
    const send = transport && ((to: number, one: RegionMessage) => transport.send(to, one));
    this.checks = new HashChecks<G>({ engine: options.engine, world, peers: this.peers, differs: options.differs });
    this.merger = new Merger<G>(this, options);
    this.logRemovals = new LogRemovals({ log: options.log, world, failed: (error) => options.failed(error, []) });
    this.rest = new Rest<G>({ world, storeId, peers: () => this.peers.all(), find: (id) => this.peers.get(id), send });
  }

  /** An empty folder gets `first`, if anything; one of format 1 gets it as the description that it did without. */
  prepareFolder(first: RegionDescriptor | undefined): void {
    prepareFolder(this.options.engine, first);
  }

  /** Regions that a crash left half filled. Before anything of them is in memory: what comes with them is in nobody's yet. */
  async finishFilling(): Promise<void> {
    for (const { region, state } of readRegionStates(this.options.engine))
      if (state === 'filling') await fillAgain(this.ground, region);
  }

  /** Peers of all regions. Those that decide alone have applied their logs when it resolves. */
  async open(): Promise<void> {
    for (const { region, state, peerId, merging } of readRegionStates(this.options.engine)) {
      if (state === 'merged') this.merger.remember(merging!);
      if (state === 'leaving') this.leaving.add(this.add(region, peerId));
      else if (state === 'begun') continue;
      else if (state === 'merging') this.merger.goOn(this.add(region), merging!);
      else if (state !== 'gone' && state !== 'merged') this.add(region);
      // A crash may have come before the log forgot it, too: what its peer promised is nothing to one of another name.
      else await this.log.removeRegion(region.id);
    }
    this.ticker = this.world.timers.every(this.timing.tickMs, () => this.rest.tick());
    const { tickMs, electionTicks } = this.timing;
    this.leaver = this.world.timers.every(tickMs * electionTicks, () => this.askToLeave());
    const shared = this.peers.all().filter(({ consensus }) => !consensus.isAlone).map(({ consensus }) => consensus); // prettier-ignore
    this.rest.begin(shared, tickMs * electionTicks);
    // Many at once: their first entries share synced writes. A split that is replayed adds a peer, whose own log has to be replayed as well.
    const begun = new Set<Peer<G>>();
    for (;;) {
      const next = this.peers.all().filter((one) => !begun.has(one)).slice(0, OPENED_AT_ONCE); // prettier-ignore
      if (next.length === 0 || this.options.failure() !== undefined) return;
      for (const peer of next) begun.add(peer);
      const alone = next.filter((peer) => peer.consensus.isAlone);
      for (const peer of alone) peer.consensus.campaign();
      await Promise.all(alone.map((peer) => peer.consensus.whenReady()));
    }
  }

  close(): void {
    this.ticker?.cancel();
    this.merger.close();
    this.checks.close();
    this.leaver?.cancel();
  }

  // ---- finding

  // hot: only with several regions
  ofKeys(keys: readonly (Uint8Array | { readonly key: Uint8Array })[]): Peer<G> | RutileError {
    let found: Peer<G> | undefined;
    for (const item of keys) {
      const key = item instanceof Uint8Array ? item : item.key;
      found ??= this.peers.find(ROW_SPACE, key);
      if (found === undefined) return noRegion();
      if (!holdsKey(found.region, ROW_SPACE, key)) return this.changed(found);
    }
    return found ?? noRegion();
  }

  ofKey(key: Uint8Array): Peer<G> | RutileError {
    return this.peers.sole ?? this.peers.find(ROW_SPACE, key) ?? noRegion();
  }

  ofRaw(writes: readonly RawWrite[]): Peer<G> | RutileError {
    let found: Peer<G> | undefined;
    for (const write of writes) {
      const key = write.kind === 'delete-range' ? write.lower : write.key;
      found ??= this.peers.find(RAW_SPACE, key);
      if (found === undefined) return noRegion();
      if (!holdsKey(found.region, RAW_SPACE, key)) return this.changed(found);
      if (write.kind !== 'delete-range') continue;
      const end = boundsIn(RAW_SPACE, found.region)?.upper;
      if (end !== undefined && (write.upper.length === 0 || compareBytes(write.upper, end) > 0))
        return this.changed(found);
    }
    return found ?? noRegion();
  }

  /** The region is here, but another leads it, or nobody, or its leader is not ready. */
  notServing(peer: Peer<G>): RutileError {
    const leader = peer.region.peers.find((one) => one.id === peer.consensus.leaderId);
    return new RutileError('kv.not-leader', `region ${peer.id} is not led here`, {
      retry: 'refresh',
      fields: {
        regionId: peer.id,
        leaderStoreId: leader === undefined || leader.storeId === this.options.storeId ? 0 : leader.storeId,
      },
    });
  }

  /** The region is not here; if it became part of another that is, its successor is named. */
  missing(regionId: number): RutileError {
    const successor = this.merger.successorOf(regionId);
    return successor === undefined ? noRegion() : this.changed(successor);
  }

  /** Bounds or members are not what the caller thought. */
  changed(peer: Peer<G>): RutileError {
    const regions = this.peers.all().map((one) => one.region);
    // The region itself and its neighbours: most likely one was split from the other.
    const at = regions.indexOf(peer.region);
    return new RutileError('kv.epoch', `region ${peer.id} has changed`, {
      retry: 'refresh',
      fields: { regions: regions.slice(Math.max(0, at - 1), at + 2) },
    });
  }

  // ---- changing

  /**
   * Cuts a region at a place of the region space strictly inside it: the left part keeps the id. Resolves when both serve.
   * Fails with `kv.epoch` when the place is not inside, `kv.busy` while something else changes it.
   */
  split(regionId: number, cut: Omit<SplitEntry, 'kind'>): Promise<void> {
    const { at, newPeerIds } = cut;
    const peer = this.peers.get(regionId);
    if (peer === undefined) return Promise.reject(noRegion());
    if (!peer.serves) return Promise.reject(this.notServing(peer));
    const { region } = peer;
    const inside =
      compareBytes(at, region.lower) > 0 && (region.upper.length === 0 || compareBytes(at, region.upper) < 0);
    if (!inside || newPeerIds.length !== region.peers.length) return Promise.reject(this.changed(peer));
    if (peer.changing || this.merger.awaits(peer) || this.options.largeCommitCount() > 0)
      return Promise.reject(this.busy(regionId));
    this.options.closeOpen(peer);
    peer.changing = true;
    return new Promise((resolve, reject) => {
      peer.waiting.push(() => {
        const failure = this.options.failure();
        if (failure !== undefined) reject(failure);
        else if (peer.region.epoch.version === region.epoch.version) reject(this.notServing(peer));
        else resolve();
      });
      const data = encodeAdminEntry({ kind: 'split', ...cut });
      if (!peer.consensus.propose(data, undefined)) this.endChange(peer);
    });
  }

  /**
   * Proposes a change of the members and resolves when it is applied here (for one that goes through a joint time: when that begins). Fails with
   * `kv.not-leader`, and with `kv.busy` while another change is under way.
   */
  async change(regionId: number, steps: readonly ConfigChangeStep[], added: readonly RegionPeer[]): Promise<void> {
    const peer = this.peers.get(regionId);
    if (peer === undefined) throw noRegion();
    if (!peer.serves) throw this.notServing(peer);
    if (peer.changing || this.merger.awaits(peer)) throw this.busy(regionId);
    const context = membersContext(added);
    const { confVersion } = peer.region.epoch;
    if (!peer.consensus.change({ transition: 'auto', steps, context })) throw this.busy(regionId);
    // Applied, or leadership is over: both are seen within a tick.
    while (peer.region.epoch.confVersion === confVersion) {
      if (!peer.consensus.isLeader || this.peers.get(regionId) !== peer) throw this.notServing(peer);
      await new Promise<void>((resolve) => void this.world.timers.after(this.timing.tickMs / 10, resolve));
    }
  }

  transferLeader(regionId: number, peerId: number): boolean {
    return this.peers.get(regionId)?.consensus.transferLeader(peerId) ?? false;
  }

  busy(regionId: number): RutileError {
    return new RutileError('kv.busy', `region ${regionId} is being changed`, { retry: 'same' });
  }

  /** An entry that changes its region, in the order of the log, on every replica. */
  applyChange(peer: Peer<G>, index: number, term: number, data: Uint8Array): void {
    const { engine } = this.options;
    const entry = decodeAdminEntry(data);
    if (entry.kind === 'hash' || entry.kind === 'verify') {
      this.applyNothing(peer, index, term);
      return this.checks.apply(peer, entry);
    }
    if (entry.kind !== 'split') return this.merger.apply(peer, index, term, entry);
    if (entry.newPeerIds.length !== peer.region.peers.length) {
      // Its members changed in between: the split has names for others. Every replica sees it so.
      this.applyNothing(peer, index, term);
      return this.endChange(peer);
    }
    const [left, right] = splitRegion(peer.region, entry);
    const isOurs = this.mayAdd(right);
    writeSplit(engine, { left, right, isOurs, index, term });
    [peer.appliedIndex, peer.appliedTerm] = [index, term];
    this.peers.setRegion(peer, left);
    if (!isOurs) {
      this.options.forget(right);
      peer.consensus.applied(index, term);
      return this.endChange(peer);
    }
    const made = this.add(right);
    peer.gives(made, entry.share);
    made.inherits = peer.consensus.isLeader;
    if (peer.consensus.isLeader) made.heritage = { regionId: peer.id, term: peer.consensus.term };
    // Whoever led the whole goes on to lead both parts; a term is needed for it all the same.
    if (peer.consensus.isLeader || made.consensus.isAlone) made.consensus.campaign();
    peer.consensus.applied(index, term);
    if (!made.consensus.isAlone) this.endChange(peer);
    else void made.consensus.whenReady().then(() => this.endChange(peer));
    for (const message of this.earlyVotes.take(right.id)) this.receive(message);
  }

  /** The entry counts as applied, and changes at most what the region is. */
  applyNothing(peer: Peer<G>, index: number, term: number, state?: RegionState): void {
    const { engine } = this.options;
    const batch = engine.batch();
    if (state !== undefined) putRegionState(batch, state);
    putApplied(batch, peer.id, index, term);
    engine.write(batch);
    [peer.appliedIndex, peer.appliedTerm] = [index, term];
    if (state !== undefined) this.peers.setRegion(peer, state.region);
    peer.consensus.applied(index, term);
  }

  /** A split that is applied late may speak of a peer that has left since, or was replaced by a newer one. */
  private mayAdd(right: RegionDescriptor): boolean {
    const { engine, storeId } = this.options;
    if (this.merger.isOvertaken(right)) return false;
    const id = right.peers.find((one) => one.storeId === storeId)?.id ?? 0;
    const embryo = this.embryos.get(right.id);
    if (embryo !== undefined && embryo.consensus.core.id > id) return false;
    const before = readRegionState(engine, right.id);
    // The log of a peer that has begun here is that peer's alone.
    if (before?.state === 'begun') return before.peerId === id;
    return before === undefined || before.region.epoch.confVersion < right.epoch.confVersion;
  }

  private applyMembers(
    peer: Peer<G>,
    index: number,
    term: number,
    configuration: Configuration,
    context: Uint8Array,
  ): void {
    this.options.flush();
    if (this.options.failure() !== undefined) return;
    const { engine } = this.options;
    const region = regionWithMembers(peer.region, configuration, context, this.strangers);
    const batch = engine.batch();
    const peerId = peer.consensus.core.id;
    const stays = region.peers.some((one) => one.id === peerId);
    const { merging } = peer;
    const here = merging === undefined ? ({ state: 'normal', region } as const) : ({ state: 'merging', region, merging } as const); // prettier-ignore
    putRegionState(batch, stays ? here : { state: 'leaving', region, peerId });
    putApplied(batch, region.id, index, term);
    // Durable: by our word a member that was removed may go, and without it we might not find a leader to tell us again.
    engine.write(batch, { synced: true });
    [peer.appliedIndex, peer.appliedTerm] = [index, term];
    this.peers.setRegion(peer, region);
    peer.consensus.applied(index, term);
    // Those who have not applied it yet may need our vote: it goes when one who has tells us to.
    if (!stays) this.leaving.add(peer);
  }

  /** Proposals that waited for a change go on, or fail with the store. */
  endChange(peer: Peer<G>): void {
    peer.changing = false;
    for (const go of peer.waiting.splice(0)) go();
  }

  /** The peer is no member any more: nothing of the region stays here. One that is being filled has to be told again. */
  private remove(peer: Peer<G>): void {
    const isWhole = this.peers.get(peer.id) === peer;
    if ((!isWhole && this.embryos.get(peer.id) !== peer) || this.filling.has(peer.id)) return;
    peer.consensus.stop();
    this.leaving.delete(peer);
    if (isWhole) {
      this.peers.remove(peer);
      this.options.forget(peer.region);
    } else this.embryos.delete(peer.id);
    // What lies within the bounds that an embryo was told is not its own.
    removeRegion(this.options.engine, peer.region, isWhole);
    this.merger.left(peer);
    this.endChange(peer);
    this.forgetLog(peer.id);
  }

  /** It is known for certain that the group goes on, or has ended, without it. */
  dropPeer(regionId: number, peerId: number): void {
    const peer = this.peers.get(regionId) ?? this.embryos.get(regionId);
    if (peer?.consensus.core.id === peerId) this.remove(peer);
  }

  forgetLog(regionId: number): void {
    this.logRemovals.forget(regionId);
  }

  /** It is part of another region now: its peer is no more. What is written is the caller's business. */
  dismiss(peer: Peer<G>): void {
    peer.consensus.stop();
    this.leaving.delete(peer);
    this.peers.remove(peer);
    this.endChange(peer);
  }

  isHere(regionId: number): boolean {
    return this.peers.get(regionId) !== undefined || this.filling.has(regionId);
  }

  private add(
    region: RegionDescriptor,
    peerId = region.peers.find((one) => one.storeId === this.options.storeId)?.id,
  ): Peer<G> {
    const { engine } = this.options;
    assert(peerId !== undefined, 'a store has peers of its own');
    const applied = readRegionApplied(engine, region.id) ?? { index: 0, term: 0 };
    const embryo = this.embryos.get(region.id);
    // A split that is applied late: others have talked to the new region here already.
    embryo?.consensus.stop();
    this.embryos.delete(region.id);
    const peer = this.make(region, peerId, applied);
    this.peers.add(peer);
    return peer;
  }

  private make(
    region: RegionDescriptor,
    peerId: number,
    applied: { readonly index: number; readonly term: number },
  ): Peer<G> {
    const { committed, refused, lost, role, failed } = this.options;
    const peer = new Peer<G>(region);
    peer.appliedIndex = applied.index;
    peer.appliedTerm = applied.term;
    const sink: CommitSink<G> = {
      onCommitted: (index, term, data, group) => committed(peer, index, term, data, group),
      onMembers: (index, term, configuration, context) => this.applyMembers(peer, index, term, configuration, context),
      onRefused: refused,
      onLost: lost,
      onRole: (isLeader) => {
        // What was to change the region may never be committed: proposals find out for themselves.
        if (!isLeader && peer.changing) this.endChange(peer);
        role(peer, isLeader);
      },
      onFailed: failed,
    };
    const configuration = configurationOfRegion(region);
    peer.consensus = new RaftConsensus<G>({ host: this, regionId: region.id, peerId, configuration, applied, sink });
    this.rest.wake(peer.consensus);
    return peer;
  }

  // ---- messages of other stores

  /** Of a peer of the region that is known here, or the first word of one that begins here. */
  receive(whole: RegionMessage): void {
    const { regionId, from, to, region, message } = whole;
    if (to.storeId !== this.options.storeId || this.options.failure() !== undefined) return;
    if (regionId === BEAT_REGION) return this.rest.heard(from.storeId, message.term);
    if (this.filling.has(regionId) && message.kind === 'snapshot') return;
    if (region.epoch.version === MERGED_AWAY) return this.merger.told(region, message);
    this.learn(region, from.id);
    let peer = this.peers.get(regionId) ?? this.embryos.get(regionId);
    if (peer !== undefined && to.id > peer.consensus.core.id && !this.filling.has(regionId)) {
      // Removed and brought back under another name before it could hear of either.
      this.remove(peer);
      peer = undefined;
    }
    peer ??= this.conceive(whole);
    if (this.leftBehind(from, region)) return;
    if (peer === undefined) this.earlyVotes.keep(whole);
    if (peer === undefined || to.id !== peer.consensus.core.id) return;
    this.note(from);
    peer.silentTurns = 0;
    if (message.kind === 'snapshot' && !this.fitsSnapshot(message.snapshot!)) return;
    peer.consensus.step(message);
    // Whether it becomes the region is known at once: two that overlap must not both begin.
    if (message.kind === 'snapshot') peer.consensus.drain();
  }

  /**
   * A newer description of a region than ours may have no place for our peer: then it was removed while it did not listen. Peers
   * have their ids once and for ever, so that is final; but as long as those who know are too few to find a leader among themselves,
   * the others need our vote for it. So the peer goes when a majority of the new voters has said so, or placement has.
   */
  learn(region: RegionDescriptor, fromPeerId?: number): void {
    const peer = this.peers.get(region.id) ?? this.embryos.get(region.id);
    if (peer === undefined || region.epoch.confVersion < peer.region.epoch.confVersion) return;
    const { id } = peer.consensus.core;
    if (region.peers.some((one) => one.id === id)) return;
    // Those who founded a region have no words of others to compare with theirs.
    if (region.epoch.confVersion === peer.region.epoch.confVersion && !this.leaving.has(peer)) return;
    if (fromPeerId === undefined) return this.remove(peer);
    const told = this.told.get(peer) ?? new Set();
    this.told.set(peer, told.add(fromPeerId));
    const voters = region.peers.filter(({ role }) => role === 'voter' || role === 'incoming-voter');
    if (voters.filter((one) => told.has(one.id)).length * 2 > voters.length) this.remove(peer);
  }

  /** The sender was removed and does not know: any message of ours that shows it the region as it is will do. */
  private leftBehind(from: RegionMessage['from'], theirs: RegionDescriptor): boolean {
    const { engine, transport, storeId } = this.options;
    const here = this.peers.get(theirs.id);
    const known = here === undefined ? readRegionState(engine, theirs.id) : undefined;
    if (known?.state === 'merged' && transport !== undefined) {
      this.merger.tell(from, known, transport);
      return true;
    }
    // One that has only begun knows nothing of who is a member.
    const ours = here?.region ?? (known?.state === 'begun' ? undefined : known?.region);
    if (ours === undefined || ours.epoch.confVersion < theirs.epoch.confVersion) return false;
    if (ours.peers.some((one) => one.id === from.id) || from.id === 0) return false;
    // Of our own members we may hear before we apply what made them that.
    if (ours.epoch.confVersion === theirs.epoch.confVersion && theirs.peers.some((one) => one.id === from.id))
      return false;
    transport?.send(from.storeId, sign(ours, { id: here?.consensus.core.id ?? 0, storeId }, from));
    return true;
  }

  /**
   * A peer that has applied its own removal may be the only one who knows that it is committed: the others then still need its vote to
   * find a leader. So it stays and asks, until one of them, who has applied it too, answers as to any that was left behind.
   */
  private askToLeave(): void {
    // Learners stand for no election: one that was removed unheard finds out in this way only.
    const forgotten = this.peers.all().filter((peer) => !peer.consensus.asleep && peer.consensus.isLearner && ++peer.silentTurns > SILENT_TURNS); // prettier-ignore
    for (const peer of [...this.leaving, ...forgotten])
      for (const to of peer.region.peers) this.ask(peer, to.storeId, to.id);
  }

  /** Whoever knows better answers. */
  private ask({ region, consensus }: Peer<G>, storeId: number, id: number): void {
    const from = { id: consensus.core.id, storeId: this.options.storeId };
    this.options.transport?.send(storeId, sign(region, from, { id, storeId }));
  }

  unreachable(storeId: number, regionIds: Iterable<number>): void {
    for (const id of regionIds) {
      const peer = this.peers.get(id);
      const lost = peer?.region.peers.find((one) => one.storeId === storeId);
      if (lost !== undefined) peer!.consensus.unreachable(lost.id);
    }
  }

  /** A snapshot is about to be sent here: where its data may be put until it is whole; `undefined`: not here, or not now. */
  async stage(message: RegionMessage): Promise<StagingWriter | undefined> {
    const { snapshot } = message.message;
    if (snapshot === undefined || message.to.storeId !== this.options.storeId || this.staging.has(message.regionId))
      return undefined;
    // One that is being written is not to be replaced under the writer's hands.
    if (this.filling.has(message.regionId)) return undefined;
    const { region } = decodeRegion(snapshot.data);
    if (!this.fitsSnapshot(snapshot) || region.id !== message.regionId) return undefined;
    this.staging.add(region.id);
    const { index, term } = snapshot;
    try {
      return await StagingWriter.create(this.world.disk, this.options.stagingFolder, { index, term, region });
    } catch (error) {
      this.staging.delete(region.id);
      throw error;
    }
  }

  /** The data is whole and durable (or will not be): the message may do its work. */
  staged(message: RegionMessage, whole: boolean): void {
    this.staging.delete(message.regionId);
    if (whole) this.receive(message);
  }

  private readonly staging = new Set<number>();

  /** A region may begin here when its leader, or who wants to lead, counts us in and nothing here holds any of its keys. */
  private conceive({ regionId, to: { id: peerId }, from, region, message }: RegionMessage): Peer<G> | undefined {
    // A candidate counts us in too: without the votes of those who have nothing yet, a region may have no majority.
    const countsOnUs = FIRST_WORDS.has(message.kind);
    const { engine, storeId } = this.options;
    if (!countsOnUs || !region.peers.some((one) => one.id === peerId && one.storeId === storeId)) return undefined;
    const before = readRegionState(engine, regionId);
    const isOurs = before?.state === 'begun' && before.peerId === peerId;
    const isPast =
      before?.state === 'begun'
        ? before.peerId! > peerId
        : before !== undefined && before.region.epoch.confVersion >= region.epoch.confVersion;
    if (isPast) return undefined;
    if (!this.fits(regionId, region)) {
      // What is in the way may be left over from what that region has swallowed: then those who lead it know.
      for (const other of this.peers.overlapping(region)) if (!other.serves) this.ask(other, from.storeId, 0);
      return undefined;
    }
    const nothing: RegionDescriptor = { ...region, peers: [] };
    if (!isOurs) {
      // What an earlier peer promised and wrote is nothing to this one; and that this one has begun is durable before its first promise.
      if (!this.logRemovals.isClear(regionId)) return undefined;
      const batch = engine.batch();
      putRegionState(batch, { state: 'begun', region: nothing, peerId });
      engine.write(batch, { synced: true });
    }
    const peer = this.make(nothing, peerId, { index: 0, term: 0 });
    this.embryos.set(regionId, peer);
    return peer;
  }

  /** Does no other region of this store hold any of its keys? A split that is not applied here yet, for one. */
  private fits(regionId: number, region: RegionDescriptor, swallowed: readonly number[] = []): boolean {
    if (this.peers.overlapping(region).some(({ id }) => id !== regionId && !swallowed.includes(id))) return false;
    const filled = [...this.filling.values()].flat();
    return !filled.some((other) => other.id !== regionId && overlap(other, region));
  }

  /** Regions that have become part of it are no obstacle: it brings what they have become. */
  private fitsSnapshot({ data }: Snapshot): boolean {
    const { region, end } = decodeRegion(data);
    return !this.merger.isOvertaken(region) && this.fits(region.id, region, decodeSwallowed(data.subarray(end)));
  }

  private note({ id, storeId }: RegionMessage['from']): void {
    if (this.strangers.size > STRANGERS_MAX) this.strangers.clear();
    this.strangers.set(id, storeId);
  }

  private get ground(): Ground {
    const { engine, log, stagingFolder } = this.options;
    return { engine, log, disk: this.world.disk, stagingFolder };
  }

  // ---- what members need of the store

  enlist(member: RaftMember): void {
    this.drive.enlist(member);
  }

  awake(member: Sleeper): void {
    this.rest.wake(member);
  }

  resting(member: Sleeper): void {
    this.rest.leave(member);
  }

  send(regionId: number, message: Message): void {
    const peer = this.peers.get(regionId) ?? this.embryos.get(regionId);
    const { transport, storeId } = this.options;
    if (peer === undefined || transport === undefined) return;
    const { region } = peer;
    const to = region.peers.find((one) => one.id === message.to)?.storeId ?? this.strangers.get(message.to);
    if (to === undefined) return;
    const wrapped = { regionId, from: { id: message.from, storeId }, to: { id: message.to, storeId: to }, region, message }; // prettier-ignore
    if (message.kind !== 'snapshot') {
      transport.send(to, wrapped);
      return;
    }
    const maker = this.making.get(message.to);
    this.making.delete(message.to);
    const sent = maker === undefined ? Promise.resolve(false) : transport.sendSnapshot(to, wrapped, maker);
    void sent
      .catch(() => false)
      .then((taken) => {
        maker?.close();
        peer.consensus.snapshotSent(message.to, taken);
      });
  }

  /** The picture is taken in this turn, at the index that is applied now. */
  makeSnapshot(regionId: number, to: number, indexMin: number): void {
    this.options.flush();
    const peer = this.peers.get(regionId);
    if (peer === undefined) return;
    const { appliedIndex: index, appliedTerm: term, consensus, region } = peer;
    // What a merge needs to know of a region is in its log.
    if (index < indexMin || peer.merging !== undefined || this.making.size >= SNAPSHOTS_AT_ONCE)
      return consensus.snapshotReady(to, undefined);
    this.making.get(to)?.close();
    this.making.set(to, new SnapshotMaker(this.options.engine, region, this.timing.snapshotChunkBytes));
    const { configuration } = consensus.core;
    const data = concatBytes(encodeRegion(region), encodeSwallowed(readSwallowed(this.options.engine, regionId)));
    consensus.snapshotReady(to, { index, term, configuration, data });
  }

  /** From here on the ground is taken. */
  willRestore(snapshot: Snapshot): void {
    const { region, end } = decodeRegion(snapshot.data);
    const before = this.peers.get(region.id)?.region;
    const ended = this.merger.endBy(region.id, decodeSwallowed(snapshot.data.subarray(end)));
    this.filling.set(region.id, [region, ...(before === undefined ? [] : [before]), ...ended]);
  }

  /** A staged snapshot becomes the region. */
  async restore(regionId: number, snapshot: Snapshot): Promise<void> {
    const { region } = decodeRegion(snapshot.data);
    this.options.flush();
    const before = this.peers.get(regionId);
    const peer = before ?? this.embryos.get(regionId);
    assert(peer !== undefined && region.id === regionId, 'a snapshot for a peer that is not here');
    // Nobody finds the region until it is whole.
    if (before !== undefined) this.peers.remove(before);
    this.embryos.set(regionId, peer);
    if (before !== undefined) this.options.forget(before.region);
    this.options.forget(region);
    peer.measured(await fillRegion(this.ground, region, snapshot, before?.region, this.merger.swallowedBy(region.id)));
    this.embryos.delete(regionId);
    this.filling.delete(regionId);
    // Whoever read next to it meanwhile may remember it as empty.
    if (before !== undefined) this.options.forget(before.region);
    this.options.forget(region);
    peer.region = region;
    this.merger.filled(peer);
    peer.appliedIndex = peer.durableIndex = snapshot.index;
    peer.appliedTerm = snapshot.term;
    this.peers.add(peer);
    this.options.filled(region);
  }
}

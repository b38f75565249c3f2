/**
 * `Merger`: of two neighbours one region. The source ends, the target grows over its keys; both have their members on the same stores.
 *
 *     source's log   … data  prepare ─────────────────┐ (serves nobody from here on)
 *                                every member's log   │                      or, when the target has changed first:
 *                                holds the prepare    ▼                      rollback (serves again)
 *     target's log   … data                        commit  data of both …
 *
 * The prepare names the target and its epoch. The commit counts if the target still has that epoch when it is applied, and makes it another
 * one; so each attempt is decided once, by the first entry of the target's log that changes its epoch. Whoever leads the source drives: it hands
 * its leadership to the store that leads the target, waits until every member has the prepare, and proposes the commit there. When a
 * member does not get it in time, it proposes a commit that gives up, which only changes the epoch.
 *
 * A store that applies the commit while its own source is behind holds the target up: what it lacks is in its log, and is committed, which the
 * commit says. The end of the source and the growth of the target are one durable batch.
 *
 * A source is taken back only by the word of a target of another epoch that does not count it among those it has swallowed. That list
 * travels with snapshots and goes to both parts of a split, so a store that gets a target from a time after the merge, and never sees the commit,
 * ends its source by it. A member that is left over, on a store that the target has left, asks for votes and is told by those
 * who know; its target may come back to that store only as what it is after the merge.
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { Timer } from '../../../base/world.ts';
import type { RegionDescriptor, RegionEpoch } from '../../../proto/kv/region.ts';
import { type Message, message as raftMessage } from '../../raft/index.ts';
import { type CommitMergeEntry, encodeAdminEntry, type MergeEntry, type PrepareMergeEntry } from './admin-entry.ts';
import { noRegion } from './ground.ts';
import type { Peer } from './peer.ts';
import type { RegionMessage, RegionsOptions, StoreTransport } from './ports.ts';
import { dropRegionSizes } from './region-sizes.ts';
import { dropRegionState, type Merging, putApplied, putRegionState, putSwallowed, readSwallowed, type RegionState } from './region-states.ts'; // prettier-ignore
import type { Regions } from './regions.ts';
import { clearInto, type Swallowed } from './snapshot.ts';

/** The version of a region in the word that it is no more. */
export const MERGED_AWAY = 0xffff_ffff;
/** Ticks between two looks at what goes on. */
const LOOK_TICKS = 2;
/** Ticks for which a source waits for its members before it gives up: it serves nobody meanwhile, and another attempt is cheap. */
const PATIENCE_TICKS = 10;
/** The same for a member that cannot be reached, or answers nothing that was sent ahead. */
const LOST_TICKS = 3;
/** Ticks before what was asked for is asked for again. */
const AGAIN_TICKS = 10;
/** Entries that a member may be behind when a merge begins. */
const BEHIND_MAX = 100;
/** Ended regions whose successors are remembered for those who still ask for them. */
const ENDED_MAX = 1000;
const UNKNOWN: Merging = { targetId: 0, version: 0, confVersion: 0, index: 0, term: 0 };

interface Active {
  /** What the leader of the source last asked for. */
  askedMs: number;
  /** Since when this store could drive, in this leadership: its members had no chance to be heard of before. */
  ledFromMs: number;
}

interface Stalled {
  readonly index: number;
  readonly term: number;
  readonly entry: CommitMergeEntry;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: RutileError) => void;
}

export class Merger<G> {
  private readonly regions: Regions<G>;
  private readonly options: RegionsOptions<G>;
  /** Sources of this store. */
  private readonly active = new Map<Peer<G>, Active>();
  /** Targets that wait for their source. */
  private readonly stalled = new Map<Peer<G>, Stalled>();
  /** Who is told when the source has ended. */
  private readonly waiters = new Map<Peer<G>, Waiter[]>();
  /** Targets that are being filled, with what their snapshots have swallowed. */
  private readonly filling = new Map<number, Swallowed>();
  private readonly ended = new Map<number, number>();
  /** By target: its version before it swallowed what was removed here without it. */
  private readonly missed = new Map<number, number>();
  private timer: Timer | undefined = undefined;

  constructor(regions: Regions<G>, options: RegionsOptions<G>) {
    this.regions = regions;
    this.options = options;
  }

  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /**
   * Makes the source part of the target, its neighbour on the same stores. Resolves when that is done here; fails with `kv.busy` when it was taken
   * back or cannot be now, `kv.not-leader` when another is to be asked, `kv.epoch` when the two do not fit together.
   */
  async merge(sourceId: number, targetId: number): Promise<void> {
    const { regions } = this;
    const [source, target] = [regions.peers.get(sourceId), regions.peers.get(targetId)];
    if (source === undefined) throw noRegion();
    if (!source.serves) throw regions.notServing(source);
    if (target === undefined || !fitTogether(source.region, target.region)) throw regions.changed(source);
    if (source.changing || target.changing || this.awaits(source) || this.awaits(target)) throw regions.busy(sourceId);
    if (!target.serves) {
      this.handOver(source, target);
      throw regions.busy(sourceId);
    }
    const last = this.options.log.lastIndex(sourceId);
    // One that is away could not be waited for.
    const late = source.consensus.progress().some(({ match, state }) => state !== 'replicate' || match < last - BEHIND_MAX); // prettier-ignore
    if (late || this.options.largeCommitCount() > 0) throw regions.busy(sourceId);
    this.options.closeOpen(source);
    source.changing = true;
    const { version, confVersion } = target.region.epoch;
    const data = encodeAdminEntry({ kind: 'prepare-merge', targetId, version, confVersion });
    await new Promise<void>((resolve) => {
      source.waiting.push(resolve);
      if (!source.consensus.propose(data, undefined)) regions.endChange(source);
    });
    const failure = this.options.failure();
    if (failure !== undefined) throw failure;
    if (this.ended.has(sourceId)) return;
    if (source.merging === undefined) throw regions.notServing(source);
    await new Promise<void>((resolve, reject) => {
      const waiters = this.waiters.get(source) ?? [];
      this.waiters.set(source, waiters);
      waiters.push({ resolve, reject });
    });
  }

  /** Is a source of this store to become part of it? Then nothing else is to change it. */
  awaits(target: Peer<G>): boolean {
    for (const { merging } of this.active.keys()) if (merging?.targetId === target.id) return true;
    return false;
  }

  /** A source went from here without its target. Of that nothing may come that is older than the merge: it would wait for the source for ever. */
  remember({ targetId, version }: Merging): void {
    this.missed.set(targetId, Math.max(version, this.missed.get(targetId) ?? 0));
  }

  /** Is this a region as it was before it swallowed what is no more here? */
  isOvertaken({ id, epoch }: RegionDescriptor): boolean {
    return epoch.version <= (this.missed.get(id) ?? -1);
  }

  /** Where the keys of a region went that is no more. */
  successorOf(regionId: number): Peer<G> | undefined {
    const id = this.ended.get(regionId);
    return id === undefined ? undefined : (this.regions.peers.get(id) ?? this.successorOf(id));
  }

  // ---- entries, in the order of their logs

  apply(peer: Peer<G>, index: number, term: number, entry: MergeEntry): void {
    if (entry.kind === 'prepare-merge') this.prepare(peer, index, term, entry);
    else if (entry.kind === 'commit-merge') this.commit(peer, { index, term, entry });
    else {
      const isMeant = peer.merging?.index === entry.index;
      if (isMeant) this.stop(peer);
      this.regions.applyNothing(peer, index, term, isMeant ? { state: 'normal', region: nextVersion(peer.region) } : undefined); // prettier-ignore
      if (isMeant) this.answer(peer, this.regions.busy(peer.id));
    }
  }

  private prepare(peer: Peer<G>, index: number, term: number, entry: PrepareMergeEntry): void {
    const { targetId, version, confVersion } = entry;
    let state: RegionState | undefined;
    // Between two sets of members, or beside another attempt, it does nothing.
    if (!isJoint(peer.region) && peer.merging === undefined) {
      const merging = { targetId, version, confVersion, index, term };
      state = { state: 'merging', region: nextVersion(peer.region), merging };
      this.goOn(peer, merging);
    }
    this.regions.applyNothing(peer, index, term, state);
    this.regions.endChange(peer);
    if (state === undefined) return;
    peer.changes?.end(this.regions.notServing(peer));
    this.options.world.timers.soon(() => this.look());
  }

  private commit(target: Peer<G>, stalled: Stalled): void {
    const { index, term, entry } = stalled;
    const isFirst = isSameEpoch(target.region.epoch, entry);
    if (entry.givesUp || !isFirst || !fitTogether(entry.source, target.region)) {
      const state = isFirst ? ({ state: 'normal', region: nextVersion(target.region) } as const) : undefined;
      this.regions.applyNothing(target, index, term, state);
      this.decided(target);
      return;
    }
    const source = this.regions.peers.get(entry.source.id);
    if (source?.merging?.index === entry.index) return this.join(target, source, stalled);
    target.consensus.hold();
    this.stalled.set(target, stalled);
    source?.consensus.learnCommitted(entry.index, entry.term);
    this.watch();
  }

  /** The target has changed: a source that waits for it may be taken back at once. */
  private decided(target: Peer<G>): void {
    let waits = false;
    for (const [source, active] of this.active) {
      if (source.merging?.targetId !== target.id) continue;
      active.askedMs = -Infinity;
      waits = true;
    }
    if (waits) this.options.world.timers.soon(() => this.look());
  }

  private join(target: Peer<G>, source: Peer<G>, { index, term, entry }: Stalled): void {
    const { engine, failure } = this.options;
    // What was applied of the source goes before.
    this.options.flush();
    if (failure() !== undefined) return;
    const merging = source.merging!;
    assert(merging.targetId === target.id, 'a source has one target');
    assert(source.region.epoch.version === entry.source.epoch.version, 'a source changes no more once it is prepared');
    const region = joined(source.region, target.region);
    const batch = engine.batch();
    putRegionState(batch, { state: 'normal', region });
    putApplied(batch, target.id, index, term);
    const swallowed = [...readSwallowed(engine, target.id), ...readSwallowed(engine, source.id), source.id];
    putSwallowed(batch, target.id, swallowed);
    dropRegionState(batch, source.id);
    putRegionState(batch, { state: 'merged', region: source.region, merging });
    // Durable: by our word others may end theirs, and the target's members may change.
    engine.write(batch, { synced: true });
    dropRegionSizes(engine, [source.id]);
    [target.appliedIndex, target.appliedTerm] = [index, term];
    target.sizeBytes += source.sizeBytes;
    target.keys += source.keys;
    target.growthBytes += source.growthBytes;
    target.growthKeys += source.growthKeys;
    this.end(source, target.id);
    this.regions.peers.setRegion(target, region);
    // Locks in memory stay with a leader that goes on to lead their keys.
    if (!target.consensus.isLeader) this.options.role(source, false);
    else source.changes?.end(this.regions.changed(target));
    target.changes?.end(this.regions.changed(target));
    target.consensus.applied(index, term);
    this.answer(source, undefined);
  }

  // ---- what drives it

  /** The region is prepared, here and now or before this store was started. */
  goOn(peer: Peer<G>, merging: Merging): void {
    peer.merging = merging;
    this.active.set(peer, { askedMs: -Infinity, ledFromMs: Infinity });
    this.watch();
  }

  private watch(): void {
    const { world } = this.options;
    this.timer ??= world.timers.every(this.regions.timing.tickMs * LOOK_TICKS, () => this.look());
  }

  private look(): void {
    if (this.timer === undefined || this.options.failure() !== undefined) return;
    for (const [target, stalled] of [...this.stalled]) this.tryAgain(target, stalled);
    for (const [source, active] of [...this.active]) {
      if (source.consensus.isLeader) this.drive(source, active);
      else {
        active.ledFromMs = Infinity;
        this.answer(source, this.regions.notServing(source));
      }
    }
    if (this.active.size === 0 && this.stalled.size === 0) this.close();
  }

  private tryAgain(target: Peer<G>, stalled: Stalled): void {
    const { entry, index } = stalled;
    const { peers } = this.regions;
    const source = peers.get(entry.source.id);
    if (peers.get(target.id) !== target || target.appliedIndex >= index) this.stalled.delete(target);
    else if (source?.merging?.index === entry.index) {
      this.stalled.delete(target);
      this.join(target, source, stalled);
      target.consensus.resume();
    } else source?.consensus.learnCommitted(entry.index, entry.term);
  }

  private drive(source: Peer<G>, active: Active): void {
    const { consensus, region } = source;
    const { targetId, version, confVersion, index, term } = source.merging!;
    const nowMs = this.options.world.clock.monotonicMs();
    const { tickMs } = this.regions.timing;
    if (!consensus.canPropose) return;
    active.ledFromMs = Math.min(active.ledFromMs, nowMs);
    if (nowMs < active.askedMs + AGAIN_TICKS * tickMs) return;
    const target = this.regions.peers.get(targetId);
    const epoch = target?.region.epoch;
    if (epoch !== undefined && (epoch.version > version || epoch.confVersion > confVersion)) {
      active.askedMs = nowMs;
      if (readSwallowed(this.options.engine, targetId).includes(source.id)) this.removeHere(source, targetId);
      else consensus.propose(encodeAdminEntry({ kind: 'rollback-merge', index }), undefined);
      return;
    }
    if (target === undefined || !isSameEpoch(epoch!, { version, confVersion }) || !target.serves) {
      if (this.handOver(source, target)) active.askedMs = nowMs;
      return;
    }
    const late = consensus.progress().filter(({ match }) => match < index);
    const isReady = late.length === 0;
    const patience = late.some(({ state }) => state !== 'replicate') ? LOST_TICKS : PATIENCE_TICKS;
    if (!isReady && nowMs < active.ledFromMs + patience * tickMs) return;
    active.askedMs = nowMs;
    this.options.closeOpen(target);
    const entry = { kind: 'commit-merge', givesUp: !isReady, version, confVersion, index, term, source: region } as const; // prettier-ignore
    target.consensus.propose(encodeAdminEntry(entry), undefined);
  }

  /** To the store that leads the target; to any other when the target is not here. */
  private handOver(source: Peer<G>, target: Peer<G> | undefined): boolean {
    const { storeId, world } = this.options;
    const others = source.region.peers.filter((one) => one.storeId !== storeId && one.role === 'voter');
    const leads = target?.region.peers.find((one) => one.id === target.consensus.leaderId);
    const to = target === undefined ? others[world.random.below(Math.max(1, others.length))] : others.find((one) => one.storeId === leads?.storeId); // prettier-ignore
    return to !== undefined && source.consensus.transferLeader(to.id);
  }

  // ---- ends

  private stop(source: Peer<G>): void {
    source.merging = undefined;
    this.active.delete(source);
  }

  /** Its description is with its target now; whoever waits for it is refused, since it is still marked as merging. */
  private end(source: Peer<G>, targetId: number): void {
    this.active.delete(source);
    this.stalled.delete(source);
    if (this.ended.size >= ENDED_MAX) this.ended.delete(this.ended.keys().next().value!);
    this.ended.set(source.id, targetId);
    this.regions.dismiss(source);
    this.regions.forgetLog(source.id);
  }

  private answer(source: Peer<G>, error: RutileError | undefined): void {
    const waiters = this.waiters.get(source);
    this.waiters.delete(source);
    for (const { resolve, reject } of waiters ?? [])
      if (error === undefined) resolve();
      else reject(error);
  }

  /** The peer left this store. */
  left(peer: Peer<G>): void {
    this.active.delete(peer);
    this.stalled.delete(peer);
    this.answer(peer, this.regions.notServing(peer));
  }

  /** It was merged elsewhere, and its keys are nothing to this store any more. */
  private removeHere(source: Peer<G>, targetId: number): void {
    const { engine } = this.options;
    const batch = engine.batch();
    dropRegionState(batch, source.id);
    putRegionState(batch, { state: 'merged', region: source.region, merging: source.merging ?? UNKNOWN });
    clearInto(engine, source.region, batch);
    engine.write(batch, { synced: true });
    if (source.merging !== undefined) this.remember(source.merging);
    this.end(source, targetId);
    this.options.forget(source.region);
    this.answer(source, undefined);
  }

  // ---- snapshots

  /** A snapshot of the target comes: sources of this store that it has swallowed end, on disk in the batch that begins to fill it. */
  endBy(targetId: number, ids: readonly number[]): readonly RegionDescriptor[] {
    const here = this.regions.peers.all().filter((peer) => peer.id !== targetId && ids.includes(peer.id));
    for (const peer of here) {
      this.active.delete(peer);
      this.stalled.delete(peer);
      this.regions.dismiss(peer);
      this.options.forget(peer.region);
      this.answer(peer, undefined);
    }
    this.filling.set(targetId, { ids, here: here.map(({ region, merging }) => ({ region, merging: merging ?? UNKNOWN })) }); // prettier-ignore
    return here.map(({ region }) => region);
  }

  swallowedBy(targetId: number): Swallowed | undefined {
    return this.filling.get(targetId);
  }

  /** A snapshot became the region: whatever was going on with it is of the past. */
  filled(peer: Peer<G>): void {
    for (const { region } of this.filling.get(peer.id)?.here ?? []) this.regions.forgetLog(region.id);
    this.filling.delete(peer.id);
    this.stop(peer);
    this.stalled.delete(peer);
  }

  // ---- those who missed it

  /** Whoever still speaks for a region that was merged here is told, and who its last members were. */
  tell(to: RegionMessage['from'], { region, merging }: RegionState, transport: StoreTransport): void {
    const message = {
      ...raftMessage('heartbeat-response', 0, to.id, 0),
      index: merging!.index,
      logTerm: merging!.term,
    };
    const epoch = { confVersion: region.epoch.confVersion, version: MERGED_AWAY };
    const from = { id: 0, storeId: this.options.storeId };
    transport.send(to.storeId, { regionId: region.id, from, to, region: { ...region, epoch }, message });
  }

  /** A region is no more. A target that is here will end it in its turn; without one it goes now. */
  told(region: RegionDescriptor, { index, logTerm, to }: Message): void {
    const { id: regionId, peers } = region;
    // Its removal was committed before the merge, and nobody is left who needs its vote.
    if (!peers.some((one) => one.id === to)) return this.regions.dropPeer(regionId, to);
    const source = this.regions.peers.get(regionId);
    if (source === undefined) return;
    if (index > 0) source.consensus.learnCommitted(index, logTerm);
    const { merging } = source;
    if (merging === undefined || (index > 0 && merging.index !== index)) return;
    if (this.regions.isHere(merging.targetId)) return;
    this.removeHere(source, merging.targetId);
  }
}

function isSameEpoch(epoch: RegionEpoch, other: RegionEpoch): boolean {
  return epoch.version === other.version && epoch.confVersion === other.confVersion;
}

function nextVersion(region: RegionDescriptor): RegionDescriptor {
  const { confVersion, version } = region.epoch;
  return { ...region, epoch: { confVersion, version: version + 1 } };
}

function isJoint({ peers }: RegionDescriptor): boolean {
  return peers.some(({ role }) => role === 'incoming-voter' || role === 'demoting-voter');
}

function isLeftOf(left: RegionDescriptor, right: RegionDescriptor): boolean {
  return left.upper.length > 0 && compareBytes(left.upper, right.lower) === 0;
}

/** Neighbours with members of the same kind on the same stores. */
export function fitTogether(source: RegionDescriptor, target: RegionDescriptor): boolean {
  if (!isLeftOf(source, target) && !isLeftOf(target, source)) return false;
  if (isJoint(source) || isJoint(target) || source.peers.length !== target.peers.length) return false;
  return source.peers.every((one) => target.peers.some(({ storeId, role }) => storeId === one.storeId && role === one.role)); // prettier-ignore
}

/** The target, grown over the source; its version is above both, so that whoever knows either believes it. */
function joined(source: RegionDescriptor, target: RegionDescriptor): RegionDescriptor {
  const version = Math.max(source.epoch.version, target.epoch.version) + 1;
  const [left, right] = isLeftOf(source, target) ? [source, target] : [target, source];
  return {
    ...target,
    lower: left.lower,
    upper: right.upper,
    epoch: { confVersion: target.epoch.confVersion, version },
  };
}

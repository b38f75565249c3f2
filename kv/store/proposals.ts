/**
 * Between a decision and its end: all that a region decides in one turn becomes one log entry, and whoever waits is answered when the
 * entry is applied, refused or lost.
 *
 * A group belongs to the term in which it was decided. When the leadership changed before it could be proposed, it is dropped: what
 * it was decided on may not be the newest state any more.
 */
import type { World } from '../../base/world.ts';
import type { RutileError } from '../../base/error.ts';
import type { TxnOutcome } from '../../proto/kv/command.ts';
import { holdsKey, RAW_SPACE, ROW_SPACE } from '../../proto/kv/region.ts';
import type { LockTable } from '../mvcc/index.ts';
import { EntryWriter, type Latch, type Latches, type MemoryChange, type WriteSet } from '../txn/index.ts';
import type { Admission } from './admission.ts';
import type { Group } from './proposal.ts';
import type { Peer } from './region/peer.ts';
import { noRegion } from './region/ground.ts';
import type { Regions } from './region/regions.ts';
import type { Wakes } from './wakes.ts';

export interface ProposalsOptions {
  readonly world: World;
  readonly entrySizeBytesMax: number;
  readonly admission: Admission;
  readonly latches: Latches;
  readonly locks: LockTable;
  readonly wakes: Wakes;
  readonly regions: () => Regions<Group>;
  readonly changeMemory: (changes: readonly MemoryChange[]) => void;
  readonly failure: () => RutileError | undefined;
}

export class Proposals {
  entryCount = 0;
  private readonly options: ProposalsOptions;
  /** Groups that close when this turn is over. */
  private open: Group[] = [];

  constructor(options: ProposalsOptions) {
    this.options = options;
  }

  // hot
  propose(
    peer: Peer<Group>,
    set: WriteSet,
    latch: Latch | undefined,
    memory: readonly MemoryChange[] | undefined,
    outcome: TxnOutcome,
    done: (outcome: TxnOutcome) => void,
  ): void {
    const { admission, entrySizeBytesMax, world } = this.options;
    if (peer.changing) {
      const { term } = peer.consensus;
      peer.waiting.push(() => this.proposeAfterChange(peer, term, set, latch, memory, outcome, done));
      return;
    }
    const size = set.sizeBytes();
    let group = peer.open;
    if (group !== undefined && group.writer.sizeBytes + size > entrySizeBytesMax) {
      this.close(group);
      group = undefined;
    }
    if (group === undefined) {
      group = { peer, term: peer.consensus.term, writer: new EntryWriter(size + 1024), proposals: [], sets: [] };
      peer.open = group;
      if (this.open.length === 0) world.timers.soon(() => this.closeAll());
      this.open.push(group);
    }
    group.writer.add(set);
    group.sets.push(set);
    group.proposals.push({ set, latch, memory, outcome, done });
    admission.pendingSizeBytes += size;
  }

  /** Decided before the region changed; what was decided holds, since the latches do, but the keys may belong elsewhere now. */
  proposeAfterChange(
    before: Peer<Group>,
    term: number,
    set: WriteSet,
    latch: Latch | undefined,
    memory: readonly MemoryChange[] | undefined,
    outcome: TxnOutcome,
    done: (outcome: TxnOutcome) => void,
  ): void {
    const regions = this.options.regions();
    const space = set.startTs === 0n ? RAW_SPACE : ROW_SPACE;
    const peer = regions.peers.find(space, set.writes[0]!.key);
    if (peer === undefined) return this.undo(set, latch, done, noRegion());
    // Between the two of a merge another may have led, and written.
    if (before.merging !== undefined) return this.undo(set, latch, done, regions.notServing(before));
    // Who led in between has told readers that these keys are free.
    const isSame = (peer === before || peer.serves) && regions.peers.ledSince(peer, before, term);
    if (!isSame) return this.undo(set, latch, done, regions.notServing(peer));
    if (!set.writes.every((write) => holdsKey(peer.region, space, write.key)))
      return this.undo(set, latch, done, regions.changed(peer));
    this.propose(peer, set, latch, memory, outcome, done);
  }

  closeAll(): void {
    const groups = this.open;
    this.open = [];
    for (const group of groups) if (group.peer.open === group) this.close(group);
  }

  close(group: Group): void {
    const { peer } = group;
    const failure = this.options.failure();
    peer.open = undefined;
    this.entryCount++;
    if (failure !== undefined) this.fail([group], failure);
    else if (peer.consensus.term !== group.term) this.drop(group, this.options.regions().notServing(peer));
    else peer.consensus.propose(group.writer.finish(), group);
  }

  // ---- the end

  // hot
  answer(group: Group): void {
    const { admission, latches, changeMemory } = this.options;
    for (const proposal of group.proposals) {
      admission.pendingSizeBytes -= proposal.set.sizeBytes();
      if (proposal.memory !== undefined) changeMemory(proposal.memory);
      if (proposal.latch !== undefined) latches.release(proposal.latch);
      proposal.done(proposal.outcome);
    }
  }

  /** What was proposed did not happen, or nobody here will learn: its keys are free again either way. */
  drop(group: Group, error: RutileError): void {
    for (const { set, latch, done } of group.proposals) {
      this.options.admission.pendingSizeBytes -= set.sizeBytes();
      this.undo(set, latch, done, error);
    }
  }

  /** Decided, but not proposed after all. */
  undo(set: WriteSet, latch: Latch | undefined, done: (outcome: TxnOutcome) => void, error: Error): void {
    const { wakes, locks, latches } = this.options;
    for (const write of set.writes) wakes.note(write.key, locks.clearInFlight(write.key));
    if (latch !== undefined) latches.release(latch);
    done({ kind: 'failed', error });
    wakes.tell();
  }

  /** The log or the engine is gone: whether the keys hold the new values, only a restart can tell, so they stay marked as in flight. */
  fail(groups: readonly Group[], error: RutileError): void {
    const { admission, latches, locks, wakes } = this.options;
    for (const group of groups) {
      for (const { set, latch, done } of group.proposals) {
        admission.pendingSizeBytes -= set.sizeBytes();
        if (latch !== undefined) latches.release(latch);
        done({ kind: 'failed', error });
      }
    }
    locks.states.forEach((state) => {
      const { waiters } = state;
      state.waiters = undefined;
      if (waiters !== undefined) wakes.noteAll(waiters);
    });
    wakes.tell();
  }
}

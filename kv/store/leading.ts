/**
 * What comes with the leadership of a region and goes with it. A new leader first undoes what a large commit of the one before left half
 * done, and serves then. Whoever leads no more forgets the pessimistic locks of the region's keys: they were its memory alone; and whoever read its changes is sent on.
 *
 * A split takes no lock from anybody: the new region is led by nobody for some milliseconds, and its locks wait in the memory of the store that led
 * the whole. They are the right ones if that store leads it first, which its first term tells; any other leader may have given others.
 */
import { RutileError } from '../../base/error.ts';
import type { World } from '../../base/world.ts';
import type { LargeCommit } from '../../proto/kv/command.ts';
import { holdsKey, ROW_SPACE } from '../../proto/kv/region.ts';
import type { LockTable } from '../mvcc/index.ts';
import type { Fence, LargeCommits } from './large-commits.ts';
import type { Group } from './proposal.ts';
import { FIRST_TERM } from './region/admin-entry.ts';
import type { Peer } from './region/peer.ts';
import type { Regions } from './region/regions.ts';
import type { Wakes } from './wakes.ts';

export interface LeadingOptions {
  readonly world: World;
  readonly locks: LockTable;
  readonly wakes: Wakes;
  readonly regions: Regions<Group>;
  readonly largeCommits: LargeCommits;
  readonly failure: () => RutileError | undefined;
}

/** Between two tries to undo what was left, while the log takes nothing. */
const RECOVER_MS = 10;

export class Leading {
  private readonly options: LeadingOptions;

  constructor(options: LeadingOptions) {
    this.options = options;
  }

  /** `opened`: the store serves; before that all regions are recovered together. */
  onRole(peer: Peer<Group>, isLeader: boolean, opened: boolean): void {
    const { inherits, consensus } = peer;
    if (isLeader) {
      peer.inherits = false;
      if (inherits && consensus.term !== FIRST_TERM + 1) this.forgetLocks(peer);
      if (opened) void this.recover(peer);
      return;
    }
    peer.changes?.end(this.options.regions.notServing(peer));
    if (inherits && consensus.leaderId === 0) return;
    peer.inherits = false;
    this.forgetLocks(peer);
  }

  private forgetLocks(peer: Peer<Group>): void {
    const { locks, wakes } = this.options;
    if (locks.pessimisticCount === 0) return;
    const keys: Uint8Array[] = [];
    const { region } = peer;
    locks.states.forEach((state) => {
      if (state.pessimistic !== undefined && holdsKey(region, ROW_SPACE, state.key)) keys.push(state.key);
    });
    for (const key of keys) wakes.note(key, locks.releasePessimistic(key, locks.state(key)!.pessimistic!.startTs));
    wakes.tell();
  }

  /** What the leader before left half done is undone before this one serves. */
  async recover(peer: Peer<Group>): Promise<void> {
    const fence: Fence = { peer, term: peer.consensus.term };
    peer.recovering = true;
    await peer.consensus.whenReady();
    while (this.holds(fence)) {
      try {
        await this.options.largeCommits.undoUnfinished(fence, peer.region);
        break;
      } catch {
        // Not leading any more: whoever does will do it. Or the log is full: again.
        await new Promise<void>((resolve) => void this.options.world.timers.after(RECOVER_MS, resolve));
      }
    }
    // The next term's leader, even when that is this store too, does so for itself.
    if (peer.consensus.term === fence.term) peer.recovering = false;
  }

  holds({ peer, term }: Fence): boolean {
    return this.options.failure() === undefined && peer.consensus.term === term && peer.consensus.isLeader;
  }

  /** Who takes a large commit: the region that has all of its keys, in the term that it leads in. */
  beginLarge(chunks: LargeCommit['chunks']): Fence | RutileError {
    const { regions } = this.options;
    const first = chunks.at(0)![0]!.key;
    const last = chunks.at(chunks.length - 1)!.at(-1)!.key;
    const peer = regions.ofKey(first);
    if (peer instanceof RutileError) return peer;
    if (!peer.serves) return regions.notServing(peer);
    if (!holdsKey(peer.region, ROW_SPACE, last)) return regions.changed(peer);
    return { peer, term: peer.consensus.term };
  }
}

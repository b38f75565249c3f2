/**
 * `Peer`: this store's replica of one region. Its keys' versions, locks and pages lie in the store's common memory, since
 * regions have disjoint keys; what is the region's own is its description, its consensus, how far it is applied, and the group
 * of commands that becomes its next log entry.
 *
 * `RegionPeers` finds the peer of a key. A store with one region that covers everything pays one comparison for that.
 */
import { assert } from '../../../base/assert.ts';
import { compareBytes } from '../../../base/bytes.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import { compareInSpace, holdsKey, type RegionDescriptor, type Space } from '../../../proto/kv/region.ts';
import type { RegionChanges } from '../feed/region-changes.ts';
import type { RaftConsensus } from '../raft-consensus.ts';
import { FIRST_TERM } from './admin-entry.ts';
import { CallSample } from './call-sample.ts';
import { overlap } from './ground.ts';
import type { RegionSize } from './region-sizes.ts';
import type { Merging } from './region-states.ts';

export class Peer<G> {
  region: RegionDescriptor;
  consensus!: RaftConsensus<G>;
  appliedIndex = 0;
  appliedTerm = 0;
  /** Entries up to here survive a crash of the machine without the log. */
  durableIndex = 0;
  /** What will be the next entry, until this turn is over. */
  open: G | undefined = undefined;
  /** An entry that changes the region is on its way. */
  changing = false;
  /** A new leader still takes back what a large commit left half done. */
  recovering = false;
  /** Split off a region that this store led, and led by nobody yet: the locks of its keys in this memory are all there are. */
  inherits = false;
  /** The region that it was split off while this store led that, in which term: what was decided there may hold here. */
  heritage: { readonly regionId: number; readonly term: number } | undefined = undefined;
  /** Election timeouts since a message came for it. */
  silentTurns = 0;
  /** It is to become part of its neighbour, and serves nobody until that is done or has failed. */
  merging: Merging | undefined = undefined;
  /** When it was last measured; 0: never. What was gained since is counted at apply, and is an upper bound (region/splitter.ts). */
  sizeBytes = 0;
  keys = 0;
  growthBytes = 0;
  growthKeys = 0;
  readonly calls = new CallSample();
  /** Who is told what is applied; undefined: nobody is. */
  changes: RegionChanges | undefined = undefined;
  /** Proposals wait for it, so that each is made under the bounds it is applied under. */
  readonly waiting: (() => void)[] = [];

  constructor(region: RegionDescriptor) {
    this.region = region;
  }

  measured({ sizeBytes, keys }: RegionSize): void {
    [this.sizeBytes, this.keys, this.growthBytes, this.growthKeys] = [sizeBytes, keys, 0, 0];
  }

  /** The other takes over about this share of what the region holds: an estimate until it is measured. */
  gives(other: Peer<G>, share: number): void {
    const sizeBytes = Math.max(0, this.sizeBytes + this.growthBytes);
    const keys = Math.max(0, this.keys + this.growthKeys);
    other.measured({ sizeBytes: Math.floor(sizeBytes * share), keys: Math.floor(keys * share) });
    this.measured({ sizeBytes: sizeBytes - other.sizeBytes, keys: keys - other.keys });
  }

  /** It may decide commands, on the newest state there is. */
  // hot
  get serves(): boolean {
    return !this.recovering && this.merging === undefined && this.consensus.canPropose;
  }

  get id(): number {
    return this.region.id;
  }

  /**
   * Led here without a break since `term` was read: what was decided or read in between is of the newest state there is. Under the lease known at
   * once, else when one more round has confirmed it. Rejects when this store does not lead; the region itself may have changed meanwhile.
   */
  // hot
  stillLeads(term: number): MaybePromise<boolean> {
    const { consensus } = this;
    if (consensus.term !== term) return false;
    if (consensus.canRead) return true;
    return consensus.whenReadable().then(() => consensus.term === term);
  }
}

export class RegionPeers<G> {
  /** By lower bound. */
  private readonly sorted: Peer<G>[] = [];
  private readonly byId = new Map<number, Peer<G>>();
  /** The only region, when it covers everything. */
  sole: Peer<G> | undefined = undefined;

  get count(): number {
    return this.sorted.length;
  }

  all(): readonly Peer<G>[] {
    return this.sorted;
  }

  get(id: number): Peer<G> | undefined {
    return this.byId.get(id);
  }

  /**
   * Has this store led the keys of `peer` without a break since it led `before` in `term`? Along splits, that is: a region that was split off is led
   * in its first term by whoever led the whole, and by nobody earlier; in a later one another may have led, and answered readers, in between.
   */
  ledSince(peer: Peer<G>, before: Peer<G>, term: number): boolean {
    let at = peer;
    let led = peer.consensus.term;
    while (at !== before) {
      const { heritage } = at;
      const whole = heritage === undefined ? undefined : this.byId.get(heritage.regionId);
      if (heritage === undefined || whole === undefined || led !== FIRST_TERM + 1) return false;
      led = heritage.term;
      at = whole;
    }
    return led === term;
  }

  // hot: once for each command of a store with several regions
  find(space: Space, key: Uint8Array): Peer<G> | undefined {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareInSpace(space, key, this.sorted[middle]!.region.lower) >= 0) low = middle + 1;
      else high = middle;
    }
    const peer = this.sorted[low - 1];
    return peer !== undefined && holdsKey(peer.region, space, key) ? peer : undefined;
  }

  /** Those that share keys with `region`, itself among them, in order: regions of one store share none with each other. */
  overlapping(region: RegionDescriptor): readonly Peer<G>[] {
    const { sorted } = this;
    const from = this.firstNot(({ upper }) => upper.length > 0 && compareBytes(upper, region.lower) <= 0);
    let to = from;
    while (to < sorted.length && overlap(sorted[to]!.region, region)) to++;
    return sorted.slice(from, to);
  }

  add(peer: Peer<G>): void {
    assert(!this.byId.has(peer.id), 'a region has one peer on a store');
    const at = this.firstNot(({ lower }) => compareBytes(lower, peer.region.lower) < 0);
    this.sorted.splice(at, 0, peer);
    this.byId.set(peer.id, peer);
    this.noteSole();
  }

  remove(peer: Peer<G>): void {
    this.sorted.splice(this.sorted.indexOf(peer), 1);
    this.byId.delete(peer.id);
    this.noteSole();
  }

  /** The bounds changed; the order does not, since a region only shrinks from its right end or grows into its neighbour. */
  setRegion(peer: Peer<G>, region: RegionDescriptor): void {
    assert(peer.id === region.id, 'a peer keeps its region');
    peer.region = region;
    this.noteSole();
  }

  /** Where the regions end of which `before` is true: those lie in front. */
  private firstNot(before: (region: RegionDescriptor) => boolean): number {
    let [at, end] = [0, this.sorted.length];
    while (at < end) {
      const middle = (at + end) >>> 1;
      if (before(this.sorted[middle]!.region)) at = middle + 1;
      else end = middle;
    }
    return at;
  }

  private noteSole(): void {
    const first = this.sorted[0];
    const covers = first !== undefined && first.region.lower.length === 0 && first.region.upper.length === 0;
    this.sole = this.sorted.length === 1 && covers ? first : undefined;
  }
}

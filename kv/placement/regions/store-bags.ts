/**
 * Which regions each store leads, follows or learns: three bags of region slots a store, for counting and for drawing one at random in
 * constant time. A peer remembers its place in its bag, so leaving is a swap with the last one. Three million memberships cost 24 MB.
 */
import { grown } from './key-arena.ts';

export type BagKind = 0 | 1 | 2;
export const LEADERS: BagKind = 0;
export const FOLLOWERS: BagKind = 1;
export const LEARNERS: BagKind = 2;

/** A bag of region slots, unordered. */
export class Bag {
  slots = new Int32Array(8);
  count = 0;

  /** The place it got. */
  push(slot: number): number {
    if (this.count === this.slots.length)
      this.slots = grown(this.slots, new Int32Array(this.count + (this.count >> 1)));
    this.slots[this.count] = slot;
    return this.count++;
  }

  /** The slot that moved into `place`, -1 when none had to. */
  removeAt(place: number): number {
    const last = this.slots[--this.count]!;
    if (place === this.count) return -1;
    this.slots[place] = last;
    return last;
  }
}

/** What the region table knows of one store. */
export class StoreBags {
  readonly storeId: number;
  readonly bags: readonly [Bag, Bag, Bag] = [new Bag(), new Bag(), new Bag()];
  /** Approximate, in KiB. */
  leaderKib = 0;
  regionKib = 0;
  pendingCount = 0;

  constructor(storeId: number) {
    this.storeId = storeId;
  }

  get leaderCount(): number {
    return this.bags[LEADERS].count;
  }

  get regionCount(): number {
    return this.bags[LEADERS].count + this.bags[FOLLOWERS].count + this.bags[LEARNERS].count;
  }

  get learnerCount(): number {
    return this.bags[LEARNERS].count;
  }
}

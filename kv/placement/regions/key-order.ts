/**
 * Regions in key order: a B+-tree of two levels. Leaves hold up to 128 region slots in the order of their lower bounds; the root is one
 * array of leaves. A million regions make some 12,000 leaves, so a search is 14 comparisons in the root and 7 in a leaf, and a
 * split of a leaf moves 100 kB of the root at most, once in 64 inserts. At 50 million regions the root would want a level of its own.
 *
 * A position (leaf times 128 plus place) is good until the next change.
 */
import { assert } from '../../../base/assert.ts';
import type { KeyArena } from './key-arena.ts';

const LEAF_SIZE = 128;

interface Leaf {
  readonly slots: Int32Array;
  count: number;
}

export class KeyOrder {
  private readonly keys: KeyArena;
  private readonly leaves: Leaf[] = [];
  count = 0;

  constructor(keys: KeyArena) {
    this.keys = keys;
  }

  // hot: bench/micro/placement.ts
  /** Position of the last region whose lower bound is at or below `key`; -1 when there is none. */
  floor(key: Uint8Array): number {
    let low = 0;
    let high = this.leaves.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys.compareLower(this.leaves[middle]!.slots[0]!, key) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return -1;
    const leaf = this.leaves[low - 1]!;
    let lower = 1;
    let upper = leaf.count;
    while (lower < upper) {
      const middle = (lower + upper) >>> 1;
      if (this.keys.compareLower(leaf.slots[middle]!, key) <= 0) lower = middle + 1;
      else upper = middle;
    }
    return (low - 1) * LEAF_SIZE + lower - 1;
  }

  /** The slot at a position, -1 for -1. */
  at(position: number): number {
    return position < 0 ? -1 : this.leaves[Math.floor(position / LEAF_SIZE)]!.slots[position % LEAF_SIZE]!;
  }

  /** The next position up, -1 at the end; after -1 comes the first. */
  next(position: number): number {
    if (position < 0) return this.leaves.length > 0 ? 0 : -1;
    const leaf = Math.floor(position / LEAF_SIZE);
    if ((position % LEAF_SIZE) + 1 < this.leaves[leaf]!.count) return position + 1;
    return leaf + 1 < this.leaves.length ? (leaf + 1) * LEAF_SIZE : -1;
  }

  /** The next position down, -1 before the first. */
  previous(position: number): number {
    if (position % LEAF_SIZE > 0) return position - 1;
    const leaf = Math.floor(position / LEAF_SIZE) - 1;
    return leaf < 0 ? -1 : leaf * LEAF_SIZE + this.leaves[leaf]!.count - 1;
  }

  /** `lower` is the slot's bound, already in the arena. */
  insert(slot: number, lower: Uint8Array): void {
    const below = this.floor(lower);
    this.count++;
    if (this.leaves.length === 0) this.leaves.push(emptyLeaf());
    let leafAt = below < 0 ? 0 : Math.floor(below / LEAF_SIZE);
    let place = below < 0 ? 0 : (below % LEAF_SIZE) + 1;
    let leaf = this.leaves[leafAt]!;
    if (leaf.count === LEAF_SIZE) {
      const half = emptyLeaf();
      // Regions that arrive in key order leave full leaves behind.
      const keep = place === LEAF_SIZE ? LEAF_SIZE - 1 : LEAF_SIZE / 2;
      half.slots.set(leaf.slots.subarray(keep));
      half.count = LEAF_SIZE - keep;
      leaf.count = keep;
      this.leaves.splice(leafAt + 1, 0, half);
      if (place > keep) {
        leafAt++;
        place -= keep;
        leaf = half;
      }
    }
    leaf.slots.copyWithin(place + 1, place, leaf.count);
    leaf.slots[place] = slot;
    leaf.count++;
  }

  /** `lower` is the slot's bound, still in the arena. */
  remove(slot: number, lower: Uint8Array): void {
    const position = this.floor(lower);
    assert(this.at(position) === slot, 'a region is not where its key is');
    const leafAt = Math.floor(position / LEAF_SIZE);
    const leaf = this.leaves[leafAt]!;
    leaf.slots.copyWithin(position % LEAF_SIZE, (position % LEAF_SIZE) + 1, leaf.count);
    leaf.count--;
    this.count--;
    if (leaf.count === 0) this.leaves.splice(leafAt, 1);
    else if (leaf.count < LEAF_SIZE / 4) this.mergeWithNext(leafAt);
  }

  *slots(): IterableIterator<number> {
    for (const leaf of this.leaves) for (let i = 0; i < leaf.count; i++) yield leaf.slots[i]!;
  }

  private mergeWithNext(leafAt: number): void {
    const leaf = this.leaves[leafAt]!;
    const next = this.leaves[leafAt + 1];
    if (!next || leaf.count + next.count > (LEAF_SIZE * 3) / 4) return;
    leaf.slots.set(next.slots.subarray(0, next.count), leaf.count);
    leaf.count += next.count;
    this.leaves.splice(leafAt + 1, 1);
  }
}

function emptyLeaf(): Leaf {
  return { slots: new Int32Array(LEAF_SIZE), count: 0 };
}

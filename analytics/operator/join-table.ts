/**
 * `JoinTable`: from a join key, combined into one number of [0, range), to the rows that have it.
 *
 * Dense keys (an id column, a date) are addressed directly, which costs one load; others go through open addressing. Rows of
 * equal key are chained in their own order, so that a join gives them as the nested loops of the row engine would.
 */
import type { MemoryBudget } from './table.ts';

export class JoinTable {
  /** First row of a key: by key when `direct`, by slot otherwise. -1: none. */
  readonly head: Int32Array;
  /** Next row of the same key, -1 at the end. */
  readonly next: Int32Array;
  readonly direct: boolean;
  private readonly slotKeys: Float64Array | undefined;
  private readonly mask: number;

  /** `keys[row]`: the combined key, or -1 for a row that can match nothing (a NULL in its key). */
  constructor(keys: Float64Array, range: number, memory: MemoryBudget) {
    const count = keys.length;
    this.direct = range <= Math.max(65_536, count * 8) && range <= 1 << 27;
    const slots = this.direct ? Math.max(range, 1) : slotCount(count);
    memory.take(slots * 12 + count * 4);
    this.head = new Int32Array(slots).fill(-1);
    this.next = new Int32Array(count).fill(-1);
    this.mask = slots - 1;
    this.slotKeys = this.direct ? undefined : new Float64Array(slots).fill(-1);
    // From the last row to the first: each row is put in front of its chain, so chains come out in row order.
    for (let row = count - 1; row >= 0; row--) {
      const key = keys[row]!;
      if (key < 0) continue;
      const slot = this.direct ? key : this.slotOf(key);
      this.next[row] = this.head[slot]!;
      this.head[slot] = row;
    }
  }

  /** hot: the first row with this key, -1 when there is none. */
  find(key: number): number {
    const keys = this.slotKeys!;
    let slot = hash(key) & this.mask;
    for (;;) {
      const held = keys[slot]!;
      if (held === key) return this.head[slot]!;
      if (held === -1) return -1;
      slot = (slot + 1) & this.mask;
    }
  }

  private slotOf(key: number): number {
    const keys = this.slotKeys!;
    let slot = hash(key) & this.mask;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & this.mask;
    keys[slot] = key;
    return slot;
  }
}

/** Twice the entries at least, a power of two. */
export function slotCount(count: number): number {
  let slots = 16;
  while (slots < count * 2) slots *= 2;
  return slots;
}

/** hot: mixes an integer below 2^53 to 32 bits. */
export function hash(key: number): number {
  let mixed = Math.imul((key | 0) ^ Math.imul((key / 4_294_967_296) | 0, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

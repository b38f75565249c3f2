/**
 * `GroupTable`: from a group key, combined into one number of [0, range), to a dense group number in order of first appearance.
 * Small ranges are addressed directly. Also the set behind COUNT(DISTINCT): a value is new when its number was not there yet.
 */
import { GROUPS_MAX } from '../compile/key.ts';
import { Unsupported } from '../compile/value.ts';
import { hash } from './join-table.ts';
import type { MemoryBudget } from './table.ts';

export class GroupTable {
  count = 0;
  private readonly direct: Int32Array | undefined;
  private slots = new Int32Array(16).fill(-1);
  private keys = new Float64Array(16);
  private mask = 15;
  private readonly memory: MemoryBudget;

  constructor(range: number, rowsExpected: number, memory: MemoryBudget) {
    this.memory = memory;
    if (range <= Math.max(65_536, rowsExpected * 4) && range <= 1 << 26) {
      memory.take(range * 4);
      this.direct = new Int32Array(Math.max(range, 1)).fill(-1);
    }
  }

  /** hot: the group of `key`; a new one is `count - 1` afterwards, which the caller sees by comparing `count`. */
  group(key: number): number {
    const { direct } = this;
    if (direct !== undefined) {
      const known = direct[key]!;
      if (known >= 0) return known;
      direct[key] = this.count;
      return this.count++;
    }
    const { slots, keys } = this;
    let slot = hash(key) & this.mask;
    for (;;) {
      const group = slots[slot]!;
      if (group < 0) break;
      if (keys[group] === key) return group;
      slot = (slot + 1) & this.mask;
    }
    const group = this.count++;
    slots[slot] = group;
    if (group === keys.length) {
      if (group >= GROUPS_MAX) throw new Unsupported(`more than ${GROUPS_MAX} groups`);
      this.growKeys();
    }
    this.keys[group] = key;
    if (this.count * 2 > this.slots.length) this.growSlots();
    return group;
  }

  private growKeys(): void {
    const keys = new Float64Array(this.keys.length * 2);
    this.memory.take(keys.byteLength);
    keys.set(this.keys);
    this.keys = keys;
  }

  private growSlots(): void {
    const length = this.slots.length * 2;
    this.memory.take(length * 4);
    const slots = new Int32Array(length).fill(-1);
    const mask = length - 1;
    for (let group = 0; group < this.count; group++) {
      let slot = hash(this.keys[group]!) & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = group;
    }
    this.slots = slots;
    this.mask = mask;
  }
}

/** State arrays of aggregates by group; grown together. */
export class GroupState {
  readonly arrays: Float64Array[] = [];
  private readonly initials: number[] = [];
  capacity = 64;
  private readonly memory: MemoryBudget;

  constructor(memory: MemoryBudget) {
    this.memory = memory;
  }

  /** Returns the position of a new array whose entries begin as `initial`. */
  add(initial: number): number {
    this.arrays.push(new Float64Array(this.capacity).fill(initial));
    this.initials.push(initial);
    return this.arrays.length - 1;
  }

  /** Room for group `group`; the arrays are others afterwards. */
  ensure(group: number): number {
    while (group >= this.capacity) {
      const capacity = this.capacity * 2;
      for (let i = 0; i < this.arrays.length; i++) {
        const grown = new Float64Array(capacity).fill(this.initials[i]!, this.capacity);
        this.memory.take(grown.byteLength);
        grown.set(this.arrays[i]!);
        this.arrays[i] = grown;
      }
      this.capacity = capacity;
    }
    return this.capacity;
  }
}

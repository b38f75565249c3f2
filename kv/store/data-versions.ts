/**
 * A counter per table (keys that begin with 't' and eight bytes of id), one for all other keys, bumped when a write is applied.
 * Equal answers mean an equal state, so the column engine may keep what it read. Bounded: with more tables than
 * `tablesMax` the map starts anew from a number above all it ever gave out, so that no old answer comes back.
 */
import { copyBytes } from '../../base/bytes.ts';

const TABLE_PREFIX_SIZE = 9;
const TABLE_BYTE = 0x74;
/** The upper half of an id below 2^31, its sign turned. */
const TABLE_HIGH = 0x80000000 | 0;

/** What is known of one table. */
interface Table {
  version: number;
  /** Largest commit timestamp applied. */
  commitTs: bigint;
}

export class DataVersions {
  private readonly tables = new Map<number, Table>();
  private readonly tablesMax: number;
  private counter = 1;
  /** For tables that the map has forgotten, with `floorTs`. */
  private floor = 1;
  private floorTs = 0n;
  private all = 1;
  private allTs = 0n;

  constructor(tablesMax: number) {
    this.tablesMax = tablesMax;
  }

  // hot
  bump(key: Uint8Array, commitTs: bigint): void {
    this.all = ++this.counter;
    if (commitTs > this.allTs) this.allTs = commitTs;
    if (key.length < TABLE_PREFIX_SIZE || key[0] !== TABLE_BYTE) return;
    const number = numberOf(key);
    const table = this.tables.get(number);
    if (table !== undefined) {
      table.version = this.counter;
      if (commitTs > table.commitTs) table.commitTs = commitTs;
      return;
    }
    if (this.tables.size >= this.tablesMax) {
      this.tables.clear();
      this.floor = this.counter;
      this.floorTs = this.allTs;
    }
    this.tables.set(number, { version: this.counter, commitTs: commitTs > this.floorTs ? commitTs : this.floorTs });
  }

  /** No commit above it was applied to the range: readers from there on see the state of now. */
  lastChange(lower: Uint8Array, upper: Uint8Array | undefined): bigint {
    return this.isOneTable(lower, upper) ? (this.tables.get(numberOf(lower))?.commitTs ?? this.floorTs) : this.allTs;
  }

  /** `upper` undefined: no bound. */
  of(lower: Uint8Array, upper: Uint8Array | undefined): number {
    return this.isOneTable(lower, upper) ? (this.tables.get(numberOf(lower))?.version ?? this.floor) : this.all;
  }

  private isOneTable(lower: Uint8Array, upper: Uint8Array | undefined): boolean {
    if (lower.length < TABLE_PREFIX_SIZE || lower[0] !== TABLE_BYTE || upper === undefined) return false;
    return sameTable(lower, upper) || isNextTable(lower, upper);
  }
}

/** Ids too large for a number share one with their neighbours, and so their counter: that only says "changed" too often. */
function numberOf(key: Uint8Array): number {
  const high = (key[1]! << 24) | (key[2]! << 16) | (key[3]! << 8) | key[4]!;
  const low = (key[5]! << 24) | (key[6]! << 16) | (key[7]! << 8) | key[8]!;
  // An id that a table can have is a small integer, which a map finds fastest.
  return high === TABLE_HIGH && low >= 0 ? low : (high >>> 0) * 2 ** 32 + (low >>> 0);
}

/** Both begin with the same table id. */
export function sameTable(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length < TABLE_PREFIX_SIZE || right.length < TABLE_PREFIX_SIZE) return false;
  for (let i = TABLE_PREFIX_SIZE - 1; i >= 0; i--) if (left[i] !== right[i]) return false;
  return true;
}

/** `upper` is exactly where the next table begins, so the range still lies in one table. */
function isNextTable(lower: Uint8Array, upper: Uint8Array): boolean {
  if (upper.length !== TABLE_PREFIX_SIZE) return false;
  const next = copyBytes(lower, 0, TABLE_PREFIX_SIZE);
  for (let i = TABLE_PREFIX_SIZE - 1; i > 0; i--) {
    next[i] = (next[i]! + 1) & 255;
    if (next[i] !== 0) break;
  }
  return sameTable(next, upper);
}

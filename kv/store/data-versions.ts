/**
 * A counter per table (keys that begin with 't' and eight bytes of id), one for all other keys, bumped when a write is applied.
 * Equal answers mean an equal state, so the column engine may keep what it read. Bounded: with more tables than
 * `tablesMax` the map starts anew from a number above all it ever gave out, so that no old answer comes back.
 */
import { copyBytes } from '../../base/bytes.ts';

const TABLE_PREFIX_SIZE = 9;
const TABLE_BYTE = 0x74;

export class DataVersions {
  private readonly tables = new Map<string, number>();
  private readonly tablesMax: number;
  private counter = 1;
  private floor = 1;
  /** The last prefix bumped: writes come in runs of one table. */
  private lastKey: Uint8Array = new Uint8Array(0);
  private lastText = '';
  private all = 1;
  /** Largest commit timestamp applied, per table and over all; `floorTs` for tables that the map has forgotten. */
  private readonly commits = new Map<string, bigint>();
  private allTs = 0n;
  private floorTs = 0n;

  constructor(tablesMax: number) {
    this.tablesMax = tablesMax;
  }

  // hot
  bump(key: Uint8Array, commitTs: bigint): void {
    this.all = ++this.counter;
    if (commitTs > this.allTs) this.allTs = commitTs;
    if (key.length < TABLE_PREFIX_SIZE || key[0] !== TABLE_BYTE) return;
    if (!sameTable(key, this.lastKey)) {
      this.lastKey = copyBytes(key, 0, TABLE_PREFIX_SIZE);
      this.lastText = text(this.lastKey);
    }
    if (this.tables.size >= this.tablesMax && !this.tables.has(this.lastText)) {
      this.tables.clear();
      this.commits.clear();
      this.floor = this.counter;
      this.floorTs = this.allTs;
    }
    this.tables.set(this.lastText, this.counter);
    if (commitTs > (this.commits.get(this.lastText) ?? 0n)) this.commits.set(this.lastText, commitTs);
  }

  /** No commit above it was applied to the range: readers from there on see the state of now. */
  lastChange(lower: Uint8Array, upper: Uint8Array | undefined): bigint {
    if (lower.length < TABLE_PREFIX_SIZE || lower[0] !== TABLE_BYTE || upper === undefined) return this.allTs;
    if (!sameTable(lower, upper) && !isNextTable(lower, upper)) return this.allTs;
    return this.commits.get(text(lower.subarray(0, TABLE_PREFIX_SIZE))) ?? this.floorTs;
  }

  /** `upper` undefined: no bound. */
  of(lower: Uint8Array, upper: Uint8Array | undefined): number {
    if (lower.length < TABLE_PREFIX_SIZE || lower[0] !== TABLE_BYTE || upper === undefined) return this.all;
    if (!sameTable(lower, upper) && !isNextTable(lower, upper)) return this.all;
    return this.tables.get(text(lower.subarray(0, TABLE_PREFIX_SIZE))) ?? this.floor;
  }
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

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

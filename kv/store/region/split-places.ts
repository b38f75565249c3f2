/**
 * Where to cut a region, decided from what a walk over it met, in the order of the region space. Pure: `SplitWalk` is fed pairs and
 * says how large the region is and at which places it becomes parts; `placeByLoad` says where the calls that a region gets divide.
 *
 * A region over its bound is cut into parts of two thirds of the bound: a table that grows at its end leaves full parts behind, and
 * neither part is near the bound again. Raw pairs and rows are parted first. A part that is half full ends where a table does, so that
 * tables are moved, and dropped, as wholes.
 */
import { compareBytes, copyBytes } from '../../../base/bytes.ts';
import { RAW_SPACE, regionKey, ROW_SPACE, type Space } from '../../../proto/kv/region.ts';

export interface SplitBounds {
  readonly sizeBytesMax: number;
  readonly keysMax: number;
}

export interface WalkResult {
  readonly sizeBytes: number;
  readonly keys: number;
  /** Ascending, each strictly inside what was walked; empty: the region stays whole. */
  readonly places: readonly Uint8Array[];
}

const PART = 2 / 3;
/** A rest smaller than this share of a part stays with the part before. */
const REST = 1 / 4;
const TABLE_BYTE = 0x74;
const TABLE_PREFIX_SIZE = 9;
/** Places that one walk finds; the parts are looked at again. */
const PLACES_MAX = 256;

export class SplitWalk {
  private readonly partBytes: number;
  private readonly partKeys: number;
  private readonly bounds: SplitBounds;
  private readonly places: Uint8Array[] = [];
  private sizeBytes = 0;
  private keys = 0;
  private fromBytes = 0;
  private fromKeys = 0;
  private space: Space = RAW_SPACE;
  private lastTable: Uint8Array | undefined = undefined;

  constructor(bounds: SplitBounds) {
    this.bounds = bounds;
    this.partBytes = bounds.sizeBytesMax * PART;
    this.partKeys = bounds.keysMax * PART;
  }

  /** Raw pairs first, then rows, each in key order. */
  add(space: Space, key: Uint8Array, sizeBytes: number): void {
    const isBorder = this.crossesTable(space, key);
    const part = this.share;
    if (this.keys > 0 && space !== this.space) this.cut(new Uint8Array([ROW_SPACE]));
    else if (part >= 1 || (isBorder && part >= 0.5)) this.cut(isBorder ? tablePlace(key) : regionKey(space, key));
    this.space = space;
    this.sizeBytes += sizeBytes;
    this.keys++;
  }

  finish(): WalkResult {
    const { sizeBytes, keys, bounds, places } = this;
    const isOver = sizeBytes > bounds.sizeBytesMax || keys > bounds.keysMax;
    if (!isOver) return { sizeBytes, keys, places: [] };
    const last = places.at(-1);
    if (last !== undefined && this.share < REST && !(last.length === 1 && last[0] === ROW_SPACE)) places.pop();
    return { sizeBytes, keys, places };
  }

  /** How full the part under way is. */
  private get share(): number {
    return Math.max((this.sizeBytes - this.fromBytes) / this.partBytes, (this.keys - this.fromKeys) / this.partKeys);
  }

  private crossesTable(space: Space, key: Uint8Array): boolean {
    const isTable = space === ROW_SPACE && key.length >= TABLE_PREFIX_SIZE && key[0] === TABLE_BYTE;
    const before = this.lastTable;
    if (before !== undefined && isTable && startsWith(key, before)) return false;
    this.lastTable = isTable ? copyBytes(key, 0, TABLE_PREFIX_SIZE) : undefined;
    return isTable;
  }

  private cut(place: Uint8Array): void {
    this.fromBytes = this.sizeBytes;
    this.fromKeys = this.keys;
    if (this.keys > 0 && this.places.length < PLACES_MAX) this.places.push(place);
  }
}

/** The first place of the table that the key belongs to. */
export function tablePlace(key: Uint8Array): Uint8Array {
  return regionKey(ROW_SPACE, copyBytes(key, 0, TABLE_PREFIX_SIZE));
}

/** One call that a region got, in places of the region space; `upper` is `undefined` for a single key. */
export interface LoadSample {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array | undefined;
}

const SAMPLES_MIN = 16;
/** The smaller side must get this share of the calls that do not reach over the place. */
const BALANCE_MIN = 0.3;
/** Calls that reach over the place would go to both parts: more than this share makes the cut pointless. */
const ACROSS_MAX = 0.4;

/** The place inside (lower, upper) that parts the calls best; `undefined` when none does, as with one hot key. */
export function placeByLoad(
  samples: readonly LoadSample[],
  region: { readonly lower: Uint8Array; readonly upper: Uint8Array },
): Uint8Array | undefined {
  if (samples.length < SAMPLES_MIN) return undefined;
  let best: { readonly place: Uint8Array; readonly score: number } | undefined;
  for (const { lower: place } of samples) {
    if (compareBytes(place, region.lower) <= 0 || (region.upper.length > 0 && compareBytes(place, region.upper) >= 0))
      continue;
    let left = 0;
    let right = 0;
    for (const { lower, upper } of samples) {
      if (compareBytes(lower, place) >= 0) right++;
      else if (upper === undefined || (upper.length > 0 && compareBytes(upper, place) <= 0)) left++;
    }
    const parted = left + right;
    if (parted < samples.length * (1 - ACROSS_MAX)) continue;
    const score = Math.min(left, right) / parted;
    if (score >= BALANCE_MIN && (best === undefined || score > best.score)) best = { place, score };
  }
  return best?.place;
}

function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (key[i] !== prefix[i]) return false;
  return true;
}

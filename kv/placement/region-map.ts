/**
 * The region map, pure: which region holds a key. Regions cover the key space without gap or overlap, from empty to empty;
 * an empty upper bound is the end. What stores report is believed by *epoch*: `version` grows when a region's bounds change
 * (split, merge), `confVersion` when its members do. A report older than what is known in either way is refused;
 * a newer one takes the place of every region that it overlaps, unless one of those has the higher version.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';

export interface Peer {
  readonly id: number;
  readonly storeId: number;
  readonly role: 'voter' | 'learner';
}

export interface RegionEpoch {
  readonly confVersion: number;
  readonly version: number;
}

export interface RegionInfo {
  readonly id: number;
  readonly lower: Uint8Array;
  /** Exclusive; empty is the end of the key space. */
  readonly upper: Uint8Array;
  readonly epoch: RegionEpoch;
  readonly peers: readonly Peer[];
  readonly leader: Peer | undefined;
}

export type ReportOutcome = { readonly kind: 'accepted' } | { readonly kind: 'stale'; readonly known: RegionInfo };

export class RegionMap {
  /** By lower bound. */
  private readonly sorted: RegionInfo[] = [];
  private readonly byId = new Map<number, RegionInfo>();

  get count(): number {
    return this.sorted.length;
  }

  report(region: RegionInfo): ReportOutcome {
    assert(region.upper.length === 0 || compareBytes(region.lower, region.upper) < 0, 'a region without keys');
    const before = this.byId.get(region.id);
    if (
      before &&
      (before.epoch.version > region.epoch.version || before.epoch.confVersion > region.epoch.confVersion)
    ) {
      return { kind: 'stale', known: before };
    }
    const overlapped = this.overlapping(region);
    for (const other of overlapped) {
      if (other.id !== region.id && other.epoch.version > region.epoch.version) return { kind: 'stale', known: other };
    }
    for (const other of overlapped) this.remove(other);
    if (before && !overlapped.includes(before)) this.remove(before);
    this.sorted.splice(this.position(region.lower) + 1, 0, region);
    this.byId.set(region.id, region);
    return { kind: 'accepted' };
  }

  /** The region that holds `key`. */
  byKey(key: Uint8Array): RegionInfo | undefined {
    const region = this.sorted[this.position(key)];
    return region && holds(region, key) ? region : undefined;
  }

  get(id: number): RegionInfo | undefined {
    return this.byId.get(id);
  }

  /** The region just below the one that holds `key`. */
  previous(key: Uint8Array): RegionInfo | undefined {
    const region = this.byKey(key);
    if (!region || region.lower.length === 0) return undefined;
    const below = this.sorted[this.position(region.lower) - 1];
    return below && compareBytes(below.upper, region.lower) === 0 ? below : undefined;
  }

  /** Regions that overlap [lower, upper), in order; `limit` 0 means all. */
  scan(lower: Uint8Array, upper: Uint8Array, limit: number): readonly RegionInfo[] {
    const found: RegionInfo[] = [];
    for (let i = Math.max(0, this.position(lower)); i < this.sorted.length; i++) {
      const region = this.sorted[i]!;
      if (upper.length > 0 && compareBytes(region.lower, upper) >= 0) break;
      if (region.upper.length > 0 && compareBytes(region.upper, lower) <= 0) continue;
      found.push(region);
      if (found.length === limit) break;
    }
    return found;
  }

  all(): readonly RegionInfo[] {
    return this.sorted;
  }

  private overlapping(region: RegionInfo): RegionInfo[] {
    return this.scan(region.lower, region.upper, 0).slice();
  }

  private remove(region: RegionInfo): void {
    const at = this.sorted.indexOf(region);
    assert(at >= 0, 'a region that is not in the map');
    this.sorted.splice(at, 1);
    this.byId.delete(region.id);
  }

  /** Index of the last region whose lower bound is at or below `key`; -1 when there is none. */
  private position(key: Uint8Array): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.sorted[middle]!.lower, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function holds(region: RegionInfo, key: Uint8Array): boolean {
  return compareBytes(key, region.lower) >= 0 && (region.upper.length === 0 || compareBytes(key, region.upper) < 0);
}

/**
 * Requests for votes that come before the split they follow from is applied here. The leader of the whole asks for the new region's votes in the moment it
 * has applied the split; its followers do so when they hear of the commit, some milliseconds later. A request that is lost means an election
 * timeout in which nobody serves the new region, so the newest of each kind waits for the region to begin.
 *
 * A request that comes too late does no harm: its term tells how old it is.
 */
import type { RegionMessage } from './ports.ts';

const REQUESTS: ReadonlySet<RegionMessage['message']['kind']> = new Set(['pre-vote', 'vote']);
/** Regions of which a request is kept; the oldest gives way, and its region waits for the next election. */
const EARLY_VOTES_MAX = 1024;

export class EarlyVotes {
  /** By region, then by the kind of request: there is one who asks. */
  private readonly byRegion = new Map<number, Map<string, RegionMessage>>();

  keep(message: RegionMessage): void {
    if (!REQUESTS.has(message.message.kind)) return;
    let kept = this.byRegion.get(message.regionId);
    if (kept === undefined) {
      if (this.byRegion.size >= EARLY_VOTES_MAX) this.byRegion.delete(this.byRegion.keys().next().value!);
      this.byRegion.set(message.regionId, (kept = new Map()));
    }
    kept.set(message.message.kind, message);
  }

  take(regionId: number): readonly RegionMessage[] {
    const kept = this.byRegion.get(regionId);
    this.byRegion.delete(regionId);
    return kept === undefined ? [] : [...kept.values()];
  }
}

/**
 * Taking the leaders from a store: because people ask for it (`evict-leader-scheduler`), or because the store is slow. A slow disk fails
 * nobody's health check and holds up every write that it leads; as a follower it does no harm, since a quorum is quicker. Only one store at a time
 * is evicted as slow: when several are, the cause is elsewhere and moving leaders about would add to it. It gets them
 * back when its score has been well for ten minutes.
 */
import { LEADERS } from '../regions/store-bags.ts';
import type { Cluster } from './cluster.ts';
import { HIGH } from './operator.ts';
import { leaderScore, type StoreEntry } from './store-table.ts';

const WELL_SECONDS = 600;
/** Leaders moved off one store in a turn of a second. */
const LEADERS_A_TURN = 32;

export class SlowStoreWatch {
  private wellSinceS: number | undefined;

  tick(cluster: Cluster): void {
    const { stores, config } = cluster;
    const entries = stores.all().filter((entry) => entry.meta.state === 'up' && stores.health(entry, config) === 'up');
    const evicted = stores.all().find((entry) => entry.evictedAsSlow);
    if (evicted) {
      if (evicted.stats.slowScore > config.slowScoreRecover) this.wellSinceS = undefined;
      else this.wellSinceS ??= stores.nowS;
      if (
        evicted.meta.state === 'tombstone' ||
        (this.wellSinceS !== undefined && stores.nowS - this.wellSinceS >= WELL_SECONDS)
      ) {
        this.release(cluster);
      }
      return;
    }
    const slow = entries.filter((entry) => entry.stats.slowScore >= config.slowScoreEvict);
    if (slow.length === 1 && entries.length > 1) slow[0]!.evictedAsSlow = true;
  }

  release(cluster: Cluster): void {
    for (const entry of cluster.stores.all()) entry.evictedAsSlow = false;
    this.wellSinceS = undefined;
  }
}

export function evictLeaders(cluster: Cluster): void {
  for (const entry of cluster.stores.all()) {
    if (!entry.evictLeaders || entry.meta.state === 'tombstone') continue;
    const what = {
      description: entry.evictedByOrder ? 'evict-leader' : 'evict-slow-store',
      kind: 'leader',
      priority: HIGH,
    } as const;
    const bag = entry.bags.bags[LEADERS];
    for (let moved = 0, i = 0; i < bag.count && moved < LEADERS_A_TURN; i++) {
      const slot = bag.slots[i]!;
      const running = cluster.operators.of(cluster.table.ids[slot]!);
      if (running && running.priority >= HIGH) continue;
      if (!cluster.operators.hasRoom('leader', cluster.config)) return;
      const region = cluster.table.view(slot);
      let heir: StoreEntry | undefined;
      for (const peer of region.peers) {
        const one = cluster.store(peer.storeId);
        if (!one || peer.role !== 'voter' || one === entry || !cluster.mayLead(one.id)) continue;
        if (!cluster.isWell({ ...region, peers: [peer] })) continue;
        if (!heir || leaderScore(one) < leaderScore(heir)) heir = one;
      }
      if (heir && cluster.transferLeader(region, heir.id, what)) moved++;
    }
  }
}

/**
 * Balance: leaders by count, replicas by size. Both move one step down a hill: a change is made only when, with all running operators counted as
 * done, the store that gives is still not below the store that takes. The sum of squares of the scores falls with every move, so it ends, and
 * what is moved is never moved back. `tolerantRegions` mean regions of difference are left alone.
 *
 * Regions are drawn at random from the store that gives; a few draws a store and a turn are enough, since there is a turn every second.
 */
import type { RegionPeer, RegionView } from '../regions/region-table.ts';
import { type Bag, FOLLOWERS, LEADERS, LEARNERS } from '../regions/store-bags.ts';
import { membersOf } from './builder.ts';
import type { Cluster } from './cluster.ts';
import { isJoint, LOW } from './operator.ts';
import { isolationWith } from './rules.ts';
import { leaderScore, regionScore, type StoreEntry } from './store-table.ts';

const DRAWS = 5;
/** Stores that are tried as a giver in a turn. */
const GIVERS_MAX = 64;

export function balanceLeaders(cluster: Cluster): void {
  const { stores, config, operators } = cluster;
  const entries = stores.all().filter((entry) => stores.serves(entry, config));
  if (entries.length < 2) return;
  const givers = entries
    .filter((one) => one.meta.state === 'up')
    .sort((left, right) => leaderScore(right) - leaderScore(left) || left.id - right.id);
  for (const giver of givers.slice(0, GIVERS_MAX)) {
    if (!operators.hasRoom('leader', config)) return;
    draw(cluster, giver, [LEADERS], (region) => moveLeaderDown(cluster, region, giver));
  }
  // Stores that lead too little ask for more: a giver's few draws may never meet them.
  const takers = givers.filter((entry) => stores.mayLead(entry, config)).reverse();
  for (const taker of takers.slice(0, GIVERS_MAX)) {
    if (!operators.hasRoom('leader', config)) return;
    draw(cluster, taker, [FOLLOWERS], (region) => {
      const giver = region.leader && cluster.store(region.leader.storeId);
      return (
        giver !== undefined &&
        isWorthLeader(giver, taker) &&
        mayLeadByRules(cluster, region, taker.id) &&
        cluster.transferLeader(region, taker.id, LEADER)
      );
    });
  }
}

const LEADER = { description: 'balance-leader', kind: 'leader', priority: LOW } as const;

function moveLeaderDown(cluster: Cluster, region: RegionView, giver: StoreEntry): boolean {
  let best: StoreEntry | undefined;
  for (const peer of region.peers) {
    const entry = cluster.store(peer.storeId);
    if (!entry || entry === giver || peer.role !== 'voter' || !cluster.stores.mayLead(entry, cluster.config)) continue;
    if (!best || leaderScore(entry) < leaderScore(best)) best = entry;
  }
  return (
    best !== undefined &&
    isWorthLeader(giver, best) &&
    mayLeadByRules(cluster, region, best.id) &&
    cluster.transferLeader(region, best.id, LEADER)
  );
}

function isWorthLeader(giver: StoreEntry, taker: StoreEntry): boolean {
  return leaderScore(giver) - 1 / giver.leaderWeight >= leaderScore(taker) + 1 / taker.leaderWeight;
}

/** Rules with roles pin the leader; balance leaves such regions to the checker. */
export function mayLeadByRules(cluster: Cluster, region: RegionView, storeId: number): boolean {
  const rules = cluster.rules.rulesOf(region.lower, region.upper);
  if (rules.every((rule) => rule.role === 'voter' || rule.role === 'learner')) return true;
  const peer = region.peers.find((one) => one.storeId === storeId)!;
  const after = cluster.fit({ ...region, leader: peer });
  return after.fits.every((fit) => fit.wrongRole.length === 0);
}

export function balanceRegions(cluster: Cluster): void {
  const { stores, config, operators, table } = cluster;
  if (table.count === 0) return;
  const tolerance = (config.tolerantRegions * table.totalKib) / table.count;
  const givers = stores
    .all()
    .filter((entry) => entry.meta.state === 'up' && stores.serves(entry, config))
    .sort((left, right) => regionScore(right, config) - regionScore(left, config) || left.id - right.id);
  if (givers.length < 2) return;
  const takers = givers.filter((entry) => entry.addTokens >= 1 && stores.mayReceive(entry, config)).reverse();
  for (const giver of givers) {
    if (!operators.hasRoom('region', config)) return;
    // Mostly a few stores take and all the others would give: without a token left nobody need look.
    const open = takers.some(
      (entry) => entry.addTokens >= 1 && regionScore(giver, config) - regionScore(entry, config) > tolerance,
    );
    if (!open) return;
    if (giver.removeTokens < 1) continue;
    draw(cluster, giver, [FOLLOWERS, LEADERS, LEARNERS], (region) => movePeerDown(cluster, region, giver, tolerance));
  }
}

function movePeerDown(cluster: Cluster, region: RegionView, giver: StoreEntry, tolerance: number): boolean {
  const score = regionScore(giver, cluster.config);
  const giverAfter = score - region.sizeKib / giver.regionWeight;
  const found = moveTo(cluster, region, giver.id, Math.min(score - tolerance, giverAfter));
  if (!found) return false;
  const { entry, peer } = found;
  const takerAfter = regionScore(entry, cluster.config) + region.sizeKib / entry.regionWeight;
  if (takerAfter > giverAfter) return false;
  return movePeer(cluster, region, peer, entry, { description: 'balance-region', kind: 'region', priority: LOW });
}

/** Where the region's peer on a store may go without hurting its rule: as well spread as now, with a score below `scoreBelow`. */
export function moveTo(
  cluster: Cluster,
  region: RegionView,
  fromStoreId: number,
  scoreBelow: number,
  allowed?: (entry: StoreEntry) => boolean,
): { readonly entry: StoreEntry; readonly peer: RegionPeer } | undefined {
  const fit = cluster.fit(region);
  const own = fit.fits.find((one) => one.peers.some((peer) => peer.storeId === fromStoreId));
  // Not as it should be: the checker comes first.
  if (!own || fit.orphans.length > 0 || fit.fits.some((one) => one.peers.length < one.rule.count)) return undefined;
  const peer = own.peers.find((one) => one.storeId === fromStoreId)!;
  const others = cluster.metasOf(own.peers.filter((one) => one.id !== peer.id));
  const labels = own.rule.locationLabels;
  const now = labels.length > 0 ? isolationWith(cluster.store(fromStoreId)!.meta, others, labels) : 0;
  const leads = region.leader?.id === peer.id;
  const entry = cluster.pickStore(region, own.rule, others, {
    atLeast: now,
    scoreBelow,
    allowed: (one) => (allowed?.(one) ?? true) && (!leads || own.rule.role !== 'leader' || cluster.mayLead(one.id)),
  });
  return entry && { entry, peer };
}

export function movePeer(
  cluster: Cluster,
  region: RegionView,
  peer: RegionPeer,
  to: StoreEntry,
  what: Parameters<Cluster['start']>[2],
  leaderStoreId = 0,
): boolean {
  const target = membersOf(region);
  target.delete(peer.storeId);
  target.set(to.id, peer.role === 'learner' ? 'learner' : 'voter');
  return cluster.start(region, cluster.plan(region, target, leaderStoreId), what);
}

/** A few random regions of a store until one works out; regions with an operator, and those that are not well, are passed over. */
function draw(
  cluster: Cluster,
  entry: StoreEntry,
  kinds: readonly (0 | 1 | 2)[],
  use: (region: RegionView) => boolean,
): boolean {
  for (const kind of kinds) {
    const bag: Bag = entry.bags.bags[kind];
    for (let i = 0; i < DRAWS && bag.count > 0; i++) {
      const slot = bag.slots[cluster.random.below(bag.count)]!;
      if (cluster.operators.of(cluster.table.ids[slot]!)) continue;
      const region = cluster.table.view(slot);
      if (!isJoint(region) && cluster.isWell(region) && use(region)) return true;
    }
  }
  return false;
}

/**
 * Scatter: regions that were split off one place and will be filled at once are spread before they are, whatever the stores' sizes say. Regions
 * scattered under one group name are counted together: each replica goes to the store of its rule that the group has used least, and the lead
 * to the one of them that leads least of the group. Groups are forgotten when a hundred newer ones have come.
 */
import type { RegionView } from '../regions/region-table.ts';
import { membersOf } from './builder.ts';
import type { Cluster } from './cluster.ts';
import { HIGH, isJoint, isVoter } from './operator.ts';
import { breaksIsolation, isolationWith, meets } from './rules.ts';

const GROUPS_MAX = 100;

interface Group {
  readonly peers: Map<number, number>;
  readonly leaders: Map<number, number>;
}

export type ScatterOutcome = 'started' | 'in-place' | 'not-well' | 'busy';

export class Scatter {
  private readonly groups = new Map<string, Group>();

  scatter(cluster: Cluster, region: RegionView, name: string): ScatterOutcome {
    if (isJoint(region) || !cluster.isWell(region)) return 'not-well';
    if (cluster.operators.of(region.id)) return 'busy';
    const group = this.group(name);
    const used = (storeId: number): number => group.peers.get(storeId) ?? 0;
    const leads = (storeId: number): number => group.leaders.get(storeId) ?? 0;
    const fit = cluster.fit(region);
    const target = membersOf(region);
    for (const { rule, peers } of fit.fits) {
      for (const peer of peers) {
        const others = cluster.metasOf(peers.filter((one) => one.id !== peer.id)).filter((meta) => target.has(meta.id));
        const own = cluster.store(peer.storeId)!;
        const spread = isolationWith(own.meta, others, rule.locationLabels);
        let best = own;
        for (const entry of cluster.stores.all()) {
          if (target.has(entry.id) || !cluster.stores.mayReceive(entry, cluster.config) || !meets(entry.meta, rule))
            continue;
          if (
            isolationWith(entry.meta, others, rule.locationLabels) < spread ||
            breaksIsolation(entry.meta, others, rule)
          )
            continue;
          if (used(entry.id) < used(best.id)) best = entry;
        }
        if (best === own) continue;
        target.delete(own.id);
        target.set(best.id, isVoter(peer) ? 'voter' : 'learner');
      }
    }
    const pinned = fit.fits.some(({ rule }) => rule.role === 'leader' || rule.role === 'follower');
    const heirs = [...target]
      .filter(([storeId, role]) => role === 'voter' && cluster.mayLead(storeId))
      .map(([storeId]) => storeId);
    heirs.sort((left, right) => leads(left) - leads(right) || left - right);
    const leader = pinned ? 0 : (heirs[0] ?? 0);
    const steps = cluster.plan(region, target, leader);
    const moves = steps?.length
      ? cluster.start(region, steps, { description: 'scatter-region', kind: 'admin', priority: HIGH })
      : false;
    if (steps?.length && !moves) return 'busy';
    for (const storeId of target.keys()) group.peers.set(storeId, used(storeId) + 1);
    const led = leader || region.leader!.storeId;
    group.leaders.set(led, leads(led) + 1);
    return moves ? 'started' : 'in-place';
  }

  private group(name: string): Group {
    let group = this.groups.get(name);
    if (!group) this.groups.set(name, (group = { peers: new Map(), leaders: new Map() }));
    for (const oldest of this.groups.keys()) {
      if (this.groups.size <= GROUPS_MAX) break;
      this.groups.delete(oldest);
    }
    return group;
  }
}

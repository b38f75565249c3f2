/**
 * The replica checker: does a region have the replicas that its rules ask for, where they ask for them? It mends one thing at a time, the most
 * dangerous first: a joint change that was left open, a replica that is missing, one on a store that is down, one on a store that leaves, a
 * wrong role, a bad spread, and, only when all rules have what they want, one too many.
 *
 * Voters are made in odd numbers: two survive no more than one, and need both for every write. So a region's second replica waits as a learner, whole
 * and of no weight, until a third is there; then both are promoted in one joint change. (Rules that ask for an even number get it in the end.)
 */
import type { RegionPeer, RegionView } from '../regions/region-table.ts';
import { membersOf, type TargetRole } from './builder.ts';
import type { Cluster } from './cluster.ts';
import type { RegionFit, RuleFit } from './fit.ts';
import { HIGH, isJoint, isVoter, LOW, MEDIUM, type Priority, type Step } from './operator.ts';
import { breaksIsolation, isolationWith } from './rules.ts';

/** True when an operator was started. */
export function checkReplicas(cluster: Cluster, region: RegionView): boolean {
  if (!region.leader) return false;
  if (isJoint(region)) return leaveJoint(cluster, region, region.leader);
  const fit = cluster.fit(region);
  if (fit.fits.length === 0) return false;
  for (const one of fit.fits) if (mendRule(cluster, region, one, fit)) return true;
  return removeOrphan(cluster, region, fit);
}

/** A leader that the change demotes hands over first. */
function leaveJoint(cluster: Cluster, region: RegionView, leader: RegionPeer): boolean {
  const steps: Step[] = [{ kind: 'leave-joint' }];
  if (leader.role === 'demoting') {
    const heirs = region.peers.filter((peer) => peer.role === 'voter' || peer.role === 'incoming');
    const heir = heirs.find((peer) => cluster.isWell({ ...region, peers: [peer] }));
    if (!heir) return false;
    steps.unshift({ kind: 'transfer-leader', fromStoreId: leader.storeId, toStoreId: heir.storeId, toPeerId: heir.id });
  }
  return cluster.start(region, steps, { description: 'fix-joint-state', kind: 'replica', priority: HIGH });
}

function mendRule(cluster: Cluster, region: RegionView, fit: RuleFit, whole: RegionFit): boolean {
  if (fit.peers.length < fit.rule.count && addPeer(cluster, region, fit, whole)) return true;
  for (const peer of fit.peers) {
    const entry = cluster.store(peer.storeId);
    if (entry && cluster.stores.health(entry, cluster.config) === 'down') {
      // A spare one that was left over takes its place before a new one is made.
      if (replace(cluster, region, fit, peer, 'replace-rule-down-peer', HIGH)) return true;
    } else if (entry?.meta.state !== 'up') {
      if (replace(cluster, region, fit, peer, 'replace-rule-offline-peer', MEDIUM)) return true;
    }
  }
  for (const peer of fit.wrongRole) if (fixRole(cluster, region, fit, peer, whole)) return true;
  return whole.orphans.length === 0 && improveSpread(cluster, region, fit);
}

function addPeer(cluster: Cluster, region: RegionView, fit: RuleFit, whole: RegionFit): boolean {
  const entry = cluster.pickStore(region, fit.rule, cluster.metasOf(fit.peers));
  if (!entry) return false;
  const votes = roleOf(fit) === 'voter' && mayVote(region, 1, whole) === 1;
  const target = membersOf(region).set(entry.id, votes ? 'voter' : 'learner');
  return cluster.start(region, cluster.plan(region, target), {
    description: 'add-rule-peer',
    kind: 'replica',
    priority: HIGH,
  });
}

function replace(
  cluster: Cluster,
  region: RegionView,
  fit: RuleFit,
  peer: RegionPeer,
  description: string,
  priority: Priority,
  atLeast?: number,
): boolean {
  const others = cluster.metasOf(fit.peers.filter((one) => one.id !== peer.id));
  const entry = cluster.pickStore(region, fit.rule, others, atLeast === undefined ? {} : { atLeast });
  if (!entry) return false;
  const target = membersOf(region);
  target.delete(peer.storeId);
  target.set(entry.id, roleOf(fit));
  return cluster.start(region, cluster.plan(region, target), { description, kind: 'replica', priority });
}

function fixRole(cluster: Cluster, region: RegionView, fit: RuleFit, peer: RegionPeer, whole: RegionFit): boolean {
  const what = { description: 'fix-peer-role', kind: 'replica', priority: MEDIUM } as const;
  const wantsVoter = roleOf(fit) === 'voter';
  if (isVoter(peer) !== wantsVoter) {
    if (wantsVoter) return promoteWaiting(cluster, region, whole);
    return cluster.start(region, cluster.plan(region, membersOf(region).set(peer.storeId, roleOf(fit))), what);
  }
  const lead = { ...what, description: 'fix-leader-role' };
  if (fit.rule.role === 'leader') {
    return (
      cluster.mayLead(peer.storeId) &&
      cluster.isWell({ ...region, peers: [peer] }) &&
      cluster.transferLeader(region, peer.storeId, lead)
    );
  }
  // The leader stands where only followers may: one outside this rule takes over.
  const heirs = region.peers.filter(
    (one) => one.role === 'voter' && !fit.peers.includes(one) && cluster.mayLead(one.storeId),
  );
  return heirs.some(
    (heir) => cluster.isWell({ ...region, peers: [heir] }) && cluster.transferLeader(region, heir.storeId, lead),
  );
}

/** Learners that wait for a vote get it, as many as make an odd number. */
function promoteWaiting(cluster: Cluster, region: RegionView, whole: RegionFit): boolean {
  const waiting = whole.fits
    .filter((fit) => roleOf(fit) === 'voter')
    .flatMap((fit) => fit.wrongRole.filter((peer) => !isVoter(peer) && isWell(cluster, region, peer)));
  const target = membersOf(region);
  for (const peer of waiting.slice(0, mayVote(region, waiting.length, whole))) target.set(peer.storeId, 'voter');
  const what = { description: 'fix-peer-role', kind: 'replica', priority: MEDIUM } as const;
  return cluster.start(region, cluster.plan(region, target), what);
}

/** How many of `count` more peers may vote. */
function mayVote(region: RegionView, count: number, whole: RegionFit): number {
  const voters = region.peers.filter(isVoter).length;
  const wanted = whole.fits.reduce((sum, fit) => sum + (roleOf(fit) === 'voter' ? fit.rule.count : 0), 0);
  const after = voters + count;
  return after % 2 === 1 || after >= wanted ? count : Math.max(0, count - 1);
}

function isWell(cluster: Cluster, region: RegionView, peer: RegionPeer): boolean {
  return cluster.isWell({ ...region, peers: [peer] });
}

/** Moves the worst placed replica when a store elsewhere would spread strictly better. */
function improveSpread(cluster: Cluster, region: RegionView, fit: RuleFit): boolean {
  const { rule, peers } = fit;
  if (rule.locationLabels.length === 0 || peers.length < 2 || !cluster.isWell(region)) return false;
  let worst = peers[0]!;
  let worstSpread = Infinity;
  let broken = false;
  // Of two that lie equally badly the one that does not lead.
  for (const peer of [...peers].sort(
    (left, right) => Number(left.id === region.leader!.id) - Number(right.id === region.leader!.id),
  )) {
    const meta = cluster.store(peer.storeId)!.meta;
    const others = cluster.metasOf(peers.filter((one) => one.id !== peer.id));
    const spread = isolationWith(meta, others, rule.locationLabels);
    if (spread >= worstSpread) continue;
    worst = peer;
    worstSpread = spread;
    broken = breaksIsolation(meta, others, rule);
  }
  const priority = broken ? MEDIUM : LOW;
  return replace(cluster, region, fit, worst, 'move-to-better-location', priority, worstSpread + 1);
}

/** Those that are lost first; a healthy one only when everything asked for is there. */
function removeOrphan(cluster: Cluster, region: RegionView, fit: RegionFit): boolean {
  if (fit.orphans.length === 0) return false;
  const satisfied = fit.fits.every(
    (one) =>
      one.peers.length === one.rule.count && one.peers.every((peer) => cluster.isWell({ ...region, peers: [peer] })),
  );
  const lost = fit.orphans.filter((peer) => !cluster.isWell({ ...region, peers: [peer] }));
  const orphan =
    lost[0] ?? (satisfied ? (fit.orphans.find((peer) => peer.id !== region.leader?.id) ?? fit.orphans[0]) : undefined);
  if (!orphan) return false;
  const target = membersOf(region);
  target.delete(orphan.storeId);
  return cluster.start(region, cluster.plan(region, target), {
    description: 'remove-orphan-peer',
    kind: 'replica',
    priority: MEDIUM,
  });
}

function roleOf(fit: RuleFit): TargetRole {
  return fit.rule.role === 'learner' ? 'learner' : 'voter';
}

/**
 * From the members a region has to the members it should have, as steps. The promise: at every step the voters that are alive hold a quorum
 * of every configuration that counts, so no plan lowers the number of healthy voters under a quorum; where that cannot be had there is no plan.
 *
 *     a new replica       add-learner, promote
 *     a replaced one      add-learner (waits until it has caught up), enter-joint (promote new, demote old), leave-joint, remove-peer
 *     one too many        remove-peer
 *     the leader goes     transfer-leader first; where nobody who stays can lead yet, between enter-joint and leave-joint
 */
import type { RegionPeer, RegionView } from '../regions/region-table.ts';
import { isJoint, isVoter, type Step } from './operator.ts';

export type TargetRole = 'voter' | 'learner';

export interface PlanContext {
  /** Undefined when ids have run out for now. */
  nextPeerId(): number | undefined;
  mayLead(storeId: number): boolean;
  /** Caught up, and its store serves. */
  isHealthy(peer: RegionPeer): boolean;
}

/** `target` is a role a store; `leaderStoreId` who should lead in the end, 0 for whoever may. */
export function planChange(
  region: RegionView,
  target: ReadonlyMap<number, TargetRole>,
  context: PlanContext,
  leaderStoreId = 0,
): Step[] | undefined {
  if (!region.leader || isJoint(region)) return undefined;
  const byStore = new Map(region.peers.map((peer) => [peer.storeId, peer]));
  const peerIds = new Map(region.peers.map((peer) => [peer.storeId, peer.id]));
  const adds: Step[] = [];
  for (const storeId of target.keys()) {
    if (byStore.has(storeId)) continue;
    const peerId = context.nextPeerId();
    if (peerId === undefined) return undefined;
    peerIds.set(storeId, peerId);
    adds.push({ kind: 'add-learner', storeId, peerId });
  }
  const member = (storeId: number): { storeId: number; peerId: number } => ({ storeId, peerId: peerIds.get(storeId)! });
  const voters = region.peers.filter(isVoter);
  const stay = voters.filter((peer) => target.get(peer.storeId) === 'voter');
  // The lost go first: were a healthy one removed before them, those in between could be short of a quorum.
  const goes = voters
    .filter((peer) => target.get(peer.storeId) !== 'voter')
    .sort((left, right) => Number(context.isHealthy(left)) - Number(context.isHealthy(right)));
  const promote = [...target]
    .filter(([storeId, role]) => role === 'voter' && !stay.some((peer) => peer.storeId === storeId))
    .map(([storeId]) => member(storeId));
  if (!keepsQuorum({ stay, goes, promoted: promote.length }, context)) return undefined;

  const steps: Step[] = [];
  let leading = region.leader.storeId;
  const transfer = (toStoreId: number): void => {
    if (toStoreId === leading) return;
    steps.push({ kind: 'transfer-leader', fromStoreId: leading, toStoreId, toPeerId: peerIds.get(toStoreId)! });
    leading = toStoreId;
  };
  const canLead = (peer: RegionPeer): boolean => context.isHealthy(peer) && context.mayLead(peer.storeId);
  const leaderStays = stay.some((peer) => peer.storeId === leading);
  const simple = promote.length + goes.length <= 1 || promote.length === 0;
  const demotedOnly = goes.some((peer) => target.get(peer.storeId) === 'learner');

  steps.push(...adds);
  if (leaderStoreId !== 0 && stay.some((peer) => peer.storeId === leaderStoreId)) transfer(leaderStoreId);
  else if (!leaderStays) {
    const heir = stay.find(canLead);
    if (heir) transfer(heir.storeId);
  }
  const leaderMustGoInside = !stay.some((peer) => peer.storeId === leading);

  if (simple && !demotedOnly) {
    if (leaderMustGoInside && goes.length > 0) return undefined;
    if (promote[0]) steps.push({ kind: 'promote', ...promote[0] });
    for (const peer of goes) steps.push({ kind: 'remove-peer', ...member(peer.storeId) });
  } else {
    steps.push({ kind: 'enter-joint', promote, demote: goes.map((peer) => member(peer.storeId)) });
    if (leaderMustGoInside) {
      const heir = promote.find(({ storeId }) => context.mayLead(storeId));
      if (!heir) return undefined;
      transfer(heir.storeId);
    }
    steps.push({ kind: 'leave-joint' });
    for (const peer of goes) {
      if (!target.has(peer.storeId)) steps.push({ kind: 'remove-peer', ...member(peer.storeId) });
    }
  }
  for (const peer of region.peers) {
    if (!isVoter(peer) && !target.has(peer.storeId)) steps.push({ kind: 'remove-peer', ...member(peer.storeId) });
  }
  if (leaderStoreId !== 0 && target.get(leaderStoreId) === 'voter') transfer(leaderStoreId);
  return steps.length > 0 ? steps : undefined;
}

/** The members of a region as a target, to change a copy of. */
export function membersOf(region: RegionView): Map<number, TargetRole> {
  return new Map(region.peers.map((peer) => [peer.storeId, isVoter(peer) ? 'voter' : 'learner']));
}

/** The new configuration can commit without anybody coming back; what is promoted has caught up by then. */
function keepsQuorum(
  { stay, goes, promoted }: { stay: readonly RegionPeer[]; goes: readonly RegionPeer[]; promoted: number },
  context: PlanContext,
): boolean {
  const healthy = stay.filter((peer) => context.isHealthy(peer)).length;
  const voters = stay.length + promoted;
  if (healthy + promoted < quorum(voters)) return false;
  // Without a quorum now nothing can be proposed: the answer would be an operator that waits for its time-out.
  const healthyNow = healthy + goes.filter((peer) => context.isHealthy(peer)).length;
  return healthyNow >= quorum(stay.length + goes.length);
}

export function quorum(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

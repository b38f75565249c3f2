/** A region as the whole cluster describes it, and as placement's tables keep it: the same, by other names. */
import type { RegionReport } from '../../proto/kv/placement.ts';
import type { PeerRole as ClusterRole, RegionDescriptor, RegionPeer as ClusterPeer } from '../../proto/kv/region.ts';
import type { RegionInfo } from './region-map.ts';
import type { PeerRole, RegionHeartbeat, RegionPeer } from './regions/index.ts';

const TO_TABLE: Readonly<Record<ClusterRole, PeerRole>> = {
  voter: 'voter',
  learner: 'learner',
  'incoming-voter': 'incoming',
  'demoting-voter': 'demoting',
};
const FROM_TABLE: Readonly<Record<PeerRole, ClusterRole>> = {
  voter: 'voter',
  learner: 'learner',
  incoming: 'incoming-voter',
  demoting: 'demoting-voter',
};

// hot: once for each report
export function heartbeatOf(report: RegionReport): RegionHeartbeat {
  const { region, term, leaderPeerId, pendingPeerIds, downPeers, sizeBytes, keys, intervalSeconds } = report;
  const { bytesWritten, bytesRead, keysWritten, keysRead, queries } = report;
  return {
    id: region.id,
    lower: region.lower,
    upper: region.upper,
    version: region.epoch.version,
    confVersion: region.epoch.confVersion,
    peers: region.peers.map(({ id, storeId, role }): RegionPeer => ({ id, storeId, role: TO_TABLE[role] })),
    term, leaderPeerId, pendingPeerIds, downPeers, sizeBytes, keys, intervalSeconds, bytesWritten, bytesRead, keysWritten, keysRead, queries,
  }; // prettier-ignore
}

export function fromTablePeer({ id, storeId, role }: RegionPeer): ClusterPeer {
  return { id, storeId, role: FROM_TABLE[role] };
}

/** For the core, which keeps only what a cluster begins with: no change of members is under way there. */
export function toRegionInfo({ id, lower, upper, epoch, peers }: RegionDescriptor): RegionInfo {
  const members = peers.map((peer) => ({
    id: peer.id,
    storeId: peer.storeId,
    role: peer.role === 'learner' ? ('learner' as const) : ('voter' as const),
  }));
  return { id, lower, upper, epoch, peers: members, leader: undefined };
}

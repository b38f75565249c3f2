/**
 * A region's peers and the configuration of its Raft group, each from the other. Consensus knows peers by id only; on which store
 * a new peer lives travels in the context of the change that brings it: `count u8, count x (peer u64, store u64)`.
 */
import { RutileError } from '../../../base/error.ts';
import type { PeerRole, RegionDescriptor, RegionPeer } from '../../../proto/kv/region.ts';
import { type Configuration, isVoter, membersOf } from '../../raft/index.ts';

/** The group as the description has it. */
export function configurationOfRegion(region: RegionDescriptor): Configuration {
  const of = (...roles: readonly PeerRole[]): number[] =>
    region.peers.flatMap(({ id, role }) => (roles.includes(role) ? [id] : [])).sort((left, right) => left - right);
  const isJoint = region.peers.some(({ role }) => role === 'incoming-voter' || role === 'demoting-voter');
  return {
    voters: of('voter', 'incoming-voter'),
    outgoing: isJoint ? of('voter', 'demoting-voter') : [],
    learners: of('learner'),
    learnersNext: region.peers.flatMap(({ id, role, staysLearner }) => (role === 'demoting-voter' && staysLearner === true ? [id] : [])), // prettier-ignore
    autoLeave: isJoint,
  };
}

/** The description after a change of its members. */
export function regionWithMembers(
  region: RegionDescriptor,
  configuration: Configuration,
  context: Uint8Array,
  strangers: ReadonlyMap<number, number>,
): RegionDescriptor {
  const stores = new Map(region.peers.map((peer) => [peer.id, peer.storeId]));
  for (const [id, storeId] of readContext(context)) stores.set(id, storeId);
  const peers = membersOf(configuration).map((id): RegionPeer => {
    const storeId = stores.get(id) ?? strangers.get(id);
    if (storeId === undefined) throw new RutileError('kv.corrupt', `nobody said on which store peer ${id} lives`);
    return { id, storeId, ...roleOf(configuration, id) };
  });
  const { confVersion, version } = region.epoch;
  return { ...region, peers, epoch: { confVersion: confVersion + 1, version } };
}

function roleOf(configuration: Configuration, id: number): { role: PeerRole; staysLearner?: boolean } {
  const { voters, outgoing, learnersNext } = configuration;
  if (!isVoter(configuration, id)) return { role: 'learner' };
  if (outgoing.length === 0) return { role: 'voter' };
  if (!outgoing.includes(id)) return { role: 'incoming-voter' };
  if (voters.includes(id)) return { role: 'voter' };
  return learnersNext.includes(id) ? { role: 'demoting-voter', staysLearner: true } : { role: 'demoting-voter' };
}

export function membersContext(peers: readonly { readonly id: number; readonly storeId: number }[]): Uint8Array {
  const bytes = new Uint8Array(1 + peers.length * 16);
  const view = new DataView(bytes.buffer);
  bytes[0] = peers.length;
  peers.forEach(({ id, storeId }, i) => {
    view.setBigUint64(1 + i * 16, BigInt(id));
    view.setBigUint64(9 + i * 16, BigInt(storeId));
  });
  return bytes;
}

function readContext(bytes: Uint8Array): [number, number][] {
  if (bytes.length === 0) return [];
  if (bytes.length !== 1 + bytes[0]! * 16)
    throw new RutileError('kv.corrupt', 'the stores of new peers cannot be read');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes[0]! }, (_, i) => [
    Number(view.getBigUint64(1 + i * 16)),
    Number(view.getBigUint64(9 + i * 16)),
  ]);
}

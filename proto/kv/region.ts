/**
 * What the whole cluster calls a region: an interval of the region space, an epoch, and the peers that replicate it.
 *
 * The region space is one order for everything that is stored: a raw pair lies at `r` + key, a row, its versions and its locks
 * at `x` + key. Bounds of regions are places in this space, so raw pairs and rows are cut, moved and counted apart, and a
 * region may still hold some of both (the first one of a cluster holds all). `lower` empty is the beginning, `upper` empty the
 * end; `upper` is exclusive.
 *
 * The epoch tells which of two descriptions is newer: `version` grows with the bounds (split, merge), `confVersion` with the
 * members. A request that was routed by an older epoch is refused, with the newer description inside the refusal.
 */
import { RutileError } from '../../base/error.ts';
import { compareBytes, copyBytes, EMPTY_BYTES } from '../../base/bytes.ts';

export type PeerRole = 'voter' | 'learner' | 'incoming-voter' | 'demoting-voter';

export interface RegionPeer {
  readonly id: number;
  readonly storeId: number;
  readonly role: PeerRole;
  /** Of a demoting voter: it remains as a learner when the joint time ends. */
  readonly staysLearner?: boolean;
}

export interface RegionEpoch {
  readonly confVersion: number;
  readonly version: number;
}

export interface RegionDescriptor {
  readonly id: number;
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
  readonly epoch: RegionEpoch;
  readonly peers: readonly RegionPeer[];
}

export const RAW_SPACE = 0x72;
export const ROW_SPACE = 0x78;
export type Space = typeof RAW_SPACE | typeof ROW_SPACE;

const STAYS_LEARNER = 0x80;
const ROLES: readonly PeerRole[] = ['voter', 'learner', 'incoming-voter', 'demoting-voter'];

/** Where a key of a family lies in the region space. */
export function regionKey(space: Space, key: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(key.length + 1);
  bytes[0] = space;
  bytes.set(key, 1);
  return bytes;
}

/**
 * A region's share of one space as bounds of plain keys (`upper` `undefined`: to the end); `undefined` when it has none there.
 */
export function boundsIn(
  space: Space,
  region: { readonly lower: Uint8Array; readonly upper: Uint8Array },
): { readonly lower: Uint8Array; readonly upper: Uint8Array | undefined } | undefined {
  const { lower, upper } = region;
  if (lower.length > 0 && lower[0]! > space) return undefined;
  if (upper.length > 0 && (upper[0]! < space || (upper[0] === space && upper.length === 1))) return undefined;
  return {
    lower: lower[0] === space ? copyBytes(lower, 1) : EMPTY_BYTES,
    upper: upper[0] === space ? copyBytes(upper, 1) : undefined,
  };
}

/** Order of a plain key of `space` and a place of the region space, without making the region key. */
// hot: once for each command of a store with several regions
export function compareInSpace(space: Space, key: Uint8Array, place: Uint8Array): number {
  if (place.length === 0) return 1;
  if (place[0] !== space) return space - place[0]!;
  const length = place.length - 1;
  const shared = key.length < length ? key.length : length;
  for (let i = 0; i < shared; i++) {
    const difference = key[i]! - place[i + 1]!;
    if (difference !== 0) return difference;
  }
  return key.length - length;
}

// hot: as above
export function holdsKey(
  region: { readonly lower: Uint8Array; readonly upper: Uint8Array },
  space: Space,
  key: Uint8Array,
): boolean {
  return (
    compareInSpace(space, key, region.lower) >= 0 &&
    (region.upper.length === 0 || compareInSpace(space, key, region.upper) < 0)
  );
}

/** True when what `left` says of a region is older than what `right` says. */
export function isOlderEpoch(left: RegionEpoch, right: RegionEpoch): boolean {
  return left.version < right.version || (left.version === right.version && left.confVersion < right.confVersion);
}

export function checkBounds(region: { readonly lower: Uint8Array; readonly upper: Uint8Array }): boolean {
  return region.upper.length === 0 || compareBytes(region.lower, region.upper) < 0;
}

export function peerOn(region: RegionDescriptor, storeId: number): RegionPeer | undefined {
  return region.peers.find((peer) => peer.storeId === storeId);
}

/** `id u64, confVersion u32, version u32, lower, upper (u16 size each), peer count u8, peers (id u64, store u64, role u8)`, big-endian. */
export function encodeRegion(region: RegionDescriptor): Uint8Array {
  const { lower, upper, epoch, peers } = region;
  const bytes = new Uint8Array(16 + 4 + lower.length + upper.length + 1 + peers.length * 17);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(region.id));
  view.setUint32(8, epoch.confVersion);
  view.setUint32(12, epoch.version);
  view.setUint16(16, lower.length);
  view.setUint16(18, upper.length);
  bytes.set(lower, 20);
  bytes.set(upper, 20 + lower.length);
  let at = 20 + lower.length + upper.length;
  bytes[at++] = peers.length;
  for (const peer of peers) {
    view.setBigUint64(at, BigInt(peer.id));
    view.setBigUint64(at + 8, BigInt(peer.storeId));
    bytes[at + 16] = ROLES.indexOf(peer.role) | (peer.staysLearner === true ? STAYS_LEARNER : 0);
    at += 17;
  }
  return bytes;
}

/** Returns the descriptor and where it ended. Throws `kv.corrupt`. */
export function decodeRegion(
  bytes: Uint8Array,
  start = 0,
): { readonly region: RegionDescriptor; readonly end: number } {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lowerSize = view.getUint16(start + 16);
    const upperSize = view.getUint16(start + 18);
    let at = start + 20 + lowerSize + upperSize;
    const peers: RegionPeer[] = [];
    for (let left = view.getUint8(at++); left > 0; left--, at += 17) {
      const flags = view.getUint8(at + 16);
      const role = ROLES[flags & ~STAYS_LEARNER];
      if (role === undefined) throw new RangeError('unknown role');
      const peer = { id: Number(view.getBigUint64(at)), storeId: Number(view.getBigUint64(at + 8)), role };
      peers.push((flags & STAYS_LEARNER) === 0 ? peer : { ...peer, staysLearner: true });
    }
    const region = {
      id: Number(view.getBigUint64(start)),
      epoch: { confVersion: view.getUint32(start + 8), version: view.getUint32(start + 12) },
      lower: copyBytes(bytes, start + 20, start + 20 + lowerSize),
      upper: copyBytes(bytes, start + 20 + lowerSize, start + 20 + lowerSize + upperSize),
      peers,
    };
    return { region, end: at };
  } catch (cause) {
    throw new RutileError('kv.corrupt', 'the description of a region cannot be read', { cause });
  }
}

/**
 * Entries of the log that change the region itself rather than its data: `version(1) = 2, kind(1), body`. (Entries of data begin
 * with 1, see kv/txn/write-set.ts; an entry without bytes is a new leader's first and changes nothing.)
 *
 *     split   place u16 size + bytes, new region u64, count u8, per peer: new peer u64
 *     hash    check u64                                       every replica sums what it holds as of this entry
 *     verify  check u64, crc u32, pairs u64, bytes u64        the leader's sum, which every replica compares with its own
 *     prepare-merge   target u64, its version u64, its confVersion u64         in the log of the region that goes
 *     rollback-merge  index u64 of what it takes back                          there, too
 *     commit-merge    gives up u64, version u64, confVersion u64, index u64 and term u64 of the prepare, description of the source
 *                                                                              in the log of the region that grows
 *
 * A split keeps the left part under the region's own id, since most splits are of a table that grows at its end, and a leader
 * that keeps what it has warm moves the least. Peer i of the new region is on the store of peer i of the old one.
 */
import { RutileError } from '../../../base/error.ts';
import { concatBytes, copyBytes } from '../../../base/bytes.ts';
import { decodeRegion, encodeRegion, type RegionDescriptor } from '../../../proto/kv/region.ts';

export const ADMIN_ENTRY = 2;

/**
 * Where the log of a region made by a split begins: what lies before it is the data that the split found, which a replica without it gets
 * by snapshot, never by entries.
 */
export const FIRST_INDEX = 5;
export const FIRST_TERM = 5;

export interface SplitEntry {
  readonly kind: 'split';
  /** A place of the region space strictly inside the region. */
  readonly at: Uint8Array;
  readonly newRegionId: number;
  readonly newPeerIds: readonly number[];
  /** About how much of the region goes to the new one, from 0 to 1; entries of old have none, and mean a half. */
  readonly share: number;
}

/** See hash-check.ts. */
export interface HashEntry {
  readonly kind: 'hash';
  readonly check: number;
}

export interface VerifyEntry {
  readonly kind: 'verify';
  readonly check: number;
  readonly crc: number;
  readonly pairs: number;
  readonly sizeBytes: number;
}

/** See merger.ts: the epoch is the target's, as the attempt found it. */
export interface PrepareMergeEntry {
  readonly kind: 'prepare-merge';
  readonly targetId: number;
  readonly version: number;
  readonly confVersion: number;
}

export interface RollbackMergeEntry {
  readonly kind: 'rollback-merge';
  readonly index: number;
}

export interface CommitMergeEntry {
  readonly kind: 'commit-merge';
  /** Only the target's version grows, so that this attempt can never succeed. */
  readonly givesUp: boolean;
  readonly version: number;
  readonly confVersion: number;
  /** Of the `prepare-merge`. */
  readonly index: number;
  readonly term: number;
  readonly source: RegionDescriptor;
}

export type MergeEntry = PrepareMergeEntry | RollbackMergeEntry | CommitMergeEntry;
export type AdminEntry = SplitEntry | HashEntry | VerifyEntry | MergeEntry;

const KIND_SPLIT = 1;
const KIND_HASH = 2;
const KIND_VERIFY = 3;
const KIND_PREPARE_MERGE = 4;
const KIND_ROLLBACK_MERGE = 5;
const KIND_COMMIT_MERGE = 6;

const SHARE_ONE = 65_535;

export function isAdminEntry(data: Uint8Array): boolean {
  return data[0] === ADMIN_ENTRY;
}

export function encodeAdminEntry(entry: AdminEntry): Uint8Array {
  if (entry.kind === 'split') return encodeSplit(entry);
  if (entry.kind === 'prepare-merge')
    return numbers(KIND_PREPARE_MERGE, entry.targetId, entry.version, entry.confVersion);
  if (entry.kind === 'rollback-merge') return numbers(KIND_ROLLBACK_MERGE, entry.index);
  if (entry.kind === 'commit-merge') {
    const { givesUp, version, confVersion, index, term, source } = entry;
    return concatBytes(
      numbers(KIND_COMMIT_MERGE, givesUp ? 1 : 0, version, confVersion, index, term),
      encodeRegion(source),
    );
  }
  const bytes = new Uint8Array(entry.kind === 'hash' ? 10 : 30);
  const view = new DataView(bytes.buffer);
  bytes[0] = ADMIN_ENTRY;
  bytes[1] = entry.kind === 'hash' ? KIND_HASH : KIND_VERIFY;
  view.setBigUint64(2, BigInt(entry.check));
  if (entry.kind === 'hash') return bytes;
  view.setUint32(10, entry.crc);
  view.setBigUint64(14, BigInt(entry.pairs));
  view.setBigUint64(22, BigInt(entry.sizeBytes));
  return bytes;
}

function numbers(kind: number, ...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 + values.length * 8);
  const view = new DataView(bytes.buffer);
  bytes[0] = ADMIN_ENTRY;
  bytes[1] = kind;
  values.forEach((value, i) => view.setBigUint64(2 + i * 8, BigInt(value)));
  return bytes;
}

function encodeSplit(entry: SplitEntry): Uint8Array {
  const bytes = new Uint8Array(2 + 2 + entry.at.length + 8 + 1 + entry.newPeerIds.length * 8 + 2);
  const view = new DataView(bytes.buffer);
  bytes[0] = ADMIN_ENTRY;
  bytes[1] = KIND_SPLIT;
  view.setUint16(2, entry.at.length);
  bytes.set(entry.at, 4);
  let at = 4 + entry.at.length;
  view.setBigUint64(at, BigInt(entry.newRegionId));
  bytes[at + 8] = entry.newPeerIds.length;
  at += 9;
  for (const id of entry.newPeerIds) {
    view.setBigUint64(at, BigInt(id));
    at += 8;
  }
  view.setUint16(at, Math.round(entry.share * SHARE_ONE));
  return bytes;
}

/** Throws `kv.corrupt`. */
export function decodeAdminEntry(bytes: Uint8Array): AdminEntry {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes[0] !== ADMIN_ENTRY) throw new RangeError('not such an entry');
    const number = (at: number): number => Number(view.getBigUint64(at));
    if (bytes[1] === KIND_HASH) return { kind: 'hash', check: number(2) };
    if (bytes[1] === KIND_VERIFY)
      return { kind: 'verify', check: number(2), crc: view.getUint32(10), pairs: number(14), sizeBytes: number(22) };
    if (bytes[1] === KIND_PREPARE_MERGE)
      return { kind: 'prepare-merge', targetId: number(2), version: number(10), confVersion: number(18) };
    if (bytes[1] === KIND_ROLLBACK_MERGE) return { kind: 'rollback-merge', index: number(2) };
    if (bytes[1] === KIND_COMMIT_MERGE) {
      const { region: source } = decodeRegion(bytes, 42);
      return {
        kind: 'commit-merge', givesUp: number(2) === 1, version: number(10), confVersion: number(18), index: number(26), term: number(34), source,
      }; // prettier-ignore
    }
    if (bytes[1] !== KIND_SPLIT) throw new RangeError('unknown kind');
    const size = view.getUint16(2);
    let at = 4 + size;
    const newRegionId = Number(view.getBigUint64(at));
    const count = view.getUint8(at + 8);
    at += 9;
    const newPeerIds: number[] = [];
    for (let i = 0; i < count; i++, at += 8) newPeerIds.push(Number(view.getBigUint64(at)));
    const share = at < bytes.length ? view.getUint16(at) / SHARE_ONE : 0.5;
    return { kind: 'split', at: copyBytes(bytes, 4, 4 + size), newRegionId, newPeerIds, share };
  } catch (cause) {
    throw new RutileError('kv.corrupt', 'an entry that changes a region cannot be read', { cause });
  }
}

/** The two regions that a split makes of one: the left keeps the id. */
export function splitRegion(
  region: RegionDescriptor,
  entry: SplitEntry,
): readonly [RegionDescriptor, RegionDescriptor] {
  const epoch = { confVersion: region.epoch.confVersion, version: region.epoch.version + 1 };
  const peers = region.peers.map((peer, i) => ({ ...peer, id: entry.newPeerIds[i]! }));
  return [
    { ...region, upper: entry.at, epoch },
    { id: entry.newRegionId, lower: entry.at, upper: region.upper, epoch, peers },
  ];
}

/**
 * Regions and what is wrong with them, as `metapb.Region` and `errorpb.Error`, and back.
 *
 * Bounds are shown in one of three ways. `raw`: the part that holds raw pairs, as plain keys. `memcomparable`: the part that holds rows, in
 * the form that transactional clients of API V1 want (groups of eight bytes and a marker). `space`: places of the region space
 * as they are, for Rutile's own client. A region without a share in the part asked for cannot be shown.
 */
import { copyBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { putComparableBytes, readComparableBytes } from '../encoding/comparable.ts';
import { boundsIn, RAW_SPACE, type PeerRole, type RegionDescriptor, regionKey, ROW_SPACE } from '../kv/region.ts';
import type { Peer, Region, RegionError } from './messages.ts';

export type BoundsForm = 'raw' | 'memcomparable' | 'space';

const ROLES: readonly PeerRole[] = ['voter', 'learner', 'incoming-voter', 'demoting-voter'];

export function encodeBound(key: Uint8Array): Uint8Array {
  const out = new ByteWriter(16 + key.length + (key.length >> 3));
  putComparableBytes(out, key);
  return copyBytes(out.bytes, 0, out.length);
}

/** Throws `kv.bad-key` on what is not in that form. */
export function decodeBound(bound: Uint8Array): Uint8Array {
  const out = new ByteWriter(bound.length);
  try {
    if (readComparableBytes(bound, 0, bound.length, out) === bound.length) return copyBytes(out.bytes, 0, out.length);
  } catch (cause) {
    throw new RutileError('kv.bad-key', 'the key is not in memcomparable form', { cause });
  }
  throw new RutileError('kv.bad-key', 'bytes follow the end of a key in memcomparable form');
}

/** A client's key as a place of the region space. */
export function placeOf(key: Uint8Array, form: BoundsForm): Uint8Array {
  if (form === 'space') return key;
  if (form === 'raw') return regionKey(RAW_SPACE, key);
  return regionKey(ROW_SPACE, key.length === 0 ? key : decodeBound(key));
}

/** `undefined`: it has no share in that part. */
export function regionToWire(region: RegionDescriptor, form: BoundsForm): Region | undefined {
  let { lower, upper } = region;
  if (form !== 'space') {
    const bounds = boundsIn(form === 'raw' ? RAW_SPACE : ROW_SPACE, region);
    if (bounds === undefined) return undefined;
    const show = (key: Uint8Array) => (form === 'raw' || key.length === 0 ? key : encodeBound(key));
    lower = show(bounds.lower);
    upper = bounds.upper === undefined ? EMPTY_BYTES : show(bounds.upper);
  }
  const { id, epoch, peers } = region;
  return {
    id,
    start_key: lower,
    end_key: upper,
    region_epoch: { conf_ver: epoch.confVersion, version: epoch.version },
    peers: peers.map((peer) => ({ id: peer.id, store_id: peer.storeId, role: ROLES.indexOf(peer.role) })),
  };
}

/** Of a region shown as `space`. */
export function regionFromWire(region: Region): RegionDescriptor {
  return {
    id: region.id,
    lower: copyBytes(region.start_key),
    upper: copyBytes(region.end_key),
    epoch: { confVersion: region.region_epoch.conf_ver, version: region.region_epoch.version },
    peers: region.peers.map((peer) => ({
      id: peer.id,
      storeId: peer.store_id,
      role: ROLES[peer.role ?? 0] ?? 'voter',
    })),
  };
}

export interface ErrorPlace {
  readonly regionId: number;
  readonly storeId: number;
  readonly form: BoundsForm;
  /** As this store knows it; for the peer behind a store's id. */
  describe(regionId: number): RegionDescriptor | undefined;
}

/** `undefined`: not an error about regions or the store, but about the keys or the transaction. */
export function regionErrorOf(error: unknown, place: ErrorPlace): RegionError | undefined {
  if (!(error instanceof RutileError)) return undefined;
  const { code, message, fields } = error;
  const { regionId } = place;
  switch (code) {
    case 'kv.not-leader': {
      const storeId = Number(fields['leaderStoreId'] ?? 0);
      const known = place.describe(regionId)?.peers.find((peer) => peer.storeId === storeId);
      // A store that has left the region is still named to whoever knows it.
      const leader: Peer | undefined = storeId === 0 ? undefined : { id: known?.id ?? 0, store_id: storeId, role: 0 };
      return { message, code, not_leader: { region_id: regionId, ...(leader && { leader }) } };
    }
    case 'kv.epoch': {
      const regions = (fields['regions'] ?? []) as readonly RegionDescriptor[];
      const shown = regions.map((region) => regionToWire(region, place.form)).filter((region) => region !== undefined);
      return { message, code, epoch_not_match: { current_regions: shown } };
    }
    case 'kv.no-region':
      return { message, code, region_not_found: { region_id: regionId } };
    case 'kv.stray-key': {
      const shown = regionToWire(fields['region'] as RegionDescriptor, place.form);
      const [start_key, end_key] = [shown?.start_key ?? EMPTY_BYTES, shown?.end_key ?? EMPTY_BYTES];
      const key = fields['key'] as Uint8Array;
      return { message, code, key_not_in_region: { key, region_id: regionId, start_key, end_key } };
    }
    case 'kv.proposal-lost':
      return { message, code, stale_command: {} };
    case 'kv.unreachable':
      // Another store stood behind this one. It may have acted: nobody but Rutile's client asks such a thing.
      return { message, code, server_is_busy: { reason: message, backoff_ms: 100 } };
    case 'kv.busy':
    case 'log.overloaded':
      return { message, code, server_is_busy: { reason: message, backoff_ms: 100 } };
    case 'disk.full':
    case 'kv.read-only':
      return { message, code, disk_full: { store_id: [place.storeId], reason: message } };
    case 'kv.entry-too-large':
    case 'log.too-large':
      return { message, code, raft_entry_too_large: { region_id: regionId, entry_size: 0 } };
    case 'kv.undetermined':
      return { message, code, undetermined_result: { message } };
    default:
      return undefined;
  }
}

/** What the router understands. `code` when Rutile said it, else what the variant means. */
export function errorOfRegionError(error: RegionError): RutileError {
  const { message } = error;
  if (error.not_leader)
    return new RutileError('kv.not-leader', message, {
      retry: 'refresh',
      fields: { leaderStoreId: error.not_leader.leader?.store_id ?? 0 },
    });
  if (error.epoch_not_match)
    return new RutileError('kv.epoch', message, {
      retry: 'refresh',
      fields: { regions: error.epoch_not_match.current_regions.map(regionFromWire) },
    });
  if (error.region_not_found || error.key_not_in_region || error.store_not_match || error.mismatch_peer_id)
    return new RutileError('kv.no-region', message, { retry: 'refresh' });
  if (error.stale_command) return new RutileError('kv.proposal-lost', message, { retry: 'refresh' });
  const code =
    error.code ||
    (error.server_is_busy
      ? 'kv.busy'
      : error.disk_full
        ? 'disk.full'
        : error.raft_entry_too_large
          ? 'kv.entry-too-large'
          : error.undetermined_result
            ? 'kv.undetermined'
            : 'kv.unexpected');
  if (code === 'kv.unreachable') return new RutileError(code, message, { retry: 'refresh', fields: { sent: true } });
  return new RutileError(code, message, { retry: code === 'kv.busy' ? 'same' : 'no' });
}

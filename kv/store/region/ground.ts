/** Small truths about regions that several parts of a store need: whether two share keys, the first one of all, how one is known, and that one is not here. */
import { compareBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import { message } from '../../raft/index.ts';
import type { RegionMessage } from './ports.ts';

export function overlap(left: RegionDescriptor, right: RegionDescriptor): boolean {
  return (
    (right.upper.length === 0 || compareBytes(left.lower, right.upper) < 0) &&
    (left.upper.length === 0 || compareBytes(right.lower, left.upper) < 0)
  );
}

export function oneRegion(storeId: number): RegionDescriptor {
  const nothing = new Uint8Array(0);
  return {
    id: 1,
    lower: nothing,
    upper: nothing,
    epoch: { confVersion: 1, version: 1 },
    peers: [{ id: 1, storeId, role: 'voter' }],
  };
}

/** A message of no weight that shows how the sender knows the region. */
export function sign(region: RegionDescriptor, from: RegionMessage['from'], to: RegionMessage['to']): RegionMessage {
  return { regionId: region.id, from, to, region, message: message('heartbeat-response', from.id, to.id, 0) };
}

export function noRegion(): RutileError {
  return new RutileError('kv.no-region', 'this store has no region with the key', { retry: 'refresh' });
}

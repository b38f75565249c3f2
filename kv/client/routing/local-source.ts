/** Regions looked up in the list that this process' own store keeps: for a process that leads all regions itself. */
import { compareBytes } from '../../../base/bytes.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { RegionSource } from './region-finder.ts';

export function localRegionSource(regions: () => readonly RegionDescriptor[], storeId: number): RegionSource {
  const first = (holds: (region: RegionDescriptor) => boolean) => {
    const region = regions().find(holds);
    return region && { region, leaderStoreId: storeId };
  };
  return {
    regionByKey: (key) => first((region) => compareBytes(region.lower, key) <= 0 && isBelow(key, region.upper)),
    regionBelow: (key) =>
      first(
        ({ lower, upper }) =>
          (key.length === 0 || compareBytes(lower, key) < 0) &&
          (upper.length === 0 || (key.length > 0 && compareBytes(key, upper) <= 0)),
      ),
  };
}

function isBelow(key: Uint8Array, upper: Uint8Array): boolean {
  return upper.length === 0 || compareBytes(key, upper) < 0;
}

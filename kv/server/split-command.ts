/**
 * `tikvpb.Tikv/SplitRegion`: a client cuts a region at keys of its own, such as the borders of a table that is about to be filled. Keys are plain keys
 * of rows, or of raw pairs with `is_raw_kv`; a key that is a border already cuts nothing. The answer has all regions there are then
 * between the old bounds, in order, as that kind of client reads them.
 */
import { RutileError } from '../../base/error.ts';
import { compareBytes, copyBytes } from '../../base/bytes.ts';
import { holdsKey, RAW_SPACE, regionKey, ROW_SPACE } from '../../proto/kv/region.ts';
import type { Context, Region, RegionError } from '../../proto/wire/messages.ts';
import { regionErrorOf, regionToWire } from '../../proto/wire/region-errors.ts';
import { regionOf, type TxnServices } from './txn-commands.ts';

export interface SplitRegionRequest {
  readonly context?: Context | null;
  readonly split_key: Uint8Array;
  readonly split_keys: readonly Uint8Array[];
  readonly is_raw_kv: boolean;
}

export interface SplitRegionResponse {
  region_error?: RegionError;
  left?: Region;
  right?: Region;
  regions?: Region[];
}

/** In one request. */
const SPLIT_KEYS_MAX = 2048;

export async function splitRegion(services: TxnServices, request: SplitRegionRequest): Promise<SplitRegionResponse> {
  const place = regionOf(services, request.context);
  if (!('ref' in place)) return { region_error: place };
  const { region, ref } = place;
  const { storeId } = services;
  const [space, form] = request.is_raw_kv ? ([RAW_SPACE, 'raw'] as const) : ([ROW_SPACE, 'memcomparable'] as const);
  const failed = (error: unknown): SplitRegionResponse => {
    const found = regionErrorOf(error, { regionId: region.id, storeId, form, describe: (id) => services.describe(id) });
    return { region_error: found ?? { message: error instanceof Error ? error.message : String(error) } };
  };
  const keys = request.split_keys.length > 0 ? request.split_keys : [request.split_key];
  if (services.split === undefined) return { region_error: { message: 'regions are not split here' } };
  if (keys.length > SPLIT_KEYS_MAX || keys.some((key) => key.length === 0))
    return { region_error: { message: `1 to ${SPLIT_KEYS_MAX} keys split a region, none of them empty` } };
  try {
    // The epoch and the lead are the store's to check.
    services.store.dataVersion(ref, { lower: keys[0]!, upper: keys[0]! });
    const stray = keys.find((key) => !holdsKey(region, space, key));
    if (stray !== undefined)
      return failed(new RutileError('kv.stray-key', `the key is not in region ${region.id}`, { fields: { key: stray, region } })); // prettier-ignore
    const places = keys.map((key) => copyBytes(regionKey(space, key))).sort(compareBytes);
    const parts = await services.split(region, places);
    const regions = parts.flatMap((part) => regionToWire(part, form) ?? []);
    return { regions, ...(regions.length === 2 && { left: regions[0]!, right: regions[1]! }) };
  } catch (error) {
    return failed(error);
  }
}

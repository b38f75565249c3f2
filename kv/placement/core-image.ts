/**
 * The core's whole state as bytes and back: the payload of placement's file, and the snapshot that a member who lags behind is sent. JSON: it is small
 * and rare. Fields that came later are left out while they are empty, so that an older Rutile reads a state that does not use them.
 */
import { assert } from '../../base/assert.ts';
import { fromHex, fromUtf8, toHex, utf8 } from '../../base/bytes.ts';
import type { PlacementCore, ServiceHold, StoreRecord } from './core.ts';
import type { RegionInfo } from './region-map.ts';

/** An older Rutile would lose something by reading and writing it. */
export function needsVersion2(core: PlacementCore): boolean {
  return core.settings.size > 0 || [...core.stores.values()].some((store) => store.labels !== undefined);
}

interface Saved {
  readonly settings?: readonly (readonly [string, string])[];
  readonly clusterId: number;
  readonly windowBoundMs: number;
  readonly idBound: number;
  readonly safePoint: string;
  readonly stores: readonly StoreRecord[];
  readonly holds: readonly (Omit<ServiceHold, 'ts'> & { readonly ts: string })[];
  readonly regions: readonly (Omit<RegionInfo, 'lower' | 'upper'> & {
    readonly lower: string;
    readonly upper: string;
  })[];
}

export function coreImage(core: PlacementCore): Uint8Array {
  const saved: Saved = {
    clusterId: core.clusterId,
    windowBoundMs: core.windowBoundMs,
    idBound: core.idBound,
    safePoint: String(core.safePoint),
    stores: [...core.stores.values()],
    ...(core.settings.size > 0 ? { settings: [...core.settings] } : {}),
    holds: [...core.serviceHolds.values()].map((hold) => ({ ...hold, ts: String(hold.ts) })),
    regions: core.regions
      .all()
      .map((region) => ({ ...region, lower: toHex(region.lower), upper: toHex(region.upper) })),
  };
  return utf8(JSON.stringify(saved));
}

/** Into a fresh core. */
export function restoreCore(core: PlacementCore, payload: Uint8Array): void {
  const saved = JSON.parse(fromUtf8(payload)) as Saved;
  core.clusterId = saved.clusterId;
  core.windowBoundMs = saved.windowBoundMs;
  core.idBound = saved.idBound;
  core.safePoint = BigInt(saved.safePoint);
  for (const store of saved.stores) core.apply({ kind: 'put-store', store });
  // Not by command: a hold whose date has passed may lie below the safe point.
  for (const hold of saved.holds) core.serviceHolds.set(hold.service, { ...hold, ts: BigInt(hold.ts) });
  for (const region of saved.regions) {
    const outcome = core.apply({
      kind: 'report-region',
      region: { ...region, lower: fromHex(region.lower), upper: fromHex(region.upper) },
    });
    assert(outcome.kind === 'region' && outcome.outcome.kind === 'accepted', 'saved regions overlap');
  }
  for (const [name, value] of saved.settings ?? []) core.apply({ kind: 'put-setting', name, value });
}

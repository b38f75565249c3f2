/**
 * Placement: timestamps, ids, the region map, the safe point. `core.ts`, `oracle.ts` and `region-map.ts` decide and are pure;
 * `placement.ts` is the shell that makes decisions durable through `storage.ts` before anybody hears of them. One member for now;
 * the commands of the core are what a group of members will agree on.
 */
export type { ServiceHold, StoreRecord } from './core.ts';
export { COUNTER_BITS, COUNTER_MAX, type Timestamps, toTimestamp } from './oracle.ts';
export { LocalPlacement, type Placement, type PlacementOptions } from './placement.ts';
export type { Peer, RegionEpoch, RegionInfo, ReportOutcome } from './region-map.ts';

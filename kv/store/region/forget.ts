/** What lies in memory of a region's keys goes: the region left this store, or a snapshot takes its place. */
import { boundsIn, holdsKey, RAW_SPACE, type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ApplyTarget } from '../../txn/index.ts';

/** `ts`: later than anything that was ever committed. */
export function forgetRegion(target: ApplyTarget, region: RegionDescriptor, ts: bigint): void {
  const rows = boundsIn(ROW_SPACE, region);
  if (rows !== undefined) {
    target.versions.pages?.dropRange(rows.lower, rows.upper);
    const keys: Uint8Array[] = [];
    target.locks.states.forEach((state) => {
      if (holdsKey(region, ROW_SPACE, state.key)) keys.push(state.key);
    });
    for (const key of keys) {
      const { lock, pessimistic } = target.locks.state(key)!;
      if (lock !== undefined) target.locks.clear(key, lock.startTs);
      if (pessimistic !== undefined) target.locks.clear(key, pessimistic.startTs);
      target.locks.clearInFlight(key);
    }
    // Which transactions were rolled back there is not known from memory any more: the engine is asked.
    if (target.traces.forgetAll(ts)) target.floorsChanged = true;
  }
  const pairs = boundsIn(RAW_SPACE, region);
  if (pairs !== undefined) target.rawPages?.dropRange(pairs.lower, pairs.upper);
}

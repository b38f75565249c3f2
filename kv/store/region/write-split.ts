/**
 * What a split leaves on the disk, in one batch with its place in the log: after a crash it has happened, or its entry is applied again. The new
 * region's log begins where those of all regions begin, and it keeps the list of those that the whole had swallowed.
 */
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import { FIRST_INDEX, FIRST_TERM } from './admin-entry.ts';
import { putApplied, putRegionState, putSwallowed, readSwallowed } from './region-states.ts';
import { clearInto } from './snapshot.ts';

export interface SplitOutcome {
  readonly left: RegionDescriptor;
  readonly right: RegionDescriptor;
  /** The right part has its peer here; otherwise that has left since, or was replaced, and what it held goes. */
  readonly isOurs: boolean;
  /** Of the entry, in the log of the left part. */
  readonly index: number;
  readonly term: number;
}

export function writeSplit(engine: Engine, { left, right, isOurs, index, term }: SplitOutcome): void {
  const batch = engine.batch();
  putRegionState(batch, { state: 'normal', region: left });
  putApplied(batch, left.id, index, term);
  if (isOurs) {
    putRegionState(batch, { state: 'normal', region: right });
    putApplied(batch, right.id, FIRST_INDEX, FIRST_TERM);
    putSwallowed(batch, right.id, readSwallowed(engine, left.id));
  } else clearInto(engine, right, batch);
  engine.write(batch);
}

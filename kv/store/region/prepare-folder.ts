/** A folder in the format of this version: an empty one gets its note and perhaps a region, one of format 1 the description that it did without. */
import { assert } from '../../../base/assert.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import { META_APPLIED, META_FORMAT, readApplied, readFormat, STORE_FORMAT_ONE_REGION, STORE_FORMAT_VERSION } from '../meta.ts'; // prettier-ignore
import { FIRST_INDEX, FIRST_TERM } from './admin-entry.ts';
import { putApplied, putRegionState } from './region-states.ts';

export function prepareFolder(engine: Engine, first: RegionDescriptor | undefined): void {
  const format = readFormat(engine);
  if (format === STORE_FORMAT_VERSION) return;
  const batch = engine.batch();
  if (format === STORE_FORMAT_ONE_REGION) {
    const applied = readApplied(engine);
    assert(first !== undefined, 'a folder of format 1 has a region');
    if (applied !== undefined) putApplied(batch, first.id, applied.index, applied.term);
    batch.delete('meta', META_APPLIED);
  } else if (first !== undefined) putApplied(batch, first.id, FIRST_INDEX, FIRST_TERM);
  if (first !== undefined) putRegionState(batch, { state: 'normal', region: first });
  batch.put('meta', META_FORMAT, new Uint8Array([STORE_FORMAT_VERSION]));
  engine.write(batch, { synced: true });
}

/** Raw writes cut at a region's bounds: a run of writes that the region takes whole, and what comes after. Order is kept. */
import { assert } from '../../../base/assert.ts';
import { compareBytes } from '../../../base/bytes.ts';
import type { RawWrite } from '../../../proto/kv/command.ts';
import { boundsIn, holdsKey, RAW_SPACE, type RegionDescriptor } from '../../../proto/kv/region.ts';

/** The first write begins in the region. */
export function cutRawWrites(
  region: RegionDescriptor,
  writes: readonly RawWrite[],
): { readonly now: readonly RawWrite[]; readonly later: readonly RawWrite[] } {
  const bounds = boundsIn(RAW_SPACE, region);
  assert(bounds !== undefined, 'a region without raw keys holds none');
  const now: RawWrite[] = [];
  for (let i = 0; i < writes.length; i++) {
    const write = writes[i]!;
    if (!holdsKey(region, RAW_SPACE, write.kind === 'delete-range' ? write.lower : write.key))
      return { now, later: writes.slice(i) };
    if (write.kind === 'delete-range' && bounds.upper !== undefined) {
      const { upper } = bounds;
      if (write.upper.length === 0 || compareBytes(write.upper, upper) > 0) {
        now.push({ kind: 'delete-range', lower: write.lower, upper });
        return { now, later: [{ ...write, lower: upper }, ...writes.slice(i + 1)] };
      }
    }
    now.push(write);
  }
  return { now, later: EMPTY };
}

const EMPTY: readonly RawWrite[] = [];

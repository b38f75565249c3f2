/** What the settings say about a store's bounds: the same in the one-process form and in a store of a cluster. */
import type { StoreLimits } from '../kv/store/index.ts';
import type { Settings } from './settings.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Regions that are small for a test are to be there while the test runs, and not after the usual ten seconds. */
const SMALL_REGIONS_CHECK_MS = 50;

export function storeLimits(settings: Settings): Partial<StoreLimits> {
  const hotPagesSizeBytesMax = settings.hotPagesMib * MIB;
  if (settings.regionSizeKib === 'off')
    return { hotPagesSizeBytesMax, regionSizeBytesMax: settings.regionSizeMib * MIB };
  const regionSizeBytesMax = settings.regionSizeKib * KIB;
  return { hotPagesSizeBytesMax, regionSizeBytesMax, splitCheckEveryMs: SMALL_REGIONS_CHECK_MS };
}

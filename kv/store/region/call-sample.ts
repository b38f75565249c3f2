/** How many calls a region got since somebody looked, and the places of some: what splitting by load decides from. */
import { regionKey, type Space } from '../../../proto/kv/region.ts';
import type { LoadSample } from './split-places.ts';

/** One call in so many leaves its place. */
const SAMPLE_EVERY = 64;
const SAMPLES_MAX = 64;

export class CallSample {
  count = 0;
  private kept: LoadSample[] = [];
  private seen = 0;

  /** True: this one is to be kept. */
  // hot: once for each call
  isDue(): boolean {
    return (++this.count & (SAMPLE_EVERY - 1)) === 0;
  }

  get samples(): readonly LoadSample[] {
    return this.kept;
  }

  reset(): void {
    this.count = 0;
    this.seen = 0;
    if (this.kept.length > 0) this.kept = [];
  }

  /** `upper` empty: to the end; `undefined`: one key. */
  keep(space: Space, lower: Uint8Array, upper: Uint8Array | undefined): void {
    // The newest take the place of the oldest.
    const at = this.seen++ % SAMPLES_MAX;
    this.kept[at] = {
      lower: regionKey(space, lower),
      upper: upper && (upper.length === 0 ? upper : regionKey(space, upper)),
    };
  }
}

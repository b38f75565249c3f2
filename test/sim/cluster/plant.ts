/**
 * Where a fault can be planted in a simulated store. The product has no doors for them: a plant gets the opened store, or what it
 * is opened with, and bends its private parts. `mutations.ts` holds the faults.
 */
import type { Store, StoreOptions } from '../../../kv/store/store.ts';
import type { FaultKind } from '../nemesis.ts';
import type { Knobs } from './node.ts';

export interface Plant {
  readonly name: string;
  /** What a careless programmer did. */
  readonly story: string;
  /** Seeds, from 1, within which the simulator finds it. */
  readonly seedsMax: number;
  /** Settings and faults in which it shows soon. */
  readonly knobs?: Partial<Knobs>;
  readonly faults?: readonly FaultKind[];
  readonly driftMax?: number;
  /** What the store is opened with. */
  options?(options: StoreOptions): StoreOptions;
  /** Right after a store was opened. */
  bend?(store: Store): void;
}

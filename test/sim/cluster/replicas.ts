/**
 * Replicas of one region that have applied the same entries hold the same data: same index, same digest. Compared at any moment of
 * a run, since an index and what it stands for change in one step. What was seen at an index is remembered: a replica that gets there
 * later is held to it.
 */
import { checksum } from '../../../base/checksum.ts';
import { boundsIn, RAW_SPACE, type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ColumnFamily } from '../../../kv/engine/engine.ts';
import type { MemoryEngine } from '../../../kv/engine/memory.ts';
import type { Store } from '../../../kv/store/index.ts';

const FAMILIES: readonly ColumnFamily[] = ['latest', 'lock', 'raw'];
/** Of all regions together. */
const REMEMBERED_MAX = 5000;

interface Seen {
  readonly digest: number;
  readonly where: string;
}

export class Replicas {
  /** Digests by region, version and index. */
  private readonly seen = new Map<string, Seen>();
  comparedCount = 0;

  /** What is wrong with the replicas of this store, if anything. */
  check(where: string, store: Store, engine: MemoryEngine): string | undefined {
    for (const peer of store.regionsHere.peers.all()) {
      const key = `${peer.id} ${peer.region.epoch.version} ${peer.appliedIndex}`;
      const digest = digestOf(engine, peer.region);
      const before = this.seen.get(key);
      if (before === undefined) {
        if (this.seen.size > REMEMBERED_MAX) this.seen.delete(this.seen.keys().next().value!);
        this.seen.set(key, { digest, where });
      } else if (before.digest !== digest)
        return `replicas of region ${peer.id} differ at ${peer.appliedIndex}: ${before.where} and ${where}`;
      else if (before.where !== where) this.comparedCount++;
    }
    return undefined;
  }

  /** Pairs that lie in no region of the store: what a region that left should have taken along. */
  leftovers(store: Store, engine: MemoryEngine): string | undefined {
    const regions = store.regions();
    for (const family of FAMILIES) {
      const space = family === 'raw' ? RAW_SPACE : ROW_SPACE;
      const all = engine.iterator(family, { lower: undefined, upper: undefined }).next(100_000).keys.length;
      let held = 0;
      for (const region of regions) {
        const bounds = boundsIn(space, region);
        if (bounds !== undefined) held += pairsOf(engine, family, bounds).keys.length;
      }
      if (held !== all) return `${all - held} pairs of family ${family} lie in no region`;
    }
    return undefined;
  }
}

function pairsOf(
  engine: MemoryEngine,
  family: ColumnFamily,
  bounds: { lower: Uint8Array; upper: Uint8Array | undefined },
) {
  const lower = bounds.lower.length === 0 ? undefined : bounds.lower;
  return engine.iterator(family, { lower, upper: bounds.upper }).next(100_000);
}

function digestOf(engine: MemoryEngine, region: RegionDescriptor): number {
  let sum = 0;
  FAMILIES.forEach((family, i) => {
    const bounds = boundsIn(family === 'raw' ? RAW_SPACE : ROW_SPACE, region);
    if (bounds === undefined) return;
    const { keys, values } = pairsOf(engine, family, bounds);
    for (let at = 0; at < keys.length; at++) {
      const [key, value] = [keys[at]!, values[at]!];
      sum = checksum(new Uint8Array([i, key.length]), 0, 2, sum);
      sum = checksum(key, 0, key.length, sum);
      sum = checksum(value, 0, value.length, sum);
    }
  });
  return sum;
}

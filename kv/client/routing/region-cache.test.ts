/** The client's map of regions beside a list that is searched from one end to the other: the same beliefs after every change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes } from '../../../base/bytes.ts';
import { SeededRandom } from '../../../base/random.ts';
import { holdsKey, isOlderEpoch, type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import { RegionCache } from './region-cache.ts';

const NOTHING = new Uint8Array(0);

function place(n: number): Uint8Array {
  return n === 0 ? NOTHING : Uint8Array.of(ROW_SPACE, n);
}

function overlap(left: RegionDescriptor, right: RegionDescriptor): boolean {
  const isBelow = (one: Uint8Array, end: Uint8Array): boolean => end.length === 0 || compareBytes(one, end) < 0;
  return isBelow(left.lower, right.upper) && isBelow(right.lower, left.upper);
}

class List {
  all: RegionDescriptor[] = [];

  put(region: RegionDescriptor): RegionDescriptor {
    const known = this.all.find(({ id }) => id === region.id);
    if (known !== undefined && isOlderEpoch(region.epoch, known.epoch)) return known;
    this.all = [...this.all.filter((one) => one !== known && !overlap(one, region)), region];
    return region;
  }

  find(key: Uint8Array): RegionDescriptor | undefined {
    return this.all.find((region) => holdsKey(region, ROW_SPACE, key));
  }
}

for (const seed of [1, 2, 3]) {
  test(`puts and drops in any order leave what a plain list holds, seed ${seed}`, () => {
    const random = new SeededRandom(seed);
    const cache = new RegionCache(1000);
    const list = new List();
    for (let n = 0; n < 3000; n++) {
      const from = random.below(30);
      const to = from + 1 + random.below(6);
      const region: RegionDescriptor = {
        id: 1 + random.below(20),
        lower: place(from),
        upper: to > 30 ? NOTHING : place(to),
        epoch: { confVersion: 1, version: 1 + random.below(3) + Math.floor(n / 100) },
        peers: [{ id: 1, storeId: 1, role: 'voter' }],
      };
      assert.equal(cache.put(region, undefined).region, list.put(region));
      if (random.below(4) === 0) {
        const route = cache.byId(1 + random.below(20));
        if (route !== undefined) {
          cache.drop(route);
          list.all = list.all.filter((one) => one !== route.region);
        }
      }
      assert.equal(cache.count, list.all.length);
      for (let id = 1; id <= 20; id++)
        assert.equal(
          cache.byId(id)?.region,
          list.all.find((one) => one.id === id),
        );
      for (let at = 0; at < 32; at++)
        assert.equal(cache.find(ROW_SPACE, Uint8Array.of(at))?.region, list.find(Uint8Array.of(at)));
    }
  });
}

/** Where regions are cut, as properties of what a walk finds, and by load. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareBytes, utf8 } from '../../../base/bytes.ts';
import { RAW_SPACE, regionKey, ROW_SPACE, type Space } from '../../../proto/kv/region.ts';
import { type LoadSample, placeByLoad, SplitWalk, tablePlace } from './split-places.ts';

const NOTHING = new Uint8Array(0);
const name = (n: number): Uint8Array => utf8(`k${String(n).padStart(5, '0')}`);
const row = (table: number, n: number): Uint8Array => {
  const key = new Uint8Array(13);
  key[0] = 0x74;
  new DataView(key.buffer).setUint32(5, table);
  new DataView(key.buffer).setUint32(9, n);
  return key;
};

function walk(bytesMax: number, keysMax: number, pairs: readonly (readonly [Space, Uint8Array, number])[]) {
  const found = new SplitWalk({ sizeBytesMax: bytesMax, keysMax });
  for (const [space, key, size] of pairs) found.add(space, key, size);
  return found.finish();
}

test('a region within its bounds stays whole; one over them is cut into parts that are well within', () => {
  const size = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 300 }), fc.integer({ min: 300, max: 5000 }), (sizes, bound) => {
      const pairs = sizes.map((bytes, n) => [ROW_SPACE, name(n), bytes] as const);
      const { places, sizeBytes } = walk(bound, Infinity, pairs);
      const total = sizes.reduce((sum, one) => sum + one, 0);
      assert.equal(sizeBytes, total);
      assert.equal(places.length > 0, total > bound);
      const borders = [...places, new Uint8Array([0x79])];
      let part = 0;
      let at = 0;
      for (const [space, key, bytes] of pairs) {
        if (compareBytes(regionKey(space, key), borders[at]!) >= 0) {
          assert(part > 0 && part <= bound, `a part of ${part} of ${bound}`);
          part = 0;
          at++;
        }
        part += bytes;
      }
      assert(part <= bound, `the last part of ${part} of ${bound}`);
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('many keys cut a region as many bytes do', () => {
  const pairs = Array.from({ length: 100 }, (_, n) => [ROW_SPACE, name(n), 1] as const);
  assert.deepEqual(walk(1e9, 99, pairs).places, [regionKey(ROW_SPACE, name(66))]);
  assert.deepEqual(walk(1e9, 100, pairs).places, []);
});

test('raw pairs and rows are parted, and tables end a part that is half full', () => {
  const raw = Array.from({ length: 10 }, (_, n) => [RAW_SPACE, name(n), 10] as const);
  const one = Array.from({ length: 40 }, (_, n) => [ROW_SPACE, row(1, n), 10] as const);
  const two = Array.from({ length: 40 }, (_, n) => [ROW_SPACE, row(2, n), 10] as const);
  assert.deepEqual(walk(750, Infinity, [...raw, ...one, ...two]).places, [
    new Uint8Array([ROW_SPACE]),
    tablePlace(row(2, 0)),
  ]);
  // Nothing is over its bound: nothing is cut.
  assert.deepEqual(walk(5000, Infinity, [...raw, ...one]).places, []);
});

test('calls part a region where they balance; one hot key and scans over everything do not', () => {
  const whole = { lower: NOTHING, upper: NOTHING };
  const at = (n: number): LoadSample => ({ lower: regionKey(ROW_SPACE, name(n)), upper: undefined });
  const even = Array.from({ length: 64 }, (_, n) => at((n * 37) % 64));
  assert.deepEqual(placeByLoad(even, whole), regionKey(ROW_SPACE, name(32)));
  assert.equal(placeByLoad(even.slice(0, 5), whole), undefined);
  assert.equal(placeByLoad(Array.from({ length: 64 }, () => at(7)), whole), undefined); // prettier-ignore
  const everywhere = even.map(() => ({ lower: regionKey(ROW_SPACE, name(0)), upper: NOTHING }));
  assert.equal(placeByLoad([...everywhere, ...even.slice(0, 20)], whole), undefined);
  const outside = { lower: regionKey(ROW_SPACE, name(100)), upper: NOTHING };
  assert.equal(placeByLoad(even, outside), undefined);
});

/** Regions as data: round trips, and the order of keys against bounds held to the order of region keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, utf8 } from '../../base/bytes.ts';
import {
  boundsIn,
  compareInSpace,
  decodeRegion,
  encodeRegion,
  holdsKey,
  RAW_SPACE,
  type RegionDescriptor,
  regionKey,
  ROW_SPACE,
} from './region.ts';

const bytes = fc.uint8Array({ maxLength: 6 });
const space = fc.constantFrom(RAW_SPACE, ROW_SPACE);
const role = fc.constantFrom(
  'voter' as const,
  'learner' as const,
  'incoming-voter' as const,
  'demoting-voter' as const,
);

test('a description comes back as it was', () => {
  const peer = fc.record({ id: fc.maxSafeNat(), storeId: fc.maxSafeNat(), role }, { noNullPrototype: true });
  const region = fc.record(
    {
      id: fc.maxSafeNat(),
      lower: bytes,
      upper: bytes,
      epoch: fc.record({ confVersion: fc.nat(0xffffffff), version: fc.nat(0xffffffff) }, { noNullPrototype: true }),
      peers: fc.array(peer, { maxLength: 7 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(region, (one: RegionDescriptor) => {
      const encoded = encodeRegion(one);
      const { region: back, end } = decodeRegion(encoded);
      assert.equal(end, encoded.length);
      assert.deepEqual(back, one);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test('a cut description is refused', () => {
  const whole = encodeRegion({ id: 1, lower: utf8('a'), upper: utf8('b'), epoch: { confVersion: 1, version: 1 }, peers: [{ id: 2, storeId: 3, role: 'voter' }] }); // prettier-ignore
  for (let size = 0; size < whole.length; size++)
    assert.throws(() => decodeRegion(whole.slice(0, size)), { code: 'kv.corrupt' });
});

test('a key is compared with a bound as its place in the region space would be', () => {
  const place = fc.oneof(
    fc.tuple(space, bytes).map(([s, key]) => regionKey(s, key)),
    bytes,
  );
  fc.assert(
    fc.property(space, bytes, place, (s, key, bound) => {
      assert.equal(Math.sign(compareInSpace(s, key, bound)), Math.sign(compareBytes(regionKey(s, key), bound)));
    }),
    { seed: 2, numRuns: 1000 },
  );
});

test('bounds in a space hold exactly the keys that the region holds', () => {
  const place = fc.oneof(
    fc.constant(new Uint8Array(0)),
    fc.tuple(space, bytes).map(([s, key]) => regionKey(s, key)),
  );
  fc.assert(
    fc.property(space, bytes, place, place, (s, key, lower, upper) => {
      const region = { lower, upper };
      const bounds = boundsIn(s, region);
      const inside =
        bounds !== undefined &&
        compareBytes(key, bounds.lower) >= 0 &&
        (bounds.upper === undefined || compareBytes(key, bounds.upper) < 0);
      assert.equal(inside, holdsKey(region, s, key));
    }),
    { seed: 3, numRuns: 1000 },
  );
});

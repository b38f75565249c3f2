/** The small parts of the floor: bytes, checksums, seeded chance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromHex,
  fromUtf8,
  keyAfter,
  nextPrefix,
  startsWith,
  toHex,
  utf8,
} from './bytes.ts';
import { checksum } from './checksum.ts';
import { SeededRandom } from './random.ts';

const seed = { seed: 3, numRuns: 500 };
const bytes = fc.uint8Array({ maxLength: 80, size: 'max' });

test('compareBytes orders as memcmp does, for short and for long keys', () => {
  const near = fc
    .tuple(bytes, bytes, bytes)
    .map(([head, left, right]) => [concatBytes(head, left), concatBytes(head, right)] as const);
  fc.assert(
    fc.property(fc.oneof(near, fc.tuple(bytes, bytes)), ([left, right]) => {
      assert.equal(Math.sign(compareBytes(left, right)), Buffer.compare(left, right));
      assert.equal(equalBytes(left, right), Buffer.compare(left, right) === 0);
    }),
    seed,
  );
});

test('nextPrefix and keyAfter are the tightest bounds', () => {
  fc.assert(
    fc.property(bytes, bytes, (prefix, rest) => {
      const next = nextPrefix(prefix);
      const key = concatBytes(prefix, rest);
      assert(startsWith(key, prefix));
      if (next) {
        assert(compareBytes(key, next) < 0);
        assert(!startsWith(next, prefix));
        assert(compareBytes(next, concatBytes(prefix, new Uint8Array(100).fill(0xff))) > 0);
      } else assert(prefix.every((byte) => byte === 0xff));
      assert(compareBytes(prefix, keyAfter(prefix)) < 0);
    }),
    seed,
  );
  assert.equal(nextPrefix(Uint8Array.of(0xff, 0xff)), undefined);
  assert.equal(toHex(nextPrefix(Uint8Array.of(1, 0xff))!), '02');
});

test('hexadecimal and UTF-8 there and back; what is not hexadecimal is refused', () => {
  assert.equal(toHex(fromHex('00ffA0')), '00ffa0');
  assert.throws(() => fromHex('abc'), RangeError);
  assert.throws(() => fromHex('zz'), RangeError);
  assert.equal(fromUtf8(utf8('\ufeffé😀')), '\ufeffé😀');
});

test('the checksum is zlib’s, at every length, and continues', () => {
  const data = new SeededRandom(1).bytes(300);
  for (let end = 0; end <= 300; end += 7) {
    assert.equal(checksum(data, 0, end), crc32(data.subarray(0, end)));
    assert.equal(checksum(data, end, 300, checksum(data, 0, end)), crc32(data));
  }
});

test('one seed gives one stream; a fork depends on seed and name alone', () => {
  const draws = (random: { below(below: number): number }): number[] =>
    Array.from({ length: 8 }, () => random.below(1000));
  assert.deepEqual(draws(new SeededRandom(5)), draws(new SeededRandom(5)));
  assert.notDeepEqual(draws(new SeededRandom(5)), draws(new SeededRandom(6)));
  const used = new SeededRandom(5);
  draws(used);
  assert.deepEqual(draws(used.fork('a')), draws(new SeededRandom(5).fork('a')));
  assert.notDeepEqual(draws(used.fork('a')), draws(used.fork('b')));
});

test('draws are spread evenly', () => {
  const random = new SeededRandom(9);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[random.below(10)]!++;
  for (const count of counts) assert(Math.abs(count - 10_000) < 500);
  let sum = 0;
  for (let i = 0; i < 10_000; i++) {
    const unit = random.unit();
    assert(unit >= 0 && unit < 1);
    sum += unit;
  }
  assert(Math.abs(sum / 10_000 - 0.5) < 0.02);
  assert.equal(random.bytes(7).length, 7);
});

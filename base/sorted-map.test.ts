import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes, toHex } from './bytes.ts';
import { SeededRandom } from './random.ts';
import { SortedMap } from './sorted-map.ts';

test('a sorted map behaves like a sorted array, over 30 seeds of 3,000 random steps', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new SeededRandom(seed);
    const map = new SortedMap<number>();
    const model = new Map<string, { key: Uint8Array; value: number }>();
    const spread = 1 + random.below(2000);
    const key = () => {
      const n = random.below(spread);
      return n % 7 === 0 ? new Uint8Array([n & 255]) : new Uint8Array([n >> 8, n & 255]);
    };
    const sorted = () => [...model.values()].sort((left, right) => compareBytes(left.key, right.key));
    for (let step = 0; step < 3000; step++) {
      const at = key();
      if (random.below(3) > 0) {
        map.set(at, step);
        const text = toHex(at);
        model.set(text, { key: model.get(text)?.key ?? at, value: step });
      } else assert.equal(map.delete(at), model.delete(toHex(at)));
      const probe = key();
      assert.equal(map.get(probe), model.get(toHex(probe))?.value);
      assert.equal(map.size, model.size);
      if (step % 100 !== 0) continue;
      const expected = sorted();
      const forward: number[] = [];
      for (const cursor = map.seek(undefined); cursor.valid; cursor.next()) forward.push(cursor.value);
      assert.deepEqual(
        forward,
        expected.map((entry) => entry.value),
      );
      const backward: number[] = [];
      for (const cursor = map.seekBefore(undefined); cursor.valid; cursor.previous()) backward.push(cursor.value);
      assert.deepEqual(backward, forward.reverse());
      const above = expected.filter((entry) => compareBytes(entry.key, probe) >= 0);
      const cursor = map.seek(probe);
      assert.equal(cursor.valid ? cursor.value : undefined, above[0]?.value);
      const below = expected.filter((entry) => compareBytes(entry.key, probe) < 0);
      const before = map.seekBefore(probe);
      assert.equal(before.valid ? before.value : undefined, below[below.length - 1]?.value);
      const upper = key();
      assert.equal(map.firstIn(probe, upper), above.filter((entry) => compareBytes(entry.key, upper) < 0)[0]?.value);
    }
  }
});

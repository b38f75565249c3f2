/** How values become buckets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import type { JsonNode } from '../../base/value/json.ts';
import { printJson } from '../../base/value/json-print.ts';
import { type CountedValue, histogramDocument } from './histogram.ts';

const FACTS = {
  dataType: 'int',
  collationId: 8,
  lastUpdated: '2024-01-01 00:00:00.000000',
  samplingRate: 1,
  nullRows: 0,
};

function buckets(values: readonly CountedValue[], bucketsWanted: number, nullRows = 0): JsonNode[][] {
  const document = histogramDocument(values, { ...FACTS, bucketsWanted, nullRows }) as ReadonlyMap<string, JsonNode>;
  return document.get('buckets') as JsonNode[][];
}

const values = (...rows: number[]): CountedValue[] => rows.map((count, i) => ({ value: i, rows: count }));

test('the document is the one of MySQL, in its order', () => {
  const document = histogramDocument(values(1, 2), { ...FACTS, bucketsWanted: 5, nullRows: 1 });
  assert.equal(
    printJson(document),
    '{"buckets": [[0, 0.25], [1, 0.75]], "data-type": "int", "null-values": 0.25, "collation-id": 8, "last-updated": "2024-01-01 00:00:00.000000", "sampling-rate": 1.0, "histogram-type": "singleton", "number-of-buckets-specified": 5}',
  );
});

test('few values have a bucket each, many share them, a frequent one has its own', () => {
  assert.equal(printJson(buckets(values(1, 1, 2), 3)), '[[0, 0.25], [1, 0.5], [2, 1.0]]');
  assert.equal(printJson(buckets(values(1, 1, 1, 1), 2)), '[[0, 1, 0.5, 2], [2, 3, 1.0, 2]]');
  assert.equal(printJson(buckets(values(1, 1, 6, 1, 1), 3)), '[[0, 1, 0.2, 2], [2, 2, 0.8, 1], [3, 4, 1.0, 2]]');
  assert.equal(printJson(buckets(values(3, 3, 2), 1, 2)), '[[0, 2, 0.8, 3]]');
  assert.equal(printJson(buckets([], 1)), '[]');
});

test('random values: every one is in a bucket, no more buckets than asked for, none fuller than it must be', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed);
    const counted = values(...Array.from({ length: 2 + random.below(60) }, () => 1 + random.below(20)));
    const wanted = 1 + random.below(counted.length - 1);
    const made = buckets(counted, wanted);
    assert.ok(made.length <= wanted);
    assert.equal(
      made.reduce((sum, [, , , distinct]) => sum + (distinct as number), 0),
      counted.length,
    );
    made.forEach(([lower], i) => assert.equal(lower, i === 0 ? 0 : (made[i - 1]![1] as number) + 1));
    // One row less in the fullest, and some bucket more would be needed.
    const rowsOf = ([lower, upper]: JsonNode[]): number =>
      counted.slice(lower as number, (upper as number) + 1).reduce((sum, { rows }) => sum + rows, 0);
    const fullest = Math.max(...made.map(rowsOf));
    let needed = 1;
    let held = 0;
    for (const { rows } of counted) {
      if (rows >= fullest) needed = Infinity;
      if (held > 0 && held + rows > fullest - 1) {
        needed++;
        held = 0;
      }
      held += rows;
    }
    assert.ok(needed > wanted, `seed ${seed}`);
  }
});

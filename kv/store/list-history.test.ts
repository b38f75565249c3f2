import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHistory, type ListTransaction } from './testing/list-history.ts';

const txn = (
  id: number,
  reads: Record<string, number[]>,
  appends: Record<string, number>,
  status: ListTransaction['status'] = 'committed',
): ListTransaction => ({
  id,
  status,
  reads: new Map(Object.entries(reads)),
  appends: new Map(Object.entries(appends)),
});
const lists = (value: Record<string, number[]>) => new Map(Object.entries(value));

test('the checker lets serial histories and write skew pass', () => {
  assert.equal(
    checkHistory([txn(1, { x: [] }, { x: 1 }), txn(2, { x: [1] }, { x: 2 })], lists({ x: [1, 2] })),
    undefined,
  );
  assert.equal(
    checkHistory([txn(1, { x: [], y: [] }, { x: 1 }), txn(2, { x: [], y: [] }, { y: 2 })], lists({ x: [1], y: [2] })),
    undefined,
  );
});

test('the checker sees each anomaly', () => {
  const cases: [string, ListTransaction[], Map<string, number[]>][] = [
    ['lost update', [txn(1, { x: [] }, { x: 1 }), txn(2, { x: [] }, { x: 2 })], lists({ x: [1, 2] })],
    ['lost write', [txn(1, {}, { x: 1 })], lists({ x: [] })],
    ['half a transaction', [txn(1, {}, { x: 1, y: 2 }, 'unknown')], lists({ x: [1], y: [] })],
    ['aborted read', [txn(1, {}, { x: 1 }, 'failed')], lists({ x: [1] })],
    ['dirty write', [txn(1, {}, { x: 1, y: 2 }), txn(2, {}, { x: 3, y: 4 })], lists({ x: [1, 3], y: [4, 2] })],
    ['read skew', [txn(1, {}, { x: 1, y: 2 }), txn(2, { x: [1], y: [] }, {})], lists({ x: [1], y: [2] })],
    [
      'long fork',
      [txn(1, {}, { x: 1 }), txn(2, {}, { y: 2 }), txn(3, { x: [1], y: [] }, {}), txn(4, { x: [], y: [2] }, {})],
      lists({ x: [1], y: [2] }),
    ],
    [
      'circular information flow',
      [txn(1, { y: [2] }, { x: 1 }), txn(2, { x: [1] }, { y: 2 })],
      lists({ x: [1], y: [2] }),
    ],
  ];
  for (const [name, history, final] of cases) assert.notEqual(checkHistory(history, final), undefined, name);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, memoryVerdict, ofPeriod } from './memory.ts';

const MIB = 2 ** 20;
const periods = (...mib: number[]): number[] => mib.map((one) => one * MIB);

test('memory that grows from period to period is told from memory that wavers', () => {
  assert.equal(memoryVerdict(periods(200, 400, 430, 390, 420, 410, 440)).kind, 'flat');
  assert.equal(memoryVerdict(periods(200, 400, 450, 500, 550, 600, 650)).kind, 'grows');
});

test('the first period warms up; a few MiB more are no growth; three periods say nothing', () => {
  assert.equal(memoryVerdict(periods(100, 400, 400, 400)).kind, 'flat');
  assert.equal(memoryVerdict(periods(100, 100, 130, 150)).kind, 'flat');
  assert.equal(memoryVerdict(periods(100, 200, 900)).kind, 'too few periods');
});

test('a period counts by the median of its second half', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([1, 2, 3, 4]), 2.5);
  assert.equal(ofPeriod([1, 1, 1, 9, 8, 7]), 8);
});

/** A follower's entries wait a little, in order, and never past their time or their size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Timers } from '../../base/world.ts';
import { isPlain, LateEntries } from './late-entries.ts';

function late(gatherMs: number) {
  const applied: number[] = [];
  const due: (() => void)[] = [];
  const timers = { after: (_ms: number, run: () => void) => void due.push(run) } as unknown as Timers;
  const entries = new LateEntries(timers, gatherMs, (entry) => applied.push(entry.index));
  const add = (index: number, sizeBytes = 8): void =>
    entries.add({ index, term: 1, data: new Uint8Array(sizeBytes).fill(9) });
  return { applied, due, entries, add };
}

test('what comes within the time is applied together, in order', () => {
  const { applied, due, add } = late(5);
  add(1);
  add(2);
  assert.deepEqual(applied, []);
  assert.equal(due.length, 1);
  due.shift()!();
  assert.deepEqual(applied, [1, 2]);
  add(3);
  assert.equal(due.length, 1, 'a timer for the next ones');
});

test('whoever flushes has everything, and the timer that was under way finds what came since', () => {
  const { applied, due, entries, add } = late(5);
  add(1);
  entries.flush();
  assert.deepEqual(applied, [1]);
  add(2);
  due.shift()!();
  assert.deepEqual(applied, [1, 2]);
  entries.flush();
  assert.deepEqual(applied, [1, 2]);
});

test('many bytes do not wait, and without a time nothing does', () => {
  const large = late(5);
  large.add(1);
  large.add(2, 300 * 1024);
  assert.deepEqual(large.applied, [1, 2]);
  const none = late(0);
  none.add(1);
  assert.deepEqual(none.applied, [1]);
});

test('the empty entry of a new leader is not plain', () => {
  assert.equal(isPlain({ index: 1, term: 1, data: new Uint8Array(0) }), false);
  assert.equal(isPlain({ index: 1, term: 1, data: new Uint8Array([9]) }), true);
});

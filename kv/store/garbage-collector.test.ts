/** The walk of the garbage collector shares the thread: what each step took decides how long it rests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestWorld } from '../client/testing.ts';
import { MemoryEngine } from '../engine/index.ts';
import { LockTable } from '../mvcc/index.ts';
import { historyKey } from '../mvcc/record.ts';
import { GarbageCollector } from './garbage-collector.ts';
import { STORE_LIMITS } from './limits.ts';

test('a step rests four times as long as it took, and all is forgotten in the end', () => {
  const engine = new MemoryEngine();
  const batch = engine.batch();
  for (let i = 0; i < 2000; i++)
    batch.put('history', historyKey(new Uint8Array([1, i >> 8, i & 255]), 5n, 0), new Uint8Array(16));
  engine.write(batch);
  let nowMs = 0;
  const iterator = engine.iterator.bind(engine);
  engine.iterator = (...options) => {
    nowMs += 3;
    return iterator(...options);
  };
  const rests: number[] = [];
  const waiting: (() => void)[] = [];
  const world = createTestWorld();
  const collector = new GarbageCollector({
    engine,
    locks: new LockTable(),
    pages: undefined,
    world: {
      ...world,
      clock: { monotonicMs: () => nowMs, wallMs: () => nowMs },
      timers: {
        ...world.timers,
        after: (ms, run) => {
          rests.push(ms);
          waiting.push(run);
          return { cancel: () => undefined };
        },
      },
    },
    limits: STORE_LIMITS,
    currentTs: () => 100n,
    resolve: () => undefined,
    healthy: () => true,
    agree: undefined,
  });
  collector.advance(50n, 100n);
  for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) run();
  assert.deepEqual(rests, [12, 12, 12]);
  assert.equal(collector.walking, false);
  assert.equal(collector.deletedCount, 2000);
});

/** The kept seeds, each of which once showed a fault, run again; and the check itself, held against scenarios that lie. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { packagePath } from '../../base/node/package-root.ts';
import { SCENARIOS, check, parseSeeds } from './scenarios.ts';

for (const { scenario, seed, why } of parseSeeds(readFileSync(packagePath('test/sim/seeds.txt'), 'utf8'))) {
  test(`${scenario.name} ${seed}: ${why}`, async () => {
    const verdict = await check(scenario, seed);
    assert.equal(verdict.kind, 'passed', verdict.kind === 'failed' ? verdict.error.stack : verdict.kind);
  });
}

test('a run that breaks its promise fails, with its last facts', async () => {
  const verdict = await check(
    {
      name: 'liar',
      promise: 'none',
      run: async (seed, trace) => {
        trace.add(`seed ${seed}`);
        throw new Error('lost a coin');
      },
    },
    5,
  );
  assert(verdict.kind === 'failed');
  assert.equal(verdict.error.message, 'lost a coin');
  assert.deepEqual(verdict.lastFacts, ['seed 5']);
});

test('a failure that nobody waited for counts', async () => {
  // The runner of tests listens too, and would take the failure for this test's own.
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const verdict = await check(
    { name: 'careless', promise: 'none', run: async () => void Promise.reject(new Error('lost in a task')) },
    1,
  );
  for (const listener of listeners) process.on('unhandledRejection', listener);
  assert.equal(verdict.kind, 'failed');
});

test('a run that differs the second time is no run', async () => {
  let count = 0;
  const verdict = await check(
    { name: 'moody', promise: 'none', run: async (_, trace) => trace.add(`run ${count++}`) },
    1,
  );
  assert.equal(verdict.kind, 'not-repeatable');
});

test('a line of kept seeds names a scenario, a seed and a reason', () => {
  assert.throws(() => parseSeeds('log 7'), /line 1/);
  assert.throws(() => parseSeeds('# fine\n\nsea 7 a wave'), /line 3/);
  assert.equal(parseSeeds('# fine\n\nlog 7 a reason').length, 1);
  assert.deepEqual(
    SCENARIOS.map((one) => one.name),
    ['log', 'store', 'oracle', 'raft', 'placement', 'cluster', 'sql', 'slt'],
  );
});

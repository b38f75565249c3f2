/** Each planted fault is found within its number of seeds; without any, seeds pass; one seed gives one history. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace } from '../../../base/sim/index.ts';
import { clusterRun } from './cluster.ts';
import { findPlant, PLANTS } from './mutations.ts';

for (const plant of PLANTS) {
  test(`${plant.name}: ${plant.story}`, async () => {
    const found = await findPlant(plant, 1, plant.seedsMax);
    assert(found !== undefined, `not found within ${plant.seedsMax} seeds`);
  });
}

const SEEDS = 8;

test(`${SEEDS} seeds of the cluster as it is`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      await clusterRun(seed);
    } catch (cause) {
      throw new Error(`replay it: npm run sim -- --only cluster --seed ${seed}`, { cause });
    }
  }
});

test('one seed gives one history', async () => {
  const hash = async (): Promise<string> => {
    const trace = new Trace();
    await clusterRun(3, trace);
    return trace.hash;
  };
  assert.equal(await hash(), await hash());
});

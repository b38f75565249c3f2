/** Each planted fault is found within its number of seeds, and without any the same seeds pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace } from '../../../base/sim/index.ts';
import { raftRun } from './cluster.ts';
import { findPlant, PLANTS } from './mutations.ts';

test('there are at least a dozen', () => {
  assert(PLANTS.length >= 12);
  assert.equal(new Set(PLANTS.map((plant) => plant.name)).size, PLANTS.length);
});

for (const plant of PLANTS) {
  test(`${plant.name}: ${plant.story}`, async () => {
    const found = await findPlant(plant, 1, plant.seedsMax);
    assert(found !== undefined, `not found within ${plant.seedsMax} seeds`);
  });
}

const SEEDS = 20;

test(`${SEEDS} seeds of the cluster as it is`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      await raftRun(seed);
    } catch (cause) {
      throw new Error(`replay it: npm run sim -- --only raft --seed ${seed}`, { cause });
    }
  }
});

test('the settings and faults of a planted fault harm nobody without it', async () => {
  for (const plant of PLANTS) {
    const { name, story, seedsMax, knobs, faults, crashSites } = plant;
    await raftRun(3, new Trace(), {
      plant: {
        name,
        story,
        seedsMax,
        ...(knobs === undefined ? {} : { knobs }),
        ...(faults === undefined ? {} : { faults }),
        ...(crashSites === undefined ? {} : { crashSites }),
      },
    });
  }
});

test('one seed gives one history', async () => {
  const hash = async (): Promise<string> => {
    const trace = new Trace();
    await raftRun(11, trace);
    return trace.hash;
  };
  assert.equal(await hash(), await hash());
});

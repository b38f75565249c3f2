/** SQL servers in the simulator: each planted fault is found within its number of seeds; without any, seeds pass. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlant, PLANTS } from './mutations.ts';
import { sltRun, sqlRun } from './run.ts';

for (const plant of PLANTS) {
  test(`${plant.name}: ${plant.story}`, async () => {
    const found = await findPlant(plant, 1, plant.seedsMax);
    assert(found !== undefined, `not found within ${plant.seedsMax} seeds`);
  });
}

for (const [name, run] of [
  ['sql', sqlRun],
  ['slt', sltRun],
] as const) {
  test(`seeds of ${name} as it is`, async () => {
    for (let seed = 1; seed <= 6; seed++) {
      try {
        await run(seed);
      } catch (cause) {
        throw new Error(`replay it: npm run sim -- --only ${name} --seed ${seed}`, { cause });
      }
    }
  });
}

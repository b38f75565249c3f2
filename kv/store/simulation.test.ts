/** Seeds of the whole local floor under the simulator; what is held to is said in `testing/power-cuts.ts`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trace } from '../../base/sim/index.ts';
import { storePowerCuts } from './testing/power-cuts.ts';

/** A longer look is `npm run sim -- --only store --seconds 600`. */
const SEEDS = 60;

test(`${SEEDS} seeds: snapshot isolation and durability over power cuts`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      await storePowerCuts(seed);
    } catch (cause) {
      throw new Error(`replay it: npm run sim -- --only store --seed ${seed}`, { cause });
    }
  }
});

test('one seed gives one history', async () => {
  const hash = async (): Promise<string> => {
    const trace = new Trace();
    await storePowerCuts(7, trace);
    return trace.hash;
  };
  assert.equal(await hash(), await hash());
});

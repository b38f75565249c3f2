/**
 * The oracle over many lives: crashes (at times while it starts), long pauses, a wall clock that jumps ten seconds either way. Held to:
 * every timestamp is greater than all before it, and no id is given twice. Tests of placement and `npm run sim` share it.
 */
import assert from 'node:assert/strict';
import { SeededRandom } from '../../../base/random.ts';
import { Simulation, type Trace } from '../../../base/sim/index.ts';
import { LocalPlacement, toTimestamp } from '../index.ts';

const OPTIONS = { folder: 'placement', firstStore: { address: '127.0.0.1:20160', version: '8.5.0' } };
const START_MS = Date.UTC(2024, 0, 1);

export async function oracleLives(seed: number, trace?: Trace): Promise<void> {
  const random = new SeededRandom(seed);
  const simulation = new Simulation({ seed, startMs: START_MS });
  let world = simulation.node('p');
  let placement = await simulation.time.runFor(LocalPlacement.open(world, OPTIONS));
  let last = 0n;
  const ids = new Set<number>();
  for (let step = 0; step < 120; step++) {
    const kind = random.below(20);
    if (kind === 0) {
      world = world.crash();
      trace?.add(`${simulation.time.nowMs} crash`);
      if (random.below(2) === 0) {
        // Power goes again while it starts.
        LocalPlacement.open(world, OPTIONS).catch(() => undefined);
        await simulation.time.runUntil(simulation.time.nowMs + random.unit() * 2);
        world = world.crash();
      }
      placement = await simulation.time.runFor(LocalPlacement.open(world, OPTIONS));
    } else if (kind === 1) world.clock.jump((random.unit() - 0.5) * 20_000);
    else if (kind === 2) await simulation.time.runUntil(simulation.time.nowMs + random.below(8000));
    else if (kind === 3) {
      const first = await simulation.time.runFor(Promise.resolve(placement.allocateIds(3)));
      for (const id of [first, first + 1, first + 2]) {
        assert(!ids.has(id), `seed ${seed}: id ${id} twice`);
        ids.add(id);
      }
      trace?.add(`${simulation.time.nowMs} ids from ${first}`);
    } else {
      const count = 1 + random.below(random.below(5) === 0 ? 200_000 : 3);
      const { physical, logical } = await simulation.time.runFor(Promise.resolve(placement.timestamps(count)));
      const smallest = toTimestamp(physical, logical - count + 1);
      assert(smallest > last, `seed ${seed} step ${step}: ${smallest} after ${last}`);
      last = toTimestamp(physical, logical);
      trace?.add(`${simulation.time.nowMs} ${count} up to ${last}`);
    }
  }
  await simulation.time.runFor(placement.close());
  trace?.ranFor(simulation.time.nowMs);
}

/**
 * The real machine behind the ports of `base/world.ts`. Made once, in `bin/`, and handed down; nothing else in the product
 * asks the machine for time, chance, disk or network.
 */
import { randomBytes } from 'node:crypto';
import { SeededRandom } from '../random.ts';
import type { Clock, Timers, World } from '../world.ts';
import { NodeDisk } from './disk.ts';
import { NodeNetwork } from './network.ts';

export function createNodeWorld(): World {
  return {
    clock: CLOCK,
    timers: TIMERS,
    random: new SeededRandom(randomBytes(6).readUIntLE(0, 6)),
    disk: new NodeDisk(),
    network: new NodeNetwork(),
    chance: () => false,
  };
}

const CLOCK: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

const TIMERS: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    return { cancel: () => clearInterval(timer) };
  },
  soon: (run) => void setImmediate(run),
};

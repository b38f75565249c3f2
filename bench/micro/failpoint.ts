/**
 * What an unarmed failpoint costs: the same loop with and without one in it, in turns, best of several. Then what an armed one costs that does
 * nothing (`0%return`). Run: `node bench/micro/failpoint.ts`.
 */
import { failpoint, FAILPOINTS } from '../../base/failpoint.ts';

const ROUNDS = 15;
const STEPS = 20_000_000;
const point = failpoint('engine::write');

/** Some work of a few cycles that the compiler cannot take out of the loop. */
function without(steps: number): number {
  let sum = 1;
  for (let i = 0; i < steps; i++) sum = (Math.imul(sum, 31) + i) | 0;
  return sum;
}

function withPoint(steps: number): number {
  let sum = 1;
  for (let i = 0; i < steps; i++) {
    if (point.armed && point.hit() !== undefined) return sum;
    sum = (Math.imul(sum, 31) + i) | 0;
  }
  return sum;
}

let sink = 0;
function nanoseconds(work: (steps: number) => number, steps: number): number {
  const begin = performance.now();
  sink ^= work(steps);
  return ((performance.now() - begin) * 1e6) / steps;
}

const bare: number[] = [];
const unarmed: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  bare.push(nanoseconds(without, STEPS));
  unarmed.push(nanoseconds(withPoint, STEPS));
}
FAILPOINTS.set('engine::write', '0%return');
const armed = Math.min(...[1, 2, 3].map(() => nanoseconds(withPoint, STEPS / 20)));
FAILPOINTS.clearAll();
const [base, cost] = [Math.min(...bare), Math.min(...unarmed) - Math.min(...bare)];
console.log(`loop alone ${base.toFixed(3)} ns a step; an unarmed failpoint adds ${cost.toFixed(3)} ns`);
console.log(`an armed failpoint whose chance is 0 adds ${(armed - base).toFixed(1)} ns`);
if (sink === 42) console.log(sink);

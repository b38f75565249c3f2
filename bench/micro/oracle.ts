/**
 * What a timestamp costs: the oracle alone, then as every statement takes it, from the placement of this process with its window on the disk.
 * Run: `node bench/micro/oracle.ts`. A transaction takes two, so a microsecond here would be felt.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../base/node/index.ts';
import { LocalPlacement, PlacementMember } from '../../kv/placement/index.ts';
import { TimestampOracle } from '../../kv/placement/oracle.ts';

const STEPS = 2_000_000;
const ROUNDS = 5;
/** Between two pauses: what one turn of the event loop may ask for. */
const TURN = 10_000;

async function best(name: string, work: (steps: number) => Promise<void>): Promise<void> {
  let ns = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    await work(STEPS);
    ns = Math.min(ns, ((performance.now() - begin) * 1e6) / STEPS);
  }
  console.log(`${name.padEnd(44)} ${ns.toFixed(0).padStart(6)} ns`);
}

const world = createNodeWorld();
const oracle = new TimestampOracle(0);
oracle.extended(Number.MAX_SAFE_INTEGER);
let sink = 0;
await best('the oracle, one timestamp', async (steps) => {
  const nowMs = world.clock.wallMs();
  for (let i = 0; i < steps; i++) sink ^= oracle.next(1, nowMs)!.logical;
});

const folder = mkdtempSync(join(tmpdir(), 'rutile-bench-oracle-'));
const placement = await LocalPlacement.open(world, {
  folder,
  firstStore: { address: '127.0.0.1:0', version: '8.5.0' },
});
let waits = 0;
await best('placement, one timestamp', async (steps) => {
  for (let i = 0; i < steps; i++) {
    const found = placement.timestamp();
    if (found instanceof Promise) {
      waits++;
      await found;
    }
    if (i % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
});
await placement.close();
const self = { id: 1, name: 'p1', clientUrl: 'http://127.0.0.1:0' };
const member = await PlacementMember.open(world, {
  folder: join(folder, 'member'),
  self,
  founders: [self],
  transport: { send: () => undefined, sendSnapshot: () => Promise.resolve(false) },
});
await new Promise<void>((resolve) => member.onLead((leads) => leads && resolve()));
await best('a member of placement alone, one timestamp', async (steps) => {
  for (let i = 0; i < steps; i++) {
    const found = member.timestamps(1);
    if (found instanceof Promise) {
      waits++;
      await found;
    }
    if (i % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
});
await member.close();
rmSync(folder, { recursive: true });
console.log(`${waits} of ${2 * STEPS * ROUNDS} waited for the window${sink === 42 ? ' ' : ''}`);

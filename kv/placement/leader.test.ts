/** The core as a replicated machine, and what its leaders may say: over changes of leader timestamps grow and ids are given once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { type Command, coreImage, PlacementCore, PlacementLeader, restoreCore, toTimestamp } from './index.ts';

test('timestamps grow and ids are given once over random changes of leader', () => {
  for (let seed = 1; seed <= 50; seed++) lives(seed);
});

test('a leader without a lease is silent, and deposed is for good', () => {
  const core = new PlacementCore();
  const leader = new PlacementLeader(core, 100);
  leader.applied(core.apply({ kind: 'extend-window', boundMs: 10_000 }));
  assert(leader.timestamps(1, 5000, 99));
  assert.equal(leader.timestamps(1, 5000, 100), undefined);
  leader.renew(200);
  assert(leader.timestamps(1, 5000, 199));
  leader.depose();
  leader.renew(1000);
  assert.equal(leader.timestamps(1, 5000, 199), undefined);
});

test('commands answer refusals alike at every member, and change nothing', () => {
  const commands: readonly Command[] = [
    { kind: 'bootstrap', clusterId: 7 },
    { kind: 'bootstrap', clusterId: 8 },
    {
      kind: 'put-store',
      store: { id: 1, address: 'a:1', state: 'tombstone', version: '8.5.0', labels: { zone: 'a' } },
    },
    { kind: 'put-store', store: { id: 1, address: 'a:1', state: 'up', version: '8.5.0' } },
    { kind: 'advance-safe-point', ts: 50n, nowMs: 0 },
    { kind: 'hold', hold: { service: 's', ts: 40n, expiresAtMs: 100 } },
    { kind: 'hold', hold: { service: 's', ts: 60n, expiresAtMs: 100 } },
    { kind: 'advance-safe-point', ts: 90n, nowMs: 99 },
    { kind: 'advance-safe-point', ts: 90n, nowMs: 101 },
    { kind: 'put-setting', name: 'config', value: '{}' },
    { kind: 'put-setting', name: 'long', value: 'x'.repeat(70_000) },
  ];
  const [first, second] = [new PlacementCore(), new PlacementCore()];
  const answers = commands.map((command) => first.apply(command));
  assert.deepEqual(
    commands.map((command) => second.apply(command)),
    answers,
  );
  assert.deepEqual(answers, [
    { kind: 'bootstrapped', clusterId: 7, first: true },
    { kind: 'bootstrapped', clusterId: 7, first: false },
    { kind: 'done' },
    { kind: 'refused', reason: 'tombstone' },
    { kind: 'safe-point', ts: 50n },
    { kind: 'refused', reason: 'safe-point-passed' },
    { kind: 'done' },
    { kind: 'safe-point', ts: 60n },
    { kind: 'safe-point', ts: 90n },
    { kind: 'done' },
    { kind: 'refused', reason: 'too-many' },
  ]);
  const third = new PlacementCore();
  restoreCore(third, coreImage(first));
  assert.deepEqual(third, first);
});

/** One log of commands; leaders come and go, their clocks differ, a deposed one goes on asking until its lease ends. */
function lives(seed: number): void {
  const random = new SeededRandom(seed);
  const core = new PlacementCore();
  let monotonicMs = 0;
  let leaseMs = 0;
  const leaders: PlacementLeader[] = [];
  let last = 0n;
  const ids = new Set<number>();
  for (let step = 0; step < 400; step++) {
    monotonicMs += random.below(200);
    if (monotonicMs >= leaseMs) {
      leaseMs = monotonicMs + 500;
      leaders.push(new PlacementLeader(core, leaseMs));
    }
    const current = leaders.at(-1)!;
    if (random.below(3) > 0) current.renew((leaseMs = monotonicMs + 500));
    const wallMs = 1_000_000 + monotonicMs + random.below(10_000);
    const wanted = current.windowWanted(wallMs);
    if (wanted !== undefined && random.below(2) === 0)
      current.applied(core.apply({ kind: 'extend-window', boundMs: wanted }));
    for (const leader of leaders.slice(-3)) {
      const found = leader.timestamps(1 + random.below(3), wallMs - random.below(9000), monotonicMs);
      if (!found) continue;
      const ts = toTimestamp(found.physical, found.logical);
      assert(ts > last, `seed ${seed} step ${step}: ${ts} after ${last}`);
      last = ts;
    }
    const first = current.ids(7);
    if (first === undefined) current.applied(core.apply(current.idsWanted(7)));
    else {
      for (let id = first; id < first + 7; id++) {
        assert(!ids.has(id), `seed ${seed}: id ${id} twice`);
        ids.add(id);
      }
    }
  }
}

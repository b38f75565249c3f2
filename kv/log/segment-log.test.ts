/**
 * The log under the simulator: a random workload, power cuts at random moments, and after each the question whether the log holds every
 * acknowledged operation and, of the others, a prefix. Then damage: every sector in turn is either harmless or an error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../base/random.ts';
import { SECTOR_SIZE, Trace, type Simulation, type SimWorld } from '../../base/sim/index.ts';
import { SegmentLog, type LogEntry } from './index.ts';
import { SMALL, Model, expectedPicture, machine, picture, powerCuts, show, work } from './testing/power-cuts.ts';

/** More seeds for a soak: `RUTILE_SEEDS=5000`. */
const SEEDS = Number(process.env['RUTILE_SEEDS'] ?? 250);

test('what was appended is read back, over a restart too', async () => {
  const { simulation, world } = machine({ seed: 1 });
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  let log = await run(SegmentLog.open(world, SMALL));
  assert.equal(log.lastIndex(7), 0);
  assert.equal(log.firstIndex(7), 1);
  await run(
    log.append({ regionId: 7, entries: [entry(5, 2, 10), entry(6, 2, 0)], state: { term: 2, vote: 1, commit: 4 } }),
  );
  await run(log.append({ regionId: 7, entries: [entry(7, 3, 300)] }));
  const check = async (): Promise<void> => {
    assert.deepEqual(
      [log.firstIndex(7), log.lastIndex(7), log.term(7, 6), log.term(7, 7), log.term(7, 8)],
      [5, 7, 2, 3, undefined],
    );
    assert.deepEqual(log.state(7), { term: 2, vote: 1, commit: 4 });
    assert.deepEqual(
      show(await run(log.read(7, 5, 8, 10_000))),
      show([entry(5, 2, 10), entry(6, 2, 0), entry(7, 3, 300)]),
    );
    assert.equal((await run(log.read(7, 5, 8, 1))).length, 1);
    assert.equal((await run(log.read(7, 7, 9, 1))).length, 1);
    assert.deepEqual(await run(log.read(7, 8, 9, 1)), []);
    assert.deepEqual(await run(log.read(8, 1, 9, 1)), []);
  };
  await check();
  await run(log.close());
  log = await run(SegmentLog.open(world, SMALL));
  await check();
  // A new leader writes over the end.
  await run(log.append({ regionId: 7, entries: [entry(6, 4, 20)] }));
  assert.deepEqual([log.lastIndex(7), log.term(7, 6), log.term(7, 7)], [6, 4, undefined]);
  await run(log.close());
  await assert.rejects(run(log.append({ regionId: 7, entries: [entry(7, 4, 20)] })), { code: 'log.closed' });
});

test('appends of one turn share a write, acknowledgement is in order, and at most two writes are under way', async () => {
  const { simulation, world } = machine({ seed: 2 });
  const log = await simulation.time.runFor(SegmentLog.open(world, SMALL));
  const groupsBefore = log.statistics.groups;
  const order: number[] = [];
  const waits: Promise<void>[] = [];
  for (let i = 1; i <= 20; i++) {
    waits.push(
      new Promise((resolve, reject) => {
        log.appendThen({ regionId: 1, entries: [entry(i, 1, 50)] }, (error) => {
          order.push(i);
          if (error) reject(error);
          else resolve();
        });
      }),
    );
  }
  await simulation.time.runFor(Promise.all(waits));
  assert.deepEqual(
    order,
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  assert.equal(log.statistics.groups, groupsBefore + 1);
  await simulation.time.runFor(log.close());
});

test('a gap is a bug, an entry above a segment is refused', async () => {
  const { simulation, world } = machine({ seed: 3 });
  const log = await simulation.time.runFor(SegmentLog.open(world, SMALL));
  await simulation.time.runFor(log.append({ regionId: 1, entries: [entry(1, 1, 1)] }));
  assert.throws(() => log.appendThen({ regionId: 1, entries: [entry(3, 1, 1)] }, () => undefined), /gap/);
  await assert.rejects(simulation.time.runFor(log.append({ regionId: 1, entries: [entry(2, 1, 32 * 1024)] })), {
    code: 'log.too-large',
  });
  await simulation.time.runFor(log.append({ regionId: 1, entries: [entry(2, 1, 20 * 1024)] }));
  assert.equal((await simulation.time.runFor(log.read(1, 2, 3, 1)))[0]!.data.length, 20 * 1024);
  await simulation.time.runFor(log.close());
});

test('purged segments go, spares are used again, an idle region keeps its state and its place', async () => {
  const { simulation, world } = machine({ seed: 4 });
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  let log = await run(SegmentLog.open(world, SMALL));
  await run(log.append({ regionId: 9, entries: [entry(40, 3, 10)], state: { term: 3, vote: 2, commit: 40 } }));
  await run(log.append({ regionId: 8, entries: [], state: { term: 1, vote: 1, commit: 0 } }));
  log.purge(9, 41);
  for (let i = 1; i <= 600; i++) {
    await run(log.append({ regionId: 1, entries: [entry(i, 1, 400)] }));
    if (i % 20 === 0) log.purge(1, i - 10);
  }
  assert(log.statistics.segments <= 4, `${log.statistics.segments} segments`);
  assert(log.statistics.spares <= 2);
  for (let life = 0; life < 2; life++) {
    assert.deepEqual([log.firstIndex(9), log.lastIndex(9)], [41, 40]);
    assert.deepEqual(log.state(9), { term: 3, vote: 2, commit: 40 });
    assert.deepEqual([log.firstIndex(1), log.lastIndex(1)], [590, 600]);
    assert.deepEqual(log.regions(), [1, 8, 9]);
    await run(log.close());
    log = await run(SegmentLog.open(world, SMALL));
  }
  // Region 8 had a state only: its log still may begin anywhere.
  await run(log.append({ regionId: 8, entries: [entry(77, 1, 1)] }));
  assert.equal(log.firstIndex(8), 77);
  await run(log.removeRegion(9));
  assert.equal(log.state(9), undefined);
  await run(log.close());
});

test('power cuts: every acknowledged operation is there, of the others a prefix', async () => {
  let cuts = 0;
  for (let seed = 1; seed <= SEEDS; seed++) cuts += await powerCuts(seed);
  assert(cuts > 2.8 * SEEDS, `${cuts} power cuts`);
});

test('a seed gives one history', async () => {
  const trace = async (): Promise<string> => {
    const facts = new Trace();
    await powerCuts(77, facts);
    return facts.hash;
  };
  assert.equal(await trace(), await trace());
});

test('a damaged sector of a log that has come to rest is harmless or an error, never a loss', async () => {
  let refused = 0;
  for (let seed = 1; seed <= 6; seed++) {
    const { simulation, world, log, model } = await loaded(seed);
    await simulation.time.runUntil(simulation.time.nowMs + 1000);
    const next = seed % 2 === 0 ? world.crash() : (await simulation.time.runFor(log.close()), world);
    const files = next.disk.paths().filter((path) => /\d+\.log$/.test(path));
    const pristine = new Map(files.map((path) => [path, next.disk.contents(path).slice()]));
    for (const path of files) {
      for (let sector = 0; sector * SECTOR_SIZE < pristine.get(path)!.length; sector += 1) {
        // The bulk of a segment's empty end is all alike.
        if (
          sector > 20 &&
          pristine
            .get(path)!
            .subarray(sector * SECTOR_SIZE)
            .every((byte) => byte === 0)
        )
          break;
        next.disk.corrupt(path, sector * SECTOR_SIZE);
        const kind = await reopen(simulation, next, model, `seed ${seed}: ${path} sector ${sector}`);
        if (kind === 'log.corrupt') refused++;
        for (const [name, bytes] of pristine) await restore(simulation, next, name, bytes);
        for (const name of next.disk.paths())
          if (!pristine.has(name)) await simulation.time.runFor(next.disk.remove(name));
      }
    }
  }
  assert(refused > 100, `${refused} refusals`);
});

test('an unreadable sector is an error at once', async () => {
  const { simulation, log, world } = await loaded(1);
  await simulation.time.runFor(log.close());
  const path = world.disk.paths().find((name) => name.endsWith('.log'))!;
  world.disk.makeUnreadable(path, 8192);
  await assert.rejects(simulation.time.runFor(SegmentLog.open(world, SMALL)), { code: 'disk.io' });
});

test('a segment that is missing, or of a newer version, is refused by name', async () => {
  const { simulation, log, world } = await loaded(2);
  for (let i = 1; i <= 200; i++)
    await simulation.time.runFor(log.append({ regionId: 50, entries: [entry(i, 1, 400)] }));
  await simulation.time.runFor(log.close());
  const paths = world.disk.paths().filter((name) => /\/\d+\.log$/.test(name));
  assert(paths.length >= 3);
  const kept = world.disk.contents(paths[1]!).slice();
  await simulation.time.runFor(world.disk.remove(paths[1]!));
  await assert.rejects(simulation.time.runFor(SegmentLog.open(world, SMALL)), {
    code: 'log.corrupt',
    message: /a segment is missing/,
  });
  kept[8] = 9;
  await restore(simulation, world, paths[1]!, kept);
  await assert.rejects(simulation.time.runFor(SegmentLog.open(world, SMALL)), {
    code: 'log.newer-format',
    message: /its format is 9/,
  });
});

test('a full disk refuses appends and takes them again when there is room', async () => {
  const { simulation, world } = machine({ seed: 5 });
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  world.disk.platter.capacityBytes = 40 * 1024;
  const log = await run(SegmentLog.open(world, SMALL));
  let last = 0;
  await assert.rejects(
    run(
      (async () => {
        for (let i = 1; i <= 1000; i++) {
          await log.append({ regionId: 1, entries: [entry(i, 1, 300)] });
          last = i;
        }
      })(),
    ),
    { code: 'disk.full' },
  );
  assert(last > 50);
  assert.equal(log.lastIndex(1), last);
  assert.equal((await run(log.read(1, last, last + 1, 1000))).length, 1);
  world.disk.platter.capacityBytes = Infinity;
  await simulation.time.runUntil(simulation.time.nowMs + 2000);
  await assert.rejects(run(log.append({ regionId: 1, entries: [entry(last + 1, 1, 300)] })), { code: 'disk.full' });
  await simulation.time.runUntil(simulation.time.nowMs + 2000);
  await run(log.append({ regionId: 1, entries: [entry(last + 1, 1, 300)] }));
  await run(log.close());
});

test('a failed write poisons the log: waiters and all who come later hear of it, a restart has what was acknowledged', async () => {
  const { simulation, world } = machine({ seed: 6 });
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  const log = await run(SegmentLog.open(world, SMALL));
  await run(log.append({ regionId: 1, entries: [entry(1, 1, 30)] }));
  world.disk.platter.failWrites = true;
  const waits = [2, 3].map((index) => log.append({ regionId: 1, entries: [entry(index, 1, 30)] }));
  for (const outcome of await run(Promise.allSettled(waits))) {
    assert(outcome.status === 'rejected' && (outcome.reason as { code: string }).code === 'log.failed');
  }
  await assert.rejects(run(log.append({ regionId: 1, entries: [entry(4, 1, 30)] })), { code: 'log.failed' });
  await assert.rejects(run(log.close()), { code: 'log.failed' });
  world.disk.platter.failWrites = false;
  const again = await run(SegmentLog.open(world, SMALL));
  assert.equal(again.lastIndex(1), 1);
  await run(again.close());
});

test('a folder is opened once', async () => {
  const { simulation, world } = machine({ seed: 7 });
  const log = await simulation.time.runFor(SegmentLog.open(world, SMALL));
  await assert.rejects(simulation.time.runFor(SegmentLog.open(world, SMALL)), { code: 'disk.locked' });
  await simulation.time.runFor(log.close());
});

function entry(index: number, term: number, size: number): LogEntry {
  return { index, term, data: new Uint8Array(size).fill(index) };
}

async function loaded(
  seed: number,
): Promise<{ simulation: Simulation; world: SimWorld; log: SegmentLog; model: Model }> {
  const { simulation, world } = machine({ seed, disk: { writeDelayMs: [0.01, 0.05], readDelayMs: [0, 0] } });
  const log = await simulation.time.runFor(SegmentLog.open(world, SMALL));
  const model = new Model();
  await work(simulation, log, model, new SeededRandom(seed), 220);
  await simulation.time.runUntil(simulation.time.nowMs + 1000);
  return { simulation, world, log, model };
}

/** Opens what may be damaged. It holds everything, or says that it is damaged. */
async function reopen(simulation: Simulation, world: SimWorld, model: Model, where: string): Promise<string> {
  let log: SegmentLog;
  try {
    log = await simulation.time.runFor(SegmentLog.open(world, SMALL));
  } catch (error) {
    return (error as { code: string }).code;
  }
  assert.equal(
    await picture(simulation, log),
    expectedPicture(model.after(model.changes.length)),
    `${where}: something was lost without a word`,
  );
  await simulation.time.runFor(log.close());
  return 'whole';
}

async function restore(simulation: Simulation, world: SimWorld, path: string, bytes: Uint8Array): Promise<void> {
  const file = await simulation.time.runFor(world.disk.open(path, { create: true, synced: true }));
  await simulation.time.runFor(file.truncate(bytes.length));
  await simulation.time.runFor(file.write(bytes, 0));
  await file.close();
}

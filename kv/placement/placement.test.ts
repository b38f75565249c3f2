/** Placement by golden scripts (test/scripts/placement), over the simulated disk and clock; and what scripts cannot say. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { packagePath } from '../../base/node/package-root.ts';
import { Simulation, type SimWorld } from '../../base/sim/index.ts';
import { LocalPlacement, type RegionInfo } from './index.ts';
import { oracleLives } from './testing/oracle-lives.ts';

const OPTIONS = { folder: 'placement', firstStore: { address: '127.0.0.1:20160', version: '8.5.0' } };
const START_MS = Date.UTC(2024, 0, 1);

const folder = packagePath('test', 'scripts', 'placement');
for (const name of readdirSync(folder).filter((one) => one.endsWith('.script'))) {
  const path = `${folder}/${name}`;
  const scenes = readFileSync(path, 'utf8')
    .trim()
    .split(/\n\n(?=# )/);
  const rewritten: string[] = [];
  for (const scene of scenes) {
    const lines = scene.split('\n');
    const rule = lines.indexOf('---');
    test(`${name}: ${lines[0]!.slice(2)}`, async () => {
      const transcript = await run(lines.slice(1, rule));
      rewritten.push([...lines.slice(0, rule + 1), ...transcript].join('\n'));
      if (process.env['RUTILE_REWRITE'] !== '1') assert.deepEqual(transcript, lines.slice(rule + 1));
      else if (rewritten.length === scenes.length) writeFileSync(path, `${rewritten.join('\n\n')}\n`);
    });
  }
}

test('timestamps grow strictly over lives, crashes, pauses and clock jumps', async () => {
  for (let seed = 1; seed <= 60; seed++) await oracleLives(seed);
});

test('within its window the oracle answers at once, and asks for more ahead of time', async () => {
  const { simulation, placement } = await start();
  let waits = 0;
  for (let i = 0; i < 200; i++) {
    const found = placement.timestamp();
    if (found instanceof Promise) waits++;
    await simulation.time.runUntil(simulation.time.nowMs + 100);
  }
  assert.equal(waits, 0);
});

test('one damaged copy of the state is no loss, two are an error; a newer version and a second process are refused', async () => {
  const { simulation, world, placement } = await start();
  const { clusterId } = placement;
  await assert.rejects(simulation.time.runFor(LocalPlacement.open(world, OPTIONS)), { code: 'disk.locked' });
  await simulation.time.runFor(placement.close());
  world.disk.corrupt('placement/placement-a', 40);
  const again = await simulation.time.runFor(LocalPlacement.open(world, OPTIONS));
  assert.equal(again.clusterId, clusterId);
  assert.deepEqual(again.damagedCopies, ['placement/placement-a']);
  await simulation.time.runFor(again.close());
  world.disk.corrupt('placement/placement-a', 40);
  world.disk.corrupt('placement/placement-b', 40);
  await assert.rejects(simulation.time.runFor(LocalPlacement.open(world, OPTIONS)), { code: 'placement.corrupt' });
  for (const name of ['placement-a', 'placement-b']) {
    const file = await simulation.time.runFor(world.disk.open(`placement/${name}`, { synced: true }));
    await simulation.time.runFor(file.write(Uint8Array.from([...utf8('RUTPLACE'), 3, 0, 0, 0]), 0));
  }
  await assert.rejects(simulation.time.runFor(LocalPlacement.open(world, OPTIONS)), { code: 'placement.newer-format' });
});

test('any flipped bit of one copy changes nothing: same cluster, greater timestamps and ids, a warning', async () => {
  const { simulation, world, placement } = await start();
  const { clusterId } = placement;
  const finish = <T>(value: T | Promise<T>): Promise<T> => simulation.time.runFor(Promise.resolve(value));
  let lastTs = await finish(placement.timestamp());
  let lastId = await finish(placement.allocateIds(1));
  await finish(placement.close());
  const { length } = world.disk.contents('placement/placement-a');
  for (let bit = 0; bit < length * 8; bit += bit < 28 * 8 ? 1 : 37) {
    const path = `placement/placement-${bit % 2 === 0 ? 'a' : 'b'}`;
    const file = await finish(world.disk.open(path, { synced: true }));
    const at = bit >> 3;
    await finish(file.write(Uint8Array.of(world.disk.contents(path)[at]! ^ (1 << (bit & 7))), at));
    // The clock has lost a day, so that only what is on disk keeps timestamps apart.
    if (bit === 0) world.clock.jump(-86_400_000);
    const again = await finish(LocalPlacement.open(world, OPTIONS));
    assert.equal(again.clusterId, clusterId);
    assert.deepEqual(again.damagedCopies, [path], `bit ${bit}`);
    const [ts, id] = [await finish(again.timestamp()), await finish(again.allocateIds(1))];
    assert(ts > lastTs && id > lastId, `bit ${bit}: ${ts} after ${lastTs}, id ${id} after ${lastId}`);
    [lastTs, lastId] = [ts, id];
    await finish(again.close());
  }
});

test('one sector of either copy fails, and power while both are written anew: never a loss', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const simulation = new Simulation({ seed, startMs: START_MS });
    let world = simulation.node('p');
    const first = await simulation.time.runFor(LocalPlacement.open(world, OPTIONS));
    const { clusterId } = first;
    // More than a sector, so that a write can tear.
    for (let id = 2; id < 20; id++) {
      const store = { id, address: `127.0.0.1:${20_000 + id}`, state: 'up' as const, version: '8.5.0' };
      await simulation.time.runFor(first.putStore(store));
    }
    // The next life's bound has a digit more: all that follows it moves, so that every sector changes.
    while (first.core.idBound < 9000) await simulation.time.runFor(Promise.resolve(first.allocateIds(500)));
    await simulation.time.runFor(first.close());
    const path = `placement/placement-${seed % 2 === 0 ? 'a' : 'b'}`;
    if (seed % 3 === 0) world.disk.makeUnreadable(path, 40);
    else world.disk.corrupt(path, 40);
    LocalPlacement.open(world, OPTIONS).catch(() => undefined);
    await simulation.time.runUntil(simulation.time.nowMs + (seed % 10) * 0.3);
    world = world.crash();
    const again = await simulation.time.runFor(LocalPlacement.open(world, OPTIONS));
    assert.equal(again.clusterId, clusterId, `seed ${seed}`);
    await simulation.time.runFor(again.close());
  }
});

test('no state where there must be one is refused, and stays refused', async () => {
  const simulation = new Simulation({ seed: 1, startMs: START_MS });
  const world = simulation.node('p');
  for (let i = 0; i < 2; i++) {
    await assert.rejects(simulation.time.runFor(LocalPlacement.open(world, { ...OPTIONS, mustExist: true })), {
      code: 'placement.missing',
    });
  }
});

test('a disk that fails stops timestamps at the end of the window, with a reason', async () => {
  const { simulation, world, placement } = await start();
  world.disk.platter.failWrites = true;
  await simulation.time.runUntil(simulation.time.nowMs + 2000);
  assert.equal(typeof placement.timestamp(), 'bigint');
  await simulation.time.runUntil(simulation.time.nowMs + 2000);
  await assert.rejects(simulation.time.runFor(Promise.resolve(placement.timestamp())), { code: 'placement.failed' });
});

async function start(): Promise<{ simulation: Simulation; world: SimWorld; placement: LocalPlacement }> {
  const simulation = new Simulation({ seed: 1, startMs: START_MS });
  const world = simulation.node('p');
  return { simulation, world, placement: await simulation.time.runFor(LocalPlacement.open(world, OPTIONS)) };
}

async function run(commands: readonly string[]): Promise<string[]> {
  const simulation = new Simulation({
    seed: 1,
    startMs: START_MS,
    disk: { writeDelayMs: [0, 0], readDelayMs: [0, 0] },
  });
  let world = simulation.node('p');
  const finish = <T>(value: T | Promise<T>): Promise<T> => simulation.time.runFor(Promise.resolve(value));
  let placement = await finish(LocalPlacement.open(world, OPTIONS));
  const holds = new Map<string, { release(): void }>();
  const transcript: string[] = [];
  let cluster = placement.clusterId;
  const key = (word: string | undefined): Uint8Array => utf8(word === undefined || word === "''" ? '' : word);

  for (const command of commands) {
    const [verb, ...words] = command.split(' ');
    const number = (i: number): number => Number(words[i]);
    try {
      switch (verb) {
        case 'ts': {
          const found = placement.timestamps(words[0] ? number(0) : 1);
          const waited = found instanceof Promise ? ' after waiting' : '';
          const { physical, logical } = await finish(found);
          transcript.push(`${physical - START_MS} ms, ${logical}${waited}`);
          break;
        }
        case 'pass':
          await simulation.time.runUntil(simulation.time.nowMs + number(0));
          break;
        case 'jump':
          world.clock.jump(number(0));
          break;
        case 'restart':
          await finish(placement.close());
          placement = await finish(LocalPlacement.open(world, OPTIONS));
          break;
        case 'crash':
          world = world.crash();
          placement = await finish(LocalPlacement.open(world, OPTIONS));
          break;
        case 'ids':
          transcript.push(`id ${await finish(placement.allocateIds(number(0)))}`);
          break;
        case 'cluster':
          transcript.push(placement.clusterId === cluster ? 'the same cluster' : 'another cluster');
          cluster = placement.clusterId;
          break;
        case 'safepoint':
          if (words[0]) await finish(placement.advanceSafePoint(BigInt(words[0])));
          transcript.push(`safe point ${placement.safePoint()}`);
          break;
        case 'hold':
          holds.set(words[0]!, placement.holdSafePoint(BigInt(words[1]!)));
          break;
        case 'release':
          holds.get(words[0]!)!.release();
          break;
        case 'service':
          await finish(placement.holdForService(words[0]!, BigInt(words[1]!), number(2)));
          break;
        case 'store':
          await finish(
            placement.putStore({ id: number(0), address: words[1]!, state: words[2] as 'up', version: '8.5.0' }),
          );
          break;
        case 'stores':
          for (const store of placement.stores()) transcript.push(`store ${store.id} ${store.address} ${store.state}`);
          break;
        case 'report': {
          const peer = { id: 3, storeId: 1, role: 'voter' as const };
          const epoch = { confVersion: 1, version: number(3) };
          const outcome = await finish(
            placement.reportRegion({
              id: number(0),
              lower: key(words[1]),
              upper: key(words[2]),
              epoch,
              peers: [peer],
              leader: peer,
            }),
          );
          if (outcome.kind === 'stale') transcript.push(`stale: known is ${print(outcome.known)}`);
          break;
        }
        case 'region':
          transcript.push(print(placement.regionByKey(key(words[0]))));
          break;
        case 'by-id':
          transcript.push(print(placement.regionById(number(0))));
          break;
        case 'previous':
          transcript.push(print(placement.previousRegion(key(words[0]))));
          break;
        case 'scan':
          transcript.push(
            placement.scanRegions(key(words[0]), key(words[1]), number(2)).map(print).join(', ') || 'none',
          );
          break;
        default:
          assert.fail(`unknown command ${verb}`);
      }
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (!code?.startsWith('placement.')) throw error;
      transcript.push(`refused: ${code}`);
    }
  }
  await finish(placement.close());
  return transcript;
}

function print(region: RegionInfo | undefined): string {
  if (!region) return 'none';
  return `${region.id}['${fromUtf8(region.lower)}', '${fromUtf8(region.upper)}') v${region.epoch.version}`;
}

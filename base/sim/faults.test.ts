/** Each fault of the simulated world does what its name says, and nothing when it is off. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../bytes.ts';
import type { Connection } from '../world.ts';
import { Simulation, type SimWorld } from './index.ts';

async function pair(
  simulation: Simulation,
): Promise<{ a: SimWorld; b: SimWorld; connection: Connection; got: string[] }> {
  const [a, b] = [simulation.node('a'), simulation.node('b')];
  const got: string[] = [];
  b.network.listen('b:1', (accepted) => {
    accepted.onMessage((message) => got.push(`${fromUtf8(message)} at ${Math.round(simulation.time.nowMs)}`));
    accepted.onClose(() => got.push('closed'));
  });
  const connection = await simulation.time.runFor(a.network.connect('b:1'));
  return { a, b, connection, got };
}

const network = { delayMs: [0, 0] as const };

test('a clogged direction holds messages back and delivers them all, in order', async () => {
  const simulation = new Simulation({ seed: 1, network });
  const { connection, got } = await pair(simulation);
  simulation.wires.clog('a', 'b', 500);
  connection.send(utf8('one'));
  await simulation.time.runUntil(400);
  connection.send(utf8('two'));
  assert.deepEqual(got, []);
  await simulation.time.runUntil(600);
  connection.send(utf8('three'));
  await simulation.time.runUntil(601);
  assert.deepEqual(got, ['one at 500', 'two at 500', 'three at 600']);
});

test('a cut can be one-way, partial and mended alone; it takes repetitions too', async () => {
  const simulation = new Simulation({ seed: 1, network: { ...network, duplicate: 1 } });
  const { connection, got } = await pair(simulation);
  simulation.wires.partition(['a'], ['b', 'c']);
  simulation.wires.mend('b', 'a');
  assert(simulation.wires.isCut('a', 'b') && !simulation.wires.isCut('b', 'a') && simulation.wires.isCut('c', 'a'));
  connection.send(utf8('lost'));
  await simulation.time.runUntil(100);
  assert.deepEqual(got, []);
});

test('a few messages are much slower than the rest', async () => {
  const simulation = new Simulation({
    seed: 1,
    network: { delayMs: [1, 2], tail: 0.1, tailMs: [1000, 2000], reorder: 1 },
  });
  const { connection, got } = await pair(simulation);
  for (let i = 0; i < 100; i++) connection.send(utf8('m'));
  await simulation.time.runUntil(500);
  assert(got.length > 75 && got.length < 99, `${got.length} arrived soon`);
  await simulation.time.runUntil(3000);
  assert.equal(got.length, 100);
});

test('a frozen node does nothing, then everything late, in order', async () => {
  const simulation = new Simulation({ seed: 1, network });
  const { a, b, connection, got } = await pair(simulation);
  const seen: string[] = [];
  const say = (what: string) => () => seen.push(`${what} at ${Math.round(simulation.time.nowMs)}`);
  b.timers.after(10, say('ten'));
  b.timers.every(400, say('every'));
  const cancelled = b.timers.after(20, say('cancelled'));
  b.timers.after(5, () => cancelled.cancel());
  const file = await simulation.time.runFor(b.disk.open('f', { create: true, synced: true }));
  void file.write(utf8('x'), 0).then(say('written'));
  a.timers.after(50, say('the other'));
  const start = simulation.time.nowMs;
  b.freeze(1000);
  const thaw = Math.round(start + 1000);
  connection.send(utf8('mail'));
  await simulation.time.runUntil(thaw - 1);
  assert.deepEqual(seen, ['the other at 50']);
  assert(b.timers.isFrozen && got.length === 0);
  await simulation.time.runUntil(thaw + 1);
  assert.deepEqual(seen.slice(1).sort(), [`every at ${thaw}`, `ten at ${thaw}`, `written at ${thaw}`]);
  assert.deepEqual(got, [`mail at ${thaw}`]);
  assert(b.clock.monotonicMs() > thaw - 1, 'its clock went on');
});

test('a frozen node that crashes does not thaw', async () => {
  const simulation = new Simulation({ seed: 1 });
  const world = simulation.node('a');
  world.timers.after(5, () => assert.fail('it is gone'));
  world.freeze(100);
  await simulation.time.runUntil(50);
  const next = world.crash();
  let lived = false;
  next.timers.after(1, () => (lived = true));
  await simulation.time.runUntil(200);
  assert(lived, 'the next life is not frozen');
});

test('a drifting clock shows its own time, and its timers go by it', async () => {
  const simulation = new Simulation({ seed: 1, startMs: 0 });
  const { clock, timers } = simulation.node('a');
  await simulation.time.runUntil(1000);
  clock.drift(1.25);
  let fired = 0;
  timers.after(500, () => (fired = simulation.time.nowMs));
  await simulation.time.runUntil(2000);
  assert.equal(fired, 1400);
  assert.equal(clock.monotonicMs(), 2250);
  clock.jump(-2000);
  assert.equal(clock.wallMs(), 250);
  clock.drift(1);
  await simulation.time.runUntil(3000);
  assert.equal(clock.monotonicMs(), 3250, 'what it gained stays');
});

test('a stalled disk answers later, also what was under way', async () => {
  const simulation = new Simulation({ seed: 1, disk: { writeDelayMs: [1, 1], readDelayMs: [0, 0] } });
  const { disk } = simulation.node('a');
  const file = await simulation.time.runFor(disk.open('f', { create: true, synced: true }));
  const first = file.write(utf8('one'), 0);
  disk.stall(700);
  await simulation.time.runFor(first);
  assert.equal(simulation.time.nowMs, 700);
  await simulation.time.runFor(file.write(utf8('two'), 0));
  assert.equal(simulation.time.nowMs, 701);
});

test('a misdirected write is acknowledged and lands elsewhere', async () => {
  const simulation = new Simulation({ seed: 3 });
  const { disk } = simulation.node('a');
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  const file = await run(disk.open('f', { create: true, synced: true }));
  await run(file.write(new Uint8Array(512 * 64), 0));
  disk.platter.misdirected = 1;
  await run(file.write(new Uint8Array(512).fill(7), 512 * 63));
  const found = disk.contents('f').indexOf(7);
  assert(found >= 0 && found !== 512 * 63 && found % 512 === 0);
});

test('a disk that loses what it acknowledged does so in some run, and not after it is honest again', async () => {
  const kept = { lying: 0, honest: 0 };
  for (let seed = 1; seed <= 30; seed++) {
    for (const mood of ['lying', 'honest'] as const) {
      const simulation = new Simulation({ seed });
      const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
      let world = simulation.node('a');
      const file = await run(world.disk.open('f', { create: true, synced: true }));
      await run(world.disk.syncFolder(''));
      world.disk.platter.losesSynced = true;
      await run(file.write(utf8('x'), 0));
      await run(file.sync());
      if (mood === 'honest') {
        world.disk.platter.losesSynced = false;
        await run(file.sync());
      }
      world = world.crash();
      if (world.disk.contents('f').length === 1) kept[mood]++;
    }
  }
  assert.equal(kept.honest, 30);
  assert(kept.lying > 3 && kept.lying < 27, `${kept.lying} of 30 were kept by luck`);
});

test('sites sleep or wake for a whole run; knobs are drawn once', () => {
  const values = new Set<number>();
  let awake = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const simulation = new Simulation({ seed, buggify: 0.5 });
    const world = simulation.node('a');
    const value = simulation.knob('log.entries-kept', 1000, [3, 1]);
    assert.equal(simulation.knob('log.entries-kept', 1000, [3, 1]), value);
    values.add(value);
    if (Array.from({ length: 20 }, () => world.chance('log.slow-turn')).includes(true)) awake++;
    assert.match(simulation.drawn, new RegExp(`knobs: log.entries-kept=${value}`));
  }
  assert.deepEqual([...values].sort(), [1, 1000, 3]);
  assert(awake > 5 && awake < 30, `${awake} of 60 runs`);
  const chosen = new Simulation({ seed: 1, buggify: 1, awake: ['log.slow-turn'] });
  assert(chosen.chance('log.slow-turn'));
  chosen.calm();
  assert(!chosen.chance('log.slow-turn'));
  assert(!new Simulation({ seed: 1 }).node('a').chance('log.slow-turn'));
});

test('one seed, one history, with every fault on', async () => {
  const history = async (seed: number): Promise<string> => {
    const simulation = new Simulation({
      seed,
      network: { drop: 0.1, duplicate: 0.1, reorder: 0.2, tail: 0.1, tailMs: [20, 60] },
      buggify: 0.5,
    });
    const { a, b, connection, got } = await pair(simulation);
    a.disk.platter.misdirected = 0.3;
    const file = await simulation.time.runFor(a.disk.open('f', { create: true, synced: true }));
    for (let i = 0; i < 40; i++) {
      connection.send(utf8(String(i)));
      if (i === 10) b.freeze(30);
      if (i === 15) b.clock.drift(0.9);
      if (i === 20) simulation.wires.clog('a', 'b', 20);
      if (i === 25) a.disk.stall(10);
      void file.write(Uint8Array.of(i), i * 300).then(() => got.push(`written ${i} at ${simulation.time.nowMs}`));
      await simulation.time.runUntil(simulation.time.nowMs + a.random.unit() * 5);
    }
    return `${got.join('\n')} ${b.clock.monotonicMs()} ${a.disk.contents('f').join(' ')}`;
  };
  assert.equal(await history(1), await history(1));
  assert.notEqual(await history(1), await history(2));
});

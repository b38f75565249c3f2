/** The simulated world keeps its own promises: what must survive does, what may be lost is lost in some run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromUtf8, utf8 } from '../bytes.ts';
import { Simulation } from './index.ts';

test('virtual time runs events in order, and stands still between them', async () => {
  const simulation = new Simulation({ seed: 1 });
  const { timers, clock } = simulation.node('a');
  const seen: string[] = [];
  timers.after(5, () => seen.push(`five at ${clock.monotonicMs()}`));
  timers.after(1, () => seen.push('one'));
  timers.after(1, () => seen.push('one again'));
  const every = timers.every(2, () => seen.push('tick'));
  const cancelled = timers.after(3, () => seen.push('never'));
  cancelled.cancel();
  timers.soon(() => seen.push('soon'));
  await simulation.time.runUntil(5);
  every.cancel();
  await simulation.time.runUntil(100);
  assert.deepEqual(seen, ['soon', 'one', 'one again', 'tick', 'tick', 'five at 5']);
  const before = clock.wallMs();
  clock.jump(-1000);
  assert.equal(clock.wallMs(), before - 1000);
  await assert.rejects(simulation.time.runFor(new Promise(() => undefined)), /waits for something/);
});

test('a crash keeps what was synced, and loses or tears what was not', async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const simulation = new Simulation({ seed });
    const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
    let world = simulation.node('a');
    await run(world.disk.makeFolder('f'));
    const safe = await run(world.disk.open('f/safe', { create: true, synced: true }));
    await run(safe.write(new Uint8Array(2048).fill(1), 0));
    await run(world.disk.syncFolder('f'));
    const loose = await run(world.disk.open('f/loose', { create: true }));
    await run(loose.write(utf8('x'), 0));
    safe.write(new Uint8Array(2048).fill(2), 0).catch(() => undefined);
    world = world.crash();
    assert((await run(world.disk.list('f'))).includes('safe'));
    const again = await run(world.disk.open('f/safe', {}));
    const bytes = new Uint8Array(2048);
    assert.equal(await run(again.read(bytes, 0)), 2048);
    const sectors = [0, 512, 1024, 1536].map((at) => {
      assert(bytes.subarray(at, at + 512).every((byte) => byte === bytes[at]));
      return bytes[at];
    });
    outcomes.add(sectors.join(''));
    outcomes.add((await run(world.disk.list('f'))).includes('loose') ? 'name kept' : 'name lost');
  }
  assert(['1111', '2222', 'name kept', 'name lost'].every((outcome) => outcomes.has(outcome)));
  assert(outcomes.size > 8, 'some writes are torn');
});

test('a full disk, a failing one, an unreadable sector and a second lock are errors with codes', async () => {
  const simulation = new Simulation({ seed: 1, disk: { capacityBytes: 1000 } });
  const run = <T>(promise: Promise<T>): Promise<T> => simulation.time.runFor(promise);
  const { disk } = simulation.node('a');
  const file = await run(disk.open('a', { create: true, synced: true }));
  await assert.rejects(run(file.allocate(1001)), { code: 'disk.full' });
  await run(file.allocate(1000));
  await assert.rejects(run(file.write(new Uint8Array(1), 1000)), { code: 'disk.full' });
  assert.equal(await disk.freeBytes('a'), 0);
  disk.makeUnreadable('a', 600);
  assert.equal(await run(file.read(new Uint8Array(512), 0)), 512);
  await assert.rejects(run(file.read(new Uint8Array(600), 0)), { code: 'disk.io' });
  disk.platter.failWrites = true;
  await assert.rejects(run(file.write(new Uint8Array(1), 0)), { code: 'disk.io' });
  const lock = await disk.lock('l');
  await assert.rejects(disk.lock('l'), { code: 'disk.locked' });
  await lock.release();
  await assert.rejects(run(disk.open('none', {})), { code: 'disk.not-found' });
});

test('the network delivers, and obeys cuts, drops and crashes', async () => {
  const simulation = new Simulation({ seed: 4 });
  const [a, b] = [simulation.node('a'), simulation.node('b')];
  const got: string[] = [];
  let closed = false;
  b.network.listen('b:1', (connection) => {
    connection.onMessage((message) => got.push(fromUtf8(message)));
    connection.onClose(() => (closed = true));
  });
  const pass = (): Promise<void> => simulation.time.runUntil(simulation.time.nowMs + 50);
  const connection = await simulation.time.runFor(a.network.connect('b:1'));
  for (const word of ['one', 'two', 'three']) connection.send(utf8(word));
  await pass();
  assert.deepEqual(got.splice(0), ['one', 'two', 'three']);
  simulation.wires.cut('a', 'b');
  connection.send(utf8('lost'));
  await pass();
  simulation.wires.heal();
  simulation.wires.options = { ...simulation.wires.options, duplicate: 1 };
  connection.send(utf8('twice'));
  await pass();
  assert.deepEqual(got, ['twice', 'twice']);
  a.crash();
  await pass();
  assert(closed);
  await assert.rejects(simulation.time.runFor(b.network.connect('a:1')), { code: 'network.unreachable' });
});

test('one seed, one history', async () => {
  const history = async (seed: number): Promise<string> => {
    const simulation = new Simulation({ seed, network: { drop: 0.2, duplicate: 0.1, reorder: 0.3 }, buggify: 0.5 });
    const [a, b] = [simulation.node('a'), simulation.node('b')];
    const lines: string[] = [];
    b.network.listen('b', (connection) =>
      connection.onMessage((message) => lines.push(`${simulation.time.nowMs}: ${message[0]}`)),
    );
    const connection = await simulation.time.runFor(a.network.connect('b'));
    for (let i = 0; i < 50; i++) {
      connection.send(Uint8Array.of(i));
      if (a.chance('site')) lines.push(`chance ${i}`);
      await simulation.time.runUntil(simulation.time.nowMs + a.random.unit());
    }
    return lines.join('\n');
  };
  assert.equal(await history(1), await history(1));
  assert.notEqual(await history(1), await history(2));
});

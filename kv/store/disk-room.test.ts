/** A disk that fills up under a store, and gets room again: writes are refused and go on, without a restart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { RutileError } from '../../base/error.ts';
import { LocalKvClient } from '../client/index.ts';
import { CountingOracle, createTestWorld, MemoryLog } from '../client/testing.ts';
import type { LogAppend } from '../log/raft-log.ts';
import { MemoryEngine } from '../engine/memory.ts';
import { DiskRoom } from './disk-room.ts';
import { Store } from './index.ts';

const code = (room: DiskRoom): string | undefined => room.refusal?.code;

const full = (): RutileError => new RutileError('disk.full', 'no room for another segment', { retry: 'same' });

test('below the reserve writes are refused, above it with something to spare they go on', async () => {
  let free = 1000;
  const world = createTestWorld();
  const room = new DiskRoom({ ...world, disk: { ...world.disk, freeBytes: () => Promise.resolve(free) } }, 'x', 400);
  await room.look();
  assert.equal(code(room), undefined);
  free = 399;
  await room.look();
  assert.equal(code(room), 'disk.full');
  free = 450;
  await room.look();
  assert.equal(code(room), 'disk.full');
  free = 500;
  await room.look();
  assert.equal(code(room), undefined);
  room.close();
});

test('a log without room: what was proposed waits, what comes is refused, and all goes on when there is room', async () => {
  const world = createTestWorld();
  const log = new MemoryLog(world);
  const append = log.appendThen.bind(log);
  let isFull = false;
  // The port allows it: a refusal at once, and nothing happened.
  (log as { appendThen: unknown }).appendThen = (one: LogAppend, done: (error: Error | undefined) => void) =>
    isFull ? full() : append(one, done);
  const timestamps = new CountingOracle(world);
  const store = await Store.open({ engine: new MemoryEngine(), log, timestamps, world });
  const client = new LocalKvClient({ store, timestamps, world });
  await client.raw.put(utf8('a'), utf8('1'));
  isFull = true;
  const waiting = client.raw.put(utf8('b'), utf8('2'));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(client.raw.put(utf8('c'), utf8('3')), { code: 'disk.full' });
  const txn = await client.begin({ pessimistic: false });
  txn.put(utf8('k'), utf8('v'));
  await assert.rejects(txn.commit(), { code: 'disk.full' });
  assert.deepEqual(await client.raw.get(utf8('a')), utf8('1'));
  isFull = false;
  await waiting;
  await client.raw.put(utf8('c'), utf8('3'));
  assert.deepEqual(await client.raw.get(utf8('b')), utf8('2'));
  const again = await client.begin({ pessimistic: false });
  again.put(utf8('k'), utf8('v'));
  await again.commit();
  await client.close();
  await store.close();
});

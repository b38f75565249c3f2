/** Writes of a member to a log that is full, or takes less at once than is to be written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RutileError } from '../../base/error.ts';
import { createTestWorld, MemoryLog } from '../client/testing.ts';
import type { LogAppend } from '../log/index.ts';
import type { Entry, LogWrite } from '../raft/index.ts';
import { LogWriter } from './log-writer.ts';

const REGION = 7;

function entries(first: number, ...sizes: readonly number[]): Entry[] {
  return sizes.map((size, i) => ({ index: first + i, term: 1, data: new Uint8Array(size) }));
}

function write(token: number, wanted: readonly Entry[], vote = 0): LogWrite {
  return { token, entries: wanted, state: { term: 1, vote, commit: 0 }, snapshot: undefined };
}

/** A log that takes 1,000 bytes in one append, and refuses those whose numbers are given. */
function scene(refused: readonly number[] = []) {
  const world = createTestWorld();
  const log = new MemoryLog(world);
  const facts: string[] = [];
  const later: (() => void)[] = [];
  const append = log.appendThen.bind(log);
  let count = 0;
  Object.assign(log, {
    appendSizeBytesMax: 1000,
    appendThen: (one: LogAppend, done: (error: Error | undefined) => void) => {
      if (refused.includes(++count)) return new RutileError('disk.full', 'no room', { retry: 'same' });
      facts.push(`${one.entries.map(({ index }) => index).join(' ')}${one.state === undefined ? '' : ' state'}`);
      return append(one, done);
    },
  });
  const writer = new LogWriter({
    regionId: REGION,
    log,
    timers: { ...world.timers, after: (_ms, work) => (later.push(work), { cancel: () => undefined }) },
    restore: () => Promise.resolve(),
    persisted: (token) => facts.push(`durable ${token}`),
    failed: (error) => facts.push(error.message),
    isOver: () => false,
  });
  return { log, writer, facts, later };
}

async function untilDurable(facts: readonly string[], token: number): Promise<void> {
  while (!facts.includes(`durable ${token}`)) await new Promise((resolve) => setImmediate(resolve));
}

test('what does not fit in one append goes in several, and the last answers', async () => {
  const { log, writer, facts } = scene();
  writer.write(write(1, entries(1, 400, 400, 400, 10, 2000, 1)));
  writer.write(write(2, entries(7, 5)));
  await untilDurable(facts, 2);
  assert.deepEqual(facts, ['1 2 state', '3 4', '5', '6', '7 state', 'durable 1', 'durable 2']);
  assert.equal(log.lastIndex(REGION), 7);
});

test('a part that finds no room waits, and everything behind it', async () => {
  const { writer, facts, later } = scene([2, 3]);
  writer.write(write(1, entries(1, 600, 600)));
  writer.write(write(2, entries(3, 1)));
  assert.equal(writer.stalledBy?.code, 'disk.full');
  assert.deepEqual(facts, ['1 state']);
  // The first time there is still no room.
  while (writer.stalledBy !== undefined) later.shift()!();
  await untilDurable(facts, 2);
  assert.equal(writer.stalledBy, undefined);
  assert.deepEqual(facts, ['1 state', '2', '3 state', 'durable 1', 'durable 2']);
});

/** A log is forgotten on a disk that is full for a while. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { createTestWorld, MemoryLog } from '../../client/testing.ts';
import { LogRemovals } from './log-removals.ts';

test('a region is not clear before its log is known to be forgotten, and a full disk is asked again', async () => {
  const world = createTestWorld();
  const log = new MemoryLog(world);
  const remove = log.removeRegion.bind(log);
  let refusals = 2;
  log.removeRegion = (id) => (refusals-- > 0 ? Promise.reject(new RutileError('disk.full', 'no room')) : remove(id));
  const failures: Error[] = [];
  const removals = new LogRemovals({ log, world, failed: (error) => failures.push(error) });
  assert.equal(removals.isClear(7), true);
  await log.append({ regionId: 7, entries: [{ index: 1, term: 1, data: utf8('x') }], state: { term: 1, vote: 2, commit: 0 } }); // prettier-ignore
  assert.equal(removals.isClear(7), false);
  assert.equal(removals.isClear(7), false);
  while (!removals.isClear(7)) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(log.state(7), undefined);
  assert.equal(log.lastIndex(7), 0);
  log.removeRegion = () => Promise.reject(new RutileError('disk.io', 'broken'));
  removals.forget(7);
  await Promise.resolve().then(() => undefined);
  assert.deepEqual(failures.map((error) => (error as RutileError).code), ['disk.io']);
}); // prettier-ignore

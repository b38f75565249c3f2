/** Moments as dates in the session's zone, staleness, and what happens below the safe point. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryInstance, type MemoryInstance } from './testing/memory-instance.ts';

test('a date names a moment in the zone of the session; below the safe point it is error 9006', async () => {
  const server = await createMemoryInstance();
  const a = server.session();
  await a.run('create table t (id int primary key)');
  await a.run('insert into t values (1)');
  pass(server, 5000);
  await a.run('insert into t values (2)');
  pass(server, 5000);
  const ago = (seconds: number): string => `select count(*) from t as of timestamp now(6) - interval ${seconds} second`;
  assert.equal(await a.run(ago(2)), '2');
  assert.equal(await a.run(ago(7)), '1');
  await a.run("set time_zone = '+05:00'");
  assert.equal(await a.run(ago(7)), '1');
  await a.run('set tidb_read_staleness = -7');
  assert.equal(await a.run('select count(*) from t'), '1');
  assert.equal(await a.execute('select count(*) from t where id < ?', 9), '1');
  await a.run('set tidb_read_staleness = 0');
  assert.equal(await a.run('select count(*) from t'), '2');
  assert.equal(await a.execute('select count(*) from t as of timestamp now(6) - interval ? second', 7), '1');
  const now = await server.kv.timestamp();
  Object.defineProperty(server.kv, 'safePoint', { value: () => now - (6000n << 18n) });
  assert.match(await a.run(ago(7)), /^error 9006/);
  assert.equal(await a.run(ago(2)), '2');
  assert.match(await a.run('start transaction read only as of timestamp now(6) - interval 7 second'), /^error 9006/);
  assert.equal(await a.run('insert into t values (3)'), 'ok 1');
  await server.close();
});

test('a transaction in the past keeps its moment readable, and gives it up at its end', async () => {
  const server = await createMemoryInstance();
  const a = server.session();
  await a.run('create table t (id int primary key)');
  pass(server, 1000);
  let held = 0;
  const hold = server.kv.holdSafePoint.bind(server.kv);
  Object.defineProperty(server.kv, 'holdSafePoint', {
    value: (ts: bigint) => {
      held++;
      const inner = hold(ts);
      let released = false;
      return {
        release: () => {
          if (!released) held--;
          released = true;
          inner.release();
        },
      };
    },
  });
  await a.run('start transaction read only as of timestamp now(6) - interval 100000 microsecond');
  assert.equal(await a.run('select count(*) from t'), '0');
  assert.equal(held, 1);
  await a.run('rollback');
  assert.equal(held, 0);
  await server.close();
});

/** The server's clock goes ahead; nobody waits. */
function pass({ instance }: MemoryInstance, ms: number): void {
  const { wallMs } = instance.clock;
  Object.assign(instance.clock, { wallMs: () => wallMs() + ms });
}

/** Statements by shape: one entry for texts that differ in literals, a bound on their number, nothing lost in the sums. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestText } from '../parser/index.ts';
import { type StatementCost, StatementSummary, type UsageSlot } from './statement-summary.ts';
import { createMemoryInstance } from './testing/memory-instance.ts';

function cost(sql: string, atMs: number): StatementCost {
  return {
    label: 'select', database: 'test', sql, elapsedMs: 2, affectedRows: 0, rowsSent: 1, memoryBytesMax: 100, warnings: 0, failed: false, planFromCache: false, prepared: false, atMs,
    user: 'root',
  }; // prettier-ignore
}

function noted(summary: StatementSummary, sql: string, atMs: number, slot?: UsageSlot): void {
  summary.note(cost(sql, atMs), slot, () => digestText(sql));
}

test('literals make no difference, and a kept plan carries its entry along', () => {
  const summary = new StatementSummary();
  const slot: UsageSlot = { entry: undefined };
  noted(summary, 'select a from t where b = 1', 1, slot);
  noted(summary, 'SELECT a FROM t WHERE b = 22', 2, slot);
  noted(summary, 'select a  from t where b = 333', 3);
  const [one, ...others] = summary.list();
  assert.deepEqual(others, []);
  assert.deepEqual([one!.count, one!.sumMs, one!.firstSeenMs, one!.lastSeenMs], [3, 6, 1, 3]);
  assert.equal(one!.sample, 'select a from t where b = 1');
});

test('beyond the bound the one seen longest ago gives its numbers to the entry without a digest', () => {
  const summary = new StatementSummary(2);
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) noted(summary, `select ${name} from t`, i);
  assert.deepEqual(
    summary.list().map(({ digestText: text, count }) => [text, count]),
    [
      ['select c from t', 1],
      ['select d from t', 1],
      ['', 2],
    ].map(([text, count]) => [String(text).replace(/ (\w) from t/, ' `$1` from `t`'), count]),
  );
  assert.equal(summary.evicted, 2);
  summary.clear();
  assert.deepEqual(summary.list(), []);
});

test('an entry that was evicted is not counted in any more by the plan that carries it', () => {
  const summary = new StatementSummary(1);
  const slot: UsageSlot = { entry: undefined };
  noted(summary, 'select a from t', 1, slot);
  noted(summary, 'select b from t', 2);
  noted(summary, 'select a from t', 3, slot);
  const counts = summary.list().map(({ count }) => count);
  assert.deepEqual(counts, [1, 2]);
});

test('a deadlock is kept with the circle of waits', async () => {
  const server = await createMemoryInstance();
  const [a, b] = [server.session(), server.session()];
  await a.run('create table t (id int primary key, v int)');
  await a.run('insert into t values (1, 1), (2, 2)');
  await a.run('begin');
  await b.run('begin');
  await a.run('update t set v = 10 where id = 1');
  await b.run('update t set v = 20 where id = 2');
  const waiting = a.run('update t set v = 11 where id = 2');
  await new Promise((resolve) => void setImmediate(resolve));
  assert.equal(await b.run('select state from information_schema.tidb_trx order by id'), 'LockWaiting\nRunning');
  assert.equal(
    await b.run('select waiting_pid, blocking_pid, locked_table_name, locked_index from sys.innodb_lock_waits'),
    `${a.session.id} ${b.session.id} t PRIMARY`,
  );
  assert.match(
    await b.run('select key_info, sql_digest_text from information_schema.data_lock_waits'),
    /"handle_value":"2"} update `t`/,
  );
  assert.match(await b.run('update t set v = 21 where id = 1'), /^error 1213/);
  await waiting;
  await a.run('commit');
  const shown = await a.run('select current_sql_digest_text, key_info from information_schema.deadlocks');
  assert.deepEqual(shown.split('\n').map((line) => /"handle_value":"(\d)"/.exec(line)?.[1]).sort(), ['1', '2']); // prettier-ignore
  assert.equal(
    await a.run(
      'select count(distinct try_lock_trx_id), count(distinct deadlock_id) from information_schema.deadlocks',
    ),
    '2 1',
  );
  await server.close();
});

test('passwords are in no summary', async () => {
  const server = await createMemoryInstance();
  const a = server.session();
  await a.run("create user tester identified by 'opensesame'");
  await a.run("alter user tester identified by 'opensesame'");
  const kept = JSON.stringify(server.instance.summary.list());
  assert.ok(!kept.includes('opensesame') && kept.includes('create user'));
  await server.close();
});

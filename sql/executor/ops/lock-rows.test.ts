import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import type { LockRows, PhysicalPlan, UpdatePlan } from '../../../proto/plan/physical.ts';
import { executeWrite } from '../index.ts';
import { allRows, constant, insertRows, plan, tableScan, testDatabase, type TestDatabase } from '../testing.ts';

const table = testTable('create table t (id bigint primary key, v bigint)');

function locking(wait: LockRows['wait']): PhysicalPlan {
  return plan('lock-rows', { input: tableScan(table), mode: 'update', wait, tables: [{ table, handle: [0] }] });
}

async function filled(): Promise<TestDatabase> {
  const db = await testDatabase([table]);
  await db.write(
    insertRows(table, [
      [1, 10],
      [2, 20],
      [3, 30],
    ]),
  );
  return db;
}

function read(db: TestDatabase, transaction: Transaction, wait: LockRows['wait'], lockWaitMs = 1000): Promise<Row[]> {
  return allRows(locking(wait), db.context({ reader: transaction, transaction, lockWaitMs }));
}

function setTo(value: number, id: number): UpdatePlan {
  const ranges = [{ lower: [constant(id)], lowerInclusive: true, upper: [constant(id)], upperInclusive: true }];
  return {
    kind: 'update', input: tableScan(table, { ranges }), targets: [{ database: 'test', table, columnPositions: [0, 1], handlePosition: -1 }], ignore: false,
    assignments: [{ target: 0, columnOffset: 1, value: constant(value) }],
  }; // prettier-ignore
}

const errno =
  (number: number) =>
  (error: { errno?: number }): boolean =>
    error.errno === number;

test('rows that another transaction holds: error, left out, or waited for in vain', async () => {
  const db = await filled();
  const holder = await db.kv.begin({ pessimistic: true });
  await executeWrite(setTo(0, 2), db.context({ reader: holder, transaction: holder }));
  const other = await db.kv.begin({ pessimistic: true });
  await assert.rejects(read(db, other, 'nowait'), errno(3572));
  assert.deepEqual(await read(db, other, 'skip-locked'), [
    [1, 10],
    [3, 30],
  ]);
  await assert.rejects(read(db, other, 'wait', 20), errno(1205));
  await holder.rollback();
  assert.equal((await read(db, other, 'wait')).length, 3);
  await other.rollback();
});

test('a locking read sees what was committed after the transaction began, a plain one does not', async () => {
  const db = await filled();
  const transaction = await db.kv.begin({ pessimistic: true });
  const plain = (): Promise<Row[]> => allRows(tableScan(table), db.context({ reader: transaction, transaction }));
  assert.deepEqual((await plain())[0], [1, 10]);
  await db.write(setTo(11, 1));
  assert.deepEqual((await read(db, transaction, 'wait'))[0], [1, 11]);
  assert.deepEqual((await plain())[0], [1, 10]);
  await transaction.rollback();
});

test('two transactions that wait for each other: one ends with 1213', async () => {
  const db = await filled();
  const a = await db.kv.begin({ pessimistic: true });
  const b = await db.kv.begin({ pessimistic: true });
  const run = (transaction: Transaction, value: number, id: number) =>
    executeWrite(setTo(value, id), db.context({ reader: transaction, transaction }));
  await run(a, 1, 1);
  await run(b, 2, 2);
  const first = run(a, 1, 2).then(
    () => 'done',
    (error: { errno: number }) => error.errno,
  );
  const second = run(b, 2, 1).then(
    () => 'done',
    async (error: { errno: number }) => {
      await b.rollback();
      return error.errno;
    },
  );
  const outcomes = await Promise.all([first, second]);
  assert(outcomes.includes(1213), String(outcomes));
  await a.rollback();
});

test('outside of a transaction rows pass without locks', async () => {
  const db = await filled();
  assert.equal((await db.query(locking('wait'))).length, 3);
});

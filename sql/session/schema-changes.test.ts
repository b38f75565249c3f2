/** Statements that stand in line behind a change of their table, in transactions that have done nothing yet and in others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryInstance } from './testing/memory-instance.ts';

const CHANGE = 'alter table t modify v bigint, algorithm = copy';
const turns = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => void setImmediate(resolve));
};

/** Runs `statement` in `begin …` while `user` keeps a copy of the table waiting; answers what came of it, and of the COMMIT. */
async function behindCopy(begin: readonly string[], statement: string): Promise<string[]> {
  const server = await createMemoryInstance();
  const [user, changer, late] = [server.session(), server.session(), server.session()];
  await user.run('create table t (id int primary key, v int)');
  await user.run('create table u (id int primary key)');
  await user.run('insert into t values (1, 10), (2, 20)');
  await user.run('begin');
  await user.run('update t set v = 11 where id = 1');
  const changing = changer.run(CHANGE);
  await turns();
  for (const sql of begin) await late.run(sql);
  const waiting = late.run(statement);
  await turns();
  await user.run('commit');
  assert.match(await changing, /^ok/);
  const results = [await waiting, await late.run('commit')];
  assert.equal(await late.run('admin check table t'), 'ok 0');
  results.push(await late.run('select * from t'));
  await server.close();
  return results;
}

test('the first statement of a transaction waits for the change and runs on what it made', async () => {
  for (const begin of ['begin', 'begin optimistic', 'set autocommit = 0'])
    assert.deepEqual(await behindCopy([begin], 'select * from t'), ['1 11\n2 20', 'ok 0', '1 11\n2 20'], begin);
  assert.deepEqual((await behindCopy(['begin'], 'select v from t where id = 1 for update'))[0], '11');
  assert.deepEqual(await behindCopy(['begin'], 'update t set v = v + 1'), [
    'ok 2 Rows matched: 2  Changed: 2  Warnings: 0',
    'ok 0',
    '1 12\n2 21',
  ]);
  assert.deepEqual(await behindCopy(['begin optimistic'], 'delete from t where id = 1'), ['ok 1', 'ok 0', '2 20']);
});

test('a transaction that has seen or written something is older than the change, and says so', async () => {
  for (const first of ['select * from u', 'insert into u values (1)'])
    assert.match((await behindCopy(['begin', first], 'select * from t'))[0]!, /^error 8028/);
  assert.match(
    (await behindCopy(['start transaction with consistent snapshot'], 'select * from t'))[0]!,
    /^error 8028/,
  );
});

/** A definition statement on its way is seen with its rows, and ends when its job is cancelled. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryInstance } from '../testing/memory-instance.ts';

test('a backfill shows how far it is, and is taken back when it is cancelled', async () => {
  const server = await createMemoryInstance();
  const [a, b] = [server.session(), server.session()];
  await a.run('create table t (id int primary key, v int)');
  const rows = Array.from({ length: 3000 }, (_, i) => `(${i}, ${i})`);
  await a.run(`insert into t values ${rows.join()}`);
  const altering = a.run('alter table t add index by_v (v)');
  const jobs = server.instance.catalog.ddlJobs;
  while (jobs.list()[0]!.rows === 0) await new Promise((resolve) => void setImmediate(resolve));
  const [id, state, some] = (await b.run("select job_id, state, row_count > 0 from information_schema.ddl_jobs where job_type = 'alter table'")).split(' '); // prettier-ignore
  assert.deepEqual([state, some], ['running', '1']);
  assert.equal(await b.run(`admin cancel ddl jobs ${id}, 9999`), `${id} successful\n9999 error: [ddl:8224]DDL Job:9999 not found`); // prettier-ignore
  assert.match(await altering, /^error 8214/);
  assert.match(await b.run(`admin cancel ddl jobs ${id}`), /finished/);
  assert.equal(
    await b.run(`select state, table_name from information_schema.ddl_jobs where job_id = ${id}`),
    'cancelled t',
  );
  assert.match(await b.run('admin show ddl jobs 1'), new RegExp(`^${id} test t alter table`));
  assert.equal(await b.run(`admin show ddl job queries ${id}`), 'alter table t add index by_v (v)');
  assert.ok(!(await b.run('show create table t')).includes('by_v'));
  assert.match(await a.run('alter table t add index by_v (v)'), /^ok/);
  assert.equal(await a.run('select row_count from information_schema.ddl_jobs limit 1'), '3000');
  assert.equal(await a.run('admin check table t'), 'ok 0');
  assert.equal(await a.run('admin check index t by_v'), 'ok 0');
  assert.match(await a.run('admin check index t nothing'), /^error 1176/);
  await server.close();
});

test('a backfill is paused and goes on; writers go on meanwhile', async () => {
  const server = await createMemoryInstance();
  const [a, b] = [server.session(), server.session()];
  await a.run('create table t (id int primary key, v int)');
  await a.run(`insert into t values ${Array.from({ length: 5000 }, (_, i) => `(${i}, ${i})`).join()}`);
  const altering = a.run('alter table t add index by_v (v)');
  const jobs = server.instance.catalog.ddlJobs;
  while (jobs.list()[0]!.rows === 0) await new Promise((resolve) => void setImmediate(resolve));
  const { id } = jobs.list()[0]!;
  assert.equal(await b.run(`admin pause ddl jobs ${id}`), `${id} successful`);
  assert.match(await b.run(`admin pause ddl jobs ${id}`), /8262/);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const { rows } = jobs.list()[0]!;
  assert.ok(rows < 5000);
  assert.match(await b.run('update t set v = v + 1 where id in (1, 4999)'), /^ok 2/);
  assert.match(await b.run('admin show ddl jobs'), /paused/);
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(jobs.list()[0]!.rows, rows);
  assert.equal(await b.run(`admin resume ddl jobs ${id}`), `${id} successful`);
  assert.match(await altering, /^ok/);
  assert.equal(await a.run('admin check table t'), 'ok 0');
  assert.equal(await a.run('select id from t force index (by_v) where v = 5000'), '4999');
  assert.match(await b.run(`admin resume ddl jobs ${id}`), /8261/);
  assert.match(await b.run(`admin pause ddl jobs ${id}`), /8260/);
  await server.close();
});

test('a paused job is cancelled, and taken back', async () => {
  const server = await createMemoryInstance();
  const [a, b] = [server.session(), server.session()];
  await a.run('create table t (id int primary key, v int)');
  await a.run(`insert into t values ${Array.from({ length: 5000 }, (_, i) => `(${i}, ${i})`).join()}`);
  const altering = a.run('create index by_v on t (v)');
  const jobs = server.instance.catalog.ddlJobs;
  while (jobs.list()[0]!.rows === 0) await new Promise((resolve) => void setImmediate(resolve));
  const { id } = jobs.list()[0]!;
  await b.run(`admin pause ddl jobs ${id}`);
  assert.equal(await b.run(`admin cancel ddl jobs ${id}`), `${id} successful`);
  assert.match(await altering, /^error 8214/);
  assert.ok(!(await b.run('show create table t')).includes('by_v'));
  await server.close();
});

test('HELP finds nothing, as a MySQL without help texts', async () => {
  const server = await createMemoryInstance();
  assert.equal(await server.session().run("help 'select'"), '');
  await server.close();
});

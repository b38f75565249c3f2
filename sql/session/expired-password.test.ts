/** A password that is too old: the session may set a new one and nothing else, whatever way a statement comes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryInstance } from './testing/memory-instance.ts';

test('only ALTER USER and SET PASSWORD run until the password is new', async () => {
  const server = await createMemoryInstance();
  const root = server.session();
  for (const sql of ["CREATE USER a IDENTIFIED BY 'x'", 'GRANT SELECT ON *.* TO a', 'CREATE TABLE t (a INT)'])
    assert.equal(await root.run(sql), 'ok 0', sql);
  const a = server.session('a');
  assert.equal(await a.run('SELECT COUNT(*) FROM t'), '0');
  assert.equal(await root.run('ALTER USER a PASSWORD EXPIRE'), 'ok 0');
  assert.equal(await a.run('SELECT COUNT(*) FROM t'), '0', 'who is in stays in');
  const late = server.session('a');
  late.session.state.passwordExpired = server.instance.catalog.isExpired('a@%');
  for (const sql of [
    'SELECT COUNT(*) FROM t',
    'SELECT 1',
    'SET @a = 1',
    'SHOW TABLES',
    'BEGIN',
    "PREPARE p FROM 'SELECT 1'",
  ])
    assert.match(await late.run(sql), /^error 1820/, sql);
  assert.match(await late.execute('SELECT 1'), /^error 1820/);
  assert.throws(() => late.session.useDatabase('test'), { errno: 1820 });
  assert.throws(() => late.session.fieldList('t', ''), { errno: 1820 });
  assert.match(await late.run('ALTER USER a ACCOUNT UNLOCK'), /^error 1227/);
  assert.match(await late.run('SELECT 1'), /^error 1820/, 'a refusal changes nothing');
  assert.equal(await late.run("ALTER USER USER() IDENTIFIED BY 'new'"), 'ok 0');
  assert.equal(await late.run('SELECT COUNT(*) FROM t'), '0');
  await server.close();
});

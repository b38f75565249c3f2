/** Failpoints through a real process: a crash in the middle of applying, the door on the status port, and its refusal. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { PROGRAM, RutileProcess } from './rutile-process.ts';

function connect(server: RutileProcess): Promise<Connection> {
  return createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root', database: 'test' });
}

async function door(server: RutileProcess, method: string, name: string, plan?: string): Promise<[number, string]> {
  const { host, port } = server.doors['status']!;
  const answer = await fetch(`http://${host}:${port}/failpoints${name}`, { method, ...(plan === undefined ? {} : { body: plan }) }); // prettier-ignore
  return [answer.status, (await answer.text()).trim()];
}

async function ids(connection: Connection): Promise<number[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id FROM t ORDER BY id');
  return rows.map((row) => row['id'] as number);
}

for (const [point, survives] of [
  ['log::append', false],
  ['store::before-apply', true],
  ['store::after-apply', true],
] as const)
  test(`a crash at ${point} keeps what was acknowledged${survives ? ', and what was in the log' : ''}`, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'rutile-failpoint-'));
    try {
      const first = await RutileProcess.start({ dataDir, flags: ['--failpoints', 'on'] });
      const connection = await connect(first);
      connection.on('error', () => undefined);
      await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
      await connection.query('INSERT INTO t VALUES (1)');
      assert.deepEqual(await door(first, 'PUT', `/${point}`, '1*panic(as planned)->off'), [
        200,
        '1*panic(as planned)->off',
      ]);
      await assert.rejects(connection.query('INSERT INTO t VALUES (2)'));
      assert.equal(await first.ended(), null, 'a signal ended it');
      assert.match(first.output, new RegExp(`rutile: panic: failpoint ${point}: as planned`));
      const second = await RutileProcess.start({ dataDir });
      try {
        const again = await connect(second);
        assert.deepEqual(await ids(again), survives ? [1, 2] : [1]);
        await again.query('INSERT INTO t VALUES (3)');
        await again.end();
      } finally {
        await second.stop();
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

test('set by the environment, changed and ended over HTTP; statements fail in the way the place has', async () => {
  const server = await RutileProcess.start({ environment: { FAILPOINTS: 'session::before-commit=1*return(no)->off' } });
  try {
    const connection = await connect(server);
    await connection.query('CREATE TABLE t (id INT PRIMARY KEY)');
    await connection.query('BEGIN');
    await connection.query('INSERT INTO t VALUES (1)');
    await assert.rejects(connection.query('COMMIT'), { errno: 1180 });
    assert.deepEqual(await ids(connection), []);
    assert.deepEqual(await door(server, 'GET', '/session::before-commit'), [200, '1*return(no)->off']);
    assert.deepEqual(await door(server, 'PUT', '/store::decide', 'return'), [200, 'return']);
    await assert.rejects(connection.query('INSERT INTO t VALUES (2)'));
    assert.deepEqual(await door(server, 'DELETE', '/store::decide'), [200, '']);
    await connection.query('INSERT INTO t VALUES (3)');
    // Whoever is paused goes on when the point is cleared.
    await door(server, 'PUT', '/session::before-commit', 'pause');
    await connection.query('BEGIN');
    await connection.query('INSERT INTO t VALUES (4)');
    const commit = connection.query('COMMIT');
    const paused = async (): Promise<number> => {
      const all = JSON.parse((await door(server, 'GET', ''))[1]) as { name: string; paused: number }[];
      return all.find(({ name }) => name === 'session::before-commit')!.paused;
    };
    while ((await paused()) === 0);
    await door(server, 'DELETE', '/session::before-commit');
    await commit;
    assert.deepEqual(await ids(connection), [3, 4]);
    // Refusals.
    assert.equal((await door(server, 'PUT', '/store::nowhere', 'off'))[0], 404);
    assert.match((await door(server, 'PUT', '/store::decide', 'explode'))[1], /actions are off/);
    assert.equal((await door(server, 'PUT', '/store::decide', 'pause'))[0], 400);
    assert.equal((await door(server, 'POST', '/store::decide', 'off'))[0], 405);
    assert.equal((await door(server, 'PUT', '/store::decide', 'x'.repeat(5000)))[0], 413);
    await connection.end();
  } finally {
    await server.stop();
  }
});

test('the door is shut in a process that was not told to open it', async () => {
  const server = await RutileProcess.start();
  try {
    const [code, text] = await door(server, 'PUT', '/store::decide', 'panic');
    assert.equal(code, 403);
    assert.match(text, /--failpoints on/);
  } finally {
    await server.stop();
  }
});

test('a wrong plan at the start is one line, and nothing starts', () => {
  const run = spawnSync(process.execPath, [PROGRAM, 'start', '--failpoints', 'store::befor-apply=panic'], { encoding: 'utf8', timeout: 30_000 }); // prettier-ignore
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^rutile: there is no failpoint store::befor-apply; known are [^\n]*\n$/);
});

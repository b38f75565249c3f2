/** Starting and stopping as a user sees it: doors, refusals, signals, restart over the same data. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { PROGRAM, RutileProcess } from './rutile-process.ts';

const CLOSED = ['mysql', 'kv', 'placement', 'status'].flatMap((door) => [`--${door}-port`, 'off']);

function start(...flags: string[]) {
  return spawnSync(process.execPath, [PROGRAM, 'start', ...flags], { encoding: 'utf8', timeout: 30_000 });
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'rutile-test-'));
}

test('a second process on the same data is refused in one line', async () => {
  const server = await RutileProcess.start();
  try {
    const second = start('--data-dir', server.dataDir, ...CLOSED);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /^rutile: the data folder .* is in use by another process \(pid \d+\).*\n$/);
  } finally {
    await server.stop();
  }
});

test('data of a newer version is refused', () => {
  const path = folder();
  writeFileSync(join(path, 'VERSION'), '99\n');
  const refused = start('--data-dir', path, ...CLOSED);
  rmSync(path, { recursive: true });
  assert.equal(refused.status, 1);
  assert.match(
    refused.stderr,
    /^rutile: the data folder .* was written by a newer version of Rutile \(layout 99, this one knows 1\)\n$/,
  );
});

test('a data folder that cannot be used is named', () => {
  const path = folder();
  writeFileSync(join(path, 'file'), '');
  const refused = start('--data-dir', join(path, 'file'), ...CLOSED);
  rmSync(path, { recursive: true });
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /^rutile: the data folder .* cannot be used: /);
});

test('a port in use names its flag', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const path = folder();
  for (const door of ['mysql', 'status', 'kv', 'placement']) {
    const others = CLOSED.filter((_, i, all) => !(all[i] === `--${door}-port` || all[i - 1] === `--${door}-port`));
    const refused = start('--data-dir', path, ...others, `--${door}-port`, String(port));
    assert.equal(refused.status, 1, door);
    assert.match(
      refused.stderr,
      new RegExp(`^rutile: cannot listen on 127\\.0\\.0\\.1:${port} \\(--${door}-port\\)`, 'm'),
      door,
    );
  }
  rmSync(path, { recursive: true });
  taken.close();
});

test('unknown flags, settings and values are refused', () => {
  const unknown = start('--no-such-flag');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /unknown option '--no-such-flag'/);
  const value = start('--mysql-port', 'many');
  assert.equal(value.status, 1);
  assert.match(value.stderr, /--mysql-port: "many" is not a port/);
});

test('SIGTERM lets a running statement finish and exits with 0; data are there after a restart', async () => {
  const path = folder();
  const first = await RutileProcess.start({ dataDir: path });
  const connection = await createConnection({ host: '127.0.0.1', port: first.mysqlPort, user: 'root' });
  await connection.query('CREATE TABLE test.kept (id INT PRIMARY KEY)');
  await connection.query('INSERT INTO test.kept VALUES (1), (2)');
  const running = connection.query<RowDataPacket[]>('SELECT SLEEP(0.5) AS s');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stopped = first.stop();
  assert.equal((await running)[0][0]!['s'], 0);
  assert.equal(await stopped, 0);
  connection.destroy();
  const second = await RutileProcess.start({ dataDir: path });
  assert(second.startedInMs < 10_000);
  const again = await createConnection({ host: '127.0.0.1', port: second.mysqlPort, user: 'root' });
  assert.deepEqual(
    (await again.query<RowDataPacket[]>('SELECT id FROM test.kept'))[0].map((row) => row['id']),
    [1, 2],
  );
  again.destroy();
  const status = await fetch(`http://127.0.0.1:${second.doors['status']!.port}/status`).then(
    (answer) => answer.json() as Promise<{ version: string }>,
  );
  assert.match(status.version, /^\d+\.\d+/);
  const metrics = await fetch(`http://127.0.0.1:${second.doors['status']!.port}/metrics`).then((answer) =>
    answer.text(),
  );
  assert.match(metrics, /rutile_statement_seconds_count\{kind="select"\} [1-9]/);
  assert.equal(await second.stop(), 0);
  rmSync(path, { recursive: true });
});

test('the shell answers what comes through a pipe, all of it, without prompts', async () => {
  const server = await RutileProcess.start();
  try {
    const run = spawnSync(process.execPath, [PROGRAM, 'shell', '--port', String(server.mysqlPort)], {
      input: 'select 1 + 1 as two;\nselect nix;\nselect\n3 as three;\n',
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(run.status, 0);
    assert.match(run.stdout, /^\+-+\+\n\| two \|[^]*ERROR 1054[^]*\| three \|/);
    assert.doesNotMatch(run.stdout, /rutile>/);
  } finally {
    await server.stop();
  }
});

test('more connections than allowed are refused with 1040, and those that are there live on', async () => {
  const server = await RutileProcess.start({ flags: ['--max-connections', '3'] });
  const open = [];
  // Root may come when all are taken, once.
  for (let i = 0; i < 4; i++)
    open.push(await createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' }));
  await assert.rejects(
    createConnection({ host: '127.0.0.1', port: server.mysqlPort, user: 'root' }),
    (error: { errno: number }) => error.errno === 1040,
  );
  assert.equal((await open[0]!.query<RowDataPacket[]>('SELECT 1 AS one'))[0][0]!['one'], 1);
  for (const one of open) one.destroy();
  await server.stop();
});

/** The real world's disk, lock and network. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fromUtf8, utf8 } from '../bytes.ts';
import type { Connection } from '../world.ts';
import { createNodeWorld, packagePath } from './index.ts';

/** The same module in sources and in compiled code, for child processes. */
const INDEX = import.meta.url.endsWith('.ts') ? './index.ts' : './index.js';
const root = mkdtempSync(join(tmpdir(), 'rutile-base-'));
after(() => rmSync(root, { recursive: true }));
const world = createNodeWorld();
const { disk } = world;

test('files are written, read, allocated, cut and renamed', async () => {
  const path = join(root, 'folder', 'file');
  await assert.rejects(disk.open(path, { create: true }), { code: 'disk.not-found' });
  await disk.makeFolder(join(root, 'folder'));
  const file = await disk.open(path, { create: true, synced: true });
  await file.allocate(3 * 1024 * 1024 + 5);
  assert.equal(await file.size(), 3 * 1024 * 1024 + 5);
  await file.write(utf8('hello'), 10);
  const target = new Uint8Array(20);
  assert.equal(await file.read(target, 8), 20);
  assert.equal(fromUtf8(target.subarray(2, 7)), 'hello');
  await file.truncate(12);
  assert.equal(await file.read(target, 10), 2);
  assert.equal(await file.read(target, 100), 0);
  await file.sync();
  await file.close();
  await disk.rename(path, `${path}2`);
  await disk.syncFolder(join(root, 'folder'));
  assert.deepEqual(await disk.list(join(root, 'folder')), ['file2']);
  await disk.remove(`${path}2`);
  await assert.rejects(disk.open(path, {}), { code: 'disk.not-found' });
  await assert.rejects(disk.list(join(root, 'none')), { code: 'disk.not-found' });
  assert((await disk.freeBytes(root)) > 0);
});

test('a lock is held once, by a live process', async () => {
  const path = join(root, 'lock');
  const lock = await disk.lock(path);
  await assert.rejects(disk.lock(path), { code: 'disk.locked', message: /held by this process/ });
  await lock.release();
  await (await disk.lock(path)).release();
});

test('the lock of another process is refused while it lives, and taken over after kill -9', async () => {
  const path = join(root, 'other.lock');
  const script = `import { createNodeWorld } from ${JSON.stringify(import.meta.resolve(INDEX))};
    await createNodeWorld().disk.lock(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await assert.rejects(disk.lock(path), { code: 'disk.locked', message: new RegExp(`held by process ${child.pid}`) });
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await disk.lock(path);
  await lock.release();
});

test('the lock of a dead process that its parent never fetches is taken over', async (t) => {
  if (process.platform !== 'linux') return t.skip('needs /proc');
  const path = join(root, 'zombie.lock');
  const script = `import { createNodeWorld } from ${JSON.stringify(import.meta.resolve(INDEX))};
    await createNodeWorld().disk.lock(${JSON.stringify(path)});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const parent = spawn('sh', ['-c', '"$0" --input-type=module -e "$1" & exec sleep 60', process.execPath, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(parent.stdout, 'data');
  const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
    await new Promise((resolve) => setImmediate(resolve));
  await (await disk.lock(path)).release();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
});

test('a lock whose process id now belongs to another, or that nobody can read, is stale', async () => {
  const path = join(root, 'reused.lock');
  const lock = await disk.lock(path);
  const holder = JSON.parse(readFileSync(path, 'utf8')) as { started: string };
  await lock.release();
  if (holder.started !== '') {
    writeFileSync(path, JSON.stringify({ ...holder, started: '1', nonce: 'n' }));
    await (await disk.lock(path)).release();
  }
  writeFileSync(path, 'not a lock');
  await (await disk.lock(path)).release();
});

test('of many that want a stale lock one gets it, whether or not an earlier taker died over it', async () => {
  const stale = JSON.stringify({ pid: 2 ** 30, started: '', boot: '', nonce: 'old' });
  for (let round = 0; round < 20; round++) {
    const path = join(root, `contended-${round}.lock`);
    writeFileSync(path, stale);
    if (round % 2 === 1) writeFileSync(`${path}.taking`, stale);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => disk.lock(path)));
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    assert.equal(winners.length, 1);
    for (const { reason } of outcomes.filter((outcome) => outcome.status === 'rejected'))
      assert.equal((reason as { code: string }).code, 'disk.locked');
    await winners[0]!.value.release();
  }
});

test('messages arrive whole and in order, small and large', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  let listener: { close(): void };
  const accepted = new Promise<Connection>((resolve) => (listener = world.network.listen(address, resolve)));
  await new Promise((resolve) => setImmediate(resolve));
  const client = await world.network.connect(address);
  const server = await accepted;
  const sizes = [0, 1, 5, 70_000, 3, 1_000_000, 2];
  const got: number[] = [];
  const all = new Promise<void>((resolve) => {
    server.onMessage((message) => {
      assert(message.every((byte) => byte === message.length % 251));
      if (got.push(message.length) === sizes.length) resolve();
    });
  });
  for (const size of sizes) client.send(new Uint8Array(size).fill(size % 251));
  await all;
  assert.deepEqual(got, sizes);
  const closed = new Promise<void>((resolve) => server.onClose(resolve));
  client.close();
  await closed;
  server.close();
  listener!.close();
  await assert.rejects(world.network.connect('127.0.0.1:1'), { code: 'network.unreachable' });
  await assert.rejects(async () => world.network.connect('nowhere'), { code: 'network.address' });
});

test('the package root is where package.json is', () => {
  assert.equal((JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { name: string }).name, 'rutile');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

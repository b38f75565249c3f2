/** Both engines against the port, and each one's own behaviour: crashes of the one in memory, refusals of the one on disk. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fromUtf8, utf8 } from '../../base/bytes.ts';
import { SeededRandom } from '../../base/random.ts';
import { MemoryEngine, openRocksEngine } from './index.ts';
import { testEngine } from './testing/conformance.ts';

/** The same module in sources and in compiled code, for child processes. */
const INDEX = import.meta.url.endsWith('.ts') ? './index.ts' : './index.js';
const root = mkdtempSync(join(tmpdir(), 'rutile-engine-'));
let folders = 0;
const folder = (): string => join(root, String(folders++));
after(() => rmSync(root, { recursive: true }));

testEngine('memory', async () => new MemoryEngine());
testEngine('rocksdb', () => openRocksEngine({ path: folder(), cacheBytes: 8 << 20 }));

test('memory: a crash keeps a prefix that ends no earlier than the last synced batch', () => {
  const survivors = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    const engine = new MemoryEngine();
    for (let i = 1; i <= 10; i++) {
      const batch = engine.batch();
      batch.put('latest', Uint8Array.of(i), utf8('x'));
      batch.put('meta', utf8('applied'), Uint8Array.of(i));
      engine.write(batch, { synced: i === 6 });
    }
    const next = engine.crash(new SeededRandom(seed));
    const applied = next.get('meta', utf8('applied'))![0]!;
    assert(applied >= 6);
    for (let i = 1; i <= 10; i++) assert.equal(next.get('latest', Uint8Array.of(i)) !== undefined, i <= applied);
    survivors.add(applied);
    assert.throws(() => engine.get('latest', utf8('a')), { code: 'engine.closed' });
  }
  assert.equal(survivors.size, 5);
});

test('rocksdb: data is there after closing and opening again', async () => {
  const path = folder();
  const engine = await openRocksEngine({ path });
  const batch = engine.batch();
  batch.put('latest', utf8('a'), utf8('1'));
  batch.put('meta', utf8('b'), utf8('2'));
  engine.write(batch);
  await engine.close();
  const again = await openRocksEngine({ path });
  assert.equal(fromUtf8(again.get('latest', utf8('a'))!), '1');
  assert.equal(fromUtf8(again.get('meta', utf8('b'))!), '2');
  assert.equal(again.get('lock', utf8('a')), undefined);
  assert(again.property('size-bytes')! > 0);
  assert.equal(again.property('write-stalled'), 0);
  assert.equal(again.property('no-such-thing'), undefined);
  await again.close();
});

test('rocksdb: kill -9 takes nothing that was written, synced or not', async () => {
  const path = folder();
  const script = `import { openRocksEngine } from ${JSON.stringify(import.meta.resolve(INDEX))};
    const engine = await openRocksEngine({ path: ${JSON.stringify(path)} });
    for (let i = 0; i < 100; i++) {
      const batch = engine.batch();
      batch.put('latest', Uint8Array.of(1, i), Uint8Array.of(i));
      batch.put('meta', Uint8Array.of(1), Uint8Array.of(i));
      engine.write(batch);
    }
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  await once(child, 'exit');
  const engine = await openRocksEngine({ path });
  assert.deepEqual(engine.get('meta', Uint8Array.of(1)), Buffer.of(99));
  for (let i = 0; i < 100; i++) assert(engine.get('latest', Uint8Array.of(1, i)));
  await engine.close();
});

test('rocksdb: a folder that is held, newer, foreign or damaged is refused by name', async () => {
  const path = folder();
  const engine = await openRocksEngine({ path });
  await assert.rejects(openRocksEngine({ path }), { code: 'engine.locked' });
  await engine.close();

  writeFileSync(join(path, 'RUTILE-FORMAT'), 'rutile-engine 7\n');
  await assert.rejects(openRocksEngine({ path }), {
    code: 'engine.newer-format',
    message: /its format is 7, this version reads up to 1/,
  });
  writeFileSync(join(path, 'RUTILE-FORMAT'), 'x');
  await assert.rejects(openRocksEngine({ path }), { code: 'engine.corrupt' });
  rmSync(join(path, 'RUTILE-FORMAT'));
  await assert.rejects(openRocksEngine({ path }), { code: 'engine.foreign' });
  writeFileSync(join(path, 'RUTILE-FORMAT'), 'rutile-engine 1\n');
  writeFileSync(join(path, 'CURRENT'), 'MANIFEST-999999\n');
  await assert.rejects(openRocksEngine({ path }), { code: /^engine\.(corrupt|io)$/ });

  const file = join(root, 'file');
  writeFileSync(file, '');
  await assert.rejects(openRocksEngine({ path: file }), { code: 'engine.io' });
});

test('rocksdb: a damaged table is an error, never a missing row', async () => {
  const path = folder();
  const engine = await openRocksEngine({ path, cacheBytes: 1 << 20 });
  const value = new SeededRandom(1).bytes(1000);
  for (let i = 0; i < 400; i++) {
    const batch = engine.batch();
    for (let j = 0; j < 100; j++) batch.put('latest', utf8(`key${String(i * 100 + j).padStart(8, '0')}`), value);
    engine.write(batch);
  }
  await engine.close();
  // A flush may not have ended by then; the next start makes a table of what only the write-ahead log holds.
  await (await openRocksEngine({ path, cacheBytes: 1 << 20 })).close();
  const tables = readdirSync(path).filter((one) => one.endsWith('.sst'));
  assert(tables.length > 0, 'there is a table to damage');
  for (const name of tables) {
    const bytes = readFileSync(join(path, name));
    for (let at = 0; at < bytes.length / 2; at += 4096) bytes[at + 100]! ^= 0xff;
    writeFileSync(join(path, name), bytes);
  }
  await assert.rejects(
    async () => {
      const again = await openRocksEngine({ path, cacheBytes: 1 << 20 });
      try {
        const iterator = again.iterator('latest', { lower: undefined, upper: undefined });
        while (!iterator.next(1000).finished);
      } finally {
        await again.close();
      }
    },
    { code: 'engine.corrupt' },
  );
});

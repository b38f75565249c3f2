/**
 * The engine's cost a call: RocksDB on the real disk, and memory. Run: `node bench/micro/engine.ts [rows]`, from sources or
 * from `dist`. Rows are 190 bytes under 19-byte keys, as sysbench makes them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../base/random.ts';
import { type Engine, MemoryEngine, openRocksEngine } from '../../kv/engine/index.ts';

const rows = Number(process.argv[2] ?? 200_000);
const folder = mkdtempSync(join(tmpdir(), 'rutile-bench-'));
try {
  await measure('rocksdb', await openRocksEngine({ path: folder }));
  await measure('memory', new MemoryEngine());
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(name: string, engine: Engine): Promise<void> {
  const random = new SeededRandom(1);
  const value = random.bytes(190);
  const draw = (): Uint8Array => keyOf(random.below(rows));
  let at = 0;
  const put = (family: 'latest' | 'lock', count: number): void => {
    const batch = engine.batch();
    for (let i = 0; i < count; i++) batch.put(family, keyOf(at++ % rows), value);
    engine.write(batch);
  };
  time(name, 'put, batches of 100', rows / 100, 100, () => put('latest', 100));
  time(name, 'batch of 3 puts', 20_000, 1, () => put('latest', 3));
  time(name, 'synced batch of 3 puts', 500, 1, () => {
    const batch = engine.batch();
    for (let i = 0; i < 3; i++) batch.put('latest', draw(), value);
    engine.write(batch, { synced: true });
  });
  time(name, 'get', 50_000, 1, () => engine.get('latest', draw()));
  time(name, 'get of an absent lock', 50_000, 1, () => engine.get('lock', draw()));
  time(name, 'getMany of 10', 10_000, 1, () => engine.getMany('latest', Array.from({ length: 10 }, draw)));
  time(name, 'scan of 100 rows', 5000, 1, () => {
    const iterator = engine.iterator('latest', { lower: draw(), upper: undefined });
    iterator.next(100);
    iterator.close();
  });
  time(name, 'reverse scan of 100 rows', 5000, 1, () => {
    const iterator = engine.iterator('latest', { lower: undefined, upper: draw(), reverse: true });
    iterator.next(100);
    iterator.close();
  });
  time(name, 'view of all families', 5000, 1, () => engine.view().close());
  const view = engine.view(['latest']);
  time(name, 'get through a view', 20_000, 1, () => view.get('latest', draw()));
  view.close();
  const begin = performance.now();
  for (let i = 0; i < 1000; i++) await engine.getManyAsync('latest', [draw()]);
  report(name, 'asynchronous get', ((performance.now() - begin) * 1000) / 1000);
  console.log(`${name.padEnd(8)} resident ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
  await engine.close();
}

function keyOf(row: number): Uint8Array {
  const key = Buffer.alloc(19, 't');
  key.writeUInt32BE(row, 15);
  return key;
}

function time(name: string, what: string, count: number, each: number, run: () => void): void {
  const begin = performance.now();
  for (let i = 0; i < count; i++) run();
  report(name, what, ((performance.now() - begin) * 1000) / (count * each));
}

function report(name: string, what: string, us: number): void {
  console.log(`${name.padEnd(8)} ${what.padEnd(26)} ${us.toFixed(2).padStart(8)} µs`);
}

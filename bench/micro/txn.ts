/**
 * The transactional floor on the real machine: RocksDB, the segment log, one store, the local client. What the design asks:
 * hot point get <= 1 µs, scans of 100 rows >= 30k/s, synced single-key updates 16.6k to 21.8k/s with 16 in flight.
 *
 *     node bench/micro/txn.ts [seconds a case, 2] [folder]
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../base/node/index.ts';
import { LocalKvClient, localRegionSource, RegionRouter, ROUTER_LIMITS } from '../../kv/client/index.ts';
import { openRocksEngine } from '../../kv/engine/index.ts';
import { SegmentLog } from '../../kv/log/index.ts';
import { LocalPlacement } from '../../kv/placement/index.ts';
import { Store } from '../../kv/store/index.ts';

const SECONDS = Number(process.argv[2] ?? 2);
const FOLDER = process.argv[3] ?? join(tmpdir(), `rutile-bench-txn-${process.pid}`);
const ROWS = 200_000;
const VALUE_SIZE = 190;

const world = createNodeWorld();
const placement = await LocalPlacement.open(world, {
  folder: join(FOLDER, 'placement'),
  firstStore: { address: '127.0.0.1:0', version: '8.5.0' },
});
const timestamps = { next: () => placement.timestamp() };
const engine = await openRocksEngine({ path: join(FOLDER, 'engine') });
const log = await SegmentLog.open(world, { folder: join(FOLDER, 'log') });
const store = await Store.open({ engine, log, timestamps, world });
const router = new RegionRouter({
  ...ROUTER_LIMITS, world, source: localRegionSource(() => store.regions(), 1), storeOf: () => store.gate, safePoints: store,
}); // prettier-ignore
const client = new LocalKvClient({ store: router, timestamps, world });

/** t{id}_r{handle}, as SQL rows are keyed. */
function rowKey(handle: number): Uint8Array {
  const key = new Uint8Array(19);
  key.set([0x74, 0x80, 0, 0, 0, 0, 0, 0, 44, 0x5f, 0x72, 0x80]);
  new DataView(key.buffer).setUint32(15, handle);
  return key;
}

const keys: Uint8Array[] = [];
for (let i = 0; i < ROWS; i++) keys.push(rowKey(i));
const upper = rowKey(0xffffffff);

async function load(): Promise<void> {
  const startedMs = performance.now();
  for (let from = 0; from < ROWS; from += 2000) {
    const txn = await client.begin({ pessimistic: false });
    for (let i = from; i < from + 2000; i++) txn.insert(keys[i]!, new Uint8Array(VALUE_SIZE).fill(i & 127));
    await txn.commit();
  }
  print('load, 2000 inserts a transaction', ROWS, performance.now() - startedMs);
}

function print(name: string, count: number, ms: number, note = ''): void {
  console.log(
    `${name.padEnd(46)} ${((ms * 1000) / count).toFixed(2).padStart(9)} µs ${Math.round((count / ms) * 1000)
      .toString()
      .padStart(9)}/s ${note}`,
  );
}

let seed = 1;
function below(n: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * n);
}

async function gets(name: string, run: () => unknown): Promise<void> {
  const endMs = performance.now() + SECONDS * 1000;
  const startedMs = performance.now();
  let count = 0;
  while (performance.now() < endMs) {
    for (let i = 0; i < 200; i++) {
      const found = run();
      if (found instanceof Promise) await found;
    }
    count += 200;
  }
  print(
    name,
    count,
    performance.now() - startedMs,
    `pages ${store.versions.pages?.pageCount}, ${((store.versions.pages?.sizeBytes ?? 0) / 2 ** 20).toFixed(0)} MB`,
  );
}

async function updates(inFlight: number, keysEach: number): Promise<void> {
  const startedMs = performance.now();
  const endMs = startedMs + SECONDS * 1000;
  const cpu = process.cpuUsage();
  let count = 0;
  let conflicts = 0;
  const latencies: number[] = [];
  const worker = async () => {
    while (performance.now() < endMs) {
      const from = performance.now();
      const begun = client.begin({ pessimistic: false });
      const txn = begun instanceof Promise ? await begun : begun;
      for (let i = 0; i < keysEach; i++) {
        const key = keys[below(ROWS)]!;
        const found = txn.get(key);
        const value = found instanceof Promise ? await found : found;
        const changed = value!.slice();
        changed[5]!++;
        txn.put(key, changed);
      }
      try {
        await txn.commit();
        count++;
      } catch {
        conflicts++;
      }
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const ms = performance.now() - startedMs;
  latencies.sort((a, b) => a - b);
  const used = process.cpuUsage(cpu);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!.toFixed(2);
  print(
    `update ${keysEach} key(s), ${inFlight} in flight`,
    count,
    ms,
    `p50 ${at(0.5)} p99 ${at(0.99)} max ${at(0.9999)} ms, ${conflicts} conflicts, cpu ${((used.user + used.system) / 10 / ms).toFixed(0)} %`,
  );
}

async function rawPuts(inFlight: number): Promise<void> {
  const startedMs = performance.now();
  const endMs = startedMs + SECONDS * 1000;
  let count = 0;
  const value = new Uint8Array(1000);
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < endMs) {
        await client.raw.put(keys[below(ROWS)]!, value);
        count++;
      }
    }),
  );
  print(`raw put of 1 KB, ${inFlight} in flight`, count, performance.now() - startedMs);
}

await load();
const at = await client.timestamp();
const snapshot = client.snapshot(at);
await gets('point get, cold to warm', () => snapshot.get(keys[below(ROWS)]!));
{
  const scanner = snapshot.scan({ lower: keys[0]!, upper });
  const startedMs = performance.now();
  let count = 0;
  for (let batch = await scanner.next(512); batch !== undefined; batch = await scanner.next(512)) count += batch.count;
  print('scan of the table, cold, a row', count, performance.now() - startedMs);
}
await gets('point get, hot', () => snapshot.get(keys[below(ROWS)]!));
await gets('ten keys in one getMany, hot', () =>
  snapshot.getMany(Array.from({ length: 10 }, () => keys[below(ROWS)]!)),
);
await gets('scan of 100 rows, hot', () => {
  const from = below(ROWS - 100);
  const scanner = snapshot.scan({ lower: keys[from]!, upper: keys[from + 100]! }, { limit: 100 });
  const batch = scanner.next(128);
  scanner.close();
  return batch;
});
await gets('scan of 100 rows downwards, hot', () => {
  const from = below(ROWS - 100);
  const scanner = snapshot.scan({ lower: keys[from]!, upper: keys[from + 100]! }, { limit: 100, reverse: true });
  const batch = scanner.next(128);
  scanner.close();
  return batch;
});
for (const inFlight of [1, 16, 64]) await updates(inFlight, 1);
await updates(16, 4);
for (const inFlight of [16, 64]) await rawPuts(inFlight);
console.log('log', log.statistics, 'store', store.counters);
const memory = process.memoryUsage();
console.log(
  Object.entries(memory)
    .map(([name, bytes]) => `${name} ${(bytes / 2 ** 20).toFixed(0)} MB`)
    .join(', '),
);

await client.close();
await store.close();
await log.close();
await engine.close();
await placement.close();
rmSync(FOLDER, { recursive: true, force: true });

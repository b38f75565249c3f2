/**
 * What many regions cost when nothing happens to them: time to open, memory, share of a core while idle, and what one write then
 * costs. Wanted for 20,000 regions on a store: under 3 % of a core, under 600 MB, open again in under 10 s.
 *
 *     node bench/micro/idle-regions.ts [regions, 20000] [stores, 1] [idle seconds, 10] [folder]
 *
 * With several stores each region has a member on every one of them, all in this process: figures are of all stores together.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeWorld } from '../../base/node/index.ts';
import { openRocksEngine } from '../../kv/engine/index.ts';
import type { Engine } from '../../kv/engine/engine.ts';
import { SegmentLog } from '../../kv/log/index.ts';
import { type RegionMessage, Store } from '../../kv/store/index.ts';
import { FIRST_INDEX, FIRST_TERM } from '../../kv/store/region/admin-entry.ts';
import { putApplied, putRegionState } from '../../kv/store/region/region-states.ts';
import { type RegionDescriptor, regionKey, ROW_SPACE } from '../../proto/kv/region.ts';

const REGIONS = Number(process.argv[2] ?? 20_000);
const STORES = Number(process.argv[3] ?? 1);
const SECONDS = Number(process.argv[4] ?? 10);
const FOLDER = process.argv[5] ?? join(tmpdir(), `rutile-bench-idle-${process.pid}`);
const MIB = 2 ** 20;

const world = createNodeWorld();
let lastTs = BigInt(Date.now()) << 18n;
const timestamps = { next: () => ++lastTs };

function place(n: number): Uint8Array {
  const key = new Uint8Array(5);
  key[0] = 0x74;
  new DataView(key.buffer).setUint32(1, n);
  return regionKey(ROW_SPACE, key);
}

function region(n: number): RegionDescriptor {
  const nothing = new Uint8Array(0);
  const peers = Array.from({ length: STORES }, (_, i) => ({
    id: n * 8 + i + 1,
    storeId: i + 1,
    role: 'voter' as const,
  }));
  return { id: n + 1, lower: n === 0 ? nothing : place(n), upper: n === REGIONS - 1 ? nothing : place(n + 1), epoch: { confVersion: 1, version: 1 }, peers }; // prettier-ignore
}

function found(engine: Engine): void {
  for (let from = 0; from < REGIONS; from += 1000) {
    const batch = engine.batch();
    for (let n = from; n < Math.min(REGIONS, from + 1000); n++) {
      putRegionState(batch, { state: 'normal', region: region(n) });
      putApplied(batch, n + 1, FIRST_INDEX, FIRST_TERM);
    }
    engine.write(batch);
  }
}

interface Life {
  readonly engine: Engine;
  readonly log: SegmentLog;
  readonly store: Store;
}

let stores: Life[] = [];
let sent = 0;

async function open(id: number, isNew: boolean): Promise<Life> {
  const engine = await openRocksEngine({ path: join(FOLDER, `engine-${id}`) });
  if (isNew) found(engine);
  const log = await SegmentLog.open(world, { folder: join(FOLDER, `log-${id}`) });
  const send = (to: number, message: RegionMessage): void => {
    sent++;
    setImmediate(() => stores[to - 1]?.store.regionsHere.receive(message));
  };
  const transport = STORES === 1 ? undefined : { send, sendSnapshot: () => Promise.resolve(false) };
  const store = await Store.open({
    engine, log, timestamps, world, storeId: id, transport, firstRegion: 'none', stagingFolder: join(FOLDER, `staging-${id}`), limits: { hotPagesSizeBytesMax: 4 * MIB },
  }); // prettier-ignore
  return { engine, log, store };
}

async function openAll(isNew: boolean): Promise<void> {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  stores = [];
  for (let id = 1; id <= STORES; id++) stores.push(await open(id, isNew));
  print(isNew ? 'founded and opened' : 'opened again', `${((performance.now() - startedMs) / 1000).toFixed(2)} s`);
  const led = (): number => stores.reduce((sum, { store }) => sum + store.regionsHere.peers.all().filter((peer) => peer.serves).length, 0); // prettier-ignore
  while (led() < REGIONS) await pause(100);
  print('all regions are led after', `${((performance.now() - startedMs) / 1000).toFixed(2)} s`);
  const awake = (): number => stores.reduce((sum, { store }) => sum + store.regionsHere.rest.awakeCount, 0);
  while (awake() > 0) await pause(100);
  const used = process.cpuUsage(cpu);
  print('all sleep after', `${((performance.now() - startedMs) / 1000).toFixed(2)} s, cpu ${((used.user + used.system) / 1e6).toFixed(2)} s, ${sent} messages`); // prettier-ignore
}

async function idle(): Promise<void> {
  // Marks, purges and the log's own idle work come to an end first.
  await pause(5000);
  globalThis.gc?.();
  const before = sent;
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await pause(SECONDS * 1000);
  const used = process.cpuUsage(cpu);
  const ms = performance.now() - startedMs;
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  print('idle, share of a core', `${((used.user + used.system) / 10 / ms).toFixed(2)} %, ${sent - before} messages`);
  print('memory', `${(rss / MIB).toFixed(0)} MiB, heap ${(heapUsed / MIB).toFixed(0)}, external ${(external / MIB).toFixed(0)}, buffers ${(arrayBuffers / MIB).toFixed(0)}`); // prettier-ignore
  print('heap a member', `${(heapUsed / REGIONS / STORES / 1024).toFixed(1)} KiB`);
  print('log', `${stores.map(({ log }) => `${(log.sizeBytes / MIB).toFixed(0)} MiB`).join(', ')}`);
}

async function closeAll(): Promise<void> {
  for (const { store, log, engine } of stores) {
    await store.close();
    await log.close();
    await engine.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function print(name: string, value: string): void {
  console.log(`${name.padEnd(30)} ${value}`);
}

console.log(`${REGIONS} regions, ${STORES} member(s) each`);
await openAll(true);
await idle();
await closeAll();
await openAll(false);
await idle();
await closeAll();
rmSync(FOLDER, { recursive: true, force: true });

/**
 * Placement's schedule at its design size, in one thread and without a network: 1 M regions of three replicas on 500 stores. Shown: heartbeats a
 * second (first ones, unchanged ones, changed ones), look-ups, memory, and simulated time and operators until balance stands still
 * after 50 stores join, and until every replica is back after 20 die.
 *
 *     npm run bench -- micro/placement [regions, 1000000] [stores, 500] [limit a store and minute, 15] [joining, 50] [dying, 20]
 */
import { SeededRandom } from '../../base/random.ts';
import type { RegionHeartbeat } from '../../kv/placement/regions/index.ts';
import { DEFAULT_CONFIG, Schedule } from '../../kv/placement/schedule/index.ts';
import { ModelCluster } from '../../kv/placement/testing/model-cluster.ts';

const [REGIONS, STORES, LIMIT, JOINING, DYING] = [1_000_000, 500, 15, 50, 20].map((one, i) =>
  Number(process.argv[2 + i] ?? one),
) as [number, number, number, number, number];
/** A rack holds every 25th store; the stores that die are one rack's, so no region loses its quorum. */
const RACKS = 25;
const REGION_BYTES = 96 * 2 ** 20;
const labels = (id: number): Record<string, string> => ({ rack: `r${id % RACKS}` });
const QUIET_SECONDS = 120;

const random = new SeededRandom(7);
let peerId = 10 * REGIONS;
const config = {
  ...DEFAULT_CONFIG,
  storeLimitAddPerMinute: LIMIT,
  storeLimitRemovePerMinute: LIMIT,
  regionScheduleLimit: 100_000,
  replicaScheduleLimit: 100_000,
  locationLabels: ['rack'],
};
const before = memory();
const schedule = new Schedule({ random, nextPeerId: () => ++peerId, config });
const model = new ModelCluster(schedule, { snapshotSeconds: 20 });
model.keepObeyed = false;
for (let id = 1; id <= STORES; id++) model.addStore(id, labels(id), 16 * 2 ** 40);

/** t{table}_r{handle}: 19 bytes, a thousand regions a table. */
function keyOf(i: number): Uint8Array {
  const key = new Uint8Array(19);
  if (i === 0 || i === REGIONS) return key.subarray(0, 0);
  key.set([0x74, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x5f, 0x72, 0x80]);
  const view = new DataView(key.buffer);
  view.setUint32(5, Math.floor(i / 1000));
  key[9] = 0x5f;
  view.setUint32(15, i % 1000);
  return key;
}

function heartbeatOf(i: number, part: Partial<RegionHeartbeat> = {}): RegionHeartbeat {
  const id = i * 4 + 1000;
  const first = i % STORES;
  const peers = [0, 1, 2].map((j) => ({
    id: id + 1 + j,
    storeId: 1 + ((first + j * (1 + (Math.floor(i / STORES) % (RACKS - 1)))) % STORES),
    role: 'voter' as const,
  }));
  return {
    id,
    lower: keyOf(i),
    upper: keyOf(i + 1),
    version: 5,
    confVersion: 3,
    term: 6,
    peers,
    leaderPeerId: id + 1,
    pendingPeerIds: [],
    downPeers: [],
    sizeBytes: REGION_BYTES,
    keys: 900_000,
    intervalSeconds: 60,
    bytesWritten: 0,
    bytesRead: 0,
    keysWritten: 0,
    keysRead: 0,
    queries: 0,
    ...part,
  };
}

/** In pieces, so that what is timed is not the making of heartbeats. */
function timeHeartbeats(count: number, make: (i: number) => RegionHeartbeat): number {
  let spentMs = 0;
  for (let from = 0; from < count; from += 10_000) {
    const batch = Array.from({ length: Math.min(10_000, count - from) }, (_, i) => make(from + i));
    const startMs = performance.now();
    for (const heartbeat of batch) schedule.regionHeartbeat(heartbeat);
    spentMs += performance.now() - startMs;
  }
  return (count / spentMs) * 1000;
}

const scattered = (i: number): number => (i * 611_953) % REGIONS;
print(
  'first heartbeats',
  timeHeartbeats(REGIONS, (i) => heartbeatOf(scattered(i))),
  'a second',
);
const after = memory();
console.log(
  `memory: ${after - before} MB for ${schedule.table.count} regions (columns ${Math.round(schedule.table.sizeBytes / 2 ** 20)} MB)`,
);
print(
  'unchanged heartbeats',
  timeHeartbeats(REGIONS, (i) => heartbeatOf(scattered(i))),
  'a second',
);
print(
  'heartbeats with load',
  timeHeartbeats(REGIONS, (i) =>
    heartbeatOf(scattered(i), { bytesWritten: (i % 5000) * 1024, bytesRead: i % 3 === 0 ? 2 ** 20 : 0 }),
  ),
  'a second',
);
print(
  'new leader',
  timeHeartbeats(REGIONS, (i) =>
    heartbeatOf(scattered(i), { term: 7, leaderPeerId: heartbeatOf(scattered(i)).id + 2 }),
  ),
  'a second',
);
print('by key', timeLookups(REGIONS), 'a second');
console.log(`memory after load: ${memory() - before} MB`);
let startMs = performance.now();
schedule.tick(model.nowS + 1);
console.log(`one tick: ${(performance.now() - startMs).toFixed(1)} ms`);
schedule.drain();

settle('at the start', () => false);
for (let id = STORES + 1; id <= STORES + JOINING; id++) model.addStore(id, labels(id), 16 * 2 ** 40);
settle(`${JOINING} stores join`, () => false);
const dying = Array.from({ length: DYING }, (_, i) => RACKS * (i + 1)).filter((id) => id <= STORES);
for (const id of dying) model.kill(id);
settle(`${dying.length} stores die`, () => {
  for (const id of dying) if (schedule.table.bagsOf(id).regionCount > 0) return true;
  return false;
});
console.log(`memory at the end: ${memory() - before} MB`);

/** Until no operator has run for two minutes. */
function settle(name: string, mustGoOn: () => boolean): void {
  const endedBefore = new Map(schedule.operators.ended);
  const from = model.nowS;
  let lastS = from;
  let ticks = 0;
  startMs = performance.now();
  while (model.nowS - lastS < QUIET_SECONDS || mustGoOn()) {
    model.step();
    ticks++;
    if (schedule.operators.count > 0) lastS = model.nowS;
    if (model.nowS - from > 5 * 86_400) break;
  }
  const spentMs = performance.now() - startMs;
  const regions = schedule.stores
    .all()
    .filter((entry) => model.stores.get(entry.id)!.alive)
    .map((entry) => entry.bags.regionCount);
  const leaders = schedule.stores
    .all()
    .filter((entry) => model.stores.get(entry.id)!.alive)
    .map((entry) => entry.bags.leaderCount);
  console.log(
    `${name}: still after ${duration(lastS - from)} (simulated; ${(spentMs / 1000).toFixed(1)} s of this core, ${(spentMs / ticks).toFixed(2)} ms a tick)`,
  );
  console.log(`  regions a store ${range(regions)}, leaders a store ${range(leaders)}`);
  for (const [what, count] of schedule.operators.ended) {
    const more = count - (endedBefore.get(what) ?? 0);
    if (more > 0) console.log(`  ${what}: ${more}`);
  }
}

function timeLookups(count: number): number {
  const keys = Array.from({ length: 10_000 }, (_, i) => keyOf(scattered(i)));
  const fromMs = performance.now();
  for (let i = 0; i < count; i++) schedule.table.slotByKey(keys[i % keys.length]!);
  return (count / (performance.now() - fromMs)) * 1000;
}

function range(values: readonly number[]): string {
  return `${Math.min(...values)} to ${Math.max(...values)}`;
}

function duration(seconds: number): string {
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min ${seconds % 60} s`;
}

function print(what: string, value: number, unit: string): void {
  console.log(`${what}: ${Math.round(value).toLocaleString('en')} ${unit}`);
}

/** MB of heap and buffers after a collection where one can be asked for. */
function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 2 ** 20);
}

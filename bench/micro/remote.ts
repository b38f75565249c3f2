/**
 * The router's remote end: gets, one-phase commits and raw puts a second from this thread to a store in memory in another, over loopback,
 * with 1, 16 and 64 in flight; and timestamps. What a call costs this side is the processor time beside it.
 * Run: `npm run bench -- micro/remote`.
 */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { createNodeWorld } from '../../base/node/index.ts';
import { utf8 } from '../../base/bytes.ts';
import { LocalKvClient, RegionRouter } from '../../kv/client/index.ts';
import { RemotePlacement, RemoteStores } from '../../kv/wire/index.ts';
import { CLUSTER_ID, createWired } from '../../kv/wire/testing.ts';

const SECONDS = 3;
const KEYS = 10_000;

if (isMainThread) await measure();
else await serve();

async function serve(): Promise<void> {
  const { placementPort, plain } = await createWired(1, 1);
  const txn = await plain.begin({ pessimistic: false });
  for (let i = 0; i < KEYS; i++) txn.put(keyOf(i), new Uint8Array(100).fill(i & 127));
  await txn.commit();
  parentPort!.postMessage(placementPort);
}

function keyOf(i: number): Uint8Array {
  return utf8(`key${String(i).padStart(13, '0')}`);
}

async function measure(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const world = createNodeWorld();
  const placement = new RemotePlacement({ addresses: [`127.0.0.1:${port}`], clusterId: CLUSTER_ID, world });
  const stores = new RemoteStores({ clusterId: CLUSTER_ID, world, address: (id) => placement.storeAddress(id) });
  const safePoints = { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) };
  const router = new RegionRouter({ source: placement, storeOf: (id) => stores.get(id), world, patienceMs: 10_000, regionsMax: 100, safePoints }); // prettier-ignore
  const client = new LocalKvClient({ store: router, timestamps: placement, world });
  const value = new Uint8Array(100).fill(7);
  const snapshot = client.snapshot(await client.timestamp());
  const cases: Readonly<Record<string, (i: number) => Promise<unknown>>> = {
    'timestamp': async () => client.timestamp(),
    'get of 100 bytes': async (i) => snapshot.get(keyOf(i % KEYS)),
    'one-phase commit of one key': async (i) => {
      const txn = await client.begin({ pessimistic: false });
      txn.put(keyOf(i % KEYS), value);
      return txn.commit();
    },
    'raw put of 100 bytes': (i) => client.raw.put(keyOf(i % KEYS), value),
  }; // prettier-ignore
  for (const [name, run] of Object.entries(cases))
    for (const inFlight of [1, 16, 64]) {
      await once(run, inFlight, 300);
      const messages = stores.get(1).connection.messageCount;
      const before = process.cpuUsage();
      const { count, seconds } = await once(run, inFlight, SECONDS * 1000);
      const cpu = process.cpuUsage(before);
      const rate = Math.round(count / seconds);
      const sent = stores.get(1).connection.messageCount - messages;
      console.log(`${name.padEnd(28)} ${String(inFlight).padStart(3)} in flight: ${String(rate).padStart(7)}/s, ${((cpu.user + cpu.system) / count).toFixed(1).padStart(6)} µs of processor (both threads)${sent === 0 ? '' : `, ${(count / sent).toFixed(1)} a message`}`); // prettier-ignore
    }
  await client.close();
  stores.close();
  placement.close();
  await worker.terminate();
}

async function once(run: (i: number) => Promise<unknown>, inFlight: number, ms: number) {
  const startMs = performance.now();
  const endMs = startMs + ms;
  let count = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < endMs) await run(count++);
    }),
  );
  return { count, seconds: (performance.now() - startMs) / 1000 };
}

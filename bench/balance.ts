/**
 * Three stores with gigabytes of raw pairs get a fourth: how long until it holds its share, and what clients notice meanwhile.
 *
 *     npm run bench -- balance                                  2 GiB in regions of 64 MiB
 *     npm run bench -- balance --mib 512 --region-mib 16
 *
 * Eight clients put and get without a pause, first for ten seconds alone, then until the stores are level: until the newest has at least three
 * quarters of the mean number of replicas. Each pair put is read once more in the end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { utf8 } from '../base/bytes.ts';
import { createNodeWorld } from '../base/node/index.ts';
import { LocalKvClient, RegionRouter } from '../kv/client/index.ts';
import { RemotePlacement, RemoteStores } from '../kv/wire/index.ts';
import { PlaygroundProcess } from '../test/cluster/playground-process.ts';
import { PROGRAM } from '../test/cluster/rutile-process.ts';
import { parseArguments } from './arguments.ts';

const VALUE_SIZE = 4096;
const BATCH = 64;
const CLIENTS = 8;
const ALONE_MS = 10_000;
const LEVEL_MS_MAX = 900_000;

interface StoreOfApi {
  readonly store: { readonly id: number };
  readonly status: { readonly region_count: number };
}

export async function main(argv: readonly string[]): Promise<void> {
  const { flags } = parseArguments(argv, { mib: '2048', 'region-mib': '64' });
  const pairs = (Number(flags['mib']) * 1024 * 1024) / VALUE_SIZE;
  const cluster = await PlaygroundProcess.start({
    stores: 3, placements: 1, sqls: 1, flags: ['--region-size-mib', flags['region-mib']!],
  }); // prettier-ignore
  const fourth = new FourthStore();
  let close = (): void => undefined;
  try {
    await cluster.untilReplicated(3);
    const client = connect(cluster);
    close = () => client.close();
    const began = performance.now();
    await load(client, pairs);
    const seconds = (performance.now() - began) / 1000;
    console.log(`${flags['mib']} MiB in ${seconds.toFixed(0)} s; replicas of regions ${await spread(cluster)}`);
    const work = new Load(client, pairs);
    const before = await work.during(() => sleep(ALONE_MS));
    console.log(`alone: ${describe(before)}`);
    const placement = cluster.part('placement', 1);
    fourth.start(`${placement.host}:${placement.port}`, flags['region-mib']!);
    const moved = await work.during(() => untilLevel(cluster));
    console.log(`while replicas move: ${describe(moved)}, ${(moved.perSecond / before.perSecond).toFixed(2)} of before; replicas of regions ${await spread(cluster)}`); // prettier-ignore
    console.log(`${await work.missing()} of ${work.acknowledged} acknowledged pairs are not there`);
  } finally {
    close();
    fourth.stop();
    await cluster.stop();
  }
}

function key(i: number): Uint8Array {
  return utf8(`balance${String(i).padStart(10, '0')}`);
}

function value(i: number): Uint8Array {
  return new Uint8Array(VALUE_SIZE).fill(i & 255);
}

function connect(cluster: PlaygroundProcess): LocalKvClient {
  const world = createNodeWorld();
  const { host, port } = cluster.part('placement', 1);
  // Whatever cluster answers there is the one that is meant.
  const clusterId = 0;
  const placement = new RemotePlacement({ addresses: [`${host}:${port}`], clusterId, world });
  const stores = new RemoteStores({ clusterId, world, address: (id) => placement.storeAddress(id) });
  const safePoints = { safePoint: () => 0n, holdSafePoint: () => ({ release: () => undefined }) };
  const router = new RegionRouter({ source: placement, storeOf: (id) => stores.get(id), world, patienceMs: 20_000, regionsMax: 10_000, safePoints }); // prettier-ignore
  return new LocalKvClient({ store: router, timestamps: placement, world });
}

/** In random order, as keys come that many clients write; four batches at a time. */
async function load(client: LocalKvClient, pairs: number): Promise<void> {
  const batches = Math.ceil(pairs / BATCH);
  let next = 0;
  const one = async (): Promise<void> => {
    for (let at = next++; at < batches; at = next++) {
      const from = ((at * 7919) % batches) * BATCH;
      const some = Array.from({ length: Math.min(BATCH, pairs - from) }, (_, i) => from + i);
      await client.raw.putMany(some.map((i) => ({ key: key(i), value: value(i) })));
    }
  };
  await Promise.all([one(), one(), one(), one()]);
}

interface Figures {
  readonly seconds: number;
  readonly perSecond: number;
  readonly longestMs: number;
  readonly errors: number;
}

class Load {
  acknowledged = 0;
  private readonly client: LocalKvClient;
  private readonly pairs: number;
  /** The newest value that was acknowledged, by pair. */
  private readonly put = new Map<number, number>();

  constructor(client: LocalKvClient, pairs: number) {
    this.client = client;
    this.pairs = pairs;
  }

  async during(work: () => Promise<unknown>): Promise<Figures> {
    let [stopped, done, errors, longestMs] = [false, 0, 0, 0];
    // Each client has pairs of its own: the last value it was told about is the one that must be there.
    const run = async (self: number): Promise<void> => {
      for (let round = 0; !stopped; round++) {
        const i = Math.floor(Math.random() * (this.pairs / CLIENTS)) * CLIENTS + self;
        const began = performance.now();
        try {
          if (round % 2 === 0) await this.client.raw.get(key(i));
          else {
            await this.client.raw.put(key(i), value(round));
            this.put.set(i, round);
            this.acknowledged++;
          }
          done++;
        } catch {
          // What became of it is not known.
          this.put.delete(i);
          errors++;
        }
        longestMs = Math.max(longestMs, performance.now() - began);
      }
    };
    const began = performance.now();
    const runs = Array.from({ length: CLIENTS }, (_, self) => run(self));
    await work();
    stopped = true;
    await Promise.all(runs);
    const seconds = (performance.now() - began) / 1000;
    return { seconds, perSecond: done / seconds, longestMs, errors };
  }

  async missing(): Promise<number> {
    let missing = 0;
    for (const [i, round] of this.put) {
      const found = await this.client.raw.get(key(i));
      if (found === undefined || found.length !== VALUE_SIZE || found[0] !== (round & 255)) missing++;
    }
    return missing;
  }
}

/** Started as a user starts one. */
class FourthStore {
  private child: ChildProcess | undefined;
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'rutile-bench-balance-'));

  start(placement: string, regionMib: string): void {
    this.child = spawn(
      process.execPath,
      [PROGRAM, 'kv', '--placement', placement, '--data-dir', this.dataDir, '--kv-port', '0', '--status-port', '0', '--region-size-mib', regionMib],
      { stdio: 'ignore' },
    ); // prettier-ignore
    process.once('exit', () => this.child?.kill('SIGKILL'));
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function storesOf(cluster: PlaygroundProcess): Promise<readonly StoreOfApi[]> {
  return (await cluster.placementApi<{ stores: StoreOfApi[] }>('GET', 'stores')).stores;
}

async function spread(cluster: PlaygroundProcess): Promise<string> {
  return (await storesOf(cluster)).map(({ status }) => status.region_count).join(', ');
}

async function untilLevel(cluster: PlaygroundProcess): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LEVEL_MS_MAX; await sleep(500)) {
    const counts = (await storesOf(cluster)).map(({ status }) => status.region_count ?? 0);
    const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
    if (counts.length === 4 && Math.min(...counts) >= 0.75 * mean) return;
  }
  console.log(`not level after ${LEVEL_MS_MAX / 1000} s`);
}

function describe({ seconds, perSecond, longestMs, errors }: Figures): string {
  return `${seconds.toFixed(0)} s, ${perSecond.toFixed(0)} puts and gets a second, longest ${longestMs.toFixed(0)} ms, ${errors} errors`;
}

/**
 * A store of a cluster in this process, from its identity up to its reports. Used by `rutile kv`, where it is all there is, and by `rutile start` in a
 * cluster.
 *
 *     identity, founding ─ links to other stores ─ store ─ kv door ─ address told ─ reports
 */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { RegionDescriptor } from '../proto/kv/region.ts';
import type { PlacementPort, StoreRecord } from '../kv/placement/index.ts';
import { LocalKvClient, RegionRouter, ROUTER_LIMITS } from '../kv/client/index.ts';
import { openKvServer, type ServedRegion } from '../kv/server/index.ts';
import { PlacementAgent, Store } from '../kv/store/index.ts';
import { RemoteStores } from '../kv/wire/index.ts';
import type { PlacementWay } from './connect-placement.ts';
import type { DataFolder } from './open-data.ts';
import { ClusterSafePoint, patiently, StoreAddresses } from './placement-ports.ts';
import type { ProcessParts } from './serve.ts';
import { storeIdentity } from './store-identity.ts';
import { storeLimits } from './store-limits.ts';
import { StoreWires } from './wire-stores.ts';

/** How long a store that is being stopped waits for others to take the lead of its regions. */
const HAND_OVER_MS = 3000;
/** Longer than placement takes to miss a store. */
const ADDRESS_WAIT_MS = 60_000;
const ADDRESS_RETRY_MS = 2000;

export interface StoreParts extends ProcessParts {
  readonly data: DataFolder;
  readonly placement: PlacementWay;
  /** The host by which others reach the kv door. */
  readonly advertise: string;
  /** What a folder of the oldest form, which knew no regions, holds. */
  readonly oldRegion?: RegionDescriptor | undefined;
}

export interface OpenStore {
  readonly clusterId: number;
  readonly store: Store;
  readonly client: LocalKvClient;
  readonly port: number;
  /** For people. */
  facts(): object;
}

export async function openStore(parts: StoreParts): Promise<OpenStore> {
  const { world, settings, version, log, tls, undo, data, placement, advertise, oldRegion } = parts;
  const { labels } = settings;
  const wantedPort = settings.kvPort === 'off' ? 0 : settings.kvPort;
  const record = { address: `${advertise}:${wantedPort}`, version, labels };
  const identity = await storeIdentity(world, placement.port, data.path, record);
  const { clusterId, storeId } = identity;
  const { timestamps } = placement;
  const addresses = new StoreAddresses(world, placement.port);
  const wires = new StoreWires({ storeId, clusterId, world, tls, resolve: (id) => addresses.of(id) });
  undo.push(() => wires.close());
  const changed = (regions: readonly RegionDescriptor[]): void => {
    // What is missed here is told with the next reports.
    void placement.port.reportSplit(regions).catch(() => undefined);
  };
  const store = await Store.open({
    engine: data.engine, log: data.log, timestamps, world, storeId, firstRegion: identity.firstRegion ?? oldRegion ?? 'none', transport: wires,
    folder: data.path, stagingFolder: join(data.path, 'snapshots'),
    limits: storeLimits(settings),
    differs: (difference) => log.error(difference, 'a replica here is not what its leader has: a disk or this program is at fault; remove the peer and let it be made anew'),
    splitting: { newIds: (count) => patiently(world, () => placement.port.allocateIds(count)), changed },
    agreeSafePoint: (wanted) => placement.port.advanceSafePoint(wanted),
  }); // prettier-ignore
  undo.push(() => store.close());
  identity.settle();
  wires.attach(store);

  // Clients that do not know regions may ask any store for raw keys: it asks the one that leads.
  const remotes = new RemoteStores({
    clusterId,
    world,
    credentials: tls?.channelCredentials(),
    address: (id) => addresses.of(id),
  });
  undo.push(() => remotes.close());
  const safePoints = new ClusterSafePoint(world, placement.port, `store-${storeId}`);
  undo.push(() => safePoints.close());
  const router = new RegionRouter({
    ...ROUTER_LIMITS, world, source: placement.regions, storeOf: (id) => (id === storeId ? store.gate : remotes.get(id)), safePoints,
  }); // prettier-ignore
  const client = new LocalKvClient({ store: router, timestamps, world });
  undo.push(() => client.close());
  let serving = true;
  const door = await openKvServer({
    host: settings.host, port: wantedPort, flag: '--kv-port', tls, raw: client.raw, timers: world.timers, isServing: () => serving, raft: wires.receiver,
    served: (): ServedRegion => ({ region: { id: 0, start_key: new Uint8Array(0), end_key: new Uint8Array(0), region_epoch: { conf_ver: 0, version: 0 }, peers: [] }, storeId, clusterId }),
    regions: {
      storeId, clusterId, store: store.gate, clock: world.clock,
      describe: (id) => store.regionsHere.peers.get(id)?.region,
      scanLocks: (range, maxTs, limit) => store.scanLocks(range, maxTs, limit),
      split: store.splitter && ((region, places) => store.splitter!.splitRegion(region, places)),
    },
  }); // prettier-ignore
  undo.push(() => door.close());
  await register(world, log, placement.port, { ...record, id: storeId, state: 'up', address: `${advertise}:${door.port}` }); // prettier-ignore
  const agent = new PlacementAgent({
    store, storeId, placement: placement.port, world, folder: data.path,
    usedBytes: () => data.log.sizeBytes + Number(data.engine.property('size-bytes') ?? 0),
    onBuried: () => {
      log.error(`placement has given up store ${storeId}: its data folder ${data.path} is of no use any more`);
      process.exit(1);
    },
    onProblem: (what, error) => log.debug({ err: String(error) }, what),
  }); // prettier-ignore
  agent.start();
  undo.push(() => agent.close());
  undo.push(async () => {
    serving = false;
    await handOver(store, world);
  });
  return {
    clusterId,
    store,
    client,
    port: door.port,
    facts: () => ({ storeId, links: wires.state(), regions: regionsOf(store) }),
  };
}

/** A store that was at this address and died keeps it until placement has not heard of it for a while. */
async function register(world: World, log: Logger, placement: PlacementPort, record: StoreRecord): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += ADDRESS_RETRY_MS) {
    try {
      return await patiently(world, () => placement.putStore(record), Infinity);
    } catch (error) {
      const isTaken = error instanceof RutileError && error.code === 'placement.duplicate-address';
      if (!isTaken || waitedMs >= ADDRESS_WAIT_MS) throw error;
      log.info(`waiting for the address: ${error.message}`);
    }
    await new Promise<void>((resolve) => void world.timers.after(ADDRESS_RETRY_MS, resolve));
  }
}

function regionsOf(store: Store): object[] {
  return store.regionsHere.peers.all().map(({ region, consensus, appliedIndex, serves }) => ({
    id: region.id, epoch: region.epoch, peers: region.peers, leads: consensus.isLeader, serves, leaderId: consensus.leaderId, term: consensus.term, appliedIndex,
  })); // prettier-ignore
}

/** Others take the lead before this store goes, so that nobody waits for an election. */
async function handOver(store: Store, world: World): Promise<void> {
  const endMs = world.clock.monotonicMs() + HAND_OVER_MS;
  while (world.clock.monotonicMs() < endMs) {
    let left = 0;
    for (const { id, consensus, region } of store.regionsHere.peers.all()) {
      if (!consensus.isLeader) continue;
      const self = consensus.core.id;
      const voters = new Set(region.peers.filter((peer) => peer.role === 'voter').map((peer) => peer.id));
      const [best] = consensus
        .progress()
        .filter((one) => one.id !== self && one.recentlyActive && voters.has(one.id))
        .sort((one, other) => other.match - one.match);
      if (best === undefined) continue;
      left++;
      store.regionsHere.transferLeader(id, best.id);
    }
    if (left === 0) return;
    await new Promise<void>((resolve) => void world.timers.after(50, resolve));
  }
}

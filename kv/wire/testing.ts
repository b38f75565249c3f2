/** Stores of a fake cluster behind real gRPC servers of this process, and a client that reaches them through the wire alone. */
import type { World } from '../../base/world.ts';
import { SeededRandom } from '../../base/random.ts';
import type { RegionDescriptor } from '../../proto/kv/region.ts';
import { regionToWire } from '../../proto/wire/region-errors.ts';
import { LocalKvClient, RegionRouter } from '../client/index.ts';
import { FakeCluster } from '../client/routing/testing.ts';
import type { RegionStorePort } from '../client/region-store.ts';
import type { TimestampPort } from '../client/store-port.ts';
import { createMemoryKv, createTestWorld, type MemoryKv } from '../client/testing.ts';
import { type GrpcListener, openKvServer, openPlacementServer, type LocatedRegion } from '../server/index.ts';
import { RemotePlacement, RemoteStores } from './index.ts';

export const CLUSTER_ID = 4711;

/** Counts on from the clock, in groups. */
export class GroupOracle implements TimestampPort {
  private last = 0n;

  next(): bigint {
    return this.group(1);
  }

  /** The largest of `count` in a row. */
  group(count: number): bigint {
    const now = BigInt(Date.now()) << 18n;
    const first = now > this.last ? now : this.last + 1n;
    this.last = first + BigInt(count) - 1n;
    return this.last;
  }
}

export interface WiredCluster {
  readonly cluster: FakeCluster;
  readonly plain: MemoryKv;
  readonly routed: LocalKvClient;
  readonly stores: RemoteStores;
  readonly placement: RemotePlacement;
  readonly servers: readonly GrpcListener[];
  readonly placementPort: number;
  close(): Promise<void>;
}

export function openStoreServer(world: World, storeId: number, store: RegionStorePort, plain: MemoryKv, describe: (id: number) => RegionDescriptor | undefined, port = 0): Promise<GrpcListener> {
  return openKvServer({
    host: '127.0.0.1', port, flag: '--kv-port', raw: plain.raw, timers: world.timers, isServing: () => true,
    served: () => ({ region: regionToWire(describe(1)!, 'raw')!, storeId, clusterId: CLUSTER_ID }),
    regions: { storeId, clusterId: CLUSTER_ID, store, clock: world.clock, describe, scanLocks: (range, maxTs, limit) => plain.store.scanLocks(range, maxTs, limit) },
  });
} // prettier-ignore

export async function createWired(seed: number, storeCount = 3): Promise<WiredCluster> {
  const oracle = new GroupOracle();
  const world = createTestWorld();
  const plain = await createMemoryKv({ timestamps: oracle });
  const cluster = new FakeCluster(plain.store, new SeededRandom(seed));
  // What a store says of itself; that another one is out of reach is found out by the connection.
  cluster.refusalCodes = ['kv.not-leader', 'kv.no-region', 'kv.epoch'];
  const describe = (id: number): RegionDescriptor | undefined => cluster.regions.find((region) => region.id === id);
  const servers: GrpcListener[] = [];
  for (let id = 1; id <= storeCount; id++)
    servers.push(await openStoreServer(world, id, cluster.store(id), plain, describe));
  const located = (region: RegionDescriptor | undefined): LocatedRegion | undefined => {
    const leader = region?.peers.find((peer) => peer.storeId === cluster.leaders.get(region.id));
    return region && { region: regionToWire(region, 'space')!, leader: { id: leader!.id, store_id: leader!.storeId } };
  };
  const door = await openPlacementServer({
    host: '127.0.0.1', port: 0, flag: '--placement-port', bounds: 'memcomparable',
    facts: {
      clusterId: CLUSTER_ID, memberId: 1, name: 'p', clientUrl: () => 'http://127.0.0.1:1',
      timestamps: (count) => { const last = oracle.group(count); return { physical: Number(last >> 18n), logical: Number(last & 0x3ffffn) }; },
      regionByKey: (key) => located(cluster.byKey(key)), regionBelow: (key) => located(cluster.below(key)), previousRegion: () => undefined,
      regionById: (id) => located(describe(id)), scanRegions: () => cluster.regions.map((region) => located(region)!),
      stores: () => servers.map(({ port }, i) => ({ id: i + 1, address: `127.0.0.1:${port}`, state: 0, version: '8.5.0' })),
      safePoint: () => plain.store.safePoint(), advanceSafePoint: (ts) => Promise.resolve(ts),
    },
  }); // prettier-ignore
  const placement = new RemotePlacement({ addresses: [`127.0.0.1:${door.port}`], clusterId: CLUSTER_ID, world });
  const stores = new RemoteStores({ clusterId: CLUSTER_ID, world, address: (id) => placement.storeAddress(id) });
  const router = new RegionRouter({
    source: placement, storeOf: (id) => stores.get(id), world, patienceMs: 20_000, regionsMax: 1000, safePoints: plain.store,
  }); // prettier-ignore
  const routed = new LocalKvClient({ store: router, timestamps: placement, world });
  const close = async (): Promise<void> => {
    await routed.close();
    stores.close();
    placement.close();
    await Promise.all([...servers, door].map((server) => server.close(0)));
    await plain.close();
  };
  return { cluster, plain, routed, stores, placement, servers, placementPort: door.port, close };
}

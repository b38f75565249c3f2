/**
 * Opens the two gRPC doors of this process over its own store and placement. What clients are told of the store's address is decided
 * here, when its port is known: a free port picked at start is in no record on disk.
 */
import type { World } from '../base/world.ts';
import type { RawClient } from '../kv/client/client.ts';
import type { Placement, RegionInfo, StoreRecord } from '../kv/placement/index.ts';
import type { GrpcListener, LocatedRegion, PlacementFacts, ServedRegion } from '../kv/server/index.ts';
import type { Region, StoreMessage } from '../proto/wire/messages.ts';
import type { Port } from './settings.ts';

export interface KvServerWiring {
  readonly world: World;
  readonly raw: RawClient;
  readonly placement: Placement;
  readonly host: string;
  readonly kvPort: Port;
  readonly placementPort: Port;
  /** False while the process shuts down or its store refuses writes. */
  readonly isServing: () => boolean;
}

export interface KvDoors {
  readonly kvPort: number | undefined;
  readonly placementPort: number | undefined;
  close(): Promise<void>;
}

/** What version clients are told: they choose by it which requests to send. */
const STORE_VERSION = '8.5.0';
const STORE_STATES = { up: 0, offline: 1, tombstone: 2 } as const;

export async function openKvDoors(wiring: KvServerWiring): Promise<KvDoors> {
  if (wiring.kvPort === 'off' && wiring.placementPort === 'off') return { kvPort: undefined, placementPort: undefined, close: async () => undefined };
  // gRPC is large: a process with both doors closed does not load it.
  const { openKvServer, openPlacementServer } = await import('../kv/server/index.ts');
  const { placement, host } = wiring;
  const [region] = placement.scanRegions(new Uint8Array(0), new Uint8Array(0), 1);
  const storeId = region!.peers[0]!.storeId;
  const listeners: GrpcListener[] = [];
  try {
    let kv: GrpcListener | undefined;
    if (wiring.kvPort !== 'off') {
      const served = (): ServedRegion => ({ region: regionMessage(placement.regionById(region!.id)!), storeId, clusterId: placement.clusterId });
      kv = await openKvServer({ host, port: wiring.kvPort, flag: '--kv-port', raw: wiring.raw, timers: wiring.world.timers, served: remember(served), isServing: wiring.isServing });
      listeners.push(kv);
    }
    let placed: GrpcListener | undefined;
    if (wiring.placementPort !== 'off') {
      const address = kv ? `${advertised(host)}:${kv.port}` : undefined;
      placed = await openPlacementServer({ host, port: wiring.placementPort, flag: '--placement-port', facts: factsOf(placement, storeId, address, () => `http://${advertised(host)}:${placed!.port}`) });
      listeners.push(placed);
    }
    return { kvPort: kv?.port, placementPort: placed?.port, close: async () => void (await Promise.all(listeners.map((one) => one.close()))) };
  } catch (error) {
    await Promise.all(listeners.map((one) => one.close(0)));
    throw error;
  }
}

/** A wildcard address listens everywhere and can be dialled nowhere. */
function advertised(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/** Every request asks for the region: the message is made again only when the region changed. */
function remember(make: () => ServedRegion): () => ServedRegion {
  let known: ServedRegion | undefined;
  return () => (known ??= make());
}

function factsOf(placement: Placement, ownStoreId: number, ownAddress: string | undefined, clientUrl: () => string): PlacementFacts {
  const located = (info: RegionInfo | undefined): LocatedRegion | undefined => {
    if (!info) return undefined;
    const region = regionMessage(info);
    const leader = info.leader ?? info.peers[0]!;
    return { region, leader: { id: leader.id, store_id: leader.storeId } };
  };
  return {
    clusterId: placement.clusterId,
    memberId: 1,
    name: 'placement-1',
    clientUrl,
    timestamps: (count) => placement.timestamps(count),
    regionByKey: (key) => located(placement.regionByKey(key)),
    previousRegion: (key) => located(placement.previousRegion(key)),
    regionById: (id) => located(placement.regionById(id)),
    scanRegions: (lower, upper, limit) => placement.scanRegions(lower, upper, limit).map((info) => located(info)!),
    stores: () => placement.stores().map((store) => storeMessage(store, store.id === ownStoreId ? ownAddress : undefined)),
  };
}

function regionMessage(info: RegionInfo): Region {
  return {
    id: info.id,
    start_key: info.lower,
    end_key: info.upper,
    region_epoch: { conf_ver: info.epoch.confVersion, version: info.epoch.version },
    peers: info.peers.map((peer) => ({ id: peer.id, store_id: peer.storeId })),
  };
}

function storeMessage(store: StoreRecord, address: string | undefined): StoreMessage {
  return { id: store.id, address: address ?? store.address, state: STORE_STATES[store.state as keyof typeof STORE_STATES] ?? 0, version: STORE_VERSION };
}

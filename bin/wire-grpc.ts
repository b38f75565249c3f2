/**
 * The gRPC doors of one process: raw keys and transactions on the kv port, timestamps and regions on the placement ports, one for each
 * kind of client (kv/server/placement-service.ts says why).
 */
import { compareBytes } from '../base/bytes.ts';
import type { World } from '../base/world.ts';
import {
  openKvServer,
  openPlacementServer,
  type GrpcListener,
  type LocatedRegion,
  type PlacementFacts,
  type ServedRegion,
  type TlsIdentity,
} from '../kv/server/index.ts';
import type { Peer, RegionInfo } from '../kv/placement/index.ts';
import type { KvFloor } from './wire-kv.ts';

const STORE_UP = 0;
const ROLE_LEARNER = 1;

export interface GrpcDoors {
  readonly kv: GrpcListener | undefined;
  readonly placement: GrpcListener | undefined;
  readonly txnPlacement: GrpcListener | undefined;
  close(): Promise<void>;
}

export async function wireGrpc(
  world: World,
  floor: KvFloor,
  options: {
    readonly host: string;
    readonly kvPort: number | 'off';
    readonly placementPort: number | 'off';
    readonly txnPlacementPort: number | 'off';
    readonly version: string;
    readonly tls?: TlsIdentity | undefined;
  },
): Promise<GrpcDoors> {
  const { host, tls } = options;
  const { placement, client } = floor;
  let kvPort = options.kvPort === 'off' ? 0 : options.kvPort;
  const kv =
    options.kvPort === 'off'
      ? undefined
      : await openKvServer({
          host, port: options.kvPort, flag: '--kv-port', tls, raw: client.raw, timers: world.timers, isServing: () => true,
          served: () => served(placement.regionByKey(new Uint8Array(0))!, placement.clusterId),
          regions: {
            storeId: placement.stores()[0]!.id, clusterId: placement.clusterId, store: floor.store.gate, clock: world.clock,
            describe: (id) => floor.store.regions().find((region) => region.id === id),
            scanLocks: (range, maxTs, limit) => floor.store.scanLocks(range, maxTs, limit),
            split: floor.store.splitter && ((region, places) => floor.store.splitter!.splitRegion(region, places)),
          },
        }); // prettier-ignore
  if (kv !== undefined) kvPort = kv.port;
  const openPlacement = async (flag: string, port: number | 'off', bounds: 'raw' | 'memcomparable') => {
    if (port === 'off') return undefined;
    const scheme = tls === undefined ? 'http' : 'https';
    let listener: GrpcListener | undefined = undefined;
    const clientUrl = (): string => `${scheme}://${host}:${listener?.port ?? port}`;
    const facts = placementFacts(floor, { host, kvPort, version: options.version, clientUrl });
    listener = await openPlacementServer({ host, port, flag, tls, facts, bounds });
    return listener;
  };
  let placementDoor: GrpcListener | undefined;
  let txnPlacement: GrpcListener | undefined;
  try {
    placementDoor = await openPlacement('--placement-port', options.placementPort, 'raw');
    txnPlacement = await openPlacement('--txn-placement-port', options.txnPlacementPort, 'memcomparable');
  } catch (error) {
    await kv?.close(0);
    await placementDoor?.close(0);
    throw error;
  }
  return {
    kv,
    placement: placementDoor,
    txnPlacement,
    close: async () => {
      await Promise.all([kv?.close(), placementDoor?.close(), txnPlacement?.close()]);
    },
  };
}

function placementFacts(
  floor: KvFloor,
  options: { host: string; kvPort: number; version: string; clientUrl: () => string },
): PlacementFacts {
  const { placement } = floor;
  const found = (region: RegionInfo | undefined) => (region === undefined ? undefined : located(region));
  return {
    clusterId: placement.clusterId,
    memberId: 1,
    name: 'rutile',
    clientUrl: options.clientUrl,
    timestamps: (count) => placement.timestamps(count),
    regionByKey: (key) => found(placement.regionByKey(key)),
    previousRegion: (key) => found(placement.previousRegion(key)),
    regionBelow: (key) => {
      // No key begins with this byte: the last region holds it.
      const at = placement.regionByKey(key.length === 0 ? new Uint8Array([0xff]) : key);
      const isAbove = at !== undefined && key.length > 0 && compareBytes(at.lower, key) >= 0;
      return found(isAbove ? placement.previousRegion(key) : at);
    },
    regionById: (id) => found(placement.regionById(id)),
    scanRegions: (lower, upper, limit) => placement.scanRegions(lower, upper, limit).map(located),
    safePoint: () => placement.safePoint(),
    advanceSafePoint: (ts) => placement.advanceSafePoint(ts),
    // The one store of this process listens where it does now, whatever was written down at an earlier start.
    stores: () =>
      placement.stores().map((store) => ({
        id: store.id,
        address: `${options.host}:${options.kvPort}`,
        state: STORE_UP,
        version: options.version,
      })),
  };
}

function served(region: RegionInfo, clusterId: number): ServedRegion {
  return { region: located(region).region, storeId: region.peers[0]!.storeId, clusterId };
}

function located(region: RegionInfo): LocatedRegion {
  const wire = (peer: Peer) => ({
    id: peer.id,
    store_id: peer.storeId,
    role: peer.role === 'learner' ? ROLE_LEARNER : 0,
  });
  return {
    region: {
      id: region.id, start_key: region.lower, end_key: region.upper, region_epoch: { conf_ver: region.epoch.confVersion, version: region.epoch.version }, peers: region.peers.map(wire),
    }, // prettier-ignore
    leader: wire(region.leader ?? region.peers[0]!),
  };
}

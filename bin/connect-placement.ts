/** The way to placement for stores and SQL servers: `--placement`, as what asks it (kv/placement/port.ts), as oracle and as map of regions. */
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { RegionSource, TimestampPort } from '../kv/client/index.ts';
import type { PlacementPort } from '../kv/placement/port.ts';
import { PlacementClient } from '../kv/server/placement-client.ts';
import type { TlsIdentity } from '../kv/server/index.ts';
import { ClusterOracle, clusterRegions } from './placement-ports.ts';
import type { Settings } from './settings.ts';

export interface PlacementWay {
  readonly port: PlacementPort;
  readonly timestamps: TimestampPort;
  readonly regions: RegionSource;
}

export interface PlacementConnection extends PlacementWay {
  close(): void;
}

export function wayTo(world: World, port: PlacementPort): PlacementWay {
  return { port, timestamps: new ClusterOracle(world, port), regions: clusterRegions(port) };
}

export function connectPlacement(settings: Settings, world: World, tls: TlsIdentity | undefined): PlacementConnection {
  if (settings.placement.length === 0)
    throw new RutileError(
      'settings.invalid',
      '--placement is missing: HOST:PORT[,HOST:PORT…] of the members of placement',
    );
  const port = new PlacementClient({ world, addresses: settings.placement, credentials: tls?.channelCredentials() });
  return { ...wayTo(world, port), close: () => port.close() };
}

/**
 * `rutile sql`: a SQL server of a cluster. It keeps nothing: rows are in the stores, the schema as well; several of them work on the same data and
 * see each other's changes. Its folder holds the key of the password exchange and nothing else.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { createNodeWorld } from '../base/node/index.ts';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { KvClient } from '../kv/client/client.ts';
import { LocalKvClient, RegionRouter, ROUTER_LIMITS } from '../kv/client/index.ts';
import { RemoteStores } from '../kv/wire/index.ts';
import { connectPlacement } from './connect-placement.ts';
import { openFailpoints } from './failpoint-door.ts';
import { ClusterSafePoint, isPassing, StoreAddresses } from './placement-ports.ts';
import { openLog, type Running, serve, Undo } from './serve.ts';
import type { Settings } from './settings.ts';
import { clusterOf } from './store-identity.ts';
import { openTls } from './tls.ts';
import { type SqlFloor, wireSql } from './wire-sql.ts';

export const DRAIN_MS = 10_000;
const RETRY_MS = 200;

export function startSql(settings: Settings, version: string): Promise<void> {
  return serve(settings, () => openSql(settings, version));
}

/** One of several SQL servers over the stores of a cluster, which may still be to come. */
export async function sqlOfCluster(
  world: World,
  client: KvClient,
  path: string,
  settings: Settings,
  log: Logger,
): Promise<SqlFloor> {
  for (;;) {
    try {
      return await wireSql(world, { client, data: { path }, exclusive: false }, settings, log);
    } catch (error) {
      if (!isPassing(error) && !(error instanceof RutileError && error.retry !== 'no')) throw error;
      log.debug({ err: (error as Error).message }, 'waiting for the stores');
      await new Promise<void>((go) => void world.timers.after(RETRY_MS, go));
    }
  }
}

async function openSql(settings: Settings, version: string): Promise<Running> {
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo = new Undo();
  const path = resolve(settings.dataDir);
  mkdirSync(path, { recursive: true });
  try {
    const tls = openTls(settings, world.timers, log);
    undo.push(() => tls?.close());
    const placement = connectPlacement(settings, world, tls);
    undo.push(() => placement.close());
    const clusterId = await clusterOf(world, placement.port);
    const { timestamps } = placement;
    const addresses = new StoreAddresses(world, placement.port);
    const remotes = new RemoteStores({ clusterId, world, credentials: tls?.channelCredentials(), address: (id) => addresses.of(id) }); // prettier-ignore
    undo.push(() => remotes.close());
    const safePoints = new ClusterSafePoint(world, placement.port, `sql-${process.pid}-${world.random.below(2 ** 40)}`);
    undo.push(() => safePoints.close());
    const router = new RegionRouter({
      ...ROUTER_LIMITS, world, source: placement.regions, storeOf: (id) => remotes.get(id), safePoints,
    }); // prettier-ignore
    const client = new LocalKvClient({ store: router, timestamps, world });
    undo.push(() => client.close());
    const sql = await sqlOfCluster(world, client, path, settings, log);
    undo.push(() => sql.close(DRAIN_MS));
    const ports: { mysql: number; status?: number } = { mysql: sql.port };
    if (settings.statusPort !== 'off') {
      const { openStatus } = await import('./open-status.ts');
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: path, clusterId: () => clusterId, failpoints, sql,
      }); // prettier-ignore
      undo.push(() => status.close());
      ports.status = status.port;
    }
    return { ports, close: () => undo.run() };
  } catch (error) {
    await undo.run().catch(() => undefined);
    throw error;
  }
}

/**
 * `rutile start`: everything in one process, opened from the bottom up and closed from the top down. With `--advertise` or `--join`, or over a folder that knew one of
 * them before, the process is a machine of a cluster (start-cluster.ts).
 */
import { RutileError } from '../base/error.ts';
import { createNodeWorld } from '../base/node/index.ts';
import { isOfCluster } from './cluster-place.ts';
import { openFailpoints } from './failpoint-door.ts';
import { openLog, type Running, serve } from './serve.ts';
import type { Settings } from './settings.ts';
import { wireKv } from './wire-kv.ts';
import type { SqlFloor } from './wire-sql.ts';

const DRAIN_MS = 10_000;

/** The command: opens, prints, and stays until a signal. */
export function startAll(settings: Settings, version: string): Promise<void> {
  return serve(settings, async () => {
    if (isOfCluster(settings)) return (await import('./start-cluster.ts')).openClusterMachine(settings, version);
    if (Object.keys(settings.labels).length > 0)
      throw new RutileError('settings.invalid', '--labels are for a machine of a cluster: give --advertise or --join');
    return openAll(settings, version);
  });
}

/** Everything without the process around it: tests start it too. */
export async function openAll(settings: Settings, version: string): Promise<Running> {
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const kv = await wireKv(world, settings, version);
    undo.push(() => kv.close());
    for (const file of kv.placement.damagedCopies)
      log.warn({ file }, "a copy of placement's state was damaged; the other one is used and both are written anew");
    let scheme = 'http';
    const ports: { mysql?: number; kv?: number; placement?: number; txnPlacement?: number; status?: number } = {};
    let sql: SqlFloor | undefined;
    if (settings.mysqlPort !== 'off') {
      const { wireSql } = await import('./wire-sql.ts');
      sql = await wireSql(world, kv, settings, log);
      undo.push(() => sql!.close(DRAIN_MS));
      ports.mysql = sql.port;
    }
    if (settings.kvPort !== 'off' || settings.placementPort !== 'off' || settings.txnPlacementPort !== 'off') {
      const [{ wireGrpc }, { openTls }] = await Promise.all([import('./wire-grpc.ts'), import('./tls.ts')]);
      const tls = openTls(settings, world.timers, log);
      undo.push(async () => tls?.close());
      if (tls !== undefined) scheme = 'https';
      const doors = await wireGrpc(world, kv, {
        host: settings.host,
        kvPort: settings.kvPort,
        placementPort: settings.placementPort,
        txnPlacementPort: settings.txnPlacementPort,
        version,
        tls,
      });
      undo.push(() => doors.close());
      if (doors.kv) ports.kv = doors.kv.port;
      if (doors.placement) ports.placement = doors.placement.port;
      if (doors.txnPlacement) ports.txnPlacement = doors.txnPlacement.port;
    }
    if (settings.statusPort !== 'off') {
      const [{ openStatus }, { openLocalSteward }] = await Promise.all([import('./open-status.ts'), import('./local-steward.ts')]); // prettier-ignore
      const clientUrl = ports.placement === undefined ? '' : `${scheme}://${settings.host}:${ports.placement}`;
      const kvAddress = ports.kv === undefined ? undefined : `${settings.host}:${ports.kv}`;
      const steward = openLocalSteward(world, kv, log, { version, clientUrl, kvAddress });
      undo.push(async () => steward.close());
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: kv.data.path, clusterId: () => kv.placement.clusterId, failpoints, store: kv.store, engine: kv.data.engine, log: kv.data.log, sql,
        api: steward.api,
      }); // prettier-ignore
      undo.push(() => status.close());
      ports.status = status.port;
    }
    log.debug({ ports, dataDir: kv.data.path }, 'open');
    return { ports, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

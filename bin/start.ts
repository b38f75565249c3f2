/** `rutile start`: everything in one process, opened from the bottom up and closed from the top down. */
import { createNodeWorld } from '../base/node/index.ts';
import { answerFailpoints, openFailpoints } from './failpoint-door.ts';
import { openLog, type Running, serve } from './serve.ts';
import type { Settings } from './settings.ts';
import { wireKv, type KvFloor } from './wire-kv.ts';
import type { SqlFloor } from './wire-sql.ts';

const DRAIN_MS = 10_000;

/** The command: opens, prints, and stays until a signal. */
export function startAll(settings: Settings, version: string): Promise<void> {
  return serve(settings, () => openAll(settings, version));
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
      const status = await openStatus(settings, settings.statusPort, version, kv, sql, ports, failpoints);
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

async function openStatus(
  settings: Settings,
  port: number,
  version: string,
  kv: KvFloor,
  sql: SqlFloor | undefined,
  ports: object,
  failpoints: boolean,
) {
  const { StatusServer } = await import('./status-server.ts');
  const { Metrics } = await import('./metrics.ts');
  const numbers = () => ({
    ...Object.fromEntries(
      Object.entries(kv.store.counters).map(([name, value]) => [`rutile_store_${snake(name)}`, value]),
    ),
    rutile_log_size_bytes: kv.data.log.sizeBytes,
    rutile_column_cache_bytes: sql?.columnCacheBytes() ?? 0,
  });
  const metrics = new Metrics({ instance: sql?.instance, engine: kv.data.engine, numbers });
  const startedAt = Date.now();
  return StatusServer.open(
    { host: settings.host, port },
    {
      metrics: () => metrics.page(),
      failpoints: failpoints ? answerFailpoints : undefined,
      status: () => ({
        version, node: process.versions.node, pid: process.pid, ports, dataDir: kv.data.path, clusterId: kv.placement.clusterId, uptimeSeconds: Math.floor((Date.now() - startedAt) / 1000),
        memory: process.memoryUsage(), connections: sql?.instance.sessions.size ?? 0, logSizeBytes: kv.data.log.sizeBytes, engineSizeBytes: kv.data.engine.property('size-bytes'),
      }),
    },
  ); // prettier-ignore
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

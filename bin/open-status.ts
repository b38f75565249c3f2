/** The status door of a process of any role: what of a store, a log and a SQL server it has decides what the pages show. */
import type { Engine } from '../kv/engine/index.ts';
import type { RaftLog } from '../kv/log/index.ts';
import type { Store } from '../kv/store/index.ts';
import { answerFailpoints } from './failpoint-door.ts';
import { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';
import { StatusServer, type StatusSource } from './status-server.ts';
import type { SqlFloor } from './wire-sql.ts';

export interface StatusParts {
  readonly version: string;
  readonly ports: object;
  readonly dataDir: string;
  readonly clusterId: () => number;
  readonly failpoints: boolean;
  readonly store?: Store | undefined;
  readonly engine?: Engine | undefined;
  readonly log?: RaftLog | undefined;
  readonly sql?: SqlFloor | undefined;
  /** PD's HTTP API, where there is one. */
  readonly api?: StatusSource['api'];
  /** What else people want to know of the role. */
  readonly more?: () => object;
}

export function openStatus(settings: Settings, port: number, parts: StatusParts): Promise<StatusServer> {
  const { store, engine, log, sql, version, ports, dataDir, clusterId } = parts;
  const numbers = () => ({
    ...Object.fromEntries(
      Object.entries(store?.counters ?? {}).map(([name, value]) => [`rutile_store_${snake(name)}`, value]),
    ),
    ...(log && { rutile_log_size_bytes: log.sizeBytes }),
    ...(sql && { rutile_column_cache_bytes: sql.columnCacheBytes() }),
  });
  const metrics = new Metrics({ instance: sql?.instance, engine, numbers });
  const startedAt = Date.now();
  return StatusServer.open(
    { host: settings.host, port },
    {
      metrics: () => metrics.page(),
      failpoints: parts.failpoints ? answerFailpoints : undefined,
      api: parts.api,
      status: () => ({
        version, node: process.versions.node, pid: process.pid, ports, dataDir, clusterId: clusterId(), uptimeSeconds: Math.floor((Date.now() - startedAt) / 1000),
        memory: process.memoryUsage(), ...(sql && { connections: sql.instance.sessions.size }), ...(log && { logSizeBytes: log.sizeBytes }),
        ...(engine && { engineSizeBytes: engine.property('size-bytes') }), ...parts.more?.(),
      }),
    },
  ); // prettier-ignore
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

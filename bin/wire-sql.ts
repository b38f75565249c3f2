/** The SQL floor of one process: catalog, column engine, sessions and the MySQL listener. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { NodeFileFolder } from '../base/node/index.ts';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { KvClient } from '../kv/client/client.ts';
import { Catalog } from '../sql/catalog/index.ts';
import { SERVER_VERSION } from '../sql/protocol/index.ts';
import { SqlServer } from '../sql/server/index.ts';
import { TlsIdentity } from '../sql/server/tls/tls-identity.ts';
import { CatalogAdapter, loadPersistedVariables, SqlInstance } from '../sql/session/index.ts';
import { certificateFiles } from './mysql-certificates.ts';
import type { Settings } from './settings.ts';
import { wireColumnEngine } from './wire-column-engine.ts';

const MIB = 1024 * 1024;
const SOCKET_SCRIPT = new URL(
  import.meta.url.endsWith('.ts') ? './socket-worker.ts' : './socket-worker.js',
  import.meta.url,
);

export interface SqlFloor {
  readonly instance: SqlInstance;
  readonly port: number;
  columnCacheBytes(): number;
  close(drainMs: number): Promise<void>;
}

/** Of the floor below it needs the client, and a folder for its key. */
export interface BelowSql {
  readonly client: KvClient;
  readonly data: { readonly path: string };
  /** No other SQL server works on the same data. */
  readonly exclusive: boolean;
}

export async function wireSql(world: World, kv: BelowSql, settings: Settings, log: Logger): Promise<SqlFloor> {
  const files =
    settings.secureFilePriv === '' ? undefined : await NodeFileFolder.open(settings.secureFilePriv, kv.data.path);
  const catalog = await Catalog.open(kv.client, {
    exclusive: kv.exclusive, clock: world.clock, timers: world.timers, random: world.random.fork('catalog'), onBackgroundError: (error) => log.error({ err: describe(error) }, 'catalog background work failed'),
  }); // prettier-ignore
  const columnEngine = wireColumnEngine({ kv: kv.client, world, cacheBytesMax: settings.columnCacheMib * MIB });
  const adapter = new CatalogAdapter(catalog);
  const onInternalError = (error: unknown, context: string) =>
    log.error({ err: describe(error), context: context.slice(0, 500) }, 'internal error');
  const instance = new SqlInstance({
    kv: kv.client,
    catalog: adapter,
    clock: world.clock,
    timers: world.timers,
    random: world.random.fork('sql'),
    columnEngine,
    spillTo: { disk: world.disk, path: join(kv.data.path, 'spill') },
    files,
    version: SERVER_VERSION,
    variables: {
      version_comment: 'Rutile 0.1.0',
      datadir: kv.data.path,
      max_connections: settings.maxConnections,
      rutile_mem_quota_query: settings.queryMemoryMib * MIB,
      long_query_time: settings.slowQueryMs / 1000,
      hostname: settings.host,
    },
    onInternalError,
    onSlowStatement: ({ elapsedMs, sql, connectionId }) =>
      log.debug({ elapsedMs: Math.round(elapsedMs), connectionId, sql: sql.slice(0, 500) }, 'slow statement'),
  });
  adapter.attach(instance);
  await loadPersistedVariables(instance);
  await instance.spill!.clear();
  const port = settings.mysqlPort === 'off' ? 0 : settings.mysqlPort;
  const tls = await openMysqlTls(settings, kv.data.path, world.clock.wallMs());
  const server = new SqlServer({
    tls,
    instance,
    host: settings.host,
    port,
    rsaKeyPath: join(kv.data.path, 'mysql-key.pem'),
    onInternalError,
    socketScript: hasSocketThread(settings) ? SOCKET_SCRIPT : undefined,
  });
  const closeParts = async () => {
    instance.close();
    await columnEngine.close();
    await catalog.close();
  };
  try {
    const address = await server.listen();
    instance.setGlobal('port', address.port);
    // As when its process is told to end.
    instance.shutDown = () => void process.kill(process.pid, 'SIGTERM');
    if (tls !== undefined) announceTls(instance, tls, server);
    return {
      instance,
      port: address.port,
      columnCacheBytes: () => columnEngine.cacheBytes,
      close: async (drainMs) => {
        await server.drain(drainMs);
        await closeParts();
      },
    };
  } catch (error) {
    await closeParts();
    const code = (error as { code?: string }).code;
    const reason =
      code === 'EADDRINUSE' ? 'the port is in use' : error instanceof Error ? error.message : String(error);
    throw new RutileError('server.listen', `cannot listen on ${settings.host}:${port} (--mysql-port): ${reason}`, {
      cause: error,
    });
  }
}

/** Undefined: clients are not offered TLS. Fails with `tls.files`. */
async function openMysqlTls(settings: Settings, folder: string, wallMs: number): Promise<TlsIdentity | undefined> {
  const { mysqlTls, mysqlTlsCert: cert, mysqlTlsKey: key, mysqlTlsCa: ca } = settings;
  if (mysqlTls === 'off' || settings.mysqlPort === 'off') return undefined;
  return TlsIdentity.open(cert === '' ? await certificateFiles(folder, wallMs) : { cert, key, ca });
}

/** With fewer processors clients and the server share them, and one thread more only costs turns. */
function hasSocketThread({ socketThread }: Settings): boolean {
  return socketThread === 'on' || (socketThread === 'auto' && availableParallelism() >= 4);
}

function announceTls(instance: SqlInstance, { files }: TlsIdentity, server: SqlServer): void {
  for (const name of ['have_ssl', 'have_openssl']) instance.setGlobal(name, 'YES');
  instance.setGlobal('ssl_ca', files.ca);
  instance.setGlobal('ssl_cert', files.cert);
  instance.setGlobal('ssl_key', files.key);
  instance.setGlobal('tls_version', 'TLSv1.2,TLSv1.3');
  instance.reloadTls = () => server.reloadTls();
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

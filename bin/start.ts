/**
 * `rutile start`: everything in one process, opened from the bottom up and closed from the top down. Prints one line a door, then `ready`.
 *
 * The first SIGINT or SIGTERM drains: no new clients, running statements finish, then everything is closed and the process exits with 0. A
 * second one exits at once; the log makes that safe too.
 */
import { pino, type Logger } from 'pino';
import { createNodeWorld } from '../base/node/index.ts';
import { answerFailpoints, openFailpoints } from './failpoint-door.ts';
import type { Settings } from './settings.ts';
import { wireKv, type KvFloor } from './wire-kv.ts';
import type { SqlFloor } from './wire-sql.ts';

const DRAIN_MS = 10_000;

export interface Running {
  readonly ports: {
    readonly mysql?: number;
    readonly kv?: number;
    readonly placement?: number;
    readonly txnPlacement?: number;
    readonly status?: number;
  };
  close(): Promise<void>;
}

/** The command: opens, prints, and stays until a signal. */
export async function startAll(settings: Settings, version: string): Promise<void> {
  const print = printer(settings);
  let closing: Promise<void> | undefined;
  let running: Running | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (closing !== undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
    closing = (running?.close() ?? Promise.resolve()).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`rutile: closing failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  running = await openAll(settings, version);
  for (const [door, port] of Object.entries(running.ports)) print.door(snake(door).replaceAll('_', '-'), settings.host, port);
  print.ready();
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

function openLog(settings: Settings): Logger {
  const level = settings.logLevel;
  // Lines go out synchronously: what was logged before a crash is there.
  if (settings.logFormat === 'json') return pino({ level, base: null }, pino.destination({ dest: 1, sync: true }));
  const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
  return pino({ level, base: null }, {
    write: (line: string) => {
      const { level: number, time, msg, ...rest } = JSON.parse(line) as { level: number; time: number; msg?: string };
      const more = Object.entries(rest).map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
      process.stderr.write(`${new Date(time).toISOString()} ${levels[number] ?? number} ${msg ?? ''}${more.join('')}\n`);
    },
  }); // prettier-ignore
}

function printer(settings: Settings): { door(name: string, host: string, port: number): void; ready(): void } {
  if (settings.logFormat === 'json') {
    const line = (fields: object) => console.log(JSON.stringify({ time: Date.now(), ...fields }));
    return {
      door: (door, host, port) => line({ door, address: `${host}:${port}` }),
      ready: () => line({ msg: 'ready' }),
    };
  }
  return { door: (name, host, port) => console.log(`${name} ${host}:${port}`), ready: () => console.log('ready') };
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

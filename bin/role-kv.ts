/** `rutile kv`: one store of a cluster (open-store.ts). It is ready when it can take part, whether or not others are there yet. */
import { createNodeWorld } from '../base/node/index.ts';
import { advertisedHost } from './cluster-place.ts';
import { connectPlacement } from './connect-placement.ts';
import { openFailpoints } from './failpoint-door.ts';
import { openDataFolder } from './open-data.ts';
import { openStore } from './open-store.ts';
import { openLog, type Running, serve, Undo } from './serve.ts';
import type { Settings } from './settings.ts';
import { openTls } from './tls.ts';

const MIB = 1024 * 1024;

export function startKv(settings: Settings, version: string): Promise<void> {
  return serve(settings, () => openKv(settings, version));
}

async function openKv(settings: Settings, version: string): Promise<Running> {
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo = new Undo();
  try {
    const advertise = advertisedHost(settings);
    const data = await openDataFolder(world, {
      path: settings.dataDir,
      engineCacheBytes: settings.engineCacheMib * MIB,
    });
    undo.push(() => data.close());
    const tls = openTls(settings, world.timers, log);
    undo.push(() => tls?.close());
    const placement = connectPlacement(settings, world, tls);
    undo.push(() => placement.close());
    const { clusterId, store, port, facts } = await openStore({ world, settings, version, log, tls, undo, data, placement, advertise }); // prettier-ignore
    const ports: { kv: number; status?: number } = { kv: port };
    if (settings.statusPort !== 'off') {
      const { openStatus } = await import('./open-status.ts');
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: data.path, clusterId: () => clusterId, failpoints, store, engine: data.engine, log: data.log, more: facts,
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

/** The key-value floor of one process: data folder, placement, one store, and the client the floors above use. */
import { join } from 'node:path';
import type { World } from '../base/world.ts';
import { LocalKvClient, localRegionSource, RegionRouter, ROUTER_LIMITS } from '../kv/client/index.ts';
import { LocalPlacement } from '../kv/placement/index.ts';
import { Store } from '../kv/store/index.ts';
import { readFormat } from '../kv/store/meta.ts';
import type { RegionDescriptor } from '../proto/kv/region.ts';
import { openDataFolder, type DataFolder } from './open-data.ts';
import type { Settings } from './settings.ts';
import { storeLimits } from './store-limits.ts';

const MIB = 1024 * 1024;

export interface KvFloor {
  readonly data: DataFolder;
  readonly placement: LocalPlacement;
  readonly store: Store;
  readonly client: LocalKvClient;
  readonly exclusive: true;
  close(): Promise<void>;
}

export async function wireKv(world: World, settings: Settings, version: string): Promise<KvFloor> {
  const data = await openDataFolder(world, { path: settings.dataDir, engineCacheBytes: settings.engineCacheMib * MIB });
  const undo: (() => Promise<void>)[] = [() => data.close()];
  try {
    const placement = await LocalPlacement.open(world, {
      folder: join(data.path, 'placement'),
      mustExist: readFormat(data.engine) !== undefined,
      firstStore: { address: `${settings.host}:${settings.kvPort === 'off' ? 0 : settings.kvPort}`, version },
    });
    undo.push(() => placement.close());
    const timestamps = { next: () => placement.timestamp() };
    const storeId = placement.stores()[0]!.id;
    const report = (regions: readonly RegionDescriptor[]): void => {
      // Placement's map follows; what it misses when the process ends first is told at the next start.
      for (const region of regions) {
        const peers = region.peers.map(({ id }) => ({ id, storeId, role: 'voter' as const }));
        void placement.reportRegion({ ...region, peers, leader: peers[0] }).catch(() => undefined);
      }
    };
    const store = await Store.open({
      engine: data.engine, log: data.log, timestamps, world, firstRegion: placement.regionByKey(new Uint8Array(0)), storeId, folder: data.path, stagingFolder: join(data.path, 'snapshots'),
      limits: storeLimits(settings),
      splitting: { newIds: (count) => placement.allocateIds(count), changed: report },
      agreeSafePoint: (wanted) => placement.advanceSafePoint(wanted),
    }); // prettier-ignore
    undo.push(() => store.close());
    const isNews = ({ id, epoch }: RegionDescriptor): boolean =>
      placement.regionById(id)?.epoch.version !== epoch.version;
    report(store.regions().filter(isNews));
    const router = new RegionRouter({
      ...ROUTER_LIMITS, world, source: localRegionSource(() => store.regions(), storeId), storeOf: () => store.gate, safePoints: store,
    }); // prettier-ignore
    const client = new LocalKvClient({ store: router, timestamps, world });
    undo.push(() => client.close());
    return { data, placement, store, client, exclusive: true, close: () => runAll(undo) };
  } catch (error) {
    await runAll(undo).catch(() => undefined);
    throw error;
  }
}

/** Last opened, first closed; each of them, even when one fails. */
async function runAll(undo: readonly (() => Promise<void>)[]): Promise<void> {
  let failure: unknown;
  for (const close of [...undo].reverse()) {
    try {
      await close();
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

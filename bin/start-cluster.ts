/**
 * `rutile start` as a machine of a cluster: a member of placement, a store and a SQL server in one process, which speak to each other by plain
 * calls and to other machines over gRPC. A one-process database becomes the first machine by `--advertise HOST`, once:
 *
 *     A  rutile start                              one process, nobody else
 *     A  rutile start --advertise 10.0.0.1         the same data; placement a group of one, schema leases as of many servers
 *     B  rutile start --join 10.0.0.1:2379 …       a learner of placement, a second store; regions get a replica there (a learner)
 *     C  rutile start --join 10.0.0.1:2379 …       placement votes with three, regions have three voters: any one machine may die
 *
 * The folder remembers it (`placement/MEMBER`, cluster-place.ts): from then on plain `rutile start` goes on as that machine, and the one-process
 * form refuses the folder. Nothing is copied or converted but placement's small state, which the member takes over as its first image with
 * the window of its timestamps in it, and the name of the store, 1, which is written where stores of a cluster keep theirs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import { createNodeWorld } from '../base/node/index.ts';
import type { PlacementCore } from '../kv/placement/index.ts';
import { PlacementClient, type TlsIdentity } from '../kv/server/index.ts';
import { readFormat } from '../kv/store/meta.ts';
import type { RegionDescriptor } from '../proto/kv/region.ts';
import { advertisedHost, type ClusterPlace, drawPlace, isLoopback, readPlace, writePlace } from './cluster-place.ts'; // prettier-ignore
import { wayTo } from './connect-placement.ts';
import { openFailpoints } from './failpoint-door.ts';
import { freePort } from './free-port.ts';
import { NearPlacement } from './near-placement.ts';
import { type DataFolder, openDataFolder } from './open-data.ts';
import { enterGroup, isTakenOut, keepPlace, openMember } from './open-member.ts';
import { openStore } from './open-store.ts';
import { DRAIN_MS, sqlOfCluster } from './role-sql.ts';
import { openLog, type Running, Undo } from './serve.ts';
import type { Settings } from './settings.ts';
import { hasStoreFile, writeStoreFile } from './store-identity.ts';
import { openTls } from './tls.ts';
import type { SqlFloor } from './wire-sql.ts';

const MIB = 1024 * 1024;

export async function openClusterMachine(settings: Settings, version: string): Promise<Running> {
  for (const [flag, port] of [
    ['--kv-port', settings.kvPort],
    ['--placement-port', settings.placementPort],
  ] as const)
    // prettier-ignore
    if (port === 'off') throw new RutileError('settings.invalid', `${flag} off: other machines of a cluster need this door`);
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo = new Undo();
  try {
    const data = await openDataFolder(world, { path: settings.dataDir, engineCacheBytes: settings.engineCacheMib * MIB }); // prettier-ignore
    undo.push(() => data.close());
    const tls = openTls(settings, world.timers, log);
    undo.push(() => tls?.close());
    const folder = join(data.path, 'placement');
    const advertise = advertisedHost(settings, readPlace(folder)?.advertise);
    await world.disk.makeFolder(folder);
    const place = await placeHere(world, settings, data, folder, advertise, tls);
    if (isLoopback(advertise) && place.members.some(({ address }) => !isLoopback(address)))
      throw new RutileError('settings.invalid', `this process would be known as ${advertise}, which other machines do not reach: give --advertise HOST`); // prettier-ignore
    const clientUrl = `${tls === undefined ? 'http' : 'https'}://${advertise}:${place.port}`;
    const self = { id: place.member, name: `placement-${place.member}`, clientUrl };
    const known = new Map(place.members.map(({ id, address }) => [id, address]));
    const founders = place.founds === true ? [self] : [];
    const opened = await openMember({ world, settings, version, log, tls, undo, folder, self, founders, known });
    const { member, steward } = opened;
    const addresses = [...new Set([...settings.join, ...known.values(), `${advertise}:${place.port}`])];
    const far = new PlacementClient({ world, addresses, credentials: tls?.channelCredentials() });
    undo.push(() => far.close());
    const near = new NearPlacement(member, steward, far);
    let settled = place;
    if (place.founds === true) settled = { ...place, cluster: await founded(world, member) };
    if (place.joins === true) settled = await enterGroup(world, near, folder, self, place);
    // It may be elsewhere now, and the others need not be there yet.
    else if (place.members.length > 0)
      void enterGroup(world, near, folder, self, place).catch((error: unknown) => {
        if (isTakenOut(error))
          log.error(`${self.name} was taken out of placement: this process goes on as store and SQL server alone`);
        else log.warn({ err: String(error) }, 'placement was not told where this member is');
      });
    writePlace(folder, settled);
    undo.push(keepPlace(world, member, folder, settled));

    const oldRegion = place.founds === true ? adoptStore(data, member.core) : undefined;
    const placement = wayTo(world, near);
    const { clusterId, store, client, port, facts } = await openStore({ world, settings, version, log, tls, undo, data, placement, advertise, oldRegion }); // prettier-ignore
    const ports: { mysql?: number; kv: number; placement: number; txnPlacement?: number; status?: number } = { kv: port, ...opened.ports }; // prettier-ignore
    let sql: SqlFloor | undefined;
    if (settings.mysqlPort !== 'off') {
      sql = await sqlOfCluster(world, client, data.path, settings, log);
      undo.push(() => sql!.close(DRAIN_MS));
      ports.mysql = sql.port;
    }
    if (settings.statusPort !== 'off') {
      const { openStatus } = await import('./open-status.ts');
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: data.path, clusterId: () => clusterId, failpoints, store, engine: data.engine, log: data.log, sql,
        api: opened.http,
        more: () => ({ memberId: self.id, leads: member.leads, leaderId: member.leaderId, members: member.memberInfos(), ...facts() }),
      }); // prettier-ignore
      undo.push(() => status.close());
      ports.status = status.port;
    }
    log.debug({ ports, dataDir: data.path, clusterId }, 'open');
    return { ports, close: () => undo.run() };
  } catch (error) {
    await undo.run().catch(() => undefined);
    throw error;
  }
}

/** Known from before, drawn from the placement that is joined, or the first. */
async function placeHere(
  world: World,
  settings: Settings,
  data: DataFolder,
  folder: string,
  advertise: string,
  tls: TlsIdentity | undefined,
): Promise<ClusterPlace> {
  const before = readPlace(folder);
  const asked = settings.join;
  const own = existsSync(join(folder, 'placement-a'));
  if (asked.length > 0 && before === undefined && (own || readFormat(data.engine) !== undefined || hasStoreFile(data.path)))
    throw new RutileError('data.not-empty', `the data folder ${data.path} holds ${own ? 'a database of its own' : 'a store of a cluster already'}; a process joins with an empty one (--data-dir)`); // prettier-ignore
  if (before === undefined && asked.length === 0 && !own && readFormat(data.engine) !== undefined)
    throw new RutileError('placement.missing', `there is data in ${data.path}, but no state of placement: without it timestamps could repeat`); // prettier-ignore
  const wanted = settings.placementPort === 'off' ? 0 : settings.placementPort;
  const port = wanted !== 0 ? wanted : (before?.port ?? (await freePort(settings.host)));
  if (asked.length > 0) {
    const client = new PlacementClient({ world, addresses: asked, credentials: tls?.channelCredentials() });
    try {
      return { ...(await drawPlace(world, client, folder, { asked, advertise, port })), advertise, port };
    } finally {
      client.close();
    }
  }
  if (before !== undefined) return { ...before, advertise, port };
  const first: ClusterPlace = { member: 1, advertise, port, members: [], founds: true };
  // Before the member takes placement's state over: whoever starts next must not look for it in the old form.
  writePlace(folder, first);
  return first;
}

/** The cluster's id, which the first member brings or draws. */
async function founded(world: World, member: { readonly core: PlacementCore }): Promise<number> {
  while (member.core.clusterId === 0) await new Promise<void>((resolve) => void world.timers.after(20, resolve));
  return member.core.clusterId;
}

/** The store of the one-process form is from now on a store by name. Answers the region of a folder that has, or knows, none yet. */
function adoptStore(data: DataFolder, core: PlacementCore): RegionDescriptor | undefined {
  const [store] = core.stores.values();
  // A new database: its store founds the cluster as any other would.
  if (store === undefined) return undefined;
  if (!hasStoreFile(data.path)) writeStoreFile(data.path, { cluster: core.clusterId, store: store.id });
  return core.regions.byKey(new Uint8Array(0));
}

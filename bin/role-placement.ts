/**
 * `rutile placement`: one member of placement. Members that begin together are named by `--placement`, this one among them by its address; their places in
 * the list are their ids, so each must be given the same list. Alone, without the list, it is a group of one. With `--join` it becomes a
 * further member of a group that is there: it follows at once, and votes when that makes an odd number (kv/placement/group/voters.ts).
 */
import { join } from 'node:path';
import { createNodeWorld } from '../base/node/index.ts';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { MemberAddress } from '../kv/placement/index.ts';
import { PlacementClient, type TlsIdentity } from '../kv/server/index.ts';
import { addressOf, advertisedHost, type ClusterPlace, drawPlace, FOUNDERS_MAX, readPlace } from './cluster-place.ts';
import { openFailpoints } from './failpoint-door.ts';
import { freePort } from './free-port.ts';
import { enterGroup, keepPlace, openMember } from './open-member.ts';
import { openLog, type Running, serve, Undo } from './serve.ts';
import type { Settings } from './settings.ts';
import { openTls } from './tls.ts';

export function startPlacement(settings: Settings, version: string): Promise<void> {
  return serve(settings, () => openPlacement(settings, version));
}

async function openPlacement(settings: Settings, version: string): Promise<Running> {
  const { placement, placementPort, dataDir: folder } = settings;
  if (settings.join.length > 0 && placement.length > 0)
    throw new RutileError('settings.invalid', '--placement names members that begin together, --join a group that is there: give one of them'); // prettier-ignore
  if (placement.length > FOUNDERS_MAX)
    throw new RutileError('settings.invalid', `--placement: ${placement.length} members are too many to begin with, at most ${FOUNDERS_MAX}`); // prettier-ignore
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo = new Undo();
  try {
    await world.disk.makeFolder(folder);
    const lock = await world.disk.lock(join(folder, 'LOCK'));
    undo.push(() => lock.release());
    const tls = openTls(settings, world.timers, log);
    undo.push(() => tls?.close());
    const advertise = advertisedHost(settings, readPlace(folder)?.advertise);
    const told = placementPort === 'off' ? 0 : placementPort;
    const port = told !== 0 ? told : (readPlace(folder)?.port ?? (await freePort(settings.host)));
    const place = await joinedPlace(world, settings, tls, advertise, port);
    const address = `${advertise}:${port}`;
    const scheme = tls === undefined ? 'http' : 'https';
    const founders = place !== undefined ? [] : (placement.length === 0 ? [address] : placement).map((one, i) => memberAt(i + 1, `${scheme}://${one}`)); // prettier-ignore
    const self = place !== undefined ? memberAt(place.member, `${scheme}://${address}`) : founders.find(({ clientUrl }) => addressOf(clientUrl) === address); // prettier-ignore
    if (self === undefined)
      throw new RutileError('settings.invalid', `--placement: ${placement.join(',')} does not name this member, ${address}`); // prettier-ignore
    const others = place?.members ?? founders.map(({ id, clientUrl }) => ({ id, address: addressOf(clientUrl) }));
    const known = new Map(others.map((one) => [one.id, one.address]));
    const { member, http, ports: doors } = await openMember({ world, settings, version, log, tls, undo, folder, self, founders, known }); // prettier-ignore
    if (place !== undefined) {
      const far = new PlacementClient({ world, addresses: [...known.values()], credentials: tls?.channelCredentials() }); // prettier-ignore
      undo.push(() => far.close());
      const entered = await enterGroup(world, far, folder, self, place);
      undo.push(keepPlace(world, member, folder, entered));
    }
    const ports: { placement: number; txnPlacement?: number; status?: number } = { ...doors };
    if (settings.statusPort !== 'off') {
      const { openStatus } = await import('./open-status.ts');
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: folder, clusterId: () => member.core.clusterId, failpoints,
        more: () => ({ memberId: self.id, leads: member.leads, leaderId: member.leaderId, members: member.memberInfos() }),
        api: http,
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

function memberAt(id: number, clientUrl: string): MemberAddress {
  return { id, name: `placement-${id}`, clientUrl };
}

/** Of a member that joined, or is to; undefined for one that was there from the beginning. */
async function joinedPlace(
  world: World,
  settings: Settings,
  tls: TlsIdentity | undefined,
  advertise: string,
  port: number,
): Promise<ClusterPlace | undefined> {
  const { join: asked, dataDir: folder } = settings;
  const before = readPlace(folder);
  if (asked.length === 0) return before;
  const files = await world.disk.list(folder);
  if (before === undefined && (files.includes('image') || files.includes('placement-a')))
    throw new RutileError('data.not-empty', `the data folder ${folder} holds a placement of its own; a member joins with an empty one`); // prettier-ignore
  const client = new PlacementClient({ world, addresses: asked, credentials: tls?.channelCredentials() });
  try {
    return await drawPlace(world, client, folder, { asked, advertise, port });
  } finally {
    client.close();
  }
}

/**
 * `rutile placement`: one member of placement. `--placement` names all members, this one among them by its `--host` and `--placement-port`; their
 * places in the list are their ids, so every member must be given the same list. Alone, without the list, it is a group of one.
 */
import { join } from 'node:path';
import { createNodeWorld } from '../base/node/index.ts';
import { RutileError } from '../base/error.ts';
import { PlacementMember, Steward } from '../kv/placement/index.ts';
import { MemberLinks, openPlacementServer, stewardFacts } from '../kv/server/index.ts';
import { openFailpoints } from './failpoint-door.ts';
import { openLog, type Running, serve, Undo } from './serve.ts';
import type { Settings } from './settings.ts';
import { openTls } from './tls.ts';

export function startPlacement(settings: Settings, version: string): Promise<void> {
  return serve(settings, () => openPlacement(settings, version));
}

async function openPlacement(settings: Settings, version: string): Promise<Running> {
  const { host, placement, placementPort } = settings;
  const port = placementPort === 'off' ? 0 : placementPort;
  const address = `${host}:${port}`;
  const id = placement.length === 0 ? 1 : placement.indexOf(address) + 1;
  if (id === 0)
    throw new RutileError(
      'settings.invalid',
      `--placement: ${placement.join(',')} does not name this member, ${address}`,
    );
  const log = openLog(settings);
  const failpoints = openFailpoints(settings.failpoints);
  const world = createNodeWorld();
  const undo = new Undo();
  try {
    await world.disk.makeFolder(settings.dataDir);
    const lock = await world.disk.lock(join(settings.dataDir, 'LOCK'));
    undo.push(() => lock.release());
    const tls = openTls(settings, world.timers, log);
    undo.push(() => tls?.close());
    const scheme = tls === undefined ? 'http' : 'https';
    const members = (placement.length === 0 ? [address] : placement).map((one, i) => ({
      id: i + 1, name: `placement-${i + 1}`, clientUrl: `${scheme}://${one}`,
    })); // prettier-ignore
    const self = members[id - 1]!;
    const links = new MemberLinks({
      world, selfId: id, tls, addresses: new Map(members.map((member, i) => [member.id, placement[i] ?? address])),
    }); // prettier-ignore
    undo.push(() => links.close());
    const member = await PlacementMember.open(world, {
      folder: settings.dataDir, self, founders: members, transport: links,
      onFailure: (error) => {
        log.error({ err: error.stack ?? error.message }, 'the disk failed: this member says nothing any more');
        process.exit(1);
      },
    }); // prettier-ignore
    undo.push(() => member.close());
    links.attach(member);
    const steward = new Steward(world, member, { version });
    undo.push(() => steward.close());
    const facts = stewardFacts(steward, { id, name: self.name, clientUrl: () => self.clientUrl });
    const common = { host, tls, facts };
    const door = await openPlacementServer({
      ...common, port, flag: '--placement-port', bounds: 'raw', stores: steward, raft: links.receiver,
    }); // prettier-ignore
    undo.push(() => door.close());
    const ports: { placement: number; txnPlacement?: number; status?: number } = { placement: door.port };
    if (settings.txnPlacementPort !== 'off') {
      const txnDoor = await openPlacementServer({ ...common, port: settings.txnPlacementPort, flag: '--txn-placement-port', bounds: 'memcomparable' }); // prettier-ignore
      undo.push(() => txnDoor.close());
      ports.txnPlacement = txnDoor.port;
    }
    if (settings.statusPort !== 'off') {
      const { openStatus } = await import('./open-status.ts');
      const status = await openStatus(settings, settings.statusPort, {
        version, ports, dataDir: settings.dataDir, clusterId: () => member.core.clusterId, failpoints,
        more: () => ({ memberId: id, leads: member.leads, leaderId: member.leaderId, members: member.memberInfos() }),
        api: (method, path, body) => steward.api(method, path, body),
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

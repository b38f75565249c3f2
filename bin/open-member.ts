/**
 * A member of placement in this process: links to the others, the member, its steward, and the doors that clients and members knock at. Used by
 * `rutile placement`, where it is all there is, and by `rutile start` as a part of a cluster.
 */
import { RutileError } from '../base/error.ts';
import type { Timer, World } from '../base/world.ts';
import { type MemberAddress, PlacementMember, type PlacementPort, Steward } from '../kv/placement/index.ts';
import {
  type HttpHandler,
  MemberLinks,
  openPlacementServer,
  PlacementClient,
  stewardFacts,
} from '../kv/server/index.ts';
import { addressOf, type ClusterPlace, writePlace } from './cluster-place.ts';
import { placementHttp } from './placement-http.ts';
import { patiently } from './placement-ports.ts';
import type { ProcessParts } from './serve.ts';

export interface MemberParts extends ProcessParts {
  /** Where the member keeps what it knows. */
  readonly folder: string;
  readonly self: MemberAddress;
  /** Empty: it joins a group, or is in one that others began. */
  readonly founders: readonly MemberAddress[];
  /** `host:port` of members that are known before the group has told. */
  readonly known: ReadonlyMap<number, string>;
}

export interface OpenMember {
  readonly member: PlacementMember;
  readonly steward: Steward;
  readonly ports: { readonly placement: number; readonly txnPlacement?: number };
  /** PD's HTTP API, which the placement port speaks and the status port may. */
  readonly http: HttpHandler;
}

/** How long a leader that stops waits for another to take over. */
const HAND_OVER_MS = 1000;
const KEEP_EVERY_MS = 5000;
const ANNOUNCE_MS = 500;

export async function openMember(parts: MemberParts): Promise<OpenMember> {
  const { world, settings, version, log, tls, undo, folder, self, founders, known } = parts;
  const { host } = settings;
  const links = new MemberLinks({ world, selfId: self.id, tls, addresses: known });
  undo.push(() => links.close());
  const member = await PlacementMember.open(world, {
    folder, self, founders, transport: links,
    onFailure: (error) => {
      log.error({ err: error.stack ?? error.message }, 'the disk failed: this member says nothing any more');
      process.exit(1);
    },
  }); // prettier-ignore
  undo.push(() => member.close());
  links.attach(member);
  const steward = new Steward(world, member, { version });
  undo.push(() => steward.close());
  const facts = stewardFacts(steward, { id: self.id, name: self.name, clientUrl: () => self.clientUrl });
  const http = placementHttp((method, path, body) => steward.api(method, path, body), self.name, tls);
  const common = { host, tls, facts, http };
  const port = Number(/:(\d+)$/.exec(self.clientUrl)![1]);
  const door = await openPlacementServer({ ...common, port, flag: '--placement-port', bounds: 'raw', stores: steward, raft: links.receiver }); // prettier-ignore
  undo.push(() => door.close());
  undo.push(() => handOver(member, world));
  if (settings.txnPlacementPort === 'off') return { member, steward, http, ports: { placement: door.port } };
  const txnDoor = await openPlacementServer({ ...common, port: settings.txnPlacementPort, flag: '--txn-placement-port', bounds: 'memcomparable', stores: steward }); // prettier-ignore
  undo.push(() => txnDoor.close());
  const scheme = tls === undefined ? 'http' : 'https';
  const txnUrl = `${scheme}://${hostOf(self.clientUrl)}:${txnDoor.port}`;
  undo.push(announce(parts, [...known.values(), addressOf(self.clientUrl)], { ...self, txnUrl }));
  return { member, steward, http, ports: { placement: door.port, txnPlacement: txnDoor.port } };
}

/** Tells the group where this member's door for transactional clients is, so that they find it from another's. */
function announce({ world, tls }: MemberParts, addresses: readonly string[], self: MemberAddress): () => void {
  const client = new PlacementClient({ world, addresses: [...new Set(addresses)], credentials: tls?.channelCredentials() }); // prettier-ignore
  let closed = false;
  let timer: Timer | undefined;
  const say = (): void => {
    client.addMember(self, false).then(
      () => client.close(),
      // There is no leader yet, or it has not joined.
      () => (timer = closed ? undefined : world.timers.after(ANNOUNCE_MS, say)),
    );
  };
  say();
  return () => {
    closed = true;
    timer?.cancel();
    client.close();
  };
}

function hostOf(url: string): string {
  return addressOf(url).replace(/:\d+$/, '');
}

/** Another leads before this one goes, so that nobody waits for an election. */
async function handOver(member: PlacementMember, world: World): Promise<void> {
  for (let waited = 0; member.leads && waited < HAND_OVER_MS; waited += 50) {
    const { voters } = member.raft.configuration;
    const [best] = member.raft
      .progress()
      .filter(({ id, recentlyActive }) => id !== member.self.id && recentlyActive && voters.includes(id))
      .sort((one, other) => other.match - one.match);
    if (best === undefined) return;
    member.transferLeader(best.id);
    await new Promise<void>((resolve) => void world.timers.after(50, resolve));
  }
}

/** Tells placement that this member is there, for the first time or again; resolves when it has been heard. */
export async function enterGroup(
  world: World,
  placement: PlacementPort,
  folder: string,
  self: MemberAddress,
  place: ClusterPlace,
): Promise<ClusterPlace> {
  const joins = place.joins === true;
  await patiently(world, () => placement.addMember(self, joins), Infinity);
  if (!joins) return place;
  const { joins: _asked, ...settled } = place;
  writePlace(folder, settled);
  return settled;
}

/** Where the others are is written down whenever it has changed: a process that starts again asks there. */
export function keepPlace(world: World, member: PlacementMember, folder: string, place: ClusterPlace): () => void {
  let now = place;
  const keep = (): void => {
    const members = member
      .members()
      .filter(({ id }) => id !== member.self.id)
      .map(({ id, clientUrl }) => ({ id, address: addressOf(clientUrl) }));
    if (members.length === 0 || JSON.stringify(members) === JSON.stringify(now.members)) return;
    now = { ...now, members };
    writePlace(folder, now);
  };
  const timer = world.timers.every(KEEP_EVERY_MS, keep);
  return () => {
    timer.cancel();
    keep();
  };
}

/** What a member is told that was taken out. */
export function isTakenOut(error: unknown): boolean {
  return error instanceof RutileError && error.code === 'placement.no-member';
}

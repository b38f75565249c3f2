/**
 * Which place a process has in placement's group, written beside what the member keeps, and how a process that has none is given one.
 *
 *     MEMBER   {"member": 7, "advertise": "10.0.0.2", "port": 2379, "cluster": 4711, "members": [{"id": 1, "address": "10.0.0.1:2379"}], "joins": true}
 *
 * The first process of a grown cluster is member 1 and `founds`. Whoever joins draws an id from placement, writes it down, and only then asks to be a
 * member, so that a crash at any point is a question asked again under the same id. `joins` stands until the answer was heard: from then on a member
 * that is told that it is none has been taken out, and stays out.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { PlacementMembers, PlacementPort } from '../kv/placement/index.ts';
import { isPassing, patiently } from './placement-ports.ts';
import type { Settings } from './settings.ts';

export interface ClusterPlace {
  readonly member: number;
  readonly advertise: string;
  readonly port: number;
  /** Absent until the first process knows it. */
  readonly cluster?: number | undefined;
  readonly founds?: boolean | undefined;
  /** The others, as last known: where a process that starts again asks. */
  readonly members: readonly { readonly id: number; readonly address: string }[];
  readonly joins?: boolean | undefined;
}

/** How long an address that is to be joined may take to answer. */
const ANSWER_MS = 3000;
/** Members that begin a group together are numbered from 1; those who join later are above. */
export const FOUNDERS_MAX = 16;
const LOOPBACK = /^(?:127\.|localhost$|\[::1\]$)/;
const ANYWHERE = /^(?:0\.0\.0\.0|\[::\])$/;

function placeFile(folder: string): string {
  return join(folder, 'MEMBER');
}

/** The data folder is a machine's of a cluster, or is to become one. */
export function isOfCluster({ dataDir, join: asked, advertise }: Settings): boolean {
  return asked.length > 0 || advertise !== '' || existsSync(placeFile(join(dataDir, 'placement')));
}

export function readPlace(folder: string): ClusterPlace | undefined {
  const file = placeFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as ClusterPlace;
    if (!Number.isSafeInteger(found.member) || typeof found.advertise !== 'string' || !Array.isArray(found.members))
      throw new Error('member, advertise or members is missing');
    return found;
  } catch (error) {
    throw new RutileError('data.corrupt', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

export function writePlace(folder: string, place: ClusterPlace): void {
  const file = placeFile(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(place)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
}

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** The host by which others reach this process. Fails with `settings.invalid` where that cannot be. */
export function advertisedHost({ advertise, host }: Pick<Settings, 'advertise' | 'host'>, before?: string): string {
  const named = advertise !== '' ? advertise : (before ?? host);
  if (named.includes(':') && !/^\[[0-9a-fA-F:]+\]$/.test(bracketed(named)))
    throw invalid(`--advertise ${named} is not a host: ports are those of the doors`);
  const chosen = bracketed(named);
  if (ANYWHERE.test(chosen))
    throw invalid(`${advertise === '' ? `--host ${host} says where to listen, not` : `--advertise ${advertise} does not say`} by which address others reach this process: give --advertise HOST`); // prettier-ignore
  if (isLoopback(host) && !isLoopback(chosen))
    throw invalid(`--host ${host} listens to this machine alone, so nobody reaches it as ${chosen}: give --host 0.0.0.0, or --host ${chosen}`); // prettier-ignore
  return chosen;
}

function bracketed(host: string): string {
  return /^[0-9a-fA-F]*:[0-9a-fA-F:]*$/.test(host) ? `[${host}]` : host;
}

/**
 * The place of a process that wants to join, drawn and written down; one that has a place there already keeps it. Fails with `join.unreachable`,
 * `join.alone`, `join.loopback`, `join.self`, `data.other-cluster`.
 */
export async function drawPlace(
  world: World,
  placement: PlacementPort,
  folder: string,
  options: { readonly asked: readonly string[]; readonly advertise: string; readonly port: number },
): Promise<ClusterPlace> {
  const { asked, advertise, port } = options;
  const before = readPlace(folder);
  if (asked.length === 1 && asked[0] === `${advertise}:${port}` && before === undefined)
    throw new RutileError('join.self', `--join ${asked[0]} is this process itself: name one that is in the cluster`);
  const at = asked.join(',');
  let found: PlacementMembers;
  try {
    found = await membersOf(world, placement, asked);
  } catch (error) {
    // It is in already: all of them may be starting again, and this one be the first.
    if (before !== undefined && before.joins !== true) return before;
    throw error;
  }
  if (before?.cluster !== undefined && before.cluster !== found.clusterId)
    throw new RutileError('data.other-cluster', `the data folder belongs to cluster ${before.cluster}, --join ${at} leads to cluster ${found.clusterId}`); // prettier-ignore
  if (before !== undefined) return before;
  checkReach(found, asked, advertise);
  let member: number;
  try {
    do member = await patiently(world, () => placement.allocateIds(1), ANSWER_MS);
    while (member <= FOUNDERS_MAX);
  } catch (error) {
    if (!(error instanceof RutileError && error.code === 'placement.alone')) throw error;
    throw new RutileError('join.alone', `the database at ${at} runs in the one-process form, which nobody can join: start it again, once, with --advertise HOST, by which this machine reaches it`, { cause: error }); // prettier-ignore
  }
  const members = found.members.map(({ id, clientUrl }) => ({ id, address: addressOf(clientUrl) }));
  const place: ClusterPlace = { member, advertise, port, cluster: found.clusterId, members, joins: true };
  writePlace(folder, place);
  return place;
}

async function membersOf(world: World, placement: PlacementPort, asked: readonly string[]): Promise<PlacementMembers> {
  try {
    return await patiently(world, () => placement.members(), ANSWER_MS);
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw new RutileError('join.unreachable', `nobody answers at --join ${asked.join(',')}: that is the placement port (2379) of a process that was started with --advertise; is it running, and does a firewall stand between?`, { cause: error }); // prettier-ignore
  }
}

/** A loopback address is another machine for everybody who hears it. */
function checkReach(found: PlacementMembers, asked: readonly string[], advertise: string): void {
  const others = found.members.map(({ clientUrl }) => addressOf(clientUrl));
  const local = others.find(isLoopback);
  const remote = [...asked, ...others].find((address) => !isLoopback(address));
  if (remote === undefined) return;
  if (local !== undefined)
    throw new RutileError('join.loopback', `the cluster names ${local} as one of its places, which other machines do not reach: start that process again with --advertise HOST (and --host 0.0.0.0)`); // prettier-ignore
  if (isLoopback(advertise))
    throw new RutileError('join.loopback', `this process would be known as ${advertise}, which ${remote} does not reach: give --host 0.0.0.0 --advertise HOST, the address of this machine`); // prettier-ignore
}

export function addressOf(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

function invalid(message: string): RutileError {
  return new RutileError('settings.invalid', message);
}

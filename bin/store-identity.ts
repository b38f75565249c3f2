/**
 * Which cluster and which store a data folder belongs to, and how a cluster is founded exactly once, whoever starts first and in any order.
 *
 *     STORE   {"cluster": 4711, "store": 4, "founds": {"region": 5, "peer": 6}}      `founds` until that question is settled
 *
 * A new store draws its id and ids for a first region, writes them down, and only then asks placement to found the cluster by them. Placement
 * says yes to one store, and to that store again when it did not hear the answer: it knows it by the id of the region, which is nobody
 * else's. The first region is made only then, with nothing in it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_BYTES } from '../base/bytes.ts';
import { RutileError } from '../base/error.ts';
import type { World } from '../base/world.ts';
import type { PlacementPort } from '../kv/placement/port.ts';
import type { StoreRecord } from '../proto/kv/placement.ts';
import type { RegionDescriptor } from '../proto/kv/region.ts';
import { patiently } from './placement-ports.ts';

export interface StoreIdentity {
  readonly clusterId: number;
  readonly storeId: number;
  /** The region that this store begins the cluster with; undefined: others have, or it is there already. */
  readonly firstRegion: RegionDescriptor | undefined;
  /** The first region is on disk (or is another's): the question is settled. */
  settle(): void;
}

export interface Written {
  readonly cluster: number;
  readonly store: number;
  readonly founds?: { readonly region: number; readonly peer: number } | undefined;
}

/** Waits as long as placement takes to come: processes of a cluster are started in any order. */
export async function storeIdentity(
  world: World,
  placement: PlacementPort,
  folder: string,
  store: Omit<StoreRecord, 'id' | 'state'>,
): Promise<StoreIdentity> {
  const file = fileIn(folder);
  const write = (written: Written): void => writeStoreFile(folder, written);
  const clusterId = await clusterOf(world, placement);
  let written = read(file);
  if (written !== undefined && written.cluster !== clusterId)
    throw new RutileError('data.other-cluster', `the data folder ${folder} belongs to cluster ${written.cluster}, placement leads cluster ${clusterId}`); // prettier-ignore
  if (written === undefined) {
    const first = await patiently(world, () => placement.allocateIds(3), Infinity);
    written = { cluster: clusterId, store: first, founds: { region: first + 1, peer: first + 2 } };
    write(written);
  }
  const { store: storeId, founds } = written;
  const settle = (): void => write({ cluster: clusterId, store: storeId });
  if (founds === undefined) return { clusterId, storeId, firstRegion: undefined, settle: () => undefined };
  const region: RegionDescriptor = {
    id: founds.region,
    lower: EMPTY_BYTES,
    upper: EMPTY_BYTES,
    epoch: { confVersion: 1, version: 1 },
    peers: [{ id: founds.peer, storeId, role: 'voter' }],
  };
  const ask = () => placement.bootstrap({ store: { ...store, id: storeId, state: 'up' }, regions: [region] });
  const isOurs = await patiently(world, ask, Infinity);
  return { clusterId, storeId, firstRegion: isOurs ? region : undefined, settle };
}

function fileIn(folder: string): string {
  return join(folder, 'STORE');
}

export function hasStoreFile(folder: string): boolean {
  return existsSync(fileIn(folder));
}

export function writeStoreFile(folder: string, written: Written): void {
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(written)}\n`, { flush: true });
  renameSync(`${file}.new`, file);
}

/** Placement has no cluster before its first leader. */
export async function clusterOf(world: World, placement: PlacementPort): Promise<number> {
  for (;;) {
    const { clusterId, leaderId } = await patiently(world, () => placement.members(), Infinity);
    if (clusterId !== 0 && leaderId !== 0) return clusterId;
    await new Promise<void>((resolve) => void world.timers.after(100, resolve));
  }
}

function read(file: string): Written | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Written;
    if (!Number.isSafeInteger(found.cluster) || !Number.isSafeInteger(found.store))
      throw new Error('numbers are missing');
    return found;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw new RutileError('data.corrupt', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

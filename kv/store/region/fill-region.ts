/**
 * A staged snapshot becomes a region, in an order in which a crash at any moment leaves something that can be finished:
 *
 *     note and clear (one batch, durable) ─ chunks ─ the log behind the snapshot (durable) ─ note off (durable) ─ staged file away
 */
import { RutileError } from '../../../base/error.ts';
import type { Disk } from '../../../base/world.ts';
import type { RegionDescriptor } from '../../../proto/kv/region.ts';
import type { Engine } from '../../engine/engine.ts';
import type { RaftLog } from '../../log/raft-log.ts';
import { type RegionSize, writeRegionSizes } from './region-sizes.ts';
import { beginFilling, endFilling, fill, type Swallowed } from './snapshot.ts';
import { dropStaged, StagingReader } from './staging.ts';

export interface Ground {
  readonly engine: Engine;
  readonly log: RaftLog;
  readonly disk: Disk;
  readonly stagingFolder: string;
}

/** A crash came between: the staged file has everything. */
export async function fillAgain(ground: Ground, region: RegionDescriptor): Promise<void> {
  const staged = await StagingReader.open(ground.disk, ground.stagingFolder, region.id);
  if (staged === undefined)
    throw new RutileError('kv.corrupt', `region ${region.id} is half filled, and its snapshot is not there`);
  const { index, term } = staged.header;
  await staged.close();
  await fillRegion(ground, region, { index, term }, undefined);
}

/** How large the region is. `before`: what it was here until now. */
export async function fillRegion(
  { engine, log, disk, stagingFolder }: Ground,
  region: RegionDescriptor,
  { index, term }: { readonly index: number; readonly term: number },
  before: RegionDescriptor | undefined,
  swallowed?: Swallowed,
): Promise<RegionSize> {
  const staged = await StagingReader.open(disk, stagingFolder, region.id);
  if (staged === undefined || staged.header.index !== index || staged.header.term !== term) {
    await staged?.close();
    throw new RutileError(
      'kv.corrupt',
      `the snapshot of region ${region.id} at ${index} is not the one that was staged`,
    );
  }
  beginFilling(engine, region, before, swallowed);
  const whole = { sizeBytes: 0, keys: 0 };
  for (let chunk = await staged.next(); chunk !== undefined; chunk = await staged.next()) {
    const part = fill(engine, region, chunk);
    whole.sizeBytes += part.sizeBytes;
    whole.keys += part.keys;
  }
  await staged.close();
  // The log goes on behind the snapshot: what it held above is another history.
  // (It may begin behind it already: a crash came after this step the last time.)
  if (log.firstIndex(region.id) <= index && log.lastIndex(region.id) >= index)
    log.appendThen({ regionId: region.id, entries: [{ index, term, data: new Uint8Array(0) }] }, () => undefined);
  log.purge(region.id, index + 1);
  await log.append({
    regionId: region.id,
    entries: [],
    state: log.state(region.id) ?? { term, vote: 0, commit: index },
  });
  endFilling(engine, region, index, term);
  writeRegionSizes(engine, [{ id: region.id, ...whole }]);
  await dropStaged(disk, stagingFolder, region.id);
  return whole;
}

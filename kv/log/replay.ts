/**
 * What a record that recovery found means for the index of its region: `SegmentLog.open` calls this for each, in the order they were written,
 * and ends with the indexes that the process before had. A record that cannot follow the one before it is `log.corrupt`.
 */
import { entrySizeAt, entryTermAt, RECORD_APPEND, RECORD_KEEP, RECORD_PURGE, RECORD_REMOVE } from './format.ts';
import { corrupt, type RecoveredRecord } from './recovery.ts';
import { RegionIndex } from './region-index.ts';

export function replay(indexes: Map<number, RegionIndex>, found: RecoveredRecord): void {
  const { record, segment } = found;
  if (record.kind === RECORD_REMOVE) {
    const region = indexes.get(record.regionId);
    region?.purge(region.last + 1);
    indexes.delete(record.regionId);
    return;
  }
  let region = indexes.get(record.regionId);
  if (!region) {
    region = new RegionIndex(record.regionId, Math.max(1, record.index));
    indexes.set(record.regionId, region);
  }
  if (record.state) {
    region.state = record.state;
    region.stateSegment = segment;
  }
  if (record.kind === RECORD_PURGE || record.kind === RECORD_KEEP) {
    region.purgeSegment = segment;
    if (record.index > 0) region.purge(record.index);
    return;
  }
  if (record.kind !== RECORD_APPEND)
    throw corrupt(segment.path, found.offset, `a record of unknown kind ${record.kind}`);
  if (record.entryCount === 0) return;
  if (!region.started) region.first = record.index;
  region.truncate(record.index);
  // With nothing before it the entry says where the region begins: what lay between an older purge point and it was in
  // segments that are gone, since it was written over, or purged by a record that is still to come.
  if (region.count === 0) region.first = record.index;
  if (record.index !== region.last + 1)
    throw corrupt(segment.path, found.offset, `region ${record.regionId} has a gap before entry ${record.index}`);
  let dataAt = record.dataOffset + found.bytesOffset;
  for (let i = 0; i < record.entryCount; i++) {
    const size = entrySizeAt(found.view, record, i);
    region.add(segment, entryTermAt(found.view, record, i), found.offset, dataAt, size);
    dataAt += size;
  }
}

/**
 * A region's whole state as a stream of chunks, and a stream of chunks as a region.
 *
 *     chunk   pairs: family u8, key size u32, key, value size u32, value       families in order, keys in order
 *
 * The maker reads a still picture of the engine, taken in the turn in which the region was applied up to the index that the
 * snapshot names. The filler first notes in `meta` that the region is being filled and clears the range; the last chunk's note
 * takes that back, with the applied index, in one batch. A crash in between finds the note, and fills again from the staged
 * file (fill-region.ts). Notes of large commits that lie in the range travel along, so that whoever leads next can take an unfinished one back.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import { boundsIn, holdsKey, RAW_SPACE, type RegionDescriptor, ROW_SPACE } from '../../../proto/kv/region.ts';
import type { ColumnFamily, Engine, EngineIterator, Range, Readable, View, WriteBatch } from '../../engine/engine.ts';
import { historySeekKey, TS_MAX } from '../../mvcc/index.ts';
import { decodeChunkRange, KEY_END, largeNoteRange } from '../../txn/index.ts';
import type { RegionSize } from './region-sizes.ts';
import { dropRegionState, type Merging, putApplied, putRegionState, putSwallowed } from './region-states.ts';

const STEP = 256;

const FAMILIES: readonly ColumnFamily[] = ['latest', 'history', 'lock', 'raw', 'meta'];

/** Where the region's pairs lie in each family; `undefined` for a family in which it has none. */
function rangeOf(family: ColumnFamily, region: RegionDescriptor): Range | undefined {
  if (family === 'meta') return largeNoteRange();
  const bounds = boundsIn(family === 'raw' ? RAW_SPACE : ROW_SPACE, region);
  if (bounds === undefined) return undefined;
  const lower = bounds.lower.length === 0 ? undefined : bounds.lower;
  const { upper } = bounds;
  if (family !== 'history') return { lower, upper };
  return { lower: lower && historySeekKey(lower, TS_MAX), upper: upper && historySeekKey(upper, TS_MAX) };
}

/** All pairs of a region in a still picture, as chunks; always the same chunks for the same picture. */
export class SnapshotMaker {
  private readonly region: RegionDescriptor;
  private readonly view: View;
  private readonly chunkBytes: number;
  private family = 0;
  private iterator: EngineIterator | undefined = undefined;

  constructor(engine: Engine, region: RegionDescriptor, chunkBytes: number) {
    this.region = region;
    this.chunkBytes = chunkBytes;
    this.view = engine.view();
  }

  /** The next chunk; `undefined` after the last. Reads off the loop where the engine can. */
  async next(): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    let size = 0;
    while (size < this.chunkBytes && this.family < FAMILIES.length) {
      const family = FAMILIES[this.family]!;
      const range = rangeOf(family, this.region);
      if (range === undefined) {
        this.family++;
        continue;
      }
      this.iterator ??= this.view.iterator(family, { ...range, bypassCache: true });
      const pairs = await this.iterator.nextAsync(Math.max(1, Math.min(STEP, this.chunkBytes >>> 6)));
      for (let i = 0; i < pairs.keys.length; i++) {
        const [key, value] = [pairs.keys[i]!, pairs.values[i]!];
        if (family === 'meta' && !holdsKey(this.region, ROW_SPACE, decodeChunkRange(value).lower)) continue;
        const pair = encodePair(this.family, key, value);
        parts.push(pair);
        size += pair.length;
      }
      if (pairs.finished) {
        this.iterator.close();
        this.iterator = undefined;
        this.family++;
      }
    }
    if (size === 0) return undefined;
    const chunk = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      chunk.set(part, at);
      at += part.length;
    }
    return chunk;
  }

  close(): void {
    this.iterator?.close();
    this.iterator = undefined;
    this.family = FAMILIES.length;
    this.view.close();
  }
}

/** What has become part of the region since this store last heard of it. */
export interface Swallowed {
  readonly ids: readonly number[];
  /** Of those, the ones that this store still had as regions. */
  readonly here: readonly { readonly region: RegionDescriptor; readonly merging: Merging }[];
}

/**
 * Notes that the region is being filled, and clears what lies there, and what lay there when its bounds were `before`: all in one
 * batch, since a range that is cleared must not be found under the note of a whole region. The caller drops what it has of it in memory.
 */
export function beginFilling(
  engine: Engine,
  region: RegionDescriptor,
  before?: RegionDescriptor,
  swallowed?: Swallowed,
): void {
  // prettier-ignore
  const batch = engine.batch();
  putRegionState(batch, { state: 'filling', region });
  if (before !== undefined) clearInto(engine, before, batch);
  if (swallowed !== undefined) {
    putSwallowed(batch, region.id, swallowed.ids);
    for (const one of swallowed.here) {
      dropRegionState(batch, one.region.id);
      putRegionState(batch, { state: 'merged', region: one.region, merging: one.merging });
      clearInto(engine, one.region, batch);
    }
  }
  clearInto(engine, region, batch);
  engine.write(batch, { synced: true });
}

export function clearRegion(engine: Engine, region: RegionDescriptor): void {
  const batch = engine.batch();
  clearInto(engine, region, batch);
  engine.write(batch);
}

export function clearInto(engine: Engine, region: RegionDescriptor, batch: WriteBatch): void {
  for (const family of FAMILIES) {
    const range = rangeOf(family, region);
    if (range === undefined) continue;
    if (family === 'meta') for (const key of largeNotes(engine, region)) batch.delete('meta', key);
    else batch.deleteRange(family, { lower: range.lower ?? KEY_LEAST, upper: range.upper ?? KEY_END });
  }
}

/** What the chunk held, as the splitter counts. Throws `kv.corrupt` for a chunk that is none. */
export function fill(engine: Engine, region: RegionDescriptor, chunk: Uint8Array): RegionSize {
  let [sizeBytes, keys] = [0, 0];
  const batch = engine.batch();
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  try {
    for (let at = 0; at < chunk.length;) {
      const family = FAMILIES[chunk[at]!];
      const keySize = view.getUint32(at + 1);
      const keyEnd = at + 5 + keySize;
      const valueEnd = keyEnd + 4 + view.getUint32(keyEnd);
      if (family === undefined || keySize === 0 || valueEnd > chunk.length) throw new RangeError('sizes do not add up');
      const key = copyBytes(chunk, at + 5, keyEnd);
      const range = rangeOf(family, region);
      if (range === undefined) throw new RangeError('a family in which the region has nothing');
      batch.put(family, key, chunk.subarray(keyEnd + 4, valueEnd));
      if (family === 'raw' || family === 'latest') {
        sizeBytes += key.length + valueEnd - keyEnd - 4;
        keys++;
      }
      at = valueEnd;
    }
  } catch (cause) {
    throw new RutileError('kv.corrupt', 'a chunk of a snapshot cannot be read', { cause });
  }
  engine.write(batch);
  return { sizeBytes, keys };
}

/** The region is whole: from here on it counts. */
export function endFilling(engine: Engine, region: RegionDescriptor, index: number, term: number): void {
  assert(index > 0 && term > 0, 'a snapshot has a place in the log');
  const batch = engine.batch();
  putRegionState(batch, { state: 'normal', region });
  putApplied(batch, region.id, index, term);
  engine.write(batch, { synced: true });
}

/** Nothing is left of the region but the note that its peer is gone. */
export function removeRegion(engine: Engine, region: RegionDescriptor, hasData = true): void {
  const batch = engine.batch();
  dropRegionState(batch, region.id);
  putRegionState(batch, { state: 'gone', region });
  // Together: another region may come to lie here, and nobody clears the range for one that is gone.
  if (hasData) clearInto(engine, region, batch);
  engine.write(batch, { synced: true });
}

function largeNotes(engine: Readable, region: RegionDescriptor): Uint8Array[] {
  const iterator = engine.iterator('meta', largeNoteRange());
  const found: Uint8Array[] = [];
  for (;;) {
    const pairs = iterator.next(STEP);
    for (let i = 0; i < pairs.keys.length; i++)
      if (holdsKey(region, ROW_SPACE, decodeChunkRange(pairs.values[i]!).lower)) found.push(pairs.keys[i]!);
    if (!pairs.finished) continue;
    iterator.close();
    return found;
  }
}

function encodePair(family: number, key: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(9 + key.length + value.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = family;
  view.setUint32(1, key.length);
  bytes.set(key, 5);
  view.setUint32(5 + key.length, value.length);
  bytes.set(value, 9 + key.length);
  return bytes;
}

const KEY_LEAST = new Uint8Array([0]);

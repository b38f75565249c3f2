/**
 * How large regions were when they were last measured, in the family `meta`: `'z' region(8)` → `size(8) keys(8)`. An estimate for splitting
 * and for placement: it may be missing or old, and nothing depends on it being true.
 */
import type { Engine } from '../../engine/engine.ts';

const LETTER = 0x7a;

export interface RegionSize {
  readonly sizeBytes: number;
  readonly keys: number;
}

export function readRegionSizes(engine: Engine): Map<number, RegionSize> {
  const found = new Map<number, RegionSize>();
  const iterator = engine.iterator('meta', { lower: new Uint8Array([LETTER]), upper: new Uint8Array([LETTER + 1]) });
  try {
    for (;;) {
      const { keys, values, finished } = iterator.next(1024);
      for (let i = 0; i < keys.length; i++) {
        const [key, value] = [keys[i]!, values[i]!];
        if (key.length !== 9 || value.length !== 16) continue;
        found.set(number(key, 1), { sizeBytes: number(value, 0), keys: number(value, 8) });
      }
      if (finished) return found;
    }
  } finally {
    iterator.close();
  }
}

export function writeRegionSizes(engine: Engine, regions: readonly ({ readonly id: number } & RegionSize)[]): void {
  const batch = engine.batch();
  for (const { id, sizeBytes, keys } of regions) {
    const value = new Uint8Array(16);
    const view = new DataView(value.buffer);
    view.setBigUint64(0, BigInt(Math.max(0, Math.floor(sizeBytes))));
    view.setBigUint64(8, BigInt(Math.max(0, Math.floor(keys))));
    batch.put('meta', sizeKey(id), value);
  }
  engine.write(batch);
}

/** Of regions that are not here any more. */
export function dropRegionSizes(engine: Engine, regionIds: readonly number[]): void {
  const batch = engine.batch();
  for (const id of regionIds) batch.delete('meta', sizeKey(id));
  engine.write(batch);
}

function sizeKey(regionId: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = LETTER;
  new DataView(key.buffer).setBigUint64(1, BigInt(regionId));
  return key;
}

function number(bytes: Uint8Array, at: number): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at));
}

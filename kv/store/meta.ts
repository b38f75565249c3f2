/**
 * What a store remembers about itself in the family `meta`.
 *
 *     'f'  format version(1)                      refuses a folder of a newer program
 *     'a'  applied index(8) term(8)               format 1, of its one region; format 2 has an entry a region: region/region-states.ts
 *     't'  rollback floor(8) lock floor(8)        see kv/txn/traces.ts
 *     's'  safe point(8)                          reads below it are refused
 */
import { RutileError } from '../../base/error.ts';
import type { Readable } from '../engine/engine.ts';
import { readTs, writeTs } from '../mvcc/index.ts';

export const STORE_FORMAT_VERSION = 2;
/** One region, without a description: opened and brought to the present format. */
export const STORE_FORMAT_ONE_REGION = 1;

export const META_FORMAT = new Uint8Array([0x66]);
export const META_APPLIED = new Uint8Array([0x61]);
export const META_TRACES = new Uint8Array([0x74]);
export const META_SAFE_POINT = new Uint8Array([0x73]);

export interface Applied {
  readonly index: number;
  readonly term: number;
}

export function encodeApplied(target: Uint8Array, index: number, term: number): Uint8Array {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(0, Math.floor(index / 2 ** 32));
  view.setUint32(4, index >>> 0);
  view.setUint32(8, Math.floor(term / 2 ** 32));
  view.setUint32(12, term >>> 0);
  return target;
}

export function readApplied(engine: Readable): Applied | undefined {
  const bytes = engine.get('meta', META_APPLIED);
  if (bytes === undefined) return undefined;
  if (bytes.length !== 16) throw new RutileError('kv.corrupt', 'the applied index of the store cannot be read');
  return { index: Number(readTs(bytes, 0)), term: Number(readTs(bytes, 8)) };
}

/** `undefined`: an empty folder. Throws when a newer program wrote it. */
export function readFormat(engine: Readable): number | undefined {
  const bytes = engine.get('meta', META_FORMAT);
  if (bytes === undefined) return undefined;
  if (bytes[0]! > STORE_FORMAT_VERSION) {
    throw new RutileError(
      'kv.newer-format',
      `the store has data format ${bytes[0]}; this program knows ${STORE_FORMAT_VERSION}`,
    );
  }
  return bytes[0];
}

export function encodeSafePoint(ts: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  writeTs(bytes, 0, ts);
  return bytes;
}

export function readSafePoint(engine: Readable): bigint {
  const bytes = engine.get('meta', META_SAFE_POINT);
  return bytes === undefined ? 0n : readTs(bytes, 0);
}

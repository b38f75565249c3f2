/**
 * What a store remembers of its regions in the family `meta`, one entry a region and one for how far it is applied:
 *
 *     'r' region(8)    version(1) state(1) description      when bounds or members change
 *     'a' region(8)    index(8) term(8)                     in every batch that applies an entry of the region
 *
 * States: `normal`; `filling`: a snapshot is being written over the range, and a store that finds this at its start clears the
 * range and fills it again from the staged file; `gone`: the peer was removed, and whoever still sends to it is told so by the epoch;
 * `leaving`: the peer has applied its own removal, and waits to hear that another has, too (its own id, u64, follows); `begun`: a peer
 * without data, which may have promised its vote already: its log belongs to the id that follows, and to no later one; `merging`: it serves
 * nobody until it is part of its neighbour or the attempt has failed; `merged`: it is part of its neighbour, and whoever missed that is told
 * (after both: target, its version and confVersion, index and term of the entry that prepared it, u64 each). Beside them, of a region
 * that others have become part of:
 *
 *     'm' region(8)    ids(8 each)                          the regions that it, or the one that it was split from, has swallowed
 */
import { RutileError } from '../../../base/error.ts';
import { decodeRegion, encodeRegion, type RegionDescriptor } from '../../../proto/kv/region.ts';
import type { Engine, Readable, WriteBatch } from '../../engine/engine.ts';
import { readTs } from '../../mvcc/index.ts';
import { type Applied, encodeApplied } from '../meta.ts';

export type ReplicaState = 'normal' | 'filling' | 'gone' | 'leaving' | 'begun' | 'merging' | 'merged';

/** An attempt to make a region part of its neighbour, as the entry that prepared it said. */
export interface Merging {
  readonly targetId: number;
  /** The target's epoch: with another one the attempt fails. */
  readonly version: number;
  readonly confVersion: number;
  readonly index: number;
  readonly term: number;
}

export interface RegionState {
  readonly state: ReplicaState;
  readonly region: RegionDescriptor;
  /** Of `leaving` and `begun`: our peer, which the description need not name. */
  readonly peerId?: number | undefined;
  /** Of `merging` and `merged`. */
  readonly merging?: Merging | undefined;
}

const LETTER_STATE = 0x72;
const LETTER_APPLIED = 0x61;
const LETTER_SWALLOWED = 0x6d;
/** Ids kept; the oldest go. What they decide is decided within seconds, or by somebody who remembers. */
const SWALLOWED_MAX = 1000;
const VERSION = 1;
const STATES: readonly ReplicaState[] = ['normal', 'filling', 'gone', 'leaving', 'begun', 'merging', 'merged'];

export function appliedKey(regionId: number): Uint8Array {
  return keyOf(LETTER_APPLIED, regionId);
}

export function putRegionState(batch: WriteBatch, { state, region, peerId, merging }: RegionState): void {
  const description = encodeRegion(region);
  const more = merging === undefined ? (peerId === undefined ? [] : [peerId]) : numbersOf(merging);
  const value = new Uint8Array(2 + description.length + more.length * 8);
  value[0] = VERSION;
  value[1] = STATES.indexOf(state);
  value.set(description, 2);
  const view = new DataView(value.buffer);
  more.forEach((one, i) => view.setBigUint64(2 + description.length + i * 8, BigInt(one)));
  batch.put('meta', keyOf(LETTER_STATE, region.id), value);
}

export function putApplied(batch: WriteBatch, regionId: number, index: number, term: number): void {
  batch.put('meta', appliedKey(regionId), encodeApplied(new Uint8Array(16), index, term));
}

export function dropRegionState(batch: WriteBatch, regionId: number): void {
  batch.delete('meta', keyOf(LETTER_STATE, regionId));
  batch.delete('meta', appliedKey(regionId));
  batch.delete('meta', keyOf(LETTER_SWALLOWED, regionId));
}

export function readRegionApplied(engine: Readable, regionId: number): Applied | undefined {
  const bytes = engine.get('meta', appliedKey(regionId));
  if (bytes === undefined) return undefined;
  if (bytes.length !== 16)
    throw new RutileError('kv.corrupt', `the applied index of region ${regionId} cannot be read`);
  return { index: Number(readTs(bytes, 0)), term: Number(readTs(bytes, 8)) };
}

export function readRegionState(engine: Readable, regionId: number): RegionState | undefined {
  const bytes = engine.get('meta', keyOf(LETTER_STATE, regionId));
  return bytes === undefined ? undefined : decode(bytes);
}

/** By region id. Throws `kv.corrupt` and `kv.newer-format`. */
export function readRegionStates(engine: Engine): RegionState[] {
  const found: RegionState[] = [];
  const lower = new Uint8Array([LETTER_STATE]);
  const upper = new Uint8Array([LETTER_STATE + 1]);
  const iterator = engine.iterator('meta', { lower, upper });
  try {
    for (;;) {
      const pairs = iterator.next(1024);
      for (let i = 0; i < pairs.keys.length; i++) if (pairs.keys[i]!.length === 9) found.push(decode(pairs.values[i]!));
      if (pairs.finished) return found;
    }
  } finally {
    iterator.close();
  }
}

function decode(value: Uint8Array): RegionState {
  if (value[0] !== VERSION)
    throw new RutileError(
      'kv.newer-format',
      `the state of a region has format ${value[0]}; this program knows ${VERSION}`,
    );
  const state = STATES[value[1]!];
  if (state === undefined) throw new RutileError('kv.corrupt', 'the state of a region cannot be read');
  const { region, end } = decodeRegion(value, 2);
  if (state === 'merging' || state === 'merged') {
    if (value.length !== end + 40) throw new RutileError('kv.corrupt', 'the state of a region cannot be read');
    const [targetId, version, confVersion, index, term] = [0, 8, 16, 24, 32].map((at) => Number(readTs(value, end + at))); // prettier-ignore
    const merging = { targetId: targetId!, version: version!, confVersion: confVersion!, index: index!, term: term! };
    return { state, region, merging };
  }
  if (state !== 'leaving' && state !== 'begun') return { state, region };
  if (value.length !== end + 8) throw new RutileError('kv.corrupt', 'the state of a region cannot be read');
  return { state, region, peerId: Number(readTs(value, end)) };
}

function numbersOf({ targetId, version, confVersion, index, term }: Merging): readonly number[] {
  return [targetId, version, confVersion, index, term];
}

/** The regions that have become part of it. */
export function readSwallowed(engine: Readable, regionId: number): readonly number[] {
  const bytes = engine.get('meta', keyOf(LETTER_SWALLOWED, regionId));
  return bytes === undefined ? [] : decodeSwallowed(bytes);
}

export function putSwallowed(batch: WriteBatch, regionId: number, ids: readonly number[]): void {
  if (ids.length === 0) batch.delete('meta', keyOf(LETTER_SWALLOWED, regionId));
  else batch.put('meta', keyOf(LETTER_SWALLOWED, regionId), encodeSwallowed(ids.slice(-SWALLOWED_MAX)));
}

export function encodeSwallowed(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 8);
  const view = new DataView(bytes.buffer);
  ids.forEach((id, i) => view.setBigUint64(i * 8, BigInt(id)));
  return bytes;
}

export function decodeSwallowed(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => Number(readTs(bytes, i * 8)));
}

function keyOf(letter: number, regionId: number): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = letter;
  new DataView(key.buffer).setBigUint64(1, BigInt(regionId));
  return key;
}

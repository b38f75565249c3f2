/**
 * Versions as bytes: what lies in the families `latest` and `history`. The page docs/data-on-disk.md shows the same layout.
 *
 *     latest   key                                → record            the newest committed version; a delete keeps a tombstone
 *     history  memcomparable(key) ~ts(8) class(1) → record | trace    older versions, and traces of transactions
 *
 *     record   version·kind(1) commitTs(8) startTs(8) value…          kind 1 put, 2 delete
 *     trace    version·kind(1) startTs(8)                             kind 3 rolled back (ts = startTs), 4 locked only (ts = commitTs)
 *
 * The first byte holds the format version in its upper half and the kind in its lower half. Timestamps are big-endian, so that
 * a header compares without being decoded; in history keys they are inverted, so that newer sorts first. The class byte (0
 * record, 1 rolled back, 2 locked only) keeps a trace apart from a version that happens to have the same timestamp. A key in
 * `history` is padded in groups of eight (each followed by 255 minus the count of padding bytes), since a bare key followed by
 * a timestamp would mix with longer keys.
 *
 * In hot loops a timestamp is two 32-bit halves: reading them costs a nanosecond each, a bigint twenty.
 */
import { allocateBytes } from '../../base/allocate.ts';
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';

export const RECORD_VERSION = 1;
export const KIND_PUT = 1;
export const KIND_DELETE = 2;
export const KIND_ROLLBACK = 3;
export const KIND_LOCK = 4;

export const CLASS_RECORD = 0;
export const CLASS_ROLLBACK = 1;
export const CLASS_LOCK = 2;

/** Bytes before the value. */
export const RECORD_HEADER_SIZE = 17;

export const TS_MAX = 0xffffffffffffffffn;

/** A point in time ready for hot loops. */
export class ReadTs {
  readonly value: bigint;
  readonly high: number;
  readonly low: number;
  constructor(value: bigint) {
    this.value = value;
    this.high = Number(value >> 32n);
    this.low = Number(value & 0xffffffffn);
  }
}

/** True when the timestamp at `offset` is later than (high, low). */
// hot
export function isTsAfter(bytes: Uint8Array, offset: number, high: number, low: number): boolean {
  const h =
    ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
  if (h !== high) return h > high;
  const l =
    ((bytes[offset + 4]! << 24) | (bytes[offset + 5]! << 16) | (bytes[offset + 6]! << 8) | bytes[offset + 7]!) >>> 0;
  return l > low;
}

export function readTs(bytes: Uint8Array, offset: number): bigint {
  const h =
    ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
  const l =
    ((bytes[offset + 4]! << 24) | (bytes[offset + 5]! << 16) | (bytes[offset + 6]! << 8) | bytes[offset + 7]!) >>> 0;
  return (BigInt(h) << 32n) | BigInt(l);
}

export function writeTs(bytes: Uint8Array, offset: number, ts: bigint): void {
  const h = Number(ts >> 32n);
  const l = Number(ts & 0xffffffffn);
  bytes[offset] = h >>> 24;
  bytes[offset + 1] = h >>> 16;
  bytes[offset + 2] = h >>> 8;
  bytes[offset + 3] = h;
  bytes[offset + 4] = l >>> 24;
  bytes[offset + 5] = l >>> 16;
  bytes[offset + 6] = l >>> 8;
  bytes[offset + 7] = l;
}

export function encodeRecord(
  kind: number,
  commitTs: bigint,
  startTs: bigint,
  value: Uint8Array | undefined,
): Uint8Array {
  assert(kind === KIND_PUT || kind === KIND_DELETE, 'a record is a put or a delete');
  const bytes = allocateBytes(RECORD_HEADER_SIZE + (value === undefined ? 0 : value.length));
  bytes[0] = (RECORD_VERSION << 4) | kind;
  writeTs(bytes, 1, commitTs);
  writeTs(bytes, 9, startTs);
  if (value !== undefined) bytes.set(value, RECORD_HEADER_SIZE);
  return bytes;
}

/** Kind of the record at `start`; a version this program does not know is an error, never a guess. */
export function recordKind(bytes: Uint8Array, start: number): number {
  const first = bytes[start]!;
  if (first >> 4 !== RECORD_VERSION) throw unknownFormat(first);
  return first & 15;
}

export function recordCommitTs(bytes: Uint8Array, start: number): bigint {
  return readTs(bytes, start + 1);
}

export function recordStartTs(bytes: Uint8Array, start: number): bigint {
  return readTs(bytes, start + 9);
}

export function encodeTrace(kind: number, startTs: bigint): Uint8Array {
  const bytes = allocateBytes(9);
  bytes[0] = (RECORD_VERSION << 4) | kind;
  writeTs(bytes, 1, startTs);
  return bytes;
}

export function unknownFormat(first: number): RutileError {
  return new RutileError(
    'kv.unknown-format',
    `a stored record has format version ${first >> 4}; this program knows ${RECORD_VERSION}`,
  );
}

const GROUP = 8;

/** Bytes that sort like `key` and never are a prefix of another key's. */
export function memcomparableSize(key: Uint8Array): number {
  return (Math.floor(key.length / GROUP) + 1) * (GROUP + 1);
}

function writeMemcomparable(target: Uint8Array, key: Uint8Array): number {
  let at = 0;
  for (let start = 0; start <= key.length; start += GROUP) {
    const count = Math.min(GROUP, key.length - start);
    for (let i = 0; i < count; i++) target[at + i] = key[start + i]!;
    target[at + GROUP] = 255 - (GROUP - count);
    at += GROUP + 1;
  }
  return at;
}

export function historyKey(key: Uint8Array, ts: bigint, recordClass: number): Uint8Array {
  const size = memcomparableSize(key);
  const bytes = allocateBytes(size + 9);
  writeMemcomparable(bytes, key);
  writeTs(bytes, size, TS_MAX - ts);
  bytes[size + 8] = recordClass;
  return bytes;
}

/** First history key of `key` at or below `ts`, of any class. */
export function historySeekKey(key: Uint8Array, ts: bigint): Uint8Array {
  return historyKey(key, ts, 0);
}

/** Above every history key of `key`. */
export function historyUpper(key: Uint8Array): Uint8Array {
  const size = memcomparableSize(key);
  const bytes = allocateBytes(size + 9);
  writeMemcomparable(bytes, key);
  bytes.fill(255, size);
  return bytes;
}

export interface HistoryKey {
  readonly key: Uint8Array;
  readonly ts: bigint;
  readonly recordClass: number;
}

export function decodeHistoryKey(bytes: Uint8Array): HistoryKey {
  const size = bytes.length - 9;
  if (size < GROUP + 1 || size % (GROUP + 1) !== 0)
    throw new RutileError('kv.corrupt', 'a history key has an impossible length');
  const groups = size / (GROUP + 1);
  const padding = 255 - bytes[size - 1]!;
  if (padding > GROUP) throw new RutileError('kv.corrupt', 'a history key has an impossible padding');
  const key = new Uint8Array(groups * GROUP - padding);
  for (let group = 0; group < groups; group++) {
    const from = group * (GROUP + 1);
    const count = group === groups - 1 ? GROUP - padding : GROUP;
    for (let i = 0; i < count; i++) key[group * GROUP + i] = bytes[from + i]!;
  }
  return { key, ts: TS_MAX - readTs(bytes, size), recordClass: bytes[size + 8]! };
}

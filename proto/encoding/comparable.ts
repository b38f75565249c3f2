/**
 * Memcomparable numbers and byte strings: encodings whose byte order is the order of the values. Everything in a key is
 * made of them.
 *
 *     int    8 bytes big-endian of value XOR 2^63         uint   8 bytes big-endian
 *     float  the bits; a clear sign bit is set, else all bits are inverted
 *     bytes  groups of eight, padded with zeros, each followed by 255 - padding; so `a` sorts before `a\0` and before `ab`
 *
 * A bytes value ends with the first marker below 255, so it needs no length and a key may continue behind it.
 */
import { assert } from '../../base/assert.ts';
import type { ByteWriter } from './byte-writer.ts';

const TWO_32 = 4294967296;
const GROUP = 8;
const MARKER_FULL = 0xff;

const scratch = new DataView(new ArrayBuffer(8));

export function putComparableInt(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), 'an integer in a key must be safe or a bigint');
    out.u32be(Math.floor(value / TWO_32) ^ 0x80000000);
    out.u32be(value);
  } else {
    scratch.setBigInt64(0, value);
    out.u32be(scratch.getUint32(0) ^ 0x80000000);
    out.u32be(scratch.getUint32(4));
  }
}

export function putComparableUint(out: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value) && value >= 0, 'an unsigned integer in a key must be safe or a bigint');
    out.u32be(Math.floor(value / TWO_32));
    out.u32be(value);
  } else {
    scratch.setBigUint64(0, value);
    out.u32be(scratch.getUint32(0));
    out.u32be(scratch.getUint32(4));
  }
}

export function readU32be(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** Two halves to one datum: a number while that is exact. */
export function joinSigned(high: number, low: number): number | bigint {
  if (high >= -0x200000 && high < 0x200000 && !(high === -0x200000 && low === 0)) return high * TWO_32 + low;
  return (BigInt(high) << 32n) | BigInt(low);
}

export function joinUnsigned(high: number, low: number): number | bigint {
  return high < 0x200000 ? high * TWO_32 + low : (BigInt(high) << 32n) | BigInt(low);
}

export function readComparableInt(bytes: Uint8Array, at: number): number | bigint {
  return joinSigned((readU32be(bytes, at) ^ 0x80000000) | 0, readU32be(bytes, at + 4));
}

export function readComparableUint(bytes: Uint8Array, at: number): number | bigint {
  return joinUnsigned(readU32be(bytes, at), readU32be(bytes, at + 4));
}

export function putComparableFloat(out: ByteWriter, value: number): void {
  // MySQL does not tell -0 from 0; a key must not either.
  scratch.setFloat64(0, value === 0 ? 0 : value);
  const high = scratch.getUint32(0);
  const low = scratch.getUint32(4);
  if (high >= 0x80000000) {
    out.u32be(~high);
    out.u32be(~low);
  } else {
    out.u32be(high ^ 0x80000000);
    out.u32be(low);
  }
}

export function readComparableFloat(bytes: Uint8Array, at: number): number {
  const high = readU32be(bytes, at);
  const low = readU32be(bytes, at + 4);
  if (high >= 0x80000000) {
    scratch.setUint32(0, high ^ 0x80000000);
    scratch.setUint32(4, low);
  } else {
    scratch.setUint32(0, ~high);
    scratch.setUint32(4, ~low);
  }
  return scratch.getFloat64(0);
}

export function putComparableBytes(out: ByteWriter, source: Uint8Array, start = 0, end: number = source.length): void {
  const size = end - start;
  out.reserve((Math.floor(size / GROUP) + 1) * (GROUP + 1));
  const bytes = out.bytes;
  let at = out.length;
  let from = start;
  for (; end - from >= GROUP; from += GROUP) {
    for (let i = 0; i < GROUP; i++) bytes[at + i] = source[from + i]!;
    bytes[at + GROUP] = MARKER_FULL;
    at += GROUP + 1;
  }
  const left = end - from;
  for (let i = 0; i < GROUP; i++) bytes[at + i] = i < left ? source[from + i]! : 0;
  bytes[at + GROUP] = MARKER_FULL - (GROUP - left);
  out.length = at + GROUP + 1;
}

/** Where the bytes value that starts at `at` ends; `mask` is 255 where all its bytes are complemented. */
export function skipComparableBytes(bytes: Uint8Array, at: number, end: number, mask = 0): number {
  let next = at;
  for (;;) {
    assert(next + GROUP < end, 'a bytes value in a key is cut off');
    const marker = bytes[next + GROUP]! ^ mask;
    next += GROUP + 1;
    if (marker !== MARKER_FULL) return next;
  }
}

/** Appends the value without its markers to `out`; answers where it ended in the source. */
export function readComparableBytes(bytes: Uint8Array, at: number, end: number, out: ByteWriter): number {
  let next = at;
  for (;;) {
    assert(next + GROUP < end, 'a bytes value in a key is cut off');
    const marker = bytes[next + GROUP]!;
    const size = marker === MARKER_FULL ? GROUP : GROUP - (MARKER_FULL - marker);
    assert(size >= 0 && size <= GROUP, 'a bytes value in a key has a wrong marker');
    out.raw(bytes, next, next + size);
    next += GROUP + 1;
    if (marker !== MARKER_FULL) return next;
  }
}

/** -1, 0 or 1: the order of keys. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const size = Math.min(left.length, right.length);
  for (let i = 0; i < size; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  return left.length === right.length ? 0 : left.length < right.length ? -1 : 1;
}

/** The smallest key above every key that begins with `prefix`; empty (the end of the key space) when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  let size = prefix.length;
  while (size > 0 && prefix[size - 1] === 0xff) size--;
  const result = prefix.slice(0, size);
  if (size > 0) result[size - 1] = result[size - 1]! + 1;
  return result;
}

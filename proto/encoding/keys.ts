/**
 * Where things lie in the key space.
 *
 *     t {tableId} _r {handle}                                     a row
 *     t {tableId} _i {indexId} {values…}                          an entry of a unique index, no value NULL
 *     t {tableId} _i {indexId} {values…} {handle}                 every other entry
 *
 * A handle is what identifies a row in its table: an integer (the primary key itself, or a hidden one), eight bytes in row keys and
 * flag + eight in index keys; or the memcomparable form of a clustered key's columns, at least nine bytes, so that length tells the two apart.
 */
import { allocateBytes } from '../../base/allocate.ts';
import { assert } from '../../base/assert.ts';
import { copyBytes } from '../../base/bytes.ts';
import { ByteWriter } from './byte-writer.ts';
import { putComparableInt, readComparableInt, readU32be } from './comparable.ts';

export type IntHandle = number | bigint;
/** Bytes: the encoded columns of a clustered key. */
export type Handle = IntHandle | Uint8Array;

/** Flags before each value in a key. */
export const KeyFlag = {
  NIL: 0,
  BYTES: 1,
  COMPACT_BYTES: 2,
  INT: 3,
  UINT: 4,
  FLOAT: 5,
  DECIMAL: 6,
  DURATION: 7,
  MAX: 250,
} as const;

export const COMMON_HANDLE_SIZE_MIN = 9;
const TABLE_PREFIX = 0x74; // t
const SEPARATOR = 0x5f; // _
const ROW = 0x72; // r
const INDEX = 0x69; // i
/** `t` and the table id. */
export const TABLE_PREFIX_SIZE = 9;
/** `t`, table id, `_r`. */
export const ROW_PREFIX_SIZE = 11;
/** `t`, table id, `_i`, index id. */
export const INDEX_PREFIX_SIZE = 19;

export interface KeyInterval {
  readonly lower: Uint8Array;
  /** Exclusive. */
  readonly upper: Uint8Array;
}

const writer = new ByteWriter(128);

export function putTablePrefix(out: ByteWriter, tableId: number): void {
  out.u8(TABLE_PREFIX);
  putComparableInt(out, tableId);
}

export function putRowPrefix(out: ByteWriter, tableId: number): void {
  putTablePrefix(out, tableId);
  out.u8(SEPARATOR);
  out.u8(ROW);
}

export function putIndexPrefix(out: ByteWriter, tableId: number, indexId: number): void {
  putTablePrefix(out, tableId);
  out.u8(SEPARATOR);
  out.u8(INDEX);
  putComparableInt(out, indexId);
}

export function tablePrefix(tableId: number): Uint8Array {
  writer.reset();
  putTablePrefix(writer, tableId);
  return writer.finish();
}

export function rowPrefix(tableId: number): Uint8Array {
  writer.reset();
  putRowPrefix(writer, tableId);
  return writer.finish();
}

export function indexPrefix(tableId: number, indexId: number): Uint8Array {
  writer.reset();
  putIndexPrefix(writer, tableId, indexId);
  return writer.finish();
}

/** Everything of a table: index entries, then rows. */
export function tableInterval(tableId: number): KeyInterval {
  return { lower: tablePrefix(tableId), upper: tablePrefix(tableId + 1) };
}

export function rowInterval(tableId: number): KeyInterval {
  const lower = rowPrefix(tableId);
  const upper = copyBytes(lower);
  upper[ROW_PREFIX_SIZE - 1] = ROW + 1;
  return { lower, upper };
}

export function indexInterval(tableId: number, indexId: number): KeyInterval {
  return { lower: indexPrefix(tableId, indexId), upper: indexPrefix(tableId, indexId + 1) };
}

// hot: bench/micro/encoding.ts
export function encodeRowKey(tableId: number, handle: Handle): Uint8Array {
  if (typeof handle === 'number' && tableId <= 0xffffffff) {
    // One allocation and nineteen stores for the commonest key of all.
    assert(Number.isSafeInteger(handle), 'a handle must be safe or a bigint');
    const key = allocateBytes(19);
    key[0] = TABLE_PREFIX;
    key[1] = 0x80;
    key[5] = tableId >>> 24;
    key[6] = tableId >>> 16;
    key[7] = tableId >>> 8;
    key[8] = tableId;
    key[9] = SEPARATOR;
    key[10] = ROW;
    const high = Math.floor(handle / 4294967296) ^ 0x80000000;
    key[11] = high >>> 24;
    key[12] = high >>> 16;
    key[13] = high >>> 8;
    key[14] = high;
    key[15] = handle >>> 24;
    key[16] = handle >>> 16;
    key[17] = handle >>> 8;
    key[18] = handle;
    return key;
  }
  writer.reset();
  putRowPrefix(writer, tableId);
  if (handle instanceof Uint8Array) writer.raw(handle);
  else putComparableInt(writer, handle);
  return writer.finish();
}

/** Appends what follows the values in an entry of a non-unique index. */
export function putHandleInIndexKey(out: ByteWriter, handle: Handle): void {
  if (handle instanceof Uint8Array) {
    out.raw(handle);
  } else {
    out.u8(KeyFlag.INT);
    putComparableInt(out, handle);
  }
}

export function padCommonHandle(out: ByteWriter, start: number): void {
  while (out.length - start < COMMON_HANDLE_SIZE_MIN) out.u8(0);
}

/** The handle of a row key: an integer when eight bytes are left behind the prefix, else a copy of the encoded columns. */
export function decodeRowHandle(key: Uint8Array, start: number, end: number): Handle {
  const size = end - start - ROW_PREFIX_SIZE;
  if (size === 8) return readComparableInt(key, start + ROW_PREFIX_SIZE);
  assert(size >= COMMON_HANDLE_SIZE_MIN, 'a row key is cut off');
  return copyBytes(key, start + ROW_PREFIX_SIZE, end);
}

/** What a key is, for tools: the parts of a table key. `undefined`: it lies outside of the tables. */
export function decodeTableKey(key: Uint8Array, start = 0, end: number = key.length): DecodedTableKey | undefined {
  if (end - start < ROW_PREFIX_SIZE || key[start] !== TABLE_PREFIX || key[start + 9] !== SEPARATOR) return undefined;
  const tableId = Number(readComparableInt(key, start + 1));
  if (key[start + 10] === ROW) {
    return end - start >= ROW_PREFIX_SIZE + 8
      ? { kind: 'row', tableId, handle: decodeRowHandle(key, start, end) }
      : undefined;
  }
  if (key[start + 10] !== INDEX || end - start < INDEX_PREFIX_SIZE) return undefined;
  return {
    kind: 'index',
    tableId,
    indexId: Number(readComparableInt(key, start + ROW_PREFIX_SIZE)),
    valuesStart: start + INDEX_PREFIX_SIZE,
  };
}

export type DecodedTableKey =
  | { readonly kind: 'row'; readonly tableId: number; readonly handle: Handle }
  | { readonly kind: 'index'; readonly tableId: number; readonly indexId: number; readonly valuesStart: number };

/** Handles as text and map keys. */
export function handleText(handle: Handle): string {
  if (!(handle instanceof Uint8Array)) return String(handle);
  let text = 'x';
  for (const byte of handle) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The integer handle in the last eight bytes of a key; the caller knows that it is one. */
export function trailingIntHandle(key: Uint8Array, end: number): IntHandle {
  return readComparableInt(key, end - 8);
}

export function readPlainInt(bytes: Uint8Array, at: number): IntHandle {
  const high = readU32be(bytes, at) | 0;
  const low = readU32be(bytes, at + 4);
  if (high >= -0x200000 && high < 0x200000 && !(high === -0x200000 && low === 0)) return high * 4294967296 + low;
  return (BigInt(high) << 32n) | BigInt(low);
}

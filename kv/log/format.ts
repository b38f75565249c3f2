/**
 * The bytes of a log segment, version 1. Little-endian; positions are multiples of 8 where a group begins.
 *
 *     0      header     magic "RUTILLOG", version u32, salt u32, segment number u64, crc u32
 *     3584   opening    crc u32, salt u32, sequence of the first group u64; written together with the first group
 *     4096   groups     one after another; a group is what one write brought
 *
 *     group  crc u32 (of the 28 bytes that follow), size u32 (header included, multiple of 8), salt u32,
 *            record count u24 and flags u8, sequence u64, durable u64; then its records
 *     record crc u32 (of the rest, continuing the salt), size u32, kind u8, flags u8, 2 spare bytes, entry count u32,
 *            region u64, index u64, [term u64, vote u64, commit u64 with flag STATE], entry count x (size u32, term u64), data
 *
 * The salt is drawn anew whenever a file becomes a segment, so nothing that an earlier use left behind passes for current.
 * `sequence` counts groups over the life of the log; `durable` says that every group below it was durable when this one was
 * handed to the disk. Recovery needs both, see `recovery.ts`.
 */
import { checksum } from '../../base/checksum.ts';
import type { LogAppend, LogEntry, LogState } from './raft-log.ts';

export const FORMAT_VERSION = 1;
export const HEADER_SIZE = 32;
export const OPENING_OFFSET = 3584;
export const OPENING_SIZE = 512;
export const DATA_OFFSET = 4096;
export const GROUP_HEADER_SIZE = 32;
const RECORD_HEADER_SIZE = 32;
const STATE_SIZE = 24;
const ENTRY_HEADER_SIZE = 12;
const MAGIC = Uint8Array.from('RUTILLOG', (letter) => letter.charCodeAt(0));

/** The segment ends here. */
export const GROUP_SEAL = 1;
/** The log was closed in good order: nothing was under way. */
export const GROUP_CLOSED = 2;

export const RECORD_APPEND = 1;
/** Entries below `index` are gone, and those above the last one are not there: a snapshot took their place. */
export const RECORD_PURGE = 2;
/** The region is forgotten. */
export const RECORD_REMOVE = 3;
/** A copy of what an old segment said: state, and where the region's entries begin. */
export const RECORD_KEEP = 4;

const FLAG_STATE = 1;

const HIGH = 2 ** 32;

export function writeU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value >>> 0, true);
  view.setUint32(offset + 4, Math.floor(value / HIGH), true);
}

export function readU64(view: DataView, offset: number): number {
  return view.getUint32(offset + 4, true) * HIGH + view.getUint32(offset, true);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export interface SegmentHeader {
  readonly salt: number;
  readonly number: number;
}

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE);
  const view = viewOf(bytes);
  bytes.set(MAGIC);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, header.salt, true);
  writeU64(view, 16, header.number);
  view.setUint32(24, checksum(bytes, 0, 24), true);
  return bytes;
}

export type DecodedHeader =
  | { readonly kind: 'header'; readonly header: SegmentHeader }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' };

export function decodeHeader(bytes: Uint8Array): DecodedHeader {
  if (bytes.length < HEADER_SIZE || !MAGIC.every((byte, i) => bytes[i] === byte)) return { kind: 'damaged' };
  const view = viewOf(bytes);
  const version = view.getUint32(8, true);
  // A later version may lay out the rest in another way: believe the number before the sum.
  if (version > FORMAT_VERSION && version < 1000) return { kind: 'newer', version };
  if (view.getUint32(24, true) !== checksum(bytes, 0, 24)) return { kind: 'damaged' };
  return { kind: 'header', header: { salt: view.getUint32(12, true), number: readU64(view, 16) } };
}

export function encodeOpening(bytes: Uint8Array, view: DataView, offset: number, salt: number, sequence: number): void {
  bytes.fill(0, offset, offset + OPENING_SIZE);
  view.setUint32(offset + 4, salt, true);
  writeU64(view, offset + 8, sequence);
  view.setUint32(offset, checksum(bytes, offset + 4, offset + 16), true);
}

/** The sequence of the first group, `undefined` when the block is not whole. */
export function decodeOpening(bytes: Uint8Array, salt: number): number | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 16 || view.getUint32(4, true) !== salt || view.getUint32(0, true) !== checksum(bytes, 4, 16))
    return undefined;
  return readU64(view, 8);
}

export interface GroupHeader {
  readonly size: number;
  readonly recordCount: number;
  readonly flags: number;
  readonly sequence: number;
  readonly durable: number;
}

export function encodeGroupHeader(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  salt: number,
  group: GroupHeader,
): void {
  view.setUint32(offset + 4, group.size, true);
  view.setUint32(offset + 8, salt, true);
  view.setUint32(offset + 12, (group.recordCount & 0xffffff) | (group.flags << 24), true);
  writeU64(view, offset + 16, group.sequence);
  writeU64(view, offset + 24, group.durable);
  view.setUint32(offset, checksum(bytes, offset + 4, offset + GROUP_HEADER_SIZE), true);
}

export const RECORD_COUNT_MAX = 0xffffff;

/** `undefined` when no whole header with this salt lies at `offset`. */
export function decodeGroupHeader(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  salt: number,
): GroupHeader | undefined {
  if (offset + GROUP_HEADER_SIZE > bytes.length || view.getUint32(offset + 8, true) !== salt) return undefined;
  if (view.getUint32(offset, true) !== checksum(bytes, offset + 4, offset + GROUP_HEADER_SIZE)) return undefined;
  const countAndFlags = view.getUint32(offset + 12, true);
  return {
    size: view.getUint32(offset + 4, true),
    recordCount: countAndFlags & 0xffffff,
    flags: countAndFlags >>> 24,
    sequence: readU64(view, offset + 16),
    durable: readU64(view, offset + 24),
  };
}

export function recordSize(append: LogAppend): number {
  let size = RECORD_HEADER_SIZE + (append.state ? STATE_SIZE : 0);
  const { entries } = append;
  for (let i = 0; i < entries.length; i++) size += ENTRY_HEADER_SIZE + entries[i]!.data.length;
  return size;
}

/** How many of the entries fit in one append; at least one, which fits or is refused. */
// hot
export function countInAppend(entries: readonly LogEntry[], appendSizeBytesMax: number): number {
  let size = RECORD_HEADER_SIZE + STATE_SIZE;
  for (let i = 0; i < entries.length; i++) {
    size += ENTRY_HEADER_SIZE + entries[i]!.data.length;
    if (size > appendSizeBytesMax && i > 0) return i;
  }
  return entries.length;
}

/** Writes a record of `recordSize(append)` bytes at `offset`; returns where the data of the first entry lies. */
// hot: bench/micro/log.ts
export function encodeRecord(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  salt: number,
  kind: number,
  index: number,
  size: number,
  append: LogAppend,
): number {
  const { entries, state } = append;
  view.setUint32(offset + 4, size, true);
  view.setUint32(offset + 8, kind | ((state ? FLAG_STATE : 0) << 8), true);
  view.setUint32(offset + 12, entries.length, true);
  writeU64(view, offset + 16, append.regionId);
  writeU64(view, offset + 24, index);
  let at = offset + RECORD_HEADER_SIZE;
  if (state) {
    writeU64(view, at, state.term);
    writeU64(view, at + 8, state.vote);
    writeU64(view, at + 16, state.commit);
    at += STATE_SIZE;
  }
  const dataStart = at + entries.length * ENTRY_HEADER_SIZE;
  let dataAt = dataStart;
  for (let i = 0; i < entries.length; i++) {
    const { data, term } = entries[i]!;
    view.setUint32(at, data.length, true);
    writeU64(view, at + 4, term);
    at += ENTRY_HEADER_SIZE;
    bytes.set(data, dataAt);
    dataAt += data.length;
  }
  view.setUint32(offset, checksum(bytes, offset + 4, offset + size, salt), true);
  return dataStart;
}

export interface RecordHeader {
  readonly size: number;
  readonly kind: number;
  readonly entryCount: number;
  readonly regionId: number;
  readonly index: number;
  readonly state: LogState | undefined;
  /** Where the entry headers begin. */
  readonly entriesOffset: number;
  /** Where the data of the first entry begins. */
  readonly dataOffset: number;
}

/** `undefined` when the record at `offset`, which must end by `end`, is not whole. */
export function decodeRecord(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  end: number,
  salt: number,
): RecordHeader | undefined {
  if (offset + RECORD_HEADER_SIZE > end) return undefined;
  const size = view.getUint32(offset + 4, true);
  if (size < RECORD_HEADER_SIZE || offset + size > end) return undefined;
  if (view.getUint32(offset, true) !== checksum(bytes, offset + 4, offset + size, salt)) return undefined;
  const hasState = (view.getUint8(offset + 9) & FLAG_STATE) !== 0;
  const entryCount = view.getUint32(offset + 12, true);
  const stateOffset = offset + RECORD_HEADER_SIZE;
  const entriesOffset = stateOffset + (hasState ? STATE_SIZE : 0);
  return {
    size,
    kind: view.getUint8(offset + 8),
    entryCount,
    regionId: readU64(view, offset + 16),
    index: readU64(view, offset + 24),
    state: hasState
      ? {
          term: readU64(view, stateOffset),
          vote: readU64(view, stateOffset + 8),
          commit: readU64(view, stateOffset + 16),
        }
      : undefined,
    entriesOffset,
    dataOffset: entriesOffset + entryCount * ENTRY_HEADER_SIZE,
  };
}

export function entrySizeAt(view: DataView, record: RecordHeader, position: number): number {
  return view.getUint32(record.entriesOffset + position * ENTRY_HEADER_SIZE, true);
}

export function entryTermAt(view: DataView, record: RecordHeader, position: number): number {
  return readU64(view, record.entriesOffset + position * ENTRY_HEADER_SIZE + 4);
}

/**
 * `PacketRows`: one row's stored bytes to one packet, in the text or the binary form of the protocol. Made once for a list of
 * columns; text and bytes are copied, everything else is printed from its stored form (proto/encoding RawColumns).
 *
 *     text row:   header(4) { NULL 0xfb | length, bytes }…
 *     binary row: header(4) 0x00, NULL bitmap (from bit 2), { fixed little-endian | length, bytes }…
 *
 * sql/protocol/rows.ts writes the same packets from datums, and a test holds the two to each other byte for byte.
 */
import type { DateTime } from '../../base/value/date-time.ts';
import { TypeCode, type FieldType } from '../../base/value/field-type.ts';
import { RAW_NULL, RawColumns } from '../../proto/encoding/raw-columns.ts';
import { readPackedDateTime } from '../../proto/encoding/row-value.ts';
import { ValueKind, valueKind } from '../../proto/encoding/value-kind.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { PacketSink } from '../session/result.ts';

const HEADER_SIZE = 4;
const PAYLOAD_MAX = 0xffffff;
/** Length prefix of the longest kind. */
const LENGTH_SIZE_MAX = 9;

/** How a column travels in a binary row. */
const Binary = { TEXT: 0, INT1: 1, INT2: 2, INT4: 4, INT8: 8, DATE: 9, DATETIME: 10 } as const;
type Binary = (typeof Binary)[keyof typeof Binary];

/** Writes rows of one list of columns. */
export class PacketRows {
  private readonly raw: RawColumns;
  private readonly binary: readonly Binary[];
  /** The stored bytes are the text itself. */
  private readonly copied: readonly boolean[];

  private constructor(raw: RawColumns, columns: readonly ColumnInfo[]) {
    this.raw = raw;
    this.binary = columns.map((column) => binaryForm(column.type));
    this.copied = columns.map((column) => isCopied(column));
  }

  /** `undefined`: one of the columns needs datums. */
  static compile(table: TableInfo, columns: readonly ColumnInfo[]): PacketRows | undefined {
    if (columns.length === 0) return undefined;
    const raw = RawColumns.compile(table, columns);
    return raw === undefined ? undefined : new PacketRows(raw, columns);
  }

  // hot: bench/micro/executor.ts
  writeText(
    out: PacketSink,
    keyBytes: Uint8Array,
    keyStart: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { raw, copied } = this;
    const { count, starts } = raw;
    raw.locate(keyBytes, keyStart, bytes, start, end);
    let room = HEADER_SIZE;
    for (let i = 0; i < count; i++) room += LENGTH_SIZE_MAX + (starts[i] === RAW_NULL ? 0 : raw.textSize(i));
    out.reserve(room);
    const target = out.bytes;
    const headerAt = out.length;
    let at = headerAt + HEADER_SIZE;
    for (let i = 0; i < count; i++) {
      if (starts[i] === RAW_NULL) target[at++] = 0xfb;
      else if (copied[i]) at = raw.writeText(i, target, putLength(target, at, raw.ends[i]! - starts[i]!));
      else {
        // Printed values are shorter than 251 bytes, so their length is one byte.
        const ended = raw.writeText(i, target, at + 1);
        target[at] = ended - at - 1;
        at = ended;
      }
    }
    finishPacket(out, headerAt, at);
  }

  writeBinary(
    out: PacketSink,
    keyBytes: Uint8Array,
    keyStart: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { raw, copied, binary } = this;
    const { count, starts } = raw;
    raw.locate(keyBytes, keyStart, bytes, start, end);
    const bitmapSize = (count + 9) >> 3;
    let room = HEADER_SIZE + 1 + bitmapSize;
    for (let i = 0; i < count; i++) room += LENGTH_SIZE_MAX + (starts[i] === RAW_NULL ? 0 : raw.textSize(i));
    out.reserve(room);
    const target = out.bytes;
    const headerAt = out.length;
    let at = headerAt + HEADER_SIZE;
    target[at++] = 0;
    const bitmapAt = at;
    for (let i = 0; i < bitmapSize; i++) target[at++] = 0;
    for (let i = 0; i < count; i++) {
      if (starts[i] === RAW_NULL) {
        const bit = i + 2;
        target[bitmapAt + (bit >> 3)]! |= 1 << (bit & 7);
        continue;
      }
      const form = binary[i]!;
      switch (form) {
        case Binary.INT1:
        case Binary.INT2:
        case Binary.INT4:
        case Binary.INT8:
          at = putInteger(target, at, raw.integer(i), form);
          break;
        case Binary.DATE:
        case Binary.DATETIME:
          at = putDateTime(
            target,
            at,
            readPackedDateTime(raw.sources[i]!, starts[i]!, raw.ends[i]!),
            form === Binary.DATE,
          );
          break;
        case Binary.TEXT:
          if (copied[i]) at = raw.writeText(i, target, putLength(target, at, raw.ends[i]! - starts[i]!));
          else {
            const ended = raw.writeText(i, target, at + 1);
            target[at] = ended - at - 1;
            at = ended;
          }
      }
    }
    finishPacket(out, headerAt, at);
  }

  write(
    format: 'text' | 'binary',
    out: PacketSink,
    keyBytes: Uint8Array,
    keyStart: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (format === 'text') this.writeText(out, keyBytes, keyStart, bytes, start, end);
    else this.writeBinary(out, keyBytes, keyStart, bytes, start, end);
  }
}

function isCopied(column: ColumnInfo): boolean {
  const kind = valueKind(column.type);
  return kind === ValueKind.TEXT || kind === ValueKind.BYTES;
}

function binaryForm(type: FieldType): Binary {
  switch (type.code) {
    case TypeCode.TINY:
      return Binary.INT1;
    case TypeCode.SHORT:
      return Binary.INT2;
    case TypeCode.LONG:
    case TypeCode.INT24:
      return Binary.INT4;
    case TypeCode.LONGLONG:
      return Binary.INT8;
    case TypeCode.DATE:
      return Binary.DATE;
    case TypeCode.DATETIME:
      return Binary.DATETIME;
    default:
      return Binary.TEXT;
  }
}

function putLength(out: Uint8Array, at: number, size: number): number {
  if (size < 0xfb) {
    out[at] = size;
    return at + 1;
  }
  if (size <= 0xffff) {
    out[at] = 0xfc;
    out[at + 1] = size;
    out[at + 2] = size >>> 8;
    return at + 3;
  }
  if (size <= 0xffffff) {
    out[at] = 0xfd;
    out[at + 1] = size;
    out[at + 2] = size >>> 8;
    out[at + 3] = size >>> 16;
    return at + 4;
  }
  out[at] = 0xfe;
  for (let i = 0; i < 4; i++) out[at + 1 + i] = size >>> (8 * i);
  for (let i = 5; i < 9; i++) out[at + i] = 0;
  return at + 9;
}

function putInteger(out: Uint8Array, at: number, value: number | bigint, size: number): number {
  if (typeof value === 'bigint') {
    let rest = BigInt.asUintN(64, value);
    for (let i = 0; i < 8; i++) {
      out[at + i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return at + 8;
  }
  // Bytes stored into a Uint8Array keep their low eight bits, so two's complement comes by itself.
  out[at] = value;
  if (size >= 2) out[at + 1] = value >> 8;
  if (size >= 4) {
    out[at + 2] = value >> 16;
    out[at + 3] = value >> 24;
  }
  if (size === 8) {
    const high = Math.floor(value / 4294967296);
    out[at + 4] = high;
    out[at + 5] = high >> 8;
    out[at + 6] = high >> 16;
    out[at + 7] = high >> 24;
  }
  return at + size;
}

function putDateTime(out: Uint8Array, at: number, value: DateTime, dateOnly: boolean): number {
  const size =
    dateOnly || value.timeMicros === 0 ? (value.datePart === 0 ? 0 : 4) : value.timeMicros % 1_000_000 === 0 ? 7 : 11;
  out[at] = size;
  if (size === 0) return at + 1;
  const { year } = value;
  out[at + 1] = year;
  out[at + 2] = year >> 8;
  out[at + 3] = value.month;
  out[at + 4] = value.day;
  if (size === 4) return at + 5;
  out[at + 5] = value.hour;
  out[at + 6] = value.minute;
  out[at + 7] = value.second;
  if (size === 7) return at + 8;
  const micros = value.microsecond;
  for (let i = 0; i < 4; i++) out[at + 8 + i] = micros >>> (8 * i);
  return at + 12;
}

function finishPacket(out: PacketSink, headerAt: number, end: number): void {
  const payload = end - headerAt - HEADER_SIZE;
  out.length = end;
  if (payload >= PAYLOAD_MAX) return cutPacket(out, headerAt, payload);
  const { bytes } = out;
  bytes[headerAt] = payload;
  bytes[headerAt + 1] = payload >>> 8;
  bytes[headerAt + 2] = payload >>> 16;
  bytes[headerAt + 3] = out.sequence;
  out.sequence = (out.sequence + 1) & 0xff;
}

/** A payload of 16 MB or more goes out in pieces of 0xffffff bytes and a last, shorter (perhaps empty) one. */
function cutPacket(out: PacketSink, headerAt: number, payload: number): void {
  const pieces = Math.floor(payload / PAYLOAD_MAX) + 1;
  out.reserve((pieces - 1) * HEADER_SIZE);
  const { bytes } = out;
  for (let i = pieces - 1; i >= 0; i--) {
    const size = i === pieces - 1 ? payload - i * PAYLOAD_MAX : PAYLOAD_MAX;
    const from = headerAt + HEADER_SIZE + i * PAYLOAD_MAX;
    const to = headerAt + i * (PAYLOAD_MAX + HEADER_SIZE);
    bytes.copyWithin(to + HEADER_SIZE, from, from + size);
    bytes[to] = size;
    bytes[to + 1] = size >>> 8;
    bytes[to + 2] = size >>> 16;
    bytes[to + 3] = out.sequence + i;
  }
  out.length += (pieces - 1) * HEADER_SIZE;
  out.sequence = (out.sequence + pieces) & 0xff;
}

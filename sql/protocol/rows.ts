/**
 * Rows as packets, in the two forms of the protocol. Text: every value as the text MySQL prints, behind its length. Binary
 * (prepared statements): a NULL bitmap that starts two bits in, then little-endian numbers and packed dates.
 *
 * A `RowEncoder` is made once per result and decides per column which of a few writers applies, so the loop over values is one
 * switch on a small integer. Everything uncommon goes through `formatText`, the single definition of a value's text.
 */
import type { Charset } from '../../base/value/charset.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Duration } from '../../base/value/duration.ts';
import { TypeCode, type FieldType } from '../../base/value/field-type.ts';
import { formatText } from '../functions/index.ts';
import type { ResultColumn } from '../session/result.ts';
import { conversionTo } from './charsets.ts';
import type { PacketWriter } from './packet-writer.ts';

/** How a column's values are written; chosen from its type. */
const Kind = { INTEGER: 0, STRING: 1, BYTES: 2, FORMAT: 3, TINY: 4, SHORT: 5, LONG: 6, LONGLONG: 7, FLOAT: 8, DOUBLE: 9, DATE_TIME: 10, TIME: 11, BIT: 12, CONVERTED: 13 } as const; // prettier-ignore

export class RowEncoder {
  private readonly types: readonly FieldType[];
  private readonly textKinds: number[];
  private readonly binaryKinds: number[];
  /** Of the columns that are sent in other bytes than UTF-8. */
  private readonly charsets: readonly (Charset | undefined)[];

  get width(): number {
    return this.types.length;
  }

  /** `resultCharset`: the client's; `undefined`: text goes out in the set of its column. */
  constructor(columns: readonly ResultColumn[], resultCharset: string | undefined) {
    this.types = columns.map((column) => column.type);
    this.charsets = this.types.map((type) => conversionTo(resultCharset ?? type.charset));
    this.textKinds = this.types.map((type, i) => textKind(type, this.charsets[i] !== undefined));
    this.binaryKinds = this.types.map((type, i) => binaryKind(type, this.charsets[i] !== undefined));
  }

  // hot
  writeText(out: PacketWriter, row: Row): void {
    out.begin();
    const kinds = this.textKinds;
    for (let i = 0; i < kinds.length; i++) {
      const value = row[i]!;
      if (value === null) {
        out.u8(0xfb);
        continue;
      }
      switch (kinds[i]) {
        case Kind.INTEGER:
          writeDigits(out, value as number | bigint);
          break;
        case Kind.STRING:
          if (typeof value === 'string') out.lengthEncodedText(value);
          else this.writeFormatted(out, value, i);
          break;
        case Kind.BYTES:
          if (value instanceof Uint8Array) out.lengthEncodedBytes(value);
          else this.writeFormatted(out, value, i);
          break;
        case Kind.CONVERTED:
          if (typeof value === 'string') out.lengthEncodedBytes(this.charsets[i]!.encode(value));
          else this.writeFormatted(out, value, i);
          break;
        case Kind.BIT:
          out.lengthEncodedBytes(bitBytes(value as number | bigint, this.types[i]!));
          break;
        default:
          this.writeFormatted(out, value, i);
      }
    }
    out.finish();
  }

  // hot
  writeBinary(out: PacketWriter, row: Row): void {
    out.begin();
    out.u8(0);
    const kinds = this.binaryKinds;
    const bitmapSize = (kinds.length + 9) >> 3;
    out.zeros(bitmapSize);
    // Later values may move the buffer: the bitmap is found again from the end of the packet's header.
    const bitmapAt = out.length - bitmapSize;
    for (let i = 0; i < kinds.length; i++) {
      const value = row[i]!;
      if (value === null) {
        const bit = i + 2;
        out.bytes[bitmapAt + (bit >> 3)]! |= 1 << (bit & 7);
        continue;
      }
      this.writeBinaryValue(out, value, i, kinds[i]!);
    }
    out.finish();
  }

  private writeBinaryValue(out: PacketWriter, value: NonNullable<Datum>, i: number, kind: number): void {
    switch (kind) {
      case Kind.TINY:
        out.u8(Number(value) & 0xff);
        break;
      case Kind.SHORT:
        out.u16(Number(value) & 0xffff);
        break;
      case Kind.LONG:
        out.u32(Number(value) >>> 0);
        break;
      case Kind.LONGLONG:
        out.u64(value as number | bigint);
        break;
      case Kind.FLOAT:
        out.float(value as number);
        break;
      case Kind.DOUBLE:
        out.double(Number(value));
        break;
      case Kind.DATE_TIME:
        if (value instanceof DateTime) writeBinaryDateTime(out, value, this.types[i]!.code === TypeCode.DATE);
        else this.writeFormatted(out, value, i);
        break;
      case Kind.TIME:
        if (value instanceof Duration) writeBinaryDuration(out, value);
        else this.writeFormatted(out, value, i);
        break;
      case Kind.BIT:
        out.lengthEncodedBytes(bitBytes(value as number | bigint, this.types[i]!));
        break;
      case Kind.CONVERTED:
        if (typeof value === 'string') out.lengthEncodedBytes(this.charsets[i]!.encode(value));
        else this.writeFormatted(out, value, i);
        break;
      default:
        if (typeof value === 'string') out.lengthEncodedText(value);
        else if (value instanceof Uint8Array) out.lengthEncodedBytes(value);
        else this.writeFormatted(out, value, i);
    }
  }

  private writeFormatted(out: PacketWriter, value: Datum, i: number): void {
    const text = formatText(value, this.types[i]!);
    if (typeof text === 'string') out.lengthEncodedText(text);
    else if (text === null) out.u8(0xfb);
    else out.lengthEncodedBytes(text);
  }
}

function textKind(type: FieldType, converts: boolean): number {
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
    case TypeCode.INT24:
      return type.zerofill ? Kind.FORMAT : Kind.INTEGER;
    case TypeCode.BIT:
      return Kind.BIT;
    case TypeCode.VARCHAR:
    case TypeCode.CHAR:
    case TypeCode.TINY_BLOB:
    case TypeCode.BLOB:
    case TypeCode.MEDIUM_BLOB:
    case TypeCode.LONG_BLOB:
    case TypeCode.ENUM:
    case TypeCode.SET:
      if (type.charset === 'binary') return Kind.BYTES;
      return converts ? Kind.CONVERTED : Kind.STRING;
    default:
      return Kind.FORMAT;
  }
}

function binaryKind(type: FieldType, converts: boolean): number {
  switch (type.code) {
    case TypeCode.TINY:
      return Kind.TINY;
    case TypeCode.SHORT:
    case TypeCode.YEAR:
      return Kind.SHORT;
    case TypeCode.LONG:
    case TypeCode.INT24:
      return Kind.LONG;
    case TypeCode.LONGLONG:
      return Kind.LONGLONG;
    case TypeCode.FLOAT:
      return Kind.FLOAT;
    case TypeCode.DOUBLE:
      return Kind.DOUBLE;
    case TypeCode.DATE:
    case TypeCode.DATETIME:
    case TypeCode.TIMESTAMP:
      return Kind.DATE_TIME;
    case TypeCode.TIME:
      return Kind.TIME;
    case TypeCode.BIT:
      return Kind.BIT;
    default:
      return textKind(type, converts) === Kind.CONVERTED ? Kind.CONVERTED : Kind.STRING;
  }
}

/** Digits straight into the buffer, without a string for the common small integer. */
function writeDigits(out: PacketWriter, value: number | bigint): void {
  if (typeof value !== 'number' || value < 0 || value >= 1e9) {
    out.lengthEncodedText(String(value));
    return;
  }
  out.reserve(11);
  let count = 1;
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count++;
  const bytes = out.bytes;
  const at = out.length;
  bytes[at] = count;
  let rest = value;
  for (let i = at + count; i > at; i--) {
    const next = (rest / 10) | 0;
    bytes[i] = 0x30 + rest - next * 10;
    rest = next;
  }
  out.length = at + 1 + count;
}

function writeBinaryDateTime(out: PacketWriter, value: DateTime, dateOnly: boolean): void {
  const day = value.datePart & 31;
  const yearMonth = value.datePart >> 5;
  const micros = value.timeMicros % 1_000_000;
  const seconds = (value.timeMicros - micros) / 1_000_000;
  const size = dateOnly || value.timeMicros === 0 ? (value.datePart === 0 ? 0 : 4) : micros === 0 ? 7 : 11;
  out.u8(size);
  if (size === 0) return;
  out.u16(Math.floor(yearMonth / 13));
  out.u8(yearMonth % 13);
  out.u8(day);
  if (size === 4) return;
  out.u8(Math.floor(seconds / 3600));
  out.u8(Math.floor(seconds / 60) % 60);
  out.u8(seconds % 60);
  if (size === 11) out.u32(micros);
}

function writeBinaryDuration(out: PacketWriter, value: Duration): void {
  const absolute = Math.abs(value.micros);
  if (absolute === 0) return out.u8(0);
  const micros = absolute % 1_000_000;
  const seconds = (absolute - micros) / 1_000_000;
  out.u8(micros === 0 ? 8 : 12);
  out.u8(value.micros < 0 ? 1 : 0);
  out.u32(Math.floor(seconds / 86400));
  out.u8(Math.floor(seconds / 3600) % 24);
  out.u8(Math.floor(seconds / 60) % 60);
  out.u8(seconds % 60);
  if (micros !== 0) out.u32(micros);
}

/** BIT travels as big-endian bytes, as many as its width needs. */
function bitBytes(value: number | bigint, type: FieldType): Uint8Array {
  const size = (Math.max(type.length, 1) + 7) >> 3;
  const bytes = new Uint8Array(size);
  let rest = BigInt(value);
  for (let i = size - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/**
 * Rows of a running statement as bytes in a temporary file, and back. A datum says itself what it is, so no types are needed; what is read
 * is the same datum that was written, down to the scale of a decimal and the sign of a zero. Never kept beyond the statement: no version.
 */
import { Buffer } from 'node:buffer';
import { unreachable } from '../../../base/assert.ts';
import { DateTime } from '../../../base/value/date-time.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import { Decimal } from '../../../base/value/decimal.ts';
import { Duration } from '../../../base/value/duration.ts';
import { Json } from '../../../base/value/json.ts';
import type { ByteWriter } from '../../../proto/encoding/byte-writer.ts';
import { putJson, readJson } from '../../../proto/encoding/json-binary.ts';

const Tag = {
  NULL: 0, INT32: 1, DOUBLE: 2, BIGINT: 3, LATIN1: 4, UTF16: 5, BYTES: 6, DECIMAL: 7, DECIMAL_BIG: 8, DATE_TIME: 9, DURATION: 10, JSON: 11,
} as const; // prettier-ignore

// eslint-disable-next-line no-control-regex
const BEYOND_LATIN1 = /[^\x00-\xff]/;

// hot
export function putRow(out: ByteWriter, row: Row): void {
  for (let i = 0; i < row.length; i++) putDatum(out, row[i]!);
}

function putDatum(out: ByteWriter, value: Datum): void {
  if (value === null) return out.u8(Tag.NULL);
  switch (typeof value) {
    case 'number':
      return putNumber(out, value);
    case 'string':
      return putString(out, value);
    case 'bigint':
      out.u8(Tag.BIGINT);
      return putBigint(out, value);
    default:
      break;
  }
  if (value instanceof Decimal) {
    const { digits } = value;
    out.u8(typeof digits === 'number' ? Tag.DECIMAL : Tag.DECIMAL_BIG);
    out.u8(value.scale);
    if (typeof digits === 'number') putDouble(out, digits);
    else putBigint(out, digits);
  } else if (value instanceof DateTime) {
    out.u8(Tag.DATE_TIME);
    out.u32le(value.datePart);
    putDouble(out, value.timeMicros);
  } else if (value instanceof Duration) {
    out.u8(Tag.DURATION);
    putDouble(out, value.micros);
  } else if (value instanceof Uint8Array) {
    out.u8(Tag.BYTES);
    out.u32le(value.length);
    out.raw(value);
  } else if (value instanceof Json) {
    out.u8(Tag.JSON);
    const sizeAt = out.length;
    out.u32le(0);
    putJson(out, value);
    out.bytes.writeUInt32LE(out.length - sizeAt - 4, sizeAt);
  } else unreachable(value);
}

function putNumber(out: ByteWriter, value: number): void {
  if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
    out.reserve(5);
    out.bytes[out.length] = Tag.INT32;
    out.bytes.writeInt32LE(value, out.length + 1);
    out.length += 5;
    return;
  }
  out.u8(Tag.DOUBLE);
  putDouble(out, value);
}

function putDouble(out: ByteWriter, value: number): void {
  out.reserve(8);
  out.bytes.writeDoubleLE(value, out.length);
  out.length += 8;
}

function putBigint(out: ByteWriter, value: bigint): void {
  const text = value.toString(36);
  out.u32le(text.length);
  out.reserve(text.length);
  out.length += out.bytes.write(text, out.length, 'latin1');
}

function putString(out: ByteWriter, value: string): void {
  const wide = BEYOND_LATIN1.test(value);
  const size = wide ? value.length * 2 : value.length;
  out.u8(wide ? Tag.UTF16 : Tag.LATIN1);
  out.u32le(size);
  out.reserve(size);
  // UTF-16 keeps even half a surrogate pair, which UTF-8 would not.
  out.length += out.bytes.write(value, out.length, size, wide ? 'utf16le' : 'latin1');
}

/** Reads rows of one width from a block. */
export class RowReader {
  private readonly bytes: Buffer;
  private readonly width: number;
  private at = 0;

  constructor(bytes: Uint8Array, width: number) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.width = width;
  }

  // hot
  row(): Row {
    const row: Row = [];
    for (let i = 0; i < this.width; i++) row.push(this.datum());
    return row;
  }

  private datum(): Datum {
    const { bytes } = this;
    const tag = bytes[this.at++]! as (typeof Tag)[keyof typeof Tag];
    switch (tag) {
      case Tag.NULL:
        return null;
      case Tag.INT32:
        this.at += 4;
        return bytes.readInt32LE(this.at - 4);
      case Tag.DOUBLE:
        return this.double();
      case Tag.BIGINT:
        return this.bigint();
      case Tag.LATIN1:
        return this.text('latin1');
      case Tag.UTF16:
        return this.text('utf16le');
      case Tag.BYTES: {
        const size = this.size();
        this.at += size;
        // A plain array of bytes, as it was: a `Buffer` prints differently.
        return new Uint8Array(bytes.subarray(this.at - size, this.at));
      }
      case Tag.DECIMAL:
      case Tag.DECIMAL_BIG: {
        const scale = bytes[this.at++]!;
        return new Decimal(tag === Tag.DECIMAL ? this.double() : this.bigint(), scale);
      }
      case Tag.DATE_TIME: {
        this.at += 4;
        return new DateTime(bytes.readUInt32LE(this.at - 4), this.double());
      }
      case Tag.DURATION:
        return new Duration(this.double());
      case Tag.JSON: {
        const size = this.size();
        this.at += size;
        return readJson(bytes, this.at - size, this.at);
      }
      default:
        return unreachable(tag);
    }
  }

  private size(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  private double(): number {
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  private text(encoding: 'latin1' | 'utf16le'): string {
    const size = this.size();
    this.at += size;
    return this.bytes.toString(encoding, this.at - size, this.at);
  }

  private bigint(): bigint {
    const text = this.text('latin1');
    const negative = text.startsWith('-');
    let value = 0n;
    for (let i = negative ? 1 : 0; i < text.length; i++) value = value * 36n + BigInt(parseInt(text[i]!, 36));
    return negative ? -value : value;
  }
}

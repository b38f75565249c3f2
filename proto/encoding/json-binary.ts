/**
 * JSON documents in TiDB's binary form (MySQL 5.7's, with 32-bit sizes throughout). A value is a type byte and a body:
 *
 *     object  count u32, size u32, per key (offset u32, length u16), per value (type, offset or literal u32), keys, bodies
 *     array   count u32, size u32, per value (type, offset or literal u32), bodies
 *     int64, uint64, double: 8 bytes · string: varint length, UTF-8 · literal: 0 null, 1 true, 2 false
 *     opaque: MySQL type code, varint length, bytes · date, datetime, timestamp: 8 bytes · time: nanoseconds, fsp u32
 *
 * Offsets count from the start of the body they stand in. Keys are stored in byte order, and handed out in MySQL's order
 * (length, then bytes), which is what documents print in.
 */
import { Buffer } from 'node:buffer';
import { RutileError } from '../../base/error.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import { Json, JsonDouble, type JsonNode, JsonOpaque } from '../../base/value/json.ts';
import { ByteWriter } from './byte-writer.ts';
import { joinSigned, joinUnsigned } from './comparable.ts';
import { putDecimal, readDecimal } from './decimal-binary.ts';
import { decodeUtf8 } from './utf8.ts';

const JsonType = {
  OBJECT: 0x01, ARRAY: 0x03, LITERAL: 0x04, INT64: 0x09, UINT64: 0x0a, DOUBLE: 0x0b, STRING: 0x0c, OPAQUE: 0x0d,
  DATE: 0x0e, DATETIME: 0x0f, TIMESTAMP: 0x10, TIME: 0x11,
} as const; // prettier-ignore

const LITERAL_NULL = 0;
const LITERAL_TRUE = 1;
const LITERAL_FALSE = 2;
const HEADER_SIZE = 8;
const KEY_ENTRY_SIZE = 6;
const VALUE_ENTRY_SIZE = 5;
const KEY_SIZE_MAX = 0xffff;
const DEPTH_MAX = 100;
const FSP_MAX = 6;

const view = new DataView(new ArrayBuffer(8));

export function putJson(out: ByteWriter, json: Json): void {
  const typeAt = out.length;
  out.u8(0);
  const type = putBody(out, json.node, 0);
  out.bytes[typeAt] = type;
  if (type === JsonType.LITERAL) out.u8(literalOf(json.node));
}

function literalOf(node: JsonNode): number {
  return node === null ? LITERAL_NULL : node === true ? LITERAL_TRUE : LITERAL_FALSE;
}

/** Writes the body and answers its type; a literal has none, its value stands in the entry. */
function putBody(out: ByteWriter, node: JsonNode, depth: number): number {
  if (depth > DEPTH_MAX)
    throw new RutileError('json.too-deep', `A JSON document is nested deeper than ${DEPTH_MAX} levels`);
  if (node === null || typeof node === 'boolean') return JsonType.LITERAL;
  if (typeof node === 'string') {
    putText(out, node);
    return JsonType.STRING;
  }
  if (typeof node === 'number' || typeof node === 'bigint') return putInteger(out, node);
  if (node instanceof JsonDouble) {
    view.setFloat64(0, node.value, true);
    out.raw(new Uint8Array(view.buffer));
    return JsonType.DOUBLE;
  }
  if (node instanceof JsonOpaque) return putOpaque(out, node);
  if (isMap(node)) {
    putObject(out, node, depth);
    return JsonType.OBJECT;
  }
  putArray(out, node, depth);
  return JsonType.ARRAY;
}

function isMap(node: readonly JsonNode[] | ReadonlyMap<string, JsonNode>): node is ReadonlyMap<string, JsonNode> {
  return node instanceof Map;
}

function putInteger(out: ByteWriter, value: number | bigint): number {
  const large = BigInt(value);
  if (large > 0x7fffffffffffffffn) {
    view.setBigUint64(0, large, true);
    out.raw(new Uint8Array(view.buffer));
    return JsonType.UINT64;
  }
  view.setBigInt64(0, large, true);
  out.raw(new Uint8Array(view.buffer));
  return JsonType.INT64;
}

function putText(out: ByteWriter, text: string): void {
  putVarint(out, Buffer.byteLength(text, 'utf8'));
  out.utf8(text);
}

function putVarint(out: ByteWriter, value: number): void {
  let left = value;
  while (left >= 0x80) {
    out.u8((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  out.u8(left);
}

function putArray(out: ByteWriter, items: readonly JsonNode[], depth: number): void {
  const start = out.length;
  out.u32le(items.length);
  out.u32le(0);
  const entries = out.length;
  skip(out, items.length * VALUE_ENTRY_SIZE);
  items.forEach((item, i) => putEntry(out, start, entries + i * VALUE_ENTRY_SIZE, item, depth));
  patch(out, start + 4, out.length - start);
}

function putObject(out: ByteWriter, members: ReadonlyMap<string, JsonNode>, depth: number): void {
  const keys = [...members.keys()].map((key) => ({ key, bytes: Buffer.from(key, 'utf8') }));
  keys.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const start = out.length;
  out.u32le(keys.length);
  out.u32le(0);
  let offset = HEADER_SIZE + keys.length * (KEY_ENTRY_SIZE + VALUE_ENTRY_SIZE);
  for (const { bytes } of keys) {
    if (bytes.length > KEY_SIZE_MAX) throw new RutileError('json.key-too-long', 'A key of a JSON object is too long');
    out.u32le(offset);
    out.u16le(bytes.length);
    offset += bytes.length;
  }
  const entries = out.length;
  skip(out, keys.length * VALUE_ENTRY_SIZE);
  for (const { bytes } of keys) out.raw(bytes);
  keys.forEach(({ key }, i) => putEntry(out, start, entries + i * VALUE_ENTRY_SIZE, members.get(key)!, depth));
  patch(out, start + 4, out.length - start);
}

function putEntry(out: ByteWriter, start: number, entryAt: number, node: JsonNode, depth: number): void {
  const offset = out.length - start;
  const type = putBody(out, node, depth + 1);
  out.bytes[entryAt] = type;
  patch(out, entryAt + 1, type === JsonType.LITERAL ? literalOf(node) : offset);
}

function skip(out: ByteWriter, count: number): void {
  out.reserve(count);
  out.bytes.fill(0, out.length, out.length + count);
  out.length += count;
}

function patch(out: ByteWriter, at: number, value: number): void {
  out.bytes.writeUInt32LE(value, at);
}

function putOpaque(out: ByteWriter, opaque: JsonOpaque): number {
  const value = opaque.value;
  if (value instanceof DateTime) {
    view.setBigUint64(0, coreTime(value, opaque.typeCode), true);
    out.raw(new Uint8Array(view.buffer));
    if (opaque.typeCode === TypeCode.DATE) return JsonType.DATE;
    return opaque.typeCode === TypeCode.TIMESTAMP ? JsonType.TIMESTAMP : JsonType.DATETIME;
  }
  if (value instanceof Duration) {
    view.setBigInt64(0, BigInt(value.micros) * 1000n, true);
    out.raw(new Uint8Array(view.buffer));
    out.u32le(FSP_MAX);
    return JsonType.TIME;
  }
  out.u8(opaque.typeCode);
  if (value instanceof Decimal) {
    const packed = new ByteWriter(64);
    const digits = BigInt(value.digits).toString().replace('-', '').length;
    putDecimal(packed, value, Math.max(digits, value.scale + 1), value.scale);
    putVarint(out, packed.length);
    out.raw(packed.bytes, 0, packed.length);
  } else {
    const bytes = value as Uint8Array;
    putVarint(out, bytes.length);
    out.raw(bytes);
  }
  return JsonType.OPAQUE;
}

/** The bit fields TiDB keeps for a temporal value: year 14, month 4, day 5, hour 5, minute 6, second 6, micros 20, fsp and type 4. */
function coreTime(value: DateTime, typeCode: number): bigint {
  const months = Math.floor(value.datePart / 32);
  const seconds = Math.floor(value.timeMicros / 1_000_000);
  const fspAndType = typeCode === TypeCode.DATE ? 0b1110 : (FSP_MAX << 1) | (typeCode === TypeCode.TIMESTAMP ? 1 : 0);
  return (
    (BigInt(Math.floor(months / 13)) << 50n) |
    (BigInt(months % 13) << 46n) |
    (BigInt(value.datePart % 32) << 41n) |
    (BigInt(Math.floor(seconds / 3600)) << 36n) |
    (BigInt(Math.floor(seconds / 60) % 60) << 30n) |
    (BigInt(seconds % 60) << 24n) |
    (BigInt(value.timeMicros % 1_000_000) << 4n) |
    BigInt(fspAndType)
  );
}

function fromCoreTime(bits: bigint): DateTime {
  const field = (shift: bigint, width: bigint): number => Number((bits >> shift) & ((1n << width) - 1n));
  const datePart = (field(50n, 14n) * 13 + field(46n, 4n)) * 32 + field(41n, 5n);
  const seconds = field(36n, 5n) * 3600 + field(30n, 6n) * 60 + field(24n, 6n);
  return new DateTime(datePart, seconds * 1_000_000 + field(4n, 20n));
}

export function readJson(bytes: Uint8Array, start: number, end: number): Json {
  if (end - start < 1) throw corrupt();
  const reader = new Reader(bytes, end);
  const type = bytes[start]!;
  if (type === JsonType.LITERAL) return new Json(reader.literal(reader.u8(start + 1)));
  return new Json(reader.body(type, start + 1, 0));
}

function corrupt(): RutileError {
  return new RutileError('json.corrupt', 'A stored JSON document is damaged');
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly end: number;
  /** Where the last varint ended. */
  private position = 0;

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = end;
  }

  u8(at: number): number {
    if (at >= this.end) throw corrupt();
    return this.bytes[at]!;
  }

  literal(code: number): JsonNode {
    if (code === LITERAL_NULL) return null;
    if (code === LITERAL_TRUE) return true;
    if (code === LITERAL_FALSE) return false;
    throw corrupt();
  }

  body(type: number, at: number, depth: number): JsonNode {
    if (depth > DEPTH_MAX) throw corrupt();
    switch (type) {
      case JsonType.OBJECT:
        return this.object(at, depth);
      case JsonType.ARRAY:
        return this.array(at, depth);
      case JsonType.INT64:
        this.need(at, 8);
        return joinSigned(this.view.getInt32(at + 4, true), this.view.getUint32(at, true));
      case JsonType.UINT64:
        this.need(at, 8);
        return joinUnsigned(this.view.getUint32(at + 4, true), this.view.getUint32(at, true));
      case JsonType.DOUBLE:
        this.need(at, 8);
        return new JsonDouble(this.view.getFloat64(at, true));
      case JsonType.STRING: {
        const size = this.varint(at);
        this.need(this.position, size);
        return decodeUtf8(this.bytes, this.position, this.position + size);
      }
      case JsonType.OPAQUE:
        return this.opaque(at);
      case JsonType.DATE:
      case JsonType.DATETIME:
      case JsonType.TIMESTAMP: {
        this.need(at, 8);
        const code =
          type === JsonType.DATE ? TypeCode.DATE : type === JsonType.DATETIME ? TypeCode.DATETIME : TypeCode.TIMESTAMP;
        return new JsonOpaque(code, fromCoreTime(this.view.getBigUint64(at, true)));
      }
      case JsonType.TIME:
        this.need(at, 12);
        return new JsonOpaque(TypeCode.TIME, new Duration(Number(this.view.getBigInt64(at, true) / 1000n)));
      default:
        throw corrupt();
    }
  }

  private opaque(at: number): JsonNode {
    const typeCode = this.u8(at);
    const size = this.varint(at + 1);
    this.need(this.position, size);
    if (typeCode === TypeCode.DECIMAL) return new JsonOpaque(typeCode, readDecimal(this.bytes, this.position));
    return new JsonOpaque(typeCode, this.bytes.slice(this.position, this.position + size));
  }

  private array(at: number, depth: number): JsonNode {
    this.need(at, HEADER_SIZE);
    const count = this.view.getUint32(at, true);
    this.need(at + HEADER_SIZE, count * VALUE_ENTRY_SIZE);
    const items: JsonNode[] = [];
    for (let i = 0; i < count; i++) items.push(this.entry(at, at + HEADER_SIZE + i * VALUE_ENTRY_SIZE, depth));
    return items;
  }

  private object(at: number, depth: number): JsonNode {
    this.need(at, HEADER_SIZE);
    const count = this.view.getUint32(at, true);
    this.need(at + HEADER_SIZE, count * (KEY_ENTRY_SIZE + VALUE_ENTRY_SIZE));
    const members: { key: string; size: number; value: JsonNode }[] = [];
    let inOrder = true;
    for (let i = 0; i < count; i++) {
      const keyEntry = at + HEADER_SIZE + i * KEY_ENTRY_SIZE;
      const keyAt = at + this.view.getUint32(keyEntry, true);
      const size = this.view.getUint16(keyEntry + 4, true);
      this.need(keyAt, size);
      const entryAt = at + HEADER_SIZE + count * KEY_ENTRY_SIZE + i * VALUE_ENTRY_SIZE;
      if (i > 0 && size < members[i - 1]!.size) inOrder = false;
      members.push({ key: decodeUtf8(this.bytes, keyAt, keyAt + size), size, value: this.entry(at, entryAt, depth) });
    }
    // Stored in byte order, so a stable sort by length gives length, then bytes.
    if (!inOrder) members.sort((a, b) => a.size - b.size);
    const result = new Map<string, JsonNode>();
    for (const { key, value } of members) result.set(key, value);
    return result;
  }

  private entry(start: number, entryAt: number, depth: number): JsonNode {
    const type = this.bytes[entryAt]!;
    const word = this.view.getUint32(entryAt + 1, true);
    return type === JsonType.LITERAL ? this.literal(word & 0xff) : this.body(type, start + word, depth + 1);
  }

  private varint(at: number): number {
    let value = 0;
    let scale = 1;
    let next = at;
    for (;;) {
      const byte = this.u8(next++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
      if (next - at > 5) throw corrupt();
    }
    this.position = next;
    return value;
  }

  private need(at: number, size: number): void {
    if (at + size > this.end) throw corrupt();
  }
}

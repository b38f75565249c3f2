/**
 * Rows from stored bytes straight into packets. A plan that only picks columns of one table, by key or by a range without a
 * filter, needs no datums: text and bytes are copied, numbers printed from their stored form (proto/encoding RawColumns).
 *
 * Whether a plan is of that kind is found out once per plan (`shapeOf`). The ordinary operators stay behind `next()` for whoever wants
 * datums; both give the same rows, and a test holds them to it.
 *
 *     text row:   header(4) { NULL 0xfb | length, bytes }…
 *     binary row: header(4) 0x00, NULL bitmap (from bit 2), { fixed little-endian | length, bytes }…
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import { TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import type { KvBatch, Snapshot } from '../../kv/client/client.ts';
import { encodeRowKey } from '../../proto/encoding/keys.ts';
import { RAW_NULL, RawColumns } from '../../proto/encoding/raw-columns.ts';
import { readPackedDateTime } from '../../proto/encoding/row-value.ts';
import { ValueKind, valueKind } from '../../proto/encoding/value-kind.ts';
import { zoneShift } from '../../proto/encoding/zone.ts';
import type { ColumnInfo, IndexInfo } from '../../proto/schema/table-info.ts';
import type { IndexScan, Limit, PhysicalPlan, PointGet, TableScan } from '../../proto/plan/physical.ts';
import type { EvalContext } from '../functions/context.ts';
import type { EncodedRowSource, PacketSink } from '../session/result.ts';
import { IndexRows } from './ops/index-scan.ts';
import { pointKey } from './ops/point-get.ts';
import { limitValue } from './ops/simple.ts';
import { IntervalReader, LONG_SCAN_ROWS } from './ops/table-scan.ts';
import type { Run } from './run.ts';
import { BATCH_ROWS, BATCH_ROWS_FIRST } from './run.ts';
import { indexHandleDecoder, keySpace } from './storage/codecs.ts';

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
  static compile(table: TableScan['table'], columns: readonly ColumnInfo[]): PacketRows | undefined {
    if (columns.length === 0) return undefined;
    const raw = RawColumns.compile(table, columns);
    return raw === undefined ? undefined : new PacketRows(raw, columns);
  }

  // hot: bench/micro/executor.ts
  writeText(out: PacketSink, keyBytes: Uint8Array, keyStart: number, bytes: Uint8Array, start: number, end: number): void {
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

  writeBinary(out: PacketSink, keyBytes: Uint8Array, keyStart: number, bytes: Uint8Array, start: number, end: number): void {
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
          at = putDateTime(target, at, readPackedDateTime(raw.sources[i]!, starts[i]!, raw.ends[i]!), form === Binary.DATE);
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

  write(format: 'text' | 'binary', out: PacketSink, keyBytes: Uint8Array, keyStart: number, bytes: Uint8Array, start: number, end: number): void {
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
  const size = dateOnly || value.timeMicros === 0 ? (value.datePart === 0 ? 0 : 4) : value.timeMicros % 1_000_000 === 0 ? 7 : 11;
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

// ---- plans ----

export interface EncodedShape {
  readonly rows: PacketRows;
  readonly limit: Limit | undefined;
  readonly node: TableScan | IndexScan | PointGet;
}

const shapes = new WeakMap<PhysicalPlan, EncodedShape | null>();

/** `undefined`: this plan's rows need datums. */
export function shapeOf(plan: PhysicalPlan): EncodedShape | undefined {
  let known = shapes.get(plan);
  if (known === undefined) shapes.set(plan, (known = findShape(plan) ?? null));
  return known ?? undefined;
}

function findShape(plan: PhysicalPlan): EncodedShape | undefined {
  let node = plan;
  let limit: Limit | undefined;
  let positions: readonly number[] | undefined;
  for (;;) {
    if (node.kind === 'limit' && limit === undefined) {
      limit = node;
      node = node.input;
    } else if (node.kind === 'projection' && positions === undefined) {
      const picked: number[] = [];
      for (const expression of node.expressions) {
        if (expression.kind !== 'column') return undefined;
        picked.push(expression.index);
      }
      positions = picked;
      node = node.input;
    } else break;
  }
  if (node.kind !== 'table-scan' && node.kind !== 'point-get' && node.kind !== 'index-scan') return undefined;
  if (node.filter !== undefined) return undefined;
  if (node.kind === 'index-scan' && (node.covering || node.indexFilter !== undefined)) return undefined;
  const { columns } = node;
  const rows = PacketRows.compile(node.table, positions === undefined ? columns : positions.map((position) => columns[position]!));
  return rows === undefined ? undefined : { rows, limit, node };
}

/** A source of packets for a plan of that shape. */
export function encodedSource(shape: EncodedShape, run: Run): EncodedRowSource & { close(): void } {
  const { node } = shape;
  if (node.kind === 'point-get' && node.keys.length === 1 && shape.limit === undefined) return new EncodedPoint(shape.rows, node, run);
  if (node.kind === 'point-get') return new EncodedPoints(shape.rows, node, shape.limit, run);
  return new EncodedScan(shape.rows, node, shape.limit, run);
}

/**
 * A look-up by one key, prepared once for many values: key, read, packet, and nothing kept in between. For statements that are run
 * again and again with other parameters.
 */
export class PreparedPoint {
  private readonly rows: PacketRows;
  private readonly node: PointGet;
  private readonly index: IndexInfo | undefined;

  constructor(rows: PacketRows, node: PointGet) {
    this.rows = rows;
    this.node = node;
    this.index = keySpace(node.table, node.index).index;
  }

  /** Writes the row, if there is one; answers how many were written. */
  write(reader: Snapshot, evaluation: EvalContext, out: PacketSink, format: 'text' | 'binary'): MaybePromise<number> {
    const { node } = this;
    const zone = zoneShift(evaluation.timeZone);
    const key = pointKey(node.table, node.index, node.keys[0]!, evaluation, zone);
    if (key === undefined) return 0;
    const found = reader.get(key);
    if (this.index === undefined) {
      return isPromise(found) ? found.then((value) => this.put(out, format, key, value)) : this.put(out, format, key, found);
    }
    const follow = (entry: Uint8Array | undefined): MaybePromise<number> => {
      if (entry === undefined) return 0;
      const decoder = indexHandleDecoder(node.table, this.index!, zone);
      const rowKey = encodeRowKey(node.table.id, decoder.handle(key, 0, key.length, entry, 0, entry.length));
      const row = reader.get(rowKey);
      return isPromise(row) ? row.then((value) => this.put(out, format, rowKey, value)) : this.put(out, format, rowKey, row);
    };
    return isPromise(found) ? found.then(follow) : follow(found);
  }

  private put(out: PacketSink, format: 'text' | 'binary', key: Uint8Array, value: Uint8Array | undefined): number {
    if (value === undefined) return 0;
    this.rows.write(format, out, key, 0, value, 0, value.length);
    return 1;
  }
}

/** `undefined`: not a look-up of plain columns by one key. */
export function preparePoint(plan: PhysicalPlan): PreparedPoint | undefined {
  const shape = shapeOf(plan);
  if (shape === undefined || shape.node.kind !== 'point-get' || shape.node.keys.length !== 1 || shape.limit !== undefined) return undefined;
  return new PreparedPoint(shape.rows, shape.node);
}

class EncodedPoint implements EncodedRowSource {
  private readonly point: PreparedPoint;
  private readonly run: Run;

  constructor(rows: PacketRows, node: PointGet, run: Run) {
    this.point = pointOf(rows, node);
    this.run = run;
  }

  writeRows(out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    this.run.checkpoint();
    const written = this.point.write(this.run.context.reader, this.run.evaluation, out, format);
    return isPromise(written) ? written.then(() => false) : false;
  }

  close(): void {
    // Nothing is held between calls.
  }
}

const points = new WeakMap<PointGet, PreparedPoint>();

function pointOf(rows: PacketRows, node: PointGet): PreparedPoint {
  let known = points.get(node);
  if (known === undefined) points.set(node, (known = new PreparedPoint(rows, node)));
  return known;
}

/** Several keys by handle, or by unique index: values are asked for in one call. */
class EncodedPoints implements EncodedRowSource {
  private readonly rows: PacketRows;
  private readonly node: PointGet;
  private readonly limit: Limit | undefined;
  private readonly run: Run;

  constructor(rows: PacketRows, node: PointGet, limit: Limit | undefined, run: Run) {
    this.rows = rows;
    this.node = node;
    this.limit = limit;
    this.run = run;
  }

  writeRows(out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    this.run.checkpoint();
    const { node, run } = this;
    const zone = zoneShift(run.evaluation.timeZone);
    const keys: Uint8Array[] = [];
    const seen = new Set<string>();
    for (const expressions of node.keys) {
      const key = pointKey(node.table, node.index, expressions, run.evaluation, zone);
      if (key === undefined) continue;
      const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
      if (seen.has(text)) continue;
      seen.add(text);
      keys.push(key);
    }
    if (keys.length === 0) return false;
    const values = run.context.reader.getMany(keys);
    const index = keySpace(node.table, node.index).index;
    if (index === undefined) return isPromise(values) ? values.then((got) => this.put(out, format, keys, got)) : this.put(out, format, keys, values);
    const decoder = indexHandleDecoder(node.table, index, zone);
    const follow = (got: readonly (Uint8Array | undefined)[]): MaybePromise<boolean> => {
      const rowKeys: Uint8Array[] = [];
      got.forEach((value, i) => {
        const key = keys[i]!;
        if (value !== undefined) rowKeys.push(encodeRowKey(node.table.id, decoder.handle(key, 0, key.length, value, 0, value.length)));
      });
      if (rowKeys.length === 0) return false;
      const rows = run.context.reader.getMany(rowKeys);
      return isPromise(rows) ? rows.then((found) => this.put(out, format, rowKeys, found)) : this.put(out, format, rowKeys, rows);
    };
    return isPromise(values) ? values.then(follow) : follow(values);
  }

  close(): void {
    // Nothing is held between calls.
  }

  private put(out: PacketSink, format: 'text' | 'binary', keys: readonly Uint8Array[], values: readonly (Uint8Array | undefined)[]): false {
    let skip = limitValue(this.limit?.offset, this.run);
    let left = this.limit === undefined ? Infinity : limitValue(this.limit.count, this.run);
    for (let i = 0; i < keys.length && left > 0; i++) {
      const value = values[i];
      if (value === undefined || skip-- > 0) continue;
      left--;
      this.rows.write(format, out, keys[i]!, 0, value, 0, value.length);
    }
    return false;
  }
}

/** A range of rows, or of rows named by a range of index entries. One step of the scan per call. */
class EncodedScan implements EncodedRowSource {
  private readonly rows: PacketRows;
  private readonly node: TableScan | IndexScan;
  private readonly limit: Limit | undefined;
  private readonly run: Run;
  private readonly reader: IntervalReader;
  private readonly entries: IndexRows | undefined;
  private skip = 0;
  private opened = false;

  constructor(rows: PacketRows, node: TableScan | IndexScan, limit: Limit | undefined, run: Run) {
    this.rows = rows;
    this.node = node;
    this.limit = limit;
    this.run = run;
    this.reader = new IntervalReader(run, node.reverse, node.kind === 'table-scan' && node.estimatedRows >= LONG_SCAN_ROWS && limit === undefined);
    this.entries = node.kind === 'index-scan' ? new IndexRows(node, run) : undefined;
  }

  writeRows(out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    const { run } = this;
    run.checkpoint();
    if (!this.opened) this.open();
    else if (run.due()) return run.pause().then(() => this.writeRows(out, format));
    const got = this.reader.next();
    return isPromise(got) ? got.then((pairs) => this.put(pairs, out, format)) : this.put(got, out, format);
  }

  close(): void {
    this.reader.close();
  }

  private open(): void {
    const { node, run, limit } = this;
    this.opened = true;
    this.skip = limitValue(limit?.offset, run);
    // The scan's own limit is there only when nothing above it can want more.
    const wanted = limit !== undefined ? this.skip + limitValue(limit.count, run) : node.limit === undefined ? undefined : limitValue(node.limit, run);
    const firstStep = wanted !== undefined ? Math.max(1, Math.min(BATCH_ROWS, wanted)) : node.estimatedRows > BATCH_ROWS_FIRST ? BATCH_ROWS : BATCH_ROWS_FIRST;
    const space = keySpace(node.table, node.kind === 'index-scan' ? node.index : undefined);
    this.reader.open(space.intervals(node.ranges, run.evaluation, zoneShift(run.evaluation.timeZone)), wanted, firstStep);
  }

  private put(pairs: KvBatch | undefined, out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    if (pairs === undefined) return false;
    if (this.entries !== undefined) return this.lookUp(this.entries, pairs, out, format);
    const { rows } = this;
    const { count, keyBytes, keyStart, valueBytes, valueStart, valueEnd } = pairs;
    const first = Math.min(this.skip, count);
    this.skip -= first;
    if (format === 'text') {
      for (let i = first; i < count; i++) rows.writeText(out, keyBytes[i]!, keyStart[i]!, valueBytes[i]!, valueStart[i]!, valueEnd[i]!);
    } else {
      for (let i = first; i < count; i++) rows.writeBinary(out, keyBytes[i]!, keyStart[i]!, valueBytes[i]!, valueStart[i]!, valueEnd[i]!);
    }
    return true;
  }

  private lookUp(entries: IndexRows, pairs: KvBatch, out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    const keys: Uint8Array[] = [];
    entries.addRowKeys(pairs, keys);
    if (keys.length === 0) return true;
    const values = this.run.context.reader.getMany(keys);
    const put = (got: readonly (Uint8Array | undefined)[]): boolean => {
      for (let i = 0; i < keys.length; i++) {
        const value = entries.present(got[i]);
        if (value === undefined || this.skip-- > 0) continue;
        this.rows.write(format, out, keys[i]!, 0, value, 0, value.length);
      }
      return true;
    };
    return isPromise(values) ? values.then(put) : put(values);
  }
}

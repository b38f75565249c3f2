/**
 * Rows from stored bytes straight into packets. A plan that only picks columns of one table, by key or by a range without a
 * filter, needs no datums: text and bytes are copied, numbers printed from their stored form (proto/encoding RawColumns).
 *
 * Whether a plan is of that kind is found out once per plan (`shapeOf`). The ordinary operators stay behind `next()` for whoever wants
 * datums; both give the same rows, and a test holds them to it.
 */
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { KvBatch, Snapshot } from '../../kv/client/client.ts';
import { encodeRowKey } from '../../proto/encoding/keys.ts';
import { zoneShift } from '../../proto/encoding/zone.ts';
import type { IndexInfo } from '../../proto/schema/table-info.ts';
import type { IndexScan, Limit, PhysicalPlan, PointGet, TableScan } from '../../proto/plan/physical.ts';
import type { EvalContext } from '../functions/context.ts';
import type { EncodedRowSource, PacketSink } from '../session/result.ts';
import { IndexRows } from './ops/index-scan.ts';
import { pointKey } from './ops/point-get.ts';
import { limitValue } from './ops/simple.ts';
import { IntervalReader, LONG_SCAN_ROWS } from './ops/table-scan.ts';
import { PacketRows } from './packet-rows.ts';
import type { Run } from './run.ts';
import { BATCH_ROWS, BATCH_ROWS_FIRST } from './run.ts';
import { indexHandleDecoder, keySpace } from './storage/codecs.ts';

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
  if (node.filter !== undefined || node.partitions !== undefined) return undefined;
  if (node.kind === 'index-scan' && (node.covering || node.indexFilter !== undefined)) return undefined;
  const { columns } = node;
  const rows = PacketRows.compile(
    node.table,
    positions === undefined ? columns : positions.map((position) => columns[position]!),
  );
  return rows === undefined ? undefined : { rows, limit, node };
}

/** A source of packets for a plan of that shape. */
export function encodedSource(shape: EncodedShape, run: Run): EncodedRowSource & { close(): void } {
  const { node } = shape;
  if (node.kind === 'point-get' && node.keys.length === 1 && shape.limit === undefined)
    return new EncodedPoint(shape.rows, node, run);
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
      return isPromise(found)
        ? found.then((value) => this.put(out, format, key, value))
        : this.put(out, format, key, found);
    }
    const follow = (entry: Uint8Array | undefined): MaybePromise<number> => {
      if (entry === undefined) return 0;
      const decoder = indexHandleDecoder(node.table, this.index!, zone);
      const rowKey = encodeRowKey(node.table.id, decoder.handle(key, 0, key.length, entry, 0, entry.length));
      const row = reader.get(rowKey);
      return isPromise(row)
        ? row.then((value) => this.put(out, format, rowKey, value))
        : this.put(out, format, rowKey, row);
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
  if (
    shape === undefined ||
    shape.node.kind !== 'point-get' ||
    shape.node.keys.length !== 1 ||
    shape.limit !== undefined
  )
    return undefined;
  return new PreparedPoint(shape.rows, shape.node);
}

class EncodedPoint implements EncodedRowSource {
  rowsWritten = 0;
  private readonly point: PreparedPoint;
  private readonly run: Run;

  constructor(rows: PacketRows, node: PointGet, run: Run) {
    this.point = pointOf(rows, node);
    this.run = run;
  }

  writeRows(out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    this.run.checkpoint();
    const written = this.point.write(this.run.context.reader, this.run.evaluation, out, format);
    if (isPromise(written)) return written.then((count) => this.wrote(count));
    return this.wrote(written);
  }

  close(): void {
    // Nothing is held between calls.
  }

  private wrote(count: number): false {
    this.rowsWritten = count;
    return false;
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
  rowsWritten = 0;
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
    if (index === undefined)
      return isPromise(values)
        ? values.then((got) => this.put(out, format, keys, got))
        : this.put(out, format, keys, values);
    const decoder = indexHandleDecoder(node.table, index, zone);
    const follow = (got: readonly (Uint8Array | undefined)[]): MaybePromise<boolean> => {
      const rowKeys: Uint8Array[] = [];
      got.forEach((value, i) => {
        const key = keys[i]!;
        if (value !== undefined)
          rowKeys.push(encodeRowKey(node.table.id, decoder.handle(key, 0, key.length, value, 0, value.length)));
      });
      if (rowKeys.length === 0) return false;
      const rows = run.context.reader.getMany(rowKeys);
      return isPromise(rows)
        ? rows.then((found) => this.put(out, format, rowKeys, found))
        : this.put(out, format, rowKeys, rows);
    };
    return isPromise(values) ? values.then(follow) : follow(values);
  }

  close(): void {
    // Nothing is held between calls.
  }

  private put(
    out: PacketSink,
    format: 'text' | 'binary',
    keys: readonly Uint8Array[],
    values: readonly (Uint8Array | undefined)[],
  ): false {
    let skip = limitValue(this.limit?.offset, this.run);
    let left = this.limit === undefined ? Infinity : limitValue(this.limit.count, this.run);
    for (let i = 0; i < keys.length && left > 0; i++) {
      const value = values[i];
      if (value === undefined || skip-- > 0) continue;
      left--;
      this.rowsWritten++;
      this.rows.write(format, out, keys[i]!, 0, value, 0, value.length);
    }
    return false;
  }
}

/** A range of rows, or of rows named by a range of index entries. One step of the scan per call. */
class EncodedScan implements EncodedRowSource {
  rowsWritten = 0;
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
    this.reader = new IntervalReader(
      run,
      node.reverse,
      node.kind === 'table-scan' && node.estimatedRows >= LONG_SCAN_ROWS && limit === undefined,
    );
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
    const wanted =
      limit !== undefined
        ? this.skip + limitValue(limit.count, run)
        : node.limit === undefined
          ? undefined
          : limitValue(node.limit, run);
    const firstStep =
      wanted !== undefined
        ? Math.max(1, Math.min(BATCH_ROWS, wanted))
        : node.estimatedRows > BATCH_ROWS_FIRST
          ? BATCH_ROWS
          : BATCH_ROWS_FIRST;
    const space = keySpace(node.table, node.kind === 'index-scan' ? node.index : undefined);
    this.reader.open(
      space.intervals(node.ranges, run.evaluation, zoneShift(run.evaluation.timeZone)),
      wanted,
      firstStep,
    );
  }

  private put(pairs: KvBatch | undefined, out: PacketSink, format: 'text' | 'binary'): MaybePromise<boolean> {
    if (pairs === undefined) return false;
    if (this.entries !== undefined) return this.lookUp(this.entries, pairs, out, format);
    const { rows } = this;
    const { count, keyBytes, keyStart, valueBytes, valueStart, valueEnd } = pairs;
    const first = Math.min(this.skip, count);
    this.skip -= first;
    this.rowsWritten += count - first;
    if (format === 'text') {
      for (let i = first; i < count; i++)
        rows.writeText(out, keyBytes[i]!, keyStart[i]!, valueBytes[i]!, valueStart[i]!, valueEnd[i]!);
    } else {
      for (let i = first; i < count; i++)
        rows.writeBinary(out, keyBytes[i]!, keyStart[i]!, valueBytes[i]!, valueStart[i]!, valueEnd[i]!);
    }
    return true;
  }

  private lookUp(
    entries: IndexRows,
    pairs: KvBatch,
    out: PacketSink,
    format: 'text' | 'binary',
  ): MaybePromise<boolean> {
    const keys: Uint8Array[] = [];
    entries.addRowKeys(pairs, keys);
    if (keys.length === 0) return true;
    const values = this.run.context.reader.getMany(keys);
    const put = (got: readonly (Uint8Array | undefined)[]): boolean => {
      for (let i = 0; i < keys.length; i++) {
        const value = entries.present(got[i], keys[i]!);
        if (value === undefined || this.skip-- > 0) continue;
        this.rowsWritten++;
        this.rows.write(format, out, keys[i]!, 0, value, 0, value.length);
      }
      return true;
    };
    return isPromise(values) ? values.then(put) : put(values);
  }
}

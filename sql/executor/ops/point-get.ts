/**
 * Point get: rows by whole handle or whole unique key, without a scan. All keys are asked for in one call (two with an index: entries,
 * then rows), and when the store answers in the same turn so does this operator.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum } from '../../../base/value/datum.ts';
import { encodeIndexKey, encodeCommonRowKey } from '../../../proto/encoding/index-codec.ts';
import { encodeRowKey } from '../../../proto/encoding/keys.ts';
import { unsignedToHandle, type RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import type { IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import type { PointGet } from '../../../proto/plan/physical.ts';
import type { EvalContext } from '../../functions/context.ts';
import { evaluateAlone, predicate, type Test } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import type { Run } from '../run.ts';
import { indexHandleDecoder, keySpace, rowDecoder } from '../storage/codecs.ts';
import { toKeyValue } from '../storage/key-value.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { filterBatch } from './simple.ts';
import { emptyRow } from '../storage/empty-row.ts';

/** The key of one look-up; `undefined` when no row can have these values (NULL, or not of the column's type). */
export function pointKey(
  table: TableInfo,
  wanted: IndexInfo | undefined,
  expressions: PointGet['keys'][number],
  context: EvalContext,
  zone: ZoneShift,
): Uint8Array | undefined {
  const { index, columns, unsignedHandle } = keySpace(table, wanted);
  const [only] = expressions;
  if (index === undefined && !table.isCommonHandle) {
    const value = evaluateAlone(only!, context);
    if (value === null) return undefined;
    const type = columns[0]?.type;
    // The hidden handle has no column: its value is an integer as it is.
    if (type === undefined) return encodeRowKey(table.id, value as number | bigint);
    const converted = toKeyValue(value, type);
    if (!converted.exact) return undefined;
    const handle = converted.value as number | bigint;
    return encodeRowKey(table.id, unsignedHandle ? unsignedToHandle(handle) : handle);
  }
  const values: Datum[] = [];
  for (let i = 0; i < expressions.length; i++) {
    const value = evaluateAlone(expressions[i]!, context);
    if (value === null) return undefined;
    const converted = toKeyValue(value, columns[i]!.type);
    if (!converted.exact) return undefined;
    values.push(converted.value);
  }
  return index === undefined
    ? encodeCommonRowKey(table, values, zone)
    : encodeIndexKey(table, index, values, undefined, zone);
}

export class PointGetOperator implements Operator {
  private readonly node: PointGet;
  private readonly run: Run;
  private readonly zone: ZoneShift;
  /** `undefined`: keys are row keys. */
  private readonly index: IndexInfo | undefined;
  private readonly decoder: RowDecoder;
  private readonly test: Test | undefined;
  private done = false;
  private readonly keys: PointGet['keys'];

  /** `wanted`: positions of the keys to look for; all of them when left out. */
  constructor(node: PointGet, run: Run, wanted?: readonly number[]) {
    this.node = node;
    this.keys = wanted === undefined ? node.keys : wanted.map((position) => node.keys[position]!);
    this.run = run;
    this.zone = zoneShift(run.evaluation.timeZone);
    this.index = keySpace(node.table, node.index).index;
    this.decoder = rowDecoder(node, this.zone);
    this.test = node.filter === undefined ? undefined : predicate(node.filter);
  }

  open(): void {
    this.done = false;
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.done) return undefined;
    this.done = true;
    const { node } = this;
    const keys: Uint8Array[] = [];
    for (let i = 0; i < this.keys.length; i++) {
      const key = pointKey(node.table, node.index, this.keys[i]!, this.run.evaluation, this.zone);
      if (key !== undefined) keys.push(key);
    }
    if (keys.length === 0) return undefined;
    if (keys.length === 1) return this.single(keys[0]!);
    const distinct = withoutRepeats(keys);
    const values = this.run.context.reader.getMany(distinct);
    return isPromise(values) ? values.then((got) => this.many(distinct, got)) : this.many(distinct, values);
  }

  close(): void {
    this.done = true;
  }

  private single(key: Uint8Array): MaybePromise<Batch | undefined> {
    const value = this.run.context.reader.get(key);
    const found = (bytes: Uint8Array | undefined): MaybePromise<Batch | undefined> => {
      if (bytes === undefined) return undefined;
      if (this.index === undefined) return this.rows([key], [bytes]);
      const rowKey = this.rowKey(this.index, key, bytes);
      const row = this.run.context.reader.get(rowKey);
      return isPromise(row) ? row.then((got) => this.rows([rowKey], [got])) : this.rows([rowKey], [row]);
    };
    return isPromise(value) ? value.then(found) : found(value);
  }

  private many(keys: readonly Uint8Array[], values: readonly (Uint8Array | undefined)[]): MaybePromise<Batch> {
    const { index } = this;
    if (index === undefined) return this.rows(keys, values);
    const rowKeys: Uint8Array[] = [];
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (value !== undefined) rowKeys.push(this.rowKey(index, keys[i]!, value));
    }
    if (rowKeys.length === 0) return [];
    const rows = this.run.context.reader.getMany(rowKeys);
    return isPromise(rows) ? rows.then((got) => this.rows(rowKeys, got)) : this.rows(rowKeys, rows);
  }

  private rowKey(index: IndexInfo, key: Uint8Array, value: Uint8Array): Uint8Array {
    const decoder = indexHandleDecoder(this.node.table, index, this.zone);
    return encodeRowKey(this.node.table.id, decoder.handle(key, 0, key.length, value, 0, value.length));
  }

  private rows(keys: readonly Uint8Array[], values: readonly (Uint8Array | undefined)[]): Batch {
    const batch: Batch = [];
    for (let i = 0; i < keys.length; i++) {
      const value = values[i];
      if (value === undefined) continue;
      const row = emptyRow(this.decoder.columnCount);
      this.decoder.decodeEntry(keys[i]!, 0, keys[i]!.length, value, 0, value.length, row);
      batch.push(row);
    }
    return this.test === undefined ? batch : filterBatch(batch, this.test, this.run);
  }
}

function withoutRepeats(keys: readonly Uint8Array[]): Uint8Array[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

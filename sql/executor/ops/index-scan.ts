/**
 * Index scan: entries in index order. Covering ones are rows by themselves; others name a handle, and the rows of a whole batch of
 * handles are read in one call. Rows come in index order either way.
 */
import { RutileError, SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import { type KvBatch, TIMESTAMP_MAX } from '../../../kv/client/client.ts';
import type { IndexDecoder } from '../../../proto/encoding/index-codec.ts';
import { encodeRowKey } from '../../../proto/encoding/keys.ts';
import type { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { IndexScan } from '../../../proto/plan/physical.ts';
import { predicate, type Test } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, BATCH_ROWS_FIRST, type Run } from '../run.ts';
import {
  coveringDecoder,
  filterDecoder,
  handleDecoder,
  keySpace,
  type PartialDecoder,
  rowDecoder,
} from '../storage/codecs.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { filterBatch, limitValue } from './simple.ts';
import { emptyRow } from '../storage/empty-row.ts';
import { IntervalReader, LONG_SCAN_ROWS } from './table-scan.ts';

export class IndexScanOperator implements Operator {
  private readonly node: IndexScan;
  private readonly run: Run;
  private readonly reader: IntervalReader;
  private readonly rows: IndexRows;

  constructor(node: IndexScan, run: Run) {
    this.node = node;
    this.run = run;
    const long =
      node.covering && (node.estimatedRead ?? node.estimatedRows) >= LONG_SCAN_ROWS && node.limit === undefined;
    this.reader = new IntervalReader(run, node.reverse, long);
    this.rows = new IndexRows(node, run);
  }

  open(): void {
    const { node, run } = this;
    const limit = node.limit === undefined ? undefined : limitValue(node.limit, run);
    const filtered = node.filter !== undefined || node.indexFilter !== undefined;
    const firstStep =
      limit !== undefined
        ? Math.max(1, Math.min(BATCH_ROWS, limit))
        : node.estimatedRows > BATCH_ROWS
          ? BATCH_ROWS
          : BATCH_ROWS_FIRST;
    this.reader.open(
      keySpace(node.table, node.index).intervals(node.ranges, run.evaluation, zoneShift(run.evaluation.timeZone)),
      filtered ? undefined : limit,
      firstStep,
    );
  }

  next(): MaybePromise<Batch | undefined> {
    const got = this.reader.next();
    return isPromise(got) ? got.then(this.read) : this.read(got);
  }

  close(): void {
    this.reader.close();
  }

  private readonly read = (pairs: KvBatch | undefined): MaybePromise<Batch | undefined> =>
    pairs === undefined ? undefined : this.rows.of(pairs);
}

/** Turns index entries into the rows of an index-scan node: decoded, looked up, filtered. */
export class IndexRows {
  private readonly node: IndexScan;
  private readonly run: Run;
  readonly covering: IndexDecoder | undefined;
  private readonly handles: IndexDecoder;
  private readonly decoder: RowDecoder | undefined;
  private readonly partial: PartialDecoder | undefined;
  private readonly indexTest: Test | undefined;
  private readonly test: Test | undefined;

  constructor(node: IndexScan, run: Run) {
    this.node = node;
    this.run = run;
    const zone = zoneShift(run.evaluation.timeZone);
    this.covering = node.covering ? coveringDecoder(node, zone) : undefined;
    this.handles = handleDecoder(node, zone);
    this.decoder = node.covering ? undefined : rowDecoder(node, zone);
    this.indexTest = node.indexFilter === undefined ? undefined : predicate(node.indexFilter);
    this.partial = node.indexFilter === undefined || node.covering ? undefined : filterDecoder(node, zone);
    this.test = node.filter === undefined ? undefined : predicate(node.filter);
  }

  of(pairs: KvBatch): MaybePromise<Batch> {
    return this.covering !== undefined ? this.cover(pairs, this.covering) : this.lookUp(pairs);
  }

  cover(pairs: KvBatch, decoder: IndexDecoder): Batch {
    let batch: Batch = [];
    const width = this.node.columns.length;
    for (let i = 0; i < pairs.count; i++) {
      const row = emptyRow(width);
      if (width > 0) decoder.decodeAt(pairs, i, row);
      batch.push(row);
    }
    if (this.indexTest !== undefined) batch = filterBatch(batch, this.indexTest, this.run);
    return this.test === undefined ? batch : filterBatch(batch, this.test, this.run);
  }

  private lookUp(pairs: KvBatch): MaybePromise<Batch> {
    const keys: Uint8Array[] = [];
    this.addRowKeys(pairs, keys);
    if (keys.length === 0) return [];
    const values = this.run.context.reader.getMany(keys);
    return isPromise(values) ? values.then((got) => this.decode(keys, got)) : this.decode(keys, values);
  }

  /** Appends the row keys that entries name, of those that pass the index filter. */
  addRowKeys(pairs: KvBatch, keys: Uint8Array[]): void {
    const { partial, indexTest } = this;
    const tableId = this.node.table.id;
    const scratch: Row = [];
    for (let i = 0; i < pairs.count; i++) {
      const key = pairs.keyBytes[i]!;
      const keyStart = pairs.keyStart[i]!;
      const keyEnd = pairs.keyEnd[i]!;
      const value = pairs.valueBytes[i]!;
      const valueStart = pairs.valueStart[i]!;
      const valueEnd = pairs.valueEnd[i]!;
      if (partial !== undefined && indexTest !== undefined) {
        partial.decoder.decodeEntry(key, keyStart, keyEnd, value, valueStart, valueEnd, scratch);
        const row = emptyRow(this.node.columns.length);
        for (let at = 0; at < partial.positions.length; at++) row[partial.positions[at]!] = scratch[at]!;
        if (!indexTest(row, this.run.evaluation)) continue;
      }
      keys.push(encodeRowKey(tableId, this.handles.handle(key, keyStart, keyEnd, value, valueStart, valueEnd)));
    }
  }

  /** The row of one key, `undefined` when the filter drops it or it is gone. */
  decodeRow(key: Uint8Array, found: Uint8Array | undefined): Row | undefined {
    const value = this.present(found, key);
    if (value === undefined) return undefined;
    const decoder = this.decoder!;
    const row = emptyRow(decoder.columnCount);
    decoder.decodeEntry(key, 0, key.length, value, 0, value.length, row);
    return this.test === undefined || this.test(row, this.run.evaluation) ? row : undefined;
  }

  /** An entry's row must be there: else index and rows disagree. */
  present(value: Uint8Array | undefined, rowKey: Uint8Array): Uint8Array | undefined {
    if (value !== undefined) return value;
    // This transaction deleted the row, with the entries that it had then; others have changed it since, so the lock on it was lost with the store
    // that kept it. What the transaction has written cannot be committed.
    if (this.run.context.transaction?.buffered(rowKey) === null)
      throw new SqlError(1213, '40001', 'Deadlock found when trying to get lock; try restarting transaction', {
        fields: { reason: 'a lock was lost' },
      });
    // Reading the newest state of each key, index entry and row need not be of one moment.
    if (this.run.context.reader.ts === TIMESTAMP_MAX) return undefined;
    const { table, index } = this.node;
    throw new RutileError(
      'index.inconsistent',
      `Index ${index.name} of table ${table.name} names a row that is not there`,
    );
  }

  private decode(keys: readonly Uint8Array[], values: readonly (Uint8Array | undefined)[]): Batch {
    const batch: Batch = [];
    for (let i = 0; i < keys.length; i++) {
      const row = this.decodeRow(keys[i]!, values[i]);
      if (row !== undefined) batch.push(row);
    }
    return batch;
  }
}

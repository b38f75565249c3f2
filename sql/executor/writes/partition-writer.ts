/**
 * `PartitionWriter`: a `TableWriter` of a partitioned table. Rows are encoded by the writer of the partition that they go to, a table like any other;
 * what is the whole table's business stays here: where a row goes, and how it moves. Keys of different partitions never meet, and every
 * unique key holds the columns that decide (error 1503), so whoever asks one partition whether a key is free has asked all.
 */
import { assert } from '../../../base/assert.ts';
import { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import { decodeTableKey, type Handle } from '../../../proto/encoding/keys.ts';
import type { WrittenPartitions } from '../../../proto/plan/physical.ts';
import { partitionsOf, physicalTables } from '../../../proto/schema/partitions.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import type { Run } from '../run.ts';
import { type PartitionRouter, partitionRouter } from '../storage/partition-router.ts';
import { duplicateEntry } from './duplicate.ts';
import { type PreparedRow, type StoredRow, TableWriter, type UniqueKey } from './table-writer.ts';

export function tableWriter(
  table: TableInfo,
  partitions: WrittenPartitions | undefined,
  transaction: Transaction,
  run: Run,
): TableWriter {
  return partitions === undefined
    ? new TableWriter(table, transaction, run)
    : new PartitionWriter(table, partitions, transaction, run);
}

export class PartitionWriter extends TableWriter {
  private readonly router: PartitionRouter;
  private readonly named: readonly number[] | undefined;
  private readonly writers: (TableWriter | undefined)[] = [];

  constructor(table: TableInfo, partitions: WrittenPartitions, transaction: Transaction, run: Run) {
    super(table, transaction, run);
    this.router = partitionRouter(table, partitions.function);
    this.named = partitions.named;
  }

  private at(position: number): TableWriter {
    return (this.writers[position] ??= new TableWriter(
      physicalTables(this.table)[position]!,
      this.transaction,
      this.run,
    ));
  }

  /** 1526 for a row that goes nowhere, 1748 for one that goes where the statement did not say. */
  override refusal(row: readonly (Datum | undefined)[]): SqlError | undefined {
    const position = this.router.find(row, this.run.evaluation);
    if (position < 0) return this.router.noPartition(row, this.run.evaluation);
    if (this.named?.includes(position) === false)
      return new SqlError(1748, 'HY000', 'Found a row not matching the given partition set');
    return undefined;
  }

  /** Where a stored row is. After an exchange without validation that may not be where it would go: error 1863, as in MySQL. */
  private home(stored: StoredRow): number {
    const { partition } = stored;
    assert(partition !== undefined, 'a stored row of a partitioned table says where it is');
    if (this.router.find(stored.row, this.run.evaluation) !== partition) throw this.misplaced(partition);
    return partition;
  }

  private misplaced(position: number): SqlError {
    const { name } = partitionsOf(this.table)[position]!;
    return new SqlError(1863, 'HY000', `Found a row in wrong partition ${name}`);
  }

  override prepare(row: readonly (Datum | undefined)[], hidden: Handle | undefined): PreparedRow {
    return this.at(this.router.find(row, this.run.evaluation)).prepare(row, hidden);
  }

  override existing(unique: UniqueKey, value: Uint8Array): MaybePromise<StoredRow | undefined> {
    const { tableId } = decodeTableKey(unique.key)!;
    const position = partitionsOf(this.table).findIndex((one) => one.id === tableId);
    const named = (stored: StoredRow | undefined): StoredRow | undefined =>
      stored && { ...stored, partition: position };
    const found = this.at(position).existing(unique, value);
    return isPromise(found) ? found.then(named) : named(found);
  }

  override delete(stored: StoredRow): void {
    this.at(this.home(stored)).delete(stored);
  }

  override rowKey(stored: StoredRow): Uint8Array {
    return this.at(stored.partition!).rowKey(stored);
  }

  override update(stored: StoredRow, row: Row): MaybePromise<Error | undefined> {
    const from = this.home(stored);
    const refusal = this.refusal(row);
    if (refusal !== undefined) return refusal;
    const to = this.router.find(row, this.run.evaluation);
    if (from === to) return this.at(from).update(stored, row);
    if (!this.hiddenHandle) return this.move(stored, row, from, to, undefined);
    // After an exchange the handle may be another row's there.
    const handle = this.run.context.allocateRowId(this.table, 1);
    return isPromise(handle)
      ? handle.then((id) => this.move(stored, row, from, to, id))
      : this.move(stored, row, from, to, handle);
  }

  /** Out of one partition and into another; nothing is written when a key is taken there. */
  private move(
    stored: StoredRow,
    row: Row,
    from: number,
    to: number,
    hidden: Handle | undefined,
  ): MaybePromise<Error | undefined> {
    const prepared = this.at(to).prepare(row, hidden);
    const apply = (read: readonly (Uint8Array | undefined)[]): Error | undefined => {
      for (let i = 0; i < prepared.unique.length; i++) {
        const { key, index } = prepared.unique[i]!;
        if (this.taken(key, read[i]) !== undefined) return duplicateEntry(this.table, index, row);
      }
      this.at(from).delete(stored);
      this.at(to).put(prepared, false);
      return undefined;
    };
    const read = this.readUnique([prepared]);
    return isPromise(read) ? read.then(apply) : apply(read);
  }
}

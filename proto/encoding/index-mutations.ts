/**
 * What a changed row means for keys: its row key and value, and the entries of every index to put and to delete. Made once per table
 * and schema version; this is where the states of online DDL meet writes:
 *
 *     delete-only                               old entries go, new ones are not written
 *     write-only, write-reorganization, public  old entries go, new ones come
 *
 * An entry whose key and value stay the same is left alone. An entry of a unique index whose key is new is an `insert`: the
 * key must not exist, and a violation is MySQL's duplicate entry.
 */
import { assert } from '../../base/assert.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { IndexInfo, TableInfo } from '../schema/table-info.ts';
import { indexIsDeleted, indexIsWritten, isClusteredIndex, primaryIndex } from '../schema/table-shape.ts';
import { compareBytes } from './comparable.ts';
import { encodeCommonHandle, IndexEncoder } from './index-codec.ts';
import { encodeRowKey, type Handle } from './keys.ts';
import { unsignedToHandle } from './row-decoder.ts';
import { RowEncoder } from './row-encoder.ts';
import { UTC, type ZoneShift } from './time-packing.ts';

export type WritableRow = readonly (Datum | undefined)[];

export type IndexMutation =
  | { readonly kind: 'put'; readonly index: IndexInfo; readonly key: Uint8Array; readonly value: Uint8Array }
  /** The key must not exist yet: error 1062 otherwise. */
  | { readonly kind: 'insert'; readonly index: IndexInfo; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly index: IndexInfo; readonly key: Uint8Array; readonly value: undefined };

export class TableEncoder {
  readonly table: TableInfo;
  readonly rows: RowEncoder;
  /** Encoders of the indexes that have entries of their own and take part in writes, in the table's order. */
  readonly indexes: readonly IndexEncoder[];
  private readonly zone: ZoneShift;
  private readonly handleOffset: number;
  /** Of a clustered key: entries hold their text as it is spelt, where the handle only has its weights. */
  private readonly spelt: readonly number[];

  constructor(table: TableInfo, zone: ZoneShift = UTC) {
    this.table = table;
    this.zone = zone;
    this.rows = new RowEncoder(table, zone);
    this.indexes = table.indexes
      .filter((index) => !isClusteredIndex(table, index) && indexIsDeleted(index))
      .map((index) => new IndexEncoder(table, index, zone));
    this.spelt = table.isCommonHandle ? primaryIndex(table)!.columns.map((part) => part.offset) : [];
    this.handleOffset = table.pkIsHandle ? primaryIndex(table)!.columns[0]!.offset : -1;
  }

  /** The handle that the row's own columns give; `undefined` when the table has hidden handles. */
  handleOf(row: WritableRow): Handle | undefined {
    if (this.handleOffset >= 0) {
      const value = row[this.handleOffset] as number | bigint;
      assert(value !== null && value !== undefined, 'a primary key is never NULL');
      return typeof value === 'number' && value <= Number.MAX_SAFE_INTEGER ? value : unsignedToHandle(value);
    }
    return this.table.isCommonHandle ? encodeCommonHandle(this.table, row, this.zone) : undefined;
  }

  rowKey(handle: Handle): Uint8Array {
    return encodeRowKey(this.table.id, handle);
  }

  rowValue(row: WritableRow): Uint8Array {
    return this.rows.encode(row);
  }

  /** Entries of a row that is new. */
  indexInserts(row: WritableRow, handle: Handle): IndexMutation[] {
    return this.indexMutations(undefined, row, handle, handle);
  }

  indexDeletes(row: WritableRow, handle: Handle): IndexMutation[] {
    return this.indexMutations(row, undefined, handle, handle);
  }

  /** Entries that change when `oldRow` becomes `newRow`; deletes come before the puts of the same index. */
  // hot: bench/micro/encoding.ts
  indexMutations(
    oldRow: WritableRow | undefined,
    newRow: WritableRow | undefined,
    oldHandle: Handle,
    newHandle: Handle = oldHandle,
  ): IndexMutation[] {
    const mutations: IndexMutation[] = [];
    const indexes = this.indexes;
    const sameHandle =
      oldHandle === newHandle &&
      (oldRow === undefined || newRow === undefined || !this.spelt.some((at) => oldRow[at] !== newRow[at]));
    for (let i = 0; i < indexes.length; i++) {
      const encoder = indexes[i]!;
      const index = encoder.index;
      const written = newRow !== undefined && indexIsWritten(index);
      // Most updates touch no column of most indexes: seen before anything is encoded.
      if (written && oldRow !== undefined && sameHandle && !touches(index, oldRow, newRow)) continue;
      const newEntry = written ? encoder.entry(newRow, newHandle) : undefined;
      if (oldRow !== undefined) {
        const oldKey = encoder.key(oldRow, oldHandle);
        if (newEntry === undefined || compareBytes(oldKey, newEntry.key) !== 0) {
          mutations.push({ kind: 'delete', index, key: oldKey, value: undefined });
        } else {
          const oldValue = encoder.value(oldRow, oldHandle, newEntry.distinct);
          if (compareBytes(oldValue, newEntry.value) !== 0) {
            mutations.push({ kind: 'put', index, key: newEntry.key, value: newEntry.value });
          }
          continue;
        }
      }
      if (newEntry !== undefined) {
        mutations.push({ kind: newEntry.distinct ? 'insert' : 'put', index, key: newEntry.key, value: newEntry.value });
      }
    }
    return mutations;
  }
}

/** Whether a column of the index may differ; datums that are objects are compared by identity, which errs to yes. */
function touches(index: IndexInfo, oldRow: WritableRow, newRow: WritableRow): boolean {
  for (const part of index.columns) if (oldRow[part.offset] !== newRow[part.offset]) return true;
  return false;
}

const encoders = new WeakMap<TableInfo, TableEncoder>();

/** The encoder of a table with UTC timestamps, made once per schema version. */
export function tableEncoder(table: TableInfo): TableEncoder {
  let encoder = encoders.get(table);
  if (encoder === undefined) {
    encoder = new TableEncoder(table);
    encoders.set(table, encoder);
  }
  return encoder;
}

export function indexMutations(
  table: TableInfo,
  oldRow: WritableRow | undefined,
  newRow: WritableRow | undefined,
  handle: Handle,
): IndexMutation[] {
  return tableEncoder(table).indexMutations(oldRow, newRow, handle);
}

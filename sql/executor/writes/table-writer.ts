/**
 * `TableWriter`: rows of one table into a transaction, with all their index entries. It knows how a row becomes keys and
 * values (proto/encoding) and which keys must be free; what to do when one is taken is the statement's decision.
 *
 * Uniqueness, two ways:
 *
 * - Pessimistic: the keys that must be free are locked and read in one call. What is in the transaction's own buffer counts before what
 *   was read, so that rows of one statement see each other.
 * - Optimistic: a plain INSERT leaves the check to commit (`transaction.insert`, must not exist); statements that act on the row that
 *   is there read it, and the write conflict check of commit covers the rest.
 */
import { assert } from '../../../base/assert.ts';
import type { SqlError } from '../../../base/error.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import { compareBytes } from '../../../proto/encoding/comparable.ts';
import { type IndexMutation, TableEncoder } from '../../../proto/encoding/index-mutations.ts';
import { decodeRowHandle, encodeRowKey, type Handle } from '../../../proto/encoding/keys.ts';
import { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { hasHiddenHandle } from '../../../proto/schema/table-shape.ts';
import type { IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import type { Run } from '../run.ts';
import { indexHandleDecoder } from '../storage/codecs.ts';
import { duplicateEntry } from './duplicate.ts';
import { lockAndRead, lockKeys } from './locks.ts';

/** A key that must not belong to another row. */
export interface UniqueKey {
  readonly key: Uint8Array;
  /** `undefined`: the row key itself. */
  readonly index: IndexInfo | undefined;
}

/** What is written of a new row. */
export interface EncodedRow {
  readonly rowKey: Uint8Array;
  readonly rowValue: Uint8Array;
  readonly entries: readonly IndexMutation[];
}

export interface PreparedRow extends EncodedRow {
  readonly row: readonly (Datum | undefined)[];
  readonly handle: Handle;
  readonly unique: readonly UniqueKey[];
}

/** A row that is there already. */
export interface StoredRow {
  readonly handle: Handle;
  readonly row: Row;
  /** Of a partitioned table: where it is. */
  readonly partition?: number;
}

const NO_INDEX = undefined;

const encoders = new WeakMap<TableInfo, Map<ZoneShift, TableEncoder>>();
const decoders = new WeakMap<TableInfo, Map<ZoneShift, RowDecoder>>();

function kept<V>(cache: WeakMap<TableInfo, Map<ZoneShift, V>>, table: TableInfo, zone: ZoneShift, make: () => V): V {
  let zones = cache.get(table);
  if (zones === undefined) cache.set(table, (zones = new Map()));
  let value = zones.get(zone);
  if (value === undefined) zones.set(zone, (value = make()));
  return value;
}

export class TableWriter {
  readonly table: TableInfo;
  readonly encoder: TableEncoder;
  readonly transaction: Transaction;
  private readonly decoder: RowDecoder;
  readonly zone: ZoneShift;
  protected readonly run: Run;
  protected readonly hiddenHandle: boolean;

  constructor(table: TableInfo, transaction: Transaction, run: Run) {
    this.table = table;
    this.transaction = transaction;
    this.run = run;
    this.zone = zoneShift(run.evaluation.timeZone);
    this.encoder = kept(encoders, table, this.zone, () => new TableEncoder(table, this.zone));
    // All columns, those on their way in or out too: an update must carry them over.
    this.decoder = kept(decoders, table, this.zone, () => new RowDecoder(table, table.columns, this.zone));
    this.hiddenHandle = hasHiddenHandle(table);
  }

  /** Why there is no place for a row; tables without partitions have one for each. */
  refusal(_row: readonly (Datum | undefined)[]): SqlError | undefined {
    return undefined;
  }

  /** `hidden`: the handle of a row without a primary key. */
  prepare(row: readonly (Datum | undefined)[], hidden: Handle | undefined): PreparedRow {
    const { encoder } = this;
    const handle = encoder.handleOf(row) ?? hidden;
    assert(handle !== undefined, 'a row without a primary key needs a hidden handle');
    const rowKey = encoder.rowKey(handle);
    const entries = encoder.indexInserts(row, handle);
    const unique: UniqueKey[] = [];
    if (!this.hiddenHandle) unique.push({ key: rowKey, index: NO_INDEX });
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.kind === 'insert') unique.push({ key: entry.key, index: entry.index });
    }
    return { row, handle, rowKey, rowValue: encoder.rowValue(row), entries, unique };
  }

  /** What is stored under the unique keys of these rows, in order; locked in a pessimistic transaction. */
  readUnique(rows: readonly PreparedRow[]): MaybePromise<readonly (Uint8Array | undefined)[]> {
    const keys: Uint8Array[] = [];
    for (let i = 0; i < rows.length; i++) {
      const { unique } = rows[i]!;
      for (let u = 0; u < unique.length; u++) keys.push(unique[u]!.key);
    }
    if (keys.length === 0) return [];
    if (this.transaction.pessimistic) return lockAndRead(this.transaction, keys, this.run);
    return this.transaction.getMany(keys);
  }

  /** The stored value of a unique key now, own writes first; `undefined` when it is free. */
  taken(key: Uint8Array, read: Uint8Array | undefined): Uint8Array | undefined {
    const buffered = this.transaction.buffered(key);
    if (buffered === undefined) return read;
    return buffered ?? undefined;
  }

  /** One of the row's unique keys is taken in the buffer. Not for hidden handles, which are never taken. */
  takenInBuffer({ rowKey, entries }: EncodedRow): boolean {
    if (this.taken(rowKey, undefined) !== undefined) return true;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.kind === 'insert' && this.taken(entry.key, undefined) !== undefined) return true;
    }
    return false;
  }

  /** Puts the row and its entries in the buffer. `deferred`: nobody has looked whether the unique keys are free. */
  put(prepared: EncodedRow, deferred: boolean): void {
    const { transaction } = this;
    this.write(prepared.rowKey, prepared.rowValue, deferred && !this.hiddenHandle);
    const { entries } = prepared;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (entry.kind === 'delete') transaction.delete(entry.key);
      else this.write(entry.key, entry.value, deferred && entry.kind === 'insert');
    }
  }

  private write(key: Uint8Array, value: Uint8Array, mustNotExist: boolean): void {
    // A key that this transaction deleted or wrote is known; only untouched ones need the check at commit.
    if (mustNotExist && this.transaction.buffered(key) === undefined) this.transaction.insert(key, value);
    else this.transaction.put(key, value);
  }

  /** The stored row behind a taken unique key; in a pessimistic transaction it is locked. */
  existing(unique: UniqueKey, value: Uint8Array): MaybePromise<StoredRow | undefined> {
    if (unique.index === undefined) return this.decode(unique.key, value);
    const handle = indexHandleDecoder(this.table, unique.index, this.zone).handle(
      unique.key,
      0,
      unique.key.length,
      value,
      0,
      value.length,
    );
    const rowKey = encodeRowKey(this.table.id, handle);
    const buffered = this.transaction.buffered(rowKey);
    if (buffered instanceof Uint8Array) return this.decode(rowKey, buffered);
    const found = this.transaction.pessimistic
      ? lockAndRead(this.transaction, [rowKey], this.run)
      : this.transaction.getMany([rowKey]);
    const decode = (got: readonly (Uint8Array | undefined)[]): StoredRow | undefined =>
      got[0] === undefined ? undefined : this.decode(rowKey, got[0]);
    return isPromise(found) ? found.then(decode) : decode(found);
  }

  decode(rowKey: Uint8Array, value: Uint8Array): StoredRow {
    const row: Row = [];
    this.decoder.decodeEntry(rowKey, 0, rowKey.length, value, 0, value.length, row);
    const handle = this.encoder.handleOf(row) ?? handleOfKey(rowKey);
    return { handle, row };
  }

  /** Takes a row and its entries away. */
  delete(stored: StoredRow): void {
    this.transaction.delete(this.encoder.rowKey(stored.handle));
    for (const entry of this.encoder.indexDeletes(stored.row, stored.handle)) this.transaction.delete(entry.key);
  }

  /**
   * Replaces a stored row. Answers undefined when it was done, else the error of the unique key that is taken (nothing is
   * written then).
   */
  update(stored: StoredRow, row: Row): MaybePromise<Error | undefined> {
    const { encoder, transaction } = this;
    const made = encoder.handleOf(row) ?? stored.handle;
    const moved = !sameHandle(made, stored.handle);
    const handle = moved ? made : stored.handle;
    const rowKey = encoder.rowKey(handle);
    const rowValue = encoder.rowValue(row);
    const entries = encoder.indexMutations(stored.row, row, stored.handle, handle);
    const unique: UniqueKey[] = [];
    if (moved) unique.push({ key: rowKey, index: NO_INDEX });
    for (const entry of entries) if (entry.kind === 'insert') unique.push({ key: entry.key, index: entry.index });
    const apply = (read: readonly (Uint8Array | undefined)[] | undefined): Error | undefined => {
      for (let i = 0; i < unique.length; i++) {
        if (this.taken(unique[i]!.key, read?.[i]) !== undefined)
          return duplicateEntry(this.table, unique[i]!.index, row);
      }
      const deferred = read === undefined;
      if (moved) transaction.delete(encoder.rowKey(stored.handle));
      this.write(rowKey, rowValue, moved && deferred);
      for (const entry of entries) {
        if (entry.kind === 'delete') transaction.delete(entry.key);
        else this.write(entry.key, entry.value, deferred && entry.kind === 'insert');
      }
      return undefined;
    };
    if (unique.length === 0) return apply([]);
    if (!transaction.pessimistic) {
      // The old row's own entries may be in the way of nothing but themselves: reading decides, commit watches.
      const read = transaction.getMany(unique.map((one) => one.key));
      return isPromise(read) ? read.then(apply) : apply(read);
    }
    const read = lockAndRead(
      transaction,
      unique.map((one) => one.key),
      this.run,
    );
    return isPromise(read) ? read.then(apply) : apply(read);
  }

  rowKey(stored: StoredRow): Uint8Array {
    return this.encoder.rowKey(stored.handle);
  }

  /** Locks rows that are about to be changed. */
  lockRows(rows: readonly StoredRow[]): MaybePromise<readonly boolean[] | undefined> {
    if (!this.transaction.pessimistic) return undefined;
    return lockKeys(
      this.transaction,
      rows.map((row) => this.rowKey(row)),
      'wait',
      this.run,
    );
  }
}

function sameHandle(a: Handle, b: Handle): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && compareBytes(a, b) === 0;
  return a === b;
}

function handleOfKey(rowKey: Uint8Array): Handle {
  return decodeRowHandle(rowKey, 0, rowKey.length);
}

/**
 * Index entries. The key holds the values in comparable form and, unless a unique entry without NULL is meant, the handle. The value holds what the key
 * cannot: the handle of a unique entry, and the text whose sort key stands in the key ("restore data", a little row value).
 *
 *     integer handles    unique: 8 bytes, the handle · else `0` (0x30) · with restore data: tail size, row value, [handle]
 *     clustered keys     tail size, 125, version 1, [127 size handle], [row value]
 *
 * With integer handles restore data holds every column of the index as it was; with clustered keys only the columns that need it
 * (for `_bin` collations the number of trailing spaces that the sort key lost), index columns first, then the clustered key's.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import { BIGINT_UNSIGNED } from '../../base/value/field-type.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../schema/table-info.ts';
import { isClusteredIndex, primaryIndex } from '../schema/table-shape.ts';
import { ByteWriter } from './byte-writer.ts';
import { putComparableInt } from './comparable.ts';
import {
  type KeyColumn,
  keyColumnOf,
  keyColumnOfPart,
  putKeyDatum,
  readKeyDatum,
  skipKeyDatum,
  truncateText,
} from './key-datum.ts';
import {
  type Handle,
  INDEX_PREFIX_SIZE,
  padCommonHandle,
  putHandleInIndexKey,
  putIndexPrefix,
  putRowPrefix,
  readPlainInt,
  trailingIntHandle,
} from './keys.ts';
import { HIDDEN_HANDLE_ID, handleToUnsigned } from './row-decoder.ts';
import { type EncodedColumn, encodeColumns } from './row-encoder.ts';
import { RowHeader } from './row-header.ts';
import { readRowValue, readShortUint } from './row-value.ts';
import { trimSpaces } from './sort-key.ts';
import { UTC, type ZoneShift } from './time-packing.ts';
import { isBinCollation, needsRestoredData, ValueKind } from './value-kind.ts';
import type { StoredPairs } from './stored-pairs.ts';

const VERSION_FLAG = 125;
const PARTITION_FLAG = 126;
const COMMON_HANDLE_FLAG = 127;
const ROW_FLAG = 128;
const CLUSTERED_VERSION = 1;
const OLD_VALUE_SIZE_MAX = 9;
const VALUE_SIZE_MIN = 10;
const NOT_UNIQUE_VALUE = 0x30;

const writer = new ByteWriter(256);

export interface IndexEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** The key alone identifies the entry: at most one row may have it. */
  readonly distinct: boolean;
}

function keyColumns(table: TableInfo, index: IndexInfo): readonly (KeyColumn & { readonly offset: number })[] {
  return index.columns.map((part) => {
    return { ...keyColumnOfPart(table.columns[part.offset]!.type, part), offset: part.offset };
  });
}

/** What is kept of a value in an index: the prefix, for restore data. */
function truncate(value: Datum, column: KeyColumn): Datum {
  if (column.prefixLength < 0) return value;
  if (typeof value === 'string') return truncateText(value, column.prefixLength);
  return value instanceof Uint8Array ? value.subarray(0, column.prefixLength) : value;
}

/** Makes the entries of one index; made once per table and schema version. */
export class IndexEncoder {
  readonly table: TableInfo;
  readonly index: IndexInfo;
  private readonly columns: readonly (KeyColumn & { readonly offset: number })[];
  private readonly zone: ZoneShift;
  /** Columns of the restore data by id, with `offset` into the list of values that `restoreValues` makes. */
  private readonly restored: readonly EncodedColumn[];
  private readonly restoreSources: readonly {
    readonly offset: number;
    readonly column: KeyColumn;
    readonly spacesOnly: boolean;
  }[];

  constructor(table: TableInfo, index: IndexInfo, zone: ZoneShift = UTC) {
    this.table = table;
    this.index = index;
    this.zone = zone;
    this.columns = keyColumns(table, index);
    const sources: { id: number; offset: number; column: KeyColumn; spacesOnly: boolean }[] = [];
    if (table.isCommonHandle) {
      const primary = primaryIndex(table)!;
      const isPrimary = (offset: number): boolean => primary.columns.some((part) => part.offset === offset);
      for (const column of this.columns) {
        if (!isPrimary(column.offset) && needsRestoredData(column.type))
          sources.push(this.source(column.offset, column));
      }
      for (const part of primary.columns) {
        const type = table.columns[part.offset]!.type;
        if (!needsRestoredData(type)) continue;
        const inIndex = this.columns.find((column) => column.offset === part.offset);
        // A key over a prefix of what the primary key has whole: a covering scan reads the whole from the handle.
        const prefixLength =
          inIndex && inIndex.prefixLength >= 0 && part.prefixLength >= 0
            ? Math.max(part.prefixLength, inIndex.prefixLength)
            : -1;
        sources.push(this.source(part.offset, { ...keyColumnOf(type), prefixLength }));
      }
    } else if (this.columns.some((column) => needsRestoredData(column.type))) {
      for (const column of this.columns) sources.push({ ...this.source(column.offset, column), spacesOnly: false });
    }
    this.restoreSources = sources;
    this.restored = sources
      .map(({ id, column, spacesOnly }, at) => ({
        id,
        offset: at,
        type: spacesOnly ? BIGINT_UNSIGNED : column.type,
        kind: spacesOnly ? ValueKind.UINT : column.kind,
        skipNull: false,
      }))
      .sort((a, b) => a.id - b.id);
  }

  private source(
    offset: number,
    column: KeyColumn,
  ): { id: number; offset: number; column: KeyColumn; spacesOnly: boolean } {
    return { id: this.table.columns[offset]!.id, offset, column, spacesOnly: isBinCollation(column.type.collation) };
  }

  /** `row` by column offset, as everywhere in writes. */
  // hot: bench/micro/encoding.ts
  entry(row: readonly (Datum | undefined)[], handle: Handle): IndexEntry {
    const distinct = this.isDistinct(row);
    return { key: this.key(row, handle), value: this.value(row, handle, distinct), distinct };
  }

  /** The entry's key alone is unique: the index is, and no value is NULL. */
  isDistinct(row: readonly (Datum | undefined)[]): boolean {
    if (!this.index.unique) return false;
    for (const column of this.columns) if ((row[column.offset] ?? null) === null) return false;
    return true;
  }

  key(row: readonly (Datum | undefined)[], handle: Handle): Uint8Array {
    writer.reset();
    putIndexPrefix(writer, this.table.id, this.index.id);
    let distinct = this.index.unique;
    for (const column of this.columns) {
      const value = row[column.offset] ?? null;
      if (value === null) distinct = false;
      putKeyDatum(writer, value, column, this.zone);
    }
    if (!distinct) putHandleInIndexKey(writer, handle);
    return writer.finish();
  }

  value(row: readonly (Datum | undefined)[], handle: Handle, distinct: boolean): Uint8Array {
    const common = handle instanceof Uint8Array;
    if (!common && this.restored.length === 0) return distinct ? plainHandle(handle) : NOT_UNIQUE;
    writer.reset();
    writer.u8(0);
    if (common) {
      writer.u8(VERSION_FLAG);
      writer.u8(CLUSTERED_VERSION);
      if (distinct) {
        writer.u8(COMMON_HANDLE_FLAG);
        writer.u16be(handle.length);
        writer.raw(handle);
      }
    }
    if (this.restored.length > 0) writer.raw(encodeColumns(this.restored, this.restoreValues(row), this.zone));
    if (!common && distinct) {
      putPlainHandle(writer, handle);
      writer.bytes[0] = 8;
    } else if (!common && writer.length < VALUE_SIZE_MIN) {
      // Restore data of NULLs alone can be shorter than the old layout's longest value: it is padded, and the padding is tail.
      writer.bytes[0] = VALUE_SIZE_MIN - writer.length;
      while (writer.length < VALUE_SIZE_MIN) writer.u8(0);
    }
    assert(common || writer.length >= VALUE_SIZE_MIN, 'an index value of the new layout has at least ten bytes');
    return writer.finish();
  }

  private restoreValues(row: readonly (Datum | undefined)[]): Datum[] {
    return this.restoreSources.map(({ offset, column, spacesOnly }) => {
      const value = truncate(row[offset] ?? null, column);
      return spacesOnly && typeof value === 'string' ? value.length - trimSpaces(value).length : value;
    });
  }
}

const NOT_UNIQUE = new Uint8Array([NOT_UNIQUE_VALUE]);

function putPlainHandle(out: ByteWriter, handle: number | bigint): void {
  const at = out.length;
  putComparableInt(out, handle);
  out.bytes[at] = out.bytes[at]! ^ 0x80;
}

function plainHandle(handle: number | bigint): Uint8Array {
  const value = new Uint8Array(8);
  const high = typeof handle === 'number' ? Math.floor(handle / 4294967296) : Number(handle >> 32n);
  const low = typeof handle === 'number' ? handle >>> 0 : Number(BigInt.asUintN(32, handle));
  value[0] = high >>> 24;
  value[1] = high >>> 16;
  value[2] = high >>> 8;
  value[3] = high;
  value[4] = low >>> 24;
  value[5] = low >>> 16;
  value[6] = low >>> 8;
  value[7] = low;
  return value;
}

/** The key of a unique entry for a look-up by whole key, no value NULL; `values` in index order. */
export function encodeIndexKey(
  table: TableInfo,
  index: IndexInfo,
  values: readonly Datum[],
  handle?: Handle,
  zone: ZoneShift = UTC,
): Uint8Array {
  writer.reset();
  putIndexPrefix(writer, table.id, index.id);
  keyColumns(table, index).forEach((column, i) => {
    if (i < values.length) putKeyDatum(writer, values[i]!, column, zone);
  });
  if (handle !== undefined) putHandleInIndexKey(writer, handle);
  return writer.finish();
}

/** The encoded handle of a row of a table with a clustered key; `row` by column offset. */
export function encodeCommonHandle(
  table: TableInfo,
  row: readonly (Datum | undefined)[],
  zone: ZoneShift = UTC,
): Uint8Array {
  writer.reset();
  putCommonHandle(writer, table, row, zone);
  return writer.finish();
}

function putCommonHandle(
  out: ByteWriter,
  table: TableInfo,
  row: readonly (Datum | undefined)[],
  zone: ZoneShift,
): void {
  const start = out.length;
  for (const column of keyColumns(table, primaryIndex(table)!))
    putKeyDatum(out, row[column.offset] ?? null, column, zone);
  padCommonHandle(out, start);
}

/** A row key from the clustered key's values in key order. */
export function encodeCommonRowKey(table: TableInfo, values: readonly Datum[], zone: ZoneShift = UTC): Uint8Array {
  writer.reset();
  putRowPrefix(writer, table.id);
  const start = writer.length;
  keyColumns(table, primaryIndex(table)!).forEach((column, i) => putKeyDatum(writer, values[i] ?? null, column, zone));
  padCommonHandle(writer, start);
  return writer.finish();
}

type Source =
  | { readonly kind: 'handle' }
  /** Value number `part` of the key, as it is. */
  | { readonly kind: 'key'; readonly part: number; readonly column: KeyColumn }
  /** Part of the clustered key inside the handle. */
  | { readonly kind: 'handle-part'; readonly part: number; readonly column: KeyColumn }
  | { readonly kind: 'restored'; readonly id: number; readonly column: KeyColumn; readonly base: Source | undefined };

/** Entries to datums, for covering scans; also finds the handle of an entry. Compiled once for (table, index, columns). */
export class IndexDecoder {
  private readonly sources: readonly Source[];
  private readonly partCount: number;
  private readonly handlePartCount: number;
  private readonly unique: boolean;
  private readonly unsignedHandle: boolean;
  private readonly zone: ZoneShift;
  private readonly header = new RowHeader();
  /** Where each value of the key at hand starts; one more for the end of the last. */
  private readonly partStarts: number[] = [];
  private readonly handleStarts: number[] = [];
  private handleBytes: Uint8Array = NOT_UNIQUE;
  private handleStart = 0;
  private handleEnd = 0;
  private intHandle: number | bigint = 0;
  private restoreStart = -1;
  private restoreEnd = -1;

  constructor(table: TableInfo, index: IndexInfo, columns: readonly ColumnInfo[], zone: ZoneShift = UTC) {
    assert(!isClusteredIndex(table, index), 'a clustered index has no entries: scan the rows');
    this.zone = zone;
    this.unique = index.unique;
    this.partCount = index.columns.length;
    const primary = primaryIndex(table);
    this.unsignedHandle = table.pkIsHandle && table.columns[primary!.columns[0]!.offset]!.type.unsigned;
    this.handlePartCount = table.isCommonHandle ? primary!.columns.length : 0;
    const inIndex = keyColumns(table, index);
    const inHandle = table.isCommonHandle ? keyColumns(table, primary!) : [];
    this.sources = columns.map((column): Source => {
      if (column.id === HIDDEN_HANDLE_ID) return { kind: 'handle' };
      if (table.pkIsHandle && primary!.columns[0]!.offset === column.offset) return { kind: 'handle' };
      // A prefix is not the value: where the primary key has it whole, it is read from the handle.
      const has = (candidate: { offset: number; prefixLength: number }): boolean =>
        candidate.offset === column.offset && candidate.prefixLength < 0;
      const part = inIndex.findIndex(has);
      const handlePart = inHandle.findIndex(has);
      if (part < 0 && handlePart < 0)
        throw new RutileError('index.not-covering', `Column ${column.name} is not in index ${index.name}`);
      const base: Source =
        part >= 0
          ? { kind: 'key', part, column: inIndex[part]! }
          : { kind: 'handle-part', part: handlePart, column: inHandle[handlePart]! };
      if (!needsRestoredData(column.type)) return base;
      return {
        kind: 'restored',
        id: column.id,
        column: keyColumnOf(column.type),
        base: table.isCommonHandle ? base : undefined,
      };
    });
  }

  /** Fills `row[base…]`, and answers the handle when `wantHandle`. */
  decodeEntry(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    row: Datum[],
    base = 0,
  ): void /* prettier-ignore */ {
    this.open(key, keyStart, keyEnd, value, valueStart, valueEnd);
    let restoreOpen = false;
    for (let i = 0; i < this.sources.length; i++) {
      const source = this.sources[i]!;
      if (source.kind === 'restored' && !restoreOpen) {
        assert(this.restoreStart >= 0, 'an index entry lacks its restore data');
        this.header.open(value, this.restoreStart, this.restoreEnd);
        restoreOpen = true;
      }
      row[base + i] = this.read(source, key, keyEnd);
    }
  }

  /** One of the pairs that a scan gave. */
  // hot: bench/micro/encoding.ts
  decodeAt(pairs: StoredPairs, i: number, row: Datum[]): void {
    this.decodeEntry(
      pairs.keyBytes[i]!, pairs.keyStart[i]!, pairs.keyEnd[i]!, pairs.valueBytes[i]!, pairs.valueStart[i]!, pairs.valueEnd[i]!, row,
    ); // prettier-ignore
  }

  /** The handle of an entry. */
  handle(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): Handle {
    this.open(key, keyStart, keyEnd, value, valueStart, valueEnd);
    return this.handleStart < 0 ? this.intHandle : this.handleBytes.slice(this.handleStart, this.handleEnd);
  }

  private read(source: Source, key: Uint8Array, keyEnd: number): Datum {
    switch (source.kind) {
      case 'handle':
        return this.unsignedHandle ? handleToUnsigned(this.intHandle) : this.intHandle;
      case 'key':
        return readKeyDatum(key, this.partStarts[source.part]!, keyEnd, source.column, this.zone);
      case 'handle-part':
        return readKeyDatum(
          this.handleBytes,
          this.handleStarts[source.part]!,
          this.handleEnd,
          source.column,
          this.zone,
        );
      case 'restored': {
        const { header } = this;
        const position = header.find(source.id, -1);
        if (position < 0) return null;
        const start = header.startOf(position);
        const end = header.endOf(position);
        if (source.base !== undefined && isBinCollation(source.column.type.collation)) {
          const text = this.read(source.base, key, keyEnd) as string;
          return text + ' '.repeat(Number(readShortUint(header.bytes, start, end)));
        }
        return readRowValue(header.bytes, start, end, source.column.kind, source.column.type, this.zone);
      }
    }
  }

  /** Finds the parts of key and value. */
  private open(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    let at = keyStart + INDEX_PREFIX_SIZE;
    for (let i = 0; i < this.partCount; i++) {
      this.partStarts[i] = at;
      at = skipKeyDatum(key, at, keyEnd);
    }
    assert(at <= keyEnd, 'an index key is cut off');
    this.restoreStart = -1;
    this.restoreEnd = -1;
    const handleInKey = at < keyEnd;
    assert(handleInKey || this.unique, 'an entry of a non-unique index has its handle in the key');
    const size = valueEnd - valueStart;
    if (this.handlePartCount > 0) {
      this.openClustered(value, valueStart, valueEnd);
      if (handleInKey) this.setHandle(key, at, keyEnd);
      this.splitHandle();
      return;
    }
    this.handleStart = -1;
    if (handleInKey) this.intHandle = trailingIntHandle(key, keyEnd);
    if (size <= OLD_VALUE_SIZE_MAX) {
      if (!handleInKey) this.intHandle = readPlainInt(value, valueStart);
      return;
    }
    const tail = value[valueStart]!;
    let option = valueStart + 1;
    if (value[option] === PARTITION_FLAG) option += 9;
    if (value[option] === ROW_FLAG) {
      this.restoreStart = option;
      this.restoreEnd = valueEnd - tail;
    }
    if (!handleInKey) this.intHandle = readPlainInt(value, valueEnd - tail);
  }

  private openClustered(value: Uint8Array, valueStart: number, valueEnd: number): void {
    let option = valueStart + 1;
    if (value[option] === VERSION_FLAG) option += 2;
    const end = valueEnd - value[valueStart]!;
    if (option < end && value[option] === COMMON_HANDLE_FLAG) {
      const size = (value[option + 1]! << 8) | value[option + 2]!;
      this.setHandle(value, option + 3, option + 3 + size);
      option += 3 + size;
    }
    if (option < end && value[option] === PARTITION_FLAG) option += 9;
    if (option < end && value[option] === ROW_FLAG) {
      this.restoreStart = option;
      this.restoreEnd = end;
    }
  }

  private setHandle(bytes: Uint8Array, start: number, end: number): void {
    this.handleBytes = bytes;
    this.handleStart = start;
    this.handleEnd = end;
  }

  private splitHandle(): void {
    let at = this.handleStart;
    for (let i = 0; i < this.handlePartCount; i++) {
      this.handleStarts[i] = at;
      at = skipKeyDatum(this.handleBytes, at, this.handleEnd);
    }
  }
}

/**
 * `RowDecoder`: row values to datums, compiled once for a table and the columns that are wanted. Nothing else is touched:
 * a query for two of thirty columns reads two.
 *
 * A column that is not in the value comes from the key when it is part of the handle, else from its origin default (the
 * row is older than the column). A wanted column with id -1 is the hidden handle. Not for concurrent use: it remembers
 * where columns were in the last row, since rows of a table mostly look alike.
 */
import { assert } from '../../base/assert.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { defaultDatum } from '../schema/stored-default.ts';
import type { ColumnInfo, TableInfo } from '../schema/table-info.ts';
import { primaryIndex } from '../schema/table-shape.ts';
import { readComparableInt } from './comparable.ts';
import { type KeyColumn, keyColumnOfPart, readKeyDatum, skipKeyDatum } from './key-datum.ts';
import { type Handle, ROW_PREFIX_SIZE } from './keys.ts';
import { livesInKey } from './row-encoder.ts';
import { COLUMN_MISSING, COLUMN_NULL, ROW_FLAG_LARGE, ROW_HEADER_SIZE, ROW_VERSION, RowHeader } from './row-header.ts';
import { readRowValue } from './row-value.ts';
import { UTC, type ZoneShift } from './time-packing.ts';
import { ValueKind, valueKind } from './value-kind.ts';
import type { StoredPairs } from './stored-pairs.ts';

/** Id of the wanted column that stands for the hidden handle. */
export const HIDDEN_HANDLE_ID = -1;

interface WantedColumn {
  readonly id: number;
  readonly kind: ValueKind;
  readonly type: FieldType;
  /** Position in the output row. */
  readonly at: number;
  readonly missing: Datum;
  hint: number;
}

interface HandlePart {
  readonly column: KeyColumn;
  /** Position in the output row, -1 when the part is not wanted. */
  readonly at: number;
}

const EMPTY = new Uint8Array(0);

export class RowDecoder {
  readonly columnCount: number;
  private readonly wanted: readonly WantedColumn[];
  /** Output positions that take the integer handle as it is. */
  private readonly handleAt: readonly number[];
  private readonly handleUnsigned: boolean;
  /** The clustered key's columns up to the last wanted one. */
  private readonly handleParts: readonly HandlePart[];
  private readonly zone: ZoneShift;
  private readonly header = new RowHeader();

  /** `positions`: where in the output row each column goes; without it in the order of `columns`. */
  constructor(table: TableInfo, columns: readonly ColumnInfo[], zone: ZoneShift = UTC, positions?: readonly number[]) {
    this.columnCount = columns.length;
    this.zone = zone;
    const wanted: WantedColumn[] = [];
    const handleAt: number[] = [];
    const parts = table.isCommonHandle ? primaryIndex(table)!.columns : [];
    const partAt = parts.map(() => -1);
    columns.forEach((column, i) => {
      const at = positions === undefined ? i : positions[i]!;
      if (column.id === HIDDEN_HANDLE_ID || (table.pkIsHandle && livesInKey(table, column))) {
        handleAt.push(at);
      } else if (livesInKey(table, column)) {
        partAt[parts.findIndex((part) => part.offset === column.offset)] = at;
      } else {
        const kind = valueKind(column.type);
        const stored = defaultDatum(column.originDefault, column.type);
        const missing = stored !== null && kind === ValueKind.TIMESTAMP ? zone.fromUtc(stored as DateTime) : stored;
        wanted.push({ id: column.id, kind, type: column.type, at, missing, hint: -1 });
      }
    });
    this.wanted = wanted.sort((a, b) => a.id - b.id);
    this.handleAt = handleAt;
    const last = partAt.findLastIndex((at) => at >= 0);
    this.handleParts = parts.slice(0, last + 1).map((part, i) => {
      const type = table.columns[part.offset]!.type;
      return { column: keyColumnOfPart(type, part), at: partAt[i]! };
    });
    const handleColumn = columns.find((_, i) => (positions === undefined ? i : positions[i]!) === handleAt[0]);
    this.handleUnsigned =
      handleColumn !== undefined && handleColumn.id !== HIDDEN_HANDLE_ID && handleColumn.type.unsigned;
  }

  /** Fills `row[base…]` from a row value and its handle. */
  decode(bytes: Uint8Array, start: number, end: number, handle: Handle, row: Datum[], base = 0): void {
    if (this.handleParts.length > 0) {
      assert(handle instanceof Uint8Array, 'a table with a clustered key has encoded handles');
      this.readHandleParts(handle, 0, handle.length, row, base);
    } else {
      const handleAt = this.handleAt;
      for (let i = 0; i < handleAt.length; i++) row[base + handleAt[i]!] = this.handleDatum(handle);
    }
    this.readColumns(bytes, start, end, row, base);
  }

  /** The same for an entry of a scan: the handle is read from the row key. */
  // hot: bench/micro/encoding.ts
  decodeEntry(
    keyBytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    row: Datum[],
    base = 0,
  ): void /* prettier-ignore */ {
    if (this.handleParts.length > 0) {
      this.readHandleParts(keyBytes, keyStart + ROW_PREFIX_SIZE, keyEnd, row, base);
    } else {
      const handleAt = this.handleAt;
      if (handleAt.length > 0) {
        const signed = readComparableInt(keyBytes, keyStart + ROW_PREFIX_SIZE);
        const handle = this.handleUnsigned ? handleToUnsigned(signed) : signed;
        for (let i = 0; i < handleAt.length; i++) row[base + handleAt[i]!] = handle;
      }
    }
    this.readColumns(bytes, start, end, row, base);
  }

  /** One of the pairs that a scan gave. */
  // hot: bench/micro/encoding.ts
  decodeAt(pairs: StoredPairs, i: number, row: Datum[]): void {
    this.decodeEntry(
      pairs.keyBytes[i]!, pairs.keyStart[i]!, pairs.keyEnd[i]!, pairs.valueBytes[i]!, pairs.valueStart[i]!, pairs.valueEnd[i]!, row,
    ); // prettier-ignore
  }

  /** Columns of a row whose value was not read, when the key alone is enough; see `needsValue`. */
  decodeKeyOnly(keyBytes: Uint8Array, keyStart: number, keyEnd: number, row: Datum[], base = 0): void {
    assert(this.wanted.length === 0, 'columns outside of the key are wanted');
    this.decodeEntry(keyBytes, keyStart, keyEnd, EMPTY, 0, 0, row, base);
  }

  get needsValue(): boolean {
    return this.wanted.length > 0;
  }

  /** Small rows, which are nearly all, are read with nothing but local variables. */
  // hot: bench/micro/encoding.ts
  private readColumns(bytes: Uint8Array, start: number, end: number, row: Datum[], base: number): void {
    const wanted = this.wanted;
    if (wanted.length === 0) return;
    if (end - start < ROW_HEADER_SIZE || bytes[start] !== ROW_VERSION || (bytes[start + 1]! & ROW_FLAG_LARGE) !== 0)
      return this.readAnyColumns(bytes, start, end, row, base);
    const count = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const nullCount = bytes[start + 4]! | (bytes[start + 5]! << 8);
    const idsAt = start + ROW_HEADER_SIZE;
    const offsetsAt = idsAt + count + nullCount;
    const dataAt = offsetsAt + count * 2;
    // One that is cut off fails there.
    if (dataAt > end || (count > 0 && dataAt + offsetAt(bytes, dataAt - 2) > end))
      return this.readAnyColumns(bytes, start, end, row, base);
    for (let i = 0; i < wanted.length; i++) {
      const column = wanted[i]!;
      const { id, hint } = column;
      let position = COLUMN_MISSING;
      if (hint >= 0 && hint < count && bytes[idsAt + hint] === id) position = hint;
      else {
        for (let n = 0; n < count + nullCount; n++) {
          if (bytes[idsAt + n] !== id) continue;
          position = n < count ? n : COLUMN_NULL;
          break;
        }
        if (position < 0) {
          row[base + column.at] = position === COLUMN_NULL ? null : column.missing;
          continue;
        }
        column.hint = position;
      }
      const from = position === 0 ? dataAt : dataAt + offsetAt(bytes, offsetsAt + position * 2 - 2);
      const to = dataAt + offsetAt(bytes, offsetsAt + position * 2);
      row[base + column.at] = readRowValue(bytes, from, to, column.kind, column.type, this.zone);
    }
  }

  private readAnyColumns(bytes: Uint8Array, start: number, end: number, row: Datum[], base: number): void {
    const wanted = this.wanted;
    const header = this.header;
    header.open(bytes, start, end);
    for (let i = 0; i < wanted.length; i++) {
      const column = wanted[i]!;
      const position = header.find(column.id, column.hint);
      if (position >= 0) {
        column.hint = position;
        row[base + column.at] = readRowValue(
          bytes,
          header.startOf(position),
          header.endOf(position),
          column.kind,
          column.type,
          this.zone,
        );
      } else {
        assert(position === COLUMN_NULL || position === COLUMN_MISSING, 'a column is there, NULL or missing');
        row[base + column.at] = position === COLUMN_NULL ? null : column.missing;
      }
    }
  }

  private readHandleParts(bytes: Uint8Array, start: number, end: number, row: Datum[], base: number): void {
    const parts = this.handleParts;
    let at = start;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      if (part.at >= 0) row[base + part.at] = readKeyDatum(bytes, at, end, part.column, this.zone);
      if (i + 1 < parts.length) at = skipKeyDatum(bytes, at, end);
    }
  }

  private handleDatum(handle: Handle): Datum {
    assert(!(handle instanceof Uint8Array), 'a table with integer handles was given an encoded one');
    return this.handleUnsigned ? handleToUnsigned(handle) : handle;
  }
}

function offsetAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** An unsigned primary key is kept as the signed integer with the same bits: 2^63 and more are negative handles. */
export function handleToUnsigned(handle: number | bigint): number | bigint {
  return handle >= 0 ? handle : normalize(BigInt(handle) + (1n << 64n));
}

export function unsignedToHandle(value: number | bigint): number | bigint {
  return value <= 0x7fffffffffffffffn ? value : normalize(BigInt(value) - (1n << 64n));
}

function normalize(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

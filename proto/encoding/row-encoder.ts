/**
 * `RowEncoder`: datums to a row value, made once per table and schema version.
 *
 * Left out of the value: the integer primary key (it is in the key), columns of a clustered key that can be had back from
 * the key, and NULL in a column that never had a default (a missing column reads as its origin default, which is then NULL). Columns on their way in are written
 * from write-only on when the row has a value for them; columns on their way out in the same states.
 */
import { allocateBytes } from '../../base/allocate.ts';
import { assert } from '../../base/assert.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { ColumnInfo, TableInfo } from '../schema/table-info.ts';
import { ByteWriter } from './byte-writer.ts';
import { ROW_FLAG_LARGE, ROW_HEADER_SIZE, ROW_VERSION } from './row-header.ts';
import { putRowValue } from './row-value.ts';
import { primaryIndex } from '../schema/table-shape.ts';
import { UTC, type ZoneShift } from './time-packing.ts';
import { needsRestoredData, type ValueKind, valueKind } from './value-kind.ts';

const SMALL_ID_MAX = 255;
const SMALL_DATA_SIZE_MAX = 65535;

const data = new ByteWriter(1024);

/** A value for a column id, for rows that are not a table's: restore data of index entries. */
export interface EncodedColumn {
  readonly id: number;
  readonly offset: number;
  readonly type: FieldType;
  readonly kind: ValueKind;
  readonly skipNull: boolean;
}

export class RowEncoder {
  /** In the order of their ids, as `RowAssembler` takes their values. */
  readonly columns: readonly EncodedColumn[];
  private readonly zone: ZoneShift;

  constructor(table: TableInfo, zone: ZoneShift = UTC) {
    this.columns = table.columns
      .filter((column) => isWritten(column) && !livesInKey(table, column))
      .map((column) => ({
        id: column.id,
        offset: column.offset,
        type: column.type,
        kind: valueKind(column.type),
        skipNull: hasNoDefault(column),
      }))
      .sort((a, b) => a.id - b.id);
    this.zone = zone;
  }

  /** `row` holds a datum for each column by offset; `undefined` leaves a column out. */
  encode(row: readonly (Datum | undefined)[]): Uint8Array {
    return encodeColumns(this.columns, row, this.zone);
  }
}

/** Columns sorted by id; `row` by their offset. */
// hot: bench/micro/encoding.ts
export function encodeColumns(
  columns: readonly EncodedColumn[],
  row: readonly (Datum | undefined)[],
  zone: ZoneShift,
): Uint8Array {
  const count = columns.length;
  data.reset();
  for (let i = 0; i < count; i++) {
    const column = columns[i]!;
    const value = row[column.offset];
    if (value === undefined) ends[i] = MISSING;
    else if (value === null) ends[i] = column.skipNull ? MISSING : NULL;
    else {
      putRowValue(data, value, column.kind, column.type, zone);
      ends[i] = data.length;
    }
  }
  return assemble(columns);
}

/**
 * A row value from values that the caller writes itself, into `out` and in the order of `RowEncoder.columns`: after each, `written`
 * or `left` for it. Nothing else may be encoded between `begin` and `finish`, which share their memory with `encodeColumns`.
 */
export class RowAssembler {
  readonly out = data;
  private readonly columns: readonly EncodedColumn[];
  private at = 0;

  constructor(columns: readonly EncodedColumn[]) {
    this.columns = columns;
  }

  begin(): void {
    data.reset();
    this.at = 0;
  }

  written(): void {
    ends[this.at++] = data.length;
  }

  /** NULL. */
  left(): void {
    ends[this.at] = this.columns[this.at]!.skipNull ? MISSING : NULL;
    this.at++;
  }

  finish(): Uint8Array {
    assert(this.at === this.columns.length, 'a row has a value or NULL for each column');
    return assemble(this.columns);
  }
}

/** From `data` and `ends`. */
function assemble(columns: readonly EncodedColumn[]): Uint8Array {
  const count = columns.length;
  let notNullCount = 0;
  let nullCount = 0;
  let idMax = 0;
  for (let i = 0; i < count; i++) {
    const end = ends[i]!;
    if (end === MISSING) continue;
    if (end === NULL) nullCount++;
    else notNullCount++;
    idMax = columns[i]!.id;
  }
  const large = idMax > SMALL_ID_MAX || data.length > SMALL_DATA_SIZE_MAX;
  const idSize = large ? 4 : 1;
  const offsetSize = large ? 4 : 2;
  const size = ROW_HEADER_SIZE + (notNullCount + nullCount) * idSize + notNullCount * offsetSize + data.length;
  const out = allocateBytes(size);
  out[0] = ROW_VERSION;
  out[1] = large ? ROW_FLAG_LARGE : 0;
  out[2] = notNullCount;
  out[3] = notNullCount >>> 8;
  out[4] = nullCount;
  out[5] = nullCount >>> 8;
  let idAt = ROW_HEADER_SIZE;
  let nullAt = idAt + notNullCount * idSize;
  let offsetAt = nullAt + nullCount * idSize;
  for (let i = 0; i < count; i++) {
    const end = ends[i]!;
    if (end === MISSING) continue;
    const id = columns[i]!.id;
    if (end === NULL) {
      putLittle(out, nullAt, id, idSize);
      nullAt += idSize;
      continue;
    }
    putLittle(out, idAt, id, idSize);
    idAt += idSize;
    putLittle(out, offsetAt, end, offsetSize);
    offsetAt += offsetSize;
  }
  const bytes = data.bytes;
  const length = data.length;
  if (length <= 64) for (let i = 0; i < length; i++) out[offsetAt + i] = bytes[i]!;
  else out.set(bytes.subarray(0, length), offsetAt);
  return out;
}

const COLUMN_COUNT_MAX = 4096 + 16;
const NULL = -1;
const MISSING = -2;
/** Where each column's value ends in `data`, or one of these. */
const ends = new Int32Array(COLUMN_COUNT_MAX);

function putLittle(out: Uint8Array, at: number, value: number, size: number): void {
  out[at] = value;
  if (size === 1) return;
  out[at + 1] = value >>> 8;
  if (size === 2) return;
  out[at + 2] = value >>> 16;
  out[at + 3] = value >>> 24;
}

export function isWritten(column: ColumnInfo): boolean {
  return column.state !== 'none' && column.state !== 'delete-only' && column.state !== 'delete-reorganization';
}

function hasNoDefault(column: ColumnInfo): boolean {
  const nothing = (kind: string): boolean => kind === 'none' || kind === 'null';
  return nothing(column.default.kind) && nothing(column.originDefault.kind);
}

/** The column's value is not in the row value because the key gives it back. */
export function livesInKey(table: TableInfo, column: ColumnInfo): boolean {
  if (!table.pkIsHandle && !table.isCommonHandle) return false;
  const primary = primaryIndex(table);
  assert(primary !== undefined, 'a table with a clustered key has a primary index');
  const part = primary.columns.find((candidate) => candidate.offset === column.offset);
  if (part === undefined) return false;
  if (table.pkIsHandle) return true;
  return part.prefixLength < 0 && !needsRestoredData(column.type);
}

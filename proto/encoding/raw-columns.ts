/**
 * `RawColumns`: stored bytes of the wanted columns of a row without making datums, for results that are copied from pages
 * straight into packets. `locate` finds, per column, where its bytes are; `writeText` prints one as the text protocol shows it:
 *
 *     text, bytes           copied            integers       printed in place
 *     decimal, date, time   printed           everything else: `canPrint` says no, and the caller decodes the row instead
 *
 * All output goes into a buffer the caller has made room in: `textSize` is an upper bound.
 */
import { RutileError } from '../../base/error.ts';
import { type FieldType, TypeCode } from '../../base/value/field-type.ts';
import { defaultDatum } from '../schema/stored-default.ts';
import type { ColumnInfo, TableInfo } from '../schema/table-info.ts';
import { ByteWriter } from './byte-writer.ts';
import { readComparableInt } from './comparable.ts';
import { readDecimal } from './decimal-binary.ts';
import { ROW_PREFIX_SIZE } from './keys.ts';
import { handleToUnsigned, HIDDEN_HANDLE_ID } from './row-decoder.ts';
import { livesInKey } from './row-encoder.ts';
import { COLUMN_NULL, RowHeader } from './row-header.ts';
import { putRowValue, readPackedDateTime, readShortInt, readShortUint } from './row-value.ts';
import { UTC } from './time-packing.ts';
import { ValueKind, valueKind } from './value-kind.ts';

/** What `starts[i]` says when it is no offset. */
export const RAW_NULL = -1;
/** The value is the integer handle: `handle`. */
export const RAW_HANDLE = -2;

/** Longest printed form of what is not text: a DECIMAL(65) with sign and point, or 26 characters of a DATETIME(6). */
const PRINTED_SIZE_MAX = 80;

interface RawColumn {
  readonly id: number;
  readonly kind: ValueKind;
  readonly type: FieldType;
  readonly isHandle: boolean;
  /** Stored form of the origin default; `undefined` for NULL. */
  readonly missing: Uint8Array | undefined;
  hint: number;
}

export class RawColumns {
  readonly count: number;
  /** Per column after `locate`: the buffer and the interval of its bytes, or RAW_NULL, RAW_HANDLE in `starts`. */
  readonly sources: Uint8Array[] = [];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  handle: number | bigint = 0;
  private readonly columns: readonly RawColumn[];
  private readonly unsignedHandle: boolean;
  private readonly wantsHandle: boolean;
  private readonly header = new RowHeader();

  private constructor(table: TableInfo, columns: readonly ColumnInfo[]) {
    this.count = columns.length;
    this.starts = new Int32Array(columns.length);
    this.ends = new Int32Array(columns.length);
    let unsigned = false;
    this.columns = columns.map((column) => {
      const isHandle = column.id === HIDDEN_HANDLE_ID || (table.pkIsHandle && livesInKey(table, column));
      if (isHandle && column.id !== HIDDEN_HANDLE_ID) unsigned = column.type.unsigned;
      const kind = isHandle ? ValueKind.INT : valueKind(column.type);
      return {
        id: column.id,
        kind,
        type: column.type,
        isHandle,
        missing: isHandle ? undefined : storedDefaultBytes(column),
        hint: -1,
      };
    });
    this.unsignedHandle = unsigned;
    this.wantsHandle = this.columns.some((column) => column.isHandle);
  }

  /** `undefined` when a column needs more than its stored bytes: parts of a clustered key, or types `writeText` cannot print. */
  static compile(table: TableInfo, columns: readonly ColumnInfo[]): RawColumns | undefined {
    const possible = columns.every((column) => {
      if (column.id === HIDDEN_HANDLE_ID) return true;
      if (livesInKey(table, column)) return table.pkIsHandle;
      return canPrint(column.type);
    });
    return possible ? new RawColumns(table, columns) : undefined;
  }

  // hot: bench/micro/encoding.ts
  locate(keyBytes: Uint8Array, keyStart: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.wantsHandle) {
      const handle = readComparableInt(keyBytes, keyStart + ROW_PREFIX_SIZE);
      this.handle = this.unsignedHandle ? handleToUnsigned(handle) : handle;
    }
    const { header, columns, starts, ends, sources } = this;
    let open = false;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (column.isHandle) {
        starts[i] = RAW_HANDLE;
        continue;
      }
      if (!open) {
        header.open(bytes, start, end);
        open = true;
      }
      const position = header.find(column.id, column.hint);
      if (position >= 0) {
        column.hint = position;
        sources[i] = bytes;
        starts[i] = header.startOf(position);
        ends[i] = header.endOf(position);
      } else if (position === COLUMN_NULL || column.missing === undefined) {
        starts[i] = RAW_NULL;
      } else {
        sources[i] = column.missing;
        starts[i] = 0;
        ends[i] = column.missing.length;
      }
    }
  }

  /** Upper bound of what `writeText` writes for column `i`. */
  textSize(i: number): number {
    const kind = this.columns[i]!.kind;
    return kind === ValueKind.TEXT || kind === ValueKind.BYTES ? this.ends[i]! - this.starts[i]! : PRINTED_SIZE_MAX;
  }

  /** Prints column `i`, which is not NULL, at `at`; answers where it ended. */
  writeText(i: number, out: Uint8Array, at: number): number {
    const start = this.starts[i]!;
    if (start === RAW_HANDLE) return printInteger(out, at, this.handle);
    return printStored(this.columns[i]!.kind, this.columns[i]!.type, this.sources[i]!, start, this.ends[i]!, out, at);
  }

  /** The integer in column `i`, which is of an integer type and not NULL. */
  integer(i: number): number | bigint {
    const start = this.starts[i]!;
    if (start === RAW_HANDLE) return this.handle;
    const read = this.columns[i]!.kind === ValueKind.UINT ? readShortUint : readShortInt;
    return read(this.sources[i]!, start, this.ends[i]!);
  }
}

function storedDefaultBytes(column: ColumnInfo): Uint8Array | undefined {
  const value = defaultDatum(column.originDefault, column.type);
  if (value === null) return undefined;
  const out = new ByteWriter(64);
  putRowValue(out, value, valueKind(column.type), column.type, UTC);
  return out.finish();
}

export function canPrint(type: FieldType): boolean {
  const kind = valueKind(type);
  if (type.zerofill || type.code === TypeCode.BIT || type.code === TypeCode.YEAR) return false;
  return (
    kind === ValueKind.INT || kind === ValueKind.UINT || kind === ValueKind.TEXT || kind === ValueKind.BYTES ||
    kind === ValueKind.DECIMAL || kind === ValueKind.DATETIME
  ); // prettier-ignore
}

function printStored(
  kind: ValueKind,
  type: FieldType,
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  at: number,
): number {
  switch (kind) {
    case ValueKind.INT:
      return printInteger(out, at, readShortInt(bytes, start, end));
    case ValueKind.UINT:
      return printInteger(out, at, readShortUint(bytes, start, end));
    case ValueKind.TEXT:
    case ValueKind.BYTES: {
      const size = end - start;
      if (size <= 64) for (let i = 0; i < size; i++) out[at + i] = bytes[start + i]!;
      else out.set(bytes.subarray(start, end), at);
      return at + size;
    }
    case ValueKind.DECIMAL:
      return printAscii(out, at, readDecimal(bytes, start).toString());
    case ValueKind.DATETIME:
      return printDateTime(out, at, bytes, start, end, type);
    default:
      throw new RutileError('encoding.print', 'A value of this type is not printed from its stored form');
  }
}

export function printAscii(out: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** Decimal digits without a string in between, while 32 bits are enough; that is most integers. */
export function printInteger(out: Uint8Array, at: number, value: number | bigint): number {
  if (typeof value !== 'number' || value > 0x7fffffff || value < -0x7fffffff) return printAscii(out, at, String(value));
  let left = value | 0;
  let next = at;
  if (left < 0) {
    out[next++] = 0x2d;
    left = -left;
  }
  let size = 1;
  for (let limit = 10; size < 10 && left >= limit; limit *= 10) size++;
  for (let i = next + size - 1; i >= next; i--) {
    const rest = (left / 10) | 0;
    out[i] = 0x30 + left - rest * 10;
    left = rest;
  }
  return next + size;
}

function printDigits(out: Uint8Array, at: number, value: number, size: number): number {
  let left = value;
  for (let i = at + size - 1; i >= at; i--) {
    const rest = (left / 10) | 0;
    out[i] = 0x30 + left - rest * 10;
    left = rest;
  }
  return at + size;
}

function printDateTime(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  type: FieldType,
): number {
  const value = readPackedDateTime(bytes, start, end);
  const months = (value.datePart / 32) | 0;
  let next = printDigits(out, at, (months / 13) | 0, 4);
  out[next++] = 0x2d;
  next = printDigits(out, next, months % 13, 2);
  out[next++] = 0x2d;
  next = printDigits(out, next, value.datePart & 31, 2);
  if (type.code === TypeCode.DATE) return next;
  const seconds = Math.floor(value.timeMicros / 1_000_000);
  out[next++] = 0x20;
  next = printDigits(out, next, (seconds / 3600) | 0, 2);
  out[next++] = 0x3a;
  next = printDigits(out, next, ((seconds / 60) | 0) % 60, 2);
  out[next++] = 0x3a;
  next = printDigits(out, next, seconds % 60, 2);
  if (type.decimals === 0) return next;
  out[next++] = 0x2e;
  const micros = value.timeMicros - seconds * 1_000_000;
  return printDigits(out, next, Math.floor(micros / 10 ** (6 - type.decimals)), type.decimals);
}

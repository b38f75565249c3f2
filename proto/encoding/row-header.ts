/**
 * The header of a row value (row format v2):
 *
 *     128 · flags · notNull u16 · null u16 · notNull ids (sorted) · null ids (sorted) · end offsets · data · [checksum]
 *
 * Flag 1: large, ids and offsets are 4 bytes instead of 1 and 2. Flag 2: a checksum follows the data; it is no part of any column.
 * `RowHeader` is a cursor: `open` it on a value, then ask for columns. It keeps no reference to other rows and is reused for the next.
 */
import { RutileError } from '../../base/error.ts';
import { readU32le } from './row-value.ts';

export const ROW_VERSION = 128;
export const ROW_FLAG_LARGE = 1;
export const ROW_FLAG_CHECKSUM = 2;
export const ROW_HEADER_SIZE = 6;

/** Answers of `find` below zero. */
export const COLUMN_NULL = -1;
export const COLUMN_MISSING = -2;

export class RowHeader {
  bytes: Uint8Array = new Uint8Array(0);
  private large = false;
  private notNullCount = 0;
  private nullCount = 0;
  private idsAt = 0;
  private offsetsAt = 0;
  private dataAt = 0;

  open(bytes: Uint8Array, start: number, end: number): void {
    if (end - start < ROW_HEADER_SIZE || bytes[start] !== ROW_VERSION) throw unreadable(bytes[start], end - start);
    this.bytes = bytes;
    const large = (bytes[start + 1]! & ROW_FLAG_LARGE) !== 0;
    const notNullCount = bytes[start + 2]! | (bytes[start + 3]! << 8);
    const nullCount = bytes[start + 4]! | (bytes[start + 5]! << 8);
    const idsAt = start + ROW_HEADER_SIZE;
    const offsetsAt = idsAt + (notNullCount + nullCount) * (large ? 4 : 1);
    this.large = large;
    this.notNullCount = notNullCount;
    this.nullCount = nullCount;
    this.idsAt = idsAt;
    this.offsetsAt = offsetsAt;
    this.dataAt = offsetsAt + notNullCount * (large ? 4 : 2);
    if (this.dataAt > end || (notNullCount > 0 && this.endOf(notNullCount - 1) > end))
      throw unreadable(ROW_VERSION, end - start);
  }

  /** Position of a column among the values that are there, or `COLUMN_NULL`, `COLUMN_MISSING`. `hint`: where it was in the last row. */
  find(id: number, hint: number): number {
    const bytes = this.bytes;
    if (!this.large) {
      if (hint >= 0 && hint < this.notNullCount && bytes[this.idsAt + hint] === id) return hint;
      const count = this.notNullCount;
      for (let i = 0; i < count; i++) {
        const found = bytes[this.idsAt + i]!;
        if (found === id) return i;
        if (found > id) break;
      }
      for (let i = count; i < count + this.nullCount; i++) if (bytes[this.idsAt + i] === id) return COLUMN_NULL;
      return COLUMN_MISSING;
    }
    for (let i = 0; i < this.notNullCount; i++) if (readU32le(bytes, this.idsAt + i * 4) === id) return i;
    for (let i = this.notNullCount; i < this.notNullCount + this.nullCount; i++) {
      if (readU32le(bytes, this.idsAt + i * 4) === id) return COLUMN_NULL;
    }
    return COLUMN_MISSING;
  }

  startOf(position: number): number {
    return position === 0 ? this.dataAt : this.endOf(position - 1);
  }

  endOf(position: number): number {
    const bytes = this.bytes;
    if (this.large) return this.dataAt + readU32le(bytes, this.offsetsAt + position * 4);
    const at = this.offsetsAt + position * 2;
    return this.dataAt + (bytes[at]! | (bytes[at + 1]! << 8));
  }

  /** Ids of all columns in the value, for tools: NULL ones last. */
  columnIds(): { readonly notNull: number[]; readonly null: number[] } {
    const id = (i: number): number =>
      this.large ? readU32le(this.bytes, this.idsAt + i * 4) : this.bytes[this.idsAt + i]!;
    const all = Array.from({ length: this.notNullCount + this.nullCount }, (_, i) => id(i));
    return { notNull: all.slice(0, this.notNullCount), null: all.slice(this.notNullCount) };
  }
}

function unreadable(version: number | undefined, sizeBytes: number): RutileError {
  const text =
    version === ROW_VERSION
      ? 'A stored row is cut off'
      : `A stored row has format ${version ?? 'none'}; only row format 2 is readable`;
  return new RutileError('row.unreadable', text, { fields: { sizeBytes } });
}

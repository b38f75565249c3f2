/**
 * Bounds over leading columns to intervals of keys. A bound is a prefix of datums: `(5, 'a')` inclusive below means "from
 * the first key whose first two columns are 5 and 'a'", exclusive "behind the last such key". No bound: the end of the
 * table or index on that side, NULLs included; `lower: [null], lowerInclusive: false` leaves NULLs out. The two bounds agree but for the last value of the
 * longer one; where that column is kept descending, its upper bound is where the keys begin.
 */
import type { Datum } from '../../base/value/datum.ts';
import type { IndexInfo, TableInfo } from '../schema/table-info.ts';
import { handleColumns, isClusteredIndex, primaryIndex } from '../schema/table-shape.ts';
import { ByteWriter } from './byte-writer.ts';
import { compareBytes, prefixEnd, putComparableInt } from './comparable.ts';
import { type KeyColumn, keyColumnOfPart, putKeyDatum, truncateText } from './key-datum.ts';
import { indexInterval, type KeyInterval, putIndexPrefix, putRowPrefix, rowInterval } from './keys.ts';
import { unsignedToHandle } from './row-decoder.ts';
import { UTC, type ZoneShift } from './time-packing.ts';

export interface DatumRange {
  readonly lower: readonly Datum[];
  readonly lowerInclusive: boolean;
  readonly upper: readonly Datum[];
  readonly upperInclusive: boolean;
}

const writer = new ByteWriter(256);
const HANDLE_MAX = 0x7fffffffffffffffn;
const HANDLE_MIN = -0x8000000000000000n;

/** Intervals of row keys for a range over the clustered key, in the key's order; none when the range is empty. */
export function rowIntervals(table: TableInfo, range: DatumRange, zone: ZoneShift = UTC): KeyInterval[] {
  if (table.isCommonHandle) {
    const all = rowInterval(table.id);
    return intervals(all, range, partsOf(table, primaryIndex(table)!), zone, () => putRowPrefix(writer, table.id));
  }
  const unsigned = handleColumns(table)[0]?.type.unsigned ?? false;
  return intRowIntervals(table.id, range, unsigned);
}

/** Intervals of entries for a range over an index's columns; a clustered index is its rows. */
export function indexIntervals(
  table: TableInfo,
  index: IndexInfo,
  range: DatumRange,
  zone: ZoneShift = UTC,
): KeyInterval[] {
  if (isClusteredIndex(table, index)) return rowIntervals(table, range, zone);
  const all = indexInterval(table.id, index.id);
  return intervals(all, range, partsOf(table, index), zone, () => putIndexPrefix(writer, table.id, index.id));
}

function partsOf(table: TableInfo, index: IndexInfo): readonly KeyColumn[] {
  return index.columns.map((part) => {
    return keyColumnOfPart(table.columns[part.offset]!.type, part);
  });
}

function intervals(
  all: KeyInterval,
  range: DatumRange,
  parts: readonly KeyColumn[],
  zone: ZoneShift,
  prefix: () => void,
): KeyInterval[] {
  const bound = (values: readonly Datum[]): Uint8Array => {
    writer.reset();
    prefix();
    values.forEach((value, i) => putKeyDatum(writer, value, parts[i]!, zone));
    return writer.finish();
  };
  const turned = parts[Math.max(range.lower.length, range.upper.length) - 1]?.descending === true;
  const first = { values: range.lower, inclusive: range.lowerInclusive };
  const last = { values: range.upper, inclusive: range.upperInclusive };
  const [from, to] = turned ? [last, first] : [first, last];
  let lower = all.lower;
  let upper = all.upper;
  if (from.values.length > 0) {
    lower = bound(from.values);
    // The entries of longer values share the truncated bound: they must not be lost.
    if (!from.inclusive && !isTruncated(from.values, parts)) lower = prefixEnd(lower);
  }
  if (to.values.length > 0) {
    upper = bound(to.values);
    if (to.inclusive || isTruncated(to.values, parts)) upper = prefixEnd(upper);
  }
  return compareBytes(lower, upper) < 0 ? [{ lower, upper }] : [];
}

function isTruncated(values: readonly Datum[], parts: readonly KeyColumn[]): boolean {
  const last = values.length - 1;
  const value = values[last];
  const prefixLength = parts[last]!.prefixLength;
  if (prefixLength < 0) return false;
  if (typeof value === 'string')
    return truncateText(value, prefixLength).length < value.length || value.length >= prefixLength;
  return value instanceof Uint8Array && value.length >= prefixLength;
}

function intRowIntervals(tableId: number, range: DatumRange, unsigned: boolean): KeyInterval[] {
  const floor = unsigned ? 0n : HANDLE_MIN;
  const ceiling = unsigned ? (1n << 64n) - 1n : HANDLE_MAX;
  let lower = floor;
  let upper = ceiling;
  if (range.lower.length > 0 && range.lower[0] !== null) {
    lower = BigInt(range.lower[0] as number | bigint) + (range.lowerInclusive ? 0n : 1n);
    if (lower < floor) lower = floor;
  }
  if (range.upper.length > 0) {
    if (range.upper[0] === null) return [];
    upper = BigInt(range.upper[0] as number | bigint) - (range.upperInclusive ? 0n : 1n);
    if (upper > ceiling) upper = ceiling;
  }
  if (lower > upper) return [];
  if (!unsigned || upper <= HANDLE_MAX) return [handleInterval(tableId, lower, upper)];
  // Unsigned keys from 2^63 on are stored as negative handles, before the others.
  const high = (from: bigint): KeyInterval =>
    handleInterval(tableId, BigInt(unsignedToHandle(from)), BigInt(unsignedToHandle(upper)));
  if (lower > HANDLE_MAX) return [high(lower)];
  return [handleInterval(tableId, lower, HANDLE_MAX), high(HANDLE_MAX + 1n)];
}

/** Both ends inclusive. */
function handleInterval(tableId: number, lower: bigint, upper: bigint): KeyInterval {
  writer.reset();
  putRowPrefix(writer, tableId);
  const prefixSize = writer.length;
  putComparableInt(writer, lower);
  const lowerKey = writer.finish();
  if (upper === HANDLE_MAX) return { lower: lowerKey, upper: rowInterval(tableId).upper };
  writer.length = prefixSize;
  putComparableInt(writer, upper + 1n);
  return { lower: lowerKey, upper: writer.finish() };
}

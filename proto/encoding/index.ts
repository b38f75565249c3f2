/**
 * Encodings: how tables lie in the key space and what the bytes of rows and index entries mean, the published TiDB layout
 * byte for byte (row format v2, clustered index version 1, new collations). test/data/encodings holds raw keys and values that TiDB
 * itself stored; the tests here read and write every one of them.
 *
 * | asked | answered by |
 * | --- | --- |
 * | key of a row, of a look-up in a unique index | `encodeRowKey`, `encodeCommonRowKey`, `encodeIndexKey` |
 * | intervals of keys for a range over columns | `rowIntervals`, `indexIntervals`, `rowInterval`, `indexInterval`, `tableInterval` |
 * | what a changed row changes | `TableEncoder` (`handleOf`, `rowKey`, `rowValue`, `indexMutations`) |
 * | columns of a row, of an index entry | `RowDecoder`, `IndexDecoder`: compile once, call per entry (`decodeAt` for those of a scan) |
 * | a row's bytes without datums | `RawColumns` |
 *
 * Rows are arrays of datums by column offset on the way in, and by wanted column on the way out. TIMESTAMP is local in
 * datums and UTC in bytes: codecs take a `ZoneShift` (`zoneShift(zone)`), UTC when none is given.
 */
export { ByteWriter } from './byte-writer.ts';
export {
  compareBytes, prefixEnd, putComparableBytes, putComparableFloat, putComparableInt, putComparableUint, readComparableBytes, readComparableFloat,
  readComparableInt, readComparableUint, skipComparableBytes,
} from './comparable.ts'; // prettier-ignore
export { decimalBinarySize, putDecimal, readDecimal } from './decimal-binary.ts';
export {
  IndexDecoder,
  IndexEncoder,
  type IndexEntry,
  encodeCommonHandle,
  encodeCommonRowKey,
  encodeIndexKey,
} from './index-codec.ts';
export { indexMutations, type IndexMutation, TableEncoder, tableEncoder, type WritableRow } from './index-mutations.ts';
export { putJson, readJson } from './json-binary.ts';
export {
  type KeyColumn,
  keyColumnOf,
  keyColumnOfPart,
  putKeyDatum,
  readKeyDatum,
  skipKeyDatum,
  truncateText,
} from './key-datum.ts';
export {
  decodeRowHandle, decodeTableKey, type DecodedTableKey, encodeRowKey, type Handle, handleText, indexInterval, indexPrefix, type IntHandle,
  KeyFlag, type KeyInterval, ROW_PREFIX_SIZE, rowInterval, rowPrefix, tableInterval, tablePrefix,
} from './keys.ts'; // prettier-ignore
export { type DatumRange, indexIntervals, rowIntervals } from './ranges.ts';
export { canPrint, printAscii, printInteger, RAW_HANDLE, RAW_NULL, RawColumns } from './raw-columns.ts';
export { handleToUnsigned, HIDDEN_HANDLE_ID, RowDecoder, unsignedToHandle } from './row-decoder.ts';
export { isWritten, livesInKey, RowEncoder } from './row-encoder.ts';
export { COLUMN_MISSING, COLUMN_NULL, RowHeader } from './row-header.ts';
export { readShortInt, readShortUint } from './row-value.ts';
export { putSortKey } from './sort-key.ts';
export type { StoredPairs } from './stored-pairs.ts';
export { durationNanos, packedHigh, packedLow, unpackDateTime, UTC, type ZoneShift } from './time-packing.ts';
export { decodeUtf8 } from './utf8.ts';
export { isBinCollation, needsRestoredData, ValueKind, valueKind } from './value-kind.ts';
export { zoneShift } from './zone.ts';

import { TableEncoder } from './index-mutations.ts';
import type { TableInfo } from '../schema/table-info.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { ZoneShift } from './time-packing.ts';

/** The value of one row; for many rows keep a `TableEncoder`. */
export function encodeRow(table: TableInfo, row: readonly (Datum | undefined)[], zone?: ZoneShift): Uint8Array {
  return new TableEncoder(table, zone).rowValue(row);
}

/**
 * Error 1062, worded as MySQL words it, since clients parse it: `Duplicate entry 'a-b' for key 't.idx'`. The values come from
 * the row at hand, or, when only commit found the conflict, from the key and what the transaction meant to store there.
 */
import { RutileError, SqlError } from '../../../base/error.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { Transaction } from '../../../kv/client/client.ts';
import { decodeTableKey } from '../../../proto/encoding/keys.ts';
import { IndexDecoder } from '../../../proto/encoding/index-codec.ts';
import { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { WritableRow } from '../../../proto/encoding/index-mutations.ts';
import { primaryIndex } from '../../../proto/schema/table-shape.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { formatText } from '../../functions/index.ts';
import type { SchemaSnapshot } from '../../planner/environment.ts';

/** MySQL cuts the values of the message to this many characters. */
const ENTRY_LENGTH_MAX = 255;

/** `index` undefined: the handle, which is the primary key. */
export function duplicateEntry(table: TableInfo, index: IndexInfo | undefined, row: WritableRow): SqlError {
  const parts = (index ?? primaryIndex(table))?.columns ?? [];
  const values = parts.map((part) => {
    const value = row[part.offset] ?? null;
    return part.prefixLength >= 0 && typeof value === 'string'
      ? [...value].slice(0, part.prefixLength).join('')
      : value;
  });
  const types = parts.map((part) => table.columns[part.offset]!);
  return duplicateError(table, index?.name ?? 'PRIMARY', values, types);
}

function duplicateError(
  table: TableInfo,
  keyName: string,
  values: readonly Datum[],
  columns: readonly ColumnInfo[],
): SqlError {
  const entry = values.map((value, i) => printValue(value, columns[i]!)).join('-');
  const shown = entry.length > ENTRY_LENGTH_MAX ? `${entry.slice(0, ENTRY_LENGTH_MAX - 3)}...` : entry;
  return new SqlError(1062, '23000', `Duplicate entry '${shown}' for key '${table.name}.${keyName}'`, {
    fields: { key: keyName },
  });
}

function printValue(value: Datum, column: ColumnInfo): string {
  if (value === null) return 'NULL';
  const text = formatText(value, column.type);
  if (text === null) return 'NULL';
  if (typeof text === 'string') return text;
  let printed = '';
  for (const byte of text)
    printed +=
      byte >= 0x20 && byte < 0x7f
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  return printed;
}

/**
 * What a failed commit means to SQL. A key that already exists becomes 1062 with the index and values; other failures come back as
 * they were. What was to be written comes with the error, or is still in the transaction: text whose key holds only a sort key is read from it.
 */
export function translateCommitError(error: unknown, schema: SchemaSnapshot, transaction: Transaction): unknown {
  if (!(error instanceof RutileError)) return error;
  if (error.code === 'kv.interrupted')
    return new SqlError(1317, '70100', 'Query execution was interrupted', { cause: error });
  if (error.code !== 'kv.key-exists') return error;
  const { key } = error.fields;
  if (!(key instanceof Uint8Array)) return error;
  const decoded = decodeTableKey(key);
  const found = decoded === undefined ? undefined : schema.tableById(decoded.tableId);
  if (decoded === undefined || found === undefined) return error;
  const { table } = found;
  const written = error.fields['value'];
  const value = written instanceof Uint8Array ? written : transaction.buffered(key);
  const index =
    decoded.kind === 'row' ? primaryIndex(table) : table.indexes.find((candidate) => candidate.id === decoded.indexId);
  if (index === undefined || value === undefined || value === null) {
    return new SqlError(1062, '23000', `Duplicate entry for key '${table.name}.${index?.name ?? 'PRIMARY'}'`, {
      cause: error,
    });
  }
  const columns = index.columns.map((part) => table.columns[part.offset]!);
  const row: Row = [];
  if (decoded.kind === 'row')
    new RowDecoder(table, columns).decodeEntry(key, 0, key.length, value, 0, value.length, row);
  else new IndexDecoder(table, index, columns).decodeEntry(key, 0, key.length, value, 0, value.length, row);
  return duplicateError(table, index.name, row, columns);
}

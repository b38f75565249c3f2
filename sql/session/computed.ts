/** Result columns for rows that the session makes itself (SHOW, EXPLAIN, CHECK TABLE). */
import { BIGINT, varcharType, type FieldType } from '../../base/value/field-type.ts';
import type { ResultColumn } from './result.ts';

export function column(name: string, type: FieldType, table = ''): ResultColumn {
  return { name, originalName: name, table, originalTable: table, database: '', type, flags: 0 };
}

export function textColumn(name: string, length = 255): ResultColumn {
  return column(name, varcharType(length));
}

export function integerColumn(name: string): ResultColumn {
  return column(name, BIGINT);
}

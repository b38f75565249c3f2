/**
 * Questions about a table that everybody asks, answered in one place: which index is the primary key, whether an index has
 * entries of its own, which columns are the handle, what a reader or a writer may see in the present schema state.
 */
import type { ColumnInfo, IndexInfo, TableInfo } from './table-info.ts';

/** PRIMARY, clustered or not; `undefined` for a table without one (its handles are hidden row ids). */
export function primaryIndex(table: TableInfo): IndexInfo | undefined {
  return table.indexes.find((index) => index.primary);
}

/** The rows themselves are this index: no entries are stored for it. */
export function isClusteredIndex(table: TableInfo, index: IndexInfo): boolean {
  return index.primary && (table.pkIsHandle || table.isCommonHandle);
}

/** Columns that the handle is made of, in key order; empty when it is a hidden row id. */
export function handleColumns(table: TableInfo): readonly ColumnInfo[] {
  if (!table.pkIsHandle && !table.isCommonHandle) return [];
  return (primaryIndex(table)?.columns ?? []).map((part) => table.columns[part.offset]!);
}

export function hasHiddenHandle(table: TableInfo): boolean {
  return !table.pkIsHandle && !table.isCommonHandle;
}

export function publicColumns(table: TableInfo): readonly ColumnInfo[] {
  return table.columns.filter((column) => column.state === 'public');
}

/** Indexes a reader may use, the clustered one included. */
export function publicIndexes(table: TableInfo): readonly IndexInfo[] {
  return table.indexes.filter((index) => index.state === 'public');
}

/** A row's new entry must be written. */
export function indexIsWritten(index: IndexInfo): boolean {
  return index.state === 'public' || index.state === 'write-only' || index.state === 'write-reorganization';
}

/** A row's old entry must be removed. */
export function indexIsDeleted(index: IndexInfo): boolean {
  return indexIsWritten(index) || index.state === 'delete-only';
}

export function columnByName(table: TableInfo, name: string): ColumnInfo | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((column) => column.name.toLowerCase() === wanted);
}

export function indexByName(table: TableInfo, name: string): IndexInfo | undefined {
  const wanted = name.toLowerCase();
  return table.indexes.find((index) => index.name.toLowerCase() === wanted);
}

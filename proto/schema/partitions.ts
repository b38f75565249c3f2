/**
 * Partitions as tables: whoever reads or writes keys does so in physical tables, which know nothing of partitions. A table without partitions is
 * its own only physical table. Of one with partitions each is the table itself under the partition's id, so that every codec and
 * operator works on it as it is; they are made once for a version of the table, since codecs are kept beside them.
 */
import type { PartitionInfo, TableInfo } from './table-info.ts';

const known = new WeakMap<TableInfo, readonly TableInfo[]>();

/** In the order of the partitions. */
export function physicalTables(table: TableInfo): readonly TableInfo[] {
  const { partitioning } = table;
  if (partitioning === undefined) return [table];
  let tables = known.get(table);
  if (tables === undefined) {
    const { partitioning: _, ...rest } = table;
    tables = partitioning.partitions.map(({ id }) => ({ ...rest, id }));
    known.set(table, tables);
  }
  return tables;
}

/** Ids under which the table has keys. */
export function physicalIds(table: TableInfo): readonly number[] {
  return table.partitioning === undefined ? [table.id] : table.partitioning.partitions.map(({ id }) => id);
}

/** Position of a partition by its name, whatever its case; -1: none. */
export function partitionPosition(table: TableInfo, name: string): number {
  const wanted = name.toLowerCase();
  return (table.partitioning?.partitions ?? []).findIndex((one) => one.name.toLowerCase() === wanted);
}

export function partitionsOf(table: TableInfo): readonly PartitionInfo[] {
  return table.partitioning?.partitions ?? [];
}

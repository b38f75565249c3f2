/**
 * `VirtualTableDefinition`: a table whose rows are computed when asked for. Column names are upper case and in MySQL 8.0's
 * order where the table is MySQL's: tools read both. Names compare without case, as MySQL's data dictionary does.
 */
import { assert } from '../../../base/assert.ts';
import type { Batch } from '../../../base/value/datum.ts';
import type { Json } from '../../../base/value/json.ts';
import { type FieldType, fieldType, TypeCode } from '../../../base/value/field-type.ts';
import type { MaybePromise } from '../../../base/outcome.ts';
import type { VirtualTable } from '../../planner/environment.ts';
import type { DdlJob } from '../ddl-jobs.ts';
import type { PrivilegeStore, Rights } from '../privileges.ts';
import type { Viewer } from '../runtime-facts.ts';
import type { CatalogSnapshot } from '../schema-snapshot.ts';
import type { TableStatistics } from '../../planner/environment.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';

export interface VirtualSource {
  readonly schema: CatalogSnapshot;
  readonly viewer: Viewer;
  readonly privileges: PrivilegeStore;
  statistics(table: TableInfo): TableStatistics | undefined;
  approximateRows(table: TableInfo): number;
  /** Of each partition, counted up to `max` rows of the table and within the budget. */
  partitionRows(table: TableInfo, max: number, budget: { rows: number }): Promise<readonly number[]>;
  nextAutoIncrement(table: TableInfo): MaybePromise<number | bigint>;
  /** Of UPDATE HISTOGRAM, by table id and column id: `1:2`. */
  histograms(): Promise<ReadonlyMap<string, Json>>;
  ddlJobs(): readonly DdlJob[];
  persistedVariables(): Promise<readonly { readonly name: string; readonly text: string }[]>;
}

export const rightsOf = ({ privileges, viewer }: VirtualSource): Rights => privileges.rights(viewer);

export interface VirtualTableDefinition extends VirtualTable {
  rows(source: VirtualSource): MaybePromise<Batch>;
}

type ColumnDefinition = readonly [name: string, type: FieldType];

export const NAME_COLLATION = 'utf8mb3_general_ci';
const text = (length: number, notNull: boolean): FieldType =>
  fieldType(TypeCode.VARCHAR, { length, charset: 'utf8mb3', collation: NAME_COLLATION, notNull });

/** Column makers; `N` at the end: may be NULL. */
export const T = {
  name: text(64, true), nameN: text(64, false), short: text(20, true), shortN: text(20, false), word: text(256, true), wordN: text(256, false),
  long: fieldType(TypeCode.BLOB, { length: 65535, charset: 'utf8mb3', collation: NAME_COLLATION, notNull: true }),
  longN: fieldType(TypeCode.LONG_BLOB, { length: 4294967295, charset: 'utf8mb3', collation: NAME_COLLATION }),
  yes: text(3, true), yesN: text(3, false),
  int: fieldType(TypeCode.LONG, { notNull: true }), intN: fieldType(TypeCode.LONG),
  big: fieldType(TypeCode.LONGLONG, { notNull: true }), bigN: fieldType(TypeCode.LONGLONG),
  ubig: fieldType(TypeCode.LONGLONG, { unsigned: true, notNull: true, length: 20 }), ubigN: fieldType(TypeCode.LONGLONG, { unsigned: true, length: 20 }),
  uint: fieldType(TypeCode.LONG, { unsigned: true, notNull: true }), uintN: fieldType(TypeCode.LONG, { unsigned: true }),
  double: fieldType(TypeCode.DOUBLE, { length: 22, decimals: 31 }),
  time: fieldType(TypeCode.TIMESTAMP, { length: 19, notNull: true }), time6N: fieldType(TypeCode.DATETIME, { length: 26, decimals: 6 }), timeN: fieldType(TypeCode.DATETIME, { length: 19 }),
  json: fieldType(TypeCode.JSON, { length: 4294967295, charset: 'utf8mb4', collation: 'utf8mb4_bin' }),
} as const; // prettier-ignore

export function virtual(
  database: string,
  name: string,
  columns: readonly ColumnDefinition[],
  rows: (source: VirtualSource) => MaybePromise<Batch> = () => [],
): VirtualTableDefinition {
  return { database, name, columns: columns.map(([column, type]) => ({ name: column, type })), rows };
}

/** `'A B:int C:timeN'`: columns in order, text that may be NULL where no maker is named. */
export function described(text: string): ColumnDefinition[] {
  return text.split(/\s+/).map((word) => {
    const [name, maker] = word.split(':') as [string, keyof typeof T | undefined];
    assert(maker === undefined || maker in T, 'a column is made by one of T');
    return [name, maker === undefined ? T.wordN : T[maker]];
  });
}

/** `'A B C'` to columns of one type. */
export function columns(names: string, type: FieldType = T.wordN): ColumnDefinition[] {
  return names.split(/\s+/).map((name) => [name, type]);
}

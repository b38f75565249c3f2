/**
 * What the planner asks of the world: schema, statistics, settings. Everything is read once, synchronously, from one consistent picture of
 * the schema, so a plan never mixes two schema versions.
 */
import type { ColumnInfo, DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { EvalContext } from '../functions/context.ts';

/** One schema version, immutable. Names are looked up without regard to case. */
export interface SchemaSnapshot {
  readonly version: number;
  /** Without the session's temporary tables, when there are any: what views and foreign keys mean. */
  readonly permanent?: SchemaSnapshot;
  database(name: string): DatabaseInfo | undefined;
  databases(): readonly DatabaseInfo[];
  table(database: string, name: string): TableInfo | undefined;
  tables(database: string): readonly TableInfo[];
  tableById(id: number): { readonly database: DatabaseInfo; readonly table: TableInfo } | undefined;
  /** information_schema, performance_schema, mysql.*-views: rows are computed. `undefined` when there is no such virtual table. */
  virtualTable(database: string, name: string): VirtualTable | undefined;
}

export interface VirtualTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: FieldType }[];
}

export interface HistogramBucket {
  /** Index-comparable form is not needed: bounds are datums of the column's type. */
  readonly lower: Datum;
  readonly upper: Datum;
  /** Rows in this bucket and all before it. */
  readonly cumulativeCount: number;
  /** Rows equal to `upper`. */
  readonly upperRepeat: number;
}

export interface ColumnStatistics {
  readonly distinctCount: number;
  readonly nullCount: number;
  readonly topN: readonly { readonly value: Datum; readonly count: number }[];
  readonly histogram: readonly HistogramBucket[];
  readonly averageSizeBytes: number;
}

export interface TableStatistics {
  /** From ANALYZE, moved on by changes since. */
  readonly rowCount: number;
  readonly version: number;
  /** By column id. */
  readonly columns: ReadonlyMap<number, ColumnStatistics>;
  /** By index id: distinct whole-key count. */
  readonly indexDistinct: ReadonlyMap<number, number>;
}

export interface PlannerEnvironment {
  readonly schema: SchemaSnapshot;
  readonly currentDatabase: string | undefined;
  /** `undefined`: never analysed; the planner guesses from `approximateRows`. */
  statistics(table: TableInfo): TableStatistics | undefined;
  /** A cheap guess of the row count for tables without statistics. */
  approximateRows(table: TableInfo): number;
  readonly engines: 'row' | 'column' | 'auto';
  /** Whether the column engine can run this subtree, and what it would cost beside the row engine. `undefined`: not here. */
  readonly columnEngine: ColumnEngineCosting | undefined;
  /** Rules switched off by name (`SET rutile_disabled_rules = '…'`). */
  readonly disabledRules: ReadonlySet<string>;
  /** The schema is that of the moment which tables name by AS OF TIMESTAMP. */
  readonly readsPast?: boolean;
  /** `sql_safe_updates`: UPDATE and DELETE need a key to find their rows by, or a LIMIT. */
  readonly safeUpdates?: boolean;
  readonly evalContext: EvalContext;
  /** Types of the bound parameters, by index; shorter while only preparing. */
  readonly parameterTypes: readonly FieldType[];
  /** Values for peeking (LIMIT ?, ranges); `undefined` while preparing. */
  readonly parameterValues: readonly Datum[] | undefined;
  /** The text that the syntax tree's `start` and `end` count in: unaliased columns are named by their source. */
  readonly sql: string;
  /** Throws 1142/1044 when the user may not do this to that table. */
  checkPrivilege(privilege: string, database: string, table: string, definer?: string): void;
  /** Whether the privilege is there for the whole table, for single columns of it, or not at all. `definer`: of that account instead of the session's (1449 when it is gone). */
  columnRights(privilege: string, database: string, table: string, definer?: string): 'all' | 'some' | 'none';
  /** Throws 1143. */
  checkColumn(privilege: string, database: string, table: string, column: string, definer?: string): void;
}

/** What a plan was made on: columns that stood ready, or did not. The other way round another plan may be the better one. */
export interface ResidencyAssumption {
  readonly table: TableInfo;
  readonly columns: readonly ColumnInfo[];
  readonly residency: 'current' | 'stale' | 'absent';
}

export interface ColumnEngineCosting {
  /** `undefined` when supported, else the reason in words. */
  unsupported(plan: import('../../proto/plan/physical.ts').PhysicalPlan): string | undefined;
  /** Whether these columns of the table (all of them when left out) are loaded and current, loaded and stale, or absent. */
  residency(table: TableInfo, columns?: readonly ColumnInfo[]): 'current' | 'stale' | 'absent';
}

/**
 * A schema and statistics made from CREATE TABLE text, for tests and benchmarks of the planner alone: no store, no catalog. Row counts
 * and distinct counts are given; histograms are drawn as even.
 */
import { Decimal } from '../../base/value/decimal.ts';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { fieldType, isDecimal, isInteger, TypeCode, varcharType, type FieldType } from '../../base/value/field-type.ts';
import type { ColumnInfo, DatabaseInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { createEvalContext } from '../functions/index.ts';
import { parse, restoreExpression, type CreateTableStatement, type DataType } from '../parser/index.ts';
import type {
  ColumnStatistics,
  PlannerEnvironment,
  SchemaSnapshot,
  TableStatistics,
  VirtualTable,
} from './environment.ts';

function columnType(type: DataType, nullable: boolean): FieldType {
  const notNull = !nullable;
  const integers: Record<string, TypeCode> = {
    tinyint: TypeCode.TINY,
    smallint: TypeCode.SHORT,
    mediumint: TypeCode.INT24,
    int: TypeCode.LONG,
    bigint: TypeCode.LONGLONG,
    year: TypeCode.YEAR,
  };
  const integer = integers[type.name];
  if (integer !== undefined) return fieldType(integer, { length: type.length ?? 11, unsigned: type.unsigned, notNull });
  switch (type.name) {
    case 'decimal': return fieldType(TypeCode.DECIMAL, { length: type.length ?? 10, decimals: type.decimals ?? 0, notNull }); // prettier-ignore
    case 'double': return fieldType(TypeCode.DOUBLE, { length: 22, decimals: 31, notNull }); // prettier-ignore
    case 'date': return fieldType(TypeCode.DATE, { length: 10, notNull }); // prettier-ignore
    case 'datetime': return fieldType(TypeCode.DATETIME, { length: 19, decimals: type.length ?? 0, notNull }); // prettier-ignore
    case 'timestamp': return fieldType(TypeCode.TIMESTAMP, { length: 19, decimals: type.length ?? 0, notNull }); // prettier-ignore
    case 'char': return { ...varcharType(type.length ?? 1, type.collation), code: TypeCode.CHAR, notNull }; // prettier-ignore
    case 'varchar': return { ...varcharType(type.length ?? 1, type.collation), notNull }; // prettier-ignore
    case 'text': return { ...varcharType(65535, type.collation), code: TypeCode.BLOB, notNull }; // prettier-ignore
    case 'json': return fieldType(TypeCode.JSON, { charset: 'utf8mb4', collation: 'utf8mb4_bin', notNull }); // prettier-ignore
    default: throw new Error(`the fake catalog has no ${type.name}`); // prettier-ignore
  }
}

export interface FakeTable {
  readonly info: TableInfo;
  readonly statistics: TableStatistics | undefined;
}

function tableFrom(node: CreateTableStatement, id: number): TableInfo {
  const primaryNames =
    node.indexes.find((i) => i.kind === 'primary')?.parts.map((p) => p.column!.toLowerCase()) ??
    node.columns.filter((c) => c.primaryKey).map((c) => c.name.toLowerCase());
  const columns = node.columns.map((c, offset): ColumnInfo => ({
    id: offset + 1, name: c.name, offset, type: columnType(c.type, c.nullable !== false && !c.primaryKey && !primaryNames.includes(c.name.toLowerCase())), state: 'public',
    default: c.default?.kind === 'literal' && c.default.value !== null ? { kind: 'value', text: String(c.default.value) } : { kind: 'none' },
    originDefault: { kind: 'none' }, autoIncrement: c.autoIncrement, onUpdateNow: c.onUpdate !== undefined, comment: '',
    ...(c.generated === undefined ? {} : { generated: { sql: restoreExpression(c.generated.expression), stored: c.generated.stored } }),
  })); // prettier-ignore
  const offsetOf = (name: string): number => columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase());
  const pkIsHandle = primaryNames.length === 1 && isInteger(columns[offsetOf(primaryNames[0]!)]!.type);
  const indexes: IndexInfo[] = [];
  let next = 1;
  const add = (
    name: string,
    parts: readonly { readonly name: string; readonly prefix: number; readonly descending?: boolean }[],
    unique: boolean,
    primary: boolean,
  ): void => {
    indexes.push({
      id: primary && pkIsHandle ? 0 : next++,
      name,
      columns: parts.map((p) => ({ name: p.name, offset: offsetOf(p.name), prefixLength: p.prefix, ...(p.descending ? { descending: true } : {}) })), // prettier-ignore
      unique,
      primary,
      state: 'public',
      comment: '',
      invisible: false,
    });
  };
  if (primaryNames.length > 0)
    add(
      'PRIMARY',
      primaryNames.map((name) => ({ name, prefix: -1 })),
      true,
      true,
    );
  for (const c of node.columns) if (c.unique) add(c.name, [{ name: c.name, prefix: -1 }], true, false);
  for (const i of node.indexes) if (i.kind === 'unique' || i.kind === 'index') add(i.name ?? i.parts[0]!.column!, i.parts.map((p) => ({ name: p.column!, prefix: p.prefixLength ?? -1, descending: p.descending })), i.kind === 'unique', false); // prettier-ignore
  return {
    id, name: node.table.name, columns, indexes, pkIsHandle, isCommonHandle: primaryNames.length > 0 && !pkIsHandle, state: 'public', charset: 'utf8mb4',
    collation: 'utf8mb4_0900_ai_ci', comment: '', columnIdMax: columns.length, indexIdMax: next, updateVersion: 1, createdAtMs: 0,
  }; // prettier-ignore
}

/** `{ lineitem: { rows: 60000, distinct: { l_orderkey: 15000 } } }`; without an entry a table was never analysed. */
export type FakeCounts = Readonly<
  Record<string, { readonly rows: number; readonly distinct?: Readonly<Record<string, number>> | undefined }>
>;

function statisticsOf(info: TableInfo, counts: FakeCounts): TableStatistics | undefined {
  const given = counts[info.name];
  if (given?.distinct === undefined) return undefined;
  const columns = new Map<number, ColumnStatistics>();
  for (const column of info.columns) {
    const unique = info.indexes.some(
      (i) => i.unique && i.columns.length === 1 && i.columns[0]!.offset === column.offset,
    );
    const distinctCount = given.distinct[column.name] ?? (unique ? given.rows : Math.ceil(given.rows / 10));
    columns.set(column.id, {
      distinctCount,
      nullCount: 0,
      topN: [],
      histogram: evenHistogram(column.type, distinctCount, given.rows),
      averageSizeBytes: 8,
    });
  }
  return { rowCount: given.rows, version: 1, columns, indexDistinct: new Map() };
}

function evenHistogram(type: FieldType, distinct: number, rows: number): ColumnStatistics['histogram'] {
  const buckets = 8;
  const at = (i: number): Datum | undefined => {
    const share = i / buckets;
    if (isInteger(type)) return Math.round(1 + share * distinct);
    if (isDecimal(type)) return new Decimal(Math.round(share * distinct * 100), 2);
    if (type.code === TypeCode.DATE)
      return DateTime.of(1992 + Math.floor(share * 6.99), 1 + Math.floor(((share * 6.99) % 1) * 12), 1);
    return undefined;
  };
  if (at(0) === undefined) return [];
  return Array.from({ length: buckets }, (_, i) => ({
    lower: at(i)!,
    upper: at(i + 1)!,
    cumulativeCount: Math.round((rows * (i + 1)) / buckets),
    upperRepeat: 1,
  }));
}

export class FakeSchema implements SchemaSnapshot {
  readonly version = 1;
  private readonly byName = new Map<string, TableInfo>();
  private readonly counts: FakeCounts;
  private readonly statisticsByTable = new Map<number, TableStatistics | undefined>();
  private idNext = 100;

  constructor(sql: string, counts: FakeCounts) {
    this.counts = counts;
    for (const { statement } of parse(sql)) {
      if (statement.kind === 'create-table') this.add(tableFrom(statement, this.idNext++));
      else if (statement.kind === 'create-view') {
        const base = {
          id: this.idNext++,
          columns: [],
          indexes: [],
          pkIsHandle: false,
          isCommonHandle: false,
          state: 'public',
          charset: 'utf8mb4',
          collation: 'utf8mb4_0900_ai_ci',
          comment: '',
          columnIdMax: 0,
          indexIdMax: 0,
          updateVersion: 1,
          createdAtMs: 0,
        } as const;
        this.add({
          ...base,
          name: statement.view.name,
          view: {
            sql: sql.slice(statement.query.start, statement.query.end),
            columns: statement.columns,
            definer: 'root@%',
            algorithm: 'UNDEFINED',
            security: 'DEFINER',
            checkOption: 'NONE',
          },
        });
      }
    }
  }

  private add(table: TableInfo): void {
    this.byName.set(table.name.toLowerCase(), table);
    this.statisticsByTable.set(table.id, statisticsOf(table, this.counts));
  }

  private readonly info: DatabaseInfo = {
    id: 1,
    name: 'test',
    charset: 'utf8mb4',
    collation: 'utf8mb4_0900_ai_ci',
    state: 'public',
  };
  database(name: string): DatabaseInfo | undefined {
    return name.toLowerCase() === 'test' ? this.info : undefined;
  }
  databases(): readonly DatabaseInfo[] {
    return [this.info];
  }
  table(database: string, name: string): TableInfo | undefined {
    return database.toLowerCase() === 'test' ? this.byName.get(name.toLowerCase()) : undefined;
  }
  tables(): readonly TableInfo[] {
    return [...this.byName.values()];
  }
  tableById(id: number): { readonly database: DatabaseInfo; readonly table: TableInfo } | undefined {
    const table = this.tables().find((t) => t.id === id);
    return table && { database: this.info, table };
  }
  virtualTable(database: string, name: string): VirtualTable | undefined {
    if (database.toLowerCase() !== 'information_schema' || name.toLowerCase() !== 'tables') return undefined;
    const text = varcharType(64);
    return {
      database: 'information_schema',
      name: 'TABLES',
      columns: ['TABLE_SCHEMA', 'TABLE_NAME', 'ENGINE'].map((column) => ({ name: column, type: text })),
    };
  }
  statistics(table: TableInfo): TableStatistics | undefined {
    return this.statisticsByTable.get(table.id);
  }
  rows(table: TableInfo): number {
    return this.counts[table.name]?.rows ?? 1000;
  }
}

export function fakeEnvironment(
  schema: FakeSchema,
  sql: string,
  more: Partial<PlannerEnvironment> = {},
): PlannerEnvironment {
  return {
    schema, currentDatabase: 'test', statistics: (table) => schema.statistics(table), approximateRows: (table) => schema.rows(table), engines: 'row',
    columnEngine: undefined, disabledRules: new Set(), evalContext: createEvalContext({ session: { database: 'test' } }), parameterTypes: [], parameterValues: undefined,
    sql, checkPrivilege: () => undefined, columnRights: () => 'all', checkColumn: () => undefined, ...more,
  }; // prettier-ignore
}

/** INFORMATION_SCHEMA's tables about the schema itself: databases, tables, columns, keys, views. */
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { isPromise } from '../../../base/outcome.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import { type FieldType, isDecimal, isInteger, isReal, isString, TypeCode } from '../../../base/value/field-type.ts';
import type { ColumnInfo, DatabaseInfo, IndexInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { primaryIndex, publicColumns, publicIndexes } from '../../../proto/schema/table-shape.ts';
import type { DateTime } from '../../../base/value/date-time.ts';
import { zoneShift } from '../../../proto/encoding/index.ts';
import { defaultDatum } from '../../../proto/schema/stored-default.ts';
import { bytesMaxOf } from '../../../base/value/charset.ts';
import { DECIMALS_NOT_FIXED, hasCharset, sizeBytesMax, typeName, typeText } from '../column-type.ts';
import { partitionRows } from './partition-rows.ts';
import { columns, rightsOf, T, virtual, type VirtualSource, type VirtualTableDefinition } from './definition.ts';
import { virtualTablesOf } from './registry.ts';

const IS = 'information_schema';
const CATALOG = 'def';

interface Found {
  readonly database: DatabaseInfo;
  readonly table: TableInfo;
}

export function visibleDatabases(source: VirtualSource): readonly DatabaseInfo[] {
  return source.schema.databases().filter((database) => rightsOf(source).seesDatabase(database.name));
}

/** Those of a database that the viewer has any right on. */
export function seenTables(source: VirtualSource, database: string): readonly TableInfo[] {
  const rights = rightsOf(source);
  return source.schema.tables(database).filter((table) => rights.seesTable(database, table.name));
}

function visibleTables(source: VirtualSource): Found[] {
  return visibleDatabases(source).flatMap((database) =>
    seenTables(source, database.name).map((table) => ({ database, table })),
  );
}

export const baseTables = (source: VirtualSource): Found[] =>
  visibleTables(source).filter(({ table }) => table.view === undefined);

function schemata(source: VirtualSource): Batch {
  return visibleDatabases(source).map((one) => [CATALOG, one.name, one.charset, one.collation, null, 'NO']);
}

async function tables(source: VirtualSource): Promise<Batch> {
  const rows: Row[] = [];
  for (const database of visibleDatabases(source)) {
    for (const table of seenTables(source, database.name)) rows.push(await tableRow(source, database, table));
    for (const table of virtualTablesOf(database.name)) {
      rows.push([
        CATALOG,
        database.name,
        table.name,
        database.name === IS ? 'SYSTEM VIEW' : 'BASE TABLE',
        null,
        10,
        null,
        0,
        0,
        0,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        '',
        '',
      ]);
    }
  }
  return rows;
}

async function tableRow(source: VirtualSource, database: DatabaseInfo, table: TableInfo): Promise<Row> {
  const created = fromEpoch(Math.floor(table.createdAtMs / 1000) * 1000, source.viewer.timeZone);
  if (table.view)
    return [
      CATALOG,
      database.name,
      table.name,
      'VIEW',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      created,
      null,
      null,
      null,
      null,
      null,
      'VIEW',
    ];
  const count = source.approximateRows(table);
  const width = publicColumns(table).reduce((sum, column) => sum + Math.min(sizeBytesMax(column.type), 64), 0);
  const automatic = table.columns.some((column) => column.autoIncrement);
  const found = automatic ? source.nextAutoIncrement(table) : null;
  const next = isPromise(found) ? await found : found;
  return [
    CATALOG, database.name, table.name, 'BASE TABLE', 'InnoDB', 10, 'Dynamic', count, count > 0 ? width : 0, count * width, 0,
    count * 16 * table.indexes.length, 0, next, created, null, null, table.collation, null, table.partitioning === undefined ? '' : 'partitioned', table.comment,
  ]; // prettier-ignore
}

/** PRI, UNI or MUL, as DESCRIBE shows. */
export function columnKey(table: TableInfo, column: ColumnInfo): '' | 'PRI' | 'UNI' | 'MUL' {
  const indexes = publicIndexes(table);
  if (indexes.some((index) => index.primary && index.columns.some((part) => part.offset === column.offset)))
    return 'PRI';
  const leading = indexes.filter((index) => index.columns[0]?.offset === column.offset);
  if (leading.some((index) => index.unique && index.columns.length === 1)) {
    // MySQL shows a NOT NULL unique key as PRI when the table has no primary key.
    if (primaryIndex(table) === undefined && column.type.notNull) return 'PRI';
    return 'UNI';
  }
  return leading.length > 0 ? 'MUL' : '';
}

export function columnExtra(column: ColumnInfo): string {
  const parts: string[] = [];
  if (column.autoIncrement) parts.push('auto_increment');
  if (column.generated !== undefined) parts.push(column.generated.stored ? 'STORED GENERATED' : 'VIRTUAL GENERATED');
  if (column.default.kind === 'expression') parts.push('DEFAULT_GENERATED');
  if (column.onUpdateNow)
    parts.push(`on update CURRENT_TIMESTAMP${column.type.decimals > 0 ? `(${column.type.decimals})` : ''}`);
  if (column.invisible) parts.push('INVISIBLE');
  return parts.join(' ');
}

/** COLUMN_DEFAULT: the text of the value, without quotes; NULL when there is none. */
export function columnDefault(column: ColumnInfo, timeZone: number | string = 0): string | null {
  if (column.default.kind === 'expression') return column.default.sql;
  if (column.default.kind !== 'value') return null;
  const { text } = column.default;
  if (column.type.code === TypeCode.TIMESTAMP && timeZone !== 0) {
    return zoneShift(timeZone)
      .fromUtc(defaultDatum(column.default, column.type) as DateTime)
      .toString(column.type.decimals);
  }
  if (text.startsWith('base64:')) return Buffer.from(text.slice(7), 'base64').toString('latin1');
  if (column.type.code === TypeCode.BIT) return `b'${BigInt(text).toString(2)}'`;
  return text;
}

const PRECISIONS: Readonly<Record<number, readonly [number, number]>> = {
  [TypeCode.TINY]: [3, 3], [TypeCode.SHORT]: [5, 5], [TypeCode.INT24]: [7, 7], [TypeCode.LONG]: [10, 10], [TypeCode.LONGLONG]: [19, 20],
}; // prettier-ignore

function typeFacts(type: FieldType): {
  length: Datum;
  octets: Datum;
  precision: Datum;
  scale: Datum;
  fsp: Datum;
  charset: Datum;
  collation: Datum;
} {
  const none = { length: null, octets: null, precision: null, scale: null, fsp: null, charset: null, collation: null };
  const text = hasCharset(type) ? { charset: type.charset, collation: type.collation } : {};
  if (type.code === TypeCode.BIT) return { ...none, precision: type.length };
  if (type.code === TypeCode.YEAR) return none;
  if (isInteger(type)) return { ...none, precision: PRECISIONS[type.code]![type.unsigned ? 1 : 0], scale: 0 };
  if (isDecimal(type)) return { ...none, precision: type.length, scale: type.decimals };
  if (isReal(type))
    return { ...none, precision: type.length, scale: type.decimals === DECIMALS_NOT_FIXED ? null : type.decimals };
  if (type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP || type.code === TypeCode.TIME)
    return { ...none, fsp: type.decimals };
  if (!isString(type)) return none;
  const large = type.code >= TypeCode.TINY_BLOB && type.code <= TypeCode.BLOB;
  const octets = large ? type.length : type.length * bytesMaxOf(type.charset);
  return { ...none, length: large ? Math.floor(type.length) : type.length, octets, ...text };
}

function columnRows(source: VirtualSource): Batch {
  const rows: Row[] = [];
  const rights = rightsOf(source);
  for (const database of visibleDatabases(source)) {
    for (const table of seenTables(source, database.name)) {
      const list = table.view ? viewColumns(source, database, table) : publicColumns(table);
      list.forEach((column, i) => {
        const privileges = rights.ofColumn(database.name, table.name, column.name).join(',');
        if (privileges !== '')
          rows.push(columnRow(database.name, table, column, i, privileges, source.viewer.timeZone));
      });
    }
    for (const table of virtualTablesOf(database.name)) {
      table.columns.forEach(({ name, type }, i) => {
        const facts = typeFacts(type);
        rows.push([
          CATALOG, database.name, table.name, name, i + 1, null, type.notNull ? 'NO' : 'YES', typeName(type), facts.length, facts.octets, facts.precision, facts.scale,
          facts.fsp, facts.charset, facts.collation, typeText(type), '', '', 'select', '', '', null,
        ]); // prettier-ignore
      });
    }
  }
  return rows;
}

/** Columns of a view with types when the viewer can tell them, else as text. Constant defaults are those of the columns behind. */
export function viewColumns(source: VirtualSource, database: DatabaseInfo, table: TableInfo): ColumnInfo[] {
  const described = source.viewer.describeView?.(database.name, table);
  return table.view!.columns.map((name, offset) => {
    const known = described?.[offset];
    const behind = known?.source;
    return {
      id: offset + 1, name, offset, type: known?.type ?? T.longN, state: 'public', default: behind?.default.kind === 'value' ? behind.default : { kind: 'null' },
      originDefault: { kind: 'null' }, autoIncrement: false, onUpdateNow: false, comment: behind?.comment ?? '',
    };
  }); // prettier-ignore
}

function columnRow(
  database: string,
  table: TableInfo,
  column: ColumnInfo,
  position: number,
  privileges: string,
  timeZone: number | string,
): Row {
  const { type } = column;
  const facts = typeFacts(type);
  return [
    CATALOG, database, table.name, column.name, position + 1, columnDefault(column, timeZone), type.notNull ? 'NO' : 'YES', typeName(type), facts.length, facts.octets,
    facts.precision, facts.scale, facts.fsp, facts.charset, facts.collation, typeText(type), columnKey(table, column), columnExtra(column), privileges,
    column.comment, column.generated?.sql ?? '', null,
  ]; // prettier-ignore
}

function cardinality(source: VirtualSource, table: TableInfo, index: IndexInfo, position: number): number {
  const statistics = source.statistics(table);
  if (position === index.columns.length - 1) {
    const whole = statistics?.indexDistinct.get(index.id);
    if (whole !== undefined) return whole;
  }
  const column = table.columns[index.columns[position]!.offset]!;
  return statistics?.columns.get(column.id)?.distinctCount ?? source.approximateRows(table);
}

export function statisticsRows(source: VirtualSource, found: readonly Found[]): Batch {
  const rows: Row[] = [];
  const rights = rightsOf(source);
  for (const { database, table } of found) {
    for (const index of publicIndexes(table)) {
      index.columns.forEach((part, i) => {
        const column = table.columns[part.offset]!;
        if (rights.ofColumn(database.name, table.name, column.name).length === 0) return;
        rows.push([
          CATALOG, database.name, table.name, index.unique ? 0 : 1, database.name, index.name, i + 1, column.name, part.descending ? 'D' : 'A', cardinality(source, table, index, i),
          part.prefixLength < 0 ? null : part.prefixLength, null, column.type.notNull ? '' : 'YES', 'BTREE', '', index.comment, index.invisible ? 'NO' : 'YES', null,
        ]); // prettier-ignore
      });
    }
  }
  return rows;
}

function keyColumnUsage(source: VirtualSource): Batch {
  const rows: Row[] = [];
  const rights = rightsOf(source);
  for (const { database, table } of baseTables(source)) {
    for (const index of publicIndexes(table)) {
      if (!index.unique) continue;
      index.columns.forEach((part, i) => {
        rows.push([
          CATALOG,
          database.name,
          index.name,
          CATALOG,
          database.name,
          table.name,
          table.columns[part.offset]!.name,
          i + 1,
          null,
          null,
          null,
          null,
        ]);
      });
    }
    for (const { name, columns, references } of table.foreignKeys ?? [])
      columns.forEach((id, i) => {
        const column = table.columns.find((one) => one.id === id)!;
        rows.push([
          CATALOG, database.name, name, CATALOG, database.name, table.name, column.name, i + 1, i + 1, references.database, references.table,
          references.columns[i]!,
        ]); // prettier-ignore
      });
  }
  return rows.filter((row) => rights.ofColumn(String(row[4]), String(row[5]), String(row[6])).length > 0);
}

function tableConstraints(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) => {
    const line = (name: string, type: string, enforced: boolean): Row =>
      [CATALOG, database.name, name, database.name, table.name, type, enforced ? 'YES' : 'NO']; // prettier-ignore
    const unique = publicIndexes(table).filter((index) => index.unique);
    return [
      ...unique.map(({ name, primary }) => line(name, primary ? 'PRIMARY KEY' : 'UNIQUE', true)),
      ...(table.foreignKeys ?? []).map(({ name }) => line(name, 'FOREIGN KEY', true)),
      ...(table.checks ?? []).map(({ name, enforced }) => line(name, 'CHECK', enforced)),
    ];
  });
}

function referentialConstraints(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) =>
    (table.foreignKeys ?? []).map(({ name, references, onDelete, onUpdate }): Row => {
      const there = source.schema.table(references.database, references.table);
      const wanted = references.columns.join('\0').toLowerCase();
      const unique = there?.indexes.find(
        (index) =>
          index.unique &&
          index.columns
            .map((part) => part.name)
            .join('\0')
            .toLowerCase() === wanted,
      );
      return [
        CATALOG, database.name, name, CATALOG, references.database, unique?.name ?? null, 'NONE', onUpdate, onDelete, table.name, references.table,
      ]; // prettier-ignore
    }),
  );
}

function checkConstraints(source: VirtualSource): Batch {
  return baseTables(source).flatMap(({ database, table }) =>
    (table.checks ?? []).map(({ name, sql }) => [CATALOG, database.name, name, sql]),
  );
}

function views(source: VirtualSource): Batch {
  const rights = rightsOf(source);
  return visibleTables(source).flatMap(({ database, table }) => {
    if (table.view === undefined) return [];
    const { sql, checkOption, definer, security } = table.view;
    return [
      [
        CATALOG,
        database.name,
        table.name,
        rights.onTable('SHOW VIEW', database.name, table.name) ? sql : '',
        checkOption,
        'NO',
        definer,
        security,
        'utf8mb4',
        'utf8mb4_0900_ai_ci',
      ],
    ];
  });
}

export const SCHEMA_TABLES: readonly VirtualTableDefinition[] = [
  virtual(IS, 'SCHEMATA', [
    ['CATALOG_NAME', T.name], ['SCHEMA_NAME', T.name], ['DEFAULT_CHARACTER_SET_NAME', T.name], ['DEFAULT_COLLATION_NAME', T.name], ['SQL_PATH', T.nameN],
    ['DEFAULT_ENCRYPTION', T.yes],
  ], schemata),
  virtual(IS, 'TABLES', [
    ['TABLE_CATALOG', T.name], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name], ['TABLE_TYPE', T.name], ['ENGINE', T.nameN], ['VERSION', T.intN],
    ['ROW_FORMAT', T.shortN], ['TABLE_ROWS', T.ubigN], ['AVG_ROW_LENGTH', T.ubigN], ['DATA_LENGTH', T.ubigN], ['MAX_DATA_LENGTH', T.ubigN], ['INDEX_LENGTH', T.ubigN],
    ['DATA_FREE', T.ubigN], ['AUTO_INCREMENT', T.ubigN], ['CREATE_TIME', T.time], ['UPDATE_TIME', T.timeN], ['CHECK_TIME', T.timeN], ['TABLE_COLLATION', T.nameN],
    ['CHECKSUM', T.bigN], ['CREATE_OPTIONS', T.wordN], ['TABLE_COMMENT', T.long],
  ], tables),
  virtual(IS, 'COLUMNS', [
    ['TABLE_CATALOG', T.name], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name], ['COLUMN_NAME', T.nameN], ['ORDINAL_POSITION', T.uint], ['COLUMN_DEFAULT', T.longN],
    ['IS_NULLABLE', T.yes], ['DATA_TYPE', T.longN], ['CHARACTER_MAXIMUM_LENGTH', T.bigN], ['CHARACTER_OCTET_LENGTH', T.bigN], ['NUMERIC_PRECISION', T.ubigN],
    ['NUMERIC_SCALE', T.ubigN], ['DATETIME_PRECISION', T.uintN], ['CHARACTER_SET_NAME', T.nameN], ['COLLATION_NAME', T.nameN], ['COLUMN_TYPE', T.long],
    ['COLUMN_KEY', T.yes], ['EXTRA', T.wordN], ['PRIVILEGES', T.wordN], ['COLUMN_COMMENT', T.long], ['GENERATION_EXPRESSION', T.long], ['SRS_ID', T.uintN],
  ], columnRows),
  virtual(IS, 'STATISTICS', [
    ['TABLE_CATALOG', T.name], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name], ['NON_UNIQUE', T.int], ['INDEX_SCHEMA', T.name], ['INDEX_NAME', T.nameN],
    ['SEQ_IN_INDEX', T.uint], ['COLUMN_NAME', T.nameN], ['COLLATION', T.shortN], ['CARDINALITY', T.bigN], ['SUB_PART', T.bigN], ['PACKED', T.shortN],
    ['NULLABLE', T.yes], ['INDEX_TYPE', T.short], ['COMMENT', T.short], ['INDEX_COMMENT', T.long], ['IS_VISIBLE', T.yes], ['EXPRESSION', T.longN],
  ], (source) => statisticsRows(source, baseTables(source))),
  virtual(IS, 'KEY_COLUMN_USAGE', [
    ['CONSTRAINT_CATALOG', T.name], ['CONSTRAINT_SCHEMA', T.name], ['CONSTRAINT_NAME', T.nameN], ['TABLE_CATALOG', T.name], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name],
    ['COLUMN_NAME', T.nameN], ['ORDINAL_POSITION', T.uint], ['POSITION_IN_UNIQUE_CONSTRAINT', T.uintN], ['REFERENCED_TABLE_SCHEMA', T.nameN],
    ['REFERENCED_TABLE_NAME', T.nameN], ['REFERENCED_COLUMN_NAME', T.nameN],
  ], keyColumnUsage),
  virtual(IS, 'TABLE_CONSTRAINTS', [
    ['CONSTRAINT_CATALOG', T.name], ['CONSTRAINT_SCHEMA', T.name], ['CONSTRAINT_NAME', T.nameN], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name],
    ['CONSTRAINT_TYPE', T.short], ['ENFORCED', T.yes],
  ], tableConstraints),
  virtual(IS, 'REFERENTIAL_CONSTRAINTS', columns(
    'CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE TABLE_NAME REFERENCED_TABLE_NAME',
    T.nameN,
  ), referentialConstraints),
  virtual(IS, 'CHECK_CONSTRAINTS', [['CONSTRAINT_CATALOG', T.name], ['CONSTRAINT_SCHEMA', T.name], ['CONSTRAINT_NAME', T.name], ['CHECK_CLAUSE', T.longN]], checkConstraints),
  virtual(IS, 'VIEWS', [
    ['TABLE_CATALOG', T.name], ['TABLE_SCHEMA', T.name], ['TABLE_NAME', T.name], ['VIEW_DEFINITION', T.longN], ['CHECK_OPTION', T.shortN], ['IS_UPDATABLE', T.yes],
    ['DEFINER', T.wordN], ['SECURITY_TYPE', T.shortN], ['CHARACTER_SET_CLIENT', T.name], ['COLLATION_CONNECTION', T.name],
  ], views),
  virtual(IS, 'PARTITIONS', [
    ...columns('TABLE_CATALOG TABLE_SCHEMA TABLE_NAME PARTITION_NAME SUBPARTITION_NAME', T.nameN), ['PARTITION_ORDINAL_POSITION', T.uintN],
    ['SUBPARTITION_ORDINAL_POSITION', T.uintN], ...columns('PARTITION_METHOD SUBPARTITION_METHOD', T.shortN),
    ...columns('PARTITION_EXPRESSION SUBPARTITION_EXPRESSION PARTITION_DESCRIPTION', T.longN),
    ...columns('TABLE_ROWS AVG_ROW_LENGTH DATA_LENGTH MAX_DATA_LENGTH INDEX_LENGTH DATA_FREE', T.ubigN),
    ...columns('CREATE_TIME UPDATE_TIME CHECK_TIME', T.timeN), ['CHECKSUM', T.bigN], ['PARTITION_COMMENT', T.longN], ['NODEGROUP', T.wordN], ['TABLESPACE_NAME', T.wordN],
  ], (source) => partitionRows(baseTables(source), source)),
]; // prettier-ignore

/**
 * Definitions to `TableInfo`: columns and keys with all of MySQL's checks. CREATE TABLE and ALTER TABLE share it: both work on a
 * `TableDraft`, a table whose parts may still change, and `finish` it.
 *
 * A primary key is clustered unless NONCLUSTERED is asked for: one integer column becomes the handle itself (`pkIsHandle`),
 * anything else a common handle. Without a primary key rows have hidden integer handles.
 */
import { isInteger, isString, TypeCode } from '../../base/value/field-type.ts';
import type {
  CheckInfo,
  ColumnInfo,
  ForeignKeyInfo,
  IndexColumn,
  IndexInfo,
  PartitioningInfo,
  TableInfo,
} from '../../proto/schema/table-info.ts';
import type { ColumnDefinition, CreateTableStatement, IndexDefinition, TableOption } from '../parser/ast.ts';
import { resolveText, type TextShape } from './charsets.ts';
import { addCheck, bareNames } from './check-constraints.ts';
import { isLarge, keySizeBytes, ROW_SIZE_MAX, sizeBytesMax, typeOf } from './column-type.ts';
import { fspOf, isNow, storedDefault } from './constant-default.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import { buildPartitioning } from './partitioning.ts';

export const NAME_LENGTH_MAX = 64;
const COLUMNS_MAX = 1017;
const KEYS_MAX = 64;
const KEY_PARTS_MAX = 16;
const KEY_SIZE_MAX = 3072;
const COMMENT_COLUMN_MAX = 1024;

export interface TableDraft {
  id: number;
  name: string;
  columns: ColumnInfo[];
  indexes: IndexInfo[];
  checks: CheckInfo[];
  foreignKeys: ForeignKeyInfo[];
  partitioning: PartitioningInfo | undefined;
  charset: string;
  collation: string;
  comment: string;
  autoIncrementStart: number | undefined;
  columnIdMax: number;
  indexIdMax: number;
  /** Whether the primary key asked to be apart from the rows. */
  nonclustered: boolean;
}

export function draftOf(table: TableInfo): TableDraft {
  return {
    id: table.id, name: table.name, columns: [...table.columns], indexes: [...table.indexes], checks: [...(table.checks ?? [])], foreignKeys: [...(table.foreignKeys ?? [])], partitioning: table.partitioning, charset: table.charset, collation: table.collation,
    comment: table.comment, autoIncrementStart: table.autoIncrementStart, columnIdMax: table.columnIdMax, indexIdMax: table.indexIdMax,
    nonclustered: !table.pkIsHandle && !table.isCommonHandle,
  }; // prettier-ignore
}

/** A column that a query gives to the table it fills. */
export type QueriedColumn = Omit<ColumnInfo, 'id' | 'offset'>;

/**
 * A new table; its id is given when it is stored. Columns of a query that are defined by the statement as well are as defined; they stand where the query has
 * them, behind those that it has not.
 */
export function buildTable(
  statement: CreateTableStatement,
  database: TextShape,
  context: DdlContext,
  queried: readonly QueriedColumn[] = [],
): TableDraft {
  refuseParts(statement);
  const draft: TableDraft = {
    id: 0, name: statement.table.name, columns: [], indexes: [], checks: [], foreignKeys: [], partitioning: undefined, ...resolveTableText(statement.options, database), comment: '',
    autoIncrementStart: undefined, columnIdMax: 0, indexIdMax: 0, nonclustered: false,
  }; // prettier-ignore
  checkTableName(draft.name);
  applyOptions(draft, statement.options, context);
  if (statement.columns.length + queried.length === 0) throw errors.noColumns();
  const primary = statement.indexes.find((index) => index.kind === 'primary');
  const primaryNames = new Set((primary?.parts ?? []).map((part) => part.column?.toLowerCase()));
  const defined = new Map(statement.columns.map((column) => [column.name.toLowerCase(), column]));
  const given = new Set(queried.map((column) => column.name.toLowerCase()));
  const add = (column: ColumnDefinition): void =>
    void addColumn(draft, column, primaryNames.has(column.name.toLowerCase()), context);
  for (const column of statement.columns) if (!given.has(column.name.toLowerCase())) add(column);
  for (const column of queried) {
    const definition = defined.get(column.name.toLowerCase());
    if (definition !== undefined) add(definition);
    else pushColumn(draft, column);
  }
  for (const column of statement.columns) addColumnKeys(draft, column);
  for (const index of statement.indexes) addIndex(draft, index);
  for (const column of statement.columns) addColumnChecks(draft, column, context);
  for (const check of statement.checks) addCheck(draft, check, context);
  if (statement.partitioning !== undefined)
    draft.partitioning = buildPartitioning(draft, statement.partitioning, context);
  return draft;
}

function refuseParts(statement: CreateTableStatement): void {
  if (statement.temporary === 'global') throw errors.unsupported('CREATE GLOBAL TEMPORARY TABLE');
}

function resolveTableText(options: readonly TableOption[], database: TextShape): TextShape {
  const option = (name: string): string | undefined =>
    options.findLast((one) => one.name === name)?.value as string | undefined;
  return resolveText(option('CHARSET') ?? option('CHARACTER SET'), option('COLLATE'), database);
}

/** Hints to a storage engine that is not here; nothing a statement answers depends on them. */
const HINTS = new Set([
  'ROW_FORMAT', 'KEY_BLOCK_SIZE', 'STATS_PERSISTENT', 'STATS_AUTO_RECALC', 'STATS_SAMPLE_PAGES', 'AVG_ROW_LENGTH', 'MAX_ROWS', 'MIN_ROWS', 'CHECKSUM',
  'PACK_KEYS', 'DELAY_KEY_WRITE', 'AUTOEXTEND_SIZE', 'COMPRESSION',
]); // prettier-ignore
const TEXT_OPTIONS = new Set(['CHARSET', 'CHARACTER SET', 'COLLATE']);
const OTHER_ENGINES = new Set([
  'myisam',
  'memory',
  'heap',
  'aria',
  'rocksdb',
  'tokudb',
  'archive',
  'csv',
  'ndb',
  'ndbcluster',
  'mrg_myisam',
  'blackhole',
]);

export function applyOptions(draft: TableDraft, options: readonly TableOption[], context: DdlContext): void {
  for (const { name, value } of options) {
    if (TEXT_OPTIONS.has(name)) continue;
    if (name === 'ENGINE') {
      const engine = String(value).toLowerCase();
      if (engine === 'innodb') continue;
      if (!OTHER_ENGINES.has(engine)) throw errors.unknownEngine(String(value));
      context.warn('Warning', 1266, `Using storage engine InnoDB for table '${draft.name}'`);
    } else if (name === 'COMMENT') {
      draft.comment = String(value);
    } else if (name === 'AUTO_INCREMENT') {
      draft.autoIncrementStart = Number(value) > 0 ? Number(value) : undefined;
    } else if (name === 'ENCRYPTION' && String(value).toUpperCase() === 'N') {
      continue;
    } else if (HINTS.has(name)) {
      context.warn('Note', 1235, `The table option ${name} has no effect`);
    } else {
      throw errors.unsupported(`the table option ${name}`);
    }
  }
}

export function checkTableName(name: string): void {
  if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
  if (name === '' || name.endsWith(' ') || name.includes('\0')) throw errors.wrongTableName(name);
}

export function checkDatabaseName(name: string): void {
  if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
  if (name === '' || name.endsWith(' ') || name.includes('\0')) throw errors.wrongDatabaseName(name);
}

function checkColumnName(name: string): void {
  if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
  if (name === '' || name.endsWith(' ') || name.includes('\0')) throw errors.wrongColumnName(name);
}

export function findColumn(draft: TableDraft, name: string): ColumnInfo | undefined {
  const lower = name.toLowerCase();
  return draft.columns.find((column) => column.name.toLowerCase() === lower);
}

export function findIndex(draft: TableDraft, name: string): IndexInfo | undefined {
  const lower = name.toLowerCase();
  return draft.indexes.find((index) => index.name.toLowerCase() === lower);
}

/** The column as defined, with the next id, at the end. Its keys come by `addColumnKeys`, when all columns are there. */
export function addColumn(
  draft: TableDraft,
  definition: ColumnDefinition,
  inPrimaryKey: boolean,
  context: DdlContext,
): ColumnInfo {
  checkColumnName(definition.name);
  if (findColumn(draft, definition.name)) throw errors.duplicateColumn(definition.name);
  const column = {
    ...makeColumn(draft, definition, inPrimaryKey, context),
    id: ++draft.columnIdMax,
    offset: draft.columns.length,
  };
  draft.columns.push(column);
  return column;
}

function pushColumn(draft: TableDraft, column: QueriedColumn): void {
  checkColumnName(column.name);
  if (findColumn(draft, column.name)) throw errors.duplicateColumn(column.name);
  draft.columns.push({ ...column, id: ++draft.columnIdMax, offset: draft.columns.length });
}

/** A column without its place. `originDefault` is set by whoever adds it to rows that exist. */
export function makeColumn(
  draft: TextShape | TableDraft,
  definition: ColumnDefinition,
  inPrimaryKey: boolean,
  context: DdlContext,
): Omit<ColumnInfo, 'id' | 'offset'> {
  const { name } = definition;
  const { generated } = definition;
  if (generated !== undefined) checkAttributes(definition);
  if (definition.autoRandom) throw errors.unsupported('AUTO_RANDOM');
  if (definition.srid !== undefined) throw errors.unsupported('SRID');
  const isPrimary = inPrimaryKey || definition.primaryKey;
  if (isPrimary && definition.nullable === true) throw errors.primaryKeyNull();
  const notNull = definition.nullable === false || isPrimary || definition.autoIncrement;
  const type = typeOf(name, definition.type, definition.collation, notNull, draft as TextShape);
  if (definition.autoIncrement && !isInteger(type) && type.code !== TypeCode.FLOAT && type.code !== TypeCode.DOUBLE)
    throw errors.wrongColumnSpecifier(name);
  if (definition.autoIncrement && (!isInteger(type) || type.code === TypeCode.BIT || type.code === TypeCode.YEAR)) {
    if (isInteger(type)) throw errors.wrongColumnSpecifier(name);
    throw errors.unsupported('AUTO_INCREMENT on FLOAT and DOUBLE');
  }
  if (definition.autoIncrement && definition.default) throw errors.invalidDefault(name);
  if (definition.onUpdate) {
    const temporal = type.code === TypeCode.TIMESTAMP || type.code === TypeCode.DATETIME;
    if (!temporal || !isNow(definition.onUpdate) || fspOf(definition.onUpdate) !== type.decimals)
      throw errors.invalidOnUpdate(name);
  }
  const given = definition.default;
  const stored = given
    ? storedDefault(name, given, definition.defaultIsExpression ?? false, type, context)
    : notNull
      ? ({ kind: 'none' } as const)
      : ({ kind: 'null' } as const);
  const comment = definition.comment ?? '';
  if ([...comment].length > COMMENT_COLUMN_MAX) throw commentTooLong(name);
  return {
    name, type, state: 'public', default: generated === undefined ? stored : { kind: 'none' }, originDefault: { kind: 'null' }, autoIncrement: definition.autoIncrement,
    onUpdateNow: definition.onUpdate !== undefined, comment, ...(definition.visible === false ? { invisible: true } : {}), ...(generated === undefined ? {} : { generated: { sql: context.restoreExpression(bareNames(generated.expression, 'name' in draft ? draft.name : '')), stored: generated.stored } }),
  }; // prettier-ignore
}

/** What a generated column cannot have beside its expression. */
function checkAttributes(definition: ColumnDefinition): void {
  const has = definition.default ? 'DEFAULT' : definition.onUpdate ? 'ON UPDATE' : definition.autoIncrement ? 'AUTO_INCREMENT' : undefined; // prettier-ignore
  if (has !== undefined) throw errors.wrongUsage(has, 'generated column');
  if (definition.primaryKey && !definition.generated!.stored) throw errors.virtualPrimaryKey();
}

function commentTooLong(name: string): Error {
  return errors.tooBigWidth(name, COMMENT_COLUMN_MAX);
}

/** `PRIMARY KEY` and `UNIQUE` written at the column. */
export function addColumnKeys(draft: TableDraft, definition: ColumnDefinition): void {
  const parts = [{ column: definition.name, descending: false, start: definition.start, end: definition.end }];
  const index = { ifNotExists: false, parts, start: definition.start, end: definition.end };
  if (definition.primaryKey)
    addIndex(draft, {
      ...index,
      kind: 'primary',
      options: definition.primaryKeyClustered === undefined ? {} : { clustered: definition.primaryKeyClustered },
    });
  if (definition.unique) addIndex(draft, { ...index, kind: 'unique', options: {} });
}

/** `CHECK` written at the column. */
export function addColumnChecks(draft: TableDraft, definition: ColumnDefinition, context: DdlContext): CheckInfo[] {
  return definition.checks.map((check) => addCheck(draft, check, context, definition.name));
}

/** The index in state public; ALTER TABLE sets it back to the start of its way. */
export function addIndex(draft: TableDraft, definition: IndexDefinition): IndexInfo {
  const primary = definition.kind === 'primary';
  if (definition.kind === 'fulltext') throw errors.unsupported('FULLTEXT indexes');
  if (definition.kind === 'spatial') throw errors.unsupported('SPATIAL indexes');
  if (definition.options.global) throw errors.unsupported('GLOBAL indexes');
  if (definition.options.parser) throw errors.unsupported('WITH PARSER');
  if (definition.options.engineAttribute || definition.options.secondaryEngineAttribute)
    throw errors.unsupported('ENGINE_ATTRIBUTE of an index');
  if (primary && draft.indexes.some((index) => index.primary)) throw errors.multiplePrimaryKeys();
  if (primary && definition.options.visible === false) throw errors.primaryInvisible();
  const unique = primary || definition.kind === 'unique';
  const columns = keyParts(draft, definition, primary);
  const name = primary
    ? 'PRIMARY'
    : (definition.name ?? definition.constraint ?? freeIndexName(draft, columns[0]!.name));
  if (!primary) {
    if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
    if (name === '' || name.toUpperCase() === 'PRIMARY' || name.endsWith(' ')) throw errors.wrongIndexName(name);
    if (findIndex(draft, name)) throw errors.duplicateKeyName(name);
  }
  if (draft.indexes.length >= KEYS_MAX) throw errors.tooManyKeys(KEYS_MAX);
  if (primary) draft.nonclustered = definition.options.clustered === false;
  const index: IndexInfo = {
    id: ++draft.indexIdMax, name, columns, unique, primary, state: 'public',
    comment: definition.options.comment ?? '', invisible: definition.options.visible === false,
  }; // prettier-ignore
  draft.indexes.push(index);
  return index;
}

function keyParts(draft: TableDraft, definition: IndexDefinition, primary: boolean): IndexColumn[] {
  if (definition.parts.length > KEY_PARTS_MAX) throw errors.tooManyKeyParts(KEY_PARTS_MAX);
  let sizeBytes = 0;
  const parts: IndexColumn[] = [];
  for (const part of definition.parts) {
    if (part.column === undefined) throw errors.unsupported('expression indexes');
    const column = findColumn(draft, part.column);
    if (column === undefined) throw errors.keyColumnMissing(part.column);
    if (parts.some((one) => one.offset === column.offset)) throw errors.duplicateColumn(column.name);
    const { type } = column;
    if (primary && column.generated?.stored === false) throw errors.virtualPrimaryKey();
    if (type.code === TypeCode.JSON) throw errors.jsonKey(column.name);
    let prefixLength = part.prefixLength ?? -1;
    if (prefixLength === 0) throw errors.wrongPrefix();
    if (prefixLength > 0) {
      const prefixable = isString(type) && type.code !== TypeCode.ENUM && type.code !== TypeCode.SET;
      if (!prefixable || (!isLarge(type) && prefixLength > type.length)) throw errors.wrongPrefix();
      if (!isLarge(type) && prefixLength === type.length) prefixLength = -1;
    } else if (isLarge(type)) {
      throw errors.blobKeyWithoutLength(column.name);
    }
    const partSize = keySizeBytes(type, prefixLength);
    sizeBytes += partSize;
    if (partSize > KEY_SIZE_MAX || sizeBytes > KEY_SIZE_MAX) throw errors.keyTooLong(KEY_SIZE_MAX);
    if (primary && !type.notNull) {
      // A NULL written on purpose was refused with the column; silence means NOT NULL in a primary key.
      draft.columns[column.offset] = {
        ...column,
        type: { ...type, notNull: true },
        default: column.default.kind === 'null' ? { kind: 'none' } : column.default,
      };
    }
    parts.push({
      name: column.name,
      offset: column.offset,
      prefixLength,
      ...(part.descending ? { descending: true } : {}),
    });
  }
  return parts;
}

export function freeIndexName(draft: TableDraft, columnName: string): string {
  let name = columnName.toUpperCase() === 'PRIMARY' ? `${columnName}_2` : columnName;
  for (let i = 2; findIndex(draft, name); i++) name = `${columnName}_${i}`;
  return name;
}

/** Column order and index parts follow `columns`; ids stay. */
export function reorder(draft: TableDraft, columns: readonly ColumnInfo[]): void {
  draft.columns = columns.map((column, offset) => (column.offset === offset ? column : { ...column, offset }));
  const byName = new Map(draft.columns.map((column) => [column.name.toLowerCase(), column]));
  draft.indexes = draft.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((part) => {
      const column = byName.get(part.name.toLowerCase());
      return column === undefined ? part : { ...part, name: column.name, offset: column.offset };
    }),
  }));
}

/** Checks that need the whole table, the order in which MySQL lists keys, and how the primary key is kept. */
export function finishTable(
  draft: TableDraft,
  more: { readonly updateVersion: number; readonly createdAtMs: number },
): TableInfo {
  if (draft.columns.length > COLUMNS_MAX) throw errors.tooManyColumns();
  const live = draft.columns.filter((column) => column.state === 'public');
  if (live.length === 0) throw errors.noColumns();
  if (live.every((column) => column.invisible)) throw errors.invisibleAll();
  if (live.reduce((sum, column) => sum + sizeBytesMax(column.type), Math.ceil(live.length / 8)) > ROW_SIZE_MAX)
    throw errors.rowTooLarge();
  const automatic = live.filter((column) => column.autoIncrement);
  if (automatic.length > 1) throw errors.wrongAutoKey();
  if (automatic.length === 1 && !draft.indexes.some((index) => index.columns[0]?.offset === automatic[0]!.offset))
    throw errors.wrongAutoKey();
  const primary = draft.indexes.find((index) => index.primary);
  const clustered = primary !== undefined && !draft.nonclustered;
  const keyType = primary === undefined ? undefined : draft.columns[primary.columns[0]!.offset]!.type;
  const pkIsHandle =
    clustered &&
    primary.columns.length === 1 &&
    primary.columns[0]!.descending !== true &&
    isInteger(keyType!) &&
    keyType!.code !== TypeCode.BIT &&
    keyType!.code !== TypeCode.YEAR;
  const indexes = pkIsHandle
    ? draft.indexes.map((index) => (index.primary ? { ...index, id: 0 } : index))
    : draft.indexes;
  return {
    id: draft.id, name: draft.name, columns: draft.columns, indexes: inListOrder(draft, indexes), ...(draft.checks.length > 0 ? { checks: draft.checks } : {}),
    ...(draft.foreignKeys.length > 0 ? { foreignKeys: draft.foreignKeys } : {}), ...(draft.partitioning === undefined ? {} : { partitioning: draft.partitioning }), pkIsHandle, isCommonHandle: clustered && !pkIsHandle,
    state: 'public', charset: draft.charset, collation: draft.collation, comment: draft.comment, columnIdMax: draft.columnIdMax,
    indexIdMax: draft.indexIdMax, ...(draft.autoIncrementStart === undefined ? {} : { autoIncrementStart: draft.autoIncrementStart }),
    ...more,
  }; // prettier-ignore
}

/** PRIMARY, unique keys without NULL, unique keys, the others; each in the order of their making. */
function inListOrder(draft: TableDraft, indexes: readonly IndexInfo[]): IndexInfo[] {
  const rank = (index: IndexInfo): number => {
    if (index.primary) return 0;
    if (!index.unique) return 3;
    return index.columns.every((part) => draft.columns[part.offset]!.type.notNull) ? 1 : 2;
  };
  return [...indexes].sort((a, b) => rank(a) - rank(b));
}

/**
 * Definition statements, carried out. Each change of a table is a walk over schema versions, and after each step the executor
 * waits until no transaction uses the version before (schema-leases.ts):
 *
 *     ADD INDEX    delete-only → write-only → write-reorganization, backfill → public
 *     DROP INDEX   write-only → delete-only → gone, entries cleared later
 *     ADD/DROP COLUMN the same without backfill; other attributes take one step
 *     DROP, TRUNCATE, RENAME, COPY  block the table, wait, one step, unblock
 *
 * A backfill that fails (a duplicate, KILL, a wait that is too long) walks the index back and leaves nothing but keys to clear.
 */
import { assert } from '../../base/assert.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import { indexInterval, tableInterval, type ZoneShift, zoneShift } from '../../proto/encoding/index.ts';
import type { ColumnInfo, DatabaseInfo, IndexInfo, SchemaState, TableInfo } from '../../proto/schema/table-info.ts';
import { defaultDatum } from '../../proto/schema/stored-default.ts';
import { publicColumns } from '../../proto/schema/table-shape.ts';
import type * as ast from '../parser/ast.ts';
import { type AlterPlan, planAlter } from './alter-table.ts';
import { backfillIndexes, copyTable, type ColumnMapping } from './backfill.ts';
import { resolveText, type TextShape } from './charsets.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { DDL_DONE } from './ddl-context.ts';
import { rangeField } from './delete-ranges.ts';
import * as errors from './errors.ts';
import { hashKey, MetaHash } from './meta-store.ts';
import { editSchema, type SchemaEdit, type SchemaOwner } from './schema-editor.ts';
import type { SchemaLeases } from './schema-leases.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { buildTable, checkDatabaseName, checkTableName, finishTable } from './table-builder.ts';
import { isVirtualDatabase } from './virtual/registry.ts';
import type { AutoIds } from './auto-id.ts';

export type DdlStatement =
  | ast.CreateDatabaseStatement | ast.AlterDatabaseStatement | ast.DropDatabaseStatement | ast.CreateTableStatement | ast.CreateTableLikeStatement
  | ast.AlterTableStatement | ast.DropTableStatement | ast.TruncateTableStatement | ast.RenameTableStatement | ast.CreateIndexStatement
  | ast.DropIndexStatement | ast.CreateViewStatement | ast.DropViewStatement; // prettier-ignore

export interface DdlOwner extends SchemaOwner {
  readonly leases: SchemaLeases;
  readonly autoIds: AutoIds;
  /** Delete ranges that a rebuild still needs. */
  readonly rebuilding: Set<string>;
  /** After each step: other servers must have loaded it before the next. */
  settle(): Promise<void>;
  tableGone(table: TableInfo): void;
  wallMs(): number;
}

export async function executeDdl(owner: DdlOwner, statement: DdlStatement, context: DdlContext): Promise<DdlResult> {
  switch (statement.kind) {
    case 'create-database':
      return createDatabase(owner, statement, context);
    case 'alter-database':
      return alterDatabase(owner, statement, context);
    case 'drop-database':
      return dropDatabase(owner, statement, context);
    case 'create-table':
      return createTable(owner, statement, context);
    case 'create-table-like':
      return createTableLike(owner, statement, context);
    case 'alter-table':
      return alterTable(owner, statement.table, statement.changes, context);
    case 'create-index':
      return alterTable(
        owner,
        statement.table,
        [...ways(statement), { kind: 'add-index', index: statement.index }],
        context,
      );
    case 'drop-index':
      return alterTable(
        owner,
        statement.table,
        [...ways(statement), { kind: 'drop-index', name: statement.name, ifExists: statement.ifExists }],
        context,
      );
    case 'drop-table':
      return dropTables(owner, statement, context);
    case 'truncate-table':
      return truncateTable(owner, statement, context);
    case 'rename-table':
      return renameTables(owner, statement.renames, context);
    case 'create-view':
      return createView(owner, statement, context);
    case 'drop-view':
      return dropViews(owner, statement, context);
  }
}

function ways(statement: { readonly algorithm?: string; readonly lock?: string }): ast.TableChange[] {
  const changes: ast.TableChange[] = [];
  if (statement.algorithm !== undefined) changes.push({ kind: 'algorithm', value: statement.algorithm });
  if (statement.lock !== undefined) changes.push({ kind: 'lock', value: statement.lock });
  return changes;
}

// ---- names ----

interface Place {
  readonly database: DatabaseInfo;
  readonly name: string;
}

function databaseOf(snapshot: CatalogSnapshot, name: string | undefined, context: DdlContext): DatabaseInfo {
  const wanted = name ?? context.currentDatabase;
  if (wanted === undefined) throw errors.noDatabase();
  if (isVirtualDatabase(wanted)) throw errors.accessDeniedToDatabase(context.currentUser, wanted);
  const found = snapshot.entry(wanted)?.info;
  if (found === undefined) throw errors.unknownDatabase(wanted);
  return found;
}

function placeOf(snapshot: CatalogSnapshot, name: ast.TableName, context: DdlContext): Place {
  return { database: databaseOf(snapshot, name.schema, context), name: name.name };
}

function tableAt(snapshot: CatalogSnapshot, place: Place): TableInfo {
  const found = snapshot.table(place.database.name, place.name);
  if (found === undefined) throw errors.tableMissing(place.database.name, place.name);
  return found;
}

function baseTableAt(snapshot: CatalogSnapshot, place: Place): TableInfo {
  const found = tableAt(snapshot, place);
  if (found.view) throw errors.wrongObject(place.database.name, found.name, 'BASE TABLE');
  return found;
}

// ---- databases ----

async function createDatabase(
  owner: DdlOwner,
  statement: ast.CreateDatabaseStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const { name } = statement;
  checkDatabaseName(name);
  if (statement.options.encryption !== undefined && statement.options.encryption.toUpperCase() !== 'N')
    throw errors.unsupported('ENCRYPTION');
  const text = resolveText(statement.options.charset, statement.options.collation, serverText(context));
  if (owner.snapshot().database(name)) {
    if (!statement.ifNotExists) throw errors.databaseExists(name);
    context.warn('Note', 1007, errors.databaseExists(name).message);
    return { affectedRows: 1, info: '' };
  }
  await editSchema(owner, 'create-database', async (edit) => {
    if (edit.snapshot.database(name)) throw errors.databaseExists(name);
    edit.putDatabase({ id: await edit.meta.allocateIds(1), name, ...text, state: 'public' });
  });
  await owner.settle();
  return { affectedRows: 1, info: '' };
}

function serverText(context: DdlContext): TextShape {
  return { charset: context.charsetServer as TextShape['charset'], collation: context.collationServer };
}

async function alterDatabase(
  owner: DdlOwner,
  statement: ast.AlterDatabaseStatement,
  context: DdlContext,
): Promise<DdlResult> {
  if (statement.options.readOnly !== undefined && statement.options.readOnly !== '0')
    throw errors.unsupported('READ ONLY databases');
  if (statement.options.encryption !== undefined && statement.options.encryption.toUpperCase() !== 'N')
    throw errors.unsupported('ENCRYPTION');
  await editSchema(owner, 'alter-database', (edit) => {
    const database = databaseOf(edit.snapshot, statement.name, context);
    const text = resolveText(
      statement.options.charset,
      statement.options.collation,
      database as TextShape & DatabaseInfo,
    );
    edit.putDatabase({ ...database, ...text });
  });
  await owner.settle();
  return { affectedRows: 1, info: '' };
}

async function dropDatabase(
  owner: DdlOwner,
  statement: ast.DropDatabaseStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const { name } = statement;
  if (isVirtualDatabase(name)) throw errors.accessDeniedToDatabase(context.currentUser, name);
  if (owner.snapshot().entry(name) === undefined) {
    if (!statement.ifExists) throw errors.databaseMissing(name);
    context.warn('Note', 1008, errors.databaseMissing(name).message);
    return DDL_DONE;
  }
  const tables = owner.snapshot().tables(name);
  await whileBlocked(owner, tables, context, () =>
    editSchema(owner, 'drop-database', (edit) => {
      const entry = edit.snapshot.entry(name);
      if (entry === undefined) throw errors.databaseMissing(name);
      for (const table of entry.tables.values()) removeTable(edit, entry.info.name, table);
      edit.dropDatabase(entry.info);
      return edit.version;
    }),
  );
  for (const table of tables) owner.tableGone(table);
  return { affectedRows: tables.length, info: '' };
}

function removeTable(edit: SchemaEdit, database: string, table: TableInfo): void {
  edit.dropTable(database, table);
  if (table.view === undefined) edit.clearLater(tableInterval(table.id));
}

/** Keeps statements off the tables during `work`, which answers the version from which on they are other tables. */
async function whileBlocked(
  owner: DdlOwner,
  tables: readonly TableInfo[],
  context: DdlContext,
  work: () => Promise<number>,
): Promise<number> {
  const blocked: number[] = [];
  let version: number | undefined;
  try {
    // In order of ids, so that two changes never wait for each other.
    for (const { id } of [...tables].sort((a, b) => a.id - b.id)) {
      await owner.leases.block(id, context.lockWaitMs);
      blocked.push(id);
    }
    context.checkKilled();
    version = await work();
    await owner.settle();
    return version;
  } finally {
    for (const id of blocked) owner.leases.unblock(id, version);
  }
}

// ---- tables ----

async function createTable(
  owner: DdlOwner,
  statement: ast.CreateTableStatement,
  context: DdlContext,
): Promise<DdlResult> {
  return storeTable(owner, statement.table, statement.ifNotExists, context, (database) => {
    const draft = buildTable(statement, database as TextShape & DatabaseInfo, context);
    return finishTable(draft, { updateVersion: 0, createdAtMs: owner.wallMs() });
  });
}

async function createTableLike(
  owner: DdlOwner,
  statement: ast.CreateTableLikeStatement,
  context: DdlContext,
): Promise<DdlResult> {
  if (statement.temporary) throw errors.unsupported('CREATE TEMPORARY TABLE');
  return storeTable(owner, statement.table, statement.ifNotExists, context, (_, snapshot) => {
    const source = baseTableAt(snapshot, placeOf(snapshot, statement.source, context));
    const { autoIncrementStart: _start, ...rest } = source;
    const publicOnly = {
      columns: publicColumns(source).map((column) => ({ ...column, originDefault: { kind: 'null' as const } })),
      indexes: source.indexes.filter((index) => index.state === 'public'),
    };
    return { ...rest, ...publicOnly, name: statement.table.name, createdAtMs: owner.wallMs() };
  });
}

async function storeTable(
  owner: DdlOwner,
  name: ast.TableName,
  ifNotExists: boolean,
  context: DdlContext,
  make: (database: DatabaseInfo, snapshot: CatalogSnapshot) => TableInfo,
): Promise<DdlResult> {
  const place = placeOf(owner.snapshot(), name, context);
  checkTableName(name.name);
  const exists = (snapshot: CatalogSnapshot): boolean => snapshot.table(place.database.name, place.name) !== undefined;
  if (exists(owner.snapshot())) {
    if (!ifNotExists) throw errors.tableExists(place.name);
    context.warn('Note', 1050, errors.tableExists(place.name).message);
    return DDL_DONE;
  }
  const made = make(place.database, owner.snapshot());
  await editSchema(owner, 'create-table', async (edit) => {
    const { database } = placeOf(edit.snapshot, name, context);
    if (exists(edit.snapshot)) throw errors.tableExists(place.name);
    edit.putTable(database.name, { ...made, id: await edit.meta.allocateIds(1) });
  });
  await owner.settle();
  return DDL_DONE;
}

async function dropTables(owner: DdlOwner, statement: ast.DropTableStatement, context: DdlContext): Promise<DdlResult> {
  const snapshot = owner.snapshot();
  const missing: string[] = [];
  const found: { place: Place; table: TableInfo }[] = [];
  for (const name of statement.tables) {
    const database = name.schema ?? context.currentDatabase;
    if (database === undefined) throw errors.noDatabase();
    if (isVirtualDatabase(database)) throw errors.accessDeniedToDatabase(context.currentUser, database);
    const table = statement.temporary ? undefined : snapshot.table(database, name.name);
    if (table === undefined || table.view) {
      if (snapshot.entry(database) === undefined && !statement.ifExists) throw errors.unknownDatabase(database);
      missing.push(`${database}.${name.name}`);
    } else if (!found.some((one) => one.table.id === table.id)) {
      found.push({ place: placeOf(snapshot, name, context), table });
    }
  }
  // MySQL 8 drops all of them or none.
  if (missing.length > 0 && !statement.ifExists) throw errors.unknownTables(missing);
  for (const name of missing) context.warn('Note', 1051, errors.unknownTables([name]).message);
  if (found.length === 0) return DDL_DONE;
  await whileBlocked(
    owner,
    found.map((one) => one.table),
    context,
    () =>
      editSchema(owner, 'drop-table', (edit) => {
        for (const { place } of found) removeTable(edit, place.database.name, baseTableAt(edit.snapshot, place));
        return edit.version;
      }),
  );
  for (const { table } of found) owner.tableGone(table);
  return DDL_DONE;
}

async function truncateTable(
  owner: DdlOwner,
  statement: ast.TruncateTableStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const place = placeOf(owner.snapshot(), statement.table, context);
  const table = baseTableAt(owner.snapshot(), place);
  await whileBlocked(owner, [table], context, () =>
    editSchema(owner, 'truncate-table', async (edit) => {
      const was = baseTableAt(edit.snapshot, place);
      const { autoIncrementStart: _start, ...rest } = was;
      edit.putTable(
        place.database.name,
        { ...rest, id: await edit.meta.allocateIds(1), createdAtMs: owner.wallMs() },
        was,
      );
      edit.clearLater(tableInterval(was.id));
      return edit.version;
    }),
  );
  owner.tableGone(table);
  return DDL_DONE;
}

async function renameTables(
  owner: DdlOwner,
  renames: ast.RenameTableStatement['renames'],
  context: DdlContext,
): Promise<DdlResult> {
  const snapshot = owner.snapshot();
  const moving = renames.map(({ from }) => snapshot.table(from.schema ?? context.currentDatabase ?? '', from.name));
  const blocked = [
    ...new Map(moving.filter((table) => table !== undefined).map((table) => [table.id, table])).values(),
  ];
  await whileBlocked(owner, blocked, context, () =>
    editSchema(owner, 'rename-table', async (edit) => {
      // Left to right, so that two tables can change places over a third name.
      for (const { from, to } of renames) await renameOne(edit, from, to, context);
      return edit.version;
    }),
  );
  return DDL_DONE;
}

async function renameOne(edit: SchemaEdit, from: ast.TableName, to: ast.TableName, context: DdlContext): Promise<void> {
  const source = placeOf(edit.snapshot, from, context);
  const table = tableAt(edit.snapshot, source);
  checkTableName(to.name);
  const target = placeOf(
    edit.snapshot,
    to.schema === undefined ? { ...to, schema: context.currentDatabase ?? source.database.name } : to,
    context,
  );
  const taken = edit.snapshot.table(target.database.name, target.name);
  if (taken !== undefined && taken.id !== table.id) throw errors.tableExists(target.name);
  if (table.view && source.database.id !== target.database.id)
    throw errors.unsupported('RENAME TABLE of a view into another database');
  await edit.moveTable(source.database.name, target.database.name, table, { ...table, name: target.name });
}

// ---- ALTER TABLE ----

async function alterTable(
  owner: DdlOwner,
  name: ast.TableName,
  changes: readonly ast.TableChange[],
  context: DdlContext,
): Promise<DdlResult> {
  const place = placeOf(owner.snapshot(), name, context);
  const table = baseTableAt(owner.snapshot(), place);
  const plan = planAlter(table, changes, context);
  if (plan.renameTo !== undefined) checkRename(owner.snapshot(), place, table, plan.renameTo, context);
  const copied =
    plan.mode === 'copy'
      ? await copyAlter(owner, place, table, plan, context)
      : await onlineAlter(owner, place, table, plan, context);
  const after = owner.snapshot().table(place.database.name, table.name);
  if (plan.autoIncrement !== undefined && after !== undefined) await owner.autoIds.restart(after, plan.autoIncrement);
  if (plan.renameTo !== undefined)
    await renameTables(
      owner,
      [{ from: { ...name, schema: place.database.name }, to: inDatabase(plan.renameTo, place) }],
      context,
    );
  return { affectedRows: copied, info: `Records: ${copied}  Duplicates: 0  Warnings: 0` };
}

function inDatabase(name: ast.TableName, place: Place): ast.TableName {
  return name.schema === undefined ? { ...name, schema: place.database.name } : name;
}

/** Before anything is changed: the new name must be free. */
function checkRename(
  snapshot: CatalogSnapshot,
  place: Place,
  table: TableInfo,
  to: ast.TableName,
  context: DdlContext,
): void {
  const target = placeOf(snapshot, inDatabase(to, place), context);
  checkTableName(target.name);
  const taken = snapshot.table(target.database.name, target.name);
  if (taken !== undefined && taken.id !== table.id) throw errors.tableExists(target.name);
}

/** One step of a walk: stores the table as `shape` makes it, then waits for everybody who used the version before. */
async function step(
  owner: DdlOwner,
  place: Place,
  id: number,
  type: string,
  context: DdlContext,
  shape: (edit: SchemaEdit) => TableInfo,
): Promise<TableInfo> {
  const stored = await publishStep(owner, place, id, type, shape);
  await owner.leases.waitFor(id, stored.version, context.lockWaitMs);
  return stored.table;
}

async function publishStep(
  owner: DdlOwner,
  place: Place,
  id: number,
  type: string,
  shape: (edit: SchemaEdit) => TableInfo,
): Promise<{ readonly table: TableInfo; readonly version: number }> {
  const stored = await editSchema(owner, type, (edit) => {
    const present = baseTableAt(edit.snapshot, place);
    if (present.id !== id) throw errors.tableMissing(place.database.name, place.name);
    return { table: edit.putTable(place.database.name, shape(edit)), version: edit.version };
  });
  await owner.settle();
  return stored;
}

const withState = <T extends { readonly state: SchemaState }>(state: SchemaState, items: readonly T[]): T[] =>
  items.map((one) => ({ ...one, state }));

/** A table in the middle of a walk: `base` with some columns behind the public ones and some indexes, in given states. */
function inBetween(
  base: TableInfo,
  columns: readonly ColumnInfo[],
  indexes: readonly IndexInfo[],
  ids: TableInfo,
): TableInfo {
  const moving = new Set(columns.map((column) => column.id));
  const ordered = [...base.columns.filter((column) => !moving.has(column.id)), ...columns].map((column, offset) => ({
    ...column,
    offset,
  }));
  const offsets = new Map(ordered.map((column) => [column.id, column.offset]));
  const movingIndexes = new Set(indexes.map((index) => index.id));
  const place = (index: IndexInfo, from: readonly ColumnInfo[]): IndexInfo => ({
    ...index,
    columns: index.columns.map((part) => ({ ...part, offset: offsets.get(from[part.offset]!.id) ?? part.offset })),
  });
  return {
    ...base,
    columns: ordered,
    indexes: [
      ...base.indexes.filter((index) => !movingIndexes.has(index.id)).map((index) => place(index, base.columns)),
      ...indexes.map((index) =>
        place(index, base.indexes.some((one) => one.id === index.id) ? base.columns : ids.columns),
      ),
    ],
    columnIdMax: ids.columnIdMax,
    indexIdMax: ids.indexIdMax,
  };
}

async function onlineAlter(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  plan: AlterPlan,
  context: DdlContext,
): Promise<number> {
  const { target, addedColumns, addedIndexes, droppedColumns, droppedIndexes } = plan;
  const walk = (type: string, shape: (edit: SchemaEdit) => TableInfo): Promise<TableInfo> =>
    step(owner, place, table.id, type, context, shape);
  let base = table;
  if (addedColumns.length > 0 || addedIndexes.length > 0) {
    const adding = (state: SchemaState): TableInfo =>
      inBetween(table, withState(state, addedColumns), withState(state, addedIndexes), target);
    let reached: SchemaState = 'none';
    try {
      for (const state of ['delete-only', 'write-only', 'write-reorganization'] as const) {
        context.checkKilled();
        reached = state;
        const shape = adding(state);
        await walk(`add: ${state}`, () => shape);
      }
      if (addedIndexes.length > 0) {
        const shape = adding('write-reorganization');
        const filled = shape.indexes.filter((index) => index.state === 'write-reorganization');
        await backfillIndexes(owner.kv, shape, filled, { check: () => context.checkKilled(), rows: 0 });
      }
    } catch (error) {
      if (reached !== 'none') await walkBack(owner, place, table, adding('delete-only'), addedIndexes);
      throw error;
    }
    base = adding('public');
  }
  if (droppedColumns.length > 0 || droppedIndexes.length > 0) {
    for (const state of ['write-only', 'delete-only'] as const) {
      const shape = inBetween(base, withState(state, droppedColumns), withState(state, droppedIndexes), target);
      await walk(`drop: ${state}`, () => shape);
    }
  }
  await walk('alter-table', (edit) => {
    for (const index of droppedIndexes) edit.clearLater(indexInterval(table.id, index.id));
    return target;
  });
  return 0;
}

/**
 * Undoes an ADD without waiting for anybody: a transaction of an older version may still write entries or columns under ids that
 * nobody knows then and that are never used again; what they leave is cleared with the rest, or skipped by every reader.
 */
async function walkBack(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  deleteOnly: TableInfo,
  indexes: readonly IndexInfo[],
): Promise<void> {
  await publishStep(owner, place, table.id, 'roll back: delete-only', () => deleteOnly);
  await publishStep(owner, place, table.id, 'roll back', (edit) => {
    for (const index of indexes) edit.clearLater(indexInterval(table.id, index.id));
    return { ...table, columnIdMax: deleteOnly.columnIdMax, indexIdMax: deleteOnly.indexIdMax };
  });
}

/** Copies the table into a new id while nobody else uses it. */
async function copyAlter(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  plan: AlterPlan,
  context: DdlContext,
): Promise<number> {
  let copied = 0;
  let shadow = 0;
  let field = '';
  try {
    await whileBlocked(owner, [table], context, async () => {
      // The shadow is noted for clearing before its first row is written: a crash leaves nothing behind.
      await editSchema(owner, 'copy-table: begin', async (edit) => {
        shadow = await edit.meta.allocateIds(1);
        const interval = tableInterval(shadow);
        field = rangeField({
          lower: Buffer.from(interval.lower).toString('hex'),
          upper: Buffer.from(interval.upper).toString('hex'),
          ts: '0',
        });
        owner.rebuilding.add(field);
        edit.clearLater(interval);
      });
      const { autoIncrementStart: _start, ...shape } = plan.target;
      const target: TableInfo = {
        ...shape,
        id: shadow,
        ...(plan.autoIncrement === undefined ? {} : { autoIncrementStart: plan.autoIncrement }),
      };
      const zone = zoneShift(context.timeZone ?? 0);
      const mappings = target.columns.map((column): ColumnMapping => {
        const source = table.columns.find((one) => one.id === column.id);
        return { target: column, source, value: plan.addedValues.get(column.id) ?? originValue(column, zone) };
      });
      const result = await copyTable(
        owner.kv,
        { source: table, target },
        mappings,
        (value, from, to) => context.convert(value, from, to),
        zone,
        {
          check: () => context.checkKilled(),
          rows: 0,
        },
      );
      copied = result.rows;
      return editSchema(owner, 'copy-table: swap', async (edit) => {
        const present = baseTableAt(edit.snapshot, place);
        assert(present.id === table.id, 'a blocked table stays what it is');
        edit.putTable(place.database.name, withoutOrigins(target), present);
        edit.clearLater(tableInterval(table.id));
        edit.meta.deleteField(MetaHash.DELETE_RANGES, field);
        if (result.lastHandle > 0)
          edit.meta.put(hashKey(`DB:${place.database.id}`, `TID:${shadow}`), String(result.lastHandle));
        return edit.version;
      });
    });
  } finally {
    owner.rebuilding.delete(field);
  }
  owner.tableGone(table);
  return copied;
}

function originValue(column: ColumnInfo, zone: ZoneShift): ColumnMapping['value'] {
  const value = defaultDatum(column.originDefault, column.type);
  return value !== null && column.type.code === TypeCode.TIMESTAMP ? zone.fromUtc(value as DateTime) : value;
}

/** Every row was written with every column: nothing is older than a column any more. */
function withoutOrigins(table: TableInfo): TableInfo {
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, originDefault: { kind: 'null' as const } })),
  };
}

// ---- views ----

async function createView(
  owner: DdlOwner,
  statement: ast.CreateViewStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const place = placeOf(owner.snapshot(), statement.view, context);
  checkTableName(place.name);
  const { sql, columns } = context.describeView(statement.query);
  if (statement.columns.length > 0 && statement.columns.length !== columns.length) throw errors.viewColumnCount();
  const names = statement.columns.length > 0 ? statement.columns : columns;
  const seen = new Set<string>();
  for (const column of names) {
    if (seen.has(column.toLowerCase())) throw errors.duplicateColumn(column);
    seen.add(column.toLowerCase());
  }
  if (statement.checkOption !== 'NONE') throw errors.unsupported('WITH CHECK OPTION');
  const definer =
    statement.definer === undefined || statement.definer.current
      ? context.currentUser
      : `${statement.definer.user}@${statement.definer.host}`;
  const { algorithm, security, checkOption } = statement;
  await editSchema(owner, 'create-view', async (edit) => {
    const { database } = placeOf(edit.snapshot, statement.view, context);
    const was = edit.snapshot.table(database.name, place.name);
    if (was !== undefined && was.view === undefined) {
      if (statement.orReplace || statement.alter) throw errors.wrongObject(database.name, place.name, 'VIEW');
      throw errors.tableExists(place.name);
    }
    if (was === undefined && statement.alter) throw errors.tableMissing(database.name, place.name);
    if (was !== undefined && !statement.orReplace && !statement.alter) throw errors.tableExists(place.name);
    const view: TableInfo = {
      id: was?.id ?? (await edit.meta.allocateIds(1)), name: place.name, columns: [], indexes: [], pkIsHandle: false, isCommonHandle: false,
      state: 'public', charset: database.charset, collation: database.collation, comment: 'VIEW', columnIdMax: 0, indexIdMax: 0,
      view: { sql, columns: names, named: statement.columns.length > 0, definer, algorithm, security, checkOption }, updateVersion: edit.version, createdAtMs: owner.wallMs(),
    }; // prettier-ignore
    edit.putTable(database.name, view, was);
  });
  await owner.settle();
  return DDL_DONE;
}

async function dropViews(owner: DdlOwner, statement: ast.DropViewStatement, context: DdlContext): Promise<DdlResult> {
  const snapshot = owner.snapshot();
  const missing: string[] = [];
  const found: Place[] = [];
  for (const name of statement.views) {
    const database = name.schema ?? context.currentDatabase;
    if (database === undefined) throw errors.noDatabase();
    const view = snapshot.table(database, name.name);
    if (view === undefined) missing.push(`${database}.${name.name}`);
    else if (view.view === undefined) throw errors.wrongObject(database, name.name, 'VIEW');
    else found.push(placeOf(snapshot, name, context));
  }
  if (missing.length > 0 && !statement.ifExists) throw errors.unknownTables(missing);
  for (const name of missing) context.warn('Note', 1051, errors.unknownTables([name]).message);
  if (found.length === 0) return DDL_DONE;
  await editSchema(owner, 'drop-view', (edit) => {
    for (const place of found) {
      const view = edit.snapshot.table(place.database.name, place.name);
      if (view === undefined) throw errors.unknownTables([`${place.database.name}.${place.name}`]);
      edit.dropTable(place.database.name, view);
    }
  });
  await owner.settle();
  return DDL_DONE;
}

export function isDdl(statement: { readonly kind: string }): statement is DdlStatement {
  return DDL_KINDS.has(statement.kind);
}

const DDL_KINDS: ReadonlySet<string> = new Set<DdlStatement['kind']>([
  'create-database', 'alter-database', 'drop-database', 'create-table', 'create-table-like', 'alter-table', 'drop-table', 'truncate-table',
  'rename-table', 'create-index', 'drop-index', 'create-view', 'drop-view',
]); // prettier-ignore

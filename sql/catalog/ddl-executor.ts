/**
 * Definition statements, carried out: databases, tables and views here, ALTER TABLE in alter-executor.ts. Each is one step of
 * the schema (schema-editor.ts). DROP, TRUNCATE and RENAME keep statements off their tables meanwhile, and wait for the transactions that use
 * them; what is dropped is only taken out of the schema, its keys are cleared later (delete-ranges.ts).
 */
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns } from '../../proto/schema/table-shape.ts';
import type * as ast from '../parser/ast.ts';
import { alterTable } from './alter-executor.ts';
import { alterPartitions, isPartitionChange } from './alter-partitions.ts';
import { resolveText, type TextShape } from './charsets.ts';
import { DDL_DONE, type DdlContext, type DdlResult } from './ddl-context.ts';
import {
  baseTableAt,
  clearKeys,
  databaseOf,
  type DdlOwner,
  type Place,
  placeOf,
  removeTable,
  tableAt,
  whileBlocked,
} from './ddl-places.ts';
import * as errors from './errors.ts';
import {
  addForeignKey, columnKey, followRenamedTable, referencedTables, refuseReferenced, refuseTakenKeyNames, refuseTruncate, renamedForeignKeys,
} from './foreign-keys.ts'; // prettier-ignore
import { copiedChecks, refuseTakenNames, renamedChecks } from './check-constraints.ts';
import { checkPartitioning, idCount, refuseReferred, withIds } from './partitioning.ts';
import { editSchema, type SchemaEdit } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { flashbackDatabase, flashbackTable, type FlashbackOwner } from './flashback.ts';
import { buildTable, checkDatabaseName, checkTableName, finishTable } from './table-builder.ts';
import { isVirtualDatabase } from './virtual/registry.ts';

export type DdlStatement =
  | ast.CreateDatabaseStatement | ast.AlterDatabaseStatement | ast.DropDatabaseStatement | ast.CreateTableStatement | ast.CreateTableLikeStatement
  | ast.AlterTableStatement | ast.DropTableStatement | ast.TruncateTableStatement | ast.RenameTableStatement | ast.CreateIndexStatement
  | ast.FlashbackTableStatement | ast.FlashbackDatabaseStatement | ast.DropIndexStatement | ast.CreateViewStatement | ast.DropViewStatement; // prettier-ignore

export async function executeDdl(
  owner: FlashbackOwner,
  statement: DdlStatement,
  context: DdlContext,
): Promise<DdlResult> {
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
      if (statement.ignore) throw errors.unsupported('ALTER IGNORE TABLE');
      if (statement.changes.some(isPartitionChange))
        return alterPartitions(owner, statement.table, statement.changes, context);
      return alter(owner, statement.table, statement.changes, context);
    case 'create-index':
      return alter(
        owner,
        statement.table,
        [...ways(statement), { kind: 'add-index', index: statement.index }],
        context,
      );
    case 'drop-index':
      return alter(
        owner,
        statement.table,
        [...ways(statement), { kind: 'drop-index', name: statement.name, ifExists: statement.ifExists }],
        context,
      );
    case 'drop-table':
      return dropTables(owner, statement, context);
    case 'truncate-table':
      return truncateTable(owner, statement, context);
    case 'flashback-table':
      return flashbackTable(owner, statement, context);
    case 'flashback-database':
      return flashbackDatabase(owner, statement, context);
    case 'rename-table':
      return renameTables(owner, statement.renames, context);
    case 'create-view':
      return createView(owner, statement, context);
    case 'drop-view':
      return dropViews(owner, statement, context);
  }
}

function alter(
  owner: DdlOwner,
  table: ast.TableName,
  changes: readonly ast.TableChange[],
  context: DdlContext,
): Promise<DdlResult> {
  return alterTable(owner, table, changes, context, (renames) => renameTables(owner, renames, context));
}

function ways(statement: { readonly algorithm?: string; readonly lock?: string }): ast.TableChange[] {
  const changes: ast.TableChange[] = [];
  if (statement.algorithm !== undefined) changes.push({ kind: 'algorithm', value: statement.algorithm });
  if (statement.lock !== undefined) changes.push({ kind: 'lock', value: statement.lock });
  return changes;
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
      refuseReferenced(edit.snapshot, [...entry.tables.values()].map((table) => ({ database: entry.info.name, table })), context); // prettier-ignore
      for (const table of entry.tables.values()) removeTable(edit, entry.info.name, table);
      edit.dropDatabase(entry.info);
      return edit.version;
    }),
  );
  for (const table of tables) owner.tableGone(table);
  return { affectedRows: tables.length, info: '' };
}

// ---- tables ----

async function createTable(
  owner: DdlOwner,
  statement: ast.CreateTableStatement,
  context: DdlContext,
): Promise<DdlResult> {
  return storeTable(owner, statement.table, statement.ifNotExists, context, (database, snapshot) => {
    const draft = buildTable(statement, database as TextShape & DatabaseInfo, context);
    const keys = [...statement.columns.flatMap(columnKey), ...statement.foreignKeys];
    for (const key of keys) addForeignKey(draft, key, { snapshot, database: database.name, context });
    const table = finishTable(draft, { updateVersion: 0, createdAtMs: owner.wallMs() });
    context.checkExpressions(table, undefined);
    checkPartitioning(table, context);
    return table;
  });
}

async function createTableLike(
  owner: DdlOwner,
  statement: ast.CreateTableLikeStatement,
  context: DdlContext,
): Promise<DdlResult> {
  return storeTable(owner, statement.table, statement.ifNotExists, context, (_, snapshot) => {
    const source =
      context.likeSource?.(statement.source) ?? baseTableAt(snapshot, placeOf(snapshot, statement.source, context));
    const { autoIncrementStart: _start, foreignKeys: _keys, temporary: _temporary, ...rest } = source;
    const publicOnly = {
      // Rows will have all columns; what older rows of the source show in theirs is kept for EXCHANGE PARTITION.
      columns: publicColumns(source),
      indexes: source.indexes.filter((index) => index.state === 'public'),
    };
    const { name } = statement.table;
    return { ...rest, ...publicOnly, checks: copiedChecks(source, name), name, createdAtMs: owner.wallMs() };
  });
}

/** A table of a session's own says so. */
function asOwned(owner: DdlOwner, table: TableInfo): TableInfo {
  if (owner.editPrivately === undefined) return table;
  if (table.foreignKeys !== undefined) throw errors.cannotAddForeignKey();
  return { ...table, temporary: true };
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
  const made = asOwned(owner, make(place.database, owner.snapshot()));
  const store = async (edit: SchemaEdit): Promise<number> => {
    const { database } = placeOf(edit.snapshot, name, context);
    if (exists(edit.snapshot)) throw errors.tableExists(place.name);
    refuseTakenNames(edit.snapshot, database.name, { ...made, id: 0 });
    refuseTakenKeyNames(edit.snapshot, database.name, { ...made, id: 0 });
    refuseReferred(edit.snapshot, database.name, made);
    edit.putTable(database.name, withIds(made, await edit.meta.allocateIds(idCount(made))));
    return edit.version;
  };
  // Whoever takes rows away from a table must know of those that may refer to it.
  const parents = referencedTables(owner.snapshot(), made, made.foreignKeys ?? []);
  if (parents.length > 0) await whileBlocked(owner, parents, context, () => editSchema(owner, 'create-table', store));
  else {
    await editSchema(owner, 'create-table', store);
    await owner.settle();
  }
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
    const table = snapshot.table(database, name.name);
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
        refuseReferenced(edit.snapshot, found.map(({ place, table }) => ({ database: place.database.name, table })), context); // prettier-ignore
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
      refuseTruncate(edit.snapshot, place.database.name, was, context);
      const { autoIncrementStart: _start, ...rest } = was;
      const emptied = withIds({ ...rest, createdAtMs: owner.wallMs() }, await edit.meta.allocateIds(idCount(was)));
      edit.putTable(place.database.name, emptied, was);
      clearKeys(edit, was);
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
  const checks = renamedChecks(table, target.name);
  const renamed = { ...table, name: target.name, checks, foreignKeys: renamedForeignKeys(table, target.name) };
  refuseTakenNames(edit.snapshot, target.database.name, renamed);
  await edit.moveTable(source.database.name, target.database.name, table, renamed);
  followRenamedTable(
    edit,
    { database: source.database.name, table: table.name },
    { database: target.database.name, table: target.name },
  );
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
  'flashback-table', 'flashback-database', 'rename-table', 'create-index', 'drop-index', 'create-view', 'drop-view',
]); // prettier-ignore

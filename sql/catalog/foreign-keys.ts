/**
 * FOREIGN KEY in the schema: what a definition must fulfil, the index that comes with it, and what a change of one table means for the keys that lead
 * from it and to it. What statements do about them is executor/writes/foreign-keys.ts.
 *
 * A key without a name is called `<table>_ibfk_<n>`. It needs an index that begins with its columns, here and in the table that it refers to; here one
 * is made when there is none. With `foreign_key_checks = 0` the other table may be missing, and rows are not looked at.
 */
import { isInteger, isString, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import { referrersOf } from '../../proto/schema/references.ts';
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { ColumnDefinition, ForeignKeyDefinition, ForeignKeyReference, ReferenceAction } from '../parser/ast.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import { foreignKeys as foreignKeysOnPartitions } from './partition-errors.ts';
import type { SchemaEdit } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { addIndex, findColumn, NAME_LENGTH_MAX, type TableDraft } from './table-builder.ts';

/** Where a definition is looked at: the schema, the database of the table, and whether the other table must be right already. */
export interface KeyScope {
  readonly snapshot: CatalogSnapshot;
  readonly database: string;
  readonly context: Pick<DdlContext, 'foreignKeyChecks'>;
}

/** What stands of a table while its keys are looked at. */
type Side = Pick<TableInfo, 'name' | 'columns' | 'indexes'>;

/** `REFERENCES` written at the column. */
export function columnKey(definition: ColumnDefinition): ForeignKeyDefinition[] {
  const { references, name, start, end } = definition;
  return references === undefined ? [] : [{ columns: [name], references, start, end }];
}

/** The key, and the index that had to be made for it. */
export function addForeignKey(
  draft: TableDraft,
  definition: ForeignKeyDefinition,
  scope: KeyScope,
): { readonly key: ForeignKeyInfo; readonly index: IndexInfo | undefined } {
  const { references } = definition;
  if (draft.partitioning !== undefined) throw foreignKeysOnPartitions();
  const name = definition.constraint ?? freeName(draft);
  if (name.length > NAME_LENGTH_MAX) throw errors.nameTooLong(name);
  if (draft.foreignKeys.some((key) => sameName(key.name, name))) throw errors.duplicateForeignKey(name);
  const columns = definition.columns.map((column) => {
    const found = findColumn(draft, column);
    if (found === undefined) throw errors.keyColumnMissing(column);
    return found;
  });
  if (references.match === 'FULL' || references.match === 'PARTIAL') throw errors.unsupported(`MATCH ${references.match}`);
  const onDelete = actionOf(references.onDelete);
  const onUpdate = actionOf(references.onUpdate);
  if (onDelete === 'SET NULL' || onUpdate === 'SET NULL')
    for (const column of columns) if (column.type.notNull) throw errors.foreignKeyNotNull(column.name, name);
  const { target, names } = resolveTarget(draft, columns, references, name, scope);
  if (names.length !== columns.length) throw errors.foreignKeyMismatch(name);
  const key: ForeignKeyInfo = {
    name,
    columns: columns.map((column) => column.id),
    references: { database: target.database, table: target.table, columns: names },
    onDelete,
    onUpdate,
  };
  refuseGenerated(key, columns);
  let index: IndexInfo | undefined;
  if (!hasIndex(draft, columns)) {
    const parts = columns.map((column) => ({ column: column.name, descending: false, start: definition.start, end: definition.end }));
    const named = definition.constraint ?? definition.name;
    const taken = named !== undefined && draft.indexes.some((one) => sameName(one.name, named));
    index = addIndex(draft, {
      kind: 'index', ifNotExists: false, parts, options: {}, start: definition.start, end: definition.end, ...(named === undefined || taken ? {} : { name: named }),
    });
  }
  draft.foreignKeys.push(key);
  return { key, index };
} // prettier-ignore

function resolveTarget(
  draft: TableDraft,
  columns: readonly ColumnInfo[],
  { table, columns: given }: ForeignKeyReference,
  name: string,
  { snapshot, database, context }: KeyScope,
): { readonly target: { readonly database: string; readonly table: string }; readonly names: readonly string[] } {
  const place = { database: table.schema ?? database, table: table.name };
  const isSelf = sameName(place.database, database) && sameName(place.table, draft.name);
  const there: Side | undefined = isSelf ? draft : snapshot.table(place.database, place.table);
  if (there === undefined || ('view' in there && there.view !== undefined)) {
    if (context.foreignKeyChecks) throw errors.referencedTableMissing(table.name);
    return { target: place, names: given };
  }
  if ('partitioning' in there && there.partitioning !== undefined) throw foreignKeysOnPartitions();
  const target = { database: snapshot.database(place.database)?.name ?? place.database, table: there.name };
  // Without columns the primary key is meant.
  const primary = there.indexes.find((index) => index.primary)?.columns.map((part) => there.columns[part.offset]!.name);
  const names = given.length > 0 ? given : (primary ?? []);
  if (names.length !== columns.length) throw errors.foreignKeyMismatch(name);
  const far = names.map((wanted, i) => {
    const found = there.columns.find((column) => column.state === 'public' && sameName(column.name, wanted));
    if (found === undefined) throw errors.referencedColumnMissing(wanted, name, there.name);
    if (found.generated?.stored === false) throw errors.foreignKeyOfVirtual(name, found.name);
    if (!compatible(columns[i]!.type, found.type)) throw errors.incompatibleColumns(columns[i]!.name, found.name, name);
    return found;
  });
  if (!hasIndex(there, far)) throw errors.referencedIndexMissing(name, there.name);
  return { target, names: far.map((column) => column.name) };
}

/** A value that is computed cannot be set by an action, and MySQL has no keys of virtual columns. */
function refuseGenerated(key: ForeignKeyInfo, columns: readonly ColumnInfo[]): void {
  for (const { name, generated } of columns) {
    if (generated === undefined) continue;
    if (!generated.stored) throw errors.foreignKeyOfVirtual(key.name, name);
    if (key.onDelete === 'SET NULL') throw errors.foreignKeyOfGenerated('ON DELETE SET NULL');
    if (key.onUpdate === 'SET NULL' || key.onUpdate === 'CASCADE')
      throw errors.foreignKeyOfGenerated(`ON UPDATE ${key.onUpdate}`);
  }
}

function actionOf(action: ReferenceAction | undefined): ForeignKeyInfo['onDelete'] {
  if (action === 'SET DEFAULT') throw errors.cannotAddForeignKey();
  return action ?? 'NO ACTION';
}

/** An index, of whole columns, that begins with these in this order. */
function hasIndex(table: Side, columns: readonly ColumnInfo[]): boolean {
  return table.indexes.some((index) =>
    columns.every((column, i) => {
      const part = index.columns[i];
      return part !== undefined && part.prefixLength < 0 && table.columns[part.offset]?.id === column.id;
    }),
  );
}

function compatible(own: FieldType, far: FieldType): boolean {
  if (isString(own) && isString(far)) {
    const word = (type: FieldType): boolean => type.code === TypeCode.ENUM || type.code === TypeCode.SET;
    return own.charset === far.charset && own.collation === far.collation && word(own) === word(far);
  }
  if (own.code !== far.code || own.unsigned !== far.unsigned) return false;
  if (isInteger(own)) return true;
  return own.code !== TypeCode.DECIMAL || (own.length === far.length && own.decimals === far.decimals);
}

function freeName(draft: TableDraft): string {
  for (let n = 1; ; n++) {
    const name = `${draft.name}_ibfk_${n}`;
    if (!draft.foreignKeys.some((key) => sameName(key.name, name))) return name;
  }
}

/** Names are one of a kind among all tables of a database. */
export function refuseTakenKeyNames(snapshot: CatalogSnapshot, database: string, table: TableInfo): void {
  if (table.foreignKeys === undefined) return;
  const names = new Set(table.foreignKeys.map((key) => key.name.toLowerCase()));
  for (const other of snapshot.tables(database)) {
    if (other.id === table.id || sameName(other.name, table.name)) continue;
    const taken = other.foreignKeys?.find((key) => names.has(key.name.toLowerCase()));
    if (taken !== undefined) throw errors.duplicateForeignKey(taken.name);
  }
}

/** Tables that the keys lead to, without the table itself. */
export function referencedTables(snapshot: CatalogSnapshot, table: TableInfo, keys: readonly ForeignKeyInfo[]): TableInfo[] {
  const found = new Map<number, TableInfo>();
  for (const { references } of keys) {
    const there = snapshot.table(references.database, references.table);
    if (there !== undefined && there.id !== table.id) found.set(there.id, there);
  }
  return [...found.values()];
} // prettier-ignore

// ---- what becomes of the keys when tables change

/** What ALTER TABLE must leave: the columns of keys, their types, and an index on either side. */
export function checkKeptKeys(table: TableInfo, draft: TableDraft, scope: KeyScope, droppedIndex: string | undefined): void {
  const after = new Map(draft.columns.map((column) => [column.id, column]));
  const was = new Map(table.columns.map((column) => [column.id, column]));
  for (const key of draft.foreignKeys) {
    const columns = key.columns.map((id) => {
      const column = after.get(id);
      if (column === undefined) throw errors.columnOfForeignKey(was.get(id)!.name, key.name);
      if (scope.context.foreignKeyChecks && was.has(id) && !compatible(was.get(id)!.type, column.type))
        throw errors.columnTypeOfForeignKey(column.name, key.name);
      return column;
    });
    if (!hasIndex(draft, columns)) throw errors.indexOfForeignKey(droppedIndex ?? key.name);
  }
  for (const { table: child, key } of referrersOf(scope.snapshot, scope.database, table.name)) {
    if (child.id === table.id && !draft.foreignKeys.some((one) => sameName(one.name, key.name))) continue;
    const columns = key.references.columns.map((name) => {
      const before = table.columns.find((column) => sameName(column.name, name))!;
      const column = after.get(before.id);
      if (column === undefined) throw errors.columnReferenced(name, key.name, child.name);
      if (scope.context.foreignKeyChecks && !compatible(before.type, column.type))
        throw errors.columnTypeReferenced(name, key.name, child.name);
      return column;
    });
    if (!hasIndex(draft, columns)) throw errors.indexOfForeignKey(droppedIndex ?? key.name);
  }
} // prettier-ignore

/** Columns of `was` have other names in `becomes`: keys that lead there say so from now on. */
export function followRenamedColumns(edit: SchemaEdit, database: string, was: TableInfo, becomes: TableInfo): void {
  const names = new Map<string, string>();
  for (const column of was.columns) {
    const now = becomes.columns.find((one) => one.id === column.id);
    if (now !== undefined && now.name !== column.name) names.set(column.name.toLowerCase(), now.name);
  }
  if (names.size === 0) return;
  rewriteReferences(edit, database, was.name, (references) => ({
    ...references,
    columns: references.columns.map((name) => names.get(name.toLowerCase()) ?? name),
  }));
}

/** The table has another place: keys that lead there say so from now on. */
export function followRenamedTable(edit: SchemaEdit, from: { database: string; table: string }, to: { database: string; table: string }): void {
  rewriteReferences(edit, from.database, from.table, (references) => ({ ...references, ...to }));
} // prettier-ignore

function rewriteReferences(
  edit: SchemaEdit,
  database: string,
  table: string,
  change: (references: ForeignKeyInfo['references']) => ForeignKeyInfo['references'],
): void {
  const leads = ({ references }: ForeignKeyInfo): boolean => sameName(references.database, database) && sameName(references.table, table); // prettier-ignore
  for (const { name: place } of edit.snapshot.databases())
    for (const child of edit.snapshot.tables(place)) {
      if (child.foreignKeys?.some(leads) !== true) continue;
      const foreignKeys = child.foreignKeys.map((key) =>
        leads(key) ? { ...key, references: change(key.references) } : key,
      );
      edit.putTable(place, { ...child, foreignKeys });
    }
}

/** Generated names follow the table. */
export function renamedForeignKeys(table: TableInfo, to: string): readonly ForeignKeyInfo[] | undefined {
  const prefix = `${table.name}_ibfk_`;
  return table.foreignKeys?.map((key) =>
    key.name.startsWith(prefix) ? { ...key, name: to + key.name.slice(table.name.length) } : key,
  );
}

/** Tables that go: nothing else may refer to them. */
export function refuseReferenced(
  snapshot: CatalogSnapshot,
  going: readonly { readonly database: string; readonly table: TableInfo }[],
  context: Pick<DdlContext, 'foreignKeyChecks'>,
): void {
  if (!context.foreignKeyChecks) return;
  const ids = new Set(going.map(({ table }) => table.id));
  for (const { database, table } of going)
    for (const referrer of referrersOf(snapshot, database, table.name))
      if (!ids.has(referrer.table.id)) throw errors.tableReferenced(table.name, referrer.key.name, referrer.table.name);
}

/** TRUNCATE of a table that another one refers to. */
export function refuseTruncate(
  snapshot: CatalogSnapshot,
  database: string,
  table: TableInfo,
  context: Pick<DdlContext, 'foreignKeyChecks'>,
): void {
  if (!context.foreignKeyChecks) return;
  const referrer = referrersOf(snapshot, database, table.name).find((one) => one.table.id !== table.id);
  if (referrer !== undefined) throw errors.truncateReferenced(referrer.database, referrer.table.name, clauseOf(referrer.table, referrer.key, referrer.database)); // prettier-ignore
}

/** `CONSTRAINT … FOREIGN KEY …` as SHOW CREATE TABLE prints it. */
export function clauseOf(table: TableInfo, key: ForeignKeyInfo, database: string, actions = true): string {
  const { references } = key;
  const own = key.columns.map((id) => quoted(table.columns.find((column) => column.id === id)!.name));
  const far = sameName(references.database, database) ? '' : `${quoted(references.database)}.`;
  const said = (event: string, action: string): string => (action === 'NO ACTION' || !actions ? '' : ` ON ${event} ${action}`); // prettier-ignore
  return `CONSTRAINT ${quoted(key.name)} FOREIGN KEY (${own.join(', ')}) REFERENCES ${far}${quoted(references.table)} (${references.columns.map(quoted).join(', ')})${said('DELETE', key.onDelete)}${said('UPDATE', key.onUpdate)}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

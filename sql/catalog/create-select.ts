/**
 * CREATE TABLE … SELECT, as far as it is the catalog's: the shape of the table, and the step by which a filled one joins the schema.
 *
 *     shape ─► a private table (private-tables.ts) ─► filled, commit by commit, by whoever runs the query ─► published
 *
 * Nobody finds the table before it is published, so a statement that fails, and a server that dies, leave nothing but keys that are cleared.
 */
import { fieldType, isString, type FieldType, TypeCode } from '../../base/value/field-type.ts';
import type { DatabaseInfo, StoredDefault, TableInfo } from '../../proto/schema/table-info.ts';
import type * as ast from '../parser/ast.ts';
import type { TextShape } from './charsets.ts';
import { refuseTakenNames } from './check-constraints.ts';
import type { DdlContext } from './ddl-context.ts';
import { type DdlOwner, placeOf } from './ddl-places.ts';
import * as errors from './errors.ts';
import { columnKey } from './foreign-keys.ts';
import type { PrivateTables } from './private-tables.ts';
import { editSchema } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { buildTable, finishTable, type QueriedColumn } from './table-builder.ts';

/** Of integers written as digits: this many and more need BIGINT. */
const BIGINT_DIGITS = 10;
/** Longer text becomes TEXT. */
const VARCHAR_LENGTH_MAX = 16_383;
const VARBINARY_LENGTH_MAX = 65_532;

/** A column made by an expression: what MySQL makes of its type, and the default that a column NOT NULL gets. */
export function columnOfExpression(name: string, given: FieldType): QueriedColumn {
  const type = storedType(given);
  return {
    name, type, state: 'public', default: implicitDefaultOf(type), originDefault: { kind: 'null' }, autoIncrement: false, onUpdateNow: false, comment: '',
  }; // prettier-ignore
}

function storedType(type: FieldType): FieldType {
  const { notNull } = type;
  if (type.code === TypeCode.NULL)
    return fieldType(TypeCode.CHAR, { length: 0, charset: 'binary', collation: 'binary' });
  if (type.code === TypeCode.LONGLONG && type.length > 0 && type.length < BIGINT_DIGITS)
    return fieldType(TypeCode.LONG, { unsigned: type.unsigned, notNull });
  if (type.code === TypeCode.VARCHAR || type.code === TypeCode.CHAR) {
    const binary = type.charset === 'binary';
    if (type.length > (binary ? VARBINARY_LENGTH_MAX : VARCHAR_LENGTH_MAX)) return largeText(type, binary ? 1 : 4);
    return { ...type, code: TypeCode.VARCHAR };
  }
  return type;
}

function largeText(type: FieldType, bytesPerCharacter: number): FieldType {
  const bytes = type.length * bytesPerCharacter;
  const [code, length] =
    bytes <= 65_535
      ? [TypeCode.BLOB, 65_535]
      : bytes <= 16_777_215
        ? [TypeCode.MEDIUM_BLOB, 16_777_215]
        : [TypeCode.LONG_BLOB, 4_294_967_295];
  return { ...type, code, length };
}

function implicitDefaultOf(type: FieldType): StoredDefault {
  if (!type.notNull) return { kind: 'null' };
  switch (type.code) {
    case TypeCode.TINY:
    case TypeCode.SHORT:
    case TypeCode.INT24:
    case TypeCode.LONG:
    case TypeCode.LONGLONG:
    case TypeCode.FLOAT:
    case TypeCode.DOUBLE:
      return { kind: 'value', text: '0' };
    case TypeCode.DECIMAL:
      return { kind: 'value', text: type.decimals > 0 ? `0.${'0'.repeat(type.decimals)}` : '0' };
    case TypeCode.VARCHAR:
    case TypeCode.CHAR:
      return isString(type) ? { kind: 'value', text: type.charset === 'binary' ? 'base64:' : '' } : { kind: 'none' };
    default:
      return { kind: 'none' };
  }
}

/** Throws whatever is wrong with the definitions, before any row is read. */
export function shapeOfFilled(
  statement: ast.CreateTableStatement,
  queried: readonly QueriedColumn[],
  snapshot: CatalogSnapshot,
  context: DdlContext,
  wallMs: number,
): { readonly database: DatabaseInfo; readonly table: TableInfo } {
  const { database } = placeOf(snapshot, statement.table, context);
  if (statement.foreignKeys.length > 0 || statement.columns.some((column) => columnKey(column).length > 0))
    throw errors.foreignKeyWithSelect();
  const draft = buildTable(statement, database as TextShape & DatabaseInfo, context, queried);
  const table = finishTable(draft, { updateVersion: 0, createdAtMs: wallMs });
  context.checkExpressions(table, undefined);
  if (!statement.temporary) refuseTakenNames(snapshot, database.name, table);
  return { database, table };
}

/** The filled table joins the schema. */
export async function publishFilled(
  owner: DdlOwner,
  tables: PrivateTables,
  database: DatabaseInfo,
  table: TableInfo,
  context: DdlContext,
): Promise<void> {
  context.checkKilled();
  await editSchema(owner, 'create-table', (edit) => {
    const entry = edit.snapshot.entry(database.name);
    if (entry?.info.id !== database.id) throw errors.unknownDatabase(database.name);
    if (entry.tables.has(table.name.toLowerCase())) throw errors.tableExists(table.name);
    refuseTakenNames(edit.snapshot, database.name, table);
    edit.putTable(database.name, table);
    tables.unnote(edit.meta, table.id);
  });
  tables.forget(table.id);
  await owner.settle();
}

/** COM_FIELD_LIST: the columns of a table with their defaults, as the command-line client asks for them to complete names. */
import { SqlError } from '../../base/error.ts';
import { FieldFlag } from '../../base/value/field-type.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { columnsOfView } from '../planner/index.ts';
import { tableDenied } from '../catalog/index.ts';
import type { ResultColumn } from './result.ts';
import type { Session } from './session.ts';

export function fieldList(
  session: Session,
  table: string,
  wildcard: string,
): readonly { readonly column: ResultColumn; readonly defaultText: string | null }[] {
  const { database } = session.state;
  if (database === undefined) throw new SqlError(1046, '3D000', 'No database selected');
  const { currentUser: account, activeRoles: roles, clientHost } = session.state;
  const rights = session.instance.catalog.rights(session.state);
  if (!rights.seesTable(database, table)) throw tableDenied('SELECT', { account, roles, clientHost }, table);
  const schema = session.schema();
  const fits = likePattern(wildcard);
  const pattern = {
    test: (name: string): boolean => fits.test(name) && rights.ofColumn(database, table, name).length > 0,
  };
  const virtual = schema.virtualTable(database, table);
  if (virtual !== undefined) {
    return virtual.columns
      .filter((column) => pattern.test(column.name))
      .map(({ name, type }) => ({
        column: { name, originalName: name, table, originalTable: table, database, type, flags: 0 },
        defaultText: null,
      }));
  }
  const found = schema.table(database, table);
  if (found === undefined) throw new SqlError(1146, '42S02', `Table '${database}.${table}' doesn't exist`);
  if (found.view !== undefined) {
    const columns = columnsOfView(found, database, session.environment.plain(found.view.sql)) ?? [];
    return columns
      .filter(({ name }) => pattern.test(name))
      .map(({ name, type }) => ({
        column: { name, originalName: name, table, originalTable: table, database, type, flags: 0 },
        defaultText: null,
      }));
  }
  return found.columns
    .filter((column) => column.state === 'public' && pattern.test(column.name))
    .map((column) => ({
      column: tableColumn(database, found, column),
      defaultText: column.default.kind === 'value' ? column.default.text : null,
    }));
}

function tableColumn(database: string, table: TableInfo, column: ColumnInfo): ResultColumn {
  return {
    name: column.name, originalName: column.name, table: table.name, originalTable: table.name, database, type: column.type, flags: keyFlags(table, column),
  }; // prettier-ignore
}

function keyFlags(table: TableInfo, column: ColumnInfo): number {
  let flags = column.autoIncrement ? FieldFlag.AUTO_INCREMENT : 0;
  for (const index of table.indexes) {
    const at = index.columns.findIndex((part) => part.offset === column.offset);
    if (at < 0) continue;
    if (index.primary) flags |= FieldFlag.PRIMARY_KEY;
    else if (at === 0)
      flags |= index.unique && index.columns.length === 1 ? FieldFlag.UNIQUE_KEY : FieldFlag.MULTIPLE_KEY;
  }
  return flags;
}

/** An empty wildcard matches everything. */
function likePattern(wildcard: string): RegExp {
  if (wildcard === '') return /^/;
  const source = wildcard
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.');
  return new RegExp(`^${source}$`, 'is');
}

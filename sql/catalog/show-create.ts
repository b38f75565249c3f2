/**
 * SHOW CREATE TABLE, DATABASE and VIEW as MySQL 8.0 prints them, to the blank: ORMs read tables back with regular expressions over this text, and dumps
 * feed it to other servers.
 */
import { TypeCode } from '../../base/value/field-type.ts';
import type { ColumnInfo, DatabaseInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns, publicIndexes } from '../../proto/schema/table-shape.ts';
import { isDefaultCollation } from './charsets.ts';
import { clauseOf } from './foreign-keys.ts';
import { hasCharset, isLarge, quoteText, typeText } from './column-type.ts';
import { partitionClause } from './partition-text.ts';
import { columnDefault } from './virtual/schema-tables.ts';

export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** `nextAutoIncrement` is printed when it is above 1. */
export function showCreateTable(
  table: TableInfo,
  nextAutoIncrement: number | bigint | undefined,
  timeZone: number | string = 0,
  database = '',
): string {
  const lines = publicColumns(table).map((column) => `  ${columnLine(table, column, timeZone)}`);
  for (const index of publicIndexes(table)) lines.push(`  ${indexLine(table, index)}`);
  for (const key of table.foreignKeys ?? []) lines.push(`  ${clauseOf(table, key, database)}`);
  for (const { name, sql, enforced } of table.checks ?? [])
    lines.push(`  CONSTRAINT ${quoteName(name)} CHECK (${sql})${enforced ? '' : ' /*!80016 NOT ENFORCED */'}`);
  const automatic =
    nextAutoIncrement !== undefined && nextAutoIncrement > 1 ? ` AUTO_INCREMENT=${nextAutoIncrement}` : '';
  // utf8mb4 is always said with its collation, so that the text means the same on servers of another default.
  const named = !isDefaultCollation(table.collation, table.charset) || table.charset === 'utf8mb4';
  const collation = named ? ` COLLATE=${table.collation}` : '';
  const comment = table.comment === '' ? '' : ` COMMENT=${quoteComment(table.comment)}`;
  return `CREATE ${table.temporary ? 'TEMPORARY ' : ''}TABLE ${quoteName(table.name)} (\n${lines.join(',\n')}\n) ENGINE=InnoDB${automatic} DEFAULT CHARSET=${table.charset}${collation}${comment}${partitionClause(table)}`;
}

function quoteComment(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
}

function columnLine(table: TableInfo, column: ColumnInfo, timeZone: number | string): string {
  const { type } = column;
  let line = `${quoteName(column.name)} ${typeText(type)}`;
  if (hasCharset(type)) {
    if (type.charset !== table.charset) line += ` CHARACTER SET ${type.charset}`;
    const differs = type.collation !== table.collation;
    if (
      differs &&
      (type.charset === table.charset ||
        !isDefaultCollation(type.collation, type.charset) ||
        type.charset === 'utf8mb4')
    )
      line += ` COLLATE ${type.collation}`;
    else if (!differs && !isDefaultCollation(type.collation, type.charset) && type.charset !== table.charset)
      line += ` COLLATE ${type.collation}`;
  }
  if (column.generated !== undefined)
    line += ` GENERATED ALWAYS AS (${column.generated.sql}) ${column.generated.stored ? 'STORED' : 'VIRTUAL'}`;
  if (type.notNull) line += ' NOT NULL';
  else if (type.code === TypeCode.TIMESTAMP) line += ' NULL';
  line += defaultClause(column, timeZone);
  if (column.onUpdateNow) line += ` ON UPDATE CURRENT_TIMESTAMP${type.decimals > 0 ? `(${type.decimals})` : ''}`;
  if (column.autoIncrement) line += ' AUTO_INCREMENT';
  if (column.comment !== '') line += ` COMMENT ${quoteComment(column.comment)}`;
  if (column.invisible) line += ' /*!80023 INVISIBLE */';
  return line;
}

function defaultClause(column: ColumnInfo, timeZone: number | string): string {
  const { type } = column;
  switch (column.default.kind) {
    case 'none':
      return '';
    case 'null':
      return isLarge(type) || type.code === TypeCode.JSON ? '' : ' DEFAULT NULL';
    case 'expression':
      return column.default.sql.startsWith('CURRENT_TIMESTAMP')
        ? ` DEFAULT ${column.default.sql}`
        : ` DEFAULT (${column.default.sql})`;
    case 'value': {
      const text = columnDefault(column, timeZone)!;
      return type.code === TypeCode.BIT ? ` DEFAULT ${text}` : ` DEFAULT ${quoteText(text.replaceAll('\\', '\\\\'))}`;
    }
  }
}

function indexLine(table: TableInfo, index: IndexInfo): string {
  const parts = index.columns.map(
    (part) =>
      `${quoteName(table.columns[part.offset]!.name)}${part.prefixLength >= 0 ? `(${part.prefixLength})` : ''}${part.descending ? ' DESC' : ''}`,
  );
  const kind = index.primary ? 'PRIMARY KEY' : `${index.unique ? 'UNIQUE KEY' : 'KEY'} ${quoteName(index.name)}`;
  const comment = index.comment === '' ? '' : ` COMMENT ${quoteComment(index.comment)}`;
  const apart =
    index.primary && !table.pkIsHandle && !table.isCommonHandle ? ' /*T![clustered_index] NONCLUSTERED */' : '';
  return `${kind} (${parts.join(',')})${apart}${comment}${index.invisible ? ' /*!80000 INVISIBLE */' : ''}`;
}

export function showCreateDatabase(database: DatabaseInfo, ifNotExists: boolean): string {
  const collation =
    isDefaultCollation(database.collation, database.charset) && database.charset !== 'utf8mb4'
      ? ''
      : ` COLLATE ${database.collation}`;
  const condition = ifNotExists ? '/*!32312 IF NOT EXISTS*/ ' : '';
  return `CREATE DATABASE ${condition}${quoteName(database.name)} /*!40100 DEFAULT CHARACTER SET ${database.charset}${collation} */ /*!80016 DEFAULT ENCRYPTION='N' */`;
}

export function showCreateView(table: TableInfo): string {
  const { algorithm, definer, security, sql, columns, named } = table.view!;
  const at = definer.lastIndexOf('@');
  const account = `${quoteName(definer.slice(0, at))}@${quoteName(definer.slice(at + 1))}`;
  const names = named === true ? ` (${columns.map(quoteName).join(',')})` : '';
  return `CREATE ALGORITHM=${algorithm} DEFINER=${account} SQL SECURITY ${security} VIEW ${quoteName(table.name)}${names} AS ${sql}`;
}

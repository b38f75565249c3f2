/** Partitions in print: the clause of SHOW CREATE TABLE as MySQL 8.0 writes it, and what information_schema.PARTITIONS shows of bounds. */
import { isString, isTemporal } from '../../base/value/field-type.ts';
import type {
  ColumnInfo,
  PartitionBound,
  PartitionInfo,
  PartitioningInfo,
  TableInfo,
} from '../../proto/schema/table-info.ts';
import { quoteText } from './column-type.ts';

/** Empty for a table without partitions, else the clause in MySQL's version comment, with the line break before it. */
export function partitionClause(table: TableInfo): string {
  const { partitioning } = table;
  if (partitioning === undefined) return '';
  const { method, partitions } = partitioning;
  const version = method.endsWith('COLUMNS') ? '50500' : '50100';
  const counted = partitions.every((one, i) => one.name === `p${i}` && one.comment === '' && !isBounded(one));
  const list = counted
    ? `PARTITIONS ${partitions.length}`
    : `(${partitions.map((one) => partitionLine(table, one)).join(',\n ')})`;
  return `\n/*!${version} PARTITION BY ${headOf(table, partitioning)}\n${list} */`;
}

function isBounded(one: PartitionInfo): boolean {
  return one.lessThan !== undefined || one.in !== undefined;
}

function headOf(table: TableInfo, { method, expression, columns, byPrimaryKey }: PartitioningInfo): string {
  if (expression !== undefined) return `${method} (${expression})`;
  const names = byPrimaryKey === true ? '' : columns.map((id) => nameOf(columnOf(table, id).name)).join(',');
  // MySQL writes two blanks there.
  return method.endsWith('COLUMNS') ? `${method.replace(' ', '  ')}(${names})` : `${method} (${names})`;
}

function columnOf(table: TableInfo, id: number): ColumnInfo {
  return table.columns.find((column) => column.id === id)!;
}

/** Quoted only where it must be. */
function nameOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

function partitionLine(table: TableInfo, one: PartitionInfo): string {
  let line = `PARTITION ${nameOf(one.name)}`;
  const description = partitionDescription(table, one);
  if (one.lessThan !== undefined)
    line += description === 'MAXVALUE' ? ' VALUES LESS THAN MAXVALUE' : ` VALUES LESS THAN (${description})`;
  else if (one.in !== undefined) line += ` VALUES IN (${description})`;
  if (one.comment !== '') line += ` COMMENT = ${quoteText(one.comment.replaceAll('\\', '\\\\'))}`;
  return `${line} ENGINE = InnoDB`;
}

/** `10`, `MAXVALUE`, `1,2,NULL`, `'a',5`, `('a',5),('b',6)`; `null` for HASH and KEY. */
export function partitionDescription(table: TableInfo, one: PartitionInfo): string | null {
  const { columns, expression } = table.partitioning!;
  const row = (bounds: readonly PartitionBound[]): string =>
    bounds
      .map((bound, i) => boundText(bound, expression === undefined ? columnOf(table, columns[i]!) : undefined))
      .join(',');
  if (one.lessThan !== undefined) return row(one.lessThan);
  if (one.in === undefined) return null;
  return one.in.map((bounds) => (bounds.length > 1 ? `(${row(bounds)})` : row(bounds))).join(',');
}

function boundText(bound: PartitionBound, column: ColumnInfo | undefined): string {
  if (typeof bound === 'string') return bound;
  if (column === undefined || !(isString(column.type) || isTemporal(column.type))) return bound.text;
  if (bound.text.startsWith('base64:') && column.type.charset === 'binary')
    return `_binary 0x${Buffer.from(bound.text.slice(7), 'base64').toString('hex').toUpperCase()}`;
  return quoteText(bound.text.replaceAll('\\', '\\\\'));
}

/** What PARTITION_EXPRESSION shows. */
export function partitionExpression(table: TableInfo): string | null {
  const { expression, columns, byPrimaryKey } = table.partitioning!;
  if (expression !== undefined) return expression;
  return byPrimaryKey === true ? null : columns.map((id) => `\`${columnOf(table, id).name}\``).join(',');
}

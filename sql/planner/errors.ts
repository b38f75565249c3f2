/**
 * The errors of name resolution, in MySQL's numbers and words: clients and ORMs parse both.
 */
import { SqlError } from '../../base/error.ts';

/** Where a name stands, as MySQL calls it in its messages. */
export type Clause =
  | 'field list' | 'where clause' | 'on clause' | 'group statement' | 'having clause' | 'order clause' | 'from clause' | 'window clause' | 'window partition by' | 'window order by' | 'limit clause'; // prettier-ignore

export const unsupported = (what: string): SqlError =>
  new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${what}'`);
export const noDatabase = (): SqlError => new SqlError(1046, '3D000', 'No database selected');
export const unknownDatabase = (name: string): SqlError => new SqlError(1049, '42000', `Unknown database '${name}'`);
export const unknownTable = (database: string, name: string): SqlError =>
  new SqlError(1146, '42S02', `Table '${database}.${name}' doesn't exist`);
export const unknownColumn = (name: string, clause: string): SqlError =>
  new SqlError(1054, '42S22', `Unknown column '${name}' in '${clause}'`);
export const ambiguousColumn = (name: string, clause: string): SqlError =>
  new SqlError(1052, '23000', `Column '${name}' in ${clause} is ambiguous`);
export const unknownTableInQuery = (name: string): SqlError => new SqlError(1051, '42S02', `Unknown table '${name}'`);
export const notUniqueTable = (name: string): SqlError =>
  new SqlError(1066, '42000', `Not unique table/alias: '${name}'`);
export const invalidGroupFunction = (): SqlError => new SqlError(1111, 'HY000', 'Invalid use of group function');
export const operandColumns = (count: number): SqlError =>
  new SqlError(1241, '21000', `Operand should contain ${count} column(s)`);
export const differentColumnCounts = (): SqlError =>
  new SqlError(1222, '21000', 'The used SELECT statements have a different number of columns');
export const noTablesUsed = (): SqlError => new SqlError(1096, 'HY000', 'No tables used');
export const tooManyColumns = (): SqlError => new SqlError(1117, 'HY000', 'Too many columns');
export const duplicateColumn = (name: string): SqlError =>
  new SqlError(1060, '42S21', `Duplicate column name '${name}'`);
export const columnCountMismatch = (row: number): SqlError =>
  new SqlError(1136, '21S01', `Column count doesn't match value count at row ${row}`);
export const viewColumnList = (): SqlError =>
  new SqlError(
    1353,
    'HY000',
    'In definition of view, derived table or common table expression, SELECT list and column names list have different column counts',
  );
export const columnTwice = (name: string): SqlError => new SqlError(1110, '42000', `Column '${name}' specified twice`);
export const wrongUsage = (a: string, b: string): SqlError =>
  new SqlError(1221, 'HY000', `Incorrect usage of ${a} and ${b}`);
export const windowUse = (name: string): SqlError =>
  new SqlError(3593, 'HY000', `You cannot use the window function '${name}' in this context.'`);
export const unknownWindow = (name: string): SqlError =>
  new SqlError(3579, 'HY000', `Window name '${name}' is not defined.`);
export const notUpdatable = (table: string, verb: string): SqlError =>
  new SqlError(1288, 'HY000', `The target table ${table} of the ${verb} is not updatable`);
export const noDefault = (column: string): SqlError =>
  new SqlError(1364, 'HY000', `Field '${column}' doesn't have a default value`);

/** ONLY_FULL_GROUP_BY; `position` counts from 1. */
export function notGrouped(clause: string, position: number, column: string): SqlError {
  return new SqlError(
    1055,
    '42000',
    `Expression #${position} of ${clause} is not in GROUP BY clause and contains nonaggregated column '${column}' which is not functionally ` +
      'dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by',
  );
}

export function mixedWithoutGroup(position: number, clause: string, column: string): SqlError {
  return new SqlError(
    1140,
    '42000',
    `In aggregated query without GROUP BY, expression #${position} of ${clause} contains nonaggregated column '${column}'; this is incompatible ` +
      'with sql_mode=only_full_group_by',
  );
}

export function orderNotInDistinct(position: number, column: string): SqlError {
  return new SqlError(
    3065,
    'HY000',
    `Expression #${position} of ORDER BY clause is not in SELECT list, references column '${column}' which is not in SELECT list; this is ` +
      'incompatible with DISTINCT',
  );
}

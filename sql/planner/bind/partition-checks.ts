/**
 * What a partitioning expression may say, looked at when a table is made or changed: MySQL's list of functions, over columns of the types that
 * they are for, without anything that depends on the session.
 */
import { SqlError } from '../../../base/error.ts';
import { type FieldType, isInteger, TypeCode } from '../../../base/value/field-type.ts';
import type { PartitionFunction } from '../../../proto/plan/physical.ts';
import type { TableInfo } from '../../../proto/schema/table-info.ts';
import { columnByName } from '../../../proto/schema/table-shape.ts';
import type * as ast from '../../parser/ast.ts';
import { parse } from '../../parser/index.ts';
import type { PlannerEnvironment } from '../environment.ts';
import { hasColumns } from '../expressions.ts';
import { Binder } from './binder.ts';
import { partitionFunction } from './partitions.ts';

const DATES: ReadonlySet<string> = new Set([
  'day', 'dayofmonth', 'dayofweek', 'dayofyear', 'month', 'quarter', 'to_days', 'to_seconds', 'weekday', 'year', 'yearweek', 'datediff',
]); // prettier-ignore
const TIMES: ReadonlySet<string> = new Set(['hour', 'microsecond', 'minute', 'second', 'time_to_sec']);
const NUMBERS: ReadonlySet<string> = new Set(['abs', 'ceil', 'ceiling', 'floor', 'mod']);
const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', 'DIV', 'MOD', '%']);
const TIME_CODES: ReadonlySet<TypeCode> = new Set([TypeCode.TIME, TypeCode.DATETIME]);
const DATE_CODES: ReadonlySet<TypeCode> = new Set([TypeCode.DATE, TypeCode.DATETIME]);

/** Throws when the table's expression cannot say where a row goes; answers its type. */
export function checkPartitionFunction(table: TableInfo, database: string, env: PlannerEnvironment): FieldType {
  const sql = table.partitioning!.expression!;
  const parsed = parse(`SELECT ${sql}`)[0]!.statement as ast.SelectNode;
  const { expression } = parsed.items[0] as ast.SelectExpression;
  checkNode(expression, table, true);
  const bound = bindFor(table, database, env).expression!;
  if (!hasColumns(bound)) throw notConstant();
  if (!isInteger(bound.type)) throw wrongType();
  return bound.type;
}

export function planPartitionFunction(table: TableInfo, env: PlannerEnvironment): PartitionFunction {
  return bindFor(table, env.currentDatabase ?? '', env);
}

function bindFor(table: TableInfo, database: string, env: PlannerEnvironment): PartitionFunction {
  return partitionFunction(table, database, new Binder({ ...env, parameterValues: undefined }));
}

/** `alone`: nothing is around the node, so a column must be an integer by itself. */
function checkNode(node: ast.ExpressionNode, table: TableInfo, alone: boolean): void {
  switch (node.kind) {
    case 'column': {
      const column = columnByName(table, node.name);
      if (column === undefined) throw unknownColumn(node.name);
      if (alone && !isInteger(column.type)) throw notAllowedField(column.name);
      return;
    }
    case 'literal':
      return;
    case 'unary':
      if (node.operator !== '-' && node.operator !== '+') throw notAllowed();
      return checkNode(node.operand, table, alone);
    case 'binary':
      if (!OPERATORS.has(node.operator)) throw notAllowed();
      checkNode(node.left, table, true);
      return checkNode(node.right, table, true);
    case 'extract':
      return checkDateArgument(
        node.operand,
        table,
        /^(HOUR|MINUTE|SECOND|MICROSECOND)/i.test(node.unit) ? TIME_CODES : DATE_CODES,
      );
    case 'call':
      return checkCall(node, table);
    default:
      throw notAllowed();
  }
}

function checkCall(node: ast.CallNode, table: TableInfo): void {
  const name = node.name.toLowerCase();
  if (DATES.has(name)) return node.args.forEach((argument) => checkDateArgument(argument, table, DATE_CODES));
  if (TIMES.has(name)) return node.args.forEach((argument) => checkDateArgument(argument, table, TIME_CODES));
  if (name === 'unix_timestamp') {
    if (node.args.length !== 1) throw notConstant();
    return checkDateArgument(node.args[0]!, table, new Set([TypeCode.TIMESTAMP]));
  }
  if (!NUMBERS.has(name)) throw notAllowed();
  for (const argument of node.args) checkNode(argument, table, name === 'mod' || name === 'abs');
}

function checkDateArgument(node: ast.ExpressionNode, table: TableInfo, codes: ReadonlySet<TypeCode>): void {
  // A constant beside the column, as in DATEDIFF(d, '2000-01-01').
  if (node.kind === 'literal') return;
  if (node.kind !== 'column') throw notConstant();
  const column = columnByName(table, node.name);
  if (column === undefined) throw unknownColumn(node.name);
  if (!codes.has(column.type.code)) throw notConstant();
}

const notAllowed = (): SqlError => new SqlError(1564, 'HY000', 'This partition function is not allowed');
const notConstant = (): SqlError =>
  new SqlError(
    1486,
    'HY000',
    'Constant, random or timezone-dependent expressions in (sub)partitioning function are not allowed',
  );
const wrongType = (): SqlError => new SqlError(1491, 'HY000', 'The PARTITION function returns the wrong type');
const notAllowedField = (name: string): SqlError =>
  new SqlError(1659, 'HY000', `Field '${name}' is of a not allowed type for this type of partitioning`);
const unknownColumn = (name: string): SqlError =>
  new SqlError(1054, '42S22', `Unknown column '${name}' in 'partition function'`);

/**
 * Point plans: the statements that OLTP is made of (`SELECT … WHERE id = ?`, `UPDATE … WHERE id IN (…)`, `DELETE … WHERE k = ?`) straight from
 * the syntax tree, without binder, rules or costs, in a few microseconds. Whatever is not exactly of that shape answers `undefined` and
 * goes the long way, which gives the same plan.
 *
 * The shape: one base table without hints; the select list only columns and `*`; the condition a conjunction of `column = value` (or one `column
 * IN (values)`) that gives the whole primary or a unique key, each value a literal or parameter whose type is the column's own kind; no
 * further condition, no grouping, ordering or LIMIT (beyond what one row makes idle).
 */
import { isInteger, isString, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type {
  Assignment,
  DeletePlan,
  OutputColumn,
  PhysicalPlan,
  PointGet,
  UpdatePlan,
  WritePlan,
} from '../../proto/plan/physical.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { hasReferences } from '../../proto/schema/references.ts';
import { isClusteredIndex } from '../../proto/schema/table-shape.ts';
import { inferCall } from '../functions/index.ts';
import type * as ast from '../parser/ast.ts';
import type { ResultColumn } from '../session/result.ts';
import { literalConstant } from './bind/binder.ts';
import { HIDDEN_HANDLE } from './bind/scope.ts';
import type { PlannerEnvironment } from './environment.ts';
import { columnFlags, type PlannedTable } from './planner.ts';

interface Common {
  readonly tables: readonly PlannedTable[];
  readonly pinned: readonly number[];
  readonly derived: readonly [];
  readonly parameterCount: number;
  readonly cacheable: true;
  readonly maxExecutionTimeMs: undefined;
  readonly setVariables: ReadonlyMap<string, string>;
}

export type PointPlan =
  | (Common & {
      readonly kind: 'query';
      readonly plan: PhysicalPlan;
      readonly columns: readonly ResultColumn[];
      readonly readOnly: boolean;
      readonly lockMode: 'none' | 'share' | 'update';
      readonly into: undefined;
    })
  | (Common & { readonly kind: 'write'; readonly plan: WritePlan });

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();
const KEYS_MAX = 512;

// hot: bench/micro/planner.ts
export function tryPointPlan(node: ast.Statement, env: PlannerEnvironment): PointPlan | undefined {
  switch (node.kind) {
    case 'select':
      return pointSelect(node, env);
    case 'update':
      return pointUpdate(node, env);
    case 'delete':
      return pointDelete(node, env);
    default:
      return undefined;
  }
}

interface Shape {
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  readonly index: IndexInfo;
  readonly keys: Expression[][];
}

function pointSelect(node: ast.SelectNode, env: PlannerEnvironment): PointPlan | undefined {
  if (
    node.where === undefined || node.from.length !== 1 || node.with !== undefined || node.distinct || node.groupBy.length > 0 || node.having !== undefined ||
    node.limit !== undefined || node.orderBy.length > 0 || node.windows.length > 0 || node.options.length > 0 || node.hints.length > 0 ||
    node.into !== undefined || node.locks.length > 1
  ) return undefined; // prettier-ignore
  const lock = node.locks[0];
  if (lock !== undefined && lock.tables.length > 0) return undefined;
  const shape = shapeOf(node.from[0]!, node.where, env);
  if (shape === undefined) return undefined;
  const { table, alias, database } = shape;
  const columns: ColumnInfo[] = [];
  const results: ResultColumn[] = [];
  const take = (column: ColumnInfo, name: string): void => {
    columns.push(column);
    results.push({
      name,
      originalName: column.name,
      table: alias,
      originalTable: table.name,
      database,
      type: column.type,
      flags: flagsOf(table, column.offset),
    });
  };
  for (const item of node.items) {
    if (item.kind === 'wildcard') {
      if (item.table !== undefined && !same(item.table, alias)) return undefined;
      if (item.schema !== undefined) return undefined;
      for (const column of table.columns)
        if (column.state === 'public' && column.invisible !== true) take(column, column.name);
      continue;
    }
    if (item.expression.kind !== 'column') return undefined;
    const column = columnNamed(item.expression, shape);
    if (column === undefined) return undefined;
    take(column, item.alias ?? item.expression.name);
  }
  if (env.columnRights('SELECT', database, table.name) !== 'all') return undefined;
  const visible = columns.length;
  const handles = lock === undefined ? [] : handleOf(table);
  const positions = handles.map((handle) => {
    const at = columns.indexOf(handle);
    return at >= 0 ? at : columns.push(handle) - 1;
  });
  const get = pointGet(shape, columns);
  let plan: PhysicalPlan = get;
  if (lock !== undefined) {
    if (lock.strength === 'UPDATE' && env.columnRights('UPDATE', database, table.name) !== 'all') return undefined;
    plan = {
      kind: 'lock-rows',
      input: get,
      mode: lock.strength === 'UPDATE' ? 'update' : 'share',
      wait: lock.wait,
      tables: [{ table, handle: positions }],
      output: get.output,
      estimatedRows: get.keys.length,
      cost: 0,
      id: 'SelectLock_2',
    };
    if (columns.length > visible) {
      const output = get.output.slice(0, visible);
      const expressions = output.map((c, index): Expression => ({
        kind: 'column',
        id: c.id,
        index,
        type: c.type,
        name: c.name,
      }));
      plan = {
        kind: 'projection',
        input: plan,
        expressions,
        output,
        estimatedRows: get.keys.length,
        cost: 0,
        id: 'Projection_3',
      };
    }
  }
  const lockMode = lock === undefined ? 'none' : lock.strength === 'UPDATE' ? 'update' : 'share';
  return {
    ...common(shape, env),
    kind: 'query',
    plan,
    columns: results,
    readOnly: lock === undefined,
    lockMode,
    into: undefined,
  };
}

function pointUpdate(node: ast.UpdateStatement, env: PlannerEnvironment): PointPlan | undefined {
  if (
    node.where === undefined ||
    node.tables.length !== 1 ||
    node.with !== undefined ||
    node.orderBy.length > 0 ||
    node.limit !== undefined ||
    node.hints.length > 0
  )
    return undefined;
  const shape = shapeOf(node.tables[0]!, node.where, env);
  if (
    shape === undefined ||
    shape.table.checks !== undefined ||
    shape.table.columns.some((one) => one.generated !== undefined) ||
    refers(shape, env)
  )
    return undefined;
  const get = wholeRow(shape);
  const assignments: Assignment[] = [];
  for (const assignment of node.assignments) {
    const column = columnNamed(assignment.column, shape);
    if (column === undefined || column.generated !== undefined) return undefined;
    const value = simpleValue(assignment.value, shape, get, env);
    if (value === undefined) return undefined;
    assignments.push({ target: 0, columnOffset: column.offset, value });
  }
  if (!mayAll(['SELECT', 'UPDATE'], shape, env)) return undefined;
  const plan: UpdatePlan = { kind: 'update', input: get, targets: [targetOf(shape)], assignments, ignore: node.ignore };
  return { ...common(shape, env), kind: 'write', plan };
}

/** With less than that the general way asks column by column. */
function mayAll(privileges: readonly string[], { database, table }: Shape, env: PlannerEnvironment): boolean {
  return privileges.every((privilege) => env.columnRights(privilege, database, table.name) === 'all');
}

function refers({ database, table }: Shape, env: PlannerEnvironment): boolean {
  return hasReferences(env.schema, database, table);
}

function pointDelete(node: ast.DeleteStatement, env: PlannerEnvironment): PointPlan | undefined {
  if (
    node.where === undefined ||
    node.tables.length !== 1 ||
    node.targets !== undefined ||
    node.with !== undefined ||
    node.orderBy.length > 0 ||
    node.limit !== undefined ||
    node.hints.length > 0
  )
    return undefined;
  const shape = shapeOf(node.tables[0]!, node.where, env);
  if (shape === undefined || refers(shape, env)) return undefined;
  if (!mayAll(['SELECT', 'DELETE'], shape, env)) return undefined;
  const plan: DeletePlan = { kind: 'delete', input: wholeRow(shape), targets: [targetOf(shape)], ignore: node.ignore };
  return { ...common(shape, env), kind: 'write', plan };
}

function common(shape: Shape, env: PlannerEnvironment): Common {
  return {
    tables: [{ database: shape.database, table: shape.table }], pinned: [], derived: [],
    parameterCount: Math.max(env.parameterTypes.length, env.parameterValues?.length ?? 0), cacheable: true, maxExecutionTimeMs: undefined, setVariables: NO_VARIABLES,
  }; // prettier-ignore
}

const same = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

function columnNamed(
  node: ast.ColumnNode,
  shape: { readonly table: TableInfo; readonly alias: string },
): ColumnInfo | undefined {
  if (node.schema !== undefined || (node.table !== undefined && !same(node.table, shape.alias))) return undefined;
  for (const column of shape.table.columns) if (column.name === node.name && column.state === 'public') return column;
  const wanted = node.name.toLowerCase();
  return shape.table.columns.find((c) => c.state === 'public' && c.name.toLowerCase() === wanted);
}

function shapeOf(reference: ast.TableReference, where: ast.ExpressionNode, env: PlannerEnvironment): Shape | undefined {
  if (
    reference.kind !== 'table' ||
    reference.indexHints.length > 0 ||
    reference.partitions.length > 0 ||
    reference.asOf !== undefined
  )
    return undefined;
  const database = reference.table.schema ?? env.currentDatabase;
  if (database === undefined) return undefined;
  const table = env.schema.table(database, reference.table.name);
  if (table === undefined || table.view !== undefined || table.partitioning !== undefined) return undefined;
  const alias = reference.alias ?? table.name;
  const named = { table, alias };
  if (where.kind === 'binary') return onEqualities([where], database, named, env);
  if (where.kind === 'logical' && where.operator === 'AND') return onEqualities(where.operands, database, named, env);
  if (where.kind === 'in-list') return onList(where, database, named, env);
  return undefined;
}

function onEqualities(
  terms: readonly ast.ExpressionNode[],
  database: string,
  named: { readonly table: TableInfo; readonly alias: string },
  env: PlannerEnvironment,
): Shape | undefined {
  const { table, alias } = named;
  const values = new Map<number, Expression>();
  for (const term of terms) {
    if (term.kind !== 'binary' || term.operator !== '=') return undefined;
    const [name, other] = term.left.kind === 'column' ? [term.left, term.right] : [term.right, term.left];
    if (name.kind !== 'column') return undefined;
    const column = columnNamed(name, named);
    if (column === undefined || values.has(column.offset)) return undefined;
    const value = keyValue(other, column.type, env);
    if (value === undefined) return undefined;
    values.set(column.offset, value);
  }
  const index = keyIndex(table, values.size, (offset) => values.has(offset));
  if (index === undefined) return undefined;
  return { database, table, alias, index, keys: [index.columns.map((part) => values.get(part.offset)!)] };
}

function onList(
  where: ast.InListNode,
  database: string,
  named: { readonly table: TableInfo; readonly alias: string },
  env: PlannerEnvironment,
): Shape | undefined {
  if (where.negated || where.operand.kind !== 'column' || where.list.length > KEYS_MAX) return undefined;
  const column = columnNamed(where.operand, named);
  if (column === undefined) return undefined;
  const index = keyIndex(named.table, 1, (offset) => offset === column.offset);
  if (index === undefined) return undefined;
  const keys: Expression[][] = [];
  for (const item of where.list) {
    const value = keyValue(item, column.type, env);
    if (value === undefined) return undefined;
    keys.push([value]);
  }
  return { database, table: named.table, alias: named.alias, index, keys };
}

/** A unique index of exactly these columns. */
function keyIndex(table: TableInfo, width: number, has: (offset: number) => boolean): IndexInfo | undefined {
  for (const index of table.indexes) {
    if (
      !(index.unique || index.primary) ||
      index.state !== 'public' ||
      (index.invisible && !index.primary) ||
      index.columns.length !== width
    )
      continue;
    if (index.columns.every((part) => part.prefixLength < 0 && has(part.offset))) return index;
  }
  return undefined;
}

/** A value that finds exactly what `=` would: of the column's kind, and (for text) compared under the column's collation. */
function keyValue(node: ast.ExpressionNode, column: FieldType, env: PlannerEnvironment): Expression | undefined {
  let value: Expression;
  if (node.kind === 'literal') {
    value = literalOf(node, env);
  } else if (node.kind === 'parameter') {
    const type = env.parameterTypes[node.index];
    if (type === undefined || env.parameterValues === undefined) return undefined;
    value = { kind: 'parameter', index: node.index, type };
  } else return undefined;
  const type = value.type;
  if (isInteger(column) && column.code !== TypeCode.YEAR && column.code !== TypeCode.BIT) {
    if (!isInteger(type)) return undefined;
    // An integer that the column cannot hold finds no row, whatever its value: the executor sees to that.
    return value;
  }
  // A literal has the weakest claim to a collation, so the column's own is the one that compares; a stored length cannot cut a match.
  if (
    isString(column) &&
    column.charset !== 'binary' &&
    column.code !== TypeCode.ENUM &&
    column.code !== TypeCode.SET
  ) {
    return isString(type) && type.charset !== 'binary' ? value : undefined;
  }
  return undefined;
}

function literalOf(node: ast.LiteralNode, env: PlannerEnvironment): Expression {
  const constant = literalConstant(node, env);
  const values = env.parameterValues;
  if (values === undefined || node.parameterIndex < 0 || node.parameterIndex >= values.length) return constant;
  return {
    kind: 'parameter',
    index: node.parameterIndex,
    type: env.parameterTypes[node.parameterIndex] ?? constant.type,
  };
}

const flagsMemo = new WeakMap<TableInfo, number[]>();

function flagsOf(table: TableInfo, offset: number): number {
  let known = flagsMemo.get(table);
  if (known === undefined) flagsMemo.set(table, (known = table.columns.map((_, i) => columnFlags(table, i))));
  return known[offset]!;
}

function handleOf(table: TableInfo): readonly ColumnInfo[] {
  if (!table.pkIsHandle && !table.isCommonHandle) return [HIDDEN_HANDLE];
  return table.indexes.find((i) => i.primary)!.columns.map((part) => table.columns[part.offset]!);
}

function pointGet(shape: Shape, columns: readonly ColumnInfo[]): PointGet {
  const output = columns.map((column, i): OutputColumn => ({ id: i + 1, name: column.name, type: column.type }));
  const index = isClusteredIndex(shape.table, shape.index) ? undefined : shape.index;
  return {
    kind: 'point-get',
    database: shape.database,
    table: shape.table,
    alias: shape.alias,
    index,
    columns,
    keys: shape.keys,
    filter: undefined,
    output,
    estimatedRows: shape.keys.length,
    cost: 0,
    id: 'Point_Get_1',
  };
}

/** Every column, by offset, then the hidden handle. */
function wholeRow(shape: Shape): PointGet {
  const { table } = shape;
  return pointGet(shape, table.pkIsHandle || table.isCommonHandle ? table.columns : [...table.columns, HIDDEN_HANDLE]);
}

function targetOf(shape: Shape): UpdatePlan['targets'][number] {
  const { table } = shape;
  const hidden = !table.pkIsHandle && !table.isCommonHandle;
  return {
    database: shape.database,
    table,
    columnPositions: table.columns.map((_, i) => i),
    handlePosition: hidden ? table.columns.length : -1,
  };
}

/** `5`, `?`, `'x'`, `k`, `k + 1`, `k - ?`: what counters and setters assign. */
function simpleValue(
  node: ast.ExpressionNode,
  shape: Shape,
  get: PointGet,
  env: PlannerEnvironment,
): Expression | undefined {
  switch (node.kind) {
    case 'literal':
      return node.literal === 'decimal' ||
        node.literal === 'bytes' ||
        node.literal === 'date' ||
        node.literal === 'time' ||
        node.literal === 'timestamp'
        ? literalConstantUnlessLifted(node, env)
        : literalOf(node, env);
    case 'parameter': {
      const type = env.parameterTypes[node.index];
      return type === undefined || env.parameterValues === undefined
        ? undefined
        : { kind: 'parameter', index: node.index, type };
    }
    case 'column': {
      const column = columnNamed(node, shape);
      return (
        column && {
          kind: 'column',
          id: get.output[column.offset]!.id,
          index: column.offset,
          type: column.type,
          name: column.name,
        }
      );
    }
    case 'binary': {
      if (node.operator !== '+' && node.operator !== '-') return undefined;
      const left = simpleValue(node.left, shape, get, env);
      const right = simpleValue(node.right, shape, get, env);
      if (left === undefined || right === undefined) return undefined;
      return inferCall(node.operator === '+' ? 'plus' : 'minus', [left, right], { context: env.evalContext });
    }
    default:
      return undefined;
  }
}

/** The value of such a literal belongs to the plan, which the short way does not track. */
function literalConstantUnlessLifted(node: ast.LiteralNode, env: PlannerEnvironment): Expression | undefined {
  return env.parameterValues !== undefined && node.parameterIndex >= 0 ? undefined : literalConstant(node, env);
}

/**
 * INSERT, REPLACE, UPDATE and DELETE: what changes, and the query whose rows say where. The rows' source is planned as any query; on top
 * of it stand targets (where each column of a written table sits in the source row) and assignments in the user's order.
 */
import { SqlError } from '../../../base/error.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { isNowDefault } from '../../../proto/schema/stored-default.ts';
import { columnByName } from '../../../proto/schema/table-shape.ts';
import { TypeCode } from '../../../base/value/field-type.ts';
import type * as ast from '../../parser/ast.ts';
import { parse } from '../../parser/index.ts';
import {
  columnCountMismatch,
  columnTwice,
  noDatabase,
  noDefault,
  notUpdatable,
  unknownColumn,
  unknownTable,
  unsupported,
  wrongUsage,
} from '../errors.ts';
import { castTo } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { filter, sort } from '../logical.ts';
import type { Binder } from './binder.ts';
import type { BindContext, BoundQuery } from './block.ts';
import { Block } from './block.ts';
import { defineCtes, placeCtes } from './cte.ts';
import { bindCondition, bindExpression, qualifiedName } from './expression.ts';
import { bindFrom } from './from.ts';
import { readHints, warnOfUnresolved } from './hints.ts';
import { namedPartitions } from './partitions.ts';
import { bindLimit, bindQuery, rowContext } from './query.ts';
import type { ScopeColumn, ScopeTable } from './scope.ts';
import { guarded, Scope } from './scope.ts';

export interface BoundTarget {
  readonly database: string;
  readonly table: TableInfo;
  readonly idByOffset: readonly ColumnId[];
  readonly handleId: ColumnId;
  readonly partitionId: ColumnId;
  readonly named?: readonly number[] | undefined;
}

export interface BoundAssignment {
  readonly target: number;
  readonly columnOffset: number;
  readonly value: Expression;
}

export interface BoundInsert {
  readonly kind: 'insert';
  readonly database: string;
  readonly table: TableInfo;
  readonly mode: 'insert' | 'replace';
  readonly ignore: boolean;
  /** Positions in `PARTITION (…)`. */
  readonly named: readonly number[] | undefined;
  readonly columnOffsets: readonly number[];
  readonly rows: readonly (readonly (Expression | undefined)[])[] | undefined;
  readonly source: BoundQuery | undefined;
  readonly onDuplicate: readonly BoundAssignment[];
  /** `DEFAULT (expr)` of columns that some row leaves out, over the new row, by column offset in ascending order. */
  readonly defaults: ReadonlyMap<number, Expression>;
  /** Ids that stand for the old row, the new row: by column offset. */
  readonly oldIds: readonly ColumnId[];
  readonly newIds: readonly ColumnId[];
}

export interface BoundChange {
  readonly kind: 'update' | 'delete';
  readonly plan: LogicalPlan;
  readonly targets: readonly BoundTarget[];
  readonly assignments: readonly BoundAssignment[];
  readonly ignore: boolean;
}

function writableTable(
  name: ast.TableName,
  privilege: string,
  verb: string,
  binder: Binder,
): { readonly database: string; readonly table: TableInfo } {
  const database = name.schema ?? binder.currentDatabase;
  if (database === undefined) throw noDatabase();
  const table = binder.env.schema.table(database, name.name);
  if (table === undefined) {
    if (binder.env.schema.virtualTable(database, name.name) !== undefined)
      throw new SqlError(
        1044,
        '42000',
        `Access denied for user '${binder.env.evalContext.session.user}' to database '${database}'`,
      );
    if (binder.rights(privilege, database, name.name) === 'none') binder.check(privilege, database, name.name);
    if (binder.env.schema.database(database) === undefined)
      throw new SqlError(1049, '42000', `Unknown database '${database}'`);
    throw unknownTable(database, name.name);
  }
  if (binder.rights(privilege, database, table.name) === 'none') binder.check(privilege, database, table.name);
  if (table.view !== undefined) throw notUpdatable(name.name, verb);
  binder.use(database, table);
  return { database, table };
}

// ---- defaults ----

/** DEFAULT(column), or DEFAULT where a value stands for a column; `scope`: the columns that an expression may name. */
export function defaultOf(column: ColumnInfo, binder: Binder, scope?: Scope): Expression {
  const stored = column.default;
  switch (stored.kind) {
    case 'value': {
      const bytes = stored.text.startsWith('base64:') && column.type.charset === 'binary';
      const text: Expression = bytes
        ? {
            kind: 'constant',
            value: Buffer.from(stored.text.slice(7), 'base64'),
            type: { ...column.type, notNull: true },
          }
        : {
            kind: 'constant',
            value: stored.text,
            type: {
              code: TypeCode.VARCHAR,
              unsigned: false,
              notNull: true,
              length: stored.text.length,
              decimals: 0,
              charset: 'utf8mb4',
              collation: binder.env.evalContext.session.connectionCollation,
            },
          };
      return bytes ? text : castTo(text, column.type);
    }
    case 'expression':
      return bindStored(stored.sql, binder, scope);
    case 'null':
      return { kind: 'constant', value: null, type: { ...column.type, notNull: false } };
    case 'none':
      if (column.type.notNull && !column.autoIncrement) throw noDefault(column.name);
      return { kind: 'constant', value: null, type: { ...column.type, notNull: false } };
  }
}

/** An expression that the schema holds as text. */
export function bindStored(sql: string, binder: Binder, scope: Scope | undefined): Expression {
  const text = `SELECT ${sql}`;
  const parsed = parse(text)[0]!.statement as ast.SelectNode;
  const item = parsed.items[0] as ast.SelectExpression;
  const block = new Block(binder, undefined, undefined);
  if (scope !== undefined) block.scope = scope;
  const outside = binder.sql;
  binder.sql = text;
  binder.insideView++;
  binder.unguarded++;
  try {
    return bindExpression(item.expression, rowContext(block, 'field list', refuseSubquery));
  } finally {
    binder.insideView--;
    binder.unguarded--;
    binder.sql = outside;
  }
}

function refuseSubquery(): never {
  throw unsupported('a subquery in an expression of the schema');
}

/**
 * Expression defaults of these columns. They are computed after the values given, in the order of the table; the current time is left
 * to the executor, which knows it without an expression.
 */
export function expressionDefaults(
  table: TableInfo,
  row: ScopeTable,
  wanted: (offset: number) => boolean,
  binder: Binder,
): Map<number, Expression> {
  const made = new Map<number, Expression>();
  for (const column of table.columns) {
    if (column.default.kind !== 'expression' || isNowDefault(column) || !wanted(column.offset)) continue;
    made.set(column.offset, defaultOf(column, binder, new Scope([row], row.columns)));
  }
  return made;
}

/** Replaces DEFAULT(c) in a syntax tree's place: expressions are bound with this at hand. */
export function bindValue(
  node: ast.ExpressionNode,
  context: BindContext,
  table: TableInfo,
  binder: Binder,
): Expression {
  if (node.kind === 'default') {
    if (node.column === undefined) throw unsupported('DEFAULT inside an expression');
    const column = columnByName(table, node.column.name);
    if (column === undefined) throw unknownColumn(node.column.name, context.clause);
    const row = context.block.scope.tables.find((one) => one.base?.table === table);
    const named = row?.columns.find((one) => one.origin?.column === column);
    if (named !== undefined) binder.read(named);
    return defaultOf(column, binder);
  }
  return bindExpression(node, context);
}

export function writable(column: ColumnInfo, table: TableInfo): void {
  if (column.generated !== undefined)
    throw new SqlError(
      3105,
      'HY000',
      `The value specified for generated column '${column.name}' in table '${table.name}' is not allowed.`,
    );
}

/** It is computed anyway. */
function isDefaultOfGenerated(column: ColumnInfo, value: ast.ExpressionNode): boolean {
  return column.generated !== undefined && value.kind === 'default' && value.column === undefined;
}

export function publicColumn(table: TableInfo, name: string, clause: string): ColumnInfo {
  const column = columnByName(table, name);
  if (column === undefined || column.state !== 'public') throw unknownColumn(name, clause);
  return column;
}

// ---- INSERT and REPLACE ----

export function bindInsert(node: ast.InsertStatement, binder: Binder): BoundInsert {
  if (node.priority === 'DELAYED') throw unsupported('INSERT DELAYED');
  const { database, table } = writableTable(node.table, 'INSERT', 'INSERT', binder);
  if (node.hints.length > 0) warnOfUnresolved(readHints(node, node.hints, 1, binder), [table.name], 1, binder);
  const named = namedPartitions(table, node.partitions);
  if (node.replace) binder.check('DELETE', database, table.name);
  const source = node.source;
  const names = source.kind === 'set' ? source.assignments.map((a) => a.column) : node.columns;
  const columns =
    names === undefined
      ? table.columns.filter((c) => c.state === 'public' && c.invisible !== true)
      : names.map((n) => publicColumn(table, n.name, 'field list'));
  columns.forEach((c, i) => {
    if (columns.indexOf(c) !== i) throw columnTwice(c.name);
  });
  const columnOffsets = columns.map((c) => c.offset);
  checkInsert(database, table.name, columns, names !== undefined, binder);

  // The new row and the old row as two instances of the table, known to expressions by name.
  const asked = (row: ScopeTable): ScopeTable =>
    binder.rights('SELECT', database, table.name) === 'all' ? row : guarded(row, database, table.name);
  const newRow = asked(instance(table, database, node.rowAlias?.name ?? table.name, node.rowAlias?.columns, columns, binder)); // prettier-ignore
  const oldRow = asked(instance(table, database, table.name, undefined, columns, binder));

  let rows: (Expression | undefined)[][] | undefined;
  let query: BoundQuery | undefined;
  if (source.kind === 'query') {
    query = bindQuery(source.query, undefined, undefined, binder);
    if (query.columns.length !== columns.length) throw columnCountMismatch(1);
    for (const c of columns) writable(c, table);
  } else {
    const given = source.kind === 'set' ? [source.assignments.map((a) => a.value)] : source.rows;
    const block = new Block(binder, undefined, undefined);
    block.scope = new Scope([newRow], newRow.columns);
    const context = rowContext(block, 'field list', () => {
      throw SUBQUERY_VALUE;
    });
    // VALUES () means defaults for all; any other row must be as long as the list.
    const offsets =
      given.length > 0 && given.every((row) => row.length === 0) && node.columns === undefined ? [] : columnOffsets;
    try {
      rows = given.map((row, r) => {
        if (row.length !== offsets.length) throw columnCountMismatch(r + 1);
        return row.map((value, i) => {
          const column = columns[i]!;
          if (value.kind === 'default' && value.column === undefined) return undefined;
          writable(column, table);
          return bindValue(value, context, table, binder);
        });
      });
    } catch (error) {
      if (error !== SUBQUERY_VALUE) throw error;
      return bindInsertWithSubqueries(node, given, binder);
    }
    if (offsets.length === 0) return finish([]);
  }
  return finish(columnOffsets);

  function finish(offsets: readonly number[]): BoundInsert {
    const given = new Set(offsets);
    for (const row of rows ?? []) row.forEach((value, i) => value === undefined && given.delete(offsets[i]!));
    return {
      kind: 'insert', database, table, named, mode: node.replace ? 'replace' : 'insert', ignore: node.ignore, columnOffsets: offsets, rows, source: query,
      onDuplicate: bindOnDuplicate(node, table, oldRow, newRow, query, binder),
      defaults: expressionDefaults(table, newRow, (offset) => !given.has(offset), binder),
      oldIds: oldRow.base!.idByOffset, newIds: newRow.base!.idByOffset,
    }; // prettier-ignore
  }
}

/** With rights on single columns: those of the list, or all of them. */
function checkInsert(
  database: string,
  table: string,
  columns: readonly ColumnInfo[],
  listed: boolean,
  binder: Binder,
): void {
  if (binder.rights('INSERT', database, table) === 'all') return;
  for (const { name } of columns) {
    try {
      binder.checkColumn('INSERT', database, table, name);
    } catch (error) {
      if (listed) throw error;
      binder.check('INSERT', database, table);
    }
  }
}

const SUBQUERY_VALUE = new SqlError(
  1235,
  '42000',
  "This version of Rutile doesn't yet support 'a subquery beside DEFAULT in VALUES'",
);

/** Values with subqueries in them are a query: one SELECT a row, joined by UNION ALL. */
function bindInsertWithSubqueries(
  node: ast.InsertStatement,
  given: readonly (readonly ast.ExpressionNode[])[],
  binder: Binder,
): BoundInsert {
  if (given.some((row) => row.some((v) => v.kind === 'default'))) throw SUBQUERY_VALUE;
  const at = { start: node.start, end: node.end };
  const clauses = { ...at, orderBy: [], locks: [] };
  const selects: ast.QueryNode[] = given.map((row) => ({
    ...clauses, kind: 'select', distinct: false, options: [], hints: [], from: [], groupBy: [], rollup: false, windows: [],
    items: row.map((expression, i) => ({ kind: 'expression', expression, alias: `v${i}`, start: expression.start, end: expression.end })),
  })); // prettier-ignore
  const query = selects.reduce((left, right): ast.QueryNode => ({
    ...clauses,
    kind: 'set-operation',
    operator: 'UNION',
    distinct: false,
    left,
    right,
  }));
  const columns = node.source.kind === 'set' ? node.source.assignments.map((a) => a.column) : node.columns;
  return bindInsert(
    { ...node, ...(columns === undefined ? {} : { columns }), source: { kind: 'query', query } },
    binder,
  );
}

/** One row of a table, known to expressions by the names of its public columns. */
export function tableInstance(table: TableInfo, database: string, binder: Binder): ScopeTable {
  return instance(table, database, table.name, undefined, table.columns, binder);
}

function instance(
  table: TableInfo,
  database: string,
  alias: string,
  names: readonly string[] | undefined,
  given: readonly ColumnInfo[],
  binder: Binder,
): ScopeTable {
  if (names !== undefined && names.length > 0 && names.length !== given.length)
    throw new SqlError(
      1353,
      'HY000',
      'In definition of view, derived table or common table expression, SELECT list and column names list have different column counts',
    );
  const idByOffset = table.columns.map(() => binder.newId());
  const columns: ScopeColumn[] = table.columns
    .filter((c) => c.state === 'public')
    .map((c) => {
      const at = names === undefined || names.length === 0 ? -1 : given.indexOf(c);
      return {
        id: idByOffset[c.offset]!,
        name: at < 0 ? c.name : names![at]!,
        table: alias,
        database,
        type: c.type,
        origin: { database, table, column: c },
      };
    });
  return { alias, database, base: { table, idByOffset, handleId: -1, partitionId: -1 }, columns };
}

function bindOnDuplicate(
  node: ast.InsertStatement,
  table: TableInfo,
  oldRow: ScopeTable,
  newRow: ScopeTable,
  query: BoundQuery | undefined,
  binder: Binder,
): BoundAssignment[] {
  if (node.onDuplicate.length === 0) return [];
  const { database } = oldRow;
  const updates = binder.rights('UPDATE', database, table.name);
  if (updates === 'none') binder.check('UPDATE', database, table.name);
  const block = new Block(binder, undefined, undefined);
  const tables: ScopeTable[] = [oldRow];
  if (node.rowAlias !== undefined) tables.push(newRow);
  // Columns of the SELECT that feeds the statement are seen, too.
  const fed: ScopeColumn[] = (query?.columns ?? []).flatMap((c) =>
    c.origin === undefined ? [] : [{ ...c.origin, id: c.id }],
  );
  const byAlias = new Map<string, ScopeColumn[]>();
  for (const c of fed) byAlias.set(c.table, [...(byAlias.get(c.table) ?? []), c]);
  for (const [alias, columns] of byAlias)
    if (alias.toLowerCase() !== table.name.toLowerCase())
      tables.push({ alias, database: columns[0]!.database, base: undefined, columns });
  // A bare name means the old row's column.
  const own = new Set(oldRow.columns.map((c) => c.name.toLowerCase()));
  const visible = [
    ...oldRow.columns,
    ...tables.slice(1).flatMap((t) => t.columns.filter((c) => !own.has(c.name.toLowerCase()))),
  ];
  block.scope = new Scope(tables, visible);
  const context: BindContext = {
    ...rowContext(block, 'field list', () => {
      throw unsupported('a subquery in ON DUPLICATE KEY UPDATE');
    }),
    valuesOf: (name) => {
      const column = publicColumn(table, name, 'field list');
      return {
        kind: 'column',
        id: newRow.base!.idByOffset[column.offset]!,
        index: -1,
        type: { ...column.type, notNull: false },
        name: `values(${column.name})`,
      };
    },
  };
  return node.onDuplicate.flatMap((assignment) => {
    if (assignment.column.table !== undefined && assignment.column.table.toLowerCase() !== table.name.toLowerCase())
      throw unknownColumn(qualifiedName(assignment.column), 'field list');
    const column = publicColumn(table, assignment.column.name, 'field list');
    if (updates === 'some') binder.checkColumn('UPDATE', database, table.name, column.name);
    if (isDefaultOfGenerated(column, assignment.value)) return [];
    writable(column, table);
    const value =
      assignment.value.kind === 'default' && assignment.value.column === undefined
        ? defaultOf(column, binder, new Scope([oldRow], oldRow.columns))
        : bindValue(assignment.value, context, table, binder);
    return [{ target: 0, columnOffset: column.offset, value }];
  });
}

// ---- UPDATE and DELETE ----

function changedRows(
  node: ast.UpdateStatement | ast.DeleteStatement,
  binder: Binder,
): { readonly block: Block; readonly finish: (plan: LogicalPlan) => LogicalPlan } {
  let ctes: Block['ctes'];
  let finish = (plan: LogicalPlan): LogicalPlan => plan;
  if (node.with !== undefined) {
    const defined = defineCtes(node.with, undefined, undefined, binder, (q, o, c) => bindQuery(q, o, c, binder));
    ctes = defined.chain;
    finish = (plan) => placeCtes(plan, defined.own, defined.recursion);
  }
  const block = new Block(binder, undefined, ctes);
  const { hints, block: hintBlock } = binder.hintsFor(node);
  if (hints.length > 0) block.hints = readHints(node, hints, hintBlock, binder);
  block.hintBlock = hintBlock;
  const several = node.tables.length > 1 || node.tables[0]!.kind !== 'table';
  const multiple = several || (node.kind === 'delete' && node.targets !== undefined);
  const source = bindFrom(node.tables, {
    block,
    straight: block.hints.straight,
    ...(multiple ? (node.kind === 'update' ? { writes: 'several' as const } : {}) : { writes: node.kind === 'update' ? ('UPDATE' as const) : ('DELETE' as const) }), // prettier-ignore
    bindQuery: (q, outer, c) => bindQuery(q, outer, c, binder),
    conditionContext: (inner, attach) => rowContext(inner, 'on clause', attach),
  });
  block.plan = source.plan;
  block.scope = source.scope;
  const aliases = source.scope.tables.map((table) => table.alias);
  if (hints.length > 0) warnOfUnresolved(block.hints, aliases, hintBlock, binder);
  return { block, finish };
}

/** Binding hangs subqueries on the block's plan, so the filter goes on top only afterwards. */
function keepRows(where: ast.ExpressionNode, block: Block): void {
  const conditions = bindCondition(where, rowContext(block, 'where clause'));
  block.plan = filter(block.plan, conditions);
}

function rowsOf(node: ast.UpdateStatement | ast.DeleteStatement, block: Block, multiple: boolean): LogicalPlan {
  if (multiple && (node.orderBy.length > 0 || node.limit !== undefined))
    throw wrongUsage(node.kind.toUpperCase(), node.orderBy.length > 0 ? 'ORDER BY' : 'LIMIT');
  if (node.where !== undefined) keepRows(node.where, block);
  const keys = node.orderBy.map((item) => ({
    expression: bindExpression(item.expression, rowContext(block, 'order clause')),
    descending: item.descending,
  }));
  let plan = sort(block.plan, keys);
  if (node.limit !== undefined) plan = bindLimit(node.limit, plan, block.binder);
  return plan;
}

function targetOf(table: ScopeTable, verb: string): BoundTarget {
  if (table.base === undefined) throw notUpdatable(table.alias, verb);
  return { database: table.database, ...table.base };
}

export function bindUpdate(node: ast.UpdateStatement, binder: Binder): BoundChange {
  const { block, finish } = changedRows(node, binder);
  const multiple = node.tables.length > 1 || node.tables[0]!.kind !== 'table';
  const targets: BoundTarget[] = [];
  const byTable = new Map<ScopeTable, number>();
  const owners = node.assignments.map((assignment) => {
    const found = block.scope.find(
      assignment.column.schema,
      assignment.column.table,
      assignment.column.name,
      'field list',
    );
    if (found === undefined) throw unknownColumn(qualifiedName(assignment.column), 'field list');
    const table = block.scope.tables.find((t) => t.columns.some((c) => c.id === found.id))!;
    const target = targetOf(table, 'UPDATE');
    if (found.origin === undefined) throw notUpdatable(table.alias, 'UPDATE');
    const computes = isDefaultOfGenerated(found.origin.column, assignment.value);
    if (!computes) writable(found.origin.column, target.table);
    let at = byTable.get(table);
    if (binder.rights('UPDATE', target.database, target.table.name) !== 'all')
      binder.checkColumn('UPDATE', target.database, target.table.name, found.origin.column.name);
    if (at === undefined) {
      byTable.set(table, (at = targets.length));
      targets.push(target);
    }
    return { at, column: found.origin.column, source: table, computes };
  });
  for (const table of block.scope.tables)
    if (
      table.base !== undefined &&
      !byTable.has(table) &&
      binder.rights('SELECT', table.database, table.base.table.name) === 'none'
    )
      // prettier-ignore
      binder.check('SELECT', table.database, table.base.table.name);
  // Values may hold subqueries: they hang below the filter's result, so bind them before the plan is closed.
  if (node.where !== undefined) keepRows(node.where, block);
  const assignments = node.assignments.flatMap((assignment, i): BoundAssignment[] => {
    const { at, column, source, computes } = owners[i]!;
    if (computes) return [];
    const table = targets[at]!.table;
    const context = rowContext(block, 'field list');
    const value =
      assignment.value.kind === 'default' && assignment.value.column === undefined
        ? defaultOf(column, binder, new Scope([source], source.columns))
        : bindValue(assignment.value, context, table, binder);
    return [{ target: at, columnOffset: column.offset, value }];
  });
  const plan = rowsOf({ ...node, where: undefined } as ast.UpdateStatement, block, multiple);
  return { kind: 'update', plan: finish(plan), targets, assignments, ignore: node.ignore };
}

export function bindDelete(node: ast.DeleteStatement, binder: Binder): BoundChange {
  const { block, finish } = changedRows(node, binder);
  const multiple = node.targets !== undefined;
  const targets: BoundTarget[] = [];
  if (node.targets === undefined) targets.push(targetOf(block.scope.tables[0]!, 'DELETE'));
  else {
    for (const name of node.targets) {
      const table =
        block.scope.table(name.schema, name.name) ??
        block.scope.tables.find(
          (t) => t.base?.table.name.toLowerCase() === name.name.toLowerCase() && t.alias === t.base.table.name,
        );
      if (table === undefined) throw new SqlError(1109, '42S02', `Unknown table '${name.name}' in MULTI DELETE`);
      targets.push(targetOf(table, 'DELETE'));
    }
  }
  for (const target of targets) binder.check('DELETE', target.database, target.table.name);
  const plan = rowsOf(node, block, multiple);
  return { kind: 'delete', plan: finish(plan), targets, assignments: [], ignore: node.ignore };
}

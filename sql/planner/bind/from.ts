/**
 * FROM: tables, views, derived tables, CTE references and joins become a plan and a scope. A view is bound as the derived table of its
 * stored SELECT, in its own database and with its definer's rights. Columns of a table instance get their ids here; pruning later
 * drops those nobody asks for.
 */
import { SqlError } from '../../../base/error.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { OutputColumn } from '../../../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { hasHiddenHandle, indexByName } from '../../../proto/schema/table-shape.ts';
import type * as ast from '../../parser/ast.ts';
import { parse } from '../../parser/index.ts';
import {
  duplicateColumn,
  noDatabase,
  unknownColumn,
  unknownDatabase,
  unknownTable,
  unsupported,
  viewColumnList,
  ambiguousColumn,
} from '../errors.ts';
import { andOf, conjuncts, coveredBy } from '../expressions.ts';
import type { IndexHints, LogicalPlan } from '../logical.ts';
import { filter, freeColumns, join, outputIds, apply, idsOf } from '../logical.ts';
import type { BindContext, BoundQuery, CteDefinition, SubquerySpec } from './block.ts';
import { attached, Block } from './block.ts';
import { bindCondition, compare } from './expression.ts';
import { hintsOfTable } from './hints.ts';
import { bindJsonTable } from './json-table.ts';
import type { ScopeColumn, ScopeTable } from './scope.ts';
import { namedPartitions, notPartitioned, partitionFunction } from './partitions.ts';
import { columnExpression, guarded, HIDDEN_HANDLE, HIDDEN_PARTITION, Scope } from './scope.ts';

export interface Source {
  readonly plan: LogicalPlan;
  readonly scope: Scope;
}

/** Views in views in views: deeper than this is a circle. */
const VIEW_DEPTH_MAX = 32;

export interface FromContext {
  readonly block: Block;
  readonly bindQuery: (node: ast.QueryNode, outer: Block | undefined, ctes: Block['ctes']) => BoundQuery;
  /** Context of ON conditions of a block. */
  readonly conditionContext: (block: Block, attach: (spec: SubquerySpec) => void) => BindContext;
  readonly straight: boolean;
  /** FROM of an UPDATE or a DELETE: columns are asked for one by one, as they are read. */
  readonly writes?: 'UPDATE' | 'DELETE' | 'several';
}

export function bindFrom(references: readonly ast.TableReference[], context: FromContext): Source {
  let source: Source | undefined;
  for (const reference of references) {
    const next = bindReference(reference, context, source);
    source = source === undefined ? next : combine(source, next, context.straight);
  }
  return source!;
}

function combine(left: Source, right: Source, straight: boolean): Source {
  return {
    plan: joinSides('inner', left.plan, right.plan, [], straight),
    scope: Scope.concatenate(left.scope, right.scope),
  };
}

/** A LATERAL right side mentions columns of the left: then the join is an apply. */
function joinSides(
  type: 'inner' | 'left',
  left: LogicalPlan,
  right: LogicalPlan,
  conditions: readonly Expression[],
  straight: boolean,
): LogicalPlan {
  const free = freeColumns(right);
  const provided = outputIds(left);
  for (const id of free) if (provided.has(id)) return apply(type, left, right, conditions);
  return join(type, left, right, conditions, { straight });
}

function bindReference(reference: ast.TableReference, context: FromContext, before: Source | undefined): Source {
  switch (reference.kind) {
    case 'table':
      return bindTable(reference, context);
    case 'derived-table':
      return bindDerived(reference, context, before);
    case 'join':
      return bindJoin(reference, context, before);
    case 'json-table':
      return bindJsonTable(reference, context, before);
  }
}

// ---- tables ----

function bindTable(node: ast.TableNode, context: FromContext): Source {
  const { block } = context;
  const binder = block.binder;
  const { schema, name } = node.table;
  if (node.asOf !== undefined && binder.env.readsPast !== true) throw unsupported('AS OF TIMESTAMP in this place');
  if (schema === undefined) {
    for (let cte = block.ctes; cte !== undefined; cte = cte.next) {
      if (cte.definition.name.toLowerCase() === name.toLowerCase())
        return refusingPartitions(node, bindCteReference(cte.definition, node.alias ?? name, block));
    }
    if (name.toLowerCase() === 'dual' && binder.currentDatabase === undefined)
      return { plan: block.plan, scope: Scope.empty };
  }
  const database = schema ?? binder.currentDatabase;
  if (database === undefined) throw noDatabase();
  const env = binder.env;
  const { schema: seen } = env;
  const table = (binder.insideView > 0 ? (seen.permanent ?? seen) : seen).table(database, name);
  if (table !== undefined) {
    const byColumn = readByColumn(database, table.name, context);
    const source =
      table.view !== undefined
        ? refusingPartitions(node, bindView(table, database, node, context))
        : scanTable(
            table,
            database,
            node.alias ?? table.name,
            tableHints(node, table, block),
            block,
            namedPartitions(table, node.partitions),
          );
    return byColumn ? withGuards(source, database, table.name) : source;
  }
  const virtual = env.schema.virtualTable(database, name);
  if (virtual !== undefined) {
    const byColumn = readByColumn(virtual.database, virtual.name, context);
    binder.cacheable = false;
    const alias = node.alias ?? virtual.name;
    const output: OutputColumn[] = [];
    const columns: ScopeColumn[] = virtual.columns.map((c) => {
      const column = binder.newColumn(`${alias}.${c.name}`, c.type);
      output.push(column);
      return { id: column.id, name: c.name, table: alias, database: virtual.database, type: c.type, origin: undefined };
    });
    const plan: LogicalPlan = {
      kind: 'memory',
      database: virtual.database,
      tableName: virtual.name,
      offsets: output.map((_, i) => i),
      output,
    };
    const source = {
      plan,
      scope: new Scope([{ alias, database: virtual.database, base: undefined, columns }], columns),
    };
    refusingPartitions(node, source);
    return byColumn ? withGuards(source, virtual.database, virtual.name) : source;
  }
  // Whoever may not look is not told what is there and what is not.
  if (binder.rights('SELECT', database, name) === 'none') binder.check('SELECT', database, name);
  if (env.schema.database(database) === undefined && !isVirtualDatabase(database))
    throw schema === undefined ? unknownDatabase(database) : unknownDatabase(schema);
  throw unknownTable(database, name);
}

function refusingPartitions(node: ast.TableNode, source: Source): Source {
  if (node.partitions.length > 0) throw notPartitioned();
  return source;
}

/** Whether rights are asked for column by column; throws when there are none at all. */
function readByColumn(database: string, table: string, { block: { binder }, writes }: FromContext): boolean {
  const rights = binder.rights('SELECT', database, table);
  if (writes === 'UPDATE' || writes === 'DELETE') {
    if (binder.rights(writes, database, table) === 'none') binder.check(writes, database, table);
  } else if (rights === 'none' && (writes === undefined || binder.rights('UPDATE', database, table) === 'none'))
    binder.check('SELECT', database, table);
  return rights !== 'all';
}

function withGuards({ plan, scope }: Source, database: string, name: string): Source {
  const tables = scope.tables.map((table) => guarded(table, database, name));
  const byId = new Map(tables.flatMap((table) => table.columns.map((c) => [`${c.id} ${c.name}`, c] as const)));
  return {
    plan,
    scope: new Scope(
      tables,
      scope.visible.map((c) => byId.get(`${c.id} ${c.name}`)!),
    ),
  };
}

const isVirtualDatabase = (name: string): boolean =>
  ['information_schema', 'performance_schema', 'mysql', 'sys'].includes(name.toLowerCase());

export function scanTable(
  table: TableInfo,
  database: string,
  alias: string,
  hints: IndexHints | undefined,
  block: Block,
  named?: readonly number[],
): Source {
  const binder = block.binder;
  binder.use(database, table);
  const columns: ColumnInfo[] = [];
  const output: OutputColumn[] = [];
  const idByOffset: ColumnId[] = [];
  const scopeColumns: ScopeColumn[] = [];
  for (const column of table.columns) {
    const id = binder.newId();
    idByOffset.push(id);
    if (column.state === 'none') continue;
    columns.push(column);
    output.push({ id, name: `${alias}.${column.name}`, type: column.type });
    // A column on its way in or out is read by writers only, who keep it as it is.
    if (column.state !== 'public') continue;
    scopeColumns.push({
      id,
      name: column.name,
      table: alias,
      database,
      type: column.type,
      origin: { database, table, column },
    });
  }
  let handleId = -1;
  if (hasHiddenHandle(table)) {
    handleId = binder.newId();
    columns.push(HIDDEN_HANDLE);
    output.push({ id: handleId, name: `${alias}.${HIDDEN_HANDLE.name}`, type: HIDDEN_HANDLE.type });
  }
  let partitionId = -1;
  if (table.partitioning !== undefined) {
    partitionId = binder.newId();
    columns.push(HIDDEN_PARTITION);
    output.push({ id: partitionId, name: `${alias}.${HIDDEN_PARTITION.name}`, type: HIDDEN_PARTITION.type });
  }
  const partitions =
    table.partitioning === undefined
      ? undefined
      : { partitions: { function: partitionFunction(table, database, binder), named } };
  const plan: LogicalPlan = { kind: 'scan', database, table, alias, columns, idByOffset, hints, output, ...partitions };
  const base = { table, idByOffset, handleId, partitionId, named };
  const scopeTable: ScopeTable = { alias, database, base, columns: scopeColumns };
  return {
    plan,
    scope: new Scope(
      [scopeTable],
      scopeColumns.some((c) => c.origin!.column.invisible)
        ? scopeColumns.filter((c) => !c.origin!.column.invisible)
        : scopeColumns,
    ),
  };
}

/** Index hints behind the table come before those of a comment. */
function tableHints(node: ast.TableNode, table: TableInfo, block: Block): IndexHints | undefined {
  const written = indexHints(node, table);
  const { hints, hintBlock, binder } = block;
  if (hints.tables.size === 0) return written;
  const hasIndex = (name: string): boolean => indexByName(table, name) !== undefined;
  const commented = hintsOfTable(hints, node.alias ?? table.name, hasIndex, hintBlock, binder);
  return commented === undefined || written === undefined ? (commented ?? written) : { ...commented, ...written };
}

function indexHints(node: ast.TableNode, table: TableInfo): IndexHints | undefined {
  if (node.indexHints.length === 0) return undefined;
  let use: string[] | undefined;
  let force = false;
  const ignore: string[] = [];
  for (const hint of node.indexHints) {
    for (const name of hint.indexes) {
      if (indexByName(table, name) === undefined)
        throw new SqlError(1176, '42000', `Key '${name}' doesn't exist in table '${node.alias ?? table.name}'`);
    }
    const names = hint.indexes.map((n) => n.toLowerCase());
    if (hint.action === 'IGNORE') ignore.push(...names);
    else {
      (use ??= []).push(...names);
      if (hint.action === 'FORCE') force = true;
    }
  }
  return { use, force, ignore };
}

// ---- views, derived tables, CTEs ----

/** What is wrong inside a view is told as the view's fault: names that are gone, rights that the invoker lacks. */
const BROKEN_VIEW: ReadonlySet<number> = new Set([1146, 1054, 1049, 1142, 1143, 1044]);

function bindView(view: TableInfo, database: string, node: ast.TableNode, context: FromContext): Source {
  const binder = context.block.binder;
  if (binder.insideView >= VIEW_DEPTH_MAX)
    throw new SqlError(1462, 'HY000', `\`${database}\`.\`${view.name}\` contains view recursion`);
  binder.use(database, view);
  const saved = { sql: binder.sql, database: binder.currentDatabase };
  binder.insideView++;
  const outsideDefiner = binder.definer;
  if (view.view!.security !== 'INVOKER') binder.definer = view.view!.definer;
  binder.sql = view.view!.sql;
  binder.currentDatabase = database;
  try {
    const parsed = parse(view.view!.sql)[0]!.statement;
    const query = context.bindQuery(parsed as ast.QueryNode, undefined, undefined);
    return named(query, node.alias ?? view.name, view.view!.columns, context, database);
  } catch (error) {
    if (error instanceof SqlError && BROKEN_VIEW.has(error.errno)) {
      throw new SqlError(
        1356,
        'HY000',
        `View '${database}.${view.name}' references invalid table(s) or column(s) or function(s) or definer/invoker of view lack rights to use them`,
      );
    }
    throw error;
  } finally {
    binder.insideView--;
    binder.definer = outsideDefiner;
    binder.sql = saved.sql;
    binder.currentDatabase = saved.database;
  }
}

function bindDerived(node: ast.DerivedTableNode, context: FromContext, before: Source | undefined): Source {
  const { block } = context;
  let outer = block.outer;
  if (node.lateral) {
    // Sees the tables to its left, and through them what this block sees.
    const left = new Block(block.binder, block.outer, block.ctes);
    left.scope = before?.scope ?? Scope.empty;
    outer = left;
  }
  const query = context.bindQuery(node.query, outer, block.ctes);
  return named(query, node.alias, node.columns, context, '');
}

/** A query as a table: its columns under a table alias and, maybe, new names. */
function named(
  query: BoundQuery,
  alias: string,
  names: readonly string[],
  context: FromContext,
  database: string,
): Source {
  if (names.length > 0 && names.length !== query.columns.length) throw viewColumnList();
  const binder = context.block.binder;
  const seen = new Set<string>();
  // One id may stand for two columns (`SELECT a AS x, a AS y`): both are the same value.
  const columns: ScopeColumn[] = query.columns.map((c, i) => {
    const name = names[i] ?? c.name;
    const key = name.toLowerCase();
    if (seen.has(key)) throw duplicateColumn(name);
    seen.add(key);
    return {
      id: c.id,
      name,
      table: alias,
      database: database === '' ? (binder.currentDatabase ?? '') : database,
      type: c.type,
      origin: undefined,
    };
  });
  return { plan: query.plan, scope: new Scope([{ alias, database, base: undefined, columns }], columns) };
}

function bindCteReference(definition: CteDefinition, alias: string, block: Block): Source {
  const binder = block.binder;
  definition.bound ??= definition.bind();
  definition.references++;
  const output: OutputColumn[] = [];
  const columns: ScopeColumn[] = definition.bound.columns.map((c) => {
    const column = binder.newColumn(`${alias}.${c.name}`, c.type);
    output.push(column);
    return { id: column.id, name: c.name, table: alias, database: '', type: c.type, origin: undefined };
  });
  const plan: LogicalPlan = { kind: 'cte-scan', cteId: definition.cteId, name: definition.name, output };
  return { plan, scope: new Scope([{ alias, database: '', base: undefined, columns }], columns) };
}

// ---- joins ----

function bindJoin(node: ast.JoinNode, context: FromContext, before: Source | undefined): Source {
  const left = bindReference(node.left, context, before);
  const seen =
    before === undefined
      ? left
      : {
          plan: left.plan,
          scope: new Scope(
            [...before.scope.tables, ...left.scope.tables],
            [...before.scope.visible, ...left.scope.visible],
          ),
        };
  const right = bindReference(node.right, context, seen);
  const type = node.joinType === 'LEFT' || node.joinType === 'RIGHT' ? 'left' : 'inner';
  // A right join is a left join of the sides turned round; the order of columns stays as written.
  const turned = node.joinType === 'RIGHT';
  const outer = turned ? right : left;
  const inner = turned ? left : right;
  if (turned) refuseLookingLeft(right, left);
  const innerScope = type === 'left' ? inner.scope.nullable() : inner.scope;
  const leftScope = turned ? innerScope : outer.scope;
  const rightScope = turned ? outer.scope : innerScope;

  const shared = node.natural ? commonNames(left.scope, right.scope) : (node.using ?? []);
  const conditions: Expression[] = [];
  let visible: ScopeColumn[] | undefined;
  if (shared.length > 0) {
    const merged: ScopeColumn[] = [];
    const gone = new Set<ScopeColumn>();
    for (const name of shared) {
      const l = only(leftScope, name);
      const r = only(rightScope, name);
      context.block.binder.read(l);
      context.block.binder.read(r);
      conditions.push(
        compare(
          context.block.binder,
          'eq',
          columnExpression(only(left.scope, name)),
          columnExpression(only(right.scope, name)),
        ),
      );
      merged.push(turned ? { ...r } : l);
      gone.add(l).add(r);
    }
    visible = [
      ...merged,
      ...leftScope.visible.filter((c) => !gone.has(c)),
      ...rightScope.visible.filter((c) => !gone.has(c)),
    ];
    if (turned)
      visible = [
        ...merged,
        ...rightScope.visible.filter((c) => !gone.has(c)),
        ...leftScope.visible.filter((c) => !gone.has(c)),
      ];
  }
  const scope = Scope.concatenate(leftScope, rightScope, visible);
  if (node.on === undefined)
    return {
      plan: joinSides(type, outer.plan, inner.plan, conditions, node.joinType === 'STRAIGHT' || context.straight),
      scope,
    };

  // ON sees both sides, NULLs not yet added.
  const block = new Block(context.block.binder, context.block.outer, context.block.ctes);
  block.scope = new Scope(
    [...left.scope.tables, ...right.scope.tables],
    [...left.scope.visible, ...right.scope.visible],
  );
  if (before !== undefined && hasLateral(node.right))
    block.scope = new Scope([...before.scope.tables, ...block.scope.tables], block.scope.visible);
  const specs: SubquerySpec[] = [];
  const on = bindCondition(
    node.on,
    context.conditionContext(block, (spec) => specs.push(spec)),
  );
  conditions.push(...on);
  if (specs.length === 0)
    return {
      plan: joinSides(type, outer.plan, inner.plan, conditions, node.joinType === 'STRAIGHT' || context.straight),
      scope,
    };
  if (type === 'inner') {
    let plan = joinSides('inner', outer.plan, inner.plan, [], node.joinType === 'STRAIGHT');
    for (const spec of specs) plan = attached(plan, spec);
    return { plan: filter(plan, conditions), scope };
  }
  // For an outer join a subquery can only hang on the side that the condition filters.
  let innerPlan = inner.plan;
  const provided = outputIds(outer.plan);
  let readsOuter = false;
  for (const spec of specs) {
    const needs = [...freeColumns(spec.plan)];
    const own = new Set([...idsOf(innerPlan.output), ...idsOf(spec.plan.output)]);
    readsOuter ||= needs.some((id) => provided.has(id)) || !coveredBy(andOf(spec.conditions), own);
    innerPlan = attached(innerPlan, spec);
  }
  // One that reads the other side as well makes the inner side depend on the row: LEFT JOIN LATERAL (SELECT … WHERE the condition) ON TRUE.
  if (readsOuter) return { plan: apply('left', outer.plan, filter(innerPlan, conditions), []), scope };
  return {
    plan: joinSides(
      'left',
      outer.plan,
      innerPlan,
      conditions.flatMap((c) => conjuncts(c)),
      false,
    ),
    scope,
  };
}

/** Under RIGHT JOIN the left side depends on the right one, so the right one cannot look at it. */
function refuseLookingLeft(right: Source, left: Source): void {
  const provided = outputIds(left.plan);
  for (const id of freeColumns(right.plan))
    if (provided.has(id))
      throw new SqlError(
        3668,
        '42000',
        `INNER or LEFT JOIN must be used for LATERAL references made by '${right.scope.tables[0]?.alias ?? ''}'`,
      );
}

function hasLateral(node: ast.TableReference): boolean {
  return node.kind === 'json-table' || (node.kind === 'derived-table' && node.lateral);
}

function commonNames(left: Scope, right: Scope): string[] {
  const names = new Set(right.visible.map((c) => c.name.toLowerCase()));
  const shared: string[] = [];
  for (const c of left.visible)
    if (names.has(c.name.toLowerCase()) && !shared.includes(c.name.toLowerCase())) shared.push(c.name.toLowerCase());
  return shared;
}

/** The one column of that name on a side of USING. */
function only(scope: Scope, name: string): ScopeColumn {
  const found = scope.visible.filter((c) => c.name.toLowerCase() === name.toLowerCase());
  if (found.length === 0) throw unknownColumn(name, 'from clause');
  if (found.some((c) => c.id !== found[0]!.id)) throw ambiguousColumn(name, 'from clause');
  return found[0]!;
}

/**
 * Query blocks: SELECT in the order MySQL gives meaning to its clauses (FROM, WHERE, GROUP BY, HAVING, windows, select list, DISTINCT,
 * ORDER BY, LIMIT), set operations, VALUES and TABLE.
 *
 * In a grouped block, expressions are first bound over the ungrouped columns; aggregates and subqueries are collected on the way.
 * Then `GroupRewriter` turns what equals a group expression into the group's column, and says 1055 for what is left over.
 */
import { SqlError } from '../../../base/error.ts';
import { BIGINT } from '../../../base/value/field-type.ts';
import type { Expression, SortKey } from '../../../proto/plan/expression.ts';
import type { OutputColumn } from '../../../proto/plan/physical.ts';
import type * as ast from '../../parser/ast.ts';
import {
  differentColumnCounts,
  noTablesUsed,
  orderNotInDistinct,
  tooManyColumns,
  unknownColumn,
  unsupported,
} from '../errors.ts';
import { addColumns, castTo, columnOf, expressionKey, hasColumns, isVolatile } from '../expressions.ts';
import { needsCast, unifiedType } from '../functions.ts';
import type { LockedTable, LogicalLimit, LogicalPlan } from '../logical.ts';
import { containsAggregate, isNamed, mentionsAggregate } from './mentions.ts';
import { filter, limit, outputIds, projection, sort } from '../logical.ts';
import type { Binder } from './binder.ts';
import type { BindContext, BoundColumn, BoundQuery, CteChain, SubquerySpec } from './block.ts';
import { AggregateCollector, attached, Block } from './block.ts';
import { defineCtes, placeCtes } from './cte.ts';
import { bindCondition, bindExpression } from './expression.ts';
import { bindFrom } from './from.ts';
import { readHints, warnOfUnresolved } from './hints.ts';
import { buildGroups, GroupRewriter, rewriteOuter } from './group.ts';
import type { ScopeColumn } from './scope.ts';
import { columnExpression } from './scope.ts';
import { WindowCollector } from './window.ts';

/** Columns of one select list: what a prepared statement can announce. MySQL ends at 4,096 only for tables. */
const ITEMS_MAX = 65_535;

export function bindQuery(
  node: ast.QueryNode,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  // That of a whole statement was taken off before.
  if (node.into !== undefined)
    throw new SqlError(3954, 'HY000', 'Misplaced INTO clause, INTO is not allowed inside subqueries, and must be placed at end of UNION clauses.'); // prettier-ignore
  let chain = ctes;
  let defined: ReturnType<typeof defineCtes> | undefined;
  if (node.with !== undefined) {
    defined = defineCtes(node.with, outer, ctes, binder, (q, o, c) => bindQuery(q, o, c, binder));
    chain = defined.chain;
  }
  const bound = bindBody(node, outer, chain, binder);
  return defined === undefined
    ? bound
    : { plan: placeCtes(bound.plan, defined.own, defined.recursion), columns: bound.columns };
}

function bindBody(
  node: ast.QueryNode,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  switch (node.kind) {
    case 'select':
      return bindSelect(node, outer, ctes, binder);
    case 'set-operation':
      return withClauses(node, bindSetOperation(node, outer, ctes, binder), outer, ctes, binder);
    case 'parenthesized-query':
      return withClauses(node, bindQuery(node.query, outer, ctes, binder), outer, ctes, binder);
    case 'values':
      return withClauses(node, bindValues(node, outer, ctes, binder), outer, ctes, binder);
    case 'table-query': {
      const at = { start: node.start, end: node.end };
      const select: ast.SelectNode = {
        ...at, kind: 'select', distinct: false, options: [], hints: [], items: [{ ...at, kind: 'wildcard' }],
        from: [{ ...at, kind: 'table', table: node.table, partitions: [], indexHints: [] }], groupBy: [], rollup: false, windows: [],
        orderBy: node.orderBy, limit: node.limit, locks: node.locks,
      }; // prettier-ignore
      return bindSelect(select, outer, ctes, binder);
    }
  }
}

export function bindSubquery(node: ast.QueryNode, context: BindContext): BoundQuery {
  const { block } = context;
  const before = block.standing;
  block.standing = context;
  try {
    return bindQuery(node, block, block.ctes, block.binder);
  } finally {
    block.standing = before;
  }
}

/** Binding a block has shown that what was held for its groups is wrong; it is bound anew. */
class Regroup {
  readonly block: Block;
  readonly grouped: boolean;

  constructor(block: Block, grouped: boolean) {
    this.block = block;
    this.grouped = grouped;
  }
}

/** Whether a block has groups is known from its text, unless an aggregate stands in a block and belongs to another. */
function bindSelect(
  node: ast.SelectNode,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  for (let grouped: boolean | undefined; ;) {
    const block = new Block(binder, outer, ctes);
    try {
      return new SelectBinder(node, block, grouped).bind();
    } catch (signal) {
      if (!(signal instanceof Regroup) || signal.block !== block || grouped !== undefined) throw signal;
      grouped = signal.grouped;
    }
  }
}

/** Context of a plain row expression of a block: no aggregates, no windows, no aliases. */
export function rowContext(
  block: Block,
  clause: BindContext['clause'],
  attach: (spec: SubquerySpec) => void = (spec) => block.attach(spec),
): BindContext {
  return {
    block, clause, attach, bindSubquery, aggregates: undefined, window: undefined, alias: undefined, aliasFirst: false, grouping: undefined, valuesOf: undefined,
  }; // prettier-ignore
}

// ---- LIMIT and friends ----

/** A count of LIMIT: a literal or parameter, kept as one so that the plan fits other counts. */
export function bindLimit(clause: ast.LimitClause, plan: LogicalPlan, binder: Binder): LogicalLimit {
  const bound = (node: ast.ExpressionNode): Expression => {
    if (node.kind === 'literal') {
      const e = binder.literal(node);
      return e.kind === 'parameter' ? { ...e, type: BIGINT } : e;
    }
    if (node.kind === 'parameter') {
      const e = binder.parameter(node);
      return e.kind === 'parameter' ? { ...e, type: { ...BIGINT, notNull: true } } : e;
    }
    throw unsupported('LIMIT with an expression');
  };
  return limit(plan, clause.offset && bound(clause.offset), bound(clause.count));
}

/** ORDER BY and LIMIT over a finished query: its columns by name, position or expression. */
function withClauses(
  node: ast.QueryClauses,
  query: BoundQuery,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  let plan = query.plan;
  if (node.orderBy.length > 0) {
    const block = new Block(binder, outer, ctes);
    block.plan = plan;
    const aliases = aliasLookup(query.columns.map((c) => ({ name: c.name, expression: columnOf(c) })));
    const context: BindContext = { ...rowContext(block, 'order clause'), alias: aliases, aliasFirst: true };
    const keys = node.orderBy.map((item) => ({
      expression:
        positional(item.expression, query.columns.map(columnOf), 'order clause', binder) ??
        bindExpression(item.expression, context),
      descending: item.descending,
    }));
    plan = sort(block.plan, keys);
  }
  if (node.locks.length > 0) throw unsupported('FOR UPDATE of a set operation');
  if (node.limit !== undefined) plan = bindLimit(node.limit, plan, binder);
  return { plan, columns: query.columns };
}

function isPosition(node: ast.ExpressionNode): node is ast.LiteralNode & { readonly literal: 'integer' } {
  return node.kind === 'literal' && node.literal === 'integer';
}

/** `ORDER BY 2`: the second column. The number is part of the plan. */
function positional<T>(node: ast.ExpressionNode, items: readonly T[], clause: string, binder: Binder): T | undefined {
  if (!isPosition(node)) return undefined;
  binder.pinLiteral(node);
  const item = items[Number(node.value) - 1];
  if (item === undefined) throw unknownColumn(String(node.value), clause);
  return item;
}

interface Named {
  readonly name: string;
  readonly expression: Expression;
}

/** The first item of the name, if it is computed; a column must be the only one of its name (MySQL looks at the items in their order). */
function aliasLookup(items: readonly Named[]): (name: string) => Expression | undefined {
  return (name) => {
    const wanted = name.toLowerCase();
    let found: Expression | undefined;
    for (const { name: own, expression } of items) {
      if (own.toLowerCase() !== wanted) continue;
      if (expression.kind !== 'column') return expression;
      if (found !== undefined && expressionKey(found) !== expressionKey(expression))
        throw new SqlError(1052, '23000', `Column '${name}' in order clause is ambiguous`);
      found = expression;
    }
    return found;
  };
}

// ---- set operations and VALUES ----

function bindSetOperation(
  node: ast.SetOperationNode,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  // A long chain of UNION ALLs is one node.
  const arms: BoundQuery[] = [];
  const collect = (query: ast.QueryNode): void => {
    const plain =
      query.kind === 'set-operation' &&
      query.operator === 'UNION' &&
      node.operator === 'UNION' &&
      query.distinct === node.distinct &&
      query.orderBy.length === 0 &&
      query.limit === undefined &&
      query.with === undefined;
    if (plain) {
      collect(query.left);
      collect(query.right);
    } else arms.push(bindQuery(query, outer, ctes, binder));
  };
  collect(node.left);
  collect(node.right);
  const first = arms[0]!;
  if (arms.some((arm) => arm.columns.length !== first.columns.length)) throw differentColumnCounts();
  const types = first.columns.map((_, i) =>
    unifiedType(
      arms.map((arm) => expressionOf(arm, arm.columns[i]!)),
      binder.env.evalContext,
    ),
  );
  const plans: LogicalPlan[] = [];
  const ids: number[][] = [];
  for (const arm of arms) {
    const cast = arm.columns.some((c, i) => needsCast(c.type, types[i]!));
    if (!cast) {
      plans.push(arm.plan);
      ids.push(arm.columns.map((c) => c.id));
      continue;
    }
    const output = arm.columns.map((c, i) => binder.newColumn(c.name, types[i]!));
    plans.push(projection(arm.plan, arm.columns.map((c, i) => (needsCast(c.type, types[i]!) ? castTo(columnOf(c), types[i]!) : columnOf(c))), output)); // prettier-ignore
    ids.push(output.map((c) => c.id));
  }
  const columns: BoundColumn[] = first.columns.map((c, i) => {
    const made = binder.newColumn(c.name, types[i]!);
    return {
      id: made.id,
      name: c.name,
      type: types[i]!,
      origin: c.origin && { ...c.origin, database: '', table: '', origin: undefined },
    };
  });
  const output: OutputColumn[] = columns.map((c) => ({ id: c.id, name: c.name, type: c.type }));
  if (node.operator === 'UNION') {
    const union: LogicalPlan = { kind: 'union', inputs: plans, columns: ids, output };
    return { plan: node.distinct ? distinct(union, columns, binder).plan : union, columns };
  }
  const plan: LogicalPlan = {
    kind: 'set-operation',
    operation: node.operator === 'EXCEPT' ? 'except' : 'intersect',
    all: !node.distinct,
    left: plans[0]!,
    right: plans[1]!,
    columns: ids,
    output,
  };
  return { plan, columns };
}

/** What computes a query's column, as far as one can see: a literal yields to a column where their collations differ. */
function expressionOf(query: BoundQuery, column: BoundColumn): Expression {
  const { plan } = query;
  const at = plan.kind === 'projection' ? plan.output.findIndex((one) => one.id === column.id) : -1;
  return plan.kind === 'projection' && at >= 0 ? plan.expressions[at]! : columnOf(column);
}

/** One of each: grouping by every column. The ids stay. */
function distinct(plan: LogicalPlan, columns: readonly BoundColumn[], _binder: Binder): BoundQuery {
  const seen = new Set<number>();
  const keys: OutputColumn[] = [];
  for (const c of columns) {
    if (seen.has(c.id)) continue;
    seen.add(c.id);
    keys.push({ id: c.id, name: c.name, type: c.type });
  }
  return {
    plan: { kind: 'aggregate', input: plan, groupBy: keys.map(columnOf), aggregates: [], rollup: false, output: keys },
    columns,
  };
}

function bindValues(
  node: ast.ValuesNode,
  outer: Block | undefined,
  ctes: CteChain | undefined,
  binder: Binder,
): BoundQuery {
  const block = new Block(binder, outer, ctes);
  const context = rowContext(block, 'field list', () => {
    throw unsupported('a subquery in VALUES ROW');
  });
  const rows = node.rows.map((row) => row.map((e) => bindExpression(e, context)));
  const width = rows[0]!.length;
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0) throw new SqlError(1136, '21S01', `Column count doesn't match value count at row ${uneven + 1}`);
  const types = rows[0]!.map((_, i) => unifiedType(rows.map((row) => row[i]!), binder.env.evalContext)); // prettier-ignore
  const columns: BoundColumn[] = types.map((type, i) => ({
    id: binder.newId(),
    name: `column_${i}`,
    type,
    origin: undefined,
  }));
  const cast = rows.map((row) => row.map((e, i) => (needsCast(e.type, types[i]!) ? castTo(e, types[i]!) : e)));
  return {
    plan: { kind: 'values', rows: cast, output: columns.map((c) => ({ id: c.id, name: c.name, type: c.type })) },
    columns,
  };
}

// ---- SELECT ----

interface Item {
  readonly name: string;
  /** As written, before grouping is applied. */
  readonly expression: Expression;
  readonly origin: ScopeColumn | undefined;
}

class SelectBinder {
  private readonly node: ast.SelectNode;
  private readonly block: Block;
  private readonly binder: Binder;

  /** What is known from an attempt before. */
  private readonly grouped: boolean | undefined;

  constructor(node: ast.SelectNode, block: Block, grouped: boolean | undefined) {
    this.node = node;
    this.block = block;
    this.binder = block.binder;
    this.grouped = grouped;
  }

  bind(): BoundQuery {
    const { node, block, binder } = this;
    // That of the statement itself was taken off before (planner.ts).
    if (node.options.includes('SQL_CALC_FOUND_ROWS'))
      throw new SqlError(1234, '42000', "Incorrect usage/placement of 'SQL_CALC_FOUND_ROWS'");
    const { hints, block: hintBlock } = binder.hintsFor(node);
    if (hints.length > 0) block.hints = readHints(node, hints, hintBlock, binder);
    block.hintBlock = hintBlock;
    if (node.from.length > 0) {
      const straight = node.options.includes('STRAIGHT_JOIN') || block.hints.straight;
      const source = bindFrom(node.from, {
        block,
        straight,
        bindQuery: (q, outer, ctes) => bindQuery(q, outer, ctes, binder),
        conditionContext: (inner, attach) => rowContext(inner, 'on clause', attach),
      });
      block.plan = source.plan;
      block.scope = source.scope;
      const aliases = source.scope.tables.map((table) => table.alias);
      if (hints.length > 0) warnOfUnresolved(block.hints, aliases, hintBlock, binder);
    }
    if (node.where !== undefined)
      block.plan = filterAbove(block, bindCondition(node.where, rowContext(block, 'where clause')));

    const collector = new AggregateCollector();
    const grouped = this.grouped ?? (node.groupBy.length > 0 || mentionsAggregate(node));
    const windows = new WindowCollector(node.windows, binder);
    const late: SubquerySpec[] = [];
    const attachLate = (spec: SubquerySpec): void => void late.push(spec);
    const attach = grouped ? attachLate : (spec: SubquerySpec): void => block.attach(spec);

    // GROUP BY names columns of FROM first, aliases second; the select list must therefore be at hand, unbound.
    const groupNodes = node.groupBy;
    const rollupBits = new Map<string, OutputColumn>();
    const grouping = (argument: Expression): Expression => {
      const bit = rollupBits.get(expressionKey(argument));
      if (bit === undefined) throw new SqlError(3603, 'HY000', 'Argument #0 of GROUPING function is not in GROUP BY');
      return columnOf(bit);
    };
    const groupExpressions: Expression[] = [];
    const shared: BindContext = {
      block, clause: 'field list', attach, bindSubquery, aggregates: grouped ? collector : undefined, alias: undefined, aliasFirst: false,
      regroup: grouped || this.grouped !== undefined ? undefined : () => { throw new Regroup(block, true); },
      window: (w, context) => windows.bind(w, context), grouping: node.rollup ? grouping : undefined, valuesOf: undefined,
    }; // prettier-ignore
    if (grouped) {
      for (const g of groupNodes) groupExpressions.push(this.byValue(() => this.groupExpression(g)));
      if (node.rollup)
        for (const e of groupExpressions)
          rollupBits.set(expressionKey(e), binder.newColumn('grouping', { ...BIGINT, notNull: true }));
    }

    const items = this.bindItems(shared, groupNodes.length > 0 || node.distinct);
    const aliases = aliasLookup(items);

    // HAVING: an alias wins unless the name is a grouped column.
    const lateHaving: SubquerySpec[] = [];
    const having =
      node.having === undefined
        ? []
        : this.byValue(() => bindCondition(node.having!, {
            ...shared, clause: 'having clause', window: undefined,
            attach: grouped ? (spec) => void lateHaving.push(spec) : (spec) => block.attach(spec),
            alias: aliases, aliasFirst: !groupNodes.some((g) => g.kind === 'column' && g.table === undefined && isNamed(node.having!, g.name)),
          })); // prettier-ignore

    const orderContext: BindContext = { ...shared, clause: 'order clause', alias: aliases, aliasFirst: false };
    const order = this.byValue(() =>
      node.orderBy.map((item): SortKey => {
        const byPosition = positional(item.expression, items, 'order clause', binder);
        if (byPosition !== undefined) return { expression: byPosition.expression, descending: item.descending };
        const top = item.expression.kind === 'column' && item.expression.table === undefined;
        return {
          expression: bindExpression(item.expression, { ...orderContext, aliasFirst: top }),
          descending: item.descending,
        };
      }),
    );

    // All aggregates that made this a block with one group were those of another.
    if (grouped && block.gaveAggregates && node.groupBy.length === 0 && collector.calls.length === 0 && this.grouped === undefined)
      throw new Regroup(block, false); // prettier-ignore
    let rewrite = (e: Expression, _clause: string, _position: number): Expression => e;
    let plan = block.plan;
    const lock = this.lockSpec();
    const lockEarly = grouped || node.distinct || windows.used;
    if (lock !== undefined && lockEarly) plan = { ...lock, input: plan, output: plan.output };
    const groups = grouped
      ? buildGroups(plan, groupExpressions, collector, node.rollup, rollupBits, binder)
      : undefined;
    if (groups !== undefined) {
      const rewriter = new GroupRewriter(groups, binder);
      rewrite = (e, clause, position) => rewriter.rewrite(e, clause, position);
    }
    // Everything is rewritten before anything stands on the groups: rewriting may carry further columns along.
    const rewrittenSpec = (spec: SubquerySpec, clause: string): SubquerySpec => {
      const change = (e: Expression): Expression => rewrite(e, clause, 1);
      return { ...spec, plan: rewriteOuter(spec.plan, change), conditions: spec.conditions.map(change) };
    };
    const havingSpecs = lateHaving.map((spec) => rewrittenSpec(spec, 'HAVING clause'));
    const havingConditions = having.map((e) => rewrite(e, 'HAVING clause', 1));
    const selectSpecs = grouped ? late.map((spec) => rewrittenSpec(spec, 'SELECT list')) : [];
    const windowNodes = windows.nodes((e) => rewrite(e, 'SELECT list', 1));
    const finalItems = items.map((item, i) => ({
      ...item,
      expression: rewrite(item.expression, 'SELECT list', i + 1),
    }));
    const finalOrder = order.map((key, i) => ({
      expression: rewrite(key.expression, 'ORDER BY clause', i + 1),
      descending: key.descending,
    }));

    if (groups !== undefined) plan = groups.finish();
    // Subqueries of HAVING run on groups, those of the select list on the groups that HAVING left.
    for (const spec of havingSpecs) plan = attached(plan, spec);
    plan = filter(plan, havingConditions);
    for (const spec of selectSpecs) plan = attached(plan, spec);
    for (const make of windowNodes) plan = make(plan);
    return this.project(plan, finalItems, finalOrder, lockEarly ? undefined : lock);
  }

  /**
   * Expressions that are compared with others of the statement (group with select item, sort key with DISTINCT's) keep their literals:
   * as parameters, the two ones of `SELECT a + 1 … GROUP BY a + 1` would be two things.
   */
  private byValue<T>(bind: () => T): T {
    this.binder.pinning++;
    try {
      return bind();
    } finally {
      this.binder.pinning--;
    }
  }

  private groupExpression(node: ast.ExpressionNode): Expression {
    const { block, binder } = this;
    const context = rowContext(block, 'group statement');
    if (isPosition(node)) {
      const item = this.expandedItem(Number(node.value));
      binder.pinLiteral(node);
      if (item === undefined) throw unknownColumn(String(node.value), 'group statement');
      return this.groupItem(item, String(node.value));
    }
    if (
      node.kind === 'column' &&
      node.table === undefined &&
      block.scope.find(undefined, undefined, node.name, 'group statement') === undefined
    ) {
      const item = this.node.items.find(
        (i) => i.kind === 'expression' && i.alias?.toLowerCase() === node.name.toLowerCase(),
      );
      if (item?.kind === 'expression') return this.groupItem(item.expression, node.name);
    }
    return bindExpression(node, context);
  }

  private groupItem(item: ast.ExpressionNode | ScopeColumn, name: string): Expression {
    if (!('kind' in item)) return columnExpression(item);
    if (containsAggregate(item)) throw new SqlError(1056, '42000', `Can't group on '${name}'`);
    // A literal in a grouped select item is named by its text (or an alias), and must be one and the same expression here and there.
    return bindExpression(item, rowContext(this.block, 'group statement'));
  }

  /** The select item at a position, wildcards spread out. */
  private expandedItem(position: number): ast.ExpressionNode | ScopeColumn | undefined {
    let at = 0;
    for (const item of this.node.items) {
      if (item.kind === 'expression') {
        if (++at === position) return item.expression;
        continue;
      }
      for (const column of this.starColumns(item)) if (++at === position) return column;
    }
    return undefined;
  }

  private starColumns(item: ast.WildcardItem): readonly ScopeColumn[] {
    return item.table === undefined ? this.block.scope.visible : this.block.scope.star(item.schema, item.table);
  }

  private bindItems(context: BindContext, matched: boolean): Item[] {
    const items: Item[] = [];
    const { binder, node } = this;
    if (node.items.length > ITEMS_MAX) throw tooManyColumns();
    for (const item of node.items) {
      if (item.kind === 'wildcard') {
        if (node.from.length === 0) throw noTablesUsed();
        const columns = this.starColumns(item);
        if (binder.existsQuery !== node) binder.readAll(columns);
        binder.stars?.set(item, columns);
        for (const column of columns)
          items.push({ name: column.name, expression: columnExpression(column), origin: column });
        if (items.length > ITEMS_MAX) throw tooManyColumns();
        continue;
      }
      const source = item.expression;
      // An unaliased expression is named by its text: on a plan-cache hit other literals would have another name.
      const byText =
        matched || (item.alias === undefined && source.kind !== 'column' && this.block.outer === undefined);
      if (byText) binder.pinning++;
      try {
        const expression = bindExpression(source, context);
        const origin =
          source.kind === 'column'
            ? this.block.scope.find(source.schema, source.table, source.name, 'field list')
            : undefined;
        items.push({ name: item.alias ?? itemName(source, binder), expression, origin });
      } finally {
        if (byText) binder.pinning--;
      }
    }
    return items;
  }

  /** Select list, DISTINCT, ORDER BY and LIMIT over the finished rows. */
  private project(
    input: LogicalPlan,
    items: readonly Item[],
    order: readonly SortKey[],
    lock: Omit<Extract<LogicalPlan, { kind: 'lock' }>, 'input' | 'output'> | undefined,
  ): BoundQuery {
    const { binder, node } = this;
    const expressions: Expression[] = [];
    const output: OutputColumn[] = [];
    const byKey = new Map<string, OutputColumn>();
    const own = outputIds(input);
    const place = (e: Expression, name: string, reuse: boolean): OutputColumn => {
      const key = expressionKey(e);
      const known = reuse || e.kind === 'column' ? byKey.get(key) : undefined;
      if (known !== undefined) return known;
      // A column of an outer block is a value here, and gets a column of its own.
      const isOwn = e.kind === 'column' && own.has(e.id);
      const column: OutputColumn = isOwn
        ? { id: e.id, name: e.name, type: e.type }
        : binder.newColumn(e.kind === 'column' ? e.name : name, e.type);
      expressions.push(e);
      output.push(column);
      if (!isVolatile(e)) byKey.set(key, column);
      return column;
    };
    const columns: BoundColumn[] = items.map((item) => {
      const column = place(item.expression, item.name, false);
      return { id: column.id, name: item.name, type: item.expression.type, origin: item.origin };
    });
    const visible = output.length;
    const keys: SortKey[] = [];
    order.forEach((key, i) => {
      // A constant orders nothing.
      if (!hasColumns(key.expression) && !isVolatile(key.expression)) return;
      if (node.distinct && byKey.get(expressionKey(key.expression)) === undefined) {
        const ids = addColumns(key.expression, new Set());
        const outside = [...ids].find((id) => !output.slice(0, visible).some((c) => c.id === id));
        if (outside !== undefined)
          throw orderNotInDistinct(
            i + 1,
            key.expression.kind === 'column'
              ? key.expression.name
              : this.binder.text(node.orderBy[i]!.expression as ast.Located),
          );
        keys.push(key);
        return;
      }
      keys.push({ expression: columnOf(place(key.expression, 'sort key', true)), descending: key.descending });
    });
    const lockedIds = lock?.tables.flatMap((t) => t.handle) ?? [];
    for (const id of lockedIds) {
      const column = input.output.find((c) => c.id === id);
      if (column !== undefined && !output.some((c) => c.id === id)) place(columnOf(column), column.name, true);
    }
    let plan: LogicalPlan = projection(input, expressions, output);
    if (node.distinct) plan = distinct(plan, columns, binder).plan;
    plan = sort(plan, keys);
    if (lock !== undefined) plan = { ...lock, input: plan, output: plan.output };
    if (node.limit !== undefined) plan = bindLimit(node.limit, plan, binder);
    if (output.length > visible && !node.distinct)
      plan = projection(plan, output.slice(0, visible).map(columnOf), output.slice(0, visible));
    return { plan, columns };
  }

  private lockSpec(): Omit<Extract<LogicalPlan, { kind: 'lock' }>, 'input' | 'output'> | undefined {
    const { node, block } = this;
    if (node.locks.length === 0) return undefined;
    if (node.locks.length > 1) throw unsupported('several locking clauses in one query block');
    const clause = node.locks[0]!;
    const named = clause.tables.map((t) => {
      const found = block.scope.table(t.schema, t.name);
      if (found === undefined)
        throw new SqlError(3568, 'HY000', `Unresolved table name \`${t.name}\` in locking clause.`);
      return found;
    });
    const tables: LockedTable[] = [];
    for (const table of named.length > 0 ? named : block.scope.tables) {
      if (table.base === undefined) continue;
      const { table: info, idByOffset, handleId, partitionId } = table.base;
      if (clause.strength === 'UPDATE') this.binder.checkLock(table.database, info.name);
      const primary = info.indexes.find((i) => i.primary);
      const handle = handleId >= 0 ? [handleId] : primary!.columns.map((part) => idByOffset[part.offset]!);
      tables.push({ table: info, handle: partitionId >= 0 ? [...handle, partitionId] : handle });
    }
    if (tables.length === 0) return undefined;
    return { kind: 'lock', mode: clause.strength === 'UPDATE' ? 'update' : 'share', wait: clause.wait, tables };
  }
}

function filterAbove(block: Block, conditions: readonly Expression[]): LogicalPlan {
  return filter(block.plan, conditions);
}

/** What a result column is called: a column's own name, a string's value, else the text. */
function itemName(node: ast.ExpressionNode, binder: Binder): string {
  if (node.kind === 'column') return node.name;
  if (node.kind === 'literal' && node.literal === 'string') return node.value;
  if (node.kind === 'literal' && node.literal === 'null') return 'NULL';
  return binder.text(node);
}

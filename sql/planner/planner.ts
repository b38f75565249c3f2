/**
 * The planner's course: bind → rules → physical → resolve. One function for queries, one for statements that write; both keep
 * nothing between calls, so planning is a pure function of the syntax tree and the environment.
 */
import { verify } from '../../base/assert.ts';
import { FieldFlag } from '../../base/value/field-type.ts';
import type { ColumnId, Expression } from '../../proto/plan/expression.ts';
import type {
  DerivedParameter,
  DeletePlan,
  InsertPlan,
  OutputColumn,
  PhysicalPlan,
  TableTarget,
  UpdatePlan,
  WritePlan,
  WrittenPartitions,
} from '../../proto/plan/physical.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type * as ast from '../parser/ast.ts';
import type { ResultColumn } from '../session/result.ts';
import { Binder } from './bind/binder.ts';
import type { BoundColumn } from './bind/block.ts';
import { partitionFunction } from './bind/partitions.ts';
import { bindLimit, bindQuery } from './bind/query.ts';
import { rowChecks, useReferences } from './bind/constraints.ts';
import { generatedValues } from './bind/generated.ts';
import { warn as warnOfHint } from './bind/hints.ts';
import type { BoundChange, BoundInsert } from './bind/write.ts';
import { bindDelete, bindInsert, bindUpdate } from './bind/write.ts';
import type { PlannerEnvironment, ResidencyAssumption } from './environment.ts';
import { addColumns } from './expressions.ts';
import type { LogicalPlan } from './logical.ts';
import { childrenOf } from './logical.ts';
import { Optimizer } from './physical/optimizer.ts';
import { trim, trimRoot } from './physical/trim.ts';
import { positionsOf, Resolver } from './resolve.ts';
import { refuseUnsafe } from './safe-updates.ts';
import { RULES } from './rules/index.ts';
import type { RuleContext } from './rules/rule.ts';
import { Estimator } from './statistics.ts';
import { verifyPlan } from './verify.ts';

export interface PlannedTable {
  readonly database: string;
  readonly table: TableInfo;
}

/** What the session's plan cache must know beside the plan itself. */
interface Planned {
  /** Computed once per execution, in order, into `evaluation.parameters`. */
  readonly derived: readonly DerivedParameter[];
  /** Parameters whose value is part of the plan: a hit needs equal values there. Sorted. */
  readonly pinned: readonly number[];
  /** Length that `evaluation.parameters` grows to: given, correlated and derived ones. */
  readonly parameterCount: number;
  readonly tables: readonly PlannedTable[];
  readonly cacheable: boolean;
  /** What the column engine had ready; a hit needs the same. */
  readonly residencies: readonly ResidencyAssumption[];
  /** MAX_EXECUTION_TIME hint. */
  readonly maxExecutionTimeMs: number | undefined;
  /** SET_VAR hints: for this statement only; such a plan is not cacheable. */
  readonly setVariables: ReadonlyMap<string, string>;
}

export interface QueryPlan extends Planned {
  readonly plan: PhysicalPlan;
  readonly columns: readonly ResultColumn[];
  /** No row is locked. */
  readonly readOnly: boolean;
  readonly lockMode: 'none' | 'share' | 'update';
  /** SQL_CALC_FOUND_ROWS: the LIMIT that is not in the plan, since all rows are to be counted; whoever runs the plan cuts. */
  readonly cut: ResultCut | undefined;
  /** SELECT … INTO. */
  readonly into: ast.IntoClause | undefined;
}

export interface ResultCut {
  readonly offset: Expression | undefined;
  readonly count: Expression;
}

export interface PlannedWrite extends Planned {
  readonly plan: WritePlan;
}

export function planQuery(written: ast.QueryNode, env: PlannerEnvironment): QueryPlan {
  const { node, limit } = countingAllRows(written);
  const binder = new Binder(env, node);
  const bound = bindQuery(node.into === undefined ? node : { ...node, into: undefined }, undefined, undefined, binder);
  const wanted = bound.columns.map((c): OutputColumn => ({ id: c.id, name: c.name, type: c.type }));
  const lockMode = lockModeOf(bound.plan);
  const context: RuleContext = { binder, estimator: new Estimator(env), wanted: wanted.map((c) => c.id) };
  const correlatedFrom = binder.parameterCount;
  const logical = rewrite(bound.plan, context);
  const optimizer = new Optimizer(context, { columnEngine: lockMode === 'none' });
  const physical = optimizer.root(logical, wanted);
  const resolver = new Resolver({
    parameterCount: binder.parameterCount,
    correlatedFrom,
    disabledRules: env.disabledRules,
  });
  const plan = resolver.plan(trimRoot(physical));
  warnOfUnused(binder);
  return {
    ...planned(binder, resolver),
    residencies: optimizer.assumptions(),
    plan,
    columns: bound.columns.map(resultColumn),
    readOnly: lockMode === 'none',
    lockMode,
    cut: limit && bindLimit(limit, bound.plan, binder),
    into: node.into,
  };
}

/** Takes SQL_CALC_FOUND_ROWS off the first SELECT, and with it the LIMIT of the whole. */
function countingAllRows(node: ast.QueryNode): { readonly node: ast.QueryNode; readonly limit?: ast.LimitClause } {
  if (node.kind === 'parenthesized-query' && node.limit === undefined) {
    const inner = countingAllRows(node.query);
    return inner.node === node.query ? { node } : { ...inner, node: { ...node, query: inner.node } };
  }
  const without = withoutCounting(node);
  if (without === undefined) return { node };
  const { limit, ...all } = without;
  return limit === undefined ? { node: all } : { node: all, limit };
}

function withoutCounting(node: ast.QueryNode): ast.QueryNode | undefined {
  switch (node.kind) {
    case 'select': {
      const options = node.options.filter((option) => option !== 'SQL_CALC_FOUND_ROWS');
      return options.length === node.options.length ? undefined : { ...node, options };
    }
    case 'set-operation': {
      const left = withoutCounting(node.left);
      return left && { ...node, left };
    }
    case 'parenthesized-query': {
      const query = withoutCounting(node.query);
      return query && { ...node, query };
    }
    default:
      return undefined;
  }
}

function planned(binder: Binder, resolver: Resolver): Planned {
  return {
    derived: resolver.derived,
    pinned: [...binder.pinned].sort((a, b) => a - b),
    parameterCount: binder.parameterCount + resolver.derived.length,
    tables: [...binder.tables.values()],
    cacheable: binder.cacheable && binder.setVariables.size === 0,
    residencies: [],
    maxExecutionTimeMs: binder.maxExecutionTimeMs,
    setVariables: binder.setVariables,
  };
}

export function rewrite(plan: LogicalPlan, context: RuleContext): LogicalPlan {
  const disabled = context.binder.env.disabledRules;
  let made = plan;
  verify(() => verifyPlan(made, context.wanted, 'binding'));
  for (const rule of RULES) {
    if (disabled.has(rule.name)) continue;
    made = rule.apply(made, context);
    verify(() => verifyPlan(made, context.wanted, rule.name));
  }
  return made;
}

function lockModeOf(plan: LogicalPlan): 'none' | 'share' | 'update' {
  if (plan.kind === 'lock') return plan.mode;
  for (const child of childrenOf(plan)) {
    const mode = lockModeOf(child);
    if (mode !== 'none') return mode;
  }
  return 'none';
}

function resultColumn(column: BoundColumn): ResultColumn {
  const origin = column.origin;
  const stored = origin?.origin;
  return {
    name: column.name,
    originalName: stored?.column.name ?? (origin === undefined ? '' : origin.name),
    table: origin?.table ?? '',
    originalTable: stored?.table.name ?? '',
    database: stored?.database ?? origin?.database ?? '',
    type: column.type,
    flags: stored === undefined ? 0 : columnFlags(stored.table, stored.column.offset),
  };
}

/** What the wire says of a stored column beyond its type. */
export function columnFlags(table: TableInfo, offset: number): number {
  const column = table.columns[offset]!;
  let flags = 0;
  for (const index of table.indexes) {
    const at = index.columns.findIndex((part) => part.offset === offset);
    if (at < 0) continue;
    if (index.primary) flags |= FieldFlag.PRIMARY_KEY;
    else if (index.unique && index.columns.length === 1) flags |= FieldFlag.UNIQUE_KEY;
    else if (at === 0) flags |= FieldFlag.MULTIPLE_KEY;
  }
  if (column.autoIncrement) flags |= FieldFlag.AUTO_INCREMENT;
  if (column.onUpdateNow) flags |= FieldFlag.ON_UPDATE_NOW;
  if (column.default.kind === 'none' && column.type.notNull && !column.autoIncrement)
    flags |= FieldFlag.NO_DEFAULT_VALUE;
  return flags;
}

// ---- statements that write ----

export function planWrite(
  node: ast.InsertStatement | ast.UpdateStatement | ast.DeleteStatement,
  env: PlannerEnvironment,
): PlannedWrite {
  const binder = new Binder(env, node);
  switch (node.kind) {
    case 'insert':
      return planInsert(bindInsert(node, binder), binder);
    case 'update':
      return planChange(bindUpdate(node, binder), binder);
    case 'delete':
      return planChange(bindDelete(node, binder), binder);
  }
}

interface Source {
  readonly plan: PhysicalPlan;
  readonly resolver: Resolver;
}

function planSource(plan: LogicalPlan, wanted: readonly OutputColumn[], exact: boolean, binder: Binder): Source {
  const context: RuleContext = { binder, estimator: new Estimator(binder.env), wanted: wanted.map((c) => c.id) };
  const correlatedFrom = binder.parameterCount;
  const logical = rewrite(plan, context);
  const optimizer = new Optimizer(context, { columnEngine: false });
  const made = exact ? optimizer.root(logical, wanted) : optimizer.optimize(logical, []).plan;
  const resolver = new Resolver({
    parameterCount: binder.parameterCount,
    correlatedFrom,
    disabledRules: binder.env.disabledRules,
  });
  warnOfUnused(binder);
  return { plan: resolver.plan(exact ? trimRoot(made) : trim(made, new Set(context.wanted))), resolver };
}

/** Ways to join that were asked for, and no join could be run so. */
function warnOfUnused(binder: Binder): void {
  for (const name of binder.joinHints.values()) warnOfHint(binder, 1815, `Optimizer hint ${name} is inapplicable`);
}

function planInsert(bound: BoundInsert, binder: Binder): PlannedWrite {
  const width = bound.table.columns.length;
  let source: Source | undefined;
  if (bound.source !== undefined) {
    const wanted = bound.source.columns.map((c): OutputColumn => ({ id: c.id, name: c.name, type: c.type }));
    source = planSource(bound.source.plan, wanted, true, binder);
  }
  const resolver =
    source?.resolver ??
    new Resolver({
      parameterCount: binder.parameterCount,
      correlatedFrom: binder.parameterCount,
      disabledRules: binder.env.disabledRules,
    });
  const byNew = new Map<ColumnId, number>();
  bound.newIds.forEach((id, offset) => byNew.set(id, offset));
  const byBoth = new Map<ColumnId, number>();
  bound.oldIds.forEach((id, offset) => byBoth.set(id, offset));
  bound.newIds.forEach((id, offset) => byBoth.set(id, width + offset));
  bound.source?.columns.forEach((c, i) => {
    if (!byBoth.has(c.id)) byBoth.set(c.id, 2 * width + i);
  });
  useReferences(bound.database, bound.table, binder);
  const checks = rowChecks(bound.table, bound.database, binder);
  const generated = generatedValues(bound.table, bound.database, binder);
  const plan: InsertPlan = {
    kind: 'insert', database: bound.database, table: bound.table, mode: bound.mode, ignore: bound.ignore, columnOffsets: bound.columnOffsets,
    rows: bound.rows?.map((row) => row.map((e) => (e === undefined || e.kind === 'constant' || e.kind === 'parameter' ? e : resolver.place(e, byNew)))),
    source: source?.plan,
    onDuplicate: bound.onDuplicate.map((a) => ({ ...a, value: resolver.place(a.value, byBoth) })),
    ...(bound.defaults.size === 0 ? {} : { defaultExpressions: new Map([...bound.defaults].map(([offset, e]) => [offset, resolver.place(e, byNew)])) }),
    ...(checks === undefined ? {} : { checks }),
    ...(generated === undefined ? {} : { generated }),
    ...writtenPartitions(bound, -1, binder),
  }; // prettier-ignore
  return { plan, ...planned(binder, resolver) };
}

function writtenPartitions(
  bound: { readonly table: TableInfo; readonly database: string; readonly named?: readonly number[] | undefined },
  position: number,
  binder: Binder,
): { readonly partitions?: WrittenPartitions } {
  const { table, database, named } = bound;
  if (table.partitioning === undefined) return {};
  return { partitions: { function: partitionFunction(table, database, binder), named, position } };
}

function planChange(bound: BoundChange, binder: Binder): PlannedWrite {
  const ids = new Set<ColumnId>();
  for (const target of bound.targets) {
    for (const id of target.idByOffset) ids.add(id);
    if (target.handleId >= 0) ids.add(target.handleId);
    if (target.partitionId >= 0) ids.add(target.partitionId);
  }
  for (const a of bound.assignments) addColumns(a.value, ids);
  const wanted = bound.plan.output.filter((c) => ids.has(c.id));
  const source = planSource(bound.plan, wanted, false, binder);
  if (binder.env.safeUpdates === true) refuseUnsafe(source.plan, bound.targets);
  const positions = positionsOf(source.plan.output);
  const targets = bound.targets.map((target): TableTarget => {
    useReferences(target.database, target.table, binder);
    const checks = bound.kind === 'update' ? rowChecks(target.table, target.database, binder) : undefined;
    const generated = bound.kind === 'update' ? generatedValues(target.table, target.database, binder) : undefined;
    return {
      database: target.database,
      table: target.table,
      columnPositions: target.idByOffset.map((id) => positions.get(id) ?? -1),
      handlePosition: target.handleId < 0 ? -1 : positions.get(target.handleId)!,
      ...(checks === undefined ? {} : { checks }),
      ...(generated === undefined ? {} : { generated }),
      ...writtenPartitions(target, positions.get(target.partitionId) ?? -1, binder),
    };
  });
  const value = (e: Expression): Expression => source.resolver.expression(e, positions);
  const plan: UpdatePlan | DeletePlan =
    bound.kind === 'update'
      ? {
          kind: 'update',
          input: source.plan,
          targets,
          assignments: bound.assignments.map((a) => ({ ...a, value: value(a.value) })),
          ignore: bound.ignore,
        }
      : { kind: 'delete', input: source.plan, targets, ignore: bound.ignore };
  return { plan, ...planned(binder, source.resolver) };
}

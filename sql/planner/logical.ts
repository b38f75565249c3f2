/**
 * The logical plan: what a query means, before anything says how. Columns are known by id; an id means one value wherever it is
 * seen, so filters and columns pass through projections and joins without renaming, and a parent never cares about a child's column
 * order. Where order does matter (the root, arms of a UNION, CTEs) the parent lists the ids it wants.
 *
 * An `apply` is a join whose right side mentions columns of its left side. Nodes are immutable; rules build new ones through
 * the makers at the bottom, which also work out `output`.
 */
import { assert, unreachable } from '../../base/assert.ts';
import type {
  AggregateCall,
  ColumnId,
  Expression,
  SortKey,
  WindowCall,
  WindowFrame,
} from '../../proto/plan/expression.ts';
import type { JoinType, JsonTablePart, OutputColumn, PartitionFunction } from '../../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { addColumns } from './expressions.ts';

/** A way to run a join that a hint can ask for. */
export type JoinWay = 'hash' | 'hash-build' | 'hash-probe' | 'index' | 'merge';

/** What hints say of one table. */
export interface IndexHints {
  /** Lower-case names; `undefined`: any. */
  readonly use: readonly string[] | undefined;
  readonly force: boolean;
  readonly ignore: readonly string[];
  /** False: no index merge. */
  readonly merge?: boolean;
  /** Joins with this table shall (not) be run so. */
  readonly joins?: ReadonlySet<JoinWay>;
  readonly notJoins?: ReadonlySet<JoinWay>;
  /** Where it stands in the order of the block's joins: `first` and `last` of all, `order` among those that have a rank. */
  readonly place?: { readonly kind: 'first' | 'order' | 'last'; readonly rank: number; readonly block: number };
  readonly engine?: 'row' | 'column';
  /** Indexes that were named, and by which hint. */
  readonly named?: readonly (readonly [index: string, hint: string])[];
}

interface Base {
  readonly output: readonly OutputColumn[];
}

export interface LogicalScan extends Base {
  readonly kind: 'scan';
  readonly database: string;
  readonly table: TableInfo;
  readonly alias: string;
  /** Same order as `output`. */
  readonly columns: readonly ColumnInfo[];
  /** Ids of all columns of the table instance by offset, needed to recognise key columns after pruning. */
  readonly idByOffset: readonly ColumnId[];
  readonly hints: IndexHints | undefined;
  /** Of a partitioned table, and only then: `named` are the positions in `PARTITION (…)`. */
  readonly partitions?: { readonly function: PartitionFunction; readonly named: readonly number[] | undefined };
}

export interface LogicalMemory extends Base {
  readonly kind: 'memory';
  readonly database: string;
  readonly tableName: string;
  readonly offsets: readonly number[];
}

export interface LogicalValues extends Base {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

export interface LogicalJsonTable extends Base {
  readonly kind: 'json-table';
  /** Mentions columns of tables before it, by which the join becomes an apply. */
  readonly document: Expression;
  readonly path: string;
  readonly parts: readonly JsonTablePart[];
}

export interface LogicalFilter extends Base {
  readonly kind: 'filter';
  readonly input: LogicalPlan;
  readonly conditions: readonly Expression[];
}

export interface LogicalProjection extends Base {
  readonly kind: 'projection';
  readonly input: LogicalPlan;
  readonly expressions: readonly Expression[];
}

export interface LogicalJoin extends Base {
  readonly kind: 'join';
  readonly joinType: JoinType;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly conditions: readonly Expression[];
  /** STRAIGHT_JOIN: the order is the user's. */
  readonly straight: boolean;
  /** `left-semi-mark` only. */
  readonly mark: OutputColumn | undefined;
}

export interface LogicalApply extends Base {
  readonly kind: 'apply';
  readonly joinType: JoinType | 'scalar';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly conditions: readonly Expression[];
  readonly mark: OutputColumn | undefined;
  /** `scalar`: which column of `right` is the value; its id is the id of the appended column. */
  readonly value: OutputColumn | undefined;
}

export interface LogicalAggregate extends Base {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly groupBy: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  readonly rollup: boolean;
}

export interface LogicalWindow extends Base {
  readonly kind: 'window';
  readonly input: LogicalPlan;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame | undefined;
  readonly calls: readonly WindowCall[];
}

export interface LogicalSort extends Base {
  readonly kind: 'sort';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
}

export interface LogicalLimit extends Base {
  readonly kind: 'limit';
  readonly input: LogicalPlan;
  readonly offset: Expression | undefined;
  readonly count: Expression;
}

export interface LogicalUnion extends Base {
  readonly kind: 'union';
  readonly inputs: readonly LogicalPlan[];
  /** For each input, its columns in the order of `output`. */
  readonly columns: readonly (readonly ColumnId[])[];
}

export interface LogicalSetOperation extends Base {
  readonly kind: 'set-operation';
  readonly operation: 'except' | 'intersect';
  readonly all: boolean;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly columns: readonly (readonly ColumnId[])[];
}

export interface LogicalWithCte extends Base {
  readonly kind: 'with-cte';
  readonly cteId: number;
  readonly seed: LogicalPlan;
  readonly recursive: LogicalPlan | undefined;
  readonly distinct: boolean;
  readonly columns: readonly (readonly ColumnId[])[];
  readonly input: LogicalPlan;
}

export interface LogicalCteScan extends Base {
  readonly kind: 'cte-scan';
  readonly cteId: number;
  readonly name: string;
}

export interface LockedTable {
  readonly table: TableInfo;
  /** Behind the handle's columns, of a partitioned table, the one that says the partition. */
  readonly handle: readonly ColumnId[];
}

export interface LogicalLock extends Base {
  readonly kind: 'lock';
  readonly input: LogicalPlan;
  readonly mode: 'update' | 'share';
  readonly wait: 'wait' | 'nowait' | 'skip-locked';
  readonly tables: readonly LockedTable[];
}

export type LogicalPlan =
  | LogicalScan | LogicalMemory | LogicalValues | LogicalJsonTable | LogicalFilter | LogicalProjection | LogicalJoin | LogicalApply | LogicalAggregate
  | LogicalWindow | LogicalSort | LogicalLimit | LogicalUnion | LogicalSetOperation | LogicalWithCte | LogicalCteScan | LogicalLock; // prettier-ignore

// ---- makers ----

/** Conditions of none: the input itself; a filter of a filter: one filter. */
export function filter(input: LogicalPlan, conditions: readonly Expression[]): LogicalPlan {
  if (conditions.length === 0) return input;
  if (input.kind === 'filter') return { ...input, conditions: [...input.conditions, ...conditions] };
  return { kind: 'filter', input, conditions, output: input.output };
}

export function projection(
  input: LogicalPlan,
  expressions: readonly Expression[],
  output: readonly OutputColumn[],
): LogicalProjection {
  assert(expressions.length === output.length, 'a projection has an expression for each column');
  return { kind: 'projection', input, expressions, output };
}

const nullable = (columns: readonly OutputColumn[]): OutputColumn[] =>
  columns.map((c) => (c.type.notNull ? { ...c, type: { ...c.type, notNull: false } } : c));

function joinOutput(
  type: JoinType | 'scalar',
  left: LogicalPlan,
  right: LogicalPlan,
  extra: OutputColumn | undefined,
): readonly OutputColumn[] {
  if (type === 'inner') return [...left.output, ...right.output];
  if (type === 'left') return [...left.output, ...nullable(right.output)];
  if (type === 'left-semi-mark' || type === 'scalar') return [...left.output, extra!];
  return left.output;
}

export interface JoinOptions {
  readonly straight?: boolean;
  readonly mark?: OutputColumn | undefined;
}

export function join(
  joinType: JoinType,
  left: LogicalPlan,
  right: LogicalPlan,
  conditions: readonly Expression[],
  options: JoinOptions = {},
): LogicalJoin {
  return {
    kind: 'join', joinType, left, right, conditions, straight: options.straight === true, mark: options.mark,
    output: joinOutput(joinType, left, right, options.mark),
  }; // prettier-ignore
}

export interface ApplyOptions {
  readonly mark?: OutputColumn | undefined;
  readonly value?: OutputColumn | undefined;
}

export function apply(
  joinType: JoinType | 'scalar',
  left: LogicalPlan,
  right: LogicalPlan,
  conditions: readonly Expression[],
  options: ApplyOptions = {},
): LogicalApply {
  return {
    kind: 'apply', joinType, left, right, conditions, mark: options.mark, value: options.value,
    output: joinOutput(joinType, left, right, joinType === 'scalar' ? options.value : options.mark),
  }; // prettier-ignore
}

export function sort(input: LogicalPlan, keys: readonly SortKey[]): LogicalPlan {
  return keys.length === 0 ? input : { kind: 'sort', input, keys, output: input.output };
}

export function limit(input: LogicalPlan, offset: Expression | undefined, count: Expression): LogicalLimit {
  return { kind: 'limit', input, offset, count, output: input.output };
}

/** A relation without rows that has these columns. */
export function emptyValues(output: readonly OutputColumn[]): LogicalValues {
  return { kind: 'values', rows: [], output };
}

// ---- structure ----

export function childrenOf(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'memory':
    case 'values':
    case 'json-table':
    case 'cte-scan': return []; // prettier-ignore
    case 'join':
    case 'apply':
    case 'set-operation': return [plan.left, plan.right]; // prettier-ignore
    case 'union': return plan.inputs; // prettier-ignore
    case 'with-cte': return plan.recursive === undefined ? [plan.seed, plan.input] : [plan.seed, plan.recursive, plan.input]; // prettier-ignore
    default: return [plan.input]; // prettier-ignore
  }
}

/** The same node over other children; outputs that follow from children are worked out anew. */
export function withChildren(plan: LogicalPlan, children: readonly LogicalPlan[]): LogicalPlan {
  const before = childrenOf(plan);
  if (before.length === children.length && before.every((child, i) => child === children[i])) return plan;
  const first = children[0]!;
  switch (plan.kind) {
    case 'scan':
    case 'memory':
    case 'values':
    case 'json-table':
    case 'cte-scan': return plan; // prettier-ignore
    case 'join': return join(plan.joinType, first, children[1]!, plan.conditions, plan); // prettier-ignore
    case 'apply': return apply(plan.joinType, first, children[1]!, plan.conditions, plan); // prettier-ignore
    case 'set-operation': return { ...plan, left: first, right: children[1]! }; // prettier-ignore
    case 'union': return { ...plan, inputs: children }; // prettier-ignore
    case 'with-cte': {
      const input = children[children.length - 1]!;
      return {
        ...plan,
        seed: first,
        recursive: plan.recursive === undefined ? undefined : children[1]!,
        input,
        output: input.output,
      };
    }
    case 'filter': return filter(first, plan.conditions); // prettier-ignore
    case 'projection':
    case 'aggregate': return { ...plan, input: first }; // prettier-ignore
    case 'window': {
      const added = plan.output.slice(plan.input.output.length);
      return { ...plan, input: first, output: [...first.output, ...added] };
    }
    case 'sort':
    case 'limit':
    case 'lock': return { ...plan, input: first, output: first.output }; // prettier-ignore
    default: return unreachable(plan); // prettier-ignore
  }
}

/** Children first. */
export function mapPlan(plan: LogicalPlan, change: (plan: LogicalPlan) => LogicalPlan): LogicalPlan {
  return change(withChildren(plan, childrenOf(plan).map((child) => mapPlan(child, change)))); // prettier-ignore
}

/** Each expression written in this node itself. */
export function expressionsOf(plan: LogicalPlan): Expression[] {
  switch (plan.kind) {
    case 'values': return plan.rows.flat(); // prettier-ignore
    case 'json-table': return [plan.document]; // prettier-ignore
    case 'filter':
    case 'join':
    case 'apply': return plan.conditions as Expression[]; // prettier-ignore
    case 'projection': return plan.expressions as Expression[]; // prettier-ignore
    case 'aggregate': return [...plan.groupBy, ...plan.aggregates.flatMap((a) => [...a.args, ...(a.orderBy ?? []).map((k) => k.expression)])]; // prettier-ignore
    case 'window': return [...plan.partitionBy, ...plan.orderBy.map((k) => k.expression), ...plan.calls.flatMap((c) => c.args)]; // prettier-ignore
    case 'sort': return plan.keys.map((k) => k.expression); // prettier-ignore
    case 'limit': return plan.offset === undefined ? [plan.count] : [plan.offset, plan.count]; // prettier-ignore
    default: return []; // prettier-ignore
  }
}

const mapKeys = (keys: readonly SortKey[], change: (e: Expression) => Expression): readonly SortKey[] =>
  keys.map((k) => ({ expression: change(k.expression), descending: k.descending }));

/** The same node with each of its own expressions changed; children stay. */
export function mapExpressions(plan: LogicalPlan, change: (e: Expression) => Expression): LogicalPlan {
  switch (plan.kind) {
    case 'values': return plan.rows.length === 0 ? plan : { ...plan, rows: plan.rows.map((row) => row.map(change)) }; // prettier-ignore
    case 'json-table': return { ...plan, document: change(plan.document) }; // prettier-ignore
    case 'filter':
    case 'join':
    case 'apply': return plan.conditions.length === 0 ? plan : { ...plan, conditions: plan.conditions.map(change) }; // prettier-ignore
    case 'projection': return { ...plan, expressions: plan.expressions.map(change) }; // prettier-ignore
    case 'aggregate':
      return {
        ...plan,
        groupBy: plan.groupBy.map(change),
        aggregates: plan.aggregates.map((a) => ({
          ...a,
          args: a.args.map(change),
          ...(a.orderBy === undefined ? {} : { orderBy: mapKeys(a.orderBy, change) }),
        })),
      };
    case 'window':
      return {
        ...plan, partitionBy: plan.partitionBy.map(change), orderBy: mapKeys(plan.orderBy, change),
        calls: plan.calls.map((c) => ({ ...c, args: c.args.map(change) })),
      }; // prettier-ignore
    case 'sort': return { ...plan, keys: mapKeys(plan.keys, change) }; // prettier-ignore
    case 'limit': return { ...plan, offset: plan.offset && change(plan.offset), count: change(plan.count) }; // prettier-ignore
    default: return plan; // prettier-ignore
  }
}

export function idsOf(columns: readonly OutputColumn[]): Set<ColumnId> {
  const ids = new Set<ColumnId>();
  for (const c of columns) ids.add(c.id);
  return ids;
}

const outputIdsMemo = new WeakMap<readonly OutputColumn[], ReadonlySet<ColumnId>>();

export function outputIds(plan: LogicalPlan): ReadonlySet<ColumnId> {
  let ids = outputIdsMemo.get(plan.output);
  if (ids === undefined) outputIdsMemo.set(plan.output, (ids = idsOf(plan.output)));
  return ids;
}

const freeMemo = new WeakMap<LogicalPlan, ReadonlySet<ColumnId>>();
const NONE: ReadonlySet<ColumnId> = new Set();

/** Columns that the plan mentions but does not make: they come from an outer query. */
export function freeColumns(plan: LogicalPlan): ReadonlySet<ColumnId> {
  const known = freeMemo.get(plan);
  if (known !== undefined) return known;
  const used = new Set<ColumnId>();
  for (const e of expressionsOf(plan)) addColumns(e, used);
  const children = childrenOf(plan);
  for (const child of children) for (const id of outputIds(child)) used.delete(id);
  // Only an apply's right side may see its left side.
  for (const child of children) {
    const free = freeColumns(child);
    if (free.size === 0) continue;
    const hidden = plan.kind === 'apply' && child === plan.right ? outputIds(plan.left) : NONE;
    for (const id of free) if (!hidden.has(id)) used.add(id);
  }
  const free = used.size === 0 ? NONE : used;
  freeMemo.set(plan, free);
  return free;
}

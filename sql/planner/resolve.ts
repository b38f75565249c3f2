/**
 * `resolve`: the last pass. Ids become positions in the rows that flow, every operator gets its name for EXPLAIN, and values that are the
 * same for all rows of one execution (`DATE ? - INTERVAL 90 DAY`) are lifted out into derived parameters, computed once.
 *
 * Lifting does not touch what depends on an apply's parameters: those change from run to run.
 */
import { AssertionError } from '../../base/assert.ts';
import type { ColumnId, Expression, SortKey } from '../../proto/plan/expression.ts';
import type {
  DerivedParameter,
  IndexScan,
  KeyRange,
  OutputColumn,
  PartitionSelection,
  PhysicalPlan,
  TableScan,
} from '../../proto/plan/physical.ts';
import { carriesGuardDigits } from '../functions/index.ts';
import { columnsIn, expressionKey, hasColumns, isVolatile, repeats, replaceIn, someExpression } from './expressions.ts';

const NAMES: Readonly<Record<PhysicalPlan['kind'], string>> = {
  'table-scan': 'TableScan', 'index-scan': 'IndexScan', 'index-merge': 'IndexMerge', 'point-get': 'Point_Get', 'memory-scan': 'MemTableScan', values: 'Values', filter: 'Selection',
  projection: 'Projection', 'hash-join': 'HashJoin', 'merge-join': 'MergeJoin', 'index-join': 'IndexJoin', 'nested-loop-join': 'NestedLoopJoin',
  apply: 'Apply', 'hash-aggregate': 'HashAgg', 'stream-aggregate': 'StreamAgg', sort: 'Sort', 'top-n': 'TopN', limit: 'Limit', window: 'Window',
  'union-all': 'Union', 'set-operation': 'SetOperation', 'with-cte': 'CTE', 'cte-scan': 'CTEScan', 'json-table': 'JsonTable', 'lock-rows': 'SelectLock', 'column-engine': 'ColumnEngine',
}; // prettier-ignore

type Positions = ReadonlyMap<ColumnId, number>;

export function positionsOf(...outputs: (readonly OutputColumn[])[]): Map<ColumnId, number> {
  const positions = new Map<ColumnId, number>();
  let at = 0;
  for (const output of outputs) {
    for (const column of output) {
      if (!positions.has(column.id)) positions.set(column.id, at);
      at++;
    }
  }
  return positions;
}

export interface ResolveOptions {
  /** Indexes from here on are free for derived parameters. */
  readonly parameterCount: number;
  /** Parameters from here on belong to applies. */
  readonly correlatedFrom: number;
  readonly disabledRules: ReadonlySet<string>;
}

export class Resolver {
  readonly derived: DerivedParameter[] = [];
  private readonly byKey = new Map<string, Expression>();
  private readonly options: ResolveOptions;
  private idNext = 1;

  constructor(options: ResolveOptions) {
    this.options = options;
  }

  /** Columns by position, per-execution constants lifted. */
  expression(e: Expression, positions: Positions): Expression {
    return this.place(this.options.disabledRules.has('derive-parameters') ? e : this.lift(e), positions);
  }

  place(e: Expression, positions: Positions): Expression {
    return replaceIn(e, (x) => {
      if (x.kind !== 'column') return undefined;
      const index = positions.get(x.id);
      if (index === undefined) throw new AssertionError(`column ${x.id} (${x.name}) is not among the input columns`);
      return { ...x, index };
    });
  }

  private lift(e: Expression): Expression {
    return replaceIn(e, (x) => {
      if (x.kind !== 'call' || repeats(x)) return x;
      if (
        hasColumns(x) ||
        isVolatile(x) ||
        this.isCorrelated(x) ||
        x.args.every((a) => a.kind === 'constant' && a.value === null)
      )
        return undefined;
      // A quotient has more digits for the arithmetic around it than a parameter would.
      if (x !== e && carriesGuardDigits(x)) return x;
      const key = expressionKey(x);
      const known = this.byKey.get(key);
      if (known !== undefined) return known;
      const index = this.options.parameterCount + this.derived.length;
      const parameter: Expression = { kind: 'parameter', index, type: x.type };
      this.derived.push({ index, expression: x });
      this.byKey.set(key, parameter);
      return parameter;
    });
  }

  private isCorrelated(e: Expression): boolean {
    return someExpression(e, (x) => x.kind === 'parameter' && x.index >= this.options.correlatedFrom);
  }

  private keys(keys: readonly SortKey[], positions: Positions): SortKey[] {
    return keys.map((k) => ({ expression: this.expression(k.expression, positions), descending: k.descending }));
  }

  private ranges(ranges: readonly KeyRange[] | undefined): readonly KeyRange[] | undefined {
    for (const r of ranges ?? [])
      if (columnsIn([...r.lower, ...r.upper]).size > 0) throw new AssertionError('a range bound has a column');
    return ranges;
  }

  plan(plan: PhysicalPlan): PhysicalPlan {
    const made = this.node(plan);
    return { ...made, id: `${NAMES[made.kind]}_${this.idNext++}` };
  }

  private node(plan: PhysicalPlan): PhysicalPlan {
    const maybe = (e: Expression | undefined, positions: Positions): Expression | undefined =>
      e && this.expression(e, positions);
    switch (plan.kind) {
      case 'table-scan':
        return {
          ...plan,
          ranges: this.ranges(plan.ranges),
          filter: this.scanFilter(plan.filter, plan.output),
          ...this.partitions(plan),
        };
      case 'index-scan':
        return {
          ...plan,
          ranges: this.ranges(plan.ranges),
          indexFilter: this.scanFilter(plan.indexFilter, plan.output),
          filter: this.scanFilter(plan.filter, plan.output),
          ...this.partitions(plan),
        };
      case 'index-merge': {
        const positions = positionsOf(plan.output);
        const parts = plan.parts.map((part) => ({
          ...part,
          ranges: this.ranges(part.ranges)!,
          condition: this.expression(part.condition, positions),
        }));
        return { ...plan, parts, filter: this.scanFilter(plan.filter, plan.output) };
      }
      case 'point-get':
      case 'memory-scan':
        return { ...plan, filter: this.scanFilter(plan.filter, plan.output) };
      case 'values':
      case 'json-table':
      case 'cte-scan':
        return plan;
      case 'filter': {
        const input = this.plan(plan.input);
        return { ...plan, input, condition: this.expression(plan.condition, positionsOf(input.output)) };
      }
      case 'projection': {
        const input = this.plan(plan.input);
        const positions = positionsOf(input.output);
        return { ...plan, input, expressions: plan.expressions.map((e) => this.expression(e, positions)) };
      }
      case 'hash-join':
      case 'merge-join': {
        const left = this.plan(plan.left);
        const right = this.plan(plan.right);
        const l = positionsOf(left.output);
        const r = positionsOf(right.output);
        return {
          ...plan, left, right, leftKeys: plan.leftKeys.map((e) => this.expression(e, l)), rightKeys: plan.rightKeys.map((e) => this.expression(e, r)),
          condition: maybe(plan.condition, positionsOf(left.output, right.output)),
        }; // prettier-ignore
      }
      case 'index-join': {
        const left = this.plan(plan.left);
        const inner = this.plan(plan.inner) as typeof plan.inner;
        const l = positionsOf(left.output);
        return {
          ...plan,
          left,
          inner,
          outerKeys: plan.outerKeys.map((e) => this.expression(e, l)),
          condition: maybe(plan.condition, positionsOf(left.output, inner.output)),
        };
      }
      case 'nested-loop-join': {
        const left = this.plan(plan.left);
        const right = this.plan(plan.right);
        return { ...plan, left, right, condition: maybe(plan.condition, positionsOf(left.output, right.output)) };
      }
      case 'apply': {
        const left = this.plan(plan.left);
        const inner = this.plan(plan.inner);
        const l = positionsOf(left.output);
        return {
          ...plan,
          left,
          inner,
          correlated: plan.correlated.map((e) => this.expression(e, l)),
          condition: maybe(plan.condition, positionsOf(left.output, inner.output)),
        };
      }
      case 'hash-aggregate':
      case 'stream-aggregate': {
        const input = this.plan(plan.input);
        const positions = positionsOf(input.output);
        return {
          ...plan, input, groupBy: plan.groupBy.map((e) => this.expression(e, positions)),
          aggregates: plan.aggregates.map((a) => ({ ...a, args: a.args.map((e) => this.expression(e, positions)), ...(a.orderBy === undefined ? {} : { orderBy: this.keys(a.orderBy, positions) }) })),
        }; // prettier-ignore
      }
      case 'sort':
      case 'top-n': {
        const input = this.plan(plan.input);
        return { ...plan, input, keys: this.keys(plan.keys, positionsOf(input.output)) };
      }
      case 'limit':
      case 'column-engine':
        return { ...plan, input: this.plan(plan.input) };
      case 'window': {
        const input = this.plan(plan.input);
        const positions = positionsOf(input.output);
        return {
          ...plan, input, partitionBy: plan.partitionBy.map((e) => this.expression(e, positions)), orderBy: this.keys(plan.orderBy, positions),
          calls: plan.calls.map((c) => ({ ...c, args: c.args.map((e) => this.expression(e, positions)) })),
        }; // prettier-ignore
      }
      case 'union-all':
        return { ...plan, inputs: plan.inputs.map((input) => this.plan(input)) };
      case 'set-operation':
        return { ...plan, left: this.plan(plan.left), right: this.plan(plan.right) };
      case 'with-cte':
        return {
          ...plan,
          seed: this.plan(plan.seed),
          recursive: plan.recursive && this.plan(plan.recursive),
          input: this.plan(plan.input),
        };
      case 'lock-rows': {
        const input = this.plan(plan.input);
        const positions = positionsOf(input.output);
        return {
          ...plan,
          input,
          tables: plan.tables.map((t) => ({ table: t.table, handle: t.handle.map((id) => positions.get(id)!) })),
        };
      }
    }
    throw new AssertionError('unreachable plan kind');
  }

  private partitions(plan: TableScan | IndexScan): { readonly partitions?: PartitionSelection } {
    const { partitions } = plan;
    if (partitions === undefined) return {};
    const order = partitions.order && this.keys(partitions.order, positionsOf(plan.output));
    return { partitions: { ...partitions, ranges: this.ranges(partitions.ranges), order } };
  }

  private scanFilter(filter: Expression | undefined, output: readonly OutputColumn[]): Expression | undefined {
    return filter && this.expression(filter, positionsOf(output));
  }
}

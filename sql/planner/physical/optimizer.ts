/**
 * `Optimizer`: from the logical plan to the cheapest physical one. Works top down with a wanted order (`optimize(plan, order)`), remembers
 * what it found for each node and order, and sorts where no path brings the order by itself. At each node the column engine may take
 * over the whole subtree, when it is there, supports it, and costs less (or is forced).
 */
import { assert, unreachable } from '../../../base/assert.ts';
import type { ColumnId, Expression, SortKey } from '../../../proto/plan/expression.ts';
import type { OutputColumn, PhysicalPlan } from '../../../proto/plan/physical.ts';
import {
  call,
  columnOf,
  conditionOf,
  expressionKey,
  hasColumns,
  isVolatile,
  substituteColumns,
} from '../expressions.ts';
import { BIGINT } from '../../../base/value/field-type.ts';
import type { LogicalApply, LogicalLimit, LogicalPlan } from '../logical.ts';
import { childrenOf, freeColumns, mapExpressions, mapPlan, outputIds } from '../logical.ts';
import type { ResidencyAssumption } from '../environment.ts';
import type { RuleContext } from '../rules/rule.ts';
import { accessPaths } from './access.ts';
import type { Candidate, OrderKey } from './candidate.ts';
import { candidate, NO_FIXED, orderKeyText, orderOf, satisfies } from './candidate.ts';
import { ColumnPlanner } from './column.ts';
import { COLUMN_COST, COST, sortCost } from './cost.ts';
import { joinCandidates } from './joins.ts';

const NO_ORDER: readonly OrderKey[] = [];
const NO_ID = { id: '', cost: 0, estimatedRows: 0 } as const;

export class Optimizer {
  readonly context: RuleContext;
  private readonly memo = new WeakMap<LogicalPlan, Map<string, Candidate>>();
  private readonly applies = new WeakMap<
    LogicalApply,
    { readonly inner: Candidate; readonly correlated: Expression[]; readonly base: number }
  >();
  private readonly columns: ColumnPlanner | undefined;
  /** Above 0 inside an apply's inner side: its parameters change from run to run, which the column engine must not see. */
  private applyDepth = 0;
  private rootCost = 0;

  constructor(context: RuleContext, options: { readonly columnEngine: boolean }) {
    this.context = context;
    const env = context.binder.env;
    this.columns =
      options.columnEngine && env.engines !== 'row' && env.columnEngine !== undefined
        ? new ColumnPlanner(context, env.columnEngine)
        : undefined;
  }

  /** The root: exactly the wanted columns in order. */
  root(plan: LogicalPlan, wanted: readonly OutputColumn[]): PhysicalPlan {
    const made = this.exact(this.optimize(plan, NO_ORDER), wanted);
    this.rootCost = made.cost;
    return made.plan;
  }

  /**
   * What must still be so for the root plan to be the best one. Nothing where columns could not win however ready they are, which
   * spares short statements the question each time they are run.
   */
  assumptions(): readonly ResidencyAssumption[] {
    if (this.columns === undefined || this.context.binder.env.engines !== 'auto') return [];
    return this.rootCost < COLUMN_COST.open ? [] : this.columns.assumptions;
  }

  optimize(plan: LogicalPlan, required: readonly OrderKey[]): Candidate {
    let known = this.memo.get(plan);
    if (known === undefined) this.memo.set(plan, (known = new Map()));
    const key = orderKeyText(required);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = this.choose(plan, required);
    known.set(key, made);
    return made;
  }

  private choose(plan: LogicalPlan, required: readonly OrderKey[]): Candidate {
    const engine = this.columns;
    let column: Candidate | undefined;
    if (engine !== undefined && this.applyDepth === 0) {
      column = engine.plan(plan, required);
      const { binder } = this.context;
      if (column !== undefined && (binder.env.engines === 'column' || (binder.wantsColumns && wantsColumns(plan))))
        return column;
    }
    let best: Candidate | undefined;
    for (const made of this.candidates(plan, required)) {
      const enough = satisfies(made, required);
      const total = enough ? made.cost : made.cost + sortCost(made.rows);
      if (best === undefined || total < best.cost)
        best = enough
          ? required.length > 0
            ? keepingOrder(made)
            : made
          : this.sorted(
              made,
              required.map((k) => sortKey(k, plan)),
            );
    }
    assert(best !== undefined, 'every logical node has a physical form');
    return column !== undefined && column.cost < best.cost ? column : best;
  }

  private sorted(input: Candidate, keys: readonly SortKey[]): Candidate {
    const cost = input.cost + sortCost(input.rows);
    return candidate(
      { ...NO_ID, kind: 'sort', input: input.plan, keys, output: input.plan.output },
      input.rows,
      cost,
      cost,
      orderOf(keys) ?? NO_ORDER,
      input.fixed,
    );
  }

  /** A projection on top when the plan gives other columns, or in another order. */
  exact(input: Candidate, wanted: readonly OutputColumn[]): Candidate {
    const have = input.plan.output;
    if (have.length === wanted.length && have.every((c, i) => c.id === wanted[i]!.id)) return input;
    const expressions = wanted.map(columnOf);
    if (input.plan.kind === 'column-engine') {
      // Inside, so that nothing has to pass the border twice.
      const inner = input.plan.input;
      const made: PhysicalPlan = {
        ...NO_ID,
        kind: 'projection',
        input: inner,
        expressions,
        output: wanted,
        estimatedRows: input.rows,
        cost: input.cost,
      };
      return { ...input, plan: { ...input.plan, input: made, output: wanted } };
    }
    return candidate(
      { ...NO_ID, kind: 'projection', input: input.plan, expressions, output: wanted },
      input.rows,
      input.cost + input.rows * COST.projectRow,
      input.startup,
      input.order,
      input.fixed,
    );
  }

  private columnsOf(plan: LogicalPlan, ids: readonly ColumnId[]): OutputColumn[] {
    return ids.map((id) => plan.output.find((c) => c.id === id)!);
  }

  private candidates(plan: LogicalPlan, required: readonly OrderKey[]): Candidate[] {
    const { estimator } = this.context;
    const rows = estimator.rows(plan);
    switch (plan.kind) {
      case 'scan':
        return accessPaths(plan, [], required, this.context);
      case 'filter': {
        if (plan.input.kind === 'scan') {
          const quiet = plan.conditions.filter((c) => !isVolatile(c));
          const loud = plan.conditions.filter(isVolatile);
          const paths = accessPaths(plan.input, quiet, required, this.context);
          return loud.length === 0 ? paths : paths.map((path) => this.filtered(path, loud, path.rows));
        }
        if (plan.input.kind === 'memory') {
          const memory = plan.input;
          const node: PhysicalPlan = {
            ...NO_ID,
            kind: 'memory-scan',
            database: memory.database,
            tableName: memory.tableName,
            columnOffsets: memory.offsets,
            output: memory.output,
            filter: conditionOf(plan.conditions),
          };
          return [candidate(node, rows, 1000 * COST.memoryRow, 0, NO_ORDER, NO_FIXED)];
        }
        return this.inputs(plan.input, required).map((input) => this.filtered(input, plan.conditions, rows));
      }
      case 'memory':
        return [
          candidate(
            {
              ...NO_ID,
              kind: 'memory-scan',
              database: plan.database,
              tableName: plan.tableName,
              columnOffsets: plan.offsets,
              output: plan.output,
              filter: undefined,
            },
            rows,
            1000 * COST.memoryRow,
            0,
            NO_ORDER,
            NO_FIXED,
          ),
        ];
      case 'values':
        return [
          candidate(
            { ...NO_ID, kind: 'values', rows: plan.rows, output: plan.output },
            rows,
            rows * 0.1,
            0,
            NO_ORDER,
            plan.rows.length <= 1 ? outputIds(plan) : NO_FIXED,
          ),
        ];
      case 'json-table':
        return [
          candidate(
            {
              ...NO_ID,
              kind: 'json-table',
              document: plan.document,
              path: plan.path,
              parts: plan.parts,
              output: plan.output,
            },
            rows,
            rows,
            0,
            NO_ORDER,
            NO_FIXED,
          ),
        ];
      case 'projection': {
        const below = this.throughProjection(plan, required);
        return this.inputs(plan.input, below ?? NO_ORDER).map((input) => this.projected(plan, input));
      }
      case 'join':
        return joinCandidates(plan, required, this);
      case 'apply':
        return this.inputs(plan.left, required.every((k) => outputIds(plan.left).has(k.id)) ? required : NO_ORDER).map(
          (left) => this.applied(plan, left),
        );
      case 'aggregate':
        return this.aggregated(plan, required);
      case 'window':
        return [this.windowed(plan)];
      case 'sort': {
        const order = orderOf(plan.keys);
        const input =
          order === undefined
            ? this.sorted(this.optimize(plan.input, NO_ORDER), plan.keys)
            : this.optimize(plan.input, order);
        return [input];
      }
      case 'limit':
        return this.limited(plan);
      case 'union': {
        const inputs = plan.inputs.map((input, i) =>
          this.exact(this.optimize(input, NO_ORDER), this.columnsOf(input, plan.columns[i]!)),
        );
        const cost = inputs.reduce((sum, c) => sum + c.cost, 0) + rows * 0.05;
        return [
          candidate(
            { ...NO_ID, kind: 'union-all', inputs: inputs.map((c) => c.plan), output: plan.output },
            rows,
            cost,
            inputs[0]!.startup,
            NO_ORDER,
            NO_FIXED,
          ),
        ];
      }
      case 'set-operation': {
        const left = this.exact(this.optimize(plan.left, NO_ORDER), this.columnsOf(plan.left, plan.columns[0]!));
        const right = this.exact(this.optimize(plan.right, NO_ORDER), this.columnsOf(plan.right, plan.columns[1]!));
        const cost = left.cost + right.cost + (left.rows + right.rows) * COST.hashBuildRow;
        return [
          candidate(
            {
              ...NO_ID,
              kind: 'set-operation',
              operation: plan.operation,
              all: plan.all,
              left: left.plan,
              right: right.plan,
              output: plan.output,
            },
            rows,
            cost,
            right.cost,
            NO_ORDER,
            NO_FIXED,
          ),
        ];
      }
      case 'with-cte': {
        const seed = this.exact(this.optimize(plan.seed, NO_ORDER), this.columnsOf(plan.seed, plan.columns[0]!));
        const recursive =
          plan.recursive &&
          this.exact(this.optimize(plan.recursive, NO_ORDER), this.columnsOf(plan.recursive, plan.columns[1]!));
        return this.inputs(plan.input, required).map((input) => {
          const node: PhysicalPlan = {
            ...NO_ID,
            kind: 'with-cte',
            cteId: plan.cteId,
            seed: seed.plan,
            recursive: recursive?.plan,
            distinct: plan.distinct,
            input: input.plan,
            output: input.plan.output,
          };
          return candidate(
            node,
            input.rows,
            input.cost + seed.cost + (recursive?.cost ?? 0) * 5,
            input.startup + seed.cost,
            input.order,
            input.fixed,
          );
        });
      }
      case 'cte-scan':
        return [
          candidate(
            { ...NO_ID, kind: 'cte-scan', cteId: plan.cteId, output: plan.output },
            rows,
            rows * 0.05,
            0,
            NO_ORDER,
            NO_FIXED,
          ),
        ];
      case 'lock':
        return this.inputs(plan.input, required).map((input) => {
          const tables = plan.tables.map((t) => ({ table: t.table, handle: t.handle as readonly number[] }));
          return candidate(
            {
              ...NO_ID,
              kind: 'lock-rows',
              input: input.plan,
              mode: plan.mode,
              wait: plan.wait,
              tables,
              output: input.plan.output,
            },
            input.rows,
            input.cost + input.rows * 20,
            input.startup,
            input.order,
            input.fixed,
          );
        });
      default:
        return unreachable(plan);
    }
  }

  /** The best way for its own sake, and the best that brings the order. */
  inputs(plan: LogicalPlan, required: readonly OrderKey[]): Candidate[] {
    const any = this.optimize(plan, NO_ORDER);
    if (required.length === 0 || satisfies(any, required)) return [any];
    if (!required.every((k) => outputIds(plan).has(k.id))) return [any];
    return [any, this.optimize(plan, required)];
  }

  private filtered(input: Candidate, conditions: readonly Expression[], rows: number): Candidate {
    const cost = input.cost + input.rows * COST.filterRow * conditions.length;
    return candidate(
      { ...NO_ID, kind: 'filter', input: input.plan, condition: conditionOf(conditions)!, output: input.plan.output },
      Math.min(rows, input.rows),
      cost,
      input.startup,
      input.order,
      input.fixed,
    );
  }

  private throughProjection(
    plan: Extract<LogicalPlan, { kind: 'projection' }>,
    required: readonly OrderKey[],
  ): readonly OrderKey[] | undefined {
    const below: OrderKey[] = [];
    for (const key of required) {
      const at = plan.output.findIndex((c) => c.id === key.id);
      const e = at < 0 ? undefined : plan.expressions[at]!;
      if (e === undefined || e.kind !== 'column') return undefined;
      below.push({ id: e.id, descending: key.descending });
    }
    return below;
  }

  private projected(plan: Extract<LogicalPlan, { kind: 'projection' }>, input: Candidate): Candidate {
    const renamed = new Map<ColumnId, ColumnId>();
    plan.output.forEach((c, i) => {
      const e = plan.expressions[i]!;
      if (e.kind === 'column' && !renamed.has(e.id)) renamed.set(e.id, c.id);
    });
    const order: OrderKey[] = [];
    for (const key of input.order) {
      const id = renamed.get(key.id);
      // A fixed column that is not passed on orders nothing anyway.
      if (id === undefined && input.fixed.has(key.id)) continue;
      if (id === undefined) break;
      order.push({ id, descending: key.descending });
    }
    const fixed = new Set<ColumnId>();
    plan.output.forEach((c, i) => {
      const e = plan.expressions[i]!;
      if (!hasColumns(e) || (e.kind === 'column' && input.fixed.has(e.id))) fixed.add(c.id);
    });
    if (
      plan.input.kind === 'values' &&
      input.plan.kind === 'values' &&
      input.plan.rows.length === 1 &&
      input.plan.output.length === 0 &&
      !plan.expressions.some((e) => hasColumns(e))
    ) {
      // SELECT 1: the row itself.
      return candidate(
        { ...NO_ID, kind: 'values', rows: [plan.expressions], output: plan.output },
        1,
        0.1,
        0,
        NO_ORDER,
        outputIds(plan),
      );
    }
    const work = plan.expressions.filter((e) => e.kind === 'call').length + 1;
    return candidate(
      { ...NO_ID, kind: 'projection', input: input.plan, expressions: plan.expressions, output: plan.output },
      input.rows,
      input.cost + input.rows * COST.projectRow * work,
      input.startup,
      order,
      fixed,
    );
  }

  private applied(plan: LogicalApply, left: Candidate): Candidate {
    const { inner, correlated, base } = this.inner(plan);
    const rows = this.context.estimator.rows(plan);
    const output: readonly OutputColumn[] =
      plan.joinType === 'scalar' ? [...left.plan.output, plan.value!]
      : plan.joinType === 'left-semi-mark' ? [...left.plan.output, plan.mark!]
      : plan.joinType === 'inner' || plan.joinType === 'left' ? [...left.plan.output, ...inner.plan.output]
      : left.plan.output; // prettier-ignore
    const runs = correlated.length === 0 ? 1 : left.rows;
    const node: PhysicalPlan = {
      ...NO_ID, kind: 'apply', joinType: plan.joinType, left: left.plan, inner: inner.plan, correlated, correlatedBase: base, condition: conditionOf(plan.conditions), output,
    }; // prettier-ignore
    return candidate(node, rows, left.cost + runs * (COST.applyRow + inner.cost), left.startup, left.order, left.fixed);
  }

  /** The inner side with the outer columns as parameters; made once. */
  private inner(plan: LogicalApply): {
    readonly inner: Candidate;
    readonly correlated: Expression[];
    readonly base: number;
  } {
    const known = this.applies.get(plan);
    if (known !== undefined) return known;
    const { binder } = this.context;
    const outer = outputIds(plan.left);
    const columns = plan.left.output.filter(
      (c, i) => freeColumns(plan.right).has(c.id) && plan.left.output.findIndex((o) => o.id === c.id) === i,
    );
    const base = binder.parameterCount;
    binder.parameterCount += columns.length;
    const by = new Map<ColumnId, Expression>();
    columns.forEach((c, i) => by.set(c.id, { kind: 'parameter', index: base + i, type: c.type }));
    const right =
      columns.length === 0
        ? plan.right
        : mapPlan(plan.right, (node) => mapExpressions(node, (e) => substituteColumns(e, by)));
    assert(![...freeColumns(right)].some((id) => outer.has(id)), 'every outer column of an apply is a parameter');
    this.applyDepth++;
    let inner = this.optimize(right, NO_ORDER);
    this.applyDepth--;
    if (plan.joinType === 'scalar') inner = this.exact(inner, [right.output.find((c) => c.id === plan.value!.id)!]);
    const made = { inner, correlated: columns.map(columnOf) as Expression[], base };
    this.applies.set(plan, made);
    return made;
  }

  private aggregated(plan: Extract<LogicalPlan, { kind: 'aggregate' }>, required: readonly OrderKey[]): Candidate[] {
    const made = this.aggregations(plan, required);
    const { binder } = this.context;
    if (binder.aggregateWay === undefined) return made;
    const wanted = made.filter((c) => c.plan.kind === `${binder.aggregateWay!}-aggregate`);
    return wanted.length > 0 ? wanted : made;
  }

  private aggregations(plan: Extract<LogicalPlan, { kind: 'aggregate' }>, required: readonly OrderKey[]): Candidate[] {
    const rows = this.context.estimator.rows(plan);
    const any = this.optimize(plan.input, NO_ORDER);
    const made: Candidate[] = [];
    const hash = any.cost + any.rows * (COST.aggregateRow + 0.05 * plan.aggregates.length) + rows * 0.2;
    made.push(
      candidate(
        {
          ...NO_ID,
          kind: 'hash-aggregate',
          input: any.plan,
          groupBy: plan.groupBy,
          aggregates: plan.aggregates,
          rollup: plan.rollup,
          output: plan.output,
        },
        rows,
        hash,
        hash,
        NO_ORDER,
        plan.groupBy.length === 0 ? outputIds(plan) : NO_FIXED,
      ),
    );
    if (plan.rollup || plan.groupBy.length === 0) return made;
    // Rows that come grouped need no table: in any order of the group columns, or in the one that is wanted above.
    const groups = plan.groupBy.map((e, i) => ({ e, id: plan.output[i]!.id }));
    if (!groups.every((g) => g.e.kind === 'column')) return made;
    const source = new Map(groups.map((g) => [g.id, (g.e as Extract<Expression, { kind: 'column' }>).id]));
    const wanted: OrderKey[] = [];
    for (const key of required) {
      const id = source.get(key.id);
      if (id === undefined) break;
      if (!wanted.some((k) => k.id === id)) wanted.push({ id, descending: key.descending });
    }
    for (const g of groups) {
      const id = source.get(g.id)!;
      if (!wanted.some((k) => k.id === id)) wanted.push({ id, descending: false });
    }
    for (const order of [wanted, this.naturalOrder(any, new Set(source.values()))]) {
      if (order === undefined) continue;
      const input = this.optimize(plan.input, order);
      // A sort pays where one is needed anyway and nearly every row is a group of its own: DISTINCT. Whoever sums up expects few groups.
      const asked = this.context.binder.aggregateWay === 'stream';
      if (!asked && input.plan.kind === 'sort' && (required.length === 0 || plan.aggregates.length > 0)) continue;
      const cost = input.cost + input.rows * (COST.streamRow + 0.05 * plan.aggregates.length);
      const back = new Map([...source].map(([output, id]) => [id, output]));
      made.push(candidate({ ...NO_ID, kind: 'stream-aggregate', input: input.plan, groupBy: plan.groupBy, aggregates: plan.aggregates, output: plan.output }, rows, cost, input.startup, order.map((k) => ({ id: back.get(k.id)!, descending: k.descending })), NO_FIXED)); // prettier-ignore
    }
    return made;
  }

  /** The order that the input has by itself, when it begins with all group columns. */
  private naturalOrder(input: Candidate, groups: ReadonlySet<ColumnId>): OrderKey[] | undefined {
    const order: OrderKey[] = [];
    const left = new Set(groups);
    for (const key of input.order) {
      if (left.size === 0) break;
      if (input.fixed.has(key.id) && !left.has(key.id)) continue;
      if (!left.delete(key.id)) return undefined;
      order.push(key);
    }
    return left.size === 0 ? order : undefined;
  }

  private windowed(plan: Extract<LogicalPlan, { kind: 'window' }>): Candidate {
    const keys: SortKey[] = [];
    const seen = new Set<string>();
    for (const key of [...plan.partitionBy.map((expression) => ({ expression, descending: false })), ...plan.orderBy]) {
      const text = expressionKey(key.expression);
      if (hasColumns(key.expression) && !seen.has(text)) keys.push(key);
      seen.add(text);
    }
    const order = orderOf(keys);
    const input =
      keys.length === 0
        ? this.optimize(plan.input, NO_ORDER)
        : order === undefined
          ? this.sorted(this.optimize(plan.input, NO_ORDER), keys)
          : this.optimize(plan.input, order);
    const added = plan.output.slice(plan.input.output.length);
    const cost = input.cost + input.rows * 0.3 * plan.calls.length;
    const node: PhysicalPlan = {
      ...NO_ID,
      kind: 'window',
      input: input.plan,
      partitionBy: plan.partitionBy,
      orderBy: plan.orderBy,
      frame: plan.frame,
      calls: plan.calls,
      output: [...input.plan.output, ...added],
    };
    return candidate(node, input.rows, cost, input.startup, input.order, input.fixed);
  }

  private limited(plan: LogicalLimit): Candidate[] {
    const { estimator } = this.context;
    const rows = estimator.rows(plan);
    const total = plan.offset === undefined ? plan.count : call('plus', [plan.offset, plan.count], BIGINT);
    const first =
      estimator.peekCount(plan.count, 100) + (plan.offset === undefined ? 0 : estimator.peekCount(plan.offset, 100));
    const limitOver = (input: Candidate, order: readonly OrderKey[]): Candidate => {
      const share = Math.min(1, first / Math.max(1, input.rows));
      const cost = input.startup + (input.cost - input.startup) * share + 1;
      const node: PhysicalPlan = {
        ...NO_ID,
        kind: 'limit',
        input: withScanLimit(input.plan, total),
        offset: plan.offset,
        count: plan.count,
        output: input.plan.output,
      };
      return candidate(node, rows, cost, input.startup, order, input.fixed);
    };
    if (plan.input.kind !== 'sort')
      return this.candidates(plan.input, NO_ORDER)
        .concat(this.optimize(plan.input, NO_ORDER))
        .map((input) => limitOver(input, input.order));
    const { keys } = plan.input;
    const order = orderOf(keys);
    const inner = plan.input.input;
    const any = this.optimize(inner, NO_ORDER);
    const cost = any.cost + any.rows * COST.topNRow * Math.log2(Math.max(2, first)) + first * 0.2;
    const made = [
      candidate(
        {
          ...NO_ID,
          kind: 'top-n',
          input: any.plan,
          keys,
          offset: plan.offset,
          count: plan.count,
          output: any.plan.output,
        },
        rows,
        cost,
        cost,
        order ?? NO_ORDER,
        any.fixed,
      ),
    ];
    if (order === undefined) return made;
    // A path that brings the order stops after the first rows.
    for (const input of this.candidates(inner, order)) {
      if (satisfies(input, order)) made.push(limitOver(order.length > 0 ? keepingOrder(input) : input, order));
    }
    return made;
  }
}

/** Every table of the subtree shall be read in columns. */
function wantsColumns(plan: LogicalPlan): boolean {
  if (plan.kind === 'scan') return plan.hints?.engine === 'column';
  const children = childrenOf(plan);
  return children.length > 0 && children.every(wantsColumns);
}

function sortKey(key: OrderKey, plan: LogicalPlan): SortKey {
  return { expression: columnOf(plan.output.find((c) => c.id === key.id)!), descending: key.descending };
}

/** A scan right below a LIMIT need not read ahead further. */
function withScanLimit(plan: PhysicalPlan, total: Expression): PhysicalPlan {
  if (plan.kind === 'table-scan' || plan.kind === 'index-scan') return { ...plan, limit: total };
  if (plan.kind === 'projection') return { ...plan, input: withScanLimit(plan.input, total) };
  return plan;
}

/** Tells the index scan at the bottom that its order is counted on. */
function keepingOrder(made: Candidate): Candidate {
  const plan = keepOrder(made.plan);
  return plan === made.plan ? made : { ...made, plan };
}

export function keepOrder(plan: PhysicalPlan): PhysicalPlan {
  switch (plan.kind) {
    case 'index-scan':
      return plan.keepOrder ? plan : { ...plan, keepOrder: true };
    case 'filter':
    case 'projection':
    case 'limit':
    case 'lock-rows':
    case 'stream-aggregate':
    case 'window':
    case 'with-cte': {
      // prettier-ignore
      const input = keepOrder(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
    case 'hash-join': {
      if (plan.build === 'left') return { ...plan, right: keepOrder(plan.right), keepOrder: true };
      return { ...plan, left: keepOrder(plan.left), keepOrder: true };
    }
    case 'nested-loop-join':
      return { ...plan, left: keepOrder(plan.left), keepOrder: true };
    case 'index-join':
    case 'apply':
    case 'merge-join': {
      // prettier-ignore
      const left = keepOrder(plan.left);
      if (plan.kind === 'merge-join') return { ...plan, left, right: keepOrder(plan.right) };
      return left === plan.left ? plan : { ...plan, left };
    }
    default:
      return plan;
  }
}

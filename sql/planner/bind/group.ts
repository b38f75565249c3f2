/**
 * GROUP BY: builds the aggregate node and rewrites expressions over it. What equals a group expression becomes the group's column. A
 * column that hangs on the group (its key is grouped) is carried along as `any_value`; one that does not is error 1055 under
 * ONLY_FULL_GROUP_BY, 1140 when there is no GROUP BY at all.
 */
import type { AggregateCall, ColumnId, Expression } from '../../../proto/plan/expression.ts';
import type { OutputColumn } from '../../../proto/plan/physical.ts';
import { inferAggregate } from '../../functions/index.ts';
import { close } from '../dependencies.ts';
import { mixedWithoutGroup, notGrouped } from '../errors.ts';
import { columnOf, expressionKey, replaceIn } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { mapExpressions, mapPlan, outputIds } from '../logical.ts';
import type { Binder } from './binder.ts';
import type { AggregateCollector } from './block.ts';

export interface Groups {
  /** The aggregate, once nothing more is carried along. */
  readonly finish: () => LogicalPlan;
  readonly input: LogicalPlan;
  readonly byKey: ReadonlyMap<string, OutputColumn>;
  readonly grouped: boolean;
  /** Ids that the aggregate gives: groups, aggregates, bits. */
  readonly made: Set<ColumnId>;
  readonly carry: (column: OutputColumn) => OutputColumn;
  readonly dependent: () => ReadonlySet<ColumnId>;
}

export function buildGroups(
  input: LogicalPlan,
  by: readonly Expression[],
  collector: AggregateCollector,
  rollup: boolean,
  bits: ReadonlyMap<string, OutputColumn>,
  binder: Binder,
): Groups {
  const byKey = new Map<string, OutputColumn>();
  const groupBy: Expression[] = [];
  const groupOutput: OutputColumn[] = [];
  const bitOutput: OutputColumn[] = [];
  for (const e of by) {
    const key = expressionKey(e);
    if (byKey.has(key)) continue;
    // Under ROLLUP a group's column is NULL in super rows, so it is another value than the input's column.
    const keep = e.kind === 'column' && !rollup;
    const column: OutputColumn = keep
      ? { id: e.id, name: e.name, type: e.type }
      : binder.newColumn(e.kind === 'column' ? e.name : 'group', rollup ? { ...e.type, notNull: false } : e.type);
    byKey.set(key, column);
    groupBy.push(e);
    groupOutput.push(column);
    if (rollup) bitOutput.push(bits.get(key)!);
  }
  const calls: AggregateCall[] = collector.calls;
  const outputs: OutputColumn[] = collector.outputs;
  const carried = new Map<ColumnId, OutputColumn>();
  const made = new Set([...groupOutput, ...outputs, ...bitOutput].map((c) => c.id));
  const groups: Groups = {
    finish: () => ({ kind: 'aggregate', input, groupBy, aggregates: calls, rollup, output: [...groupOutput, ...outputs, ...bitOutput] }),
    input, byKey, grouped: by.length > 0, made,
    carry: (column) => {
      const known = carried.get(column.id);
      if (known !== undefined) return known;
      const call = inferAggregate('any_value', [columnOf(column)], { distinct: false });
      const result = binder.newColumn(column.name, call.type);
      calls.push(call);
      outputs.push(result);
      carried.set(column.id, result);
      made.add(result.id);
      return result;
    },
    dependent: memo(() => close(input, groupBy.reduce((ids, e) => (e.kind === 'column' ? ids.add(e.id) : ids), new Set<ColumnId>()))),
  }; // prettier-ignore
  return groups;
}

function memo<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}

export class GroupRewriter {
  private readonly groups: Groups;
  private readonly binder: Binder;
  private readonly own: ReadonlySet<ColumnId>;

  constructor(groups: Groups, binder: Binder) {
    this.groups = groups;
    this.binder = binder;
    this.own = outputIds(groups.input);
  }

  rewrite(expression: Expression, clause: string, position: number): Expression {
    const { groups } = this;
    return replaceIn(expression, (e) => {
      if (e.kind === 'constant' || e.kind === 'parameter') return e;
      const group = groups.byKey.size === 0 ? undefined : groups.byKey.get(expressionKey(e));
      if (group !== undefined) return columnOf(group);
      if (e.kind !== 'column' || groups.made.has(e.id) || !this.own.has(e.id)) return undefined;
      if (!groups.dependent().has(e.id) && this.binder.env.evalContext.sqlMode.onlyFullGroupBy) {
        throw groups.grouped
          ? notGrouped(clause, position, this.fullName(e))
          : mixedWithoutGroup(position, clause, this.fullName(e));
      }
      return columnOf(groups.carry({ id: e.id, name: e.name, type: e.type }));
    });
  }

  private fullName(e: Extract<Expression, { kind: 'column' }>): string {
    const database = this.binder.currentDatabase;
    return database === undefined || !e.name.includes('.') ? e.name : `${database}.${e.name}`;
  }
}

/** Applies a rewrite of outer columns to every expression of a subquery's plan. */
export function rewriteOuter(plan: LogicalPlan, rewrite: (e: Expression) => Expression): LogicalPlan {
  return mapPlan(plan, (node) => mapExpressions(node, rewrite));
}

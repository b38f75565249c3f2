/**
 * Passes that take nodes away: `merge-projections` (one projection over another becomes one; one that only passes columns on disappears,
 * which also merges derived tables into the query around them), `eliminate-outer-join` (a left join that nobody reads and that
 * cannot repeat rows), `eliminate-aggregate` (DISTINCT of what is unique already), `min-max-by-index` (MIN and MAX of one indexed column
 * read one entry).
 */
import { BIGINT, TypeCode } from '../../../base/value/field-type.ts';
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import { publicIndexes } from '../../../proto/schema/table-shape.ts';
import { isUnique } from '../dependencies.ts';
import { addColumns, call, columnOf, isVolatile, substituteColumns } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import {
  childrenOf,
  expressionsOf,
  filter,
  limit,
  mapPlan,
  outputIds,
  projection,
  sort,
  withChildren,
  freeColumns,
} from '../logical.ts';
import { innerKeys } from './join-shape.ts';
import type { Rule } from './rule.ts';

export const mergeProjections: Rule = {
  name: 'merge-projections',
  apply: (plan) =>
    mapPlan(plan, (node) => {
      if (node.kind !== 'projection') return node;
      const inner = node.input;
      if (inner.kind === 'projection' && !inner.expressions.some(isVolatile)) {
        const by = new Map<ColumnId, Expression>();
        inner.output.forEach((c, i) => by.set(c.id, inner.expressions[i]!));
        // An expensive expression used twice would be worked out twice.
        const uses = new Map<ColumnId, number>();
        for (const e of node.expressions)
          for (const id of addColumns(e, new Set())) uses.set(id, (uses.get(id) ?? 0) + 1);
        const cheap = inner.output.every((c, i) => inner.expressions[i]!.kind !== 'call' || (uses.get(c.id) ?? 0) <= 1);
        if (cheap) return passing(projection(inner.input, node.expressions.map((e) => substituteColumns(e, by)), node.output)); // prettier-ignore
      }
      return passing(node);
    }),
};

/** Only passes columns of its input on, under their own ids. */
function passing(node: Extract<LogicalPlan, { kind: 'projection' }>): LogicalPlan {
  const same = node.expressions.every((e, i) => e.kind === 'column' && e.id === node.output[i]!.id);
  return same && node.output.length > 0 ? node.input : node;
}

export const eliminateOuterJoin: Rule = {
  name: 'eliminate-outer-join',
  apply: (plan, context) => drop(plan, new Set(context.wanted)),
};

function drop(plan: LogicalPlan, needed: ReadonlySet<ColumnId>): LogicalPlan {
  if (plan.kind === 'join' && plan.joinType === 'left') {
    const right = outputIds(plan.right);
    if (![...right].some((id) => needed.has(id)) && isUnique(plan.right, innerKeys(plan.conditions, right)))
      return drop(plan.left, needed);
  }
  const all = new Set(plan.kind === 'projection' || plan.kind === 'aggregate' ? [] : needed);
  for (const e of expressionsOf(plan)) addColumns(e, all);
  if (plan.kind === 'apply') {
    for (const id of freeColumns(plan.right)) all.add(id);
    if (plan.value !== undefined) all.add(plan.value.id);
  }
  if (plan.kind === 'lock') for (const t of plan.tables) for (const id of t.handle) all.add(id);
  if (plan.kind === 'union' || plan.kind === 'set-operation') return withChildren(plan, childrenOf(plan).map((child, i) => drop(child, new Set(plan.columns[i])))); // prettier-ignore
  if (plan.kind === 'with-cte') {
    const children = childrenOf(plan);
    return withChildren(plan, children.map((child, i) => drop(child, i === children.length - 1 ? needed : new Set(plan.columns[i])))); // prettier-ignore
  }
  return withChildren(plan, childrenOf(plan).map((child) => drop(child, all))); // prettier-ignore
}

export const eliminateAggregate: Rule = {
  name: 'eliminate-aggregate',
  apply: (plan) =>
    mapPlan(plan, (node) => {
      if (node.kind !== 'aggregate' || node.aggregates.length > 0 || node.rollup || node.groupBy.length === 0)
        return node;
      const ids = new Set<ColumnId>();
      for (const e of node.groupBy) if (e.kind === 'column') ids.add(e.id);
      if (!isUnique(node.input, ids) || !keysNotNull(node.input, node.groupBy)) return node;
      return projection(node.input, node.groupBy, node.output);
    }),
};

/** A unique index allows many NULLs. */
function keysNotNull(_plan: LogicalPlan, groupBy: readonly Expression[]): boolean {
  return groupBy.every((e) => e.kind !== 'column' || e.type.notNull);
}

export const minMaxByIndex: Rule = {
  name: 'min-max-by-index',
  apply: (plan) =>
    mapPlan(plan, (node) => {
      if (node.kind !== 'aggregate' || node.groupBy.length > 0 || node.aggregates.length !== 1) return node;
      const [aggregate] = node.aggregates;
      const argument = aggregate!.args[0];
      if ((aggregate!.name !== 'min' && aggregate!.name !== 'max') || argument?.kind !== 'column') return node;
      // An index has members of ENUM and SET by position, MIN and MAX take them as text.
      if (argument.type.code === TypeCode.ENUM || argument.type.code === TypeCode.SET) return node;
      const scan = node.input.kind === 'filter' ? node.input.input : node.input;
      if (scan.kind !== 'scan') return node;
      const offset = scan.idByOffset.indexOf(argument.id);
      const indexed = publicIndexes(scan.table).some((index) => {
        const at = index.columns.findIndex((part) => part.offset === offset && part.prefixLength < 0);
        return at === 0 || (at > 0 && node.input.kind === 'filter');
      });
      if (!indexed) return node;
      const present: LogicalPlan = argument.type.notNull
        ? node.input
        : filter(node.input, [call('not', [call('isnull', [argument])])]);
      const one: Expression = { kind: 'constant', value: 1, type: BIGINT };
      return {
        ...node,
        input: limit(
          sort(present, [
            {
              expression: columnOf(node.input.output.find((c) => c.id === argument.id)!),
              descending: aggregate!.name === 'max',
            },
          ]),
          undefined,
          one,
        ),
      };
    }),
};

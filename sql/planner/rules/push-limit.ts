/**
 * `push-limit`: a LIMIT sinks through projections and copies itself into the arms of a UNION ALL and to the outer side of a left join, where
 * more than offset + count rows are never needed. The copy keeps parameters as they are, so the plan fits other counts.
 */
import { BIGINT } from '../../../base/value/field-type.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import { call, columnOf, isVolatile } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { coveredBy } from '../expressions.ts';
import { apply, join, limit, mapPlan, outputIds, projection, sort, withChildren } from '../logical.ts';
import type { Rule } from './rule.ts';

export const pushLimit: Rule = {
  name: 'push-limit',
  apply: (plan) => mapPlan(plan, (node) => (node.kind === 'limit' ? sink(node) : node)),
};

function total(node: Extract<LogicalPlan, { kind: 'limit' }>): Expression {
  return node.offset === undefined ? node.count : call('plus', [node.offset, node.count], BIGINT);
}

function sink(node: Extract<LogicalPlan, { kind: 'limit' }>): LogicalPlan {
  const input = node.input;
  switch (input.kind) {
    case 'projection':
      if (input.expressions.some(isVolatile)) return node;
      return projection(sink(limit(input.input, node.offset, node.count)), input.expressions, input.output);
    case 'union':
      return limit(withChildren(input, input.inputs.map((arm) => sink(limit(arm, undefined, total(node))))), node.offset, node.count); // prettier-ignore
    case 'join':
      if (input.joinType !== 'left' || isLimited(input.left)) return node;
      return limit(
        join('left', limit(input.left, undefined, total(node)), input.right, input.conditions, input),
        node.offset,
        node.count,
      );
    case 'apply':
      // One row out for each row in: cut before the subquery runs.
      if (input.joinType !== 'scalar' && input.joinType !== 'left-semi-mark') return node;
      return apply(
        input.joinType,
        sink(limit(input.left, node.offset, node.count)),
        input.right,
        input.conditions,
        input,
      );
    case 'sort': {
      if (input.input.kind === 'apply') {
        const below = input.input;
        const outer = outputIds(below.left);
        if (
          (below.joinType !== 'scalar' && below.joinType !== 'left-semi-mark') ||
          !input.keys.every((k) => coveredBy(k.expression, outer) && !isVolatile(k.expression))
        )
          return node;
        return apply(
          below.joinType,
          sink(limit(sort(below.left, input.keys), node.offset, node.count)),
          below.right,
          below.conditions,
          below,
        );
      }
      if (input.input.kind === 'union') return firstOfArms(node, input, input.input);
      // The first rows by outer columns come from the first outer rows.
      const below = input.input;
      if (below.kind !== 'join' || below.joinType !== 'left' || isLimited(below.left)) return node;
      const left = outputIds(below.left);
      if (!input.keys.every((k) => coveredBy(k.expression, left) && !isVolatile(k.expression))) return node;
      const firsts = limit(sort(below.left, input.keys), undefined, total(node));
      return limit(
        sort(join('left', firsts, below.right, below.conditions, below), input.keys),
        node.offset,
        node.count,
      );
    }
    default:
      return node;
  }
}

/** The first rows of a union are among the first of its arms. */
function firstOfArms(
  node: Extract<LogicalPlan, { kind: 'limit' }>,
  sorted: Extract<LogicalPlan, { kind: 'sort' }>,
  union: Extract<LogicalPlan, { kind: 'union' }>,
): LogicalPlan {
  if (sorted.keys.some((key) => key.expression.kind !== 'column')) return node;
  const arms = union.inputs.map((arm, a) => {
    const keys = sorted.keys.map((key) => {
      const at = union.output.findIndex((c) => key.expression.kind === 'column' && c.id === key.expression.id);
      const column = arm.output.find((c) => c.id === union.columns[a]![at]!)!;
      return { ...key, expression: columnOf(column) };
    });
    return sink(limit(sort(arm, keys), undefined, total(node)));
  });
  return limit(sort(withChildren(union, arms), sorted.keys), node.offset, node.count);
}

function isLimited(plan: LogicalPlan): boolean {
  return plan.kind === 'limit';
}

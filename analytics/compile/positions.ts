/**
 * Gives every column of an unfinished plan its position in its input, as the planner's last pass will: the question "could this run here?" is
 * asked while columns are still known by id alone.
 */
import type { AggregateCall, ColumnId, Expression, SortKey } from '../../proto/plan/expression.ts';
import type { OutputColumn, PhysicalPlan } from '../../proto/plan/physical.ts';
import { Unsupported } from './value.ts';

export function withPositions(plan: PhysicalPlan): PhysicalPlan {
  switch (plan.kind) {
    case 'table-scan': {
      const at = positions(plan.output);
      return { ...plan, filter: plan.filter && placed(plan.filter, at) };
    }
    case 'column-engine':
      return { ...plan, input: withPositions(plan.input) };
    case 'limit':
      return { ...plan, input: withPositions(plan.input) };
    case 'filter':
      return {
        ...plan,
        input: withPositions(plan.input),
        condition: placed(plan.condition, positions(plan.input.output)),
      };
    case 'projection':
      return {
        ...plan,
        input: withPositions(plan.input),
        expressions: allPlaced(plan.expressions, positions(plan.input.output)),
      };
    case 'sort':
    case 'top-n':
      return {
        ...plan,
        input: withPositions(plan.input),
        keys: plan.keys.map((key) => keyPlaced(key, positions(plan.input.output))),
      };
    case 'hash-aggregate': {
      const at = positions(plan.input.output);
      const aggregates = plan.aggregates.map((call): AggregateCall => ({ ...call, args: allPlaced(call.args, at) }));
      return { ...plan, input: withPositions(plan.input), groupBy: allPlaced(plan.groupBy, at), aggregates };
    }
    case 'hash-join': {
      const both = positions([...plan.left.output, ...plan.right.output]);
      return {
        ...plan,
        left: withPositions(plan.left),
        right: withPositions(plan.right),
        leftKeys: allPlaced(plan.leftKeys, positions(plan.left.output)),
        rightKeys: allPlaced(plan.rightKeys, positions(plan.right.output)),
        condition: plan.condition && placed(plan.condition, both),
      };
    }
    default:
      throw new Unsupported(`operator ${plan.kind}`);
  }
}

function positions(output: readonly OutputColumn[]): ReadonlyMap<ColumnId, number> {
  return new Map(output.map((column, index) => [column.id, index]));
}

function placed(expression: Expression, at: ReadonlyMap<ColumnId, number>): Expression {
  if (expression.kind === 'column') return { ...expression, index: at.get(expression.id) ?? -1 };
  if (expression.kind === 'call') return { ...expression, args: allPlaced(expression.args, at) };
  return expression;
}

function allPlaced(expressions: readonly Expression[], at: ReadonlyMap<ColumnId, number>): Expression[] {
  return expressions.map((one) => placed(one, at));
}

function keyPlaced(key: SortKey, at: ReadonlyMap<ColumnId, number>): SortKey {
  return { ...key, expression: placed(key.expression, at) };
}

/**
 * `verifyPlan`: the check after each rule. Every column that a node mentions is made by its inputs (or, below an apply, by the left side),
 * and no node says that it gives a column that it does not. Costly, so it runs in tests and simulation only.
 */
import { AssertionError } from '../../base/assert.ts';
import type { ColumnId } from '../../proto/plan/expression.ts';
import { freeColumns, outputIds, childrenOf, expressionsOf } from './logical.ts';
import type { LogicalPlan } from './logical.ts';
import { columnsIn } from './expressions.ts';

export function verifyPlan(plan: LogicalPlan, wanted: readonly ColumnId[], after: string): void {
  const free = freeColumns(plan);
  if (free.size > 0)
    throw new AssertionError(`after ${after}: columns ${[...free].join()} come from nowhere\n${sketch(plan)}`);
  const made = outputIds(plan);
  for (const id of wanted)
    if (!made.has(id)) throw new AssertionError(`after ${after}: column ${id} is wanted but not made\n${sketch(plan)}`);
  check(plan, after);
}

function check(plan: LogicalPlan, after: string): void {
  const passes = plan.kind === 'filter' || plan.kind === 'sort' || plan.kind === 'limit' || plan.kind === 'lock';
  if (passes && plan.output !== plan.input.output && plan.output.some((c) => !outputIds(plan.input).has(c.id))) {
    throw new AssertionError(`after ${after}: a ${plan.kind} claims columns its input does not make\n${sketch(plan)}`);
  }
  if (plan.kind === 'union' || plan.kind === 'set-operation') {
    childrenOf(plan).forEach((child, i) => {
      const made = outputIds(child);
      const columns = plan.columns[i]!;
      if (columns.length !== plan.output.length || columns.some((id) => !made.has(id)))
        throw new AssertionError(`after ${after}: an arm of a ${plan.kind} lacks columns\n${sketch(plan)}`);
    });
  }
  if (plan.kind === 'projection' && plan.expressions.length !== plan.output.length)
    throw new AssertionError(`after ${after}: a projection of the wrong width`);
  for (const child of childrenOf(plan)) check(child, after);
}

/** One line a node, for failures and debugging. */
export function sketch(plan: LogicalPlan, depth = 0): string {
  const own = [...columnsIn(expressionsOf(plan))].join();
  const head = `${'  '.repeat(depth)}${plan.kind}${'joinType' in plan ? ` ${plan.joinType}` : ''}${plan.kind === 'scan' ? ` ${plan.alias}` : ''} uses [${own}] gives [${plan.output.map((c) => c.id).join()}]`;
  return [head, ...childrenOf(plan).map((child) => sketch(child, depth + 1))].join('\n');
}

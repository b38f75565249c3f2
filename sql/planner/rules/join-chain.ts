/**
 * The order of more inner joins than sets of relations in one number can hold: from the smallest relation on, always the one that is tied to what is there
 * already and leaves the fewest rows. What is tied to nothing comes when nothing else is left. One start only: sixty relations are two thousand estimates.
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import { addColumns } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { filter, join, outputIds } from '../logical.ts';
import type { Estimator } from '../statistics.ts';

interface Condition {
  readonly condition: Expression;
  /** Relations that it mentions. */
  readonly relations: ReadonlySet<number>;
}

export function chainJoins(
  relations: readonly LogicalPlan[],
  conditions: readonly Expression[],
  estimator: Estimator,
): LogicalPlan {
  const owner = new Map<ColumnId, number>();
  relations.forEach((plan, i) => {
    for (const id of outputIds(plan)) owner.set(id, i);
  });
  const all = conditions.map((condition): Condition => {
    const mentioned = new Set<number>();
    for (const id of addColumns(condition, new Set())) if (owner.has(id)) mentioned.add(owner.get(id)!);
    return { condition, relations: mentioned };
  });
  const among = (fit: (mentioned: ReadonlySet<number>) => boolean): Expression[] =>
    all.filter((one) => fit(one.relations)).map((one) => one.condition);
  const left = new Map(
    relations.map((plan, i) => [i, filter(plan, among((mentioned) => mentioned.size === 1 && mentioned.has(i)))]),
  ); // prettier-ignore
  const there = new Set<number>();
  let made: LogicalPlan | undefined;
  while (left.size > 0) {
    let next: { at: number; plan: LogicalPlan; rows: number; tied: boolean } | undefined;
    for (const [at, plan] of left) {
      const ties = among(
        (mentioned) => mentioned.size > 1 && mentioned.has(at) && [...mentioned].every((one) => one === at || there.has(one)),
      ); // prettier-ignore
      const tied = ties.length > 0;
      if (next !== undefined && next.tied && !tied) continue;
      const candidate: LogicalPlan = made === undefined ? plan : join('inner', made, plan, ties);
      const rows = estimator.rows(candidate);
      if (next === undefined || (tied && !next.tied) || rows < next.rows) next = { at, plan: candidate, rows, tied };
    }
    made = next!.plan;
    there.add(next!.at);
    left.delete(next!.at);
  }
  // What mentions no relation at all (a parameter, a column of an outer query) filters the whole.
  return filter(
    made!,
    among((mentioned) => mentioned.size === 0),
  );
}

/**
 * Partitions in EXPLAIN: the names of those that a read would look into now. What depends on a row of another table is not known before the statement
 * runs: such a read shows all of them.
 */
import type { Expression } from '../../proto/plan/expression.ts';
import type { IndexScan, PhysicalPlan, PointGet, TableScan, WritePlan } from '../../proto/plan/physical.ts';
import { partitionsOf } from '../../proto/schema/partitions.ts';
import type { EvalContext } from '../functions/context.ts';
import { partitionRouter } from '../executor/index.ts';
import { someExpression } from './expressions.ts';

/** Values that stand above the plan's own: calls that are computed once, by parameter index; and what partitions are chosen by. */
export class PlanFacts extends Map<number, Expression> {
  private readonly evaluation: EvalContext;

  constructor(lifted: Iterable<readonly [number, Expression]>, evaluation: EvalContext) {
    super(lifted);
    this.evaluation = evaluation;
  }

  /** `p0,p2`; empty when none is left, `undefined` for a table without partitions. */
  partitions(plan: TableScan | IndexScan | PointGet): string | undefined {
    if (plan.partitions === undefined) return undefined;
    const { function: of, named, ranges } = plan.partitions;
    const points = plan.kind === 'point-get' ? plan.keys : [];
    const known = [...(ranges ?? []).flatMap((range) => [...range.lower, ...range.upper]), ...points.flat()].every(
      (e) => this.isKnown(e),
    );
    const selection = { function: of, named, ranges: known ? ranges : undefined, order: undefined };
    const names = partitionsOf(plan.table).map(({ name }) => name);
    const positions = partitionRouter(plan.table, of).select(selection, this.evaluation);
    return positions.map((position) => names[position]!).join(',');
  }

  private isKnown(expression: Expression): boolean {
    const { parameters } = this.evaluation;
    return !someExpression(expression, (e) => e.kind === 'parameter' && parameters[e.index] === undefined);
  }

  /** `, partition:p0,p2` behind the table of an access; `all`, `none`. */
  access(plan: TableScan | IndexScan | PointGet): string {
    const shown = this.partitions(plan);
    if (shown === undefined) return '';
    const isAll = shown.split(',').length === partitionsOf(plan.table).length;
    return `, partition:${shown === '' ? 'none' : isAll ? 'all' : shown}`;
  }
}

/** INSERT names all partitions of its table: where its rows go is known when it runs. */
export function writtenPartitions(plan: WritePlan | PhysicalPlan): string | null {
  if (plan.kind !== 'insert' || plan.partitions === undefined) return null;
  const { named } = plan.partitions;
  return partitionsOf(plan.table)
    .filter((_, position) => named?.includes(position) !== false)
    .map(({ name }) => name)
    .join(',');
}

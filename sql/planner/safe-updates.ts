/**
 * `sql_safe_updates`: an UPDATE or DELETE that would read a whole table to find its rows is refused with 1175, unless a LIMIT bounds it. The planner
 * asks once its plan is chosen, as MySQL does: what counts is the key that is used, not one that could be.
 */
import { SqlError } from '../../base/error.ts';
import type { PhysicalPlan } from '../../proto/plan/physical.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';

export function refuseUnsafe(plan: PhysicalPlan, targets: readonly { readonly table: TableInfo }[]): void {
  if (readsWhole(plan, new Set(targets.map(({ table }) => table.id))))
    throw new SqlError(
      1175,
      'HY000',
      'You are using safe update mode and you tried to update a table without a WHERE that uses a KEY column',
    );
}

function readsWhole(plan: PhysicalPlan, tables: ReadonlySet<number>): boolean {
  switch (plan.kind) {
    case 'limit':
    case 'top-n':
      return false;
    case 'table-scan':
    case 'index-scan':
      return plan.ranges === undefined && plan.limit === undefined && tables.has(plan.table.id);
    case 'index-join':
      // The inner side is read by its key.
      return readsWhole(plan.left, tables);
    default:
      return childrenOf(plan).some((child) => readsWhole(child, tables));
  }
}

function childrenOf(plan: PhysicalPlan): readonly PhysicalPlan[] {
  const children: PhysicalPlan[] = [];
  for (const name of ['input', 'left', 'right'] as const) {
    const child = (plan as unknown as Record<string, PhysicalPlan | undefined>)[name];
    if (child !== undefined) children.push(child);
  }
  return children;
}

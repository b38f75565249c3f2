/** The shape of a plan: its children, in the order in which they run. */
import type { PhysicalPlan } from '../../proto/plan/physical.ts';

export function children(plan: PhysicalPlan): readonly PhysicalPlan[] {
  switch (plan.kind) {
    case 'filter':
    case 'projection':
    case 'hash-aggregate':
    case 'stream-aggregate':
    case 'sort':
    case 'top-n':
    case 'limit':
    case 'window':
    case 'lock-rows':
    case 'column-engine':
      return [plan.input];
    case 'hash-join':
    case 'merge-join':
    case 'nested-loop-join':
    case 'set-operation':
      return [plan.left, plan.right];
    case 'index-join':
    case 'apply':
      return [plan.left, plan.inner];
    case 'union-all':
      return plan.inputs;
    case 'with-cte':
      return plan.recursive === undefined ? [plan.seed, plan.input] : [plan.seed, plan.recursive, plan.input];
    default:
      return [];
  }
}

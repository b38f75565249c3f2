/**
 * `inPieces`: what to run when the column engine gave a subtree back. Numbers decide that, not the plan, and mostly those of one node: a
 * sum of a hundred thousand prices passes 53 bits and is then multiplied (q11). So only the top node moves to the row engine, and
 * what is below it is tried in columns again, piece by piece, until the piece that cannot run there stands alone.
 *
 * A piece that was given back once is remembered with the plan: the next execution goes to its pieces at once. Data that fit later
 * are found when the statement is planned again.
 */
import type { ColumnEngineRead, PhysicalPlan } from '../../../proto/plan/physical.ts';

const pieces = new WeakMap<PhysicalPlan, PhysicalPlan>();

export function isInPieces(plan: PhysicalPlan): boolean {
  return pieces.has(plan);
}

export function inPieces(plan: PhysicalPlan): PhysicalPlan {
  let made = pieces.get(plan);
  if (made === undefined) pieces.set(plan, (made = split(plan)));
  return made;
}

function split(plan: PhysicalPlan): PhysicalPlan {
  switch (plan.kind) {
    case 'filter':
    case 'projection':
    case 'hash-aggregate':
    case 'sort':
    case 'top-n':
    case 'limit':
      return { ...plan, input: piece(plan.input) };
    case 'hash-join':
      return { ...plan, left: piece(plan.left), right: piece(plan.right) };
    default:
      return plan;
  }
}

/** A bare scan has nothing to gain from columns. */
function piece(plan: PhysicalPlan): PhysicalPlan {
  if (plan.kind === 'table-scan') return plan;
  const read: ColumnEngineRead = {
    kind: 'column-engine', input: plan, reason: 'a piece', output: plan.output,
    id: `${plan.id} in columns`, estimatedRows: plan.estimatedRows, cost: plan.cost,
  }; // prettier-ignore
  return read;
}

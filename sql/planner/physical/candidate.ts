/**
 * A candidate: one way to run a part of the query, its cost and the order its rows come in. `startup` is what it costs before the
 * first row, so that a LIMIT above can tell a plan that streams from one that must first sort or build.
 */
import type { ColumnId, SortKey } from '../../../proto/plan/expression.ts';
import type { PhysicalPlan } from '../../../proto/plan/physical.ts';

export interface OrderKey {
  readonly id: ColumnId;
  readonly descending: boolean;
}

export interface Candidate {
  readonly plan: PhysicalPlan;
  readonly rows: number;
  readonly cost: number;
  readonly startup: number;
  readonly order: readonly OrderKey[];
  /** Columns that have one value in all rows: they order nothing. */
  readonly fixed: ReadonlySet<ColumnId>;
}

export const NO_FIXED: ReadonlySet<ColumnId> = new Set();

/** Sort keys that are plain columns; `undefined` when one is not. */
export function orderOf(keys: readonly SortKey[]): OrderKey[] | undefined {
  const order: OrderKey[] = [];
  for (const key of keys) {
    if (key.expression.kind !== 'column') return undefined;
    order.push({ id: key.expression.id, descending: key.descending });
  }
  return order;
}

export function satisfies(candidate: Candidate, required: readonly OrderKey[]): boolean {
  let at = 0;
  const seen = new Set<ColumnId>();
  for (const want of required) {
    if (candidate.fixed.has(want.id) || seen.has(want.id)) continue;
    seen.add(want.id);
    while (at < candidate.order.length && candidate.fixed.has(candidate.order[at]!.id)) at++;
    const have = candidate.order[at++];
    if (have === undefined || have.id !== want.id || have.descending !== want.descending) return false;
  }
  return true;
}

export const orderKeyText = (required: readonly OrderKey[]): string =>
  required.map((k) => `${k.id}${k.descending ? '-' : '+'}`).join();

export const base = { estimatedRows: 0, cost: 0, id: '' } as const;

/** Fills in what EXPLAIN shows. */
export function candidate(
  plan: PhysicalPlan,
  rows: number,
  cost: number,
  startup: number,
  order: readonly OrderKey[],
  fixed: ReadonlySet<ColumnId>,
): Candidate {
  return { plan: { ...plan, estimatedRows: rows, cost }, rows, cost, startup, order, fixed };
}

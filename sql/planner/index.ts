/**
 * The planner: from the syntax tree of a statement to a physical plan.
 *
 *     ast ─ bind ─▶ logical plan ─ rules ─▶ logical plan ─ cost ─▶ physical plan ─ resolve ─▶ plan with positions
 *      └── tryPointPlan ──────────────────────────────────────────────────────────────────────▲
 *
 * | stage | where | what it owns |
 * | --- | --- | --- |
 * | bind | bind/ | names, scopes, aggregates and groups, windows, CTEs, subqueries; every MySQL error of meaning |
 * | rules | rules/ | named, switchable rewrites; each followed by a check of the plan while verification is on |
 * | cost | physical/, statistics.ts | access paths, ranges, joins, orders, the choice of engine |
 * | resolve | resolve.ts | positions instead of ids, values computed once per execution |
 * | explain | explain.ts | the plan for people |
 *
 * Planning is pure and synchronous: everything it knows comes in `PlannerEnvironment`. A plan refers to parameters, not to their values, except
 * for those listed in `pinned`; the session's plan cache compares these on a hit.
 */
export { columnFlags, planQuery, planWrite } from './planner.ts';
export type { PlannedTable, PlannedWrite, QueryPlan, ResultCut } from './planner.ts';
export { explain } from './explain.ts';
export type { Explained, ExplainOptions, RunStatistics } from './explain.ts';
export { tryPointPlan } from './point-plan.ts';
export type { PointPlan } from './point-plan.ts';
export { RULE_NAMES } from './rules/index.ts';
export { Binder } from './bind/binder.ts';
export { columnsOfView, spellOut, type DescribedColumn } from './bind/describe.ts';
export { planLoadExpressions } from './bind/load.ts';
export { checkDefaultExpressions } from './bind/check-defaults.ts';
export { checkConstraints, planRowChecks } from './bind/constraints.ts';
export { checkGeneratedColumns, planGeneratedValues } from './bind/generated.ts';
export { checkPartitionFunction, planPartitionFunction } from './bind/partition-checks.ts';
export { bindStandalone } from './bind/standalone.ts';
export type * from './environment.ts';

/**
 * Where replicas and leaders should be, and getting them there. `schedule.ts` is the machine: heartbeats and ticks in, instructions out. Read on in this
 * order: `store-table.ts` (who there is), `rules.ts` and `fit.ts` (what is wanted, and how well a region meets it), `operator.ts`, `builder.ts`
 * and `operators.ts` (a change as steps, that no quorum is lost on the way, and what runs), then who asks for changes:
 * `check-replicas.ts`, `check-shape.ts`, `balance.ts`, `hot.ts`, `evict.ts`, `scatter.ts`. `cluster.ts` is what these have in common.
 */
export { configProblem, DEFAULT_CONFIG, type ScheduleConfig } from './config.ts';
export { describe, isVoter, type Operator, type OperatorKind, type OperatorStatus, type Step } from './operator.ts';
export type { Instruction } from './operators.ts';
export { defaultRule, type LabelConstraint, type Rule, type RuleGroup, type RuleRole } from './rules.ts';
export {
  type CheckerName,
  type RegionHeartbeatOutcome,
  Schedule,
  type ScheduleOptions,
  type SchedulerName,
  SCHEDULERS,
  type StoreHeartbeatOutcome,
} from './schedule.ts';
export {
  leaderScore,
  regionScore,
  type StoreEntry,
  type StoreHealth,
  type StoreHeartbeat,
  type StoreMeta,
  type StoreState,
} from './store-table.ts';

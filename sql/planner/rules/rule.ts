/**
 * What a rule is: a named pass from one logical plan to an equivalent one. Each can be switched off by name
 * (`SET rutile_disabled_rules`), and the plan is checked after each one when verification is on, so a wrong rule is named by the first test
 * that meets it.
 */
import type { ColumnId } from '../../../proto/plan/expression.ts';
import type { Binder } from '../bind/binder.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Estimator } from '../statistics.ts';

export interface RuleContext {
  readonly binder: Binder;
  readonly estimator: Estimator;
  /** Columns the statement wants at the root. */
  readonly wanted: readonly ColumnId[];
}

export interface Rule {
  readonly name: string;
  readonly apply: (plan: LogicalPlan, context: RuleContext) => LogicalPlan;
}

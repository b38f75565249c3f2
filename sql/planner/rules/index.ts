/**
 * The rules in the order they run. Predicates sink before decorrelation (so that it knows how few rows are left) and again after it
 * (so that what it pulled out sinks, too); columns are pruned last but for the orderings, which need to know which columns exist.
 */
import { decorrelate } from './decorrelate.ts';
import { eliminateAggregate, eliminateOuterJoin, mergeProjections, minMaxByIndex } from './eliminate.ts';
import { pruneColumns } from './prune-columns.ts';
import { pushLimit } from './push-limit.ts';
import { pushPredicates } from './push-predicates.ts';
import { reorderJoins } from './reorder-joins.ts';
import type { Rule } from './rule.ts';
import { simplify } from './simplify.ts';
import { useGeneratedColumns } from './use-generated-columns.ts';

export const RULES: readonly Rule[] = [
  useGeneratedColumns, simplify, mergeProjections, pushPredicates, decorrelate, mergeProjections, simplify, pushPredicates, eliminateOuterJoin, eliminateAggregate, useGeneratedColumns,
  reorderJoins, pushLimit, minMaxByIndex, pruneColumns, mergeProjections,
]; // prettier-ignore

/** Names that `rutile_disabled_rules` may hold. */
export const RULE_NAMES: readonly string[] = [
  ...new Set([...RULES.map((r) => r.name), 'propagate-constants', 'outer-to-inner', 'push-into-cte']),
].sort();

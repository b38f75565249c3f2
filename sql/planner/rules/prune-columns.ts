/**
 * `prune-columns`: each node gives only what somebody above asks for. Projections lose expressions, scans columns, aggregates
 * calls; a scan always keeps its rows countable (a scan of no columns is fine).
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import { addColumns, isVolatile } from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { apply, expressionsOf, filter, freeColumns, join, projection } from '../logical.ts';
import type { Rule } from './rule.ts';

export const pruneColumns: Rule = {
  name: 'prune-columns',
  apply: (plan, context) => {
    return prune(plan, new Set(context.wanted));
  },
};

type Ids = ReadonlySet<ColumnId>;

function plus(ids: Ids, expressions: Iterable<Expression>): Set<ColumnId> {
  const all = new Set(ids);
  for (const e of expressions) addColumns(e, all);
  return all;
}

function prune(plan: LogicalPlan, needed: Ids): LogicalPlan {
  switch (plan.kind) {
    case 'scan': {
      if (plan.output.every((c) => needed.has(c.id))) return plan;
      const keep = plan.output.map((c) => needed.has(c.id));
      return {
        ...plan,
        columns: plan.columns.filter((_, i) => keep[i]),
        output: plan.output.filter((_, i) => keep[i]),
      };
    }
    case 'memory': {
      const keep = plan.output.map((c) => needed.has(c.id));
      return {
        ...plan,
        offsets: plan.offsets.filter((_, i) => keep[i]),
        output: plan.output.filter((_, i) => keep[i]),
      };
    }
    case 'values': {
      const keep = plan.output.map((c) => needed.has(c.id));
      if (keep.every(Boolean)) return plan;
      return {
        ...plan,
        rows: plan.rows.map((row) => row.filter((_, i) => keep[i])),
        output: plan.output.filter((_, i) => keep[i]),
      };
    }
    case 'json-table':
    case 'cte-scan':
      return plan;
    case 'filter':
      return filter(prune(plan.input, plus(needed, plan.conditions)), plan.conditions);
    case 'projection': {
      const keep = plan.output.map((c, i) => needed.has(c.id) || hasEffect(plan.expressions[i]!));
      const expressions = plan.expressions.filter((_, i) => keep[i]);
      return projection(prune(plan.input, plus(new Set(), expressions)), expressions, plan.output.filter((_, i) => keep[i])); // prettier-ignore
    }
    case 'join': {
      const all = plus(needed, plan.conditions);
      return join(plan.joinType, prune(plan.left, all), prune(plan.right, all), plan.conditions, plan);
    }
    case 'apply': {
      const own = plus(needed, plan.conditions);
      if (plan.value !== undefined) own.add(plan.value.id);
      // An EXISTS asks for rows, not for columns.
      const right = prune(plan.right, own);
      const all = new Set(own);
      for (const id of freeColumns(right)) all.add(id);
      return apply(plan.joinType, prune(plan.left, all), right, plan.conditions, plan);
    }
    case 'aggregate': {
      const groups = plan.output.slice(0, plan.groupBy.length);
      const calls = plan.output.slice(plan.groupBy.length, plan.groupBy.length + plan.aggregates.length);
      const bits = plan.output.slice(plan.groupBy.length + plan.aggregates.length);
      const keep = calls.map((c) => needed.has(c.id));
      const made = {
        ...plan,
        aggregates: plan.aggregates.filter((_, i) => keep[i]),
        output: [...groups, ...calls.filter((_, i) => keep[i]), ...bits],
      };
      return { ...made, input: prune(plan.input, plus(new Set(), expressionsOf(made))) };
    }
    case 'window': {
      const added = plan.output.slice(plan.input.output.length);
      const keep = added.map((c) => needed.has(c.id));
      if (!keep.some(Boolean)) return prune(plan.input, needed);
      const made = { ...plan, calls: plan.calls.filter((_, i) => keep[i]) };
      const input = prune(plan.input, plus(needed, expressionsOf(made)));
      return { ...made, input, output: [...input.output, ...added.filter((_, i) => keep[i])] };
    }
    case 'sort':
    case 'limit': {
      const input = prune(plan.input, plus(needed, expressionsOf(plan)));
      return { ...plan, input, output: input.output };
    }
    case 'lock': {
      const all = new Set(needed);
      for (const t of plan.tables) for (const id of t.handle) all.add(id);
      const input = prune(plan.input, all);
      return { ...plan, input, output: input.output };
    }
    case 'union': {
      const keep = plan.output.map((c) => needed.has(c.id));
      const columns = plan.columns.map((arm) => arm.filter((_, i) => keep[i]));
      return {
        ...plan,
        inputs: plan.inputs.map((input, i) => prune(input, new Set(columns[i]))),
        columns,
        output: plan.output.filter((_, i) => keep[i]),
      };
    }
    case 'set-operation':
      return {
        ...plan,
        left: prune(plan.left, new Set(plan.columns[0])),
        right: prune(plan.right, new Set(plan.columns[1])),
      };
    case 'with-cte': {
      const input = prune(plan.input, needed);
      return {
        ...plan, seed: prune(plan.seed, new Set(plan.columns[0])),
        recursive: plan.recursive && prune(plan.recursive, new Set(plan.columns[1])), input, output: input.output,
      }; // prettier-ignore
    }
  }
}

/** SLEEP in a select list must run even when nobody looks. */
function hasEffect(e: Expression): boolean {
  return e.kind === 'call' && isVolatile(e) && e.name !== 'rand';
}

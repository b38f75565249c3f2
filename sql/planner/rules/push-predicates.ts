/**
 * `push-predicates`: conditions sink as far as they mean the same. On the way equalities between columns hand conditions on (`a = b AND
 * a = 5` gives `b = 5` on the other side of a join; switch `propagate-constants`), and an outer join whose made-up rows would be dropped anyway
 * becomes an inner one (switch `outer-to-inner`).
 */
import type { ColumnId, Expression } from '../../../proto/plan/expression.ts';
import {
  addColumns,
  andOf,
  columnOf,
  conjuncts,
  coveredBy,
  disjuncts,
  expressionKey,
  hasColumns,
  isComparison,
  isNeverTrue,
  isVolatile,
  mirrored,
  orOf,
  replaceIn,
  sameRepresentation,
  substituteColumns,
} from '../expressions.ts';
import type { LogicalPlan } from '../logical.ts';
import { apply, childrenOf, emptyValues, filter, join, limit, outputIds, projection, sort } from '../logical.ts';
import { integerConstant } from '../functions.ts';
import type { Rule, RuleContext } from './rule.ts';

export const pushPredicates: Rule = {
  name: 'push-predicates',
  apply: (plan, context) => push(plan, [], context),
};

type Conditions = readonly Expression[];

/** Those that mention nothing of `foreign`, and the rest. Columns of an outer query are as good as constants here. */
function split(conditions: Conditions, foreign: ReadonlySet<ColumnId>): [Expression[], Expression[]] {
  const inside: Expression[] = [];
  const outside: Expression[] = [];
  for (const c of conditions) (touches(c, foreign) || isVolatile(c) ? outside : inside).push(c);
  return [inside, outside];
}

function touches(e: Expression, ids: ReadonlySet<ColumnId>): boolean {
  if (e.kind === 'column') return ids.has(e.id);
  return e.kind === 'call' && e.args.some((a) => touches(a, ids));
}

/** What a join gives beside its left side's columns. */
function besideLeft(plan: Extract<LogicalPlan, { kind: 'join' | 'apply' }>): ReadonlySet<ColumnId> {
  const extra = plan.mark ?? (plan.kind === 'apply' ? plan.value : undefined);
  if (extra === undefined) return outputIds(plan.right);
  return new Set([...outputIds(plan.right), extra.id]);
}

function push(plan: LogicalPlan, conditions: Conditions, context: RuleContext): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return push(plan.input, [...plan.conditions, ...conditions], context);
    case 'projection': {
      const by = new Map<ColumnId, Expression>();
      plan.output.forEach((c, i) => by.set(c.id, plan.expressions[i]!));
      const sinks: Expression[] = [];
      const stays: Expression[] = [];
      for (const c of conditions) {
        const below = substituteColumns(c, by);
        (isVolatile(below) || isVolatile(c) ? stays : sinks).push(isVolatile(below) || isVolatile(c) ? c : below);
      }
      return filter(projection(push(plan.input, sinks, context), plan.expressions, plan.output), stays);
    }
    case 'join':
      return pushJoin(plan, conditions, context);
    case 'apply': {
      const [sinks, stays] = split(conditions, besideLeft(plan));
      const own =
        plan.joinType === 'inner' || plan.joinType === 'semi'
          ? split(plan.conditions, outputIds(plan.right))
          : [[], plan.conditions as Expression[]];
      return filter(
        apply(
          plan.joinType,
          push(plan.left, [...sinks, ...own[0]!], context),
          push(plan.right, [], context),
          own[1]!,
          plan,
        ),
        stays,
      );
    }
    case 'aggregate': {
      if (plan.rollup || plan.groupBy.length === 0)
        return filter({ ...plan, input: push(plan.input, [], context) }, conditions);
      const by = new Map<ColumnId, Expression>();
      plan.groupBy.forEach((e, i) => by.set(plan.output[i]!.id, e));
      const [sinks, stays] = split(conditions, new Set(plan.output.slice(plan.groupBy.length).map((c) => c.id)));
      return filter({ ...plan, input: push(plan.input, sinks.map((c) => substituteColumns(c, by)), context) }, stays); // prettier-ignore
    }
    case 'window': {
      const foreign = new Set(outputIds(plan));
      for (const e of plan.partitionBy) if (e.kind === 'column') foreign.delete(e.id);
      const [sinks, stays] = split(conditions, foreign);
      const input = firstRows(plan, push(plan.input, sinks, context), stays, context);
      const added = plan.output.slice(plan.input.output.length);
      return filter({ ...plan, input, output: [...input.output, ...added] }, stays);
    }
    case 'sort': {
      const input = push(plan.input, conditions, context);
      return { ...plan, input, output: input.output };
    }
    case 'lock': {
      const input = push(plan.input, conditions, context);
      return { ...plan, input, output: input.output };
    }
    case 'limit': {
      const input = push(plan.input, [], context);
      return filter({ ...plan, input, output: input.output }, conditions);
    }
    case 'union': {
      const stays = conditions.filter(isVolatile);
      const sinks = conditions.filter((c) => !isVolatile(c));
      const inputs = plan.inputs.map((input, i) => push(input, sinks.map((c) => substituteColumns(c, armColumns(plan, input, i))), context)); // prettier-ignore
      return filter({ ...plan, inputs }, stays);
    }
    case 'set-operation':
      return filter({ ...plan, left: push(plan.left, [], context), right: push(plan.right, [], context) }, conditions);
    case 'with-cte': {
      const input = push(plan.input, conditions, context);
      return {
        ...plan,
        seed: push(plan.seed, wantedOfCte(plan, input, context), context),
        recursive: plan.recursive && push(plan.recursive, [], context),
        input,
        output: input.output,
      };
    }
    default:
      return leaf(plan, conditions);
  }
}

function leaf(plan: LogicalPlan, conditions: Conditions): LogicalPlan {
  if (conditions.some(isNeverTrue)) return emptyValues(plan.output);
  const seen = new Set<string>();
  return filter(plan, conditions.filter((c) => isVolatile(c) || (!seen.has(expressionKey(c)) && seen.add(expressionKey(c))))); // prettier-ignore
}

function armColumns(
  plan: Extract<LogicalPlan, { kind: 'union' }>,
  input: LogicalPlan,
  arm: number,
): Map<ColumnId, Expression> {
  const by = new Map<ColumnId, Expression>();
  plan.output.forEach((c, i) => {
    const id = plan.columns[arm]![i]!;
    const column = input.output.find((o) => o.id === id)!;
    by.set(c.id, { kind: 'column', id, index: -1, type: column.type, name: column.name });
  });
  return by;
}

function pushJoin(
  given: Extract<LogicalPlan, { kind: 'join' }>,
  conditions: Conditions,
  context: RuleContext,
): LogicalPlan {
  let plan = given;
  const leftIds = outputIds(plan.left);
  const rightIds = outputIds(plan.right);
  const disabled = context.binder.env.disabledRules;
  const propagates = !disabled.has('propagate-constants');
  if (!disabled.has('outer-to-inner')) plan = strengthened(plan);
  let type = plan.joinType;
  if (type === 'left' && !disabled.has('outer-to-inner') && conditions.some((c) => rejectsNull(c, rightIds)))
    type = 'inner';
  switch (type) {
    case 'inner': {
      let pool = [...plan.conditions, ...conditions];
      if (pool.some(isNeverTrue)) return emptyValues(plan.output);
      if (propagates) pool = [...pool, ...derived(pool)];
      const [left, rest] = split(pool, rightIds);
      const [right, both] = split(rest, leftIds);
      if (propagates) {
        left.push(...implied(both, leftIds));
        right.push(...implied(both, rightIds));
      }
      const movable = both.filter((c) => !isVolatile(c));
      const made = join(
        'inner',
        push(plan.left, left, context),
        push(plan.right, right, context),
        unique(movable),
        plan,
      );
      return filter(made, both.filter(isVolatile));
    }
    case 'left': {
      const [sinks, stays] = split(conditions, rightIds);
      let on = plan.conditions as Expression[];
      if (propagates) on = [...on, ...derived([...sinks, ...on]).filter((c) => !touches(c, leftIds))];
      const [right, both] = split(on, leftIds);
      return filter(
        join('left', push(plan.left, sinks, context), push(plan.right, right, context), unique(both), plan),
        stays,
      );
    }
    case 'semi':
    case 'anti': {
      let pool = plan.conditions as Expression[];
      const [sinks, stays] = split(conditions, rightIds);
      if (propagates) pool = [...pool, ...derived([...sinks, ...pool]).filter((c) => !touches(c, leftIds))];
      const [right, rest] = split(pool, leftIds);
      const [left, both] = type === 'semi' ? split(rest, rightIds) : [[], rest];
      return filter(
        join(type, push(plan.left, [...sinks, ...left], context), push(plan.right, right, context), unique(both), plan),
        stays,
      );
    }
    default: {
      const [sinks, stays] = split(conditions, besideLeft(plan));
      return filter(
        join(type, push(plan.left, sinks, context), push(plan.right, [], context), plan.conditions, plan),
        stays,
      );
    }
  }
}

/** What must be true of every pair that an inner or semi join lets through makes outer joins below it inner ones. */
function strengthened(plan: Extract<LogicalPlan, { kind: 'join' }>): Extract<LogicalPlan, { kind: 'join' }> {
  switch (plan.joinType) {
    case 'inner':
    case 'semi':
      return {
        ...plan,
        left: withoutNulls(plan.left, plan.conditions),
        right: withoutNulls(plan.right, plan.conditions),
      };
    case 'left':
    case 'anti':
      // Rows of the right side that the condition drops are not missed.
      return { ...plan, right: withoutNulls(plan.right, plan.conditions) };
    default:
      return plan;
  }
}

/** The plan where rows on which one of the conditions is not true need not come. */
function withoutNulls(plan: LogicalPlan, conditions: Conditions): LogicalPlan {
  if (conditions.length === 0) return plan;
  if (plan.kind === 'filter') {
    const input = withoutNulls(plan.input, [...conditions, ...plan.conditions]);
    return input === plan.input ? plan : { ...plan, input, output: input.output };
  }
  if (plan.kind !== 'join') return plan;
  switch (plan.joinType) {
    case 'left': {
      const rightIds = outputIds(plan.right);
      if (conditions.some((c) => rejectsNull(c, rightIds)))
        return withoutNulls(join('inner', plan.left, plan.right, plan.conditions, plan), conditions);
      const left = withoutNulls(plan.left, conditions);
      return left === plan.left ? plan : join('left', left, plan.right, plan.conditions, plan);
    }
    case 'inner': {
      const known = [...conditions, ...plan.conditions];
      const left = withoutNulls(plan.left, known);
      const right = withoutNulls(plan.right, known);
      return left === plan.left && right === plan.right ? plan : join('inner', left, right, plan.conditions, plan);
    }
    default:
      return plan;
  }
}

/** What all readers of a common table expression together want of it: one reader's conditions or another's. Nothing when one wants all. */
function wantedOfCte(
  plan: Extract<LogicalPlan, { kind: 'with-cte' }>,
  input: LogicalPlan,
  context: RuleContext,
): Expression[] {
  if (plan.recursive !== undefined || context.binder.env.disabledRules.has('push-into-cte')) return [];
  const arms: Expression[] = [];
  const seen = new Set<string>();
  const visit = (node: LogicalPlan, conditions: Conditions): boolean => {
    if (node.kind !== 'cte-scan' || node.cteId !== plan.cteId)
      return childrenOf(node).every((child) => visit(child, node.kind === 'filter' ? node.conditions : []));
    const own = outputIds(node);
    const by = new Map<ColumnId, Expression>();
    node.output.forEach((c, i) => {
      const column = plan.seed.output.find((o) => o.id === plan.columns[0]![i])!;
      by.set(c.id, columnOf(column));
    });
    const usable = conditions.filter((c) => coveredBy(c, own) && !isVolatile(c));
    if (usable.length === 0) return false;
    const arm = substituteColumns(andOf(usable), by);
    if (!seen.has(expressionKey(arm))) arms.push(arm);
    seen.add(expressionKey(arm));
    return true;
  };
  if (!visit(input, []) || arms.length === 0) return [];
  return arms.length === 1 ? conjuncts(arms[0]!) : [orOf(arms)];
}

const RANKINGS = new Set(['row_number', 'rank', 'dense_rank']);

/** `ROW_NUMBER() OVER (ORDER BY x) <= 10` of all rows: the first ten are enough, if the other calls look no further either. */
function firstRows(
  plan: Extract<LogicalPlan, { kind: 'window' }>,
  input: LogicalPlan,
  conditions: Conditions,
  { binder }: RuleContext,
): LogicalPlan {
  if (plan.partitionBy.length > 0 || input.kind === 'limit' || !plan.calls.every((c) => RANKINGS.has(c.name)))
    return input;
  const added = plan.output.slice(plan.input.output.length);
  for (const condition of conditions) {
    if (!isComparison(condition)) continue;
    for (const c of [condition, mirrored(condition)]) {
      const [place, bound] = c.args as [Expression, Expression];
      const at = place.kind === 'column' ? added.findIndex((column) => column.id === place.id) : -1;
      if (at < 0 || plan.calls[at]!.name !== 'row_number' || !['lt', 'le', 'eq'].includes(c.name)) continue;
      if (hasColumns(bound)) continue;
      const known = binder.constantOf(bound);
      if (known.kind !== 'constant' || typeof known.value !== 'number' || !Number.isInteger(known.value)) continue;
      const count = Math.max(0, c.name === 'lt' ? known.value - 1 : known.value);
      return limit(sort(input, plan.orderBy), undefined, integerConstant(count));
    }
  }
  return input;
}

/** What an OR over both sides says of one side alone: `(a.x = 1 AND b.y = 2) OR (a.x = 3 AND b.y = 4)` gives `a.x = 1 OR a.x = 3`. */
function implied(conditions: Conditions, ids: ReadonlySet<ColumnId>): Expression[] {
  const made: Expression[] = [];
  for (const c of conditions) {
    if (c.kind !== 'call' || c.name !== 'or' || isVolatile(c)) continue;
    const arms = disjuncts(c).map((arm) => conjuncts(arm).filter((part) => coveredBy(part, ids) && hasColumns(part)));
    if (arms.length <= 16 && arms.every((arm) => arm.length > 0)) made.push(orOf(arms.map((arm) => andOf(arm))));
  }
  return made;
}

function unique(conditions: Conditions): Expression[] {
  const seen = new Set<string>();
  return conditions.filter((c) => !seen.has(expressionKey(c)) && seen.add(expressionKey(c)));
}

/** Conditions on one column of an equality hold for the other: `a = b AND a < 5` gives `b < 5`. */
export function derived(conditions: Conditions): Expression[] {
  const partner = new Map<ColumnId, Extract<Expression, { kind: 'column' }>[]>();
  const link = (a: Extract<Expression, { kind: 'column' }>, b: Extract<Expression, { kind: 'column' }>): void => {
    const list = partner.get(a.id);
    if (list === undefined) partner.set(a.id, [b]);
    else if (!list.some((c) => c.id === b.id)) list.push(b);
  };
  for (const c of conditions) {
    if (!isComparison(c) || c.name !== 'eq') continue;
    const [a, b] = c.args;
    if (a!.kind === 'column' && b!.kind === 'column' && a!.id !== b!.id && sameRepresentation(a!.type, b!.type)) {
      link(a!, b!);
      link(b!, a!);
    }
  }
  if (partner.size === 0) return [];
  const seen = new Set(conditions.map(expressionKey));
  const made: Expression[] = [];
  const work = conditions.filter((c) => c.kind === 'call' && HANDED_ON.has(c.name) && !isVolatile(c));
  for (let i = 0; i < work.length && made.length < 100; i++) {
    const c = work[i]!;
    const ids = addColumns(c, new Set());
    if (ids.size !== 1) continue;
    const [id] = ids as Set<ColumnId>;
    for (const other of partner.get(id!) ?? []) {
      const moved = replaceIn(c, (e) => (e.kind === 'column' ? other : undefined));
      const key = expressionKey(moved);
      if (seen.has(key)) continue;
      seen.add(key);
      made.push(moved);
      work.push(moved);
    }
  }
  return made;
}

const HANDED_ON = new Set(['eq', 'lt', 'le', 'gt', 'ge', 'in', 'or']);

/** Functions that give NULL when an argument is NULL. */
const STRICT = new Set([
  'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'plus', 'minus', 'mul', 'div', 'intdiv', 'mod', 'neg', 'cast', 'like', 'not', 'between', 'concat', 'lower', 'upper',
  'substring', 'left', 'right', 'length', 'char_length', 'abs', 'round', 'year', 'month', 'extract', 'date_add', 'date_sub', 'date', 'regexp_like', 'xor',
]); // prettier-ignore

function strictIn(e: Expression, ids: ReadonlySet<ColumnId>): boolean {
  if (e.kind === 'column') return ids.has(e.id);
  if (e.kind !== 'call') return false;
  if (e.name === 'in') return strictIn(e.args[0]!, ids);
  return STRICT.has(e.name) && e.args.some((a) => strictIn(a, ids));
}

/** Whether the condition cannot be true when all columns of `ids` are NULL. */
export function rejectsNull(c: Expression, ids: ReadonlySet<ColumnId>): boolean {
  if (c.kind === 'column') return ids.has(c.id);
  if (c.kind !== 'call') return isNeverTrue(c);
  switch (c.name) {
    case 'and':
      return c.args.some((a) => rejectsNull(a, ids));
    case 'or':
      return c.args.every((a) => rejectsNull(a, ids));
    case 'not': {
      const inner = c.args[0]!;
      if (inner.kind === 'call' && inner.name === 'isnull') return strictIn(inner.args[0]!, ids);
      return strictIn(inner, ids);
    }
    case 'istrue':
    case 'isfalse': // prettier-ignore
      return strictIn(c.args[0]!, ids);
    default:
      return hasColumns(c) && strictIn(c, ids);
  }
}

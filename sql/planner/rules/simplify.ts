/**
 * `simplify`: constants are folded, AND and OR lose what decides nothing, and what all arms of an OR share is pulled out
 * (`(a = b AND x) OR (a = b AND y)` is `a = b AND (x OR y)`: without it TPC-H q19 has no join key). A condition that can never be true
 * makes its subtree empty.
 */
import { BIGINT, isTemporal } from '../../../base/value/field-type.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import {
  andOf,
  conjuncts,
  disjuncts,
  expressionKey,
  FALSE,
  isNeverTrue,
  isTrueConstant,
  isVolatile,
  orOf,
  repeats,
  TRUE,
} from '../expressions.ts';
import { carriesGuardDigits, definitionOf } from '../../functions/index.ts';
import { evaluateNow, isPlanConstant } from '../functions.ts';
import type { LogicalPlan } from '../logical.ts';
import { emptyValues, filter, mapExpressions, mapPlan } from '../logical.ts';
import type { Rule, RuleContext } from './rule.ts';

export function fold(expression: Expression, context: RuleContext): Expression {
  if (expression.kind !== 'call' || repeats(expression)) return expression;
  const keepsGuard = definitionOf(expression.name)?.keepsGuardDigits === true;
  let args: Expression[] | undefined;
  for (let i = 0; i < expression.args.length; i++) {
    const before = expression.args[i]!;
    const after = fold(before, context);
    // A quotient has more digits for the arithmetic around it than it shows.
    if (after.kind === 'constant' && keepsGuard && carriesGuardDigits(before)) continue;
    if (after !== before) (args ??= expression.args.slice())[i] = after;
  }
  const call = args === undefined ? expression : { ...expression, args };
  if (call.args.every((a) => a.kind === 'constant' || carriesGuardDigits(a)) && isPlanConstant(call)) {
    const value = evaluateNow(call, context.binder.env.evalContext);
    if (value !== undefined) return { kind: 'constant', value, type: { ...call.type, notNull: value !== null } };
  }
  if (
    call.name === 'isnull' &&
    call.args[0]!.kind === 'column' &&
    call.args[0]!.type.notNull &&
    !isTemporal(call.args[0]!.type)
  )
    return FALSE;
  if (call.name === 'not' && call.args[0]!.kind === 'constant' && call.args[0]!.value === 0) return TRUE;
  if (call.name === 'and' || call.name === 'or') return foldLogic(call.name, call.args, call);
  return call;
}

function foldLogic(name: 'and' | 'or', args: readonly Expression[], call: Expression): Expression {
  const neutral = name === 'and' ? isTrueConstant : (e: Expression): boolean => e.kind === 'constant' && e.value === 0;
  const decisive = name === 'and' ? (e: Expression): boolean => e.kind === 'constant' && e.value === 0 : isTrueConstant;
  const decided = args.find(decisive);
  if (decided !== undefined)
    return name === 'and' ? FALSE : { kind: 'constant', value: 1, type: { ...BIGINT, length: 1, notNull: true } };
  if (!args.some(neutral)) return call;
  const rest = args.filter((e) => !neutral(e));
  if (rest.length === 0) return name === 'and' ? TRUE : FALSE;
  // `5 AND 1` is 1: only what is a truth value already stands for itself.
  if (rest.length === 1) return rest[0]!.type.truthValue === true ? rest[0]! : call;
  return name === 'and' ? andOf(rest) : orOf(rest);
}

/** Conjuncts in their final form: flat, each once, OR's shared factors outside. */
export function simplifyConditions(conditions: readonly Expression[], context: RuleContext): Expression[] {
  const out: Expression[] = [];
  const seen = new Set<string>();
  const add = (e: Expression): void => {
    if (isTrueConstant(e)) return;
    const key = isVolatile(e) ? `${out.length}` : expressionKey(e);
    if (seen.has(key)) return;
    seen.add(key);
    out.push(e);
  };
  for (const condition of conditions) {
    for (const part of conjuncts(fold(condition, context))) {
      if (part.kind === 'call' && part.name === 'or') for (const factored of conjuncts(factorOut(part))) add(factored);
      else add(part);
    }
  }
  return out;
}

function factorOut(or: Expression): Expression {
  const arms = disjuncts(or).map((arm) => conjuncts(arm));
  if (arms.length > 64 || isVolatile(or)) return or;
  const keys = arms.map((arm) => arm.map(expressionKey));
  const shared = keys[0]!.filter((key, i) => keys[0]!.indexOf(key) === i && keys.every((arm) => arm.includes(key)));
  if (shared.length === 0) return or;
  const common = arms[0]!.filter((_, i) => shared.includes(keys[0]![i]!) && keys[0]!.indexOf(keys[0]![i]!) === i);
  const rest = arms.map((arm, a) => arm.filter((_, i) => !shared.includes(keys[a]![i]!)));
  // One arm is the shared part alone: the OR adds nothing.
  if (rest.some((arm) => arm.length === 0)) return andOf(common);
  return andOf([...common, orOf(rest.map((arm) => andOf(arm)))]);
}

export const simplify: Rule = {
  name: 'simplify',
  apply: (plan, context) =>
    mapPlan(plan, (node): LogicalPlan => {
      if (node.kind === 'filter') {
        const conditions = simplifyConditions(node.conditions, context);
        if (conditions.some(isNeverTrue)) return emptyValues(node.output);
        return filter(node.input, conditions);
      }
      if (node.kind === 'join' || node.kind === 'apply') {
        const inner =
          node.joinType === 'inner' || node.joinType === 'left' || node.joinType === 'semi' || node.joinType === 'anti';
        return {
          ...node,
          conditions: inner
            ? simplifyConditions(node.conditions, context)
            : node.conditions.map((c) => fold(c, context)),
        };
      }
      return mapExpressions(node, (e) => fold(e, context));
    }),
};

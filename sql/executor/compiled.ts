/**
 * Compiled expressions, kept beside the plan. A plan lives in the plan cache and is executed many times; its closures are
 * made at the first execution and found again through the expression object itself. Expressions that carry state between
 * rows (`RAND(n)` draws from its own sequence) are compiled anew each time.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from '../functions/context.ts';
import { compile, compileAsync, compilePredicate, isAsynchronous } from '../functions/index.ts';

export type Evaluate = (row: Row, context: EvalContext) => Datum;
export type Test = (row: Row, context: EvalContext) => boolean;
export type EvaluateSlowly = (row: Row, context: EvalContext) => MaybePromise<Datum>;

const evaluators = new WeakMap<Expression, Evaluate>();
const tests = new WeakMap<Expression, Test>();

export function evaluator(expression: Expression): Evaluate {
  // Values are quicker made than found, and an INSERT of a megabyte holds a hundred thousand of them: a weak map of millions of objects
  // stops the process, since V8 hashes them to twenty bits.
  if (expression.kind === 'constant' || expression.kind === 'parameter') return compile(expression);
  const known = evaluators.get(expression);
  if (known !== undefined) return known;
  const made = compile(expression);
  if (!hasState(expression)) evaluators.set(expression, made);
  return made;
}

export function predicate(expression: Expression): Test {
  const known = tests.get(expression);
  if (known !== undefined) return known;
  const made = compilePredicate(expression);
  if (!hasState(expression)) tests.set(expression, made);
  return made;
}

/** For expressions that may have to wait (SLEEP, GET_LOCK); only they get the slow loop. */
export function slowEvaluator(expression: Expression): EvaluateSlowly {
  return isAsynchronous(expression) ? compileAsync(expression) : evaluator(expression);
}

export function mayWait(expressions: readonly Expression[]): boolean {
  for (const expression of expressions) if (expression.kind === 'call' && isAsynchronous(expression)) return true;
  return false;
}

/** Must not be kept from one execution to the next. */
export function hasState(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  if (expression.name === 'rand' && expression.args.length > 0) return true;
  return expression.args.some(hasState);
}

/** A constant or parameter, before there is a row. */
export function evaluateAlone(expression: Expression, context: EvalContext): Datum {
  if (expression.kind === 'constant') return expression.value;
  if (expression.kind === 'parameter') return context.parameters[expression.index] ?? null;
  return evaluator(expression)([], context);
}

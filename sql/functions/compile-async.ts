/**
 * Expressions with calls that wait (SLEEP, GET_LOCK, BENCHMARK) to closures that may give a promise. Only the few nodes above
 * such a call are walked here; all below and beside is compiled as ever.
 *
 * Two promises to the user: a branch that is not taken is not run (CASE, IF, IFNULL, COALESCE, AND, OR), and arguments are computed
 * from left to right, so that `CONCAT(SYSDATE(6), SLEEP(1), SYSDATE(6))` shows two moments. Each row has its own values, so rows may overlap:
 * what was waited for is put where the rest finds it just before the rest is computed, without a wait between.
 */
import type { Datum, Row } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import { isDecimal } from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { carriesGuardDigits } from './arithmetic.ts';
import { numberToTest } from './compile-test.ts';
import { compile, compileReplacing, requireDefinition } from './compile.ts';
import type { EvalContext } from './context.ts';
import { definitionOf, type Evaluator } from './definition.ts';

export type AsyncEvaluator = (row: Row, context: EvalContext) => Promise<Datum> | Datum;
type AsyncTest = (row: Row, context: EvalContext) => Promise<boolean | undefined>;

export function isAsynchronous(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  return definitionOf(expression.name)?.compileAsync !== undefined || expression.args.some(isAsynchronous);
}

export function compileAsync(expression: Expression): AsyncEvaluator {
  return waiting(expression, false);
}

/** `raw`: guard digits of a division stay, for a caller that reckons on. */
function waiting(expression: Expression, raw: boolean): AsyncEvaluator {
  if (expression.kind !== 'call' || !isAsynchronous(expression)) {
    return raw ? compileReplacing(expression, new Map(), true) : compile(expression);
  }
  const lazy = LAZY[expression.name]?.(expression);
  if (lazy === undefined) return eager(expression, raw);
  if (raw || !carriesGuardDigits(expression)) return lazy;
  const scale = expression.type.decimals;
  return async (row, context) => {
    const value = (await lazy(row, context)) as Decimal | null;
    return value === null || value.scale === scale ? value : value.rescale(scale);
  };
}

/** All arguments, then the call. Arguments without effects stay part of the rest. */
function eager(expression: CallExpression, raw: boolean): AsyncEvaluator {
  const definition = requireDefinition(expression.name);
  const replacements = new Map<CallExpression, Evaluator>();
  const steps: { readonly cell: { value: Datum }; readonly evaluate: AsyncEvaluator }[] = [];
  // BENCHMARK computes its argument itself, as often as it is told to.
  if (definition.repeats !== true) {
    for (const arg of expression.args) {
      if (arg.kind !== 'call' || replacements.has(arg) || !hasEffect(arg)) continue;
      const cell = { value: null as Datum };
      steps.push({ cell, evaluate: waiting(arg, true) });
      replacements.set(arg, () => cell.value);
    }
  }
  const finish: AsyncEvaluator =
    definition.compileAsync === undefined
      ? compileReplacing(expression, replacements, raw)
      : definition.compileAsync(
          expression,
          definition.repeats === true ? [] : expression.args.map((arg) => compileReplacing(arg, replacements, false)),
        );
  if (steps.length === 0) return finish;
  return async (row, context) => {
    const values: Datum[] = [];
    for (const { evaluate } of steps) values.push(await evaluate(row, context));
    for (let at = 0; at < steps.length; at++) steps[at]!.cell.value = values[at]!;
    return finish(row, context);
  };
}

function hasEffect(expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  const definition = definitionOf(expression.name);
  return definition?.volatile === true || definition?.compileAsync !== undefined || expression.args.some(hasEffect);
}

/** True, false, or `undefined` for NULL. */
function condition(expression: Expression): AsyncTest {
  const evaluate = waiting(expression, false);
  const cell = { value: null as Datum };
  const number = numberToTest(expression, () => cell.value);
  const decimal = isDecimal(expression.type);
  return async (row, context) => {
    cell.value = await evaluate(row, context);
    const value = number(row, context);
    if (value === null) return undefined;
    return decimal ? (value as Decimal).digits !== 0 : value !== 0;
  };
}

function logic(decides: boolean): (expression: CallExpression) => AsyncEvaluator {
  return ({ args }) => {
    const tests = args.map(condition);
    return async (row, context) => {
      let unknown = false;
      for (const test of tests) {
        const value = await test(row, context);
        if (value === undefined) unknown = true;
        else if (value === decides) return decides ? 1 : 0;
      }
      return unknown ? null : decides ? 0 : 1;
    };
  };
}

function firstKnown({ args }: CallExpression): AsyncEvaluator {
  const evaluators = args.map((arg) => waiting(arg, false));
  return async (row, context) => {
    for (const evaluate of evaluators) {
      const value = await evaluate(row, context);
      if (value !== null) return value;
    }
    return null;
  };
}

/** `condition, value, …` and perhaps a last value for the rest: CASE, and IF as its shortest form. */
function firstTrue({ args }: CallExpression): AsyncEvaluator {
  const tests: AsyncTest[] = [];
  const results: AsyncEvaluator[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) {
    tests.push(condition(args[at]!));
    results.push(waiting(args[at + 1]!, false));
  }
  const otherwise: AsyncEvaluator = args.length % 2 === 1 ? waiting(args[args.length - 1]!, false) : () => null;
  return async (row, context) => {
    for (let at = 0; at < tests.length; at++)
      if ((await tests[at]!(row, context)) === true) return results[at]!(row, context);
    return otherwise(row, context);
  };
}

const LAZY: Readonly<Record<string, ((expression: CallExpression) => AsyncEvaluator) | undefined>> = {
  case: firstTrue,
  if: firstTrue,
  ifnull: firstKnown,
  coalesce: firstKnown,
  and: logic(false),
  or: logic(true),
};

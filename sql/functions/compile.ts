/**
 * Expressions to closures. Everything that static types decide is decided here, once; a closure only looks at values.
 *
 * Two things happen around the functions' own closures:
 * - a part of the expression without columns (`cast(? as datetime)`, `now() - interval 1 day`) is computed once per statement
 *   and set of parameter values, not once per row;
 * - decimals that carry guard digits of a division are rounded where they leave the expression.
 */
import { SqlError } from '../../base/error.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { carriesGuardDigits, compileDivision } from './arithmetic.ts';
import { setChildCompiler } from './comparison.ts';
import { compileTestOf } from './compile-test.ts';
import type { EvalContext } from './context.ts';
import { definitionOf, type Evaluator, type FunctionDefinition, type Test } from './definition.ts';

export function requireDefinition(name: string): FunctionDefinition {
  const definition = definitionOf(name);
  if (definition === undefined) throw new SqlError(1305, '42000', `FUNCTION ${name} does not exist`);
  return definition;
}

/** Values known before the rest is computed (compile-async.ts), in place of the calls that gave them. */
let replaced: ReadonlyMap<CallExpression, Evaluator> | undefined;

/** `raw`: guard digits stay, for a caller that reckons on. */
export function compileReplacing(
  expression: Expression,
  replacements: ReadonlyMap<CallExpression, Evaluator>,
  raw: boolean,
): Evaluator {
  const before = replaced;
  replaced = replacements;
  try {
    return raw ? compileRaw(expression, true) : compile(expression);
  } finally {
    replaced = before;
  }
}

/** Inside a call that `repeats` its argument, which must then be computed each time. */
let forgetful = false;

/** Closures that keep no value from one call to the next. */
export function compileForgetful(expression: Expression): Evaluator {
  const before = forgetful;
  forgetful = true;
  try {
    return compile(expression);
  } finally {
    forgetful = before;
  }
}

export function compile(expression: Expression): Evaluator {
  if (expression.kind === 'call' && carriesGuardDigits(expression)) return compileRounded(expression);
  return compileRaw(expression, true);
}

export function compilePredicate(expression: Expression): Test {
  return compileTestOf(expression);
}

setChildCompiler({ compileChild: (expression) => compileRaw(expression, true) });

function compileRounded(expression: CallExpression): Evaluator {
  const scale = expression.type.decimals;
  if (expression.name === 'div' && replaced?.has(expression) !== true) {
    // Nothing above the division needs more digits: compute the rounded quotient at once.
    const [left, right] = expression.args.map((arg) => compileRaw(arg, true)) as [Evaluator, Evaluator];
    return remember(expression, compileDivision(expression, left, right, false));
  }
  const evaluate = compileRaw(expression, true);
  return (row, context) => {
    const value = evaluate(row, context) as Decimal | null;
    return value === null || value.scale === scale ? value : value.rescale(scale);
  };
}

function compileRaw(expression: Expression, remembers: boolean): Evaluator {
  switch (expression.kind) {
    case 'column': {
      const { index } = expression;
      return (row) => row[index] as Datum;
    }
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'parameter': {
      const { index } = expression;
      return (_row, context) => context.parameters[index] as Datum;
    }
    case 'call': {
      const replacement = replaced?.get(expression);
      if (replacement !== undefined) return replacement;
      const definition = requireDefinition(expression.name);
      const isConstant = remembers && isRowIndependent(expression);
      const compileArgument = (arg: Expression): Evaluator => {
        if (definition.repeats === true) return compileForgetful(arg);
        return definition.keepsGuardDigits === true || arg.kind !== 'call' || !carriesGuardDigits(arg)
          ? compileRaw(arg, remembers && !isConstant)
          : compileRounded(arg);
      };
      const evaluate = definition.compile(expression, expression.args.map(compileArgument));
      return isConstant ? remember(expression, evaluate) : evaluate;
    }
  }
}

const independent = new WeakMap<CallExpression, boolean>();

/** No columns and nothing volatile: one value per statement and set of parameters. */
export function isRowIndependent(expression: Expression): boolean {
  if (expression.kind === 'column') return false;
  if (expression.kind !== 'call') return true;
  let answer = independent.get(expression);
  if (answer === undefined) {
    const definition = definitionOf(expression.name);
    answer =
      definition?.volatile !== true &&
      definition?.compileAsync === undefined &&
      expression.args.every(isRowIndependent);
    independent.set(expression, answer);
  }
  return answer;
}

function parametersIn(expression: Expression, into: Set<number>): Set<number> {
  if (expression.kind === 'parameter') into.add(expression.index);
  else if (expression.kind === 'call') for (const arg of expression.args) parametersIn(arg, into);
  return into;
}

/** The value of the last statement and parameters. Correlated columns are parameters, so values are compared each time. */
function remember(expression: CallExpression, evaluate: Evaluator): Evaluator {
  if (forgetful || !isRowIndependent(expression)) return evaluate;
  const parameters = [...parametersIn(expression, new Set())];
  let lastContext: EvalContext | undefined;
  let lastValue: Datum = null;
  if (parameters.length === 0) {
    return (row, context) => {
      if (lastContext !== context) {
        lastValue = evaluate(row, context);
        lastContext = context;
      }
      return lastValue;
    };
  }
  if (parameters.length === 1) {
    const index = parameters[0]!;
    let lastParameter: Datum | undefined;
    return (row, context) => {
      const parameter = context.parameters[index];
      if (lastContext !== context || lastParameter !== parameter) {
        lastValue = evaluate(row, context);
        lastParameter = parameter;
        lastContext = context;
      }
      return lastValue;
    };
  }
  const seen: Datum[] = [];
  return (row, context) => {
    let same = lastContext === context;
    for (let at = 0; at < parameters.length; at++) {
      const parameter = context.parameters[parameters[at]!] as Datum;
      if (seen[at] !== parameter) {
        seen[at] = parameter;
        same = false;
      }
    }
    if (!same) {
      lastContext = undefined;
      lastValue = evaluate(row, context);
      lastContext = context;
    }
    return lastValue;
  };
}

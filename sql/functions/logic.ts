/**
 * AND, OR, XOR, NOT, IS …: SQL's three values. A value is true when it is not zero; text and the rest are converted to a
 * number first. AND and OR take any number of operands and stop at the first that decides.
 */
import { BIGINT, DOUBLE, isDecimal, isNumeric, type FieldType } from '../../base/value/field-type.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { define, OPERANDS_MAX, type Evaluator, type Test } from './definition.ts';
import { compileTestOf, numberToTest } from './compile-test.ts';
import { BOOLEAN, BOOLEAN_NOT_NULL, call, isJson, isNullType, numericLiteral } from './types.ts';

/** A number to ask for zero. */
export function asCondition(expression: Expression): Expression {
  const type = expression.type;
  if (isNullType(type) || isNumeric(type)) return expression;
  const literal = numericLiteral(expression);
  if (literal !== expression) return literal;
  return castTo(expression, isJson(type) ? BIGINT : DOUBLE);
}

/** Truth of a value that is not NULL. */
export function truthOf(type: FieldType): (value: NonNullable<Datum>) => boolean {
  if (isDecimal(type)) return (value) => (value as Decimal).digits !== 0;
  return (value) => value !== 0;
}

function allNotNull(args: readonly Expression[]): FieldType {
  return args.every((arg) => arg.type.notNull) ? BOOLEAN_NOT_NULL : BOOLEAN;
}

interface Operand {
  readonly evaluate: Evaluator;
  readonly isTrue: (value: NonNullable<Datum>) => boolean;
}

function operandsOf(expression: { readonly args: readonly Expression[] }, evaluators: readonly Evaluator[]): Operand[] {
  return evaluators.map((evaluate, index) => {
    const arg = expression.args[index]!;
    return { evaluate: numberToTest(arg, evaluate), isTrue: truthOf(arg.type) };
  });
}

for (const name of ['and', 'or'] as const) {
  /** The truth value that ends the evaluation. */
  const decides = name === 'or';
  define({
    name,
    argsMin: 1,
    argsMax: OPERANDS_MAX,
    columnar: 'logic',
    infer: (args) => {
      const conditions = args.map(asCondition);
      return call(name, conditions, allNotNull(conditions));
    },
    compile: (expression, evaluators) => {
      const operands = operandsOf(expression, evaluators);
      return (row, context) => {
        let unknown = false;
        for (const { evaluate, isTrue } of operands) {
          const value = evaluate(row, context);
          if (value === null) unknown = true;
          else if (isTrue(value) === decides) return decides ? 1 : 0;
        }
        return unknown ? null : decides ? 0 : 1;
      };
    },
    compileTest: (expression) => {
      const tests = expression.args.map(compileTestOf);
      const [a, b] = tests as [Test, Test];
      if (tests.length === 2)
        return decides
          ? (row, context) => a(row, context) || b(row, context)
          : (row, context) => a(row, context) && b(row, context);
      return decides
        ? (row, context) => {
            for (const test of tests) if (test(row, context)) return true;
            return false;
          }
        : (row, context) => {
            for (const test of tests) if (!test(row, context)) return false;
            return true;
          };
    },
  });
}

define({
  name: 'xor',
  argsMin: 2,
  argsMax: 2,
  infer: (args) => {
    const conditions = args.map(asCondition);
    return call('xor', conditions, allNotNull(conditions));
  },
  compile: (expression, evaluators) => {
    const [a, b] = operandsOf(expression, evaluators) as [Operand, Operand];
    return (row, context) => {
      const x = a.evaluate(row, context);
      if (x === null) return null;
      const y = b.evaluate(row, context);
      return y === null ? null : a.isTrue(x) !== b.isTrue(y) ? 1 : 0;
    };
  },
});

define({
  name: 'not',
  argsMin: 1,
  argsMax: 1,
  columnar: 'logic',
  infer: (args) => {
    const conditions = args.map(asCondition);
    return call('not', conditions, allNotNull(conditions));
  },
  compile: (expression, evaluators) => {
    const [a] = operandsOf(expression, evaluators) as [Operand];
    return (row, context) => {
      const x = a.evaluate(row, context);
      return x === null ? null : a.isTrue(x) ? 0 : 1;
    };
  },
});

define({
  name: 'isnull',
  argsMin: 1,
  argsMax: 1,
  columnar: 'logic',
  infer: (args) => call('isnull', args, BOOLEAN_NOT_NULL),
  compile:
    (_expression, [a]) =>
    (row, context) =>
      a!(row, context) === null ? 1 : 0,
});

for (const name of ['istrue', 'isfalse'] as const) {
  const wanted = name === 'istrue';
  define({
    name,
    argsMin: 1,
    argsMax: 1,
    columnar: 'logic',
    infer: (args) => call(name, args.map(asCondition), BOOLEAN_NOT_NULL),
    compile: (expression, evaluators) => {
      const [a] = operandsOf(expression, evaluators) as [Operand];
      return (row, context) => {
        const x = a.evaluate(row, context);
        return x !== null && a.isTrue(x) === wanted ? 1 : 0;
      };
    },
  });
}

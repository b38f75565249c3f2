/** Conditions: NULL is false. In a file of its own because AND and OR, which `compile.ts` loads, build on it. */
import type { Expression } from '../../proto/plan/expression.ts';
import { compileChild } from './comparison.ts';
import { converter } from './convert.ts';
import { definitionOf, type Evaluator, type Test } from './definition.ts';
import { isNullType } from './types.ts';
import { DOUBLE, isDecimal, isNumeric } from '../../base/value/field-type.ts';
import type { Decimal } from '../../base/value/decimal.ts';

/** The number whose zero is false: text and the rest are read as doubles, as `WHERE name` does. */
export function numberToTest(expression: Expression, evaluate: Evaluator): Evaluator {
  if (isNumeric(expression.type) || isNullType(expression.type)) return evaluate;
  const convert = converter(expression.type, DOUBLE);
  return (row, context) => {
    const value = evaluate(row, context);
    return value === null ? null : convert(value, context);
  };
}

export function compileTestOf(expression: Expression): Test {
  if (expression.kind === 'call') {
    const test = definitionOf(expression.name)?.compileTest?.(expression);
    if (test !== undefined) return test;
  }
  const evaluate = numberToTest(expression, compileChild(expression));
  if (isDecimal(expression.type)) {
    return (row, context) => {
      const value = evaluate(row, context);
      return value !== null && (value as Decimal).digits !== 0;
    };
  }
  return (row, context) => {
    const value = evaluate(row, context);
    return value !== null && value !== 0;
  };
}

/** Conditions: NULL is false. In a file of its own because AND and OR, which `compile.ts` loads, build on it. */
import type { Expression } from '../../proto/plan/expression.ts';
import { compileChild } from './comparison.ts';
import { definitionOf, type Test } from './definition.ts';
import { isDecimal } from '../../base/value/field-type.ts';
import type { Decimal } from '../../base/value/decimal.ts';

export function compileTestOf(expression: Expression): Test {
  if (expression.kind === 'call') {
    const test = definitionOf(expression.name)?.compileTest?.(expression);
    if (test !== undefined) return test;
  }
  const evaluate = compileChild(expression);
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

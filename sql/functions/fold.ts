/**
 * Folding: calls of constants become constants. Left alone is what is volatile, what asks for the clock, the zone or the session
 * (a cached plan outlives them), and what would warn or fail: that shall happen when, and only if, the statement gets there.
 */
import { isJson } from './types.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { compile } from './compile.ts';
import type { EvalContext } from './context.ts';
import { quietContext } from './default-context.ts';
import { definitionOf } from './definition.ts';

export function foldConstants(expression: Expression, context?: EvalContext): Expression {
  if (expression.kind !== 'call' || definitionOf(expression.name)?.repeats === true) return expression;
  let changed = false;
  const args = expression.args.map((arg) => {
    const folded = foldConstants(arg, context);
    if (folded !== arg) changed = true;
    return folded;
  });
  const call = changed ? { ...expression, args } : expression;
  const definition = definitionOf(call.name);
  if (
    definition === undefined ||
    definition.volatile === true ||
    definition.contextual === true ||
    definition.compileAsync !== undefined
  )
    return call;
  if (!args.every((arg) => arg.kind === 'constant')) return call;
  try {
    const value = compile(call)([], quietWith(context));
    return { kind: 'constant', value, type: { ...call.type, notNull: value !== null && !isJson(call.type) } };
  } catch {
    return call;
  }
}

/** The modes of the statement, the silence of folding. */
function quietWith(context: EvalContext | undefined): EvalContext {
  if (context === undefined) return quietContext;
  return Object.defineProperty(Object.create(quietContext) as EvalContext, 'sqlMode', { value: context.sqlMode });
}

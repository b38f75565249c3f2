/**
 * `@name`, `@name := value` and `@@name` in expressions. They read and write the session while rows flow, so they are calls that are never
 * folded or moved; a plan that assigns one is still cacheable, since the value is read at run time.
 */
import { BIGINT, BIGINT_UNSIGNED, isInteger, isReal, DOUBLE, varcharType } from '../../../base/value/field-type.ts';
import type { FieldType } from '../../../base/value/field-type.ts';
import type { Expression } from '../../../proto/plan/expression.ts';
import type * as ast from '../../parser/ast.ts';
import { call } from '../expressions.ts';
import { stringConstant } from '../functions.ts';
import type { Binder } from './binder.ts';

/** The type is that of the present value: a plan made for a number does not fit a string. */
export function userVariable(node: ast.UserVariableNode, binder: Binder): Expression {
  const name = node.name.toLowerCase();
  const session = binder.env.evalContext.session;
  const known = binder.variableTypes?.get(name) ?? session.userVariables.get(name)?.type;
  binder.cacheable = false;
  const type: FieldType =
    known === undefined ? varcharType(0, session.connectionCollation) : { ...known, notNull: false };
  return call('get_user_variable', [stringConstant(name)], type);
}

export function setUserVariable(node: ast.AssignmentNode, value: Expression, binder: Binder): Expression {
  binder.cacheable = false;
  return call('set_user_variable', [stringConstant(node.variable.name.toLowerCase()), value], {
    ...value.type,
    notNull: false,
  });
}

export function systemVariable(node: ast.SystemVariableNode, binder: Binder): Expression {
  const session = binder.env.evalContext.session;
  const scope = node.scope === 'global' ? 'global' : node.scope === 'session' ? 'session' : undefined;
  const value = session.systemVariable(node.name, scope);
  binder.cacheable = false;
  const type =
    typeof value === 'number' || typeof value === 'bigint'
      ? Number.isInteger(Number(value))
        ? value > 9223372036854775807n
          ? BIGINT_UNSIGNED
          : BIGINT
        : DOUBLE
      : varcharType(typeof value === 'string' ? value.length : 0, session.connectionCollation);
  return {
    kind: 'constant',
    value,
    type: isInteger(type) || isReal(type) ? type : { ...type, notNull: value !== null },
  };
}

/**
 * `castTo`: an explicit conversion round an expression; none when the representation is the same already, and constants are
 * converted on the spot when that is quiet (whatever would warn, or asks for the clock or the zone, waits for run time).
 */
import { isNumeric, isString, TypeCode, type FieldType } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { converter } from './convert.ts';
import { quietContext } from './default-context.ts';
import { call, numericLiteral } from './types.ts';

export function castTo(expression: Expression, type: FieldType): Expression {
  const from = expression.type;
  if (sameType(from, type)) return expression;
  const target = from.notNull && !mayFail(from, type) ? { ...type, notNull: true } : type;
  if (isNumeric(target) && expression.kind === 'constant' && from.numberLiteral === true)
    return castTo(numericLiteral(expression), target);
  if (from.code === TypeCode.NULL) return { kind: 'constant', value: null, type: { ...type, notNull: false } };
  if (expression.kind === 'constant') {
    if (expression.value === null) return { kind: 'constant', value: null, type: { ...type, notNull: false } };
    try {
      const value = converter(from, type)(expression.value, quietContext);
      if (value !== null) return { kind: 'constant', value, type: { ...type, notNull: true } };
    } catch {
      // Left to run time, where there is somebody to warn.
    }
  }
  return call('cast', [expression], target);
}

function sameType(a: FieldType, b: FieldType): boolean {
  if (isString(a) && isString(b))
    return (
      a.charset === b.charset &&
      a.collation === b.collation &&
      a.code !== TypeCode.ENUM &&
      a.code !== TypeCode.SET &&
      (b.length < 0 || (a.length >= 0 && a.length <= b.length))
    );
  return (
    a.code === b.code &&
    a.unsigned === b.unsigned &&
    a.decimals === b.decimals &&
    (a.code !== TypeCode.DECIMAL || a.length <= b.length)
  );
}

/** Conversions that can give NULL for a value that is not. */
function mayFail(from: FieldType, to: FieldType): boolean {
  return (
    to.code === TypeCode.DATE ||
    to.code === TypeCode.DATETIME ||
    to.code === TypeCode.TIME ||
    to.code === TypeCode.TIMESTAMP ||
    to.code === TypeCode.JSON ||
    from.code === TypeCode.JSON
  );
}

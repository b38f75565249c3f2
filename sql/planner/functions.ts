/**
 * The planner's view of sql/functions: one place that knows how the syntax tree's special forms (dates with intervals, TRIM, CASTs to a
 * written type) become calls, and how a constant expression is worked out at planning time.
 */
import { charsetNameOf, findCharset } from '../../base/value/charset.ts';
import type { Datum } from '../../base/value/datum.ts';
import { parseDateTime } from '../../base/value/date-time-parse.ts';
import { Decimal, parseDecimal } from '../../base/value/decimal.ts';
import { parseDuration } from '../../base/value/duration.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  DOUBLE,
  fieldType,
  isString,
  JSON_TYPE,
  TypeCode,
  varcharType,
} from '../../base/value/field-type.ts';
import { SqlError } from '../../base/error.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import type { EvalContext } from '../functions/context.ts';
import { compile, definitionOf, inferCall } from '../functions/index.ts';
import type { DataType } from '../parser/ast.ts';
import { unsupported } from './errors.ts';
import { hasColumns, isVolatile, someExpression } from './expressions.ts';

export function parseDecimalText(text: string): Decimal {
  return parseDecimal(text).value;
}

/** `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'`; a wrong one is error 1525 at once. */
export function temporalConstant(kind: 'date' | 'time' | 'timestamp', text: string, context: EvalContext): Expression {
  const wrong = (): SqlError =>
    new SqlError(1525, 'HY000', `Incorrect ${kind === 'timestamp' ? 'DATETIME' : kind.toUpperCase()} value: '${text}'`);
  if (kind === 'time') {
    const parsed = parseDuration(text);
    if (parsed.kind !== 'exact') throw wrong();
    const fsp = fractionDigits(text);
    return {
      kind: 'constant',
      value: parsed.value,
      type: fieldType(TypeCode.TIME, { length: 10 + (fsp > 0 ? fsp + 1 : 0), decimals: fsp, notNull: true }),
    };
  }
  const mode = context.sqlMode;
  const parsed = parseDateTime(text, {
    noZeroDate: mode.noZeroDate,
    noZeroInDate: mode.noZeroInDate,
    allowInvalidDates: mode.allowInvalidDates,
  });
  if (parsed.value === undefined || parsed.kind !== 'exact') throw wrong();
  if (kind === 'date') {
    if (parsed.hasTime) throw wrong();
    return { kind: 'constant', value: parsed.value, type: fieldType(TypeCode.DATE, { length: 10, notNull: true }) };
  }
  const fsp = parsed.fsp;
  return {
    kind: 'constant',
    value: parsed.value,
    type: fieldType(TypeCode.DATETIME, { length: 19 + (fsp > 0 ? fsp + 1 : 0), decimals: fsp, notNull: true }),
  };
}

function fractionDigits(text: string): number {
  const point = text.lastIndexOf('.');
  return point < 0 ? 0 : Math.min(6, text.length - point - 1);
}

/** The type that CAST(… AS type) names. */
export function castType(type: DataType, connectionCollation: string): FieldType {
  switch (type.name) {
    case 'signed':
      return type.unsigned ? BIGINT_UNSIGNED : BIGINT;
    case 'decimal':
      return fieldType(TypeCode.DECIMAL, { length: type.length ?? 10, decimals: type.decimals ?? 0 });
    case 'double':
      return DOUBLE;
    case 'float':
      return fieldType(TypeCode.FLOAT, { length: 12, decimals: 31 });
    case 'date':
      return fieldType(TypeCode.DATE, { length: 10 });
    case 'datetime':
      return fieldType(TypeCode.DATETIME, {
        length: 19 + (type.length ? type.length + 1 : 0),
        decimals: type.length ?? 0,
      });
    case 'time':
      return fieldType(TypeCode.TIME, { length: 10 + (type.length ? type.length + 1 : 0), decimals: type.length ?? 0 });
    case 'year':
      return fieldType(TypeCode.YEAR, { length: 4, unsigned: true });
    case 'json':
      return JSON_TYPE;
    case 'binary':
    case 'varbinary':
      return varcharType(type.length ?? -1, 'binary');
    case 'char':
    case 'varchar': {
      if (type.charset === 'binary') return varcharType(type.length ?? -1, 'binary');
      return varcharType(type.length ?? -1, castCollation(type, connectionCollation));
    }
    default:
      throw unsupported(`CAST(… AS ${type.name.toUpperCase()})`);
  }
}

/** `CHARACTER SET x`, `BINARY` and `COLLATE` of a CAST; the connection's where nothing is said. */
function castCollation(type: DataType, connectionCollation: string): string {
  const charset = type.charset === undefined ? undefined : findCharset(type.charset);
  if (type.charset !== undefined && charset === undefined)
    throw new SqlError(1115, '42000', `Unknown character set: '${type.charset}'`);
  if (type.binary) return `${charset?.name ?? charsetNameOf(connectionCollation)}_bin`;
  return charset?.defaultCollation ?? connectionCollation;
}

/** Whether the value is the same at each call within one execution and needs no row. */
export function isStatementConstant(expression: Expression): boolean {
  return !hasColumns(expression) && !isVolatile(expression);
}

/** The same for every execution of the plan: no columns, no parameters, nothing of the session or the clock. */
export function isPlanConstant(expression: Expression): boolean {
  const varies = (e: Expression): boolean =>
    e.kind === 'column' || e.kind === 'parameter' || (e.kind === 'call' && definitionOf(e.name)?.contextual === true);
  return !someExpression(expression, varies) && !isVolatile(expression);
}

/** Answers the value, or `undefined` when it cannot be known without running (or fails: then the executor shall fail). */
export function evaluateNow(expression: Expression, context: EvalContext): Datum | undefined {
  if (expression.kind === 'constant') return expression.value;
  if (expression.kind === 'parameter') return context.parameters[expression.index];
  try {
    return compile(expression)([], quiet(context));
  } catch {
    return undefined;
  }
}

const quietMemo = new WeakMap<EvalContext, EvalContext>();

/** Estimates and folding must not leave warnings; what would warn is left to run time. */
function quiet(context: EvalContext): EvalContext {
  let made = quietMemo.get(context);
  if (made === undefined) {
    made = Object.create(context, { warn: { value: () => { throw new SqlError(1105, 'HY000', 'a warning while folding'); } } }) as EvalContext; // prettier-ignore
    quietMemo.set(context, made);
  }
  return made;
}

export function stringConstant(value: string): Expression {
  return { kind: 'constant', value, type: { ...varcharType(value.length, 'utf8mb4_bin'), notNull: true } };
}

export function integerConstant(value: number): Expression {
  return { kind: 'constant', value, type: { ...BIGINT, notNull: true } };
}

/** The common type of expressions that meet in UNION, VALUES and recursive CTEs: that of COALESCE, NOT NULL when all are. */
export function unifiedType(met: readonly Expression[], context: EvalContext): FieldType {
  const notNull = met.every((one) => one.type.notNull);
  const typed = met.filter((one) => one.type.code !== TypeCode.NULL);
  if (typed.length === 0) return { ...met[0]!.type, notNull };
  if (typed.length === 1) return { ...typed[0]!.type, notNull };
  return { ...typed.reduce((all, one) => inferCall('coalesce', [all, one], { context })).type, notNull };
}

/** Whether a value of type `from` must be converted to be a `to`. */
export function needsCast(from: FieldType, to: FieldType): boolean {
  if (from.code === TypeCode.NULL) return false;
  if (isString(from) && isString(to)) return (from.charset === 'binary') !== (to.charset === 'binary');
  if (from.code === TypeCode.DECIMAL && to.code === TypeCode.DECIMAL) return from.decimals !== to.decimals;
  const integer = (t: FieldType): boolean =>
    t.code === TypeCode.LONGLONG || (t.code >= TypeCode.TINY && t.code <= TypeCode.LONG) || t.code === TypeCode.INT24;
  if (integer(from) && integer(to)) return false;
  return from.code !== to.code;
}

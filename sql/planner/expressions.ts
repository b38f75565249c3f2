/**
 * Small tools over bound expressions that every part of the planner shares: walking, replacing, splitting ANDs and ORs, telling two
 * expressions apart. Expressions are immutable; a function that changes nothing gives back the same object, so a pass can see by
 * identity that it is done.
 */
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { Duration } from '../../base/value/duration.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { fieldType, isInteger, isString, TypeCode } from '../../base/value/field-type.ts';
import type { CallExpression, ColumnExpression, ColumnId, Expression } from '../../proto/plan/expression.ts';
import type { OutputColumn } from '../../proto/plan/physical.ts';
import { definitionOf } from '../functions/index.ts';

/** What comparisons and logic give: 0, 1 or NULL. */
export const BOOLEAN: FieldType = fieldType(TypeCode.LONGLONG, { length: 1, truthValue: true });

export const TRUE: Expression = { kind: 'constant', value: 1, type: { ...BOOLEAN, notNull: true } };
export const FALSE: Expression = { kind: 'constant', value: 0, type: { ...BOOLEAN, notNull: true } };

export function columnOf(output: OutputColumn): ColumnExpression {
  return { kind: 'column', id: output.id, index: -1, type: output.type, name: output.name };
}

export function call(name: string, args: readonly Expression[], type: FieldType = BOOLEAN): CallExpression {
  return { kind: 'call', name, args, type };
}

export { castTo } from '../functions/index.ts';

/** `replace` answers a substitute, or `undefined` to look inside. */
export function replaceIn(expression: Expression, replace: (e: Expression) => Expression | undefined): Expression {
  const substitute = replace(expression);
  if (substitute !== undefined) return substitute;
  if (expression.kind !== 'call') return expression;
  let args: Expression[] | undefined;
  for (let i = 0; i < expression.args.length; i++) {
    const before = expression.args[i]!;
    const after = replaceIn(before, replace);
    if (after !== before) (args ??= expression.args.slice())[i] = after;
  }
  return args === undefined ? expression : { ...expression, args };
}

export function substituteColumns(expression: Expression, by: ReadonlyMap<ColumnId, Expression>): Expression {
  if (by.size === 0) return expression;
  return replaceIn(expression, (e) => (e.kind === 'column' ? by.get(e.id) : undefined));
}

export function visit(expression: Expression, see: (e: Expression) => void): void {
  see(expression);
  if (expression.kind === 'call') for (const arg of expression.args) visit(arg, see);
}

export function someExpression(expression: Expression, test: (e: Expression) => boolean): boolean {
  if (test(expression)) return true;
  return expression.kind === 'call' && expression.args.some((arg) => someExpression(arg, test));
}

export function addColumns(expression: Expression, into: Set<ColumnId>): Set<ColumnId> {
  if (expression.kind === 'column') into.add(expression.id);
  else if (expression.kind === 'call') for (const arg of expression.args) addColumns(arg, into);
  return into;
}

export function columnsIn(expressions: Iterable<Expression>): Set<ColumnId> {
  const into = new Set<ColumnId>();
  for (const e of expressions) addColumns(e, into);
  return into;
}

export function hasColumns(expression: Expression): boolean {
  return someExpression(expression, (e) => e.kind === 'column');
}

/** Whether every column of the expression is among `ids`. */
export function coveredBy(expression: Expression, ids: ReadonlySet<ColumnId>): boolean {
  if (expression.kind === 'column') return ids.has(expression.id);
  return expression.kind !== 'call' || expression.args.every((arg) => coveredBy(arg, ids));
}

/** Calls that the planner makes itself, beside what sql/functions calls volatile. */
const VOLATILE = new Set(['set_user_variable', 'get_user_variable', 'grouping']);

/** Another answer, or an effect, at each call: never folded, moved, copied or hoisted. */
export function isVolatile(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    someExpression(expression, (e) => e.kind === 'call' && (VOLATILE.has(e.name) || isVolatileFunction(e.name)))
  );
}

/** Its arguments are computed each time they are asked for: nothing in them may be computed beforehand. */
export function repeats(expression: Expression): boolean {
  return expression.kind === 'call' && definitionOf(expression.name)?.repeats === true;
}

function isVolatileFunction(name: string): boolean {
  const definition = definitionOf(name);
  return definition !== undefined && (definition.volatile === true || definition.compileAsync !== undefined);
}

/** A balanced tree, so that thousands of terms do not nest thousands deep. */
function combine(name: 'and' | 'or', terms: readonly Expression[], start: number, end: number): Expression {
  if (end - start === 1) return terms[start]!;
  const middle = (start + end) >>> 1;
  return call(name, [combine(name, terms, start, middle), combine(name, terms, middle, end)]);
}

export function andOf(terms: readonly Expression[]): Expression {
  return terms.length === 0 ? TRUE : combine('and', terms, 0, terms.length);
}

export function orOf(terms: readonly Expression[]): Expression {
  return terms.length === 0 ? FALSE : combine('or', terms, 0, terms.length);
}

export function conditionOf(terms: readonly Expression[]): Expression | undefined {
  return terms.length === 0 ? undefined : combine('and', terms, 0, terms.length);
}

function flatten(name: string, expression: Expression, into: Expression[]): Expression[] {
  if (expression.kind === 'call' && expression.name === name)
    for (const arg of expression.args) flatten(name, arg, into);
  else into.push(expression);
  return into;
}

export function conjuncts(expression: Expression, into: Expression[] = []): Expression[] {
  return flatten('and', expression, into);
}

export function disjuncts(expression: Expression): Expression[] {
  return flatten('or', expression, []);
}

export function isConstant(expression: Expression, value: Datum): boolean {
  return expression.kind === 'constant' && expression.value === value;
}

/** Neither 0 nor NULL nor anything that needs a conversion to know. */
export function isTrueConstant(expression: Expression): boolean {
  return expression.kind === 'constant' && typeof expression.value === 'number' && expression.value !== 0;
}

/** FALSE or NULL: no row passes such a condition. */
export function isNeverTrue(expression: Expression): boolean {
  return expression.kind === 'constant' && (expression.value === 0 || expression.value === null);
}

export function datumKey(value: Datum): string {
  if (value === null) return 'n';
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (typeof value === 'number') return `d${Object.is(value, -0) ? '-0' : value}`;
  if (typeof value === 'bigint') return `b${value}`;
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Decimal) return `m${value.digits}e${value.scale}`;
  if (value instanceof DateTime) return `t${value.datePart}.${value.timeMicros}`;
  if (value instanceof Duration) return `u${value.micros}`;
  return `j${JSON.stringify(value.node)}`;
}

export function typeKey(type: FieldType): string {
  return `${type.code}${type.unsigned ? 'u' : ''}.${type.length}.${type.decimals}.${type.collation}`;
}

/** Equal keys: equal values for every row. (Volatile calls excepted: ask `isVolatile` first.) */
export function expressionKey(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return `#${expression.id}`;
    case 'parameter':
      return `?${expression.index}`;
    case 'constant':
      return `${expression.type.code}${datumKey(expression.value)}`;
    case 'call': {
      const type = expression.name === 'cast' ? typeKey(expression.type) : '';
      return `${expression.name}${type}${expression.collation === undefined ? '' : `~${expression.collation}`}(${expression.args.map(expressionKey).join()})`;
    }
  }
}

/**
 * Whether values of the two types have one representation and one order, so that an equality between them can be a join
 * key or a range bound without conversion.
 */
export function sameRepresentation(a: FieldType, b: FieldType): boolean {
  if (isInteger(a) && isInteger(b)) return a.code === b.code || (a.code !== TypeCode.BIT && b.code !== TypeCode.BIT);
  if (a.code === TypeCode.ENUM || a.code === TypeCode.SET || b.code === TypeCode.ENUM || b.code === TypeCode.SET)
    return false;
  if (isString(a) && isString(b)) return a.collation === b.collation;
  return a.code === b.code;
}

const MIRRORED: Readonly<Record<string, string>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
  nulleq: 'nulleq',
};
export const NEGATED: Readonly<Record<string, string>> = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' };

export function isComparison(expression: Expression): expression is CallExpression {
  return expression.kind === 'call' && expression.args.length === 2 && MIRRORED[expression.name] !== undefined;
}

/** `a < b` as `b > a`. */
export function mirrored(comparison: CallExpression): CallExpression {
  return { ...comparison, name: MIRRORED[comparison.name]!, args: [comparison.args[1]!, comparison.args[0]!] };
}

/** The side with columns first, where only one has any: `5 < a` as `a > 5`. */
export function columnFirst(comparison: CallExpression): CallExpression {
  const [left, right] = comparison.args;
  return hasColumns(right!) && !hasColumns(left!) ? mirrored(comparison) : comparison;
}

/** Which end of an interval the comparison gives its left side. */
export function endOf(name: string): 'lower' | 'upper' | undefined {
  if (name === 'gt' || name === 'ge') return 'lower';
  return name === 'lt' || name === 'le' ? 'upper' : undefined;
}

/**
 * Comparisons: `=`, `<=>`, `<>`, `<`, `<=`, `>`, `>=`, BETWEEN, IN, and the functions that compare (GREATEST, LEAST, STRCMP,
 * INTERVAL, NULLIF's equality).
 *
 * First the two sides are brought to one kind (MySQL's rules): text under a collation, bytes, numbers as integers, decimals or
 * doubles, dates, times, documents. The side that is known before the first row is converted to the column's kind wherever that
 * is exact, so that the column stays bare and an index can serve: `date_column < '1998-09-02'` compares dates. Then a
 * closure is built for that kind; the common shapes (number column against a constant) read the row without a further call.
 */
import { SqlError } from '../../base/error.ts';
import { BINARY_COLLATION, collationNamed, type Collation } from '../../base/value/collation/index.ts';
import { DATE_RULES_LAX, parseDateTime } from '../../base/value/date-time-parse.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import { Decimal, parseDecimal } from '../../base/value/decimal.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  decimalType,
  DOUBLE,
  isBinaryString,
  isDecimal,
  isInteger,
  isNumeric,
  isReal,
  isString,
  isTemporal,
  JSON_TYPE,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { agreeCollation } from './collate.ts';
import type { EvalContext } from './context.ts';
import {
  connectionCollation,
  define,
  OPERANDS_MAX,
  type Evaluator,
  type InferOptions,
  type Test,
} from './definition.ts';
import {
  compareByteStrings,
  compareDates,
  compareDecimals,
  compareDocuments,
  compareNumbers,
  compareTimes,
  keyOfType,
  type Compare,
} from './order.ts';
import {
  binaryType,
  BOOLEAN,
  call,
  constant,
  DATE,
  datetimeType,
  decimalTypeOf,
  hasDate,
  isEnumOrSet,
  isJson,
  isNullType,
  isValue,
  textLength,
  timeType,
  numericLiteral,
} from './types.ts';

export type ComparisonKind = 'integer' | 'double' | 'decimal' | 'text' | 'bytes' | 'date' | 'time' | 'json' | 'null';

/** The kind two types compare as, once the binder has put its conversions in. */
export function comparisonKind(a: FieldType, b: FieldType): ComparisonKind {
  if (isNullType(a)) return isNullType(b) ? 'null' : comparisonKind(b, b);
  if (isNullType(b)) return comparisonKind(a, a);
  if (isJson(a) || isJson(b)) return 'json';
  if (isString(a) && isString(b)) return isBinaryString(a) || isBinaryString(b) ? 'bytes' : 'text';
  if (hasDate(a) || hasDate(b)) {
    if ((hasDate(a) && isNumeric(b)) || (hasDate(b) && isNumeric(a))) return 'double';
    return 'date';
  }
  if (a.code === TypeCode.TIME || b.code === TypeCode.TIME) return isNumeric(a) || isNumeric(b) ? 'double' : 'time';
  if (isInteger(a) && isInteger(b)) return 'integer';
  if (isReal(a) || isReal(b) || isString(a) || isString(b)) return 'double';
  return 'decimal';
}

// ---- bringing both sides to one kind ----

export interface ComparedPair {
  readonly left: Expression;
  readonly right: Expression;
  readonly collation: string | undefined;
}

export function prepareComparison(
  left: Expression,
  right: Expression,
  operation: string,
  options: InferOptions,
): ComparedPair {
  const a = left.type;
  const b = right.type;
  if (isNullType(a) || isNullType(b)) return { left, right, collation: undefined };
  if (isJson(a) || isJson(b)) return { left: asDocument(left), right: asDocument(right), collation: undefined };
  if (isString(a) && isString(b)) return prepareStrings(left, right, operation, options);
  if (isTemporal(a) || isTemporal(b)) {
    const prepared = prepareTemporal(left, right, options);
    if (prepared !== undefined) return prepared;
  }
  return prepareNumbers(left, right, options);
}

function asDocument(expression: Expression): Expression {
  return isJson(expression.type) ? expression : call('to_json', [expression], JSON_TYPE);
}

function prepareStrings(left: Expression, right: Expression, operation: string, options: InferOptions): ComparedPair {
  if (isBinaryString(left.type) || isBinaryString(right.type)) {
    const bytes = (side: Expression): Expression =>
      isBinaryString(side.type) ? side : castTo(side, binaryType(textLength(side.type) * 4));
    return { left: bytes(left), right: bytes(right), collation: 'binary' };
  }
  return { left, right, collation: agreeCollation([left, right], operation, connectionCollation(options)) };
}

/** Texts that IN and BETWEEN compare have one collation for all of them, or are all bytes; `undefined`: they are not all texts. */
function prepareTexts(
  operands: readonly Expression[],
  operation: string,
  options: InferOptions,
): { readonly args: readonly Expression[]; readonly collation: string } | undefined {
  const known = operands.filter(({ type }) => !isNullType(type));
  if (!known.every(({ type }) => isString(type))) return undefined;
  if (!known.some(({ type }) => isBinaryString(type)))
    return { args: operands, collation: agreeCollation(known, operation, connectionCollation(options)) };
  const args = operands.map((one) => isNullType(one.type) || isBinaryString(one.type) ? one : castTo(one, binaryType(textLength(one.type) * 4))); // prettier-ignore
  return { args, collation: 'binary' };
}

function prepareTemporal(left: Expression, right: Expression, options: InferOptions): ComparedPair | undefined {
  if (isTemporal(left.type) && isTemporal(right.type)) {
    if (hasDate(left.type) === hasDate(right.type)) return { left, right, collation: undefined };
    return { left: asDate(left), right: asDate(right), collation: undefined };
  }
  if (isTemporal(left.type)) {
    const other = temporalOperand(right, left.type, options);
    return other === undefined ? undefined : { left, right: other, collation: undefined };
  }
  const other = temporalOperand(left, right.type, options);
  return other === undefined ? undefined : { left: other, right, collation: undefined };
}

function asDate(side: Expression): Expression {
  return hasDate(side.type) ? side : castTo(side, datetimeType(6));
}

/** What stands beside a date or time, made one itself; `undefined`: both go as numbers. */
function temporalOperand(other: Expression, beside: FieldType, options: InferOptions): Expression | undefined {
  if (isString(other.type)) {
    if (beside.code === TypeCode.TIME) return castTo(other, timeType(6));
    refuseWrongDate(other, beside);
    return dateConstant(castTo(other, datetimeType(6)), beside);
  }
  // Numbers become dates when they are known (20240131), else the date becomes a number.
  const known = options.constantOf?.(other) ?? other;
  if (known.kind !== 'constant') return undefined;
  const converted = castTo(known, hasDate(beside) ? datetimeType(6) : timeType(6));
  return converted.kind === 'constant' && converted.value !== null ? dateConstant(converted, beside) : undefined;
}

/** A DATE beside a constant at midnight: the constant is a DATE, too. */
function dateConstant(expression: Expression, beside: FieldType): Expression {
  if (expression.kind !== 'constant' || expression.value === null || beside.code !== TypeCode.DATE) return expression;
  return (expression.value as DateTime).timeMicros === 0
    ? constant(expression.value, { ...DATE, notNull: true })
    : expression;
}

function refuseWrongDate(other: Expression, beside: FieldType): void {
  if (other.kind !== 'constant' || typeof other.value !== 'string') return;
  if (parseDateTime(other.value, DATE_RULES_LAX).value !== undefined) return;
  const name = beside.code === TypeCode.DATE ? 'DATE' : beside.code === TypeCode.TIMESTAMP ? 'TIMESTAMP' : 'DATETIME';
  throw new SqlError(1525, 'HY000', `Incorrect ${name} value: '${other.value}'`);
}

function prepareNumbers(leftGiven: Expression, rightGiven: Expression, options: InferOptions): ComparedPair {
  const left = refineOperand(numericLiteral(leftGiven), rightGiven.type, options);
  const right = refineOperand(numericLiteral(rightGiven), leftGiven.type, options);
  const kind = comparisonKind(left.type, right.type);
  if (kind === 'integer') return { left, right, collation: undefined };
  if (kind === 'decimal') return { left: asDecimal(left, right), right: asDecimal(right, left), collation: undefined };
  return { left: asDouble(left, right), right: asDouble(right, left), collation: undefined };
}

/** A constant beside an exact number, made one where nothing is lost: `id = '5'`, `id = 5.0`, `price = '1.10'`. */
function refineOperand(side: Expression, beside: FieldType, options: InferOptions): Expression {
  if (!isInteger(beside) && !isDecimal(beside)) return side;
  if (isString(side.type) && !isEnumOrSet(side.type)) {
    const known = options.constantOf?.(side) ?? side;
    if (known.kind !== 'constant' || typeof known.value !== 'string') return side;
    const parsed = parseDecimal(known.value);
    if (parsed.kind !== 'exact' || parsed.value.precision() > 15) return side;
    return exactConstant(parsed.value, beside);
  }
  if (side.kind === 'constant') {
    if (side.value instanceof Decimal) return isInteger(beside) ? exactConstant(side.value, beside) : side;
    if (isReal(side.type) && Number.isSafeInteger(side.value) && isInteger(beside))
      return constant(side.value, { ...BIGINT, notNull: true });
  }
  return side;
}

function exactConstant(value: Decimal, beside: FieldType): Expression {
  const whole = value.truncate(0);
  if (isInteger(beside) && whole.equals(value)) {
    const integer = whole.digits;
    const type = integer > 9223372036854775807n ? BIGINT_UNSIGNED : BIGINT;
    return constant(integer, { ...type, length: String(integer).length, notNull: true });
  }
  return constant(value, { ...decimalType(value.precision(), value.scale), notNull: true });
}

/** A bare integer column beside something known stays bare: the kernel reads integers among decimals and doubles. */
function staysBare(side: Expression, other: Expression): boolean {
  return side.kind === 'column' && isInteger(side.type) && isWithoutColumns(other);
}

/** Two sides that both change from row to row may become keys of a join, which must be of one type. */
function isWithoutColumns(expression: Expression): boolean {
  return expression.kind === 'call' ? expression.args.every(isWithoutColumns) : expression.kind !== 'column';
}

function asDecimal(side: Expression, other: Expression): Expression {
  if (isDecimal(side.type) || staysBare(side, other)) return side;
  return castTo(side, decimalTypeOf(side.type));
}

function asDouble(side: Expression, other: Expression): Expression {
  if (isReal(side.type) || staysBare(side, other)) return side;
  return castTo(side, DOUBLE);
}

// ---- kernels ----

/** Integers among decimals, where the binder left a bare column. */
function mixedDecimals(a: FieldType, b: FieldType): Compare {
  if (isDecimal(a) && isDecimal(b)) return compareDecimals;
  const of = (value: Datum): Decimal =>
    value instanceof Decimal ? value : Decimal.fromInteger(value as number | bigint);
  return (x, y) => of(x).compare(of(y));
}

export function compareAs(kind: ComparisonKind, a: FieldType, b: FieldType, collation: Collation): Compare {
  switch (kind) {
    case 'integer':
    case 'double':
      return compareNumbers;
    case 'decimal':
      return mixedDecimals(a, b);
    case 'text':
      return (x, y) => collation.compare(x as string, y as string);
    case 'bytes':
      return compareByteStrings;
    case 'date':
      return compareDates;
    case 'time':
      return compareTimes;
    case 'json':
      return compareDocuments;
    case 'null':
      return () => 0;
  }
}

export type ComparisonOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
const MIRROR: Record<ComparisonOperator, ComparisonOperator> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  le: 'ge',
  gt: 'lt',
  ge: 'le',
};

function kernelOf(expression: CallExpression): {
  readonly kind: ComparisonKind;
  readonly compare: Compare;
  readonly collation: Collation;
} {
  const [left, right] = expression.args as readonly [Expression, Expression];
  const kind = comparisonKind(left.type, right.type);
  const collation = collationNamed(expression.collation ?? left.type.collation) ?? BINARY_COLLATION;
  // BETWEEN and IN have further operands, and one bare integer among them makes all comparisons mixed ones.
  const other = kind === 'decimal' ? (expression.args.find(({ type }) => !isDecimal(type)) ?? right) : right;
  return { kind, compare: compareAs(kind, left.type, other.type, collation), collation };
}

/** `compare` applied: which signs of the order pass. */
function passes(operator: ComparisonOperator): (order: number) => boolean {
  switch (operator) {
    case 'eq':
      return (order) => order === 0;
    case 'ne':
      return (order) => order !== 0;
    case 'lt':
      return (order) => order < 0;
    case 'le':
      return (order) => order <= 0;
    case 'gt':
      return (order) => order > 0;
    case 'ge':
      return (order) => order >= 0;
  }
}

// hot: bench/micro/expressions.ts
function genericTest(operator: ComparisonOperator, left: Evaluator, right: Evaluator, compare: Compare): Test {
  switch (operator) {
    case 'eq':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return false;
        const b = right(row, context);
        return b !== null && compare(a, b) === 0;
      };
    case 'lt':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return false;
        const b = right(row, context);
        return b !== null && compare(a, b) < 0;
      };
    case 'ge':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return false;
        const b = right(row, context);
        return b !== null && compare(a, b) >= 0;
      };
    default: {
      const pass = passes(operator);
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return false;
        const b = right(row, context);
        return b !== null && pass(compare(a, b));
      };
    }
  }
}

function genericValue(operator: ComparisonOperator, left: Evaluator, right: Evaluator, compare: Compare): Evaluator {
  const pass = passes(operator);
  return (row, context) => {
    const a = left(row, context);
    if (a === null) return null;
    const b = right(row, context);
    if (b === null) return null;
    return pass(compare(a, b)) ? 1 : 0;
  };
}

/** A number column against a number that is known: no call per row but this one. */
// hot: bench/micro/expressions.ts
function columnTest(operator: ComparisonOperator, index: number, known: number | bigint): Test {
  switch (operator) {
    case 'eq':
      return typeof known === 'number' ? (row) => row[index] === known : (row) => row[index] === known;
    case 'ne':
      return (row) => row[index] !== null && row[index] !== known;
    case 'lt':
      return (row) => {
        const value = row[index] as number | null;
        return value !== null && value < known;
      };
    case 'le':
      return (row) => {
        const value = row[index] as number | null;
        return value !== null && value <= known;
      };
    case 'gt':
      return (row) => {
        const value = row[index] as number | null;
        return value !== null && value > known;
      };
    case 'ge':
      return (row) => {
        const value = row[index] as number | null;
        return value !== null && value >= known;
      };
  }
}

function parameterTest(operator: ComparisonOperator, index: number, parameter: number): Test {
  const pair = (row: Row, context: EvalContext, test: (a: number, b: number) => boolean): boolean => {
    const value = row[index] as number | null;
    const known = context.parameters[parameter] as number | null;
    return value !== null && known !== null && test(value, known);
  };
  switch (operator) {
    case 'eq':
      return (row, context) => {
        const value = row[index] as Datum;
        return value !== null && value === context.parameters[parameter];
      };
    case 'ne':
      return (row, context) => pair(row, context, (a, b) => a !== b);
    case 'lt':
      return (row, context) => {
        const value = row[index] as number | null;
        const known = context.parameters[parameter] as number | null;
        return value !== null && known !== null && value < known;
      };
    case 'le':
      return (row, context) => pair(row, context, (a, b) => a <= b);
    case 'gt':
      return (row, context) => {
        const value = row[index] as number | null;
        const known = context.parameters[parameter] as number | null;
        return value !== null && known !== null && value > known;
      };
    case 'ge':
      return (row, context) => pair(row, context, (a, b) => a >= b);
  }
}

/** The direct forms; `undefined` when the expression has another shape. */
function directTest(operator: ComparisonOperator, expression: CallExpression): Test | undefined {
  const [left, right] = expression.args as readonly [Expression, Expression];
  const { kind } = kernelOf(expression);
  if (kind !== 'integer' && !(kind === 'double' && isReal(left.type) && isReal(right.type))) return undefined;
  if (left.kind === 'column') {
    if (right.kind === 'constant')
      return right.value === null ? () => false : columnTest(operator, left.index, right.value as number);
    if (right.kind === 'parameter') return parameterTest(operator, left.index, right.index);
  }
  if (right.kind === 'column') {
    if (left.kind === 'constant')
      return left.value === null ? () => false : columnTest(MIRROR[operator], right.index, left.value as number);
    if (left.kind === 'parameter') return parameterTest(MIRROR[operator], right.index, left.index);
  }
  return undefined;
}

const SYMBOLS: Record<ComparisonOperator, string> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };

/** Set once by compile.ts, which builds argument closures; comparisons build tests from raw expressions. */
export interface ChildCompiler {
  compileChild(expression: Expression): Evaluator;
}
let children: ChildCompiler | undefined;
export function setChildCompiler(compiler: ChildCompiler): void {
  children = compiler;
}
export function compileChild(expression: Expression): Evaluator {
  return children!.compileChild(expression);
}

for (const operator of Object.keys(SYMBOLS) as ComparisonOperator[]) {
  define({
    name: operator,
    argsMin: 2,
    argsMax: 2,
    columnar: 'comparison',
    keepsGuardDigits: true,
    infer: ([a, b], options) => {
      const { left, right, collation } = prepareComparison(a!, b!, SYMBOLS[operator], options);
      return call(operator, [left, right], { ...BOOLEAN, notNull: left.type.notNull && right.type.notNull }, collation);
    },
    compile: (expression, [left, right]) => genericValue(operator, left!, right!, kernelOf(expression).compare),
    compileTest: (expression) =>
      directTest(operator, expression) ??
      genericTest(
        operator,
        compileChild(expression.args[0]!),
        compileChild(expression.args[1]!),
        kernelOf(expression).compare,
      ),
  });
}

define({
  name: 'nulleq',
  argsMin: 2,
  argsMax: 2,
  keepsGuardDigits: true,
  infer: ([a, b], options) => {
    const { left, right, collation } = prepareComparison(a!, b!, '<=>', options);
    return call('nulleq', [left, right], { ...BOOLEAN, notNull: true }, collation);
  },
  compile: (expression, [left, right]) => {
    const { compare } = kernelOf(expression);
    return (row, context) => {
      const a = left!(row, context);
      const b = right!(row, context);
      if (a === null || b === null) return a === b ? 1 : 0;
      return compare(a, b) === 0 ? 1 : 0;
    };
  },
});

// ---- BETWEEN and IN ----

define({
  name: 'between',
  argsMin: 3,
  argsMax: 3,
  columnar: 'comparison',
  infer: ([value, low, high], options) => {
    const above = prepareComparison(value!, low!, 'between', options);
    const below = prepareComparison(value!, high!, 'between', options);
    const sameValue =
      above.left === below.left &&
      comparisonKind(above.left.type, above.right.type) === comparisonKind(below.left.type, below.right.type);
    const together = sameValue ? undefined : prepareTexts([value!, low!, high!], 'between', options);
    if (together !== undefined) return call('between', together.args, BOOLEAN, together.collation);
    if (sameValue) return call('between', [above.left, above.right, below.right], BOOLEAN, above.collation);
    // The two bounds ask for different readings of the value: two comparisons say that plainly.
    return call('and', [
      call('ge', [above.left, above.right], BOOLEAN, above.collation),
      call('le', [below.left, below.right], BOOLEAN, below.collation),
    ], BOOLEAN); // prettier-ignore
  },
  compile: (expression, [value, low, high]) => {
    const { compare } = kernelOf(expression);
    return (row, context) => {
      const v = value!(row, context);
      if (v === null) return null;
      const a = low!(row, context);
      const b = high!(row, context);
      if (a !== null && compare(v, a) < 0) return 0;
      if (b !== null && compare(v, b) > 0) return 0;
      return a === null || b === null ? null : 1;
    };
  },
});

define({
  name: 'in',
  argsMin: 2,
  argsMax: OPERANDS_MAX,
  columnar: 'comparison',
  infer: ([value, ...list], options) => {
    const pairs = list.map((item) => prepareComparison(value!, item, ' IN ', options));
    const first = pairs.find((pair) => !isNullType(pair.right.type)) ?? pairs[0]!;
    const kind = comparisonKind(first.left.type, first.right.type);
    const alike = pairs.every(
      (pair) =>
        isNullType(pair.right.type) ||
        (sameSide(pair.left, first.left) &&
          comparisonKind(pair.left.type, pair.right.type) === kind &&
          pair.collation === first.collation),
    );
    if (alike) return call('in', [first.left, ...pairs.map((pair) => pair.right)], BOOLEAN, first.collation);
    const together = prepareTexts([value!, ...list], ' IN ', options);
    if (together !== undefined) return call('in', together.args, BOOLEAN, together.collation);
    // Items of different kinds compare each in its own way.
    return anyOf(pairs.map((pair) => call('eq', [pair.left, pair.right], BOOLEAN, pair.collation)));
  },
  compile: (expression) => compileIn(expression),
});

function sameSide(a: Expression, b: Expression): boolean {
  return (
    a === b ||
    (a.kind === 'call' &&
      b.kind === 'call' &&
      a.name === b.name &&
      a.args[0] === b.args[0] &&
      a.type.code === b.type.code &&
      a.type.decimals === b.type.decimals)
  );
}

function anyOf(terms: readonly Expression[]): Expression {
  if (terms.length === 1) return terms[0]!;
  const middle = terms.length >> 1;
  return call('or', [anyOf(terms.slice(0, middle)), anyOf(terms.slice(middle))], BOOLEAN);
}

/** A list that is known before the first row becomes a set, made again when a parameter has another value. */
function compileIn(expression: CallExpression): Evaluator {
  const [value, ...list] = expression.args as readonly [Expression, ...Expression[]];
  const { kind, compare, collation } = kernelOf(expression);
  const left = compileChild(value);
  const items = list.map(compileChild);
  if (!list.every(isKnown) || kind === 'null') return inByScan(left, items, compare);
  const keyType = kind === 'decimal' ? decimalType(65, 30) : value.type;
  const plainKey = keyOfType(keyType, collation);
  // A bare integer column among decimals has keys of decimals, which for whole values are the integers themselves.
  const keyOf = (datum: NonNullable<Datum>): number | string =>
    kind === 'decimal' && !(datum instanceof Decimal)
      ? typeof datum === 'number'
        ? datum
        : String(datum)
      : plainKey(datum);
  const parameters = [...new Set(list.flatMap(parametersOf))];
  let seen: Datum[] | undefined;
  let lastContext: EvalContext | undefined;
  let keys = new Set<number | string>();
  let hasNull = false;
  const fill = (row: Row, context: EvalContext): void => {
    keys = new Set();
    hasNull = false;
    for (const item of items) {
      const datum = item(row, context);
      if (datum === null) hasNull = true;
      else keys.add(keyOf(datum));
    }
    seen = parameters.map((index) => context.parameters[index] ?? null);
    lastContext = context;
  };
  const isCurrent = (context: EvalContext): boolean => {
    if (seen === undefined) return false;
    if (parameters.length === 0) return true;
    if (lastContext !== context) return false;
    for (let at = 0; at < parameters.length; at++) if (seen[at] !== context.parameters[parameters[at]!]) return false;
    return true;
  };
  return (row, context) => {
    const datum = left(row, context);
    if (datum === null) return null;
    if (!isCurrent(context)) fill(row, context);
    return keys.has(keyOf(datum)) ? 1 : hasNull ? null : 0;
  };
}

function isKnown(expression: Expression): boolean {
  if (isValue(expression)) return true;
  return expression.kind === 'call' && expression.name === 'cast' && isKnown(expression.args[0]!);
}

function parametersOf(expression: Expression): number[] {
  if (expression.kind === 'parameter') return [expression.index];
  return expression.kind === 'call' ? expression.args.flatMap(parametersOf) : [];
}

function inByScan(left: Evaluator, items: readonly Evaluator[], compare: Compare): Evaluator {
  return (row, context) => {
    const datum = left(row, context);
    if (datum === null) return null;
    let hasNull = false;
    for (const item of items) {
      const other = item(row, context);
      if (other === null) hasNull = true;
      else if (compare(datum, other) === 0) return 1;
    }
    return hasNull ? null : 0;
  };
}

// ---- functions that compare ----

define({
  name: 'strcmp',
  argsMin: 2,
  argsMax: 2,
  infer: ([a, b], options) => {
    const text = (arg: Expression): Expression =>
      isString(arg.type) || isNullType(arg.type)
        ? arg
        : castTo(arg, {
            ...binaryType(textLength(arg.type)),
            charset: 'utf8mb4',
            collation: connectionCollation(options),
          });
    const { left, right, collation } = prepareComparison(text(a!), text(b!), 'strcmp', options);
    return call('strcmp', [left, right], { ...BIGINT, length: 2 }, collation);
  },
  compile: (expression, [left, right]) => {
    const { compare } = kernelOf(expression);
    return (row, context) => {
      const a = left!(row, context);
      if (a === null) return null;
      const b = right!(row, context);
      return b === null ? null : compare(a, b);
    };
  },
});

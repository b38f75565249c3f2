/**
 * `+ - * / DIV % -x` and the bit operators.
 *
 * Types: a double or text on either side makes a double, else a decimal makes a decimal, else integers stay integers
 * (unsigned when either is). `/` of integers is a decimal with `div_precision_increment` more digits.
 *
 * Integers are computed as doubles while the result stays within 2^53, which proves it exact, and as bigints beyond. Out of
 * range is error 1690 with the expression's text.
 *
 * Guard digits: MySQL computes quotients in groups of nine digits and shows scale + 4 of them, so that (1/3)*3 is 1.0000.
 * Inside an expression a division therefore keeps the digits of those groups; `compile` rounds to the declared scale where the value
 * leaves the expression, so between operators every decimal has the scale of its type.
 */
import { SqlError } from '../../base/error.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { Decimal, DECIMAL_SCALE_MAX } from '../../base/value/decimal.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  DOUBLE,
  fieldType,
  isInteger,
  isReal,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { INT64_MAX, INT64_MIN, UINT64_MAX } from './convert.ts';
import { define, defineSimple, type Evaluator, type InferOptions } from './definition.ts';
import { printExpression } from './print.ts';
import {
  boundedDecimal,
  call,
  decimalShape,
  decimalTypeOf,
  integerDigits,
  isNullType,
  numberKind,
  type NumberKind,
  numericLiteral,
} from './types.ts';
import { warnDivision } from './warn.ts';

const SAFE_MAX = 9007199254740991;

export function outOfRange(what: string, expression: Expression): SqlError {
  return new SqlError(1690, '22003', `${what} value is out of range in '${printExpression(expression)}'`);
}

function kindOf(args: readonly Expression[]): NumberKind {
  let kind: NumberKind = 'integer';
  for (const arg of args) {
    const one = numberKind(arg.type);
    if (one === 'double') return 'double';
    if (one === 'decimal') kind = 'decimal';
  }
  return kind;
}

/** Both operands as numbers of one kind. */
function operands(
  args: readonly Expression[],
  least: NumberKind = 'integer',
): { readonly kind: NumberKind; readonly args: Expression[]; readonly given: Expression[] } {
  const given = args.map(numericLiteral);
  const found = kindOf(given);
  const kind: NumberKind = found === 'integer' ? least : found;
  const converted = given.map((arg) => {
    if (isNullType(arg.type)) return arg;
    if (kind === 'double') return isReal(arg.type) ? arg : castTo(arg, DOUBLE);
    if (kind === 'decimal') return arg.type.code === TypeCode.DECIMAL ? arg : castTo(arg, decimalTypeOf(arg.type));
    return isInteger(arg.type) ? arg : castTo(arg, BIGINT);
  });
  return { kind, args: converted, given };
}

function notNullOf(args: readonly Expression[]): boolean {
  return args.every((arg) => arg.type.notNull);
}

function inRange(value: bigint, unsigned: boolean): boolean {
  return unsigned ? value >= 0n && value <= UINT64_MAX : value >= INT64_MIN && value <= INT64_MAX;
}

// ---- + - * ----

interface Arithmetic {
  readonly name: 'plus' | 'minus' | 'mul';
  readonly number: (a: number, b: number) => number;
  readonly big: (a: bigint, b: bigint) => bigint;
  readonly decimal: (a: Decimal, b: Decimal) => Decimal;
  readonly shape: (a: { precision: number; scale: number }, b: { precision: number; scale: number }) => FieldType;
}

const addShape: Arithmetic['shape'] = (a, b) => {
  const scale = Math.max(a.scale, b.scale);
  return boundedDecimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
};

const ARITHMETIC: readonly Arithmetic[] = [
  { name: 'plus', number: (a, b) => a + b, big: (a, b) => a + b, decimal: (a, b) => a.add(b), shape: addShape },
  { name: 'minus', number: (a, b) => a - b, big: (a, b) => a - b, decimal: (a, b) => a.subtract(b), shape: addShape },
  {
    name: 'mul',
    number: (a, b) => a * b,
    big: (a, b) => a * b,
    decimal: (a, b) => a.multiply(b),
    shape: (a, b) => boundedDecimal(a.precision + b.precision, Math.min(a.scale + b.scale, DECIMAL_SCALE_MAX)),
  },
];

for (const operation of ARITHMETIC) {
  define({
    name: operation.name,
    argsMin: 2,
    argsMax: 2,
    keepsGuardDigits: true,
    columnar: 'number',
    infer: (given, options) => {
      const prepared = operands(given);
      const notNull = notNullOf(prepared.args);
      if (prepared.kind === 'double') return call(operation.name, prepared.args, { ...DOUBLE, notNull });
      if (prepared.kind === 'decimal') {
        const [a, b] = prepared.given.map((arg) => decimalShape(arg.type)) as [
          { precision: number; scale: number },
          { precision: number; scale: number },
        ];
        return call(operation.name, prepared.args, { ...operation.shape(a, b), notNull });
      }
      const unsigned =
        prepared.args.some((arg) => arg.type.unsigned) &&
        !(operation.name === 'minus' && (options.context?.sqlMode.noUnsignedSubtraction ?? false));
      return call(operation.name, prepared.args, {
        ...integerResult(operation.name, prepared.args, unsigned),
        notNull,
      });
    },
    compile: (expression, [left, right]) => {
      if (isReal(expression.type)) return doubleOperation(operation, expression, left!, right!);
      if (expression.type.code === TypeCode.DECIMAL) return decimalOperation(operation, expression, left!, right!);
      return integerOperation(operation, expression, left!, right!);
    },
  });
}

/** Display width of the result: one digit more for sums, both widths for products. */
function integerResult(name: string, args: readonly Expression[], unsigned: boolean): FieldType {
  const digits = args.map((arg) => integerDigits(arg.type));
  const length = name === 'mul' ? digits[0]! + digits[1]! : Math.max(digits[0]!, digits[1]!) + 1;
  return { ...(unsigned ? BIGINT_UNSIGNED : BIGINT), length: Math.min(length + 1, 21) };
}

// hot: bench/micro/expressions.ts. The three loops are written out, so that each closure has its own types.
function integerOperation(
  operation: Arithmetic,
  expression: CallExpression,
  left: Evaluator,
  right: Evaluator,
): Evaluator {
  const unsigned = expression.type.unsigned;
  const slow = (a: number | bigint, b: number | bigint): Datum => {
    const result = operation.big(BigInt(a), BigInt(b));
    if (!inRange(result, unsigned)) throw outOfRange(unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', expression);
    return normalizeInteger(result);
  };
  const least = unsigned ? 0 : -SAFE_MAX;
  switch (operation.name) {
    case 'plus':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        if (b === null) return null;
        if (typeof a === 'number' && typeof b === 'number') {
          const sum = a + b;
          if (sum <= SAFE_MAX && sum >= least) return sum;
        }
        return slow(a as number, b as number);
      };
    case 'minus':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        if (b === null) return null;
        if (typeof a === 'number' && typeof b === 'number') {
          const difference = a - b;
          if (difference <= SAFE_MAX && difference >= least) return difference;
        }
        return slow(a as number, b as number);
      };
    case 'mul':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        if (b === null) return null;
        if (typeof a === 'number' && typeof b === 'number') {
          const product = a * b;
          if (product <= SAFE_MAX && product >= least) return product + 0;
        }
        return slow(a as number, b as number);
      };
  }
}

function doubleOperation(
  operation: Arithmetic,
  expression: CallExpression,
  left: Evaluator,
  right: Evaluator,
): Evaluator {
  const compute = operation.number;
  return (row, context) => {
    const a = left(row, context);
    if (a === null) return null;
    const b = right(row, context);
    if (b === null) return null;
    const result = compute(a as number, b as number);
    if (!Number.isFinite(result)) throw outOfRange('DOUBLE', expression);
    return result;
  };
}

function decimalOperation(
  operation: Arithmetic,
  expression: CallExpression,
  left: Evaluator,
  right: Evaluator,
): Evaluator {
  const finish = (result: Decimal): Decimal => {
    const held = result.within81();
    if (held === undefined) throw outOfRange('DECIMAL', expression);
    return held;
  };
  switch (operation.name) {
    case 'plus':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        return b === null ? null : finish((a as Decimal).add(b as Decimal));
      };
    case 'minus':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        return b === null ? null : finish((a as Decimal).subtract(b as Decimal));
      };
    case 'mul':
      return (row, context) => {
        const a = left(row, context);
        if (a === null) return null;
        const b = right(row, context);
        return b === null ? null : finish((a as Decimal).multiply(b as Decimal));
      };
  }
}

// ---- / ----

const GROUP = 9;

/** Digits after the point that MySQL computes for a quotient before it shows scale + increment of them. */
function guardScale(dividend: number, divisor: number, increment: number): number {
  const a = Math.ceil(dividend / GROUP) * GROUP;
  const b = Math.ceil(divisor / GROUP) * GROUP;
  const more = Math.max(0, increment - (a - dividend) - (b - divisor));
  return Math.ceil((a + b + more) / GROUP) * GROUP;
}

define({
  name: 'div',
  argsMin: 2,
  argsMax: 2,
  keepsGuardDigits: true,
  columnar: 'number',
  infer: (given, options) => {
    const { kind, args, given: before } = operands(given, 'decimal');
    if (kind === 'double') return call('div', args, DOUBLE);
    const [a, b] = before.map((arg) => decimalShape(arg.type)) as [
      { precision: number; scale: number },
      { precision: number; scale: number },
    ];
    const increment = options.context?.divPrecisionIncrement ?? 4;
    const scale = Math.min(a.scale + increment, DECIMAL_SCALE_MAX);
    return call('div', args, boundedDecimal(a.precision + b.scale + increment, scale));
  },
  compile: (expression, [left, right]) => compileDivision(expression, left!, right!, true),
});

/** `guarded`: the quotient is used by further arithmetic. */
export function compileDivision(
  expression: CallExpression,
  left: Evaluator,
  right: Evaluator,
  guarded: boolean,
): Evaluator {
  if (isReal(expression.type)) {
    return (row, context) => {
      const a = left(row, context);
      if (a === null) return null;
      const b = right(row, context);
      if (b === null) return null;
      if (b === 0) {
        warnDivision(context);
        return null;
      }
      const result = (a as number) / (b as number);
      if (!Number.isFinite(result)) throw outOfRange('DOUBLE', expression);
      return result;
    };
  }
  const scale = expression.type.decimals;
  const increment = scale - decimalShape(expression.args[0]!.type).scale;
  return (row, context) => {
    const a = left(row, context) as Decimal | null;
    if (a === null) return null;
    const b = right(row, context) as Decimal | null;
    if (b === null) return null;
    const computed = guardScale(a.scale, b.scale, increment);
    const digits = guarded ? Math.max(computed, scale) : scale;
    // One more than kept and cut: groups of digits are truncated, not rounded.
    const quotient = guarded || computed === scale ? a.divide(b, digits + 1)?.truncate(digits) : a.divide(b, digits);
    if (quotient === undefined) {
      warnDivision(context);
      return null;
    }
    const held = quotient.within81();
    if (held === undefined) throw outOfRange('DECIMAL', expression);
    return held;
  };
}

/** Whether values of the expression may carry more digits than its type says. */
export function carriesGuardDigits(expression: Expression): boolean {
  if (expression.kind !== 'call' || expression.type.code !== TypeCode.DECIMAL) return false;
  if (expression.name === 'div') return true;
  if (
    expression.name === 'plus' ||
    expression.name === 'minus' ||
    expression.name === 'mul' ||
    expression.name === 'neg' ||
    expression.name === 'abs'
  ) {
    return expression.args.some(carriesGuardDigits);
  }
  return false;
}

// ---- DIV, % ----

define({
  name: 'intdiv',
  argsMin: 2,
  argsMax: 2,
  columnar: 'number',
  infer: (given) => {
    // Doubles go as decimals: DIV is exact.
    const before = given.map(numericLiteral);
    const kind = kindOf(before);
    const unsigned = before.some((arg) => arg.type.unsigned && isInteger(arg.type));
    const args = before.map((arg) => {
      if (isNullType(arg.type)) return arg;
      if (kind === 'integer') return isInteger(arg.type) ? arg : castTo(arg, BIGINT);
      return arg.type.code === TypeCode.DECIMAL ? arg : castTo(arg, decimalTypeOf(arg.type));
    });
    return call('intdiv', args, unsigned ? BIGINT_UNSIGNED : BIGINT);
  },
  compile: (expression, [left, right]) => {
    const unsigned = expression.type.unsigned;
    const check = (value: number | bigint): Datum => {
      if (!inRange(BigInt(value), unsigned)) throw outOfRange(unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', expression);
      return value;
    };
    return (row, context) => {
      const a = left!(row, context);
      if (a === null) return null;
      const b = right!(row, context);
      if (b === null) return null;
      if (typeof a === 'number' && typeof b === 'number') {
        if (b === 0) {
          warnDivision(context);
          return null;
        }
        const quotient = Math.trunc(a / b) + 0;
        // The rounded quotient of large numbers may be one off; the remainder is exact.
        const exact = (a - (a % b)) / b + 0;
        return exact >= 0 || !unsigned ? exact : check(quotient);
      }
      const quotient =
        a instanceof Decimal
          ? a.integerDivide(b as Decimal)
          : divideIntegers(a as number | bigint, b as number | bigint);
      if (quotient === undefined) {
        warnDivision(context);
        return null;
      }
      return check(quotient);
    };
  },
});

function divideIntegers(a: number | bigint, b: number | bigint): number | bigint | undefined {
  const divisor = BigInt(b);
  return divisor === 0n ? undefined : normalizeInteger(BigInt(a) / divisor);
}

define({
  name: 'mod',
  argsMin: 2,
  argsMax: 2,
  columnar: 'number',
  infer: (given) => {
    const { kind, args, given: before } = operands(given);
    if (kind === 'double') return call('mod', args, DOUBLE);
    if (kind === 'decimal') {
      const [a, b] = before.map((arg) => decimalShape(arg.type)) as [
        { precision: number; scale: number },
        { precision: number; scale: number },
      ];
      return call('mod', args, boundedDecimal(Math.max(a.precision, b.precision), Math.max(a.scale, b.scale)));
    }
    return call('mod', args, before[0]!.type.unsigned ? BIGINT_UNSIGNED : BIGINT);
  },
  compile: (expression, [left, right]) => {
    const isDouble = isReal(expression.type);
    const remainder = (a: NonNullable<Datum>, b: NonNullable<Datum>): Datum | undefined => {
      if (a instanceof Decimal) return a.modulo(b as Decimal);
      if (typeof a === 'number' && typeof b === 'number') return b === 0 ? undefined : isDouble ? a % b : (a % b) + 0;
      const divisor = BigInt(b as number | bigint);
      return divisor === 0n ? undefined : normalizeInteger(BigInt(a as number | bigint) % divisor);
    };
    return (row, context) => {
      const a = left!(row, context);
      if (a === null) return null;
      const b = right!(row, context);
      if (b === null) return null;
      const result = remainder(a, b);
      if (result !== undefined) return result;
      warnDivision(context);
      return null;
    };
  },
});

// ---- unary minus ----

/** `-9223372036854775809`: the digits are an unsigned integer, the number is none any more. */
function beyondIntegers(arg: Expression, options: InferOptions): Expression {
  if (!isInteger(arg.type) || !arg.type.unsigned || arg.kind === 'column' || arg.kind === 'call') return arg;
  const known = options.constantOf?.(arg) ?? arg;
  if (known.kind !== 'constant' || typeof known.value !== 'bigint' || known.value <= -INT64_MIN) return arg;
  return castTo(known, fieldType(TypeCode.DECIMAL, { length: 20, decimals: 0 }));
}

define({
  name: 'neg',
  argsMin: 1,
  argsMax: 1,
  keepsGuardDigits: true,
  columnar: 'number',
  infer: (given, options) => {
    const { kind, args } = operands(given.map((arg) => beyondIntegers(arg, options)));
    const type = args[0]!.type;
    if (kind === 'double') return call('neg', args, { ...DOUBLE, notNull: type.notNull });
    if (kind === 'decimal') return call('neg', args, type);
    if (isNullType(type)) return call('neg', args, BIGINT);
    return call('neg', args, { ...BIGINT, notNull: type.notNull, length: Math.min(integerDigits(type) + 1, 20) });
  },
  compile: (expression, [operand]) => {
    if (isReal(expression.type)) {
      return (row, context) => {
        const a = operand!(row, context);
        return a === null ? null : -(a as number);
      };
    }
    return (row, context) => {
      const a = operand!(row, context);
      if (a === null) return null;
      if (typeof a === 'number') return 0 - a;
      if (a instanceof Decimal) return a.negate();
      const result = -(a as bigint);
      if (result < INT64_MIN || result > INT64_MAX) throw outOfRange('BIGINT', expression);
      return normalizeInteger(result);
    };
  },
});

// ---- bits ----

/** 64 unsigned bits of a number; decimals and doubles are rounded first. */
function toBits(args: readonly Expression[]): Expression[] {
  return args
    .map(numericLiteral)
    .map((arg) =>
      isNullType(arg.type) || isInteger(arg.type) ? arg : castTo(arg, arg.type.unsigned ? BIGINT_UNSIGNED : BIGINT),
    );
}

function bits(value: Datum): bigint {
  return BigInt.asUintN(64, BigInt(value as number | bigint));
}

const BIT_OPERATIONS: Readonly<
  Record<string, { readonly big: (a: bigint, b: bigint) => bigint; readonly small?: (a: number, b: number) => number }>
> = {
  bitand: { big: (a, b) => a & b, small: (a, b) => a & b },
  bitor: { big: (a, b) => a | b, small: (a, b) => a | b },
  bitxor: { big: (a, b) => a ^ b, small: (a, b) => a ^ b },
  shl: { big: (a, b) => (b >= 64n ? 0n : BigInt.asUintN(64, a << b)) },
  shr: { big: (a, b) => (b >= 64n ? 0n : a >> b) },
};

for (const [name, operation] of Object.entries(BIT_OPERATIONS)) {
  define({
    name,
    argsMin: 2,
    argsMax: 2,
    infer: (given: readonly Expression[], _options: InferOptions) => call(name, toBits(given), BIGINT_UNSIGNED),
    compile: (_expression, [left, right]) => {
      const { big, small } = operation;
      return (row, context) => {
        const a = left!(row, context);
        if (a === null) return null;
        const b = right!(row, context);
        if (b === null) return null;
        // 31 bits stay positive under JavaScript's own operators.
        if (
          small !== undefined &&
          typeof a === 'number' &&
          typeof b === 'number' &&
          a >= 0 &&
          b >= 0 &&
          a <= 0x7fffffff &&
          b <= 0x7fffffff
        ) {
          return small(a, b);
        }
        return normalizeInteger(big(bits(a), bits(b)));
      };
    },
  });
}

define({
  name: 'bitneg',
  argsMin: 1,
  argsMax: 1,
  infer: (given) => call('bitneg', toBits(given), BIGINT_UNSIGNED),
  compile:
    (_expression, [operand]) =>
    (row, context) => {
      const a = operand!(row, context);
      return a === null ? null : normalizeInteger(BigInt.asUintN(64, ~bits(a)));
    },
});

defineSimple({
  name: 'bit_count',
  args: ['integer'],
  returns: { ...BIGINT, length: 2 },
  evaluate: (_context, value: number | bigint) => {
    let rest = bits(value);
    let count = 0;
    while (rest > 0n) {
      rest &= rest - 1n;
      count++;
    }
    return count;
  },
});

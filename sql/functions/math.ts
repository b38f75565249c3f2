/** Mathematical functions. Results that are no number are NULL with no warning (SQRT(-1)) or error 1690 (EXP(1000)), as in MySQL. */
import { crc32 } from 'node:zlib';
import { SqlError } from '../../base/error.ts';
import { bytesMaxOf, encodeText } from '../../base/value/charset.ts';
import { normalizeInteger, type Datum } from '../../base/value/datum.ts';
import { Decimal, DECIMAL_SCALE_MAX } from '../../base/value/decimal.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  DOUBLE,
  isDecimal,
  isInteger,
  isReal,
  isString,
  isBinaryString,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { outOfRange } from './arithmetic.ts';
import type { EvalContext } from './context.ts';
import { alias, connectionCollation, convertArgument, define, defineSimple } from './definition.ts';
import { formatText } from './format-text.ts';
import { boundedDecimal, call, decimalShape, integerType, isNullType, textLength, textType } from './types.ts';

type Integer = number | bigint;

function number(arg: Expression): Expression {
  return convertArgument(arg, 'number', 'utf8mb4_0900_ai_ci');
}

// ---- of one double ----

const DOUBLE_FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt, exp: Math.exp, sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos,
  cot: (x) => 1 / Math.tan(x), degrees: (x) => (x * 180) / Math.PI, radians: (x) => (x * Math.PI) / 180,
}; // prettier-ignore

for (const [name, compute] of Object.entries(DOUBLE_FUNCTIONS)) {
  defineSimple({
    name,
    args: ['double'],
    returns: DOUBLE,
    columnar: 'number',
    evaluate: (_context, x: number) => {
      const result = compute(x);
      if (Number.isNaN(result)) return null;
      if (!Number.isFinite(result))
        throw new SqlError(1690, '22003', `DOUBLE value is out of range in '${name}(${x})'`);
      return result;
    },
  });
}

const LOGARITHMS: Readonly<Record<string, (x: number) => number>> = {
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
};

function invalidLogarithm(context: EvalContext): null {
  context.warn('Warning', 3020, 'Invalid argument for logarithm');
  return null;
}

for (const [name, compute] of Object.entries(LOGARITHMS)) {
  defineSimple({
    name,
    args: ['double'],
    returns: DOUBLE,
    evaluate: (context, x: number) => (x <= 0 ? invalidLogarithm(context) : compute(x)),
  });
}

defineSimple({
  name: 'log',
  args: ['double', 'double'],
  argsMin: 1,
  returns: DOUBLE,
  evaluate: (context, base: number, x?: number) => {
    if (x === undefined) return base <= 0 ? invalidLogarithm(context) : Math.log(base);
    if (x <= 0 || base <= 0 || base === 1) return invalidLogarithm(context);
    return Math.log(x) / Math.log(base);
  },
});

for (const name of ['atan', 'atan2'] as const) {
  defineSimple({
    name,
    args: ['double', 'double'],
    argsMin: 1,
    returns: DOUBLE,
    evaluate: (_context, y: number, x?: number) => (x === undefined ? Math.atan(y) : Math.atan2(y, x)),
  });
}

defineSimple({
  name: 'pow',
  args: ['double', 'double'],
  returns: DOUBLE,
  evaluate: (_context, x: number, y: number) => {
    const result = Math.pow(x, y);
    if (Number.isNaN(result)) return null;
    if (!Number.isFinite(result)) throw new SqlError(1690, '22003', `DOUBLE value is out of range in 'pow(${x},${y})'`);
    return result;
  },
});
alias('power', 'pow');

defineSimple({
  name: 'pi',
  args: [],
  returns: { ...DOUBLE, decimals: 6, length: 8, notNull: true },
  evaluate: () => Math.PI,
});

// ---- keeping the kind of number ----

/** Of a result that is as its argument: bits are numbers by then. */
function plainType(type: FieldType): FieldType {
  if (isNullType(type)) return BIGINT;
  return type.code === TypeCode.BIT ? { ...BIGINT_UNSIGNED, notNull: type.notNull } : type;
}

define({
  name: 'abs',
  argsMin: 1,
  argsMax: 1,
  keepsGuardDigits: true,
  columnar: 'number',
  infer: ([given]) => {
    const arg = number(given!);
    return call('abs', [arg], plainType(arg.type));
  },
  compile:
    (expression, [arg]) =>
    (row, context) => {
      const value = arg!(row, context);
      if (value === null) return null;
      if (typeof value === 'number') return Math.abs(value);
      if (value instanceof Decimal) return value.abs();
      const big = value as bigint;
      if (big >= 0n) return big;
      if (big === -9223372036854775808n && !expression.type.unsigned) throw outOfRange('BIGINT', expression);
      return normalizeInteger(-big);
    },
});

defineSimple({
  name: 'sign',
  args: ['number'],
  returns: { ...BIGINT, length: 2 },
  evaluate: (_context, value: Integer | Decimal) =>
    value instanceof Decimal ? value.sign() : value > 0 ? 1 : value < 0 ? -1 : 0,
});

for (const name of ['ceiling', 'floor'] as const) {
  const isFloor = name === 'floor';
  define({
    name,
    argsMin: 1,
    argsMax: 1,
    columnar: 'number',
    infer: ([given]) => {
      const arg = number(given!);
      const type = arg.type;
      if (isReal(type)) return call(name, [arg], { ...DOUBLE, decimals: 0, length: 17, notNull: type.notNull });
      if (!isDecimal(type)) return call(name, [arg], plainType(type));
      const { precision, scale } = decimalShape(type);
      const whole = precision - scale + 1;
      return call(name, [arg], {
        ...(whole <= 18 ? integerType(whole + 1) : boundedDecimal(whole, 0)),
        notNull: type.notNull,
      });
    },
    compile: (expression, [arg]) => {
      const asDecimal = isDecimal(expression.type);
      return (row, context) => {
        const value = arg!(row, context);
        if (value === null) return null;
        if (typeof value === 'number') return (isFloor ? Math.floor(value) : Math.ceil(value)) + 0;
        if (!(value instanceof Decimal)) return value;
        const whole = isFloor ? value.floor() : value.ceiling();
        return asDecimal ? new Decimal(whole, 0) : whole;
      };
    },
  });
}
alias('ceil', 'ceiling');

/** Places after the point; beyond these nothing changes any more. */
function clampPlaces(value: Integer): number {
  return value > 30 ? 30 : value < -65 ? -65 : Number(value);
}

function roundDouble(value: number, places: number, truncates: boolean): number {
  const factor = 10 ** Math.abs(places);
  const scaled = places >= 0 ? value * factor : value / factor;
  if (!Number.isFinite(scaled)) return value;
  const whole = truncates ? Math.trunc(scaled) : roundHalfToEven(scaled);
  const result = places >= 0 ? whole / factor : whole * factor;
  return Number.isFinite(result) ? result + 0 : value;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const part = value - floor;
  if (part !== 0.5) return part < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

for (const name of ['round', 'truncate'] as const) {
  const truncates = name === 'truncate';
  define({
    name,
    argsMin: truncates ? 2 : 1,
    argsMax: 2,
    keepsGuardDigits: true,
    infer: ([given, givenPlaces]) => {
      const arg = number(given!);
      const places = givenPlaces === undefined ? undefined : convertArgument(givenPlaces, 'integer', '');
      const args = places === undefined ? [arg] : [arg, places];
      return call(name, args, roundedType(arg.type, givenPlaces === undefined ? 0 : knownPlaces(places!)));
    },
    compile: (expression, [arg, places]) => {
      const { type } = expression;
      const scale = type.decimals;
      return (row, context) => {
        const value = arg!(row, context);
        if (value === null) return null;
        const given = places === undefined ? 0 : (places(row, context) as Integer | null);
        if (given === null) return null;
        const wanted = clampPlaces(given);
        if (value instanceof Decimal) {
          const result = truncates ? value.truncate(wanted) : value.round(wanted);
          return result.rescale(scale);
        }
        if (isReal(type)) return roundDouble(value as number, wanted, truncates);
        if (wanted >= 0) return value;
        const exact = Decimal.fromInteger(value as Integer);
        const result = (truncates ? exact.truncate(wanted) : exact.round(wanted)).digits;
        const limit = type.unsigned ? 18446744073709551615n : 9223372036854775807n;
        if (result > limit || result < -9223372036854775808n)
          throw outOfRange(type.unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', expression);
        return result;
      };
    },
  });
}

function knownPlaces(places: Expression): number | undefined {
  if (places.kind === 'call' && places.name === 'neg') {
    const positive = knownPlaces(places.args[0]!);
    return positive === undefined ? undefined : -positive;
  }
  return places.kind === 'constant' && (typeof places.value === 'number' || typeof places.value === 'bigint')
    ? clampPlaces(places.value)
    : undefined;
}

/** Without known places the scale stays: zeros fill up what is rounded away. */
function roundedType(type: FieldType, places: number | undefined): FieldType {
  if (isReal(type))
    return { ...DOUBLE, decimals: places === undefined ? 31 : Math.max(places, 0), length: 23, notNull: type.notNull };
  if (!isDecimal(type))
    return isNullType(type) ? BIGINT : { ...type, code: BIGINT.code, length: -1, truthValue: false };
  const { precision, scale } = decimalShape(type);
  const kept = places === undefined ? scale : Math.min(Math.max(places, 0), DECIMAL_SCALE_MAX);
  const whole = precision - scale + (places !== undefined && places < scale ? 1 : 0);
  return { ...boundedDecimal(whole + kept, kept), notNull: type.notNull };
}

// ---- number bases ----

function digitsOf(value: Integer, base: number): string {
  return BigInt.asUintN(64, BigInt(value)).toString(base).toUpperCase();
}

defineSimple({
  name: 'bin',
  args: ['integer'],
  returns: (_args, collation) => textType(64, collation),
  evaluate: (_context, value: Integer) => digitsOf(value, 2),
});
defineSimple({
  name: 'oct',
  args: ['integer'],
  returns: (_args, collation) => textType(22, collation),
  evaluate: (_context, value: Integer) => digitsOf(value, 8),
});

defineSimple({
  name: 'conv',
  args: ['string', 'count', 'count'],
  returns: (_args, collation) => textType(64, collation),
  evaluate: (_context, text: string, from: number, to: number) => convertBase(text, from, to),
});

function convertBase(text: string, from: number, to: number): Datum {
  const source = Math.abs(from);
  const target = Math.abs(to);
  if (text === '' || source < 2 || source > 36 || target < 2 || target > 36) return null;
  const match = /^\s*([+-]?)([0-9a-zA-Z]*)/.exec(text)!;
  let value = 0n;
  for (const character of match[2]!) {
    const digit = parseInt(character, 36);
    if (digit >= source) break;
    value = value * BigInt(source) + BigInt(digit);
    if (value > 18446744073709551615n) {
      value = 18446744073709551615n;
      break;
    }
  }
  if (match[1] === '-') value = -value;
  if (from < 0 || to < 0) {
    const signed = BigInt.asIntN(64, value);
    if (to < 0) return (signed < 0n ? '-' : '') + (signed < 0n ? -signed : signed).toString(target).toUpperCase();
  }
  return BigInt.asUintN(64, value).toString(target).toUpperCase();
}

/** Of a number its digits, of text and bytes their bytes. */
define({
  name: 'hex',
  argsMin: 1,
  argsMax: 1,
  infer: ([given], options) => {
    const text = isString(given!.type) || isNullType(given!.type);
    const isNumber = isInteger(given!.type) || isReal(given!.type) || isDecimal(given!.type);
    const arg = text
      ? given!
      : isNumber
        ? convertArgument(given!, 'integer', '')
        : convertArgument(given!, 'string', connectionCollation(options));
    return call(
      'hex',
      [arg],
      textType(
        isInteger(arg.type) ? 16 : textLength(arg.type) * 2 * bytesMaxOf(arg.type.charset),
        connectionCollation(options),
      ),
    );
  },
  compile: (expression, [arg]) => {
    const { charset } = expression.args[0]!.type;
    return (row, context) => {
      const value = arg!(row, context);
      if (value === null) return null;
      if (typeof value === 'string') return Buffer.from(encodeText(value, charset)).toString('hex').toUpperCase();
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
      return digitsOf(value as Integer, 16);
    };
  },
});

defineSimple({
  name: 'unhex',
  args: ['string'],
  returns: (args) => textType(Math.ceil(Math.max(args[0]!.type.length, 0) / 2), 'binary'),
  specialize: () => (context, text: string) => {
    if (!/^[0-9a-fA-F]*$/.test(text)) {
      context.warn('Warning', 1411, `Incorrect string value: '${text}' for function unhex`);
      return null;
    }
    const even = text.length % 2 === 1 ? '0' + text : text;
    // Packed into bytes by the caller when an argument is binary, and here otherwise.
    return Buffer.from(even, 'hex');
  },
  evaluate: () => null,
});

defineSimple({
  name: 'crc32',
  args: ['any'],
  returns: { ...BIGINT_UNSIGNED, length: 10 },
  specialize: (expression) => {
    const type = expression.args[0]!.type;
    const text = isString(type) && !isBinaryString(type) ? undefined : type;
    return (_context, value: Datum) => {
      if (typeof value === 'string') return crc32(encodeText(value, type.charset));
      if (value instanceof Uint8Array) return crc32(value);
      return crc32(Buffer.from(String(formatted(value, text!)), 'utf8'));
    };
  },
  evaluate: () => null,
});

function formatted(value: Datum, type: FieldType): string {
  return String(formatText(value, type));
}

// ---- chance ----

/** RAND() draws from the session; RAND(n) is a sequence of its own that starts anew with the statement. */
define({
  name: 'rand',
  argsMin: 0,
  argsMax: 1,
  volatile: true,
  infer: (args) => call('rand', args.map((arg) => convertArgument(arg, 'integer', '')), { ...DOUBLE, notNull: true }), // prettier-ignore
  compile: (expression, [seed]) => {
    if (seed === undefined) return (_row, context) => context.session.random();
    const isFixed = expression.args[0]!.kind !== 'column';
    let state: [number, number] | undefined;
    return (row, context) => {
      if (state === undefined || !isFixed) {
        const value = seed(row, context) as Integer | null;
        const low = Number(BigInt.asUintN(32, BigInt(value ?? 0)));
        state = [
          ((low * 0x10001 + 55555555) % 0x1_0000_0000) % RANDOM_MAX,
          Number((BigInt(low) * 0x10000001n) % 0x1_0000_0000n) % RANDOM_MAX,
        ];
      }
      const first = (state[0] * 3 + state[1]) % RANDOM_MAX;
      state = [first, (first + state[1] + 33) % RANDOM_MAX];
      return first / RANDOM_MAX;
    };
  },
});

/** The published generator of MySQL's RAND: two 30-bit numbers. */
const RANDOM_MAX = 0x3fffffff;

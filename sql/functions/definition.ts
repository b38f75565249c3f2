/**
 * `FunctionDefinition`: all that is known of one function or operator, in one place: how many arguments it takes, what they are
 * converted to, what comes out, and how it is computed. Files by family call `define` or `defineSimple` when they are loaded;
 * `infer.ts` and `compile.ts` look definitions up by name.
 *
 * Most functions are *simple*: fixed kinds of arguments, NULL in gives NULL out, a plain JavaScript function in between, which
 * gets the context first and then unpacked values. Byte strings pass through text functions as strings of one character a byte,
 * so that one implementation serves both (`SUBSTRING` of bytes counts bytes).
 */
import { assert } from '../../base/assert.ts';
import { encodeText } from '../../base/value/charset.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import {
  BIGINT,
  DOUBLE,
  isBinaryString,
  isDecimal,
  isInteger,
  isReal,
  isString,
  JSON_TYPE,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { agreeCollation } from './collate.ts';
import type { EvalContext } from './context.ts';
import {
  call,
  DATE,
  datetimeType,
  decimalTypeOf,
  isNullType,
  numberKind,
  binaryType,
  textLength,
  textType,
  timeType,
  numericLiteral,
} from './types.ts';

export type Evaluator = (row: Row, context: EvalContext) => Datum;
export type Test = (row: Row, context: EvalContext) => boolean;

export interface InferOptions {
  /** The target of `cast`. */
  readonly type?: FieldType;
  /** For modes and the connection's collation; without it MySQL's defaults hold. */
  readonly context?: EvalContext;
  /**
   * Gives a parameter as a constant, when its value may shape the plan (the planner then pins it). Without it parameters stay
   * what they are and comparisons against them are less refined.
   */
  readonly constantOf?: (expression: Expression) => Expression;
}

/** Operands of what may have any number of them: IN, CASE, AND, OR. Each is a node of the plan; a list of this length takes seconds. */
export const OPERANDS_MAX = 1_000_000;

export interface FunctionDefinition {
  readonly name: string;
  readonly argsMin: number;
  readonly argsMax: number;
  /** Types the call and puts conversions round its arguments. */
  readonly infer: (args: readonly Expression[], options: InferOptions) => Expression;
  readonly compile: (expression: CallExpression, args: readonly Evaluator[]) => Evaluator;
  /** A boolean shortcut for conditions: NULL is false. `undefined` from it: use `compile`. */
  readonly compileTest?: (expression: CallExpression) => Test | undefined;
  /** Another answer, or an effect, at each call: never folded, never remembered. */
  readonly volatile?: boolean;
  /** Depends on the statement or session (clock, zone, user) and not on arguments alone: not folded into plans. */
  readonly contextual?: boolean;
  /** May have to wait: only `compileAsync` runs it. */
  readonly compileAsync?: (
    expression: CallExpression,
    args: readonly Evaluator[],
  ) => (row: Row, context: EvalContext) => Promise<Datum> | Datum;
  /** Computes its arguments itself and several times: nothing in them is folded, lifted out or remembered. */
  readonly repeats?: boolean;
  /** Decimal arguments come with the guard digits that a division below produced (see arithmetic.ts). */
  readonly keepsGuardDigits?: boolean;
  /** A kernel over unboxed numbers that the column engine may use instead; the words are its own. */
  readonly columnar?: 'number' | 'comparison' | 'logic';
}

const definitions = new Map<string, FunctionDefinition>();

export function define(definition: FunctionDefinition): void {
  assert(!definitions.has(definition.name), 'a function is defined twice');
  definitions.set(definition.name, definition);
}

export function alias(name: string, of: string): void {
  const definition = definitions.get(of);
  assert(definition !== undefined, 'an alias of nothing');
  definitions.set(name, definition);
}

export function definitionOf(name: string): FunctionDefinition | undefined {
  return definitions.get(name);
}

/** What an argument is made into before the function sees it. */
export type ArgumentKind =
  | 'string' // string; bytes as one character a byte when any argument is binary
  | 'bytes' // Uint8Array
  | 'integer' // number | bigint
  | 'count' // number: an integer clamped to the safe range
  | 'double'
  | 'decimal'
  | 'number' // whatever number it is; text and bytes become doubles
  | 'datetime' // DateTime
  | 'date'
  | 'time' // Duration
  | 'json' // Json; text is parsed
  | 'document' // Json; text becomes a JSON string
  | 'any';

export interface SimpleDefinition {
  readonly name: string;
  readonly args: readonly ArgumentKind[];
  /** The last argument kind repeats. */
  readonly variadic?: boolean;
  readonly argsMin?: number;
  readonly argsMax?: number;
  readonly returns: FieldType | ((args: readonly Expression[], collation: string) => FieldType);
  /** NULL arguments reach the function instead of making the result NULL. */
  readonly seesNull?: boolean;
  // The unpacked types follow from `args`; checking them would need a type-level copy of ArgumentKind.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly evaluate: (context: EvalContext, ...values: any[]) => Datum;
  /** Instead of `evaluate`, when the static types matter: called once, gives the function. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly specialize?: (expression: CallExpression) => (context: EvalContext, ...values: any[]) => Datum;
  readonly volatile?: boolean;
  readonly contextual?: boolean;
  readonly keepsGuardDigits?: boolean;
  readonly columnar?: FunctionDefinition['columnar'];
}

export function connectionCollation(options: InferOptions): string {
  return options.context?.session.connectionCollation ?? 'utf8mb4_0900_ai_ci';
}

export function defineSimple(simple: SimpleDefinition): void {
  const kindAt = (index: number): ArgumentKind => simple.args[Math.min(index, simple.args.length - 1)] ?? 'any';
  const argsMin = simple.argsMin ?? simple.args.length;
  define({
    name: simple.name,
    argsMin,
    argsMax: simple.argsMax ?? (simple.variadic === true ? 65535 : simple.args.length),
    volatile: simple.volatile,
    contextual: simple.contextual,
    keepsGuardDigits: simple.keepsGuardDigits,
    columnar: simple.columnar,
    infer: (args, options) => {
      const texts = args.filter((_, index) => kindAt(index) === 'string');
      const collation =
        texts.length === 0
          ? connectionCollation(options)
          : agreeCollation(texts, simple.name, connectionCollation(options));
      const converted = args.map((arg, index) => convertArgument(arg, kindAt(index), collation));
      const returns = typeof simple.returns === 'function' ? simple.returns(converted, collation) : simple.returns;
      const notNull = returns.notNull || false;
      return call(
        simple.name,
        converted,
        notNull === returns.notNull ? returns : { ...returns, notNull },
        texts.length > 0 ? collation : undefined,
      );
    },
    compile: (expression, evaluators) => {
      const evaluate = simple.specialize?.(expression) ?? simple.evaluate;
      const binary = expression.args.some((arg, index) => kindAt(index) === 'string' && isBinaryString(arg.type));
      const unpacked = evaluators.map((evaluator, index) =>
        unpack(evaluator, kindAt(index), expression.args[index]!.type, binary),
      );
      const run = simple.seesNull === true ? applyAny(evaluate, unpacked) : applyStrict(evaluate, unpacked);
      return binary && isBinaryString(expression.type) ? (row, context) => packBytes(run(row, context)) : run;
    },
  });
}

function packBytes(value: Datum): Datum {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
}

function clampCount(value: Datum): Datum {
  if (typeof value !== 'bigint') return value;
  return value > 0n ? Number.MAX_SAFE_INTEGER : -Number.MAX_SAFE_INTEGER;
}

function unpack(evaluator: Evaluator, kind: ArgumentKind, type: FieldType, binary: boolean): Evaluator {
  if (kind === 'count') {
    return (row, context) => clampCount(evaluator(row, context));
  }
  if (kind !== 'string' || !binary) return evaluator;
  if (isBinaryString(type)) {
    return (row, context) => {
      const value = evaluator(row, context);
      return value === null ? null : Buffer.from(value as Uint8Array).toString('latin1');
    };
  }
  return (row, context) => {
    const value = evaluator(row, context);
    return value === null ? null : Buffer.from(encodeText(value as string, type.charset)).toString('latin1');
  };
}

type Apply = SimpleDefinition['evaluate'];

/** NULL in, NULL out. */
function applyStrict(evaluate: Apply, args: readonly Evaluator[]): Evaluator {
  const [a, b, c] = args;
  switch (args.length) {
    case 0:
      return (_row, context) => evaluate(context);
    case 1:
      return (row, context) => {
        const x = a!(row, context);
        return x === null ? null : evaluate(context, x);
      };
    case 2:
      return (row, context) => {
        const x = a!(row, context);
        if (x === null) return null;
        const y = b!(row, context);
        return y === null ? null : evaluate(context, x, y);
      };
    case 3:
      return (row, context) => {
        const x = a!(row, context);
        if (x === null) return null;
        const y = b!(row, context);
        if (y === null) return null;
        const z = c!(row, context);
        return z === null ? null : evaluate(context, x, y, z);
      };
    default:
      return (row, context) => {
        const values: Datum[] = [];
        for (const arg of args) {
          const value = arg(row, context);
          if (value === null) return null;
          values.push(value);
        }
        return evaluate(context, ...values);
      };
  }
}

function applyAny(evaluate: Apply, args: readonly Evaluator[]): Evaluator {
  const [a, b] = args;
  if (args.length === 1) return (row, context) => evaluate(context, a!(row, context));
  if (args.length === 2) return (row, context) => evaluate(context, a!(row, context), b!(row, context));
  return (row, context) => {
    const values: Datum[] = [];
    for (const arg of args) values.push(arg(row, context));
    return evaluate(context, ...values);
  };
}

/** As text even where it is bytes: names, zones, formats. */
export function textArgument(arg: Expression, collation: string): Expression {
  const text = convertArgument(arg, 'string', collation);
  return isBinaryString(text.type) ? castTo(text, textType(textLength(text.type), collation)) : text;
}

/** Puts the conversion that a kind of argument needs round an expression. */
export function convertArgument(arg: Expression, kind: ArgumentKind, collation: string): Expression {
  const type = arg.type;
  if (isNullType(type)) return arg;
  switch (kind) {
    case 'any':
      return arg;
    case 'string':
      // Bits are bytes where text is wanted.
      if (type.code === TypeCode.BIT) return castTo(arg, binaryType((Math.max(type.length, 1) + 7) >> 3));
      return isString(type)
        ? arg
        : castTo(arg, textType(textLength(type), collation === 'binary' ? 'utf8mb4_bin' : collation));
    case 'bytes':
      return isBinaryString(type) ? arg : castTo(arg, textType(textLength(type) * 4, 'binary'));
    case 'integer':
    case 'count':
      return isInteger(type) ? arg : castTo(numericLiteral(arg), BIGINT);
    case 'double':
      return isReal(type) ? arg : castTo(numericLiteral(arg), DOUBLE);
    case 'decimal':
      return isDecimal(type) ? arg : castTo(numericLiteral(arg), decimalTypeOf(type));
    case 'number': {
      if (isInteger(type) || isDecimal(type) || isReal(type)) return arg;
      const literal = numericLiteral(arg);
      if (literal !== arg) return literal;
      const target = numberKind(type);
      return castTo(arg, target === 'integer' ? BIGINT : target === 'decimal' ? decimalTypeOf(type) : DOUBLE);
    }
    case 'datetime':
      return type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP || type.code === TypeCode.DATE
        ? arg
        : castTo(arg, datetimeType(6));
    case 'date':
      return type.code === TypeCode.DATE ? arg : castTo(arg, DATE);
    case 'time':
      return type.code === TypeCode.TIME ? arg : castTo(arg, timeType(6));
    case 'json':
    case 'document':
      return type.code === TypeCode.JSON
        ? arg
        : kind === 'json' && isString(type)
          ? castTo(arg, JSON_TYPE)
          : call('to_json', [arg], JSON_TYPE);
  }
}

/** All names, aliases too, in the order of the alphabet. */
export function functionNames(): readonly string[] {
  return [...definitions.keys()].sort();
}

/**
 * Aggregate functions: their types (`inferAggregate`) and their running state (`createAccumulator`).
 *
 * An accumulator belongs to one group. `add` looks at one row, `merge` takes in another accumulator of the same call (partial
 * aggregates of other batches, threads or stores), `result` may be asked at any time and more than once, so that window
 * frames that only grow can share one. What is compiled from the call is kept beside it, so making an accumulator costs one
 * object.
 *
 * Sums of integers and decimals are exact: they run in a double while below 2^53 and spill into a bigint when they leave it, so a row
 * costs an addition and no allocation.
 */
import { SqlError } from '../../base/error.ts';
import { normalizeInteger, type Datum, type Row } from '../../base/value/datum.ts';
import { Decimal, DECIMAL_DIGITS_MAX, DECIMAL_SCALE_MAX } from '../../base/value/decimal.ts';
import {
  BIGINT,
  BIGINT_UNSIGNED,
  COLLATION_DEFAULT,
  decimalType,
  DOUBLE,
  isBinaryString,
  isDecimal,
  isInteger,
  isReal,
  isString,
  isTemporal,
  JSON_TYPE,
  type FieldType,
} from '../../base/value/field-type.ts';
import { Json, jsonObject, type JsonNode } from '../../base/value/json.ts';
import { unquoteJson } from '../../base/value/json-print.ts';
import type { AggregateCall, Expression, SortKey, WindowCall } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { agreeCollation } from './collate.ts';
import { compile } from './compile.ts';
import type { EvalContext } from './context.ts';
import { toJsonNode } from './convert.ts';
import type { Evaluator } from './definition.ts';
import { DistinctSketch } from './distinct-sketch.ts';
import { GroupConcat } from './group-concat.ts';
import { compareFor, compareNumbers, hashKeyFor, type Compare } from './order.ts';
import {
  boundedDecimal,
  decimalShape,
  decimalTypeOf,
  isJson,
  isEnumOrSet,
  isNullType,
  numberKind,
  textLength,
  textType,
  numericLiteral,
} from './types.ts';

export interface Accumulator {
  add(row: Row, context: EvalContext): void;
  merge(other: Accumulator, context: EvalContext): void;
  result(context: EvalContext): Datum;
  /** Back to the empty group. */
  reset(): void;
  /** What it keeps beyond its own object; grows until `reset`, but for what it finds that it need not keep. */
  readonly memoryBytes: number;
  /** Of DISTINCT: what can be put aside and brought back. */
  readonly distinct?: DistinctValues;
}

/** The values of a DISTINCT, for whoever has no room for all of them at once and sorts them out himself. */
export interface DistinctValues {
  /** The argument lists that were met; they are forgotten, and the aggregate stands at nothing. */
  takeOut(): Row[];
  /** An argument list that is known to be new. */
  count(values: Row, context: EvalContext): void;
}

export interface AggregateOptions {
  readonly distinct?: boolean;
  readonly orderBy?: readonly SortKey[];
  readonly separator?: string;
}

export const AGGREGATE_NAMES: readonly string[] = [
  'count', 'sum', 'avg', 'min', 'max', 'group_concat', 'bit_and', 'bit_or', 'bit_xor', 'std', 'stddev', 'stddev_pop',
  'stddev_samp', 'variance', 'var_pop', 'var_samp', 'json_arrayagg', 'json_objectagg', 'any_value', 'approx_count_distinct',
]; // prettier-ignore

const SYNONYMS: Readonly<Record<string, string>> = { std: 'stddev_pop', stddev: 'stddev_pop', variance: 'var_pop' };

// ---- types ----

export function inferAggregate(
  given: string,
  args: readonly Expression[],
  options: AggregateOptions = {},
): AggregateCall {
  const name = SYNONYMS[given] ?? given;
  if (!AGGREGATE_NAMES.includes(name)) throw new SqlError(1305, '42000', `FUNCTION ${given} does not exist`);
  checkArity(name, args.length);
  const prepared = prepareArguments(name, args);
  return {
    name,
    args: prepared,
    distinct: options.distinct === true,
    type: aggregateType(name, prepared),
    ...(options.orderBy === undefined ? {} : { orderBy: options.orderBy }),
    ...(options.separator === undefined ? {} : { separator: options.separator }),
  };
}

function checkArity(name: string, count: number): void {
  const many = name === 'count' || name === 'group_concat' || name === 'approx_count_distinct';
  const right = many ? count > 0 || name === 'count' : name === 'json_objectagg' ? count === 2 : count === 1;
  if (!right) throw new SqlError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);
}

function prepareArguments(name: string, args: readonly Expression[]): readonly Expression[] {
  switch (name) {
    case 'sum':
    case 'avg':
      return args.map((arg) => {
        const number = numericLiteral(arg);
        const type = number.type;
        if (isNullType(type) || isInteger(type) || isDecimal(type) || isReal(type)) return number;
        const kind = numberKind(type);
        return castTo(
          number,
          kind === 'double'
            ? DOUBLE
            : isTemporal(type) && kind === 'decimal'
              ? decimalTypeOf(type)
              : kind === 'integer'
                ? BIGINT
                : decimalTypeOf(type),
        );
      });
    case 'stddev_pop':
    case 'stddev_samp':
    case 'var_pop':
    case 'var_samp':
      return args.map((arg) => castTo(numericLiteral(arg), DOUBLE));
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return args.map((arg) =>
        isInteger(arg.type) || isNullType(arg.type) ? arg : castTo(numericLiteral(arg), BIGINT),
      );
    case 'group_concat':
      return args.map((arg) =>
        isString(arg.type) || isNullType(arg.type)
          ? arg
          : castTo(arg, textType(textLength(arg.type), COLLATION_DEFAULT)),
      );
    case 'json_objectagg': {
      const [key, value] = args as readonly [Expression, Expression];
      return [
        isString(key.type) || isJson(key.type) ? key : castTo(key, textType(textLength(key.type), COLLATION_DEFAULT)),
        value,
      ];
    }
    default:
      return args;
  }
}

function aggregateType(name: string, args: readonly Expression[]): FieldType {
  const type = args[0]?.type ?? BIGINT;
  switch (name) {
    case 'count':
    case 'approx_count_distinct':
      return { ...BIGINT, length: 21, notNull: true };
    case 'sum':
    case 'avg': {
      if (isReal(type)) return DOUBLE;
      const { precision, scale } = decimalShape(type);
      if (name === 'sum') return decimalType(Math.min(precision + 22, DECIMAL_DIGITS_MAX), scale);
      return boundedDecimal(precision + 4, Math.min(scale + 4, DECIMAL_SCALE_MAX));
    }
    case 'min':
    case 'max':
      // Members are compared as text here, not by their position.
      return isEnumOrSet(type) ? textType(textLength(type), type.collation) : { ...type, notNull: false };
    case 'any_value':
      return { ...type, notNull: false };
    case 'group_concat': {
      const binary = args.some((arg) => isBinaryString(arg.type));
      return textType(1024, binary ? 'binary' : agreeCollation(args, 'group_concat'));
    }
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return { ...BIGINT_UNSIGNED, length: 21, notNull: true };
    case 'json_arrayagg':
    case 'json_objectagg':
      return JSON_TYPE;
    default:
      return DOUBLE;
  }
}

// ---- state ----

/** What the functions below implement: values come unpacked, NULLs included. */
interface State {
  take(value: Datum, context: EvalContext): void;
  merge(other: State, context: EvalContext): void;
  result(context: EvalContext): Datum;
  readonly memoryBytes: number;
}

class CountState implements State {
  private count = 0;
  readonly memoryBytes = 0;
  take(value: Datum): void {
    if (value !== null) this.count++;
  }
  merge(other: State): void {
    this.count += (other as CountState).count;
  }
  result(): Datum {
    return this.count;
  }
}

const SAFE_MAX = 9007199254740991;

/** Integers and decimals: `total` is exact below 2^53, what was beyond is in `spilled`; both count units of 10^-scale. */
class ExactSum implements State {
  private total = 0;
  private spilled = 0n;
  private count = 0;
  private readonly scale: number;
  /** -1: SUM; else AVG with that many digits. */
  private readonly averageScale: number;
  readonly memoryBytes = 0;

  constructor(scale: number, averageScale: number) {
    this.scale = scale;
    this.averageScale = averageScale;
  }

  // hot: bench/micro/expressions.ts
  take(value: Datum): void {
    if (value === null) return;
    this.count++;
    if (typeof value === 'number') this.addNumber(value);
    else if (value instanceof Decimal) {
      const digits = value.scale === this.scale ? value.digits : value.rescale(this.scale).digits;
      if (typeof digits === 'number') this.addNumber(digits);
      else this.spilled += digits;
    } else this.spilled += value as bigint;
  }

  private addNumber(digits: number): void {
    const sum = this.total + digits;
    if (sum <= SAFE_MAX && sum >= -SAFE_MAX) this.total = sum;
    else {
      this.spilled += BigInt(this.total) + BigInt(digits);
      this.total = 0;
    }
  }

  merge(other: State): void {
    const sum = other as ExactSum;
    this.count += sum.count;
    this.spilled += sum.spilled;
    this.addNumber(sum.total);
  }

  result(): Datum {
    if (this.count === 0) return null;
    const digits = this.spilled === 0n ? this.total : normalizeInteger(this.spilled + BigInt(this.total));
    const sum = new Decimal(digits, this.scale);
    if (this.averageScale < 0) return sum;
    const count = Decimal.fromInteger(this.count);
    // Decimals are divided in groups of nine digits: what ends with a group is cut, not rounded.
    if (this.averageScale % 9 === 0 && this.averageScale > 0)
      return sum.divide(count, this.averageScale + 1)!.truncate(this.averageScale);
    return sum.divide(count, this.averageScale)!;
  }
}

class DoubleSum implements State {
  private total = 0;
  private count = 0;
  private readonly isAverage: boolean;
  readonly memoryBytes = 0;
  constructor(isAverage: boolean) {
    this.isAverage = isAverage;
  }
  take(value: Datum): void {
    if (value === null) return;
    this.total += value as number;
    this.count++;
  }
  merge(other: State): void {
    this.total += (other as DoubleSum).total;
    this.count += (other as DoubleSum).count;
  }
  result(): Datum {
    return this.count === 0 ? null : this.isAverage ? this.total / this.count : this.total;
  }
}

class ExtremeState implements State {
  private best: Datum = null;
  private readonly compare: Compare;
  private readonly sign: number;
  constructor(compare: Compare, sign: number) {
    this.compare = compare;
    this.sign = sign;
  }
  take(value: Datum): void {
    if (value !== null && (this.best === null || this.compare(value, this.best) * this.sign > 0)) this.best = value;
  }
  merge(other: State): void {
    this.take((other as ExtremeState).best);
  }
  result(): Datum {
    return this.best;
  }
  get memoryBytes(): number {
    return typeof this.best === 'string'
      ? 2 * this.best.length
      : this.best instanceof Uint8Array
        ? this.best.length
        : 0;
  }
}

class AnyState implements State {
  private value: Datum = null;
  private seen = false;
  readonly memoryBytes = 0;
  take(value: Datum): void {
    if (this.seen) return;
    this.seen = true;
    this.value = value;
  }
  merge(other: State): void {
    if ((other as AnyState).seen) this.take((other as AnyState).value);
  }
  result(): Datum {
    return this.value;
  }
}

class BitState implements State {
  private bits: bigint;
  private readonly operation: string;
  readonly memoryBytes = 0;
  constructor(operation: string) {
    this.operation = operation;
    this.bits = operation === 'bit_and' ? 0xffffffffffffffffn : 0n;
  }
  take(value: Datum): void {
    if (value === null) return;
    const bits = BigInt.asUintN(64, BigInt(value as number | bigint));
    if (this.operation === 'bit_and') this.bits &= bits;
    else if (this.operation === 'bit_or') this.bits |= bits;
    else this.bits ^= bits;
  }
  merge(other: State): void {
    this.take((other as BitState).bits);
  }
  result(): Datum {
    return normalizeInteger(this.bits);
  }
}

/** Welford's running mean and squared distance; two runs join by the difference of their means. */
class VarianceState implements State {
  private count = 0;
  private mean = 0;
  private squares = 0;
  private readonly isSample: boolean;
  private readonly isDeviation: boolean;
  readonly memoryBytes = 0;
  constructor(name: string) {
    this.isSample = name.endsWith('_samp');
    this.isDeviation = name.startsWith('stddev');
  }
  take(value: Datum): void {
    if (value === null) return;
    const number = value as number;
    this.count++;
    const distance = number - this.mean;
    this.mean += distance / this.count;
    this.squares += distance * (number - this.mean);
  }
  merge(other: State): void {
    const more = other as VarianceState;
    if (more.count === 0) return;
    const count = this.count + more.count;
    const distance = more.mean - this.mean;
    this.squares += more.squares + (distance * distance * this.count * more.count) / count;
    this.mean += (distance * more.count) / count;
    this.count = count;
  }
  result(): Datum {
    const divisor = this.isSample ? this.count - 1 : this.count;
    if (divisor <= 0) return null;
    const variance = this.squares / divisor;
    return this.isDeviation ? Math.sqrt(variance) : variance;
  }
}

class JsonArrayState implements State {
  private readonly items: JsonNode[] = [];
  private readonly node: (value: NonNullable<Datum>) => JsonNode;
  constructor(node: (value: NonNullable<Datum>) => JsonNode) {
    this.node = node;
  }
  take(value: Datum): void {
    this.items.push(value === null ? null : this.node(value));
  }
  merge(other: State): void {
    for (const item of (other as JsonArrayState).items) this.items.push(item);
  }
  result(): Datum {
    return this.items.length === 0 ? null : new Json([...this.items]);
  }
  get memoryBytes(): number {
    return this.items.length * 48;
  }
}

class JsonObjectState implements State {
  private readonly members = new Map<string, JsonNode>();
  private readonly node: (value: NonNullable<Datum>) => JsonNode;
  constructor(node: (value: NonNullable<Datum>) => JsonNode) {
    this.node = node;
  }
  take(pair: Datum): void {
    const [key, value] = pair as unknown as readonly [Datum, Datum];
    if (key === null) throw new SqlError(3158, '22032', 'JSON documents may not contain NULL member names.');
    const name =
      key instanceof Json
        ? unquoteJson(key.node)
        : key instanceof Uint8Array
          ? Buffer.from(key).toString('utf8')
          : (key as string);
    this.members.set(name, value === null ? null : this.node(value));
  }
  merge(other: State): void {
    for (const [key, value] of (other as JsonObjectState).members) this.members.set(key, value);
  }
  result(): Datum {
    return this.members.size === 0 ? null : new Json(jsonObject(this.members));
  }
  get memoryBytes(): number {
    return this.members.size * 96;
  }
}

class SketchState implements State {
  private readonly sketch = new DistinctSketch();
  private readonly keyOf: (values: Row) => number | string;
  constructor(keyOf: (values: Row) => number | string) {
    this.keyOf = keyOf;
  }
  take(values: Datum): void {
    const row = values as unknown as Row;
    if (!row.includes(null)) this.sketch.add(String(this.keyOf(row)));
  }
  merge(other: State): void {
    this.sketch.merge((other as SketchState).sketch);
  }
  result(): Datum {
    return this.sketch.estimate();
  }
  get memoryBytes(): number {
    return this.sketch.sizeBytes;
  }
}

// ---- accumulators ----

/** What is worked out once per call. */
interface Prepared {
  readonly evaluate: Evaluator;
  readonly makeState: () => State;
  /** For DISTINCT: the identity of an argument list. */
  readonly keyOf: ((value: Datum) => number | string) | undefined;
  /** Several arguments travel as one list. */
  readonly isList: boolean;
}

class SimpleAccumulator implements Accumulator {
  private readonly prepared: Prepared;
  private readonly evaluate: Evaluator;
  private state: State;

  constructor(prepared: Prepared) {
    this.prepared = prepared;
    this.evaluate = prepared.evaluate;
    this.state = prepared.makeState();
  }
  // hot
  add(row: Row, context: EvalContext): void {
    this.state.take(this.evaluate(row, context), context);
  }
  merge(other: Accumulator, context: EvalContext): void {
    this.state.merge((other as SimpleAccumulator).state, context);
  }
  result(context: EvalContext): Datum {
    return this.state.result(context);
  }
  reset(): void {
    this.state = this.prepared.makeState();
  }
  get memoryBytes(): number {
    return this.state.memoryBytes;
  }
}

/** COUNT(*), and COUNT of what is never NULL. */
class RowCount implements Accumulator {
  private count = 0;
  readonly memoryBytes = 0;
  add(): void {
    this.count++;
  }
  merge(other: Accumulator): void {
    this.count += (other as RowCount).count;
  }
  result(): Datum {
    return this.count;
  }
  reset(): void {
    this.count = 0;
  }
}

/** Each distinct value once; kept by key, so that two partial sets can be joined. */
class DistinctAccumulator implements Accumulator, DistinctValues {
  readonly distinct: DistinctValues = this;
  private readonly prepared: Prepared;
  private state: State;
  private readonly values = new Map<number | string, Datum>();
  private bytes = 0;

  constructor(prepared: Prepared) {
    this.prepared = prepared;
    this.state = prepared.makeState();
  }
  add(row: Row, context: EvalContext): void {
    this.take(this.prepared.evaluate(row, context), context);
  }
  private take(value: Datum, context: EvalContext): void {
    if (value === null) return;
    const key = this.prepared.keyOf!(value);
    if (this.values.has(key)) return;
    this.values.set(key, value);
    this.bytes += 80 + (typeof key === 'string' ? 2 * key.length : 0);
    this.state.take(value, context);
  }
  merge(other: Accumulator, context: EvalContext): void {
    for (const value of (other as DistinctAccumulator).values.values()) this.take(value, context);
  }
  result(context: EvalContext): Datum {
    return this.state.result(context);
  }
  reset(): void {
    this.values.clear();
    this.bytes = 0;
    this.state = this.prepared.makeState();
  }
  takeOut(): Row[] {
    const rows = [...this.values.values()].map((value): Row =>
      this.prepared.isList ? (value as unknown as Row) : [value],
    );
    this.reset();
    return rows;
  }
  count(values: Row, context: EvalContext): void {
    this.state.take(this.prepared.isList ? (values as unknown as Datum) : values[0]!, context);
  }
  get memoryBytes(): number {
    return this.bytes + this.state.memoryBytes;
  }
}

const makers = new WeakMap<object, () => Accumulator>();

/** The call may also be an aggregate used as a window function. */
export function createAccumulator(aggregate: AggregateCall | WindowCall): Accumulator {
  let make = makers.get(aggregate);
  if (make === undefined) {
    make = accumulatorMaker(aggregate);
    makers.set(aggregate, make);
  }
  return make();
}

function accumulatorMaker(aggregate: AggregateCall | WindowCall): () => Accumulator {
  const { args, distinct } = aggregate;
  const name = SYNONYMS[aggregate.name] ?? aggregate.name;
  if (name === 'group_concat') return GroupConcat.maker(aggregate as AggregateCall);
  if (
    name === 'count' &&
    !distinct &&
    (args.length === 0 || (args.length === 1 && args[0]!.kind === 'constant' && args[0]!.value !== null))
  ) {
    return () => new RowCount();
  }
  // The smallest, the largest, and bits do not care how often a value comes.
  const cares = !(name === 'min' || name === 'max' || name === 'any_value' || name === 'bit_and' || name === 'bit_or');
  const evaluate = argumentEvaluator(name, args);
  const makeState = stateMaker(name, aggregate);
  if (!distinct || !cares) {
    const prepared: Prepared = { evaluate, makeState, keyOf: undefined, isList: false };
    return () => new SimpleAccumulator(prepared);
  }
  const types = args.map((arg) => arg.type);
  const listKey = hashKeyFor(types);
  const single: Row = [null];
  const keyOf =
    args.length === 1
      ? (value: Datum): number | string => {
          single[0] = value;
          return listKey(single);
        }
      : (value: Datum): number | string => listKey(value as unknown as Row);
  const prepared: Prepared = { evaluate, makeState, keyOf, isList: args.length > 1 };
  return () => new DistinctAccumulator(prepared);
}

/** One argument as it is; several as a list, which for COUNT(DISTINCT a, b) is NULL when one of them is. */
function argumentEvaluator(name: string, args: readonly Expression[]): Evaluator {
  const evaluators = args.map(compile);
  const [only] = evaluators;
  if (evaluators.length === 1 && name !== 'approx_count_distinct') return only!;
  const listNull = name === 'count';
  return (row, context) => {
    const values: Datum[] = [];
    for (const evaluate of evaluators) {
      const value = evaluate(row, context);
      if (value === null && listNull) return null;
      values.push(value);
    }
    return values as unknown as Datum;
  };
}

function stateMaker(name: string, aggregate: AggregateCall | WindowCall): () => State {
  const type: FieldType = aggregate.args[0]?.type ?? BIGINT;
  switch (name) {
    case 'count':
      return () => new CountState();
    case 'sum':
    case 'avg': {
      if (isReal(type)) return () => new DoubleSum(name === 'avg');
      const { scale } = decimalShape(type);
      const averageScale = name === 'avg' ? aggregate.type.decimals : -1;
      return () => new ExactSum(scale, averageScale);
    }
    case 'min':
    case 'max': {
      const text = isEnumOrSet(type) ? textType(textLength(type), type.collation) : type;
      const compare = isInteger(type) || isReal(type) ? compareNumbers : compareFor(text);
      const sign = name === 'max' ? 1 : -1;
      return () => new ExtremeState(compare, sign);
    }
    case 'any_value':
      return () => new AnyState();
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return () => new BitState(name);
    case 'json_arrayagg': {
      const node = toJsonNode(type);
      return () => new JsonArrayState(node);
    }
    case 'json_objectagg': {
      const node = toJsonNode(aggregate.args[1]!.type);
      return () => new JsonObjectState(node);
    }
    case 'approx_count_distinct': {
      const keyOf = hashKeyFor(aggregate.args.map((arg) => arg.type));
      return () => new SketchState(keyOf);
    }
    case 'stddev_pop':
    case 'stddev_samp':
    case 'var_pop':
    case 'var_samp':
      return () => new VarianceState(name);
    default:
      throw new SqlError(1305, '42000', `FUNCTION ${name} does not exist`);
  }
}

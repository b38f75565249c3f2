/**
 * Expressions as JavaScript text. SQL's three values are kept apart by printing conditions in two forms, "is true" and "is
 * false": `NOT`, `AND` and `OR` swap and combine them, and NULL is what neither holds for.
 *
 * Strings never enter a loop. Whatever depends on one string column alone (LIKE, =, SUBSTRING, IN) is computed once for
 * each distinct string, by the row engine's own function, into a table that the loop reads by code.
 */
import type { Datum } from '../../base/value/datum.ts';
import { DateTime } from '../../base/value/date-time.ts';
import { Decimal } from '../../base/value/decimal.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import { isString } from '../../base/value/field-type.ts';
import type { CallExpression, ColumnExpression, Expression } from '../../proto/plan/expression.ts';
import { MILLIS_A_DAY, kindOf } from '../vector/column.ts';
import { computedDictionary, type DictionaryCache, type DictionaryView } from '../vector/strings.ts';
import type { Emitter } from './emitter.ts';
import { Unsupported, checked, orNull, rescale, toDouble, type Value } from './value.ts';

/** A function of the row engine for one expression: datums in by position, datum out. */
export type ScalarCompiler = (expression: Expression) => (row: Datum[]) => Datum;

export interface ExpressionTools {
  readonly emitter: Emitter;
  readonly dictionaries: DictionaryCache;
  readonly compileScalar: ScalarCompiler;
  /** Nothing is evaluated and parameters need no value: only whether it could run is asked. */
  readonly dry: boolean;
}

const COMPARISONS: Readonly<Record<string, string>> = { eq: '===', ne: '!==', lt: '<', le: '<=', gt: '>', ge: '>=' };
const NEGATED: Readonly<Record<string, string>> = { eq: '!==', ne: '===', lt: '>=', le: '>', gt: '<=', ge: '<' };
const BOOLEAN_CALLS = new Set([
  'and',
  'or',
  'xor',
  'not',
  'isnull',
  'istrue',
  'isfalse',
  'in',
  'between',
  'nulleq',
  ...Object.keys(COMPARISONS),
]);

export class ExpressionCompiler {
  private readonly tools: ExpressionTools;
  private readonly input: readonly Value[];

  constructor(tools: ExpressionTools, input: readonly Value[]) {
    this.tools = tools;
    this.input = input;
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case 'column':
        return this.column(expression);
      case 'constant':
        return this.constant(expression.value, expression.type);
      case 'parameter':
        return this.parameter(expression.type);
      case 'call':
        return this.call(expression);
    }
  }

  /** A condition that holds exactly when the expression is true (not when it is NULL). */
  isTrue(expression: Expression): string {
    return this.condition(expression, true);
  }

  isFalse(expression: Expression): string {
    return this.condition(expression, false);
  }

  private column(expression: ColumnExpression): Value {
    const value = this.input[expression.index];
    if (!value) throw new Unsupported(`column ${expression.name} outside its input`);
    return value;
  }

  /** Parameters are constants by the time a plan runs. */
  private parameter(type: FieldType): Value {
    const kind = kindOf(type);
    if (!this.tools.dry) throw new Unsupported('a parameter without a value');
    if (kind === undefined) throw new Unsupported('a parameter of this type');
    const view = kind === 'string' ? this.tools.dictionaries.view(computedDictionary([], type.collation)) : undefined;
    return { kind, scale: kind === 'decimal' ? type.decimals : 0, code: '0', isNull: undefined, min: 0, max: 0, view };
  }

  private constant(datum: Datum, type: FieldType): Value {
    const { emitter } = this.tools;
    const kind = kindOf(type);
    if (datum === null) {
      return {
        kind: kind ?? 'int',
        scale: type.decimals <= 30 && kind === 'decimal' ? type.decimals : 0,
        code: '0',
        isNull: 'true',
        min: 0,
        max: 0,
        view: undefined,
      };
    }
    const exact = (value: number, more: Partial<Value> = {}): Value =>
      checked({
        kind: 'int',
        scale: 0,
        code: emitter.number(value),
        isNull: undefined,
        min: value,
        max: value,
        view: undefined,
        ...more,
      });
    if (datum instanceof Decimal) {
      if (typeof datum.digits === 'bigint') throw new Unsupported('a constant of more than 53 bits');
      return exact(datum.digits, { kind: 'decimal', scale: datum.scale });
    }
    if (datum instanceof DateTime) {
      if (kind === 'date') return exact(datum.datePart, { kind: 'date' });
      if (datum.timeMicros % 1000 !== 0) throw new Unsupported('a time constant finer than a millisecond');
      return exact(datum.datePart * MILLIS_A_DAY + datum.timeMicros / 1000, { kind: 'datetime' });
    }
    if (typeof datum === 'number') {
      if (kind === 'double') {
        if (!Number.isFinite(datum)) throw new Unsupported('an infinite constant');
        return {
          kind: 'double',
          scale: 0,
          code: emitter.number(datum),
          isNull: undefined,
          min: -Infinity,
          max: Infinity,
          view: undefined,
        };
      }
      return exact(datum);
    }
    if (typeof datum === 'string') {
      const view = this.tools.dictionaries.view(computedDictionary([datum], type.collation));
      return { kind: 'string', scale: 0, code: '0', isNull: undefined, min: 0, max: 0, view };
    }
    throw new Unsupported('a constant of this type');
  }

  private call(call: CallExpression): Value {
    const columns = new Map<number, ColumnExpression>();
    collectColumns(call, columns);
    if (columns.size === 0) return this.withoutColumns(call);
    const overString = this.overOneString(call);
    if (overString) return overString;
    switch (call.name) {
      case 'plus':
      case 'minus':
      case 'mul':
        return this.arithmetic(call);
      case 'neg':
        return this.negate(this.value(call.args[0]!));
      case 'div':
        return this.divide(call);
      case 'case':
        return this.choice(casePairs(call.args), call.type);
      case 'if':
        return this.choice({ whens: [[call.args[0]!, call.args[1]!]], otherwise: call.args[2] }, call.type);
      case 'ifnull':
      case 'coalesce':
        return this.coalesce(call);
      case 'cast':
        return this.cast(this.value(call.args[0]!), call.type);
      case 'year':
      case 'month':
      case 'day':
      case 'dayofmonth':
      case 'quarter':
        return this.datePart(call.name, this.value(call.args[0]!));
      case 'extract':
        return this.extract(call);
      default:
        if (BOOLEAN_CALLS.has(call.name)) return this.truth(call);
        throw new Unsupported(`function ${call.name}`);
    }
  }

  private withoutColumns(call: CallExpression): Value {
    return this.tools.dry ? this.parameter(call.type) : this.constant(this.tools.compileScalar(call)([]), call.type);
  }

  /** A condition used as a number: 1, 0 or NULL. */
  private truth(call: CallExpression): Value {
    const yes = this.isTrue(call);
    const no = this.isFalse(call);
    const nullable = call.args.some((arg) => this.mayBeNull(arg)) && call.name !== 'isnull' && call.name !== 'nulleq';
    return {
      kind: 'int',
      scale: 0,
      code: `(${yes} ? 1 : 0)`,
      isNull: nullable ? `!(${yes} || ${no})` : undefined,
      min: 0,
      max: 1,
      view: undefined,
    };
  }

  private mayBeNull(expression: Expression): boolean {
    if (expression.kind === 'constant') return expression.value === null;
    if (expression.kind === 'column') return this.column(expression).isNull !== undefined;
    if (expression.kind === 'call' && BOOLEAN_CALLS.has(expression.name))
      return expression.args.some((arg) => this.mayBeNull(arg));
    return this.value(expression).isNull !== undefined;
  }

  private arithmetic(call: CallExpression): Value {
    const { emitter } = this.tools;
    const left = this.value(call.args[0]!);
    const right = this.value(call.args[1]!);
    const isNull = orNull(left.isNull, right.isNull);
    const symbol = call.name === 'plus' ? '+' : call.name === 'minus' ? '-' : '*';
    if (kindOf(call.type) === 'double') {
      const [a, b] = [toDouble(emitter, left), toDouble(emitter, right)];
      return {
        kind: 'double',
        scale: 0,
        code: `(${a.code} ${symbol} ${b.code})`,
        isNull,
        min: -Infinity,
        max: Infinity,
        view: undefined,
      };
    }
    numeric(left, right);
    const kind = kindOf(call.type) === 'decimal' ? 'decimal' : 'int';
    if (call.name === 'mul') {
      const bounds = [left.min * right.min, left.min * right.max, left.max * right.min, left.max * right.max];
      const product: Value = {
        kind,
        scale: left.scale + right.scale,
        code: `(${left.code} * ${right.code})`,
        isNull,
        min: Math.min(...bounds),
        max: Math.max(...bounds),
        view: undefined,
      };
      return this.unsigned(rescale(emitter, checked(product), call.type.decimals), call.type);
    }
    const scale = Math.max(left.scale, right.scale, kind === 'decimal' ? call.type.decimals : 0);
    const a = rescale(emitter, left, scale);
    const b = rescale(emitter, right, scale);
    const [min, max] = call.name === 'plus' ? [a.min + b.min, a.max + b.max] : [a.min - b.max, a.max - b.min];
    return this.unsigned(
      checked({ kind, scale, code: `(${a.code} ${symbol} ${b.code})`, isNull, min, max, view: undefined }),
      call.type,
    );
  }

  /** An unsigned result that could go below zero is an error in MySQL, row by row: left to the row engine. */
  private unsigned(value: Value, type: FieldType): Value {
    if (type.unsigned && value.min < 0) throw new Unsupported('an unsigned result that could be negative');
    return value;
  }

  private negate(value: Value): Value {
    if (value.kind !== 'double') numeric(value, value);
    return { ...value, code: `(-${value.code})`, min: -value.max, max: -value.min };
  }

  private divide(call: CallExpression): Value {
    if (kindOf(call.type) !== 'double') throw new Unsupported('exact division');
    const { emitter } = this.tools;
    const left = toDouble(emitter, this.value(call.args[0]!));
    const right = toDouble(emitter, this.value(call.args[1]!));
    const code = `(${left.code} / ${right.code})`;
    return {
      kind: 'double',
      scale: 0,
      code,
      isNull: orNull(left.isNull, right.isNull, `${right.code} === 0`),
      min: -Infinity,
      max: Infinity,
      view: undefined,
    };
  }

  private choice(
    parts: { whens: (readonly [Expression, Expression])[]; otherwise: Expression | undefined },
    type: FieldType,
  ): Value {
    const kind = kindOf(type);
    if (kind === undefined || kind === 'string') throw new Unsupported('CASE that gives text');
    const results = [...parts.whens.map((when) => when[1]), ...(parts.otherwise ? [parts.otherwise] : [])].map((one) =>
      this.cast(this.value(one), type),
    );
    let code = parts.otherwise ? results.at(-1)!.code : '0';
    let isNull: string = parts.otherwise ? (results.at(-1)!.isNull ?? 'false') : 'true';
    for (let i = parts.whens.length - 1; i >= 0; i--) {
      const condition = this.isTrue(parts.whens[i]![0]);
      code = `(${condition} ? ${results[i]!.code} : ${code})`;
      isNull = `(${condition} ? ${results[i]!.isNull ?? 'false'} : ${isNull})`;
    }
    const nullable = !parts.otherwise || results.some((one) => one.isNull !== undefined);
    const bounds = results.filter((one) => one.isNull !== 'true');
    const min = Math.min(0, ...bounds.map((one) => one.min));
    const max = Math.max(0, ...bounds.map((one) => one.max));
    const { scale } = results[0]!;
    return { kind, scale, code, isNull: nullable ? isNull : undefined, min, max, view: undefined };
  }

  private coalesce(call: CallExpression): Value {
    const values = call.args.map((arg) => this.cast(this.value(arg), call.type));
    let result = values.at(-1)!;
    if (result.kind === 'string') throw new Unsupported('COALESCE of text');
    for (let i = values.length - 2; i >= 0; i--) {
      const first = values[i]!;
      if (first.isNull === undefined) {
        result = first;
        continue;
      }
      result = {
        ...result,
        code: `(${first.isNull} ? ${result.code} : ${first.code})`,
        isNull: result.isNull === undefined ? undefined : `(${first.isNull} && ${result.isNull})`,
        min: Math.min(first.min, result.min),
        max: Math.max(first.max, result.max),
      };
    }
    return result;
  }

  /** Conversions that cannot fail or round; the others belong to the row engine. */
  private cast(value: Value, type: FieldType): Value {
    const { emitter } = this.tools;
    const kind = kindOf(type);
    if (value.isNull === 'true')
      return { ...value, kind: kind ?? value.kind, scale: kind === 'decimal' ? type.decimals : 0 };
    if (kind === 'double') return toDouble(emitter, value);
    if (kind === 'int' && value.kind === 'int') {
      if (type.unsigned && value.min < 0) throw new Unsupported('a cast that could wrap');
      return value;
    }
    if (kind === 'decimal' && (value.kind === 'int' || value.kind === 'decimal')) {
      const scaled = { ...rescale(emitter, value, type.decimals), kind: 'decimal' as const };
      const limit = 10 ** Math.min(type.length > 0 ? type.length : 65, 15);
      if (type.length > 0 && type.length <= 15 && (scaled.max >= limit || scaled.min <= -limit))
        throw new Unsupported('a cast that could overflow');
      return scaled;
    }
    if (kind === value.kind && (kind === 'date' || kind === 'datetime' || kind === 'string')) return value;
    if (kind === 'datetime' && value.kind === 'date') {
      return {
        ...value,
        kind,
        code: `(${value.code} * ${emitter.number(MILLIS_A_DAY)})`,
        min: value.min * MILLIS_A_DAY,
        max: value.max * MILLIS_A_DAY,
      };
    }
    throw new Unsupported(`a cast from ${value.kind} to ${kind ?? 'another type'}`);
  }

  private extract(call: CallExpression): Value {
    const unit = call.args.find((arg) => arg.kind === 'constant' && typeof arg.value === 'string') as
      { value: string } | undefined;
    const source = call.args.find((arg) => arg.kind !== 'constant');
    if (!unit || !source) throw new Unsupported('EXTRACT of this form');
    return this.datePart(unit.value.toLowerCase(), this.value(source));
  }

  private datePart(part: string, value: Value): Value {
    if (value.kind !== 'date' && value.kind !== 'datetime') throw new Unsupported(`${part} of a ${value.kind}`);
    const date = value.kind === 'date' ? value.code : `Math.floor(${value.code} / ${MILLIS_A_DAY})`;
    const lowerDay = value.kind === 'date' ? value.min : Math.floor(value.min / MILLIS_A_DAY);
    const upperDay = value.kind === 'date' ? value.max : Math.floor(value.max / MILLIS_A_DAY);
    const shape = { ...value, kind: 'int' as const, scale: 0 };
    switch (part) {
      case 'year':
        return {
          ...shape,
          code: `(((${date} >> 5) / 13) | 0)`,
          min: Math.trunc((lowerDay >> 5) / 13),
          max: Math.trunc((upperDay >> 5) / 13),
        };
      case 'month':
        return { ...shape, code: `((${date} >> 5) % 13)`, min: 0, max: 12 };
      case 'quarter':
        return { ...shape, code: `((((${date} >> 5) % 13) + 2) / 3 | 0)`, min: 0, max: 4 };
      case 'day':
      case 'dayofmonth':
        return { ...shape, code: `(${date} & 31)`, min: 0, max: 31 };
      default:
        throw new Unsupported(`EXTRACT ${part}`);
    }
  }

  private condition(expression: Expression, wanted: boolean): string {
    if (expression.kind === 'constant') {
      const { value } = expression;
      if (value === null) return 'false';
      const number = value instanceof Decimal ? Number(value.digits) : Number(value);
      return (number !== 0) === wanted ? 'true' : 'false';
    }
    if (expression.kind === 'call') {
      const known = this.booleanCall(expression, wanted);
      if (known !== undefined) return known;
    }
    const value = this.value(expression);
    if (value.kind === 'string') throw new Unsupported('text as a condition');
    const test = `${value.code} ${wanted ? '!==' : '==='} 0`;
    return value.isNull === undefined ? `(${test})` : `(!(${value.isNull}) && ${test})`;
  }

  private booleanCall(call: CallExpression, wanted: boolean): string | undefined {
    const { args } = call;
    switch (call.name) {
      case 'and':
        return `(${args.map((arg) => this.condition(arg, wanted)).join(wanted ? ' && ' : ' || ')})`;
      case 'or':
        return `(${args.map((arg) => this.condition(arg, wanted)).join(wanted ? ' || ' : ' && ')})`;
      case 'not':
        return this.condition(args[0]!, !wanted);
      case 'xor': {
        const [a, b] = [args[0]!, args[1]!];
        const [aTrue, aFalse, bTrue, bFalse] = [this.isTrue(a), this.isFalse(a), this.isTrue(b), this.isFalse(b)];
        return wanted
          ? `((${aTrue} && ${bFalse}) || (${aFalse} && ${bTrue}))`
          : `((${aTrue} && ${bTrue}) || (${aFalse} && ${bFalse}))`;
      }
      case 'istrue':
        return wanted ? this.isTrue(args[0]!) : `!${this.isTrue(args[0]!)}`;
      case 'isfalse':
        return wanted ? this.isFalse(args[0]!) : `!${this.isFalse(args[0]!)}`;
      case 'isnull': {
        const { isNull } = this.value(args[0]!);
        return isNull === undefined ? (wanted ? 'false' : 'true') : wanted ? `(${isNull})` : `!(${isNull})`;
      }
      case 'between': {
        const lower = { ...call, name: 'ge', args: [args[0]!, args[1]!] };
        const upper = { ...call, name: 'le', args: [args[0]!, args[2]!] };
        return this.condition({ ...call, name: 'and', args: [lower, upper] }, wanted);
      }
      case 'in':
        return this.overOneString(call) ? undefined : this.membership(call, wanted);
      case 'nulleq':
        return this.nullSafe(call, wanted);
      default:
        if (COMPARISONS[call.name]) return this.comparison(call, wanted);
        return undefined;
    }
  }

  /** `<=>` is never NULL: two NULLs are equal. */
  private nullSafe(call: CallExpression, wanted: boolean): string {
    const byString = this.overOneString(call);
    if (byString) return this.tested(byString, wanted);
    const left = this.value(call.args[0]!);
    const right = this.value(call.args[1]!);
    const [a, b] = this.comparable(left, right);
    const equal = `${a} === ${b}`;
    const [noLeft, noRight] = [left.isNull ?? 'false', right.isNull ?? 'false'];
    return `${wanted ? '' : '!'}((${noLeft}) ? (${noRight}) : (!(${noRight}) && ${equal}))`;
  }

  private comparison(call: CallExpression, wanted: boolean): string {
    const byString = this.overOneString(call);
    if (byString) return this.tested(byString, wanted);
    const left = this.value(call.args[0]!);
    const right = this.value(call.args[1]!);
    const symbol = (wanted ? COMPARISONS : NEGATED)[call.name]!;
    const guard = orNull(left.isNull, right.isNull);
    // Classes of equal strings have no order.
    if (left.kind === 'string' && right.kind === 'string' && call.name !== 'eq' && call.name !== 'ne')
      throw new Unsupported('an order between two texts');
    const [a, b] = this.comparable(left, right);
    const test = `${a} ${symbol} ${b}`;
    return guard === undefined ? `(${test})` : `(!(${guard}) && ${test})`;
  }

  private comparable(left: Value, right: Value): [string, string] {
    const { emitter } = this.tools;
    if (left.isNull === 'true' || right.isNull === 'true') return ['0', '0'];
    if (left.kind === 'string' && right.kind === 'string') return this.comparableStrings(left, right);
    if (left.kind === 'string' || right.kind === 'string') throw new Unsupported('text compared with another type');
    if (left.kind === 'double' || right.kind === 'double')
      return [toDouble(emitter, left).code, toDouble(emitter, right).code];
    if (left.kind === right.kind && left.kind !== 'decimal') return [left.code, right.code];
    if (left.kind === 'datetime' && right.kind === 'date') return [left.code, `(${right.code} * ${MILLIS_A_DAY})`];
    if (left.kind === 'date' && right.kind === 'datetime') return [`(${left.code} * ${MILLIS_A_DAY})`, right.code];
    numeric(left, right);
    const scale = Math.max(left.scale, right.scale);
    return [rescale(emitter, left, scale).code, rescale(emitter, right, scale).code];
  }

  /** Two string columns: equality only, by classes of one side; the other's codes are translated once per distinct string. */
  private comparableStrings(left: Value, right: Value): [string, string] {
    const { emitter } = this.tools;
    const translated = translateClasses(left.view!, right.view!);
    return [
      `${emitter.constant(translated)}[${left.code}]`,
      `${emitter.constant(right.view!.classes().ids)}[${right.code}]`,
    ];
  }

  private membership(call: CallExpression, wanted: boolean): string {
    const [needle, ...list] = call.args;
    const alternatives = list.map((item): CallExpression => ({ ...call, name: 'eq', args: [needle!, item] }));
    return this.condition({ ...call, name: 'or', args: alternatives }, wanted);
  }

  private tested(value: Value, wanted: boolean): string {
    const test = `${value.code} ${wanted ? '!==' : '==='} 0`;
    return value.isNull === undefined ? `(${test})` : `(!(${value.isNull}) && ${test})`;
  }

  /**
   * A call whose only column is one string column: evaluated for each distinct string (and for NULL), then read by code.
   */
  private overOneString(call: CallExpression): Value | undefined {
    if (call.name === 'and' || call.name === 'or' || call.name === 'not' || call.name === 'isnull') return undefined;
    const columns = new Map<number, ColumnExpression>();
    collectColumns(call, columns);
    if (columns.size !== 1) return undefined;
    const [column] = [...columns.values()];
    const source = this.column(column!);
    if (source.kind !== 'string') return undefined;
    // Ordinary NULL-in, NULL-out conditions on a column need no evaluation for NULL; others do, so NULL gets a slot of its own.
    const evaluate = this.tools.dry ? () => null : this.tools.compileScalar(withIndex(call, 0));
    const strings = source.view!.strings();
    const results = new Array<Datum>(strings.length + 1);
    for (let i = 0; i < strings.length; i++) results[i] = evaluate([strings[i]!]);
    results[strings.length] = source.isNull === undefined ? null : evaluate([null]);
    const code = source.isNull === undefined ? source.code : `(${source.isNull} ? ${strings.length} : ${source.code})`;
    return this.lookup(results, code, call.type, source.isNull !== undefined);
  }

  private lookup(results: readonly Datum[], code: string, type: FieldType, nullReachable: boolean): Value {
    const { emitter } = this.tools;
    const reachable = nullReachable ? results : results.slice(0, -1);
    const nullFlags = Uint8Array.from(results, (result) => (result === null ? 1 : 0));
    const isNull = reachable.some((result) => result === null)
      ? `${emitter.constant(nullFlags)}[${code}] === 1`
      : undefined;
    if (isString(type)) {
      const known = new Map<string, number>();
      const codes = Int32Array.from(results, (result) => {
        if (result === null) return 0;
        if (typeof result !== 'string') throw new Unsupported('a function that gives bytes');
        let id = known.get(result);
        if (id === undefined) known.set(result, (id = known.size));
        return id;
      });
      const view = this.tools.dictionaries.view(computedDictionary([...known.keys()], type.collation));
      return {
        kind: 'string',
        scale: 0,
        code: `${emitter.constant(codes)}[${code}]`,
        isNull,
        min: 0,
        max: Math.max(known.size - 1, 0),
        view,
      };
    }
    const kind = kindOf(type);
    if (kind !== 'int' && kind !== 'double')
      throw new Unsupported(`a function of text that gives a ${kind ?? 'special type'}`);
    const numbers = Float64Array.from(results, (result) => {
      if (typeof result === 'bigint') throw new Unsupported('a result of more than 53 bits');
      return result === null ? 0 : Number(result);
    });
    const min = kind === 'double' ? -Infinity : numbers.reduce((a, b) => Math.min(a, b), 0);
    const max = kind === 'double' ? Infinity : numbers.reduce((a, b) => Math.max(a, b), 0);
    return { kind, scale: 0, code: `${emitter.constant(numbers)}[${code}]`, isNull, min, max, view: undefined };
  }
}

/** For each code of `source`: the class in `target` of an equal string, or -1. */
export function translateClasses(source: DictionaryView, target: DictionaryView): Int32Array {
  if (source === target) return target.classes().ids;
  if (source.dictionary.collation !== target.dictionary.collation)
    throw new Unsupported('text of two collations compared');
  return source.translateTo(target);
}

function collectColumns(expression: Expression, into: Map<number, ColumnExpression>): void {
  if (expression.kind === 'column') into.set(expression.index, expression);
  else if (expression.kind === 'call') for (const arg of expression.args) collectColumns(arg, into);
}

function withIndex(expression: Expression, index: number): Expression {
  if (expression.kind === 'column') return { ...expression, index };
  if (expression.kind === 'call') return { ...expression, args: expression.args.map((arg) => withIndex(arg, index)) };
  return expression;
}

/** `case` arguments: condition, result, condition, result, …, and the ELSE result when their number is odd. */
function casePairs(args: readonly Expression[]): {
  whens: (readonly [Expression, Expression])[];
  otherwise: Expression | undefined;
} {
  const whens: (readonly [Expression, Expression])[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) whens.push([args[i]!, args[i + 1]!]);
  return { whens, otherwise: args.length % 2 === 1 ? args.at(-1) : undefined };
}

function numeric(left: Value, right: Value): void {
  for (const one of [left, right])
    if (one.kind !== 'int' && one.kind !== 'decimal')
      throw new Unsupported(`arithmetic or comparison with a ${one.kind}`);
}

/**
 * CASE, IF, IFNULL, NULLIF, COALESCE, GREATEST, LEAST, INTERVAL: expressions whose value is one of several. The branches are
 * brought to one type first, so what comes out has one representation whichever branch it came from.
 */
import type { Datum } from '../../base/value/datum.ts';
import { BINARY_COLLATION, collationNamed } from '../../base/value/collation/index.ts';
import {
  BIGINT,
  DOUBLE,
  isBinaryString,
  isDecimal,
  isInteger,
  isNumeric,
  isString,
  isTemporal,
  JSON_TYPE,
  NULL_TYPE,
  TypeCode,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import { castTo } from './cast-to.ts';
import { agreeCollation } from './collate.ts';
import { compareAs, comparisonKind, prepareComparison } from './comparison.ts';
import { compileTestOf } from './compile-test.ts';
import {
  connectionCollation,
  define,
  OPERANDS_MAX,
  type Evaluator,
  type InferOptions,
  type Test,
} from './definition.ts';
import { asCondition } from './logic.ts';
import {
  call,
  constant,
  datetimeType,
  hasDate,
  isEnumOrSet,
  isJson,
  isNullType,
  mergeNumeric,
  textLength,
  textType,
  timeType,
} from './types.ts';

/** The one type that values of several expressions are given. */
export function mergeTypes(args: readonly Expression[], operation: string, options: InferOptions = {}): FieldType {
  const known = args.filter((arg) => !isNullType(arg.type));
  const [first] = known;
  if (first === undefined) return NULL_TYPE;
  const types = known.map((arg) => arg.type);
  const notNull = args.every((arg) => arg.type.notNull);
  if (types.every(isNumeric)) {
    const merged = types.reduce((a, b) => (sameNumeric(a, b) ? a : mergeNumeric(a, b)));
    return { ...merged, notNull, truthValue: types.every((type) => type.truthValue === true) };
  }
  if (types.every(isJson)) return { ...JSON_TYPE, notNull };
  if (types.every(isTemporal)) return { ...mergeTemporal(types), notNull };
  const length = Math.max(...types.map(textLength));
  if (types.some(isBinaryString)) return { ...textType(length, 'binary'), notNull };
  if (
    types.every(
      (type) =>
        isString(type) &&
        type.code === first.type.code &&
        type.length === first.type.length &&
        type.collation === first.type.collation,
    ) &&
    !isEnumOrSet(first.type)
  ) {
    return { ...first.type, notNull };
  }
  const collation = types.some(isString)
    ? agreeCollation(known, operation, connectionCollation(options))
    : connectionCollation(options);
  return { ...textType(length, collation), notNull };
}

function sameNumeric(a: FieldType, b: FieldType): boolean {
  return (
    a.code === b.code &&
    a.unsigned === b.unsigned &&
    a.decimals === b.decimals &&
    a.length >= b.length &&
    a.code !== TypeCode.BIT
  );
}

function mergeTemporal(types: readonly FieldType[]): FieldType {
  const fsp = Math.max(...types.map((type) => type.decimals));
  const [first] = types as readonly [FieldType];
  if (types.every((type) => type.code === first.code))
    return first.code === TypeCode.TIME ? timeType(fsp) : { ...first, decimals: fsp };
  return datetimeType(fsp);
}

/** Converts where the representation changes; integers among integers and text among text stay as they are. */
export function unify(arg: Expression, type: FieldType): Expression {
  const from = arg.type;
  if (isNullType(from) || isNullType(type)) return arg;
  if (isInteger(from) && isInteger(type)) return arg;
  if (isString(from) && isString(type) && isBinaryString(from) === isBinaryString(type)) return arg;
  if (hasDate(from) && (type.code === TypeCode.DATETIME || type.code === from.code)) return arg;
  if (from.code === type.code && isTemporal(from)) return arg;
  if (isDecimal(from) && isDecimal(type) && from.decimals === type.decimals) return arg;
  return castTo(arg, type);
}

define({
  name: 'case',
  argsMin: 2,
  argsMax: OPERANDS_MAX,
  columnar: 'logic',
  infer: (args, options) => {
    const results: Expression[] = [];
    for (let at = 0; at + 1 < args.length; at += 2) results.push(args[at + 1]!);
    const hasElse = args.length % 2 === 1;
    if (hasElse) results.push(args[args.length - 1]!);
    const merged = mergeTypes(results, 'case', options);
    const type = hasElse ? merged : { ...merged, notNull: false };
    const converted = args.map((arg, at) =>
      at % 2 === 1 || (hasElse && at === args.length - 1) ? unify(arg, type) : asCondition(arg),
    );
    return call('case', converted, type);
  },
  compile: (expression, evaluators) => {
    const pairs = Math.floor(expression.args.length / 2);
    const tests: Test[] = [];
    const results: Evaluator[] = [];
    for (let at = 0; at < pairs; at++) {
      tests.push(compileTestOf(expression.args[at * 2]!));
      results.push(evaluators[at * 2 + 1]!);
    }
    const otherwise: Evaluator = expression.args.length % 2 === 1 ? evaluators[evaluators.length - 1]! : () => null;
    if (pairs === 1) {
      const [test] = tests as [Test];
      const [result] = results as [Evaluator];
      return (row, context) => (test(row, context) ? result(row, context) : otherwise(row, context));
    }
    return (row, context) => {
      for (let at = 0; at < pairs; at++) if (tests[at]!(row, context)) return results[at]!(row, context);
      return otherwise(row, context);
    };
  },
});

define({
  name: 'if',
  argsMin: 3,
  argsMax: 3,
  columnar: 'logic',
  infer: ([condition, yes, no], options) => {
    const type = mergeTypes([yes!, no!], 'if', options);
    return call('if', [asCondition(condition!), unify(yes!, type), unify(no!, type)], type);
  },
  compile: (expression, [, yes, no]) => {
    const test = compileTestOf(expression.args[0]!);
    return (row, context) => (test(row, context) ? yes!(row, context) : no!(row, context));
  },
});

for (const name of ['ifnull', 'coalesce'] as const) {
  define({
    name,
    argsMin: name === 'ifnull' ? 2 : 1,
    argsMax: name === 'ifnull' ? 2 : 65535,
    columnar: 'logic',
    infer: (args, options) => {
      const merged = mergeTypes(args, name, options);
      return call(name, args.map((arg) => unify(arg, merged)), { ...merged, notNull: args.some((arg) => arg.type.notNull) }); // prettier-ignore
    },
    compile: (_expression, evaluators) => {
      const [a, b] = evaluators;
      if (evaluators.length === 2) return (row, context) => a!(row, context) ?? b!(row, context);
      return (row, context) => {
        for (const evaluate of evaluators) {
          const value = evaluate(row, context);
          if (value !== null) return value;
        }
        return null;
      };
    },
  });
}

/** The third argument is the first as a value; the first two are as the comparison wants them. */
define({
  name: 'nullif',
  argsMin: 2,
  argsMax: 3,
  infer: ([a, b], options) => {
    const { left, right, collation } = prepareComparison(a!, b!, 'nullif', options);
    // A member of a list is a text once it is computed: it sorts as one.
    const type = isEnumOrSet(a!.type) ? textType(textLength(a!.type), a!.type.collation) : a!.type;
    return call('nullif', [left, right, a!], { ...type, notNull: false }, collation);
  },
  compile: (expression, [left, right, value]) => {
    const [a, b] = expression.args as readonly [Expression, Expression];
    const collation = collationNamed(expression.collation ?? a.type.collation) ?? BINARY_COLLATION;
    const compare = compareAs(comparisonKind(a.type, b.type), a.type, b.type, collation);
    return (row, context) => {
      const x = left!(row, context);
      const y = right!(row, context);
      return x !== null && y !== null && compare(x, y) === 0 ? null : value!(row, context);
    };
  },
});

for (const name of ['greatest', 'least'] as const) {
  const sign = name === 'greatest' ? 1 : -1;
  define({
    name,
    argsMin: 2,
    argsMax: 65535,
    infer: (args, options) => {
      if (args.some((arg) => isNullType(arg.type))) return constant(null, mergeTypes(args, name, options));
      const types = args.map((arg) => arg.type);
      let type = mergeTypes(args, name, options);
      // Numbers among texts compare as numbers, dates among texts as dates.
      if (types.some(isNumeric) && types.some(isString)) type = DOUBLE;
      else if (types.some(hasDate) && types.some(isString)) type = datetimeType(6);
      const collation = isString(type) ? type.collation : undefined;
      return call(name, args.map((arg) => unify(arg, type)), type, collation); // prettier-ignore
    },
    compile: (expression, evaluators) => {
      const type = expression.type;
      const compare = compareAs(
        comparisonKind(type, type),
        type,
        type,
        collationNamed(type.collation) ?? BINARY_COLLATION,
      );
      return (row, context) => {
        let best: Datum = null;
        for (const evaluate of evaluators) {
          const value = evaluate(row, context);
          if (value === null) return null;
          if (best === null || compare(value, best) * sign > 0) best = value;
        }
        return best;
      };
    },
  });
}

/** How many of the sorted numbers after the first are not greater than it. */
define({
  name: 'interval',
  argsMin: 2,
  argsMax: 65535,
  infer: (args) => call('interval', args.map((arg) => (isNumeric(arg.type) ? arg : castTo(arg, DOUBLE))).map((arg) => (isDecimal(arg.type) ? castTo(arg, DOUBLE) : arg)), { ...BIGINT, length: 2, notNull: true }), // prettier-ignore
  compile:
    (_expression, [first, ...rest]) =>
    (row, context) => {
      const value = first!(row, context) as number | null;
      if (value === null) return -1;
      let count = 0;
      for (const evaluate of rest) {
        const bound = evaluate(row, context) as number | null;
        if (bound !== null && bound > value) break;
        count++;
      }
      return count;
    },
});

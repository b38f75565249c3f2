/**
 * Functions and operators: the one place that knows what they mean. A definition says how many arguments a function takes, what
 * they are converted to, what type comes out and how a value is computed; everything else here works on definitions.
 *
 *     planner   inferCall(name, args)  → typed Expression, conversions explicit      foldConstants
 *     executor  compile(expression)    → (row, context) => datum                     compilePredicate, compileAsync
 *               createAccumulator(aggregate), compareFor / hashKeyFor / sortKeyFor(type)
 *     writes    castForStorage(value, from, column, context, place)
 *     protocol  formatText(datum, type)
 *
 * Expressions are data (proto/plan/expression.ts), closures are made from them: the row engine runs the closures, the column
 * engine reads the same data and asks `definitionOf(name).columnar` what it may compute with its own kernels.
 *
 * | file | owns |
 * | --- | --- |
 * | definition, infer, compile, fold | the machinery |
 * | types, collate, convert, cast-to, format-text, order, storage, warn, print | conversion, order and text of values |
 * | comparison, logic, control, arithmetic, cast | operators |
 * | math, string, pattern, date-*, json-functions, json-schema, crypto, information, quantities, gtid, tidb, miscellaneous | the families |
 * | aggregate, group-concat, distinct-sketch, window | sets of rows |
 */
import './arithmetic.ts';
import './cast.ts';
import './comparison.ts';
import './control.ts';
import './crypto.ts';
import './date-arithmetic.ts';
import './date-format.ts';
import './date-now.ts';
import './date-parts.ts';
import './information.ts';
import './gtid.ts';
import './json-functions.ts';
import './json-schema.ts';
import './logic.ts';
import './math.ts';
import './miscellaneous.ts';
import './pattern.ts';
import './quantities.ts';
import './string.ts';
import './tidb.ts';

export {
  inferAggregate,
  createAccumulator,
  AGGREGATE_NAMES,
  type Accumulator,
  type AggregateOptions,
} from './aggregate.ts';
export { agreeCollation, coercibility } from './collate.ts';
export { compareAs, comparisonKind, prepareComparison, type ComparisonKind } from './comparison.ts';
export { castTo } from './cast-to.ts';
export { compile, compilePredicate, isRowIndependent } from './compile.ts';
export { compileAsync, isAsynchronous } from './compile-async.ts';
export { mergeTypes, unify } from './control.ts';
export { converter } from './convert.ts';
export { createEvalContext, quietContext, SQL_MODE_DEFAULT, type Warning } from './default-context.ts';
export { carriesGuardDigits } from './arithmetic.ts';
export { definitionOf, type Evaluator, type FunctionDefinition, type InferOptions, type Test } from './definition.ts';
export { foldConstants } from './fold.ts';
export { formatText, textOf } from './format-text.ts';
export { inferCall } from './infer.ts';
export { compareFor, hashKeyFor, keyOfType, sortKeyFor, type HashKey } from './order.ts';
export {
  castForStorage,
  implicitDefault,
  integerLimits,
  storageConverter,
  type StorageConverter,
  type StoragePlace,
} from './storage.ts';
export { numericLiteral, typeOfValue } from './types.ts';
export { inferWindow } from './window.ts';
export { pathOf } from './json-functions.ts';
export { parseJsonArgument } from './convert.ts';

/**
 * Types of window functions. Their evaluation over partitions and frames belongs to the executor (sql/executor/ops/window.ts);
 * aggregates over frames run through the accumulators of aggregate.ts.
 */
import { SqlError } from '../../base/error.ts';
import { BIGINT, BIGINT_UNSIGNED, DOUBLE, isInteger, type FieldType } from '../../base/value/field-type.ts';
import type { Expression, WindowCall } from '../../proto/plan/expression.ts';
import { AGGREGATE_NAMES, inferAggregate } from './aggregate.ts';
import { mergeTypes, unify } from './control.ts';
import type { InferOptions } from './definition.ts';

const ARITY: Readonly<Record<string, readonly [number, number]>> = {
  row_number: [0, 0], rank: [0, 0], dense_rank: [0, 0], cume_dist: [0, 0], percent_rank: [0, 0], ntile: [1, 1], lead: [1, 3],
  lag: [1, 3], first_value: [1, 1], last_value: [1, 1], nth_value: [2, 2],
}; // prettier-ignore

const RANKED: FieldType = { ...BIGINT_UNSIGNED, length: 21, notNull: true };

export function inferWindow(
  name: string,
  args: readonly Expression[],
  options: InferOptions & { readonly distinct?: boolean } = {},
): WindowCall {
  if (options.distinct === true) {
    throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support '<window function>(DISTINCT ..)'");
  }
  const arity = ARITY[name];
  if (arity === undefined) {
    if (!AGGREGATE_NAMES.includes(name) || name === 'group_concat' || name === 'any_value') {
      throw new SqlError(1305, '42000', `FUNCTION ${name} does not exist`);
    }
    const aggregate = inferAggregate(name, args);
    return { name: aggregate.name, args: aggregate.args, type: aggregate.type, distinct: false };
  }
  if (args.length < arity[0] || args.length > arity[1]) {
    throw new SqlError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);
  }
  switch (name) {
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return { name, args, type: RANKED, distinct: false };
    case 'cume_dist':
    case 'percent_rank':
      return { name, args, type: { ...DOUBLE, notNull: true }, distinct: false };
    case 'ntile':
      checkCount(name, args[0]!);
      return { name, args, type: { ...BIGINT, length: 21 }, distinct: false };
    case 'lead':
    case 'lag': {
      if (args[1] !== undefined) checkCount(name, args[1]);
      const fallback = args[2];
      const type = fallback === undefined ? args[0]!.type : mergeTypes([args[0]!, fallback], name, options);
      const converted = args.map((arg, at) => (at === 1 ? arg : unify(arg, type)));
      return { name, args: converted, type: { ...type, notNull: false }, distinct: false };
    }
    default:
      if (args[1] !== undefined) checkCount(name, args[1]);
      return { name, args, type: { ...args[0]!.type, notNull: false }, distinct: false };
  }
}

/** Offsets and counts are constants or parameters, and integers. */
function checkCount(name: string, arg: Expression): void {
  if (arg.kind === 'column' || !isInteger(arg.type))
    throw new SqlError(1210, 'HY000', `Incorrect arguments to ${name}`);
}

/** CHECK constraints, asked of each row before it is written. */
import { SqlError } from '../../../base/error.ts';
import type { Datum, Row } from '../../../base/value/datum.ts';
import type { RowCheck } from '../../../proto/plan/physical.ts';
import type { EvalContext } from '../../functions/context.ts';
import { predicate } from '../compiled.ts';

/** The first constraint that the row breaks, as error 3819. */
export function brokenCheck(
  checks: readonly RowCheck[],
  row: readonly (Datum | undefined)[],
  context: EvalContext,
): SqlError | undefined {
  for (const { name, fails } of checks)
    if (predicate(fails)(row as Row, context))
      return new SqlError(3819, 'HY000', `Check constraint '${name}' is violated.`);
  return undefined;
}

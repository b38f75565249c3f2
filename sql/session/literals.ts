/** The literals of a text statement as parameter values. Their kinds are part of the digest's key, so types need not be listed. */
import type { Datum } from '../../base/value/datum.ts';
import type { LiteralToken } from '../parser/index.ts';
import { literalWidth, SHORT_LITERAL } from '../planner/bind/literal-width.ts';

const BIGINT_MAX = 9223372036854775807n;

export interface BoundLiterals {
  readonly types: readonly never[];
  readonly values: Datum[];
  /** Not empty when an integer is so large that it is unsigned, or a text is long: their plans fit no smaller ones. */
  readonly kinds: string;
}

const NO_TYPES: readonly never[] = [];

// hot
export function literalValues(literals: readonly LiteralToken[]): BoundLiterals {
  const count = literals.length;
  const values: Datum[] = new Array<Datum>(count);
  let kinds = '';
  for (let i = 0; i < count; i++) {
    const { value } = literals[i]!;
    values[i] = value;
    if (typeof value === 'bigint' && value > BIGINT_MAX) kinds += `${i},`;
    else if (typeof value === 'string' && value.length > SHORT_LITERAL) kinds += `${i}:${literalWidth(value.length)},`;
  }
  return { types: NO_TYPES, values, kinds };
}

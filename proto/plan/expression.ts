/**
 * Bound expressions as data: names are resolved, every node knows its type, nothing refers to a session. Both engines read
 * them: the row engine through sql/functions (compiled closures), the column engine through its generated loops.
 *
 * Functions are named by MySQL's lower-case name; operators by the words in `OPERATORS`. Implicit conversions that change a value's
 * representation are explicit `cast` calls put there by the binder (sql/functions decides which, see `inferCall`).
 */
import type { Datum } from '../../base/value/datum.ts';
import type { FieldType } from '../../base/value/field-type.ts';

/** Unique within one statement's plan. */
export type ColumnId = number;

export type Expression = ConstantExpression | ColumnExpression | ParameterExpression | CallExpression;

export interface ConstantExpression {
  readonly kind: 'constant';
  readonly value: Datum;
  readonly type: FieldType;
}

export interface ColumnExpression {
  readonly kind: 'column';
  readonly id: ColumnId;
  /** Position in the input row. The planner's last step (`resolve`) sets it; -1 before. */
  readonly index: number;
  readonly type: FieldType;
  /** For EXPLAIN: `db.table.column` or an alias. */
  readonly name: string;
}

/** A `?` of a prepared statement, or a literal that the plan cache lifted out of a text statement. */
export interface ParameterExpression {
  readonly kind: 'parameter';
  readonly index: number;
  readonly type: FieldType;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly type: FieldType;
  /**
   * Comparison-like calls (eq, lt, in, like, least, greatest, strcmp, case…): how operands are compared. Chosen by `inferCall`.
   */
  readonly collation?: string;
}

/** Canonical names of operators; the parser's symbols map to these. */
export const OPERATORS = {
  '+': 'plus', '-': 'minus', '*': 'mul', '/': 'div', DIV: 'intdiv', '%': 'mod', MOD: 'mod', 'unary -': 'neg',
  '=': 'eq', '<=>': 'nulleq', '!=': 'ne', '<>': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge',
  AND: 'and', OR: 'or', XOR: 'xor', NOT: 'not', '&': 'bitand', '|': 'bitor', '^': 'bitxor', '~': 'bitneg', '<<': 'shl', '>>': 'shr',
  'IS NULL': 'isnull', 'IS TRUE': 'istrue', 'IS FALSE': 'isfalse', LIKE: 'like', REGEXP: 'regexp_like', IN: 'in', BETWEEN: 'between',
  CASE: 'case', CAST: 'cast', '->': 'json_extract', '->>': 'json_unquote_extract', COLLATE: 'collate', INTERVAL: 'date_add',
} as const; // prettier-ignore

export interface AggregateCall {
  /** `count`, `sum`, `avg`, `min`, `max`, `group_concat`, `bit_and`, `stddev_pop`, `json_arrayagg`, … Empty args: COUNT(*). */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly type: FieldType;
  /** GROUP_CONCAT only. */
  readonly orderBy?: readonly SortKey[];
  readonly separator?: string;
}

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface WindowCall {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly type: FieldType;
  readonly distinct: boolean;
}

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'unbounded-following' | 'current-row' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression; readonly unit?: string };

export interface WindowFrame {
  readonly unit: 'rows' | 'range';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/**
 * Expressions as written: nothing is resolved, no type is known. Every node carries `start` and `end` (exclusive), offsets in
 * characters of the text given to `parse`; the name of an unaliased column (`select 1 + 1`) is that slice of the source.
 *
 * Two number spaces, never mixed in one statement:
 * - *Text statements*: a number, string, hex or bit literal token has an ordinal, counted from 0 per statement in source order; that is
 *   its position in `digestText().literals`. A literal node that a plan cache may replace by a parameter carries the ordinal as
 *   `parameterIndex`; one that the grammar bakes in (`DATE '…'`, `_latin1'…'`, `'a' 'b'`) carries -1. Ordinals whose VALUE shapes the
 *   statement beyond such a node are listed in `ParsedStatement.pinnedLiterals` (type lengths, aliases in quotes, names of unaliased
 *   columns, …). NULL, TRUE and FALSE are words, not literals: they have no ordinal.
 * - *Prepared statements* (`options.prepared`): only `?` counts, in source order (`ParameterNode.index`), and every literal carries -1.
 */
import type { DataType } from './ast-schema.ts';
import type { OrderItem, QueryNode } from './ast-query.ts';

export interface Located {
  readonly start: number;
  readonly end: number;
}

export type ExpressionNode =
  | LiteralNode
  | ParameterNode
  | ColumnNode
  | UserVariableNode
  | SystemVariableNode
  | AssignmentNode
  | UnaryNode
  | BinaryNode
  | LogicalNode
  | IsNode
  | LikeNode
  | RegexpNode
  | BetweenNode
  | InListNode
  | InQueryNode
  | QuantifiedNode
  | ExistsNode
  | SubqueryNode
  | RowNode
  | CaseNode
  | CastNode
  | ConvertUsingNode
  | CollateNode
  | DateArithmeticNode
  | ExtractNode
  | TrimNode
  | CallNode
  | AggregateNode
  | WindowNode
  | ValuesReferenceNode
  | DefaultNode
  | MatchNode
  | JsonValueNode;

interface LiteralBase extends Located {
  readonly kind: 'literal';
  /** See the top of the file; -1 when it is not liftable. */
  readonly parameterIndex: number;
}

export type LiteralNode =
  | (LiteralBase & { readonly literal: 'null'; readonly value: null })
  | (LiteralBase & { readonly literal: 'boolean'; readonly value: boolean })
  /** A safe integer is a number, a larger one a bigint. More than 2^64-1 is a `decimal`, as in MySQL. */
  | (LiteralBase & { readonly literal: 'integer'; readonly value: number | bigint })
  /** The digits as written (`1.50`, `.5`). */
  | (LiteralBase & { readonly literal: 'decimal'; readonly value: string })
  | (LiteralBase & { readonly literal: 'float'; readonly value: number })
  /** `charset`: introducer without the underscore, lower case; `N'…'` gives `utf8mb3`. */
  | (LiteralBase & { readonly literal: 'string'; readonly value: string; readonly charset?: string })
  /** X'…', 0x…, B'…', 0b…; `charset` when introduced by `_utf8mb4` and the like. */
  | (LiteralBase & { readonly literal: 'bytes'; readonly value: Uint8Array; readonly charset?: string })
  /** DATE '…', TIME '…', TIMESTAMP '…' and {d '…'}, {t '…'}, {ts '…'}. Validity is checked later. */
  | (LiteralBase & { readonly literal: 'date' | 'time' | 'timestamp'; readonly value: string });

/** `?`, counted from 0. */
export interface ParameterNode extends Located {
  readonly kind: 'parameter';
  readonly index: number;
}

export interface ColumnNode extends Located {
  readonly kind: 'column';
  readonly schema?: string;
  readonly table?: string;
  readonly name: string;
}

/** `@name`; the name keeps its letters, comparison is case-insensitive. */
export interface UserVariableNode extends Located {
  readonly kind: 'user-variable';
  readonly name: string;
}

export type VariableScope = 'global' | 'session' | 'persist' | 'persist_only' | 'default';

/** `@@name`, `@@global.name`; lower-cased. `default`: no scope was written. `instance` for `@@cache.key_buffer_size`. */
export interface SystemVariableNode extends Located {
  readonly kind: 'system-variable';
  readonly scope: VariableScope;
  readonly name: string;
}

/** `@name := value` inside an expression. */
export interface AssignmentNode extends Located {
  readonly kind: 'assignment';
  readonly variable: UserVariableNode;
  readonly value: ExpressionNode;
}

/** `NOT` and `!` mean the same and differ in precedence only: both are `NOT` here. */
export interface UnaryNode extends Located {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | '~' | 'NOT' | 'BINARY';
  readonly operand: ExpressionNode;
}

export type ComparisonOperator = '=' | '<=>' | '!=' | '<' | '<=' | '>' | '>=';

export type BinaryOperator =
  | ComparisonOperator
  | '+'
  | '-'
  | '*'
  | '/'
  | 'DIV'
  | '%'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | 'XOR'
  /** Only under PIPES_AS_CONCAT; else `||` is OR. */
  | '||'
  | '->'
  | '->>'
  | 'SOUNDS LIKE'
  | 'MEMBER OF';

/** `<>` is `!=`, `MOD` is `%`. */
export interface BinaryNode extends Located {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** A whole chain of ANDs, or of ORs, with two operands or more: chains of thousands stay flat. */
export interface LogicalNode extends Located {
  readonly kind: 'logical';
  readonly operator: 'AND' | 'OR';
  readonly operands: readonly ExpressionNode[];
}

export interface IsNode extends Located {
  readonly kind: 'is';
  readonly operand: ExpressionNode;
  readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN';
  readonly negated: boolean;
}

export interface LikeNode extends Located {
  readonly kind: 'like';
  readonly operand: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly escape?: ExpressionNode;
  readonly negated: boolean;
}

/** REGEXP and RLIKE. */
export interface RegexpNode extends Located {
  readonly kind: 'regexp';
  readonly operand: ExpressionNode;
  readonly pattern: ExpressionNode;
  readonly negated: boolean;
}

export interface BetweenNode extends Located {
  readonly kind: 'between';
  readonly operand: ExpressionNode;
  readonly lower: ExpressionNode;
  /** Inclusive, as SQL has it. */
  readonly upper: ExpressionNode;
  readonly negated: boolean;
}

export interface InListNode extends Located {
  readonly kind: 'in-list';
  readonly operand: ExpressionNode;
  readonly list: readonly ExpressionNode[];
  readonly negated: boolean;
}

export interface InQueryNode extends Located {
  readonly kind: 'in-query';
  readonly operand: ExpressionNode;
  readonly query: QueryNode;
  readonly negated: boolean;
}

/** `left = ANY (query)`; SOME is ANY. */
export interface QuantifiedNode extends Located {
  readonly kind: 'quantified';
  readonly operator: ComparisonOperator;
  readonly quantifier: 'ANY' | 'ALL';
  readonly left: ExpressionNode;
  readonly query: QueryNode;
}

export interface ExistsNode extends Located {
  readonly kind: 'exists';
  readonly query: QueryNode;
}

/** A query in parentheses as a value (one column) or as a row. */
export interface SubqueryNode extends Located {
  readonly kind: 'subquery';
  readonly query: QueryNode;
}

/** `(a, b)` or `ROW(a, b)`: two items or more. */
export interface RowNode extends Located {
  readonly kind: 'row';
  readonly items: readonly ExpressionNode[];
}

export interface CaseNode extends Located {
  readonly kind: 'case';
  readonly operand?: ExpressionNode;
  readonly branches: readonly { readonly when: ExpressionNode; readonly then: ExpressionNode }[];
  readonly otherwise?: ExpressionNode;
}

/** CAST(x AS type [ARRAY]) and CONVERT(x, type). */
export interface CastNode extends Located {
  readonly kind: 'cast';
  readonly operand: ExpressionNode;
  readonly type: DataType;
  readonly array: boolean;
}

export interface ConvertUsingNode extends Located {
  readonly kind: 'convert-using';
  readonly operand: ExpressionNode;
  readonly charset: string;
}

export interface CollateNode extends Located {
  readonly kind: 'collate';
  readonly operand: ExpressionNode;
  readonly collation: string;
}

export type IntervalUnit =
  | 'MICROSECOND'
  | 'SECOND'
  | 'MINUTE'
  | 'HOUR'
  | 'DAY'
  | 'WEEK'
  | 'MONTH'
  | 'QUARTER'
  | 'YEAR'
  | 'SECOND_MICROSECOND'
  | 'MINUTE_MICROSECOND'
  | 'MINUTE_SECOND'
  | 'HOUR_MICROSECOND'
  | 'HOUR_SECOND'
  | 'HOUR_MINUTE'
  | 'DAY_MICROSECOND'
  | 'DAY_SECOND'
  | 'DAY_MINUTE'
  | 'DAY_HOUR'
  | 'YEAR_MONTH';

/** `x + INTERVAL n unit`, `x - INTERVAL …`, DATE_ADD, DATE_SUB, ADDDATE, SUBDATE (also with plain days), TIMESTAMPADD. */
export interface DateArithmeticNode extends Located {
  readonly kind: 'date-arithmetic';
  readonly operator: '+' | '-';
  readonly operand: ExpressionNode;
  readonly amount: ExpressionNode;
  readonly unit: IntervalUnit;
}

export interface ExtractNode extends Located {
  readonly kind: 'extract';
  readonly unit: IntervalUnit;
  readonly operand: ExpressionNode;
}

export interface TrimNode extends Located {
  readonly kind: 'trim';
  readonly mode: 'BOTH' | 'LEADING' | 'TRAILING';
  /** What is cut off; a blank when absent. */
  readonly remove?: ExpressionNode;
  readonly operand: ExpressionNode;
}

/**
 * Any other function. `name` is lower case; grammar synonyms are one name: CURRENT_TIMESTAMP, LOCALTIME, LOCALTIMESTAMP → `now`,
 * CURRENT_DATE → `curdate`, CURRENT_TIME → `curtime`, CURRENT_USER → `current_user`, SUBSTR and MID → `substring`,
 * POSITION(a IN b) → `locate`(a, b), `INTERVAL(a, b, …)` → `interval`, SCHEMA() → `database`, LCASE/UCASE stay.
 */
export interface CallNode extends Located {
  readonly kind: 'call';
  readonly schema?: string;
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  /** TIMESTAMPDIFF only. */
  readonly unit?: IntervalUnit;
  /** CHAR(… USING charset). */
  readonly charset?: string;
  /** WEIGHT_STRING(x AS CHAR(n)). */
  readonly as?: DataType;
}

/** COUNT, SUM, … without OVER. `name` in lower case (`std` and `stddev` are `stddev_pop`, `variance` is `var_pop`). COUNT(*) has no args. */
export interface AggregateNode extends Located {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly distinct: boolean;
  /** GROUP_CONCAT only. */
  readonly orderBy?: readonly OrderItem[];
  readonly separator?: string;
}

export interface WindowNode extends Located {
  readonly kind: 'window';
  /** A window function or an aggregate, lower case. */
  readonly name: string;
  readonly args: readonly ExpressionNode[];
  readonly distinct: boolean;
  /** NTH_VALUE … FROM LAST. */
  readonly fromLast: boolean;
  readonly nullTreatment?: 'RESPECT' | 'IGNORE';
  readonly over: WindowReference;
}

export type WindowReference =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'specification'; readonly specification: WindowSpecification };

export interface WindowSpecification {
  /** An existing window that this one extends: `(w ORDER BY x)`. */
  readonly base?: string;
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: WindowFrameNode;
}

export interface WindowFrameNode {
  readonly unit: 'ROWS' | 'RANGE' | 'GROUPS';
  readonly from: FrameBoundNode;
  /** CURRENT ROW when not written. */
  readonly to: FrameBoundNode;
  readonly exclude?: 'CURRENT ROW' | 'GROUP' | 'TIES' | 'NO OTHERS';
}

export type FrameBoundNode =
  | { readonly kind: 'unbounded-preceding' }
  | { readonly kind: 'unbounded-following' }
  | { readonly kind: 'current-row' }
  | {
      readonly kind: 'preceding' | 'following';
      readonly offset: ExpressionNode;
      /** `INTERVAL offset unit`. */
      readonly unit?: IntervalUnit;
    };

/** VALUES(column) in ON DUPLICATE KEY UPDATE. */
export interface ValuesReferenceNode extends Located {
  readonly kind: 'values-reference';
  readonly column: ColumnNode;
}

/** DEFAULT (no column: a value position of INSERT, REPLACE, UPDATE, SET) or DEFAULT(column). */
export interface DefaultNode extends Located {
  readonly kind: 'default';
  readonly column?: ColumnNode;
}

export interface MatchNode extends Located {
  readonly kind: 'match';
  readonly columns: readonly ColumnNode[];
  readonly against: ExpressionNode;
  readonly mode: 'NATURAL LANGUAGE' | 'NATURAL LANGUAGE WITH QUERY EXPANSION' | 'BOOLEAN' | 'QUERY EXPANSION';
}

export interface JsonValueNode extends Located {
  readonly kind: 'json-value';
  readonly operand: ExpressionNode;
  readonly path: ExpressionNode;
  readonly returning?: DataType;
  readonly onEmpty?: JsonOnResponse;
  readonly onError?: JsonOnResponse;
}

export type JsonOnResponse =
  { readonly kind: 'null' } | { readonly kind: 'error' } | { readonly kind: 'default'; readonly value: ExpressionNode };

/**
 * The trees of node-sql-parser, held at arm's length. Their shape differs between dialects and has no useful types, so everything is
 * read through these helpers, and `only` refuses what nobody read: a clause that we do not know must never be dropped in silence.
 */
import { SqlError } from '../../base/error.ts';
import type { ExpressionNode, LiteralNode } from './ast.ts';

export type Foreign = Readonly<Record<string, unknown>>;

/** What a translation knows about its source. */
export interface DialectContext {
  /** The canonical name: `postgresql`, `sqlite`, … */
  readonly dialect: string;
  /** `\'` in strings is an escape. */
  readonly backslashEscapes: boolean;
  /** `"x"` is a string, not a name. */
  readonly doubleQuotedStrings: boolean;
  /** MySQL's own functions and operators: names mean what they mean here, and `||` would be OR. */
  readonly likeMysql: boolean;
}

export function refuse(context: DialectContext, what: string): SqlError {
  return new SqlError(
    1235,
    '42000',
    `This version of Rutile doesn't yet support '${what}' of dialect ${context.dialect}`,
  );
}

/** Carry nothing: layout, or copies of what stands elsewhere. */
const INERT: ReadonlySet<string> = new Set([
  'parentheses',
  'parentheses_symbol',
  'tableList',
  'columnList',
  'surround',
  'loc',
  'notations',
  'brackets',
]);

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object') return Object.values(value).every(isEmpty);
  return false;
}

/** Every field of the node that says something is one of these. */
export function only(context: DialectContext, node: Foreign, where: string, ...known: readonly string[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (!known.includes(key) && !INERT.has(key) && !isEmpty(value))
      throw refuse(context, `${key.replaceAll('_', ' ').trim()} in ${where}`);
  }
}

export function isNode(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodeOf(context: DialectContext, value: unknown, where: string): Foreign {
  if (!isNode(value)) throw refuse(context, where);
  return value;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isEmpty(value) ? [] : [value];
}

export function present(value: unknown): boolean {
  return !isEmpty(value);
}

/** A name as a string, `{ type, value }` or `{ expr: { type, value } }`. */
export function nameOf(context: DialectContext, value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('``', '`').replaceAll('""', '"');
  if (isNode(value)) {
    if (typeof value['value'] === 'string') return nameOf(context, value['value']);
    if (isNode(value['expr'])) return nameOf(context, value['expr']);
    if (value['column'] !== undefined) return nameOf(context, value['column']);
  }
  throw refuse(context, 'name');
}

/** Words that these parsers take for an alias where a clause begins. */
const MISREAD_ALIASES: ReadonlySet<string> = new Set([
  'natural', 'full', 'left', 'right', 'cross', 'inner', 'join', 'lateral', 'using', 'tablesample', 'pivot', 'unpivot', 'qualify', 'fetch',
  'window', 'for', 'limit', 'offset', 'union', 'except', 'intersect', 'asof',
]); // prettier-ignore

export function aliasOf(context: DialectContext, value: unknown): string | undefined {
  if (!present(value)) return undefined;
  const alias = nameOf(context, value);
  if (MISREAD_ALIASES.has(alias.toLowerCase())) throw refuse(context, alias.toUpperCase());
  return alias;
}

// ---- making nodes ----

/** Nothing made here has a place in a text: the statement is printed and read again. */
export const AT = { start: 0, end: 0 } as const;

export function integer(value: number | bigint): LiteralNode {
  return { kind: 'literal', literal: 'integer', value, parameterIndex: -1, ...AT };
}

export function string(value: string): LiteralNode {
  return { kind: 'literal', literal: 'string', value, parameterIndex: -1, ...AT };
}

export const NULL: LiteralNode = { kind: 'literal', literal: 'null', value: null, parameterIndex: -1, ...AT };

export function call(name: string, ...args: readonly ExpressionNode[]): ExpressionNode {
  return { kind: 'call', name, args, ...AT };
}

export function not(operand: ExpressionNode): ExpressionNode {
  return { kind: 'unary', operator: 'NOT', operand, ...AT };
}

/** A number as their parser left it: a JavaScript number, or its digits, the sign included. */
export function numberLiteral(context: DialectContext, value: unknown): ExpressionNode {
  const text = String(value);
  if (text.startsWith('-'))
    return { kind: 'unary', operator: '-', operand: numberLiteral(context, text.slice(1)), ...AT };
  if (/^\d+$/.test(text)) {
    const exact = BigInt(text);
    return integer(exact <= 9007199254740991n ? Number(exact) : exact);
  }
  if (/^\d*\.\d*$/.test(text)) return { kind: 'literal', literal: 'decimal', value: text, parameterIndex: -1, ...AT };
  if (/^[\d.]+e[+-]?\d+$/i.test(text))
    return { kind: 'literal', literal: 'float', value: Number(text), parameterIndex: -1, ...AT };
  throw refuse(context, `number ${text}`);
}

/** Stands for a backslash where that is no escape (see `hideBackslashes`): a character of the private use area. */
export const HIDDEN_BACKSLASH = '\ue05c';

/** Their strings are the text between the quotes; control characters are decoded already. */
export function stringValue(context: DialectContext, raw: unknown): string {
  const text = String(raw).replaceAll("''", "'");
  if (!context.backslashEscapes) return text.replaceAll(HIDDEN_BACKSLASH, '\\');
  return text.replace(
    /\\(.)/gs,
    (_, letter: string) =>
      ({ n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', Z: '\x1a', '%': '\\%', _: '\\_' })[letter] ?? letter,
  );
}

/**
 * `digestText`: a statement without its values, by the lexer alone. It runs before every text statement, so it makes one pass,
 * one string and one object a literal, and nothing else; what only humans read (`normalized`, `hash`) is made when asked for.
 *
 * Two texts with one `cacheKey` differ in the values of literals only, not in their number, order or kind (an integer, a decimal, a
 * float, a string, bytes), and not in letter case or blanks between tokens either: the pieces between literals are taken as they are.
 * Comments are left out; hints stay. The parser counts literals with the same lexer, so `literals[i]` is the literal node whose
 * `parameterIndex` is i.
 */
import { createHash } from 'node:crypto';
import type { ParseOptions } from './ast.ts';
import { isReservedWord, keywordAt, lookUpKeyword } from './keywords.ts';
import { decodeBytes, decodeInteger, decodeQuoted, Lexer, Token } from './lexer.ts';

export type LiteralKind = 'integer' | 'decimal' | 'float' | 'string' | 'bytes';

/** `value` has the shape of the literal node's: a decimal is its digits. */
export interface LiteralToken {
  readonly kind: LiteralKind;
  readonly value: number | bigint | string | Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** More literals than this: a bulk statement that nobody sends twice. It is not cacheable, and `literals` is empty. */
const LITERAL_COUNT_MAX = 2048;

export class Digest {
  /** What the plan cache looks up. '' when not `cacheable`. */
  readonly cacheKey: string;
  readonly literals: readonly LiteralToken[];
  /** One statement, readable to the lexer, not too many literals. */
  readonly cacheable: boolean;
  private readonly text: string;
  private readonly options: ParseOptions;
  private shown: string | undefined = undefined;
  private hashed: string | undefined = undefined;

  constructor(
    text: string,
    options: ParseOptions,
    cacheKey: string,
    literals: readonly LiteralToken[],
    cacheable: boolean,
  ) {
    this.text = text;
    this.options = options;
    this.cacheKey = cacheKey;
    this.literals = literals;
    this.cacheable = cacheable;
  }

  /** For people: keywords in lower case, names in backticks, `?` for literals, `( ... )` for lists of them. */
  get normalized(): string {
    return (this.shown ??= normalize(this.text, this.options));
  }

  /** SHA-256 of `normalized`, 64 hex digits. */
  get hash(): string {
    return (this.hashed ??= createHash('sha256').update(this.normalized).digest('hex'));
  }
}

const NO_LITERALS: readonly LiteralToken[] = [];

// hot: bench/micro/parser.ts
export function digestText(sql: string, options: ParseOptions = {}): Digest {
  const lexer = new Lexer(sql, options);
  const backslashEscapes = options.noBackslashEscapes !== true;
  const literals: LiteralToken[] = [];
  let key = '';
  lexer.scan();
  /** What begins here is not in the key yet. */
  let from = lexer.start;
  let end = from;
  let commentCount = lexer.commentCount;
  for (;;) {
    const type: Token = lexer.type;
    if (lexer.commentCount !== commentCount) {
      commentCount = lexer.commentCount;
      key += `${sql.slice(from, end)} `;
      from = lexer.start;
    }
    if (type >= Token.STRING) {
      if (literals.length === LITERAL_COUNT_MAX) return new Digest(sql, options, '', NO_LITERALS, false);
      const start = lexer.start;
      key += sql.slice(from, start);
      from = lexer.end;
      switch (type) {
        case Token.INTEGER: {
          const value = decodeInteger(sql, start, from);
          if (value === null) {
            key += '?d';
            literals.push({ kind: 'decimal', value: sql.slice(start, from), start, end: from });
          } else {
            key += '?i';
            literals.push({ kind: 'integer', value, start, end: from });
          }
          break;
        }
        case Token.STRING:
          key += '?s';
          literals.push({
            kind: 'string',
            value: decodeQuoted(sql, start, from, lexer.escaped, backslashEscapes),
            start,
            end: from,
          });
          break;
        case Token.NATIONAL_STRING:
          key += 'N?s';
          literals.push({
            kind: 'string',
            value: decodeQuoted(sql, start + 1, from, lexer.escaped, backslashEscapes),
            start,
            end: from,
          });
          break;
        case Token.DECIMAL:
          key += '?d';
          literals.push({ kind: 'decimal', value: sql.slice(start, from), start, end: from });
          break;
        case Token.FLOAT:
          key += '?f';
          literals.push({ kind: 'float', value: Number(sql.slice(start, from)), start, end: from });
          break;
        default:
          key += '?b';
          literals.push({ kind: 'bytes', value: decodeBytes(sql, start, from, type), start, end: from });
      }
    } else if (type === Token.OPERATOR) {
      if (lexer.symbol === ';') {
        const beforeSemicolon = end;
        do lexer.scan();
        while ((lexer.symbol as string) === ';');
        if ((lexer.type as Token) !== Token.END) return new Digest(sql, options, '', NO_LITERALS, false);
        return new Digest(sql, options, key + sql.slice(from, Math.max(from, beforeSemicolon)), literals, true);
      }
    } else if (type === Token.END) {
      return new Digest(sql, options, key + sql.slice(from, Math.max(from, end)), literals, true);
    } else if (type === Token.INVALID) {
      return new Digest(sql, options, '', NO_LITERALS, false);
    }
    end = lexer.end;
    lexer.scan();
  }
}

/** The first word of a text (`SELECT`, `INSERT`, …), parentheses and comments apart; '' when it is no keyword. */
export function classifyFast(sql: string): string {
  const lexer = new Lexer(sql);
  do lexer.scan();
  while (lexer.symbol === '(' || lexer.symbol === ';');
  if (lexer.type !== Token.WORD) return '';
  const index = lookUpKeyword(sql, lexer.start, lexer.end);
  return index < 0 ? '' : keywordAt(index);
}

// ---- the display form ----

/** Beyond this many tokens (collapsed lists count little) a digest is cut: nobody reads on. */
const NORMALIZED_TOKENS_MAX = 16384;

function normalize(sql: string, options: ParseOptions): string {
  const lexer = new Lexer(sql, options);
  const parts: string[] = [];
  for (lexer.scan(); lexer.type !== Token.END && parts.length < NORMALIZED_TOKENS_MAX; lexer.scan()) {
    if (lexer.type === Token.INVALID) break;
    const part = show(sql, lexer);
    if (part === '?') dropSign(parts);
    parts.push(part);
    if (part === ')') collapse(parts);
  }
  while (parts.at(-1) === ';') parts.pop();
  let text = '';
  for (const [index, part] of parts.entries()) {
    const previous = parts[index - 1];
    const glued = index === 0 || part === '.' || part === ',' || previous === '.' || previous === '@@';
    text += glued ? part : ` ${part}`;
  }
  return text;
}

function show(sql: string, lexer: Lexer): string {
  const { type, start, end } = lexer;
  if (type >= Token.STRING || type === Token.PARAMETER) return '?';
  if (type === Token.OPERATOR) return lexer.symbol;
  const text = sql.slice(start, end);
  if (type === Token.QUOTED) return `\`${decodeQuoted(sql, start, end, lexer.escaped, false).replaceAll('`', '``')}\``;
  if (type !== Token.WORD) return text;
  if (lookUpKeyword(sql, start, end) >= 0 && !(lexer.text.charAt(end) === '.')) return text.toLowerCase();
  return `\`${text}\``;
}

/** `= - ?` is `= ?`; `a - ?` stays. */
function dropSign(parts: string[]): void {
  const sign = parts.at(-1);
  if (sign !== '-' && sign !== '+') return;
  const before = parts.at(-2);
  if (before === undefined || before === '?' || before === ')' || before.startsWith('`') || before.startsWith('@'))
    return;
  if (/^[a-z_]+$/.test(before) && !isReservedWord(before)) return;
  parts.pop();
}

/** At a `)`: a list of nothing but `?` behind IN, VALUES or a collapsed row becomes `( ... )`; a row after such a row vanishes. */
function collapse(parts: string[]): void {
  let open = parts.length - 2;
  while (
    open >= 0 &&
    (parts[open] === '?' || parts[open] === ',' || parts[open] === 'null' || parts[open] === 'default')
  )
    open--;
  if (open < 1 || parts[open] !== '(' || open === parts.length - 2) return;
  const before = parts[open - 1]!;
  const afterRow = before === ',' && parts[open - 2] === ')' && parts[open - 3] === '...';
  if (afterRow) {
    parts.length = open - 1;
    return;
  }
  if (before !== 'in' && before !== 'values' && before !== 'value' && before !== 'row') return;
  parts.length = open;
  parts.push('(', '...', ')');
}

/**
 * The lexer: cuts SQL into tokens, in place. `scan` sets `type`, `start`, `end` (and `symbol` for operators) and allocates nothing;
 * the text of a token is decoded only when somebody asks. The parser and `digestText` run the same `scan`, so both count the same
 * literals: `literalCount` is the number of literal tokens up to and including the current one.
 *
 * Comments are blanks, with three exceptions. A version comment (`/*!80013 … *\/`) of a version up to ours is text like any other; an
 * optimizer hint (`/*+ … *\/`) is a token right after the five words that may take one; an unclosed comment is a token of type INVALID.
 * MariaDB's and TiDB's own comments (`/*M!`, `/*T!`) are comments.
 */
import { keywordAt, lookUpKeyword } from './keywords.ts';

/** What 8.0.36 would run inside `/*!NNNNN`. */
export const VERSION_NUMBER = 80036;

export const Token = {
  END: 0, WORD: 1, QUOTED: 2, OPERATOR: 3, PARAMETER: 4, USER_VARIABLE: 5, HINT: 6, INVALID: 7,
  /** From here on: literals. */
  STRING: 8, NATIONAL_STRING: 9, INTEGER: 10, DECIMAL: 11, FLOAT: 12, HEX: 13, HEX_QUOTED: 14, BIT: 15, BIT_QUOTED: 16,
} as const; // prettier-ignore
export type Token = (typeof Token)[keyof typeof Token];

export interface LexerOptions {
  readonly ansiQuotes?: boolean;
  readonly noBackslashEscapes?: boolean;
}

// Classes of the 128 ASCII codes; 0 is anything else. What is above ASCII is a letter.
const BLANK = 1;
const LETTER = 2;
const DIGIT = 3;
const CLASS = new Uint8Array(128);
for (const code of [9, 10, 11, 12, 13, 32]) CLASS[code] = BLANK;
for (let code = 48; code <= 57; code++) CLASS[code] = DIGIT;
for (let code = 65; code <= 90; code++) CLASS[code] = CLASS[code + 32] = LETTER;
CLASS[36] = CLASS[95] = LETTER;

/** One interned string for each operator of one character. */
const SINGLE: readonly string[] = Array.from({ length: 128 }, (_, code) =>
  '=<>!&|^~+-*/%(),;.:{}@'.includes(String.fromCharCode(code)) ? String.fromCharCode(code) : '',
);

export function isWordCode(code: number): boolean {
  return code >= 128 || CLASS[code]! >= LETTER;
}

export function isBlankCode(code: number): boolean {
  return code < 128 && CLASS[code] === BLANK;
}

function isHexCode(code: number): boolean {
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102);
}

export interface LexerState {
  readonly position: number;
  readonly type: Token;
  readonly start: number;
  readonly end: number;
  readonly symbol: string;
  readonly escaped: boolean;
  readonly literalCount: number;
  readonly inVersionComment: boolean;
}

export class Lexer {
  readonly text: string;
  type: Token = Token.END;
  start = 0;
  end = 0;
  /** Operators only, else ''. */
  symbol = '';
  /** A quoted token holds a doubled quote or a backslash. */
  escaped = false;
  literalCount = 0;
  /** Comments (or their brackets) skipped so far. */
  commentCount = 0;
  private position = 0;
  private inVersionComment = false;
  private readonly ansiQuotes: boolean;
  private readonly backslashEscapes: boolean;

  constructor(text: string, options: LexerOptions = {}) {
    this.text = text;
    this.ansiQuotes = options.ansiQuotes === true;
    this.backslashEscapes = options.noBackslashEscapes !== true;
  }

  save(): LexerState {
    const { position, type, start, end, symbol, escaped, literalCount, inVersionComment } = this;
    return { position, type, start, end, symbol, escaped, literalCount, inVersionComment };
  }

  restore(state: LexerState): void {
    this.position = state.position;
    this.type = state.type;
    this.start = state.start;
    this.end = state.end;
    this.symbol = state.symbol;
    this.escaped = state.escaped;
    this.literalCount = state.literalCount;
    this.inVersionComment = state.inVersionComment;
  }

  // hot
  scan(): void {
    const text = this.text;
    let at = this.position;
    let code: number;
    this.symbol = '';
    this.escaped = false;
    for (;;) {
      code = at < text.length ? text.charCodeAt(at) : -1;
      if (code === -1) {
        // A version comment that never ends is an error at its end.
        this.set(this.inVersionComment ? Token.INVALID : Token.END, at, at);
        this.inVersionComment = false;
        return;
      }
      if (code < 128 && CLASS[code] === BLANK) {
        at++;
        continue;
      }
      if (code === 47 /* / */ && text.charCodeAt(at + 1) === 42 /* * */) {
        const next = this.skipComment(at);
        if (next < 0) return;
        this.commentCount++;
        at = next;
        continue;
      }
      if (code === 35 /* # */ || (code === 45 && this.startsDashComment(at))) {
        const newline = text.indexOf('\n', at);
        at = newline < 0 ? text.length : newline + 1;
        this.commentCount++;
        continue;
      }
      if (code === 42 && this.inVersionComment && text.charCodeAt(at + 1) === 47) {
        this.inVersionComment = false;
        this.commentCount++;
        at += 2;
        continue;
      }
      break;
    }
    if (code >= 128 || CLASS[code] === LETTER) return this.scanWord(at, code);
    if (CLASS[code] === DIGIT) return this.scanNumber(at);
    switch (code) {
      case 39 /* ' */:
        return this.scanQuoted(at, at, 39, Token.STRING);
      case 34 /* " */:
        return this.scanQuoted(at, at, 34, this.ansiQuotes ? Token.QUOTED : Token.STRING);
      case 96 /* ` */:
        return this.scanQuoted(at, at, 96, Token.QUOTED);
      case 63 /* ? */:
        return this.set(Token.PARAMETER, at, at + 1);
      case 46 /* . */:
        if (this.startsFraction(at)) return this.scanFraction(at, at);
        return this.setOperator('.', at);
      case 64 /* @ */:
        return this.scanAt(at);
      default:
        return this.scanOperator(at, code);
    }
  }

  private set(type: Token, start: number, end: number): void {
    this.type = type;
    this.start = start;
    this.end = end;
    this.position = end;
    if (type >= Token.STRING) this.literalCount++;
  }

  private setOperator(symbol: string, at: number): void {
    this.symbol = symbol;
    this.set(Token.OPERATOR, at, at + symbol.length);
  }

  private startsDashComment(at: number): boolean {
    if (this.text.charCodeAt(at + 1) !== 45) return false;
    if (at + 2 >= this.text.length) return true;
    const code = this.text.charCodeAt(at + 2);
    return code <= 32 || code === 127;
  }

  /** Where to go on; -1 when a token was set (a hint, or an unclosed comment). */
  private skipComment(at: number): number {
    const text = this.text;
    const third = text.charCodeAt(at + 2);
    if (third === 33 /* ! */ && !this.inVersionComment) {
      let digitsEnd = at + 3;
      while (digitsEnd < at + 9 && CLASS[text.charCodeAt(digitsEnd)] === DIGIT) digitsEnd++;
      const digits = digitsEnd - at - 3;
      if (digits < 5) digitsEnd = at + 3;
      if (digits < 5 || Number(text.slice(at + 3, digitsEnd)) <= VERSION_NUMBER) {
        this.inVersionComment = true;
        return digitsEnd;
      }
      return this.skipNested(at);
    }
    const close = text.indexOf('*/', at + 2);
    if (close < 0) {
      this.set(Token.INVALID, at, text.length);
      return -1;
    }
    if (third === 43 /* + */ && this.type === Token.WORD && takesHint(text, this.start, this.end)) {
      this.set(Token.HINT, at, close + 2);
      return -1;
    }
    return close + 2;
  }

  /** A version comment that is not for us may hold comments of its own. */
  private skipNested(at: number): number {
    const text = this.text;
    let depth = 1;
    let next = at + 3;
    while (depth > 0) {
      const close = text.indexOf('*/', next);
      if (close < 0) {
        this.set(Token.INVALID, at, text.length);
        return -1;
      }
      const open = text.indexOf('/*', next);
      if (open >= 0 && open < close) {
        depth++;
        next = open + 2;
      } else {
        depth--;
        next = close + 2;
      }
    }
    return next;
  }

  private scanWord(at: number, first: number): void {
    const text = this.text;
    if (text.charCodeAt(at + 1) === 39) {
      if (first === 120 || first === 88) return this.scanPrefixed(at, Token.HEX_QUOTED);
      if (first === 98 || first === 66) return this.scanPrefixed(at, Token.BIT_QUOTED);
      if (first === 110 || first === 78) return this.scanQuoted(at, at + 1, 39, Token.NATIONAL_STRING);
    }
    this.set(Token.WORD, at, this.wordEnd(at + 1));
  }

  private wordEnd(at: number): number {
    const text = this.text;
    const length = text.length;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code < 128 && CLASS[code]! < LETTER) break;
      at++;
    }
    return at;
  }

  /** X'…' and B'…': the inside must be digits of that base, an even number for X. */
  private scanPrefixed(at: number, type: typeof Token.HEX_QUOTED | typeof Token.BIT_QUOTED): void {
    const text = this.text;
    let end = at + 2;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (type === Token.HEX_QUOTED ? !isHexCode(code) : code !== 48 && code !== 49) break;
      end++;
    }
    const valid = text.charCodeAt(end) === 39 && (type === Token.BIT_QUOTED || (end - at) % 2 === 0);
    if (!valid) return this.set(Token.INVALID, at, text.length);
    this.set(type, at, end + 1);
  }

  /** `quoteAt` is where the opening quote stands; `at` where the token begins (N'…'). */
  private scanQuoted(at: number, quoteAt: number, quote: number, type: Token): void {
    const text = this.text;
    const length = text.length;
    const backslash = quote !== 96 && type !== Token.QUOTED && this.backslashEscapes ? 92 : -2;
    let next = quoteAt + 1;
    while (next < length) {
      const code = text.charCodeAt(next);
      if (code === quote) {
        if (text.charCodeAt(next + 1) !== quote) return this.set(type, at, next + 1);
        this.escaped = true;
        next += 2;
      } else if (code === backslash) {
        this.escaped = true;
        next += 2;
      } else {
        next++;
      }
    }
    this.set(Token.INVALID, at, length);
  }

  private scanNumber(at: number): void {
    const text = this.text;
    const second = text.charCodeAt(at + 1);
    // Directly behind `name.`, digits begin a name: t.1a
    if (this.followsDot(at)) return this.set(Token.WORD, at, this.wordEnd(at));
    if (text.charCodeAt(at) === 48 && (second === 120 || second === 98)) {
      let end = at + 2;
      if (second === 120) while (end < text.length && isHexCode(text.charCodeAt(end))) end++;
      else while (text.charCodeAt(end) === 48 || text.charCodeAt(end) === 49) end++;
      if (end > at + 2 && !(end < text.length && isWordCode(text.charCodeAt(end)))) {
        return this.set(second === 120 ? Token.HEX : Token.BIT, at, end);
      }
      return this.set(Token.WORD, at, this.wordEnd(at));
    }
    let end = at + 1;
    while (end < text.length && CLASS[text.charCodeAt(end)] === DIGIT) end++;
    const code = end < text.length ? text.charCodeAt(end) : -1;
    if (code === 46) return this.scanFraction(at, end);
    if ((code | 32) === 101) {
      const exponentEnd = this.exponentEnd(end);
      if (exponentEnd > 0) return this.set(Token.FLOAT, at, exponentEnd);
    }
    if (code !== -1 && isWordCode(code)) return this.set(Token.WORD, at, this.wordEnd(end));
    this.set(Token.INTEGER, at, end);
  }

  /** From the point on: digits, then maybe an exponent. */
  private scanFraction(at: number, point: number): void {
    const text = this.text;
    let end = point + 1;
    while (end < text.length && CLASS[text.charCodeAt(end)] === DIGIT) end++;
    if ((text.charCodeAt(end) | 32) === 101) {
      const exponentEnd = this.exponentEnd(end);
      if (exponentEnd > 0) return this.set(Token.FLOAT, at, exponentEnd);
    }
    this.set(Token.DECIMAL, at, end);
  }

  /** `at` is at the `e`. -1 when no exponent follows. */
  private exponentEnd(at: number): number {
    const text = this.text;
    let end = at + 1;
    const sign = text.charCodeAt(end);
    if (sign === 43 || sign === 45) end++;
    const digits = end;
    while (end < text.length && CLASS[text.charCodeAt(end)] === DIGIT) end++;
    return end > digits ? end : -1;
  }

  private startsFraction(at: number): boolean {
    const code = at + 1 < this.text.length ? this.text.charCodeAt(at + 1) : 0;
    if (code < 48 || code > 57) return false;
    // `t.5` is a column named 5 of t.
    return !((this.type === Token.WORD || this.type === Token.QUOTED) && this.end === at);
  }

  private followsDot(at: number): boolean {
    return this.type === Token.OPERATOR && this.end === at && at > 0 && this.text.charCodeAt(at - 1) === 46;
  }

  private scanAt(at: number): void {
    const text = this.text;
    const code = at + 1 < text.length ? text.charCodeAt(at + 1) : -1;
    if (code === 64) return this.setOperator('@@', at);
    if (code === 39 || code === 34 || code === 96) return this.scanQuoted(at, at + 1, code, Token.USER_VARIABLE);
    let end = at + 1;
    while (end < text.length && (isWordCode(text.charCodeAt(end)) || text.charCodeAt(end) === 46)) end++;
    if (end === at + 1) return this.setOperator('@', at);
    this.set(Token.USER_VARIABLE, at, end);
  }

  private scanOperator(at: number, code: number): void {
    const text = this.text;
    const second = text.charCodeAt(at + 1);
    switch (code) {
      case 60 /* < */:
        if (second === 61) return this.setOperator(text.charCodeAt(at + 2) === 62 ? '<=>' : '<=', at);
        if (second === 62) return this.setOperator('<>', at);
        if (second === 60) return this.setOperator('<<', at);
        break;
      case 62 /* > */:
        if (second === 61) return this.setOperator('>=', at);
        if (second === 62) return this.setOperator('>>', at);
        break;
      case 33 /* ! */:
        if (second === 61) return this.setOperator('!=', at);
        break;
      case 58 /* : */:
        if (second === 61) return this.setOperator(':=', at);
        break;
      case 124 /* | */:
        if (second === 124) return this.setOperator('||', at);
        break;
      case 38 /* & */:
        if (second === 38) return this.setOperator('&&', at);
        break;
      case 45 /* - */:
        if (second === 62) return this.setOperator(text.charCodeAt(at + 2) === 62 ? '->>' : '->', at);
        break;
    }
    const symbol = code < 128 ? SINGLE[code]! : '';
    if (symbol === '') return this.set(Token.INVALID, at, at + 1);
    this.setOperator(symbol, at);
  }
}

function takesHint(text: string, start: number, end: number): boolean {
  const index = lookUpKeyword(text, start, end);
  if (index < 0) return false;
  const word = keywordAt(index);
  return word === 'SELECT' || word === 'INSERT' || word === 'REPLACE' || word === 'UPDATE' || word === 'DELETE';
}

// ---- decoding ----

/** The value of a quoted token between `open` (the opening quote) and `end`. */
export function decodeQuoted(
  text: string,
  open: number,
  end: number,
  escaped: boolean,
  backslashEscapes: boolean,
): string {
  if (!escaped) return text.slice(open + 1, end - 1);
  const quote = text.charCodeAt(open);
  let result = '';
  let from = open + 1;
  let at = from;
  const last = end - 1;
  while (at < last) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      result += text.slice(from, at + 1);
      at += 2;
      from = at;
    } else if (code === 92 && backslashEscapes && quote !== 96) {
      result += text.slice(from, at) + unescape(text, at + 1);
      at += 2;
      from = at;
    } else {
      at++;
    }
  }
  return result + text.slice(from, last);
}

function unescape(text: string, at: number): string {
  switch (text.charCodeAt(at)) {
    case 110:
      return '\n';
    case 116:
      return '\t';
    case 114:
      return '\r';
    case 98:
      return '\b';
    case 48:
      return '\0';
    case 90:
      return '\x1a';
    case 95:
      // `\_` and `\%` stay as they are: LIKE reads them.
      return '\\_';
    case 37:
      return '\\%';
    default:
      return text.charAt(at);
  }
}

/** Digits only. A safe integer as a number, up to 2^64-1 as a bigint; null when larger (then it is a decimal). */
export function decodeInteger(text: string, start: number, end: number): number | bigint | null {
  if (end - start <= 15) {
    let value = 0;
    for (let i = start; i < end; i++) value = value * 10 + (text.charCodeAt(i) - 48);
    return value;
  }
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === 48) first++;
  // 2^64 has 20 digits; reading a million of them takes a second.
  if (end - first > 20) return null;
  const value = BigInt(text.slice(first, end));
  if (value > 18446744073709551615n) return null;
  return value <= 9007199254740991n ? Number(value) : value;
}

/** The bytes of a HEX, HEX_QUOTED, BIT or BIT_QUOTED token: big-endian, zero-filled at the left. */
export function decodeBytes(text: string, start: number, end: number, type: Token): Uint8Array {
  const quoted = type === Token.HEX_QUOTED || type === Token.BIT_QUOTED;
  const digits = text.slice(start + 2, quoted ? end - 1 : end);
  const perByte = type === Token.HEX || type === Token.HEX_QUOTED ? 2 : 8;
  const size = Math.ceil(digits.length / perByte);
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const upper = digits.length - (size - 1 - i) * perByte;
    bytes[i] = parseInt(digits.slice(Math.max(0, upper - perByte), upper), perByte === 2 ? 16 : 2);
  }
  return bytes;
}

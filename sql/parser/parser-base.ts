/**
 * `Parser`: the token under the hand, one method to move on, and the few questions that every rule asks. The rules themselves
 * are functions over a `Parser`, a file for each family of statements.
 *
 * `word` is the interned keyword or operator of the current token, '' for names and literals, so `parser.word === 'SELECT'` compares
 * pointers. A keyword directly before or behind a dot is a name, as in MySQL.
 *
 * Depth: whatever nests counts through `enter`/`leave`, and left-deep chains (`1+1+1…`) count their length through `chain`. Beyond
 * the limits the statement is refused; neither this parser nor anything that walks its tree can run out of stack.
 */
import { SqlError } from '../../base/error.ts';
import type { ExpressionNode, LiteralNode, ParseOptions, TableName } from './ast.ts';
import { isReservedIndex, keywordAt, lookUpKeyword } from './keywords.ts';
import type { LexerState } from './lexer.ts';
import { decodeBytes, decodeInteger, decodeQuoted, isWordCode, Lexer, Token } from './lexer.ts';

/** Nested parentheses, subqueries, function calls, CASEs. Each costs up to nine frames of the stack here. */
export const NESTING_MAX = 200;
/** Operators in one unbracketed chain, arms of one UNION. Each costs one frame of who walks the tree. */
export const CHAIN_MAX = 1000;
/** Characters of the rest of the statement that an error shows. */
const NEAR_LENGTH = 80;

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface ParserState {
  readonly lexer: LexerState;
  readonly type: Token;
  readonly start: number;
  readonly end: number;
  readonly previousEnd: number;
  readonly word: string;
  readonly reserved: boolean;
  readonly depth: number;
  readonly pinnedCount: number;
  readonly parameterCount: number;
}

export class Parser {
  readonly text: string;
  readonly options: ParseOptions;
  /** The current token. */
  type: Token = Token.END;
  start = 0;
  end = 0;
  word = '';
  /** The current word may not be a name. */
  reserved = false;
  /** End of the token before: where a node that is complete ends. */
  previousEnd = 0;
  parameterCount = 0;
  pinned: number[] = [];
  /**
   * A primary that was read before it was known to begin an expression (`((SELECT 1) + 1)`): the next call of the expression rules
   * takes it instead of reading one.
   */
  seed: ExpressionNode | undefined = undefined;
  /** Where the seed's text begins, its parentheses included. */
  seedStart = 0;
  /** Where the statement began: errors count lines from there. */
  statementStart = 0;
  private depth = 0;
  private readonly lexer: Lexer;
  private readonly backslashEscapes: boolean;
  private readonly ansiQuotes: boolean;

  constructor(text: string, options: ParseOptions) {
    this.text = text;
    this.options = options;
    this.backslashEscapes = options.noBackslashEscapes !== true;
    this.ansiQuotes = options.ansiQuotes === true;
    this.lexer = new Lexer(text, options);
    this.advance();
  }

  // hot
  advance(): void {
    const lexer = this.lexer;
    const afterDot = this.word === '.';
    this.previousEnd = this.end;
    lexer.scan();
    this.type = lexer.type;
    this.start = lexer.start;
    this.end = lexer.end;
    this.reserved = false;
    if (lexer.type !== Token.WORD) {
      this.word = lexer.symbol;
      return;
    }
    this.word = '';
    const text = this.text;
    if (afterDot && this.start === this.previousEnd) return;
    if (text.charCodeAt(this.end) === 46 && this.end + 1 < text.length && isWordCode(text.charCodeAt(this.end + 1)))
      return;
    const index = lookUpKeyword(text, this.start, this.end);
    if (index < 0) return;
    this.word = keywordAt(index);
    this.reserved = isReservedIndex(index);
  }

  mark(): ParserState {
    const { type, start, end, previousEnd, word, reserved, depth, parameterCount } = this;
    const pinnedCount = this.pinned.length;
    return {
      lexer: this.lexer.save(),
      type,
      start,
      end,
      previousEnd,
      word,
      reserved,
      depth,
      pinnedCount,
      parameterCount,
    };
  }

  reset(state: ParserState): void {
    this.lexer.restore(state.lexer);
    this.type = state.type;
    this.start = state.start;
    this.end = state.end;
    this.previousEnd = state.previousEnd;
    this.word = state.word;
    this.reserved = state.reserved;
    this.depth = state.depth;
    this.pinned.length = state.pinnedCount;
    this.parameterCount = state.parameterCount;
  }

  /** The word or operator after the current token, '' for anything else. */
  peek(): string {
    const state = this.mark();
    this.advance();
    const word = this.word;
    this.reset(state);
    return word;
  }

  /** Where the node that is read next begins. */
  get nodeStart(): number {
    return this.seed === undefined ? this.start : this.seedStart;
  }

  /** The next statement begins to count at 0. */
  beginStatement(): void {
    this.lexer.literalCount = isLiteral(this.type) ? 1 : 0;
    this.statementStart = this.start;
    this.parameterCount = 0;
    this.pinned = [];
    this.depth = 0;
    this.seed = undefined;
  }

  /** Literal tokens before the current one. */
  get literalsRead(): number {
    return this.lexer.literalCount - (isLiteral(this.type) ? 1 : 0);
  }

  // ---- words ----

  /** A question that does not narrow `word`: after moving on the compiler still believes in the old one. */
  at(word: string): boolean {
    return this.word === word;
  }

  /** Moves on when the current word is this one. */
  accept(word: string): boolean {
    if (this.word !== word) return false;
    this.advance();
    return true;
  }

  /** Two words in a row, or nothing is read. */
  accept2(first: string, second: string): boolean {
    if (this.word !== first || this.peek() !== second) return false;
    this.advance();
    this.advance();
    return true;
  }

  acceptAny(...words: readonly string[]): string | undefined {
    const word = this.word;
    if (word === '' || !words.includes(word)) return undefined;
    this.advance();
    return word;
  }

  expect(word: string): void {
    if (this.word !== word) throw this.syntaxError();
    this.advance();
  }

  expectWords(...words: readonly string[]): void {
    for (const word of words) this.expect(word);
  }

  /** An `=` that may be there. */
  optionalEquals(): void {
    if (this.word === '=' || this.word === ':=') this.advance();
  }

  acceptIfExists(): boolean {
    if (this.word !== 'IF') return false;
    this.advance();
    this.expect('EXISTS');
    return true;
  }

  acceptIfNotExists(): boolean {
    if (this.word !== 'IF') return false;
    this.advance();
    this.expectWords('NOT', 'EXISTS');
    return true;
  }

  // ---- names ----

  get atEnd(): boolean {
    return this.type === Token.END;
  }

  get isName(): boolean {
    return (this.type === Token.WORD && !this.reserved) || this.type === Token.QUOTED;
  }

  name(): string {
    if (!this.isName) throw this.syntaxError();
    return this.anyName();
  }

  /** A name or any word, reserved or not: behind a dot, as a hint's index, as a charset. */
  anyName(): string {
    const type = this.type;
    let name: string;
    if (type === Token.WORD) name = this.text.slice(this.start, this.end);
    else if (type === Token.QUOTED) name = this.quoted(this.start, false);
    else throw this.syntaxError();
    if (name === '') throw new SqlError(1064, '42000', this.syntaxMessage(this.start));
    this.advance();
    return name;
  }

  /** Nobody has an empty name but the anonymous user, whom SHOW GRANTS prints so. */
  accountName(): string {
    if (this.type !== Token.QUOTED || this.text.slice(this.start, this.end) !== '``') return this.name();
    this.advance();
    return '';
  }

  nameOrString(): string {
    return this.type === Token.STRING ? this.string() : this.name();
  }

  names(): string[] {
    const names = [this.name()];
    while (this.accept(',')) names.push(this.name());
    return names;
  }

  /** `(a, b)`. */
  nameList(): string[] {
    this.expect('(');
    const names = this.names();
    this.expect(')');
    return names;
  }

  tableName(): TableName {
    const start = this.start;
    if (this.word === '.') this.advance();
    const first = this.name();
    if (this.word !== '.') return { name: first, start, end: this.previousEnd };
    this.advance();
    const name = this.anyName();
    return { schema: first, name, start, end: this.previousEnd };
  }

  tableNames(): TableName[] {
    const names = [this.tableName()];
    while (this.accept(',')) names.push(this.tableName());
    return names;
  }

  /** The name in a USER_VARIABLE token, or the host of `user@host`. */
  variableName(): string {
    if (this.type !== Token.USER_VARIABLE) throw this.syntaxError();
    const code = this.text.charCodeAt(this.start + 1);
    const isQuoted = code === 39 || code === 34 || code === 96;
    const name = isQuoted ? this.quoted(this.start + 1, code !== 96) : this.text.slice(this.start + 1, this.end);
    this.advance();
    return name;
  }

  // ---- literals ----

  private quoted(open: number, escapes: boolean): string {
    return decodeQuoted(this.text, open, this.end, this.lexer.escaped, escapes && this.backslashEscapes);
  }

  /** The value of the current STRING or NATIONAL_STRING token; does not move on. */
  stringValue(): string {
    return this.quoted(this.type === Token.NATIONAL_STRING ? this.start + 1 : this.start, true);
  }

  get isString(): boolean {
    return this.type === Token.STRING;
  }

  /** A string that is part of the grammar, not a value: pinned. */
  string(): string {
    if (this.type !== Token.STRING) throw this.syntaxError();
    const value = this.stringValue();
    this.pin();
    this.advance();
    return value;
  }

  /** A string, or a hex or bit literal read as text: FIELDS TERMINATED BY 0x09. */
  textString(): string {
    if (this.type === Token.STRING) return this.string();
    const bytes = this.bytesValue();
    if (bytes === undefined) throw this.syntaxError();
    this.pin();
    this.advance();
    return new TextDecoder().decode(bytes);
  }

  /** An unsigned integer that is part of the grammar (a length, a count): pinned. */
  integer(): number {
    if (this.type !== Token.INTEGER && this.type !== Token.HEX) throw this.syntaxError();
    const value =
      this.type === Token.INTEGER
        ? decodeInteger(this.text, this.start, this.end)
        : Number(this.text.slice(this.start, this.end));
    if (value === null || value > Number.MAX_SAFE_INTEGER) throw this.syntaxError();
    this.pin();
    this.advance();
    return Number(value);
  }

  bytesValue(): Uint8Array | undefined {
    const type = this.type;
    return type >= Token.HEX ? decodeBytes(this.text, this.start, this.end, type) : undefined;
  }

  get isLiteral(): boolean {
    return isLiteral(this.type);
  }

  /** Current literal's ordinal, as `parameterIndex`. */
  get ordinal(): number {
    return this.options.prepared === true ? -1 : this.lexer.literalCount - 1;
  }

  /** The current literal token's value shapes the tree. */
  pin(): void {
    this.pinned.push(this.lexer.literalCount - 1);
  }

  pinRange(from: number, to: number): void {
    for (let ordinal = from; ordinal < to; ordinal++) this.pinned.push(ordinal);
  }

  /** A string literal node that no token stands for (a bare word of SET). */
  wordLiteral(value: string, start: number): LiteralNode {
    return { kind: 'literal', literal: 'string', value, parameterIndex: -1, start, end: this.previousEnd };
  }

  // ---- depth ----

  enter(): void {
    if (++this.depth > NESTING_MAX) throw this.tooDeep();
  }

  leave(): void {
    this.depth--;
  }

  chain(length: number): void {
    if (length > CHAIN_MAX) throw this.tooDeep();
  }

  private tooDeep(): SqlError {
    const limits = `at most ${NESTING_MAX} levels of nesting, or ${CHAIN_MAX} operators in a row, are allowed`;
    return new SqlError(1436, 'HY000', `Thread stack overrun: the statement is too deeply nested: ${limits}`);
  }

  // ---- errors ----

  syntaxError(at: number = this.start): SqlError {
    return new SqlError(1064, '42000', this.syntaxMessage(at));
  }

  private syntaxMessage(at: number): string {
    const near = this.text.slice(at, at + NEAR_LENGTH);
    let line = 1;
    for (let i = this.text.indexOf('\n', this.statementStart); i >= 0 && i < at; i = this.text.indexOf('\n', i + 1))
      line++;
    return (
      'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version ' +
      `for the right syntax to use near '${near}' at line ${line}`
    );
  }

  get quotesAreNames(): boolean {
    return this.ansiQuotes;
  }
}

export function isLiteral(type: Token): boolean {
  return type >= Token.STRING;
}

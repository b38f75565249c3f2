/**
 * What begins with a word inside an expression: columns, functions, and the functions that have a grammar of their own.
 *
 * A word is a function when `(` follows. For the names in `SPACE_SENSITIVE` the parenthesis must follow at once (unless
 * IGNORE_SPACE): `COUNT (*)` is an error, `NOW ()` is a call of somebody's function `NOW` (error 1630).
 */
import { SqlError } from '../../base/error.ts';
import type {
  CallNode,
  ColumnNode,
  ExpressionNode,
  IntervalUnit,
  JsonOnResponse,
  LiteralNode,
  MatchNode,
} from './ast.ts';
import { SPACE_SENSITIVE } from './keywords.ts';
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { isLiteral } from './parser-base.ts';
import {
  parseBits,
  parseExpression,
  parseExpressions,
  parseLiteral,
  parseSimple,
  parseSubquery,
} from './parser-expression.ts';
import { charsetName, parseCastType, parseFraction } from './parser-type.ts';
import { isAggregate, isWindowFunction, parseAggregate, parseWindowFunction } from './parser-window.ts';

const CHARSETS: ReadonlySet<string> = new Set(
  `armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr gb18030 gb2312 gbk geostd8 greek
   hebrew hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce macroman sjis swe7 tis620 ucs2 ujis utf16 utf16le utf32 utf8
   utf8mb3 utf8mb4`.split(/\s+/),
);

/** Reserved words that are ordinary functions when `(` follows. */
const RESERVED_FUNCTIONS: ReadonlySet<string> = new Set([
  'IF', 'LEFT', 'RIGHT', 'REPLACE', 'REPEAT', 'INSERT', 'MOD', 'DATABASE', 'SCHEMA', 'GROUPING',
]); // prettier-ignore

const CALL_NAMES: Readonly<Record<string, string>> = {
  SCHEMA: 'database', SUBSTR: 'substring', MID: 'substring', CURRENT_DATE: 'curdate', CURRENT_TIME: 'curtime',
  CURRENT_TIMESTAMP: 'now', LOCALTIME: 'now', LOCALTIMESTAMP: 'now',
}; // prettier-ignore

const UNITS: ReadonlySet<string> = new Set<IntervalUnit>([
  'MICROSECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'SECOND_MICROSECOND', 'MINUTE_MICROSECOND',
  'MINUTE_SECOND', 'HOUR_MICROSECOND', 'HOUR_SECOND', 'HOUR_MINUTE', 'DAY_MICROSECOND', 'DAY_SECOND', 'DAY_MINUTE', 'DAY_HOUR',
  'YEAR_MONTH',
]); // prettier-ignore

export function isUnitWord(word: string): boolean {
  return UNITS.has(word);
}

export function parseUnit(parser: Parser): IntervalUnit {
  let unit = parser.word;
  if (unit === '' && parser.type === Token.WORD) {
    const written = parser.text.slice(parser.start, parser.end).toUpperCase();
    if (written.startsWith('SQL_TSI_')) unit = written.slice(8);
  }
  if (!UNITS.has(unit)) throw parser.syntaxError();
  parser.advance();
  return unit as IntervalUnit;
}

/** The current token is a word, a quoted name or a leading dot. */
export function parseFunctionOrColumn(parser: Parser): ExpressionNode {
  const { word, type, start, end } = parser;
  if (word === '' || type === Token.QUOTED) {
    if (type === Token.WORD && parser.text.charCodeAt(start) === 95) {
      const introduced = parseIntroduced(parser);
      if (introduced !== undefined) return introduced;
    }
    return parseNamed(parser);
  }
  if (parser.reserved) return parseReserved(parser, word);
  if (word === '.') return parseNamed(parser);
  if (word === 'DATE' || word === 'TIME' || word === 'TIMESTAMP') {
    const temporal = parseTemporal(parser, word);
    if (temporal !== undefined) return temporal;
  }
  if (!opensParenthesis(parser, end) && parser.peek() !== '(') return parseNamed(parser);
  if (SPACE_SENSITIVE.has(word) && parser.options.ignoreSpace !== true && parser.text.charCodeAt(end) !== 40) {
    return parseSpaced(parser, word);
  }
  return parseKeywordCall(parser, word);
}

function opensParenthesis(parser: Parser, at: number): boolean {
  return parser.text.charCodeAt(at) === 40;
}

/** COUNT (…): MySQL looks for a stored function of that name, and there is none. */
function parseSpaced(parser: Parser, word: string): never {
  const name = parser.text.slice(parser.start, parser.end);
  parser.advance();
  parser.expect('(');
  if (parser.word !== ')') parseExpressions(parser);
  if (parser.word !== ')') throw parser.syntaxError();
  const advice = `Check the 'Function Name Parsing and Resolution' section in the Reference Manual`;
  throw new SqlError(1630, '42000', `FUNCTION ${word === name ? word : name} does not exist. ${advice}`);
}

/** `_utf8mb4'…'`, `_binary X'…'`. */
function parseIntroduced(parser: Parser): LiteralNode | undefined {
  const start = parser.start;
  const charset = parser.text.slice(start + 1, parser.end).toLowerCase();
  if (!CHARSETS.has(charset)) return undefined;
  const state = parser.mark();
  parser.advance();
  if (parser.type === Token.STRING || parser.type >= Token.HEX) return parseLiteral(parser, charset, start);
  parser.reset(state);
  return undefined;
}

function parseTemporal(parser: Parser, word: 'DATE' | 'TIME' | 'TIMESTAMP'): LiteralNode | undefined {
  const state = parser.mark();
  const start = parser.start;
  parser.advance();
  if (!parser.isString) {
    parser.reset(state);
    return undefined;
  }
  const value = parser.string();
  const literal = word === 'DATE' ? 'date' : word === 'TIME' ? 'time' : 'timestamp';
  return { kind: 'literal', literal, value, parameterIndex: -1, start, end: parser.previousEnd };
}

/** A column of one to three parts, or a call of a function that has no grammar of its own. */
function parseNamed(parser: Parser): ExpressionNode {
  const start = parser.start;
  if (parser.word === '.') parser.advance();
  const first = parser.name();
  if (parser.at('(')) return parsePlainCall(parser, undefined, first, start);
  if (parser.word !== '.') return columnTail(parser, { kind: 'column', name: first, start, end: parser.previousEnd });
  parser.advance();
  const second = parser.anyName();
  if (parser.at('(')) return parsePlainCall(parser, first, second, start);
  if (!parser.at('.'))
    return columnTail(parser, { kind: 'column', table: first, name: second, start, end: parser.previousEnd });
  parser.advance();
  const name = parser.anyName();
  return columnTail(parser, { kind: 'column', schema: first, table: second, name, start, end: parser.previousEnd });
}

/** `column -> '$.path'`. */
function columnTail(parser: Parser, column: ColumnNode): ExpressionNode {
  const operator = parser.word;
  if (operator !== '->' && operator !== '->>') return column;
  parser.advance();
  const start = parser.start;
  const value = parser.string();
  const right: LiteralNode = {
    kind: 'literal',
    literal: 'string',
    value,
    parameterIndex: -1,
    start,
    end: parser.previousEnd,
  };
  return { kind: 'binary', operator, left: column, right, start: column.start, end: parser.previousEnd };
}

/** A plain column name, as assignments and key lists have it. */
export function parseColumn(parser: Parser): ColumnNode {
  const start = parser.start;
  if (parser.word === '.') parser.advance();
  const first = parser.name();
  if (!parser.accept('.')) return { kind: 'column', name: first, start, end: parser.previousEnd };
  const second = parser.anyName();
  if (!parser.accept('.')) return { kind: 'column', table: first, name: second, start, end: parser.previousEnd };
  return { kind: 'column', schema: first, table: second, name: parser.anyName(), start, end: parser.previousEnd };
}

function parsePlainCall(parser: Parser, schema: string | undefined, name: string, start: number): CallNode {
  parser.expect('(');
  const args = parser.word === ')' ? [] : parseExpressions(parser);
  parser.expect(')');
  const upper = name.toUpperCase();
  const canonical = schema === undefined ? (CALL_NAMES[upper] ?? name.toLowerCase()) : name;
  return { kind: 'call', schema, name: canonical, args, start, end: parser.previousEnd };
}

/** At a non-reserved keyword with `(` behind it. */
function parseKeywordCall(parser: Parser, word: string): ExpressionNode {
  const start = parser.start;
  if (isAggregate(word)) return parseAggregate(parser, word);
  if (word === 'NOW' || word === 'SYSDATE' || word === 'CURTIME') return parseNow(parser, word);
  const special = SPECIAL[word];
  if (special === undefined) {
    const name = parser.anyName();
    return parsePlainCall(parser, undefined, name, start);
  }
  parser.advance();
  parser.expect('(');
  return special(parser, start);
}

function call(parser: Parser, name: string, args: readonly ExpressionNode[], start: number): CallNode {
  return { kind: 'call', name, args, start, end: parser.previousEnd };
}

type Special = (parser: Parser, start: number) => ExpressionNode;

/** After `NAME (`. */
const SPECIAL: Readonly<Record<string, Special>> = {
  CAST: parseCast,
  EXTRACT: parseExtract,
  TRIM: parseTrim,
  POSITION(parser, start) {
    const needle = parseBits(parser, 1);
    parser.expect('IN');
    const haystack = parseExpression(parser);
    parser.expect(')');
    return call(parser, 'locate', [needle, haystack], start);
  },
  SUBSTRING: parseSubstring,
  SUBSTR: parseSubstring,
  MID: parseSubstring,
  DATE_ADD: (parser, start) => parseDateFunction(parser, start, '+', false),
  DATE_SUB: (parser, start) => parseDateFunction(parser, start, '-', false),
  ADDDATE: (parser, start) => parseDateFunction(parser, start, '+', true),
  SUBDATE: (parser, start) => parseDateFunction(parser, start, '-', true),
  TIMESTAMPADD(parser, start) {
    const unit = parseUnit(parser);
    parser.expect(',');
    const amount = parseExpression(parser);
    parser.expect(',');
    const operand = parseExpression(parser);
    parser.expect(')');
    return { kind: 'date-arithmetic', operator: '+', operand, amount, unit, start, end: parser.previousEnd };
  },
  TIMESTAMPDIFF(parser, start) {
    const unit = parseUnit(parser);
    parser.expect(',');
    const from = parseExpression(parser);
    parser.expect(',');
    const to = parseExpression(parser);
    parser.expect(')');
    return { kind: 'call', name: 'timestampdiff', args: [from, to], unit, start, end: parser.previousEnd };
  },
  GET_FORMAT(parser, start) {
    const wordStart = parser.start;
    const word = parser.acceptAny('DATE', 'TIME', 'DATETIME', 'TIMESTAMP');
    if (word === undefined) throw parser.syntaxError();
    const kind = parser.wordLiteral(word === 'TIMESTAMP' ? 'DATETIME' : word, wordStart);
    parser.expect(',');
    const region = parseExpression(parser);
    parser.expect(')');
    return call(parser, 'get_format', [kind, region], start);
  },
  WEIGHT_STRING(parser, start) {
    const operand = parseExpression(parser);
    const as = parser.accept('AS') ? parseCastType(parser) : undefined;
    parser.expect(')');
    return { ...call(parser, 'weight_string', [operand], start), as };
  },
  JSON_VALUE: parseJsonValue,
};

function parseCast(parser: Parser, start: number): ExpressionNode {
  const operand = parseExpression(parser);
  if (parser.accept('AT')) {
    parser.expectWords('TIME', 'ZONE');
    throw new SqlError(1235, '42000', "This version of Rutile doesn't yet support 'CAST … AT TIME ZONE'");
  }
  parser.expect('AS');
  const type = parseCastType(parser);
  const array = parser.accept('ARRAY');
  parser.expect(')');
  return { kind: 'cast', operand, type, array, start, end: parser.previousEnd };
}

function parseExtract(parser: Parser, start: number): ExpressionNode {
  const unit = parseUnit(parser);
  parser.expect('FROM');
  const operand = parseExpression(parser);
  parser.expect(')');
  return { kind: 'extract', unit, operand, start, end: parser.previousEnd };
}

function parseTrim(parser: Parser, start: number): ExpressionNode {
  const mode = parser.acceptAny('BOTH', 'LEADING', 'TRAILING') as 'BOTH' | undefined;
  let remove: ExpressionNode | undefined;
  let operand: ExpressionNode;
  if (mode !== undefined && parser.accept('FROM')) {
    operand = parseExpression(parser);
  } else {
    operand = parseExpression(parser);
    if (mode !== undefined && parser.word !== 'FROM') throw parser.syntaxError();
    if (parser.accept('FROM')) {
      remove = operand;
      operand = parseExpression(parser);
    }
  }
  parser.expect(')');
  return { kind: 'trim', mode: mode ?? 'BOTH', remove, operand, start, end: parser.previousEnd };
}

function parseSubstring(parser: Parser, start: number): ExpressionNode {
  const args = [parseExpression(parser)];
  if (parser.accept('FROM')) {
    args.push(parseExpression(parser));
    if (parser.accept('FOR')) args.push(parseExpression(parser));
  } else {
    parser.expect(',');
    args.push(parseExpression(parser));
    if (parser.accept(',')) args.push(parseExpression(parser));
  }
  parser.expect(')');
  return call(parser, 'substring', args, start);
}

/** DATE_ADD(d, INTERVAL n unit); with `plainDays` also ADDDATE(d, n). */
function parseDateFunction(parser: Parser, start: number, operator: '+' | '-', plainDays: boolean): ExpressionNode {
  const operand = parseExpression(parser);
  parser.expect(',');
  let amount: ExpressionNode;
  let unit: IntervalUnit = 'DAY';
  if (parser.word === 'INTERVAL') {
    const interval = parseIntervalExpression(parser);
    if (interval.kind === 'interval') {
      amount = interval.amount;
      unit = interval.unit;
    } else {
      if (!plainDays) throw parser.syntaxError();
      parser.seed = interval;
      parser.seedStart = interval.start;
      amount = parseExpression(parser);
    }
  } else {
    if (!plainDays) throw parser.syntaxError();
    amount = parseExpression(parser);
  }
  parser.expect(')');
  return { kind: 'date-arithmetic', operator, operand, amount, unit, start, end: parser.previousEnd };
}

/** At INTERVAL: `INTERVAL n unit`, or a call of the function `INTERVAL(n, a, b)`. */
export function parseIntervalExpression(
  parser: Parser,
): { readonly kind: 'interval'; readonly amount: ExpressionNode; readonly unit: IntervalUnit } | CallNode {
  const start = parser.start;
  parser.advance();
  if (parser.word === '(') {
    // Only the closing parenthesis tells `INTERVAL (1) DAY` from `INTERVAL(1, 2)`.
    const groupStart = parser.start;
    const group = parseSimple(parser);
    if (
      group.kind === 'row' &&
      group.start === groupStart &&
      group.end === parser.previousEnd &&
      !UNITS.has(parser.word)
    ) {
      return call(parser, 'interval', group.items, start);
    }
    parser.seed = group;
    parser.seedStart = groupStart;
  }
  const amount = parseExpression(parser);
  return { kind: 'interval', amount, unit: parseUnit(parser) };
}

function parseJsonValue(parser: Parser, start: number): ExpressionNode {
  const operand = parseExpression(parser);
  parser.expect(',');
  const path = isLiteral(parser.type) ? parseLiteral(parser) : parseExpression(parser);
  const returning = parser.accept('RETURNING') ? parseCastType(parser) : undefined;
  const responses = parseJsonResponses(parser);
  parser.expect(')');
  return { kind: 'json-value', operand, path, returning, ...responses, start, end: parser.previousEnd };
}

/** `NULL | ERROR | DEFAULT x ON EMPTY`, then the same ON ERROR. */
export function parseJsonResponses(parser: Parser): { onEmpty?: JsonOnResponse; onError?: JsonOnResponse } {
  const responses: { onEmpty?: JsonOnResponse; onError?: JsonOnResponse } = {};
  for (;;) {
    let response: JsonOnResponse;
    if (parser.accept('NULL')) response = { kind: 'null' };
    else if (parser.accept('ERROR')) response = { kind: 'error' };
    else if (parser.accept('DEFAULT')) response = { kind: 'default', value: parseSimple(parser) };
    else return responses;
    parser.expect('ON');
    if (parser.accept('EMPTY') && responses.onEmpty === undefined && responses.onError === undefined)
      responses.onEmpty = response;
    else if (parser.accept('ERROR') && responses.onError === undefined) responses.onError = response;
    else throw parser.syntaxError();
  }
}

// ---- reserved words ----

function parseReserved(parser: Parser, word: string): ExpressionNode {
  const { start, end } = parser;
  switch (word) {
    case 'NULL':
      parser.advance();
      return { kind: 'literal', literal: 'null', value: null, parameterIndex: -1, start, end };
    case 'TRUE':
    case 'FALSE':
      parser.advance();
      return { kind: 'literal', literal: 'boolean', value: word === 'TRUE', parameterIndex: -1, start, end };
    case 'EXISTS': {
      parser.advance();
      const query = parseSubquery(parser);
      return { kind: 'exists', query, start, end: parser.previousEnd };
    }
    case 'CASE':
      return parseCase(parser);
    case 'ROW':
      return parseRow(parser);
    case 'INTERVAL':
      return parseLeadingInterval(parser);
    case 'CONVERT':
      return parseConvert(parser);
    case 'CHAR':
      return parseChar(parser);
    case 'VALUES': {
      parser.advance();
      parser.expect('(');
      const column = parseColumn(parser);
      parser.expect(')');
      return { kind: 'values-reference', column, start, end: parser.previousEnd };
    }
    case 'DEFAULT': {
      parser.advance();
      parser.expect('(');
      const column = parseColumn(parser);
      parser.expect(')');
      return { kind: 'default', column, start, end: parser.previousEnd };
    }
    case 'MATCH':
      return parseMatch(parser);
    case 'CURRENT_USER':
      parser.advance();
      if (parser.accept('(')) parser.expect(')');
      return call(parser, 'current_user', [], start);
    case 'CURRENT_DATE':
    case 'UTC_DATE':
      parser.advance();
      if (parser.accept('(')) parser.expect(')');
      return call(parser, CALL_NAMES[word] ?? word.toLowerCase(), [], start);
    case 'CURRENT_TIME':
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIME':
    case 'LOCALTIMESTAMP':
    case 'UTC_TIME':
    case 'UTC_TIMESTAMP':
      return parseNow(parser, word);
    default:
      return parseReservedCall(parser, word);
  }
}

function parseReservedCall(parser: Parser, word: string): ExpressionNode {
  const start = parser.start;
  if (isWindowFunction(word)) return parseWindowFunction(parser, word);
  if (!RESERVED_FUNCTIONS.has(word)) throw parser.syntaxError();
  parser.advance();
  if (parser.word !== '(') throw parser.syntaxError();
  return parsePlainCall(parser, undefined, word, start);
}

/** CURRENT_TIMESTAMP, also without parentheses, also with digits. */
export function parseNow(parser: Parser, word: string): CallNode {
  const start = parser.start;
  parser.advance();
  const argumentStart = parser.start + 1;
  const digits = parseFraction(parser);
  const args: LiteralNode[] = [];
  if (digits !== undefined) {
    args.push({
      kind: 'literal',
      literal: 'integer',
      value: digits,
      parameterIndex: -1,
      start: argumentStart,
      end: parser.previousEnd - 1,
    });
  }
  return call(parser, CALL_NAMES[word] ?? word.toLowerCase(), args, start);
}

function parseCase(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.advance();
  const operand = parser.word === 'WHEN' ? undefined : parseExpression(parser);
  const branches: { when: ExpressionNode; then: ExpressionNode }[] = [];
  do {
    parser.expect('WHEN');
    const when = parseExpression(parser);
    parser.expect('THEN');
    branches.push({ when, then: parseExpression(parser) });
  } while (parser.word === 'WHEN');
  const otherwise = parser.accept('ELSE') ? parseExpression(parser) : undefined;
  parser.expect('END');
  return { kind: 'case', operand, branches, otherwise, start, end: parser.previousEnd };
}

function parseRow(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.advance();
  parser.expect('(');
  const items = parseExpressions(parser);
  if (items.length < 2) throw parser.syntaxError();
  parser.expect(')');
  return { kind: 'row', items, start, end: parser.previousEnd };
}

/** `INTERVAL 1 DAY + x`, or the function. */
function parseLeadingInterval(parser: Parser): ExpressionNode {
  const start = parser.start;
  const interval = parseIntervalExpression(parser);
  if (interval.kind !== 'interval') return interval;
  parser.expect('+');
  const operand = parseBits(parser, 5);
  return {
    kind: 'date-arithmetic',
    operator: '+',
    operand,
    amount: interval.amount,
    unit: interval.unit,
    start,
    end: parser.previousEnd,
  };
}

function parseConvert(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.advance();
  parser.expect('(');
  const operand = parseExpression(parser);
  if (parser.accept('USING')) {
    const charset = charsetName(parser);
    parser.expect(')');
    return { kind: 'convert-using', operand, charset, start, end: parser.previousEnd };
  }
  parser.expect(',');
  const type = parseCastType(parser);
  parser.expect(')');
  return { kind: 'cast', operand, type, array: false, start, end: parser.previousEnd };
}

function parseChar(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.advance();
  parser.expect('(');
  const args = parseExpressions(parser);
  const charset = parser.accept('USING') ? charsetName(parser) : undefined;
  parser.expect(')');
  const node: Mutable<CallNode> = call(parser, 'char', args, start);
  if (charset !== undefined) node.charset = charset;
  return node;
}

function parseMatch(parser: Parser): MatchNode {
  const start = parser.start;
  parser.advance();
  const parenthesised = parser.accept('(');
  const columns = [parseColumn(parser)];
  while (parser.accept(',')) columns.push(parseColumn(parser));
  if (parenthesised) parser.expect(')');
  parser.expectWords('AGAINST', '(');
  const against = parseBits(parser, 1);
  const mode = matchMode(parser);
  parser.expect(')');
  return { kind: 'match', columns, against, mode, start, end: parser.previousEnd };
}

function matchMode(parser: Parser): MatchNode['mode'] {
  if (parser.accept('IN')) {
    if (parser.accept('BOOLEAN')) {
      parser.expect('MODE');
      return 'BOOLEAN';
    }
    parser.expect('NATURAL');
    if (parser.type !== Token.WORD || parser.anyName().toUpperCase() !== 'LANGUAGE') throw parser.syntaxError();
    parser.expect('MODE');
    if (!parser.accept('WITH')) return 'NATURAL LANGUAGE';
    parser.expectWords('QUERY', 'EXPANSION');
    return 'NATURAL LANGUAGE WITH QUERY EXPANSION';
  }
  if (!parser.accept('WITH')) return 'NATURAL LANGUAGE';
  parser.expectWords('QUERY', 'EXPANSION');
  return 'QUERY EXPANSION';
}

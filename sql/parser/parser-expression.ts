/**
 * Expressions, by MySQL's precedence, from the loosest to the tightest:
 *
 *     OR ||  ·  XOR  ·  AND &&  ·  NOT  ·  = <=> >= > <= < != IS  ·  LIKE REGEXP IN BETWEEN (predicates)
 *     |  ·  &  ·  << >>  ·  - +  ·  * / DIV % MOD  ·  ^  ·  || as concatenation  ·  unary - ~  ·  !  ·  BINARY COLLATE
 *
 * The grammar is layered as MySQL's (expression, boolean primary, predicate, bit expression, simple expression), because what may
 * stand right of BETWEEN … AND or LIKE follows from the layers. Chains of AND and OR become one flat node.
 */
import type { BinaryOperator, ComparisonOperator, ExpressionNode, LiteralNode, SystemVariableNode, UserVariableNode, VariableScope } from './ast.ts'; // prettier-ignore
import { decodeInteger, Token } from './lexer.ts';
import type { Parser } from './parser-base.ts';
import { isLiteral } from './parser-base.ts';
import { parseFunctionOrColumn, parseIntervalExpression } from './parser-function.ts';
import { parseQuery, startsQuery } from './parser-query.ts';

export function parseExpression(parser: Parser): ExpressionNode {
  parser.enter();
  const expression = parseOr(parser);
  parser.leave();
  return expression;
}

export function parseExpressions(parser: Parser): ExpressionNode[] {
  const list = [parseExpression(parser)];
  while (parser.accept(',')) list.push(parseExpression(parser));
  return list;
}

/** DEFAULT where a value is assigned. */
export function parseValue(parser: Parser): ExpressionNode {
  if (parser.word === 'DEFAULT' && parser.peek() !== '(') {
    const { start, end } = parser;
    parser.advance();
    return { kind: 'default', start, end };
  }
  return parseExpression(parser);
}

function parseOr(parser: Parser): ExpressionNode {
  const start = parser.nodeStart;
  const first = parseXor(parser);
  if (!atOr(parser)) return first;
  const operands = [first];
  while (atOr(parser)) {
    parser.advance();
    operands.push(parseXor(parser));
  }
  return { kind: 'logical', operator: 'OR', operands, start, end: parser.previousEnd };
}

function atOr(parser: Parser): boolean {
  return parser.word === 'OR' || (parser.word === '||' && parser.options.pipesAsConcat !== true);
}

function parseXor(parser: Parser): ExpressionNode {
  const start = parser.nodeStart;
  let left = parseAnd(parser);
  for (let length = 1; parser.word === 'XOR'; length++) {
    parser.chain(length);
    parser.advance();
    const right = parseAnd(parser);
    left = { kind: 'binary', operator: 'XOR', left, right, start, end: parser.previousEnd };
  }
  return left;
}

function parseAnd(parser: Parser): ExpressionNode {
  const start = parser.nodeStart;
  const first = parseNot(parser);
  if (parser.word !== 'AND' && parser.word !== '&&') return first;
  const operands = [first];
  while (parser.word === 'AND' || parser.word === '&&') {
    parser.advance();
    operands.push(parseNot(parser));
  }
  return { kind: 'logical', operator: 'AND', operands, start, end: parser.previousEnd };
}

function parseNot(parser: Parser): ExpressionNode {
  if (parser.word !== 'NOT' || parser.seed !== undefined || parser.options.highNotPrecedence === true)
    return parseBoolean(parser);
  const start = parser.start;
  parser.advance();
  parser.enter();
  const operand = parseNot(parser);
  parser.leave();
  return { kind: 'unary', operator: 'NOT', operand, start, end: parser.previousEnd };
}

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=', '<=>': '<=>', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=',
}; // prettier-ignore

function parseBoolean(parser: Parser): ExpressionNode {
  const start = parser.nodeStart;
  let left = parsePredicate(parser);
  for (let length = 1; ; length++) {
    const word = parser.word;
    if (word === '') return left;
    if (word === 'IS') {
      parser.chain(length);
      parser.advance();
      const negated = parser.accept('NOT');
      const test = parser.acceptAny('NULL', 'TRUE', 'FALSE', 'UNKNOWN');
      if (test === undefined) throw parser.syntaxError();
      left = { kind: 'is', operand: left, test: test as 'NULL', negated, start, end: parser.previousEnd };
      // IS NULL may be compared again; IS TRUE ends the boolean primary.
      if (test !== 'NULL') return left;
      continue;
    }
    const operator = COMPARISONS[word];
    if (operator === undefined) return left;
    parser.chain(length);
    parser.advance();
    left = parseComparison(parser, left, operator, start);
  }
}

function parseComparison(
  parser: Parser,
  left: ExpressionNode,
  operator: ComparisonOperator,
  start: number,
): ExpressionNode {
  const word = parser.word;
  if ((word === 'ALL' || word === 'ANY' || word === 'SOME') && parser.peek() === '(') {
    parser.advance();
    const query = parseSubquery(parser);
    return {
      kind: 'quantified',
      operator,
      quantifier: word === 'ALL' ? 'ALL' : 'ANY',
      left,
      query,
      start,
      end: parser.previousEnd,
    };
  }
  const right = parsePredicate(parser);
  return { kind: 'binary', operator, left, right, start, end: parser.previousEnd };
}

/** `( query )`. */
export function parseSubquery(parser: Parser) {
  parser.expect('(');
  const query = parseQuery(parser);
  parser.expect(')');
  return query;
}

function parsePredicate(parser: Parser): ExpressionNode {
  const start = parser.nodeStart;
  const operand = parseBits(parser, 1);
  const word = parser.word;
  switch (word) {
    case 'NOT': {
      const next = parser.peek();
      if (next !== 'IN' && next !== 'BETWEEN' && next !== 'LIKE' && next !== 'REGEXP' && next !== 'RLIKE')
        return operand;
      parser.advance();
      return parsePredicateTail(parser, operand, true, start);
    }
    case 'IN':
    case 'BETWEEN':
    case 'LIKE':
    case 'REGEXP':
    case 'RLIKE':
      return parsePredicateTail(parser, operand, false, start);
    case 'SOUNDS': {
      if (parser.peek() !== 'LIKE') return operand;
      parser.advance();
      parser.advance();
      const right = parseBits(parser, 1);
      return { kind: 'binary', operator: 'SOUNDS LIKE', left: operand, right, start, end: parser.previousEnd };
    }
    case 'MEMBER': {
      const next = parser.peek();
      if (next !== 'OF' && next !== '(') return operand;
      parser.advance();
      parser.accept('OF');
      parser.expect('(');
      const right = parseSimple(parser);
      parser.expect(')');
      return { kind: 'binary', operator: 'MEMBER OF', left: operand, right, start, end: parser.previousEnd };
    }
    default:
      return operand;
  }
}

function parsePredicateTail(parser: Parser, operand: ExpressionNode, negated: boolean, start: number): ExpressionNode {
  const word = parser.word;
  parser.advance();
  switch (word) {
    case 'IN':
      return parseIn(parser, operand, negated, start);
    case 'BETWEEN': {
      const lower = parseBits(parser, 1);
      parser.expect('AND');
      parser.enter();
      const upper = parsePredicate(parser);
      parser.leave();
      return { kind: 'between', operand, lower, upper, negated, start, end: parser.previousEnd };
    }
    case 'LIKE': {
      const pattern = parseSimple(parser);
      const escape = parser.accept('ESCAPE') ? parseSimple(parser) : undefined;
      return { kind: 'like', operand, pattern, escape, negated, start, end: parser.previousEnd };
    }
    default: {
      const pattern = parseBits(parser, 1);
      return { kind: 'regexp', operand, pattern, negated, start, end: parser.previousEnd };
    }
  }
}

function parseIn(parser: Parser, operand: ExpressionNode, negated: boolean, start: number): ExpressionNode {
  parser.expect('(');
  if (startsQuery(parser) || parser.word === '(') {
    const inner = parseGroupItem(parser);
    if (inner.query !== undefined && parser.at(')')) {
      parser.advance();
      return { kind: 'in-query', operand, query: inner.query, negated, start, end: parser.previousEnd };
    }
    const first = inner.query !== undefined ? parseExpressionFrom(parser, inner) : inner.expression;
    const list = [first];
    while (parser.accept(',')) list.push(parseExpression(parser));
    parser.expect(')');
    return { kind: 'in-list', operand, list, negated, start, end: parser.previousEnd };
  }
  const list = parseExpressions(parser);
  parser.expect(')');
  return { kind: 'in-list', operand, list, negated, start, end: parser.previousEnd };
}

// ---- arithmetic ----

function bitPrecedence(word: string, pipesAsConcat: boolean): number {
  switch (word) {
    case '|':
      return 1;
    case '&':
      return 2;
    case '<<':
    case '>>':
      return 3;
    case '+':
    case '-':
      return 4;
    case '*':
    case '/':
    case '%':
    case 'DIV':
    case 'MOD':
      return 5;
    case '^':
      return 6;
    case '||':
      return pipesAsConcat ? 7 : 0;
    default:
      return 0;
  }
}

/** A bit expression of operators at least as tight as `precedenceMin`. */
export function parseBits(parser: Parser, precedenceMin: number): ExpressionNode {
  const start = parser.nodeStart;
  let left = parseSimple(parser);
  for (let length = 1; ; length++) {
    const word = parser.word;
    if (word === '') return left;
    const precedence = bitPrecedence(word, parser.options.pipesAsConcat === true);
    if (precedence === 0 || precedence < precedenceMin) return left;
    parser.chain(length);
    parser.advance();
    left = parseBitsRight(parser, left, word, precedence, start);
  }
}

function parseBitsRight(
  parser: Parser,
  left: ExpressionNode,
  word: string,
  precedence: number,
  start: number,
): ExpressionNode {
  if (precedence === 4 && parser.word === 'INTERVAL') {
    const interval = parseIntervalExpression(parser);
    if (interval.kind === 'interval') {
      const { amount, unit } = interval;
      return {
        kind: 'date-arithmetic',
        operator: word as '+',
        operand: left,
        amount,
        unit,
        start,
        end: parser.previousEnd,
      };
    }
    parser.seed = interval;
    parser.seedStart = interval.start;
  }
  const right = parseBits(parser, precedence + 1);
  const operator = (word === 'MOD' ? '%' : word) as BinaryOperator;
  return { kind: 'binary', operator, left, right, start, end: parser.previousEnd };
}

/** A simple expression: prefixes, one primary, COLLATE. */
export function parseSimple(parser: Parser): ExpressionNode {
  if (parser.seed === undefined) {
    switch (parser.word) {
      case '-':
      case '+':
      case '~':
        return parsePrefix(parser, parser.word);
      case '!':
        return parsePrefix(parser, 'NOT');
      case 'NOT':
        if (parser.options.highNotPrecedence === true) return parsePrefix(parser, 'NOT');
        break;
      case 'BINARY':
        return parsePrefix(parser, 'BINARY');
    }
  }
  const start = parser.nodeStart;
  let node = parsePrimary(parser);
  for (let length = 1; parser.word === 'COLLATE'; length++) {
    parser.chain(length);
    parser.advance();
    const collation = parser.isString ? parser.string() : parser.at('BINARY') ? parser.anyName() : parser.name();
    node = { kind: 'collate', operand: node, collation: collation.toLowerCase(), start, end: parser.previousEnd };
  }
  return node;
}

function parsePrefix(parser: Parser, operator: '-' | '+' | '~' | 'NOT' | 'BINARY'): ExpressionNode {
  const start = parser.start;
  parser.advance();
  parser.enter();
  const operand = parseSimple(parser);
  parser.leave();
  return { kind: 'unary', operator, operand, start, end: parser.previousEnd };
}

// ---- primaries ----

function parsePrimary(parser: Parser): ExpressionNode {
  const seed = parser.seed;
  if (seed !== undefined) {
    parser.seed = undefined;
    return seed;
  }
  const type = parser.type;
  if (type === Token.WORD || type === Token.QUOTED) return parseFunctionOrColumn(parser);
  if (isLiteral(type)) return parseLiteral(parser);
  if (type === Token.PARAMETER) return parseParameter(parser);
  if (type === Token.USER_VARIABLE) return parseUserVariable(parser);
  switch (parser.word) {
    case '(':
      return parseGroup(parser);
    case '@@':
      return parseSystemVariable(parser);
    case '{':
      return parseOdbc(parser);
    case '.':
      return parseFunctionOrColumn(parser);
    default:
      throw parser.syntaxError();
  }
}

export function parseParameter(parser: Parser): ExpressionNode {
  if (parser.type !== Token.PARAMETER || parser.options.prepared !== true) throw parser.syntaxError();
  const { start, end } = parser;
  const index = parser.parameterCount++;
  parser.advance();
  return { kind: 'parameter', index, start, end };
}

// hot
export function parseLiteral(parser: Parser, charset?: string, introducedAt?: number): LiteralNode {
  const { type, end, text } = parser;
  const tokenStart = parser.start;
  const start = introducedAt ?? tokenStart;
  let parameterIndex = parser.ordinal;
  switch (type) {
    case Token.INTEGER: {
      const value = decodeInteger(text, tokenStart, end);
      parser.advance();
      if (value === null)
        return { kind: 'literal', literal: 'decimal', value: text.slice(tokenStart, end), parameterIndex, start, end };
      return { kind: 'literal', literal: 'integer', value, parameterIndex, start, end };
    }
    case Token.DECIMAL:
      parser.advance();
      return { kind: 'literal', literal: 'decimal', value: text.slice(tokenStart, end), parameterIndex, start, end };
    case Token.FLOAT:
      parser.advance();
      return {
        kind: 'literal',
        literal: 'float',
        value: Number(text.slice(tokenStart, end)),
        parameterIndex,
        start,
        end,
      };
    case Token.STRING:
    case Token.NATIONAL_STRING: {
      let value = parser.stringValue();
      const ordinal = parser.literalsRead;
      const introducer = charset ?? (type === Token.NATIONAL_STRING ? 'utf8mb3' : undefined);
      parser.advance();
      let end = parser.previousEnd;
      if (parser.type === Token.STRING || introducer !== undefined) {
        parameterIndex = -1;
        parser.pinned.push(ordinal);
        while (parser.type === Token.STRING) value += parser.string();
        end = parser.previousEnd;
      }
      if (introducer === undefined) return { kind: 'literal', literal: 'string', value, parameterIndex, start, end };
      return { kind: 'literal', literal: 'string', value, charset: introducer, parameterIndex, start, end };
    }
    default: {
      const value = parser.bytesValue();
      if (value === undefined) throw parser.syntaxError();
      if (charset !== undefined) {
        parser.pin();
        parameterIndex = -1;
      }
      parser.advance();
      if (charset === undefined) return { kind: 'literal', literal: 'bytes', value, parameterIndex, start, end };
      return { kind: 'literal', literal: 'bytes', value, charset, parameterIndex, start, end };
    }
  }
}

export function userVariable(parser: Parser): UserVariableNode {
  const { start, end } = parser;
  return { kind: 'user-variable', name: parser.variableName(), start, end };
}

function parseUserVariable(parser: Parser): ExpressionNode {
  const variable = userVariable(parser);
  if (!parser.accept(':=')) return variable;
  const value = parseExpression(parser);
  return { kind: 'assignment', variable, value, start: variable.start, end: parser.previousEnd };
}

export function variableScope(word: string): VariableScope | undefined {
  switch (word.toUpperCase()) {
    case 'GLOBAL':
      return 'global';
    case 'SESSION':
    case 'LOCAL':
      return 'session';
    case 'PERSIST':
      return 'persist';
    case 'PERSIST_ONLY':
      return 'persist_only';
    default:
      return undefined;
  }
}

/** At `@@`. `@@name`, `@@scope.name`, `@@cache.name`. */
export function parseSystemVariable(parser: Parser): SystemVariableNode {
  const start = parser.start;
  parser.expect('@@');
  const first = parser.anyName();
  const scope = variableScope(first);
  if (scope !== undefined) {
    parser.expect('.');
    return { kind: 'system-variable', scope, name: variableName(parser), start, end: parser.previousEnd };
  }
  const name = parser.accept('.') ? `${first}.${parser.anyName()}` : first;
  return { kind: 'system-variable', scope: 'default', name: name.toLowerCase(), start, end: parser.previousEnd };
}

/** `name` or `instance.name`, lower case. */
export function variableName(parser: Parser): string {
  let name = parser.anyName();
  if (parser.accept('.')) name += `.${parser.anyName()}`;
  return name.toLowerCase();
}

// ---- parentheses ----

export type GroupItem =
  | {
      readonly query: ReturnType<typeof parseQuery>;
      readonly expression?: undefined;
      readonly start: number;
      readonly end: number;
    }
  | { readonly query?: undefined; readonly expression: ExpressionNode; readonly start: number; readonly end: number };

/**
 * What stands first inside a parenthesis, when nobody knows yet whether it is a query or an expression: `(((SELECT 1)) UNION …` or
 * `(((SELECT 1)) + 1, 2)`. Each opening parenthesis is read once; a query that turns out to be an operand becomes the seed of an expression.
 */
export function parseGroupItem(parser: Parser): GroupItem {
  const start = parser.start;
  if (startsQuery(parser)) {
    const query = parseQuery(parser);
    return { query, start, end: parser.previousEnd };
  }
  if (parser.word !== '(') return { expression: parseExpression(parser), start, end: parser.previousEnd };
  parser.enter();
  parser.advance();
  const inner = parseGroupItem(parser);
  parser.leave();
  if (inner.query !== undefined && parser.at(')')) {
    parser.advance();
    if (continuesQuery(parser.word)) {
      const query = parseQuery(parser, inner.query);
      return { query, start, end: parser.previousEnd };
    }
    return { query: inner.query, start, end: parser.previousEnd };
  }
  const node = closeGroup(parser, inner, start);
  parser.seed = node;
  parser.seedStart = start;
  return { expression: parseExpression(parser), start, end: parser.previousEnd };
}

function continuesQuery(word: string): boolean {
  switch (word) {
    case 'UNION':
    case 'EXCEPT':
    case 'INTERSECT':
    case 'ORDER':
    case 'LIMIT':
      return true;
    default:
      return false;
  }
}

/** The query was an operand after all: reads on. */
function parseExpressionFrom(parser: Parser, item: GroupItem & { readonly query: object }): ExpressionNode {
  // A bare SELECT is no operand, only one in parentheses of its own.
  if (parser.text.charCodeAt(item.start) !== 40) throw parser.syntaxError();
  parser.seed = { kind: 'subquery', query: item.query, start: item.start, end: item.end };
  parser.seedStart = item.start;
  return parseExpression(parser);
}

/** After the first item: more items make a row; then the closing parenthesis. */
function closeGroup(parser: Parser, first: GroupItem, start: number): ExpressionNode {
  let expression: ExpressionNode;
  if (first.query !== undefined) {
    expression = parseExpressionFrom(parser, first);
  } else {
    expression = first.expression;
  }
  if (parser.word === ',') {
    const items = [expression];
    while (parser.accept(',')) items.push(parseExpression(parser));
    parser.expect(')');
    return { kind: 'row', items, start, end: parser.previousEnd };
  }
  parser.expect(')');
  return expression;
}

/** A parenthesised primary: a subquery, a row or an expression. */
function parseGroup(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.enter();
  parser.advance();
  const item = parseGroupItem(parser);
  parser.leave();
  if (item.query !== undefined && parser.word === ')') {
    parser.advance();
    return { kind: 'subquery', query: item.query, start, end: parser.previousEnd };
  }
  return closeGroup(parser, item, start);
}

/** `{d '2020-01-01'}`, `{fn NOW()}`. */
function parseOdbc(parser: Parser): ExpressionNode {
  const start = parser.start;
  parser.advance();
  const tag = parser.anyName().toLowerCase();
  if ((tag === 'd' || tag === 't' || tag === 'ts') && parser.isString) {
    const value = parser.string();
    parser.expect('}');
    const literal = tag === 'd' ? 'date' : tag === 't' ? 'time' : 'timestamp';
    return { kind: 'literal', literal, value, parameterIndex: -1, start, end: parser.previousEnd };
  }
  const expression = parseExpression(parser);
  parser.expect('}');
  return expression;
}

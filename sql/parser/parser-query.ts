/**
 * Queries: SELECT, VALUES, TABLE, set operations, WITH, and the clauses behind them.
 */
import type {
  CommonTable, ExpressionNode, FileFormat, IntoClause, LimitClause, LockClause, NamedWindow, OrderItem, QueryNode, SelectExpression,
  SelectItem, SelectNode, SelectOption, SetOperationNode, UserVariableNode, WildcardItem, WithClause,
} from './ast.ts'; // prettier-ignore
import { parseHints } from './parser-hint.ts';
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseExpression, parseLiteral, parseParameter, parseValue, userVariable } from './parser-expression.ts';
import { parseTableReferences } from './parser-table.ts';
import { charsetName } from './parser-type.ts';
import { parseWindowSpecification } from './parser-window.ts';

const NONE: readonly never[] = [];

/** A query begins at the current token (parentheses apart). */
export function startsQuery(parser: Parser): boolean {
  switch (parser.word) {
    case 'SELECT':
    case 'WITH':
      return true;
    case 'VALUES':
      return parser.peek() === 'ROW';
    case 'TABLE':
      return true;
    default:
      return false;
  }
}

/** Through any number of opening parentheses. */
export function startsQueryOrGroup(parser: Parser): boolean {
  if (parser.word !== '(') return startsQuery(parser);
  const state = parser.mark();
  while (parser.word === '(') parser.advance();
  const found = startsQuery(parser);
  parser.reset(state);
  return found;
}

/**
 * A whole query expression. `first` is an arm that was read already, with its parentheses, when the caller could not know that it
 * was one; `leading` a WITH that was read when the statement might still have been an UPDATE.
 */
export function parseQuery(
  parser: Parser,
  first?: QueryNode,
  leading?: { readonly clause: WithClause; readonly start: number },
): QueryNode {
  parser.enter();
  const start = leading?.start ?? first?.start ?? parser.start;
  const withClause = leading?.clause ?? (first === undefined && parser.word === 'WITH' ? parseWith(parser) : undefined);
  const parenthesised = first !== undefined || parser.word === '(';
  let query = parseUnion(parser, first);
  if (withClause !== undefined || startsClause(parser)) {
    query = attachClauses(parser, query, withClause, parenthesised, start);
  }
  parser.leave();
  return query;
}

function startsClause(parser: Parser): boolean {
  switch (parser.word) {
    case 'ORDER':
    case 'LIMIT':
    case 'FOR':
    case 'LOCK':
    case 'INTO':
      return true;
    default:
      return false;
  }
}

/** The clauses belong to the query; when it has its own already, inside parentheses, it is wrapped. */
function attachClauses(
  parser: Parser,
  query: QueryNode,
  withClause: WithClause | undefined,
  parenthesised: boolean,
  start: number,
): QueryNode {
  const hasClauses =
    query.with !== undefined || query.orderBy.length > 0 || query.limit !== undefined || query.locks.length > 0;
  const wrap = parenthesised && hasClauses;
  const target: Mutable<QueryNode> = wrap
    ? { kind: 'parenthesized-query', query, orderBy: NONE, locks: NONE, start, end: 0 }
    : query;
  if (withClause !== undefined) target.with = withClause;
  if (parser.accept('ORDER')) {
    parser.expect('BY');
    target.orderBy = parseOrderItems(parser);
  }
  if (parser.word === 'LIMIT') target.limit = parseLimit(parser);
  let into = parser.word === 'INTO' ? parseInto(parser) : undefined;
  if (parser.word === 'FOR' || parser.word === 'LOCK') target.locks = parseLocks(parser);
  if (into === undefined && parser.word === 'INTO') into = parseInto(parser);
  if (into !== undefined) {
    if (target.into !== undefined) throw parser.syntaxError();
    target.into = into;
  }
  target.start = start;
  target.end = parser.previousEnd;
  return target as QueryNode;
}

// ---- set operations ----

function parseUnion(parser: Parser, first: QueryNode | undefined): QueryNode {
  const start = first === undefined ? parser.start : first.start;
  let left = parseIntersect(parser, first);
  for (let length = 1; parser.word === 'UNION' || parser.word === 'EXCEPT'; length++) {
    parser.chain(length);
    const operator = parser.word;
    parser.advance();
    const distinct = setQuantifier(parser);
    const isBare = !isParenthesis(parser);
    const right = parseIntersect(parser, undefined);
    left = setOperation(operator, distinct, left, right, isBare, start, parser.previousEnd);
  }
  return left;
}

function parseIntersect(parser: Parser, first: QueryNode | undefined): QueryNode {
  const start = first === undefined ? parser.start : first.start;
  let left = first ?? parseArm(parser);
  for (let length = 1; parser.word === 'INTERSECT'; length++) {
    parser.chain(length);
    parser.advance();
    const distinct = setQuantifier(parser);
    const isBare = !isParenthesis(parser);
    const right = parseArm(parser);
    left = setOperation('INTERSECT', distinct, left, right, isBare, start, parser.previousEnd);
  }
  return left;
}

function isParenthesis(parser: Parser): boolean {
  return parser.word === '(';
}

function setOperation(
  operator: SetOperationNode['operator'],
  distinct: boolean,
  left: QueryNode,
  right: QueryNode,
  isBare: boolean,
  start: number,
  end: number,
): SetOperationNode {
  // SELECT 1 UNION SELECT 2 INTO @a: said in the last arm, meant of them all. Elsewhere the binder refuses it.
  if (right.into !== undefined && (isBare || right.kind === 'set-operation')) {
    const { into, ...arm } = right;
    return { kind: 'set-operation', operator, distinct, left, right: arm, into, orderBy: NONE, locks: NONE, start, end }; // prettier-ignore
  }
  return { kind: 'set-operation', operator, distinct, left, right, orderBy: NONE, locks: NONE, start, end };
}

function setQuantifier(parser: Parser): boolean {
  if (parser.accept('ALL')) return false;
  parser.accept('DISTINCT');
  return true;
}

function parseArm(parser: Parser): QueryNode {
  switch (parser.word) {
    case 'SELECT':
      return parseSelect(parser);
    case 'VALUES':
      return parseValuesQuery(parser);
    case 'TABLE': {
      const start = parser.start;
      parser.advance();
      const table = parser.tableName();
      return { kind: 'table-query', table, orderBy: NONE, locks: NONE, start, end: parser.previousEnd };
    }
    case '(': {
      const start = parser.start;
      parser.advance();
      const query: Mutable<QueryNode> = parseQuery(parser);
      parser.expect(')');
      query.start = start;
      query.end = parser.previousEnd;
      return query as QueryNode;
    }
    default:
      throw parser.syntaxError();
  }
}

function parseValuesQuery(parser: Parser): QueryNode {
  const start = parser.start;
  parser.advance();
  const rows: ExpressionNode[][] = [];
  do {
    parser.expectWords('ROW', '(');
    rows.push(parser.word === ')' ? [] : parseValues(parser));
    parser.expect(')');
  } while (parser.accept(','));
  return { kind: 'values', rows, orderBy: NONE, locks: NONE, start, end: parser.previousEnd };
}

function parseValues(parser: Parser): ExpressionNode[] {
  const values = [parseValue(parser)];
  while (parser.accept(',')) values.push(parseValue(parser));
  return values;
}

export function parseWith(parser: Parser): WithClause {
  parser.expect('WITH');
  const recursive = parser.accept('RECURSIVE');
  const tables: CommonTable[] = [];
  do {
    const start = parser.start;
    const name = parser.name();
    const columns = parser.word === '(' ? parser.nameList() : NONE;
    parser.expectWords('AS', '(');
    const query = parseQuery(parser);
    parser.expect(')');
    tables.push({ name, columns, query, start, end: parser.previousEnd });
  } while (parser.accept(','));
  return { recursive, tables };
}

// ---- SELECT ----

function parseSelect(parser: Parser): SelectNode {
  const start = parser.start;
  parser.advance();
  const hints = parser.type === Token.HINT ? parseHints(parser) : NONE;
  const select: Mutable<SelectNode> = {
    kind: 'select',
    with: undefined,
    distinct: false,
    options: NONE,
    hints,
    items: NONE,
    from: NONE,
    where: undefined,
    groupBy: NONE,
    rollup: false,
    having: undefined,
    windows: NONE,
    orderBy: NONE,
    limit: undefined,
    locks: NONE,
    into: undefined,
    start,
    end: 0,
  };
  parseSelectOptions(parser, select);
  select.items = parseSelectItems(parser);
  if (parser.word === 'INTO') select.into = parseInto(parser);
  if (parser.accept('FROM')) parseFrom(parser, select);
  // `SELECT 1 WHERE …` without FROM is MySQL 8's, too.
  if (parser.accept('WHERE')) select.where = parseExpression(parser);
  if (select.from.length > 0 || parser.word === 'GROUP' || parser.word === 'HAVING' || parser.word === 'WINDOW') {
    parseGrouping(parser, select);
  }
  select.end = parser.previousEnd;
  return select;
}

function parseFrom(parser: Parser, select: Mutable<SelectNode>): void {
  if (parser.accept('DUAL')) return;
  select.from = parseTableReferences(parser);
}

function parseGrouping(parser: Parser, select: Mutable<SelectNode>): void {
  if (parser.accept('GROUP')) {
    parser.expect('BY');
    const groupBy: ExpressionNode[] = [];
    do groupBy.push(positional(parser, parseExpression(parser)));
    while (parser.accept(','));
    select.groupBy = groupBy;
    if (parser.accept('WITH')) {
      parser.expect('ROLLUP');
      select.rollup = true;
    }
  }
  if (parser.accept('HAVING')) select.having = parseExpression(parser);
  if (parser.accept('WINDOW')) {
    const windows: NamedWindow[] = [];
    do {
      const name = parser.name();
      parser.expect('AS');
      windows.push({ name, specification: parseWindowSpecification(parser) });
    } while (parser.accept(','));
    select.windows = windows;
  }
}

/** `GROUP BY 2`: the number is a position, so its value shapes the plan. */
function positional(parser: Parser, expression: ExpressionNode): ExpressionNode {
  if (expression.kind === 'literal' && expression.parameterIndex >= 0) parser.pinned.push(expression.parameterIndex);
  return expression;
}

function parseSelectOptions(parser: Parser, select: Mutable<SelectNode>): void {
  let options: SelectOption[] | undefined;
  for (;;) {
    switch (parser.word) {
      case 'ALL':
        if (select.distinct) throw parser.syntaxError();
        break;
      case 'DISTINCT':
      case 'DISTINCTROW':
        select.distinct = true;
        break;
      case 'HIGH_PRIORITY':
      case 'STRAIGHT_JOIN':
      case 'SQL_SMALL_RESULT':
      case 'SQL_BIG_RESULT':
      case 'SQL_BUFFER_RESULT':
      case 'SQL_CALC_FOUND_ROWS':
      case 'SQL_NO_CACHE':
        if (!parser.reserved && (parser.text.charCodeAt(parser.end) === 40 || !startsItem(parser))) return;
        (options ??= []).push(parser.word);
        select.options = options;
        break;
      default:
        return;
    }
    parser.advance();
  }
}

/** A word that is no reserved one is an option only when an item follows: `SELECT SQL_NO_CACHE FROM t` reads a column. */
function startsItem(parser: Parser): boolean {
  const next = parser.peek();
  return next !== 'FROM' && next !== ',' && next !== '.' && next !== 'AS' && next !== ';';
}

function parseSelectItems(parser: Parser): SelectItem[] {
  const items: SelectItem[] = [];
  if (parser.word === '*') {
    items.push({ kind: 'wildcard', start: parser.start, end: parser.end });
    parser.advance();
    if (!parser.accept(',')) return items;
  }
  do items.push(parseSelectItem(parser));
  while (parser.accept(','));
  return items;
}

function parseSelectItem(parser: Parser): SelectItem {
  if (parser.isName && parser.peek() === '.') {
    const wildcard = parseQualifiedWildcard(parser);
    if (wildcard !== undefined) return wildcard;
  }
  const { start, literalsRead } = parser;
  const expression = parseExpression(parser);
  const end = parser.previousEnd;
  const literalsEnd = parser.literalsRead;
  if (parser.accept('AS')) {
    const alias = parser.nameOrString();
    return { kind: 'expression', expression, alias, start, end };
  }
  if (parser.isName || parser.isString) {
    const alias = parser.nameOrString();
    return { kind: 'expression', expression, alias, start, end };
  }
  // The text is the column's name.
  if (literalsEnd > literalsRead) parser.pinRange(literalsRead, literalsEnd);
  const item: SelectExpression = { kind: 'expression', expression, start, end };
  return item;
}

/** `t.*` and `s.t.*`; moves on only when it is one. */
function parseQualifiedWildcard(parser: Parser): WildcardItem | undefined {
  const state = parser.mark();
  const start = parser.start;
  const first = parser.anyName();
  parser.advance();
  if (parser.word === '*') {
    parser.advance();
    return { kind: 'wildcard', table: first, start, end: parser.previousEnd };
  }
  if (parser.type === Token.WORD || parser.type === Token.QUOTED) {
    const second = parser.anyName();
    if (parser.accept('.') && parser.accept('*')) {
      return { kind: 'wildcard', schema: first, table: second, start, end: parser.previousEnd };
    }
  }
  parser.reset(state);
  return undefined;
}

// ---- clauses ----

export function parseOrderItems(parser: Parser): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const expression = positional(parser, parseExpression(parser));
    const descending = parser.accept('DESC');
    if (!descending) parser.accept('ASC');
    items.push({ expression, descending });
  } while (parser.accept(','));
  return items;
}

/** At LIMIT. */
export function parseLimit(parser: Parser, offsetAllowed = true): LimitClause {
  parser.expect('LIMIT');
  const first = limitNumber(parser);
  if (!offsetAllowed) return { count: first };
  if (parser.accept(',')) return { count: limitNumber(parser), offset: first };
  if (parser.accept('OFFSET')) return { count: first, offset: limitNumber(parser) };
  return { count: first };
}

function limitNumber(parser: Parser): ExpressionNode {
  if (parser.type === Token.PARAMETER) return parseParameter(parser);
  if (parser.type !== Token.INTEGER && parser.type !== Token.HEX) throw parser.syntaxError();
  return parseLiteral(parser);
}

function parseLocks(parser: Parser): LockClause[] {
  const locks: LockClause[] = [];
  if (parser.accept('LOCK')) {
    parser.expectWords('IN', 'SHARE', 'MODE');
    return [{ strength: 'SHARE', tables: NONE, wait: 'wait' }];
  }
  while (parser.accept('FOR')) {
    const strength = parser.acceptAny('UPDATE', 'SHARE') as LockClause['strength'] | undefined;
    if (strength === undefined) throw parser.syntaxError();
    const tables = parser.accept('OF') ? parser.tableNames() : NONE;
    let wait: LockClause['wait'] = 'wait';
    if (parser.accept('NOWAIT')) wait = 'nowait';
    else if (parser.accept('SKIP')) {
      parser.expect('LOCKED');
      wait = 'skip-locked';
    }
    locks.push({ strength, tables, wait });
  }
  return locks;
}

function parseInto(parser: Parser): IntoClause {
  parser.expect('INTO');
  if (parser.accept('OUTFILE')) {
    const file = parser.string();
    const charset = parseCharsetClause(parser);
    return { kind: 'outfile', file, charset, format: parseFileFormat(parser) };
  }
  if (parser.accept('DUMPFILE')) return { kind: 'dumpfile', file: parser.string() };
  const variables: UserVariableNode[] = [];
  do variables.push(userVariable(parser));
  while (parser.accept(','));
  return { kind: 'variables', variables };
}

/** `CHARACTER SET x`, also `CHARSET x`; undefined when there is none. */
export function parseCharsetClause(parser: Parser): string | undefined {
  if (parser.accept('CHARSET')) return charsetName(parser);
  if ((parser.word === 'CHARACTER' || parser.word === 'CHAR') && parser.peek() === 'SET') {
    parser.advance();
    parser.advance();
    return charsetName(parser);
  }
  return undefined;
}

/** FIELDS … LINES …, both optional. */
export function parseFileFormat(parser: Parser): FileFormat {
  const format: Mutable<FileFormat> = { fieldsOptionallyEnclosed: false };
  if (parser.acceptAny('FIELDS', 'COLUMNS') !== undefined) {
    let read = false;
    for (; ; read = true) {
      if (parser.accept('TERMINATED')) {
        parser.expect('BY');
        format.fieldsTerminatedBy = parser.textString();
      } else if (parser.word === 'OPTIONALLY' || parser.word === 'ENCLOSED') {
        format.fieldsOptionallyEnclosed = parser.accept('OPTIONALLY');
        parser.expectWords('ENCLOSED', 'BY');
        format.fieldsEnclosedBy = parser.textString();
      } else if (parser.accept('ESCAPED')) {
        parser.expect('BY');
        format.fieldsEscapedBy = parser.textString();
      } else break;
    }
    if (!read) throw parser.syntaxError();
  }
  if (parser.accept('LINES')) {
    let read = false;
    for (; ; read = true) {
      if (parser.accept('TERMINATED')) {
        parser.expect('BY');
        format.linesTerminatedBy = parser.textString();
      } else if (parser.accept('STARTING')) {
        parser.expect('BY');
        format.linesStartingBy = parser.textString();
      } else break;
    }
    if (!read) throw parser.syntaxError();
  }
  return format;
}

/**
 * What stands behind FROM: tables, derived tables, joins, JSON_TABLE.
 *
 * A join reads on to the right before its condition: in `a JOIN b JOIN c ON x ON y` the inner pair is `b JOIN c ON x`. Outer joins
 * need a condition, a natural join has none, the others may go without (see `lower`).
 */
import type {
  DerivedTableNode, IndexHint, JoinNode, JsonTableColumn, QueryNode, TableNode, TableReference,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseExpression } from './parser-expression.ts';
import { parseJsonResponses } from './parser-function.ts';
import { parseQuery, startsQuery } from './parser-query.ts';
import { SqlError } from '../../base/error.ts';
import { parseColumnType } from './parser-type.ts';

/** The comma list. */
export function parseTableReferences(parser: Parser): TableReference[] {
  const list = [parseTableReference(parser)];
  while (parser.accept(',')) list.push(parseTableReference(parser));
  return list;
}

/** One item of the list with all its joins. `first` is a factor that was read already. */
function parseTableReference(parser: Parser, first?: TableReference): TableReference {
  const start = first === undefined ? parser.start : first.start;
  let left = first ?? parseFactor(parser);
  for (let length = 1; startsJoin(parser.word); length++) {
    parser.chain(length);
    left = parseJoin(parser, left, start);
  }
  return left;
}

function startsJoin(word: string): boolean {
  switch (word) {
    case 'JOIN':
    case 'INNER':
    case 'CROSS':
    case 'LEFT':
    case 'RIGHT':
    case 'NATURAL':
    case 'STRAIGHT_JOIN':
      return true;
    default:
      return false;
  }
}

/** The words of one join, then its right side and its condition. */
function parseJoin(parser: Parser, left: TableReference, start: number): TableReference {
  const natural = parser.accept('NATURAL');
  let joinType: JoinNode['joinType'] = 'INNER';
  if (parser.word === 'LEFT' || parser.word === 'RIGHT') {
    joinType = parser.word;
    parser.advance();
    parser.accept('OUTER');
    parser.expect('JOIN');
  } else if (!natural && parser.accept('STRAIGHT_JOIN')) {
    joinType = 'STRAIGHT';
  } else {
    if (!natural && parser.accept('CROSS')) joinType = 'CROSS';
    else parser.accept('INNER');
    parser.expect('JOIN');
  }
  if (natural) {
    const right = parseFactor(parser);
    return { kind: 'join', joinType, natural, left, right, start, end: parser.previousEnd };
  }
  const first = parseFactor(parser);
  parser.enter();
  const right = startsJoin(parser.word) ? parseNested(parser, first) : first;
  parser.leave();
  const join: Mutable<JoinNode> = { kind: 'join', joinType, natural, left, right, start, end: 0 };
  if (parser.accept('ON')) join.on = parseExpression(parser);
  else if (parser.word === 'USING') {
    if (joinType === 'STRAIGHT') throw parser.syntaxError();
    parser.advance();
    join.using = parser.nameList();
  } else if (joinType === 'LEFT' || joinType === 'RIGHT') throw parser.syntaxError();
  else return lower(join, first, parser.previousEnd);
  join.end = parser.previousEnd;
  return join;
}

/**
 * No condition was left for `join`, so it is not the outermost: `a JOIN b JOIN c ON x`, read as `a JOIN (b JOIN c ON x)`, is
 * `(a JOIN b) JOIN c ON x`. It takes the place of `first`, the leftmost leaf of what was read to its right.
 */
function lower(join: Mutable<JoinNode>, first: TableReference, end: number): TableReference {
  join.end = first.end;
  if (join.right === first) {
    join.end = end;
    return join;
  }
  const root = join.right;
  join.right = first;
  let node = root as Mutable<JoinNode>;
  node.start = join.start;
  while (node.left !== first) {
    node = node.left as Mutable<JoinNode>;
    node.start = join.start;
  }
  node.left = join;
  return root;
}

/** Joins onto `first` until a condition shows up that none of them wants. */
function parseNested(parser: Parser, first: TableReference): TableReference {
  let left = first;
  for (let length = 1; startsJoin(parser.word); length++) {
    parser.chain(length);
    left = parseJoin(parser, left, first.start);
  }
  return left;
}

// ---- factors ----

function parseFactor(parser: Parser): TableReference {
  switch (parser.word) {
    case '(': {
      const group = parseTableGroup(parser);
      return group.query === undefined ? group.table : derived(parser, group.query, group.start, false);
    }
    case 'LATERAL': {
      const start = parser.start;
      parser.advance();
      parser.expect('(');
      const query = parseQuery(parser);
      parser.expect(')');
      return derived(parser, query, start, true);
    }
    case 'JSON_TABLE':
      return parseJsonTable(parser);
    case '{': {
      // {OJ a LEFT JOIN b ON …}
      parser.advance();
      parser.expect('OJ');
      const table = parseTableReference(parser);
      parser.expect('}');
      return table;
    }
    default:
      return parseTable(parser);
  }
}

type TableGroup =
  | { readonly query: QueryNode; readonly table?: undefined; readonly start: number }
  | { readonly query?: undefined; readonly table: TableReference; readonly start: number };

/** At `(`: a query (its alias follows), or joins in parentheses. Each parenthesis is read once. */
function parseTableGroup(parser: Parser): TableGroup {
  const start = parser.start;
  parser.enter();
  parser.advance();
  let group: TableGroup;
  if (startsQuery(parser)) {
    group = { query: parseQuery(parser), start };
  } else if (parser.word === '(') {
    const inner = parseTableGroup(parser);
    group =
      inner.query === undefined
        ? tableGroup(parser, inner.table, start)
        : queryGroup(parser, inner.query, inner.start, start);
  } else {
    group = tableGroup(parser, undefined, start);
  }
  parser.expect(')');
  parser.leave();
  return group;
}

/** After a query in parentheses, inside another one: more arms, nothing, or it was a derived table. */
function queryGroup(parser: Parser, query: QueryNode, innerStart: number, start: number): TableGroup {
  switch (parser.word) {
    case ')':
      return { query, start };
    case 'UNION':
    case 'EXCEPT':
    case 'INTERSECT':
    case 'ORDER':
    case 'LIMIT':
      return { query: parseQuery(parser, query), start };
    default:
      return tableGroup(parser, derived(parser, query, innerStart, false), start);
  }
}

/** `(a, b)` is a cross join in parentheses. */
function tableGroup(parser: Parser, first: TableReference | undefined, start: number): TableGroup {
  let table = parseTableReference(parser, first);
  for (let length = 1; parser.accept(','); length++) {
    parser.chain(length);
    const right = parseTableReference(parser);
    table = {
      kind: 'join',
      joinType: 'CROSS',
      natural: false,
      left: table,
      right,
      start: table.start,
      end: parser.previousEnd,
    };
  }
  return { table, start };
}

function derived(parser: Parser, query: QueryNode, start: number, lateral: boolean): DerivedTableNode {
  const alias = optionalAlias(parser);
  if (alias === undefined) throw new SqlError(1248, '42000', 'Every derived table must have its own alias');
  const columns = parser.word === '(' ? parser.nameList() : [];
  return { kind: 'derived-table', query, alias, columns, lateral, start, end: parser.previousEnd };
}

export function optionalAlias(parser: Parser): string | undefined {
  if (parser.accept('AS') || parser.word === '=') {
    parser.accept('=');
    return parser.name();
  }
  return parser.isName ? parser.name() : undefined;
}

function parseTable(parser: Parser): TableNode {
  const start = parser.start;
  const table = parser.tableName();
  const partitions = parser.accept('PARTITION') ? parser.nameList() : [];
  const node: Mutable<TableNode> = {
    kind: 'table',
    table,
    alias: undefined,
    partitions,
    indexHints: [],
    asOf: undefined,
    start,
    end: 0,
  };
  if (parser.word === 'AS' && parser.peek() === 'OF') {
    parser.advance();
    parser.advance();
    parser.expect('TIMESTAMP');
    node.asOf = parseExpression(parser);
  }
  const alias = optionalAlias(parser);
  if (alias !== undefined) node.alias = alias;
  if (parser.word === 'USE' || parser.word === 'FORCE' || parser.word === 'IGNORE')
    node.indexHints = parseIndexHints(parser);
  node.end = parser.previousEnd;
  return node;
}

function parseIndexHints(parser: Parser): IndexHint[] {
  const hints: IndexHint[] = [];
  for (;;) {
    const action = parser.word;
    if (action !== 'USE' && action !== 'FORCE' && action !== 'IGNORE') return hints;
    const next = parser.peek();
    if (next !== 'INDEX' && next !== 'KEY') return hints;
    parser.advance();
    parser.advance();
    let scope: IndexHint['scope'];
    if (parser.accept('FOR')) {
      if (parser.accept('JOIN')) scope = 'JOIN';
      else if (parser.accept('ORDER')) {
        parser.expect('BY');
        scope = 'ORDER BY';
      } else {
        parser.expectWords('GROUP', 'BY');
        scope = 'GROUP BY';
      }
    }
    parser.expect('(');
    const indexes: string[] = [];
    if (parser.word !== ')' || action !== 'USE') {
      do indexes.push(parser.word === 'PRIMARY' ? parser.anyName() : parser.name());
      while (parser.accept(','));
    }
    parser.expect(')');
    hints.push({ action, scope, indexes });
    // Hints may be separated by commas or by blanks.
    if (parser.word === ',' && parser.peek() !== '' && /^(?:USE|FORCE|IGNORE)$/.test(parser.peek())) parser.advance();
  }
}

// ---- JSON_TABLE ----

function parseJsonTable(parser: Parser): TableReference {
  const start = parser.start;
  parser.advance();
  parser.expect('(');
  const document = parseExpression(parser);
  parser.expect(',');
  const path = parser.string();
  const columns = parseJsonColumns(parser);
  parser.expect(')');
  const alias = optionalAlias(parser);
  if (alias === undefined) throw new SqlError(3667, 'HY000', 'Every table function must have an alias.');
  return { kind: 'json-table', document, path, columns, alias, start, end: parser.previousEnd };
}

function parseJsonColumns(parser: Parser): JsonTableColumn[] {
  parser.enter();
  parser.expectWords('COLUMNS', '(');
  const columns: JsonTableColumn[] = [];
  do columns.push(parseJsonColumn(parser));
  while (parser.accept(','));
  parser.expect(')');
  parser.leave();
  return columns;
}

function parseJsonColumn(parser: Parser): JsonTableColumn {
  if (parser.word === 'NESTED') {
    parser.advance();
    parser.accept('PATH');
    const path = parser.string();
    return { kind: 'nested', path, columns: parseJsonColumns(parser) };
  }
  const name = parser.name();
  if (parser.accept('FOR')) {
    parser.expect('ORDINALITY');
    return { kind: 'ordinality', name };
  }
  const type = parseColumnType(parser);
  const exists = parser.accept('EXISTS');
  parser.expect('PATH');
  if (parser.type !== Token.STRING) throw parser.syntaxError();
  const path = parser.string();
  return { kind: 'value', name, type, exists, path, ...parseJsonResponses(parser) };
}

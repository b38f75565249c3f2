/**
 * INSERT, REPLACE, UPDATE, DELETE, LOAD DATA.
 */
import type {
  ColumnAssignment, ColumnNode, DeleteStatement, ExpressionNode, HintNode, InsertSource, InsertStatement, LoadDataStatement,
  TableName, TableReference, UpdateStatement, UserVariableNode, WithClause,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseExpression, parseValue, userVariable } from './parser-expression.ts';
import { parseColumn } from './parser-function.ts';
import { parseHints } from './parser-hint.ts';
import {
  parseCharsetClause,
  parseFileFormat,
  parseLimit,
  parseOrderItems,
  parseQuery,
  startsQueryOrGroup,
} from './parser-query.ts';
import { parseTableReferences } from './parser-table.ts';

function hints(parser: Parser): readonly HintNode[] {
  return parser.type === Token.HINT ? parseHints(parser) : [];
}

export function parseAssignments(parser: Parser): ColumnAssignment[] {
  const assignments: ColumnAssignment[] = [];
  do {
    const start = parser.start;
    const column = parseColumn(parser);
    if (parser.word !== '=' && parser.word !== ':=') throw parser.syntaxError();
    parser.advance();
    const value = parseValue(parser);
    assignments.push({ column, value, start, end: parser.previousEnd });
  } while (parser.accept(','));
  return assignments;
}

// ---- INSERT ----

export function parseInsert(parser: Parser): InsertStatement {
  const start = parser.start;
  const replace = parser.word === 'REPLACE';
  parser.advance();
  const statement: Mutable<InsertStatement> = {
    kind: 'insert',
    replace,
    priority: undefined,
    ignore: false,
    hints: hints(parser),
    table: undefined as unknown as TableName,
    partitions: [],
    columns: undefined,
    source: undefined as unknown as InsertSource,
    rowAlias: undefined,
    onDuplicate: [],
    start,
    end: 0,
  };
  const priority = replace
    ? parser.acceptAny('LOW_PRIORITY', 'DELAYED')
    : parser.acceptAny('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY');
  if (priority !== undefined) statement.priority = priority as 'DELAYED';
  if (!replace) statement.ignore = parser.accept('IGNORE');
  parser.accept('INTO');
  statement.table = parser.tableName();
  if (parser.accept('PARTITION')) statement.partitions = parser.nameList();
  parseInsertSource(parser, statement);
  if (!replace && parser.accept('ON')) {
    parser.expectWords('DUPLICATE', 'KEY', 'UPDATE');
    statement.onDuplicate = parseAssignments(parser);
  }
  statement.end = parser.previousEnd;
  return statement;
}

function parseInsertSource(parser: Parser, statement: Mutable<InsertStatement>): void {
  if (parser.accept('SET')) {
    statement.source = { kind: 'set', assignments: parseAssignments(parser) };
    parseRowAlias(parser, statement);
    return;
  }
  if (parser.word === '(' && !startsQueryOrGroup(parser)) statement.columns = parseColumnList(parser);
  if (parser.word === 'VALUE' || (parser.word === 'VALUES' && parser.peek() !== 'ROW')) {
    parser.advance();
    statement.source = { kind: 'rows', rows: parseRows(parser) };
    parseRowAlias(parser, statement);
    return;
  }
  statement.source = { kind: 'query', query: parseQuery(parser) };
  // VALUES ROW(…) may have an alias as well.
  if (statement.source.query.kind === 'values') parseRowAlias(parser, statement);
}

/** `()` or `(a, t.b)`. */
function parseColumnList(parser: Parser): ColumnNode[] {
  parser.expect('(');
  const columns: ColumnNode[] = [];
  if (parser.accept(')')) return columns;
  do columns.push(parseColumn(parser));
  while (parser.accept(','));
  parser.expect(')');
  return columns;
}

// hot
function parseRows(parser: Parser): ExpressionNode[][] {
  const rows: ExpressionNode[][] = [];
  do {
    parser.expect('(');
    const row: ExpressionNode[] = [];
    if (parser.word !== ')') {
      do row.push(parseValue(parser));
      while (parser.accept(','));
    }
    parser.expect(')');
    rows.push(row);
  } while (parser.accept(','));
  return rows;
}

function parseRowAlias(parser: Parser, statement: Mutable<InsertStatement>): void {
  if (statement.replace || !parser.accept('AS')) return;
  const name = parser.name();
  statement.rowAlias = { name, columns: parser.word === '(' ? parser.nameList() : [] };
}

// ---- UPDATE ----

export function parseUpdate(parser: Parser, withClause?: WithClause, withStart?: number): UpdateStatement {
  const start = withStart ?? parser.start;
  parser.expect('UPDATE');
  const hintList = hints(parser);
  const lowPriority = parser.accept('LOW_PRIORITY');
  const ignore = parser.accept('IGNORE');
  const tables = parseTableReferences(parser);
  parser.expect('SET');
  const assignments = parseAssignments(parser);
  const statement: Mutable<UpdateStatement> = {
    kind: 'update',
    with: withClause,
    lowPriority,
    ignore,
    hints: hintList,
    tables,
    assignments,
    where: undefined,
    orderBy: [],
    limit: undefined,
    start,
    end: 0,
  };
  parseTail(parser, statement, tables.length === 1 && tables[0]!.kind === 'table');
  return statement;
}

/** WHERE, and for one plain table ORDER BY and LIMIT. */
function parseTail(
  parser: Parser,
  statement: Mutable<UpdateStatement> | Mutable<DeleteStatement>,
  single: boolean,
): void {
  if (parser.accept('WHERE')) statement.where = parseExpression(parser);
  if (single && parser.accept('ORDER')) {
    parser.expect('BY');
    statement.orderBy = parseOrderItems(parser);
  }
  if (single && parser.word === 'LIMIT') statement.limit = parseLimit(parser, false);
  statement.end = parser.previousEnd;
}

// ---- DELETE ----

export function parseDelete(parser: Parser, withClause?: WithClause, withStart?: number): DeleteStatement {
  const start = withStart ?? parser.start;
  parser.expect('DELETE');
  const statement: Mutable<DeleteStatement> = {
    kind: 'delete',
    with: withClause,
    lowPriority: false,
    quick: false,
    ignore: false,
    hints: hints(parser),
    targets: undefined,
    tables: [],
    where: undefined,
    orderBy: [],
    limit: undefined,
    start,
    end: 0,
  };
  for (;;) {
    if (parser.accept('LOW_PRIORITY')) statement.lowPriority = true;
    else if (parser.word === 'QUICK' && parser.peek() !== '.') {
      parser.advance();
      statement.quick = true;
    } else if (parser.accept('IGNORE')) statement.ignore = true;
    else break;
  }
  if (!parser.accept('FROM')) {
    // DELETE a, b FROM joins
    statement.targets = parseTargets(parser);
    parser.expect('FROM');
    statement.tables = parseTableReferences(parser);
    parseTail(parser, statement, false);
    return statement;
  }
  const state = parser.mark();
  const first = parseTarget(parser);
  if (parser.word === ',' || parser.word === 'USING') {
    // DELETE FROM a, b USING joins
    const targets = [first];
    while (parser.accept(',')) targets.push(parseTarget(parser));
    parser.expect('USING');
    statement.targets = targets;
    statement.tables = parseTableReferences(parser);
    parseTail(parser, statement, false);
    return statement;
  }
  parser.reset(state);
  statement.tables = [parseDeleteTable(parser)];
  parseTail(parser, statement, true);
  return statement;
}

/** The single table: no joins, no index hints. */
function parseDeleteTable(parser: Parser): TableReference {
  const start = parser.start;
  const table = parser.tableName();
  let alias: string | undefined;
  if (parser.accept('AS') || parser.isName) alias = parser.name();
  const partitions = parser.accept('PARTITION') ? parser.nameList() : [];
  return { kind: 'table', table, alias, partitions, indexHints: [], start, end: parser.previousEnd };
}

function parseTargets(parser: Parser): TableName[] {
  const targets = [parseTarget(parser)];
  while (parser.accept(',')) targets.push(parseTarget(parser));
  return targets;
}

/** `t`, `t.*`, `s.t`, `s.t.*`. */
function parseTarget(parser: Parser): TableName {
  const start = parser.start;
  const first = parser.name();
  if (!parser.accept('.')) return { name: first, start, end: parser.previousEnd };
  if (parser.accept('*')) return { name: first, start, end: parser.previousEnd };
  const name = parser.anyName();
  if (parser.accept('.')) parser.expect('*');
  return { schema: first, name, start, end: parser.previousEnd };
}

// ---- LOAD DATA ----

export function parseLoad(parser: Parser): LoadDataStatement {
  const start = parser.start;
  parser.expect('LOAD');
  const what = parser.acceptAny('DATA', 'XML');
  if (what === undefined) throw parser.syntaxError();
  const priority = parser.acceptAny('LOW_PRIORITY', 'CONCURRENT') as 'CONCURRENT' | undefined;
  const local = parser.accept('LOCAL');
  parser.expect('INFILE');
  const file = parser.string();
  const duplicate = parser.acceptAny('REPLACE', 'IGNORE');
  parser.expectWords('INTO', 'TABLE');
  const table = parser.tableName();
  const partitions = parser.accept('PARTITION') ? parser.nameList() : [];
  const charset = parseCharsetClause(parser);
  if (what === 'XML' && parser.accept('ROWS')) {
    parser.expectWords('IDENTIFIED', 'BY');
    parser.string();
  }
  const format = parseFileFormat(parser);
  let ignoreLines = 0;
  if (parser.accept('IGNORE')) {
    ignoreLines = parser.integer();
    if (parser.acceptAny('LINES', 'ROWS') === undefined) throw parser.syntaxError();
  }
  const columns = parser.word === '(' ? parseLoadColumns(parser) : undefined;
  const assignments = parser.accept('SET') ? parseAssignments(parser) : [];
  const duplicates = duplicate === undefined ? 'error' : duplicate === 'REPLACE' ? 'replace' : 'ignore';
  return {
    kind: 'load-data', xml: what === 'XML', local, priority, file, duplicates, table, partitions, charset, format, ignoreLines, columns,
    assignments, start, end: parser.previousEnd,
  }; // prettier-ignore
}

function parseLoadColumns(parser: Parser): (ColumnNode | UserVariableNode)[] {
  parser.expect('(');
  const columns: (ColumnNode | UserVariableNode)[] = [];
  if (parser.accept(')')) return columns;
  do columns.push(parser.type === Token.USER_VARIABLE ? userVariable(parser) : parseColumn(parser));
  while (parser.accept(','));
  parser.expect(')');
  return columns;
}

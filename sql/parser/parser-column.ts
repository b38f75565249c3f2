/**
 * The elements of a table: columns with their attributes, keys, foreign keys, checks.
 */
import type {
  CheckDefinition, ColumnDefinition, ExpressionNode, ForeignKeyDefinition, ForeignKeyReference, IndexDefinition, IndexOptions, IndexPart,
  ReferenceAction,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { isLiteral } from './parser-base.ts';
import { parseExpression, parseLiteral, parseSimple } from './parser-expression.ts';
import { parseNow } from './parser-function.ts';
import { collationName, parseColumnType } from './parser-type.ts';

export interface TableElements {
  readonly columns: ColumnDefinition[];
  readonly indexes: IndexDefinition[];
  readonly foreignKeys: ForeignKeyDefinition[];
  readonly checks: CheckDefinition[];
}

export function parseTableElement(parser: Parser, elements: TableElements): void {
  const constraint = parseConstraint(parser);
  if (constraint === undefined) {
    elements.columns.push(parseColumnDefinition(parser));
    return;
  }
  switch (constraint.kind) {
    case 'check':
      elements.checks.push(constraint.check);
      return;
    case 'foreign-key':
      elements.foreignKeys.push(constraint.foreignKey);
      return;
    case 'index':
      elements.indexes.push(constraint.index);
  }
}

export type Constraint =
  | { readonly kind: 'check'; readonly check: CheckDefinition }
  | { readonly kind: 'foreign-key'; readonly foreignKey: ForeignKeyDefinition }
  | { readonly kind: 'index'; readonly index: IndexDefinition };

/** A key, a foreign key or a check; undefined when a column begins here. */
export function parseConstraint(parser: Parser): Constraint | undefined {
  const start = parser.start;
  let constraint: string | undefined;
  const named = parser.accept('CONSTRAINT');
  if (named && parser.isName) constraint = parser.name();
  switch (parser.word) {
    case 'CHECK':
      return { kind: 'check', check: parseCheck(parser, constraint, start) };
    case 'FOREIGN':
      return { kind: 'foreign-key', foreignKey: parseForeignKey(parser, constraint, start) };
    case 'PRIMARY': {
      parser.advance();
      parser.expect('KEY');
      if (parser.isName && !parser.at('TYPE')) parser.name();
      return { kind: 'index', index: parseKey(parser, 'primary', undefined, constraint, false, start) };
    }
    case 'UNIQUE':
      parser.advance();
      parser.acceptAny('INDEX', 'KEY');
      return { kind: 'index', index: parseNamedKey(parser, 'unique', constraint, start) };
  }
  if (named) throw parser.syntaxError();
  switch (parser.word) {
    case 'FULLTEXT':
    case 'SPATIAL': {
      const kind = parser.word === 'FULLTEXT' ? 'fulltext' : 'spatial';
      parser.advance();
      parser.acceptAny('INDEX', 'KEY');
      return { kind: 'index', index: parseNamedKey(parser, kind, undefined, start) };
    }
    case 'INDEX':
    case 'KEY':
      parser.advance();
      return { kind: 'index', index: parseNamedKey(parser, 'index', undefined, start) };
    default:
      return undefined;
  }
}

function parseNamedKey(
  parser: Parser,
  kind: IndexDefinition['kind'],
  constraint: string | undefined,
  start: number,
): IndexDefinition {
  const ifNotExists = parser.acceptIfNotExists();
  const name = parser.isName && !(parser.word === 'TYPE' && parser.peek() !== '(') ? parser.name() : undefined;
  return parseKey(parser, kind, name, constraint, ifNotExists, start);
}

function parseKey(
  parser: Parser,
  kind: IndexDefinition['kind'],
  name: string | undefined,
  constraint: string | undefined,
  ifNotExists: boolean,
  start: number,
): IndexDefinition {
  let using: string | undefined;
  if (parser.word === 'USING' || parser.word === 'TYPE') {
    parser.advance();
    using = parser.anyName().toUpperCase();
  }
  const parts = parseIndexParts(parser);
  const options = { ...(using === undefined ? {} : { using }), ...parseIndexOptions(parser) };
  return { kind, name, constraint, ifNotExists, parts, options, start, end: parser.previousEnd };
}

export function parseIndexParts(parser: Parser): IndexPart[] {
  parser.expect('(');
  const parts: IndexPart[] = [];
  do {
    const start = parser.start;
    const part: Mutable<IndexPart> = { descending: false, start, end: 0 };
    if (parser.accept('(')) {
      part.expression = parseExpression(parser);
      parser.expect(')');
    } else {
      part.column = parser.name();
      if (parser.accept('(')) {
        part.prefixLength = parser.integer();
        parser.expect(')');
      }
    }
    part.descending = parser.accept('DESC');
    if (!part.descending) parser.accept('ASC');
    part.end = parser.previousEnd;
    parts.push(part);
  } while (parser.accept(','));
  parser.expect(')');
  return parts;
}

export function parseIndexOptions(parser: Parser): IndexOptions {
  const options: Mutable<IndexOptions> = {};
  for (;;) {
    switch (parser.word) {
      case 'USING':
      case 'TYPE':
        parser.advance();
        options.using = parser.anyName().toUpperCase();
        break;
      case 'COMMENT':
        parser.advance();
        options.comment = parser.string();
        break;
      case 'VISIBLE':
      case 'INVISIBLE':
        options.visible = parser.word === 'VISIBLE';
        parser.advance();
        break;
      case 'KEY_BLOCK_SIZE':
        parser.advance();
        parser.optionalEquals();
        options.keyBlockSize = parser.integer();
        break;
      case 'WITH':
        parser.advance();
        parser.expect('PARSER');
        options.parser = parser.name();
        break;
      case 'CLUSTERED':
      case 'NONCLUSTERED':
        options.clustered = parser.word === 'CLUSTERED';
        parser.advance();
        break;
      case 'GLOBAL':
      case 'LOCAL':
        options.global = parser.word === 'GLOBAL';
        parser.advance();
        break;
      case 'ENGINE_ATTRIBUTE':
        parser.advance();
        parser.optionalEquals();
        options.engineAttribute = parser.string();
        break;
      case 'SECONDARY_ENGINE_ATTRIBUTE':
        parser.advance();
        parser.optionalEquals();
        options.secondaryEngineAttribute = parser.string();
        break;
      default:
        return options;
    }
  }
}

function parseCheck(parser: Parser, name: string | undefined, start: number): CheckDefinition {
  parser.expectWords('CHECK', '(');
  const expression = parseExpression(parser);
  parser.expect(')');
  const enforced = parseEnforced(parser);
  return { name, expression, enforced: enforced ?? true, start, end: parser.previousEnd };
}

/** `[NOT] ENFORCED`. */
export function parseEnforced(parser: Parser): boolean | undefined {
  if (parser.accept('ENFORCED')) return true;
  return parser.accept2('NOT', 'ENFORCED') ? false : undefined;
}

function parseForeignKey(parser: Parser, constraint: string | undefined, start: number): ForeignKeyDefinition {
  parser.expectWords('FOREIGN', 'KEY');
  parser.acceptIfNotExists();
  const name = parser.isName ? parser.name() : undefined;
  const columns = parser.nameList();
  const references = parseReferences(parser);
  return { constraint, name, columns, references, start, end: parser.previousEnd };
}

function parseReferences(parser: Parser): ForeignKeyReference {
  parser.expect('REFERENCES');
  const table = parser.tableName();
  const columns = parser.word === '(' ? parser.nameList() : [];
  const references: Mutable<ForeignKeyReference> = { table, columns };
  if (parser.accept('MATCH')) {
    const match = parser.acceptAny('FULL', 'PARTIAL', 'SIMPLE');
    if (match === undefined) throw parser.syntaxError();
    references.match = match as 'FULL';
  }
  while (parser.accept('ON')) {
    if (parser.accept('DELETE')) references.onDelete = referenceAction(parser);
    else {
      parser.expect('UPDATE');
      references.onUpdate = referenceAction(parser);
    }
  }
  return references;
}

function referenceAction(parser: Parser): ReferenceAction {
  const word = parser.acceptAny('RESTRICT', 'CASCADE', 'SET', 'NO');
  if (word === 'RESTRICT' || word === 'CASCADE') return word;
  if (word === 'NO') {
    parser.expect('ACTION');
    return 'NO ACTION';
  }
  if (word === undefined) throw parser.syntaxError();
  if (parser.accept('NULL')) return 'SET NULL';
  parser.expect('DEFAULT');
  return 'SET DEFAULT';
}

// ---- columns ----

export function parseColumnDefinition(parser: Parser): ColumnDefinition {
  const start = parser.start;
  let name = parser.name();
  // `t.c` is allowed in a definition; the table says nothing new.
  while (parser.accept('.')) name = parser.anyName();
  return parseColumnSpecification(parser, name, start);
}

/** The type and the attributes. */
function parseColumnSpecification(parser: Parser, name: string, start: number): ColumnDefinition {
  const type = parseColumnType(parser);
  const column: Mutable<ColumnDefinition> = {
    name, type, autoIncrement: false, primaryKey: false, unique: false, checks: [], start, end: 0,
  }; // prettier-ignore
  if (type.collation !== undefined) column.collation = type.collation;
  if (type.serial === true) {
    column.nullable = false;
    column.autoIncrement = true;
    column.unique = true;
  }
  while (parseAttribute(parser, column));
  column.end = parser.previousEnd;
  return column;
}

/** One attribute, in whatever order; false when none begins here. */
function parseAttribute(parser: Parser, column: Mutable<ColumnDefinition>): boolean {
  switch (parser.word) {
    case 'NULL':
      parser.advance();
      column.nullable = true;
      return true;
    case 'NOT':
      if (parser.peek() === 'ENFORCED') return false;
      parser.advance();
      parser.expect('NULL');
      column.nullable = false;
      return true;
    case 'DEFAULT':
      parser.advance();
      parseDefault(parser, column);
      return true;
    case 'ON':
      parser.advance();
      parser.expect('UPDATE');
      column.onUpdate = parseNowWord(parser);
      return true;
    case 'AUTO_INCREMENT':
      parser.advance();
      column.autoIncrement = true;
      return true;
    case 'UNIQUE':
      parser.advance();
      parser.accept('KEY');
      column.unique = true;
      return true;
    case 'PRIMARY':
    case 'KEY':
      if (parser.accept('PRIMARY')) parser.expect('KEY');
      else parser.advance();
      column.primaryKey = true;
      if (parser.at('CLUSTERED') || parser.at('NONCLUSTERED')) {
        column.primaryKeyClustered = parser.at('CLUSTERED');
        parser.advance();
      }
      return true;
    case 'COMMENT':
      parser.advance();
      column.comment = parser.string();
      return true;
    case 'COLLATE':
      parser.advance();
      column.collation = collationName(parser);
      return true;
    case 'REFERENCES':
      column.references = parseReferences(parser);
      return true;
    case 'CONSTRAINT':
    case 'CHECK':
      return parseColumnCheck(parser, column);
    case 'GENERATED':
    case 'AS':
      parseGenerated(parser, column);
      return true;
    default:
      return parseRareAttribute(parser, column);
  }
}

function parseRareAttribute(parser: Parser, column: Mutable<ColumnDefinition>): boolean {
  switch (parser.word) {
    case 'VISIBLE':
    case 'INVISIBLE':
      column.visible = parser.word === 'VISIBLE';
      parser.advance();
      return true;
    case 'COLUMN_FORMAT': {
      parser.advance();
      const format = parser.acceptAny('FIXED', 'DYNAMIC', 'DEFAULT');
      if (format === undefined) throw parser.syntaxError();
      column.columnFormat = format;
      return true;
    }
    case 'STORAGE': {
      parser.advance();
      const storage = parser.acceptAny('DISK', 'MEMORY', 'DEFAULT');
      if (storage === undefined) throw parser.syntaxError();
      column.storage = storage;
      return true;
    }
    case 'SERIAL':
      parser.advance();
      parser.expectWords('DEFAULT', 'VALUE');
      column.nullable = false;
      column.autoIncrement = true;
      column.unique = true;
      return true;
    case 'SRID':
      parser.advance();
      column.srid = parser.integer();
      return true;
    case 'AUTO_RANDOM': {
      parser.advance();
      const random: { shardBits?: number; range?: number } = {};
      if (parser.accept('(')) {
        random.shardBits = parser.integer();
        if (parser.accept(',')) random.range = parser.integer();
        parser.expect(')');
      }
      column.autoRandom = random;
      return true;
    }
    default:
      return false;
  }
}

function parseColumnCheck(parser: Parser, column: Mutable<ColumnDefinition>): boolean {
  const start = parser.start;
  let name: string | undefined;
  if (parser.accept('CONSTRAINT') && parser.word !== 'CHECK') name = parser.name();
  column.checks = [...column.checks, parseCheck(parser, name, start)];
  return true;
}

/** `[GENERATED ALWAYS] AS (expr) [VIRTUAL | STORED]`. */
function parseGenerated(parser: Parser, column: Mutable<ColumnDefinition>): void {
  if (parser.accept('GENERATED')) parser.expect('ALWAYS');
  parser.expectWords('AS', '(');
  const expression = parseExpression(parser);
  parser.expect(')');
  const stored = parser.accept('STORED');
  if (!stored) parser.accept('VIRTUAL');
  column.generated = { expression, stored };
}

/** A literal (maybe signed), NULL, NOW(n), or an expression in parentheses. */
export function parseDefault(
  parser: Parser,
  target: { default?: ExpressionNode | undefined; defaultIsExpression?: boolean | undefined },
): void {
  if (parser.accept('(')) {
    target.default = parseExpression(parser);
    target.defaultIsExpression = true;
    parser.expect(')');
    return;
  }
  switch (parser.word) {
    case 'NULL':
    case 'TRUE':
    case 'FALSE':
    case '-':
    case '+':
      target.default = parseSimple(parser);
      return;
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIME':
    case 'LOCALTIMESTAMP':
    case 'NOW':
      target.default = parseNowWord(parser);
      return;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      target.default = parseSimple(parser);
      return;
  }
  if (isLiteral(parser.type)) target.default = parseLiteral(parser);
  else if (parser.type === Token.WORD && parser.text.charCodeAt(parser.start) === 95)
    target.default = parseSimple(parser);
  else throw parser.syntaxError();
}

function parseNowWord(parser: Parser): ExpressionNode {
  const word = parser.word;
  if (word !== 'CURRENT_TIMESTAMP' && word !== 'LOCALTIME' && word !== 'LOCALTIMESTAMP' && word !== 'NOW')
    throw parser.syntaxError();
  return parseNow(parser, word);
}

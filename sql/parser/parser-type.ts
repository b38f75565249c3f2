/**
 * Types, as columns and CASTs name them. Synonyms become one name here; whether lengths and charsets make sense is for the catalog.
 */
import type { DataType, TypeName } from './ast.ts';
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';

type TypeDraft = Mutable<DataType>;

const PLAIN: Readonly<Record<string, TypeName>> = {
  TINYINT: 'tinyint', INT1: 'tinyint', SMALLINT: 'smallint', INT2: 'smallint', MEDIUMINT: 'mediumint', INT3: 'mediumint',
  MIDDLEINT: 'mediumint', INT: 'int', INT4: 'int', INTEGER: 'int', BIGINT: 'bigint', INT8: 'bigint',
  DECIMAL: 'decimal', DEC: 'decimal', NUMERIC: 'decimal', FIXED: 'decimal',
  BIT: 'bit', BINARY: 'binary', VARBINARY: 'varbinary',
  TINYBLOB: 'tinyblob', BLOB: 'blob', MEDIUMBLOB: 'mediumblob', LONGBLOB: 'longblob',
  DATE: 'date', TIME: 'time', DATETIME: 'datetime', TIMESTAMP: 'timestamp', YEAR: 'year', JSON: 'json', VECTOR: 'vector',
  GEOMETRY: 'geometry', POINT: 'point', LINESTRING: 'linestring', POLYGON: 'polygon', MULTIPOINT: 'multipoint',
  MULTILINESTRING: 'multilinestring', MULTIPOLYGON: 'multipolygon', GEOMETRYCOLLECTION: 'geometrycollection',
  GEOMCOLLECTION: 'geometrycollection',
}; // prettier-ignore

const TEXTS: Readonly<Record<string, TypeName>> = {
  CHAR: 'char', CHARACTER: 'char', NCHAR: 'char', VARCHAR: 'varchar', VARCHARACTER: 'varchar', NVARCHAR: 'varchar',
  TINYTEXT: 'tinytext', TEXT: 'text', MEDIUMTEXT: 'mediumtext', LONGTEXT: 'longtext', ENUM: 'enum', SET: 'set',
}; // prettier-ignore

function draft(parser: Parser, name: TypeName): TypeDraft {
  return { name, unsigned: false, zerofill: false, binary: false, start: parser.start, end: parser.end };
}

/** The type of a column. */
export function parseColumnType(parser: Parser): DataType {
  const type = columnType(parser);
  type.end = parser.previousEnd;
  return type;
}

function columnType(parser: Parser): TypeDraft {
  const word = parser.word;
  if (word === '') throw parser.syntaxError();
  const plain = PLAIN[word];
  if (plain !== undefined) {
    const type = draft(parser, plain);
    parser.advance();
    lengths(parser, type);
    numberAttributes(parser, type);
    return type;
  }
  const text = TEXTS[word];
  if (text !== undefined) return textType(parser, text, word);
  return otherType(parser, word);
}

function otherType(parser: Parser, word: string): TypeDraft {
  const type = draft(parser, 'int');
  switch (word) {
    case 'BOOL':
    case 'BOOLEAN':
      parser.advance();
      type.name = 'tinyint';
      type.length = 1;
      return type;
    case 'SERIAL':
      parser.advance();
      type.name = 'bigint';
      type.unsigned = true;
      type.serial = true;
      return type;
    case 'FLOAT':
    case 'FLOAT4':
    case 'FLOAT8':
    case 'DOUBLE':
    case 'REAL':
      return realType(parser, type, word);
    case 'LONG':
      parser.advance();
      return longType(parser, type);
    case 'NATIONAL': {
      parser.advance();
      const next = parser.word;
      const name = TEXTS[next];
      if (name !== 'char' && name !== 'varchar') throw parser.syntaxError();
      return textType(parser, name, `N${next}`);
    }
    default:
      throw parser.syntaxError();
  }
}

function realType(parser: Parser, type: TypeDraft, word: string): TypeDraft {
  parser.advance();
  const isFloat = word === 'FLOAT' || word === 'FLOAT4' || (word === 'REAL' && parser.options.realAsFloat === true);
  type.name = isFloat ? 'float' : 'double';
  if (word === 'DOUBLE') parser.accept('PRECISION');
  lengths(parser, type);
  if (isFloat && type.length !== undefined && type.decimals === undefined) {
    // FLOAT(p): the precision only chooses the width.
    if (type.length > 24) type.name = 'double';
    if (type.length <= 53) delete type.length;
  }
  numberAttributes(parser, type);
  return type;
}

/** LONG is MEDIUMTEXT, LONG VARBINARY is MEDIUMBLOB. */
function longType(parser: Parser, type: TypeDraft): TypeDraft {
  if (parser.accept('VARBINARY')) {
    type.name = 'mediumblob';
    return type;
  }
  if (parser.acceptAny('CHAR', 'CHARACTER') !== undefined) parser.expect('VARYING');
  else parser.acceptAny('VARCHAR', 'VARCHARACTER');
  type.name = 'mediumtext';
  charsetAttributes(parser, type);
  return type;
}

function textType(parser: Parser, name: TypeName, word: string): TypeDraft {
  const type = draft(parser, name);
  parser.advance();
  if (name === 'char' && parser.accept('VARYING')) type.name = 'varchar';
  if (word === 'NCHAR' && parser.acceptAny('VARCHAR', 'VARCHARACTER') !== undefined) type.name = 'varchar';
  if (name === 'enum' || name === 'set') {
    parser.expect('(');
    const elements = [parser.textString()];
    while (parser.accept(',')) elements.push(parser.textString());
    parser.expect(')');
    type.elements = elements;
  } else {
    lengths(parser, type);
  }
  if (type.name === 'varchar' && type.length === undefined) throw parser.syntaxError();
  if (word.startsWith('N')) type.charset = 'utf8mb3';
  charsetAttributes(parser, type);
  return type;
}

function lengths(parser: Parser, type: TypeDraft): void {
  if (parser.word !== '(') return;
  parser.advance();
  type.length = parser.integer();
  if (parser.accept(',')) type.decimals = parser.integer();
  parser.expect(')');
}

function numberAttributes(parser: Parser, type: TypeDraft): void {
  for (;;) {
    if (parser.accept('UNSIGNED')) type.unsigned = true;
    else if (parser.accept('ZEROFILL')) type.zerofill = type.unsigned = true;
    else if (!parser.accept('SIGNED')) return;
  }
}

/** CHARACTER SET x, ASCII, UNICODE, BYTE, BINARY, COLLATE y, in any order that MySQL has. */
function charsetAttributes(parser: Parser, type: TypeDraft): void {
  for (;;) {
    if (
      parser.word === 'CHARSET' ||
      ((parser.word === 'CHARACTER' || parser.word === 'CHAR') && parser.peek() === 'SET')
    ) {
      type.charset = parseCharset(parser);
    } else if (parser.accept('ASCII')) type.charset = 'latin1';
    else if (parser.accept('BYTE')) type.charset = 'binary';
    else if (parser.accept('BINARY')) type.binary = true;
    else if (parser.accept('COLLATE')) type.collation = collationName(parser);
    else return;
  }
}

/** `CHARSET x`, `CHARACTER SET = x`, `CHAR SET x`. */
export function parseCharset(parser: Parser): string {
  if (!parser.accept('CHARSET')) {
    parser.advance();
    parser.expect('SET');
  }
  parser.optionalEquals();
  return charsetName(parser);
}

export function charsetName(parser: Parser): string {
  if (parser.accept('BINARY')) return 'binary';
  return (parser.isString ? parser.string() : parser.name()).toLowerCase();
}

export function collationName(parser: Parser): string {
  return charsetName(parser);
}

/** The type of CAST and CONVERT: a shorter list. */
export function parseCastType(parser: Parser): DataType {
  const type = draft(parser, 'char');
  const word = parser.word;
  switch (word) {
    case 'SIGNED':
    case 'UNSIGNED':
      parser.advance();
      parser.acceptAny('INT', 'INTEGER');
      type.name = 'signed';
      type.unsigned = word === 'UNSIGNED';
      break;
    case 'CHAR':
    case 'CHARACTER':
    case 'NCHAR':
    case 'NATIONAL':
      parser.advance();
      if (word === 'NATIONAL') parser.acceptAny('CHAR', 'CHARACTER');
      lengths(parser, type);
      if (word.startsWith('N')) type.charset = 'utf8mb3';
      charsetAttributes(parser, type);
      break;
    case 'INT':
    case 'INTEGER':
    case 'BIGINT':
      throw parser.syntaxError();
    case 'DOUBLE':
    case 'REAL':
    case 'FLOAT':
      realType(parser, type, word);
      break;
    case 'BINARY':
    case 'DATE':
    case 'DATETIME':
    case 'TIME':
    case 'YEAR':
    case 'JSON':
    case 'DECIMAL':
    case 'DEC':
    case 'POINT':
    case 'LINESTRING':
    case 'POLYGON':
    case 'MULTIPOINT':
    case 'MULTILINESTRING':
    case 'MULTIPOLYGON':
    case 'GEOMETRYCOLLECTION':
    case 'GEOMCOLLECTION':
    case 'VECTOR':
      parser.advance();
      type.name = PLAIN[word]!;
      lengths(parser, type);
      break;
    default:
      throw parser.syntaxError();
  }
  type.end = parser.previousEnd;
  return type;
}

/** `(3)` behind NOW and friends. */
export function parseFraction(parser: Parser): number | undefined {
  if (parser.word !== '(') return undefined;
  parser.advance();
  if (parser.accept(')')) return undefined;
  if (parser.type !== Token.INTEGER) throw parser.syntaxError();
  const digits = parser.integer();
  parser.expect(')');
  return digits;
}

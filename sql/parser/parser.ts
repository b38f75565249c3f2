/**
 * Statements: the first words choose the rule. `parse` reads all statements of a text; a text of blanks and comments has none.
 */
import { SqlError } from '../../base/error.ts';
import type { ParsedStatement, ParseOptions, Statement } from './ast.ts';
import { Token } from './lexer.ts';
import { Parser } from './parser-base.ts';
import {
  parseAlterUser,
  parseCreateUser,
  parseDropUser,
  parseGrant,
  parseRenameUser,
  parseRevoke,
  parseRole,
} from './parser-account.ts';
import { parseAlterTable } from './parser-alter.ts';
import { parseQuery, parseWith } from './parser-query.ts';
import {
  parseAlterDatabase, parseCreateDatabase, parseCreateIndex, parseCreateTable, parseDropIndex, parseDropTable, parseDropView,
  parseFlashback, parseRenameTables, parseTruncate, parseView, parseViewPrelude,
} from './parser-schema.ts'; // prettier-ignore
import {
  parseAdmin, parseBegin, parseResetPersist, parseCall, parseCommit, parseDeallocate, parseDo, parseExecute, parseExplain, parseFlush, parseKill,
  parseLockTables, parseMaintenance, parsePrepare, parseSavepoint, parseSet, parseStartTransaction, skipStatement,
} from './parser-session.ts'; // prettier-ignore
import { parseShow } from './parser-show.ts';
import { parseDelete, parseInsert, parseLoad, parseUpdate } from './parser-write.ts';

export function parse(sql: string, options: ParseOptions = {}): ParsedStatement[] {
  const parser = new Parser(sql, options);
  const statements: ParsedStatement[] = [];
  for (;;) {
    while (parser.accept(';'));
    if (parser.type === Token.END) return statements;
    parser.beginStatement();
    const start = parser.start;
    const statement = parseStatement(parser);
    if (!parser.atEnd && !parser.at(';')) throw parser.syntaxError();
    const literalCount = parser.literalsRead;
    const pinnedLiterals = parser.pinned.length === 0 ? NO_ORDINALS : sortedUnique(parser.pinned);
    statements.push({
      statement,
      start,
      end: parser.previousEnd,
      parameterCount: parser.parameterCount,
      literalCount,
      pinnedLiterals,
    });
  }
}

const NO_ORDINALS: readonly number[] = [];

function sortedUnique(ordinals: readonly number[]): readonly number[] {
  return [...new Set(ordinals)].sort((a, b) => a - b);
}

/** The one statement of a text: error 1065 when it is empty, a syntax error at the second one. */
export function parseOne(sql: string, options: ParseOptions = {}): ParsedStatement {
  const statements = parse(sql, options);
  const first = statements[0];
  if (first === undefined) throw new SqlError(1065, '42000', 'Query was empty');
  const second = statements[1];
  if (second !== undefined) throw new Parser(sql, options).syntaxError(second.start);
  return first;
}

function parseStatement(parser: Parser): Statement {
  switch (parser.word) {
    case 'SELECT':
    case '(':
    case 'VALUES':
    case 'TABLE':
      return parseQuery(parser);
    case 'WITH':
      return parseWithStatement(parser);
    case 'INSERT':
    case 'REPLACE':
      return parseInsert(parser);
    case 'UPDATE':
      return parseUpdate(parser);
    case 'DELETE':
      return parseDelete(parser);
    case 'SET':
      return parseSet(parser);
    case 'SHOW':
      return parseShow(parser);
    case 'BEGIN':
      return parseBegin(parser);
    case 'COMMIT':
    case 'ROLLBACK':
      return parseCommit(parser);
    case 'CREATE':
      return parseCreate(parser);
    case 'ALTER':
      return parseAlter(parser);
    case 'DROP':
      return parseDrop(parser);
    case 'EXPLAIN':
    case 'DESCRIBE':
    case 'DESC':
      return parseExplain(parser, parseExplained);
    default:
      return parseOtherStatement(parser);
  }
}

function parseOtherStatement(parser: Parser): Statement {
  const start = parser.start;
  switch (parser.word) {
    case 'USE':
      parser.advance();
      return { kind: 'use', schema: parser.name(), start, end: parser.previousEnd };
    case 'PREPARE':
      return parsePrepare(parser);
    case 'EXECUTE':
      return parseExecute(parser);
    case 'DEALLOCATE':
      return parseDeallocate(parser);
    case 'TRUNCATE':
      return parseTruncate(parser);
    case 'RENAME':
      parser.advance();
      if (parser.accept('USER')) return parseRenameUser(parser, start);
      if (parser.acceptAny('TABLE', 'TABLES') === undefined) throw parser.syntaxError();
      return parseRenameTables(parser, start);
    case 'RESET':
      return parser.peek() === 'PERSIST' ? parseResetPersist(parser) : unsupported(parser, 'RESET');
    case 'RECOVER':
    case 'FLASHBACK':
      return parseFlashback(parser);
    case 'LOAD':
      if (parser.peek() === 'INDEX') return unsupported(parser, 'LOAD INDEX INTO CACHE');
      return parseLoad(parser);
    case 'SAVEPOINT':
    case 'RELEASE':
      return parseSavepoint(parser);
    case 'GRANT':
      return parseGrant(parser);
    case 'REVOKE':
      return parseRevoke(parser);
    case 'KILL':
      return parseKill(parser);
    case 'DO':
      return parseDo(parser);
    case 'CALL':
      return parseCall(parser);
    case 'FLUSH':
      return parseFlush(parser);
    case 'ADMIN':
      return parseAdmin(parser);
    case 'ANALYZE':
    case 'CHECK':
    case 'CHECKSUM':
    case 'OPTIMIZE':
    case 'REPAIR':
      return parseMaintenance(parser);
    case 'SHUTDOWN':
    case 'RESTART': {
      const kind = parser.word === 'SHUTDOWN' ? 'shutdown' : 'restart';
      parser.advance();
      return { kind, start, end: parser.previousEnd };
    }
    case 'HELP':
      parser.advance();
      return { kind: 'help', topic: parser.nameOrString(), start, end: parser.previousEnd };
    default:
      return parseBlockWords(parser, start);
  }
}

/** START, STOP, LOCK, UNLOCK and what is known by name only. */
function parseBlockWords(parser: Parser, start: number): Statement {
  switch (parser.word) {
    case 'START': {
      parser.advance();
      if (parser.accept('TRANSACTION')) return parseStartTransaction(parser, start);
      if (!parser.at('REPLICA') && !parser.at('SLAVE') && !parser.at('GROUP_REPLICATION')) throw parser.syntaxError();
      return unsupported(parser, `START ${parser.word}`, start);
    }
    case 'STOP':
      parser.advance();
      return unsupported(parser, `STOP ${parser.word}`, start);
    case 'LOCK':
    case 'UNLOCK': {
      const lock = parser.word === 'LOCK';
      parser.advance();
      if (parser.accept('INSTANCE')) return unsupported(parser, `${lock ? 'LOCK' : 'UNLOCK'} INSTANCE`, start);
      if (parser.acceptAny('TABLES', 'TABLE') === undefined) throw parser.syntaxError();
      return lock ? parseLockTables(parser, start) : { kind: 'unlock-tables', start, end: parser.previousEnd };
    }
    case 'HANDLER':
    case 'XA':
    case 'SIGNAL':
    case 'RESIGNAL':
    case 'INSTALL':
    case 'UNINSTALL':
    case 'PURGE':
    case 'CHANGE':
    case 'BINLOG':
    case 'CACHE':
    case 'CLONE':
    case 'SPLIT':
    case 'IMPORT':
    case 'TRACE':
    case 'GET':
      return unsupported(parser, parser.word);
    default:
      throw parser.syntaxError();
  }
}

/** Known by its words, and refused by the session. */
function unsupported(parser: Parser, name: string, start: number = parser.start): Statement {
  skipStatement(parser);
  return { kind: 'unsupported', name, start, end: parser.previousEnd };
}

/** The body of a trigger, routine or event has semicolons of its own: everything to the end of the text belongs to it. */
function unsupportedProgram(parser: Parser, name: string, start: number): Statement {
  while (parser.type !== Token.END) {
    if (parser.type === Token.INVALID) throw parser.syntaxError();
    parser.advance();
  }
  return { kind: 'unsupported', name, start, end: parser.previousEnd };
}

/** WITH … SELECT, UPDATE or DELETE. */
function parseWithStatement(parser: Parser): Statement {
  const start = parser.start;
  const withClause = parseWith(parser);
  if (parser.word === 'UPDATE') return parseUpdate(parser, withClause, start);
  if (parser.word === 'DELETE') return parseDelete(parser, withClause, start);
  return parseQuery(parser, undefined, { clause: withClause, start });
}

function parseExplained(parser: Parser): Statement {
  switch (parser.word) {
    case 'INSERT':
    case 'REPLACE':
      return parseInsert(parser);
    case 'UPDATE':
      return parseUpdate(parser);
    case 'DELETE':
      return parseDelete(parser);
    case 'WITH':
      return parseWithStatement(parser);
    default:
      return parseQuery(parser);
  }
}

// ---- CREATE, ALTER, DROP ----

function parseCreate(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('CREATE');
  const orReplace = parser.accept('OR');
  if (orReplace) parser.expect('REPLACE');
  switch (parser.word) {
    case 'ALGORITHM':
    case 'DEFINER':
    case 'SQL':
    case 'VIEW': {
      const prelude = parseViewPrelude(parser);
      if (parser.at('VIEW')) return parseView(parser, start, prelude, { alter: false, orReplace });
      break;
    }
  }
  if (orReplace) throw parser.syntaxError();
  switch (parser.word) {
    case 'DATABASE':
    case 'SCHEMA':
      parser.advance();
      return parseCreateDatabase(parser, start);
    case 'TABLE':
      parser.advance();
      return parseCreateTable(parser, start, false);
    case 'TEMPORARY':
      parser.advance();
      parser.expect('TABLE');
      return parseCreateTable(parser, start, true);
    case 'GLOBAL':
      parser.advance();
      parser.expectWords('TEMPORARY', 'TABLE');
      return parseCreateTable(parser, start, 'global');
    case 'UNIQUE':
    case 'FULLTEXT':
    case 'SPATIAL':
      if (parser.peek() === 'REFERENCE') return unsupported(parser, 'CREATE SPATIAL REFERENCE SYSTEM', start);
      return parseCreateIndex(parser, start);
    case 'INDEX':
      return parseCreateIndex(parser, start);
    case 'USER':
      parser.advance();
      return parseCreateUser(parser, start);
    case 'ROLE':
      parser.advance();
      return parseRole(parser, start, 'create-role');
    default:
      return parseProgram(parser, 'CREATE', start);
  }
}

/** Objects that exist in MySQL and not here. */
function parseProgram(parser: Parser, verb: string, start: number): Statement {
  const word = parser.word;
  switch (word) {
    case 'TRIGGER':
    case 'PROCEDURE':
    case 'FUNCTION':
    case 'EVENT':
    case 'AGGREGATE':
      parser.advance();
      if (verb === 'DROP') {
        parser.acceptIfExists();
        parser.tableName();
        return { kind: 'unsupported', name: `DROP ${word}`, start, end: parser.previousEnd };
      }
      return unsupportedProgram(parser, `${verb} ${word === 'AGGREGATE' ? 'FUNCTION' : word}`, start);
    case 'SERVER':
    case 'TABLESPACE':
    case 'INSTANCE':
      return unsupported(parser, `${verb} ${word}`, start);
    case 'UNDO':
    case 'LOGFILE':
    case 'RESOURCE':
    case 'SPATIAL':
    case 'PLACEMENT':
      parser.advance();
      return unsupported(parser, `${verb} ${word} ${parser.word}`.trim(), start);
    default: {
      if (writtenWord(parser) === 'SEQUENCE') return unsupported(parser, `${verb} SEQUENCE`, start);
      throw parser.syntaxError();
    }
  }
}

function parseAlter(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('ALTER');
  switch (parser.word) {
    case 'IGNORE':
    case 'TABLE': {
      const ignore = parser.accept('IGNORE');
      parser.expect('TABLE');
      return parseAlterTable(parser, start, ignore);
    }
    case 'DATABASE':
    case 'SCHEMA':
      parser.advance();
      return parseAlterDatabase(parser, start);
    case 'USER':
      parser.advance();
      return parseAlterUser(parser, start);
    case 'ALGORITHM':
    case 'DEFINER':
    case 'SQL':
    case 'VIEW': {
      const prelude = parseViewPrelude(parser);
      if (parser.at('VIEW')) return parseView(parser, start, prelude, { alter: true, orReplace: false });
      return parseProgram(parser, 'ALTER', start);
    }
    case 'INSTANCE':
      parser.advance();
      return parseAlterInstance(parser, start);
    default:
      return parseProgram(parser, 'ALTER', start);
  }
}

/** ALTER INSTANCE RELOAD TLS [FOR CHANNEL mysql_main] [NO ROLLBACK ON ERROR]; what else it does in MySQL is not there. */
function parseAlterInstance(parser: Parser, start: number): Statement {
  for (const word of ['RELOAD', 'TLS']) {
    if (writtenWord(parser) !== word) return unsupported(parser, `ALTER INSTANCE ${writtenWord(parser)}`, start);
    parser.advance();
  }
  if (writtenWord(parser) === 'NO') for (const word of ['NO', 'ROLLBACK', 'ON', 'ERROR']) expectWritten(parser, word);
  return { kind: 'reload-tls', start, end: parser.previousEnd };
}

/** A word that is no keyword here, in capitals. */
function writtenWord(parser: Parser): string {
  return parser.type === Token.WORD ? parser.text.slice(parser.start, parser.end).toUpperCase() : '';
}

function expectWritten(parser: Parser, word: string): void {
  if (writtenWord(parser) !== word) throw parser.syntaxError();
  parser.advance();
}

function parseDrop(parser: Parser): Statement {
  const start = parser.start;
  parser.expect('DROP');
  switch (parser.word) {
    case 'TABLE':
    case 'TABLES':
      parser.advance();
      return parseDropTable(parser, start, false);
    case 'TEMPORARY':
      parser.advance();
      if (parser.acceptAny('TABLE', 'TABLES') === undefined) throw parser.syntaxError();
      return parseDropTable(parser, start, true);
    case 'DATABASE':
    case 'SCHEMA': {
      parser.advance();
      const ifExists = parser.acceptIfExists();
      return { kind: 'drop-database', name: parser.name(), ifExists, start, end: parser.previousEnd };
    }
    case 'VIEW':
      parser.advance();
      return parseDropView(parser, start);
    case 'INDEX':
      parser.advance();
      return parseDropIndex(parser, start);
    case 'USER':
      parser.advance();
      return parseDropUser(parser, start);
    case 'ROLE':
      parser.advance();
      return parseRole(parser, start, 'drop-role');
    case 'PREPARE': {
      parser.advance();
      return { kind: 'deallocate', name: parser.name(), start, end: parser.previousEnd };
    }
    default:
      return parseProgram(parser, 'DROP', start);
  }
}

/**
 * SHOW in all its forms.
 */
import type { ShowStatement, ShowTarget } from './ast.ts';
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseUser, parseUsers } from './parser-account.ts';
import { parseExpression } from './parser-expression.ts';
import { parseLimit } from './parser-query.ts';

export function parseShow(parser: Parser): ShowStatement {
  const start = parser.start;
  parser.expect('SHOW');
  const { target, filter } = parseTarget(parser);
  const statement: Mutable<ShowStatement> = { kind: 'show', show: target, start, end: 0 };
  if (filter && parser.accept('LIKE')) statement.like = parser.string();
  else if (filter && parser.accept('WHERE')) statement.where = parseExpression(parser);
  statement.end = parser.previousEnd;
  return statement;
}

/** `filter`: LIKE or WHERE may follow. */
interface Target {
  readonly target: ShowTarget;
  readonly filter: boolean;
}

function filtered(target: ShowTarget): Target {
  return { target, filter: true };
}

function plain(target: ShowTarget): Target {
  return { target, filter: false };
}

function parseTarget(parser: Parser): Target {
  const word = parser.word;
  switch (word) {
    case 'DATABASES':
    case 'SCHEMAS':
      parser.advance();
      return filtered({ kind: 'databases' });
    case 'EXTENDED':
    case 'FULL':
    case 'TABLES':
    case 'COLUMNS':
    case 'FIELDS':
    case 'INDEX':
    case 'INDEXES':
    case 'KEYS':
    case 'PROCESSLIST':
      return parseTables(parser);
    case 'TABLE':
      parser.advance();
      parser.expect('STATUS');
      return filtered({ kind: 'table-status', schema: schemaClause(parser) });
    case 'OPEN':
      parser.advance();
      parser.expect('TABLES');
      return filtered({ kind: 'open-tables', schema: schemaClause(parser) });
    case 'CREATE':
      parser.advance();
      return plain(parseShowCreate(parser));
    case 'GLOBAL':
    case 'SESSION':
    case 'LOCAL':
    case 'VARIABLES':
    case 'STATUS':
      return parseVariables(parser);
    case 'TRIGGERS':
    case 'EVENTS':
      parser.advance();
      return filtered({ kind: word === 'EVENTS' ? 'events' : 'triggers', schema: schemaClause(parser), full: false });
    case 'PROCEDURE':
    case 'FUNCTION':
      parser.advance();
      if (parser.accept('CODE')) return plain({ kind: 'routine-code', object: word, name: parser.tableName() });
      parser.expect('STATUS');
      return filtered({ kind: 'routine-status', object: word });
    case 'CHARACTER':
    case 'CHAR':
    case 'CHARSET':
      parser.advance();
      if (word !== 'CHARSET') parser.expect('SET');
      return filtered({ kind: 'character-set' });
    case 'COLLATION':
      parser.advance();
      return filtered({ kind: 'collation' });
    default:
      return parseOther(parser, word);
  }
}

function parseOther(parser: Parser, word: string): Target {
  switch (word) {
    case 'WARNINGS':
    case 'ERRORS': {
      parser.advance();
      const limit = parser.word === 'LIMIT' ? parseLimit(parser) : undefined;
      return plain({ kind: word === 'WARNINGS' ? 'warnings' : 'errors', count: false, limit });
    }
    case 'COUNT': {
      parser.advance();
      parser.expectWords('(', '*', ')');
      const what = parser.acceptAny('WARNINGS', 'ERRORS');
      if (what === undefined) throw parser.syntaxError();
      return plain({ kind: what === 'WARNINGS' ? 'warnings' : 'errors', count: true });
    }
    case 'STORAGE':
      parser.advance();
      parser.expect('ENGINES');
      return plain({ kind: 'engines' });
    case 'ENGINES':
    case 'PLUGINS':
    case 'PRIVILEGES':
    case 'PROFILES':
      parser.advance();
      return plain({ kind: word.toLowerCase() as 'engines' });
    case 'ENGINE': {
      parser.advance();
      const engine = parser.accept('ALL') ? 'ALL' : parser.nameOrString();
      const what = parser.acceptAny('STATUS', 'MUTEX', 'LOGS');
      if (what === undefined) throw parser.syntaxError();
      return plain({ kind: 'engine', engine, what: what as 'STATUS' });
    }
    case 'PROFILE':
      parser.advance();
      return plain(parseProfile(parser));
    case 'GRANTS': {
      parser.advance();
      if (!parser.accept('FOR')) return plain({ kind: 'grants', roles: [] });
      const user = parseUser(parser);
      return plain({ kind: 'grants', user, roles: parser.accept('USING') ? parseUsers(parser) : [] });
    }
    default:
      return parseReplication(parser, word);
  }
}

function parseReplication(parser: Parser, word: string): Target {
  switch (word) {
    case 'BINARY':
      parser.advance();
      if (parser.accept('LOG')) {
        parser.expect('STATUS');
        return plain({ kind: 'binary-log-status' });
      }
      parser.expect('LOGS');
      return plain({ kind: 'binary-logs' });
    case 'MASTER':
      parser.advance();
      if (parser.accept('LOGS')) return plain({ kind: 'binary-logs' });
      parser.expect('STATUS');
      return plain({ kind: 'master-status' });
    case 'BINLOG':
    case 'RELAYLOG': {
      parser.advance();
      parser.expect('EVENTS');
      const file = parser.accept('IN') ? parser.string() : undefined;
      const position = parser.accept('FROM') ? parser.integer() : undefined;
      const limit = parser.word === 'LIMIT' ? parseLimit(parser) : undefined;
      return plain({ kind: 'binlog-events', relay: word === 'RELAYLOG', file, position, limit });
    }
    case 'REPLICA':
    case 'SLAVE': {
      parser.advance();
      if (parser.accept('HOSTS')) return plain({ kind: 'replicas' });
      parser.expect('STATUS');
      if (!parser.accept('FOR')) return plain({ kind: 'replica-status' });
      parser.expect('CHANNEL');
      return plain({ kind: 'replica-status', channel: parser.string() });
    }
    case 'REPLICAS':
      parser.advance();
      return plain({ kind: 'replicas' });
    case 'STATS_META':
    case 'STATS_HISTOGRAMS':
    case 'STATS_BUCKETS':
    case 'STATS_HEALTHY':
    case 'STATS_TOPN':
    case 'BUILTINS':
    case 'CONFIG':
    case 'PLACEMENT':
    case 'BINDINGS':
      parser.advance();
      return filtered({ kind: 'extension', name: word });
    default:
      throw parser.syntaxError();
  }
}

/** [EXTENDED] [FULL] TABLES | COLUMNS | INDEX, FULL PROCESSLIST, FULL TRIGGERS. */
function parseTables(parser: Parser): Target {
  const extended = parser.accept('EXTENDED');
  const full = parser.accept('FULL');
  const word = parser.word;
  const wordStart = parser.start;
  parser.advance();
  switch (word) {
    case 'TABLES':
      return filtered({ kind: 'tables', full, extended, schema: schemaClause(parser) });
    case 'COLUMNS':
    case 'FIELDS':
      return filtered({ kind: 'columns', full, extended, table: tableClause(parser) });
    case 'INDEX':
    case 'INDEXES':
    case 'KEYS': {
      if (full) break;
      // WHERE may follow, LIKE may not.
      return { target: { kind: 'indexes', extended, table: tableClause(parser) }, filter: parser.at('WHERE') };
    }
    case 'PROCESSLIST':
      if (extended) break;
      return plain({ kind: 'processlist', full });
    case 'TRIGGERS':
      if (extended) break;
      return filtered({ kind: 'triggers', schema: schemaClause(parser), full });
  }
  throw parser.syntaxError(wordStart);
}

/** FROM table [FROM schema], or schema.table. */
function tableClause(parser: Parser) {
  if (parser.acceptAny('FROM', 'IN') === undefined) throw parser.syntaxError();
  const table = parser.tableName();
  if (parser.acceptAny('FROM', 'IN') === undefined) return table;
  const schema = parser.name();
  return { ...table, schema, end: parser.previousEnd };
}

function schemaClause(parser: Parser): string | undefined {
  return parser.acceptAny('FROM', 'IN') === undefined ? undefined : parser.name();
}

function parseVariables(parser: Parser): Target {
  const scope = parser.acceptAny('GLOBAL', 'SESSION', 'LOCAL') === 'GLOBAL' ? 'global' : 'session';
  const what = parser.acceptAny('VARIABLES', 'STATUS');
  if (what !== undefined) return filtered({ kind: what === 'VARIABLES' ? 'variables' : 'status', scope });
  parser.expect('BINDINGS');
  return filtered({ kind: 'extension', name: 'BINDINGS' });
}

function parseShowCreate(parser: Parser): ShowTarget {
  const word = parser.word;
  switch (word) {
    case 'TABLE':
    case 'VIEW':
      parser.advance();
      return { kind: word === 'TABLE' ? 'create-table' : 'create-view', table: parser.tableName() };
    case 'DATABASE':
    case 'SCHEMA': {
      parser.advance();
      const ifNotExists = parser.acceptIfNotExists();
      return { kind: 'create-database', name: parser.name(), ifNotExists };
    }
    case 'USER':
      parser.advance();
      return { kind: 'create-user', user: parseUser(parser) };
    case 'PROCEDURE':
    case 'FUNCTION':
    case 'TRIGGER':
    case 'EVENT':
      parser.advance();
      return { kind: 'create-routine', object: word, name: parser.tableName() };
    default:
      throw parser.syntaxError();
  }
}

function parseProfile(parser: Parser): ShowTarget {
  const types: string[] = [];
  if (parser.type === Token.WORD && parser.word !== 'FOR' && parser.word !== 'LIMIT') {
    do types.push(profileType(parser));
    while (parser.accept(','));
  }
  let query: number | undefined;
  if (parser.accept('FOR')) {
    parser.expect('QUERY');
    query = parser.integer();
  }
  const limit = parser.word === 'LIMIT' ? parseLimit(parser) : undefined;
  return { kind: 'profile', types, query, limit };
}

function profileType(parser: Parser): string {
  if (parser.accept('BLOCK')) {
    parser.expect('IO');
    return 'BLOCK IO';
  }
  if (parser.accept('CONTEXT')) {
    parser.expect('SWITCHES');
    return 'CONTEXT SWITCHES';
  }
  if (parser.accept('PAGE')) {
    parser.expect('FAULTS');
    return 'PAGE FAULTS';
  }
  const word = parser.acceptAny('ALL', 'CPU', 'IPC', 'MEMORY', 'SOURCE', 'SWAPS');
  if (word === undefined) throw parser.syntaxError();
  return word;
}

/**
 * CREATE, DROP, RENAME and TRUNCATE of databases, tables, indexes and views.
 */
import type {
  CreateDatabaseStatement, CreateIndexStatement, CreateTableLikeStatement, CreateTableStatement, CreateViewStatement, DatabaseOptions,
  DropIndexStatement, RenameTableStatement, Statement, TableOption, UserName,
} from './ast.ts'; // prettier-ignore
import { Token } from './lexer.ts';
import type { Mutable, Parser } from './parser-base.ts';
import { parseUser } from './parser-account.ts';
import { parseIndexOptions, parseIndexParts, parseTableElement } from './parser-column.ts';
import { parsePartitioning } from './parser-partition.ts';
import { parseQuery, startsQueryOrGroup } from './parser-query.ts';
import { collationName, parseCharset } from './parser-type.ts';

// ---- databases ----

export function parseCreateDatabase(parser: Parser, start: number): CreateDatabaseStatement {
  const ifNotExists = parser.acceptIfNotExists();
  const name = parser.name();
  return {
    kind: 'create-database',
    name,
    ifNotExists,
    options: databaseOptions(parser),
    start,
    end: parser.previousEnd,
  };
}

export function parseAlterDatabase(parser: Parser, start: number): Statement {
  const named = parser.isName && !startsDatabaseOption(parser);
  const name = named ? parser.name() : undefined;
  if (!startsDatabaseOption(parser)) throw parser.syntaxError();
  return { kind: 'alter-database', name, options: databaseOptions(parser), start, end: parser.previousEnd };
}

function startsDatabaseOption(parser: Parser): boolean {
  switch (parser.word) {
    case 'DEFAULT':
    case 'CHARACTER':
    case 'CHAR':
    case 'COLLATE':
      return true;
    case 'CHARSET':
    case 'ENCRYPTION':
      return (
        parser.peek() !== 'CHARACTER' &&
        parser.peek() !== 'CHARSET' &&
        parser.peek() !== 'COLLATE' &&
        parser.peek() !== 'DEFAULT'
      );
    case 'READ':
      return parser.peek() === 'ONLY';
    default:
      return false;
  }
}

function databaseOptions(parser: Parser): DatabaseOptions {
  const options: Mutable<DatabaseOptions> = {};
  for (;;) {
    if (parser.accept('DEFAULT')) {
      if (!['CHARACTER', 'CHARSET', 'CHAR', 'COLLATE', 'ENCRYPTION'].includes(parser.word)) throw parser.syntaxError();
    }
    switch (parser.word) {
      case 'CHARACTER':
      case 'CHARSET':
      case 'CHAR':
        options.charset = parseCharset(parser);
        break;
      case 'COLLATE':
        parser.advance();
        parser.optionalEquals();
        options.collation = collationName(parser);
        break;
      case 'ENCRYPTION':
        parser.advance();
        parser.optionalEquals();
        options.encryption = parser.string();
        break;
      case 'READ':
        parser.advance();
        parser.expect('ONLY');
        parser.optionalEquals();
        options.readOnly = parser.accept('DEFAULT') ? 'DEFAULT' : String(parser.integer());
        break;
      default:
        return options;
    }
  }
}

// ---- tables ----

export function parseCreateTable(
  parser: Parser,
  start: number,
  temporary: boolean | 'global',
): CreateTableStatement | CreateTableLikeStatement {
  const ifNotExists = parser.acceptIfNotExists();
  const table = parser.tableName();
  if (parser.word === 'LIKE' || (parser.word === '(' && parser.peek() === 'LIKE')) {
    const parenthesised = parser.accept('(');
    parser.expect('LIKE');
    const source = parser.tableName();
    if (parenthesised) parser.expect(')');
    return {
      kind: 'create-table-like',
      table,
      source,
      ifNotExists,
      temporary: temporary === true,
      start,
      end: parser.previousEnd,
    };
  }
  const statement: Mutable<CreateTableStatement> = {
    kind: 'create-table', table, ifNotExists, temporary, columns: [], indexes: [], foreignKeys: [], checks: [], options: [],
    partitioning: undefined, duplicates: undefined, query: undefined, start, end: 0,
  }; // prettier-ignore
  if (parser.word === '(' && !startsQueryOrGroup(parser)) parseElements(parser, statement);
  statement.options = parseTableOptions(parser);
  if (parser.word === 'PARTITION') statement.partitioning = parsePartitioning(parser);
  statement.duplicates = parser.acceptAny('IGNORE', 'REPLACE') as 'IGNORE' | undefined;
  const as = parser.accept('AS');
  if (as || startsQueryOrGroup(parser)) statement.query = parseQuery(parser);
  else if (statement.duplicates !== undefined || statement.columns.length === 0) throw parser.syntaxError();
  if (temporary === 'global') {
    parser.expectWords('ON', 'COMMIT', 'DELETE', 'ROWS');
  }
  statement.end = parser.previousEnd;
  return statement;
}

function parseElements(parser: Parser, statement: Mutable<CreateTableStatement>): void {
  parser.expect('(');
  const elements = { columns: [], indexes: [], foreignKeys: [], checks: [] } as Parameters<typeof parseTableElement>[1];
  do parseTableElement(parser, elements);
  while (parser.accept(','));
  parser.expect(')');
  statement.columns = elements.columns;
  statement.indexes = elements.indexes;
  statement.foreignKeys = elements.foreignKeys;
  statement.checks = elements.checks;
}

const OPTION_WORDS: ReadonlySet<string> = new Set(
  `AUTOEXTEND_SIZE AUTO_ID_CACHE AUTO_INCREMENT AUTO_RANDOM_BASE AVG_ROW_LENGTH CHECKSUM COMMENT COMPRESSION CONNECTION DELAY_KEY_WRITE
   ENCRYPTION ENGINE ENGINE_ATTRIBUTE INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS PACK_KEYS PASSWORD PRE_SPLIT_REGIONS ROW_FORMAT
   SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE SHARD_ROW_ID_BITS STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE
   TABLE_CHECKSUM`.split(/\s+/),
);

export function startsTableOption(parser: Parser): boolean {
  const word = parser.word;
  return (
    OPTION_WORDS.has(word) || ['CHARSET', 'CHARACTER', 'COLLATE', 'DEFAULT', 'DATA', 'INDEX', 'UNION', 'START', 'STORAGE', 'PLACEMENT'].includes(word) // prettier-ignore
  );
}

/** Options after the columns, with or without commas between. */
export function parseTableOptions(parser: Parser): TableOption[] {
  const options: TableOption[] = [];
  for (;;) {
    const option = parseTableOption(parser);
    if (option === undefined) return options;
    options.push(option);
    if (parser.word === ',' && startsOptionAfterComma(parser)) parser.advance();
  }
}

/** In ALTER TABLE a comma may lead to another change instead. */
function startsOptionAfterComma(parser: Parser): boolean {
  const state = parser.mark();
  parser.advance();
  const found = startsTableOption(parser);
  parser.reset(state);
  return found;
}

function parseTableOption(parser: Parser): TableOption | undefined {
  const word = parser.word;
  if (OPTION_WORDS.has(word)) {
    parser.advance();
    parser.optionalEquals();
    return { name: word, value: optionValue(parser, word) };
  }
  switch (word) {
    case 'DEFAULT': {
      parser.advance();
      const next = parser.word;
      if (next !== 'CHARSET' && next !== 'CHARACTER' && next !== 'CHAR' && next !== 'COLLATE')
        throw parser.syntaxError();
      return parseTableOption(parser);
    }
    case 'CHARSET':
    case 'CHARACTER':
    case 'CHAR':
      return { name: 'CHARSET', value: parseCharset(parser) };
    case 'COLLATE':
      parser.advance();
      parser.optionalEquals();
      return { name: 'COLLATE', value: collationName(parser) };
    case 'DATA':
    case 'INDEX':
      if (parser.peek() !== 'DIRECTORY') return undefined;
      parser.advance();
      parser.advance();
      parser.optionalEquals();
      return { name: `${word} DIRECTORY`, value: parser.string() };
    case 'UNION': {
      if (parser.peek() !== '=' && parser.peek() !== '(') return undefined;
      parser.advance();
      parser.optionalEquals();
      parser.expect('(');
      const tables = parser.word === ')' ? [] : parser.tableNames();
      parser.expect(')');
      return { name: 'UNION', value: tables };
    }
    case 'START':
      parser.advance();
      parser.expect('TRANSACTION');
      return { name: 'START TRANSACTION', value: '' };
    case 'STORAGE': {
      parser.advance();
      const medium = parser.acceptAny('DISK', 'MEMORY');
      if (medium === undefined) throw parser.syntaxError();
      return { name: 'STORAGE', value: medium };
    }
    case 'PLACEMENT': {
      parser.advance();
      parser.accept('POLICY');
      parser.optionalEquals();
      return { name: 'PLACEMENT POLICY', value: parser.nameOrString() };
    }
    default:
      return undefined;
  }
}

function optionValue(parser: Parser, option: string): string | number {
  if (parser.type === Token.INTEGER || parser.type === Token.HEX) return parser.integer();
  if (parser.isString) return parser.string();
  if (parser.type !== Token.WORD && parser.type !== Token.QUOTED) throw parser.syntaxError();
  const value = parser.anyName();
  return option === 'ENGINE' || option === 'TABLESPACE' || option === 'SECONDARY_ENGINE' ? value : value.toUpperCase();
}

export function parseDropTable(parser: Parser, start: number, temporary: boolean): Statement {
  const ifExists = parser.acceptIfExists();
  const tables = parser.tableNames();
  parser.acceptAny('RESTRICT', 'CASCADE');
  return { kind: 'drop-table', tables, temporary, ifExists, start, end: parser.previousEnd };
}

export function parseTruncate(parser: Parser): Statement {
  const start = parser.start;
  parser.advance();
  parser.accept('TABLE');
  const table = parser.tableName();
  return { kind: 'truncate-table', table, start, end: parser.previousEnd };
}

/** FLASHBACK TABLE t [TO u], FLASHBACK DATABASE d [TO e], RECOVER TABLE t. */
export function parseFlashback(parser: Parser): Statement {
  const start = parser.start;
  const recover = parser.accept('RECOVER');
  if (!recover) parser.expect('FLASHBACK');
  if (!recover && parser.acceptAny('DATABASE', 'SCHEMA') !== undefined) {
    const name = parser.name();
    const to = parser.accept('TO') ? parser.name() : undefined;
    return { kind: 'flashback-database', name, to, start, end: parser.previousEnd };
  }
  parser.expect('TABLE');
  const table = parser.tableName();
  const to = !recover && parser.accept('TO') ? parser.name() : undefined;
  return { kind: 'flashback-table', table, to, start, end: parser.previousEnd };
}

export function parseRenameTables(parser: Parser, start: number): RenameTableStatement {
  const renames: { from: ReturnType<Parser['tableName']>; to: ReturnType<Parser['tableName']> }[] = [];
  do {
    const from = parser.tableName();
    parser.expect('TO');
    renames.push({ from, to: parser.tableName() });
  } while (parser.accept(','));
  return { kind: 'rename-table', renames, start, end: parser.previousEnd };
}

// ---- indexes ----

/** After CREATE, at UNIQUE, FULLTEXT, SPATIAL or INDEX. */
export function parseCreateIndex(parser: Parser, start: number): CreateIndexStatement {
  const word = parser.acceptAny('UNIQUE', 'FULLTEXT', 'SPATIAL');
  const kind = word === undefined ? 'index' : (word.toLowerCase() as 'unique');
  parser.expect('INDEX');
  const ifNotExists = parser.acceptIfNotExists();
  const nameStart = parser.start;
  const name = parser.name();
  const using = parseUsing(parser);
  parser.expect('ON');
  const table = parser.tableName();
  const parts = parseIndexParts(parser);
  const options = { ...(using === undefined ? {} : { using }), ...parseIndexOptions(parser) };
  const index = {
    kind,
    name,
    constraint: undefined,
    ifNotExists,
    parts,
    options,
    start: nameStart,
    end: parser.previousEnd,
  } as const;
  const { algorithm, lock } = parseOnline(parser);
  return { kind: 'create-index', table, index, algorithm, lock, start, end: parser.previousEnd };
}

function parseUsing(parser: Parser): string | undefined {
  if (parser.word !== 'USING' && parser.word !== 'TYPE') return undefined;
  parser.advance();
  return parser.anyName().toUpperCase();
}

function parseOnline(parser: Parser): { algorithm?: string; lock?: string } {
  const found: { algorithm?: string; lock?: string } = {};
  for (;;) {
    if (parser.accept('ALGORITHM')) {
      parser.optionalEquals();
      found.algorithm = parser.anyName().toUpperCase();
    } else if (parser.accept('LOCK')) {
      parser.optionalEquals();
      found.lock = parser.anyName().toUpperCase();
    } else return found;
  }
}

export function parseDropIndex(parser: Parser, start: number): DropIndexStatement {
  const ifExists = parser.acceptIfExists();
  const name = parser.word === 'PRIMARY' ? parser.anyName() : parser.name();
  parser.expect('ON');
  const table = parser.tableName();
  const { algorithm, lock } = parseOnline(parser);
  return { kind: 'drop-index', table, name, ifExists, algorithm, lock, start, end: parser.previousEnd };
}

// ---- views ----

export interface ViewPrelude {
  algorithm: CreateViewStatement['algorithm'];
  definer: UserName | undefined;
  security: CreateViewStatement['security'];
}

/** ALGORITHM = …, DEFINER = …, SQL SECURITY …: what may stand before VIEW. DEFINER also opens triggers, routines and events. */
export function parseViewPrelude(parser: Parser): ViewPrelude {
  const prelude: ViewPrelude = { algorithm: 'UNDEFINED', definer: undefined, security: 'DEFINER' };
  for (;;) {
    if (parser.accept('ALGORITHM')) {
      parser.expect('=');
      const algorithm = parser.acceptAny('UNDEFINED', 'MERGE', 'TEMPTABLE');
      if (algorithm === undefined) throw parser.syntaxError();
      prelude.algorithm = algorithm as 'MERGE';
    } else if (parser.accept('DEFINER')) {
      parser.expect('=');
      prelude.definer = parseUser(parser);
    } else if (parser.accept('SQL')) {
      parser.expect('SECURITY');
      const security = parser.acceptAny('DEFINER', 'INVOKER');
      if (security === undefined) throw parser.syntaxError();
      prelude.security = security as 'INVOKER';
    } else return prelude;
  }
}

/** At VIEW. */
export function parseView(
  parser: Parser,
  start: number,
  prelude: ViewPrelude,
  { alter, orReplace }: { readonly alter: boolean; readonly orReplace: boolean },
): CreateViewStatement {
  parser.expect('VIEW');
  const view = parser.tableName();
  const columns = parser.word === '(' ? parser.nameList() : [];
  parser.expect('AS');
  const query = parseQuery(parser);
  let checkOption: CreateViewStatement['checkOption'] = 'NONE';
  if (parser.accept('WITH')) {
    checkOption = (parser.acceptAny('LOCAL', 'CASCADED') ?? 'CASCADED') as 'LOCAL';
    parser.expectWords('CHECK', 'OPTION');
  }
  return {
    kind: 'create-view',
    alter,
    orReplace,
    ...prelude,
    view,
    columns,
    query,
    checkOption,
    start,
    end: parser.previousEnd,
  };
}

export function parseDropView(parser: Parser, start: number): Statement {
  const ifExists = parser.acceptIfExists();
  const views = parser.tableNames();
  parser.acceptAny('RESTRICT', 'CASCADE');
  return { kind: 'drop-view', views, ifExists, start, end: parser.previousEnd };
}

/**
 * `SET sql_dialect = 'postgresql'`: another dialect's SELECT, INSERT, UPDATE and DELETE, read by node-sql-parser and said again in ours.
 *
 *     text → node-sql-parser's tree → our tree → canonical text (restore) → our parser
 *
 * Going through text makes the rest of the server see an ordinary statement, with offsets that mean something. The grammar is the other
 * dialect's; the meaning of values stays MySQL's (collations, division, where NULLs sort). What is known to mean something else is
 * rewritten or refused by name (1235), never dropped: see `only` in dialect-node.ts.
 *
 * A dialect's parser is loaded when it is first used (some 250 KB of generated code), so the first translation is a promise.
 */
import { andThen, type MaybePromise } from '../../base/outcome.ts';
import { SqlError } from '../../base/error.ts';
import { HIDDEN_BACKSLASH, isNode, refuse, type DialectContext } from './dialect-node.ts';
import { translateStatement } from './dialect-query.ts';
import { restore } from './restore.ts';

type ForeignParse = (sql: string) => unknown;

interface ForeignModule {
  readonly Parser?: new () => { astify(sql: string, options: { database: string }): unknown };
  readonly default?: ForeignModule;
}

const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  athena: () => import('node-sql-parser/build/athena.js'),
  bigquery: () => import('node-sql-parser/build/bigquery.js'),
  db2: () => import('node-sql-parser/build/db2.js'),
  flinksql: () => import('node-sql-parser/build/flinksql.js'),
  hive: () => import('node-sql-parser/build/hive.js'),
  mariadb: () => import('node-sql-parser/build/mariadb.js'),
  noql: () => import('node-sql-parser/build/noql.js'),
  postgresql: () => import('node-sql-parser/build/postgresql.js'),
  redshift: () => import('node-sql-parser/build/redshift.js'),
  snowflake: () => import('node-sql-parser/build/snowflake.js'),
  sqlite: () => import('node-sql-parser/build/sqlite.js'),
  transactsql: () => import('node-sql-parser/build/transactsql.js'),
  trino: () => import('node-sql-parser/build/trino.js'),
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  postgres: 'postgresql', pg: 'postgresql', tsql: 'transactsql', mssql: 'transactsql', sqlserver: 'transactsql', presto: 'trino', flink: 'flinksql',
}; // prettier-ignore

const LIKE_MYSQL: ReadonlySet<string> = new Set(['mariadb']);
const BACKSLASHES: ReadonlySet<string> = new Set(['mariadb', 'bigquery', 'hive', 'snowflake']);
const DOUBLE_QUOTED_STRINGS: ReadonlySet<string> = new Set(['mariadb', 'bigquery', 'hive']);

const loaded = new Map<string, ForeignParse>();

export function dialectNames(): readonly string[] {
  return ['mysql', ...Object.keys(LOADERS)];
}

/** The name that the others are spellings of; undefined when nobody knows it. */
export function canonicalDialect(name: string): string | undefined {
  const lower = name.toLowerCase();
  const canonical = OTHER_NAMES[lower] ?? lower;
  return canonical === 'mysql' || LOADERS[canonical] !== undefined ? canonical : undefined;
}

/** One statement of the dialect as MySQL text. A promise only until the dialect's parser is loaded. */
export function translateDialect(sql: string, dialect: string): MaybePromise<string> {
  const canonical = canonicalDialect(dialect);
  if (canonical === undefined)
    throw new SqlError(1231, '42000', `Variable 'sql_dialect' can't be set to the value of '${dialect}'`);
  if (canonical === 'mysql') return sql;
  return andThen(load(canonical), (parse) => translate(sql, canonical, parse));
}

function load(dialect: string): MaybePromise<ForeignParse> {
  const ready = loaded.get(dialect);
  if (ready !== undefined) return ready;
  return LOADERS[dialect]!().then((module) => {
    const outer = module as ForeignModule;
    const Parser = outer.Parser ?? outer.default?.Parser;
    if (Parser === undefined)
      throw new SqlError(1235, '42000', `This version of Rutile doesn't yet support 'dialect ${dialect}'`);
    const parser = new Parser();
    const parse: ForeignParse = (sql) => parser.astify(sql, { database: dialect });
    loaded.set(dialect, parse);
    return parse;
  });
}

/** Their parsers recurse without a limit and take milliseconds a kilobyte: what is longer is not worth the wait. */
const TEXT_LENGTH_MAX = 65536;
const PARENTHESES_MAX = 200;

function translate(sql: string, dialect: string, parse: ForeignParse): string {
  const context: DialectContext = {
    dialect,
    backslashEscapes: BACKSLASHES.has(dialect),
    doubleQuotedStrings: DOUBLE_QUOTED_STRINGS.has(dialect),
    likeMysql: LIKE_MYSQL.has(dialect),
  };
  if (sql.length > TEXT_LENGTH_MAX) throw refuse(context, `a statement of more than ${TEXT_LENGTH_MAX} characters`);
  if (nestingOf(sql) > PARENTHESES_MAX) throw refuse(context, `more than ${PARENTHESES_MAX} nested parentheses`);
  if (sql.includes('/*!') || sql.includes('/*M!')) throw refuse(context, 'version comments');
  const hidden = hideBackslashes(sql, context);
  let tree: unknown;
  try {
    tree = parse(hidden);
  } catch (error) {
    throw syntaxError(sql, dialect, error);
  }
  const statements = (Array.isArray(tree) ? tree : [tree]).filter((one) => isNode(one));
  if (statements.length === 0) throw new SqlError(1065, '42000', 'Query was empty');
  if (statements.length > 1) throw refuse(context, 'several statements at once');
  const text = restore(translateStatement(context, statements[0]));
  if (text.includes(HIDDEN_BACKSLASH)) throw refuse(context, 'a backslash in a name');
  return text;
}

/** Their parsers take backslashes for escapes in every dialect; where it is a letter like any other, it is one that they do not know. */
function hideBackslashes(sql: string, context: DialectContext): string {
  if (!sql.includes('\\')) return sql;
  if (context.backslashEscapes) {
    if (/\\[ux]/.test(sql)) throw refuse(context, '\\u and \\x in strings');
    return sql;
  }
  if (/\be'/i.test(sql) || sql.includes(HIDDEN_BACKSLASH)) throw refuse(context, "E'…' strings");
  return sql.replaceAll('\\', HIDDEN_BACKSLASH);
}

function nestingOf(sql: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < sql.length; at++) {
    const code = sql.charCodeAt(at);
    if (code === 40 || code === 91) deepest = Math.max(deepest, ++depth);
    else if (code === 41 || code === 93) depth--;
  }
  return deepest;
}

function syntaxError(sql: string, dialect: string, error: unknown): SqlError {
  const location = (error as { location?: { start?: { offset?: number; line?: number } } } | null)?.location?.start;
  const near = sql.slice(location?.offset ?? 0, (location?.offset ?? 0) + 80);
  const text = `You have an error in your SQL syntax for dialect ${dialect} near '${near}' at line ${location?.line ?? 1}`;
  return new SqlError(1064, '42000', text, { cause: error });
}

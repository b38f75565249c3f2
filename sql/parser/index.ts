/**
 * sql/parser: text in, trees out. It knows MySQL 8.0's grammar and nothing else: no catalog, no types, no session.
 *
 *     text ─ Lexer ─┬─ parse ─ Statement ─┬─ planner, catalog, session
 *                   │                     └─ restore ─ canonical text (views, EXPLAIN, round trips)
 *                   └─ digestText ─ cache key, literals ─ plan cache
 *
 * **Lexer** (lexer.ts, keywords.ts). Cuts tokens in place, by character codes, and makes no strings; words are looked up without making
 * one. Version comments up to 8.0.36 are read as text. The parser and the digest run the same `scan`, so their literals have the same
 * numbers: that is what lets a plan cache take literals for parameters (see ast-expression.ts for the two number spaces, and
 * `ParsedStatement.pinnedLiterals` for those that shaped the tree).
 *
 * **Parser** (parser.ts and a file for each family of statements). Recursive descent over one token, with MySQL's own layers of expressions
 * so that exactly its precedence comes out. Three places need more than a token: an opening parenthesis may hold a query, a row or an
 * expression (`parseGroupItem` reads it once and hands it on as a *seed*); a join's condition may belong to an outer join (`lower` in
 * parser-table.ts); a few words are names unless the right word follows (`peek`). Nothing backtracks over nested input, so time is linear.
 * The tree's depth is bounded (`NESTING_MAX`, `CHAIN_MAX`; AND and OR chains are flat and unbounded): whoever walks it may recurse.
 *
 * What is written wrongly is error 1064 with `near '…' at line N`. What MySQL has and Rutile has not is read all the same, as far as its name
 * needs (`unsupported`, or a tree that planner and catalog refuse): error 1235 is theirs to give.
 *
 * **Digest** (digest.ts). `cacheKey` for machines: the text without literals and comments, each literal marked by its kind. `normalized` and
 * `hash` for people, made when asked for.
 *
 * **Restore** (restore*.ts). Any tree as text; reading that gives the tree again, which the tests hold for the whole corpus and for its
 * mutations.
 *
 * **Dialects** (dialect*.ts). `translateDialect` turns a statement of PostgreSQL, SQLite, T-SQL and others into MySQL text by way of
 * node-sql-parser; clauses that nobody translated are refused by name.
 *
 * sysbench's point select takes about 1 µs to parse and 0.15 µs to digest (bench/micro/parser.ts).
 */
export type * from './ast.ts';
export { canonicalDialect, dialectNames, translateDialect } from './dialect.ts';
export { classifyFast, Digest, digestText } from './digest.ts';
export type { LiteralKind, LiteralToken } from './digest.ts';
export { isReservedWord, NONRESERVED, RESERVED } from './keywords.ts';
export { CHAIN_MAX, NESTING_MAX } from './parser-base.ts';
export { parse, parseOne } from './parser.ts';
export { quoteName, quoteString, restore, restoreExpression, restoreQuery } from './restore.ts';

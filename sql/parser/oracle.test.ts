/**
 * node-sql-parser, reading MySQL, as an oracle: for every query and every INSERT, UPDATE or DELETE of the corpus that it reads and that its tree
 * can be translated from, both trees print the same canonical text. Where it is known to be wrong, or to drop something, the list below says so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import nodeSqlParser from 'node-sql-parser/build/mysql.js';
import { SqlError } from '../../base/error.ts';
import { translateStatement } from './dialect-query.ts';
import { parseOne, restore } from './index.ts';
import { corpus, tpchQueries } from './testing/corpus.ts';

const CONTEXT = { dialect: 'mysql', backslashEscapes: true, doubleQuotedStrings: true, likeMysql: true };

/** What it drops without a word. */
const DROPPED = [/\/\*[+!]/, /as ''/, /values row\(/];

const { Parser } = nodeSqlParser as unknown as {
  Parser: new () => { astify(sql: string, options: { database: string }): unknown };
};

test('node-sql-parser and we agree wherever it can read', () => {
  const oracle = new Parser();
  let agreed = 0;
  let refused = 0;
  let unreadable = 0;
  for (const sql of [...corpus('query'), ...corpus('write'), ...tpchQueries()]) {
    if (DROPPED.some((pattern) => pattern.test(sql))) continue;
    const ours = restore(parseOne(sql).statement);
    let tree: unknown;
    try {
      tree = oracle.astify(sql, { database: 'mysql' });
    } catch {
      unreadable++;
      continue;
    }
    let text: string;
    try {
      text = restore(translateStatement(CONTEXT, Array.isArray(tree) ? tree[0] : tree));
    } catch (error) {
      assert(error instanceof SqlError && error.errno === 1235, `${sql}: ${String(error)}`);
      refused++;
      continue;
    }
    // Once more through our parser: synonyms become one.
    assert.equal(restore(parseOne(text).statement), ours, sql);
    agreed++;
  }
  assert(agreed >= 125, `${agreed} agreed, ${refused} could not be translated, ${unreadable} it could not read`);
});

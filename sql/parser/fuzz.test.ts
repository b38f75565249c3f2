/** Mutations of the corpus: whatever comes out, it is a tree or an `SqlError`, and a tree can be restored and read again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqlError } from '../../base/error.ts';
import { classifyFast, digestText, parse, restore } from './index.ts';
import { corpus, shapeOf } from './testing/corpus.ts';

const SEEDS = ['query', 'write', 'schema', 'session', 'unsupported', 'reject'].flatMap(corpus);
const ROUNDS = 20_000;
const PIECES = ['(', ')', "'", '"', '`', ',', ';', '.', '@', '@@', ':=', '?', '*', '-', '--', '/*', '*/', '/*!', '#', '\\', '\0', '1', '1.', '.1', '1e', '0x', "x'", 'é', '\ud83d', 'select', 'from', 'where', 'union', 'order by', 'limit', 'case', 'end', 'in', 'as', 'interval', 'values', 'with', 'over', 'null']; // prettier-ignore

/** A small generator of its own, so that a seed means the same run anywhere. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

function mutate(sql: string, below: (limit: number) => number): string {
  let text = sql;
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(text.length + 1);
    const length = below(12);
    switch (below(5)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 1:
        text = `${text.slice(0, at)} ${PIECES[below(PIECES.length)]} ${text.slice(at)}`;
        break;
      case 2:
        text = text.slice(0, at) + PIECES[below(PIECES.length)] + text.slice(at + 1);
        break;
      case 3: {
        const other = SEEDS[below(SEEDS.length)]!;
        text = text.slice(0, at) + other.slice(below(other.length));
        break;
      }
      default:
        text = text.slice(0, at) + text.slice(at, at + length).repeat(1 + below(5)) + text.slice(at + length);
    }
  }
  return text;
}

test('mutated statements give a tree or an SqlError', () => {
  const below = random(20240117);
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const sql = mutate(SEEDS[below(SEEDS.length)]!, below);
    const options = {
      ansiQuotes: below(8) === 0,
      noBackslashEscapes: below(8) === 0,
      pipesAsConcat: below(8) === 0,
      prepared: below(4) === 0,
    };
    try {
      digestText(sql, options).normalized.slice(0, 1);
      classifyFast(sql);
      for (const { statement } of parse(sql, options)) {
        read++;
        if (statement.kind === 'unsupported') continue;
        const text = restore(statement);
        const [again] = parse(text, { prepared: options.prepared, pipesAsConcat: options.pipesAsConcat });
        assert.deepEqual(shapeOf(again?.statement), shapeOf(statement), text);
      }
    } catch (error) {
      assert(error instanceof SqlError, `${JSON.stringify(sql)}: ${String(error)}`);
      assert(error.errno !== 1064 || error.message.includes('near'), error.message);
    }
  }
  assert(read > ROUNDS / 20, `${read} of ${ROUNDS} were statements`);
});

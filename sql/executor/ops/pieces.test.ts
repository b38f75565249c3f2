/** A subtree that the column engine gives back runs in pieces: what refuses moves to the row operators, the rest stays in columns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RutileError } from '../../../base/error.ts';
import type { PhysicalPlan } from '../../../proto/plan/physical.ts';
import type { ColumnEngine } from '../context.ts';
import {
  call,
  column,
  columns,
  constant,
  INT,
  key,
  plan,
  rowsOf,
  testDatabase,
  values,
  type TestDatabase,
} from '../testing.ts';

const PAIR = columns(INT, INT);

/** Refuses subtrees that hold a node of the kinds in `beyond`, runs others by the row operators, and writes down what it was asked. */
function picky(db: TestDatabase, beyond: readonly string[], code: string, asked: string[]): ColumnEngine {
  return {
    unsupported: () => undefined,
    residency: () => 'current',
    execute(input) {
      asked.push(input.kind);
      const refused = beyond.some((kind) => holds(input, kind));
      const rows = refused
        ? Promise.reject(new RutileError(code, 'beyond'))
        : rowsOf(input, db.context({ reader: db.kv.snapshot(1n) }));
      let given = false;
      return {
        next: () =>
          rows.then((batch) => {
            if (given) return undefined;
            given = true;
            return batch;
          }),
        close: () => undefined,
      };
    },
    close: () => Promise.resolve(),
  };
}

function holds(input: PhysicalPlan, kind: string): boolean {
  if (input.kind === kind) return true;
  const { input: below, left, right } = input as { input?: PhysicalPlan; left?: PhysicalPlan; right?: PhysicalPlan };
  return [below, left, right].some((child) => child !== undefined && holds(child, kind));
}

/** sort over projection over filter over constants. */
function example(): PhysicalPlan {
  const source = values([INT, INT], [[3, 30], [1, 10], [2, 20], [4, 40]]); // prettier-ignore
  const filter = plan('filter', { input: source, condition: call('gt', column(0), constant(1)) });
  const expressions = [column(1), call('plus', column(0), constant(1))];
  const projection = plan('projection', { input: filter, expressions, output: PAIR });
  return plan('column-engine', {
    input: plan('sort', { input: projection, keys: [key(column(0))] }),
    reason: 'test',
    output: PAIR,
  });
}

const EXPECTED = [
  [20, 3],
  [30, 4],
  [40, 5],
];

test('only the node that refuses, and those above it, run in the row engine; the next execution knows', async () => {
  const db = await testDatabase();
  const asked: string[] = [];
  const columnEngine = picky(db, ['projection'], 'analytics.unsupported', asked);
  const query = example();
  const run = (): Promise<unknown> => rowsOf(query, db.context({ reader: db.kv.snapshot(1n), columnEngine }));
  assert.deepEqual(await run(), EXPECTED);
  assert.deepEqual(asked.splice(0), ['sort', 'projection', 'filter']);
  assert.deepEqual(await run(), EXPECTED);
  assert.deepEqual(asked, ['filter']);
});

test('a table that cannot be loaded sends the whole subtree to the row engine, and is asked about again next time', async () => {
  const db = await testDatabase();
  const asked: string[] = [];
  const columnEngine = picky(db, ['values'], 'analytics.unloadable', asked);
  const query = example();
  const run = (): Promise<unknown> => rowsOf(query, db.context({ reader: db.kv.snapshot(1n), columnEngine }));
  assert.deepEqual(await run(), EXPECTED);
  assert.deepEqual(await run(), EXPECTED);
  assert.deepEqual(asked, ['sort', 'sort']);
});

test('any other failure is the statement’s', async () => {
  const db = await testDatabase();
  const columnEngine = picky(db, ['values'], 'analytics.failed', []);
  await assert.rejects(rowsOf(example(), db.context({ reader: db.kv.snapshot(1n), columnEngine })), {
    code: 'analytics.failed',
  });
});

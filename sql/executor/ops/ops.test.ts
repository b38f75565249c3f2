import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Row } from '../../../base/value/datum.ts';
import type { PhysicalPlan, Window } from '../../../proto/plan/physical.ts';
import type { Expression, WindowCall, WindowFrame } from '../../../proto/plan/expression.ts';
import type { OperatorStatistics } from '../context.ts';
import { compareFor, inferWindow } from '../../functions/index.ts';
import {
  aggregate,
  call,
  column,
  columns,
  constant,
  INT,
  key,
  plan,
  rowsOf,
  sorted,
  testDatabase,
  TEXT,
  values,
} from '../testing.ts';

const cell = fc.option(fc.integer({ min: 0, max: 6 }), { nil: null, freq: 6 });
const rowsOfTwo = fc.array(fc.tuple(cell, cell), { maxLength: 60 }) as fc.Arbitrary<Row[]>;
const RUNS = { numRuns: 60, seed: 7 };

test('filter, projection, limit and union-all', async () => {
  const db = await testDatabase();
  const input = values(
    [INT, TEXT],
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
      [4, null],
    ],
  );
  const odd = plan('filter', { input, condition: call('gt', column(0), constant(1)) });
  const named = plan('projection', {
    input: odd,
    expressions: [column(1, TEXT), call('plus', column(0), constant(10))],
    output: columns(TEXT, INT),
  });
  assert.deepEqual(await rowsOf(named, db.context()), [
    ['b', 12],
    ['c', 13],
    [null, 14],
  ]);
  const some = plan('limit', { input: named, offset: constant(1), count: constant(1) });
  assert.deepEqual(await rowsOf(plan('union-all', { inputs: [some, some], output: some.output }), db.context()), [
    ['c', 13],
    ['c', 13],
  ]);
});

test('sort is stable, puts NULL first, and top-n gives the start of it', async () => {
  const db = await testDatabase();
  await fc.assert(
    fc.asyncProperty(rowsOfTwo, fc.boolean(), fc.nat(8), fc.nat(8), async (rows, descending, offset, count) => {
      const numbered = rows.map((row, i): Row => [row[0]!, row[1]!, i]);
      const input = values([INT, INT, INT], numbered);
      const keys = [key(column(0), descending), key(column(1))];
      const order = (a: number | null, b: number | null): number =>
        a === b ? 0 : a === null ? -1 : b === null ? 1 : a - b;
      const expected = [...numbered].sort(
        (a, b) =>
          (descending ? -1 : 1) * order(a[0] as number, b[0] as number) || order(a[1] as number, b[1] as number),
      );
      assert.deepEqual(await rowsOf(plan('sort', { input, keys }), db.context()), expected);
      const top = plan('top-n', { input, keys, offset: constant(offset), count: constant(count) });
      assert.deepEqual(await rowsOf(top, db.context()), expected.slice(offset, offset + count));
    }),
    RUNS,
  );
});

test('a long sort runs over several turns and is right', async () => {
  const db = await testDatabase();
  const rows: Row[] = Array.from({ length: 40_000 }, (_, i) => [(i * 7919) % 40_009, i]);
  const sort = plan('sort', { input: values([INT, INT], rows), keys: [key(column(0))] });
  const got = await rowsOf(sort, db.context());
  for (let i = 1; i < got.length; i++) assert((got[i - 1]![0] as number) <= (got[i]![0] as number));
  assert.equal(got.length, rows.length);
});

test('a long sort of text beyond ASCII agrees with comparing by the collation', async () => {
  const db = await testDatabase();
  const letters = ['a', 'A', 'á', 'b', 'ß', 'z', 'Z', 'é'];
  const rows: Row[] = Array.from({ length: 20_000 }, (_, i) => [
    i % 97 === 0 ? null : letters[(i * 31) % 8]! + letters[(i * 17) % 8]!,
    i,
  ]);
  const input = values([TEXT, INT], rows);
  const got = await rowsOf(plan('sort', { input, keys: [key(column(0, TEXT), true)] }), db.context());
  const compare = compareFor(TEXT);
  for (let i = 1; i < got.length; i++) {
    const [before, after] = [got[i - 1]!, got[i]!];
    if (after[0] === null) assert(before[0] !== null || (before[1] as number) < (after[1] as number));
    else {
      const order = compare(before[0]!, after[0]!);
      assert(order > 0 || (order === 0 && (before[1] as number) < (after[1] as number)));
    }
  }
});

test('text sorts by its collation', async () => {
  const db = await testDatabase();
  const input = values([TEXT], [['b'], ['A'], ['a'], ['B'], [null], ['á']]);
  assert.deepEqual(await rowsOf(plan('sort', { input, keys: [key(column(0, TEXT))] }), db.context()), [
    [null],
    ['A'],
    ['a'],
    ['á'],
    ['b'],
    ['B'],
  ]);
});

test('hash and stream aggregation agree with a naive one', async () => {
  const db = await testDatabase();
  await fc.assert(
    fc.asyncProperty(rowsOfTwo, async (rows) => {
      const groups = new Map<number | null, number[]>();
      for (const [g, v] of rows) {
        const list = groups.get(g as number | null) ?? [];
        groups.set(g as number | null, list);
        list.push(v as number);
      }
      const expected: Row[] = [...groups].map(([g, list]) => {
        const present = list.filter((v) => v !== null);
        return [g, list.length, present.length, present.length ? Math.min(...present) : null, new Set(present).size];
      });
      const aggregates = [
        aggregate('count'), aggregate('count', column(1)), aggregate('min', column(1)), { ...aggregate('count', column(1)), distinct: true },
      ]; // prettier-ignore
      const output = columns(INT, INT, INT, INT, INT);
      const input = values([INT, INT], rows);
      const hash = plan('hash-aggregate', { input, groupBy: [column(0)], aggregates, rollup: false, output });
      assert.deepEqual(sorted(await rowsOf(hash, db.context())), sorted(expected));
      const stream = plan('stream-aggregate', {
        input: plan('sort', { input, keys: [key(column(0))] }),
        groupBy: [column(0)],
        aggregates,
        output,
      });
      assert.deepEqual(sorted(await rowsOf(stream, db.context())), sorted(expected));
    }),
    RUNS,
  );
});

test('aggregates without groups have a row over nothing; with rollup every prefix is summed', async () => {
  const db = await testDatabase();
  const nothing = values([INT, INT], []);
  const count = (input: PhysicalPlan, groupBy: Expression[], rollup: boolean): PhysicalPlan =>
    plan('hash-aggregate', { input, groupBy, aggregates: [aggregate('count')], rollup, output: columns(INT) });
  assert.deepEqual(await rowsOf(count(nothing, [], false), db.context()), [[0]]);
  assert.deepEqual(await rowsOf(count(nothing, [column(0)], false), db.context()), []);
  assert.deepEqual(await rowsOf(count(nothing, [column(0)], true), db.context()), []);
  const input = values(
    [INT, INT],
    [
      [2, 1],
      [1, 1],
      [1, 2],
      [1, 1],
    ],
  );
  assert.deepEqual(await rowsOf(count(input, [column(0), column(1)], true), db.context()), [
    [1, 1, 2, 0, 0], [1, 2, 1, 0, 0], [1, null, 3, 0, 1], [2, 1, 1, 0, 0], [2, null, 1, 0, 1], [null, null, 4, 1, 1],
  ]); // prettier-ignore
});

test('EXCEPT and INTERSECT count copies as SQL does', async () => {
  const db = await testDatabase();
  const left = values([INT], [[1], [1], [1], [2], [null], [null]]);
  const right = values([INT], [[1], [null], [3]]);
  const set = (operation: 'except' | 'intersect', all: boolean): PhysicalPlan =>
    plan('set-operation', { operation, all, left, right, output: left.output });
  assert.deepEqual(await rowsOf(set('except', true), db.context()), [[1], [1], [2], [null]]);
  assert.deepEqual(await rowsOf(set('except', false), db.context()), [[2]]);
  assert.deepEqual(await rowsOf(set('intersect', true), db.context()), [[1], [null]]);
  assert.deepEqual(await rowsOf(set('intersect', false), db.context()), [[1], [null]]);
});

test('recursive CTE counts up, ends cycles with UNION, and stops at the depth limit', async () => {
  const db = await testDatabase();
  const scan = plan('cte-scan', { cteId: 1, output: columns(INT) });
  const step = (limit: number): PhysicalPlan => {
    const below = plan('filter', { input: scan, condition: call('lt', column(0), constant(limit)) });
    return plan('projection', {
      input: below,
      expressions: [call('plus', column(0), constant(1))],
      output: columns(INT),
    });
  };
  const cte = (recursive: PhysicalPlan, distinct: boolean): PhysicalPlan =>
    plan('with-cte', { cteId: 1, seed: values([INT], [[1]]), recursive, distinct, input: scan });
  assert.deepEqual(await rowsOf(cte(step(5), false), db.context()), [[1], [2], [3], [4], [5]]);
  assert.deepEqual(await rowsOf(cte(scan, true), db.context()), [[1]]);
  await assert.rejects(rowsOf(cte(scan, false), db.context()), (error: { errno?: number }) => error.errno === 3636);
});

test('window functions over partitions, peers and frames', async () => {
  const db = await testDatabase();
  const input = values(
    [INT, INT],
    [
      [1, 10],
      [1, 20],
      [1, 20],
      [1, 40],
      [2, 5],
    ],
  );
  const run = async (calls: WindowCall[], frame?: WindowFrame): Promise<Row[]> => {
    const window: Window = plan('window', { input, partitionBy: [column(0)], orderBy: [key(column(1))], frame, calls });
    return (await rowsOf(window, db.context())).map((row) => row.slice(2));
  };
  const named = (name: string, ...args: Expression[]): WindowCall => inferWindow(name, args);
  assert.deepEqual(await run([named('row_number'), named('rank'), named('dense_rank'), named('count', column(1)), named('ntile', constant(2))]), [
    [1, 1, 1, 1, 1], [2, 2, 2, 3, 1], [3, 2, 2, 3, 2], [4, 4, 3, 4, 2], [1, 1, 1, 1, 1],
  ]); // prettier-ignore
  assert.deepEqual(await run([named('lag', column(1)), named('lead', column(1), constant(1), constant(0)), named('percent_rank'), named('cume_dist')]), [
    [null, 20, 0, 0.25], [10, 20, 1 / 3, 0.75], [20, 40, 1 / 3, 0.75], [20, 0, 1, 1], [null, 0, 0, 1],
  ]); // prettier-ignore
  const around: WindowFrame = {
    unit: 'rows',
    start: { kind: 'preceding', offset: constant(1) },
    end: { kind: 'following', offset: constant(1) },
  };
  assert.deepEqual(await run([named('count', column(1)), named('first_value', column(1)), named('last_value', column(1)), named('max', column(1))], around), [
    [2, 10, 20, 20], [3, 10, 20, 20], [3, 20, 40, 40], [2, 20, 40, 40], [1, 5, 5, 5],
  ]); // prettier-ignore
  const within: WindowFrame = {
    unit: 'range',
    start: { kind: 'preceding', offset: constant(10) },
    end: { kind: 'current-row' },
  };
  assert.deepEqual(await run([named('count', column(1)), named('nth_value', column(1), constant(2))], within), [
    [1, null],
    [3, 20],
    [3, 20],
    [1, null],
    [1, null],
  ]);
});

test('with counters asked for, every operator says its rows, runs and memory', async () => {
  const db = await testDatabase();
  const input = values(
    [INT],
    Array.from({ length: 2000 }, (_, i) => [i % 10]),
  );
  const sort = plan('sort', { input, keys: [key(column(0))] });
  const runtimeStatistics = new Map<string, OperatorStatistics>();
  await rowsOf(
    plan('limit', { input: sort, offset: undefined, count: constant(5) }),
    db.context({ runtimeStatistics }),
  );
  assert.equal(runtimeStatistics.get(input.id)!.rows, 2000);
  const sorting = runtimeStatistics.get(sort.id)!;
  assert.equal(sorting.loops, 1);
  assert(sorting.memoryBytes > 2000 * 40);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Row } from '../../../base/value/datum.ts';
import type { JoinType, PhysicalPlan } from '../../../proto/plan/physical.ts';
import { testTable } from '../../../proto/encoding/testing.ts';
import {
  call,
  column,
  columns,
  insertRows,
  INT,
  key,
  plan,
  rowsOf,
  sorted,
  tableScan,
  testDatabase,
  TEXT,
  values,
} from '../testing.ts';

/** Small ranges, so that keys meet; NULLs among them. */
const cell = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null, freq: 6 });
const rowsOfTwo = fc.array(fc.tuple(cell, cell), { maxLength: 30 }) as fc.Arbitrary<Row[]>;
const TYPES: readonly JoinType[] = ['inner', 'left', 'semi', 'anti', 'left-semi-mark', 'null-aware-anti'];
const threeValued = (type: JoinType): boolean => type === 'left-semi-mark' || type === 'null-aware-anti';
const RUNS = { numRuns: 60, seed: 20240131 };

/** The definition: every pair is looked at. TRUE, FALSE or NULL of `l.0 = r.0 AND (l.1 < r.1)`. */
function naive(type: JoinType, left: Row[], right: Row[], withCondition: boolean): Row[] {
  const out: Row[] = [];
  for (const l of left) {
    let matched = false;
    let unknown = false;
    for (const r of right) {
      const equal = l[0] === null || r[0] === null ? null : l[0] === r[0];
      const less = !withCondition ? true : l[1] === null || r[1] === null ? null : l[1]! < r[1]!;
      const both = equal === false || less === false ? false : equal === null || less === null ? null : true;
      if (both === true) {
        matched = true;
        if (type === 'inner' || type === 'left') out.push([...l, ...r]);
      } else if (both === null) unknown = true;
    }
    if (type === 'left' && !matched) out.push([...l, null, null]);
    if (type === 'semi' && matched) out.push(l);
    if (type === 'anti' && !matched) out.push(l);
    if (type === 'null-aware-anti' && !matched && !unknown) out.push(l);
    if (type === 'left-semi-mark') out.push([...l, matched ? 1 : unknown ? null : 0]);
  }
  return out;
}

function outputOf(type: JoinType): ReturnType<typeof columns> {
  return type === 'inner' || type === 'left'
    ? columns(INT, INT, INT, INT)
    : type === 'left-semi-mark'
      ? columns(INT, INT, INT)
      : columns(INT, INT);
}

const less = call('lt', column(1), column(3));
const equalAndLess = call('and', call('eq', column(0), column(2)), less);

for (const joinType of TYPES) {
  test(`hash and nested-loop ${joinType} joins give what looking at every pair gives`, async () => {
    const db = await testDatabase();
    await fc.assert(
      fc.asyncProperty(rowsOfTwo, rowsOfTwo, fc.boolean(), fc.boolean(), async (l, r, withCondition, buildLeft) => {
        const left = values([INT, INT], l);
        const right = values([INT, INT], r);
        const expected = sorted(naive(joinType, l, r, withCondition));
        const hash = plan('hash-join', {
          joinType, left, right, build: buildLeft && !threeValued(joinType) ? 'left' : 'right', leftKeys: [column(0)], rightKeys: [column(0)],
          nullSafe: [false], condition: withCondition ? less : undefined, output: outputOf(joinType),
        }); // prettier-ignore
        assert.deepEqual(sorted(await rowsOf(hash, db.context())), expected);
        const loop = plan('nested-loop-join', {
          joinType, left, right, condition: withCondition ? equalAndLess : call('eq', column(0), column(2)), output: outputOf(joinType),
        }); // prettier-ignore
        assert.deepEqual(sorted(await rowsOf(loop, db.context())), expected);
      }),
      RUNS,
    );
  });
}

for (const joinType of ['inner', 'left', 'semi', 'anti'] as const) {
  test(`merge ${joinType} join gives what the hash join gives`, async () => {
    const db = await testDatabase();
    await fc.assert(
      fc.asyncProperty(rowsOfTwo, rowsOfTwo, fc.boolean(), async (l, r, withCondition) => {
        const sort = (rows: Row[]): PhysicalPlan =>
          plan('sort', { input: values([INT, INT], rows), keys: [key(column(0))] });
        const merge = plan('merge-join', {
          joinType, left: sort(l), right: sort(r), leftKeys: [column(0)], rightKeys: [column(0)], condition: withCondition ? less : undefined,
          output: outputOf(joinType),
        }); // prettier-ignore
        assert.deepEqual(sorted(await rowsOf(merge, db.context())), sorted(naive(joinType, l, r, withCondition)));
      }),
      RUNS,
    );
  });

  test(`index ${joinType} join, by handle, by unique key and by prefix, gives the same`, async () => {
    const table = testTable('create table t (id bigint primary key, a bigint, b bigint, key by_a (a, b))');
    const db = await testDatabase([table]);
    const stored: Row[] = Array.from({ length: 40 }, (_, i) => [i, i % 7, i % 3 === 0 ? null : i % 5]);
    await db.write(insertRows(table, stored));
    const byA = table.indexes.find((index) => index.name === 'by_a')!;
    const l: Row[] = [
      [0, 1],
      [3, 2],
      [3, 4],
      [null, 1],
      [99, 0],
      [6, null],
    ];
    const left = values([INT, INT], l);
    const scan = tableScan(table);
    const pairs = (on: number): string[] => {
      const out: Row[] = [];
      for (const row of l) {
        const found = stored.filter((one) => row[0] !== null && one[on] === row[0]);
        if (joinType === 'inner' || joinType === 'left') for (const one of found) out.push([...row, ...one]);
        if (joinType === 'left' && found.length === 0) out.push([...row, null, null, null]);
        if ((joinType === 'semi' && found.length > 0) || (joinType === 'anti' && found.length === 0)) out.push(row);
      }
      return sorted(out);
    };
    const output = joinType === 'inner' || joinType === 'left' ? columns(INT, INT, INT, INT, INT) : columns(INT, INT);
    const join = (inner: Parameters<typeof plan<'index-join'>>[1]['inner']): PhysicalPlan =>
      plan('index-join', { joinType, left, inner, outerKeys: [column(0)], condition: undefined, output });
    assert.deepEqual(sorted(await db.query(join(scan))), pairs(0));
    const index = { ...scan, kind: 'index-scan', index: byA, indexFilter: undefined, keepOrder: false } as const;
    assert.deepEqual(sorted(await db.query(join({ ...index, covering: false }))), pairs(1));
    assert.deepEqual(sorted(await db.query(join({ ...index, covering: true }))), pairs(1));
  });
}

test('keys with several columns, text keys under a collation, and no key at all', async () => {
  const db = await testDatabase();
  const left = values(
    [TEXT, INT],
    [
      ['a', 1],
      ['B', 2],
      ['c', 3],
    ],
  );
  const right = values(
    [TEXT, INT],
    [
      ['A', 1],
      ['b', 3],
    ],
  );
  const join = (more: object): PhysicalPlan =>
    plan('hash-join', {
      joinType: 'inner',
      left,
      right,
      build: 'right',
      condition: undefined,
      leftKeys: [],
      rightKeys: [],
      nullSafe: [],
      ...more,
    });
  const byName = { leftKeys: [column(0, TEXT)], rightKeys: [column(0, TEXT)], nullSafe: [false] };
  assert.deepEqual(await rowsOf(join(byName), db.context()), [
    ['a', 1, 'A', 1],
    ['B', 2, 'b', 3],
  ]);
  const byBoth = {
    leftKeys: [column(0, TEXT), column(1)],
    rightKeys: [column(0, TEXT), column(1)],
    nullSafe: [false, false],
  };
  assert.deepEqual(await rowsOf(join(byBoth), db.context()), [['a', 1, 'A', 1]]);
  assert.equal((await rowsOf(join({}), db.context())).length, 6);
});

test('a large join gives way and stays within its memory, or says which operator did not', async () => {
  const db = await testDatabase();
  const many = values(
    [INT, INT],
    Array.from({ length: 3000 }, (_, i) => [i % 50, i]),
  );
  const join = plan('hash-join', {
    joinType: 'inner', left: many, right: many, build: 'right', leftKeys: [column(0)], rightKeys: [column(0)], nullSafe: [false], condition: undefined,
  }); // prettier-ignore
  assert.equal((await rowsOf(join, db.context())).length, 3000 * 60);
  const context = db.context();
  (context.memory as { quotaBytes?: number }).quotaBytes = 50_000;
  await assert.rejects(rowsOf(join, context), /in operator hash-join_/);
  const killed = db.context();
  killed.killed = true;
  await assert.rejects(rowsOf(join, killed), /interrupted/);
});

test('apply: scalar, exists, results kept by their values, and two rows for a scalar', async () => {
  const db = await testDatabase();
  const left = values([INT], [[1], [2], [1], [null]]);
  const inner = plan('filter', {
    input: values(
      [INT, INT],
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
    ),
    condition: call('eq', column(0), { kind: 'parameter', index: 0, type: INT }),
  });
  const picked = plan('projection', { input: inner, expressions: [column(1)], output: columns(INT) });
  const apply = (joinType: 'scalar' | 'semi' | 'anti', from: PhysicalPlan): PhysicalPlan =>
    plan('apply', {
      joinType,
      left,
      inner: from,
      correlated: [column(0)],
      correlatedBase: 0,
      condition: undefined,
      output: columns(INT),
    });
  assert.deepEqual(await rowsOf(apply('scalar', picked), db.context()), [
    [1, 10],
    [2, 20],
    [1, 10],
    [null, null],
  ]);
  assert.deepEqual(await rowsOf(apply('semi', picked), db.context()), [[1], [2], [1]]);
  assert.deepEqual(await rowsOf(apply('anti', picked), db.context()), [[null]]);
  await assert.rejects(
    rowsOf(apply('scalar', values([INT], [[1], [2]])), db.context()),
    /Subquery returns more than 1 row/,
  );
});

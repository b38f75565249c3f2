/** The column engine's pipelines against naive evaluation of the same rows, on random data with NULLs, from hand-made plans. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datum, Row } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { BIGINT, decimalType, varcharType, type FieldType } from '../../base/value/field-type.ts';
import type { AggregateCall, CallExpression, Expression } from '../../proto/plan/expression.ts';
import type { HashJoin, PhysicalPlan, TableScan } from '../../proto/plan/physical.ts';
import { GroupTable } from '../operator/group-table.ts';
import { JoinTable } from '../operator/join-table.ts';
import type { Table } from '../operator/table.ts';
import { ColumnBuilder } from '../vector/builder.ts';
import { DictionaryCache } from '../vector/strings.ts';
import { Execution, StoppedError } from './execution.ts';
import { Unsupported } from './value.ts';

const INT = BIGINT;
const MONEY = decimalType(15, 2);
const TEXT = varcharType(20);
const collations = {
  hashKey: (_: string, text: string) => text.toLowerCase(),
  compare: (_: string, a: string, b: string) =>
    a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0,
};

interface Data {
  readonly types: readonly FieldType[];
  readonly rows: readonly Row[];
}

test('filter, arithmetic, group and sums of exact decimals', () => {
  const data = random(1, 5000, [INT, MONEY, MONEY, TEXT]);
  const scanned = scan(data);
  const price = column(scanned, 1);
  const discounted = call(
    'mul',
    [price, call('minus', [constant(new Decimal(1, 0), decimalType(1, 0)), column(scanned, 2)], decimalType(16, 2))],
    decimalType(31, 4),
  );
  const filtered: PhysicalPlan = {
    ...node(scanned.output),
    kind: 'filter',
    input: scanned,
    condition: call('lt', [column(scanned, 0), constant(50, INT)], INT),
  };
  const plan = aggregate(
    filtered,
    [column(scanned, 3)],
    [
      { name: 'count', args: [], distinct: false, type: INT },
      { name: 'sum', args: [discounted], distinct: false, type: decimalType(53, 4) },
      { name: 'avg', args: [price], distinct: false, type: decimalType(19, 6) },
      { name: 'min', args: [price], distinct: false, type: MONEY },
      { name: 'max', args: [column(scanned, 3)], distinct: false, type: TEXT },
      { name: 'count', args: [column(scanned, 0)], distinct: true, type: INT },
    ],
  );
  const expected = new Map<string, { key: Datum; rows: Row[] }>();
  for (const row of data.rows) {
    if (row[0] === null || (row[0] as number) >= 50) continue;
    const key = row[3] === null ? '\0' : (row[3] as string).toLowerCase();
    if (!expected.has(key)) expected.set(key, { key: row[3]!, rows: [] });
    expected.get(key)!.rows.push(row);
  }
  const actual = rowsOf(run(plan, [data]));
  assert.equal(actual.length, expected.size);
  [...expected.values()].forEach(({ key, rows }, i) => {
    const prices = rows.filter((row) => row[1] !== null).map((row) => BigInt((row[1] as Decimal).digits));
    const products = rows
      .filter((row) => row[1] !== null && row[2] !== null)
      .map((row) => BigInt((row[1] as Decimal).digits) * (100n - BigInt((row[2] as Decimal).digits)));
    const total = prices.reduce((a, b) => a + b, 0n);
    const texts = rows.map((row) => row[3] as string | null).filter((text) => text !== null);
    assert.deepEqual(actual[i], [
      key,
      rows.length,
      products.length === 0 ? null : Number(products.reduce((a, b) => a + b, 0n)),
      prices.length === 0 ? null : rounded(total * 10_000n, BigInt(prices.length)),
      prices.length === 0 ? null : Number(prices.reduce((a, b) => (a < b ? a : b))),
      texts.length === 0 ? null : texts.reduce((a, b) => (collations.compare('', b, a) > 0 ? b : a)),
      new Set(rows.map((row) => row[0])).size,
    ]);
  });
});

for (const joinType of ['inner', 'left', 'semi', 'anti', 'null-aware-anti'] as const) {
  test(`${joinType} joins with NULL keys, a further condition and repeated keys`, () => {
    for (let seed = 1; seed <= 12; seed++) {
      const left = random(seed, 200, [INT, TEXT, INT]);
      const right = random(seed + 100, 80 * (seed % 3), [INT, TEXT, INT]);
      const [l, r] = [scan(left), scan(right)];
      const notIn = joinType === 'null-aware-anti';
      const byText = seed % 2 === 0 && !notIn;
      const both = [...l.output, ...r.output];
      const condition = call('le', [{ ...column(l, 2) }, { ...column(r, 2), index: 5 }], INT);
      const plan: HashJoin = {
        ...node(joinType === 'semi' || joinType === 'anti' || notIn ? l.output : both),
        kind: 'hash-join', joinType, left: l, right: r, build: joinType === 'inner' && seed % 4 === 1 ? 'left' : 'right',
        leftKeys: byText ? [column(l, 0), column(l, 1)] : [column(l, 0)],
        rightKeys: byText ? [column(r, 0), column(r, 1)] : [column(r, 0)],
        nullSafe: [seed % 5 === 0 && !notIn, false], condition: seed % 3 === 0 || notIn ? undefined : condition,
      }; // prettier-ignore
      const matches = (a: Row, b: Row): boolean => {
        const equal = (x: Datum, y: Datum): boolean =>
          x !== null && y !== null && String(x).toLowerCase() === String(y).toLowerCase();
        const first = equal(a[0]!, b[0]!) || (seed % 5 === 0 && a[0] === null && b[0] === null);
        return (
          first &&
          (!byText || equal(a[1]!, b[1]!)) &&
          (!plan.condition || (a[2] !== null && b[2] !== null && (a[2] as number) <= (b[2] as number)))
        );
      };
      const expected = left.rows.flatMap((a) => {
        const found = right.rows.filter((b) => matches(a, b));
        if (notIn) {
          const kept =
            right.rows.length === 0 || (a[0] !== null && found.length === 0 && right.rows.every((b) => b[0] !== null));
          return kept ? [a] : [];
        }
        if (joinType === 'semi') return found.length > 0 ? [a] : [];
        if (joinType === 'anti') return found.length === 0 ? [a] : [];
        if (joinType === 'left' && found.length === 0) return [[...a, null, null, null]];
        return found.map((b) => [...a, ...b]);
      });
      const actual = rowsOf(run(plan, [left, right]));
      // Rows come in the order of the side that probes.
      const sorted = (rows: Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
      if (plan.build === 'left') assert.deepEqual(sorted(actual), sorted(expected), `seed ${seed}`);
      else assert.deepEqual(actual, expected, `seed ${seed}`);
    }
  });
}

test('sort with NULLs, descending keys, ties in input order; top-n and limit', () => {
  const data = random(7, 300, [INT, TEXT, INT]);
  const scanned = scan(data);
  const keys = [
    { expression: column(scanned, 1), descending: true },
    { expression: column(scanned, 0), descending: false },
  ];
  const compare = (x: Datum, y: Datum): number => {
    if (x === null || y === null) return x === y ? 0 : x === null ? -1 : 1;
    return typeof x === 'string' ? collations.compare('', x, y as string) : (x as number) - (y as number);
  };
  const expected = [...data.rows].sort((a, b) => -compare(a[1]!, b[1]!) || compare(a[0]!, b[0]!));
  const sorted: PhysicalPlan = { ...node(scanned.output), kind: 'sort', input: scanned, keys };
  assert.deepEqual(rowsOf(run(sorted, [data])), expected);
  const top: PhysicalPlan = {
    ...node(scanned.output),
    kind: 'top-n',
    input: scanned,
    keys,
    offset: constant(5, INT),
    count: constant(10, INT),
  };
  assert.deepEqual(rowsOf(run(top, [data])), expected.slice(5, 15));
  const limited: PhysicalPlan = {
    ...node(scanned.output),
    kind: 'limit',
    input: scanned,
    offset: undefined,
    count: constant(400, INT),
  };
  assert.deepEqual(rowsOf(run(limited, [data])), data.rows);
});

test('a sum beyond 53 bits is carried exactly, alone and in groups', () => {
  const big = 4_000_000_000_000_001;
  const rows = Array.from({ length: 10_000 }, (_, i): Row => [i % 2, i % 3 === 0 ? -big + 7 : big]);
  const data = { types: [INT, INT], rows };
  const scanned = scan(data);
  const sum: AggregateCall = { name: 'sum', args: [column(scanned, 1)], distinct: false, type: decimalType(41, 0) };
  const total = (group: number | undefined): bigint =>
    rows.filter((row) => group === undefined || row[0] === group).reduce((a, row) => a + BigInt(row[1] as number), 0n);
  assert.deepEqual(rowsOf(run(aggregate(scanned, [], [sum]), [data])), [[total(undefined)]]);
  assert.deepEqual(rowsOf(run(aggregate(scanned, [column(scanned, 0)], [sum]), [data])), [
    [0, total(0)],
    [1, total(1)],
  ]);
});

test('no rows: one row without groups, none with them', () => {
  const data = { types: [INT, MONEY], rows: [] };
  const scanned = scan(data);
  const calls: AggregateCall[] = [
    { name: 'count', args: [], distinct: false, type: INT },
    { name: 'sum', args: [column(scanned, 1)], distinct: false, type: decimalType(37, 2) },
    { name: 'max', args: [column(scanned, 0)], distinct: false, type: INT },
  ];
  assert.deepEqual(rowsOf(run(aggregate(scanned, [], calls), [data])), [[0, null, null]]);
  assert.deepEqual(rowsOf(run(aggregate(scanned, [column(scanned, 0)], calls), [data])), []);
});

test('functions of one text column run once a distinct string; conditions keep three values apart', () => {
  const data = random(3, 500, [TEXT, INT]);
  const scanned = scan(data);
  const evaluated: Datum[] = [];
  const like = call('like', [column(scanned, 0), constant('a%', TEXT)], INT);
  const condition = call(
    'not',
    [call('or', [like, call('gt', [column(scanned, 1), constant(50, INT)], INT)], INT)],
    INT,
  );
  const plan: PhysicalPlan = { ...node(scanned.output), kind: 'filter', input: scanned, condition };
  const compileScalar =
    () =>
    (row: Row): Datum => {
      evaluated.push(row[0]!);
      return row[0] === null ? null : (row[0] as string).toLowerCase().startsWith('a') ? 1 : 0;
    };
  const expected = data.rows.filter((row) => {
    const first = row[0] === null ? null : (row[0] as string).toLowerCase().startsWith('a');
    const second = row[1] === null ? null : (row[1] as number) > 50;
    return first === false && second === false;
  });
  assert.deepEqual(rowsOf(run(plan, [data], { compileScalar })), expected);
  const distinct = new Set(data.rows.map((row) => row[0])).size;
  assert(evaluated.length <= (distinct + 1) * 2, `${evaluated.length} evaluations for ${distinct} strings`);
});

test('CASE, IFNULL, IN and BETWEEN', () => {
  const data = random(11, 400, [INT, INT]);
  const scanned = scan(data);
  const [a, b] = [column(scanned, 0), column(scanned, 1)];
  const output = [0, 1, 2, 3].map((i) => ({ id: 100 + i, name: `e${i}`, type: INT }));
  const plan: PhysicalPlan = {
    ...node(output), kind: 'projection', input: scanned,
    expressions: [
      call('case', [call('gt', [a, b], INT), a, call('isnull', [a], INT), constant(-1, INT)], INT),
      call('ifnull', [a, call('neg', [b], INT)], INT),
      call('in', [a, constant(1, INT), constant(2, INT), b], INT),
      call('between', [a, constant(20, INT), b], INT),
    ],
  }; // prettier-ignore
  const three = (value: boolean | null): Datum => (value === null ? null : value ? 1 : 0);
  const and = (x: boolean | null, y: boolean | null): boolean | null =>
    x === false || y === false ? false : x === null || y === null ? null : true;
  const expected = data.rows.map(([x, y]) => {
    const [p, q] = [x as number | null, y as number | null];
    const membership = p === null ? null : p === 1 || p === 2 || p === q ? true : q === null ? null : false;
    const between = and(p === null ? null : p >= 20, p === null || q === null ? null : p <= q);
    return [
      p !== null && q !== null && p > q ? p : p === null ? -1 : null,
      p ?? (q === null ? null : q === 0 ? 0 : -q),
      three(membership),
      three(between),
    ];
  });
  assert.deepEqual(
    rowsOf(run(plan, [data])).map((row) => row.map((value) => (value === 0 ? 0 : value))),
    expected,
  );
});

test('group keys wider than 53 bits are numbered in links', () => {
  const draw = generator(99);
  const wide = (): number => draw(3) * 2 ** 50 + draw(2);
  const rows = Array.from({ length: 2000 }, (): Row => [
    draw(9) === 0 ? null : wide(),
    draw(5),
    wide(),
    draw(4) * 2 ** 30,
    draw(2) === 0 ? 'a' : 'B',
  ]);
  const data = { types: [INT, INT, INT, INT, TEXT], rows };
  const scanned = scan(data);
  const keys = [0, 1, 2, 3, 4].map((i) => column(scanned, i));
  const expected = new Map<string, Row>();
  for (const row of rows) {
    const name = JSON.stringify(row);
    const group = expected.get(name) ?? [...row, 0];
    (group[5] as number)++;
    expected.set(name, group);
  }
  const plan = aggregate(scanned, keys, [{ name: 'count', args: [], distinct: false, type: INT }]);
  assert.deepEqual(rowsOf(run(plan, [data])), [...expected.values()]);
});

test('what cannot be exact is refused, not rounded', () => {
  const data = { types: [INT], rows: [[2 ** 40], [2 ** 41]] as Row[] };
  const scanned = scan(data);
  const square = call('mul', [column(scanned, 0), column(scanned, 0)], INT);
  const plan: PhysicalPlan = {
    ...node([{ id: 9, name: 's', type: INT }]),
    kind: 'projection',
    input: scanned,
    expressions: [square],
  };
  assert.throws(() => run(plan, [data]), Unsupported);
  assert.throws(
    () => run({ ...plan, expressions: [call('sleep', [column(scanned, 0)], INT)] }, [data]),
    /function sleep/,
  );
});

test('a stop flag ends a loop', () => {
  const data = random(5, 100, [INT]);
  const scanned = scan(data);
  const plan = aggregate(scanned, [], [{ name: 'max', args: [column(scanned, 0)], distinct: false, type: INT }]);
  assert.throws(() => run(plan, [data], { stop: Int32Array.of(1) }), StoppedError);
});

test('hash tables agree with a Map for dense and sparse keys', () => {
  for (const range of [500, 2 ** 50]) {
    const draw = generator(range % 97);
    const keys = Float64Array.from({ length: 3000 }, () =>
      draw(20) === 0 ? -1 : Math.floor((draw(500) / 500) * range),
    );
    const memory = { take: () => undefined };
    const join = new JoinTable(keys, range, memory);
    const groups = new GroupTable(range, 10, memory);
    const expected = new Map<number, number[]>();
    keys.forEach((key, row) => key >= 0 && expected.set(key, [...(expected.get(key) ?? []), row]));
    for (const [key, rows] of expected) {
      const found: number[] = [];
      for (let row = join.direct ? join.head[key]! : join.find(key); row >= 0; row = join.next[row]!) found.push(row);
      assert.deepEqual(found, rows);
    }
    const order = [...expected.keys()];
    keys.forEach((key) => key >= 0 && assert.equal(groups.group(key), order.indexOf(key)));
  }
});

function run(
  plan: PhysicalPlan,
  data: readonly Data[],
  more: Partial<ConstructorParameters<typeof Execution>[2]> = {},
): Table {
  const dictionaries = new DictionaryCache(collations);
  const tables = data.map(({ types, rows }): Table => {
    const builders = types.map((type) => new ColumnBuilder(type));
    for (const row of rows) builders.forEach((builder, i) => builder.append(row[i]!));
    return { count: rows.length, columns: builders.map((builder) => builder.finish()) };
  });
  const noScalar = (expression: Expression) => (): Datum => {
    throw new Error(`not expected: ${JSON.stringify(expression)}`);
  };
  return new Execution(plan, tables, {
    dictionaries,
    compileScalar: noScalar,
    memory: { take: () => undefined },
    stop: new Int32Array(1),
    dry: false,
    ...more,
  }).materialize(plan);
}

/** Rows as plain values: decimals as their digits. */
function rowsOf(table: Table): Row[] {
  return Array.from({ length: table.count }, (_, row) =>
    table.columns.map((one): Datum => {
      if (one.exact) return one.exact[row]!;
      if (one.nulls?.[row] === 1) return null;
      const value = one.values[row]!;
      if (!one.dictionary) return value;
      const { bytes, offsets } = one.dictionary;
      return Buffer.from(bytes).toString('utf8', offsets[value]!, offsets[value + 1]!);
    }),
  );
}

let ids = 0;

function node(output: PhysicalPlan['output']): {
  output: PhysicalPlan['output'];
  estimatedRows: number;
  cost: number;
  id: string;
} {
  return { output, estimatedRows: 1, cost: 1, id: `n${++ids}` };
}

function scan(data: Data): TableScan {
  const output = data.types.map((type, i) => ({ id: ++ids, name: `c${i}`, type }));
  return {
    ...node(output),
    kind: 'table-scan',
    columns: output as never,
    ranges: undefined,
    filter: undefined,
    reverse: false,
    limit: undefined,
    database: 'd',
    alias: 't',
    table: {} as never,
  };
}

function column(from: PhysicalPlan, index: number): Expression & { kind: 'column' } {
  const { id, type, name } = from.output[index]!;
  return { kind: 'column', id, index, type, name };
}

function constant(value: Datum, type: FieldType): Expression {
  return { kind: 'constant', value, type };
}

function call(name: string, args: readonly Expression[], type: FieldType): CallExpression {
  return { kind: 'call', name, args, type };
}

function aggregate(
  input: PhysicalPlan,
  groupBy: readonly Expression[],
  aggregates: readonly AggregateCall[],
): PhysicalPlan {
  const output = [...groupBy, ...aggregates].map((one, i) => ({ id: ++ids, name: `a${i}`, type: one.type }));
  return { ...node(output), kind: 'hash-aggregate', input, groupBy, aggregates, rollup: false };
}

function random(seed: number, count: number, types: readonly FieldType[]): Data {
  const draw = generator(seed);
  const words = ['apple', 'Apple', 'pear', 'PEAR', 'fig', 'almond', '', 'zebra'];
  const rows = Array.from({ length: count }, (): Row =>
    types.map((type): Datum => {
      if (draw(10) === 0) return null;
      if (type === TEXT) return words[draw(words.length)]!;
      return type === MONEY ? new Decimal(draw(100_000) - 20_000, 2) : draw(100);
    }),
  );
  return { types, rows };
}

function rounded(dividend: bigint, divisor: bigint): number {
  const size = dividend < 0n ? -dividend : dividend;
  const result = Number((size * 2n + divisor) / (divisor * 2n));
  return dividend < 0n ? -result : result;
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

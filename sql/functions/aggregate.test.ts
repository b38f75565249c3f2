/** Aggregates: values against plain arithmetic, partial results that are merged, types, DISTINCT and the refusals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Datum, Row } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import {
  BIGINT,
  decimalType,
  DOUBLE,
  fieldType,
  TypeCode,
  varcharType,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { AggregateCall, Expression } from '../../proto/plan/expression.ts';
import {
  createAccumulator,
  createEvalContext,
  formatText,
  inferAggregate,
  inferWindow,
  type AggregateOptions,
} from './index.ts';

function column(type: FieldType, index = 0): Expression {
  return { kind: 'column', id: index + 1, index, type, name: `t.c${index}` };
}

function run(call: AggregateCall, rows: readonly Row[], parts = 1): Datum {
  const context = createEvalContext();
  const accumulators = Array.from({ length: parts }, () => createAccumulator(call));
  rows.forEach((row, at) => accumulators[at % parts]!.add(row, context));
  const [first, ...rest] = accumulators;
  for (const other of rest) first!.merge(other, context);
  return first!.result(context);
}

function shown(name: string, type: FieldType, values: readonly Datum[], options: AggregateOptions = {}): string {
  const call = inferAggregate(name, [column(type)], options);
  const value = run(call, values.map((one) => [one])); // prettier-ignore
  return String(formatText(value, call.type) ?? 'NULL');
}

const D = Decimal.parse;
const MONEY = decimalType(15, 2);

test('sums and averages are exact, whatever the order and the partition', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), fc.bigInt({ min: -9999n, max: 9999n })), {
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 4 }),
      (cents, parts) => {
        const rows: Row[] = cents.map((one) => [D(`${one}e-2`).rescale(2)]);
        const sum = inferAggregate('sum', [column(MONEY)]);
        const average = inferAggregate('avg', [column(MONEY)]);
        const total = cents.reduce((a, b) => a + b, 0n);
        if (cents.length === 0) {
          assert.equal(run(sum, rows, parts), null);
          assert.equal(run(average, rows, parts), null);
          return;
        }
        assert.equal(String(run(sum, rows, parts)), D(`${total}e-2`).rescale(2).toString());
        assert.equal(
          String(run(average, rows, parts)),
          D(`${total}e-2`).divide(Decimal.fromInteger(cents.length), 6)!.toString(),
        );
      },
    ),
    { numRuns: 500, seed: 20240229 },
  );
});

test('deviations agree with the two-pass formula, merged or not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      (values, parts) => {
        const mean = values.reduce((a, b) => a + b) / values.length;
        const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
        const close = (name: string, expected: number): void => {
          const call = inferAggregate(name, [column(DOUBLE)]);
          const got = run(call, values.map((value) => [value]), parts) as number; // prettier-ignore
          assert(Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${name} ${got} ${expected}`);
        };
        close('var_pop', squares / values.length);
        close('var_samp', squares / (values.length - 1));
        close('std', Math.sqrt(squares / values.length));
        close('stddev_samp', Math.sqrt(squares / (values.length - 1)));
      },
    ),
    { numRuns: 300, seed: 20240229 },
  );
});

test('types of sums and averages', () => {
  const typeOf = (name: string, type: FieldType): string => {
    const result = inferAggregate(name, [column(type)]).type;
    return `${result.code}(${result.length},${result.decimals})`;
  };
  assert.equal(typeOf('sum', fieldType(TypeCode.LONG, { length: 11 })), '246(32,0)');
  assert.equal(typeOf('sum', MONEY), '246(37,2)');
  assert.equal(typeOf('avg', MONEY), '246(19,6)');
  assert.equal(typeOf('avg', fieldType(TypeCode.LONG, { length: 11 })), '246(14,4)');
  assert.equal(typeOf('sum', varcharType(10)), '5(22,31)');
});

test('the small ones', () => {
  assert.equal(shown('count', BIGINT, [1, null, 2]), '2');
  assert.equal(shown('count', BIGINT, [1, 1, null, 2], { distinct: true }), '2');
  assert.equal(shown('count', varcharType(5), ['a', 'A', 'b'], { distinct: true }), '2');
  assert.equal(shown('sum', BIGINT, [1, 1, 2], { distinct: true }), '3');
  assert.equal(shown('min', varcharType(5), ['b', 'A', null, 'c']), 'A');
  assert.equal(shown('max', BIGINT, [1, 18446744073709551615n, 5]), '18446744073709551615');
  assert.equal(shown('min', BIGINT, []), 'NULL');
  assert.equal(shown('bit_and', BIGINT, []), '18446744073709551615');
  assert.equal(shown('bit_or', BIGINT, [1, 4, null]), '5');
  assert.equal(shown('bit_xor', BIGINT, [5, 1]), '4');
  assert.equal(shown('var_samp', DOUBLE, [1]), 'NULL');
  assert.equal(shown('any_value', BIGINT, [7, 8]), '7');
  assert.equal(shown('json_arrayagg', varcharType(5), ['a', null]), '["a", null]');
  assert.equal(shown('sum', DOUBLE, [0.5, 0.25]), '0.75');
  const star = inferAggregate('count', []);
  assert.equal(run(star, [[null], [1]], 2), 2);
  const pairs = inferAggregate('count', [column(BIGINT), column(BIGINT, 1)], { distinct: true });
  assert.equal(run(pairs, [[1, 2], [1, 2], [1, null], [2, 1]], 2), 2); // prettier-ignore
  const object = inferAggregate('json_objectagg', [column(varcharType(5)), column(BIGINT, 1)]);
  assert.equal(formatText(run(object, [['bb', 1], ['a', 2], ['bb', 3]]), object.type), '{"a": 2, "bb": 3}'); // prettier-ignore
});

test('approximate counts are near', () => {
  const call = inferAggregate('approx_count_distinct', [column(BIGINT)]);
  const rows: Row[] = Array.from({ length: 20_000 }, (_, at) => [at % 10_000]);
  const estimate = run(call, rows, 3) as number;
  assert(Math.abs(estimate - 10_000) < 600, String(estimate));
});

test('group_concat: order, separator, distinct, and the cut', () => {
  const type = varcharType(10);
  assert.equal(shown('group_concat', type, ['b', null, 'a', 'c']), 'b,a,c');
  assert.equal(
    shown('group_concat', type, ['b', 'a', 'c'], {
      orderBy: [{ expression: column(type), descending: true }],
      separator: '|',
    }),
    'c|b|a',
  );
  assert.equal(
    shown('group_concat', type, ['b', 'a', 'B'], {
      distinct: true,
      orderBy: [{ expression: column(type), descending: false }],
    }),
    'a,b',
  );
  assert.equal(shown('group_concat', type, []), 'NULL');
  const context = createEvalContext({ groupConcatMaxLen: 5 });
  const accumulator = createAccumulator(inferAggregate('group_concat', [column(type)]));
  for (const text of ['aé', 'bé', 'c']) accumulator.add([text], context);
  assert.equal(accumulator.result(context), 'aé,b');
  assert.deepEqual(context.warnings.map((one) => [one.errno, one.message]), [[1260, 'Row 2 was cut by GROUP_CONCAT()']]); // prettier-ignore
});

test('a result may be asked for while rows still come', () => {
  const context = createEvalContext();
  const accumulator = createAccumulator(inferAggregate('sum', [column(BIGINT)]));
  const seen: string[] = [];
  for (const value of [1, 2, null, 4]) {
    accumulator.add([value], context);
    seen.push(String(accumulator.result(context)));
  }
  assert.deepEqual(seen, ['1', '3', '3', '7']);
  accumulator.reset();
  assert.equal(accumulator.result(context), null);
});

test('wrong calls are refused', () => {
  assert.throws(() => inferAggregate('sum', []), { errno: 1582 });
  assert.throws(() => inferAggregate('median', [column(BIGINT)]), { errno: 1305 });
  assert.throws(() => inferWindow('ntile', []), { errno: 1582 });
  assert.throws(() => inferWindow('ntile', [column(BIGINT)]), { errno: 1210 });
  const object = inferAggregate('json_objectagg', [column(varcharType(5)), column(BIGINT, 1)]);
  assert.throws(() => run(object, [[null, 1]]), { errno: 3158 });
});

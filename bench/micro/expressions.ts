/**
 * Cost of expressions a row, in nanoseconds, over a thousand rows like TPC-H's lineitem. Run: `node bench/micro/expressions.ts`.
 */
import { performance } from 'node:perf_hooks';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import { collationNamed } from '../../base/value/collation/index.ts';
import { BIGINT, decimalType, fieldType, TypeCode, varcharType, type FieldType } from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import {
  compile,
  compilePredicate,
  createAccumulator,
  createEvalContext,
  hashKeyFor,
  inferAggregate,
  inferCall,
  typeOfValue,
} from '../../sql/functions/index.ts';

const MONEY = decimalType(15, 2);
const DATE = fieldType(TypeCode.DATE, { length: 10 });
const TEXT = varcharType(25);
const ROWS = 1000;

const rows: Row[] = Array.from({ length: ROWS }, (_, at) => [
  at,
  new Decimal(100 * ((at % 50) + 1), 2),
  new Decimal(90000 + at * 117, 2),
  new Decimal(at % 11, 2),
  DateTime.of(1992 + (at % 7), (at % 12) + 1, (at % 28) + 1),
  ['AIR', 'MAIL', 'SHIP', 'TRUCK', 'REG AIR'][at % 5]!,
  `carefully final deposits number ${at}`,
]);

function column(index: number, type: FieldType): Expression {
  return { kind: 'column', id: index + 1, index, type, name: `t.c${index}` };
}
function value(datum: Datum): Expression {
  return { kind: 'constant', value: datum, type: { ...typeOfValue(datum), notNull: true } };
}

const key = column(0, BIGINT);
const quantity = column(1, MONEY);
const price = column(2, MONEY);
const discount = column(3, MONEY);
const shipped = column(4, DATE);
const mode = column(5, TEXT);
const comment = column(6, TEXT);
const parameter: Expression = { kind: 'parameter', index: 0, type: TEXT };
const context = createEvalContext({ parameters: ['1998-09-02'] });

const revenue = inferCall('mul', [price, inferCall('minus', [value(1), discount])]);
const q6 = inferCall('and', [
  inferCall('ge', [shipped, value('1994-01-01')]),
  inferCall('lt', [shipped, value('1995-01-01')]),
  inferCall('between', [discount, value(Decimal.parse('0.05')), value(Decimal.parse('0.07'))]),
  inferCall('lt', [quantity, value(24)]),
]);

const sum = createAccumulator(inferAggregate('sum', [quantity]));
const sumOfRevenue = createAccumulator(inferAggregate('sum', [revenue]));
const uca = collationNamed('utf8mb4_0900_ai_ci')!;
const oneKey = hashKeyFor([TEXT]);
const twoKeys = hashKeyFor([TEXT, BIGINT]);

function predicate(expression: Expression): (row: Row) => void {
  const test = compilePredicate(expression);
  return (row) => void (sink += test(row, context) ? 1 : 0);
}
function evaluation(expression: Expression): (row: Row) => void {
  const evaluate = compile(expression);
  return (row) => void (sink += evaluate(row, context) === null ? 0 : 1);
}

let sink = 0;
const cases: Readonly<Record<string, (row: Row) => void>> = {
  'integer column < constant': predicate(inferCall('lt', [key, value(500)])),
  'integer column + 1': evaluation(inferCall('plus', [key, value(1)])),
  'decimal column < constant': predicate(inferCall('lt', [quantity, value(24)])),
  'date column <= text parameter': predicate(inferCall('le', [shipped, parameter])),
  'text column = constant': predicate(inferCall('eq', [mode, value('MAIL')])),
  'text column in (3 constants)': predicate(inferCall('in', [mode, value('MAIL'), value('SHIP'), value('RAIL')])),
  "text column like '%special%'": predicate(inferCall('like', [comment, value('%special%')])),
  'price * (1 - discount)': evaluation(revenue),
  'q6 condition': predicate(q6),
  'year(date)': evaluation(inferCall('year', [shipped])),
  'sum(decimal)': (row) => sum.add(row, context),
  'sum(price * (1 - discount))': (row) => sumOfRevenue.add(row, context),
  'compare two texts, 0900_ai_ci': (row) =>
    void (sink += uca.compare(row[6] as string, 'carefully final deposits number 5')),
  'hash key of a text': (row) => void (sink += (oneKey([row[5]!]) as string).length),
  'hash key of a text and an integer': (row) => void (sink += (twoKeys([row[5]!, row[0]!]) as string).length),
};

/** The best of several rounds: what the code costs when nobody else has the processor. */
const ROUNDS = 15;
const REPEATS = 100;
for (const [name, run] of Object.entries(cases)) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    for (let repeat = 0; repeat < REPEATS; repeat++) for (let at = 0; at < ROWS; at++) run(rows[at]!);
    best = Math.min(best, ((performance.now() - started) * 1e6) / (REPEATS * ROWS));
  }
  process.stdout.write(`${name.padEnd(36)} ${best.toFixed(1).padStart(8)} ns\n`);
}
process.stdout.write(sink === 0 ? 'nothing was computed\n' : '');

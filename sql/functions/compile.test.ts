/** Binding and compiling: what `inferCall` decides about conversions, and closures over rows against each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from '../../base/value/date-time.ts';
import type { Datum, Row } from '../../base/value/datum.ts';
import { Decimal } from '../../base/value/decimal.ts';
import {
  BIGINT,
  decimalType,
  DOUBLE,
  fieldType,
  JSON_TYPE,
  TypeCode,
  varcharType,
  type FieldType,
} from '../../base/value/field-type.ts';
import type { Expression } from '../../proto/plan/expression.ts';
import {
  compareFor,
  compile,
  compileAsync,
  compilePredicate,
  createEvalContext,
  foldConstants,
  formatText,
  hashKeyFor,
  inferCall,
  isAsynchronous,
  sortKeyFor,
  typeOfValue,
} from './index.ts';
import { printExpression } from './print.ts';

const INT = fieldType(TypeCode.LONG, { length: 11 });
const DATE = fieldType(TypeCode.DATE, { length: 10 });
const MONEY = decimalType(15, 2);
const TEXT = varcharType(20);
const BYTES = varcharType(20, 'binary');

function column(name: string, type: FieldType, index = 0): Expression {
  return { kind: 'column', id: index + 1, index, type, name };
}
function value(datum: Datum, type: FieldType = typeOfValue(datum)): Expression {
  return { kind: 'constant', value: datum, type: { ...type, notNull: datum !== null } };
}
function parameter(index: number, type: FieldType): Expression {
  return { kind: 'parameter', index, type };
}

/** An expression with its casts and the kinds of its constants in sight. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'column':
      return expression.name;
    case 'parameter':
      return `?${expression.index}`;
    case 'constant':
      return `${expression.value === null ? 'NULL' : String(formatText(expression.value, expression.type))}:${expression.type.code}`;
    case 'call':
      return expression.name === 'cast'
        ? `cast(${shape(expression.args[0]!)} ${expression.type.code})`
        : `${expression.name}(${expression.args.map(shape).join(', ')})`;
  }
}

test('what is known is brought to the column, which stays bare', () => {
  const shapes = (name: string, ...args: Expression[]): string => shape(inferCall(name, args));
  const i = column('i', INT);
  assert.equal(shapes('eq', i, value(5)), 'eq(i, 5:8)');
  assert.equal(shapes('eq', i, value('5')), 'eq(i, 5:8)');
  assert.equal(shapes('eq', i, value(Decimal.parse('5.0'))), 'eq(i, 5:8)');
  assert.equal(shapes('lt', i, value(Decimal.parse('5.5'))), 'lt(i, 5.5:246)');
  assert.equal(shapes('eq', i, value('x')), 'eq(i, cast(x:253 5))');
  assert.equal(shapes('eq', i, parameter(0, TEXT)), 'eq(i, cast(?0 5))');
  assert.equal(shapes('eq', column('m', MONEY), value(3)), 'eq(m, 3:246)');
  assert.equal(shapes('eq', column('m', MONEY), value('1.10')), 'eq(m, 1.10:246)');
  assert.equal(shapes('eq', column('s', TEXT), value(5)), 'eq(cast(s 5), 5:5)');
  assert.equal(shapes('le', column('d', DATE), value('1998-09-02')), 'le(d, 1998-09-02:10)');
  assert.equal(shapes('le', column('d', DATE), value('1998-09-02 10:00')), 'le(d, 1998-09-02 10:00:00.000000:12)');
  assert.equal(shapes('le', column('d', DATE), value(19980902)), 'le(d, 1998-09-02:10)');
  assert.equal(shapes('le', column('d', DATE), parameter(0, TEXT)), 'le(d, cast(?0 12))');
  assert.equal(shapes('eq', column('j', JSON_TYPE), value('a')), 'eq(j, to_json(a:253))');
  assert.equal(shapes('eq', column('b', BYTES), value('a')), 'eq(b, a:253)');
  assert.throws(() => inferCall('eq', [column('d', DATE), value('nonsense')]), {
    errno: 1525,
    message: "Incorrect DATE value: 'nonsense'",
  });
});

test('a list of mixed kinds is taken apart, a plain one stays a list', () => {
  const i = column('i', INT);
  assert.equal(shape(inferCall('in', [i, value(1), value('2')])), 'in(i, 1:8, 2:8)');
  assert.equal(shape(inferCall('in', [i, value(1), value('x')])), 'or(eq(i, 1:8), eq(i, cast(x:253 5)))');
});

test('a list that is too long is refused for its length, a call for its number of arguments', () => {
  const tooMany = [column('i', INT), ...new Array<Expression>(1_000_000).fill(value(1))];
  for (const name of ['in', 'case', 'and', 'or'])
    assert.throws(() => inferCall(name, tooMany), { errno: 1235, message: /(IN|CASE|AND|OR) with more than 1000000/ });
  assert.throws(() => inferCall('abs', tooMany), { errno: 1582 });
});

test('result types of arithmetic', () => {
  const typeOf = (name: string, a: FieldType, b: FieldType): string => {
    const { code, length, decimals, unsigned } = inferCall(name, [column('a', a), column('b', b, 1)]).type;
    return code === TypeCode.DECIMAL
      ? `decimal(${length},${decimals})`
      : code === TypeCode.DOUBLE
        ? 'double'
        : unsigned
          ? 'unsigned'
          : 'integer';
  };
  const unsigned = fieldType(TypeCode.LONGLONG, { unsigned: true });
  assert.equal(typeOf('plus', INT, INT), 'integer');
  assert.equal(typeOf('plus', INT, unsigned), 'unsigned');
  assert.equal(typeOf('plus', INT, MONEY), 'decimal(16,2)');
  assert.equal(typeOf('mul', MONEY, MONEY), 'decimal(30,4)');
  assert.equal(typeOf('div', MONEY, MONEY), 'decimal(21,6)');
  assert.equal(typeOf('div', INT, INT), 'decimal(14,4)');
  assert.equal(typeOf('mod', MONEY, INT), 'decimal(15,2)');
  assert.equal(typeOf('intdiv', MONEY, INT), 'integer');
  assert.equal(typeOf('plus', TEXT, INT), 'double');
  assert.equal(typeOf('plus', DATE, INT), 'integer');
});

test('collations: the column wins, equals are refused, COLLATE decides', () => {
  const general = column('g', varcharType(5, 'utf8mb4_general_ci'));
  const uca = column('u', varcharType(5), 1);
  assert.equal((inferCall('eq', [general, value('x')]) as { collation?: string }).collation, 'utf8mb4_general_ci');
  assert.throws(() => inferCall('eq', [general, uca]), {
    errno: 1267,
    message:
      "Illegal mix of collations (utf8mb4_general_ci,IMPLICIT) and (utf8mb4_0900_ai_ci,IMPLICIT) for operation '='",
  });
  const decided = inferCall('collate', [uca, value('utf8mb4_bin')]);
  assert.equal((inferCall('eq', [general, decided]) as { collation?: string }).collation, 'utf8mb4_bin');
});

const numbers = fc.oneof(fc.constant(null), fc.integer({ min: -3, max: 3 }), fc.constantFrom(2n ** 60n, -(2n ** 60n)));

test('conditions are the truth of values, in every shape', () => {
  const i = column('i', BIGINT);
  const j = column('j', BIGINT, 1);
  const shapes = (known: Datum): Expression[][] => [
    [i, j],
    [i, value(known, BIGINT)],
    [value(known, BIGINT), i],
    [i, parameter(0, BIGINT)],
    [parameter(0, BIGINT), i],
  ];
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, known) => {
      const context = createEvalContext({ parameters: [known] });
      const row: Row = [a, b];
      for (const name of ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'nulleq']) {
        for (const args of shapes(known)) {
          const call = inferCall(name, args);
          const result = compile(call)(row, context);
          assert.equal(compilePredicate(call)(row, context), result === 1);
          const negated = compile(inferCall('not', [call]))(row, context);
          assert.equal(negated, result === null ? null : 1 - (result as number));
        }
      }
      const and = inferCall('and', [inferCall('lt', [i, j]), inferCall('gt', [i, value(0)])]);
      assert.equal(compilePredicate(and)(row, context), compile(and)(row, context) === 1);
      const list = inferCall('in', [i, value(1), parameter(0, BIGINT), value(null)]);
      const expected = a === null ? null : a === 1 || a === known ? 1 : null;
      assert.equal(compile(list)(row, context), expected);
    }),
    { numRuns: 500, seed: 20240229 },
  );
});

test('hash keys, sort keys and order agree', () => {
  const samples: readonly (readonly [FieldType, fc.Arbitrary<NonNullable<Datum>>])[] = [
    [BIGINT, fc.oneof(fc.integer(), fc.constantFrom(2n ** 60n, 2n ** 61n))],
    [DOUBLE, fc.double({ noNaN: true, noDefaultInfinity: true })],
    [
      MONEY,
      fc
        .tuple(fc.integer({ min: -500, max: 500 }), fc.constantFrom(0, 1, 2))
        .map(([digits, scale]) => new Decimal(digits, scale)),
    ],
    [TEXT, fc.constantFrom('a', 'A', 'á', 'b', '', 'ss', 'ß')],
    [DATE, fc.tuple(fc.nat(2), fc.nat(2)).map(([day, time]) => DateTime.of(2024, 1, day + 1, time))],
  ];
  for (const [type, arbitrary] of samples) {
    fc.assert(
      fc.property(arbitrary, arbitrary, (a, b) => {
        const equal = compareFor(type)(a, b) === 0;
        assert.equal(hashKeyFor([type])([a]) === hashKeyFor([type])([b]), equal);
        assert.equal(hashKeyFor([type, BIGINT])([a, null]) === hashKeyFor([type, BIGINT])([b, null]), equal);
        if (type === TEXT) {
          const key = sortKeyFor(type);
          const [x, y] = [key(a as string), key(b as string)];
          assert.equal(Math.sign(compareFor(type)(a, b)), x < y ? -1 : x > y ? 1 : 0);
        }
      }),
      { numRuns: 500, seed: 20240229 },
    );
  }
  const list = hashKeyFor([TEXT, TEXT]);
  assert.notEqual(list(['a', 'bc']), list(['ab', 'c']));
  assert.notEqual(hashKeyFor([TEXT])([null]), hashKeyFor([TEXT])(['']));
});

test('what no row decides is computed once a statement', () => {
  let draws = 0;
  const call = inferCall('eq', [
    column('s', TEXT),
    inferCall('upper', [inferCall('concat', [parameter(0, TEXT), value('x')])]),
  ]);
  const run = compile(call);
  const context = createEvalContext({ parameters: ['a'], session: { random: () => draws++ } });
  assert.equal(run(['AX'], context), 1);
  context.parameters[0] = 'b';
  assert.equal(run(['AX'], context), 0);
  assert.equal(run(['bx'], context), 1);
  // A warning comes once per statement, and again with the next.
  const wrong = compile(inferCall('lt', [column('i', INT), parameter(0, TEXT)]));
  const first = createEvalContext({ parameters: ['7x'] });
  for (let row = 0; row < 5; row++) wrong([row], first);
  assert.equal(first.warnings.length, 1);
  const second = createEvalContext({ parameters: ['7x'] });
  wrong([1], second);
  assert.equal(second.warnings.length, 1);
  // RAND() is drawn per row all the same.
  const random = compile(inferCall('plus', [inferCall('rand', []), value(1)]));
  assert.notEqual(random([], context), random([], context));
});

test('divisions keep their guard digits inside an expression and lose them outside', () => {
  const a = column('a', MONEY);
  const third = inferCall('div', [a, value(3)]);
  const context = createEvalContext();
  const shown = (expression: Expression): string =>
    String(formatText(compile(expression)([Decimal.parse('1.00')], context), expression.type));
  assert.equal(shown(third), '0.333333');
  assert.equal(shown(inferCall('mul', [third, value(3)])), '1.000000');
  assert.equal((compile(third)([Decimal.parse('1.00')], context) as Decimal).scale, 6);
});

test('folding leaves alone what warns, fails or asks for the session', () => {
  const folded = (expression: Expression): string => shape(foldConstants(expression));
  assert.equal(folded(inferCall('plus', [value(1), value(2)])), '3:8');
  assert.equal(folded(inferCall('concat', [value('a'), inferCall('upper', [value('b')])])), 'aB:253');
  assert.equal(folded(inferCall('plus', [column('i', INT), inferCall('mul', [value(2), value(3)])])), 'plus(i, 6:8)');
  assert.match(folded(inferCall('div', [value(1), value(0)])), /^div/);
  assert.match(folded(inferCall('plus', [value(9223372036854775807n), value(1)])), /^plus/);
  assert.match(folded(inferCall('now', [])), /^now/);
  assert.match(folded(inferCall('rand', [])), /^rand/);
  assert.match(folded(inferCall('unix_timestamp', [value('2024-01-01')])), /^unix_timestamp/);
});

test('SLEEP and GET_LOCK wait, and stand inside other calls', async () => {
  const slept: number[] = [];
  const context = createEvalContext({
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve(0);
    },
    session: {
      userLock: (action, name, timeoutMs) => Promise.resolve(`${action} ${name} ${timeoutMs}` === 'get l 2000' ? 1 : 0),
    },
  });
  const sum = inferCall('plus', [inferCall('sleep', [column('i', DOUBLE)]), value(5)]);
  assert(isAsynchronous(sum) && !isAsynchronous(value(1)));
  assert.deepEqual(await Promise.all([compileAsync(sum)([0.5], context), compileAsync(sum)([1], context)]), [5, 5]);
  assert.deepEqual(slept.sort((a, b) => a - b), [500, 1000]); // prettier-ignore
  assert.equal(await compileAsync(inferCall('get_lock', [value('l'), value(2)]))([], context), 1);
  await assert.rejects(async () => compileAsync(inferCall('get_lock', [value(''), value(2)]))([], context), {
    errno: 3057,
  });
  assert.throws(() => compile(inferCall('sleep', [value(1)]))([], context), { errno: 1235 });
});

test('messages write expressions as MySQL does', () => {
  const sum = inferCall('plus', [column('test.t.a', BIGINT), value(1)]);
  assert.equal(printExpression(sum), '(`test`.`t`.`a` + 1)');
  assert.throws(() => compile(sum)([9223372036854775807n], createEvalContext()), {
    errno: 1690,
    message: "BIGINT value is out of range in '(`test`.`t`.`a` + 1)'",
  });
});

/** Decimals against a model of bigints at a fixed scale, and the corners that the model does not meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decimal, parseDecimal } from './decimal.ts';

const SCALE = 30;
const runs = { numRuns: 2000, seed: 20240229 };

/** digits * 10^(30 - scale): every decimal in units of 10^-30. */
function model(decimal: Decimal): bigint {
  return BigInt(decimal.digits) * 10n ** BigInt(SCALE - decimal.scale);
}

const decimals = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: -1000n, max: 1000n })),
    fc.nat(12),
  )
  .map(([digits, scale]) => Decimal.parse(`${digits}e-${scale}`));

function isCanonical(decimal: Decimal): boolean {
  const { digits } = decimal;
  return typeof digits === 'number'
    ? Number.isSafeInteger(digits) && !Object.is(digits, -0)
    : digits > 9007199254740991n || digits < -9007199254740991n;
}

test('sums, differences, products and order follow bigints', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const sum = a.add(b);
      const difference = a.subtract(b);
      const product = a.multiply(b);
      assert.equal(model(sum), model(a) + model(b));
      assert.equal(model(difference), model(a) - model(b));
      assert.equal(BigInt(product.digits), BigInt(a.digits) * BigInt(b.digits));
      assert.equal(Math.sign(a.compare(b)), model(a) < model(b) ? -1 : model(a) > model(b) ? 1 : 0);
      assert.equal(a.hashKey() === b.hashKey(), model(a) === model(b));
      for (const result of [sum, difference, product, a.negate()]) assert(isCanonical(result));
    }),
    runs,
  );
});

test('quotients are rounded half away from zero, remainders have the sign of the dividend', () => {
  fc.assert(
    fc.property(decimals, decimals, fc.nat(12), (a, b, scale) => {
      const quotient = a.divide(b, scale);
      if (b.isZero()) return assert.equal(quotient, undefined);
      const numerator = model(a) * 10n ** BigInt(scale);
      const denominator = model(b);
      const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
      const rounded = (2n * absolute(numerator) + absolute(denominator)) / (2n * absolute(denominator));
      assert.equal(BigInt(quotient!.digits), numerator < 0n === denominator < 0n ? rounded : -rounded);
      assert(isCanonical(quotient!));
      assert.equal(model(a.modulo(b)!), model(a) % model(b));
      assert.equal(BigInt(a.integerDivide(b)!), model(a) / model(b));
    }),
    runs,
  );
});

test('text round trips, rounding and limits', () => {
  fc.assert(
    fc.property(decimals, fc.integer({ min: -5, max: 12 }), (a, places) => {
      const again = Decimal.parse(a.toString());
      assert.equal(again.scale, a.scale);
      assert.equal(again.digits, a.digits);
      const unit = 10n ** BigInt(SCALE - places);
      const value = model(a);
      const magnitude = value < 0n ? -value : value;
      const rounded = ((2n * magnitude + unit) / (2n * unit)) * unit;
      assert.equal(model(a.round(places)), value < 0n ? -rounded : rounded);
      assert.equal(model(a.truncate(places)), (value / unit) * unit);
    }),
    runs,
  );
});

const CASES: readonly (readonly [text: string, shown: string, kind: string])[] = [
  ['1.50', '1.50', 'exact'],
  ['-0', '0', 'exact'],
  ['.5', '0.5', 'exact'],
  ['5.', '5', 'exact'],
  ['1e3', '1000', 'exact'],
  ['1.5e-3', '0.0015', 'exact'],
  ['  7 ', '7', 'exact'],
  ['1e', '1', 'truncated'],
  ['12abc', '12', 'truncated'],
  ['abc', '0', 'invalid'],
  ['', '0', 'invalid'],
  ['-', '0', 'invalid'],
  ['9'.repeat(65), '9'.repeat(65), 'exact'],
  ['9'.repeat(66), '9'.repeat(65), 'overflow'],
  ['-' + '9'.repeat(66), '-' + '9'.repeat(65), 'overflow'],
  ['0.' + '1'.repeat(40), '0.' + '1'.repeat(30), 'truncated'],
  ['1e100000', '9'.repeat(65), 'overflow'],
  ['0e100000', '0', 'exact'],
  ['1e-100000', '0.' + '0'.repeat(30), 'truncated'],
];

test('parseDecimal reads the longest number and says how good it was', () => {
  for (const [text, shown, kind] of CASES) {
    const parsed = parseDecimal(text);
    assert.deepEqual([text, parsed.value.toString(), parsed.kind], [text, shown, kind]);
  }
});

test('precision, limits and conversion to numbers', () => {
  assert.equal(Decimal.parse('0.05').precision(), 2);
  assert.equal(Decimal.parse('12.50').precision(), 4);
  assert.equal(Decimal.limit(5, 2, true).toString(), '-999.99');
  assert(Decimal.parse('999.994').fits(5, 2));
  assert(!Decimal.parse('999.995').fits(5, 2));
  assert.equal(Decimal.parse('0.1').toNumber(), 0.1);
  assert.equal(
    Decimal.parse('123456789012345678901234567890.123456789').toNumber(),
    Number('123456789012345678901234567890.123456789'),
  );
  const widest = Decimal.parse('9'.repeat(65));
  assert.equal(widest.add(Decimal.parse('1')).within81()!.toString(), `1${'0'.repeat(65)}`);
  assert.equal(
    widest
      .add(Decimal.parse(`0.${'1'.repeat(30)}`))
      .within81()!
      .toString(),
    `${'9'.repeat(65)}.111111111`,
  );
  assert.equal(widest.multiply(Decimal.parse('9'.repeat(17))).within81(), undefined);
  assert.equal(Decimal.fromNumber(NaN), undefined);
  assert.equal(Decimal.fromNumber(1e-7)!.toString(), '0.0000001');
  assert.equal(Decimal.parse('-1.5').floor(), -2);
  assert.equal(Decimal.parse('-1.5').ceiling(), -1);
});

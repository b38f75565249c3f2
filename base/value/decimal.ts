/**
 * `Decimal`: exact decimal numbers as MySQL has them, at most 65 digits of which at most 30 after the point.
 *
 * The value is digits / 10^scale. `digits` is a `number` while it is a safe integer and a `bigint` beyond, never a bigint
 * that would fit a number: most money fits a double's 53 bits, and number arithmetic is ten times faster. Every operation
 * tries numbers first; a result beyond ±(2^53 - 1) shows that the double may have been rounded, and bigints redo it.
 *
 * Nothing here throws and nothing warns: results wider than 65 digits are returned as they are, and `within81` tells
 * the caller (sql/functions), who knows the text of the expression and whether MySQL would clip or refuse.
 *
 * Callers: sql/functions for operators, aggregates and casts; proto/encoding for keys and rows; analytics at its edges.
 */
import { normalizeInteger } from './datum.ts';

export const DECIMAL_DIGITS_MAX = 65;
const WORDS = 9;
const WORD_DIGITS = 9;
export const DECIMAL_SCALE_MAX = 30;

const SAFE_MAX = 9007199254740991;

/** 10^0 .. 10^22 are exact doubles. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(10n ** BigInt(exponent)));
/** 65 digits times a shift of up to 65 more places. */
const BIG_POWERS: readonly bigint[] = Array.from({ length: 200 }, (_, exponent) => 10n ** BigInt(exponent));

export function powerOfTen(exponent: number): bigint {
  return BIG_POWERS[exponent] ?? 10n ** BigInt(exponent);
}

/** What reading a decimal from text found. `kind` says how MySQL would complain. */
export interface ParsedDecimal {
  readonly value: Decimal;
  /** `truncated`: something followed the number (or it was cut to 65/30 digits); `invalid`: no number at all; `overflow`: clipped. */
  readonly kind: 'exact' | 'truncated' | 'invalid' | 'overflow';
}

export class Decimal {
  readonly digits: number | bigint;
  readonly scale: number;

  constructor(digits: number | bigint, scale: number) {
    this.digits = digits;
    this.scale = scale;
  }

  static readonly ZERO = new Decimal(0, 0);

  /** Integers of the datum model. */
  static fromInteger(value: number | bigint): Decimal {
    return new Decimal(value, 0);
  }

  /** The decimal that the shortest text of the double names, as MySQL converts. NaN and infinities: `undefined`. */
  static fromNumber(value: number): Decimal | undefined {
    if (Number.isSafeInteger(value)) return new Decimal(value + 0, 0);
    if (!Number.isFinite(value)) return undefined;
    return parseDecimal(String(value)).value;
  }

  /** From text that is known to be a number; for tests and constants. */
  static parse(text: string): Decimal {
    return parseDecimal(text).value;
  }

  isZero(): boolean {
    return this.digits === 0;
  }

  isNegative(): boolean {
    return this.digits < 0;
  }

  sign(): -1 | 0 | 1 {
    return this.digits > 0 ? 1 : this.digits < 0 ? -1 : 0;
  }

  negate(): Decimal {
    const d = this.digits;
    return typeof d === 'number' ? new Decimal(0 - d, this.scale) : new Decimal(normalizeInteger(-d), this.scale);
  }

  abs(): Decimal {
    return this.digits < 0 ? this.negate() : this;
  }

  // hot
  add(other: Decimal): Decimal {
    const a = this.digits;
    const b = other.digits;
    if (typeof a === 'number' && typeof b === 'number') {
      if (this.scale === other.scale) {
        const sum = a + b;
        if (sum <= SAFE_MAX && sum >= -SAFE_MAX) return new Decimal(sum, this.scale);
      } else {
        const scale = this.scale > other.scale ? this.scale : other.scale;
        const x = shiftNumber(a, scale - this.scale);
        const y = shiftNumber(b, scale - other.scale);
        const sum = x + y;
        if (sum <= SAFE_MAX && sum >= -SAFE_MAX) return new Decimal(sum, scale);
      }
    }
    const scale = this.scale > other.scale ? this.scale : other.scale;
    return new Decimal(normalizeInteger(this.bigAt(scale) + other.bigAt(scale)), scale);
  }

  // hot
  subtract(other: Decimal): Decimal {
    const a = this.digits;
    const b = other.digits;
    if (typeof a === 'number' && typeof b === 'number') {
      const scale = this.scale > other.scale ? this.scale : other.scale;
      const difference = shiftNumber(a, scale - this.scale) - shiftNumber(b, scale - other.scale);
      if (difference <= SAFE_MAX && difference >= -SAFE_MAX) return new Decimal(difference, scale);
    }
    const scale = this.scale > other.scale ? this.scale : other.scale;
    return new Decimal(normalizeInteger(this.bigAt(scale) - other.bigAt(scale)), scale);
  }

  /** Scale is the sum of both, at most 30: digits beyond are rounded away. */
  // hot
  multiply(other: Decimal): Decimal {
    const a = this.digits;
    const b = other.digits;
    const scale = this.scale + other.scale;
    if (typeof a === 'number' && typeof b === 'number') {
      const product = a * b;
      // A true product above the limit cannot round to a double below it, so this test proves exactness.
      if (product <= SAFE_MAX && product >= -SAFE_MAX) {
        const exact = new Decimal(product + 0, scale);
        return scale <= DECIMAL_SCALE_MAX ? exact : exact.round(DECIMAL_SCALE_MAX);
      }
    }
    const exact = new Decimal(normalizeInteger(BigInt(a) * BigInt(b)), scale);
    return scale <= DECIMAL_SCALE_MAX ? exact : exact.round(DECIMAL_SCALE_MAX);
  }

  /**
   * The quotient with `scale` digits after the point, rounded half away from zero. `undefined` for a zero divisor.
   * MySQL's operator asks for its own scale + `div_precision_increment`.
   */
  divide(divisor: Decimal, scale: number): Decimal | undefined {
    if (divisor.digits === 0) return undefined;
    // digits_a / 10^sa / (digits_b / 10^sb) * 10^scale = digits_a * 10^(scale + sb - sa) / digits_b
    const shift = scale + divisor.scale - this.scale;
    const a = this.digits;
    const b = divisor.digits;
    if (typeof a === 'number' && typeof b === 'number' && shift >= 0 && shift <= 22) {
      const numerator = a * POWERS[shift]!;
      if (numerator <= SAFE_MAX && numerator >= -SAFE_MAX) {
        const remainder = numerator % b;
        const quotient = (numerator - remainder) / b;
        const twice = 2 * Math.abs(remainder);
        if (twice < Math.abs(b)) return new Decimal(quotient + 0, scale);
        return new Decimal(quotient + (numerator < 0 === b < 0 ? 1 : -1), scale);
      }
    }
    let numerator = BigInt(a);
    let denominator = BigInt(b);
    if (shift >= 0) numerator *= powerOfTen(shift);
    else denominator *= powerOfTen(-shift);
    return new Decimal(normalizeInteger(divideRounding(numerator, denominator)), scale);
  }

  /** The remainder with the sign of the dividend. `undefined` for a zero divisor. */
  modulo(divisor: Decimal): Decimal | undefined {
    if (divisor.digits === 0) return undefined;
    const scale = this.scale > divisor.scale ? this.scale : divisor.scale;
    const a = this.digits;
    const b = divisor.digits;
    if (typeof a === 'number' && typeof b === 'number') {
      const x = shiftNumber(a, scale - this.scale);
      const y = shiftNumber(b, scale - divisor.scale);
      if (Math.abs(x) <= SAFE_MAX && Math.abs(y) <= SAFE_MAX) return new Decimal((x % y) + 0, scale);
    }
    return new Decimal(normalizeInteger(this.bigAt(scale) % divisor.bigAt(scale)), scale);
  }

  /** The integer quotient, truncated towards zero. `undefined` for a zero divisor. */
  integerDivide(divisor: Decimal): number | bigint | undefined {
    if (divisor.digits === 0) return undefined;
    const scale = this.scale > divisor.scale ? this.scale : divisor.scale;
    return normalizeInteger(this.bigAt(scale) / divisor.bigAt(scale));
  }

  // hot
  compare(other: Decimal): number {
    const a = this.digits;
    const b = other.digits;
    if (this.scale === other.scale) return a < b ? -1 : a > b ? 1 : 0;
    if (typeof a === 'number' && typeof b === 'number') {
      const scale = this.scale > other.scale ? this.scale : other.scale;
      const x = shiftNumber(a, scale - this.scale);
      const y = shiftNumber(b, scale - other.scale);
      if (x <= SAFE_MAX && x >= -SAFE_MAX && y <= SAFE_MAX && y >= -SAFE_MAX) return x < y ? -1 : x > y ? 1 : 0;
    }
    const scale = this.scale > other.scale ? this.scale : other.scale;
    const x = this.bigAt(scale);
    const y = other.bigAt(scale);
    return x < y ? -1 : x > y ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /** Half away from zero to `places` digits after the point; negative places round before it. The scale becomes max(places, 0). */
  round(places: number): Decimal {
    if (places >= this.scale) return this;
    const drop = this.scale - places;
    const scale = places > 0 ? places : 0;
    const d = this.digits;
    if (typeof d === 'number' && drop <= 15) {
      const unit = POWERS[drop]!;
      const remainder = d % unit;
      let quotient = (d - remainder) / unit;
      if (2 * Math.abs(remainder) >= unit) quotient += d < 0 ? -1 : 1;
      return places >= 0 ? new Decimal(quotient + 0, scale) : new Decimal(scaleUp(quotient + 0, -places), 0);
    }
    const quotient = divideRounding(BigInt(d), powerOfTen(drop));
    return new Decimal(normalizeInteger(places >= 0 ? quotient : quotient * powerOfTen(-places)), scale);
  }

  /** Towards zero. */
  truncate(places: number): Decimal {
    if (places >= this.scale) return this;
    const drop = this.scale - places;
    const scale = places > 0 ? places : 0;
    const quotient = BigInt(this.digits) / powerOfTen(drop);
    return new Decimal(normalizeInteger(places >= 0 ? quotient : quotient * powerOfTen(-places)), scale);
  }

  floor(): number | bigint {
    const whole = this.truncate(0);
    if (this.digits >= 0 || whole.compare(this) === 0) return whole.digits;
    return normalizeInteger(BigInt(whole.digits) - 1n);
  }

  ceiling(): number | bigint {
    const whole = this.truncate(0);
    if (this.digits <= 0 || whole.compare(this) === 0) return whole.digits;
    return normalizeInteger(BigInt(whole.digits) + 1n);
  }

  /** The same value with exactly `scale` digits after the point, rounding half away from zero when digits are lost. */
  // hot
  rescale(scale: number): Decimal {
    if (scale === this.scale) return this;
    if (scale < this.scale) return this.round(scale);
    return new Decimal(scaleUp(this.digits, scale - this.scale), scale);
  }

  /** Whether the value, as it is, has at most precision - scale digits before the point. */
  fits(precision: number, scale: number): boolean {
    const rounded = this.rescale(scale);
    const limit = powerOfTen(precision);
    const d = rounded.digits;
    if (typeof d === 'number' && precision <= 15) return d < POWERS[precision]! && d > -POWERS[precision]!;
    const big = BigInt(d);
    return big < limit && big > -limit;
  }

  /** The largest value of DECIMAL(precision, scale), with the sign asked for: what MySQL stores when it clips. */
  static limit(precision: number, scale: number, negative: boolean): Decimal {
    const digits = powerOfTen(precision) - 1n;
    return new Decimal(normalizeInteger(negative ? -digits : digits), scale);
  }

  /**
   * What MySQL's arithmetic can hold: nine words of nine digits, words before the point and behind it counted apart. Digits behind
   * the point that find no word are dropped; `undefined`: those before it find none.
   */
  within81(): Decimal | undefined {
    const d = this.digits;
    if (typeof d === 'number') return this;
    const digitCount = String(d < 0n ? -d : d).length;
    const words = Math.ceil(Math.max(0, digitCount - this.scale) / WORD_DIGITS);
    if (words > WORDS) return undefined;
    const room = (WORDS - words) * WORD_DIGITS;
    return this.scale <= room ? this : new Decimal(normalizeInteger(d / powerOfTen(this.scale - room)), room);
  }

  /** Digits that the value needs, a leading zero before the point not counted. */
  precision(): number {
    const d = this.digits;
    const text = String(d < 0 ? -d : d);
    return d === 0 ? Math.max(1, this.scale) : Math.max(text.length, this.scale);
  }

  toNumber(): number {
    const d = this.digits;
    // Both operands exact: one correctly rounded division. Otherwise text is the way to a correctly rounded double.
    if (typeof d === 'number' && this.scale <= 22) return this.scale === 0 ? d : d / POWERS[this.scale]!;
    return Number(this.toString());
  }

  /** The nearest integer, half away from zero; not limited to 64 bits. */
  toInteger(): number | bigint {
    return this.round(0).digits;
  }

  /** Always `scale` digits after the point. */
  toString(): string {
    const d = this.digits;
    const scale = this.scale;
    if (scale === 0) return String(d);
    let text = String(d < 0 ? -d : d);
    if (text.length <= scale) text = '0'.repeat(scale - text.length + 1) + text;
    const point = text.length - scale;
    return (d < 0 ? '-' : '') + text.slice(0, point) + '.' + text.slice(point);
  }

  /** Equal values give equal text, whatever their scales: the key of hash tables. */
  hashKey(): number | string {
    let d = this.digits;
    let scale = this.scale;
    if (typeof d === 'number') {
      while (scale > 0 && d % 10 === 0) {
        d /= 10;
        scale--;
      }
      return scale === 0 ? d : d + 'e' + scale;
    }
    while (scale > 0 && d % 10n === 0n) {
      d /= 10n;
      scale--;
    }
    const small = normalizeInteger(d);
    return scale === 0 ? (typeof small === 'number' ? small : String(small)) : small + 'e' + scale;
  }

  private bigAt(scale: number): bigint {
    const d = BigInt(this.digits);
    return scale === this.scale ? d : d * powerOfTen(scale - this.scale);
  }
}

/** `value * 10^places` as a double: exact while the result is a safe integer, and beyond the safe range otherwise. */
function shiftNumber(value: number, places: number): number {
  if (places === 0) return value;
  if (places <= 22) return value * POWERS[places]! + 0;
  return value === 0 ? 0 : value < 0 ? -Infinity : Infinity;
}

function scaleUp(digits: number | bigint, places: number): number | bigint {
  if (typeof digits === 'number') {
    const product = shiftNumber(digits, places);
    if (product <= SAFE_MAX && product >= -SAFE_MAX) return product;
  }
  return normalizeInteger(BigInt(digits) * powerOfTen(places));
}

/** Half away from zero. */
function divideRounding(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator - quotient * denominator;
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  if (twice < (denominator < 0n ? -denominator : denominator)) return quotient;
  return numerator < 0n === denominator < 0n ? quotient + 1n : quotient - 1n;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/**
 * Reads the longest number at the start of `text`: leading spaces, sign, digits, point, digits, exponent. At most 65 digits
 * are kept before the point (beyond: the largest value) and 30 after it (beyond: rounded).
 */
export function parseDecimal(text: string): ParsedDecimal {
  const end = text.length;
  let at = 0;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  let negative = false;
  const first = text.charCodeAt(at);
  if (first === 45 || first === 43) {
    negative = first === 45;
    at++;
  }
  const wholeStart = at;
  let small = 0;
  while (at < end) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    small = small * 10 + digit;
    at++;
  }
  const wholeEnd = at;
  let fractionStart = at;
  let fractionEnd = at;
  if (at < end && text.charCodeAt(at) === 46) {
    fractionStart = at + 1;
    at = fractionStart;
    while (at < end) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      small = small * 10 + digit;
      at++;
    }
    fractionEnd = at;
  }
  if (wholeEnd === wholeStart && fractionEnd === fractionStart) return { value: Decimal.ZERO, kind: 'invalid' };
  let exponent = 0;
  if (at < end && (text.charCodeAt(at) | 32) === 101) {
    let digitAt = at + 1;
    const signCode = text.charCodeAt(digitAt);
    if (signCode === 45 || signCode === 43) digitAt++;
    const exponentStart = digitAt;
    let value = 0;
    while (digitAt < end) {
      const digit = text.charCodeAt(digitAt) - 48;
      if (digit < 0 || digit > 9) break;
      if (value < 100000) value = value * 10 + digit;
      digitAt++;
    }
    if (digitAt > exponentStart) {
      exponent = signCode === 45 ? -value : value;
      at = digitAt;
    }
  }
  let rest = at;
  while (rest < end && isSpace(text.charCodeAt(rest))) rest++;
  const kind = rest < end ? 'truncated' : 'exact';
  const scale = fractionEnd - fractionStart - exponent;
  if (small <= SAFE_MAX && scale >= 0 && scale <= DECIMAL_SCALE_MAX) {
    return { value: new Decimal(negative ? 0 - small : small, scale), kind };
  }
  return parseWide(text.slice(wholeStart, wholeEnd) + text.slice(fractionStart, fractionEnd), scale, negative, kind);
}

function parseWide(digitsText: string, scale: number, negative: boolean, kind: 'exact' | 'truncated'): ParsedDecimal {
  const significant = digitsText.replace(/^0+/, '');
  if (significant === '') {
    return { value: new Decimal(0, Math.min(Math.max(scale, 0), DECIMAL_SCALE_MAX)), kind };
  }
  const wholeDigits = significant.length - scale;
  if (wholeDigits > DECIMAL_DIGITS_MAX) {
    return { value: Decimal.limit(DECIMAL_DIGITS_MAX, 0, negative), kind: 'overflow' };
  }
  if (-wholeDigits > DECIMAL_SCALE_MAX + 1) return { value: new Decimal(0, DECIMAL_SCALE_MAX), kind: 'truncated' };
  // Halves are rounded away from zero: one digit behind the last that stays decides, the others need not be read.
  const cut = scale - (DECIMAL_SCALE_MAX + 1);
  if (cut > 0) return parseWide(significant.slice(0, -cut), scale - cut, negative, 'truncated');
  let big = BigInt(significant);
  if (negative) big = -big;
  if (scale < 0) return { value: new Decimal(normalizeInteger(big * powerOfTen(-scale)), 0), kind };
  // No more than 65 digits in all, no more than 30 of them after the point.
  const scaleMax = Math.min(DECIMAL_SCALE_MAX, DECIMAL_DIGITS_MAX - Math.max(wholeDigits, 0));
  const exact = new Decimal(normalizeInteger(big), scale);
  if (scale <= scaleMax) return { value: exact, kind };
  return { value: exact.round(scaleMax), kind: 'truncated' };
}

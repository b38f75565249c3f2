/**
 * DECIMAL as MySQL packs it: nine digits to four bytes, fewer digits to fewer bytes, groups counted from the point in both
 * directions; the first bit is flipped, and a negative number has all bits inverted, so bytes of one (precision, scale) compare like the numbers.
 *
 *     decimal(10,2) 12345678.90 → eight digits before the point in four bytes, two behind it in one: 80 bc 61 4e | 5a
 *
 * In rows and keys two bytes go before: precision and scale.
 */
import { assert } from '../../base/assert.ts';
import { Decimal } from '../../base/value/decimal.ts';
import type { ByteWriter } from './byte-writer.ts';

const GROUP_DIGITS = 9;
const GROUP_BASE = 1_000_000_000;
/** Bytes for 0..9 digits. */
const SIZE_OF_DIGITS = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4] as const;
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);
const DIGITS_EXACT = 15;

export function decimalBinarySize(precision: number, scale: number): number {
  const whole = precision - scale;
  return (
    Math.floor(whole / GROUP_DIGITS) * 4 +
    SIZE_OF_DIGITS[whole % GROUP_DIGITS]! +
    Math.floor(scale / GROUP_DIGITS) * 4 +
    SIZE_OF_DIGITS[scale % GROUP_DIGITS]!
  );
}

/** `precision scale packed`. The value must fit; storage conversion has made sure of that. */
export function putDecimal(out: ByteWriter, value: Decimal, precision: number, scale: number): void {
  out.u8(precision);
  out.u8(scale);
  const first = out.length;
  const negative = value.digits < 0;
  if (isSmallDecimal(precision, scale) && typeof value.digits === 'number' && value.scale <= scale) {
    putSmall(out, Math.abs(value.digits), value.scale, precision, scale);
  } else {
    putGroups(out, value, precision, scale);
  }
  const bytes = out.bytes;
  if (negative) for (let i = first; i < out.length; i++) bytes[i] = ~bytes[i]!;
  bytes[first] = bytes[first]! ^ 0x80;
}

/** Whether `putScaled` knows decimals of this size. */
export function isSmallDecimal(precision: number, scale: number): boolean {
  return precision <= 18 && scale <= GROUP_DIGITS;
}

/** `putDecimal` of `digits` with exactly `scale` behind the point, at most 15 in all. */
// hot
export function putScaled(out: ByteWriter, digits: number, precision: number, scale: number): void {
  out.u8(precision);
  out.u8(scale);
  const first = out.length;
  putSmall(out, digits < 0 ? -digits : digits, scale, precision, scale);
  const bytes = out.bytes;
  if (digits < 0) for (let i = first; i < out.length; i++) bytes[i] = ~bytes[i]!;
  bytes[first] = bytes[first]! ^ 0x80;
}

/** At most two groups before the point and one behind it, held in numbers. */
function putSmall(out: ByteWriter, digits: number, valueScale: number, precision: number, scale: number): void {
  const power = POWERS[valueScale]!;
  const fraction = digits % power;
  let whole = (digits - fraction) / power;
  const wholeDigits = precision - scale;
  assert(wholeDigits > DIGITS_EXACT || whole < POWERS[wholeDigits]!, 'a decimal does not fit its column');
  if (wholeDigits > GROUP_DIGITS) {
    const low = whole % GROUP_BASE;
    whole = (whole - low) / GROUP_BASE;
    putBigEndian(out, whole, SIZE_OF_DIGITS[wholeDigits - GROUP_DIGITS]!);
    putBigEndian(out, low, 4);
  } else {
    putBigEndian(out, whole, SIZE_OF_DIGITS[wholeDigits]!);
  }
  putBigEndian(out, fraction * POWERS[scale - valueScale]!, SIZE_OF_DIGITS[scale]!);
}

function putGroups(out: ByteWriter, value: Decimal, precision: number, scale: number): void {
  let digits = BigInt(value.digits);
  if (digits < 0n) digits = -digits;
  assert(value.scale <= scale, 'a decimal has more digits behind the point than its column');
  let text = (digits * 10n ** BigInt(scale - value.scale)).toString();
  assert(text.length <= precision, 'a decimal does not fit its column');
  text = text.padStart(precision, '0');
  const whole = precision - scale;
  let at = 0;
  const take = (count: number): void => {
    if (count === 0) return;
    putBigEndian(out, Number(text.slice(at, at + count)), SIZE_OF_DIGITS[count]!);
    at += count;
  };
  take(whole % GROUP_DIGITS);
  while (at < whole) take(GROUP_DIGITS);
  while (at + GROUP_DIGITS <= precision) take(GROUP_DIGITS);
  take(precision - at);
}

function putBigEndian(out: ByteWriter, value: number, size: number): void {
  out.reserve(size);
  const bytes = out.bytes;
  // A group has at most nine digits, so its bits fit.
  let left = value;
  for (let i = size - 1; i >= 0; i--) {
    bytes[out.length + i] = left;
    left >>>= 8;
  }
  out.length += size;
}

/** Reads `precision scale packed` at `at`. Its size is `2 + decimalBinarySize(bytes[at], bytes[at + 1])`. */
export function readDecimal(bytes: Uint8Array, at: number): Decimal {
  const precision = bytes[at]!;
  const scale = bytes[at + 1]!;
  assert(precision > 0 && precision <= 81 && scale <= 30 && scale <= precision, 'a stored decimal has a wrong header');
  const first = at + 2;
  const positive = (bytes[first]! & 0x80) !== 0;
  const whole = precision - scale;
  let position = first;
  let number = 0;
  let large = 0n;
  const exact = precision <= DIGITS_EXACT;
  const invert = positive ? 0 : 0xff;
  let left = whole;
  let step = whole % GROUP_DIGITS;
  let behind = false;
  for (;;) {
    if (left === 0) {
      if (behind) break;
      behind = true;
      left = scale;
      if (left === 0) break;
      step = Math.min(left, GROUP_DIGITS);
    } else {
      if (step === 0 || step > left) step = Math.min(left, GROUP_DIGITS);
    }
    const size = SIZE_OF_DIGITS[step]!;
    let group = 0;
    for (let i = 0; i < size; i++) {
      let byte = bytes[position + i]! ^ invert;
      if (position + i === first) byte ^= 0x80;
      group = group * 256 + byte;
    }
    position += size;
    if (exact) number = number * POWERS[step]! + group;
    else large = large * BigInt(POWERS[step]!) + BigInt(group);
    left -= step;
    step = Math.min(left, GROUP_DIGITS);
  }
  if (exact) return new Decimal(positive || number === 0 ? number : -number, scale);
  const signed = positive ? large : -large;
  const safe = large <= 9007199254740991n;
  return new Decimal(safe ? Number(signed) : signed, scale);
}

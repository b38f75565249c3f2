/**
 * Numbers and their texts as MySQL has them: the longest numeric prefix of a string, and doubles printed with the fewest
 * digits that read back the same, plain between 1e-15 and 1e15 and with an exponent outside.
 *
 * Callers: casts and the text protocol (sql/functions), JSON printing.
 */
import { normalizeInteger } from './datum.ts';

export type ParseKind = 'exact' | 'truncated' | 'invalid';

const NUMBER_PREFIX = /^[ \t\n\v\f\r]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/;
const PLAIN_INTEGER = /^-?[0-9]{1,15}$/;
const REST_BLANK = /^[ \t\n\v\f\r]*$/;

/** The double that starts `text`; 0 when none does. Beyond the range: the largest double, `truncated`. */
export function parseDouble(text: string): { readonly value: number; readonly kind: ParseKind } {
  if (PLAIN_INTEGER.test(text)) return { value: Number(text) + 0, kind: 'exact' };
  const match = NUMBER_PREFIX.exec(text);
  if (match === null) return { value: 0, kind: 'invalid' };
  const value = Number(match[1]);
  const rest = text.slice(match[0].length);
  const kind = REST_BLANK.test(rest) ? 'exact' : 'truncated';
  if (!Number.isFinite(value)) return { value: value < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE, kind: 'truncated' };
  return { value: value + 0, kind };
}

/** The integer that starts `text` (no point, no exponent), not limited to 64 bits. */
export function parseInteger(text: string): { readonly value: number | bigint; readonly kind: ParseKind } {
  if (PLAIN_INTEGER.test(text)) return { value: Number(text) + 0, kind: 'exact' };
  const match = /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text);
  if (match === null) return { value: 0, kind: 'invalid' };
  const digits = match[1]!;
  const rest = text.slice(match[0].length);
  // 80 digits are far beyond 64 bits already; what they say exactly does not matter then.
  const kept = digits.length > 80 ? digits.slice(0, 80) : digits;
  return {
    value: normalizeInteger(BigInt(kept.startsWith('+') ? kept.slice(1) : kept)),
    kind: REST_BLANK.test(rest) ? 'exact' : 'truncated',
  };
}

/** A DOUBLE as MySQL prints it. */
export function formatDouble(value: number): string {
  if (Number.isInteger(value) && value < 1e15 && value > -1e15)
    return value === 0 ? (Object.is(value, -0) ? '-0' : '0') : String(value);
  return reformat(String(value), value);
}

/** A FLOAT: at most 6 significant digits, as MySQL prints columns of that type. */
export function formatFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return formatDouble(value);
  const short = Number(value.toPrecision(6));
  return reformat(String(short), short, 'float');
}

/**
 * JavaScript switches to exponents at 1e21 and below 1e-6, MySQL at 1e15 and below 1e-15, written `1e20` and `1e-16`
 * without a plus sign.
 */
function reformat(text: string, value: number, kind: 'double' | 'float' = 'double'): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const negative = value < 0;
  const magnitude = negative ? text.slice(1) : text;
  const exponentAt = magnitude.indexOf('e');
  let mantissa = exponentAt < 0 ? magnitude : magnitude.slice(0, exponentAt);
  let exponent = exponentAt < 0 ? 0 : Number(magnitude.slice(exponentAt + 1));
  const point = mantissa.indexOf('.');
  if (point >= 0) {
    exponent -= mantissa.length - point - 1;
    mantissa = mantissa.slice(0, point) + mantissa.slice(point + 1);
  }
  mantissa = mantissa.replace(/^0+/, '');
  const trimmed = mantissa.replace(/0+$/, '');
  exponent += mantissa.length - trimmed.length;
  // The value is trimmed * 10^exponent; `position` is where the point would stand from the first digit.
  const position = trimmed.length + exponent;
  const sign = negative ? '-' : '';
  if (position > (kind === 'float' ? 15 : 15) || position < -14) {
    const fraction = trimmed.slice(1);
    return sign + trimmed[0] + (fraction === '' ? '' : '.' + fraction) + 'e' + (position - 1);
  }
  if (exponent >= 0) return sign + trimmed + '0'.repeat(exponent);
  if (position > 0) return sign + trimmed.slice(0, position) + '.' + trimmed.slice(position);
  return sign + '0.' + '0'.repeat(-position) + trimmed;
}

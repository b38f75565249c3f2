/**
 * Text functions. Positions and lengths count characters (code points), from 1; byte strings pass through as one character a
 * byte, so the same code counts their bytes. Results beyond `max_allowed_packet` are NULL with warning 1301.
 */
import { encodeText, isUtf8Charset } from '../../base/value/charset.ts';
import { BINARY_COLLATION, collationNamed, type Collation } from '../../base/value/collation/index.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { Decimal } from '../../base/value/decimal.ts';
import {
  BIGINT,
  isBinaryString,
  isDecimal,
  isInteger,
  isNumeric,
  isReal,
  isString,
  isTemporal,
  type FieldType,
} from '../../base/value/field-type.ts';
import { utf8Length } from '../../base/value/json.ts';
import { formatDouble } from '../../base/value/number-text.ts';
import type { CallExpression, Expression } from '../../proto/plan/expression.ts';
import { agreeCollation } from './collate.ts';
import type { EvalContext } from './context.ts';
import { characterCount, takeCharacters } from './convert.ts';
import { textOf } from './format-text.ts';
import { alias, connectionCollation, convertArgument, define, defineSimple } from './definition.ts';
import { call, isNullType, textLength, textType } from './types.ts';

type Integer = number | bigint;

const LENGTH: FieldType = { ...BIGINT, length: 10 };
const LENGTH_UNKNOWN = 16383;

/** Whether every UTF-16 unit is a character of its own. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdfff) return false;
  }
  return true;
}

/** Characters [from, from + count), counted from 0. */
export function sliceCharacters(text: string, from: number, count: number): string {
  if (count <= 0) return '';
  if (isPlain(text)) return text.slice(from, from + count);
  return [...text].slice(from, from + count).join('');
}

function tooLong(context: EvalContext, name: string, length: number): boolean {
  if (length <= context.maxAllowedPacket) return false;
  context.warn(
    'Warning',
    1301,
    `Result of ${name}() was larger than max_allowed_packet (${context.maxAllowedPacket}) - truncated`,
  );
  return true;
}

function sumLengths(args: readonly Expression[]): number {
  let total = 0;
  for (const arg of args) total += textLength(arg.type);
  return total;
}

const ofFirst = (args: readonly Expression[], collation: string): FieldType =>
  textType(textLength(args[0]!.type), collation);

// ---- lengths ----

defineSimple({
  name: 'char_length',
  args: ['string'],
  returns: LENGTH,
  columnar: 'number',
  evaluate: (_context, text: string) => characterCount(text),
});
alias('character_length', 'char_length');

/** Of text, in the bytes of its character set. */
function byteLength(type: FieldType): (context: EvalContext, text: string) => number {
  const { charset } = type;
  if (isUtf8Charset(charset)) return (_context, text) => utf8Length(text);
  return (_context, text) => encodeText(text, charset).length;
}

defineSimple({
  name: 'length',
  args: ['string'],
  returns: LENGTH,
  specialize: (expression) =>
    isBinaryString(expression.args[0]!.type)
      ? (_context, text: string) => text.length
      : byteLength(expression.args[0]!.type),
  evaluate: () => null,
});
alias('octet_length', 'length');

defineSimple({
  name: 'bit_length',
  args: ['string'],
  returns: LENGTH,
  specialize: (expression) => {
    const { type } = expression.args[0]!;
    if (isBinaryString(type)) return (_context, text: string) => 8 * text.length;
    const bytes = byteLength(type);
    return (context, text: string) => 8 * bytes(context, text);
  },
  evaluate: () => null,
});

// ---- case ----

for (const name of ['lower', 'upper'] as const) {
  defineSimple({
    name,
    args: ['string'],
    returns: ofFirst,
    specialize: (expression) => {
      if (isBinaryString(expression.type)) return (_context, text: string) => text;
      return name === 'lower'
        ? (_context, text: string) => text.toLowerCase()
        : (_context, text: string) => upperCase(text);
    },
    evaluate: () => null,
  });
}
alias('lcase', 'lower');
alias('ucase', 'upper');

/** One character stays one character: ß is not SS. */
function upperCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  let result = '';
  for (const character of text) {
    const one = character.toUpperCase();
    result += one.length === character.length ? one : character;
  }
  return result;
}

// ---- joining ----

defineSimple({
  name: 'concat',
  args: ['string'],
  variadic: true,
  argsMin: 1,
  returns: (args, collation) => ({
    ...textType(sumLengths(args), collation),
    notNull: args.every((arg) => arg.type.notNull),
  }),
  evaluate: (context, ...texts: string[]) => {
    let result = '';
    for (const text of texts) result += text;
    return tooLong(context, 'concat', result.length) ? null : result;
  },
});

defineSimple({
  name: 'concat_ws',
  args: ['string'],
  variadic: true,
  argsMin: 2,
  seesNull: true,
  returns: (args, collation) => textType(sumLengths(args) + textLength(args[0]!.type) * args.length, collation),
  evaluate: (context, separator: string | null, ...texts: (string | null)[]) => {
    if (separator === null) return null;
    const result = texts.filter((text) => text !== null).join(separator);
    return tooLong(context, 'concat_ws', result.length) ? null : result;
  },
});

defineSimple({
  name: 'repeat',
  args: ['string', 'count'],
  returns: (args, collation) => {
    const count = args[1]!;
    const times =
      count.kind === 'constant' && typeof count.value === 'number' ? Math.max(count.value, 0) : LENGTH_UNKNOWN;
    return textType(textLength(args[0]!.type) * times, collation);
  },
  evaluate: (context, text: string, count: number) => {
    if (count <= 0 || text === '') return '';
    return tooLong(context, 'repeat', text.length * count) ? null : text.repeat(count);
  },
});

defineSimple({
  name: 'space',
  args: ['count'],
  returns: (_args, collation) => textType(LENGTH_UNKNOWN, collation),
  evaluate: (context, count: number) => (count <= 0 ? '' : tooLong(context, 'space', count) ? null : ' '.repeat(count)),
});

for (const name of ['lpad', 'rpad'] as const) {
  defineSimple({
    name,
    args: ['string', 'count', 'string'],
    returns: (args, collation) => {
      const count = args[1]!;
      return textType(
        count.kind === 'constant' && typeof count.value === 'number' ? count.value : LENGTH_UNKNOWN,
        collation,
      );
    },
    evaluate: (context, text: string, count: number, pad: string) => {
      if (count < 0) return null;
      const length = characterCount(text);
      if (length >= count) return takeCharacters(text, count);
      if (pad === '') return null;
      if (tooLong(context, name, count)) return null;
      const missing = count - length;
      const fill = sliceCharacters(pad.repeat(Math.ceil(missing / characterCount(pad))), 0, missing);
      return name === 'lpad' ? fill + text : text + fill;
    },
  });
}

// ---- parts ----

defineSimple({
  name: 'left',
  args: ['string', 'count'],
  returns: ofFirst,
  evaluate: (_context, text: string, count: number) => (count <= 0 ? '' : takeCharacters(text, count)),
});

defineSimple({
  name: 'right',
  args: ['string', 'count'],
  returns: ofFirst,
  evaluate: (_context, text: string, count: number) => {
    if (count <= 0) return '';
    const length = characterCount(text);
    return length <= count ? text : sliceCharacters(text, length - count, count);
  },
});

defineSimple({
  name: 'substring',
  args: ['string', 'count', 'count'],
  argsMin: 2,
  returns: ofFirst,
  evaluate: (_context, text: string, position: number, count = Number.MAX_SAFE_INTEGER) => {
    if (position === 0 || count <= 0) return '';
    if (position > 0) return sliceCharacters(text, position - 1, count);
    const from = characterCount(text) + position;
    return from < 0 ? '' : sliceCharacters(text, from, count);
  },
});
alias('substr', 'substring');
alias('mid', 'substring');

defineSimple({
  name: 'substring_index',
  args: ['string', 'string', 'count'],
  returns: ofFirst,
  evaluate: (_context, text: string, delimiter: string, count: number) => {
    if (count === 0 || delimiter === '' || text === '') return '';
    if (count > 0) {
      let at = -delimiter.length;
      for (let found = 0; found < count; found++) {
        at = text.indexOf(delimiter, at + delimiter.length);
        if (at < 0) return text;
      }
      return text.slice(0, at);
    }
    let end = text.length;
    for (let found = 0; found > count; found--) {
      const at = end < delimiter.length ? -1 : text.lastIndexOf(delimiter, end - delimiter.length);
      if (at < 0) return text;
      end = at;
    }
    return text.slice(end + delimiter.length);
  },
});

/** TRIM(… FROM …) comes as trim, ltrim or rtrim with what to remove as the second argument. */
for (const name of ['trim', 'ltrim', 'rtrim'] as const) {
  defineSimple({
    name,
    args: ['string', 'string'],
    argsMin: 1,
    returns: ofFirst,
    evaluate: (_context, text: string, remove = ' ') => {
      if (remove === '') return text;
      let start = 0;
      let end = text.length;
      if (name !== 'rtrim') while (text.startsWith(remove, start) && start < end) start += remove.length;
      if (name !== 'ltrim') while (end - remove.length >= start && text.endsWith(remove, end)) end -= remove.length;
      return text.slice(start, end);
    },
  });
}

defineSimple({
  name: 'reverse',
  args: ['string'],
  returns: ofFirst,
  evaluate: (_context, text: string) => [...text].reverse().join(''),
});

defineSimple({
  name: 'replace',
  args: ['string', 'string', 'string'],
  returns: (args, collation) => textType(textLength(args[0]!.type) * Math.max(1, textLength(args[2]!.type)), collation),
  evaluate: (context, text: string, from: string, to: string) => {
    if (from === '') return text;
    const result = text.replaceAll(from, () => to);
    return tooLong(context, 'replace', result.length) ? null : result;
  },
});

defineSimple({
  name: 'insert',
  args: ['string', 'count', 'count', 'string'],
  returns: (args, collation) => textType(textLength(args[0]!.type) + textLength(args[3]!.type), collation),
  evaluate: (_context, text: string, position: number, count: number, piece: string) => {
    const length = characterCount(text);
    if (position < 1 || position > length) return text;
    const removed = count < 0 || position - 1 + count > length ? length - position + 1 : count;
    return sliceCharacters(text, 0, position - 1) + piece + sliceCharacters(text, position - 1 + removed, length);
  },
});

// ---- searching ----

/** Index in characters from 0 of `piece` in `text` under the collation, from a character on; -1. */
export function findText(text: string, piece: string, from: number, collation: Collation): number {
  if (!collation.ignoresCase) {
    if (isPlain(text)) return from > text.length ? -1 : text.indexOf(piece, from);
  }
  const characters = [...text];
  if (from > characters.length) return -1;
  const wanted = [...piece].map((character) => collation.characterKey(character.codePointAt(0)!));
  const keys = characters.map((character) => collation.characterKey(character.codePointAt(0)!));
  search: for (let at = from; at + wanted.length <= keys.length; at++) {
    for (let offset = 0; offset < wanted.length; offset++) if (keys[at + offset] !== wanted[offset]) continue search;
    return at;
  }
  return -1;
}

function collationOfCall(expression: CallExpression): Collation {
  return collationNamed(expression.collation ?? 'binary') ?? BINARY_COLLATION;
}

defineSimple({
  name: 'locate',
  args: ['string', 'string', 'count'],
  argsMin: 2,
  returns: LENGTH,
  specialize: (expression) => {
    const collation = collationOfCall(expression);
    return (_context, piece: string, text: string, position = 1) => {
      if (position < 1) return 0;
      return findText(text, piece, position - 1, collation) + 1;
    };
  },
  evaluate: () => null,
});
alias('position', 'locate');

defineSimple({
  name: 'instr',
  args: ['string', 'string'],
  returns: LENGTH,
  specialize: (expression) => {
    const collation = collationOfCall(expression);
    return (_context, text: string, piece: string) => findText(text, piece, 0, collation) + 1;
  },
  evaluate: () => null,
});

defineSimple({
  name: 'find_in_set',
  args: ['string', 'string'],
  returns: { ...BIGINT, length: 3 },
  specialize: (expression) => {
    const collation = collationOfCall(expression);
    return (_context, text: string, list: string) => {
      if (list === '' || text.includes(',')) return 0;
      return list.split(',').findIndex((item) => collation.equals(item, text)) + 1;
    };
  },
  evaluate: () => null,
});

/** Text among texts, numbers among numbers, doubles for a mixture. */
define({
  name: 'field',
  argsMin: 2,
  argsMax: 65535,
  infer: (args, options) => {
    const known = args.filter((arg) => !isNullType(arg.type));
    const returns: FieldType = { ...BIGINT, length: 3, notNull: true };
    if (known.every((arg) => isString(arg.type) || isTemporal(arg.type))) {
      const collation = connectionCollation(options);
      const texts = args.map((arg) => (isTemporal(arg.type) ? convertArgument(arg, 'string', collation) : arg));
      return call('field', texts, returns, agreeCollation(texts, 'field', collation));
    }
    if (known.every((arg) => isInteger(arg.type))) return call('field', args, returns);
    return call('field', args.map((arg) => convertArgument(arg, 'double', '')), returns); // prettier-ignore
  },
  compile: (expression, [first, ...rest]) => {
    const collation = expression.collation === undefined ? undefined : collationOfCall(expression);
    const same = (a: Datum, b: Datum): boolean => {
      if (typeof a === 'string' && typeof b === 'string' && collation !== undefined) return collation.equals(a, b);
      if (a instanceof Uint8Array || b instanceof Uint8Array) return Buffer.compare(toBytes(a), toBytes(b)) === 0;
      return a === b;
    };
    return (row, context) => {
      const value = first!(row, context);
      if (value === null) return 0;
      for (let at = 0; at < rest.length; at++) {
        const other = rest[at]!(row, context);
        if (other !== null && same(value, other)) return at + 1;
      }
      return 0;
    };
  },
});

function toBytes(value: Datum): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value), 'utf8');
}

defineSimple({
  name: 'elt',
  args: ['count', 'string'],
  variadic: true,
  argsMin: 2,
  seesNull: true,
  returns: (args, collation) => textType(Math.max(...args.slice(1).map((arg) => textLength(arg.type))), collation),
  evaluate: (_context, index: number | null, ...texts: (string | null)[]) =>
    index === null || index < 1 ? null : (texts[index - 1] ?? null),
});

defineSimple({
  name: 'make_set',
  args: ['integer', 'string'],
  variadic: true,
  argsMin: 2,
  seesNull: true,
  returns: (args, collation) => textType(sumLengths(args.slice(1)) + args.length, collation),
  evaluate: (_context, bits: Integer | null, ...texts: (string | null)[]) => {
    if (bits === null) return null;
    const mask = BigInt.asUintN(64, BigInt(bits));
    return texts.filter((text, at) => text !== null && ((mask >> BigInt(at)) & 1n) === 1n).join(',');
  },
});

defineSimple({
  name: 'export_set',
  args: ['integer', 'string', 'string', 'string', 'count'],
  argsMin: 3,
  returns: (args, collation) =>
    textType(64 * (Math.max(textLength(args[1]!.type), textLength(args[2]!.type)) + 1), collation),
  evaluate: (_context, bits: Integer, on: string, off: string, separator = ',', count = 64) => {
    const mask = BigInt.asUintN(64, BigInt(bits));
    const places = count < 0 || count > 64 ? 64 : count;
    return Array.from({ length: places }, (_, at) => (((mask >> BigInt(at)) & 1n) === 1n ? on : off)).join(separator);
  },
});

// ---- characters ----

/** Of the bytes of the first character; 0 when there is none. */
function firstBytes(
  { charset }: FieldType,
  read: (bytes: Uint8Array) => number,
): (context: EvalContext, text: string) => number {
  return (_context, text) => (text === '' ? 0 : read(encodeText(takeCharacters(text, 1), charset)));
}

defineSimple({
  name: 'ascii',
  args: ['string'],
  returns: { ...BIGINT, length: 3 },
  specialize: (expression) =>
    isBinaryString(expression.args[0]!.type)
      ? (_context, text: string) => (text === '' ? 0 : text.charCodeAt(0))
      : firstBytes(expression.args[0]!.type, (bytes) => bytes[0]!),
  evaluate: () => null,
});

defineSimple({
  name: 'ord',
  args: ['string'],
  returns: { ...BIGINT, length: 10 },
  specialize: (expression) =>
    isBinaryString(expression.args[0]!.type)
      ? (_context, text: string) => (text === '' ? 0 : text.charCodeAt(0))
      : firstBytes(expression.args[0]!.type, (bytes) => bytes.reduce((value, byte) => value * 256 + byte, 0)),
  evaluate: () => null,
});

defineSimple({
  name: 'char',
  args: ['integer'],
  variadic: true,
  argsMin: 1,
  seesNull: true,
  returns: (args) => textType(4 * args.length, 'binary'),
  evaluate: (_context, ...codes: (Integer | null)[]) => {
    const bytes: number[] = [];
    for (const code of codes) {
      if (code === null) continue;
      const value = Number(BigInt.asUintN(32, BigInt(code)));
      if (value > 0xffffff) bytes.push(value >>> 24);
      if (value > 0xffff) bytes.push((value >>> 16) & 255);
      if (value > 0xff) bytes.push((value >>> 8) & 255);
      bytes.push(value & 255);
    }
    return Uint8Array.from(bytes);
  },
});

// ---- encodings ----

defineSimple({
  name: 'quote',
  args: ['string'],
  seesNull: true,
  returns: (args, collation) => textType(2 * textLength(args[0]!.type) + 2, collation),
  evaluate: (_context, text: string | null) =>
    text === null ? 'NULL' : `'${text.replace(/['\\]/g, '\\$&').replaceAll('\0', '\\0').replaceAll('\x1a', '\\Z')}'`,
});

defineSimple({
  name: 'to_base64',
  args: ['string'],
  returns: (args, collation) => textType(Math.ceil(textLength(args[0]!.type) * 5.6) + 4, collation),
  specialize: (expression) => {
    const { type } = expression.args[0]!;
    const bytesOf = isBinaryString(type)
      ? (text: string) => Buffer.from(text, 'latin1')
      : (text: string) => Buffer.from(encodeText(text, type.charset));
    // Lines of 76 characters, as the function has always written them.
    return (_context, text: string) =>
      (
        bytesOf(text)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n');
  },
  evaluate: () => null,
});

defineSimple({
  name: 'from_base64',
  args: ['string'],
  returns: (args) => textType(Math.ceil((textLength(args[0]!.type) * 3) / 4), 'binary'),
  evaluate: (_context, text: string) => {
    const bare = text.replace(/\s+/g, '');
    if (bare.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return null;
    return Buffer.from(bare, 'base64');
  },
});

const SOUNDEX = '01230120022455012623010202';

defineSimple({
  name: 'soundex',
  args: ['string'],
  returns: (args, collation) => textType(Math.max(4, textLength(args[0]!.type)), collation),
  evaluate: (_context, text: string) => {
    let result = '';
    let last = '';
    for (const character of text.toUpperCase()) {
      const letter = character.charCodeAt(0) - 65;
      if (letter < 0 || letter > 25 || character.length > 1) continue;
      const code = SOUNDEX[letter]!;
      if (result === '') {
        result = character;
        last = code;
      } else if (code !== '0' && code !== last) {
        result += code;
        last = code;
      } else if (code === '0' && character !== 'H' && character !== 'W') last = code;
    }
    return result === '' ? '' : result.padEnd(4, '0');
  },
});

// ---- numbers as text ----

/** FORMAT(x, d): thousands by comma, d digits after the point. Locales other than those of comma and point are not known. */
define({
  name: 'format',
  argsMin: 2,
  argsMax: 3,
  infer: (args, options) => {
    const number = convertArgument(args[0]!, 'number', connectionCollation(options));
    const places = convertArgument(args[1]!, 'count', '');
    const type = textType(textLength(number.type) * 2 + 32, connectionCollation(options));
    return call(
      'format',
      args.length === 2
        ? [number, places]
        : [number, places, convertArgument(args[2]!, 'string', connectionCollation(options))],
      type,
    );
  },
  compile: (expression, [number, places, locale]) => {
    const exact = isDecimal(expression.args[0]!.type);
    const isDouble = isReal(expression.args[0]!.type);
    return (row, context) => {
      const value = number!(row, context);
      const count = places!(row, context) as Integer | null;
      if (value === null || count === null) return null;
      const digits = Math.min(Math.max(Number(count), 0), 30);
      const text = exact
        ? (value as Decimal).rescale(digits).toString()
        : isDouble
          ? fixedText(value as number, digits)
          : String(value) + (digits > 0 ? '.' + '0'.repeat(digits) : '');
      const name = locale === undefined ? 'en_US' : (locale(row, context) as string | null);
      return groupDigits(text, separatorsOf(name ?? 'en_US', context));
    };
  },
});

function fixedText(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? '.' + '0'.repeat(digits) : '');
  // toFixed looks at the exact binary value; MySQL rounds the shortest text that names it.
  const text = formatDouble(value);
  const point = text.indexOf('.');
  if (text.includes('e') || point < 0 || text.length - point - 1 <= digits) return value.toFixed(digits);
  const scaled = BigInt(text.replace('.', ''));
  const drop = text.length - point - 1 - digits;
  const unit = 10n ** BigInt(drop);
  const half = scaled < 0n ? -unit / 2n : unit / 2n;
  const rounded = (scaled + half) / unit;
  const magnitude = String(rounded < 0n ? -rounded : rounded).padStart(digits + 1, '0');
  const whole = digits === 0 ? magnitude : magnitude.slice(0, -digits) + '.' + magnitude.slice(-digits);
  return (rounded < 0n ? '-' : '') + whole;
}

interface Separators {
  readonly group: string;
  readonly point: string;
}

const LOCALES: Readonly<Record<string, Separators>> = {
  en_US: { group: ',', point: '.' }, en_GB: { group: ',', point: '.' }, de_DE: { group: '.', point: ',' }, nl_NL: { group: '', point: ',' },
  fr_FR: { group: '', point: ',' }, es_ES: { group: '', point: ',' }, it_IT: { group: '', point: ',' }, pt_BR: { group: '.', point: ',' },
  ja_JP: { group: ',', point: '.' }, zh_CN: { group: ',', point: '.' }, da_DK: { group: '.', point: ',' }, sv_SE: { group: ' ', point: ',' },
  ru_RU: { group: '.', point: ',' }, de_CH: { group: "'", point: '.' }, pl_PL: { group: '', point: ',' },
}; // prettier-ignore

function separatorsOf(locale: string, context: EvalContext): Separators {
  const found =
    LOCALES[locale] ?? Object.entries(LOCALES).find(([name]) => name.toLowerCase() === locale.toLowerCase())?.[1];
  if (found !== undefined) return found;
  context.warn('Warning', 1649, `Unknown locale: '${locale}'`);
  return LOCALES.en_US!;
}

function groupDigits(text: string, { group, point }: Separators): string {
  const [whole, fraction] = text.split('.') as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, group);
  return fraction === undefined ? grouped : grouped + point + fraction;
}

// ---- collation keys ----

defineSimple({
  name: 'weight_string',
  args: ['any'],
  returns: (args) => textType(textLength(args[0]!.type) * 8, 'binary'),
  specialize: (expression) => {
    const collation = collationNamed(expression.args[0]!.type.collation) ?? BINARY_COLLATION;
    const { type } = expression.args[0]!;
    // Numbers have no weights; dates are ASCII.
    if (isNumeric(type)) return () => null;
    const read = textOf(type);
    if (isBinaryString(type)) return (_context, bytes: Uint8Array) => bytes;
    if (!isString(type)) return (_context, value: NonNullable<Datum>) => Buffer.from(read(value), 'utf8');
    return (_context, text: string) => collation.sortKey(text);
  },
  evaluate: () => null,
});

defineSimple({
  name: 'load_file',
  args: ['string'],
  returns: textType(65535, 'binary'),
  // Files of the server's machine are nobody's business: the answer is what MySQL gives without the FILE privilege.
  evaluate: () => null,
});

/**
 * Character sets. Text is Unicode wherever Rutile keeps it: as a string in memory, as UTF-8 on disk, whatever set its column
 * names. A character set says which characters its columns may hold (`misfit`), which bytes functions of bytes see (HEX, LENGTH,
 * MD5, …: `encode`), and how bytes from outside become text (introducers, CONVERT, clients that speak it: `decode`).
 *
 * For every text without a misfit `decode(encode(text)) = text`; a character that a set does not have becomes `?`.
 */

export type CharsetName =
  'ascii' | 'binary' | 'gbk' | 'latin1' | 'ucs2' | 'utf16' | 'utf16le' | 'utf32' | 'utf8mb3' | 'utf8mb4';

export interface Charset {
  readonly name: CharsetName;
  readonly description: string;
  readonly defaultCollation: string;
  /** Bytes of its shortest and longest character. */
  readonly bytesMin: number;
  readonly bytesMax: number;
  encode(text: string): Uint8Array;
  /** `undefined`: bytes that are no text of this set. */
  decode(bytes: Uint8Array): string | undefined;
  /** Index in `text` of the first character that the set does not have; -1 when it has all. */
  misfit(text: string): number;
}

const QUESTION_MARK = 0x3f;

/** What cp1252 has at 0x80 to 0x9f, as MySQL reads it: its five holes are the control characters of Latin 1. */
const CP1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';
const cp1252Bytes = new Map(Array.from(CP1252, (character, index) => [character.charCodeAt(0), 0x80 + index]));

/** The byte of a UTF-16 unit in `latin1`; -1: it has none. */
export function latin1Byte(code: number): number {
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  return cp1252Bytes.get(code) ?? -1;
}

interface Gbk {
  /** By code point of the BMP: two bytes as a number, 0 for none. */
  readonly codes: Uint16Array;
  /** By (lead - 0x81) * 256 + trail: the character, 0 for none. */
  readonly characters: Uint16Array;
}

let gbk: Gbk | undefined;

/** 190 KiB and some milliseconds, at the first use of a character beyond ASCII. Private characters of the decoder are not MySQL's. */
function gbkTables(): Gbk {
  if (gbk !== undefined) return gbk;
  const codes = new Uint16Array(0x10000);
  const characters = new Uint16Array(126 * 256);
  const decoder = new TextDecoder('gbk');
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const text = decoder.decode(Uint8Array.of(lead, trail));
      const code = text.charCodeAt(0);
      if (text.length !== 1 || code === 0xfffd || (code >= 0xe000 && code <= 0xf8ff)) continue;
      characters[(lead - 0x81) * 256 + trail] = code;
      codes[code] = lead * 256 + trail;
    }
  }
  gbk = { codes, characters };
  return gbk;
}

/** The one or two bytes of a UTF-16 unit in `gbk`, as a number; -1: it has none. */
export function gbkCode(code: number): number {
  if (code < 0x80) return code;
  return gbkTables().codes[code]! || -1;
}

/** Sets of one byte a character, and GBK: `codeOf` gives -1 for what they do not have, and all beyond the BMP. */
function tableCharset(
  named: Pick<Charset, 'name' | 'description' | 'defaultCollation' | 'bytesMax'>,
  codeOf: (unit: number) => number,
  decode: (bytes: Uint8Array) => string | undefined,
): Charset {
  return {
    ...named,
    bytesMin: 1,
    encode(text) {
      if (!BEYOND_ASCII.test(text)) return Buffer.from(text, 'latin1');
      const bytes = new Uint8Array(text.length * named.bytesMax);
      let length = 0;
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        const code = codeOf(unit);
        if (code > 255) bytes[length++] = code >> 8;
        bytes[length++] = code < 0 ? QUESTION_MARK : code & 255;
        if (isPair(text, at)) at++;
      }
      return bytes.subarray(0, length);
    },
    decode,
    misfit(text) {
      for (let at = 0; at < text.length; at++) if (codeOf(text.charCodeAt(at)) < 0) return at;
      return -1;
    },
  };
}

// eslint-disable-next-line no-control-regex
const BEYOND_ASCII = /[^\u0000-\u007f]/;

function isPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff || at + 1 >= text.length) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}

function decodeLatin1(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0080-\u009f]/g, (character) => CP1252[character.charCodeAt(0) - 0x80]!);
}

function decodeAscii(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte > 127) return undefined;
  return Buffer.from(bytes).toString('latin1');
}

function decodeGbk(bytes: Uint8Array): string | undefined {
  const { characters } = gbkTables();
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      text += String.fromCharCode(byte);
      continue;
    }
    const code = byte < 0x81 || byte === 0xff ? 0 : (characters[(byte - 0x81) * 256 + (bytes[++at] ?? 0)] ?? 0);
    if (code === 0) return undefined;
    text += String.fromCharCode(code);
  }
  return text;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function beyondBmp(text: string): number {
  return text.search(/[\ud800-\udfff]/);
}

const encodeUtf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** Literals may lack leading zeros, as in `_ucs2 x'41'`. */
function padded(bytes: Uint8Array, size: number): Uint8Array {
  const missing = (size - (bytes.length % size)) % size;
  if (missing === 0) return bytes;
  const whole = new Uint8Array(bytes.length + missing);
  whole.set(bytes, missing);
  return whole;
}

function utf16Units(bytes: Uint8Array, littleEndian: boolean): string {
  const whole = padded(bytes, 2);
  let text = '';
  for (let at = 0; at < whole.length; at += 2) {
    const first = whole[at]!;
    const second = whole[at + 1]!;
    text += String.fromCharCode(littleEndian ? first + second * 256 : first * 256 + second);
  }
  return text;
}

const hasLoneSurrogate = (text: string): boolean =>
  /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
}

const CHARSET_LIST: readonly Charset[] = [
  tableCharset(
    { name: 'ascii', description: 'US ASCII', defaultCollation: 'ascii_general_ci', bytesMax: 1 },
    (unit) => (unit < 128 ? unit : -1),
    decodeAscii,
  ),
  {
    name: 'binary',
    description: 'Binary pseudo charset',
    defaultCollation: 'binary',
    bytesMin: 1,
    bytesMax: 1,
    encode: encodeUtf8,
    decode: decodeUtf8,
    misfit: () => -1,
  },
  tableCharset(
    { name: 'gbk', description: 'GBK Simplified Chinese', defaultCollation: 'gbk_chinese_ci', bytesMax: 2 },
    gbkCode,
    decodeGbk,
  ),
  tableCharset(
    { name: 'latin1', description: 'cp1252 West European', defaultCollation: 'latin1_swedish_ci', bytesMax: 1 },
    latin1Byte,
    decodeLatin1,
  ),
  {
    name: 'ucs2',
    description: 'UCS-2 Unicode',
    defaultCollation: 'ucs2_general_ci',
    bytesMin: 2,
    bytesMax: 2,
    encode: (text) => encodeUtf16(withoutPairs(text), false),
    decode: (bytes) => {
      const text = utf16Units(bytes, false);
      return beyondBmp(text) < 0 ? text : undefined;
    },
    misfit: beyondBmp,
  },
  {
    name: 'utf16',
    description: 'UTF-16 Unicode',
    defaultCollation: 'utf16_general_ci',
    bytesMin: 2,
    bytesMax: 4,
    encode: (text) => encodeUtf16(text, false),
    decode: (bytes) => wellFormed(utf16Units(bytes, false)),
    misfit: () => -1,
  },
  {
    name: 'utf16le',
    description: 'UTF-16LE Unicode',
    defaultCollation: 'utf16le_general_ci',
    bytesMin: 2,
    bytesMax: 4,
    encode: (text) => encodeUtf16(text, true),
    decode: (bytes) => wellFormed(utf16Units(bytes, true)),
    misfit: () => -1,
  },
  {
    name: 'utf32',
    description: 'UTF-32 Unicode',
    defaultCollation: 'utf32_general_ci',
    bytesMin: 4,
    bytesMax: 4,
    encode: (text) => {
      const points = Array.from(text, (character) => character.codePointAt(0)!);
      const bytes = Buffer.alloc(points.length * 4);
      points.forEach((point, index) => bytes.writeUInt32BE(point, index * 4));
      return bytes;
    },
    decode: (bytes) => {
      const whole = Buffer.from(padded(bytes, 4));
      let text = '';
      for (let at = 0; at < whole.length; at += 4) {
        const point = whole.readUInt32BE(at);
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
        text += String.fromCodePoint(point);
      }
      return text;
    },
    misfit: () => -1,
  },
  {
    name: 'utf8mb3',
    description: 'UTF-8 Unicode',
    defaultCollation: 'utf8mb3_general_ci',
    bytesMin: 1,
    bytesMax: 3,
    encode: (text) => encodeUtf8(withoutPairs(text)),
    decode: (bytes) => {
      const text = decodeUtf8(bytes);
      return text === undefined || beyondBmp(text) >= 0 ? undefined : text;
    },
    misfit: beyondBmp,
  },
  {
    name: 'utf8mb4',
    description: 'UTF-8 Unicode',
    defaultCollation: 'utf8mb4_0900_ai_ci',
    bytesMin: 1,
    bytesMax: 4,
    encode: encodeUtf8,
    decode: decodeUtf8,
    misfit: () => -1,
  },
];

function withoutPairs(text: string): string {
  return beyondBmp(text) < 0 ? text : text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, '?');
}

function wellFormed(text: string): string | undefined {
  return hasLoneSurrogate(text) ? undefined : text;
}

const byName = new Map<string, Charset>(CHARSET_LIST.map((charset) => [charset.name, charset]));

const UTF8 = byName.get('utf8mb4')!;

/** All character sets, by name. */
export const CHARSETS: readonly Charset[] = CHARSET_LIST;

/** In any case; `utf8` is `utf8mb3`, as in MySQL 8.0. An unknown name is `undefined`. */
export function findCharset(name: string): Charset | undefined {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  return byName.get(lower === 'utf8' ? 'utf8mb3' : lower);
}

/** The character set that a collation's name begins with. */
export function charsetNameOf(collation: string): CharsetName {
  const end = collation.indexOf('_');
  const name = end < 0 ? collation : collation.slice(0, end);
  return findCharset(name)?.name ?? 'utf8mb4';
}

/** Bytes that one character may have. */
export function bytesMaxOf(charset: string): number {
  return (findCharset(charset) ?? UTF8).bytesMax;
}

/** Bytes of a text as a function sees them whose argument has the set. */
export function encodeText(text: string, charset: string): Uint8Array {
  return isUtf8Charset(charset) ? Buffer.from(text, 'utf8') : (findCharset(charset) ?? UTF8).encode(text);
}

/** Whether bytes of the set are its characters' UTF-8, so that nothing has to be converted. */
export function isUtf8Charset(name: string): boolean {
  return name === 'utf8mb4' || name === 'utf8mb3' || name === 'ascii' || name === 'binary';
}

/** The text with `?` in the place of what the set does not have. */
export function fitCharset(text: string, charset: Charset): string {
  if (charset.misfit(text) < 0) return text;
  let fitted = '';
  for (const character of text) fitted += charset.misfit(character) < 0 ? character : '?';
  return fitted;
}

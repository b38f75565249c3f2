/**
 * `utf8mb4_general_ci`: one 16-bit weight a character, from the folding of Unicode 3 (upper case, accents of the old ranges
 * dropped, ß as S); everything beyond the BMP weighs 0xFFFD and is equal. PAD SPACE.
 */
import { paddedLength, trimPad, VarintReader, type Collation } from './collation.ts';
import { GENERAL_CI_DATA } from './general-ci-data.ts';

let table: Uint16Array | undefined;

/** 128 KiB, made at the first use of a character that is not ASCII. */
function loadTable(): Uint16Array {
  const weights = new Uint16Array(65536);
  for (let code = 0; code < 65536; code++) weights[code] = code;
  const reader = new VarintReader(GENERAL_CI_DATA);
  let codePoint = -1;
  let difference = 0;
  while (!reader.done) {
    codePoint += reader.unsigned() + 1;
    difference += reader.signed();
    weights[codePoint] = codePoint + difference;
  }
  table = weights;
  return weights;
}

/** Weight of the UTF-16 unit at `at`; a surrogate pair is one character of weight 0xFFFD, its second half weighs -1: skip. */
function weightAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 128) return code >= 97 && code <= 122 ? code - 32 : code;
  if (code >= 0xd800 && code <= 0xdfff) return 0xfffd;
  return (table ?? loadTable())[code]!;
}

/** One more than the index of the character's last unit. */
function nextAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdbff || at + 1 >= text.length) return at + 1;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff ? at + 2 : at + 1;
}

export class GeneralCollation implements Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace = true;
  readonly ignoresCase = true;

  constructor(name: string, id: number, charset: string) {
    this.name = name;
    this.id = id;
    this.charset = charset;
  }

  // hot: bench/micro/expressions.ts
  compare(a: string, b: string): number {
    if (a === b) return 0;
    const aEnd = paddedLength(a);
    const bEnd = paddedLength(b);
    let i = 0;
    let j = 0;
    while (i < aEnd && j < bEnd) {
      const x = weightAt(a, i);
      const y = weightAt(b, j);
      if (x !== y) return x < y ? -1 : 1;
      i = x === 0xfffd ? nextAt(a, i) : i + 1;
      j = y === 0xfffd ? nextAt(b, j) : j + 1;
    }
    return i < aEnd ? 1 : j < bEnd ? -1 : 0;
  }

  equals(a: string, b: string): boolean {
    return a === b || this.compare(a, b) === 0;
  }

  sortKey(text: string): Uint8Array {
    const end = paddedLength(text);
    const bytes = new Uint8Array(end * 2);
    let length = 0;
    for (let at = 0; at < end; at = nextAt(text, at)) {
      const weight = weightAt(text, at);
      bytes[length++] = weight >> 8;
      bytes[length++] = weight & 255;
    }
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  }

  hashKey(text: string): string {
    const trimmed = trimPad(text);
    for (let at = 0; at < trimmed.length; at++) if (trimmed.charCodeAt(at) > 127) return this.slowHashKey(trimmed);
    return trimmed.toUpperCase();
  }

  characterKey(codePoint: number): number {
    if (codePoint > 0xffff) return 0xfffd;
    return (table ?? loadTable())[codePoint]!;
  }

  private slowHashKey(text: string): string {
    let key = '';
    for (let at = 0; at < text.length; at = nextAt(text, at)) key += String.fromCharCode(weightAt(text, at));
    return key;
  }
}

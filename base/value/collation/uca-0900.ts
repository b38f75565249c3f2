/**
 * `utf8mb4_0900_ai_ci`: the primary weights of the Unicode Collation Algorithm 9.0.0, accents and case ignored, NO PAD.
 *
 * A character is a list of 16-bit weights: none when it is ignorable (controls, combining accents), one for most, up to
 * eight for ligatures and the like. Characters that the table does not list weigh two, by the algorithm's rule for implicit
 * weights (Han, Tangut, unassigned); Hangul syllables weigh what their letters do. MySQL leaves contractions out, so text is
 * the concatenation of its characters' weights, equal prefixes may be skipped unread, and ASCII needs only its own table.
 */
import { VarintReader, type Collation } from './collation.ts';
import { UCA_0900_ASCII, UCA_0900_DATA } from './uca-0900-data.ts';

const ASCII = new Uint16Array(128);
for (let code = 0; code < 128; code++) ASCII[code] = UCA_0900_ASCII[code]!;

/** In `single`: not listed, or listed with several weights (in `several`). No primary weight has these values. */
const IMPLICIT = 0xfffe;
const SEVERAL = 0xffff;
const SINGLE_SIZE = 0x20000;

interface Table {
  /** Weight by code point below 0x20000; 0 is ignorable. */
  readonly single: Uint16Array;
  readonly several: ReadonlyMap<number, readonly number[]>;
}

let loaded: Table | undefined;

/** 256 KiB and a few ms, at the first use of a character that is not plain ASCII. */
function load(): Table {
  const single = new Uint16Array(SINGLE_SIZE).fill(IMPLICIT);
  const several = new Map<number, readonly number[]>();
  const reader = new VarintReader(UCA_0900_DATA);
  let codePoint = -1;
  let weight = 0;
  while (!reader.done) {
    const head = reader.unsigned();
    const count = head % 9;
    codePoint += (head - count) / 9 + 1;
    const list: number[] = [];
    for (let index = 0; index < count; index++) {
      weight += reader.signed();
      list.push(weight);
    }
    if (codePoint < SINGLE_SIZE && count < 2) single[codePoint] = list[0] ?? 0;
    else {
      if (codePoint < SINGLE_SIZE) single[codePoint] = SEVERAL;
      several.set(codePoint, list);
    }
  }
  loaded = { single, several };
  return loaded;
}

function implicitBase(codePoint: number): number {
  if (codePoint >= 0x4e00 && codePoint <= 0x9fd5) return 0xfb40;
  if (codePoint >= 0xfa0e && codePoint <= 0xfa29) return 0xfb40;
  if (
    (codePoint >= 0x3400 && codePoint <= 0x4db5) ||
    (codePoint >= 0x20000 && codePoint <= 0x2a6d6) ||
    (codePoint >= 0x2a700 && codePoint <= 0x2b734) ||
    (codePoint >= 0x2b740 && codePoint <= 0x2b81d) ||
    (codePoint >= 0x2b820 && codePoint <= 0x2cea1)
  ) {
    return 0xfb80;
  }
  return 0xfbc0;
}

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;

/** Appends the weights of one character. */
function pushWeights(table: Table, codePoint: number, out: number[]): void {
  const weight = codePoint < SINGLE_SIZE ? table.single[codePoint]! : SEVERAL;
  if (weight === 0) return;
  if (weight < IMPLICIT) {
    out.push(weight);
    return;
  }
  const list = weight === SEVERAL ? table.several.get(codePoint) : undefined;
  if (list !== undefined) {
    for (const one of list) out.push(one);
    return;
  }
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
    out.push(0xfffd);
    return;
  }
  if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
    const index = codePoint - HANGUL_FIRST;
    pushWeights(table, 0x1100 + Math.floor(index / 588), out);
    pushWeights(table, 0x1161 + Math.floor((index % 588) / 28), out);
    if (index % 28 !== 0) pushWeights(table, 0x11a7 + (index % 28), out);
    return;
  }
  if (codePoint >= 0x17000 && codePoint <= 0x18aff) {
    out.push(0xfb00, (codePoint - 0x17000) | 0x8000);
    return;
  }
  out.push(implicitBase(codePoint) + (codePoint >> 15), (codePoint & 0x7fff) | 0x8000);
}

/** The weights of `text` from a unit index on. */
function weightsFrom(text: string, from: number): number[] {
  const table = loaded ?? load();
  const out: number[] = [];
  for (let at = from; at < text.length; at++) {
    const codePoint = text.codePointAt(at)!;
    if (codePoint > 0xffff) at++;
    pushWeights(table, codePoint, out);
  }
  return out;
}

/** ASCII characters by weight, letters in lower case: hash keys of other text are spelled with them where they can be. */
const ASCII_OF_WEIGHT = new Map<number, number>();
for (let code = 127; code >= 0; code--) {
  if (ASCII[code] !== 0 && !(code >= 65 && code <= 90)) ASCII_OF_WEIGHT.set(ASCII[code]!, code);
}

export class Uca0900Collation implements Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace = false;
  readonly ignoresCase = true;

  constructor(name: string, id: number, charset: string) {
    this.name = name;
    this.id = id;
    this.charset = charset;
  }

  // hot: bench/micro/expressions.ts
  compare(a: string, b: string): number {
    const length = a.length < b.length ? a.length : b.length;
    for (let at = 0; at < length; at++) {
      const x = a.charCodeAt(at);
      const y = b.charCodeAt(at);
      if (x === y) continue;
      if (x > 127 || y > 127) return compareWeights(a, b, at);
      const xWeight = ASCII[x]!;
      const yWeight = ASCII[y]!;
      if (xWeight === yWeight) continue;
      if (xWeight === 0 || yWeight === 0) return compareWeights(a, b, at);
      return xWeight < yWeight ? -1 : 1;
    }
    if (a.length === b.length) return 0;
    const longer = a.length > length ? a : b;
    const next = longer.charCodeAt(length);
    if (next > 127 || ASCII[next] === 0) return compareWeights(a, b, length);
    return a.length > length ? 1 : -1;
  }

  equals(a: string, b: string): boolean {
    return a === b || this.compare(a, b) === 0;
  }

  sortKey(text: string): Uint8Array {
    const bytes = new Uint8Array(text.length * 2);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const weight = code < 128 ? ASCII[code]! : 0;
      if (weight === 0) return slowSortKey(text);
      bytes[at * 2] = weight >> 8;
      bytes[at * 2 + 1] = weight & 255;
    }
    return bytes;
  }

  // hot: bench/micro/expressions.ts
  hashKey(text: string): string {
    let upperCase = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127 || ASCII[code] === 0) return slowHashKey(text);
      if (code >= 65 && code <= 90) upperCase = true;
    }
    return upperCase ? text.toLowerCase() : text;
  }

  characterKey(codePoint: number): number {
    if (codePoint < 128 && ASCII[codePoint] !== 0) return ASCII[codePoint]!;
    return slowCharacterKey(codePoint);
  }
}

function compareWeights(a: string, b: string, from: number): number {
  // A difference in the second half of a surrogate pair belongs to the whole character.
  const start = from > 0 && isHighSurrogate(a.charCodeAt(from - 1)) ? from - 1 : from;
  const x = weightsFrom(a, start);
  const y = weightsFrom(b, start);
  const length = x.length < y.length ? x.length : y.length;
  for (let at = 0; at < length; at++) if (x[at] !== y[at]) return x[at]! < y[at]! ? -1 : 1;
  return x.length < y.length ? -1 : x.length > y.length ? 1 : 0;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function slowSortKey(text: string): Uint8Array {
  const weights = weightsFrom(text, 0);
  const bytes = new Uint8Array(weights.length * 2);
  for (let at = 0; at < weights.length; at++) {
    bytes[at * 2] = weights[at]! >> 8;
    bytes[at * 2 + 1] = weights[at]! & 255;
  }
  return bytes;
}

function slowHashKey(text: string): string {
  let key = '';
  // Weights begin at 0x0200, so they never look like an ASCII character.
  for (const weight of weightsFrom(text, 0)) key += String.fromCharCode(ASCII_OF_WEIGHT.get(weight) ?? weight);
  return key;
}

/** Characters of several weights get numbers of their own, above all weights; ignorable ones are 0 like each other. */
const severalKeys = new Map<string, number>();

function slowCharacterKey(codePoint: number): number {
  const weights: number[] = [];
  pushWeights(loaded ?? load(), codePoint, weights);
  if (weights.length < 2) return weights[0] ?? 0;
  // Two implicit weights pack exactly; longer lists are few (2,700 characters of the table) and numbered as met.
  if (weights.length === 2) return 0x10000 + weights[0]! * 0x10000 + weights[1]!;
  const text = weights.join();
  let key = severalKeys.get(text);
  if (key === undefined) {
    key = 0x2_0000_0000 + severalKeys.size;
    severalKeys.set(text, key);
  }
  return key;
}

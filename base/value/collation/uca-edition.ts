/**
 * The tables of the Unicode Collation Algorithm, in the three editions that MySQL has: 4.0.0 (`…_unicode_ci`), 5.2.0
 * (`…_unicode_520_ci`) and 9.0.0 (`utf8mb4_0900_…`). `UcaEdition` turns characters into primary weights; `uca.ts` compares by them.
 *
 * A character is a list of 16-bit weights: none when it is ignorable (controls, combining accents), one for most, up to
 * eight for ligatures and the like. Characters that an edition does not list weigh two, by the algorithm's rule for implicit weights
 * (Han, unassigned); in 9.0.0 Hangul syllables weigh what their letters do, and in 4.0.0 all characters beyond the BMP weigh the
 * same. MySQL leaves contractions out, so text is the concatenation of its characters' weights.
 */
import { VarintReader } from './collation.ts';
import { UCA_0400_ASCII, UCA_0400_DATA } from './uca-0400-data.ts';
import { UCA_0520_ASCII, UCA_0520_DATA } from './uca-0520-data.ts';
import { UCA_0900_ASCII, UCA_0900_DATA } from './uca-0900-data.ts';

/** In `single`: not listed, or listed with several weights (in `several`). No primary weight has these values. */
const IMPLICIT = 0xfffe;
const SEVERAL = 0xffff;
const SINGLE_SIZE = 0x20000;

interface Table {
  /** Weight by code point below 0x20000; 0 is ignorable. */
  readonly single: Uint16Array;
  readonly several: ReadonlyMap<number, readonly number[]>;
}

/** Appends the weights of a character that no table lists. */
type Implicit = (codePoint: number, edition: UcaEdition, out: number[]) => void;

/** One edition of the algorithm: its table, and its rule for characters that the table does not list. */
export class UcaEdition {
  readonly ascii: Uint16Array;
  /** What a space weighs: PAD SPACE collations drop it at the end. */
  readonly padWeight: number;
  /** ASCII characters by weight, letters in lower case: hash keys of other text are spelled with them where they can be. */
  private readonly asciiOfWeight = new Map<number, number>();
  /** Characters of several weights get numbers of their own, above all weights; ignorable ones are 0 like each other. */
  private readonly severalKeys = new Map<string, number>();
  private readonly data: string;
  private readonly implicit: Implicit;
  private loaded: Table | undefined;

  constructor(ascii: readonly number[], data: string, implicit: Implicit) {
    this.ascii = Uint16Array.from(ascii);
    this.padWeight = ascii[32]!;
    this.data = data;
    this.implicit = implicit;
    for (let code = 127; code >= 0; code--) {
      if (ascii[code] !== 0 && !(code >= 65 && code <= 90)) this.asciiOfWeight.set(ascii[code]!, code);
    }
  }

  /** 256 KiB and a few ms, at the first use of a character that is not plain ASCII. */
  private table(): Table {
    if (this.loaded !== undefined) return this.loaded;
    const single = new Uint16Array(SINGLE_SIZE).fill(IMPLICIT);
    const several = new Map<number, readonly number[]>();
    for (const [codePoint, list] of listedWeights(this.data)) {
      if (codePoint < SINGLE_SIZE && list.length < 2) single[codePoint] = list[0] ?? 0;
      else {
        if (codePoint < SINGLE_SIZE) single[codePoint] = SEVERAL;
        several.set(codePoint, list);
      }
    }
    this.loaded = { single, several };
    return this.loaded;
  }

  /** Appends the weights of one character. */
  push(codePoint: number, out: number[]): void {
    const table = this.loaded ?? this.table();
    const weight = codePoint < SINGLE_SIZE ? table.single[codePoint]! : SEVERAL;
    if (weight === 0) return;
    if (weight < IMPLICIT) {
      out.push(weight);
      return;
    }
    const list = weight === SEVERAL ? table.several.get(codePoint) : undefined;
    if (list !== undefined) for (const one of list) out.push(one);
    else if (codePoint >= 0xd800 && codePoint <= 0xdfff) out.push(0xfffd);
    else this.implicit(codePoint, this, out);
  }

  /** The weights of `text` from a unit index on. */
  weightsFrom(text: string, from: number): number[] {
    const out: number[] = [];
    for (let at = from; at < text.length; at++) {
      const codePoint = text.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
      this.push(codePoint, out);
    }
    return out;
  }

  /** Weights begin at 0x0200, so they never look like an ASCII character. */
  spell(weights: readonly number[]): string {
    let key = '';
    for (const weight of weights) key += String.fromCharCode(this.asciiOfWeight.get(weight) ?? weight);
    return key;
  }

  characterKey(codePoint: number): number {
    const weights: number[] = [];
    this.push(codePoint, weights);
    if (weights.length < 2) return weights[0] ?? 0;
    // Two implicit weights pack exactly; longer lists are few (2,700 characters of the table) and numbered as met.
    if (weights.length === 2) return 0x10000 + weights[0]! * 0x10000 + weights[1]!;
    return numbered(this.severalKeys, weights.join());
  }
}

/** A small number for each text, above all weights. */
export function numbered(keys: Map<string, number>, text: string): number {
  let key = keys.get(text);
  if (key === undefined) {
    key = 0x2_0000_0000 + keys.size;
    keys.set(text, key);
  }
  return key;
}

/** What a data file lists, in the order of code points. */
export function* listedWeights(data: string): Generator<readonly [number, readonly number[]]> {
  const reader = new VarintReader(data);
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
    yield [codePoint, list];
  }
}

function pushImplicit(base: number, codePoint: number, out: number[]): void {
  out.push(base + (codePoint >> 15), (codePoint & 0x7fff) | 0x8000);
}

const HANGUL_FIRST = 0xac00;
const HANGUL_LAST = 0xd7a3;

function implicit0900(codePoint: number, edition: UcaEdition, out: number[]): void {
  if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
    for (const letter of hangulLetters(codePoint)) edition.push(letter, out);
  } else if (codePoint >= 0x17000 && codePoint <= 0x18aff) out.push(0xfb00, (codePoint - 0x17000) | 0x8000);
  else pushImplicit(base0900(codePoint), codePoint, out);
}

export function hangulLetters(codePoint: number): readonly number[] {
  if (codePoint < HANGUL_FIRST || codePoint > HANGUL_LAST) return [];
  const index = codePoint - HANGUL_FIRST;
  const letters = [0x1100 + Math.floor(index / 588), 0x1161 + Math.floor((index % 588) / 28)];
  return index % 28 === 0 ? letters : [...letters, 0x11a7 + (index % 28)];
}

function base0900(codePoint: number): number {
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

/** 5.2.0 as MySQL has it keeps the ranges of 4.0.0. */
function implicit0520(codePoint: number, _edition: UcaEdition, out: number[]): void {
  const han = codePoint >= 0x4e00 && codePoint <= 0x9fa5;
  const extension = codePoint >= 0x3400 && codePoint <= 0x4db5;
  pushImplicit(han ? 0xfb40 : extension ? 0xfb80 : 0xfbc0, codePoint, out);
}

function implicit0400(codePoint: number, edition: UcaEdition, out: number[]): void {
  if (codePoint > 0xffff) out.push(0xfffd);
  else implicit0520(codePoint, edition, out);
}

export const UCA_0400 = new UcaEdition(UCA_0400_ASCII, UCA_0400_DATA, implicit0400);
export const UCA_0520 = new UcaEdition(UCA_0520_ASCII, UCA_0520_DATA, implicit0520);
export const UCA_0900 = new UcaEdition(UCA_0900_ASCII, UCA_0900_DATA, implicit0900);

/**
 * Collations by the Unicode Collation Algorithm (`uca-edition.ts` has its tables): `…_unicode_ci` and `…_unicode_520_ci` with
 * PAD SPACE, `utf8mb4_0900_ai_ci` without. Primary weights alone decide, equal prefixes are skipped unread.
 *
 * `_as_ci` looks at secondary weights (accents) where the primary ones are equal, `_as_cs` at tertiary ones (case), too: a key
 * is then the weights of all levels, one level after the other with 0 between (`uca-levels.ts`).
 */
import { paddedLength, trimPad, type Collation } from './collation.ts';
import { numbered, UCA_0900, type UcaEdition } from './uca-edition.ts';
import { loadLevels, type Levels } from './uca-levels.ts';

/** Primary weights alone: accents and case do not count. */
export class UcaCollation implements Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace: boolean;
  readonly ignoresCase: boolean = true;
  protected readonly edition: UcaEdition;

  constructor(name: string, id: number, charset: string, edition: UcaEdition) {
    this.name = name;
    this.id = id;
    this.charset = charset;
    this.edition = edition;
    this.padSpace = edition !== UCA_0900;
  }

  // hot: bench/micro/expressions.ts
  compare(a: string, b: string): number {
    const { ascii } = this.edition;
    const aEnd = this.padSpace ? paddedLength(a) : a.length;
    const bEnd = this.padSpace ? paddedLength(b) : b.length;
    const length = aEnd < bEnd ? aEnd : bEnd;
    for (let at = 0; at < length; at++) {
      const x = a.charCodeAt(at);
      const y = b.charCodeAt(at);
      if (x === y) continue;
      if (x > 127 || y > 127) return this.compareWeights(a, b, at);
      const xWeight = ascii[x]!;
      const yWeight = ascii[y]!;
      if (xWeight === yWeight) continue;
      if (xWeight === 0 || yWeight === 0 || (this.padSpace && (x === 32 || y === 32)))
        return this.compareWeights(a, b, at);
      return xWeight < yWeight ? -1 : 1;
    }
    if (aEnd === bEnd) return 0;
    const next = (aEnd > length ? a : b).charCodeAt(length);
    if (next > 127 || ascii[next] === 0 || (this.padSpace && next === 32)) return this.compareWeights(a, b, length);
    return aEnd > length ? 1 : -1;
  }

  equals(a: string, b: string): boolean {
    return a === b || this.compare(a, b) === 0;
  }

  sortKey(text: string): Uint8Array {
    const { ascii } = this.edition;
    const end = this.padSpace ? paddedLength(text) : text.length;
    const bytes = new Uint8Array(end * 2);
    for (let at = 0; at < end; at++) {
      const code = text.charCodeAt(at);
      const weight = code < 128 ? ascii[code]! : 0;
      if (weight === 0) return weightBytes(this.weightsFrom(text, 0));
      bytes[at * 2] = weight >> 8;
      bytes[at * 2 + 1] = weight & 255;
    }
    return bytes;
  }

  // hot: bench/micro/expressions.ts
  hashKey(text: string): string {
    const { ascii } = this.edition;
    let upperCase = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127 || ascii[code] === 0) return this.edition.spell(this.weightsFrom(text, 0));
      if (code >= 65 && code <= 90) upperCase = true;
    }
    const trimmed = this.padSpace ? trimPad(text) : text;
    return upperCase ? trimmed.toLowerCase() : trimmed;
  }

  characterKey(codePoint: number): number {
    const { ascii } = this.edition;
    if (codePoint < 128 && ascii[codePoint] !== 0) return ascii[codePoint]!;
    return this.edition.characterKey(codePoint);
  }

  protected weightsFrom(text: string, from: number): number[] {
    const weights = this.edition.weightsFrom(text, from);
    if (this.padSpace) while (weights[weights.length - 1] === this.edition.padWeight) weights.pop();
    return weights;
  }

  private compareWeights(a: string, b: string, from: number): number {
    // A difference in the second half of a surrogate pair belongs to the whole character.
    const start = from > 0 && isHighSurrogate(a.charCodeAt(from - 1)) ? from - 1 : from;
    return compareLists(this.weightsFrom(a, start), this.weightsFrom(b, start));
  }
}

/** 9.0.0 with accents, and with case when `levelCount` is 3. */
export class UcaLevelsCollation extends UcaCollation {
  override readonly ignoresCase: boolean;
  private readonly levelCount: 2 | 3;
  private readonly characterKeys = new Map<string, number>();

  constructor(name: string, id: number, charset: string, levelCount: 2 | 3) {
    super(name, id, charset, UCA_0900);
    this.levelCount = levelCount;
    this.ignoresCase = levelCount < 3;
  }

  override compare(a: string, b: string): number {
    if (a === b) return 0;
    const order = super.compare(a, b);
    if (order !== 0) return order;
    const x = this.levels(a);
    const y = this.levels(b);
    const accents = compareLists(x.secondary, y.secondary);
    return accents !== 0 || this.levelCount < 3 ? accents : compareLists(x.tertiary, y.tertiary);
  }

  override sortKey(text: string): Uint8Array {
    const { secondary, tertiary } = this.levels(text);
    const weights = this.weightsFrom(text, 0);
    return weightBytes(weights.concat(0, secondary, this.levelCount === 3 ? [0, ...tertiary] : []));
  }

  /** The primary weights; the other levels behind them where they are not those of plain small letters. */
  override hashKey(text: string): string {
    const weights = this.weightsFrom(text, 0);
    const { secondary, tertiary } = this.levels(text);
    let key = this.edition.spell(weights);
    if (!isPlain(secondary, PLAIN_SECONDARY, weights.length)) key += '\u0001' + characters(secondary);
    if (this.levelCount === 3 && !isPlain(tertiary, PLAIN_TERTIARY, weights.length))
      key += '\u0002' + characters(tertiary);
    return key;
  }

  override characterKey(codePoint: number): number {
    return numbered(this.characterKeys, this.hashKey(String.fromCodePoint(codePoint)));
  }

  private levels(text: string): Levels {
    const { levelsOf } = loadLevels();
    const secondary: number[] = [];
    const tertiary: number[] = [];
    for (let at = 0; at < text.length; at++) {
      const codePoint = text.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
      levelsOf(codePoint, secondary, tertiary);
    }
    return { secondary, tertiary };
  }
}

const PLAIN_SECONDARY = 0x20;
const PLAIN_TERTIARY = 0x02;

function isPlain(weights: readonly number[], plain: number, count: number): boolean {
  return weights.length === count && weights.every((weight) => weight === plain);
}

function characters(codes: readonly number[]): string {
  let text = '';
  for (const code of codes) text += String.fromCharCode(code);
  return text;
}

function compareLists(x: readonly number[], y: readonly number[]): number {
  const length = x.length < y.length ? x.length : y.length;
  for (let at = 0; at < length; at++) if (x[at] !== y[at]) return x[at]! < y[at]! ? -1 : 1;
  return x.length < y.length ? -1 : x.length > y.length ? 1 : 0;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function weightBytes(weights: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(weights.length * 2);
  for (let at = 0; at < weights.length; at++) {
    bytes[at * 2] = weights[at]! >> 8;
    bytes[at * 2 + 1] = weights[at]! & 255;
  }
  return bytes;
}

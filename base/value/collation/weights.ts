/**
 * Collations of character sets with a table of their own: `latin1_…` and `gbk_…`. A character weighs one byte or two, found by its
 * byte or bytes in that set; text weighs what its characters do, one after the other, trailing spaces left out (PAD SPACE).
 *
 * A text may hold characters that the set does not have: a literal beside a column. They weigh more than all others, each its own,
 * behind 0xff; where 0xff itself is a weight it is followed by 0, so that no two texts share a key by chance.
 */
import { gbkCode, latin1Byte } from '../charset.ts';
import { paddedLength, VarintReader, type Collation } from './collation.ts';
import { GBK_CHINESE_CI_DATA } from './gbk-data.ts';
import { LATIN1_WEIGHTS } from './latin1-data.ts';

/** The weight of one character as a string of bytes, and `undefined` for one that the set does not have. */
type WeightOf = (codePoint: number) => string | undefined;

export class WeightCollation implements Collation {
  readonly name: string;
  readonly id: number;
  readonly charset: string;
  readonly padSpace = true;
  readonly ignoresCase: boolean;
  private readonly weightOf: WeightOf;
  private readonly known = new Map<number, string>();

  constructor(
    named: { readonly name: string; readonly id: number; readonly charset: string; readonly ignoresCase: boolean },
    weightOf: WeightOf,
  ) {
    this.name = named.name;
    this.id = named.id;
    this.charset = named.charset;
    this.ignoresCase = named.ignoresCase;
    this.weightOf = weightOf;
  }

  compare(a: string, b: string): number {
    if (a === b) return 0;
    const x = this.hashKey(a);
    const y = this.hashKey(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }

  equals(a: string, b: string): boolean {
    return a === b || this.compare(a, b) === 0;
  }

  sortKey(text: string): Uint8Array {
    return Buffer.from(this.hashKey(text), 'latin1');
  }

  hashKey(text: string): string {
    const end = paddedLength(text);
    let key = '';
    for (let at = 0; at < end; at++) {
      const codePoint = text.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
      key += this.weight(codePoint);
    }
    return key;
  }

  characterKey(codePoint: number): number {
    const weight = this.weight(codePoint);
    let key = 0;
    for (let at = 0; at < weight.length; at++) key = key * 256 + weight.charCodeAt(at);
    return key;
  }

  /** At most the characters of Unicode are remembered; in practice those that a server meets. */
  private weight(codePoint: number): string {
    let weight = this.known.get(codePoint);
    if (weight === undefined) {
      const found = this.weightOf(codePoint);
      weight =
        found === undefined
          ? String.fromCharCode(0xff, 1, codePoint >> 16, (codePoint >> 8) & 255, codePoint & 255)
          : found === '\u00ff'
            ? '\u00ff\u0000'
            : found;
      this.known.set(codePoint, weight);
    }
    return weight;
  }
}

/** `latin1_bin`, and the tables of the others: 256 weights in hexadecimal, separated where some have two bytes. */
export function latin1Collation(name: string, id: number): WeightCollation {
  const table = LATIN1_WEIGHTS[name]?.split(' ').map((weight) => Buffer.from(weight, 'hex').toString('latin1'));
  return new WeightCollation({ name, id, charset: 'latin1', ignoresCase: name.endsWith('_ci') }, (codePoint) => {
    const byte = latin1Byte(codePoint);
    return byte < 0 ? undefined : table === undefined ? String.fromCharCode(byte) : table[byte];
  });
}

let chineseWeights: Uint16Array | undefined;

function loadChinese(): Uint16Array {
  const weights = new Uint16Array(0x10000);
  const reader = new VarintReader(GBK_CHINESE_CI_DATA);
  let before = 0;
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      before += reader.signed();
      weights[lead * 256 + trail] = before;
    }
  }
  chineseWeights = weights;
  return weights;
}

const bytesOf = (code: number): string =>
  code < 256 ? String.fromCharCode(code) : String.fromCharCode(code >> 8, code & 255);

/** As MySQL has always had it: capitals for small letters, and a few signs in an order of their own. */
const GBK_ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code).toUpperCase());
GBK_ASCII.splice(0x5b, 3, '\\', ']', '[');
GBK_ASCII[0x7e] = 'Y';

export function gbkCollation(name: 'gbk_chinese_ci' | 'gbk_bin', id: number): WeightCollation {
  const chinese = name === 'gbk_chinese_ci';
  return new WeightCollation({ name, id, charset: 'gbk', ignoresCase: chinese }, (codePoint) => {
    const code = codePoint > 0xffff ? -1 : gbkCode(codePoint);
    if (code < 0) return undefined;
    if (!chinese) return bytesOf(code);
    if (code < 128) return GBK_ASCII[code]!;
    return bytesOf((chineseWeights ?? loadChinese())[code]!);
  });
}

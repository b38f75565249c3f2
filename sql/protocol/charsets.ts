/**
 * Character-set ids of the wire. A client names one in its handshake (1..323 in MySQL 8.0) and reads one in every column
 * definition. The id of a client says how to read its bytes, which bytes it gets, and which collation its literals have.
 */
import { charsetNameOf, findCharset, isUtf8Charset, type Charset, type CharsetName } from '../../base/value/charset.ts';
import { COLLATIONS, collationNamed, collationOfId } from '../../base/value/collation/index.ts';

export interface CharsetChoice {
  readonly charset: CharsetName;
  readonly collation: string;
}

const DEFAULT_CHOICE: CharsetChoice = { charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };

/** Collations that are not here, of character sets that are: their default collation takes the place. */
const UTF8MB3_IDS: readonly (readonly [number, number])[] = [[76, 76], [192, 215], [223, 223]]; // prettier-ignore
/** Character sets whose bytes are no superset of ASCII: no client can speak them, as in MySQL. */
const WIDE_IDS: readonly (readonly [number, number])[] = [[35, 35], [54, 56], [60, 62], [90, 90], [101, 124], [128, 151], [159, 183]]; // prettier-ignore

/** `undefined`: outside 1..323, or a set whose bytes cannot be read as a superset of ASCII (UCS-2, UTF-16, UTF-32). */
export function charsetOfId(id: number): CharsetChoice | undefined {
  if (id < 1 || id > 323 || inRanges(WIDE_IDS, id)) return undefined;
  const found = collationOfId(id);
  if (found !== undefined) return { charset: found.charset as CharsetName, collation: found.name };
  if (inRanges(UTF8MB3_IDS, id)) return { charset: 'utf8mb3', collation: 'utf8mb3_general_ci' };
  return DEFAULT_CHOICE;
}

export function idOfCollation(collation: string): number {
  return collationNamed(collation)?.id ?? 255;
}

/** The set whose bytes a client reads and sends where they are not UTF-8. One of utf8mb3 gets what is beyond it as UTF-8, too. */
export function conversionTo(charset: string): Charset | undefined {
  return charset === 'ascii' || !isUtf8Charset(charset) ? findCharset(charset) : undefined;
}

const conversions = new Map(COLLATIONS.map(({ name }) => [name, conversionTo(charsetNameOf(name))]));

/** The same for the character set of a collation. */
export function conversionOf(collation: string | undefined): Charset | undefined {
  return collation === undefined ? undefined : conversions.get(collation);
}

function inRanges(ranges: readonly (readonly [number, number])[], id: number): boolean {
  return ranges.some(([first, last]) => id >= first && id <= last);
}

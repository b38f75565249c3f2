/**
 * Character-set ids of the wire. A client names one in its handshake (1..323 in MySQL 8.0) and reads one in every column
 * definition. Rutile keeps text as UTF-8; the id of a client only says how to read its bytes and which collation its
 * literals get.
 */

export type ClientCharset = 'utf8mb4' | 'utf8mb3' | 'latin1' | 'ascii' | 'binary';

export interface CharsetChoice {
  readonly charset: ClientCharset;
  readonly collation: string;
}

const BINARY_ID = 63;

/** Collations that columns may have, with their ids. */
const COLLATION_IDS: Readonly<Record<string, number>> = {
  binary: BINARY_ID,
  ascii_general_ci: 11,
  ascii_bin: 65,
  latin1_swedish_ci: 8,
  latin1_bin: 47,
  latin1_general_ci: 48,
  latin1_general_cs: 49,
  utf8mb3_general_ci: 33,
  utf8_general_ci: 33,
  utf8mb3_bin: 83,
  utf8_bin: 83,
  utf8mb3_unicode_ci: 192,
  utf8_unicode_ci: 192,
  utf8mb4_general_ci: 45,
  utf8mb4_bin: 46,
  utf8mb4_unicode_ci: 224,
  utf8mb4_unicode_520_ci: 246,
  utf8mb4_0900_ai_ci: 255,
  utf8mb4_0900_as_cs: 278,
  utf8mb4_0900_as_ci: 305,
  utf8mb4_0900_bin: 309,
};

const DEFAULT_CHOICE: CharsetChoice = { charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };

/** Ids whose text is one byte a character in the Latin-1 family; old tools send 8. */
const LATIN1_IDS: ReadonlySet<number> = new Set([5, 8, 15, 31, 47, 48, 49, 94]);
const ASCII_IDS: ReadonlySet<number> = new Set([11, 65]);
const UTF8MB3_IDS: readonly (readonly [number, number])[] = [[33, 33], [76, 76], [83, 83], [192, 215], [223, 223]]; // prettier-ignore
/** Character sets that are neither ASCII supersets nor known here: their bytes would be misread, so they are refused. */
const WIDE_IDS: readonly (readonly [number, number])[] = [[35, 35], [54, 56], [60, 62], [90, 90], [101, 124], [128, 151], [159, 183]]; // prettier-ignore

/** `undefined`: outside 1..323, or a set whose bytes cannot be read as a superset of ASCII (UCS-2, UTF-16, UTF-32). */
export function charsetOfId(id: number): CharsetChoice | undefined {
  if (id === BINARY_ID) return { charset: 'binary', collation: 'binary' };
  for (const [name, known] of KNOWN_IDS)
    if (known === id) return { charset: charsetOfCollation(name), collation: name };
  if (id < 1 || id > 323 || inRanges(WIDE_IDS, id)) return undefined;
  if (LATIN1_IDS.has(id)) return { charset: 'latin1', collation: 'latin1_swedish_ci' };
  if (ASCII_IDS.has(id)) return { charset: 'ascii', collation: 'ascii_general_ci' };
  if (inRanges(UTF8MB3_IDS, id)) return { charset: 'utf8mb3', collation: 'utf8mb3_general_ci' };
  return DEFAULT_CHOICE;
}

export function charsetOfCollation(collation: string): ClientCharset {
  if (collation === 'binary') return 'binary';
  if (collation.startsWith('latin1')) return 'latin1';
  if (collation.startsWith('ascii')) return 'ascii';
  if (collation.startsWith('utf8mb3') || collation.startsWith('utf8_')) return 'utf8mb3';
  return 'utf8mb4';
}

export function idOfCollation(collation: string): number {
  return COLLATION_IDS[collation] ?? 255;
}

/** Bytes a character may need: column lengths in metadata count bytes. */
export function bytesPerCharacter(charset: string): number {
  switch (charset) {
    case 'utf8mb4':
      return 4;
    case 'utf8mb3':
      return 3;
    default:
      return 1;
  }
}

const KNOWN_IDS = Object.entries(COLLATION_IDS).filter(([name]) => !name.startsWith('utf8_'));

function inRanges(ranges: readonly (readonly [number, number])[], id: number): boolean {
  return ranges.some(([first, last]) => id >= first && id <= last);
}

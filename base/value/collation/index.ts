/**
 * Collations by name and number. The algorithms are few: the Unicode Collation Algorithm in three editions, general_ci, tables by
 * byte (latin1, gbk), code points with and without padding, and bytes. Collations of utf8mb3, ucs2, utf16 and utf32 share the algorithm of
 * their utf8mb4 namesake, since text is Unicode inside whatever a column calls itself.
 *
 * `collationNamed` throws nothing: an unknown name is `undefined`, and the SQL floor says error 1273.
 */
import { findCharset } from '../charset.ts';
import { BinaryCollation } from './binary.ts';
import type { Collation } from './collation.ts';
import { GeneralCollation } from './general-ci.ts';
import { UCA_0400, UCA_0520, UCA_0900 } from './uca-edition.ts';
import { UcaCollation, UcaLevelsCollation } from './uca.ts';
import { gbkCollation, latin1Collation } from './weights.ts';

export type { Collation } from './collation.ts';
export { compileLike, likePrefix, type LikeMatcher } from './like.ts';

/** General, binary, 4.0.0 and 5.2.0 of one Unicode character set, with MySQL's numbers; some sets have only the first two. */
function unicodeFamily(charset: string, ids: readonly [number, number, number?, number?]): readonly Collation[] {
  const [general, binary, unicode, unicode520] = ids;
  const family: Collation[] = [
    new GeneralCollation(`${charset}_general_ci`, general, charset),
    new BinaryCollation(`${charset}_bin`, binary, charset, true),
  ];
  if (unicode !== undefined) family.push(new UcaCollation(`${charset}_unicode_ci`, unicode, charset, UCA_0400));
  if (unicode520 !== undefined)
    family.push(new UcaCollation(`${charset}_unicode_520_ci`, unicode520, charset, UCA_0520));
  return family;
}

export const COLLATIONS: readonly Collation[] = [
  new GeneralCollation('ascii_general_ci', 11, 'ascii'),
  new BinaryCollation('ascii_bin', 65, 'ascii', true),
  new BinaryCollation('binary', 63, 'binary', false),
  gbkCollation('gbk_chinese_ci', 28),
  gbkCollation('gbk_bin', 87),
  latin1Collation('latin1_german1_ci', 5),
  latin1Collation('latin1_swedish_ci', 8),
  latin1Collation('latin1_danish_ci', 15),
  latin1Collation('latin1_german2_ci', 31),
  latin1Collation('latin1_bin', 47),
  latin1Collation('latin1_general_ci', 48),
  latin1Collation('latin1_general_cs', 49),
  latin1Collation('latin1_spanish_ci', 94),
  ...unicodeFamily('ucs2', [35, 90, 128, 150]),
  ...unicodeFamily('utf16', [54, 55, 101, 123]),
  ...unicodeFamily('utf16le', [56, 62]),
  ...unicodeFamily('utf32', [60, 61, 160, 182]),
  ...unicodeFamily('utf8mb3', [33, 83, 192, 214]),
  new UcaCollation('utf8mb4_0900_ai_ci', 255, 'utf8mb4', UCA_0900),
  new UcaLevelsCollation('utf8mb4_0900_as_ci', 305, 'utf8mb4', 2),
  new UcaLevelsCollation('utf8mb4_0900_as_cs', 278, 'utf8mb4', 3),
  new BinaryCollation('utf8mb4_0900_bin', 309, 'utf8mb4', false),
  ...unicodeFamily('utf8mb4', [45, 46, 224, 246]),
];

const byName = new Map<string, Collation>(COLLATIONS.map((collation) => [collation.name, collation]));
const byId = new Map<number, Collation>(COLLATIONS.map((collation) => [collation.id, collation]));

/** Names are looked up in any case; `utf8_…` is `utf8mb3_…`. */
export function collationNamed(name: string): Collation | undefined {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  return byName.get(lower.startsWith('utf8_') ? `utf8mb3_${lower.slice('utf8_'.length)}` : lower);
}

/** By the number that clients and column definitions carry. */
export function collationOfId(id: number): Collation | undefined {
  return byId.get(id);
}

export const BINARY_COLLATION = byName.get('binary')!;

/** The collation a character set has when none is named. */
export function defaultCollation(charset: string): string | undefined {
  return findCharset(charset)?.defaultCollation;
}

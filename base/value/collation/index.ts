/**
 * Collations by name and number. Five algorithms serve all names: UCA 9.0.0 primary weights, general_ci, code points with
 * and without padding, and bytes. The names of the old character sets (utf8mb3, ascii) share the algorithm of their utf8mb4
 * namesake, since text is Unicode inside whatever a column calls itself.
 *
 * `collationNamed` throws nothing: an unknown name is `undefined`, and the SQL floor says error 1273.
 */
import { BinaryCollation } from './binary.ts';
import type { Collation } from './collation.ts';
import { GeneralCollation } from './general-ci.ts';
import { Uca0900Collation } from './uca-0900.ts';

export type { Collation } from './collation.ts';
export { compileLike, likePrefix, type LikeMatcher } from './like.ts';

export const COLLATIONS: readonly Collation[] = [
  new Uca0900Collation('utf8mb4_0900_ai_ci', 255, 'utf8mb4'),
  new GeneralCollation('utf8mb4_general_ci', 45, 'utf8mb4'),
  new BinaryCollation('utf8mb4_bin', 46, 'utf8mb4', true),
  new BinaryCollation('utf8mb4_0900_bin', 309, 'utf8mb4', false),
  new BinaryCollation('binary', 63, 'binary', false),
  new GeneralCollation('utf8mb3_general_ci', 33, 'utf8mb3'),
  new BinaryCollation('utf8mb3_bin', 83, 'utf8mb3', true),
  new GeneralCollation('ascii_general_ci', 11, 'ascii'),
  new BinaryCollation('ascii_bin', 65, 'ascii', true),
  new BinaryCollation('latin1_bin', 47, 'latin1', true),
];

const byName = new Map<string, Collation>(COLLATIONS.map((collation) => [collation.name, collation]));
const ALIASES = new Map([
  ['utf8_general_ci', 'utf8mb3_general_ci'],
  ['utf8_bin', 'utf8mb3_bin'],
]);

/** Names are looked up in any case; `utf8_…` is `utf8mb3_…`. */
export function collationNamed(name: string): Collation | undefined {
  const found = byName.get(name);
  if (found !== undefined) return found;
  const lower = name.toLowerCase();
  return byName.get(ALIASES.get(lower) ?? lower);
}

export const BINARY_COLLATION = byName.get('binary')!;

/** The collation a character set has when none is named. */
export function defaultCollation(charset: string): string | undefined {
  switch (charset.toLowerCase()) {
    case 'utf8mb4':
      return 'utf8mb4_0900_ai_ci';
    case 'utf8':
    case 'utf8mb3':
      return 'utf8mb3_general_ci';
    case 'ascii':
      return 'ascii_general_ci';
    case 'latin1':
      return 'latin1_bin';
    case 'binary':
      return 'binary';
    default:
      return undefined;
  }
}

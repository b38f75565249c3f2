/**
 * Character sets a session may name, with the collation that MySQL 8.0 takes for each, and what literals are really compared by when a client names
 * a collation that columns cannot have: drivers ask for one in their first packet.
 */
import { collationNamed } from '../../base/value/collation/index.ts';

export const COLLATION_OF_CHARSET: Readonly<Record<string, string>> = {
  utf8mb4: 'utf8mb4_0900_ai_ci',
  utf8mb3: 'utf8mb3_general_ci',
  latin1: 'latin1_swedish_ci',
  ascii: 'ascii_general_ci',
  binary: 'binary',
};

export function charsetOfCollationName(collation: string): string {
  if (collation === 'binary') return 'binary';
  const charset = collation.slice(0, collation.indexOf('_'));
  return charset === 'utf8' ? 'utf8mb3' : charset;
}

const NEAREST: Readonly<Record<string, string>> = {
  utf8mb4_unicode_ci: 'utf8mb4_0900_ai_ci',
  utf8mb4_unicode_520_ci: 'utf8mb4_0900_ai_ci',
  utf8mb3_unicode_ci: 'utf8mb4_0900_ai_ci',
  utf8_unicode_ci: 'utf8mb4_0900_ai_ci',
  utf8mb4_0900_as_ci: 'utf8mb4_0900_ai_ci',
  utf8mb4_0900_as_cs: 'utf8mb4_0900_bin',
  latin1_swedish_ci: 'utf8mb4_general_ci',
  latin1_general_ci: 'utf8mb4_general_ci',
  latin1_general_cs: 'utf8mb4_bin',
};

/** The collation that compares in the place of `name`; `undefined` when nothing is near. */
export function actingCollation(name: string): string | undefined {
  return collationNamed(name)?.name ?? NEAREST[name.toLowerCase()];
}

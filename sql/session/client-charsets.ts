/** Character sets a session may name, with the collation that MySQL 8.0 takes for each. */

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

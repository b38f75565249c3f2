/**
 * `sql_mode`: from the list of names that a client sets to the flags that the parser, the functions and the executor test. Names without
 * an effect here are accepted, since every dump sets some; an unknown name is error 1231, as in MySQL.
 */
import { SqlError } from '../../base/error.ts';
import type { SqlMode } from '../functions/context.ts';

export const SQL_MODE_DEFAULT =
  'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/** In the order of MySQL's bits, which is the order they are printed in. */
const NAMES: readonly string[] = [
  'REAL_AS_FLOAT', 'PIPES_AS_CONCAT', 'ANSI_QUOTES', 'IGNORE_SPACE', 'NOT_USED', 'ONLY_FULL_GROUP_BY', 'NO_UNSIGNED_SUBTRACTION', 'NO_DIR_IN_CREATE',
  'ANSI', 'NO_AUTO_VALUE_ON_ZERO', 'NO_BACKSLASH_ESCAPES', 'STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'NO_ZERO_IN_DATE', 'NO_ZERO_DATE',
  'ALLOW_INVALID_DATES', 'ERROR_FOR_DIVISION_BY_ZERO', 'TRADITIONAL', 'HIGH_NOT_PRECEDENCE', 'NO_ENGINE_SUBSTITUTION', 'PAD_CHAR_TO_FULL_LENGTH',
  'TIME_TRUNCATE_FRACTIONAL',
]; // prettier-ignore

/** Modes of MySQL 5.7 that are gone: old dumps still set them, and they change nothing. */
const RETIRED: ReadonlySet<string> = new Set([
  'NO_AUTO_CREATE_USER', 'NO_FIELD_OPTIONS', 'NO_KEY_OPTIONS', 'NO_TABLE_OPTIONS', 'MYSQL323', 'MYSQL40', 'DB2', 'MAXDB', 'MSSQL', 'ORACLE', 'POSTGRESQL',
]); // prettier-ignore

const COMBINATIONS: Readonly<Record<string, readonly string[]>> = {
  ANSI: ['REAL_AS_FLOAT', 'PIPES_AS_CONCAT', 'ANSI_QUOTES', 'IGNORE_SPACE', 'ONLY_FULL_GROUP_BY', 'ANSI'],
  TRADITIONAL: [
    'STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'ERROR_FOR_DIVISION_BY_ZERO', 'TRADITIONAL', 'NO_ENGINE_SUBSTITUTION',
  ], // prettier-ignore
};

/** The canonical text of a mode: upper case, combinations spelled out, in MySQL's order. */
export function normalizeSqlMode(value: string | number | bigint): string {
  const chosen = new Set<string>();
  if (typeof value !== 'string') {
    let bits = BigInt(value);
    for (const name of NAMES) {
      if (bits & 1n) for (const one of COMBINATIONS[name] ?? [name]) chosen.add(one);
      bits >>= 1n;
    }
  } else {
    for (const word of value.split(',')) {
      const name = word.trim().toUpperCase();
      if (name === '' || RETIRED.has(name)) continue;
      if (!NAMES.includes(name))
        throw new SqlError(1231, '42000', `Variable 'sql_mode' can't be set to the value of '${word.trim()}'`);
      for (const one of COMBINATIONS[name] ?? [name]) chosen.add(one);
    }
  }
  return NAMES.filter((name) => chosen.has(name)).join(',');
}

export function sqlModeFlags(mode: string): SqlMode {
  const set = new Set(mode.split(','));
  const strict = set.has('STRICT_TRANS_TABLES') || set.has('STRICT_ALL_TABLES');
  return {
    strict,
    noZeroDate: set.has('NO_ZERO_DATE'),
    noZeroInDate: set.has('NO_ZERO_IN_DATE'),
    errorForDivisionByZero: set.has('ERROR_FOR_DIVISION_BY_ZERO'),
    ansiQuotes: set.has('ANSI_QUOTES'),
    pipesAsConcat: set.has('PIPES_AS_CONCAT'),
    noBackslashEscapes: set.has('NO_BACKSLASH_ESCAPES'),
    onlyFullGroupBy: set.has('ONLY_FULL_GROUP_BY'),
    noUnsignedSubtraction: set.has('NO_UNSIGNED_SUBTRACTION'),
    noAutoValueOnZero: set.has('NO_AUTO_VALUE_ON_ZERO'),
    highNotPrecedence: set.has('HIGH_NOT_PRECEDENCE'),
    ignoreSpace: set.has('IGNORE_SPACE'),
    realAsFloat: set.has('REAL_AS_FLOAT'),
    allowInvalidDates: set.has('ALLOW_INVALID_DATES'),
    padCharToFullLength: set.has('PAD_CHAR_TO_FULL_LENGTH'),
    timeTruncateFractional: set.has('TIME_TRUNCATE_FRACTIONAL'),
  };
}

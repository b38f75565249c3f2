/** Which failures a session answers by trying again, and the refusals that it makes itself. */
import { RutileError, SqlError } from '../../base/error.ts';
import type { ParsedStatement } from '../parser/ast.ts';

export function isRace(error: unknown): boolean {
  return (
    error instanceof RutileError &&
    (error.code === 'kv.write-conflict' ||
      error.code === 'kv.not-serializable' ||
      (error.code === 'kv.busy' && error.retry !== 'no'))
  );
}

export function isSchemaChange(error: unknown): boolean {
  return error instanceof SqlError && error.errno === 8028 && error.retry === 'refresh';
}

export function isLocked(error: unknown): boolean {
  return error instanceof RutileError && error.code === 'kv.locked';
}

export function readOnlyTransaction(): SqlError {
  return new SqlError(1792, '25006', 'Cannot execute statement in a READ ONLY transaction.');
}

export function secondStatement(sql: string, statement: ParsedStatement): SqlError {
  return parseErrorNear(sql, statement.start);
}

export function parseErrorNear(sql: string, at: number): SqlError {
  const line = sql.slice(0, at).split('\n').length;
  return new SqlError(
    1064, '42000',
    `You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '${sql.slice(at, at + 80)}' at line ${line}`,
  ); // prettier-ignore
}

export function isDiagnostic(sql: string): boolean {
  return (
    /^\s*(?:show\s+(?:count\s*\(\s*\*\s*\)\s+)?(?:warnings|errors)|get\s+diagnostics)/i.test(sql) ||
    /^\s*select\s+@@(?:session\.|local\.)?(?:warning|error)_count/i.test(sql)
  );
}

/** Error 1235: what the parser reads and this version does not do is refused by name, never ignored. */
import { SqlError } from '../../base/error.ts';

export function unsupported(what: string): SqlError {
  return new SqlError(1235, '42000', `This version of Rutile doesn't yet support '${what}'`);
}

/** A write whose outcome nobody here can find out: it may be there, or may yet come. */
import { RutileError } from '../../base/error.ts';

export function undeterminedError(cause: Error): RutileError {
  return new RutileError('kv.undetermined', `the write may or may not survive: ${cause.message}`, { cause });
}

/** The system's disk failures in the words of the port: `disk.full`, `disk.not-found`, `disk.io`. */
import { RutileError } from '../error.ts';

export function diskError(thrown: unknown, path: string): RutileError {
  if (thrown instanceof RutileError) return thrown;
  const cause = thrown as NodeJS.ErrnoException;
  const options = { cause, fields: { path, errno: cause.code } };
  switch (cause.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new RutileError('disk.full', `No space left for ${path}`, options);
    case 'ENOENT':
      return new RutileError('disk.not-found', `${path} does not exist`, options);
    default:
      return new RutileError('disk.io', `${path}: ${cause.message}`, options);
  }
}

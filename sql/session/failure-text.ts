/** The text of a failure for a row of results; bugs are named as such. */
import { RutileError } from '../../base/error.ts';

export function toMessage(error: unknown): string {
  if (error instanceof RutileError) return error.message;
  return `Internal error: ${error instanceof Error ? error.message : String(error)}`;
}

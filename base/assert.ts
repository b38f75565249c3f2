/**
 * Assertions: always on, in production too. A failed one is a bug in Rutile, never bad input: it stops the statement,
 * and in replicated apply the process. Messages are constant text so that nothing is formatted while all is well.
 */

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Closes a switch over a union: the compiler proves that no case is missing, the throw proves it at run time. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}

let verifying = false;

/** Costly checks (scans, sorted checks) run in tests and simulation only. */
export function verify(check: () => void): void {
  if (verifying) check();
}

export function enableVerify(): void {
  verifying = true;
}

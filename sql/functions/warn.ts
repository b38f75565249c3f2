/** Complaints that are warnings in a query and errors in a statement that writes under strict mode. */
import { SqlError } from '../../base/error.ts';
import type { EvalContext } from './context.ts';

/** Value texts in messages are cut, as MySQL does (its buffer has 128 bytes). */
export function shorten(text: string): string {
  return text.length > 128 ? text.slice(0, 128) : text;
}

/** `Truncated incorrect DOUBLE value: 'x'`. */
export function warnTruncated(context: EvalContext, what: string, text: string): void {
  complain(context, 1292, '22007', `Truncated incorrect ${what} value: '${shorten(text)}'`);
}

/** `Incorrect datetime value: 'x'`. */
export function warnIncorrect(context: EvalContext, what: string, text: string): void {
  complain(context, 1292, '22007', `Incorrect ${what} value: '${shorten(text)}'`);
}

export function complain(context: EvalContext, errno: number, state: string, message: string): void {
  if (context.strictWrite) throw new SqlError(errno, state, message);
  context.warn('Warning', errno, message);
}

/** A zero divisor: nothing, a warning or, in a strict write, an error, by ERROR_FOR_DIVISION_BY_ZERO. */
export function warnDivision(context: EvalContext): void {
  if (!context.sqlMode.errorForDivisionByZero) return;
  if (context.strictWrite) throw new SqlError(1365, '22012', 'Division by 0');
  context.warn('Warning', 1365, 'Division by 0');
}

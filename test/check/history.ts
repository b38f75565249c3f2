/**
 * What clients saw, in the order in which they saw it: every operation is an invocation and, some events later, a completion.
 * The order of events is the only time there is; a checker compares positions, never clocks. An operation whose answer was
 * lost stays `unknown`: it may have happened at any moment after its invocation, or never.
 *
 *     position   0        1        2         3
 *     p1         write x 1 ─────── ok
 *     p2                  read x ─────────── ok 1
 *
 * `toJsonLines` writes the history in the form that checkers of other projects read: one event a line, with the fields index,
 * type (invoke, ok, fail, info), process, f, key and value. Scenarios of test/sim and tests with real processes record here.
 */
import { assert } from '../../base/assert.ts';

export type OperationStatus = 'pending' | 'ok' | 'failed' | 'unknown';

export interface Operation<Input, Output> {
  readonly process: number;
  readonly input: Input;
  /** Position of the invocation among all events. */
  readonly invoked: number;
  /** Position of the completion; infinite while pending, and for ever when the fate is unknown. */
  completed: number;
  status: OperationStatus;
  output: Output | undefined;
}

interface Event {
  readonly operation: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
}

export class History<Input, Output> {
  readonly operations: Operation<Input, Output>[] = [];
  private readonly events: Event[] = [];

  /** Returns the operation's number, to be handed to one of the three that end it. */
  invoke(process: number, input: Input): number {
    const operation = this.operations.length;
    this.operations.push({
      process,
      input,
      invoked: this.events.length,
      completed: Infinity,
      status: 'pending',
      output: undefined,
    });
    this.events.push({ operation, type: 'invoke' });
    return operation;
  }

  /** It happened, with this answer. */
  ok(operation: number, output: Output): void {
    const found = this.end(operation, 'ok', 'ok');
    found.completed = this.events.length - 1;
    found.output = output;
  }

  /** It certainly did not happen, and never will. */
  fail(operation: number): void {
    this.end(operation, 'failed', 'fail').completed = this.events.length - 1;
  }

  /** No answer came: it may still happen. */
  unknown(operation: number): void {
    this.end(operation, 'unknown', 'info');
  }

  /** One event a line. `describe` gives the fields `f`, `key` and `value` of an event. */
  toJsonLines(
    describe: (
      input: Input,
      output: Output | undefined,
    ) => { readonly f: string; readonly key?: string; readonly value: unknown },
  ): string {
    const lines = this.events.map(({ operation, type }, index) => {
      const { process, input, output } = this.operations[operation]!;
      return JSON.stringify({ index, type, process, ...describe(input, type === 'ok' ? output : undefined) });
    });
    return lines.map((line) => `${line}\n`).join('');
  }

  private end(
    operation: number,
    status: 'ok' | 'failed' | 'unknown',
    type: 'ok' | 'fail' | 'info',
  ): Operation<Input, Output> {
    const found = this.operations[operation];
    assert(found !== undefined && found.status === 'pending', 'an operation ends once');
    found.status = status;
    this.events.push({ operation, type });
    return found;
  }
}

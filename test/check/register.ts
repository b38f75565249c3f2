/**
 * Registers: named values that are written, read, and compared and set. `checkRegisters` holds a history of many registers
 * against the promise that each behaves like one copy in one place. Written values must be unique within a register, as
 * workloads make them: a read then names the write that it saw.
 */
import type { History, Operation } from './history.ts';
import { checkLinearizable, type Model, type Verdict } from './linearizable.ts';

export type RegisterInput =
  | { readonly kind: 'read'; readonly key: string }
  | { readonly kind: 'write'; readonly key: string; readonly value: number }
  | { readonly kind: 'cas'; readonly key: string; readonly expected: number | undefined; readonly value: number };

/** Of a read the value, undefined for none; of a compare-and-set whether it took place; of a write nothing. */
export type RegisterOutput = { readonly value?: number | undefined; readonly swapped?: boolean };

export type RegisterHistory = History<RegisterInput, RegisterOutput>;
type RegisterOperation = Operation<RegisterInput, RegisterOutput>;

const REGISTER: Model<number | undefined, RegisterInput, RegisterOutput> = {
  initial: undefined,
  step(state, input, output) {
    switch (input.kind) {
      case 'read':
        return output === undefined || output.value === state ? { state } : undefined;
      case 'write':
        return { state: input.value };
      case 'cas': {
        const swaps = state === input.expected;
        if (output !== undefined && output.swapped !== swaps) return undefined;
        return { state: swaps ? input.value : state };
      }
    }
  },
  identify: (state) => state ?? 'none',
  describe(input, output) {
    switch (input.kind) {
      case 'read':
        return `read ${input.key}${output === undefined ? '' : ` = ${output.value ?? 'none'}`}`;
      case 'write':
        return `write ${input.key} ${input.value}`;
      case 'cas':
        return `cas ${input.key} ${input.expected ?? 'none'} to ${input.value}${output === undefined ? '' : `: ${output.swapped}`}`;
    }
  },
};

export function checkRegisters(history: RegisterHistory, stepsMax?: number): Verdict {
  const byKey = new Map<string, RegisterOperation[]>();
  for (const operation of history.operations) {
    const { key } = operation.input;
    const list = byKey.get(key);
    if (list === undefined) byKey.set(key, [operation]);
    else list.push(operation);
  }
  let undecided = false;
  for (const [key, operations] of byKey) {
    const verdict = checkLinearizable(withoutIdle(operations), REGISTER, stepsMax);
    if (verdict.kind === 'violation')
      return { kind: 'violation', explanation: `register ${key}: ${verdict.explanation}` };
    if (verdict.kind === 'undecided') undecided = true;
  }
  return undecided ? { kind: 'undecided' } : { kind: 'linearizable' };
}

/**
 * Leaves out what cannot matter: a read without an answer, and a write of unknown fate whose value nobody ever saw or compared
 * with. Each of those would double the search for nothing.
 */
function withoutIdle(operations: readonly RegisterOperation[]): readonly RegisterOperation[] {
  const seen = new Set<number | undefined>();
  let refusals = false;
  for (const { input, output } of operations) {
    if (input.kind === 'read') seen.add(output?.value);
    if (input.kind === 'cas') seen.add(input.expected);
    // A refused exchange may owe its refusal to a value that nobody named.
    if (input.kind === 'cas' && output?.swapped !== true) refusals = true;
  }
  return operations.filter(({ status, input }) => {
    if (status === 'ok' || status === 'failed') return true;
    return input.kind !== 'read' && (refusals || seen.has(input.value));
  });
}

/** The history as JSON lines, for checkers of other projects. */
export function registersToJsonLines(history: RegisterHistory): string {
  return history.toJsonLines((input, output) => {
    switch (input.kind) {
      case 'read':
        return { f: 'read', key: input.key, value: output?.value ?? null };
      case 'write':
        return { f: 'write', key: input.key, value: input.value };
      case 'cas':
        return {
          f: 'cas',
          key: input.key,
          value: [input.expected ?? null, input.value, output?.swapped ?? null],
        };
    }
  });
}

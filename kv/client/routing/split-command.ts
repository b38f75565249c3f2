/**
 * A transaction command whose keys lie in several regions, cut into one for each region, and their answers made one again.
 *
 * What each kind means when only some parts succeed:
 *
 *     prewrite             locks of the parts that went through stay; the transaction rolls all its keys back, as for any failure
 *     commit, rollback,    idempotent: the caller repeats, or whoever finds a lock finishes
 *     resolve-lock
 *     pessimistic-lock     keys locked before the failure stay locked; the outcome of the part that failed is the answer, and
 *                          the transaction gives back what it did not hold before
 */
import { assert, unreachable } from '../../../base/assert.ts';
import type { Mutation, TxnCommand, TxnOutcome } from '../../../proto/kv/command.ts';

/** One region's share. `at`: places of its keys in the whole command. */
export interface Part {
  readonly command: TxnCommand;
  readonly at: readonly number[];
}

/** The keys that decide where a command goes; `undefined` for one about a whole region. */
export function keysOfCommand(command: TxnCommand): readonly Uint8Array[] | undefined {
  switch (command.kind) {
    case 'prewrite':
      return command.releaseKeys === undefined
        ? command.mutations.map((mutation) => mutation.key)
        : [...command.mutations.map((mutation) => mutation.key), ...command.releaseKeys];
    case 'cleanup':
      return [command.key];
    case 'check-txn-status':
    case 'heartbeat':
      return [command.primary];
    case 'commit':
    case 'rollback':
    case 'pessimistic-lock':
    case 'pessimistic-rollback':
    case 'resolve-lock':
      return command.keys;
    default:
      return unreachable(command);
  }
}

/** The share of the keys at `at`, which one region holds. */
export function partOf(command: TxnCommand, at: readonly number[]): Part {
  switch (command.kind) {
    case 'prewrite': {
      const { mutations, releaseKeys } = command;
      assert(releaseKeys === undefined, 'keys are given back with a one-phase commit only');
      return { at, command: { ...command, mutations: pick<Mutation>(mutations, at), onePhase: false } };
    }
    case 'commit':
    case 'rollback':
    case 'pessimistic-lock':
    case 'pessimistic-rollback':
      return { at, command: { ...command, keys: pick(command.keys, at) } };
    case 'resolve-lock':
      return { at, command: { ...command, keys: pick(command.keys!, at) } };
    case 'cleanup':
    case 'check-txn-status':
    case 'heartbeat':
      return { at, command };
    default:
      return unreachable(command);
  }
}

/** Did a part do what it was asked for? */
export function succeeded(outcome: TxnOutcome): boolean {
  switch (outcome.kind) {
    case 'prewritten':
    case 'committed':
    case 'rolled-back':
    case 'resolved':
    case 'pessimistic-locked':
      return true;
    default:
      return false;
  }
}

/** One answer from those of all parts: the first that failed, else the sum. */
export function joinOutcomes(
  command: TxnCommand,
  parts: readonly { readonly at: readonly number[]; readonly outcome: TxnOutcome }[],
): TxnOutcome {
  for (const { outcome } of parts) if (!succeeded(outcome)) return outcome;
  const first = parts[0]!.outcome;
  if (first.kind === 'prewritten') {
    let minCommitTs = 0n;
    for (const { outcome } of parts)
      if (outcome.kind === 'prewritten' && outcome.minCommitTs > minCommitTs) minCommitTs = outcome.minCommitTs;
    return { kind: 'prewritten', minCommitTs };
  }
  if (first.kind === 'resolved') {
    let count = 0;
    for (const { outcome } of parts) if (outcome.kind === 'resolved') count += outcome.count;
    return { kind: 'resolved', count };
  }
  if (first.kind === 'pessimistic-locked' && command.kind === 'pessimistic-lock') {
    const size = command.keys.length;
    const values = new Array<Uint8Array | undefined>(size);
    const skipped = new Array<boolean>(size).fill(false);
    for (const { at, outcome } of parts) {
      if (outcome.kind !== 'pessimistic-locked') continue;
      at.forEach((place, i) => {
        values[place] = outcome.values?.[i];
        skipped[place] = outcome.skipped?.[i] === true;
      });
    }
    return {
      kind: 'pessimistic-locked',
      values: command.returnValues ? values : undefined,
      skipped: command.waitMs === 'skip-locked' ? skipped : undefined,
    };
  }
  return first;
}

function pick<T>(items: readonly T[], at: readonly number[]): T[] {
  return at.map((place) => items[place]!);
}

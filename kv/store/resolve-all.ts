/** Resolves all locks of one transaction in this store, for a caller that names no keys; in steps that fit a log entry. */
import type { ResolveLockCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { LockTable } from '../mvcc/index.ts';

const KEYS_AT_ONCE = 2048;

export function resolveAll(
  locks: LockTable,
  command: ResolveLockCommand,
  execute: (command: ResolveLockCommand, done: (outcome: TxnOutcome) => void) => void,
  done: (outcome: TxnOutcome) => void,
): void {
  const { startTs, commitTs } = command;
  const keys: Uint8Array[] = [];
  locks.states.forEach((state) => {
    if (keys.length >= KEYS_AT_ONCE) return;
    const waits = commitTs === 0n && state.pessimistic?.startTs === startTs;
    if (state.lock?.startTs === startTs || waits) keys.push(state.key);
  });
  if (keys.length === 0) return done({ kind: 'resolved', count: 0 });
  execute({ ...command, keys }, (outcome) => {
    if (outcome.kind !== 'resolved' || outcome.count === 0 || keys.length < KEYS_AT_ONCE) return done(outcome);
    resolveAll(locks, command, execute, (rest) =>
      done(rest.kind === 'resolved' ? { kind: 'resolved', count: outcome.count + rest.count } : rest),
    );
  });
}

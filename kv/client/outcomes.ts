/** What a store answered, on its way to the caller: outcomes that end a transaction become errors here. */
import { RutileError } from '../../base/error.ts';
import type { TxnCommand, TxnOutcome } from '../../proto/kv/command.ts';
import type { StorePort } from './store-port.ts';

export function execute(store: StorePort, command: TxnCommand): Promise<TxnOutcome> {
  return new Promise((resolve) => store.execute(command, resolve));
}

/** An outcome that ends the transaction, as the error its caller sees. */
export function failureOf(outcome: TxnOutcome): Error {
  switch (outcome.kind) {
    case 'write-conflict':
      return new RutileError('kv.write-conflict', 'another transaction committed to a key of this one', {
        retry: 'refresh',
        fields: {
          key: outcome.key,
          startTs: outcome.startTs,
          conflictTs: outcome.conflictCommitTs,
          reason: outcome.reason,
        },
      });
    case 'pessimistic-lock-not-found':
      return new RutileError(
        'kv.write-conflict',
        'a lock of this transaction was lost, and another committed meanwhile',
        {
          retry: 'refresh',
          fields: { key: outcome.key },
        },
      );
    case 'key-exists':
      return keyExists(outcome.key);
    case 'failed':
      return outcome.error;
    case 'rolled-back':
    case 'txn-not-found':
      return new RutileError('kv.write-conflict', 'the transaction was rolled back by another', { retry: 'refresh' });
    default:
      return new RutileError('kv.unexpected', `the store answered ${outcome.kind}`);
  }
}

export function keyExists(key: Uint8Array): RutileError {
  return new RutileError('kv.key-exists', 'the key exists already', { fields: { key } });
}

export function aborted(): RutileError {
  return new RutileError('kv.aborted', 'the wait for a lock was given up');
}

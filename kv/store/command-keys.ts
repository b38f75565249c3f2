/** The keys that a command touches: what it latches, and what decides which region it is for. */
import type { TxnCommand } from '../../proto/kv/command.ts';

// hot
export function keysOf(command: TxnCommand): readonly { readonly key: Uint8Array }[] | readonly Uint8Array[] {
  switch (command.kind) {
    case 'prewrite':
      return command.mutations;
    case 'cleanup':
      return [command.key];
    case 'check-txn-status':
    case 'heartbeat':
      return [command.primary];
    default:
      return command.keys ?? [];
  }
}

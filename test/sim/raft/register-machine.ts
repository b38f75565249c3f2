/**
 * The state machine under test: named registers that are written, and compared and set. It also keeps a digest of all
 * commands in their order; two replicas that applied the same index must hold the same digest, so one that skips a command or
 * applies it twice is found out although registers alone would forgive it.
 */
import { fromUtf8, utf8 } from '../../../base/bytes.ts';
import { checksum } from '../../../base/checksum.ts';

export type Command =
  | { readonly id: number; readonly kind: 'write'; readonly key: string; readonly value: number }
  | {
      readonly id: number;
      readonly kind: 'cas';
      readonly key: string;
      readonly expected: number | undefined;
      readonly value: number;
    };

export interface Applied {
  readonly id: number;
  readonly swapped: boolean;
}

export class RegisterMachine {
  private values = new Map<string, number>();
  private sum = 0;

  /** Of a leader's first entry, which is empty, only the digest takes note. */
  apply(data: Uint8Array): Applied | undefined {
    this.note(data);
    if (data.length === 0) return undefined;
    const command = decodeCommand(data);
    if (command.kind === 'cas' && this.values.get(command.key) !== command.expected)
      return { id: command.id, swapped: false };
    this.values.set(command.key, command.value);
    return { id: command.id, swapped: true };
  }

  /** An entry that is none of its own (a change of members) still takes part in the order. */
  note(data: Uint8Array): void {
    this.sum = checksum(data, 0, data.length, this.sum);
  }

  read(key: string): number | undefined {
    return this.values.get(key);
  }

  get digest(): number {
    return this.sum;
  }

  save(): string {
    return JSON.stringify({ digest: this.sum, values: [...this.values] });
  }

  load(text: string): void {
    const saved = JSON.parse(text) as { digest: number; values: [string, number][] };
    this.sum = saved.digest;
    this.values = new Map(saved.values);
  }
}

export function encodeCommand(command: Command): Uint8Array {
  return utf8(JSON.stringify(command));
}

export function decodeCommand(data: Uint8Array): Command {
  return JSON.parse(fromUtf8(data)) as Command;
}

/**
 * Commands of the core as entries of the log: byte 1 (the form), then JSON with 64-bit numbers as text and bytes as hex. Commands are small and
 * rare (two a second), so that a person can read them counts for more than their size. The first byte must not be 3, which
 * consensus keeps for changes of members.
 */
import { fromHex, fromUtf8, toHex, utf8 } from '../../../base/bytes.ts';
import { RutileError } from '../../../base/error.ts';
import type { Command } from '../core.ts';

const FORM = 1;

export function encodeCommand(command: Command): Uint8Array {
  // By what stands in the object: a Buffer would have become something else in `value`.
  const json = JSON.stringify(command, function (this: Record<string, unknown>, name, value: unknown) {
    const plain = this[name];
    if (typeof plain === 'bigint') return { $u64: String(plain) };
    if (plain instanceof Uint8Array) return { $hex: toHex(plain) };
    return value;
  });
  const text = utf8(json);
  const bytes = new Uint8Array(text.length + 1);
  bytes[0] = FORM;
  bytes.set(text, 1);
  return bytes;
}

/** Throws `placement.newer-format`: a member that does not know a command must not go on without it. */
export function decodeCommand(bytes: Uint8Array): Command {
  if (bytes[0] !== FORM) throw unknown(`form ${bytes[0]}`);
  const command = JSON.parse(fromUtf8(bytes.subarray(1)), (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    const { $u64, $hex } = value as { $u64?: string; $hex?: string };
    if ($u64 !== undefined) return BigInt($u64);
    return $hex === undefined ? value : fromHex($hex);
  }) as Command;
  if (!KINDS.has(command.kind)) throw unknown(`command ${String(command.kind)}`);
  return command;
}

const KINDS: ReadonlySet<string> = new Set<Command['kind']>([
  'bootstrap', 'found', 'extend-window', 'reserve-ids', 'put-store', 'report-region', 'advance-safe-point', 'hold', 'release-hold', 'put-setting',
]); // prettier-ignore

function unknown(what: string): RutileError {
  return new RutileError('placement.newer-format', `placement's log holds ${what}, written by a newer Rutile`);
}

/**
 * Clearing what dropped tables and indexes leave behind. A drop only takes the object out of the schema and notes its keys; readers at older timestamps
 * still need them. When the safe point has passed the drop, the keys go, in transactions of a bounded size, and then the note.
 */
import { Buffer } from 'node:buffer';
import type { KvClient } from '../../kv/client/client.ts';
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';

export interface DeleteRange {
  /** Hex. */
  readonly lower: string;
  readonly upper: string;
  /** Decimal: readers at this timestamp and before may still want the keys. */
  readonly ts: string;
}

const KEYS_PER_TRANSACTION = 1000;

export function rangeField(range: DeleteRange): string {
  return `${range.lower}-${range.upper}`;
}

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** Clears ranges that nobody can read any more, `except` those in use by a rebuild; answers how many keys went. */
export async function clearDeletedRanges(
  kv: KvClient,
  except: ReadonlySet<string>,
  keepOn: () => boolean,
): Promise<number> {
  const notes = await new MetaReader(kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.DELETE_RANGES);
  const safePoint = kv.safePoint();
  let count = 0;
  for (const { field, value } of notes) {
    const range = JSON.parse(value) as DeleteRange;
    if (BigInt(range.ts) >= safePoint || except.has(field)) continue;
    count += await clearRange(kv, bytesOf(range.lower), bytesOf(range.upper), keepOn);
    if (!keepOn()) return count;
    await inTransaction(kv, async (meta) => meta.deleteField(MetaHash.DELETE_RANGES, field));
  }
  return count;
}

async function clearRange(kv: KvClient, lower: Uint8Array, upper: Uint8Array, keepOn: () => boolean): Promise<number> {
  let count = 0;
  let from = lower;
  while (keepOn()) {
    const cleared = await inTransaction(kv, async (_, transaction) => {
      const scanner = transaction.scan({ lower: from, upper }, { limit: KEYS_PER_TRANSACTION, long: true });
      const keys: Uint8Array[] = [];
      try {
        while (keys.length < KEYS_PER_TRANSACTION) {
          const batch = await scanner.next(KEYS_PER_TRANSACTION - keys.length);
          if (batch === undefined) break;
          for (let i = 0; i < batch.count; i++) keys.push(batch.keyBytes[i]!.slice(batch.keyStart[i], batch.keyEnd[i]));
        }
      } finally {
        scanner.close();
      }
      for (const key of keys) transaction.delete(key);
      return keys;
    });
    count += cleared.length;
    if (cleared.length < KEYS_PER_TRANSACTION) return count;
    from = cleared.at(-1)!;
  }
  return count;
}

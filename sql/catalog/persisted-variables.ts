/**
 * Variables that SET PERSIST keeps: one row each under `m`, which every SQL server of the cluster reads when it starts. A value is kept in its canonical
 * form, as `checkValue` gave it; whoever reads it checks it again, since the next version may think otherwise of it.
 */
import type { Datum } from '../../base/value/datum.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';

export interface PersistedVariable {
  readonly name: string;
  readonly value: Datum;
  /** As SHOW VARIABLES prints it. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly setAtMs: number;
  readonly user: string;
  readonly host: string;
}

/** JSON has no whole numbers beyond 2^53. */
type StoredValue = number | string | null | { readonly big: string };

interface Stored {
  readonly value: StoredValue;
  readonly text: string;
  readonly setAtMs: number;
  readonly user: string;
  readonly host: string;
}

/** By name. */
export async function persistedVariables(kv: KvClient): Promise<readonly PersistedVariable[]> {
  const fields = await new MetaReader(kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.VARIABLES);
  return fields.map(({ field, value: json }) => {
    const { value, ...rest } = JSON.parse(json) as Stored;
    return { name: field, value: typeof value === 'object' && value !== null ? BigInt(value.big) : value, ...rest };
  });
}

export async function persistVariable(kv: KvClient, variable: PersistedVariable): Promise<void> {
  const { name, value, ...rest } = variable;
  const stored: StoredValue = typeof value === 'bigint' ? { big: String(value) } : typeof value === 'number' || value === null ? value : String(value); // prettier-ignore
  await inTransaction(kv, async (meta) =>
    meta.putField(MetaHash.VARIABLES, name, JSON.stringify({ value: stored, ...rest })),
  );
}

/** One, or all; answers how many there were. */
export async function forgetVariables(kv: KvClient, name: string | undefined): Promise<number> {
  return inTransaction(kv, async (meta) => {
    const fields = await meta.fields(MetaHash.VARIABLES);
    const gone = fields.filter(({ field }) => name === undefined || field === name);
    for (const { field } of gone) meta.deleteField(MetaHash.VARIABLES, field);
    return gone.length;
  });
}

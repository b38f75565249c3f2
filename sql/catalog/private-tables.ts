/**
 * `PrivateTables`: tables that have rows in the store and no place in the schema: temporary ones, which one session knows, and those that CREATE TABLE …
 * SELECT is still filling. Each has a note in the store, made before its first row:
 *
 *     mRutilePrivateTables / table id    {database, server}
 *
 * The note goes when the table joins the schema, or together with a note that its keys are to be cleared. What is left over by a server that
 * died, or that could not say so any more, is found by `sweep`: a note whose table its server does not know, or whose server is gone.
 */
import type { KvClient } from '../../kv/client/client.ts';
import { tableInterval } from '../../proto/encoding/index.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { type DeleteRange, rangeField } from './delete-ranges.ts';
import { inTransaction, MetaHash, MetaReader, type MetaStore } from './meta-store.ts';
import { TIMESTAMP_MAX } from '../../kv/client/client.ts';

interface Note {
  /** Where its counters are. */
  readonly database: number;
  readonly server: string;
}

export class PrivateTables {
  private readonly kv: KvClient;
  private readonly server: string;
  /** Database of each table that somebody here uses, by table id. */
  private readonly homes = new Map<number, number>();
  /** Servers that were not there at the last look: a line that comes back at once means that the server was only late. */
  private missing = new Set<string>();

  constructor(kv: KvClient, server: string) {
    this.kv = kv;
    this.server = server;
  }

  databaseOf(tableId: number): number | undefined {
    return this.homes.get(tableId);
  }

  /** Inside the transaction that makes the table; it counts as known from now on, so that no sweep comes between. */
  note(meta: MetaStore, databaseId: number, tableId: number): void {
    this.homes.set(tableId, databaseId);
    meta.putField(
      MetaHash.PRIVATE_TABLES,
      String(tableId),
      JSON.stringify({ database: databaseId, server: this.server } satisfies Note),
    );
  }

  /** Inside the transaction that gives the table up, or to the schema. */
  unnote(meta: MetaStore, tableId: number): void {
    meta.deleteField(MetaHash.PRIVATE_TABLES, String(tableId));
  }

  /** After that transaction. */
  forget(tableId: number): void {
    this.homes.delete(tableId);
  }

  /** The table with an id and a note, and nothing in it. */
  async make(databaseId: number, table: TableInfo): Promise<TableInfo> {
    return inTransaction(this.kv, async (meta) => {
      const id = await meta.allocateIds(1);
      this.note(meta, databaseId, id);
      return { ...table, id };
    });
  }

  /** Nobody wants the table any more: its keys are cleared. */
  async discard(tableId: number): Promise<void> {
    const database = this.homes.get(tableId);
    this.homes.delete(tableId);
    if (database !== undefined) await this.clearLater([{ tableId, database }]);
  }

  /** `alive`: the servers over this store; `undefined`: this is the only one. */
  async sweep(alive: ReadonlySet<string> | undefined): Promise<void> {
    const notes = await new MetaReader(this.kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.PRIVATE_TABLES);
    const gone: { tableId: number; database: number }[] = [];
    const missing = new Set<string>();
    for (const { field, value } of notes) {
      const { database, server } = JSON.parse(value) as Note;
      const tableId = Number(field);
      if (this.homes.has(tableId)) continue;
      const others = alive !== undefined && server !== this.server;
      if (others && alive.has(server)) continue;
      if (others && !this.missing.has(server)) missing.add(server);
      else gone.push({ tableId, database });
    }
    this.missing = missing;
    if (gone.length > 0) await this.clearLater(gone);
  }

  private async clearLater(tables: readonly { tableId: number; database: number }[]): Promise<void> {
    await inTransaction(this.kv, async (meta) => {
      for (const { tableId, database } of tables) {
        const { lower, upper } = tableInterval(tableId);
        const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
        const range: DeleteRange = { lower: hex(lower), upper: hex(upper), ts: '0' };
        meta.dropTable(database, tableId);
        this.unnote(meta, tableId);
        meta.putField(MetaHash.DELETE_RANGES, rangeField(range), JSON.stringify(range));
      }
    });
  }
}

/**
 * `SchemaEditor`: one step of the schema. An edit sees the present version, changes databases and tables through it, and
 * becomes the next version in one key-value transaction, or nothing happened. Meta keys and the snapshot in memory are
 * changed by the same calls, so they cannot part.
 */
import { RutileError } from '../../base/error.ts';
import type { KvClient } from '../../kv/client/client.ts';
import type { KeyInterval } from '../../proto/encoding/index.ts';
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { type DeleteRange, rangeField } from './delete-ranges.ts';
import { inTransaction, MetaHash, type MetaStore } from './meta-store.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';

const NAMES_OF_COUNTERS = ['TID', 'IID', 'IIDClean', 'TIDClean'] as const;

export class SchemaEdit {
  readonly meta: MetaStore;
  readonly version: number;
  snapshot: CatalogSnapshot;
  private readonly dropTs: bigint;

  constructor(meta: MetaStore, version: number, snapshot: CatalogSnapshot, dropTs: bigint) {
    this.meta = meta;
    this.version = version;
    this.snapshot = snapshot;
    this.dropTs = dropTs;
  }

  putDatabase(info: DatabaseInfo): void {
    this.meta.putDatabase(info);
    const tables = this.snapshot.entry(info.name)?.tables ?? new Map<string, TableInfo>();
    this.snapshot = this.snapshot.withDatabase(this.version, info.name, { info, tables });
  }

  dropDatabase(info: DatabaseInfo): void {
    this.meta.dropDatabase(info.id);
    this.snapshot = this.snapshot.withDatabase(this.version, info.name, undefined);
  }

  /** Stores a table; `was` is its former self when the name or the id changed. */
  putTable(database: string, table: TableInfo, was?: TableInfo): TableInfo {
    const entry = this.snapshot.entry(database)!;
    const stored: TableInfo = { ...table, updateVersion: this.version };
    const tables = new Map(entry.tables);
    if (was !== undefined) tables.delete(was.name.toLowerCase());
    tables.set(stored.name.toLowerCase(), stored);
    if (was !== undefined && was.id !== stored.id) this.meta.dropTable(entry.info.id, was.id);
    this.meta.putTable(entry.info.id, stored);
    this.snapshot = this.snapshot.withDatabase(this.version, database, { info: entry.info, tables });
    return stored;
  }

  /** Takes the table out of the schema; its keys are cleared later. */
  dropTable(database: string, table: TableInfo): void {
    const entry = this.snapshot.entry(database)!;
    const tables = new Map(entry.tables);
    tables.delete(table.name.toLowerCase());
    this.meta.dropTable(entry.info.id, table.id);
    this.snapshot = this.snapshot.withDatabase(this.version, database, { info: entry.info, tables });
  }

  /** RENAME across databases: the counters come along. */
  async moveTable(source: string, target: string, was: TableInfo, table: TableInfo): Promise<void> {
    const sourceId = this.snapshot.entry(source)!.info.id;
    const targetId = this.snapshot.entry(target)!.info.id;
    if (sourceId === targetId) {
      this.putTable(source, table, was);
      return;
    }
    const counters = await Promise.all(
      NAMES_OF_COUNTERS.map(async (name) =>
        (await this.meta.fields(`DB:${sourceId}`, `${name}:${was.id}`)).find(
          (one) => one.field === `${name}:${was.id}`,
        ),
      ),
    );
    this.dropTable(source, was);
    this.putTable(target, table);
    for (const counter of counters)
      if (counter !== undefined) this.meta.putField(`DB:${targetId}`, counter.field, counter.value);
  }

  /** The keys are to be cleared once nobody can read them any more. */
  clearLater(interval: KeyInterval): void {
    const range: DeleteRange = {
      lower: Buffer.from(interval.lower).toString('hex'),
      upper: Buffer.from(interval.upper).toString('hex'),
      ts: String(this.dropTs),
    };
    this.meta.putField(MetaHash.DELETE_RANGES, rangeField(range), JSON.stringify(range));
  }
}

export interface SchemaOwner {
  readonly kv: KvClient;
  snapshot(): CatalogSnapshot;
  reload(): Promise<CatalogSnapshot>;
  publish(snapshot: CatalogSnapshot): void;
  /** Inside each step's transaction: may this server still change the schema? */
  guard?(meta: MetaStore): Promise<void>;
  /** The tables are a session's own: an edit of them is no version of the schema. */
  editPrivately?<T>(work: (edit: SchemaEdit) => T | Promise<T>): Promise<T>;
}

/** Runs `work` as one step. It may run more than once, each time over the newest schema. */
export async function editSchema<T>(
  owner: SchemaOwner,
  type: string,
  work: (edit: SchemaEdit) => T | Promise<T>,
): Promise<T> {
  if (owner.editPrivately !== undefined) return owner.editPrivately(work);
  for (;;) {
    const dropTs = await owner.kv.timestamp();
    try {
      const { edit, result } = await inTransaction(owner.kv, async (meta) => {
        const base = owner.snapshot();
        const stored = await meta.schemaVersion();
        if (stored !== base.version) throw new StaleSchema();
        await owner.guard?.(meta);
        const version = await meta.stepVersion(type, 0, 0);
        const edit = new SchemaEdit(meta, version, base, dropTs);
        const result = await work(edit);
        return { edit, result };
      });
      owner.publish(edit.snapshot);
      return result;
    } catch (error) {
      if (!(error instanceof StaleSchema)) throw error;
      await owner.reload();
    }
  }
}

/** Another server stepped the version: load it and look again. */
class StaleSchema extends RutileError {
  constructor() {
    super('catalog.stale', 'The schema moved on');
  }
}

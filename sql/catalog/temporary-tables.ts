/**
 * `TemporaryTables`: the temporary tables of one session. They are found by name before those of everybody (`over`), and no list shows them.
 *
 * Their rows lie in the store under table ids of their own, like those of any table, and are cleared when the session ends; after a crash,
 * by private-tables.ts. So all that a table can do they can do as well: transactions and savepoints, indexes, ALTER, joins with tables of any
 * size, and their size is bounded by the disk, not by the memory of this server. The price is that they are written through the log, as
 * others are.
 *
 * To the definition statements (ddl-executor.ts) this is a `DdlOwner` like the catalog, over a schema that holds these tables only and that
 * nobody else sees: an edit is one transaction for ids and notes, no version, and there is nobody to wait for.
 */
import { isPromise } from '../../base/outcome.ts';
import type { KvClient, Transaction } from '../../kv/client/client.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { AutoIds } from './auto-id.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { type DdlStatement, executeDdl } from './ddl-executor.ts';
import type { TableBlocks } from './ddl-places.ts';
import type { FlashbackOwner } from './flashback.ts';
import * as errors from './errors.ts';
import { inTransaction, MetaStore } from './meta-store.ts';
import type { PrivateTables } from './private-tables.ts';
import { SchemaEdit } from './schema-editor.ts';
import { CatalogSnapshot, type DatabaseEntry } from './schema-snapshot.ts';

/** Of one session: their definitions are in memory. */
const TEMPORARY_TABLES_MAX = 1000;

const NOBODY: TableBlocks = {
  waitFor: () => undefined,
  block: () => Promise.resolve(),
  unblock: () => undefined,
};

/** What the catalog lends. */
export interface TemporaryHost {
  readonly kv: KvClient;
  readonly autoIds: AutoIds;
  readonly rebuilding: Set<string>;
  readonly privateTables: PrivateTables;
  schema(): CatalogSnapshot;
  tableGone(table: TableInfo): void;
  wallMs(): number;
}

/** Tables are noted, not put into the schema. */
class PrivateMeta extends MetaStore {
  private readonly privateTables: PrivateTables;

  constructor(transaction: Transaction, privateTables: PrivateTables) {
    super(transaction);
    this.privateTables = privateTables;
  }

  override putTable(databaseId: number, table: TableInfo): void {
    this.privateTables.note(this, databaseId, table.id);
  }

  override dropTable(databaseId: number, tableId: number): void {
    super.dropTable(databaseId, tableId);
    this.privateTables.unnote(this, tableId);
  }
}

export class TemporaryTables {
  /** Grows with every change: plans were made for other tables. */
  changes = 0;
  private own: ReadonlyMap<string, DatabaseEntry> = new Map();
  private readonly host: TemporaryHost;
  private seen:
    { readonly base: CatalogSnapshot; readonly changes: number; readonly view: CatalogSnapshot } | undefined =
    undefined;
  private closed = false;

  constructor(host: TemporaryHost) {
    this.host = host;
  }

  /** Throws 1114. */
  refuseMore(name: string): void {
    if (this.size >= TEMPORARY_TABLES_MAX) throw errors.tableFull(name);
  }

  private get size(): number {
    let count = 0;
    for (const { tables } of this.own.values()) count += tables.size;
    return count;
  }

  table(database: string, name: string): TableInfo | undefined {
    return this.own.get(database.toLowerCase())?.tables.get(name.toLowerCase());
  }

  /** The schema as this session sees it. `more`: a table that nothing but one statement sees. */
  over(
    base: CatalogSnapshot,
    more?: { readonly database: string; readonly name: string; readonly table: TableInfo },
  ): CatalogSnapshot {
    if (more === undefined) {
      if (this.own.size === 0) return base;
      if (this.seen?.base !== base || this.seen.changes !== this.changes)
        this.seen = { base, changes: this.changes, view: base.withPrivate(this.own) };
      return this.seen.view;
    }
    const own = new Map(this.own);
    const key = more.database.toLowerCase();
    const tables = new Map(own.get(key)?.tables);
    tables.set(more.name.toLowerCase(), more.table);
    own.set(key, { info: base.database(more.database)!, tables });
    return base.withPrivate(own);
  }

  run(statement: DdlStatement, context: DdlContext): Promise<DdlResult> {
    refusePartitions(statement);
    if (statement.kind === 'create-table' || statement.kind === 'create-table-like')
      this.refuseMore(statement.table.name);
    return executeDdl(this.owner(), statement, context);
  }

  /** A table that `PrivateTables.make` made and a query filled becomes one of these. */
  adopt(database: string, table: TableInfo): void {
    const key = database.toLowerCase();
    const entry = this.own.get(key);
    const tables = new Map(entry?.tables);
    tables.set(table.name.toLowerCase(), table);
    const own = new Map(this.own);
    own.set(key, { info: entry?.info ?? this.host.schema().database(database)!, tables });
    this.own = own;
    this.changes++;
    if (this.closed) void this.clear().catch(() => undefined);
  }

  /** The session ends, or begins anew. */
  async clear(): Promise<void> {
    const gone = [...this.own.values()].flatMap(({ tables }) => [...tables.values()]);
    this.own = new Map();
    this.changes++;
    for (const table of gone) {
      await this.host.privateTables.discard(table.id);
      this.host.tableGone(table);
    }
  }

  close(): Promise<void> {
    this.closed = true;
    return this.clear();
  }

  // ---- as an owner of definitions

  private owner(): FlashbackOwner {
    const { kv, autoIds, rebuilding } = this.host;
    return {
      kv,
      autoIds,
      rebuilding,
      leases: NOBODY,
      editPrivately: (work) => this.edit(work),
      snapshot: () => this.snapshot(),
      reload: () => Promise.resolve(this.snapshot()),
      reloadSurely: () => Promise.resolve(this.snapshot()),
      // What is dropped here is gone.
      schemaAt: () => Promise.resolve(this.snapshot()),
      publish: () => undefined,
      settle: () => Promise.resolve(),
      tableGone: (table) => this.host.tableGone(table),
      wallMs: () => this.host.wallMs(),
      isBusy: () => false,
    };
  }

  /** Every database, with the tables of this session alone. */
  private snapshot(): CatalogSnapshot {
    const base = this.host.schema();
    const entries = new Map<string, DatabaseEntry>(this.own);
    for (const { info } of base.realDatabases()) {
      const key = info.name.toLowerCase();
      if (!entries.has(key)) entries.set(key, { info, tables: new Map() });
    }
    return new CatalogSnapshot(base.version, entries);
  }

  private async edit<T>(work: (edit: SchemaEdit) => T | Promise<T>): Promise<T> {
    const { kv, privateTables } = this.host;
    const found = kv.timestamp();
    const dropTs = isPromise(found) ? await found : found;
    const before = this.snapshot();
    const { edit, result } = await inTransaction(kv, async (_, transaction) => {
      const edit = new SchemaEdit(new PrivateMeta(transaction, privateTables), before.version, before, dropTs);
      return { edit, result: await work(edit) };
    });
    const kept = edit.snapshot.realDatabases().filter(({ tables }) => tables.size > 0);
    this.own = new Map(kept.map((entry) => [entry.info.name.toLowerCase(), entry]));
    this.changes++;
    for (const { tables } of before.realDatabases())
      for (const { id } of tables.values()) if (edit.snapshot.tableById(id) === undefined) privateTables.forget(id);
    if (this.closed) await this.clear();
    return result;
  }
}

/** 1562, as in MySQL. */
function refusePartitions(statement: DdlStatement): void {
  const made = statement.kind === 'create-table' && statement.partitioning !== undefined;
  const changed = statement.kind === 'alter-table' && statement.changes.some(({ kind }) => kind.includes('partition'));
  if (made || changed) throw errors.temporaryWithPartitions();
}

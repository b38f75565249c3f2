/**
 * `CatalogSnapshot`: one version of the schema, immutable, with look-ups that ignore case. Building one from its neighbour shares everything that
 * did not change, so a schema of ten thousand tables costs a change of one table no more than two maps.
 */
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { partitionsOf } from '../../proto/schema/partitions.ts';
import type { SchemaSnapshot, VirtualTable } from '../planner/environment.ts';
import { VIRTUAL_DATABASES, virtualTableDefinition } from './virtual/registry.ts';

export interface DatabaseEntry {
  readonly info: DatabaseInfo;
  /** By lower-case name. */
  readonly tables: ReadonlyMap<string, TableInfo>;
}

export class CatalogSnapshot implements SchemaSnapshot {
  readonly version: number;
  /** By lower-case name. */
  protected readonly entries: ReadonlyMap<string, DatabaseEntry>;
  private byId: Map<number, { readonly database: DatabaseInfo; readonly table: TableInfo }> | undefined;

  constructor(version: number, entries: ReadonlyMap<string, DatabaseEntry>) {
    this.version = version;
    this.entries = entries;
  }

  static of(
    version: number,
    databases: readonly { readonly info: DatabaseInfo; readonly tables: readonly TableInfo[] }[],
  ): CatalogSnapshot {
    const entries = databases.map(({ info, tables }): [string, DatabaseEntry] => [
      info.name.toLowerCase(),
      { info, tables: new Map(tables.map((table) => [table.name.toLowerCase(), table])) },
    ]);
    return new CatalogSnapshot(version, new Map(entries));
  }

  database(name: string): DatabaseInfo | undefined {
    const lower = name.toLowerCase();
    return this.entries.get(lower)?.info ?? VIRTUAL_DATABASES.get(lower);
  }

  /** Real and virtual ones, by name. */
  databases(): readonly DatabaseInfo[] {
    const all = [...[...this.entries.values()].map((entry) => entry.info), ...VIRTUAL_DATABASES.values()];
    return all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  table(database: string, name: string): TableInfo | undefined {
    return this.entries.get(database.toLowerCase())?.tables.get(name.toLowerCase());
  }

  /** By name. */
  tables(database: string): readonly TableInfo[] {
    const tables = this.entries.get(database.toLowerCase())?.tables;
    return tables === undefined ? [] : [...tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** By its own id, or that of one of its partitions. */
  tableById(id: number): { readonly database: DatabaseInfo; readonly table: TableInfo } | undefined {
    if (this.byId === undefined) {
      this.byId = new Map();
      for (const { info, tables } of this.entries.values())
        for (const table of tables.values()) {
          const found = { database: info, table };
          this.byId.set(table.id, found);
          for (const { id } of partitionsOf(table)) this.byId.set(id, found);
        }
    }
    return this.byId.get(id);
  }

  virtualTable(database: string, name: string): VirtualTable | undefined {
    return virtualTableDefinition(database, name);
  }

  realDatabases(): readonly DatabaseEntry[] {
    return [...this.entries.values()];
  }

  /** The next version with one database's entry replaced; `entry` undefined drops it. */
  withDatabase(version: number, name: string, entry: DatabaseEntry | undefined): CatalogSnapshot {
    const entries = new Map(this.entries);
    if (entry === undefined) entries.delete(name.toLowerCase());
    else entries.set(name.toLowerCase(), entry);
    return new CatalogSnapshot(version, entries);
  }

  entry(name: string): DatabaseEntry | undefined {
    return this.entries.get(name.toLowerCase());
  }

  /** The same version as a session sees it that has tables of its own. They are found by name, before those of all, and not listed. */
  withPrivate(own: ReadonlyMap<string, DatabaseEntry>): CatalogSnapshot {
    return new PrivateSnapshot(this, this.entries, own);
  }
}

class PrivateSnapshot extends CatalogSnapshot {
  readonly permanent: CatalogSnapshot;
  private readonly own: ReadonlyMap<string, DatabaseEntry>;

  constructor(
    base: CatalogSnapshot,
    entries: ReadonlyMap<string, DatabaseEntry>,
    own: ReadonlyMap<string, DatabaseEntry>,
  ) {
    super(base.version, entries);
    this.permanent = base;
    this.own = own;
  }

  override table(database: string, name: string): TableInfo | undefined {
    return this.own.get(database.toLowerCase())?.tables.get(name.toLowerCase()) ?? this.permanent.table(database, name);
  }

  override tableById(id: number): { readonly database: DatabaseInfo; readonly table: TableInfo } | undefined {
    for (const { info, tables } of this.own.values())
      for (const table of tables.values()) if (table.id === id) return { database: info, table };
    return this.permanent.tableById(id);
  }
}

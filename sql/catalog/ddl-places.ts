/**
 * What all definition statements share: the server they change (`DdlOwner`), names resolved against the present schema with MySQL's refusals,
 * and the way to keep statements off a table while it turns into another.
 */
import { indexInterval, tableInterval } from '../../proto/encoding/index.ts';
import { physicalIds } from '../../proto/schema/partitions.ts';
import type { DatabaseInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type * as ast from '../parser/ast.ts';
import type { AutoIds } from './auto-id.ts';
import type { DdlContext } from './ddl-context.ts';
import * as errors from './errors.ts';
import type { SchemaEdit, SchemaOwner } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { isVirtualDatabase } from './virtual/registry.ts';

/** Who uses which version of a table: of this server, or of all servers (schema-leases.ts, server-board.ts). */
export interface TableBlocks {
  waitFor(tableId: number, version: number, waitMs: number): Promise<void> | undefined;
  block(tableId: number, waitMs: number): Promise<void>;
  unblock(tableId: number, rebuiltAt?: number): void;
}

export interface DdlOwner extends SchemaOwner {
  readonly leases: TableBlocks;
  readonly autoIds: AutoIds;
  /** Delete ranges that a rebuild still needs. */
  readonly rebuilding: Set<string>;
  /** Whatever became of a step that failed: from the store, until it answers. */
  reloadSurely(): Promise<CatalogSnapshot>;
  /** After each step: other servers must have loaded it before the next. */
  settle(): Promise<void>;
  tableGone(table: TableInfo): void;
  wallMs(): number;
  /** Statements run on this server, which a backfill should not get in the way of. */
  isBusy(): boolean;
}

export interface Place {
  readonly database: DatabaseInfo;
  readonly name: string;
}

export function databaseOf(snapshot: CatalogSnapshot, name: string | undefined, context: DdlContext): DatabaseInfo {
  const wanted = name ?? context.currentDatabase;
  if (wanted === undefined) throw errors.noDatabase();
  if (isVirtualDatabase(wanted)) throw errors.accessDeniedToDatabase(context.currentUser, wanted);
  const found = snapshot.entry(wanted)?.info;
  if (found === undefined) throw errors.unknownDatabase(wanted);
  return found;
}

export function placeOf(snapshot: CatalogSnapshot, name: ast.TableName, context: DdlContext): Place {
  return { database: databaseOf(snapshot, name.schema, context), name: name.name };
}

export function tableAt(snapshot: CatalogSnapshot, place: Place): TableInfo {
  const found = snapshot.table(place.database.name, place.name);
  if (found === undefined) throw errors.tableMissing(place.database.name, place.name);
  return found;
}

export function baseTableAt(snapshot: CatalogSnapshot, place: Place): TableInfo {
  const found = tableAt(snapshot, place);
  if (found.view) throw errors.wrongObject(place.database.name, found.name, 'BASE TABLE');
  return found;
}

export function removeTable(edit: SchemaEdit, database: string, table: TableInfo): void {
  edit.dropTable(database, table);
  if (table.view === undefined) clearKeys(edit, table);
}

/** Everything that the table has stored, in all its partitions. */
export function clearKeys(edit: SchemaEdit, table: TableInfo): void {
  for (const id of physicalIds(table)) edit.clearLater(tableInterval(id));
}

export function clearIndex(edit: SchemaEdit, table: TableInfo, index: IndexInfo): void {
  for (const id of physicalIds(table)) edit.clearLater(indexInterval(id, index.id));
}

/**
 * Keeps statements off the tables during `work`, which answers the version from which on they are other tables. A failure may have come true all the
 * same: who waited goes on only with what is stored.
 */
export async function whileBlocked(
  owner: DdlOwner,
  tables: readonly TableInfo[],
  context: DdlContext,
  work: () => Promise<number>,
): Promise<number> {
  const blocked: number[] = [];
  const versions = new Map<number, number | undefined>();
  let version: number | undefined;
  try {
    // In order of ids, so that two changes never wait for each other.
    for (const { id } of [...tables].sort((a, b) => a.id - b.id)) {
      await owner.leases.block(id, context.lockWaitMs);
      blocked.push(id);
    }
    context.checkKilled();
    version = await work();
    await owner.settle();
    for (const id of blocked) versions.set(id, version);
    return version;
  } catch (error) {
    if (blocked.length > 0) {
      const snapshot = await owner.reloadSurely();
      for (const { id, updateVersion } of tables)
        if (snapshot.tableById(id)?.table.updateVersion !== updateVersion) versions.set(id, snapshot.version);
    }
    throw error;
  } finally {
    for (const id of blocked) owner.leases.unblock(id, versions.get(id));
  }
}

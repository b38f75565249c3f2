/**
 * FLASHBACK TABLE, RECOVER TABLE and FLASHBACK DATABASE: what was dropped, or emptied by TRUNCATE, comes back with its rows. A drop leaves the keys where
 * they are and a note (delete-ranges.ts) that says when; the schema of that moment says what they were. The table comes back under its old id,
 * its counters as they were then, and the note goes in the same transaction: either the keys are a table again or they are still to be cleared.
 *
 * It can be found until the safe point has passed the drop. Held while we look, so that no clearing begins meanwhile.
 */
import type { KvClient } from '../../kv/client/client.ts';
import { TABLE_PREFIX_SIZE, tablePrefix } from '../../proto/encoding/keys.ts';
import { physicalIds } from '../../proto/schema/partitions.ts';
import type { DatabaseInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { SqlError } from '../../base/error.ts';
import type * as ast from '../parser/ast.ts';
import { DDL_DONE, type DdlContext, type DdlResult } from './ddl-context.ts';
import { type DdlOwner, placeOf } from './ddl-places.ts';
import type { DeleteRange } from './delete-ranges.ts';
import * as errors from './errors.ts';
import { refuseTakenNames, renamedChecks } from './check-constraints.ts';
import { MetaHash, MetaReader, type MetaStore } from './meta-store.ts';
import { editSchema, type SchemaEdit } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { checkDatabaseName, checkTableName } from './table-builder.ts';

export interface FlashbackOwner extends DdlOwner {
  schemaAt(ts: bigint): Promise<CatalogSnapshot>;
}

/** A note of a drop, with what was dropped. */
interface Dropped {
  readonly field: string;
  readonly ts: bigint;
  readonly lower: string;
}

interface Found {
  /** One for each partition, or the one of the table: all of one drop. */
  readonly notes: readonly Dropped[];
  readonly database: DatabaseInfo;
  readonly table: TableInfo;
}

const COUNTERS = ['TID', 'IID', 'IIDClean', 'TIDClean'] as const;

export async function flashbackTable(
  owner: FlashbackOwner,
  statement: ast.FlashbackTableStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const { table: name, to } = statement;
  const place = placeOf(owner.snapshot(), name, context);
  const target = to ?? name.name;
  checkTableName(target);
  if (owner.snapshot().table(place.database.name, target) !== undefined) throw errors.tableExists(target);
  await whileHeld(owner.kv, async (notes) => {
    for (const note of notes) {
      const then = await owner.schemaAt(note.ts);
      const table = then.table(place.database.name, name.name);
      const database = then.entry(place.database.name)?.info;
      const own = table === undefined ? undefined : notesOf(table, notes, note.ts);
      if (table === undefined || database === undefined || own === undefined) continue;
      return restore(owner, [{ notes: own, database, table }], context, 'flashback-table', (edit) => {
        if (edit.snapshot.entry(place.database.name) === undefined) throw errors.unknownDatabase(place.database.name);
        if (edit.snapshot.table(place.database.name, target) !== undefined) throw errors.tableExists(target);
        return { database: place.database.name, rename: target };
      });
    }
    throw notFound(`dropped/truncated table: '${name.name}'`);
  });
  return DDL_DONE;
}

export async function flashbackDatabase(
  owner: FlashbackOwner,
  statement: ast.FlashbackDatabaseStatement,
  context: DdlContext,
): Promise<DdlResult> {
  const { name, to } = statement;
  const target = to ?? name;
  checkDatabaseName(target);
  if (owner.snapshot().database(target) !== undefined) throw errors.databaseExists(target);
  await whileHeld(owner.kv, async (notes) => {
    for (const newest of notes) {
      const entry = (await owner.schemaAt(newest.ts)).entry(name);
      if (entry === undefined) continue;
      // Of the same drop: a table that went on its own before is not in the schema of that moment.
      const found = [...entry.tables.values()].flatMap((table): Found[] => {
        const own = notesOf(table, notes, newest.ts);
        return own === undefined ? [] : [{ notes: own, database: entry.info, table }];
      });
      if (found.length === 0) continue;
      if (
        owner
          .snapshot()
          .databases()
          .some(({ id }) => id === entry.info.id)
      )
        continue;
      return restore(owner, found, context, 'flashback-database', (edit) => {
        if (edit.snapshot.database(target) !== undefined) throw errors.databaseExists(target);
        edit.putDatabase({ ...entry.info, name: target });
        for (const table of entry.tables.values()) if (table.view !== undefined) edit.putTable(target, table);
        return { database: target, rename: undefined };
      });
    }
    throw notFound(`dropped database: '${name}'`);
  });
  return DDL_DONE;
}

/** Notes of whole tables, newest first, while nothing of them can be cleared. */
async function whileHeld(kv: KvClient, work: (notes: readonly Dropped[]) => Promise<void>): Promise<void> {
  const now = await kv.timestamp();
  const safePoint = kv.safePoint();
  const hold = kv.holdSafePoint(safePoint > 0n ? safePoint : 1n);
  try {
    const fields = await new MetaReader(kv.snapshot(now)).fields(MetaHash.DELETE_RANGES);
    const notes = fields.map(({ field, value }): Dropped => {
      const range = JSON.parse(value) as DeleteRange;
      return { field, ts: BigInt(range.ts), lower: range.lower };
    });
    const readable = notes.filter(({ ts, lower }) => ts >= safePoint && lower.length === TABLE_PREFIX_SIZE * 2);
    await work(readable.sort((a, b) => (a.ts > b.ts ? -1 : 1)));
  } finally {
    hold.release();
  }
}

async function restore(
  owner: FlashbackOwner,
  found: readonly Found[],
  context: DdlContext,
  type: string,
  prepare: (edit: SchemaEdit) => { readonly database: string; readonly rename: string | undefined },
): Promise<void> {
  await editSchema(owner, type, async (edit) => {
    const { database, rename } = prepare(edit);
    const still = new Set((await edit.meta.fields(MetaHash.DELETE_RANGES)).map(({ field }) => field));
    for (const { notes, database: former, table } of found) {
      if (notes.some(({ field }) => !still.has(field))) throw notFound(`dropped/truncated table: '${table.name}'`);
      const { foreignKeys, ...rest } = table;
      if (foreignKeys !== undefined && foreignKeys.length > 0)
        context.warn('Note', 1105, `Foreign keys of table '${table.name}' are not restored`);
      const checks = rename === undefined ? table.checks : renamedChecks(table, rename);
      const made: TableInfo = { ...rest, ...(checks === undefined ? {} : { checks }), name: rename ?? table.name };
      refuseTakenNames(edit.snapshot, database, { ...made, id: 0 });
      edit.putTable(database, made);
      await restoreCounters(owner.kv, edit.meta, { from: former.id, to: edit.snapshot.entry(database)!.info.id, table: table.id, ts: notes[0]!.ts }); // prettier-ignore
      for (const { field } of notes) edit.meta.deleteField(MetaHash.DELETE_RANGES, field);
    }
    return edit.version;
  });
  await owner.settle();
}

/** AUTO_INCREMENT and hidden row ids go on where they were. */
async function restoreCounters(
  kv: KvClient,
  meta: MetaStore,
  place: { readonly from: number; readonly to: number; readonly table: number; readonly ts: bigint },
): Promise<void> {
  const then = new MetaReader(kv.snapshot(place.ts));
  for (const counter of COUNTERS) {
    const name = `${counter}:${place.table}`;
    const known = (await then.fields(`DB:${place.from}`, name)).find(({ field }) => field === name);
    if (known !== undefined) meta.putField(`DB:${place.to}`, name, known.value);
  }
}

/** The notes of all that the table stored, if that drop took all of it: a partition that went alone brings no table back. */
function notesOf(table: TableInfo, notes: readonly Dropped[], ts: bigint): readonly Dropped[] | undefined {
  if (table.view !== undefined) return undefined;
  const own = physicalIds(table).map((id) => {
    const lower = Buffer.from(tablePrefix(id)).toString('hex');
    return notes.find((note) => note.ts === ts && note.lower === lower);
  });
  return own.every((note) => note !== undefined) ? own : undefined;
}

function notFound(what: string): SqlError {
  return new SqlError(1105, 'HY000', `Can't find ${what} above the safe point`);
}

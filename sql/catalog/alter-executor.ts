/**
 * ALTER TABLE, the doing part: walks the way that alter-table.ts chose.
 *
 *     online    one schema version per state; after each, wait until nobody uses the version before; backfill; publish
 *     copy      block the table, copy it into a new id, swap the ids in one version, unblock
 *
 * What fails on the way is taken back, and what was written so far is noted for clearing: under an index id, or under the id of the copy,
 * that nobody will ever use again. After a crash indexes are taken up (index-jobs.ts), and the rest is
 * taken back (`Catalog`, and the note that is made before the copy begins).
 */
import { Buffer } from 'node:buffer';
import { assert } from '../../base/assert.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { DateTime } from '../../base/value/date-time.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import { tableInterval, type ZoneShift, zoneShift } from '../../proto/encoding/index.ts';
import { physicalTables } from '../../proto/schema/partitions.ts';
import { defaultDatum } from '../../proto/schema/stored-default.ts';
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, SchemaState, TableInfo } from '../../proto/schema/table-info.ts';
import type * as ast from '../parser/ast.ts';
import { type AlterPlan, planAlter } from './alter-table.ts';
import { refuseTakenNames } from './check-constraints.ts';
import { type ColumnMapping, copyTable } from './backfill.ts';
import { progressOf } from './ddl-jobs.ts';
import { fillAdded, type IndexJob, putJob, removeJob } from './index-jobs.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { baseTableAt, clearIndex, clearKeys, type DdlOwner, type Place, placeOf, whileBlocked } from './ddl-places.ts';
import { rangeField } from './delete-ranges.ts';
import {
  clauseOf,
  followRenamedColumns,
  type KeyScope,
  referencedTables,
  refuseTakenKeyNames,
} from './foreign-keys.ts';
import * as errors from './errors.ts';
import { hashKey, MetaHash } from './meta-store.ts';
import { idCount, refuseReferred, withIds } from './partitioning.ts';
import { editSchema, type SchemaEdit } from './schema-editor.ts';
import type { CatalogSnapshot } from './schema-snapshot.ts';
import { checkTableName } from './table-builder.ts';

/** RENAME TABLE, which ALTER TABLE … RENAME ends with. */
export type RenameTables = (renames: ast.RenameTableStatement['renames']) => Promise<unknown>;

export async function alterTable(
  owner: DdlOwner,
  name: ast.TableName,
  changes: readonly ast.TableChange[],
  context: DdlContext,
  renameTables: RenameTables,
): Promise<DdlResult> {
  const place = placeOf(owner.snapshot(), name, context);
  const table = baseTableAt(owner.snapshot(), place);
  const scope: KeyScope = { snapshot: owner.snapshot(), database: place.database.name, context };
  const plan = planAlter(table, changes, scope, context);
  const keyed = { ...plan.target, foreignKeys: plan.addedForeignKeys };
  refuseTakenKeyNames(owner.snapshot(), place.database.name, keyed);
  // Long before anything is built for them.
  for (const key of plan.addedForeignKeys) await refuseOrphans(place, table, plan.target, key, context);
  refuseTakenNames(owner.snapshot(), place.database.name, plan.target);
  if (plan.renameTo !== undefined) checkRename(owner.snapshot(), place, table, plan.renameTo, context);
  const copied =
    plan.mode === 'copy'
      ? await copyAlter(owner, place, table, plan, context)
      : await onlineAlter(owner, place, table, plan, context);
  if (plan.addedForeignKeys.length > 0) await addForeignKeys(owner, place, plan, context);
  const after = owner.snapshot().table(place.database.name, table.name);
  if (plan.autoIncrement !== undefined && after !== undefined) await owner.autoIds.restart(after, plan.autoIncrement);
  if (plan.renameTo !== undefined)
    await renameTables([{ from: { ...name, schema: place.database.name }, to: inDatabase(plan.renameTo, place) }]);
  return { affectedRows: copied, info: `Records: ${copied}  Duplicates: 0  Warnings: 0` };
}

/** The rows fulfil the key, as far as they have its columns already. */
async function refuseOrphans(
  place: Place,
  table: TableInfo,
  target: TableInfo,
  key: ForeignKeyInfo,
  context: DdlContext,
): Promise<void> {
  if (!context.foreignKeyChecks || !key.columns.every((id) => table.columns.some((column) => column.id === id))) return;
  const database = place.database.name;
  if (await context.hasOrphan(database, table, key))
    throw errors.orphanRow(database, table.name, clauseOf(target, key, database));
}

/** While nobody writes here or there: rows are looked at once more, and the keys are the schema's. */
async function addForeignKeys(owner: DdlOwner, place: Place, plan: AlterPlan, context: DdlContext): Promise<void> {
  const keys = plan.addedForeignKeys;
  const table = baseTableAt(owner.snapshot(), place);
  const parents = referencedTables(owner.snapshot(), table, keys);
  try {
    await whileBlocked(owner, [table, ...parents], context, async () => {
      for (const key of keys) await refuseOrphans(place, table, table, key, context);
      return editSchema(owner, 'add-foreign-key', (edit) => {
        const present = baseTableAt(edit.snapshot, place);
        refuseTakenKeyNames(edit.snapshot, place.database.name, { ...present, foreignKeys: keys });
        edit.putTable(place.database.name, { ...present, foreignKeys: [...(present.foreignKeys ?? []), ...keys] });
        return edit.version;
      });
    });
  } catch (error) {
    // The indexes that were made for them go again; other changes of the statement stay.
    const names = plan.addedIndexes.map(({ name }) => ({ kind: 'drop-index', name, ifExists: true }) as const);
    if (names.length > 0 && plan.mode === 'online')
      await dropAgain(owner, place, names, context).catch(() => undefined);
    throw error;
  }
}

function dropAgain(
  owner: DdlOwner,
  place: Place,
  changes: readonly ast.TableChange[],
  context: DdlContext,
): Promise<unknown> {
  const name = { name: place.name, schema: place.database.name, start: 0, end: 0 };
  return alterTable(owner, name, changes, context, () => Promise.resolve());
}

function inDatabase(name: ast.TableName, place: Place): ast.TableName {
  return name.schema === undefined ? { ...name, schema: place.database.name } : name;
}

/** Before anything is changed: the new name must be free. */
function checkRename(
  snapshot: CatalogSnapshot,
  place: Place,
  table: TableInfo,
  to: ast.TableName,
  context: DdlContext,
): void {
  const target = placeOf(snapshot, inDatabase(to, place), context);
  checkTableName(target.name);
  const taken = snapshot.table(target.database.name, target.name);
  if (taken !== undefined && taken.id !== table.id) throw errors.tableExists(target.name);
}

/** One step of a walk: stores the table as `shape` makes it, then waits for everybody who used the version before. */
async function step(
  owner: DdlOwner,
  place: Place,
  id: number,
  type: string,
  context: DdlContext,
  shape: (edit: SchemaEdit) => TableInfo,
): Promise<TableInfo> {
  const stored = await publishStep(owner, place, id, type, shape);
  await owner.leases.waitFor(id, stored.version, context.lockWaitMs);
  return stored.table;
}

async function publishStep(
  owner: DdlOwner,
  place: Place,
  id: number,
  type: string,
  shape: (edit: SchemaEdit) => TableInfo,
): Promise<{ readonly table: TableInfo; readonly version: number }> {
  const stored = await editSchema(owner, type, (edit) => {
    const present = baseTableAt(edit.snapshot, place);
    if (present.id !== id) throw errors.tableMissing(place.database.name, place.name);
    return { table: edit.putTable(place.database.name, shape(edit)), version: edit.version };
  });
  await owner.settle();
  return stored;
}

const withState = <T extends { readonly state: SchemaState }>(state: SchemaState, items: readonly T[]): T[] =>
  items.map((one) => ({ ...one, state }));

/** A table in the middle of a walk: `base` with some columns behind the public ones and some indexes, in given states. */
function inBetween(
  base: TableInfo,
  columns: readonly ColumnInfo[],
  indexes: readonly IndexInfo[],
  ids: TableInfo,
): TableInfo {
  const moving = new Set(columns.map((column) => column.id));
  const ordered = [...base.columns.filter((column) => !moving.has(column.id)), ...columns].map((column, offset) => ({
    ...column,
    offset,
  }));
  const offsets = new Map(ordered.map((column) => [column.id, column.offset]));
  const movingIndexes = new Set(indexes.map((index) => index.id));
  const place = (index: IndexInfo, from: readonly ColumnInfo[]): IndexInfo => ({
    ...index,
    columns: index.columns.map((part) => ({ ...part, offset: offsets.get(from[part.offset]!.id) ?? part.offset })),
  });
  return {
    ...base,
    columns: ordered,
    indexes: [
      ...base.indexes.filter((index) => !movingIndexes.has(index.id)).map((index) => place(index, base.columns)),
      ...indexes.map((index) =>
        place(index, base.indexes.some((one) => one.id === index.id) ? base.columns : ids.columns),
      ),
    ],
    columnIdMax: ids.columnIdMax,
    indexIdMax: ids.indexIdMax,
  };
}

async function onlineAlter(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  plan: AlterPlan,
  context: DdlContext,
): Promise<number> {
  const { target, addedColumns, addedIndexes, droppedColumns, droppedIndexes } = plan;
  const walk = (type: string, shape: (edit: SchemaEdit) => TableInfo): Promise<TableInfo> =>
    step(owner, place, table.id, type, context, shape);
  const job = plan.addsOnlyIndexes && droppedIndexes.length === 0 ? jobOf(table, plan, context) : undefined;
  let base = table;
  let blocked = false;
  if (addedColumns.length > 0 || addedIndexes.length > 0) {
    const adding = (state: SchemaState): TableInfo =>
      inBetween(table, withState(state, addedColumns), withState(state, addedIndexes), target);
    let reached: SchemaState = 'none';
    try {
      for (const state of ['delete-only', 'write-only', 'write-reorganization'] as const) {
        context.checkKilled();
        reached = state;
        const shape = adding(state);
        await walk(`add: ${state}`, (edit) => {
          if (state === 'write-reorganization' && job !== undefined) putJob(edit.meta, job);
          return shape;
        });
      }
      if (addedIndexes.length > 0)
        await fillAdded(owner, adding('write-reorganization'), context, job, () => (blocked = true));
    } catch (error) {
      try {
        if (reached !== 'none') await walkBack(owner, place, table, adding('delete-only'), addedIndexes);
      } finally {
        if (blocked) owner.leases.unblock(table.id);
      }
      throw error;
    }
    base = adding('public');
  }
  try {
    await publishOnline();
  } finally {
    if (blocked) owner.leases.unblock(table.id);
  }
  return 0;

  async function publishOnline(): Promise<void> {
    if (droppedColumns.length > 0 || droppedIndexes.length > 0) {
      for (const state of ['write-only', 'delete-only'] as const) {
        const shape = inBetween(base, withState(state, droppedColumns), withState(state, droppedIndexes), target);
        await walk(`drop: ${state}`, () => shape);
      }
    }
    await walk('alter-table', (edit) => {
      followRenamedColumns(edit, place.database.name, table, target);
      for (const index of droppedIndexes) clearIndex(edit, table, index);
      removeJob(edit.meta, table.id);
      return target;
    });
  }
}

function jobOf(table: TableInfo, plan: AlterPlan, context: DdlContext): IndexJob {
  return {
    tableId: table.id,
    query: context.job?.query ?? '',
    indexes: plan.target.indexes,
    added: plan.addedIndexes.map(({ id }) => id),
    rows: 0,
    paused: false,
  };
}

/**
 * Undoes an ADD without waiting for anybody: a transaction of an older version may still write entries or columns under ids that
 * nobody knows then and that are never used again; what they leave is cleared with the rest, or skipped by every reader.
 */
async function walkBack(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  deleteOnly: TableInfo,
  indexes: readonly IndexInfo[],
): Promise<void> {
  await publishStep(owner, place, table.id, 'roll back: delete-only', () => deleteOnly);
  await publishStep(owner, place, table.id, 'roll back', (edit) => {
    removeJob(edit.meta, table.id);
    for (const index of indexes) clearIndex(edit, table, index);
    return { ...table, columnIdMax: deleteOnly.columnIdMax, indexIdMax: deleteOnly.indexIdMax };
  });
}

/** Copies the table into a new id while nobody else uses it. */
async function copyAlter(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  plan: AlterPlan,
  context: DdlContext,
): Promise<number> {
  let copied = 0;
  const { autoIncrementStart: _start, ...rest } = plan.target;
  const shape = plan.autoIncrement === undefined ? rest : { ...rest, autoIncrementStart: plan.autoIncrement };
  await whileBlocked(owner, [table], context, () =>
    withShadow(owner, idCount(shape), async (first, field) => {
      const target = withIds(shape, first);
      const zone = zoneShift(context.timeZone ?? 0);
      let lastHandle = 0;
      copied = await copyTable(
        owner.kv,
        {
          sources: physicalTables(table),
          source: table,
          target,
          place: placing(target, context),
          mappings: target.columns.map((column): ColumnMapping => {
            const source = table.columns.find((one) => one.id === column.id);
            return { target: column, source, value: plan.addedValues.get(column.id) ?? originValue(column, zone) };
          }),
          convert: (value, from, to, row) => context.convert(value, from, to, row),
          zone,
          rules: context.rowRules(target),
          hiddenHandles: (count) => {
            lastHandle += count;
            return lastHandle - count + 1;
          },
        },
        progressOf(context),
      );
      return editSchema(owner, 'copy-table: swap', (edit) => {
        const present = baseTableAt(edit.snapshot, place);
        assert(present.id === table.id, 'a blocked table stays what it is');
        followRenamedColumns(edit, place.database.name, present, target);
        refuseReferred(edit.snapshot, place.database.name, target);
        edit.putTable(place.database.name, withoutOrigins(target), present);
        clearKeys(edit, table);
        edit.meta.deleteField(MetaHash.DELETE_RANGES, field);
        if (lastHandle > 0) edit.meta.put(hashKey(`DB:${place.database.id}`, `TID:${target.id}`), String(lastHandle));
        return edit.version;
      });
    }),
  );
  owner.tableGone(table);
  return copied;
}

/** The physical table that a row goes to. */
export function placing(target: TableInfo, context: DdlContext): (row: readonly (Datum | undefined)[]) => TableInfo {
  if (target.partitioning === undefined) return () => target;
  const tables = physicalTables(target);
  const placed = context.partitions.placing(target);
  return (row) => {
    const position = placed.find(row);
    if (position < 0) throw placed.failure(row);
    return tables[position]!;
  };
}

/**
 * Runs `work` with ids that nobody uses, the first of `count` in a row. What lies under them is noted for clearing before its first row is
 * written, so a crash leaves nothing behind; `work` takes the note (`field`) away in the step that makes the ids the schema's.
 */
export async function withShadow<T>(
  owner: DdlOwner,
  count: number,
  work: (first: number, field: string) => Promise<T>,
): Promise<T> {
  let first = 0;
  let field = '';
  try {
    await editSchema(owner, 'copy-table: begin', async (edit) => {
      first = await edit.meta.allocateIds(count);
      const interval = { lower: tableInterval(first).lower, upper: tableInterval(first + count - 1).upper };
      field = rangeField({
        lower: Buffer.from(interval.lower).toString('hex'),
        upper: Buffer.from(interval.upper).toString('hex'),
        ts: '0',
      });
      owner.rebuilding.add(field);
      edit.clearLater(interval);
    });
    return await work(first, field);
  } finally {
    owner.rebuilding.delete(field);
  }
}

function originValue(column: ColumnInfo, zone: ZoneShift): ColumnMapping['value'] {
  const value = defaultDatum(column.originDefault, column.type);
  return value !== null && column.type.code === TypeCode.TIMESTAMP ? zone.fromUtc(value as DateTime) : value;
}

/** Every row was written with every column: nothing is older than a column any more. */
function withoutOrigins(table: TableInfo): TableInfo {
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, originDefault: { kind: 'null' as const } })),
  };
}

/**
 * EXCHANGE PARTITION … WITH TABLE: the partition's id becomes the table's and the table's the partition's; no row moves. What is stored under an id must
 * read the same on both sides, so the definitions must be equal down to the ids of columns and indexes (`CREATE TABLE … LIKE` makes such a table).
 *
 * The partitioned table gets a new id of its own, under which nothing is stored: hidden handles and AUTO_INCREMENT values that servers have reserved for
 * the old one may be in use among the rows that come. The counters of both begin behind what either had given out.
 */
import { zoneShift } from '../../proto/encoding/index.ts';
import { partitionPosition } from '../../proto/schema/partitions.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { hasReferences } from '../../proto/schema/references.ts';
import type * as ast from '../parser/ast.ts';
import { visitRows } from './backfill.ts';
import type { DdlContext } from './ddl-context.ts';
import { baseTableAt, type DdlOwner, type Place, placeOf, whileBlocked } from './ddl-places.ts';
import { hashKey } from './meta-store.ts';
import * as failures from './partition-errors.ts';
import { editSchema, type SchemaEdit } from './schema-editor.ts';

type Exchange = Extract<ast.TableChange, { kind: 'exchange-partition' }>;

export async function exchangePartition(
  owner: DdlOwner,
  place: Place,
  table: TableInfo,
  change: Exchange,
  context: DdlContext,
): Promise<void> {
  const otherPlace = placeOf(owner.snapshot(), change.table, context);
  const other = baseTableAt(owner.snapshot(), otherPlace);
  if (other.partitioning !== undefined) throw failures.exchangePartitioned(other.name);
  if (hasReferences(owner.snapshot(), otherPlace.database.name, other)) throw failures.exchangeReferenced(other.name);
  const position = partitionPosition(table, change.name);
  if (position < 0) throw failures.unknownPartition(change.name, table.name);
  refuseDifferent(table, other);
  await whileBlocked(owner, [table, other], context, async () => {
    if (change.validation !== false) await validate(owner, table, other, position, context);
    const stored = (await owner.autoIds.highestStored(other)) ?? 0n;
    const given = BigInt(await owner.autoIds.peek(table));
    const nextId = given > stored ? given : stored + 1n;
    return editSchema(owner, 'exchange-partition', async (edit) => {
      const present = baseTableAt(edit.snapshot, place);
      const present2 = baseTableAt(edit.snapshot, otherPlace);
      const partitions = present.partitioning!.partitions.map((one, i) =>
        i === position ? { ...one, id: present2.id } : one,
      );
      const partitionId = present.partitioning!.partitions[position]!.id;
      const handles = await highestHandle(edit, [
        { place, id: present.id },
        { place: otherPlace, id: present2.id },
      ]);
      const { autoIncrementStart: _start, ...rest } = present2;
      const id = await edit.meta.allocateIds(1);
      const next = { ...present, id, partitioning: { ...present.partitioning!, partitions } };
      edit.putTable(place.database.name, next, present);
      edit.putTable(otherPlace.database.name, { ...rest, id: partitionId }, present2);
      if (table.columns.some((column) => column.autoIncrement)) {
        edit.meta.put(hashKey(`DB:${place.database.id}`, `IID:${id}`), String(nextId - 1n));
        edit.meta.putField(`DB:${place.database.id}`, `IIDClean:${id}`, String(nextId));
      }
      if (handles > 0n) {
        edit.meta.put(hashKey(`DB:${place.database.id}`, `TID:${id}`), String(handles));
        edit.meta.put(hashKey(`DB:${otherPlace.database.id}`, `TID:${partitionId}`), String(handles));
      }
      return edit.version;
    });
  });
  owner.tableGone(table);
  owner.tableGone(other);
}

/** Each row of the table belongs to the partition. */
async function validate(
  owner: DdlOwner,
  table: TableInfo,
  other: TableInfo,
  position: number,
  context: DdlContext,
): Promise<void> {
  const placed = context.partitions.placing(table);
  await visitRows(
    owner.kv,
    other,
    zoneShift(context.timeZone ?? 0),
    (row) => {
      if (placed.find(row) !== position) throw failures.rowDoesNotMatch();
    },
    () => context.checkKilled(),
  );
}

async function highestHandle(
  edit: SchemaEdit,
  tables: readonly { readonly place: Place; readonly id: number }[],
): Promise<bigint> {
  let highest = 0n;
  for (const { place, id } of tables) {
    const reserved = BigInt((await edit.meta.text(hashKey(`DB:${place.database.id}`, `TID:${id}`))) ?? 0);
    if (reserved > highest) highest = reserved;
  }
  return highest;
}

/** 1736 for tables that differ; 1731 for what only the storage tells apart. */
function refuseDifferent(table: TableInfo, other: TableInfo): void {
  const looks = (one: TableInfo): unknown => ({
    columns: one.columns.map(({ name, type, autoIncrement, state, generated }) => [name.toLowerCase(), type, autoIncrement, state, generated]),
    indexes: one.indexes.map(({ name, columns, unique, primary, state }) => [
      name.toLowerCase(), unique, primary, state, columns.map(({ offset, prefixLength, descending }) => [offset, prefixLength, descending]),
    ]),
    checks: (one.checks ?? []).filter(({ enforced }) => enforced).map(({ sql }) => sql).sort(),
    handle: [one.pkIsHandle, one.isCommonHandle],
  }); // prettier-ignore
  if (!same(looks(table), looks(other))) throw failures.differentTables();
  if (table.charset !== other.charset || table.collation !== other.collation)
    throw failures.differentOption('CHARACTER SET');
  if (table.comment !== other.comment) throw failures.differentOption('COMMENT');
  const ids = (one: TableInfo): unknown => [one.columns.map(({ id }) => id), one.indexes.map(({ id }) => id)];
  if (!same(ids(table), ids(other))) throw failures.differentOption('COLUMN AND INDEX IDS');
  const origins = (one: TableInfo): unknown => one.columns.map(({ originDefault }: ColumnInfo) => originDefault);
  if (!same(origins(table), origins(other))) throw failures.differentOption('VALUES OF ADDED COLUMNS');
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

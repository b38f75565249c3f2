/**
 * ALTER TABLE on partitions, one change a statement, as in MySQL. Statements are kept off the table meanwhile, and transactions that use it are
 * waited for; each change is one version of the schema.
 *
 *     ADD to RANGE, LIST                        new ids, empty
 *     DROP, TRUNCATE                            an id goes (and an empty one comes); its keys are cleared later
 *     EXCHANGE                                  two ids change places, no row moves (exchange-partition.ts)
 *     REORGANIZE, REBUILD, COALESCE, ADD to HASH, KEY
 *                                               rows of the partitions concerned are copied under new ids
 *
 * A partition's id is never used again for other rows of the table, so readers at older timestamps are safe from what comes later.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import { compareBytes } from '../../proto/encoding/comparable.ts';
import { tableInterval, zoneShift } from '../../proto/encoding/index.ts';
import { keyColumnOf } from '../../proto/encoding/key-datum.ts';
import { encodeBounds } from '../../proto/encoding/partition-bounds.ts';
import { partitionPosition, physicalTables } from '../../proto/schema/partitions.ts';
import type { PartitionInfo, PartitioningInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type * as ast from '../parser/ast.ts';
import { placing, withShadow } from './alter-executor.ts';
import { copyTable } from './backfill.ts';
import { progressOf } from './ddl-jobs.ts';
import type { DdlContext, DdlResult } from './ddl-context.ts';
import { baseTableAt, type DdlOwner, type Place, placeOf, whileBlocked } from './ddl-places.ts';
import * as errors from './errors.ts';
import { exchangePartition } from './exchange-partition.ts';
import { MetaHash } from './meta-store.ts';
import * as failures from './partition-errors.ts';
import { buildPartitions, checkPartitioning, defaultPartitions, isHashed, kindOf, NO_ID } from './partitioning.ts';
import { editSchema } from './schema-editor.ts';

type PartitionChange = Extract<
  ast.TableChange,
  { kind: 'add-partition' | 'coalesce-partition' | 'reorganize-partition' | 'exchange-partition' | 'partition-action' }
>;

const KINDS: ReadonlySet<ast.TableChange['kind']> = new Set([
  'add-partition', 'coalesce-partition', 'reorganize-partition', 'exchange-partition', 'partition-action',
]); // prettier-ignore
/** What may stand beside one: how, not what. */
const WAYS: ReadonlySet<ast.TableChange['kind']> = new Set(['algorithm', 'lock', 'validation']);

export function isPartitionChange(change: ast.TableChange): change is PartitionChange {
  return KINDS.has(change.kind);
}

export async function alterPartitions(
  owner: DdlOwner,
  name: ast.TableName,
  changes: readonly ast.TableChange[],
  context: DdlContext,
): Promise<DdlResult> {
  const change = changes.find(isPartitionChange)!;
  const other = changes.find((one) => one !== change && !WAYS.has(one.kind));
  if (other !== undefined) throw errors.unsupported('a change of partitions beside other changes');
  const place = placeOf(owner.snapshot(), name, context);
  const table = baseTableAt(owner.snapshot(), place);
  if (table.partitioning === undefined) throw failures.notPartitioned();
  const work: Work = { owner, place, table, was: table.partitioning, context };
  const copied = await carryOut(work, change);
  return { affectedRows: copied, info: `Records: ${copied}  Duplicates: 0  Warnings: 0` };
}

interface Work {
  readonly owner: DdlOwner;
  readonly place: Place;
  readonly table: TableInfo;
  readonly was: PartitioningInfo;
  readonly context: DdlContext;
}

/** Answers how many rows were copied. */
async function carryOut(work: Work, change: PartitionChange): Promise<number> {
  switch (change.kind) {
    case 'add-partition':
      return add(work, change);
    case 'coalesce-partition':
      return coalesce(work, change.count);
    case 'reorganize-partition':
      return reorganize(work, change);
    case 'exchange-partition':
      await exchangePartition(work.owner, work.place, work.table, change, work.context);
      return 0;
    case 'partition-action':
      return act(work, change);
    default:
      return unreachable(change);
  }
}

function add(work: Work, change: Extract<PartitionChange, { kind: 'add-partition' }>): Promise<number> {
  const { was, table, context } = work;
  const kind = kindOf(was.method);
  if (change.count === 0) throw failures.addNothing();
  if (!isHashed(was.method)) {
    if (change.partitions.length === 0) throw failures.mustBeDefined(kind === 'LIST' ? 'LIST' : 'RANGE');
    const added = buildPartitions(table, was, change.partitions, context);
    return publish(work, [...was.partitions, ...added]);
  }
  const count = was.partitions.length;
  const added =
    change.partitions.length > 0
      ? buildPartitions(table, was, change.partitions, context)
      : defaultPartitions(change.count ?? 1, firstFree(was.partitions));
  // Each row may have another place among more.
  return rebuild(work, [...was.partitions.map(anew), ...added], count);
}

/** From here on no `pN` is taken. */
function firstFree(partitions: readonly PartitionInfo[]): number {
  let first = partitions.length;
  for (const { name } of partitions) {
    const number = /^p(\d{1,6})$/i.exec(name)?.[1];
    if (number !== undefined) first = Math.max(first, Number(number) + 1);
  }
  return first;
}

/** The partition under an id that it will get. */
function anew(one: PartitionInfo): PartitionInfo {
  return { ...one, id: NO_ID };
}

function coalesce(work: Work, count: number): Promise<number> {
  const { partitions, method } = work.was;
  if (!isHashed(method)) throw failures.coalesceHashOnly();
  if (count === 0) throw failures.coalesceNothing();
  if (count >= partitions.length) throw failures.dropAll();
  return rebuild(work, partitions.slice(0, -count).map(anew), partitions.length);
}

function reorganize(work: Work, change: Extract<PartitionChange, { kind: 'reorganize-partition' }>): Promise<number> {
  const { was, table, context } = work;
  const { partitions, method } = was;
  if (change.names.length === 0) throw failures.reorganizeNothing();
  if (change.names.length > partitions.length) throw failures.reorganizeTooMany();
  const positions = positionsOf(table, change.names, () => failures.wrongList('REORGANIZE'));
  if (isHashed(method) && change.into.length !== positions.length) throw failures.reorganizeSameCount();
  const consecutive = positions.every((position, i) => position === positions[0]! + i);
  if (kindOf(method) === 'RANGE' && !consecutive) throw failures.notConsecutive();
  const into = buildPartitions(table, was, change.into, context);
  const kept = partitions.filter((_, position) => !positions.includes(position));
  const at = partitions.slice(0, positions[0]).filter((one) => kept.includes(one)).length;
  const next = [...kept.slice(0, at), ...into, ...kept.slice(at)];
  checkPartitioning(withPartitions(table, next), context);
  if (kindOf(method) === 'RANGE') checkTotalRange(work, positions.at(-1)!, into.at(-1)!);
  return rebuild(work, next, positions.length);
}

/** Positions, ascending, each once. */
function positionsOf(
  table: TableInfo,
  names: readonly string[] | undefined,
  missing: (name: string) => Error,
): readonly number[] {
  if (names === undefined) return table.partitioning!.partitions.map((_, position) => position);
  const positions = names.map((name) => {
    const position = partitionPosition(table, name);
    if (position < 0) throw missing(name);
    return position;
  });
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** The last of the new bounds is the last of the old ones, or above it at the table's end. */
function checkTotalRange({ was, table }: Work, lastPosition: number, last: PartitionInfo): void {
  const before = was.partitions[lastPosition]!.lessThan!;
  const after = last.lessThan!;
  const order = (): number => {
    if (was.method !== 'RANGE') {
      const columns = was.columns.map((id) => keyColumnOf(table.columns.find((column) => column.id === id)!.type));
      return compareBytes(encodeBounds(columns, after), encodeBounds(columns, before));
    }
    const [a, b] = [after[0]!, before[0]!].map((bound) => (typeof bound === 'string' ? undefined : BigInt(bound.text)));
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
    return a === b ? 0 : a > b ? 1 : -1;
  };
  const compared = order();
  if (compared < 0 || (compared > 0 && lastPosition < was.partitions.length - 1)) throw failures.outsideRange();
}

function act(work: Work, change: Extract<PartitionChange, { kind: 'partition-action' }>): Promise<number> {
  const { table, was } = work;
  const { partitions } = was;
  switch (change.action) {
    case 'DROP': {
      if (isHashed(was.method)) throw failures.rangeListOnly('DROP');
      const gone = positionsOf(table, change.names, () => failures.wrongList('DROP'));
      if (gone.length === partitions.length) throw failures.dropAll();
      return publish(
        work,
        partitions.filter((_, position) => !gone.includes(position)),
      );
    }
    case 'TRUNCATE': {
      const emptied = positionsOf(table, change.names, (name) => failures.unknownPartition(name, table.name));
      return publish(
        work,
        partitions.map((one, position) => (emptied.includes(position) ? anew(one) : one)),
      );
    }
    case 'REBUILD': {
      const rebuilt = positionsOf(table, change.names, () => failures.wrongList('REBUILD'));
      const next = partitions.map((one, position) => (rebuilt.includes(position) ? anew(one) : one));
      return rebuild(work, next, rebuilt.length);
    }
    default:
      throw errors.unsupported(`ALTER TABLE ... ${change.action} PARTITION`);
  }
}

function withPartitions(table: TableInfo, partitions: readonly PartitionInfo[]): TableInfo {
  return { ...table, partitioning: { ...table.partitioning!, partitions } };
}

/** Those without an id get the next ones. */
function numbered(partitions: readonly PartitionInfo[], first: number): PartitionInfo[] {
  let id = first;
  return partitions.map((one) => (one.id === NO_ID ? { ...one, id: id++ } : one));
}

/** Partitions that go are cleared later, new ones are empty. */
async function publish(work: Work, partitions: readonly PartitionInfo[]): Promise<number> {
  const { owner, place, table, was, context } = work;
  checkPartitioning(withPartitions(table, partitions), context);
  const added = partitions.filter((one) => one.id === NO_ID).length;
  await whileBlocked(owner, [table], context, () =>
    editSchema(owner, 'alter-partitions', async (edit) => {
      const present = baseTableAt(edit.snapshot, place);
      assert(present.id === table.id, 'a blocked table stays what it is');
      const next = numbered(partitions, added === 0 ? NO_ID : await edit.meta.allocateIds(added));
      edit.putTable(place.database.name, withPartitions(present, next));
      for (const { id } of was.partitions) if (!next.some((one) => one.id === id)) edit.clearLater(tableInterval(id));
      return edit.version;
    }),
  );
  return 0;
}

/** Rows of the `gone` partitions that are not among the next ones are copied into the new ones. */
async function rebuild(work: Work, partitions: readonly PartitionInfo[], gone: number): Promise<number> {
  const { owner, place, table, was, context } = work;
  checkPartitioning(withPartitions(table, partitions), context);
  const kept = new Set(partitions.map(({ id }) => id));
  const sources = physicalTables(table).filter(({ id }) => !kept.has(id));
  assert(sources.length === gone, 'what is copied is what goes');
  const added = partitions.filter((one) => one.id === NO_ID).length;
  let copied = 0;
  await whileBlocked(owner, [table], context, () =>
    withShadow(owner, added, async (first, field) => {
      const next = numbered(partitions, first);
      const target = withPartitions(table, next);
      const placed = placing(target, context);
      copied = await copyTable(
        owner.kv,
        {
          sources,
          source: table,
          target,
          place: (row) => {
            const physical = placed(row);
            if (kept.has(physical.id)) throw misplaced(sources);
            return physical;
          },
          mappings: target.columns.map((column) => ({ target: column, source: column, value: null })),
          convert: (value) => value,
          zone: zoneShift(context.timeZone ?? 0),
          rules: undefined,
          // Those of the table: other partitions keep theirs.
          hiddenHandles: async (count) => Number(await owner.autoIds.allocate('row-id', table, count)),
        },
        progressOf(context),
      );
      return editSchema(owner, 'alter-partitions: swap', (edit) => {
        const present = baseTableAt(edit.snapshot, place);
        assert(present.id === table.id, 'a blocked table stays what it is');
        edit.putTable(place.database.name, withPartitions(present, next));
        for (const { id } of was.partitions) if (!kept.has(id)) edit.clearLater(tableInterval(id));
        edit.meta.deleteField(MetaHash.DELETE_RANGES, field);
        return edit.version;
      });
    }),
  );
  return copied;
}

/** A row that an exchange without validation put where it does not belong. */
function misplaced(sources: readonly TableInfo[]): SqlError {
  return new SqlError(1863, 'HY000', 'Found a row in wrong partition', { fields: { sources: sources.length } });
}

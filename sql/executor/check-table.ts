/**
 * ADMIN CHECK TABLE: do rows and index entries agree? And CHECKSUM TABLE: one number over all rows.
 *
 * Both directions are looked at, at one timestamp: every row must have exactly the entry that it would be given today in each public
 * index (byte for byte, so a stale value shows, too), and every entry must belong to a row that has it. Rows are read in batches and
 * their entries in one call a batch; the entries are then counted, which finds those that no row accounts for, and only a wrong
 * count has them looked up one by one.
 */
import { checksum } from '../../base/checksum.ts';
import { SqlError } from '../../base/error.ts';
import { isPromise, type MaybePromise } from '../../base/outcome.ts';
import type { Row } from '../../base/value/datum.ts';
import type { KvBatch, Scanner, Snapshot } from '../../kv/client/client.ts';
import { compareBytes } from '../../proto/encoding/comparable.ts';
import { TableEncoder } from '../../proto/encoding/index-mutations.ts';
import {
  decodeRowHandle,
  encodeRowKey,
  type Handle,
  handleText,
  indexInterval,
  rowInterval,
} from '../../proto/encoding/keys.ts';
import { RowDecoder } from '../../proto/encoding/row-decoder.ts';
import type { PartitionFunction } from '../../proto/plan/physical.ts';
import { partitionsOf, physicalTables } from '../../proto/schema/partitions.ts';
import type { IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { ExecutionContext } from './context.ts';
import { Run } from './run.ts';
import { indexHandleDecoder } from './storage/codecs.ts';
import { partitionRouter } from './storage/partition-router.ts';
import { zoneShift } from '../../proto/encoding/zone.ts';
import { UTC } from '../../proto/encoding/time-packing.ts';

const BATCH_ROWS = 512;

export interface TableCheck {
  readonly rows: number;
  /** Entries per index, by name. */
  readonly entries: ReadonlyMap<string, number>;
}

/** Throws 8223 with the first disagreement it finds. `partitions`: where rows belong, and which partitions are looked at. */
export async function checkTable(
  table: TableInfo,
  context: ExecutionContext,
  partitions?: { readonly function: PartitionFunction; readonly positions: readonly number[] | undefined },
): Promise<TableCheck> {
  let rows = 0;
  const entries = new Map<string, number>();
  const router = partitions && partitionRouter(table, partitions.function);
  for (const [position, one] of physicalTables(table).entries()) {
    if (partitions?.positions?.includes(position) === false) continue;
    const isHome = router && ((row: Row) => router.find(row, context.evaluation) === position);
    const misplaced = `Found a row in wrong partition ${partitionsOf(table)[position]?.name}`;
    const found = await checkPhysical(one, context, (row) => {
      if (isHome?.(row) === false) throw new SqlError(1863, 'HY000', misplaced);
    });
    rows += found.rows;
    for (const [name, count] of found.entries) entries.set(name, (entries.get(name) ?? 0) + count);
  }
  return { rows, entries };
}

async function checkPhysical(
  table: TableInfo,
  context: ExecutionContext,
  look: (row: Row) => void,
): Promise<TableCheck> {
  const run = new Run(context);
  const { reader } = context;
  // The zone in which a partitioning expression reads a TIMESTAMP.
  const zone = zoneShift(context.evaluation.timeZone);
  const encoder = new TableEncoder(table, zone);
  const decoder = new RowDecoder(table, table.columns, zone);
  const checked = encoder.indexes.filter((one) => one.index.state === 'public');
  let rows = 0;
  await forEachBatch(reader.scan(rowInterval(table.id), { long: true }), run, (pairs) => {
    const handles: Handle[] = [];
    const keys: Uint8Array[] = [];
    const expected: Uint8Array[] = [];
    const indexes: IndexInfo[] = [];
    for (let i = 0; i < pairs.count; i++) {
      rows++;
      const row: Row = [];
      decoder.decodeAt(pairs, i, row);
      look(row);
      const handle = decodeRowHandle(pairs.keyBytes[i]!, pairs.keyStart[i]!, pairs.keyEnd[i]!);
      for (const one of checked) {
        const entry = one.entry(row, handle);
        keys.push(entry.key);
        expected.push(entry.value);
        indexes.push(one.index);
        handles.push(handle);
      }
    }
    if (keys.length === 0) return;
    const compare = (values: readonly (Uint8Array | undefined)[]): void => {
      for (let k = 0; k < keys.length; k++) {
        const value = values[k];
        if (value === undefined) throw disagreement(table, indexes[k]!, handles[k]!, 'the row has no entry');
        if (compareBytes(value, expected[k]!) !== 0)
          throw disagreement(table, indexes[k]!, handles[k]!, 'the entry holds something else than the row');
      }
    };
    const values = reader.getMany(keys);
    return isPromise(values) ? values.then(compare) : compare(values);
  });
  const entries = new Map<string, number>();
  for (const one of checked) {
    let count = 0;
    await forEachBatch(reader.scan(indexInterval(table.id, one.index.id), { long: true }), run, (pairs) => {
      count += pairs.count;
    });
    entries.set(one.index.name, count);
    if (count !== rows) await findOrphan(table, one.index, encoder, decoder, reader, run);
  }
  return { rows, entries };
}

/** An entry whose row is not there, or would have another entry. */
async function findOrphan(
  table: TableInfo,
  index: IndexInfo,
  encoder: TableEncoder,
  decoder: RowDecoder,
  reader: Snapshot,
  run: Run,
): Promise<void> {
  const entryDecoder = indexHandleDecoder(table, index, UTC);
  const own = encoder.indexes.find((one) => one.index === index)!;
  await forEachBatch(reader.scan(indexInterval(table.id, index.id), { long: true }), run, (pairs) => {
    const handles: Handle[] = [];
    const entryKeys: Uint8Array[] = [];
    for (let i = 0; i < pairs.count; i++) {
      const keyStart = pairs.keyStart[i]!;
      const keyEnd = pairs.keyEnd[i]!;
      handles.push(
        entryDecoder.handle(
          pairs.keyBytes[i]!,
          keyStart,
          keyEnd,
          pairs.valueBytes[i]!,
          pairs.valueStart[i]!,
          pairs.valueEnd[i]!,
        ),
      );
      entryKeys.push(pairs.keyBytes[i]!.slice(keyStart, keyEnd));
    }
    const keys = handles.map((handle) => encodeRowKey(table.id, handle));
    const compare = (values: readonly (Uint8Array | undefined)[]): void => {
      values.forEach((value, i) => {
        if (value === undefined) throw disagreement(table, index, handles[i]!, 'the entry has no row');
        const row: Row = [];
        decoder.decodeEntry(keys[i]!, 0, keys[i]!.length, value, 0, value.length, row);
        if (compareBytes(own.key(row, handles[i]!), entryKeys[i]!) !== 0)
          throw disagreement(table, index, handles[i]!, 'the row has another entry');
      });
    };
    const values = reader.getMany(keys);
    return isPromise(values) ? values.then(compare) : compare(values);
  });
  throw new SqlError(
    8223,
    'HY000',
    `data inconsistency in table: ${table.name}, index: ${index.name}: the number of entries is not the number of rows`,
  );
}

function disagreement(table: TableInfo, index: IndexInfo, handle: Handle, what: string): SqlError {
  return new SqlError(
    8223,
    'HY000',
    `data inconsistency in table: ${table.name}, index: ${index.name}, handle: ${handleText(handle)}: ${what}`,
    {
      fields: { table: table.name, index: index.name, handle: handleText(handle) },
    },
  );
}

/**
 * A number that is equal for equal rows, whatever their order: CRC32 of each key and value, summed up. Keys count from behind the table's
 * id, so a copied table has its original's checksum.
 */
export async function checksumTable(table: TableInfo, context: ExecutionContext): Promise<number> {
  const run = new Run(context);
  let sum = 0;
  for (const { id } of physicalTables(table))
    await forEachBatch(context.reader.scan(rowInterval(id), { long: true }), run, (pairs) => {
      for (let i = 0; i < pairs.count; i++) {
        const keyCrc = checksum(pairs.keyBytes[i]!, pairs.keyStart[i]! + 9, pairs.keyEnd[i]!);
        sum = (sum + checksum(pairs.valueBytes[i]!, pairs.valueStart[i]!, pairs.valueEnd[i]!, keyCrc)) >>> 0;
      }
    });
  return sum;
}

async function forEachBatch(scanner: Scanner, run: Run, visit: (pairs: KvBatch) => MaybePromise<void>): Promise<void> {
  try {
    for (;;) {
      const got = scanner.next(BATCH_ROWS);
      const pairs = isPromise(got) ? await got : got;
      if (pairs === undefined) return;
      const visited = visit(pairs);
      if (isPromise(visited)) await visited;
      run.checkpoint();
      if (run.due()) await run.pause();
    }
  } finally {
    scanner.close();
  }
}

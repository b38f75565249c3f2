/**
 * information_schema.PARTITIONS: a line for each partition, and one without a name for a table that has none. Rows are counted, up to a bound;
 * past it a partition shows what the last ANALYZE TABLE found in it.
 */
import type { Batch, Datum } from '../../../base/value/datum.ts';
import { fromEpoch } from '../../../base/value/time-zone.ts';
import type { DatabaseInfo, TableInfo } from '../../../proto/schema/table-info.ts';
import { partitionDescription, partitionExpression } from '../partition-text.ts';
import type { VirtualSource } from './definition.ts';

const CATALOG = 'def';

/** Rows that are counted of one table, and of all of them together. */
const TABLE_ROWS_COUNTED_MAX = 20_000;
const ROWS_COUNTED_MAX = 200_000;

interface Found {
  readonly database: DatabaseInfo;
  readonly table: TableInfo;
}

export async function partitionRows(tables: readonly Found[], source: VirtualSource): Promise<Batch> {
  const rows: Batch = [];
  const budget = { rows: ROWS_COUNTED_MAX };
  for (const { database, table } of tables) {
    if (table.partitioning === undefined) {
      rows.push(line(database, table, source.approximateRows(table), NO_PARTITION, source));
      continue;
    }
    const { method, partitions } = table.partitioning;
    const counts = await source.partitionRows(table, TABLE_ROWS_COUNTED_MAX, budget);
    partitions.forEach((one, i) => {
      const shown = { name: one.name, position: i + 1, comment: one.comment, method, expression: partitionExpression(table), description: partitionDescription(table, one) }; // prettier-ignore
      rows.push(line(database, table, counts[i]!, shown, source));
    });
  }
  return rows;
}

interface Shown {
  readonly name: string | null;
  readonly position: number | null;
  readonly method: string | null;
  readonly expression: string | null;
  readonly description: string | null;
  readonly comment: string;
}

const NO_PARTITION: Shown = { name: null, position: null, method: null, expression: null, description: null, comment: '' }; // prettier-ignore

function line(database: DatabaseInfo, table: TableInfo, count: number, shown: Shown, source: VirtualSource): Datum[] {
  const created = fromEpoch(Math.floor(table.createdAtMs / 1000) * 1000, source.viewer.timeZone);
  const partitioned = shown.name !== null;
  return [
    CATALOG, database.name, table.name, shown.name, null, shown.position, null, shown.method, null, shown.expression, null, shown.description,
    count, 0, 0, 0, 0, 0, created, null, null, null, shown.comment, partitioned ? 'default' : null, null,
  ]; // prettier-ignore
}

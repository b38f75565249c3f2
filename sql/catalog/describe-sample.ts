/**
 * What a sample says of its table. Distinct values are exact while the sample is the table and estimated above (Haas and Stokes' Duj1, as in PostgreSQL);
 * NULLs and sizes are scaled up. Top values are those that stand out of the sample; the rest makes an equi-depth histogram.
 *
 * Values are grouped by their key form, in which two are equal exactly when the collation says so, as one character a byte: such texts
 * compare as their bytes do. JSON has no such form.
 */
import type { Datum } from '../../base/value/datum.ts';
import { TypeCode } from '../../base/value/field-type.ts';
import {
  ByteWriter,
  type KeyColumn,
  keyColumnOf,
  keyColumnOfPart,
  putKeyDatum,
  UTC,
} from '../../proto/encoding/index.ts';
import { textOfDatum } from '../../proto/schema/stored-default.ts';
import type { ColumnInfo, IndexInfo, TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns, publicIndexes } from '../../proto/schema/table-shape.ts';
import type { AnalyzeOptions, Sample } from './sample.ts';
import type { StoredColumn } from './statistics.ts';

const TOP_N_MAX = 20;
const BUCKETS_MAX = 100;
const TEXT_BYTES_MAX = 128;
/** Values between two looks at the clock. */
const VALUES_PER_STEP = 128;

export interface DescribedSample {
  readonly columns: readonly { readonly id: number; readonly data: StoredColumn }[];
  readonly distinct: readonly (readonly [indexId: number, count: number])[];
}

interface Group {
  readonly value: Datum;
  count: number;
}

export async function describeSample(
  table: TableInfo,
  sample: Sample,
  options: AnalyzeOptions,
): Promise<DescribedSample> {
  const columns = publicColumns(table);
  const described: { id: number; data: StoredColumn }[] = [];
  for (let i = 0; i < columns.length; i++)
    described.push({ id: columns[i]!.id, data: await describeColumn(columns[i]!, i, sample, options) });
  const distinct: [number, number][] = [];
  for (const index of publicIndexes(table))
    distinct.push([index.id, await indexDistinct(table, index, columns, sample, options)]);
  return { columns: described, distinct };
}

async function describeColumn(
  column: ColumnInfo,
  position: number,
  sample: Sample,
  options: AnalyzeOptions,
): Promise<StoredColumn> {
  const shape: KeyColumn = {
    ...keyColumnOf(column.type),
    prefixLength: column.type.code >= TypeCode.TINY_BLOB ? TEXT_BYTES_MAX : -1,
  };
  const grouped = column.type.code !== TypeCode.JSON;
  const byKey = new Map<string, Group>();
  const out = new ByteWriter(64);
  let known = 0;
  let size = 0;
  for (let i = 0; i < sample.rows.length; i++) {
    if (i % VALUES_PER_STEP === 0) await breathe(options);
    const value = sample.rows[i]![position]!;
    if (value === null) continue;
    known++;
    size += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
    if (!grouped) continue;
    out.reset();
    putKeyDatum(out, value, shape, UTC);
    const key = out.bytes.latin1Slice(0, out.length);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { value, count: 1 });
    else group.count++;
  }
  const scale = sample.rows.length === 0 ? 1 : sample.rowCount / sample.rows.length;
  const present = Math.round(known * scale);
  const nullCount = sample.rowCount - present;
  const averageSizeBytes = known === 0 ? 0 : size / known;
  if (!grouped) return { distinctCount: present, nullCount, topN: [], histogram: [], averageSizeBytes };
  await breathe(options);
  const groups = [...byKey.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map((key) => byKey.get(key)!);
  await breathe(options);
  // A value stands out when it is more frequent than the average by half, or when all fit anyway.
  const average = known / Math.max(1, groups.length);
  const few = groups.length <= TOP_N_MAX;
  const top = groups
    .filter((group) => few || (group.count > 1 && group.count > average * 1.5))
    .sort((a, b) => b.count - a.count)
    .slice(0, TOP_N_MAX);
  const isTop = new Set(top);
  // Without the values that stand out: beside one that fills half of the table the estimate of all others would be far too low.
  const rest = groups.filter((group) => !isTop.has(group));
  const inTop = top.reduce((sum, group) => sum + group.count, 0);
  const text = (value: Datum): string => textOfDatum(value as Exclude<Datum, null>, column.type);
  return {
    distinctCount: top.length + estimateDistinct(rest, known - inTop, Math.max(rest.length, present - Math.round(inTop * scale))),
    nullCount,
    topN: top.map(({ value, count }) => ({ value: text(value), count: Math.round(count * scale) })),
    histogram: buckets(rest, scale, text),
    averageSizeBytes,
  }; // prettier-ignore
}

function breathe({ checkKilled, turns }: AnalyzeOptions): Promise<void> | undefined {
  checkKilled();
  return turns.breathe();
}

function buckets(
  groups: readonly { value: Datum; count: number }[],
  scale: number,
  text: (value: Datum) => string,
): StoredColumn['histogram'] {
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const depth = Math.max(1, total / BUCKETS_MAX);
  const result: { lower: string; upper: string; cumulativeCount: number; upperRepeat: number }[] = [];
  let lower: Datum = null;
  let inBucket = 0;
  let cumulative = 0;
  groups.forEach((group, i) => {
    if (inBucket === 0) lower = group.value;
    inBucket += group.count;
    cumulative += group.count;
    if (inBucket >= depth || i === groups.length - 1) {
      result.push({
        lower: text(lower),
        upper: text(group.value),
        cumulativeCount: Math.round(cumulative * scale),
        upperRepeat: Math.round(group.count * scale),
      });
      inBucket = 0;
    }
  });
  return result;
}

/** Duj1: n·d / (n − f1 + f1·n/N), where f1 values were seen once in n of N rows. */
function estimateDistinct(groups: readonly { readonly count: number }[], sampled: number, present: number): number {
  if (sampled >= present) return groups.length;
  const once = groups.filter((group) => group.count === 1).length;
  const estimate = (sampled * groups.length) / (sampled - once + (once * sampled) / present);
  return Math.round(Math.min(present, Math.max(groups.length, estimate)));
}

async function indexDistinct(
  table: TableInfo,
  index: IndexInfo,
  columns: readonly ColumnInfo[],
  sample: Sample,
  options: AnalyzeOptions,
): Promise<number> {
  if (index.unique && index.columns.every((part) => table.columns[part.offset]!.type.notNull)) return sample.rowCount;
  const parts = index.columns.map((part): { readonly position: number; readonly shape: KeyColumn } => {
    const { type } = table.columns[part.offset]!;
    const position = columns.findIndex((column) => column.offset === part.offset);
    return { position, shape: keyColumnOfPart(type, part) };
  });
  const out = new ByteWriter(64);
  const groups = new Map<string, { count: number }>();
  for (let i = 0; i < sample.rows.length; i++) {
    if (i % VALUES_PER_STEP === 0) await breathe(options);
    out.reset();
    for (const { position, shape } of parts) putKeyDatum(out, sample.rows[i]![position]!, shape, UTC);
    const key = out.bytes.latin1Slice(0, out.length);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { count: 1 });
    else group.count++;
  }
  return estimateDistinct([...groups.values()], sample.rows.length, sample.rowCount);
}

/**
 * Histograms that ANALYZE TABLE … UPDATE HISTOGRAM was asked for: how values become buckets, what MySQL's document says of them, and where it is kept. Buckets
 * are made of a column's distinct values in ascending order, each with its number of rows:
 *
 *     singleton      a bucket for each value, when there are no more values than buckets
 *     equi-height    values in a row, as evenly as whole values allow: the fullest bucket is as empty as it can be; a frequent value has one for itself
 *
 * The document lies beside the schema under the ids of table and column, so every server shows it and it survives a restart; it goes with the table. The planner
 * does not read it: it has the histograms of every column that ANALYZE TABLE makes (statistics.ts), which are made anew by the same statement.
 */
import { assert } from '../../base/assert.ts';
import { Json, JsonDouble, jsonObject, type JsonNode } from '../../base/value/json.ts';
import { parseJson } from '../../base/value/json-parse.ts';
import { printJson } from '../../base/value/json-print.ts';
import { type KvClient, TIMESTAMP_MAX } from '../../kv/client/client.ts';
import { inTransaction, MetaHash, MetaReader } from './meta-store.ts';

export interface CountedValue {
  readonly value: JsonNode;
  readonly rows: number;
}

export interface HistogramFacts {
  /** MySQL's word: int, uint, double, decimal, string, date, time, datetime, enum, set. */
  readonly dataType: string;
  readonly collationId: number;
  /** Microseconds and all. */
  readonly lastUpdated: string;
  readonly samplingRate: number;
  readonly bucketsWanted: number;
  readonly nullRows: number;
}

/** `values`: without NULL, ascending. */
export function histogramDocument(values: readonly CountedValue[], facts: HistogramFacts): JsonNode {
  const rows = values.reduce((sum, { rows: count }) => sum + count, facts.nullRows);
  const share = (count: number): JsonDouble => new JsonDouble(rows === 0 ? 0 : count / rows);
  const isSingleton = values.length <= facts.bucketsWanted;
  const buckets: JsonNode[] = [];
  let counted = 0;
  for (const group of isSingleton ? values.map((one) => [one]) : evenly(values, facts.bucketsWanted)) {
    for (const { rows: count } of group) counted += count;
    const [lower, upper] = [group[0]!.value, group.at(-1)!.value];
    buckets.push(isSingleton ? [lower, share(counted)] : [lower, upper, share(counted), group.length]);
  }
  return jsonObject([
    ['buckets', buckets],
    ['data-type', facts.dataType],
    ['null-values', share(facts.nullRows)],
    ['collation-id', facts.collationId],
    ['last-updated', facts.lastUpdated],
    ['sampling-rate', new JsonDouble(facts.samplingRate)],
    ['histogram-type', isSingleton ? 'singleton' : 'equi-height'],
    ['number-of-buckets-specified', facts.bucketsWanted],
  ]);
}

/** The least number of rows a bucket may have so that all fit, found by halving; then they are filled up to it. */
function evenly(values: readonly CountedValue[], bucketsMax: number): CountedValue[][] {
  let lower = 1;
  let upper = values.reduce((sum, { rows }) => sum + rows, 0);
  while (lower < upper) {
    const middle = Math.floor((lower + upper) / 2);
    if (bucketCount(values, middle) <= bucketsMax) upper = middle;
    else lower = middle + 1;
  }
  const groups: CountedValue[][] = [];
  let held = 0;
  for (const one of values) {
    if (groups.length === 0 || held + one.rows > upper) {
      groups.push([]);
      held = 0;
    }
    groups.at(-1)!.push(one);
    held += one.rows;
  }
  assert(groups.length <= bucketsMax, 'more buckets than were asked for');
  return groups;
}

function bucketCount(values: readonly CountedValue[], rowsMax: number): number {
  let count = 1;
  let held = 0;
  for (const { rows } of values) {
    if (held > 0 && held + rows > rowsMax) {
      count++;
      held = 0;
    }
    held += rows;
  }
  return count;
}

// ---- where they are kept

const fieldOf = (tableId: number, columnId: number): string => `${tableId}:${columnId}`;

/** By table id and column id, `1:2`. */
export async function keptHistograms(kv: KvClient): Promise<ReadonlyMap<string, Json>> {
  const fields = await new MetaReader(kv.snapshot(TIMESTAMP_MAX)).fields(MetaHash.HISTOGRAMS);
  return new Map(
    fields.map(({ field, value }) => {
      const parsed = parseJson(value);
      assert(parsed.kind === 'ok', 'a histogram is kept that is no JSON');
      return [field, new Json(parsed.node)];
    }),
  );
}

export function keepHistogram(kv: KvClient, tableId: number, columnId: number, document: JsonNode): Promise<void> {
  return inTransaction(kv, async (meta) =>
    meta.putField(MetaHash.HISTOGRAMS, fieldOf(tableId, columnId), printJson(document)),
  );
}

/** False: there was none. */
export function dropHistogram(kv: KvClient, tableId: number, columnId: number): Promise<boolean> {
  return inTransaction(kv, async (meta) => {
    const field = fieldOf(tableId, columnId);
    const kept = await meta.fields(MetaHash.HISTOGRAMS, field);
    if (!kept.some((one) => one.field === field)) return false;
    meta.deleteField(MetaHash.HISTOGRAMS, field);
    return true;
  });
}

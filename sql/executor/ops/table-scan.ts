/**
 * Table scan: rows in handle order, from the intervals that the plan's ranges turn out to be. The first step asks for a few rows, later
 * ones for more, so that a query that stops early has not read far ahead.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { KvBatch, Scanner } from '../../../kv/client/client.ts';
import type { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { TableScan } from '../../../proto/plan/physical.ts';
import { hasState } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, BATCH_ROWS_FIRST, type Run } from '../run.ts';
import { filteredRows, keySpace, rowDecoder } from '../storage/codecs.ts';
import { emptyRow } from '../storage/empty-row.ts';
import { FilteredRows } from '../storage/filtered-rows.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { limitValue } from './simple.ts';

/** A scan that the optimiser expects to be longer reads in chunks past the caches. */
export const LONG_SCAN_ROWS = 50_000;

interface Interval {
  readonly lower: Uint8Array;
  readonly upper: Uint8Array;
}

/** Steps through the pairs of several key intervals, one scanner at a time. Shared by table and index scans. */
export class IntervalReader {
  private intervals: readonly Interval[] = [];
  private position = 0;
  private scanner: Scanner | undefined;
  private readonly run: Run;
  private readonly reverse: boolean;
  private readonly long: boolean;
  /** Pairs wanted at the most, when the scan's filter drops none. */
  private limit: number | undefined;
  private step = BATCH_ROWS_FIRST;

  constructor(run: Run, reverse: boolean, long: boolean) {
    this.run = run;
    this.reverse = reverse;
    this.long = long;
  }

  open(intervals: readonly Interval[], limit: number | undefined, firstStep = BATCH_ROWS_FIRST): void {
    this.close();
    this.intervals = this.reverse ? [...intervals].reverse() : intervals;
    this.position = 0;
    this.limit = limit;
    this.step = firstStep;
  }

  /** `undefined`: all intervals are read. A batch may be empty. */
  next(): MaybePromise<KvBatch | undefined> {
    for (;;) {
      if (this.limit === 0) {
        this.close();
        return undefined;
      }
      if (this.scanner === undefined) {
        const interval = this.intervals[this.position++];
        if (interval === undefined) return undefined;
        this.scanner = this.run.context.reader.scan(interval, {
          reverse: this.reverse,
          limit: this.limit,
          long: this.long,
        });
      }
      const got = this.scanner.next(this.limit === undefined ? this.step : Math.min(this.step, this.limit));
      if (isPromise(got)) return got.then((batch) => this.take(batch) ?? this.next());
      const batch = this.take(got);
      if (batch !== undefined) return batch;
    }
  }

  private take(batch: KvBatch | undefined): KvBatch | undefined {
    if (batch === undefined) {
      this.scanner?.close();
      this.scanner = undefined;
      return undefined;
    }
    if (this.limit !== undefined) this.limit = Math.max(0, this.limit - batch.count);
    this.step = Math.min(BATCH_ROWS, this.step * 4);
    return batch;
  }

  close(): void {
    this.scanner?.close();
    this.scanner = undefined;
    this.position = this.intervals.length;
  }
}

const NO_COLUMNS: Row = [];

export class TableScanOperator implements Operator {
  private readonly node: TableScan;
  private readonly run: Run;
  private readonly decoder: RowDecoder;
  private readonly filtered: FilteredRows | undefined;
  private readonly reader: IntervalReader;

  constructor(node: TableScan, run: Run) {
    this.node = node;
    this.run = run;
    const zone = zoneShift(run.evaluation.timeZone);
    this.decoder = rowDecoder(node, zone);
    this.filtered =
      node.filter === undefined
        ? undefined
        : hasState(node.filter)
          ? new FilteredRows(node, node.filter, zone)
          : filteredRows(node, zone);
    const long = (node.estimatedRead ?? node.estimatedRows) >= LONG_SCAN_ROWS && node.limit === undefined;
    this.reader = new IntervalReader(run, node.reverse, long);
  }

  open(): void {
    const { node, run } = this;
    const zone = zoneShift(run.evaluation.timeZone);
    const limit = node.limit === undefined ? undefined : limitValue(node.limit, run);
    // An estimate of many rows starts with whole batches; a limit with as many as it wants.
    const firstStep =
      limit !== undefined
        ? Math.max(1, Math.min(BATCH_ROWS, limit))
        : node.estimatedRows > BATCH_ROWS
          ? BATCH_ROWS
          : BATCH_ROWS_FIRST;
    this.reader.open(
      keySpace(node.table, undefined).intervals(node.ranges, run.evaluation, zone),
      this.filtered === undefined ? limit : undefined,
      firstStep,
    );
  }

  next(): MaybePromise<Batch | undefined> {
    const got = this.reader.next();
    return isPromise(got) ? got.then(this.decode) : this.decode(got);
  }

  close(): void {
    this.reader.close();
  }

  // hot: bench/micro/executor.ts
  private readonly decode = (pairs: KvBatch | undefined): Batch | undefined => {
    if (pairs === undefined) return undefined;
    if (this.filtered !== undefined) return this.filtered.read(pairs, this.run.evaluation);
    const { decoder } = this;
    const batch: Batch = [];
    const count = pairs.count;
    const width = decoder.columnCount;
    if (width === 0) {
      for (let i = 0; i < count; i++) batch.push(NO_COLUMNS);
    } else {
      for (let i = 0; i < count; i++) {
        const row: Row = emptyRow(width);
        decoder.decodeAt(pairs, i, row);
        batch.push(row);
      }
    }
    return batch;
  };
}

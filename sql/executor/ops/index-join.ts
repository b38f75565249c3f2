/**
 * Index join: for each batch of left rows, the distinct keys are looked up in the inner table, all of them together.
 *
 * Where a key is the whole handle or a whole unique index, the look-up is one (or two) multi-gets for the batch. Else each
 * key is a short range of the inner table or index; the row keys that all the ranges name are then read in one call. Keys are told apart
 * by their encoded bytes, which are equal exactly when the values are equal under the column's collation.
 *
 * A partitioned inner table is asked partition by partition: the same keys behind another table id, or only those whose values say that they
 * belong there.
 */
import { Buffer } from 'node:buffer';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import { KvBatch } from '../../../kv/client/client.ts';
import { encodeRowKey, type KeyInterval, tablePrefix } from '../../../proto/encoding/keys.ts';
import type { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import type { ZoneShift } from '../../../proto/encoding/time-packing.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import { physicalTables } from '../../../proto/schema/partitions.ts';
import { primaryIndex } from '../../../proto/schema/table-shape.ts';
import type { IndexJoin } from '../../../proto/plan/physical.ts';
import { evaluator, predicate, type Evaluate, type Test } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { type Reservation, RowSizer, type Run } from '../run.ts';
import { indexHandleDecoder, keySpace, rowDecoder } from '../storage/codecs.ts';
import type { KeySpace } from '../storage/key-ranges.ts';
import { toKeyValue } from '../storage/key-value.ts';
import { partitionRouter } from '../storage/partition-router.ts';
import { IndexRows } from './index-scan.ts';
import { Matcher } from './matcher.ts';
import { partitionNode, showsPartition } from './partitions.ts';
import { emptyRow } from '../storage/empty-row.ts';
import { IntervalReader } from './table-scan.ts';

/** Rows that are read for the keys of one batch, beyond which further keys wait; and the share of the quota that they may take. */
const FOUND_MAX = 32_768;
const QUOTA_SHARE = 8;

/** One distinct key of a batch and what was found for it. */
interface Lookup {
  readonly interval: KeyInterval;
  readonly rows: Row[];
  /** Looked up already. */
  found: boolean;
  /** The only partition that can have rows of this key; `undefined`: any. */
  readonly position?: number | undefined;
}

/** A partition of the inner table. */
interface InnerPart {
  readonly position: number;
  readonly prefix: Uint8Array;
  readonly tableId: number;
  readonly indexRows: IndexRows | undefined;
}

export class IndexJoinOperator implements Operator {
  private readonly node: IndexJoin;
  private readonly left: Operator;
  private readonly run: Run;
  private readonly zone: ZoneShift;
  private readonly keys: readonly Evaluate[];
  private readonly space: KeySpace;
  private readonly matcher: Matcher;
  private readonly reader: IntervalReader;
  private readonly rowDecoder: RowDecoder | undefined;
  private readonly rowTest: Test | undefined;
  /** Of the whole table, or of the partition that is being read. */
  private indexRows: IndexRows | undefined;
  private tableId: number;
  /** `undefined`: the inner table has no partitions. */
  private parts: readonly InnerPart[] | undefined;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  /** A key is a whole handle or a whole unique key: at most one row, found without a scan. */
  private readonly points: boolean;
  private batch: Batch = [];
  /** Left rows of the same batch that wait until those before them are through: their matches had no room beside the others'. */
  private waiting: Batch | undefined;
  private matches: readonly (Lookup | undefined)[] = [];
  private position = 0;
  private ended = false;

  constructor(node: IndexJoin, left: Operator, run: Run) {
    const { inner } = node;
    this.node = node;
    this.left = left;
    this.run = run;
    this.zone = zoneShift(run.evaluation.timeZone);
    this.keys = node.outerKeys.map(evaluator);
    this.space = keySpace(inner.table, inner.kind === 'index-scan' ? inner.index : undefined);
    this.matcher = new Matcher(node.joinType, node.condition, inner.output.length, run);
    this.reader = new IntervalReader(run, false, false);
    this.tableId = inner.table.id;
    // Of a partition it is the same in all of them.
    const read = inner.partitions === undefined ? inner : partitionNode(inner, 0);
    if (read.kind === 'table-scan') this.rowDecoder = rowDecoder(read, this.zone);
    else this.indexRows = new IndexRows(read, run);
    this.rowTest = inner.kind === 'table-scan' && inner.filter !== undefined ? predicate(inner.filter) : undefined;
    this.sizer = new RowSizer(inner.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
    const whole =
      this.keys.length === this.space.columns.length && this.space.columns.every((column) => column.prefixLength < 0);
    this.points = whole && (inner.kind === 'table-scan' || (inner.index.unique && !inner.covering));
  }

  open(): void {
    this.matcher.reset();
    this.batch = [];
    this.waiting = undefined;
    this.matches = [];
    this.position = 0;
    this.ended = false;
    this.parts = this.openParts();
    this.left.open();
  }

  next(): MaybePromise<Batch | undefined> {
    this.matcher.refill();
    return this.advance([]);
  }

  close(): void {
    this.left.close();
    this.reader.close();
    this.memory.release();
    this.batch = [];
    this.waiting = undefined;
    this.matches = [];
    this.position = 0;
    this.ended = true;
  }

  private advance(out: Batch): MaybePromise<Batch | undefined> {
    if (this.matcher.busy && !this.matcher.advance(out)) return out;
    for (;;) {
      while (this.position < this.batch.length) {
        const at = this.position++;
        this.matcher.start(this.batch[at]!, this.matches[at]?.rows);
        if (!this.matcher.advance(out)) return out;
      }
      if (this.ended) return out.length > 0 ? out : undefined;
      if (out.length > 0) return out;
      const got = this.waiting ?? this.left.next();
      this.waiting = undefined;
      const taken = isPromise(got) ? got.then((batch) => this.take(batch)) : this.take(got);
      if (isPromise(taken)) return taken.then(() => this.advance(out));
      if (this.batch.length === 0 && !this.ended) return out;
    }
  }

  private take(batch: Batch | undefined): MaybePromise<void> {
    this.memory.release();
    this.position = 0;
    if (batch === undefined) {
      this.ended = true;
      this.batch = [];
      return;
    }
    this.batch = batch;
    const distinct = new Map<string, Lookup>();
    this.matches = batch.map((row) => {
      const values: Datum[] = [];
      for (const evaluate of this.keys) values.push(evaluate(row, this.run.evaluation));
      const interval = this.space.prefixInterval(values, this.zone);
      if (interval === undefined) return undefined;
      const { lower } = interval;
      const text = Buffer.from(lower.buffer, lower.byteOffset, lower.length).toString('latin1');
      let lookup = distinct.get(text);
      if (lookup === undefined)
        distinct.set(text, (lookup = { interval, rows: [], found: false, position: this.partitionOf(values) }));
      return lookup;
    });
    const lookups = [...distinct.values()];
    if (this.parts !== undefined) return this.findInParts(lookups, this.parts, 0);
    if (this.points) return this.findPoints(lookups);
    const done = this.findRanges(lookups);
    return isPromise(done) ? done.then(() => this.putOff()) : this.putOff();
  }

  /** Left rows from the first one on whose key was not looked up any more. */
  private putOff(): void {
    const at = this.matches.findIndex((lookup) => lookup?.found === false);
    if (at < 0) return;
    this.waiting = this.batch.slice(at);
    this.batch = this.batch.slice(0, at);
  }

  // ---- partitions ----

  private openParts(): readonly InnerPart[] | undefined {
    const { inner } = this.node;
    const { partitions, table } = inner;
    if (partitions === undefined) return undefined;
    const tables = physicalTables(table);
    const positions = partitionRouter(table, partitions.function).select(partitions, this.run.evaluation);
    return positions.map((position) => {
      const read = partitionNode(inner, position);
      return {
        position,
        prefix: tablePrefix(tables[position]!.id),
        tableId: tables[position]!.id,
        indexRows: read.kind === 'table-scan' ? undefined : new IndexRows(read, this.run),
      };
    });
  }

  /** By the values of a key, when it has all the columns that decide. */
  private partitionOf(values: readonly Datum[]): number | undefined {
    if (this.parts === undefined) return undefined;
    const { inner } = this.node;
    const of = inner.partitions!.function;
    const index = inner.kind === 'index-scan' ? inner.index : primaryIndex(inner.table)!;
    const wanted: Datum[] = [];
    for (const offset of of.columns) {
      const at = index.columns.findIndex((part) => part.offset === offset);
      if (at < 0 || at >= values.length) return undefined;
      wanted.push(toKeyValue(values[at]!, inner.table.columns[offset]!.type).value);
    }
    return partitionRouter(inner.table, of).positionOf(wanted, this.run.evaluation);
  }

  private findInParts(lookups: readonly Lookup[], parts: readonly InnerPart[], from: number): MaybePromise<void> {
    for (let i = from; i < parts.length; i++) {
      const part = parts[i]!;
      const here = lookups.filter((lookup) => lookup.position === undefined || lookup.position === part.position);
      if (here.length === 0) continue;
      this.indexRows = part.indexRows;
      this.tableId = part.tableId;
      const counts = here.map((lookup) => lookup.rows.length);
      const moved = here.map(({ interval, rows }) => ({ rows, found: true, interval: inTable(interval, part.prefix) }));
      const done = this.points ? this.findPoints(moved) : this.findRanges(moved);
      const show = (): void => {
        if (!showsPartition(this.node.inner)) return;
        here.forEach(({ rows }, k) => {
          for (let r = counts[k]!; r < rows.length; r++) rows[r]!.push(part.position);
        });
      };
      if (isPromise(done)) {
        return done.then(() => {
          show();
          return this.findInParts(lookups, parts, i + 1);
        });
      }
      show();
    }
  }

  private findPoints(lookups: readonly Lookup[]): MaybePromise<void> {
    if (lookups.length === 0) return;
    const { reader } = this.run.context;
    const values = reader.getMany(lookups.map((lookup) => lookup.interval.lower));
    const { inner } = this.node;
    const found = (got: readonly (Uint8Array | undefined)[]): MaybePromise<void> => {
      if (inner.kind === 'table-scan') {
        got.forEach((value, i) => {
          if (value !== undefined) this.keepRow(lookups[i]!, lookups[i]!.interval.lower, value);
        });
        return;
      }
      const decoder = indexHandleDecoder(inner.table, inner.index, this.zone);
      const owners: Lookup[] = [];
      const rowKeys: Uint8Array[] = [];
      got.forEach((value, i) => {
        if (value === undefined) return;
        const key = lookups[i]!.interval.lower;
        const pairs = onePair(key, value);
        // The index filter looks at entries; without one the handle is all that is wanted.
        if (inner.indexFilter === undefined)
          rowKeys.push(encodeRowKey(this.tableId, decoder.handle(key, 0, key.length, value, 0, value.length)));
        else this.indexRows!.addRowKeys(pairs, rowKeys);
        if (rowKeys.length > owners.length) owners.push(lookups[i]!);
      });
      return this.readRows(owners, rowKeys);
    };
    return isPromise(values) ? values.then(found) : found(values);
  }

  private keepRow(
    lookup: Lookup,
    key: Uint8Array,
    value: Uint8Array,
    start = 0,
    end: number = value.length,
    keyStart = 0,
    keyEnd: number = key.length,
  ): void {
    const decoder = this.rowDecoder!;
    const row = emptyRow(decoder.columnCount);
    decoder.decodeEntry(key, keyStart, keyEnd, value, start, end, row);
    if (this.rowTest !== undefined && !this.rowTest(row, this.run.evaluation)) return;
    lookup.rows.push(row);
    this.memory.grow(this.sizer.sizeOf(row));
  }

  /** One scan after the other; `owners[i]` is whose row `rowKeys[i]` is, for the read at the end. */
  private findRanges(
    lookups: readonly Lookup[],
    from = 0,
    owners: Lookup[] = [],
    rowKeys: Uint8Array[] = [],
  ): MaybePromise<void> {
    for (let i = from; i < lookups.length; i++) {
      const lookup = lookups[i]!;
      if (i > 0 && this.parts === undefined && this.isFull(rowKeys.length)) break;
      lookup.found = true;
      this.reader.open([lookup.interval], undefined);
      const read = this.readRange(lookup, owners, rowKeys);
      if (isPromise(read)) return read.then(() => this.findRanges(lookups, i + 1, owners, rowKeys));
      this.run.checkpoint();
      if (this.run.due()) return this.run.pause().then(() => this.findRanges(lookups, i + 1, owners, rowKeys));
    }
    return this.readRows(owners, rowKeys);
  }

  private isFull(rowKeys: number): boolean {
    return rowKeys >= FOUND_MAX || this.memory.heldBytes >= this.run.context.memory.quotaBytes / QUOTA_SHARE;
  }

  private readRange(lookup: Lookup, owners: Lookup[], rowKeys: Uint8Array[]): MaybePromise<void> {
    for (;;) {
      const got = this.reader.next();
      if (isPromise(got)) {
        return got.then((pairs) => {
          if (pairs === undefined) return undefined;
          this.takePairs(pairs, lookup, owners, rowKeys);
          return this.readRange(lookup, owners, rowKeys);
        });
      }
      if (got === undefined) return;
      this.takePairs(got, lookup, owners, rowKeys);
    }
  }

  private takePairs(pairs: KvBatch, lookup: Lookup, owners: Lookup[], rowKeys: Uint8Array[]): void {
    const { indexRows } = this;
    if (indexRows === undefined) {
      for (let i = 0; i < pairs.count; i++)
        this.keepRow(
          lookup,
          pairs.keyBytes[i]!,
          pairs.valueBytes[i]!,
          pairs.valueStart[i]!,
          pairs.valueEnd[i]!,
          pairs.keyStart[i]!,
          pairs.keyEnd[i]!,
        );
    } else if (indexRows.covering !== undefined) {
      for (const row of indexRows.cover(pairs, indexRows.covering)) {
        lookup.rows.push(row);
        this.memory.grow(this.sizer.sizeOf(row));
      }
    } else {
      indexRows.addRowKeys(pairs, rowKeys);
      while (owners.length < rowKeys.length) owners.push(lookup);
    }
  }

  private readRows(owners: readonly Lookup[], rowKeys: readonly Uint8Array[]): MaybePromise<void> {
    if (rowKeys.length === 0) return;
    const values = this.run.context.reader.getMany(rowKeys);
    const keep = (got: readonly (Uint8Array | undefined)[]): void => {
      for (let i = 0; i < rowKeys.length; i++) {
        const row = this.indexRows!.decodeRow(rowKeys[i]!, got[i]);
        if (row === undefined) continue;
        owners[i]!.rows.push(row);
        this.memory.grow(this.sizer.sizeOf(row));
      }
    };
    return isPromise(values) ? values.then(keep) : keep(values);
  }
}

/** The same keys of another table: a key begins with its table's prefix. */
function inTable({ lower, upper }: KeyInterval, prefix: Uint8Array): KeyInterval {
  const moved = { lower: lower.slice(), upper: upper.slice() };
  moved.lower.set(prefix);
  moved.upper.set(prefix);
  return moved;
}

function onePair(key: Uint8Array, value: Uint8Array): KvBatch {
  const pairs = new KvBatch();
  pairs.push(key, value);
  return pairs;
}

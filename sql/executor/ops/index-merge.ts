/**
 * Index merge: rows that several indexes name.
 *
 * A union reads one part after the other. A row belongs to the first part whose condition it fulfils, so that a later part which finds
 * it, too, can tell by the row alone: nothing is remembered.
 *
 * An intersection gathers the row keys of its first part, and keeps of them what each further part names as well; what is left is read
 * in the order of the keys. When the keys do not fit into memory the first part alone is read: the filter makes the difference.
 */
import { Buffer } from 'node:buffer';
import { assert } from '../../../base/assert.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import type { KvBatch } from '../../../kv/client/client.ts';
import type { RowDecoder } from '../../../proto/encoding/row-decoder.ts';
import { zoneShift } from '../../../proto/encoding/zone.ts';
import type { IndexMerge, IndexMergePart, IndexScan } from '../../../proto/plan/physical.ts';
import { predicate, type Test } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, type Run } from '../run.ts';
import { keySpace, rowDecoder } from '../storage/codecs.ts';
import { emptyRow } from '../storage/empty-row.ts';
import { IndexRows } from './index-scan.ts';
import { filterBatch } from './simple.ts';
import { IntervalReader } from './table-scan.ts';

/** A key in a set, beside its characters. */
const KEY_BYTES = 56;

/** Each index of a merge as a scan, the same object each time: codecs are kept beside it. */
const scans = new WeakMap<IndexMergePart, IndexScan>();

function scanOf(part: IndexMergePart, node: IndexMerge): IndexScan {
  let scan = scans.get(part);
  if (scan === undefined) {
    const { database, table, alias, columns, output, filter, id, cost } = node;
    scan = {
      kind: 'index-scan', database, table, alias, columns, output, filter, id, cost, index: part.index!, ranges: part.ranges,
      estimatedRows: part.estimatedRead, covering: false, indexFilter: undefined, reverse: false, limit: undefined, keepOrder: false,
    }; // prettier-ignore
    scans.set(part, scan);
  }
  return scan;
}

export class IndexMergeOperator implements Operator {
  private readonly node: IndexMerge;
  private readonly run: Run;
  private readonly reader: IntervalReader;
  private readonly decoder: RowDecoder;
  private readonly test: Test | undefined;
  private readonly tests: readonly Test[];
  /** By part; `undefined`: the part is the rows themselves. */
  private readonly rows: readonly (IndexRows | undefined)[];
  private readonly memory: Reservation;
  private part = 0;
  private keys: Uint8Array[] | undefined;
  private position = 0;
  /** The keys of an intersection did not fit into memory. */
  private firstAlone = false;

  constructor(node: IndexMerge, run: Run) {
    this.node = node;
    this.run = run;
    this.reader = new IntervalReader(run, false, false);
    this.decoder = rowDecoder(node, zoneShift(run.evaluation.timeZone));
    this.test = node.filter === undefined ? undefined : predicate(node.filter);
    this.tests = node.parts.map((part) => predicate(part.condition));
    this.rows = node.parts.map((part) =>
      part.index === undefined ? undefined : new IndexRows(scanOf(part, node), run),
    );
    this.memory = run.reserve(node.id);
    assert(node.mode === 'union' || !this.rows.includes(undefined), 'an intersection is of indexes');
  }

  open(): void {
    this.close();
    this.part = 0;
    this.firstAlone = false;
    this.openPart(0);
  }

  next(): MaybePromise<Batch | undefined> {
    if (this.node.mode === 'union') return this.nextOfUnion();
    if (this.keys !== undefined) return this.read(this.keys);
    if (this.firstAlone) return this.nextOfFirst();
    return this.intersect();
  }

  close(): void {
    this.reader.close();
    this.memory.release();
    this.keys = undefined;
    this.position = 0;
    this.part = this.node.parts.length;
  }

  private openPart(part: number): void {
    const { table, parts } = this.node;
    const { evaluation } = this.run;
    const { index, ranges } = parts[part]!;
    this.reader.open(
      keySpace(table, index).intervals(ranges, evaluation, zoneShift(evaluation.timeZone)),
      undefined,
      BATCH_ROWS,
    );
  }

  private nextOfUnion(): MaybePromise<Batch | undefined> {
    for (;;) {
      if (this.part >= this.node.parts.length) return undefined;
      const got = this.reader.next();
      if (isPromise(got)) return got.then((pairs) => this.take(pairs) ?? this.nextOfUnion());
      const batch = this.take(got);
      if (batch !== undefined) return batch;
    }
  }

  /** `undefined`: the part has ended, and the next one is open. */
  private take(pairs: KvBatch | undefined): MaybePromise<Batch> | undefined {
    if (pairs === undefined) {
      if (++this.part < this.node.parts.length) this.openPart(this.part);
      return undefined;
    }
    const rows = this.rows[this.part];
    if (rows === undefined) return this.first(this.decode(pairs), this.part);
    const { part } = this;
    const found = rows.of(pairs);
    return isPromise(found) ? found.then((batch) => this.first(batch, part)) : this.first(found, part);
  }

  private decode(pairs: KvBatch): Batch {
    const batch: Batch = [];
    for (let i = 0; i < pairs.count; i++) {
      const row: Row = emptyRow(this.decoder.columnCount);
      this.decoder.decodeAt(pairs, i, row);
      batch.push(row);
    }
    return this.test === undefined ? batch : filterBatch(batch, this.test, this.run);
  }

  /** The rows that belong to this part. Its ranges may hold others, which fulfil the whole by what a later part is for. */
  private first(batch: Batch, part: number): Batch {
    const context = this.run.evaluation;
    return batch.filter((row) => this.tests.findIndex((test) => test(row, context)) === part);
  }

  private async intersect(): Promise<Batch | undefined> {
    let kept: ReadonlySet<string> | undefined;
    for (let part = 0; part < this.node.parts.length; part++) {
      if (part > 0) this.openPart(part);
      const named = await this.keysOf(part, kept);
      if (named === undefined) {
        // Too many: what the parts before have left, or the first one, is read as it is.
        this.reader.close();
        if (kept !== undefined) break;
        this.memory.release();
        this.firstAlone = true;
        this.openPart(0);
        return this.nextOfFirst();
      }
      kept = named;
      if (kept.size === 0) break;
    }
    this.keys = [...kept!].sort().map((key) => Buffer.from(key, 'latin1'));
    return this.read(this.keys);
  }

  /** Of those in `among`; `undefined`: they do not fit into memory. */
  private async keysOf(part: number, among: ReadonlySet<string> | undefined): Promise<Set<string> | undefined> {
    const rows = this.rows[part]!;
    const keys = new Set<string>();
    for (;;) {
      const got = this.reader.next();
      const pairs = isPromise(got) ? await got : got;
      if (pairs === undefined) return keys;
      const batch: Uint8Array[] = [];
      rows.addRowKeys(pairs, batch);
      let bytes = 0;
      for (const key of batch) {
        const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
        if (among !== undefined && !among.has(text)) continue;
        keys.add(text);
        bytes += KEY_BYTES + text.length;
      }
      if (!this.memory.fits(bytes)) return undefined;
      this.run.checkpoint();
      if (this.run.due()) await this.run.pause();
    }
  }

  private nextOfFirst(): MaybePromise<Batch | undefined> {
    const got = this.reader.next();
    const of = (pairs: KvBatch | undefined): MaybePromise<Batch | undefined> =>
      pairs === undefined ? undefined : this.rows[0]!.of(pairs);
    return isPromise(got) ? got.then(of) : of(got);
  }

  private read(keys: readonly Uint8Array[]): MaybePromise<Batch | undefined> {
    if (this.position >= keys.length) return undefined;
    const wanted = keys.slice(this.position, (this.position += BATCH_ROWS));
    const values = this.run.context.reader.getMany(wanted);
    return isPromise(values) ? values.then((got) => this.rowsOf(wanted, got)) : this.rowsOf(wanted, values);
  }

  private rowsOf(keys: readonly Uint8Array[], values: readonly (Uint8Array | undefined)[]): Batch {
    const rows = this.rows[0]!;
    const batch: Batch = [];
    for (let i = 0; i < keys.length; i++) {
      const row = rows.decodeRow(keys[i]!, values[i]);
      if (row !== undefined) batch.push(row);
    }
    return batch;
  }
}

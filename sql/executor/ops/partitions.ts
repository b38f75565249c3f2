/**
 * Reads of a partitioned table: the node's own operator for each partition that is left when the scan opens, over the partition as a
 * table (proto/schema/partitions.ts). Without an order one partition is read after the other, each begun when the one before has
 * ended; with one, each partition's rows come sorted, and the least of their heads is always the next row.
 *
 * The hidden column that says a row's partition is put on here: what reads a partition does not know which it is.
 */
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum } from '../../../base/value/datum.ts';
import { physicalTables } from '../../../proto/schema/partitions.ts';
import type { IndexScan, PhysicalPlan, PointGet, TableScan } from '../../../proto/plan/physical.ts';
import { evaluateAlone } from '../compiled.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Run } from '../run.ts';
import { type SortEntry, SortOrder } from '../sort-order.ts';
import { toKeyValue } from '../storage/key-value.ts';
import { partitionRouter } from '../storage/partition-router.ts';

export const PARTITION_COLUMN_ID = -2;

export type PartitionedRead = TableScan | IndexScan | PointGet;

/** Reads of single partitions that a plan keeps; more are made anew each time. */
const NODES_KEPT_MAX = 256;

const nodes = new WeakMap<PartitionedRead, Map<number, PartitionedRead>>();

/** The node as a read of one partition, mostly the same object each time: codecs are kept beside it. */
export function partitionNode<T extends PartitionedRead>(node: T, position: number): T {
  let known = nodes.get(node);
  if (known === undefined) nodes.set(node, (known = new Map()));
  let made = known.get(position);
  if (made === undefined) {
    const shown = showsPartition(node) ? -1 : undefined;
    made = {
      ...node,
      table: physicalTables(node.table)[position]!,
      columns: node.columns.slice(0, shown),
      output: node.output.slice(0, shown),
    };
    delete (made as { partitions?: unknown }).partitions;
    if (known.size < NODES_KEPT_MAX) known.set(position, made);
  }
  return made as T;
}

/** The last column is the partition's position. */
export function showsPartition(node: PartitionedRead): boolean {
  return node.columns.at(-1)?.id === PARTITION_COLUMN_ID;
}

export type BuildRead = (node: PhysicalPlan, keys: readonly number[] | undefined) => Operator;

/** One partition's rows in order, a batch at hand. */
interface Source {
  readonly position: number;
  readonly operator: Operator;
  batch: Batch;
  at: number;
  head: SortEntry | undefined;
}

export class PartitionsOperator implements Operator {
  private readonly node: PartitionedRead;
  private readonly run: Run;
  private readonly build: BuildRead;
  private readonly shows: boolean;
  private readonly order: SortOrder | undefined;
  /** Not begun yet. */
  private waiting: { readonly position: number; readonly keys: readonly number[] | undefined }[] = [];
  private current: Source | undefined;
  /** With an order: a heap by the sources' heads. */
  private sources: Source[] = [];
  private needy: Source[] = [];

  constructor(node: PartitionedRead, run: Run, build: BuildRead) {
    this.node = node;
    this.run = run;
    this.build = build;
    this.shows = showsPartition(node);
    const keys = node.partitions!.order;
    this.order = keys === undefined ? undefined : new SortOrder(keys, run.evaluation);
  }

  open(): void {
    this.close();
    const { node } = this;
    this.waiting = node.kind === 'point-get' ? this.pointsByPartition(node) : this.selected();
    if (this.order === undefined || this.waiting.length < 2) return;
    for (const one of this.waiting) this.needy.push(this.begin(one));
    this.waiting = [];
  }

  next(): MaybePromise<Batch | undefined> {
    return this.needy.length > 0 || this.sources.length > 0 ? this.merged([]) : this.one();
  }

  close(): void {
    this.current?.operator.close();
    for (const { operator } of [...this.sources, ...this.needy]) operator.close();
    this.current = undefined;
    this.waiting = [];
    this.sources = [];
    this.needy = [];
  }

  private selected(): PartitionsOperator['waiting'] {
    const { table, partitions } = this.node;
    const positions = partitionRouter(table, partitions!.function).select(partitions!, this.run.evaluation);
    return positions.map((position) => ({ position, keys: undefined }));
  }

  /** A whole key has a value for each column that decides: it can be in one partition only. */
  private pointsByPartition(node: PointGet): PartitionsOperator['waiting'] {
    const { table, partitions } = node;
    const { function: of, named } = partitions!;
    const router = partitionRouter(table, of);
    const { evaluation } = this.run;
    const parts = (node.index ?? table.indexes.find((index) => index.primary)!).columns;
    const at = of.columns.map((offset) => parts.findIndex((part) => part.offset === offset));
    const found = new Map<number, number[]>();
    next: for (let k = 0; k < node.keys.length; k++) {
      const values: Datum[] = [];
      for (let i = 0; i < at.length; i++) {
        const value = evaluateAlone(node.keys[k]![at[i]!]!, evaluation);
        if (value === null) continue next;
        const converted = toKeyValue(value, table.columns[of.columns[i]!]!.type);
        if (!converted.exact) continue next;
        values.push(converted.value);
      }
      const position = router.positionOf(values, evaluation);
      if (position < 0 || named?.includes(position) === false) continue;
      const keys = found.get(position);
      if (keys === undefined) found.set(position, [k]);
      else keys.push(k);
    }
    return [...found].sort(([a], [b]) => a - b).map(([position, keys]) => ({ position, keys }));
  }

  private begin({ position, keys }: PartitionsOperator['waiting'][number]): Source {
    const operator = this.build(partitionNode(this.node, position), keys);
    operator.open();
    return { position, operator, batch: [], at: 0, head: undefined };
  }

  // ---- one after the other ----

  private one(): MaybePromise<Batch | undefined> {
    for (;;) {
      if (this.current === undefined) {
        const next = this.waiting.shift();
        if (next === undefined) return undefined;
        this.current = this.begin(next);
      }
      const got = this.current.operator.next();
      if (isPromise(got)) return got.then((batch) => this.take(batch) ?? this.one());
      const batch = this.take(got);
      if (batch !== undefined) return batch;
    }
  }

  private take(batch: Batch | undefined): Batch | undefined {
    const { position, operator } = this.current!;
    if (batch !== undefined) return this.shown(batch, position);
    operator.close();
    this.current = undefined;
    return undefined;
  }

  private shown(batch: Batch, position: number): Batch {
    if (this.shows) for (let i = 0; i < batch.length; i++) batch[i]!.push(position);
    return batch;
  }

  // ---- merged ----

  private merged(out: Batch): MaybePromise<Batch | undefined> {
    const { needy, sources } = this;
    for (;;) {
      // Each partition has a head, or has ended.
      while (needy.length > 0) {
        const source = needy[needy.length - 1]!;
        const got = source.operator.next();
        if (isPromise(got)) return got.then((batch) => this.fill(source, batch).merged(out));
        this.fill(source, got);
      }
      const source = sources[0];
      if (source === undefined) return out.length > 0 ? out : undefined;
      out.push(source.head!.row);
      if (++source.at < source.batch.length) {
        source.head = this.order!.entry(source.batch[source.at]!);
        this.sink();
      } else {
        this.removeTop();
        needy.push(source);
        // What is there goes before more is read.
        return out;
      }
      if (out.length >= BATCH_ROWS) return out;
    }
  }

  private fill(source: Source, batch: Batch | undefined): this {
    if (batch === undefined) {
      this.needy.pop();
      source.operator.close();
    } else if (batch.length > 0) {
      this.needy.pop();
      source.batch = this.shown(batch, source.position);
      source.at = 0;
      source.head = this.order!.entry(source.batch[0]!);
      this.raise(source);
    }
    return this;
  }

  private before(a: Source, b: Source): boolean {
    const order = this.order!.compare(a.head!, b.head!);
    return order === 0 ? a.position < b.position : order < 0;
  }

  private raise(source: Source): void {
    const { sources } = this;
    let at = sources.push(source) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.before(sources[at]!, sources[parent]!)) return;
      [sources[at], sources[parent]] = [sources[parent]!, sources[at]!];
      at = parent;
    }
  }

  private sink(): void {
    const { sources } = this;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= sources.length) return;
      const right = left + 1;
      const least = right < sources.length && this.before(sources[right]!, sources[left]!) ? right : left;
      if (!this.before(sources[least]!, sources[at]!)) return;
      [sources[at], sources[least]] = [sources[least]!, sources[at]!];
      at = least;
    }
  }

  private removeTop(): void {
    const last = this.sources.pop()!;
    if (this.sources.length === 0) return;
    this.sources[0] = last;
    this.sink();
  }
}

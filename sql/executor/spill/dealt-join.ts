/**
 * `DealtJoin`: a hash join whose build side does not fit into memory. Both sides are dealt out to files by the hash of the key, so that rows
 * that match lie in parts of one number; then each pair of parts is joined by the ordinary operator, which deals out again what
 * still does not fit:
 *
 *     build → [b0 … b15]      probe → [p0 … p15]       b0 ⋈ p0, b1 ⋈ p1, …
 *
 * A part that does not fall apart (one key, many rows) is joined in chunks: so many build rows as fit, against all rows of the probe
 * side, again and again. What a left, semi or anti join decides only after all chunks is chained: rows without a match in one chunk
 * are the left side of the next.
 *
 * Where the plan counts on the order of the probe side (`keepOrder`), probe rows carry a number, and the result is sorted by it.
 */
import { isPromise } from '../../../base/outcome.ts';
import type { Batch, Row } from '../../../base/value/datum.ts';
import { BIGINT } from '../../../base/value/field-type.ts';
import type { HashJoin, JoinType } from '../../../proto/plan/physical.ts';
import type { HashKey } from '../keys.ts';
import type { Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run } from '../run.ts';
import { ExternalSorter } from './external-sort.ts';
import { pull, RowsOperator } from './row-store.ts';
import { PartitionedSpool, Spool, SpoolOperator } from './spool.ts';

/** Parts of parts of parts: 4096; what is still too large then has few keys. */
const LEVELS_MAX = 3;
/** Of the quota: rows of one chunk. */
const CHUNK_SHARE = 4;

/** How an operator of a join runs over parts instead of the inputs of the plan. */
export interface JoinRound {
  readonly level: number;
  /** Probe rows end with their number. */
  readonly tagged: boolean;
  /** The build side is known to fit. */
  readonly bounded: boolean;
  readonly facts: BuildFacts;
}

/** What a three-valued join must know of the whole right side, not of a part. */
export interface BuildFacts {
  hasRows: boolean;
  hasNull: boolean;
}

export type MakeJoin = (node: HashJoin, left: Operator, right: Operator, round: JoinRound) => Operator;

export class DealtJoin {
  private readonly node: HashJoin;
  private readonly run: Run;
  private readonly make: MakeJoin;
  private readonly round: JoinRound;
  private readonly left: PartitionedSpool;
  private readonly right: PartitionedSpool;
  private readonly tagged: boolean;
  private readonly sorter: ExternalSorter | undefined;
  private readonly sorterMemory: Reservation;
  private nextNumber = 0;
  private batches: AsyncGenerator<Batch> | undefined;
  /** Joins the parts that are under way. */
  private current: Operator | undefined;
  private closed = false;

  constructor(node: HashJoin, run: Run, round: JoinRound, make: MakeJoin) {
    this.node = node;
    this.run = run;
    this.make = make;
    this.round = round;
    const numbers = node.keepOrder === true && !round.tagged;
    this.tagged = round.tagged || numbers;
    const extra = (side: 'left' | 'right'): number => (this.tagged && node.build !== side ? 1 : 0);
    this.left = new PartitionedSpool(run, node.id, node.left.output.length + extra('left'), round.level);
    this.right = new PartitionedSpool(run, node.id, node.right.output.length + extra('right'), round.level);
    this.sorterMemory = run.reserve(node.id);
    if (numbers) {
      const width = node.output.length;
      this.sorter = new ExternalSorter(
        [{ expression: { kind: 'column', id: -1, index: width, type: BIGINT, name: '' }, descending: false }],
        [...node.output.map((column) => column.type), BIGINT],
        run,
        node.id,
        this.sorterMemory,
      );
    }
  }

  /** The part that has a full block now, if one has. */
  dealBuild(key: HashKey, row: Row): Spool | undefined {
    return (this.node.build === 'left' ? this.left : this.right).add(key, row);
  }

  /** The key of a row that can match nothing, but is wanted all the same, may be any. */
  dealProbe(key: HashKey, row: Row): Spool | undefined {
    const numbered = this.tagged && !this.round.tagged ? row.concat([this.nextNumber++]) : row;
    return (this.node.build === 'left' ? this.right : this.left).add(key, numbered);
  }

  /** Both sides have been dealt out. */
  async next(): Promise<Batch | undefined> {
    this.batches ??= this.sorter === undefined ? this.join() : this.inOrder(this.sorter);
    if (this.closed) return undefined;
    const { done, value } = await this.batches.next();
    return done === true ? undefined : value;
  }

  close(): void {
    this.closed = true;
    // Its generator may stand at a `yield` for good.
    this.current?.close();
    this.left.drop();
    this.right.drop();
    this.sorter?.close();
    this.sorterMemory.release();
  }

  private async *inOrder(sorter: ExternalSorter): AsyncGenerator<Batch> {
    for await (const batch of this.join()) {
      const added = sorter.add(batch);
      if (isPromise(added)) await added;
    }
    const finished = sorter.finish();
    if (isPromise(finished)) await finished;
    const width = this.node.output.length;
    for (let batch = await pull(sorter); batch !== undefined && !this.closed; batch = await pull(sorter)) {
      for (const row of batch) row.length = width;
      yield batch;
    }
  }

  private async *join(): AsyncGenerator<Batch> {
    const { node, round } = this;
    const total = node.build === 'left' ? this.left.rowCount : this.right.rowCount;
    for (let i = 0; i < this.left.parts.length && !this.closed; i++) {
      const left = this.left.parts[i]!;
      const right = this.right.parts[i]!;
      const build = node.build === 'left' ? left : right;
      const stuck = round.level >= LEVELS_MAX || build.rowCount === total;
      if (this.isIdle(left, right)) {
        left.drop();
        right.drop();
      } else if (stuck && build.rowCount > 0) yield* this.chunks(left, right);
      else yield* this.joined(node, new SpoolOperator(left, true), new SpoolOperator(right, true), false);
    }
  }

  private isIdle(left: Spool, right: Spool): boolean {
    if (left.rowCount === 0) return true;
    const { joinType } = this.node;
    return right.rowCount === 0 && (joinType === 'inner' || joinType === 'semi');
  }

  private async *joined(node: HashJoin, left: Operator, right: Operator, bounded: boolean): AsyncGenerator<Batch> {
    const { level, facts } = this.round;
    const operator = this.make(node, left, right, { level: level + 1, tagged: this.tagged, bounded, facts });
    this.current = operator;
    operator.open();
    try {
      for (;;) {
        const batch = await pull(operator);
        if (batch === undefined || this.closed) return;
        this.run.checkpoint();
        if (this.run.due()) await this.run.pause();
        if (batch.length > 0) yield batch;
      }
    } finally {
      operator.close();
      this.current = undefined;
    }
  }

  private async *chunks(left: Spool, right: Spool): AsyncGenerator<Batch> {
    const { node } = this;
    if (node.build === 'left') {
      // Only inner joins are built on the left and too large for it.
      for await (const chunk of this.chunksOf(
        left,
        node.left.output.map((column) => column.type),
      ))
        yield* this.joined(node, new RowsOperator(chunk), new SpoolOperator(right, false), true);
      right.drop();
      return;
    }
    yield* this.chained(left, right);
  }

  private async *chained(left: Spool, right: Spool): AsyncGenerator<Batch> {
    const { joinType } = this.node;
    const as = (type: JoinType, from: Spool, chunk: Batch): AsyncGenerator<Batch> =>
      this.joined({ ...this.node, joinType: type }, new SpoolOperator(from, false), new RowsOperator(chunk), true);
    let rest = left;
    const narrow = async (type: JoinType, chunk: Batch): Promise<void> => {
      const less = new Spool(this.run, this.node.id, this.node.left.output.length + (this.tagged ? 1 : 0));
      for await (const batch of as(type, rest, chunk)) await less.addAll(batch);
      if (rest !== left || joinType !== 'left') rest.drop();
      rest = less;
    };
    for await (const chunk of this.chunksOf(
      right,
      this.node.right.output.map((column) => column.type),
    )) {
      switch (joinType) {
        case 'inner':
          yield* as('inner', left, chunk);
          break;
        case 'left':
          yield* as('inner', left, chunk);
          await narrow('anti', chunk);
          break;
        case 'semi':
          yield* as('semi', rest, chunk);
          await narrow('anti', chunk);
          break;
        case 'left-semi-mark':
          for await (const batch of as('semi', rest, chunk)) yield this.marked(batch);
          await narrow('anti', chunk);
          break;
        case 'anti':
        case 'null-aware-anti': // prettier-ignore
          await narrow(joinType, chunk);
          break;
      }
    }
    if (joinType !== 'inner' && joinType !== 'semi') yield* as(joinType, rest, []);
    rest.drop();
    left.drop();
  }

  private marked(batch: Batch): Batch {
    const at = this.node.left.output.length;
    for (const row of batch) row.splice(at, 0, 1);
    return batch;
  }

  private async *chunksOf(spool: Spool, types: ConstructorParameters<typeof RowSizer>[0]): AsyncGenerator<Batch> {
    const sizer = new RowSizer(types);
    const bytesMax = this.run.context.memory.quotaBytes / CHUNK_SHARE;
    const reader = spool.reader(true);
    let chunk: Batch = [];
    let bytes = 0;
    for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
      for (const row of batch) {
        chunk.push(row);
        bytes += sizer.sizeOf(row) + BATCH_ROWS / 16;
      }
      if (bytes < bytesMax) continue;
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    if (chunk.length > 0) yield chunk;
    spool.drop();
  }
}

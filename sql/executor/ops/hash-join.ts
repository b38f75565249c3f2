/**
 * Hash join. The build side is read whole into a map from key to rows; the other side streams by.
 *
 * Building on the right serves all join types, since each left row is decided when it comes by. Building on the left is for a
 * small left side: inner needs nothing more, the others remember which left rows were matched and emit (or hold back) the rest
 * after the right side has ended.
 *
 * Keys are one number or string that is equal exactly when the SQL values are equal under their collation (sql/functions). A
 * row with a NULL in a key that is not null-safe matches nothing.
 *
 * A build side that does not fit into memory goes to disk, and the other side with it (dealt-join.ts).
 */
import { assert } from '../../../base/assert.ts';
import { isPromise, type MaybePromise } from '../../../base/outcome.ts';
import type { Batch, Datum, Row } from '../../../base/value/datum.ts';
import type { HashJoin } from '../../../proto/plan/physical.ts';
import { predicate, type Test } from '../compiled.ts';
import { KeyReader, type HashKey } from '../keys.ts';
import { drain, type Operator } from '../operator.ts';
import { BATCH_ROWS, type Reservation, RowSizer, type Run, STEPS_MAX } from '../run.ts';
import { type BuildFacts, DealtJoin, type JoinRound } from '../spill/dealt-join.ts';
import { Matcher } from './matcher.ts';

/** An entry of the map beside its rows: key, slot and array. */
const ENTRY_BYTES = 96;

const NO_ROWS: readonly Row[] = [];
/** Stands for rows whose comparison is NULL where only their being there counts. */
const SOME_ROWS: readonly Row[] = [[]];

const WHOLE = { level: 0, tagged: false, bounded: false } as const;

export class HashJoinOperator implements Operator {
  private readonly node: HashJoin;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly round: JoinRound;
  private readonly leftKey: KeyReader;
  private readonly rightKey: KeyReader;
  private readonly matcher: Matcher;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly threeValued: boolean;
  /** Three-valued, and it suffices to know whether there are right rows, and NULLs among their keys. */
  private readonly simple: boolean;
  private facts: BuildFacts;
  private table = new Map<HashKey, Row[]>();
  /** Three-valued types that are not simple: right rows with a NULL key, and all right rows. */
  private nullRows: Row[] = [];
  private allRows: Row[] = [];
  /** Once the right side was too large for memory. */
  private dealt: DealtJoin | undefined;
  private phase: 'build' | 'deal' | 'probe' | 'parts' | 'end' = 'build';
  private batch: Batch = [];
  private position = 0;
  private ended = false;
  /** Number of the current left row, where rows are numbered. */
  private number: Datum = 0;

  constructor(node: HashJoin, left: Operator, right: Operator, run: Run, round?: JoinRound) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.run = run;
    this.round = round ?? { ...WHOLE, facts: { hasRows: false, hasNull: false } };
    this.facts = this.round.facts;
    this.leftKey = new KeyReader(node.leftKeys, node.nullSafe, run.evaluation);
    this.rightKey = new KeyReader(node.rightKeys, node.nullSafe, run.evaluation, node.leftKeys);
    this.matcher = new Matcher(node.joinType, node.condition, node.right.output.length, run);
    this.sizer = new RowSizer(node.right.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
    this.threeValued = node.joinType === 'left-semi-mark' || node.joinType === 'null-aware-anti';
    const certain = [...node.leftKeys, ...node.rightKeys].every((key) => key.type.notNull);
    this.simple = this.threeValued && node.condition === undefined && (node.leftKeys.length === 1 || certain);
  }

  open(): void {
    this.forget();
    this.matcher.reset();
    this.phase = 'build';
    this.ended = false;
    if (this.round.level === 0) this.facts = { hasRows: false, hasNull: false };
  }

  next(): MaybePromise<Batch | undefined> {
    switch (this.phase) {
      case 'probe':
        return this.probe();
      case 'parts':
        return this.dealt!.next();
      case 'end':
        return undefined;
      default: {
        this.right.open();
        const done = drain(this.right, this.run, (batch) => this.add(batch, 0));
        return isPromise(done) ? done.then(() => this.startProbe()) : this.startProbe();
      }
    }
  }

  close(): void {
    if (this.phase === 'build') this.right.close();
    else this.left.close();
    this.forget();
    this.ended = true;
    this.phase = 'end';
  }

  private startProbe(): MaybePromise<Batch | undefined> {
    this.right.close();
    if (this.phase === 'end') return undefined;
    this.left.open();
    if (this.dealt !== undefined) {
      this.phase = 'deal';
      const done = drain(this.left, this.run, (batch) => this.dealLeft(batch, 0));
      return isPromise(done) ? done.then(() => this.startParts()) : this.startParts();
    }
    this.phase = 'probe';
    const { joinType } = this.node;
    // Nothing to find: inner and semi give no row at all, so the left side need not be read.
    if (this.table.size === 0 && (joinType === 'inner' || joinType === 'semi')) this.ended = true;
    return this.probe();
  }

  private startParts(): MaybePromise<Batch | undefined> {
    this.left.close();
    if (this.phase === 'end') return undefined;
    this.phase = 'parts';
    return this.dealt!.next();
  }

  private add(batch: Batch, from: number): MaybePromise<void> {
    if (this.dealt !== undefined) return this.dealRight(batch, from);
    const { table, rightKey, sizer } = this;
    const wholeSide = this.round.level === 0;
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const key = rightKey.read(row);
      if (this.threeValued) this.note(row, key, wholeSide);
      if (key === undefined && (!this.threeValued || this.simple)) continue;
      const rows = key === undefined ? undefined : table.get(key);
      const bytes = sizer.sizeOf(row) + 8 + (rows === undefined ? ENTRY_BYTES : 0);
      if (!this.mayKeep(bytes)) return this.startDealing().then(() => this.dealRight(batch, i));
      if (key === undefined) continue;
      if (rows === undefined) table.set(key, [row]);
      else rows.push(row);
    }
  }

  private mayKeep(bytes: number): boolean {
    if (this.round.bounded) this.memory.keep(bytes);
    else if (this.threeValued && !this.simple) this.memory.grow(bytes);
    else return this.memory.fits(bytes);
    return true;
  }

  private note(row: Row, key: HashKey | undefined, wholeSide: boolean): void {
    if (!this.simple) {
      this.allRows.push(row);
      if (key === undefined) this.nullRows.push(row);
    } else if (wholeSide) {
      this.facts.hasRows = true;
      if (key === undefined) this.facts.hasNull = true;
    }
  }

  private async startDealing(): Promise<void> {
    const round = { ...this.round, facts: this.facts };
    this.dealt = new DealtJoin(this.node, this.run, round, (node, left, right, next) =>
      new HashJoinOperator(node, left, right, this.run, next)); // prettier-ignore
    for (const [key, rows] of this.table) for (const row of rows) await this.dealt.dealBuild(key, row)?.flush();
    this.table = new Map();
    this.memory.release();
  }

  private async dealRight(batch: Batch, from: number): Promise<void> {
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.rightKey.read(row);
      if (this.threeValued) this.note(row, key, this.round.level === 0);
      if (key !== undefined) await this.dealt!.dealBuild(key, row)?.flush();
    }
  }

  private async dealLeft(batch: Batch, from: number): Promise<void> {
    const { joinType } = this.node;
    const keeps = joinType !== 'inner' && joinType !== 'semi';
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.leftKey.read(row) ?? (keeps ? 0 : undefined);
      if (key !== undefined) await this.dealt!.dealProbe(key, row)?.flush();
    }
  }

  private probe(): MaybePromise<Batch | undefined> {
    const out: Batch = [];
    this.matcher.refill();
    if (this.matcher.busy && !this.advance(out)) return out;
    while (!this.ended) {
      while (this.position < this.batch.length) {
        const row = this.batch[this.position++]!;
        if (this.round.tagged) this.number = row.pop()!;
        const key = this.leftKey.read(row);
        if (this.threeValued)
          this.matcher.start(row, key === undefined ? NO_ROWS : this.table.get(key), this.uncertainFor(row, key));
        else this.matcher.start(row, key === undefined ? NO_ROWS : this.table.get(key));
        if (!this.advance(out)) return out;
      }
      if (out.length > 0) return out;
      const got = this.left.next();
      if (isPromise(got)) return got.then(this.take);
      if (got === undefined) this.ended = true;
      else {
        this.batch = got;
        this.position = 0;
        if (got.length === 0) return got;
      }
    }
    return out.length > 0 ? out : undefined;
  }

  private advance(out: Batch): boolean {
    const from = out.length;
    const done = this.matcher.advance(out);
    // What the matcher gives is either made by it or a row of a part, which is nobody else's.
    if (this.round.tagged) for (let i = from; i < out.length; i++) out[i]!.push(this.number);
    return done;
  }

  private readonly take = (got: Batch | undefined): MaybePromise<Batch | undefined> => {
    if (got === undefined) this.ended = true;
    else {
      this.batch = got;
      this.position = 0;
    }
    return this.probe();
  };

  /** Right rows whose key comparison with this left row is NULL. */
  private uncertainFor(row: Row, key: HashKey | undefined): readonly Row[] {
    if (this.simple) return (key === undefined ? this.facts.hasRows : this.facts.hasNull) ? SOME_ROWS : NO_ROWS;
    const suspects = key === undefined ? this.allRows : this.nullRows;
    if (this.node.leftKeys.length === 1 || suspects.length === 0) return suspects;
    const values = this.leftKey.values(row);
    return suspects.filter((right) => this.rightKey.mayEqual(values, right));
  }

  private forget(): void {
    this.table = new Map();
    this.nullRows = [];
    this.allRows = [];
    this.batch = [];
    this.position = 0;
    this.dealt?.close();
    this.dealt = undefined;
    this.memory.release();
  }
}

/** A left row in the table, and whether something matched it. */
interface Built {
  readonly row: Row;
  matched: boolean;
}

/** Inner, left, semi and anti joins whose left side is the smaller one. */
export class HashJoinBuildLeft implements Operator {
  private readonly node: HashJoin;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly run: Run;
  private readonly leftKey: KeyReader;
  private readonly rightKey: KeyReader;
  private readonly test: Test | undefined;
  private readonly sizer: RowSizer;
  private readonly memory: Reservation;
  private readonly nullRight: Row;
  private table = new Map<HashKey, Built[]>();
  /** All left rows in order, for the types that emit what was not matched. */
  private all: Built[] = [];
  private phase: 'build' | 'deal' | 'probe' | 'parts' | 'rest' | 'end' = 'build';
  private batch: Batch = [];
  private position = 0;
  private candidates: readonly Built[] | undefined;
  private candidate = 0;
  private rightRow: Row = [];
  private readonly round: JoinRound;
  /** Once the left side was too large for memory. */
  private dealt: DealtJoin | undefined;

  constructor(node: HashJoin, left: Operator, right: Operator, run: Run, round?: JoinRound) {
    assert(node.joinType !== 'left-semi-mark' && node.joinType !== 'null-aware-anti', 'three-valued joins build right');
    this.round = round ?? { ...WHOLE, facts: { hasRows: false, hasNull: false } };
    this.node = node;
    this.left = left;
    this.right = right;
    this.run = run;
    this.leftKey = new KeyReader(node.leftKeys, node.nullSafe, run.evaluation);
    this.rightKey = new KeyReader(node.rightKeys, node.nullSafe, run.evaluation, node.leftKeys);
    this.test = node.condition === undefined ? undefined : predicate(node.condition);
    this.sizer = new RowSizer(node.left.output.map((column) => column.type));
    this.memory = run.reserve(node.id);
    this.nullRight = new Array<null>(node.right.output.length).fill(null);
  }

  open(): void {
    this.forget();
    this.phase = 'build';
  }

  next(): MaybePromise<Batch | undefined> {
    switch (this.phase) {
      case 'build': {
        this.left.open();
        const done = drain(this.left, this.run, (batch) => this.add(batch, 0));
        return isPromise(done) ? done.then(() => this.startProbe()) : this.startProbe();
      }
      case 'parts':
        return this.dealt!.next();
      case 'deal':
      case 'probe':
        return this.probe();
      case 'rest':
        return this.rest();
      case 'end':
        return undefined;
    }
  }

  close(): void {
    if (this.phase === 'build') this.left.close();
    if (this.phase === 'probe' || this.phase === 'deal') this.right.close();
    this.phase = 'end';
    this.forget();
  }

  private add(batch: Batch, from: number): MaybePromise<void> {
    if (this.dealt !== undefined) return this.dealLeft(batch, from);
    const keepAll = this.node.joinType === 'left' || this.node.joinType === 'anti';
    for (let i = from; i < batch.length; i++) {
      const row = batch[i]!;
      const key = this.leftKey.read(row);
      if (key === undefined && !keepAll) continue;
      const rows = key === undefined ? undefined : this.table.get(key);
      const bytes = this.sizer.sizeOf(row) + 40 + (rows === undefined ? ENTRY_BYTES : 0);
      if (!this.mayKeep(bytes)) return this.startDealing().then(() => this.dealLeft(batch, i));
      const built: Built = { row, matched: false };
      if (keepAll) this.all.push(built);
      if (key === undefined) continue;
      if (rows === undefined) this.table.set(key, [built]);
      else rows.push(built);
    }
  }

  private mayKeep(bytes: number): boolean {
    if (this.round.bounded) this.memory.keep(bytes);
    else if (this.node.joinType !== 'inner') this.memory.grow(bytes);
    else return this.memory.fits(bytes);
    return true;
  }

  private async startDealing(): Promise<void> {
    this.dealt = new DealtJoin(this.node, this.run, this.round, (node, left, right, next) =>
      new HashJoinBuildLeft(node, left, right, this.run, next)); // prettier-ignore
    for (const [key, rows] of this.table) for (const { row } of rows) await this.dealt.dealBuild(key, row)?.flush();
    this.table = new Map();
    this.memory.release();
  }

  private async dealLeft(batch: Batch, from: number): Promise<void> {
    for (let i = from; i < batch.length; i++) {
      const key = this.leftKey.read(batch[i]!);
      if (key !== undefined) await this.dealt!.dealBuild(key, batch[i]!)?.flush();
    }
  }

  private async dealRight(batch: Batch): Promise<void> {
    for (const row of batch) {
      const key = this.rightKey.read(row);
      if (key !== undefined) await this.dealt!.dealProbe(key, row)?.flush();
    }
  }

  private startProbe(): MaybePromise<Batch | undefined> {
    this.left.close();
    if (this.phase === 'end') return undefined;
    if (this.dealt !== undefined) {
      this.phase = 'deal';
      this.right.open();
      const done = drain(this.right, this.run, (batch) => this.dealRight(batch));
      return isPromise(done) ? done.then(() => this.startParts()) : this.startParts();
    }
    if (this.table.size === 0) {
      this.phase = 'rest';
      return this.rest();
    }
    this.phase = 'probe';
    this.right.open();
    return this.probe();
  }

  private startParts(): MaybePromise<Batch | undefined> {
    this.right.close();
    if (this.phase === 'end') return undefined;
    this.phase = 'parts';
    return this.dealt!.next();
  }

  private probe(): MaybePromise<Batch | undefined> {
    const out: Batch = [];
    let steps = STEPS_MAX;
    for (;;) {
      if (this.candidates !== undefined) {
        steps = this.match(this.candidates, out, steps);
        if (this.candidates !== undefined) return out;
      }
      if (this.position < this.batch.length) {
        const row = this.batch[this.position++]!;
        const key = this.rightKey.read(row);
        this.candidates = key === undefined ? undefined : this.table.get(key);
        this.candidate = 0;
        this.rightRow = row;
        if (steps-- <= 0) return out;
        continue;
      }
      if (out.length > 0) return out;
      const got = this.right.next();
      if (isPromise(got)) return got.then(this.take);
      if (got === undefined) {
        this.right.close();
        this.phase = 'rest';
        return this.rest();
      }
      this.batch = got;
      this.position = 0;
      if (got.length === 0) return got;
    }
  }

  /** Gives the steps left; `this.candidates` is cleared when this right row is finished. */
  private match(candidates: readonly Built[], out: Batch, steps: number): number {
    const { test } = this;
    const { joinType } = this.node;
    const once = joinType === 'semi' || joinType === 'anti';
    while (this.candidate < candidates.length) {
      if (out.length >= BATCH_ROWS || steps-- <= 0) return steps;
      const built = candidates[this.candidate++]!;
      if (once && built.matched) continue;
      if (once && test === undefined) {
        built.matched = true;
        if (joinType === 'semi') out.push(built.row);
        continue;
      }
      const joined = built.row.concat(this.rightRow);
      if (test !== undefined && !test(joined, this.run.evaluation)) continue;
      built.matched = true;
      if (!once) out.push(joined);
      else if (joinType === 'semi') out.push(built.row);
    }
    this.candidates = undefined;
    return steps;
  }

  private readonly take = (got: Batch | undefined): MaybePromise<Batch | undefined> => {
    if (got === undefined) {
      this.right.close();
      this.phase = 'rest';
      return this.rest();
    }
    this.batch = got;
    this.position = 0;
    return this.probe();
  };

  /** Left rows that nothing matched. `position` now counts through `all`. */
  private rest(): Batch | undefined {
    if (this.batch.length > 0) {
      this.batch = [];
      this.position = 0;
    }
    const out: Batch = [];
    while (this.position < this.all.length && out.length < BATCH_ROWS) {
      const built = this.all[this.position++]!;
      if (!built.matched) out.push(this.node.joinType === 'left' ? built.row.concat(this.nullRight) : built.row);
    }
    if (out.length > 0) return out;
    this.phase = 'end';
    this.forget();
    return undefined;
  }

  private forget(): void {
    this.table = new Map();
    this.all = [];
    this.batch = [];
    this.position = 0;
    this.candidates = undefined;
    this.dealt?.close();
    this.dealt = undefined;
    this.memory.release();
  }
}

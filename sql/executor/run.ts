/**
 * `Run`: one execution of one statement, as its operators see it. It answers three questions that every loop has to ask:
 *
 * - Was I killed? `checkpoint()` throws; asked once a batch.
 * - Have I held the only thread too long? `due()` becomes true after `TURN_MS` of work; whoever can wait then awaits `pause()`,
 *   so that a sort of a million rows leaves the server answering others (and lets the KILL in that would stop it).
 * - May I keep these bytes? `reserve(node)` gives a `Reservation` that reports to the statement's memory tracker in
 *   steps, and names the operator when the quota is over.
 *
 * Operators keep their work per `next()` bounded (about a batch, or `STEPS_MAX` inner steps), so only loops that consume a whole
 * input need `pause`; those go through `drain`.
 */
import type { Datum, Row } from '../../base/value/datum.ts';
import { isString, type FieldType, TypeCode } from '../../base/value/field-type.ts';
import { assert } from '../../base/assert.ts';
import { SqlError } from '../../base/error.ts';
import type { EvalContext } from '../functions/context.ts';
import type { ExecutionContext } from './context.ts';
import type { RowStore } from './spill/row-store.ts';
import type { SpillFile } from './spill/spill-folder.ts';

/** Rows per batch once a pipeline is warm; the first batch is small so that LIMIT 1 and point queries stay cheap. */
export const BATCH_ROWS = 1024;
export const BATCH_ROWS_FIRST = 32;
/** Milliseconds of work before others get a turn. */
const TURN_MS = 10;
/** Inner steps (comparisons, candidate rows) that one `next()` may spend before it returns what it has: about 1 ms. */
export const STEPS_MAX = 8192;
/** Reservations tell the tracker in steps of this many bytes, or of a `STEP_SHARE` of a small quota. */
const RESERVATION_STEP = 32 * 1024;
const STEP_SHARE = 64;

/** See `Reservation.fits`. */
const SPILL_SHARE = 32;

/** A working table of a common table expression; see cte.ts. */
export interface CteBuffer {
  /** `undefined`: not open. */
  rows: RowStore | undefined;
  /** What `cte-scan` shows while the recursive part runs. */
  working: RowStore | undefined;
  fill: (() => import('../../base/outcome.ts').MaybePromise<void>) | undefined;
  filling: Promise<void> | undefined;
}

/** What a foreign key's action has gone through so far. */
export interface Cascade {
  readonly depth: number;
  /** Ids of tables that were updated. */
  readonly updated: ReadonlySet<number>;
}

export class Run {
  readonly context: ExecutionContext;
  readonly evaluation: EvalContext;
  readonly ctes = new Map<number, CteBuffer>();
  /** `undefined`: the statement itself. */
  readonly cascade: Cascade | undefined;
  private turnEndsAt: number;
  private file: Promise<SpillFile> | undefined;

  /** `evaluation`: when conversions shall behave differently from the session's rules (INSERT IGNORE). */
  constructor(context: ExecutionContext, evaluation: EvalContext = context.evaluation, cascade?: Cascade) {
    this.context = context;
    this.evaluation = evaluation;
    this.cascade = cascade;
    this.turnEndsAt = context.clock.monotonicMs() + TURN_MS;
  }

  /** Throws when the statement was killed. */
  checkpoint(): void {
    if (this.context.killed) throw this.context.killedError();
  }

  due(): boolean {
    return this.context.clock.monotonicMs() >= this.turnEndsAt;
  }

  /** Lets everything that waits run once, then goes on. */
  pause(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.context.timers.soon(() => {
        this.turnEndsAt = this.context.clock.monotonicMs() + TURN_MS;
        if (this.context.killed) reject(this.context.killedError());
        else resolve();
      });
    });
  }

  /** The temporary file of this run. */
  spillFile(): Promise<SpillFile> {
    const { spill } = this.context;
    assert(spill !== undefined, 'only what may spill asks for a file');
    return (this.file ??= spill.create());
  }

  noteSpilled(node: string, bytes: number): void {
    const statistics = this.context.runtimeStatistics?.get(node);
    if (statistics !== undefined) statistics.diskBytes += bytes;
  }

  /** The run is over: its file goes, if it has one. */
  close(): void {
    this.file?.then(
      (file) => file.close(),
      () => undefined,
    );
  }

  reserve(node: string): Reservation {
    return new Reservation(this.context, node);
  }
}

/** The bytes that one operator keeps. */
export class Reservation {
  private readonly context: ExecutionContext;
  private readonly node: string;
  private reported = 0;
  private pending = 0;
  private readonly step: number;
  peakBytes = 0;

  constructor(context: ExecutionContext, node: string) {
    this.context = context;
    this.node = node;
    this.step = Math.min(RESERVATION_STEP, context.memory.quotaBytes / STEP_SHARE);
  }

  get heldBytes(): number {
    return this.reported + this.pending;
  }

  grow(bytes: number): void {
    this.pending += bytes;
    if (this.pending >= this.step) this.report();
  }

  /**
   * Keeps `bytes`, or answers false: whoever can goes to disk now, gives back what it has, and then `keep`s them. What an operator has is
   * let grow to `SPILL_SHARE` of the quota in any case, so that runs on disk do not get too short when others hold the memory.
   */
  fits(bytes: number): boolean {
    if (this.pending + bytes < this.step) {
      this.pending += bytes;
      return true;
    }
    const { memory, spill } = this.context;
    if (spill === undefined || memory.hasRoom(this.pending + bytes)) {
      this.grow(bytes);
      return true;
    }
    if (this.reported + this.pending + bytes > memory.quotaBytes / SPILL_SHARE) return false;
    this.keep(bytes);
    return true;
  }

  keep(bytes: number): void {
    const total = this.pending + bytes;
    this.pending = 0;
    this.context.memory.keep(total);
    this.reported += total;
    if (this.reported > this.peakBytes) this.peakBytes = this.reported;
  }

  shrink(bytes: number): void {
    this.pending -= bytes;
    if (this.pending <= -this.step) {
      const back = Math.min(-this.pending, this.reported);
      this.context.memory.shrink(back);
      this.reported -= back;
      this.pending = 0;
    }
  }

  release(): void {
    const statistics = this.context.runtimeStatistics?.get(this.node);
    if (statistics !== undefined)
      statistics.memoryBytes = Math.max(statistics.memoryBytes, this.peakBytes, this.reported + this.pending);
    if (this.reported > 0) this.context.memory.shrink(this.reported);
    this.reported = 0;
    this.pending = 0;
  }

  private report(): void {
    const bytes = this.pending;
    this.pending = 0;
    try {
      this.context.memory.grow(bytes);
    } catch (error) {
      if (error instanceof SqlError)
        throw new SqlError(error.errno, error.sqlState, `${error.message} (in operator ${this.node})`, {
          cause: error,
        });
      throw error;
    }
    this.reported += bytes;
    if (this.reported > this.peakBytes) this.peakBytes = this.reported;
  }
}

/**
 * Estimates what a row of these types costs on the heap: array header and slots, the small objects behind decimals and
 * times, and the characters of strings. Fixed parts are summed once.
 */
export class RowSizer {
  private readonly fixedBytes: number;
  private readonly variable: readonly number[];

  constructor(types: readonly FieldType[]) {
    let fixed = 32 + 8 * types.length;
    const variable: number[] = [];
    types.forEach((type, i) => {
      if (isString(type) || type.code === TypeCode.JSON) variable.push(i);
      else if (type.code === TypeCode.DECIMAL) fixed += 40;
      else if (type.code === TypeCode.DOUBLE || type.code === TypeCode.LONGLONG) fixed += 8;
      else if (type.code === TypeCode.DATE || type.code === TypeCode.DATETIME || type.code === TypeCode.TIMESTAMP)
        fixed += 32;
    });
    this.fixedBytes = fixed;
    this.variable = variable;
  }

  sizeOf(row: Row): number {
    let bytes = this.fixedBytes;
    for (let i = 0; i < this.variable.length; i++) bytes += variableBytes(row[this.variable[i]!] as Datum);
    return bytes;
  }
}

function variableBytes(value: Datum): number {
  if (typeof value === 'string') return 24 + value.length;
  if (value === null || typeof value !== 'object') return 0;
  if (value instanceof Uint8Array) return 96 + value.length;
  return 200; // a JSON document: its tree is not walked for an estimate
}

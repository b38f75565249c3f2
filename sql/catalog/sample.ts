/**
 * A uniform sample of a table and its exact number of rows, from one scan in handle order. Keys are only counted; rows are decoded when the
 * sample wants them, which after the first ten thousand is rare: the gap to the next one is drawn from its distribution (Li's algorithm L), so that of
 * N rows about k·(1 + ln N/k) are decoded, 55,000 of a million.
 *
 * The event loop is given up every few milliseconds (`Turns`): other statements go on, and KILL arrives. How long it then rests is the pace
 * (analyze-pace.ts). A scan that rests a lot sees each part of the table at another moment; what changed in between is counted as changes are.
 */
import { copyBytes, keyAfter } from '../../base/bytes.ts';
import type { Clock, Random, Timers } from '../../base/world.ts';
import type { Datum } from '../../base/value/datum.ts';
import type { KeyRange, KvBatch, KvClient, Scanner } from '../../kv/client/client.ts';
import { RowDecoder, rowInterval } from '../../proto/encoding/index.ts';
import { physicalTables } from '../../proto/schema/partitions.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import { publicColumns } from '../../proto/schema/table-shape.ts';

/** Ten thousand rows estimate a selectivity of 1 % to within a tenth of it. */
export const SAMPLE_ROWS_MAX = 10_000;
const ROWS_PER_STEP = 128;
/** A slow scan goes on at a later moment after this time, or old versions of all tables would have to stay until its end. */
const VIEW_MS_MAX = 60_000;

export interface AnalyzeOptions {
  readonly random: Random;
  readonly checkKilled: () => void;
  readonly turns: Turns;
}

export interface Pace {
  /** Work until the next rest. */
  readonly turnMs: number;
  /** How long to rest for each millisecond of work; 0 only lets others have their turn. */
  readonly rest: number;
}

/** Somebody waits for the ANALYZE: the thread is shared with whoever else has something to do. */
export const ASKED_FOR: Pace = { turnMs: 5, rest: 0 };

/** Work in slices: `breathe` between two small steps rests when the slice is used up. */
export class Turns {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly pace: () => Pace;
  private beganMs: number;

  /** `pace` is asked before every rest. */
  constructor(options: { readonly clock: Clock; readonly timers: Timers; readonly pace: () => Pace }) {
    this.clock = options.clock;
    this.timers = options.timers;
    this.pace = options.pace;
    this.beganMs = this.clock.monotonicMs();
  }

  get nowMs(): number {
    return this.clock.monotonicMs();
  }

  breathe(): Promise<void> | undefined {
    const workedMs = this.clock.monotonicMs() - this.beganMs;
    const { turnMs, rest } = this.pace();
    if (workedMs < turnMs) return undefined;
    return new Promise((resolve) => {
      this.timers.after(workedMs * rest, () => {
        this.beganMs = this.clock.monotonicMs();
        resolve();
      });
    });
  }
}

export interface Sample {
  readonly rowCount: number;
  readonly rows: readonly Datum[][];
  /** Of each partition. */
  readonly rowCounts: readonly number[];
}

export async function sampleTable(
  kv: KvClient,
  table: TableInfo,
  ts: bigint,
  { random, checkKilled, turns }: AnalyzeOptions,
): Promise<Sample> {
  const reservoir = new Reservoir(table, random);
  const rowCounts: number[] = [];
  for (const { id } of physicalTables(table)) {
    const before = reservoir.rowCount;
    await sampleRange(kv, rowInterval(id), ts, reservoir, { random, checkKilled, turns });
    rowCounts.push(reservoir.rowCount - before);
  }
  return { rowCount: reservoir.rowCount, rows: reservoir.rows, rowCounts };
}

async function sampleRange(
  kv: KvClient,
  range: KeyRange,
  ts: bigint,
  reservoir: Reservoir,
  { checkKilled, turns }: AnalyzeOptions,
): Promise<void> {
  let view = new View(kv, ts, range, turns.nowMs);
  try {
    for (;;) {
      checkKilled();
      const batch = await view.scanner.next(ROWS_PER_STEP);
      if (batch === undefined) return;
      reservoir.add(batch);
      const last = batch.count - 1;
      const lower = keyAfter(copyBytes(batch.keyBytes[last]!, batch.keyStart[last], batch.keyEnd[last]));
      await turns.breathe();
      if (turns.nowMs - view.openedAtMs < VIEW_MS_MAX) continue;
      const now = await kv.timestamp();
      view.close();
      view = new View(kv, now, { lower, upper: range.upper }, turns.nowMs);
    }
  } finally {
    view.close();
  }
}

/** The rest of the table at one moment, which nothing clears away meanwhile. */
class View {
  readonly scanner: Scanner;
  readonly openedAtMs: number;
  private readonly hold: { release(): void };

  constructor(kv: KvClient, ts: bigint, range: KeyRange, openedAtMs: number) {
    this.hold = kv.holdSafePoint(ts);
    this.scanner = kv.snapshot(ts).scan(range, { long: true });
    this.openedAtMs = openedAtMs;
  }

  close(): void {
    this.scanner.close();
    this.hold.release();
  }
}

class Reservoir {
  readonly rows: Datum[][] = [];
  rowCount = 0;
  private readonly decoder: RowDecoder;
  private readonly random: Random;
  /** The largest of as many draws as the sample has rows; and which row of the table is taken next. */
  private threshold = 1;
  private next = 0;

  constructor(table: TableInfo, random: Random) {
    this.decoder = new RowDecoder(table, publicColumns(table));
    this.random = random;
  }

  add(batch: KvBatch): void {
    const from = this.rowCount;
    this.rowCount += batch.count;
    let i = 0;
    for (; i < batch.count && this.rows.length < SAMPLE_ROWS_MAX; i++) {
      this.rows.push(this.decode(batch, i));
      if (this.rows.length === SAMPLE_ROWS_MAX) {
        this.next = from + i;
        this.draw();
      }
    }
    while (this.rows.length === SAMPLE_ROWS_MAX && this.next < this.rowCount) {
      this.rows[this.random.below(SAMPLE_ROWS_MAX)] = this.decode(batch, this.next - from);
      this.draw();
    }
  }

  private draw(): void {
    this.threshold *= Math.exp(Math.log(this.unit()) / SAMPLE_ROWS_MAX);
    this.next += Math.floor(Math.log(this.unit()) / Math.log(1 - this.threshold)) + 1;
  }

  /** Never zero, whose logarithm is no number. */
  private unit(): number {
    return 1 - this.random.unit();
  }

  private decode(batch: KvBatch, i: number): Datum[] {
    const row: Datum[] = [];
    this.decoder.decodeAt(batch, i, row);
    return row;
  }
}

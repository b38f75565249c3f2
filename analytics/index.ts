/**
 * The column engine: analytic plans over a consistent snapshot of the live rows.
 *
 *     plan (proto/plan) ── replica/   loads the columns it reads, at its timestamp, keeps them while the data stay the same
 *                       ── worker/    carries plan and shared columns to a worker thread
 *                       ── compile/   prints one loop per pipeline and runs it
 *                       ── vector/    what a column is
 *                       ── operator/  hash tables, groups, sorting: what the loops call
 *
 * It answers exactly what the row engine would: decimals are scaled integers, and where a result could leave the 53 bits that float64
 * holds exactly, the plan is refused (`analytics.unsupported`) and the row engine runs it instead. Text is compared by the same collations,
 * other functions of text are the row engine's own, evaluated once for each distinct string.
 *
 * The SQL floor asks `unsupported` while planning and calls `execute` for a `column-engine` node.
 */
import { RutileError, SqlError } from '../base/error.ts';
import type { MaybePromise } from '../base/outcome.ts';
import type { Timers } from '../base/world.ts';
import type { Batch, Datum, Row } from '../base/value/datum.ts';
import { DateTime } from '../base/value/date-time.ts';
import { Decimal } from '../base/value/decimal.ts';
import type { KvClient } from '../kv/client/client.ts';
import type { PhysicalPlan, TableScan } from '../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../proto/schema/table-info.ts';
import { Execution, scansOf } from './compile/execution.ts';
import type { ScalarCompiler } from './compile/expression.ts';
import { Unsupported } from './compile/value.ts';
import { bindParameters } from './compile/parameters.ts';
import { withPositions } from './compile/positions.ts';
import type { Table } from './operator/table.ts';
import { ColumnCache, type LoadedTable } from './replica/column-cache.ts';
import { MILLIS_A_DAY, kindOf, type Column } from './vector/column.ts';
import { computedDictionary, DictionaryCache, type Collations } from './vector/strings.ts';
import { WorkerPool } from './worker/pool.ts';
import type { ResultColumnData, RunResult } from './worker/messages.ts';

export { serve, type WorkerTools } from './worker/run.ts';

export interface ColumnEngineOptions {
  readonly kv: KvClient;
  /** The script that a worker thread runs; it calls `serve`. */
  readonly workerUrl: URL;
  readonly workers: number;
  /** Memory for loaded columns. */
  readonly cacheBytesMax: number;
  readonly compileScalar: ScalarCompiler;
  readonly collations: Collations;
  readonly yieldTurn: () => Promise<void>;
  readonly timers: Pick<Timers, 'after'>;
}

export interface ColumnRun {
  readonly ts: bigint;
  readonly parameters: readonly Datum[];
  readonly signal: AbortSignal;
  readonly memoryBytesMax: number;
}

/** Work that looks at its stop flag ends within this time; other work loses its worker then. */
const STOP_GRACE_MS = 40;
const BATCH_ROWS = 1024;
const HIDDEN_HANDLE = -1;

export function openColumnEngine(options: ColumnEngineOptions): ColumnEngineImplementation {
  return new ColumnEngineImplementation(options);
}

export class ColumnEngineImplementation {
  private readonly options: ColumnEngineOptions;
  private readonly cache: ColumnCache;
  private readonly pool: WorkerPool;
  private readonly dryDictionaries: DictionaryCache;
  private runs = 0;

  constructor(options: ColumnEngineOptions) {
    this.options = options;
    this.cache = new ColumnCache(options);
    this.pool = new WorkerPool(options.workerUrl, options.workers);
    this.dryDictionaries = new DictionaryCache(options.collations);
  }

  /** Why the plan cannot run here, in words; `undefined` when it can. */
  unsupported(unfinished: PhysicalPlan): string | undefined {
    try {
      const plan = withPositions(unfinished);
      const tables = scansOf(plan).map((scan): Table => ({
        count: 0,
        columns: scan.columns.map((column) => emptyColumn(column)),
      }));
      const memory = { take: () => undefined };
      const { compileScalar } = this.options;
      new Execution(plan, tables, {
        dictionaries: this.dryDictionaries,
        compileScalar,
        memory,
        stop: new Int32Array(1),
        dry: true,
      }).materialize(plan);
      return undefined;
    } catch (error) {
      if (error instanceof Unsupported) return error.message;
      throw error;
    }
  }

  residency(table: TableInfo, columns?: readonly ColumnInfo[], ts?: bigint): 'current' | 'stale' | 'absent' {
    return this.cache.residency(table, columns, ts);
  }

  /** Bytes of loaded columns. */
  get cacheBytes(): number {
    return this.cache.usedBytes;
  }

  /**
   * Fails with `analytics.unsupported` or `analytics.unloadable` when the data, not the plan, are beyond it: the caller runs the plan or
   * its upper part in the row engine then.
   */
  execute(
    plan: PhysicalPlan,
    run: ColumnRun,
  ): { next(): MaybePromise<Batch | undefined>; close(): MaybePromise<void> } {
    let rows: ResultRows | undefined;
    return {
      next: () => (rows ? rows.next() : this.start(plan, run).then((result) => (rows = new ResultRows(result)).next())),
      close: () => {
        rows = undefined;
      },
    };
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async start(plan: PhysicalPlan, run: ColumnRun): Promise<RunResult> {
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const id = ++this.runs;
    let ended = false;
    const abort = (): void => {
      Atomics.store(stop, 0, 1);
      this.options.timers.after(STOP_GRACE_MS, () => {
        if (!ended) this.pool.abandon(id);
      });
    };
    run.signal.throwIfAborted();
    run.signal.addEventListener('abort', abort);
    try {
      const tables = [];
      for (const scan of scansOf(plan)) tables.push(await this.load(scan, run));
      const reply = await this.pool.run({
        id,
        plan: bindParameters(plan, run.parameters),
        tables,
        stop,
        memoryBytesMax: run.memoryBytesMax,
      });
      switch (reply.kind) {
        case 'done':
          return reply.result;
        case 'unsupported':
          throw new Unsupported(reply.message);
        case 'stopped':
          throw run.signal.reason instanceof Error
            ? run.signal.reason
            : new SqlError(1317, '70100', 'Query execution was interrupted');
        case 'memory':
          throw new RutileError('analytics.memory', `Out of memory: ${reply.message}`);
        case 'failed':
          throw new RutileError('analytics.failed', reply.message);
      }
    } catch (error) {
      if (error instanceof Unsupported) throw new RutileError('analytics.unsupported', error.message, { cause: error });
      throw error;
    } finally {
      ended = true;
      run.signal.removeEventListener('abort', abort);
    }
  }

  private async load(scan: TableScan, run: ColumnRun): Promise<LoadedTable> {
    try {
      return await this.cache.load(scan.table, scan.columns, run);
    } catch (error) {
      if (error instanceof Unsupported) throw new RutileError('analytics.unloadable', error.message, { cause: error });
      throw error;
    }
  }
}

/** A result as row batches, made when they are asked for. */
class ResultRows {
  private readonly result: RunResult;
  private readonly readers: readonly ((row: number) => Datum)[];
  private position = 0;

  constructor(result: RunResult) {
    this.result = result;
    this.readers = result.columns.map(readerOf);
  }

  next(): Batch | undefined {
    const { count } = this.result;
    if (this.position >= count) return undefined;
    const end = Math.min(this.position + BATCH_ROWS, count);
    const batch: Batch = [];
    for (let i = this.position; i < end; i++) {
      const row: Row = new Array<Datum>(this.readers.length);
      for (let c = 0; c < row.length; c++) row[c] = this.readers[c]!(i);
      batch.push(row);
    }
    this.position = end;
    return batch;
  }
}

function readerOf(column: ResultColumnData): (row: number) => Datum {
  const { values, nulls, exact, scale } = column;
  const read = ((): ((row: number) => Datum) => {
    if (exact) return (row) => (exact[row] === null ? null : new Decimal(exact[row]!, scale));
    switch (column.kind) {
      case 'int':
      case 'double':
        return (row) => values[row]!;
      case 'decimal':
        return (row) => new Decimal(values[row]!, scale);
      case 'date':
        return (row) => new DateTime(values[row]!, 0);
      case 'datetime':
        return (row) => new DateTime(Math.floor(values[row]! / MILLIS_A_DAY), (values[row]! % MILLIS_A_DAY) * 1000);
      case 'string':
        return (row) => column.strings![values[row]!]!;
    }
  })();
  return nulls ? (row) => (nulls[row] === 1 ? null : read(row)) : read;
}

/** For a dry execution: a column of the right kind without rows. */
function emptyColumn(column: ColumnInfo): Column {
  const kind = column.id === HIDDEN_HANDLE ? 'int' : kindOf(column.type);
  if (kind === undefined) throw new Unsupported(`column ${column.name} has a type that columns do not hold`);
  return {
    kind,
    scale: kind === 'decimal' ? column.type.decimals : 0,
    values: new Float64Array(0),
    nulls: column.type.notNull ? undefined : new Uint8Array(0),
    min: 0,
    max: 0,
    dictionary: kind === 'string' ? computedDictionary([], column.type.collation) : undefined,
  };
}

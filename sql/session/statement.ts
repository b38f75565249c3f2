/**
 * The running statement: one object a session, reused by every statement, since a session runs one at a time. It is
 * both contexts that the floors below ask for, what a function may know (`EvalContext`) and what an operator holds
 * (`ExecutionContext`), so that starting a statement sets a few fields and allocates nothing.
 *
 * Stopping: KILL, max_execution_time and disconnect set `killed` and abort the signal; operators test the flag once a batch, waits end
 * by the signal. Both happen within one turn of the event loop, which operators give up at least every 10 ms.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Batch, Datum } from '../../base/value/datum.ts';
import { SqlError } from '../../base/error.ts';
import type { Clock, Timers } from '../../base/world.ts';
import type { KvClient, Snapshot, Timestamp, Transaction } from '../../kv/client/client.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { WritePlan } from '../../proto/plan/physical.ts';
import type { TableInfo } from '../../proto/schema/table-info.ts';
import type { ColumnEngine, ExecutionContext, LockWait, OperatorStatistics, WaitEdge } from '../executor/context.ts';
import type { EvalContext, SqlMode, WarningLevel } from '../functions/context.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import type { SpillSpace } from '../executor/index.ts';
import type { StatementMemory } from './memory.ts';
import { planReference } from './reference-plans.ts';
import type { SessionState } from './state.ts';

/** What a statement needs from the catalog while it runs. */
export interface StatementServices {
  readonly kv: KvClient;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly columnEngine: ColumnEngine | undefined;
  readonly spill: SpillSpace | undefined;
  virtualRows(database: string, table: string, viewer: SessionState): MaybePromise<Batch>;
  allocateAutoIncrement(table: TableInfo, count: number): MaybePromise<number | bigint>;
  observeAutoIncrement(table: TableInfo, value: number | bigint): MaybePromise<void>;
  allocateRowId(table: TableInfo, count: number): MaybePromise<number>;
  noteChangedRows(table: TableInfo, rows: number, changes: number): void;
  noteDeadlock(chain: readonly WaitEdge[]): void;
}

export type StopReason = 'kill' | 'timeout' | 'disconnect';

export class RunningStatement implements EvalContext, ExecutionContext {
  // What functions see.
  sqlMode: SqlMode;
  timeZone: number | string = 0;
  statementTimeMs = 0;
  strictWrite = false;
  warnCount = 0;
  divPrecisionIncrement = 4;
  groupConcatMaxLen = 1024;
  maxAllowedPacket = 67108864;
  parameters: Datum[] = [];
  readonly session: SessionState;

  // What operators see.
  readonly evaluation: EvalContext = this;
  readonly kv: KvClient;
  schema: SchemaSnapshot;
  reader!: Snapshot;
  transaction: Transaction | undefined = undefined;
  readonly memory: StatementMemory;
  spill: SpillSpace | undefined;
  killed = false;
  readonly clock: Clock;
  readonly timers: Timers;
  lockWaitMs = 50_000;
  lockWait: LockWait | undefined = undefined;
  columnEngine: ColumnEngine | undefined;
  foreignKeyChecks = true;
  uniqueChecks = true;
  batchStored: (() => MaybePromise<void>) | undefined = undefined;
  runtimeStatistics: Map<string, OperatorStatistics> | undefined = undefined;

  /** Milliseconds on the monotonic clock; `running` between start and finish. */
  startedAtMs = 0;
  running = false;
  private stopReason: StopReason | undefined = undefined;
  private abort: AbortController | undefined = undefined;
  private timer: { cancel(): void } | undefined = undefined;
  private hold: { release(): void } | undefined = undefined;
  private readonly services: StatementServices;

  constructor(options: {
    session: SessionState;
    services: StatementServices;
    memory: StatementMemory;
    schema: SchemaSnapshot;
  }) {
    this.session = options.session;
    this.sqlMode = options.session.sqlMode;
    this.services = options.services;
    this.memory = options.memory;
    this.schema = options.schema;
    this.kv = options.services.kv;
    this.clock = options.services.clock;
    this.timers = options.services.timers;
    this.columnEngine = options.services.columnEngine;
    this.spill = options.services.spill;
  }

  // hot
  start(schema: SchemaSnapshot): void {
    const session = this.session;
    this.schema = schema;
    this.sqlMode = session.sqlMode;
    this.timeZone = session.timeZone;
    this.divPrecisionIncrement = session.divPrecisionIncrement;
    this.groupConcatMaxLen = session.groupConcatMaxLen;
    this.maxAllowedPacket = session.maxAllowedPacket;
    this.lockWaitMs = session.lockWaitMs;
    this.foreignKeyChecks = session.foreignKeyChecks;
    this.uniqueChecks = session.uniqueChecks;
    this.strictWrite = false;
    this.warnCount = 0;
    this.runtimeStatistics = undefined;
    this.memory.quotaBytes = session.memoryQuotaBytes;
    this.spill = session.spills ? this.services.spill : undefined;
    this.statementTimeMs = session.fixedTimeMs > 0 ? session.fixedTimeMs : this.clock.wallMs();
    this.startedAtMs = this.clock.monotonicMs();
    this.running = true;
    if (this.stopReason !== 'disconnect') {
      this.killed = false;
      this.stopReason = undefined;
      this.abort = undefined;
    }
  }

  finish(): void {
    this.running = false;
    this.memory.reset();
    if (this.timer !== undefined) {
      this.timer.cancel();
      this.timer = undefined;
    }
    if (this.hold !== undefined) {
      this.hold.release();
      this.hold = undefined;
    }
  }

  planReference(sql: string, types: readonly FieldType[]): WritePlan {
    return planReference(this.schema.permanent ?? this.schema, sql, types);
  }

  /** Reads at one moment until the statement ends, however long that takes: what it may still see is not collected. */
  readAt(kv: KvClient, ts: Timestamp): void {
    this.hold?.release();
    this.hold = kv.holdSafePoint(ts);
    this.reader = kv.snapshot(ts);
  }

  /** Only SELECT has a time limit. */
  limitTime(ms: number): void {
    if (ms > 0) this.timer = this.timers.after(ms, () => this.stop('timeout'));
  }

  stop(reason: StopReason): void {
    if (!this.running && reason !== 'disconnect') return;
    this.killed = true;
    this.stopReason ??= reason;
    this.abort?.abort(this.killedError());
  }

  killedError(): Error {
    if (this.stopReason === 'timeout')
      return new SqlError(3024, 'HY000', 'Query execution was interrupted, maximum statement execution time exceeded');
    return new SqlError(1317, '70100', 'Query execution was interrupted');
  }

  checkKilled(): void {
    if (this.killed) throw this.killedError();
  }

  abortSignal(): AbortSignal {
    this.abort ??= new AbortController();
    if (this.killed) this.abort.abort(this.killedError());
    return this.abort.signal;
  }

  warn(level: WarningLevel, errno: number, message: string): void {
    this.warnCount++;
    this.session.warn(level, errno, message);
  }

  nowMs(): number {
    return this.clock.wallMs();
  }

  sleep(ms: number): Promise<number> {
    return new Promise((resolve) => {
      const signal = this.abortSignal();
      if (signal.aborted) return resolve(1);
      const onAbort = () => {
        timer.cancel();
        resolve(1);
      };
      const timer = this.timers.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve(0);
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  virtualRows(database: string, table: string): MaybePromise<Batch> {
    return this.services.virtualRows(database, table, this.session);
  }

  allocateAutoIncrement(table: TableInfo, count: number): MaybePromise<number | bigint> {
    return this.services.allocateAutoIncrement(table, count);
  }

  observeAutoIncrement(table: TableInfo, value: number | bigint): MaybePromise<void> {
    return this.services.observeAutoIncrement(table, value);
  }

  allocateRowId(table: TableInfo, count: number): MaybePromise<number> {
    return this.services.allocateRowId(table, count);
  }

  noteChangedRows(table: TableInfo, rows: number, changes: number): void {
    this.services.noteChangedRows(table, rows, changes);
  }

  noteDeadlock(chain: readonly WaitEdge[]): void {
    this.services.noteDeadlock(chain);
  }
}

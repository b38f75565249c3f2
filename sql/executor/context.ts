/**
 * What a running statement holds: its view of the data, its limits, and the way to be stopped. Made by the session for
 * each statement, passed to every operator.
 */
import type { MaybePromise } from '../../base/outcome.ts';
import type { Batch, Datum } from '../../base/value/datum.ts';
import type { Clock, Timers } from '../../base/world.ts';
import type { KvClient, Snapshot, Timestamp, Transaction } from '../../kv/client/client.ts';
import type { FieldType } from '../../base/value/field-type.ts';
import type { PhysicalPlan, WritePlan } from '../../proto/plan/physical.ts';
import type { ColumnInfo, TableInfo } from '../../proto/schema/table-info.ts';
import type { EvalContext } from '../functions/context.ts';
import type { SchemaSnapshot } from '../planner/environment.ts';
import type { SpillSpace } from './spill/spill-folder.ts';

/** Counts bytes that operators keep. Over the statement's quota `grow` throws error 8175. */
export interface MemoryTracker {
  grow(bytes: number): void;
  /** Whether so much more still leaves a part of the quota to those who cannot go to disk. */
  hasRoom(bytes: number): boolean;
  /** As `grow`, but never refused: for the little that an operator needs in any case. */
  keep(bytes: number): void;
  readonly quotaBytes: number;
  shrink(bytes: number): void;
  readonly usedBytes: number;
}

export interface ExecutionContext {
  readonly evaluation: EvalContext;
  readonly kv: KvClient;
  readonly schema: SchemaSnapshot;
  /** Reads: the transaction when one is open (so own writes show), else a snapshot. */
  readonly reader: Snapshot;
  /** Writes and locks; `undefined` in a read-only autocommit statement. */
  readonly transaction: Transaction | undefined;
  readonly memory: MemoryTracker;
  /** Where operators go when memory does not suffice; `undefined`: nowhere, and they fail. */
  readonly spill: SpillSpace | undefined;
  /** Set by KILL, max_execution_time and disconnect. Operators test it once a batch and throw `killedError()`. */
  killed: boolean;
  killedError(): Error;
  /** For turns: an operator that has computed for about 10 ms lets others run (`timers.soon`) before it goes on. */
  readonly clock: Clock;
  readonly timers: Pick<Timers, 'soon'>;
  /** Fires when `killed` is set: ends waits for locks and column-engine work. Made when first asked for. */
  abortSignal(): AbortSignal;
  /** The locks that the statement stands in line for, while it does. */
  lockWait: LockWait | undefined;
  /** It was chosen to end a circle of waits: who waited for whom. */
  noteDeadlock(chain: readonly WaitEdge[]): void;
  /** Milliseconds to wait for a lock (innodb_lock_wait_timeout). */
  readonly lockWaitMs: number;
  readonly columnEngine: ColumnEngine | undefined;
  /** Rows of a virtual table (information_schema …) as this user may see them. */
  virtualRows(database: string, table: string): MaybePromise<Batch>;
  /**
   * Gives `count` consecutive AUTO_INCREMENT values, dense over the cluster's life but for rolled-back ones; returns the first.
   */
  allocateAutoIncrement(table: TableInfo, count: number): MaybePromise<number | bigint>;
  /** An explicit value was stored: later allocations start above it. */
  observeAutoIncrement(table: TableInfo, value: number | bigint): MaybePromise<void>;
  /** Hidden handles for tables without a primary key. */
  allocateRowId(table: TableInfo, count: number): MaybePromise<number>;
  /** For statistics: `rows` inserted minus deleted, `changes` rows touched in any way. */
  noteChangedRows(table: TableInfo, rows: number, changes: number): void;
  /** After each batch that INSERT … SELECT has stored. */
  readonly batchStored?: (() => MaybePromise<void>) | undefined;
  readonly foreignKeyChecks: boolean;
  /** The plan of a statement that a foreign key asks for; `types`: of its parameters. */
  planReference(sql: string, types: readonly FieldType[]): WritePlan;
  readonly uniqueChecks: boolean;
  /** Per-operator counters for EXPLAIN ANALYZE; `undefined` when nobody asked. */
  readonly runtimeStatistics: Map<string, OperatorStatistics> | undefined;
}

export interface LockWait {
  readonly keys: readonly Uint8Array[];
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

export interface WaitEdge {
  readonly waiter: Timestamp;
  readonly holder: Timestamp;
  readonly key: Uint8Array;
}

export interface OperatorStatistics {
  rows: number;
  loops: number;
  timeMs: number;
  memoryBytes: number;
  /** Written to temporary files. */
  diskBytes: number;
  /** Until the first rows. */
  firstMs: number;
  detail: string;
}

/** The front door of the column engine as the SQL floor sees it; analytics/index.ts implements it. */
export interface ColumnEngine {
  unsupported(plan: PhysicalPlan): string | undefined;
  /** `ts`: as a read at that time would find them; now when left out. */
  residency(table: TableInfo, columns?: readonly ColumnInfo[], ts?: bigint): 'current' | 'stale' | 'absent';
  /**
   * Runs the subtree at `ts`. Batches have the plan's output columns. `next` fails with `RutileError` before the first batch when the data
   * (not the plan) are beyond the engine: code `analytics.unsupported` when something computed is, and a smaller part of the plan may
   * yet run; code `analytics.unloadable` when a table is, `analytics.memory` when they are too many for it. The caller runs that part with the row operators instead.
   */
  execute(
    plan: PhysicalPlan,
    options: ColumnEngineRun,
  ): { next(): MaybePromise<Batch | undefined>; close(): MaybePromise<void> };
  close(): Promise<void>;
}

export interface ColumnEngineRun {
  readonly ts: bigint;
  readonly parameters: readonly Datum[];
  readonly signal: AbortSignal;
  readonly memoryBytesMax: number;
}

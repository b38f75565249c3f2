/**
 * The log port: what consensus appends before anything is applied. Many regions share one set of segments, so that one
 * fdatasync serves all regions that wait (group commit).
 *
 * Contract: `append` resolves when its entries are durable; entries of one region resolve in order; after a crash a reader
 * finds every entry whose append resolved, and of the others a prefix. Indexes of a region are dense and start where its last purge or
 * snapshot ended. Appending at an index that exists truncates what follows it (a new leader's right).
 */

import type { RutileError } from '../../base/error.ts';

export interface LogEntry {
  readonly index: number;
  readonly term: number;
  readonly data: Uint8Array;
}

/** Raft's hard state, or any small durable value of a region; the newest one wins. */
export interface LogState {
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
}

export interface LogAppend {
  readonly regionId: number;
  readonly entries: readonly LogEntry[];
  readonly state?: LogState;
}

export interface RaftLog {
  /** Of one append: with more entries than fit it is refused with `log.too-large`. */
  readonly appendSizeBytesMax: number;
  append(append: LogAppend): Promise<void>;
  /**
   * Callback form for hot paths: `done` runs in append order, one turn per group of waiters. A failed write poisons the log: every later call
   * fails. A log that cannot take it now (`disk.full`, `log.overloaded`) returns why, and nothing happens: no call of `done`, no trace.
   */
  appendThen(append: LogAppend, done: (error: Error | undefined) => void): RutileError | undefined;
  /** Entries in [lower, upper), at least one if there is one, at most `sizeBytesMax`. */
  read(regionId: number, lower: number, upper: number, sizeBytesMax: number): Promise<readonly LogEntry[]>;
  firstIndex(regionId: number): number;
  /** `firstIndex - 1` when empty. */
  lastIndex(regionId: number): number;
  term(regionId: number, index: number): number | undefined;
  state(regionId: number): LogState | undefined;
  regions(): readonly number[];
  /** Entries below `index` are not needed any more; whole segments are removed when no region needs them. */
  purge(regionId: number, index: number): void;
  /** Forgets a region altogether. */
  removeRegion(regionId: number): Promise<void>;
  readonly sizeBytes: number;
  close(): Promise<void>;
}

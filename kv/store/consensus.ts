/**
 * The port between a store and consensus: entries go in as proposals and come out committed, in one order, the same on every
 * member. Raft will stand behind it; today a group of one member does, for which durable is committed.
 *
 * `token` is whatever the proposer wants back with its own entry (the waiting commands). An entry that comes from the log after
 * a restart, or from another leader, has none.
 */
import { assert } from '../../base/assert.ts';
import { RutileError } from '../../base/error.ts';
import type { RaftLog } from '../log/raft-log.ts';
import { FIRST_INDEX } from './region/admin-entry.ts';

export interface CommitSink<T> {
  /** In log order. Several may come in one turn. */
  onCommitted(index: number, term: number, data: Uint8Array, token: T | undefined): void;
  /** Consensus is over for this process: what was proposed may or may not be in the log. */
  onFailed(error: Error, tokens: readonly T[]): void;
}

export interface Consensus<T> {
  /** `token` undefined: nobody waits. */
  propose(data: Uint8Array, token: T | undefined): void;
  /** Entries up to `index` are durable in the engine and need not be kept. */
  compact(index: number): void;
  readonly inFlightCount: number;
}

const TERM = 1;

export class SoloConsensus<T> implements Consensus<T> {
  private readonly log: RaftLog;
  private readonly regionId: number;
  private readonly sink: CommitSink<T>;
  private nextIndex: number;
  /** Proposed and not yet durable, oldest first. */
  private inFlight: { readonly index: number; readonly data: Uint8Array; readonly token: T | undefined }[] = [];
  private failure: Error | undefined = undefined;

  constructor(log: RaftLog, regionId: number, sink: CommitSink<T>, applied: number) {
    this.log = log;
    this.regionId = regionId;
    this.sink = sink;
    // The log of a region that a split made is empty and begins behind what the split applied.
    this.nextIndex = Math.max(log.lastIndex(regionId), applied === FIRST_INDEX ? applied : 0) + 1;
  }

  get inFlightCount(): number {
    return this.inFlight.length;
  }

  /** Hands out what the log holds above `applied`: all of it was, or may have been, acknowledged. */
  async replay(applied: number, stepSizeBytes: number): Promise<void> {
    const { log, regionId } = this;
    const last = log.lastIndex(regionId);
    // Nothing was ever proposed in a region that a split made.
    if (last < log.firstIndex(regionId) && applied === FIRST_INDEX) return;
    if (last < applied) {
      throw new RutileError(
        'kv.corrupt',
        `the engine holds entries up to ${applied}, the log ends at ${last}: segments of the log are missing, or engine and log are of different folders`,
        { fields: { applied, last } },
      );
    }
    for (let index = applied + 1; index <= last;) {
      const entries = await log.read(regionId, index, last + 1, stepSizeBytes);
      assert(entries.length > 0, 'the log has a hole above the applied index');
      for (const entry of entries) {
        assert(entry.index === index, 'the log is not dense');
        this.sink.onCommitted(entry.index, entry.term, entry.data, undefined);
        index++;
      }
    }
  }

  // hot
  propose(data: Uint8Array, token: T | undefined): void {
    if (this.failure !== undefined) {
      this.sink.onFailed(this.failure, token === undefined ? [] : [token]);
      return;
    }
    const index = this.nextIndex++;
    this.inFlight.push({ index, data, token });
    this.log.appendThen({ regionId: this.regionId, entries: [{ index, term: TERM, data }] }, (error) => {
      if (error !== undefined) this.fail(error);
      else if (this.failure === undefined) {
        const first = this.inFlight.shift();
        assert(first !== undefined && first.index === index, 'the log answers out of order');
        this.sink.onCommitted(index, TERM, first.data, first.token);
      }
    });
  }

  compact(index: number): void {
    this.log.purge(this.regionId, index + 1);
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    const tokens = this.inFlight.flatMap((entry) => entry.token ?? []);
    this.inFlight = [];
    this.sink.onFailed(error, tokens);
  }
}

/**
 * The port between a store and the consensus of one region: entries go in as proposals and come out committed, in one order, the
 * same on every member. raft-consensus.ts implements it; a group of one member is the same thing with one voter.
 *
 * `token` is whatever the proposer wants back with its own entry (the waiting commands). An entry that comes from the log after
 * a restart, or from another leader, has none.
 */
import type { RutileError } from '../../base/error.ts';
import type { Configuration } from '../raft/index.ts';

export interface CommitSink<T> {
  /** In log order. Several may come in one turn. An empty entry changes nothing but the applied index. */
  onCommitted(index: number, term: number, data: Uint8Array, token: T | undefined): void;
  /** A membership change is committed: `configuration` is what it makes of the present one. */
  onMembers(index: number, term: number, configuration: Configuration, context: Uint8Array): void;
  /** It certainly did not happen. */
  onRefused(error: RutileError, token: T): void;
  /** It may or may not happen; this member will not learn. */
  onLost(error: RutileError, token: T): void;
  /** Leadership came or went. */
  onRole(isLeader: boolean): void;
  /** Consensus is over for this process: what was proposed may or may not be in the log. */
  onFailed(error: Error, tokens: readonly T[]): void;
}

export interface Consensus<T> {
  /** `token` undefined: nobody waits. */
  propose(data: Uint8Array, token: T | undefined): void;
  /** Everything up to `index` is in the state machine. */
  applied(index: number, term: number): void;
  /** Entries up to `index` are durable in the engine and need not be kept. */
  compact(index: number): void;
  readonly inFlightCount: number;
  /** What was decided in one term must not be proposed in another. */
  readonly term: number;
  /** It leads, and has applied all that earlier leaders committed: what it decides, it decides on the newest state. */
  readonly canPropose: boolean;
  /** It may answer reads by itself, now. */
  readonly canRead: boolean;
  /** Resolves when reads that came before the call may be answered; rejects with `kv.not-leader`. */
  whenReadable(): Promise<void>;
  /** Peer id; 0: not known. */
  readonly leaderId: number;
}

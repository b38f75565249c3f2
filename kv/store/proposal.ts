/** What waits while its log entry is on its way. */
import type { TxnOutcome } from '../../proto/kv/command.ts';
import type { EntryWriter, Latch, MemoryChange, WriteSet } from '../txn/index.ts';
import type { Peer } from './region/peer.ts';

/** One command: what it writes, what it holds, what is said and changed in memory when it is applied. */
export interface Proposal {
  readonly set: WriteSet;
  readonly latch: Latch | undefined;
  readonly memory: readonly MemoryChange[] | undefined;
  readonly outcome: TxnOutcome;
  readonly done: (outcome: TxnOutcome) => void;
}

/** All commands that a region decided in one turn: one log entry. */
export interface Group {
  readonly peer: Peer<Group>;
  /** In which it was decided. */
  readonly term: number;
  readonly writer: EntryWriter;
  readonly proposals: Proposal[];
  readonly sets: WriteSet[];
}

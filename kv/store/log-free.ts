/**
 * Answers of commands that need no entry of the log: locks in memory, what became of a transaction, refusals. They were decided on what is
 * applied here, and only the lease tells that this is the newest there is; without it a round of messages has to, as for a read. Else
 * one who leads no more would grant a lock and show its owner a value that another has replaced.
 */
import { RutileError } from '../../base/error.ts';
import { isPromise } from '../../base/outcome.ts';
import type { TxnOutcome } from '../../proto/kv/command.ts';
import type { LockTable } from '../mvcc/index.ts';
import type { Latch, Latches, MemoryChange } from '../txn/index.ts';
import type { Group } from './proposal.ts';
import type { Peer } from './region/peer.ts';
import type { Regions } from './region/regions.ts';

export interface LogFreeOptions {
  readonly latches: Latches;
  readonly locks: LockTable;
  readonly pessimisticLocksMax: number;
  readonly changeMemory: (changes: readonly MemoryChange[]) => void;
  readonly regions: () => Regions<Group>;
}

export class LogFree {
  private readonly options: LogFreeOptions;

  constructor(options: LogFreeOptions) {
    this.options = options;
  }

  /** Under the lease at once; else after a round that confirms the term. The latch is held until then. */
  // hot
  answer(
    peer: Peer<Group>,
    latch: Latch,
    memory: readonly MemoryChange[] | undefined,
    outcome: TxnOutcome,
    done: (outcome: TxnOutcome) => void,
  ): void {
    const leads = peer.stillLeads(peer.consensus.term);
    if (!isPromise(leads)) return this.finish(latch, memory, outcome, done);
    const refuse = (error: Error): void => this.finish(latch, undefined, { kind: 'failed', error }, done);
    leads.then((still) => {
      if (still && peer.serves) this.finish(latch, memory, outcome, done);
      else refuse(this.options.regions().notServing(peer));
    }, refuse);
  }

  finish(
    latch: Latch,
    memory: readonly MemoryChange[] | undefined,
    outcome: TxnOutcome,
    done: (outcome: TxnOutcome) => void,
  ): void {
    const { locks, pessimisticLocksMax, latches, changeMemory } = this.options;
    let answer = outcome;
    if (memory !== undefined && memory.length > 0) {
      if (memory[0]!.lock !== undefined && locks.pessimisticCount + memory.length > pessimisticLocksMax) {
        const text = 'the store holds as many pessimistic locks as it may';
        answer = { kind: 'failed', error: new RutileError('kv.too-many-locks', text, { retry: 'same' }) };
      } else changeMemory(memory);
    }
    latches.release(latch);
    done(answer);
  }
}

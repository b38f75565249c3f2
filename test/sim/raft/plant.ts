/**
 * Where a fault can be planted in a simulated node: between the core and its disk, its wires, its state machine and its
 * clients. `mutations.ts` holds the faults, each with its story. The node asks these hooks at the place they name; without a
 * plant every one of them is the plain thing. Product code knows nothing of this.
 */
import type { LogEntry, LogState } from '../../../kv/log/index.ts';
import type { FaultKind } from '../nemesis.ts';
import type { Knobs } from './host.ts';
import type { StoredSnapshot } from './node-disk.ts';
import type { ConfigChange, Message, Raft, RaftOptions } from '../../../kv/raft/index.ts';

export interface Plant {
  readonly name: string;
  /** What a careless programmer did. */
  readonly story: string;
  /** Seeds, from 1, within which the simulator finds it. */
  readonly seedsMax: number;
  /** Settings and faults in which it shows soon. */
  readonly knobs?: Partial<Knobs>;
  readonly faults?: readonly FaultKind[];
  /** Clocks run fast or slow by at most this share. */
  readonly driftMax?: number;
  /** Places in the node where the power goes in every run of this plant. */
  readonly crashSites?: readonly string[];
  /** Disks that acknowledge what they hold only in their cache. */
  readonly disksForget?: boolean;

  /** Members change all the time, several at once. */
  readonly restless?: boolean;

  /** What becomes durable of the hard state; `undefined` for nothing. */
  state?(state: LogState, before: LogState | undefined): LogState | undefined;
  /** What becomes durable of the entries. `has` tells the term of an entry that is there. */
  entries?(entries: readonly LogEntry[], has: (index: number) => number | undefined): readonly LogEntry[];
  /** Answers leave and the core is told before the disk is done. */
  readonly acknowledgesEarly?: boolean;
  /** A leader applies what it proposes at once. */
  readonly appliesUncommitted?: boolean;
  /** Reads are answered from the state at hand: by whoever leads or once led, or only not waiting for the read index. */
  readonly reads?: 'unchecked' | 'unapplied';
  /** What the core gets to see of a message. */
  received?(message: Message, term: number): Message;
  /** What the core is told at its start, and a core that errs. */
  options?(options: RaftOptions): RaftOptions;
  readonly core?: new (options: RaftOptions) => Raft;
  /** As which changes a change of members is applied. */
  change?(change: ConfigChange): readonly ConfigChange[];
  /** The log is cut before the snapshot that covers it is durable. */
  readonly purgesEarly?: boolean;
  /** What is kept as a snapshot. */
  snapshot?(snapshot: StoredSnapshot, founders: readonly number[]): StoredSnapshot;
}

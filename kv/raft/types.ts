/**
 * The words of consensus: what members say to each other, what they keep, what a caller hands in and gets out. Plain data; ids, terms and
 * indexes are whole numbers below 2^53, and 0 means none. A peer's id names one member of one group for ever: a store that
 * leaves and comes back comes back under another id, since a member that lost its log must never vote again under its old name.
 */

/** What the log keeps (kv/log's `LogEntry`). What kind it is stands in its first byte, so the log need not know. */
export interface Entry {
  readonly index: number;
  readonly term: number;
  /** Empty: a new leader's first entry, which changes nothing. Beginning with `CHANGE_ENTRY`: a change of the members. */
  readonly data: Uint8Array;
}

/** First byte of a membership change; a proposal of anything else must not begin with it. */
export const CHANGE_ENTRY = 3;

export function isChangeEntry(entry: Entry): boolean {
  return entry.data.length > 0 && entry.data[0] === CHANGE_ENTRY;
}

/** kv/log's `LogState`. `term` and `vote` must be durable before anything is said in that term; `commit` is a hint for a restart. */
export interface HardState {
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
}

/** Who decides. Every list is sorted and free of duplicates. */
export interface Configuration {
  readonly voters: readonly number[];
  /** The voters before; while there are any, both sets must agree (joint consensus). */
  readonly outgoing: readonly number[];
  /** They follow, and count for nothing. */
  readonly learners: readonly number[];
  /** Voters of `outgoing` that become learners when the joint time ends. */
  readonly learnersNext: readonly number[];
  /** The leader proposes the end of the joint time by itself. */
  readonly autoLeave: boolean;
}

export interface ConfigChangeStep {
  readonly kind: 'add-voter' | 'add-learner' | 'remove';
  readonly id: number;
}

/**
 * `auto`: through a joint time only if more than one voter comes or goes. `implicit`: always, ended by the leader itself. `explicit`:
 * always, ended by a proposal of `LEAVE_JOINT`, the change without steps.
 */
export interface ConfigChange {
  readonly transition: 'auto' | 'implicit' | 'explicit';
  readonly steps: readonly ConfigChangeStep[];
  /** For whoever applies it; consensus does not look at it. */
  readonly context: Uint8Array;
}

export const EMPTY = new Uint8Array(0);
export const NO_ENTRIES: readonly Entry[] = [];
export const LEAVE_JOINT: ConfigChange = { transition: 'auto', steps: [], context: EMPTY };

export interface Snapshot {
  readonly index: number;
  readonly term: number;
  readonly configuration: Configuration;
  /** For whoever makes and fills it in: the state itself, or the name under which it travels. */
  readonly data: Uint8Array;
}

export type MessageKind =
  | 'append'
  | 'append-response'
  | 'vote'
  | 'vote-response'
  | 'pre-vote'
  | 'pre-vote-response'
  | 'heartbeat'
  | 'heartbeat-response'
  | 'snapshot'
  | 'transfer-leader'
  | 'timeout-now'
  | 'read-index'
  | 'read-index-response'
  | 'propose';

/**
 * One shape for all kinds; what a kind does not use is 0, false, empty.
 *
 *     append               index, logTerm: of the entry before `entries`; commit
 *     append-response      index: the log agrees up to here. reject: index is what was refused, rejectHint and logTerm where to try
 *     vote, pre-vote       index, logTerm: of the candidate's last entry; priority; force: by order of the leader
 *     …-response           reject; commit and logTerm: what the voter knows to be committed
 *     heartbeat            commit; context: round.  heartbeat-response   context: round
 *     snapshot             snapshot
 *     transfer-leader      from: who shall lead.    timeout-now: campaign, now
 *     read-index           context.                 read-index-response  context, index
 *     propose              entries, of which only the data counts
 */
export interface Message {
  readonly kind: MessageKind;
  readonly from: number;
  readonly to: number;
  /** The sender's; of `pre-vote` and of its grant the term that would be. */
  readonly term: number;
  readonly index: number;
  readonly logTerm: number;
  readonly commit: number;
  readonly entries: readonly Entry[];
  readonly reject: boolean;
  readonly rejectHint: number;
  readonly context: number;
  readonly priority: number;
  readonly force: boolean;
  readonly snapshot: Snapshot | undefined;
}

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader';

/**
 * What the core asks of the log at once; kv/log knows it without touching the disk. It is read for indexes below those the core holds
 * in memory only, so writes under way do not matter.
 */
export interface LogStorage {
  firstIndex(): number;
  /** `firstIndex - 1` when empty. Read once, at the start. */
  lastIndex(): number;
  /** Undefined outside [firstIndex, lastIndex]; it may know `firstIndex - 1` too. */
  term(index: number): number | undefined;
}

/** Chance for election timeouts. */
export interface RaftRandom {
  /** A whole number in [0, below). */
  below(below: number): number;
}

export interface LeaseOptions {
  /** A member that has heard from a leader grants no vote for this long; about the election timeout. */
  readonly durationMs: number;
  /** No clock runs faster or slower than true time by more than this share. */
  readonly driftMax: number;
  /** It has never had a hard state of its own (a split has just made it), so it has promised nobody its time. */
  readonly isNew?: boolean;
  /** The monotonic clock at the start. From now on `advance` must be told the time before each batch of inputs. */
  readonly nowMs: number;
}

/**
 * When the commit index reaches followers only with the next entries or heartbeat, and not by a message of its own. `until-tick`: such a message
 * leaves with the next tick, or when `tellCommit` asks for it. Under load entries follow sooner than that, and the message and its answer,
 * half of the traffic, are saved.
 */
export type QuietCommit = 'never' | 'until-tick' | 'always';

export interface RaftOptions {
  readonly id: number;
  readonly storage: LogStorage;
  readonly random: RaftRandom;
  readonly configuration: Configuration;
  /** As the log has it; undefined for a member that never ran. */
  readonly state?: HardState | undefined;
  /** Up to here the state machine has come (durably); entries above are handed out again. */
  readonly applied?: number;
  /**
   * Of the entry before the log's first, when the log does not know: what the last snapshot or purge left. Founders of a group that others may
   * join start with one above 0, the same for all (with `state.term` and `applied` not below it); whoever joins starts with nothing
   * and an empty configuration, and becomes a member by a snapshot, since the log does not say who the founders were.
   */
  readonly boundary?: { readonly index: number; readonly term: number };
  /** A follower waits between `electionTicks` and `2 * electionTicks - 1` ticks for its leader. */
  readonly electionTicks?: number;
  readonly heartbeatTicks?: number;
  readonly preVote?: boolean;
  /** A leader that does not hear from a quorum within `electionTicks` steps down; members that hear from one refuse votes. */
  readonly checkQuorum?: boolean;
  /** Reads without a round of messages while the lease holds. Needs `checkQuorum`. */
  readonly lease?: LeaseOptions;
  /** Of two candidates with equal logs the one of higher priority wins. */
  readonly priority?: number;
  /** Entries of one append message; at least one entry is sent. */
  readonly messageSizeBytesMax?: number;
  /** To one peer, unanswered. */
  readonly messagesInFlightMax?: number;
  readonly inFlightSizeBytesMax?: number;
  /** Proposed and not committed; what is beyond is refused. One proposal always fits. */
  readonly uncommittedSizeBytesMax?: number;
  /** Handed out and not reported applied; the rest waits. */
  readonly unappliedSizeBytesMax?: number;
  /** Reads waiting for their round; what is beyond is refused. */
  readonly readsPendingMax?: number;
  /** A follower passes proposals on to its leader instead of refusing them. */
  readonly forwardProposals?: boolean;
  readonly quietCommit?: QuietCommit;
}

/** Entries, state and snapshot of one write belong together; writes become durable in the order of their tokens. */
export interface LogWrite {
  readonly token: number;
  /** Appending where entries exist truncates what follows. */
  readonly entries: readonly Entry[];
  readonly state: HardState | undefined;
  /** Replaces the log and the state machine; `persisted` says that both is done, and that it is applied. */
  readonly snapshot: Snapshot | undefined;
}

/** Entries that left memory: answer with `entriesRead(id, entries)`, at least one; undefined when they were purged. */
export interface EntryRead {
  readonly id: number;
  readonly lower: number;
  /** Exclusive. */
  readonly upper: number;
  readonly sizeBytesMax: number;
}

/** A peer is behind the log: answer with `snapshotReady(to, snapshot)`, of at least `indexMin`; undefined: not now. */
export interface SnapshotRequest {
  readonly to: number;
  readonly indexMin: number;
}

/** The state machine may serve the read once it has applied `index`. */
export interface ReadState {
  readonly context: number;
  readonly index: number;
}

export interface SoftState {
  readonly role: Role;
  /** 0: unknown. */
  readonly leader: number;
}

/** What is to be done, in any order except where it says so. Arrays belong to the caller. */
export interface Output {
  /** To be sent now. (Those that had to wait for a write are among them when it is durable.) */
  readonly messages: readonly Message[];
  /** To be given to the log, then answered with `persisted(token)`. The next output may hold another before. */
  readonly write: LogWrite | undefined;
  /** In order, each once; answer with `applied(index)` and, at a membership change, `applyChange`. */
  readonly committed: readonly Entry[];
  readonly reads: readonly ReadState[];
  /** Reads that nobody will answer: leadership ended. */
  readonly readsFailed: readonly number[];
  readonly entryReads: readonly EntryRead[];
  readonly snapshotRequests: readonly SnapshotRequest[];
  /** When it changed. */
  readonly soft: SoftState | undefined;
}

/** Index and term the proposal has if nothing happens to it; or why not. Forwarded: index 0, nothing will be heard of it. */
export type Proposal =
  | { readonly kind: 'proposed'; readonly index: number; readonly term: number }
  | { readonly kind: 'forwarded' }
  | { readonly kind: 'refused'; readonly reason: ProposalRefusal };

export type ProposalRefusal =
  | 'not-leader'
  | 'transferring'
  | 'full'
  /** Another change is not applied yet, or the steps make no sense in this configuration. */
  | 'change-pending'
  | 'change-invalid';

export type ReadRequest = 'accepted' | 'no-leader' | 'full';

export function message(kind: MessageKind, from: number, to: number, term: number): Mutable<Message> {
  return {
    kind, from, to, term, index: 0, logTerm: 0, commit: 0, entries: NO_ENTRIES, reject: false, rejectHint: 0, context: 0, priority: 0, force: false, snapshot: undefined,
  }; // prettier-ignore
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

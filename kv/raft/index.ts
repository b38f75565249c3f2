/**
 * Consensus, pure: `Raft` is one member of one group. It has no clock, no disk and no network. Whoever drives it (a store, placement, the
 * simulator) hands inputs in and takes an `Output` out, in any rhythm:
 *
 *     step(message)  tick()  propose(data)  readIndex(context) …  ──►  drain(): messages, write, committed, reads, requests
 *     persisted(token)  applied(index)  entriesRead  snapshotReady  snapshotSent  ◄── the answers, whenever they come
 *
 * The driver's whole duty: send `messages` at once; give `write` to the log and answer `persisted(token)`, in order; apply
 * `committed` in order and answer `applied(index)`, for a membership change `applyChangeEntry(entry)` first; answer requests.
 * Several writes may be under way. What must not be said before it is durable is held back inside, so a driver cannot say it.
 *
 * **A vote.** A follower hears nothing for 10 to 19 ticks. It asks the others whether they would vote for it (pre-vote: nobody's term
 * changes, so a member that was cut off disturbs nobody). With a majority of yeses it raises its term, votes for itself and asks
 * again. A voter says yes once a term, to a log that is at least as new as its own, and says so only when the vote is durable; the
 * candidate counts its own vote by the same rule. The winner appends an empty entry: what came before is committed with it, never alone.
 *
 * **An entry.** `propose` appends it in memory. The next `drain` hands it to our log and, without waiting, to the peers (leader.ts). A
 * follower answers when it is durable there. An entry is committed when a majority has it, the leader counting itself when its own write is
 * answered. Peers whose log is known get messages ahead of their answers up to a window; where it is not known, one probe at a time; a
 * refusal names a place to try, so a whole term of difference costs one message. Entries below the tail in memory are asked of the
 * driver (`EntryRead`), which reads the disk while others go on.
 *
 * **A read.** The leader notes its commit index, sends a numbered round of heartbeats, and when a majority answered it knows it was still
 * leader after the read came (read-index.ts). With a lease it knows so without asking: whoever answered a round grants no vote for
 * `durationMs`, restarts included; the leader trusts that for `durationMs * (1 - drift) / (1 + drift)` from the moment the round
 * was *made*, on a clock that runs while the process stands still. An order to campaign (leader transfer) passes over such promises, so the
 * leader that gives one does without its lease for the rest of its term.
 *
 * **A change of members.** It is an entry that begins with byte 3, and takes effect when it is applied. One voter comes or goes at once; more
 * go through a joint time in which both majorities must agree (configuration.ts, quorum.ts). One change at a time; nobody stands for
 * election with a committed one unapplied. That one is committed all peers are told at once. A leader that is no voter any more tells the others, orders a successor and steps down. Whoever
 * joins starts empty and is brought in by a snapshot.
 *
 * **A snapshot.** A peer needs entries that were purged. The leader asks the driver for a snapshot (`SnapshotRequest`), sends it when it is
 * made, and waits until the driver says how the transport went. The receiver's log becomes the snapshot: it is a write like
 * any other, and its `persisted` says that the state machine is in place, too.
 *
 * **When things stand still.** A leader that hears no majority for an election timeout steps down (check quorum), so does one whose oldest
 * write is as old as that, for others have better disks. `idle` says that nobody would miss the ticks; `wake` begins again.
 *
 * Alone, a group is the same machine with nobody to ask: elected when its vote is durable (call `campaign()` at the start), committed
 * when the entry is. Left out on purpose: witnesses, group commit by data centre, applying before the entry is durable here.
 */
export * from './types.ts';
export { Raft } from './raft.ts';
export { changed, checkConfiguration, configurationOf, decodeChange, encodeChange, isJoint, isMember, isVoter, membersOf } from './configuration.ts'; // prettier-ignore
export type { Progress, ProgressState } from './progress.ts';

/**
 * kv/store: the process's one writer. `Store` takes commands, has them decided (kv/txn), proposes the writes to consensus, and
 * applies what comes back to the engine, the hot pages and the lock table. docs/architecture.md tells the stories of a region.
 *
 *     store.ts            the road of a write; store-reads.ts, raw-scanner.ts: that of a read
 *     proposals.ts        what is decided in a turn becomes one entry; log-free.ts answers what needs none
 *     apply-loop.ts       committed entries become one engine batch, the mark lets the log forget; late-entries.ts: at followers
 *     consensus.ts        the port to consensus; raft-consensus.ts serves it with kv/raft, raft-drive.ts is the turn of all members
 *     leading.ts          what comes and goes with leadership; large-commits.ts: what a new leader has to undo
 *     admission.ts        how much may be under way; disk-room.ts, lock-room.ts, limits.ts: what else is bounded
 *     garbage-collector   which old versions may go
 *     placement-agent.ts  reports to placement, and what it asks for
 *
 *     region/regions.ts   which regions are here: open, split, members, messages of other stores
 *            region-gate.ts  calls from outside: epoch, leadership, lease or read index
 *            peer.ts         the replica of one region on this store, and when it serves
 *            rest.ts         who ticks, who sleeps
 *            admin-entry.ts  entries that change a region; region-states.ts: what a store remembers of it in `meta`
 *            merger.ts       two regions become one            splitter.ts, split-places.ts   when and where one is cut
 *            members.ts      peers and the Raft configuration  hash-check.ts                  are replicas alike?
 *            snapshot.ts     a region as chunks ─ staging.ts: the file they come in ─ fill-region.ts: the file becomes a region
 *     feed/feeds.ts       change feeds: region-changes.ts for a region, region-watch.ts for a reader, change-scan.ts for the past
 */
export * from './consensus.ts';
export * from './limits.ts';
export type { RegionMessage, StoreTransport } from './region/regions.ts';
export { AGENT_TIMING, type AgentTiming, PlacementAgent } from './placement-agent.ts';
export { Store, type StoreOptions } from './store.ts';
export type { SplitPlacement } from './region/splitter.ts';
export type { ReplicaDifference } from './region/hash-check.ts';

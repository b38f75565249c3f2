/**
 * kv/store: the process's one writer. `Store` takes commands, has them decided (kv/txn), proposes the writes to consensus, and
 * applies what comes back to the engine, the hot pages and the lock table. See store.ts for the road of a write.
 */
export * from './consensus.ts';
export * from './limits.ts';
export type { RegionMessage, StoreTransport } from './region/regions.ts';
export { AGENT_TIMING, type AgentTiming, PlacementAgent } from './placement-agent.ts';
export { Store, type StoreOptions } from './store.ts';
export type { SplitPlacement } from './region/splitter.ts';
export type { ReplicaDifference } from './region/hash-check.ts';

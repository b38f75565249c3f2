/**
 * kv/client: the one door to the key-value floor. `client.ts` is what sql and analytics see; `LocalKvClient` is that door for a
 * process that holds the store, over the port in store-port.ts.
 *
 *     snapshot.ts        reads at a timestamp, locks resolved inside
 *     transaction.ts     write buffer, pessimistic locks, commit in one phase or two
 *     write-buffer.ts    own writes in key order with an undo log, packed once they are many; large-chunks.ts cuts them for a large commit
 *     merged-scanner.ts  own writes over the snapshot
 *     lock-resolver.ts   what to do about another transaction's lock
 *     region-store.ts    a store addressed by region; routing/ is the StorePort over many of them
 *     feed/              the changes of a range of rows, as they are committed
 */
export * from './client.ts';
export { FEED_LIMITS, type FeedLimits } from './feed/change-feed.ts';
export * from './feed/region-feed.ts';
export { CLIENT_LIMITS, LocalKvClient, type LocalKvClientOptions } from './local-client.ts';
export * from './region-store.ts';
export { localRegionSource } from './routing/local-source.ts';
export type { FoundRegion, RegionSource } from './routing/region-finder.ts';
export { RegionRouter, ROUTER_LIMITS, type RouterOptions, type SafePointPort } from './routing/router.ts';
export * from './store-port.ts';
export type { ClientLimits } from './transaction.ts';

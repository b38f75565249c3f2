/**
 * The client's end of the wire: stores and placement elsewhere behind the same ports as those of this process, so that the router of
 * kv/client does not know the difference.
 *
 *     RegionRouter ── RegionStorePort ──► RemoteStore ── one BatchCommands stream ──► kv/server of that store
 *                  ── RegionSource ─────► RemotePlacement ── GetRegion, GetPrevRegion ──► kv/server of placement
 *     LocalKvClient ─ TimestampPort ────►                 ── Tso, one stream
 *
 * `RemoteStores` keeps a `RemoteStore` for each store that somebody asked for, and finds its address through placement.
 */
export { CONNECTION_LIMITS, StoreConnection, type ConnectionLimits, type StoreConnectionOptions } from './store-connection.ts'; // prettier-ignore
export { REMOTE_PLACEMENT_LIMITS, RemotePlacement, type RemotePlacementOptions } from './remote-placement.ts';
export { RemoteStore, type RemoteStoreOptions } from './remote-store.ts';
export { RemoteStores, type RemoteStoresOptions } from './remote-stores.ts';
